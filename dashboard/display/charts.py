"""Charts: a table in, a Plotly figure out; one look for all, dressed in one place.

Every observation is drawn across its own period, a band from its lower to its upper end, and never a midpoint value.
Colours hold three to one against a light and a dark page, and series differ by more than colour.
"""

from __future__ import annotations

import functools
import json
import math
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go

from dashboard.display.sentences import value
from dashboard.model import places, vocabulary
from dashboard.model.periods import Period, label

COLOURS = ("#0072B2", "#D55E00", "#3DA560", "#C87E9E", "#A06FFF", "#935657", "#C60091", "#CF0031")
"""Of series, in the order in which they are taken: however many are, readers with a colour-vision deficiency tell each from each."""
SHADES = ("#C6DCEF", "#9AC3E2", "#69A4D0", "#3A80B5", "#14568A", "#08304F")
SHADES_ON_DARK = ("#1F4E79", "#2E6DA4", "#5592C6", "#86B5DC", "#B7D5EC", "#E9F4FB")
"""Of the classes of a map, from few to many: the more, the further from the background, and none is as near to it as land without a number."""
LAND = ("#8C929B", 0.14)
"""The colour of land without a number, and how much of it lies over the background."""
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid", "dash")
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


def over_time(
    table: pd.DataFrame,
    *,
    axis: str,
    breaks: pd.DataFrame | None = None,
    scaled: bool = False,
    claims: pd.DataFrame | None = None,
    marks: pd.DataFrame | None = None,
    height: int = 430,
    top: float | None = None,
    end_labels: bool = False,
) -> go.Figure:
    """Series over time, one colour and dash each. `table` has a `label`; its index is what a selected point returns.

    `height` in pixels; `end_labels` writes the last value of each series beside it; `top` fixes the upper end of the axis, for charts that are to be read side by side.
    `claims` (`period_start`, `period_end`, `low`, `high`) are drawn at their own period and range; `marks` (`day`, `statement`,
    `speaker`) are statements, as triangles above the series on the day they were made.
    """
    figure = go.Figure()
    names = list(dict.fromkeys(table["label"]))
    for place, name in enumerate(names):
        _add_series(figure, table[table["label"] == name], name, place, scaled)
    _add_breaks(figure, breaks, table)
    if claims is not None:
        _add_claims(figure, claims)
    if marks is not None and not marks.empty:
        _add_marks(figure, marks)
    has_legend = len(names) > 1 or (marks is not None and not marks.empty)
    figure = _dressed(figure, axis, is_share=is_share(table, scaled), height=height, legend=has_legend)
    if not has_legend and (breaks is None or breaks.empty):
        figure.update_layout(margin_t=12)
    if end_labels:
        _add_end_labels(figure, table, scaled)
    if top is not None:
        figure.update_layout(yaxis_range=[0, top * 1.05])
    return figure


def ranking(table: pd.DataFrame, *, axis: str, highlighted: list[str] | None = None, scaled: bool = False) -> go.Figure:
    """Bars by length, largest first by the lower end; a band is a pale bar from its lower to its upper end."""
    ordered = table.dropna(subset=["low"]).sort_values(["low", "high", "label"])
    colours = [COLOURS[1] if code in (highlighted or []) else COLOURS[0] for code in ordered["requester"]]
    texts = [
        value(low, high, measure, scaled) for low, high, measure in zip(ordered["low"], ordered["high"], ordered["measure"], strict=True)
    ]
    finite = ordered["high"].replace(math.inf, ordered["low"].max())
    figure = go.Figure()
    figure.add_bar(
        y=ordered["label"].map(escaped),
        x=ordered["low"],
        orientation="h",
        marker_color=colours,
        customdata=ordered.index,
        text=None,
        hovertext=texts,
        hovertemplate="%{y}: %{hovertext}<extra></extra>",
        showlegend=False,
    )
    figure.add_bar(
        y=ordered["label"].map(escaped),
        x=finite - ordered["low"],
        base=ordered["low"],
        orientation="h",
        customdata=ordered.index,
        marker={"color": colours, "opacity": 0.45, "pattern": {"shape": "/", "fgcolor": "white"}},
        text=texts,
        textposition="outside",
        cliponaxis=False,
        hovertext=texts,
        hovertemplate="%{y}: %{hovertext}<extra></extra>",
        showlegend=False,
    )
    figure = _dressed(figure, "", is_share=False, height=90 + 26 * max(3, len(ordered)), legend=False)
    figure.update_layout(barmode="overlay", bargap=0.25, margin={"l": 8, "r": 90}, hovermode="closest")
    figure.update_xaxes(
        title_text=axis, rangemode="tozero", tickformat=".0%" if is_share(table, scaled) else None, side="top", showgrid=True
    )
    figure.update_yaxes(title_text="", showgrid=False, automargin=True, rangemode="normal", tickformat=None)
    return figure


