"""The shapes of figures: series over time, a ranking, small panels, a map; each fitted to the sheet with head, legend and notes."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from dashboard.analysis import views
from dashboard.catalog.shipped import Catalog
from dashboard.display import charts, colours, fonts, sentences
from dashboard.display.geometry import apart
from dashboard.display.languages import Language
from dashboard.figures import texts
from dashboard.figures.request import Figure
from dashboard.figures.sheet import Axis, Note, Sheet, along, escaped, fitted, staggered
from dashboard.model import vocabulary
from dashboard.model.periods import Period


class Shape:
    """What all shapes of figures share: the head with title and subtitle, the notes below, the legend."""

    has_breaks = False
    most_of_all = 400

    def __init__(
        self, sheet: Sheet, figure: Figure, catalog: Catalog, everything: pd.DataFrame, cited: list, unkept: frozenset[str], most: int
    ):
        self.sheet, self.figure, self.catalog, self.cited, self.unkept = sheet, figure, catalog, cited, unkept
        self.view, self.language, self.everything = figure.view, sheet.language, everything
        self.rows, self.how_many = self.chosen(most)
        self.names = list(dict.fromkeys(self.rows["label"]))

    def chosen(self, most: int) -> tuple[pd.DataFrame, int]:
        """The rows of the largest series, so many at most and no more than this shape can hold at this size, and how many there were."""
        return views.largest(self.everything, min(most, self.most()))

    def most(self) -> int:
        raise NotImplementedError

    def remarks(self) -> list[str]:
        """What the author should know about this shape."""
        return []

    def draw(self, figure: Figure) -> go.Figure:
        raise NotImplementedError

    def head(self, figure: Figure) -> float:
        """Set title and subtitle; the height at which they end."""
        sheet, y = self.sheet, self.sheet.pad
        low = sheet.height < 24 * sheet.type
        for text, size, bold, colour, most, gap in (
            (figure.title, sheet.type * 1.35, True, sheet.theme.ink, 2 if low else 3, 0.15),
            (figure.subtitle, sheet.type, False, sheet.theme.quiet, 1 if low else 3, 0.35),
        ):
            shown = fonts.plain(text or "")
            lines = fonts.wrapped(shown, size, sheet.room, bold=bold, most=most)
            if lines and lines[-1].endswith("…") and not shown.endswith("…"):
                sheet.remarks.append(f"The {'title' if bold else 'subtitle'} is too long for this size and is cut after “{lines[-1]}”")
            sheet.text(lines, sheet.pad, y, size, bold=bold, colour=colour)
            y += len(lines) * size * fonts.LINE_HEIGHT + (gap * sheet.type if lines else 0)
        return y + 0.2 * sheet.type

    def foot(self, figure: Figure, head: float, breaks: list[str]) -> float:
        """Set the notes and the source line at the bottom, below a head that ends at a height; the height at which they begin."""
        sheet, language = self.sheet, self.language
        notes = [Note([text], rank) for text, rank in self.reading(figure) if text]
        if breaks:
            notes.append(Note([f"{language.says('breaks')} {breaks[0]}", *breaks[1:]], 3, language.says))
        notes += [Note([text], 4, most=3) for text in self.cited_notes()]
        notes += [Note([fonts.plain(text)], 0) for text in (figure.note, figure.source, figure.byline) if text]
        line = sheet.small * fonts.LINE_HEIGHT
        # A third of the sheet is for the data, whatever there is to say about them.
        most = max(3, int(min(0.45 * sheet.height, 0.66 * sheet.height - head - sheet.pad) / line))
        lines = fitted(notes, sheet.small, sheet.room, most, sheet.remarks)
        top = sheet.height - sheet.pad - len(lines) * line
        if lines:
            sheet.text(lines, sheet.pad, top, sheet.small, colour=sheet.theme.quiet)
        return top - 0.4 * sheet.type

    def reading(self, figure: Figure) -> list[tuple[str, int]]:
        """How to read what is drawn: sentences with their rank, the lower the more needed."""
        language = self.language
        return [
            (self.largest_words(), 1),
            (texts.bands(self.rows, language), 1),
            (language.says("gaps") if self.rows["low"].isna().any() else "", 5),
            (texts.unlike(self.rows, self.catalog, language), 2),
        ]

    def largest_words(self) -> str:
        shown = len(self.names)
        if shown >= self.how_many:
            return ""
        return self.language.says("largest", shown=self.language.number(shown), all=self.language.number(self.how_many))

    def cited_notes(self) -> list[str]:
        return [
            f"[{mark}] {texts.day_in_words(row.date, self.language)}, {row.speaker}{self.language.says('colon')}{row.says}"
            for row, mark in self.cited
        ]

    def legend(self, y: float, entries: list[tuple[str, Callable[[float, float, float], None]]], sample: float = 2.2) -> float:
        """Set a legend in rows from a height on; the height at which it ends."""
        sheet = self.sheet
        size, sample = sheet.small, sample * sheet.type
        x, row = sheet.pad, size * 1.45
        for name, draw_sample in entries:
            name = fonts.cut(fonts.plain(name), size, sheet.room - sample - 6)
            needed = sample + 6 + fonts.width(name, size) + 1.2 * sheet.type
            if x > sheet.pad and x + needed - sheet.type > sheet.width - sheet.pad:
                x, y = sheet.pad, y + row
            draw_sample(x, y + row / 2, sample)
            sheet.text(name, x + sample + 6, y + row / 2, size, middle=True)
            x += needed
        return y + row + 0.3 * sheet.type

    def hover(self, plotly: go.Figure) -> None:
        """Put the words under the pointer into the figure's language."""
        for trace in plotly.data:
            if trace.customdata is None or trace.hovertext is None:
                continue
            trace.hovertext = [
                texts.under_pointer(self.rows.loc[int(index)], self.language, self.view.is_scaled, self.unkept)
                for index in trace.customdata
            ]
            trace.hovertemplate = "%{hovertext}<extra></extra>"

    def value(self, row: pd.Series) -> str:
        return self.language.value(row["low"], row["high"], row["measure"], self.view.is_scaled)


