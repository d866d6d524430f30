"""The list of problems as JSON and as a copy of the file with red cells: same ids, every text as it was read."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.reports.cells.reading import File, Sheet, read
from dashboard.reports.problem_files import LEFT_OUT, LIST, as_json, as_workbook, with_ids
from dashboard.reports.problems import Problem

pytestmark = pytest.mark.quick

WRONG = Problem("error", "negative_value", "is negative, and a count cannot be.", "Correct the cell.", "B3", "-4", 3, "Requests")
ODD = Problem("warning", "formula_text", "looks like a formula.", "Write the value.", "A2", "=1+2", 2, "Country")
WHOLE = Problem("warning", "missing_value", "leaves out 3 figures.", "Nothing need be done.", value="a.csv")
FILE = File("a.csv", "0" * 64, "csv", sheets=[Sheet("", [["Country", "Requests"], ["=1+2", "5"], ["@me", "-4"], ["+x", ""]], [1, 2, 3, 6])])


def written(file: File, problems: list[Problem]) -> dict[str, Sheet]:
    """The sheets of the workbook, read back."""
    return {sheet.name: sheet for sheet in read("copy.xlsx", as_workbook(file, problems)).sheets}


def coloured(data: bytes, sheet: int) -> set[str]:
    """The addresses of the cells of a sheet (numbered from 1) that have a colour."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml, styles = archive.read(f"xl/worksheets/sheet{sheet}.xml").decode(), archive.read("xl/styles.xml").decode()
    fills = re.findall(r'<xf [^>]*fillId="(\d+)"', styles.partition("<cellXfs")[2].partition("</cellXfs")[0])
    return {cell for cell, style in re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', xml) if fills[int(style)] != "0"}


def test_an_id_stays_when_other_problems_come_and_go():
    both, one = {problem: name for name, problem in with_ids([WRONG, ODD])}, with_ids([ODD])
    assert both[ODD] == one[0][0]
    assert len(set(both.values())) == 2


def test_two_problems_of_one_cell_have_two_ids():
    ids = [name for name, _ in with_ids([WRONG, WRONG])]
    assert len(set(ids)) == 2


def test_other_words_for_the_same_problem_keep_its_id():
    reworded = Problem("error", "negative_value", "lies below zero.", "Mend it.", "B3", "-4", 3, "Requests")
    assert with_ids([WRONG])[0][0] == with_ids([reworded])[0][0]


def test_json_and_workbook_name_the_same_ids_places_and_words():
    told = json.loads(as_json(FILE.name, FILE.sha256, [WRONG, ODD, WHOLE], "refused", "3 problems in 4 cells"))
    rows = written(FILE, [WRONG, ODD, WHOLE])[LIST].rows[3:]
    assert [row[0] for row in rows] == [problem["id"] for problem in told["problems"]]
    assert [row[2:8] for row in rows] == [
        [
            problem["code"],
            problem["cell"],
            "" if problem["row"] is None else str(problem["row"]),
            problem["column"],
            problem["value"],
            problem["says"],
        ]
        for problem in told["problems"]
    ]
    assert (told["outcome"], told["problems"][0]["row"], told["problems"][2]["row"]) == ("refused", 3, None)


def test_the_copy_keeps_every_text_at_its_address():
    sheets = written(FILE, [WRONG, ODD])
    copy = sheets["Upload"]
    assert copy.rows[:3] == [["Country", "Requests"], ["=1+2", "5"], ["@me", "-4"]]
    assert copy.rows[5][0] == "+x"
    assert list(sheets) == [LIST, "Upload"]


def test_the_cells_with_problems_are_red_and_no_others():
    assert coloured(as_workbook(FILE, [WRONG, ODD, WHOLE]), 2) == {"A2", "B3"}


def test_what_was_left_out_is_grey_with_its_reason_in_a_list_and_a_problem_is_graver():
    reason = "its column is left out"
    data = as_workbook(FILE, [WRONG], left_out=[("B2", reason), ("B3", reason)])
    assert coloured(data, 3) == {"B2", "B3"}
    sheets = {sheet.name: sheet for sheet in read("copy.xlsx", data).sheets}
    assert sheets[LEFT_OUT].rows[1:] == [["B2", reason], ["B3", reason]]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        styles = dict(re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', archive.read("xl/worksheets/sheet3.xml").decode()))
    assert styles["B2"] != styles["B3"]


def test_a_blank_cell_and_both_cells_of_a_band_can_be_red():
    band = Problem("warning", "band_off_grid", "is no band.", "", "A3:B3", "0–600", 3)
    blank = Problem("warning", "missing_value", "is blank.", "", "B6", "", 6)
    assert coloured(as_workbook(FILE, [band, blank]), 2) == {"A3", "B3", "B6"}


def test_a_problem_of_a_line_reddens_its_cells():
    line = Problem("error", "ragged_row", "is too short.", "", "line 2", "", 2)
    assert coloured(as_workbook(FILE, [line]), 2) == {"A2", "B2"}


def test_nothing_in_the_workbook_is_a_formula():
    with zipfile.ZipFile(io.BytesIO(as_workbook(FILE, [WRONG, ODD]))) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 2 and not any("<f>" in xml for xml in sheets)


def test_sheets_keep_their_names_beside_the_list():
    file = File("b.xlsx", "", "workbook", sheets=[Sheet("Problems", [["a"]], [1]), Sheet("Criminal", [["b"], ["c"]], [1, 2])])
    data = as_workbook(file, [Problem("warning", "outlier", "is far off.", "", "Criminal!A2", "c", 2)])
    assert [sheet.name for sheet in read("copy.xlsx", data).sheets] == [LIST, "Problems (2)", "Criminal"]
    assert coloured(data, 3) == {"A2"} and coloured(data, 2) == set()


def test_a_file_without_sheets_gives_the_list_alone():
    file = File("c.json", "", "json", json={})
    assert list(written(file, [WHOLE])) == [LIST]


def test_the_same_file_and_problems_give_the_same_bytes():
    assert as_workbook(FILE, [WRONG]) == as_workbook(FILE, [WRONG])


# A workbook is XML, which has no way to write lone surrogates and the two noncharacters.
_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff\x00"), max_size=12)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(_text | st.sampled_from(["=1+2", "@x", "-", "+49", "007", "1e5", "TRUE", "_x0041_", " a ", "\r\n", "64%"]), min_size=1, max_size=4), min_size=1, max_size=4))  # fmt: skip
def test_no_text_whatever_is_changed_by_the_copy(rows):
    file = File("a.csv", "", "csv", sheets=[Sheet("", rows, list(range(1, len(rows) + 1)))])
    sheet = written(file, [Problem("warning", "outlier", cell, cell, "A1", cell, 1) for cell in rows[0]]).get("Upload")
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            assert (sheet.text(place, column) if sheet and place < len(sheet.rows) else "") == text


def test_a_text_like_a_formula_is_marked_as_a_text_and_other_texts_are_not():
    texts = ["=1+2", "@x", "+49", "＝1", "\tx", "-", "12", "Germany", "a=b"]
    file = File("a.csv", "", "csv", sheets=[Sheet("", [[text] for text in texts], list(range(1, len(texts) + 1)))])
    copy = zipfile.ZipFile(io.BytesIO(as_workbook(file, [])))
    styles = re.findall(r"<xf ([^>]*)>", copy.read("xl/styles.xml").decode().partition("<cellXfs")[2].partition("</cellXfs")[0])
    cells = re.findall(r'<c r="A(\d+)"(?: s="(\d+)")?', copy.read("xl/worksheets/sheet2.xml").decode())
    quoted = {texts[int(row) - 1] for row, style in cells if style and "quotePrefix" in styles[int(style)]}
    assert quoted == {"=1+2", "@x", "+49", "＝1", "\tx", "-"}


@pytest.mark.published
@pytest.mark.parametrize("name", ["meta/PRPL-Facebook-Government-Report-2013_H2.csv", "microsoft/Microsoft LERR_2015_H2.xlsx"])
def test_the_copy_of_a_published_file_reads_like_it(published, name):
    file = read(Path(name).name, (published / name).read_bytes())
    sheets = written(file, [])
    for original, copy in zip(file.sheets, list(sheets.values())[1:], strict=True):
        cells = {
            (line, column): text for line, row in zip(original.lines, original.rows, strict=True) for column, text in enumerate(row) if text
        }
        again = {(line, column): text for line, row in zip(copy.lines, copy.rows, strict=True) for column, text in enumerate(row) if text}
        assert cells == again
