"""The axis of values of a chart or a figure: where it begins and ends, its divisions, and how they are written."""

from __future__ import annotations

import math

from dashboard.display import fonts, geometry
from dashboard.display.languages import ENGLISH, Numerals

MOST_DIVISIONS = 6
PLAIN = {"fixedrange": True, "automargin": False, "zeroline": False, "title": {"text": ""}}
"""What every Plotly axis says: it stays as it is laid out, and has no title of its own."""
_MOST_FACTORS = 8  # past which an axis that grows by factors has powers of ten alone


class Axis:
    """An axis from zero in even steps or, with the least value above zero as `log_from`, by factors from the power of ten below it."""

    def __init__(self, top: float, is_share: bool, language: Numerals = ENGLISH, *, log_from: float = 0.0):
        self.is_share, self.language = is_share, language
        self._is_whole = not is_share and float(top).is_integer()
        self.start = 10.0 ** math.floor(math.log10(log_from)) if log_from > 0 else 0.0
        if self.start > log_from:  # the logarithm of what lies just below a power of ten is rounded up to it
            self.start /= 10
        """Where it begins: zero, or a power of ten."""
        self.end = (top if top > 0 else 1.0) * (10**0.05 if self.start else 1.06)
        self.divide(5)

    def divide(self, max_count: float) -> None:
        """Choose round steps, so many divisions at most; none of a share beyond the whole."""
        if self.start:
            powers = range(round(math.log10(self.start)), math.ceil(math.log10(self.end)) + 1)
            ticks = [factor * 10.0**power for power in powers for factor in (1, 2, 5) if self.start <= factor * 10.0**power <= self.end]
            self.ticks = ticks if len(ticks) <= _MOST_FACTORS else [tick for tick in ticks if math.log10(tick) % 1 == 0]
        else:
            end = min(self.end, 1.0) if self.is_share else self.end
            # A count goes up by no part of one.
            self.ticks = geometry.divisions(end, min(max_count, MOST_DIVISIONS), is_whole=self._is_whole)

    @property
    def texts(self) -> list[str]:
        """How the divisions are written: in even steps all with the same decimals."""
        write, times = (self.language.percent, 100) if self.is_share else (self.language.number, 1)
        ticks = [tick * times for tick in self.ticks]
        decimals = [next((count for count in range(9) if abs(round(tick, count) - tick) < 1e-9), 9) for tick in ticks]
        return [write(tick, count if self.start else max(decimals)) for tick, count in zip(ticks, decimals, strict=True)]

    def width(self, size: float) -> float:
        """Room for the texts, in pixels, at a size of type."""
        return max(fonts.width(text, size) for text in self.texts)

    def height(self, value: float, plot: float) -> float:
        """How far from the upper edge of a plot so high a value stands."""
        return geometry.scale_of(self.end, plot, low=self.start, is_log=self.start > 0)(min(value, self.end))

    def drawn(self, value: float | None) -> float | None:
        """A value as it is drawn: nothing stands below the lower end of an axis."""
        return None if value is None else max(value, self.start)

    def layout(self) -> dict:
        """What a Plotly axis says of its values; its dress is the chart's."""
        return PLAIN | {
            "type": "log" if self.start else "linear",
            "range": [math.log10(self.start), math.log10(self.end)] if self.start else [0, self.end],
            "tickvals": self.ticks,
            "ticktext": self.texts,
            "showgrid": True,
        }
