"""Periods: every usual way to write one is read, none is guessed, and a label names the period that it was made from."""

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.model.periods import DAYS_A_YEAR, Period, day_label, ending, find, half, is_day_first, label, months, parse, parse_date, year

pytestmark = pytest.mark.quick

DAYS = st.dates(date(1995, 1, 1), date(2039, 12, 31))
H1_2020 = Period(date(2020, 1, 1), date(2020, 6, 30))
H2_2019 = Period(date(2019, 7, 1), date(2019, 12, 31))


@st.composite
def any_periods(draw):
    """Periods of any length and any days."""
    return Period(*sorted((draw(DAYS), draw(DAYS))))


@st.composite
def whole_months(draw):
    """Periods of whole calendar months."""
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return months(first.year, first.month, last.year, last.month)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2016 H2", half(2016, 2)),
        ("H1 2020", H1_2020),
        ("Jan – Jun 2020", H1_2020),
        ("Jan - Jun 2020", H1_2020),
        ("January - June 2017", half(2017, 1)),
        ("July–December 2019", H2_2019),
        ("Jan. - Jun. 2020", H1_2020),
        ("January to June 2020", H1_2020),
        ("January through June 2020", H1_2020),
        ("First half 2020", H1_2020),
        ("second half of 2019", H2_2019),
        ("1st half of 2020", H1_2020),
        ("2020-06-30", H1_2020),
        ("12/31/2019", H2_2019),
        ("6/30/20", H1_2020),
        ("2019-12-31T00:00:00", H2_2019),
        ("2019H2", H2_2019),
        ("2019_H2", H2_2019),
        ("h2-19", H2_2019),
        ("S2 2019", H2_2019),
        ("2019", year(2019)),
        ("CY2019", year(2019)),
        ("2016 – 2020", Period(date(2016, 1, 1), date(2020, 12, 31))),
        ("2019 Q3", Period(date(2019, 7, 1), date(2019, 9, 30))),
        ("Q1 2020", Period(date(2020, 1, 1), date(2020, 3, 31))),
        ("fourth quarter of 2019", Period(date(2019, 10, 1), date(2019, 12, 31))),
        ("May 2021", Period(date(2021, 5, 1), date(2021, 5, 31))),
        ("Sept 2019", Period(date(2019, 9, 1), date(2019, 9, 30))),
        ("2020-02", Period(date(2020, 2, 1), date(2020, 2, 29))),
        ("Oct 2014 – Mar 2016", Period(date(2014, 10, 1), date(2016, 3, 31))),
        ("2014-09-01 – 2016-02-29", Period(date(2014, 9, 1), date(2016, 2, 29))),
        ("2020 Jan-Jun", H1_2020),
        ("  H1   2020 ", H1_2020),
    ],
)
def test_a_period_is_read_in_every_usual_form(text, period):
    assert parse(text) == period


@pytest.mark.parametrize(
    "text",
    ["", "2020-06-29", "31/12/2019", "5/7/2020", "H3 2019", "2019 Q5", "2019-13", "half a year", "Dec – Jan 2020", "19", "2020-06-31"],
)
def test_what_leaves_a_doubt_is_no_period(text):
    assert parse(text) is None


@given(any_periods() | whole_months())
def test_a_label_is_read_back_as_the_period_it_names(period):
    assert parse(label(period)) == period


@pytest.mark.parametrize(
    ("period", "shown"),
    [
        (H1_2020, "2020 H1"),
        (H2_2019, "2019 H2"),
        (year(2019), "2019"),
        (months(2019, 7, 2019, 9), "2019 Q3"),
        (months(2021, 5, 2021, 5), "May 2021"),
        (months(2014, 10, 2016, 3), "Oct 2014 – Mar 2016"),
        (months(2016, 1, 2020, 12), "2016 – 2020"),
        (months(2019, 7, 2020, 6), "Jul 2019 – Jun 2020"),
        (months(2019, 4, 2019, 9), "Apr 2019 – Sep 2019"),
        (Period(date(2016, 4, 14), date(2016, 6, 30)), "2016-04-14 – 2016-06-30"),
    ],
)
def test_a_period_is_shown_by_its_usual_name(period, shown):
    assert label(period) == shown == str(period)


@given(whole_months())
def test_whole_months_are_counted_and_lead_back_to_the_period(period):
    count = period.months
    assert count >= 1
    assert ending(period.end, count) == period
    assert period.years == count / 12


@given(any_periods())
def test_days_count_both_ends(period):
    assert period.days == sum(1 for _ in _days_of(period)) if period.days < 500 else period.days == (period.end - period.start).days + 1


@given(any_periods())
def test_a_period_of_broken_months_has_no_number_of_months(period):
    whole = period.start.day == 1 and period.end.day == calendar.monthrange(period.end.year, period.end.month)[1]
    assert (period.months is not None) == whole


