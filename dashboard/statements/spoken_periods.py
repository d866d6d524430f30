"""The times that a sentence speaks of: days, ranges of days, months, halves, years, and mere lengths such as 18 months."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from dashboard.model.periods import Period, half, months, parse
from dashboard.statements.lexicon import SMALL_NUMBERS, Mention, Role, blanked


@dataclass(frozen=True)
class TimeSpan:
    """Days that a sentence speaks of; an open end has no date, and a mere length (18 months) has neither.

    `years` are single years named side by side (in 2019 and 2020), each for itself. `relative` counts years back from the period
    beside it (the year before).
    """

    start: date | None = None
    end: date | None = None
    months: int | None = None
    years: tuple[int, ...] = ()
    relative: int = 0


def periods_in(text: str) -> list[Mention]:
    """The times in a text, in its order; numbers of laws and addresses are among them as `Role.NEUTRAL`, so that they are no figures."""
    mentions: list[Mention] = []
    free = text
    for pattern, build in _FORMS_COMPILED:
        for match in pattern.finditer(free):
            try:
                value = build(match)
            except (ValueError, OverflowError):
                value = "unknown"
            if value == "unknown":
                continue
            if isinstance(value, TimeSpan):
                role = Role.PERIOD if value.start or value.years or value.relative else Role.LENGTH
            else:
                role = Role.NEUTRAL
            mentions.append(Mention(role, value, match.start(), match.end()))
        free = blanked(free, mentions)
    return sorted(mentions, key=lambda mention: mention.start)


_MONTH_NAMES = {
    1: "january jan januar jänner janvier enero gennaio", 2: "february feb februar février fevrier febrero",
    3: "march mar märz mars marzo", 4: "april apr avril abril", 5: "may mai mayo", 6: "june jun juni juin junio",
    7: "july jul juli juillet julio", 8: "august aug août aout agosto", 9: "september sept sep septembre septiembre",
    10: "october oct oktober okt octobre octubre", 11: "november nov novembre noviembre",
    12: "december dec dezember dez décembre decembre diciembre",
}  # fmt: skip
_MONTHS = {name: number for number, names in _MONTH_NAMES.items() for name in names.split()}
_MONTH = r"(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?:19|20)\d\d"
_TO = r"\s?(?:-|–|—|/|to|through|until|till|and|bis|und|au|à|et|al|a|y|hasta|至|到)\s?(?:the |zum |den |le |el )?"
_ORDINAL = r"(?:st|nd|rd|th|er|\.)?"
_DAY_MONTH = rf"\d{{1,2}}{_ORDINAL}\s+(?:of\s+|de\s+)?{_MONTH}"
_MONTH_DAY = rf"{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d)"
_DAY = rf"(?:{_DAY_MONTH}|{_MONTH_DAY})(?:,?\s+(?:de\s+)?{_YEAR}(?!\d))?"
_NUMERIC_DAY = r"(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4})"
_WORD_NUMBER = r"(?:" + "|".join(sorted(SMALL_NUMBERS, key=len, reverse=True)) + r")"
_COUNT = rf"(?:\d+|{_WORD_NUMBER}(?:-{_WORD_NUMBER})?)"
_UNITS = r"(?:requests?|demands?|orders?|warrants?|subpoenas?|letters?|accounts?|users?|queries|searches|targets?|people|persons?|devices?|times)"
_FIRST = r"(?:first|1st|second|last|2nd|erste[nrs]?|zweite[nrs]?|premier|second|deuxième|primer|segundo)"


def _years(first: str, last: str) -> TimeSpan | str:
    if int(first) > int(last):
        return "unknown"
    return _span(months(int(first), 1, int(last), 12))


def _span(period: Period | None) -> TimeSpan | str:
    return TimeSpan(period.start, period.end) if period else "unknown"


def _halves(word: str, year: str) -> TimeSpan:
    return _span(half(int(year), 1 if re.match(r"first|1st|erst|prem|prim|上", word, re.IGNORECASE) else 2))


def _length(match: re.Match) -> TimeSpan | str:
    said = match["count"].lower()
    count = int(said) if said.isdigit() else sum(SMALL_NUMBERS[word] for word in said.split("-"))
    in_months = count * {"month": 1, "year": 12, "jahr": 12, "monat": 1, "an": 12, "moi": 1, "año": 12, "mes": 1}.get(
        _stem(match["unit"]), 0
    )
    return TimeSpan(None, None, in_months) if in_months else "unknown"


def _stem(unit: str) -> str:
    unit = unit.lower()
    return {"jahre": "jahr", "jahren": "jahr", "monate": "monat", "monaten": "monat", "mois": "moi", "meses": "mes"}.get(
        unit, unit.rstrip("s")
    )


def _one_day(text: str, year: str = "") -> tuple[date | None, date | None]:
    """The day that a text names, day before month and month before day; both the same where that leaves no doubt."""
    if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text):
        day = date(*map(int, match.groups()))
        return day, day
    if match := re.fullmatch(r"(\d{1,2})([./])(\d{1,2})[./](\d{4})", text):
        one, sign, other, in_year = int(match[1]), match[2], int(match[3]), int(match[4])
        day_first = _day_or_none(in_year, other, one)
        return day_first, _day_or_none(in_year, one, other) if sign == "/" else day_first
    number = re.search(r"\d{1,2}(?!\d)", text)
    month = next(_MONTHS[word] for word in re.findall(r"[^\W\d_]+", text.lower()) if word in _MONTHS)
    in_year = re.search(_YEAR, text)
    if not (in_year or year):
        return None, None
    day = date(int(in_year[0] if in_year else year), month, int(number[0]))
    return day, day


def _day_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_range(match: re.Match) -> TimeSpan | str:
    last = _one_day(match["last"])
    in_year = next((str(day.year) for day in last if day), "")
    first = _one_day(match["first"], in_year)
    # Day before month or month before day: the same for both, and only one of them may give a range.
    ranges = {(start, end) for start, end in zip(first, last, strict=True) if start and end and start <= end}
    return TimeSpan(*ranges.pop()) if len(ranges) == 1 else "unknown"


def _whole_day(match: re.Match) -> TimeSpan | str:
    start, end = _one_day(match["day"])
    days = {start, end} - {None}
    return TimeSpan(*days, *days) if len(days) == 1 else "unknown"


def _month_range(match: re.Match) -> TimeSpan:
    last_year = int(match["last_year"])
    first, last = (_MONTHS[match[name].lower().rstrip(".")] for name in ("first", "last"))
    return _span(months(int(match["first_year"] or last_year), first, last_year, last))


def _month(match: re.Match) -> TimeSpan:
    month = _MONTHS[match["month"].lower().rstrip(".")]
    return _span(months(int(match["year"]), month, int(match["year"]), month))


def _listed(match: re.Match) -> TimeSpan | str:
    years = tuple(int(year) for year in re.findall(_YEAR, match[0]))
    return TimeSpan(years=years) if list(years) == sorted(set(years)) else "unknown"


_Build = Callable[[re.Match], object]
# What speaks of time, longest forms first; what gives None takes its digits out of the text: it is neither a time nor a figure.
_FORMS: tuple[tuple[str, _Build], ...] = (
    (r"https?://\S+|www\.\S+", lambda m: None),
    (r"\bunder\s+18\s*u\.?\s?s\.?\s?c\.?\s*§*\s*2705(?:\s?\(b\))?", lambda m: None),
    (r"\b\d+\s*u\.?\s?s\.?\s?c\.?(?:\s*§*\s*\d+(?:\s?\([a-z0-9]+\))*)?", lambda m: None),
    (rf"\b(?:between |from |von |vom |du |del |zwischen |entre )?(?:le |el |dem |the )?(?P<first>{_NUMERIC_DAY}){_TO}(?P<last>{_NUMERIC_DAY})(?!\d)", _day_range),
    (rf"\b(?:between |from |von |vom |du |del |zwischen |entre )?(?:le |el |dem |the )?(?P<first>{_DAY}){_TO}(?P<last>{_DAY})", _day_range),
    (r"(?P<y>(?:19|20)\d\d)年(?P<a>\d{1,2})月\s?(?:-|–|至|到)\s?(?P<b>\d{1,2})月(?!\d)", lambda m: _span(months(int(m["y"]), int(m["a"]), int(m["y"]), int(m["b"])))),
    (r"(?P<y>(?:19|20)\d\d)年(?P<half>上半年|下半年)", lambda m: _halves(m["half"], m["y"])),
    (r"(?P<y>(?:19|20)\d\d)年\s?(?:至|到|-|–)\s?(?P<z>(?:19|20)\d\d)年?", lambda m: _years(m["y"], m["z"])),
    (r"(?P<y>(?:19|20)\d\d)年(?!\d)", lambda m: _years(m["y"], m["y"])),
    (rf"\b(?P<day>{_NUMERIC_DAY})(?!\d)", _whole_day),
    (rf"\b(?:on\s+)?(?P<day>{_DAY_MONTH},?\s+(?:de\s+)?{_YEAR}|{_MONTH_DAY},?\s+{_YEAR})(?!\d)", _whole_day),
    (rf"\b(?:between |from |von |zwischen |de |entre )?(?P<first>{_MONTH})(?:\s+(?P<first_year>{_YEAR}))?{_TO}(?P<last>{_MONTH})\s+(?:de\s+)?(?P<last_year>{_YEAR})(?!\d)", _month_range),
    (rf"\b(?:in |for |during |im |en )?(?P<month>{_MONTH})\s+(?:of\s+|de\s+)?(?P<year>{_YEAR})(?!\d)", _month),
    (rf"\b(?:in |during |for |over )?(?:the |im |au |en el |el |le |das |der |dem |in der )?(?P<half>{_FIRST})[\s-](?:half(?:[\s-]year)?|six months|halbjahr|jahreshälfte|semestre)(?:\s+(?:of|des jahres|von|de|del))?\s+(?P<y>{_YEAR})(?!\d)", lambda m: _halves(m["half"], m["y"])),
    (r"\b(?:in |during )?(?:the )?(first|second|third|fourth|1st|2nd|3rd|4th) quarter(?:\s+of)?\s+((?:19|20)\d\d)\b", lambda m: _span(parse(f"{m[1]} quarter {m[2]}"))),
    (rf"\b(?:h([12])|([12])h)[\s-]?({_YEAR})\b", lambda m: _span(half(int(m[3]), int(m[1] or m[2])))),
    (rf"\b({_YEAR})[\s-]?(?:h([12])|([12])h)\b", lambda m: _span(half(int(m[1]), int(m[2] or m[3])))),
    (rf"\bq[1-4][\s-]?{_YEAR}\b|\b{_YEAR}[\s-]?q[1-4]\b", lambda m: _span(parse(m[0]))),
    (rf"\b(?:fiscal(?:\s+year)?|fy)[\s-]?({_YEAR})\b", lambda m: _span(months(int(m[1]) - 1, 10, int(m[1]), 9))),
    (rf"\b(?:between|zwischen|entre)\s+({_YEAR})\s+(?:and|und|et|y)\s+({_YEAR})\b", lambda m: _years(m[1], m[2])),
    (rf"(?<![\d.,])(?:\b(?:from|over|during|von|de)\s+)?({_YEAR})\s?(?:-|–|—|to|through|until|bis|à|a|至|到)\s?({_YEAR})(?![\d,])", lambda m: _years(m[1], m[2])),
    (rf"(?<![\d.,])({_YEAR})(?:-|–|/)(\d\d)(?!\d)", lambda m: _years(m[1], m[1][:2] + m[2])),
    (rf"\bsince\s+(?:{_MONTH}\s+)?({_YEAR})\b", lambda m: TimeSpan(date(int(m[1]), 1, 1), None)),
    (rf"(?<![A-Za-z\d.,-])(?:in\s+(?:both\s+)?)?{_YEAR}(?:,\s*{_YEAR})*,?\s+and\s+(?:in\s+)?{_YEAR}(?![\d,])", _listed),
    (rf"\b(?:(?:in|during|for|of|im|en|über|the|dans)\s+)*(?:(?:the\s+)?(?:calendar\s+)?year|jahre?|l['’]année|año|el año)?\s*(?<![A-Za-z\d.,-])({_YEAR})(?![\dA-Za-z,]\d|[\dA-Za-z]|\.\d)(?!\s?%|\s+{_UNITS}\b)", lambda m: _years(m[1], m[1])),
    (rf"\b(?:in|of|during|for|year)\s+({_YEAR})(?![\d,]|\.\d)(?!\s?%)", lambda m: _years(m[1], m[1])),
    (r"\b(?:in |than |from |over |on |compared (?:with|to) )?(?:the|a|one) (?:year|12 months) (?:before|earlier|previously)\b|(?<!any )(?<!each )(?<!every )\b(?:the )?(?:previous|prior|preceding) year\b|\byear[- ](?:on|over)[- ]year\b", lambda m: TimeSpan(relative=1)),
    (rf"\b(?:(?:over|in|within|during|for|of)\s+)?(?:(?:the|each of the|every one of the|an?)\s+)?(?:(?:past|last|previous)\s+)?(?P<count>{_COUNT})[\s-](?P<unit>months?|years?|jahren?|monaten?|ans|mois|años|meses)\b(?:[\s-]+period)?(?!\s+(?:ago|earlier|later|before|old))", _length),
)  # fmt: skip
_FORMS_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), build) for pattern, build in _FORMS)


def spans(mentions: Iterable[Mention]) -> list[TimeSpan]:
    """The spans with days among some mentions."""
    return [mention.value for mention in mentions if mention.role is Role.PERIOD]
