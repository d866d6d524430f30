"""Twitter's files: several tables under one another in one CSV, every line padded to the widest of them.

A table begins with a header that starts with “Time period start” and ends with a blank row. Rates are parts of one; a
column of them has the decimals of its longest cell, since `0.5` stands for `0.50` there. Until the split of requests
into routine and emergency was published, its cells hold 0, which is no count; the same goes for preservation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from dashboard.model import places, vocabulary
from dashboard.model.intervals import Interval, rounded_share, total
from dashboard.model.periods import Period, half, parse_date
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.tables.drafts import Draft, Layout, counted, header_columns
from dashboard.reports.words import numbers

SUMMED = "summed"
"""How the name of a document ends that holds sums over rows of another."""
_START = "Time period start"
_PARTS = {"Routine": "legal", "Emergency": "emergency", "Combined": "all"}
_GOVERNMENT = {
    f"{part} {what}": (request_type, measure)
    for part, request_type in _PARTS.items()
    for what, measure in {"requests": "requests", "compliance rate": "share_some_data", "accounts specified": "accounts_specified"}.items()
} | {"Preservation requests": ("preservation", "requests"), "Preservation accounts": ("preservation", "accounts_preserved")}
_PRIVATE = {"Information requests": "requests", "Compliance": "share_some_data", "Accounts specified": "accounts_specified"}
_NOTICE = {
    "Percentage of requests under seal": "nondisclosure_share",
    "Percentage of requests where user notice provided": "share_notified",
    "Percentage not under seal and no notice provided": "share_not_notified",
}
_PROCESS = {"Subpoenas": "subpoena", "Court Orders": "court_order", "Search Warrants": "warrant", "Others": "other"}
_UNITED_STATES = {"requester": "USA"}
_NO_COUNTRY = ("other", "unknown")


@dataclass(frozen=True)
class _Table:
    """One of the tables: its header row, the rows below it, and where its columns stand."""

    sheet: Sheet
    header: int
    rows: list[int]
    columns: dict[str, int]

    def text(self, row: int, name: str) -> str:
        return self.sheet.text(row, self.columns[name]).strip()

    @cached_property
    def width(self) -> int:
        """How many columns the header names; the padding beyond it must be blank."""
        return max(column for column, text in enumerate(self.sheet.rows[self.header]) if text.strip()) + 1

    @cached_property
    def decimals(self) -> dict[str, int]:
        """Decimals of each column of shares: those of its longest cell, and at least two."""
        return {name: max([2, *(len(self.text(row, name).partition(".")[2]) for row in self.rows)]) for name in self.columns}


@dataclass(frozen=True)
class _Kind:
    """A kind of table, known by the words of its header."""

    words: tuple[str, ...]
    read: Callable[[_Table, Draft], None]


def _recognises(file: File) -> bool:
    return any(_kind(sheet.rows[row]) for sheet in file.sheets for row in _header_rows(sheet))


def _read(file: File, draft: Draft) -> None:
    for sheet in file.sheets:
        outside = {row for row, cells in enumerate(sheet.rows) if any(cell.strip() for cell in cells) and not _is_title(sheet, row)}
        for header in _header_rows(sheet):
            rows = list(_rows_below(sheet, header))
            outside -= {header, *rows}
            kind = _kind(sheet.rows[header])
            if kind is None:
                draft.problem(
                    "error",
                    "unknown_table",
                    sheet,
                    header,
                    0,
                    "begins a table that we do not know.",
                    "Check whether its header was changed.",
                )
                continue
            table = _Table(sheet, header, rows, header_columns(sheet.rows[header], {word: word for word in (_START, *kind.words)}))
            kind.read(table, draft)
        for row in sorted(row for row in outside if row - 1 not in outside):
            says = "begins rows that stand outside of every table; they were not read."
            draft.problem("error", "not_read", sheet, row, 0, says, "Delete the blank line above them, or the rows.")


def _header_rows(sheet: Sheet) -> list[int]:
    return [row for row in range(len(sheet.rows)) if places.fold(sheet.text(row, 0)) == places.fold(_START)]


def _kind(header: list[str]) -> _Kind | None:
    there = {places.fold(text) for text in header}
    return next((kind for kind in _KINDS if all(places.fold(word) in there for word in kind.words)), None)


def _rows_below(sheet: Sheet, header: int) -> Iterator[int]:
    for row in range(header + 1, len(sheet.rows)):
        if not any(cell.strip() for cell in sheet.rows[row]) or _is_title(sheet, row):
            return
        yield row


def _is_title(sheet: Sheet, row: int) -> bool:
    return re.match(r"table \d+/\d+", sheet.text(row, 0).strip(), re.IGNORECASE) is not None


def _read_government(table: _Table, draft: Draft) -> None:
    found = list(_country_rows(table, draft))
    unsplit = _unsplit_periods(table, found)
    for row, requester, period in found:
        for name, (request_type, measure) in _GOVERNMENT.items():
            if request_type != "all" and period in unsplit:
                continue
            _add(table, row, name, draft, requester=requester, period=period, measure=measure, request_type=request_type)
        if period not in unsplit:
            _check_sum(table, row, "requests", draft)
            _check_sum(table, row, "accounts specified", draft)
    if unsplit:
        first = next(row for row, _, period in found if period in unsplit)
        says = (
            f"and the zeros in the split columns of {counted(len(unsplit), 'half-year', 'half-years')}, {min(unsplit)} to {max(unsplit)}, "
        )
        says += "stand for figures that were not published; they were left out."
        draft.problem("warning", "missing_value", table.sheet, first, table.columns["Routine requests"], says, "Nothing needs doing.")


def _unsplit_periods(table: _Table, found: list[tuple[int, str, Period]]) -> set[Period]:
    # Zeros in both parts beside totals above zero are no counts, if they stand so in every row of a half-year.
    split, unsplit = set(), set()
    for row, _, period in found:
        parts = [table.text(row, f"{part} requests") for part in ("Routine", "Emergency")]
        if any(text.isdecimal() and int(text) for text in parts):
            split.add(period)
        elif table.text(row, "Combined requests") != "0":
            unsplit.add(period)
    return unsplit - split


def _check_sum(table: _Table, row: int, what: str, draft: Draft) -> None:
    routine, emergency, combined = (table.text(row, f"{part} {what}") for part in _PARTS)
    if all(text.isdecimal() for text in (routine, emergency, combined)) and int(routine) + int(emergency) != int(combined):
        says = f"is not the sum of routine ({routine}) and emergency ({emergency})."
        draft.problem("warning", "total_mismatch", table.sheet, row, table.columns[f"Combined {what}"], says, "Check the three cells.")


def _read_private(table: _Table, draft: Draft) -> None:
    for row, requester, period in _country_rows(table, draft):
        for name, measure in _PRIVATE.items():
            _add(table, row, name, draft, requester=requester, period=period, measure=measure, request_type="civil", authority="private")


def _read_notice(table: _Table, draft: Draft) -> None:
    seen: dict[tuple, int] = {}
    for row, period in _period_rows(table, draft):
        if draft.is_repeated(table.sheet, row, table.columns[_START], (period,), seen):
            continue
        _check_whole(table, row, tuple(_NOTICE), draft)
        for name, measure in _NOTICE.items():
            _add(table, row, name, draft, period=period, measure=measure, **_UNITED_STATES)


def _read_process(table: _Table, draft: Draft) -> None:
    seen: dict[tuple, int] = {}
    for row, period in _period_rows(table, draft):
        if draft.is_repeated(table.sheet, row, table.columns[_START], (period,), seen):
            continue
        _check_whole(table, row, tuple(_PROCESS), draft)
        for name, kind in _PROCESS.items():
            _add(table, row, name, draft, period=period, measure="share_of_requests", request_type=kind, **_UNITED_STATES)


def _check_whole(table: _Table, row: int, names: tuple[str, ...], draft: Draft) -> None:
    # Shares that stand beside one another and make up the whole.
    texts = [table.text(row, name) for name in names]
    if all(re.fullmatch(r"[01](\.\d+)?", text) for text in texts):
        together = sum(map(Decimal, texts))
        if abs(together - 1) > Decimal(len(texts)) / 2 / 10 ** table.decimals[names[0]]:
            says = f"and the shares beside it make {together} together, not 1."
            draft.problem("warning", "total_mismatch", table.sheet, row, table.columns[names[0]], says, "Check the cells of this row.")


def _read_authorities(table: _Table, draft: Draft) -> None:
    # Only the sums over states are kept: a state is no requester here, and the split by authority is not printed otherwise.
    by_period: dict[Period, list[int]] = {}
    seen: dict[tuple, int] = {}
    problems_before = len(draft.problems)
    for row, period in _period_rows(table, draft):
        state = places.fold(table.text(row, "State"))
        if not draft.is_repeated(table.sheet, row, table.columns["State"], (period, state), seen):
            by_period.setdefault(period, []).append(row)
    if any(problem.severity == "error" for problem in draft.problems[problems_before:]):
        return  # a sum without one of its rows would be a wrong number
    for period, rows in by_period.items():
        for name, authority in (("Federal Requests", "federal"), ("State Requests", "state_local")):
            _add_sum(table, rows, name, draft, period=period, measure="requests", authority=authority, **_UNITED_STATES)


def _add_sum(table: _Table, rows: list[int], name: str, draft: Draft, **said) -> None:
    column, parts = table.columns[name], []
    for row in rows:
        try:
            part = numbers.count(table.text(row, name))
        except numbers.NotANumber as wrong:
            draft.bad_cell(table.sheet, row, column, wrong)
            return
        if part is None:
            says = f"is no figure, so {said['period']} has no sum over states."
            draft.problem("warning", "missing_value", table.sheet, row, column, says, "Fill it in if you know it.")
            return
        parts.append(part)
    first, last = table.sheet.address(rows[0], column), table.sheet.address(rows[-1], column)
    cell = f"{first}:{last}" if rows == list(range(rows[0], rows[-1] + 1)) else ", ".join(table.sheet.address(row, column) for row in rows)
    # What is not printed is no figure of the file: it stands in a document of its own, which says that it was summed here.
    draft.add(cell, f"sum of {counted(len(rows), 'row', 'rows')}", total(parts), document=f"{draft.document}/{SUMMED}", **said)


def _read_not(reason: str) -> Callable[[_Table, Draft], None]:
    return lambda table, draft: _left_out(draft, table.sheet, table.header, table.rows, reason)


def _left_out(draft: Draft, sheet: Sheet, header: int, rows: list[int], reason: str) -> None:
    says = f"begins a table of {counted(len(rows), 'row', 'rows')} that {reason}"
    draft.problem("warning", "not_read", sheet, header, 0, says, "Nothing needs doing.")


def _country_rows(table: _Table, draft: Draft) -> Iterator[tuple[int, str, Period]]:
    column, seen = table.columns["Country"], {}
    for row, period in _period_rows(table, draft):
        if places.fold(table.text(row, "Country")) in _NO_COUNTRY:
            draft.problem(
                "warning",
                "missing_requester",
                table.sheet,
                row,
                column,
                "names no country, so its row was left out.",
                "Nothing needs doing.",
            )
            continue
        requester = draft.requester(table.sheet, row, column)
        if requester and not draft.is_repeated(table.sheet, row, column, (period, requester), seen):
            yield row, requester, period


def _period_rows(table: _Table, draft: Draft) -> Iterator[tuple[int, Period]]:
    for row in table.rows:
        if draft.is_whole(table.sheet, row, table.width) and (period := _period(table, row, draft)):
            yield row, period


def _period(table: _Table, row: int, draft: Draft) -> Period | None:
    start = parse_date(table.text(row, _START))
    if start and (start.month, start.day) in ((1, 1), (7, 1)):
        return half(start.year, 1 if start.month == 1 else 2)
    draft.problem(
        "error",
        "bad_period",
        table.sheet,
        row,
        table.columns[_START],
        "is not the first day of a half-year.",
        "Write 2020-01-01 or 2020-07-01.",
    )
    return None


def _add(table: _Table, row: int, name: str, draft: Draft, *, measure: str, **said) -> None:
    column = table.columns[name]
    if measure not in vocabulary.SHARES:
        draft.count(table.sheet, row, column, measure=measure, **said)
        return
    printed = table.text(row, name)
    if numbers.is_missing(printed):
        return
    if not re.fullmatch(r"\d+(\.\d+)?", printed):
        draft.bad_cell(table.sheet, row, column, numbers.NotANumber("bad_number", "is not a share."))
    elif Decimal(printed) > 1:
        draft.bad_cell(table.sheet, row, column, numbers.NotANumber("percent_out_of_range", "is above 1, the whole."))
    else:
        draft.add(table.sheet.address(row, column), printed, _fraction(printed, table.decimals[name]), measure=measure, **said)


def _fraction(printed: str, decimals: int) -> Interval:
    return rounded_share(str(Decimal(printed) * 100), decimals - 2)


_KINDS = (
    _Kind(("Country", *_GOVERNMENT), _read_government),
    _Kind(("Country", *_PRIVATE), _read_private),
    _Kind(tuple(_NOTICE), _read_notice),
    _Kind(("State", "Federal Requests", "State Requests"), _read_authorities),
    _Kind(("State", "Information requests"), _read_not("splits requests by state, and a state is no requester here; it was not taken.")),
    _Kind(tuple(_PROCESS), _read_process),
    _Kind(
        ("Government initiated review", "Provider requested review"),
        _read_not("counts reviews of silence on letters, not requests; it was not taken."),
    ),
)

LAYOUTS = (Layout("Twitter information requests", "twitter", _recognises, _read),)
