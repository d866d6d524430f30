"""Series over time: in one chart, or each in a small panel of its own."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.analysis import views
from dashboard.display import fonts, geometry, timelines
from dashboard.display.axes import Axis
from dashboard.display.geometry import Stretch
from dashboard.figures import texts
from dashboard.figures.request import Annotation, Figure
from dashboard.figures.shape import Shape
from dashboard.figures.sheet import Sheet, along, staggered
from dashboard.model.intervals import number
from dashboard.model.periods import Period

NO_ROOM = "The last values have no room at this size and are left out."
FAR_ABOVE = 3
"""An author's value so many times the highest number is told, for it presses all series down."""


class OverTime(Shape):
    """Series over time, named at their ends where there is room."""

    def max_series(self) -> int:
        return views.MAX_SERIES["time"]

    def draw(self, figure: Figure) -> go.Figure:
        sheet, rows = self.sheet, self.rows
        first, last = rows["period_start"].min(), rows["period_end"].max() + pd.Timedelta(days=1)
        days = [(sign, day) for row, sign in self.cited if (day := texts.day_of(row.date)) is not None]
        reach = (last - first) * 0.25
        together: dict[pd.Timestamp, list[str]] = {}
        for sign, day in days:
            if first - reach <= day <= last + reach:
                together.setdefault(day, []).append(sign)
        days = [(" ".join(marks), day) for day, marks in together.items()]
        first, last = min([first, *(day for _, day in days)]), max([last, *(day for _, day in days)])
        breaks = texts.numbered(rows, self.catalog, self.language)
        y = self.head(figure)
        sheet.bottom = sheet.height - self.foot(figure, y, [f"[{sign}] {text}" for sign, _, text in breaks]) + sheet.small * 1.7
        claims = texts.claims(self.cited, rows, self.view)
        ends = [
            *rows["high"].replace(math.inf, math.nan).dropna(),
            *rows["low"].dropna(),
            *self.earlier["high"].replace(math.inf, math.nan).dropna(),
            *(high for *_, high in claims),
            *(one.value for one in figure.annotations),
        ]
        axis = Axis(max(ends, default=1.0), self.is_share, self.language, log_from=self._least())
        marks = [(sign, pd.Timestamp(day)) for sign, day, _ in breaks] + days
        heading = sheet.small * fonts.LINE_HEIGHT + 0.35 * sheet.type + (sheet.small * 1.25 if marks else 0)
        labels = self._end_labels(sheet.height - sheet.bottom - y - heading)
        if labels is None and len(self.names) > 1:
            y = self.legend(y, [(self.signed[name], self._sample(name)) for name in self.names])
        self.set_axis_words(y)
        y += sheet.small * fonts.LINE_HEIGHT
        sheet.left, sheet.right = sheet.pad, sheet.pad + (labels.width if labels else 0.4 * sheet.type)
        rows_of_marks = staggered(marks, first, last, sheet.width - sheet.left - 4 * sheet.type - sheet.right, sheet.small)
        mark_row = sheet.small * 1.25
        sheet.top = y + 0.35 * sheet.type + (mark_row * (max(rows_of_marks.values()) + 1) if rows_of_marks else 0)
        axis.divide(max(2.0, sheet.plot[1] / (2.3 * sheet.type)))
        sheet.left = sheet.pad + axis.width(sheet.small) + 0.5 * sheet.type
        stretches = geometry.stretches(rows)
        drawn = [trace for name, series in stretches.items() for trace in traces(self, name, series, axis)]
        x_of = along(first, last, sheet.left, sheet.width - sheet.right)
        self._draw_marks(marks, rows_of_marks, x_of)
        rules = [x_of(day) for _, day in marks]
        for sign, start, end, low, high in claims:
            self._claim(axis, x_of, sign, start, end, low, high)
        self._annotate(figure.annotations, stretches, axis, x_of, rules)
        if labels:
            labels.set_out(axis, x_of)
        # The author's own words come before ours.
        is_written = bool(labels and labels.has_values and not figure.annotations) and self._write_values(stretches, axis, x_of)
        # Where each step has its value the grid tells nothing more, and would strike the values through.
        values = sheet.values(axis) | {"showgrid": not is_written}
        return sheet.finish({"data": drawn, "layout": {"xaxis": _time_axis(rows, first, last, sheet), "yaxis": values}})

    def _draw_marks(
        self, marks: list[tuple[str, pd.Timestamp]], rows_of_marks: Mapping[str, int], x_of: Callable[[pd.Timestamp], float]
    ) -> None:
        # Breaks and the days of statements, each with its sign over a rule.
        sheet, mark_row = self.sheet, self.sheet.small * 1.25
        for sign, day in marks:
            x, top = x_of(day), sheet.top - mark_row * (rows_of_marks[sign] + 1)
            is_break = sign.isdigit()
            sheet.rule(
                x,
                sheet.top if not rows_of_marks[sign] else top + mark_row,
                x,
                sheet.height - sheet.bottom,
                sheet.theme.quiet,
                width=0.9,
                dash="dot" if is_break else "solid",
            )
            sheet.text(sign, x, top, sheet.small, bold=True, colour=sheet.theme.quiet, anchor="center")

    def _write_values(self, stretches: Mapping[str, Sequence[Stretch]], axis: Axis, x_of: Callable[[pd.Timestamp], float]) -> bool:
        # Whether any has room.
        sheet, is_any = self.sheet, False
        texts_of = {index: self.value(row) for index, row in self.rows.dropna(subset=["low"]).iterrows()}
        for name, day, text, down in timelines.values_on_steps(
            stretches, texts_of, axis, sheet.plot[1], min(timelines.NARROWEST, sheet.plot[0])
        ):
            style = {"colour": self.text_colour(name), "anchor": "center", "middle": True}
            sheet.text(text, x_of(pd.Timestamp(day)), sheet.top + down, sheet.small, **style)
            is_any = True
        return is_any

    def remarks(self) -> list[str]:
        first, last = self.rows["period_start"].min(), self.rows["period_end"].max()
        off = [one for one in self.figure.annotations if not first <= pd.Timestamp(one.day) <= last]
        ends = [*self.rows["high"].replace(math.inf, math.nan).dropna(), *self.rows["low"].dropna()]
        high = [one for one in self.figure.annotations if one not in off and one.value > FAR_ABOVE * max(ends, default=math.inf)]
        return [f"“{one.text}” lies outside the time that is shown and is not on the figure." for one in off] + [
            f"“{one.text}” stands far above every number, which presses the series down; its value is {number(one.value)}." for one in high
        ]

    def _end_labels(self, height: float) -> EndLabels | None:
        # With the last values, else the names alone, of which one series needs none; None where neither has room.
        if self.figure.values == "last":
            if (labels := EndLabels(self, has_values=True)).fit(height):
                return labels
            self.sheet.remarks.append(NO_ROOM)
        labels = EndLabels(self, has_values=False)
        return labels if len(self.names) > 1 and labels.fit(height) else None

    @property
    def is_log(self) -> bool:
        """Whether the values stand on a logarithmic axis."""
        return self._least() > 0

    def _least(self) -> float:
        # Where an axis that grows by factors begins: below the least number above zero; zero for an even axis.
        numbers = self.rows["low"][self.rows["low"] > 0]
        return float(numbers.min()) if self.view.axis == "log" and not numbers.empty else 0.0

    def _sample(self, name: str) -> Callable[[float, float, float], None]:
        colour, rows = self.colour(name), self.rows[self.rows["label"] == name].dropna(subset=["low"])
        if not rows.empty and (rows["low"] < rows["high"]).all():
            fill = self.pale(name)
            return lambda x, y, width: self.sheet.box(x, y - 4, x + width, y + 4, fill=fill, colour=colour)
        return lambda x, y, width: self.sheet.rule(x, y, x + width, y, colour, width=2.2)

    def _annotate(
        self, annotations: list[Annotation], stretches: Mapping[str, Sequence[Stretch]], axis: Axis, x_of: Callable, rules: list[float]
    ) -> None:
        # The words of each, tied to its point by a short line, where they cover least of what is drawn and of the words before them.
        sheet, y_of, gap = self.sheet, self.sheet.y_of(axis), 0.8 * self.sheet.type
        low, high, left, right = sheet.top, sheet.height - sheet.bottom, sheet.left, sheet.width - sheet.right
        covered, written = [*_drawn(stretches, x_of, y_of), *((x, low, x, high) for x in rules)], []
        for annotation in annotations:
            day = pd.Timestamp(annotation.day)
            if not self.rows["period_start"].min() <= day <= self.rows["period_end"].max():
                continue
            x, y, text = x_of(day), y_of(annotation.value), fonts.plain(annotation.text)
            lines = fonts.wrapped(text, sheet.small, min(13 * sheet.type, 0.4 * sheet.plot[0]), max_lines=3)
            if lines[-1].endswith("…") and not text.endswith("…"):
                sheet.remarks.append(f"“{text}” is too long for this size and is cut after “{lines[-1]}”")
            wide, tall = max(fonts.width(line, sheet.small) for line in lines), len(lines) * sheet.small * fonts.LINE_HEIGHT
            tops = [min(max(low, top), high - tall) for away in range(1, 9) for top in (y - tall - away * gap, y + away * gap)]
            boxes = [(start, top, start + wide, top + tall) for top in tops for start in (x + 15, x - 15 - wide)]
            fitting = [box for box in boxes if left <= box[0] and box[2] <= right] or boxes[:1]
            box = min(fitting, key=functools.partial(_cost, (x, y), covered, written))
            written.append(box)
            is_right = box[0] > x
            edge = box[0] - 3 if is_right else box[2] + 3
            sheet.rule(x, y, edge, (box[1] + box[3]) / 2, sheet.theme.ink, width=0.9)
            sheet.box(x - 2.5, y - 2.5, x + 2.5, y + 2.5, fill=sheet.theme.ink)
            sheet.text(lines, box[0] if is_right else box[2], box[1], sheet.small, anchor="left" if is_right else "right")

    def _claim(self, axis: Axis, x_of: Callable, sign: str, start: pd.Timestamp, end: pd.Timestamp, low: float, high: float) -> None:
        sheet = self.sheet
        y_of = sheet.y_of(axis)
        sheet.box(x_of(start), y_of(high), x_of(end), y_of(low), colour=sheet.theme.ink, width=1.2, dash="dash")
        sheet.text(sign, x_of(end) - 3, y_of(high) - sheet.small * 1.25, sheet.small, bold=True, anchor="right")

    def reading(self, figure: Figure) -> list[tuple[str, int]]:
        claims = self.language.phrase("claim") if texts.claims(self.cited, self.rows, self.view) else ""
        return [*super().reading(figure), (claims, 2)]


