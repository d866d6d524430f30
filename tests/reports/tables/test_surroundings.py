"""What stands outside the columns holds for their figures or is asked about: titles, names, notes, lines between rows, the visitor's words."""

import pytest

from dashboard.model.periods import parse
from dashboard.reports.door import Answers, Mapping, Report, take_in
from tests.reports.made import sheet

ROWS = "Country,Period,Requests\nNorway,2020 H1,41\nSweden,2020 H1,120\n"


def taken(text: str, name: str = "report.csv", **said) -> Report:
    return take_in(name, text.encode(), Answers(**{"reporter": "acme"} | said), isolated=False)


def errors(report: Report) -> set[str]:
    return {problem.code for problem in report.problems if problem.severity == "error"}


def figures(report: Report) -> list[tuple]:
    columns = ["requester", "period_start", "measure", "request_type", "low"]
    table = report.observations.assign(period_start=report.observations["period_start"].astype(str).str[:7])
    return sorted(table[columns].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    "words",
    [
        "Government removal requests",
        "Content restrictions based on local law",
        "Copyright notices received",
        "Trademark reports",
        "Account suspensions",
        "Data subject access requests",
        "Right to be forgotten",
        "Urheberrechtsverletzungen",
        "Demandes de suppression",
        "Solicitudes de retirada de contenido",
        "Solicitações de remoção",
        "Richieste di rimozione",
        "内容删除请求",
        "Requests of private parties",
        "Anfragen von Privatpersonen",
    ],
)
def test_a_title_or_note_about_something_else_is_asked_about(words):
    assert "other_subject" in errors(taken(f"{words},,\n{ROWS}"))
    assert "other_subject" in errors(taken(f"{ROWS}Note: {words},,\n"))


def test_a_note_that_leaves_something_out_changes_nothing():
    assert not errors(taken(f"{ROWS}Note: content removal requests are not included.,,\n"))


@pytest.mark.parametrize("name", ["acme-removal-requests.csv", "copyright_notices_2020H1.csv", "AccountSuspensions.csv"])
def test_the_name_of_a_file_is_words_too(name):
    assert "other_subject" in errors(taken(ROWS, name))


@pytest.mark.parametrize(
    "words",
    [
        "Figures in thousands",
        "(in hundreds)",
        "in millions",
        "All numbers ('000)",
        "Angaben in Tausend",
        "en milliers",
        "Cifras en miles",
        "em milhares",
        "in migliaia",
        "单位：千",
        "in lakhs",
    ],
)
@pytest.mark.parametrize("where", ["title", "note", "header", "column"])
def test_a_scale_is_never_passed_over(words, where):
    text = {
        "title": f"{words},,\n{ROWS}",
        "note": f"{ROWS}{words},,\n",
        "header": ROWS.replace("Requests", f"Requests {words}"),
        "column": "Country,Period,Requests,Unit\n" + "".join(f"{line},{words}\n" for line in ROWS.splitlines()[1:]),
    }[where]
    assert errors(taken(text))


@pytest.mark.parametrize(
    ("words", "kind"), [("Preservation requests", "preservation"), ("Notfallanfragen", "emergency"), ("Assignations", "subpoena")]
)
def test_a_title_gives_its_kind(words, kind):
    report = taken(f"{words} 2020 H1,\nCountry,Requests\nNorway,41\n")
    assert figures(report) == [("NOR", "2020-01", "requests", kind, 41)]


def test_a_title_against_the_columns_is_asked_about():
    assert "contradicting_words" in errors(taken("Preservation requests,,\nCountry,Period,Subpoenas\nNorway,2020 H1,4\n"))


def test_the_only_kind_of_requests_is_that_of_the_rates_and_accounts_beside_it():
    report = taken("Country,Period,Subpoenas,Accounts,Disclosure rate\nNorway,2020 H1,40,50,45%\n")
    assert {row[3] for row in figures(report)} == {"subpoena"}


@pytest.mark.parametrize(
    ("lines", "stored"),
    [
        ("Country,Requests\nSubpoenas,\nNorway,4\nWarrants,\nNorway,8\n", {("NOR", "subpoena", 4), ("NOR", "warrant", 8)}),
        ("Legal process,Requests\nNorway,\nSubpoena,4\nSweden,\nSubpoena,8\n", {("NOR", "subpoena", 4), ("SWE", "subpoena", 8)}),
        ("Country,Requests\nNorway,4\nEmergency requests,\nNorway,8\n", {("NOR", "all", 4), ("NOR", "emergency", 8)}),
    ],
)
def test_a_line_between_rows_holds_for_the_rows_below(lines, stored):
    report = taken(lines, period=parse("2020 H1"))
    assert {(row[0], row[3], row[4]) for row in figures(report)} == stored


@pytest.mark.parametrize("line", ["Voluntary matters of interest", "Private parties", "Removal requests", "Other things (estimates)"])
def test_a_line_between_rows_that_is_not_understood_is_named(line):
    report = taken(f"Country,Requests\nNorway,4\n{line},\nSweden,8\n", period=parse("2020 H1"))
    assert 3 in {problem.row for problem in report.problems if problem.severity == "error"}


