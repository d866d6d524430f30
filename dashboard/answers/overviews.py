"""What the Overview page shows: the first case, the nondisclosure series, the coverage and the latest period of each reporter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import analysis
from dashboard.analysis import views
from dashboard.analysis.views import View
from dashboard.answers.explore import series_colours, short_name
from dashboard.catalog.shipped import Catalog
from dashboard.display import changes, charts, colours, timelines
from dashboard.display import sentences as words
from dashboard.display.languages import Language
from dashboard.display.timelines import Look
from dashboard.model import places, vocabulary
from dashboard.model.intervals import Interval, number
from dashboard.model.periods import Period, label
from dashboard.statements import Statements

FIRST = "burt-written-2400-3500"
"""The statement that this began with, and with which the page opens."""
SECRET = ("nondisclosure_share", "nondisclosure_orders", "users_not_notified")
"""Measures of secrecy, each of its own kind, which are never added."""
KINDS = {0: "as published", 1: "transcribed or compiled by others", 2: "quoted from a text"}
"""How a half-year of a reporter is held, the best form first."""
PER_INHABITANT = View(reporter=("google",), of="google", shape="ranking", scale="people", top="10")
"""The ranking that a question of the page opens."""


@dataclass(frozen=True)
class Question:
    """A question, its answer out of the data, and the view that shows it."""

    asks: str
    answer: str
    address: str


@dataclass(frozen=True)
class Latest:
    """The latest number of a series: its name with the period, the number, and how it moved within a year."""

    name: str
    value: str
    moved: str
    address: str


@dataclass(frozen=True)
class Overview:
    """Everything on the Overview page, made once. Charts are made of it in either theme by `charts_of`."""

    what: str
    first: pd.Series
    first_case: pd.DataFrame
    first_alt: str
    first_source: str
    questions: tuple[Question, ...]
    numbers: tuple[Latest, ...]
    secret: pd.DataFrame
    secret_alts: dict[str, str]
    secret_sources: dict[str, str]
    grid: pd.DataFrame
    grid_alt: str
    latest: pd.DataFrame


def overview(catalog: Catalog, table: pd.DataFrame, statements: Statements, names: Language) -> Overview:
    """What the Overview page shows, out of the complete table of today."""
    first, secret, grid = flagship(table), nondisclosure(table, names), coverage(catalog)
    scaled = secret["derivation"].str.contains("per year")
    return Overview(
        what=what_this_is(catalog, statements.statements),
        first=statements.statements.set_index("statement", drop=False).loc[FIRST],
        first_case=first,
        first_alt=words.alt(first, names, "per year", scaled=True),
        first_source=words.source_line(first, catalog, names, None),
        questions=questions(table, catalog, statements.statements, names),
        numbers=latest_numbers(table, names),
        secret=secret,
        secret_alts={
            measure: f"Chart. {words.seen(own, names, bool(scaled[own.index].any()))}" for measure, own in secret.groupby("measure")
        },
        secret_sources={measure: words.source_line(own, catalog, names, None) for measure, own in secret.groupby("measure")},
        grid=grid,
        grid_alt=coverage_in_words(grid),
        latest=latest(catalog, names),
    )


def is_touched(touched: Catalog, reporters: list[str]) -> bool:
    """Whether more than the coverage may be another with these rows of these reporters, which are all that they have."""
    shown = {*View().reporter, *PER_INHABITANT.reporter, "microsoft"}
    return not shown.isdisjoint(reporters) or bool(touched.observations["measure"].isin(SECRET).any())


def over(below: Overview, catalog: Catalog, statements: Statements, names: Language) -> Overview:
    """The page of a catalog that lies over another and touches nothing but its coverage."""
    grid = coverage(catalog)
    what = what_this_is(catalog, statements.statements)
    return replace(below, what=what, grid=grid, grid_alt=coverage_in_words(grid), latest=latest(catalog, names))


def charts_over(below: Mapping[str, go.Figure], shown: Overview) -> dict[str, go.Figure]:
    """The charts of such a page, of which all but the coverage are those of the page below."""
    return {**below, "coverage": charts.coverage(shown.grid, words=KINDS)}


def charts_of(shown: Overview, paper: charts.Paper) -> dict[str, go.Figure]:
    """The charts of the page in a theme: `first`, one for each measure of secrecy, and `coverage`."""
    shades = series_colours(shown.first_case)
    # The whole that a reporter publishes has its colour here as everywhere; what others said of parts of it has others.
    shades |= colours.of_series({"All requests": ("microsoft",)})
    look = Look(shades, scaled=True, paper=paper)
    first = timelines.over_time(shown.first_case, look, height=205)
    figures = {"first": first, "coverage": charts.coverage(shown.grid, words=KINDS)}
    for measure, own in shown.secret.groupby("measure"):
        is_share = measure in vocabulary.SHARES
        look = Look(series_colours(own), scaled=not is_share, paper=paper)
        short = {name: short_name(name.partition(":")[0]) + (", per year" if name.endswith("per year") else "") for name in look.colours}
        if is_share:
            figures[measure] = timelines.over_time(own, look, names=short, height=240)
        else:
            figures[measure] = timelines.lanes(own, look, names=short, shares_axis=False, row_height=64)
    return figures


def questions(table: pd.DataFrame, catalog: Catalog, statements: pd.DataFrame, names: Language) -> tuple[Question, ...]:
    """The questions of the page with their answers of today."""
    requests = words.with_labels(views.rows_of(View(), table, catalog.population), names).dropna(subset=["low"])
    last = requests.sort_values("period_end").groupby("label").tail(1).sort_values("low", ascending=False)
    each = ", ".join(
        f"{short_name(row.label)} {words.value(row.low, row.high, row.measure)} ({words.period(requests.loc[row.Index])})"
        for row in last.itertuples()
    )
    ranked = views.rows_of(PER_INHABITANT, table, catalog.population).dropna(subset=["low"]).sort_values("low", ascending=False)
    leaders = ", ".join(
        f"{places.name(row.requester)} {words.value(row.low, row.high, row.measure, True)}" for row in ranked.head(3).itertuples()
    )
    return (
        Question("How many requests come from the United States?", f"{each}.", "/explore"),
        Question(
            "Which governments ask Google most, per inhabitant?",
            f"{leaders} per {analysis.PEOPLE_PER:,} inhabitants in {words.period(ranked.iloc[0])}.",
            PER_INHABITANT.address(),
        ),
        Question(
            "Does what was said fit what was published?", f"{number(len(statements))} statements, each beside the numbers.", "/statements"
        ),
    )


def latest_numbers(table: pd.DataFrame, names: Language) -> tuple[Latest, ...]:
    """The latest requests from the United States of the reporters first shown, and the latest share under nondisclosure."""
    numbers = [_latest_of(View(reporter=(reporter,)), table, names) for reporter in View().reporter]
    shares = table[table["measure"].eq("nondisclosure_share") & table["requester"].eq("USA") & table["low"].notna()]
    if not shares.empty:
        reporter = shares.sort_values(["period_end", "low"]).iloc[-1]["reporter"]
        numbers.append(_latest_of(View(measure="nondisclosure_share", reporter=(reporter,)), table, names))
    return tuple(numbers)


def _latest_of(view: View, table: pd.DataFrame, names: Language) -> Latest:
    rows = views.rows_of(view, table, pd.DataFrame()).dropna(subset=["low"]).sort_values(["period_end", "period_start"])
    last = rows.iloc[-1]
    before = rows[
        (rows["period_end"] == last["period_end"] - pd.DateOffset(years=1))
        & (rows["period_start"] == last["period_start"] - pd.DateOffset(years=1))
    ]
    moved = "no number of a year before"
    if not before.empty:
        earlier = before.iloc[-1]
        difference = Interval(last["low"], last["high"]) - Interval(earlier["low"], earlier["high"])
        moved = f"{changes.signed(difference, last['measure'], scaled=False)} in a year"
    measure = names.measure(last["measure"]).lower()
    return Latest(
        f"{short_name(names.reporter(last['reporter']))} · {measure}, US, {words.period(last)}",
        words.value(last["low"], last["high"], last["measure"]),
        moved,
        view.address(),
    )


def what_this_is(catalog: Catalog, statements: pd.DataFrame) -> str:
    """The dashboard in two sentences, with the counts of what it holds."""
    return (
        f"{number(catalog.spans['numbers'].sum())} numbers that {number(catalog.spans['reporter'].nunique())} companies and authorities "
        "have published about government requests for user data and about orders not to tell the customer, each as the range it was "
        f"printed as and with its place in one of {number(len(catalog.documents))} documents. "
        f"Beside them stand {number(len(statements))} public statements that cite such numbers, so that what was said can be read "
        "against what was published."
    )


def flagship(table: pd.DataFrame) -> pd.DataFrame:
    """Microsoft's requests from the United States by calendar year, and its secrecy orders per year at their true periods."""
    microsoft = analysis.select(table, reporters=["microsoft"], requesters=["USA"], services=["all"], request_types=["all"])
    requests = microsoft[microsoft["measure"].eq("requests") & microsoft["authority"].eq("any")]
    years = analysis.by_year(requests).dropna(subset=["low"])
    years = years.set_axis(pd.RangeIndex(len(years)) - len(years), axis=0)
    orders = analysis.per_year(microsoft[microsoft["measure"] == "nondisclosure_orders"])
    yearly = (orders["period_end"] - orders["period_start"]).dt.days < 366
    orders["label"] = "Secrecy orders, as testified"
    orders.loc[~yearly, "label"] = "Secrecy orders, court filings"
    years = years.assign(label="All requests")
    return pd.concat([years, orders[~yearly], orders[yearly]])


