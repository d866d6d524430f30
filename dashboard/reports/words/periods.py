"""Periods as a table prints them, in several languages: each text by itself. A column of them is read by `period_columns`."""

from __future__ import annotations

import contextlib
import functools
import itertools
import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from dashboard.model import periods
from dashboard.model.periods import MONTHS_A_YEAR, Period, months
from dashboard.reports.words.period_words import either, folded, folded_letters, month_numbers, ordinal_numbers, words


def pairs_of(texts: Iterable[str], first_month: int | None = None) -> dict[str, Period | str | None]:
    """Those of a column's texts that are a year and two digits: `2009-10`, `2010-11` and `2011-12` may be fiscal years or months; twelve months a year are not."""
    pairs = [text for text in texts if _PAIR.fullmatch(folded(text))]
    spans = [text for text in pairs if _is_span(text)]
    if 2 * len(spans) > len(pairs):
        return {text: _span_of_years(text, first_month) if text in spans else None for text in pairs}
    return {text: _month_pair(text) for text in pairs}


def label_of(text: str, first_month: int | None = None, fiscal: bool = False) -> Period | str | None:
    """The period that a text names without any doubt; the text itself where it names a fiscal year of unknown start; else None."""
    text = folded(text)
    if (explained := _EXPLAINED.fullmatch(text)) and (named := label_of(explained[1], first_month, fiscal)) is not None:
        return _explained(named, explained[2] or explained[3], text, first_month)
    text = _bared(text)
    try:
        if match := _FISCAL.fullmatch(text):
            return _fiscal_part(_last_year(match[1], match[2]), match[3], match[4], first_month) or text
        if match := re.fullmatch(r"((?:19|20)\d{2})(?:/|-)((?:19|20)\d{2}|\d{2})(?: ?(?:fy|财年))?", text):
            if _is_span(text) and not (_PAIR.fullmatch(text) and int(match[2]) <= 12):
                return _fiscal_part(_last_year(match[1], match[2]), None, None, first_month) or text
            return None if len(match[2]) == 4 else _month_pair(text)
        if (match := re.fullmatch(r"((?:19|20)\d{2})", text)) and (fiscal or first_month is not None):
            return _fiscal_part(int(match[1]), None, None, first_month) or text
        for pattern, build in _forms(text):
            if match := pattern.fullmatch(text):
                return build(match)
        if match := _from_to(text):
            return match
    except ValueError:
        return None
    return None if is_date(text) else periods.parse(text)


def part_of_year(year: str, text: str, kind: str) -> Period | None:
    """The period that two cells name: a year, and `H1`, `2`, `Jan–Jun` or `March` in it; `kind` is half, quarter or month."""
    text = folded(text)
    number = int(text) if re.fullmatch(r"\d{1,2}", text) else ordinal_numbers().get(text)
    letter = {"half": "h", "quarter": "q"}.get(kind)
    if number is not None and letter:
        label = label_of(f"{letter}{number} {year.strip()}")
    elif number is not None and kind == "month":
        label = label_of(f"{year.strip()}-{number:02d}") if 1 <= number <= 12 else None
    else:
        label = label_of(f"{text} {year.strip()}") or label_of(f"{year.strip()} {text}")
    return label if isinstance(label, Period) else None


@functools.lru_cache(maxsize=1 << 12)
def is_part_of_year(text: str) -> bool:
    """Whether a text alone names a part of some year: `H1`, `Jan–Jun`, `March`."""
    period = part_of_year("2000", text, "")
    return period is not None and period.months != MONTHS_A_YEAR


def day_of(text: str, day_first: bool = False) -> date | None:
    """The day that a text names, with day before month where that is settled; None where it names none."""
    text = re.sub(r"[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]m)?z?$", "", folded(text))
    try:
        if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text) or re.fullmatch(r"(\d{4})年(\d{1,2})月(\d{1,2})日?", text):
            return date(*map(int, match.groups()))
        if match := re.fullmatch(
            rf"(\d{{1,2}})\.?(?:st|nd|rd|th|er|o)?[ -](?:de |of )?({_month()})\.?,?[ -](?:de |of )?(\d{{4}}|\d{{2}})", text
        ):
            return date(_full_year(match[3]), month_numbers()[match[2]], int(match[1]))
        if match := re.fullmatch(rf"({_month()})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})", text):
            return date(int(match[3]), month_numbers()[match[1]], int(match[2]))
        if match := re.fullmatch(r"(\d{1,2})-(\d{1,2})-(\d{4})", text):
            text = text.replace("-", "/")
    except ValueError:
        return None
    return periods.parse_date(text, day_first)


