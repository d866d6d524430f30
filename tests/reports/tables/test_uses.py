"""Every cell that holds something has exactly one use, and the uses of a file add up to its cells."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.reports.door import Answers, take_in
from dashboard.reports.problems import Refused
from tests.reports.made import check_uses

ACME = Answers(reporter="acme")


def check(name: str, data: bytes, answers: Answers = ACME) -> None:
    check_uses(take_in(name, data, answers, isolated=False), data)


WORDS = [
    "Country",
    "Requests",
    "Accounts",
    "Period",
    "Norway",
    "Sweden",
    "2020 H1",
    "2019 H2",
    "41",
    "1,204",
    "-",
    "n/a",
    "Total",
    "Subpoena",
    "Notes",
    "x",
    "12*",
]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(st.sampled_from([*WORDS, "", ""]), min_size=1, max_size=5), min_size=1, max_size=9))
def test_the_uses_of_any_table_add_up_to_its_cells(rows):
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(rows)
    check("report.csv", target.getvalue().encode())


def test_each_kind_of_use_is_told():
    text = (
        "Requests 2020 H1,,\nCountry,Requests,Rank\nSubpoenas,,\nNorway,41,1\nSweden,-,2\nEurope,41,\nTotal,41,\n"
        "Note: as received from all authorities of these countries.,,\n"
    )
    report = take_in("report.csv", text.encode(), Answers(reporter="acme"), isolated=False)
    assert report.uses == {"title": 1, "header": 3, "section": 1, "figure": 2, "no_figure": 1, "key": 3, "left_out": 4, "note": 1}
    assert dict(report.left_out)["C4"].startswith("is no count")


def test_a_figure_outside_every_table_stops_the_file():
    text = "Country,Period,Requests\nNorway,2020 H1,4\nSweden,2020 H1,5\n"
    report = take_in("report.csv", ("x,,\n12,,\n" + text).encode(), Answers(reporter="acme"), isolated=False)
    assert report.outcome == "refused" or report.uses["title"] == 2


@pytest.mark.published
def test_the_uses_of_every_published_file_add_up(published):
    for path in sorted(published.rglob("*")):
        if path.suffix.lower() in (".csv", ".xlsx", ".ods", ".json") and path.stat().st_size < 400_000 and path.name != "INDEX.csv":
            try:
                check(path.name, path.read_bytes(), Answers())
            except Refused as refusal:
                raise AssertionError(path) from refusal
