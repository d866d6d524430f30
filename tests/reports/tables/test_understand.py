"""Layouts nobody has seen: what is understood, why, and what is asked instead of guessed."""

import re

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.model.periods import Period, parse
from dashboard.model.tables import OwnObservation
from dashboard.reports import door
from dashboard.reports.cells.reading import read
from dashboard.reports.tables import understand
from dashboard.reports.tables.observe import apply
from dashboard.reports.tables.roles import Answers, BadMapping, Mapping, Understanding
from tests.reports.made import check_model, workbook

ACME = Answers(reporter="acme")
SAID = Answers(reporter="acme", period=parse("2020"))


def understood(text: str | bytes, answers: Answers = SAID, corrections: Mapping | None = None, name: str = "report.csv"):
    return understand.understand(read(name, text.encode() if isinstance(text, str) else text), answers, corrections)


def taken(text, answers=SAID, corrections=None, name="report.csv"):
    draft = apply(understood(text, answers, corrections, name))
    table = draft.table()
    OwnObservation.validate(table)
    return table, draft.problems


def figures(text, answers=SAID, corrections=None, name="report.csv") -> list[tuple]:
    """Requester, period, kind, measure, low and high of every observation; there must be no errors."""
    table, problems = taken(text, answers, corrections, name)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    periods = [str(Period(start.date(), end.date())) for start, end in zip(table["period_start"], table["period_end"], strict=True)]
    return list(zip(table["requester"], periods, table["request_type"], table["measure"], table["low"], table["high"], strict=True))


def told(text, answers=SAID, corrections=None, name="report.csv") -> list[tuple]:
    """Code and place of every problem."""
    return [(problem.code, problem.cell) for problem in taken(text, answers, corrections, name)[1]]


def roles(text, answers=SAID) -> dict[str, str]:
    return {
        column.header: column.measure or column.role for table in understood(text, answers).understanding.tables for column in table.columns
    }


HEADERS = {
    "English": "Country,Period,Number of requests,Accounts specified,Percentage of requests where some data disclosed",
    "French": "Pays,Période,Nombre de demandes,Comptes visés,Pourcentage de demandes ayant donné lieu à une divulgation",
    "German": "Land,Zeitraum,Anzahl der Ersuchen,Nutzerkonten,Prozentsatz der Ersuchen bei denen Daten offengelegt wurden",
    "Spanish": "País,Periodo,Número de solicitudes,Cuentas,Porcentaje de solicitudes con datos revelados",
    "Portuguese": "País,Período,Número de solicitações,Contas,Porcentagem de pedidos com dados fornecidos",
    "Italian": "Paese,Periodo,Numero di richieste,Utenti,Percentuale di richieste con dati forniti",
    "Chinese": "国家/地区,期间,请求数量,账户数,披露数据百分比",
}
PERIODS = {
    "English": "First half 2020",
    "French": "1er semestre 2020",
    "German": "1. Halbjahr 2020",
    "Spanish": "primer semestre de 2020",
    "Portuguese": "1º semestre de 2020",
    "Italian": "primo semestre 2020",
    "Chinese": "2020年上半年",
}
GERMANY = {
    "English": "Germany",
    "French": "Allemagne",
    "German": "Deutschland",
    "Spanish": "Alemania",
    "Portuguese": "Alemanha",
    "Italian": "Germania",
    "Chinese": "德国",
}


@pytest.mark.parametrize("language", HEADERS)
def test_headers_countries_and_periods_are_understood_in_seven_languages(language):
    text = f"{HEADERS[language]}\n{GERMANY[language]},{PERIODS[language]},12,13,64%\n"
    assert figures(text, ACME) == [
        ("DEU", "2020 H1", "all", "requests", 12, 12),
        ("DEU", "2020 H1", "all", "accounts_specified", 13, 13),
        ("DEU", "2020 H1", "all", "share_some_data", 0.635, 0.645),
    ]
    reasons = [column.reason for column in understood(text, ACME).understanding.tables[0].columns]
    assert all(reasons)
    assert language == "English" or any(f"in {language}" in reason for reason in reasons)