def day_first_of(texts: list[str]) -> bool | None:
    """Whether dates have the day first: one such as `31/12` settles it; None where none does, or two contradict each other."""
    first = any(day_of(text, False) is None and day_of(text, True) is not None for text in texts)
    second = any(day_of(text, True) is None and day_of(text, False) is not None for text in texts)
    return None if first == second else first


def found_in(text: str) -> Period | None:
    """The one half-year, quarter or span of months named inside a longer text, such as a title or a file's name.

    A year alone, or one month, is as often the day of publication, and names nothing here.
    """
    named = {period for period, _ in mentions(text) if period.months not in (1, 12)}
    return named.pop() if len(named) == 1 else None


def mentions(text: str, first_month: int | None = None) -> list[tuple[Period, str]]:
    """The periods that a longer text names, from left to right, each with the words that name it; the longest wording counts."""
    inside = folded(text.replace("_", " "))
    return [(period, inside[start:end]) for start, end, period in _spans(inside, first_month) if isinstance(period, Period)]


def names_unknown_year(text: str, first_month: int | None = None) -> bool:
    """Whether a longer text names a fiscal year whose first month is not known."""
    return any(not isinstance(period, Period) for _, _, period in _spans(folded(text.replace("_", " ")), first_month))


def mentions_at(text: str) -> list[tuple[Period, int, int]]:
    """The same with where the words stand, `text[start:end]`."""
    letters = folded_letters(text)
    inside = "".join(letter for letter, _ in letters)
    spans = _spans(inside, with_years=False)
    return [(period, letters[start][1], letters[end - 1][1] + 1) for start, end, period in spans if isinstance(period, Period)]


def _spans(inside: str, first_month: int | None = None, with_years: bool = True) -> list[tuple[int, int, Period | str]]:
    # Where periods stand; `with_years`, fiscal years too, those of unknown start by their words.
    spans: list[tuple[int, int, Period | str]] = []
    for match in _YEARS_INSIDE.finditer(inside) if with_years else ():
        with contextlib.suppress(ValueError):
            if named := _years_or_month(match[0], first_month):
                spans.append((match.start(), match.end(), named))
    for pattern, build in _forms(inside):
        for match in pattern.finditer(inside):
            with contextlib.suppress(ValueError):
                spans.append((match.start(), match.end(), build(match)))
    words = list(re.finditer(r"\S+", inside))
    for first, last in itertools.combinations_with_replacement(range(len(words)), 2):
        # Two days, or two months of two years, in one word or with words between them.
        if last - first <= 8 and any(map(str.isdigit, words[last][0])):
            stretch = inside[words[first].start() : words[last].end()]
            bare = stretch.strip("(),.;:?!")
            if period := _from_to(bare):
                start = words[first].start() + stretch.index(bare)
                spans.append((start, start + len(bare), period))
    kept = [_with_bracket(inside, *span) for span in _longest(spans) if not _is_part(inside, *span)]
    return sorted((span for span in _longest(kept) if span[2] is not None), key=lambda span: span[:2])


def _longest(spans: list[tuple]) -> list[tuple]:
    # Of those that overlap the longest.
    kept: list[tuple] = []
    for span in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if all(span[1] <= start or end <= span[0] for start, end, _ in kept):
            kept.append(span)
    return kept


def _years_or_month(text: str, first_month: int | None) -> Period | str | None:
    # `2020-03` is a month; `2009-10` may be one, or two years in a row.
    if _PAIR.fullmatch(text) and _is_span(text) and int(text[-2:]) <= 12:
        return text
    return label_of(text, first_month) or (text if _FISCAL.fullmatch(text) else None)


