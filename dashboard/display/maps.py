"""The map of the world: classes with round ends, and keys for a range across classes, for no requests and for land without a number."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import plotly.graph_objects as go

from dashboard.display import sentences
from dashboard.display.changes import MOVEMENTS
from dashboard.display.charts import CLEAR, LAND, LIGHT, MAP_OUTLINES, Paper, escaped, faint, figure, is_share, layout_of
from dashboard.display.languages import ENGLISH, Language, Numerals
from dashboard.model import places

SHADES = ("#C6DCEF", "#9AC3E2", "#69A4D0", "#3A80B5", "#14568A", "#08304F")
SHADES_ON_DARK = ("#1F4E79", "#2E6DA4", "#5592C6", "#86B5DC", "#B7D5EC", "#E9F4FB")
"""Of the classes of a map, from few to many: the more, the further from the background, and none is as near to it as land without a number."""
CLASSES = 6
ROUND = (1, 1.5, 2, 3, 4, 5, 6, 8)
SMALLEST_END = 1e-5
"""Below it no class ends: with the six decimals that an end is written with at most, several would have one name."""
ACROSS = "#E8B36A"
NOTHING = {False: "#B9BFC6", True: "#454C55"}
"""The colour of a place from which there was no request, on a light and on a dark page."""
GEO = {
    "projection": {"type": "natural earth"},
    "showcountries": True,
    "bgcolor": CLEAR,
    **dict.fromkeys(("showframe", "showcoastlines", "showland", "showocean", "showlakes", "fitbounds"), False),
    "lataxis": {"range": [-58, 85]},
    "resolution": 110,
}
"""How the world is drawn, but for the colour of its borders."""


@dataclass(frozen=True)
class MapClass:
    """Places of one colour: those whose numbers lie from `low` to under `high` (infinite where open), or of another `kind`.

    `rows` holds their numbers; for places without one, only `codes` does.
    """

    kind: Literal["missing", "none", "class", "across"]
    colour: str
    codes: list[str]
    rows: pd.DataFrame
    low: float = 0.0
    high: float = math.inf

    def name(self, language: Numerals, is_share: bool) -> str:
        """What it holds in the words of a language: `under 10`, `10 to under 50`, `50 or more`."""
        if self.kind in _WORDS:
            return language.phrase(_WORDS[self.kind])
        write, times = (language.percent, 100) if is_share else (language.number, 1)
        ends = [end * times for end in (self.low, self.high)]
        low, high = (write(end, _decimals(end)) if end < math.inf else "" for end in ends)
        if self.kind == "none":
            return language.phrase("no_requests") if set(self.rows["measure"]) == {"requests"} else low
        return language.phrase("or_more" if not high else "under" if self.low else "below", low=low, high=high)


_WORDS = {"missing": "unpublished", "across": "across"}


def classes(table: pd.DataFrame, *, scaled: bool = False, is_dark: bool = False) -> list[MapClass]:
    """The places of a map by colour, in the order of its key; places too small for the map are left out."""
    rows = table[(table["requester"] != places.WORLD) & table["requester"].isin(shapes_on_map())].dropna(subset=["low"])
    edges = class_edges(rows[["low", "high"]].itertuples(index=False), is_share=is_share(table, scaled))
    groups: dict[int | None, list[int]] = {}
    for index, low, high in zip(rows.index, rows["low"], rows["high"], strict=True):
        groups.setdefault(class_of(low, high, edges), []).append(index)
    shades = SHADES_ON_DARK if is_dark else SHADES
    # The more classes are missing, the further apart the shades.
    steps = [round(position * (CLASSES - 1) / max(1, len(edges) - 1)) for position in range(len(edges))]

    def of(kind: str, group: int | None, colour: str, low: float = 0.0, high: float = math.inf) -> MapClass:
        here = rows.loc[groups.get(group, [])]
        return MapClass(kind, colour, list(here["requester"]), here, low, high)

    several = [of("none", -1, NOTHING[is_dark], 0, 0)]
    several += [of("class", position, shades[steps[position]], low, high) for position, (low, high) in enumerate(edges)]
    several.append(of("across", None, ACROSS))
    missing = MapClass("missing", faint(*LAND), sorted(shapes_on_map() - set(rows["requester"])), rows.iloc[:0])
    return [missing, *(one for one in several if one.codes)]


def world_map(table: pd.DataFrame, *, scaled: bool = False, paper: Paper = LIGHT) -> go.Figure:
    """One shape for each `requester` with a number, in the colour of its class. Places too small for the map are left out.

    A shape that is selected carries its row number.
    """
    data = []
    for one in classes(table, scaled=scaled, is_dark=paper.is_dark):
        name = one.name(ENGLISH, is_share(table, scaled))
        values = sentences.values(one.rows, scaled) or [name] * len(one.codes)
        headings = [f"<b>{escaped(places.name(code))}</b>: " if code in places.codes() else "" for code in one.codes]
        texts = [f"{heading}{text}" for heading, text in zip(headings, values, strict=True)]
        data.append(shapes(one.codes, one.colour, name, texts, one.rows.index))
    return figure(data, _layout(paper))


DIRECTIONS = {"rose": "#D55E00", "fell": "#0072B2", "unchanged": "#B9BFC6", "unsaid": ACROSS, "lengths": ACROSS}
"""The colours of places by how their number moved between two periods."""


def unmapped(table: pd.DataFrame) -> pd.DataFrame:
    """The rows with a number for a place that the map has no shape of."""
    numbers = table.dropna(subset=["low"])
    return numbers[~numbers["requester"].isin(shapes_on_map() | {places.WORLD})]


def changes_map(table: pd.DataFrame, names: Language, *, paper: Paper = LIGHT) -> go.Figure:
    """How the number of each `requester` moved between two periods (a table of `changes.between`); a selected shape carries its row."""
    return figure([shapes(*group) for group in movements(table, names, faint(*LAND))], _layout(paper))


def movements(table: pd.DataFrame, names: Language, land: str) -> Iterator[tuple[list[str], str, str, list[str], pd.Index]]:
    """The places of such a map by how their number moved, first those without: codes, colour, name, the words of each place, and their rows."""
    mapped, nothing = table[table["requester"].isin(shapes_on_map())], names.phrase("not_both")
    missing = sorted(shapes_on_map() - set(mapped["requester"]))
    yield missing, land, nothing, [nothing] * len(missing), mapped.index[:0]
    for movement, colour in DIRECTIONS.items():
        rows = mapped[mapped["movement"] == movement]
        if not rows.empty:
            texts = [f"<b>{escaped(names.requester(row.requester))}</b>: {escaped(row.words)}" for row in rows.itertuples()]
            yield list(rows["requester"]), colour, names.phrase(MOVEMENTS[movement]), texts, rows.index


def class_edges(ranges: Iterable[tuple[float, float]], *, is_share: bool) -> list[tuple[float, float]]:
    """Lower and upper ends of up to six classes of about as many places each, at round values; the first begins at zero, the last is open."""
    lows = sorted(low for low, high in ranges if high > 0)
    if is_share:
        return [(0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, math.inf)] if lows else []
    if not lows:
        return []
    wanted = [lows[min(len(lows) - 1, round(len(lows) * position / CLASSES))] for position in range(1, CLASSES)]
    bounds = sorted({_rounded(one) for one in wanted if one >= SMALLEST_END})
    bounds = [one for one in bounds if one > lows[0]]
    return list(zip([0.0, *bounds], [*bounds, math.inf], strict=True))


def class_of(low: float, high: float, edges: list[tuple[float, float]]) -> int | None:
    """The class in which a range lies whole; -1 for zero, None where it lies across classes."""
    if high == 0:
        return -1
    return (
        next((position for position, (start, end) in enumerate(edges) if start <= low and high < end), None)
        if not math.isinf(high)
        else (len(edges) - 1 if edges and low >= edges[-1][0] else None)
    )


def _decimals(number: float) -> int:
    # As many as an end of a class has.
    return next((count for count in range(6) if abs(round(number, count) - number) < 1e-9), 6)


def _rounded(number: float) -> float:
    power = 10.0 ** math.floor(math.log10(number))
    step = max((step for step in ROUND if step * power <= number * 1.0000001), default=1)
    return float(f"{step * power:.10g}")


def _layout(paper: Paper) -> dict:
    at_foot = {"orientation": "h", "x": 0, "xanchor": "left", "y": -0.02, "yanchor": "top"}
    return layout_of(400, (0, 0, 0, 42), paper, showlegend=True) | {
        "legend": at_foot | {"itemclick": False, "itemdoubleclick": False, "font": {"color": paper.ink}},
        "geo": GEO | {"countrycolor": "#9AA0A6"},
    }


def shapes(codes: list[str], colour: str, name: str, texts: list[str], rows: pd.Index) -> dict:
    """Places in one colour as a plain trace, each with its words under the pointer and the number of its row, where they have any."""
    return {
        "type": "choropleth",
        "locations": codes,
        "locationmode": "ISO-3",
        "z": [0] * len(codes),
        "colorscale": [[0, colour], [1, colour]],
        "showscale": False,
        "showlegend": True,
        "name": name,
        "marker": {"line": {"width": 0.5, "color": "#6B7178"}},
        "hovertext": texts,
        "hovertemplate": "%{hovertext}<extra></extra>",
    } | ({"customdata": [int(row) for row in rows]} if len(rows) else {})


@functools.cache
def shapes_on_map() -> frozenset[str]:
    """The codes of the places that the map has a shape of."""
    outlines = json.loads((MAP_OUTLINES / "world_110m.json").read_text(encoding="utf-8"))
    return frozenset(str(shape.get("id")) for shape in outlines["objects"]["countries"]["geometries"])
