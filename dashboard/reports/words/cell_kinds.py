"""What a cell looks like by itself and among those of its row, before anything is known of its table."""

from __future__ import annotations

import functools
import re

from dashboard.model import places
from dashboard.reports.words import numbers
from dashboard.reports.words import periods as printed_periods
from dashboard.reports.words.context import pattern_of
from dashboard.reports.words.headers import meaning_of

BLANK, MISSING, NUMBER, DATE, PERIOD, PLACE, WORD, TEXT = "blank", "missing", "number", "date", "period", "place", "word", "text"
_NOTE_MARK = re.compile(r"[*†‡§¶⁰¹²³⁴⁵⁶⁷⁸⁹]|\(?\d{1,2}[)\]]\s|\[\w{1,3}\]|\(\*+\)")


@functools.lru_cache(maxsize=1 << 16)
def kind_of(text: str) -> str:
    """What a cell looks like by itself: `blank`, `missing`, `number`, `date`, `period`, `place`, `word` (of a header) or `text`."""
    text = text.strip()
    if not text:
        return BLANK
    if re.fullmatch(r"(?:19|20)\d{2}", text) or (re.match(r"(?:19|20)\d{2}\D", text) and printed_periods.label_of(text) is not None):
        return PERIOD
    if len(text) > 200:
        return TEXT
    try:
        return MISSING if numbers.printed_count(text, numbers.ENGLISH).value is None else NUMBER
    except numbers.NotANumber as wrong:
        if wrong.code != "date_in_number" and (wrong.code != "bad_number" or re.fullmatch(r"[\d.,'’ ]+ ?%?|% ?[\d.,]+", text)):
            return NUMBER
    if printed_periods.label_of(text) is not None:
        return PERIOD
    if printed_periods.day_of(text, True) or printed_periods.day_of(text):
        return DATE
    if text.isupper() and len(text) <= 3 and places.code(text):
        return PLACE
    meant = meaning_of(text)
    if meant.tags and not meant.rest and (meant.tags != {"neutral"} or len(text) <= 3):
        return WORD
    return PLACE if places.code(text) or places.meanings(text) else TEXT


def kinds_of(row: list[str], headers: frozenset[str]) -> list[str]:
    """What the cells of a row look like side by side: among the words of a header TO and NO are no codes of Tonga and Norway.

    `headers` are words, folded, that are known to head columns.
    """
    kinds = [WORD if headers and places.fold(cell) in headers else kind_of(cell) for cell in row]
    if NUMBER in kinds or MISSING in kinds or not {WORD, TEXT, DATE} & set(kinds):
        return kinds
    kinds = _with_periods(row, kinds)
    if WORD not in kinds or DATE in kinds:
        return kinds
    are_words = [kind == PLACE and bool((meant := meaning_of(cell)).tags) and not meant.rest for cell, kind in zip(row, kinds, strict=True)]
    if are_words.count(True) < kinds.count(PLACE):
        return kinds
    return [WORD if is_word else kind for is_word, kind in zip(are_words, kinds, strict=True)]


def _with_periods(row: list[str], kinds: list[str]) -> list[str]:
    # Several parts of a year in one row, Jan and Feb or H1 and H2, are periods; so are the first or last days of months beside words alone.
    filled = [kind for kind in kinds if kind != BLANK]
    are_days = filled[0] == WORD and filled[1:].count(DATE) > 1 and set(filled[1:]) <= {DATE, WORD}
    days = [printed_periods.day_of(cell) for cell, kind in zip(row, kinds, strict=True) if kind == DATE] if are_days else []
    if all(days) and (all(day.day == 1 for day in days) or all(map(printed_periods.is_month_end, days))):
        kinds = [PERIOD if kind == DATE else kind for kind in kinds]
    are_parts = [
        kind not in (BLANK, PERIOD, DATE) and len(cell) < 40 and printed_periods.is_part_of_year(cell)
        for cell, kind in zip(row, kinds, strict=True)
    ]
    return [PERIOD if is_part and are_parts.count(True) > 1 else kind for is_part, kind in zip(are_parts, kinds, strict=True)]


def is_marked(text: str) -> bool:
    """Whether a text begins as a note does: with a mark, a number in brackets, or a word such as “Source”."""
    return (_NOTE_MARK.match(text) or pattern_of("note").match(text)) is not None


def is_prose(text: str) -> bool:
    """Whether a text is a sentence: several words, more of them letters than figures."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    figures = re.findall(r"\d+", text)
    if re.search(r"[\u3000-\u9fff]{8,}", text):
        return True
    return (len(words) >= 5 and len(words) >= 3 * len(figures)) or (len(words) >= 3 and not figures and text.endswith((".", "。", "!")))


def is_whole_period(text: str) -> bool:
    """Whether a text names a period together with its year."""
    return printed_periods.label_of(text) is not None and re.search(r"\d{4}|'\d{2}|\d{2}$", text) is not None


def is_eight_digit_date(text: str) -> bool:
    """Whether a text is a day written without marks, as in 20210727."""
    return len(text.strip()) == 8 and text.strip().isdigit() and printed_periods.day_of(text) is not None
