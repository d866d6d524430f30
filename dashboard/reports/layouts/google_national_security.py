"""Google's national security requests: bands of FISA requests and national security letters, and the letters released."""

from __future__ import annotations

from datetime import date

from dashboard.model import periods, places
from dashboard.model.intervals import Interval
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File
from dashboard.reports.layouts.google import PERIOD, Table, check_header, find_table
from dashboard.reports.problems import refuse
from dashboard.reports.tables.drafts import Draft, Layout

BANDS = {
    "period": PERIOD,
    "requests_low": ("number of requests range min",),
    "requests_high": ("number of requests range max",),
    "accounts_low": ("number of accounts range min",),
    "accounts_high": ("number of accounts range max",),
}
LETTERS = {
    "letter": ("national security letter nsl number",),
    "issued": ("nsl issue date",),
    "released": ("fbi release letter date",),
}
UNITED_STATES = {"requester": "USA", "authority": "federal"}


def _is_bands(file: File) -> bool:
    return find_table(file, BANDS, ("period", "requests_low", "requests_high")) is not None


def _read_bands(file: File, draft: Draft) -> None:
    table = find_table(file, BANDS, ("period", "requests_low", "requests_high"))
    check_header(draft, table, {role: BANDS[role] for role in ("accounts_low", "accounts_high")})
    request_type = _request_type(file, table)
    rows_of: dict[tuple, int] = {}
    for row, period in table.half_years(draft, table.rows(draft)).items():
        if draft.is_repeated(table.sheet, row, table.columns["period"], (period,), rows_of):
            continue
        for counted, measure in (("requests", "requests"), ("accounts", "accounts_specified")):
            low, high = table.columns[f"{counted}_low"], table.columns[f"{counted}_high"]
            added = draft.band(table.sheet, row, low, high, period=period, measure=measure, request_type=request_type, **UNITED_STATES)
            if added is None and not table.text(row, f"{counted}_low") and not table.text(row, f"{counted}_high"):
                says = f"is blank: {period} has no band of {counted}."
                table.problem(
                    draft, "warning", "missing_value", row, f"{counted}_low", says, "Nothing needs doing where the publisher left it blank."
                )


def _request_type(file: File, table: Table) -> str:
    """The kind of request, which stands in the file's name (or the sheet's) and nowhere in the table."""
    name = places.fold(f"{file.stem} {table.sheet.name}")
    if "non content" in name or "noncontent" in name:
        return "fisa_noncontent"
    if "content" in name:
        return "fisa_content"
    if "nsl" in name or "national security letter" in name:
        return "nsl"
    raise refuse(
        "unknown_layout",
        "is the name of a table of Google's bands, but does not say whether of FISA content, of FISA non-content, or of letters.",
        "Give the file the name it was downloaded with, such as google-usnationalsecurity-nsl-requests.csv.",
        value=file.name,
    )


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


LAYOUTS: tuple[Layout, ...] = (
    Layout("Google, bands of US national security requests", "google", _is_bands, _read_bands),
    Layout("Google, national security letters released", "google", _is_letters, _read_letters),
)
