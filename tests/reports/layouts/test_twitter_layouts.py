"""Twitter's stacked tables: each read under its own header, rates as parts of one, zeros that are no counts left out."""

import pytest

from dashboard.reports.problems import Refused
from dashboard.reports.recognise import read_report
from dashboard.reports.tables.drafts import Draft
from tests.reports.made import published_draft, rows

INFORMATION = "Twitter_Transparency-Information_Requests_Jul-Dec-2020.csv"
UNITED_STATES = "Twitter_Transparency-UnitedStates_Jul-Dec-2021.csv"


@pytest.fixture(scope="module")
def information(published):
    return published_draft(published, "twitter", INFORMATION)


@pytest.fixture(scope="module")
def united_states(published):
    return published_draft(published, "twitter", UNITED_STATES)


@pytest.mark.published
def test_shares_under_seal_from_first_to_last(united_states):
    seal = rows(united_states.table(), measure="nondisclosure_share").sort_values("period_start")
    assert len(seal) == 19
    assert list(zip(seal["period_end"].dt.strftime("%Y-%m"), seal["printed"], strict=True))[:5] == [
        ("2012-12", "0.200"),
        ("2013-06", "0.200"),
        ("2013-12", "0.280"),
        ("2014-06", "0.110"),
        ("2014-12", "0.490"),
    ]
    last = seal.iloc[-1]
    assert (last["printed"], last["cell"], round(last["low"], 6), round(last["high"], 6)) == ("0.496", "B3", 0.4955, 0.4965)
    assert set(seal["requester"]) == {"USA"}


@pytest.mark.published
def test_the_split_by_authority_is_the_sum_over_states(united_states):
    requests = rows(united_states.table(), measure="requests")
    shown = {(f"{row.period_end:%Y-%m}", row.authority): row.low for row in requests.itertuples()}
    assert shown == {
        ("2019-12", "federal"): 1640,
        ("2019-12", "state_local"): 631,
        ("2020-06", "federal"): 2548,
        ("2020-06", "state_local"): 881,
        ("2020-12", "federal"): 2410,
        ("2020-12", "state_local"): 832,
        ("2021-06", "federal"): 2198,
        ("2021-06", "state_local"): 802,
        ("2021-12", "federal"): 1560,
        ("2021-12", "state_local"): 765,
    }
    assert set(rows(united_states.table(), measure="requests", period_end="2021-12-31")["cell"]) == {"C891:C942", "D891:D942"}


@pytest.mark.published
def test_private_requests_are_kept_apart_from_governments(information):
    table = rows(information.table(), requester="USA", period_end="2020-12-31", measure="requests")
    shown = {(row.authority, row.request_type): row.low for row in table.itertuples()}
    assert shown == {
        ("any", "legal"): 2421,
        ("any", "emergency"): 822,
        ("any", "all"): 3243,
        ("any", "preservation"): 1791,
        ("private", "civil"): 77,
    }


@pytest.mark.published
def test_zeros_before_the_split_was_published_are_no_counts(information):
    table = information.table()
    early = table[(table["period_end"] < "2016-07-01") & (table["authority"] == "any")]
    assert set(early["request_type"]) == {"all"}
    assert rows(information.table(), requester="USA", period_end="2012-06-30", measure="requests")["low"].tolist() == [679]


@pytest.mark.published
@pytest.mark.parametrize("name", [INFORMATION, UNITED_STATES])
def test_every_row_is_read_or_told_of(published, name):
    draft = published_draft(published, "twitter", name)
    assert not [problem for problem in draft.problems if problem.severity == "error"]
    assert {reason for _, reason in draft.uses.left_out()} <= {
        "its row is left out, as its country or kind says",
        "is the share of users told, of requests from others than governments",
        "splits requests by state, and a state is no requester here",
        "counts reviews of silence on letters, not requests",
    }


GOVERNMENT = (
    "Time period start,Country,Routine requests,Emergency requests,Combined requests,Routine compliance rate,"
    "Emergency compliance rate,Combined compliance rate,Routine accounts specified,Emergency accounts specified,"
    "Combined accounts specified,Preservation accounts,Preservation requests"
)
SEAL = "Time period start,Percentage of requests under seal,Percentage of requests where user notice provided,Percentage not under seal and no notice provided"


def drafted(text: str) -> Draft:
    return read_report("twitter.csv", text.encode())[1]


