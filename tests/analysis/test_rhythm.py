"""When the next report is expected follows from a reporter's own past, and what is not known is not said."""

from datetime import date

import pandas as pd
import pytest

from dashboard import catalog
from dashboard.analysis.rhythm import rhythms

THREE_HALVES = """
reporter period   value document
google   2018_H1  10    first
google   2018_H2  11    second
google   2019_H1  12    third
"""
KNOWN = """
document known_from
first    2018-09-28
second   2019-03-31
third    2019-09-28
"""


@pytest.mark.parametrize(
    ("today", "missing", "since"),
    [
        (date(2020, 3, 1), 0, pd.NaT),
        (date(2020, 5, 1), 1, pd.Timestamp("2020-03-30")),
        (date(2021, 5, 1), 3, pd.Timestamp("2020-03-30")),
    ],
)
def test_a_report_is_overdue_once_its_day_has_passed_and_each_further_one_counts(catalog_of, today, missing, since):
    (row,) = rhythms(catalog_of(THREE_HALVES, KNOWN), today).to_dict("records")
    assert (row["months"], row["lag_days"], row["missing"]) == (6, 90, missing)
    assert row["expected"] == pd.Timestamp("2020-03-30")
    assert row["overdue_since"] is since or row["overdue_since"] == since


def test_old_periods_in_a_new_document_do_not_make_a_reporter_slow(catalog_of):
    whole = THREE_HALVES.replace("first", "third").replace("second", "third")
    (row,) = rhythms(catalog_of(whole, KNOWN), date(2020, 1, 1)).to_dict("records")
    assert row["lag_days"] == 90


@pytest.mark.parametrize(
    ("shown", "documents"),
    [
        ("reporter period value\ngoogle 2018_H1 10", ""),
        (THREE_HALVES, "document form\nfirst quoted\nsecond quoted\nthird quoted"),
        ("reporter period value\ngoogle 2018-01-05/2018-06-20 10\ngoogle 2018-07-05/2018-12-20 10", ""),
    ],
    ids=["one period", "quoted only", "no whole months"],
)
def test_of_a_reporter_without_a_rhythm_nothing_is_said(catalog_of, shown, documents):
    assert rhythms(catalog_of(shown, documents), date(2030, 1, 1)).empty


def test_what_is_expected_follows_what_is_held_without_a_gap():
    table = rhythms(catalog.bundled(), date(2026, 1, 1))
    assert ((table["next_start"] - table["last_end"]).dt.days == 1).all()
    assert (table["overdue_since"].isna() == (table["missing"] == 0)).all()


@pytest.mark.parametrize(
    ("form", "last"),
    [("third-party", "2019-12-31"), ("quoted", "2019-06-30"), ("compiled", "2019-06-30")],
)
def test_a_period_that_another_party_copied_whole_is_held_and_says_nothing_of_the_days_between(catalog_of, form, last):
    shown = f"{THREE_HALVES}google 2019_H2 13 copy\n"
    documents = KNOWN.replace("known_from", "known_from form").replace("-28\n", "-28 transcribed\n").replace("-31\n", "-31 transcribed\n")
    (row,) = rhythms(catalog_of(shown, f"{documents}copy 2021-09-28 {form}\n"), date(2019, 11, 1)).to_dict("records")
    assert (row["last_end"], row["lag_days"]) == (pd.Timestamp(last), 90)


def test_numbers_of_national_security_that_came_earlier_are_not_the_report_on_a_period(catalog_of):
    shown = "\n".join(f"{line} {'all' if line.startswith('google') else 'request_type'}" for line in THREE_HALVES.split("\n")[1:4]) + "\n"
    shown += "google 2019_H1 12 third all\ngoogle 2019_H2 1 early nsl\n"
    (row,) = rhythms(catalog_of(shown, f"{KNOWN}early 2020-01-05\n"), date(2020, 1, 10)).to_dict("records")
    assert row["last_end"] == pd.Timestamp("2019-06-30")


def test_a_period_of_another_length_that_is_the_last_is_held(catalog_of):
    (row,) = rhythms(catalog_of(f"{THREE_HALVES}google 2019 25 fourth\n", f"{KNOWN}fourth 2020-02-28\n"), date(2020, 3, 1)).to_dict(
        "records"
    )
    assert (row["months"], row["last_end"], row["expected"]) == (6, pd.Timestamp("2019-12-31"), pd.Timestamp("2020-09-28"))
