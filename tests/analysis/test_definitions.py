"""Two definitions are the same, close, or not comparable, and the difference is what one of them counts and the other does not."""

import functools
from datetime import date

import pandas as pd
import pytest

from dashboard import catalog
from dashboard.analysis.definitions import CONCEPTS, Comparison, Degree, Likeness, beside_first, commonest, compared, matrix
from dashboard.display.comparisons import unshared
from dashboard.display.languages import Language
from dashboard.model import tables

ALL, SOME, UNTOLD = Degree


@pytest.mark.parametrize(
    ("first", "second", "likeness", "differences"),
    [
        ("requests_legal_and_emergency", "requests_legal_and_emergency", Likeness.SAME, ()),
        ("requests_legal_and_emergency", "requests_telephone_law_enforcement", Likeness.SAME, ()),
        ("requests_legal_and_emergency", "requests_legal_process", Likeness.CLOSE, (("emergencies", ALL, None),)),
        # Not all of a thing, or a thing of which nothing is said, is a lesser difference than none of it.
        ("requests_google_before_the_split", "requests_legal_and_emergency", Likeness.CLOSE, (("emergencies", SOME, ALL),)),
        ("requests_google_before_the_split", "requests_twilio", Likeness.CLOSE, (("emergencies", SOME, UNTOLD),)),
        (
            "requests_google_before_the_split",
            "requests_with_national_security",
            Likeness.NOT_COMPARABLE,
            (("emergencies", SOME, ALL), ("national security", None, ALL)),
        ),
        (
            "requests_legal_process",
            "requests_with_national_security",
            Likeness.NOT_COMPARABLE,
            (("emergencies", None, ALL), ("national security", None, ALL)),
        ),
        ("requests_legal_and_emergency", "requests_google_other", Likeness.NOT_COMPARABLE, ()),
        # Another main thing is never close, however little else differs.
        ("nsl_issued", "nsl_received_bands", Likeness.NOT_COMPARABLE, (("letters issued", ALL, None), ("letters received", None, ALL))),
        ("requests_us_subpoena", "requests_us_warrant", Likeness.NOT_COMPARABLE, (("subpoenas", ALL, None), ("warrants", None, ALL))),
    ],
)
def test_a_difference_is_named_with_its_degrees(first, second, likeness, differences):
    data = catalog.bundled()
    assert compared(data, first, second) == Comparison(likeness, differences)
    turned = compared(data, second, first)
    assert turned.likeness is likeness
    assert {(word, after, before) for word, before, after in turned.differences} == set(differences)


def test_a_difference_of_degree_is_put_in_words():
    data = catalog.bundled()
    comparison = compared(data, "requests_google_before_the_split", "requests_twilio")
    assert (
        unshared("google", "twilio", comparison, Language("en", data))
        == "Google counts some emergencies, Twilio does not say whether it counts emergencies"
    )


@functools.cache
def known_on(day: date) -> pd.DataFrame:
    """The definitions of a day, put together once."""
    return matrix(catalog.bundled(), day)


@pytest.mark.parametrize("concept", CONCEPTS)
def test_of_the_definitions_of_a_word_the_most_are_the_same_or_close_to_the_commonest(concept):
    data = catalog.bundled()
    rows = known_on(date(2020, 1, 1)).query("concept == @concept").set_index("reporter")
    first = commonest(rows.reset_index())
    likenesses = [compared(data, rows.at[first, "group"], group).likeness for group in rows["group"]]
    assert likenesses.count(Likeness.NOT_COMPARABLE) <= len(likenesses) / 2


def test_every_group_that_is_described_is_one_of_a_definition():
    data = catalog.bundled()
    assert set(data.definition_groups["group"]) <= set(data.definitions["group"])


def test_what_a_definition_of_emergencies_says_of_the_total_is_what_the_group_of_the_total_counts():
    data = catalog.bundled()
    requests = data.definitions[data.definitions["measure"] == "requests"].fillna({"valid_from": "", "valid_to": "9999"})
    totals = requests[requests["request_type"] == "all"].merge(requests[requests["request_type"] == "emergency"], on="reporter")
    totals = totals[(totals["valid_from_x"] <= totals["valid_to_y"]) & (totals["valid_from_y"] <= totals["valid_to_x"])]
    beside = totals["definition_y"].str.contains(r"beside the total|outside the")
    inside = totals["definition_y"].str.contains(r"in the total\.")
    described = totals["group_x"].map(lambda group: data.described.get(group, {}).get("counts", "legal process").split("; "))
    counts = described.map(lambda words: "emergencies" in words)
    before = totals["valid_to_x"] < "2017"  # Microsoft's emergencies stood in the total until then, and its definition of it says so.
    assert beside.sum() > 2 and inside.sum() > 1
    assert totals.loc[(beside & ~before & counts) | (inside & ~counts), ["reporter", "definition_x", "group_x"]].to_dict("records") == []


def test_on_one_day_a_reporter_has_one_definition_of_a_concept_and_kind():
    table = known_on(date(2020, 1, 1))
    assert not table.duplicated(["reporter", "concept"]).any()


def test_the_definition_changes_with_the_day():
    by_day = {day: known_on(day).set_index(["reporter", "concept"])["group"] for day in (date(2015, 1, 1), date(2020, 1, 1))}
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
