"""The digits of a sentence are divided by the reader of reports: a count means the same in a cell and in a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.reports.words.numbers import marks_of, printed_count
from dashboard.statements.spoken_numbers import numbers_in

pytestmark = pytest.mark.quick


@given(st.integers(1_000, 999_999_999), st.sampled_from([",", ".", " ", "\u202f", "\u00a0"]))
def test_a_count_in_groups_of_three_is_the_same_in_a_cell_and_in_a_sentence(count, mark):
    printed = f"{count:,}".replace(",", mark)
    (mention,) = numbers_in(f"received {printed} requests")
    # One group after a point is in doubt in a cell and none in a sentence, as counts are whole.
    marks = marks_of([printed], decimal="," if mark == "." else None)
    assert mention.interval == printed_count(printed, marks).value


@pytest.mark.parametrize(
    ("words", "value"),
    [("0,495 %", 0.00495), ("2.576 %", 0.02576), ("2,5 %", 0.025), ("2.576 million", 2_576_000), ("1,234.5 million", 1_234_500_000)],
)
def test_a_mark_for_decimals_is_told_by_what_stands_around_it(words, value):
    (mention,) = numbers_in(f"received {words} requests")
    assert mention.interval.low < value < mention.interval.high


@given(st.integers(200, 1_999_999))
def test_each_count_has_one_word_for_its_size(count):
    words = ("hundreds", "thousands", "tens of thousands", "hundreds of thousands")
    mentions = {word: numbers_in(f"received {word} of requests")[0] for word in words}
    assert sum(mention.rounded.low <= count <= mention.rounded.high for mention in mentions.values()) == 1
    assert all(str(int(mention.interval.high)).strip("9") == "" for mention in mentions.values())