class OverTime(Shape):
    """Series over time, named at their ends where there is room."""

    has_breaks = True

    def most(self) -> int:
        return views.MOST["time"]

    def draw(self, figure: Figure) -> go.Figure:
        sheet, rows = self.sheet, self.rows
        first, last = rows["period_start"].min(), rows["period_end"].max() + pd.Timedelta(days=1)
        days = [(mark, day) for row, mark in self.cited if (day := texts.day_of(row.date)) is not None]
        reach = (last - first) * 0.25
        together: dict[pd.Timestamp, list[str]] = {}
        for mark, day in days:
            if first - reach <= day <= last + reach:
                together.setdefault(day, []).append(mark)
        days = [(" ".join(marks), day) for day, marks in together.items()]
        first, last = min([first, *(day for _, day in days)]), max([last, *(day for _, day in days)])
        breaks = texts.numbered(sentences.breaks_of(rows, self.catalog), self.language)
        y = self.head(figure)
        sheet.bottom = sheet.height - self.foot(figure, y, [f"[{mark}] {text}" for mark, _, text in breaks]) + sheet.small * 1.7
        claims = texts.claims(self.cited, rows, self.view)
        ends = [*rows["high"].replace(math.inf, math.nan).dropna(), *rows["low"].dropna(), *(high for *_, high in claims)]
        axis = Axis(max(ends, default=1.0), self._is_share(), self.language)
        marks = [(mark, pd.Timestamp(day)) for mark, day, _ in breaks] + days
        heading = sheet.small * fonts.LINE_HEIGHT + 0.35 * sheet.type + (sheet.small * 1.25 if marks else 0)
        labels = EndLabels(self.names, sheet) if len(self.names) > 1 else None
        if labels and not labels.fit(sheet.height - sheet.bottom - y - heading):
            labels = None
            y = self.legend(y, [(name, self._sample(place)) for place, name in enumerate(self.names)])
        sheet.text(fonts.cut(self._axis_words(), sheet.small, sheet.room), sheet.pad, y, sheet.small, colour=sheet.theme.quiet)
        y += sheet.small * fonts.LINE_HEIGHT
        sheet.left, sheet.right = sheet.pad, sheet.pad + (labels.width if labels else 0.4 * sheet.type)
        rows_of_marks = staggered(marks, first, last, sheet.width - sheet.left - 4 * sheet.type - sheet.right, sheet.small)
        mark_row = sheet.small * 1.25
        sheet.top = y + 0.35 * sheet.type + (mark_row * (max(rows_of_marks.values()) + 1) if rows_of_marks else 0)
        axis.divide(sheet.plot[1] / (2.3 * sheet.type))
        sheet.left = sheet.pad + axis.width(sheet.small) + 0.5 * sheet.type
        plotly = charts.over_time(rows, axis="", scaled=self.view.is_scaled)
        self._restyle(plotly, (last - first).days)
        self.hover(plotly)
        x_of = along(first, last, sheet.left, sheet.width - sheet.right)
        for mark, day in marks:
            x, top = x_of(day), sheet.top - mark_row * (rows_of_marks[mark] + 1)
            is_break = mark.isdigit()
            sheet.rule(
                x,
                sheet.top if not rows_of_marks[mark] else top + mark_row,
                x,
                sheet.height - sheet.bottom,
                sheet.theme.quiet,
                width=0.9,
                dash="dot" if is_break else "solid",
            )
            sheet.text(mark, x, top, sheet.small, bold=True, colour=sheet.theme.quiet, anchor="center")
        for mark, start, end, low, high in claims:
            self._claim(plotly, axis, x_of, mark, start, end, low, high)
        if labels:
            labels.place(self, axis, x_of)
        plotly.update_xaxes(
            range=[first.isoformat(), last.isoformat()],
            fixedrange=True,
            showgrid=False,
            zeroline=False,
            showline=True,
            linecolor=sheet.theme.quiet,
            automargin=False,
            tickfont={"size": sheet.small, "color": sheet.theme.quiet},
            **_time_ticks(rows, first, last, sheet, self.language),
        )
        plotly.update_yaxes(**axis.layout(sheet))
        return sheet.finish(plotly)

    def remarks(self) -> list[str]:
        return colours.warnings(
            {name: charts.COLOURS[place % len(charts.COLOURS)] for place, name in enumerate(self.names)}, self.sheet.theme.background
        )

    def _is_share(self) -> bool:
        return not self.view.is_scaled and bool(self.rows["measure"].isin(vocabulary.SHARES).all())

    def _axis_words(self) -> str:
        unit = self.language.unit(self.rows["measure"].iloc[0])
        scale = texts.scale_words(self.view, self.rows, self.language)
        return self.language.says("comma").join(part for part in (unit, scale) if part)

    def _sample(self, place: int) -> Callable[[float, float, float], None]:
        colour, dash = charts.COLOURS[place % len(charts.COLOURS)], charts.DASHES[place % len(charts.DASHES)]
        part = self.rows[self.rows["label"] == self.names[place]].dropna(subset=["low"])
        if not part.empty and (part["low"] < part["high"]).all():
            fill = colours.blended(colour, self.sheet.theme.background, 0.28)
            return lambda x, y, width: self.sheet.box(x, y - 4, x + width, y + 4, fill=fill, colour=colour)
        return lambda x, y, width: self.sheet.rule(x, y, x + width, y, colour, width=2.2, dash=dash)

    def _restyle(self, plotly: go.Figure, days: int) -> None:
        # Points in the middle of a period help where there are few; where they crowd, the steps alone say it better.
        shortest = (self.rows["period_end"] - self.rows["period_start"]).dt.days.min() + 1
        apart = self.sheet.plot[0] * shortest / max(days, 1)
        for trace in plotly.data:
            if trace.mode == "markers":
                trace.marker.size = 5 if apart >= 12 else 0.1
                trace.marker.line.width = 1.2 if apart >= 12 else 0
                trace.marker.opacity = 1 if apart >= 12 else 0
            elif trace.fill != "toself":
                trace.line.width = 1.9 if apart >= 8 else 1.6
                trace.line.simplify = False
            else:
                trace.line.width = 1
            trace.showlegend = False

    def _claim(
        self, plotly: go.Figure, axis: Axis, x_of: Callable, mark: str, start: pd.Timestamp, end: pd.Timestamp, low: float, high: float
    ) -> None:
        sheet = self.sheet
        y_of = axis.scale(sheet)
        sheet.box(x_of(start), y_of(high), x_of(end), y_of(low), colour=sheet.theme.ink, width=1.2, dash="dash")
        sheet.text(mark, x_of(end) - 3, y_of(high) - sheet.small * 1.25, sheet.small, bold=True, anchor="right")

    def reading(self, figure: Figure) -> list[tuple[str, int]]:
        claims = self.language.says("claim") if texts.claims(self.cited, self.rows, self.view) else ""
        return [*super().reading(figure), (claims, 2)]


