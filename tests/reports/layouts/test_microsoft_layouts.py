"""Microsoft's workbooks of law enforcement requests and its report of national security orders, as published and damaged."""

import functools
import re

import pytest

from dashboard.model import periods
from dashboard.model.columns import KEY
from dashboard.reports.cells.reading import column_letters, read
from dashboard.reports.recognise import read_report
from tests.reports.made import sheets

HALVES = [f"{year}_H{half}" for year in range(2013, 2023) for half in (1, 2) if (year, half) != (2022, 2)]
ORDERS = "Microsoft_USNSOR_2021_H2.xlsx"
OUTCOMES_OF_ACCOUNTS = {f"accounts_{outcome}" for outcome in ("content", "noncontent", "no_data", "rejected")}
LATER = "transcribed/microsoft-lerr-2022H2-2025H1.csv"
FILES = [*(f"Microsoft LERR_{half}.xlsx" for half in HALVES), ORDERS, LATER]


@functools.cache
def read_published(published, name):
    return read_report(name, (published / "microsoft" / name).read_bytes())[1]


def requests_report(published, half):
    return read_published(published, f"Microsoft LERR_{half}.xlsx")


def value(table, period, requester="USA", measure="requests", request_type="all", service="all"):
    """The one interval of a series in a half-year; None where nothing was stored."""
    span = periods.parse(period)
    found = table[
        (table["period_start"].dt.date == span.start)
        & (table["period_end"].dt.date == span.end)
        & (table["requester"] == requester)
        & (table["measure"] == measure)
        & (table["request_type"] == request_type)
        & (table["service"] == service)
    ]
    assert len(found) <= 1
    return None if found.empty else (found["low"].item(), found["high"].item())


def told(draft, severity=None):
    return [(problem.code, problem.cell) for problem in draft.problems if severity in (None, problem.severity)]


def without_place(draft):
    """The observations without where they stand, in a fixed order, so that two layouts of one table can be compared."""
    return sorted(map(tuple, draft.table().drop(columns=["document", "cell"]).astype(str).to_numpy()))


@pytest.mark.published
@pytest.mark.parametrize("half", HALVES)
def test_every_row_of_figures_in_a_workbook_is_stored(published, half):
    name = f"Microsoft LERR_{half}.xlsx"
    stored = {tuple(re.fullmatch(r"(.*)![A-Z]+(\d+)", cell).groups()) for cell in requests_report(published, half).table()["cell"]}
    for sheet in read(name, (published / "microsoft" / name).read_bytes()).sheets:
        for row, line in zip(sheet.rows, sheet.lines, strict=True):
            figures = sum(bool(re.fullmatch(r"[\d.]+(e-\d+)?", text)) for text in row)
            assert ((sheet.name, str(line)) in stored) or figures < 8, f"{sheet.name} row {line}: {row}"


@pytest.mark.published
def test_every_row_of_the_later_table_is_stored_but_the_one_without_a_country(published):
    draft = read_published(published, LATER)
    lines = {int(cell[1:]) for cell in draft.table()["cell"]}
    assert set(range(2, 634)) - lines == {628}
    assert [problem.value for problem in draft.problems if problem.code == "not_read"] == ["To Be Determined"]


@pytest.mark.published
@pytest.mark.parametrize(
    ("half", "count"),
    [
        ("2013_H1", 7_014),
        ("2016_H1", 5_168),
        ("2016_H2", 4_739),
        ("2017_H1", 5_401),
        ("2017_H2", 3_984),
        ("2018_H1", 4_948),
        ("2018_H2", 4_369),
        ("2019_H1", 4_860),
        ("2019_H2", 4_315),
        ("2020_H1", 5_507),
        ("2020_H2", 5_682),
        ("2022_H1", 5_560),
    ],
)
def test_us_requests_are_those_printed(published, half, count):
    assert value(requests_report(published, half).table(), half.replace("_", " ")) == (count, count)


@pytest.mark.published
@pytest.mark.parametrize("half", HALVES)
def test_a_total_equals_the_countries(published, half):
    # No published total differs from its parts; those of 2015 H2 that are fractions are not stored at all.
    table = requests_report(published, half).table()
    table = table[~table["request_type"].isin(["warrant", "fisa_content", "fisa_noncontent", "nsl"])]
    series = ["service", "request_type", "measure", "period_start"]
    totals = table[table["requester"] == "WLD"].set_index(series)["low"]
    countries = table[table["requester"] != "WLD"].groupby(series)["low"].sum()
    assert len(totals) >= (4 if half == "2015_H2" else 6)
    assert totals.to_dict() == countries.reindex(totals.index).to_dict()


