"""Figures that a column splits over rows are added, each sum with the cells of its parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.model.intervals import counted
from dashboard.reports.tables.columns import VALUE
from dashboard.reports.tables.figure_rows import FigureRows
from dashboard.reports.tables.problem_log import ProblemLog
from dashboard.reports.tables.roles import Column
from dashboard.reports.tables.values import FigureColumn


@dataclass(frozen=True)
class Sum:
    """A sum of rows: their places among the figures, how it is shown, its ends and its cells."""

    members: list[int]
    printed: str
    low: float
    high: float
    cell: str


def sums_of(
    rows: FigureRows,
    keys: np.ndarray,
    column: Column,
    read: list[FigureColumn],
    texts: tuple[list[str], np.ndarray, np.ndarray],
    log: ProblemLog,
) -> list[Sum]:
    """The sums of the rows with one key; without one of its figures there is none. `texts` are the printed ones with their ends."""
    sums = [one for names in _groups(rows, keys, column, log) if (one := _sum(rows, names, column, read, texts, log)) is not None]
    several = [one.members[0] for one in sums if not column.scale and len(one.members) > 1]
    if several:
        says = f"is split over rows by “{column.header}”; such rows were added, {len(several):,} times in this file."
        rows.tell(log, several[0], "warning", "rows_added", says, "Nothing needs doing.")
    return sums


def _groups(rows: FigureRows, keys: np.ndarray, column: Column, log: ProblemLog) -> list[dict[str, int]]:
    # For each key the names that split it; a name that comes again is told.
    texts = rows.read_table.texts[column.index]
    groups: dict[int, dict[str, int]] = {}
    for index, key in enumerate(keys.tolist()):
        row = int(rows.row[index])
        first = groups.setdefault(key, {}).setdefault(texts.of_row(row).strip(), index)
        if first != index:
            is_same = rows.code[first] == rows.code[index]
            severity, code = ("warning", "duplicate_row") if is_same else ("error", "duplicate_conflict")
            says = f"stands for the same as {rows.address(first)}, which is kept."
            rows.tell(log, index, severity, code, says, "Delete one of the two.")
    return list(groups.values())


def _sum(
    rows: FigureRows,
    names: dict[str, int],
    column: Column,
    read: list[FigureColumn],
    texts: tuple[list[str], np.ndarray, np.ndarray],
    log: ProblemLog,
) -> Sum | None:
    members, (printed, lows, highs) = list(names.values()), texts
    missing = [index for index in members if read[rows.figure[index]].values.state_of(rows.row[index]) != VALUE]
    if missing:
        if len(members) > 1:
            says = f"is no figure, so the rows of each “{column.header}” have no sum."
            rows.tell(log, missing[0], "warning", "missing_value", says, "Fill it in.")
        return None
    cells, codes = [rows.address(index) for index in members], rows.code[members]
    cell, shown = ", ".join(cells), "; ".join(f"{name} {printed[code]}" for name, code in zip(names, codes, strict=True))
    if column.scale == "apart":
        shown = f"sum of {counted(len(members), 'row')}"
        if (np.diff(rows.row[members]) == 1).all():
            cell = f"{cells[0]}:{cells[-1]}"
    elif len(members) == 1:
        shown = printed[codes[0]]
    return Sum(members, shown, float(lows[codes].sum()), float(highs[codes].sum()), cell)
