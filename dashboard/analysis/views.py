"""A view: what a reader chose to see, as plain values that a web address, the command line and a figure all carry."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

import pandas as pd

from dashboard.analysis import series
from dashboard.analysis.movement import numbers_of
from dashboard.analysis.parameters import COLUMNS, BadParameter, Kind, Parameter, read_all, with_query
from dashboard.model import periods, places
from dashboard.model.periods import Period

SHAPES = {
    "time": "Over time",
    "change": "Two periods",
    "ranking": "Ranking",
    "multiples": "Panels",
    "map": "Map",
    "table": "Table",
}
OF_PERIODS = ("ranking", "map", "change")
"""Shapes of one period, or of two that are compared, and not of a course of time."""
SCALES = {
    "published": "As published",
    "calendar": "Calendar years (sums)",
    "year": "Per year",
    "day": "Per day",
    "share": "Some data disclosed",
    "people": f"Per {series.PEOPLE_PER:,} inhabitants",
    "index": "Indexed",
}
MAX_SERIES = {"time": 8, "change": 16, "multiples": 24, "ranking": 40, "map": 400}
"""Series that one chart of each shape can hold and a reader can still tell apart."""
WORDS_OF_ORDERS = ("requests", "orders", "letters")
"""What reporters call the national security demands that they count."""
ORDERED = {"nsl", "fisa_content", "fisa_noncontent"}
"""Kinds of demand that some reporters count as requests and others as orders or letters; on one chart each keeps its word."""
TOPS = {"5": "5", "10": "10", "20": "20"}
"""How many bars a ranking can be cut to."""


def _declared(default: str | tuple[str, ...], kind: Kind, label: str, help: str, example: str, **more) -> Any:
    return field(default=default, metadata={"kind": kind, "label": label, "help": help, "example": example} | more)


@dataclass(frozen=True)
class View:
    """A choice of series, time, shape and scale; an empty tuple leaves a dimension to its whole.

    Each field is declared here and nowhere else: kind, label, help and example travel to addresses, the API, files of figures and widgets.
    """

    measure: str = _declared("requests", "measure", "What is counted", COLUMNS["measure"], "requests")
    reporter: tuple[str, ...] = _declared(("google", "meta", "microsoft"), "reporter", "Who published it", COLUMNS["reporter"], "microsoft")
    requester: tuple[str, ...] = _declared(
        ("USA",),
        "requester",
        "Whose government asked",
        "Whose government asked: a country, as ISO code or name, or WLD for all. A ranking or a map has every country.",
        "DEU",
    )
    type: tuple[str, ...] = _declared(
        (), "request type", "Kind of demand", "The kind of demand; without it the reporters' series.", "nsl", also="request_type"
    )
    service: tuple[str, ...] = _declared((), "service", "Service", "Which service; without it all.", "enterprise")
    authority: tuple[str, ...] = _declared((), "authority", "Authority", "Which authority asked; without it any.", "federal")
    shape: str = _declared("time", "choice", "Show as", "How it is shown.", "ranking", choices=SHAPES)
    scale: str = _declared("published", "choice", "Scale", "On which scale.", "day", choices=SCALES)
    base: str = _declared(
        "", "period", "Index base", "The period that is 100 on an indexed scale; without it the first that most series share.", "2016 H1"
    )
    start: str = _declared("", "period", "From", "First period; without it the beginning.", "2016")
    end: str = _declared("", "period", "To", "Last period; without it the latest.", "2020 H2")
    of: str = _declared("", "reporter", "Reporter compared", "Whose numbers a ranking or map compares.", "google")
    period: str = _declared(
        "",
        "period",
        "Period",
        "Which period a ranking or map shows; without it the latest, or of reporters the last that most of the chosen have.",
        "2019 H2",
    )
    against: str = _declared(
        "", "period", "Compared with", "The earlier period of a comparison of two; a map of one period has none.", "2018 H2"
    )
    over: str = _declared(
        "requesters",
        "choice",
        "Ranking of",
        "What a ranking ranks: the countries that asked one reporter, or the reporters that one country asked.",
        "reporters",
        choices={"requesters": "Countries", "reporters": "Reporters"},
    )
    top: str = _declared("", "choice", "The first", "How many bars a ranking has; without it as many as fit.", "10", choices=TOPS)
    axis: str = _declared(
        "linear", "choice", "Axis", "How values are spaced over time.", "log", choices={"linear": "Even steps", "log": "Logarithmic"}
    )
    panels: str = _declared(
        "shared", "choice", "Panels", "Whether panels share one scale.", "own", choices={"shared": "One scale", "own": "Own scales"}
    )
    focus: tuple[str, ...] = _declared((), "series", "Highlight", "Series that stand out, while all others stand back.", "google/USA")
    muted: tuple[str, ...] = _declared((), "series", "Mute", "Series that stand back.", "meta/USA")
    known: str = _declared("", "day", "As known on", "As known on that day; without it today.", "2018-06-30", also="as_of")

    @classmethod
    def read(
        cls, parameters: Mapping[str, Sequence[str]], known: Mapping[str, Collection[str]] | None = None
    ) -> tuple[View, tuple[BadParameter, ...]]:
        """The view that an address names, and a sentence for each value that it cannot have; `parameters` has every value of a name.

        A value that is not understood is in no field: a single one has its default, and of several only the understood are there.
        `known` gives the reporters and services there are; without it any name may be one.
        """
        values = {name: list(texts) for name in FIELDS if (texts := parameters.get(name))}
        understood, problems = read_all(FIELDS.values(), values, known)
        chosen: dict[str, str | tuple[str, ...]] = {}
        for name in values:
            if FIELDS[name].is_several:
                # Where none of several is understood none is shown, and nothing else in their stead.
                chosen[name] = tuple(dict.fromkeys(text for text in understood.get(name, []) if text))
            elif understood.get(name):
                chosen[name] = understood[name][-1]
        return cls(**chosen), tuple(problems)

    @classmethod
    def from_query(cls, parameters: Mapping[str, Sequence[str]]) -> View:
        """The view that an address names, for those who have told already what of it is not understood."""
        return cls.read(parameters)[0]

    def query(self) -> list[tuple[str, str]]:
        """The parameters of the address that reopens this view; what equals the default is left out."""
        pairs = []
        for name, parameter in FIELDS.items():
            value = getattr(self, name)
            values = (value or ("",)) if parameter.is_several else (value,)
            if tuple(filter(None, values)) != parameter.default:
                pairs += [(name, one) for one in values]
        return pairs

    def address(self, page: str = "/explore") -> str:
        """The address of a page that opens with this view."""
        return with_query(page, self.query())

    @property
    def known_on(self) -> date | None:
        """The day as on which the figures are shown; None for today."""
        return date.fromisoformat(self.known) if self.known else None

    @property
    def counted(self) -> str:
        """The measure that is shown: on the scale of shares, the share of requests with some data disclosed."""
        return "share_some_data" if self.scale == "share" else self.measure

    @property
    def ranks_reporters(self) -> bool:
        """Whether a ranking is one of reporters, for the first country chosen."""
        return self.shape == "ranking" and self.over == "reporters"

    @property
    def compares(self) -> bool:
        """Whether it compares two periods."""
        return self.shape == "change" or (self.shape == "map" and bool(self.against))

    @property
    def max_bars(self) -> int:
        """Bars that a ranking is cut to; no other view is."""
        return int(self.top) if self.top and self.shape == "ranking" else sys.maxsize

    @property
    def is_scaled(self) -> bool:
        """Whether values are rates or indices rather than the counts and shares themselves."""
        return self.scale in ("year", "day", "people", "index")


FIELDS = {
    one.name: Parameter(
        one.name,
        is_several=isinstance(one.default, tuple),
        default=one.default if isinstance(one.default, tuple) else tuple(filter(None, [one.default])),
        **one.metadata,
    )
    for one in fields(View)
}
"""Every field of a view by its name, as it is asked for."""


def of_series(rows: pd.DataFrame) -> View:
    """The view that shows the series of some rows: those of the first measure among them."""
    rows = rows[rows["measure"] == rows["measure"].iloc[0]]
    named = {column: tuple(dict.fromkeys(rows[column])) for column in series.SERIES if column != "measure"}
    return View(
        measure=rows["measure"].iloc[0],
        reporter=named["reporter"],
        requester=named["requester"],
        type=() if named["request_type"] == ("all",) else named["request_type"],
        service=() if named["service"] == ("all",) else named["service"],
        authority=() if named["authority"] == ("any",) else named["authority"],
    )


def series_rows(values: Mapping[str, str], table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the one series that values of `SERIES` name, out of the complete table; raises `Unanswerable` where there is none."""
    first, last = (date.fromisoformat(values[name]) if values.get(name) else None for name in ("from", "to"))
    rows = series.one_series(table, **{name: values.get(name) or None for name in series.SERIES}, start=first, end=last)
    return series.by_year(rows, table) if values.get("by") == "year" else rows