class EndLabels:
    """The names of series at the ends of their lines, none over another."""

    def __init__(self, names: list[str], sheet: Sheet):
        self.names, self.sheet, self.size = names, sheet, sheet.small
        most = min(0.3 * sheet.width, 13 * sheet.type)
        self.lines = [fonts.wrapped(fonts.plain(name), self.size, most, bold=True, most=2) for name in names]
        self.gap = 1.1 * sheet.type
        self.width = self.gap + max(fonts.width(line, self.size, True) for lines in self.lines for line in lines) + 2
        self.line = self.size * 1.2

    def fit(self, height: float) -> bool:
        """Whether all can stand beside a plot of a height and leave it room enough."""
        cut = any(lines[-1].endswith("…") for lines in self.lines)
        needed = sum(len(lines) for lines in self.lines) * self.line + 3 * len(self.names)
        return not cut and self.width < 0.36 * self.sheet.width and needed < height + self.line

    def place(self, drawer: OverTime, axis: Axis, x_of: Callable) -> None:
        """Set each name beside the end of its line, moved no further than it must be, and tied to it where it had to move."""
        sheet, y_of = self.sheet, axis.scale(self.sheet)
        wanted = []
        for place, name in enumerate(self.names):
            rows = drawer.rows[drawer.rows["label"] == name].dropna(subset=["low"]).sort_values(["period_end", "period_start"])
            if rows.empty:
                continue
            row = rows.iloc[-1]
            top = row["high"] if row["high"] < math.inf else row["low"]
            # Beside a band the name stands just below its upper end: a place on paper, not a value.
            y = y_of(top) + (0 if row["low"] == row["high"] else min(self.line / 2, y_of(row["low"]) - y_of(top)))
            wanted.append((y, place, x_of(row["period_end"] + pd.Timedelta(days=1)), y_of(top)))
        wanted.sort()
        heights = [len(self.lines[place]) * self.line + 3 for _, place, _, _ in wanted]
        middles = apart([y for y, *_ in wanted], heights, sheet.top - self.line / 2, sheet.height - sheet.bottom + self.line / 2)
        edge = sheet.width - sheet.right
        for (y, place, x, _), middle in zip(wanted, middles, strict=True):
            colour = colours.readable(charts.COLOURS[place % len(charts.COLOURS)], sheet.theme.background)
            if abs(middle - y) > 3 or x < edge - 3:
                sheet.rule(x + 2, y, edge + self.gap - 4, middle, colour, width=0.8, dash="dot")
            sheet.text(self.lines[place], edge + self.gap, middle, self.size, bold=True, colour=colour, middle=True)


