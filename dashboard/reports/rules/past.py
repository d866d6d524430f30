"""Rules against the reporter's own past: what was held, who is missing, what jumps, what looks copied from the cell beside it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from dashboard.model import places
from dashboard.model.intervals import number
from dashboard.model.tables import KEY
from dashboard.reports.addresses import parsed
from dashboard.reports.problems import Problem
from dashboard.reports.rules.evidence import Evidence, each, listed, period_label, shifted, times

VOLATILE = ("accounts_specified", "accounts_affected", "accounts_preserved", "identifiers", "selectors")
"""What one request may name by the thousand, so that only larger jumps are worth a word."""
JUMP, JUMP_OF_VOLATILE = 5, 8
"""A figure so many times the highest (or such a part of the lowest) of the periods around it is an outlier …"""
SIZE, SIZE_OF_VOLATILE = 50, 200
"""… if the larger of the two is at least this: small numbers jump by nature."""
AROUND = 4
"""Periods before, and as many after, that a figure is compared with …"""
FEWEST_AROUND = 3
"""… if there are at least so many."""
REQUESTERS = 5
"""Fewest requesters by which a whole edition is compared with the one before."""
REPEATED = 0.8
"""Share of an edition's figures that, equal to those of the period before, make it a copy."""
REGULAR = 20
"""A requester with at least so many in each of the last three periods is expected in the next."""
EARLIER_EDITION = 0.1
"""Share of a held document's figures that must be here for it to count as an earlier edition."""
COPIED = 100
"""Smallest exact count that cannot well equal the figure in the next cell by chance."""
REPEATED_COUNT = 1000
"""Smallest exact count that cannot well equal that of the period before by chance."""
_BLOCK = ("reporter", "service", "authority", "request_type", "measure", "months")
_SCALES = (10, 100, 1000)


def as_held(evidence: Evidence) -> Iterator[Problem]:
    """A figure that is held for the same series and period is the same."""
    held = _held(evidence)
    restated = evidence.is_new & (held >= 0) & ~_is_as_held(evidence)
    for row in each(np.flatnonzero(restated)):
        there = int(held[row])
        says = (
            f"is held as {evidence.figure(there)} ({evidence.of(there, 'document')}, {evidence.cell(there)}): "
            f"{evidence.series_name(row)}, {evidence.period(row)}."
        )
        yield evidence.problem("warning", "restated_value", row, says, "Keep it if the publisher has restated it; both are kept.")


def nobody_missing(evidence: Evidence) -> Iterator[Problem]:
    """Who stood in the last editions stands in this one, and what is held for a period is not left out."""
    yield from _left_out(evidence)
    yield from _regulars_missing(evidence)


def no_jumps(evidence: Evidence) -> Iterator[Problem]:
    """No figure lies far beyond those of the periods around it, and no edition as a whole beyond the last."""
    rows, series = evidence.in_series(evidence.has_number & ~evidence.is_share)
    low, high = evidence.low[rows], evidence.high[rows]
    least, most, around = _around(low, high, series)
    volatile = evidence.is_in("measure", VOLATILE)[rows]
    factor, size = np.where(volatile, JUMP_OF_VOLATILE, JUMP), np.where(volatile, SIZE_OF_VOLATILE, SIZE)
    up = (low >= factor * np.maximum(most, 1)) & (low >= size)
    down = (least >= factor * np.maximum(high, 1)) & (least >= size)
    judged = evidence.is_new[rows] & ~_is_as_held(evidence)[rows] & (around >= FEWEST_AROUND)
    in_edition = np.zeros(len(rows), dtype=bool)
    for places_, ratio in _editions_apart(evidence, rows, series):
        in_edition[places_] = True
        place = places_[np.argmax(low[places_])]
        row = int(rows[place])
        compared = (
            f"{times(ratio)} those of the period before"
            if ratio > 1
            else f"a part of those of the period before, which are {times(1 / ratio)} as high"
        )
        says = f"and the other {number(len(places_) - 1)} figures of its kind for {evidence.period(row)} are, by the median, {compared}."
        yield evidence.problem("warning", "outlier", row, says, "Check the unit of the whole column, such as thousands.")
    for place in each(np.flatnonzero(judged & (up | down) & ~in_edition)):
        row = int(rows[place])
        if up[place]:
            compared = f"is {times(low[place] / max(most[place], 1))} the highest of the {number(around[place])} periods around it, {number(most[place])}"
        else:
            compared = f"is far below the lowest of the {number(around[place])} periods around it, {number(least[place])}"
        slip = _slip(low[place], least[place], most[place])
        says = f"{compared}: {evidence.series_name(row)}, {evidence.period(row)}.{slip}"
        yield evidence.problem("warning", "outlier", row, says, "Check the figure; keep it if it is printed so.")


