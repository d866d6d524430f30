"""JSON of no known layout: which tables are found in it, what each figure stands for and where, and what is refused."""

import io
import json
import os
import re
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import catalog
from dashboard.catalog import uploads
from dashboard.model.periods import Period, parse
from dashboard.model.tables import OwnObservation
from dashboard.reports.cells import json_tables, reading
from dashboard.reports.cells.limits import SECONDS
from dashboard.reports.door import Answers, Mapping, Report, take_in
from dashboard.reports.problem_files import LEFT_OUT, LIST, as_workbook
from dashboard.reports.problems import Code, Problem
from dashboard.reports.tables import understand
from tests.reports.made import check_model

HALF = "2019 H1"


def taken(value: object, **answers) -> Report:
    text = value if isinstance(value, str) else json.dumps(value)
    answers = {"reporter": "acme", "period": parse(HALF)} | answers
    return take_in("report.json", text.encode("utf-8", "surrogatepass"), Answers(**answers), isolated=False)


def figures(value: object, **answers) -> list[tuple]:
    """Requester, period, kind, measure, low, high and cell of every observation; there must be no errors."""
    report = taken(value, **answers)
    assert [str(problem) for problem in report.problems if problem.severity == "error"] == []
    table = report.observations
    OwnObservation.validate(table)
    periods = [str(Period(start.date(), end.date())) for start, end in zip(table["period_start"], table["period_end"], strict=True)]
    names = ("request_type", "measure", "low", "high", "cell")
    return list(zip(table["requester"], periods, *(table[name] for name in names), strict=True))


def told(value: object, **answers) -> list[tuple[str, str]]:
    """Code and place of every problem."""
    return [(problem.code, problem.cell) for problem in taken(value, **answers).problems]


def one(cell: str, requester: str = "DEU", period: str = HALF, kind: str = "all", measure: str = "requests", low: int = 12) -> tuple:
    return (requester, period, kind, measure, low, low, cell)