def _is_part(inside: str, start: int, end: int, period: Period | str) -> bool:
    if isinstance(period, str):
        return False
    # A year with a number beside it, `2017/1` or `2020-II`, is one of its parts, and nothing says which; and a month may be part of a day.
    after, before = inside[end : end + 6], inside[max(0, start - 6) : start]
    if period.months == 12:
        return bool(
            re.match(rf" ?[-/.] ?{_PART_NUMBER}(?!\w|[-/.]\d)", after) or re.search(rf"(?<![\w/.-]){_PART_NUMBER} ?[-/.] ?$", before)
        )
    wording = inside[start:end]
    return period.months == 1 and bool(numbered(wording) or (re.fullmatch(r"\d{4}.\d\d?", wording) and re.match(r"[-/.]\d", after)))


def _with_bracket(inside: str, start: int, end: int, period: Period | str) -> tuple[int, int, Period | str | None]:
    # `2020 H1 (Jan–Jun)` is one mention; `2020 H1 (Jul–Dec)` contradicts itself, and is none.
    bracket = re.match(r" ?\(([^()]{1,60})\)", inside[end:])
    year = period.start.year if isinstance(period, Period) else ""
    if not bracket or not isinstance(label_of(f"{bracket[1]} {year}") or label_of(bracket[1]), Period):
        return start, end, period
    return start, end + bracket.end(), label_of(inside[start:end] + bracket[0])


_HALVES = {"上": 1, "下": 2}
_PARTS = {
    "h": (r"(?:hy|hj|h|s)", either(words()["parts"]["half"]), 2, periods.half),
    "q": (r"[qt]", either(words()["parts"]["quarter"]), 4, lambda year, number: months(year, number * 3 - 2, year, number * 3)),
}
_OF = rf"(?: {either(words()['parts']['of'])})?[ ,/'-]*"
_YEAR = rf"((?:19|20)\d{{2}}){either(words()['parts']['after_year'])}?"
_FISCAL = re.compile(
    rf"{either(words()['parts']['fiscal_year'])} ?'?((?:19|20)\d{{2}}|\d{{2}})(?:[/-]((?:19|20)\d{{2}}|\d{{2}}))?(?:[ ,/-]*([hq])([1-4]))?"
)
_YEARS_INSIDE = re.compile(
    rf"(?<![\w/.-])(?:{_FISCAL.pattern}|(?:19|20)\d{{2}}[/-](?:(?:19|20)\d{{2}}|\d{{2}})(?: ?(?:fy|财年))?)(?![^\W\u2e80-\u9fff]|[-/.]\d)"
)
_PART_NUMBER = r"(\d\d?|i{1,3}|iv)"
_EXPLAINED = re.compile(r"(.+?)(?: ?\(([^()]+)\)|: ?(.+))")
_ENDED = rf"{either(words()['ends']['ended'])}(?: on| am)? "
_TO = either(words()["ends"]["to"])
_UP_TO = rf" ?(?:[-至到~/]|{_TO}) ?"
_PAIR = re.compile(r"((?:19|20)\d{2})-(\d{2})")


@functools.cache
def _month() -> str:
    return "|".join(sorted(map(re.escape, month_numbers()), key=len, reverse=True))


def _forms(text: str) -> tuple:
    # In a text without a month no form need look for one, which takes long to prepare.
    return _prepared_forms(bool(_named_month().search(text)))


@functools.cache
def _named_month() -> re.Pattern:
    return re.compile(rf"(?<![^\W\d_\u2e80-\u9fff])(?:{_month()})")


@functools.cache
def _prepared_forms(with_months: bool) -> tuple:
    # Chinese and Japanese write no spaces between words.
    letter = r"[^\W\u2e80-\u9fff]"
    month = _month() if with_months else "(?!)"
    return tuple(
        (re.compile(rf"(?<!{letter}){pattern.replace(_month(), month)}(?!{letter})"), build) for pattern, build in _written_forms()
    )


def _part_of(year: str, kind: str, wording: str) -> Period:
    # `first half`, `1h` or `semestre 2` of a year.
    letters, noun, count, build = _PARTS[kind]
    bare = re.sub(rf"(?:{noun}|^{letters}(?=\d)|(?<=\d){letters}$)", "", wording, count=1).strip()
    number = _HALVES.get(bare) or ordinal_numbers()[bare]
    if number > count:
        raise ValueError("a year has no such part")
    return build(_full_year(year), number)


