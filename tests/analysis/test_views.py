"""A view: what its address says it says again when opened, and what an address says wrongly is left out."""

from collections import defaultdict
from dataclasses import fields

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import analysis, catalog
from dashboard.analysis import views, with_totals
from dashboard.analysis.parameters import DAYS, BadParameter
from dashboard.analysis.views import SCALES, SHAPES, View, rows_of
from dashboard.model import periods, places, vocabulary

pytestmark = pytest.mark.quick

PERIODS = st.sampled_from(["", "2016", "2019 H1", "2020 Q3", "May 2021", "2016 – 2020", "Oct 2014 – Mar 2016", "2016-04-14 – 2016-06-30"])
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


def several(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(values, unique=True, max_size=5).map(tuple)


VIEWS = st.builds(
    View,
    measure=st.sampled_from(vocabulary.MEASURES),
    reporter=several(WORDS),
    requester=several(st.sampled_from(sorted(places.codes()))),
    type=several(st.sampled_from(vocabulary.REQUEST_TYPES)),
    service=several(WORDS),
    authority=several(st.sampled_from(vocabulary.AUTHORITIES)),
    shape=st.sampled_from(list(SHAPES)),
    scale=st.sampled_from(list(SCALES)),
    base=PERIODS,
    start=PERIODS,
    end=PERIODS,
    of=st.just("") | WORDS,
    period=PERIODS,
    known=st.just("") | st.dates(*DAYS).map(str),
)


def opened(query: list[tuple[str, str]]) -> View:
    values = defaultdict(list)
    for name, value in query:
        values[name].append(value)
    return View.from_query(values)


@given(VIEWS)
def test_an_address_reopens_exactly_its_view(view):
    assert opened(view.query()) == view


@pytest.mark.parametrize("field", fields(View), ids=lambda field: field.name)
def test_every_choice_has_a_place_in_the_address(field):
    other = ("x",) if isinstance(field.default, tuple) else "x"
    assert [name for name, _ in View(**{field.name: other}).query()] == [field.name]


@pytest.mark.parametrize(
    ("query", "view"),
    [
        ([("shape", "pie")], View()),
        ([("scale", "log")], View()),
        ([("known", "yesterday")], View()),
        ([("measure", "demands")], View()),
        ([("measure", "")], View()),
        ([("base", "spring"), ("start", "x"), ("end", "2019-13"), ("period", "H3 2019")], View()),
        ([("requester", "NARNIA")], View(requester=())),
        ([("requester", "FRA"), ("requester", "NARNIA"), ("requester", "FRA")], View(requester=("FRA",))),
        ([("requester", "")], View(requester=())),
        ([("type", "parking_ticket"), ("type", "nsl")], View(type=("nsl",))),
        ([("authority", "police")], View()),
        ([("colour", "red")], View()),
        ([("shape", "map"), ("shape", "pie")], View(shape="map")),
        ([("known", "2020-02-30")], View()),
    ],
)
def test_what_is_not_understood_is_left_out(query, view):
    assert opened(query) == view


@given(st.dictionaries(st.sampled_from([field.name for field in fields(View)]), st.lists(st.text(max_size=8), max_size=3)))
def test_any_address_opens_some_view_that_has_an_address_of_its_own(values):
    view = View.from_query(values)
    assert view.shape in SHAPES and view.scale in SCALES and view.measure in vocabulary.MEASURES
    assert opened(view.query()) == view


def test_the_day_of_knowledge_is_a_date_or_today():
    assert str(View(known="2020-01-02").known_on) == "2020-01-02"
    assert View().known_on is None


# Which rows a view shows


SHOWN = """
reporter requester service request_type measure            period  value
google   USA       all     all          requests           2019_H1 100
google   USA       all     all          requests           2019_H2 120
google   USA       gcp     all          requests           2019_H1 3
google   USA       all     nsl          requests           2019_H1 0-499
google   FRA       all     all          requests           2019_H1 40
google   FRA       all     all          requests           2019_H2 60
google   WLD       all     all          requests           2019_H2 500
google   USA       all     all          accounts_specified 2019_H1 150
meta     USA       all     all          requests           2019_H2 90
"""


def shown(catalog_of, view: View) -> list[tuple]:
    bundle = catalog_of(SHOWN)
    rows = rows_of(view, with_totals(bundle), catalog.bundled().population)
    columns = ["reporter", "requester", "service", "request_type", "period_start", "period_end", "low", "high"]
    return [
        (reporter, requester, service, kind, str(periods.Period(start.date(), end.date())), low, high)
        for reporter, requester, service, kind, start, end, low, high in rows[columns].itertuples(index=False)
    ]


ALL = ("all", "all")


@pytest.mark.parametrize(
    ("view", "rows"),
    [
        (View(reporter=("google",)), [("google", "USA", *ALL, "2019 H1", 100, 100), ("google", "USA", *ALL, "2019 H2", 120, 120)]),
        (View(reporter=("google",), service=("gcp",)), [("google", "USA", "gcp", "all", "2019 H1", 3, 3)]),
        (View(reporter=("google",), type=("nsl",)), [("google", "USA", "all", "nsl", "2019 H1", 0, 499)]),
        (View(reporter=("google",), start="2019 H2"), [("google", "USA", *ALL, "2019 H2", 120, 120)]),
        (View(reporter=("google",), end="2019 H1"), [("google", "USA", *ALL, "2019 H1", 100, 100)]),
        (View(reporter=("google",), scale="calendar"), [("google", "USA", *ALL, "2019", 220, 220)]),
        (
            View(reporter=("google",), shape="ranking"),
            [("google", "FRA", *ALL, "2019 H2", 60, 60), ("google", "USA", *ALL, "2019 H2", 120, 120)],
        ),
        (
            View(reporter=("google",), shape="map", period="2019 H1"),
            [("google", "FRA", *ALL, "2019 H1", 40, 40), ("google", "USA", *ALL, "2019 H1", 100, 100)],
        ),
        (
            View(reporter=("google",), shape="ranking", scale="calendar"),
            [("google", "FRA", *ALL, "2019", 100, 100), ("google", "USA", *ALL, "2019", 220, 220)],
        ),
        (
            View(reporter=("google",), shape="ranking", scale="calendar", period="2019 H1"),
            [("google", "FRA", *ALL, "2019", 100, 100), ("google", "USA", *ALL, "2019", 220, 220)],
        ),
        (View(shape="ranking", of="meta"), [("meta", "USA", *ALL, "2019 H2", 90, 90)]),
        (View(requester=()), []),
    ],
)
def test_a_view_shows_its_rows_and_no_others(catalog_of, view, rows):
    assert shown(catalog_of, view) == rows


def test_a_reporter_without_a_whole_is_shown_by_its_parts_beside_one_with_a_whole(catalog_of):
    bundle = catalog_of("reporter request_type value\ngoogle all 100\ngoogle nsl 5\napple device 40\napple account 5")
    rows = rows_of(View(reporter=("google", "apple")), with_totals(bundle), catalog.bundled().population)
    assert set(zip(rows["reporter"], rows["request_type"], strict=True)) == {("google", "all"), ("apple", "device"), ("apple", "account")}


def test_the_scale_of_shares_counts_shares():
    assert View(scale="share").counted == "share_some_data"
    assert View().counted == "requests"
    assert [scale for scale in SCALES if View(scale=scale).is_scaled] == ["year", "day", "people", "index"]


def test_the_index_base_is_the_first_period_that_most_series_share(catalog_of):
    bundle = catalog_of("reporter period value\ngoogle 2018_H1 5\ngoogle 2018_H2 10\nmeta 2018_H2 20\nmeta 2019_H1 30\ngoogle 2019_H1 20")
    view = View(reporter=("google", "meta"), scale="index")
    rows = rows_of(view, with_totals(bundle), catalog.bundled().population)
    assert rows["low"].tolist() == [50, 100, 200, 100, 150]
    assert views.base_of(view, rows) is not None


def test_a_summed_year_borrows_no_row_number_of_another(catalog_of):
    table = with_totals(catalog_of(SHOWN))
    rows = rows_of(View(reporter=("google",), scale="calendar"), table, catalog.bundled().population)
    assert not set(rows.index) & set(table.index)


def test_the_latest_period_is_the_last_with_a_number(catalog_of):
    table = with_totals(catalog_of("period value\n2018_H1 1\n2018_H2 2\n2018 3\n2019_H1 4"))
    assert str(views.latest_period(table)) == "2019 H1"
    table.loc[table["period_start"] == pd.Timestamp("2019-01-01"), ["low", "high"]] = float("nan")
    assert str(views.latest_period(table)) == "2018 H2"
    assert views.latest_period(table.iloc[:0]) is None


def test_two_periods_and_a_ranking_of_reporters_are_of_the_last_period_that_most_of_those_drawn_have(catalog_of):
    catalog = catalog_of("""
    reporter  request_type period  value
    google    all          2018_H1 100
    google    all          2019_H1 200
    meta      all          2018_H1 100
    meta      all          2019_H1 200
    apple     device       2020_H1 7
    apple     account      2020_H1 7
    apple     emergency    2020_H1 7
    microsoft all          2020_H1 1
    """)
    chosen = {"reporter": ("google", "meta", "apple"), "requester": ("USA",)}
    for shape, shown in (("change", ["2018 H1", "2019 H1"]), ("ranking", ["2019 H1"])):
        view = views.View(**chosen, shape=shape, over="reporters")
        rows, _ = views.without_parts(view, views.rows_of(view, with_totals(catalog), catalog.population))
        assert sorted({str(period) for period in views.periods_of(rows)}) == shown


@pytest.mark.parametrize("scale", ["published", "day", "calendar"])
def test_a_ranking_of_reporters_begins_with_the_most(catalog_of, scale):
    shown = "google 2019_H1 20\ngoogle 2019_H2 20\nmeta 2019_H1 30\nmeta 2019_H2 30\nsnap 2019_H1 30-40\nsnap 2019_H2 30-40"
    catalog = catalog_of(f"reporter period value\n{shown}\n")
    view = views.View(shape="ranking", over="reporters", scale=scale)
    rows = views.rows_of(view, with_totals(catalog), catalog.population).dropna(subset=["low"])
    assert rows["reporter"].tolist() == ["snap", "meta", "google"]


def test_periods_are_offered_newest_first(catalog_of):
    table = with_totals(catalog_of("period value\n2018_H1 1\n2018_H2 2\n2018 3\n2019_H1 4"))
    assert [str(period) for period in views.periods_of(table)] == ["2019 H1", "2018 H2", "2018", "2018 H1"]


def test_the_largest_series_are_kept_and_all_are_counted(catalog_of):
    table = with_totals(catalog_of("requester period value\nUSA 2018_H1 9\nUSA 2018_H2 1\nFRA 2018_H2 5\nDEU 2018_H2 0-9"))
    table = table[table["requester"] != "WLD"].assign(label=lambda rows: rows["requester"])
    kept, count = views.largest(table, 2)
    assert (set(kept["label"]), count) == ({"FRA", "USA"}, 3)


def test_the_view_of_some_rows_shows_them(catalog_of):
    table = with_totals(catalog_of(SHOWN))
    rows = analysis.select(table, reporters=["google"], requesters=["USA"], measure="requests", request_types=["nsl"])
    again = rows_of(views.of_series(rows), table, catalog.bundled().population)
    assert again.index.tolist() == rows.index.tolist()


@pytest.mark.parametrize(
    ("name", "day", "month"),
    [
        ("start", "2022-01-01", "Jan 2022"),
        ("start", "2022-03-01", "Mar 2022"),
        ("end", "2022-03-31", "Mar 2022"),
        ("end", "2024-02-29", "Feb 2024"),
        ("end", "2022-12-31", "2022-12-31"),
        ("start", "2022-01-31", None),
        ("end", "2022-12-01", None),
        ("period", "2022-01-01", None),
        ("start", "7/1/2022", None),
    ],
)
def test_a_time_is_bounded_by_days_that_begin_or_end_a_month(name: str, day: str, month: str | None):
    if month is None:
        with pytest.raises(BadParameter, match="names no period"):
            views.FIELDS[name].read(day)
    else:
        assert views.FIELDS[name].read(day) == month
