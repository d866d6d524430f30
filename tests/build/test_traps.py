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


@pytest.mark.parametrize(
    ("reporter", "words", "numbers"),
    [
        ("microsoft", {"measure": "requests", "requester": "USA", "request_type": "all", "service": "all", "from": "2016", "to": "2020-12-31"},
         [5168, 4739, 5401, 3984, 4948, 4369, 4860, 4315, 5507, 5682]),
        ("microsoft", {"measure": "accounts_specified", "requester": "CHE", "request_type": "all", "service": "all", "from": "2013", "to": "2014-12-31"},
         [80, 162, 103, 93]),
        ("meta", {"measure": "accounts_specified", "requester": "CHE", "request_type": "all", "from": "2013", "to": "2014-12-31"},
         [36, 43, 62, 137]),
        # Equal in both halves of 2018: probably a slip of the publisher, and kept as printed.
        ("meta", {"measure": "requests", "requester": "USA", "request_type": "warrant", "from": "2018", "to": "2018-12-31"}, [23801, 23801]),
        ("google", {"measure": "requests", "requester": "USA", "request_type": "wiretap", "from": "2021", "to": "2021-12-31",
                    "document": "google/through-2023-h1/google-global-user-data-requests"}, [3]),
        ("google", {"measure": "requests", "requester": "GBR", "request_type": "legal", "from": "2022-07", "to": "2022-12-31",
                    "document": "google/through-2023-h1/google-global-user-data-requests"}, [9122]),
        ("github", {"measure": "users_not_notified", "request_type": "all", "from": "2023"}, [207, 225, 249, 214, 262]),
        ("github", {"measure": "accounts_affected", "request_type": "all", "document": "github/requests-accounts-affected"},
         [1671, 2363, 1205, 1436, 1249]),
        ("automattic", {"measure": "nondisclosure_orders"}, [33, 2, 0, 19, 12]),
        ("twilio", {"measure": "users_notified", "from": "2016-07", "to": "2016-12-31"}, [143]),
        ("twilio", {"measure": "users_not_notified", "from": "2021-07"}, [2477, 1886]),
        ("att", {"measure": "requests", "request_type": "all"},
         [115925, 147830, 145104, 142876, 137633, 120674, 131935, 119246, 121498, 120434, 133695, 124147, 133176, 121115, 125252, 117971, 134159]),
        # A half-year whose column a later report shows for the one before is not read from that report.
        ("verizon", {"measure": "requests", "request_type": "all", "from": "2017-07", "to": "2018-12-31"},
         [128808, 132858, 140339, 144748, 135924, 139659]),
        ("verizon", {"measure": "requests", "request_type": "emergency", "from": "2016", "to": "2016-12-31"}, [23394, 27083]),
        ("verizon", {"measure": "letters", "from": "2020-07", "to": "2020-12-31"}, [0, 2, 25]),
        ("verizon", {"measure": "letters", "from": "2017-07", "to": "2017-12-31"}, [500, 501]),
        ("tmobile", {"measure": "requests", "request_type": "national_security"}, [2000, 2000]),
        ("lumen", {"measure": "requests", "request_type": "emergency"}, [149, 111, 111, 0, 0]),
        ("ring", {"measure": "requests_content"}, [629, 765, 836, 1015]),
        ("autodesk", {"measure": "nondisclosure_orders"}, [0, 0, 0, 0]),
        ("dropbox", {"measure": "requests", "request_type": "warrant"}, [118, 137, 227]),
        ("dropbox", {"measure": "users_notified", "request_type": "warrant"}, [42, 39, 120]),
        ("dropbox", {"measure": "indefinite_nondisclosure_share", "request_type": "warrant"}, [0.1145]),
        ("pinterest", {"measure": "nondisclosure_orders", "request_type": "all"}, [3]),
        ("pinterest", {"measure": "requests", "request_type": "all", "from": "2013-07", "to": "2013-12-31"}, [12]),
        ("reddit", {"measure": "requests", "request_type": "all"}, [55, 98, 581, 772]),
        ("odni", {"measure": "requests", "request_type": "nsl"}, [38832, 33024, 48642, 24801, 41579, 38872, 63466, 24225, 39214, 32617]),
        ("us_courts", {"measure": "orders", "request_type": "wiretap", "authority": "any", "to": "2014-12-31"}, [3395, 3576, 3554]),
        # Twice in one list with two numbers, so neither is Norway's.
        ("discord", {"measure": "requests", "request_type": "emergency", "requester": "NOR", "from": "2024"}, []),
    ],
)  # fmt: skip
def test_numbers_that_are_known_of_the_files_are_those_shipped(reporter, words, numbers):
    table = shipped(reporter, **{column: word for column, word in words.items() if column not in ("from", "to")})
    within = (table["period_start"] >= words.get("from", "1900")) & (table["period_end"] <= words.get("to", "2100"))
    table = table[within & ~table["document"].str.contains("/quoted/") if reporter not in ("odni", "us_courts") else within]
    table = table.drop_duplicates(["period_end", "request_type", "low"])
    assert table.sort_values(["period_end", "request_type", "low"])["low"].tolist() == numbers