@pytest.mark.parametrize(
    ("text", "shape", "expected"),
    [
        (
            "Country,Requests\nGermany,5\nFrance,3\n",
            "long",
            [("DEU", "2020", "all", "requests", 5, 5), ("FRA", "2020", "all", "requests", 3, 3)],
        ),
        (
            "Country,Search warrants,Subpoenas,Emergency requests,Total\nGermany,5,3,1,9\n",
            "wide by measure",
            [
                ("DEU", "2020", "warrant", "requests", 5, 5),
                ("DEU", "2020", "subpoena", "requests", 3, 3),
                ("DEU", "2020", "emergency", "requests", 1, 1),
                ("DEU", "2020", "all", "requests", 9, 9),
            ],
        ),
        (
            ",2019 H1,,2019 H2,\nCountry,Requests,Accounts,Requests,Accounts\nGermany,1,2,3,4\n",
            "wide by period",
            [
                ("DEU", "2019 H1", "all", "requests", 1, 1),
                ("DEU", "2019 H1", "all", "accounts_specified", 2, 2),
                ("DEU", "2019 H2", "all", "requests", 3, 3),
                ("DEU", "2019 H2", "all", "accounts_specified", 4, 4),
            ],
        ),
        (
            "Country,Type,Measure,Value\nGermany,Subpoena,Requests,1\nGermany,Search warrant,% disclosed,64%\nFrance,MLAT,Accounts specified,<10\n",
            "long",
            [
                ("DEU", "2020", "subpoena", "requests", 1, 1),
                ("DEU", "2020", "warrant", "share_some_data", 0.635, 0.645),
                ("FRA", "2020", "mlat", "accounts_specified", 0, 9),
            ],
        ),
        (
            "Case number,Date received,Country,Type\n1,2020-01-05,Germany,Subpoena\n2,2020-02-05,France,Subpoena\n3,2020-02-07,France,Subpoena\n",
            "one row a request",
            [("DEU", "2020", "subpoena", "requests", 1, 1), ("FRA", "2020", "subpoena", "requests", 2, 2)],
        ),
        (
            "Country,Requests (min),Requests (max)\nUnited States,0,499\nGermany,3,3\n",
            "long",
            [("USA", "2020", "all", "requests", 0, 499), ("DEU", "2020", "all", "requests", 3, 3)],
        ),
        (
            "Year,Half,Country,Requests\n2019,1,Germany,5\n2019,2,Germany,6\n",
            "long",
            [("DEU", "2019 H1", "all", "requests", 5, 5), ("DEU", "2019 H2", "all", "requests", 6, 6)],
        ),
    ],
)
def test_every_shape_is_read(text, shape, expected):
    assert understood(text).understanding.tables[0].shape == shape
    assert figures(text) == expected


def test_a_table_with_places_or_periods_as_headers_needs_to_be_told_what_it_counts():
    text = "Period,Germany,France\n2019 H1,1,2\n"
    assert ("missing_column", "B1") in told(text, ACME)
    assert figures(text, Answers(reporter="acme", measure="requests")) == [
        ("DEU", "2019 H1", "all", "requests", 1, 1),
        ("FRA", "2019 H1", "all", "requests", 2, 2),
    ]


def test_titles_notes_and_several_tables_of_one_sheet_are_told_apart():
    text = (
        "Transparency report of Acme, January – June 2019\n\nTable 1: requests\nCountry,Requests\nGermany,5\nFrance,3\n\n"
        "Table 2: accounts\nCountry,Accounts\nGermany,7\n\n* Figures may be corrected in later reports.\n"
    )
    tables = understood(text, ACME).understanding.tables
    assert [(table.title.split("\n")[-1], table.rows) for table in tables] == [("Table 1: requests", 2), ("Table 2: accounts", 1)]
    assert tables[1].notes == ("* Figures may be corrected in later reports.",)
    assert figures(text, Answers(reporter="acme", period=parse("2019 H1")))[-1] == ("DEU", "2019 H1", "all", "accounts_specified", 7, 7)


