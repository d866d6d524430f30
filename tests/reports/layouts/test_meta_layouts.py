"""Meta's half-yearly files become observations: whatever the order of the columns, and without a figure lost or made up."""

import csv
import functools
import io
import random
from datetime import date

import pandas as pd
import pytest

from dashboard.model.columns import KEY
from dashboard.model.periods import half
from dashboard.model.tables import Observation
from dashboard.reports.door import take_in
from dashboard.reports.recognise import read_report
from tests.reports.made import as_csv, one

NAME = "PRPL-Facebook-Government-Report-2019_H1.csv"
HALVES = [f"{year}_H{number}" for year in range(2013, 2024) for number in (1, 2)][:-1]
KINDS_OF_PROCESS = ["warrant", "subpoena", "court_order", "other", "pen_register", "wiretap"]

SMALL = {
    "Country": ["Austria", "Sint Maarten", "United States"],
    "Content Restrictions": ["3", "0", "7"],
    "Preservation Requests": ["12", "", "65831"],
    "Preservation Accounts Preserved": ["15", "", "111900"],
    "Total Requests": ["40", "0", "1,300"],
    "Number of Requests Where Some Data Produced": ["21", "0", "1,170"],
    "Total Requests Accounts": ["60", "0", "2,100"],
    "Total Requests Percentage": ["53%", "0%", "90%"],
    "Legal Process Request Total": ["38", "0", "1,200"],
    "Legal Number of Requests Where Some Data Produced": ["20", "0", "1,080"],
    "Legal Process Request Total Accounts": ["57", "0", "2,000"],
    "Legal Process Request Total Percentage": ["53%", "0%", "90%"],
    "Emergency Request Total": ["2", "0", "100"],
    "ER Number of Requests Where Some Data Produced": ["1", "0", "90"],
    "Emergency Request Total Accounts": ["3", "0", "100"],
    "Emergency Request Total Percentage": ["50%", "0%", "90%"],
    "Search Warrant": ["", "", "700"],
    "Search Warrant Accounts": ["", "", "1,100"],
    "Search Warrant Percentage": ["", "", "91%"],
    "Court Order (Other)": ["", "", "5"],
    "MLAT Order": ["", "", ""],
    "Court Order (18 USC 2703(d))": ["", "", "9"],
}


def changed(country: str = "United States", **cells: str) -> bytes:
    """The small file with some cells of one country replaced; `_` stands for a space in the header."""
    row = SMALL["Country"].index(country)
    columns = {header: list(values) for header, values in SMALL.items()}
    for header, text in cells.items():
        columns[header.replace("_", " ")][row] = text
    return as_csv(columns)


def read(data: bytes, name: str = NAME, **said) -> tuple[pd.DataFrame, list]:
    layout, draft = read_report(name, data, **said)
    assert layout.reporter == "meta"
    return draft.table(), [problem for problem in draft.problems if problem.code != "missing_column"]


def assert_same(one: pd.DataFrame, other: pd.DataFrame):
    """The same figures, wherever they stand."""
    tables = [table.drop(columns="cell").sort_values(KEY, ignore_index=True) for table in (one, other)]
    pd.testing.assert_frame_equal(*tables)


@functools.cache
def published_table(published, half_year: str) -> tuple[pd.DataFrame, list]:
    path = published / "meta" / f"PRPL-Facebook-Government-Report-{half_year}.csv"
    return read(path.read_bytes(), path.name)


def requests_by(table: pd.DataFrame, requester: str) -> pd.Series:
    rows = table[(table.requester == requester) & (table.measure == "requests")]
    return rows.set_index("request_type").low


def test_every_figure_about_requests_for_data_is_read_and_no_other():
    table, problems = read(as_csv(SMALL))
    # Three countries by 14 columns; two cells of Sint Maarten are blank; five about kinds of process are filled for the US alone.
    assert (len(table), problems) == (3 * 14 - 2 + 5, [])
    Observation.validate(table)


def test_an_observation_carries_its_cell_its_text_and_its_interval():
    table, _ = read(as_csv(SMALL))
    row = one(table, requester="USA", request_type="all", measure="requests")
    assert (row.low, row.high, row.printed, row.cell, row.document) == (
        1300,
        1300,
        "1,300",
        "E4",
        "PRPL-Facebook-Government-Report-2019_H1",
    )
    assert (row.period_start.date(), row.period_end.date()) == (date(2019, 1, 1), date(2019, 6, 30))


