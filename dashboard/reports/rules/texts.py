"""Rules on texts: nothing that a spreadsheet would run, a page would show as markup, or an eye would not see."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from dashboard.reports.problems import Problem
from dashboard.reports.rules.evidence import MOST_PROBLEMS_OF_A_RULE, Evidence

# The cells of a sheet are searched as one text, each behind the separator that stands before it.
_CELL, _ROW, _HIDDEN = "\x1f", "\x1e", "\x00"
_NUMBER = r"[\s\d.,%'’()€$£+\-–—−]*(?:[eE][+\-]?\d+)?"
FORMULA = re.compile(rf"[{_CELL}{_ROW}][ \t\r\n]*(?:[=@＝＠]|[+\-＋－](?!{_NUMBER}(?:[{_CELL}{_ROW}]|\Z)))")
"""A cell that a spreadsheet would take for a formula: not a negative number and not a dash."""
MARKUP = re.compile(
    rf"<[/!?]?[a-z][^<>{_CELL}{_ROW}]*>|<!--|&(?:#\d+|#x[0-9a-f]+|[a-z]{{2,8}}\d*);|\bjavascript:|\[[^\[\]{_CELL}{_ROW}]*\]\([^(){_CELL}{_ROW}]*\)",
    re.IGNORECASE,
)
"""HTML, an HTML entity, or a Markdown link or picture."""
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1d\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]"
)
"""A character that is not seen, or that turns the direction of the text around it."""


_BLOCK = 20_000
"""Rows searched together, so that the text of a large file is not held twice."""


def no_formulas(evidence: Evidence) -> Iterator[Problem]:
    """No text looks like a formula."""
    says = "looks like a formula; it was read as text and nothing was calculated."
    return _found(evidence, FORMULA, "formula_text", says, "Write the value, or leave it if it is text.")


def no_markup(evidence: Evidence) -> Iterator[Problem]:
    """No text looks like markup."""
    says = "looks like markup; it is shown as it stands and does nothing."
    return _found(evidence, MARKUP, "markup_text", says, "Take the markup out if you can.")


def no_hidden_characters(evidence: Evidence) -> Iterator[Problem]:
    """No text holds characters that are not seen."""
    return _found(evidence, CONTROL, "control_character", "holds a character that is not seen.", "Type the text again.")


def _found(evidence: Evidence, pattern: re.Pattern, code: str, says: str, fix: str) -> Iterator[Problem]:
    if evidence.file is None or not evidence.file.sheets:
        # Without sheets there are the texts of the figures.
        for row, _ in evidence.kept("texts", lambda: _cells([printed] for printed in evidence.table["printed"]))[pattern]:
            yield evidence.problem("warning", code, evidence.first + row, says, fix)
        return
    for place, sheet in enumerate(evidence.file.sheets):
        for row, column in evidence.kept(f"texts of sheet {place}", lambda sheet=sheet: _cells(sheet.rows))[pattern]:
            yield Problem("warning", code, says, fix, cell=sheet.address(row, column), value=sheet.text(row, column), row=sheet.lines[row])


def _cells(rows: Iterable[list[str]]) -> dict[re.Pattern, list[tuple[int, int]]]:
    # Row and column of every cell that a pattern finds, for all patterns in one pass over the rows.
    found: dict[re.Pattern, list[tuple[int, int]]] = {FORMULA: [], MARKUP: [], CONTROL: []}
    rows, first = iter(rows), 0
    while block := list(itertools.islice(rows, _BLOCK)):
        text, starts = _joined(block)
        for pattern, cells in found.items():
            if len(cells) > MOST_PROBLEMS_OF_A_RULE:
                continue
            for match in pattern.finditer(text):
                row = bisect_right(starts, match.start()) - 1
                cell = first + row, text.count(_CELL, starts[row], match.start() + 1)
                if not cells or cells[-1] != cell:
                    cells.append(cell)
                if len(cells) > MOST_PROBLEMS_OF_A_RULE:
                    break
        first += len(block)
    return found


def _joined(rows: list[list[str]]) -> tuple[str, list[int]]:
    # The text of all cells, and where each row begins in it.
    lines = list(map(_CELL.join, rows))
    text = _ROW + _ROW.join(lines)
    if text.count(_ROW) != len(rows) or text.count(_CELL) != sum(map(len, rows)) - sum(map(bool, rows)):
        lines = [_CELL.join(cell.replace(_CELL, _HIDDEN).replace(_ROW, _HIDDEN) for cell in row) for row in rows]
        text = _ROW + _ROW.join(lines)
    return text, list(itertools.accumulate((len(line) + 1 for line in lines), initial=0))