def test_merged_headers_percent_cells_and_a_hidden_sheet_of_a_workbook():
    def write(book):
        sheet = book.add_worksheet("Data")
        percent = book.add_format({"num_format": "0%"})
        sheet.merge_range("A1:C1", "Government requests")
        sheet.merge_range("A3:A4", "Country")
        sheet.merge_range("B3:C3", "2019 H1")
        sheet.write_row("B4", ["Requests", "% complied with"])
        sheet.write_row("A5", ["Germany", 12])
        sheet.write("C5", 0.64, percent)
        old = book.add_worksheet("Old")
        old.write_row("A1", ["Country", "2018 H2"])
        old.write_row("A2", ["Germany", 7])
        old.hide()

    data = workbook(write)
    assert figures(data, Answers(reporter="acme", measure="requests"), name="report.xlsx") == [
        ("DEU", "2019 H1", "all", "requests", 12, 12),
        ("DEU", "2019 H1", "all", "share_some_data", 0.635, 0.645),
        ("DEU", "2018 H2", "all", "requests", 7, 7),
    ]
    assert taken(data, Answers(reporter="acme", measure="requests"), name="report.xlsx")[0]["cell"].tolist() == [
        "Data!B5",
        "Data!C5",
        "Old!B2",
    ]


def test_cells_of_a_workbook_that_are_no_numbers_say_why():
    def write(book):
        sheet = book.add_worksheet("A")
        sheet.write_row(0, 0, ["Country", "Requests"])
        for row, country in enumerate(("Germany", "France", "Italy", "Spain", "Japan"), start=1):
            sheet.write(row, 0, country)
        sheet.write_formula("B2", "=1/0", None, "#DIV/0!")
        sheet.write_formula("B3", "=1+1", None, "")
        sheet.write("B4", 1.5)
        sheet.write("B5", 43840, book.add_format({"num_format": "d-mmm"}))
        sheet.write("B6", 7)

    assert sorted(told(workbook(write), name="report.xlsx")) == [
        ("date_in_number", "A!B5"),
        ("error_cell", "A!B2"),
        ("formula_without_value", "A!B3"),
        ("not_whole", "A!B4"),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Country,Requests,Foo\nGermany,5,6\n", ("unknown_layout", "C1")),
        ("Country,Requests withdrawn\nGermany,5\n", ("unknown_layout", "B1")),
        ("Country,Requests,Requests\nGermany,5,6\n", ("duplicate_header", "B1")),
        ("Country,Requests,\nGermany,5,6\n", ("unknown_layout", "C1")),
        ("Country,Number\nGermany,5\n", ("missing_column", "B1")),
        ("Country,Percentage\nGermany,64%\n", ("unknown_layout", "B1")),
        ("Country,Requests (min)\nGermany,5\n", ("missing_column", "B1")),
        ("Country,Requests\nGermany,64%\n", ("unknown_layout", "B1")),
        ("Requests,Country\nGermany,5\n", ("unknown_layout", "A1")),
        ("Half,Country,Requests\n1,Germany,5\n", ("missing_column", "A1")),
        ("Germany,5\nFrance,6\n", ("no_header", "A1")),
        ("Country,Requests\nGermany;5\nFrance,6\n", ("ragged_row", "A2")),
        ("Country,Requests\nGermany,5,7\nFrance,6\nItaly,7\n", ("ragged_row", "A2")),
        ("Country,Requests,Accounts\nGermany,5\nFrance,6\nItaly,7\n", ("ragged_row", "A1")),
        ("Country,Requests\nGermany,1.234\n", ("ambiguous_number", "B2")),
        ("Country,Requests\nGermany,5\nGermany,6\n", ("duplicate_conflict", "B3")),
        ("Country,Requests\nGermany,5\nGermany,5\n", ("duplicate_row", "B3")),
        ("Country,Agency,Requests\nGermany,A,5\nGermany,B,5\n", ("duplicate_conflict", "C3")),
        ("Country,Requests\nGermani,5\n", ("unknown_requester", "A2")),
        ("Country,Requests\nBeligum,5\n", ("unknown_requester", "A2")),
        ("Country,Requests\nEurope,5\nGermany,6\n", ("unknown_requester", "A2")),
        ("Country,Requests\nKorea,5\n", ("ambiguous_requester", "A2")),
        ("Country,Requests\nCongo,5\n", ("ambiguous_requester", "A2")),
        ("Country,Requests\nGeorgia,5\n", ("ambiguous_requester", "A2")),
        ("Country,Requests\nGermany,5\n,6\n", ("missing_requester", "A3")),
        ("Country,ISO code,Requests\nGermany,FR,5\nItaly,IT,6\nSpain,ES,7\n", ("ambiguous_requester", "B2")),
        ("Country,Type,Requests\nGermany,Subpoena,5\nFrance,Frobnication,6\nItaly,Warrant,7\n", ("unknown_layout", "B3")),
        ("Country,Percentage disclosed\nGermany,0.64\nFrance,0.5\n", ("ambiguous_number", "B1")),
        ("Country,Percentage disclosed\nGermany,64%\nFrance,0.5\n", ("ambiguous_number", "B3")),
        ("Country,Percentage disclosed\nGermany,0.55\nFrance,55\n", ("ambiguous_number", "B2")),
        ("Removal requests,Country\n5,Germany\n", ("unknown_layout", "")),
        ("Case number,Country\n1,Germany\n1,France\n", ("duplicate_conflict", "A3")),
        ("Case number,Date received,Country\n1,2019-12-31,Germany\n2,2020-01-01,Germany\n", ("bad_period", "B2")),
    ],
)
def test_what_cannot_be_understood_is_said_and_never_guessed(text, problem):
    assert problem in told(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Period,Country,Requests\nFY2019,Germany,5\n", ("ambiguous_period", "A1")),
        ("Period,Country,Requests\n2009-10,Germany,5\n2010-11,Germany,5\n", ("ambiguous_period", "A1")),
        ("Date,Country,Requests\n2019-12-31,Germany,5\n", ("ambiguous_period", "A1")),
        ("Date,Country,Requests\n2019-06-30,Germany,5\n2019-12-31,Germany,5\n2020-12-31,Germany,5\n", ("ambiguous_period", "A1")),
        ("Start date,End date,Country,Requests\n01/07/2019,06/12/2019,Germany,5\n", ("ambiguous_date", "A1")),
        ("Start date,End date,Country,Requests\n2019-12-31,2019-07-01,Germany,5\n", ("period_reversed", "B2")),
        ("Period,Country,Requests\n2019 H1,Germany,5\nsoon,Germany,5\n", ("bad_period", "A3")),
        ("Period,Country,Requests\n2019 H1,Germany,5\n,Germany,5\n", ("missing_period", "A3")),
        ("Country,Requests\nGermany,5\n", ("missing_period", "")),
        ("Period,Requests\n2019 H1,5\n", ("missing_requester", "")),
    ],
)
def test_a_period_that_nothing_settles_is_asked_for(text, problem):
    assert problem in told(text, ACME)


