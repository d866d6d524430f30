"""Snap's long table: only the sections about requests are read, each row once, and the others are told of."""

import csv
import functools
import random

import pytest

from dashboard.model.columns import KEY
from dashboard.model.intervals import counts_allowed
from dashboard.reports.recognise import read_report
from tests.reports.made import codes

HEADER = ["period", "section", "category", "sub_category_1", "sub_category_2", "metric", "value"]
US, ABROAD, SECURITY = (
    "United States Criminal Legal Requests",
    "International Government Information Requests",
    "United States National Security Requests",
)
NUMBERS = {
    "Snap_Transparency_Report_H1-20.csv": 263,
    "Snap_Transparency_Report_H2-20.csv": 272,
    "Snap_Transparency_Report_H1-21.csv": 302,
    "Snap_Transparency_Report_H2-21.csv": 284,
    "Snap_H1_2022_TR.csv": 290,
}


@functools.cache
def draft_of(path):
    layout, draft = read_report(path.name, path.read_bytes())
    assert layout.reporter == "snap"
    return draft


def drafted(*rows: tuple, header: list[str] = HEADER):
    lines = [header, *([dict(zip(HEADER, row, strict=True))[name] for name in header] for row in rows)]
    return read_report("snap.csv", "\n".join(",".join(line) for line in lines).encode())[1]


@pytest.mark.published
@pytest.mark.parametrize(("name", "numbers"), NUMBERS.items())
def test_every_row_is_a_number_or_in_a_section_that_is_told_of(published, name, numbers):
    draft = draft_of(published / "snap" / name)
    table = draft.table()
    assert len(table) == numbers
    assert not table.duplicated(KEY).any()
    assert {problem.code for problem in draft.problems} == {"not_read"}
    with (published / "snap" / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    about_requests = [row for row in rows if row["section"] in (US, ABROAD, SECURITY)]
    assert numbers == len(about_requests)
    assert len({row["section"] for row in rows}) - 3 == len(draft.problems)


@pytest.mark.published
@pytest.mark.parametrize("name", NUMBERS)
def test_every_share_allows_a_whole_count_of_its_requests(published, name):
    table = draft_of(published / "snap" / name).table()
    dimensions = [column for column in KEY if column != "measure"]
    both = table[table["measure"] == "requests"].merge(table[table["measure"] == "share_some_data"], on=dimensions, suffixes=("", "_share"))
    assert len(both) > 80
    least, largest = counts_allowed(both["low_share"], both["high_share"], both["low"])
    assert (least <= largest).all()


@pytest.mark.published
def test_national_security_stands_in_bands(published):
    table = draft_of(published / "snap" / "Snap_H1_2022_TR.csv").table()
    bands = table[table["request_type"] == "national_security"].set_index("measure")
    assert bands.loc["requests", ["low", "high"]].tolist() == [0, 249]
    assert bands.loc["identifiers", ["low", "high", "printed", "authority"]].tolist() == [1500, 1749, "1,500-1,749", "federal"]


@pytest.mark.published
def test_summonses_stand_apart_from_subpoenas_only_at_first(published):
    first, later = (draft_of(published / "snap" / name).table() for name in list(NUMBERS)[:2])
    requests = first[(first["measure"] == "requests") & (first["requester"] == "USA")].set_index("request_type")["low"]
    assert (requests["subpoena"], requests["other"]) == (3702, 164)
    assert "other" not in set(later["request_type"])


@pytest.mark.published
def test_the_order_of_the_columns_does_not_matter(published):
    with (published / "snap" / "Snap_H1_2022_TR.csv").open(encoding="utf-8", newline="") as file:
        rows = [tuple(row) for row in csv.reader(file)][1:]
    rows = [tuple(f'"{cell}"' for cell in row) for row in rows if "Requests" in row[1]]
    shuffled = random.Random(4).sample(HEADER, len(HEADER))
    columns = ["requester", "request_type", "measure", "low", "high"]
    assert drafted(*rows, header=shuffled).table()[columns].equals(drafted(*rows).table()[columns])


def test_a_share_has_the_rounding_of_hundredths_even_where_a_zero_is_lost():
    table = drafted(("2020-H1", US, "EDR", "", "", "percentage_of_requests_where_some_data_was_produced", "0.8")).table()
    assert table[["low", "high", "printed", "request_type"]].to_numpy().tolist() == [[0.795, 0.805, "0.8", "emergency"]]


def test_a_mark_for_no_figure_gives_no_number():
    assert drafted(("2020-H1", US, "EDR", "", "", "requests", "N/A")).table().empty


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (("2020", US, "EDR", "", "", "requests", "many"), ("bad_number", "G2")),
        (("when", US, "EDR", "", "", "requests", "1"), ("bad_period", "A2")),
        (("2020-H1", US, "Search", "", "", "requests", "1"), ("unknown_layout", "C2")),
        (("2020-H1", US, "EDR", "", "", "people", "1"), ("unknown_layout", "F2")),
        (("2020-H1", US, "EDR", "", "juveniles", "requests", "1"), ("unknown_layout", "E2")),
        (("2020-H1", ABROAD, "Country", "", "", "emergency_requests", "1"), ("missing_requester", "D2")),
        (("2020-H1", "United States Civil Legal Requests", "", "", "", "requests", "1"), ("unknown_layout", "B2")),
        (("2020-H1", US, "EDR", "", "", "percentage_of_requests_where_some_data_was_produced", "87"), ("percent_out_of_range", "G2")),
    ],
)
def test_a_damaged_row_is_told_with_its_place(row, problem):
    sound = ("2021-H2", US, "Wiretap", "", "", "requests", "12")
    for draft in (drafted(row), drafted(row, sound), drafted(sound, row)):
        assert [code for code, _ in codes(draft, "error")] == [problem[0]]
    assert codes(drafted(row, sound), "error") == [problem]
    assert drafted(row, sound).table()["low"].tolist() == [12]


def test_two_names_of_one_country_or_process_leave_no_number_that_is_contradicted():
    rows = [
        ("2020-H1", ABROAD, "Country", "South Korea", "", "emergency_requests", "1"),
        ("2020-H1", ABROAD, "Country", "S. Korea (Republic of Korea)", "", "emergency_requests", "2"),
        ("2020-H1", US, "Subpoena", "", "", "requests", "3"),
        ("2020-H1", US, "Subpoena/Summons", "", "", "requests", "4"),
    ]
    draft = drafted(*rows)
    assert not len(draft.observations)
    assert codes(draft, "error") == [("duplicate_conflict", "G3"), ("duplicate_conflict", "G5")]


def test_a_new_section_is_no_section_that_we_know():
    row = ("2023-H1", "Spam", "", "", "", "total_enforcements", "9")
    draft = drafted(row, ("2023-H1", US, "EDR", "", "", "requests", "1"))
    assert ("unknown_layout", "B2") in codes(draft, "error")
    assert draft.table()["low"].tolist() == [1]
