"""Rates that a layout declares to be those of a measure in another one: held against both counts, and not taken."""

from __future__ import annotations

import numpy as np

from dashboard.model.intervals import Interval, number
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
            log.cell(figures.read_table, int(figures.row[index]), figures.place_of(index), "warning", "rate_mismatch", says, fix)
    return rates
