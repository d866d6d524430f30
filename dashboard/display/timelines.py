"""Series over time, in one chart or each in a lane of its own: a table in, a Plotly figure out, built from plain dictionaries at once.

Every number is drawn across its own period, exact ones as a line, ranges as an outline from the lower to the upper end, and never at a
middle. One cursor gives the numbers of all series in a period, and “not published” where a series has none.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from dashboard import analysis
from dashboard.display import colours, fonts, geometry
from dashboard.display.axes import PLAIN, Axis
from dashboard.display.charts import GRID, LETTERS, LIGHT, QUIET, Paper, escaped, faint, figure, in_lines, is_share, layout_of, words_at
from dashboard.display.geometry import Slot, Stretch
from dashboard.display.sentences import values

NOT_PUBLISHED = "not published"
MUTED = "#9AA0A6"
"""The colour of a series that stands back."""
HEIGHT, LANE = 370, 150
"""Pixels: of a chart of one plot, and of a row of lanes."""
BESIDE, ALONE, AT_THE_END = 130, 265, (105, 150, 260)
"""Pixels of a name on a telephone: beside another, above a lane of its own, and at the end of a series, the least that there is height for."""
LINE = 17
"""Pixels from one line of a name to the next."""
NUMBERED_BREAKS = 10
"""Breaks that have a number on the chart; the font has no digits for more."""
NARROWEST, TOP, TELEPHONE = 190, 12, 326
"""Pixels of a plot on a telephone, of what is free above any plot, and of a whole chart on a telephone."""
TICK, HALF, AWAY, SIGN = 22, 8, 25, 13
"""Pixels of a break: the length of its tick, half the height of a line of text, from the middle of its tick to that of its number, and the number's width."""


@dataclass(frozen=True)
class Break:
    """A change in how a series is counted, at a day: the number of its note, the series it concerns, and its name in a few words."""

    day: date
    series: str
    number: int
    words: str


@dataclass(frozen=True)
class Look:
    """How series are drawn: the colour of each, which stand back, and whether values grow by factors."""

    colours: Mapping[str, str]
    muted: Collection[str] = ()
    is_log: bool = False
    scaled: bool = False
    paper: Paper = LIGHT

    def text(self, name: str) -> str:
        """The colour of a series, so far darkened or lightened that text in it can be read."""
        return colours.readable(self.colour(name), self.paper.background)

    def colour(self, name: str) -> str:
        return MUTED if name in self.muted else self.colours[name]


def over_time(
    table: pd.DataFrame,
    look: Look,
    *,
    breaks: Sequence[Break] = (),
    earlier: pd.DataFrame | None = None,
    claims: pd.DataFrame | None = None,
    names: Mapping[str, str] | None = None,
    height: int = HEIGHT,
) -> go.Figure:
    """All series in one plot, each named at its end with its last value. `table` has a `label`; its index is what numbers are found by.

    `earlier` are numbers that earlier editions print for periods of the table, with the same `label`: they are drawn faint and dotted.
    `claims` (`period_start`, `period_end`, `low`, `high`) are drawn at their own period and range; `names` gives shorter names for the ends, blank where the name stands elsewhere.
    A point that is selected carries the first day of its slot, as text; `layout.meta.periods` names the slots.
    """
    plotted = _Plotted(table, look, breaks, earlier)
    axis = _axis(plotted.series, table, look, claims=claims, earlier=earlier)
    plot = height - TOP - 34
    ends = _ends(plotted, names or {}, plot)
    left = 10 + axis.width(12)
    right = 14 + max((one.width for one in ends), default=0)
    layout = plotted.layout(height, (left, right, TOP, 34)) | {
        "xaxis": plotted.time_axis(),
        "yaxis": _values(axis, look),
        "annotations": _end_labels(ends, look, axis, plot)
        + plotted.break_numbers(axis, plot, plotted.series, TELEPHONE - left - right)
        + plotted.values_on_steps(axis, plot),
        "shapes": [] if claims is None else _claimed(claims),
    }
    return figure([trace for name in plotted.series for trace in plotted.traces(name, axis)], layout)


