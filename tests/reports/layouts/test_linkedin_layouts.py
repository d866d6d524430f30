"""LinkedIn's transcribed table: counts, bands of national security, and what is told of rather than taken."""

import pytest

from dashboard.model.columns import KEY
from dashboard.reports.recognise import read_report
from tests.reports.made import codes

PATH = "linkedin/transcribed/linkedin-us-breakdown-2015H1-2025H2.csv"
HEADER = "period,requests,accounts_subject,pct_disclosed,national_security_requests,national_security_accounts,nsl_received,nsl_accounts"


def drafted(*rows: str, header: str = HEADER):
    return read_report("linkedin.csv", "\n".join((header, *rows)).encode())[1]


@pytest.mark.published
def test_the_twenty_half_years_are_read(published):
    path = published / PATH
    draft = read_report(path.name, path.read_bytes())[1]
    table = draft.table()
    assert not table.duplicated(KEY).any()
    assert set(table["requester"]) == {"USA"}
    assert table["measure"].value_counts().to_dict() == {
        "requests": 20 + 20 + 10,
        "accounts_specified": 20 + 20,
        "share_some_data": 20,
        "share_of_requests": 4 * 20,
    }
    requests = table[(table["measure"] == "requests") & (table["request_type"] == "all")]
    assert requests["low"].tolist()[:2] + requests["low"].tolist()[-2:] == [99, 126, 438, 443]
    assert not {"2022-06-30", "2022-12-31"} & set(table["period_end"].dt.strftime("%Y-%m-%d"))
    assert codes(draft) == []


@pytest.mark.published
def test_orders_for_foreign_intelligence_have_a_band_of_their_own_where_letters_have(published):
    path = published / PATH
    table = read_report(path.name, path.read_bytes())[1].table()
    fisa, nsl = (table[(table["request_type"] == kind) & (table["measure"] == "requests")] for kind in ("fisa", "nsl"))
    assert set(fisa["period_end"]) <= set(nsl["period_end"])
    assert (fisa["high"] == 499).all()


@pytest.mark.published
def test_letters_and_orders_are_one_band_first_and_letters_have_their_own_later(published):
    path = published / PATH
    table = read_report(path.name, path.read_bytes())[1].table()
    spans = table.groupby("request_type")["period_end"].agg(["min", "max"]).map(lambda day: str(day.date()))
    assert spans.loc["national_security"].tolist() == ["2015-06-30", "2019-06-30"]
    assert spans.loc["nsl"].tolist() == ["2019-12-31", "2025-12-31"]
    assert set(table[table["request_type"].isin(["national_security", "nsl"])]["authority"]) == {"federal"}


def test_the_order_of_the_columns_does_not_matter():
    row = "2019-H1,314,1170,82,0-249,250-499,,"
    back = ",".join(reversed(HEADER.split(",")))
    columns = ["request_type", "measure", "low", "high", "printed"]
    turned = drafted(",".join(reversed(row.split(","))), header=back).table()[columns]
    assert sorted(turned.to_numpy().tolist()) == sorted(drafted(row).table()[columns].to_numpy().tolist())
    assert [250, 499] in turned[["low", "high"]].to_numpy().tolist()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("2019-H1,314,1170,0.82,,,,", ("ambiguous_number", "D2")),
        ("2019-H1,314,1170,182,,,,", ("percent_out_of_range", "D2")),
        ("2019-H1,314,1170,82,249-0,,,", ("low_above_high", "E2")),
        ("half,314,1170,82,,,,", ("bad_period", "A2")),
    ],
)
def test_a_damaged_row_is_told_with_its_place(row, problem):
    assert codes(drafted(row), "error") == [problem]


def test_of_a_half_year_given_twice_with_other_figures_neither_stands():
    draft = drafted("2019-H1,314,1170,82,,,,", "2019-H1,315,1170,82,,,,")
    assert not len(draft.observations)
    assert set(codes(draft, "error")) >= {("duplicate_conflict", "B3")}


def test_a_row_that_is_too_short_is_told_and_not_read():
    draft = drafted("2019-H1,314,1170,82,,,,", "2019-H2,314,1170,82,,,", "2020-H1,314,1170,82,,,,")
    assert codes(draft, "error") == [("ragged_row", "A3")]
    assert len(draft.observations) == 2 * 3
