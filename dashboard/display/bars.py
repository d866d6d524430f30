"""Bars: one period over series, a ranking, and the change between two periods; built from plain dictionaries at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.display import fonts, geometry
from dashboard.display.charts import FONT, LIGHT, Paper, escaped, faint, figure, is_share
from dashboard.display.sentences import value
from dashboard.model.intervals import Interval, direction, outwards
from dashboard.model.intervals import text as interval_text

ROW, DENSE_ROW = 40, 26
"""Pixels of a row: of a few bars, and of many."""
LETTERS = 13
NAMES = 160
"""Pixels that names may take beside their bars: on a telephone as much is left for the bars. The whole name is told on hover and in the table."""


def bars(
    table: pd.DataFrame,
    colours: Mapping[str, str],
    *,
    scaled: bool = False,
    without: Mapping[str, str] | None = None,
    highlighted: Sequence[str] = (),
    paper: Paper = LIGHT,
) -> go.Figure:
    """One bar for each `label`, the longest first; a range is a pale bar from its lower to its upper end, written beside it.

    `without` gives, for series that have no bar, the words that stand in their row. A bar that is selected carries its row number.
    """
    rows = table.dropna(subset=["low"]).sort_values(["low", "high", "label"], ascending=[False, False, True], kind="stable")
    without = without or {}
    names = [*rows["label"], *without]
    tall = ROW if len(names) <= 12 else DENSE_ROW
    finite = [end for end in rows["high"] if not math.isinf(end)]
    # A bar without an upper end runs to the edge; its words say so.
    edge = max([*finite, *(rows["low"] * 1.15), 0.0]) or 1.0
    texts = [value(low, high, measure, scaled) for low, high, measure in zip(rows["low"], rows["high"], rows["measure"], strict=True)]
    left = min(NAMES, max((fonts.width(name, LETTERS) for name in names), default=0)) + 16
    right = max((fonts.width(text, LETTERS) for text in texts), default=0) + 16
    shades = [colours[name] for name in rows["label"]]
    at = list(range(len(rows)))
    common = {
        "type": "bar",
        "orientation": "h",
        "y": at,
        "customdata": [int(index) for index in rows.index],
        "hovertext": [f"<b>{escaped(name)}</b>: {escaped(text)}" for name, text in zip(rows["label"], texts, strict=True)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "cliponaxis": False,
    }
    data = [
        common | {"x": list(rows["low"]), "marker": {"color": shades}},
        common
        | {
            "x": [min(high, edge) - low for low, high in zip(rows["low"], rows["high"], strict=True)],
            "base": list(rows["low"]),
            "marker": {"color": [faint(shade, 0.35) for shade in shades], "line": {"color": shades, "width": 1}},
            "textfont": {"color": paper.ink},
            "text": [
                f"<b>{escaped(text)}</b>" if name in highlighted else escaped(text) for name, text in zip(rows["label"], texts, strict=True)
            ],
            "textposition": "outside",
        },
    ]
    annotations = [
        {
            "text": escaped(words),
            "x": 0,
            "y": len(rows) + place,
            "xanchor": "left",
            "xshift": 4,
            "showarrow": False,
            "font": {"size": LETTERS},
        }
        for place, words in enumerate(without.values())
    ]
    layout = _layout(len(names) * tall + 20, left, right, paper) | {
        "barmode": "overlay",
        "bargap": 0.28,
        "annotations": annotations,
        "xaxis": {"range": [0, min(edge * 1.01, 1.0) if is_share(table, scaled) else edge * 1.01], "visible": False, "fixedrange": True},
        "yaxis": _names_axis(
            [
                f"<b>{escaped(fonts.cut(name, LETTERS, NAMES - 20))}</b>"
                if name in highlighted
                else escaped(fonts.cut(name, LETTERS, NAMES - 10))
                for name in names
            ],
            paper,
        ),
    }
    return figure(data, layout)


def changes(table: pd.DataFrame, colours: Mapping[str, str], *, scaled: bool = False, paper: Paper = LIGHT) -> go.Figure:
    """For each series its number in the earlier and in the later period, hollow and full, joined, with the change as a range in words.

    `table` has a row for each series: `label`, `measure`, `first_low`, `first_high`, `last_low`, `last_high` and `words`; its index is what a selection gives.
    """
    names = list(table["label"])
    ends = [end for column in ("first_high", "last_high", "first_low", "last_low") for end in table[column] if not math.isinf(end)]
    edge = max([*ends, 0.0]) or 1.0
    data, shapes = [], []
    for place, row in enumerate(table.itertuples()):
        colour = colours[row.label]
        for which, low, high in (("first", row.first_low, row.first_high), ("last", row.last_low, row.last_high)):
            high = min(high, edge)
            hollow = which == "first"
            data.append(
                {
                    "type": "scatter",
                    "mode": "markers+lines",
                    "x": [low, high],
                    "y": [place, place],
                    "customdata": [int(row.Index)] * 2,
                    "hovertext": [f"<b>{escaped(row.label)}</b>: {escaped(row.words)}"] * 2,
                    "hovertemplate": "%{hovertext}<extra></extra>",
                    "line": {"color": colour, "width": 8 if high > low else 0},
                    "opacity": 0.55 if hollow and high > low else 1,
                    "marker": {
                        "size": 11,
                        "color": colour,
                        "symbol": "circle-open" if hollow else "circle",
                        "line": {"width": 2, "color": colour},
                    },
                }
            )
        shapes.append(
            {
                "type": "line",
                "x0": row.first_low,
                "x1": row.last_low,
                "y0": place,
                "y1": place,
                "line": {"color": faint(colour, 0.6), "width": 2},
            }
        )
    annotations = [
        {
            "text": escaped(row.words),
            "xref": "paper",
            "x": 0,
            "y": place,
            "xanchor": "left",
            "yshift": 17,
            "showarrow": False,
            "font": {"size": 12},
        }
        for place, row in enumerate(table.itertuples())
    ]
    share = is_share(table, scaled)
    ticks = geometry.divisions(min(edge, 1.0)) if share else geometry.divisions(edge)
    left = min(240.0, max((fonts.width(name, LETTERS) for name in names), default=0)) + 16
    layout = _layout(len(names) * 56 + 40, left, 20, paper) | {
        "shapes": shapes,
        "annotations": annotations,
        "margin": {"l": left, "r": 24, "t": 10, "b": 30},
        "xaxis": {
            "range": [-edge * 0.015, edge * 1.04],
            "tickvals": ticks,
            "ticktext": [value(tick, tick, table["measure"].iloc[0], scaled) for tick in ticks],
            "showgrid": True,
            "gridcolor": "rgba(122,127,135,.25)",
            "zeroline": False,
            "fixedrange": True,
        },
        "yaxis": _names_axis([escaped(fonts.cut(name, LETTERS, 230)) for name in names], paper) | {"range": [len(names) - 0.6, -0.65]},
    }
    return figure(data, layout)


def change_words(first: Interval, last: Interval, measure: str, *, scaled: bool, same_length: bool) -> str:
    """A change in one line: from, to, by how much, and whether it rose."""
    said = f"{value(first.low, first.high, measure, scaled)} → {value(last.low, last.high, measure, scaled)}"
    if not same_length:
        return f"{said} · periods of different length, so no change is stated"
    difference = last - first
    which = {"cannot be said": "whether it changed cannot be said"}.get(direction(first, last), direction(first, last))
    return f"{said} · {signed(difference, measure, scaled)} · {which}"


def signed(difference: Interval, measure: str, scaled: bool) -> str:
    """A difference with its sign, or with both where it may be either: `+1,204`, `−12 to +30`, `+1 to +3 points`."""
    is_points = is_share(pd.DataFrame({"measure": [measure]}), scaled)
    low, high = (end * 100 if is_points else end for end in (difference.low, difference.high))
    digits = 1 if is_points else 0 if max(abs(low), abs(high)) >= 100 or not scaled else 2
    # A difference carries binary noise, by which it is not to be shown wider.
    shown = outwards(Interval(round(low, 9), round(high, 9)), digits)
    low, high = shown.low, shown.high
    unit = " points" if is_points else ""
    if low == high:
        return f"{_sign(low, digits)}{unit}"
    if math.isinf(high):
        return f"{_sign(low, digits)} or more{unit}"
    if math.isinf(low):
        return f"{_sign(high, digits)} or less{unit}"
    return f"{_sign(low, digits)} to {_sign(high, digits)}{unit}"


def _sign(number: float, digits: int) -> str:
    shown = interval_text(Interval.exact(abs(number)), digits)
    return shown if number == 0 else f"+{shown}" if number > 0 else f"−{shown}"


def _names_axis(names: Sequence[str], paper: Paper) -> dict:
    return {
        "tickvals": list(range(len(names))),
        "ticktext": list(names),
        "range": [len(names) - 0.4, -0.6],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "automargin": False,
        "tickfont": {"size": LETTERS, "color": paper.ink},
        "title": {"text": ""},
    }


def _layout(height: float, left: float, right: float, paper: Paper) -> dict:
    return {
        "height": height,
        "margin": {"l": left, "r": right, "t": 8, "b": 8},
        "font": {"family": FONT, "size": LETTERS, "color": paper.ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
    }
