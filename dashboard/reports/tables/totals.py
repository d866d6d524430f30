"""Totals that a table prints are compared with their parts: lines of totals and subtotals, columns of totals, and rates of totals."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

import numpy as np

from dashboard.model import places
from dashboard.model.intervals import Interval, text
from dashboard.reports.cells.limits import MAX_PROBLEMS_OF_A_KIND
from dashboard.reports.tables.columns import VALUE
from dashboard.reports.tables.dimensions import is_worldwide
from dashboard.reports.tables.problem_log import ProblemLog
from dashboard.reports.tables.readings import ReadTable
from dashboard.reports.tables.roles import WHEN, Column
from dashboard.reports.tables.values import FigureColumn
from dashboard.reports.words.context import is_region
from dashboard.reports.words.headers import meaning_of

_APART = ("preservation", "legal")
"""Kinds that a total may leave out: preservation counts no disclosure, legal process holds other kinds."""
_ADDED = ("requester", "request_type", "authority", "service")


def check_totals(read_table: ReadTable, figures: list[FigureColumn], is_total: np.ndarray, sums: Container[str], log: ProblemLog) -> None:
    """Compare every total of a table with its parts; `is_total` tells the lines of totals over all periods, `sums` the headers of
    totals whose parts the mapping names.
    """
    _check_columns(read_table, [figure for figure in figures if figure.column.header not in sums], log)
    keys = _keys(read_table)
    # A region repeats its countries, which the total counts once.
    keys["region"] = _regions(read_table)
    for column in read_table.view.columns:
        if column.role in _ADDED:
            texts = read_table.texts[column.index]
            world = {name for name, means in column.values.items() if means.get("requester") == places.WORLD}
            totals = texts.where(lambda name, world=world: name.strip() in world or _is_total(name))
            if totals.any() and not totals.all():
                _check_lines(read_table, figures, totals, {name: of for name, of in keys.items() if name != column.role}, log)
    if is_total.any() and not is_total.all():
        _check_lines(
            read_table, figures, is_total, {name: of for name, of in keys.items() if name not in WHEN and name != "requester"}, log
        )


def _regions(read_table: ReadTable) -> np.ndarray:
    column = read_table.view.column_of("requester")
    if column is None:
        return np.zeros(len(read_table.rows), int)
    return read_table.texts[column.index].where(lambda text: is_region(text) and not _is_total(text)).astype(int)


def _is_total(name: str) -> bool:
    return meaning_of(name).is_total or is_worldwide(name) or re.match(r"(?:sub|grand )?total\b", name.strip().casefold()) is not None


def _keys(read_table: ReadTable) -> dict[str, np.ndarray]:
    roles = (*_ADDED, *WHEN, "measure", "reporter", "document", "coded")
    return {column.role: read_table.texts[column.index].codes for column in read_table.view.columns if column.role in roles}


def _check_lines(
    read_table: ReadTable, figures: list[FigureColumn], totals: np.ndarray, keys: dict[str, np.ndarray], log: ProblemLog
) -> None:
    # A subtotal is of the rows since the one before it, a total of all rows above it, or, where it stands first, below it.
    order = np.lexsort([*keys.values()])
    begins = np.ones(len(order), bool)
    begins[1:] = np.any([codes[order[1:]] != codes[order[:-1]] for codes in keys.values()], axis=0)
    starts = np.flatnonzero(begins)
    is_total = totals[order]
    lines = np.flatnonzero(is_total)
    group = np.cumsum(begins)[lines] - 1
    start = starts[group]
    since = np.maximum(start, np.append(0, lines[:-1] + 1))
    is_first = _added(~is_total, start, lines) == 0
    spans = [(since, lines), (start, np.where(is_first, np.append(starts[1:], len(order))[group], lines))]
    for figure in figures:
        rows, lows, highs = _mismatches(figure, _summands(figure, figures, order, ~is_total), order[lines], spans)
        code, what = "total_mismatch", "is a total, and its rows add up to {}."
        if figure.column.role == "share":
            code, what = "rate_mismatch", "is not the rate of the rows together, {}."
        log.uncounted(read_table, figure.column.index, code, len(rows) - MAX_PROBLEMS_OF_A_KIND)
        for row, low, high in zip(rows[:MAX_PROBLEMS_OF_A_KIND].tolist(), lows.tolist(), highs.tolist(), strict=False):
            shown = f"{100 * low:.1f}–{100 * high:.1f} %" if figure.column.role == "share" else text(Interval(low, high))
            fix = "Check the total and its parts; keep them if printed so."
            log.cell(read_table, row, figure.column.index, "warning", code, what.format(shown), fix)


@dataclass(frozen=True)
class _Summands:
    # Of each row what it adds to a total at least and at most, as what part of the whole, and whether it must be known and is not.

    low: np.ndarray
    high: np.ndarray
    weight: np.ndarray
    is_unknown: np.ndarray


def _summands(figure: FigureColumn, figures: list[FigureColumn], order: np.ndarray, is_part: np.ndarray) -> _Summands | None:
    # Shares of all rows together are weighted with their requests; None where these are not known.
    values = figure.values
    state, low, high = values.state_of(order), values.low_of(order), values.high_of(order)
    weight = (is_part & (state == VALUE)).astype(float)
    is_unknown = state > VALUE
    if figure.column.role == "share":
        wholes = [other.values for other in figures if other.column.measure == "requests" and _is_beside(other.column, figure.column)]
        if len(wholes) != 1:
            return None
        whole_low, whole_high = wholes[0].low_of(order), wholes[0].high_of(order)
        is_known = wholes[0].state_of(order) == VALUE
        weight = np.where(is_part & is_known, whole_high, 0)
        is_unknown = ~is_known | ((whole_high > 0) & ((state != VALUE) | (whole_low != whole_high)))
    return _Summands(np.where(weight > 0, low, 0) * weight, np.where(weight > 0, high, 0) * weight, weight, is_part & is_unknown)


def _is_beside(one: Column, other: Column) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in ("request_type", "authority", "requester", "period"))


def _mismatches(
    figure: FigureColumn, summands: _Summands | None, rows: np.ndarray, spans: list[tuple[np.ndarray, np.ndarray]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    # The rows of totals that equal no sum over one of their spans, and the ends of the last of these sums.
    if summands is None:
        return rows[:0], np.zeros(0), np.zeros(0)
    values = figure.values
    agrees = np.zeros(len(rows), bool)
    sums = np.full((2, len(rows)), np.nan)
    for first, end in spans:
        weight = _added(summands.weight, first, end)
        is_sum = (weight > 0) & (_added(summands.is_unknown, first, end) == 0)
        whole = np.where(is_sum, weight, 1) if figure.column.role == "share" else 1
        low, high = _added(summands.low, first, end) / whole, _added(summands.high, first, end) / whole
        agrees |= is_sum & (low <= values.high_of(rows)) & (values.low_of(rows) <= high)
        sums = np.where(is_sum, (low, high), sums)
    wrong = np.flatnonzero((values.state_of(rows) == VALUE) & ~agrees & ~np.isnan(sums[0]))
    return rows[wrong], sums[0, wrong], sums[1, wrong]


def _added(values: np.ndarray, first: np.ndarray, end: np.ndarray) -> np.ndarray:
    # Sums from each first place up to its end, that one not included; nought where there is nothing between.
    sums = np.add.reduceat(np.append(values, 0), np.stack([first, end], axis=1).ravel())[::2]
    return np.where(first < end, sums, 0)


def _check_columns(read_table: ReadTable, figures: list[FigureColumn], log: ProblemLog) -> None:
    # A column headed “Total” beside columns of kinds, or of places, that count the same.
    for total in figures:
        meant = meaning_of(total.column.header)
        if total.column.role != "count" or "total" not in meant.tags:
            continue
        along = "requester" if total.column.requester == places.WORLD else "request_type"
        if along == "request_type" and total.column.request_type not in ("", "all"):
            continue
        same = [other for other in figures if other.column.role == "count" and _is_summand(other.column, total.column, along)]
        if len(same) < 2:
            continue
        sets = [[one for one in same if one.column.request_type not in apart] for apart in ((), _APART[:1], _APART[1:], _APART)]
        for row in np.flatnonzero(total.values.state == VALUE).tolist():
            sums = [
                (sum(float(one.values.low_of(row)) for one in chosen), sum(float(one.values.high_of(row)) for one in chosen))
                for chosen in sets
                if chosen and all(one.values.state_of(row) == VALUE for one in chosen)
            ]
            if sums and not any(low <= total.values.high_of(row) and total.values.low_of(row) <= high for low, high in sums):
                says = f"is a total, and the columns beside it add up to {text(Interval(*sums[0]))}."
                fix = "Check the total and its parts; keep them if printed so."
                log.cell(read_table, row, total.column.index, "warning", "total_mismatch", says, fix)


def _is_summand(column: Column, total: Column, along: str) -> bool:
    own = getattr(column, along)
    return own not in ("", "all", getattr(total, along)) and all(
        getattr(column, name) == getattr(total, name) for name in ("measure", "period", "requester", "request_type") if name != along
    )
