"""Totals that a table prints are compared with their parts: lines of totals and subtotals, columns of totals, and rates of totals."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container

import numpy as np

from dashboard.model import places
from dashboard.model.intervals import Interval, text
from dashboard.reports.tables.columns import NOTHING, VALUE, Figures
from dashboard.reports.tables.dimensions import is_region, is_worldwide
from dashboard.reports.tables.problem_log import ProblemLog
from dashboard.reports.tables.readings import ReadTable
from dashboard.reports.tables.values import FigureColumn
from dashboard.reports.words.headers import meaning_of

_APART = ("preservation", "legal")
"""Kinds that a total may leave out: preservation counts no disclosure, legal process holds other kinds."""
_ADDED = ("requester", "request_type", "authority", "service")
_WHEN = ("period", "period_start", "period_end", "year", "half", "quarter", "month")


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
            totals = np.array([name.strip() in world or _is_total(name) for name in texts.all()] or [False])[texts.codes]
            if totals.any() and not totals.all():
                _check_lines(read_table, figures, totals, _without(keys, column.role), log)
    if is_total.any() and not is_total.all():
        _check_lines(
            read_table, figures, is_total, {name: of for name, of in keys.items() if name not in _WHEN and name != "requester"}, log
        )


def _regions(read_table: ReadTable) -> np.ndarray:
    column = next((column for column in read_table.view.columns if column.role == "requester"), None)
    if column is None:
        return np.zeros(len(read_table.rows), int)
    texts = read_table.texts[column.index]
    are_regions = np.array([is_region(text) and not _is_total(text) for text in texts.all()] or [False])
    return are_regions[texts.codes].astype(int)


def _is_total(name: str) -> bool:
    return meaning_of(name).is_total or is_worldwide(name) or re.match(r"(?:sub|grand )?total\b", name.strip().casefold()) is not None


def _keys(read_table: ReadTable) -> dict[str, np.ndarray]:
    roles = (*_ADDED, *_WHEN, "measure", "reporter", "document", "coded")
    return {column.role: read_table.texts[column.index].codes for column in read_table.view.columns if column.role in roles}


def _without(keys: dict[str, np.ndarray], role: str) -> dict[str, np.ndarray]:
    return {name: codes for name, codes in keys.items() if name != role}


def _check_lines(
    read_table: ReadTable, figures: list[FigureColumn], totals: np.ndarray, keys: dict[str, np.ndarray], log: ProblemLog
) -> None:
    groups: dict[tuple, list[int]] = defaultdict(list)
    for row, key in enumerate(zip(*(codes.tolist() for codes in keys.values()), strict=True)):
        groups[key].append(row)
    for rows in groups.values():
        since: list[int] = []
        every: list[int] = []
        for row in rows:
            if not totals[row]:
                since.append(row)
                every.append(row)
                continue
            # A subtotal is of the rows since the one before it, a total of all rows above it, or, where it stands first, below it.
            above = [parts for parts in (since, every) if parts] or [[other for other in rows if not totals[other]]]
            for figure in figures:
                _compare(read_table, figure, figures, row, above, log)
            since = []


def _compare(
    read_table: ReadTable, figure: FigureColumn, figures: list[FigureColumn], row: int, choices: list[list[int]], log: ProblemLog
) -> None:
    values = figure.values
    if values.state_of(row) != VALUE:
        return
    if figure.column.role == "share":
        sums = [weighted for rows in choices if (weighted := _weighted(figure, figures, rows)) is not None]
        code, what = "rate_mismatch", "is not the rate of the rows together, {}."
    else:
        sums = [
            _sum(values, rows)
            for rows in choices
            if rows and not (values.state_of(rows) > VALUE).any() and (values.state_of(rows) == VALUE).any()
        ]
        code, what = "total_mismatch", "is a total, and its rows add up to {}."
    if sums and not any(low <= values.high_of(row) and values.low_of(row) <= high for low, high in sums):
        low, high = sums[-1]
        shown = f"{100 * low:.1f}–{100 * high:.1f} %" if figure.column.role == "share" else text(Interval(low, high))
        log.cell(
            read_table,
            row,
            figure.column.index,
            "warning",
            code,
            what.format(shown),
            "Check the total and its parts; keep them if printed so.",
        )


def _sum(values: Figures, rows: list[int]) -> tuple[float, float]:
    given = [row for row in rows if values.state_of(row) != NOTHING]
    return float(values.low_of(given).sum()), float(values.high_of(given).sum())


def _weighted(figure: FigureColumn, figures: list[FigureColumn], rows: list[int]) -> tuple[float, float] | None:
    # The share of all rows together, each weighted with its requests; None where one of them is missing.
    alike = (figure.column.request_type, figure.column.authority, figure.column.requester, figure.column.period)
    counts = [
        other.values
        for other in figures
        if other.column.measure == "requests"
        and (other.column.request_type, other.column.authority, other.column.requester, other.column.period) == alike
    ]
    if len(counts) != 1 or not rows:
        return None
    whole, shares = counts[0], figure.values
    weighty = [row for row in rows if whole.state_of(row) == VALUE and whole.high_of(row) > 0]
    if not weighty or len([row for row in rows if whole.state_of(row) == VALUE]) < len(rows) or (shares.state_of(weighty) != VALUE).any():
        return None
    if not (whole.low_of(weighty) == whole.high_of(weighty)).all():
        return None
    requests = whole.low_of(weighty)
    together = requests.sum()
    return float((shares.low_of(weighty) * requests).sum() / together), float((shares.high_of(weighty) * requests).sum() / together)


def _check_columns(read_table: ReadTable, figures: list[FigureColumn], log: ProblemLog) -> None:
    # A column headed “Total” beside columns of kinds that count the same.
    for total in figures:
        meant = meaning_of(total.column.header)
        if total.column.role != "count" or "total" not in meant.tags or total.column.request_type not in ("", "all"):
            continue
        same = [
            other
            for other in figures
            if other.column.role == "count"
            and other.column.request_type not in ("", "all")
            and (other.column.measure, other.column.requester, other.column.period)
            == (total.column.measure, total.column.requester, total.column.period)
        ]
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
                says = f"is a total, and the kinds beside it add up to {text(Interval(*sums[0]))}."
                fix = "Check the total and its parts; keep them if printed so."
                log.cell(read_table, row, total.column.index, "warning", "total_mismatch", says, fix)
