"""Two periods compared: each series with its earlier number hollow and its later one full, and the change in words above them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.analysis import views
from dashboard.display import changes, fonts, geometry, sentences
from dashboard.figures import texts
from dashboard.figures.request import Figure, Unfit
from dashboard.figures.shape import Shape
from dashboard.figures.sheet import Axis


class Change(Shape):
    """A row for each series with a number in both periods."""

    def max_series(self) -> int:
        return views.MOST["change"]

    def drawable(self) -> pd.DataFrame:
        both = changes.between(self.everything, self.view.is_scaled)["label"]
        if both.empty:
            raise Unfit(self.language.says("no_change"))
        return self.everything[self.everything["label"].isin(both)]

    def draw(self, figure: Figure) -> go.Figure:
        sheet, moved = self.sheet, self._in_order(changes.between(self.rows, self.view.is_scaled, self.language))
        y = self.head(figure)
        sheet.bottom = sheet.height - self.foot(figure, y, []) + sheet.small * 1.7
        self.set_axis_words(y)
        sheet.top = y + sheet.small * fonts.LINE_HEIGHT + 0.3 * sheet.type
        ends = [end for column in ("first_low", "first_high", "last_low", "last_high") for end in moved[column] if math.isfinite(end)]
        axis = Axis(max(ends, default=1.0), self.is_share, self.language)
        axis.divide(sheet.room / (2.5 * axis.width(sheet.small)))
        sheet.left, sheet.right = sheet.pad + 0.5 * sheet.type, sheet.pad + axis.width(sheet.small) / 2
        line, bar = sheet.small * fonts.LINE_HEIGHT, 1.1 * sheet.type
        heads = [self._words(row) for row in moved.itertuples()]
        needed = sum(len(lines) * line + bar for _, lines in heads)
        gap = (sheet.plot[1] - needed) / len(heads)
        # A sheet with room to spare spreads its rows; one with too little is tried again with fewer.
        self.is_overfull, gap = gap < 0.25 * sheet.type, min(gap, 3 * sheet.type)
        drawn, top = [], sheet.top
        for (name, lines), row in zip(heads, moved.itertuples(), strict=True):
            sheet.text(name, sheet.left, top, sheet.small, bold=True, colour=self.text_colour(row.label))
            beside = fonts.width(name, sheet.small, True) + 0.6 * sheet.type
            sheet.text(lines[:1], sheet.left + beside, top, sheet.small)
            sheet.text(lines[1:], sheet.left, top + line, sheet.small)
            top += len(lines) * line
            drawn += self._marks(row, axis, sheet.height - sheet.bottom - top - bar / 2, bar / 2)
            top += bar + gap
        values = axis.layout(sheet) | {"side": "bottom"}
        hidden = {"visible": False, "fixedrange": True, "range": [0, sheet.plot[1]]}
        return sheet.finish({"data": drawn, "layout": {"xaxis": values, "yaxis": hidden}})

    def reading(self, figure: Figure) -> list[tuple[str, int]]:
        hollow = texts.two_periods(self.rows, self.language)
        return [(hollow, 0), *super().reading(figure), (sentences.one_period_only(self.everything, self.language), 2)]

    def _in_order(self, moved: pd.DataFrame) -> pd.DataFrame:
        return moved.sort_values("label", key=lambda labels: labels.map(self.names.index)) if self.figure.series else moved

    def _words(self, row) -> tuple[str, list[str]]:
        """The name of a row as it is set, and the lines of its words, the first of which stands beside it (blank where it has no room there)."""
        sheet = self.sheet
        name = fonts.cut(fonts.plain(row.label), sheet.small, sheet.plot[0], bold=True)
        beside = sheet.plot[0] - fonts.width(name, sheet.small, True) - 0.6 * sheet.type
        text = fonts.plain(row.words)
        return name, [text] if fonts.width(text, sheet.small) <= beside else ["", *fonts.wrapped(text, sheet.small, sheet.plot[0])]

    def _marks(self, row, axis: Axis, y: float, half: float) -> list[dict]:
        colour, paper = self.colour(row.label), self.sheet.theme.background
        common = {"type": "scatter", "showlegend": False, "hoverinfo": "text"}
        joint = geometry.facing((row.first_low, row.first_high), (row.last_low, row.last_high))
        drawn = [common | _line([*joint], [y, y], self.pale(row.label, 0.6), 1.6) | {"hoverinfo": "skip"}] if joint else []
        for index, low, high, fill, tall in (
            (row.first_row, row.first_low, row.first_high, paper, half * 0.8),
            (row.Index, row.last_low, row.last_high, colour, half * 0.4),
        ):
            pointer = {"text": self.under_pointer(index)}
            if low == high:
                marker = {"size": 1.5 * half, "color": fill, "line": {"width": 1.6, "color": colour}, "opacity": 1}
                drawn.append(common | pointer | {"mode": "markers", "x": [low], "y": [y], "marker": marker})
            else:
                # An open end goes on to the edge of the axis.
                end = min(high, axis.end)
                box = _line([low, end, end, low, low], [y - tall, y - tall, y + tall, y + tall, y - tall], colour, 1.6)
                drawn.append(common | pointer | box | {"fill": "toself", "fillcolor": fill, "hoveron": "fills"})
        return drawn


def _line(x: list[float], y: list[float], colour: str, width: float) -> Mapping:
    return {"mode": "lines", "x": x, "y": y, "line": {"color": colour, "width": width}}
