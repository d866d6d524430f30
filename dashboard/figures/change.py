"""Two periods compared: each series with its earlier number hollow and its later one full, and the change in words above them."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.analysis import views
from dashboard.display import changes, fonts, geometry, sentences
from dashboard.display.axes import Axis
from dashboard.figures import texts
from dashboard.figures.request import Figure, Unfit
from dashboard.figures.shape import Shape


class Change(Shape):
    """A row for each series with a number in both periods."""

    def max_series(self) -> int:
        return views.MAX_SERIES["change"]

    def drawable(self) -> pd.DataFrame:
        both = changes.between(self.everything, self.view.is_scaled)["label"]
        if both.empty:
            raise Unfit(self.language.phrase("no_change"))
        return self.everything[self.everything["label"].isin(both)]

    def draw(self, figure: Figure) -> go.Figure:
        sheet, moved = self.sheet, changes.between(self.rows, self.view.is_scaled, self.language)
        if self.figure.series:
            moved = moved.sort_values("label", key=lambda labels: labels.map(self.names.index))
        y = self.head(figure)
        sheet.bottom = sheet.height - self.foot(figure, y, self.breaks_in_words()) + sheet.small * 1.7
        self.set_axis_words(y)
        sheet.top = y + sheet.small * fonts.LINE_HEIGHT + 0.3 * sheet.type
        ends = [end for column in ("first_low", "first_high", "last_low", "last_high") for end in moved[column] if math.isfinite(end)]
        axis = Axis(max(ends, default=1.0), self.is_share, self.language)
        gap, line, texts_of_rows = 0.8 * sheet.type, sheet.small * fonts.LINE_HEIGHT, self._texts(moved)
        sheet.left = sheet.pad + max(x + fonts.width(text, sheet.small, bold) for row in texts_of_rows for text, x, _, bold in row) + gap
        sheet.right = sheet.pad + axis.width(sheet.small) / 2
        axis.divide(max(2.0, sheet.plot[0] / (2.5 * axis.width(sheet.small))))
        lines = max(down for row in texts_of_rows for *_, down, _ in row) + 1
        # A sheet with room to spare spreads its rows; one with too little is tried again with fewer.
        self.is_overfull = sheet.plot[1] < len(moved) * lines * line
        step = min(sheet.plot[1] / len(moved), lines * line + 3 * sheet.type)
        drawn, middle = [], sheet.top + step / 2
        for cells, row in zip(texts_of_rows, moved.itertuples(), strict=True):
            for text, x, down, is_name in cells:
                colour = self.text_colour(row.label) if is_name else ""
                y = middle + (down - (lines - 1) / 2) * line
                sheet.text(text, sheet.pad + x, y, sheet.small, bold=is_name, colour=colour, middle=True)
            drawn += self._marks(row, axis, sheet.height - sheet.bottom - middle, 0.55 * min(sheet.type, step))
            middle += step
        values = sheet.values(axis) | {"side": "bottom"}
        hidden = {"visible": False, "fixedrange": True, "range": [0, sheet.plot[1]]}
        return sheet.finish({"data": drawn, "layout": {"xaxis": values, "yaxis": hidden}})

    def reading(self, figure: Figure) -> list[tuple[str, int]]:
        hollow = texts.two_periods(self.rows, self.language)
        return [(hollow, 0), *super().reading(figure), (sentences.one_period_only(self.everything, self.language), 2)]

    def _texts(self, moved: pd.DataFrame) -> list[list[tuple[str, float, int, bool]]]:
        """The texts of each row: their words, how far from the edge and on which line they stand, and whether they are its name.

        Name and change stand side by side where that leaves the numbers room, else one above the other.
        """
        sheet, size = self.sheet, self.sheet.small
        names, words = ([fonts.plain(text) for text in texts] for texts in (moved["label"].map(self.signed), moved["words"]))
        beside = max(fonts.width(name, size, True) for name in names) + 0.8 * sheet.type
        if beside + max(fonts.width(text, size) for text in words) <= 0.66 * sheet.room:
            return [[(name, 0.0, 0, True), (text, beside, 0, False)] for name, text in zip(names, words, strict=True)]
        wide = 0.6 * sheet.room
        return [
            [(fonts.cut(name, size, wide, bold=True), 0.0, 0, True)]
            + [(line, 0.0, down, False) for down, line in enumerate(fonts.wrapped(text, size, wide), start=1)]
            for name, text in zip(names, words, strict=True)
        ]

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
