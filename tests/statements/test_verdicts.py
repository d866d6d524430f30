"""Verdicts: every claim of the worked checks that has a series, the ten best known recomputed by hand, and the laws they obey."""

import itertools
import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import analysis, catalog
from dashboard.model.intervals import Interval
from dashboard.statements import VERDICTS, bundled, bundled_evaluator, overall, readings, wording
from dashboard.statements.claim import Claim
from dashboard.statements.formulas import Tables, percent_change
from dashboard.statements.readings import Reading
from dashboard.statements.verdicts import Verdict, judge, of_claims

ANYTHING = None
NO_SERIES = "no public series"
UNLIKE = "not comparable"
UNSAID = "cannot be said"


@pytest.fixture(scope="module")
def verdicts():
    """Every verdict of the bundled statements, by statement, claim and reading."""
    return {(found.statement, found.claim, found.reading): found for found in bundled_evaluator().all()}


@pytest.fixture(scope="module")
def court():
    return bundled_evaluator()


@pytest.mark.parametrize(
    "pair", list(itertools.permutations(["contradicted", "no independent source", "not comparable", "cannot be said"], 2))
)
def test_a_sentence_and_a_statement_weigh_the_verdicts_of_their_claims_alike(pair):
    claim = Claim(Interval.exact(1), Interval.exact(1), "exactly", "count", "requests", "requests")
    both = [Reading(claim, Verdict("", "", "", verdict, (), claim.claimed, None, "")) for verdict in pair]
    assert readings.worst(both).verdict.verdict == of_claims(list(pair)) == max(pair, key=VERDICTS.index)


