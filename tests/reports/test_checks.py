"""The rules, each on the smallest table that breaks it; then planted faults and false alarms on what was really published."""

from __future__ import annotations

import csv
import random
from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.model import places
from dashboard.model.columns import KEY, OBSERVATION_COLUMNS
from dashboard.model.intervals import counts_allowed, rounded_share
from dashboard.reports.cells.reading import File, Sheet, read
from dashboard.reports.checks import check, of_texts
from dashboard.reports.door import Answers, take_in
from dashboard.reports.problems import Problem
from dashboard.reports.recognise import layout_of
from dashboard.reports.rules.evidence import MOST_PROBLEMS_OF_A_RULE
from dashboard.reports.tables.drafts import Draft

TODAY = date(2026, 11, 24)
PARTS = pd.DataFrame(
    [("meta", "legal", True), ("meta", "emergency", True), ("meta", "warrant", False)], columns=["reporter", "request_type", "in_total"]
)
HALVES = [f"{year}-{start}" for year in range(2014, 2022) for start in ("01-01", "07-01")]
ENDS = {"01-01": "06-30", "07-01": "12-31"}


def table(*rows: dict) -> pd.DataFrame:
    """Observations from what matters of them; the rest is filled in, cells down column B."""
    filled = []
    for place, row in enumerate(rows):
        start = row.get("start", "2020-01-01")
        low = row["low"] if "low" in row else row["value"]
        high = row["high"] if "high" in row else row["value"]
        filled.append(
            {
                "reporter": "meta",
                "service": "all",
                "requester": "DEU",
                "authority": "any",
                "request_type": "all",
                "measure": "requests",
                "period_start": start,
                "period_end": row.get("end", f"{start[:4]}-{ENDS.get(start[5:], '12-31')}"),
                "printed": row.get("printed", f"{low:g}" if low == high else f"{low:g}–{high:g}"),
                "document": "report",
                "cell": f"B{place + 2}",
            }
            | {name: value for name, value in row.items() if name in OBSERVATION_COLUMNS}
            | {"low": low, "high": high}
        )
    result = pd.DataFrame(filled, columns=OBSERVATION_COLUMNS)
    for column in ("period_start", "period_end"):
        result[column] = pd.to_datetime(result[column])
    return result.astype({"low": float, "high": float})


def share(percent: str) -> dict:
    """What a printed percentage gives."""
    interval = rounded_share(percent)
    return {"measure": "share_some_data", "low": interval.low, "high": interval.high, "printed": f"{percent}%"}


def series(values: list[float], **same) -> list[dict]:
    """A figure for each half-year from 2014 on."""
    return [{"start": start, "value": value} | same for start, value in zip(HALVES, values, strict=False)]


def found(*rows: dict, past: pd.DataFrame | None = None, code: str | None = None) -> list[Problem]:
    """The problems of one code (of all, without one) in a table of these rows."""
    problems = check(table(*rows), past, PARTS, today=TODAY).problems
    return [problem for problem in problems if code in (None, problem.code)]


def only(*rows: dict, past: pd.DataFrame | None = None) -> Problem:
    """The one problem of a table."""
    (problem,) = found(*rows, past=past)
    return problem


def test_two_files_of_an_archive_that_differ_are_told():
    rows = table({"value": 4, "document": "a.csv"}, {"value": 5, "document": "b.csv"}, {"value": 4, "document": "c.csv"})
    checked = check(rows, in_archive=True, today=TODAY)
    assert [(problem.code, problem.cell) for problem in checked.problems] == [("duplicate_conflict", "b.csv!B3")]
    assert "a.csv!B2, 4" in checked.problems[0].says
    assert not check(rows, today=TODAY).problems


def test_a_sound_table_is_told_to_be_so_with_its_rules():
    checked = check(table({"value": 25}, {"measure": "accounts_specified", "value": 31}), None, PARTS, today=TODAY)
    assert checked.problems == ()
    assert len(checked.rules_run) >= 17


