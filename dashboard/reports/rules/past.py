"""Rules against the reporter's own past: what was held, who is missing, what jumps, what looks copied from the cell beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dashboard.model import places
from dashboard.model.columns import KEY
from dashboard.model.intervals import counted, listed, number
from dashboard.reports.cells.addresses import parsed
from dashboard.reports.problems import Problem
from dashboard.reports.rules.evidence import Evidence, each, period_label, shifted, times
from dashboard.reports.tables.coded import dense
from dashboard.reports.words import numbers

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
_FIGURES_AT_ONCE = 200_000


def as_held(evidence: Evidence) -> Iterator[Problem]:
    """A figure that is held for the same series and period is the same."""
    known = _held_rows(evidence)
    restated = evidence.is_new & (known >= 0) & ~_is_as_held(evidence)
    for row in each(np.flatnonzero(restated)):
        there = int(known[row])
        if evidence.is_share[row] and numbers.is_same_share(evidence.word(row, "printed"), evidence.word(there, "printed")):
            continue
        says = (
            f"is held as {evidence.figure(there)} ({evidence.word(there, 'document')}, {evidence.cell(there)}): "
            f"{evidence.series_name(row)}, {evidence.period(row)}."
        )
        yield evidence.problem("warning", "restated_value", row, says, "Keep it if the publisher has restated it; both are kept.")


def nobody_missing(evidence: Evidence) -> Iterator[Problem]:
    """Who stood in the last editions stands in this one, and what is held for a period is not left out."""
    yield from _left_out(evidence)
    yield from _regulars_missing(evidence)


def no_jumps(evidence: Evidence) -> Iterator[Problem]:
    """No figure lies far beyond those of the periods around it, and no edition as a whole beyond the last."""
    rows, _ = evidence.in_series()
    in_edition = np.zeros(len(rows), dtype=bool)
    for places_, ratio in _editions_apart(evidence):
        in_edition[places_] = True
        row = int(rows[places_[np.argmax(evidence.low[rows[places_]])]])
        compared = (
            f"{times(ratio)} those of the period before"
            if ratio > 1
            else f"a part of those of the period before, which are {times(1 / ratio)} as high"
        )
        says = f"and the other {number(len(places_) - 1)} figures of its kind for {evidence.period(row)} are, by the median, {compared}."
        yield evidence.problem("warning", "outlier", row, says, "Check the unit of the whole column, such as thousands.")
    for index, least, greatest, around in zip(*_picked(evidence, "jumps"), strict=True):
        if in_edition[index]:
            continue
        row = int(rows[index])
        low = evidence.low[row]
        if low > greatest:
            compared = f"is {times(low / max(greatest, 1))} the highest of the {number(around)} periods around it, {number(greatest)}"
        else:
            compared = f"is far below the lowest of the {number(around)} periods around it, {number(least)}"
        says = f"{compared}: {evidence.series_name(row)}, {evidence.period(row)}.{_slip(low, least, greatest)}"
        yield evidence.problem("warning", "outlier", row, says, "Check the figure; keep it if it is printed so.")


def not_copied(evidence: Evidence) -> Iterator[Problem]:
    """No figure equals the one in the next cell, or that of the period before, where its own series says otherwise."""
    rows, _ = evidence.in_series()
    suspects, lowest, highest, near = _picked(evidence, "apart")
    reported: set[int] = set()
    for suspect, other in _equal_beside(evidence, rows, suspects):
        row = int(rows[suspects[suspect]])
        if other in reported:
            continue
        reported.add(row)
        least, greatest = float(lowest[suspect]), float(highest[suspect])
        usual = number(least) if least == greatest else f"{number(least)}–{number(greatest)}"
        says = (
            f"is the same as in {evidence.cell(other)} beside it, but the {number(int(near[suspect]))} periods around it "
            f"lie in {usual}: {evidence.series_name(row)}, {evidence.period(row)}."
        )
        yield evidence.problem(
            "warning", "outlier", row, says, "Check whether it was copied from the cell beside it; keep it if it is printed so."
        )
    copies = np.zeros(len(rows), dtype=bool)
    for places_ in _editions_repeated(evidence):
        copies[places_] = True
        row = int(rows[places_[np.argmax(evidence.low[rows[places_]])]])
        says = f"and the other figures of its kind for {evidence.period(row)} repeat those of the period before, nearly all of {number(len(places_))}."
        yield evidence.problem("warning", "outlier", row, says, "Check whether the figures of the earlier period were copied.")
    for index in each(_picked(evidence, "repeats")[0]):
        if copies[index]:
            continue
        row = int(rows[index])
        says = f"is the very number of the period before: {evidence.series_name(row)}, {evidence.period(row)}."
        yield evidence.problem("warning", "outlier", row, says, "Check whether it was copied; keep it if it is printed so.")


@dataclass
class _Figures:
    """Some figures, whole series each in the order of time, and where the first of them stands among all."""

    first: int
    series: np.ndarray
    low: np.ndarray
    high: np.ndarray
    volatile: np.ndarray
    judged: np.ndarray
    """Whether a figure is one of the table's that is not held as it is."""

    @cached_property
    def before(self) -> np.ndarray:
        """The figure of the period before."""
        return shifted(self.low, self.series, (1,))[0]


