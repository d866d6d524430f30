"""Lines inside a table that hold one text and no figure: a section that holds for the rows below it, or a record without figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.reports.tables.columns import Texts
from dashboard.reports.words.cell_kinds import kind_of
from dashboard.reports.words.context import Context, context_of
from dashboard.reports.words.headers import meaning_of

_SAME_KIND = ("place", "period", "date")
_LOOKED_AT = 2_000


@dataclass(frozen=True)
class Section:
    """A line inside a table: its row within the sheet, its column, what it says, and how many records stand above it."""

    row: int
    column: int
    context: Context
    first_record: int


def lone_rows(rows: np.ndarray, texts: dict[int, Texts]) -> list[tuple[int, int]]:
    """The rows of a table in which a single cell holds something and stands for no record: place within the rows, and column."""
    filled = {column: of_column.where(str.strip) for column, of_column in texts.items()}
    counts = np.sum(list(filled.values()), axis=0) if filled else np.zeros(len(rows), int)
    lone = np.flatnonzero(counts == 1)[:_LOOKED_AT].tolist()
    is_record = counts > 1
    lone_texts = []
    for row_index in lone:
        column = next(column for column, holds in filled.items() if holds[row_index])
        if not _is_record(texts[column].of_row(row_index), texts[column], is_record):
            lone_texts.append((row_index, column))
    return lone_texts


def sections_of(rows: np.ndarray, texts: dict[int, Texts]) -> tuple[list[Section], list[int]]:
    """The sections of a table, and the rows of lines below all records, which are notes; both by their rows within the sheet."""
    lone = lone_rows(rows, texts)
    if not lone:
        return [], []
    places = {row_index for row_index, _ in lone}
    records = np.array([row_index not in places for row_index in range(len(rows))])
    above = np.cumsum(records)
    last = int(np.flatnonzero(records).max(initial=-1))
    sections = [
        Section(int(rows[row_index]), column, context_of(texts[column].of_row(row_index)), int(above[row_index]))
        for row_index, column in lone
        if row_index < last
    ]
    return sections, [int(rows[row_index]) for row_index, _ in lone if row_index > last]


def _is_record(text: str, texts: Texts, is_record: np.ndarray) -> bool:
    # A country without figures is a record like the others of its column; a country over rows of kinds is none.
    kind = kind_of(text)
    if kind in ("number", "missing", "date"):
        return True
    if (meant := meaning_of(text)).is_total and not meant.rest:
        return True
    codes = np.unique(texts.codes[is_record])[:300]
    others = [texts.values[int(code)].as_py() for code in codes.tolist()]
    if kind == "word":
        # “Total” below countries does not make a line “Subpoenas” among them one more country.
        return any(kind_of(other) == kind and _sorts(meaning_of(other).tags) & _sorts(meant.tags) for other in others)
    kinds = {kind_of(other) for other in others}
    return kind in kinds and (kind in _SAME_KIND or not context_of(text).is_understood)


def _sorts(tags: frozenset[str]) -> set[str]:
    return {tag.partition(":")[0] for tag in tags} - {"neutral"}
