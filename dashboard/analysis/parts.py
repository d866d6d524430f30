"""What rows rest on: the published observations that were added, and the documents that print them."""

from __future__ import annotations

import pandas as pd

from dashboard.analysis.series import select
from dashboard.analysis.totals import PART_OF_SHARE, SEPARATOR, MadeBy, without
from dashboard.catalog.shipped import Catalog
from dashboard.model import places, vocabulary
from dashboard.model.columns import KEY


def parts_of(table: pd.DataFrame, catalog: Catalog, row: pd.Series) -> pd.DataFrame:
    """The published observations of a table with totals that one of its rows rests on: itself where it was printed, else its parts."""
    made_by, is_world = row["made_by"], row["requester"] == places.WORLD
    same = _near(table, row, None if is_world else [row["requester"]])
    if is_world:
        published = same[(same["requester"] == places.WORLD) & same["request_type"].eq(row["request_type"])]
        countries = same[same["requester"] != places.WORLD]
        # What is printed of the world speaks for itself; of what is not, the countries do.
        same = pd.concat([published, without(countries, published, ["measure", "period_start", "period_end"])])
        if made_by == MadeBy.REQUESTERS:
            same = countries
    exactly = same[same["request_type"] == row["request_type"]]
    if row["request_type"] != "all" or (not exactly.empty and not is_world):
        return exactly
    parts = catalog.parts[(catalog.parts["reporter"] == row["reporter"]) & catalog.parts["in_total"]]["request_type"]
    totals = same[same["request_type"] == "all"]
    # A requester whose total is printed rests on that, and not on its parts besides.
    split = without(same[same["request_type"].isin(parts)], totals, [column for column in KEY if column != "request_type"])
    return pd.concat([totals, split])


def documents_of(table: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The documents on which rows rest, each once: those that printed rows name, and those of the parts of the others."""
    return catalog.documents[catalog.documents["document"].isin(document_names(table))]


def document_names(table: pd.DataFrame) -> list[str]:
    """The names of the documents on which rows rest, in alphabetical order."""
    return sorted({name for names in table["document"].unique() for name in str(names).split(SEPARATOR) if name})


def _near(table: pd.DataFrame, row: pd.Series, requesters: list[str] | None) -> pd.DataFrame:
    candidates = [
        select(
            table,
            reporters=[row["reporter"]],
            requesters=requesters,
            measure=measure,
            services=[row["service"]],
            authorities=[row["authority"]],
            start=row["period_start"].date(),
            end=row["period_end"].date(),
        )
        for measure in _measures(row)
    ]
    near = pd.concat(candidates) if len(candidates) > 1 else candidates[0]
    # A share of no requests is a part of nothing; printed, it rests on its own cell all the same.
    belongs = near["made_by"].eq("") & (near["low"].notna() | (not row["made_by"]))
    if row["made_by"] not in (MadeBy.YEAR, MadeBy.YEAR_SHARE):
        belongs &= near["period_start"].eq(row["period_start"]) & near["period_end"].eq(row["period_end"])
    return near[belongs]


def _measures(row: pd.Series) -> list[str]:
    # What a number of this measure may be made of: a share of its part and of the requests, and so on.
    measure = row["measure"]
    if not row["made_by"] or measure not in (*vocabulary.SHARES, "requests_some_data"):
        return [measure]
    part_measure = PART_OF_SHARE.get(measure, measure)
    both = ["share_some_data", "requests_content", "requests_noncontent"] if part_measure == "requests_some_data" else []
    return list(dict.fromkeys(["requests", part_measure, measure, *both]))
