"""The place of a published number among those of other countries for one time, or among those of earlier times."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pandas as pd

from dashboard.model import periods, places
from dashboard.model.intervals import Interval
from dashboard.model.periods import MONTHS_A_YEAR, Period
from dashboard.statements import answer_words, formulas
from dashboard.statements.claim import Claim
from dashboard.statements.formulas import Amount
from dashboard.statements.series import Assumed, Lacking, Lookup, Reason, dated, not_in_full, reaching, span_of
from dashboard.statements.verdicts import Verdict, judge

SHOWN = 3
"""Numbers at the head of an order that an answer names."""


def rank(claim: Claim, lookup: Lookup, plain: Verdict) -> Verdict:
    """The verdict on a place in an order: the first has the highest number; bands that overlap share their places.

    Raises `Lacking` where there is no series, or nothing to be placed among.
    """
    evaluator = lookup.evaluator
    selection = lookup.selection(claim.side if claim.among != "requester" or claim.side.requester else _first_country(claim, lookup))
    span = span_of(selection)
    amounts, left_out = (
        _of_countries(selection, span, lookup) if claim.among == "requester" else _of_periods(selection, span, claim, lookup)
    )
    own = selection["requester"] if claim.among == "requester" else span
    if own not in amounts or len(amounts) == 1:
        raise not_in_full(selection, span)
    value = amounts[own].value
    others = [amount.value for key, amount in amounts.items() if key != own]
    before = sum(_is_before(other, value, claim.is_lowest) for other in others)
    possible = sum(other.low < value.high if claim.is_lowest else other.high > value.low for other in others)
    series = Interval(1 + before, 1 + possible)
    order = _in_order(amounts, claim.is_lowest)
    verdict, why = judge(claim.claimed, series), ""
    if left_out:
        lookup.assumed[Assumed.NOT_RANKED] = (left_out, span)
        verdict = "compatible" if verdict == "supported" else verdict
    times = [key for key in amounts if key != own] if claim.among != "requester" else []
    ends = (dated(selection, end(amounts)) for end in (max, min))
    if times and lookup.note_breaks(*ends):
        days = [one.date() for one in lookup.assumed[Assumed.BREAK]["date"]]
        unbroken = [key for key in times if not any(min(key.start, own.start) < day <= max(key.start, own.start) for day in days)]
        is_beaten = any(_is_before(amounts[key].value, value, claim.is_lowest) for key in unbroken)
        verdict = {"supported": "compatible", "contradicted": "contradicted" if is_beaten else "not comparable"}.get(verdict, verdict)
        why = "the series breaks between the times that are put in order" if verdict == "not comparable" else ""
    used = [own, *(key for key, _ in order[:SHOWN] if key != own)]
    return replace(
        plain,
        reading=answer_words.reading(selection, None, None, "sum", claim, evaluator.names),
        verdict=verdict,
        series=series,
        arithmetic=answer_words.order(own, series, order[:SHOWN], len(amounts)),
        why=why,
        rows=pd.concat([amounts[key].rows for key in used]),
        tables=evaluator.today,
    )


def when(claim: Claim, lookup: Lookup, plain: Verdict) -> Verdict:
    """The year or half-year with the highest or lowest number of a series, or the first of each with a number beyond the claimed limit.

    Raises `Lacking` where fewer than two are published in full, or bands leave the answer open.
    """
    selection = lookup.selection(claim.side)
    rows = lookup.evaluator.today.rows(selection).dropna(subset=["low"])
    if claim.side.period:
        rows = reaching(rows, claim.side.period)
    else:
        lookup.assumed.pop(Assumed.PERIOD, None)
    span = Period.over(rows)
    years = periods.years(span)
    times = {"year": years, "half-year": [periods.half(year.start.year, number) for year in years for number in (1, 2)]}
    amounts = {unit: lookup.amounts(selection, times[unit]) for unit in times}
    counts = amounts[claim.among]
    if len(counts) < 2:
        raise not_in_full(selection, span)
    lookup.note_breaks(dated(selection, max(counts)), dated(selection, min(counts)))
    if math.isinf(claim.claimed.low):
        order = _in_order(counts, claim.is_lowest)
        shown = [order[0], *(one for one in order[1:] if not _is_before(order[0][1].value, one[1].value, claim.is_lowest))]
        arithmetic = answer_words.time_of_all(shown, order[len(shown) : len(shown) + SHOWN - 1], len(counts), claim)
    else:
        firsts = [_first_beyond(claim.claimed.low, amounts[unit]) for unit in amounts]
        if any(first and first[1].value.low < claim.claimed.low for first in firsts):
            raise not_in_full(selection, span)
        shown = [first for first in firsts if first] or _in_order(counts, False)[:1]
        arithmetic = answer_words.first_beyond(claim.claimed, firsts, shown[0], list(amounts.values()))
    return replace(
        plain,
        reading=answer_words.series(selection, lookup.evaluator.names),
        verdict="answered",
        series=shown[0][1].value,
        arithmetic=arithmetic,
        rows=pd.concat([amount.rows for _, amount in shown]),
        tables=lookup.evaluator.today,
    )


def _first_beyond(limit: float, amounts: dict[Period, Amount]) -> tuple[Period, Amount] | None:
    """The first period whose number may lie beyond a limit."""
    return next(((period, amounts[period]) for period in sorted(amounts) if amounts[period].value.high >= limit), None)


def _in_order(amounts: dict, is_lowest: bool) -> list[tuple]:
    return sorted(amounts.items(), key=lambda item: (item[1].value.low if is_lowest else -item[1].value.high, str(item[0])))


def _is_before(one: Interval, other: Interval, is_lowest: bool) -> bool:
    """Whether one number surely has a better place than another."""
    return one.high < other.low if is_lowest else one.low > other.high


def _first_country(claim: Claim, lookup: Lookup):
    """The side of the claim with the country whose number is highest in its time."""
    reporter = lookup._reporter(claim.side, claim.measure)
    rows = lookup.evaluator.today.published(reporter, claim.measure)
    rows = rows[rows["low"].notna() & (rows["requester"] != places.WORLD)]
    if claim.side.period:
        rows = rows[formulas.inside(rows, claim.side.period)]
    elif not rows.empty:
        rows = rows[rows["period_end"] == rows["period_end"].max()]
    if rows.empty:
        raise Lacking(Reason.NONE_HELD, reporter=reporter, measure=claim.measure, side=claim.side)
    of_kind = rows[rows["request_type"] == (claim.side.request_type or "all")]
    rows = rows if of_kind.empty else of_kind
    return replace(claim.side, reporter=reporter, requester=rows.groupby("requester")["high"].sum().idxmax())


def _of_countries(selection: dict, span: Period, lookup: Lookup) -> tuple[dict[str, Amount], int]:
    """The number of each country, and how many countries have one for only a part of the time."""
    rows = lookup.evaluator.today.published(selection["reporter"], selection["measure"])
    rows = rows[
        rows["low"].notna() & (rows["requester"] != places.WORLD) & rows["request_type"].isin(formulas.several(selection["request_type"]))
    ]
    rows = reaching(rows, span)
    chosen = {requester: selection | {"requester": requester} for requester in sorted(rows["requester"].unique())}
    lookup.evaluator.today.look_up_every_place(selection["reporter"], selection["measure"])
    amounts = formulas.amounts(chosen, lookup.evaluator.today, lookup.evaluator.said_amount)
    return amounts, len(chosen) - len(amounts)


def _of_periods(selection: dict, span: Period, claim: Claim, lookup: Lookup) -> tuple[dict[Period, Amount], int]:
    """The number of the period and of those that are as long, before it or at any time; none is left out that is published."""
    rows = lookup.evaluator.today.rows(selection)
    if span.months not in (MONTHS_A_YEAR // 2, MONTHS_A_YEAR):
        raise not_in_full(selection, span)
    first = rows["period_start"].min().date()
    if claim.other and claim.other.start:
        first = max(first, claim.other.start)
    last = rows["period_end"].max().date() if claim.among == "every period" else span.end
    spans = [span]
    while spans[-1].start > first:
        spans.append(periods.ending(spans[-1].start - timedelta(days=1), span.months))
    while spans[0].end < last:
        spans.insert(0, periods.starting(spans[0].end + timedelta(days=1), span.months))
    return lookup.amounts(selection, spans), 0
