"""Which published series a claim is about: the selection, or the reason why there is none."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

import pandas as pd

from dashboard import analysis
from dashboard.model import periods, places, vocabulary
from dashboard.model.intervals import Interval
from dashboard.model.periods import MONTHS_A_YEAR, Period
from dashboard.statements import formulas
from dashboard.statements.claim import Claim, Side, names_of
from dashboard.statements.formulas import Amount
from dashboard.statements.verdicts import Evaluator

NEARLY_DAYS = 31
"""Days by which a published period may miss the one that was said and still stand for it, named."""
ACCOUNTS_DISCLOSED = "accounts_disclosed"
"""Accounts of which data were disclosed: who counts only the accounts specified does not count these."""
RECENT_MONTHS = 24
"""Without a time said, a total that was last published so long before the newest number is none for today."""
_APART = (*vocabulary.RUNNING, "nsl", "preservation", "civil", "fisa_702", "national_security")
_KINDS_OF_ORDERS = ("wiretap", "pen_register", "warrant", "court_order")


class Reason(StrEnum):
    """Why there is no series, or no number."""

    NO_REPORTER = "who published it is not said"
    NO_MEASURE = "what is counted is not said"
    NO_SHARE = "of what it is a share is not said"
    OTHER_LENGTH = "times of different length"
    NO_PLACE = "whose government asked is not said"
    OTHER_UNIT = "another unit is counted"
    NONE_HELD = "none is held"
    NOT_BY_AUTHORITY = "not split by authority"
    NOT_BY_SERVICE = "not split by service"
    NO_TOTAL = "no total over the kinds is published"
    NOT_THEN = "none for that time"
    LEFT_OUT = "printed and left out"
    NOT_IN_FULL = "not published in full"
    NOT_AVERAGED = "not averaged"


class Assumed(StrEnum):
    """What was not said and taken to be so."""

    PERIOD = "latest period"
    NEAR_PERIOD = "nearest period"
    REPORTER = "publisher"
    PLACE = "country"
    AUTHORITY = "part of the authorities"
    ACCOUNTS = "accounts specified"
    KINDS = "sum of kinds"
    ROUNDED = "rounded"
    BREAK = "a break of the series"
    NOT_RANKED = "countries left out of an order"
    COUNTED_UNLIKE = "reporters that count differently"


class Lacking(Exception):
    """No series for a claim: the reason, and the values that tell it."""

    def __init__(self, reason: Reason, **values: object):
        super().__init__(reason.value)
        self.reason, self.values = reason, values


def not_in_full(selection: dict, span: Period) -> Lacking:
    """That a selection is not published in full for a period."""
    return Lacking(Reason.NOT_IN_FULL, reporter=selection["reporter"], measure=selection["measure"], period=span)


class SeveralCounts(Exception):
    """An authority counts the same thing in several ways, and the claim does not say which."""

    def __init__(self, services: tuple[str, ...]):
        super().__init__("counted in several ways")
        self.services = services


@dataclass
class Lookup:
    """Finds series for the sides of one claim; `assumed` gathers what was taken to be so."""

    claim: Claim
    evaluator: Evaluator
    assumed: dict[Assumed, object] = field(default_factory=dict)

    def selection(self, side: Side, measure: str = "", request_type: str | None = None) -> dict:
        """The selection for a side of the claim, with its period; raises `Lacking`."""
        if side.added:
            return self._added(side, measure, request_type)
        measure = measure or side.measure or self.claim.measure
        if not measure:
            raise Lacking(Reason.NO_SHARE if self.claim.kind == "share" else Reason.NO_MEASURE)
        if request_type is not None:
            side = _with_kind(side, request_type)
        reporter = self._reporter(side, measure)
        if measure not in vocabulary.MEASURES or (
            measure == ACCOUNTS_DISCLOSED and self.evaluator.today.published(reporter, measure).empty
        ):
            raise Lacking(Reason.OTHER_UNIT, reporter=reporter, measure=measure)
        lacking: Lacking | None = None
        for candidate in self._measures(measure, side, reporter):
            try:
                chosen = self._of_measure(side, reporter, candidate)
                return dated(chosen, self._period(side, chosen))
            except Lacking as reason:
                lacking = lacking or reason
        raise lacking

    def note_breaks(self, of: dict, base: dict) -> bool:
        """Assume the breaks of one series between two of its periods, or inside one of them, where there are any; two different series have none."""
        if any(of[name] != base[name] for name in ("reporter", "measure", "request_type")) or (of["from"], of["to"]) == (
            base["from"],
            base["to"],
        ):
            return False
        kinds = {*formulas.several(of["request_type"])} | ({"all"} if len(formulas.several(of["request_type"])) > 1 else set())
        requesters = {*formulas.several(of["requester"]), *formulas.several(base["requester"])}
        codes = ({of["reporter"]}, requesters, {of["measure"]}, kinds)
        first, last = (date.fromisoformat(day) for day in (min(of["from"], base["from"]), max(of["to"], base["to"])))
        inside = self.evaluator.data.breaks_within(codes, first, last)
        if inside:
            self.assumed[Assumed.BREAK] = self.evaluator.data.breaks.iloc[inside].drop_duplicates(["date", "label"])
        return bool(inside)

    def amounts(self, selection: dict, spans: Iterable[Period]) -> dict[Period, Amount]:
        """What a selection comes to in each of some periods; without those that are not published in full."""
        return formulas.amounts({span: dated(selection, span) for span in spans}, self.evaluator.today, self.evaluator.said_amount)

    def _added(self, side: Side, measure: str, request_type: str | None) -> dict:
        """One selection of several countries, where the same is published of each for the same time."""
        chosen = [
            self.selection(replace(side, requester=requester, added=()), measure, request_type)
            for requester in (side.requester, *side.added)
        ]
        if any(one | {"requester": ""} != chosen[0] | {"requester": ""} for one in chosen):
            raise not_in_full(chosen[0], span_of(chosen[0]))
        return chosen[0] | {"requester": [one["requester"] for one in chosen]}

    def _reporter(self, side: Side, measure: str) -> str:
        if side.reporter:
            return side.reporter
        rows = self.evaluator.today.complete
        rows = rows[(rows["measure"] == measure) & rows["low"].notna()]
        if side.request_type:
            rows = rows[rows["request_type"] == side.request_type]
        if side.requester or side.agency:
            rows = rows[rows["requester"] == (side.requester or "USA")]
        publishers = list(rows["reporter"].unique())
        if side.agency:
            publishers = [name for name in names_of(side.agency) if name in publishers]
        if side.period and len(publishers) > 1:
            inside = reaching(rows, side.period)
            publishers = [name for name in publishers if name in set(inside["reporter"])] or publishers
        if side.agency:
            publishers = publishers[:1]
        if len(publishers) != 1:
            raise Lacking(Reason.NO_REPORTER, publishers=tuple(publishers))
        self.assumed[Assumed.REPORTER] = publishers[0]
        return publishers[0]

    def _measures(self, measure: str, side: Side, reporter: str) -> tuple[str, ...]:
        """The measures that count what a word says, at a company or at an authority."""
        is_company = not reporter or not self.evaluator.is_authority(reporter)
        if measure == "letters" and is_company:
            return ("letters", "requests")
        if measure == "orders" and is_company and side.request_type in _KINDS_OF_ORDERS:
            return ("orders", "requests")
        if measure == "users_not_notified":
            return ("users_not_notified", "nondisclosure_orders")
        if measure == "accounts_specified" and self.claim.unit == "accounts":
            return ("accounts_specified", "accounts_affected")
        return (measure,)

    def _of_measure(self, side: Side, reporter: str, measure: str) -> dict:
        rows = self.evaluator.today.published(reporter, measure)
        if rows.empty:
            raise Lacking(Reason.NONE_HELD, reporter=reporter, measure=measure, side=side)
        rows = self.evaluator.today.of_places(reporter, measure, self._requester(side, reporter, measure, rows))
        if side.authority:
            rows = rows[rows["authority"] == side.authority]
            if rows.empty:
                raise Lacking(Reason.NOT_BY_AUTHORITY, reporter=reporter, measure=measure, authority=side.authority)
        if side.service and side.service not in set(rows["service"]):
            raise Lacking(Reason.NOT_BY_SERVICE, reporter=reporter, measure=measure, service=side.service)
        request_type = self._kind(side, reporter, measure, rows)
        rows = rows[rows["request_type"].isin(formulas.several(request_type))]
        if side.period:
            during = reaching(rows, side.period)
            rows = rows if during.empty else during
        authority = side.authority or _whole(rows, "authority", "any")
        service = side.service or _whole(rows, "service", "all")
        if not side.service and self.evaluator.is_authority(reporter) and rows["service"].nunique() > 1:
            raise SeveralCounts(tuple(sorted(rows["service"].unique())))
        if authority is None or service is None or (service != "all" and not side.service and not self.evaluator.is_authority(reporter)):
            raise Lacking(Reason.NO_TOTAL, reporter=reporter, measure=measure, kinds=())
        if authority != "any" and not side.authority and not is_federal_alone(request_type):
            self.assumed[Assumed.AUTHORITY] = authority
        if measure == "accounts_specified" and self.claim.measure == measure:
            self.assumed.setdefault(Assumed.ACCOUNTS, measure)
        values = (reporter, service, rows["requester"].iloc[0], authority, request_type, measure)
        return dict(zip(analysis.SERIES, values, strict=True))

    def _requester(self, side: Side, reporter: str, measure: str, rows: pd.DataFrame) -> str:
        there = list(rows["requester"].unique())
        if side.requester:
            if side.requester not in there:
                raise Lacking(Reason.NONE_HELD, reporter=reporter, measure=measure, side=side)
            return side.requester
        if side.agency and "USA" in there:
            return "USA"
        of_kind = rows[rows["request_type"] == side.request_type] if side.request_type else rows
        there = list(of_kind["requester"].unique()) or there
        if places.WORLD in there:
            return places.WORLD
        if len(there) != 1:
            raise Lacking(Reason.NO_PLACE, reporter=reporter, measure=measure)
        self.assumed[Assumed.PLACE] = there[0]
        return there[0]

    def _kind(self, side: Side, reporter: str, measure: str, rows: pd.DataFrame) -> str | list[str]:
        there = set(rows["request_type"])
        if side.request_type:
            if side.request_type not in there:
                raise Lacking(Reason.NONE_HELD, reporter=reporter, measure=measure, side=side)
            return side.request_type
        # Without a time, only what is still published tells which kinds there are.
        during = rows if side.start else rows[rows["period_end"] >= rows["period_end"].max() - pd.DateOffset(months=RECENT_MONTHS)]
        if side.period:
            during = reaching(rows, side.period)
        total = during[(during["request_type"] == "all") & during["low"].notna()]
        of_reporter = self.evaluator.kinds_in_total.get(reporter, set())
        if not total.empty and not _is_below_a_part(total, during, of_reporter):
            return "all"
        if len(there) == 1 and not measure.startswith(("requests", "accounts")) and measure not in vocabulary.SHARES:
            return there.pop()
        kinds = sorted(of_reporter & set(during["request_type"]))
        if (
            total.empty
            and kinds
            and measure not in vocabulary.SHARES
            and not (set(during["request_type"]) - set(kinds) - set(_APART) - {"all"})
        ):
            self.assumed[Assumed.KINDS] = tuple(kinds)
            return kinds if len(kinds) > 1 else kinds[0]
        if "all" in there and total.empty and not during.empty and not kinds and set(during["request_type"]) <= {"all"}:
            return "all"
        if "all" in there and (during.empty or not (set(during["request_type"]) - {"all"} - set(_APART))):
            return "all"
        raise Lacking(Reason.NO_TOTAL, reporter=reporter, measure=measure, kinds=tuple(sorted(there - {"all"})))

    def _period(self, side: Side, selection: dict) -> Period:
        tables = self.evaluator.today
        rows = tables.rows(selection).dropna(subset=["low"])
        if side.start:
            end = side.end or (rows["period_end"].max().date() if not rows.empty else side.start)
            wanted = Period(side.start, max(side.start, end))
            if self.amounts(selection, [wanted]):
                return wanted
            if near := _published_near(rows, wanted):
                self.assumed[Assumed.NEAR_PERIOD] = near
                return near
            raise self._not_then(selection, wanted, tables.rows(selection))
        if rows.empty:
            raise Lacking(Reason.NONE_HELD, reporter=selection["reporter"], measure=selection["measure"], side=side)
        length = side.months or MONTHS_A_YEAR
        ends = sorted({end.date() for end in rows["period_end"]}, key=lambda end: (end.month != MONTHS_A_YEAR, -end.toordinal()))
        chosen = next((span for end in ends if self.amounts(selection, [span := periods.ending(end, length)])), None)
        if chosen is None:
            newest = rows.sort_values(["period_end", "period_start"]).iloc[-1]
            chosen = Period.of(newest)
        self.assumed[Assumed.PERIOD] = chosen
        return chosen

    def _not_then(self, selection: dict, wanted: Period, rows: pd.DataFrame) -> Lacking:
        for figure in self.evaluator.statements.left_out.itertuples():
            is_series = all(getattr(figure, name) == selection[name] for name in ("reporter", "requester", "measure"))
            if is_series and wanted == Period(date.fromisoformat(figure.period_start), date.fromisoformat(figure.period_end)):
                where = {name: getattr(figure, name) for name in ("reporter", "printed", "document", "cell")}
                return Lacking(Reason.LEFT_OUT, period=wanted, **where)
        numbers = rows.dropna(subset=["low"])
        published = [(Period.of(row), Interval(row.low, row.high)) for row in numbers.itertuples()]
        inside = [(period, value) for period, value in published if period.overlaps(wanted)]
        if inside and selection["measure"] in vocabulary.SHARES:
            return Lacking(Reason.NOT_AVERAGED, reporter=selection["reporter"], measure=selection["measure"], period=wanted, parts=inside)
        if inside:
            return not_in_full(selection, wanted)
        covers = (numbers["period_start"].min().date(), numbers["period_end"].max().date()) if not numbers.empty else None
        of = {name: selection[name] for name in ("reporter", "measure", "requester")}
        return Lacking(Reason.NOT_THEN, period=wanted, covers=covers, **of)


def reaching(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The rows whose period has a day in another."""
    return rows[(rows["period_start"] <= pd.Timestamp(period.end)) & (rows["period_end"] >= pd.Timestamp(period.start))]


