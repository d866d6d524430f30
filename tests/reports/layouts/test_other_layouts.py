"""GitHub's, Automattic's and Twilio's files: what each counts, for when, and what is told of rather than taken."""

import functools

import pytest

from dashboard.model.periods import half
from dashboard.reports.checks import check
from dashboard.reports.problems import Refused
from dashboard.reports.recognise import read_report
from tests.reports import made
from tests.reports.made import codes, published_draft

GITHUB = {
    "cross_border_data_requests.csv": 70,
    "national_security_letters_and_orders.csv": 48,
    "requests_accounts_affected.csv": 5,
    "requests_received_and_disclosed.csv": 52,
    "by_calendar_year_half/cross_border_data_requests_by_calendar_year_half.csv": 54,
    "by_calendar_year_half/requests_accounts_affected_by_calendar_year_half.csv": 5,
    "by_calendar_year_half/requests_received_and_disclosed_by_calendar_year_half.csv": 40,
    "by_calendar_year_half/user_notifications_of_legal_request_disclosures_by_calendar_year_half.csv": 15,
}
AUTOMATTIC = "Transparency Report CSV (WPCOM) Jan-Jun 2023 - WPCOM Government Info Requests Jan-Jun 2023.csv"
TWILIO = "transcribed/twilio-customer-notification-2015H1-2022H1.csv"


@functools.cache
def drafted(name: str, text: str, period=None):
    return read_report(name, text.encode(), period)[1]


def rows(draft, **wanted):
    return made.rows(draft.table(), **wanted).sort_values(["period_start", "request_type"])


@pytest.mark.published
@pytest.mark.parametrize(("name", "numbers"), GITHUB.items())
def test_every_cell_of_githubs_tables_becomes_a_number(published, name, numbers):
    draft = published_draft(published, "github", name)
    assert len(draft.observations) == numbers
    assert not codes(draft, "error")


@pytest.mark.published
def test_gag_orders_by_half_year(published):
    name = "by_calendar_year_half/user_notifications_of_legal_request_disclosures_by_calendar_year_half.csv"
    draft = published_draft(published, "github", name)
    assert rows(draft, measure="users_not_notified", request_type="all")["low"].tolist() == [207, 225, 249, 214, 262]
    assert rows(draft, measure="users_notified")["low"].tolist() == [7, 10, 15, 12, 15]
    assert rows(draft, measure="users_not_notified", request_type="emergency")["low"].tolist() == [2, 1, 1, 5, 12]


@pytest.mark.published
def test_more_disclosed_than_received_is_told(published):
    draft = published_draft(published, "github", "requests_received_and_disclosed.csv")
    assert [(problem.code, problem.cell) for problem in check(draft.table()).problems] == [
        ("disclosed_exceeds_received", cell) for cell in ("D22", "D23", "D24")
    ]
    civil = rows(draft, request_type="civil", measure="requests")
    assert set(civil["authority"]) == {"private"}
    assert civil["low"].tolist() == [12, 9, 12, 20, 23]


@pytest.mark.published
def test_the_trailing_space_of_a_type_is_no_other_type(published):
    name = "by_calendar_year_half/requests_received_and_disclosed_by_calendar_year_half.csv"
    assert rows(published_draft(published, "github", name), request_type="mlat", measure="requests")["low"].tolist() == [13, 17, 22, 40]


@pytest.mark.published
def test_national_security_bands_stay_bands(published):
    draft = published_draft(published, "github", "national_security_letters_and_orders.csv")
    letters = rows(draft, measure="requests", period_end="2024-12-31")
    assert letters[["low", "high", "printed", "requester", "authority"]].to_numpy().tolist() == [[750, 999, "750-999", "USA", "federal"]]


def test_the_country_is_read_by_its_code_and_must_be_the_one_named():
    text = "year,government,government_iso2_code,count\n2025,Korea,KR,1\n2025,Namibia,NA,2\n2025,France,DE,3\n"
    draft = drafted("cross_border_data_requests.csv", text)
    assert set(draft.table()["requester"]) == {"KOR", "NAM"}
    assert codes(draft) == [("ambiguous_requester", "B4")]


def test_a_table_of_the_same_headers_about_something_else_is_not_read():
    with pytest.raises(Refused):
        drafted("government_takedowns.csv", "year,government,government_iso2_code,count\n2025,France,FR,1\n")
    with pytest.raises(Refused):
        drafted("abuse.csv", "year,half,type,count\n2025,1,spam,1\n")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("year,half,type,count\n2025,3,gag order,1\n", ("bad_period", "B2")),
        ("year,half,type,count\n2025,1,gag order,1\n2025,1,gagorder,1\n", ("unknown_layout", "C3")),
        ("year,half,type,count\n2025,1,gag order,1\n2025,1,gag order,2\n", ("duplicate_conflict", "D3")),
        ("year,half,type,count\n2025,1,gag order,many\n", ("bad_number", "D2")),
    ],
)
def test_a_damaged_row_of_githubs_is_told_with_its_place(text, problem):
    assert problem in codes(drafted("user_notifications.csv", text), "error")


