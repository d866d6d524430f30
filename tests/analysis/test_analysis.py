"""Analysis on small tables of our own: totals, years, rates, shares and indices, each from the ends and from nothing else."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import analysis, catalog
from dashboard.analysis import Unanswerable, one_series, select, with_totals
from dashboard.model import places, tables, vocabulary
from dashboard.model.columns import KEY
from dashboard.model.periods import Period, half, parse, year


def ends(rows: pd.DataFrame, *columns: str) -> list[tuple]:
    """The ends of each row, in order, after the columns asked for; a row without a number says None twice."""
    ordered = rows.sort_values([*analysis.SERIES, "period_start", "period_end"])
    shown = ordered[[*columns, "low", "high"]].astype(object)
    return [tuple(None if value != value else value for value in row) for row in shown.itertuples(index=False)]


def whole(bundle, **wanted: str) -> pd.DataFrame:
    """The rows of the complete table that a test asks for; totals over kinds of demand unless it asks otherwise."""
    rows = with_totals(bundle)
    for column, value in ({"request_type": "all"} | wanted).items():
        rows = rows[rows[column] == value]
    return rows


# Totals over kinds of demand


def test_a_total_adds_the_disjoint_kinds_and_never_preservation(catalog_of):
    bundle = catalog_of("""
    request_type value
    legal        40
    emergency    5-9
    preservation 1000
    nsl          0-499
    """)
    assert ends(whole(bundle)) == [(45, 49)]
    assert whole(bundle)["derivation"].tolist() == ["sum over 2 kinds of demand"]


def test_a_total_of_one_kind_is_no_sum(catalog_of):
    assert whole(catalog_of("request_type value\nlegal 40"))["derivation"].tolist() == ["the only kind of demand published"]


def test_preservation_alone_makes_no_total(catalog_of):
    assert whole(catalog_of("request_type value\npreservation 1000")).empty


def test_a_part_of_a_part_is_not_counted_twice(catalog_of):
    # Meta's warrants and subpoenas are parts of its legal process.
    bundle = catalog_of("""
    reporter request_type value
    meta     legal        40
    meta     emergency    5
    meta     warrant      30
    meta     subpoena     10
    """)
    assert ends(whole(bundle)) == [(45, 45)]


def test_a_printed_total_is_never_summed_over(catalog_of):
    bundle = catalog_of("""
    request_type value
    all          44
    legal        40
    emergency    5
    """)
    assert ends(whole(bundle)) == [(44, 44)]
    assert whole(bundle)["derivation"].tolist() == [""]


def test_a_reporter_whose_kinds_overlap_has_no_total(catalog_of):
    bundle = catalog_of("""
    reporter request_type value
    apple    device       40
    apple    account      5
    """)
    assert whole(bundle).empty


def test_services_authorities_and_reporters_are_not_added(catalog_of):
    bundle = catalog_of("""
    reporter service authority request_type value
    google   all     any       legal        1
    google   gcp     any       legal        2
    google   all     federal   legal        4
    meta     all     any       legal        8
    """)
    assert ends(whole(bundle)) == [(1, 1), (4, 4), (2, 2), (8, 8)]


def test_a_total_with_an_unpublished_part_has_no_number_and_names_the_part(catalog_of):
    bundle = catalog_of("""
    request_type measure            value
    legal        requests           40
    emergency    requests           5
    court_order  requests           0
    legal        accounts_specified 60
    """)
    accounts = whole(bundle, measure="accounts_specified")
    assert ends(accounts) == [(None, None)]
    assert accounts["why"].tolist() == ["no number for emergency"]
    assert ends(whole(bundle, measure="requests")) == [(45, 45)]


# Totals over requesters


def test_the_worldwide_total_is_the_published_one_where_there_is_one(catalog_of):
    bundle = catalog_of("""
    requester value
    WLD       110
    USA       70
    FRA       30
    """)
    assert ends(whole(bundle, requester="WLD")) == [(110, 110)]
    assert whole(bundle, requester="WLD")["derivation"].tolist() == [""]


def test_the_worldwide_total_is_else_the_sum_over_requesters_and_marked_so(catalog_of):
    bundle = catalog_of("""
    requester request_type value
    USA       legal        70
    USA       emergency    1-9
    USA       preservation 500
    FRA       legal        30
    """)
    world = whole(bundle, requester="WLD")
    assert ends(world) == [(101, 109)]
    assert world["derivation"].tolist() == ["sum over 2 requesters"]
    assert world["made_by"].tolist() == ["requesters"]
    assert world["document"].tolist() == ["report"]


def test_a_worldwide_total_with_an_unpublished_country_has_no_number_and_names_it(catalog_of):
    bundle = catalog_of("""
    requester measure            value
    USA       requests           70
    GBR       requests           60
    FRA       requests           30
    NAM       requests           0
    USA       accounts_specified 90
    GBR       accounts_specified 80
    """)
    world = whole(bundle, requester="WLD", measure="accounts_specified")
    assert ends(world) == [(None, None)]
    assert world["why"].tolist() == ["no number for France"]


def test_a_worldwide_total_of_one_kind_needs_the_split_of_every_country(catalog_of):
    # The United States are split into kinds of demand; France is not, and may have emergencies among its requests.
    bundle = catalog_of("""
    reporter requester request_type period  value
    meta     USA       all          2019_H1 70
    meta     USA       emergency    2019_H1 5
    meta     FRA       all          2019_H1 30
    meta     NAM       all          2019_H1 0
    meta     USA       emergency    2019_H2 6
    meta     USA       legal        2019_H2 60
    meta     FRA       legal        2019_H2 20
    meta     FRA       emergency    2019_H2 1
    """)
    world = whole(bundle, requester="WLD", request_type="emergency")
    assert ends(world, "why") == [("no number for France", None, None), ("", 7, 7)]
    assert ends(whole(bundle, requester="WLD")) == [(100, 100), (87, 87)]


def test_a_figure_quoted_from_a_text_is_no_part_of_a_worldwide_total(catalog_of):
    bundle = catalog_of(
        """
        requester period  value document
        USA       2019_H1 70    report
        FRA       2019_H1 30    report
        USA       2019_H2 80    testimony
        FRA       2019_H2 40    testimony
        """,
        "document form\ntestimony quoted",
    )
    assert ends(whole(bundle, requester="WLD")) == [(100, 100)]


def test_orders_that_run_on_make_no_worldwide_total(catalog_of):
    bundle = catalog_of("requester request_type value\nUSA fisa_content 0-499\nGBR fisa_content 0-499")
    assert whole(bundle, requester="WLD", request_type="fisa_content").empty


def test_what_an_edition_prints_beyond_the_periods_it_covers_is_in_no_total(catalog_of):
    bundle = catalog_of(
        """
        requester request_type period  value
        USA       legal        2019_H1 70
        FRA       legal        2019_H1 30
        USA       legal        2019_H2 2
        """,
        "document edition\nreport through_2019_H1",
    )
    assert ends(whole(bundle), "requester") == [("FRA", 30, 30), ("USA", 70, 70), ("WLD", 100, 100)]
    assert ends(whole(bundle, request_type="legal", requester="USA")) == [(70, 70), (2, 2)]


# Shares


def test_a_printed_percentage_gives_the_whole_counts_that_it_allows(catalog_of):
    bundle = catalog_of("""
    measure         value
    requests        200
    share_some_data 0.635-0.645
    """)
    assert ends(whole(bundle, measure="requests_some_data")) == [(127, 129)]


def test_an_impossible_percentage_gives_no_count(catalog_of):
    bundle = catalog_of("measure value\nrequests 5\nshare_some_data 0.635-0.645")
    assert whole(bundle, measure="requests_some_data").empty


def test_a_band_of_requests_gives_no_counts(catalog_of):
    bundle = catalog_of("measure value\nrequests 200-210\nshare_some_data 0.635-0.645")
    assert whole(bundle, measure="requests_some_data").empty


def test_a_share_of_a_total_is_weighted_and_no_average(catalog_of):
    bundle = catalog_of("""
    requester measure         value
    USA       requests        900
    USA       share_some_data 0.895-0.905
    FRA       requests        100
    FRA       share_some_data 0.095-0.105
    """)
    world = whole(bundle, requester="WLD", measure="share_some_data")
    # 806 to 814 of 900 and 10 of 100; the average of the two percentages would be 50 %.
    assert ends(world) == [(pytest.approx(816 / 1000), pytest.approx(824 / 1000))]
    assert world["derivation"].tolist() == ["requests with some data disclosed, over requests"]


def test_a_share_over_a_band_takes_the_worst_cases_within_one(catalog_of):
    bundle = catalog_of("measure value\nrequests 10-20\nrequests_some_data 8-12")
    assert ends(whole(bundle, measure="share_some_data")) == [(8 / 20, 1)]


def test_a_printed_share_is_kept_as_it_is(catalog_of):
    bundle = catalog_of("measure value\nrequests 200\nrequests_some_data 127\nshare_some_data 0.635-0.645")
    assert ends(whole(bundle, measure="share_some_data")) == [(0.635, 0.645)]


def test_a_whole_that_may_be_zero_has_no_share(catalog_of):
    assert whole(catalog_of("measure value\nrequests 0-9\nrequests_some_data 0-9"), measure="share_some_data").empty


# Years


def by_year(bundle) -> pd.DataFrame:
    return analysis.by_year(with_totals(bundle))


def test_a_year_is_the_sum_of_its_halves(catalog_of):
    years = by_year(catalog_of("period value\n2019_H1 100\n2019_H2 20-29"))
    assert ends(years, "period_start", "period_end") == [(pd.Timestamp("2019-01-01"), pd.Timestamp("2019-12-31"), 120, 129)]
    assert years["derivation"].tolist() == ["sum over 2 parts of the year"]


def test_a_year_of_a_quarter_and_three_quarters_is_their_sum(catalog_of):
    assert ends(by_year(catalog_of("period value\n2019_Q1 1\n2019-04-01_-_2019-12-31 2"))) == [(3, 3)]


@pytest.mark.parametrize("there", ["2019_H1", "2019_H2"])
def test_a_year_with_a_missing_half_has_no_number_and_says_so(catalog_of, there):
    years = by_year(catalog_of(f"period value\n{there} 100"))
    assert ends(years, "why") == [("2019 is not published in full", None, None)]


def test_a_year_with_an_unpublished_half_has_no_number_and_says_which_part(catalog_of):
    bundle = catalog_of("""
    request_type measure            period  value
    legal        requests           2019_H1 40
    emergency    requests           2019_H1 5
    legal        accounts_specified 2019_H1 50
    legal        requests           2019_H2 40
    legal        accounts_specified 2019_H2 60
    """)
    years = select(by_year(bundle), measure="accounts_specified", request_types=["all"])
    assert ends(years, "why") == [("no number for emergency", None, None)]


def test_a_printed_year_is_kept_and_its_halves_are_not_added_to_it(catalog_of):
    years = by_year(catalog_of("period value\n2019 125\n2019_H1 100\n2019_H2 20"))
    assert ends(years) == [(125, 125)]
    assert years["derivation"].tolist() == [""]


def test_overlapping_periods_are_not_added(catalog_of):
    assert ends(by_year(catalog_of("period value\n2019_H1 100\n2019_Q2 60\n2019_H2 20"))) == [(120, 120)]


def test_a_longer_part_that_leads_nowhere_does_not_hide_the_halves(catalog_of):
    assert ends(by_year(catalog_of("period value\n2019_H1 100\nJan_-_Sep_2019 160\n2019_H2 20"))) == [(120, 120)]


def test_eighteen_months_stay_eighteen_months(catalog_of):
    bundle = catalog_of("period value\nOct_2014_–_Mar_2016 2576")
    assert by_year(bundle).empty
    kept = with_totals(bundle)
    assert (kept["period_start"].iloc[0], kept["period_end"].iloc[0]) == (pd.Timestamp("2014-10-01"), pd.Timestamp("2016-03-31"))
    assert ends(analysis.per_year(kept)) == [(pytest.approx(2576 / 1.5), pytest.approx(2576 / 1.5))]


@pytest.mark.parametrize("kind", vocabulary.RUNNING)
def test_orders_that_run_on_are_never_added(catalog_of, kind):
    bundle = catalog_of(f"request_type period value\n{kind} 2019_H1 0-499\n{kind} 2019_H2 0-499")
    years = select(by_year(bundle), request_types=[kind])
    assert ends(years) == [(None, None)]
    assert years["why"].str.startswith("halves are not added").all()


@pytest.mark.parametrize("kind", vocabulary.RUNNING)
def test_orders_that_run_on_have_no_rate_over_time(catalog_of, kind):
    rows = select(with_totals(catalog_of(f"request_type value\n{kind} 0-499")), request_types=[kind])
    assert ends(analysis.per_day(rows)) == ends(analysis.per_year(rows)) == [(None, None)]


def test_a_year_s_share_is_no_average_of_its_halves(catalog_of):
    years = by_year(catalog_of("measure period value\nnondisclosure_share 2019_H1 0.595-0.605\nnondisclosure_share 2019_H2 0.695-0.705"))
    assert ends(years) == [(None, None)]
    assert "needs the number of requests" in years["why"].iloc[0]


# Rates


HALF_OF_2019 = "requester value\nFRA 362-724"


def test_per_day_divides_both_ends_by_the_days_of_the_period(catalog_of):
    assert ends(analysis.per_day(with_totals(catalog_of(HALF_OF_2019)))) == [(2, 4)]


def test_per_year_divides_both_ends_by_the_years_of_the_period(catalog_of):
    assert ends(analysis.per_year(with_totals(catalog_of(HALF_OF_2019)))) == [(724, 1448)]


def people(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame([(*row, "people", "D2") for row in rows], columns=list(tables.described(tables.Population)))


def test_per_inhabitants_divides_both_ends_by_the_people_of_the_year(catalog_of):
    population = people(("FRA", 2018, 1), ("FRA", 2019, 200_000), ("FRA", 2020, 1))
    assert ends(analysis.per_inhabitants(with_totals(catalog_of(HALF_OF_2019)), population)) == [(181, 362)]


def test_the_newest_population_stands_in_for_a_later_year_and_for_no_earlier_one(catalog_of):
    rows = with_totals(catalog_of("requester period value\nFRA 2017_H1 10\nFRA 2021_H1 10"))
    population = people(("FRA", 2018, 100_000), ("FRA", 2019, 200_000), ("USA", 2017, 300_000), ("USA", 2022, 400_000))
    assert ends(analysis.per_inhabitants(rows, population)) == [(None, None), (5, 5)]


@pytest.mark.parametrize("requester", ["TWN", "WLD"])
def test_where_no_population_is_published_there_is_no_rate_and_it_says_so(catalog_of, requester):
    rows = analysis.per_inhabitants(with_totals(catalog_of(f"requester value\n{requester} 10")), catalog.bundled().population)
    assert ends(rows, "why") == [("no population is published", None, None)]


@pytest.mark.parametrize("scale", ["per_day", "per_year", "per_inhabitants"])
def test_a_share_is_no_quantity_that_could_be_divided(catalog_of, scale):
    rows = with_totals(catalog_of("requester measure value\nFRA nondisclosure_share 0.635-0.645"))
    arguments = [catalog.bundled().population] if scale == "per_inhabitants" else []
    divided = getattr(analysis, scale)(rows, *arguments)
    assert ends(divided, "why") == [("a share is not divided by time or people", None, None)]


def test_an_endless_band_stays_endless(catalog_of):
    rows = with_totals(catalog_of("requester value\nFRA 362+"))
    assert ends(analysis.per_day(rows)) == [(2, math.inf)]
    assert ends(analysis.per_inhabitants(rows, people(("FRA", 2019, 200_000)))) == [(181, math.inf)]


# Indices


def test_an_index_takes_the_worst_cases_against_its_base(catalog_of):
    rows = with_totals(catalog_of("period value\n2018_H1 50-100\n2018_H2 100-200\n2019_H1 0"))
    assert ends(analysis.indexed(rows, half(2018, 1))) == [(100, 100), (100, 400), (0, 0)]


def test_a_series_without_a_number_above_zero_in_the_base_period_has_no_index(catalog_of):
    rows = with_totals(catalog_of("requester period value\nFRA 2018_H1 0-9\nFRA 2018_H2 5\nUSA 2018_H2 7"))
    rows = rows[rows["requester"] != "WLD"]
    assert ends(analysis.indexed(rows, half(2018, 1))) == [(None, None)] * 3


def test_each_series_is_indexed_to_itself(catalog_of):
    bundle = catalog_of("requester period value\nFRA 2018_H1 10\nFRA 2018_H2 5\nUSA 2018_H1 100\nUSA 2018_H2 300")
    rows = select(with_totals(bundle), requesters=["FRA", "USA"])
    assert ends(analysis.indexed(rows, half(2018, 1)), "requester") == [
        ("FRA", 100, 100),
        ("FRA", 50, 50),
        ("USA", 100, 100),
        ("USA", 300, 300),
    ]


# Changes


def changes_of(bundle) -> list[tuple]:
    rows = with_totals(bundle).assign(label="one")
    return [(one.difference.low, one.difference.high, one.movement != "lengths") for one in analysis.changes(rows)]


def test_a_change_crosses_the_ends(catalog_of):
    assert changes_of(catalog_of("period value\n2018_H1 0-499\n2018_H2 500-999")) == [(1, 999, True)]


def test_a_change_between_periods_of_other_length_is_told_apart(catalog_of):
    assert changes_of(catalog_of("period value\n2018_H1 10\n2019 20")) == [(10, 10, False)]


def test_a_row_without_a_number_is_no_first_or_last_value(catalog_of):
    rows = with_totals(catalog_of("period value\n2018_H1 10\n2018_H2 20\n2019_H1 30")).assign(label="one")
    rows.loc[rows["period_start"] == pd.Timestamp("2019-01-01"), ["low", "high"]] = np.nan
    assert [(one.first.low, one.last.low) for one in analysis.changes(rows)] == [(10, 20)]


# One series


PARTS_ONLY = "reporter request_type value\napple device 40\napple account 5"


def test_a_whole_that_is_not_published_is_not_made_up(catalog_of):
    with pytest.raises(Unanswerable, match="publishes no total over request type: choose account or device"):
        one_series(with_totals(catalog_of(PARTS_ONLY)), reporter="apple", requester="USA", measure="requests")


def test_the_only_kind_of_demand_is_no_total_unless_the_measure_has_but_one(catalog_of):
    only_devices = with_totals(catalog_of(PARTS_ONLY.replace("apple account 5", "")))
    with pytest.raises(Unanswerable, match="no total over request type: choose device"):
        one_series(only_devices, reporter="apple", requester="USA", measure="requests")
    letters = with_totals(catalog_of("request_type measure value\nnsl letters 3"))
    assert ends(one_series(letters, reporter="google", requester="USA", measure="letters"), "request_type") == [("nsl", 3, 3)]


def test_the_only_authority_there_is_stands_for_itself(catalog_of):
    rows = with_totals(catalog_of("authority value\nfederal 3"))
    assert ends(one_series(rows, reporter="google", requester="USA", measure="requests"), "authority") == [("federal", 3, 3)]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"reporter": "nobody"}, "No reporter is called nobody: choose apple"),
        ({"measure": "letters"}, "apple publishes no letters: choose requests"),
        ({"requester": "FRA"}, r"apple publishes no requests for France \(FRA\)"),
        ({"request_type": "nsl"}, "publishes nothing for request type nsl here: choose account or device"),
        ({"start": parse("2020").start}, "in this period"),
    ],
)
def test_what_cannot_be_answered_says_what_can(catalog_of, asked, says):
    with pytest.raises(Unanswerable, match=says):
        one_series(with_totals(catalog_of(PARTS_ONLY)), **({"reporter": "apple", "requester": "USA", "measure": "requests"} | asked))


def test_a_selection_holds_the_periods_that_lie_within_it(catalog_of):
    rows = with_totals(catalog_of("period value\n2018_H1 1\n2018_H2 2\n2019 4"))
    assert ends(select(rows, start=parse("2018_H2").start, end=parse("2018_H2").end)) == [(2, 2)]


# Evidence


def test_a_total_rests_on_its_own_parts_once_each(catalog_of):
    bundle = catalog_of("""
    reporter requester request_type period  value
    meta     USA       all          2019_H1 45
    meta     USA       legal        2019_H1 40
    meta     USA       emergency    2019_H1 5
    meta     FRA       legal        2019_H1 20
    meta     FRA       emergency    2019_H1 2
    meta     FRA       preservation 2019_H1 900
    meta     NAM       all          2019    7
    """)
    table = with_totals(bundle)
    world = select(table, requesters=["WLD"], request_types=["all"]).iloc[0]
    parts = analysis.parts_of(table, bundle, world)
    assert ends(parts, "requester", "request_type") == [("FRA", "emergency", 2, 2), ("FRA", "legal", 20, 20), ("USA", "all", 45, 45)]
    assert parts["low"].sum() == world["low"]


def test_a_printed_number_rests_on_itself(catalog_of):
    bundle = catalog_of("request_type value\nall 45\nlegal 40")
    table = with_totals(bundle)
    assert ends(analysis.parts_of(table, bundle, select(table, request_types=["all"]).iloc[0])) == [(45, 45)]


def test_the_parts_of_bundled_totals_add_up_to_them(bundled_table):
    bundle, table = catalog.bundled(), bundled_table
    totals = table[table["derivation"].str.startswith("sum over") & table["low"].notna() & (table["measure"] != "requests_some_data")]
    for _, total in totals.sample(40, random_state=7).iterrows():
        parts = analysis.parts_of(table, bundle, total)
        assert (parts["low"].sum(), parts["high"].sum()) == (total["low"], total["high"]), total[KEY].tolist()


# Laws


SCALES = {
    "per day": analysis.per_day,
    "per year": analysis.per_year,
    "per inhabitants": lambda table: analysis.per_inhabitants(table, catalog.bundled().population),
    "indexed": lambda table: analysis.indexed(table, half(2019, 1)),
}
SHOWN = st.lists(
    st.tuples(
        st.sampled_from(["google", "meta"]),
        st.sampled_from(["USA", "FRA", "WLD", "TWN"]),
        st.sampled_from(["all", "legal", "emergency", "preservation", "nsl"]),
        st.sampled_from(["requests", "accounts_specified", "share_some_data"]),
        st.sampled_from(["2019_H1", "2019_H2", "2019"]),
    ),
    unique=True,
    min_size=1,
    max_size=24,
)


@st.composite
def shown_tables(draw):
    """A header and the lines of a table of observations, each with a number or a band."""
    lines = []
    for key in draw(SHOWN):
        low = draw(st.integers(0, 90))
        high = low + draw(st.sampled_from([0, 9]))
        share = key[3] in vocabulary.SHARES
        lines.append(" ".join([*key, f"{low / 100}-{high / 100}" if share else f"{low}-{high}"]))
    return "reporter requester request_type measure period value", lines


def same_numbers(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[[*KEY, "low", "high", "derivation", "why"]].sort_values(KEY).reset_index(drop=True)


@settings(max_examples=8)
@given(data=st.data())
def test_the_order_of_rows_does_not_matter_and_no_question_changes_its_table(catalog_of_once, data):
    header, lines = data.draw(shown_tables())
    turned = data.draw(st.permutations(lines))
    one, other = (with_totals(catalog_of_once("\n".join([header, *order]))) for order in (lines, turned))
    before = one.copy()
    pd.testing.assert_frame_equal(same_numbers(one), same_numbers(other))
    pd.testing.assert_frame_equal(same_numbers(analysis.by_year(one)), same_numbers(analysis.by_year(other)))
    for scale in SCALES.values():
        pd.testing.assert_frame_equal(same_numbers(scale(one)), same_numbers(scale(other)))
    pd.testing.assert_frame_equal(one, before)


# No midpoint


@pytest.mark.parametrize("scale", SCALES)
def test_a_bundled_band_stays_a_band_on_every_scale_and_each_end_is_scaled_by_itself(bundled_table, scale):
    # A series is scaled by itself: of those without a band there is nothing to see.
    is_band = bundled_table["low"] < bundled_table["high"]
    table = bundled_table[is_band.groupby([bundled_table[name] for name in analysis.SERIES], observed=True).transform("any")]
    rows = SCALES[scale](table)
    for end in ("low", "high") if scale != "indexed" else ():
        alone = SCALES[scale](table.assign(low=table[end], high=table[end]))
        np.testing.assert_array_equal(rows[end], alone["low"])
    is_base = (rows["low"] == 100) & (rows["high"] == 100) & (scale == "indexed")
    banded = (table["low"] < table["high"]) & rows["low"].notna() & ~is_base
    assert banded.sum() > 100
    assert (rows["low"] < rows["high"])[banded].all()


def test_a_year_of_bands_is_a_band(bundled_table):
    rows = bundled_table[bundled_table["requester"].isin(["USA", "WLD"])]
    years = analysis.by_year(rows)
    assert len(years) > 500
    # A share of a year takes the worst cases, so that its ends are not those of parts and wholes alone.
    rows = rows[~rows["measure"].isin(vocabulary.SHARES)]
    years = years[~years["measure"].isin(vocabulary.SHARES)]
    for end in ("low", "high"):
        alone = analysis.by_year(rows.assign(low=rows[end], high=rows[end]))
        np.testing.assert_array_equal(years[end], alone[end])


def test_a_worldwide_total_of_lower_ends_is_the_lower_end_of_the_total():
    bundle = catalog.bundled()
    counts = ~bundle.observations["measure"].isin([*vocabulary.SHARES, "requests_some_data"])
    rows = bundle.observations[counts].reset_index(drop=True)
    both = with_totals(replace(bundle, observations=rows, _as_known={}))
    for end in ("low", "high"):
        alone = with_totals(replace(bundle, observations=rows.assign(low=rows[end], high=rows[end]), _as_known={}))
        totals = both["derivation"].str.startswith("sum over")
        merged = both[totals].merge(alone, on=KEY, suffixes=("", "_alone"))
        assert len(merged) == totals.sum()
        np.testing.assert_array_equal(merged[end], merged[f"{end}_alone"])


# The figures that we are held to


@pytest.mark.parametrize(
    ("asked", "period", "expected"),
    [
        ({"reporter": "google", "requester": "WLD", "measure": "requests"}, "2016 H1", (44943, 44943)),
        ({"reporter": "google", "requester": "WLD", "measure": "accounts_specified"}, "2016 H1", (76713, 76713)),
        ({"reporter": "meta", "requester": "WLD", "measure": "requests"}, "2019 H2", (140875, 140875)),
        ({"reporter": "meta", "requester": "WLD", "measure": "requests"}, "2020 H2", (191013, 191013)),
        ({"reporter": "meta", "requester": "WLD", "measure": "requests"}, "2022 H1", (237414, 237414)),
        ({"reporter": "meta", "requester": "USA", "measure": "requests"}, "2013 H1", (11000, 12000)),
        ({"reporter": "apple", "requester": "USA", "measure": "requests", "request_type": "device"}, "2013 H1", (3542, 3542)),
        ({"reporter": "apple", "requester": "USA", "measure": "requests", "request_type": "account"}, "2013 H1", (927, 927)),
        (
            {"reporter": "microsoft", "requester": "USA", "measure": "accounts_specified", "request_type": "fisa_content"},
            "2013 H1",
            (15000, 15999),
        ),
    ],
)
def test_the_bundled_series_give_the_known_figures(bundled_table, asked, period, expected):
    there: Period = parse(period)
    rows = one_series(bundled_table, start=there.start, end=there.end, **asked)
    assert ends(rows) == [expected]


def test_google_s_worldwide_share_is_weighted(bundled_table):
    there = half(2016, 1)
    rows = one_series(bundled_table, reporter="google", requester="WLD", measure="share_some_data", start=there.start, end=there.end)
    assert 0.63 < rows["low"].iloc[0] < rows["high"].iloc[0] < 0.65


def test_microsoft_s_years_are_the_sums_of_their_halves(bundled_table):
    rows = one_series(bundled_table, reporter="microsoft", requester="USA", measure="requests", start=year(2016).start, end=year(2020).end)
    assert [low for low, _ in ends(analysis.by_year(rows))] == [9907, 9385, 9317, 9175, 11189]


def test_no_bundled_total_of_one_kind_hides_countries_that_are_not_split(bundled_table):
    # Meta's files split only the United States until 2015.
    emergencies = select(bundled_table, reporters=["meta"], requesters=[places.WORLD], request_types=["emergency"], measure="requests")
    assert emergencies["period_start"][emergencies["low"].notna()].min() == pd.Timestamp("2016-01-01")