RECORD = {"country": "Germany", "requests": 12}
SHAPES = {
    "a list of records": ([RECORD], [one("[0].requests")]),
    "records that leave names out": (
        [{"country": "Germany"}, {"requests": 12, "country": "France"}],
        [one("[1].requests", "FRA")],
    ),
    "records under names": ({"data": {"requests": [RECORD]}}, [one("data.requests[0].requests")]),
    "names as programs write them": ({"items": [{"countryName": "Germany", "requestsReceived": 12}]}, [one("items[0].requestsReceived")]),
    "a name with marks": ([{"country": "Germany", "Requests (received)": 12}], [one('[0]["Requests (received)"]')]),
    "objects within records": (
        [{"country": "Germany", "2019 H1": {"requests": 12, "accounts specified": 5}, "2019 H2": {"requests": 12}}],
        [
            one("[0].2019 H1.requests"),
            one("[0].2019 H1.accounts specified", measure="accounts_specified", low=5),
            one("[0].2019 H2.requests", period="2019 H2"),
        ],
    ),
    "rows under a row of names": ([["Country", "Requests"], ["Germany", 12], ["France", None]], [one("[1][1]")]),
    "rows beside their names": ({"columns": ["Country", "Requests"], "rows": [["Germany", 12]]}, [one("rows[0][1]")]),
    "rows beside objects with names": (
        {"fields": [{"name": "Country", "type": "string"}, {"name": "Requests"}], "values": [["Germany", 12]]},
        [one("values[0][1]")],
    ),
    "by country, then by period": (
        {"Germany": {"2019 H1": 12, "2019 H2": None}, "France": {"2019 H2": 12}},
        [one("Germany.2019 H1"), one("France.2019 H2", "FRA", "2019 H2")],
    ),
    "by period, then by country": ({"2019 H1": {"Germany": 12}}, [one("2019 H1.Germany")]),
    "by period, country and measure": (
        {"2019 H1": {"Germany": {"requests": 12}, "France": {"requests": 3}}, "2019 H2": {"Germany": {"requests": 12}}},
        [
            one("2019 H1.Germany.requests"),
            one("2019 H1.France.requests", "FRA", low=3),
            one("2019 H2.Germany.requests", period="2019 H2"),
        ],
    ),
    "by year and half": (
        {"2019": {"H1": {"Germany": {"requests": 12}}, "H2": {"Germany": {"requests": 12}}}},
        [one('2019["H1"].Germany.requests'), one('2019["H2"].Germany.requests', period="2019 H2")],
    ),
    "one number a country": ({"requests": {"Germany": 12, "France": "3"}}, [one("requests.Germany"), one("requests.France", "FRA", low=3)]),
    "records by country": ({"Germany": [{"period": "2019 H2", "requests": 12}]}, [one("Germany[0].requests", period="2019 H2")]),
    "records by kind": (
        {"warrants": [RECORD], "subpoenas": [RECORD]},
        [one("warrants[0].requests", kind="warrant"), one("subpoenas[0].requests", kind="subpoena")],
    ),
    "columns": ({"country": ["Germany", "France"], "requests": [12, 3]}, [one("requests[0]"), one("requests[1]", "FRA", low=3)]),
    "columns by year": ({"country": {"2019": "Germany"}, "requests": {"2019": 12}}, [one("requests.2019")]),
    "columns by number": ({"country": {"0": "Germany"}, "requests": {"0": 12}}, [one('requests["0"]')]),
    "records by number": ({"0": RECORD}, [one('["0"].requests')]),
    "records in a record": (
        [{"year": 2019, "half": 2, "countries": [RECORD]}, {"year": 2020, "half": 1, "countries": [RECORD]}],
        [one("[0].countries[0].requests", period="2019 H2"), one("[1].countries[0].requests", period="2020 H1")],
    ),
    "what stands around holds for all": (
        {"year": 2019, "half": 2, "countries": [RECORD]},
        [one("countries[0].requests", period="2019 H2")],
    ),
    "a record's own word stands before that around it": (
        {"period": "2024", "items": [RECORD | {"period": "2019 H1"}]},
        [one("items[0].requests")],
    ),
    "several tables": (
        {"data": {"requests": [RECORD], "accounts": [{"country": "Germany", "accounts specified": 5}]}, "contact": {"mail": "x"}},
        [one("data.requests[0].requests"), one("data.accounts[0].accounts specified", measure="accounts_specified", low=5)],
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_its_figures_with_the_way_to_each(shape):
    value, expected = SHAPES[shape]
    asked = {} if "requests" in json.dumps(value).lower() else {"measure": "requests"}
    assert figures(value, **asked) == expected


def test_the_ends_of_a_band_are_named_both():
    value = [{"country": "Germany", "Requests min": 0, "Requests max": 499}]
    assert figures(value) == [("DEU", HALF, "all", "requests", 0, 499, "[0].Requests min:[0].Requests max")]


def test_a_title_tells_the_period():
    found = figures({"title": "Requests in January – June 2018", "entries": [RECORD]}, period=None)
    assert [row[1] for row in found] == ["2018 H1"]


def test_who_published_it_is_read_where_it_stands_around_the_records():
    report = taken({"company": "Acme Corp.", "entries": [RECORD]}, reporter="")
    assert report.observations["reporter"].tolist() == ["acme_corp"]


def test_sheets_are_named_by_the_way_to_their_table():
    value = {"a": {"b": [RECORD]}, "c.d": [["Country", "Requests"], ["Germany", 1]], "years": [{"year": 2019, "rows": [RECORD]}]}
    file = json_tables.tabled(reading.read("a.json", json.dumps(value).encode()))
    assert [sheet.name for sheet in file.sheets] == ["a.b", '["c.d"]', "years[].rows"]
    assert file.sheets[2].rows == [["year", "country", "requests"], ["2019", "Germany", "12"]]
    assert [file.sheets[2].address(1, column) for column in range(3)] == [
        "years[0].year",
        "years[0].rows[0].country",
        "years[0].rows[0].requests",
    ]
    assert file.sheets[2].address(0, 2) == "years[].rows[].requests"


def test_a_table_is_left_out_by_the_way_to_it():
    value = {"requests": [RECORD], "old": [{"country": "Germany", "requests": 7}]}
    assert ("duplicate_conflict", "old[0].requests") in told(value)
    report = take_in("a.json", json.dumps(value).encode(), Answers("acme", period=parse(HALF)), Mapping(left_out=["old"]), isolated=False)
    assert (report.outcome, report.observations["cell"].tolist()) == ("accepted", ["requests[0].requests"])


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("12", None),
        ("12.0", None),
        ("null", None),
        ('"12"', None),
        ('"1–9"', None),
        ("1.5", "not_whole"),
        ("1.234", "not_whole"),
        ('"1.234"', "ambiguous_number"),
        ("-3", "negative_value"),
        ("true", "bad_number"),
        ("NaN", "bad_number"),
        ("Infinity", "bad_number"),
        ("-Infinity", "bad_number"),
        ("1e3", "scientific_notation"),
        ("1e-3", "bad_number"),
        ("1e999", "bad_number"),
        ("1234567890123456789", "out_of_range"),
        ("[1,2]", "bad_number"),
    ],
)
def test_a_number_is_told_as_it_is_printed(printed, code):
    text = (
        f'[{{"country": "Germany", "requests": {printed}}}, {{"country": "France", "requests": 1}}, {{"country": "Italy", "requests": 2}}]'
    )
    found = taken(text)
    problems = [(problem.code, problem.cell) for problem in found.problems]
    assert problems == ([(code, "[0].requests")] if code else [])
    assert found.outcome == ("accepted" if code is None else "warned" if code == "scientific_notation" else "refused")
    if found.outcome == "accepted":
        printed_there = dict(zip(found.observations["cell"], found.observations["printed"], strict=True))
        assert printed_there.get("[0].requests") == (None if printed == "null" else printed.strip('"'))


