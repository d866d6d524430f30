"""The vocabulary shipped as tables says the same words as the lists in code, and every table that uses them knows them."""

from pathlib import Path

import pandas as pd
import pytest

from dashboard.model import places, tables, vocabulary

DATASETS = Path(__file__).resolve().parents[1] / "datasets"


def shipped(name: str) -> pd.DataFrame:
    return pd.read_csv(DATASETS / name, dtype=str, keep_default_na=False)


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
        ("google", {"legal", "warrant", "subpoena", "court_order", "pen_register", "wiretap", "emergency", "mlat", "other"}),
        ("meta", {"legal", "emergency"}),
        ("apple", set()),
        ("microsoft", set()),
    ],
)
def test_the_parts_of_a_total_are_disjoint(reporter, in_total):
    parts = shipped("vocabulary/parts.csv")
    assert set(parts.loc[(parts["reporter"] == reporter) & (parts["in_total"] == "true"), "request_type"]) == in_total
