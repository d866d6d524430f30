"""How series moved between two of their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd

from dashboard.analysis.series import days_of
from dashboard.model.intervals import CANNOT_BE_SAID, Interval, direction
from dashboard.model.periods import Period


class Number(NamedTuple):
    """One number of a series: in which row of its table it stands (counted from 0), its first and last day, and its ends."""

    position: int
    start: date
    end: date
    low: float
    high: float

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def interval(self) -> Interval:
        return Interval(self.low, self.high)


def numbers_of(table: pd.DataFrame) -> dict[str, list[Number]]:
    """The numbers of each series in order of time, by `label` in the order of the table; rows without a number are left out."""
    series: dict[str, list[Number]] = {}
    days, ends = (
        (days_of(table[column]) for column in ("period_start", "period_end")),
        (table[column].tolist() for column in ("low", "high")),
    )
    for label, *number in zip(table["label"].tolist(), range(len(table)), *days, *ends, strict=True):
        if number[-1] == number[-1]:
            series.setdefault(label, []).append(Number(*number))
    return {label: sorted(numbers, key=lambda one: (one.start, one.end)) for label, numbers in series.items()}


@dataclass(frozen=True)
class Change:
    """How a series moved between the first and the last period with a number.

    `peak` is the number with the largest lower end, `before` the last but one, `difference` that of last and first. `movement` and
    `last_step` (from the period before) are `rose`, `fell`, `unchanged`, `unsaid` (it may be none) or `lengths` (periods of other
    length); `movement` also `single` (one period), `last_step` blank where it tells no more than `movement`. `has_peak` tells whether the
    peak lies between first and last and is certainly above both.
    """

    label: str
    measure: str
    first: Number
    last: Number
    before: Number
    peak: Number
    difference: Interval
    movement: str
    last_step: str
    has_peak: bool


def changes(table: pd.DataFrame) -> list[Change]:
    """How each series (by its `label`) moved, in the order of the table; a series without a number is left out."""
    measures = table["measure"].tolist()
    per_series = []
    for label, numbers in numbers_of(table).items():
        first, last, before = numbers[0], numbers[-1], numbers[-2:][0]
        peak = max(numbers, key=lambda one: one.low)
        movement = _direction(first, last) if len(numbers) > 1 else "single"
        last_step = _direction(before, last) if len(numbers) > 2 else ""
        has_peak = peak.low > max(first.high, last.high) and {_direction(first, peak), _direction(peak, last)} == {"rose", "fell"}
        difference = last.interval - first.interval
        per_series.append(Change(label, measures[first.position], first, last, before, peak, difference, movement, last_step, has_peak))
    return per_series


def _direction(earlier: Number, later: Number) -> str:
    # Half-years differ by a few days in length, and are one length all the same.
    if (earlier.end - earlier.start).days // 25 != (later.end - later.start).days // 25:
        return "lengths"
    movement = direction(earlier.interval, later.interval)
    return "unsaid" if movement == CANNOT_BE_SAID else movement
