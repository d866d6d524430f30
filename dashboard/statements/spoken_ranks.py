"""The places in an order that a sentence speaks of: the most requests of any country, ranked third, among the top five, a record."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from dashboard.model.intervals import Interval
from dashboard.statements.lexicon import SMALL_NUMBERS, Mention, Role


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
    if asked := _WHICH_YEAR.match(text):
        rank = [
            Mention(Role.RANK, Rank(Interval.exact(1), "period", is_lowest=not match["high"]), *match.span())
            for match in _MOST.finditer(text)
        ]
        first = [Mention(Role.NEUTRAL, FIRST, *match.span()) for match in _FIRST.finditer(text)]
        return [*rank, *first, Mention(Role.QUESTION, "when", *asked.span(1))] if len(rank) + len(first) == 1 else []
    extremes = [
        Mention(Role.RANK, Rank(Interval.exact(1), among, is_lowest=bool(match["low"] or match["lowest"])), *match.span())
        for match in _EXTREMES.finditer(text)
        for among in ("every period" if match["peak"] else "period",)
    ]
    extremes += [Mention(Role.NEUTRAL, FIRST, *match.span()) for match in _FIRST_TIME.finditer(text)]
    if extremes:
        return extremes
    forms = (*_FORMS, *_SHORT) if _WHICH.search(text) or _OTHER_NAMED.search(text) else _FORMS
    mentions = [
        Mention(Role.RANK, Rank(_places(match), among, is_compared), *match.span())
        for pattern, among, is_compared in forms
        for match in pattern.finditer(text)
        if not (among == "requester" and _RECEIVED.search(text[: match.start()]) and not _WHICH.match(text))
    ]
    questions = [Mention(Role.QUESTION, "which", *match.span(1)) for match in _WHICH.finditer(text)] if mentions else []
    return [*mentions, *questions]


def in_a_row(text: str) -> list[Mention]:
    """For how many years in a row, as a rate whose value is that number; and the high or low of so many years, as a rank."""
    mentions = []
    for match in _OF_YEARS.finditer(text):
        count = match["count"].lower()
        years = int(count) if count.isdigit() else SMALL_NUMBERS[count]
        mentions.append(Mention(Role.RANK, Rank(Interval.exact(1), "period", is_lowest=bool(match["low"]), years=years), *match.span()))
    for match in _IN_A_ROW.finditer(text):
        word = (match["nth"] or match["count"]).lower()
        years = int(word) if word.isdigit() else 1 + _ORDINALS.index(word) if match["nth"] else SMALL_NUMBERS[word]
        mentions.append(Mention(Role.RATE, years, *match.span()))
    return mentions


def _places(match: re.Match) -> Interval:
    groups = {name: value.lower() for name, value in match.groupdict().items() if value}
    if "top" in groups:
        return Interval(1, int(groups["top"]) if groups["top"].isdigit() else SMALL_NUMBERS[groups["top"]])
    ordinal = groups.get("place", "first")
    return Interval.exact(int(ordinal[:-2]) if ordinal[0].isdigit() else 1 + _ORDINALS.index(ordinal))


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_IN_A_ROW = re.compile(
    rf"\b(?:for )?(?:the|a) (?P<nth>{'|'.join(_ORDINALS)}) (?:(?:consecutive|straight|successive) year(?: running| in a row)?|year (?:running|in a row))\b"
    rf"|\bfor (?:the )?(?P<count>\d|{'|'.join(SMALL_NUMBERS)}) (?:(?:consecutive|straight|successive) years|years (?:running|in a row))\b",
    re.IGNORECASE,
)
_OF_YEARS = re.compile(
    rf"\b(?:an? )?(?P<count>\d{{1,2}}|{'|'.join(SMALL_NUMBERS)})[- ]years? (?:high|(?P<low>low))\b(?: of)?", re.IGNORECASE
)
_PLACE = rf"(?P<place>{'|'.join(_ORDINALS)}|\d(?:st|nd|rd|th))"
_COUNTRIES = r"(?:countr(?:y|ies)|governments?|nations?|states?|jurisdictions?)"
_COUNTED = r"(?=[^,.;]{0,40}\b(?:requests?|demands?|inquiries|warrants|subpoenas|accounts|users)\b)"
_FORMS = tuple(
    (re.compile(pattern, re.IGNORECASE), among, is_compared)
    for pattern, among, is_compared in (
        (rf"\b(?:by far )?the (?:{_PLACE}[- ])?(?:most|(?:high|large|bigg|great)est (?:number|amount|total|count|volume) of)\b{_COUNTED}", "requester", False),
        (r"(?<!than )\b(?:the )?most (?:often|frequently)\b", "requester", False),
        (rf"\b(?:ranks?|ranked|comes?|came|placed|finished|is|are|was|were)(?: in)? {_PLACE}(?: place)?\b(?! (?:time|half|year)\b)(?!(?: only)? to (?!(?:the )?(?-i:[A-Z])))", "requester", False),
        (rf"\bin {_PLACE} place\b", "requester", False),
        (rf"\b(?:among|in|within)(?: the)?(?: world['’]s)? top (?P<top>\d+|{'|'.join(SMALL_NUMBERS)})(?: {_COUNTRIES}| requesters)?\b", "requester", False),
        (rf"\b(?:topped|tops|leads|led|heads|headed) the (?:list|rankings?|(?:league )?table|field)(?: of (?:requesters|{_COUNTRIES}))?\b|\bled(?= with\b)", "requester", False),
        (rf"\bthe (?:{_PLACE}[- ])?(?:top|biggest|largest|leading|most active) (?:requester|source(?= of (?:government |data |user data )*requests)|requesting {_COUNTRIES})\b", "requester", False),
        (rf"\bthan any(?: other)? {_COUNTRIES}\b(?: in the world| on earth)?", "requester", True),
        (rf"\bno(?: other)? {_COUNTRIES}\b", "requester", True),
        (r"\bals (?:jedes|irgendein) andere[rs]? Land\b|\bque (?:tout autre pays|ningún otro país|cualquier otro país)\b", "requester", True),
        (r"排名第一|居首|最多", "requester", False),
        (r"\b(?:an? )?(?:new |all-time )?record(?: (?:number|high|level|total))?(?: of)?\b(?!s)|\ban all-time high\b", "period", False),
        (r"\bthan (?:in |during )?any other (?:year|half[- ]year|six months|period|reporting period)\b|\bthan ever before or since\b", "every period", True),
        (r"\bthan (?:in |during )?any (?:previous|earlier|prior|preceding) (?:year|half[- ]year|six months|period|reporting period)\b|\bthan (?:in |during )?any (?:year|half[- ]year|period) before\b|\bthan ever(?: before)?\b(?! or)", "period", True),
    )
)  # fmt: skip
"""What says a rank, among what, and whether it does so only beside “more”."""
_SHORT = ((re.compile(rf"\bmost\b{_COUNTED}", re.IGNORECASE), "requester", False),)
"""What says a rank where countries are weighed against each other; elsewhere “most requests” may be more than half of them."""
_OTHER_NAMED = re.compile(r", not (?:the )?(?-i:[A-Z])", re.IGNORECASE)
_EXTREMES = re.compile(
    r"\b(?:an? )?(?:new )?(?P<low>(?:all-time|record) low\b(?: of)?|the lowest (?:level )?(?:ever|on record)\b)"
    r"|\b(?:an? new high\b|(?:its|their|the) highest (?:level )?(?:ever|on record)\b)"
    r"|\b(?:at |to |on )?(?:its|their|the) (?:highest|(?P<lowest>lowest))(?: level| number| total)?(?= since\b| ?\x00)"
    r"|\b(?P<peak>peaked|(?:reached|hit|had) (?:a|its|their) (?:peak|highest (?:point|level))|were at (?:a|their) peak)\b",
    re.IGNORECASE,
)
_WHICH_YEAR = re.compile(
    r"^\W*((?:in )?(?:which|what) (?:half[- ])?year|when|(?:has|have|had|did)(?=.*\bever\b))\b(?=.*[?？])", re.IGNORECASE
)
_MOST = re.compile(
    r"\b(?<!at )(?:the )?(?:(?P<high>most|(?:high|large|great)est)|fewest|least|lowest|smallest)\b(?: (?:number|total|count) of)?",
    re.IGNORECASE,
)
FIRST = "first"
"""The value of “first” before what a number passed for the first time."""
_FIRST_TIME = re.compile(r"\bfor the first time(?: ever)?\b", re.IGNORECASE)
_FIRST = re.compile(r"\bfirst(?= (?:exceed|surpass|pass|top|receive|get|send|make)\b)|\bfor the first time\b|\bever\b", re.IGNORECASE)
_RECEIVED = re.compile(
    r"(?:\b(?:received|receives|receive|got|gets|get|fielded|handled)|(?:\x00|\bit|\bcompany|\bfirm) (?:had|has|saw))\s$", re.IGNORECASE
)
"""Who receives the most requests is first among companies, which count differently."""
_WHICH = re.compile(
    rf"^\W*((?:(?:from|in) )?(?:which|what|whose) {_COUNTRIES}(?:['’]s (?:government|authorities|police))?|who|welches Land|quel pays|qué país|哪个国家)(?=.*[?？])",
    re.IGNORECASE,
)
ANY_PLACE = Interval(1, math.inf)