def rows_of(view: View, table: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """The rows that a view shows, out of a table with totals, on its scale.

    Row labels are those of the table; a year that was summed, which stands in no row of it, has a negative one. Halves
    whose year is printed are left out, except from the sums of years.
    """
    across = view.shape in ("ranking", "map")
    of_reporters, start, end = view.ranks_reporters, periods.parse(view.start), periods.parse(view.end)
    select = functools.partial(
        series.select,
        table,
        requesters=list(view.requester[:1]) if of_reporters else None if across else list(view.requester),
        start=start and start.start,
        end=end and end.end,
        request_types=list(view.type) or None,
        services=list(view.service) or None,
        authorities=list(view.authority) or None,
        wholes=True,
    )
    rows = select(reporters=None if of_reporters else [view.of] if across and view.of else list(view.reporter), measure=view.counted)
    if not across and rows["low"].notna().any() and view.counted in WORDS_OF_ORDERS and set(view.type) and set(view.type) <= ORDERED:
        rows = pd.concat([rows, *_by_own_word(view, select, set(rows.loc[rows["low"].notna(), "reporter"]))])
    if of_reporters:
        rows = of_one_kind(rows)
    if view.scale != "calendar" and not (across and view.period):
        rows = series.without_repeats(rows)
    if across:
        rows = rows if of_reporters else rows[rows["requester"] != places.WORLD]
        wanted = periods.parse(view.period)
        if view.scale == "calendar":
            # Years are summed before one of them is chosen: a half alone would make none.
            rows, wanted = _scaled(rows, view, table, population), wanted and periods.year(wanted.end.year)
        period = wanted or (_common_period(rows[rows["reporter"].isin(view.reporter)]) if of_reporters else None) or latest_period(rows)
        if period is not None:
            earlier = periods.parse(view.against) if view.shape == "map" else None
            rows = _in_periods(rows, [period, earlier] if earlier else [period])
        rows = rows if view.scale == "calendar" else _scaled(rows, view, table, population)
        # What is told of a ranking of reporters begins with its first bar: with that the others are compared.
        return rows.sort_values(["low", "high"], ascending=False, kind="stable") if of_reporters else rows
    rows = _scaled(rows, view, table, population)
    return _in_periods(rows, compared(view, rows)) if view.shape == "change" else rows


def _by_own_word(view: View, select: Callable[..., pd.DataFrame], there: set[str]) -> list[pd.DataFrame]:
    """The rows of each chosen reporter that counts the chosen kinds, but by another word than the one asked for."""
    tables = []
    for reporter in view.reporter:
        if reporter not in there:
            counted = (select(reporters=[reporter], measure=measure) for measure in WORDS_OF_ORDERS)
            tables += [next((rows for rows in counted if rows["low"].notna().any()), pd.DataFrame())]
    return [rows for rows in tables if not rows.empty]


def compared(view: View, rows: pd.DataFrame) -> list[Period]:
    """The two periods that a view compares, the earlier first: those it names, else the last in which most series have a number, and a year before."""
    later, earlier = periods.parse(view.period), periods.parse(view.against)
    numbers = without_parts(view, rows)[0].dropna(subset=["low"])
    later = later or _common_period(numbers)
    if earlier is None and later is not None:
        starts = sorted({start.date() for start in numbers["period_start"] if start.date() < later.start})
        year_before = date(later.start.year - 1, later.start.month, min(later.start.day, 28))
        before = [start for start in starts if start <= year_before] or starts[:1]
        if before:
            same = numbers[numbers["period_start"] == pd.Timestamp(before[-1])].sort_values("period_end").iloc[-1]
            earlier = Period(before[-1], same["period_end"].date())
    return sorted({period for period in (earlier, later) if period is not None})


def _common_period(rows: pd.DataFrame) -> Period | None:
    """The last of the periods in which most series have a number."""
    counts = rows.dropna(subset=["low"]).groupby(["period_start", "period_end"]).size()
    return Period(*(day.date() for day in counts[counts == counts.max()].index[-1])) if len(counts) else None


def _in_periods(rows: pd.DataFrame, chosen: list[Period]) -> pd.DataFrame:
    spans = zip(*(series.days_of(rows[column]) for column in ("period_start", "period_end")), strict=True)
    return rows.iloc[[row for row, span in enumerate(spans) if Period(*span) in chosen]]


def without_parts(view: View, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The rows that are drawn together, and the reporters left out of them: those that print no total, where others print one.

    A view that names kinds of demand, a table and a map leave out nobody.
    """
    if view.type or view.shape in ("table", "map"):
        return rows, []
    totals = set(rows["reporter"][rows["request_type"] == "all"])
    parted = [reporter for reporter in rows["reporter"].unique() if reporter not in totals]
    return (rows[rows["reporter"].isin(totals)], parted) if totals and parted else (rows, [])


def of_one_kind(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that count one kind of demand, for what one reporter prints as a total and another of one kind alone do not rank together.

    The total where there is one, else the kind that most reporters print.
    """
    kind = ["request_type", "service", "authority"]
    reporters = rows.groupby(kind)["reporter"].nunique()
    if reporters.empty:
        return rows
    whole = ("all", "all", "any")
    return rows[(rows[kind] == list(whole if whole in reporters.index else reporters.idxmax())).all(axis=1)]


def latest_period(rows: pd.DataFrame) -> Period | None:
    """The last period in which some row has a number."""
    return next(iter(periods_of(rows, with_number=True)), None)


def periods_of(rows: pd.DataFrame, *, with_number: bool = False) -> list[Period]:
    """Every period of some rows, newest first; with `with_number` those in which some row has one."""
    rows = rows[rows["low"].notna()] if with_number else rows
    spans = zip(*(series.days_of(rows[column]) for column in ("period_start", "period_end")), strict=True)
    return sorted((Period(*span) for span in set(spans)), key=lambda period: (period.end, period.start), reverse=True)


def largest(table: pd.DataFrame, max_rows: int) -> tuple[pd.DataFrame, int]:
    """The series with the largest last numbers, at most so many, and how many there were; needs a column `label`."""
    last = {label: max(reversed(numbers), key=lambda one: (one.end, one.start)).low for label, numbers in numbers_of(table).items()}
    kept = sorted(last, key=lambda label: (-last[label], label))[:max_rows]
    return table if len(kept) == len(last) and table["label"].nunique() == len(last) else table[table["label"].isin(kept)], len(last)


def _scaled(rows: pd.DataFrame, view: View, table: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    if rows.empty:
        return rows
    if view.scale == "calendar":
        return series.by_year(rows, table)
    if view.scale == "year":
        return series.per_year(rows)
    if view.scale == "day":
        return series.per_day(rows)
    if view.scale == "people":
        return series.per_inhabitants(rows, population)
    if view.scale == "index" and (base := base_of(view, rows)):
        return series.indexed(rows, base)
    return rows


def base_of(view: View, rows: pd.DataFrame) -> Period | None:
    """The period that is 100 on an indexed scale: the one asked for, else the first that most series share; None without numbers."""
    numbers = rows[rows["low"] > 0]
    if (base := periods.parse(view.base)) or numbers.empty:
        return base
    shared = numbers.groupby(["period_start", "period_end"])["reporter"].size().reset_index(name="series")
    best = shared[shared["series"] == shared["series"].max()].iloc[0]
    return Period.of(best)
