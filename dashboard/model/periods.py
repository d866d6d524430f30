"""Reporting periods: two inclusive dates. A half-year is native; 18 months, a quarter or a year are as good."""

from __future__ import annotations

import calendar
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

DAYS_A_YEAR = 365
"""Days to which a rate per year refers where a period is no whole number of months."""
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `start` to `end`, both days included."""

    start: date
    end: date

    def __post_init__(self):
        if self.start > self.end:
            raise ValueError(f"the period starts on {self.start}, after its end on {self.end}")

    @classmethod
    def of(cls, row: Any) -> Period:
        """The period of a row of a table, a Series or a tuple with names."""
        return cls(row.period_start.date(), row.period_end.date())

    @classmethod
    def over(cls, rows: Any) -> Period:
        """From the first day of the rows of a table to their last."""
        return cls(rows["period_start"].min().date(), rows["period_end"].max().date())

    @property
    def days(self) -> int:
        """Number of days, both ends included."""
        return (self.end - self.start).days + 1

    @property
    def months(self) -> int | None:
        """Number of whole calendar months; None where the period does not consist of whole months."""
        if self.start.day != 1 or self.end.day != calendar.monthrange(self.end.year, self.end.month)[1]:
            return None
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    @property
    def years(self) -> float:
        """Length in years: months over 12, or days over 365 where the months are not whole."""
        return self.months / MONTHS_A_YEAR if self.months else self.days / DAYS_A_YEAR

    def overlaps(self, other: Period) -> bool:
        """Whether some day lies in both."""
        return self.start <= other.end and other.start <= self.end

    def __contains__(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    def __str__(self) -> str:
        return label(self)


def half(year: int, number: int) -> Period:
    """Half-year 1 (January to June) or 2 (July to December)."""
    return Period(date(year, 1, 1), date(year, 6, 30)) if number == 1 else Period(date(year, 7, 1), date(year, 12, 31))


def year(number: int) -> Period:
    """A calendar year."""
    return Period(date(number, 1, 1), date(number, 12, 31))


def years(span: Period) -> list[Period]:
    """The calendar years into which a period reaches."""
    return [year(number) for number in range(span.start.year, span.end.year + 1)]


def months(first_year: int, first_month: int, last_year: int, last_month: int) -> Period:
    """Whole months, from the first day of the first to the last day of the last."""
    last_day = calendar.monthrange(last_year, last_month)[1]
    return Period(date(first_year, first_month, 1), date(last_year, last_month, last_day))


def ending(end: date, length_in_months: int) -> Period:
    """The period of so many whole months that ends with the month of `end`."""
    first = end.year * 12 + end.month - length_in_months
    return months(first // 12, first % 12 + 1, end.year, end.month)


def starting(start: date, length_in_months: int) -> Period:
    """The period of so many whole months that begins with the month of `start`."""
    last = start.year * 12 + start.month + length_in_months - 2
    return months(start.year, start.month, last // 12, last % 12 + 1)


def label(period: Period) -> str:
    """How a period is shown: `2016 H1`, `2016`, `2019 Q3`, `May 2021`, `Oct 2014 – Mar 2016`."""
    start, end = period.start, period.end
    count = period.months
    if count is None:
        return f"{start.isoformat()} – {end.isoformat()}"
    if count == 12 and start.month == 1:
        return str(start.year)
    if count == 6 and start.month in (1, 7):
        return f"{start.year} H{1 if start.month == 1 else 2}"
    if count == 3 and start.month % 3 == 1:
        return f"{start.year} Q{start.month // 3 + 1}"
    if count == 1:
        return f"{_ABBREVIATIONS[start.month - 1]} {start.year}"
    if count % 12 == 0 and start.month == 1:
        return f"{start.year} – {end.year}"
    return f"{_ABBREVIATIONS[start.month - 1]} {start.year} – {_ABBREVIATIONS[end.month - 1]} {end.year}"


def day_label(day: date | str) -> str:
    """How a day or a month is shown, `3 May 2021` or `May 2021`, from itself or from its ISO text; a text that is neither stays as it is."""
    if not isinstance(day, str):
        return f"{day:%-d %B %Y}"
    for form, shown in (("%Y-%m-%d", "%-d %B %Y"), ("%Y-%m", "%B %Y")):
        with suppress(ValueError):
            return f"{datetime.strptime(day, form):{shown}}"
    return day


def parse(text: str) -> Period | None:
    """The period a text names in any of the usual ways; None where it names none or leaves a doubt.

    A single date names the half-year that it ends (30 June or 31 December) and nothing else.
    """
    text = re.sub(r"\s+", " ", text.strip().lower().translate(_DASHES).replace("_", " "))
    for pattern, build in _FORMS:
        if match := re.fullmatch(pattern, text):
            try:
                return build(match)
            except ValueError:
                return None
    day = parse_date(text)
    if day and (day.month, day.day) in ((6, 30), (12, 31)):
        return ending(day, 6)
    return None


def find(text: str) -> Period | None:
    """The period named inside a longer text such as a file name or a title; None unless exactly one is named."""
    text = re.sub(r"[\s_]+", " ", text.lower().translate(_DASHES))
    periods = {period for pattern in _INSIDE for match in re.finditer(pattern, text) if (period := parse(match.group().strip()))}
    return periods.pop() if len(periods) == 1 else None


def parse_date(text: str, day_first: bool = False) -> date | None:
    """A date written `2020-06-30`, `20200630`, `6/30/2020`, `6/30/20`; day before month where so settled."""
    text = text.strip()
    iso = r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t]00:00(?::00)?)?"
    if match := re.fullmatch(iso, text.lower()) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text):
        parts = match.groups()
    elif match := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})", text):
        first, second, years = match.groups()
        if len(years) == 2:
            years = f"20{years}"
        parts = (years, second, first) if day_first else (years, first, second)
    else:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def is_day_first(texts: list[str]) -> bool | None:
    """Whether a column of slashed dates has the day first: one cell such as `31/12` settles it; None if none does."""
    day_first = any(parse_date(text) is None and parse_date(text, day_first=True) for text in texts)
    month_first = any(parse_date(text, day_first=True) is None and parse_date(text) for text in texts)
    if day_first == month_first:
        return None
    return day_first


_DASHES = str.maketrans({"–": "-", "—": "-", "‑": "-", "−": "-"})
_ABBREVIATIONS = tuple(calendar.month_abbr[1:])
_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}
_MONTHS |= {"sept": 9}
_MONTH = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"((?:19|20)\d{2})"
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}


def _quarter(years: str, number: str) -> Period:
    last = int(number) * 3
    return months(int(years), last - 2, int(years), last)


def _month_range(first: str, first_year: str | None, last: str, last_year: str) -> Period:
    return months(int(first_year or last_year), _MONTHS[first], int(last_year), _MONTHS[last])


_FORMS = (
    (rf"{_YEAR}[ -]?[hs]([12])", lambda m: half(int(m[1]), int(m[2]))),
    (rf"[hs]([12])[ -]?{_YEAR}", lambda m: half(int(m[2]), int(m[1]))),
    (r"[hs]([12])[ -](\d{2})", lambda m: half(2000 + int(m[2]), int(m[1]))),
    (rf"(first|second|1st|2nd) half(?: of)? {_YEAR}", lambda m: half(int(m[2]), _ORDINALS[m[1]])),
    (rf"{_YEAR}[ -]?q([1-4])", lambda m: _quarter(m[1], m[2])),
    (rf"q([1-4])[ -]?{_YEAR}", lambda m: _quarter(m[2], m[1])),
    (rf"(first|second|third|fourth|1st|2nd|3rd|4th) quarter(?: of)? {_YEAR}", lambda m: _quarter(m[2], _ORDINALS[m[1]])),
    (rf"{_MONTH}(?: {_YEAR})? ?(?:-|to|through) ?{_MONTH}[ -]{_YEAR}", lambda m: _month_range(m[1], m[2], m[3], m[4])),
    (rf"{_YEAR} {_MONTH} ?(?:-|to) ?{_MONTH}", lambda m: _month_range(m[2], None, m[3], m[1])),
    (rf"{_MONTH} {_YEAR}", lambda m: months(int(m[2]), _MONTHS[m[1]], int(m[2]), _MONTHS[m[1]])),
    (rf"{_YEAR}-(\d{{2}})", lambda m: months(int(m[1]), int(m[2]), int(m[1]), int(m[2]))),
    (rf"(?:cy ?|calendar year )?{_YEAR}", lambda m: year(int(m[1]))),
    (rf"{_YEAR} ?- ?{_YEAR}", lambda m: months(int(m[1]), 1, int(m[2]), 12)),
    (
        r"(\d{4}-\d{2}-\d{2}) ?(?:/|-|to) ?(\d{4}-\d{2}-\d{2})",
        lambda m: Period(date.fromisoformat(m[1]), date.fromisoformat(m[2])),
    ),
)
_INSIDE = (
    rf"(?<!\d){_YEAR}[ -]?[hs][12](?!\d)",
    rf"(?<![a-z])[hs][12][ -]?(?:{_YEAR}|\d{{2}})(?!\d)",
    rf"(?<![a-z]){_MONTH}(?: {_YEAR})? ?(?:-|to|through) ?{_MONTH}[ -]{_YEAR}(?!\d)",
    rf"(?:first|second|1st|2nd) half(?: of)? {_YEAR}",
)
