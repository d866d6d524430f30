"""The shipped statements: well formed, quoted exactly, from every side, and each with something to read it against."""

import csv
import re
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from dashboard.model import places, vocabulary

FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "statements"
TEXT = ("id", "topic", "speaker", "role", "side", "date", "venue", "language", "country", "url", "seen", "says", "quote")
OPTIONAL = {"repeats", "drift", "note", "concerns", "claim", "stands_until", "gone_by"}
SIDES = {"company", "government", "court", "press", "civil society"}
UNITS = {
    "requests", "orders", "nondisclosure orders", "accounts", "people", "letters", "targets", "queries",
    "share", "times", "change", "EUR", "years", "records", "identifiers", "other",
}  # fmt: skip
COMPARATORS = {"between", "exactly", "about", "at least", "at most", "up to", "more than", "nearly", "share of"}
FORMULAS = {"value", "sum", "per_day", "per_year", "share", "change", "multiple", "change_of_limits", "multiple_of_limits", "calendar"}
SELECTION = {"reporter", "service", "requester", "authority", "request_type", "measure", "from", "to"}
with (FOLDER.parent / "vocabulary" / "reporters.csv").open(encoding="utf-8", newline="") as file:
    REPORTERS = {row["reporter"] for row in csv.DictReader(file)}
FILES = sorted(FOLDER.glob("*.toml"))
STATEMENTS = [statement for path in FILES for statement in tomllib.loads(path.read_text(encoding="utf-8"))["statement"]]
BY_ID = {statement["id"]: statement for statement in STATEMENTS}
CLAIMS = [(statement, claim) for statement in STATEMENTS for claim in statement.get("claim", [])]
READINGS = [(statement, claim, reading) for statement, claim in CLAIMS for reading in claim["reading"]]
SELECTIONS = [
    (f"{statement['id']}, {claim['id']}, {reading['id']}", reading[name])
    for statement, claim, reading in READINGS
    for name in ("of", "whole", "base")
    if name in reading
] + [(statement["id"], series) for statement in STATEMENTS for series in statement.get("concerns", [])]


def test_there_are_many_statements_and_claims():
    assert len(STATEMENTS) >= 150
    assert len(CLAIMS) >= 100


def test_each_id_is_used_once():
    assert [name for name, times in Counter(statement["id"] for statement in STATEMENTS).items() if times > 1] == []
    for statement in STATEMENTS:
        ids = [claim["id"] for claim in statement.get("claim", [])]
        assert len(ids) == len(set(ids)), statement["id"]
    for statement, claim in CLAIMS:
        ids = [reading["id"] for reading in claim["reading"]]
        assert len(ids) == len(set(ids)), (statement["id"], claim["id"])


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement["id"])
def test_a_statement_has_every_field_in_its_own_form(statement):
    assert set(TEXT) <= set(statement) <= set(TEXT) | OPTIONAL
    assert all(isinstance(statement[name], str) for name in TEXT)
    assert all(statement[name].strip() for name in TEXT if name != "quote")
    assert statement["side"] in SIDES
    assert statement["seen"] in ("own page", "reported")
    assert re.fullmatch(r"[a-z]{2}", statement["language"])
    assert statement["country"] in places.codes()
    assert statement["url"].startswith(("https://", "http://"))
    assert re.fullmatch(r"[a-z0-9-]+", statement["id"])
    year, month, day = (*(int(part) for part in statement["date"].split("-")), 1, 1)[:3]
    assert date(2007, 1, 1) <= date(year, month, day)
    assert len(statement["date"]) in (4, 7, 10)


def test_no_quote_is_longer_than_25_words_or_60_signs_without_spaces():
    for statement in STATEMENTS:
        assert len(statement["quote"].split()) <= 25, statement["id"]
        if statement["language"] in ("zh", "ja"):
            assert len(statement["quote"]) <= 60, statement["id"]


def test_who_repeats_names_a_statement_and_says_what_changed_and_no_chain_returns_to_its_start():
    for statement in STATEMENTS:
        assert ("repeats" in statement) == ("drift" in statement), statement["id"]
        seen = {statement["id"]}
        while "repeats" in statement:
            statement = BY_ID[statement["repeats"]]
            assert statement["id"] not in seen
            seen.add(statement["id"])


def test_a_retelling_is_no_older_than_what_it_retells():
    for statement in STATEMENTS:
        if "repeats" in statement:
            earlier = BY_ID[statement["repeats"]]["date"]
            length = min(len(earlier), len(statement["date"]))
            assert statement["date"][:length] >= earlier[:length], statement["id"]


