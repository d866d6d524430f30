"""What rows rest on: the published observations that were added, and the documents that print them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.analysis.series import SERIES, select
from dashboard.analysis.totals import PART_OF_SHARE, SEPARATOR, MadeBy, without
from dashboard.catalog.shipped import Catalog
from dashboard.model import places, vocabulary
from dashboard.model.columns import KEY

_OF_A_YEAR = (MadeBy.YEAR, MadeBy.YEAR_SHARE)
_SPAN = ["period_start", "period_end"]


def parts_of(table: pd.DataFrame, catalog: Catalog, row: pd.Series) -> pd.DataFrame:
    """The published observations of a table with totals that one of its rows rests on: itself where it was printed, else its parts."""
    return _parts(table, catalog, row, np.array([row["period_start"]], "M8[D]"), np.array([row["period_end"]], "M8[D]"))


def parts_of_rows(table: pd.DataFrame, catalog: Catalog, rows: pd.DataFrame) -> pd.DataFrame:
    """The published observations that several rows of a table with totals rest on; one that rows of several series rest on, several times."""
    parts = []
    for (*_, made_by), alike in rows.groupby([*SERIES, "made_by"], sort=False):
        if made_by in _OF_A_YEAR:
            parts += [parts_of(table, catalog, row) for _, row in alike.iterrows()]
        else:
            spans = (alike[column].to_numpy().astype("M8[D]") for column in _SPAN)
            parts.append(_parts(table, catalog, alike.iloc[0], *spans))
    return pd.concat(parts) if parts else table.iloc[:0]


def _parts(table: pd.DataFrame, catalog: Catalog, row: pd.Series, starts: np.ndarray, ends: np.ndarray) -> pd.DataFrame:
    """The parts of each row of one series that was made as one of them was, by the days on which their periods start and end."""
    made_by, is_world = row["made_by"], row["requester"] == places.WORLD
    same = _near(table, row, None if is_world else [row["requester"]], starts, ends)
    if is_world:
        published = same[(same["requester"] == places.WORLD) & same["request_type"].eq(row["request_type"])]
        countries = same[same["requester"] != places.WORLD]
        # What is printed of the world speaks for itself; of what is not, the countries do.
        same = countries if made_by == MadeBy.REQUESTERS else pd.concat([published, without(countries, published, ["measure", *_SPAN])])
    exactly = same[same["request_type"] == row["request_type"]]
    if row["request_type"] != "all" or (made_by in _OF_A_YEAR and not exactly.empty and not is_world):
        return exactly
    parts = catalog.parts[(catalog.parts["reporter"] == row["reporter"]) & catalog.parts["in_total"]]["request_type"]
    # A requester whose total is printed rests on that, and not on its parts besides.
    over = [column for column in KEY if column != "request_type"] if is_world else _SPAN
    return pd.concat([exactly, without(same[same["request_type"].isin(parts)], exactly, over)])


def documents_of(table: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The documents on which rows rest, each once: those that printed rows name, and those of the parts of the others."""
    return catalog.documents[catalog.documents["document"].isin(document_names(table))]


def document_names(table: pd.DataFrame) -> list[str]:
    """The names of the documents on which rows rest, in alphabetical order."""
    return sorted({name for names in table["document"].unique() for name in str(names).split(SEPARATOR) if name})


def _near(table: pd.DataFrame, row: pd.Series, requesters: list[str] | None, starts: np.ndarray, ends: np.ndarray) -> pd.DataFrame:
    candidates = [
        select(
            table,
            reporters=[row["reporter"]],
            requesters=requesters,
            measure=measure,
            services=[row["service"]],
            authorities=[row["authority"]],
            start=starts.min().item(),
            end=ends.max().item(),
        )
        for measure in _measures(row)
    ]
    near = pd.concat(candidates) if len(candidates) > 1 else candidates[0]
    # A share of no requests is a part of nothing; printed, it rests on its own cell all the same.
    belongs = near["made_by"].eq("") & (near["low"].notna() | (not row["made_by"]))
    if row["made_by"] not in _OF_A_YEAR:
        there = (near[column].to_numpy().astype("M8[D]") for column in _SPAN)
        belongs &= np.isin(_spans(*there), _spans(starts, ends))
    return near[belongs]


def _spans(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    # One number for each pair of days, of which a century has some 36,500.
    return starts.astype(int) * 1_000_000 + ends.astype(int)


def _measures(row: pd.Series) -> list[str]:
    # What a number of this measure may be made of: a share of its part and of the requests, and so on.
    measure = row["measure"]
    if not row["made_by"] or measure not in (*vocabulary.SHARES, "requests_some_data"):
        return [measure]
    part_measure = PART_OF_SHARE.get(measure, measure)
    both = ["share_some_data", "requests_content", "requests_noncontent"] if part_measure == "requests_some_data" else []
    return list(dict.fromkeys(["requests", part_measure, measure, *both]))
