"""Checks of a table that has been read: every rule run, and what they found told in plain words with the cell."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from dashboard.model.intervals import number
from dashboard.reports.cells.addresses import parsed, within
from dashboard.reports.cells.reading import File
from dashboard.reports.problems import Plain, Problem
from dashboard.reports.rules import keys, rates, texts, totals, values
from dashboard.reports.rules import past as against_past
from dashboard.reports.rules.evidence import MOST_PROBLEMS_OF_A_RULE, Evidence
from dashboard.reports.tables.uses import FileUses

OF_TEXTS = (texts.no_formulas, texts.no_markup, texts.no_hidden_characters)
"""Rules on the texts of a file, run where it is read."""
ALWAYS: tuple[Callable[[Evidence], Iterator[Problem]], ...] = (
    values.ends_in_order,
    values.not_negative,
    values.whole_counts,
    values.shares_within_one,
    values.known_requesters,
    values.bands_on_grid,
    values.no_future,
    rates.possible_rates,
    rates.rates_match_counts,
    rates.outcomes_within_received,
    rates.accounts_at_least_requests,
    totals.kinds_make_total,
    totals.outcomes_make_requests,
    totals.requesters_make_world,
    totals.authorities_make_any,
    totals.shorter_periods_make_longer,
    keys.nothing_twice,
    keys.members_agree,
    keys.periods_apart,
    against_past.no_jumps,
    against_past.not_copied,
    against_past.nobody_missing,
)
"""Rules run on every table; the docstring of each says what should hold."""
_LARGE = 300_000
_NO_PARTS = pd.DataFrame(columns=["reporter", "request_type", "in_total"]).astype({"in_total": bool})
AGAINST_THE_PAST: tuple[Callable[[Evidence], Iterator[Problem]], ...] = (against_past.as_held,)
"""Rules that say nothing where nothing of the reporter is held."""


@dataclass(frozen=True)
class Checked(Plain):
    """What the rules found: the problems, and which rules were run, each in a sentence."""

    problems: tuple[Problem, ...]
    rules_run: tuple[str, ...]


def check(
    table: pd.DataFrame | pa.Table,
    past: pd.DataFrame | None = None,
    parts: pd.DataFrame | None = None,
    *,
    headers: Headers | None = None,
    reported: Iterable[Problem] = (),
    today: date | None = None,
    in_archive: bool = False,
    progress: Callable[[float], None] = lambda done: None,
) -> Checked:
    """Run every rule over a table of observations.

    `past` is the reporter's own past, one row for each key (where a key comes twice the last stands); `parts` says which
    kinds of demand make up a reporter's total; `headers` what stands over its cells. A problem already `reported` of the same cell
    under the same code is not told again.
    """
    evidence = Evidence(table, past, _NO_PARTS if parts is None else parts, today or date.today(), in_archive=in_archive)
    rules = ALWAYS if not evidence.first else ALWAYS + AGAINST_THE_PAST
    reported_keys = {(problem.code, _start_of(problem.cell)) for problem in reported}
    if any(code == "unknown_requester" for code, _ in reported_keys):
        # Where names are read as they are written, each unknown one is told at its own cell.
        rules = tuple(rule for rule in rules if rule is not values.known_requesters)
    broken = []
    # A missing number compares as false and a division by nought as infinite, which is what the rules mean by them.
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        for index, rule in enumerate(rules):
            progress(index / len(rules))
            problems = _limited(rule(evidence), rule)
            broken += [problem for problem in problems if not problem.cell or (problem.code, _start_of(problem.cell)) not in reported_keys]
            if len(evidence) > _LARGE:
                evidence.forget()
    return Checked(
        problems=tuple((headers or Headers()).with_headers(broken)),
        rules_run=tuple(_sentence(rule) for rule in (*rules, *OF_TEXTS)),
    )


def of_texts(file: File, problems: Iterable[Problem] = ()) -> list[Problem]:
    """What the rules on texts find in the cells of a file, headers and notes included."""
    reported_keys = {(problem.code, problem.cell) for problem in problems}
    text_problems = (problem for rule in OF_TEXTS for problem in _limited(rule(file.sheets), rule))
    return [problem for problem in text_problems if (problem.code, problem.cell) not in reported_keys]


def _limited(problems: Iterator[Problem], rule: Callable) -> Iterator[Problem]:
    last = None
    for last in itertools.islice(problems, MOST_PROBLEMS_OF_A_RULE):
        yield last
    if last is not None and next(problems, None) is not None:
        says = f"Of this rule {number(MOST_PROBLEMS_OF_A_RULE)} problems are listed, and there are more: {_sentence(rule)}"
        yield Problem(last.severity, last.code, says, "Put these right, then check again.")


def _sentence(rule: Callable) -> str:
    return " ".join((rule.__doc__ or "").split("\n\n")[0].split())


def _start_of(cell: str) -> str:
    return cell.partition(":")[0]


class Headers:
    """What stands over the cells of a file: for each column of a sheet the cells of its headers, each as its line and its text."""

    def __init__(self, columns: dict[str, dict[int, list[tuple[int, str]]]] | None = None):
        self._columns = columns or {}

    @classmethod
    def of(cls, uses: FileUses) -> Headers:
        """Of a file whose cells have their uses."""
        return cls({sheet_uses.sheet.name: sheet_uses.headers() for sheet_uses in uses.sheets.values()})

    def within(self, member: str) -> Headers:
        """The same for a file that is a member of an archive."""
        return Headers(
            {within(member, f"{sheet}!A1" if sheet else "A1").rpartition("!")[0]: columns for sheet, columns in self._columns.items()}
        )

    def __or__(self, other: Headers) -> Headers:
        return Headers(self._columns | other._columns)

    def over(self, cell: str) -> str:
        """The nearest header above a cell; one that is merged over several columns stands in the first."""
        address = parsed(cell)
        if address is None:
            # In JSON the way to a value ends in its name: `requests[3].count`.
            named = re.search(r"\.([^.\[\]:]+)$", cell)
            return named[1] if named else ""
        columns = self._columns.get(address.sheet, {})
        for column in (address.first, address.first - 1):
            if above := [text for line, text in columns.get(column, ()) if line < address.row]:
                return above[-1]
        return ""

    def with_headers(self, problems: Iterable[Problem]) -> list[Problem]:
        """The same problems, each with the header text over its cell where it does not name one yet."""
        return [problem if problem.column else replace(problem, column=self.over(problem.cell)) for problem in problems]
