"""The search leads straight to the view that a query names, in the form that answers it."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.analysis.views import View
from dashboard.web.session import bundled

FOUR = ("google", "meta", "microsoft", "apple")
RANKED = View(reporter=("google",), requester=(), shape="ranking", of="google", period="2022 H2", scale="people", top="10")


@pytest.mark.parametrize(
    ("query", "view"),
    [
        ("US requests Google Meta Microsoft Apple 2022", View(reporter=FOUR, scale="calendar", start="2022 H1", end="2022 H2")),
        ("google meta microsoft apple us 2022", View(reporter=FOUR, scale="calendar", start="2022 H1", end="2022 H2")),
        (
            "share disclosed Google Germany 2022 H2",
            View(reporter=("google",), requester=("DEU",), scale="share", start="2022 H2", end="2022 H2"),
        ),
        ("Google DEU since 2018", View(reporter=("google",), requester=("DEU",), start="2018 H1")),
        ("top ten countries Google 2022 H2 per 100,000", RANKED),
        ("Microsoft gag orders 2016", View("nondisclosure_orders", ("microsoft",), scale="calendar", start="2016 H1", end="2016 H2")),
        ("accounts Meta India", View("accounts_specified", ("meta",), ("IND",))),
        ("GOOGLE AND APPLE GERMANY", View(reporter=("google", "apple"), requester=("DEU",))),
        ("Google Germany 2019 and 2022", View(reporter=("google",), requester=("DEU",), start="2019 H1", end="2022 H2")),
        ("top 5 askers Google 2022 H2", replace(RANKED, scale="published", top="5")),
        ("whatsapp India", View(reporter=("meta",), requester=("IND",), service=("whatsapp",))),
    ],
)
def test_a_query_leads_to_the_view_that_it_names(query, view):
    first = bundled().index().search(query)[0]
    assert first.entry.address == view.address() and not first.lacking
    answer = bundled().answer(view)
    # Each of them shows something, but for a service that publishes no number of its own.
    assert not answer.is_empty or view.service


def test_an_order_for_each_inhabitant_is_offered_as_a_map_too_and_no_year_is_ranked_so():
    hits = [hit.entry.title for hit in bundled().index().search("Google 2022 H2 per capita map") if hit.entry.kind == "series"]
    assert hits == [f"Google: requests by country, 2022 H2, per 100,000 inhabitants{how}" for how in (", on a map", "")]
    # Of a year no single number is published.
    assert not any(hit.entry.kind == "series" for hit in bundled().index().search("Google 2022 per capita"))


def test_what_is_counted_leads_to_those_who_count_it_and_is_never_empty():
    index, reader = bundled().index(), bundled().reader().known
    assert index.search("gag orders by company")[0].entry.view == View("nondisclosure_orders", ("automattic", "microsoft", "pinterest"))
    assert index.search("requests Germany")[0].entry.view == View(
        reporter=(), requester=("DEU",), shape="ranking", over="reporters", top="10"
    )
    for word in (*bundled().data.measures["label"], *bundled().data.request_types["label"]):
        for hit in index.search(word):
            if hit.entry.kind in ("measure", "kind of demand"):
                address = parse_qs(urlsplit(hit.entry.address).query)
                assert not bundled().answer(View.read(address, reader)[0]).is_empty, hit.entry.title


@pytest.mark.parametrize(
    ("query", "unused"),
    [
        ("Google Germany 5000 requests", 1),
        ("Google Germany per capita", 1),
        ("requests per year Google Germany", 2),
        ("Google Meta 2022 H2 map", 1),
        ("requests Germany 2022", 1),
        ("Google Germany 2019 2022 H2", 2),
        ("accounts Google warrants US", 1),
        ("Google Germany more than 2019", 1),
    ],
)
def test_what_a_view_makes_no_use_of_is_lacking(query, unused):
    first = next(hit for hit in bundled().index().search(query) if hit.entry.kind == "series")
    assert first.lacking == unused


@pytest.mark.parametrize("query", ["Google", "Germany", "per", "<b>Google</b> Germany"])
def test_a_query_that_names_no_view_leads_to_none(query):
    assert not any(hit.entry.kind == "series" for hit in bundled().index().search(query))
