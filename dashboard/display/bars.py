"""Bars: one period over series, a ranking, and the change between two periods; built from plain dictionaries at once."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.display import fonts, geometry
from dashboard.display.axes import PLAIN, Axis
from dashboard.display.charts import GRID, LETTERS, LIGHT, Paper, escaped, faint, figure, in_lines, is_share, layout_of, words_at
from dashboard.display.sentences import values

ROW, DENSE_ROW, CHANGE_ROW = 40, 26, 66
"""Pixels of a row: of a few bars, of many, and of a change."""
NAMES = 160
"""Pixels that names may take beside their bars, in two lines where rows are tall: on a telephone as much is left for the bars."""


def bars(
    table: pd.DataFrame,
    colours: Mapping[str, str],
    names: Mapping[str, str] | None = None,
    *,
    scaled: bool = False,
    without: Mapping[str, str] | None = None,
    highlighted: Collection[str] = (),
    paper: Paper = LIGHT,
) -> go.Figure:
    """One bar for each `label`, the longest first; a range is a pale bar from its lower to its upper end, written beside it.

    `names` are the names shown, by `label`, where they are others. `without` gives, for series that have no bar, the words that stand in their row. A bar that is selected carries its row number.
    """
    rows = table.dropna(subset=["low"]).sort_values(["low", "high", "label"], ascending=[False, False, True], kind="stable")
    without = without or {}
    labels = [*rows["label"], *without]
    named = [(label, (names or {}).get(label, label)) for label in labels]
    tall = ROW if len(labels) <= 12 else DENSE_ROW
    finite = [end for end in rows["high"] if not math.isinf(end)]
    # A bar without an upper end runs to the edge; its words say so.
    edge = max([*finite, *(rows["low"] * 1.15), 0.0]) or 1.0
    texts = values(rows, scaled)
    lines = [_lines(name, 2 if tall == ROW else 1) for _, name in named]
    left = max((fonts.width(line, LETTERS, bold=True) for own in lines for line in own), default=0) + 18
    right = max((fonts.width(text, LETTERS) for text in texts), default=0) + 16
    shades = [colours[name] for name in rows["label"]]
    spoken = [f"<b>{escaped(name)}</b>: {escaped(text)}" for name, text in zip(rows["label"], texts, strict=True)]
    pale = {"color": [faint(shade, 0.35) for shade in shades], "line": {"color": shades, "width": 1}}
    data = [
        bar | {"customdata": [int(index) for index in rows.index], "cliponaxis": False}
        for bar in range_bars(rows["low"], rows["high"].clip(upper=edge), spoken, {"color": shades}, pale)
    ]
    data[1] |= {
        "textfont": {"color": paper.ink},
        "text": [_bold(text, label in highlighted) for label, text in zip(rows["label"], texts, strict=True)],
        "textposition": "outside",
    }
    unbarred = enumerate(without.values(), len(rows))
    ticks = ["<br>".join(_bold(line, label in highlighted) for line in own) for label, own in zip(labels, lines, strict=True)]
    layout = layout_of(len(labels) * tall + 20, (left, right, 8, 8), paper) | {
        "barmode": "overlay",
        "bargap": 0.28,
        "annotations": [words_at(escaped(words), 0, row, xshift=4, font={"size": LETTERS}) for row, words in unbarred],
        "xaxis": {"range": [0, min(edge * 1.01, 1.0) if is_share(table, scaled) else edge * 1.01], "visible": False, "fixedrange": True},
        "yaxis": _names_axis(ticks, paper),
    }
    return figure(data, layout)


def range_bars(lows: Iterable[float], ends: Iterable[float], words: list[str], solid: dict, pale: dict) -> list[dict]:
    """Bars from zero as two plain traces, solid to the lower end and pale from there to the upper, each with its words under the pointer."""
    lows, common = [*lows], {"type": "bar", "orientation": "h", "hovertext": words, "hovertemplate": "%{hovertext}<extra></extra>"}
    common["y"] = list(range(len(lows)))
    beyond = {"x": [end - low for low, end in zip(lows, ends, strict=True)], "base": lows, "marker": pale}
    return [common | {"x": lows, "marker": solid}, common | beyond]


def changes(
    table: pd.DataFrame, colours: Mapping[str, str], names: Mapping[str, str], *, scaled: bool = False, paper: Paper = LIGHT
) -> go.Figure:
    """For each series its number in the earlier and in the later period, hollow and full, with the change as a range in words.

    `table` is of `changes.between`, `names` are the names shown, by `label`; the index is what a selection gives.
    """
    ends = [end for column in ("first_high", "last_high", "first_low", "last_low") for end in table[column] if not math.isinf(end)]
    axis = Axis(max(ends, default=1.0), is_share(table, scaled))
    data, shapes = [], []
    for index, row in enumerate(table.itertuples()):
        line = {"width": 2, "color": (colour := colours[row.label])}
        first, last = (row.first_low, min(row.first_high, axis.end)), (row.last_low, min(row.last_high, axis.end))
        for (low, high), is_hollow in ((first, True), (last, False)):
            data.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "x": [low],
                    "y": [index],
                    "customdata": [int(row.Index)],
                    "hovertext": [f"<b>{escaped(row.label)}</b>: {escaped(row.words)}"],
                    "hovertemplate": "%{hovertext}<extra></extra>",
                    "marker": {"size": 11, "color": colour, "opacity": int(low == high), "line": line}
                    | {"symbol": "circle-open" if is_hollow else "circle"},
                }
            )
            if low < high:
                tall = 0.1 if is_hollow else 0.05
                box = {"type": "rect", "x0": low, "x1": high, "y0": index - tall, "y1": index + tall, "line": line}
                shapes.append(box | ({} if is_hollow else {"fillcolor": colour}))
        if joint := geometry.facing(first, last):
            ends = {"x0": joint[0], "x1": joint[1], "y0": index, "y1": index}
            shapes.append({"type": "line", "line": {"color": faint(colour, 0.6), "width": 2}, "layer": "below"} | ends)
    # Name and words in two lines above the numbers, so that they have room on a telephone, too.
    annotations = [
        words_at(f"<b>{escaped(names.get(row.label, row.label))}</b><br>{escaped(row.words)}", 0, index)
        | {"xref": "paper", "yanchor": "bottom", "yshift": 6, "bgcolor": paper.background, "font": {"size": 12}}
        for index, row in enumerate(table.itertuples())
    ]
    layout = layout_of(len(table) * CHANGE_ROW + 40, (8, 24, 10, 30), paper) | {
        "shapes": shapes,
        "annotations": annotations,
        # A dot at zero has room for its left half.
        "xaxis": axis.layout() | {"range": [-axis.end * 0.015, axis.end], "gridcolor": GRID},
        "yaxis": {"visible": False, "fixedrange": True, "range": [len(table) - 0.75, -0.75]},
    }
    return figure(data, layout)


def _lines(name: str, count: int) -> list[str]:
    # The last line has what is left, cut where it must be: the whole name is told on hover and in the table.
    lines = in_lines(name, NAMES)
    return [*lines[: count - 1], fonts.cut(" ".join(lines[count - 1 :]), LETTERS, NAMES, bold=True)] if len(lines) > count else lines


def _bold(text: str, is_highlighted: bool) -> str:
    return f"<b>{escaped(text)}</b>" if is_highlighted else escaped(text)


def _names_axis(names: Sequence[str], paper: Paper) -> dict:
    shown = {"tickvals": list(range(len(names))), "ticktext": list(names), "tickfont": {"size": LETTERS, "color": paper.ink}}
    return PLAIN | shown | {"range": [len(names) - 0.4, -0.6], "showgrid": False}
