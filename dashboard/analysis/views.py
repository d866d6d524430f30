"""A view: what a reader chose to see, as plain values that a web address, the command line and a figure all carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

import pandas as pd

from dashboard.analysis import totals
from dashboard.model import periods, places, vocabulary
from dashboard.model.periods import Period

SHAPES = {"time": "Over time", "ranking": "Ranking", "multiples": "Small multiples", "map": "Map", "table": "Table"}
SCALES = {
    "published": "As published",
    "calendar": "Calendar years (sums)",
    "year": "Per year",
    "day": "Per day",
    "share": "Some data disclosed",
    "people": f"Per {totals.PEOPLE_PER:,} inhabitants",
    "index": "Indexed",
}
MOST = {"time": 8, "multiples": 24, "ranking": 40, "map": 400}
"""Series that one chart of each shape can hold and a reader can still tell apart."""


@dataclass(frozen=True)
class View:
    """A choice of series, time, shape and scale; an empty tuple leaves a dimension to its whole."""

    measure: str = "requests"
    reporter: tuple[str, ...] = ("google", "meta", "microsoft")
    requester: tuple[str, ...] = ("USA",)
    type: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    shape: str = "time"
    scale: str = "published"
    base: str = ""
    start: str = ""
    end: str = ""
    of: str = ""
    period: str = ""
    known: str = ""

    @classmethod
    def from_query(cls, parameters: Callable[[str], list[str]] | Mapping[str, list[str]]) -> View:
        """The view that an address names: `parameters` gives every value of a name. What is not understood is left out."""
        values = parameters if callable(parameters) else lambda name: parameters.get(name, [])
        chosen: dict[str, object] = {}
        for field in fields(cls):
            given = values(field.name)
            understood = [value for value in given if value and _is_understood(field.name, value)]
            if given and _is_many(field.name):
                # Of several, only what is understood; where none is, none is shown, and nothing else in their stead.
                chosen[field.name] = tuple(dict.fromkeys(understood))
            elif understood or "" in given:
                chosen[field.name] = understood[-1] if understood else ""
        view = cls(**chosen)
        return replace(view, measure=view.measure or cls.measure, shape=view.shape or cls.shape, scale=view.scale or cls.scale)

    def query(self) -> list[tuple[str, str]]:
        """The parameters of the address that reopens this view; what equals the default is left out."""
        default, pairs = View(), []
        for field in fields(self):
            value = getattr(self, field.name)
            if value != getattr(default, field.name):
                pairs += [(field.name, one) for one in value or ("",)] if _is_many(field.name) else [(field.name, value)]
        return pairs

    @property
    def known_on(self) -> date | None:
        """The day as on which the figures are shown; None for today."""
        return _day(self.known)

    @property
    def counted(self) -> str:
        """The measure that is shown: on the scale of shares, the share of requests with some data disclosed."""
        return "share_some_data" if self.scale == "share" else self.measure

    @property
    def is_scaled(self) -> bool:
        """Whether values are rates or indices rather than the counts and shares themselves."""
        return self.scale in ("year", "day", "people", "index")


def of_series(rows: pd.DataFrame) -> View:
    """The view that shows the series of some rows: those of the first measure among them."""
    rows = rows[rows["measure"] == rows["measure"].iloc[0]]
    named = {column: tuple(dict.fromkeys(rows[column])) for column in totals.SERIES if column != "measure"}
    return View(
        measure=rows["measure"].iloc[0],
        reporter=named["reporter"],
        requester=named["requester"],
        type=() if named["request_type"] == ("all",) else named["request_type"],
        service=() if named["service"] == ("all",) else named["service"],
        authority=() if named["authority"] == ("any",) else named["authority"],
    )


def rows_of(view: View, table: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """The rows that a view shows, out of the complete table, on its scale. Row numbers are those of the complete table."""
    across = view.shape in ("ranking", "map")
    rows = totals.select(
        table,
        reporters=[view.of] if across and view.of else list(view.reporter),
        requesters=None if across else list(view.requester),
        measure=view.counted,
        start=periods.parse(view.start).start if view.start and periods.parse(view.start) else None,
        end=periods.parse(view.end).end if view.end and periods.parse(view.end) else None,
    )
    for column, asked, whole in (
        ("request_type", view.type, "all"),
        ("service", view.service, "all"),
        ("authority", view.authority, "any"),
    ):
        rows = rows[rows[column].isin(asked)] if asked else whole_or_parts(rows, column, whole)
    if across:
        rows = rows[rows["requester"] != places.WORLD]
        asked = periods.parse(view.period)
        if view.scale == "calendar":
            # Years are summed before one of them is chosen: a half alone would make none.
            rows, asked = _scaled(rows, view, population), asked and periods.year(asked.end.year)
        period = asked or latest_period(rows)
        if period is not None:
            same = (rows["period_start"] == pd.Timestamp(period.start)) & (rows["period_end"] == pd.Timestamp(period.end))
            rows = rows[same]
        if view.scale == "calendar":
            return rows
    return _scaled(rows, view, population)


def whole_or_parts(rows: pd.DataFrame, column: str, whole: str) -> pd.DataFrame:
    """For each reporter the rows of the whole; its parts, where it prints or allows a whole for less than half of its periods."""
    periods = rows[["reporter", "period_start", "period_end"]]
    every = periods.drop_duplicates().groupby("reporter").size()
    with_whole = periods[rows[column] == whole].drop_duplicates().groupby("reporter").size()
    has_whole = rows["reporter"].isin(with_whole.index[with_whole * 2 >= every.reindex(with_whole.index)])
    return rows[(rows[column] == whole) == has_whole]


def latest_period(rows: pd.DataFrame) -> Period | None:
    """The last period in which some row has a number."""
    numbers = rows.dropna(subset=["low"])
    if numbers.empty:
        return None
    last = numbers.sort_values(["period_end", "period_start"]).iloc[-1]
    return Period(last["period_start"].date(), last["period_end"].date())


def periods_of(rows: pd.DataFrame) -> list[Period]:
    """Every period of some rows, newest first."""
    pairs = rows[["period_start", "period_end"]].drop_duplicates()
    found = [Period(start.date(), end.date()) for start, end in zip(pairs["period_start"], pairs["period_end"], strict=True)]
    return sorted(found, key=lambda period: (period.end, period.start), reverse=True)


def largest(table: pd.DataFrame, most: int) -> tuple[pd.DataFrame, int]:
    """The series with the largest last numbers, at most so many, and how many there were; needs a column `label`."""
    numbers = table.dropna(subset=["low"]).sort_values(["period_end", "period_start"])
    last = numbers.groupby("label")["low"].last().sort_values(ascending=False, kind="stable")
    kept = last.index[:most]
    return table[table["label"].isin(kept)], len(last)


def scale_words(view: View, rows: pd.DataFrame) -> str:
    """The scale as the end of a title; empty for numbers as published."""
    if view.scale in ("year", "day"):
        return SCALES[view.scale].lower()
    if view.scale == "people":
        return f"{SCALES['people'].lower()}, in the period"
    if view.scale == "calendar":
        return "by calendar year"
    if view.scale == "index":
        base = _base(view, rows)
        return f"{base} = 100" if base else "indexed"
    return ""


def _scaled(rows: pd.DataFrame, view: View, population: pd.DataFrame) -> pd.DataFrame:
    if rows.empty:
        return rows
    if view.scale == "calendar":
        years = totals.by_year(rows)
        # A summed year is a row of its own; it must not borrow the number of the row it begins with.
        return years.set_axis(pd.RangeIndex(len(years)) + 10_000_000, axis=0)
    if view.scale == "year":
        return totals.per_year(rows)
    if view.scale == "day":
        return totals.per_day(rows)
    if view.scale == "people":
        return totals.per_inhabitants(rows, population)
    if view.scale == "index" and (base := _base(view, rows)):
        return totals.indexed(rows, base)
    return rows


def _base(view: View, rows: pd.DataFrame) -> Period | None:
    asked = periods.parse(view.base)
    if asked:
        return asked
    numbers = rows.dropna(subset=["low"])
    numbers = numbers[numbers["low"] > 0]
    if numbers.empty:
        return None
    # The first period that most series share.
    shared = numbers.groupby(["period_start", "period_end"])["reporter"].size().reset_index(name="series")
    best = shared[shared["series"] == shared["series"].max()].iloc[0]
    return Period(best["period_start"].date(), best["period_end"].date())


def _is_understood(name: str, value: str) -> bool:
    # Of reporters and services there may be a visitor's own, so that any name may be one.
    if name in ("base", "start", "end", "period"):
        return periods.parse(value) is not None
    if name == "known":
        return _day(value) is not None
    known = {
        "measure": vocabulary.MEASURES,
        "type": vocabulary.REQUEST_TYPES,
        "authority": vocabulary.AUTHORITIES,
        "requester": places.codes(),
        "shape": SHAPES,
        "scale": SCALES,
    }
    return name not in known or value in known[name]


def _is_many(name: str) -> bool:
    return name in ("reporter", "requester", "type", "service", "authority")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