def test_the_two_columns_of_court_orders_stay_apart():
    table, _ = read(as_csv(SMALL))
    assert requests_by(table, "USA").loc[["court_order", "other"]].to_list() == [9, 5]


def test_a_blank_is_no_figure_and_a_zero_is_one():
    table, _ = read(as_csv(SMALL))
    dutch = table[table.requester == "SXM"]
    assert "preservation" not in set(dutch.request_type)
    assert one(dutch, request_type="all", measure="requests").high == 0
    share = one(dutch, request_type="all", measure="share_some_data")
    assert (share.low, share.high, share.printed) == (0, 0.005, "0%")


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_columns_does_not_matter(seed):
    headers = list(SMALL)
    random.Random(seed).shuffle(headers)
    table, problems = read(as_csv({header: SMALL[header] for header in headers}))
    expected, _ = read(as_csv(SMALL))
    assert_same(table, expected)
    assert problems == []


@pytest.mark.parametrize(
    ("header", "text", "code"),
    [
        ("Total Requests", "12x", "bad_number"),
        ("Total Requests", "-5", "negative_value"),
        ("Total Requests", "12.5", "not_whole"),
        ("Total Requests", "9" * 400, "out_of_range"),
        ("Total Requests", "500 - 100", "low_above_high"),
        ("Total Requests Accounts", "#REF!", "error_cell"),
        ("Total Requests Percentage", "150%", "percent_out_of_range"),
        ("Total Requests Percentage", "-5%", "negative_value"),
        ("Total Requests Percentage", "0.9", "ambiguous_number"),
        ("Total Requests Percentage", "90", "ambiguous_number"),
        ("Preservation Accounts Preserved", "many", "bad_number"),
        ("Country", "", "missing_requester"),
        ("Country", "Narnia", "unknown_requester"),
    ],
)
def test_a_damaged_cell_is_told_with_its_address_and_value(header, text, code):
    table, problems = read(changed(**{header.replace(" ", "_"): text}))
    column = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[list(SMALL).index(header)]
    assert [(problem.severity, problem.code, problem.cell, problem.value) for problem in problems] == [
        ("error", code, f"{column}4", text[:200])
    ]
    assert f"{column}4" not in set(table.cell)


@pytest.mark.parametrize("name", ["report.csv", "Meta Jan-Dec 2019.csv", "2019_H1 after 2018_H2.csv"])
def test_a_file_that_names_no_half_year_asks_for_it(name):
    table, problems = read(as_csv(SMALL), name=name)
    assert table.empty
    assert [(problem.severity, problem.code, problem.value) for problem in problems] == [("error", "missing_period", name)]


def test_the_visitor_may_state_the_half_year():
    table, problems = read(as_csv(SMALL), name="report.csv", period=half(2021, 2))
    assert (problems, set(table.period_end.dt.date)) == ([], {date(2021, 12, 31)})


def test_a_stated_half_year_must_not_contradict_the_file_name():
    table, problems = read(as_csv(SMALL), period=half(2021, 2))
    assert table.empty
    assert [problem.code for problem in problems] == ["ambiguous_period"]


def test_the_older_emergency_columns_are_read_where_the_newer_are_blank():
    older = {"Emergency Disclosures": "486", "Emergency Disclosures Accounts": "556", "Emergency Disclosures Percentage": "40%"}
    columns = {header: values for header, values in SMALL.items() if not header.startswith(("Emergency", "ER "))}
    columns |= {header.replace("Disclosures", "Request Total", 1): ["", "", ""] for header in older}
    columns |= {header: ["", "", text] for header, text in older.items()}
    table, problems = read(as_csv(columns))
    emergency = table[(table.requester == "USA") & (table.request_type == "emergency")]
    assert (emergency.set_index("measure").printed.to_dict(), problems) == (
        {"requests": "486", "accounts_specified": "556", "share_some_data": "40%"},
        [],
    )


@pytest.mark.parametrize(("older", "codes"), [("100", []), ("99", ["total_mismatch"])])
def test_the_older_emergency_column_must_repeat_the_newer(older, codes):
    table, problems = read(as_csv(SMALL | {"Emergency Disclosures": ["", "", older]}))
    assert [problem.code for problem in problems] == codes
    assert one(table, requester="USA", request_type="emergency", measure="requests").printed == "100"


def test_saint_martin_is_the_french_part_since_the_dutch_part_is_named_otherwise():
    table, problems = read(changed("Austria", Country="Saint Martin"))
    assert set(table.requester) == {"MAF", "SXM", "USA"}
    assert [(problem.severity, problem.code, problem.cell) for problem in problems] == [("warning", "ambiguous_requester", "A2")]


