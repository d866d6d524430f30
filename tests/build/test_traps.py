"""What is known of the files that are shipped: totals that hold and such that do not, breaks, and numbers that must not be joined."""

from pathlib import Path

import pandas as pd
import pytest

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


def shipped(reporter: str, **words: str) -> pd.DataFrame:
    table = pd.read_csv(DATASETS / "observations" / f"{reporter}.csv", keep_default_na=False, parse_dates=["period_start", "period_end"])
    for column, word in words.items():
        table = table[table[column] == word]
    return table


def totals_apart(reporter: str, parts: tuple[str, ...]) -> list[tuple[str, float, float]]:
    """Periods in which the printed total of a report is not the sum of its parts: the period's end, the total, and the sum."""
    table = shipped(reporter, measure="requests", requester="USA")
    table = table[table["document"].str.contains("/transcribed/")]
    key = ["document", "period_end"]
    sums = table[table["request_type"].isin(parts)].groupby(key)["low"].sum()
    printed = table[table["request_type"] == "all"].set_index(key)["low"]
    both = pd.concat([printed, sums], axis=1, keys=["printed", "sum"]).dropna()
    assert len(both) > 5
    apart = both[both["printed"] != both["sum"]]
    return [(f"{end:%Y-%m}", row["printed"], row["sum"]) for (_, end), row in apart.iterrows()]


@pytest.mark.parametrize(
    ("reporter", "parts", "apart"),
    [
        ("att", ("subpoena", "court_order", "warrant_historic", "warrant_realtime"), []),
        (
            "comcast",
            ("subpoena", "court_order", "pen_register", "wiretap", "warrant_content", "warrant_noncontent"),
            [("2020-12", 16324, 15439)],
        ),
        ("verizon", ("subpoena", "court_order", "pen_register", "wiretap", "warrant", "emergency"), [("2014-12", 138656, 138556)]),
    ],
)
def test_printed_totals_are_the_sums_of_their_parts_but_where_the_publisher_slipped(reporter, parts, apart):
    found = totals_apart(reporter, parts)
    # Verizon's total of 2013 counts about 50,000 emergencies, which is no exact number.
    assert [slip for slip in found if slip[0] != "2013-12"] == apart


@pytest.mark.parametrize(
    ("document", "first", "totals"),
    [
        ("google-enterprise-data-requests", "2019-12", [419, 556, 584, 1128, 1056, 892, 981, 1092, 1047, 1190, 1110, 1480]),
        ("google-global-user-data-dlr-requests", "2019-06", [193, 162, 190, 168, 329, 183, 213, 249, 381, 277, 322, 297, 449]),
    ],
)
def test_googles_requests_to_businesses_and_through_other_states_add_up_to_its_totals(document, first, totals):
    table = shipped("google", measure="requests", document=f"google/through-2025-h1-as-published/{document}")
    sums = table[table["requester"] != "WLD"].groupby("period_end")["low"].sum()
    assert sums.index[0].strftime("%Y-%m") == first and sums.tolist() == totals


def test_snaps_total_of_the_united_states_in_2015_is_one_more_than_its_kinds():
    table = shipped("snap", measure="requests", requester="USA")
    table = table[(table["period_start"] == "2015-01-01") & (table["period_end"] == "2015-06-30")].set_index("request_type")["low"]
    assert (table["all"], table.drop("all").sum()) == (762, 761)


def test_the_total_of_digitalocean_is_worldwide_with_preservation():
    table = shipped("digitalocean", measure="requests", request_type="all")
    assert table.set_index("requester")["low"].to_dict() == {"USA": 680, "WLD": 952}


def test_no_publisher_without_a_printed_total_has_parts_of_one():
    parts = pd.read_csv(DATASETS / "vocabulary" / "parts.csv")
    with_parts = set(parts.loc[parts["in_total"], "reporter"])
    assert not with_parts & {"apple", "github", "lumen", "ring", "dropbox", "digitalocean", "amazon", "odni"}


def test_verizon_was_told_of_99_gags_that_ended():
    gags = shipped("verizon", measure="gags_lifted")
    assert gags["low"].tolist() == [3, 7, 7, 5, 3, 3, 2, 1, 3, 25, 24, 16]
    assert gags["low"].sum() == 99