def _in_parts(evidence: Evidence) -> Iterator[_Figures]:
    # Some hundred thousand figures at a time, whole series, since several copies of a million would fill the memory.
    rows, series = evidence.in_series()
    new = evidence.is_new & ~_is_as_held(evidence)
    volatile = evidence.is_in("measure", VOLATILE)
    for first, end in _whole_series(series):
        figure_rows, of = rows[first:end], series[first:end]
        low, high = evidence.low[figure_rows], evidence.high[figure_rows]
        yield _Figures(first, of, low, high, volatile[figure_rows], new[figure_rows])


def _whole_series(series: np.ndarray) -> Iterator[tuple[int, int]]:
    first = 0
    while first < len(series):
        end = int(np.searchsorted(series, series[min(first + _FIGURES_AT_ONCE, len(series)) - 1], side="right"))
        yield first, end
        first = end


def _picked(evidence: Evidence, name: str) -> tuple[np.ndarray, ...]:
    # Places of figures with enough periods around them that a condition picks, with the lowest, the highest and the number around each.
    conditions = {"jumps": _jumps, "apart": _apart, "repeats": _repeats}

    def all_picked() -> dict[str, tuple[np.ndarray, ...]]:
        none = tuple(np.empty(0, kind) for kind in (np.int32, float, float, np.int8))
        picked = {name: [none] for name in conditions}
        for stretch in _in_parts(evidence):
            least, greatest, around = _around(stretch.low, stretch.high, stretch.series)
            judged = stretch.judged & (around >= FEWEST_AROUND)
            for name, picks in conditions.items():
                places_ = np.flatnonzero(judged & picks(stretch, least, greatest))
                picked[name].append(((stretch.first + places_).astype(np.int32), least[places_], greatest[places_], around[places_]))
        return {name: tuple(np.concatenate(column) for column in zip(*parts, strict=True)) for name, parts in picked.items()}

    return evidence.kept(("picked",), all_picked)[name]


def _jumps(stretch: _Figures, least: np.ndarray, greatest: np.ndarray) -> np.ndarray:
    factor, size = np.where(stretch.volatile, JUMP_OF_VOLATILE, JUMP), np.where(stretch.volatile, SIZE_OF_VOLATILE, SIZE)
    up = (stretch.low >= factor * np.maximum(greatest, 1)) & (stretch.low >= size)
    return up | ((least >= factor * np.maximum(stretch.high, 1)) & (least >= size))


def _apart(stretch: _Figures, least: np.ndarray, greatest: np.ndarray) -> np.ndarray:
    band = (stretch.low < stretch.high) & (stretch.low > 0) & ((stretch.low > greatest) | (stretch.high < least))
    return band | ((stretch.low == stretch.high) & (stretch.low >= COPIED) & ((stretch.low > 2 * greatest) | (2 * stretch.high < least)))


def _repeats(stretch: _Figures, least: np.ndarray, greatest: np.ndarray) -> np.ndarray:
    return (stretch.low == stretch.high) & (stretch.low == stretch.before) & (stretch.low >= REPEATED_COUNT) & (least < greatest)


def _held_rows(evidence: Evidence) -> np.ndarray:
    # For each row, the last held row of the same series and period; -1 where none is held.
    key = evidence.key(*KEY)
    known = np.full(key.max(initial=-1) + 1, -1, dtype=np.int32)
    known[key[: evidence.first]] = np.arange(evidence.first)
    return known[key]


def _is_as_held(evidence: Evidence) -> np.ndarray:
    if not evidence.first:
        return np.zeros(len(evidence), dtype=bool)
    known = _held_rows(evidence)
    return (known >= 0) & (evidence.low == evidence.low[known]) & (evidence.high == evidence.high[known])


