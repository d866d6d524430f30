"""Numbers as printed: a cell's text into an interval; what words say of a number stands in `numbers.toml`.

`marks_of` first settles from a whole column which mark divides thousands and which decimals, and `printed_count` and `printed_share` then
read each cell by it. `count` reads a cell of a publisher whose marks are known to be the English ones.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from dashboard.model.intervals import Interval, rounded_share
from dashboard.reports.problems import Code
from dashboard.reports.words.period_words import either, folded, month_numbers, word_file

MAX_DIGITS = 15
"""Most digits of a count, so that every count is held exactly."""


class NotANumber(ValueError):
    """A text that is no number in any form we know; `code` is the problem's code."""

    def __init__(self, code: str, says: str):
        super().__init__(says)
        self.code = Code(code)
        self.says = says


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no figure, which is not zero."""
    bare = " ".join(text.split()).casefold()
    return bare in _words().missing or (re.fullmatch(r"\[.+\]|\(.+\)", bare) is not None and bare[1:-1].strip() in _words().missing)


def says_rounded(text: str) -> bool:
    """Whether words about figures say that these were rounded; a word about percentages, which always are, does not."""
    return "percent" not in (words := folded(text)) and any(phrase in words for phrase in _words().rounded)


@dataclass(frozen=True, slots=True)
class Marks:
    """How a column divides thousands and decimals: `,` or `.`; None where nothing in it settles that, empty where its cells disagree."""

    thousands: str | None = None
    decimal: str | None = None


@dataclass(frozen=True, slots=True)
class Printed:
    """What a cell prints: an interval, or None for no figure; and what must be told of it, as code and words."""

    value: Interval | None
    warnings: tuple[tuple[str, str], ...] = ()


ENGLISH = Marks(",", ".")
"""`1,234.5`, as most publishers print."""


def count(text: str) -> Interval | None:
    """The interval of whole counts that a text with English marks prints; None for no figure. Raises `NotANumber` for anything else."""
    return printed_count(text, ENGLISH).value


def marks_of(texts: Iterable[str], decimal: str | None = None) -> Marks:
    """The marks of a column, from the cells that leave no doubt (`1.234.567`, `1.234,5`, `12,5`), or from what the visitor says."""
    if decimal in (",", "."):
        return Marks("." if decimal == "," else ",", decimal)
    groups, decimals = {",": 0, ".": 0}, {",": 0, ".": 0}
    tokens = [number[0] for text in set(texts) for number in _TOKEN.finditer(_plain(text))]
    if any(map(_LAKHS.fullmatch, tokens)) and any(_LARGE_IN_THREES.fullmatch(token) for token in tokens):
        # 1,23,456 beside 123,456: one hand writes one or the other.
        return Marks("", "")
    for token in tokens:
        thousands, point = marks_in(token)
        groups[thousands] = groups.get(thousands, 0) + 1
        decimals[point] = decimals.get(point, 0) + 1
    if groups[","] != groups["."]:
        thousands = max(",.", key=lambda sign: groups[sign])
        return Marks(thousands, "." if thousands == "," else ",")
    if groups[","]:
        return Marks("", "")
    if decimals[","] != decimals["."]:
        point = max(",.", key=lambda sign: decimals[sign])
        return Marks("." if point == "," else ",", point)
    return Marks()


@functools.lru_cache(maxsize=1 << 12)
def printed_count(text: str, marks: Marks = Marks()) -> Printed:
    """The interval of whole counts that a cell prints, read by the marks of its column.

    `1.234` alone in its column may be a thousand or a fraction, and is no number until somebody says which. `<10` is 0 to 9.
    A footnote mark, `about` and scientific notation are read and told. Raises `NotANumber` for anything else.
    """
    text, warnings = _bared(text)
    if is_missing(text):
        return Printed(None, warnings)
    _refuse_what_is_no_number(text)
    if match := re.fullmatch(r"(\d(?:[.,]\d+)?)e[+]?(\d{1,2})", text):
        value = Decimal(match[1].replace(",", ".")).scaleb(int(match[2]))
        if value != value.to_integral_value():
            raise NotANumber("not_whole", "is not a whole number, and a count must be one.")
        if value >= 10**MAX_DIGITS:
            raise NotANumber("out_of_range", "has more digits than any count.")
        warning = ("scientific_notation", "is in scientific notation, which may have dropped digits.")
        return Printed(Interval.exact(int(value)), (*warnings, warning))
    if match := re.fullmatch(rf"({_NUMBER}) ?[-~] ?({_NUMBER})", text):
        low, high = _grouped(match[1], marks), _grouped(match[2], marks)
        if low > high:
            raise NotANumber("low_above_high", "has its lower end above its upper end.")
        return Printed(Interval(low, high), warnings)
    if match := re.fullmatch(rf"([<≤>≥]) ?({_NUMBER})|({_NUMBER}) ?(\+)", text):
        end = _grouped(match[2] or match[3], marks)
        match match[1] or match[4]:
            case "<" if end == 0:
                raise NotANumber("out_of_range", "is less than there can be.")
            case "<":
                return Printed(Interval(0, end - 1), warnings)
            case "≤":
                return Printed(Interval(0, end), warnings)
            case ">":
                return Printed(Interval(end + 1, math.inf), warnings)
            case _:
                return Printed(Interval(end, math.inf), warnings)
    if re.fullmatch(_NUMBER, text):
        return Printed(Interval.exact(_grouped(text, marks)), warnings)
    if re.fullmatch(rf"- ?{_NUMBER}", text):
        raise NotANumber("negative_value", "is negative, and a count cannot be.")
    if re.fullmatch(rf"{_NUMBER} ?%", text):
        raise NotANumber("bad_number", "is a percentage, in a column that counts.")
    raise NotANumber("bad_number", "is not a number in any form we know.")


def printed_share(text: str, marks: Marks = Marks(), of_one: bool = False, decimals: int = 2) -> Printed:
    """The shares that a cell allows: `64%`, or `0.64` where the column prints parts of one, with so many decimals or more."""
    text, warnings = _bared(text)
    if is_missing(text):
        return Printed(None, warnings)
    _refuse_what_is_no_number(text)
    if match := re.fullmatch(rf"% ?({_NUMBER})", text):
        text = f"{match[1]}%"
    match = re.fullmatch(r"([<≤>≥]?) ?(\d+)(?:([.,٫])(\d+))? ?(%?)", text)
    if not match:
        if re.fullmatch(rf"- ?{_NUMBER} ?%?", text):
            raise NotANumber("negative_value", "is negative, and a share cannot be.")
        raise NotANumber("bad_number", "is not a share in any form we know.")
    sign, whole, point, rest, percent = match.groups()
    if point and marks.decimal and point not in (marks.decimal, "٫"):
        raise NotANumber("ambiguous_number", "has another decimal mark than the rest of its column.")
    printed = Decimal(f"{whole}.{rest}" if rest else whole)
    is_part = of_one and not percent
    if printed > (1 if is_part else 100):
        raise NotANumber("percent_out_of_range", "is above 1, the whole." if is_part else "is above 100 per cent.")
    if sign:
        end = float(printed if is_part else printed / 100)
        return Printed(Interval(0, end) if sign in "<≤" else Interval(end, 1), warnings)
    if is_part:
        return Printed(rounded_share(str(printed * 100), max(decimals, 2, len(rest or "")) - 2), warnings)
    return Printed(rounded_share(str(printed)), warnings)


def is_same_share(text: str, other: str) -> bool:
    """Whether two texts print the same share, whatever their decimals: `83 %` and `83.00%`."""
    numbers = [re.fullmatch(r"(\d+)(?:[.,](\d*?)0*)?\s*%?", " ".join(printed.split())) for printed in (text, other)]
    return all(numbers) and len({(int(match[1]), match[2] or "") for match in numbers}) == 1 and ("%" in text) == ("%" in other)


def is_error(text: str) -> bool:
    """Whether a text is what a spreadsheet shows in place of a result: `#REF!`, `#DIV/0!`."""
    return _ERROR.fullmatch(text.strip()) is not None


_SIGNS = str.maketrans("٪．＜＞～〜–—‐‑‒", "%.<>~~-----")
_MAYBE_ZERO = ("missing_value", "is read as no figure; it may as well mean zero.")
_NUMBER = r"\d+(?:[.,'’٬٫ ]\d+)*"
_TOKEN = re.compile(_NUMBER)
# Lakh and crore: 1,23,456 and 1,23,45,678.
_LAKHS = re.compile(r"[1-9]\d?(?:,\d{2})+,\d{3}")
_LARGE_IN_THREES = re.compile(r"[1-9]\d{2}(?:,\d{3})+|[1-9]\d?(?:,\d{3}){2,}")
_ERROR = re.compile(r"#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A|SPILL!|CALC!|BEZUG!|WERT!|ZAHL!|NV|¡REF!|#+)|Err:\d{3}", re.IGNORECASE)
_FOOTNOTE = re.compile(r"(?: ?(?:[*†‡§¶]+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[ᵃᵇᶜᵈᵉ]|\[[0-9a-z]{1,2}\]|\([a-z]\)))+$|^[*†‡]+ ?", re.IGNORECASE)


@dataclass(frozen=True)
class _Words:
    # What words say of a number: marks for none, what stands before an inexact one, and what is written as one sign.
    missing: frozenset[str]
    maybe_zero: frozenset[str]
    about: re.Pattern
    signs: tuple[tuple[re.Pattern, str], ...]
    rounded: tuple[str, ...]


@functools.cache
def _words() -> _Words:
    content = word_file("numbers")

    def one_of(name: str) -> str:
        return either(map(re.escape, content[name]))

    signs = (
        (rf" ?{one_of('or_more')}$", "+"),
        (rf"^(\d[^a-z]*?) ?{one_of('or_less')}$", r"≤\1"),
        (rf"^{one_of('below')} ?(?=\d)", "<"),
        (rf"^{one_of('at_most')} ?(?=\d)", "≤"),
        (rf"^{one_of('at_least')} ?(?=\d)", "≥"),
        (rf"^{one_of('above')} ?(?=\d)", ">"),
        (rf"(?<=\d) {one_of('to')} (?=\d)|(?<=\d) ?[至到] ?(?=\d)", "-"),
        (rf"^{one_of('between')} (\d(?:.*\d)?) {one_of('and')} (?=\d)", r"\1-"),
        (rf"^{one_of('from')} (?=\d[^a-z]*-)", ""),
    )
    return _Words(
        frozenset(content["missing"]),
        frozenset(content["maybe_zero"]),
        re.compile(rf"^{one_of('about')} ?(?=\d)"),
        tuple((re.compile(pattern), sign) for pattern, sign in signs),
        tuple(map(folded, content["rounded"])),
    )


@functools.cache
def _dates() -> re.Pattern:
    # What a spreadsheet may have made of a band: a day, with or without its year.
    month = either(map(re.escape, month_numbers())) + r"\.?"
    return re.compile(
        rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}(?:[ t].*)?|\d{{1,2}}[/.]\d{{1,2}}[/.](?:\d{{4}}|\d{{2}})|\d{{4}}/\d{{1,2}}/\d{{1,2}}"
        rf"|\d{{1,2}}[-. /]{{0,2}}{month}(?:[- /.]{{0,2}}\d{{2,4}})?|{month}[- /.]{{0,2}}\d{{1,4}}(?:,? \d{{4}})?|\d{{1,2}}月\d{{1,2}}日?"
    )


def _bared(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    # The number alone, in signs: without footnote marks and words, which are told.
    text = _plain(text).translate(_SIGNS).casefold()
    warnings = []
    if match := _FOOTNOTE.search(text):
        bare = _FOOTNOTE.sub("", text).strip()
        if bare:
            text = bare
            warnings.append(("footnote", f"carries the footnote mark {match[0].strip()}, which was left out."))
    about = _words().about
    if about.match(text):
        text = about.sub("", text)
        warnings.append(("approximate_value", "is an approximate number; it was kept as printed."))
    for pattern, sign in _words().signs:
        text = pattern.sub(sign, text)
    return text, (*warnings, _MAYBE_ZERO) if text in _words().maybe_zero else tuple(warnings)


def _refuse_what_is_no_number(text: str) -> None:
    if is_error(text):
        raise NotANumber("error_cell", "is an error of the spreadsheet in place of a number.")
    if any(map(str.isdigit, text)) and _dates().fullmatch(folded(text)):
        raise NotANumber("date_in_number", "is a date where a number belongs; a spreadsheet may have made it of a band such as 1–10.")


def marks_in(token: str) -> tuple[str, str]:
    """Which mark a number certainly uses for thousands and which for decimals; empty where it leaves a doubt, as `1.234` does."""
    if _LAKHS.fullmatch(token):
        return ",", "."
    marks = re.findall(r"[.,]", token)
    kinds = list(dict.fromkeys(marks))
    if len(kinds) == 2 and marks.count(kinds[1]) == 1:
        return (
            (kinds[0], kinds[1]) if re.match(rf"\d{{1,3}}(?:{re.escape(kinds[0])}\d{{3}})+{re.escape(kinds[1])}\d+$", token) else ("", "")
        )
    if len(kinds) != 1 or re.search(r"['’٬٫ ]", token):
        return "", ""
    grouped = re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+", token)
    if len(marks) > 1:
        return (kinds[0], "") if grouped else ("", "")
    return ("", "") if grouped else ("", kinds[0])


def _grouped(token: str, marks: Marks) -> int:
    # A whole number written with or without marks; the same mark throughout, and groups of three.
    if len(re.sub(r"\D", "", token)) > MAX_DIGITS + (0 if re.fullmatch(r"\d+", token) else 3):
        raise NotANumber("out_of_range", "has more digits than any count.")
    whole, point, rest = token, "", ""
    kinds = list(dict.fromkeys(re.findall(r"\D", token)))
    grouped = (re.fullmatch(r"[1-9]\d{0,2}(?:\D\d{3})+", token) or _LAKHS.fullmatch(token)) is not None
    if len(kinds) == 2 and re.fullmatch(r"\d{1,3}(?:\D\d{3})+\D\d+", token):
        whole, point, rest = token.rpartition(kinds[1])
        if kinds[1] not in ".,٫" or kinds[1] in whole:
            raise NotANumber("bad_number", "mixes marks in no usual way.")
    elif len(kinds) == 1 and not (grouped and _divides_thousands(token, kinds[0], marks)):
        if grouped and token.count(kinds[0]) > 1:
            raise NotANumber("ambiguous_number", "has another mark for thousands than the rest of its column.")
        if token.count(kinds[0]) > 1 or kinds[0] not in ".,٫":
            raise NotANumber("bad_number", "is grouped in no usual way.")
        whole, point, rest = token.partition(kinds[0])
    elif len(kinds) > 1:
        raise NotANumber("bad_number", "mixes marks in no usual way.")
    if point and marks.decimal and point not in (marks.decimal, "٫"):
        raise NotANumber("ambiguous_number", "has another mark for decimals or thousands than the rest of its column.")
    inner = set(re.findall(r"[.,]", whole))
    if marks.thousands and inner - {marks.thousands}:
        raise NotANumber("ambiguous_number", "has another mark for thousands than the rest of its column.")
    if rest.strip("0"):
        raise NotANumber("not_whole", "is not a whole number, and a count must be one.")
    digits = re.sub(r"\D", "", whole)
    if len(digits) > MAX_DIGITS:
        raise NotANumber("out_of_range", "has more digits than any count.")
    return int(digits)


def _divides_thousands(token: str, sign: str, marks: Marks) -> bool:
    if sign in "'’٬ ":
        return True
    if sign == "٫":
        return False
    if marks.thousands:
        return sign == marks.thousands
    if marks.thousands == "":
        raise NotANumber("ambiguous_number", "divides thousands with one mark, and other cells of its column with another.")
    if token.count(sign) > 1 or sign == ",":
        return True
    raise NotANumber("ambiguous_number", "may be a thousand or a fraction, and nothing in its column says which.")


def _plain(text: str) -> str:
    if text.isascii():
        return " ".join(text.split())
    # Digits of any script, but no superscripts: NFKC would turn the footnoted `12²` into 122.
    seen = (letter for letter in text if unicodedata.category(letter) != "Cf")
    digits = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in seen)
    return " ".join(digits.replace("−", "-").replace("％", "%").replace("，", ",").split())