@pytest.mark.parametrize("whole, is_told", [(3, False), (4, True), (2, True)])
def test_halves_add_up_to_their_year(whole, is_told):
    year = {"start": "2019-01-01", "end": "2019-12-31", "value": whole}
    halves = [{"start": "2019-01-01", "end": "2019-06-30", "value": 1}, {"start": "2019-07-01", "end": "2019-12-31", "value": 2}]
    assert [problem.cell for problem in found(*halves, year, code="total_mismatch")] == (["B4"] if is_told else [])
    assert not found(*({**row, "request_type": "fisa_content"} for row in (*halves, year)), code="total_mismatch")
    assert not found(*({**row, "measure": "accounts_specified"} for row in (*halves, year)), code="total_mismatch")
    assert not found(halves[0], year, code="total_mismatch")


def test_a_note_is_no_problem():
    checked = check(table({"value": 25}, {"measure": "accounts_specified", "value": 24}), None, PARTS, today=TODAY)
    assert [problem.severity for problem in checked.problems] == ["note"]


def test_an_empty_table_has_no_problems():
    assert check(table().iloc[:0], None, PARTS, today=TODAY).problems == ()


def test_an_impossible_percentage_is_a_warning_that_names_the_nearest_possible_ones():
    problem = only({"value": 23}, share("36"))
    assert (problem.severity, problem.code, problem.cell, problem.row) == ("warning", "impossible_rate", "B3", 3)
    assert str(problem).startswith("B3: “36%” cannot come of 23 requests (B2): 8 would be 34.8 % and 9 would be 39.1 %.")


def test_a_share_of_no_requests_is_impossible_but_nought_per_cent_is_not():
    assert only({"value": 0}, share("100")).code == "impossible_rate"
    assert found({"value": 0}, share("0")) == []


def test_nothing_is_impossible_of_a_band_of_requests():
    assert found({"low": 0, "high": 499}, share("36")) == []


@settings(deadline=None, max_examples=60)
@given(whole=st.integers(0, 3000), percent=st.integers(0, 1000), decimals=st.integers(0, 1))
def test_a_percentage_is_told_impossible_exactly_where_no_whole_count_gives_it(whole, percent, decimals):
    printed = f"{percent / 10:.1f}" if decimals else str(percent // 10)
    told = found({"value": whole}, share(printed), code="impossible_rate")
    interval = rounded_share(printed)
    least, largest = counts_allowed(interval.low, interval.high, whole)
    none = least > largest or (whole == 0 and interval.low > 0)
    assert bool(told) == none


def test_a_printed_rate_must_be_that_of_the_counts():
    problem = only({"value": 1589}, {"measure": "requests_some_data", "value": 1106}, share("88"))
    assert (problem.severity, problem.code, problem.cell) == ("warning", "rate_mismatch", "B4")
    assert "1,106 out of 1,589 requests (B3, B2), which is 69.6 %" in problem.says


def test_content_and_other_data_together_are_what_was_disclosed():
    rows = {"value": 100}, {"measure": "requests_content", "value": 30}, {"measure": "requests_noncontent", "value": 40}
    assert found(*rows, share("70")) == []
    assert only(*rows, share("30")).code == "rate_mismatch"


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 5000).flatmap(lambda whole: st.tuples(st.just(whole), st.integers(0, whole))))
def test_a_rate_printed_from_its_counts_is_never_a_problem(counts):
    whole, part = counts
    percent = f"{round(100 * part / whole, 1):.1f}"
    assert found({"value": whole}, {"measure": "requests_some_data", "value": part}, share(percent)) == []


def test_more_disclosed_than_received_is_told_once():
    problem = only({"value": 94}, {"measure": "requests_some_data", "value": 170}, share("90"))
    assert (problem.code, problem.cell) == ("disclosed_exceeds_received", "B3")
    assert "the 94 requests received (B2)" in problem.says


def test_content_and_other_data_that_together_exceed_what_was_received_are_told_once():
    rows = table({"value": 10}, {"measure": "requests_content", "value": 6}, {"measure": "requests_noncontent", "value": 7})
    told = [(problem.code, problem.cell) for problem in check(rows, None, PARTS, today=TODAY).problems]
    assert told == [("disclosed_exceeds_received", "B3")]


def test_an_edition_that_repeats_the_one_before_is_told_once():
    values = {"DEU": 411, "FRA": 267, "NOR": 38, "POL": 52, "ESP": 190, "ITA": 97}
    rows = [row for requester, value in values.items() for row in series([value + 3, value, value], requester=requester)]
    (problem,) = check(table(*rows), None, PARTS, today=TODAY).problems
    assert problem.code == "outlier"
    assert problem.says.startswith("and the other figures of its kind for 2015 H1 repeat those of the period before")


