"""Numbers as printed: marks settled by the column, bands, open ends, footnotes, and what is no number."""

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.model.intervals import Interval
from dashboard.reports.words import numbers
from dashboard.reports.words.numbers import Marks, NotANumber, marks_of, printed_count, printed_share

pytestmark = pytest.mark.quick

PLAIN = Marks()


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1234", 1234, 1234),
        ("1,234", 1234, 1234),
        ("1,234,567", 1234567, 1234567),
        ("1.234.567", 1234567, 1234567),
        ("1 234", 1234, 1234),
        ("1\u00a0234", 1234, 1234),
        ("1\u202f234", 1234, 1234),
        ("1'234", 1234, 1234),
        ("1’234’567", 1234567, 1234567),
        ("12.0", 12, 12),
        ("1,234.00", 1234, 1234),
        ("٤٩٩", 499, 499),
        ("١٬٢٣٤", 1234, 1234),
        ("１，２３４", 1234, 1234),
        ("0", 0, 0),
        ("0–499", 0, 499),
        ("0 - 499", 0, 499),
        ("0~499", 0, 499),
        ("11,000 - 12,000", 11000, 12000),
        ("0 to 499", 0, 499),
        ("0 bis 499", 0, 499),
        ("de 0 à 499", 0, 499),
        ("between 250 and 499", 250, 499),
        ("0至499", 0, 499),
        ("<10", 0, 9),
        ("< 10", 0, 9),
        ("fewer than 10", 0, 9),
        ("weniger als 10", 0, 9),
        ("moins de 1 000", 0, 999),
        ("≤ 10", 0, 10),
        ("<=10", 0, 10),
        ("bis zu 10", 0, 10),
        (">500", 501, math.inf),
        ("≥ 1,000", 1000, math.inf),
        ("1000+", 1000, math.inf),
        ("10 or more", 10, math.inf),
        ("10以上", 10, math.inf),
        ("0〜499", 0, 499),
        ("minder dan 10", 0, 9),
        ("mniej niż 10", 0, 9),
        ("méně než 10", 0, 9),
        ("менее 10", 0, 9),
        ("od 10 do 99", 10, 99),
        ("10 и более", 10, math.inf),
    ],
)
def test_a_count_is_read_in_every_usual_form(text, low, high):
    printed = printed_count(text, PLAIN)
    assert (printed.value, printed.warnings) == (Interval(low, high), ())


@pytest.mark.parametrize("text", ["", " ", "-", "–", "—", "..", "N/A", "n/a", "NULL", "(none)", "not reported", "k. A.", "不适用"])
def test_a_mark_for_no_figure_is_not_zero(text):
    assert printed_count(text).value is None
    assert printed_share(text).value is None


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("1,234*", 1234, "footnote"),
        ("12²", 12, "footnote"),
        ("1,234 [1]", 1234, "footnote"),
        ("12 †", 12, "footnote"),
        ("12(a)", 12, "footnote"),
        ("about 300", 300, "approximate_value"),
        ("~300", 300, "approximate_value"),
        ("ca. 300", 300, "approximate_value"),
        ("约300", 300, "approximate_value"),
        ("1.2E+03", 1200, "scientific_notation"),
        ("1e5", 100000, "scientific_notation"),
    ],
)
def test_what_is_kept_with_a_warning(text, value, code):
    printed = printed_count(text)
    assert printed.value == Interval.exact(value)
    assert [warning for warning, _ in printed.warnings] == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.234", "ambiguous_number"),
        ("12.5", "not_whole"),
        ("0.5", "not_whole"),
        ("12,5", "not_whole"),
        ("0.123", "not_whole"),
        ("1234.567", "not_whole"),
        ("1.2e0", "not_whole"),
        ("-5", "negative_value"),
        ("−1,234", "negative_value"),
        ("499–0", "low_above_high"),
        ("1,23,4", "bad_number"),
        ("12,,34", "bad_number"),
        ("1,234 567", "bad_number"),
        ("1 23", "bad_number"),
        ("12a5", "bad_number"),
        ("12 34", "bad_number"),
        ("=2+3", "bad_number"),
        ("(12)", "bad_number"),
        ("12 (30)", "bad_number"),
        ("64%", "bad_number"),
        ("many", "bad_number"),
        ("<0", "out_of_range"),
        ("9" * 16, "out_of_range"),
        ("9" * 5000, "out_of_range"),
        ("9e99", "out_of_range"),
        ("2020-01-10", "date_in_number"),
        ("10-Jan", "date_in_number"),
        ("Jan-10", "date_in_number"),
        ("10. Jan", "date_in_number"),
        ("1/10/2020", "date_in_number"),
        ("1月10日", "date_in_number"),
        ("#REF!", "error_cell"),
        ("#DIV/0!", "error_cell"),
        ("#####", "error_cell"),
    ],
)
def test_what_is_no_count_says_why(text, code):
    with pytest.raises(NotANumber) as caught:
        printed_count(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("column", "said", "text", "value"),
    [
        (["1.234", "1.234.567"], None, "1.234", 1234),
        (["1.234", "12,5"], None, "1.234", 1234),
        (["1.234", "1.234,0"], None, "1.234", 1234),
        (["1.234"], ",", "1.234", 1234),
        (["1,234"], ".", "1,234", 1234),
        (["1,234", "1,234,567"], None, "1,234", 1234),
        (["1.234"], None, "1.234", "ambiguous_number"),
        (["1.234"], ".", "1.234", "not_whole"),
        (["1,234"], ",", "1,234", "not_whole"),
        (["1.234", "12.5"], None, "1.234", "not_whole"),
        (["1.234.567", "2.345.678", "1,234"], None, "1,234", "not_whole"),
        (["1.234.567", "1,234,567"], None, "1.234", "ambiguous_number"),
        (["1.234.567", "1,234,567"], None, "1,234,567", "ambiguous_number"),
        (["1.234.567", "2.345.678", "1,234,567"], None, "1,234,567", "ambiguous_number"),
        (["1,234,567", "2,345,678", "1.234.567"], None, "1.234.567", "ambiguous_number"),
    ],
)
def test_the_column_settles_its_marks_and_never_the_cell(column, said, text, value):
    marks = marks_of(column, said)
    if isinstance(value, int):
        assert printed_count(text, marks).value == Interval.exact(value)
    else:
        with pytest.raises(NotANumber) as caught:
            printed_count(text, marks)
        assert caught.value.code == value


