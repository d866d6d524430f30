"""Tables found in a sheet: titles, headers, notes, and the lines that belong nowhere."""

import pytest

from dashboard.reports.cells.reading import read
from dashboard.reports.tables.find import tables_of
from dashboard.reports.words.cell_kinds import kind_of

pytestmark = pytest.mark.quick


def found(text: str):
    return tables_of(read("report.csv", text.encode()).sheets[0])


def shown(text: str) -> list[tuple]:
    """Title, headers, and lines of the body of every table."""
    return [
        (table.title, [table.header(column) for column in table.columns], [table.sheet.lines[row] for row in table.body()])
        for table in found(text)[0]
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "blank"),
        ("N/A", "missing"),
        ("1,234", "number"),
        ("64%", "number"),
        ("0 - 499", "number"),
        ("2019", "period"),
        ("2019-06", "period"),
        ("1. Halbjahr 2020", "period"),
        ("2019-06-30", "date"),
        ("Germany", "place"),
        ("Deutschland", "place"),
        ("Requests", "word"),
        ("Search warrant", "word"),
        ("Total", "word"),
        ("see text", "text"),
    ],
)
def test_what_a_cell_looks_like(text, kind):
    assert kind_of(text) == kind


def test_lines_above_are_the_title_and_lines_below_are_notes():
    text = "Acme\nPeriod,2019 H2\n\nCountry,Requests\nGermany,12\n\nFrance,3\nSource: our own count.\n* preliminary\n"
    assert shown(text) == [("Acme\nPeriod 2019 H2", ["Country", "Requests"], [5, 7])]
    assert found(text)[0][0].notes == [7, 8]


def test_a_header_of_two_rows_is_put_together_column_by_column():
    text = ",2019 H1,,2019 H2,\nCountry,Requests,Accounts,Requests,Accounts\nGermany,1,2,3,4\n"
    assert shown(text)[0][1] == ["Country", "2019 H1 – Requests", "2019 H1 – Accounts", "2019 H2 – Requests", "2019 H2 – Accounts"]


def test_a_header_that_is_repeated_further_down_is_no_record():
    assert shown("Country,Requests\nGermany,1\nCountry,Requests\nFrance,2\n") == [("", ["Country", "Requests"], [2, 4])]


def test_tables_side_by_side_are_two():
    text = "Country,Requests,,Country,Accounts\nGermany,1,,France,2\nItaly,3,,Spain,4\n"
    assert [headers for _, headers, _ in shown(text)] == [["Country", "Requests"], ["Country", "Accounts"]]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2019 H1,Germany,5\n", ("no_header", 1)),
        ("Foo bar\n2019 H1,Germany,5\n", ("no_header", 1)),
        ("Country,Requests\nGermany;5\nFrance,6\n", ("ragged_row", 2)),
        ("Country,Requests\nFrance,6\nGermany;5\n", ("ragged_row", 3)),
        ('Country,Requests\nFrance,6\n"Germany,5"\n', ("ragged_row", 3)),
        ("Country,Requests\nFrance,6\nGermany 5\n", ("ragged_row", 3)),
        ("Country,Requests,Accounts\nFrance,6\nItaly,7\nSpain,8\n", ("ragged_row", 1)),
    ],
)
def test_no_line_is_left_out_without_a_word(text, problem):
    assert problem in [(told.code, told.row) for told in found(text)[1]]


@pytest.mark.parametrize("text", ["Country,Requests,\nGermany,5\nFrance,6\n", "Country,Requests\nGermany,5,\nFrance,6,\n"])
def test_a_needless_separator_at_the_end_is_no_damage(text):
    assert found(text)[1] == []