def test_a_band_may_hold_what_was_disclosed():
    assert found({"low": 0, "high": 499}, {"measure": "requests_some_data", "value": 170}) == []


def test_fewer_accounts_than_requests_are_a_note():
    problem = only({"value": 344}, {"measure": "accounts_specified", "value": 343})
    assert (problem.severity, problem.code, problem.cell) == ("note", "accounts_below_requests", "B3")


@pytest.mark.parametrize(("whole", "sound"), [(150, True), (149, False), (160, False)])
def test_a_total_is_the_sum_of_all_its_parts(whole, sound):
    problems = found({"value": whole}, {"request_type": "legal", "value": 100}, {"request_type": "emergency", "value": 50})
    assert [problem.code for problem in problems] == ([] if sound else ["total_mismatch"])
    if not sound:
        assert "150: legal 100 (B3), emergency 50 (B4)" in problems[0].says


def test_where_a_part_is_not_printed_the_total_may_be_larger_but_not_smaller():
    assert found({"value": 150}, {"request_type": "emergency", "value": 50}) == []
    assert only({"value": 40}, {"request_type": "emergency", "value": 50}).code == "total_mismatch"


def test_kinds_that_are_no_parts_of_the_total_are_not_added_to_it():
    assert found({"value": 40}, {"request_type": "warrant", "value": 50}) == []


def test_outcomes_that_add_up_elsewhere_must_add_up_here():
    def row(requester: str, requests: int, *outcomes: int) -> list[dict]:
        measures = ("requests_content", "requests_noncontent", "requests_no_data", "requests_rejected")
        parts = [{"requester": requester, "measure": measure, "value": value} for measure, value in zip(measures, outcomes, strict=True)]
        return [{"requester": requester, "value": requests}, *parts]

    sound = [*row("DEU", 100, 10, 60, 20, 10), *row("FRA", 40, 1, 30, 4, 5), *row("ITA", 7, 0, 3, 2, 2)]
    assert found(*sound) == []
    problem = only(*sound, *row("ESP", 50, 1, 30, 4, 5))
    assert (problem.code, problem.cell) == ("total_mismatch", "B17")


def test_the_worldwide_total_is_never_less_than_its_countries():
    world = {"requester": "WLD", "value": 99}
    assert only(world, {"requester": "DEU", "value": 60}, {"requester": "FRA", "value": 40}).code == "total_mismatch"
    assert found({"requester": "WLD", "value": 120}, {"requester": "DEU", "value": 60}, {"requester": "FRA", "value": 40}) == []


def test_bands_are_added_as_bands():
    parts = {"request_type": "legal", "low": 0, "high": 499}, {"request_type": "emergency", "value": 50}
    assert found({"value": 300}, *parts) == []
    assert only({"value": 600}, *parts).code == "total_mismatch"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"low": 9, "high": 3}, "low_above_high"),
        ({"value": -4}, "negative_value"),
        ({"value": 2.5}, "not_whole"),
        ({"measure": "share_some_data", "low": 0.9, "high": 1.2}, "percent_out_of_range"),
    ],
)
def test_a_value_that_cannot_be_is_an_error(row, code):
    problems = found(row)
    assert [(problem.severity, problem.code) for problem in problems] == [("error", code)]


def test_an_unknown_requester_is_offered_the_nearest_names_once():
    problem = only({"requester": "Germny", "value": 3}, {"requester": "Germny", "measure": "accounts_specified", "value": 3})
    assert (problem.severity, problem.code, problem.fix) == ("warning", "unknown_requester", "Did you mean Germany?")


@pytest.mark.parametrize(
    ("low", "high", "sound"),
    [
        *((low, high, True) for low, high in [(0, 99), (0, 249), (500, 999), (1, 499), (751, 999), (24000, 24999), (0, 0), (100, 499)]),
        *((low, high, False) for low, high in [(0, 599), (0, 1999), (250, 500)]),
    ],
)
def test_bands_stand_on_the_grid_of_the_law_and_a_raised_lower_end_is_lawful(low, high, sound):
    problems = found({"request_type": "nsl", "low": low, "high": high})
    assert [(problem.severity, problem.code) for problem in problems] == ([] if sound else [("warning", "band_off_grid")])


