"""The words of sentences and what each is taken for, read from `lexicon.toml`, and the mention: a stretch of text with its use."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from dashboard.model.intervals import Interval


class Role(StrEnum):
    """What a stretch of a sentence is taken for."""

    NUMBER = "number"
    PERIOD = "period"
    LENGTH = "length of time"
    RATE = "rate"
    REPORTER = "publisher"
    SERVICE = "service of a publisher"
    REQUESTER = "country"
    AGENCY = "authority that asks"
    COUNTED = "what is counted"
    KIND = "kind of demand"
    OUTCOME = "what became of it"
    AUTHORITY = "level of government"
    COMPARISON = "comparison"
    DIRECTION = "direction"
    TOGETHER = "added together"
    ORIGIN = "share of the world"
    QUESTION = "question"
    RANK = "place in an order"
    SPEAKER = "who said it"
    NEUTRAL = "adds nothing"
    UNREAD = "not read"


@dataclass(frozen=True)
class Mention:
    """A stretch of a text, `text[start:end]`, what it is taken for, and its value."""

    role: Role
    value: object
    start: int
    end: int


@dataclass(frozen=True)
class Counted:
    """What a sentence says is counted: the unit of a claim, the measure, and the kind of demand that the word implies.

    `is_open` is set where the word may as well mean demands of all kinds.
    """

    unit: str
    measure: str
    request_type: str = ""
    is_open: bool = False


@cache
def table(name: str) -> tuple[tuple[re.Pattern, object], ...]:
    """The patterns of one table of the lexicon with what each stands for, in the order of the file."""
    entries = _lexicon()[name]
    return tuple((_pattern(entry["words"]), _meaning(entry)) for entry in entries)


@cache
def form(name: str) -> re.Pattern:
    """A pattern of `forms.toml`, blind to capitals."""
    return compiled(_forms()["patterns"][name])


@cache
def forms(name: str) -> tuple[tuple[re.Pattern, dict], ...]:
    """The patterns of one table of `forms.toml`, in its order, each with what the table says of it."""
    entries = [one if isinstance(one, dict) else {"words": one} for one in _forms()[name]]
    return tuple((compiled(entry["words"]), entry) for entry in entries)


def compiled(pattern: str) -> re.Pattern:
    """A pattern with the lists of words that it names as «…», blind to capitals."""
    while "«" in pattern:
        pattern = re.sub("«([^»]+)»", lambda match: _fragments()[match[1]], pattern)
    return re.compile(pattern, re.IGNORECASE)


@cache
def limits() -> tuple[tuple[re.Pattern, str, tuple[Interval, Interval]], ...]:
    """Words for a number, its kind, between which limits it lies, and between which it may still be called so."""
    return tuple(
        (_pattern(entry["words"]), entry.get("kind", "share"), (Interval(*entry["is"]), Interval(*entry["loose"])))
        for entry in _lexicon()["limits"]
    )


@cache
def phrases(name: str, *meanings: str) -> str:
    """The patterns of one table for some meanings, as one alternative of a larger pattern."""
    return "|".join(word for entry in _lexicon()[name] if entry.get("is") in meanings for word in entry["words"])


@cache
def names(name: str) -> dict[str, str]:
    """A table of names: each name in small letters, and the code that it stands for."""
    return {word.lower(): code for code, words in _lexicon()[name].items() for word in words}


@cache
def values(name: str) -> dict[str, int]:
    """A table of words and the whole number that each stands for."""
    return dict(_lexicon()[name])


@cache
def alternatives(name: str) -> dict[str, str]:
    """A table of names, each with the regular expression of all wordings that stand for it, in the order of the file."""
    return {code: "|".join(wordings) for code, wordings in _lexicon()[name].items()}


@cache
def words(name: str) -> frozenset[str]:
    """A list of words."""
    return frozenset(_lexicon()["words"][name].split())


@cache
def neutral_words() -> frozenset[str]:
    """Words that add nothing to a number: articles, prepositions, verbs of asking, receiving and saying."""
    return frozenset(word for words in _lexicon()["neutral"].values() for word in words.split() if word.isascii() or not _is_unspaced(word))


@cache
def neutral_signs() -> re.Pattern:
    """The same for writing without spaces."""
    signs = {word for words in _lexicon()["neutral"].values() for word in words.split() if _is_unspaced(word)}
    return re.compile("|".join(sorted(map(re.escape, signs), key=len, reverse=True)))


def agency_reporters() -> dict[str, list[str]]:
    """For each authority that asks for all, the reporters that publish its counts."""
    return _lexicon()["agency_reporters"]


def agency_measures() -> dict[str, list[str]]:
    """For each authority that asks for all, the measures that count what it does."""
    return _lexicon()["agency_measures"]


def service_name(reporter: str, service: str) -> str:
    """The everyday name of a publisher's service; its code where it has none here."""
    return _lexicon()["services"].get(f"{reporter}/{service}", [service])[0]


def blanked(text: str, mentions: Iterable[Mention]) -> str:
    """The text with what is taken blanked by a sign that no pattern knows, so that every other letter keeps its place."""
    letters = list(text)
    for mention in mentions:
        letters[mention.start : mention.end] = "\x00" * (mention.end - mention.start)
    return "".join(letters)


def _pattern(words: list[str]) -> re.Pattern:
    # Names in other scripts stand between letters without a space.
    spaced = [word for word in words if not _is_unspaced(word)]
    unspaced = [word for word in words if _is_unspaced(word)]
    patterns = ([rf"(?<![^\W\d_])(?:{'|'.join(spaced)})(?![^\W\d_])"] if spaced else []) + unspaced
    return re.compile("|".join(patterns), re.IGNORECASE)


def _is_unspaced(word: str) -> bool:
    return any("\u2e80" <= letter <= "\u9fff" for letter in word)


def _meaning(entry: dict) -> object:
    if "measure" in entry and "unit" in entry:
        return Counted(entry["unit"], entry["measure"], entry.get("type", ""), entry.get("is_open", False))
    return entry["is"]


@cache
def _fragments() -> dict[str, str]:
    return _forms()["lists"] | {
        "small number": "|".join(SMALL_NUMBERS),
        "number word": NUMBER_WORD,
        "ordinal": "|".join(ORDINALS),
        "nth": "|".join(values("ordinals")),
        "fraction word": "|".join(values("fractions")),
        "up": phrases("direction", "up", "more"),
        "down": phrases("direction", "down", "fewer"),
        "beyond": phrases("comparison", "more"),
    }


@cache
def _lexicon() -> dict:
    return tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text(encoding="utf-8"))


@cache
def _forms() -> dict:
    return tomllib.loads((Path(__file__).parent / "forms.toml").read_text(encoding="utf-8"))


SMALL_NUMBERS = values("small_numbers")
"""Number words below a hundred."""
NUMBER_WORD = r"(?:" + "|".join(sorted(SMALL_NUMBERS, key=len, reverse=True)) + r")"
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