class EndLabels:
    """The names of series at the ends of their lines, with their last values where they are asked for, none over another."""

    def __init__(self, drawer: OverTime, *, has_values: bool):
        self.drawer, self.sheet, self.size, self.has_values = drawer, drawer.sheet, drawer.sheet.small, has_values
        max_width = min(0.3 * self.sheet.width, 13 * self.sheet.type)
        self.lines = {}
        for name in drawer.names:
            lines = (
                fonts.wrapped(fonts.plain(drawer.signed[name]), self.size, max_width, bold=True, max_lines=2)
                if len(drawer.names) > 1
                else []
            )
            self.lines[name] = [*lines, *(drawer.last_value(name) if has_values else [])]
        self.gap = 1.1 * self.sheet.type
        self.width = self.gap + max((fonts.width(line, self.size, True) for lines in self.lines.values() for line in lines), default=0) + 2
        self.line = self.size * 1.2

    def fit(self, height: float) -> bool:
        """Whether all can stand beside a plot of a height and leave it room enough."""
        cut = any(line.endswith("…") for lines in self.lines.values() for line in lines)
        needed = sum(len(lines) for lines in self.lines.values()) * self.line + 3 * len(self.lines)
        return not cut and self.width < 0.36 * self.sheet.width and needed < height + self.line

    def set_out(self, axis: Axis, x_of: Callable) -> None:
        """Set each name beside the end of its line, moved no further than it must be, and tied to it where it had to move."""
        sheet, y_of = self.sheet, self.sheet.y_of(axis)
        wanted = []
        for name, lines in self.lines.items():
            row = self.drawer.last_row(name)
            if row is None or not lines:
                continue
            top = row["high"] if row["high"] < math.inf else row["low"]
            # Beside a band the name stands just below its upper end: a place on paper, not a value.
            y = y_of(top) + (0 if row["low"] == row["high"] else min(self.line / 2, y_of(row["low"]) - y_of(top)))
            wanted.append((y, name, x_of(row["period_end"] + pd.Timedelta(days=1))))
        wanted.sort()
        heights = [len(self.lines[name]) * self.line + 3 for _, name, _ in wanted]
        top, bottom = sheet.top - self.line / 2, sheet.height - sheet.bottom + self.line / 2
        edge = sheet.width - sheet.right
        for (y, name, x), middle in zip(wanted, geometry.apart([y for y, *_ in wanted], heights, top, bottom), strict=True):
            colour = self.drawer.text_colour(name)
            if abs(middle - y) > 3 or x < edge - 3:
                sheet.rule(x + 2, y, edge + self.gap - 4, middle, colour, width=0.8, dash="dot")
            sheet.text(self.lines[name], edge + self.gap, middle, self.size, bold=True, colour=colour, middle=True)


