"""TikTok's figures in a workbook with one sheet for each table of its reports.

One sheet has TikTok's own totals by half-year, another the requests of one half-year by country, which it does not name:
it is the one whose totals, of either kind, the countries add up to. The other sheets are about the removal of content.
"""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.model import periods, places
from dashboard.model.intervals import Interval, counted, total
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.tables.drafts import Draft, Layout, Rows, header_columns

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


def _recognises(file: File) -> bool:
    return any(_totals(sheet) or _countries(sheet) for sheet in file.sheets)


def _totals(sheet: Sheet, draft: Draft | None = None) -> Rows | None:
    return Rows.below(draft, [sheet], ("Date", *_TOTALS.values()))


def _countries(sheet: Sheet, draft: Draft | None = None) -> Rows | None:
    return Rows.below(draft, [sheet], ("Country", *_COUNTRIES))


def _read(file: File, draft: Draft) -> None:
    printed: dict[tuple[Period, str], tuple[Interval, str]] = {}
    for sheet in file.sheets:
        if table := _totals(sheet, draft):
            _read_totals(table, printed)
    for sheet in file.sheets:
        if table := _countries(sheet, draft):
            _read_countries(table, printed)
        elif not _totals(sheet):
            _tell_what_is_left(sheet, draft)


def _read_totals(table: Rows, printed: dict) -> None:
    seen: dict[tuple, int] = {}
    for row in table.whole():
        period = periods.parse(table.text(row, "Date"))
        if period is None:
            table.problem("error", "bad_period", row, "Date", "is not the last day of a half-year.", "Write 2020-06-30 or 2020-12-31.")
        elif not table.is_repeated(row, "Date", (period,), seen):
            for request_type, name in _TOTALS.items():
                fields = {"requester": places.WORLD, "period": period, "measure": "requests", "request_type": request_type}
                if value := table.count(row, name, **fields):
                    printed[period, request_type] = value, table.address(row, name)


def _read_countries(table: Rows, printed: dict) -> None:
    draft, rows = table.draft, list(_country_rows(table))
    if not rows:
        return
    sums = {name: _sum(table, [row for row, _ in rows], name) for name, (_, measure) in _COUNTRIES.items() if measure == "requests"}
    period = draft.period or _period({_COUNTRIES[name][0]: summed for name, summed in sums.items()}, printed)
    if period is None:
        says = "heads requests by country of a half-year that it does not name, and that no totals of the workbook tell."
        table.problem("error", "missing_period", table.header, "Country", says, "Name the half-year.")
        return
    for row, requester in rows:
        for name, (request_type, measure) in _COUNTRIES.items():
            add = draft.fraction if measure == "share_some_data" else draft.count
            fields = {"requester": requester, "period": period, "measure": measure, "request_type": request_type}
            add(table.sheet, row, table.columns[name], **fields)
        legal, emergency, both = (table.value(row, name) for name in list(_COUNTRIES)[:3])
        if legal and emergency and both and legal + emergency != both:
            says = f"is not the sum of legal ({legal}) and emergency requests ({emergency})."
            table.problem("warning", "total_mismatch", row, "Total Requests", says, "Check the three cells.")
    for name, summed in sums.items():
        value, cell = printed.get((period, _COUNTRIES[name][0]), (None, ""))
        if value and summed and not value.overlaps(summed):
            says = f"heads a column that adds up to {summed}, and {cell} prints {value} for {period}."
            table.problem("warning", "total_mismatch", table.header, name, says, "Check both.")


def _country_rows(table: Rows) -> Iterator[tuple[int, str]]:
    seen: dict[tuple, int] = {}
    for row in table.whole():
        requester = table.draft.requester(table.sheet, row, table.columns["Country"])
        if requester and not table.is_repeated(row, "Country", (requester,), seen):
            yield row, requester


def _sum(table: Rows, rows: list[int], name: str) -> Interval | None:
    values = [table.value(row, name) for row in rows]
    return total(values) if all(values) else None


def _period(sums: dict[str, Interval | None], printed: dict) -> Period | None:
    fitting = {period for (period, request_type), (value, _) in printed.items() if sums[request_type] and value == sums[request_type]}
    return fitting.pop() if len(fitting) == 1 else None


def _tell_what_is_left(sheet: Sheet, draft: Draft) -> None:
    filled = [row for row in range(len(sheet.rows)) if any(cell.strip() for cell in sheet.rows[row])]
    if not filled:
        return
    known = any(header_columns(sheet.rows[filled[0]], {name: name}) for name in _ABOUT_CONTENT)
    about = "about the removal of content; they were not taken." if known else "that we do not know; they were not read."
    says = f"begins a sheet of {counted(len(filled), 'row')} {about}"
    fix = "Nothing needs doing." if known else "Check whether its header was changed."
    draft.problem("warning" if known else "error", "not_read" if known else "unknown_table", sheet, filled[0], 0, says, fix)


LAYOUTS = (Layout("TikTok information requests, workbook", "tiktok", _recognises, _read),)
