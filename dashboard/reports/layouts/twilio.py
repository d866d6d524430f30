"""Twilio's notices to customers, as transcribed from its reports: a row for each period, with requests and who was told.

Two periods are no half-years: Twilio closed the books on 6 December 2018 once. Requests that were declined or withdrawn
stand in one number, so it is no count of rejections and is not taken.
"""

from __future__ import annotations

from dashboard.model import places
from dashboard.model.periods import Period, parse_date
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.tables.drafts import Draft, Layout, header_columns
from dashboard.reports.words import numbers

_MEASURES = {"requests_total_stated": "requests", "not_notified": "users_not_notified", "notified": "users_notified"}
_PARTS = ("not_notified", "notified", "declined_or_withdrawn")
_COLUMNS = ("period_start", "period_end", *_MEASURES, "declined_or_withdrawn")


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    for row, header in enumerate(sheet.rows[:20]):
        columns = header_columns(header, {name: name for name in _COLUMNS})
        if set(columns) == set(_COLUMNS):
            return row, columns
    return None


def _recognises(file: File) -> bool:
    return any(_header(sheet) for sheet in file.sheets)


def _read(file: File, draft: Draft) -> None:
    for sheet in file.sheets:
        if (found := _header(sheet)) is None:
            continue
        header, columns = found
        says = "is one number for two outcomes, declined and withdrawn; it was not taken."
        draft.problem("warning", "not_read", sheet, header, columns["declined_or_withdrawn"], says, "Nothing needs doing.")
        seen: dict[tuple, int] = {}
        for row in range(header + 1, len(sheet.rows)):
            if not any(cell.strip() for cell in sheet.rows[row]) or not draft.is_whole(sheet, row, len(sheet.rows[header])):
                continue
            period = _period(sheet, row, columns, draft)
            if period is None or draft.is_repeated(sheet, row, columns["period_start"], (period,), seen):
                continue
            for name, measure in _MEASURES.items():
                draft.count(sheet, row, columns[name], requester=places.WORLD, period=period, measure=measure)
            _check_sum(sheet, row, columns, draft)


def _period(sheet: Sheet, row: int, columns: dict[str, int], draft: Draft) -> Period | None:
    start, end = (parse_date(sheet.text(row, columns[name])) for name in ("period_start", "period_end"))
    if start and end and start <= end:
        return Period(start, end)
    says = "and the date beside it are no period."
    draft.problem(
        "error", "bad_period", sheet, row, columns["period_start"], says, "Write the first and the last day, as 2020-01-01 and 2020-06-30."
    )
    return None


def _check_sum(sheet: Sheet, row: int, columns: dict[str, int], draft: Draft) -> None:
    try:
        total, *parts = (numbers.count(sheet.text(row, columns[name])) for name in ("requests_total_stated", *_PARTS))
    except numbers.NotANumber:
        return  # the damaged cell has been told of
    if total and all(parts) and not total.low <= sum(part.low for part in parts) <= total.high:
        says = f"is not the sum of the outcomes beside it, {sum(part.low for part in parts):,.0f}."
        draft.problem("warning", "total_mismatch", sheet, row, columns["requests_total_stated"], says, "Check the cells of this row.")


LAYOUTS = (Layout("Twilio customer notification", "twilio", _recognises, _read),)