# statement, claim, reading, verdict, flags (kinds), lower and upper end of the series
CHECKED = [
    # Secrecy orders: a range of yearly values, its two forms, its share, and the filings before it.
    ("burt-written-2400-3500", "orders-a-year", "a-per-day", "consistent in itself", [], 2_555, 3_650),
    ("burt-written-2400-3500", "orders-a-year", "b-court-filings", UNLIKE, [], ANYTHING, ANYTHING),
    ("burt-written-2400-3500", "orders-a-year", "c-own-series", NO_SERIES, [], ANYTHING, ANYTHING),
    ("burt-written-2400-3500", "orders-a-day", "a-per-year", "consistent in itself", [], 6.6, 9.6),
    ("burt-oral-third", "share-of-demands", "a-all-authorities", "consistent in itself", [], 0.245, 0.357),
    ("burt-oral-third", "share-of-demands", "b-federal-only", NO_SERIES, [], ANYTHING, ANYTHING),
    ("burt-oral-third", "share-of-demands", "c-2019", "consistent in itself", [], 0.262, 0.381),
    ("burt-oral-third", "share-of-demands", "d-2020", "consistent in itself", [], 0.214, 0.313),
    ("burt-oral-third", "share-of-demands", "e-court-filings", UNLIKE, [], ANYTHING, ANYTHING),
    ("burt-oral-third", "most-in-a-year", "a-written", "no independent source", [], 2_400, 3_500),
    ("burt-sea-change", "more-than-before", "a-first-filing", "consistent in itself", [], 1.4, 2.04),
    ("burt-sea-change", "more-than-before", "b-amended-filing", "consistent in itself", [], 1.23, 1.79),
    ("burt-sea-change", "more-than-before", "c-before-2014", NO_SERIES, [], ANYTHING, ANYTHING),
    ("ap-burt", "orders-a-year", "a-testimony", "no independent source", [], 2_400, 3_500),
    ("ap-burt", "orders-a-day", "a-per-year", "no independent source", [], 6.6, 9.6),
    ("bloomberg-2400-3500", "share-of-demands", "a-all-authorities", "consistent in itself", [], 0.245, 0.357),
    ("bloomberg-2400-3500", "share-of-demands", "b-federal-only", NO_SERIES, [], ANYTHING, ANYTHING),
    ("mfa-q-zh", "orders-a-year", "a-testimony", "no independent source", [], 2_400, 3_500),
    ("mfa-xinhua-wire", "orders-a-year", "a-testimony", "no independent source", [], 2_400, 3_500),
    ("gt-burt", "orders-a-year", "a-testimony", "no independent source", [], 2_400, 3_500),
    ("item-question", "orders-a-year", "a-testimony", "no independent source", [], 2_400, 3_500),
    ("item-question", "orders-a-year", "b-per-day", "no independent source", [], 2_555, 3_650),
    ("item-question", "orders-a-year", "c-all-demands", UNLIKE, [], ANYTHING, ANYTHING),
    ("alkawthar-burt", "orders-in-five-years", "a-five-years", "contradicted", ["period drift"], 12_000, 17_500),
    ("alkawthar-burt", "orders-in-five-years", "b-one-year", "no independent source", [], 2_400, 3_500),
    ("ms-2020-increase", "year-2017", "a-halves", "supported", [], 9_385, 9_385),
    ("ms-2020-increase", "year-2018", "a-halves", "supported", [], 9_317, 9_317),
    ("ms-2020-increase", "year-2019", "a-halves", "supported", [], 9_175, 9_175),
    ("ms-2016-1752", "share-without-end", "a-arithmetic", "consistent in itself", [], 0.680, 0.680),
    ("cso-2016-original", "share-secret", "a-arithmetic", "consistent in itself", [], 0.458, 0.458),
    ("ms-2016-amended", "share-secret", "a-arithmetic", "consistent in itself", [], 0, 0.542),
    ("techdirt-2800", "orders", "a-filing", "contradicted", [], 2_576, 2_576),
    ("techdirt-2800", "share-without-end", "a-arithmetic", "consistent in itself", [], 0.680, 0.680),
    # Hundreds of thousands.
    ("wapo-100k-2021", "orders-a-year", "a-meta", UNLIKE, ["unit drift"], 364_605, 364_605),
    ("wapo-100k-2021", "orders-a-year", "c-orders", NO_SERIES, [], ANYTHING, ANYTHING),
    ("wyden-2022-100k", "orders-a-year", "a-official", NO_SERIES, [], ANYTHING, ANYTHING),
    ("lee-2026-100k", "orders-a-year", "a-official", NO_SERIES, [], ANYTHING, ANYTHING),
    ("smith-30000", "orders-2006", "a-courts", NO_SERIES, [], ANYTHING, ANYTHING),
    # Shares under nondisclosure.
    ("sonderby-2016h1", "share", "a-posts", "as published by the speaker", [], 0.555, 0.565),
    ("sonderby-2017h1", "share", "a-posts", "as published by the speaker", [], 0.565, 0.575),
    ("sonderby-2019h1", "share", "a-posts", "as published by the speaker", [], 0.655, 0.665),
    ("sonderby-2020h2", "share", "a-posts", "as published by the speaker", [], 0.685, 0.695),
    ("sonderby-2020h2", "requests", "a-file", "as published by the speaker", [], 61_262, 61_262),
    ("sonderby-2021h2", "first-half", "a-posts", "as published by the speaker", [], 0.695, 0.705),
    ("twitter-2012-seal", "share", "a-file", "as published by the speaker", [], 0.1995, 0.2005),
    ("threatpost-seal-2015", "first-half", "a-file", "supported", [], 0.1095, 0.1105),
    ("threatpost-seal-2015", "second-half", "a-file", "supported", [], 0.4895, 0.4905),
    # The first aggregates of 2013 and 2014.
    ("apple-2013-4000", "requests", "a-first-half", "as published by the speaker", [], 4_469, 4_469),
    ("medill-183", "per-day", "a-own-total", "inconsistent in itself", [], 184.2, 184.2),
    ("medill-183", "microsoft-per-day", "a-workbook", "contradicted", [], 38.8, 38.8),
    ("medill-183", "requests", "a-four-companies", UNLIKE, [], ANYTHING, ANYTHING),
    ("yahoo-2013", "requests", "a-next-half", UNLIKE, [], ANYTHING, ANYTHING),
    ("ecn-2014", "verizon-2013", "a-half", NO_SERIES, [], ANYTHING, ANYTHING),
    ("verizon-2013", "requests", "a-table", "as published by the speaker", [], 321_545, 321_545),
    ("ms-2013-less002", "share-of-users", "a-users", NO_SERIES, [], ANYTHING, ANYTHING),
    # National security bands, and what later editions say of them.
    ("bsmith-2014-fisa", "orders", "a-table", "as published by the speaker", [], 0, 999),
    ("bsmith-2014-fisa", "accounts", "a-table", "as published by the speaker", [], 15_000, 15_999),
    ("scmag-2017", "orders", "a-table", "no independent source", ["superseded"], 1_000, 1_499),
    ("toms-2017", "accounts", "a-as-dated", "contradicted", ["period drift"], 13_000, 13_499),
    ("toms-2017", "accounts", "b-half-before", "supported", [], 12_000, 12_499),
    ("atlantic-2014", "accounts", "a-file", "no independent source", ["superseded"], 9_000, 9_999),
    ("zdnet-fisa-2014", "accounts", "a-file", "no independent source", ["superseded"], 8_000, 8_999),
    ("apple-2013-gag", "account-requests", "a-later-table", "as published by the speaker", ["superseded"], 1_000, 2_000),
    ("google-nsl-band-2016", "letters", "a-file", "as published by the speaker", [], 1, 499),
    ("techie-59000", "accounts", "a-four-companies", UNLIKE, [], ANYTHING, ANYTHING),
    # National security letters.
    ("aclu-143074", "requests", "a-inspector", "no independent source", [], 143_074, 143_074),
    ("aclu-143074", "us-persons", "a-doj", UNLIKE, [], ANYTHING, ANYTHING),
    ("ap-nsl-2011", "requests", "a-doj", "no independent source", [], 24_287, 24_287),
    ("ap-nsl-2011", "people", "a-doj", "no independent source", [], 14_212, 14_212),
    ("ap-nsl-2011", "more-than-doubled", "a-doj", "no independent source", [], 2.32, 2.32),
    ("cato-nsl", "americans", "a-doj", "no independent source", [], 7_201, 7_201),
    ("cato-nsl", "americans", "b-accounts", UNLIKE, [], ANYTHING, ANYTHING),
    ("odni-2013-nsl", "letters", "a-series", "as published by the speaker", [], 19_212, 19_212),
    ("odni-2013-nsl", "requests", "a-series", "as published by the speaker", [], 38_832, 38_832),
    # Section 702 and the queries.
    ("mao-702-xinhua", "expansion", "a-targets", "supported", [], 1.76, 1.76),
    ("mao-702-xinhua", "expansion", "b-every-year", "contradicted", [], -0.011, -0.011),
    ("mao-702-xinhua", "expansion", "c-orders", "contradicted", [], -0.81, -0.81),
    ("mao-702-xinhua", "expansion", "f-business-records", "contradicted", [], -0.94, -0.94),
    ("epoch-34m", "people-2021", "a-queries", UNLIKE, ["unit drift"], 0, 3_394_052),
    ("epoch-34m", "people-2021", "b-people", NO_SERIES, [], ANYTHING, ANYTHING),
    ("epoch-34m", "growth", "a-first", UNSAID, [], ANYTHING, ANYTHING),
    ("epoch-34m", "growth", "b-unique", UNLIKE, [], ANYTHING, ANYTHING),
    ("wfla-people", "people", "a-queries", UNLIKE, ["unit drift"], 0, 3_394_052),
    ("cns-34m", "growth", "b-unique", UNLIKE, [], ANYTHING, ANYTHING),
    ("primeai-57094", "queries", "a-series", "supported", [], 57_094, 57_094),
    ("primeai-57094", "decline", "a-series", "contradicted", [], -0.522, -0.522),
    ("zheleznyak-2013", "citizens", "a-people", NO_SERIES, [], ANYTHING, ANYTHING),
    ("zheleznyak-2013", "citizens", "b-targets", UNLIKE, [], ANYTHING, ANYTHING),
    ("wang-970", "internet-records", "a-series", NO_SERIES, [], ANYTHING, ANYTHING),
    # Courts.
    ("uscourts-2020-drop", "wiretaps-2020", "a-report", "as published by the speaker", [], 2_377, 2_377),
    ("uscourts-2020-drop", "wiretaps-2019", "a-report", "as published by the speaker", [], 3_225, 3_225),
    ("uscourts-2020-drop", "wiretaps-2020", "b-secrecy", UNLIKE, [], ANYTHING, ANYTHING),
    ("eff-sneak-2014", "fiscal-2010", "a-with-extensions", "no independent source", [], 3_970, 3_970),
    ("eff-sneak-2014", "fiscal-2013", "a-with-extensions", "no independent source", [], 11_129, 11_129),
    ("kansasfpd-0006", "share", "a-warrants", "inconsistent in itself", ["scale drift ×100"], 0.00602, 0.00602),
    # Volume.
    ("nyt-250", "per-day", "a-device-account", "supported", [], 38.5, 38.5),
    ("nyt-250", "per-day", "b-with-cards", "supported", [], 43.6, 43.6),
    ("nyt-238", "challenged", "a-file", "supported", [], 238, 238),
    ("nyt-238", "share", "a-united-states", "supported", [], 0.0406, 0.0406),
    ("salgado-2014-120", "growth", "a-worldwide", "as published by the speaker", [], 1.19, 1.19),
    ("ecn-2014", "google-2009", "a-file", "contradicted", [], 12_539, 12_539),
    ("proton-2026", "accounts", "b-federal", NO_SERIES, [], ANYTHING, ANYTHING),
    ("proton-2026", "accounts", "a-three-companies", UNLIKE, [], ANYTHING, ANYTHING),
]