def world_map(table: pd.DataFrame, *, axis: str, scaled: bool = False, dark: bool = False) -> go.Figure:
    """A map in classes; `unmapped` has the rows it has no room for. A band that spans two classes is drawn in a class of its own.

    `dark` chooses the shades for a dark background.
    """
    rows = table.dropna(subset=["low"])
    rows = rows[rows["requester"] != places.WORLD]
    edges = _class_edges(rows, scaled)
    classes = [_class_of(low, high, edges) for low, high in zip(rows["low"], rows["high"], strict=True)]
    figure = go.Figure()
    shades = SHADES_ON_DARK if dark else SHADES
    for place, (low, high) in enumerate(edges):
        _add_class(
            figure,
            rows[[found == place for found in classes]],
            shades[min(place, len(shades) - 1)],
            # The first class also holds what lies below it, down to zero.
            _class_name(low if place else 0, high, table, scaled),
            scaled,
        )
    _add_class(figure, rows[[found is None for found in classes]], "#E8B36A", "a range across classes", scaled)
    figure.update_geos(
        projection_type="natural earth",
        showframe=False,
        showcoastlines=False,
        showcountries=True,
        countrycolor="#9AA0A6",
        landcolor=faint(*LAND),
        showland=True,
        showocean=False,
        bgcolor="rgba(0,0,0,0)",
        fitbounds=False,
        lataxis_range=[-58, 85],
        resolution=110,
    )
    figure = _dressed(figure, "", is_share=False, height=460, legend=True)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 40, "b": 10}, legend={"title_text": escaped(axis)})
    return figure


def unmapped(table: pd.DataFrame) -> pd.DataFrame:
    """The rows with a number for a place that the map has no shape for."""
    rows = table.dropna(subset=["low"])
    return rows[~rows["requester"].isin(shapes_on_map() | {places.WORLD})]


def coverage(grid: pd.DataFrame, *, words: dict[int, str]) -> go.Figure:
    """Reporters by half-year: what kind of document covers each. Cells hold the numbers of `words`, or nothing."""
    present = sorted(words)
    colours = ["#0B4F80", "#D98032", "#9AA3AC"][: len(present)]
    scale = []
    for place, colour in enumerate(colours):
        scale += [(place / len(present), colour), ((place + 1) / len(present), colour)]
    texts = [[words.get(cell, "nothing published or held") if cell == cell else "nothing held" for cell in row] for row in grid.to_numpy()]
    figure = go.Figure(
        go.Heatmap(
            z=grid.to_numpy(),
            x=list(grid.columns),
            y=[escaped(name) for name in grid.index],
            colorscale=scale,
            zmin=present[0] - 0.5,
            zmax=present[-1] + 0.5,
            showscale=False,
            xgap=2,
            ygap=3,
            hoverongaps=False,
            customdata=texts,
            hovertemplate="%{y}, %{x}: %{customdata}<extra></extra>",
        )
    )
    for code, colour in zip(present, colours, strict=True):
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="markers",
            marker={"symbol": "square", "size": 11, "color": colour},
            name=words[code],
        )
    figure = _dressed(figure, "", is_share=False, height=90 + 24 * len(grid), legend=True)
    figure.update_xaxes(type="category", tickangle=-90, showgrid=False, title_text="", rangemode="normal", dtick=2)
    figure.update_yaxes(autorange="reversed", showgrid=False, automargin=True, rangemode="normal", title_text="", tickformat=None)
    return figure


def break_mark(place: int) -> str:
    """The mark that ties a rule on the chart to its note below: ①, ②, …"""
    return chr(0x2460 + place) if place < 20 else "•"


