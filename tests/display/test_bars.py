"""Bars: what is written beside them, and the words of a change."""

import pytest

from dashboard.display import bars
from dashboard.model.intervals import Interval


@pytest.mark.parametrize(
    ("first", "last", "measure", "words"),
    [
        ((100, 100), (130, 130), "requests", "100 → 130 · +30 · rose"),
        ((130, 130), (100, 100), "requests", "130 → 100 · −30 · fell"),
        ((0, 499), (0, 499), "requests", "0–499 → 0–499 · −499 to +499 · whether it changed cannot be said"),
        ((0, 499), (500, 999), "requests", "0–499 → 500–999 · +1 to +999 · rose"),
        ((7, 7), (7, 7), "requests", "7 → 7 · 0 · unchanged"),
        ((0.63, 0.63), (0.655, 0.655), "share_some_data", "63 % → 65.5 % · +2.5 points · rose"),
    ],
)
def test_a_change_is_a_range_and_says_no_more_than_is_known(first, last, measure, words):
    assert bars.change_words(Interval(*first), Interval(*last), measure, scaled=False, same_length=True) == words


def test_between_periods_of_different_length_no_change_is_stated():
    words = bars.change_words(Interval(1, 1), Interval(2, 2), "requests", scaled=False, same_length=False)
    assert "no change is stated" in words
