"""Damaged files with known clean tables: none is stored different from its clean table without a word, and the damaged line is named.

A few hundred in the ordinary run; `POLLUTED_SEEDS=200` makes some twenty thousand.
"""

import os
from collections import Counter

import pytest

from dashboard.reports.door import Report, take_in
from tests.reports import polluter
from tests.reports.made import check_uses

SEEDS = int(os.environ.get("POLLUTED_SEEDS", "3"))
FIRST_SEED = int(os.environ.get("POLLUTED_FROM", "1"))


def taken(clean, data: bytes) -> Report:
    return take_in(clean.name, data, clean.answers, isolated=False)


def stored(report: Report) -> list[tuple]:
    """What would be stored, but for where it stands in the file."""
    table = report.observations.drop(columns=["cell", "document"]).astype(str)
    return sorted(table.itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def results() -> list[tuple]:
    """Every damaged file with its clean table, kind, damage, report, and whether the same would be stored."""
    found = []
    for seed in range(FIRST_SEED, FIRST_SEED + SEEDS):
        for clean in polluter.clean_tables(seed):
            wanted = stored(taken(clean, clean.text.encode()))
            for kind in polluter.KINDS:
                for again in range(2):
                    damage = polluter.damaged(clean, kind, 2 * seed + again)
                    report = taken(clean, damage.data)
                    found.append((clean, kind, damage, report, report.outcome != "refused" and stored(report) == wanted))
    return found


@pytest.mark.parametrize("clean", polluter.clean_tables(0), ids=lambda clean: clean.name)
def test_a_clean_table_is_accepted(clean):
    report = taken(clean, clean.text.encode())
    check_uses(report, clean.text.encode())
    assert [str(problem) for problem in report.problems] == []
    assert report.outcome == "accepted"
    assert len(report.observations)


def test_no_damaged_file_is_stored_different_from_its_clean_table_without_a_word(results):
    silent = [
        (clean.name, damage.what, sorted(damage.lines))
        for clean, _, damage, report, same in results
        if report.outcome != "refused" and not same and not any(problem.row in damage.lines for problem in report.problems)
    ]
    assert silent == []


def test_no_layout_told_by_its_own_words_is_stored_different_at_all(results):
    different = [
        (clean.name, damage.what)
        for clean, _, damage, report, same in results
        if report.layout == "mapped" and report.outcome != "refused" and not same
    ]
    assert different == []


def test_words_that_change_what_is_counted_are_never_passed_over(results):
    passed_over = [
        (clean.name, damage.what) for clean, kind, damage, report, same in results if kind == "words" and report.layout == "mapped" and same
    ]
    assert passed_over == []


def test_every_cell_of_a_damaged_table_has_a_use(results):
    for _, _, damage, report, _ in results:
        check_uses(report, damage.data)


def test_the_damaged_line_is_named(results):
    told = [(damage, report) for _, _, damage, report, same in results if not same]
    named = sum(any(problem.row in damage.lines for problem in report.problems) for damage, report in told)
    assert named >= 0.99 * len(told)


def test_hardly_ever_another_line_is_accused(results):
    told = [(damage, report) for _, _, damage, report, same in results if not same]
    accused = [
        (damage.what, [str(problem) for problem in report.problems])
        for damage, report in told
        if any(problem.severity == "error" and problem.row and problem.row not in damage.lines for problem in report.problems)
    ]
    assert len(accused) <= 0.02 * len(told), accused


def test_every_kind_of_damage_was_done_and_noticed(results):
    noticed = Counter(kind for _, kind, _, _, same in results if not same)
    harmless = Counter(kind for _, kind, _, _, same in results if same)
    assert set(noticed | harmless) == set(polluter.KINDS)
    # Lines above a table and other line ends are no damage to a reader that knows of them.
    assert noticed["quote"] and noticed["delimiter"] and noticed["dialect"] and noticed["header"] and noticed["line end"]
    assert harmless["preamble"] and harmless["line end"]
