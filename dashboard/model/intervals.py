"""Closed intervals: the only form in which a published number is held, computed with or shown.

An exact count is an interval whose ends are equal. There is no midpoint here, on purpose: a legal band
such as 0–499 says that the number lies inside it and nothing more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

import numpy as np


@dataclass(frozen=True, slots=True)
class Interval:
    """All values from `low` to `high`, both included; `high` may be infinite ("500 or more")."""

    low: float
    high: float

    def __post_init__(self):
        if math.isnan(self.low) or math.isnan(self.high):
            raise ValueError("an interval needs both ends; a missing number is no interval")
        if self.low > self.high:
            raise ValueError(f"the lower end {self.low:g} lies above the upper end {self.high:g}")

    @classmethod
    def exact(cls, value: float) -> Interval:
        """The interval that holds one value."""
        return cls(value, value)

    @property
    def is_exact(self) -> bool:
        """Whether the interval holds one value only."""
        return self.low == self.high

    @property
    def width(self) -> float:
        """Upper end minus lower end."""
        return self.high - self.low

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, factor: float) -> Interval:
        """Scale by a known number; a negative factor swaps the ends."""
        return Interval(*sorted((_product(self.low, factor), _product(self.high, factor))))

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Interval:
        """Divide by a known number other than zero, such as days or people."""
        return Interval(*sorted((self.low / divisor, self.high / divisor)))

    def times(self, other: Interval) -> Interval:
        """Product of two numbers that are not negative: worst case against worst case."""
        if self.low < 0 or other.low < 0:
            raise ValueError("a product is taken of counts and shares, which are not negative")
        return Interval(_product(self.low, other.low), _product(self.high, other.high))

    def ratio(self, other: Interval) -> Interval:
        """How many times `other` goes into this one, in the worst cases; both not negative.

        Where `other` may be zero the upper end is infinite; where it is zero throughout there is no ratio.
        """
        if self.low < 0 or other.low < 0:
            raise ValueError("a ratio is taken of counts, which are not negative")
        if other.high == 0:
            raise ZeroDivisionError("the whole is zero")
        low = 0.0 if math.isinf(other.high) else self.low / other.high
        return Interval(low, self.high / other.low if other.low else math.inf)

    def share(self, whole: Interval) -> Interval:
        """Part over whole: a ratio that cannot exceed 1, since the part is counted in the whole."""
        ratio = self.ratio(whole)
        if ratio.low > 1:
            raise ValueError(f"the part {self} exceeds the whole {whole}")
        return Interval(ratio.low, min(ratio.high, 1.0))

    def is_inside(self, other: Interval) -> bool:
        """Whether every value here lies in `other`."""
        return other.low <= self.low and self.high <= other.high

    def overlaps(self, other: Interval) -> bool:
        """Whether some value lies in both."""
        return self.low <= other.high and other.low <= self.high

    def __str__(self) -> str:
        return text(self)


def total(parts: Iterable[Interval]) -> Interval:
    """Sum of intervals: the lower ends and the upper ends added separately. No parts is an error, not zero."""
    parts = list(parts)
    if not parts:
        raise ValueError("a total of nothing is not zero: there is no part to add")
    return Interval(sum(interval.low for interval in parts), sum(interval.high for interval in parts))


CANNOT_BE_SAID = "cannot be said"
"""The direction of a difference that may be zero but need not be."""


def direction(earlier: Interval, later: Interval) -> str:
    """`rose`, `fell`, `unchanged`, or `cannot be said` where the difference may be zero but need not be."""
    difference = later - earlier
    if difference.low > 0:
        return "rose"
    if difference.high < 0:
        return "fell"
    return "unchanged" if difference.is_exact else CANNOT_BE_SAID


def rounded_share(percent: str | float, decimals: int | None = None) -> Interval:
    """The shares that round to a printed percentage: `64` is [0.635, 0.645], within 0 and 1."""
    printed = str(percent).strip()
    if decimals is None:
        decimals = len(printed.partition(".")[2])
    value, half = Fraction(printed), Fraction(1, 2 * 10**decimals)
    return Interval(float(max(0, value - half) / 100), float(min(100, value + half) / 100))


def counts_allowed(low: np.ndarray, high: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The least and the largest whole count that shares of `whole` from `low` to `high` allow, row by row (the GRIM test).

    Where the least exceeds the largest no count rounds to the share; a missing end or whole gives missing counts.
    """
    # The ends carry binary noise (0.635 * 200 is 127.00000000000001); it must not exclude a boundary count, nor what is
    # allowed for it admit another: a percentage with two decimals comes as near as 1/20,000 to a count that it excludes.
    noise = 1e-13 * np.maximum(1, whole)
    return np.ceil(low * whole - noise), np.floor(high * whole + noise)


