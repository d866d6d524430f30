"""Rules on texts: nothing that a spreadsheet would run, a page would show as markup, or an eye would not see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.reports.cells.sheets import Sheet
from dashboard.reports.problems import Problem
from dashboard.reports.rules.evidence import MOST_PROBLEMS_OF_A_RULE

_LOOKS_LIKE = {
    "formula_text": r"^[ \t\r\n]*(?:[=@＝＠]|[+\-＋－])",
    "markup_text": r"(?i)<[/!?]?[a-z][^<>]*>|<!--|&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8}\d*);|\bjavascript:|\[[^\[\]]*\]\([^()]*\)",
    "control_character": "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff"
    "]",
}
"""What a spreadsheet would take for a formula; HTML, an HTML entity, or a Markdown link or picture; a character that is not seen, or that
turns the direction of the text around it. In the syntax of RE2."""
_NUMBER = r"^[ \t\r\n]*[+\-＋－][\s\p{Z}\p{Nd}.,%'’()€$£+\-–—−]*(?:[eE][+\-]?\p{Nd}+|[Ii]nf(?:inity)?|[Nn]a[Nn])?$"
"""A negative number or a dash, which is no formula."""
_WORDS = {
    "formula_text": (
        "looks like a formula; it was read as text and nothing was calculated.",
        "Write the value, or leave it if it is text.",
    ),
    "markup_text": ("looks like markup; it is shown as it stands and does nothing.", "Take the markup out if you can."),
    "control_character": ("holds a character that is not seen.", "Type the text again."),
}


def no_formulas(sheets: Iterable[Sheet]) -> Iterator[Problem]:
    """No text looks like a formula."""
    return _problems_of(sheets, "formula_text")


def no_markup(sheets: Iterable[Sheet]) -> Iterator[Problem]:
    """No text looks like markup."""
    return _problems_of(sheets, "markup_text")


def no_hidden_characters(sheets: Iterable[Sheet]) -> Iterator[Problem]:
    """No text holds characters that are not seen."""
    return _problems_of(sheets, "control_character")


def _problems_of(sheets: Iterable[Sheet], code: str) -> Iterator[Problem]:
    for sheet in sheets:
        cells = []
        for column in range(sheet.width):
            rows = np.flatnonzero(sheet.where(column, lambda texts: _hits(texts, code)))[: MOST_PROBLEMS_OF_A_RULE + 1]
            cells += [(row, column) for row in rows.tolist()]
        for row, column in sorted(cells)[: MOST_PROBLEMS_OF_A_RULE + 1]:
            yield sheet.problem("warning", code, row, column, *_WORDS[code])


def _hits(texts: pa.Array, code: str) -> np.ndarray:
    # For each text whether it looks like that.
    hits = pc.match_substring_regex(texts, _LOOKS_LIKE[code])
    if code == "formula_text":
        hits = pc.and_not(hits, pc.match_substring_regex(texts, _NUMBER))
    return hits.to_numpy(zero_copy_only=False)
