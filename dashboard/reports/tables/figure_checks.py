"""What is checked of the figures of a table before they are read: zeros that are none, repetitions, totals, and a last period cut off."""

from __future__ import annotations

from collections import Counter

import numpy as np

from dashboard.model import periods as model_periods
from dashboard.model import places
from dashboard.model.intervals import Interval, counted
from dashboard.model.intervals import text as interval_text
from dashboard.reports.tables.columns import NOTHING, VALUE, Figures, Texts, counts_of
from dashboard.reports.tables.problem_log import ProblemLog
from dashboard.reports.tables.readings import ReadTable
from dashboard.reports.tables.roles import NAMING_PERIODS, WHEN
from dashboard.reports.tables.uses import FileUses
from dashboard.reports.tables.values import FigureColumn
from dashboard.reports.words.headers import meaning_of
from dashboard.reports.words.numbers import ENGLISH

PARTS = "its parts"
"""What a total repeats, in place of a column's header."""
WHOLE = "*"
"""How the name of a total begins that is no column: the whole, which shares make up."""


def without_early_zeros(read_table: ReadTable, figure: FigureColumn, log: ProblemLog) -> FigureColumn:
    """A column without the zeros of the periods before it, or what a text beside them stands for, was reported: they are no figures."""
    if read_table.when is None or not read_table.when.periods:
        return figure
    if figure.column.zeros_since:
        figure = _without_zeros(read_table, figure, figure.column.zeros_since, f"under “{figure.column.header}”", True, log)
    for column in read_table.view.columns:
        for text, means in column.values.items():
            if "zeros_since" in means:
                is_meant = read_table.texts[column.index].where(lambda printed, text=text: printed.strip() == text)
                figure = _without_zeros(read_table, figure, means["zeros_since"], f"of “{text}”", is_meant, log)
    return figure


def _without_zeros(
    read_table: ReadTable, figure: FigureColumn, since: str, where: str, is_meant: np.ndarray | bool, log: ProblemLog
) -> FigureColumn:
    when, values = read_table.when, figure.values
    is_early = is_meant & np.array([period < model_periods.parse(since) for period in when.periods])[np.maximum(when.rows, 0)]
    early = np.flatnonzero(is_early & (when.rows >= 0) & (values.state == VALUE) & (values.low == 0)).tolist()
    if not early:
        return figure
    says = f"stands for no figure, as do all zeros before {since} {where}, {len(early):,} in this file."
    log.cell(read_table, early[0], figure.column.index, "warning", "missing_value", says, "Nothing needs doing.")
    figure = figure.row_by_row()
    figure.values.states[early] = NOTHING
    return figure


def not_zero(read_table: ReadTable, read: list[FigureColumn], log: ProblemLog) -> np.ndarray:
    """Rows whose text is explained for zeros only, and which hold another figure."""
    wrong = np.zeros(len(read_table.rows), bool)
    for column in read_table.view.columns:
        only_zero = {text for text, means in column.values.items() if "only_zero" in means}
        if only_zero:
            above = np.any([(figure.values.state == VALUE) & (figure.values.high > 0) for figure in read], axis=0)
            rows = above & read_table.texts[column.index].where(lambda text, known=only_zero: text.strip() in known)
            says = f"names no {column.role} beside a figure."
            log.cells(read_table, np.flatnonzero(rows), column.index, "error", "missing_requester", says, "Fill it in.")
            wrong |= rows
    return wrong


