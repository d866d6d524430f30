"""A claim of one's own: what a sentence is understood to say, every reading that makes sense, and which series would fit.

Everything happens here, from the words and the tables: nothing is stored, nobody else is asked.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from types import SimpleNamespace

import pandas as pd

from dashboard import analysis
from dashboard.catalog.shipped import Catalog
from dashboard.display.sentences import Names
from dashboard.model import periods, places, vocabulary
from dashboard.model import statement_tables as model
from dashboard.model.intervals import Interval, number, text
from dashboard.model.periods import Period, label
from dashboard.statements import formulas, mentions
from dashboard.statements.formulas import Unsaid
from dashboard.statements.mentions import Found, Span, Spoken, Unreadable
from dashboard.statements.verdicts import MEASURES_OF, NARROW, POWERS, VERDICTS, Judge, Verdict
from dashboard.statements.wording import claim as claim_in_words

__all__ = ["OwnClaim", "Unreadable", "corrected", "measures_for", "nearest", "readings", "understood"]

UNIT_OF = {
    "orders": "orders",
    "nondisclosure_orders": "nondisclosure orders",
    "persons": "people",
    "letters": "letters",
    "targets": "targets",
    "queries": "queries",
    "identifiers": "identifiers",
    "selectors": "identifiers",
    "accounts_specified": "accounts",
    "accounts_affected": "accounts",
    "accounts_preserved": "accounts",
}
"""The unit in which a claim about a measure is spoken; every other count is one of requests."""
PARTS = ("requests_some_data", "requests_content", "requests_noncontent", "requests_no_data", "requests_rejected", "requests_challenged")
"""Measures that count a part of the requests, so that a share of them can be spoken of."""
_APART = (*analysis.RUNNING, "nsl", "preservation", "civil", "fisa_702")
MOST_READINGS = 24
MOST_NEAREST = 8
ROUND = 0.01
"""A number without any word beside it counts as round where what rounds to it is at least this part of it."""
A_MONTH = 31
"""Days by which a published period may miss the one that was said and still stand for it, named."""
MONTHS_A_YEAR = formulas.MONTHS_A_YEAR
DAYS_A_WEEK = 7
MOST_YEARS = 6
"""Single years that a claim about each of several years is read against, at most."""


@dataclass(frozen=True)
class OwnClaim:
    """What a sentence is understood to say: a number, and every word that tells what to hold it against.

    `found` says of each field where in the text it stands; a field that is not in it was not said.
    """

    text: str
    numbers: tuple[Spoken, ...]
    number: int
    claimed: Interval
    rounded: Interval
    comparator: str
    kind: str
    unit: str
    measure: str
    per: str
    reporters: tuple[str, ...] = ()
    requester: str = ""
    request_type: str = ""
    service: str = ""
    authority: str = ""
    start: date | None = None
    end: date | None = None
    months: int | None = None
    found: dict[str, Found] = field(default_factory=dict)

    @property
    def reporter(self) -> str:
        """The reporter that the number is about; empty where none is named."""
        return self.reporters[0] if self.reporters else ""

    @property
    def phrase(self) -> str:
        """The claim as a phrase, in our words."""
        period = {"period_start": "", "period_end": ""}
        if self.start and self.end:
            period = {"period_start": self.start.isoformat(), "period_end": self.end.isoformat()}
        return claim_in_words(SimpleNamespace(low=self.claimed.low, high=self.claimed.high, unit=self.unit, per=self.per, **period))

    def said(self, name: str) -> str:
        """The words of the text in which a field was found; empty where it was not said."""
        where = self.found.get(name)
        return self.text[where.start : where.end] if where else ""

    def plain(self) -> dict:
        """As the command line gives it: every field, and where in the text each was found."""
        ends = [None if math.isinf(end) else int(end) if float(end).is_integer() else end for end in (self.claimed.low, self.claimed.high)]
        return {
            "text": self.text,
            "claim": self.phrase,
            "low": ends[0],
            "high": ends[1],
            "comparator": self.comparator,
            "unit": self.unit,
            "measure": self.measure,
            "per": self.per,
            "reporter": self.reporter,
            "requester": self.requester,
            "request_type": self.request_type,
            "authority": self.authority,
            "period_start": self.start.isoformat() if self.start else "",
            "period_end": self.end.isoformat() if self.end else "",
            "months": self.months,
            "found": {name: {"words": self.said(name), "start": where.start, "end": where.end} for name, where in self.found.items()},
        }


def understood(said: str, catalog: Catalog, which: int | None = None) -> OwnClaim:
    """What a sentence says, as far as it is understood; raises `Unreadable` with one clear sentence where nothing can be checked.

    A sentence with several numbers is understood for the one that has a unit beside it, or for the `which`-th.
    """
    words = mentions.plain(said)
    spoken = tuple(mentions.numbers_in(words))
    if not spoken:
        raise Unreadable("No number is found in this text: write who received how many of what, from whom, and when.")
    counted = mentions.counted_in(words)
    chosen = _first_with_unit(words, spoken, counted) if which is None else min(max(which, 0), len(spoken) - 1)
    one = spoken[chosen]
    nearest_to = _nearest(words, one, spoken)
    found: dict[str, Found] = {"number": Found(one.interval, one.start, one.end)}

    reporters = mentions.reporters_in(
        words, catalog.reporters[catalog.reporters["reporter"].isin(catalog.observations["reporter"].unique())]
    )
    first = nearest_to(reporters)
    named = tuple(dict.fromkeys(item.value for item in ([first] if first else []) + reporters))
    requesters = [item for item in mentions.requesters_in(words) if not any(_overlap(item, other) for other in reporters)]
    marked = [item for item in requesters if mentions.is_origin(words, item)]
    unit_of = nearest_to(counted, across=False) or nearest_to(counted)
    type_of = nearest_to(mentions.request_types_in(words))
    spans = [item for item in mentions.periods_in(words) if item.value.start]
    lengths = [item for item in mentions.periods_in(words) if not item.value.start]
    for name, item in (
        ("reporter", first),
        ("requester", nearest_to(marked or requesters)),
        ("measure", unit_of),
        ("request_type", type_of),
        ("authority", _outside(mentions.authorities_in(words), reporters)),
        ("period", nearest_to(spans)),
        ("length", nearest_to(lengths)),
        ("per", nearest_to(mentions.rates_in(words), across=False)),
    ):
        if item:
            found[name] = item
    unit, measure, kind_of_request = ("requests", "requests", "")
    if unit_of:
        unit, measure, kind_of_request = unit_of.value.unit, unit_of.value.measure, unit_of.value.request_type
    if one.kind != "count":
        unit = one.kind
    if one.kind == "share":
        part = mentions.share_measure_in(words)
        found.pop("measure", None)
        if part:
            found["measure"] = part
        measure, kind_of_request = part.value if part else "share_some_data", ""
    elif kind_of_request and "request_type" not in found:
        found["request_type"] = unit_of
    span: Span = found["period"].value if "period" in found else Span(None, None)
    claim = OwnClaim(
        text=words,
        numbers=spoken,
        number=chosen,
        claimed=one.interval,
        rounded=one.rounded,
        comparator=one.comparator,
        kind=one.kind,
        unit=unit,
        measure=measure,
        per="whole",
        reporters=named,
        # Only US figures are split into federal and other authorities.
        requester=found["requester"].value if "requester" in found else "USA" if "authority" in found else "",
        request_type=kind_of_request or (type_of.value if type_of else ""),
        authority=found["authority"].value if "authority" in found else "",
        start=span.start,
        end=span.end,
        months=found["length"].value.months if "length" in found else None,
        found=found,
    )
    return _at_rate(claim, found["per"].value if "per" in found and one.kind == "count" else "whole")


def corrected(own: OwnClaim, catalog: Catalog, **corrections: object) -> OwnClaim:
    """The claim with what the reader put right: `number`, `low`, `high`, `per`, `reporter`, `requester`, `measure`,
    `request_type`, `service`, `authority`, `period_start`, `period_end`. Raises `Unreadable` where that cannot be.
    """
    changes = {name: value for name, value in corrections.items() if value is not None}
    for name, known in _choices(catalog).items() if changes else ():
        if changes.get(name) and changes[name] not in known:
            raise Unreadable(f"There is no such {name.replace('_', ' ')}; choose one from the list.")
    if "number" in changes and changes["number"] != own.number:
        own = understood(own.text, catalog, which=int(changes["number"]))
    if "reporter" in changes:
        own = replace(own, reporters=(str(changes["reporter"]),) if changes["reporter"] else ())
    for name in ("requester", "request_type", "service", "authority", "per"):
        if name in changes:
            own = replace(own, **{name: str(changes[name])})
    if "measure" in changes and changes["measure"] != own.measure:
        measure = str(changes["measure"])
        if measure not in measures_for(own, catalog):
            raise Unreadable("A share is held against shares, and every other number against counts.")
        unit = own.kind if own.kind != "count" else UNIT_OF.get(measure, "requests")
        own = replace(own, measure=measure, unit=unit)
    if own.per not in model.PER:
        raise Unreadable(f"A number is meant per {', '.join(model.PER[:-1])} or for the whole period.")
    try:
        if "low" in changes or "high" in changes:
            ends = Interval(float(changes.get("low", own.claimed.low)), float(changes.get("high", own.claimed.high)))
            own = replace(own, claimed=ends, rounded=ends, comparator="between" if not ends.is_exact else "exactly")
        if "period_start" in changes or "period_end" in changes:
            start, end = (_day(changes.get(name, getattr(own, name[7:]))) for name in ("period_start", "period_end"))
            if start and end:
                Period(start, end)
            own = replace(own, start=start, end=end)
    except ValueError as error:
        raise Unreadable(f"This cannot be: {error}.") from None
    return own


def measures_for(own: OwnClaim, catalog: Catalog) -> list[str]:
    """The measures that a claim can be about: shares for a percentage, counts for every other number."""
    if own.kind == "share":
        return [*vocabulary.SHARES, *PARTS]
    return list(catalog.measures["measure"][catalog.measures["kind"] == "count"])


def readings(own: OwnClaim, court: Judge, **corrections: object) -> list[Verdict]:
    """The verdicts of every reading that makes sense for a claim, the most direct first; each reading is named in words."""
    own = corrected(own, court.data, **corrections)
    names = Names(court.data)
    found: list[Verdict] = []
    for reporter in own.reporters or _who_publishes(own, court):
        found += _of_reporter(own, reporter, court, names)
    unique = list({(verdict.reading, verdict.claimed): verdict for verdict in found}.values())
    if not own.reporters:
        # Nobody is named: whoever's numbers fit comes first.
        unique.sort(key=lambda verdict: VERDICTS.index(verdict.verdict))
        unique = [verdict for verdict in unique if verdict.verdict != "no public series"] or unique[:1]
    return unique[:MOST_READINGS]


def nearest(own: OwnClaim, court: Judge, **corrections: object) -> pd.DataFrame:
    """The published series that would fit a claim, best first: other units, periods, requesters, or a power of ten.

    `differs` says in words in what they are not what was said. Empty where a claim is so wide, or open at one end, that a
    fit means nothing.
    """
    own = corrected(own, court.data, **corrections)
    claimed = own.rounded if own.comparator == "exactly" else own.claimed
    columns = [*analysis.SERIES, "period_start", "period_end", "low", "high", "factor", "differs"]
    if own.kind not in ("count", "share") or claimed.low <= 0 or claimed.high > NARROW * claimed.low:
        return court.today.by_period.iloc[:0].reindex(columns=columns)
    rows = court.today.by_period
    is_share = rows["measure"].isin(vocabulary.SHARES)
    rows = rows[is_share if own.kind == "share" else ~is_share]
    days = (rows["period_end"] - rows["period_start"]).dt.days + 1 if own.per == "day" else 1
    low, high = rows["low"] / days, rows["high"] / days
    earlier = _earlier_editions(court, own.kind == "share")
    rows = rows.assign(edition="")
    candidates = [rows[(low >= claimed.low) & (high <= claimed.high)].assign(factor=1.0)]
    if own.per == "whole":
        candidates.append(earlier[(earlier["low"] >= claimed.low) & (earlier["high"] <= claimed.high)])
    is_narrow = (low > 0) & (high <= NARROW * low)
    for power in (*POWERS, *(-power for power in POWERS)):
        inside = is_narrow & (low <= claimed.high * 10.0**power) & (high >= claimed.low * 10.0**power)
        candidates.append(rows[inside].assign(factor=10.0**power))
    found = pd.concat(candidates)
    asked = _asked(own, court)
    found = found.reset_index(drop=True)
    found = found.join(_differences(found, asked))
    # More than two differences are a coincidence; a power of ten or an earlier edition tells something only in the very series asked for.
    chance = ((found["other_factor"] | found["other_edition"]) & (found["things"] > 1)) | (
        found["other_requester"] & found["other_measure"]
    )
    found = found[found["things"].between(1, 2) & ~chance]
    found = found.sort_values(["cost", "period_start", *analysis.SERIES], kind="stable")
    found = found.drop_duplicates([*analysis.SERIES, "period_start", "period_end"]).head(MOST_NEAREST)
    names = Names(court.data)
    return found.assign(differs=[_difference(row, names) for _, row in found.iterrows()])[columns].reset_index(drop=True)


def _choices(catalog: Catalog) -> dict[str, set[str]]:
    return {
        "reporter": set(catalog.reporters["reporter"]),
        "requester": set(places.codes()),
        "measure": set(catalog.measures["measure"]),
        "request_type": set(catalog.request_types["request_type"]),
        "authority": set(vocabulary.AUTHORITIES),
        "service": set(catalog.observations["service"].unique()),
    }


def _earlier_editions(court: Judge, is_share: bool) -> pd.DataFrame:
    changed = court.restated
    changed = changed[changed["measure"].isin(vocabulary.SHARES) == is_share]
    earlier = changed[["earlier_low", "earlier_high"]].set_axis(["low", "high"], axis="columns")
    said = changed[[*analysis.SERIES, "period_start", "period_end"]].join(earlier).assign(edition=changed["earlier_document"], factor=1.0)
    return said[said["high"] > 0]


def _first_with_unit(words: str, spoken: tuple[Spoken, ...], counted: list[Found]) -> int:
    for index, one in enumerate(spoken):
        following = spoken[index + 1].start if index + 1 < len(spoken) else len(words)
        if one.kind != "count" or any(one.end <= unit.start < min(following, one.end + 60) for unit in counted):
            return index
    return 0


def _nearest(words: str, one: Spoken, spoken: tuple[Spoken, ...]) -> Callable[..., Found | None]:
    others = [other for other in spoken if other is not one]

    def nearest_to(found: list[Found], across: bool = True) -> Found | None:
        candidates = []
        for item in found:
            first, last = (one.end, item.start) if item.start >= one.end else (item.end, one.start)
            if not across and any(first <= other.start < last for other in others):
                continue
            between = words[first:last]
            # What stands in another sentence is farther away than any distance inside one, and what follows is nearer.
            gap = len(between) + 1000 * sum(between.count(end) for end in (". ", "; ", "。")) + (30 if item.end <= one.start else 0)
            candidates.append((gap, item.start, item))
        return min(candidates, key=lambda candidate: candidate[:2])[2] if candidates else None

    return nearest_to


def _overlap(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def _outside(found: list[Found], reporters: list[Found]) -> Found | None:
    # "Federal courts" name a reporter; "federal, state and local" names every authority.
    outside = [item for item in found if not any(_overlap(item, other) for other in reporters)]
    return outside[0] if len({item.value for item in outside}) == 1 else None


def _at_rate(own: OwnClaim, rate: str) -> OwnClaim:
    if rate == "week":
        return replace(own, per="day", claimed=_outwards(own.claimed / DAYS_A_WEEK), rounded=_outwards(own.rounded / DAYS_A_WEEK))
    if rate == "month":
        return replace(own, per="year", claimed=own.claimed * MONTHS_A_YEAR, rounded=own.rounded * MONTHS_A_YEAR)
    return replace(own, per=rate)


def _outwards(interval: Interval) -> Interval:
    low = interval.low if math.isinf(interval.low) else math.floor(interval.low * 10) / 10
    return Interval(low, interval.high if math.isinf(interval.high) else math.ceil(interval.high * 10) / 10)


def _day(value: object) -> date | None:
    if value in (None, ""):
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value))


@dataclass(frozen=True)
class _Way:
    """One way to read a claim against the tables."""

    words: str
    formula: str
    of: dict
    whole: dict = field(default_factory=dict)
    base: dict = field(default_factory=dict)
    per: str = ""
    claimed: Interval | None = None
    is_variant: bool = False


def _who_publishes(own: OwnClaim, court: Judge) -> list[str]:
    measures = _measures(own)
    rows = court.today.complete
    rows = rows[rows["measure"].isin(measures)]
    if own.request_type:
        rows = rows[rows["request_type"] == own.request_type]
    if own.requester:
        rows = rows[rows["requester"] == own.requester]
    return sorted(rows["reporter"].unique())


def _measures(own: OwnClaim) -> tuple[str, ...]:
    if own.kind == "share":
        return (own.measure, "requests_some_data") if own.measure == "share_some_data" else (own.measure,)
    if own.unit in ("orders", "letters", "accounts", "identifiers") and own.measure in MEASURES_OF[own.unit]:
        return tuple(dict.fromkeys((own.measure, *MEASURES_OF[own.unit])))
    return (own.measure,)


def _of_reporter(own: OwnClaim, reporter: str, court: Judge, names: Names) -> list[Verdict]:
    found: list[Verdict] = []
    for claim, is_direct in _aside(own):
        for way in _ways(claim, reporter, court, names):
            if not is_direct and way.is_variant:
                continue
            verdict = _told_of_absence(_read(own, way, court), way, court, names)
            if way.claimed == own.rounded and found and verdict.verdict == found[-1].verdict:
                continue  # the same with the number taken as round
            found.append(verdict)
    if with_series := [verdict for verdict in found if verdict.verdict != "no public series"]:
        absent = [verdict for verdict in found[:1] if verdict.verdict == "no public series"]
        return absent + with_series
    if own.reporters and (drifted := _in_other_units(own, reporter, court, names)):
        return found[:1] + drifted
    if found:
        return found[:1]
    what = _lowered(names.measure(own.measure))
    if own.request_type:
        what += f" ({_lowered(names.request_type(own.request_type))})"
    whom = f" for {places.name(own.requester)}" if own.requester else ""
    authority = f", {names.authority(own.authority)}" if own.authority else ""
    why = f"{names.reporter(reporter)} publishes no {what}{whom}{authority}"
    return [replace(_blank(own, f"{names.reporter(reporter)}: {what}{authority}"), verdict="no public series", why=why)]


def _aside(own: OwnClaim) -> Iterator[tuple[OwnClaim, bool]]:
    """The claim as said; then beside it all authorities, where one was named, and the world, where a country was."""
    yield own, True
    if own.authority:
        yield replace(own, authority=""), False
    if own.requester not in ("", places.WORLD):
        yield replace(own, requester=places.WORLD, authority=""), False


def _blank(own: OwnClaim, words: str, claimed: Interval | None = None) -> Verdict:
    return Verdict("own", own.phrase, words, "", (), claimed or own.claimed, None, "")


def _read(own: OwnClaim, way: _Way, court: Judge) -> Verdict:
    plain = _blank(own, way.words, way.claimed)
    return court.of_claim(plain, unit=own.unit, per=way.per or own.per, formula=way.formula, of=way.of, whole=way.whole, base=way.base)


def _told_of_absence(verdict: Verdict, way: _Way, court: Judge, names: Names) -> Verdict:
    # A series that does not reach the period asked for is no series for this claim.
    if verdict.series is not None or verdict.verdict != "cannot be said":
        return verdict
    for selection in filter(None, (way.of, way.whole, way.base)):
        rows = court.today.rows(selection).dropna(subset=["low"])
        asked = Period(date.fromisoformat(selection["from"]), date.fromisoformat(selection["to"]))
        inside = [row for row in rows.itertuples() if Period(row.period_start.date(), row.period_end.date()).overlaps(asked)]
        if not inside:
            who, what = names.reporter(selection["reporter"]), names.measure(selection["measure"]).lower()
            spans = f"{rows['period_start'].min():%B %Y} to {rows['period_end'].max():%B %Y}" if not rows.empty else ""
            why = f"{who} publishes no such {what} for {asked}" + (f"; what it publishes covers {spans}" if spans else "")
            return replace(verdict, verdict="no public series", why=why)
    return verdict


def _ways(own: OwnClaim, reporter: str, court: Judge, names: Names) -> Iterator[_Way]:
    if own.kind == "share":
        yield from _share_ways(own, reporter, court, names)
        return
    for series in _series(own, reporter, court):
        span = _period_of(own, series, court)
        if span is None:
            continue
        who = _who(series, names)
        if own.kind in ("change", "times"):
            yield from _movements(own, series, span, who)
        else:
            yield from _amounts(own, series | _dates(span), span, who)


def _dates(span: Period) -> dict[str, str]:
    return {"from": span.start.isoformat(), "to": span.end.isoformat()}


def _when(own: OwnClaim, span: Period) -> str:
    if not own.start:
        return f"{label(span)} (no period was said)"
    if own.end and (own.start, own.end) != (span.start, span.end):
        return f"{label(span)}, the period published that is nearest to {label(Period(own.start, own.end))}"
    return label(span)


def _amounts(own: OwnClaim, selection: dict, span: Period, who: str) -> Iterator[_Way]:
    is_long = (span.months or 0) > MONTHS_A_YEAR
    when = _when(own, span)
    said, formula = {
        "day": ("a day, on average over", "per_day"),
        "year": ("a year, on average over", "per_year") if span.months != MONTHS_A_YEAR else ("in", "sum"),
        "whole": ("in", "sum"),
    }[own.per]
    direct = f"{who}, {said} {when}"
    yield _Way(direct, formula, selection)
    if _is_round(own):
        yield _Way(f"{direct}, if the number is rounded", formula, selection, claimed=own.rounded, is_variant=True)
    if own.per == "year" and is_long:
        for number_of_year in range(span.start.year, min(span.end.year, span.start.year + MOST_YEARS - 1) + 1):
            one = periods.year(number_of_year)
            if one in span:
                yield _Way(f"{who}, in {label(one)}", "sum", selection | _dates(one), is_variant=True)
        yield _Way(f"{who}, in all of {when}, not a year", "sum", selection, per="whole", is_variant=True)
    elif own.per == "whole" and is_long and not own.months:
        yield _Way(f"{who}, a year, on average over {when}", "per_year", selection, per="year", is_variant=True)
    elif own.per == "day":
        yearly = own.claimed * formulas.DAYS_A_YEAR
        times = f"{text(own.claimed, _decimals(own.claimed))} × {number(formulas.DAYS_A_YEAR)} = {text(yearly)}"
        words = f"{who}, a year, on average over {when}, against {times} a year"
        yield _Way(words, "per_year", selection, per="year", claimed=yearly, is_variant=True)


def _movements(own: OwnClaim, series: dict, span: Period, who: str) -> Iterator[_Way]:
    # Over several years from the first to the last; else against the same length of time just before.
    if (span.months or 0) > MONTHS_A_YEAR:
        before, after = periods.year(span.start.year), periods.year(span.end.year)
    else:
        length = span.months or MONTHS_A_YEAR
        after, before = span, periods.ending(date.fromordinal(span.start.toordinal() - 1), length)
    formula = "change" if own.kind == "change" else "multiple"
    yield _Way(f"{who}, {label(after)} against {label(before)}", formula, series | _dates(after), base=series | _dates(before))
    if span.months == MONTHS_A_YEAR // 2:
        earlier = Period(span.start.replace(year=span.start.year - 1), span.end.replace(year=span.end.year - 1))
        words = f"{who}, {label(after)} against {label(earlier)}"
        yield _Way(words, formula, series | _dates(after), base=series | _dates(earlier), is_variant=True)


def _share_ways(own: OwnClaim, reporter: str, court: Judge, names: Names) -> Iterator[_Way]:
    tables = court.today
    is_open = "measure" not in own.found and own.measure == "share_some_data"
    part = "requests_some_data" if own.measure == "share_some_data" else own.measure
    if not own.requester:
        # A part that is published for one country only is no part of the worldwide requests.
        there = pd.concat([tables.published(reporter, measure) for measure in (part, "nondisclosure_orders")])["requester"].unique()
        own = replace(own, requester=there[0]) if len(there) == 1 else own
    for whole in _series(replace(own, measure="requests", kind="count", unit="", request_type=own.request_type or "all"), reporter, court):
        span = _period_of(own, whole, court)
        if span is None:
            continue
        whole |= _dates(span)

        def over(formula: str, part: dict, other: dict | None = None, period: Period = span) -> _Way:
            words = f", over {_whole(part, other, names)}" if other else ""
            return _Way(f"{_who(part, names)}{words}, in {_when(own, period)}", formula, part, other or {})

        def of(whole: dict = whole, **changes: str) -> dict | None:
            # A dimension in which the part differs from the whole is named as it is published.
            rows = tables.rows(whole | changes)
            return None if rows.empty else whole | changes | rows.iloc[0][["service", "authority", "request_type"]].to_dict()

        if part in PARTS and (selection := of(measure=part)):
            yield over("share", selection, whole)
        if own.measure == "nondisclosure_share" or is_open:
            if selection := of(measure="nondisclosure_share"):
                yield over("value", selection)
            if selection := of(measure="nondisclosure_orders"):
                yield over("share", selection, whole)
        if is_open and whole["requester"] != places.WORLD and (selection := of(requester=places.WORLD)):
            yield over("share", whole, selection)
        if is_open and whole["request_type"] != "all" and (selection := of(request_type="all")):
            yield over("share", whole, selection)


def _series(own: OwnClaim, reporter: str, court: Judge) -> Iterator[dict]:
    """The series of a reporter that count what is asked for; without a requester the worldwide one, else the only one."""
    for measure in _measures(own):
        rows = court.today.published(reporter, measure)
        for column, asked in (("request_type", own.request_type), ("authority", own.authority), ("service", own.service)):
            if asked and asked not in ("all", "any"):
                rows = rows[rows[column] == asked]
        there = rows["requester"].unique()
        whom = own.requester or (places.WORLD if places.WORLD in there else there[0] if len(there) == 1 else "")
        rows = rows[rows["requester"] == whom]
        if own.start:
            # A total that was printed for other years only is none for this period.
            inside = (rows["period_end"] >= pd.Timestamp(own.start)) & (
                rows["period_start"] <= pd.Timestamp(own.end or date.max.replace(2200))
            )
            rows = rows[inside] if inside.any() else rows
        for kind, of_kind in _split(rows, "request_type", "all"):
            # Without a word about the kind, police requests are meant; and where no reporter is named, only whole totals.
            if not own.request_type and (kind in _APART or (kind != "all" and not own.reporters)):
                continue
            for authority, of_authority in _split(of_kind, "authority", "any"):
                for service, _ in _split(of_authority, "service", "all"):
                    dimensions = (reporter, service, whom, authority, kind, measure)
                    yield dict(zip(analysis.SERIES, dimensions, strict=True))


def _split(rows: pd.DataFrame, column: str, whole: str) -> list[tuple[str, pd.DataFrame]]:
    there = sorted(rows[column].unique())
    chosen = [whole] if whole in there else there
    return [(value, rows[rows[column] == value]) for value in chosen]


def _period_of(own: OwnClaim, series: dict, court: Judge) -> Period | None:
    """The period that was said, or one within a month of it if only that is published; without one the newest year, or
    stretch of the length that was said, for which the series has numbers.
    """
    rows = court.today.rows(series).dropna(subset=["low"])
    if own.start:
        if rows.empty:
            return Period(own.start, own.end) if own.end else None
        asked = Period(own.start, own.end or max(own.start, rows["period_end"].max().date()))
        return asked if _is_filled(series, asked, court) else _published_near(rows, asked) or asked
    if rows.empty:
        return None
    length = own.months or MONTHS_A_YEAR
    ends = sorted({end.date() for end in rows["period_end"]}, key=lambda end: (end.month != MONTHS_A_YEAR, -end.toordinal()))
    for end in ends:
        span = periods.ending(end, length)
        if _is_filled(series, span, court):
            return span
    newest = rows.sort_values(["period_end", "period_start"]).iloc[-1]
    return Period(newest["period_start"].date(), newest["period_end"].date())


def _is_filled(series: dict, span: Period, court: Judge) -> bool:
    try:
        formulas.amount(series | _dates(span), court.today, court.said_amount)
    except Unsaid:
        return False
    return True


def _published_near(rows: pd.DataFrame, asked: Period) -> Period | None:
    # ODNI's years run from December to November.
    for row in rows.itertuples():
        there = Period(row.period_start.date(), row.period_end.date())
        if max(abs((there.start - asked.start).days), abs((there.end - asked.end).days)) <= A_MONTH:
            return there
    return None


def _who(series: dict, names: Names) -> str:
    whom = "worldwide" if series["requester"] == places.WORLD else places.name(series["requester"])
    return f"{names.reporter(series['reporter'])}, {whom}: {_what(series, names)}"


def _what(series: dict, names: Names) -> str:
    details = []
    if series["request_type"] != "all":
        details.append(_lowered(names.request_type(series["request_type"])))
    if series["authority"] != "any":
        details.append(names.authority(series["authority"]))
    if series["service"] != "all":
        details.append(names.service(series["service"]))
    return _lowered(names.measure(series["measure"])) + (f" ({', '.join(details)})" if details else "")


def _whole(part: dict, whole: dict, names: Names) -> str:
    every = "all " if part["measure"] == whole["measure"] and part["request_type"] != whole["request_type"] else ""
    world = " worldwide" if part["requester"] != whole["requester"] else ""
    return f"{every}{_what(whole, names)}{world}"


def _lowered(words: str) -> str:
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _in_other_units(own: OwnClaim, reporter: str, court: Judge, names: Names) -> list[Verdict]:
    # Where nobody counts what is said, the number may be that of another unit: that is worth telling, and no confirmation.
    if own.kind != "count":
        return []
    found = []
    for measure in court.data.measures["measure"][court.data.measures["kind"] == "count"]:
        if measure in MEASURES_OF.get(own.unit, ()):
            continue
        for series in _series(replace(own, measure=measure, unit=""), reporter, court):
            span = _period_of(own, series, court)
            if span is None:
                continue
            verdict = _read(own, _Way(f"{_who(series, names)}, in {_when(own, span)}", "sum", series | _dates(span)), court)
            if verdict.flags and verdict.verdict == "not comparable":
                found.append(replace(verdict, why=f"another unit: {_lowered(names.measure(measure))}"))
    return found


def _is_round(own: OwnClaim) -> bool:
    return own.comparator == "exactly" and own.claimed.is_exact and own.rounded.width >= ROUND * own.claimed.high > 0


def _decimals(interval: Interval) -> int:
    return 0 if all(math.isinf(end) or float(end).is_integer() for end in (interval.low, interval.high)) else 1


def _days_of_rate(rows: pd.DataFrame, per: str) -> pd.Series | float:
    return (rows["period_end"] - rows["period_start"]).dt.days + 1 if per == "day" else 1.0


def _asked(own: OwnClaim, court: Judge) -> dict[str, object]:
    reporters = own.reporters or tuple(_who_publishes(own, court))
    series = [found for reporter in reporters for found in _series(own, reporter, court)]
    return {
        "reporters": own.reporters,
        "requester": own.requester or (series[0]["requester"] if series else places.WORLD),
        "is_requester_said": bool(own.requester),
        "request_types": {found["request_type"] for found in series} or {own.request_type or "all"},
        "authorities": {found["authority"] for found in series},
        "measures": _measures(own),
        "start": own.start,
        "end": (own.end or date.max.replace(2200)) if own.start else None,
        "is_rate": own.per != "whole",
    }


def _differences(rows: pd.DataFrame, asked: dict) -> pd.DataFrame:
    """For each row, in what it is not what was said, and how far that makes it: the nearest is the likeliest slip."""
    nothing = pd.Series(False, index=rows.index)
    reporter = ~rows["reporter"].isin(asked["reporters"]) if asked["reporters"] else nothing
    period, years, is_part = nothing, 0.0, nothing
    if asked["start"]:
        start, end = pd.Timestamp(asked["start"]), pd.Timestamp(asked["end"])
        outside = (rows["period_start"] < start) | (rows["period_end"] > end)
        is_part = ~outside & ((rows["period_start"] != start) | (rows["period_end"] != end))
        is_year = (rows["period_end"] - rows["period_start"]).dt.days > 360
        # A yearly rate may be met by any year inside the period that was said.
        period = outside | (is_part & ~(is_year & asked["is_rate"]))
        years = (rows["period_start"].dt.year - asked["start"].year).abs() * outside
    found = pd.DataFrame(
        {
            "reporter": reporter,
            "requester": rows["requester"] != asked["requester"],
            "measure": ~rows["measure"].isin(asked["measures"]),
            "request_type": ~rows["request_type"].isin(asked["request_types"]),
            "period": period,
            "factor": rows["factor"] != 1,
            "edition": rows["edition"] != "",
        }
    )
    costs = {
        "reporter": 4.0,
        "requester": 3.0 if asked["is_requester_said"] else 1.5,
        "measure": 2.0,
        "request_type": 1.5,
        "period": 1.0,
        "factor": 3.0,
        "edition": 0.5,
    }
    cost = sum(found[name] * price for name, price in costs.items()) + 0.2 * years + 0.5 * rows["service"].ne("all") - 0.5 * is_part
    return found.add_prefix("other_").assign(cost=cost, things=found.sum(axis=1))


def _difference(row: pd.Series, names: Names) -> str:
    said = []
    if row["other_reporter"]:
        said.append(f"another reporter, {names.reporter(row['reporter'])}")
    if row["other_requester"]:
        said.append(f"another requester, {places.name(row['requester'])}")
    if row["other_measure"]:
        said.append(f"another unit, {_lowered(names.measure(row['measure']))}")
    if row["other_request_type"]:
        said.append(f"another kind, {_lowered(names.request_type(row['request_type']))}")
    if row["other_period"]:
        said.append(f"another period, {label(Period(row['period_start'].date(), row['period_end'].date()))}")
    if row["other_edition"]:
        said.append(f"an earlier edition, {row['edition']}")
    if row["other_factor"]:
        said.append(f"{number(row['factor'])} times as much" if row["factor"] > 1 else f"a {number(1 / row['factor'])}th part")
    return "; ".join(said)
