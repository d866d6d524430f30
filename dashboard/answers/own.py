"""How a visitor's own report is first looked at: its series, which stands out, beside the publisher most like it."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from dashboard.analysis.views import View
from dashboard.display.series import series_key

_MAX_REQUESTERS = 5
"""Requesters shown at first, those who asked most."""
_FLAT = 20
"""By how many times the larger series may exceed the smaller before that lies on the axis: both are then drawn by factors."""


def view_beside(rows: pd.DataFrame, table: pd.DataFrame) -> View:
    """The view that shows a report's numbers highlighted beside the publisher most like it, of the requester that asked most.

    `rows` are its observations, `table` the complete table of what is published. Over time where it has several periods or such a
    publisher is there; else a ranking of its requesters.
    """
    measure = "requests" if (rows["measure"] == "requests").any() else rows["measure"].iloc[0]
    of_measure = rows[rows["measure"] == measure]
    types = () if (of_measure["request_type"] == "all").any() else tuple(of_measure["request_type"].unique()[:1])
    request_type = types[0] if types else "all"
    of_measure = of_measure[of_measure["request_type"] == request_type]
    requesters = of_measure.sort_values("low", ascending=False)["requester"].drop_duplicates()
    reporters = tuple(rows["reporter"].unique())
    view = View(measure=measure, reporter=reporters, requester=tuple(requesters[:1]), type=types)
    others = _of_others(of_measure, table, view.requester[0])
    if not others.empty:
        likeness = _likeness(of_measure, others, view.requester[0])
        times = max(likeness.iloc[0]["times"], 1 / likeness.iloc[0]["times"])
        return replace(
            view,
            reporter=(*reporters, likeness.index[0]),
            focus=tuple(series_key(reporter, view.requester[0], request_type) for reporter in reporters),
            axis="log" if times > _FLAT else view.axis,
        )
    is_over_time = of_measure["period_start"].nunique() > 1
    return replace(view, requester=tuple(requesters[:_MAX_REQUESTERS]), shape="time" if is_over_time else "ranking")


def _of_others(rows: pd.DataFrame, table: pd.DataFrame, requester: str) -> pd.DataFrame:
    # The same measure and kind of demand of the published reporters that have a number above zero for a requester.
    first = rows.iloc[0]
    same = table["measure"].eq(first["measure"]) & table["request_type"].eq(first["request_type"]) & (table["low"] > 0)
    whole = table["service"].eq("all") & table["authority"].eq("any") & ~table["reporter"].isin(rows["reporter"].unique())
    others = table[same & whole]
    own_numbers = rows[(rows["requester"] == requester) & (rows["low"] > 0)]
    return others[others["reporter"].isin(others["reporter"][others["requester"] == requester])] if len(own_numbers) else others.iloc[:0]


def _likeness(rows: pd.DataFrame, others: pd.DataFrame, requester: str) -> pd.DataFrame:
    """The other reporters, most like a report first: `times` is how many times its last number of a requester is of theirs.

    Weighs, each from 0 to 1, how much of the report's requesters and periods a reporter covers, how much it has published of all that is
    compared, and, by half, how near its last number is.
    """
    cells = rows[["requester", "period_start", "period_end"]].drop_duplicates()
    # Only what is compared: every period meets every other one of its requester.
    pairs = cells.merge(others[["reporter", *cells.columns]], on="requester", suffixes=("", "_other"))
    shared = pairs[(pairs["period_start"] <= pairs["period_end_other"]) & (pairs["period_start_other"] <= pairs["period_end"])]
    covered = shared.drop_duplicates(["reporter", *cells.columns]).groupby("reporter").size() / len(cells)
    numbers = others.groupby("reporter").size()
    theirs = others[others["requester"] == requester].sort_values("period_end").drop_duplicates("reporter", keep="last")
    last = rows[(rows["requester"] == requester) & (rows["low"] > 0)].sort_values("period_end")["low"].iloc[-1]
    table = pd.DataFrame({"times": last / theirs.set_index("reporter")["low"]})
    nearness = 1 / (1 + table["times"].map(math.log10).abs())
    table["score"] = covered.reindex(table.index, fill_value=0.0) + numbers / numbers.max() + nearness / 2
    return table.sort_index().sort_values("score", ascending=False, kind="stable")