@pytest.mark.parametrize(
    ("text", "answers", "period"),
    [
        ("Period,Country,Requests\nFY2020,Germany,5\n", {"first_month": 7}, "Jul 2019 – Jun 2020"),
        ("Period,Country,Requests\n2019/20,Germany,5\n", {"first_month": 4}, "Apr 2019 – Mar 2020"),
        ("Fiscal year,Country,Requests\n2020,Germany,5\n", {"first_month": 10}, "Oct 2019 – Sep 2020"),
        ("Period,Country,Requests\nFY2020,Germany,5\n", {"first_month": 1}, "2020"),
        ("Date,Country,Requests\n2019-12-31,Germany,5\n", {"period": parse("2019")}, "2019"),
        ("Start,End,Country,Requests\n01/07/2019,31/12/2019,Germany,5\n", {}, "2019 H2"),
        ("Start date,End date,Country,Requests\n07/01/2019,12/31/2019,Germany,5\n", {}, "2019 H2"),
        ("Report January–June 2019\nCountry,Requests\nGermany,5\n", {}, "2019 H1"),
    ],
)
def test_a_period_is_settled_by_an_answer_the_column_or_the_title(text, answers, period):
    assert [row[1] for row in figures(text, Answers(reporter="acme", **answers))] == [period]