@functools.cache
def _written_forms() -> tuple:
    wordings, forms = _forms_of_parts()
    return (*forms, *_forms_of_stretches(wordings), *_forms_of_months(), *_forms_in_figures())


def _forms_of_parts() -> tuple[list[str], list[tuple]]:
    # Halves, quarters and the like: how each is worded, and the forms that name one with its year.
    wordings, forms = [], []
    for kind, (letters, noun, count, _) in _PARTS.items():
        digit = f"[1-{count}]"
        ordinals = [re.escape(word) for word, number in ordinal_numbers().items() if number <= count]
        named = rf"(?:{either(ordinals)} ?{noun}|{noun} ?(?:{digit}|{'iii|ii|iv|i' if count > 2 else 'ii|i'})"
        named += "|[上下]半[年期])" if kind == "h" else ")"
        letter = rf"(?:{letters}{digit}|{digit}{letters})"
        wordings += [named, letter]

        def year_last(m: re.Match, kind: str = kind) -> Period:
            return _part_of(m[2], kind, m[1])

        def year_first(m: re.Match, kind: str = kind) -> Period:
            return _part_of(m[1], kind, m[2])

        forms += [
            (rf"({named}){_OF}{_YEAR}", year_last),
            (rf"{_YEAR}[ ,/:-]*({named})", year_first),
            (rf"({letter})[ ,/'._-]*{_YEAR}", year_last),
            (rf"{_YEAR}[ ,/'._:-]*({letter})", year_first),
            (rf"({letter})[ ,/-]*'?(\d{{2}})", year_last),
            (rf"'(\d{{2}})[ /-]*({letter})", year_first),
            (rf"(\d{{2}})[ ]?({letter})", year_first),
        ]
    return wordings, forms


def _forms_of_stretches(wordings: list[str]) -> list[tuple]:
    # Months up to a day, and several parts of years together.
    month_name = rf"(?:{_month()})\.?"
    day = rf"(?:\d{{1,2}}\.?(?:st|nd|rd|th|er|o)? (?:of |de )?{month_name},? (?:de )?\d{{4}}|{month_name} (?:\d{{1,2}}(?:st|nd|rd|th)?,? )?(?:de )?\d{{4}}|\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}})"
    ended = [
        (rf"(?:the )?{stretch} {_ENDED}({day})", lambda m, n=int(length): _ended(m[1], n))
        for length, phrases in words()["lengths"].items()
        for stretch in (either(phrases),)
    ]
    wording = rf"(?:{'|'.join(wordings)}|{month_name})"
    between = rf"(?:, ?(?:{_TO} )?| ?[&+] ?|{_UP_TO})"
    return [
        *ended,
        (rf"({wording}(?:{between}{wording})+){_OF}{_YEAR}", lambda m: _together(re.findall(wording, m[1]), m[2])),
        (rf"{_YEAR}[ ,/:-]*({wording}(?:{between}{wording})+)", lambda m: _together(re.findall(wording, m[2]), m[1])),
        (rf"({wording}{_OF}{_YEAR}){_UP_TO}({wording}{_OF}{_YEAR})", lambda m: _joined([label_of(m[1]), label_of(m[3])])),
        (rf"({_YEAR}[ ,/-]*{wording}){_UP_TO}({_YEAR}[ ,/-]*{wording})", lambda m: _joined([label_of(m[1]), label_of(m[3])])),
    ]


def _forms_of_months() -> list[tuple]:
    month = rf"({_month()})\.?"
    return [
        (rf"{month}(?:(?: de| of|,)? {_YEAR})?{_UP_TO}{month}[ ,-]*(?:de |of )?{_YEAR}", lambda m: _span(m[1], m[2], m[3], m[4])),
        (rf"{month}{_UP_TO}{month}[ ,-]*'(\d{{2}})", lambda m: _span(m[1], None, m[2], str(2000 + int(m[3])))),
        (rf"{_YEAR}[ ,:/-]*{month}{_UP_TO}{month}", lambda m: _span(m[2], None, m[3], m[1])),
        (rf"{month}(?: de| of)?[ ,/-]*{_YEAR}", lambda m: _span(m[1], None, m[1], m[2])),
        (rf"{_YEAR}[ ,/-]*{month}", lambda m: _span(m[2], None, m[2], m[1])),
        (rf"{month}[ -]'?(\d{{2}})", lambda m: _span(m[1], None, m[1], str(2000 + int(m[2])))),
    ]


