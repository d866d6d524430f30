"""Google's national security requests: bands of FISA requests and national security letters, and the letters released."""

from __future__ import annotations

from datetime import date

from dashboard.model import periods
from dashboard.model.intervals import Interval
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File
from dashboard.reports.layouts.google import Table, check_header, find_table
from dashboard.reports.tables.drafts import Draft, Layout

LETTERS = {
    "letter": ("national security letter nsl number",),
    "issued": ("nsl issue date",),
    "released": ("fbi release letter date",),
}
UNITED_STATES = {"requester": "USA", "authority": "federal"}


def _is_letters(file: File) -> bool:
    return find_table(file, LETTERS, ("letter", "issued", "released")) is not None


def _read_letters(file: File, draft: Draft) -> None:
    """The letters issued on each day that have been released since: one observation a day, which names its letters."""
    table = find_table(file, LETTERS, ("letter", "issued", "released"))
    check_header(draft, table, {})
    rows = table.rows(draft)
    day_first = periods.is_day_first([table.text(row, role) for row in rows for role in ("issued", "released")])
    rows_of: dict[tuple, int] = {}
    rows_on: dict[date, list[int]] = {}
    for row in rows:
        letter, issued = table.text(row, "letter"), _day(draft, table, row, day_first)
        if not letter:
            table.problem(draft, "error", "missing_value", row, "letter", "is blank beside a date.", "Fill in the letter's number.")
        elif issued and not draft.is_repeated(table.sheet, row, table.columns["letter"], (letter,), rows_of):
            rows_on.setdefault(issued, []).append(row)
            released = periods.parse_date(table.text(row, "released"), bool(day_first))
            if released is None or released < issued:
                says = "is not the day on which silence ended." if released is None else "lies before the day of issue."
                table.problem(draft, "error", "bad_period", row, "released", says, "Write it as in 2020-07-27.")
            else:
                ends = table.columns["letter"], table.columns["released"]
                draft.add_letter(table.sheet, row, ends, "google", letter, issued, released)
    for day, issued_then in rows_on.items():
        cell = ", ".join(table.sheet.address(row, table.columns["letter"]) for row in issued_then)
        printed = "; ".join(table.text(row, "letter") for row in issued_then)
        draft.add(
            cell, printed, Interval.exact(len(issued_then)), period=Period(day, day), measure="letters", request_type="nsl", **UNITED_STATES
        )


def _day(draft: Draft, table: Table, row: int, day_first: bool | None) -> date | None:
    text = table.text(row, "issued")
    found = periods.parse_date(text, bool(day_first))
    if found is None:
        table.problem(draft, "error", "bad_period", row, "issued", "is not a date.", "Write it as in 2020-07-27.")
    elif day_first is None and found != periods.parse_date(text, day_first=True):
        table.problem(draft, "error", "ambiguous_date", row, "issued", "may be two different days.", "Write it as in 2020-07-27.")
        return None
    return found


LAYOUTS: tuple[Layout, ...] = (Layout("Google, national security letters released", "google", _is_letters, _read_letters),)
