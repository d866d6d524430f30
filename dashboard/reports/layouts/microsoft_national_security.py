"""Microsoft's US National Security Orders Report: bands of FISA orders, national security letters and accounts.

Two blocks stand in one sheet, FISA above the letters, each a row per half-year under the same four headings: orders and
the accounts they touch, for content and for non-content. In the letters' block the column of non-content orders counts
letters, and content is marked N/A, since no letter can obtain it. FISA figures appear half a year late, so a workbook
of law enforcement requests may carry a sheet of them for the half before its own.
"""

from __future__ import annotations

import re

from dashboard.model import periods, places
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.problems import Problem
from dashboard.reports.tables.drafts import Draft, Layout
from dashboard.reports.words import numbers

BLOCKS = {"fisa": "foreign intelligence surveillance act", "nsl": "national security letters"}
COUNTED = {
    ("fisa", "content", "orders"): ("fisa_content", "orders"),
    ("fisa", "content", "accounts"): ("fisa_content", "accounts_specified"),
    ("fisa", "noncontent", "orders"): ("fisa_noncontent", "orders"),
    ("fisa", "noncontent", "accounts"): ("fisa_noncontent", "accounts_specified"),
    ("nsl", "noncontent", "orders"): ("nsl", "letters"),
    ("nsl", "noncontent", "accounts"): ("nsl", "accounts_specified"),
}
"""Block, kind of data and unit, to the request type and measure they are."""


def is_orders_sheet(sheet: Sheet) -> bool:
    """Whether a sheet holds the blocks of the orders report under its headings."""
    first = _first_row(sheet)
    return first is not None and bool(_headings(sheet, first))


def read_orders(sheet: Sheet, draft: Draft) -> None:
    """Read both blocks; a half-year printed twice is corrected from its neighbours, with a warning, or not stored."""
    first = _first_row(sheet)
    columns: dict[tuple[str, str], int] = {}
    for wanted, column in _headings(sheet, first):
        if wanted in columns:
            says = f"stands in a second column of {_heading(*wanted)}."
            draft.problem("error", "duplicate_header", sheet, first, column, says, "Take one of the two out.")
        columns.setdefault(wanted, column)
    for wanted in sorted({(kind, unit) for _, kind, unit in COUNTED} - set(columns)):
        says = f"There is no column of {_heading(*wanted)}."
        tell_of_sheet(draft, "error", "missing_column", sheet, says, "Keep the four headings as published.")
    rows = _rows_by_block(sheet, first, columns, draft)
    for block, own_rows in rows.items():
        for row, period in _with_periods(sheet, own_rows, columns, draft):
            for (kind, unit), column in columns.items():
                _add(sheet, row, column, COUNTED.get((block, kind, unit)), period, draft)


def tell_of_sheet(draft: Draft, severity: str, code: str, sheet: Sheet, says: str, fix: str) -> None:
    """Tell of a broken rule that concerns a whole sheet."""
    draft.problems.append(Problem(severity, code, says, fix, cell=sheet.name))


def _add(sheet: Sheet, row: int, column: int, counted: tuple[str, str] | None, period: Period, draft: Draft) -> None:
    text = sheet.text(row, column)
    if counted:
        if not text.strip():
            says = "A band is missing here; nothing was stored."
            draft.problem("warning", "missing_value", sheet, row, column, says, "Write N/A where there is no figure.")
        request_type, measure = counted
        of = {"requester": "USA", "authority": "federal", "request_type": request_type, "measure": measure, "period": period}
        band = draft.count(sheet, row, column, **of)
        if band and band.is_exact:
            says = "is no band, and the law lets a company publish bands only."
            draft.problem("warning", "band_off_grid", sheet, row, column, says, "Check the cell.")
    elif not numbers.is_missing(text):
        says = "stands where national security letters for content would, and there are none."
        draft.problem("error", "out_of_range", sheet, row, column, says, "Check the columns.")


