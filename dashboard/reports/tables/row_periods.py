"""For which period each row of a table stands: from one column, from first and last days, or from a year and its part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from dashboard.model.periods import Period
from dashboard.reports.tables.columns import Texts
from dashboard.reports.tables.roles import WHEN, Answers, Column
from dashboard.reports.words import period_columns
from dashboard.reports.words import periods as printed_periods
from dashboard.reports.words.headers import meaning_of
from dashboard.reports.words.period_columns import PeriodColumn

NOWHERE, BLANK = -1, -2
"""A row whose period cannot be read, and one where none is given."""


@dataclass
class RowPeriods:
    """The periods of a table's rows: a number for each row into `periods`, or why there is none.

    `wrong` tells by row which column is at fault, as its place, a code and words; `questions` are about a whole column.
    """

    rows: np.ndarray
    periods: list[Period] = field(default_factory=list)
    wrong: dict[int, tuple[int, str, str]] = field(default_factory=dict)
    questions: list[tuple[Column, str, str, str, str]] = field(default_factory=list)


def row_periods_of(columns: list[Column], texts: dict[int, Texts], answers: Answers) -> RowPeriods | None:
    """The periods of the rows, by the columns that hold them; None where no column does."""
    by_role = {column.role: column for column in columns if column.role in WHEN}
    last = by_role.get("period_end") or by_role.get("period_until")
    if "period_start" in by_role and last:
        between = _between(by_role["period_start"], last, texts, answers)
        if "period" in by_role and not between.questions:
            _compare(between, _alone(by_role["period"], texts, answers), by_role["period"])
        return between
    for role in ("period", "period_end", "period_start"):
        if role in by_role:
            if role == "period" and "year" in by_role and not texts[by_role[role].index].share_that(_has_year):
                return _in_year(by_role["year"], by_role[role], texts, answers)
            between = _alone(by_role[role], texts, answers)
            if role == "period" and "year" in by_role and not between.questions:
                _compare_years(between, by_role["year"], texts[by_role["year"].index])
            return between
    if "year" in by_role:
        part_column = next((by_role[role] for role in ("half", "quarter", "month") if role in by_role), None)
        return _in_year(by_role["year"], part_column, texts, answers) if part_column else _alone(by_role["year"], texts, answers)
    return None


_MONTHS = {"half": 6, "quarter": 3, "month": 1}


def _has_year(text: str) -> bool:
    return printed_periods.label_of(text) is not None or printed_periods.day_of(text) is not None


def _read(column: Column, texts: Texts, answers: Answers) -> PeriodColumn:
    fiscal = meaning_of(column.header).role == "fiscal_year"
    return period_columns.column_of(texts.all(), answers.first_month, fiscal, answers.day_first, column.scale)


def _alone(column: Column, texts: dict[int, Texts], answers: Answers) -> RowPeriods:
    read = _read(column, texts[column.index], answers)
    if column.scale == "half-years":
        read = period_columns.in_half_years(read)
    question = read.question
    explained = {text: printed_periods.label_of(f"{column.header} {text}") for text in read.days}
    if read.days and all(isinstance(period, Period) for period in explained.values()):
        # “Year ended” above 30 June 2020.
        return _by_text(column, texts[column.index], read.periods | explained, read.wrong)
    if read.days and not question:
        read.periods, question = period_columns.ended_by(read.days, _MONTHS.get(column.scale))
        if question and answers.period and set(read.days.values()) <= {answers.period.start, answers.period.end}:
            read.periods, question = dict.fromkeys(read.days, answers.period), None
    if question:
        return _without_periods(texts[column.index], (column, *question))
    return _by_text(column, texts[column.index], read.periods, read.wrong)


def _without_periods(texts: Texts, *questions: tuple[Column, str, str, str, str]) -> RowPeriods:
    return RowPeriods(np.full(len(texts.codes), NOWHERE), questions=list(questions))


def _by_text(column: Column, texts: Texts, periods: dict[str, Period], wrong: dict[str, tuple[str, str]]) -> RowPeriods:
    listed = sorted(set(periods.values()))
    number = {period: index for index, period in enumerate(listed)}
    values = texts.all()
    of_value = np.array(
        [number[periods[text]] if text in periods else NOWHERE if text.strip() else BLANK for text in values], dtype=np.int64
    )
    when = RowPeriods(of_value[texts.codes] if len(values) else np.full(len(texts.codes), BLANK), listed)
    if wrong:
        for row in np.flatnonzero(texts.where(wrong.__contains__)).tolist():
            when.wrong[row] = (column.index, *wrong[texts.of_row(row)])
    return when


def _between(start: Column, end: Column, texts: dict[int, Texts], answers: Answers) -> RowPeriods:
    # One hand wrote both columns: a date that settles the order of day and month in one settles it in the other.
    together = printed_periods.day_first_of([text for column in (start, end) for text in texts[column.index].all()])
    if answers.day_first is None and together is not None:
        answers = replace(answers, day_first=together)
    read = [(column, texts[column.index], _read(column, texts[column.index], answers)) for column in (start, end)]
    questions = [(column, *column_periods.question) for column, _, column_periods in read if column_periods.question]
    if questions:
        return _without_periods(texts[start.index], *questions)
    # A first day may also be printed as a month, which begins with it.
    ends: list[dict[str, date]] = [
        column_periods.days | {text: period.start if column is start else period.end for text, period in column_periods.periods.items()}
        for column, _, column_periods in read
    ]
    if end.role == "period_until":
        ends[1] = {text: day - timedelta(days=1) for text, day in ends[1].items()}
    elif set(ends[0].values()) != set(ends[1].values()) and all(days and all(day.day == 1 for day in days.values()) for days in ends):
        says = "holds first days of months only, as does the column of first days, so each period may end on the day before."
        fix = "Say that it holds the day after the last day of the period, or write the last days."
        return _without_periods(texts[end.index], (end, f"column:{end.key}", "ambiguous_period", says, fix))

    def read_pair(*printed: str) -> Period | tuple[int, str, str]:
        days = [known.get(text) for known, text in zip(ends, printed, strict=True)]
        if None in days:
            column, _, column_periods = read[days.index(None)]
            says = "is no day, where the other end of the period is one."
            return column.index, *(column_periods.wrong.get(printed[days.index(None)]) or ("bad_period", says))
        if days[0] > days[1]:
            return end.index, "period_reversed", f"lies before the first day of its period, {printed[0].strip()}."
        if days[0] < days[1] and days[0].day == days[1].day == 1:
            return end.index, "ambiguous_period", "is the first day of a month, so the period may end on the day before."
        return Period(*days)

    return _by_pairs(texts[start.index], texts[end.index], read_pair)


def _by_pairs(first: Texts, last: Texts, read_pair: Callable[[str, str], Period | tuple[int, str, str]]) -> RowPeriods:
    # The periods of two columns, each different pair of texts read once: into a period, or into what is wrong with one of its cells.
    pairs = first.codes.astype(np.int64) * max(len(last.values), 1) + last.codes
    different, row_of, inverse = np.unique(pairs, return_index=True, return_inverse=True)
    number: dict[Period, int] = {}
    of_pair = np.full(len(different), NOWHERE)
    wrong: dict[int, tuple[int, str, str]] = {}
    for index, row in enumerate(row_of.tolist()):
        printed = first.of_row(row), last.of_row(row)
        if not any(text.strip() for text in printed):
            of_pair[index] = BLANK
        elif isinstance(period := read_pair(*printed), Period):
            of_pair[index] = number.setdefault(period, len(number))
        else:
            wrong[index] = period
    when = RowPeriods(of_pair[inverse], list(number))
    for row in np.flatnonzero(np.isin(inverse, list(wrong))).tolist() if wrong else ():
        when.wrong[row] = wrong[int(inverse[row])]
    return when


def _in_year(year: Column, part_column: Column, texts: dict[int, Texts], answers: Answers) -> RowPeriods:
    if meaning_of(year.header).role == "fiscal_year" or answers.first_month not in (None, 1):
        says = "heads fiscal years beside parts of years, and the two cannot be put together here."
        fix = "Write the periods in one column, such as 2019-07-01 – 2019-12-31."
        return _without_periods(texts[year.index], (year, "fiscal_parts", "ambiguous_period", says, fix))

    def read_pair(printed: str, of_year: str) -> Period | tuple[int, str, str]:
        is_whole = printed.strip() and of_year.strip()
        period = printed_periods.part_of_year(printed, of_year, part_column.role) if is_whole else None
        return period or (part_column.index, "bad_period", f"names no {part_column.role} of the year “{printed.strip()}”.")

    return _by_pairs(texts[year.index], texts[part_column.index], read_pair)


def _compare_years(row_periods: RowPeriods, column: Column, texts: Texts) -> None:
    # The year beside a whole period must be one of its years.
    for row in np.flatnonzero(row_periods.rows >= 0).tolist():
        period = row_periods.periods[row_periods.rows[row]]
        text = texts.of_row(row).strip()
        if text.isdigit() and not period.start.year <= int(text) <= period.end.year:
            row_periods.wrong[row] = (column.index, "ambiguous_period", f"is the year beside {period}, in which it does not lie.")
            row_periods.rows[row] = NOWHERE


def _compare(row_periods: RowPeriods, label: RowPeriods, column: Column) -> None:
    # The period printed as a name must be the one between its first and last day.
    if label.questions or not row_periods.periods or not label.periods:
        return
    for row, problem in label.wrong.items():
        row_periods.wrong.setdefault(row, problem)
        row_periods.rows[row] = NOWHERE
    both = (row_periods.rows >= 0) & (label.rows >= 0)
    pairs = np.stack([row_periods.rows, label.rows])[:, both]
    for row, (days, name) in zip(np.flatnonzero(both).tolist(), pairs.T.tolist(), strict=True):
        if row_periods.periods[days] != label.periods[name]:
            row_periods.wrong[row] = (
                column.index,
                "ambiguous_period",
                f"names {label.periods[name]}, and its first and last day make {row_periods.periods[days]}.",
            )
            row_periods.rows[row] = NOWHERE
