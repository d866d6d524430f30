"""Microsoft's US National Security Orders Report: bands of FISA orders, national security letters and accounts.

Two blocks stand in one sheet, FISA above the letters, each a row per half-year under the same four headings: orders and
the accounts they touch, for content and for non-content. In the letters' block the column of non-content orders counts
letters, and content is marked N/A, since no letter can obtain it. FISA figures appear half a year late, so a workbook
of law enforcement requests may carry a sheet of them for the half before its own.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Container
from dataclasses import replace

from dashboard.model import periods, places
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import Sheet
from dashboard.reports.problems import Problem
from dashboard.reports.tables.drafts import number_in
from dashboard.reports.tables.find import Table
from dashboard.reports.words import numbers

BESIDE = "beside the table"
"""What heads a column that is not of a table."""
BLOCKS = {"fisa": "foreign intelligence surveillance act", "nsl": "national security letters"}
_HEADINGS = ("content orders", "content accounts", "noncontent orders", "noncontent accounts")


def is_orders_sheet(sheet: Sheet) -> bool:
    """Whether a sheet holds the blocks of the orders report under its headings."""
    first = _first_row(sheet)
    return first is not None and bool(_headings(sheet, first))


def blocks_of(sheet: Sheet, declared: Container[str], problems: list[Problem]) -> tuple[Sheet, list[Table]]:
    """Both blocks as tables, of a sheet in which a half-year printed twice is corrected from its neighbours; all that is odd is told.

    Their columns are headed as those that are `declared`, all others `BESIDE`.
    """
    first = _first_row(sheet)
    columns: dict[str, int] = {}
    for name, column in _headings(sheet, first):
        if name in columns:
            says = f"stands in a second column of {name}."
            problems.append(sheet.problem("error", "duplicate_header", first, column, says, "Take one of the two out."))
        columns.setdefault(name, column)
    for name in _HEADINGS:
        if name not in columns:
            says = f"There is no column of {name}."
            problems.append(Problem("error", "missing_column", says, "Keep the four headings as published.", cell=sheet.name))
    rows_of: dict[str, list[int]] = {}
    block = ""
    for row in range(first, len(sheet.rows)):
        block = _block(sheet, row) or block
        if any(sheet.text(row, column).strip() for column in columns.values()):
            rows_of.setdefault(block, []).append(row)
            continue
        for column, text in enumerate(sheet.rows[row]):
            if text.strip():
                says = "stands in a row without figures; it was not read."
                problems.append(sheet.problem("warning", "footnote", row, column, says, "Nothing need be done if it is a note."))
    tables, corrected = [], {}
    for block, rows in rows_of.items():
        halves = _halves(sheet, rows, columns, problems)
        _check_bands(sheet, {at: f"{block} {name}" in declared for name, at in columns.items()}, list(halves), problems)
        column = Counter(column for column, _ in halves.values()).most_common(1)[0][0] if halves else 0
        names = {at: f"{block} {name}" for name, at in columns.items()} | {column: "period"}
        headers = {at: names[at] if names.get(at) in declared else BESIDE for at in range(sheet.width)}
        skipped = set(range(rows[0], len(sheet.rows))) - set(halves)
        header_rows = tuple(range(first)) or (0,)
        named = tuple((header,) for header in headers.values())
        tables.append(Table(sheet, header_rows, tuple(headers), named, rows[0], rows[-1] + 1, skipped))
        corrected |= {row: (column, str(half)) for row, (_, half) in halves.items()}
    texts = [list(cells) for cells in sheet.rows]
    for row, (column, text) in corrected.items():
        texts[row] += [""] * (column + 1 - len(texts[row]))
        texts[row][column] = text
    sheet = replace(sheet, rows=texts)
    return sheet, [replace(table, sheet=sheet) for table in tables]


def _check_bands(sheet: Sheet, columns: dict[int, bool], rows: list[int], problems: list[Problem]) -> None:
    # `columns` says of each whether anything is counted in it.
    for row, (column, is_counted) in itertools.product(rows, columns.items()):
        text = sheet.text(row, column)
        if not is_counted and not numbers.is_missing(text):
            says = "stands where national security letters for content would, and there are none."
            problems.append(sheet.problem("error", "out_of_range", row, column, says, "Check the columns."))
        elif is_counted and not text.strip():
            says = "A band is missing here; nothing was stored."
            problems.append(sheet.problem("warning", "missing_value", row, column, says, "Write N/A where there is no figure."))
        elif is_counted and (band := number_in(text)) and band.is_exact:
            says = "is no band, and the law lets a company publish bands only."
            problems.append(sheet.problem("warning", "band_off_grid", row, column, says, "Check the cell."))


def _halves(sheet: Sheet, rows: list[int], columns: dict[str, int], problems: list[Problem]) -> dict[int, tuple[int, Period]]:
    # The half-year of each row that names one, and in which column; one that is printed twice is told.
    named = {row: _period(sheet, row, columns) for row in rows}
    column = Counter(position[0] for position in named.values() if position).most_common(1)[0][0] if any(named.values()) else 0
    printed = [position[1] if position else None for position in named.values()]
    halves = {}
    for index, (row, half) in enumerate(zip(rows, printed, strict=True)):
        problem = None
        if half is None:
            problem = ("error", "bad_period", "names no half-year, so its row was not stored.", "Write it like “Jan - June 2018”.")
        elif printed.count(half) > 1:
            before, after = printed[index - 1] if index else None, (*printed, None)[index + 1]
            between = _half_between(before, after)
            if between is None or (between != half and between in printed):
                says = f"is {half} once more in this block, so its row was not stored."
                problem, half = ("error", "duplicate_conflict", says, "Correct the half-year."), None
            elif between != half:
                says = (
                    f"is {half}, which the block prints twice; it was read as {between}, since the rows around it are {before} and {after}."
                )
                problem, half = ("warning", "overlapping_period", says, "Correct the half-year if you can."), between
        if problem:
            severity, code, says, fix = problem
            problems.append(sheet.problem(severity, code, row, column, says, fix))
        if half is not None:
            halves[row] = (named[row][0], half)
    return halves


def _half_between(before: Period | None, after: Period | None) -> Period | None:
    """The one half-year between two, in whichever order they stand; None where there is not exactly one."""
    if before is None or after is None:
        return None
    earlier, later = sorted((before, after))
    half = periods.half(earlier.end.year + (earlier.end.month == 12), 1 if earlier.end.month == 12 else 2)
    return half if half.end < later.start and (later.start - half.end).days == 1 else None


def _period(sheet: Sheet, row: int, columns: dict[str, int]) -> tuple[int, Period] | None:
    for column, text in enumerate(sheet.rows[row]):
        if column not in columns.values() and (period := periods.find(text.replace(",", " "))):
            return column, period
    return None


def _first_row(sheet: Sheet) -> int | None:
    # No further than headings reach, so that a large file of another kind is not searched to its end.
    return next((row for row in range(min(len(sheet.rows), 30)) if _block(sheet, row)), None)


def _block(sheet: Sheet, row: int) -> str | None:
    for text in sheet.rows[row]:
        for block, words in BLOCKS.items():
            if places.fold(text).startswith(words):
                return block
    return None


def _headings(sheet: Sheet, first: int) -> list[tuple[str, int]]:
    # A heading may run over several lines; put together, its words tell the column wherever it stands.
    headings = []
    for column in range(sheet.width):
        heading = places.fold(" ".join(sheet.text(row, column) for row in range(first)))
        if re.search(r"\b(orders seeking|accounts impacted)\b", heading) and "content" in heading:
            kind = "noncontent" if re.search(r"\bnon ?content\b", heading) else "content"
            headings.append((f"{kind} {'orders' if heading.startswith('orders') else 'accounts'}", column))
    return headings
