"""The figures of one table in the order of the file, each with its row, its column and what it is about."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from dashboard.reports.cells.addresses import column_number
from dashboard.reports.tables.dimensions import Numbered
from dashboard.reports.tables.readings import ReadTable


@dataclass(frozen=True)
class FigureRows:
    """The observations of one table, in the order of the file: the row and the figure of each, and the number of its printed text.

    `of` has for each figure the numbers that stand for what it is about, by row or one for all rows.
    """

    part: ReadTable
    letters: list[tuple[str, str]]
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
        found = np.empty(len(self.row), np.int32)
        for figure, numbers in enumerate(by_figure):
            at = self.figure == figure
            found[at] = numbers if isinstance(numbers, int) else numbers[self.row[at]]
        return found

    def only(self, keep: np.ndarray) -> FigureRows:
        """Some of them."""
        cells = None if self.cells is None else self.cells[keep]
        return replace(self, row=self.row[keep], figure=self.figure[keep], code=self.code[keep], cells=cells)

    def address(self, place: int) -> str:
        """The cell of one of them."""
        if self.cells is not None:
            return self.cells[place]
        return self.part.table.sheet.address(int(self.part.rows[self.row[place]]), self.place_of(place))

    def line(self, place: int) -> int:
        """The line of one of them."""
        return int(self.part.table.sheet.lines[int(self.part.rows[self.row[place]])])

    def place_of(self, place: int) -> int:
        """The column of one of them."""
        return column_number(self.letters[int(self.figure[place])][0])


def in_order(
    part: ReadTable, letters: list[tuple[str, str]], of: list[dict[str, Numbered]], rows: list[np.ndarray], codes: list[np.ndarray]
) -> FigureRows:
    """Row by row, and in a row from left to right."""
    row = np.concatenate(rows)
    figure = np.repeat(np.arange(len(rows), dtype=np.int32), [len(some) for some in rows])
    found = FigureRows(part, letters, of, row, figure, np.concatenate(codes).astype(np.int32))
    return found.only(np.argsort(row, kind="stable")) if len(rows) > 1 else found


def addresses_of(part: FigureRows, spelled: bool) -> dict[str, pa.Array]:
    """The cells, in parts, since a million addresses take more room than all that they are of; whole where they are `spelled`."""
    sheet = part.part.table.sheet
    rows = part.part.rows[part.row]
    if sheet.header_rows or spelled:
        return {"cell": pa.array([_ways(part, place) for place in range(len(rows))], pa.string())}
    lines = rows + 1 if isinstance(sheet.lines, range) else np.asarray(sheet.lines)[rows]
    prefix = f"{sheet.name}!" if sheet.name else ""
    figure = pa.array(part.figure)
    return {
        "before": pa.DictionaryArray.from_arrays(figure, pa.array([prefix + letters for letters, _ in part.letters])),
        "line": pa.array(lines.astype(np.int32)),
        "after": pa.DictionaryArray.from_arrays(figure, pa.array([letters for _, letters in part.letters])),
    }


def _ways(part: FigureRows, place: int) -> str:
    # An address that is no letter and number, of a band those of both ends.
    high = part.letters[int(part.figure[place])][1]
    row = int(part.part.rows[part.row[place]])
    other = f":{part.part.table.sheet.address(row, column_number(high))}" if high else ""
    return part.address(place) + other
