"""Two definitions are the same, close, or not comparable, and the difference is what one of them counts and the other does not."""

from datetime import date

import pandas as pd
import pytest

from dashboard import catalog
from dashboard.analysis.definitions import Likeness, beside_first, compared, matrix
from dashboard.model import tables


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


LEGAL, WITH_EMERGENCIES, BROADER = "requests_legal_process", "requests_legal_and_emergency", "requests_with_national_security"


def definitions(*rows: dict[str, str]) -> pd.DataFrame:
    """Definitions of requests, by the columns that are not blank."""
    blank = dict.fromkeys(tables.described(tables.Definition), "") | {"measure": "requests", "request_type": "*"}
    return pd.DataFrame([blank | row for row in rows])


@pytest.mark.parametrize(
    ("others", "likeness"),
    [
        ([{"group": LEGAL}], Likeness.SAME),
        ([{"group": WITH_EMERGENCIES}], Likeness.CLOSE),
        ([{"group": BROADER}], Likeness.NOT_COMPARABLE),
        # What was changed within the rows counts, what was changed outside them does not.
        ([{"group": BROADER, "valid_to": "2019-03-31"}, {"group": LEGAL, "valid_from": "2019-04-01"}], Likeness.NOT_COMPARABLE),
        ([{"group": BROADER, "valid_to": "2018-12-31"}, {"group": LEGAL, "valid_from": "2019-01-01"}], Likeness.SAME),
        ([{"group": LEGAL, "valid_to": "2019-06-30"}, {"group": BROADER, "valid_from": "2019-07-01"}], Likeness.SAME),
        # A kind's own definition comes before the one for all.
        ([{"group": BROADER}, {"group": LEGAL, "request_type": "all"}], Likeness.SAME),
        ([{"group": LEGAL}, {"group": BROADER, "request_type": "nsl"}], Likeness.SAME),
        ([], Likeness.NOT_COMPARABLE),
    ],
)
def test_a_reporter_stands_beside_the_first_by_what_it_meant_in_the_rows(catalog_of, others, likeness):
    bundle = catalog_of(
        "reporter value\nmeta 1\ngoogle 2",
        definitions=definitions({"reporter": "meta", "group": LEGAL}, *({"reporter": "google"} | other for other in others)),
        definition_groups=catalog.bundled().definition_groups,
    )
    comparisons = beside_first(bundle.observations, bundle)
    assert [(reporter, comparison.likeness) for reporter, comparison in comparisons.items()] == [
        ("meta", Likeness.SAME),
        ("google", likeness),
    ]


def test_two_reporters_without_a_definition_are_not_the_same(catalog_of):
    bundle = catalog_of("reporter value\nmeta 1\ngoogle 2", definitions=definitions({"reporter": "apple", "group": LEGAL}))
    assert beside_first(bundle.observations, bundle)["google"].likeness is Likeness.NOT_COMPARABLE


@pytest.mark.parametrize("rows", ["value\n1", "reporter measure value\nmeta requests 1\ngoogle accounts_specified 2"])
def test_one_reporter_or_several_measures_have_nothing_to_compare(catalog_of, rows):
    bundle = catalog_of(rows)
    assert beside_first(bundle.observations, bundle) == {}


def test_kinds_are_compared_with_the_same_kind(catalog_of):
    rows = "reporter request_type value\nmeta legal 1\nmeta nsl 1\ngoogle legal 2\ngoogle nsl 2"
    both = [
        {"reporter": reporter, "request_type": kind, "group": group}
        for reporter in ("meta", "google")
        for kind, group in (("legal", LEGAL), ("nsl", "nsl_issued"))
    ]
    for last, likeness in (("nsl_issued", Likeness.SAME), ("nsl_received_bands", Likeness.NOT_COMPARABLE)):
        both[-1]["group"] = last
        bundle = catalog_of(rows, definitions=definitions(*both), definition_groups=catalog.bundled().definition_groups)
        assert beside_first(bundle.observations, bundle)["google"].likeness is likeness
