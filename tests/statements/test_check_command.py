"""`check` and `statements` on the command line: one statement, all of them, a sentence of one's own; the forms they are written in."""

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from dashboard import cli
from dashboard.statements import VERDICTS, bundled, bundled_evaluator, claimreview

KEYS = [
    "id",
    "claim",
    "reading",
    "verdict",
    "flags",
    "claim_low",
    "claim_high",
    "series_low",
    "series_high",
    "arithmetic",
    "cells",
    "as_of",
]
SCHEMA = json.loads((Path(__file__).parent / "claimreview.schema.json").read_text(encoding="utf-8"))
GERMANY = "Google got 50,000 requests a year from Germany in 2021"


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    """The exit code, and what was written to the terminal and beside it."""
    code = cli.main(list(arguments))
    said = capsys.readouterr()
    return code, said.out, said.err


def as_json(capsys, *arguments: str):
    code, out, err = run(capsys, *arguments, "--format", "json")
    assert (code, err) == (0, "")
    return json.loads(out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


def test_all_statements_are_one_list_with_the_same_keys_throughout(capsys):
    found = as_json(capsys, "check")
    assert len(found) == len(bundled().readings)
    assert {tuple(row) for row in found} == {tuple(KEYS)}
    assert {row["verdict"] for row in found} <= set(VERDICTS)


def test_one_statement_is_the_same_rows_of_that_list(capsys):
    found = as_json(capsys, "check", "burt-written-2400-3500")
    assert found == [row for row in as_json(capsys, "check") if row["id"] == "burt-written-2400-3500"]
    row = next(row for row in found if row["reading"] == "a-per-day")
    assert [row[key] for key in KEYS[3:10]] == ["consistent in itself", [], 2_400, 3_500, 2_555, 3_650, "7–10 × 365 = 2,555–3,650"]


def test_a_flag_is_in_the_list(capsys):
    flags = {row["reading"]: row["flags"] for row in as_json(capsys, "check", "kansasfpd-0006")}
    assert flags["a-warrants"] == ["scale drift ×100"]


def test_text_tells_claim_verdict_arithmetic_and_cells(capsys):
    code, out, _ = run(capsys, "check", "ms-2020-increase")
    assert code == 0
    for words in (
        "ms-2020-increase (",
        "year-2019: 9,100–9,400 requests a year, 2019",
        "supported",
        "4,860 + 4,315 = 9,175",
        "from microsoft/",
    ):
        assert words in out


def test_a_statement_without_a_number_says_so(capsys):
    said = bundled()
    name = next(name for name in said.statements["statement"] if name not in set(said.claims["statement"]))
    assert run(capsys, "check", name) == (0, "", f"transparency: {name} holds no number to check.\n")
    assert as_json(capsys, "check", name) == []


@pytest.mark.parametrize(
    "name, near",
    [("burt-writen-2400", "“burt-written-2400-3500”"), ("techdirt", "“techdirt-2800”"), ("KANSASFPD-0006", "“kansasfpd-0006”"), ("zzzz", "`transparency statements`")],
)  # fmt: skip
def test_an_unknown_statement_is_told_with_near_names(capsys, name, near):
    code, out, err = run(capsys, "check", name)
    assert (code, out) == (2, "")
    assert err.startswith(f"transparency: no statement is called “{name}”")
    assert near in err
    assert err.count("\n") == 1


def test_a_hostile_name_does_not_reach_the_terminal(capsys):
    _, _, err = run(capsys, "check", "\x1b[31mburt\x07" * 100)
    assert "\x1b" not in err and "\x07" not in err


def test_a_sentence_of_ones_own_has_one_answer_and_the_use_of_each_word(capsys):
    found = as_json(capsys, "check", "--text", GERMANY)
    assert set(found) == {"answer", "words", "claims", "verdicts"}
    assert set(found["answer"]) == {"verdict", "says", "unread", "assumed", "as_of", "data_version"}
    assert (found["answer"]["verdict"], found["answer"]["unread"]) == ("contradicted", [])
    assert {"words": "Germany", "start": GERMANY.index("Germany"), "end": GERMANY.index("Germany") + 7, "use": "country"} in found["words"]
    assert found["claims"][0]["requester"] == "DEU"
    assert tuple(found["verdicts"][0]) == tuple(KEYS)
    assert "22,470 + 24,102 = 46,572" in found["verdicts"][0]["arithmetic"]


def test_a_word_that_was_not_used_is_named_and_there_is_no_verdict(capsys):
    found = as_json(capsys, "check", "--text", "Tencent got 5 requests from Germany in 2021")
    assert (found["answer"]["verdict"], found["answer"]["unread"], found["verdicts"]) == ("not read", ["Tencent"], [])


def test_the_same_as_text(capsys):
    code, out, _ = run(capsys, "check", "--text", GERMANY)
    assert code == 0
    assert out.startswith("Not right: 46,572 requests a year, not 50,000")
    for words in ("Germany: country", "Readings", "22,470 + 24,102 = 46,572", "google/"):
        assert words in out


@pytest.mark.parametrize("text", ["", "no number", "<b>5</b> requests", "7 requests, " * 60, "5 requests " + "x" * 5_000])
def test_a_text_that_cannot_be_read_is_one_sentence(capsys, text):
    code, out, err = run(capsys, "check", "--text", text)
    assert (code, out) == (2, "")
    assert err.startswith("transparency: ") and err.count("\n") == 1
    assert "<" not in err


def test_a_statement_and_a_text_together_are_refused(capsys):
    code, _, err = run(capsys, "check", "burt-written-2400-3500", "--text", GERMANY)
    assert code == 2 and "not both" in err


def test_statements_are_listed(capsys):
    code, out, _ = run(capsys, "statements")
    assert code == 0
    assert "burt-written-2400-3500 (Tom Burt, 2021-06-30): " in out
    assert (
        "orders-a-year: 2,400–3,500 nondisclosure orders a year, 2016 – 2020: consistent in itself, no public series, not comparable" in out
    )
    found = as_json(capsys, "statements")
    assert [row["statement"] for row in found] == list(bundled().statements["statement"])
    assert sum(len(row["claims"]) for row in found) == len(bundled().claims)


# ClaimReview.


@pytest.fixture(scope="module")
def graph():
    """Every reading as a ClaimReview."""
    return claimreview.reviews(bundled(), bundled_evaluator().all(), site="https://example.org/requests/", day=date(2026, 1, 2))


def test_the_reviews_are_valid_against_the_definition(graph):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(graph, SCHEMA)


def test_the_definition_can_fail(graph):
    review = json.loads(json.dumps(graph["@graph"][0]))
    for broken in (
        {name: value for name, value in review.items() if name != "reviewRating"},
        review | {"author": "nobody"},
        review | {"url": "statements"},
        review | {"itemReviewed": {"@type": "Thing"}},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"@context": "https://schema.org", "@graph": [broken]}, SCHEMA)


