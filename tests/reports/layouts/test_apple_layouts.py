"""Apple's files become observations: whatever the order of the columns and the edition, and the third party's JSON gives the same."""

import csv
import functools
import json
import random
from datetime import date

import pandas as pd
import pytest

from dashboard.model.columns import KEY
from dashboard.model.tables import Observation
from dashboard.reports.recognise import read_report
from tests.reports.made import as_csv, one

EDITIONS = {
    "through-2020-H2": ["account_preservation", "account", "device", "emergency", "financial_identifier", "us_national_security"],
    "through-2022-H2": [
        "account_preservation",
        "account",
        "device",
        "digital_content_provider",
        "emergency",
        "financial_identifier",
        "push_token",
        "us_national_security",
    ],
}
FILES = [(edition, kind) for edition, kinds in EDITIONS.items() for kind in kinds]
KEY_COLUMNS = 4
"""Columns of a CSV that tell the period, its two days and the country."""

ACCOUNT = {
    "TR Period": ["2014 H2", "2014 H2", "2015 H1"],
    "TR Start Date": ["7/1/14", "7/1/14", "1/1/15"],
    "TR End Date": ["12/31/14", "12/31/14", "6/30/15"],
    "Country/Region": ["China mainland", "Türkiye", "United States of America"],
    "Account Requests Received": ["31", "6", "1,971"],
    "Accounts Specified in Requests": ["32", " -", "4,000"],
    "Requests Challenged in Part or Rejected in Full": ["0", "4", "112"],
    "Requests where Only Non-Content Data Provided": ["3", "2", "700"],
    "Requests where Content Provided": ["1", "0", "400"],
    "Percentage of Requests where Data Provided": ["13%", "33%", "56%"],
}
SECURITY = {
    "TR Period": ["2017 H2", "2018 H1", "2018 H1", "2018 H1"],
    "TR Start Date": ["7/1/17", "1/1/18", "1/1/18", "1/1/18"],
    "TR End Date": ["12/31/17", "6/30/18", "6/30/18", "6/30/18"],
    "Country/Region": ["United States of America"] * 4,
    "National Security Requests Type+": ["National Security", "FISA Content", "FISA Non-Content", "NSLs"],
    "Requests Received": ["16,005 - 16,249", "0 - 499", "0 - 499", "3 - 499"],
    "Users/Accounts": ["8,009 - 8,249", "13,500 - 13,999", "7,500 - 7,999", "1,005 - 1,499"],
}
COMPILED = {
    "source": "https://www.apple.com/legal/transparency/",
    "measures": [
        "requests_received",
        "items_specified",
        "requests_data_provided",
        "pct_data_provided",
        "requests_challenged_rejected",
        "requests_no_data",
        "content_provided",
        "noncontent_provided",
        "accounts_preserved",
    ],
    "periods": ["2014 H2", "2024 H1"],
    "countries": ["Germany", "N/A", "United Kingdom", "United States of America"],
    "request_types": ["device", "account", "emergency", "digital_content_provider", "account_preservation", "app_takedown_platform_policy"],
    "rows": [
        [0, 0, 0, 3500, 9000, 1750, 50.0, None, None, None, None, None],
        [0, 3, 1, 788, 2000, None, 56.0, 77, None, 200, 245, None],
        [0, 3, 2, 9, None, 6, 67.0, 1, 2, None, None, None],
        [1, 0, 3, 3, None, 3, 100.0, 0, None, None, None, None],
        [1, 0, 4, 5, 8, None, None, None, None, None, None, 7],
        [1, 1, 5, 0, None, None, None, 0, None, None, None, None],
    ],
    "ns_rows": [
        [0, 3, "National Security", 250, 499, 0, 249],
        [1, 2, "Content", 500, 999, 500, 999],
        [1, 2, "Non-Content", 0, 499, 0, 499],
        [1, 3, "NSLs", 0, 499, 500, 999],
    ],
}


def changed(table: dict[str, list[str]], row: int, header: str, text: str) -> bytes:
    columns = {name: list(values) for name, values in table.items()}
    columns[header][row] = text
    return as_csv(columns)


