"""What every chart shares: the two themes, the options that ask nothing of outside, harmless texts; and the chart of what is covered."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
from plotly.utils import PlotlyJSONEncoder

from dashboard.display import fonts
from dashboard.model import vocabulary

LAND = ("#8C929B", 0.14)
"""The colour of land without a number, and how much of it lies over the background."""
QUIET = "#7A7F87"


@dataclass(frozen=True)
class Paper:
    """What a chart on a page is drawn on: its background, and inks that can be read there, of text and of what stands back."""

    background: str
    ink: str
    quiet: str
    is_dark: bool = False


LIGHT, DARK = Paper("#ffffff", "#0b141c", "#5b6570"), Paper("#13191f", "#e6ebef", "#a3adb8", is_dark=True)
"""The two themes of the pages, as in `.streamlit/config.toml`."""
CONFIG = {
    "showSendToCloud": False,
    "displaylogo": False,
    "displayModeBar": False,
    "scrollZoom": False,
    "topojsonURL": "app/static/topojson/",
}
"""Options of every chart: no button that sends the data away, no zoom that a scrolling thumb sets off, map outlines of our own."""
MAP_OUTLINES = Path(__file__).resolve().parents[1] / "static" / "topojson"
FONT = "Source Sans, Source Sans Pro, sans-serif"
LETTERS = 13
"""Pixels: the size of the letters of a chart."""
CLEAR, GRID = "rgba(0,0,0,0)", "rgba(122,127,135,.25)"


def coverage(grid: pd.DataFrame, *, words: dict[int, str]) -> go.Figure:
    """Reporters by half-year: what kind of document covers each. Cells hold the numbers of `words`, or nothing."""
    present = sorted(words)
    colours = ["#0B4F80", "#D98032", "#9AA3AC"][: len(present)]
    scale = []
    for index, colour in enumerate(colours):
        scale += [(index / len(present), colour), ((index + 1) / len(present), colour)]
    texts = [[words.get(cell, "nothing published or held") if cell == cell else "nothing held" for cell in row] for row in grid.to_numpy()]
    cells = {
        "type": "heatmap",
        "z": grid.to_numpy(),
        "x": list(grid.columns),
        "y": [escaped(name) for name in grid.index],
        "colorscale": scale,
        "zmin": present[0] - 0.5,
        "zmax": present[-1] + 0.5,
        "showscale": False,
        "xgap": 2,
        "ygap": 3,
        "hoverongaps": False,
        "customdata": texts,
        "hovertemplate": "%{y}, %{x}: %{customdata}<extra></extra>",
    }
    key = [
        {"type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": words[code]}
        | {"marker": {"symbol": "square", "size": 11, "color": colour}}
        for code, colour in zip(present, colours, strict=True)
    ]
    legend = {"orientation": "h", "yanchor": "bottom", "y": 1, "x": 0, "xanchor": "left"}
    plain = {"showgrid": False, "zeroline": False, "automargin": True}
    axes = {"xaxis": plain | {"type": "category", "tickangle": -90, "dtick": 2}, "yaxis": plain | {"autorange": "reversed"}}
    return figure([cells, *key], layout_of(90 + 24 * len(grid), (8, 16, 46, 36), None, showlegend=True, legend=legend) | axes)


class Chart(go.Figure):
    """A chart that nobody changes: what is sent of it is made once, and not again for each run of a page."""

    _sent: dict | None = None

    def to_dict(self) -> dict:
        if self._sent is None:
            # Days are written out here, once; what is plain is then written in a third of the time.
            self._sent = json.loads(json.dumps(super().to_dict(), cls=PlotlyJSONEncoder))
        return self._sent


def layout_of(height: float, margins: tuple[float, float, float, float], paper: Paper | None, **own) -> dict:
    """What the layouts of all charts have in common, with what is a chart's own; the margins are left, right, top and bottom."""
    return {
        "height": height,
        "margin": dict(zip("lrtb", margins, strict=True)),
        "font": {"family": FONT, "size": LETTERS} | ({"color": paper.ink} if paper else {}),
        "hoverlabel": {"font": {"color": paper.ink}} if paper else {},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
    } | own


def words_at(text: str, x: float, y: float, **own) -> dict:
    """A text on a chart that begins at a point; an arrow to it is never drawn."""
    return {"text": text, "x": x, "y": y, "xanchor": "left", "align": "left", "showarrow": False} | own


def in_lines(name: str, room: float) -> list[str]:
    """A name in lines so wide at most: what tells a series from others begins a line, and a sign stays with the word before it."""
    lines: list[str] = []
    for piece in name.split(" · "):
        joined = f"{lines[-1]} · {piece}" if lines else piece
        if fonts.width(joined, LETTERS, bold=True) <= room:
            lines[-1:] = [joined]
        else:
            lines += fonts.wrapped(re.sub(r" (?=[=≈≠]$)", "\N{NO-BREAK SPACE}", piece), LETTERS, room, bold=True)
    return lines


def figure(data: list[dict], layout: dict) -> Chart:
    """A chart out of plain dictionaries, as they are: that Plotly knows every word in them is held by a test, not asked each time."""
    return Chart({"data": data, "layout": layout}, _validate=False)


def escaped(text: str) -> str:
    """A text that Plotly shows as it is: no markup, no link, no formula."""
    return html.escape(str(text), quote=False).replace("$", "＄")


def is_share(table: pd.DataFrame, scaled: bool) -> bool:
    """Whether every value of a table is a share, and shown as one."""
    return not scaled and not table.empty and bool(table["measure"].isin(vocabulary.SHARES).all())


def faint(colour: str, opacity: float = 0.28) -> str:
    """A colour that lets the background through."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
