"""A declared layout: words explained one by one, rows left out with a reason, the report of each row, and what a title says."""

import re
from datetime import date

import pytest

from dashboard.reports.cells.reading import read
from dashboard.reports.recognise import known_layouts
from dashboard.reports.tables.declared import layouts_from
from dashboard.reports.tables.drafts import Draft
from dashboard.reports.tables.roles import BadMapping

LAYOUT = """
name = "Acme, transcribed"
headers = ["item", "value", "from", "to", "report"]
cells = { item = ["warrants"] }
reporter = "acme"
requester = "USA"

[columns]
from = { role = "period_start" }
to = { role = "period_end" }
value = { role = "count" }
report = { role = "document" }

[columns.item]
role = "coded"
values.warrants = { measure = "requests", request_type = "warrant" }
values.letters = { measure = "letters", request_type = "nsl", authority = "federal" }
values.rate = { measure = "share_some_data" }
values.abroad = { measure = "requests", requester = "WLD" }
values.computed = { left_out = "was worked out by others" }
"""
FILE = """item,value,from,to,report
warrants,12,2020-01-01,2020-06-30,First Report.pdf
warrants,13,2020-01-01,2020-06-30,Second Report.pdf
letters,0-249,2020-01-01,2020-06-30,First Report.pdf
rate,57,2020-01-01,2020-06-30,First Report.pdf
abroad,9,2020-01-01,2020-06-30,First Report.pdf
computed,n/a much,2020-01-01,2020-06-30,First Report.pdf
"""


def draft_of(text: str, layout: str = LAYOUT) -> Draft:
    draft = Draft("acme", "acme/file")
    layouts_from(layout)[0].read(read("file.csv", text.encode()), draft)
    return draft


def rows_of(draft: Draft) -> list[tuple]:
    return list(draft.table().itertuples(index=False, name=None))


def test_each_row_is_what_its_words_are_explained_by():
    draft = draft_of(FILE)
    assert [row[2:6] + row[8:13] for row in rows_of(draft)] == [
        ("USA", "any", "warrant", "requests", 12, 12, "12", "acme/file/first-report", "B2"),
        ("USA", "any", "warrant", "requests", 13, 13, "13", "acme/file/second-report", "B3"),
        ("USA", "federal", "nsl", "letters", 0, 249, "0-249", "acme/file/first-report", "B4"),
        ("USA", "any", "all", "share_some_data", 0.565, 0.575, "57", "acme/file/first-report", "B5"),
        ("WLD", "any", "all", "requests", 9, 9, "9", "acme/file/first-report", "B6"),
    ]
    assert {(row[0], row[6].date(), row[7].date()) for row in rows_of(draft)} == {("acme", date(2020, 1, 1), date(2020, 6, 30))}


def test_rows_left_out_are_told_with_the_reason_and_their_damage_is_none():
    assert [(problem.severity, problem.code, problem.cell) for problem in draft_of(FILE).problems] == [("warning", "not_read", "A7")]


def test_a_word_that_is_not_explained_is_an_error_and_gives_no_figure():
    draft = draft_of(FILE.replace("letters,0-249", "notes,0-249"))
    assert [(problem.code, problem.cell) for problem in draft.problems if problem.severity == "error"] == [("unknown_layout", "A4")]
    assert len(draft.observations) == 4


def test_a_file_is_known_by_all_headers_and_a_telling_cell():
    recognises = layouts_from(LAYOUT)[0].recognises
    assert recognises(read("file.csv", FILE.encode()))
    assert not recognises(read("file.csv", FILE.replace("report\n", "edition\n").encode()))
    assert not recognises(read("file.csv", FILE.replace("warrants", "subpoenas").encode()))


def test_what_a_title_says_holds_for_the_rows_of_its_table():
    layout = """
name = "Titles"
headers = ["Country", "Requests"]
reporter = "acme"
[tables]
"Preservation Requests" = { request_type = "preservation" }
"Blocked pages" = { left_out = "is about content" }
"""
    text = "Preservation Requests 2020\n\nCountry,Requests\nGermany,4\nFrance,5\n"
    draft = draft_of(text.replace(" 2020", ",") + "\n", layout + "[columns]\n")
    assert set(draft.table()["request_type"]) <= {"preservation"}
    blocked = "Blocked pages,\n\nCountry,Requests\nGermany,4\nFrance,5\n"
    assert draft_of(blocked, layout).table().empty


WIDE = """
name = "Acme, wide"
headers = ["country", "received", "answered", "rate"]
reporter = "acme"

[columns]
year = { role = "year" }
country = { role = "requester" }
received = { role = "count", measure = "requests" }
answered = { role = "count", measure = "requests_content" }
rate = { role = "share", measure = "requests_content", rate_of = "requests" }
"""


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        ("8,2,25%", []),
        ("8,2,26%", [("rate_mismatch", "E2")]),
        ("8,2,", []),
        ("8,,26%", []),
        ("0,0,0%", []),
        ("<10,2,21%", [("rate_mismatch", "E2")]),
        ("<10,2,22.2%", []),
        ("8,9,90%", []),
    ],
)
def test_a_rate_of_one_column_in_another_is_held_against_both_and_not_taken(row, problems):
    text = f"year,country,received,answered,rate\n2020,Norway,{row}\n2020,Malta,9,3,33%\n"
    draft = draft_of(text, WIDE)
    assert [(problem.code, problem.cell) for problem in draft.problems] == problems
    assert set(draft.table()["measure"]) == {"requests", "requests_content"}
    assert sum(draft.uses.counts().values()) == sum(map(bool, re.split(r"[,\n]", text)))


@pytest.mark.parametrize(
    "said",
    [
        'columns.a = { role = "coded", values = { b = { colour = "red" } } }',
        'columns.a = { role = "coded", values = { b = { measure = "red" } } }',
        'columns.a = { role = "coded", values = { b = "requests" } }',
        'tables.b = { requester = "Germany" }',
        'tables.b = { authority = "king" }',
    ],
)
def test_a_layout_that_says_what_cannot_be_is_refused(said):
    with pytest.raises(BadMapping):
        layouts_from(f'name = "a"\nheaders = ["a"]\n{said}\n')


def test_every_declared_layout_can_be_loaded():
    assert {layout.reporter for layout in known_layouts()} >= {"att"}