class Ranking(Shape):
    """Bars by length, as many as can be read at this size."""

    def most(self) -> int:
        # Before the texts are set, half of the sheet is counted on; `draw` may still find less.
        return max(3, min(views.MOST["ranking"], int(self._height() / (1.5 * self.sheet.small))))

    def _height(self) -> float:
        return self.sheet.height - self.sheet.type * (11 if self.sheet.height > 24 * self.sheet.type else 9)

    def chosen(self, most: int) -> tuple[pd.DataFrame, int]:
        numbers = self.everything.dropna(subset=["low"])
        shown, how_many = views.largest(numbers, min(most, self.most()))
        wanted = numbers[numbers["requester"].isin(self.view.requester) & ~numbers["label"].isin(shown["label"])]
        if not wanted.empty:
            # Who was asked for stands in the ranking, also below the largest.
            last = shown.sort_values(["low", "high", "label"])["label"].iloc[: wanted["label"].nunique()]
            shown = pd.concat([shown[~shown["label"].isin(last)], wanted])
        return shown, how_many

    def largest_words(self) -> str:
        shown = len(self.names)
        if views.largest(self.everything, shown)[0]["label"].isin(self.names).all():
            return super().largest_words()
        return self.language.says("shown", shown=self.language.number(shown), all=self.language.number(self.how_many))

    def draw(self, figure: Figure) -> go.Figure:
        sheet, rows = self.sheet, self.rows.sort_values(["low", "high", "label"])
        y = self.head(figure)
        sheet.bottom = sheet.height - self.foot(figure, y, [])
        sheet.text(fonts.cut(OverTime._axis_words(self), sheet.small, sheet.room), sheet.pad, y, sheet.small, colour=sheet.theme.quiet)
        sheet.top = y + sheet.small * fonts.LINE_HEIGHT + 2
        size = min(sheet.small, sheet.plot[1] / len(rows) / 1.15)
        values = [self.value(row) for _, row in rows.iterrows()]
        names = [fonts.plain(name) for name in rows["label"]]
        room = min(max(fonts.width(name, size, True) for name in names) + 1, 0.38 * sheet.width)
        sheet.left = sheet.pad + room + 0.5 * sheet.type
        sheet.right = sheet.pad + max(fonts.width(text, size) for text in values) + 0.5 * sheet.type
        wanted = rows["requester"].isin(self.view.requester)
        plotly = charts.ranking(rows, axis="", highlighted=list(self.view.requester), scaled=self.view.is_scaled)
        self._restyle(plotly, rows)
        self.hover(plotly)
        top = max([*rows["high"].replace(math.inf, math.nan).dropna(), *rows["low"]], default=1.0) or 1.0
        plotly.update_xaxes(range=[0, top], visible=False, fixedrange=True, title_text="")
        plotly.update_yaxes(visible=False, fixedrange=True, range=[-0.5, len(rows) - 0.5], automargin=False)
        step = sheet.plot[1] / len(rows)
        for place, (name, text, is_wanted, low, high) in enumerate(zip(names, values, wanted, rows["low"], rows["high"], strict=True)):
            middle = sheet.height - sheet.bottom - (place + 0.5) * step
            sheet.text(
                fonts.cut(name, size, room, bold=is_wanted),
                sheet.left - 0.4 * sheet.type,
                middle,
                size,
                bold=is_wanted,
                anchor="right",
                middle=True,
            )
            end = high if high < math.inf else low
            sheet.text(text, sheet.left + sheet.plot[0] * end / top + 0.35 * sheet.type, middle, size, bold=is_wanted, middle=True)
        sheet.rule(sheet.left, sheet.top, sheet.left, sheet.height - sheet.bottom, sheet.theme.quiet)
        if size < sheet.small - 0.01:
            sheet.remarks.append("The names of the bars are smaller than the smallest type; choose a higher figure.")
        return sheet.finish(plotly)

    def _restyle(self, plotly: go.Figure, rows: pd.DataFrame) -> None:
        for trace in plotly.data:
            solid = list(trace.marker.color)
            trace.text = None
            trace.marker.line.width = 0
            if trace.base is not None:
                # A pale bar with an outline: a hatching is lost on the way into a PDF.
                trace.marker = {
                    "color": [colours.blended(colour, self.sheet.theme.background, 0.4) for colour in solid],
                    "line": {
                        "color": solid,
                        "width": [1.0 if low < high else 0.0 for low, high in zip(rows["low"], rows["high"], strict=True)],
                    },
                }
        plotly.update_layout(bargap=0.3)


