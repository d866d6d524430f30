"""What is known of one reporter, and of one country as a requester: its series, last numbers, rhythm, words, changes, statements, documents."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard import analysis
from dashboard.analysis import definitions
from dashboard.analysis.views import MAX_SERIES, View
from dashboard.catalog.shipped import Catalog
from dashboard.display import charts, sentences, timelines
from dashboard.display.charts import Paper
from dashboard.display.languages import Language
from dashboard.display.series import series_colours
from dashboard.display.timelines import Look
from dashboard.model import places
from dashboard.statements import Statements, concerning

MAX_PANELS = 12
"""Series drawn in small on one profile; the rest stand in the table."""
_FIRST = ("requests", "share_some_data")
"""Measures that a reader looks for first."""
_WITHOUT_PLACE = [column for column in analysis.SERIES if column != "requester"]


@dataclass(frozen=True)
class ReporterProfile:
    """One reporter. `series` has the rows of one series for each thing that it counts; `latest` the last row of each of them.

    `rhythm` is its row of `analysis.rhythm.rhythms`, None where its past shows none; `changes` its row of
    `analysis.restatements.by_publisher`, None where it printed nothing twice.
    """

    reporter: str
    entry: pd.Series
    series: pd.DataFrame
    latest: pd.DataFrame
    rhythm: pd.Series | None
    definitions: pd.DataFrame
    breaks: pd.DataFrame
    changes: pd.Series | None
    statements: pd.DataFrame
    documents: pd.DataFrame


@dataclass(frozen=True)
class CountryProfile:
    """One country as a requester: `series` has the total of each reporter that publishes one for it, the most requests first, `latest` the last row of each."""

    requester: str
    series: pd.DataFrame
    latest: pd.DataFrame
    statements: pd.DataFrame
    people: pd.Series | None


def of_reporter(
    reporter: str, catalog: Catalog, table: pd.DataFrame, statements: Statements, rhythms: pd.DataFrame, changes: pd.DataFrame
) -> ReporterProfile | None:
    """The profile of a reporter, out of the complete table, `analysis.rhythm.rhythms` and `analysis.restatements.by_publisher`.

    None where it has published nothing that is held.
    """
    rows = table[table["reporter"] == reporter]
    if rows.empty:
        return None
    series = _one_place_each(rows)
    return ReporterProfile(
        reporter=reporter,
        entry=_only(catalog.reporters, "reporter", reporter),
        series=series,
        latest=_last_rows(series),
        rhythm=_only(rhythms, "reporter", reporter),
        definitions=definitions.matrix(catalog)[lambda of: of["reporter"] == reporter],
        breaks=catalog.breaks[catalog.breaks["reporter"] == reporter].sort_values("date", ascending=False),
        changes=_only(changes, "reporter", reporter),
        statements=concerning(statements, rows),
        documents=catalog.documents[catalog.documents["reporter"] == reporter].sort_values("known_from", ascending=False),
    )


def of_country(requester: str, catalog: Catalog, table: pd.DataFrame, statements: Statements) -> CountryProfile | None:
    """The profile of a country, out of the complete table; None where no number of its requests is held."""
    rows = table[table["requester"] == requester]
    rows = rows[analysis.is_whole(rows) & rows["measure"].isin([*_FIRST, "nondisclosure_share", "nondisclosure_orders"])]
    if rows.empty:
        return None
    latest = _last_rows(rows.sort_values(["measure", "reporter"], kind="stable"))
    counts = latest[latest["measure"] == "requests"].groupby("reporter")["low"].max()
    people = catalog.population[catalog.population["place"] == requester].sort_values("year")
    return CountryProfile(
        requester=requester,
        series=rows.iloc[(-rows["reporter"].map(counts).fillna(0)).argsort(kind="stable")],
        latest=latest,
        statements=concerning(statements, rows),
        people=people.iloc[-1] if len(people) else None,
    )


@dataclass(frozen=True)
class Panel:
    """One series in small: its name, which says where it is told per year as its periods differ in length, its rows as they are drawn, and its chart."""

    name: str
    rows: pd.DataFrame
    chart: charts.Chart
    alt: str


def panels(series: pd.DataFrame, column: str, names: Language, paper: Paper) -> tuple[Panel, ...]:
    """The first series of a profile of a `reporter` or a `requester`, in the order in which they are given, each drawn on its own scale."""
    keys = series[analysis.SERIES].drop_duplicates()
    labels = {key: _series_name(key, keys, column, names) for key in keys.itertuples(index=False)}
    shown = series.assign(label=[labels[key] for key in series[analysis.SERIES].itertuples(index=False)])
    rows = shown[shown["label"].isin(shown["label"].unique()[:MAX_PANELS])].dropna(subset=["low"])
    return tuple(_panel(name, own, names, paper) for name, own in rows.groupby("label", sort=False))


def _panel(name: str, rows: pd.DataFrame, names: Language, paper: Paper) -> Panel:
    rows, ending = analysis.of_one_length(rows)
    rows = rows.dropna(subset=["low"])
    scaled = bool(rows["scale"].isin(analysis.SCALED).any())
    # The name stands above, where it has room for a second line; the end of the line needs its last value alone.
    chart = timelines.over_time(rows, Look(series_colours(rows), scaled=scaled, paper=paper), names={name: ""}, height=200)
    return Panel(f"{name}{ending}", rows, chart, f"Small chart. {sentences.seen(rows, names, scaled)}")


def _series_name(row, series: pd.DataFrame, column: str, names: Language) -> str:
    # What is counted first, then what sets the series apart from the others; the whole of a dimension is not named. Who counted always is.
    who = [names.reporter(row.reporter)] if column == "requester" else []
    more = [names.of(column, code) for column, whole in analysis.WHOLES.items() if (code := getattr(row, column)) != whole]
    where = [names.requester(row.requester)] if series["requester"].nunique() > 1 else []
    return " · ".join([*who, names.measure(row.measure), *more, *where])


def reporters(catalog: Catalog) -> list[str]:
    """The reporters that have a profile."""
    return sorted(catalog.observations["reporter"].unique())


def countries(catalog: Catalog) -> list[str]:
    """The requesters that have a profile: every one but the publishers' own worldwide totals."""
    return sorted(code for code in catalog.observations["requester"].unique() if code != places.WORLD)