def compiled(part: str, row: int, column: int, value: object) -> bytes:
    whole = json.loads(json.dumps(COMPILED))
    whole[part][row][column] = value
    return json.dumps(whole).encode()


def read(data: bytes, name: str = "report.csv") -> tuple[pd.DataFrame, list]:
    layout, draft = read_report(name, data)
    assert layout.reporter == "apple"
    return draft.table(), draft.problems


@functools.cache
def published_file(published, edition: str, kind: str) -> tuple[pd.DataFrame, list]:
    path = published / "apple" / edition / f"{kind}_requests.csv"
    return read(path.read_bytes(), path.name)


def published_edition(published, edition: str) -> pd.DataFrame:
    return pd.concat([published_file(published, edition, kind)[0] for kind in EDITIONS[edition]], ignore_index=True)


def published_json(published) -> tuple[pd.DataFrame, list]:
    path = published / "apple" / "third-party" / "apple-transparency.json"
    return read(path.read_bytes(), path.name)


def printed_rows(published, edition: str, kind: str) -> list[list[str]]:
    text = (published / "apple" / edition / f"{kind}_requests.csv").read_text("utf-8-sig")
    return [row for row in csv.reader(text.splitlines()) if any(row)]


def differences(earlier: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """What both print for the same key, where the intervals differ; and whatever the later one lacks."""
    both = earlier.merge(later, on=KEY, how="left", suffixes=("", "_later"))
    return both[(both.low != both.low_later) | (both.high != both.high_later)]


def test_a_count_a_share_and_a_missing_figure():
    table, problems = read(as_csv(ACCOUNT))
    row = one(table, requester="USA", measure="requests")
    assert (row.request_type, row.low, row.high, row.printed, row.cell) == ("account", 1971, 1971, "1,971", "E4")
    assert (row.period_start.date(), row.period_end.date()) == (date(2015, 1, 1), date(2015, 6, 30))
    share = one(table, requester="CHN", measure="share_some_data")
    assert (share.low, share.high) == (0.125, 0.135)
    assert "accounts_specified" not in set(table[table.requester == "TUR"].measure)
    assert (len(table), problems) == (3 * 6 - 1, [])
    Observation.validate(table)


def test_bands_are_of_federal_authorities_and_keep_their_ends():
    table, problems = read(as_csv(SECURITY))
    assert (len(table), problems, set(table.authority)) == (8, [], {"federal"})
    letters = one(table, request_type="nsl", measure="requests")
    assert (letters.low, letters.high, letters.printed) == (3, 499, "3 - 499")
    combined = one(table, request_type="national_security", measure="accounts_specified")
    assert (combined.low, combined.high) == (8_009, 8_249)


@pytest.mark.parametrize(
    "header", ["National Security Requests Type", "National Security Requests Type+", "National Security Request(s) Type+"]
)
def test_the_header_of_national_security_varies(header):
    table, problems = read(as_csv({header if name.endswith("Type+") else name: values for name, values in SECURITY.items()}))
    assert (len(table), problems) == (8, [])


@pytest.mark.parametrize("source", [ACCOUNT, SECURITY], ids=["account", "national security"])
@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_columns_does_not_matter(source, seed):
    headers = list(source)
    random.Random(seed).shuffle(headers)
    table, problems = read(as_csv({header: source[header] for header in headers}))
    expected, _ = read(as_csv(source))
    assert problems == []
    order = [*KEY, "printed"]
    pd.testing.assert_frame_equal(
        table.drop(columns="cell").sort_values(order, ignore_index=True),
        expected.drop(columns="cell").sort_values(order, ignore_index=True),
    )


@pytest.mark.parametrize(
    ("header", "text", "code"),
    [
        ("Account Requests Received", "12x", "bad_number"),
        ("Account Requests Received", "-5", "negative_value"),
        ("Accounts Specified in Requests", "3.5", "not_whole"),
        ("Percentage of Requests where Data Provided", "150%", "percent_out_of_range"),
        ("Percentage of Requests where Data Provided", "0.56", "ambiguous_number"),
        ("TR Period", "2015 H3", "bad_period"),
        ("TR Start Date", "", "bad_period"),
    ],
)
def test_a_damaged_cell_is_told_with_its_address_and_value(header, text, code):
    table, problems = read(changed(ACCOUNT, 2, header, text))
    cell = f"{'ABCDEFGHIJ'[list(ACCOUNT).index(header)]}4"
    assert [(problem.severity, problem.code, problem.cell, problem.value) for problem in problems] == [("error", code, cell, text)]
    assert cell not in set(table.cell)


@pytest.mark.parametrize(
    ("header", "text", "problem"),
    [
        ("TR Period", "2015 H2", ("ambiguous_period", "A4")),
        ("TR End Date", "12/31/15", ("ambiguous_period", "A4")),
        ("TR Start Date", "7/1/15", ("period_reversed", "C4")),
    ],
)
def test_a_period_named_otherwise_than_its_days_is_not_read(header, text, problem):
    table, problems = read(changed(ACCOUNT, 2, header, text))
    assert set(table.requester) == {"CHN", "TUR"}
    assert [(problem.severity, problem.code, problem.cell) for problem in problems] == [("error", *problem)]


def test_days_before_months_are_settled_by_one_cell():
    columns = ACCOUNT | {"TR Start Date": ["1/7/14", "1/7/14", "1/1/15"], "TR End Date": ["31/12/14", "31/12/14", "30/6/15"]}
    table, problems = read(as_csv(columns))
    assert (len(table), problems) == (17, [])


def test_a_band_upside_down_is_told():
    _, problems = read(changed(SECURITY, 3, "Requests Received", "499 - 3"))
    assert [(problem.code, problem.cell, problem.value) for problem in problems] == [("low_above_high", "F5", "499 - 3")]


def test_an_unknown_kind_of_national_security_request_is_told():
    table, problems = read(changed(SECURITY, 3, "National Security Requests Type+", "NSLs and more"))
    assert [(problem.severity, problem.code, problem.cell) for problem in problems] == [("error", "unknown_layout", "E5")]
    assert len(table) == 6


@pytest.mark.parametrize("name", ["N/A", ""])
def test_a_row_that_names_no_country_is_left_out_with_a_word(name):
    table, problems = read(changed(ACCOUNT, 1, "Country/Region", name))
    assert set(table.requester) == {"CHN", "USA"}
    assert [(problem.severity, problem.code, problem.cell) for problem in problems] == [("warning", "not_read", "D3")]


def test_the_code_of_namibia_is_no_missing_country():
    table, problems = read(changed(ACCOUNT, 1, "Country/Region", "NA"))
    assert (set(table.requester), problems) == ({"CHN", "NAM", "USA"}, [])


def test_a_country_printed_twice_for_a_period_is_told_and_a_contradiction_leaves_no_number():
    columns = {header: [*values, values[2]] for header, values in ACCOUNT.items()}
    table, problems = read(as_csv(columns))
    assert [(problem.severity, problem.code, problem.cell) for problem in problems] == [("warning", "duplicate_row", "E5")]
    assert one(table, requester="USA", measure="requests").printed == "1,971"
    columns["Account Requests Received"][3] = "1,972"
    table, problems = read(as_csv(columns))
    assert [(problem.severity, problem.code, problem.cell) for problem in problems] == [
        ("error", "duplicate_conflict", f"{letter}5") for letter in "EFGHIJ"
    ]
    assert set(table.requester) == {"CHN", "TUR"}


def test_a_row_that_has_slipped_is_not_read():
    _, problems = read(as_csv(ACCOUNT).replace(b'"1,971"', b"1,971"))
    assert [(problem.severity, problem.code, problem.cell) for problem in problems] == [("error", "ragged_row", "A4")]


def test_a_header_that_is_unknown_is_told():
    data = as_csv(ACCOUNT).replace(b"Requests where Content Provided", b"Requests where Contents Provided")
    _, problems = read(data)
    assert [(problem.severity, problem.code, problem.cell) for problem in problems] == [("error", "unknown_layout", "I1")]


def test_a_table_without_countries_is_not_read():
    table, problems = read(as_csv({header: values for header, values in ACCOUNT.items() if header != "Country/Region"}))
    assert table.empty
    assert [(problem.severity, problem.code) for problem in problems] == [("error", "missing_requester")]


def test_the_compilation_gives_each_number_its_place():
    table, problems = read(json.dumps(COMPILED).encode(), "compiled.json")
    assert problems == []
    Observation.validate(table)
    row = one(table, requester="DEU", request_type="device", measure="share_some_data")
    assert (row.low, row.high, row.printed, row.cell) == (0.495, 0.505, "50%", "rows[0][6]")
    band = one(table, requester="GBR", request_type="uk_ipa_content", measure="requests")
    assert (band.low, band.high, band.printed, band.cell, band.authority) == (500, 999, "500–999", "ns_rows[1][3]:ns_rows[1][4]", "any")
    assert one(table, requester="GBR", request_type="uk_ipa_noncontent", measure="requests").high == 499
    assert one(table, request_type="nsl", measure="accounts_specified").authority == "federal"


def test_one_field_of_the_compilation_is_read_as_its_type_demands():
    table, _ = read(json.dumps(COMPILED).encode(), "compiled.json")
    assert table[table.cell.str.startswith("rows")].groupby("request_type").measure.agg(set).to_dict() == {
        "device": {"requests", "identifiers", "requests_some_data", "share_some_data"},
        "account": {"requests", "accounts_specified", "share_some_data", "requests_challenged", "requests_content", "requests_noncontent"},
        "emergency": {"requests", "requests_some_data", "share_some_data", "requests_rejected", "requests_no_data"},
        "other": {"requests", "requests_some_data", "share_some_data", "requests_challenged"},
        "preservation": {"requests", "accounts_specified", "accounts_preserved"},
    }


@pytest.mark.parametrize(
    ("part", "row", "column", "value", "severity", "code", "cell", "shown"),
    [
        ("rows", 0, 3, "12x", "error", "bad_number", "rows[0][3]", "12x"),
        ("rows", 0, 3, -5, "error", "negative_value", "rows[0][3]", "-5"),
        ("rows", 0, 3, 12.5, "error", "not_whole", "rows[0][3]", "12.5"),
        ("rows", 0, 3, True, "error", "bad_number", "rows[0][3]", "True"),
        ("rows", 0, 3, {"a": 1}, "error", "bad_number", "rows[0][3]", "{'a': 1}"),
        ("rows", 0, 6, 150.0, "error", "percent_out_of_range", "rows[0][6]", "150%"),
        ("rows", 0, 6, "most", "error", "bad_number", "rows[0][6]", "most"),
        ("rows", 0, 0, 99, "error", "bad_period", "rows[0][0]", "entry 99"),
        ("rows", 0, 0, -1, "error", "bad_period", "rows[0][0]", "entry -1"),
        ("rows", 0, 1, 99, "error", "unknown_requester", "rows[0][1]", "entry 99"),
        ("rows", 0, 2, 99, "error", "unknown_layout", "rows[0][2]", "entry 99"),
        ("rows", 0, 1, 1, "warning", "not_read", "rows[0][1]", "N/A"),
        ("rows", 0, 11, 4, "warning", "unread_value", "rows[0][11]", "4"),
        ("ns_rows", 3, 3, 500, "error", "low_above_high", "ns_rows[3][3]", "500"),
        ("ns_rows", 3, 2, "Letters", "error", "unknown_layout", "ns_rows[3][2]", "Letters"),
        ("ns_rows", 3, 5, "x", "error", "bad_number", "ns_rows[3][5]", "x"),
    ],
)
def test_a_damaged_value_of_the_compilation_is_told_with_its_place(part, row, column, value, severity, code, cell, shown):
    _, problems = read(compiled(part, row, column, value), "compiled.json")
    assert [(problem.severity, problem.code, problem.cell, problem.value) for problem in problems] == [(severity, code, cell, shown)]


@pytest.mark.parametrize("row", [[0, 0, 0, 1], [], "text", None])
def test_a_row_of_the_compilation_with_other_cells_is_told_or_empty(row):
    value = json.loads(json.dumps(COMPILED))
    value["rows"][0] = row
    table, problems = read(json.dumps(value).encode(), "compiled.json")
    assert [(problem.severity, problem.code) for problem in problems] == ([("error", "ragged_row")] if row else [])
    assert "device" not in set(table.request_type)


@pytest.mark.published
@pytest.mark.parametrize(("edition", "kind"), FILES)
def test_every_published_file_is_read_whole_and_without_a_problem(published, edition, kind):
    table, problems = published_file(published, edition, kind)
    assert [str(problem) for problem in problems] == []
    assert not table.duplicated(KEY).any()
    Observation.validate(table)
    _, *rows = printed_rows(published, edition, kind)
    keys = KEY_COLUMNS + (kind == "us_national_security")
    assert len(table) == sum(cell.strip() != "-" for row in rows for cell in row[keys:])
    assert table.cell.str.extract(r"(\d+)", expand=False).nunique() == len(rows)


@pytest.mark.published
def test_the_compilation_is_read_whole_and_without_a_problem(published):
    table, problems = published_json(published)
    assert problems == []
    assert not table.duplicated(KEY).any()
    Observation.validate(table)
    value = json.loads((published / "apple" / "third-party" / "apple-transparency.json").read_text("utf-8"))
    read_types = {
        index for index, name in enumerate(value["request_types"]) if not name.startswith("app_") and not name.endswith("_deletion")
    }
    cells = sum(cell is not None for row in value["rows"] if row[2] in read_types for cell in row[3:])
    assert len(table) == cells + 2 * len(value["ns_rows"])


@pytest.mark.published
def test_the_country_that_the_compilation_does_not_name_asked_for_no_data(published):
    value = json.loads((published / "apple" / "third-party" / "apple-transparency.json").read_text("utf-8"))
    unnamed = value["countries"].index("N/A")
    assert {value["request_types"][row[2]] for row in value["rows"] if row[1] == unnamed} == {"app_takedown_platform_policy"}


@pytest.mark.published
@pytest.mark.parametrize("edition", EDITIONS)
def test_the_united_states_in_the_first_half_of_2013(published, edition):
    table = published_edition(published, edition)
    first = table[(table.requester == "USA") & (table.period_end == "2013-06-30") & (table.measure == "requests")].set_index("request_type")
    assert first.low[["device", "account"]].to_list() == [3_542, 927]
    assert (first.low["national_security"], first.high["national_security"]) == (0, 249)


@pytest.mark.published
def test_letters_in_the_second_half_of_2022(published):
    table, _ = published_file(published, "through-2022-H2", "us_national_security")
    letters = table[(table.request_type == "nsl") & (table.period_end == "2022-12-31")].set_index("measure")
    assert letters[["low", "high"]].to_dict("index") == {
        "requests": {"low": 2, "high": 499},
        "accounts_specified": {"low": 503, "high": 999},
    }


@pytest.mark.published
def test_the_later_edition_restates_only_lower_ends_of_national_security(published):
    restated = differences(published_edition(published, "through-2020-H2"), published_edition(published, "through-2022-H2"))
    assert len(restated) == 8
    assert set(restated.request_type) == {"national_security", "nsl"}
    assert (restated.low_later > restated.low).all()
    assert (restated.high_later == restated.high).all()


@pytest.mark.published
def test_the_compilation_agrees_with_the_last_edition_but_for_lower_ends_of_letters(published):
    restated = differences(published_edition(published, "through-2022-H2"), published_json(published)[0])
    assert len(restated) == 4
    assert set(restated.request_type) == {"nsl"}
    assert (restated.low_later > restated.low).all()
    assert (restated.high_later == restated.high).all()


@pytest.mark.published
def test_the_figures_collected_from_the_compilation_are_what_we_read(published, facts):
    table, _ = published_json(published)
    requests = table[(table.request_type == "account") & (table.measure == "requests")]
    figures = pd.read_csv(facts / "figures.csv", dtype=str)
    worldwide = figures[figures.reporter.eq("Apple") & figures.metric.eq("account-requests") & figures.jurisdiction.eq("global")]
    collected = worldwide.set_index("period_end").value_low.astype(float)
    ours = requests.groupby(requests.period_end.dt.strftime("%Y-%m-%d")).low.sum()
    assert len(collected) == 25
    assert ours.to_dict() == collected.to_dict()
