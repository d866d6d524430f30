"""A table of texts: every cell as text, with the address its owner sees."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import numpy as np
import pyarrow as pa

from dashboard.model import places
from dashboard.reports.problems import Problem

CODED = pa.dictionary(pa.int32(), pa.string())
"""How a large file's column is kept: each different text once, and a number for every row."""
HEAD = 60
"""Rows of a sheet among which the header and a telling cell are looked for."""
_BLOCK = 1024


@dataclass(frozen=True)
class Sheet:
    """One table of texts: the records of a CSV, or a workbook's sheet.

    `lines` holds for each row the number its owner sees: the physical line on which a record starts, or the sheet row.
    `kinds` tells of the few cells whose text hides what they are: `number` or `percent` (a stored number that is not whole),
    `formatted` (a number shown with words or a sign, scaled or not at all), `date`, `error` (`#REF!`), `formula` (without a stored result).
    `no_number` is a literal such as `NaN`, which JSON does not have.
    `merged` lists merged cells as first row, first column, last row, last column, counted from 0.
    `header_rows` is how many rows at the top are known to be the header of all others, under a `title`; 0 where that is to be found out.
    `notes` are other texts that stand around the table, in no row of it.
    """

    name: str
    rows: Sequence[list[str]]
    lines: Sequence[int]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    kinds: Mapping[tuple[int, int], str] = field(default_factory=dict)
    header_rows: int = 0
    title: str = ""
    notes: tuple[str, ...] = ()

    def address(self, row: int, column: int) -> str:
        """The address of a cell by its place in `rows`: `B12`, or `Criminal!C14` in a workbook."""
        cell = f"{column_letters(column)}{self.lines[row]}"
        return f"{self.name}!{cell}" if self.name else cell

    def place_of(self, address: str, text: str) -> tuple[int, int, int] | None:
        """The place in `rows` of a cell, or of two in a row, whose address is not that of a spreadsheet: row, first and last column."""
        return None

    def text(self, row: int, column: int) -> str:
        """The text of a cell; empty beyond the end of a short row."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""

    def problem(self, severity: str, code: str, row: int, column: int, says: str, fix: str, header: str = "") -> Problem:
        """What is wrong with a cell, told with its address and what it prints; `header` is the word over it, where that is known."""
        line, printed = int(self.lines[row]), self.text(row, column)[:200]
        return Problem(severity, code, says, fix, cell=self.address(row, column), value=printed, row=line, column=header)

    @cached_property
    def folded_head(self) -> list[dict[str, int]]:
        """Of each of the first rows, among which a header is looked for, the texts without case, accents and marks, and their columns."""
        return [{places.fold(text): column for column, text in enumerate(row)} for row in islice(self.rows, HEAD)]

    @property
    def width(self) -> int:
        """The length of the longest row."""
        return self.rows.width if isinstance(self.rows, Records) else max(map(len, self.rows), default=0)

    def where(self, column: int, holds: Callable[[pa.Array], np.ndarray]) -> np.ndarray:
        """For each row whether something holds for its text in a column; `holds` judges different texts at once."""
        chunks = self.column(column, 0, len(self.rows)).chunks
        return np.concatenate(
            [np.zeros(0, bool), *(holds(chunk.dictionary)[chunk.indices.to_numpy(zero_copy_only=False)] for chunk in chunks if len(chunk))]
        )

    def column(self, column: int, first: int, end: int) -> pa.ChunkedArray:
        """The texts of a column, coded, from one row up to another, that one not included; empty beyond the end of short rows."""
        if isinstance(self.rows, Records):
            return self.rows.column(column, first, end)
        return pa.chunked_array([_coded(self.rows[first:end], column)], CODED)


class Records(Sequence):
    """The rows of a large file, kept as columns where they are of equal length, and handed out as lists.

    Each part is either a list of rows or a table of coded text columns.
    """

    def __init__(self, parts: list[list[list[str]] | pa.Table]):
        self._parts = parts
        self._starts = [0]
        for block in parts:
            self._starts.append(self._starts[-1] + len(block))
        self._block: tuple[int, int, list[list[str]]] | None = None

    @classmethod
    def of_rows(cls, rows: list[list[str]]) -> Records:
        """The rows of a large table, all of one length."""
        return cls([pa.table({str(column_index): _coded(rows, column_index) for column_index in range(len(rows[0]))})])

    def __len__(self) -> int:
        return self._starts[-1]

    def __getitem__(self, row):
        if isinstance(row, slice):
            return [self[row_index] for row_index in range(*row.indices(len(self)))]
        if row < 0:
            row += len(self)
        if not 0 <= row < len(self):
            raise IndexError(row)
        number = bisect_right(self._starts, row) - 1
        block, row_index = self._parts[number], row - self._starts[number]
        return block[row_index] if isinstance(block, list) else self._rows_around(number, block, row_index)[row_index % _BLOCK]

    def __iter__(self) -> Iterator[list[str]]:
        for block in self._parts:
            if isinstance(block, list):
                yield from block
            else:
                for first in range(0, len(block), _BLOCK):
                    yield from _as_rows(block.slice(first, _BLOCK))

    def column(self, column: int, first: int, end: int) -> pa.ChunkedArray:
        """The texts of a column, coded, from one row up to another, that one not included; empty beyond the end of short rows."""
        chunks: list[pa.Array] = []
        for block, start in zip(self._parts, self._starts, strict=False):
            low, high = max(first - start, 0), min(end - start, len(block))
            if low >= high:
                continue
            if isinstance(block, list):
                chunks.append(_coded(block[low:high], column))
            elif column < block.num_columns:
                chunks += block.column(column).slice(low, high - low).chunks
            else:
                chunks.append(_coded([[]] * (high - low), 0))
        return pa.chunked_array(chunks, CODED)

    @property
    def width(self) -> int:
        """The length of the longest row."""
        return max(
            (block.num_columns if isinstance(block, pa.Table) else max(map(len, block), default=0) for block in self._parts), default=0
        )

    def loose_rows(self) -> list[int]:
        """The rows that are not kept as columns, because they stand alone among others of another length."""
        return [
            start + row_index
            for block, start in zip(self._parts, self._starts, strict=False)
            if isinstance(block, list)
            for row_index in range(len(block))
        ]

    def odd_widths(self, width: int, first: int, end: int) -> dict[int, int]:
        """The first row of each run of rows that are longer or shorter than a width, with their length."""
        starts = zip(self._parts, self._starts, strict=False)
        return {
            start: block.num_columns
            for block, start in starts
            if isinstance(block, pa.Table) and first <= start < end and block.num_columns != width
        }

    def _rows_around(self, number: int, block: pa.Table, row_index: int) -> list[list[str]]:
        first = row_index - row_index % _BLOCK
        if self._block is None or self._block[:2] != (number, first):
            self._block = (number, first, _as_rows(block.slice(first, _BLOCK)))
        return self._block[2]


def column_letters(column: int) -> str:
    """`A` for column 0, `Z` for 25, `AA` for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _coded(rows: Sequence[list[str]], column: int) -> pa.DictionaryArray:
    return pa.array([row[column] if column < len(row) else "" for row in rows], pa.string()).dictionary_encode()


def _as_rows(table: pa.Table) -> list[list[str]]:
    return [list(cells) for cells in zip(*(column.cast(pa.string()).to_pylist() for column in table.columns), strict=True)]