def test_a_place_without_a_code_is_left_out_with_a_word():
    table, problems = read(changed("Austria", Country="Netherlands Antilles"))
    assert table.requester.nunique() == 2
    assert [(problem.severity, problem.code, problem.value) for problem in problems] == [("warning", "not_read", "Netherlands Antilles")]


def test_the_united_states_are_not_their_outlying_islands():
    table, problems = read(changed("Austria", Country="United States Minor Outlying Islands"))
    assert (set(table.requester), problems) == ({"UMI", "SXM", "USA"}, [])


def test_a_figure_in_a_column_never_filled_before_is_left_out_with_the_reason():
    report = take_in(NAME, changed(MLAT_Order="4"), isolated=False)
    assert dict(report.left_out)["U4"].startswith("was never filled")
    assert "mlat" not in set(report.observations.request_type)


def test_a_row_that_has_slipped_is_not_read():
    table, problems = read(as_csv(SMALL).replace(b"\nAustria,3,", b"\nAustria,3"))
    assert [(problem.severity, problem.code, problem.cell) for problem in problems] == [("error", "ragged_row", "A2")]
    assert "AUT" not in set(table.requester)


@pytest.mark.parametrize(("share", "told"), [("53%", {("warning", "duplicate_row")}), ("54%", {("error", "duplicate_conflict")})])
def test_a_country_printed_twice_is_told(share, told):
    columns = {header: [*values, values[0]] for header, values in SMALL.items()}
    columns["Total Requests Percentage"][3] = share
    table, problems = read(as_csv(columns))
    assert {(problem.severity, problem.code) for problem in problems if problem.cell == "H5"} <= told
    assert {(problem.severity, problem.code) for problem in problems} == told
    assert not table.duplicated(KEY).any()


def test_a_header_that_nobody_knows_is_told():
    _, problems = read(as_csv(SMALL | {"Total Requests Acounts": ["1", "2", "3"]}))
    assert [(problem.severity, problem.code, problem.value) for problem in problems] == [
        ("error", "unknown_layout", "Total Requests Acounts")
    ]


def test_a_header_that_is_gone_is_told():
    columns = {header: values for header, values in SMALL.items() if header != "Total Requests Accounts"}
    _, draft = read_report(NAME, as_csv(columns))
    assert any(problem.code == "missing_column" and "“Total Requests Accounts”" in problem.says for problem in draft.problems)


def test_a_header_that_stands_twice_stops_the_reading():
    data = as_csv(SMALL | {"Search Warrant Accounts": ["", "", "1"]}).replace(b"Search Warrant Accounts", b"Total Requests", 1)
    _, problems = read(data)
    assert "duplicate_header" in [problem.code for problem in problems if problem.severity == "error"]


@pytest.mark.published
@pytest.mark.parametrize("half_year", HALVES)
def test_no_row_of_a_published_file_is_left_out_but_of_places_without_a_code(published, half_year):
    _, problems = published_table(published, half_year)
    left_out = {problem.value for problem in problems if problem.code == "not_read"}
    assert left_out <= {"Netherlands Antilles", "Somaliland"}


@pytest.mark.published
@pytest.mark.parametrize("half_year", HALVES)
def test_every_filled_cell_about_data_is_an_observation(published, half_year):
    table, problems = published_table(published, half_year)
    text = (published / "meta" / f"PRPL-Facebook-Government-Report-{half_year}.csv").read_text("utf-8-sig")
    header, *rows = [row for row in csv.reader(text.splitlines()) if any(row)]
    not_read = {"Country", "Content Restricted", "Content Restrictions", "Takedown reports", "Percent Witheld", "Internet Disruptions"}
    if half_year >= "2016":  # until then the older emergency columns are the only ones filled
        not_read |= {f"Emergency Disclosures{ending}" for ending in ("", " Accounts", " Percentage")}
    left_out = {problem.value for problem in problems if problem.code == "not_read"}
    filled = sum(
        bool(cell) for row in rows if row[0] not in left_out for name, cell in zip(header, row, strict=True) if name not in not_read
    )
    assert len(table) == filled