@pytest.mark.published
def test_fractions_of_2015_h2_are_told_of_and_not_stored(published):
    draft = requests_report(published, "2015_H2")
    fractions = [cell for code, cell in told(draft, "warning") if code == "not_whole"]
    assert fractions == [f"LERR!{column}{row}" for column in "CI" for row in (7, 35, 36, 37, 38)]
    table = draft.table()
    for requester in ("WLD", "ISR", "ITA", "JPN", "KOR"):
        assert value(table, "2015 H2", requester) is None
        assert value(table, "2015 H2", requester, "requests_noncontent") is None
    assert value(table, "2015 H2", "WLD", "accounts_specified") == (64_614, 64_614)
    assert value(table, "2015 H2", "ISR", "accounts_specified") is not None


@pytest.mark.published
def test_skype_is_a_service_beside_the_combined_count(published):
    table = requests_report(published, "2013_H1").table()
    assert value(table, "2013 H1", "WLD") == (37_196, 37_196)
    assert value(table, "2013 H1", "WLD", service="skype") == (3_509, 3_509)


@pytest.mark.published
def test_emergencies_stand_apart_from_2017_h1(published):
    kinds = {half: set(requests_report(published, half).table()["request_type"]) for half in HALVES}
    assert [half for half in HALVES if "emergency" in kinds[half]] == HALVES[HALVES.index("2017_H1") :]
    assert [half for half in HALVES if "civil" in kinds[half]] == HALVES[HALVES.index("2017_H2") :]


@pytest.mark.published
def test_the_civil_sheet_of_2017_h2_is_read_for_the_half_its_title_names(published):
    draft = requests_report(published, "2017_H2")
    assert ("ambiguous_period", "Civil Legal Requests!A1") in told(draft, "warning")
    table = draft.table()
    assert value(table, "2017 H1", "WLD", request_type="civil") == (185, 185)
    assert value(table, "2017 H2", "WLD", request_type="civil") is None
    assert set(table[table["request_type"] == "civil"]["authority"]) == {"private"}


@pytest.mark.published
def test_a_bare_korea_is_the_south_as_no_file_names_another(published):
    assert {"KOR", "PRK"} & {requester for name in FILES for requester in read_published(published, name).table()["requester"]} == {"KOR"}


@pytest.mark.published
def test_civil_outcomes_that_count_accounts_are_stored_as_accounts(published):
    for name in FILES:
        if name == ORDERS:
            continue
        draft = read_published(published, name)
        table = draft.table()
        civil = table[(table["request_type"] == "civil") & table["measure"].str.startswith("requests_")]
        counted_as_requests = sorted({f"{start:%Y-%m}" for start in civil["period_start"]})
        if "2017_H2" in name:
            assert counted_as_requests == ["2017-01"]
        elif name == LATER:
            assert counted_as_requests == ["2024-07", "2025-01"]
        else:
            assert counted_as_requests == []
            outcomes = table[(table["requester"] == "WLD") & table["measure"].isin(OUTCOMES_OF_ACCOUNTS)]
            added, accounts = outcomes["low"].sum(), value(table, name[15:22].replace("_", " "), "WLD", "accounts_specified", "civil")
            is_off = any(problem.says == f"is a total, and the cells of its row add up to {added:,.0f}." for problem in draft.problems)
            assert is_off or added == (accounts[0] if accounts else 0), name
            is_told = any("count accounts" in problem.says for problem in draft.problems)
            assert is_told == ("civil" in set(table["request_type"]))


@pytest.mark.published
@pytest.mark.parametrize(
    ("half", "consumer", "enterprise"),
    [("2018_H1", 133, 1), ("2018_H2", 103, 1), ("2019_H2", 145, 1), ("2020_H1", 113, 2), ("2021_H2", 136, 3), ("2022_H1", 96, 0)],
)
def test_warrants_for_content_abroad_are_read_from_the_note_beside_the_table(published, half, consumer, enterprise):
    table = requests_report(published, half).table()
    period = half.replace("_", " ")
    assert value(table, period, request_type="warrant", service="consumer_stored_outside_us") == (consumer, consumer)
    assert value(table, period, "USA", "requests_content", "warrant", "enterprise_stored_outside_us") == (enterprise, enterprise)


