"""Checks of a table that has been read: every rule run, and what they found told in plain words with the cell."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from dashboard.model.intervals import number
from dashboard.model.tables import OBSERVATION_COLUMNS, Part, described
from dashboard.reports import numbers
from dashboard.reports.addresses import parsed
from dashboard.reports.drafts import counted
from dashboard.reports.problems import Problem
from dashboard.reports.reading import File, Sheet
from dashboard.reports.rules import keys, rates, texts, totals, values
from dashboard.reports.rules import past as against_past
from dashboard.reports.rules.evidence import MOST_PROBLEMS_OF_A_RULE, Evidence

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
    rates.disclosed_within_received,
    rates.outcomes_within_received,
    rates.accounts_at_least_requests,
    totals.kinds_make_total,
    totals.outcomes_make_requests,
    totals.requesters_make_world,
    totals.authorities_make_any,
    keys.nothing_twice,
    keys.periods_apart,
    against_past.no_jumps,
    against_past.not_copied,
    against_past.nobody_missing,
    texts.no_formulas,
    texts.no_markup,
    texts.no_hidden_characters,
)
"""Rules run on every table; the docstring of each says what should hold."""
AGAINST_THE_PAST: tuple[Callable[[Evidence], Iterator[Problem]], ...] = (against_past.as_held,)
"""Rules that say nothing where nothing of the reporter is held."""


@dataclass(frozen=True)
class Checked:
    """What the rules found: the problems, in how many cells they looked, and which rules were run, each in a sentence."""

    problems: tuple[Problem, ...]
    cells: int
    rules_run: tuple[str, ...]

    def __str__(self) -> str:
        """“No problems in so many cells, so many checks run”, said as clearly as problems are."""
        notes = sum(problem.severity == "note" for problem in self.problems)
        count = len(self.problems) - notes
        found = counted(count, "problem", "problems") if count else "No problems"
        where, run = counted(self.cells, "cell", "cells"), counted(len(self.rules_run), "check", "checks")
        also = f"; {counted(notes, 'note', 'notes')}" if notes else ""
        return f"{found} in {where}, {run} run{also}."


def check(
    table: pd.DataFrame,
    past: pd.DataFrame | None = None,
    parts: pd.DataFrame | None = None,
    *,
    file: File | None = None,
    told: Iterable[Problem] = (),
    today: date | None = None,
) -> Checked:
    """Run every rule over a table of observations.

    `past` is the reporter's own past, one row for each key (where a key comes twice the last stands); `parts` says which
    kinds of demand make up a reporter's total; `file` is what the table was read from, for its texts and headers. A problem
    already `told` of the same cell under the same code is not told again.
    """
    evidence = Evidence(
        table=table[OBSERVATION_COLUMNS].reset_index(drop=True),
        past=table[OBSERVATION_COLUMNS].iloc[:0] if past is None else past[OBSERVATION_COLUMNS].reset_index(drop=True),
        parts=pd.DataFrame(columns=list(described(Part))).astype({"in_total": bool}) if parts is None else parts,
        file=file,
        today=today or date.today(),
    )
    rules = ALWAYS if not len(evidence.past) else ALWAYS + AGAINST_THE_PAST
    said = {(problem.code, _start_of(problem.cell)) for problem in told}
    # A missing number compares as false and a division by nought as infinite, which is what the rules mean by them.
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        found = [
            problem
            for rule in rules
            for problem in _limited(rule(evidence), rule)
            if not problem.cell or (problem.code, _start_of(problem.cell)) not in said
        ]
    return Checked(
        problems=tuple(with_headers(found, file) if file else found),
        cells=len(table[["document", "cell"]].drop_duplicates()),
        rules_run=tuple(_sentence(rule) for rule in rules),
    )


def with_headers(problems: Iterable[Problem], file: File) -> list[Problem]:
    """The same problems, each with the header text over its cell where it does not name one yet."""
    sheets = {sheet.name: _Headers(sheet) for sheet in file.sheets}
    return [problem if problem.column else replace(problem, column=_header_over(problem.cell, sheets)) for problem in problems]


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


class _Headers:
    """The headers of one sheet: for a column, the texts that are no figures, by row."""

    def __init__(self, sheet: Sheet):
        self._sheet = sheet
        self._texts: dict[int, tuple[list[int], list[str]]] = {}

    def over(self, line: int, column: int) -> str:
        """The nearest text above a cell that is neither a figure nor a mark for none."""
        if column not in self._texts:
            column_texts = self._sheet.column(column, 0, len(self._sheet.rows)).to_pylist()
            found = [
                (line, text)
                for line, text in zip(self._sheet.lines, column_texts, strict=True)
                if text and not text[0].isdigit() and _is_word(text)
            ]
            self._texts[column] = [line for line, _ in found], [" ".join(text.split()) for _, text in found]
        lines, texts_ = self._texts[column]
        place = bisect.bisect_left(lines, line)
        return texts_[place - 1] if place else ""


def _is_word(text: str) -> bool:
    if text.upper() == text.lower() or numbers.is_missing(text):
        return False
    try:
        numbers.count(text)
    except numbers.NotANumber:
        return True
    return False


def _header_over(cell: str, sheets: dict[str, _Headers]) -> str:
    address = parsed(cell)
    headers = sheets.get(address.sheet) if address else None
    if not address or not headers:
        return ""
    # A header merged over two columns stands in the first.
    over = (headers.over(address.row, column) for column in (address.first, address.first - 1) if column >= 0)
    return next((text for text in over if text), "")