def is_federal_alone(request_type: str | list[str]) -> bool:
    """Whether a kind of demand is made by federal authorities only, so that theirs are all."""
    return set(formulas.several(request_type)) <= {*vocabulary.RUNNING, "nsl", "fisa_702", "national_security"}


def _with_kind(side: Side, request_type: str) -> Side:
    return replace(side, request_type="" if request_type == "all" else request_type)


def _whole(rows: pd.DataFrame, column: str, whole: str) -> str | None:
    there = list(rows[column].unique())
    return whole if whole in there else there[0] if len(there) == 1 else None


def _is_below_a_part(total: pd.DataFrame, rows: pd.DataFrame, counted: set[str]) -> bool:
    """Whether a derived total lies below one of the printed kinds beside it, so that it is none."""
    derived = total[total["made_by"].ne("")]
    if derived.empty:
        return False
    kinds = rows[rows["request_type"].isin(counted) & rows["made_by"].eq("")]
    if kinds.empty:
        return False
    same = ["service", "authority", "period_start", "period_end"]
    highs = dict(zip(zip(*(derived[column] for column in same), strict=True), derived["high"], strict=True))
    lows = zip(zip(*(kinds[column] for column in same), strict=True), kinds["low"], strict=True)
    return any(highs.get(series, math.inf) < low for series, low in lows)


def _published_near(rows: pd.DataFrame, wanted: Period) -> Period | None:
    # ODNI's years run from December to November.
    for row in rows.itertuples():
        there = Period.of(row)
        is_as_long = wanted.months in (MONTHS_A_YEAR // 2, MONTHS_A_YEAR) and there.months == wanted.months
        if is_as_long and wanted.start.month in (1, 7) and abs((there.start - wanted.start).days) <= NEARLY_DAYS:
            return there
    return None


def dated(selection: dict, span: Period) -> dict:
    """A selection with a period."""
    return selection | {"from": span.start.isoformat(), "to": span.end.isoformat()}


def span_of(selection: dict) -> Period:
    """The period of a selection."""
    return Period(date.fromisoformat(selection["from"]), date.fromisoformat(selection["to"]))
