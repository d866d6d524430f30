"""Bytes into cells: encodings, separators, quotes, workbooks, and what a spreadsheet hides."""

import csv
import io
import re
import struct
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dashboard.reports.cells import old_workbooks, reading, structure, workbooks
from dashboard.reports.cells.reading import read
from dashboard.reports.cells.sheets import Records
from dashboard.reports.door import take_in
from dashboard.reports.problems import Refused
from dashboard.reports.tables import find
from tests.reports import polluter
from tests.reports.made import workbook

TABLE = "Land;Anfragen\nTürkei;12\nÖsterreich;3\n"


def rows(data: bytes, name: str = "report.csv", **options) -> list[list[str]]:
    return [list(row) for row in read(name, data, **options).sheets[0].rows]


def codes(data: bytes, name: str = "report.csv") -> list[str]:
    return [problem.code for problem in read(name, data).problems]


def refused(data: bytes, name: str = "report.csv") -> Refused:
    with pytest.raises(Refused) as caught:
        read(name, data)
    return caught.value


def spreadsheet(content: str) -> bytes:
    target = io.BytesIO()
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>{content}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return target.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_accents_survive_every_usual_encoding(encoding):
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b"\xfe\xff" if encoding == "utf-16-be" else b""
    assert rows(mark + TABLE.encode(encoding)) == [["Land", "Anfragen"], ["Türkei", "12"], ["Österreich", "3"]]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (TABLE.encode(), []),
        (TABLE.encode("utf-8-sig"), []),
        (TABLE.encode("utf-16"), []),
        (TABLE.encode("cp1252"), ["encoding_guessed"]),
        (TABLE.encode("utf-16-le"), ["encoding_guessed"]),
    ],
)
def test_a_guessed_encoding_is_told(data, told):
    assert codes(data) == told


def test_an_encoding_that_the_visitor_names_is_used_and_is_no_guess():
    file = read("bericht.csv", "Страна;Запросы\nРоссия;12\n".encode("cp1251"), encoding="cp1251")
    assert list(file.sheets[0].rows) == [["Страна", "Запросы"], ["Россия", "12"]]
    assert file.problems == ()


