"""What the Overview page shows: the first case, the nondisclosure series, the coverage and the latest period of each reporter."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from dashboard import analysis
from dashboard.answers.explore import Panel, panels
from dashboard.catalog.shipped import Catalog
from dashboard.display import charts
from dashboard.display import sentences as words
from dashboard.display.sentences import Names
from dashboard.model import vocabulary
from dashboard.model.intervals import number
from dashboard.model.periods import Period, label
from dashboard.statements import Statements, concerning

MOST_CARDS = 4
"""Statements beside the first chart."""
READ_AS = (
    "Each number is drawn across the period it speaks of. The ranges of the testimony are one range for each year: "
    "neither an error of measurement nor a total. The court filings are divided by the length of their period."
)
NEVER_ADDED = (
    "Some publish how many orders forbade them to tell the customer, some the share of requests that came with one, some how many "
    "customers they could not tell. These are different things: each stands on its own scale, and they are never added."
)
SECRET = ("nondisclosure_orders", "nondisclosure_share", "users_not_notified")
"""Measures of secrecy, each of its own kind."""
KINDS = {0: "as published", 1: "transcribed or compiled by others", 2: "quoted from a text"}
"""How a half-year of a reporter is held, the best form first."""


@dataclass(frozen=True)
class Overview:
    """Everything on the Overview page, made once."""

    what: str
    first_case: pd.DataFrame
    first_chart: go.Figure
    first_alt: str
    first_words: str
    first_source: str
    cards: pd.DataFrame
    secret: pd.DataFrame
    secret_panels: tuple[Panel, ...]
    secret_source: str
    grid: pd.DataFrame
    grid_chart: go.Figure
    grid_alt: str
    latest: pd.DataFrame


def overview(catalog: Catalog, table: pd.DataFrame, said: Statements, names: Names) -> Overview:
    """What the Overview page shows, out of the complete table of today."""
    first, secret, grid = flagship(table), nondisclosure(table, names), coverage(catalog)
    return Overview(
        what=what_this_is(catalog, said.statements),
        first_case=first,
        first_chart=charts.over_time(first, axis="per year", scaled=True, end_labels=True),
        first_alt=words.alt(first, names, "per year", scaled=True),
        first_words=words.seen(first, names, scaled=True),
        first_source=words.source_line(first, catalog, names, None),
        cards=first_chain(said, first[first["measure"] == "nondisclosure_orders"]).head(MOST_CARDS),
        secret=secret,
        secret_panels=panels(secret, names, same_axis=False),
        secret_source=words.source_line(secret, catalog, names, None),
        grid=grid,
        grid_chart=charts.coverage(grid, words=KINDS),
        grid_alt=coverage_in_words(grid, KINDS),
        latest=latest(catalog, names),
    )


def what_this_is(catalog: Catalog, statements: pd.DataFrame) -> str:
    """The dashboard in two sentences, with the counts of what it holds."""
    return (
        f"{number(len(catalog.observations))} numbers that {number(catalog.observations['reporter'].nunique())} companies and authorities "
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


def nondisclosure(table: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Every published series of secrecy orders, shares under secrecy and customers not told, with a `label`.

    A series whose periods differ in length is given per year, so that 18 months and a year can stand on one scale.
    """
    rows = table[table["measure"].isin(SECRET) & table["made_by"].eq("")]
    for column, whole in (("service", "all"), ("request_type", "all")):
        has_whole = rows["reporter"].isin(set(rows["reporter"][rows[column] == whole]))
        rows = rows[(rows[column] == whole) | ~has_whole]
    found = []
    for _, series in rows.groupby(analysis.SERIES, sort=False):
        months = {Period(row.period_start.date(), row.period_end.date()).months for row in series.itertuples()}
        label = f"{names.reporter(series['reporter'].iloc[0])}: {names.measure(series['measure'].iloc[0]).lower()}"
        if series["request_type"].iloc[0] != "all":
            label += f", {names.request_type(series['request_type'].iloc[0]).lower()}"
        if len(months) > 1 and not series["measure"].isin(vocabulary.SHARES).any():
            series, label = analysis.per_year(series), f"{label}, per year"
        found.append(series.assign(label=label))
    return pd.concat(found).sort_values(["reporter", "label", "period_start"])


def first_chain(statements: Statements, table: pd.DataFrame) -> pd.DataFrame:
    """The most retold statement among those that concern the rows, followed by those that retell it."""
    concerned = concerning(statements, table)["statement"]
    longest = max((statements.chain(name) for name in concerned), key=len)
    return statements.statements.set_index("statement", drop=False).loc[[name for name, _ in longest]]


def coverage(catalog: Catalog) -> pd.DataFrame:
    """Reporters by half-year: the best form in which a number of that half-year is held, as a number of `KINDS`."""
    forms = catalog.documents.set_index("document")["form"]
    rank = {"as published": 0, "re-saved": 0, "transcribed": 1, "third-party": 1, "quoted": 2}
    spans = catalog.observations[["reporter", "document", "period_start", "period_end"]].drop_duplicates()
    spans = spans.assign(kind=spans["document"].map(forms).map(rank))
    rows = []
    for year in range(spans["period_start"].min().year, spans["period_end"].max().year + 1):
        for half, (first, last) in enumerate((("-01-01", "-06-30"), ("-07-01", "-12-31")), start=1):
            inside = (spans["period_start"] <= pd.Timestamp(f"{year}{last}")) & (spans["period_end"] >= pd.Timestamp(f"{year}{first}"))
            best = spans[inside].groupby("reporter")["kind"].min()
            rows.append(best.rename(f"{year} H{half}"))
    names = catalog.reporters.set_index("reporter")["name"]
    grid = pd.concat(rows, axis=1).astype(float)
    grid = grid.loc[grid.notna().sum(axis=1).sort_values(ascending=False, kind="stable").index]
    return grid.rename(index=names).rename_axis("Reporter")


def coverage_in_words(grid: pd.DataFrame, kinds: dict[int, str]) -> str:
    """The coverage grid for those who do not see it."""
    longest = grid.notna().sum(axis=1)
    counted = ", ".join(f"{number((grid == kind).to_numpy().sum())} {words}" for kind, words in kinds.items())
    return (
        f"Grid of {number(len(grid))} reporters by half-year from {grid.columns[0]} to {grid.columns[-1]}: {counted}. "
        f"Most half-years: {longest.index[0]} with {number(longest.iloc[0])}."
    )


def latest(catalog: Catalog, names: Names) -> pd.DataFrame:
    """For each reporter the last period held, its document, and the day from which that counts as known."""
    documents = catalog.documents.set_index("document")
    rows = []
    for reporter, own in catalog.observations.groupby("reporter"):
        last = own.sort_values(["period_end", "period_start"]).iloc[-1]
        document = documents.loc[last["document"]]
        rows.append(
            {
                "Reporter": names.reporter(reporter),
                "Latest period": label(Period(last["period_start"].date(), last["period_end"].date())),
                "End": last["period_end"].date(),
                "Document": document["title"],
                "Form": document["form"],
                "Known from": document["known_from"].date(),
                "Known by": document["known_from_basis"],
                "Numbers held": len(own),
            }
        )
    return pd.DataFrame(rows).sort_values(["End", "Reporter"], ascending=[False, True]).drop(columns="End")
