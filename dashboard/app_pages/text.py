"""Text on a page: words that stand for codes, and text from data or a visitor as it is shown."""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path

WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
"""Words of the pages by their kind and what they stand for."""


def markdown(text: object) -> str:
    """A text that Markdown shows as it is: no emphasis, link, picture, formula or directive."""
    # The text alone is remembered: with an exception, all that it has passed through would be held.
    return _escaped(str(text))


@functools.lru_cache(maxsize=4096)
def _escaped(text: str) -> str:
    # The browser makes links of addresses also where each letter is escaped: a letter that is not seen keeps it from finding them.
    escaped = re.sub(r"(?i)(https?)(?=:)|(www)(?=\.)|(?<=[-.\w+])(?=@)", lambda start: f"{start[0]}\u2060", text)
    for letter in "\\`*_{}[]()#+!|<>$~:":
        escaped = escaped.replace(letter, f"\\{letter}")
    return escaped
