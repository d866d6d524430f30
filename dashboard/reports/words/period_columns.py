"""A column or a header of periods, settled as a whole and never cell by cell: by names, or by dates.

A label such as `2016 H2`, `1. Halbjahr 2020` or `2020年上半年` says all by itself. A date does not: end dates a constant distance apart
give the length of their periods, a single one does not; `01/02/2020` needs another cell that settles which number is the day.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from dashboard.model import periods
from dashboard.model.periods import Period
from dashboard.reports.words.periods import (
    day_first_of,
    day_of,
    is_date,
    is_month_end,
    is_part_of_year,
    label_of,
    mentions,
    numbered,
    pairs_of,
    part_of_year,
)


@dataclass
class PeriodColumn:
    """What a column's texts stand for: periods, or days where it holds dates; what is wrong with a text; and what must be asked."""

    periods: dict[str, Period] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    wrong: dict[str, tuple[str, str]] = field(default_factory=dict)
    question: tuple[str, str, str, str] | None = None
    """Which answer settles it (`day_first`, `first_month` or `period`), a code, words, and what to do."""


def column_of(
    texts: Iterable[str], first_month: int | None = None, fiscal: bool = False, day_first: bool | None = None, kind: str = ""
) -> PeriodColumn:
    """Read the different texts of a column. `fiscal`: its header says that its years are fiscal years; `kind`: half, quarter or month.

    `2017/1` and `2017/2` may be halves, quarters or months: where neither the header nor a higher number tells, it is a question.
    """
    texts = sorted({text for text in texts if text.strip()})
    labels = pairs_of(texts, first_month)
    labels |= {text: label_of(text, first_month, fiscal) for text in texts if text not in labels}
    labels = {text: label for text, label in labels.items() if label is not None}
    parts = {text: year_and_part for text in texts if (year_and_part := numbered(text))}
    if parts and kind:
        labels |= {text: label for text, (year, number) in parts.items() if (label := part_of_year(year, number, kind))}
    elif parts and max(int(number) for _, number in parts.values()) <= 4:
        return _question_of_parts(texts, labels, next(iter(parts)))
    dates = [text for text in texts if text not in labels and is_date(text)]
    return _labels(texts, labels) if len(labels) >= len(dates) else _dates(texts, dates, day_first)


def ended_by(days: dict[str, date], length: int | None = None) -> tuple[dict[str, Period], tuple[str, str, str, str] | None]:
    """Periods from their last days alone, or their first: a constant distance between them gives the length, a single one does not.

    `length` is that of all, in months, where it is known.
    """
    ends = all(is_month_end(day) for day in days.values())
    starts = all(day.day == 1 for day in days.values())
    if not ends and not starts:
        return {}, (
            "period",
            "ambiguous_period",
            "holds dates that are neither first nor last days of months, so they do not say which periods are meant.",
            "Say the period, or which column holds it.",
        )
    steps = sorted({day.year * 12 + day.month for day in days.values()})
    lengths = {later - earlier for earlier, later in itertools.pairwise(steps)}
    if length is None and len(lengths) != 1:
        return {}, (
            "period",
            "ambiguous_period",
            "holds dates that are not a constant distance apart, so they do not give the length of their periods."
            if lengths
            else "holds a single date, which does not say how long its period is.",
            "Say the period, or add a column with its first day.",
        )
    length = length or lengths.pop()
    if ends:
        return {text: periods.ending(day, length) for text, day in days.items()}, None
    return {text: periods.starting(day, length) for text, day in days.items()}, None


def in_half_years(read: PeriodColumn) -> PeriodColumn:
    """A column that holds half-years only, by name or by their first or last days; whatever else it names is wrong."""
    halves = {text: periods.half(day.year, 1 + (day.month > 6)) for text, day in read.days.items()}
    named = {text: period for text, period in read.periods.items() if period.months == 6}
    named |= {text: half for text, half in halves.items() if read.days[text] in (half.start, half.end)}
    says = "is neither a half-year nor the first or last day of one."
    wrong = {text: ("bad_period", says) for text in (*read.days, *read.periods) if text not in named}
    return PeriodColumn(named, wrong=read.wrong | wrong, question=read.question)


