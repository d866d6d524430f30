"""How much of its past each publisher prints otherwise in a later edition: by publisher, by edition, and between any two documents."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.catalog.shipped import Catalog
from dashboard.model.columns import KEY


def by_publisher(catalog: Catalog) -> pd.DataFrame:
    """One row for each reporter that printed a number twice, those that changed most first.

    Columns: `reporter`; `editions`, documents that print a number again; `reprinted`, numbers printed again; `restated`, those printed
    otherwise; `share`, the second over the first (0 to 1); `withdrawn`, numbers that a later edition of their file leaves out;
    `median_change` and `largest_change`, of the restated numbers that are exact both times and were not zero, as a part of the earlier
    one (0.02 is 2 %; NaN where there is none).
    """
    again = catalog.reprinted()
    withdrawn = catalog.withdrawn()["reporter"].value_counts()
    table = _counted(again, "reporter")
    return table.assign(withdrawn=table["reporter"].astype(str).map(withdrawn).fillna(0).astype(int)).sort_values(
        ["restated", "reprinted", "reporter"], ascending=[False, False, True], ignore_index=True
    )


def by_edition(catalog: Catalog, reporter: str) -> pd.DataFrame:
    """The same for each document of one reporter that prints earlier numbers again, the newest first, with `document` and `known_from`."""
    again = catalog.reprinted()
    table = _counted(again[again["reporter"] == reporter], "document")
    known = catalog.documents.set_index("document")["known_from"]
    return table.assign(known_from=table["document"].astype(str).map(known)).sort_values(
        ["known_from", "document"], ascending=False, ignore_index=True
    )


def usual_pair(catalog: Catalog, reporter: str) -> tuple[str, str]:
    """The newest document of a reporter that prints numbers otherwise, after the one with most of them; its last two where there is none."""
    again = catalog.reprinted()
    again = again[again["reporter"] == reporter]
    telling = again[again["is_restated"]] if again["is_restated"].any() else again
    if telling.empty:
        rows = catalog.observations[["reporter", "document"]].drop_duplicates()
        names = (
            catalog.documents.set_index("document").loc[rows["document"][rows["reporter"] == reporter], "known_from"].sort_values().index
        )
        return names[max(-2, -len(names))], names[-1]
    newer = telling.iloc[-1]["document"]
    return telling["earlier_document"][telling["document"] == newer].mode().iloc[0], newer


def between(catalog: Catalog, older: str, newer: str) -> pd.DataFrame:
    """Every number of two documents, key by key, with `change`: `same`, `restated`, `added` or `left out`.

    The columns of the key, then `earlier_low`, `earlier_high`, `earlier_printed`, `earlier_cell` (missing where added) and `low`, `high`,
    `printed`, `cell` (missing where left out). `left out` is said only of what the newer document is about: kinds of numbers that it has,
    in periods that it covers; the rest is not compared.
    """
    key = [*KEY]
    value = ["low", "high", "printed", "cell"]
    rows = catalog.observations
    before = rows[rows["document"] == older][key + value].drop_duplicates(key)
    after = rows[rows["document"] == newer][key + value].drop_duplicates(key)
    both = before.rename(columns={name: f"earlier_{name}" for name in value}).merge(after, on=key, how="outer", indicator=True)
    is_same = (both["earlier_low"] == both["low"]) & (both["earlier_high"] == both["high"])
    both["change"] = np.select(
        [both["_merge"] == "left_only", both["_merge"] == "right_only", is_same], ["left out", "added", "same"], default="restated"
    )
    kind = ["reporter", "service", "request_type", "measure"]
    spans = after.groupby(kind, observed=True).agg(first=("period_start", "min"), last=("period_end", "max"))
    spans = both[kind].join(spans, on=kind)
    is_covered = (both["period_start"] >= spans["first"]) & (both["period_end"] <= spans["last"])
    both = both[(both["change"] != "left out") | is_covered]
    return both.drop(columns="_merge").sort_values(key, ignore_index=True)


def _counted(again: pd.DataFrame, by: str) -> pd.DataFrame:
    exact = (again["earlier_low"] == again["earlier_high"]) & (again["low"] == again["high"]) & (again["earlier_low"] > 0)
    size = ((again["low"] - again["earlier_low"]).abs() / again["earlier_low"]).where(exact & again["is_restated"])
    table = again.assign(size=size)
    grouped = table.groupby(by, observed=True)
    counted = pd.DataFrame(
        {
            "editions": grouped["document"].nunique(),
            "reprinted": grouped.size(),
            "restated": grouped["is_restated"].sum(),
            "median_change": grouped["size"].median(),
            "largest_change": grouped["size"].max(),
        }
    )
    counted["share"] = counted["restated"] / counted["reprinted"]
    return counted.reset_index()
