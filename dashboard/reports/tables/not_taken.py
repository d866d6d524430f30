"""Figures that are checked by others and not taken: rates of two counts, and those of longer periods that repeat the ones that fill them."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import numpy as np

from dashboard.model.intervals import Interval, counted, number, total
from dashboard.model.periods import Period
from dashboard.reports.tables.figure_rows import FigureRows
from dashboard.reports.tables.problem_log import ProblemLog

_NOISE = 1e-9


def hold_against_counts(
    figures: FigureRows, series: np.ndarray, measures: list[str], wholes: list[str], values: list[Interval], log: ProblemLog
) -> np.ndarray:
    """Which figures are such rates; one that its counts do not make is told.

    `series` tells which figures are of the same requests, `measures` what each counts, `wholes` what a rate is of (blank: it is none).
    """
    counts = {
        (key, measure): index
        for index, (key, measure, whole) in enumerate(zip(series.tolist(), measures, wholes, strict=True))
        if not whole
    }
    rates = np.flatnonzero([bool(whole) for whole in wholes])
    for index in rates.tolist():
        part, whole = (counts.get((series[index], measure)) for measure in (measures[index], wholes[index]))
        if part is None or whole is None or values[part].low > values[whole].high:
            # More than the whole is told by the rules for counts.
            continue
        rate, received, share = values[index], values[whole], values[part]
        if share.low > rate.high * received.high + _NOISE or share.high < rate.low * received.low - _NOISE:
            cells = ", ".join(figures.address(of) for of in (part, whole))
            exact = f", which is {number(100 * share.low / received.low, 2)} %" if share.is_exact and received.is_exact else ""
            says = f"is not the rate of {share} out of {received} ({cells}){exact}."
            fix = "Check the rate and both counts; keep them if they are printed so."
            figures.tell(log, index, "warning", "rate_mismatch", says, fix)
    return rates


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
                figures.tell(log, whole, "warning", "total_mismatch", says, fix)
            elif inside:
                overlapping.append(whole)
    for wholes, what in (
        (sums, "the sum of shorter ones that fill its period: so {} of this file, which were checked and left out"),
        (overlapping, "of a period that shorter ones overlap and do not fill: so {} of this file, which are kept"),
    ):
        if wholes:
            says = f"is {what.format(counted(len(wholes), 'figure'))}."
            figures.tell(log, min(wholes), "warning", "overlapping_period", says, "Nothing needs doing.")
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
