"""What an everyday sentence says: its numbers, names, periods and units, each with the place in the text where it stands.

Numbers become the interval that their words allow, by the same rules as in the statement files: a whole percentage is
what rounds to it; "about" allows half of the last unit spoken, up and down; "nearly" allows it downwards only.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import pandas as pd

from dashboard.model import places
from dashboard.model.intervals import Interval, number, rounded_share
from dashboard.model.periods import Period, months, parse

LONGEST = 4_000
"""Characters of a text, at most."""
MOST_NUMBERS = 40
"""Numbers in a text, at most: more are a table, not a sentence."""


class Unreadable(Exception):
    """A text in which nothing can be checked; the message says what to write instead."""


@dataclass(frozen=True)
class Found:
    """Something found in a text, and where: `text[start:end]`."""

    value: object
    start: int
    end: int


@dataclass(frozen=True)
class Spoken:
    """A number as spoken: the interval that its words allow, and what kind of number it is."""

    interval: Interval
    rounded: Interval
    comparator: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Span:
    """Days that a sentence speaks of; an open end has no date, and a mere length (18 months) has neither."""

    start: date | None
    end: date | None
    months: int | None = None


@dataclass(frozen=True)
class Counted:
    """What a sentence says is counted: the unit of a claim, the measure, and the kind of demand that the word implies."""

    unit: str
    measure: str
    request_type: str = ""


def plain(text: str) -> str:
    """A pasted text as plain words in one line; raises `Unreadable` where it is too long or holds markup."""
    if len(text) > LONGEST:
        raise Unreadable(f"The text has {number(len(text))} characters; paste one sentence, at most {number(LONGEST)}.")
    if _MARKUP.search(text):
        raise Unreadable("The text holds markup or a link in brackets; paste the words alone.")
    kept = "".join(_letter(letter) for letter in text)
    return re.sub(r" {2,}", " ", kept).strip()


def periods_in(text: str) -> list[Found]:
    """The periods that a text names, in its order; dates of a single day and the numbers of laws are not among them."""
    return sorted((found for found in _dated(text) if isinstance(found.value, Span)), key=lambda found: found.start)


def numbers_in(text: str) -> list[Spoken]:
    """The numbers of a text that could be claims: no years, dates, lengths of time or numbers of laws."""
    free = _blanked(text, _dated(text))
    atoms = _atoms(free)
    spoken: list[Spoken] = []
    index = 0
    while index < len(atoms):
        first = atoms[index]
        second = atoms[index + 1] if index + 1 < len(atoms) else None
        joined = _range(free, first, second) if second else None
        spoken.append(_spoken(free, *(joined or (first, None))))
        index += 2 if joined else 1
    spoken += [_multiplied(free, found) for found in _MULTIPLIED.finditer(free)]
    return sorted(spoken, key=lambda one: one.start)


def rates_in(text: str) -> list[Found]:
    """The words that say per what a number is meant: `day`, `week`, `month` or `year`."""
    return [Found(next(name for name, said in one.groupdict().items() if said), one.start(), one.end()) for one in _RATES.finditer(text)]


def counted_in(text: str) -> list[Found]:
    """The words that say what is counted, as `Counted`; longer phrases before the words inside them."""
    return _longest(text, _COUNTED, lambda value: value)


def request_types_in(text: str) -> list[Found]:
    """The kinds of demand that a text names."""
    return _longest(text, _TYPES, lambda value: value)


def share_measure_in(text: str) -> Found | None:
    """Of what a percentage is spoken, as the measure that counts the part."""
    found = _longest(text, _SHARED, lambda value: value)
    return found[0] if found else None


def authorities_in(text: str) -> list[Found]:
    """The authorities that a text names: federal, or state and local."""
    return _longest(text, _AUTHORITIES, lambda value: value)


def reporters_in(text: str, reporters: pd.DataFrame) -> list[Found]:
    """The reporters that a text names, by their names or by those of their services."""
    names = _reporter_names(tuple(reporters["reporter"]), tuple(reporters["name"]))
    folded = text if text == text.lower() else None
    found = []
    for one in _any_of(tuple(sorted(names, key=len, reverse=True))).finditer(text):
        said = one.group()
        # A short name is also a common word, so it must be written as a name.
        if len(said) > SHORT or folded is not None or said[0].isupper() or not said.isascii():
            found.append(Found(names[said.lower()], one.start(), one.end()))
    return found


def requesters_in(text: str) -> list[Found]:
    """The countries that a text names in any of our languages; those that a preposition marks as the origin come first.

    `US` counts in capitals only, since in small letters it is a pronoun; other names need a capital unless the whole text
    has none. Codes are not read: `in`, `is` and `to` are among them.
    """
    found = [*_named(text), *_unspaced(text), *_demonyms(text)]
    found = [one for one in found if not any(_inside(one, other) for other in found if other is not one)]
    return sorted(dict.fromkeys(found), key=lambda one: (not is_origin(text, one), one.start))


def is_origin(text: str, found: Found) -> bool:
    """Whether a preposition before a country marks it as the one that asked."""
    return bool(_FROM.search(text[: found.start]))


def _letter(letter: str) -> str:
    if letter.isspace():
        return " "
    if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return ""
    digit = unicodedata.decimal(letter, None)
    return str(digit) if digit is not None else letter


# What could be taken for a tag, a comment, an entity, a scripted address, or a link or picture in Markdown.
_MARKUP = re.compile(r"<\s*[/!?a-zA-Z]|&#?\w+;|javascript:|data:\w+/|\]\s*\(|\{\{|\$\$", re.IGNORECASE)

_YEAR = r"(?:19|20)\d\d"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|"
    r"dec(?:ember)?)\.?"
)
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {name: value for value, name in enumerate(_ONES)} | {name: 10 * value for value, name in enumerate(_TENS, 2)}
_SCALES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "k": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "m": 10**6,
    "mn": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
    "千": 10**3,
    "万": 10**4,
    "萬": 10**4,
    "亿": 10**8,
    "億": 10**8,
}
_ATTACHED = ("k", "m", "mn", "bn", "千", "万", "萬", "亿", "億")
_FRACTIONS = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "thirds": 3,
    "quarter": 4,
    "quarters": 4,
    "fifth": 5,
    "fifths": 5,
    "sixth": 6,
    "eighth": 8,
    "tenth": 10,
    "tenths": 10,
}
_WORD = r"(?:" + "|".join(sorted(_SMALL, key=len, reverse=True)) + r")"
_COUNT_OR_WORD = rf"(?:\d+|{_WORD}(?:-{_WORD})?)"
_UNITS = r"(?:requests?|demands?|orders?|warrants?|subpoenas?|letters?|accounts?|users?|queries|searches|targets?|people|persons?|devices?)"


def _small(said: str) -> int:
    return int(said) if said.isdigit() else sum(_SMALL[part] for part in said.lower().split("-"))


def _years(first: str, last: str) -> Span | None:
    if int(first) > int(last):
        return None
    return _span(months(int(first), 1, int(last), 12))


def _span(period: Period | None) -> Span | None:
    return Span(period.start, period.end) if period else None


def _six_months(said: re.Match) -> Span:
    which = 1 if said[1].lower().startswith("first") else 2
    return _span(parse(f"{said[2]} h{which}"))


def _past(said: re.Match) -> Span | None:
    length = _small(said["count"]) * {"month": 1, "year": 12}.get(said["unit"].lower().rstrip("s"), 0)
    return Span(None, None, length) if length else None


# What speaks of time, longest forms first; a form that names no period (a day, a law) still takes its digits out of the text.
_TIMES: tuple[tuple[str, Callable[[re.Match], Span | None]], ...] = (
    (r"https?://\S+|www\.\S+", lambda m: None),
    (r"\b(?:section|sec\.|§+|title|rule|article|no\.)\s*\d[\d.]*(?:\s?\([a-z0-9]+\))*|§+\s*\d+", lambda m: None),
    (r"\b\d+\s*u\.?\s?s\.?\s?c\.?(?:\s*§*\s*\d+(?:\s?\([a-z0-9]+\))*)?|\b(?:s|ss)\.\s?\d{3}\b|\bfisa\s+702\b", lambda m: None),
    (r"\bper (?:100,000|million|1,000) (?:people|inhabitants|users|residents)\b", lambda m: None),
    (
        r"\b\d{4}-\d\d-\d\d\s?(?:/|to|-|–)\s?\d{4}-\d\d-\d\d\b",
        lambda m: _span(parse(m[0].replace("–", "-"))),
    ),
    (r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b", lambda m: None),
    (rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR}\b)?", lambda m: None),
    (rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,?\s+{_YEAR}\b)?", lambda m: None),
    (rf"\b{_MONTH}(?:\s+{_YEAR})?\s?(?:-|–|—|to|through|until)\s?{_MONTH}\s+{_YEAR}\b", lambda m: _span(parse(_dashed(m[0])))),
    (rf"\bbetween {_MONTH}(?:\s+{_YEAR})? and {_MONTH}\s+{_YEAR}\b", lambda m: _span(parse(_dashed(m[0])))),
    (rf"\b{_MONTH}\s+{_YEAR}\b", lambda m: _span(parse(m[0]))),
    (rf"\b(first|second|1st|2nd) half(?:\s+of)?\s+({_YEAR})\b", lambda m: _span(parse(f"{m[1]} half {m[2]}"))),
    (
        rf"\b(first|second|third|fourth|1st|2nd|3rd|4th) quarter(?:\s+of)?\s+({_YEAR})\b",
        lambda m: _span(parse(f"{m[1]} quarter {m[2]}")),
    ),
    (rf"\b(first|last|second)\s+(?:six months|half)\s+of\s+({_YEAR})\b", _six_months),
    (rf"\b[hq][1-4][\s-]?{_YEAR}\b|\b{_YEAR}[\s-]?[hq][1-4]\b", lambda m: _span(parse(m[0]))),
    (rf"\b(?:fiscal(?:\s+year)?|fy)[\s-]?({_YEAR})\b", lambda m: _span(months(int(m[1]) - 1, 10, int(m[1]), 9))),
    (rf"\bbetween\s+({_YEAR})\s+and\s+({_YEAR})\b", lambda m: _years(m[1], m[2])),
    (rf"(?<![\d.,])({_YEAR})\s?(?:-|–|—|to|through|until|и|bis|至|到)\s?({_YEAR})(?![\d,])", lambda m: _years(m[1], m[2])),
    (rf"(?<![\d.,])({_YEAR})(?:-|–|/)(\d\d)(?!\d)", lambda m: _years(m[1], m[1][:2] + m[2])),
    (rf"\bsince\s+(?:{_MONTH}\s+)?({_YEAR})\b", lambda m: Span(date(int(m[1]), 1, 1), None)),
    (
        rf"(?<![A-Za-z\d.,-])({_YEAR})\s+and\s+({_YEAR})(?![\d,])",
        lambda m: _years(m[1], m[2]) if int(m[2]) == int(m[1]) + 1 else _years(m[1], m[1]),
    ),
    (
        rf"(?:(?<=in )|(?<=of )|(?<=during )|(?<=for )|(?<=year ))(?<![\d.,])({_YEAR})(?![\d,]|\.\d)(?!\s?%)",
        lambda m: _years(m[1], m[1]),
    ),
    (rf"(?<![A-Za-z\d.,-])({_YEAR})(?![\dA-Za-z,]\d|[\dA-Za-z]|\.\d)(?!\s?%|\s+{_UNITS}\b)", lambda m: _years(m[1], m[1])),
    (r"\bin (?:just |only )?(?:one|a single|any) year\b", lambda m: None),
    (
        rf"\b(?:(?:over|in|within|during|for|of)\s+)?(?:(?:the|each of the|every one of the)\s+)?(?:(?:past|last|previous)\s+)?"
        rf"(?P<count>{_COUNT_OR_WORD})[\s-](?P<unit>days?|weeks?|months?|years?)\b(?:\s+(?:ago|period|earlier|later|before|old)\b)?",
        _past,
    ),
    (r"\b(?:every|each|per)\s+(?:half-year|six months)\b|\bhalf-yearly\b", lambda m: Span(None, None, 6)),
    (r"\b(?:first|second|last)\s+(?:half|quarter)\b|\bhalf[\s-](?:a\s+)?years?\b|\bper quarter\b|\beach quarter\b", lambda m: None),
)
_TIMES_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), build) for pattern, build in _TIMES)


def _dashed(text: str) -> str:
    text = re.sub(r"^between ", "", text, flags=re.IGNORECASE)
    return re.sub(r"\s?(?:–|—|-| to | through | until | and )\s?", " - ", text, flags=re.IGNORECASE)


def _dated(text: str) -> list[Found]:
    found: list[Found] = []
    free = text
    for pattern, build in _TIMES_COMPILED:
        for one in pattern.finditer(free):
            try:
                found.append(Found(build(one), one.start(), one.end()))
            except (ValueError, OverflowError):
                found.append(Found(None, one.start(), one.end()))
        free = _blanked(free, found)
    return found


def _blanked(text: str, found: Iterable[Found]) -> str:
    # A sign that no pattern knows keeps every other place in the text where it was.
    letters = list(text)
    for one in found:
        letters[one.start : one.end] = "\x00" * (one.end - one.start)
    return "".join(letters)


@dataclass(frozen=True)
class _Atom:
    value: float
    unit: float  # the last unit spoken: 100 in 2,800, 100,000 in 2.5 million
    kind: str
    scale: float
    start: int
    end: int
    is_plain: bool = False  # digits or words alone, with neither scale nor fraction


_DIGITS = (
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]*\d)|\d{1,3}(?:,\d{2})+,\d{3}(?!\d)|\d{1,3}(?:[ \u00a0\u2009\u202f']\d{3})+(?!\d)|"
    r"\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d+(?:[.,]\d+)?)"
)
_NUMBER = re.compile(
    r"(?<![A-Za-zÀ-ɏ\d])(?<![A-Za-zÀ-ɏ][-./,])(?<!\d[./,])(?:"
    + rf"(?P<fraction>\b(?:(?P<parts>an?|one|two|three|four|\d)[\s-])?(?P<of>{'|'.join(_FRACTIONS)})\b(?!-|\s+(?:part(?:y|ies)|countr|time|person|year)))"
    + r"|(?P<majority>\b(?:a |the )?(?:vast )?majority\b|\bmost(?= (?:of|requests|orders|demands)\b))"
    + rf"|(?P<one>{_WORD}|\d{{1,2}})\s+(?:in|out of)\s+(?:every\s+)?(?P<every>{_WORD}|\d{{1,3}})(?![\d,.]\d)"
    + r"|(?P<many>\b(?:(?:tens|dozens|hundreds|thousands) of )?(?:dozens|hundreds|thousands|millions|billions))\b"
    + rf"|{_DIGITS}(?:\s?(?P<scale>hundred|thousand|million|billion|trillion|dozen|lakh|crore)s?\b|(?P<attached>{'|'.join(_ATTACHED)})(?![A-Za-z]))?"
    + rf"|(?P<words>\b(?:an?\s+(?=hundred|thousand|million|billion|dozen))?(?:{_WORD}|hundred|thousand|million|billion|dozen)"
    + rf"(?:(?:[\s-]|\s+and\s+)(?:{_WORD}|hundred|thousand|million|billion|dozen))*\b)"
    + r")(?![A-Za-z\d])",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\s?(?:%|percent\b|per cent\b|pct\b|pc\b|процент\w*|prozent\b)", re.IGNORECASE)
_TIMES_SAID = re.compile(r"(?:\s?[x×](?![A-Za-z])|[\s-]?fold\b|\s+times\b(?!\s+(?:a|per|each|every)\b))", re.IGNORECASE)
_MULTIPLIED = re.compile(
    r"\b(?P<more>more than |over |at least )?(?P<nearly>nearly |almost )?(?P<verb>doubled|tripled|trebled|quadrupled|halved|twice as many)\b",
    re.IGNORECASE,
)
_FACTORS = {"doubled": 2, "twice as many": 2, "tripled": 3, "trebled": 3, "quadrupled": 4, "halved": 0.5}


def _atoms(text: str) -> list[_Atom]:
    atoms = []
    for one in _NUMBER.finditer(text):
        atom = _atom(one)
        if atom is None:
            continue
        rest = text[one.end() :]
        if (percent := _PERCENT.match(rest)) and atom.kind == "count":
            atom = _Atom(atom.value / 100, atom.unit / 100, "share", atom.scale, atom.start, one.end() + percent.end(), atom.is_plain)
        elif (times := _TIMES_SAID.match(rest)) and atom.kind == "count":
            atom = _Atom(atom.value, atom.unit, "times", atom.scale, atom.start, one.end() + times.end(), atom.is_plain)
        elif atom.is_plain and one["words"] and atom.value == 1:
            continue  # "one" alone is a pronoun more often than a number
        if len(atoms) == MOST_NUMBERS:
            count = sum(1 for _ in _NUMBER.finditer(text))
            raise Unreadable(f"{number(count)} numbers are found in this text; paste the one sentence that is to be checked.")
        atoms.append(atom)
    return atoms


def _atom(one: re.Match) -> _Atom | None:
    start, end = one.span()
    if one["fraction"]:
        parts, of = (one["parts"] or "").lower(), _FRACTIONS[one["of"].lower()]
        if not parts and of != 2:
            return None  # "third" alone is an ordinal
        value = {"": 1, "a": 1, "an": 1}.get(parts) or _small(parts)
        return _Atom(value / of, 0.1, "fraction", 1, start, end) if value <= of else None
    if one["majority"]:
        return _Atom(0.5, 0.1, "majority", 1, start, end)
    if one["one"]:
        part, whole = _small(one["one"]), _small(one["every"])
        return _Atom(part / whole, 0.1, "fraction", 1, start, end) if 0 < part < whole else None
    if one["many"]:
        words = one["many"].lower().split(" of ")
        value = math.prod({"tens": 10, **{f"{name}s": size for name, size in _SCALES.items()}}[word] for word in words)
        return _Atom(2.0 * value, value, "many", 1, start, end)
    if one["words"]:
        value = _worded(one["words"].lower())
        return _Atom(value, _last_unit(str(value)), "count", 1, start, end, is_plain=True)
    digits, scale = one["digits"], _SCALES[(one["scale"] or one["attached"] or "").lower()] if one["scale"] or one["attached"] else 1
    is_scaled = scale != 1
    if re.fullmatch(r"\d{1,3}(?:[ \u00a0\u2009\u202f']\d{3})+|\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:,\d{2})*,\d{3}", digits):
        digits = re.sub(r"\D", "", digits)
    elif re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", digits) and not is_scaled and not _PERCENT.match(one.string[end:]):
        digits = digits.replace(".", "")  # counts are whole, so 2.576 orders are 2,576
    elif re.fullmatch(r"\d+,\d+", digits):
        digits = digits.replace(",", ".")
    digits = re.sub(r"[,\s']", "", digits)
    if len(digits) > 18:
        return None
    return _Atom(float(digits) * scale, _last_unit(digits) * scale, "count", scale, start, end, is_plain=not is_scaled)


def _worded(words: str) -> int:
    total, group = 0, 0
    for word in re.findall(r"[a-z]+", words):
        if word in _SMALL:
            group += _SMALL[word]
        elif word in ("hundred", "dozen"):
            group = max(1, group) * _SCALES[word]
        elif word in _SCALES:
            total += max(1, group) * _SCALES[word]
            group = 0
    return total + group


def _last_unit(digits: str) -> float:
    if "." in digits:
        return 10.0 ** -len(digits.partition(".")[2])
    stripped = digits.rstrip("0")
    return 10.0 ** (len(digits) - len(stripped)) if stripped else 1.0


_CONNECTED = re.compile(r"\s?(?:-|–|—|~|to|bis|до|إلى|至|到)\s?", re.IGNORECASE)
_MOVED = re.compile(
    r"\b(?:rose|rising|grew|growing|increased?|climbed|jumped|surged|went|up|fell|falling|dropped|declined?|decreased?|down)\b[^.;]{0,30}\bfrom\s$",
    re.IGNORECASE,
)


def _range(text: str, first: _Atom, second: _Atom) -> tuple[_Atom, _Atom] | None:
    between = text[first.end : second.start]
    before = text[max(0, first.start - 60) : first.start]
    is_between = re.search(r"\bbetween(?:\s+\w+)?\s$", before, re.IGNORECASE) and re.fullmatch(r"\s+and\s+", between, re.IGNORECASE)
    if not (is_between or _CONNECTED.fullmatch(between)) or _MOVED.search(before):
        return None
    low = first.value
    if first.kind == "count" and first.is_plain:
        # In "2 to 3 million" and "30 to 40 %" the first number has the unit of the second.
        if second.kind == "count" and second.scale > 1 and first.value < 1000:
            low = first.value * second.scale
        elif second.kind == "share":
            low = first.value / 100
        elif second.kind == "times":
            low = first.value
        first = _Atom(low, first.unit * (low / first.value if first.value else 1), second.kind, second.scale, first.start, first.end)
    kinds = {"fraction": "share"}
    alike = kinds.get(first.kind, first.kind) == kinds.get(second.kind, second.kind)
    return (first, second) if alike and first.value <= second.value and second.kind not in ("many", "majority") else None


_BEFORE: tuple[tuple[str, str], ...] = (
    ("just over", r"(?:just|slightly|a little|a bit) (?:over|above|more than)"),
    ("nearly", r"nearly|almost|close to|approaching|just (?:under|below)|slightly (?:under|less than|fewer than)|not quite"),
    ("at least", r"at least|no(?:t)? (?:fewer|less) than|an? minimum of|minimum|≥|>="),
    ("up to", r"up to|at most|as many as|no(?:t)? more than|an? maximum of|maximum|≤|<="),
    ("more than", r"more than|(?:well )?over|above|exceed(?:s|ed|ing)?|upwards? of|in excess of|greater than|higher than|>"),
    ("less than", r"fewer than|less than|under|below|lower than|<"),
    ("about", r"about|around|roughly|approximately|approx\.?|some|circa|ca\.?|c\.|~|≈|(?:an? )?estimated|on the order of"),
    ("exactly", r"exactly|precisely"),
)
_COMPARED = tuple((name, re.compile(rf"(?:^|(?<![A-Za-z]))(?:{words})\s*(?:an?\s+)?$", re.IGNORECASE)) for name, words in _BEFORE)
_AFTER = (
    ("at least", re.compile(r"\s?\+|\s*(?:or|and) (?:more|above|over)\b", re.IGNORECASE)),
    ("up to", re.compile(r"\s*or (?:fewer|less|below|under)\b", re.IGNORECASE)),
)
_DOWN = r"fell|fallen|falling|dropped?|declin\w*|decreas\w*|down|shrank|reduced|reduction|fewer|less|lower|drop|fall"
_UP = r"rose|risen|rising|rises?|grew|growth|grown|increas\w*|climbed|jump(?:ed)?|surged?|up|more|higher|gain(?:ed)?"
_CHANGED_BEFORE = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\s+(?:by\s+|of\s+)?$", re.IGNORECASE)
_CHANGED_AFTER = re.compile(rf"\s+(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.IGNORECASE)


def _spoken(text: str, first: _Atom, second: _Atom | None) -> Spoken:
    start, end = first.start, (second or first).end
    comparator, start = _comparator(text, start, is_range=second is not None)
    for name, pattern in _AFTER:
        if comparator == "exactly" and second is None and (after := pattern.match(text[end:])):
            comparator, end = name, end + after.end()
    kind = {"fraction": "share", "majority": "share", "many": "count"}.get(first.kind, first.kind)
    low, high = first, second or first
    if second is not None:
        # In "seven to 10" neither end is rounder than the other.
        unit = min(low.unit, high.unit)
        low, high = replace(low, unit=unit), replace(high, unit=unit)
    rounded = Interval(_low_end(low, "about"), _high_end(high, "about"))
    if first.kind == "majority":
        comparator = "more than"
    elif first.kind == "many":
        comparator = "at least"
    if second is not None:
        interval = rounded if comparator == "about" else Interval(_shown_low(low), _shown_high(high))
    elif comparator == "exactly" and (kind == "share" or first.scale != 1 or kind == "times"):
        interval = _as_rounded(first)
    elif comparator == "exactly":
        interval = Interval.exact(first.value)
    else:
        interval = Interval(_low_end(low, comparator), _high_end(high, comparator))
    interval, rounded, kind = _as_change(text, start, end, interval, rounded, kind)
    if kind == "share":
        interval, rounded = _within_one(interval), _within_one(rounded)
    return Spoken(interval, rounded, comparator if second is None or comparator == "about" else "between", kind, start, end)


def _comparator(text: str, start: int, is_range: bool) -> tuple[str, int]:
    before = text[max(0, start - 40) : start]
    if is_range and (between := re.search(r"\b(?:between|from)\s+(?:about\s+|around\s+|roughly\s+)?$", before, re.IGNORECASE)):
        return "about" if "ro" in between.group() or "about" in between.group() else "exactly", start - len(between.group())
    for name, pattern in _COMPARED:
        if found := pattern.search(before):
            return name, start - len(found.group())
    return "exactly", start


def _as_rounded(atom: _Atom) -> Interval:
    # What is spoken with a scale or a percent sign is what rounds to its last digit: 64 %, 3.4 million, 2.5 times.
    if atom.kind == "fraction":
        return rounded_share(round(atom.value * 100))
    decimals = atom.unit if atom.kind != "share" else min(atom.unit, 0.01)
    return Interval(_tidy(atom.value - decimals / 2), _tidy(atom.value + decimals / 2))


def _low_end(atom: _Atom, comparator: str) -> float:
    if comparator in ("about", "nearly"):
        return _tidy(max(0.0, atom.value - atom.unit / 2))
    return -math.inf if comparator in ("up to", "less than") else _shown_low(atom)


def _high_end(atom: _Atom, comparator: str) -> float:
    if comparator in ("about", "just over"):
        return _tidy(atom.value + atom.unit / 2)
    return math.inf if comparator in ("at least", "more than") else _shown_high(atom)


def _shown_low(atom: _Atom) -> float:
    return round(atom.value, 3) if atom.kind == "fraction" else _tidy(atom.value)


def _shown_high(atom: _Atom) -> float:
    return math.ceil(round(atom.value * 1000, 6)) / 1000 if atom.kind == "fraction" else _tidy(atom.value)


def _tidy(value: float) -> float:
    # 0.64 + 0.005 is 0.645 as spoken, not what binary fractions make of it.
    return float(f"{value:.12g}")


def _within_one(interval: Interval) -> Interval:
    return Interval(min(interval.low, 1.0), min(interval.high, 1.0)) if interval.low <= 1 else interval


def _as_change(text: str, start: int, end: int, interval: Interval, rounded: Interval, kind: str) -> tuple[Interval, Interval, str]:
    if kind != "share":
        return interval, rounded, kind
    said = _CHANGED_BEFORE.search(text[max(0, start - 40) : start]) or _CHANGED_AFTER.match(text[end:])
    if not said:
        return interval, rounded, kind
    sign = -1 if said["down"] else 1
    return interval * sign, rounded * sign, "change"


def _multiplied(text: str, found: re.Match) -> Spoken:
    factor = _FACTORS[found["verb"].lower()]
    half = 0.05 if factor < 1 else 0.5
    rounded = Interval(factor - half, factor + half)
    if found["more"]:
        return Spoken(Interval(factor, math.inf), rounded, "more than", "times", *found.span())
    if found["nearly"]:
        return Spoken(Interval(factor - half, factor), rounded, "nearly", "times", *found.span())
    return Spoken(rounded, rounded, "about", "times", *found.span())


_RATES = re.compile(
    r"(?P<day>\b(?:a|per|each|every)\s+day\b|\bdaily\b|/\s?day\b)|(?P<week>\b(?:a|per|each|every)\s+week\b|\bweekly\b|/\s?week\b)"
    r"|(?P<month>\b(?:a|per|each|every)\s+month\b|\bmonthly\b|/\s?month\b)"
    r"|(?P<year>\b(?:a|per|each|every)\s+(?:single\s+)?year\b(?!\s+(?:before|ago|earlier|later))|\bin (?:just |only )?(?:one|a single|any) year\b|\b(?:yearly|annual(?:ly)?|per annum)\b|/\s?(?:year|yr)\b"
    r"|\b(?:in|of)\s+each\s+of\b|每年)",
    re.IGNORECASE,
)

_COUNTED: tuple[tuple[str, Counted], ...] = (
    (
        r"(?:non-?disclosure|secrecy|gag|confidentiality|delayed[- ]notice)\s+orders?|gag-ordered (?:requests|demands)|gags|NDOs?|保密令",
        Counted("nondisclosure orders", "nondisclosure_orders"),
    ),
    (r"national security letters?|NSLs?", Counted("letters", "letters", "nsl")),
    (r"national security (?:requests|orders|demands)", Counted("requests", "requests", "national_security")),
    (r"wiretaps?(?:\s+orders?)?", Counted("orders", "orders", "wiretap")),
    (r"(?:search\s+)?warrants?", Counted("requests", "requests", "warrant")),
    (r"subpoenas?", Counted("requests", "requests", "subpoena")),
    (r"court orders?", Counted("requests", "requests", "court_order")),
    (r"FISA (?:content )?orders?", Counted("orders", "orders", "fisa_content")),
    (r"(?:emergency|emergencies)(?:\s+(?:requests|disclosures))?", Counted("requests", "requests", "emergency")),
    (r"preservation (?:requests?|orders?)", Counted("requests", "requests", "preservation")),
    (r"accounts? preserved|preserved accounts?", Counted("accounts", "accounts_preserved", "preservation")),
    (r"accounts? affected|affected accounts?", Counted("accounts", "accounts_affected")),
    (r"device requests", Counted("requests", "requests", "device")),
    (r"account requests", Counted("requests", "requests", "account")),
    (r"orders?", Counted("orders", "orders")),
    (r"(?:requests?|demands?|inquiries|applications?|asks)", Counted("requests", "requests")),
    (r"(?:accounts?|users?|profiles)", Counted("accounts", "accounts_specified")),
    (r"(?:identifiers?|devices?)", Counted("identifiers", "identifiers")),
    (r"selectors?", Counted("identifiers", "selectors")),
    (r"targets?", Counted("targets", "targets")),
    (r"(?:queries|query|searches)", Counted("queries", "queries")),
    (r"(?:people|persons?|citizens?|individuals?|americans|customers?)", Counted("people", "persons")),
    (r"letters?", Counted("letters", "letters", "nsl")),
)
_TYPES: tuple[tuple[str, str], ...] = (
    (r"(?:search\s+)?warrants?", "warrant"),
    (r"subpoenas?", "subpoena"),
    (r"court orders?", "court_order"),
    (r"pen registers?|trap and trace", "pen_register"),
    (r"wiretaps?", "wiretap"),
    (r"emergency|emergencies", "emergency"),
    (r"preservation", "preservation"),
    (r"national security letters?|NSLs?", "nsl"),
    (r"section 702|s\.\s?702|702", "fisa_702"),
    (r"FISA (?:non-?content)", "fisa_noncontent"),
    (r"FISA|foreign intelligence", "fisa_content"),
    (r"national security (?:requests|orders|demands)", "national_security"),
    (r"civil (?:requests|demands|cases|matters)", "civil"),
    (r"device requests", "device"),
    (r"account requests", "account"),
    (r"financial identifiers?|credit cards?", "financial_identifier"),
    (r"push tokens?", "push_token"),
)
_SHARED: tuple[tuple[str, str], ...] = (
    (r"non-?disclosure|secrecy|gag\b|gagged|under seal|sealed|confidentiality orders?", "nondisclosure_share"),
    (r"reject\w*|refus\w*|turned down|denied", "requests_rejected"),
    (r"challeng\w*|objected", "requests_challenged"),
    (r"no data|nothing found|no responsive", "requests_no_data"),
    (r"non-?content", "requests_noncontent"),
    (r"(?<!-)\bcontent", "requests_content"),
    (r"(?:some )?(?:data|information) (?:was|were) (?:disclosed|produced|provided)|disclos\w*|complied|comply|complies|produced|handed over|hands over|"
     r"some data|turned over|provided data|answered", "share_some_data"),
)  # fmt: skip
_AUTHORITIES: tuple[tuple[str, str], ...] = (
    (r"federal", "federal"),
    (r"state and local|local and state|state or local", "state_local"),
)


def _longest(text: str, table: tuple[tuple[str, object], ...], value: Callable) -> list[Found]:
    # The first entry that fits a place has it: "court orders" are not read again as "orders".
    found: list[Found] = []
    free = text
    for pattern, meaning in _compiled(table):
        for one in pattern.finditer(free):
            found.append(Found(value(meaning), one.start(), one.end()))
        free = _blanked(free, found)
    return sorted(found, key=lambda one: one.start)


@cache
def _compiled(table: tuple[tuple[str, object], ...]) -> tuple[tuple[re.Pattern, object], ...]:
    return tuple((re.compile(rf"(?<![A-Za-z])(?:{pattern})(?![A-Za-z])", re.IGNORECASE), meaning) for pattern, meaning in table)


SHORT = 4
"""Names of reporters up to this length are common words too (`meta`, `snap`)."""
ALIASES = {
    "facebook": "meta",
    "instagram": "meta",
    "whatsapp": "meta",
    "wordpress.com": "automattic",
    "wordpress": "automattic",
    "tumblr": "automattic",
    "gmail": "google",
    "youtube": "google",
    "alphabet": "google",
    "谷歌": "google",
    "skype": "microsoft",
    "outlook.com": "microsoft",
    "hotmail": "microsoft",
    "微软": "microsoft",
    "icloud": "apple",
    "苹果": "apple",
    "脸书": "meta",
    "x corp": "twitter",
    "snapchat": "snap",
    "aws": "amazon",
    "t-mobile": "tmobile",
    "kakaotalk": "kakao",
    "dni": "odni",
    "odni": "odni",
    "director of national intelligence": "odni",
    "department of justice": "doj",
    "justice department": "doj",
    "u.s. courts": "us_courts",
    "us courts": "us_courts",
    "federal courts": "us_courts",
    "administrative office": "us_courts",
}
"""Everyday names of reporters and of their services."""
DEMONYMS = {
    "american": "USA",
    "australian": "AUS",
    "austrian": "AUT",
    "belgian": "BEL",
    "brazilian": "BRA",
    "british": "GBR",
    "canadian": "CAN",
    "chinese": "CHN",
    "czech": "CZE",
    "danish": "DNK",
    "dutch": "NLD",
    "finnish": "FIN",
    "french": "FRA",
    "german": "DEU",
    "greek": "GRC",
    "hungarian": "HUN",
    "indian": "IND",
    "irish": "IRL",
    "israeli": "ISR",
    "italian": "ITA",
    "japanese": "JPN",
    "mexican": "MEX",
    "norwegian": "NOR",
    "polish": "POL",
    "portuguese": "PRT",
    "russian": "RUS",
    "south korean": "KOR",
    "spanish": "ESP",
    "swedish": "SWE",
    "swiss": "CHE",
    "taiwanese": "TWN",
    "turkish": "TUR",
    "ukrainian": "UKR",
}
"""Adjectives of the requesters most often written about; others are chosen from the list of countries."""
_WORLD = re.compile(r"\b(?:worldwide|world-wide|globally|around the world|across the world|all countries)\b", re.IGNORECASE)
_UNITED_STATES = re.compile(r"(?<![A-Za-z])(?:US|USA|U\.S\.A\.|U\.S\.(?!C)|U\.S(?![.A-Za-z]))(?![A-Za-z])")
_UNITED_KINGDOM = re.compile(r"(?<![A-Za-z])(?:UK|U\.K\.?)(?![A-Za-z])")
_EMIRATES = re.compile(r"(?<![A-Za-z])UAE(?![A-Za-z])")
_FROM = re.compile(r"\b(?:from|by|aus|von|de|des|du|da|do|dal(?:la)?|uit|från|из|от|من)\s+(?:the\s+|la\s+|las\s+|los\s+|les\s+|den\s+|der\s+|l['’]\s?)?$|来自$|由$|\b(?:d|l)['’]$", re.IGNORECASE)  # fmt: skip
_LONGEST_NAME = 6
_SHORTEST_NAME = 4
_NO_COUNTRIES = frozenset({"total", "global", "world", "worldwide"})
_WORDS = re.compile(r"[^\W\d_]+")


@cache
def _reporter_names(reporters: tuple[str, ...], names: tuple[str, ...]) -> dict[str, str]:
    known = dict(ALIASES)
    for reporter, name in zip(reporters, names, strict=True):
        for said in (name, *re.split(r"\s*[()]\s*", name), reporter.replace("_", " ")):
            if len(said.strip()) > 1:
                known[said.strip().lower()] = reporter
    return {said: reporter for said, reporter in known.items() if reporter in reporters}


@cache
def _any_of(names: tuple[str, ...]) -> re.Pattern:
    # Names in other scripts stand between letters and digits without a space.
    latin = "|".join(re.escape(name) for name in names if name.isascii())
    others = "".join(f"|{re.escape(name)}" for name in names if not name.isascii())
    return re.compile(rf"(?<![A-Za-z\d])(?:{latin})(?![A-Za-z\d]){others}", re.IGNORECASE)


def _named(text: str) -> list[Found]:
    found = [Found(places.WORLD, *one.span()) for one in _WORLD.finditer(text)]
    # In a text of capitals alone "US" may be the pronoun again.
    shouted = text == text.upper()
    found += [Found("USA", *one.span()) for one in _UNITED_STATES.finditer(text) if not shouted or "." in one.group() or "A" in one.group()]
    found += [Found("GBR", *one.span()) for one in _UNITED_KINGDOM.finditer(text)]
    found += [Found("ARE", *one.span()) for one in _EMIRATES.finditer(text)]
    words = list(_WORDS.finditer(text))
    has_capitals = any(letter.isupper() for letter in text)
    taken = 0
    for index, word in enumerate(words):
        if word.start() < taken:
            continue
        for length in range(min(_LONGEST_NAME, len(words) - index), 0, -1):
            last = words[index + length - 1]
            said = text[word.start() : last.end()]
            if not _is_like_a_name(said, has_capitals):
                continue
            if (code := places.code(said)) and code != places.WORLD:
                found.append(Found(code, word.start(), last.end()))
                taken = last.end()
                break
    return found


def _is_like_a_name(said: str, has_capitals: bool) -> bool:
    key = places.fold(said)
    if len(key) < (_SHORTEST_NAME if said.isascii() else 2) or key in _NO_COUNTRIES or key in _iso_codes():
        return False
    # Only a letter that has a capital tells anything by being small.
    return not has_capitals or not said[0].islower() or said[0].upper() == said[0]


@cache
def _iso_codes() -> frozenset[str]:
    codes = places.codes()
    return frozenset(code.lower() for code in (*codes, *(places.alpha2(code) or "" for code in codes)))


def _unspaced(text: str) -> list[Found]:
    pattern, codes = _east_asian_names()
    return [Found(codes[one.group()], *one.span()) for one in pattern.finditer(text)]


@cache
def _east_asian_names() -> tuple[re.Pattern, dict[str, str]]:
    # Chinese and Japanese write no spaces, and Korean joins particles to a name, so there a name is looked for anywhere.
    codes = {}
    for code in sorted(places.codes() - {places.WORLD}):
        for language in ("zh", "zh_Hant", "ja", "ko"):
            said = places.name(code, language)
            if len(said) >= 2 and not said.isascii():
                codes.setdefault(said, code)
    return re.compile("|".join(re.escape(said) for said in sorted(codes, key=len, reverse=True))), codes


def _demonyms(text: str) -> list[Found]:
    pattern = _any_of(tuple(sorted(DEMONYMS, key=len, reverse=True)))
    return [Found(DEMONYMS[one.group().lower()], *one.span()) for one in pattern.finditer(text)]


def _inside(one: Found, other: Found) -> bool:
    return other.start <= one.start and one.end <= other.end and (other.end - other.start) > (one.end - one.start)
