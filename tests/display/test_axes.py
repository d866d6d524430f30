"""Every division of an axis stands on it and is written as it is."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.display.axes import MOST_DIVISIONS, Axis

TOPS = st.floats(1e-3, 1e9)


def _read(text: str, is_share: bool) -> float:
    return float(text.removesuffix(" %").replace(",", "")) / (100 if is_share else 1)


@given(TOPS, st.integers(1, 12))
def test_an_even_axis_has_round_divisions_from_zero_each_written_as_it_is(top, max_count):
    for axis in (Axis(top, False), Axis(min(top, 1.0), True)):
        axis.divide(max_count)
        assert axis.ticks[0] == 0 and axis.ticks[-1] <= axis.end * (1 + 1e-9) and len(axis.ticks) <= MOST_DIVISIONS + 1
        assert not axis.is_share or axis.ticks[-1] <= 1
        assert [_read(text, axis.is_share) for text in axis.texts] == pytest.approx(axis.ticks)
        assert len({text.partition(".")[2] and len(text.partition(".")[2]) for text in axis.texts}) == 1, "all with the same decimals"


@given(st.integers(0, 40), st.integers(2, 12))
@example(4, 2)
def test_an_axis_of_a_few_counts_has_no_part_of_one(top, max_count):
    axis = Axis(top, False)
    axis.divide(max_count)
    assert all(tick.is_integer() for tick in axis.ticks) and 1 < len(axis.ticks) <= max_count + 1


@given(TOPS, TOPS)
def test_an_axis_of_factors_begins_at_a_power_of_ten_below_all_that_is_drawn(first, second):
    low, top = sorted((first, second))
    axis = Axis(top, False, log_from=low)
    assert axis.start <= low and math.isclose(math.log10(axis.start) % 1, 0, abs_tol=1e-9)
    assert all(axis.start <= tick <= axis.end for tick in axis.ticks) and len(axis.ticks) <= 13
    assert [_read(text, False) for text in axis.texts] == pytest.approx(axis.ticks)
    assert [axis.drawn(value) for value in (0.0, top, None)] == [axis.start, top, None]
    assert axis.height(axis.start, 100) == pytest.approx(100) and axis.height(axis.end, 100) == pytest.approx(0)