def test_a_band_of_other_demands_has_no_grid():
    assert found({"low": 11000, "high": 12000}) == []


def test_a_band_wider_than_its_neighbours_is_a_warning():
    rows = series([0] * 4, request_type="nsl")
    rows = [row | {"low": 0, "high": 499} for row in rows]
    assert only(*rows[:3], rows[3] | {"low": 0, "high": 999}).code == "band_off_grid"


def test_a_row_copied_whole_is_one_warning():
    row = [{"value": 25, "cell": "C4"}, {"measure": "accounts_specified", "value": 31, "cell": "D4"}]
    again = [row[0] | {"cell": "C9"}, row[1] | {"cell": "D9"}]
    problem = only(*row, *again)
    assert (problem.severity, problem.code, problem.cell) == ("warning", "duplicate_row", "C9")


def test_two_values_for_one_key_are_an_error_that_names_both_cells():
    problem = only({"value": 25}, {"value": 26})
    assert (problem.severity, problem.code, problem.cell) == ("error", "duplicate_conflict", "B3")
    assert "contradicts B2, 25" in problem.says


def test_two_documents_may_print_the_same_key():
    assert found({"value": 25}, {"value": 26, "document": "another"}) == []


def test_periods_that_overlap_in_one_series_are_told_and_those_that_follow_are_not():
    assert found({"value": 3}, {"start": "2020-07-01", "value": 3}) == []
    problem = only({"value": 3}, {"start": "2020-04-01", "end": "2020-09-30", "value": 3})
    assert (problem.code, problem.cell) == ("overlapping_period", "B3")
    assert "2020 H1 (B2)" in problem.says


def test_a_long_period_overlaps_every_one_inside_it():
    year = {"start": "2020-01-01", "end": "2020-12-31", "value": 9}
    assert len(found(year, {"value": 3}, {"start": "2020-07-01", "value": 6}, code="overlapping_period")) == 2


def test_a_year_may_hold_two_held_halves_but_not_cut_through_one():
    held = table({"value": 3}, {"start": "2020-07-01", "value": 6})
    assert found({"start": "2020-01-01", "end": "2020-12-31", "value": 9}, past=held) == []
    assert only({"start": "2020-04-01", "end": "2020-09-30", "value": 4}, past=held).code == "overlapping_period"


def test_a_period_that_is_not_over_is_told():
    problem = only({"start": "2026-07-01", "value": 3})
    assert (problem.severity, problem.code) == ("warning", "future_period")


@pytest.mark.parametrize("factor", [10, 100, 0.01])
def test_a_jump_against_the_reporters_own_past_is_told_with_what_would_fit(factor):
    past = table(*series([1200, 1250, 1100, 1300]))
    problem = only({"start": HALVES[4], "value": 1200 * factor}, past=past)
    assert (problem.severity, problem.code) == ("warning", "outlier")
    assert "1,200 would lie among them" in problem.says


def test_small_numbers_may_jump():
    assert found({"start": HALVES[4], "value": 30}, past=table(*series([1, 2, 1, 3]))) == []


def test_a_volatile_series_may_jump():
    assert found({"start": HALVES[4], "value": 20000}, past=table(*series([900, 9000, 700, 15000]))) == []


def test_a_column_in_thousands_is_one_problem():
    countries = ["DEU", "FRA", "ITA", "ESP", "NLD", "POL"]
    past = table(*[row for place, code in enumerate(countries) for row in series([100 + place] * 4, requester=code)])
    problem = only(*[{"start": HALVES[4], "requester": code, "value": 1000 * (100 + n)} for n, code in enumerate(countries)], past=past)
    assert problem.code == "outlier"
    assert "the other 5 figures of its kind" in problem.says and "1,000 times" in problem.says


def test_a_band_copied_from_the_next_cell_is_told():
    # Microsoft, first half of 2016: the orders were printed with the band of the cell beside them.
    usual = [row | {"request_type": "fisa_content", "measure": "orders", "low": 0, "high": 499} for row in series([0] * 6)]
    orders = {"start": HALVES[6], "request_type": "fisa_content", "measure": "orders", "low": 1000, "high": 1499, "cell": "D4"}
    beside = orders | {"measure": "accounts_specified", "cell": "E4"}
    problem = only(orders, beside, past=table(*usual))
    assert (problem.severity, problem.code, problem.cell) == ("warning", "outlier", "D4")
    assert "the same as in E4 beside it" in problem.says and "0–499" in problem.says