def test_the_point_of_a_number_divides_decimals_whatever_is_said_of_the_texts():
    value = [{"country": "Germany", "requests": "1.234"}, {"country": "France", "requests": 5}]
    assert [row[4] for row in figures(value, decimal=",")] == [1234, 5]
    text = '[{"country": "Germany", "requests": 12.0}, {"country": "France", "requests": 1.234}]'
    assert told(text, decimal=",") == [("not_whole", "[1].requests")]


def test_a_share_keeps_the_decimals_with_which_it_is_printed():
    text = '[{"country": "Germany", "percentage disclosed": 64.0}, {"country": "France", "percentage disclosed": 57.25}]'
    assert [row[4:6] for row in figures(text)] == [(0.6395, 0.6405), (0.57245, 0.57255)]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("{}", ("unknown_layout", "")),
        ("[]", ("unknown_layout", "")),
        ("[[], {}, null]", ("unknown_layout", "")),
        ("[1, 2, 3]", ("unknown_layout", "")),
        ('{"a": {"b": "c"}}', ("unknown_layout", "")),
        ('{"Country": "Germany", "Requests": 5}', ("unknown_layout", "")),
        ('[["Germany", 5], ["France", 3]]', ("no_header", "[0]")),
        ('{"rows": [["Germany", "<10"], ["France", "3"]]}', ("no_header", "rows[0]")),
        ('[["Country", "Requests"], ["Germany"], ["France", 3], ["Italy", 4, 5]]', ("ragged_row", "[1][0]")),
        ('[["Country", "Requests"], ["Germany", 5], ["France", 3], ["Italy", 4, 5]]', ("ragged_row", "[3][0]")),
        ('[["Country", "Requests"], ["Germany", 5], 7]', ("ragged_row", "[2]")),
        ('[{"country": "Germany", "requests": 5}, 7]', ("ragged_row", "[1]")),
        ('{"Germany": {"requests": 5}, "France": 7}', ("ragged_row", "France")),
        ('{"country": ["Germany", "France"], "requests": [5, 6], "accounts": [1]}', ("ragged_row", "")),
        ('[{"country": "Germany", "requests": 5, "requests": 6}]', ("duplicate_header", "[0].requests")),
        ('{"Germany": {"requests": 5}, "Germany": {"requests": 6}}', ("duplicate_header", "Germany")),
        ('{"x": [{"a.b": {"c": 1, "c": 1}}], "d": [{"country": "Germany", "requests": 5}]}', ("duplicate_header", 'x[0]["a.b"].c')),
        ('[{"country": "Germani", "requests": 5}]', ("unknown_requester", "[0].country")),
        ('{"requests": {"Germani": 5, "France": 3}}', ("unknown_requester", "requests.Germani")),
        ('[{"country": "Germany", "foo": 5}]', ("unknown_layout", "[].foo")),
        ('{"total_requests": 8, "countries": [{"country": "Germany", "requests": 5}]}', ("missing_value", "total_requests")),
        ('{"France": 3, "countries": [{"country": "Germany", "requests": 5}]}', ("missing_value", "France")),
        ('{"values": [1, 2], "countries": [{"country": "Germany", "requests": 5}]}', ("missing_value", "values")),
        ('[{"country": "Ger\\u0000many", "requests": 5}]', ("nul_byte", "[0].country")),
        ('[{"country": "Germany\\ud800", "requests": 5}]', ("bad_encoding", "[0].country")),
        ('[{"country": "' + "x" * 40_000 + '", "requests": 5}]', ("cell_too_long", "[0].country")),
        ("[" + ",".join(f'{{"k{number}": 1}}' for number in range(2_001)) + "]", ("too_many_columns", "")),
        ("{" + ",".join(f'"k{number}": [{{"a": 1}}]' for number in range(201)) + "}", ("too_large", "")),
        ("[" * 41 + "]" * 41, ("too_large", "")),
        ("[" + ",".join(["{}"] * 2_000_001) + "]", ("too_large", "")),
        ("[" + ",".join(f'{{"k{number}": 1}}' for number in range(1_900)) + "]", ("too_large", "")),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_what_is_no_table_or_damaged_is_said(value, problem):
    start = time.process_time()
    report = taken(value)
    assert problem in [(found.code, found.cell) for found in report.problems]
    assert all(str(found).endswith((".", "?")) for found in report.problems)
    if problem[0] not in ("missing_value", "unknown_requester"):
        assert report.outcome == "refused" and report.observations.empty
    assert time.process_time() - start < SECONDS