@pytest.mark.published
@pytest.mark.parametrize(
    ("half", "code", "cell"),
    [
        ("2013_H1", "unknown_requester", "MSFT!A69"),
        ("2013_H1", "ambiguous_requester", "MSFT!A39"),
        ("2013_H1", "total_mismatch", "MSFT!B67"),
        ("2014_H1", "footnote", "Combined LERR!A77"),
        ("2017_H2", "missing_value", "Emergencies (2)!A66"),
        ("2020_H2", "missing_value", "Criminal!E19"),
        ("2021_H1", "unknown_requester", "Emergencies!B7"),
        ("2021_H1", "unknown_requester", "Emergencies!B31"),
        ("2021_H2", "missing_value", "Emergencies!H9"),
        ("2022_H1", "footnote", "Criminal!P58"),
    ],
)
def test_what_is_odd_in_a_published_workbook_is_told_with_its_cell(published, half, code, cell):
    assert (code, cell) in told(requests_report(published, half), "warning")


@pytest.mark.published
def test_fisa_and_letters_are_bands_of_orders_letters_and_accounts(published):
    table = read_published(published, ORDERS).table()
    assert value(table, "2013 H1", measure="accounts_specified", request_type="fisa_content") == (15_000, 15_999)
    assert value(table, "2013 H1", measure="orders", request_type="fisa_content") == (0, 999)
    assert value(table, "2016 H1", measure="accounts_specified", request_type="fisa_noncontent") == (1_000, 1_499)
    assert value(table, "2011 H2", measure="accounts_specified", request_type="nsl") == (1_000, 1_999)
    assert value(table, "2021 H2", measure="letters", request_type="nsl") == (0, 499)
    # 21 halves in each block: four columns for FISA, two for letters, whose other two are N/A.
    assert len(table) == 21 * 4 + 21 * 2
    assert set(table["authority"]) == {"federal"}


@pytest.mark.published
def test_the_half_year_printed_twice_is_corrected_visibly(published):
    draft = read_published(published, ORDERS)
    (problem,) = draft.problems
    assert (problem.severity, problem.cell, problem.value) == ("warning", "US National Security Orders!C18", "July - Dec 2019")
    assert "2018 H2" in problem.says and "2018 H1" in problem.says and "2019 H1" in problem.says
    table = draft.table()
    assert value(table, "2018 H2", measure="accounts_specified", request_type="fisa_content") == (13_500, 13_999)
    assert value(table, "2019 H2", measure="accounts_specified", request_type="fisa_content") == (14_500, 14_999)


@pytest.mark.published
def test_the_orders_sheet_inside_a_workbook_is_for_the_half_it_names(published):
    table = requests_report(published, "2022_H1").table()
    assert value(table, "2021 H2", measure="accounts_specified", request_type="fisa_content") == (12_500, 12_999)
    assert value(table, "2021 H2", measure="accounts_specified", request_type="nsl") == (500, 999)
    assert value(table, "2022 H1", measure="letters", request_type="nsl") is None


ROWS = [
    ("TOTAL", 171, 260, 11, 120, 29, 11),
    ("Belgium", 40, 55, 0, 30, 8, 2),
    ("Korea, Republic Of", 3, 4, 0, 1, 1, 1),
    ("Namibia", 1, 1, 0, 0, 0, 1),
    ("United States", 127, 200, 11, 89, 20, 7),
]
LABELS = {
    "country": "",
    "requests": "Total Number of Law Enforcement Requests",
    "accounts": "Accounts / Users Specified in Requests",
    "content": "Law Enforcement Requests Resulting in Disclosure of Content",
    "noncontent": "Law Enforcement Requests Resulting in Disclosure of Only Subscriber/Transactional (Non-Content) Data",
    "no_data": "Law Enforcement Requests Resulting in Disclosure of No Customer Data\n(No Data Found)",
    "rejected": "Law Enforcement Requests Resulting in Disclosure of No Customer Data (Request Rejected for Not Meeting Legal Requirements)",
}
AS_USUAL = "country gap requests accounts gap content noncontent gap no_data rejected"
TITLE = "Requests received for all Microsoft Services from January - June 2016"
NAME = "Microsoft LERR_2016_H1.xlsx"


