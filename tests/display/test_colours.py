"""Colours: what readers with a colour-vision deficiency see, contrast, and warnings that name the pair."""

import pytest

from dashboard.display import colours

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#777777", 1.0), ("#767676", "#ffffff", 4.54)],
)
def test_the_contrast_is_that_of_wcag(one, other, ratio):
    assert colours.contrast(one, other) == colours.contrast(other, one) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("deficiency", colours.DEFICIENCIES)
@pytest.mark.parametrize("grey", ["#000000", "#808080", "#ffffff"])
def test_greys_look_the_same_to_everyone(deficiency, grey):
    assert colours.distance(colours.simulated(grey, deficiency), grey) < 1.5


def test_red_and_green_come_together_where_the_eye_lacks_green():
    red, green = "#c23b22", "#7a7a00"
    assert colours.distance(red, green) > 40
    assert colours.distance(colours.simulated(red, "deuteranopia"), colours.simulated(green, "deuteranopia")) < 20


def test_a_warning_names_the_pair_and_the_deficiency():
    found = colours.warnings({"Google": "#0072B2", "Meta": "#5B6BBF", "Apple": "#D55E00"}, "#ffffff")
    assert found == ["The colours of “Google” and “Meta” look alike to readers with protanopia or deuteranopia or tritanopia."]


def test_the_same_colour_twice_and_a_faint_one_are_named():
    found = colours.warnings({"a": "#eeee00", "b": "#eeee00"}, "#ffffff")
    assert found[0] == "“a” and “b” have the same colour."
    assert all("faint" in sentence for sentence in found[1:]) and len(found) == 3


@pytest.mark.parametrize("background", ["#ffffff", "#13191f"])
@pytest.mark.parametrize("colour", colours.PALETTE)
def test_every_series_can_be_named_in_its_own_colour(colour, background):
    readable = colours.readable(colour, background)
    assert colours.contrast(readable, background) >= colours.ENOUGH_FOR_TEXT
    assert colours.contrast(colour, background) >= colours.ENOUGH_FOR_A_LINE