def _drawn(stretches: Mapping[str, Sequence[Stretch]], x_of: Callable, y_of: Callable) -> Iterator[tuple[float, float, float, float]]:
    # Where numbers and the steps between them are drawn: left, upper, right and lower edge.
    for own in stretches.values():
        for before, one in zip([None, *own], own, strict=False):
            left, right = x_of(pd.Timestamp(one.start)), x_of(pd.Timestamp(one.end))
            yield left, y_of(one.high), right, y_of(one.low)
            if before is not None and before.end == one.start:
                yield left, y_of(max(before.high, one.high)), left, y_of(min(before.low, one.low))


def _cost(point: tuple[float, float], covered: Sequence[tuple], written: Sequence[tuple], box: tuple[float, float, float, float]) -> float:
    # Words over words are worst, then words over lines, then a long way to their point.
    away = abs((box[1] + box[3]) / 2 - point[1])
    return 1000 * sum(_touch(box, other) for other in written) + 30 * sum(_touch(box, other) for other in covered) + away


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] <= other[2] + 2 and other[0] <= one[2] + 2 and one[1] <= other[3] + 2 and other[1] <= one[3] + 2


class Multiples(Shape):
    """One small panel a series, on one scale."""

    def _grid(self) -> tuple[int, int]:
        sheet = self.sheet
        # As wide as the names of the panels need, within reason.
        longest = max(fonts.width(fonts.plain(name), sheet.small, True) for name in self.everything["label"].unique())
        columns = max(1, min(5, int(sheet.room / min(max(11.5 * sheet.type, longest + 2.5 * sheet.type), 18 * sheet.type))))
        height = sheet.height - sheet.type * (12 if sheet.height > 24 * sheet.type else 9.5)
        return columns, max(1, int(height / (6.4 * sheet.type)))

    def max_series(self) -> int:
        columns, lines = self._grid()
        return max(1, min(views.MAX_SERIES["multiples"], columns * lines))

    def draw(self, figure: Figure) -> go.Figure:
        sheet, rows = self.sheet, self.rows
        count = len(self.names)
        columns = min(self._grid()[0], count)
        lines = math.ceil(count / columns)
        columns = math.ceil(count / lines)
        y = self.head(figure)
        sheet.bottom = sheet.height - self.foot(figure, y, self.breaks_in_words()) + sheet.small * 1.7
        self.set_axis_words(y)
        title = sheet.small * 1.35
        sheet.top = y + sheet.small * fonts.LINE_HEIGHT + title + 0.3 * sheet.type
        series, is_own = geometry.stretches(rows), self.view.panels == "own"
        tops = {name: max([one.high if one.high < math.inf else one.low for one in of_one], default=1.0) for name, of_one in series.items()}
        common = Axis(max(tops.values(), default=1.0), self.is_share, self.language)
        axes = {name: Axis(top, self.is_share, self.language) if is_own else common for name, top in tops.items()}
        gap_y = title + sheet.small * 1.9
        panel_height = (sheet.plot[1] - gap_y * (lines - 1)) / lines
        for axis in axes.values():
            axis.divide(max(2.0, panel_height / (2.4 * sheet.type)))
        beside = max((axis.width(sheet.small) for axis in axes.values()), default=0.0) + 0.4 * sheet.type
        gap_x = 1.1 * sheet.type + (beside if is_own else 0)
        sheet.left = sheet.pad + beside
        width, height = sheet.plot
        panel_width = (width - gap_x * (columns - 1)) / columns
        first, last = rows["period_start"].min(), rows["period_end"].max() + pd.Timedelta(days=1)
        time_axis = _time_axis(rows, first, last, sheet, room=panel_width)
        drawn, layout, values = [], {}, self._values(panel_width)
        for index, name in enumerate(self.names):
            line, column = divmod(index, columns)
            number = index + 1 if index else ""
            x, top = column * (panel_width + gap_x), line * (panel_height + gap_y)
            axis = axes.get(name, common)
            drawn += traces(self, name, series.get(name, []), axis, xaxis=f"x{index + 1}", yaxis=f"y{index + 1}")
            layout[f"xaxis{number}"] = time_axis | {
                "anchor": f"y{number}",
                "domain": [x / width, min(1.0, (x + panel_width) / width)],
                "showticklabels": index + columns >= count,
            }
            layout[f"yaxis{number}"] = sheet.values(axis) | {
                "anchor": f"x{number}",
                "domain": [max(0.0, 1 - (top + panel_height) / height), 1 - top / height],
                "showticklabels": is_own or column == 0,
            }
            shown = fonts.cut(fonts.plain(self.signed[name]), sheet.small, panel_width, bold=True)
            sheet.text(shown, sheet.left + x, sheet.top + top - title, sheet.small, bold=True)
            sheet.text(values[name], sheet.left + x + panel_width, sheet.top + top - title, sheet.small, anchor="right")
        return sheet.finish({"data": drawn, "layout": layout})

    def _values(self, room: float) -> dict[str, str]:
        # The last value of each series beside its name, where all have room beside whole names.
        values, size = {name: "".join(self.last_value(name)) for name in self.names}, self.sheet.small
        if all(
            fonts.width(fonts.plain(self.signed[name]), size, True) + fonts.width(text, size) + size < room for name, text in values.items()
        ):
            return values
        if any(values.values()):
            self.sheet.remarks.append(NO_ROOM)
        return dict.fromkeys(values, "")