@pytest.mark.parametrize("statement, claim", CLAIMS, ids=lambda item: item["id"])
def test_a_claim_has_ends_a_unit_a_period_and_a_reading(statement, claim):
    assert {"id", "unit", "period_start", "period_end", "per", "comparator", "reading"} <= set(claim)
    assert set(claim) <= {"id", "low", "high", "unit", "period_start", "period_end", "per", "comparator", "reading"}
    assert "low" in claim or "high" in claim
    assert claim.get("low", float("-inf")) <= claim.get("high", float("inf"))
    assert claim["unit"] in UNITS
    assert claim["comparator"] in COMPARATORS
    assert claim["per"] in ("day", "month", "year", "whole")
    assert date.fromisoformat(claim["period_start"]) <= date.fromisoformat(claim["period_end"])
    if claim["unit"] == "share":
        assert 0 <= claim.get("low", 0) <= claim.get("high", 1) <= 1


@pytest.mark.parametrize("statement, claim, reading", READINGS, ids=lambda item: item["id"])
def test_a_reading_computes_or_says_why_it_cannot(statement, claim, reading):
    assert reading["label"].strip()
    ways = [name for name in ("formula", "no_series", "not_comparable") if name in reading]
    assert len(ways) == 1
    if "formula" in reading:
        assert reading["formula"] in FORMULAS
        assert ("of" in reading) == (reading["formula"] != "calendar")
        assert ("whole" in reading) == (reading["formula"] == "share")
        assert ("base" in reading) == (reading["formula"].startswith(("change", "multiple")))
    else:
        assert len(reading[ways[0]]) >= 15
        assert not {"of", "whole", "base"} & set(reading)


@pytest.mark.parametrize("place, selection", SELECTIONS, ids=lambda item: item if isinstance(item, str) else "")
def test_a_selection_names_a_claim_or_a_series_in_our_words(place, selection):
    if "statement" in selection:
        assert set(selection) == {"statement", "claim"}
        assert selection["claim"] in [claim["id"] for claim in BY_ID[selection["statement"]]["claim"]]
        return
    assert {"reporter", "requester", "measure"} <= set(selection) <= SELECTION
    assert selection["reporter"] in REPORTERS
    assert selection["requester"] in places.codes()
    assert selection["measure"] in vocabulary.MEASURES
    assert selection.get("authority", "any") in vocabulary.AUTHORITIES
    kinds = selection.get("request_type", "all")
    assert set([kinds] if isinstance(kinds, str) else kinds) <= set(vocabulary.REQUEST_TYPES)
    assert ("from" in selection) == ("to" in selection)
    if "from" in selection:
        assert date.fromisoformat(selection["from"]) < date.fromisoformat(selection["to"])


def test_every_side_speaks_and_the_countries_concerned_do():
    assert {statement["side"] for statement in STATEMENTS} == SIDES
    countries = Counter(statement["country"] for statement in STATEMENTS)
    assert {"USA", "CHN", "RUS", "FRA", "DEU", "IRL", "DNK"} <= set(countries)
    assert countries["CHN"] >= 20


def test_an_item_of_the_translated_text_says_what_can_be_checked():
    items = [statement for statement in STATEMENTS if statement["id"].startswith("item-")]
    assert len(items) >= 10
    assert [statement["id"] for statement in items if "note" not in statement] == []


def test_the_testimony_is_one_range_a_year_and_the_lost_words_are_noted():
    claim = {claim["id"]: claim for claim in BY_ID["burt-written-2400-3500"]["claim"]}["orders-a-year"]
    assert (claim["low"], claim["high"], claim["per"]) == (2400, 3500, "year")
    assert "not" in BY_ID["item-courts"]["drift"]
    assert "each year" in BY_ID["alkawthar-burt"]["drift"].lower()


@pytest.mark.published
def test_every_quote_is_an_exact_fragment_of_the_wording_collected(facts):
    yaml = pytest.importorskip("yaml")
    collected = {row["id"]: row["quote"] for row in yaml.safe_load((facts / "statements.yaml").read_text(encoding="utf-8"))}
    item = " ".join((facts / "mfa-2021-07-05-news-item.txt").read_text(encoding="utf-8").split())
    researchers = (facts.parent / "published" / "us-government" / "transparency_reports_extended.csv").read_text(encoding="utf-8")
    missing = set(collected) - set(BY_ID)
    assert len(missing) <= 2, missing
    for statement in STATEMENTS:
        quote = statement["quote"]
        if statement["id"] in collected:
            assert quote and quote in collected[statement["id"]], statement["id"]
        elif statement["id"].startswith("item-"):
            assert quote and quote in item, statement["id"]
        elif statement["url"].endswith("/transparency_reports_extended.csv"):
            assert quote and quote in researchers, statement["id"]
        else:
            assert quote == "" or quote in collected.values(), statement["id"]
