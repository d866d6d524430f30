"""Rules on texts: nothing that a spreadsheet would run, a page would show as markup, or an eye would not see."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from dashboard.reports.cells.sheets import Records, Sheet
from dashboard.reports.problems import Problem
from dashboard.reports.rules.evidence import MOST_PROBLEMS_OF_A_RULE, Evidence, each

# Many cells are searched as one text, each behind the separator that stands before it.
_CELL, _HIDDEN = "\x1f", "\x00"
_NUMBER = r"[\s\d.,%'’()€$£+\-–—−]*(?:[eE][+\-]?\d+|[Ii]nf(?:inity)?|[Nn]a[Nn])?"
FORMULA = re.compile(rf"{_CELL}[ \t\r\n]*(?:[=@＝＠]|[+\-＋－](?!{_NUMBER}(?:{_CELL}|\Z)))")
"""A cell that a spreadsheet would take for a formula: not a negative number and not a dash."""
MARKUP = re.compile(
    rf"<[/!?]?[a-z][^<>{_CELL}]*>|<!--|&(?:#\d+|#x[0-9a-f]+|[a-z]{{2,8}}\d*);|\bjavascript:|\[[^\[\]{_CELL}]*\]\([^(){_CELL}]*\)",
    re.IGNORECASE,
)
"""HTML, an HTML entity, or a Markdown link or picture."""
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1e\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]"
)
"""A character that is not seen, or that turns the direction of the text around it."""
_PATTERNS = {"formula_text": FORMULA, "markup_text": MARKUP, "control_character": CONTROL}
_SAYS = {
    "formula_text": (
        "looks like a formula; it was read as text and nothing was calculated.",
        "Write the value, or leave it if it is text.",
    ),
    "markup_text": ("looks like markup; it is shown as it stands and does nothing.", "Take the markup out if you can."),
    "control_character": ("holds a character that is not seen.", "Type the text again."),
}
# What a text without any such thing lacks, told much faster than by the pattern.
_MAY_HOLD: dict[str, Callable[[str], bool]] = {
    "formula_text": lambda text: True,
    "markup_text": lambda text: any(sign in text for sign in ("<", "&", "](")) or "javascript:" in text.lower(),
    "control_character": lambda text: not text.isascii() or any(chr(code) in text for code in (*range(9), 11, 12, *range(14, 31), 127)),
}
_BLOCK = 20_000
"""Texts searched together, so that those of a large file are not held twice."""


def no_formulas(evidence: Evidence) -> Iterator[Problem]:
    """No text looks like a formula."""
    return _found(evidence, "formula_text")


def no_markup(evidence: Evidence) -> Iterator[Problem]:
    """No text looks like markup."""
    return _found(evidence, "markup_text")


def no_hidden_characters(evidence: Evidence) -> Iterator[Problem]:
    """No text holds characters that are not seen."""
    return _found(evidence, "control_character")


def in_sheets(sheets: Iterable[Sheet]) -> Iterator[Problem]:
    """The problems of all three rules in the cells of sheets, headers and notes included."""
    for sheet in sheets:
        for code, places in _cells(sheet).items():
            for row, column in places:
                says, fix = _SAYS[code]
                yield sheet.problem("warning", code, row, column, says, fix)


def _found(evidence: Evidence, code: str) -> Iterator[Problem]:
    if not evidence.sheets:
        # Without sheets there are the texts of the figures.
        codes, printed = evidence.coded("printed")
        hits = evidence.kept("texts", lambda: _searched([str(text) for text in printed]))[code]
        for row in each(np.flatnonzero(np.isin(codes, hits) & evidence.is_new)) if hits else ():
            yield evidence.problem("warning", code, row, *_SAYS[code])
        return
    sheet_texts = evidence.kept("texts of sheets", lambda: list(in_sheets(evidence.sheets)))
    yield from (problem for problem in sheet_texts if problem.code == code)


def _cells(sheet: Sheet) -> dict[str, list[tuple[int, int]]]:
    # Row and column of every cell that a pattern finds. A text that stands in many cells is searched once.
    cells: dict[str, list[tuple[int, int]]] = {code: [] for code in _PATTERNS}
    for column in range(sheet.rows.width if isinstance(sheet.rows, Records) else max(map(len, sheet.rows), default=0)):
        first = 0
        for chunk in sheet.column(column, 0, len(sheet.rows)).chunks:
            for code, hits in _searched(chunk.dictionary.to_pylist()).items():
                if hits:
                    rows = np.flatnonzero(np.isin(chunk.indices.to_numpy(zero_copy_only=False), hits))[: MOST_PROBLEMS_OF_A_RULE + 1]
                    cells[code] += [(first + row, column) for row in rows.tolist()]
            first += len(chunk)
    return {code: sorted(places)[: MOST_PROBLEMS_OF_A_RULE + 1] for code, places in cells.items()}


def _searched(texts: list[str]) -> dict[str, list[int]]:
    # For each pattern, which of the texts it finds.
    rows_of: dict[str, list[int]] = {code: [] for code in _PATTERNS}
    for first in range(0, len(texts), _BLOCK):
        block = texts[first : first + _BLOCK]
        joined = _CELL + _CELL.join(block)
        if joined.count(_CELL) != len(block):
            joined = _CELL + _CELL.join(text.replace(_CELL, _HIDDEN) for text in block)
        starts = None
        for code, pattern in _PATTERNS.items():
            if not _MAY_HOLD[code](joined):
                continue
            for match in pattern.finditer(joined):
                starts = starts or list(itertools.accumulate((len(text) + 1 for text in block), initial=0))
                index = first + bisect_right(starts, match.start()) - 1
                if not rows_of[code] or rows_of[code][-1] != index:
                    rows_of[code].append(index)
    return rows_of