def traces(drawer: Shape, name: str, series: Sequence[Stretch], axis: Axis, **cell) -> list[dict]:
    """A series as plain traces: exact numbers as a line across their periods, ranges as outlines, a word under the pointer for each, and dotted what earlier editions print."""
    colour, is_muted = drawer.colour(name), name in drawer.muted
    area = {
        "fill": "toself",
        "fillcolor": drawer.pale(name, 0.12 if is_muted else 0.28),
        "line": {"width": 1, "color": colour},
    }
    line = {"width": 1.3 if is_muted else 2.8 if drawer.muted else 1.9, "color": colour, "simplify": False}
    dotted = {"width": 1.2, "dash": "dot", "color": drawer.pale(name, 0.6)}
    before = geometry.one_by_one(drawer.earlier[drawer.earlier["label"] == name]).get(name, [])
    cell |= {"name": name, "showlegend": False}
    drawn = timelines.lines(series, before, axis, line, area, dotted, **cell)
    # Points to be pointed at, on the ends of the intervals and never between them; they are not seen.
    ends = [(one, end) for one in series for end in {one.low, one.high} if end < math.inf]
    if ends:
        words = {"hovertext": [drawer.under_pointer(one.row) for one, _ in ends], "hovertemplate": "%{hovertext}<extra></extra>"}
        at = {"x": [one.start + (one.end - one.start) / 2 for one, _ in ends], "y": [axis.drawn(end) for _, end in ends]}
        marker = {"size": 9, "opacity": 0, "color": colour}
        drawn.append(cell | at | words | {"type": "scatter", "mode": "markers", "hoverinfo": "text", "marker": marker})
    return drawn


def _time_axis(rows: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, sheet: Sheet, room: float | None = None) -> dict:
    line = {"showgrid": False, "showline": True, "linecolor": sheet.theme.quiet, "ticklen": 0, "tickangle": 0}
    span = {"type": "date", "range": [first.isoformat(), last.isoformat()]} | line
    room = room or sheet.plot[0]
    spans = rows[["period_start", "period_end"]].drop_duplicates().sort_values("period_start")
    if (last - first).days < 800 and len(spans) <= 4:
        middles = [start + (end - start) / 2 for start, end in zip(spans["period_start"], spans["period_end"], strict=True)]
        texts = [sheet.language.period(Period.of(row)) for _, row in spans.iterrows()]
        if sum(fonts.width(text, sheet.small) + sheet.type for text in texts) < room:
            return sheet.axis(middles, texts) | span
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
    return sheet.axis([middle for middle, _ in inside], [text for _, text in inside]) | span | {"minor": minor}