def test_a_band_that_is_new_but_not_copied_is_no_problem():
    usual = [row | {"request_type": "fisa_content", "measure": "orders", "low": 0, "high": 499} for row in series([0] * 6)]
    assert (
        found({"start": HALVES[6], "request_type": "fisa_content", "measure": "orders", "low": 500, "high": 999}, past=table(*usual)) == []
    )


def test_the_very_number_of_the_period_before_is_told():
    past = table(*series([20111, 22000, 23801], request_type="warrant"))
    assert only({"start": HALVES[3], "request_type": "warrant", "value": 23801}, past=past).code == "outlier"


def test_a_restated_value_is_told_with_what_is_held():
    held = table({"value": 191, "document": "older", "cell": "F137"})
    problem = only({"value": 192}, past=held)
    assert (problem.severity, problem.code) == ("warning", "restated_value")
    assert "is held as 191 (older, F137)" in problem.says
    assert found({"value": 191}, past=held) == []


def test_who_stood_in_every_edition_is_missed():
    past = table(*series([50, 60, 70]), *series([30, 31, 32], requester="FRA"))
    problem = only({"start": HALVES[3], "requester": "FRA", "value": 33}, past=past)
    assert (problem.code, problem.cell) == ("missing_value", "")
    assert "2015 H2" in problem.says and "Germany" in problem.says


def test_what_is_held_for_the_period_is_missed():
    held = table({"value": 50}, {"requester": "FRA", "value": 2})
    problem = only({"value": 50}, past=held)
    assert (problem.code, "1 figure held for 2020 H1: France" in problem.says) == ("missing_value", True)


def test_what_another_document_prints_for_others_is_not_missed():
    held = table(*({"requester": code, "value": 2, "document": "by country"} for code in ("DEU", "FRA", "ITA")))
    assert found({"requester": "WLD", "value": 50}, past=held) == []


def test_texts_that_look_like_formulas_or_markup_are_told_and_numbers_and_dashes_are_not():
    rows = [["Country", "=1+2", "-5", "+3.2 %", "-"], ["@SUM(A1)", "a <b>bold</b> word", "\u202eabc", "- 0", "x\x1f=y"]]
    file = File("a.csv", "", "csv", sheets=[Sheet("", rows, [1, 3])])
    assert [(problem.code, problem.cell, problem.row) for problem in of_texts(file)] == [
        ("formula_text", "B1", 1),
        ("formula_text", "A3", 3),
        ("markup_text", "B3", 3),
        ("control_character", "C3", 3),
        ("control_character", "E3", 3),
    ]


def test_a_problem_names_the_header_over_its_cell_whatever_other_texts_stand_above_it():
    text = "Requests by country\n\nCountry,2019 H1\nNorway,1\nItaly,2\nSpain,3\nSweden,see text\nMalta,<b>4</b>\n"
    report = take_in("a.csv", text.encode(), Answers(reporter="acme"), isolated=False)
    assert {problem.cell[:1]: problem.column for problem in report.problems} == {"B": "2019 H1"}
    assert {problem.code for problem in report.problems} == {"bad_number", "markup_text"}


def test_what_a_layout_has_told_of_a_cell_is_not_told_again():
    told = [Problem("warning", "total_mismatch", "is wrong.", "", cell="B2")]
    rows = table({"value": 160}, {"request_type": "legal", "value": 100}, {"request_type": "emergency", "value": 50})
    assert check(rows, None, PARTS, today=TODAY, reported=told).problems == ()


def test_a_rule_lists_so_many_problems_and_says_that_there_are_more():
    many = pd.concat([table({"value": -1})] * (MOST_PROBLEMS_OF_A_RULE + 5), ignore_index=True)
    many["service"] = [f"{n}" for n in range(len(many))]
    told = [problem for problem in check(many, None, PARTS, today=TODAY).problems if problem.code == "negative_value"]
    assert len(told) == MOST_PROBLEMS_OF_A_RULE + 1
    assert "there are more" in told[-1].says


