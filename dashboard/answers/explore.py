"""An answer: everything that a view shows, made once from one table, so that chart, words and download cannot disagree."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from dashboard import statements
from dashboard.analysis import views
from dashboard.analysis.views import View
from dashboard.catalog.shipped import Catalog
from dashboard.display import charts
from dashboard.display import sentences as words
from dashboard.display.sentences import Names
from dashboard.model import places
from dashboard.model.periods import Period
from dashboard.statements import Statements


@dataclass(frozen=True)
class Panel:
    """One small chart: its name, the chart, and its text for those who do not see it."""

    name: str
    figure: go.Figure
    alt: str


def panels(rows: pd.DataFrame, names: Names, *, scaled: bool = False, same_axis: bool = True) -> tuple[Panel, ...]:
    """One small chart for each `label`, all on one scale unless each has its own; a rate per year is told by its derivation."""
    top = float(rows["high"].replace(float("inf"), float("nan")).max()) if same_axis else None
    found = []
    for name, series in rows.groupby("label", sort=False):
        is_scaled = scaled or (not same_axis and bool(series["derivation"].str.contains("per year").any()))
        figure = charts.over_time(series, axis="", scaled=is_scaled, height=230, top=top)
        found.append(Panel(name, figure, f"Small chart. {words.seen(series, names, is_scaled)}"))
    return tuple(found)


@dataclass(frozen=True)
class Answer:
    """What a view shows: its rows, those that are drawn, the chart, and the words around it.

    `figure` is None for a table and for panels; `is_empty` tells that nothing in the rows has a number.
    """

    view: View
    rows: pd.DataFrame
    shown: pd.DataFrame
    series: int
    is_empty: bool
    title: str = ""
    axis: str = ""
    figure: go.Figure | None = None
    alt: str = ""
    source: str = ""
    sentences: tuple[str, ...] = ()
    note: str = ""
    breaks: pd.DataFrame | None = None
    definitions: pd.DataFrame | None = None
    unmapped: pd.DataFrame | None = None
    panels: tuple[Panel, ...] = ()


def answer(view: View, catalog: Catalog, table: pd.DataFrame, said: Statements, names: Names) -> Answer:
    """The answer to a view out of the complete table of its day."""
    rows = words.with_labels(views.rows_of(view, table, catalog.population), names)
    if rows["low"].notna().sum() == 0:
        return Answer(view, rows, rows, 0, True)
    scale = views.scale_words(view, rows)
    axis = words.axis(rows, names, scale)
    breaks = words.breaks_of(rows, catalog)
    shown, series = (rows, rows["label"].nunique()) if view.shape == "table" else views.largest(rows, views.MOST[view.shape])
    figure = None
    if view.shape == "time":
        marks = statements.marks(said, shown)
        figure = charts.over_time(shown, axis=axis, breaks=breaks, scaled=view.is_scaled, marks=marks)
    elif view.shape == "ranking":
        figure = charts.ranking(shown, axis=axis, highlighted=list(view.requester), scaled=view.is_scaled)
    elif view.shape == "map":
        figure = charts.world_map(shown, axis=axis, scaled=view.is_scaled)
    return Answer(
        view=view,
        rows=rows,
        shown=shown,
        series=series,
        is_empty=False,
        title=words.title(rows, names, scale),
        axis=axis,
        figure=figure,
        alt=words.alt(shown, names, scale, view.is_scaled, shape=view.shape, everything=rows),
        source=words.source_line(shown, catalog, names, view.known_on),
        sentences=tuple(words.sentences(rows, names, view.shape, view.is_scaled)),
        note=words.comparability(rows, catalog, names),
        breaks=breaks,
        definitions=words.definitions_of(rows, catalog),
        panels=panels(shown, names, scaled=view.is_scaled) if view.shape == "multiples" else (),
        unmapped=charts.unmapped(rows) if view.shape == "map" else None,
    )


@dataclass(frozen=True)
class Choices:
    """What can be chosen on a day: codes, the whole first and then by the names shown."""

    measures: list[str]
    reporters: list[str]
    requesters: list[str]
    types: list[str]
    services: list[str]
    authorities: list[str]
    years: list[str]
    periods: dict[str, list[Period]]


def choices(table: pd.DataFrame, names: Names, measure: str, reporters: tuple[str, ...]) -> Choices:
    """What can be chosen for a measure and some reporters; `periods` are given for each reporter, newest first."""
    measures = table["measure"].unique()
    counted = table[table["measure"] == (measure if measure in measures else "requests")]
    there = counted[counted["reporter"].isin(reporters)]
    years = range(table["period_start"].min().year, table["period_end"].max().year + 1)
    return Choices(
        measures=_ordered(measures, "measure", names),
        reporters=_ordered(counted["reporter"].unique(), "reporter", names),
        requesters=sorted(there["requester"].unique(), key=lambda code: (code != places.WORLD, places.name(code))),
        types=_ordered(there["request_type"].unique(), "request_type", names),
        services=_ordered(there["service"].unique(), "service", names),
        authorities=_ordered(there["authority"].unique(), "authority", names),
        years=[str(year) for year in years],
        periods={reporter: views.periods_of(own) for reporter, own in there.groupby("reporter")},
    )


def _ordered(codes, column: str, names: Names) -> list[str]:
    return sorted(codes, key=lambda code: (code not in ("all", "any", "requests"), names.of(column, code).casefold()))