def not_copied(evidence: Evidence) -> Iterator[Problem]:
    """No figure equals the one in the next cell, or that of the period before, where its own series says otherwise."""
    rows, series = evidence.in_series(evidence.has_number & ~evidence.is_share)
    low, high = evidence.low[rows], evidence.high[rows]
    least, most, around = _around(low, high, series)
    judged = evidence.is_new[rows] & ~_is_as_held(evidence)[rows] & (around >= FEWEST_AROUND)
    band = (low < high) & (low > 0) & ((low > most) | (high < least))
    count = (low == high) & (low >= COPIED) & ((low > 2 * most) | (2 * high < least))
    told: set[int] = set()
    for place, other in _equal_beside(evidence, rows, np.flatnonzero(judged & (band | count))):
        row = int(rows[place])
        if other in told:
            continue
        told.add(row)
        usual = number(least[place]) if least[place] == most[place] else f"{number(least[place])}–{number(most[place])}"
        says = (
            f"is the same as in {evidence.cell(other)} beside it, but the {number(around[place])} periods around it "
            f"lie in {usual}: {evidence.series_name(row)}, {evidence.period(row)}."
        )
        yield evidence.problem(
            "warning", "outlier", row, says, "Check whether it was copied from the cell beside it; keep it if it is printed so."
        )
    before = shifted(low, series, (1,))[0]
    repeats = judged & (low == high) & (low == before)
    copies = np.zeros(len(rows), dtype=bool)
    for places_ in _editions_repeated(evidence, rows, low, before):
        copies[places_] = True
        row = int(rows[places_[np.argmax(low[places_])]])
        says = f"and the other figures of its kind for {evidence.period(row)} repeat those of the period before, nearly all of {number(len(places_))}."
        yield evidence.problem("warning", "outlier", row, says, "Check whether the figures of the earlier period were copied.")
    for place in each(np.flatnonzero(repeats & (low >= REPEATED_COUNT) & (least < most) & ~copies)):
        row = int(rows[place])
        says = f"is the very number of the period before: {evidence.series_name(row)}, {evidence.period(row)}."
        yield evidence.problem("warning", "outlier", row, says, "Check whether it was copied; keep it if it is printed so.")


def _held(evidence: Evidence) -> np.ndarray:
    # For each row, the last held row of the same series and period; -1 where none is held.
    key = evidence.key(*KEY)
    held = np.full(key.max(initial=-1) + 1, -1, dtype=np.int64)
    held[key[: evidence.first]] = np.arange(evidence.first)
    return held[key]


def _is_as_held(evidence: Evidence) -> np.ndarray:
    held = _held(evidence)
    return (held >= 0) & (evidence.low == evidence.low[held]) & (evidence.high == evidence.high[held])