def test_a_known_layout_goes_first():
    value = {"Germany": [{"from": 20190101, "to": 20190630, "requests": 5, "users": 6}]}
    assert taken(value, reporter="telegram").layout.startswith("Telegram")


@pytest.mark.published
def test_what_describes_tables_is_no_report(published):
    path = published / "github" / "datapackage.json"
    report = take_in(path.name, path.read_bytes(), Answers(reporter="github"), isolated=False)
    assert [(problem.code, problem.cell) for problem in report.problems] == [("unknown_layout", "")]
    assert "describes the files of a Data Package" in report.problems[0].says


# The copy with its cells in red.


def coloured(data: bytes, sheet: int) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read(f"xl/worksheets/sheet{sheet}.xml").decode()
    return set(re.findall(r'<c r="([A-Z]+\d+)" s="\d+"', xml))


WRONG = {
    "requests": [{"country": "Germany", "requests": 5}, {"country": "Germani", "requests": 1.5}],
    "accounts": {"2019 H1": {"France": -1, "Germany": 7}},
}


def test_the_copy_and_the_list_show_the_problems_where_they_are():
    data = json.dumps(WRONG).encode()
    answers = Answers("acme", period=parse(HALF), measure="accounts_specified")
    upload = uploads.examined("report.json", data, catalog.bundled(), answers)
    assert {(problem.code, problem.cell, problem.row) for problem in upload.problems} == {
        ("unknown_requester", "requests[1].country", 3),
        ("not_whole", "requests[1].requests", 3),
        ("negative_value", "accounts.2019 H1.France", 2),
    }
    copy = uploads.marked_copy(upload, data)
    sheets = {sheet.name: sheet for sheet in reading.read("copy.xlsx", copy).sheets}
    assert list(sheets) == [LIST, LEFT_OUT, "requests", "accounts"]
    assert sheets["requests"].rows == [["country", "requests"], ["Germany", "5"], ["Germani", "1.5"]]
    assert sheets["accounts"].rows == [["Period", "France", "Germany"], ["2019 H1", "-1", "7"]]
    assert (coloured(copy, 3), coloured(copy, 4)) == ({"A3", "B3"}, {"B2"})
    listed = json.loads(uploads.as_json(upload, data))["problems"]
    assert [problem["cell"] for problem in listed] == [row[3] for row in sheets[LIST].rows[3:]]


def test_a_problem_of_a_key_or_a_band_is_shown_on_its_cells():
    text = '{"requests": {"Germany": 5, "France": 3}, "bands": [{"country": "Italy", "low": 0, "high": 499}], "c": {"requests": [1], "country": ["x"]}}'
    file = json_tables.tabled(reading.read("a.json", text.encode()))
    places = [
        ("requests.France", "France"),
        ("requests.Germany", "5"),
        ("bands[0].low:bands[0].high", ""),
        ("c.country[0]", "x"),
        ("bands[].high", "high"),
    ]
    copy = as_workbook(file, [Problem("error", "outlier", "is odd.", "", cell, value, 1) for cell, value in places])
    names = [sheet.name for sheet in reading.read("a.xlsx", copy).sheets]
    assert names == [LIST, "requests", "bands", "c"]
    assert [coloured(copy, sheet) for sheet in (2, 3, 4)] == [{"A3", "B2"}, {"B2", "C2", "C1"}, {"B2"}]


