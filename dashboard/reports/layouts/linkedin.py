"""LinkedIn's requests from the United States, as transcribed from its reports: a row for each half-year.

The shares of each kind of process are not taken: they are parts of the requests, not counts, and no measure holds them.
Nor is the band of FISA requests, since the table does not say whether they ask for content. Letters and orders stand in
one band until the first half of 2019, in bands of their own from then on.
"""

from __future__ import annotations

import re

from dashboard.model import periods
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.tables.drafts import Draft, Layout, header_columns
from dashboard.reports.words import numbers

_SHARE = "pct_disclosed"
_COUNTS = {
    "requests": ("all", "any", "requests"),
    "accounts_subject": ("all", "any", "accounts_specified"),
    "national_security_requests": ("national_security", "federal", "requests"),
    "national_security_accounts": ("national_security", "federal", "accounts_specified"),
    "nsl_received": ("nsl", "federal", "requests"),
    "nsl_accounts": ("nsl", "federal", "accounts_specified"),
}
_NOT_TAKEN = {
    "pct_subpoenas": "is the share of one kind of process, not a count; it was not taken.",
    "pct_search_warrants": "is the share of one kind of process, not a count; it was not taken.",
    "pct_court_orders": "is the share of one kind of process, not a count; it was not taken.",
    "pct_other": "is the share of one kind of process, not a count; it was not taken.",
    "fisa_requests": "does not say whether the requests ask for content; it was not taken.",
}
_NEEDED = ("period", "requests", "accounts_subject", _SHARE, "nsl_received")


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    for row, header in enumerate(sheet.rows[:20]):
        columns = header_columns(header, {name: name for name in ("period", _SHARE, *_COUNTS, *_NOT_TAKEN)})
        if set(_NEEDED) <= columns.keys():
            return row, columns
    return None


def _recognises(file: File) -> bool:
    return any(_header(sheet) for sheet in file.sheets)


def _read(file: File, draft: Draft) -> None:
    for sheet in file.sheets:
        if (found := _header(sheet)) is None:
            continue
        header, columns = found
        _tell_what_is_left(sheet, header, columns, draft)
        seen: dict[tuple, int] = {}
        for row in range(header + 1, len(sheet.rows)):
            if not any(cell.strip() for cell in sheet.rows[row]) or not draft.is_whole(sheet, row, len(sheet.rows[header])):
                continue
            period = periods.parse(sheet.text(row, columns["period"]))
            if period is None:
                draft.problem("error", "bad_period", sheet, row, columns["period"], "names no period.", "Write it as 2015-H1.")
            elif not draft.is_repeated(sheet, row, columns["period"], (period,), seen):
                said = {"requester": "USA", "period": period}
                for name, (request_type, authority, measure) in _COUNTS.items():
                    if name in columns:
                        draft.count(sheet, row, columns[name], measure=measure, request_type=request_type, authority=authority, **said)
                _add_share(sheet, row, columns[_SHARE], draft, **said)


def _add_share(sheet: Sheet, row: int, column: int, draft: Draft, **said) -> None:
    if re.fullmatch(r"[01]\.\d+", sheet.text(row, column).strip()):
        # The column holds whole percentages, so that a part of one would pass for less than one per cent.
        says = "may be a percentage or a part of one."
        draft.problem("error", "ambiguous_number", sheet, row, column, says, "Write it as a percentage, such as 78.")
    else:
        draft.share(sheet, row, column, measure="share_some_data", **said)


def _tell_what_is_left(sheet: Sheet, header: int, columns: dict[str, int], draft: Draft) -> None:
    for name in _COUNTS:
        if name not in columns:
            says = f"begins a header without “{name}”."
            draft.problem("warning", "missing_column", sheet, header, 0, says, "Check whether a header was changed.")
    for column, text in enumerate(sheet.rows[header]):
        name = next((name for name, at in columns.items() if at == column), None)
        if name in _NOT_TAKEN:
            if not all(numbers.is_missing(sheet.text(row, column)) for row in range(header + 1, len(sheet.rows))):
                draft.problem("warning", "not_read", sheet, header, column, _NOT_TAKEN[name], "Nothing needs doing.")
        elif name is None and text.strip():
            says = "is no header of this table that we know; its column was not read."
            draft.problem("warning", "not_read", sheet, header, column, says, "Check its spelling.")


LAYOUTS = (Layout("LinkedIn, requests from the United States", "linkedin", _recognises, _read),)