@pytest.mark.parametrize("statement, claim, reading, verdict, flags, low, high", CHECKED, ids=lambda item: None)
def test_the_verdict_is_the_one_that_was_worked_out(verdicts, statement, claim, reading, verdict, flags, low, high):
    found = verdicts[statement, claim, reading]
    assert found.verdict == verdict, found.arithmetic or found.why
    kinds = list(dict.fromkeys(flag.partition(":")[0] for flag in found.flags))
    assert kinds == flags
    if low is not ANYTHING:
        assert [found.series.low, found.series.high] == [pytest.approx(end, abs=_half_a_unit(end)) for end in (low, high)]


def _half_a_unit(end: float) -> float:
    """Half of the last digit that is written; nothing for a whole number."""
    return 0.0 if float(end).is_integer() else 0.5 * 10.0 ** -len(repr(float(end)).partition(".")[2]) + 1e-12


# Recomputed by hand, once, from the numbers as they are printed; the arithmetic is left as it was done.
US_2016_TO_2020 = 5_168 + 4_739 + 5_401 + 3_984 + 4_948 + 4_369 + 4_860 + 4_315 + 5_507 + 5_682
BY_HAND = {
    # Tom Burt: seven to ten a day is how many a year of 365 days?
    ("burt-written-2400-3500", "orders-a-year", "a-per-day"): (7 * 365, 10 * 365),
    # "Up to a third": five years of 2,400 to 3,500, over Microsoft's US demands of ten half-years.
    ("burt-oral-third", "share-of-demands", "a-all-authorities"): (5 * 2_400 / US_2016_TO_2020, 5 * 3_500 / US_2016_TO_2020),
    # More than before: against 2,576 in the 18 months of the first filing, and 3,250 in the 20 months of the second.
    ("burt-sea-change", "more-than-before", "a-first-filing"): (2_400 / (2_576 / 18 * 12), 3_500 / (2_576 / 18 * 12)),
    ("burt-sea-change", "more-than-before", "b-amended-filing"): (2_400 / (3_250 / 20 * 12), 3_500 / (3_250 / 20 * 12)),
    # The question to the Chinese spokesman without "each year", as Alkawthar printed it: the whole of the five years.
    ("alkawthar-burt", "orders-in-five-years", "a-five-years"): (2_400 * 5, 3_500 * 5),
    # "Nearly 2,800": 824 + 1,752 orders, with and without an end, in the filing.
    ("techdirt-2800", "orders", "a-filing"): (824 + 1_752, 824 + 1_752),
    # "0.006 %": 39 of 6,480 warrants.
    ("kansasfpd-0006", "share", "a-warrants"): (39 / 6_480, 39 / 6_480),
    # "About 120 percent": Google's second half of 2013 over its second half of 2009.
    ("salgado-2014-120", "growth", "a-worldwide"): (27_477 / 12_539 - 1, 27_477 / 12_539 - 1),
    # "More than doubled": US persons in national security letter requests, 2010 over 2009.
    ("ap-nsl-2011", "more-than-doubled", "a-doj"): (14_212 / 6_114, 14_212 / 6_114),
    # 143,074: the Inspector General's three years.
    ("aclu-143074", "requests", "a-inspector"): (39_346 + 56_507 + 47_221, 39_346 + 56_507 + 47_221),
    # "Hundreds of thousands": Facebook's two halves of 2020, worldwide.
    ("wapo-100k-2021", "orders-a-year", "a-meta"): (173_592 + 191_013, 173_592 + 191_013),
    # "More than 250 a week": Apple's device and account requests over the 181 days of the first half of 2018.
    ("nyt-250", "per-day", "a-device-account"): ((4_570 + 2_397) / (31 + 28 + 31 + 30 + 31 + 30),) * 2,
    # "Nearly 50 %": FBI queries, 57,094 after 119,383.
    ("primeai-57094", "decline", "a-series"): (57_094 / 119_383 - 1, 57_094 / 119_383 - 1),
    # "4,000 to 5,000": Apple's devices and accounts, as its later tables have them.
    ("apple-2013-4000", "requests", "a-first-half"): (3_542 + 927, 3_542 + 927),
}