def escaped(text: str) -> str:
    """A text that Plotly shows as it is: no markup, no link, no formula."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("$", "＄")


def _add_series(figure: go.Figure, rows: pd.DataFrame, name: str, place: int, scaled: bool, **cell) -> None:
    rows = rows.dropna(subset=["low"]).sort_values(["period_start", "period_end"])
    if rows.empty:
        return
    colour, dash = COLOURS[place % len(COLOURS)], DASHES[place % len(DASHES)]
    top = rows["high"].replace(math.inf, math.nan)
    ends = rows["period_end"] + pd.Timedelta(days=1)
    group = {"legendgroup": name, "name": escaped(name)}
    banded = rows["low"] < rows["high"]
    if banded.any():
        xs, ys = [], []
        for start, end, low, high in zip(rows["period_start"][banded], ends[banded], rows["low"][banded], top[banded], strict=True):
            high = rows["low"].max() * 1.1 if math.isnan(high) else high
            xs += [start, end, end, start, start, None]
            ys += [low, low, high, high, low, None]
        figure.add_scatter(
            x=xs,
            y=ys,
            fill="toself",
            mode="lines",
            line={"width": 1.2, "color": colour},
            fillcolor=faint(colour),
            hoverinfo="skip",
            **group,
            showlegend=bool(banded.all()),
            **cell,
        )
    if not banded.all():
        xs, ys = _steps(rows[~banded], ends[~banded])
        figure.add_scatter(x=xs, y=ys, mode="lines", line={"width": 2.4, "color": colour, "dash": dash}, hoverinfo="skip", **group, **cell)
    # The points that can be hovered and selected stand in the middle of the period, on the ends of the interval.
    middle = rows["period_start"] + (ends - rows["period_start"]) / 2
    texts = pd.Series([_hover(row, scaled) for _, row in rows.iterrows()], index=rows.index)
    for column, these, symbol in (
        ("low", rows.index[~banded], "circle"),
        ("low", rows.index[banded], "line-ew"),
        ("high", rows.index[banded & top.notna()], "line-ew"),
    ):
        if len(these):
            figure.add_scatter(
                x=middle.loc[these],
                y=rows[column].loc[these],
                mode="markers",
                customdata=[int(i) for i in these],
                marker={"size": 7, "color": colour, "symbol": symbol, "line": {"width": 2, "color": colour}},
                hovertext=texts.loc[these],
                hovertemplate="%{hovertext}<extra></extra>",
                **group,
                showlegend=False,
                **cell,
            )


def _steps(rows: pd.DataFrame, ends: pd.Series) -> tuple[list, list]:
    xs, ys, before = [], [], None
    for start, end, low in zip(rows["period_start"], ends, rows["low"], strict=True):
        # A line joins two periods only where one follows the other and both are of the same length.
        if before is not None and not (before[1] == start and abs((end - start) - (before[1] - before[0])) <= pd.Timedelta(days=4)):
            xs.append(None)
            ys.append(None)
        xs += [start, end]
        ys += [low, low]
        before = (start, end)
    return xs, ys


def _hover(row: pd.Series, scaled: bool) -> str:
    shown = label(Period(row["period_start"].date(), row["period_end"].date()))
    parts = [f"<b>{escaped(row['label'])}</b>", f"{shown}: {value(row['low'], row['high'], row['measure'], scaled)}"]
    parts.append(f"printed: {escaped(row['printed'])}" if row["printed"] else escaped(row["derivation"]))
    return "<br>".join(parts)


def _add_breaks(figure: go.Figure, breaks: pd.DataFrame | None, table: pd.DataFrame) -> None:
    if breaks is None or breaks.empty:
        return
    for place, (day, here) in enumerate(breaks.groupby("date")):
        figure.add_vline(x=day, line={"width": 1, "dash": "dot", "color": QUIET})
        figure.add_annotation(
            x=day,
            y=1,
            yref="paper",
            yanchor="bottom",
            text=break_mark(place),
            showarrow=False,
            hovertext=escaped("; ".join(here["label"])),
            font={"size": 13, "color": QUIET},
        )


def _add_claims(figure: go.Figure, claims: pd.DataFrame) -> None:
    for claim in claims.itertuples():
        figure.add_shape(
            type="rect",
            x0=claim.period_start,
            x1=claim.period_end + pd.Timedelta(days=1),
            y0=claim.low,
            y1=claim.high,
            line={"width": 1.5, "dash": "dash", "color": QUIET},
            fillcolor="rgba(122,127,135,.15)",
            layer="below",
        )


def _add_end_labels(figure: go.Figure, table: pd.DataFrame, scaled: bool) -> None:
    for place, (_, series) in enumerate(table.dropna(subset=["low"]).groupby("label", sort=False)):
        last = series.sort_values(["period_end", "period_start"]).iloc[-1]
        middle = last["period_start"] + (last["period_end"] - last["period_start"]) / 2
        figure.add_annotation(
            x=middle,
            y=min(last["high"], last["low"] * 10),
            text=value(last["low"], last["high"], last["measure"], scaled),
            showarrow=False,
            yanchor="bottom",
            yshift=6,
            font={"color": COLOURS[place % len(COLOURS)], "size": 13},
        )


def _add_marks(figure: go.Figure, marks: pd.DataFrame) -> None:
    # On an axis of their own, so that they do not stretch that of the numbers; those of one quarter stand one below the other.
    step = marks.groupby(marks["day"].dt.to_period("Q")).cumcount()
    figure.add_scatter(
        x=marks["day"],
        y=0.98 - 0.045 * step,
        yaxis="y2",
        mode="markers",
        name="Statements",
        customdata=marks["statement"].tolist(),
        marker={"symbol": "triangle-down", "size": 11, "color": QUIET},
        hovertext=[escaped(f"{speaker}, {day:%Y-%m-%d}") for speaker, day in zip(marks["speaker"], marks["day"], strict=True)],
        hovertemplate="%{hovertext}<extra>statement</extra>",
    )
    figure.update_layout(yaxis2={"overlaying": "y", "range": [0, 1], "visible": False, "fixedrange": True})


def _dressed(figure: go.Figure, axis: str, *, is_share: bool, height: int, legend: bool) -> go.Figure:
    figure.update_layout(
        height=height,
        font={"family": FONT, "size": 13},
        margin={"l": 8, "r": 16, "t": 46, "b": 36},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="closest",
        dragmode=False,
        showlegend=legend,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.08, "x": 0, "xanchor": "left"},
        colorway=list(COLOURS),
    )
    figure.update_xaxes(showgrid=False, zeroline=False, automargin=True)
    figure.update_yaxes(
        title_text=axis,
        rangemode="tozero",
        zeroline=True,
        showgrid=True,
        gridcolor="rgba(122,127,135,.25)",
        automargin=True,
        tickformat=".0%" if is_share else ",",
        separatethousands=True,
    )
    return figure


def is_share(table: pd.DataFrame, scaled: bool) -> bool:
    """Whether every value of a table is a share, and shown as one."""
    return not scaled and not table.empty and bool(table["measure"].isin(vocabulary.SHARES).all())


def faint(colour: str, opacity: float = 0.28) -> str:
    """A colour that lets the background through."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def _class_edges(rows: pd.DataFrame, scaled: bool) -> list[tuple[float, float]]:
    if rows.empty:
        return []
    if is_share(rows, scaled):
        # The last class holds one itself.
        return [(i / 5, (i + 1) / 5) for i in range(4)] + [(0.8, math.nextafter(1, 2))]
    top = max(float(rows["low"].max()), 1.0)
    first = 0 if not scaled else math.floor(math.log10(max(rows["low"][rows["low"] > 0].min(), 1e-3))) if (rows["low"] > 0).any() else 0
    return [(10.0**power, 10.0 ** (power + 1)) for power in range(first, math.floor(math.log10(top)) + 1)][-6:]


