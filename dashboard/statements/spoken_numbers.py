"""The numbers of a sentence: each as the interval that its words allow, by the same rules as in the statement files.

A whole percentage is what rounds to it; "about" allows half of the last unit spoken, up and down; "nearly" allows it downwards only.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from dashboard.model.intervals import Interval, number, rounded_share
from dashboard.reports.words.numbers import marks_in
from dashboard.statements.lexicon import SMALL_NUMBERS, Mention, Role, alternatives, blanked, form, limits, table, values

MINUTES_A_DAY = 24 * 60
NEAR, NEAR_POINTS = 0.1, 0.025
"""By which part of it, and by how much at most, a share may miss the fraction that is said of it: three quarters of 77 %; twice as much where it is about so much."""
CUT_OFF = 0.02
"""By how much an approximate count may miss the published one at most where its last digits were cut off: just over 46,000 of 46,572."""
APPROXIMATE = ("about", "nearly", "just over")
"""Comparators of numbers that are not meant to the last digit."""
MAX_NUMBERS = 40
"""Numbers in a text, at most: more are a table, not a sentence."""


class InvalidClaim(Exception):
    """A text in which nothing can be checked; the message says what to write instead."""


@dataclass(frozen=True)
class NumberMention:
    """A number as spoken: the interval that its words allow, the wider one if it was rounded, and what kind of number it is.

    `kind` is `count`, `share`, `change` (a share more or less), `times` (a factor), `difference` (so many more or fewer) or
    `occasions` (so many times). Shares, changes and factors are parts of one. `per` is set where the number is a rate by its own words
    (one every eleven minutes).
    """

    interval: Interval
    rounded: Interval
    comparator: str
    kind: str
    start: int
    end: int
    per: str = ""


def numbers_in(text: str) -> list[NumberMention]:
    """The numbers of a text from which times and names have been blanked; raises `InvalidClaim` where there are too many."""
    factors = [_factor(text, value, match) for pattern, value in table("factor") for match in pattern.finditer(text)]
    factors += [rhythm for match in form("rhythm").finditer(text) if (rhythm := _rhythm(text, match))]
    free = blanked(text, [Mention(Role.NUMBER, None, factor.start, factor.end) for factor in factors])
    if any(factor.per for factor in factors):
        free = form("one").sub("\x00\x00\x00", free)  # One request every ten minutes is a rhythm, and no count beside it.
    worded = [
        _Atom(ends[0].low, 0.1, kind, 1, *match.span(), limits=ends) for pattern, kind, ends in limits() for match in pattern.finditer(free)
    ]
    worded += [_Atom(value, 0.1, "fraction", 1, *match.span()) for pattern, value in table("fraction") for match in pattern.finditer(free)]
    free = blanked(free, [Mention(Role.NUMBER, None, atom.start, atom.end) for atom in worded])
    atoms = sorted([*_atoms(free), *worded], key=lambda atom: atom.start)
    spoken: list[NumberMention] = []
    index = 0
    while index < len(atoms):
        first = atoms[index]
        second = atoms[index + 1] if index + 1 < len(atoms) else None
        joined = _range(free, first, second) if second else None
        spoken.append(_spoken(free, *(joined or (first, None))))
        index += 2 if joined else 1
    return sorted([*spoken, *factors], key=lambda mention: mention.start)


def often_in(text: str) -> list[Mention]:
    """Once or twice a day: how often, before the words for the time are taken."""
    counts = [(Interval.exact(1 if match[0].lower() == "once" else 2), match.span()) for match in form("often").finditer(text)]
    return [Mention(Role.NUMBER, NumberMention(count, count, "exactly", "occasions", *ends), *ends) for count, ends in counts]


_SMALL = SMALL_NUMBERS
_SCALES = values("scales")
_FRACTIONS = values("fractions")
_ORDINALS = values("ordinals")


def _small(word: str) -> int:
    return int(word) if word.isdigit() else sum(_SMALL[digit_word] for digit_word in word.lower().split("-"))


@dataclass(frozen=True)
class _Atom:
    value: float
    unit: float  # the last unit spoken: 100 in 2,800, 100,000 in 2.5 million
    kind: str
    scale: float
    start: int
    end: int
    is_plain: bool = False  # digits or words alone, with neither scale nor fraction
    limits: tuple[Interval, Interval] | None = None  # between which the words say that it lies, and between which it may still be so called


_MINUTES = {"second": 1 / 60, "minute": 1, "hour": 60}
_ONE_OF = re.compile(r"\s+\x00")
"""Before what is counted, which is blanked by now, "one" is a number."""


def _atoms(text: str) -> list[_Atom]:
    atoms = []
    for one in form("number").finditer(text):
        atom = _atom(one) if not atoms or one.start() >= atoms[-1].end else None
        if atom is None:
            continue
        rest = text[one.end() :]
        if (percent := form("percent").match(rest)) and atom.kind == "count":
            kind = "points" if percent["points"] else "share"
            atom = _Atom(atom.value / 100, atom.unit / 100, kind, atom.scale, atom.start, one.end() + percent.end(), atom.is_plain)
            if as_many := form("as_many").match(text, atom.end):
                atom = replace(atom, kind="times", end=as_many.end())
        elif (times := form("times").match(rest)) and atom.kind == "count" and not (times["odds"] and _is_range(one, atom)):
            kind = "times" if times["factor"] else "occasions"
            atom = _Atom(atom.value, atom.unit, kind, atom.scale, atom.start, one.end() + times.end(), atom.is_plain)
        elif (as_many := form("as_many").match(text, atom.end)) and atom.kind == "fraction" and atom.value < 0.5:
            atom = replace(atom, kind="times", end=as_many.end())
        elif atom.is_plain and one["words"] and atom.value == 1 and not _ONE_OF.match(rest):
            continue  # "one" alone is a pronoun more often than a number
        if len(atoms) == MAX_NUMBERS:
            count = sum(1 for _ in form("number").finditer(text))
            raise InvalidClaim(f"{number(count)} numbers are found in this text; paste the one sentence that is to be checked.")
        atoms.append(atom)
    return atoms


def _is_range(one: re.Match, atom: _Atom) -> bool:
    # From 3 to 1, and 1 to 1: no odds.
    return atom.value <= 1 or bool(form("from").search(one.string, 0, one.start()))


def _atom(one: re.Match) -> _Atom | None:
    start, end = one.span()
    if one["nth"]:
        return _Atom(1 / _ORDINALS[one["nth"].lower()], 0.1, "fraction", 1, start, end)
    if one["portion"]:
        numerator = _SMALL.get((one["times"] or "").lower(), 1) / _FRACTIONS[(one["nths"] or "half").lower()]
        scale = _SCALES[one["whole"].lower()]
        return _Atom(float(round(numerator * scale)), scale / 10, "count", scale, start, end)
    if one["fraction"]:
        parts, of = (one["parts"] or "").lower(), _FRACTIONS[one["of"].lower()]
        if not parts and of != 2:
            return None  # "third" alone is an ordinal
        value = {"": 1, "a": 1, "an": 1}.get(parts) or _small(parts)
        return _Atom(value / of, 0.1, "fraction", 1, start, end) if value <= of else None
    if one["one"]:
        numerator, whole = _small(one["one"]), _small(one["every"])
        return _Atom(numerator / whole, 0.1, "fraction", 1, start, end) if 0 < numerator < whole else None
    if one["many"]:
        value = float(math.prod(_SCALES.get(word.removesuffix("s"), 1) for word in re.findall("[a-z]+", one["many"].lower())))
        # Hundreds are 200 to 999, and below two thousand there is no other word. A couple of them is 150 to 299.
        ends = (
            [Interval(1.5 * value, 3 * value - 1)] * 2
            if one["few"] and one["few"].lower() == "couple"
            else [Interval(2 * value, steps * value - 1) for steps in (10, 10 if one["few"] else 20)]
        )
        return _Atom(value, value, "many", 1, start, end, limits=tuple(ends))
    if one["figures"]:
        figures = {"single": 1, "double": 2, "triple": 3}.get(one["figures"].lower()) or _small(one["figures"])
        ends = Interval(10.0 ** (figures - 1), 10.0**figures - 1)
        ends = Interval(ends.low / 100, (ends.high + 1) / 100) if one["percent"] is not None else ends
        return _Atom(ends.low, 1, "share" if one["percent"] is not None else "count", 1, start, end, limits=(ends, ends))
    if one["words"]:
        value = _worded(one["words"].lower())
        return _Atom(value, _last_unit(str(value)), "count", 1, start, end, is_plain=True)
    digits, scale = one["digits"], _SCALES[(one["scale"] or one["attached"] or "").lower()] if one["scale"] or one["attached"] else 1
    thousands, decimal = marks_in(digits)
    is_scaled = scale != 1
    if not thousands and not decimal and (is_scaled or form("percent").match(one.string[end:])):
        decimal = "."  # only counts are whole, so that 2.576 orders are 2,576
    whole, point, rest = digits.rpartition(decimal) if decimal and decimal in digits else (digits, "", "")
    digits = re.sub(r"\D", "", whole) + (point and f".{rest}")
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


def _range(text: str, first: _Atom, second: _Atom) -> tuple[_Atom, _Atom] | None:
    between = text[first.end : second.start]
    before = text[max(0, first.start - 60) : first.start]
    is_between = form("between").search(before) and form("and").fullmatch(between)
    if not (is_between or form("connected").fullmatch(between)) or form("moved").search(before) or form("moved_by").search(before):
        return None
    low = first.value
    if first.kind == "count" and first.is_plain:
        # In "2 to 3 million" and "30 to 40 %" the first number has the unit of the second.
        if second.kind == "count" and second.scale > 1 and first.value < 1000:
            low = first.value * second.scale
        elif second.kind in ("share", "points"):
            low = first.value / 100
        elif second.kind == "times":
            low = first.value
        first = _Atom(low, first.unit * (low / first.value if first.value else 1), second.kind, second.scale, first.start, first.end)
    if first.kind == "fraction" and second.kind == "count" and "of a" in text[second.start : second.end]:
        # A quarter to a third of a million.
        first = replace(first, value=first.value * second.scale, unit=second.unit, kind="count")
    kinds = {"fraction": "share"}
    alike = kinds.get(first.kind, first.kind) == kinds.get(second.kind, second.kind)
    return (first, second) if alike and first.value <= second.value and second.limits is None else None


_COMPARED = tuple(
    (name, re.compile(rf"(?:^|(?<![A-Za-z]))(?:{words})\s*(?:an?\s+)?\(?$", re.IGNORECASE))
    for name, words in alternatives("comparators").items()
)
_AFTER = tuple((name, re.compile(words, re.IGNORECASE)) for name, words in alternatives("comparators_after").items())
_SIGNED = re.compile(r"(?:^|(?<=[\s(]))(?:(?P<up>\+)|(?P<down>[-−–]))$")
"""A sign right before a percentage: (+73 %)."""


_MORE_THAN_HALF = Interval(0.5, 1.0)


def _spoken(text: str, first: _Atom, second: _Atom | None) -> NumberMention:
    end = (second or first).end
    comparator, start = _comparator(text, first.start, is_range=second is not None)
    if comparator == "exactly" and second is None:
        comparator, end = _after(text, comparator, end)
    kind, sign, start, end = _kind(text, first, second, start, end)
    if first.limits:
        interval, rounded = first.limits
        comparator = "more than" if interval == rounded == _MORE_THAN_HALF else comparator
    elif second is None:
        interval, rounded = _ends(first, kind, comparator)
    else:
        # In "seven to 10" neither end is rounder than the other.
        low, high = (replace(atom, unit=min(first.unit, second.unit)) for atom in (first, second))
        rounded = Interval(_low_end(low, "about"), _high_end(high, "about"))
        interval = rounded if comparator == "about" else Interval(_shown_low(low), _shown_high(high))
        comparator = comparator if comparator == "about" else "between"
    if kind == "share":
        interval, rounded = _within_one(interval), _within_one(rounded)
    elif kind == "change" and first.kind == "fraction":
        # Up by a third: what is near a third, twice as loosely as a share, which cannot pass the whole.
        rounded = Interval(rounded.low - NEAR_POINTS, rounded.high + NEAR_POINTS)
    return NumberMention(interval * sign, rounded * sign, comparator, kind, start, end)


def _kind(text: str, first: _Atom, second: _Atom | None, start: int, end: int) -> tuple[str, int, int, int]:
    """What kind of number it is by the words around it, −1 where it is one less, and where it starts and ends with them."""
    kind = {"fraction": "share", "many": "count"}.get(first.kind, first.kind)
    if kind == "count" and first.is_plain and (factor := form("factor_of").search(text, 0, start)):
        return "times", 1, factor.start(), end
    if kind == "count" and second is None and form("for_each").search(text, 0, start):
        return "times", 1, start, end
    if kind == "count":
        if moved := form("different").match(text, end):
            end = moved.end()
        elif second is None and not text.startswith(" to ", end):
            moved = form("moved_by").search(text, 0, start) or form("increase_of").search(text, 0, start)
        return ("difference", -1 if moved["down"] else 1, start, end) if moved else (kind, 1, start, end)
    signed = _SIGNED.search(text, 0, start)
    moved = (
        signed
        or form("changed_before").search(text[max(0, start - 40) : start])
        or form("changed_after").match(text, end)
        or form("moved_by").search(text, 0, start)
    )
    if kind in ("share", "points") and moved:
        return "points" if kind == "points" else "change", -1 if moved["down"] else 1, signed.start() if signed else start, end
    return kind, 1, start, end


def _ends(atom: _Atom, kind: str, comparator: str) -> tuple[Interval, Interval]:
    """The interval that a number with its comparator allows, and the wider one if it was rounded."""
    if kind == "times":
        return _factor_ends(atom.value, atom.unit, comparator)
    if kind in ("share", "points", "change") and (comparator == "exactly" or (comparator in APPROXIMATE and atom.kind == "fraction")):
        return _share_ends(atom, comparator)
    interval = Interval(_low_end(atom, comparator), _high_end(atom, comparator))
    rounded = Interval(_low_end(atom, "about"), _high_end(atom, "about"))
    if comparator == "exactly" and atom.scale != 1:
        # What is spoken with a scale is what rounds to its last digit: 3.4 million.
        return _around(atom.value, atom.unit / 2, atom.unit / 2), rounded
    if comparator == "exactly" and atom.is_plain:
        half = min(atom.unit, 10.0 ** (len(str(int(atom.value))) - 2)) / 2
        return interval, Interval(atom.value - half, atom.value + half) if atom.value >= 100 and half >= 5 else interval
    if comparator in APPROXIMATE and kind == "count":
        # Who cuts off the last digits, and does not round them, misses by up to one unit.
        step = max(atom.unit / 2, min(atom.unit, CUT_OFF * atom.value))
        rounded = _around(atom.value, step * (comparator != "just over"), step * (comparator != "nearly"))
    return interval, rounded


def _share_ends(atom: _Atom, comparator: str) -> tuple[Interval, Interval]:
    """A share, or a change: a percentage is what rounds to it, or was cut off to it; a fraction in words is said of what is near it."""
    value = atom.value
    if atom.kind != "fraction":
        unit = min(atom.unit, 0.01)
        return _around(value, unit / 2, unit / 2), _around(value, min(unit, value), unit)
    near = min(NEAR * value, NEAR_POINTS)
    if comparator == "exactly":
        return rounded_share(round(value * 100)), _around(value, near, near)
    about, rounded, short = min(NEAR * value, 2 * NEAR_POINTS), min(2 * NEAR * value, 2 * NEAR_POINTS), 0.01
    ends = _around(value, about * (comparator != "just over"), about * (comparator != "nearly"))
    return ends, _around(value, short if comparator == "just over" else rounded, short if comparator == "nearly" else rounded)


def _around(value: float, down: float, up: float) -> Interval:
    return Interval(_tidy(value - down), _tidy(value + up))


def _after(text: str, comparator: str, end: int) -> tuple[str, int]:
    return next(((name, after.end()) for name, pattern in _AFTER if (after := pattern.match(text, end))), (comparator, end))


def _comparator(text: str, start: int, is_range: bool) -> tuple[str, int]:
    before = text[max(0, start - 40) : start]
    if is_range and (between := form("from_about").search(before)):
        return "about" if between["about"] else "exactly", start - len(between[0])
    for name, pattern in _COMPARED:
        if match := pattern.search(before):
            return name, start - len(match.group())
    return "exactly", start


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


def _factor(text: str, factor: float, match: re.Match) -> NumberMention:
    comparator, start = _comparator(text, match.start(), is_range=False)
    end = tail.end() if (tail := form("factor_tail").match(text, match.end())) else match.end()
    if comparator == "exactly":
        comparator, end = _after(text, comparator, end)
    ends = _factor_ends(abs(factor), 1.0 if float(factor).is_integer() else 0.25, comparator)
    if factor < 0:
        # Divided by so much: more than halved is less than half of it.
        ends = tuple(
            Interval(0.0 if math.isinf(one.high) else _tidy(1 / one.high), _tidy(1 / one.low) if one.low else math.inf) for one in ends
        )
    return NumberMention(*ends, comparator, "times", start, end)


def _factor_ends(factor: float, unit: float, comparator: str) -> tuple[Interval, Interval]:
    # "Twice" is said of what is within a tenth of it; 2.4 times may be called twice as well, 1.6 times may not: what counts is reaching it.
    near, short, beyond = (min(tolerance * factor, unit / 2) for tolerance in (0.1, 0.125, 0.25))
    down, up = (short, beyond) if factor >= 1 else (beyond, short)
    rounded = _around(factor, down, up)
    match comparator:
        case "exactly":
            return _around(factor, near, near), rounded
        case "about":
            return rounded, rounded
        case "nearly":
            return Interval(rounded.low, factor), rounded
        case "just over":
            return Interval(factor, rounded.high), rounded
        case "at least" | "more than":
            return Interval(factor, math.inf), rounded
    return Interval(0.0, factor), rounded


def _rhythm(text: str, match: re.Match) -> NumberMention | None:
    # One every 11 minutes is 1,440 ÷ 11 a day, and 11 is what rounds to it.
    unit, count = _MINUTES[match["unit"].lower()], match["count"]
    minutes = (float(count) if count[0].isdigit() else _small(count)) * unit
    half = unit * _last_unit((count.partition(".")[2] and count) or "1") / 2
    if minutes <= half:
        return None
    ends = Interval(_tidy(MINUTES_A_DAY / (minutes + half)), _tidy(MINUTES_A_DAY / (minutes - half)))
    return NumberMention(ends, ends, "about", "occasions", match.start(), match.end(), per="day")