@pytest.mark.parametrize("key, ends", BY_HAND.items(), ids=["-".join(key) for key in BY_HAND])
def test_the_engine_finds_what_was_found_by_hand(verdicts, key, ends):
    assert (verdicts[key].series.low, verdicts[key].series.high) == pytest.approx(ends)


def test_the_united_states_demands_of_five_years_are_the_sum_of_ten_halves():
    assert US_2016_TO_2020 == 9_907 + 9_385 + 9_317 + 9_175 + 11_189 == 48_973


def test_the_filings_of_2016_come_to_1717_and_1950_a_year(verdicts):
    assert "2,576 ÷ 18 months × 12 = 1,717" in verdicts["burt-sea-change", "more-than-before", "a-first-filing"].arithmetic
    assert "3,250 ÷ 20 months × 12 = 1,950" in verdicts["burt-sea-change", "more-than-before", "b-amended-filing"].arithmetic


def test_the_arithmetic_is_a_line_that_a_reader_can_redo(verdicts):
    assert verdicts["burt-written-2400-3500", "orders-a-year", "a-per-day"].arithmetic == "7–10 × 365 = 2,555–3,650"
    assert verdicts["ms-2020-increase", "year-2019", "a-halves"].arithmetic == "4,860 + 4,315 = 9,175"
    assert verdicts["burt-oral-third", "share-of-demands", "d-2020"].arithmetic.endswith("2,400–3,500 ÷ 11,189 = 21.4–31.3 %")