@pytest.mark.published
@pytest.mark.parametrize(
    ("half_year", "low", "high"),
    [
        ("2013_H1", 25_607, 26_607),
        ("2019_H2", 140_875, 140_875),
        ("2020_H1", 173_592, 173_592),
        ("2020_H2", 191_013, 191_013),
        ("2021_H1", 211_055, 211_055),
        ("2021_H2", 214_777, 214_777),
        ("2022_H1", 237_414, 237_414),
        ("2022_H2", 239_388, 239_388),
        ("2023_H1", 271_692, 271_692),
    ],
)
def test_the_countries_add_up_to_the_worldwide_figure(published, half_year, low, high):
    table, _ = published_table(published, half_year)
    totals = table[(table.request_type == "all") & (table.measure == "requests")]
    assert (totals.low.sum(), totals.high.sum()) == (low, high)


@pytest.mark.published
def test_the_united_states_are_a_band_in_the_first_half_of_2013(published):
    table, _ = published_table(published, "2013_H1")
    requests, accounts = (one(table, requester="USA", measure=measure) for measure in ("requests", "accounts_specified"))
    assert (requests.low, requests.high, requests.printed, requests.cell) == (11_000, 12_000, "11,000 - 12,000", "H72")
    assert (accounts.low, accounts.high) == (20_000, 21_000)


@pytest.mark.published
@pytest.mark.parametrize("half_year", HALVES[1:])
def test_the_kinds_of_process_and_emergencies_add_up_to_the_total_of_the_united_states(published, half_year):
    requests = requests_by(published_table(published, half_year)[0], "USA")
    # The publisher's parts exceed its own total by one in this half.
    excess = 1 if half_year == "2017_H2" else 0
    assert requests.reindex([*KINDS_OF_PROCESS, "emergency"]).sum() == requests["all"] + excess


@pytest.mark.published
@pytest.mark.parametrize("half_year", [half_year for half_year in HALVES if half_year >= "2016"])
@pytest.mark.parametrize("measure", ["requests", "accounts_specified"])
def test_legal_process_and_emergencies_add_up_to_the_total_of_every_country(published, half_year, measure):
    table, _ = published_table(published, half_year)
    wide = table[table.measure == measure].pivot(index="requester", columns="request_type", values="low")
    assert (wide["legal"] + wide["emergency"] == wide["all"]).all()


@pytest.mark.published
def test_bare_carriage_returns_end_lines(published):
    table, _ = published_table(published, "2019_H2")
    row = one(table, requester="USA", request_type="all", measure="requests")
    assert (row.printed, row.cell) == ("51121", "D240")


@pytest.mark.published
@pytest.mark.parametrize("half_year", ["2013_H2", "2017_H2", "2019_H1", "2023_H1"])
def test_the_order_of_columns_does_not_matter_in_any_generation(published, half_year):
    path = published / "meta" / f"PRPL-Facebook-Government-Report-{half_year}.csv"
    rows = [row for row in csv.reader(path.read_text("utf-8-sig").splitlines()) if any(row)]
    order = list(range(len(rows[0])))
    random.Random(half_year).shuffle(order)
    text = io.StringIO()
    csv.writer(text).writerows([row[column] for column in order] for row in rows)
    shuffled, _ = read(text.getvalue().encode(), path.name)
    expected, _ = published_table(published, half_year)
    assert_same(shuffled, expected)


@pytest.mark.published
def test_the_figures_collected_from_these_files_are_what_we_read(published, facts):
    series = {
        "us-search-warrants": ("warrant", "requests"),
        "us-subpoenas": ("subpoena", "requests"),
        "preservation-requests-us": ("preservation", "requests"),
        "user-data-requests-us": ("all", "requests"),
        "user-data-requests-us-accounts": ("all", "accounts_specified"),
        "user-data-requests": ("all", "requests"),
        "user-data-requests-accounts": ("all", "accounts_specified"),
    }
    figures = pd.read_csv(facts / "figures.csv", dtype=str)
    is_ours = figures.reporter.eq("Meta (Facebook)") & figures.metric.isin(series) & figures.source_title.str.contains("(CSV)", regex=False)
    tables = {half_year: published_table(published, half_year)[0] for half_year in HALVES}
    wrong = []
    for figure in figures[is_ours].itertuples():
        request_type, measure = series[figure.metric]
        table = tables[f"{figure.period_start[:4]}_H{1 if figure.period_start[5:7] == '01' else 2}"]
        rows = table[(table.request_type == request_type) & (table.measure == measure)]
        if figure.jurisdiction == "US":
            rows = rows[rows.requester == "USA"]
        if (rows.low.sum(), rows.high.sum()) != (float(figure.value_low), float(figure.value_high)):
            wrong.append((figure.id, rows.low.sum(), rows.high.sum()))
    assert is_ours.sum() > 100
    assert wrong == []
