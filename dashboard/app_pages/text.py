"""Text from data or a visitor, as a page shows it."""

from __future__ import annotations

import functools
import re


@functools.lru_cache(maxsize=4096)
def markdown(text: object) -> str:
    """A text that Markdown shows as it is: no emphasis, link, picture, formula or directive."""
    # The browser makes links of addresses also where each letter is escaped: a letter that is not seen keeps it from finding them.
    escaped = re.sub(r"(?i)(https?)(?=:)|(www)(?=\.)|(?<=[-.\w+])(?=@)", lambda start: f"{start[0]}\u2060", str(text))
    for letter in "\\`*_{}[]()#+!|<>$~:":
        escaped = escaped.replace(letter, f"\\{letter}")
    return escaped
