"""Figures of a longer period that repeat those of shorter ones, which fill it: checked, and left out so that nothing is counted twice."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import numpy as np

from dashboard.model.intervals import Interval, counted, total
from dashboard.model.periods import Period
from dashboard.reports.tables.figure_rows import FigureRows
from dashboard.reports.tables.problem_log import ProblemLog


def sums_of_shorter(figures: FigureRows, series: np.ndarray, periods: list[Period], values: list[Interval], log: ProblemLog) -> list[int]:
    """Which figures are the sum of shorter periods that fill theirs; `series` tells which figures count the same.

    A sum that is none, and a period that others overlap without filling it, stay and are told.
    """
    of_series: dict[int, list[int]] = defaultdict(list)
    for index, key in enumerate(series.tolist()):
        of_series[key].append(index)
    sums, overlapping = [], []
    for indices in of_series.values():
        for whole in indices:
            inside = [index for index in indices if periods[index] in periods[whole] and periods[index] != periods[whole]]
            parts = _parts(periods[whole], {index: periods[index] for index in inside})
            if parts and values[whole] == total(values[index] for index in parts):
                sums.append(whole)
            elif parts:
                cells = ", ".join(figures.address(index) for index in parts)
                says = f"is not the sum of {cells}, {total(values[index] for index in parts)}; all are kept."
                fix = "Nothing needs doing where one may be counted in several periods; else check which of them was changed."
                log.cell(figures.read_table, int(figures.row[whole]), figures.place_of(whole), "warning", "total_mismatch", says, fix)
            elif inside:
                overlapping.append(whole)
    for wholes, what in (
        (sums, "the sum of shorter ones that fill its period: so {} of this file, which were checked and left out"),
        (overlapping, "of a period that shorter ones overlap and do not fill: so {} of this file, which are kept"),
    ):
        if wholes:
            first = min(wholes)
            says, row = f"is {what.format(counted(len(wholes), 'figure'))}.", int(figures.row[first])
            log.cell(figures.read_table, row, figures.place_of(first), "warning", "overlapping_period", says, "Nothing needs doing.")
    return sums


def _parts(whole: Period, inside: dict[int, Period]) -> list[int]:
    # As many of the periods inside as fill the whole from its first day to its last; none where they leave a gap.
    filled: dict = {whole.end + timedelta(days=1): []}
    # From the last first day to the first: what fills the days from there to the end.
    for index, period in sorted(inside.items(), key=lambda item: (item[1].start, item[1].days), reverse=True):
        rest = filled.get(period.end + timedelta(days=1))
        if rest is not None and len(rest) + 1 > len(filled.get(period.start, [])):
            filled[period.start] = [index, *rest]
    return filled.get(whole.start, [])
