"""TikTok's figures in a workbook with one sheet for each table of its reports.

One sheet has TikTok's own totals by half-year, another the requests of one half-year by country, which it does not name:
it is the one whose totals, of either kind, the countries add up to. The other sheets are about the removal of content.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.model import periods, places
from dashboard.model.intervals import Interval, total
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.tables.drafts import Draft, Layout, counted, header_columns
from dashboard.reports.words import numbers

_TOTALS = {"legal": "Total Legal Requests", "emergency": "Total Emergency Requests"}
_COUNTRIES = {
    "Legal Request": ("legal", "requests"),
    "Emergency Request": ("emergency", "requests"),
    "Total Requests": ("all", "requests"),
    "Total Accounts Specified": ("all", "accounts_specified"),
    "Percentage of Legal Requests Where Some Data Was Produced": ("legal", "share_some_data"),
    "Percentage of Emergency Requests Where Some Data Was Produced": ("emergency", "share_some_data"),
}
_ABOUT_CONTENT = (
    "Total Government Requests",
    "Total Content Received",
    "Total Copyright Take-down Reports",
    "Total Trademark Take-down Reports",
)


@dataclass(frozen=True)
class _Table:
    """The table of one sheet: its header row and where its columns stand."""

    sheet: Sheet
    header: int
    columns: dict[str, int]

    def rows(self) -> list[int]:
        return [row for row in range(self.header + 1, len(self.sheet.rows)) if any(cell.strip() for cell in self.sheet.rows[row])]


def _recognises(file: File) -> bool:
    return any(_table(sheet, "Date", *_TOTALS.values()) or _countries(sheet) for sheet in file.sheets)


def _table(sheet: Sheet, *names: str) -> _Table | None:
    for row, header in enumerate(sheet.rows[:20]):
        columns = header_columns(header, {name: name for name in names})
        if set(columns) == set(names):
            return _Table(sheet, row, columns)
    return None


def _countries(sheet: Sheet) -> _Table | None:
    return _table(sheet, "Country", *_COUNTRIES)


def _read(file: File, draft: Draft) -> None:
    printed: dict[tuple[Period, str], tuple[Interval, str]] = {}
    for sheet in file.sheets:
        if table := _table(sheet, "Date", *_TOTALS.values()):
            _read_totals(table, draft, printed)
    for sheet in file.sheets:
        if table := _countries(sheet):
            _read_countries(table, draft, printed)
        elif not _table(sheet, "Date", *_TOTALS.values()):
            _tell_what_is_left(sheet, draft)


def _read_totals(table: _Table, draft: Draft, printed: dict) -> None:
    seen: dict[tuple, int] = {}
    for row in table.rows():
        if not draft.is_whole(table.sheet, row, len(table.sheet.rows[table.header])):
            continue
        period = periods.parse(table.sheet.text(row, table.columns["Date"]))
        if period is None:
            says = "is not the last day of a half-year."
            draft.problem("error", "bad_period", table.sheet, row, table.columns["Date"], says, "Write 2020-06-30 or 2020-12-31.")
        elif not draft.is_repeated(table.sheet, row, table.columns["Date"], (period,), seen):
            for request_type, name in _TOTALS.items():
                fields = {"requester": places.WORLD, "period": period, "measure": "requests", "request_type": request_type}
                if value := draft.count(table.sheet, row, table.columns[name], **fields):
                    printed[period, request_type] = value, table.sheet.address(row, table.columns[name])


def _read_countries(table: _Table, draft: Draft, printed: dict) -> None:
    rows = list(_country_rows(table, draft))
    if not rows:
        return
    sums = {name: _sum(table, [row for row, _ in rows], name) for name, (_, measure) in _COUNTRIES.items() if measure == "requests"}
    by_type = {_COUNTRIES[name][0]: summed for name, summed in sums.items()}
    period = draft.period or _period(by_type, printed)
    if period is None:
        says = "heads requests by country of a half-year that it does not name, and that no totals of the workbook tell."
        fix = "Name the half-year."
        draft.problem("error", "missing_period", table.sheet, table.header, table.columns["Country"], says, fix)
        return
    for row, requester in rows:
        for name, (request_type, measure) in _COUNTRIES.items():
            fields = {"requester": requester, "period": period, "measure": measure, "request_type": request_type}
            add = draft.fraction if measure == "share_some_data" else draft.count
            add(table.sheet, row, table.columns[name], **fields)
        _check_row(table, row, draft)
    for name, summed in sums.items():
        value, cell = printed.get((period, _COUNTRIES[name][0]), (None, ""))
        if value and summed and not value.overlaps(summed):
            says = f"heads a column that adds up to {summed}, and {cell} prints {value} for {period}."
            draft.problem("warning", "total_mismatch", table.sheet, table.header, table.columns[name], says, "Check both.")


def _country_rows(table: _Table, draft: Draft) -> Iterator[tuple[int, str]]:
    seen: dict[tuple, int] = {}
    for row in table.rows():
        if draft.is_whole(table.sheet, row, len(table.sheet.rows[table.header])):
            requester = draft.requester(table.sheet, row, table.columns["Country"])
            if requester and not draft.is_repeated(table.sheet, row, table.columns["Country"], (requester,), seen):
                yield row, requester


def _sum(table: _Table, rows: list[int], name: str) -> Interval | None:
    values = [_value(table, row, name) for row in rows]
    return total(values) if all(values) else None


def _value(table: _Table, row: int, name: str) -> Interval | None:
    # A damaged cell is told of where it is read; here it only leaves nothing to compare.
    try:
        return numbers.count(table.sheet.text(row, table.columns[name]))
    except numbers.NotANumber:
        return None


def _period(sums: dict[str, Interval | None], printed: dict) -> Period | None:
    fitting = {period for (period, request_type), (value, _) in printed.items() if sums[request_type] and value == sums[request_type]}
    return fitting.pop() if len(fitting) == 1 else None


def _check_row(table: _Table, row: int, draft: Draft) -> None:
    legal, emergency, both = (_value(table, row, name) for name in list(_COUNTRIES)[:3])
    if legal and emergency and both and legal + emergency != both:
        says = f"is not the sum of legal ({legal}) and emergency requests ({emergency})."
        draft.problem("warning", "total_mismatch", table.sheet, row, table.columns["Total Requests"], says, "Check the three cells.")


def _tell_what_is_left(sheet: Sheet, draft: Draft) -> None:
    filled = [row for row in range(len(sheet.rows)) if any(cell.strip() for cell in sheet.rows[row])]
    if not filled:
        return
    known = any(header_columns(sheet.rows[filled[0]], {name: name}) for name in _ABOUT_CONTENT)
    about = "about the removal of content; they were not taken." if known else "that we do not know; they were not read."
    says = f"begins a sheet of {counted(len(filled), 'row', 'rows')} {about}"
    fix = "Nothing needs doing." if known else "Check whether its header was changed."
    draft.problem("warning" if known else "error", "not_read" if known else "unknown_table", sheet, filled[0], 0, says, fix)


LAYOUTS = (Layout("TikTok information requests, workbook", "tiktok", _recognises, _read),)