def test_a_change_reads_in_its_arithmetic_as_it_does_in_an_answer(verdicts):
    changes = [found for found in verdicts.values() if " − 1 = " in found.arithmetic]
    assert any(not found.series.is_exact for found in changes)
    for found in changes:
        assert found.arithmetic.endswith(f" − 1 = {percent_change(found.series)}")


def test_a_superseded_verdict_tells_what_was_known_on_the_day_and_what_is_known_today(verdicts):
    found = verdicts["scmag-2017", "orders", "a-table"]
    assert found.as_of_day == "2017-04-14"
    assert found.arithmetic == "1,000–1,499"
    assert found.why == "today: 0–499 (contradicted)"


def test_every_verdict_has_a_word_of_the_list_and_a_reason(verdicts):
    for found in verdicts.values():
        assert found.verdict in VERDICTS
        assert found.arithmetic or found.why
        assert (found.series is None) == (
            (found.verdict in (NO_SERIES, UNLIKE) and not found.arithmetic) or (found.verdict == UNSAID and "published" in found.why)
        )


def test_every_verdict_over_a_series_names_the_cells_it_rests_on(verdicts):
    said = bundled().readings.set_index(["statement", "claim", "reading"])
    for key, found in verdicts.items():
        selections = [said.loc[key, part] for part in ("of", "whole", "base") if said.loc[key, part]]
        if found.series is not None and any("reporter" in selection for selection in selections):
            assert found.cells, key
            assert all(": " in cell for cell in found.cells)


