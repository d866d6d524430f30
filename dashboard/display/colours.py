"""The colours of series, and their contrast with the background, which is that of WCAG 2.

That no two of them look alike to any reader is held by a test, which sees them as readers with a colour-vision deficiency do.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping

ENOUGH_FOR_A_LINE, ENOUGH_FOR_TEXT = 3.0, 4.5
"""The contrast that WCAG 2 asks for, of lines and areas, and of text."""

PALETTE = (
    "#0072B2", "#D55E00", "#3DA560", "#A06FFF", "#C60091", "#935657",
    "#CF0031", "#C87E9E", "#7C93C3", "#457837", "#940EF7", "#6D4EC9",
)  # fmt: skip
"""Colours of series: no two are alike to any reader, and each holds three to one against a light and a dark page."""
REPORTERS = dict(
    zip(["google", "meta", "microsoft", "apple", "twitter", "snap", "amazon", "kakao", "linkedin", "telegram"], PALETTE, strict=False)
)
"""The colours of the ten reporters that are drawn most, wherever they are drawn."""


def of_series(keys: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """A colour for each series, by its label, such that no two of up to twelve are alike.

    `keys` gives for each label the reporter and then the codes that tell its series from the reporter's others. A reporter's first series has
    the reporter's colour, whatever stands beside it; every other series has one by its codes, or the next that is free and no other reporter's on the chart.
    """
    firsts: dict[str, str] = {}
    for label, (reporter, *_) in keys.items():
        firsts.setdefault(reporter, label)
    chosen = {label: REPORTERS[reporter] for reporter, label in firsts.items() if reporter in REPORTERS}
    # A reporter's own colour is found before those of the series that have none by right.
    by_rule = sorted(keys.keys() - chosen.keys(), key=lambda label: (firsts[keys[label][0]] != label, keys[label]))
    for label in by_rule:
        key = keys[label][:1] if firsts[keys[label][0]] == label else keys[label]
        first = zlib.crc32("|".join(key).encode()) % len(PALETTE)
        turned = PALETTE[first:] + PALETTE[:first]
        used = Counter(chosen.values())
        others = {REPORTERS.get(reporter) for reporter, *_ in keys.values()} - {REPORTERS.get(key[0])}
        chosen[label] = min(turned, key=lambda colour: (used[colour], colour in others))
    return {label: chosen[label] for label in keys}


def contrast(one: str, other: str) -> float:
    """The contrast of two colours: 1 for the same, 21 for black on white."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, background: str) -> str:
    """A colour, moved towards black or white just so far that text in it can be read on the background."""
    towards = "#000000" if _luminance(background) > 0.18 else "#ffffff"
    for step in range(21):
        mixed = blended(towards, colour, step / 20)
        if contrast(mixed, background) >= ENOUGH_FOR_TEXT:
            return mixed
    return towards


def blended(colour: str, background: str, share: float) -> str:
    """A colour laid over a background with a share of opacity, as one opaque colour."""
    return _hex([share * a + (1 - share) * b for a, b in zip(_parts(colour), _parts(background), strict=True)])


def _parts(colour: str) -> list[float]:
    return [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]


def _hex(parts: list[float]) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in parts)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel) for channel in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
