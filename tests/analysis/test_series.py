"""Series: one fill of a period, halves never beside their year, shares weighted, and the documents of every part in what is made of them."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import analysis, catalog
from dashboard.analysis import MadeBy, by_year, fill, select, views, with_totals
from dashboard.analysis.totals import SHARES_OF_REQUESTS
from dashboard.analysis.views import View
from dashboard.model import places, vocabulary
from dashboard.model.periods import Period, months, parse, year

FIRST = year(2014).start


def ends(rows: pd.DataFrame) -> list[tuple]:
    """The ends of each row in order of time; a row without a number says None twice."""
    return [tuple(None if end != end else end for end in pair) for pair in rows.sort_values("period_start")[["low", "high"]].to_numpy()]


# A period and the rows that fill it


@st.composite
def spans(draw):
    """Some spans of whole months in two years, each once, and whether each has a number."""
    pairs = st.tuples(st.integers(0, 23), st.integers(0, 23)).map(sorted).map(tuple)
    return draw(st.dictionaries(pairs, st.booleans(), min_size=1, max_size=9))


def rows_of(shown: dict[tuple[int, int], bool]) -> pd.DataFrame:
    """Rows of one series, one for each span of months."""
    periods = [months(2014 + first // 12, first % 12 + 1, 2014 + last // 12, last % 12 + 1) for first, last in shown]
    return pd.DataFrame(
        {
            "period_start": pd.to_datetime([period.start for period in periods]),
            "period_end": pd.to_datetime([period.end for period in periods]),
            "low": [1.0 if has_number else np.nan for has_number in shown.values()],
        }
    )


def chains(shown: list[tuple[int, int]], first: int, last: int) -> list[list[tuple[int, int]]]:
    """Every way to go from the first month to the last by spans that follow one another."""
    if first > last:
        return [[]]
    return [[span, *rest] for span in shown if span[0] == first and span[1] <= last for rest in chains(shown, span[1] + 1, last)]


@given(spans(), st.integers(0, 23), st.integers(0, 23))
def test_a_period_is_filled_where_any_chain_fills_it_and_by_the_fewest_rows(shown, one, other):
    first, last = sorted((one, other))
    period = months(2014 + first // 12, first % 12 + 1, 2014 + last // 12, last % 12 + 1)
    filled = fill(rows_of(shown), period)
    every = chains(list(shown), first, last)
    numbered = [chain for chain in every if all(shown[span] for span in chain)]
    assert (filled is None) == (not every)
    if filled is not None:
        assert len(filled) == min(map(len, numbered or every))
        assert filled["low"].notna().all() == bool(numbered)
        days = sorted(zip(filled["period_start"], filled["period_end"], strict=True))
        assert (days[0][0], days[-1][1]) == (pd.Timestamp(period.start), pd.Timestamp(period.end))
        assert all(before[1] + pd.Timedelta(days=1) == after[0] for before, after in itertools.pairwise(days))


def test_a_long_row_that_leads_nowhere_hides_no_chain_of_shorter_ones(catalog_of):
    rows = with_totals(catalog_of("period value\nJan_2014_-_Jun_2015 99\n2014 100\n2015 110\n2016 120"))
    assert fill(rows, Period(year(2014).start, year(2016).end))["low"].tolist() == [100, 110, 120]


# Halves and their year


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("2019_H1 1\n2019_H2 2\n2019 3", ["2019"]),
        ("2019_H1 1\n2019_H2 2\n2020 3", ["2019 H1", "2019 H2", "2020"]),
        ("2019_H1 1\n2019 3", ["2019 H1", "2019"]),
        ("2019 1\n2020 2\n2019_-_2020 3", ["2019", "2020"]),
        ("2019_Q1 1\n2019_Q2 2\n2019_H2 3\n2019 6", ["2019"]),
    ],
)
def test_halves_do_not_stand_beside_the_year_that_they_make_up(catalog_of, shown, kept):
    table = with_totals(catalog_of(f"period value\n{shown}"))
    rows = analysis.one_series(table, reporter="google", requester="USA", measure="requests")
    assert set(views.periods_of(rows)) == {parse(name) for name in kept}
    assert set(views.periods_of(views.rows_of(View(reporter=("google",)), table, catalog.bundled().population))) == {
        parse(name) for name in kept
    }


def test_no_bundled_series_has_a_year_and_the_halves_that_make_it_up(bundled_table):
    numbers = bundled_table[bundled_table["low"].notna() & bundled_table["reporter"].isin(["github", "google", "telegram", "doj"])]
    rows = analysis.without_repeats(numbers)
    pairs = rows.merge(rows, on=analysis.SERIES, suffixes=("", "_year"))
    pairs = pairs[pairs["period_start_year"].dt.year.eq(pairs["period_end_year"].dt.year)]
    inside = (pairs["period_start"] >= pairs["period_start_year"]) & (pairs["period_end"] <= pairs["period_end_year"])
    shorter = pairs["period_end"] - pairs["period_start"] < pairs["period_end_year"] - pairs["period_start_year"]
    repeated = pairs[inside & shorter].groupby([*analysis.SERIES, "period_start_year", "period_end_year"])
    assert len(numbers) > len(rows)
    for (*_, start, end), group in repeated:
        assert fill(group, Period(start.date(), end.date())) is None


# Years


def test_letters_are_counted_once_so_that_their_bands_are_added(catalog_of):
    years = by_year(with_totals(catalog_of("request_type period value\nnsl 2019_H1 0-499\nnsl 2019_H2 500-999")))
    assert ends(years) == [(500, 1498)]


def test_a_share_of_a_year_is_weighted_by_the_requests_of_its_halves(catalog_of):
    table = with_totals(
        catalog_of("""
    measure             period  value
    requests            2019_H1 100
    requests            2019_H2 300
    share_some_data     2019_H1 0.795-0.805
    share_some_data     2019_H2 0.395-0.405
    nondisclosure_share 2019_H1 0.5-0.5
    nondisclosure_share 2019_H2 0.7-0.7
    """)
    )
    # 80 of 100 and 119 to 121 of 300; and 50 + 210 of 400, where the mean of the shares would be 60 %.
    for measure, low, high in (("share_some_data", 199 / 400, 201 / 400), ("nondisclosure_share", 0.65, 0.65)):
        (row,) = by_year(select(table, measure=measure), table).to_dict("records")
        assert (row["low"], row["high"]) == (pytest.approx(low), pytest.approx(high))
        assert (row["made_by"], row["why"]) == (MadeBy.YEAR_SHARE, "")


def test_a_half_without_requests_adds_nothing_to_the_share_of_its_year(catalog_of):
    table = with_totals(
        catalog_of("""
    measure         period  value
    requests        2019_H1 0
    requests        2019_H2 10
    share_some_data 2019_H1 0-0.005
    share_some_data 2019_H2 0.5-0.5
    """)
    )
    assert ends(by_year(select(table, measure="share_some_data"), table)) == [(0.5, 0.5)]


def test_a_printed_year_keeps_its_row_and_a_summed_one_has_none(catalog_of):
    table = with_totals(catalog_of("period value\n2018 5\n2019_H1 1\n2019_H2 2"))
    years = by_year(table)
    assert [label in table.index for label in years.index] == [True, False]


# Shares


@settings(max_examples=6)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=4))
def test_a_share_is_its_part_over_the_requests_and_of_no_requests_there_is_none(catalog_of_once, counts):
    countries = ["USA", "FRA", "DEU", "NAM"]
    lines = [
        f"{measure} {place} {n}"
        for place, (a, b) in zip(countries, counts, strict=False)
        for measure, n in (("requests", a + b), ("requests_content", b))
    ]
    table = with_totals(catalog_of_once("\n".join(["measure requester value", *lines])))
    shares = select(table, measure="share_content").set_index("requester")
    for place, (other, content) in zip(countries, counts, strict=False):
        if other + content:
            assert shares.loc[place, "low"] == shares.loc[place, "high"] == content / (other + content)
        else:
            assert np.isnan(shares.loc[place, "low"]) and shares.loc[place, "why"] == analysis.NO_REQUESTS


def test_a_printed_share_of_no_requests_keeps_its_cell_and_has_no_number(catalog_of):
    table = with_totals(catalog_of("measure value\nrequests 0\nshare_some_data 0-0.005"))
    (row,) = select(table, measure="share_some_data").to_dict("records")
    assert (np.isnan(row["low"]), row["why"], row["cell"], row["made_by"]) == (True, analysis.NO_REQUESTS, "B3", "")


def test_no_bundled_share_is_one_of_no_requests(bundled_table):
    dimensions = [column for column in analysis.SERIES if column != "measure"] + ["period_start", "period_end"]
    none = bundled_table[(bundled_table["measure"] == "requests") & (bundled_table["high"] == 0)][dimensions].drop_duplicates()
    shares = bundled_table[bundled_table["measure"].isin(SHARES_OF_REQUESTS) & bundled_table["low"].notna()]
    assert len(none) > 1000
    assert shares.merge(none, on=dimensions).empty


def test_microsoft_s_outcomes_are_shares_of_its_requests(bundled_table):
    rows = select(bundled_table, reporters=["microsoft"], requesters=["USA"], request_types=["all"], services=["all"], authorities=["any"])
    rows = rows[rows["period_start"] == "2020-07-01"].set_index("measure")
    assert round(rows.loc["share_content", "low"], 2) == 0.13
    parts = ["share_content", "share_noncontent", "share_no_data", "share_rejected"]
    assert rows.loc[parts, "low"].sum() == pytest.approx(1)
    assert rows.loc["share_some_data", "low"] == pytest.approx(rows.loc[parts[:2], "low"].sum())


# Totals that are none


def test_a_kind_published_for_the_world_alone_leaves_no_country_a_total(catalog_of):
    table = with_totals(
        catalog_of("""
    reporter requester request_type value
    github   WLD       warrant      90
    github   FRA       mlat         8
    github   DEU       mlat         3
    """)
    )
    assert select(table, request_types=["all"]).empty


def test_no_bundled_total_leaves_out_a_kind_that_its_reporter_publishes(bundled_table):
    bundle = catalog.bundled()
    in_total = bundle.parts[bundle.parts["in_total"]][["reporter", "request_type"]]
    printed = bundled_table[bundled_table["made_by"].eq("") & ~bundled_table["measure"].isin(vocabulary.SHARES)].merge(in_total)
    kinds = printed.groupby(["reporter", "service"])["request_type"].agg(set)
    by_country = printed[printed["requester"] != places.WORLD].groupby(["reporter", "service"])["request_type"].agg(set)
    totals = bundled_table[bundled_table["made_by"].isin([MadeBy.KINDS, MadeBy.REQUESTERS]) & bundled_table["request_type"].eq("all")]
    for reporter, service in totals[["reporter", "service"]].drop_duplicates().itertuples(index=False):
        if (reporter, service) in kinds.index:
            assert kinds[reporter, service] == by_country.get((reporter, service), set()), (reporter, service)


@pytest.mark.parametrize("reporter", ["github", "odni", "apple"])
@pytest.mark.parametrize("requester", ["USA", "WLD"])
def test_who_prints_no_total_has_none(bundled_table, reporter, requester):
    with pytest.raises(analysis.Unanswerable, match=r"no total over request type|publishes no requests"):
        analysis.one_series(bundled_table, reporter=reporter, requester=requester, measure="requests", service="all")


# Documents


def test_the_documents_of_every_part_are_those_of_what_is_made_of_them(bundled_table):
    bundle = catalog.bundled()
    made = bundled_table[bundled_table["made_by"].ne("") & bundled_table["low"].notna()]
    assert made["document"].ne("").all()
    for _, row in made.groupby(["reporter", "made_by"]).sample(1, random_state=3).iterrows():
        parts = analysis.parts_of(bundled_table, bundle, row)
        assert set(parts["document"]) == set(row["document"].split("; ")), row.to_dict()


@pytest.mark.parametrize(("reporter", "number"), [("microsoft", 2022), ("meta", 2015)])
def test_a_year_of_a_printed_and_a_summed_half_names_the_documents_of_both(bundled_table, reporter, number):
    halves = analysis.one_series(bundled_table, reporter=reporter, requester="WLD", measure="requests")
    years = by_year(halves, bundled_table)
    row = years[years["period_start"].dt.year == number].iloc[0]
    inside = halves[halves["period_start"].dt.year == number]
    assert set(row["document"].split("; ")) == set("; ".join(inside["document"]).split("; "))
    assert len(set(inside["document"])) == 2


def test_a_rate_names_the_edition_of_the_population(bundled_table):
    population = catalog.bundled().population
    rows = analysis.per_inhabitants(select(bundled_table, reporters=["google"], requesters=["DEU"], measure="requests"), population)
    assert rows["document"].str.contains(population["document"].iloc[0], regex=False).all()


# Selections


@settings(max_examples=30)
@given(data=st.data())
def test_a_selection_is_what_a_look_at_every_row_gives(bundled_table, data):
    reporters = data.draw(st.none() | st.lists(st.sampled_from(["google", "meta", "nobody", "snap"]), max_size=3, unique=True))
    measure = data.draw(st.none() | st.sampled_from(["requests", "share_some_data", "none"]))
    requesters = data.draw(st.none() | st.lists(st.sampled_from(["USA", "FRA", "WLD", "???"]), max_size=2, unique=True))
    kinds = data.draw(st.none() | st.just(["all"]))
    start = data.draw(st.none() | st.just(FIRST))
    keep = np.ones(len(bundled_table), dtype=bool)
    for column, values in (
        ("reporter", reporters),
        ("measure", None if measure is None else [measure]),
        ("requester", requesters),
        ("request_type", kinds),
    ):
        if values is not None:
            keep &= bundled_table[column].isin(values).to_numpy()
    if start:
        keep &= (bundled_table["period_start"] >= pd.Timestamp(start)).to_numpy()
    expected = bundled_table[keep].sort_values([*analysis.SERIES, "period_start", "period_end"], kind="stable")
    selected = select(bundled_table, reporters=reporters, requesters=requesters, measure=measure, request_types=kinds, start=start)
    pd.testing.assert_frame_equal(selected, expected)


WHOLES = {"request_type": "all", "service": "all", "authority": "any"}


@settings(max_examples=40)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["google", "meta"]),
            st.sampled_from(["all", "legal", "nsl"]),
            st.sampled_from(["all", "cloud"]),
            st.sampled_from(["any", "local"]),
            st.integers(0, 3),
        ),
        max_size=14,
    )
)
def test_what_is_left_open_is_the_whole_of_a_reporter_or_where_it_hardly_prints_one_its_parts(rows):
    table = rows_of({(6 * half, 6 * half + 5): True for half in range(4)}).iloc[[row[-1] for row in rows]].reset_index(drop=True)
    table = table.assign(requester="USA", measure="requests")
    for number, column in enumerate(("reporter", *WHOLES)):
        table[column] = pd.array([row[number] for row in rows], dtype="str")
    expected = table
    for column, whole in WHOLES.items():
        kept = []
        for _, own in expected.groupby("reporter"):
            is_whole = own[column] == whole
            halves, wholes = set(own["period_start"]), set(own["period_start"][is_whole])
            kept.append(own[is_whole if wholes and 2 * len(wholes) >= len(halves) else ~is_whole])
        expected = pd.concat(kept) if kept else expected
    assert sorted(select(table, wholes=True).index) == sorted(expected.index)