keys = st.sampled_from(
    ["Germany", "France", "2019", "2019 H1", "H1", "requests", "country", "columns", "rows", "a.b", "B2", "", "x:y", "0", "1", "["]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3000)
    | st.floats()
    | st.sampled_from(["Germany", "12", "1.234", "<10", "2019 H2", "Country", "\ud800", ""])
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=25)
ordinary = settings(max_examples=int(os.environ.get("FUZZED_FILES", "150")), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@ordinary
@given(values)
def test_no_json_whatever_crashes_the_reader(value):
    data = json.dumps(value).encode()
    report = take_in("a.json", data, Answers("acme", period=parse(HALF), measure="requests"), isolated=False)
    check_model(report.observations)
    assert {problem.code for problem in report.problems} <= set(Code)
    assert report.outcome != "accepted" or len(report.observations)
    if report.layout == "mapped" and isinstance(value, (dict, list)):
        file = json_tables.tabled(reading.read("a.json", data))
        as_workbook(file, report.problems)


def values_at(value: object) -> dict[str, object]:
    """Every value in a JSON value by its address in the way of our readers, for names that need no quotes."""
    found = {}

    def visit(inner: object, way: str) -> None:
        found[way] = inner
        if isinstance(inner, dict):
            for name, one in inner.items():
                visit(one, f"{way}.{name}" if way else name)
        elif isinstance(inner, list):
            for at, one in enumerate(inner):
                visit(one, f"{way}[{at}]")

    visit(value, "")
    return found


plain_keys = st.sampled_from(["Germany", "France", "2019", "2019 H1", "requests", "country", "period", "rows"])
plain_values = st.recursive(
    st.integers(0, 99) | st.sampled_from(["Germany", "2019 H2", "7"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(plain_keys, inner, max_size=4),
    max_leaves=25,
)


@ordinary
@given(plain_values)
def test_every_cell_holds_what_stands_at_its_address_and_is_found_by_it(value):
    at = values_at(value)
    try:
        file = json_tables.tabled(reading.read("a.json", json.dumps(value if isinstance(value, (list, dict)) else [value]).encode()))
    except reading.Refused:
        return
    for sheet in file.sheets:
        for row in range(sheet.header_rows, len(sheet.rows)):
            for column, text in enumerate(sheet.rows[row]):
                address = sheet.address(row, column)
                if not text:
                    continue
                there = at[address]
                printed = there if isinstance(there, str) else json.dumps(there, separators=(",", ":"))
                # A key is addressed like what stands under it.
                assert text == printed or re.split(r"[.\[]", re.sub(r"\[\d+\]$", "", address))[-1] == text
                found = sheet.place_of(address, text)
                assert found is not None and sheet.address(found[0], found[1]) == address and sheet.text(*found[:2]) == text


def test_nothing_of_a_table_is_left_out():
    value = {"years": [{"year": 2019, "note": "n", "rows": [RECORD, RECORD | {"accounts": 3}]}, {"year": 2020, "rows": [RECORD]}]}
    file = json_tables.tabled(reading.read("a.json", json.dumps(value).encode()))
    assert [sheet.rows for sheet in file.sheets] == [
        [["year", "note"], ["2019", "n"], ["2020", ""]],
        [
            ["year", "country", "requests", "accounts"],
            ["2019", "Germany", "12", ""],
            ["2019", "Germany", "12", "3"],
            ["2020", "Germany", "12", ""],
        ],
    ]


def test_the_understanding_names_columns_and_says_why():
    file = json_tables.tabled(reading.read("a.json", json.dumps({"data": [{"countryName": "Germany", "requests": 1}]}).encode()))
    (table,) = understand.understand(file, Answers("acme", period=parse(HALF))).understanding.tables
    assert (table.sheet, table.name, table.header_lines, table.rows) == ("data", "data", (1,), 1)
    assert [(column.header, column.role) for column in table.columns] == [("country Name", "requester"), ("requests", "count")]


CORPUS = Path(__file__).parents[1] / "corpus" / "json.json"


def test_a_file_that_once_was_refused_is_read():
    report = take_in(CORPUS.name, CORPUS.read_bytes(), Answers("acme", period=parse(HALF)))
    assert report.observations["cell"].tolist() == ["rows[0].Requests"]
