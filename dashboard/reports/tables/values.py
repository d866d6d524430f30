"""The figures of a table: counts, shares and bands, column by column, each cell with the text as printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.reports.tables import columns
from dashboard.reports.tables.columns import NOTHING, VALUE, WRONG, Figures, Texts
from dashboard.reports.tables.problem_log import ProblemLog
from dashboard.reports.tables.questions import band_key
from dashboard.reports.tables.readings import ReadTable
from dashboard.reports.tables.roles import Answers, Column
from dashboard.reports.words import numbers
from dashboard.reports.words.headers import meaning_of


@dataclass(frozen=True)
class FigureColumn:
    """What one column prints, or two that are the ends of bands: the figures, and beside each of their different texts how it is printed."""

    column: Column
    indexes: tuple[int, ...]
    values: Figures
    printed: pa.Array

    def row_by_row(self) -> FigureColumn:
        """The same with a text of its own for each row, so that rows can be set apart from their texts."""
        return replace(self, printed=self.printed.take(pa.array(self.values.codes)), values=self.values.row_by_row())


def figures_of(
    read_table: ReadTable, answers: Answers, is_share: np.ndarray | None, log: ProblemLog, left_out: np.ndarray
) -> Iterator[FigureColumn]:
    """Column by column, the figures of a table. `is_share` tells the rows that a column of measures says are shares.

    Of rows that are left out nothing is told.
    """
    wanted = [column for column in read_table.view.columns if column.is_figure]
    upper = {band_key(column): column for column in wanted if column.role == "high"}
    for column in wanted:
        if column.role == "low" and band_key(column) in upper:
            yield _between(read_table, column, upper[band_key(column)], answers, is_share, log, left_out)
        elif column.role in ("count", "share"):
            yield _single(read_table, column, answers, is_share, log, left_out)


def _single(
    read_table: ReadTable, column: Column, answers: Answers, is_share: np.ndarray | None, log: ProblemLog, left_out: np.ndarray
) -> FigureColumn:
    texts = read_table.texts[column.index]
    marks = columns.marks_of(texts, answers.decimal)
    if marks == numbers.Marks():
        # One hand wrote the table: a decimal mark in one column settles it in the others.
        marks = columns.marks_of(texts, _decimal_beside(read_table, column))
    printed = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts.values, r"\s+", " "))
    values = _shares(read_table, column, texts, marks, log) if column.role == "share" else columns.counts_of(texts, marks)
    figure = FigureColumn(column, (column.index,), values, printed)
    mixed = not column.measure and is_share is not None and bool(is_share.any())
    if mixed or any(column_index == column.index for _, column_index in read_table.table.sheet.kinds):
        figure = figure.row_by_row()
        if mixed:
            _overlay(figure.values, _shares(read_table, column, _only(texts, is_share), marks, log), is_share)
        _look_behind(read_table, column, figure.values, is_share)
    spans = _spans(read_table, column)
    if spans or column.no_figure:
        figure = figure.row_by_row()
        for row, span in spans.items():
            figure.values.set_wrong(row, "bad_number", f"is one cell over {span}, so it is not said to which of them it belongs.")
        for row in [row for row in figure.values.wrong if texts.of_row(row).strip() == column.no_figure]:
            figure.values.set_nothing(row)
    _tell(read_table, column, figure.values, log, left_out)
    return figure


def _decimal_beside(read_table: ReadTable, column: Column) -> str:
    beside = [
        read_table.texts[other.index].marks.decimal for other in read_table.view.columns if other.is_figure and other.index != column.index
    ]
    marks = {decimal for decimal in beside if decimal}
    return marks.pop() if len(marks) == 1 else ""


def _spans(read_table: ReadTable, column: Column) -> dict[int, str]:
    # Figures in merged cells that reach over several rows or columns of the table, and over how many.
    at = {row: index for index, row in enumerate(read_table.rows.tolist())} if read_table.table.sheet.merged else {}
    spans = {}
    for top, left, bottom, right in read_table.table.sheet.merged:
        rows, columns = sum(row in at for row in range(top, bottom + 1)), sum(left <= index <= right for index in read_table.table.columns)
        if left <= column.index <= right and top in at and max(rows, columns) > 1:
            spans[at[top]] = f"{rows} rows" if rows > 1 else f"{columns} columns"
    return spans


def _between(
    read_table: ReadTable, low: Column, high: Column, answers: Answers, is_share: np.ndarray | None, log: ProblemLog, left_out: np.ndarray
) -> FigureColumn:
    ends, printed = [], []
    for column in (low, high):
        texts = read_table.texts[column.index]
        values = columns.counts_of(texts, columns.marks_of(texts, answers.decimal)).row_by_row()
        for row in np.flatnonzero(is_share).tolist() if is_share is not None else ():
            _set_end_of_share(values, row, texts.of_row(row))
        _look_behind(read_table, column, values, is_share)
        for row in [row for row in values.wrong if texts.of_row(row).strip().lower() in ("inf", "∞")]:
            # Our own downloads write an open end so.
            values.set_value(row, np.inf, np.inf)
        _tell(read_table, column, values, log, left_out)
        ends.append(values)
        printed.append(pc.utf8_trim_whitespace(texts.values.take(pa.array(texts.codes))))
    lower, upper = ends
    state = np.where((lower.state == VALUE) & (upper.state == VALUE), VALUE, NOTHING).astype(np.int8)
    state[(lower.state == WRONG) | (upper.state == WRONG)] = WRONG
    no_band = (((lower.state == VALUE) ^ (upper.state == VALUE)) & (state != WRONG)) | ((state == VALUE) & (lower.low > upper.high))
    says = f"and {high.letter} beside it are no band."
    log.cells(
        read_table, np.flatnonzero(no_band & ~left_out), low.index, "error", "low_above_high", says, "Print the lower end, then the upper."
    )
    state[no_band] = WRONG
    is_exact = pa.array((lower.low == upper.high) & (state == VALUE))
    texts_of_rows = pc.if_else(is_exact, printed[0], pc.binary_join_element_wise(*printed, "–"))
    return FigureColumn(low, (low.index, high.index), Figures(state, lower.lows, upper.highs, lower.codes), texts_of_rows)


def _shares(read_table: ReadTable, column: Column, texts: Texts, marks: numbers.Marks, log: ProblemLog) -> Figures:
    scale = _scale(read_table, column, texts)
    if not scale:
        says = "heads shares from 0 to 1 without a % sign, which may be percentages or parts of one."
        log.header(read_table, column, "ambiguous_number", says, "Say which, or write them with the % sign.")
    return columns.shares_of(texts, marks, scale == "of one", scale == "whole percent")


def _scale(read_table: ReadTable, column: Column, texts: Texts) -> str:
    # How a column prints shares: with a % sign, above one, or as parts of one; blank where nothing says.
    if column.scale:
        return column.scale
    plain = []
    for text in texts.all():
        if any(sign in text for sign in "%٪％"):
            return "percent"
        try:
            plain.append(float(text.strip().replace(",", ".")))
        except ValueError:
            continue
    if above_one := [value for value in plain if value > 1]:
        return "whole percent" if all(value.is_integer() for value in above_one) else "percent"
    if not any(plain):
        return "percent"
    if any(kind == "percent" and column_index == column.index for (_, column_index), kind in read_table.table.sheet.kinds.items()):
        # A workbook stores 0.64 for the 64% that it shows.
        return "of one"
    return "" if meaning_of(column.header).is_percent else "of one"


def _look_behind(read_table: ReadTable, column: Column, values: Figures, is_share: np.ndarray | None) -> None:
    # Cells of a workbook whose text hides what they are.
    kinds = read_table.table.sheet.kinds
    if not kinds:
        return
    of_one = column.role == "share" and _scale(read_table, column, read_table.texts[column.index]) == "of one"
    at = {row: index for index, row in enumerate(read_table.rows.tolist())}
    for (sheet_row, index), kind in kinds.items():
        row = at.get(sheet_row)
        if index != column.index or row is None:
            continue
        text = read_table.table.sheet.text(sheet_row, index)
        if kind == "formula":
            values.set_wrong(row, "formula_without_value", "is a formula whose result was not saved with the file.")
        elif kind == "error":
            values.set_wrong(row, "error_cell", "is an error of the spreadsheet in place of a number.")
        elif kind == "date":
            says = "is a date where a number belongs; a spreadsheet may have made it of a band such as 1–10."
            values.set_wrong(row, "date_in_number", says)
        elif kind == "formatted":
            says = "is stored so, and its format shows it otherwise: with words or a sign, in thousands, struck out, or not at all."
            values.set_wrong(row, "bad_number", says)
        elif kind == "no_number":
            values.set_wrong(row, "bad_number", "is no number, though a program wrote it in place of one.")
        elif column.role == "share" or (not column.measure and is_share is not None and is_share[row]):
            _set_read(values, row, numbers.printed_share, text, numbers.ENGLISH, of_one or kind == "percent")
        elif kind == "percent":
            values.set_wrong(row, "bad_number", "is shown as a percentage, in a column that counts.")
        elif not float(text).is_integer():
            values.set_wrong(row, "not_whole", "is not a whole number, and a count must be one.")
        else:
            # 12.0, whose point is no mark of thousands, whatever the rest of its column may print.
            _set_read(values, row, numbers.printed_count, text, numbers.ENGLISH)


def _tell(read_table: ReadTable, column: Column, values: Figures, log: ProblemLog, left_out: np.ndarray) -> None:
    for row, (code, says) in values.wrong.items():
        if left_out[row]:
            continue
        fix = "Write every share of the column alike, such as 45.2%." if column.role == "share" and code == "ambiguous_number" else ""
        # A rate that is only held against its counts is not taken, damaged or not.
        log.cell(read_table, row, column.index, "warning" if column.rate_of else "error", code, says, fix)
    for row, warnings in values.warned.items():
        for code, says in warnings:
            log.cell(read_table, row, column.index, "warning", code, says)


def _set_read(values: Figures, row: int, read: Callable[..., numbers.Printed], *printed: object) -> None:
    try:
        value = read(*printed).value
    except numbers.NotANumber as wrong:
        values.set_wrong(row, wrong.code, wrong.says)
    else:
        values.set_value(row, value.low, value.high)


def _only(texts: Texts, keep: np.ndarray) -> Texts:
    used, codes = np.unique(texts.codes[keep], return_inverse=True)
    return Texts(texts.values.take(pa.array(used)), codes)


def _overlay(values: Figures, shares: Figures, at: np.ndarray) -> None:
    rows = np.flatnonzero(at)
    values.states[rows], values.lows[rows], values.highs[rows] = shares.state, shares.low, shares.high
    for reasons, others in ((values.wrong, shares.wrong), (values.warned, shares.warned)):
        for row in [row for row in reasons if at[row]]:
            del reasons[row]
        reasons |= {int(rows[row]): what for row, what in others.items()}


def _set_end_of_share(values: Figures, row: int, text: str) -> None:
    # The end of an interval of shares, such as our own downloads hold.
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if numbers.is_missing(text):
        values.set_nothing(row)
    elif 0 <= value <= 1:
        values.set_value(row, value, value)
    else:
        values.set_wrong(row, "percent_out_of_range", "is no end of a share from 0 to 1.")