@given(st.dates(), st.dates())
@example(date.min, date.max)
def test_every_pair_of_days_that_a_calendar_knows_is_a_period_with_a_name_and_a_length(one, other):
    period = Period(*sorted((one, other)))
    assert label(period) and period.years > 0 and period.days > 0
    assert (period.months is None) or ending(period.end, period.months) == period


@given(any_periods())
def test_a_year_has_one_length_for_periods_of_broken_months(period):
    assert period.years == (period.months / 12 if period.months else period.days / DAYS_A_YEAR)


def test_eighteen_months_are_one_year_and_a_half():
    assert months(2014, 10, 2016, 3).months == 18
    assert months(2014, 10, 2016, 3).years == 1.5


@pytest.mark.parametrize(
    ("end", "length", "period"),
    [
        (date(2020, 6, 30), 6, H1_2020),
        (date(2020, 2, 10), 2, Period(date(2020, 1, 1), date(2020, 2, 29))),
        (date(2016, 3, 31), 18, months(2014, 10, 2016, 3)),
        (date(2020, 1, 31), 12, months(2019, 2, 2020, 1)),
    ],
)
def test_a_period_is_found_from_its_end_and_length(end, length, period):
    assert ending(end, length) == period


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="after its end"):
        Period(date(2020, 1, 2), date(2020, 1, 1))


@given(any_periods(), any_periods())
def test_periods_overlap_where_a_day_lies_in_both(one, other):
    assert one.overlaps(other) == other.overlaps(one) == (max(one.start, other.start) <= min(one.end, other.end))
    assert (one in other) == (other.start <= one.start and one.end <= other.end)


def test_halves_fill_their_year_without_overlap():
    first, second = half(2020, 1), half(2020, 2)
    assert first in year(2020) and second in year(2020) and not first.overlaps(second)
    assert first.days + second.days == year(2020).days == 366


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("Microsoft LERR_2013_H1.xlsx", half(2013, 1)),
        ("PRPL-Facebook-Government-Report-2019_H2.csv", H2_2019),
        ("Snap_Transparency_Report_H1-20.csv", H1_2020),
        ("Snap_H1_2022_TR.csv", half(2022, 1)),
        ("Twitter_Transparency-Information_Requests_Jul-Dec-2020.csv", half(2020, 2)),
        ("Requests Jan-Jun 2020 - Info Requests Jan-Jun 2020.csv", H1_2020),
        ("google/through-2020-H1/requests.csv", H1_2020),
        ("Law Enforcement Requests, July – December 2019", H2_2019),
        ("The first half of 2020 in numbers", H1_2020),
    ],
)
def test_a_period_is_found_in_a_name(name, period):
    assert find(name) == period


@pytest.mark.parametrize("name", ["report.csv", "microsoft-lerr-2022H2-2025H1.csv", "2016_H1 and 2016_H2", "graph1 2020.csv", ""])
def test_a_name_without_a_period_or_with_two_names_none(name):
    assert find(name) is None


@pytest.mark.parametrize(
    ("text", "day_first", "day"),
    [
        ("2020-06-30", False, date(2020, 6, 30)),
        ("20200630", False, date(2020, 6, 30)),
        ("6/30/2020", False, date(2020, 6, 30)),
        ("30/6/2020", True, date(2020, 6, 30)),
        ("30.06.2020", True, date(2020, 6, 30)),
        ("6/30/20", False, date(2020, 6, 30)),
        ("31/12/16", True, date(2016, 12, 31)),
        ("2020-06-30 00:00:00", False, date(2020, 6, 30)),
        ("30/6/2020", False, None),
        ("2020-02-30", False, None),
        ("June", False, None),
    ],
)
def test_a_date_is_read(text, day_first, day):
    assert parse_date(text, day_first) == day


@pytest.mark.parametrize(
    ("column", "day_first"),
    [
        (["30/06/16", "31/12/16"], True),
        (["6/30/2016", "12/31/2016"], False),
        (["1/2/2016", "31/12/2016"], True),
        (["1/2/2016", "3/4/2016"], None),
        (["31/12/2016", "12/31/2016"], None),
        ([], None),
    ],
)
def test_one_cell_settles_whether_the_day_comes_first(column, day_first):
    assert is_day_first(column) is day_first


@given(DAYS)
def test_a_date_is_read_back_in_either_order(day):
    assert parse_date(f"{day.month}/{day.day}/{day.year}") == day
    assert parse_date(f"{day.day}/{day.month}/{day.year}", day_first=True) == day
    assert parse_date(day.isoformat()) == day


def _days_of(period: Period):
    day = period.start
    while day <= period.end:
        yield day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2021, 5, 3), "3 May 2021"),
        ("2021-05-03", "3 May 2021"),
        ("2021-05", "May 2021"),
        ("2021-13", "2021-13"),
        ("2021", "2021"),
        ("", ""),
        ("soon", "soon"),
    ],
)
def test_a_day_or_a_month_is_shown_in_words_and_what_is_neither_stays(day, shown):
    assert day_label(day) == shown
