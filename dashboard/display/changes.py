"""The change of each series between two periods: both numbers, the difference as an interval with its sign, and all of it in words of any language."""

from __future__ import annotations

import math

import pandas as pd

from dashboard import analysis
from dashboard.display.languages import ENGLISH, Numerals
from dashboard.model import vocabulary
from dashboard.model.intervals import Interval, outwards

MOVEMENTS = {"rose": "rose", "fell": "fell", "unchanged": "unchanged", "unsaid": "many_unsaid", "lengths": "many_lengths"}
"""How a series may have moved between two periods, as `analysis.Change` tells it, with the fixed word for it."""


def between(rows: pd.DataFrame, scaled: bool, language: Numerals = ENGLISH) -> pd.DataFrame:
    """For each series (by `label`) with a number in more than one period its first and its last, largest first, by the row of the last (`first_row` is that of the first).

    `movement` is of `MOVEMENTS`, `change` the difference with its sign (blank between periods of different length), `words` all in one line.
    """
    columns = ["label", "reporter", "requester", "measure"]
    ends = ["first_row", "first_low", "first_high", "last_low", "last_high", "movement", "change", "words"]
    index, moved = [], []
    for change in analysis.changes(rows):
        if change.movement == "single":
            continue
        last = rows.iloc[change.last.position]
        first_words, last_words = (language.value(one.low, one.high, change.measure, scaled) for one in (change.first, change.last))
        difference = "" if change.movement == "lengths" else signed(change.difference, change.measure, scaled, language)
        sentence = " · ".join(
            filter(
                None,
                (
                    f"{first_words} → {last_words}",
                    difference,
                    language.phrase("many_unsaid" if change.movement == "unsaid" else change.movement),
                ),
            )
        )
        numbers = (rows.index[change.first.position], change.first.low, change.first.high, change.last.low, change.last.high)
        index.append(last.name)
        moved.append([*last[columns], *numbers, change.movement, difference, sentence])
    table = pd.DataFrame(moved, columns=columns + ends, index=pd.Index(index, name="row"))
    return table.sort_values(["last_low", "label"], ascending=[False, True], kind="stable")


def signed(difference: Interval, measure: str, scaled: bool, language: Numerals = ENGLISH) -> str:
    """A difference with its sign, or with both where it may be either: `+1,204`, `−12 to +30`, `+1 to +3 points`; blank where it has no end."""
    is_points = not scaled and measure in vocabulary.SHARES
    low, high = (end * 100 if is_points else end for end in (difference.low, difference.high))
    digits = 1 if is_points else 0 if max(abs(low), abs(high)) >= 100 or not scaled else 2
    # A difference carries binary noise, by which it is not to be shown wider.
    shown = outwards(Interval(round(low, 9), round(high, 9)), digits)
    if math.isinf(shown.low) and math.isinf(shown.high):
        return ""
    low, high = (_sign(end, digits, language) for end in (shown.low, shown.high))
    kind = "or_more" if math.isinf(shown.high) else "or_less" if math.isinf(shown.low) else "from_to"
    text = low if shown.low == shown.high else language.phrase(kind, low=low, high=high)
    return language.phrase("points", number=text) if is_points else text


def _sign(number: float, digits: int, language: Numerals) -> str:
    if math.isinf(number):
        return ""
    shown = language.number(abs(number), digits)
    return shown if number == 0 else f"+{shown}" if number > 0 else f"−{shown}"
