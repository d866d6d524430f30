"""The laws that intervals obey: every value that the ends allow stays inside, and nothing stands between the ends."""

import math
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from dashboard.model.intervals import (
    Interval,
    counts_allowed,
    direction,
    nearest_possible,
    number,
    outwards,
    rounded_share,
    text,
    total,
)

pytestmark = pytest.mark.quick

COUNTS = st.integers(0, 10**9)


@st.composite
def bands(draw, ends=COUNTS):
    """Intervals of counts, exact or not."""
    return Interval(*sorted((draw(ends), draw(ends))))


@st.composite
def bands_with_a_value(draw, ends=COUNTS):
    """An interval and one of the whole numbers in it."""
    band = draw(bands(ends))
    return band, draw(st.integers(int(band.low), int(band.high)))


@st.composite
def printed_percentages(draw):
    """A percentage as printed, with up to two decimals: `64`, `64.0`, `63.97`."""
    decimals = draw(st.integers(0, 2))
    value = Fraction(draw(st.integers(0, 100 * 10**decimals)), 10**decimals)
    return f"{float(value):.{decimals}f}"


@given(st.lists(bands(), min_size=1))
def test_a_sum_adds_the_ends_in_any_order(parts):
    assert total(parts) == total(reversed(parts)) == Interval(sum(one.low for one in parts), sum(one.high for one in parts))


@given(bands(), bands())
def test_a_difference_crosses_the_ends(one, other):
    assert one - other == Interval(one.low - other.high, one.high - other.low)


@given(bands_with_a_value(), bands_with_a_value())
def test_what_the_bands_allow_lies_in_their_sum_and_difference(one, other):
    (first, x), (second, y) = one, other
    assert Interval.exact(x + y).is_inside(total([first, second]))
    assert Interval.exact(x - y).is_inside(first - second)


@given(bands_with_a_value(), bands_with_a_value(st.integers(1, 10**9)))
def test_every_ratio_of_two_allowed_numbers_lies_in_the_ratio(part, whole):
    (parts, x), (wholes, y) = part, whole
    ratio = parts.ratio(wholes)
    assert Interval.exact(x / y).is_inside(ratio)
    assert ratio == Interval(parts.low / wholes.high, parts.high / wholes.low)


@given(bands_with_a_value(), bands_with_a_value())
def test_every_product_of_two_allowed_numbers_lies_in_the_product(one, other):
    (first, x), (second, y) = one, other
    assert Interval.exact(x * y).is_inside(first.times(second))


def test_a_whole_that_may_be_zero_bounds_no_ratio():
    assert Interval(2, 3).ratio(Interval(0, 4)) == Interval(0.5, math.inf)
    with pytest.raises(ZeroDivisionError):
        Interval(2, 3).ratio(Interval.exact(0))


def test_a_ratio_to_a_whole_without_an_upper_end_may_be_as_small_as_nothing():
    assert Interval(2, 3).ratio(Interval(4, math.inf)) == Interval(0, 0.75)


@given(bands(), bands(st.integers(1, 10**9)))
def test_a_share_is_a_ratio_that_does_not_exceed_one(part, whole):
    assume(part.low <= whole.high)
    share, ratio = part.share(whole), part.ratio(whole)
    assert share == Interval(ratio.low, min(ratio.high, 1))


def test_a_part_that_exceeds_its_whole_is_refused():
    with pytest.raises(ValueError, match="exceeds"):
        Interval.exact(11).share(Interval.exact(10))


@given(bands(), st.integers(1, 10**6))
def test_dividing_by_days_or_people_divides_both_ends(band, divisor):
    assert band / divisor == Interval(band.low / divisor, band.high / divisor)


@given(bands(), st.integers(-1000, 1000))
def test_scaling_keeps_the_ends_in_order(band, factor):
    assert {(band * factor).low, (band * factor).high} == {band.low * factor, band.high * factor}


def test_an_endless_band_times_zero_is_zero():
    assert Interval(500, math.inf) * 0 == Interval.exact(0)
    assert Interval(500, math.inf).times(Interval(0, 2)) == Interval(0, math.inf)
    assert Interval.exact(0).times(Interval(500, math.inf)) == Interval.exact(0)


def test_a_missing_factor_makes_no_zero():
    with pytest.raises(ValueError, match="missing"):
        Interval.exact(0) * math.nan


def test_a_total_of_nothing_is_not_zero():
    with pytest.raises(ValueError, match="nothing is not zero"):
        total([])


@pytest.mark.parametrize("ends", [(math.nan, 1), (1, math.nan), (2, 1)])
def test_an_interval_needs_two_ends_in_order(ends):
    with pytest.raises(ValueError):
        Interval(*ends)


@given(bands(), bands())
def test_a_direction_is_certain_only_where_the_difference_excludes_zero(earlier, later):
    difference = later - earlier
    said = direction(earlier, later)
    if not Interval.exact(0).is_inside(difference):
        assert said == ("rose" if later.low > earlier.high else "fell")
    else:
        assert said == ("unchanged" if earlier == later and earlier.is_exact else "cannot be said")


