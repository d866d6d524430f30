"""What a sentence claims: for each number, what is counted, by whom, for whom, when, and against what."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from dashboard.model import periods, vocabulary
from dashboard.model.intervals import Interval
from dashboard.statements import lexicon
from dashboard.statements.lexicon import Mention, Role
from dashboard.statements.mentions import Sentence

PARTS_OF_REQUESTS = (
    "requests_some_data",
    "requests_content",
    "requests_noncontent",
    "requests_no_data",
    "requests_rejected",
    "requests_challenged",
)
"""Measures that count a part of the requests, so that a share of them can be spoken of."""

MEASURES_NAMED = {
    "requests": ("requests",),
    "orders": ("orders",),
    "nondisclosure orders": ("nondisclosure_orders",),
    "accounts": ("accounts_specified", "accounts_affected"),
    "identifiers": ("identifiers",),
    "people": ("persons",),
    "letters": ("letters",),
    "targets": ("targets",),
    "queries": ("queries",),
}
"""Which measures are the very thing that a sentence names; a unit that is not here (share, times, …) is made by a formula."""
_AKIN = {
    "requests": (*(measure for measure in vocabulary.MEASURES if measure.startswith("requests_")), "letters"),
    "orders": ("nondisclosure_orders",),
    "nondisclosure orders": ("gags_lifted",),
    "accounts": ("accounts_preserved",),
    "identifiers": ("selectors",),
    "letters": ("requests", "gags_lifted"),
}
MEASURES_OF = {unit: (*measures, *_AKIN.get(unit, ())) for unit, measures in MEASURES_NAMED.items()}
"""Which measures count what a sentence names, in whole or in part, so that they can test it."""
UNIT_OF = {measure: unit for unit, measures in MEASURES_NAMED.items() for measure in measures} | {
    "accounts_preserved": "accounts",
    "selectors": "identifiers",
}
"""The unit in which a claim about a measure is spoken; every other count is one of requests."""


@dataclass(frozen=True)
class Side:
    """What a number is about: who published it, whose government asked, which kind, when. Blank fields were not said.

    `added` are further countries whose counts are added to that of `requester`. `measure` is set where the two sides of a comparison
    count different things.
    """

    reporter: str = ""
    requester: str = ""
    added: tuple[str, ...] = ()
    measure: str = ""
    request_type: str = ""
    authority: str = ""
    service: str = ""
    agency: str = ""
    start: date | None = None
    end: date | None = None
    months: int | None = None

    @property
    def period(self) -> periods.Period | None:
        """The days spoken of; None where they were not said or have no end."""
        return periods.Period(self.start, self.end) if self.start and self.end else None

    @property
    def is_of_years(self) -> bool:
        """Whether the days spoken of are whole months, and more than a year of them."""
        return self.period is not None and (self.period.months or 0) > periods.MONTHS_A_YEAR


@dataclass(frozen=True)
class Claim:
    """One number of a sentence, or one comparison without a number, and what it is to be held against.

    `kind` is that of the number, or `order` (more, fewer, rose, fell), `rank` (the place `among` each `requester`, or each
    `period` up to this one, or `every period`, in both cases since the start of `other` where there is one), `question`, or `when` (in which year or half-year, as `among` says). A difference `among` two that are `apart` is that of the higher one from the other. A count that was `never` so is one of all times, or of those `before` the side's. `other` is the second side of a comparison.
    `share_part` says of what a share is one: `outcome`, `kind` (one kind of all), `world` (one country of all); `rest` where the
    sentence speaks of the others, and `claimed` is of those with the outcome. `is_open`: the kind of demand may be said of all kinds.
    """

    claimed: Interval
    rounded: Interval
    comparator: str
    kind: str
    unit: str
    measure: str
    per: str = "whole"
    each: bool = False
    share_part: str = ""
    side: Side = Side()
    other: Side | None = None
    words: str = ""
    among: str = ""
    is_lowest: bool = False
    is_open: bool = False


@dataclass(frozen=True)
class Understanding:
    """A sentence, its claims in order, and whether it asks for the number."""

    sentence: Sentence
    claims: tuple[Claim, ...]

    @property
    def unread(self) -> tuple[str, ...]:
        """The words that were not used."""
        stretches: list[Mention] = []
        for mention in self.sentence.all(Role.UNREAD):
            if stretches and not re.search(r"\w|[,;.]", self.sentence.text[stretches[-1].end : mention.start]):
                stretches[-1] = replace(stretches[-1], end=mention.end)
            else:
                stretches.append(mention)
        return tuple(self.sentence.words(mention) for mention in stretches)


def rest_of(share: Interval) -> Interval:
    """The share of the others."""
    return Interval(round(1 - share.high, 12), round(1 - share.low, 12))


def names_of(agency: str) -> tuple[str, ...]:
    """The reporters that publish the counts of an authority."""
    return tuple(lexicon.agency_reporters().get(agency, ()))