@settings(deadline=None, max_examples=60)
@given(st.permutations(range(8)))
def test_the_order_of_rows_does_not_matter(order):
    rows = [
        {"value": 160, "cell": "B2"},
        {"request_type": "legal", "value": 100, "cell": "C2"},
        {"request_type": "emergency", "value": 50, "cell": "D2"},
        share("36") | {"cell": "E2"},
        {"requester": "FRA", "value": 10, "cell": "B3"},
        {"requester": "FRA", "measure": "requests_some_data", "value": 12, "cell": "C3"},
        {"requester": "ITA", "value": 5, "cell": "B4"},
        {"requester": "ITA", "measure": "accounts_specified", "value": 4, "cell": "C4"},
    ]
    assert sorted(map(str, found(*(rows[place] for place in order)))) == sorted(map(str, found(*rows)))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["DEU", "FRA", "WLD", "Nowhere", ""]), st.sampled_from(["all", "nsl", "legal"]),
                          st.sampled_from(["requests", "share_some_data", "accounts_specified", "requests_some_data"]),
                          st.sampled_from(HALVES[:4]), st.floats(allow_nan=True), st.floats(allow_nan=True)), max_size=12))  # fmt: skip
def test_no_numbers_whatever_stop_the_rules(rows):
    check(
        table(
            *[
                {"requester": a, "request_type": b, "measure": c, "start": d, "low": low, "high": high, "printed": "x"}
                for a, b, c, d, low, high in rows
            ]
        ),
        table(*series([1, 2, 3])),
        PARTS,
        today=TODAY,
    )


# What was really published.


@pytest.fixture(scope="module")
def editions(published) -> dict[str, list[tuple[str, pd.DataFrame, list[Problem], File]]]:
    """Every shipped file of four reporters, in the order of the periods it covers: name, observations, problems told, file."""
    found_: dict[str, list] = {"google": [], "meta": [], "apple": [], "microsoft": []}
    with (published / "INDEX.csv").open(encoding="utf-8", newline="") as index:
        names = [row["file"] for row in csv.DictReader(index) if row["file"].split("/")[0] in found_]
    for name in names:
        file = read(Path(name).name, (published / name).read_bytes())
        layout = layout_of(file)
        draft = Draft(layout.reporter, name)
        layout.read(file, draft)
        found_[layout.reporter].append((name, draft.table(), draft.problems, file))
    for files in found_.values():
        files.sort(key=lambda edition: (edition[1]["period_end"].max(), "third-party" in edition[0]))
    return found_


@pytest.fixture(scope="module")
def parts() -> pd.DataFrame:
    """The parts of each reporter's total, as shipped."""
    return pd.read_csv(Path(__file__).parents[2] / "datasets" / "vocabulary" / "parts.csv")


def _held_before(files: list, name: str) -> pd.DataFrame | None:
    earlier = [observations for other, observations, *_ in files[: [other for other, *_ in files].index(name)]]
    return pd.concat(earlier, ignore_index=True).drop_duplicates(KEY, keep="last") if earlier else None


@pytest.mark.published
def test_on_what_was_published_there_is_at_most_one_alarm_in_a_thousand_figures(editions, parts):
    alarms, figures = Counter(), 0
    for files in editions.values():
        for name, observations, told, file in files:
            checked = check(observations, _held_before(files, name), parts, reported=told, today=TODAY)
            problems = [*checked.problems, *of_texts(file, told)]
            figures += len(observations)
            assert not [problem for problem in problems if problem.severity == "error"], name
            # That a later edition prints another value is no alarm: both documents say so.
            alarms.update(problem.code for problem in problems if problem.severity == "warning" and problem.code != "restated_value")
    print(f"{alarms.total()} alarms in {figures} figures, {1000 * alarms.total() / figures:.2f} in a thousand: {dict(alarms)}")
    assert figures > 100_000
    assert alarms.total() <= figures / 1000


