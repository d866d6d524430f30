"""Every cell that holds something has exactly one use, and the uses of a file add up to its cells."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.reports.cells import json_tables, reading
from dashboard.reports.door import MAPPED, Answers, take_in
from dashboard.reports.problems import Refused
from dashboard.reports.tables.uses import Use
from tests.reports import polluter


def cells(name: str, data: bytes, layout: str | None) -> int | None:
    """How many cells of a file hold something; None of JSON that has a layout of its own."""
    file = reading.read(name, data)
    if file.kind == "json":
        if layout != MAPPED:
            return None
        file = json_tables.tabled(file)
    return sum(bool(cell.strip()) for sheet in file.sheets for row in sheet.rows for cell in row)


ACME = Answers(reporter="acme")


def check(name: str, data: bytes, answers: Answers = ACME) -> None:
    report = take_in(name, data, answers, isolated=False)
    if report.layout is None:
        assert report.outcome == "refused"
        return
    wanted = cells(name, data, report.layout)
    assert wanted is None or sum(report.uses.values()) == wanted
    assert set(report.uses) <= set(Use)
    if report.outcome != "refused" and wanted is not None:
        assert report.uses.get(Use.FIGURE, 0) >= 1


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


@pytest.mark.parametrize("seed", range(2))
def test_the_uses_of_clean_and_of_damaged_tables_add_up(seed):
    for clean in polluter.clean_tables(seed):
        check(clean.name, clean.text.encode(), clean.answers)
        for kind in polluter.KINDS:
            check(clean.name, polluter.damaged(clean, kind, seed).data, clean.answers)


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
