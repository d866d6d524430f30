"""What each stretch of a sentence is taken for: every letter belongs to one mention at most, and a word that nothing knows is not read."""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from dataclasses import dataclass, replace

import pandas as pd

from dashboard.model.intervals import Interval, number
from dashboard.statements import lexicon
from dashboard.statements.lexicon import Mention, Role, blanked, form
from dashboard.statements.spoken_names import reporters_in, requesters_in
from dashboard.statements.spoken_numbers import InvalidClaim, NumberMention, numbers_in, often_in
from dashboard.statements.spoken_periods import TimeSpan, periods_in
from dashboard.statements.spoken_ranks import in_a_row, ranks_in

MAX_LENGTH = 4_000
"""Characters of a text, at most."""
BESIDE = 40
"""Letters between a word and the number that it bears on, at most."""
BEHIND = "behind"
"""The value of the word before a country that is ahead in an order."""
SUBJECT, FOREIGNERS = "subject", "foreigners"
"""The values of mentions of those whose data are searched or who are targeted: no country that asks."""


@dataclass(frozen=True)
class Sentence:
    """A text in one line and its mentions in its order; what is only spaces and marks belongs to none."""

    text: str
    mentions: tuple[Mention, ...]

    def all(self, *roles: Role) -> list[Mention]:
        """The mentions of some roles, in the order of the text."""
        return [mention for mention in self.mentions if mention.role in roles]

    def words(self, mention: Mention) -> str:
        """The words of a mention as they stand in the text."""
        return self.text[mention.start : mention.end].strip()


def read(text: str, reporters: pd.DataFrame) -> Sentence:
    """A sentence with the use of each of its words; `reporters` has the columns `reporter`, `name` and `kind`.

    Raises `InvalidClaim` where the text is too long, holds markup, or too many numbers.
    """
    text = plain(text)
    scan = _Scan(text)
    scan.take([Mention(Role.SPEAKER, None, *match.span()) for pattern, _ in lexicon.forms("dateline") for match in pattern.finditer(text)])
    scan.take_form("own_users", Role.UNREAD)
    scan.take(in_a_row(scan.free))
    scan.take(periods_in(scan.free))
    scan.take(reporters_in(scan.free, reporters))
    scan.take_table("described", Role.NEUTRAL)
    scan.take(often_in(scan.free))
    scan.take(ranks_in(scan.free))
    for table, role in (
        ("rest", Role.OUTCOME),
        ("origin", Role.ORIGIN),
        ("agency", Role.AGENCY),
        ("rate", Role.RATE),
        ("counted", Role.COUNTED),
        ("kind", Role.KIND),
        ("question", Role.QUESTION),
    ):
        scan.take_table(table, role)
    numbers = numbers_in(scan.free)
    scan.take([Mention(Role.NUMBER, number_mention, number_mention.start, number_mention.end) for number_mention in numbers])
    scan.take_table("outcome", Role.OUTCOME)
    scan.take_nothing()
    scan.take_table("together", Role.TOGETHER)
    scan.take_names()
    if any(mention.role is Role.RANK for mention in scan.mentions):
        countries = {mention.start for mention in scan.mentions if mention.role is Role.REQUESTER}
        leads = [match for match in form("behind").finditer(scan.free) if match.end() in countries]
        scan.take([Mention(Role.NEUTRAL, BEHIND, *match.span("words")) for match in leads])
        scan.take_denied()
    scan.take_denied_numbers()
    scan.take_renaming()
    scan.take_table("authority", Role.AUTHORITY)
    for table, role in (
        ("counted_verb", Role.NEUTRAL),
        ("apart", Role.NEUTRAL),
        ("size", Role.NEUTRAL),
        ("direction", Role.DIRECTION),
        ("comparison", Role.COMPARISON),
    ):
        scan.take_table(table, role)
    scan.take_table("filler", Role.NEUTRAL)
    scan.take([Mention(Role.UNREAD, None, *match.span(1)) for match in form("other_question").finditer(scan.free)])
    scan.take_form("turned", Role.UNREAD)
    scan.take_rest()
    spoken = _without_speaker(text, sorted(scan.mentions, key=lambda mention: mention.start))
    companies = frozenset(reporters["reporter"][reporters["kind"] == "company"])
    return Sentence(text, tuple(_without_senders(text, spoken, companies)))


def plain(text: str) -> str:
    """A pasted text as plain words in one line; raises `InvalidClaim` where it is too long or holds markup."""
    if len(text) > MAX_LENGTH:
        raise InvalidClaim(f"The text has {number(len(text))} characters; paste one sentence, at most {number(MAX_LENGTH)}.")
    if form("markup").search(text):
        raise InvalidClaim("The text holds markup or a link in brackets; paste the words alone.")
    return re.sub(r" {2,}", " ", "".join(_letter(letter) for letter in text)).strip()