def test_the_low_end_of_a_band_rises_from_edition_to_edition_as_gags_end():
    bands = shipped("verizon", measure="letters", period_end="2016-12-31")
    documents = pd.read_csv(DATASETS / "documents.csv").set_index("document")["known_from"]
    bands = bands.assign(known_from=bands["document"].map(documents)).sort_values("known_from")
    assert bands["low"].tolist() == [0, 1, 2, 2, 5, 5, 6]
    assert set(bands["high"]) == {499}


def test_verizons_orders_of_one_half_year_are_kept_as_first_printed_and_as_printed_anew():
    orders = shipped("verizon", request_type="court_order", period_end="2018-12-31")
    assert set(orders["low"]) == {24349, 20614}


def test_nondisclosure_orders_and_notices_of_pinterest_are_two_measures():
    first, later = shipped("pinterest", measure="nondisclosure_orders"), shipped("pinterest", measure="accounts_notified")
    assert first["period_end"].max() < later["period_start"].min()
    quarter = first[first["period_end"] == "2015-03-31"]["low"].sum(), first[first["period_end"] == "2015-06-30"]["low"].sum()
    assert quarter == (5, 8)


def test_rings_notices_are_of_all_requests():
    assert shipped("ring", measure="users_notified")["low"].tolist() == [272, 376, 417, 691]


def test_the_worldwide_totals_of_linkedin_are_its_own_and_once_off_by_one():
    table = shipped("linkedin", measure="requests", request_type="all")
    table = table[table["document"].str.contains("by-country")]
    world = table[table["requester"] == "WLD"].set_index("period_end")["low"]
    countries = table[table["requester"] != "WLD"].groupby("period_end")["low"].sum()
    differ = (countries - world)[countries != world]
    assert {str(day.date()): number for day, number in differ.items()} == {"2022-12-31": 1}
    assert world.sort_index().tolist() == [625, 552, 604, 649, 845, 1034, 1409, 1340, 1496, 1778]


def test_amazon_by_country_is_of_two_businesses_and_sums_to_its_totals():
    world = shipped("amazon", requester="WLD", measure="requests", request_type="all")
    totals = {service: rows["low"].tolist() for service, rows in world.groupby("service")}
    assert totals == {"amazon_without_aws": [27664, 30118, 29303, 26972], "aws": [523, 632, 753, 954]}


def test_orders_under_the_digital_services_act_are_no_requests_and_blank_is_not_zero():
    counts = {
        reporter: shipped(reporter, measure="information_orders", requester="WLD") for reporter in ("snap", "tiktok", "twitter", "google")
    }
    assert {reporter: rows["low"].tolist() for reporter, rows in counts.items()} == {
        "snap": [18400],
        "tiktok": [10932],
        "twitter": [5928],
        "google": [0, 61, 8],
    }
    bing = shipped("microsoft", measure="information_orders", service="bing", requester="WLD")
    assert bing.empty


def test_discords_totals_of_the_united_states_are_the_sums_of_its_kinds():
    table = shipped("discord", measure="requests", requester="USA")
    total = table[table["request_type"] == "all"].set_index("period_end")["low"]
    kinds = table[table["request_type"].isin(["subpoena", "warrant", "court_order", "pen_register"])].groupby("period_end")["low"].sum()
    assert total.tolist() == kinds.tolist() == [894, 1001, 942, 1253, 1266, 1397, 1326, 3782]


def test_the_sums_over_states_of_twitter_stand_in_a_document_that_says_so():
    summed = shipped("twitter")
    summed = summed[summed["printed"].str.startswith("sum of")]
    documents = pd.read_csv(DATASETS / "documents.csv", keep_default_na=False).set_index("document")
    assert len(summed) == 10
    assert set(documents.loc[summed["document"].unique(), "form"]) == {"summed"}


def test_shares_under_seal_with_notice_and_without_make_up_all_of_twitters_requests():
    measures = ["nondisclosure_share", "share_notified", "share_not_notified"]
    table = shipped("twitter", requester="USA")
    wide = table[table["measure"].isin(measures)].groupby("period_end")[["low", "high"]].sum()
    assert ((wide["low"] <= 1) & (wide["high"] >= 1)).all()