@pytest.mark.published
def test_three_published_rates_of_meta_are_not_those_of_their_counts(editions, parts):
    said = []
    for name, observations, told, _ in editions["meta"]:
        for problem in check(observations, None, parts, reported=told, today=TODAY).problems:
            if problem.code == "rate_mismatch":
                row = observations[observations["cell"] == problem.cell].iloc[0]
                said.append((name[-11:-4], row["requester"], row["request_type"], problem.severity))
    assert said == [
        ("2021_H1", "HKG", "emergency", "warning"),
        ("2021_H2", "GBR", "all", "warning"),
        ("2021_H2", "GBR", "emergency", "warning"),
    ]


# Faults planted in what was published: each altered copy with the texts of which a problem must name one.

Planted = tuple[pd.DataFrame, list[str]]


def _changed(observations: pd.DataFrame, row: int, **values) -> Planted:
    copy = observations.copy()
    for column, value in values.items():
        copy.loc[row, column] = value
    return copy, [copy.loc[row, "cell"]]


def _scaled(observations: pd.DataFrame, row: int, factor: float) -> Planted:
    value = round(observations.loc[row, "low"] * factor)
    return _changed(observations, row, low=value, high=value, printed=str(value))


def _added(observations: pd.DataFrame, row: int, more: float) -> Planted:
    value = observations.loc[row, "low"] + more
    return _changed(observations, row, low=value, high=value, printed=f"{value:.0f}")


def _repeated(observations: pd.DataFrame, row: int, more: float) -> Planted:
    again = observations.loc[[row]].assign(cell="Z9999")
    again[["low", "high"]] += more
    return pd.concat([observations, again], ignore_index=True), ["Z9999"]


def _as_another(observations: pd.DataFrame, row: int) -> Planted:
    same = observations[KEY].drop(columns="requester").eq(observations.loc[row, KEY].drop("requester")).all(axis=1)
    others = observations[same & (observations["requester"] != observations.loc[row, "requester"])]["requester"]
    copy, cells = _changed(observations, row, requester=next(iter(others), "CHE"))
    return copy, [*cells, places.name(observations.loc[row, "requester"])]


def _in_another_period(observations: pd.DataFrame, row: int, months: int) -> Planted:
    start = observations.loc[row, "period_start"] + pd.DateOffset(months=months)
    end = observations.loc[row, "period_end"] + pd.Timedelta(days=1) + pd.DateOffset(months=months) - pd.Timedelta(days=1)
    return _changed(observations, row, period_start=start, period_end=end)


def _without(observations: pd.DataFrame, row: int, *alike: str) -> Planted:
    gone = observations[list(alike)].eq(observations.loc[row, list(alike)]).all(axis=1)
    return observations[~gone].reset_index(drop=True), [places.name(observations.loc[row, "requester"])]


def _column_scaled(observations: pd.DataFrame, row: int, factor: float) -> Planted:
    alike = ["request_type", "measure", "period_start"]
    column = observations[alike].eq(observations.loc[row, alike]).all(axis=1)
    copy = observations.copy()
    copy.loc[column, ["low", "high"]] = (copy.loc[column, ["low", "high"]] * factor).round()
    return copy, [f"{column.sum() - 1:,}", *copy.loc[column, "cell"]]