class _Scan:
    """The text, what is taken of it so far, and the text with that blanked."""

    def __init__(self, text: str):
        self.text, self.free, self.mentions = text, text, []

    def take(self, mentions: list[Mention]) -> None:
        """Take mentions that do not overlap what is taken already."""
        for mention in mentions:
            if "\x00" not in self.free[mention.start : mention.end]:
                self.mentions.append(mention)
                self.free = blanked(self.free, [mention])

    def take_table(self, name: str, role: Role) -> None:
        """Take what the patterns of one table fit, longer phrases before the words inside them."""
        for pattern, value in lexicon.table(name):
            self.take([Mention(role, value, *match.span()) for match in pattern.finditer(self.free)])

    def take_form(self, name: str, role: Role) -> None:
        """Take what one pattern fits."""
        self.take([Mention(role, None, *match.span()) for match in form(name).finditer(self.free)])

    def take_nothing(self) -> None:
        """Take “no” before what is counted as the number zero, and “never” as zero at any time."""
        counted = {mention.start for mention in self.mentions if mention.role is Role.COUNTED}
        for match in form("all_or_none").finditer(self.free):
            share = Interval.exact(float(match[0].lower().startswith(("all", "every"))))
            is_of_orders = any(mention.role is Role.COUNTED and mention.value.unit == "nondisclosure orders" for mention in self.mentions)
            if (self.free[match.start() - 2 : match.start()] == "\x00 " and self._ends(Role.OUTCOME, match.start() - 1)) or (
                (self._ends(Role.OUTCOME) or is_of_orders) and (match.start() == 0 or not share.low)
            ):
                self.take([Mention(Role.NUMBER, NumberMention(share, share, "exactly", "share", *match.span()), *match.span())])
        for match in form("nothing").finditer(self.free):
            if match["never"] and self._is_never_beyond(match):
                continue
            leads = any(match.end() <= start <= match.end() + BESIDE and "," not in self.text[match.end() : start] for start in counted)
            if match["never"] or leads:
                zero = NumberMention(Interval.exact(0), Interval.exact(0), "never" if match["never"] else "exactly", "count", *match.span())
                self.take([Mention(Role.NUMBER, zero, *match.span())])

    def _ends(self, role: Role, position: int | None = None) -> bool:
        return any(mention.role is role and position in (None, mention.end) for mention in self.mentions)

    def _is_never_beyond(self, never: re.Match) -> bool:
        """Whether a limit follows “never” (never more than 500): then that number is turned round, and “never” is no number of its own."""
        for index, mention in enumerate(self.mentions):
            leads = mention.role is Role.NUMBER and 0 <= mention.start - never.end() <= BESIDE and mention.value.kind == "count"
            if leads and (turned := _BEYOND.get(mention.value.comparator)) and "," not in self.text[never.end() : mention.start]:
                interval = turned(mention.value.interval)
                value = replace(mention.value, interval=interval, rounded=interval, comparator="never")
                self.mentions[index] = replace(mention, value=value)
                self.take([Mention(Role.DIRECTION, "never", *never.span())])
                return True
        return False

    def take_names(self) -> None:
        """Take countries; the subject of a surveillance (Americans, foreigners) is none."""
        self.take_table("subject", Role.NEUTRAL)
        self.take(requesters_in(self.free, self.text))

    def take_denied(self) -> None:
        """Take “not” and the country after it beside one that is said to be the first: who is first leaves no other there."""
        if any(mention.role is Role.RANK and not mention.value.is_alone_first for mention in self.mentions):
            return
        for match in form("denied").finditer(self.free):
            self.mentions = [replace(one, role=Role.NEUTRAL, value=None) if one.start == match.end() else one for one in self.mentions]
            self.take([Mention(Role.NEUTRAL, None, *match.span("words"))])

    def take_denied_numbers(self) -> None:
        """Take “not” and the count after it where another count is said instead (46,572, not 26,939): who is right about that one denies this."""
        numbers = sorted((one for one in self.mentions if one.role is Role.NUMBER), key=lambda mention: mention.start)
        for match in form("denied_number").finditer(self.free):
            index = next((index for index, one in enumerate(numbers) if one.start == match.end()), None)
            stated = numbers[index + 1 if match["first"] else index - 1] if index is not None and len(numbers) == 2 else None
            if (
                stated
                and all(one.value.kind == "count" for one in numbers)
                and not stated.value.rounded.overlaps(numbers[index].value.rounded)
            ):
                self.mentions = [replace(one, role=Role.NEUTRAL, value=None) if one == numbers[index] else one for one in self.mentions]
                self.take([Mention(Role.NEUTRAL, None, *match.span())])

    def take_renaming(self) -> None:
        """Take the words between two names of one publisher (Twitter, now X), and the services named after it (Meta, owner of Instagram)."""
        names = sorted(
            (mention for mention in self.mentions if mention.role in (Role.REPORTER, Role.SERVICE)), key=lambda mention: mention.start
        )
        for publisher in (name for name in names if name.role is Role.REPORTER):
            match = form("services").match(self.free, publisher.end)
            inside = [mention for mention in self.mentions if match and match.start() <= mention.start < match.end()]
            owned = [mention for mention in inside if str(mention.value).split("/")[0] == publisher.value]
            if inside and inside == owned:
                self.mentions = [replace(mention, role=Role.NEUTRAL) if mention in owned else mention for mention in self.mentions]
                self.take([Mention(Role.NEUTRAL, None, *one.span()) for one in form("word").finditer(self.free, *match.span())])
        for one, other in itertools.pairwise(names):
            for pattern, _ in lexicon.table("renamed"):
                match = pattern.search(self.free, one.end, other.start)
                if (
                    match
                    and one.value.split("/")[0] == other.value
                    and not re.search(
                        r"\w", form("possessive").sub("", self.free[one.end : match.start()] + self.free[match.end() : other.start])
                    )
                ):
                    self.take([Mention(Role.NEUTRAL, None, *match.span())])
                    self.mentions = [
                        replace(one, role=Role.NEUTRAL) if mention == one and one.role is Role.SERVICE else mention
                        for mention in self.mentions
                    ]

    def take_rest(self) -> None:
        """Take neutral words; every other word is not read."""
        self.take_form("possessive", Role.NEUTRAL)
        self.take([Mention(Role.NEUTRAL, None, *match.span()) for match in lexicon.neutral_signs().finditer(self.free)])
        self.take_form("tags", Role.NEUTRAL)
        for match in form("word").finditer(self.free):
            is_neutral = match[0].lower() in lexicon.neutral_words() and match[0] != "US"
            self.take([Mention(Role.NEUTRAL if is_neutral else Role.UNREAD, None, *match.span())])