def cells(rows=ROWS, order=AS_USUAL, marks="%#", gap_rows=0, title=TITLE):
    """A sheet as rows of cells: titles, headings, perhaps a line of marks, perhaps spacer rows, then the figures."""
    wide = {"content": 3, "noncontent": 4, "no_data": 5, "rejected": 6}
    headings, signs, body = [], [], [[] for _ in rows]
    for block in order.split():
        label = LABELS.get(block, "")
        headings += [label, ""] if block in wide else [label]
        signs += list(marks or "%#") if block in wide else ["#" if block in ("requests", "accounts") else ""]
        for line, row in zip(body, rows, strict=True):
            if block in wide:
                pair = {"%": row[wide[block]] / row[1] if isinstance(row[wide[block]], int) else 0, "#": row[wide[block]]}
                line += [pair[sign] for sign in marks or "%#"]
            else:
                line.append({"country": row[0], "requests": row[1], "accounts": row[2]}.get(block, ""))
    top = [["Law Enforcement Requests Report 2016"], [title], [], headings]
    return [*top, *([signs] if marks else []), *([[]] * gap_rows), *body]


def workbook(*tables, names=("Criminal", "Emergencies")):
    """A workbook of such sheets."""
    return sheets(dict(zip(names, tables, strict=False)))


def drafted(data, name=NAME, period=None):
    return read_report(name, data, period)[1]


@pytest.mark.parametrize(
    "layout",
    [
        {"order": "gap country gap requests accounts gap content noncontent gap no_data rejected"},
        {"order": "requests accounts content noncontent no_data rejected country"},
        {"order": "country rejected no_data gap noncontent content accounts requests"},
        {"order": "country rejected no_data gap noncontent content accounts requests", "marks": ""},
        {"marks": ""},
        {"marks": "#%"},
        {"marks": "", "gap_rows": 1},
        {"gap_rows": 2},
    ],
)
def test_the_order_of_columns_and_the_spacers_do_not_matter(layout):
    usual, other = drafted(workbook(cells())), drafted(workbook(cells(**layout)))
    assert len(usual.observations) == 6 * len(ROWS)
    assert usual.problems == other.problems == []
    assert without_place(usual) == without_place(other)


def test_the_name_of_the_sheet_tells_emergencies_apart():
    draft = drafted(workbook(cells(), cells()))
    assert set(draft.table()["request_type"]) == {"all", "emergency"}
    assert draft.problems == []


def test_two_sheets_of_one_kind_do_not_both_count():
    draft = drafted(workbook(cells(), cells(), names=("Criminal", "Sheet2")))
    assert {(code, cell.partition("!")[0]) for code, cell in told(draft)} == {("duplicate_row", "Sheet2")}
    assert len(draft.observations) == 6 * len(ROWS)
    other = drafted(workbook(cells(), cells([(name, 2 * one, *more) for name, one, *more in ROWS]), names=("Criminal", "Sheet2")))
    assert ("choose_sheet", "Sheet2!C6") in told(other, "error")
    assert not draft.table().duplicated(KEY).any()


def test_a_country_named_twice_is_told_of_and_neither_figure_is_stored():
    draft = drafted(workbook(cells([*ROWS, ("Belgium", 1, 1, 0, 1, 0, 0)])))
    assert set(told(draft, "error")) == {("duplicate_conflict", f"Criminal!{column}11") for column in "CDGILN"}
    assert value(draft.table(), "2016 H1", "BEL") is None


@pytest.mark.parametrize(("row", "column"), [(row, column) for row in range(5, 10) for column in (0, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13)])
@pytest.mark.parametrize("damage", ["1x3", -5])
def test_a_damaged_cell_is_named_and_its_number_is_not_stored(row, column, damage):
    rows = cells()
    rows[row][column] = damage
    address = f"Criminal!{column_letters(column)}{row + 1}"
    draft = drafted(workbook(rows))
    assert [(problem.cell, problem.value) for problem in draft.problems if problem.cell == address] == [(address, str(damage))]
    stored = dict(zip(draft.table()["cell"], draft.table()["printed"], strict=True))
    assert address not in stored
    sound = drafted(workbook(cells())).table()
    expected = dict(zip(sound["cell"], sound["printed"], strict=True))
    assert stored.items() <= expected.items()


@pytest.mark.parametrize("column", [2, 3, 6, 8, 11, 13])
def test_a_blank_among_figures_is_no_zero_and_is_told(column):
    rows = cells()
    rows[6][column] = ""
    draft = drafted(workbook(rows))
    address = f"Criminal!{column_letters(column)}7"
    assert ("missing_value", address) in told(draft, "warning")
    assert address not in set(draft.table()["cell"])


def test_a_band_among_exact_numbers_is_stored_with_a_warning():
    rows = cells()
    rows[6][3] = "0 - 499"
    draft = drafted(workbook(rows))
    assert told(draft) == [("approximate_value", "Criminal!D7")]
    assert value(draft.table(), "2016 H1", "BEL", "accounts_specified") == (0, 499)


