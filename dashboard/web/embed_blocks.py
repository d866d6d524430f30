"""What an embedded figure is made of, from above: a legend, words, charts, bars. Each is drawn once, and set by a browser in a page or by us in a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dashboard.display import fonts
from dashboard.figures.plain_svg import text

WIDTH, EDGE = 720, 16
"""Width of a picture, and of its edges."""
MARGINS = (32, 44, 56, 72, 96)
"""Room left of the values of a chart in a page: one of a few, for its policy allows no style of its own making."""
NAMES = (90, 130, 180, 240)
"""Room for the names of bars in a page, likewise."""
BAR, PAIR = 14, 18
"""Heights of a bar, and of the two numbers of a comparison."""


class Block(Protocol):
    """One piece of a figure."""

    def page(self) -> str:
        """As HTML."""

    def picture(self, y: float) -> tuple[str, float]:
        """As SVG from a height on, and the height at which it ends."""

    def height(self, room: float) -> float:
        """Pixels that it needs in a page of a width, in a font up to a quarter wider than ours."""


@dataclass(frozen=True)
class Legend:
    """The samples and the names of series."""

    entries: Sequence[tuple[str, str]]

    def page(self) -> str:
        entries = (f'<li><svg width="28" height="12" aria-hidden="true">{sample}</svg> {text(name)}</li>' for sample, name in self.entries)
        return f"<ul>{''.join(entries)}</ul>"

    def picture(self, y: float) -> tuple[str, float]:
        drawn, x = [], float(EDGE)
        for sample, name in self.entries:
            name = fonts.cut(fonts.plain(name), 12, WIDTH - 80)
            needed = 34 + fonts.width(name, 12)
            if x > EDGE and x + needed > WIDTH - EDGE:
                x, y = float(EDGE), y + 18
            drawn.append(f'<g transform="translate({x:.0f} {y:.1f})">{sample}</g>')
            drawn.append(f'<text class="o" x="{x + 34:.0f}" y="{y + 10:.1f}">{text(name)}</text>')
            x += needed + 14
        return "".join(drawn), y + 20

    def height(self, room: float) -> float:
        rows, x = 1, 0.0
        for _, name in self.entries:
            needed = 32 + fonts.width(fonts.plain(name), 15) * 1.1
            if x and x + needed > room:
                rows, x = rows + 1, 0.0
            # A name that is longer than a row goes on in the next.
            rows += int(needed // room)
            x += needed + 18
        return rows * 23 + 6


@dataclass(frozen=True)
class Words:
    """What is counted, above the values."""

    words: str

    def page(self) -> str:
        return f'<p class="u">{text(self.words)}</p>'

    def picture(self, y: float) -> tuple[str, float]:
        return f'<text x="{EDGE}" y="{y + 12:.1f}">{text(self.words)}</text>', y + 22

    def height(self, room: float) -> float:
        return 19 * lines(self.words, 13.5, room) + 22


@dataclass(frozen=True)
class Chart:
    """A chart over time as `plain_svg` draws it, with what it is called and says; `margin` is the room that its values need at the left."""

    drawn: str
    tall: float
    margin: float
    name: str
    alt: str
    number: int = 0
    last: str = ""
    """The last value in words, beside the name of a small chart."""

    def page(self) -> str:
        margin = next((room for room in MARGINS if room >= self.margin), MARGINS[-1])
        return (
            f'<div class="d w{margin}"><svg width="100%" height="{self.tall + 24:.0f}" role="img" '
            f'aria-labelledby="t{self.number} d{self.number}" overflow="visible"><title id="t{self.number}">{text(self.name)}</title>'
            f'<desc id="d{self.number}">{text(self.alt)}</desc>{self.drawn}</svg></div>'
        )

    def picture(self, y: float) -> tuple[str, float]:
        return self.within(EDGE, y + 10, WIDTH - 2 * EDGE), y + self.tall + 30

    def within(self, x: float, y: float, width: float) -> str:
        """As SVG in a box."""
        return (
            f'<svg x="{x + self.margin:.1f}" y="{y:.1f}" width="{width - self.margin - 14:.1f}" height="{self.tall}" '
            f'overflow="visible">{self.drawn}</svg>'
        )

    def height(self, room: float) -> float:
        return self.tall + 34


@dataclass(frozen=True)
class Panels:
    """Small charts, each with its name above it."""

    charts: Sequence[Chart]

    def page(self) -> str:
        panels = (f"<section><h2>{text(chart.name)} <i>{text(chart.last)}</i></h2>{chart.page()}</section>" for chart in self.charts)
        return f'<div class="m">{"".join(panels)}</div>'

    def picture(self, y: float) -> tuple[str, float]:
        drawn, across, row = [], (WIDTH - 2 * EDGE + 20) / 3, self.charts[0].tall + 56
        for index, chart in enumerate(self.charts):
            left, top = EDGE + index % 3 * across, y + index // 3 * row
            name = fonts.cut(fonts.plain(chart.name), 12, across - 32 - fonts.width(chart.last, 12), bold=True)
            beside = left + fonts.width(name, 12, True) + 8
            drawn.append(f'<text class="m o" x="{left:.1f}" y="{top + 12:.1f}">{text(name)}</text>')
            drawn.append(f'<text x="{beside:.1f}" y="{top + 12:.1f}">{text(chart.last)}</text>')
            drawn.append(chart.within(left, top + 24, across - 20))
        return "".join(drawn), y + -(-len(self.charts) // 3) * row

    def height(self, room: float) -> float:
        columns = max(1, int((room + 8) // 213))
        names = [lines(f"{chart.name} {chart.last}", 14, room / columns, bold=True) for chart in self.charts]
        rows = [58 + 20 * max(names[start : start + columns]) + self.charts[0].tall for start in range(0, len(names), columns)]
        return sum(rows)


@dataclass(frozen=True)
class Bar:
    """One bar: its name, drawn from zero, where it ends (a share of the width), and its value in words."""

    name: str
    drawn: str
    end: float
    value: str
    is_named: bool


@dataclass(frozen=True)
class Bars:
    """Bars, below what they count."""

    words: str
    bars: Sequence[Bar]

    def page(self) -> str:
        # In the reader's own font, which may be a fifth wider than ours.
        longest = max(fonts.width(fonts.plain(bar.name), 13.5) * 1.2 for bar in self.bars)
        names = next((room for room in NAMES if room >= longest), NAMES[-1])
        rows = (
            f'<tr{" class=h" if bar.is_named else ""}><th scope="row">{text(bar.name)}</th><td class="r"><svg width="100%" height="{BAR}" '
            f'aria-hidden="true">{bar.drawn}</svg></td><td>{text(bar.value)}</td></tr>'
            for bar in self.bars
        )
        return f'<table class="k1 n{names}"><caption class="u">{text(self.words)}</caption>{"".join(rows)}</table>'

    def picture(self, y: float) -> tuple[str, float]:
        names = [fonts.cut(fonts.plain(bar.name), 12, 220) for bar in self.bars]
        left = EDGE + max(fonts.width(name, 12) for name in names) + 8
        width = WIDTH - left - max(fonts.width(bar.value, 12) for bar in self.bars) - 24
        drawn = [f'<text x="{left:.0f}" y="{y + 12:.1f}">{text(self.words)}</text>']
        for name, bar in zip(names, self.bars, strict=True):
            y += 20
            drawn.append(f'<text class="y o{" m" if bar.is_named else ""}" x="{left - 8:.1f}" y="{y + 11.5:.1f}">{text(name)}</text>')
            drawn.append(f'<svg x="{left:.1f}" y="{y:.1f}" width="{width:.1f}" height="{BAR}">{bar.drawn}</svg>')
            drawn.append(f'<text x="{left + bar.end * width + 6:.1f}" y="{y + 11.5:.1f}">{text(bar.value)}</text>')
        return "".join(drawn), y + 20

    def height(self, room: float) -> float:
        return sum(5 + 18 * lines(bar.name, 13.5, min(0.38 * (room + 2 * EDGE), NAMES[-1])) for bar in self.bars) + 41


@dataclass(frozen=True)
class Pairs:
    """Two numbers of each series on one scale, with the change in words: name, words, and what is drawn."""

    pairs: Sequence[tuple[str, str, str]]

    def page(self) -> str:
        rows = (
            f'<li><b>{text(name)}</b> {text(words)}<svg width="100%" height="{PAIR}" aria-hidden="true" overflow="visible">{drawn}</svg></li>'
            for name, words, drawn in self.pairs
        )
        return f'<ul class="c">{"".join(rows)}</ul>'

    def picture(self, y: float) -> tuple[str, float]:
        parts = []
        for name, words, drawn in self.pairs:
            name = fonts.cut(fonts.plain(name), 12, 280, bold=True)
            beside = EDGE + fonts.width(name, 12, True) + 10
            parts.append(f'<text class="m o" x="{EDGE}" y="{y + 12:.1f}">{text(name)}</text>')
            parts.append(f'<text x="{beside:.1f}" y="{y + 12:.1f}">{text(fonts.cut(fonts.plain(words), 12, WIDTH - EDGE - beside))}</text>')
            parts.append(
                f'<svg x="{EDGE + 8}" y="{y + 18:.1f}" width="{WIDTH - 2 * EDGE - 16}" height="{PAIR}" overflow="visible">{drawn}</svg>'
            )
            y += 46
        return "".join(parts), y

    def height(self, room: float) -> float:
        return sum(21 * lines(f"{name} {words}", 15, room, bold=True) + PAIR + 10 for name, words, _ in self.pairs)


def lines(words: str, size: float, room: float, bold: bool = False) -> int:
    """Lines that words take in a page of a width, in a font a quarter wider than ours."""
    return len(fonts.wrapped(fonts.plain(words), size, room / 1.25, bold=bold))
