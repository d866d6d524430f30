"""The times that a sentence speaks of: days, ranges of days, months, halves, years, and mere lengths such as 18 months."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dashboard.model.periods import Period, ending, half, months
from dashboard.reports.words.periods import day_of, mentions_at
from dashboard.statements.lexicon import SMALL_NUMBERS, Mention, Role, blanked


@dataclass(frozen=True)
class TimeSpan:
    """Days that a sentence speaks of; an open end has no date, and a mere length (18 months) has neither.

    `years` are single years named side by side (in 2019 and 2020), each for itself. `relative` counts years back from the period
    beside it (the year before); beside days it says from how many years before their end a change is meant (the five years to 2021).
    """

    start: date | None = None
    end: date | None = None
    months: int | None = None
    years: tuple[int, ...] = ()
    relative: int = 0


def periods_in(text: str) -> list[Mention]:
    """The times in a text, in its order; numbers of laws and addresses are among them as `Role.NEUTRAL`, so that they are no figures."""
    mentions = _by_forms(text, _FIRST_FORMS)
    for match in _BOTH_HALVES.finditer(blanked(text, mentions)):
        halves = [half(int(match["year"]), part) for part in (1, 2)]
        mentions += [Mention(Role.PERIOD, TimeSpan(one.start, one.end), *match.span(i)) for i, one in enumerate(halves, 1)]
    free = _EDGES.sub(lambda match: " " * (len(match[0]) - 1) + match[0][-1], blanked(text, mentions))
    days = _by_forms(free, _DAY_FORMS)
    for mention in sorted([*_published_forms(free), *days], key=lambda mention: mention.start - mention.end):
        if "\x00" not in free[mention.start : mention.end]:
            mentions.append(mention)
            free = blanked(free, [mention])
    edges = [Mention(Role.NEUTRAL, None, *match.span()) for match in _EDGES.finditer(text)]
    mentions += _other_halves(free, mentions)
    return sorted([*mentions, *_by_forms(blanked(text, mentions), _FORMS), *edges], key=lambda mention: mention.start)


def _other_halves(free: str, mentions: list[Mention]) -> list[Mention]:
    """The second half, without a year of its own, after a half-year: that of the same year."""
    halves = [mention for mention in mentions if mention.role is Role.PERIOD and mention.value.start and mention.value.end]
    others = []
    for match in _OTHER_HALF.finditer(free):
        before = [mention.value for mention in halves if mention.end <= match.start()][-1:]
        if before and before[0].start.year == before[0].end.year and Period(before[0].start, before[0].end).months == 6:
            is_second = before[0].start.month > 6 if match["year"] else match["second"]
            span = half(int(match["year"] or before[0].start.year), 2 if is_second else 1)
            others.append(Mention(Role.PERIOD, TimeSpan(span.start, span.end), *match.span()))
    return others


def _by_forms(text: str, forms: Iterable[tuple[re.Pattern, _Build]]) -> list[Mention]:
    mentions: list[Mention] = []
    for pattern, build in forms:
        taken: list[Mention] = []
        for match in pattern.finditer(text):
            try:
                value = build(match)
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


_EDGES = re.compile(
    r"(?<=\bfrom )(?:the )?(?:start|beginning) of (?=.{4,40}\bend of )|(?<=\bbetween )(?:the )?(?:start|beginning) of (?=.{4,40}\bend of )"
    r"|\b(?:the|le|el|dem|den) (?=\d{1,2}(?:st|nd|rd|th|er|\.)?(?: de)? [^\W\d])|(?<=\d(?:st|nd|rd|th) )of (?=[A-Z])|(?<=\d{4}), (?=(?:to|through|until) )|(?<= to )(?:the )?end of |(?<= until )(?:the )?end of |(?<= through )(?:the )?end of ",
    re.IGNORECASE,
)
"""Which end of a time is meant, where it is the outer one of a range."""
_Build = Callable[[re.Match], object]
_OTHER_HALF = re.compile(
    r"(?:\b(?:in|during|for|im|in der|au|en el|en la) |(?<=\bfrom )|(?<=\bover )|(?<=\bon ))(?:the )?(?:(?P<second>second|latter|zweiten|second|segundo|segunda)|first|ersten?|premier|primer|primera)"
    r"(?: (?:half|six months|Halbjahr|Hälfte|semestre|mitad)(?: of (?:that|the same) year)?|(?=[.,;)]|$| and\b))"
    r"|\b(?:in |during |for )?the same (?:period|half|six months) (?:of|in) (?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_BOTH_HALVES = re.compile(
    r"\b((?:in |during )?(?:the )?first(?: half)?) (?:and|to) ((?:the )?second (?:half|halves) of (?P<year>(?:19|20)\d\d))\b", re.IGNORECASE
)
MONTHS_A_YEAR = 12
_YEAR = r"(?:19|20)\d\d"
_WORD_NUMBER = r"(?:" + "|".join(sorted(SMALL_NUMBERS, key=len, reverse=True)) + r")"
_COUNT = rf"(?:\d+|{_WORD_NUMBER}(?:-{_WORD_NUMBER})?)"
_UNITS = r"(?:requests?|demands?|orders?|warrants?|subpoenas?|letters?|accounts?|users?|queries|searches|targets?|people|persons?|devices?|times)"
_DAY = (
    rf"(?:\d{{4}}[-./年]\d{{1,2}}[-./月]\d{{1,2}}日?|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s(?:of\s|de\s)?[^\W\d]{{3,}}\.?,?\s(?:de\s)?{_YEAR}"
    rf"|[^\W\d]{{3,}}\.?\s\d{{1,2}}(?:st|nd|rd|th)?,?\s{_YEAR})(?!\d)"
)
_MONTH_OR_DAY = rf"(?:{_DAY}|(?:(?:the )?(?:end of|beginning of|start of) )?[^\W\d]{{3,}}\.?,? {_YEAR})"


def _years(first: str, last: str) -> TimeSpan | str:
    if int(first) > int(last):
        return "unknown"
    return _span(months(int(first), 1, int(last), 12))


def _span(period: Period | None) -> TimeSpan | str:
    return TimeSpan(period.start, period.end) if period else "unknown"


def _length(match: re.Match) -> TimeSpan | str:
    count_word = (match["count"] or "one").lower()
    count = int(count_word) if count_word.isdigit() else sum(SMALL_NUMBERS.get(word, 1) for word in count_word.split("-"))
    in_months = count * {
        "month": 1,
        "half-year": 6,
        "year": 12,
        "decade": 120,
        "jahr": 12,
        "monat": 1,
        "an": 12,
        "moi": 1,
        "año": 12,
        "mes": 1,
    }.get(_stem(match["unit"]), 0)
    return TimeSpan(None, None, in_months) if in_months else "unknown"


def _stem(unit: str) -> str:
    unit = unit.lower()
    return {"jahre": "jahr", "jahren": "jahr", "monate": "monat", "monaten": "monat", "mois": "moi", "meses": "mes"}.get(
        unit, unit.rstrip("s")
    )


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
            is_open = re.search(r"\bsince\s$", text[:start], re.IGNORECASE)
            yield Mention(Role.PERIOD, TimeSpan(period.start, None if is_open else period.end), start, end)


def _quarters(year: int, count: int, is_first: bool) -> TimeSpan | str:
    return _span(months(year, 1, year, 3 * count) if is_first else months(year, 13 - 3 * count, year, 12))


def _listed(match: re.Match) -> TimeSpan | str:
    years = tuple(int(year) for year in re.findall(_YEAR, match[0]))
    return TimeSpan(years=years) if list(years) == sorted(set(years)) else "unknown"


def _compiled(*forms: tuple[str, _Build]) -> tuple[tuple[re.Pattern, _Build], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), build) for pattern, build in forms)


# What speaks of time, longest forms first; what gives None takes its digits out of the text: it is neither a time nor a figure.
_FIRST_FORMS = _compiled(
    (r"^\s*(?:[•*·▪–—-]|\(?\d{1,2}[.)])\s(?=\S)(?!(?:Halbjahr|Hälfte|Quartal|[^\W\d]+\.?\s(?:bis\b|to\b|[–\d-])))|(?<=\S)\[(?:\d{1,3}|[a-z*])\]|(?<=[\w.,\"”’])[¹²³⁴⁵⁶⁷⁸⁹*†‡]+(?!\w)", lambda m: None),
    (r"\((?:source|quelle|fuente)\b[^()]*\)|\(p(?:p|age|ages)?\.? ?\d+(?: ?[-–] ?\d+)?\)", lambda m: None),
    (r"https?://\S+|www\.\S+", lambda m: None),
    (r"\bunder\s+18\s*u\.?\s?s\.?\s?c\b\.?\s*§*\s*2705(?:\s?\(b\))?", lambda m: None),
    (r"\b\d+\s*u\.?\s?s\.?\s?c\b\.?(?:\s*§*\s*\d+(?:\s?\([a-z0-9]+\))*)?", lambda m: None),
    (rf"\b(?:the\s+)?(?:(?P<count>{_COUNT})[\s-])?(?P<unit>months?|years?|half-year)(?:[\s-]period)?\s+(?:that\s|which\s)?(?:(?P<ends>to|up to|until|ending|ended)|from|beginning|starting)\s+(?:on\s+|in\s+)?(?P<day>{_MONTH_OR_DAY})", _from_a_day),
    (rf"\b(?:(?:in|over|during|within)\s+)?(?:the\s+|an?\s+)?(?P<count>{_COUNT})[\s-](?P<unit>years?)(?:[\s-]period)?\s+(?:up\s)?(?:to|until|ending(?: in)?|ended(?: in)?)\s+(?P<y>{_YEAR})\b", _years_to),
    (rf"\b(?:(?:in|den|les|los|las)\s+)*(?:(?P<first>ersten|six premiers|seis primeros|primeros seis)|letzten|six derniers|seis últimos|últimos seis)\s+(?:sechs\s+)?(?:monate?n?|mois|meses)\s+(?:des jahres\s|de\s|del año\s)?({_YEAR})\b", lambda m: _span(half(int(m[2]), 1 if m["first"] else 2))),
    (rf"\b(?:the )?(?:(?:(?P<first>first)|last|final) (?:six|6) months|(?:latter|back|final|last) half) (?:of|in) ({_YEAR})\b", lambda m: _span(half(int(m[2]), 1 if m["first"] else 2))),
    (rf"\b({_YEAR})['’]s (?:(?P<first>first|opening)|second|latter|last|final) (?:half|six months)\b", lambda m: _span(half(int(m[1]), 1 if m["first"] else 2))),
    (rf"\b(?:the )?(?:(?P<first>first|opening)|last|final) (?P<count>two|three) quarters of ({_YEAR})\b", lambda m: _quarters(int(m[3]), SMALL_NUMBERS[m["count"].lower()], m["first"] is not None)),
    (rf"\b(?:(?:from|between) )?(?:mid-(?P<mid>{_YEAR})|(?P<month>[^\W\d]{{3,}})\.?) (?:to|through|until|and) (?:the )?end of (?P<y>{_YEAR})\b", _to_the_end),
    (r"(?<![\d/])(?P<first>\d{1,2}/\d{1,2})\s?(?:-|–|—|to)\s?(?P<last>\d{1,2}/\d{1,2})(?P<y>/\d{4})(?!\d)", _days_of_one_year),
    (rf"\b(?:fiscal(?:\s+year)?|fy)[\s-]?({_YEAR})\b", lambda m: _span(months(int(m[1]) - 1, 10, int(m[1]), 9))),
)  # fmt: skip
_DAY_FORMS = _compiled((rf"\b(?:on\s+)?(?P<day>{_DAY})", _whole_day))
_FORMS = _compiled(
    (r"(?P<y>(?:19|20)\d\d)年\s?(?:至|到|-|–)\s?(?P<z>(?:19|20)\d\d)年?", lambda m: _years(m["y"], m["z"])),
    (r"(?P<y>(?:19|20)\d\d)年(?!\d)", lambda m: _years(m["y"], m["y"])),
    (rf"\b(?:between|zwischen|entre)\s+({_YEAR})\s+(?:and|und|et|y)\s+({_YEAR})\b", lambda m: _years(m[1], m[2])),
    (rf"(?<![\d.,])(?:\b(?:from|over|during|von|de)\s+)?({_YEAR})\s*(?:-|–|—|to|through|until|bis|à|a|至|到)\s*({_YEAR})(?!,?\d)", lambda m: _years(m[1], m[2])),
    (rf"(?<![\d.,])({_YEAR})(?:-|–|/)(\d\d)(?!\d)", lambda m: _years(m[1], m[1][:2] + m[2])),
    (rf"\bacross\s+({_YEAR})\s+and\s+({_YEAR})\b", lambda m: _years(m[1], m[2]) if int(m[2]) == int(m[1]) + 1 else "unknown"),
    (rf"\bsince\s+({_YEAR})\b", lambda m: TimeSpan(date(int(m[1]), 1, 1), None)),
    (rf"(?<![A-Za-z\d.,-])(?:in\s+(?:both\s+)?)?{_YEAR}(?:,\s*{_YEAR})*,?\s+(?:and|und|et|y)\s+(?:in\s+)?{_YEAR}(?!,?\d)", _listed),
    (rf"\b(?:(?:in|during|for|of|im|en|über|the|dans)\s+)*(?:(?:the\s+)?(?:(?:calendar|full|whole)\s+)?year|calendar|jahre?|l['’]année|año|el año)?\s*(?<![A-Za-z\d.,-])({_YEAR})(?![\dA-Za-z,]\d|[\dA-Za-z]|\.\d)(?!\s?%|(?<!['’]s \d{{4}})\s+(?:(?:search|government|data|user|legal|emergency|device|account|preservation|court) )?{_UNITS}\b)", lambda m: _years(m[1], m[1])),
    (rf"\b(?:in|(?<!total )(?<!out )of|during|for|year)\s+({_YEAR})(?!,?\d|\.\d)(?!\s?%)", lambda m: _years(m[1], m[1])),
    (rf"\b(?:in |than |from |over |on |compared (?:with|to) )?(?P<count>{_COUNT}|a) (?P<unit>decade|years?) (?:before|earlier|previously)\b", _years_away),
    (r"\b(?:in |during |for |than |from )?the same (?:period|half|six months) (?:of |in )?(?:the|a|one) (?:previous year|year (?:before|earlier))\b", lambda m: TimeSpan(relative=1)),
    (r"\b(?:in |than |from |over |on |compared (?:with|to) )?(?:the|a|one) (?:year|12 months) (?:before|earlier|previously)\b|(?<!any )(?<!each )(?<!every )\b(?:the )?(?:previous|prior|preceding) year\b|\byear[- ](?:on|over)[- ]year\b", lambda m: TimeSpan(relative=1)),
    (r"\b(?:im |dem |das )?Vorjahr(?:es)?\b|\b(?:à |sur )?l['’]année précédente\b|\bun an (?:plus tôt|auparavant)\b|\b(?:el |al |del )?año anterior\b|(?:上|前)一年", lambda m: TimeSpan(relative=1)),
    (r"\b(?:in )?(?:the|a) (?:following|next) (?:year|12 months)\b|\b(?:a|one|the) year (?:later|after)\b", lambda m: TimeSpan(relative=-1)),
    (rf"\b(?:(?:over|in|within|during|for|of)\s+)?(?:(?:the|each of the|every one of the|an?)\s+)?(?:(?:past|last|previous)\s+)?(?P<count>{_COUNT})[\s-](?P<unit>months?|years?|jahren?|monaten?|ans|mois|años|meses)\b(?:[\s-]+period)?(?!\s+(?:ago|earlier|later|before|old))", _length),
)  # fmt: skip


def spans(mentions: Iterable[Mention]) -> list[TimeSpan]:
    """The spans with days among some mentions."""
    return [mention.value for mention in mentions if mention.role is Role.PERIOD]