def test_a_number_outside_the_columns_is_told_and_a_zero_left_by_a_formula_is_not():
    rows = cells()
    rows[6][1], rows[7][9] = 0, 12
    assert told(drafted(workbook(rows))) == [("footnote", "Criminal!J8")]


def test_figures_without_a_country_are_an_error():
    rows = cells()
    rows[6][0] = ""
    assert ("missing_requester", "Criminal!A7") in told(drafted(workbook(rows)), "error")


def test_an_unknown_country_is_offered_its_neighbours():
    rows = cells()
    rows[6][0] = "Belgim"
    (problem,) = [problem for problem in drafted(workbook(rows)).problems if problem.severity == "error"]
    assert str(problem) == "Criminal!A7: “Belgim” is not a country we know. Did you mean Belgium?"


def test_a_wrong_total_and_a_wrong_row_are_warnings_and_the_numbers_stay():
    rows = cells()
    rows[5][2] = 172
    draft = drafted(workbook(rows))
    assert told(draft, "error") == []
    assert [one for one in told(draft) if one[0] == "total_mismatch"] == [("total_mismatch", "Criminal!C6")] * 2
    assert value(draft.table(), "2016 H1", "WLD") == (172, 172)


def test_a_percentage_that_disagrees_with_its_number_is_a_warning():
    rows = cells()
    rows[6][7] = 0.71
    assert told(drafted(workbook(rows))) == [("rate_mismatch", "Criminal!H7")]


def test_a_percentage_rounded_to_whole_per_cent_agrees():
    rows = cells()
    for row in rows[5:]:
        for column in (5, 7, 10, 12):
            row[column] = round(row[column], 2)
    assert drafted(workbook(rows)).problems == []


def test_a_lone_fraction_is_an_error_and_one_carried_through_its_row_a_warning():
    lone, carried = cells(), cells()
    lone[6][2] = 40.5
    carried[6][2], carried[6][8] = 40.5, 30.5
    assert ("not_whole", "Criminal!C7") in told(drafted(workbook(lone)), "error")
    draft = drafted(workbook(carried))
    assert told(draft, "error") == []
    assert [cell for code, cell in told(draft, "warning") if code == "not_whole"] == ["Criminal!C7", "Criminal!I7"]
    assert value(draft.table(), "2016 H1", "BEL") is None


def test_outcomes_that_add_up_to_accounts_are_stored_as_accounts():
    rows = [("TOTAL", 4, 9, 1, 5, 0, 3), ("Brazil", 1, 2, 0, 2, 0, 0), ("United States", 3, 7, 1, 3, 0, 3)]
    draft = drafted(workbook(cells(rows, marks=""), names=("Civil Legal Requests",)))
    assert set(draft.table()["measure"]) == {"requests", "accounts_specified", *OUTCOMES_OF_ACCOUNTS}
    assert any("count accounts" in problem.says for problem in draft.problems)
    assert told(draft, "error") == []


def test_a_missing_heading_is_an_error():
    rows = cells()
    rows[3][10] = "Something else"
    assert [code for code, _ in told(drafted(workbook(rows)), "error")] == ["missing_column"]


def test_a_sheet_whose_headings_are_gone_is_an_error_beside_a_sound_one():
    rows = cells()
    rows[3] = []
    draft = drafted(workbook(cells(), rows))
    assert told(draft, "error") == [("missing_column", "Emergencies")]
    assert len(draft.observations) == 6 * len(ROWS)


@pytest.mark.parametrize(
    ("title", "name", "said", "expected"),
    [
        (TITLE, "copy.xlsx", None, "2016 H1"),
        ("", NAME, None, "2016 H1"),
        ("", "copy.xlsx", periods.half(2016, 1), "2016 H1"),
        (TITLE, "Microsoft LERR_2016_H2.xlsx", None, "2016 H1"),
    ],
)
def test_the_half_year_is_the_titles_else_the_files_else_the_visitors(title, name, said, expected):
    table = drafted(workbook(cells(title=title)), name, said).table()
    assert value(table, expected, "BEL") == (40, 40)


def test_no_half_year_is_one_error():
    draft = drafted(workbook(cells(title=""), cells(title="")), "copy.xlsx")
    assert told(draft) == [("missing_period", "Criminal")]
    assert not len(draft.observations)