def repeated(
    read_table: ReadTable, figure: FigureColumn, read: list[FigureColumn], sums: dict[str, list[str]], log: ProblemLog, uses: FileUses
) -> np.ndarray:
    """Rows of a column that only repeats another one, which is filled there, or its parts, which are all filled and which `check_sums` adds."""
    header, values = figure.column.repeats, figure.values
    headers = {places.fold(name) for name in (sums[figure.column.header] if header == PARTS else [header])}
    others = [one.values for one in read if header and places.fold(one.column.header) in headers]
    repeats = np.logical_and.reduce([values.state == VALUE, *(other.state == VALUE for other in others)]) & (len(others) == len(headers))
    for other in others if header != PARTS else ():
        differs = repeats & ((values.low != other.low) | (values.high != other.high))
        says = f"differs from the cell under “{header}”, which it repeats; that one was read."
        fix = "Check which of the two holds."
        log.cells(read_table, np.flatnonzero(differs), figure.column.index, "warning", "total_mismatch", says, fix)
    reason = "is the sum of what stands beside it" if header == PARTS else f"repeats what stands under “{header}”"
    uses.of(read_table.table.sheet).leave_out(read_table.rows[repeats], [figure.column.index], reason)
    return repeats


def check_sums(read_table: ReadTable, read: list[FigureColumn], sums: dict[str, list[str]], log: ProblemLog) -> None:
    """Compare totals with their parts beside them; a row with a blank or a damaged cell among them cannot be added up."""
    figures = {figure.column.index: figure.values for figure in read}
    columns = {places.fold(column.header): column.index for column in read_table.view.columns}
    for total, parts in sums.items():
        is_whole = total.startswith(WHOLE)
        headers = [places.fold(header) for header in (total, *parts)]
        if not set(headers[is_whole:]) <= columns.keys():
            continue
        ends = [
            _ends(figures.get(columns.get(header)), read_table.texts[columns[header]] if header in columns else None) for header in headers
        ]
        low, high = (sum(end[number] for end in ends[1:]) for number in (0, 1))
        for row in np.flatnonzero((ends[0][0] > high) | (ends[0][1] < low)).tolist():
            says = f"is a total, and the cells of its row add up to {interval_text(Interval(low[row], high[row]))}."
            if is_whole:
                says = f"and the shares beside it make {low[row]:.3f}–{high[row]:.3f} together, not the whole."
            log.cell(read_table, row, columns[headers[is_whole]], "warning", "total_mismatch", says, "Check the cells of this row.")


def check_last_period(read_table: ReadTable, filled: np.ndarray, log: ProblemLog) -> None:
    """Tell of a last period with a tenth of the rows of the one before: it was cut off, or has only begun."""
    if read_table.when is None or read_table.when.questions:
        return
    rows_of = Counter(read_table.when.rows[filled & (read_table.when.rows >= 0)].tolist())
    before, last = sorted(rows_of, key=read_table.when.periods.__getitem__)[-2:] if len(rows_of) > 1 else (None, None)
    if last is not None and 10 * rows_of[last] < rows_of[before]:
        names = read_table.when.periods[before], read_table.when.periods[last]
        says = f"begins {names[1]}, which has {counted(rows_of[last], 'row')} where {names[0]} has {rows_of[before]:,}: it is not complete."
        row = int(np.flatnonzero(filled & (read_table.when.rows == last))[0])
        column_index = next(column.index for column in read_table.view.columns if column.role in WHEN)
        log.cell(read_table, row, column_index, "warning", "outlier", says, "Do not read these rows as the period's total.")


def total_rows(read_table: ReadTable) -> np.ndarray:
    """Lines of totals over all periods: where a period belongs there is “Total”, or nothing beside “Total” for the country."""
    when, requester = read_table.view.column_of(*NAMING_PERIODS), read_table.view.column_of("requester")
    if when is None:
        return np.zeros(len(read_table.rows), bool)
    texts = read_table.texts[when.index]
    totals = texts.where(_is_total)
    if requester is not None:
        totals |= read_table.texts[requester.index].where(_is_total) & texts.where(lambda text: not text.strip())
    return totals


def _ends(values: Figures | None, texts: Texts | None) -> tuple[np.ndarray | float, np.ndarray | float]:
    # Lower and upper end in each row; NaN where there is no count. Of no column, the whole of shares.
    if texts is None:
        return 1.0, 1.0
    values = values or counts_of(texts, ENGLISH)
    return tuple(np.where(values.state == VALUE, end, np.nan) for end in (values.low, values.high))


def _is_total(text: str) -> bool:
    meant = meaning_of(text)
    return meant.is_total and not meant.rest