def _plants(name: str, observations: pd.DataFrame, rng: random.Random) -> list[tuple[str, Planted]]:
    newest = observations["period_end"].eq(observations["period_end"].max())
    exact = observations["low"].eq(observations["high"]) & observations["measure"].ne("share_some_data")
    is_requests = observations["measure"].eq("requests")
    national = observations["request_type"].isin(["nsl", "fisa_content", "fisa_noncontent"]) & observations["low"].lt(observations["high"])
    world = observations["requester"].eq("WLD")

    def pick(eligible: pd.Series) -> int:
        rows = observations.index[eligible]
        # A small number that is wrong by a factor is like many a small number that is right.
        return int(rng.choice(list(rows)))

    sizeable = newest & exact & ~world & observations["low"].ge(100)
    plants: list[tuple[str, Planted]] = []
    if name == "national security":
        row = pick(national & observations["low"].gt(0))
        plants += [
            ("range: ends exchanged", _changed(observations, row, low=observations.loc[row, "high"], high=observations.loc[row, "low"]))
        ]
        row = pick(national)
        plants += [("range: band of another width", _changed(observations, row, high=observations.loc[row, "high"] + 100))]
        row = pick(newest & national & observations["low"].eq(0))
        plants += [("range: band twice as wide", _changed(observations, row, high=999.0))]
        return plants
    plants += [
        ("key: another value for the same", _repeated(observations, pick(exact), 3)),
        ("key: the same again", _repeated(observations, pick(exact), 0)),
        ("key: of another country", _as_another(observations, pick(sizeable & is_requests))),
        ("key: a country that is none", _changed(observations, pick(exact), requester="GERMANIA")),
        ("period: a year to come", _in_another_period(observations, pick(newest), 120)),
        ("range: a negative count", _changed(observations, pick(exact), low=-7.0, high=-7.0)),
        ("coverage: a country lost", _without(observations, pick(sizeable & is_requests), "requester", "period_start")),
        ("jump: tenfold", _scaled(observations, pick(sizeable & is_requests), 10)),
        ("jump: a hundredfold", _scaled(observations, pick(sizeable), 100)),
        ("jump: a tenth", _scaled(observations, pick(sizeable & is_requests & observations["low"].ge(500)), 0.1)),
        ("magnitude: in thousandths", _column_scaled(observations, pick(sizeable & is_requests), 1000)),
    ]
    if observations["period_start"].nunique() > 1:
        older = observations["period_start"].ne(observations["period_start"].min()) & exact & is_requests & observations["low"].ge(100)
        plants += [
            ("period: three months late", _in_another_period(observations, pick(older & ~newest), 3)),
            ("period: half a year early", _in_another_period(observations, pick(older), -6)),
        ]
    if name in ("meta", "apple"):
        plants += [
            ("range: a share above one", _changed(observations, pick(observations["measure"].eq("share_some_data")), low=1.635, high=1.645))
        ]
    disclosed = observations["measure"].eq("requests_some_data") & observations["low"].ge(20)
    if disclosed.any():
        plants += [
            ("total: more disclosed than received", _scaled(observations, pick(disclosed), 20)),
            ("rate: not of its counts", _scaled(observations, pick(disclosed), 0.5)),
        ]
    if name == "meta":
        plants += [
            ("total: a part too large", _added(observations, pick(observations["request_type"].eq("legal") & is_requests), 17)),
            (
                "total: the total too small",
                _added(observations, pick(observations["request_type"].eq("all") & is_requests & observations["low"].ge(10)), -3),
            ),
            (
                "total: a part's accounts",
                _added(
                    observations, pick(observations["request_type"].eq("emergency") & observations["measure"].eq("accounts_specified")), 40
                ),
            ),
        ]
    if name == "microsoft":
        plants += [
            ("total: the worldwide total", _added(observations, pick(world & is_requests), 100)),
            (
                "total: an outcome",
                _added(observations, pick(observations["measure"].eq("requests_rejected") & observations["low"].ge(5)), 4),
            ),
            ("total: a country", _added(observations, pick(~world & is_requests & observations["low"].ge(50)), 30)),
        ]
    return plants


@pytest.mark.published
def test_of_fifty_planted_faults_at_least_forty_eight_are_caught(editions, parts):
    rng = random.Random(4)
    where = {
        "google": ("google", "google/through-2023-H1/google-global-user-data-requests.csv"),
        "meta": ("meta", "meta/PRPL-Facebook-Government-Report-2021_H1.csv"),
        "apple": ("apple", "apple/through-2022-H2/device_requests.csv"),
        "microsoft": ("microsoft", "microsoft/Microsoft LERR_2021_H1.xlsx"),
        "national security": ("microsoft", "microsoft/Microsoft_USNSOR_2021_H2.xlsx"),
    }
    planted, missed = 0, []
    for name, (reporter, file) in where.items():
        observations, told = next((edition[1], edition[2]) for edition in editions[reporter] if edition[0] == file)
        held = _held_before(editions[reporter], file)
        before = {str(problem) for problem in check(observations, held, parts, reported=told, today=TODAY).problems}
        for fault, (altered, named) in _plants(name, observations, rng):
            problems = [str(problem) for problem in check(altered, held, parts, reported=told, today=TODAY).problems]
            new = [problem for problem in problems if problem not in before]
            planted += 1
            if not any(text in problem for problem in new for text in named):
                missed.append((name, fault, named, new))
    print(f"{planted - len(missed)} of {planted} planted faults caught; missed: {missed}")
    assert planted >= 50
    assert planted - len(missed) >= 0.96 * planted
