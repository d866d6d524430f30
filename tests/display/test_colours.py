"""Colours: what readers with a colour-vision deficiency see of them, and their contrast.

The simulation is that of Machado, Oliveira and Fernandes (2009) at full severity, the distance is taken in CIE L*a*b*.
"""

import itertools

import pytest

from dashboard.display import colours

pytestmark = pytest.mark.quick

DEFICIENCIES = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""For each deficiency the matrix that turns linear red, green and blue into what is seen."""
ALIKE = 10.0
"""Colours nearer to each other than this, in L*a*b*, are taken for the same in a figure; a careful eye side by side tells about 2."""


def simulated(colour: str, deficiency: str) -> str:
    """A colour as it is seen with a deficiency."""
    linear = [_linear(channel) for channel in _parts(colour)]
    seen = [sum(weight * channel for weight, channel in zip(row, linear, strict=True)) for row in DEFICIENCIES[deficiency]]
    return "#" + "".join(f"{round(_encoded(min(1.0, max(0.0, channel))) * 255):02x}" for channel in seen)


def distance(one: str, other: str) -> float:
    """How far two colours are apart to the eye (CIE 1976 ΔE)."""
    return sum((a - b) ** 2 for a, b in zip(_lab(one), _lab(other), strict=True)) ** 0.5


def _encoded(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _lab(colour: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(channel) for channel in _parts(colour))
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    x, y, z = (channel ** (1 / 3) if channel > 0.008856 else 7.787 * channel + 16 / 116 for channel in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _parts(colour: str) -> list[float]:
    return [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#777777", 1.0), ("#767676", "#ffffff", 4.54)],
)
def test_the_contrast_is_that_of_wcag(one, other, ratio):
    assert colours.contrast(one, other) == colours.contrast(other, one) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("grey", ["#000000", "#808080", "#ffffff"])
def test_greys_look_the_same_to_everyone(deficiency, grey):
    assert distance(simulated(grey, deficiency), grey) < 1.5


def test_red_and_green_come_together_where_the_eye_lacks_green():
    red, green = "#c23b22", "#7a7a00"
    assert distance(red, green) > 40
    assert distance(simulated(red, "deuteranopia"), simulated(green, "deuteranopia")) < 20


def test_no_two_colours_of_series_are_alike_to_any_reader():
    for one, other in itertools.combinations(colours.PALETTE, 2):
        seen = [distance(one, other)]
        seen += [distance(simulated(one, name), simulated(other, name)) for name in DEFICIENCIES]
        assert min(seen) > ALIKE, (one, other)


@pytest.mark.parametrize("background", ["#ffffff", "#13191f"])
@pytest.mark.parametrize("colour", colours.PALETTE)
def test_every_series_can_be_named_in_its_own_colour(colour, background):
    readable = colours.readable(colour, background)
    assert colours.contrast(readable, background) >= colours.ENOUGH_FOR_TEXT
    assert colours.contrast(colour, background) >= colours.ENOUGH_FOR_A_LINE
