"""The colours of series: a reporter keeps its own whatever stands beside it, and no two in a chart are alike."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from dashboard.display import colours

BACKGROUNDS = ("#ffffff", "#13191f")
reporters = st.lists(st.sampled_from([*colours.REPORTERS, "yahoo", "tiktok", "naver", "odni", "x1", "x2", "x3"]), min_size=1, unique=True)


def test_no_two_colours_of_the_palette_are_alike_to_any_reader_and_each_is_seen_on_both_themes():
    for one, other in itertools.combinations(colours.PALETTE, 2):
        seen = [colours.distance(one, other)]
        seen += [colours.distance(colours.simulated(one, name), colours.simulated(other, name)) for name in colours.DEFICIENCIES]
        assert min(seen) > colours.ALIKE, (one, other)
    assert all(colours.contrast(one, page) >= colours.ENOUGH_FOR_A_LINE for one in colours.PALETTE for page in BACKGROUNDS)


@given(reporters)
def test_a_reporter_has_its_colour_whatever_stands_beside_it(chosen):
    shades = colours.of_series({name: (name, "USA", "all") for name in chosen})
    assert all(shades[name] == colours.REPORTERS[name] for name in chosen if name in colours.REPORTERS)


@given(
    st.lists(
        st.tuples(st.sampled_from(["google", "meta", "naver", "odni"]), st.sampled_from(["USA", "DEU", "FRA"])),
        min_size=1,
        max_size=12,
        unique=True,
    )
)
def test_up_to_twelve_series_have_colours_of_their_own_in_any_order(keys):
    shades = colours.of_series({"/".join(key): key for key in keys})
    assert len(set(shades.values())) == len(keys)
    assert shades == colours.of_series({"/".join(key): key for key in reversed(keys)})