@pytest.mark.parametrize(
    ("data", "code", "row"),
    [
        (b"", "empty_file", None),
        (b"\n\n , \n", "no_data", None),
        (b"Country,Requests\nGermany,1\x002\n", "nul_byte", 2),
        ("Country;Requests\nTürkiye;12\nÖsterreich;3\n".encode() + "España;4\n".encode("cp1252"), "mixed_encoding", 4),
        (b"Country;Requests\nT\x81rkiye;12\n", "bad_encoding", 2),
        (b"%PDF-1.7\n", "wrong_type", None),
        (b"<!DOCTYPE html><table>", "wrong_type", None),
        (b"PK\x03\x04 and nothing that follows", "corrupt_workbook", None),
        (b'Country,Requests\nGermany,1\n"France,2\nItaly,3\n', "open_quote", 3),
        (b'Country,Requests\nGermany,1\nFr"ance,2\nItaly,3\n', "open_quote", 3),
        (b'Country,Requests\n"Germany"x,1\n', "open_quote", 2),
        (b'Country,Requests\n"Korea, Republic of",1\n"Germany,2\n"Iran, Islamic Republic of",3\n', "open_quote", 3),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(data, code, row):
    problem = refused(data).problem
    assert (problem.code, problem.row) == (code, row)


def test_every_line_with_broken_quotes_is_named_and_no_other():
    data = b'Country,Note\nGermany,"two\nlines"\nFr"ance,x\n"Spain",y\n"Italy"z,t\n"Greece",""\n'
    assert [problem.row for problem in refused(data).problems] == [4, 6]


@pytest.mark.parametrize(
    "data",
    [
        b"Country;Share\nGermany;1,5\nFrance;2,5\n",
        b"sep=;\nCountry;Share\nGermany;1,5\n",
        b"Country\tShare\nGermany\t1,5\nFrance\t2,5\n",
        b"Country|Share\nGermany|1,5\n",
        b'"Country";"Share"\n"Germany";"1,5"\n',
        b"Report on requests, accounts, and users\n\nCountry;Share;Requests\nGermany;1,5;2\nFrance;2,5;3\n",
    ],
)
def test_the_separator_is_found_though_decimals_have_commas(data):
    assert ["Germany", "1,5"] in [row[:2] for row in rows(data)]


def test_a_line_that_names_the_separator_is_no_row_and_the_numbers_of_lines_stay():
    sheet = read("report.csv", b"sep=;\nCountry;Requests\nGermany;12\n").sheets[0]
    assert sheet.address(2, 1) == "B3"
    assert sheet.rows[1] == ["Country", "Requests"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind_make_the_same_rows(end):
    assert rows(TABLE.replace("\n", end).encode()) == rows(TABLE.encode())


def test_a_row_is_named_by_the_line_on_which_it_starts():
    sheet = read("report.csv", b'Country,Requests\n"Korea,\nRepublic of",3\nFrance,4\n').sheets[0]
    assert [sheet.address(row, 1) for row in range(3)] == ["B1", "B2", "B4"]


def test_a_large_file_gives_the_same_rows_as_a_small_one(monkeypatch):
    lines = [f'{year}-06-30,"Korea, Republic of",{year}' for year in range(3000)]
    data = "\n".join(["Title", "", "date,country,requests", *lines[:1500], "a,b", *lines[1500:]]).encode()
    small = rows(data)
    monkeypatch.setattr(reading, "COLUMNAR_CELLS", 0)
    sheet = read("report.csv", data).sheets[0]
    assert isinstance(sheet.rows, Records)
    assert [list(row) for row in sheet.rows] == small
    assert [sheet.rows[row] for row in (0, 1, 2, 3, 1502, 1503, len(small) - 1)] == [small[row] for row in (0, 1, 2, 3, 1502, 1503, -1)]
    assert sheet.column(1, 1, 5).to_pylist() == ["", "country", "Korea, Republic of", "Korea, Republic of"]


cells = st.text(st.sampled_from('ab1,;"\n ü'), max_size=6)


@given(st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=12), st.sampled_from([8, 64]))
def test_what_the_csv_module_writes_is_read_back_whatever_its_size(table, chunk):
    target = io.StringIO()
    csv.writer(target, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(table)
    text = target.getvalue().encode()
    assume(not any(re.search(r"\n[^\n]*,", cell) for row in table for cell in row))  # such a cell may hold lost rows
    before = structure.CHUNK, reading.COLUMNAR_RUN
    structure.CHUNK, reading.COLUMNAR_RUN = chunk, 1
    try:
        found = structure.structure_of(text, ",")
        assert [list(row) for row in reading.records_of(text, found)] == table
        assert [list(row) for row in reading.rows_of(text, ",")] == table
    finally:
        structure.CHUNK, reading.COLUMNAR_RUN = before
    assert found.widths.tolist() == [len(row) for row in table]


@given(st.text(st.sampled_from('a,"\n'), max_size=30), st.sampled_from([3, 64]))
def test_what_passes_for_sound_quotes_is_valid_csv(text, chunk):
    before, structure.CHUNK = structure.CHUNK, chunk
    try:
        structure.structure_of(text.encode(), ",")
        sound = True
    except Refused as refusal:
        sound = False
        assert refusal.problem.code == "open_quote"
    finally:
        structure.CHUNK = before
    if sound:
        # Whatever we let through, the csv module reads too; it lets more through.
        list(csv.reader(io.StringIO(text, newline="\n"), strict=True))


def test_hidden_sheets_and_rows_are_read_and_told():
    def write(book):
        shown = book.add_worksheet("Shown")
        shown.write_row(0, 0, ["Country", "Requests"])
        shown.write_row(1, 0, ["Germany", 12])
        shown.set_row(1, None, None, {"hidden": True})
        hidden = book.add_worksheet("Old")
        hidden.write(0, 0, "Country")
        hidden.hide()

    file = read("report.xlsx", workbook(write))
    assert [problem.code for problem in file.problems] == ["hidden_rows", "hidden_sheet"]
    assert [sheet.hidden for sheet in file.sheets] == [False, True]
    assert file.sheets[0].rows[1] == ["Germany", "12"]


def test_a_large_workbook_gives_the_same_rows_as_a_small_one(monkeypatch):
    def write(book):
        sheet = book.add_worksheet("A")
        sheet.write_row(2, 1, ["Country", "Requests", "Share"])
        for row in range(3, 3000):
            sheet.write_row(row, 1, ["Germany", row, 0.5])

    data = workbook(write)
    small = read("report.xlsx", data).sheets[0]
    monkeypatch.setattr(workbooks, "_COLUMNAR_CELLS", 0)
    large = read("report.xlsx", data).sheets[0]
    assert isinstance(large.rows, Records)
    assert list(large.rows) == small.rows
    assert large.kinds == small.kinds
    assert large.address(2999, 2) == "A!C3000"


def test_a_workbook_tells_errors_missing_results_dates_percentages_and_merged_cells():
    def write(book):
        sheet = book.add_worksheet("A")
        sheet.merge_range("A1:C1", "Title")
        sheet.write_formula("A2", "=1/0", None, "#DIV/0!")
        sheet.write_formula("B2", "=1+1", None, "")
        sheet.write("C2", 0.64, book.add_format({"num_format": "0%"}))
        sheet.write("A3", 1.234)
        sheet.write_datetime("B3", datetime(2020, 1, 10), book.add_format({"num_format": "d-mmm"}))
        sheet.write_formula("C3", "=1+1", None, 2)
        sheet.write_string("A4", "=2+3")

    sheet = read("report.xlsx", workbook(write)).sheets[0]
    assert sheet.rows[1:] == [["#DIV/0!", "", "0.64"], ["1.234", "2020-01-10", "2"], ["=2+3", "", ""]]
    assert sheet.kinds == {(1, 0): "error", (1, 1): "formula", (1, 2): "percent", (2, 0): "number", (2, 1): "date"}
    assert sheet.merged == ((0, 0, 0, 2),)


def test_an_open_document_is_read_with_its_errors_and_hidden_rows():
    def cell(text, more=""):
        return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'

    content = (
        '<table:table table:name="A &amp; B">'
        f"<table:table-row>{cell('Country')}{cell('Requests')}</table:table-row>"
        f'<table:table-row table:visibility="collapse">{cell("Germany")}<table:table-cell office:value-type="float" office:value="12"><text:p>12</text:p></table:table-cell></table:table-row>'
        f"<table:table-row>{cell('France')}{cell('#REF!')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        "</table:table>"
    )
    file = read("report.ods", spreadsheet(content))
    assert file.sheets[0].rows == [["Country", "Requests"], ["Germany", "12"], ["France", "#REF!"]]
    assert file.sheets[0].kinds == {(2, 1): "error"}
    assert [problem.code for problem in file.problems] == ["hidden_rows"]


OLD = Path(__file__).parents[1] / "corpus" / "hidden_rows.xls"


def test_an_old_workbook_is_read_with_its_hidden_rows():
    # Of its rows the third is hidden, as are a row without content and the only one of the second sheet.
    file = read(OLD.name, OLD.read_bytes())
    assert file.sheets[0].rows[2] == ["France", "2019 H1", "3"]
    assert [(problem.code, problem.cell, problem.row) for problem in file.problems] == [
        ("hidden_rows", "Shown", 3),
        ("hidden_rows", "Notes", 1),
    ]


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def test_a_row_of_an_old_workbook_is_hidden_by_its_flag_and_only_in_the_sheet_itself():
    begin, end = record(0x0809, bytes(16)), record(0x000A)

    def row(number: int, flags: int) -> bytes:
        return record(0x0208, struct.pack("<H10xHH", number, flags, 0x0F))

    start = len(begin) + len(record(0x0085, bytes(8))) + len(end)
    sheet = row(0, 0x0100) + row(1, 0x0120) + begin + row(2, 0x0020) + end + row(3, 0x0020)
    stream = begin + record(0x0085, struct.pack("<I4x", start)) + end + begin + sheet + end + row(4, 0x0020)
    assert old_workbooks.hidden_rows_of(stream) == [{1, 3}]


@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=8))
def test_an_old_workbook_that_lies_about_its_form_says_nothing_or_something_and_never_fails(place, damage):
    data = bytearray(OLD.read_bytes())
    data[place : place + len(damage)] = damage
    assert all(isinstance(rows, set) for rows in old_workbooks.hidden_rows(bytes(data)))
    assert old_workbooks.hidden_rows(bytes(data[:place])) == []


@pytest.mark.parametrize(
    ("opened", "line"),
    [
        ('Norway,2020,1,\nSweden,2020,2,"see page 3\nPoland,2020,3,\nMalta,2020,4,as above"\nCyprus,2020,5,\n', 3),
        ('Norway,2020,1,\nSweden,2020,2,"see\nPoland,2020,3,as above"\n', 3),
        ('Norway,2020,1,"x\nSweden,2020,2,\n"\nPoland,2020,3,\n', 2),
    ],
)
def test_an_opened_quote_that_swallows_rows_is_named(opened, line):
    with pytest.raises(Refused) as caught:
        read("report.csv", ("Country,Year,Requests,Remarks\n" + opened).encode())
    assert [(problem.code, problem.row) for problem in caught.value.problems] == [("open_quote", line)]


def test_a_remark_of_several_lines_is_a_remark():
    assert (
        rows(b'Country,Year,Requests,Remarks\nNorway,2020,1,"see page 3, 4 and 5,\nbut not 6"\n')[1][3] == "see page 3, 4 and 5,\nbut not 6"
    )


def test_a_space_between_separator_and_quotation_mark_is_no_part_of_a_cell():
    assert rows(b'Country, Requests\n"Korea, Republic of", 7\n"Norway", 4\n')[1][0] == "Korea, Republic of"


@pytest.mark.parametrize("head", [12, find.HEAD])
def test_a_table_reads_the_same_whether_it_is_kept_by_rows_or_by_columns(monkeypatch, head):
    def read_whole(clean: polluter.Clean, data: bytes) -> tuple[str, dict[str, int], str]:
        report = take_in(clean.name, data, clean.answers, isolated=False)
        return report.outcome, report.uses, report.observations.to_csv()

    for clean in polluter.clean_tables(0):
        for data in (clean.text.encode(), polluter.damaged(clean, "preamble", 0).data, polluter.damaged(clean, "lost rows", 0).data):
            by_rows = read_whole(clean, data)
            with monkeypatch.context() as large:
                large.setattr(reading, "COLUMNAR_CELLS", 0)
                large.setattr(reading, "COLUMNAR_RUN", 2)
                large.setattr(find, "HEAD", head)
                assert read_whole(clean, data) == by_rows, clean.name