def _class_of(low: float, high: float, edges: list[tuple[float, float]]) -> int | None:
    for place, (start, end) in enumerate(edges):
        if (start <= low or place == 0) and high < end:
            return place
    return None


def _class_name(low: float, high: float, table: pd.DataFrame, scaled: bool) -> str:
    if is_share(table, scaled):
        return f"{low:.0%}–{high:.0%}"
    return f"{low:,.0f} to under {high:,.0f}" if high >= 10 else f"{low:g} to under {high:g}"


def _add_class(figure: go.Figure, rows: pd.DataFrame, colour: str, name: str, scaled: bool) -> None:
    if rows.empty:
        return
    texts = [f"{places.name(row['requester'])}: {value(row['low'], row['high'], row['measure'], scaled)}" for _, row in rows.iterrows()]
    figure.add_choropleth(
        locations=rows["requester"],
        locationmode="ISO-3",
        z=[0] * len(rows),
        colorscale=[(0, colour), (1, colour)],
        showscale=False,
        showlegend=True,
        name=name,
        marker_line={"width": 0.5, "color": "#6B7178"},
        customdata=[int(i) for i in rows.index],
        hovertext=texts,
        hovertemplate="%{hovertext}<extra></extra>",
    )


@functools.cache
def shapes_on_map() -> frozenset[str]:
    """The codes of the places that the map has a shape of."""
    outlines = json.loads((MAP_OUTLINES / "world_110m.json").read_text(encoding="utf-8"))
    return frozenset(str(shape.get("id")) for shape in outlines["objects"]["countries"]["geometries"])
