"""How long gags lasted is counted of the newest list of each recipient, letter by letter, and of no other."""

from dataclasses import replace

import pandas as pd
import pytest

from dashboard import catalog
from dashboard.analysis import gags


def letters_of(shown: str) -> catalog.Catalog:
    """A catalog whose letters are those shown; `old` counts as known before `new`."""
    lines = [line.split() for line in shown.strip().splitlines()]
    table = pd.DataFrame(lines[1:], columns=lines[0]).assign(number="1", cell="A1")
    table = table.assign(issued=pd.to_datetime(table["issued"]), released=pd.to_datetime(table["released"]))
    data = catalog.bundled()
    documents = data.documents.iloc[:2].assign(document=["old", "new"], known_from=pd.to_datetime(["2020-01-01", "2021-01-01"]))
    return replace(data, letters=table, documents=documents)


LISTS = """
reporter issued     released   document
google   2010-01-01 2012-01-01 old
google   2010-01-01 2012-01-01 new
google   2011-01-01 2017-01-01 new
apple    2015-01-01 2016-01-01 old
"""


def test_a_letter_of_two_editions_is_one_letter():
    ended = gags.ended(letters_of(LISTS))
    assert list(zip(ended["reporter"], ended["document"], strict=True)) == [("google", "new"), ("google", "new"), ("apple", "old")]


def test_the_median_the_longest_and_the_long_ones():
    summary = gags.summary(gags.ended(letters_of(LISTS)))
    assert (summary.count, round(summary.median_years, 1), round(summary.longest_years, 1), summary.long_count) == (3, 2.0, 6.0, 1)


@pytest.mark.parametrize("day", ["issued", "released"])
def test_the_years_add_up_to_all_letters(day):
    ended = gags.ended(catalog.bundled())
    years = gags.by_year(ended, day)
    assert years["count"].sum() == len(ended) == gags.summary(ended).count
    assert years["longest_years"].max() == ended["years"].max()


def test_of_no_letter_nothing_is_said():
    with pytest.raises(ValueError, match="no letter"):
        gags.summary(gags.ended(catalog.bundled()).iloc[:0])


def test_every_shipped_letter_was_released_after_it_was_issued():
    letters = catalog.bundled().letters
    assert (letters["released"] >= letters["issued"]).all()
