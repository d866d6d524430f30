"""Numbers of one period side by side: as bars, or as a map of the world."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pandas as pd
import plotly.graph_objects as go

from dashboard.analysis import views
from dashboard.display import bars, changes, charts, colours, fonts, maps
from dashboard.figures import texts
from dashboard.figures.request import Figure
from dashboard.figures.shape import Shape


class Ranking(Shape):
    """Bars by length, as many as can be read at this size."""

    def max_series(self) -> int:
        # Before the texts are set, half of the sheet is counted on; `draw` may still find less.
        height = self.sheet.height - self.sheet.type * (11 if self.sheet.height > 24 * self.sheet.type else 9)
        return max(3, min(views.MAX_SERIES["ranking"], self.view.max_bars, int(height / (1.5 * self.sheet.small))))

    def chosen(self, max_rows: int) -> tuple[pd.DataFrame, int]:
        numbers = self.everything.dropna(subset=["low"])
        shown, how_many = views.largest(numbers, min(max_rows, self.max_series()))
        wanted = numbers[self._is_wanted(numbers) & ~numbers["label"].isin(shown["label"])]
        if not wanted.empty:
            # Who was asked for stands in the ranking, also below the largest.
            last = shown.sort_values(["low", "high", "label"])["label"].iloc[: wanted["label"].nunique()]
            shown = pd.concat([shown[~shown["label"].isin(last)], wanted])
        return shown, how_many

    def largest_words(self) -> str:
        shown = len(self.names)
        if views.largest(self.everything, shown)[0]["label"].isin(self.names).all():
            return super().largest_words()
        return texts.largest(shown, self.how_many, self.language, "shown")

    def draw(self, figure: Figure) -> go.Figure:
        sheet, rows = self.sheet, self.in_order()
        y = self.head(figure)
        sheet.bottom = sheet.height - self.foot(figure, y, [])
        self.set_axis_words(y)
        sheet.top = y + sheet.small * fonts.LINE_HEIGHT + 2
        size = min(sheet.small, sheet.plot[1] / len(rows) / 1.15)
        values = [self.value(row) for _, row in rows.iterrows()]
        names = [fonts.plain(self.signed[name]) for name in rows["label"]]
        room = min(max(fonts.width(name, size, True) for name in names) + 1, 0.38 * sheet.width)
        sheet.left = sheet.pad + room + 0.5 * sheet.type
        sheet.right = sheet.pad + max(fonts.width(text, size) for text in values) + 0.5 * sheet.type
        wanted = self._is_wanted(rows)
        # A row without a number has its words and no bar.
        rows = rows.fillna({"low": 0.0, "high": 0.0})
        top = max([*rows["high"].replace(math.inf, math.nan).dropna(), *rows["low"]], default=1.0) or 1.0
        # An open end goes on to the edge, beyond every end that is printed.
        end_of = [min(high, 1.08 * top) for high in rows["high"]]
        top = max([top, *end_of])
        step = sheet.plot[1] / len(rows)
        for index, (name, text, is_wanted) in enumerate(zip(names, values, wanted, strict=True)):
            middle = sheet.height - sheet.bottom - (index + 0.5) * step
            sheet.text(
                fonts.cut(name, size, room, bold=is_wanted),
                sheet.left - 0.4 * sheet.type,
                middle,
                size,
                bold=is_wanted,
                anchor="right",
                middle=True,
            )
            sheet.text(
                text, sheet.left + sheet.plot[0] * end_of[index] / top + 0.35 * sheet.type, middle, size, bold=is_wanted, middle=True
            )
        sheet.rule(sheet.left, sheet.top, sheet.left, sheet.height - sheet.bottom, sheet.theme.quiet)
        if size < sheet.small - 0.01:
            sheet.remarks.append("The names of the bars are smaller than the smallest type; choose a higher figure.")
        return sheet.finish({"data": self._bars(rows, end_of), "layout": self._axes(len(rows), top)})

    def in_order(self) -> pd.DataFrame:
        """The rows from the lowest bar to the highest."""
        return self.rows.sort_values(["low", "high", "label"], na_position="first")

    def _is_wanted(self, rows: pd.DataFrame) -> pd.Series:
        """Which rows are of what the view names: those of its reporters in a ranking of reporters, else of its countries."""
        if self.view.ranks_reporters:
            return rows["reporter"].isin(self.view.reporter)
        return rows["requester"].isin(self.view.requester)

    def _bars(self, rows: pd.DataFrame, end_of: list[float]) -> list[dict]:
        shades = [self.colour(name) for name in rows["label"]]
        widths = [1.0 if low < end else 0.0 for low, end in zip(rows["low"], end_of, strict=True)]
        # A pale bar with an outline: a hatching is lost on the way into a PDF.
        pale = {"color": [colours.blended(shade, self.sheet.theme.background, 0.4) for shade in shades]}
        pale["line"] = {"color": shades, "width": widths}
        words = [self.under_pointer(index) for index in rows.index]
        drawn = bars.range_bars(rows["low"], end_of, words, {"color": shades, "line": {"width": 0}}, pale)
        return [bar | {"showlegend": False} for bar in drawn]

    def _axes(self, count: int, top: float) -> dict:
        common = {"visible": False, "fixedrange": True}
        return {
            "barmode": "overlay",
            "bargap": 0.3,
            "xaxis": common | {"range": [0, top]},
            "yaxis": common | {"range": [-0.5, count - 0.5], "automargin": False},
        }


class OnePeriod(Ranking):
    """The series of a view over time that has one period only: as bars, in the order that the author gives them, with what is not published named."""

    def max_series(self) -> int:
        return min(views.MAX_SERIES["time"], super().max_series())

    def chosen(self, max_rows: int) -> tuple[pd.DataFrame, int]:
        return Shape.chosen(self, max_rows)

    def in_order(self) -> pd.DataFrame:
        return self.rows.iloc[::-1] if self.figure.series else super().in_order()

    def largest_words(self) -> str:
        return Shape.largest_words(self)

    def _is_wanted(self, rows: pd.DataFrame) -> pd.Series:
        return pd.Series(False, index=rows.index)


class Map(Shape):
    """A map of the world in classes, with its classes named."""

    def chosen(self, max_rows: int) -> tuple[pd.DataFrame, int]:
        rows = self.everything.dropna(subset=["low"])
        return rows, rows["label"].nunique()

    def draw(self, figure: Figure) -> go.Figure:
        sheet = self.sheet
        y = self.head(figure)
        sheet.bottom = sheet.height - self.foot(figure, y, self.breaks_in_words() if self.view.compares else [])
        self.set_axis_words(y)
        y += sheet.small * fonts.LINE_HEIGHT
        drawn, entries = [], []
        outline = {"marker": {"line": {"width": 0.4, "color": sheet.theme.background}}, "showlegend": False}
        land = colours.blended(charts.LAND[0], sheet.theme.background, charts.LAND[1])
        moved = changes.between(self.rows, self.view.is_scaled, self.language) if self.view.against else None
        groups = self._classes(land) if moved is None else maps.movements(moved, self.language, land)
        for codes, colour, name, spoken, _ in groups:
            drawn.append(maps.shapes(codes, colour, name, spoken, []) | outline)
            entries.append((name, self._sample(colour)))
        sheet.top = self.legend(y, entries, sample=1.0)
        borders = {"countrycolor": sheet.theme.background, "countrywidth": 0.4}
        return sheet.finish({"data": drawn, "layout": {"geo": maps.GEO | borders | {"domain": {"x": [0, 1], "y": [0, 1]}}}})

    def _classes(self, land: str) -> Iterator[tuple[list[str], str, str, list[str], pd.Index]]:
        """The places of each class, as of `maps.movements`."""
        for one in maps.classes(self.rows, scaled=self.view.is_scaled, is_dark=self.sheet.theme.is_dark):
            name, colour = one.name(self.language, self.is_share), land if one.kind == "missing" else one.colour
            yield (
                one.codes,
                colour,
                name,
                [self.under_pointer(index) for index in one.rows.index] or [name] * len(one.codes),
                one.rows.index,
            )

    def _sample(self, colour: str) -> Callable[[float, float, float], None]:
        sheet = self.sheet
        half = sheet.small * 0.4
        return lambda x, y, width: sheet.box(
            x + width - sheet.type, y - half, x + width, y + half, fill=colour, colour=sheet.theme.quiet, width=0.6
        )

    def reading(self, figure: Figure) -> list[tuple[str, int]]:
        off = maps.unmapped(self.rows)
        if off.empty or self.view.against:
            return super().reading(figure)
        names = [
            f"{self.language.requester(row['requester'])}{self.language.phrase('brackets', text=self.value(row))}"
            for _, row in off.sort_values("low", ascending=False).iterrows()
        ]
        more = [self.language.phrase("others", count=self.language.number(len(names) - 4))] if len(names) > 4 else []
        return [
            *super().reading(figure),
            (self.language.phrase("unmapped", who=" ".join([self.language.phrase("comma").join(names[:4]), *more])), 2),
        ]
