"""Automattic's file for WordPress.com: notices by country, and below them the United States by kind of process with nondisclosure orders.

The period stands in the file's name only. The last row of each block is its total: the first is Automattic's own
worldwide total, the second the United States once more, so only its nondisclosure orders are new.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.model import periods, places
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.tables.drafts import Draft, Layout
from dashboard.reports.words import numbers

_COUNTRIES = {"country": "name", "total notices": "requests", "compliance": "requests_some_data", "% compliance": "share_some_data"}
_PROCESSES = {
    "total notices": "requests",
    "ndos": "nondisclosure_orders",
    "compliance": "requests_some_data",
    "% compliance": "share_some_data",
}
_TYPES = {"subpoena": "subpoena", "court order": "court_order", "search warrant": "warrant", "emergency": "emergency", "total": "all"}
_NOT_TAKEN = ("unique content",)
_SHOWN = {"requests": "notices", "requests_some_data": "notices complied with", "nondisclosure_orders": "nondisclosure orders"}


@dataclass(frozen=True)
class _Block:
    """A block of the sheet: its header row and where the measures stand; `name` is the column of countries or processes."""

    sheet: Sheet
    header: int
    columns: dict[str, int]

    def rows(self) -> Iterator[int]:
        for row in range(self.header + 1, len(self.sheet.rows)):
            if not any(cell.strip() for cell in self.sheet.rows[row]):
                return
            yield row

    def width(self) -> int:
        """How many columns the header names; the padding beyond it must be blank."""
        return max(column for column, text in enumerate(self.sheet.rows[self.header]) if text.strip()) + 1

    def name(self, row: int) -> str:
        return places.fold(self.sheet.text(row, self.columns["name"]))


def _recognises(file: File) -> bool:
    return any(_block(sheet, _PROCESSES) for sheet in file.sheets)


def _read(file: File, draft: Draft) -> None:
    period = draft.period or periods.find(file.stem)
    for sheet in file.sheets:
        countries, processes = _block(sheet, _COUNTRIES), _block(sheet, _PROCESSES)
        if countries is None or processes is None:
            continue
        if period is None:
            draft.problem(
                "error", "missing_period", sheet, countries.header, 0, "heads a file whose name holds no period.", "Name the half-year."
            )
            return
        _tell_what_is_left(sheet, (countries, processes), draft)
        us_row = _read_countries(countries, period, draft)
        _read_processes(processes, period, draft, countries, us_row)


def _read_countries(block: _Block, period: Period, draft: Draft) -> int | None:
    seen, parts, total_row, us_row = {}, [], None, None
    for row in block.rows():
        if not draft.is_whole(block.sheet, row, block.width()):
            continue
        requester = places.WORLD if block.name(row) == "all countries" else draft.requester(block.sheet, row, block.columns["name"])
        if requester is None or draft.is_repeated(block.sheet, row, block.columns["name"], (requester,), seen):
            continue
        if requester == places.WORLD:
            total_row = row
        else:
            parts.append(row)
        us_row = row if requester == "USA" else us_row
        _add(block, row, draft, tuple(_COUNTRIES.values())[1:], requester=requester, period=period)
    if total_row is not None:
        _check_total(block, parts, total_row, draft, ("requests", "requests_some_data"))
    return us_row


def _read_processes(block: _Block, period: Period, draft: Draft, countries: _Block, us_row: int | None) -> None:
    seen, parts = {}, []
    for row in block.rows():
        if not draft.is_whole(block.sheet, row, block.width()):
            continue
        request_type = _TYPES.get(block.name(row))
        if request_type is None:
            draft.problem(
                "error", "unknown_request_type", block.sheet, row, block.columns["name"], "is no kind of process that we know.", "Check it."
            )
            continue
        if draft.is_repeated(block.sheet, row, block.columns["name"], (request_type,), seen):
            continue
        measures = tuple(_PROCESSES.values())
        if request_type == "all":
            _check_total(block, parts, row, draft, ("requests", "nondisclosure_orders", "requests_some_data"))
            if us_row is not None:
                _check_same(block, row, countries, us_row, draft)
                measures = ("nondisclosure_orders",)
        else:
            parts.append(row)
        _add(block, row, draft, measures, requester="USA", period=period, request_type=request_type)


def _add(block: _Block, row: int, draft: Draft, measures: tuple[str, ...], **said) -> None:
    for measure in measures:
        add = draft.share if measure == "share_some_data" else draft.count
        add(block.sheet, row, block.columns[measure], measure=measure, service="wordpress_com", **said)


def _check_total(block: _Block, parts: list[int], total_row: int, draft: Draft, measures: tuple[str, ...]) -> None:
    for measure in measures:
        column = block.columns[measure]
        cells = [block.sheet.text(row, column).strip() for row in (*parts, total_row)]
        if all(cell.isdecimal() for cell in cells) and sum(map(int, cells[:-1])) != int(cells[-1]):
            says = f"is not the sum of the {_SHOWN[measure]} above it, {sum(map(int, cells[:-1]))}."
            draft.problem("warning", "total_mismatch", block.sheet, total_row, column, says, "Check the rows above.")


def _check_same(block: _Block, row: int, countries: _Block, us_row: int, draft: Draft) -> None:
    for measure in ("requests", "requests_some_data"):
        here, there = (
            block.sheet.text(row, block.columns[measure]).strip(),
            countries.sheet.text(us_row, countries.columns[measure]).strip(),
        )
        if _value(here) != _value(there):
            cell = countries.sheet.address(us_row, countries.columns[measure])
            says = f"is the United States' total here, and {cell} has {there}."
            draft.problem("warning", "total_mismatch", block.sheet, row, block.columns[measure], says, "Check both cells.")


def _tell_what_is_left(sheet: Sheet, blocks: tuple[_Block, ...], draft: Draft) -> None:
    for block in blocks:
        for column, text in enumerate(sheet.rows[block.header]):
            if text.strip() and column not in block.columns.values():
                known = _header_word(text) in _NOT_TAKEN
                says = (
                    "is a column that counts neither requests nor accounts; it was not taken."
                    if known
                    else "is a column that we do not know; it was not taken."
                )
                draft.problem(
                    "warning", "not_read", sheet, block.header, column, says, "Nothing needs doing." if known else "Check its header."
                )
    inside = {row for block in blocks for row in (block.header, *block.rows())}
    for row, cells in enumerate(sheet.rows):
        if row not in inside and sum(bool(cell.strip()) for cell in cells) > 1:
            draft.problem(
                "error",
                "not_read",
                sheet,
                row,
                0,
                "begins a row outside of both blocks; it was not read.",
                "Delete the blank line above it, or the row.",
            )


def _block(sheet: Sheet, words: dict[str, str]) -> _Block | None:
    # `% compliance` and `compliance` differ by their sign only, so headers are compared with it.
    for row, header in enumerate(sheet.rows):
        columns = {words[word]: column for column, text in reversed(list(enumerate(header))) if (word := _header_word(text)) in words}
        if len(columns) == len(set(words.values())):
            return _Block(sheet, row, {"name": 0} | columns)
    return None


def _header_word(text: str) -> str:
    return " ".join(text.lower().replace("-", " ").split())


LAYOUTS = (Layout("Automattic government information requests", "automattic", _recognises, _read),)


def _value(printed: str) -> object:
    # Equal numbers may be printed otherwise: 3 and 3.00.
    try:
        return numbers.count(printed)
    except numbers.NotANumber:
        return printed