def _around(low: np.ndarray, high: np.ndarray, series: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    # The lowest and the highest of the periods around each, and how many there are.
    steps = tuple(step for near in range(1, AROUND + 1) for step in (near, -near))
    lows, highs = shifted(low, series, steps), shifted(high, series, steps)
    return np.fmin.reduce(lows), np.fmax.reduce(highs), (~np.isnan(lows)).sum(axis=0)


def _slip(value: float, least: float, most: float) -> str:
    for scale in _SCALES:
        for candidate in (value / scale, value * scale):
            if least <= candidate <= most and candidate >= 10:
                return f" {number(round(candidate))} would lie among them: a digit may be too many or too few."
    return ""


def _of_edition(evidence: Evidence, rows: np.ndarray, wanted: np.ndarray) -> list[np.ndarray]:
    # Wanted places of the table, grouped by kind of figure and period; groups of enough requesters only.
    group = evidence.key(*_BLOCK, "period_start", "document")[rows[wanted]]
    order = np.argsort(group, kind="stable")
    groups = np.split(wanted[order], np.flatnonzero(np.diff(group[order])) + 1)
    return [places_ for places_ in groups if len(places_) >= REQUESTERS]


def _editions_apart(evidence: Evidence, rows: np.ndarray, series: np.ndarray) -> Iterator[tuple[np.ndarray, float]]:
    low = evidence.low[rows]
    before = shifted(low, series, (1,))[0]
    # Small numbers and noughts say nothing of the unit.
    telling = evidence.is_new[rows] & ~_is_as_held(evidence)[rows] & (np.maximum(low, before) >= 10) & (np.minimum(low, before) >= 1)
    for places_ in _of_edition(evidence, rows, np.flatnonzero(telling)):
        ratio = float(np.median(low[places_] / before[places_]))
        if ratio >= JUMP or ratio <= 1 / JUMP:
            yield places_, ratio


def _editions_repeated(evidence: Evidence, rows: np.ndarray, low: np.ndarray, before: np.ndarray) -> Iterator[np.ndarray]:
    telling = evidence.is_new[rows] & ~_is_as_held(evidence)[rows] & evidence.is_exact[rows] & (low >= 5) & ~np.isnan(before)
    for places_ in _of_edition(evidence, rows, np.flatnonzero(telling)):
        if np.mean(low[places_] == before[places_]) >= REPEATED:
            yield places_


def _equal_beside(evidence: Evidence, rows: np.ndarray, suspects: np.ndarray) -> Iterator[tuple[int, int]]:
    # Suspect places, each with a row of the same requester and period that holds the same in an adjacent cell.
    if not len(suspects):
        return
    same = evidence.key("reporter", "service", "requester", "period_start", "period_end", "document")
    near = np.flatnonzero(np.isin(same, same[rows[suspects]]) & evidence.is_new)
    near = pd.Series(near).groupby(same[near]).agg(list).to_dict()
    for place in each(suspects):
        row = int(rows[place])
        for other in near.get(int(same[row]), []):
            is_equal = evidence.low[other] == evidence.low[row] and evidence.high[other] == evidence.high[row]
            if other != row and is_equal and _is_adjacent(evidence.cell(row), evidence.cell(other)):
                yield place, int(other)
                break


def _is_adjacent(cell: str, other: str) -> bool:
    here, there = parsed(cell), parsed(other)
    if here and there:
        return here.is_beside(there)
    # A place in JSON has no left and right; the same record is near enough.
    return "[" in cell and cell.rpartition("[")[0] == other.rpartition("[")[0]


def _left_out(evidence: Evidence) -> Iterator[Problem]:
    # Held figures of a kind and period that the table prints, without being in it.
    printed = evidence.key(*_BLOCK, "period_start", "period_end")
    key = evidence.key(*KEY)
    comparable = np.flatnonzero(~evidence.is_new & np.isin(printed, printed[evidence.first :]))
    lacks = ~np.isin(key[comparable], key[evidence.first :])
    # A held document of which next to nothing is here is no earlier edition of this one but prints the same kind for others.
    documents = pd.factorize(evidence.rows["document"].iloc[comparable])[0]
    here = np.bincount(documents, ~lacks) >= EARLIER_EDITION * np.bincount(documents)
    rows = comparable[lacks & here[documents]]
    if len(rows):
        says = "leaves out {figures} held for {periods}: {who}."
        yield _missing(evidence, rows, evidence.start, evidence.end, says, "Nothing need be done if the publisher has withdrawn them.")


def _regulars_missing(evidence: Evidence) -> Iterator[Problem]:
    # Three figures in a row, then none, although the table prints others of the kind for the next period.
    rows, series = evidence.in_series(evidence.has_number & ~evidence.is_share)
    if not len(rows):
        return
    # Moments: the periods of each kind of figure, numbered in order.
    kind, start = evidence.key(*_BLOCK)[rows], evidence.start[rows]
    span = int(start.max() - start.min() + 2)
    moments, first, moment = np.unique(kind * span + (start - start.min()), return_index=True, return_inverse=True)
    in_table, in_past = np.zeros(len(moments), dtype=bool), np.zeros(len(moments), dtype=bool)
    in_table[moment[evidence.is_new[rows]]] = True
    in_past[np.isin(moments, (evidence.key(*_BLOCK) * span + (evidence.start - start.min()))[: evidence.first])] = True
    following = np.minimum(moment + 1, len(moments) - 1)
    expected = (following > moment) & (kind[first[following]] == kind) & in_table[following] & ~in_past[following]
    regular = evidence.low[rows] >= REGULAR
    for step in (1, 2):
        expected &= shifted(moment.astype(float), series, (step,))[0] == moment - step
        regular &= shifted(evidence.low[rows], series, (step,))[0] >= REGULAR
    there = shifted(moment.astype(float), series, (-1,))[0] == following
    places_ = np.flatnonzero(expected & regular & ~there)
    if not len(places_):
        return
    ends = np.full(len(evidence.rows), 0), np.full(len(evidence.rows), 0)
    ends[0][rows[places_]] = evidence.start[rows[first[following[places_]]]]
    ends[1][rows[places_]] = evidence.end[rows[first[following[places_]]]]
    says = "has no figure for {periods} where each of the last three periods had one: {who}."
    yield _missing(
        evidence, rows[places_], *ends, says, "Check whether rows were lost; nothing need be done if the publisher left them out."
    )


def _missing(evidence: Evidence, rows: np.ndarray, start: np.ndarray, end: np.ndarray, says: str, fix: str) -> Problem:
    # One problem for all that is missing: whole rows lost are one mistake.
    rows = rows[np.argsort(-evidence.high[rows], kind="stable")]
    requesters = dict.fromkeys(places.name(evidence.of(row, "requester")) for row in each(rows))
    periods = [period_label(*span) for span in sorted({(int(start[row]), int(end[row])) for row in rows})]
    figures = f"{number(len(rows))} {'figure' if len(rows) == 1 else 'figures'}"
    said = says.format(figures=figures, periods=listed(periods, 3), who=listed(list(requesters)))
    return Problem("warning", "missing_value", said, fix, value=listed(list(evidence.table["document"].unique()), 1))
