"""Series: a reporter keeps its colour whatever stands beside it, no two in a chart are the same, and what other editions print stands beside them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.views import View
from dashboard.display import colours
from dashboard.display.series import earlier_numbers

reporters = st.lists(st.sampled_from([*colours.REPORTERS, "yahoo", "tiktok", "naver", "odni", "x1", "x2", "x3"]), min_size=1, unique=True)


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
def test_up_to_twelve_series_have_colours_of_their_own_and_the_first_of_a_reporter_keeps_that_of_the_reporter(keys):
    shades = colours.of_series({"/".join(key): key for key in keys})
    assert len(set(shades.values())) == len(keys)
    firsts = {reporter: (reporter, requester) for reporter, requester in reversed(keys)}
    others = [key for key in reversed(keys) if key not in firsts.values()]
    assert shades == colours.of_series({"/".join(key): key for key in [*firsts.values(), *others]})
    alone = {reporter: colours.of_series({"one": key})["one"] for reporter, key in firsts.items() if reporter in colours.REPORTERS}
    assert alone == {reporter: shades["/".join(firsts[reporter])] for reporter in alone}
    beside = {reporter: {colours.REPORTERS.get(other) for other, _ in keys} - {colours.REPORTERS.get(reporter)} for reporter, _ in keys}
    assert len(keys) > 8 or all(shades["/".join(key)] not in beside[key[0]] for key in keys)


@pytest.mark.parametrize(
    ("view", "faint"),
    [
        (View(), [("FRA", 7, True), ("USA", 100, False)]),
        (View(shape="multiples"), [("FRA", 7, True), ("USA", 100, False)]),
        (View(scale="calendar"), [("USA", 100, False)]),
        (View(scale="day"), []),
        (View(shape="ranking"), []),
        (View(known=date(2019, 12, 31).isoformat()), []),
    ],
)
def test_faint_are_numbers_that_another_edition_prints_otherwise_and_those_that_were_withdrawn(catalog_of, view, faint):
    catalog = catalog_of(
        """
        requester period  value document
        USA       2019_H1 100   first
        FRA       2019_H1 7     first
        FRA       2018_H2 5     first
        USA       2019_H1 104   second
        FRA       2019_H2 3     second
        """,
        """
        document known_from replaces
        first    2019-10-01 -
        second   2020-04-01 first
        """,
    )
    rows = catalog.as_of(view.known_on)
    earlier = earlier_numbers(view, rows.assign(label=rows["requester"]), catalog).sort_values("label")
    assert [(row.label, row.low, row.shown_low != row.shown_low) for row in earlier.itertuples()] == faint
