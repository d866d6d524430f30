"""The sheet on which a figure is laid out: everything at a measured place, in letters whose widths we know, so that nothing collides."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from dashboard.display import axes, fonts
from dashboard.display.axes import Axis
from dashboard.display.languages import Language
from dashboard.figures.request import Size, Theme


class Sheet:
    """The sheet on which a figure is laid out: texts and rules at places counted from its upper left corner."""

    def __init__(self, size: Size, theme: Theme, language: Language, notes_share: float = 1.0):
        self.size, self.theme, self.language, self.notes_share = size, theme, language, notes_share
        self.width, self.height = size.layout
        self.type = size.type
        self.small = self.type * 7 / 8
        self.pad = round(self.type * 0.95, 1)
        self.left = self.right = self.top = self.bottom = self.pad
        self.remarks: list[str] = []
        self._texts: list[dict] = []
        self._shapes: list[dict] = []

    @property
    def room(self) -> float:
        """Width between the edges."""
        return self.width - 2 * self.pad

    @property
    def plot(self) -> tuple[float, float]:
        """Width and height of the part in which data are drawn."""
        return max(10.0, self.width - self.left - self.right), max(10.0, self.height - self.top - self.bottom)

    def text(
        self,
        lines: str | list[str],
        x: float,
        y: float,
        size: float,
        *,
        bold: bool = False,
        colour: str = "",
        anchor: str = "left",
        middle: bool = False,
    ) -> None:
        """Set lines of text with their upper edge, or their middle, at a height."""
        lines = [lines] if isinstance(lines, str) else lines
        shown = "<br>".join(escaped(fonts.directed(line, "".join(lines))) for line in lines)
        if shown:
            self._texts.append(
                {
                    "x": x,
                    "y": y,
                    "text": shown,
                    "font": {"size": round(size, 2), "color": colour or self.theme.ink, "weight": fonts.BOLD if bold else 400},
                    "xanchor": anchor,
                    "yanchor": "middle" if middle else "top",
                    "align": anchor,
                }
            )

    def rule(self, x0: float, y0: float, x1: float, y1: float, colour: str, *, width: float = 1.0, dash: str = "solid") -> None:
        """Draw a straight line."""
        self._shapes.append(
            {"type": "line", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "line": {"color": colour, "width": width, "dash": dash}}
        )

    def box(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        *,
        fill: str = "rgba(0,0,0,0)",
        colour: str = "",
        width: float = 1.0,
        dash: str = "solid",
    ) -> None:
        """Draw a rectangle."""
        line = {"color": colour or fill, "width": width, "dash": dash}
        self._shapes.append({"type": "rect", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "line": line, "fillcolor": fill})

    def axis(self, values: list, texts: list[str]) -> dict:
        """What the axes of a sheet have in common, with texts at their values."""
        return axes.PLAIN | {
            "tickfont": {"size": self.small, "color": self.theme.quiet},
            "tickmode": "array",
            "tickvals": values,
            "ticktext": texts,
            "tickformat": None,
            "ticks": "",
        }

    def values(self, axis: Axis) -> dict:
        """An axis of values, with its grid."""
        return self.axis(axis.ticks, axis.texts) | axis.layout() | {"gridcolor": self.theme.grid, "gridwidth": 0.8}

    def y_of(self, axis: Axis) -> Callable[[float], float]:
        """Where on the sheet a value stands."""
        return lambda value: self.top + axis.height(value, self.plot[1])

    def finish(self, drawn: dict) -> go.Figure:
        """A Plotly figure of plain traces and axes, with the texts and rules on it, and the sheet's margins, inks and type."""
        width, height = self.plot
        annotations, shapes = [], []
        for text in self._texts:
            at = {"x": (text["x"] - self.left) / width, "y": 1 - (text["y"] - self.top) / height}
            annotations.append({**text, **at, "xref": "paper", "yref": "paper", "showarrow": False, "borderpad": 0, "captureevents": False})
        for shape in self._shapes:
            at = {
                "x0": (shape["x0"] - self.left) / width,
                "x1": (shape["x1"] - self.left) / width,
                "y0": 1 - (shape["y0"] - self.top) / height,
                "y1": 1 - (shape["y1"] - self.top) / height,
            }
            shapes.append({**shape, **at, "xref": "paper", "yref": "paper", "layer": "above"})
        layout = {
            # Our own, always: what a page has set as the default template must not reach a saved figure.
            "template": go.layout.Template(),
            "width": self.width,
            "height": self.height,
            "autosize": False,
            "margin": {"l": self.left, "r": self.right, "t": self.top, "b": self.bottom, "pad": 0, "autoexpand": False},
            "paper_bgcolor": self.theme.paper,
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": fonts.STACK, "size": self.type, "color": self.theme.ink},
            "showlegend": False,
            "hovermode": "closest",
            "dragmode": False,
            "hoverlabel": {"font": {"family": fonts.STACK, "size": self.type}},
            "annotations": annotations,
            "shapes": shapes,
        }
        return go.Figure({"data": drawn["data"], "layout": drawn["layout"] | layout})