HEADINGS = [
    "Orders seeking disclosure of content",
    "Accounts impacted by orders seeking content",
    "Orders seeking disclosure of only non-content",
    "Accounts impacted by non-content orders",
]
FISA = ["0 - 499", "13,000 - 13,499", "0 - 499", "500 - 999"]
LETTERS = ["N/A", "N/A", "0 - 499", "500 - 999"]


def orders(first=("Jan - June 2018", "July - Dec 2018", "Jan - June 2019"), columns=(0, 1, 2, 3)):
    """A sheet of both blocks, with the half-years of the first block and the four columns in an order of choice."""
    rows = [["U.S. National Security Orders Report"], [], ["", "Reporting Period", *(HEADINGS[column] for column in columns)]]
    for number, half in enumerate(first):
        rows.append(
            ["Foreign Intelligence Surveillance Act (FISA) Orders" if number == 0 else "", half, *(FISA[column] for column in columns)]
        )
    rows.append([])
    rows.append(["National Security Letters (NSL)", "Jan - June 2018", *(LETTERS[column] for column in columns)])
    return workbook(rows, names=("US National Security Orders",))


def test_the_columns_of_orders_may_stand_in_any_order():
    usual, other = drafted(orders()), drafted(orders(columns=(3, 1, 0, 2)))
    assert usual.problems == other.problems == []
    assert len(usual.observations) == 3 * 4 + 2
    assert without_place(usual) == without_place(other)


@pytest.mark.parametrize(
    ("halves", "problems"),
    [
        (
            ("Jan - June 2018", "July - Dec 2019", "Jan - June 2019", "July - Dec 2019", "Jan - June 2020"),
            [("warning", "overlapping_period", "C5")],
        ),
        (
            ("Jan - June 2018", "July - Dec 2018", "July - Dec 2018"),
            [("error", "duplicate_conflict", "C5"), ("error", "duplicate_conflict", "C6")],
        ),
        (("Jan - June 2018", "Jully - Dec 2018", "Jan - June 2019"), [("error", "bad_period", "C5")]),
    ],
)
def test_a_wrong_half_year_is_corrected_only_where_its_neighbours_leave_one(halves, problems):
    draft = drafted(orders(halves))
    place = "US National Security Orders!"
    assert [(p.severity, p.code, p.cell) for p in draft.problems] == [(s, c, place + cell.replace("C", "B")) for s, c, cell in problems]
    assert not draft.table().duplicated(KEY).any()


PLAIN = """period,section,country,accounts_specified,disclosed_content,disclosed_noncontent,no_data_found,rejected,requests
2022-H2,criminal,Namibia,5,1,2,0,0,3
2022-H2,emergencies,Namibia,5,0,1,0,0,1
2022-H2,civil,Brazil,9,4,4,1,0,2
"""


def plain(text):
    return drafted(text.encode(), "microsoft-lerr.csv")


def test_the_plain_table_is_read_by_its_column_names():
    turned = "\n".join(",".join(reversed(line.split(","))) for line in PLAIN.splitlines()) + "\n"
    assert without_place(plain(PLAIN)) == without_place(plain(turned))
    table = plain(PLAIN).table()
    assert value(table, "2022 H2", "NAM", "requests_noncontent", "emergency") == (1, 1)
    assert value(table, "2022 H2", "BRA", "requests_content", "civil") is None
    assert value(table, "2022 H2", "BRA", "accounts_content", "civil") == (4, 4)


@pytest.mark.parametrize(
    ("old", "new", "code", "cell"),
    [
        ("criminal,Namibia", "criminal,Namibiia", "unknown_requester", "C2"),
        ("criminal,Namibia", "crimes,Namibia", "unknown_layout", "B2"),
        ("2022-H2,criminal", "2022-H3,criminal", "bad_period", "A2"),
        ("Namibia,5,1,2", "Namibia,5,1,2x", "bad_number", "F2"),
        ("Namibia,5,1,2", "Namibia,5,1", "ragged_row", "A2"),
    ],
)
def test_a_damaged_line_of_the_plain_table_is_named(old, new, code, cell):
    draft = plain(PLAIN.replace(old, new, 1))
    assert (code, cell) in told(draft, "error")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (PLAIN + "\nCountry,Requests\nFrance,12\n", [("missing_column", "A6")]),
        (PLAIN.splitlines()[0] + "\n", [("no_header", "")]),
    ],
)
def test_a_second_table_and_a_header_alone_are_told_and_not_read(text, problems):
    assert told(plain(text), "error") == problems