def lanes(
    table: pd.DataFrame,
    look: Look,
    *,
    breaks: Sequence[Break] = (),
    earlier: pd.DataFrame | None = None,
    names: Mapping[str, str] | None = None,
    columns: int = 1,
    shares_axis: bool = True,
    row_height: int = LANE,
) -> go.Figure:
    """Each series in a small plot of its own, all over the same time and, unless each has its own, on the same scale."""
    plotted = _Plotted(table, look, breaks, earlier)
    series = plotted.series
    columns = max(1, min(columns, len(series)))
    rows = -(-len(series) // columns)
    # Beside another plot a name stands above its value, and the values of an axis of its own stand in the plot: so it has room on a telephone.
    shown = {name: (names or {}).get(name, name) for name in series}
    widest = max(fonts.width(f"{shown[name]}  {plotted.last_value(name)}", LETTERS, bold=True) for name in series)
    is_one_line = columns == 1 and widest <= ALONE
    headings = {name: [shown[name]] if is_one_line else in_lines(shown[name], BESIDE if columns > 1 else ALONE) for name in series}
    lines = max(map(len, headings.values())) + (not is_one_line)
    row_height += LINE * max(0, lines - min(columns, 2))
    above = 30 if is_one_line else 8 + LINE * lines
    height = rows * row_height + 34
    common = _axis(series, table, look, earlier=earlier)
    axes = {name: common if shares_axis else _axis({name: own}, table[table["label"] == name], look) for name, own in series.items()}
    left = 10 + (common.width(12) if shares_axis else 0)
    gap = 0.03
    wide = (1 - gap * (columns - 1)) / columns
    plot = height - 34.0
    data, annotations = [], []
    layout = plotted.layout(height, (left, 12, 4, 30))
    for index, name in enumerate(sorted(series, key=lambda name: shown[name].casefold())):
        row, column = divmod(index, columns)
        x0, top = column * (wide + gap), 1 - row * row_height / plot
        suffix, time = ("" if number == 0 else str(number + 1) for number in (index, column))
        # Plots above each other have one axis of time, and so one cursor. A year at the end of one plot would cover that at the start of the next.
        beside = {"ticklabeloverflow": "hide past domain"} if columns > 1 else {}
        layout[f"xaxis{time}"] = plotted.time_axis() | beside | {"domain": [x0, x0 + wide], "anchor": f"y{suffix}"}
        axes[name].divide(min(3, max(1, (row_height - max(42, above)) // 20)))
        layout[f"yaxis{suffix}"] = _values(axes[name], look) | {
            "domain": [max(0.0, top - (row_height - 12) / plot), top - above / plot],
            "anchor": f"x{time}",
            "zeroline": True,
            "zerolinecolor": QUIET,
            "showticklabels": column == 0 or not shares_axis,
            **({} if shares_axis else {"ticklabelposition": "inside top", "ticklabelstandoff": 0}),
        }
        data += [trace | {"xaxis": f"x{time}", "yaxis": f"y{suffix}"} for trace in plotted.traces(name, axes[name])]
        text = _label(headings[name], "  " if is_one_line else "<br>", plotted.last_value(name))
        # Last values beside each other stand at one height, however many lines their names have.
        heading = _named(look, name) | {"yanchor": "bottom"}
        annotations.append(words_at(text, x0, top - (above - HALF + 2) / plot, **heading))
        room = (TELEPHONE - left - 12) * wide
        annotations += plotted.break_numbers(axes[name], row_height - 12 - above, [name], room, time, suffix)
    layout |= {"annotations": annotations, "hoversubplots": "axis"}
    return figure(data, layout)


def breaks_on(breaks: pd.DataFrame, table: pd.DataFrame) -> list[Break]:
    """Which series each break concerns; those of one day and change that concern several series or stand twice share a number."""
    series = [
        (label, (reporter, requester, measure, request_type))
        for label, (reporter, _, requester, _, request_type, measure) in analysis.labelled_series(table).items()
    ]
    texts = (breaks[column].tolist() for column in ("reporter", "label", "requester", "measure", "request_type"))
    numbers: dict[tuple, int] = {}
    signs: dict[tuple[str, int], Break] = {}
    for day, reporter, words, *narrower in sorted(zip(analysis.days_of(breaks["date"]), *texts, strict=True), key=lambda row: row[:3]):
        for label, codes in series:
            if all(wanted in ("*", code) for wanted, code in zip((reporter, *narrower), codes, strict=True)):
                note = numbers.setdefault((day, reporter, words), len(numbers) + 1)
                signs.setdefault((label, note), Break(day, label, note, words))
    return list(signs.values())


def break_sign(number: int) -> str:
    """The sign that ties a tick on the chart to its note: ①, ②, …; empty past the last that the font has."""
    return chr(0x2460 + number - 1) if 1 <= number <= NUMBERED_BREAKS else ""


def _axis(
    series: Mapping[str, list[Stretch]],
    table: pd.DataFrame,
    look: Look,
    *,
    claims: pd.DataFrame | None = None,
    earlier: pd.DataFrame | None = None,
) -> Axis:
    every = [one for own in series.values() for one in own]
    ends = [one.high if not math.isinf(one.high) else one.low * 1.1 for one in every]
    if earlier is not None:
        ends += list(earlier.loc[earlier["label"].isin(series), "high"])
    if claims is not None:
        ends += [*claims["high"], *claims["low"]]
    positive = [end for one in every for end in (one.low, one.high) if 0 < end < math.inf]
    top = max((end for end in ends if 0 < end < math.inf), default=1.0)
    return Axis(top, is_share(table, look.scaled), log_from=min(positive, default=1.0) if look.is_log else 0.0)


def _values(axis: Axis, look: Look) -> dict:
    return axis.layout() | {"tickfont": {"size": 12, "color": look.paper.quiet}, "gridcolor": GRID, "ticklabelstandoff": 8}


@dataclass(frozen=True)
class _End:
    """What stands at the end of a series: its name in lines, its last value, and where that is on the axis."""

    series: str
    lines: Sequence[str]
    value: str
    at: float
    is_one_line: bool = False

    @property
    def width(self) -> float:
        # The pages may have a bolder letter than ours.
        name, shown = (max((fonts.width(line, LETTERS, True) for line in self.lines), default=0.0) * 1.03, fonts.width(self.value, LETTERS))
        return name + 6 + shown if self.is_one_line else max(name, shown)

    @property
    def height(self) -> float:
        return 1.0 + LINE * (1 if self.is_one_line else len(self.lines) + 1)


class _Plotted:
    """What is drawn of a table: its series, their values in words, the stops of the cursor, the breaks, and what earlier editions print."""

    def __init__(self, table: pd.DataFrame, look: Look, breaks: Sequence[Break], earlier: pd.DataFrame | None):
        self.look, self.breaks = look, breaks
        self.series = geometry.stretches(table)
        self.texts = _texts(table, look.scaled)
        self.slots = geometry.slots(self.series)
        # Several editions may print the same period.
        texts = {} if earlier is None else _texts(earlier, look.scaled)
        ones = geometry.one_by_one(earlier) if texts else {}
        self.before = {name: [(one, texts[one.row]) for one in own] for name, own in ones.items()}

    def last(self, name: str) -> geometry.Stretch:
        """The number of a series whose period ends last; a longer period may end after a shorter one that begins with it."""
        return max(self.series[name], key=lambda one: (one.end, one.start))

    def last_value(self, name: str) -> str:
        """The last value of a series, with its period where that is not the last of all."""
        last = self.last(name)
        return self.texts[last.row] if last.end == self.slots[-1].end else f"{self.texts[last.row]} ({last.name})"

    def traces(self, name: str, axis: Axis) -> list[dict]:
        own, before, look = self.series[name], self.before.get(name, ()), self.look
        colour, is_muted = look.colour(name), name in look.muted
        area = {"fill": "toself", "fillcolor": faint(colour, 0.1 if is_muted else 0.28), "line": {"width": 1.2, "color": colour}}
        line = {"width": 1.5 if is_muted else 4 if look.muted else 2.5, "color": colour}
        dotted = {"width": 1.5, "dash": "dot", "color": faint(colour, 0.6)}
        drawn = lines(own, [one for one, _ in before], axis, line, area, dotted, name=escaped(name))
        if days := [one.day for one in self.breaks if one.series == name]:
            ticks = {"symbol": "line-ns", "size": 16, "color": colour, "line": {"width": 3, "color": colour}}
            heights = [axis.drawn(_height_at(own, day)) for day in days]
            drawn.append(
                {"type": "scatter", "mode": "markers", "x": days, "y": heights, "name": escaped(name), "hoverinfo": "skip", "marker": ticks}
            )
        return [*drawn, self._cursor(name, axis)]

    def _cursor(self, name: str, axis: Axis) -> dict:
        # One point at every stop of the cursor, not seen until it is selected, so that each stop has a word of every series.
        here, colour = [geometry.at(self.series[name], slot) for slot in self.slots], self.look.colour(name)
        return {
            "type": "scatter",
            "mode": "markers",
            "x": [_cursor_day(slot) for slot in self.slots],
            "y": [axis.drawn(one.low if one else 0.0) for one in here],
            "name": escaped(name),
            "customdata": [slot.start.isoformat() for slot in self.slots],
            "hovertext": [self._spoken(name, slot, one) for slot, one in zip(self.slots, here, strict=True)],
            "hovertemplate": f"<span style='color:{colour}'>■</span> <b>{escaped(name)}</b>  %{{hovertext}}<extra></extra>",
            "marker": {"size": 9, "opacity": 0, "color": colour},
            "selected": {"marker": {"opacity": 1}},
            "unselected": {"marker": {"opacity": 0}},
        }

    def _spoken(self, name: str, slot: Slot, one: Stretch | None) -> str:
        value_text = NOT_PUBLISHED if one is None else escaped(self.texts[one.row])
        if one is not None and one.name != slot.name:
            value_text += f" ({one.name})"
        notes = (note for note in self.breaks if note.series == name and slot.start <= note.day < slot.end)
        value_text += "".join(f" · {break_sign(note.number)} {escaped(note.words)}" for note in notes)
        before = [text for other, text in self.before.get(name, ()) if one and (other.start, other.end) == (one.start, one.end)]
        return value_text + "".join(f" · before: {escaped(text)}" for text in before)

    def break_numbers(self, axis: Axis, plot: float, names: Collection[str], room: float, time: str = "", suffix: str = "") -> list[dict]:
        """In a plot of some series, the number of each change above the highest tick of that change, or as near to it as nothing else is drawn.

        None covers another where the plot is no wider than the `room` in pixels.
        """
        own = {name: self.series[name] for name in names}
        heights: dict[tuple[date, int], tuple[float, str]] = {}
        for one in self.breaks:
            if one.series in own and break_sign(one.number):
                at = axis.height(axis.drawn(_height_at(own[one.series], one.day)), plot)
                heights[(one.day, one.number)] = min((at, one.series), heights.get((one.day, one.number), (plot, one.series)))
        ticks = [(day, at - TICK / 2, at + TICK / 2) for (day, _), (at, _) in heights.items()]
        numbers = []
        first, last = self.time_axis()["range"]
        wide = (last - first).days * SIGN / room
        for (day, sign_number), (at, name) in sorted(heights.items(), key=lambda item: -item[1][0]):
            near = ((top, bottom) for other, top, bottom in ticks if abs((day - other).days) < wide)
            free = _free_height(at - AWAY, at + AWAY, [*_drawn_at(day, own, axis, plot), *near], plot, reach=round(plot))
            y = at - AWAY if free is None else free
            ticks.append((day, y - HALF, y + HALF))
            words = "; ".join(dict.fromkeys(one.words for one in self.breaks if one.number == sign_number))
            sign = {"text": break_sign(sign_number), "font": {"size": 12, "color": self.look.text(name)}, "hovertext": escaped(words)}
            at = {"xref": f"x{time}", "x": day, "yref": f"y{suffix} domain", "y": 1 - y / plot, "yanchor": "middle"}
            numbers.append(sign | at | {"showarrow": False})
        return numbers

    def values_on_steps(self, axis: Axis, plot: float) -> list[dict]:
        """In a short time every number above its own period, or below."""
        return [
            {"text": escaped(text), "x": day, "y": 1 - y / plot, "showarrow": False} | _named(self.look, name) | {"xref": "x"}
            for name, day, text, y in values_on_steps(self.series, self.texts, axis, plot, NARROWEST)
        ]

    def time_axis(self) -> dict:
        """The axis of all plots, from the first day of a series to the last."""
        first = min(one.start for own in self.series.values() for one in own)
        last = max(one.end for own in self.series.values() for one in own)
        return PLAIN | {
            "type": "date",
            "range": [first, last],
            "showgrid": False,
            "showline": True,
            "linecolor": QUIET,
            "layer": "below traces",
            "ticks": "outside",
            "tickcolor": QUIET,
            "tickfont": {"size": 12, "color": self.look.paper.quiet},
            # Ticks closer than a year apart would have one year's name twice.
            "tickformatstops": [{"dtickrange": [None, "M11"], "value": "%b %Y"}, {"dtickrange": ["M12", None], "value": "%Y"}],
            "tickangle": 0,
            "unifiedhovertitle": {"text": _heading(self.slots)},
            "showspikes": True,
            "spikemode": "across",
            "spikesnap": "cursor",
            "spikedash": "solid",
            "spikethickness": 1,
            "spikecolor": QUIET,
        }

    def layout(self, height: float, margins: tuple[float, float, float, float]) -> dict:
        """The layout of a height, with the names of the stops of the cursor."""
        sorting = {"hovermode": "x unified", "hoverdistance": -1, "hoversort": "value descending"}
        periods = {"periods": {slot.start.isoformat(): slot.name for slot in self.slots}}
        layout = layout_of(height, margins, self.look.paper, **sorting) | {"meta": periods}
        # The axis of time stands at zero: the theme of the pages would have it lower.
        return layout | {"margin": layout["margin"] | {"pad": 0}}


def _texts(table: pd.DataFrame, scaled: bool) -> dict[int, str]:
    return dict(zip(map(int, table.index), values(table, scaled), strict=True))


def values_on_steps(
    series: Mapping[str, list[Stretch]], texts: Mapping[int, str], axis: Axis, plot: float, room: float
) -> list[tuple[str, date, str, float]]:
    """In a short time every number but the last of its series: the series, a day, the text by its row, and how far from the upper edge it stands.

    Above its own period, or below; none where one has no place, or in a time that is too long for the `room` in pixels.
    """
    slots = geometry.slots(series)
    steps = [(slot, name, one) for slot in slots for name, own in series.items() for one in own[:-1] if one.start == slot.start]
    if max((fonts.width(texts[one.row], LETTERS) for *_, one in steps), default=0.0) * len(slots) > room:
        return []
    notes, taken = [], {slot: _drawn_at(slot.middle, series, axis, plot) for slot in slots}
    for slot, name, one in sorted(steps, key=lambda step: -step[2].high):
        top, bottom = (axis.height(axis.drawn(end), plot) for end in (one.high, one.low))
        y = _free_height(top - 11, bottom + 11, taken[slot], plot, reach=6)
        if y is None:
            return []
        taken[slot].append((y - HALF, y + HALF))
        notes.append((name, slot.middle, texts[one.row], y))
    return notes


def _ends(plotted: _Plotted, names: Mapping[str, str], plot: float) -> list[_End]:
    """What stands at the ends: as narrow as the height allows, as a telephone has no width to spare; beside each other where nothing else fits."""
    ends = []
    for name in plotted.series:
        last, shown = plotted.last(name), names.get(name, name)
        at = last.low if math.isinf(last.high) else (last.low + last.high) / 2
        ends.append(_End(name, [shown] if shown else [], plotted.last_value(name), at, is_one_line=True))
    for room in AT_THE_END:
        narrow = [replace(one, lines=in_lines(" ".join(one.lines), room), is_one_line=False) for one in ends]
        if sum(one.height for one in narrow) <= plot + 28:
            return narrow
    return ends


def _label(lines: Sequence[str], joint: str, value: str) -> str:
    return (f"<b>{'<br>'.join(map(escaped, lines))}</b>{joint}" if lines else "") + escaped(value)


def _end_labels(ends: Sequence[_End], look: Look, axis: Axis, plot: float) -> list[dict]:
    wanted = {one.series: axis.height(one.at, plot) for one in ends}
    ordered = sorted(ends, key=lambda one: wanted[one.series])
    middles = geometry.apart([wanted[one.series] for one in ordered], [one.height for one in ordered], -8, plot + 20)
    return [
        words_at(_label(one.lines, "  " if one.is_one_line else "<br>", one.value), 1, 1 - middle / plot, xshift=8)
        | _named(look, one.series)
        for one, middle in zip(ordered, middles, strict=True)
    ]


def _named(look: Look, series: str) -> dict:
    return {"xref": "paper", "yref": "paper", "yanchor": "middle", "font": {"size": LETTERS, "color": look.text(series)}}


def lines(own: Sequence[Stretch], before: Sequence[Stretch], axis: Axis, line: dict, area: dict, dotted: dict, **common) -> list[dict]:
    """A series as plain traces without words under the pointer: what other editions print (`before`) dotted, ranges as outlines, exact numbers as a line."""
    xs, ys = geometry.steps(own)
    drawn = (
        (geometry.apart_from_each_other(before, axis.end, axis.start), {"line": dotted}),
        (geometry.outlines(own, axis.end, axis.start), area),
        ((xs, [axis.drawn(y) for y in ys]), {"line": line}),
    )
    common |= {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    return [common | {"x": xs, "y": ys} | look for (xs, ys), look in drawn if xs]


def _cursor_day(slot: Slot) -> date:
    # The heading over the values can hold no text but that of a day, so the day of the month says which part of the year it is.
    months = (slot.end.year - slot.start.year) * 12 + slot.end.month - slot.start.month
    slot_number = (slot.start.month - 1) // months + 1
    middle = slot.middle
    return middle.replace(day=slot_number) if months in (3, 6) else middle.replace(day=15)


def _heading(slots: Sequence[Slot]) -> str:
    months = (slots[0].end.year - slots[0].start.year) * 12 + slots[0].end.month - slots[0].start.month
    return {12: "%{x|%Y}", 6: "%{x|%Y} H%{x|%-d}", 3: "%{x|%Y} Q%{x|%-d}"}.get(months, "%{x|%b %Y}")


def _height_at(own: Sequence[Stretch], day: date) -> float:
    after = next((one for one in own if one.start <= day < one.end), None)
    before = next((one for one in reversed(own) if one.end <= day), None)
    one = after or before or own[0]
    return one.low


def _free_height(above: float, below: float, taken: Sequence[tuple[float, float]], plot: float, reach: int) -> float | None:
    # Where a line of text covers nothing, in pixels from the top: from a height upwards or from one downwards, as near as can be and no farther than it reaches; None where it covers something everywhere.
    tries = [y for step in range(0, reach, 3) for y in (above - step, below + step) if HALF - TOP <= y <= plot - HALF]
    return next((y for y in tries if all(y + HALF <= top or bottom <= y - HALF for top, bottom in taken)), None)


def _drawn_at(day: date, series: Mapping[str, list[Stretch]], axis: Axis, plot: float) -> list[tuple[float, float]]:
    # From which height to which something is drawn at a day, in pixels from the top: lines with their steps, and the edges of ranges.
    taken = []
    for own in series.values():
        near = [one for one in own if one.start <= day <= one.end]
        heights = {one.row: sorted(axis.height(axis.drawn(end), plot) for end in (one.low, one.high)) for one in near}
        lines = [heights[one.row][0] for one in near if one.is_exact]
        taken += [(min(lines), max(lines))] if lines else []
        for one in near:
            top, bottom = heights[one.row]
            taken += [(top, bottom)] if day in (one.start, one.end) else [(top, top), (bottom, bottom)]
    return taken


def _claimed(claims: pd.DataFrame) -> list[dict]:
    return [
        {
            "type": "rect",
            "x0": claim.period_start,
            "x1": claim.period_end + pd.Timedelta(days=1),
            "y0": claim.low,
            "y1": claim.high,
            "line": {"width": 1.5, "dash": "dash", "color": QUIET},
            "fillcolor": "rgba(122,127,135,.15)",
            "layer": "below",
        }
        for claim in claims.itertuples()
    ]