def address_of_country(profile: CountryProfile) -> str:
    """The address on Explore of a country's requests, at the reporters with the most of them."""
    requests = profile.latest[profile.latest["measure"] == "requests"].sort_values("high", ascending=False)
    view = View(reporter=tuple(requests["reporter"].head(MAX_SERIES["time"])), requester=(profile.requester,))
    return view.address()


def _one_place_each(rows: pd.DataFrame) -> pd.DataFrame:
    """For each thing that is counted the series of one place, the world where there is such a total, else the place with the most numbers.

    Of all requests also that of the country with the most. In the order in which they are wanted: totals before kinds, requests
    and the share disclosed before other measures, the world before a country, the longest first.
    """
    counted = rows.dropna(subset=["low"])
    sizes = counted.groupby([*_WITHOUT_PLACE, "requester"], observed=True).size().reset_index(name="count")
    sizes["is_country"] = sizes["requester"] != places.WORLD
    sizes["is_kind"] = ~analysis.is_whole(sizes)
    sizes["rank"] = sizes["measure"].map({measure: rank for rank, measure in enumerate(_FIRST)}).fillna(len(_FIRST))
    chosen = sizes.sort_values(["is_country", "count", "requester"], ascending=[True, False, True]).drop_duplicates(_WITHOUT_PLACE)
    total = counted[(counted["measure"] == _FIRST[0]) & analysis.is_whole(counted)]
    last = _last_rows(total[total["requester"] != places.WORLD])
    if len(last):
        last = last[last["period_end"] == last["period_end"].max()].sort_values("low", ascending=False).head(1)
        chosen = pd.concat([chosen, sizes.merge(last[[*_WITHOUT_PLACE, "requester"]])]).drop_duplicates([*_WITHOUT_PLACE, "requester"])
    series = [*_WITHOUT_PLACE, "requester"]
    chosen = chosen.sort_values(
        ["is_kind", "rank", "is_country", "count", *series], ascending=[True, True, True, False, *[True] * len(series)]
    )
    places_in_order = chosen[series].assign(wanted=range(len(chosen)))
    shown = analysis.without_repeats(counted).merge(places_in_order, on=series).sort_values(["wanted", "period_start"])
    return shown.drop(columns="wanted")


def _last_rows(series: pd.DataFrame) -> pd.DataFrame:
    """The last row with a number of each series, in the order of the table."""
    numbers = series.dropna(subset=["low"]).reset_index(drop=True)
    return numbers.sort_values(["period_end", "period_start"]).drop_duplicates(analysis.SERIES, keep="last").sort_index(ignore_index=True)


def _only(table: pd.DataFrame, column: str, code: str) -> pd.Series | None:
    rows = table[table[column] == code]
    return rows.iloc[0] if len(rows) else None
