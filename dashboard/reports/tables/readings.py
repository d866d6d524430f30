"""A table as it is being read, and a file as it was understood: what passes from one step of reading to the next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from dashboard.model import places
from dashboard.reports.cells.reading import File
from dashboard.reports.problems import Problem
from dashboard.reports.tables.columns import Texts, filled_down, texts_of
from dashboard.reports.tables.find import Table
from dashboard.reports.tables.roles import Answers, Mapping, Question, TableView, Understanding
from dashboard.reports.tables.row_periods import RowPeriods
from dashboard.reports.tables.sections import Section, sections_of
from dashboard.reports.tables.surroundings import Surrounding
from dashboard.reports.words import periods

_PREVIEW = 12


@dataclass
class ReadTable:
    """A table with the texts of its columns, and how it was understood."""

    table: Table
    rows: np.ndarray
    texts: dict[int, Texts]
    view: TableView
    when: RowPeriods | None = None
    sections: list[Section] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)


@dataclass
class Reading:
    """A file as far as it is understood, with its cells, so that the understanding can be applied.

    `apart` is what stands on sheets without a table; `questions` and `problems` are what must be asked and told of the whole file.
    """

    file: File
    answers: Answers
    mapping: Mapping
    is_declared: bool = False
    """Whether the mapping is a known layout's."""
    tables: list[ReadTable] = field(default_factory=list)
    apart: list[Surrounding] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    understanding: Understanding | None = None


def table_read(table: Table, number: int, is_declared: bool) -> ReadTable:
    """A table with the texts of its columns, not yet understood; of one that is declared no row is looked on as a section or a note."""
    keep = np.ones(table.end - table.first, bool)
    keep[[row - table.first for row in table.skipped if table.first <= row < table.end]] = False
    rows, texts = _texts(table, keep)
    sections, notes = ([], []) if is_declared else sections_of(rows, texts)
    if sections or notes:
        keep[[section.row - table.first for section in sections] + [row - table.first for row in notes]] = False
        rows, texts = _texts(table, keep)
    preview_rows = rows[:_PREVIEW].tolist()
    view = TableView(
        number=number,
        sheet=table.sheet.name,
        title=table.title,
        shape="",
        columns=(),
        header_lines=tuple(int(table.sheet.lines[row]) for row in table.header_rows),
        rows=len(rows),
        preview=tuple(tuple(table.sheet.text(row, column) for column in table.columns) for row in preview_rows),
        notes=tuple(" ".join(cell.strip() for cell in table.sheet.rows[row] if cell.strip()) for row in (*table.notes, *notes)),
    )
    return ReadTable(table, rows, texts, view, None, sections, [*table.notes, *notes])


def _texts(table: Table, keep: np.ndarray) -> tuple[np.ndarray, dict[int, Texts]]:
    rows = np.arange(table.first, table.end)[keep]
    every = None if keep.all() else keep
    texts = {column: texts_of(table.sheet, column, table.first, table.end, every) for column in table.columns}
    return rows, {column: filled_down(of_column, table.sheet, column, rows) for column, of_column in texts.items()}


def fingerprint(read: Iterable[ReadTable]) -> str:
    """A short name for a layout: the same for every edition with the same headers."""
    layouts = {"|".join(dict.fromkeys(_undated(parts) for parts in read_table.table.headers)) for read_table in read}
    return hashlib.sha256("\n".join(sorted(layouts)).encode()).hexdigest()[:12]


def _undated(parts: tuple[str, ...]) -> str:
    # The next edition of a wide table has other periods.
    return " ".join(places.fold(text) for text in parts if text and periods.label_of(text) is None)
