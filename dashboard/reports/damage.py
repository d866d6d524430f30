"""What is damaged in a file of a known layout: cells without a result, and headers that do not fit the rows below them."""

from __future__ import annotations

import re
from dataclasses import replace

from dashboard.model.columns import OBSERVATION_COLUMNS
from dashboard.reports.cells.reading import File
from dashboard.reports.cells.sheets import Records, Sheet, column_letters
from dashboard.reports.problems import Problem
from dashboard.reports.tables.drafts import Draft
from dashboard.reports.tables.find import Table, tables_of
from dashboard.reports.words.headers import meaning_of

HEAD_ROWS = 2_000
"""Rows at the top of a large file, among which its headers stand."""


def hidden_damage(file: File, draft: Draft) -> list[Problem]:
    """Error cells and formulas without a result among the cells that gave figures: the layouts take them for blank."""
    used: dict[str, tuple[set[str], list[int]]] = {}
    for row in draft.rows:
        match = re.fullmatch(r"(?:(.*)!)?([A-Z]+)(\d+)(?::[A-Z]+\d+)?", row[OBSERVATION_COLUMNS.index("cell")], re.DOTALL)
        if match:
            columns, lines = used.setdefault(match[1] or "", (set(), []))
            columns.add(match[2])
            lines.append(int(match[3]))
    reported_cells = {problem.cell for problem in draft.problems}
    problems = []
    for sheet in file.sheets:
        columns, lines = used.get(sheet.name, (set(), []))
        for (row, column), kind in sheet.kinds.items():
            cell = sheet.address(row, column)
            if kind not in ("error", "formula") or column_letters(column) not in columns or cell in reported_cells:
                continue
            if min(lines) <= sheet.lines[row] <= max(lines):
                code, says = (
                    ("error_cell", "is an error of the spreadsheet in place of a number.")
                    if kind == "error"
                    else ("formula_without_value", "is a formula whose result was not saved with the file.")
                )
                fix = "Open the workbook in a spreadsheet, mend the cell, and save it again."
                problems.append(sheet.problem("error", code, row, column, says, fix))
    return problems


def broken_headers(file: File, draft: Draft) -> list[Problem]:
    """A header of another length than its rows, or a column of cells without a header, in a text file that a layout has read."""
    problems = []
    for sheet in file.sheets:
        if sheet.name:
            continue
        if isinstance(sheet.rows, Records):
            sheet = replace(sheet, rows=sheet.rows[:HEAD_ROWS], lines=sheet.lines[:HEAD_ROWS])
        tables, header_problems = tables_of(sheet)
        headers = {int(sheet.lines[row]) for table in tables for row in table.header_rows}
        problems += _all_rows_ragged(sheet, tables, draft.problems)
        problems += [problem for problem in header_problems if problem.row in headers and problem.code == "ragged_row"]
        for table in tables:
            problems += _unknown_halves(sheet, table)
            for column in table.columns:
                row = table.header_rows[-1]
                if table.is_broken or table.header(column) or column == table.columns[0] or not _is_used(sheet, table):
                    continue
                if any(column < len(sheet.rows[below]) and sheet.rows[below][column].strip() for below in table.body()):
                    says = "heads a column of cells with nothing to say what they are."
                    problems.append(sheet.problem("error", "no_header", row, column, says, "Give the column its header again."))
    return problems


def _all_rows_ragged(sheet: Sheet, tables: list[Table], problems: list[Problem]) -> list[Problem]:
    # Where most rows do not fit their header, it is the header that is wrong.
    ragged = {problem.row for problem in problems if problem.code == "ragged_row"}
    for table in tables:
        lines = {int(sheet.lines[row]) for row in table.body()}
        if len(lines) > 2 and 2 * len(lines & ragged) > len(lines):
            row = table.header_rows[-1]
            says = f"begins a header of {len(sheet.rows[row])} cells, and most rows below it have another number."
            fix = "Mend the separators and quotes of this line."
            return [sheet.problem("error", "ragged_row", row, 0, says, fix)]
    return []


def _unknown_halves(sheet: Sheet, table: Table) -> list[Problem]:
    # Beside years, a column of 1 and 2 under a word that nobody knows may be the half of the year, without which the years are wrong.
    meant = {column: meaning_of(table.header(column)) for column in table.columns}
    if not any(meaning.role == "year" for meaning in meant.values()):
        return []
    row = table.header_rows[-1]
    says = "heads what looks like halves or quarters of the years beside it, and is no word we know."
    return [
        sheet.problem("error", "unknown_layout", row, column, says, "Correct the header.")
        for column, meaning in meant.items()
        if table.header(column)
        and (meaning.rest or not meaning.tags)
        and {sheet.text(below, column).strip().lower().lstrip("hqst") for below in table.body()[:200]} <= {"1", "2", "3", "4"}
    ]


def _is_used(sheet: Sheet, table: Table) -> bool:
    return len({len(sheet.rows[row]) for row in (*table.header_rows, *table.body()[:50])}) == 1
