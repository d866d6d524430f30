"""Snap's file: one long table in which a row is one number, most of them about content rather than requests for user data.

Rows are told apart by their section. The three sections about requests are read; each of the others is told of once. A
section that we do not know is an error if its rows speak of requests for information, else it is told of like the rest.
Until the first half of 2020 summonses stand apart from subpoenas; they are then of a kind of their own, “other”.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dashboard.model import periods, places
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.tables.drafts import Draft, Layout, counted, header_columns

_COLUMNS = ("period", "section", "category", "sub_category_1", "sub_category_2", "metric", "value")
_UNITED_STATES = "united states criminal legal requests"
_ABROAD = "international government information requests"
_SECURITY = "united states national security requests"
_CONTENT = {
    "governmental content removal requests",
    "copyrighted content takedown notices dmca",
    "account content violations",
    "child sexual exploitation and abuse",
    "cseai",
    "false information",
    "suicide resources shared",
    "terrorism",
    "trademark notices",
}
_PROCESSES = {
    "court order": "court_order",
    "edr": "emergency",
    "prtt": "pen_register",
    "search warrant": "warrant",
    "subpoena": "subpoena",
    "subpoena summons": "subpoena",
    "summons": "other",
    "wiretap": "wiretap",
}
_MEASURES = {
    "requests": "requests",
    "account identifiers": "identifiers",
    "percentage of requests where some data was produced": "share_some_data",
}
_MEASURES_ABROAD = {
    "emergency requests": ("emergency", "requests"),
    "account identifiers for emergency requests": ("emergency", "identifiers"),
    "percentage of emergency requests where some data was produced": ("emergency", "share_some_data"),
    "other information requests": ("legal", "requests"),
    "account identifiers for other information requests": ("legal", "identifiers"),
    "percentage of other information requests where some data was produced": ("legal", "share_some_data"),
}
_ABOUT_DATA = ("information request", "legal request", "security request", "account identifier", "data was produced")


@dataclass(frozen=True)
class _Table:
    """The long table: its sheet, its header row, where its columns stand, and the first row of each number read."""

    sheet: Sheet
    header: int
    columns: dict[str, int]
    first_rows: dict[tuple, int] = field(default_factory=dict)

    def word(self, row: int, name: str) -> str:
        return places.fold(self.sheet.text(row, self.columns[name]))

    def problem(self, draft: Draft, severity: str, code: str, row: int, name: str, says: str, fix: str) -> None:
        draft.problem(severity, code, self.sheet, row, self.columns[name], says, fix)


def _recognises(file: File) -> bool:
    return _table(file) is not None


def _table(file: File) -> _Table | None:
    for sheet in file.sheets:
        for row, header in enumerate(sheet.rows[:20]):
            columns = header_columns(header, {name: name for name in _COLUMNS})
            if set(columns) == set(_COLUMNS):
                return _Table(sheet, row, columns)
    return None


def _read(file: File, draft: Draft) -> None:
    table = _table(file)
    left_out: dict[str, list[int]] = {}
    for row, period in _rows(table, draft, left_out):
        section = table.word(row, "section")
        if table.word(row, "sub_category_2"):
            says = "splits a number further than we know; it was not read."
            table.problem(draft, "error", "unknown_request_type", row, "sub_category_2", says, "Check whether the layout has changed.")
        elif section == _UNITED_STATES:
            _read_united_states(table, row, period, draft)
        elif section == _ABROAD:
            _read_abroad(table, row, period, draft)
        else:
            _read_security(table, row, period, draft)
    for rows in left_out.values():
        says = f"begins {counted(len(rows), 'row', 'rows')} about something other than requests for user data; none was taken."
        table.problem(draft, "warning", "not_read", rows[0], "section", says, "Nothing needs doing.")


def _rows(table: _Table, draft: Draft, left_out: dict[str, list[int]]) -> Iterator[tuple[int, Period]]:
    sheet = table.sheet
    for row in range(table.header + 1, len(sheet.rows)):
        if not any(cell.strip() for cell in sheet.rows[row]) or not draft.is_whole(sheet, row, len(sheet.rows[table.header])):
            continue
        section = table.word(row, "section")
        if section not in (_UNITED_STATES, _ABROAD, _SECURITY):
            if section in _CONTENT or not _is_about_data(table, row):
                left_out.setdefault(section, []).append(row)
            else:
                says = "is no section that we know, and its row speaks of requests for information."
                table.problem(draft, "error", "unknown_section", row, "section", says, "Check the spelling.")
            continue
        period = periods.parse(sheet.text(row, table.columns["period"]))
        if period is None:
            table.problem(draft, "error", "bad_period", row, "period", "names no period.", "Write it as 2020-H1.")
            continue
        yield row, period


def _is_about_data(table: _Table, row: int) -> bool:
    words = f"{table.word(row, 'section')} {table.word(row, 'metric')}"
    return any(about in words for about in _ABOUT_DATA)


def _read_united_states(table: _Table, row: int, period: Period, draft: Draft) -> None:
    request_type = _known(table, row, "category", _PROCESSES, "unknown_request_type", draft)
    measure = _known(table, row, "metric", _MEASURES, "unknown_measure", draft)
    if request_type and measure:
        _add(table, row, draft, requester="USA", period=period, measure=measure, request_type=request_type)


def _read_abroad(table: _Table, row: int, period: Period, draft: Draft) -> None:
    requester = draft.requester(table.sheet, row, table.columns["sub_category_1"])
    known = _known(table, row, "metric", _MEASURES_ABROAD, "unknown_measure", draft)
    if requester and known:
        request_type, measure = known
        _add(table, row, draft, requester=requester, period=period, measure=measure, request_type=request_type)


def _read_security(table: _Table, row: int, period: Period, draft: Draft) -> None:
    # Letters and orders of the foreign intelligence court stand in one band, whatever the category calls them.
    measure = _known(table, row, "metric", _MEASURES, "unknown_measure", draft)
    if measure:
        _add(table, row, draft, requester="USA", authority="federal", period=period, measure=measure, request_type="national_security")


def _known(table: _Table, row: int, name: str, words: dict, code: str, draft: Draft):
    found = words.get(table.word(row, name))
    if found is None:
        table.problem(draft, "error", code, row, name, "is no word of this section that we know.", "Check the spelling.")
    return found


def _add(table: _Table, row: int, draft: Draft, *, measure: str, **said) -> None:
    if draft.is_repeated(table.sheet, row, table.columns["metric"], (measure, *said.values()), table.first_rows):
        return
    add = draft.fraction if measure == "share_some_data" else draft.count
    add(table.sheet, row, table.columns["value"], measure=measure, **said)


LAYOUTS = (Layout("Snap transparency report, long table", "snap", _recognises, _read),)
