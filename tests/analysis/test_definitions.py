"""Two definitions are the same, close, or not comparable, and the difference is what one of them counts and the other does not."""

from datetime import date

import pytest

from dashboard import catalog
from dashboard.analysis.definitions import Likeness, compared, matrix


@pytest.mark.parametrize(
    ("first", "second", "likeness", "difference"),
    [
        ("requests_legal_and_emergency", "requests_legal_and_emergency", Likeness.SAME, ()),
        ("requests_legal_and_emergency", "requests_telephone_law_enforcement", Likeness.SAME, ()),
        ("requests_legal_and_emergency", "requests_legal_process", Likeness.CLOSE, ("emergencies",)),
        ("requests_legal_process", "requests_with_national_security", Likeness.NOT_COMPARABLE, ("emergencies", "national security")),
        ("requests_legal_and_emergency", "requests_twilio", Likeness.NOT_COMPARABLE, ()),
        ("nsl_issued", "nsl_received_bands", Likeness.NOT_COMPARABLE, ("letters issued", "letters received")),
    ],
)
def test_a_difference_is_named(first, second, likeness, difference):
    data = catalog.bundled()
    comparison = compared(data, first, second)
    assert (comparison.likeness, comparison.only_first + comparison.only_second) == (likeness, difference)
    turned = compared(data, second, first)
    assert (turned.likeness, turned.only_first, turned.only_second) == (likeness, comparison.only_second, comparison.only_first)


def test_every_group_that_is_described_is_one_of_a_definition():
    data = catalog.bundled()
    assert set(data.definition_groups["group"]) <= set(data.definitions["group"])


def test_on_one_day_a_reporter_has_one_definition_of_a_concept_and_kind():
    table = matrix(catalog.bundled(), date(2020, 1, 1))
    assert not table.duplicated(["reporter", "concept"]).any()


def test_the_definition_changes_with_the_day():
    by_day = {
        day: matrix(catalog.bundled(), day).set_index(["reporter", "concept"])["group"] for day in (date(2015, 1, 1), date(2020, 1, 1))
    }
    groups = [by_day[day]["microsoft", "request"] for day in by_day]
    assert groups == ["requests_legal_and_emergency", "requests_legal_process"]
