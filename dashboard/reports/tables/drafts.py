"""A draft: what a layout has understood of a file so far, as observations and problems side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

from dashboard.model.intervals import Interval
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File
from dashboard.reports.problems import Problem
from dashboard.reports.tables.frames import SCHEMA, as_frame
from dashboard.reports.tables.uses import FileUses
from dashboard.reports.words import numbers


@dataclass(frozen=True)
class Layout:
    """One way in which a publisher lays out a file. `recognises` looks at header words, never at positions.

    `tabled` makes the tables of a JSON file, which has none by itself; what `is_declared` is recognised by them.
    """

    name: str
    reporter: str
    recognises: Callable[[File], bool]
    read: Callable[[File, Draft], None]
    tabled: Callable[[File], File] = lambda file: file
    is_declared: bool = False


@dataclass
class Draft:
    """Observations, letters and problems found in one file. `period` is what the visitor said of a file that does not name it."""

    reporter: str
    document: str
    period: Period | None = None
    observations: pa.Table = field(default_factory=SCHEMA.empty_table)
    """Kept as columns, since there may be a million of them."""
    problems: list[Problem] = field(default_factory=list)
    uses: FileUses | None = None
    """What became of every cell."""
    letters: list[tuple] = field(default_factory=list)
    """Released letters: reporter, number, day of issue, day on which its gag had ended, document, and the cells that tell of it."""

    def table(self) -> pd.DataFrame:
        """The observations as a table with the columns of the model, in the order of the file."""
        return as_frame(self.observations)


def number_in(text: str) -> Interval | None:
    """The count that a text prints; None where it prints none."""
    try:
        return numbers.count(text)
    except numbers.NotANumber:
        return None
