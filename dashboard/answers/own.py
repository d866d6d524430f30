"""How a visitor's own report is first looked at: its series, beside the publisher most like it."""

from __future__ import annotations

import math

import pandas as pd

from dashboard.analysis.views import View

_MAX_REQUESTERS = 5
"""Requesters shown at first, those who asked most."""


def view_beside(rows: pd.DataFrame, table: pd.DataFrame) -> View:
    """The view that shows a report's numbers, with the publisher whose numbers of the same thing are nearest to them.

    `rows` are its observations, `table` the complete table of what is published. Over time where it has several periods or such a
    publisher is there; else a ranking of its requesters.
    """
    measure = "requests" if (rows["measure"] == "requests").any() else rows["measure"].iloc[0]
    of_measure = rows[rows["measure"] == measure]
    types = () if (of_measure["request_type"] == "all").any() else tuple(of_measure["request_type"].unique()[:1])
    of_measure = of_measure[of_measure["request_type"].isin(types or ("all",))]
    requesters = of_measure.sort_values("low", ascending=False)["requester"].drop_duplicates()
    reporters = tuple(rows["reporter"].unique())
    neighbour = _nearest(of_measure[of_measure["requester"] == requesters.iloc[0]], table)
    if neighbour:
        return View(measure=measure, reporter=(*reporters, neighbour), requester=(requesters.iloc[0],), type=types)
    return View(
        measure=measure,
        reporter=reporters,
        requester=tuple(requesters[:_MAX_REQUESTERS]),
        type=types,
        shape="time" if of_measure["period_start"].nunique() > 1 else "ranking",
    )


def _nearest(rows: pd.DataFrame, table: pd.DataFrame) -> str:
    # The published reporter whose last number for the same government and kind is nearest, by ratio, to the report's last one.
    first = rows.iloc[0]
    same = (
        table["measure"].eq(first["measure"]) & table["requester"].eq(first["requester"]) & table["request_type"].eq(first["request_type"])
    )
    others = table[same & table["service"].eq("all") & table["authority"].eq("any") & ~table["reporter"].isin(rows["reporter"].unique())]
    others = others[others["low"] > 0].sort_values("period_end").drop_duplicates("reporter", keep="last")
    own = rows.sort_values("period_end").iloc[-1]
    if others.empty or not own["low"] > 0:
        return ""
    return others.loc[(others["low"].map(math.log) - math.log(own["low"])).abs().idxmin(), "reporter"]
