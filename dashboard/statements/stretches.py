"""How a sentence is cut into stretches: for each of its numbers the mentions that belong to it."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from datetime import date

from dashboard.statements import lexicon
from dashboard.statements.lexicon import Mention, Role, form
from dashboard.statements.mentions import Sentence

NAMES = (Role.REQUESTER, Role.REPORTER, Role.PERIOD)


@dataclass
class Stretch:
    """The mentions that belong to one number, and where in the text they stand."""

    head: Mention | None
    mentions: list[Mention]
    start: int
    end: int
    is_shared: bool = False
    rank: Mention | None = None

    def of(self, *roles: Role) -> list[Mention]:
        """Its mentions of some roles."""
        return [mention for mention in self.mentions if mention.role in roles]

    def meaning(self, *values: object) -> list[Mention]:
        """Its mentions of some values."""
        return [mention for mention in self.mentions if mention.value in values]


def stretches_of(sentence: Sentence) -> tuple[list[Stretch], list[Mention]]:
    """One stretch for each number, cut at the last mark or joining word before the next; and the numbers that no cut parts from another.

    Numbers in one stretch share it. Of numbers that a list of names has “respectively”, each has its own name.
    """
    numbers = sentence.all(Role.NUMBER)
    if respective := _respective(sentence, numbers):
        return respective, []
    starts, heads, rejected = [0], [[number] for number in numbers[:1]] or [[]], []
    for one, other in itertools.pairwise(numbers):
        cuts = [
            match for match in form("separator").finditer(sentence.text, one.end, other.start) if not _is_inside(sentence, match.end() - 1)
        ]
        is_bracketed = sentence.text[other.start - 1] == "(" and sentence.text[other.end : other.end + 1] == ")"
        if is_bracketed and other.value.kind not in ("change", "points"):
            # “Germany (46,572)”: what stands before the bracket is what the number is of.
            cuts = [match for match in cuts if match.end() + 1 != other.start]
        cuts = _before_name(sentence, cuts)
        is_about = form("about_stretches").match(sentence.text, other.start)
        if cuts:
            # After the words that belong to the first number, before those that lead to the second.
            starts.append(cuts[-1].end())
            heads.append([other])
        elif (form("shared").fullmatch(sentence.text, one.end, other.start) or is_about) and one.value.kind in ("share", "count"):
            heads[-1].append(other)
        else:
            rejected.append(other)
    stretches = []
    for start, end, group in zip(starts, [*starts[1:], len(sentence.text)], heads, strict=True):
        inside = [mention for mention in sentence.mentions if start <= mention.start < end]
        for head in group or [None]:
            own = [mention for mention in inside if mention.role is not Role.NUMBER]
            if head is not None and head is not group[0]:
                own = [mention for mention in own if mention.role is not Role.OUTCOME]
            stretches.append(Stretch(head, own, start, end, len(group) > 1))
    return stretches, rejected


def _before_name(sentence: Sentence, cuts: list[re.Match]) -> list[re.Match]:
    """The cuts without a last colon that only parts a name from its number (Germany: 46,572; France: 16,669)."""
    if len(cuts) < 2 or not cuts[-1][0].startswith(":"):
        return cuts
    between = [mention for mention in sentence.mentions if cuts[-2].end() <= mention.start < cuts[-1].start()]
    return cuts[:-1] if [mention.role for mention in between] in [[role] for role in NAMES] else cuts


def _is_inside(sentence: Sentence, position: int) -> bool:
    return any(mention.start < position < mention.end for mention in sentence.mentions if mention.role is not Role.NEUTRAL)


def _respective(sentence: Sentence, numbers: list[Mention]) -> list[Stretch]:
    """Each number with its own name of the one list that has as many; empty where the sentence says no “respectively” or has no such list."""
    words = [one for one in sentence.all(Role.NEUTRAL) if sentence.words(one).lower() in lexicon.words("respectively")]
    if not words or len(numbers) < 2 or not _are_listed(sentence, numbers):
        return []
    lists = [names for role in NAMES if len(names := _expanded(sentence, role)) > 1]
    if len(lists) != 1 or len(lists[0]) != len(numbers):
        return []
    names = lists[0]
    rest = [one for one in sentence.mentions if one.role not in (Role.NUMBER, names[0].role)]
    return [
        Stretch(number, sorted([*rest, name], key=lambda mention: mention.start), 0, len(sentence.text), is_shared=True)
        for number, name in zip(numbers, names, strict=True)
    ]


def _expanded(sentence: Sentence, role: Role) -> list[Mention]:
    """The mentions of a role as one list of names; years side by side as a mention each; empty where they stand apart."""
    mentions = sentence.all(role)
    if role is Role.PERIOD and len(mentions) == 1 and mentions[0].value.years:
        days = [(date(year, 1, 1), date(year, 12, 31)) for year in mentions[0].value.years]
        return [replace(mentions[0], value=replace(mentions[0].value, start=start, end=end, years=())) for start, end in days]
    return mentions if len(mentions) == 1 or _are_listed(sentence, mentions) else mentions + mentions


def _are_listed(sentence: Sentence, mentions: list[Mention]) -> bool:
    return all(form("listed").fullmatch(sentence.text, one.end, other.start) for one, other in itertools.pairwise(mentions))
