"""The places in an order that a sentence speaks of: the most requests of any country, ranked third, among the top five, a record."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from dashboard.model.intervals import Interval
from dashboard.statements.lexicon import ORDINALS, SMALL_NUMBERS, Mention, Role, form, forms


@dataclass(frozen=True)
class Rank:
    """Places in an order, the first being that of the highest number, among the countries that ask or among periods (`among`).

    `period` is the time itself among those before it, `every period` also among those after it.

    `is_compared` is set where only “more” makes it one (more than any other country; no country sent more than …),
    `is_lowest` where the first is the lowest number, `years` where only so many years up to the time are put in order.
    """

    interval: Interval
    among: str
    is_compared: bool = False
    is_lowest: bool = False
    years: int = 0

    @property
    def is_alone_first(self) -> bool:
        """Whether it is the first place among countries, and no other."""
        return self.among == "requester" and not self.is_compared and self.interval == Interval.exact(1)


def ranks_in(text: str) -> list[Mention]:
    """The ranks in a text from which times and publishers are blanked, and “which country” or “which year” where it asks for the first of them."""
    if question := form("which_year").match(text):
        rank = [
            Mention(Role.RANK, Rank(Interval.exact(1), "period", is_lowest=not match["high"]), *match.span())
            for match in form("most").finditer(text)
        ]
        first = [Mention(Role.NEUTRAL, FIRST, *match.span()) for match in form("first").finditer(text)]
        return [*rank, *first, Mention(Role.QUESTION, "when", *question.span(1))] if len(rank) + len(first) == 1 else []
    extremes = [
        Mention(Role.RANK, Rank(Interval.exact(1), among, is_lowest=bool(match["low"] or match["lowest"])), *match.span())
        for match in form("extremes").finditer(text)
        for among in ("every period" if match["peak"] else "period",)
    ]
    extremes += [Mention(Role.NEUTRAL, FIRST, *match.span()) for match in form("first_time").finditer(text)]
    if extremes:
        return extremes
    is_weighed = form("which").search(text) or form("other_named").search(text)
    mentions = [
        Mention(Role.RANK, Rank(_places(match), entry["among"], entry.get("compared", False)), *match.span())
        for pattern, entry in (*forms("ranks"), *(forms("ranks_weighed") if is_weighed else ()))
        for match in pattern.finditer(text)
        if not (entry["among"] == "requester" and form("received").search(text[: match.start()]) and not form("which").match(text))
    ]
    questions = [Mention(Role.QUESTION, "which", *match.span(1)) for match in form("which").finditer(text)] if mentions else []
    return [*mentions, *questions]


def in_a_row(text: str) -> list[Mention]:
    """For how many years in a row, as a rate whose value is that number; and the high or low of so many years, as a rank."""
    mentions = []
    for match in form("of_years").finditer(text):
        count = match["count"].lower()
        years = int(count) if count.isdigit() else SMALL_NUMBERS[count]
        mentions.append(Mention(Role.RANK, Rank(Interval.exact(1), "period", is_lowest=bool(match["low"]), years=years), *match.span()))
    for match in form("in_a_row").finditer(text):
        word = (match["nth"] or match["count"]).lower()
        years = int(word) if word.isdigit() else 1 + ORDINALS.index(word) if match["nth"] else SMALL_NUMBERS[word]
        mentions.append(Mention(Role.RATE, years, *match.span()))
    return mentions


def _places(match: re.Match) -> Interval:
    groups = {name: value.lower() for name, value in match.groupdict().items() if value}
    if "top" in groups:
        return Interval(1, int(groups["top"]) if groups["top"].isdigit() else SMALL_NUMBERS[groups["top"]])
    ordinal = groups.get("place", "first")
    return Interval.exact(int(ordinal[:-2]) if ordinal[0].isdigit() else 1 + ORDINALS.index(ordinal))


FIRST = "first"
"""The value of “first” before what a number passed for the first time."""
ANY_PLACE = Interval(1, math.inf)