def periods_of_heads(heads: Iterable[str], year: str, day_first: bool | None) -> dict[str, tuple[Period, str]]:
    """The periods of headers by their texts, each with its other words; `year` is the one that stands above, or was said, if it is one."""
    of_year = {text: named for text in heads if (named := part_within(text, year))} if year.isdigit() else {}
    days = column_of((text for text in heads if is_date(text)), day_first=day_first).days
    return of_year | {text: (period, "") for text, period in (ended_by(days)[0] if len(days) > 1 else {}).items()}


def part_within(text: str, year: str) -> tuple[Period, str] | None:
    """The part of a year that a header names, and its other words: “H1”, “H1 requests”, “Requests (Jan – Jun)”; None where it names none."""
    bracket = re.search(r"\(([^()]+)\)", text)
    digits = re.search(r"(?<!\w)(?:[^\W\d_]\d|\d[^\W\d_])(?!\w)", text)
    for name, piece in ((text, text), *((match[match.lastindex or 0], match[0]) for match in (bracket, digits) if match)):
        if not mentions(text) and is_part_of_year(name) and (period := part_of_year(year, name, "")):
            return period, text.replace(piece, " ").strip()
    return None


def with_whole_periods(parts: list[str]) -> list[str]:
    """The rows of a header with one period in place of a year above the number of its half."""
    if len(parts) < 2 or not re.fullmatch(r"(?:19|20)\d{2}", parts[0]) or part_of_year(parts[0], parts[1], "") is None:
        return parts
    return [f"{parts[1]} {parts[0]}", *parts[2:]]


def _labels(texts: list[str], labels: dict[str, Period | str]) -> PeriodColumn:
    column = PeriodColumn()
    column.periods = {text: label for text, label in labels.items() if isinstance(label, Period)}
    column.wrong = {text: ("bad_period", "names no period that we know.") for text in texts if text not in labels}
    unknown = next((text for text, label in labels.items() if not isinstance(label, Period)), None)
    if unknown is not None:
        column.question = (
            "first_month",
            "ambiguous_period",
            f"holds “{unknown}”, which may name a fiscal year, and nothing says in which month it begins.",
            "Say the first month of the fiscal year; 1 if it is the calendar year.",
        )
    return column


def _dates(texts: list[str], dates: list[str], day_first: bool | None) -> PeriodColumn:
    column = PeriodColumn()
    column.wrong = {text: ("bad_period", "is no date, unlike the rest of its column.") for text in texts if text not in dates}
    if day_first is None:
        day_first = day_first_of(dates)
    doubtful = next((text for text in dates if day_of(text, True) != day_of(text, False)), None)
    if day_first is None and doubtful is not None:
        column.question = (
            "day_first",
            "ambiguous_date",
            f"holds “{doubtful}”, which may have the day or the month first, and no other date settles it.",
            "Say whether the day comes first, or write the dates like 2016-01-31.",
        )
        return column
    for text in dates:
        day = day_of(text, bool(day_first))
        if day is None:
            column.wrong[text] = ("bad_period", "is no date, if its column has the day " + ("first." if day_first else "second."))
        else:
            column.days[text] = day
    return column


def _question_of_parts(texts: list[str], labels: dict[str, Period | str], example: str) -> PeriodColumn:
    column = _labels([text for text in texts if not numbered(text)], labels)
    column.question = (
        "period",
        "ambiguous_period",
        f"holds “{example}”, which may be the half, the quarter or the month of a year, and nothing says which.",
        "Write the periods like 2017 H1, 2017 Q1 or 2017-01, or name the column Half-year, Quarter or Month.",
    )
    return column
