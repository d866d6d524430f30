"""Kakao's and Naver's numbers: four kinds of request by service and half-year, and marks that stand for no figure."""

import itertools
import json
import random

import pytest

from dashboard.model.columns import KEY
from dashboard.reports.checks import check
from dashboard.reports.problems import Refused
from dashboard.reports.recognise import read_report
from tests.reports.made import codes

PATH = "korea/korea-transparency.json"
COLUMNS = ["platform", "service", "period", "category", "metric", "unit", "value"]


def drafted(*rows: list, columns: list[str] = COLUMNS):
    listed = [[dict(zip(COLUMNS, row, strict=True))[name] for name in columns] if len(row) == len(COLUMNS) else row for row in rows]
    return read_report("korea.json", json.dumps({"columns": columns, "rows": listed}).encode())[1]


def row(metric: str, value, period="2020-H1", category="seizure_warrant", platform="Naver", service="") -> list:
    return [platform, service, period, category, metric, "count", value]


@pytest.mark.published
def test_every_row_is_a_number_or_told_of(published):
    data = (published / PATH).read_bytes()
    draft = read_report("korea-transparency.json", data)[1]
    table = draft.table()
    assert not codes(draft, "error")
    assert [cell for code, cell in codes(draft) if code == "rate_mismatch"] == ["rows[951][6]"]
    assert not table.duplicated(KEY).any()
    # Not taken: six marks, four zeros of a series not yet reported, 84 rates and 86 averages.
    assert len(table) + 6 + 4 + 84 + 86 == len(json.loads(data)["rows"])
    assert set(table["requester"]) == {"KOR"}
    assert {(row.reporter, row.service) for row in table.itertuples()} == {("kakao", "kakao"), ("kakao", "daum"), ("naver", "all")}


@pytest.mark.published
def test_the_numbers_of_the_newest_half_year(published):
    table = read_report("korea-transparency.json", (published / PATH).read_bytes())[1].table()
    newest = table[(table["reporter"] == "naver") & (table["period_end"] == "2025-12-31")].set_index(["request_type", "measure"])
    assert newest.loc[("warrant", "requests"), "low"] == 4355
    assert newest.loc[("warrant", "requests_processed"), "low"] == 3028
    assert newest.loc[("warrant", "accounts_affected"), "low"] == 371271


@pytest.mark.published
def test_numbers_that_contradict_each_other_are_told(published):
    checked = check(read_report("korea-transparency.json", (published / PATH).read_bytes())[1].table())
    assert [cell for code, cell in codes(checked) if code == "total_mismatch"] == ["rows[400][6]", "rows[979][6]"]


def test_zeros_of_requests_before_they_were_reported_are_no_figures():
    rows = [row("requests", 0, "2013-H2"), row("processed", 0, "2013-H2"), row("requests", 7, "2014-H1"), row("requests", 0, "2014-H2")]
    draft = drafted(*rows)
    assert draft.table()[["measure", "low"]].to_numpy().tolist() == [["requests_processed", 0], ["requests", 7], ["requests", 0]]
    assert codes(draft) == [("missing_value", "rows[0][6]")]


def test_the_mark_for_no_figure_is_no_number():
    draft = drafted(row("accounts", -1), row("requests", 3), row("processed", 1))
    assert draft.table()["measure"].tolist() == ["requests", "requests_processed"]
    assert draft.uses.counts()["no_figure"] == 1


def test_the_order_of_the_columns_does_not_matter():
    rows = [row("requests", 5), row("processed", 4), row("processed_rate", 80)]
    shuffled = random.Random(1).sample(COLUMNS, len(COLUMNS))
    columns = ["reporter", "request_type", "measure", "low", "high"]
    assert drafted(*rows, columns=shuffled).table()[columns].equals(drafted(*rows).table()[columns])
    assert codes(drafted(*rows)) == [("not_read", "rows[2][4]")]


@pytest.mark.parametrize(
    ("damaged", "problem"),
    [
        (row("requests", 2, platform="Daum"), ("unknown_layout", "rows[1][0]")),
        (row("requests", 2, service="Melon"), ("unknown_layout", "rows[1][1]")),
        (row("requests", 2, period="2020"), None),
        (row("requests", 2, period="spring"), ("bad_period", "rows[1][2]")),
        (row("requests", 2, category="cookies"), ("unknown_layout", "rows[1][3]")),
        (row("people", 2), ("unknown_layout", "rows[1][4]")),
        (row("requests", 2.5, "2021-H1"), ("not_whole", "rows[1][6]")),
        (row("accounts", "many"), ("bad_number", "rows[1][6]")),
        (row("requests", 6), ("duplicate_conflict", "rows[1][6]")),
        (["Naver", "", "2021-H1"], ("ragged_row", "rows[1][0]")),
        (7, ("ragged_row", "rows[1]")),
    ],
)
def test_a_damaged_row_is_told_with_its_place(damaged, problem):
    rows = [row("requests", 5), damaged]
    draft = read_report("korea.json", json.dumps({"columns": COLUMNS, "rows": rows}).encode())[1]
    assert codes(draft, "error") == ([problem] if problem else [])


@pytest.mark.parametrize("metrics", list(itertools.permutations(["requests", "processed", "processed_rate"])))
def test_a_rate_that_its_counts_do_not_make_is_told_and_no_rate_is_stored(metrics):
    for rate, is_told in ((80, False), (90, True), (80.4, True), (-1, False), ("damaged", False)):
        values = {"requests": 5, "processed": 4, "processed_rate": rate}
        draft = drafted(*(row(metric, values[metric]) for metric in metrics), row("requests", 7, "2021-H1"))
        cell = f"rows[{metrics.index('processed_rate')}][6]"
        assert [one for one in codes(draft) if one[0] != "not_read"] == [("rate_mismatch", cell)] * is_told
        assert sorted(draft.table()["measure"]) == ["requests", "requests", "requests_processed"]


def test_more_processed_than_requested_is_told():
    assert codes(check(drafted(row("requests", 4), row("processed", 5)).table())) == [("total_mismatch", "rows[1][6]")]


def test_a_json_of_the_same_columns_about_others_is_not_read():
    with pytest.raises(Refused):
        drafted(row("requests", 5, platform="Line"))
