"""Kept verdicts: what the next process reads says the same as what was worked out."""

import math

import pandas as pd
import pytest

from dashboard import statements
from dashboard.statements import kept_verdicts


@pytest.fixture(scope="module")
def worked_out():
    return statements.bundled_evaluator().all()


@pytest.fixture(scope="module")
def read_again(worked_out):
    return kept_verdicts.of_tables(kept_verdicts.as_tables(worked_out), statements.bundled_evaluator())


def test_a_verdict_comes_back_with_all_that_it_says(worked_out, read_again):
    assert read_again == worked_out
    assert [verdict.plain() for verdict in read_again] == [verdict.plain() for verdict in worked_out]
    assert any(math.isinf(verdict.claimed.high) for verdict in read_again)
    assert any(verdict.as_of_day and verdict.cells for verdict in read_again)


def test_the_rows_that_it_rests_on_come_back_under_their_labels(worked_out, read_again):
    for before, after in zip(worked_out, read_again, strict=True):
        pd.testing.assert_frame_equal(after.rows, before.rows, check_dtype=False)


def test_each_statement_that_we_ship_has_its_verdicts_in_the_order_of_the_files(worked_out):
    by_statement = statements.bundled_verdicts()
    assert list(by_statement) == list(statements.bundled().statements["statement"])
    assert [verdict for verdicts in by_statement.values() for verdict in verdicts] == worked_out
