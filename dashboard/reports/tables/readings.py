"""A table as it is being read, and a file as it was understood: what passes from one step of reading to the next."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from dashboard.reports.cells.reading import File
from dashboard.reports.tables.columns import Texts
from dashboard.reports.tables.find import Table
from dashboard.reports.tables.roles import Answers, Mapping, TableView, Understanding
from dashboard.reports.tables.row_periods import RowPeriods
from dashboard.reports.tables.sections import Section


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
    """An understanding together with the cells it is about, so that it can be applied."""

    file: File
    answers: Answers
    mapping: Mapping
    understanding: Understanding
    tables: list[ReadTable] = field(default_factory=list)
    is_declared: bool = False
    """Whether the mapping is a known layout's."""
