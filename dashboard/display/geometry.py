"""Where things stand on a chart: periods that are drawn, steps and outlines, round divisions, labels that do not touch.

What is here knows no library of charts, so that pages, figures and embeds can draw a series alike.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from dashboard.model.periods import Period, half, label

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """One number of a series as it is drawn: across `start` to the day before `end`, from `low` to `high` (infinite where open); `row` is its row number."""

    row: int
    start: date
    end: date
    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def name(self) -> str:
        """The period's name."""
        return label(Period(self.start, self.end - DAY))


@dataclass(frozen=True, slots=True)
class Slot:
    """A period of the axis at which a cursor stops: its name, its first day, and the day after its last."""

    name: str
    start: date
    end: date

    @property
    def middle(self) -> date:
        return self.start + (self.end - self.start) / 2


def stretches(table: pd.DataFrame) -> dict[str, list[Stretch]]:
    """The numbers of each series, by `label` in the order of the table, in order of time; rows without a number are left out.

    Where a series prints a year and both its halves, the halves are drawn; where the parts do not fill it, all are.
    """
    series = one_by_one(table)
    return {name: _one_length(series[name]) for name in dict.fromkeys(table["label"]) if name in series}


def one_by_one(table: pd.DataFrame) -> dict[str, list[Stretch]]:
    """Every number of a table as a stretch, by its `label`, also where several are of one period."""
    series: dict[str, list[Stretch]] = {}
    columns = (table.index, table["label"], table["period_start"].dt.date, table["period_end"].dt.date, table["low"], table["high"])
    for row, name, start, end, low, high in zip(*columns, strict=True):
        if low == low:
            series.setdefault(name, []).append(Stretch(int(row), start, end + DAY, float(low), float(high)))
    return series


def _one_length(own: list[Stretch]) -> list[Stretch]:
    own = sorted(own, key=lambda one: (one.start, -one.days))
    kept: list[Stretch] = []
    inner: dict[int, list[Stretch]] = {}
    for one in own:
        if kept and one.end <= kept[-1].end and one.days < kept[-1].days:
            inner.setdefault(len(kept) - 1, []).append(one)
        else:
            kept.append(one)
    drawn: list[Stretch] = []
    for index, whole in enumerate(kept):
        parts = inner.get(index, [])
        fills = parts and parts[0].start == whole.start and parts[-1].end == whole.end
        fills = fills and all(one.end == other.start for one, other in itertools.pairwise(parts))
        drawn += parts if fills else [whole, *parts]
    return drawn


def runs(series: Iterable[Stretch]) -> list[list[Stretch]]:
    """Numbers that a line joins: one begins where the other ends, both of about the same length, both exact or both ranges."""
    joined_runs: list[list[Stretch]] = []
    for one in series:
        before = joined_runs[-1][-1] if joined_runs else None
        joins = before and before.end == one.start and abs(before.days - one.days) <= 4 and before.is_exact == one.is_exact
        if joins:
            joined_runs[-1].append(one)
        else:
            joined_runs.append([one])
    return joined_runs


Line = tuple[list[date | None], list[float | None]]
"""The days and the values of the points of a line, with `None` where it is interrupted."""


def steps(series: Iterable[Stretch]) -> Line:
    """A line across each exact number's period, upright where one follows the other, interrupted between runs."""
    return _line([(day, one.low) for one in run for day in (one.start, one.end)] for run in runs(one for one in series if one.is_exact))


def outlines(series: Iterable[Stretch], top: float, floor: float = 0.0) -> Line:
    """The outline of each range; ranges alike that follow each other share one. An open end is drawn up to `top`, a lower one at `floor`."""
    merged: list[list] = []
    for one in series:
        if one.is_exact:
            continue
        low, high = max(one.low, floor), min(one.high, top)
        if merged and merged[-1][1] == one.start and merged[-1][2:] == [low, high]:
            merged[-1][1] = one.end
        else:
            merged.append([one.start, one.end, low, high])
    return _line([(start, low), (end, low), (end, high), (start, high), (start, low)] for start, end, low, high in merged)


def apart_from_each_other(series: Iterable[Stretch], top: float, floor: float = 0.0) -> Line:
    """Each stretch drawn by itself, as `steps` or as `outlines`, one after the other in one line with gaps."""
    lines = (steps([one]) if one.is_exact else outlines([one], top, floor) for one in series)
    return _line([(x, max(y, floor)) for x, y in zip(xs, ys, strict=True)] for xs, ys in lines)


