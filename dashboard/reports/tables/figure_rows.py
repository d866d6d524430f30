"""The figures of one table in the order of the file, each with its row, its column and what it is about."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.reports.cells.sheets import Sheet, column_letters
from dashboard.reports.tables.dimensions import Numbered
from dashboard.reports.tables.problem_log import ProblemLog
from dashboard.reports.tables.readings import ReadTable


@dataclass(frozen=True)
class FigureRows:
    """The observations of one table, in the order of the file: the row and the figure of each, and the number of its printed text.

    `indexes` has for each figure its column, or the two that are the ends of bands; `of` the numbers that stand for what it is about, by row
    or one for all rows.
    """

    read_table: ReadTable
    indexes: list[tuple[int, ...]]
    of: list[dict[str, Numbered]]
    row: np.ndarray
    figure: np.ndarray
    code: np.ndarray
    cells: np.ndarray | None = None
    """Where each of them stands, if in several cells."""

    def numbers(self, name: str) -> np.ndarray:
        """For each observation the number that stands for its word in a dimension."""
        by_figure = [of[name] for of in self.of]
        if all(isinstance(numbers, int) for numbers in by_figure):
            return np.array(by_figure, np.int32)[self.figure]
        if all(numbers is by_figure[0] for numbers in by_figure):
            return by_figure[0][self.row]
        codes = np.empty(len(self.row), np.int32)
        for figure, numbers in enumerate(by_figure):
            at = self.figure == figure
            codes[at] = numbers if isinstance(numbers, int) else numbers[self.row[at]]
        return codes

    def only(self, keep: np.ndarray) -> FigureRows:
        """Some of them."""
        cells = None if self.cells is None else self.cells[keep]
        return replace(self, row=self.row[keep], figure=self.figure[keep], code=self.code[keep], cells=cells)

    @property
    def sheet(self) -> Sheet:
        """The sheet in which they stand."""
        return self.read_table.table.sheet

    def sheet_row(self, index: int) -> int:
        """The row of one of them in its sheet."""
        return int(self.read_table.rows[self.row[index]])

    def address(self, index: int) -> str:
        """The cell of one of them."""
        return self.sheet.address(self.sheet_row(index), self.place_of(index)) if self.cells is None else self.cells[index]

    def tell(self, log: ProblemLog, index: int, severity: str, code: str, says: str, fix: str) -> None:
        """Tell of the cell of one of them."""
        log.cell(self.read_table, int(self.row[index]), self.place_of(index), severity, code, says, fix)

    def place_of(self, index: int) -> int:
        """The column of one of them."""
        return self.indexes[int(self.figure[index])][0]


def in_order(
    read_table: ReadTable, indexes: list[tuple[int, ...]], of: list[dict[str, Numbered]], rows: list[np.ndarray], codes: list[np.ndarray]
) -> FigureRows:
    """Row by row, and in a row from left to right."""
    row = np.concatenate(rows)
    figure = np.repeat(np.arange(len(rows), dtype=np.int32), [len(some) for some in rows])
    figures = FigureRows(read_table, indexes, of, row, figure, np.concatenate(codes).astype(np.int32))
    return figures.only(np.argsort(row, kind="stable")) if len(rows) > 1 else figures


def cells_of(figures: FigureRows) -> pa.Array:
    """The cell of each, or the two of a band."""
    sheet = figures.sheet
    if sheet.header_rows or figures.cells is not None:
        return pa.array([_spelled(figures, index) for index in range(len(figures.row))], pa.string())
    rows = figures.read_table.rows[figures.row]
    lines = pa.array(rows + 1 if isinstance(sheet.lines, range) else np.asarray(sheet.lines)[rows]).cast(pa.string())
    prefix, figure = f"{sheet.name}!" if sheet.name else "", pa.array(figures.figure)
    first = pa.array([prefix + column_letters(indexes[0]) for indexes in figures.indexes]).take(figure)
    cells = pc.binary_join_element_wise(first, lines, "")
    if all(len(indexes) == 1 for indexes in figures.indexes):
        return cells
    others = pa.array(["".join(f":{column_letters(column)}" for column in indexes[1:]) for indexes in figures.indexes]).take(figure)
    return pc.if_else(pc.equal(others, ""), cells, pc.binary_join_element_wise(cells, others, lines, ""))


def _spelled(figures: FigureRows, index: int) -> str:
    # An address that is no letter and number, of a band those of both ends.
    row, others = figures.sheet_row(index), figures.indexes[int(figures.figure[index])][1:]
    return ":".join([figures.address(index), *(figures.sheet.address(row, column) for column in others)])