def test_columns_are_found_by_their_words_not_by_their_place():
    header = ",".join(reversed(GOVERNMENT.split(",")[1:]))
    draft = drafted(f"Time period start,{header}\n2020-07-01,48,90,78,12,66,0.06,0.1,0.05,48,10,38,Argentina\n")
    requests = rows(draft.table(), measure="requests").set_index("request_type")["low"].to_dict()
    assert requests == {"legal": 38, "emergency": 10, "all": 48, "preservation": 48}
    assert not draft.problems


def test_a_rate_has_the_decimals_of_its_column():
    text = f"{GOVERNMENT}\n2020-07-01,Japan,2,2,4,0.5,1,0.75,2,2,4,0,0\n2020-07-01,Chile,2,2,4,0.51,0.25,0.75,2,2,4,0,0\n"
    shares = rows(drafted(text).table(), measure="share_some_data", requester="JPN").set_index("request_type")
    assert shares.loc["legal", ["low", "high"]].tolist() == [0.495, 0.505]
    assert shares.loc["emergency", ["low", "high"]].tolist() == [0.995, 1]


def test_a_zero_in_one_row_counts_where_another_row_of_the_half_year_has_the_split():
    draft = drafted(f"{GOVERNMENT}\n2020-07-01,Japan,2,2,4,0.5,1,0.75,2,2,4,0,0\n2020-07-01,Chile,0,0,0,NULL,NULL,NULL,0,0,0,0,0\n")
    zeros = rows(draft.table(), requester="CHL", measure="requests")
    assert dict(zip(zeros["request_type"], zeros["low"], strict=True)) == {"legal": 0, "emergency": 0, "all": 0, "preservation": 0}


@pytest.mark.parametrize(
    ("text", "code", "cell"),
    [
        (f"{GOVERNMENT}\n2020-07-01,Japan,2,2,5,0.5,1,0.75,2,2,4,0,0\n", "total_mismatch", "E2"),
        (f"{GOVERNMENT}\n2020-07-01,Japan,2,2,4,0.5,1,75,2,2,4,0,0\n", "percent_out_of_range", "H2"),
        (f"{GOVERNMENT}\n2020-07-02,Japan,2,2,4,0.5,1,0.75,2,2,4,0,0\n", "bad_period", "A2"),
        (f"{GOVERNMENT}\n2020-07-01,Japan,2,2,4,0.5,1,0.75,2,2,4,0\n", "ragged_row", "A1"),
        (f"{GOVERNMENT}\n2020-07-01,Atlantis,2,2,4,0.5,1,0.75,2,2,4,0,0\n", "unknown_requester", "B2"),
        (
            f"{GOVERNMENT}\n2020-07-01,Japan,2,2,4,0.5,1,0.75,2,2,4,0,0\n2020-07-01,Japan,2,3,5,0.5,1,0.75,2,2,4,0,0\n",
            "duplicate_conflict",
            "C3",
        ),
        (f"{SEAL}\n2020-07-01,0.488,0.054,0.559\n", "total_mismatch", "B2"),
        (f"{SEAL}\n2020-07-01,0.488,0.054,0.459\n\nTime period start,Weather,,\n2020-01-01,3,,\n", "bad_period", "A4"),
    ],
)
def test_a_damaged_cell_is_told_with_its_place(text, code, cell):
    assert (code, cell) in [(problem.code, problem.cell) for problem in drafted(text).problems]


def test_no_sum_over_states_without_one_of_them():
    text = f"{SEAL}\n2021-07-01,0.488,0.054,0.459\n\nTime period start,State,Federal Requests,State Requests\n"
    table = rows(drafted(text + "2021-07-01,Ohio,25,22\n2021-07-01,Utah,n/a,3\n").table(), measure="requests")
    assert table[["authority", "low", "cell"]].to_numpy().tolist() == [["state_local", 25, "D5:D6"]]


@pytest.mark.parametrize(("again", "code"), [("25", "duplicate_row"), ("26", "duplicate_conflict")])
def test_a_state_that_comes_twice_is_added_once_and_told(again, code):
    text = f"{SEAL}\n2021-07-01,0.488,0.054,0.459\n\nTime period start,State,Federal Requests,State Requests\n"
    draft = drafted(f"{text}2021-07-01,Ohio,25,22\n2021-07-01,Ohio,{again},22\n")
    assert (code, "C6") in [(problem.code, problem.cell) for problem in draft.problems]
    assert rows(draft.table(), measure="requests", authority="federal")["low"].tolist() == [25]


def test_a_table_of_other_words_is_not_taken_for_twitters():
    with pytest.raises(Refused, match="no layout"):
        read_report("twitter.csv", b"Time period start,Weather\n2020-01-01,3\n")