def nondisclosure(table: pd.DataFrame, names: Language) -> pd.DataFrame:
    """Every published series of secrecy orders, shares under secrecy and customers not told, with a `label`.

    A series whose periods differ in length is given per year, so that 18 months and a year can stand on one scale.
    """
    rows = table[table["measure"].isin(SECRET) & table["made_by"].eq("")]
    for column in ("service", "request_type"):
        has_whole = rows["reporter"].isin(set(rows["reporter"][rows[column] == "all"]))
        rows = rows[(rows[column] == "all") | ~has_whole]
    panels = []
    for _, series in rows.groupby(analysis.SERIES, sort=False):
        series, ending = analysis.of_one_length(series)
        label = f"{names.reporter(series['reporter'].iloc[0])}: {names.measure(series['measure'].iloc[0]).lower()}"
        if series["request_type"].iloc[0] != "all":
            label += f", {names.request_type(series['request_type'].iloc[0]).lower()}"
        panels.append(series.assign(label=f"{label}{ending}"))
    return pd.concat(panels).sort_values(["reporter", "label", "period_start"])


def coverage(catalog: Catalog) -> pd.DataFrame:
    """Reporters by half-year: the best form in which a number of that half-year is held, as a number of `KINDS`."""
    forms = catalog.documents.set_index("document")["form"]
    rank = {"as published": 0, "re-saved": 0, "transcribed": 1, "compiled": 1, "third-party": 1, "quoted": 2, "summed": 2}
    spans = catalog.spans.assign(kind=catalog.spans["document"].map(forms).map(rank))
    # Half-years are counted through, two in each year; a span touches all from that of its first day to that of its last.
    first, last = (spans[column].dt.year * 2 + (spans[column].dt.month > 6) for column in ("period_start", "period_end"))
    length = last - first + 1
    halves = spans.loc[spans.index.repeat(length), ["reporter", "kind"]].assign(half=np.repeat(first, length))
    halves["half"] += halves.groupby(level=0).cumcount()
    names = catalog.reporters.set_index("reporter")["name"]
    grid = halves.groupby(["half", "reporter"])["kind"].min().unstack("half")
    grid = grid.reindex(columns=range(first.min() // 2 * 2, last.max() // 2 * 2 + 2)).astype(float)
    grid = grid.set_axis([f"{half // 2} H{half % 2 + 1}" for half in grid], axis=1)
    grid = grid.loc[grid.notna().sum(axis=1).sort_values(ascending=False, kind="stable").index]
    return grid.rename(index=names).rename_axis("Reporter")


def coverage_in_words(grid: pd.DataFrame) -> str:
    """The coverage grid for those who do not see it."""
    longest = grid.notna().sum(axis=1)
    counted = ", ".join(f"{number((grid == kind).to_numpy().sum())} {words}" for kind, words in KINDS.items())
    return (
        f"Grid of {number(len(grid))} reporters by half-year from {grid.columns[0]} to {grid.columns[-1]}: {counted}. "
        f"Most half-years: {longest.index[0]} with {number(longest.iloc[0])}."
    )


def latest(catalog: Catalog, names: Language) -> pd.DataFrame:
    """For each reporter the last period held, its document, and the day from which that counts as known."""
    documents = catalog.documents.set_index("document")
    counts = catalog.spans.groupby("reporter")["numbers"].sum()
    rows = catalog.spans.join(documents[["title", "form", "known_from", "known_from_basis"]], on="document")
    # Of several documents of that period the one known last.
    last = rows.sort_values(["period_end", "period_start", "known_from", "document"]).drop_duplicates("reporter", keep="last")
    table = [
        {
            "Reporter": names.reporter(row.reporter),
            "Latest period": label(Period.of(row)),
            "End": row.period_end.date(),
            "Document": row.title,
            "Form": row.form,
            "Known from": row.known_from.date(),
            "Known by": row.known_from_basis,
            "Numbers held": counts[row.reporter],
        }
        for row in last.sort_values("reporter").itertuples()
    ]
    return pd.DataFrame(table).sort_values(["End", "Reporter"], ascending=[False, True]).drop(columns="End")
