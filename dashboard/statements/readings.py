"""A claim against the published series: its verdict, with the arithmetic, the cells, and what was assumed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import pandas as pd

from dashboard import analysis
from dashboard.model import periods, places, vocabulary
from dashboard.model.intervals import Interval, number, text
from dashboard.model.periods import MONTHS_A_YEAR, Period, label
from dashboard.statements import answer_words, formulas
from dashboard.statements.claim import MEASURES_OF, PARTS_OF_REQUESTS, Claim
from dashboard.statements.formulas import percent_change
from dashboard.statements.ranking import rank, when
from dashboard.statements.series import (
    Assumed,
    Lacking,
    Lookup,
    Reason,
    SeveralCounts,
    dated,
    is_federal_alone,
    not_in_full,
    span_of,
)
from dashboard.statements.sides import ANYTHING, APART, NEARLY_EACH
from dashboard.statements.spoken_numbers import APPROXIMATE
from dashboard.statements.verdicts import VERDICTS, Evaluator, Verdict, judge
from dashboard.statements.wording import open_interval

_COUNTED_PARTS = {
    "share_some_data": "requests_some_data",
    "nondisclosure_share": "nondisclosure_orders",
    "share_notified": "users_notified",
}
"""The count of which a share of requests is made where the share itself is not printed."""
NEARLY_ALL = (Interval(0.9, 1.0), Interval(0.8, 1.0))
"""Which part of the years nearly each year is, and which part may still be called so."""


@dataclass(frozen=True)
class Reading:
    """A claim, its verdict, what was assumed for it, and the reason where it has no series."""

    claim: Claim
    verdict: Verdict
    assumed: dict[Assumed, object] = field(default_factory=dict)
    lacking: Lacking | None = None


def reading_of(claim: Claim, evaluator: Evaluator) -> Reading:
    """The most direct reading of a claim."""
    if claim.is_open and claim.side.request_type:
        of_all = [side and replace(side, request_type="") for side in (claim.side, claim.other)]
        both = (claim, replace(claim, side=of_all[0], other=of_all[1]))
        return _of_several([reading_of(replace(one, is_open=False), evaluator) for one in both])
    try:
        return _reading_of(claim, evaluator)
    except SeveralCounts as several:
        sides = [
            replace(claim, side=replace(claim.side, service=service), other=claim.other and replace(claim.other, service=service))
            for service in several.services
        ]
        return _of_several([_reading_of(one, evaluator) for one in sides])


def _of_several(counts: list[Reading]) -> Reading:
    """The reading where a thing is counted in several ways: the one that fits; where none does and they disagree, none can be compared."""
    counts = [count for count in counts if count.verdict.series is not None] or counts
    best = min(counts, key=lambda count: VERDICTS.index(count.verdict.verdict))
    if best.verdict.verdict == "cannot be said" and len({count.verdict.verdict for count in counts}) > 1:
        amounts = "; ".join(
            f"{(count.claim.side.service or count.claim.side.request_type or 'all').replace('_', ' ')}: {count.verdict.arithmetic}"
            for count in counts
        )
        return replace(best, verdict=replace(best.verdict, verdict="not comparable", why=f"it is counted in several ways: {amounts}"))
    return best


def _reading_of(claim: Claim, evaluator: Evaluator) -> Reading:
    lookup = Lookup(claim, evaluator)
    plain = Verdict("own", answer_words.claim_phrase(claim), answer_words.claim_phrase(claim), "", (), claim.claimed, None, "")
    try:
        verdict = _evaluated(claim, lookup, plain)
    except Lacking as lacking:
        word = "not comparable" if lacking.reason is Reason.OTHER_UNIT else "cannot be said"
        verdict = replace(plain, verdict=word, why=answer_words.lacking(lacking, claim, evaluator.names))
        return Reading(claim, verdict, lookup.assumed, lacking)
    if verdict.series is not None and (
        claim.kind in ("question", "when") or claim.claimed == ANYTHING or (claim.kind == "rank" and math.isinf(claim.claimed.high))
    ):
        verdict = replace(verdict, verdict="answered")
    elif _fits_rounded(claim, verdict):
        lookup.assumed[Assumed.ROUNDED] = claim.rounded
        verdict = replace(verdict, verdict="compatible", flags=())
    elif claim.comparator in APPROXIMATE and claim.unit in ("share", "change") and verdict.series is not None:
        lookup.assumed[Assumed.ROUNDED] = claim.claimed
    elif claim.kind == "order" and verdict.verdict == "contradicted" and judge(claim.rounded, verdict.series) == "supported":
        why = f"it is {percent_change(verdict.series)}, in the order that is said; how far apart the word means is open"
        verdict = replace(verdict, verdict="cannot be said", why=why)
    # A total may be higher than its part, and never lower.
    is_above = claim.kind != "count" or (verdict.series is not None and verdict.claimed.high > verdict.series.high)
    if verdict.verdict == "contradicted" and is_above and Assumed.PLACE in lookup.assumed and _is_of_one_country(verdict, evaluator):
        why = "only the numbers of one country are held, and the sentence names none; a part contradicts no total"
        verdict = replace(verdict, verdict="cannot be said", why=why)
    if verdict.verdict == "contradicted" and is_above and Assumed.AUTHORITY in lookup.assumed:
        why = "only a part of the authorities that ask is counted, and the sentence is about all; a part contradicts no total"
        verdict = replace(verdict, verdict="cannot be said", why=why)
    return Reading(claim, _by_source(verdict, evaluator), lookup.assumed)


def _is_of_one_country(verdict: Verdict, evaluator: Evaluator) -> bool:
    # An authority counts what its own country asks; and some demands, such as subpoenas, are made by one country alone at every publisher.
    row, known = verdict.rows.iloc[0], evaluator.today.complete
    askers = set(known["requester"][(known["request_type"] == row["request_type"]) & known["low"].notna()]) - {places.WORLD}
    return not evaluator.is_authority(row["reporter"]) and not is_federal_alone(row["request_type"]) and len(askers) > 1


def _fits_rounded(claim: Claim, verdict: Verdict) -> bool:
    is_round = claim.rounded != claim.claimed and (
        claim.comparator == "exactly" or (claim.comparator in APPROXIMATE and claim.kind in ("count", "share", "change"))
    )
    return verdict.verdict == "contradicted" and is_round and judge(claim.rounded, verdict.series) in ("supported", "compatible")


def worst(readings: list[Reading]) -> Reading:
    """The reading that decides where a sentence holds several claims: the weakest verdict, the first of its kind."""
    return max(readings, key=lambda reading: VERDICTS.index(reading.verdict.verdict))


def _by_source(verdict: Verdict, evaluator: Evaluator) -> Verdict:
    if verdict.verdict not in ("supported", "compatible", "answered") or verdict.rows.empty:
        return verdict
    rows = formulas.printed_rows(verdict.rows, verdict.tables)
    if evaluator.sources.of_sentence(rows) == "independent":
        return verdict
    return replace(verdict, verdict="no independent source")


def _evaluated(claim: Claim, lookup: Lookup, plain: Verdict) -> Verdict:
    if claim.kind == "share":
        return _share(claim, lookup, plain)
    if claim.kind == "rank":
        return rank(claim, lookup, plain)
    if claim.kind == "when":
        return when(claim, lookup, plain)
    if claim.kind == "order" and claim.each:
        return _each_change(claim, lookup, plain)
    if claim.kind in ("change", "order", "times", "difference"):
        return _comparison(claim, lookup, plain)
    if claim.kind == "question" and claim.unit == "share":
        return _share(claim, lookup, plain)
    side = claim.side
    if claim.comparator == "never":
        return _never(claim, lookup, plain)
    selection = lookup.selection(side)
    span = span_of(selection)
    if claim.share_part == "rest":
        disclosed = lookup.selection(_timed(side, span), "requests_some_data")
        return _read(claim, lookup, plain, "difference", selection, base=disclosed)
    if claim.per == "year" and claim.each and (span.months or 0) > MONTHS_A_YEAR:
        return _each_year(claim, lookup, plain, selection, span)
    formula = "sum" if claim.per == "whole" or (claim.per == "year" and span.months == MONTHS_A_YEAR) else f"per_{claim.per}"
    lookup.note_breaks(selection, selection | {"to": selection["from"]})
    return _read(claim, lookup, plain, formula, selection)


def _share(claim: Claim, lookup: Lookup, plain: Verdict) -> Verdict:
    side, measure = claim.side, claim.measure
    if not measure:
        raise Lacking(Reason.NO_SHARE)
    if claim.share_part == "world":
        part_selection = lookup.selection(side)
        whole = lookup.selection(replace(side, requester=places.WORLD, added=()))
        return _read(claim, lookup, plain, "share", part_selection, whole=part_selection | {"requester": whole["requester"]})
    if claim.share_part == "kind":
        part_selection = lookup.selection(side)
        whole = lookup.selection(side, request_type="all")
        return _read(claim, lookup, plain, "share", part_selection, whole=whole)
    first: Lacking | None = None
    for printed, counted in ((measure, ""), ("", _counted_part(measure))):
        try:
            if printed in vocabulary.SHARES:
                return _read(claim, lookup, plain, "value", lookup.selection(side, printed))
            if counted:
                part_selection = lookup.selection(side, counted)
                whole = lookup.selection(_timed(side, span_of(part_selection)), "requests")
                return _read(claim, lookup, plain, "share", part_selection, whole=whole)
        except Lacking as lacking:
            first = first or lacking
    raise first or Lacking(Reason.NO_SHARE)


def _counted_part(measure: str) -> str:
    return _COUNTED_PARTS.get(measure, measure if measure in PARTS_OF_REQUESTS else "")


def _timed(side, span: Period):
    return replace(side, start=span.start, end=span.end)


def _comparison(claim: Claim, lookup: Lookup, plain: Verdict) -> Verdict:
    if claim.other is None:
        raise Lacking(Reason.NOT_THEN, reporter=claim.side.reporter, measure=claim.measure, period=None, covers=None)
    of = lookup.selection(claim.side)
    other = claim.other if claim.other.start else _timed(claim.other, span_of(of))
    base = lookup.selection(other)
    if span_of(of).months != span_of(base).months:
        raise Lacking(Reason.OTHER_LENGTH)
    formula = {"times": "multiple", "difference": "difference"}.get(claim.kind, "change")
    if claim.unit == "share" and of["measure"] not in vocabulary.SHARES:
        raise Lacking(Reason.NO_SHARE)
    verdict = _read(claim, lookup, plain, formula, of, base=base)
    if claim.among == APART and verdict.series is not None and verdict.series.high < 0:
        of, base = base, of
        verdict = _read(claim, lookup, plain, formula, of, base=base)
    if of["reporter"] != base["reporter"]:
        lookup.assumed[Assumed.COUNTED_UNLIKE] = verdict.rows
    if verdict.series is None or not lookup.note_breaks(of, base):
        return verdict
    return replace(verdict, verdict="not comparable") if verdict.verdict in ("supported", "compatible", "contradicted") else verdict


def _each_year(claim: Claim, lookup: Lookup, plain: Verdict, selection: dict, span: Period) -> Verdict:
    verdicts = {year: _read(claim, lookup, plain, "sum", dated(selection, year)) for year in periods.years(span)}
    return _of_each(verdicts, claim, lookup, selection)


def _each_change(claim: Claim, lookup: Lookup, plain: Verdict) -> Verdict:
    """Whether a number rose, or fell, in each year of a span after the first; across a break no change can be told."""
    selection = lookup.selection(claim.side)
    span = span_of(selection)
    verdicts = {}
    for number_of_year in range(span.start.year + 1, span.end.year + (span.end.month == MONTHS_A_YEAR)):
        of, base = (dated(selection, periods.year(year)) for year in (number_of_year, number_of_year - 1))
        verdict = _read(claim, lookup, plain, "change", of, base=base)
        if lookup.note_breaks(of, base):
            verdict = replace(verdict, verdict="not comparable", why="the series breaks between the years")
        verdicts[periods.year(number_of_year)] = verdict
    if not verdicts:
        raise not_in_full(selection, span)
    changes = [f"{label(year)} {percent_change(one.series)}" for year, one in verdicts.items() if one.series is not None]
    verdict = _of_each(verdicts, claim, lookup, selection)
    if claim.among == NEARLY_EACH:
        years = [one.verdict for one in verdicts.values()]
        share = Interval(years.count("supported"), len(years) - years.count("contradicted")) / len(years)
        fits = [judge(ends, share) for ends in NEARLY_ALL]
        verdict = replace(verdict, verdict=fits[0] if fits[0] != "contradicted" or fits[1] == "contradicted" else "compatible", why="")
    return replace(verdict, arithmetic=", ".join(changes))


def _of_each(verdicts: dict[Period, Verdict], claim: Claim, lookup: Lookup, selection: dict) -> Verdict:
    """The least favourable verdict of several years, read of all of them, with the numbers of all."""
    decisive = max(verdicts.values(), key=lambda verdict: VERDICTS.index(verdict.verdict))
    numbers = [verdict for verdict in verdicts.values() if verdict.series is not None]
    decisive = replace(decisive, reading=answer_words.reading(selection, None, None, "sum", claim, lookup.evaluator.names))
    if not numbers:
        return decisive
    series = Interval(min(verdict.series.low for verdict in numbers), max(verdict.series.high for verdict in numbers))
    arithmetic = "; ".join(f"{label(year)}: {verdict.arithmetic}" for year, verdict in verdicts.items())
    return replace(decisive, series=series, arithmetic=arithmetic, rows=pd.concat([verdict.rows for verdict in numbers]), flags=())


def _never(claim: Claim, lookup: Lookup, plain: Verdict) -> Verdict:
    """Whether any number of a series lies beyond the claim: of each year where the sentence speaks of years, else of each published period."""
    selection = lookup.selection(claim.side)
    tables = lookup.evaluator.today
    rows = tables.rows(selection).dropna(subset=["low"])
    years = periods.years(Period.over(rows))
    spans = years if claim.per == "year" else analysis.spans_of(rows)
    claimed_period = claim.side.period
    if claim.among == "before":
        earlier = years if claimed_period.months == MONTHS_A_YEAR else spans
        spans = [one for one in earlier if one.months == claimed_period.months and one.end < claimed_period.start]
        claimed_period = None
    counts = lookup.amounts(selection, sorted(span for span in spans if claimed_period is None or span in claimed_period))
    if not counts:
        raise not_in_full(selection, claimed_period or span_of(selection))
    lookup.assumed[Assumed.PERIOD] = Period(min(span.start for span in counts), max(span.end for span in counts))
    beyond = {span: count for span, count in counts.items() if judge(claim.claimed, count.value) == "contradicted"}
    inside = [count for count in counts.values() if count.value.is_inside(claim.claimed)]
    verdict = "contradicted" if beyond else "supported" if len(inside) == len(counts) else "cannot be said"
    values = [count.value for count in counts.values()]
    series = Interval(max(value.low for value in values), max(value.high for value in values))
    limit = open_interval(claim.claimed, "") if claim.claimed.high else number(0)
    whole = f"all {number(len(counts))} numbers are" if len(counts) > 1 else "the only number is"
    shown = (
        f"{number(len(inside))} of {number(len(counts))} numbers are surely {limit}" if len(inside) < len(counts) else f"{whole} {limit}"
    )
    if beyond:
        span, count = max(beyond.items(), key=lambda item: item[1].value.high)
        side = f"less than {number(claim.claimed.low)}" if math.isinf(claim.claimed.high) else f"more than {number(claim.claimed.high)}"
        shown = f"{number(len(beyond))} of {number(len(counts))} numbers are {side}, as {text(count.value)} in {label(span)}"
    used = pd.concat([count.rows for count in (list(beyond.values())[:1] or counts.values())])
    why = "" if verdict != "cannot be said" else "some numbers are published as bands or in part"
    read = replace(plain, reading=answer_words.series(selection, lookup.evaluator.names))
    return replace(read, verdict=verdict, series=series, arithmetic=shown, rows=used, tables=tables, why=why)


def _read(
    claim: Claim, lookup: Lookup, plain: Verdict, formula: str, of: dict, whole: dict | None = None, base: dict | None = None
) -> Verdict:
    evaluator = lookup.evaluator
    named = replace(plain, reading=answer_words.reading(of, whole, base, formula, claim, evaluator.names))
    unit = claim.unit if of["measure"] in MEASURES_OF.get(claim.unit, (of["measure"],)) else "other"
    return evaluator.of_claim(named, unit=unit, per=claim.per, formula=formula, of=of, whole=whole or {}, base=base or {})