def test_the_cells_are_those_of_the_documents(verdicts):
    documents = set(catalog.bundled().documents["document"])
    for cell in verdicts["ms-2020-increase", "year-2019", "a-halves"].cells:
        assert cell.split()[0] in documents


def test_an_end_that_is_open_is_none(verdicts):
    assert verdicts["nyt-250", "per-day", "a-device-account"].plain()["claim_high"] is None


# An earlier day.


def test_an_earlier_day_is_computed_only_where_a_number_changed_after_it(court, verdicts):
    assert 0 < len(court.earlier) <= 12


@pytest.mark.parametrize(
    "day, selection",
    [
        (date(2017, 4, 14), {"reporter": "microsoft", "measure": "orders", "requester": "USA", "request_type": "fisa_content"}),
        (date(2014, 2, 3), {"reporter": "google", "measure": "accounts_specified", "requester": "USA", "request_type": "fisa_content"}),
        (date(2014, 3, 27), {"reporter": "google", "measure": "requests", "requester": "WLD"}),
        (date(2019, 1, 1), {"reporter": "meta", "measure": "requests", "requester": "WLD"}),
    ],
)
def test_a_part_of_the_catalog_as_of_a_day_is_that_part_of_the_whole(court, day, selection):
    columns = ["period_start", "period_end", "service", "authority", "low", "high", "document"]
    whole = Tables(court.data, analysis.with_totals(court.data, day)).rows(selection)
    part = court.as_of([selection], day).rows(selection)
    assert sorted(map(str, part[columns].to_numpy().tolist())) == sorted(map(str, whole[columns].to_numpy().tolist()))
    assert len(part)


# The laws of a verdict.

ENDS = st.floats(-1e9, 1e9, allow_nan=False)


@st.composite
def intervals(draw, ends=ENDS):
    return Interval(*sorted((draw(ends), draw(ends))))


COUNTS = st.integers(0, 10**7).map(float)


@given(intervals(), intervals())
def test_supported_is_inside_and_contradicted_is_apart_and_nothing_else_is(claimed, series):
    found = judge(claimed, series)
    assert (found == "supported") == series.is_inside(claimed)
    assert (found == "contradicted") == (not claimed.overlaps(series))
    assert found in ("supported", "contradicted", "compatible", "cannot be said")


@given(intervals(), ENDS)
def test_an_exact_number_is_either_in_the_claim_or_not(claimed, value):
    assert judge(claimed, Interval.exact(value)) in ("supported", "contradicted")