def _forms_in_figures() -> list[tuple]:
    return [
        (rf"{_YEAR}[ -]?m(\d{{1,2}})", _months_of(1, 2, 1, 2)),
        (rf"m(\d{{1,2}})[ -/]?{_YEAR}", _months_of(2, 1, 2, 1)),
        (r"((?:19|20)\d{2})年(\d{1,2})月?(?:至|到|-|~)(\d{1,2})月", _months_of(1, 2, 1, 3)),
        (
            r"((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日(?:至|到|-|~)(?:((?:19|20)\d{2})年)?(\d{1,2})月(\d{1,2})日",
            lambda m: Period(date(int(m[1]), int(m[2]), int(m[3])), date(int(m[4] or m[1]), int(m[5]), int(m[6]))),
        ),
        (r"((?:19|20)\d{2})年(\d{1,2})月", _months_of(1, 2, 1, 2)),
        (r"(\d{1,2})[/.]((?:19|20)\d{2})", _months_of(2, 1, 2, 1)),
        (r"((?:19|20)\d{2})[/.](\d{1,2})", _months_of(1, 2, 1, 2)),
        (rf"((?:19|20)\d{{2}})[-/.](\d{{1,2}}){_UP_TO}((?:19|20)\d{{2}})[-/.](\d{{1,2}})", _months_of(1, 2, 3, 4)),
        (rf"(\d{{1,2}})[-/.]((?:19|20)\d{{2}}){_UP_TO}(\d{{1,2}})[-/.]((?:19|20)\d{{2}})", _months_of(2, 1, 4, 3)),
        (
            rf"(?:{either(words()['parts']['before_year'])} ?)?{_YEAR}(?: full[ -]year| gesamt)?",
            lambda m: periods.year(int(m[1])),
        ),
    ]


def _months_of(*groups: int) -> Callable[[re.Match], Period]:
    # From the year and month that two groups of a match print to those of two others.
    return lambda m: months(*(int(m[group]) for group in groups))


def _ended(last: str, length: int) -> Period:
    # `six months ended June 30, 2020`, `year to December 2020`.
    named = label_of(last)
    day = named.end if isinstance(named, Period) else day_of(last, True) or day_of(last)
    if day is None or not is_month_end(day):
        raise ValueError("no last day of a month")
    return periods.ending(day, length)


def _together(parts: list[str], year: str) -> Period:
    return _joined([label_of(f"{label} {year}") for label in parts])


def _joined(named: list) -> Period:
    # Periods of one length one after the other, `Q1–Q2 2020` or `Jan, Feb and Mar 2020`; between two of them more may lie.
    if not all(isinstance(one, Period) and one.months == named[0].months for one in named):
        raise ValueError("no periods of one length")
    for before, after in itertools.pairwise(named):
        days = (after.start - before.end).days
        if days < 1 or (days > 1 and len(named) > 2):
            raise ValueError("not one after the other")
    return Period(named[0].start, named[-1].end)


def _explained(named: Period | str, explanation: str, text: str, first_month: int | None) -> Period | str | None:
    # `2020 H1 (Jan–Jun)` says the same twice, `FY2021 (Jul 2020 – Jun 2021)` says which, `2009 (2nd half)` which part; else it contradicts itself.
    label = label_of(explanation, first_month)
    if isinstance(named, str):
        return label if isinstance(label, Period) else text
    if label is None and named.start.year == named.end.year:
        label = label_of(f"{explanation} {named.start.year}", first_month)
    if not isinstance(label, Period):
        return None
    return label if label == named or (named.months == 12 and named.start <= label.start and label.end <= named.end) else None


