"""Everyday sentences made from the files: with the published number they are right, with another one they are not.

Each sentence has a place for one number, and the way to work it out. It is filled with that number, with ten times it, and with half of it.
"""

import functools

import pytest

from dashboard import catalog
from dashboard.statements import bundled_evaluator, own
from tests.statements.published import count

FIRM = ("supported", "compatible", "contradicted")
GOOGLE, META, MICROSOFT, TWITTER, APPLE = (functools.partial(count, name) for name in ("google", "meta", "microsoft", "twitter", "apple"))
WARRANTS, SUBPOENAS, EMERGENCIES = ({"kinds": (kind,)} for kind in ("warrant", "subpoena", "emergency"))


def verdict(sentence: str) -> str:
    """The verdict on a sentence by the bundled data."""
    return own.answer(own.understood(sentence, catalog.bundled()), bundled_evaluator()).verdict


# A sentence with the place of its number, and the number.
COUNTS = [
    # Days and ranges of days.
    ("Between January 1 and June 30, 2019, Facebook got {:,} requests from India.", META("IND", "2019 H1")),
    ("From July to December 2019 India sent Facebook {:,} requests.", META("IND", "2019 H2")),
    ("Microsoft received {:,} requests from Germany in the first six months of 2022.", MICROSOFT("DEU", "2022 H1")),
    ("Microsoft received {:,} requests from Germany in the last six months of 2022.", MICROSOFT("DEU", "2022 H2")),
    ("Microsoft received {:,} requests from Germany between 1st January and 30th June 2022.", MICROSOFT("DEU", "2022 H1")),
    ("Microsoft received {:,} requests from Germany (Jan 1 – Jun 30, 2022).", MICROSOFT("DEU", "2022 H1")),
    ("Microsoft received {:,} requests from Germany in Jan-Jun 2022.", MICROSOFT("DEU", "2022 H1")),
    ("Microsoft received {:,} requests from the US over the whole of 2020.", MICROSOFT("USA", "2020")),
    ("Microsoft received {:,} requests from Germany in 1H22.", MICROSOFT("DEU", "2022 H1")),
    ("Microsoft received {:,} requests from Germany in the six months to 30 June 2022.", MICROSOFT("DEU", "2022 H1")),
    ("Microsoft received {:,} requests from Germany in the half-year ended 30 June 2022.", MICROSOFT("DEU", "2022 H1")),
    ("Microsoft received {:,} requests from Germany from 2022/01/01 to 2022/06/30.", MICROSOFT("DEU", "2022 H1")),
    ("In the 12 months from 1 January 2020, Microsoft received {:,} requests from the US.", MICROSOFT("USA", "2020")),
    ("In the year ending 31 December 2020 Microsoft received {:,} requests from the US.", MICROSOFT("USA", "2020")),
    ("Microsoft received {:,} requests from the US from January through December 2020.", MICROSOFT("USA", "2020")),
    ("Microsoft erhielt vom 1. Januar bis zum 31. Dezember 2020 aus den USA {:,} Anfragen.", MICROSOFT("USA", "2020")),
    ("Microsoft a reçu {:,} demandes des États-Unis du 1er janvier au 31 décembre 2020.", MICROSOFT("USA", "2020")),
    ("Microsoft recibió {:,} solicitudes de Estados Unidos del 1 de enero al 31 de diciembre de 2020.", MICROSOFT("USA", "2020")),
    ("2020年1月1日至2020年12月31日，微软收到美国{:,}个请求。", MICROSOFT("USA", "2020")),
    # Who asks, in everyday words.
    ("Britain sent Facebook {:,} requests in 2020.", META("GBR", "2020")),
    ("America sent Facebook {:,} requests in 2020.", META("USA", "2020")),
    ("Alphabet received {:,} requests from Germany in 2021.", GOOGLE("DEU", "2021")),
    ("X received {:,} requests from Japan in the first half of 2020.", TWITTER("JPN", "2020 H1")),
    # Kinds and units.
    ("Meta received {:,} search warrants from the US in the second half of 2020.", META("USA", "2020 H2", **WARRANTS)),
    ("Meta received {:,} subpoenas from the US in the second half of 2020.", META("USA", "2020 H2", **SUBPOENAS)),
    ("Meta received {:,} emergency requests from the US in the second half of 2020.", META("USA", "2020 H2", **EMERGENCIES)),
    ("Facebook received requests for {:,} US accounts in 2020.", META("USA", "2020", "accounts_specified")),
    ("The US asked Facebook for the data of {:,} users in 2020.", META("USA", "2020", "accounts_specified")),
    ("Apple received {:,} device requests from Germany in the second half of 2019.", APPLE("DEU", "2019 H2", kinds=("device",))),
    ("Microsoft rejected {:,} requests from the US in 2020.", MICROSOFT("USA", "2020", "requests_rejected")),
    # Several as one.
    ("Germany and France together sent Google {:,} requests in 2021.", GOOGLE("DEU", "2021") + GOOGLE("FRA", "2021")),
    ("Together, Germany and France sent Google {:,} requests in 2021.", GOOGLE("DEU", "2021") + GOOGLE("FRA", "2021")),
    ("Germany, France and Spain combined sent Google {:,} requests in 2021.", sum(GOOGLE(at, "2021") for at in ("DEU", "FRA", "ESP"))),
    ("Deutschland und Frankreich stellten 2021 zusammen {:,} Anfragen an Google.", GOOGLE("DEU", "2021") + GOOGLE("FRA", "2021")),
    ("In 2020 and 2021 together, Google received {:,} requests from Germany.", GOOGLE("DEU", "2020") + GOOGLE("DEU", "2021")),
    # Rates.
    ("In 2021 Germany sent Google {:.0f} requests per day.", GOOGLE("DEU", "2021") / 365),
    ("On average Germany sent Google {:.0f} requests a week in 2021.", GOOGLE("DEU", "2021") / 365 * 7),
    ("That is {:,.0f} German requests to Google per month in 2021.", GOOGLE("DEU", "2021") / 12),
    ("Every hour, Facebook gets {:.0f} requests worldwide in 2020.", META("", "2020") / 366 / 24),
    ("Google received a request from Germany every {:.0f} minutes in 2021.", 365 * 24 * 60 / GOOGLE("DEU", "2021")),
    # Differences.
    ("Germany sent Google {:,} more requests than France in 2021.", GOOGLE("DEU", "2021") - GOOGLE("FRA", "2021")),
    ("France sent Google {:,} fewer requests than Germany in 2021.", GOOGLE("DEU", "2021") - GOOGLE("FRA", "2021")),
    ("Facebook received {:,} more search warrants than subpoenas from the US in 2020.", META("USA", "2020", **WARRANTS) - META("USA", "2020", **SUBPOENAS)),
    # Part and whole, both as counts.
    ("Facebook received 122,790 of its {:,} requests from the US in 2020.", META("", "2020")),
    ("Facebook received {:,} of its 364,605 requests from the US in 2020.", META("USA", "2020")),
]  # fmt: skip
FACTORS = [
    ("Google got {:.1f} times as many requests from Germany as from France in 2021.", GOOGLE("DEU", "2021") / GOOGLE("FRA", "2021")),
    ("France sent Google {:.1f} times fewer requests than Germany in 2021.", GOOGLE("DEU", "2021") / GOOGLE("FRA", "2021")),
    ("Google got {:.1f} times the number of requests from Germany in 2021 than in 2015.", GOOGLE("DEU", "2021") / GOOGLE("DEU", "2015")),
    ("US requests to Facebook specified {:.1f} times as many accounts as requests in 2020.", META("USA", "2020", "accounts_specified") / META("USA", "2020")),
    ("Facebook received {:.1f} times as many search warrants as subpoenas from the US in 2020.", META("USA", "2020", **WARRANTS) / META("USA", "2020", **SUBPOENAS)),
    ("The number of US requests to Facebook is {:.1f} times that of Germany in 2021.", META("USA", "2021") / META("DEU", "2021")),
    ("German requests to Google were up {:.0%} year on year in 2021.", GOOGLE("DEU", "2021") / GOOGLE("DEU", "2020") - 1),
    ("Compared with 2019, requests from Germany to Google rose {:.0%} in 2021.", GOOGLE("DEU", "2021") / GOOGLE("DEU", "2019") - 1),
    ("France sent Google {:.0%} fewer requests than Germany in 2021.", 1 - GOOGLE("FRA", "2021") / GOOGLE("DEU", "2021")),
    ("Die Zahl der Anfragen aus Deutschland an Google stieg 2021 um {:.0%}.", GOOGLE("DEU", "2021") / GOOGLE("DEU", "2020") - 1),
    ("Les demandes de l’Allemagne à Google ont augmenté de {:.0%} en 2021.", GOOGLE("DEU", "2021") / GOOGLE("DEU", "2020") - 1),
    ("Las solicitudes de Alemania a Google aumentaron un {:.0%} en 2021.", GOOGLE("DEU", "2021") / GOOGLE("DEU", "2020") - 1),
    ("2021年德国向谷歌提出的请求增加了{:.0%}。", GOOGLE("DEU", "2021") / GOOGLE("DEU", "2020") - 1),
    ("Microsoft rejected {:.1%} of the requests from the US in 2020.", MICROSOFT("USA", "2020", "requests_rejected") / MICROSOFT("USA", "2020")),
    ("{:.1%} of requests to Facebook came from the United States in 2020.", META("USA", "2020") / META("", "2020")),
    ("Facebook disclosed data in {:.1%} of US requests in 2020.", META("USA", "2020", "requests_some_data") / META("USA", "2020")),
]  # fmt: skip
# Without a number: whether it is so.
ORDERS = [
    ("In 2020, Microsoft rejected more US requests than it disclosed content for.", MICROSOFT("USA", "2020", "requests_rejected") > MICROSOFT("USA", "2020", "requests_content")),
    ("Facebook received more emergency requests than search warrants from the US in 2020.", META("USA", "2020", **EMERGENCIES) > META("USA", "2020", **WARRANTS)),
    ("The US sent Facebook more search warrants than subpoenas in 2020.", META("USA", "2020", **WARRANTS) > META("USA", "2020", **SUBPOENAS)),
    ("Germany sent Google as many requests as France in 2021.", abs(GOOGLE("DEU", "2021") / GOOGLE("FRA", "2021") - 1) < 0.1),
    ("Facebook got about as many requests from Germany as from France in 2020.", abs(META("DEU", "2020") / META("FRA", "2020") - 1) < 0.1),
    ("France sent Google nearly as many requests as Germany in 2021.", 0.8 < GOOGLE("FRA", "2021") / GOOGLE("DEU", "2021") < 1),
    ("Requests from India to Facebook doubled in 2020.", 1.75 < META("IND", "2020") / META("IND", "2019") < 2.5),
    ("German requests to Google nearly quintupled between 2015 and 2021.", 4.5 < GOOGLE("DEU", "2021") / GOOGLE("DEU", "2015") < 5),
    ("Deutschland stellte 2021 doppelt so viele Anfragen an Google wie Frankreich.", 1.75 < GOOGLE("DEU", "2021") / GOOGLE("FRA", "2021") < 2.5),
    ("L’Allemagne a envoyé deux fois plus de demandes à Google que la France en 2021.", 1.75 < GOOGLE("DEU", "2021") / GOOGLE("FRA", "2021") < 2.5),
    ("Alemania envió a Google el doble de solicitudes que Francia en 2021.", 1.75 < GOOGLE("DEU", "2021") / GOOGLE("FRA", "2021") < 2.5),
    ("2021年德国向谷歌提出的请求是法国的两倍。", 1.75 < GOOGLE("DEU", "2021") / GOOGLE("FRA", "2021") < 2.5),
    ("德国2021年向谷歌提出的请求比法国多。", GOOGLE("DEU", "2021") > GOOGLE("FRA", "2021")),
    ("Google bekam 2021 aus Deutschland mehr Anfragen als aus Frankreich.", GOOGLE("DEU", "2021") > GOOGLE("FRA", "2021")),
    ("Google a reçu plus de demandes de l’Allemagne que de la France en 2021.", GOOGLE("DEU", "2021") > GOOGLE("FRA", "2021")),
    ("Google recibió menos solicitudes de Francia que de Alemania en 2021.", GOOGLE("FRA", "2021") < GOOGLE("DEU", "2021")),
    ("Google never received more than 30,000 requests from Germany in a year.", max(GOOGLE("DEU", str(year)) for year in range(2015, 2025)) <= 30_000),
    ("Google never got more than 100,000 requests a year from Germany.", max(GOOGLE("DEU", str(year)) for year in range(2015, 2025)) <= 100_000),
    ("Facebook complied with nearly nine in ten US requests in 2020.", 0.85 < META("USA", "2020", "requests_some_data") / META("USA", "2020") < 0.9),
    ("More than four in five US requests to Facebook led to data being disclosed in 2020.", META("USA", "2020", "requests_some_data") / META("USA", "2020") > 0.8),
    ("Requests from India to Facebook rose in nearly every year from 2016 to 2020.", all(META("IND", str(year)) > META("IND", str(year - 1)) for year in range(2017, 2021))),
    ("Is it true that Germany sent Google more requests than France in 2021?", GOOGLE("DEU", "2021") > GOOGLE("FRA", "2021")),
]  # fmt: skip
# What is about something else than what is published gets no firm verdict.
NOT_FIRM = [
    "Google received more requests in 2021 than in any previous year from Germany, 46,572.",
    "Microsoft received 11,189 warrants from the US in 2020.",
    "Microsoft received 11,189 secrecy orders from the US in 2020.",
    "Facebook gave the US government data on 208,385 accounts in 2020.",
    "Facebook disclosed data of 208,385 users to the US in 2020.",
    "208,385 Facebook accounts were affected by US requests in 2020.",
    "The US asked Facebook for the data of 208,385 people in 2020.",
    "Google and Facebook together received 667,841 requests in 2020.",
    "The EU sent Facebook 100,000 requests in 2020.",
    "Instagram received 122,790 requests from the US in 2020.",
    "YouTube received 46,572 requests from Germany in 2021.",
    "Not as many requests came from France as from Germany at Google in 2021.",
]