def test_every_statement_with_a_claim_has_a_review_for_each_reading(graph):
    assert len(graph["@graph"]) == len(bundled().readings)
    addresses = {review["url"] for review in graph["@graph"]}
    assert addresses == {f"https://example.org/requests/statements?statement={name}" for name in bundled().claims["statement"]}
    assert len({review["@id"] for review in graph["@graph"]}) == len(graph["@graph"])


def test_the_verdict_is_in_words_and_the_numbers_are_in_the_claim(graph):
    review = next(
        review for review in graph["@graph"] if review["@id"].endswith("statement=burt-written-2400-3500#orders-a-year-a-per-day")
    )
    assert review["reviewRating"] == {"@type": "Rating", "alternateName": "consistent in itself"}
    assert "7–10 × 365 = 2,555–3,650" in review["reviewBody"]
    assert review["datePublished"] == "2026-01-02"
    claim = review["itemReviewed"]
    assert claim["about"]["minValue"] == 2_400 and claim["about"]["maxValue"] == 3_500
    assert claim["about"]["unitText"] == "nondisclosure orders a year"
    assert claim["author"] == {"@type": "Person", "name": "Tom Burt"}
    assert claim["datePublished"] == "2021-06-30"
    assert claim["temporalCoverage"] == "2016-01-01/2020-12-31"


def test_a_flag_is_said_with_the_verdict(graph):
    said = {review["reviewRating"]["alternateName"] for review in graph["@graph"] if "kansasfpd" in review["url"]}
    assert "inconsistent in itself (scale drift ×100: the claim fits the series after this factor)" in said


def test_people_are_people_and_papers_are_not(graph):
    kinds = {review["itemReviewed"]["author"]["name"]: review["itemReviewed"]["author"]["@type"] for review in graph["@graph"]}
    assert {kinds[name] for name in ("Tom Burt", "Brad Smith", "Ron Wyden", "Wang Wenbin", "Mike Masnick", "Stephen Wm. Smith")} == {
        "Person"
    }
    assert {kinds[name] for name in ("The Guardian", "ODNI", "U.S. Courts", "Microsoft", "EFF", "Xinhua")} == {"Organization"}


def test_claimreview_is_written_to_a_file(capsys, tmp_path):
    path = tmp_path / "reviews.jsonld"
    assert run(capsys, "statements", "--format", "claimreview", "--out", str(path)) == (0, "", "")
    written = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(written, SCHEMA)
    assert written["@graph"][0]["url"].startswith("http://127.0.0.1:8501/statements?statement=")