@dataclass
class Note:
    """A paragraph below a figure, of one sentence or of several that may be left out one by one."""

    parts: list[str]
    rank: int
    phrase: Callable | None = None
    max_lines: int = 99
    dropped: int = 0

    def lines(self, size: float, room: float) -> list[str]:
        text = "; ".join(self.parts) if self.phrase else " ".join(self.parts)
        if self.dropped and self.phrase:
            text = f"{text}; {self.phrase('more', count=str(self.dropped))}"
        return fonts.wrapped(fonts.plain(text), size, room, max_lines=self.max_lines)

    def shorten(self, size: float, room: float) -> bool:
        """Make it shorter by a part or a line; whether that could be done."""
        if self.phrase and len(self.parts) > 1:
            self.parts.pop()
            self.dropped += 1
            return True
        length = len(self.lines(size, room))
        if length > 1:
            self.max_lines = length - 1
            return True
        return False


def fitted(notes: list[Note], size: float, room: float, max_lines: int, remarks: list[str]) -> list[str]:
    # What is least needed gives way first: by rank, and within one rank the longest.
    cut = False
    while sum(len(note.lines(size, room)) for note in notes) > max_lines:
        cut = True
        order = sorted(notes, key=lambda note: (-note.rank, -len(note.lines(size, room))))
        if not any(note.rank and note.shorten(size, room) for note in order):
            if order and order[0].rank:
                notes.remove(order[0])
            elif not any(note.shorten(size, room) for note in order):
                break
    if cut:
        remarks.append("Not all notes fit at this size; what is cut or left out stands in the data beside the figure.")
    return [line for note in notes for line in note.lines(size, room)]


def staggered(marks: list[tuple[str, pd.Timestamp]], first: pd.Timestamp, last: pd.Timestamp, width: float, size: float) -> dict[str, int]:
    # The row above the plot in which each mark stands, so that none touches another.
    x_of, ends, rows = along(first, last, 0, width), [], {}
    for sign, day in sorted(marks, key=lambda pair: pair[1]):
        x, half = x_of(day), fonts.width(sign, size, True) / 2 + 1.5
        row = next((row for row, end in enumerate(ends) if end <= x - half), None)
        if row is None:
            row = len(ends) if len(ends) < 4 else min(range(4), key=lambda row: ends[row])
            ends += [0.0] * (row + 1 - len(ends))
        ends[row] = x + half
        rows[sign] = row
    return rows


def along(first: pd.Timestamp, last: pd.Timestamp, left: float, right: float) -> Callable[[pd.Timestamp], float]:
    whole = max((last - first).total_seconds(), 1.0)
    return lambda day: left + (right - left) * min(1.0, max(0.0, (day - first).total_seconds() / whole))


def escaped(text: str) -> str:
    # No markup and no link; a dollar may stand, for a figure is never drawn where formulas are set.
    return html.escape(str(text), quote=False)