def _rows_by_block(sheet: Sheet, first: int, columns: dict[tuple[str, str], int], draft: Draft) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    block = None
    for row in range(first, len(sheet.rows)):
        block = _block(sheet, row) or block
        if any(sheet.text(row, column).strip() for column in columns.values()):
            rows.setdefault(block, []).append(row)
        else:
            for column, text in enumerate(sheet.rows[row]):
                if text.strip():
                    says = "stands in a row without figures; it was not read."
                    draft.problem("warning", "footnote", sheet, row, column, says, "Nothing need be done if it is a note.")
    return rows


def _with_periods(sheet: Sheet, rows: list[int], columns: dict[tuple[str, str], int], draft: Draft) -> list[tuple[int, Period]]:
    places_of_periods = [_period(sheet, row, columns) for row in rows]
    column = max(
        (position[0] for position in places_of_periods if position),
        default=0,
        key=[position[0] for position in places_of_periods if position].count,
    )
    printed = [position[1] if position else None for position in places_of_periods]
    with_periods = []
    for index, (row, period) in enumerate(zip(rows, printed, strict=True)):
        if period is None:
            says = "names no half-year, so its row was not stored."
            draft.problem("error", "bad_period", sheet, row, column, says, "Write it like “Jan - June 2018”.")
            continue
        if printed.count(period) > 1:
            before = printed[index - 1] if index else None
            after = printed[index + 1] if index + 1 < len(printed) else None
            between = _half_between(before, after)
            if between is None or (between != period and between in printed):
                says = f"is {period} once more in this block, so its row was not stored."
                draft.problem("error", "duplicate_conflict", sheet, row, column, says, "Correct the half-year.")
                continue
            if between != period:
                says = f"is {period}, which the block prints twice; it was read as {between}, since the rows around it are {before} and {after}."
                draft.problem("warning", "overlapping_period", sheet, row, column, says, "Correct the half-year if you can.")
            period = between
        with_periods.append((row, period))
    return with_periods


def _half_between(before: Period | None, after: Period | None) -> Period | None:
    """The one half-year between two, in whichever order they stand; None where there is not exactly one."""
    if before is None or after is None:
        return None
    earlier, later = sorted((before, after))
    half = periods.half(earlier.end.year + (earlier.end.month == 12), 1 if earlier.end.month == 12 else 2)
    return half if half.end < later.start and (later.start - half.end).days == 1 else None


def _period(sheet: Sheet, row: int, columns: dict[tuple[str, str], int]) -> tuple[int, Period] | None:
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


def _headings(sheet: Sheet, first: int) -> list[tuple[tuple[str, str], int]]:
    # A heading may run over several lines; put together, its words tell the column wherever it stands.
    width = max((len(cells) for cells in sheet.rows), default=0)
    headings = []
    for column in range(width):
        heading = places.fold(" ".join(sheet.text(row, column) for row in range(first)))
        unit = re.search(r"\b(orders seeking|accounts impacted)\b", heading)
        if unit and "content" in heading:
            kind = "noncontent" if re.search(r"\bnon ?content\b", heading) else "content"
            headings.append(((kind, "orders" if heading.startswith("orders") else "accounts"), column))
    return headings


def _heading(kind: str, unit: str) -> str:
    data = "content" if kind == "content" else "non-content"
    return f"orders seeking {data}" if unit == "orders" else f"accounts impacted by {data} orders"


def _recognises(file: File) -> bool:
    return any(is_orders_sheet(sheet) for sheet in file.sheets)


def _read(file: File, draft: Draft) -> None:
    for sheet in file.sheets:
        if is_orders_sheet(sheet):
            read_orders(sheet, draft)
        elif any(text.strip() for row in sheet.rows for text in row):
            says = "The sheet holds no table that we know; it was not read."
            tell_of_sheet(draft, "warning", "footnote", sheet, says, "See whether figures stand in it.")


LAYOUTS = (Layout("Microsoft: US National Security Orders Report", "microsoft", _recognises, _read),)