@pytest.mark.parametrize(
    ("text", "of_one", "low", "high"),
    [
        ("64%", False, 0.635, 0.645),
        ("64 %", False, 0.635, 0.645),
        ("64", False, 0.635, 0.645),
        ("64.5%", False, 0.6445, 0.6455),
        ("64,5 %", False, 0.6445, 0.6455),
        ("٦٤٪", False, 0.635, 0.645),
        ("%64", False, 0.635, 0.645),
        ("0.64", True, 0.635, 0.645),
        ("0,64", True, 0.635, 0.645),
        ("0.5", True, 0.495, 0.505),
        ("64%", True, 0.635, 0.645),
        ("<1%", False, 0, 0.01),
        ("0", False, 0, 0.005),
        ("100%", False, 0.995, 1),
    ],
)
def test_a_share_carries_its_rounding(text, of_one, low, high):
    assert printed_share(text, of_one=of_one).value == Interval(low, high)


@pytest.mark.parametrize(
    ("text", "of_one", "code"),
    [
        ("101%", False, "percent_out_of_range"),
        ("1.2", True, "percent_out_of_range"),
        ("-3%", False, "negative_value"),
        ("most", False, "bad_number"),
        ("1,234.5%", False, "bad_number"),
        ("10-Jan", False, "date_in_number"),
        ("#VALUE!", False, "error_cell"),
    ],
)
def test_what_is_no_share_says_why(text, of_one, code):
    with pytest.raises(NotANumber) as caught:
        printed_share(text, of_one=of_one)
    assert caught.value.code == code


def test_a_share_with_another_decimal_mark_than_its_column_is_no_share():
    with pytest.raises(NotANumber, match="another decimal mark"):
        printed_share("64,5%", marks_of(["61.5%", "64,5%", "12.5%"]))


@given(st.integers(0, 10**15 - 1), st.sampled_from([",", ".", " ", "'", "\u202f", ""]))
def test_a_number_is_read_back_with_any_mark_that_the_form_names(value, mark):
    decimal = {",": ".", ".": ","}.get(mark)
    assert printed_count(f"{value:,}".replace(",", mark), marks_of([], decimal)).value == Interval.exact(value)


@given(st.text(max_size=20), st.sampled_from([",", ".", None]))
def test_any_text_is_a_number_or_says_why_not(text, decimal):
    marks = marks_of([text], decimal)
    for read in (printed_count, printed_share, lambda text, marks: numbers.printed_share(text, marks, of_one=True)):
        try:
            printed = read(text, marks)
        except NotANumber as wrong:
            assert wrong.says.endswith(".")
        else:
            assert printed.value is None or 0 <= printed.value.low <= printed.value.high


@given(
    st.from_regex(
        r"(<|>|≤|~|about |fewer than |between |up to )?[-−]?[0-9.,' eE+/%*²⁰()a-z–]{0,14}( ?(%|\\+|or more|\\*))?", fullmatch=True
    )
    | st.text(max_size=12)
)
def test_every_text_is_an_interval_no_figure_or_a_problem_and_never_a_crash(text):
    for read in (
        printed_count,
        printed_share,
        numbers.count,
        lambda text: numbers.printed_share(text, of_one=True),
    ):
        with contextlib.suppress(NotANumber):
            read(text)


@pytest.mark.parametrize(("text", "value"), [("3,45,678", 345678), ("1,02,000", 102000), ("1,23,45,678", 12345678)])
def test_lakhs_are_read(text, value):
    assert printed_count(text, marks_of([text])).value == Interval.exact(value)


def test_lakhs_beside_large_numbers_in_threes_contradict_each_other():
    with pytest.raises(NotANumber) as caught:
        printed_count("1,02,000", marks_of(["1,02,000", "345,678"]))
    assert caught.value.code == "ambiguous_number"


@pytest.mark.parametrize("text", ["*", "withheld", "not published", "Under review", "non publié", "保密"])
def test_words_for_no_figure(text):
    assert printed_count(text).value is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("83 %", "83.00%", True), ("83.0%", "83 %", True), ("83.1%", "83%", False), ("0.5", "0.50", True), ("50%", "0.5", False)],
)
def test_equal_shares_may_be_written_otherwise(one, other, same):
    assert numbers.is_same_share(one, other) is same
