"""The times that a sentence speaks of: days, ranges of days, months, halves, years, and mere lengths such as 18 months."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dashboard.model.periods import MONTHS_A_YEAR, Period, ending, half, months
from dashboard.reports.words.periods import day_of, mentions_at
from dashboard.statements.lexicon import SMALL_NUMBERS, Mention, Role, blanked, form, forms, values


@dataclass(frozen=True)
class TimeSpan:
    """Days that a sentence speaks of; an open end has no date, and a mere length (18 months) has neither.

    `years` are single years named side by side (in 2019 and 2020), each for itself. `relative` counts years back from the period
    beside it (the year before); beside days it says from how many years before their end a change is meant (the five years to 2021).
    `ends` are the two times of a range whose ends are shorter than years (from H1 2019 to H1 2020).
    """

    start: date | None = None
    end: date | None = None
    months: int | None = None
    years: tuple[int, ...] = ()
    relative: int = 0
    ends: tuple[TimeSpan, ...] = ()


def periods_in(text: str) -> list[Mention]:
    """The times in a text, in its order; numbers of laws and addresses are among them as `Role.NEUTRAL`, so that they are no figures."""
    mentions = _by_forms(text, "times_first")
    for match in form("both_halves").finditer(blanked(text, mentions)):
        halves = [half(int(match["year"]), number) for number in (1, 2)]
        mentions += [Mention(Role.PERIOD, TimeSpan(one.start, one.end), *match.span(i)) for i, one in enumerate(halves, 1)]
    free = form("edges").sub(lambda match: " " * (len(match[0]) - 1) + match[0][-1], blanked(text, mentions))
    days = _by_forms(free, "times_day")
    for mention in sorted([*_published_forms(free), *days], key=lambda mention: mention.start - mention.end):
        if "\x00" not in free[mention.start : mention.end]:
            mentions.append(mention)
            free = blanked(free, [mention])
    edges = [Mention(Role.NEUTRAL, None, *match.span()) for match in form("edges").finditer(text)]
    mentions += _other_halves(free, mentions)
    mentions += _by_forms(blanked(text, mentions), "times_then")
    mentions += _other_halves(blanked(text, mentions), mentions)
    return sorted([*mentions, *edges], key=lambda mention: mention.start)


def _other_halves(free: str, mentions: list[Mention]) -> list[Mention]:
    """The second half, without a year of its own, after a half-year or a year: that of the same year."""
    spans = [mention for mention in mentions if mention.role is Role.PERIOD and mention.value.start and mention.value.end]
    others = []
    for match in form("other_half").finditer(free):
        before = max((mention for mention in spans if mention.end <= match.start()), key=lambda mention: mention.end, default=None)
        months = before.value.start.year == before.value.end.year and Period(before.value.start, before.value.end).months if before else 0
        if months == 6 or (months == 12 and not match["year"]):
            is_second = before.value.start.month > 6 if match["year"] else match["second"]
            span = half(int(match["year"] or before.value.start.year), 2 if is_second else 1)
            others.append(Mention(Role.PERIOD, TimeSpan(span.start, span.end), *match.span()))
    return others


def _by_forms(text: str, table: str) -> list[Mention]:
    mentions: list[Mention] = []
    for pattern, entry in forms(table):
        taken: list[Mention] = []
        for match in pattern.finditer(text):
            try:
                value = _BUILD[entry["is"]](match)
            except (ValueError, OverflowError):
                value = "unknown"
            if isinstance(value, TimeSpan):
                role = Role.PERIOD if value.start or value.years or value.relative else Role.LENGTH
                taken.append(Mention(role, value, match.end() - len(match[0].lstrip()), match.end()))
            elif value is None:
                taken.append(Mention(Role.NEUTRAL, None, *match.span()))
        mentions += taken
        text = blanked(text, taken)
    return mentions


_Build = Callable[[re.Match], object]


def _years(first: str, last: str) -> TimeSpan | str:
    if int(first) > int(last):
        return "unknown"
    return _span(months(int(first), 1, int(last), 12))


def _span(period: Period | None) -> TimeSpan | str:
    return TimeSpan(period.start, period.end) if period else "unknown"


def _length(match: re.Match) -> TimeSpan | str:
    count_word = (match["count"] or "one").lower()
    count = int(count_word) if count_word.isdigit() else sum(SMALL_NUMBERS.get(word, 1) for word in count_word.split("-"))
    in_months = count * values("lengths").get(match["unit"].lower(), 0)
    return TimeSpan(None, None, in_months) if in_months else "unknown"


def _day(text: str) -> date | None:
    """The day that a text names; None where day and month could change places."""
    days = {day_of(text, day_first) for day_first in (False, True)} - {None}
    return days.pop() if len(days) == 1 else None


def _whole_day(match: re.Match) -> TimeSpan | str:
    day = _day(match["day"])
    return TimeSpan(day, day) if day else "unknown"


def _from_a_day(match: re.Match) -> TimeSpan | str:
    """So many months up to a day or the end of a month, or from a day or the beginning of a month on."""
    text, length = re.sub(r"^.* of ", "", match["day"]) if not _day(match["day"]) else match["day"], _length(match)
    month = next((period for period, *_ in mentions_at(text) if period.months == 1), None)
    day = _day(text) or (month and (month.end if match["ends"] else month.start))
    if day is None or length == "unknown":
        return "unknown"
    if match["ends"]:
        return _ending(day, length.months)
    last = day.replace(year=day.year + (day.month - 1 + length.months) // 12, month=(day.month - 1 + length.months) % 12 + 1)
    return TimeSpan(day, last - timedelta(days=1))


def _to_the_end(match: re.Match) -> TimeSpan | str:
    first = date(int(match["mid"]), 7, 1) if match["mid"] else day_of(f"1 {match['month']} {match['y']}")
    last = date(int(match["y"]), MONTHS_A_YEAR, 31)
    return TimeSpan(first, last) if first and first < last else "unknown"


def _days_of_one_year(match: re.Match) -> TimeSpan | str:
    """Two days of which only the last has the year (1/1–6/30/2021), day and month in the one order that makes days of both."""
    pairs = {tuple(day_of(match[name] + match["y"], day_first) for name in ("first", "last")) for day_first in (False, True)}
    days = [pair for pair in pairs if None not in pair and pair[0] < pair[1]]
    return TimeSpan(*days[0]) if len(days) == 1 else "unknown"


def _ending(day: date, length: int) -> TimeSpan | str:
    """So many months up to a day; a change in several years is one from as many years before."""
    span = _span(ending(day, length))
    return replace(span, relative=length // MONTHS_A_YEAR) if span != "unknown" and length > MONTHS_A_YEAR else span


def _years_to(match: re.Match) -> TimeSpan | str:
    length = _length(match)
    return _ending(date(int(match["y"]), MONTHS_A_YEAR, 31), length.months) if length != "unknown" else length


def _years_away(match: re.Match) -> TimeSpan | str:
    length = _length(match)
    return TimeSpan(relative=length.months // MONTHS_A_YEAR) if length != "unknown" and length.months % MONTHS_A_YEAR == 0 else "unknown"


def _published_forms(text: str) -> Iterable[Mention]:
    """Halves, quarters, months and ranges of days, read as in a report; years alone are left to the forms of sentences."""
    for period, start, end in mentions_at(text):
        words = text[start:end]
        is_year = period.months == MONTHS_A_YEAR and re.fullmatch(r"(?:[^\W\d]+[ -]){0,2}\d{4}年?(?: [^\W\d]+)*", words)
        # In “out 20 requests” and “May 20” no year is named.
        if not is_year and not re.fullmatch(r"[^\W\d]+\.?[ -]\d\d", words):
            is_open = form("since").search(text, 0, start)
            yield Mention(Role.PERIOD, TimeSpan(period.start, None if is_open else period.end, ends=_ends(words)), start, end)


def _ends(words: str) -> tuple[TimeSpan, ...]:
    ends = [[period for period, *_ in mentions_at(one)] for one in form("joined").split(words)]
    is_range = [len(one) for one in ends] == [1, 1] and ends[0][0].months == ends[1][0].months != MONTHS_A_YEAR
    return tuple(TimeSpan(one.start, one.end) for (one,) in ends) if is_range else ()


def _quarters(year: int, count: int, is_first: bool) -> TimeSpan | str:
    return _span(months(year, 1, year, 3 * count) if is_first else months(year, 13 - 3 * count, year, 12))


def _listed(match: re.Match) -> TimeSpan | str:
    years = tuple(int(year) for year in _YEAR.findall(match[0]))
    return TimeSpan(years=years) if list(years) == sorted(set(years)) else "unknown"


def _year(match: re.Match) -> int:
    return int(_YEAR.search(match[0])[0])


def _all_years(match: re.Match) -> TimeSpan | str:
    named = _YEAR.findall(match[0])
    return _years(named[0], named[-1])


_YEAR = re.compile(r"(?:19|20)\d\d")
_BUILD: dict[str, _Build] = {
    "nothing": lambda match: None,
    "months from or to a day": _from_a_day,
    "years to": _years_to,
    "half": lambda match: _span(half(_year(match), 1 if match["first"] else 2)),
    "quarters": lambda match: _quarters(_year(match), SMALL_NUMBERS[match["count"].lower()], match["first"] is not None),
    "to the end": _to_the_end,
    "days of one year": _days_of_one_year,
    "fiscal year": lambda match: _span(months(_year(match) - 1, 10, _year(match), 9)),
    "day": _whole_day,
    "years": _all_years,
    "short years": lambda match: _years(match[1], match[1][:2] + match[2]),
    "two years": lambda match: _years(match[1], match[2]) if int(match[2]) == int(match[1]) + 1 else "unknown",
    "since": lambda match: TimeSpan(date(_year(match), 1, 1), None),
    "each year": _listed,
    "years before": _years_away,
    "year before": lambda match: TimeSpan(relative=1),
    "year after": lambda match: TimeSpan(relative=-1),
    "length": _length,
}
"""What the time forms of `forms.toml` make of a match; “nothing” is neither a time nor a figure."""
