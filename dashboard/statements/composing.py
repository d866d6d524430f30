"""How the mentions of a sentence become its claims: one for each number, with both sides of a comparison.

A mention that no claim has a use for is marked as not read; a sentence with such a mention has no verdict.
"""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import replace
from datetime import timedelta

from dashboard.model import places
from dashboard.model.intervals import Interval
from dashboard.statements import lexicon
from dashboard.statements.claim import PARTS_OF_REQUESTS, UNIT_OF, Claim, Side, Understanding, rest_of
from dashboard.statements.comparing import COMPARED, Comparing, is_beside
from dashboard.statements.lexicon import Counted, Mention, Role, form
from dashboard.statements.mentions import BEHIND, Sentence
from dashboard.statements.side_reading import SLOTS
from dashboard.statements.sides import (
    ANYTHING,
    APART,
    MOVED_FROM,
    MOVED_TO,
    NEARLY_EACH,
    SIZES,
    counted_outcome,
    earlier,
    ends_of,
    in_order,
    moved_from,
    movement_of,
    order_of,
    sized,
    spread,
    unit_of,
    with_wholes,
    years_earlier,
)
from dashboard.statements.spoken_numbers import NumberMention
from dashboard.statements.spoken_periods import TimeSpan
from dashboard.statements.spoken_ranks import ANY_PLACE, FIRST
from dashboard.statements.stretches import NAMES, Stretch, stretches_of

NO_DATA = "no data"
"""What became of requests that came to nothing, whatever the reason."""
_COUNTED_IN_CASES = {*PARTS_OF_REQUESTS, "users_notified", "gags_lifted"}
_REST = {NO_DATA: "share_some_data", "not under nondisclosure": "nondisclosure_share"}
"""Of what came to nothing, or was not under an order: the share of the others."""


def compose(sentence: Sentence) -> Understanding:
    """The claims of a sentence; mentions that stay without a use are turned into `Role.UNREAD`."""
    return _with_counts_of_sides(sentence) or _composed(sentence)


def _composed(sentence: Sentence) -> Understanding:
    composer = _Composer(sentence)
    claims = composer.claims()
    used = tuple(
        replace(mention, role=Role.UNREAD) if index in composer.unused else mention for index, mention in enumerate(sentence.mentions)
    )
    return Understanding(replace(sentence, mentions=used), tuple(claims))


def _with_counts_of_sides(sentence: Sentence) -> Understanding | None:
    """A comparison whose sides have their counts beside them: Germany (46,572), France's 16,669."""
    mentions = [mention for mention in sentence.mentions if mention.role is not Role.NEUTRAL]
    counts = {name.start: (name, number) for name, number in itertools.pairwise(mentions) if _is_count_of(sentence, name, number)}
    numbers = [number for _, number in counts.values()]
    rest = _composed(replace(sentence, mentions=tuple(one for one in sentence.mentions if one not in numbers))) if numbers else None
    compared = [claim for claim in rest.claims if claim.other and claim.unit != "share"] if rest and not rest.unread else []
    if len(compared) != 1:
        return None
    claims = [claim for claim in rest.claims if claim not in compared]
    for name, number in counts.values():
        sides = [side for side in (compared[0].side, compared[0].other) if _is_named(side, name)]
        if len(sides) != 1:
            return None
        measure = sides[0].measure or compared[0].measure
        side, unit = replace(sides[0], measure=""), UNIT_OF.get(measure, "requests")
        words = sentence.words(number)
        claims.append(Claim(*ends_of(number.value, "count", "whole", []), "count", unit, measure, side=side, words=words))
    mentions = sorted([*rest.sentence.mentions, *numbers], key=lambda mention: mention.start)
    return Understanding(replace(sentence, mentions=tuple(mentions)), (*claims, *compared))


def _is_count_of(sentence: Sentence, name: Mention, number: Mention) -> bool:
    """Whether of two mentions side by side the first is a name and the second its count."""
    beside = sentence.text[name.end : number.start], sentence.text[number.end : number.end + 1]
    is_beside = beside == (" (", ")") or beside[0] in ("'s ", "’s ")
    return name.role in NAMES and is_beside and number.role is Role.NUMBER and number.value.kind == "count"


