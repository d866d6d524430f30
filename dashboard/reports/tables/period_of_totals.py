"""A table that names no period is of the one whose totals, printed in another table of its file, its figures add up to."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from dashboard.model import places
from dashboard.model.intervals import Interval
from dashboard.model.periods import Period
from dashboard.reports.problems import Problem
from dashboard.reports.tables.columns import NOTHING, VALUE, Texts, counts_of
from dashboard.reports.tables.readings import ReadTable
from dashboard.reports.tables.roles import Column


def period_of_totals(read_table: ReadTable, columns: Iterable[Column], others: Iterable[ReadTable]) -> tuple[Period | None, list[Problem]]:
    """The period, None where totals tell none or several, and a warning for each column whose sum is not the total printed for it."""
    sums = {
        (column.measure, column.request_type): (column, value)
        for column in columns
        if column.role == "count" and (value := _sum(read_table.texts[column.index])) is not None
    }
    printed = [total for other in others if other.when is not None for total in _totals(other) if total[0] in sums]
    fitting = {period for counted_as, period, value, _ in printed if value == sums[counted_as][1]}
    if len(fitting) != 1:
        return None, []
    (period,), problems = fitting, []
    for counted_as, of_period, value, cell in printed:
        column, added = sums[counted_as]
        if of_period == period and not value.overlaps(added):
            says = f"heads a column that adds up to {added}, and {cell} prints {value} for {period}."
            sheet, header = read_table.table.sheet, read_table.table.header_rows[-1]
            problems.append(sheet.problem("warning", "total_mismatch", header, column.index, says, "Check both.", column.header))
    return period, problems


def _sum(texts: Texts) -> Interval | None:
    # None where a cell is no count.
    values = counts_of(texts, texts.marks).row_by_row()
    if not np.isin(values.state, (VALUE, NOTHING)).all() or not (values.state == VALUE).any():
        return None
    has_value = values.state == VALUE
    return Interval(float(values.low[has_value].sum()), float(values.high[has_value].sum()))


def _totals(other: ReadTable) -> Iterable[tuple[tuple[str, str], Period, Interval, str]]:
    # What a table prints as worldwide totals: counted as what, for which period, and where.
    for column in other.view.columns:
        if column.role == "count" and column.requester == places.WORLD:
            values = counts_of(other.texts[column.index], other.texts[column.index].marks).row_by_row()
            for row in np.flatnonzero((values.state == VALUE) & (other.when.rows >= 0)).tolist():
                value = Interval(float(values.low[row]), float(values.high[row]))
                cell = other.table.sheet.address(int(other.rows[row]), column.index)
                yield (column.measure, column.request_type), other.when.periods[other.when.rows[row]], value, cell
