"""TikTok's workbook: worldwide totals, one half-year by country, and sheets about content that are told of."""

from datetime import date

import pytest

from dashboard.model.columns import KEY
from dashboard.model.periods import half
from dashboard.reports.recognise import read_report
from tests.reports.made import codes, sheets

TOTALS = ["Date", "Total Legal Requests", "Total Emergency Requests"]
COUNTRIES = [
    "Country",
    "Legal Request",
    "Emergency Request",
    "Total Requests",
    "Total Accounts Specified",
    "Percentage of Legal Requests Where Some Data Was Produced",
    "Percentage of Emergency Requests Where Some Data Was Produced",
]


def drafted(rows_of: dict[str, list[list]], period=None):
    return read_report("TikTok.xlsx", sheets(rows_of, default_date_format="yyyy-mm-dd"), period)[1]


def workbook(*countries: list, totals=((date(2020, 12, 31), 3, 1), (date(2021, 6, 30), 5, 2))) -> dict[str, list[list]]:
    return {"Totals": [TOTALS, *map(list, totals)], "Map": [COUNTRIES, *countries]}


@pytest.mark.published
def test_the_published_totals(published):
    draft = read_report("TikTok.xlsx", (published / "tiktok" / "TikTok.xlsx").read_bytes())[1]
    table = draft.table()
    assert not table.duplicated(KEY).any()
    assert not codes(draft, "error")
    world = table[table["requester"] == "WLD"]
    assert world.groupby("period_end")["low"].sum().tolist() == [298, 500, 1768, 1174, 1890]
    assert len(world) == 10
    assert len(table) == 10 + 63 * 6


@pytest.mark.published
def test_the_countries_belong_to_the_half_year_whose_total_they_make_and_the_other_total_is_told(published):
    draft = read_report("TikTok.xlsx", (published / "tiktok" / "TikTok.xlsx").read_bytes())[1]
    countries = draft.table().query("requester != 'WLD'")
    assert set(countries["period_end"].dt.strftime("%Y-%m-%d")) == {"2021-06-30"}
    assert ("total_mismatch", "Information Map!B1") in codes(draft)
    france = countries[(countries["requester"] == "FRA") & (countries["measure"] == "share_some_data")].set_index("request_type")
    assert france.loc["legal", ["low", "high"]].tolist() == [0.365, 0.375]


@pytest.mark.published
def test_sheets_about_content_are_told_of(published):
    draft = read_report("TikTok.xlsx", (published / "tiktok" / "TikTok.xlsx").read_bytes())[1]
    assert [cell for code, cell in codes(draft) if code == "not_read"] == [
        f"{sheet}!A1" for sheet in ("Government", "Government Map", "IP 1", "IP 2", "IP 3", "IP 4")
    ]


def test_a_country_table_without_a_half_year_asks_for_it():
    sheets = workbook(["India", 4, 3, 7, 9, 0.5, 0])
    draft = drafted(sheets)
    assert codes(draft, "error") == [("missing_period", "Map")]
    assert set(draft.table()["requester"]) == {"WLD"}
    assert len(drafted(sheets, half(2019, 1)).table().query("requester == 'IND'")) == 6


def test_a_row_whose_parts_do_not_make_its_total_is_told():
    draft = drafted(workbook(["India", 4, 2, 7, 9, 0.5, 0], ["France", 1, 0, 1, 1, 0, 0]))
    assert codes(draft) == [("total_mismatch", "Map!D2")]
    assert len(draft.observations) == 4 + 12


def test_the_order_of_the_columns_does_not_matter():
    sheets = workbook(["India", 5, 2, 7, 9, 0.5, 0.25])
    turned = {name: [row[::-1] for row in rows] for name, rows in sheets.items()}
    columns = ["requester", "request_type", "measure", "low", "high"]
    tables = [drafted(some).table()[columns].sort_values(columns, ignore_index=True) for some in (turned, sheets)]
    assert tables[0].equals(tables[1])


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["Atlantis", 5, 2, 7, 9, 0.5, 0], ("unknown_requester", "Map!A2")),
        (["India", 5, 2, 7, 9.5, 0.5, 0], ("not_whole", "Map!E2")),
        (["India", 5, 2, 7, 9, 50, 0], ("percent_out_of_range", "Map!F2")),
        (["India", 5, 2, 7, -9, 0.5, 0], ("negative_value", "Map!E2")),
    ],
)
def test_a_damaged_row_is_told_with_its_place(row, problem):
    assert problem in codes(drafted(workbook(row)), "error")


def test_a_sheet_that_is_not_known_is_an_error():
    draft = drafted(workbook(["India", 5, 2, 7, 9, 0.5, 0]) | {"Preservation": [["Country", "Preservation Requests"], ["India", 3]]})
    assert codes(draft, "error") == [("missing_period", "Preservation")]
