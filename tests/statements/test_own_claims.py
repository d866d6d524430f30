"""Own claims: what sentences are understood to say and where it stands in them, their verdicts, what would fit; and no text does harm."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import catalog
from dashboard.model.intervals import Interval
from dashboard.statements import bundled_evaluator, lexicon, own
from dashboard.statements.lexicon import Role
from dashboard.statements.own import InvalidClaim, answer, corrected, understood

DATA = catalog.bundled()
INF = math.inf


def fields(sentence: str) -> dict:
    """What a sentence is understood to say of its first number, as plain values."""
    claim = understood(sentence, DATA).claims[0]
    return {
        "low": claim.claimed.low,
        "high": claim.claimed.high,
        "unit": claim.unit,
        "per": claim.per,
        "who": claim.side.reporter,
        "whom": claim.side.requester,
        "from": claim.side.start and claim.side.start.isoformat(),
        "to": claim.side.end and claim.side.end.isoformat(),
        "measure": claim.measure,
        "type": claim.side.request_type,
        "authority": claim.side.authority,
        "months": claim.side.months,
        "comparator": claim.comparator,
    }


UNDERSTOOD = [
    # Whole sentences.
    (
        "Google got 50,000 requests a year from Germany in 2021",
        {"low": 50_000, "high": 50_000, "unit": "requests", "per": "year", "who": "google", "whom": "DEU", "from": "2021-01-01",
         "to": "2021-12-31", "measure": "requests", "comparator": "exactly"},
    ),
    (
        "federal law enforcement presented Microsoft with 2,400 to 3,500 secrecy orders each year, or 7-10 per day, from 2016 to 2020",
        {"low": 2_400, "high": 3_500, "unit": "nondisclosure orders", "per": "year", "who": "microsoft", "whom": "USA", "authority": "federal",
         "from": "2016-01-01", "to": "2020-12-31", "measure": "nondisclosure_orders", "comparator": "between"},
    ),
    (
        "Microsoft received nearly 2,800 gag orders over an 18-month period",
        {"low": 2_750, "high": 2_800, "unit": "nondisclosure orders", "months": 18, "from": None, "comparator": "nearly"},
    ),
    (
        "The FBI searched the data of roughly 3.4 million people in 2021, up from 1.3 million a year before",
        {"low": 3_350_000, "high": 3_450_000, "unit": "people", "per": "whole", "from": "2021-01-01", "measure": "persons"},
    ),
    (
        "Of all US requests in the first half of 2019, 66% included a non-disclosure order prohibiting Facebook from notifying the user",
        {"low": 0.655, "high": 0.665, "unit": "share", "measure": "nondisclosure_share", "who": "meta", "whom": "USA",
         "from": "2019-01-01", "to": "2019-06-30"},
    ),
    (
        "Apple received more than 250 data requests from U.S. law enforcement each week in H1 2018",
        {"low": 250, "high": INF, "per": "week", "who": "apple", "whom": "USA", "from": "2018-01-01", "to": "2018-06-30"},
    ),
    (
        "Requests to Google from Germany rose by about 20 % in 2020",
        {"low": 0.15, "high": 0.25, "unit": "change", "measure": "requests"},
    ),
    ("Requests from India fell by 12.5 percent in 2020", {"low": -0.1255, "high": -0.1245, "unit": "change", "whom": "IND"}),
    ("Requests to Twitter from Turkey doubled between 2019 and 2020", {"low": 1.8, "high": 2.2, "unit": "times", "from": "2020-01-01"}),
    ("Targets nearly tripled from 2013 to 2022", {"low": 2.625, "high": 3, "unit": "times", "measure": "targets"}),
    ("Queries were nearly three times higher in 2021", {"low": 2.625, "high": 3, "unit": "times", "measure": "queries"}),
    ("Google rejected a third of requests from France in 2019", {"low": 0.325, "high": 0.335, "measure": "requests_rejected", "whom": "FRA"}),
    # Numbers and the words beside them.
    ("2,400 orders", {"low": 2_400, "high": 2_400}),
    ("2.400.000 requests", {"low": 2_400_000, "high": 2_400_000}),
    ("2.400 requests", {"low": 2_400, "high": 2_400}),
    ("2 400 requests", {"low": 2_400, "high": 2_400}),
    ("１２３ requests", {"low": 123, "high": 123}),
    ("between 30 and 40 % of requests", {"low": 0.3, "high": 0.4, "unit": "share"}),
    ("from 30 to 40 % of requests", {"low": 0.3, "high": 0.4, "comparator": "between"}),
    ("from around 30 to 40 % of requests", {"low": 0.25, "high": 0.45, "comparator": "about"}),
    ("2.5 million requests", {"low": 2_450_000, "high": 2_550_000}),
    ("2.5k requests", {"low": 2_450, "high": 2_550}),
    ("2 to 3 million accounts", {"low": 2e6, "high": 3e6, "unit": "accounts"}),
    ("about seven to 10 orders a day", {"low": 6.5, "high": 10.5, "per": "day"}),
    ("64 % of requests", {"low": 0.635, "high": 0.645}),
    ("64.2 percent of requests", {"low": 0.6415, "high": 0.6425}),
    ("~20% of requests were under seal", {"low": 0.15, "high": 0.25, "measure": "nondisclosure_share"}),
    ("half of the requests", {"low": 0.495, "high": 0.505}),
    ("about half of the requests", {"low": 0.45, "high": 0.55}),
    ("at least a quarter of all demands", {"low": 0.25, "high": 1, "comparator": "at least"}),
    ("up to a third of all demands", {"low": -INF, "high": 0.334, "comparator": "up to"}),
    ("over two-thirds of the orders", {"low": 0.667, "high": 1}),
    ("a quarter to a third of requests", {"low": 0.25, "high": 0.334}),
    ("one in four requests", {"low": 0.245, "high": 0.255}),
    ("the majority of requests", {"low": 0.5, "high": 1, "comparator": "more than"}),
    ("fewer than 3,394,053 queries", {"low": -INF, "high": 3_394_052, "unit": "queries"}),
    ("no more than 500 letters", {"high": 500, "type": "nsl", "measure": "letters"}),
    ("at least 1,000 accounts", {"low": 1_000, "high": INF}),
    ("59,000 or more accounts", {"low": 59_000, "high": INF, "comparator": "at least"}),
    ("30,000+ orders", {"low": 30_000, "high": INF}),
    ("hundreds of thousands of orders each year", {"low": 200_000, "high": 999_999, "per": "year", "unit": "orders"}),
    ("tens of millions of people", {"low": 20_000_000, "high": 99_999_999, "unit": "people"}),
    ("fifty-seven percent of requests", {"low": 0.565, "high": 0.575}),
    ("two hundred and fifty requests a month", {"low": 249.5, "high": 250.5, "per": "month"}),
    ("just over 7,000 people", {"low": 7_000, "high": 7_500}),
    ("exactly 238 requests", {"low": 238, "high": 238}),
    # What is counted.
    ("19,212 national security letters in 2013", {"unit": "letters", "measure": "letters", "type": "nsl"}),
    ("89,138 targets of section 702", {"low": 89_138, "unit": "targets", "type": "fisa_702"}),
    ("1,000-1,499 FISA orders", {"unit": "orders", "type": "fisa_content", "low": 1_000, "high": 1_499}),
    ("2,377 wiretaps in 2020", {"unit": "orders", "type": "wiretap"}),
    ("300 search warrants", {"unit": "requests", "type": "warrant"}),
    ("42 emergency requests", {"unit": "requests", "type": "emergency"}),
    ("88 users", {"unit": "accounts", "measure": "accounts_specified"}),
    ("3 device requests", {"type": "device", "unit": "requests"}),
    # Who.
    ("Facebook: 5 requests", {"who": "meta"}),
    ("Instagram got 5 requests", {"who": "meta"}),
    ("WordPress.com had 30 requests", {"who": "automattic"}),
    ("AT&T had 30 requests", {"who": "att"}),
    ("T-Mobile had 30 requests", {"who": "tmobile"}),
    ("The Department of Justice made 7,201 requests", {"who": "doj"}),
    ("谷歌2021年收到来自德国的5万个请求", {"who": "google", "whom": "DEU", "low": 45_000, "high": 55_000, "from": "2021-01-01"}),
    ("google germany 2021 50 requests", {"who": "google", "whom": "DEU", "low": 50}),
    ("they snap 5 photos at Google", {"who": "google"}),
    # From whom, in many languages.
    ("5 requests from the US", {"whom": "USA"}),
    ("5 requests from the U.S. in 2020", {"whom": "USA"}),
    ("Give us 5 requests", {"whom": ""}),
    ("It is in no way to be 5 requests", {"whom": ""}),
    ("A total of 5 requests", {"whom": ""}),
    ("5 requests worldwide", {"whom": "WLD"}),
    ("5 requests from the United Kingdom", {"whom": "GBR"}),
    ("5 requests from the UK", {"whom": "GBR"}),
    ("5 requests from Korea, Republic of", {"whom": "KOR"}),
    ("5 requests from China mainland", {"whom": "CHN"}),
    ("5 requests from Türkiye", {"whom": "TUR"}),
    ("5 requests from Hong Kong", {"whom": "HKG"}),
    ("5 requests from Beligum", {"whom": "BEL"}),
    ("5 requests aus Deutschland", {"whom": "DEU"}),
    ("5 requests d’Allemagne", {"whom": "DEU"}),
    ("5 requests des États-Unis", {"whom": "USA"}),
    ("5 requests de España", {"whom": "ESP"}),
    ("5 requests uit Nederland", {"whom": "NLD"}),
    ("5 requests: Россия", {"whom": "RUS"}),
    ("5 requests ドイツ", {"whom": "DEU"}),
    ("5 requests 독일에서", {"whom": "DEU"}),
    ("5 requests من ألمانيا", {"whom": "DEU"}),
    ("5 requests: Almanya", {"whom": "DEU"}),
    ("German police made 5 requests", {"whom": "DEU"}),
    ("a Chinese spokesman said that Microsoft got 5 requests from France", {"whom": "FRA"}),
    # When.
    ("5 requests in 2021", {"from": "2021-01-01", "to": "2021-12-31"}),
    ("5 requests in H1 2020", {"from": "2020-01-01", "to": "2020-06-30"}),
    ("5 requests in 2020 H2", {"from": "2020-07-01", "to": "2020-12-31"}),
    ("5 requests in the first half of 2020", {"from": "2020-01-01", "to": "2020-06-30"}),
    ("5 requests in the first six months of 2020", {"from": "2020-01-01", "to": "2020-06-30"}),
    ("5 requests in the third quarter of 2020", {"from": "2020-07-01", "to": "2020-09-30"}),
    ("5 requests from January to June 2020", {"from": "2020-01-01", "to": "2020-06-30"}),
    ("5 requests between October 2014 and March 2016", {"from": "2014-10-01", "to": "2016-03-31"}),
    ("5 requests between 2016 and 2020", {"from": "2016-01-01", "to": "2020-12-31"}),
    ("5 requests, 2016–2020", {"from": "2016-01-01", "to": "2020-12-31"}),
    ("5 requests since 2016", {"from": "2016-01-01", "to": None}),
    ("5 requests in May 2021", {"from": "2021-05-01", "to": "2021-05-31"}),
    ("5 requests in fiscal year 2013", {"from": "2012-10-01", "to": "2013-09-30"}),
    ("On 5 July 2021 they spoke of 7 requests", {"low": 7, "from": "2021-07-05"}),
    ("under 18 U.S.C. 2705(b) Microsoft got 7 orders", {"low": 7}),
    ("Snap got 2016 requests in 2020", {"low": 2_016, "from": "2020-01-01"}),
    ("7 orders each year in the past five years", {"low": 7, "per": "year", "months": 60}),
    # Per.
    ("7 orders a day", {"per": "day"}),
    ("7 orders daily", {"per": "day"}),
    ("2,000 orders annually", {"per": "year"}),
    ("2,000 orders, up to 3,500 in just one year", {"low": 2_000, "per": "whole"}),
]  # fmt: skip


@pytest.mark.parametrize("sentence, said", UNDERSTOOD, ids=[sentence for sentence, _ in UNDERSTOOD])
def test_a_sentence_is_understood(sentence, said):
    found = fields(sentence)
    assert {name: found[name] for name in said} == pytest.approx(said) if _is_numeric(said) else said.items() <= found.items()


def _is_numeric(said: dict) -> bool:
    return all(isinstance(value, int | float) for value in said.values())


def test_each_word_understood_stands_where_it_is_said_to():
    sentence = understood("Google got 50,000 requests a year from Germany in 2021", DATA).sentence
    assert {mention.role: sentence.words(mention) for mention in sentence.mentions if mention.role is not Role.NEUTRAL} == {
        Role.NUMBER: "50,000",
        Role.REPORTER: "Google",
        Role.REQUESTER: "Germany",
        Role.COUNTED: "requests",
        Role.PERIOD: "in 2021",
        Role.RATE: "a year",
    }


def test_each_number_of_a_sentence_has_a_claim_of_its_own():
    first, second = understood("Microsoft received 2,400 to 3,500 secrecy orders each year, or 7-10 per day", DATA).claims
    assert (first.claimed, first.per) == (Interval(2_400, 3_500), "year")
    assert (second.claimed, second.per) == (Interval(7, 10), "day")
    assert second.side == first.side


# What cannot be read.


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "No number is found"),
        ("   \n\t ", "No number is found"),
        ("Google got many requests from Germany", "No number is found"),
        ("Google got requests from Germany in 2021", "No number is found"),
        ("Section 702 in H1 2020", "No number is found"),
        (" ".join(f"{number} requests," for number in range(100, 300)), "200 numbers are found"),
        ("1 request. " * 1_000, "The text has 11,000 characters"),
        ("5 requests <script>alert(1)</script>", "The text holds markup"),
        ("<img src=x onerror=alert(1)> 5 requests", "The text holds markup"),
        ("5 requests </div>", "The text holds markup"),
        ("<!-- 5 requests -->", "The text holds markup"),
        ("5 requests < /p>", "The text holds markup"),
        ("5 &lt;b&gt; requests", "The text holds markup"),
        ("5 &#60;b requests", "The text holds markup"),
        ("5 requests [here](javascript:alert(1))", "The text holds markup"),
        ("5 requests ![picture](https://example.org/x.png)", "The text holds markup"),
        ("javascript:alert(5)", "The text holds markup"),
        ("data:text/html,5 requests", "The text holds markup"),
        ("5 requests $$x^2$$", "The text holds markup"),
    ],
)
def test_what_cannot_be_checked_gets_one_clear_sentence_that_repeats_nothing_of_it(text, says):
    with pytest.raises(InvalidClaim) as refused:
        understood(text, DATA)
    assert says in str(refused.value)
    assert "<" not in str(refused.value) and "script" not in str(refused.value)
    assert str(refused.value).endswith(".")


def test_less_than_ten_is_no_markup():
    assert understood("<10 requests from France", DATA).claims[0].claimed == Interval(-INF, 9)


def test_control_and_direction_marks_are_taken_out():
    found = understood("Google\x00 got \u202e5\x1b[31m requests\u200b from France", DATA)
    assert found.sentence.text == "Google got 5[31m requests from France"


def test_only_own_words_and_published_names_are_in_a_reading():
    found = understood("Google got 5,000 requests from Germany in 2021", DATA)
    readings = answer(found, bundled_evaluator()).readings
    assert [reading.verdict.reading for reading in readings] == ["Google, Germany: requests, in 2021"]


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_text_does_harm(text):
    try:
        found = understood(text, DATA)
    except InvalidClaim as refused:
        assert str(refused)
        return
    assert all(letter.isprintable() for letter in found.sentence.text)
    json.dumps([own.plain(claim) for claim in found.claims], allow_nan=False)


PIECES = st.sampled_from(
    [
        "Google", "Facebook", "US", "us", "Germany", "Deutschland", "requests", "orders", "a", "third", "half", "of", "2020", "2016", "H1",
        "to", "and", "between", "from", "%", "percent", "million", "7", "10", "2,400", "3,500", "0.006", "1.", ",", ".", "-", "–", "each year",
        "a day", "nearly", "about", "more than", "first half of", "18 months", "section 702", "doubled", "one in", "four", "hundreds of",
        "thousands", "secrecy", "since", "fiscal year", "January", "(", ")", "/", "+", "×", "fell by", "000", "99999999999999999999", "∞", "½",
    ]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=14).map(" ".join))
@settings(max_examples=80, deadline=None)
def test_no_order_of_words_does_harm_and_whatever_is_understood_has_an_answer(text):
    try:
        found = understood(text, DATA)
    except InvalidClaim:
        return
    told = answer(found, bundled_evaluator())
    assert told.verdict and told.says
    assert (told.verdict == "not read") == bool(found.unread)
    for reading in told.readings:
        assert reading.verdict.arithmetic or reading.verdict.why


@pytest.mark.parametrize(
    "text", ["a " * 1_900 + "5", "1,1" * 1_300, "one " * 900 + "5 requests", "2020-" * 700 + "7 requests", "((((" * 900 + "5"]
)
def test_long_and_tangled_texts_are_read_or_refused(text):
    try:
        understood(text, DATA)
    except InvalidClaim as refused:
        assert str(refused)


@given(st.integers(1, 10**9))
def test_any_number_with_commas_is_read_as_it_is(number):
    assert understood(f"Google got {number:,} requests", DATA).claims[0].claimed == Interval.exact(number)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_any_range_is_read_as_it_is(one, other):
    low, high = sorted((one, other))
    for said in (f"{low:,} to {high:,}", f"{low:,}–{high:,}", f"between {low:,} and {high:,}"):
        assert understood(f"Google got {said} requests", DATA).claims[0].claimed == Interval(low, high)


@given(st.integers(0, 100))
def test_any_whole_percentage_is_what_rounds_to_it(percent):
    found = understood(f"{percent} % of requests", DATA).claims[0].claimed
    assert found.low == pytest.approx((percent - 0.5) / 100) and found.high == pytest.approx(min(1, (percent + 0.5) / 100))


@pytest.mark.parametrize(
    "corrections",
    [{"low": 7, "high": 5}, {"period_start": "2021-02-30"}, {"period_start": "2022-01-01", "period_end": "2021-01-01"}, {"low": math.nan}, {"per": "decade"}, {"reporter": "<b>"}, {"requester": "XYZ"}, {"measure": "nondisclosure_share"}, {"measure": "asks"}, {"request_type": "plea"}, {"authority": "royal"}, {"service": "none"}],
)  # fmt: skip
def test_a_correction_that_cannot_be_is_refused_in_words(corrections):
    claim = understood("Google got 5 requests from Germany in 2021", DATA).claims[0]
    with pytest.raises(InvalidClaim):
        corrected(claim, DATA, **corrections)


def test_what_was_misunderstood_can_be_put_right_and_is_what_is_checked():
    understanding = understood("Google got 61,262 requests from Germany in 2021", DATA)
    claim = corrected(understanding.claims[0], DATA, reporter="meta", requester="USA", period_start="2020-07-01", period_end="2020-12-31")
    assert answer(understanding, bundled_evaluator(), (claim,)).verdict == "supported"
    claim = corrected(understanding.claims[0], DATA, low=46_000, high=47_000)
    assert answer(understanding, bundled_evaluator(), (claim,)).verdict == "supported"
    claim = corrected(understanding.claims[0], DATA, low=47_000, high=47_000)
    assert "61,262" not in answer(understanding, bundled_evaluator(), (claim,)).says


def test_what_both_sides_of_a_comparison_share_is_put_right_on_both():
    understanding = understood("Google got 6 times as many requests from the US as from Germany in 2021.", DATA)
    claim = corrected(understanding.claims[0], DATA, reporter="meta", period_start="2020-01-01", period_end="2020-12-31")
    assert (claim.other.reporter, claim.other.requester, claim.other.period) == ("meta", "DEU", claim.side.period)
    said = answer(understanding, bundled_evaluator(), (claim,)).says
    assert "Meta (Facebook), United States: requests, in 2020, against Meta (Facebook), Germany: requests" in said


def test_every_alias_adjective_and_measure_of_the_lexicon_names_what_there_is():
    assert set(lexicon.names("aliases").values()) <= set(DATA.reporters["reporter"])
    assert {code for _, code in lexicon.table("demonym")} <= set(DATA.observations["requester"])
    kinds = {counted.request_type for _, counted in lexicon.table("counted")} | {kind for _, kind in lexicon.table("kind")}
    assert kinds - {""} <= set(DATA.request_types["request_type"])
    measures = {counted.measure for _, counted in (*lexicon.table("counted"), *lexicon.table("counted_verb"))}
    assert measures - {"accounts_disclosed"} <= set(DATA.measures["measure"])


def test_both_sides_of_a_comparison_are_put_right():
    claim = understood("Google got twice as many requests from Germany as from France in 2021.", DATA).claims[0]
    other = {"other_requester": "ESP", "other_period_start": "2020-01-01", "other_period_end": "2020-12-31", "other_reporter": "meta"}
    side = corrected(claim, DATA, **other).other
    assert (side.reporter, side.requester, str(side.period)) == ("meta", "ESP", "2020")
    assert corrected(claim, DATA, **other).side == claim.side
    with pytest.raises(InvalidClaim, match="no such requester"):
        corrected(claim, DATA, other_requester="XYZ")
    count = understood("Google got 46,572 requests from Germany in 2021.", DATA).claims[0]
    with pytest.raises(InvalidClaim, match="compared with nothing"):
        corrected(count, DATA, other_requester="ESP")
