"""What a sentence says on each side of a number: who asked whom, when; what one side leaves open and another says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from dashboard.model import places
from dashboard.model.periods import Period
from dashboard.statements.claim import Claim, Side
from dashboard.statements.counting import Counting
from dashboard.statements.lexicon import Mention, Role, form
from dashboard.statements.sides import years_earlier
from dashboard.statements.spoken_periods import TimeSpan
from dashboard.statements.stretches import NAMES, Stretch

SLOTS = (Role.REPORTER, Role.SERVICE, Role.REQUESTER, Role.PERIOD, Role.KIND, Role.COUNTED, Role.OUTCOME)
"""What can stand on a side of a comparison."""
_FIELDS = {
    Role.REPORTER: "reporter",
    Role.REQUESTER: "requester",
    Role.AUTHORITY: "authority",
    Role.KIND: "request_type",
    Role.AGENCY: "agency",
}


class SideReading(Counting):
    """The sides of the claims of one sentence, from the mentions that belong to each."""

    @property
    def begins_with_whole(self) -> bool:
        """Whether the first number is the whole of which the next is a part: of the 303,236 requests, 15 % came from Germany."""
        return bool(form("of_whole").match(self.sentence.text) and self.sentence.all(Role.ORIGIN))

    def _relative(self, side: Side, mentions: list[Mention]) -> Side:
        """The side as many years before, or after, the time of the number before it."""
        if len(mentions) > 1 or not side.period or side.is_of_years:
            self.reject(*mentions)
            return side
        return replace(side, **{edge: years_earlier(getattr(side, edge), mentions[0].value.relative) for edge in ("start", "end")})

    def _two_sides(self, mentions: list[Mention], divider: Mention | None) -> tuple[list[Mention], list[Mention]]:
        """What stands before and after the word that divides a comparison; “Compared with 2019, …” has its second side first."""
        if divider is None:
            return mentions, []
        before = [mention for mention in mentions if mention.end <= divider.start]
        after = [mention for mention in mentions if mention.start >= divider.end]
        if self.sentence.all(Role.QUESTION) and (turn := form("asked_of").search(self.sentence.text, divider.end)):
            # “How many more than France did Germany send?”
            before += [mention for mention in after if mention.start >= turn.end()]
            after = [mention for mention in after if mention.end <= turn.start()]
        comma = self.sentence.text.find(",", divider.end)
        if any(mention.role in SLOTS for mention in before):
            return before, after
        if comma < 0:
            # “Im Vergleich zu 2019 stiegen …”: the time right after the word is the second side.
            times = [mention for mention in after if mention.role is Role.PERIOD]
            is_first = len(times) > 1 and times[0].start - divider.end <= 1
            return ([mention for mention in after if mention is not times[0]], times[:1]) if is_first else (before, after)
        return [mention for mention in after if mention.start > comma], [mention for mention in after if mention.end <= comma]

    def _from_and_to(self, mentions: list[Mention], before: Claim | None) -> tuple[list[Mention], list[Mention]]:
        """What a movement led to and what it came from: two times (from the first half of 2019 to that of 2020), or one after “over”."""
        times = [mention for mention in mentions if mention.role is Role.PERIOD and mention.value.end]
        bases = [time for time in times if form("base_time").search(self.sentence.text, 0, time.start)]
        if (
            len(bases) == 1
            and (bases == times[-1:] or bases[0].value.end < times[-1].value.start)
            and (len(times) == 2 or (len(times) == 1 and before and before.side.end))
        ):
            return [mention for mention in mentions if mention is not bases[0]], bases
        if len(times) == 2:
            first, last = times
            is_led = form("first_time_led").search(self.sentence.text, 0, first.start)
            is_joined = form("times_joined").fullmatch(self.sentence.text, first.end, last.start)
            if (is_led or self.sentence.words(first).lower().startswith("from ")) and is_joined and first.value.end < last.value.start:
                return [mention for mention in mentions if mention is not first], [first]
        return mentions, []

    def _apart(self, mentions: list[Mention], apart: list[Mention]) -> tuple[list[Mention], list[Mention]]:
        """The two countries, publishers or times that are said to lie apart: the second is the other side."""
        names = [[mention for mention in mentions if mention.role is role and mention.start > apart[0].end] for role in NAMES]
        pairs = [pair for pair in names if len(pair) == 2 and pair[0].value != pair[1].value]
        if len(pairs) != 1:
            self.reject(*apart)
            return mentions, []
        return [mention for mention in mentions if mention is not pairs[0][1]], pairs[0][1:]

    def _side(self, mentions: list[Mention], together: list[Mention] = ()) -> Side:
        side = Side()
        for mention in mentions:
            if mention.role is Role.SERVICE:
                side = self._of_service(side, mention)
            field = _FIELDS.get(mention.role)
            if field is None:
                continue
            if getattr(side, field) and getattr(side, field) != mention.value:
                is_added = together and field == "requester" and places.WORLD not in (mention.value, side.requester)
                side = replace(side, added=(*side.added, mention.value)) if is_added else self._rejected(side, mention)
            else:
                side = replace(side, **{field: mention.value})
        for mention in mentions:
            if mention.role is Role.PERIOD or mention.role is Role.LENGTH:
                side = self._timed(side, mention, bool(together))
        if not side.added and not side.is_of_years:
            self.reject(*together)
        return side

    def _of_service(self, side: Side, mention: Mention) -> Side:
        reporter, service = mention.value.split("/")
        is_of_it = side.reporter == reporter and re.search(r"['’]s?\s$", self.sentence.text[: mention.start])
        if side.service or (side.reporter and not is_of_it):
            return self._rejected(side, mention)
        return replace(side, reporter=reporter, service=service)

    def _timed(self, side: Side, mention: Mention, together: bool = False) -> Side:
        span: TimeSpan = mention.value
        is_whole = together or side.months == 12 * len(span.years)
        if span.years and is_whole and not side.start and span.years == tuple(range(span.years[0], span.years[-1] + 1)):
            return replace(side, start=date(span.years[0], 1, 1), end=date(span.years[-1], 12, 31))
        if span.years:
            # Each year for itself, or all together: the sentence does not say.
            return self._rejected(side, mention)
        if span.relative and not span.start:
            return self._rejected(side, mention)
        if span.start:
            if (
                side.start
                and not side.end
                and span.end
                and span.end > side.start
                and form("ends_at").search(self.sentence.text, 0, mention.start)
            ):
                return replace(side, end=span.end)
            if side.start and (side.start, side.end) != (span.start, span.end):
                return self._rejected(side, mention)
            if side.months and side.months <= 12 and span.end and Period(span.start, span.end).months != side.months:
                return self._rejected(side, mention)
            return replace(side, start=span.start, end=span.end)
        if side.period and side.period.months != span.months:
            return self._rejected(side, mention)
        return side if side.period else replace(side, months=span.months)

    def _rejected(self, side: Side, mention: Mention) -> Side:
        self.reject(mention)
        return side

    def _completed(self, side: Side, before: Claim | None, later: list[Stretch], stretch: Stretch) -> Side:
        """The side with what the number before it has; for time and publisher also what comes after it."""
        if before:
            if not side.reporter:
                side = replace(side, service=before.side.service)
            for field in ("reporter", "requester", "authority", "agency"):
                if not getattr(side, field):
                    side = replace(side, **{field: getattr(before.side, field)})
            if not side.start and side.months is None:
                side = replace(side, start=before.side.start, end=before.side.end, months=before.side.months)
            return side
        following = [mention for other in later for mention in other.mentions]
        if not side.start and side.months is None:
            spans = [mention for mention in following if mention.role is Role.PERIOD]
            side = self._timed(side, spans[0]) if len({mention.value for mention in spans}) == 1 else side
            self.reject(*spans) if len({mention.value for mention in spans}) > 1 else None
        named = {mention.value for mention in following if mention.role is Role.REPORTER}
        if not side.reporter and len(named) == 1:
            side = replace(side, reporter=named.pop())
        places = [mention for mention in following if mention.role is Role.REQUESTER]
        if stretch.mentions and stretch.mentions[0].role is Role.COMPARISON and not side.requester and len(places) == 1:
            # “Compared with the 21,171 requests of 2019, Germany sent 46,572”: of the same country.
            return replace(side, requester=places[0].value)
        is_whole = self.begins_with_whole and stretch.start == 0 and later and later[0].head.value.kind in ("share", "count")
        if (
            not side.requester
            and places
            and not is_whole
            and not any(form("of_them").search(self.sentence.text[other.start : other.end]) for other in later)
        ):
            self.reject(*places)
        return side
