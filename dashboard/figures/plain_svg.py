"""Charts as SVG written from rows, with no chart library and no browser, for pages that must be light: the same steps, bands and gaps.

What is given back fills a viewport of any width: positions along time are percentages, so that letters and strokes keep their size.
"""

from __future__ import annotations

import html
import math
from dataclasses import dataclass

import pandas as pd

from dashboard.display import charts, fonts
from dashboard.display.languages import Language
from dashboard.figures.request import Theme
from dashboard.figures.sheet import Axis
from dashboard.model import vocabulary

TYPE = 12
"""Height of the letters beside the axes, in pixels."""
_ACROSS = 1000
_DASHES = {"dash": "9 5", "dot": "2.5 3.5", "dashdot": "9 4 2.5 4", "longdash": "15 5", "longdashdot": "15 4 2.5 4"}
_MOST_YEARS = 7


def style(theme: Theme, font: str) -> str:
    """The CSS of every chart here, with the inks of a theme."""
    series = "".join(
        f".c{place}{{stroke:{colour}}}.c{place}.b,.f{place}{{fill:{colour}}}"
        + (f".c{place}.n{{stroke-dasharray:{_DASHES[dash]}}}" if dash in _DASHES else "")
        for place, (colour, dash) in enumerate(zip(charts.COLOURS, charts.DASHES, strict=True))
    )
    return (
        f"svg text{{font:{TYPE}px {font};fill:{theme.quiet}}}.y{{text-anchor:end}}.x{{text-anchor:middle}}.m{{font-weight:600}}"
        f"path{{fill:none;vector-effect:non-scaling-stroke}}.g{{stroke:{theme.grid}}}.z{{stroke:{theme.quiet}}}"
        f".k{{stroke:{theme.quiet};stroke-dasharray:2 3}}.n{{stroke-width:2.4}}.b{{stroke-width:1.2;fill-opacity:.28}}.p{{fill-opacity:.4}}{series}"
    )


@dataclass(frozen=True)
class Span:
    """The time and the values that charts have in common."""

    first: pd.Timestamp
    last: pd.Timestamp
    axis: Axis

    @classmethod
    def of(cls, rows: pd.DataFrame, language: Language, height: float, *, scaled: bool) -> Span:
        """The span in which all rows have room, its values divided for a height in pixels."""
        numbers = rows.dropna(subset=["low"])
        ends = [*numbers["high"].replace(math.inf, math.nan).dropna(), *numbers["low"]]
        is_share = not scaled and bool(rows["measure"].isin(vocabulary.SHARES).all())
        axis = Axis(max(ends, default=0), is_share, language)
        axis.divide(height / 48)
        return cls(rows["period_start"].min(), rows["period_end"].max() + pd.Timedelta(days=1), axis)

    @property
    def width(self) -> float:
        """Room that the values need beside the chart, in pixels."""
        return self.axis.width(TYPE) + 8

    def x(self, day: pd.Timestamp) -> float:
        """Where a day stands, 0 to 1."""
        return (day - self.first) / (self.last - self.first)

    def y(self, value: float, height: float) -> float:
        """Where a value stands, from the top."""
        return height * (1 - min(value, self.axis.end) / self.axis.end)


def over_time(
    rows: pd.DataFrame, span: Span, *, height: float, breaks: list[tuple[str, pd.Timestamp]] = (), first: int = 0, sparse: bool = False
) -> str:
    """Series over time, one colour and dash each from the `first` on. A band is drawn from its lower to its upper end, and a gap is left.

    `breaks` are numbered days; a `sparse` chart names only the first and the last year.
    """
    ticks = [(span.y(tick, height), text) for tick, text in zip(span.axis.ticks, span.axis.texts, strict=True)]
    drawn = [_path("g", "".join(f"M0 {_short(y)}H{_ACROSS}" for y, _ in ticks[1:])), _path("z", f"M0 {_short(height)}H{_ACROSS}")]
    inside = [(mark, span.x(day)) for mark, day in breaks if span.first < day < span.last]
    if inside:
        drawn.append(_path("k", "".join(f"M{_short(x * _ACROSS)} 0V{_short(height)}" for _, x in inside)))
    for place, (_, series) in enumerate(rows.groupby("label", sort=False), start=first):
        drawn += _series(series, place % len(charts.COLOURS), span, height)
    texts = [f'<text class="y" x="-6" y="{_short(y + TYPE * 0.35)}">{_escaped(text)}</text>' for y, text in ticks]
    texts += [
        f'<text class="x" x="{_short(x * 100)}%" y="{_short(height + 16)}">{_escaped(text)}</text>' for x, text in _times(span, sparse)
    ]
    texts += [f'<text class="x m" x="{_short(x * 100)}%" y="-5">{mark}</text>' for mark, x in inside]
    return f"{_stretched(''.join(drawn), height)}{''.join(texts)}"