class Multiples(Shape):
    """One small panel a series, on one scale."""

    has_breaks = True

    def _grid(self) -> tuple[int, int]:
        sheet = self.sheet
        # As wide as the names of the panels need, within reason.
        longest = max(fonts.width(fonts.plain(name), sheet.small, True) for name in self.everything["label"].unique())
        columns = max(1, min(5, int(sheet.room / min(max(11.5 * sheet.type, longest + 2.5 * sheet.type), 18 * sheet.type))))
        height = sheet.height - sheet.type * (12 if sheet.height > 24 * sheet.type else 9.5)
        return columns, max(1, int(height / (6.4 * sheet.type)))

    def most(self) -> int:
        columns, lines = self._grid()
        return max(1, min(views.MOST["multiples"], columns * lines))

    def draw(self, figure: Figure) -> go.Figure:
        sheet, rows = self.sheet, self.rows
        count = len(self.names)
        columns = min(self._grid()[0], count)
        lines = math.ceil(count / columns)
        columns = math.ceil(count / lines)
        y = self.head(figure)
        breaks = texts.numbered(sentences.breaks_of(rows, self.catalog), self.language)
        sheet.bottom = sheet.height - self.foot(figure, y, [text for _, _, text in breaks]) + sheet.small * 1.7
        sheet.text(fonts.cut(OverTime._axis_words(self), sheet.small, sheet.room), sheet.pad, y, sheet.small, colour=sheet.theme.quiet)
        title = sheet.small * 1.35
        sheet.top = y + sheet.small * fonts.LINE_HEIGHT + title + 0.3 * sheet.type
        axis = Axis(
            max([*rows["high"].replace(math.inf, math.nan).dropna(), *rows["low"].dropna()], default=1.0),
            OverTime._is_share(self),
            self.language,
        )
        gap_x, gap_y = 1.1 * sheet.type, title + sheet.small * 1.9
        panel_height = (sheet.plot[1] - gap_y * (lines - 1)) / lines
        axis.divide(panel_height / (2.4 * sheet.type))
        sheet.left = sheet.pad + axis.width(sheet.small) + 0.4 * sheet.type
        width, height = sheet.plot
        panel_width = (width - gap_x * (columns - 1)) / columns
        first, last = rows["period_start"].min(), rows["period_end"].max() + pd.Timedelta(days=1)
        plotly = go.Figure()
        for place, name in enumerate(self.names):
            panel = charts.over_time(rows[rows["label"] == name], axis="", scaled=self.view.is_scaled)
            plotly.add_traces([trace.update(xaxis=f"x{place + 1}", yaxis=f"y{place + 1}") for trace in panel.data])
        OverTime._restyle(self, plotly, int((last - first).days * width / max(panel_width, 1)))
        self.hover(plotly)
        ticks = _time_ticks(rows, first, last, sheet, self.language, room=panel_width)
        for place, name in enumerate(self.names):
            line, column = divmod(place, columns)
            number = place + 1 if place else ""
            x, top = column * (panel_width + gap_x), line * (panel_height + gap_y)
            plotly.layout[f"xaxis{number}"] = dict(
                type="date",
                anchor=f"y{number}",
                domain=[x / width, min(1.0, (x + panel_width) / width)],
                range=[first.isoformat(), last.isoformat()],
                fixedrange=True,
                showgrid=False,
                zeroline=False,
                showline=True,
                linecolor=sheet.theme.quiet,
                automargin=False,
                title={"text": ""},
                tickfont={"size": sheet.small, "color": sheet.theme.quiet},
                showticklabels=place + columns >= count,
                matches=None,
                **ticks,
            )
            plotly.layout[f"yaxis{number}"] = dict(
                anchor=f"x{number}",
                **axis.layout(sheet),
                domain=[max(0.0, 1 - (top + panel_height) / height), 1 - top / height],
                showticklabels=column == 0,
                matches=None,
            )
            sheet.text(
                fonts.cut(fonts.plain(name), sheet.small, panel_width, bold=True),
                sheet.left + x,
                sheet.top + top - title,
                sheet.small,
                bold=True,
            )
        return sheet.finish(plotly)


