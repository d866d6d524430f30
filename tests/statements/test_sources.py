"""Sources: no statement is supported by itself, and the arithmetic of every verdict comes out again in another program."""

import re
from fractions import Fraction

import pytest

from dashboard.statements import bundled, bundled_evaluator, formulas
from dashboard.statements.verdicts import of_claim, of_claims


@pytest.fixture(scope="module")
def verdicts():
    return bundled_evaluator().all()


def test_no_supported_reading_rests_on_the_address_of_its_own_statement(verdicts):
    addresses = bundled().statements.set_index("statement")["url"]
    documents = bundled_evaluator().data.documents.set_index("document")["url"]
    for verdict in verdicts:
        if verdict.verdict in ("supported", "compatible"):
            rows = formulas.printed_rows(verdict.rows, verdict.tables)
            assert not {documents[name] for name in rows["document"]} & {addresses[verdict.statement]}, verdict
            assert not rows.empty, verdict


def test_what_only_holds_a_statements_own_numbers_against_each_other_is_a_class_of_its_own(verdicts):
    readings = bundled().readings.set_index(["statement", "claim", "reading"])
    for verdict in verdicts:
        reading = readings.loc[(verdict.statement, verdict.claim, verdict.reading)]
        named = {part["statement"] for part in (reading["of"], reading["whole"], reading["base"]) if "statement" in part}
        if verdict.series is not None and named:
            assert verdict.verdict not in ("supported", "compatible", "as published by the speaker"), verdict


def test_a_publisher_who_speaks_of_its_own_report_is_named_as_such(verdicts):
    words = {(verdict.statement, verdict.reading): verdict.verdict for verdict in verdicts}
    assert words["verizon-2013", "a-table"] == "as published by the speaker"
    assert words["sonderby-2019h1", "a-posts"] == "as published by the speaker"
    assert words["ecn-2014", "b-year"] == "supported"
    assert words["aclu-143074", "a-inspector"] == "no independent source"


def test_the_one_verdict_of_the_flagship_is_that_it_has_no_independent_source(verdicts):
    own = [verdict for verdict in verdicts if verdict.statement == "burt-written-2400-3500"]
    claims = {verdict.claim for verdict in own}
    assert of_claims([of_claim([verdict for verdict in own if verdict.claim == claim]) for claim in claims]) == "no independent source"


# The arithmetic, by a program that knows nothing of ours: sums, shares, multiples, changes and rates, each from the printed line.

NUMBER = r"\d[\d,]*(?:\.\d+)?"
SPAN = rf"{NUMBER}(?:–{NUMBER})?"
LINES = {
    "sum": re.compile(rf"^({SPAN}(?: \+ {SPAN})+) = ({SPAN})$"),
    "share": re.compile(rf"^({SPAN}) ÷ ({SPAN}) = ({SPAN}) %$"),
    "multiple": re.compile(rf"^({SPAN}) ÷ ({SPAN}) = ({SPAN}) ×$"),
    "change": re.compile(rf"^({SPAN}) ÷ ({SPAN}) − 1 = ([+−-]{NUMBER}) %$"),
    "rate": re.compile(rf"^({SPAN}) ÷ ({NUMBER}) days = ({SPAN})$"),
    "months": re.compile(rf"^({SPAN}) ÷ ({NUMBER}) months × 12 = ({SPAN})$"),
    "times": re.compile(rf"^({SPAN}) × ({NUMBER}) = ({SPAN})$"),
}


def ends(text: str) -> tuple[Fraction, Fraction]:
    """The two ends of a printed span."""
    numbers = [Fraction(number.replace(",", "")) for number in re.findall(NUMBER, text)]
    return numbers[0], numbers[-1]


def last_digit(text: str) -> Fraction:
    """One in the last digit that is shown."""
    decimals = max(len(number.partition(".")[2]) for number in re.findall(NUMBER, text))
    return Fraction(1, 10**decimals)


def computed(kind: str, match: re.Match) -> tuple[Fraction, Fraction]:
    """What a printed line comes to."""
    if kind == "sum":
        parts = [ends(part) for part in match[1].split(" + ")]
        return sum(low for low, _ in parts), sum(high for _, high in parts)
    (low, high), (least, most) = ends(match[1]), ends(match[2])
    if kind == "times":
        return low * least, high * least
    low, high = low / most, high / least
    scale, less = {"share": (100, 0), "change": (100, 100), "months": (12, 0)}.get(kind, (1, 0))
    return low * scale - less, high * scale - less


def test_every_line_of_arithmetic_comes_out_again(verdicts):
    checked = 0
    for verdict in verdicts:
        for line in verdict.arithmetic.split("; "):
            for kind, pattern in LINES.items():
                if match := pattern.match(line):
                    shown = match[match.lastindex].replace("−", "-")
                    sign = -1 if shown.startswith("-") else 1
                    low, high = (end * sign for end in ends(shown))
                    found = computed(kind, match)
                    step = last_digit(shown)
                    assert abs(found[0] - low) <= step and abs(found[1] - high) <= step, line
                    checked += 1
    assert checked >= 40
