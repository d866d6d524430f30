"""The problems of a file to take away: as JSON, and as an XLSX copy of the file with a list and its cells in red."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from dashboard.model.columns import FORMULA_STARTS
from dashboard.model.intervals import counted
from dashboard.reports.cells.addresses import Address, parsed
from dashboard.reports.cells.reading import File
from dashboard.reports.cells.sheets import Sheet, column_letters
from dashboard.reports.problems import Problem

LIST = "Problems"
"""Name of the sheet that lists the problems."""
LIST_COLUMNS = ("id", "severity", "code", "cell", "row", "column", "value", "what is wrong", "what to do")
MAX_ROWS, MAX_COLUMNS, MAX_CHARACTERS, MAX_SHEET_NAME = 1_048_576, 16_384, 32_767, 31
"""What a workbook can hold."""
MAX_LINKS = 60_000
"""Most links of a sheet (a spreadsheet's own limit is a little higher)."""
_COLOURS = {"error": ("#FFC7CE", "#9C0006"), "warning": ("#FFC7CE", "#9C0006"), "note": ("#FFEB9C", "#7F6000")}
LEFT_OUT = "Left out"
"""Name of the sheet that lists the cells left out, each with its reason; also what marks them in the copy."""
_GREY = ("#E7E6E6", "#595959")


def with_ids(problems: Iterable[Problem]) -> list[tuple[str, Problem]]:
    """Every problem with an id that stays the same as long as the problem is the same, whatever else is found."""
    seen: Counter[str] = Counter()
    numbered = []
    for problem in problems:
        identity = "\x1f".join([problem.code, problem.cell, str(problem.row), problem.value])
        digest = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        seen[digest] += 1
        # Two problems of one code in one place, such as two totals that a figure breaks, are told apart by their order.
        numbered.append((digest if seen[digest] == 1 else f"{digest}-{seen[digest]}", problem))
    return numbered


def as_json(name: str, sha256: str, problems: Iterable[Problem], outcome: str, summary: str = "") -> str:
    """The problems as JSON: the file, the outcome, and each problem with its id, place, words and what to do."""
    return json.dumps(
        {
            "file": name,
            "sha256": sha256,
            "outcome": outcome,
            "summary": summary,
            "problems": [{"id": id_} | problem.plain() for id_, problem in with_ids(problems)],
        },
        ensure_ascii=False,
        indent=1,
    )


def as_workbook(file: File, problems: Iterable[Problem], summary: str = "", left_out: Iterable[tuple[str, str]] = ()) -> bytes:
    """An XLSX copy of a file: a list of its problems, one of its cells that were left out, each with the reason, then every sheet
    with each cell as it was read, those with problems in red and those left out (`left_out`: cell, reason) in grey.

    Every cell is written as text, so that nothing is calculated, linked or rounded; a row of a CSV stands in the row of the
    line on which it began, so that the addresses agree.
    """
    # Loaded here, since it takes long and most files that are read are never copied.
    import xlsxwriter

    problems = with_ids(problems)
    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as workbook:
        # A fixed time: the same file and problems give the same bytes.
        workbook.set_properties({"created": datetime(1980, 1, 1)})
        colours = {severity: {"bg_color": back, "font_color": front} for severity, (back, front) in (_COLOURS | {LEFT_OUT: _GREY}).items()}
        colours[None] = {}
        formats = {severity: _of_text(workbook, **colour) for severity, colour in colours.items()}
        names = _sheet_names([sheet.name for sheet in file.sheets])
        places = [_address_in_copy(problem, file.sheets) for _, problem in problems]
        _write_list(workbook, problems, places, names, summary)
        marked = _marked(problems, places)
        if left_out := list(left_out):
            _write_left_out(workbook, left_out)
        for address in (parsed(cell) for cell, _ in left_out):
            for column in range(address.first, address.last + 1) if address else ():
                # A problem of the cell or of its whole line is graver.
                if None not in marked[address.sheet][address.row]:
                    marked[address.sheet][address.row].setdefault(column, LEFT_OUT)
        for sheet in file.sheets:
            _write_copy(workbook.add_worksheet(names[sheet.name]), sheet, marked.get(sheet.name, {}), formats)
    return target.getvalue()


def _address_in_copy(problem: Problem, sheets: list[Sheet]) -> Address | None:
    # Where in the copy a problem is shown: at its address, or where the sheet has what its address leads to.
    for sheet in sheets:
        if problem.cell and (position := sheet.place_of(problem.cell, problem.value)):
            return Address(sheet.name, int(sheet.lines[position[0]]), *position[1:])
    return parsed(problem.cell)


def _write_list(
    workbook,
    problems: list[tuple[str, Problem]],
    places: list[Address | None],
    names: dict[str, str],
    summary: str,
) -> None:
    sheet = workbook.add_worksheet(LIST)
    bold, wrapped = _of_text(workbook, bold=True), _of_text(workbook, text_wrap=True, valign="top")
    top, link = _of_text(workbook, valign="top"), _of_text(workbook, valign="top", font_color="#0563C1", underline=1)
    for column, width in enumerate((12, 10, 24, 22, 8, 28, 28, 70, 50)):
        sheet.set_column(column, column, width)
    count = len(problems)
    _write(sheet, 0, 0, summary or counted(count, "problem"), bold)
    for column, name in enumerate(LIST_COLUMNS):
        _write(sheet, 2, column, name, bold)
    sheet.freeze_panes(3, 0)
    for row, ((name, problem), address) in enumerate(zip(problems[: MAX_ROWS - 3], places, strict=False), start=3):
        line = "" if problem.row is None else str(problem.row)
        texts = (name, problem.severity, problem.code, problem.cell, line, problem.column, problem.value, problem.says, problem.fix)
        for column, text in enumerate(texts):
            if text:
                _write(sheet, row, column, text, wrapped if column > 5 else top)
        if address and address.sheet in names and row < MAX_LINKS:
            there = names[address.sheet].replace("'", "''")
            cells = ":".join(f"{column_letters(column)}{address.row}" for column in dict.fromkeys((address.first, address.last)))
            is_formula = problem.cell.startswith(FORMULA_STARTS)
            sheet.write_url(row, 3, f"internal:'{there}'!{cells}", link[is_formula], problem.cell[:MAX_CHARACTERS])


def _write_left_out(workbook, left_out: list[tuple[str, str]]) -> None:
    sheet = workbook.add_worksheet(LEFT_OUT)
    bold, plain = _of_text(workbook, bold=True), _of_text(workbook)
    for column, (name, width) in enumerate((("cell", 22), ("why it was left out", 90))):
        sheet.set_column(column, column, width)
        _write(sheet, 0, column, name, bold)
    for row, texts in enumerate(left_out[: MAX_ROWS - 1], start=1):
        for column, text in enumerate(texts):
            _write(sheet, row, column, text, plain)


def _write_copy(worksheet, sheet, marked: dict[int, dict[int | None, str]], formats: dict) -> None:
    for line, cells in zip(sheet.lines, sheet.rows, strict=True):
        if line > MAX_ROWS:
            break
        severities = marked.get(line, {})
        # A problem of a whole row is shown on its cells; on the first where it has none.
        of_row = severities.get(None)
        width = max([len(cells), *(column + 1 for column in severities if column is not None), 1 if of_row else 0])
        for column in range(min(width, MAX_COLUMNS)):
            text = cells[column] if column < len(cells) else ""
            severity = severities.get(column, of_row)
            if text:
                _write(worksheet, line - 1, column, text, formats[severity])
            elif severity:
                worksheet.write_blank(line - 1, column, None, formats[severity][False])


def _of_text(workbook, **style: object) -> dict[bool, object]:
    # A format for a text, and one for a text that reads like a formula: marked, so that a spreadsheet does not run it when somebody edits it.
    return {False: workbook.add_format(style) if style else None, True: workbook.add_format(style | {"quote_prefix": True})}


def _write(worksheet, row: int, column: int, text: str, formats: dict[bool, object]) -> None:
    worksheet.write_string(row, column, text[:MAX_CHARACTERS], formats[text.startswith(FORMULA_STARTS)])


def _marked(problems: list[tuple[str, Problem]], places: list[Address | None]) -> dict[str, dict[int, dict[int | None, str]]]:
    # Sheet → row → column (None for the whole row) → the gravest severity there.
    marked: dict[str, dict[int, dict[int | None, str]]] = defaultdict(lambda: defaultdict(dict))
    gravest = list(_COLOURS)
    placed = zip((problem for _, problem in problems), places, strict=True)
    for problem, address in sorted(placed, key=lambda pair: -gravest.index(pair[0].severity)):
        if address:
            for column in range(address.first, address.last + 1):
                marked[address.sheet][address.row][column] = problem.severity
        elif problem.row is not None and "!" not in problem.cell:
            marked[""][problem.row][None] = problem.severity
    return marked


def _sheet_names(names: list[str]) -> dict[str, str]:
    # Names that a workbook takes: short, without its special characters, each once, whatever the case; a CSV has none of its own.
    taken = {LIST.lower(), LEFT_OUT.lower()}
    given = {}
    for name in names:
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", name).strip("'")[:MAX_SHEET_NAME] or "Upload"
        free, again = plain, 1
        while free.lower() in taken or free.lower() == "history":
            again += 1
            ending = f" ({again})"
            free = plain[: MAX_SHEET_NAME - len(ending)] + ending
        taken.add(free.lower())
        given[name] = free
    return given
