"""What a later edition prints otherwise is counted against all that it prints again, and two documents are compared key by key."""

import pytest

from dashboard import catalog
from dashboard.analysis import restatements

EDITIONS = """
reporter requester period   value document
google   USA       2018_H1  100   first
google   DEU       2018_H1  50    first
google   FRA       2018_H1  0-9   first
google   ITA       2018_H1  7     first
google   USA       2018_H1  102   second
google   DEU       2018_H1  50    second
google   FRA       2018_H1  0-4   second
google   USA       2018_H2  90    second
"""
KNOWN = """
document known_from
first    2018-09-28
second   2019-03-31
"""


def test_restated_numbers_are_a_part_of_the_reprinted_ones(catalog_of):
    (row,) = restatements.by_publisher(catalog_of(EDITIONS, KNOWN)).to_dict("records")
    assert (row["reprinted"], row["restated"], row["share"]) == (3, 2, pytest.approx(2 / 3))
    assert (row["median_change"], row["largest_change"]) == (pytest.approx(0.02), pytest.approx(0.02))


def test_two_documents_differ_key_by_key(catalog_of):
    table = restatements.between(catalog_of(EDITIONS, KNOWN), "first", "second")
    told = {(row["requester"], row["period_start"].month): row["change"] for row in table.to_dict("records")}
    assert told == {("USA", 1): "restated", ("DEU", 1): "same", ("FRA", 1): "restated", ("ITA", 1): "left out", ("USA", 7): "added"}


def test_what_a_newer_document_does_not_cover_is_not_left_out(catalog_of):
    shown = "reporter period value document\ngoogle 2017_H1 1 first\ngoogle 2018_H1 2 first\ngoogle 2018_H1 2 second"
    assert restatements.between(catalog_of(shown), "first", "second")["change"].tolist() == ["same"]


def test_a_document_about_something_else_leaves_nothing_out(catalog_of):
    shown = "reporter measure period value document\ngoogle requests 2018_H1 1 first\ngoogle letters 2018_H1 2 second"
    assert restatements.between(catalog_of(shown), "first", "second")["change"].tolist() == ["added"]


@pytest.mark.parametrize("reporter", ["google", "apple", "github", "tiktok"])
def test_the_usual_pair_is_two_documents_of_the_reporter(reporter):
    data = catalog.bundled()
    older, newer = restatements.usual_pair(data, reporter)
    table = restatements.between(data, older, newer)
    if reporter in restatements.by_publisher(data).query("restated > 0")["reporter"].tolist():
        assert (table["change"] == "restated").any()
    assert {older, newer} <= set(data.documents["document"][data.documents["reporter"] == reporter])


def test_the_publishers_and_their_editions_add_up_in_the_shipped_data():
    data = catalog.bundled()
    publishers = restatements.by_publisher(data).set_index("reporter")
    assert publishers["restated"].sum() == len(data.restated())
    for reporter in publishers.index:
        editions = restatements.by_edition(data, reporter)
        assert (editions["reprinted"].sum(), editions["restated"].sum()) == tuple(publishers.loc[reporter, ["reprinted", "restated"]])
