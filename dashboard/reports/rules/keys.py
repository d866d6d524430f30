"""Rules on what identifies a number: nothing twice, no periods that overlap."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dashboard.model.columns import KEY
from dashboard.model.intervals import listed
from dashboard.reports.cells.addresses import line_of
from dashboard.reports.problems import Problem
from dashboard.reports.rules.evidence import SERIES, Evidence, each, period_label


def nothing_twice(evidence: Evidence) -> Iterator[Problem]:
    """No figure is given twice in one document: the same again is a warning, another value an error."""
    rows, first = _first_of(evidence, evidence.key(*KEY, "document"))
    reported: set[tuple] = set()
    for row, earlier in zip(each(rows[first != rows]), each(first[first != rows]), strict=True):
        if evidence.low[row] == evidence.low[earlier] and evidence.high[row] == evidence.high[earlier]:
            # A row of the file copied whole is one mistake, however many figures it holds.
            pair = (line_of(evidence.cell(row)), line_of(evidence.cell(earlier)))
            if None not in pair and pair in reported:
                continue
            reported.add(pair)
            says = f"repeats {evidence.cell(earlier)}: {evidence.series_name(row)}, {evidence.period(row)}."
            yield evidence.problem("warning", "duplicate_row", row, says, "Delete one of the two; the figure is kept once.")
        else:
            says = f"contradicts {evidence.cell(earlier)}, {evidence.figure(earlier)}: both stand for {evidence.series_name(row)}, {evidence.period(row)}."
            yield evidence.problem("error", "duplicate_conflict", row, says, "Keep the one that holds, or correct what tells them apart.")


def members_agree(evidence: Evidence) -> Iterator[Problem]:
    """The files of an archive give one number for the same thing; where they do not, both are kept, each under its file."""
    if not evidence.in_archive:
        return
    rows, first = _first_of(evidence, evidence.key(*KEY))
    differs = (evidence.low[rows] != evidence.low[first]) | (evidence.high[rows] != evidence.high[first])
    for row, earlier in zip(each(rows[differs]), each(first[differs]), strict=True):
        if evidence.word(row, "document") != evidence.word(earlier, "document"):
            says = f"differs from {evidence.cell(earlier)}, {evidence.figure(earlier)}: both stand for {evidence.series_name(row)}, {evidence.period(row)}."
            yield evidence.problem("warning", "duplicate_conflict", row, says, "See which file is the newer one, and bring that one alone.")


def _first_of(evidence: Evidence, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    # The table's rows with a number, and for each of them the first that has its key.
    rows = np.flatnonzero(evidence.is_new & ~np.isnan(evidence.low)).astype(np.int32)
    first = np.full(key.max(initial=-1) + 1, -1, dtype=np.int32)
    first[key[rows[::-1]]] = rows[::-1]
    return rows, first[key[rows]]


def periods_apart(evidence: Evidence) -> Iterator[Problem]:
    """The periods of one series in one document do not overlap, and none cuts through a period that is held."""
    reported: set[tuple] = set()
    for row, other in _overlapping(evidence):
        pair = (*evidence.days(row), *evidence.days(other))
        identity = (line_of(evidence.cell(row)), *pair)
        if identity in reported:
            continue
        reported.add(identity)
        says = (
            f"is counted for {evidence.period(row)}, which overlaps {evidence.period(other)} ({evidence.cell(other)}) "
            f"in the same series: {evidence.series_name(row)}."
        )
        yield evidence.problem(
            "warning", "overlapping_period", row, says, "Check the periods; figures of overlapping periods are not added up."
        )
    yield from _cutting_through_the_past(evidence)


def _overlapping(evidence: Evidence) -> Iterator[tuple[int, int]]:
    # Pairs of rows: one and an earlier-starting one of the same series that has not ended, or an equal start and another end.
    rows = np.flatnonzero(evidence.is_new).astype(np.int32)
    first_days, last_days, period = evidence.spans
    if not len(rows) or not (first_days[1:] <= np.maximum.accumulate(last_days)[:-1]).any():
        return
    series = evidence.key(*SERIES, "document")[rows]
    order = np.lexsort((period[rows], series))
    rows, series = rows[order], series[order]
    start, end = first_days[period[rows]].astype(np.int64), last_days[period[rows]].astype(np.int64)
    is_first = np.ones(len(rows), dtype=bool)
    is_first[1:] = (series[1:] != series[:-1]) | (start[1:] != start[:-1]) | (end[1:] != end[:-1])
    rows, series, start, end = rows[is_first], series[is_first], start[is_first], end[is_first]
    # Each series lies beyond the last one in time, so that one running maximum serves all.
    span = int(end.max() - start.min() + 2)
    reach = series * span + (end - start.min())
    furthest = np.maximum.accumulate(reach)
    # The row that reaches furthest so far is the last at which the running maximum rose.
    rose = np.flatnonzero(np.append(True, furthest[1:] > furthest[:-1]))
    holder = rose[np.searchsorted(rose, np.arange(len(rows)), side="right") - 1]
    overlap = np.zeros(len(rows), dtype=bool)
    overlap[1:] = (series[1:] * span + (start[1:] - start.min())) <= furthest[:-1]
    for index in each(np.flatnonzero(overlap)):
        yield int(rows[index]), int(rows[holder[index - 1]])


def _cutting_through_the_past(evidence: Evidence) -> Iterator[Problem]:
    # A year that holds two held half-years whole is lawful; one that cuts through a held period cannot be told apart from a slip.
    new, known = np.flatnonzero(evidence.is_new), np.flatnonzero(~evidence.is_new)
    if not len(new) or not len(known):
        return
    spans = sorted({evidence.days(row) for row in _one_each(evidence, known)})
    for row in _one_each(evidence, new):
        start, end = evidence.days(row)
        crossed = [
            period_label(*span)
            for span in spans
            if span[0] <= end
            and span[1] >= start
            and not (start <= span[0] and span[1] <= end)
            and not (span[0] <= start and end <= span[1])
        ]
        if crossed and (start, end) not in spans:
            says = f"is counted for {period_label(start, end)}, which cuts through {listed(crossed, 3)}, held of the same reporter."
            yield evidence.problem(
                "warning", "overlapping_period", row, says, "Check the period; figures of overlapping periods are not added up."
            )


def _one_each(evidence: Evidence, rows: np.ndarray) -> Iterator[int]:
    # The first row of each period.
    _, first = np.unique(evidence.key("period_start", "period_end")[rows], return_index=True)
    return each(rows[np.sort(first)])
