"""The colours of a figure as readers with a colour-vision deficiency see them, and their contrast with the background.

The simulation is that of Machado, Oliveira and Fernandes (2009) at full severity, the distance is taken in CIE L*a*b*, the
contrast is that of WCAG 2.
"""

from __future__ import annotations

import itertools
import zlib
from collections import Counter
from collections.abc import Mapping

DEFICIENCIES = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""For each deficiency the matrix that turns linear red, green and blue into what is seen."""
ALIKE = 10.0
"""Colours nearer to each other than this, in L*a*b*, are taken for the same in a figure; a careful eye side by side tells about 2."""
ENOUGH_FOR_A_LINE, ENOUGH_FOR_TEXT = 3.0, 4.5
"""The contrast that WCAG 2 asks for, of lines and areas, and of text."""

PALETTE = (
    "#0072B2",
    "#D55E00",
    "#3DA560",
    "#A06FFF",
    "#C60091",
    "#935657",
    "#CF0031",
    "#C87E9E",
    "#7C93C3",
    "#457837",
    "#940EF7",
    "#6D4EC9",
)
"""Colours of series: no two are alike to any reader, and each holds three to one against a light and a dark page."""
REPORTERS = dict(
    zip(["google", "meta", "microsoft", "apple", "twitter", "snap", "amazon", "kakao", "linkedin", "telegram"], PALETTE, strict=False)
)
"""The colours of the ten reporters that are drawn most, wherever they are drawn."""


def of_series(keys: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """A colour for each series, by its label, such that no two of up to twelve are alike.

    `keys` gives for each label the reporter and then the codes that tell its series from the reporter's others. A reporter's only series has
    the reporter's colour, whatever stands beside it; every other series has one by its codes, or the next that is free and no other reporter's on the chart.
    """
    alone = {reporter for reporter, count in Counter(key[0] for key in keys.values()).items() if count == 1}
    wishes = {label: REPORTERS.get(key[0]) if key[0] in alone else None for label, key in keys.items()}
    by_rule = sorted((label for label, wish in wishes.items() if wish is None), key=keys.get)
    chosen = {label: wish for label, wish in wishes.items() if wish}
    for label in by_rule:
        key = keys[label][:1] if keys[label][0] in alone else keys[label]
        first = zlib.crc32("|".join(key).encode()) % len(PALETTE)
        turned = PALETTE[first:] + PALETTE[:first]
        used = Counter(chosen.values())
        others = {REPORTERS.get(reporter) for reporter, *_ in keys.values()} - {REPORTERS.get(key[0])}
        chosen[label] = min(turned, key=lambda colour: (used[colour], colour in others))
    return {label: chosen[label] for label in keys}


def warnings(named: dict[str, str], background: str) -> list[str]:
    """What a reader may not tell apart or not see: a sentence for each pair of named colours, and for each that is too faint."""
    sentences = []
    for (first, one), (second, other) in itertools.combinations(named.items(), 2):
        if one == other:
            sentences.append(f"“{first}” and “{second}” have the same colour.")
            continue
        alike = [name for name in DEFICIENCIES if distance(simulated(one, name), simulated(other, name)) < ALIKE]
        if distance(one, other) < ALIKE:
            sentences.append(f"The colours of “{first}” and “{second}” are hard to tell apart.")
        elif alike:
            sentences.append(f"The colours of “{first}” and “{second}” look alike to readers with {' or '.join(alike)}.")
    for name, colour in named.items():
        if contrast(colour, background) < ENOUGH_FOR_A_LINE:
            sentences.append(
                f"The colour of “{name}” is faint on this background: its contrast is {contrast(colour, background):.1f} to 1."
            )
    return sentences


def simulated(colour: str, deficiency: str) -> str:
    """A colour as it is seen with a deficiency."""
    linear = [_linear(channel) for channel in _parts(colour)]
    seen = [sum(weight * channel for weight, channel in zip(row, linear, strict=True)) for row in DEFICIENCIES[deficiency]]
    return _hex([_encoded(min(1.0, max(0.0, channel))) for channel in seen])


def distance(one: str, other: str) -> float:
    """How far two colours are apart to the eye (CIE 1976 ΔE)."""
    return sum((a - b) ** 2 for a, b in zip(_lab(one), _lab(other), strict=True)) ** 0.5


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


def _encoded(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel) for channel in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lab(colour: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(channel) for channel in _parts(colour))
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    x, y, z = (channel ** (1 / 3) if channel > 0.008856 else 7.787 * channel + 16 / 116 for channel in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)
