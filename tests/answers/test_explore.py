"""What a view shows beside its chart: both periods of a comparison, and who is not ranked."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import catalog
from dashboard.analysis import with_totals
from dashboard.analysis.views import View, of_one_kind, rows_of
from dashboard.answers import answer, explore, overviews
from dashboard.answers.explore import not_ranked
from dashboard.answers.nothing import why_nothing
from dashboard.catalog.own_reports import accepted, with_reports
from dashboard.display import changes, comparisons, sentences
from dashboard.display.languages import Language
from dashboard.statements import bundled
from dashboard.web.library import Library


@pytest.fixture(scope="module")
def names() -> Language:
    return Language("en", catalog.bundled())


def test_a_change_has_both_numbers_and_a_direction_only_between_periods_of_one_length(catalog_of, names):
    rows = with_totals(
        catalog_of("""
        requester period  value
        USA       2018_H1 100
        USA       2019_H1 140
        FRA       2018_H1 10-19
        FRA       2019_H1 15-24
        DEU       2018_H1 30
        DEU       2019    90
        """)
    )
    rows = sentences.with_labels(rows[rows["requester"] != "WLD"], names)
    moved = changes.between(rows, scaled=False).set_index("requester")
    assert moved["movement"].to_dict() == {"USA": "rose", "FRA": "unsaid", "DEU": "lengths"}
    assert moved["change"].to_dict() == {"USA": "+40", "FRA": "−4 to +14", "DEU": ""}
    assert moved.loc["USA", ["first_low", "last_low"]].tolist() == [100, 140]


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        (
            {"shape": "change", "period": "2019", "against": "2018"},
            "Google publishes no requests of 2018 and 2019 as one period; there are some of 2019 H2, 2019 H1, 2018 H2, 2018 H1.",
        ),
        (
            {"shape": "map", "of": "google", "period": "2019"},
            "Google publishes no requests of 2019 as one period; there are some of 2019 H2, 2019 H1.",
        ),
        ({"start": "2020", "end": "2018"}, "The time from 2020 to 2018 ends before it begins."),
        ({"start": "2030"}, "Google publishes no requests in this time; there are some from 1 January 2018 to 31 December 2019."),
    ],
)
def test_why_nothing_is_shown_says_what_there_is(catalog_of, names, chosen, why):
    table = with_totals(catalog_of("period value\n2018_H1 1\n2018_H2 2\n2019_H1 3\n2019_H2 4"))
    assert why_nothing(View(reporter=("google",), requester=("USA",), **chosen), table, names) == why


def test_who_else_publishes_what_a_chosen_reporter_does_not_is_named_and_what_holds_for_all_is_told_once(catalog_of, names):
    table = with_totals(
        catalog_of("""
        reporter  requester measure               period  value
        google    USA       requests              2019_H1 100
        meta      USA       requests              2019_H1 100
        microsoft USA       nondisclosure_orders  2019_H1 300
        twitter   DEU       nondisclosure_orders  2019_H1 500
        """)
    )
    view = View(measure="nondisclosure_orders", reporter=("google", "meta"))
    assert why_nothing(view, table, names).endswith("requests. Others that publish nondisclosure orders: Microsoft.")
    assert "Others" not in why_nothing(replace(view, measure="requests", start="2025"), table, names)
    assert why_nothing(replace(view, measure="requests", start="2020", end="2018"), table, names).count("ends before it begins") == 1


def test_a_ranking_of_reporters_names_those_whose_numbers_are_of_not_ranked(catalog_of, names):
    table = with_totals(
        catalog_of("""
        reporter  requester period  value
        google    USA       2019_H1 100
        meta      USA       2019    300
        microsoft USA       2020    500
        """)
    )
    ranked = table[(table["reporter"] == "google") & (table["requester"] == "USA")]
    view = View(shape="ranking", over="reporters", requester=("USA",))
    assert not_ranked(view, ranked, table, names) == ["Not ranked, as their periods are others than 2019 H1: Meta (Facebook)."]
    everyone = table[(table["requester"] == "USA") & (table["period_start"].dt.year == 2019)]
    assert not_ranked(view, everyone, table, names) == []


def test_a_ranking_of_reporters_holds_one_kind_of_demand_and_names_who_counts_another(catalog_of, names):
    table = with_totals(
        catalog_of("""
        reporter  requester request_type period  value
        google    USA       all          2019_H1 100
        github    USA       nsl          2019_H1 0-249
        apple     USA       account      2019_H1 30
        apple     USA       device       2019_H1 20
        meta      USA       all          2019    300
        """)
    )
    view = View(shape="ranking", over="reporters", requester=("USA",), period="2019 H1")
    rows = rows_of(view, table, pd.DataFrame())
    assert rows["reporter"].tolist() == ["google"]
    assert not_ranked(view, rows, table, names) == [
        "Not ranked, as they print no total of 2019 H1: Apple, GitHub.",
        "Not ranked, as their periods are others than 2019 H1: Meta (Facebook).",
    ]


def test_in_a_ranking_of_reporters_the_kind_that_all_count_stands_in_the_title_alone(catalog_of, names):
    data = catalog_of("""
        reporter  requester request_type authority period  value
        google    USA       nsl          federal   2019_H1 500-999
        meta      USA       nsl          federal   2019_H1 0-499
        """)
    view = View(shape="ranking", over="reporters", requester=("USA",), type=("nsl",))
    shown = answer(view, data, with_totals(data), bundled(), names)
    assert "National security letter" in shown.title
    assert set(shown.shown["label"]) == {"Google · federal", "Meta (Facebook) · federal"}


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from(("all", "nsl", "device")), st.sampled_from(("any", "federal"))), max_size=12
    )
)
def test_what_is_ranked_together_is_of_one_kind_and_the_total_goes_first(printed):
    rows = pd.DataFrame(printed, columns=["reporter", "request_type", "authority"]).assign(service="all")
    ranked = of_one_kind(rows)
    assert len(ranked.drop_duplicates(["request_type", "authority"])) == (1 if printed else 0)
    assert ("all", "any") not in {(kind, who) for _, kind, who in printed} or set(ranked["request_type"]) == {"all"}


@pytest.mark.parametrize(
    ("view", "drawn", "note"),
    [
        (View(reporter=("apple", "microsoft"), type=("fisa_content",)), {"requests", "orders"}, True),
        (View(reporter=("apple", "microsoft"), type=("fisa_content",), measure="orders"), {"requests", "orders"}, True),
        (View(reporter=("apple",), type=("fisa_content",)), {"requests"}, False),
        # Where nobody counts by the word that was asked for, nothing stands in its stead; nor is another kind of demand drawn so.
        (View(reporter=("microsoft",), type=("fisa_content",)), set(), False),
        (View(reporter=("apple", "microsoft"), type=("fisa_content", "device")), {"requests"}, False),
    ],
)
def test_orders_and_requests_stand_on_one_chart_each_by_its_own_word(catalog_of, names, view, drawn, note):
    data = catalog_of("""
        reporter  requester request_type measure  period  value
        apple     USA       fisa_content requests 2019_H1 0-499
        microsoft USA       fisa_content orders   2019_H1 500-999
        """)
    answer = explore.answer(view, data, with_totals(data), bundled(), names)
    assert set(answer.shown["measure"]) == drawn
    assert any("not the same" in one for one in answer.notes) == note
    assert answer.is_empty or answer.axis == " and ".join(dict.fromkeys(answer.shown["measure"]))
    assert answer.is_empty or answer.subtitle.startswith(" and ".join(dict.fromkeys(answer.shown["measure"])).capitalize())


def test_the_range_of_time_reaches_over_all_that_stands_on_one_chart(catalog_of, names):
    data = catalog_of("""
        reporter  requester request_type measure  period  value
        apple     USA       fisa_content requests 2019_H1 0-499
        microsoft USA       fisa_content orders   2017_H1 500-999
        """)
    reach = {
        measure: explore.choices(with_totals(data), names, measure, ("apple", "microsoft")).halves for measure in ("requests", "orders")
    }
    assert [halves[0] for halves in reach.values()] == ["2017 H1"] * 2 and [halves[-1] for halves in reach.values()] == ["2019 H1"] * 2


@pytest.mark.parametrize("reporter", ["acme", "google"])
def test_what_a_report_over_the_catalog_does_not_touch_is_taken_from_below_and_is_the_same(catalog_of, reporter):
    one_number = catalog_of(f"""
    reporter   requester period  value measure
    {reporter} USA       2019_H1 100   requests
    {reporter} USA       2019_H2 7     requests
    """)
    report = accepted("own.csv", b"own", one_number.observations.assign(document="report"))
    over = Library(with_reports(catalog.bundled(), [report]), Library(catalog.bundled()))
    is_touched = reporter == "google"
    for view in (View(), View(reporter=("acme", "microsoft")), View(shape="ranking", of="apple", reporter=("apple",), top="10")):
        wanted, given = answer(view, over.data, over.complete(None), bundled(), over.names), over.answer(view)
        assert (given is over.below.answer(view)) is (not {*view.reporter} & {*over.data.touched_reporters})
        assert (given.title, given.sentences, given.notes, given.source, given.alt) == tuple(
            getattr(wanted, name) for name in ("title", "sentences", "notes", "source", "alt")
        )
        for name in ("rows", "earlier", "breaks", "definitions"):
            one, other = (pd.DataFrame(getattr(each, name)).reset_index(drop=True) for each in (given, wanted))
            pd.testing.assert_frame_equal(one, other)
        choice = (None, view.measure, view.reporter)
        assert over.choices(*choice) == explore.choices(over.complete(None), over.names, view.measure, view.reporter)
    page, whole = over.overview(), overviews.overview(over.data, over.complete(None), bundled(), over.names)
    assert (page.first_case is over.below.overview().first_case) is not is_touched
    for name in ("what", "first_alt", "first_source", "questions", "numbers", "secret_alts", "secret_sources", "grid_alt"):
        assert getattr(page, name) == getattr(whole, name)
    assert page.latest.equals(whole.latest) and page.grid.equals(whole.grid)


@pytest.mark.parametrize(("axis", "shape", "is_said"), [("log", "time", True), ("linear", "time", False), ("log", "ranking", False)])
def test_a_logarithmic_axis_is_said_where_there_is_one(catalog_of, names, axis: str, shape: str, is_said: bool):
    data = catalog_of("period value\n2019_H1 10\n2019_H2 1000")
    view = View(reporter=("google",), axis=axis, shape=shape, of="google" if shape == "ranking" else "")
    shown = answer(view, data, with_totals(data), bundled(), names)
    assert ("Logarithmic axis." in shown.subtitle) == is_said and not shown.is_empty


@pytest.mark.parametrize("view", [View(shape="change"), View(shape="map", of="google", against="2018 H1")], ids=["two periods", "map"])
def test_of_two_compared_periods_both_are_named_and_not_the_time_between(catalog_of, names, view):
    data = catalog_of("reporter requester period value\ngoogle USA 2018_H1 1\ngoogle USA 2018_H2 2\ngoogle USA 2019_H1 3")
    subtitle = explore.answer(view, data, with_totals(data), bundled(), names).subtitle
    assert subtitle == "Requests per half-year, Jan 2018 – Jun 2018 and Jan 2019 – Jun 2019."


def test_what_a_sign_beside_a_name_means_stands_below_the_title(bundled_table):
    data = catalog.bundled()
    shown = explore.answer(View(), data, bundled_table, bundled(), Language("en", data))
    signs = {name[-1] for name in shown.names.values()} & set(comparisons.SIGNS.values())
    assert len(signs) == 2
    assert all(f"{sign} " in shown.subtitle for sign in signs)


@pytest.mark.parametrize(
    ("view", "note", "below"),
    [
        (View(reporter=("google",)), "Google, 1 of 2 (kinds of demand added up)", "Requests per half-year,"),
        (
            View(reporter=("google",), scale="share"),
            "Google, 1 of 2 (one count over another)",
            "per half-year, in part computed from printed counts,",
        ),
        (
            View(reporter=("google",), scale="share", start="2019"),
            "Google, the one shown (one count over another)",
            "per half-year, computed from printed counts,",
        ),
        (View(reporter=("google",), end="2018"), "", "Requests per half-year,"),
    ],
)
def test_what_is_printed_nowhere_is_told_apart_from_what_is(catalog_of, names, view, note, below):
    data = catalog_of("""
        requester request_type measure            period  value
        USA       all          requests           2018_H1 10
        USA       all          share_some_data    2018_H1 0.5
        USA       warrant      requests           2019_H1 4
        USA       subpoena     requests           2019_H1 6
        USA       warrant      requests_some_data 2019_H1 2
        USA       subpoena     requests_some_data 2019_H1 6
        """)
    shown = explore.answer(view, data, with_totals(data), bundled(), names)
    assert [one for one in shown.notes if one.startswith("Computed")] == (
        [f"Computed from printed numbers and not printed themselves: {note}."] if note else []
    )
    assert below in shown.subtitle
