"""Text from data or a visitor, as a page shows it."""

from __future__ import annotations

import functools
import re


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