def _span(first: str, first_year: str | None, last: str, last_year: str) -> Period:
    numbers = month_numbers()
    return months(int(first_year or last_year), numbers[first], int(last_year), numbers[last])


def _from_to(text: str) -> Period | None:
    # Two dates whose order of day and month is plain, or is the same whichever comes first.
    readings = set()
    for cut in re.finditer(rf" ?[-/至到~] ?| ?\.\. ?| {_TO} ", text):
        for day_first in (False, True):
            first, last = text[: cut.start()], text[cut.end() :]
            start, end = day_of(first, day_first), day_of(last, day_first)
            if end and re.fullmatch(r"\d{1,2}\.?", first):
                start = date(end.year, end.month, int(first.rstrip(".")))
            if end and not start:
                # The year may stand once: January 1 – June 30, 2020.
                start = (
                    day_of(f"{first}, {end.year}", day_first)
                    or day_of(f"{first} {end.year}", day_first)
                    or day_of(f"{first}{end.year}", day_first)
                )
            if start and end:
                readings.add((start, end))
    return Period(*readings.pop()) if len(readings) == 1 else None


def _is_span(text: str) -> bool:
    # Two years in a row: `2019/20`, `2019-2020`.
    match = re.match(r"((?:19|20)\d{2})[/-]((?:19|20)\d{2}|\d{2})(?!\d)", folded(text))
    return match is not None and (int(match[1]) + 1) % 100 == int(match[2]) % 100 and len(match[2]) in (2, 4)


def _span_of_years(text: str, first_month: int | None) -> Period | str:
    first, second = folded(text).split("-")
    return _fiscal_part(_last_year(first, second), None, None, first_month) or text


def _month_pair(text: str) -> Period | None:
    year, month = re.split("[-/]", folded(text))
    return months(int(year), int(month), int(year), int(month)) if 1 <= int(month) <= 12 else None


def _last_year(first: str, second: str | None) -> int:
    start = _full_year(first)
    if second is None:
        return start
    if (start + 1) % 100 != int(second) % 100:
        raise ValueError("a fiscal year spans two calendar years at most")
    return start + 1


def _fiscal_part(year: int, letter: str | None, number: str | None, first_month: int | None) -> Period | None:
    if first_month is None:
        return None
    length = {None: 12, "h": 6, "q": 3}[letter]
    if letter == "h" and int(number) > 2:
        raise ValueError("a year has two halves")
    start = (year - (1 if first_month > 1 else 0)) * 12 + first_month - 1 + length * (int(number or 1) - 1)
    return periods.starting(date(start // 12, start % 12 + 1, 1), length)


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def is_date(text: str) -> bool:
    """Whether a text is a date, with the day or the month first."""
    return not re.fullmatch(r"\s*(?!(?:19|20)\d{6}\s*$)\d{5,8}\s*", text) and (
        day_of(text, True) is not None or day_of(text, False) is not None
    )


def is_month_end(day: date) -> bool:
    """Whether a day is the last of its month."""
    return (day + timedelta(days=1)).day == 1


def _bared(text: str) -> str:
    # `2009 (2nd half)` is `2009 2nd half`, `from January to June 2020` is `January to June 2020`.
    text = re.sub(
        rf"^{either(words()['ends']['from'])}[ :]+(?=\S*\d|\D+ {_TO}\b)",
        "",
        text,
    )
    text = re.sub(r"^\((.*)\)$", r"\1", text)
    return " ".join(re.sub(r"[ ,]*\(([^()]*)\)$", r" \1", text).split())


def numbered(text: str) -> tuple[str, str] | None:
    """A year and one small number: `2017/1`, `1/2017`, `2017-2`, `2017-II`."""
    text = folded(text)
    if match := re.fullmatch(r"((?:19|20)\d{2})(?: ?[-/.:_ ] ?(\d)| ?[-/.] ?(i{1,3}|iv))", text):
        year, digit, roman = match.groups()
    elif match := re.fullmatch(r"(?:(\d) ?[-/.:_]|(i{1,3}|iv) ?[-/.]) ?((?:19|20)\d{2})", text):
        digit, roman, year = match.groups()
    else:
        return None
    return year, digit or str(ordinal_numbers()[roman])