def _is_named(side: Side, name: Mention) -> bool:
    if name.role is Role.PERIOD:
        return (side.start, side.end) == (name.value.start, name.value.end)
    return name.value == (side.requester if name.role is Role.REQUESTER else side.reporter)


class _Composer(Comparing):
    def claims(self) -> list[Claim]:
        numbers = self.sentence.all(Role.NUMBER)
        questions = self.sentence.all(Role.QUESTION)
        stretches, apart = stretches_of(self.sentence)
        self.reject(*apart)
        if questions and numbers and questions[0].value != "when" and re.search("[?？]", self.sentence.text):
            self.reject(*questions)
        claims: list[Claim] = []
        bases: dict[int, tuple] = {}
        for index, stretch in enumerate(stretches):
            before = claims[-1] if claims else None
            self.movement = movement_of(claims)
            own = self._of_stretch(stretch, before, stretches[index + 1 :])
            if before and [claim.kind for claim in own] == ["count"] and (own[0].side, own[0].measure) == (before.side, before.measure):
                bases[len(claims)] = stretch.head, form("base").fullmatch(self.sentence.text, stretch.start, stretch.head.start)
            claims += own
        for index, (head, base) in bases.items():
            if base and (other := base["moved"] and (claims[index - 1].other or earlier(claims[index].side))):
                claims[index] = replace(claims[index], side=replace(other, measure=""))
            elif base:
                self.reject(head)
        if not any(claim.kind == "rank" for claim in claims):
            self.reject(*[mention for mention in self.sentence.mentions if mention.value == BEHIND])
        self._reject_shares(claims)
        for one, other in itertools.pairwise([*claims, None]):
            is_open = other is None or (one.side == other.side and moved_from(one.side) is None)
            if one.words.startswith((MOVED_FROM, MOVED_TO)) and is_open:
                # “Rose from 9,000”, to nothing that is said, or to a number of the same half-year.
                self.reject(*self.sentence.all(Role.DIRECTION))
        is_asked_when = questions and questions[0].value == "when"
        claims = self._asked_when(claims, questions) if is_asked_when else self._for_the_first_time(claims)
        return in_order(with_wholes(claims, self.sentence.text))

    def _asked_when(self, claims: list[Claim], questions: list[Mention]) -> list[Claim]:
        """The one claim for which a sentence asks the year: of the highest or lowest number, or of the first beyond a limit."""
        firsts = [mention for mention in self.sentence.all(Role.NEUTRAL) if mention.value == FIRST]
        is_first = [claim.kind for claim in claims] == ["count"] and claims[0].comparator in ("more than", "at least") and firsts
        if [claim.kind for claim in claims] != ["rank"] and not is_first:
            self.reject(*questions, *firsts, *self.sentence.all(Role.RANK))
            return claims
        claimed = claims[0].claimed if is_first else ANYTHING
        among = "half-year" if "half" in self.sentence.words(questions[0]).lower() else "year"
        return [replace(claims[0], kind="when", claimed=claimed, rounded=claimed, words="", among=among)]

    def _for_the_first_time(self, claims: list[Claim]) -> list[Claim]:
        """The claims, and that no earlier number was beyond the limit that one is said to be beyond for the first time."""
        firsts = [mention for mention in self.sentence.all(Role.NEUTRAL) if mention.value == FIRST]
        beyond = [one for one in claims if one.kind == "count" and one.comparator in ("more than", "at least", "less than")]
        if not firsts:
            return claims
        if len(beyond) != 1 or len(firsts) > 1 or beyond[0].per != "whole" or not beyond[0].side.period:
            self.reject(*firsts)
            return claims
        ends = beyond[0].claimed
        before = Interval(-math.inf, ends.low - 1) if math.isinf(ends.high) else Interval(ends.high + 1, math.inf)
        return [*claims, replace(beyond[0], claimed=before, rounded=before, comparator="never", words="", among="before")]

    def _reject_shares(self, claims: list[Claim]) -> None:
        """Not read: a word for a share where no share is claimed, and another thing than what is counted right after a number."""
        neutral = self.sentence.all(Role.NEUTRAL)
        if not any(claim.unit == "share" for claim in claims):
            self.reject(*[mention for mention in neutral if self.sentence.words(mention).lower() in lexicon.words("share")])
        for number in self.sentence.all(Role.NUMBER):
            beside = [mention for mention in neutral if 0 <= mention.start - number.end <= 1]
            other_nouns = lexicon.words("other_things") - (
                {"cases"} if claims and {claim.measure for claim in claims} <= _COUNTED_IN_CASES else set()
            )
            self.reject(*[mention for mention in beside if self.sentence.words(mention).lower() in other_nouns])

    def _of_stretch(self, stretch: Stretch, before: Claim | None, later: list[Stretch]) -> list[Claim]:
        ranks = stretch.of(Role.RANK)
        if ranks and stretch.rank is None:
            return self._ranked(stretch, ranks, before, later)
        head = stretch.head.value if stretch.head else None
        directions = [mention for mention in stretch.mentions if mention.role is Role.DIRECTION or mention.value in ("more", "fewer")]
        apart = stretch.meaning(APART)
        divider = self._divider(stretch)
        kind = self._kind(stretch, head, directions, divider)
        if kind is None:
            return []
        kind = "difference" if apart and kind == "count" else kind
        times = stretch.of(Role.PERIOD)
        relative = [mention for mention in times if is_beside(mention.value, kind)]
        if divider is None and kind == "times" and form("times_others").match(self.sentence.text, stretch.head.start):
            divider = stretch.head
        elif divider and any(0 <= mention.start - divider.end <= 1 for mention in relative):
            # “Compared with the year before, …”: what is compared is all behind it.
            divider = divider if any(mention.role in SLOTS and mention.end <= divider.start for mention in stretch.mentions) else None
        years_back = next((mention.value.relative for mention in times if mention.value.relative > 0), 0)
        left, right = self._left_and_right(stretch, kind, divider, apart, relative, before, later)
        is_own = kind in COMPARED and any(mention.role in (Role.COUNTED, Role.OUTCOME) for mention in left)
        own = replace(stretch, mentions=[mention for mention in stretch.mentions if mention not in right]) if is_own else stretch
        counted, outcome, share_part = self.counted(own, head, kind, before)
        relative = relative if kind in COMPARED or before else []
        left = [mention for mention in left if mention not in relative and not (share_part == "world" and mention.value == places.WORLD)]
        together = [mention for mention in stretch.mentions if mention.role is Role.TOGETHER and mention not in right]
        side = self._completed(self._side(left, together), before, later, stretch)
        if side.period and not side.is_of_years and (side.months or 0) > 12:
            # A change within two years, in a year, is one from two years before; a count has no such length.
            years_back = side.months // 12
            lengths = stretch.of(Role.LENGTH)
            self.reject(*(lengths if kind not in COMPARED or side.months % 12 else ()))
        side = self._as_counted(side, counted, stretch, relative if kind not in COMPARED else [])
        per, each = self._rate(stretch, kind)
        if each and side.period and side.period.months == 12:
            in_a_row = [mention.value for mention in self._each_year(stretch) if isinstance(mention.value, int)]
            side = replace(side, start=years_earlier(side.start, in_a_row[0])) if in_a_row else side
        per, _, units = per.partition("/")
        claim = Claim(
            *ends_of(spread(head, int(units)) if units else head, kind, per, directions),
            {"points": "difference"}.get(kind, kind),
            unit_of(kind, counted),
            counted.measure,
            per,
            each and not units,
            share_part,
            side,
            words=self._words(stretch),
            among=APART if apart else NEARLY_EACH if each and any(one.value == NEARLY_EACH for one in self._each_year(stretch)) else "",
            is_open=counted.is_open,
        )
        if before and before.side.requester not in ("", places.WORLD, side.requester) and self.begins_with_whole:
            self.reject(stretch.head or stretch.mentions[0])
        claim = self._with_outcome(claim, outcome)
        claims = self._with_other_side(claim, divider, right, directions, before, stretch, years_back)
        return self._with_size(claims, stretch.meaning(*SIZES))

    def _as_counted(self, side: Side, counted: Counted, stretch: Stretch, relative: list[Mention]) -> Side:
        """The side with what follows from what is counted, so many years before or after where that is said."""
        if relative:
            side = self._relative(side, relative)
        if side.authority and not side.requester:
            # Only the figures of the United States are split into federal and other authorities.
            side = replace(side, requester="USA")
        if side.agency and counted.measure not in lexicon.agency_measures()[side.agency]:
            self.reject(*stretch.of(Role.AGENCY))
        return replace(side, request_type=side.request_type or counted.request_type)

    def _with_size(self, claims: list[Claim], sizes: list[Mention]) -> list[Claim]:
        """The claims, the one about an order with how far apart its two numbers are said to be."""
        orders = [one for one in claims if one.kind == "order" and one.comparator in ("up", "down") and not one.each]
        if not sizes or any(claim.kind == "change" for claim in claims):
            return claims
        if len(claims) != 1 or not orders or len(sizes) > 1:
            self.reject(*sizes)
            return claims
        return [replace(orders[0], claimed=sized(orders[0].claimed, sizes[0].value))]

    def _ranked(self, stretch: Stretch, ranks: list[Mention], before: Claim | None, later: list[Stretch]) -> list[Claim]:
        """The claims of a stretch, and the place in an order that it speaks of."""
        rank, which, leads = ranks[0].value, stretch.meaning("which"), stretch.meaning(BEHIND)
        is_time = rank.among != "requester"
        compared = [*stretch.meaning("more", "as many", *(["fewer"] if is_time else [])), *stretch.of(Role.COMPARISON)]
        since = [one for one in stretch.of(Role.PERIOD) if is_time and one.value.start and not one.value.end]
        moved = stretch.meaning("down" if rank.is_lowest else "up") if is_time else []
        behind = [one for one in stretch.of(Role.REQUESTER) if any(0 < one.start - lead.end <= 5 for lead in leads)]
        if len(leads) > 1 or is_time or compared or which or not rank.interval.is_exact:
            self.reject(*leads)
        rest = [mention for mention in stretch.mentions if mention not in (*ranks, *compared, *moved, *behind, *since)]
        claims = self._of_stretch(replace(stretch, mentions=rest, rank=ranks[0]), before, later)
        claim = claims[0] if claims else None
        is_whose = claim and not is_time and bool(which) == bool(claim.side.requester)
        is_more = any(mention.value in ("more", "as many", "fewer") for mention in compared) or not rank.is_compared
        if claim is None or claim.kind not in ("rank", "count") or claim.per != "whole" or is_whose or not is_more or len(ranks) > 1:
            self.reject(*ranks, *which)
            return claims
        named = stretch.of(Role.REQUESTER)
        # “Germany (46,572) and France (16,669) sent most”: two that are first together.
        is_pair = before and named and form("and_with").search(self.sentence.text, 0, named[0].start)
        if is_pair or (rank.is_compared and stretch.head):
            self.reject(*ranks)
        if not claim.measure and "request" in self.sentence.words(ranks[0]).lower():
            claim = replace(claim, measure="requests")
        places = ANY_PLACE if which else Interval.exact(2) if behind and rank.interval.low == 1 else rank.interval
        is_lowest = rank.is_lowest or any(mention.value == "fewer" for mention in compared)
        placed = replace(claim, kind="rank", claimed=places, rounded=places, comparator="exactly", unit="place", words="")
        placed = self._since(replace(placed, among=rank.among, is_lowest=is_lowest), ranks[0], since)
        ahead = [one for mention in behind for one in order_of(claim, "down", replace(claim.side, requester=mention.value))]
        return [*([claim] if stretch.head else []), placed, *ahead]

    def _since(self, placed: Claim, ranked: Mention, since: list[Mention]) -> Claim:
        """A place among times with where these begin: since a time, or so many years before the end of its own."""
        if since:
            self.reject(*since[1:])
            return replace(placed, other=Side(start=since[0].value.start))
        if not ranked.value.years:
            return placed
        if not placed.side.end:
            self.reject(ranked)
            return placed
        return replace(placed, other=Side(start=years_earlier(placed.side.end, ranked.value.years) + timedelta(days=1)))

    def _words(self, stretch: Stretch) -> str:
        if stretch.head is None:
            return ""
        end = max([stretch.head.end, *(mention.end for mention in stretch.mentions if _follows(stretch.head, mention))])
        return self.sentence.text[stretch.head.start : end].strip()

    def _kind(self, stretch: Stretch, head: NumberMention | None, directions: list[Mention], divider: Mention | None) -> str | None:
        if head is not None:
            return {"occasions": "count"}.get(head.kind, head.kind)
        if stretch.rank is not None:
            return "rank"
        is_moving = self._each_year(stretch) or any(isinstance(one.value, TimeSpan) and one.value.relative > 0 for one in stretch.mentions)
        if questions := self.sentence.all(Role.QUESTION):
            return questions[0].value if questions[0].value in ("change", "difference") and directions else "question"
        if any(mention.value in ("up", "down", "not up", "not down", "unchanged", "stable") for mention in directions) or (
            directions and (divider is not None or is_moving)
        ):
            return "order"
        return None

    def _rate(self, stretch: Stretch, kind: str) -> tuple[str, bool]:
        rates = stretch.of(Role.RATE)
        if kind == "order" and len(rates) == 1 and self._each_year(stretch):
            return "whole", True
        if kind not in ("count", "question") or any(isinstance(mention.value, int) or mention.value == NEARLY_EACH for mention in rates):
            self.reject(*rates)
            return "whole", False
        self.reject(*[mention for mention in rates if mention.value != rates[0].value])
        if rates and rates[0].value == "half-year":
            # Whether a number was ever so high is asked of each published period; which half-year it was is not said otherwise.
            self.reject(*(rates if stretch.head is None or stretch.head.value.comparator != "never" else ()))
            return "whole", False
        each = bool(self._each_year(stretch)) or any(form("each").match(self.sentence.words(mention)) for mention in rates)
        own = stretch.head.value.per if stretch.head else ""
        self.reject(*(rates if own or (stretch.head is None and "/" in str(rates[:1])) else ()))
        return own or (rates[0].value if rates else "whole"), each

    def _with_outcome(self, claim: Claim, outcome: Mention | None) -> Claim:
        if outcome and claim.kind == "share" and outcome.value in _REST:
            ends = {"claimed": rest_of(claim.claimed), "rounded": rest_of(claim.rounded)}
            return replace(claim, **ends, measure=_REST[outcome.value], share_part="rest")
        if outcome is None or (claim.unit == "share" and outcome.value not in _REST):
            return claim
        measure = counted_outcome(outcome)
        if outcome.value == NO_DATA and claim.measure == "requests" and claim.kind in ("count", "question"):
            return replace(claim, share_part="rest")
        if measure == "share_notified" and claim.measure in ("requests", "accounts_specified", "persons"):
            return replace(claim, measure="users_notified", unit="requests")
        if measure == "gags_lifted" and claim.measure in ("nondisclosure_orders", "letters"):
            return replace(claim, measure=measure)
        if claim.measure == "requests" and measure in PARTS_OF_REQUESTS:
            return replace(claim, measure=measure)
        if claim.unit == "accounts" and measure == "requests_some_data":
            return replace(claim, measure="accounts_disclosed")
        self.reject(outcome)
        return claim


def _follows(head: Mention, mention: Mention) -> bool:
    return mention.role is Role.DIRECTION and head.value.kind == "times" and 0 <= mention.start - head.end <= 1