@pytest.mark.published
def test_nondisclosure_orders_by_kind_of_process(published):
    draft = published_draft(published, "automattic", AUTOMATTIC)
    orders = rows(draft, measure="nondisclosure_orders")
    assert dict(zip(orders["request_type"], orders["low"], strict=True)) == {
        "subpoena": 19,
        "court_order": 2,
        "warrant": 12,
        "emergency": 0,
        "all": 33,
    }
    assert set(orders["service"]) == {"wordpress_com"}
    assert set(orders["period_end"].dt.strftime("%Y-%m-%d")) == {"2023-06-30"}
    assert codes(draft) == [("duplicate_row", "B19")]


@pytest.mark.published
def test_the_united_states_total_is_stored_once_and_the_worldwide_total_as_printed(published):
    draft = published_draft(published, "automattic", AUTOMATTIC)
    assert rows(draft, measure="requests", requester="USA", request_type="all")[["low", "cell"]].to_numpy().tolist() == [[44, "B10"]]
    assert rows(draft, measure="requests", requester="WLD")[["low", "cell"]].to_numpy().tolist() == [[57, "B11"]]
    assert len(draft.observations) == 10 * 3 + 4 * 4 + 1


BLOCKS = """Country,Total Notices,Compliance,% Compliance,Unique Content
United States,{us},2,66.67,9
Malta,1,0,0.00,1
All Countries,{world},2,66.67,9
,,,,
US Stats,,,,
,total-notices,ndos,compliance,% compliance
Subpoena,2,1,1,50.00
Search Warrant,1,1,1,100.00
Total,3,2,2,66.67
"""


@pytest.mark.parametrize(
    ("us", "world", "problem"),
    [(3, 5, ("total_mismatch", "B4")), (4, 5, ("duplicate_conflict", "B10"))],
)
def test_totals_are_held_to_their_parts(us, world, problem):
    assert problem in codes(drafted("Jan-Jun 2023.csv", BLOCKS.format(us=us, world=world)))


def test_a_file_that_names_no_period_asks_for_it():
    text = BLOCKS.format(us=3, world=3)
    assert {code for code, _ in codes(drafted("notices.csv", text), "error")} == {"missing_period"}
    assert set(drafted("notices.csv", text, half(2023, 1)).table()["period_start"].dt.year) == {2023}


@pytest.mark.published
def test_twilio_tells_how_many_were_not_notified(published):
    draft = published_draft(published, "twilio", TWILIO)
    silent = rows(draft, measure="users_not_notified")
    assert len(silent) == 15
    assert silent["low"].tolist()[-2:] == [2477, 1886]
    assert rows(draft, measure="users_notified")["low"].tolist()[-2:] == [151, 94]
    assert codes(draft) == []


@pytest.mark.published
def test_irregular_periods_stay_as_they_are(published):
    silent = rows(published_draft(published, "twilio", TWILIO), measure="users_not_notified")
    ends = silent["period_end"].dt.strftime("%Y-%m-%d").tolist()
    assert "2018-12-06" in ends
    assert silent["period_start"].dt.strftime("%Y-%m-%d").tolist()[ends.index("2019-06-30")] == "2018-12-07"


TWILIO_HEADER = "period,period_start,period_end,requests_total_stated,not_notified,notified,declined_or_withdrawn,note"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("2015-H1,2015-01-01,2015-06-30,269,115,55,98,", ("total_mismatch", "D2")),
        ("2015-H1,2015-06-30,2015-01-01,268,115,55,98,", ("period_reversed", "C2")),
        ("2015-H1,2015-01-01,2015-06-30,268,115,-55,98,", ("negative_value", "F2")),
    ],
)
def test_a_damaged_row_of_twilios_is_told_with_its_place(row, problem):
    assert problem in codes(drafted("twilio.csv", f"{TWILIO_HEADER}\n{row}\n"))


def test_a_blank_is_not_a_zero():
    draft = drafted("twilio.csv", f"{TWILIO_HEADER}\n2020-H1,2020-01-01,2020-06-30,,1234,102,,\n")
    assert set(draft.table()["measure"]) == {"users_not_notified", "users_notified"}
