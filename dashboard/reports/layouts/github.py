"""GitHub's open data: small tidy tables by year or half-year, one subject each.

Several of GitHub's tables share the same headers (`year,half,type,count`), so what a table is about is told by the words
in its type column, or for the table by government by the file's name. Totals by type do not say whose government asked:
they are stored as GitHub's own worldwide total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dashboard.model import periods, places
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.tables.drafts import Draft, Layout, header_columns

_REQUESTS = {
    "criminal or government agency subpoena": {"request_type": "subpoena"},
    "criminal court order": {"request_type": "court_order"},
    "criminal search warrant": {"request_type": "warrant"},
    "cross border request": {"request_type": "mlat"},
    "exigent circumstances": {"request_type": "emergency"},
    "civil subpoena": {"request_type": "civil", "authority": "private"},
}
# GitHub tells the users unless an order forbids it; under exigent circumstances the telling is put off.
_NOTIFICATIONS = {
    "notification": {"measure": "users_notified"},
    "gag order": {"measure": "users_not_notified"},
    "exigent circumstances": {"measure": "users_not_notified", "request_type": "emergency"},
}
_SECURITY = {"national security letters and orders received": "requests", "affected accounts": "accounts_affected"}


@dataclass(frozen=True)
class _Table:
    """The one table of a file, with the columns that it must have."""

    sheet: Sheet
    header: int
    columns: dict[str, int]

    def types(self) -> set[str]:
        """What stands in its type column, folded."""
        return {places.fold(self.sheet.text(row, self.columns["type"])) for row in range(self.header + 1, len(self.sheet.rows))}


def _table(file: File, *names: str) -> _Table | None:
    for sheet in file.sheets:
        for row, header in enumerate(sheet.rows[:20]):
            columns = header_columns(header, {name: name for name in ("year", "half", *names)})
            if {"year", *names} <= columns.keys():
                return _Table(sheet, row, columns)
    return None


def _rows(table: _Table, draft: Draft, *key: str) -> Iterator[tuple[int, Period]]:
    # Every row that can be read, with its period; the others are told of.
    sheet, seen = table.sheet, {}
    for row in range(table.header + 1, len(sheet.rows)):
        if not any(cell.strip() for cell in sheet.rows[row]) or not draft.is_whole(sheet, row, len(sheet.rows[table.header])):
            continue
        period = _period(table, row)
        if period is None:
            draft.problem(
                "error",
                "bad_period",
                sheet,
                row,
                table.columns["year"],
                "and the cells beside it name no period.",
                "Write a year and a half, 1 or 2.",
            )
            continue
        named = (period, *(places.fold(sheet.text(row, table.columns[name])) for name in key))
        if not draft.is_repeated(sheet, row, table.columns["year"], named, seen):
            yield row, period


def _period(table: _Table, row: int) -> Period | None:
    year = table.sheet.text(row, table.columns["year"]).strip()
    for name, form in (("half", "{year} H{part}"), ("month_range", "{part} {year}")):
        if name in table.columns:
            return periods.parse(form.format(year=year, part=table.sheet.text(row, table.columns[name]).strip()))
    return periods.parse(year)


def _known_type(table: _Table, row: int, words: dict, draft: Draft):
    found = words.get(places.fold(table.sheet.text(row, table.columns["type"])))
    if found is None:
        draft.problem(
            "error",
            "unknown_request_type",
            table.sheet,
            row,
            table.columns["type"],
            "is no type of this table that we know.",
            "Check the spelling.",
        )
    return found


def _requests_table(file: File) -> _Table | None:
    return _table(file, "type", "count_requests_received", "count_disclosed")


def _read_requests(file: File, draft: Draft) -> None:
    table = _requests_table(file)
    received, disclosed = table.columns["count_requests_received"], table.columns["count_disclosed"]
    for row, period in _rows(table, draft, "type"):
        kind = _known_type(table, row, _REQUESTS, draft)
        if kind is None:
            continue
        said = {"requester": places.WORLD, "period": period, **kind}
        whole = draft.count(table.sheet, row, received, measure="requests", **said)
        part = draft.count(table.sheet, row, disclosed, measure="requests_some_data", **said)
        if whole and part and part.low > whole.high:
            says = f"is more than the {whole} requests received."
            draft.problem("warning", "disclosed_exceeds_received", table.sheet, row, disclosed, says, "Check both cells.")


def _accounts_table(file: File) -> _Table | None:
    return _table(file, "count_accounts_affected")


def _read_accounts(file: File, draft: Draft) -> None:
    table = _accounts_table(file)
    for row, period in _rows(table, draft):
        draft.count(
            table.sheet, row, table.columns["count_accounts_affected"], requester=places.WORLD, period=period, measure="accounts_affected"
        )


def _cross_border_table(file: File) -> _Table | None:
    return _table(file, "government", "government_iso2_code", "count") if "cross border" in places.fold(file.stem) else None


def _read_cross_border(file: File, draft: Draft) -> None:
    table = _cross_border_table(file)
    name, code = table.columns["government"], table.columns["government_iso2_code"]
    for row, period in _rows(table, draft, "government_iso2_code"):
        requester = draft.requester(table.sheet, row, code)
        named = places.code(table.sheet.text(row, name))
        if requester and named and named != requester:
            says = f"is another country than the code {table.sheet.text(row, code)} beside it."
            draft.problem("error", "ambiguous_requester", table.sheet, row, name, says, "Correct the one that is wrong.")
        elif requester:
            draft.count(
                table.sheet, row, table.columns["count"], requester=requester, period=period, measure="requests", request_type="mlat"
            )


def _security_table(file: File) -> _Table | None:
    return _of_types(_table(file, "month_range", "type", "count"), _SECURITY)


def _read_security(file: File, draft: Draft) -> None:
    table = _security_table(file)
    said = {"requester": "USA", "authority": "federal", "request_type": "national_security"}
    for row, period in _rows(table, draft, "type"):
        if measure := _known_type(table, row, _SECURITY, draft):
            draft.count(table.sheet, row, table.columns["count"], period=period, measure=measure, **said)


def _notifications_table(file: File) -> _Table | None:
    return _of_types(_table(file, "type", "count"), {"gag order": ""})


def _read_notifications(file: File, draft: Draft) -> None:
    table = _notifications_table(file)
    for row, period in _rows(table, draft, "type"):
        if kind := _known_type(table, row, _NOTIFICATIONS, draft):
            draft.count(table.sheet, row, table.columns["count"], requester=places.WORLD, period=period, **kind)


def _of_types(table: _Table | None, words: dict) -> _Table | None:
    return table if table and table.types() & words.keys() else None


def _layout(about: str, find: Callable[[File], _Table | None], read: Callable[[File, Draft], None]) -> Layout:
    return Layout(f"GitHub {about}", "github", lambda file: find(file) is not None, read)


LAYOUTS = (
    _layout("requests received and disclosed", _requests_table, _read_requests),
    _layout("accounts affected", _accounts_table, _read_accounts),
    _layout("cross-border requests", _cross_border_table, _read_cross_border),
    _layout("national security letters and orders", _security_table, _read_security),
    _layout("user notifications", _notifications_table, _read_notifications),
)