def nearest_possible(share: Interval, whole: int) -> list[int]:
    """For an impossible percentage, the whole counts just below and just above it."""
    below = math.floor(share.low * whole)
    return [count for count in (below, below + 1) if 0 <= count <= whole]


def outwards(interval: Interval, decimals: int = 0) -> Interval:
    """The narrowest interval with ends of so many decimals that holds the whole of this one; an endless end stays."""
    return Interval(floor(interval.low, decimals), ceiling(interval.high, decimals))


def floor(value: float, decimals: int) -> float:
    """The greatest number of so many decimals that is not above a value; what is infinite or missing (NaN) stays."""
    return _to_decimals(value, decimals, ROUND_FLOOR)


def ceiling(value: float, decimals: int) -> float:
    """The least number of so many decimals that is not below a value; what is infinite or missing (NaN) stays."""
    return _to_decimals(value, decimals, ROUND_CEILING)


def number(value: float, decimals: int = 0) -> str:
    """A number with thousands separated by commas: 44,943."""
    if math.isinf(value):
        return "no upper limit"
    return f"{value:,.{decimals}f}"


def text(interval: Interval, decimals: int = 0, unit: str = "") -> str:
    """An interval as it is read: `44,943`, `0–499`, `501 or more`; with a unit such as ` %` once at the end.

    A range is rounded outwards, so that it holds what it stands for; a single number is rounded to its last decimal.
    """
    shown = interval if interval.is_exact else outwards(interval, decimals)
    low = number(shown.low, decimals)
    if math.isinf(shown.high):
        return f"{low}{unit} or more"
    high = number(shown.high, decimals)
    return f"{low}{unit}" if low == high else f"{low}–{high}{unit}"


_WHOLE_FROM = 2.0**53
"""From here on every binary number is whole, the endless one too."""


def _to_decimals(value: float, decimals: int, rounding: str) -> float:
    # By the decimal digits of the number as it is written, not by the binary ones behind them: 0.29 % stays 0.29 %.
    if not abs(value) < _WHOLE_FROM:
        return value
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=rounding))


def _product(one: float, other: float) -> float:
    # Nothing times "no upper limit" is nothing, where the machine's arithmetic has no answer. A missing factor stays missing.
    if 0 in (one, other) and (math.isinf(one) or math.isinf(other)):
        return 0
    return one * other


def counted(count: float, noun: str, plural: str = "") -> str:
    """`1 row`, `1,204 rows`; `plural` where it is not the noun with an s."""
    return f"{number(count)} {noun if count == 1 else plural or noun + 's'}"


def listed(words: Iterable[str], max_words: int = 99, word: str = "and") -> str:
    """`a`, `a and b`, `a, b, c and 12 more`; blank for none."""
    words = list(words)
    if len(words) > max_words:
        words = [*words[:max_words], f"{number(len(words) - max_words)} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {word} {words[-1]}" if words else ""


def plain_number(value: float) -> str:
    """A number as text without a needless fraction: `499`, `0.635`, `inf`, and nothing for a missing one."""
    if math.isnan(value):
        return ""
    return str(int(value)) if value != math.inf and value == int(value) else repr(float(value))
