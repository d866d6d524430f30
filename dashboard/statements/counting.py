"""What a number of a sentence counts: the word nearest to it, the verb, or what the number before it counts."""

from __future__ import annotations

from dataclasses import replace

from dashboard.model import places
from dashboard.statements.claim import PARTS_OF_REQUESTS, UNIT_OF, Claim
from dashboard.statements.lexicon import Counted, Mention, Role, form
from dashboard.statements.mentions import FOREIGNERS, SUBJECT, Sentence
from dashboard.statements.spoken_numbers import NumberMention
from dashboard.statements.stretches import Stretch

FOLLOWING = 30
"""Letters by which what stands before a number counts as farther away than what stands after it."""
_PEOPLE = ("people", "accounts")


class Counting:
    """The mentions of one sentence, those that no claim has a use for, and what its numbers count."""

    def __init__(self, sentence: Sentence):
        self.sentence = sentence
        self.unused: set[int] = set()
        self._index = {mention.start: index for index, mention in enumerate(sentence.mentions)}

    def reject(self, *mentions: Mention) -> None:
        """Mark mentions as not read."""
        self.unused |= {self._index[mention.start] for mention in mentions}

    def counted(self, stretch: Stretch, head: NumberMention | None, kind: str, before: Claim | None) -> tuple[Counted, Mention | None, str]:
        """What the number of a stretch counts, what became of it, and of what a share is one (`outcome`, `kind`, `world`, or blank)."""
        words = stretch.of(Role.COUNTED)
        outcomes = stretch.of(Role.OUTCOME)
        outcome = outcomes[0] if outcomes else None
        self.reject(*[mention for mention in outcomes if mention.value != outcome.value])
        verb = next(
            (mention.value for mention in stretch.mentions if mention.role is Role.NEUTRAL and isinstance(mention.value, Counted)), None
        )
        if kind in ("share", "points") or (kind == "question" and self._asks_for_share()):
            return self._shared(stretch, words, outcome, before)
        inherited = self._counted_later(stretch)
        if before:
            is_of_two = before.unit in ("change", "times", "place")
            inherited = Counted(
                UNIT_OF.get(before.measure, "requests") if is_of_two else before.unit, before.measure, before.side.request_type
            )
        if stretch.is_shared and inherited.measure in PARTS_OF_REQUESTS and not outcome:
            inherited = replace(inherited, measure="requests")
        if not words and not inherited.measure and outcome and kind == "count":
            inherited = Counted("requests", "requests")
        if not words or (head is not None and head.kind == "occasions" and verb):
            self.reject(*[mention for mention in words if mention.value.measure != "requests"])
            if verb and (kind == "times" or (head is None and kind in ("question", "order", "rank", "difference"))):
                return verb, outcome, ""
            about = {mention.value for mention in stretch.mentions if mention.value in (SUBJECT, FOREIGNERS)}
            if head is not None and verb and (head.kind == "occasions" or head.comparator == "never" or about or verb.measure == "targets"):
                # Only section 702 is aimed at foreigners.
                return (replace(verb, request_type="fisa_702") if FOREIGNERS in about else verb), outcome, ""
            return inherited, outcome, ""
        position = stretch.head.end if stretch.head else stretch.start
        nearest = min(
            words, key=lambda mention: mention.start - position if mention.start >= position else position - mention.end + FOLLOWING
        )
        counted = nearest.value
        if verb and verb.measure == "targets" and counted.unit in (*_PEOPLE, "targets"):
            # No American is a target, and only section 702 is counted by targets.
            self.reject(*([nearest] if form("of_america").match(self.sentence.words(nearest)) else []))
            counted = verb
        elif verb and verb.measure == "queries" and counted.measure not in ("queries", "requests"):
            self.reject(nearest)
        for mention in words:
            other = mention.value
            if other == counted or mention is nearest:
                continue
            if other.measure == "requests" and other.request_type in ("", counted.request_type):
                continue
            if other.measure == "targets" and counted.unit in _PEOPLE:
                counted = other
                continue
            if other.measure == "requests" and other.request_type and not counted.request_type:
                counted = replace(counted, request_type=other.request_type)
            elif not stretch.is_shared and (other.measure, other.request_type) != (counted.measure, counted.request_type):
                self.reject(mention)
        return counted, outcome, ""

    def _counted_later(self, stretch: Stretch) -> Counted:
        # "Japan filed 764 and Australia 6,335 requests": two numbers that "and" joins count the same.
        later = [mention for mention in self.sentence.all(Role.COUNTED, Role.NUMBER) if mention.start >= stretch.end]
        is_joined = form("and_later").search(self.sentence.text, 0, stretch.end)
        roles = [mention.role for mention in later]
        is_alone = roles == sorted(roles) and roles.count(Role.COUNTED) == 1
        return next(mention.value for mention in later if mention.role is Role.COUNTED) if is_joined and is_alone else Counted("", "")

    def _asks_for_share(self) -> bool:
        return any(not form("asks_count").search(self.sentence.words(mention)) for mention in self.sentence.all(Role.QUESTION))

    def _shared(
        self, stretch: Stretch, words: list[Mention], outcome: Mention | None, before: Claim | None
    ) -> tuple[Counted, Mention | None, str]:
        # A share of requests: those that came to something, those of one kind, or those of one country.
        orders = [mention for mention in words if mention.value.measure == "nondisclosure_orders"]
        kinds = [mention for mention in words if mention.value.request_type]
        # Orders without a kind are no requests, so they are no whole of a share of them.
        others = [
            mention
            for mention in words
            if mention.value.measure not in ("requests", "nondisclosure_orders", "letters", "orders")
            or (mention.value.measure == "orders" and not mention.value.request_type)
        ]
        self.reject(*others)
        if orders and not outcome:
            return Counted("share", "nondisclosure_share"), None, "outcome"
        self.reject(*orders)
        if outcome:
            request_type = kinds[0].value.request_type if kinds else before.side.request_type if before and not words else ""
            return Counted("share", outcome.value, request_type), outcome, "outcome"
        origin = stretch.of(Role.ORIGIN)
        kinds_first = kinds and origin and origin[0].value == "of" and kinds[0].end <= origin[0].start
        if origin and not kinds_first and any(mention.role is Role.REQUESTER for mention in stretch.mentions):
            return Counted("share", "requests", kinds[0].value.request_type if kinds else ""), None, "world"
        named = stretch.of(Role.KIND)
        if kinds or named:
            return Counted("share", "requests", kinds[0].value.request_type if kinds else named[0].value), None, "kind"
        whole = [mention for mention in stretch.mentions if mention.role is Role.REQUESTER and mention.value == places.WORLD]
        is_part_sent = stretch.head and (
            (
                form("sent").search(self.sentence.text, 0, stretch.head.start)
                and form("of_others").match(self.sentence.text, stretch.head.end)
            )
            or form("of_them_from").match(self.sentence.text, stretch.head.end)
        )
        if is_part_sent and any(mention.role is Role.REQUESTER and mention.value != places.WORLD for mention in stretch.mentions):
            return Counted("share", "requests"), None, "world"
        if (whole and before and before.side.requester) or any(
            mention.role is Role.REQUESTER and form("share_of").match(self.sentence.text, mention.end) for mention in stretch.mentions
        ):
            return Counted("share", "requests"), None, "world"
        if before and before.measure in PARTS_OF_REQUESTS and not words:
            return Counted("share", before.measure, before.side.request_type), None, "outcome"
        return Counted("share", ""), None, ""