def test_the_name_of_the_file_or_the_sheet_tells_period_and_requester():
    def write(book):
        for country in ("Germany", "France"):
            sheet = book.add_worksheet(country)
            sheet.write_row(0, 0, ["Type", "Requests"])
            sheet.write_row(1, 0, ["Subpoena", 5])

    found = figures(workbook(write), ACME, name="acme 2019 H2.xlsx")
    assert [row[:2] for row in found] == [("DEU", "2019 H2"), ("FRA", "2019 H2")]


def test_a_worldwide_total_is_stored_and_a_total_of_all_periods_is_checked_and_not():
    text = "Period,Country,Requests\n2019 H1,Germany,5\n2019 H1,Total,5\n2019 H2,Germany,6\n2019 H2,Total,6\nTotal,,11\n"
    assert [row[0] for row in figures(text, ACME)] == ["DEU", "WLD", "DEU", "WLD"]
    assert ("total_mismatch", "C4") in told("Period,Country,Requests\n2019 H1,Germany,5\n2019 H2,Germany,6\nTotal,,12\n", ACME)


def test_a_line_of_totals_over_all_countries_that_names_no_kind_is_of_all_kinds():
    text = "Country,Type,Requests\nGermany,subpoenas,5\nFrance,subpoenas,7\nTotal,,12\n"
    assert [row[0:1] + row[2:3] for row in figures(text)] == [("DEU", "subpoena"), ("FRA", "subpoena"), ("WLD", "all")]
    assert ("missing_column", "B4") in told(text.replace("Total", "Italy"))


def test_what_is_remembered_is_all_that_was_said_but_the_period():
    corrections = Mapping(columns={"Type": {"role": "ignored"}}, decimal=",")
    said = corrections.completed(Answers(reporter="acme", period=parse("2020"), decimal="."), "0123")
    assert said == Mapping("acme", layout="0123", decimal=".", columns={"Type": {"role": "ignored"}})
    assert Mapping.loaded(said.dumped()) == said
    assert Mapping().completed(Answers(period=parse("2020")), "0123").is_blank and not said.is_blank


