"""The sides of a comparison and the ends of a claim: what is as on the other side, which year is meant, what a movement allows."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace
from datetime import date

from dashboard.model import places
from dashboard.model.intervals import Interval
from dashboard.statements.claim import Claim, Side
from dashboard.statements.lexicon import Counted, Mention
from dashboard.statements.spoken_numbers import NumberMention

ORDERS = {
    "up": Interval(math.ulp(0.0), math.inf),
    "down": Interval(-1.0, -math.ulp(0.0)),
    "as many": Interval(-0.05, 0.05),
    "not up": Interval(-1.0, 0.0),
    "not down": Interval(0.0, math.inf),
    "nearly as many": Interval(-0.2, -math.ulp(0.0)),
}
"""The changes that a comparison without a number allows."""
MOVED_FROM, MOVED_TO = "\0", "\1"
"""How the words of a count begin that a movement, whose direction follows, comes from or leads to; the next count is its other end."""
UNCHANGED = Interval(-0.01, 0.01)
"""The change that is still called none: a whole per cent, as of a share that is spoken without decimals."""
SIZES = {"much": Interval(0.1, math.inf), "a little": Interval(0.0, 0.1)}
"""How far two numbers are apart that are said to be so, as a part of the second; where they are in that order but not so far, it is open."""
APART = "apart"
"""What two numbers are said to be whose difference is spoken of, where either may be the higher one."""
NEARLY_EACH = "nearly each year"
"""Of which years a number is said to have risen or fallen in, where it is not said of each."""
ANYTHING = Interval(-math.inf, math.inf)
"""What is claimed by a question: any number answers it."""


def counted_outcome(outcome: Mention) -> str:
    return "requests_some_data" if outcome.value == "share_some_data" else outcome.value


def with_wholes(claims: list[Claim], text: str) -> list[Claim]:
    """A count of which a part is spoken (“34 % of the 364,605 requests came from …”) is the whole: of all countries, or of all kinds."""
    claims = list(claims)
    for index, (share, count) in enumerate(itertools.pairwise(claims)):
        if not (share.words and count.words and count.kind == "count"):
            continue
        if not re.search(rf"{re.escape(share.words)}\s+of\s+(?:[^\W\d]+(?:['’]s)?\s+){{0,3}}{re.escape(count.words)}", text):
            continue
        is_same = share.kind == "count" and (share.side, share.measure) == (count.side, count.measure)
        if share.share_part == "world" or (is_same and share.side.requester):
            claims[index + 1] = replace(count, side=replace(count.side, requester=places.WORLD))
        elif share.share_part == "kind" or is_same:
            claims[index + 1] = replace(count, side=replace(count.side, request_type=""))
    return claims


def in_order(claims: list[Claim]) -> list[Claim]:
    """Two counts between which a number moved get the first and the last year of their span, and a claim about their order."""
    moved = next((index for index, claim in enumerate(claims) if claim.words.startswith((MOVED_FROM, MOVED_TO))), None)
    if moved is None:
        return claims
    marked = claims[moved].words
    direction, first = marked[1:], replace(claims[moved], words="")
    if moved + 1 >= len(claims):
        return [first]
    last = claims[moved + 1]
    if marked.startswith(MOVED_TO):
        first, last = last, first
    if first.side == last.side and (other := moved_from(first.side)):
        first, last = replace(first, side=other), replace(last, side=year_of(last.side, last.side.end))
    return [*claims[:moved], first, last, *order_of(last, direction, first.side), *claims[moved + 2 :]]


def moved_from(side: Side) -> Side | None:
    """Where a number began that moved within a time: in the first of several years, or in the year before one; else nothing tells."""
    return year_of(side, side.start) if side.is_of_years else earlier(side)


def sized(order: Interval, size: str) -> Interval:
    """The changes that an order allows, of those that a word such as “sharply” does."""
    ends = SIZES[size] if order.low > 0 else SIZES[size] * -1
    return Interval(max(order.low, ends.low), min(order.high, ends.high))


def movement_of(claims: list[Claim]) -> tuple[Side, Side] | None:
    """The two sides between which the last counts of a sentence moved: what the movement led to, and what it came from."""
    if len(claims) > 1 and claims[-2].words.startswith((MOVED_FROM, MOVED_TO)):
        first, last = claims[-2:] if claims[-2].words.startswith(MOVED_FROM) else claims[:-3:-1]
        return (last.side, first.side) if first.side.start != last.side.start else None
    if claims and claims[-1].kind == "order" and claims[-1].other and not claims[-1].words:
        return claims[-1].side, claims[-1].other
    last = [claim.side for claim in claims[-2:] if claim.kind == "count" and claim.measure == claims[-1].measure]
    if len(last) == 2 and all(side.period for side in last) and replace(last[0], **times_of(last[1])) == last[1] != last[0]:
        return tuple(sorted(last, key=lambda side: side.start, reverse=True))
    return None


def order_of(claim: Claim, direction: str, other: Side | None) -> list[Claim]:
    """That a number rose or fell from that of another side; nothing where it only moved, or where there is no other side."""
    if direction not in ORDERS or other is None:
        return []
    sign = ORDERS[direction]
    return [replace(claim, kind="order", claimed=sign, rounded=sign, comparator=direction, other=other, unit="change", words="")]


def ends_of(head: NumberMention | None, kind: str, per: str, directions: list[Mention]) -> tuple[Interval, Interval, str]:
    if kind in ("question", "rank") or (head is None and kind in ("change", "difference")):
        return ANYTHING, ANYTHING, "exactly"
    if head is None:
        order = {"fewer": "down", "more": "up", "stable": "as many"}.get(directions[0].value, directions[0].value)
        if order == "as many":
            return ORDERS[order], ORDERS[order] * 2, "exactly"
        if order == "unchanged":
            return Interval.exact(0.0), UNCHANGED, "exactly"
        return ORDERS[order], ORDERS[order], order
    claimed = head.interval
    if kind == "count" and per == "whole" and head.kind == "count":
        # More than 250 is 251 or more.
        if head.comparator == "more than" and claimed.low.is_integer():
            claimed = Interval(claimed.low + 1, claimed.high)
        elif head.comparator == "less than" and claimed.high.is_integer():
            claimed = Interval(claimed.low, claimed.high - 1)
    if kind == "count" and per not in ("whole", "year") and claimed.is_exact:
        # A rate is what rounds to it.
        half = 0.5 * 10.0 ** -len(f"{claimed.low:.6f}".rstrip("0").partition(".")[2])
        return Interval(claimed.low - half, claimed.high + half), Interval(claimed.low - 2 * half, claimed.high + 2 * half), head.comparator
    down = any(mention.value in ("down", "fewer") for mention in directions)
    if kind == "times" and down and claimed.low >= 1:
        claimed, rounded = (Interval(1 / ends.high if math.isfinite(ends.high) else 0.0, 1 / ends.low) for ends in (claimed, head.rounded))
        return claimed, rounded, head.comparator
    return claimed, head.rounded, head.comparator


def spread(head: NumberMention, units: int) -> NumberMention:
    """A number that is said of so many days, weeks or months, as that of one of them."""
    half = 0.5 * head.interval.is_exact
    ends = (Interval((one.low - half) / units, (one.high + half) / units) for one in (head.interval, head.rounded))
    return replace(head, **dict(zip(("interval", "rounded"), ends, strict=True)))


def unit_of(kind: str, counted: Counted) -> str:
    return {"share": "share", "points": "share", "change": "change", "order": "change", "times": "times", "rank": "place"}.get(
        kind, counted.unit
    )


def year_of(side: Side, day: date) -> Side:
    return replace(side, start=date(day.year, 1, 1), end=date(day.year, 12, 31), months=None)


def earlier(side: Side, years_back: int = 0) -> Side | None:
    """What a movement is measured from where no second side was said: so many years before, the first of several years, or the year before."""
    span = side.period
    if span is None or span.months is None:
        return None
    if years_back and side.is_of_years:
        return year_of(side, years_earlier(side.end, years_back)) if span.end.month == 12 else None
    if years_back:
        return replace(side, months=None, start=years_earlier(side.start, years_back), end=years_earlier(side.end, years_back))
    if side.is_of_years and span.months % 12 == 0:
        return year_of(side, side.start)
    if span.months == 12:
        return replace(side, months=None, start=years_earlier(side.start), end=years_earlier(side.end))
    return None


def years_earlier(day: date, years: int = 1) -> date:
    return date(day.year - years, day.month, min(day.day, 28) if day.month == 2 else day.day)


def times_of(side: Side) -> dict:
    return {"start": side.start, "end": side.end}


def filled(side: Side, from_: Side) -> Side:
    """The second side of a comparison: what was not said of it is as on the first."""
    blank = {
        field: getattr(from_, field)
        for field in ("reporter", "requester", "request_type", "authority", "agency")
        if not getattr(side, field)
    }
    if "reporter" in blank:
        blank["service"] = from_.service
    if "requester" in blank:
        blank["added"] = from_.added
    if not side.start:
        blank |= times_of(from_)
    return replace(side, **blank)


def filled_from(side: Side, other: Side) -> Side:
    # "As from France in 2021": what the second side says and does not compare holds for both.
    fields = [field for field in ("reporter", "requester", "request_type", "start") if getattr(other, field)]
    differing = [field for field in fields if getattr(side, field) and getattr(side, field) != getattr(other, field)]
    if differing or other.measure:
        for field in fields:
            if not getattr(side, field):
                side = replace(side, **({field: getattr(other, field)} if field != "start" else times_of(other)))
    return side
