"""The vocabulary shipped as tables says the same words as the lists in code, and every table that uses them knows them."""

from pathlib import Path

import pandas as pd
import pytest

from dashboard.analysis import parameters
from dashboard.model import columns, places, tables, vocabulary

pytestmark = pytest.mark.quick

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


def shipped(name: str) -> pd.DataFrame:
    return pd.read_csv(DATASETS / name, dtype=str, keep_default_na=False)


def test_the_columns_that_code_names_are_those_of_the_model():
    meanings = tables.described(tables.Observation)
    assert list(meanings) == columns.OBSERVATION_COLUMNS
    assert parameters.COLUMNS.items() <= meanings.items()


def test_the_measures_are_those_of_the_model():
    measures = tables.Measure.validate(shipped("vocabulary/measures.csv"))
    assert tuple(measures["measure"]) == vocabulary.MEASURES
    assert set(measures.loc[measures["kind"] == "share", "measure"]) == set(vocabulary.SHARES)
    assert set(measures["parent"]) - {""} <= set(vocabulary.MEASURES)


def test_the_request_types_are_those_of_the_model():
    request_types = tables.RequestType.validate(shipped("vocabulary/request_types.csv"))
    assert tuple(request_types["request_type"]) == vocabulary.REQUEST_TYPES
    assert set(request_types["parent"]) - {""} <= set(vocabulary.REQUEST_TYPES)


def test_preservation_belongs_to_no_total():
    request_types = shipped("vocabulary/request_types.csv").set_index("request_type")
    assert request_types.loc["preservation", "parent"] == ""
    parts = shipped("vocabulary/parts.csv")
    assert set(parts.loc[parts["request_type"] == "preservation", "in_total"]) == {"false"}


def test_every_reporter_has_a_name_a_report_and_a_home():
    reporters = tables.Reporter.validate(shipped("vocabulary/reporters.csv"))
    assert set(reporters["country"]) <= places.codes()
    assert (reporters[["report", "url"]] != "").all(axis=None)


def test_parts_name_known_reporters_and_types_once():
    parts = shipped("vocabulary/parts.csv")
    tables.Part.validate(parts.assign(in_total=parts["in_total"].map({"true": True, "false": False})))
    assert not parts.duplicated(["reporter", "request_type"]).any()
    assert set(parts["reporter"]) <= set(shipped("vocabulary/reporters.csv")["reporter"])
    assert set(parts["request_type"]) <= set(vocabulary.REQUEST_TYPES)


@pytest.mark.parametrize(
    ("reporter", "in_total"),
    [
        (
            "google",
            {
                "legal",
                "warrant",
                "subpoena",
                "court_order",
                "pen_register",
                "wiretap",
                "emergency",
                "other",
                "uk_ipa_content",
                "uk_ipa_noncontent",
            },
        ),
        ("meta", {"legal", "emergency"}),
        ("apple", set()),
        ("microsoft", set()),
    ],
)
def test_the_parts_of_a_total_are_disjoint(reporter, in_total):
    parts = shipped("vocabulary/parts.csv")
    assert set(parts.loc[(parts["reporter"] == reporter) & (parts["in_total"] == "true"), "request_type"]) == in_total


def dated(table: pd.DataFrame, column: str) -> pd.DataFrame:
    return table.assign(**{column: pd.to_datetime(table[column])})


@pytest.mark.parametrize("name", ["definitions.csv", "breaks.csv"])
def test_definitions_and_breaks_use_known_words(name):
    table = shipped(name)
    assert set(table["reporter"]) <= set(shipped("vocabulary/reporters.csv")["reporter"])
    assert set(table["measure"]) <= {*vocabulary.MEASURES, "*"}
    assert set(table["request_type"]) <= {*vocabulary.REQUEST_TYPES, "*"}
    assert table["url"].str.startswith("http").all()


def test_definitions_are_sound_and_do_not_overlap_in_time():
    table = tables.Definition.validate(shipped("definitions.csv"))
    key = ["reporter", "measure", "request_type"]
    for _, same in table.sort_values("valid_from").groupby(key):
        ends, starts = same["valid_to"].tolist()[:-1], same["valid_from"].tolist()[1:]
        assert all(end and end < start for end, start in zip(ends, starts, strict=True))


def test_a_request_type_is_defined_by_name_or_with_the_others_but_not_both():
    table = shipped("definitions.csv")
    kinds = table.groupby(["reporter", "measure"])["request_type"].agg(set)
    assert not [key for key, types in kinds.items() if "*" in types and len(types) > 1]


def test_breaks_are_sound():
    table = tables.Break.validate(dated(shipped("breaks.csv"), "date"))
    assert set(table["requester"]) <= places.codes() | {"*"}
    assert not table.duplicated(["reporter", "requester", "measure", "request_type", "date"]).any()


def test_every_number_shipped_has_a_definition():
    files = sorted((DATASETS / "observations").glob("*.csv"))
    if not files:
        pytest.skip("no observations are bundled here")
    key = ["reporter", "measure", "request_type"]
    defined = set(shipped("definitions.csv")[key].itertuples(index=False, name=None))
    # `usecols` keeps the order of the file, which is another.
    used = pd.concat([pd.read_csv(file, usecols=key)[key].drop_duplicates() for file in files])
    undefined = [key for key in used.itertuples(index=False, name=None) if not {key, (*key[:2], "*")} & defined]
    assert not undefined