def _around(low: np.ndarray, high: np.ndarray, series: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    # The lowest and the highest of the periods around each, and how many there are.
    least, greatest = np.full(len(low), np.nan), np.full(len(low), np.nan)
    count = np.zeros(len(low), dtype=np.int8)
    for step in (step for near in range(1, AROUND + 1) for step in (near, -near)):
        there, here = (slice(None, -step), slice(step, None)) if step > 0 else (slice(-step, None), slice(None, step))
        same = series[there] == series[here]
        np.fmin(least[here], low[there], out=least[here], where=same)
        np.fmax(greatest[here], high[there], out=greatest[here], where=same)
        count[here] += same
    return least, greatest, count


def _slip(value: float, least: float, greatest: float) -> str:
    for scale in _SCALES:
        for candidate in (value / scale, value * scale):
            if least <= candidate <= greatest and candidate >= 10:
                return f" {number(round(candidate))} would lie among them: a digit may be too many or too few."
    return ""


def _editions_apart(evidence: Evidence) -> Iterator[tuple[np.ndarray, float]]:
    def ratios(stretch: _Figures) -> tuple[np.ndarray, np.ndarray]:
        # Small numbers and noughts say nothing of the unit.
        telling = np.flatnonzero(
            stretch.judged & (np.maximum(stretch.low, stretch.before) >= 10) & (np.minimum(stretch.low, stretch.before) >= 1)
        )
        return telling, stretch.low[telling] / stretch.before[telling]

    # Of a median that is far off, half of the figures are at least.
    for places_, ratios_found in _by_edition(evidence, ratios, lambda ratio: (ratio >= JUMP) | (ratio <= 1 / JUMP), 1 / 2):
        ratio = float(np.median(ratios_found))
        if ratio >= JUMP or ratio <= 1 / JUMP:
            yield places_, ratio


def _editions_repeated(evidence: Evidence) -> Iterator[np.ndarray]:
    def repeated(stretch: _Figures) -> tuple[np.ndarray, np.ndarray]:
        telling = np.flatnonzero(stretch.judged & (stretch.low == stretch.high) & (stretch.low >= 5) & ~np.isnan(stretch.before))
        return telling, stretch.low[telling] == stretch.before[telling]

    for places_, _ in _by_edition(evidence, repeated, lambda equal: equal, REPEATED):
        yield places_


def _by_edition(
    evidence: Evidence,
    measured: Callable[[_Figures], tuple[np.ndarray, np.ndarray]],
    is_odd: Callable[[np.ndarray], np.ndarray],
    share: float,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    # What is told of figures, by kind of figure and period: of enough requesters, and where such a share of the figures is odd.
    parts = [
        (stretch.first + places_.astype(np.int32), values) for stretch in _in_parts(evidence) for places_, values in (measured(stretch),)
    ]
    if not parts:
        return
    places_, values = (np.concatenate(column) for column in zip(*parts, strict=True))
    del parts
    group = evidence.key(*_BLOCK, "period_start", "document")[evidence.in_series()[0][places_]]
    counts, odd = np.bincount(group), np.bincount(group[is_odd(values)], minlength=group.max(initial=-1) + 1)
    wanted = ((counts >= REQUESTERS) & (odd >= share * counts))[group]
    places_, values, group = places_[wanted], values[wanted], group[wanted]
    order = np.argsort(group, kind="stable")
    for some in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        if len(some):
            yield places_[some], values[some]


def _equal_beside(evidence: Evidence, rows: np.ndarray, suspects: np.ndarray) -> Iterator[tuple[int, int]]:
    # Some of the suspects, by their number, each with a row of the same requester and period that holds the same in an adjacent cell.
    if not len(suspects):
        return
    same = evidence.key("reporter", "service", "requester", "period_start", "period_end", "document")
    wanted = np.zeros(same.max(initial=-1) + 1, dtype=bool)
    wanted[same[rows[suspects]]] = True
    near = np.flatnonzero(wanted[same] & evidence.is_new).astype(np.int32)
    near = near[np.lexsort((near, evidence.high[near], evidence.low[near], same[near]))]
    # Runs of rows that hold the same; a row that stands alone has no equal beside it.
    ends = [values[near][1:] != values[near][:-1] for values in (same, evidence.low, evidence.high)]
    run = np.append(np.int32(0), np.cumsum(ends[0] | ends[1] | ends[2], dtype=np.int32))
    run_of = np.zeros(len(same), dtype=np.int32)
    run_of[near] = run
    alone = np.bincount(run) == 1
    for index in each(np.flatnonzero(~alone[run_of[rows[suspects]]])):
        row = int(rows[suspects[index]])
        here = run_of[row]
        for other in each(near[np.searchsorted(run, here) : np.searchsorted(run, here, side="right")]):
            if other != row and _is_adjacent(evidence.cell(row), evidence.cell(other)):
                yield index, other
                break


def _is_adjacent(cell: str, other: str) -> bool:
    here, there = parsed(cell), parsed(other)
    if here and there:
        return here.is_beside(there)
    # A place in JSON has no left and right; the same record is near enough.
    return "[" in cell and _record(cell) == _record(other)


def _record(cell: str) -> str:
    # `rows[17]` of `rows[17][4]`, and `requests[3]` of `requests[3].count`.
    return cell.rpartition("[" if cell.endswith("]") else ".")[0]


def _left_out(evidence: Evidence) -> Iterator[Problem]:
    # Held figures of a kind and period that the table prints, without being in it.
    printed = evidence.key(*_BLOCK, "period_start", "period_end")
    key = evidence.key(*KEY)
    comparable = np.flatnonzero(~evidence.is_new & np.isin(printed, printed[evidence.first :]))
    lacks = ~np.isin(key[comparable], key[evidence.first :])
    # A held document of which next to nothing is here is no earlier edition of this one but prints the same kind for others.
    documents = np.unique(evidence.codes("document")[0][comparable], return_inverse=True)[1]
    here = np.bincount(documents, ~lacks) >= EARLIER_EDITION * np.bincount(documents)
    rows = comparable[lacks & here[documents]]
    if len(rows):
        says = "leaves out {figures} held for {periods}: {who}."
        spans = [evidence.days(row) for row in each(rows)]
        yield _missing(evidence, rows, spans, says, "Nothing need be done if the publisher has withdrawn them.")


def _regulars_missing(evidence: Evidence) -> Iterator[Problem]:
    # Three figures in a row, then none, although the table prints others of the kind for the next period.
    rows, series = evidence.in_series()
    if not len(rows):
        return
    # Moments: the periods of each kind of figure, numbered in order.
    first_days, _, period = evidence.spans
    day = np.unique(first_days, return_inverse=True)[1].astype(np.int32)
    kind, span = evidence.key(*_BLOCK), int(day.max()) + 2
    moment, count = dense(kind * np.int64(span) + day[period], (int(kind.max()) + 1) * span)
    row_of, in_table, in_past = np.zeros(count, np.int32), np.zeros(count, bool), np.zeros(count, bool)
    row_of[moment] = np.arange(len(moment), dtype=np.int32)
    in_table[moment[evidence.first :]], in_past[moment[: evidence.first]] = True, True
    following = np.minimum(np.arange(count) + 1, count - 1)
    expected = (kind[row_of[following]] == kind[row_of]) & in_table[following] & ~in_past[following] & (following > np.arange(count))
    missing: list[np.ndarray] = []
    for first, end in _whole_series(series):
        at, low, of = moment[rows[first:end]].astype(float), evidence.low[rows[first:end]], series[first:end]
        regular = expected[moment[rows[first:end]]] & (low >= REGULAR) & (shifted(at, of, (-1,))[0] != at + 1)
        for step in (1, 2):
            regular &= (shifted(at, of, (step,))[0] == at - step) & (shifted(low, of, (step,))[0] >= REGULAR)
        missing.append(rows[first + np.flatnonzero(regular)])
    lacking = np.concatenate(missing)
    if len(lacking):
        spans = [evidence.days(int(row_of[following[moment[row]]])) for row in each(lacking)]
        says = "has no figure for {periods} where each of the last three periods had one: {who}."
        fix = "Check whether rows were lost; nothing need be done if the publisher left them out."
        yield _missing(evidence, lacking, spans, says, fix)


def _missing(evidence: Evidence, rows: np.ndarray, spans: list[tuple[int, int]], says: str, fix: str) -> Problem:
    # One problem for all that is missing: whole rows lost are one mistake.
    rows = rows[np.argsort(-evidence.high[rows], kind="stable")]
    requesters = dict.fromkeys(places.name(evidence.word(row, "requester")) for row in each(rows))
    periods = [period_label(*span) for span in sorted(set(spans))]
    sentence = says.format(figures=counted(len(rows), "figure"), periods=listed(periods, 3), who=listed(list(requesters), 5))
    return Problem("warning", "missing_value", sentence, fix, value=listed(_documents(evidence), 1))


def _documents(evidence: Evidence) -> list[str]:
    # The table's documents, in the order in which they come.
    codes, words = evidence.codes("document")
    codes_found, first = np.unique(codes[evidence.first :], return_index=True)
    return [str(word) for word in words[codes_found[np.argsort(first)]]]