@pytest.mark.parametrize("sentence, number", [*COUNTS, *FACTORS])
def test_a_sentence_is_right_with_the_published_number_and_with_no_other(sentence, number):
    assert verdict(sentence.format(number)) in ("supported", "compatible")
    for other in (number / 10, number * 3) if "%" not in sentence else (number / 2, number / 10):
        other = type(number)(other)
        assert verdict(sentence.format(other)) == "contradicted", sentence.format(other)


@pytest.mark.parametrize("sentence, is_so", ORDERS)
def test_a_comparison_in_words_is_right_where_the_numbers_are_so(sentence, is_so):
    assert (verdict(sentence) in ("supported", "compatible")) == is_so
    assert verdict(sentence) in FIRM


@pytest.mark.parametrize("sentence", NOT_FIRM)
def test_what_is_not_published_has_no_firm_verdict(sentence):
    assert verdict(sentence) not in FIRM


# Two periods of a series that breaks between them, and the same two periods where it does not.
@pytest.mark.parametrize(
    "sentence, expected",
    [
        ("US requests to Microsoft fell between 2013 and 2019.", "not comparable"),
        ("US requests to Microsoft rose between 2013 and 2019.", "not comparable"),
        ("US requests to Microsoft fell between 2017 and 2019.", "supported"),
        ("Requests from Germany to Google rose between 2012 and 2016.", "not comparable"),
        ("Requests from Germany to Google rose between 2015 and 2016.", "supported"),
        ("Microsoft received more requests from the US than from Germany in 2016.", "supported"),
    ],
)
def test_a_series_that_breaks_between_two_periods_is_not_compared(sentence, expected):
    found = own.answer(own.understood(sentence, catalog.bundled()), bundled_evaluator())
    assert found.verdict == expected
    assert any("breaks on" in words for words in found.assumed) == (expected == "not comparable")


def test_an_answer_says_as_known_on_which_day_and_by_which_numbers():
    found = own.answer(own.understood("Google received 46,572 requests from Germany in 2021.", catalog.bundled()), bundled_evaluator())
    assert found.as_of == catalog.bundled().documents["seen_on"].max() and found.data_version == catalog.bundled().version
