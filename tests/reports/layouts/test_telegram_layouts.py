"""Telegram's answers by country: quarters are kept, sums of them are checked and left out, so that nothing counts twice."""

import json

import pytest

from dashboard.model.columns import KEY
from dashboard.reports.recognise import read_report
from tests.reports.made import codes

PATH = "telegram/dataset.json"


def entry(start: str, end: str, requests, users=0) -> dict:
    return {"from": start, "to": end, "requests": requests, "users": users}


NINE_MONTHS, FOURTH, YEAR = ("20240101", "20240930"), ("20241001", "20241231"), ("20240101", "20241231")


def drafted(countries: dict):
    return read_report("telegram.json", json.dumps(countries).encode())[1]


def requests_of(draft) -> list[tuple[str, float]]:
    table = draft.table().query("measure == 'requests_some_data'")
    return list(zip(table["period_end"].dt.strftime("%Y-%m-%d"), table["low"], strict=True))


@pytest.mark.published
def test_every_entry_is_kept_or_is_the_sum_of_shorter_ones(published):
    data = (published / PATH).read_bytes()
    draft = read_report("dataset.json", data)[1]
    table = draft.table()
    assert not codes(draft, "error")
    assert not table.duplicated(KEY).any()
    entries = [listed for country in json.loads(data).values() for listed in country]
    for field, measure, mismatched in (("requests", "requests_some_data", 0), ("users", "accounts_affected", 1)):
        kept = table[table["measure"] == measure]
        assert len(entries) - len(kept) == 50 - mismatched
        assert sum(entry[field] for entry in entries) > kept["low"].sum()


@pytest.mark.published
def test_the_nineteen_years_that_have_all_quarters_equal_their_sums(published):
    countries = json.loads((published / PATH).read_bytes())
    kept = read_report("dataset.json", (published / PATH).read_bytes())[1].table().query("measure == 'requests_some_data'")
    quarters = kept[(kept["period_end"] - kept["period_start"]).dt.days < 100]
    checked = 0
    for country, entries in countries.items():
        for entry in entries:
            year = entry["from"][:4]
            own = quarters[(quarters["requester"] == country) & (quarters["period_end"].dt.year == int(year))]
            if entry["from"] == f"{year}0101" and entry["to"] == f"{year}1231" and len(own) == 4:
                checked += 1
                assert own["low"].sum() == entry["requests"]
    assert checked == 19


@pytest.mark.published
def test_users_counted_once_over_a_year_are_told_and_kept(published):
    draft = read_report("dataset.json", (published / PATH).read_bytes())[1]
    assert ("total_mismatch", "GBR[2].users") in codes(draft)
    britain = draft.table().query("requester == 'GBR' and measure == 'accounts_affected'")
    assert 293 in britain["low"].tolist()


def test_a_sum_of_shorter_entries_is_left_out():
    draft = drafted({"USA": [entry(*NINE_MONTHS, 14), entry(*FOURTH, 886), entry(*YEAR, 900)]})
    assert requests_of(draft) == [("2024-09-30", 14), ("2024-12-31", 886)]
    assert codes(draft) == [("overlapping_period", "USA[2].requests")]


def test_a_sum_that_shorter_entries_do_not_fill_stays_and_is_told():
    draft = drafted({"DNK": [entry(*NINE_MONTHS, 1), entry(*YEAR, 43)]})
    assert requests_of(draft) == [("2024-09-30", 1), ("2024-12-31", 43)]
    assert codes(draft) == [("overlapping_period", "DNK[1].requests")]


def test_a_sum_that_does_not_add_up_is_told_and_all_are_kept():
    draft = drafted({"USA": [entry(*NINE_MONTHS, 14), entry(*FOURTH, 885), entry(*YEAR, 900)]})
    assert len(requests_of(draft)) == 3
    assert ("total_mismatch", "USA[2].requests") in codes(draft)


def test_the_quarters_inside_nine_months_are_preferred_to_them():
    quarters = [entry("20240101", "20240331", 4), entry("20240401", "20240630", 6), entry("20240701", "20240930", 210)]
    draft = drafted({"FRA": [entry(*YEAR, 893), entry(*NINE_MONTHS, 220), *quarters, entry(*FOURTH, 673)]})
    assert [number for _, number in requests_of(draft)] == [4, 6, 210, 673]


@pytest.mark.parametrize(
    ("country", "listed", "problem"),
    [
        ("XYZ", [entry(*YEAR, 1)], ("unknown_requester", "XYZ")),
        ("FRA", [entry(*YEAR, 1), entry("20241231", "20240101", 1)], ("period_reversed", "FRA[1].to")),
        ("FRA", [entry(*YEAR, 1), {"requests": 3}], ("missing_period", "FRA[1].to")),
        ("FRA", [entry(*YEAR, 1), 7], ("ragged_row", "FRA[1]")),
        ("FRA", [entry(*YEAR, -1)], ("negative_value", "FRA[0].requests")),
        ("FRA", [entry(*YEAR, True)], ("bad_number", "FRA[0].requests")),
        ("FRA", [entry(*YEAR, 1), entry(*YEAR, 2)], ("duplicate_conflict", "FRA[1].requests")),
    ],
)
def test_a_damaged_entry_is_told_with_its_place(country, listed, problem):
    assert problem in codes(drafted({country: listed, "DEU": [entry(*YEAR, 5)]}), "error")


def test_no_figure_is_no_zero():
    assert requests_of(drafted({"FRA": [entry(*YEAR, None, 3)]})) == []