@given(intervals(), intervals(), st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_wider_claim_never_loses_its_support(claimed, series, below, above):
    if judge(claimed, series) == "supported":
        assert judge(Interval(claimed.low - below, claimed.high + above), series) == "supported"


@given(intervals(), intervals())
def test_a_narrower_series_never_loses_a_contradiction(claimed, series):
    if judge(claimed, series) == "contradicted":
        assert judge(claimed, Interval.exact(series.low)) == judge(claimed, Interval.exact(series.high)) == "contradicted"


@given(intervals(COUNTS), intervals(COUNTS), st.sampled_from([0.5, 2.0, 1024.0]))
def test_the_unit_of_measurement_does_not_matter(claimed, series, factor):
    assert judge(claimed * factor, series * factor) == judge(claimed, series)


@given(intervals(COUNTS), COUNTS)
def test_a_series_without_an_upper_limit_never_supports_a_claim_with_one(claimed, low):
    assert judge(claimed, Interval(low, math.inf)) in ("contradicted", "cannot be said")


@given(intervals(COUNTS))
def test_a_claim_without_limits_is_supported_by_anything(series):
    assert judge(Interval(-math.inf, math.inf), series) == "supported"


@given(intervals(COUNTS))
def test_a_series_supports_its_own_words(series):
    assert judge(series, series) == "supported"


# What a claim that misses its own series fits instead: slips that are planted are found.

YEAR = {"from": "2020-01-01", "to": "2020-12-31"}
SERIES = [
    {"reporter": "google", "requester": "DEU", "measure": "requests"},
    {"reporter": "meta", "requester": "USA", "measure": "requests"},
    {"reporter": "microsoft", "requester": "USA", "measure": "requests"},
    {"reporter": "microsoft", "requester": "WLD", "measure": "accounts_specified"},
    {"reporter": "twitter", "requester": "JPN", "measure": "requests"},
]


def drifts_of(court, claimed: Interval, of: dict, unit: str = "requests") -> list[str]:
    verdict = court.of_claim(
        _blank(claimed), unit=unit, per="whole", formula="sum", of=of | YEAR if "from" not in of else of, whole={}, base={}
    )
    assert verdict.verdict == "contradicted"
    return list(verdict.flags)


def _blank(claimed: Interval):
    return replace(
        next(iter(bundled_evaluator().of_statement("techdirt-2800"))), claimed=claimed, flags=(), series=None, arithmetic="", why=""
    )


def value_of(court, of: dict) -> float:
    verdict = court.of_claim(_blank(Interval(0, math.inf)), unit="requests", per="whole", formula="sum", of=of, whole={}, base={})
    return verdict.series.low


@pytest.mark.parametrize("power", [1, 2, 3])
@pytest.mark.parametrize("of", SERIES, ids=lambda of: f"{of['reporter']} {of['requester']}")
def test_a_number_ten_a_hundred_or_a_thousand_times_too_large_or_small_is_found(court, of, power):
    value = value_of(court, of | YEAR)
    unit = "accounts" if of["measure"].startswith("accounts") else "requests"
    factor = 10**power
    for claimed, sign in ((value * factor, "÷"), (value / factor, "×")):
        flags = drifts_of(court, Interval(claimed * 0.98, claimed * 1.02), of, unit)
        assert f"scale drift {sign}{factor:,}" in flags


@pytest.mark.parametrize("of", [SERIES[0], SERIES[2], SERIES[4]], ids=lambda of: f"{of['reporter']} {of['requester']}")
def test_accounts_said_for_requests_are_found(court, of):
    accounts = value_of(court, of | {"measure": "accounts_specified"} | YEAR)
    flags = drifts_of(court, Interval(accounts - 1, accounts + 1), of)
    assert any(flag.startswith("unit drift: fits accounts specified") for flag in flags)


@pytest.mark.parametrize("of", SERIES[:3], ids=lambda of: f"{of['reporter']} {of['requester']}")
def test_a_half_said_for_a_year_is_found(court, of):
    half = value_of(court, of | {"from": "2020-07-01", "to": "2020-12-31"})
    flags = drifts_of(court, Interval.exact(half), of)
    assert flags and flags[0].startswith("period drift: fits 2020 H2")


def test_a_year_said_for_a_half_is_found_where_it_is_published(court):
    of = {"reporter": "odni", "requester": "USA", "measure": "letters", "request_type": "nsl"}
    year = value_of(court, of | {"from": "2013-01-01", "to": "2013-12-31"})
    flags = drifts_of(court, Interval.exact(year), of | {"from": "2014-01-01", "to": "2014-12-31"}, "letters")
    assert any(flag.startswith("period drift: fits 2013") for flag in flags)


@given(value=st.floats(1, 1e6), factor=st.floats(1.0, 1.4), series=st.floats(1, 1e9))
def test_scale_drift_is_said_just_where_a_power_of_ten_would_do(value, factor, series):
    claimed, exact = Interval(value, value * factor), Interval.exact(series)
    found = bundled_evaluator().drifts(claimed, "times", "multiple", {"statement": "x"}, exact, bundled_evaluator().today)
    wanted = [f"scale drift ×{10**n:,}" for n in (1, 2, 3) if (claimed * 10**n).overlaps(exact)]
    wanted += [f"scale drift ÷{10**n:,}" for n in (1, 2, 3) if (claimed / 10**n).overlaps(exact) and not (claimed * 10**n).overlaps(exact)]
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("claimed", [Interval(0, 10), Interval(1_000, 2_000), Interval(50, math.inf), Interval(-math.inf, 7)])
def test_a_claim_so_wide_that_much_would_fit_drifts_nowhere(court, claimed):
    assert court.drifts(claimed, "requests", "sum", SERIES[0] | YEAR, Interval.exact(10**9), court.today) == []


def test_a_band_that_holds_every_power_of_ten_tells_of_none(court):
    assert court.drifts(Interval(50, 60), "orders", "multiple", {"statement": "x"}, Interval(0, 499), court.today) == []


def test_what_fits_its_own_series_has_no_flag(verdicts):
    for found in verdicts.values():
        if found.verdict == "supported":
            assert set(found.flags) <= {"superseded"}


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (0.27251, 0.27251, "+27.3 %"),
        (0.27251, 0.27349, "+27.2 % to +27.4 %"),
        (-0.03149, 0.01951, "−3.2 % to +2.0 %"),
        (0.0501, math.inf, "+5.0 % or more"),
    ],
)
def test_a_range_of_changes_is_shown_no_narrower_than_it_is(low, high, shown):
    assert percent_change(Interval(low, high)) == shown


def test_the_one_verdict_of_a_statement_stands_in_words_with_what_it_rests_on_or_the_statement_has_no_number(court):
    """Every statement with a claim has a sentence; it names the claim of the one verdict and the other claims' verdicts."""
    statements = bundled()
    numbered = set(statements.claims["statement"])
    for name in statements.statements["statement"]:
        verdicts = court.of_statement(name)
        words, one = wording.overall(statements, name, verdicts), overall(statements, name, {name: verdicts})
        assert bool(words) == (name in numbered)
        assert not words or (f"” {wording.IN_SENTENCES[one]}" in words and words.endswith("."))
    words = wording.overall(statements, "mfa-cables-zh", court.of_statement("mfa-cables-zh"))
    assert "is contradicted" in words and "8.1 years" in words


def test_who_speaks_for_a_government_is_named_with_the_office():
    by_name = bundled().statements.set_index("statement")
    assert wording.heading(by_name.loc["mfa-cables-zh"]) == "Wang Wenbin, spokesperson, Ministry of Foreign Affairs, China, 5 July 2021"
    assert wording.heading(by_name.loc["mfa-q-zh"]) == "Reporter of Shenzhen TV (question), 5 July 2021"
