"""Changes: what is written of the two numbers of a series."""

import pytest

from dashboard.display import changes


@pytest.mark.parametrize(
    ("first", "last", "measure", "words"),
    [
        ("100", "130", "requests", "100 → 130 · +30 · rose"),
        ("130", "100", "requests", "130 → 100 · −30 · fell"),
        ("0-499", "0-499", "requests", "0–499 → 0–499 · −499 to +499 · cannot be said"),
        ("0-499", "500-999", "requests", "0–499 → 500–999 · +1 to +999 · rose"),
        ("0-499", "500+", "requests", "0–499 → 500 or more · +1 or more · rose"),
        ("500+", "0-499", "requests", "500 or more → 0–499 · −1 or less · fell"),
        ("500+", "600+", "requests", "500 or more → 600 or more · cannot be said"),
        ("7", "7", "requests", "7 → 7 · 0 · unchanged"),
        ("0.63", "0.655", "share_some_data", "63 % → 65.5 % · +2.5 points · rose"),
    ],
)
def test_a_change_is_a_range_and_says_no_more_than_is_known(observations_of, first, last, measure, words):
    rows = observations_of(f"period measure value\n2018_H1 {measure} {first}\n2019_H1 {measure} {last}")
    assert changes.between(rows.assign(label="Google"), False)["words"].tolist() == [words]


def test_between_periods_of_different_length_no_change_is_stated(observations_of):
    rows = observations_of("period value\n2018_H1 1\n2019 2").assign(label="Google")
    (row,) = changes.between(rows, False).itertuples()
    assert row.change == "" and row.words.endswith("no change is stated")
