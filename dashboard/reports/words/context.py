"""What words outside the columns say of the figures beside them: a title, a sheet's name, a line between rows, a note, a file's name.

They go through the same lexicon as headers. What is left over is kept as `rest`: a place or a year alone counts only where nothing is.
"""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass

from dashboard.model import places, vocabulary
from dashboard.model.periods import Period
from dashboard.reports.words import periods
from dashboard.reports.words.headers import Meaning, is_phrase, meaning_of, named_authority, spaced
from dashboard.reports.words.period_words import either, word_file

_LONGEST_PLACE = 6
# Names that programs give to any list of things.
_PLAIN_NAMES = ("items", "posts")
FIGURES = re.compile(r"(?:notes?:? )?(?:all |the )?(?:figures|numbers|values|data|amounts)\b", re.IGNORECASE)
"""With what a text begins that is about all figures."""


@dataclass(frozen=True)
class Context:
    """What a text says: the period, the place, the kind of request, who asked, what is counted, in which scale.

    `kinds` are all kinds of request it names, `request_type` the only one of them. `is_other_subject`: it is about something else than
    requests for user data, such as those that went to governments (`is_outgoing`); `is_derived`: about averages, changes or shares, which
    are no counts. `rest` are the words that mean nothing here.
    """

    text: str
    period: Period | None = None
    requester: str = ""
    request_type: str = ""
    kinds: frozenset[str] = frozenset()
    authority: str = ""
    measure: str = ""
    scale: int = 1
    is_other_subject: bool = False
    is_outgoing: bool = False
    is_derived: bool = False
    is_narrowed: bool = False
    rest: str = ""

    @property
    def is_understood(self) -> bool:
        """Whether every word of it means something here, and at least one means something for figures."""
        return not self.rest and bool(
            self.period or self.requester or self.request_type or self.authority or self.measure or self.scale != 1 or self.is_other_subject
        )


@functools.cache
def pattern_of(topic: str) -> re.Pattern:
    """A pattern of the words of one topic of `context.toml`, whatever the language."""
    by_language = dict(word_file("context")[topic])
    in_chinese = by_language.pop("zh", [])
    return re.compile("|".join([rf"\b{either(itertools.chain(*by_language.values()))}\b", *in_chinese]), re.IGNORECASE)


def _says_within(topic: str, text: str) -> bool:
    # Whether a text holds one of the stretches of a topic, which may begin and end within a word.
    return any(re.search(stretch, text) for stretch in itertools.chain(*word_file("context")[topic].values()))


@functools.lru_cache(maxsize=4096)
def context_of(text: str, first_month: int | None = None) -> Context:
    """What a text outside the columns says; `first_month` is that of fiscal years, where it is known."""
    text = " ".join(text.replace("_", " ").split())
    named = periods.mentions(text[:500], first_month)
    folded = periods.folded(text)
    for _, words in named:
        folded = folded.replace(words, " | ", 1)
    requester, folded = place_in(folded if named else periods.folded(spaced(text)), text)
    meant = meaning_of(folded)
    different = {period for period, _ in named}
    rest = meant.rest
    # A year alone, or one month, is as often the day of publication.
    lengths = {period.months for period in different}
    is_firm = len(different) == 1 and (
        not lengths & {1, 12}
        or not (rest.strip("| ") or pattern_of("report").search(folded) or pattern_of("dated").search(periods.folded(text)))
    )
    is_outgoing = is_sent_to_governments(text)
    kinds = frozenset(tag.partition(":")[2] for tag in meant.tags if tag.startswith("type:")) - {"all"}
    return Context(
        text,
        period=next(iter(different)) if is_firm else None,
        requester=requester if not rest else "",
        request_type=next(iter(kinds)) if len(kinds) == 1 else "",
        kinds=kinds,
        authority=meant.authority,
        measure=_measure(meant),
        scale=meant.scale,
        is_other_subject=is_outgoing or ("other_subject" in meant.tags and text.casefold() not in _PLAIN_NAMES),
        is_outgoing=is_outgoing,
        is_derived="derived" in meant.tags,
        is_narrowed=bool(pattern_of("narrowing").search(folded)) and _measure(meant) in ("", "requests"),
        rest=" ".join(word for word in rest.split() if word not in ("|",)),
    )


def is_about_figures(text: str) -> bool:
    """Whether a text apart from any table is about all figures: it begins with them, says that they are of some requests only, or names a scale alone."""
    context = context_of(text)
    is_limit = re.search(r"\bonly\W*$", text, re.IGNORECASE) is not None and "subject:requests" in meaning_of(text).tags
    return is_limit or FIGURES.match(text.strip()) is not None or (context.scale != 1 and not context.rest)


def is_sent_to_governments(text: str, publisher: str = "") -> bool:
    """Whether a text is about requests that a publisher made: “Requests sent by Acme to governments”, or by name where that is known."""
    folded = periods.folded(text)
    by = rf"\b(?:sent|made|submitted|issued|filed|initiated) by (?:us|{re.escape(periods.folded(publisher)) or 'us'})\b"
    return re.search(by, folded) is not None or (_says_within("to_governments", folded) and not _says_within("answered", folded))


def _measure(meant: Meaning) -> str:
    # Of what a title may say that all figures below it count; “requests” is said of every report.
    return meant.measure if not meant.rest and not meant.bound and meant.measure not in vocabulary.SHARES else ""


def is_region(text: str) -> bool:
    """Whether a text names a group of countries, or a subtotal of some."""
    meant = meaning_of(text)
    return places.fold(text) in itertools.chain(*word_file("context")["regions"].values()) or (meant.is_total and bool(meant.rest))


@functools.lru_cache(maxsize=4096)
def place_and_authority(text: str) -> tuple[str, str]:
    """The code of a country and its authority where a name says both, as “US (federal)” and “United States – state” do; else both blank."""
    named = re.fullmatch(r"(.+?) ?[(\[](.+)[)\]]|(.+?)(?: [-–—:] |, )(.+)", text.strip())
    country, words = (named[1] or named[3], named[2] or named[4]) if named else ("", "")
    code = places.code(country) or ""
    authority = "state_local" if places.fold(words) == "state" else named_authority(words) or ""
    return (code, authority) if code and authority in ("federal", "state_local") else ("", "")


def place_in(folded: str, text: str) -> tuple[str, str]:
    """The one place that some words of a text name, blank where none or several, and its folded words with `|` in place of that.

    Words of the lexicon name no place, nor does “us” in small letters.
    """
    words = folded.split()
    spans: list[tuple[int, int, str]] = []
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + _LONGEST_PLACE), start, -1):
            name = " ".join(words[start:end]).strip(".,:;()-–|")
            code = places.code(name) if len(name) > 3 or name in ("usa", "uk", "us", "uae") else None
            if name == "us" and not re.search(r"\bU\.?S\b", text):
                code = None
            if code and (code != places.WORLD or name in ("worldwide", "world")) and not is_phrase(name):
                spans.append((start, end, code))
                start = end - 1
                break
        start += 1
    if len({code for _, _, code in spans}) != 1:
        return "", folded
    for start, end, _ in reversed(spans):
        words[start:end] = ["|"]
    return spans[0][2], " ".join(words)
