"""Profiles, changes, definitions and search: each opens at its address, and an address that names nothing says so."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import catalog
from dashboard.analysis import gags
from dashboard.analysis.views import View
from dashboard.answers.search import MOST_ALIKE
from dashboard.app_pages.profile_parts import FIRST_PANELS
from dashboard.catalog import history
from dashboard.model.periods import Period
from dashboard.web.session import bundled

FOLDER = Path(__file__).resolve().parents[2] / "dashboard" / "app_pages"


def opened(page: str, **parameters: str) -> AppTest:
    app = AppTest.from_file(str(FOLDER / f"{page}.py"), default_timeout=60)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def parameter(app: AppTest, name: str) -> str:
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]


@pytest.mark.parametrize("reporter", ["google", "meta", "github", "odni"])
def test_a_reporter_has_a_page(reporter):
    app = opened("reporter", id=reporter)
    assert parameter(app, "id") == reporter
    headers = [header.value for header in app.header]
    assert headers == list(dict.fromkeys(headers)) and "The latest numbers" in headers
    assert len(app.get("plotly_chart")) <= FIRST_PANELS
    assert f"Its documents ({len(bundled().reporter_profile(reporter, date.today()).documents)})" in [box.label for box in app.expander]


def test_an_overdue_report_is_named_with_the_last_period():
    overdue = bundled().rhythms(date.today()).query("missing > 0").iloc[0]
    text = " ".join(one.value for one in opened("reporter", id=overdue["reporter"]).markdown)
    assert "Overdue" in text and str(Period(overdue["last_start"].date(), overdue["last_end"].date())) in text


@pytest.mark.parametrize("requester", ["DEU", "USA", "NAM"])
def test_a_country_has_a_page(requester):
    assert parameter(opened("country", id=requester), "id") == requester


@pytest.mark.parametrize("requester", ["DEU", "TUV"])
def test_each_small_series_of_a_country_names_who_counted_it(requester):
    panels = bundled().panels("requester", requester, False)
    assert panels and all(panel.name.startswith(bundled().names.reporter(panel.rows["reporter"].iloc[0])) for panel in panels)


@pytest.mark.parametrize(("page", "code", "first"), [("reporter", "google", "Whose government"), ("country", "DEU", "Reporter")])
def test_the_last_numbers_say_first_what_is_not_the_same_in_all_and_how_many(page, code, first):
    tables = [table.value for table in opened(page, id=code).dataframe]
    assert [*tables[0].columns][:3] == [first, "Value", "Period"]


@pytest.mark.parametrize(("page", "name"), [("reporter", "id"), ("country", "id"), ("changes", "reporter"), ("definitions", "concept")])
def test_an_address_that_names_nothing_says_so(page, name):
    assert any("nobody" in info.value for info in opened(page, **{name: "nobody"}).info)


def test_the_redline_of_two_documents_has_an_address():
    app = opened("changes", reporter="google")
    # The other way round, which no page shows by itself.
    pair = parameter(app, "newer"), parameter(app, "older")
    again = opened("changes", reporter="google", older=pair[0], newer=pair[1])
    assert pair[0] != pair[1] and (parameter(again, "older"), parameter(again, "newer")) == pair
    assert not any("nothing to choose" in info.value for info in again.info)


def test_a_version_in_the_address_is_no_document():
    since = opened("changes", since=history.versions(catalog.datasets_folder())["version"].iloc[0])
    assert not any("nothing to choose" in info.value or "No version" in info.value for info in since.info)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("google germany", "Google: requests from Germany"),
        ("Alemania google", "Google: requests from Germany"),
        ("deutschland", "Germany"),
        ("microsft", "Microsoft"),
        ("nondisclosure orders", "Nondisclosure orders"),
        ("nsl", "National security letter"),
    ],
)
def test_the_closest_comes_first(query, first):
    assert bundled().index().search(query)[0].entry.title == first


@pytest.mark.parametrize(
    ("query", "lacking"),
    [
        ("ministry translation", 0),  # What changed on the way is searched, too.
        ("ministry translation zorblax", 1),
        ("google germany", 0),
        ("google germany requests", 0),
        ("google germany zorblax", 1),
        ("microsoft secrecy orders zorblax testimony", 1),
    ],
)
def test_what_has_most_of_the_words_is_hit_and_says_how_many_are_not_in_it(query, lacking):
    assert {hit.lacking for hit in bundled().index().search(query)} == {lacking}
    assert any("have most of them" in caption.value for caption in opened("search", q=query).caption) == bool(lacking)


@pytest.mark.parametrize("query", ["gag", "transparency report", "microsoft", "requests", "nsl"])
def test_documents_and_definitions_of_one_reporter_leave_room_for_others(query: str):
    entries = [hit.entry for hit in bundled().index().search(query, count=500)]
    assert max(Counter((entry.kind, entry.title) for entry in entries).values()) <= MOST_ALIKE
    alike = Counter(entry.among for entry in entries if entry.among)
    assert max(alike.values()) <= MOST_ALIKE and any(entry in alike for entry in entries)


def test_the_search_page_tells_the_answer_before_it_is_opened_and_what_it_leaves_out():
    captions = [caption.value.replace("\\", "") for caption in opened("search", q="US requests Google Meta Microsoft Apple 2022").caption]
    answer = bundled().answer(View(reporter=("google", "meta", "microsoft", "apple"), scale="calendar", start="2022 H1", end="2022 H2"))
    assert f"Series · {answer.sentences[0]}" in captions[0]
    assert "Apple publishes no total" in captions[0] and "parts of the year added up" in captions[0]


def test_a_search_without_a_hit_says_so():
    assert any("Nothing is called" in info.value for info in opened("search", q="qqqqqqqq zzzzzz").info)


def test_the_page_of_gags_says_what_its_letters_cannot():
    text = " ".join(one.value for one in opened("gags").markdown)
    assert "Only letters whose gag has ended can be listed" in text
    summary = gags.summary(gags.ended(bundled().data))
    whole, percent = re.search(r"(\d+) \(([\d.]+)(?:–[\d.]+)? %\) for more than", text).groups()
    assert int(whole) == summary.long_count and abs(float(percent) - 100 * summary.long_count / summary.count) < 0.1
    assert "had no end date" in text


def test_how_long_gags_lasted_stands_on_the_overview_and_beside_secrecy_orders_with_those_that_have_no_end():
    summary = gags.summary(gags.ended(bundled().data))
    for page in (opened("overview"), opened("explore", measure="nondisclosure_orders", reporter="microsoft")):
        text = " ".join(one.value for one in page.markdown)
        assert f"**{summary.median_years:.1f} years**" in text and f"the longest for {summary.longest_years:.1f}" in text
        assert "had no end date" in text
        (drawn,) = [chart.proto for chart in page.get("plotly_chart") if chart.proto.id.endswith("gag-spans")]
        lines = sum(len(trace["y"]) // 3 for trace in json.loads(drawn.spec)["data"])
        assert lines == summary.count and f"{summary.count} lines, each a letter" in drawn.alt
    assert "had no end date" not in " ".join(one.value for one in opened("explore").markdown)


def test_recipients_that_the_address_names_are_chosen():
    text = " ".join(one.value for one in opened("gags", reporter="cloudflare").markdown)
    assert "One letter whose gag has ended" in text
