"""Periods as printed: in many forms and languages, and settled by the column or asked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.model.periods import Period
from dashboard.reports.words.periods import column_of, day_of, ended_by, found_in, label_of, part_of_year

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2016 H2", "2016 H2"),
        ("H1/2020", "2020 H1"),
        ("1H20", "2020 H1"),
        ("Jan – Jun 2020", "2020 H1"),
        ("First half 2020", "2020 H1"),
        ("1er semestre 2020", "2020 H1"),
        ("deuxième semestre 2020", "2020 H2"),
        ("1. Halbjahr 2020", "2020 H1"),
        ("Januar bis Juni 2020", "2020 H1"),
        ("segundo semestre de 2020", "2020 H2"),
        ("enero a junio de 2020", "2020 H1"),
        ("1º semestre de 2020", "2020 H1"),
        ("secondo semestre 2020", "2020 H2"),
        ("2020年上半年", "2020 H1"),
        ("2020年1月至6月", "2020 H1"),
        ("2020年第三季度", "2020 Q3"),
        ("T4 2020", "2020 Q4"),
        ("3. Quartal 2020", "2020 Q3"),
        ("2020Q1", "2020 Q1"),
        ("März 2020", "Mar 2020"),
        ("2020-07", "Jul 2020"),
        ("07/2020", "Jul 2020"),
        ("2020年", "2020"),
        ("1 January 2020 – 30 June 2020", "2020 H1"),
        ("01.07.2020-31.12.2020", "2020 H2"),
        ("2020-01-01/2020-06-30", "2020 H1"),
        ("Oct 2014 – Mar 2016", "Oct 2014 – Mar 2016"),
    ],
)
def test_a_label_says_its_period_by_itself(text, period):
    assert str(label_of(text)) == period


@pytest.mark.parametrize("text", ["Germany", "12", "H3 2020", "2020-13", "Q1", "2020-06-30", "", "2019 - 2", "01/02/2020 - 03/04/2020"])
def test_what_names_no_period_for_certain_names_none(text):
    assert label_of(text) is None


@pytest.mark.parametrize(
    ("text", "first_month", "period"),
    [
        ("FY2020", 7, "Jul 2019 – Jun 2020"),
        ("FY 2019/20", 4, "Apr 2019 – Mar 2020"),
        ("2019/20", 10, "Oct 2019 – Sep 2020"),
        ("Geschäftsjahr 2020", 1, "2020"),
        ("FY20 H1", 7, "2019 H2"),
        ("FY2020 Q1", 10, "2019 Q4"),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_it_ends_in_and_needs_its_first_month(text, first_month, period):
    assert str(label_of(text, first_month)) == period
    assert not isinstance(label_of(text), Period)


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["FY2019"], "ambiguous_period"),
        (["2009-10", "2010-11", "2011-12"], "ambiguous_period"),
        (["01/02/2020", "03/04/2020"], "ambiguous_date"),
        (["2009-10", "2009-11"], None),
        (["01/02/2020", "31/12/2020"], None),
        (["2019 H1", "2019 H2"], None),
    ],
)
def test_a_column_asks_where_nothing_in_it_settles_what_is_meant(texts, code):
    question = column_of(texts).question
    assert (question[0] if question else None) == code


@pytest.mark.parametrize(
    ("days", "periods"),
    [
        (["2019-06-30", "2019-12-31"], ["2019 H1", "2019 H2"]),
        (["2019-12-31", "2020-12-31"], ["2019", "2020"]),
        (["2019-01-01", "2019-04-01"], ["2019 Q1", "2019 Q2"]),
        (["2019-12-31"], None),
        (["2019-06-30", "2019-12-31", "2020-12-31"], None),
        (["2019-06-15", "2019-12-15"], None),
    ],
)
def test_days_a_constant_distance_apart_give_the_length_and_others_do_not(days, periods):
    found, question = ended_by({day: date.fromisoformat(day) for day in days})
    assert (None if question else [str(found[day]) for day in days]) == periods


@pytest.mark.parametrize(
    ("year", "part", "kind", "period"),
    [
        ("2019", "1", "half", "2019 H1"),
        ("2019", "H2", "half", "2019 H2"),
        ("2019", "second", "half", "2019 H2"),
        ("2019", "3", "quarter", "2019 Q3"),
        ("2019", "11", "month", "Nov 2019"),
        ("2019", "Jan-Jun", "month", "2019 H1"),
        ("2019", "3", "half", None),
    ],
)
def test_a_year_and_its_part_in_two_cells(year, part, kind, period):
    found = part_of_year(year, part, kind)
    assert (str(found) if found else None) == period


@pytest.mark.parametrize(
    "text", ["30 June 2020", "June 30, 2020", "30 juin 2020", "30. Juni 2020", "30-Jun-20", "2020年6月30日", "2020/6/30", "30/06/2020"]
)
def test_a_day_in_many_forms(text):
    assert day_of(text, day_first=True) == date(2020, 6, 30)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Transparency report January–June 2020", "2020 H1"),
        ("Bericht 1. Halbjahr 2020, Stand März 2021", "2020 H1"),
        ("Report 2020", None),
        ("Published in March 2021", None),
        ("2019 H1 and 2019 H2", None),
    ],
)
def test_a_title_names_a_period_only_where_no_day_of_publication_can_be_meant(text, period):
    found = found_in(text)
    assert (str(found) if found else None) == period


@given(st.lists(st.text(max_size=12), max_size=6), st.one_of(st.none(), st.integers(1, 12)))
def test_any_column_is_read_or_says_what_is_wrong(texts, first_month):
    column = column_of(texts, first_month)
    for text in texts:
        if text.strip() and not column.question:
            assert (text in column.periods) + (text in column.days) + (text in column.wrong) == 1