def _without_speaker(text: str, mentions: list[Mention]) -> list[Mention]:
    # Whoever is said to have said it is no part of the number: neither their names nor their country, nor the day of saying it.
    for start, end in [
        match.span() for pattern, _ in lexicon.forms("speech") for match in pattern.finditer(text) if not form("doubted").search(match[0])
    ]:
        inside = [mention for mention in mentions if start <= mention.start and mention.end <= end]
        rest = [mention for mention in mentions if mention not in inside]
        names_publisher = any(mention.role in (Role.REPORTER, Role.AGENCY) for mention in rest)
        mentions = sorted([*rest, *(_as_spoken(mention, names_publisher) for mention in inside)], key=lambda mention: mention.start)
    return mentions


def _without_senders(text: str, mentions: list[Mention], companies: frozenset[str]) -> list[Mention]:
    """Requests go from a government to a company: not read are a company that sends them, a government that they go to or are about, and the country of others who ask."""
    counted = {mention.end for mention in mentions if mention.role is Role.COUNTED and mention.value.unit in _SENT}
    turned = []
    for mention in mentions:
        before, after = text[: mention.start], text[mention.end :]
        is_sender = (
            mention.role is Role.REPORTER
            and mention.value in companies
            and (
                (form("sends").match(after) and not form("addressed").search(before))
                or ((match := form("by").search(before)) and (match.start() in counted or match["verb"]))
            )
        )
        is_addressee = mention.role is Role.REQUESTER and (
            form("private").match(after)
            or ((match := form("about").search(before)) and match.start() in counted)
            or (form("receives").match(after) and not form("addressed").search(before))
        )
        turned.append(replace(mention, role=Role.UNREAD) if is_sender or is_addressee else mention)
    return turned


def _as_spoken(mention: Mention, names_publisher: bool) -> Mention:
    is_day = isinstance(mention.value, TimeSpan) and mention.value.start is not None and mention.value.start == mention.value.end
    is_kept = (
        mention.role is Role.NUMBER
        or (mention.role is Role.PERIOD and not is_day)
        or (mention.role is Role.REPORTER and not names_publisher)
    )
    return mention if is_kept else replace(mention, role=Role.SPEAKER)


_SENT = ("requests", "orders", "letters", "warrants", "nondisclosure orders")
_BEYOND = {
    "more than": lambda limit: Interval(-math.inf, limit.low),
    "less than": lambda limit: Interval(limit.high, math.inf),
    "at least": lambda limit: Interval(-math.inf, limit.low - 1),
}
"""What a number is that was never beyond a limit."""


def _letter(letter: str) -> str:
    if letter.isspace():
        return " "
    if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return ""
    digit = unicodedata.decimal(letter, None)
    return str(digit) if digit is not None else letter