def test_two_tables_that_give_other_figures_for_the_same_must_be_chosen_from():
    def write(book):
        for name, more in (("New", 0), ("Old", 7)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Country", "Requests"])
            for row, country in enumerate(("Germany", "France", "Italy", "Spain", "Japan", "Chile"), start=1):
                sheet.write_row(row, 0, [country, row + more])

    data = workbook(write)
    assert [(code, cell) for code, cell in told(data, name="report.xlsx")] == [("choose_sheet", "Old!B2")]
    assert [row[4] for row in figures(data, SAID, Mapping(left_out=["Old"]), name="report.xlsx")] == [1, 2, 3, 4, 5, 6]


def test_a_title_says_what_the_columns_below_it_count():
    assert figures("Emergency requests by country\n\nCountry,2019 H1,2019 H2\nGermany,5,6\n", ACME) == [
        ("DEU", "2019 H1", "emergency", "requests", 5, 5),
        ("DEU", "2019 H2", "emergency", "requests", 6, 6),
    ]


def test_a_column_that_numbers_the_rows_is_left_out():
    text = ",Country,Requests\n0,Germany,5\n1,France,6\n2,Italy,7\n3,Spain,8\n4,Japan,9\n"
    assert roles(text) == {"": "ignored", "Country": "requester", "Requests": "requests"}
    assert len(figures(text)) == 5


def test_a_corrected_role_a_country_and_a_word_take_effect():
    text = "Land der Behörde,Foo,Kind,Bar\nGermany,5,Frob,1\nBlefuscu,6,Subpoena,2\n"
    corrections = Mapping(
        reporter="acme",
        columns={"Foo": {"role": "count", "measure": "requests"}, "Kind": {"role": "request_type"}, "Bar": {"role": "ignored"}},
        requesters={"Blefuscu": "-"},
        words={"Frob": "informal"},
    )
    assert figures(text, Answers(period=parse("2020")), corrections) == [("DEU", "2020", "informal", "requests", 5, 5)]


@pytest.mark.parametrize("scale", ["percent", "of one"])
def test_how_shares_are_printed_can_be_said(scale):
    corrections = Mapping(columns={"% disclosed": {"role": "share", "measure": "share_some_data", "scale": scale}})
    low = {"percent": 0.0059, "of one": 0.595}[scale]
    assert figures("Country,% disclosed\nGermany,0.60\n", SAID, corrections)[0][4] == pytest.approx(low, abs=1e-4)


texts = st.text(max_size=12)


@given(
    st.builds(
        Mapping,
        reporter=texts,
        layout=texts,
        measure=st.sampled_from(["", "requests"]),
        first_month=st.one_of(st.none(), st.integers(1, 12)),
        day_first=st.one_of(st.none(), st.booleans()),
        decimal=st.sampled_from(["", ",", "."]),
        columns=st.dictionaries(texts, st.just({"role": "count", "measure": "requests"}), max_size=3),
        requesters=st.dictionaries(texts, st.sampled_from(["DEU", "-"]), max_size=3),
        words=st.dictionaries(texts, st.sampled_from(["warrant", "-"]), max_size=3),
        left_out=st.lists(texts, max_size=2),
    )
)
def test_a_mapping_file_says_again_what_was_saved(corrections):
    assert Mapping.loaded(corrections.dumped()) == corrections


@pytest.mark.parametrize(
    "text",
    [
        "not TOML",
        'colour = "red"',
        "reporter = 1",
        "first_month = 13",
        "first_month = true",
        'measure = "wishes"',
        'requester = "XXX"',
        'decimal = ";"',
        '[columns.A]\nrole = "king"',
        '[columns.A]\nrole = "count"\nmeasure = "wishes"',
        '[columns.A]\nrole = "count"\nextra = "x"',
        "[columns]\nA = 1",
        '[requesters]\nBlefuscu = "XXX"',
        '[words]\nFrob = "XXX"',
    ],
)
def test_a_mapping_file_that_says_what_cannot_be_is_refused_in_one_sentence(text):
    with pytest.raises(BadMapping, match=r"\.$"):
        Mapping.loaded(text)


def test_what_was_understood_survives_as_plain_data():
    found = understood(",2019 H1,2019 H2\nCountry,Requests,Requests\nGermany,5,6\n", ACME).understanding
    assert Understanding.from_plain(found.plain()) == found


def test_the_next_edition_of_a_layout_has_the_same_name_and_another_layout_has_not():
    first = understood("Country,2019 H1,2019 H2\nGermany,5,6\n", ACME).understanding.layout
    assert understood("Country,2020 H1,2020 H2\nFrance,5,6\n", ACME).understanding.layout == first
    assert understood("Country,2020 H1,2020 H2,2021 H1\nFrance,5,6,7\n", ACME).understanding.layout == first
    assert understood("Country,Accounts\nGermany,5\n", ACME).understanding.layout != first
    one = understood("Country,Requests\nGermany,5\n", ACME).understanding.layout
    assert understood("Country,Requests\nGermany,5\n", ACME, Mapping(left_out=["table 1"])).understanding.layout == one


def test_our_own_download_is_read_back():
    table, problems = taken(
        "reporter,service,requester,authority,request_type,measure,period_start,period_end,low,high,printed,document,cell\n"
        "acme,all,DEU,any,all,requests,2019-01-01,2019-06-30,5,5,5,report,A1\n"
        "acme,skype,USA,federal,nsl,letters,2019-01-01,2019-06-30,500,inf,500+,report,A2\n"
        "acme,all,DEU,any,all,share_some_data,2019-01-01,2019-06-30,0.635,0.645,64%,report,A3\n",
        Answers(),
    )
    assert [problem.code for problem in problems if problem.severity == "error"] == []
    assert table[["service", "requester", "authority", "request_type", "measure", "low", "high"]].values.tolist() == [
        ["all", "DEU", "any", "all", "requests", 5, 5],
        ["skype", "USA", "federal", "nsl", "letters", 500, float("inf")],
        ["all", "DEU", "any", "all", "share_some_data", 0.635, 0.645],
    ]


@settings(deadline=None, max_examples=25)
@given(st.permutations(["Germany,5,7", "France,3,4", "Korea (South),1,2", "Japan,9,<10"]))
def test_the_order_of_rows_does_not_matter(lines):
    ends = {"DEU": ((5, 5), (7, 7)), "FRA": ((3, 3), (4, 4)), "JPN": ((9, 9), (0, 9)), "KOR": ((1, 1), (2, 2))}
    assert sorted(figures("\n".join(["Country,Requests,Accounts", *lines]) + "\n")) == [
        (country, "2020", "all", measure, *ends[country][number])
        for country in ends
        for number, measure in ((1, "accounts_specified"), (0, "requests"))
    ]


@settings(deadline=None, max_examples=25)
@given(st.permutations(["Country", "Requests", "Accounts", "% disclosed"]))
def test_the_order_of_columns_does_not_matter(headers):
    cells = {"Country": "Germany", "Requests": "5", "Accounts": "7", "% disclosed": "64%"}
    assert sorted(figures(f"{','.join(headers)}\n{','.join(cells[header] for header in headers)}\n")) == [
        ("DEU", "2020", "all", "accounts_specified", 7, 7),
        ("DEU", "2020", "all", "requests", 5, 5),
        ("DEU", "2020", "all", "share_some_data", 0.635, 0.645),
    ]


@given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=5), max_size=8))
def test_any_table_of_texts_is_understood_or_said_not_to_be(rows):
    from dashboard.reports.cells.reading import File, Sheet

    file = File("x.csv", "", "csv", sheets=[Sheet("", rows, range(1, len(rows) + 1))])
    draft = apply(understand.understand(file, ACME))
    check_model(draft.table())
    assert draft.problems or len(draft.table())


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a = " + b"[" * 90_000, "not TOML"),
        (b"x" * 2_000_000, "more than 100,000 bytes"),
        (b"\xff\xfe", "not TOML"),
        (b"a" + b".a" * 49_000 + b" = 1", "."),
        (b'[columns."' + b"x" * 90_000 + b'"]', "The column"),
        (b"a = " + b"{a=" * 20_000, "not TOML"),
        (b"[" + b'"a".' * 20_000 + b"a]", "a word we do not know"),
        (b"a = " + b"9" * 90_000, "cannot be read"),
        (b"a = 0x" + b"f" * 90_000, "a word we do not know"),
        (b"[[a]]\n" * 16_000, "a word we do not know"),
        (b'[columns."x"]\n' * 7_000, "not TOML"),
        (b'a = """' + b'"" ' * 30_000, "not TOML"),
    ],
)
def test_a_mapping_file_of_any_bytes_is_taken_or_refused_in_a_sentence(data, says):
    before = cpu_seconds()
    with pytest.raises(BadMapping, match=re.escape(says)) as refused:
        door.saved_mapping(data)
    assert len(str(refused.value)) <= 400
    # The child that reads it has a limit of memory of its own.
    assert cpu_seconds() - before <= 2 and door.MAPPING_MEMORY_BYTES <= 300 * 1024 * 1024


def cpu_seconds() -> float:
    """Of this process and of those that read for it."""
    return sum(sum(process.cpu_times()[:4]) for process in (psutil.Process(), *psutil.Process().children(recursive=True)))


def test_a_mapping_file_is_read_back_as_it_was_saved():
    mapping = Mapping(reporter="acme", columns={"Anfragen": {"role": "count", "measure": "requests"}}, decimal=",")
    assert door.saved_mapping(mapping.dumped().encode()) == mapping
