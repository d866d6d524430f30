"""The two sides of a comparison: which words name which, and what the second has of the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dashboard.statements.claim import PARTS_OF_REQUESTS, Claim, Side
from dashboard.statements.lexicon import Mention, Role, form
from dashboard.statements.side_reading import SLOTS, SideReading
from dashboard.statements.sides import (
    MOVED_FROM,
    MOVED_TO,
    NEARLY_EACH,
    counted_outcome,
    earlier,
    filled,
    filled_from,
    order_of,
    times_of,
    year_of,
)
from dashboard.statements.spoken_periods import TimeSpan
from dashboard.statements.stretches import Stretch

COMPARED = ("change", "times", "difference", "points", "order")
"""The kinds of claim that have a second side."""


class Comparing(SideReading):
    """Reads the second side of a comparison beside the first."""

    movement: tuple[Side, Side] | None = None

    def _left_and_right(
        self,
        stretch: Stretch,
        kind: str,
        divider: Mention | None,
        apart: list[Mention],
        relative: list[Mention],
        before: Claim | None,
        later: list[Stretch],
    ) -> tuple[list[Mention], list[Mention]]:
        """The mentions of the two sides of a stretch; the right one is empty where nothing is compared."""
        left, right = self._two_sides([mention for mention in stretch.mentions if kind not in COMPARED or mention not in relative], divider)
        if kind not in COMPARED or divider is not None:
            return left, right
        if ranges := [mention for mention in left if mention.role is Role.PERIOD and mention.value.ends]:
            # “Rose 57 % between H2 2017 and H2 2020”: from the one to the other.
            first, last = (replace(ranges[0], value=one) for one in ranges[0].value.ends)
            return [*(mention for mention in left if mention is not ranges[0]), last], [first]
        left, right = self._apart(left, apart) if apart else self._from_and_to(left, before)
        if not before and not right and not any(mention.role is Role.PERIOD for mention in stretch.mentions):
            # “Jumped 54 %, from 49,382 in 2019 to 75,860 in 2020.”
            ahead = [mention for other in later for mention in other.mentions if mention.role is Role.PERIOD]
            if len(ahead) == 2 and form("starts_from").match(self.sentence.text, stretch.end) and ahead[0].value != ahead[1].value:
                return [*left, ahead[1]], ahead[:1]
        return left, right

    def _divider(self, stretch: Stretch) -> Mention | None:
        """The word before the second side of a comparison; others of its kind are not read."""
        words = stretch.of(Role.COMPARISON)
        compares = any(mention.role is Role.DIRECTION or mention.value == "more" for mention in stretch.mentions) or (
            stretch.head is not None and stretch.head.value.kind in COMPARED
        )
        chosen = None
        for word in words:
            leads_to_number = stretch.head and form("article").fullmatch(self.sentence.text, word.end, stretch.head.start)
            if word.value == "each" and not (stretch.head and stretch.head.value.kind == "times"):
                self.reject(word)
            if leads_to_number or (word.value == "perhaps" and (chosen or not compares)):
                continue
            if chosen is None and any(mention.start >= word.end and mention.role in SLOTS for mention in stretch.mentions):
                chosen = word
            else:
                self.reject(word)
        return chosen

    def _with_other_side(
        self,
        claim: Claim,
        divider: Mention | None,
        right: list[Mention],
        directions: list[Mention],
        before: Claim | None,
        stretch: Stretch,
        years_back: int,
    ) -> list[Claim]:
        if claim.kind not in COMPARED:
            if divider is not None:
                self.reject(divider, *[mention for mention in right if mention.role is not Role.NEUTRAL])
            return self._moved(claim, directions, before, stretch)
        if right and divider is None:
            return [replace(claim, other=filled(self._side(right), claim.side))]
        if claim.each:
            is_long = (claim.side.is_of_years or (claim.side.start and not claim.side.end)) and claim.comparator in ("up", "down")
            self.reject(*([divider] if divider else []), *([] if is_long else self._each_year(stretch)))
            return [claim]
        if divider is None and self.movement and not any(mention.role is Role.PERIOD for mention in stretch.mentions):
            # “Rose from 49,382 in 2019 to 75,860 in 2020, an increase of 54 %”: of the two that were named.
            of, base = self.movement
            return [replace(claim, side=filled(replace(claim.side, **times_of(of)), of), other=filled(base, of))]
        if divider is None:
            if before and claim.kind == "difference" and not directions and not years_back and before.side != claim.side:
                # “Microsoft got 12,000 more”: than the one before, or than the year before.
                self.reject(stretch.head)
            other = earlier(claim.side, years_back)
            if claim.side.start and not claim.side.end:
                # Since a year: the latest year against that one, or the one year that is named elsewhere.
                other = year_of(claim.side, claim.side.start)
                ends = {one.value.end for one in self.sentence.all(Role.PERIOD) if one not in stretch.mentions and one.value.end}
                self.reject(*([stretch.head] if stretch.head and len(ends) > 1 else []))
                latest = replace(claim.side, start=None, months=12)
                claim = replace(claim, side=year_of(latest, ends.pop()) if len(ends) == 1 else latest)
            if claim.side.is_of_years and (claim.kind == "order" or other):
                claim = replace(claim, side=year_of(claim.side, claim.side.end))
            if other is None:
                self.reject(*directions, *([stretch.head] if stretch.head else []))
            return [replace(claim, other=other)]
        beside = self._side(right, together=[mention for mention in right if mention.role is Role.TOGETHER])
        beside = self._beside(beside, claim, divider, right)
        if years_back and not beside.start:
            beside = replace(beside, **times_of(earlier(claim.side, years_back) or Side()))
        else:
            self.reject(*[one for one in stretch.mentions if isinstance(one.value, TimeSpan) and is_beside(one.value, claim.kind)])
        return [replace(claim, side=filled_from(claim.side, beside), other=filled(beside, claim.side))]

    def _beside(self, beside: Side, claim: Claim, divider: Mention, right: list[Mention]) -> Side:
        """The second side with what it counts, where that differs from the first; not read where the sentence leaves open what it is."""
        words = [mention for mention in right if mention.role is Role.COUNTED]
        outcomes = [mention for mention in right if mention.role is Role.OUTCOME]
        self.reject(*words[1:], *outcomes[1:])
        counted = words[0].value if words else None
        measure = counted.measure if counted else ""
        if outcomes:
            measure = counted_outcome(outcomes[0])
            if measure not in PARTS_OF_REQUESTS or (counted and counted.measure != "requests"):
                self.reject(outcomes[0])
        elif counted and counted.measure == "requests" and claim.measure in PARTS_OF_REQUESTS:
            self.reject(divider)
        if counted and not counted.request_type and claim.side.request_type and measure == claim.measure and not beside.request_type:
            self.reject(divider)
        if counted and counted.request_type:
            beside = replace(beside, request_type=counted.request_type)
        return replace(beside, measure=measure if measure != claim.measure else "")

    def _moved(self, claim: Claim, directions: list[Mention], before: Claim | None, stretch: Stretch) -> list[Claim]:
        """A count that is said to have risen or fallen from another: the counts, and their order."""
        movers = [mention for mention in directions if mention.value in ("up", "down", "moved")]
        self.reject(*[mention for mention in directions if mention.value not in ("up", "down", "moved", "never")])
        if not movers:
            return [claim]
        text = self.sentence.text[movers[0].end : stretch.head.start] if stretch.head else ""
        if before is not None and form("moved_on").fullmatch(text) and not movers[1:]:
            if claim.side == before.side:
                # “46,572, up from 26,939”: in the year before.
                self.reject(*(movers if earlier(claim.side) is None else ()))
                claim = replace(claim, side=earlier(claim.side) or claim.side)
            return [claim, *order_of(before, movers[0].value, claim.side)]
        if text == " " and not movers[1:] and stretch.head.value.comparator in ("more than", "at least", "less than"):
            # “Fell below 40,000.”
            return [claim, *order_of(claim, movers[0].value, earlier(claim.side))]
        is_to = form("moved_to").fullmatch(text) and not movers[1:]
        if is_to and form("moved_from").search(self.sentence.text, 0, next(self._heads_after(stretch), 0)):
            return [replace(claim, words=f"{MOVED_TO}{movers[0].value}")]
        if is_to and (other := earlier(claim.side)):
            return [claim, *order_of(claim, movers[0].value, other)]
        if before is None and form("moved_from").fullmatch(text):
            return [replace(claim, words=f"{MOVED_FROM}{movers[0].value}")]
        self.reject(*movers)
        return [claim]

    def _heads_after(self, stretch: Stretch) -> Iterator[int]:
        return (number.start for number in self.sentence.all(Role.NUMBER) if stretch.head and number.start > stretch.head.start)

    def _each_year(self, stretch: Stretch) -> list[Mention]:
        rates = stretch.of(Role.RATE)
        return [
            one
            for one in rates
            if isinstance(one.value, int)
            or one.value == NEARLY_EACH
            or (one.value == "year" and form("each").match(self.sentence.words(one)))
        ]


def is_beside(span: TimeSpan, kind: str | None) -> bool:
    # What moved did so from the years before, never from the year after.
    return span.start is None and (span.relative > 0 or (span.relative != 0 and kind not in COMPARED))