@pytest.mark.parametrize(
    ("reporter", "document", "words", "sums"),
    [
        ("google", "google/through-2025-h1-transcribed/google-global-user-data-requests", {"measure": "requests"},
         {"2022-12": 211369, "2023-06": 231843, "2023-12": 236999, "2024-06": 260949, "2024-12": 270956, "2025-06": 313424}),
        ("github", "github/requests-received-and-disclosed", {"measure": "requests"}, {"2021-12": 335}),
        # More than were received: as printed.
        ("github", "github/requests-received-and-disclosed", {"measure": "requests_some_data"}, {"2021-12": 516}),
        ("github", "github/requests-received-and-disclosed", {"measure": "requests", "request_type": "mlat"},
         {"2021-12": 18, "2022-12": 18, "2023-12": 30, "2024-12": 42, "2025-12": 92}),
        ("github", "github/cross-border-data-requests", {"measure": "requests"},
         {"2021-12": 16, "2022-12": 37, "2023-12": 30, "2024-12": 42, "2025-12": 90}),
        ("github", "github/by-calendar-year-half/requests-accounts-affected-by-calendar-year-half", {"measure": "accounts_affected"},
         {"2023-06": 550, "2023-12": 655, "2024-06": 778, "2024-12": 658}),
        ("pinterest", "pinterest/transcribed/", {"measure": "requests", "requester": "USA"}, {"2015-03": 9, "2015-06": 19}),
        ("doj", "doj/", {"measure": "requests", "request_type": "nsl"}, {"2022-12": 32617, "2020-12": 24225}),
    ],
)  # fmt: skip
def test_sums_that_are_known_of_the_files_are_those_of_the_rows(reporter, document, words, sums):
    table = shipped(reporter, **words)
    table = table[table["document"].str.startswith(document)]
    summed = table.groupby(table["period_end"].dt.strftime("%Y-%m"))["low"].sum()
    assert {month: summed[month] for month in sums} == sums


def test_every_measure_of_every_reporter_is_defined():
    rows = pd.concat(
        pd.read_csv(file, keep_default_na=False, usecols=["reporter", "measure"]).drop_duplicates()
        for file in (DATASETS / "observations").glob("*")
    )
    definitions = pd.read_csv(DATASETS / "definitions.csv", keep_default_na=False)
    defined = set(zip(definitions["reporter"], definitions["measure"], strict=True))
    assert rows["reporter"].nunique() >= 40
    assert [one for one in rows.itertuples(index=False, name=None) if not {one, (one[0], "*")} & defined] == []


@pytest.mark.parametrize(
    ("reporter", "words"),
    [
        ("twitter", {"measure": "share_notified"}),
        ("linkedin", {"request_type": "fisa"}),
        ("microsoft", {"request_type": "civil", "measure": "requests_rejected"}),
        ("twilio", {"measure": "letters", "request_type": "nsl"}),
        ("adobe", {"request_type": "nsl"}),
        ("verizon", {"measure": "gags_lifted"}),
        ("autodesk", {"measure": "nondisclosure_orders"}),
    ],
)
def test_what_was_once_lost_is_shipped(reporter, words):
    assert len(shipped(reporter, **words)) > 0


@pytest.mark.parametrize(
    ("reporter", "measure", "kind", "year"),
    [
        ("meta", "requests", "warrant", "2018"),
        ("github", "requests_some_data", "*", "2021"),
        ("linkedin", "share_some_data", "all", "2017"),
        ("snap", "requests", "all", "2015"),
        ("comcast", "requests", "all", "2020"),
        ("verizon", "requests", "all", "2014"),
        ("ring", "requests_content", "all", "2021"),
        ("discord", "requests", "emergency", "2024"),
        ("twitter", "requests_some_data", "all", "2024"),
        ("odni", "requests", "nsl", "2019"),
        ("twilio", "users_notified", "all", "2016"),
    ],
)
def test_what_does_not_add_up_in_a_publishers_own_report_is_told_where_its_numbers_are_defined(reporter, measure, kind, year):
    definitions = pd.read_csv(DATASETS / "definitions.csv", keep_default_na=False).set_index(["reporter", "measure", "request_type"])
    assert year in definitions.loc[[(reporter, measure, kind)], "definition"].str.cat()
