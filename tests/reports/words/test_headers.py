"""Header words: what is counted, of which kind, and that every word must be known."""

import pytest

from dashboard.model import vocabulary
from dashboard.reports.words.context import pattern_of
from dashboard.reports.words.headers import meaning_of, named_measure, named_type
from dashboard.reports.words.period_words import folded, word_file

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("text", "measure", "request_type"),
    [
        ("# of requests", "requests", ""),
        ("Total requests received", "requests", ""),
        ("Emergency requests", "requests", "emergency"),
        ("Search Warrants", "requests", "warrant"),
        ("Users/Accounts Specified", "accounts_specified", ""),
        ("Accounts affected", "accounts_affected", ""),
        ("Requests in which some data was disclosed", "requests_some_data", ""),
        ("% of requests where some data produced", "share_some_data", ""),
        ("Disclosure rate", "share_some_data", ""),
        ("Requests rejected", "requests_rejected", ""),
        ("Gag orders", "nondisclosure_orders", ""),
        ("Accounts preserved", "accounts_preserved", "preservation"),
        ("Nombre de demandes d'urgence", "requests", "emergency"),
        ("Durchsuchungsbeschlüsse", "requests", "warrant"),
        ("Órdenes judiciales", "requests", "court_order"),
        ("紧急请求", "requests", "emergency"),
        ("涉及账户数", "accounts_specified", ""),
    ],
)
def test_a_header_says_what_is_counted(text, measure, request_type):
    meant = meaning_of(text)
    assert (meant.measure, meant.request_type, meant.rest) == (measure, request_type, "")


@pytest.mark.parametrize(
    "text",
    [
        "Requests withdrawn",
        "US requests",
        "Requests from Bavaria",
        "Requests for disclosure of user data",
        "Non-content requests",
        "Removal requests",
        "Percentage",
        "Percentage of accounts",
        "Reqxests",
        "",
    ],
)
def test_a_header_that_is_not_wholly_understood_counts_nothing(text):
    assert not meaning_of(text).counts


@pytest.mark.parametrize("measure", vocabulary.MEASURES)
def test_our_own_measures_are_named_by_their_own_words(measure):
    assert named_measure(measure).measure == measure


@pytest.mark.parametrize("kind", vocabulary.REQUEST_TYPES)
def test_our_own_kinds_of_request_are_named_by_their_own_words(kind):
    assert named_type(kind) == (kind, "")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Search warrants", "warrant"),
        ("Other court orders", "court_order"),
        ("Total", "all"),
        ("传票", "subpoena"),
        ("Warrants (state)", None),
        ("Germany", None),
    ],
)
def test_a_cell_names_a_kind_of_request_or_none(text, kind):
    named = named_type(text)
    assert (named[0] if named else None) == kind


def test_words_of_titles_are_written_as_they_are_compared():
    by_topic = word_file("context")
    phrases = [phrase for by_language in by_topic.values() for phrases in by_language.values() for phrase in phrases]
    assert len(phrases) > 100
    assert [phrase for phrase in phrases if folded(phrase) != phrase] == []
    assert all(pattern_of(topic).search("") is None for topic in by_topic)
