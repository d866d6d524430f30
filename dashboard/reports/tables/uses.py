"""What became of every cell of a file: each that is not blank has exactly one use, and the uses add up to the cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum

import numpy as np

from dashboard.reports.cells.reading import File
from dashboard.reports.cells.sheets import Sheet
from dashboard.reports.problems import Problem
from dashboard.reports.tables.find import Table
from dashboard.reports.words.cell_kinds import kind_of

MAX_LISTED = 5_000
"""Most cells that are listed as left out."""


class Use(StrEnum):
    """What a cell of a file is used for."""

    FIGURE = "figure"
    KEY = "key"
    HEADER = "header"
    TITLE = "title"
    SECTION = "section"
    TOTAL = "total"
    NO_FIGURE = "no_figure"
    NOTE = "note"
    LEFT_OUT = "left_out"


_NUMBER_OF = {use: number for number, use in enumerate(Use, 1)}


class SheetUses:
    """The uses of one sheet's cells: a number for each row and column of the sheet, 0 where there is none yet."""

    def __init__(self, sheet: Sheet):
        self.sheet = sheet
        self.filled = np.zeros((len(sheet.rows), sheet.width), bool)
        for column in range(sheet.width):
            self.filled[:, column] = sheet.where(column, lambda texts: np.array([bool(text.strip()) for text in texts.to_pylist()]))
        self.uses = np.zeros(self.filled.shape, np.uint8)
        self.reasons: dict[tuple[int, int], str] = {}

    def set_use(self, rows: Sequence[int] | np.ndarray, columns: Iterable[int], use: Use) -> None:
        """Give the cells in some rows and columns a use, as far as they have none yet."""
        rows, columns = np.asarray(rows, np.int64), [column for column in columns if column < self.uses.shape[1]]
        if not len(rows) or not columns:
            return
        at = np.ix_(rows, columns)
        block = self.uses[at]
        self.uses[at] = np.where((block == 0) & self.filled[at], _NUMBER_OF[use], block)

    def mark_rows(self, rows: Sequence[int], use: Use) -> None:
        """Give all cells of some rows a use."""
        self.set_use(rows, range(self.uses.shape[1]), use)

    def mark_around(self, table: Table, notes: Sequence[int]) -> None:
        """Give the header rows, the titles and the notes of a table their uses."""
        self.mark_rows([*table.header_rows, *table.repeated], Use.HEADER)
        self.mark_rows(table.title_rows, Use.TITLE)
        self.mark_rows(notes, Use.NOTE)

    def leave_out(self, rows: Sequence[int] | np.ndarray, columns: Iterable[int], reason: str) -> None:
        """Say that cells are left out, and why."""
        rows, columns = np.asarray(rows, np.int64), [column for column in columns if column < self.uses.shape[1]]
        if len(rows) and columns and len(self.reasons) < MAX_LISTED:
            at = np.ix_(rows, columns)
            free = np.argwhere((self.uses[at] == 0) & self.filled[at])[: MAX_LISTED - len(self.reasons)]
            self.reasons |= {(int(rows[row]), columns[column]): reason for row, column in free.tolist()}
        self.set_use(rows, columns, Use.LEFT_OUT)

    def unused(self) -> Iterator[tuple[int, int]]:
        """The cells that hold something and have no use."""
        yield from map(tuple, np.argwhere(self.filled & (self.uses == 0)).tolist())

    def headers(self) -> dict[int, list[tuple[int, str]]]:
        """The words of headers by their columns, each as its line and its text, from top to bottom."""
        by_column: dict[int, list[tuple[int, str]]] = {}
        for row, column in np.argwhere(self.uses == _NUMBER_OF[Use.HEADER]).tolist():
            if re.search(r"\w", text := self.sheet.text(row, column)):
                by_column.setdefault(column, []).append((int(self.sheet.lines[row]), " ".join(text.split())))
        return by_column

    def counts(self) -> Counter[str]:
        """How many cells have each use."""
        numbers = np.bincount(self.uses[self.filled], minlength=len(_NUMBER_OF) + 1)
        return Counter({use.value: int(numbers[number]) for use, number in _NUMBER_OF.items() if numbers[number]})


class FileUses:
    """The uses of all cells of a file, sheet by sheet."""

    def __init__(self, file: File):
        self.sheets = {id(sheet): SheetUses(sheet) for sheet in file.sheets}

    def of(self, sheet: Sheet) -> SheetUses:
        """The uses of one of its sheets."""
        return self.sheets[id(sheet)]

    def leave_out(self, reason: str) -> None:
        """Say of all cells that they are left out, for one reason."""
        for uses in self.sheets.values():
            uses.leave_out(range(uses.uses.shape[0]), range(uses.uses.shape[1]), reason)

    def counts(self) -> dict[str, int]:
        """How many cells have each use; their sum is the number of cells that hold something."""
        return dict(sum((sheet.counts() for sheet in self.sheets.values()), Counter()))

    def left_out(self) -> list[tuple[str, str]]:
        """The addresses of cells that are left out, each with the reason; at most so many as are listed."""
        cells = [
            (uses.sheet.address(row, column), reason) for uses in self.sheets.values() for (row, column), reason in uses.reasons.items()
        ]
        return cells[:MAX_LISTED]

    def finish(self, no_header: Collection[int] = ()) -> list[Problem]:
        """Lines of words beside the tables are notes; any other cell without a use is a problem, told at the first of rows in a row.

        Of rows under a line of which it is told already that it is `no_header` nothing more is told.
        """
        problems = []
        for uses in self.sheets.values():
            last_row, is_reported = -2, False
            for row, column in uses.unused():
                text = uses.sheet.text(row, column)
                uses.set_use([row], [column], Use.NOTE if kind_of(text) not in ("number", "missing") else Use.LEFT_OUT)
                line = int(uses.sheet.lines[row])
                is_reported = (is_reported and row - last_row <= 1) or line in no_header or line - 1 in no_header
                last_row = row
                if kind_of(text) == "number" and not is_reported:
                    is_reported = True
                    says = "stands outside every table that was found, so nothing says what it counts."
                    fix = "Put it under a header, or take it out."
                    cell = uses.sheet.address(row, column)
                    problems.append(Problem("error", "unused_cell", says, fix, cell=cell, value=text[:200], row=line))
        return problems[:20]