def sample(place: int, is_band: bool) -> str:
    """A piece of a series for the legend, 28 by 12 pixels."""
    colour = place % len(charts.COLOURS)
    return _path(f"c{colour} b", "M1 2H27V10H1Z") if is_band else _path(f"c{colour} n", "M0 6H28")


def bar(low: float, high: float, most: float, *, place: int = 0, height: float = 14) -> str:
    """A bar from zero, solid to the lower end and pale from there to the upper; `most` fills the width."""
    solid, pale = (min(end, most) / most * 100 if most else 0 for end in (low, high))
    drawn = f'<rect class="f{place}" width="{_short(solid)}%" height="{height}"/>'
    if high > low:
        drawn += f'<rect class="f{place} p" x="{_short(solid)}%" width="{_short(pale - solid)}%" height="{height}"/>'
    return drawn


def highest(rows: pd.DataFrame) -> float:
    """The value that fills the width of a bar: the largest finite end."""
    return float(pd.concat([rows["low"], rows["high"].replace(math.inf, math.nan)]).max())


def _series(rows: pd.DataFrame, colour: int, span: Span, height: float) -> list[str]:
    rows = rows.dropna(subset=["low"]).sort_values(["period_start", "period_end"])
    bands, line, before = "", "", None
    for row in rows.itertuples():
        start, end = row.period_start, row.period_end + pd.Timedelta(days=1)
        left, right = _short(span.x(start) * _ACROSS), _short(span.x(end) * _ACROSS)
        low, high = _short(span.y(row.low, height)), _short(span.y(row.high, height))
        if row.low < row.high:
            # Where only a lower end is printed the band is open at the top of the chart.
            bands += f"M{left} {low}H{right}V{high}" + (f"M{left} {low}V{high}" if math.isinf(row.high) else f"H{left}Z")
            before = None
            continue
        # A line joins two periods only where one follows the other and both are of the same length.
        is_next = before is not None and before[1] == start and abs((end - start) - (before[1] - before[0])) <= pd.Timedelta(days=4)
        line += f"V{low}H{right}" if is_next else f"M{left} {low}H{right}"
        before = (start, end)
    return [_path(f"c{colour} {kind}", path) for kind, path in (("b", bands), ("n", line)) if path]


def _times(span: Span, sparse: bool) -> list[tuple[float, str]]:
    language = span.axis.language
    years = [year for year in range(span.first.year, span.last.year + 1) if span.first <= pd.Timestamp(year, 1, 1) <= span.last]
    if len(years) < 2:
        return [(0, language.month(span.first.date())), (1, language.month((span.last - pd.Timedelta(days=1)).date()))]
    step = len(years) - 1 if sparse else math.ceil(len(years) / _MOST_YEARS)
    return [(span.x(pd.Timestamp(year, 1, 1)), str(year)) for year in years[::step]]


def _stretched(drawn: str, height: float) -> str:
    return (
        f'<svg viewBox="0 0 {_ACROSS} {_short(height)}" preserveAspectRatio="none" width="100%" height="{_short(height)}" '
        f'overflow="visible">{drawn}</svg>'
    )


def _path(kind: str, path: str) -> str:
    return f'<path class="{kind}" d="{path}"/>'


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _escaped(text: str) -> str:
    return html.escape(fonts.plain(text))
