"""Files of words, that of periods among them, and texts in the plain letters in which they are compared."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from importlib import resources
from typing import Any


@functools.cache
def words() -> dict[str, dict]:
    """The words of `periods.toml`, folded."""
    return tomllib.loads("\n".join(map(plain_letters, _text_of("periods").split("\n"))))


@functools.cache
def word_file(name: str) -> dict[str, Any]:
    """The content of a TOML file of words."""
    return tomllib.loads(_text_of(name))


def _text_of(name: str) -> str:
    return resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")


@functools.cache
def month_numbers() -> dict[str, int]:
    """The numbers of the months by their names, folded, in every language that is read."""
    by_language = words()["months"].values()
    return {name: number for months_of in by_language for number, names in enumerate(months_of, 1) for name in names.split()}


@functools.cache
def ordinal_numbers() -> dict[str, int]:
    """1 to 4 by the words and signs that name them, folded."""
    return {word: int(number) for number, ordinals in words()["ordinals"].items() for word in ordinals.split()}


def either(phrases: Iterable[str]) -> str:
    """A pattern of several phrases, of which the longest comes first."""
    return "(?:" + "|".join(sorted(phrases, key=len, reverse=True)) + ")"


def folded(text: str) -> str:
    """A text in lower case, without accents and invisible letters, every dash a hyphen."""
    return " ".join(plain_letters(text).split())


def plain_letters(text: str) -> str:
    """The same with its spaces."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf")
    return re.sub(r"[‐‑‒–—−]", "-", text.replace("º", "o").replace("’", "'"))


def folded_letters(text: str) -> list[tuple[str, int]]:
    """What `folded` makes of a text, each letter with where it comes from."""
    letters = [(" " if letter.isspace() else letter, index) for index, original in enumerate(text) for letter in plain_letters(original)]
    return [pair for pair, before in zip(letters, [(" ", 0), *letters], strict=False) if pair[0] != " " or before[0] != " "]