class Map(Shape):
    """A map of the world in classes, with its classes named."""

    def most(self) -> int:
        return views.MOST["map"]

    def chosen(self, most: int) -> tuple[pd.DataFrame, int]:
        rows = self.everything.dropna(subset=["low"])
        return rows, rows["label"].nunique()

    def draw(self, figure: Figure) -> go.Figure:
        sheet = self.sheet
        y = self.head(figure)
        sheet.bottom = sheet.height - self.foot(figure, y, [])
        plotly = charts.world_map(self.rows, axis="", scaled=self.view.is_scaled, dark=sheet.theme.is_dark)
        sheet.text(fonts.cut(OverTime._axis_words(self), sheet.small, sheet.room), sheet.pad, y, sheet.small, colour=sheet.theme.quiet)
        y += sheet.small * fonts.LINE_HEIGHT
        entries = []
        for trace in plotly.data:
            colour = trace.colorscale[0][1]
            name = self._class_name(trace.name)
            trace.showlegend, trace.name = False, escaped(name)
            trace.marker.line = {"width": 0.4, "color": sheet.theme.background}
            entries.append(
                (
                    name,
                    lambda x, y, width, colour=colour: sheet.box(
                        x + width - sheet.type,
                        y - sheet.small * 0.4,
                        x + width,
                        y + sheet.small * 0.4,
                        fill=colour,
                        colour=sheet.theme.quiet,
                        width=0.6,
                    ),
                )
            )
        sheet.top = self.legend(y, entries, sample=1.0)
        self.hover(plotly)
        plotly.update_geos(
            landcolor=colours.blended(charts.LAND[0], sheet.theme.background, charts.LAND[1]),
            countrycolor=sheet.theme.background,
            countrywidth=0.4,
            bgcolor="rgba(0,0,0,0)",
            domain={"x": [0, 1], "y": [0, 1]},
        )
        return sheet.finish(plotly)

    def reading(self, figure: Figure) -> list[tuple[str, int]]:
        off = charts.unmapped(self.rows)
        if off.empty:
            return super().reading(figure)
        names = [
            f"{self.language.requester(row['requester'])}{self.language.says('brackets', text=self.value(row))}"
            for _, row in off.sort_values("low", ascending=False).iterrows()
        ]
        more = [self.language.says("others", count=self.language.number(len(names) - 4))] if len(names) > 4 else []
        return [
            *super().reading(figure),
            (self.language.says("unmapped", who=" ".join([self.language.says("comma").join(names[:4]), *more])), 2),
        ]

    def _class_name(self, name: str) -> str:
        low, between, high = name.partition(" to under ")
        if between:
            return self.language.says("under", low=self._number(low), high=self._number(high))
        if "–" in name:
            low, _, high = name.replace("%", "").partition("–")
            return f"{self.language.number(float(low))}–{self.language.percent(float(high))}"
        return self.language.says("across")

    def _number(self, text: str) -> str:
        return self.language.number(float(text.replace(",", "")), len(text.partition(".")[2]))


