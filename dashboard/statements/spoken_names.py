"""The publishers and countries that a sentence names, by their present, former and everyday names in any of our languages."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from dashboard.model import places
from dashboard.statements.lexicon import Mention, Role, form, names, table

SHORT = 4
"""Names of reporters up to this length are common words too (`meta`, `snap`)."""


def reporters_in(text: str, reporters: pd.DataFrame) -> list[Mention]:
    """The reporters, and services of theirs (`meta/whatsapp`), that a text names; `reporters` has the columns `reporter` and `name`."""
    codes = {**names("services"), **_reporter_names(tuple(reporters["reporter"]), tuple(reporters["name"]))}
    has_capitals = text != text.lower()
    mentions = []
    for match in _any_of(tuple(sorted(codes, key=len, reverse=True))).finditer(text):
        # A short name is also a common word, so it must be written as a name.
        if len(match[0]) > SHORT or not has_capitals or match[0][0].isupper() or not match[0].isascii():
            code = codes[match[0].lower()]
            mentions.append(Mention(Role.SERVICE if "/" in code else Role.REPORTER, code, *match.span()))
    return mentions


def requesters_in(text: str, whole: str) -> list[Mention]:
    """The countries that a text names in any of our languages, in its order; `whole` is the text before anything was blanked in it.

    `US` counts in capitals only, since in small letters it is a pronoun; other names need a capital unless the whole text
    has none. Codes are not read: `in`, `is` and `to` are among them. A name that means several places is not read.
    """
    mentions = [*_named(text, whole), *_unspaced(text)]
    mentions += [Mention(Role.REQUESTER, code, *one.span()) for pattern, code in table("demonym") for one in pattern.finditer(text)]
    mentions = [one for one in mentions if not any(_is_inside(one, other) for other in mentions if other is not one)]
    return sorted(dict.fromkeys(mentions), key=lambda mention: mention.start)


_UNITED_STATES = re.compile(r"(?<![A-Za-z])(?:US|USA|U\.S\.A\.|U\.S\.(?!C)|U\.S(?![.A-Za-z]))(?![A-Za-z])")
_PERHAPS_US = re.compile(
    r"(?<![A-Za-z])(?P<the>the )?(?:Us|us|uS)(?![A-Za-z])(?(the)|(?= (?:\x00|(?:government|federal|law|search|data|authorities|agencies|police|officials)\b)))"
)
"""The country in small letters: “the us” is no pronoun, and before what is counted it may be either."""
_LONGEST_NAME = 6
_SHORTEST_NAME = 4
_NO_COUNTRIES = frozenset({"total", "global", "world", "worldwide"})
_WORDS = re.compile(r"[^\W\d_]+")


@cache
def _reporter_names(reporters: tuple[str, ...], full_names: tuple[str, ...]) -> dict[str, str]:
    known = dict(names("aliases"))
    for reporter, full_name in zip(reporters, full_names, strict=True):
        for name in (full_name, *re.split(r"\s*[()]\s*", full_name), reporter.replace("_", " ")):
            if name.strip():
                known[name.strip().lower()] = reporter
    return {name: reporter for name, reporter in known.items() if reporter in reporters}


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern:
    # Names in other scripts stand between letters and digits without a space.
    latin = "|".join(re.escape(name) for name in words if name.isascii())
    others = "".join(f"|{re.escape(name)}" for name in words if not name.isascii())
    return re.compile(rf"(?<![A-Za-z\d])(?:{latin})(?![A-Za-z\d]){others}", re.IGNORECASE)


def _named(text: str, whole: str) -> list[Mention]:
    mentions = [Mention(Role.REQUESTER, places.WORLD, *one.span()) for one in form("world").finditer(text)]
    # In a text of capitals alone "US" may be the pronoun again.
    shouted = whole == whole.upper()
    mentions += [
        Mention(Role.REQUESTER, "USA", *one.span())
        for one in _UNITED_STATES.finditer(text)
        if not shouted or "." in one.group() or "A" in one.group() or text[: one.start()].endswith("THE ")
    ]
    for one in _PERHAPS_US.finditer(text):
        is_pronoun = not one["the"] and (form("asked_us").search(text[: one.start()]) or whole != whole.lower())
        mentions.append(Mention(Role.UNREAD if is_pronoun else Role.REQUESTER, "USA", *one.span()))
    words = list(_WORDS.finditer(text))
    has_capitals = any(letter.isupper() for letter in whole)
    taken = 0
    for index, word in enumerate(words):
        if word.start() < taken:
            continue
        for length in range(min(_LONGEST_NAME, len(words) - index), 0, -1):
            last = words[index + length - 1]
            name = text[word.start() : last.end()]
            if "\x00" in name or not _is_like_a_name(name, has_capitals):
                continue
            if meanings := places.meanings(name):
                mentions.append(Mention(Role.UNREAD, meanings, word.start(), last.end()))
            elif (code := places.code(name)) and code != places.WORLD:
                mentions.append(Mention(Role.REQUESTER, code, word.start(), last.end()))
            else:
                continue
            taken = last.end()
            break
    return mentions


def _is_like_a_name(name: str, has_capitals: bool) -> bool:
    # An article makes no name of a code: “In the” is not India.
    key = " ".join(word for word in places.fold(name).split() if word != "the")
    if len(key) < (_SHORTEST_NAME if name.isascii() else 2) or key in _NO_COUNTRIES or key in _iso_codes():
        return False
    # Only a letter that has a capital tells anything by being small.
    return not has_capitals or not name[0].islower() or name[0].upper() == name[0]


@cache
def _iso_codes() -> frozenset[str]:
    codes = places.codes()
    return frozenset(code.lower() for code in (*codes, *(places.alpha2(code) or "" for code in codes)))


def _unspaced(text: str) -> list[Mention]:
    if not text or max(text) < "\u2e80":  # The first sign of Chinese; those of Japanese and Korean come after it.
        return []
    pattern, codes = _east_asian_names()
    return [Mention(Role.REQUESTER, codes[one.group()], *one.span()) for one in pattern.finditer(text)]


@cache
def _east_asian_names() -> tuple[re.Pattern, dict[str, str]]:
    # Chinese and Japanese write no spaces, and Korean joins particles to a name, so there a name is looked for anywhere.
    codes = {}
    for code in sorted(places.codes() - {places.WORLD}):
        for language in ("zh", "zh_Hant", "ja", "ko"):
            name = places.name(code, language)
            if len(name) >= 2 and not name.isascii():
                codes.setdefault(name, code)
    return re.compile("|".join(re.escape(name) for name in sorted(codes, key=len, reverse=True))), codes


def _is_inside(one: Mention, other: Mention) -> bool:
    return other.start <= one.start and one.end <= other.end and (other.end - other.start) > (one.end - one.start)
