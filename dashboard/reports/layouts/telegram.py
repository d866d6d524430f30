"""Telegram's answers to whoever asks its bot, collected by country in a JSON: requests that it fulfilled, and the users affected.

A country's entries overlap: quarters stand beside sums since the start of the year. A sum that shorter entries fill without
a gap is checked against them and left out, so that nothing is counted twice; a sum that is not so filled is the only word
on its period and stays, with a warning where another entry of the country lies inside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from dashboard.model.intervals import counted, total
from dashboard.model.periods import Period, parse_date
from dashboard.reports.cells.json_sheets import JsonRows
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.tables.drafts import Draft, Layout, number_in

_FIELDS = ("from", "to", "requests", "users")
_MEASURES = {"requests": "requests_some_data", "users": "accounts_affected"}


@dataclass(frozen=True)
class _Entry:
    """One entry of a country: its row and its period."""

    row: int
    period: Period


def _recognises(file: File) -> bool:
    value = file.json
    if not isinstance(value, dict) or not value:
        return False
    entries = [entry for listed in value.values() if isinstance(listed, list) for entry in listed]
    return any(isinstance(entry, dict) and set(_FIELDS) <= entry.keys() for entry in entries)


def _read(file: File, draft: Draft) -> None:
    left_out: list[tuple[Sheet, _Entry]] = []
    overlapping: list[tuple[Sheet, _Entry]] = []
    read_as: dict[str, str] = {}
    for country, listed in file.json.items():
        sheet = JsonRows.of(country, listed, _FIELDS)
        heading = Sheet("", [[country]], [1])
        requester = draft.requester(heading, 0, 0)
        if requester is None:
            continue
        if read_as.setdefault(requester, country) != country:
            says = f"is another name of {read_as[requester]}, which has entries too; only those were read."
            draft.problem("error", "duplicate_conflict", heading, 0, 0, says, "Join the entries under one name.")
            continue
        entries = _entries(sheet, draft)
        for entry in entries:
            parts = _parts(entry, entries)
            sums = [name for name in _MEASURES if parts and _is_sum(sheet, name, entry, parts, draft)]
            if sums:
                left_out.append((sheet, entry))
            if not parts and any(other is not entry and other.period in entry.period for other in entries):
                overlapping.append((sheet, entry))
            for name, measure in _MEASURES.items():
                if name not in sums:
                    draft.count(sheet, entry.row, _FIELDS.index(name), requester=requester, period=entry.period, measure=measure)
    _tell(draft, left_out, "the sum of shorter ones that fill its period; they are kept", "were checked and left out")
    _tell(draft, overlapping, "not filled by the shorter ones inside it, and kept", "overlap others in this way")


def _entries(sheet: Sheet, draft: Draft) -> list[_Entry]:
    entries, seen = [], {}
    for row, cells in enumerate(sheet.rows):
        if len(cells) < len(_FIELDS):
            says = "is no entry with from, to, requests and users."
            draft.problem("error", "missing_column", sheet, row, 0, says, "Add what is missing.")
            continue
        start, end = parse_date(cells[0]), parse_date(cells[1])
        if not start or not end or start > end:
            says = "and the date beside it are no period."
            draft.problem("error", "bad_period", sheet, row, 0, says, "Write the first and the last day, as 20240101 and 20240331.")
        elif not draft.is_repeated(sheet, row, 0, (start, end), seen):
            entries.append(_Entry(row, Period(start, end)))
    return entries


def _parts(whole: _Entry, entries: list[_Entry]) -> list[_Entry]:
    """The shortest entries that fill the period of another from its first day to its last; none where they leave a gap."""
    inside = [entry for entry in entries if entry is not whole and entry.period in whole.period]
    inside.sort(key=lambda entry: (entry.period.start, entry.period.days), reverse=True)
    # From the last first day to the first: what fills the days from there to the end, in as many parts as there are.
    filled: dict = {whole.period.end + timedelta(days=1): []}
    for entry in inside:
        rest = filled.get(entry.period.end + timedelta(days=1))
        if rest is not None and len(rest) + 1 > len(filled.get(entry.period.start, [])):
            filled[entry.period.start] = [entry, *rest]
    return filled.get(whole.period.start, [])


def _is_sum(sheet: Sheet, name: str, whole: _Entry, parts: list[_Entry], draft: Draft) -> bool:
    # A damaged number leaves nothing to compare, and is told of where it is read: the sum is then kept.
    column = _FIELDS.index(name)
    value, *values = (number_in(sheet.text(entry.row, column)) for entry in (whole, *parts))
    if value is None or not all(values):
        return False
    if value == total(values):
        return True
    cells = ", ".join(sheet.address(summand.row, column) for summand in parts)
    says = f"is not the sum of {cells}, {total(values)}; all are kept."
    fix = "Nothing needs doing where a user may be counted in several periods." if name == "users" else "Check which of them was changed."
    draft.problem("warning", "total_mismatch", sheet, whole.row, column, says, fix)
    return False


def _tell(draft: Draft, entries: list[tuple[Sheet, _Entry]], is_what: str, all_of_them: str) -> None:
    if entries:
        sheet, first = entries[0]
        says = f"begins an entry, {first.period}, that is {is_what}; {counted(len(entries), 'entry', 'entries')} {all_of_them}."
        draft.problem("warning", "overlapping_period", sheet, first.row, 0, says, "Nothing needs doing.")


LAYOUTS = (Layout("Telegram, answers of its transparency bot", "telegram", _recognises, _read),)