@given(bands(), bands())
def test_turning_time_round_turns_the_direction_round(one, other):
    turned = {"rose": "fell", "fell": "rose"}
    said = direction(one, other)
    assert direction(other, one) == turned.get(said, said)


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [("64", 0.635, 0.645), ("64.0", 0.6395, 0.6405), ("0", 0, 0.005), ("100", 0.995, 1), ("99.96", 0.99955, 0.99965)],
)
def test_a_printed_percentage_carries_its_rounding(printed, low, high):
    assert rounded_share(printed) == Interval(low, high)


def allowed(printed: str, whole: int) -> tuple[float, float]:
    share = rounded_share(printed)
    return counts_allowed(share.low, share.high, whole)


@given(printed_percentages(), st.integers(0, 3000))
def test_the_possible_counts_are_those_that_round_to_the_percentage(printed, whole):
    decimals = len(printed.partition(".")[2])
    half = Fraction(1, 2 * 10**decimals)
    low, high = max(0, Fraction(printed) - half) / 100, min(100, Fraction(printed) + half) / 100
    counts = [count for count in range(whole + 1) if low * whole <= count <= high * whole]
    least, largest = allowed(printed, whole)
    assert (least, largest) == (counts[0], counts[-1]) if counts else least > largest


@given(printed_percentages(), st.integers(10**6, 10**7))
@example("3.74", 7_810_549)
def test_the_possible_counts_are_exact_for_large_wholes_too(printed, whole):
    decimals = len(printed.partition(".")[2])
    half = Fraction(1, 2 * 10**decimals)
    low = math.ceil(max(0, Fraction(printed) - half) / 100 * whole)
    high = math.floor(min(100, Fraction(printed) + half) / 100 * whole)
    least, largest = allowed(printed, whole)
    assert (least, largest) == (low, high) if low <= high else least > largest


def test_an_impossible_percentage_is_told():
    least, largest = allowed("64", 5)
    assert least > largest
    assert nearest_possible(rounded_share("64"), 5) == [3, 4]


@given(printed_percentages(), st.integers(1, 3000))
def test_the_nearest_possible_counts_stand_on_both_sides_of_an_impossible_percentage(printed, whole):
    share = rounded_share(printed)
    least, largest = allowed(printed, whole)
    assume(least > largest)
    below, above = nearest_possible(share, whole)
    assert above == below + 1
    assert below / whole < share.low and above / whole > share.high


@given(bands(), bands())
def test_inside_and_overlap_agree_with_the_ends(one, other):
    assert one.is_inside(other) == (other.low <= one.low and one.high <= other.high)
    assert one.overlaps(other) == other.overlaps(one) == (max(one.low, other.low) <= min(one.high, other.high))


@pytest.mark.parametrize(
    ("interval", "decimals", "unit", "shown"),
    [
        (Interval.exact(44943), 0, "", "44,943"),
        (Interval(0, 499), 0, "", "0–499"),
        (Interval(501, math.inf), 0, "", "501 or more"),
        (Interval(63.5, 64.5), 1, " %", "63.5–64.5 %"),
        (Interval.exact(64), 0, " %", "64 %"),
        (Interval(11000, 12000), 0, "", "11,000–12,000"),
    ],
)
def test_an_interval_is_read_by_its_ends(interval, decimals, unit, shown):
    assert text(interval, decimals, unit) == shown


def test_a_missing_upper_end_is_said_in_words():
    assert number(math.inf) == "no upper limit"


ANY_ENDS = st.floats(-(10.0**20), 10.0**20)


@given(ANY_ENDS, ANY_ENDS | st.just(math.inf), st.integers(0, 9))
@example(0.0004, 0.02, 1)
@example(63.5, 63.50000000000001, 1)
def test_what_is_rounded_outwards_holds_what_is_held_and_no_more_than_its_last_digit(one, other, decimals):
    low, high = sorted((one, other))
    shown = outwards(Interval(low, high), decimals)
    assert Interval(low, high).is_inside(shown)
    assert low - shown.low <= 10.0**-decimals * (1 + 1e-9) + abs(low) * 1e-15
    assert math.isinf(high) or shown.high - high <= 10.0**-decimals * (1 + 1e-9) + abs(high) * 1e-15


@given(st.floats(0, 10.0**9), st.floats(0, 10.0**9), st.integers(0, 4))
def test_the_text_of_a_range_holds_the_range(one, other, decimals):
    low, high = sorted((one, other))
    first, _, last = text(Interval(low, high), decimals).replace(",", "").partition("–")
    half = 0 if last else 10.0**-decimals / 2 * (1 + 1e-9)
    assert float(first) - half <= low and high <= float(last or first) + half


@given(bands())
def test_no_text_of_a_band_holds_its_midpoint(band):
    middle = (band.low + band.high) / 2
    assume(band.low < middle < band.high)
    assert number(middle) not in text(band).split("–") or number(middle) in (number(band.low), number(band.high))


@given(bands(), bands(st.integers(1, 10**6)))
def test_no_operation_on_bands_gives_a_midpoint(one, other):
    assume(one.width > 0 and other.width > 0)
    for result in (one - other, one.ratio(other), one.times(other), one / 7, total([one, other])):
        assert result.width > 0