def test_periods_between_rows():
    report = taken("Country,Requests\n2019 H1,\nNorway,4\n2019 H2,\nNorway,8\n")
    assert figures(report) == [("NOR", "2019-01", "requests", "all", 4), ("NOR", "2019-07", "requests", "all", 8)]


def test_a_country_without_figures_is_no_section():
    assert len(taken("Country,Requests\nNorway,4\nSweden,\nDenmark,8\n", period=parse("2020 H1")).observations) == 2


def test_a_header_that_comes_again_under_a_title_begins_a_table_and_else_goes_on():
    stacked = taken("2019 H1,\nCountry,Requests\nNorway,4\n,\n2019 H2,\nCountry,Requests\nNorway,8\n")
    assert [row[1] for row in figures(stacked)] == ["2019-01", "2019-07"]
    paged = taken("2019 H1,\nCountry,Requests\nNorway,4\n,\nCountry,Requests\nSweden,8\n")
    assert [row[1] for row in figures(paged)] == ["2019-01", "2019-01"]


@pytest.mark.parametrize(
    "text", ["CountryRequests,Accounts,Remarks\nNorway,41,53,\nMalta,1,2,\n", "Country,RequestsAccounts,Notes\nNorway,4,5,\n"]
)
def test_a_header_one_separator_short_is_refused(text):
    assert errors(taken(text, period=parse("2020 H1")))


@pytest.mark.parametrize(
    "text",
    [
        "Country,Period,Requests\nNorway,2020 H1,41\nSweden,2020 H1,120\nTotal,2020 H1,171\n",
        "Country,Period,Subpoenas,Warrants,Total\nNorway,2020 H1,4,5,19\n",
        "Type,Country,Period,Requests\nSubpoena,Norway,2020 H1,4\nWarrant,Norway,2020 H1,5\nTotal,Norway,2020 H1,19\n",
    ],
)
def test_a_total_against_its_parts_is_told_even_where_it_is_the_only_one(text):
    assert "total_mismatch" in {problem.code for problem in taken(text).problems}


def test_totals_that_hold_are_passed_over_in_silence():
    text = "Country,Period,Subpoenas,Warrants,Total\nNorway,2020 H1,4,5,9\nSubtotal Nordics,2020 H1,4,5,9\nItaly,2020 H1,1,1,2\nTotal,2020 H1,5,6,11\n"
    assert "total_mismatch" not in {problem.code for problem in taken(text).problems}


def test_the_rate_of_a_total_is_weighted():
    text = "Country,Period,Requests,Disclosure rate\nJapan,2020 H1,160,45%\nKenya,2020 H1,40,90%\nTotal,2020 H1,200,{}\n"
    assert "rate_mismatch" in {problem.code for problem in taken(text.format("67.5%")).problems}
    assert "rate_mismatch" not in {problem.code for problem in taken(text.format("54%")).problems}


def test_what_the_visitor_says_goes_before_a_known_layout():
    text = "Country,Period Ending,CLDR Territory Code,Legal Process,User Data Requests,Percentage disclosed,Accounts\nMalta,2020-06-30,MT,Emergency,2,100,2\n"
    assert set(taken(text).readable.column("reporter").to_pylist()) <= {"acme"}


def merged(rows: list[list], area: str, value: object) -> Report:
    data = sheet(rows, lambda book, page: page.merge_range(area, value))
    return take_in("r.xlsx", data, Answers(reporter="acme", period=parse("2020")), isolated=False)


def test_a_merged_name_holds_for_its_rows_and_a_merged_figure_for_none():
    rows = [["Country", "Type", "Requests"], ["", "Subpoena", 5], ["", "Warrant", 6]]
    named = merged(rows, "A2:A3", "Norway")
    assert [row[0] for row in figures(named)] == ["NOR", "NOR"]
    rows = [["Country", "Type", "Requests"], ["Norway", "Subpoena", ""], ["Norway", "Warrant", ""]]
    counted = merged(rows, "C2:C3", 11)
    assert "bad_number" in errors(counted)


def test_a_table_that_is_settled_by_corrections_is_asked_about_no_more():
    corrections = Mapping(tables={"Preservation requests": {"request_type": "preservation"}})
    text = "Preservation requests,,\nCountry,Period,Requests\nNorway,2020 H1,4\n"
    report = take_in("report.csv", text.encode(), Answers(reporter="acme"), corrections, isolated=False)
    assert figures(report) == [("NOR", "2020-01", "requests", "preservation", 4)]


def test_a_total_below_makes_no_country_of_a_line_that_names_a_kind():
    report = taken("Country,Requests\nSubpoenas,\nNorway,4\nSweden,8\nTotal,12\n", period=parse("2020 H1"))
    assert {row[3] for row in figures(report)} == {"subpoena"}


def test_a_region_is_no_part_of_a_total_beside_its_countries():
    report = taken("Country,Requests\nNorway,4\nSweden,8\nEurope,12\nTotal,12\n", period=parse("2020 H1"))
    assert "total_mismatch" not in {problem.code for problem in report.problems}