def _line(paths: Iterable[list[tuple[date, float]]]) -> Line:
    points = [point for path in paths for point in (*path, (None, None))][:-1]
    return [x for x, _ in points], [y for _, y in points]


def facing(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float] | None:
    """The ends at which two ranges face each other, between which a line joins them; None where they touch or overlap."""
    low, high = sorted((one, other))
    return (low[1], high[0]) if low[1] < high[0] else None


def overlap(series: dict[str, list[Stretch]], least: float = 0.0) -> bool:
    """Whether ranges of two series, both wider than `least`, cover each other somewhere, so that one chart of both could not be read."""
    ranges = [(name, one) for name, own in series.items() for one in own if one.high - one.low > least]
    ranges.sort(key=lambda pair: pair[1].start)
    for index, (name, one) in enumerate(ranges):
        for other_name, other in ranges[index + 1 :]:
            if other.start >= one.end:
                break
            if other_name != name and one.low < other.high and other.low < one.high:
                return True
    return False


def slots(series: dict[str, list[Stretch]]) -> list[Slot]:
    """The periods at which a cursor stops, from the first number to the last: years, halves, quarters or months, as the finest bound needs."""
    every = [one for own in series.values() for one in own]
    if not every:
        return []
    bounds = {(bound.month, bound.day) for one in every for bound in (one.start, one.end)}
    length = next(
        (
            length
            for length, allowed in ((12, {(1, 1)}), (6, {(1, 1), (7, 1)}), (3, {(month, 1) for month in (1, 4, 7, 10)}))
            if bounds <= allowed
        ),
        1,
    )
    first, last = min(one.start for one in every), max(one.end for one in every)
    # A bound in the middle of a month belongs to the slot that holds it.
    if length == 1 and len({day for _, day in bounds}) > 1:
        length = 6
    start = (first.year * 12 + first.month - 1) // length * length
    own = []
    while date(start // 12, start % 12 + 1, 1) < last:
        following = start + length
        begin, end = date(start // 12, start % 12 + 1, 1), date(following // 12, following % 12 + 1, 1)
        own.append(Slot(label(Period(begin, end - DAY)), begin, end))
        start = following
    return own


def at(series: Sequence[Stretch], slot: Slot) -> Stretch | None:
    """The number of a series whose period covers the middle of a slot."""
    return next((one for one in series if one.start <= slot.middle < one.end), None)


def halves(first: date, last: date) -> list[str]:
    """The names of the half-years that touch the days from `first` to `last`."""
    half_years = [half(number, number_of_half) for number in range(first.year, last.year + 1) for number_of_half in (1, 2)]
    return [str(period) for period in half_years if period.end >= first and period.start <= last]


def divisions(top: float, max_count: int = 5, *, is_whole: bool = False) -> list[float]:
    """Round values from zero up to `top`, at most so many and one more; of what `is_whole`, whole numbers alone."""
    if not top > 0 or math.isinf(top):
        return [0.0, 1.0]
    least = top / max_count
    power = 10.0 ** math.floor(math.log10(least))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= least * 0.999)
    if is_whole and not step.is_integer():
        step = 1.0 if step < 1 else 2.0 if top // 2 <= max_count else 5.0
    return [index * step for index in range(math.floor(top / step + 1e-9) + 1)]


def apart(wanted: list[float], heights: list[float], top: float, bottom: float) -> list[float]:
    """Middles in order, each at least half of both heights from the next, as near to where they were wanted as can be."""
    groups: list[list] = []
    for index, (middle, height) in enumerate(zip(wanted, heights, strict=True)):
        groups.append([[index], height, middle])
        while True:
            members, tall, centre = groups[-1]
            centre = min(max(centre, top + tall / 2), bottom - tall / 2)
            groups[-1][2] = centre
            if len(groups) < 2 or groups[-2][2] + groups[-2][1] / 2 <= centre - tall / 2:
                break
            before = groups[-2]
            joined = before[0] + members
            mean = sum(wanted[member] for member in joined) / len(joined)
            groups[-2:] = [[joined, before[1] + tall, mean]]
    placed = [0.0] * len(wanted)
    for members, tall, centre in groups:
        y = centre - tall / 2
        for member in members:
            placed[member] = y + heights[member] / 2
            y += heights[member]
    return placed


def scale_of(top: float, height: float, *, low: float = 0.0, is_log: bool = False) -> Callable[[float], float]:
    """How far from the upper edge of a plot of a height a value stands."""
    if is_log:
        span = math.log10(top) - math.log10(low)
        return lambda value: height * (1 - (math.log10(max(value, low)) - math.log10(low)) / span)
    return lambda value: height * (1 - value / top)
