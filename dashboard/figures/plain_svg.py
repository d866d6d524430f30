"""Charts as SVG written from rows, with no chart library and no browser, for pages that must be light: the same steps, bands and gaps.

What is given back fills a viewport of any width: positions along time are percentages, so that letters and strokes keep their size.
"""

from __future__ import annotations

import html
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard.analysis.views import View
from dashboard.display import colours, fonts, geometry
from dashboard.display.axes import Axis
from dashboard.display.charts import is_share
from dashboard.display.geometry import Stretch
from dashboard.display.languages import Language
from dashboard.display.series import series_colours
from dashboard.display.timelines import MUTED
from dashboard.figures.request import Theme

TYPE = 12
"""Height of the letters beside the axes, in pixels."""
_ACROSS = 1000
_INKS = (*colours.PALETTE, MUTED)
_MOST_YEARS = 7


def style(theme: Theme, font: str) -> str:
    """The CSS of every chart here, with the inks of a theme."""
    series = "".join(f".c{ink}{{stroke:{colour}}}.c{ink}.b,.f{ink}{{fill:{colour}}}" for ink, colour in enumerate(_INKS))
    return (
        f"svg text{{font:{TYPE}px {font};fill:{theme.quiet}}}.y{{text-anchor:end}}.x{{text-anchor:middle}}.m{{font-weight:600}}"
        f"path{{fill:none;vector-effect:non-scaling-stroke}}.g{{stroke:{theme.grid}}}.z{{stroke:{theme.quiet}}}"
        f".h{{fill:{theme.background};stroke-width:2}}.k{{stroke:{theme.quiet};stroke-dasharray:2 3}}.n{{stroke-width:2.4}}.e{{stroke-width:1.4;stroke-dasharray:2 2;opacity:.6}}.b{{stroke-width:1.2;fill-opacity:.28}}.p{{fill-opacity:.4}}{series}"
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
        axis = Axis(max(ends, default=0), is_share(rows, scaled), language)
        axis.divide(max(2.0, height / 48))
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
        return self.axis.height(value, height)


def inks_of(rows: pd.DataFrame, view: View, muted: Collection[str] = ()) -> dict[str, int]:
    """The number of the ink of each series, by its `label`; those that stand back have one for all."""
    return {name: _INKS.index(MUTED if name in muted else colour) for name, colour in series_colours(rows, view).items()}


def over_time(
    rows: pd.DataFrame,
    span: Span,
    *,
    height: float,
    breaks: list[tuple[str, pd.Timestamp]] = (),
    inks: Mapping[str, int],
    sparse: bool = False,
    earlier: pd.DataFrame,
) -> str:
    """Series over time, each in its ink. A band is drawn from its lower to its upper end, and a gap is left.

    `earlier` are numbers of the same series that are drawn dotted;
    `breaks` are numbered days; `inks` come from `inks_of`; a `sparse` chart names only the first and the last year.
    """
    ticks = [(span.y(tick, height), text) for tick, text in zip(span.axis.ticks, span.axis.texts, strict=True)]
    drawn = [_path("g", "".join(f"M0 {_short(y)}H{_ACROSS}" for y, _ in ticks[1:])), _path("z", f"M0 {_short(height)}H{_ACROSS}")]
    inside = [(sign, span.x(day)) for sign, day in breaks if span.first < day < span.last]
    if inside:
        drawn.append(_path("k", "".join(f"M{_short(x * _ACROSS)} 0V{_short(height)}" for _, x in inside)))
    for name, series in geometry.one_by_one(earlier).items():
        drawn.append(_path(f"c{inks[name]} e", "".join(path for one in series for path in _paths([one], span, height))))
    for name, series in geometry.stretches(rows).items():
        kinds = zip("bn", _paths(series, span, height), strict=True)
        drawn += [_path(f"c{inks[name]} {kind}", path) for kind, path in kinds if path]
    texts = [f'<text class="y" x="-6" y="{_short(y + TYPE * 0.35)}">{_escaped(words)}</text>' for y, words in ticks]
    times = _times(span, sparse)
    # Where a page is narrow it leaves out every second, see `embeds.css`; the first and the last of a few stay.
    kinds = ["x l" if number % 2 and len(times) > 3 else "x" for number in range(len(times))]
    texts += [
        f'<text class="{kind}" x="{_short(x * 100)}%" y="{_short(height + 16)}">{_escaped(words)}</text>'
        for kind, (x, words) in zip(kinds, times, strict=True)
    ]
    texts += [f'<text class="x m" x="{_short(x * 100)}%" y="-5">{sign}</text>' for sign, x in inside]
    box = f'viewBox="0 0 {_ACROSS} {_short(height)}" preserveAspectRatio="none" width="100%" height="{_short(height)}" overflow="visible"'
    return f"<svg {box}>{''.join(drawn)}</svg>{''.join(texts)}"


def sample(ink: int, is_band: bool) -> str:
    """A piece of a series for the legend, 28 by 12 pixels."""
    return _path(f"c{ink} b", "M1 2H27V10H1Z") if is_band else _path(f"c{ink} n", "M0 6H28")


def bar(low: float, high: float, highest: float, *, ink: int = 0) -> str:
    """A bar from zero, solid to the lower end and pale from there to the upper; `highest` fills the width."""
    solid, pale = (min(end, highest) / highest * 100 if highest else 0 for end in (low, high))
    drawn = f'<rect class="f{ink}" width="{_short(solid)}%" height="14"/>'
    if high > low:
        drawn += f'<rect class="f{ink} p" x="{_short(solid)}%" width="{_short(pale - solid)}%" height="14"/>'
    return drawn


def pair(first: tuple[float, float], last: tuple[float, float], highest: float, *, ink: int, height: float) -> str:
    """Two numbers on a scale that `highest` fills: the first hollow, the last full; a dot where exact, a box where a range, joined where they face each other."""

    def x(value: float) -> str:
        return f"{_short(min(value, highest) / highest * 100 if highest else 0)}%"

    middle = height / 2
    drawn = f'<line class="g" x1="0" x2="100%" y1="{_short(middle)}" y2="{_short(middle)}"/>'
    if joint := geometry.facing(first, last):
        drawn += f'<line class="c{ink}" x1="{x(joint[0])}" x2="{x(joint[1])}" y1="{_short(middle)}" y2="{_short(middle)}"/>'
    for (low, high), kind, tall in ((first, f"c{ink} h", height * 0.8), (last, f"c{ink} f{ink}", height * 0.4)):
        if low == high:
            drawn += f'<circle class="{kind}" cx="{x(low)}" cy="{_short(middle)}" r="5"/>'
        else:
            wide = f"{_short((min(high, highest) - min(low, highest)) / highest * 100 if highest else 0)}%"
            drawn += f'<rect class="{kind}" x="{x(low)}" y="{_short(middle - tall / 2)}" width="{wide}" height="{_short(tall)}"/>'
    return drawn


def highest(rows: pd.DataFrame) -> float:
    """The value that fills the width of a bar: the largest finite end."""
    return float(pd.concat([rows["low"], rows["high"].replace(math.inf, math.nan)]).max())


def _paths(series: Sequence[Stretch], span: Span, height: float) -> tuple[str, str]:
    # The outlines of the bands and the line of the exact numbers.
    def x(day: date) -> str:
        return _short(span.x(pd.Timestamp(day)) * _ACROSS)

    def y(value: float) -> str:
        return _short(span.y(value, height))

    bands = line = ""
    for one in series:
        if not one.is_exact:
            # Where only a lower end is printed the band is open at the top of the chart.
            up = f"V{y(one.high)}"
            bands += f"M{x(one.start)} {y(one.low)}H{x(one.end)}{up}"
            bands += f"M{x(one.start)} {y(one.low)}{up}" if math.isinf(one.high) else f"H{x(one.start)}Z"
    for run in geometry.runs(one for one in series if one.is_exact):
        line += f"M{x(run[0].start)} " + "V".join(f"{y(one.low)}H{x(one.end)}" for one in run)
    return bands, line


def _times(span: Span, sparse: bool) -> list[tuple[float, str]]:
    language = span.axis.language
    years = [year for year in range(span.first.year, span.last.year + 1) if span.first <= pd.Timestamp(year, 1, 1) <= span.last]
    if len(years) < 2:
        return [(0, language.month(span.first.date())), (1, language.month((span.last - pd.Timedelta(days=1)).date()))]
    step = len(years) - 1 if sparse else math.ceil(len(years) / _MOST_YEARS)
    return [(span.x(pd.Timestamp(year, 1, 1)), str(year)) for year in years[::step]]


def _path(kind: str, path: str) -> str:
    return f'<path class="{kind}" d="{path}"/>'


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _escaped(words: str) -> str:
    return html.escape(fonts.directed(fonts.plain(words)), quote=False)


def text(words: str) -> str:
    """Words as the text of an element."""
    return html.escape(fonts.plain(words), quote=False)
