"""Numbers as printed: a cell's text into an interval."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal

from dashboard.model.intervals import Interval, rounded_share

MISSING = {"", "-", "–", "—", "--", "n/a", "na", "n.a.", "null", "none", "(none)", "nan", "..", "...", "not reported", "not available"}
MAX_DIGITS = 15
"""Most digits of a count, so that every count is held exactly."""
_DASH = r"\s*(?:-|–|—|to)\s*"
_COUNT = r"\d{1,3}(?:[,\s'’]\d{3})+|\d+"


class NotANumber(ValueError):
    """A text that is no number in any form we know; `code` is the problem's code."""

    def __init__(self, code: str, says: str):
        super().__init__(says)
        self.code = code
        self.says = says


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no figure, which is not zero."""
    return text.strip().lower() in MISSING


def count(text: str, at_least_one: bool = False) -> Interval | None:
    """The interval of whole counts that a text prints; None where it says that there is no figure.

    `0 - 499` and `11,000 - 12,000` are bands; `<10` is 0 to 9, or 1 to 9 in a row that exists because a request
    does (`at_least_one`); `500 or more` has no upper end. Raises `NotANumber` for anything else.
    """
    text = _plain(text)
    if is_missing(text):
        return None
    if re.search(rf"(?<![.\d])(?:\d[,\s'’]?){{{MAX_DIGITS + 1}}}", text):
        raise NotANumber("out_of_range", "has more digits than any count.")
    if found := re.fullmatch(rf"({_COUNT}){_DASH}({_COUNT})", text):
        low, high = _whole(found[1]), _whole(found[2])
        if low > high:
            raise NotANumber("low_above_high", "has its lower end above its upper end.")
        return Interval(low, high)
    if found := re.fullmatch(rf"(?:<|fewer than|less than|under)\s*({_COUNT})", text, re.IGNORECASE):
        return Interval(1 if at_least_one else 0, _whole(found[1]) - 1)
    if found := re.fullmatch(rf"(?:≤|<=|up to|at most)\s*({_COUNT})", text, re.IGNORECASE):
        return Interval(0, _whole(found[1]))
    if found := re.fullmatch(rf"(?:>|more than|over)\s*({_COUNT})", text, re.IGNORECASE):
        return Interval(_whole(found[1]) + 1, math.inf)
    if found := re.fullmatch(rf"(?:≥|>=|at least)\s*({_COUNT})|({_COUNT})\s*(?:\+|or more)", text, re.IGNORECASE):
        return Interval(_whole(found[1] or found[2]), math.inf)
    if re.fullmatch(_COUNT, text):
        return Interval.exact(_whole(text))
    if found := re.fullmatch(rf"({_COUNT})\.(\d+)", text):
        if int(found[2]) == 0:
            return Interval.exact(_whole(found[1]))
        raise NotANumber("not_whole", "is not a whole number, and a count must be one.")
    if re.fullmatch(rf"-\s*(?:{_COUNT})(?:\.\d+)?", text):
        raise NotANumber("negative_value", "is negative, and a count cannot be.")
    raise NotANumber("bad_number", "is not a number in any form we know.")


def share(text: str) -> Interval | None:
    """The shares that a printed percentage allows: `64%` is [0.635, 0.645]; None where there is no figure."""
    text = _plain(text)
    if is_missing(text):
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%?", text)
    if not found:
        raise NotANumber("bad_number", "is not a percentage.")
    if float(found[1]) > 100:
        raise NotANumber("percent_out_of_range", "is above 100 per cent.")
    return rounded_share(found[1])


def fraction(text: str, decimals: int = 2) -> Interval | None:
    """The shares that a part of one allows, printed with so many decimals or more: `0.64` and `0.5` (for 0.50) are within ±0.005.

    A `%` sign says that it is a percentage after all. Raises `NotANumber` for anything else, None where there is no figure.
    """
    text = _plain(text)
    if is_missing(text) or text.endswith("%"):
        return share(text)
    found = re.fullmatch(r"\d+(?:\.(\d+))?", text)
    if not found:
        raise NotANumber("bad_number", "is not a share of one.")
    if Decimal(text) > 1:
        raise NotANumber("percent_out_of_range", "is above 1, the whole.")
    decimals = max(decimals, 2, len(found[1] or ""))
    return rounded_share(str(Decimal(text) * 100), decimals - 2)


def _plain(text: str) -> str:
    # Digits of any script, but no superscripts: NFKC would turn the footnoted `12²` into 122.
    digits = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
    return " ".join(digits.replace("−", "-").replace("％", "%").replace("，", ",").split())


def _whole(text: str) -> int:
    return int(re.sub(r"\D", "", text))