def _time_ticks(
    rows: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, sheet: Sheet, language: Language, room: float | None = None
) -> dict:
    room = room or sheet.plot[0]
    spans = rows[["period_start", "period_end"]].drop_duplicates().sort_values("period_start")
    ticks = {"tickmode": "array", "ticks": "", "ticklen": 0, "tickangle": 0, "tickformat": None}
    if (last - first).days < 800 and len(spans) <= 4:
        middles = [start + (end - start) / 2 for start, end in zip(spans["period_start"], spans["period_end"], strict=True)]
        texts = [
            language.period(Period(start.date(), end.date())) for start, end in zip(spans["period_start"], spans["period_end"], strict=True)
        ]
        if sum(fonts.width(text, sheet.small) + sheet.type for text in texts) < room:
            return ticks | {"tickvals": middles, "ticktext": texts}
    years = range(first.year, (last - pd.Timedelta(days=1)).year + 1)
    each = room / max((last - first).days / 365.25, 0.3)
    needed = fonts.width("2000", sheet.small) + 0.7 * sheet.type
    step = next(step for step in (1, 2, 3, 5, 10, 20, 50) if step * each >= needed or step == 50)
    shown = [year for year in years if (years[-1] - year) % step == 0]
    middles = [pd.Timestamp(year, 7, 2) for year in shown]
    half = (last - first) * (needed / 2 / room)
    inside = [(middle, str(year)) for middle, year in zip(middles, shown, strict=True) if first + half * 0.5 <= middle <= last - half * 0.4]
    starts = [pd.Timestamp(year, 1, 1) for year in years if pd.Timestamp(year, 1, 1) >= first]
    minor = {"tickmode": "array", "tickvals": starts, "ticks": "outside", "ticklen": 3, "tickcolor": sheet.theme.quiet, "tickwidth": 0.8}
    return ticks | {"tickvals": [middle for middle, _ in inside], "ticktext": [text for _, text in inside], "minor": minor}


SHAPES: dict[str, type[Shape]] = {
    "time": OverTime,
    "table": OverTime,
    "change": OverTime,
    "ranking": Ranking,
    "multiples": Multiples,
    "map": Map,
}
"""How each shape of a view is drawn; a table and two periods are drawn over time."""
