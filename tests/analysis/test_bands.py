"""Bands over time: each step has both of its documents, and a lower end follows only from the same document."""

import pytest

from dashboard import catalog
from dashboard.analysis import bands

KNOWN = "document known_from\nfirst 2018-09-28\nsecond 2019-03-31\nthird 2020-03-31"


@pytest.mark.parametrize(
    ("before", "after", "steps"),
    [
        ("0-499", "1-499", ["lower end raised"]),
        ("0-999", "500-999", ["lower end raised"]),
        ("0-999", "3-499", ["narrowed"]),
        ("0-999", "7", ["narrowed"]),
        ("0-499", "500-999", ["another band"]),
        ("1-499", "0-499", ["another band"]),
        ("0-499", "0-499", []),
        ("7", "8", []),
    ],
)
def test_a_step_is_told_by_its_two_intervals(catalog_of, before, after, steps):
    shown = f"request_type period value document\nnsl 2018_H1 {before} first\nnsl 2018_H1 {after} second"
    table = bands.history(catalog_of(shown, KNOWN))
    assert table["step"].tolist() == steps
    assert table["earlier_document"].tolist() == ["first"] * len(steps)


def test_a_band_raised_twice_has_two_steps_that_join(catalog_of):
    shown = "request_type period value document\nnsl 2018_H1 0-499 first\nnsl 2018_H1 1-499 second\nnsl 2018_H1 2-499 third"
    table = bands.history(catalog_of(shown, KNOWN))
    assert list(zip(table["earlier_printed"], table["printed"], strict=True)) == [("0-499", "1-499"), ("1-499", "2-499")]


def test_other_demands_are_no_legal_bands(catalog_of):
    shown = "request_type period value document\nwarrant 2018_H1 0-200 first\nwarrant 2018_H1 1-200 second"
    assert bands.history(catalog_of(shown, KNOWN)).empty


@pytest.mark.parametrize(
    ("orders", "accounts", "document", "follows"),
    [
        ("0-499", "500-999", "first", True),
        ("0-499", "1-499", "first", True),
        ("0-499", "0-499", "first", False),
        ("500-999", "500-999", "first", False),
        ("0", "500-999", "first", False),
        ("0-499", "500-999", "second", False),
    ],
)
def test_at_least_one_order_because_at_least_one_account_in_the_same_document(catalog_of, orders, accounts, document, follows):
    shown = (
        "measure request_type period value document\n"
        f"requests nsl 2018_H1 {orders} first\naccounts_specified nsl 2018_H1 {accounts} {document}"
    )
    derived = bands.by_logic(catalog_of(shown, KNOWN))
    assert len(derived) == follows
    assert (derived["printed"] == orders).all()


def test_conclusions_of_the_shipped_data_lie_inside_what_is_printed():
    data = catalog.bundled()
    derived = bands.by_logic(data)
    assert len(derived)
    assert ((derived["low"] < derived["derived_low"]) & (derived["derived_low"] <= derived["high"])).all()
    stored = data.observations.set_index(["document", "cell", "measure"])["printed"]
    assert all(row.printed in stored.loc[[(row.document, row.cell, row.measure)]].tolist() for row in derived.itertuples())
