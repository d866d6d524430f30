"""Where things stand on a chart: laws that hold for any periods and any numbers."""

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.display import geometry
from dashboard.display.geometry import Stretch
from dashboard.model.periods import half, year


def table(*rows):
    columns = ["label", "period_start", "period_end", "low", "high"]
    found = pd.DataFrame([(label, period.start, period.end, low, high) for label, period, low, high in rows], columns=columns)
    return found.astype({"period_start": "datetime64[ns]", "period_end": "datetime64[ns]"})


halves = st.lists(st.tuples(st.integers(2000, 2020), st.sampled_from((1, 2))), min_size=1, unique=True)


@given(halves, st.integers(0, 1000))
def test_every_exact_number_is_drawn_across_its_own_period_and_nowhere_else(chosen, low):
    rows = [("a", half(number, part), low + number, low + number) for number, part in chosen]
    xs, ys = geometry.steps(geometry.stretches(table(*rows))["a"])
    drawn = {
        (x, after, y)
        for x, after, y, same in zip(xs, xs[1:], ys, ys[1:], strict=False)
        if x is not None and after is not None and y == same and x != after
    }
    expected = {(period.start, period.end + timedelta(days=1), low) for _, period, low, _ in rows}
    assert sum((after - x).days for x, after, _ in drawn) == sum((end - start).days for start, end, _ in expected)
    assert all(any(x <= start and end <= after and y == low for x, after, y in drawn) for start, end, low in expected)


@given(st.lists(st.floats(0, 400), min_size=1, max_size=8), st.floats(5, 40))
def test_labels_never_touch_and_stay_in_order(wanted, height):
    wanted = sorted(wanted)
    placed = geometry.apart(wanted, [height] * len(wanted), -1000, 2000)
    assert all(after - before >= height - 1e-6 for before, after in pairwise(placed))


@given(st.floats(1e-3, 1e9))
def test_divisions_are_round_and_reach_no_further_than_the_axis(top):
    ticks = geometry.divisions(top)
    assert ticks[0] == 0 and ticks[-1] <= top * (1 + 1e-9) and 2 <= len(ticks) <= 8


def test_of_a_year_and_both_its_halves_the_halves_are_drawn_and_of_a_year_and_one_half_both():
    both = table(("a", year(2012), 5, 5), ("a", half(2012, 1), 2, 2), ("a", half(2012, 2), 3, 3))
    one = table(("a", year(2012), 5, 5), ("a", half(2012, 1), 2, 2))
    assert [stretch.low for stretch in geometry.stretches(both)["a"]] == [2, 3]
    assert [stretch.low for stretch in geometry.stretches(one)["a"]] == [5, 2]


def test_periods_that_overlap_in_part_are_both_drawn():
    rows = [Stretch(0, date(2014, 10, 1), date(2016, 4, 1), 1, 1), Stretch(1, date(2014, 11, 1), date(2016, 5, 1), 2, 2)]
    found = pd.DataFrame(
        [("a", one.start, one.end - timedelta(days=1), one.low, one.high) for one in rows],
        columns=["label", "period_start", "period_end", "low", "high"],
    )
    assert len(geometry.stretches(found.astype({"period_start": "datetime64[ns]", "period_end": "datetime64[ns]"}))["a"]) == 2


def test_ranges_alike_that_follow_each_other_share_one_outline_and_an_open_end_reaches_the_edge():
    rows = table(("a", half(2012, 1), 0, 499), ("a", half(2012, 2), 0, 499), ("a", half(2013, 1), 501, float("inf")))
    xs, ys = geometry.outlines(geometry.stretches(rows)["a"], 600)
    assert xs.count(None) == 1 and max(y for y in ys if y is not None) == 600


@pytest.mark.parametrize(
    ("other", "least", "covers"),
    [
        ((0, 499), 0, True),
        ((0, 499), 498, True),
        ((0, 499), 499, False),
        ((0, 9), 10, False),
        ((500, 999), 0, False),
        ((250, 250), 0, False),
    ],
)
def test_only_wide_ranges_of_two_series_that_cover_each_other_need_lanes(other, least, covers):
    rows = table(("a", half(2012, 1), 0, 499), ("b", half(2012, 1), *other))
    assert geometry.overlap(geometry.stretches(rows), least) is covers


@given(halves)
def test_every_number_has_a_stop_of_the_cursor(chosen):
    series = geometry.stretches(table(*(("a", half(number, part), 1, 1) for number, part in chosen)))
    stops = [geometry.at(series["a"], slot) for slot in geometry.slots(series)]
    assert {one.row for one in stops if one} == {one.row for one in series["a"]}
