"""A draft: what a layout has understood of a file so far, as observations and problems side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from dashboard.model.columns import OBSERVATION_COLUMNS
from dashboard.model.intervals import Interval
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File
from dashboard.reports.problems import Problem
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
    rows: list[tuple] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    uses: FileUses | None = None
    """What became of every cell."""
    letters: list[tuple] = field(default_factory=list)
    """Released letters: reporter, number, day of issue, day on which its gag had ended, document, and the cells that tell of it."""

    def add(self, cell: str, printed: str, value: Interval, *, requester: str, period: Period, measure: str, **dimensions: str) -> None:
        """Add a value; `dimensions` are those that are not the usual ones, by their columns."""
        row = {
            "reporter": self.reporter,
            "service": "all",
            "authority": "any",
            "request_type": "all",
            "document": self.document,
        } | dimensions
        row |= {"requester": requester, "measure": measure, "period_start": period.start, "period_end": period.end, "cell": cell}
        row |= {"low": value.low, "high": value.high, "printed": " ".join(printed.split())}
        self.rows.append(tuple(row[name] for name in OBSERVATION_COLUMNS))

    def table(self) -> pd.DataFrame:
        """The observations as a table with the columns of the model, in the order of the file."""
        table = pd.DataFrame(self.rows, columns=OBSERVATION_COLUMNS)
        for column in ("period_start", "period_end"):
            table[column] = pd.to_datetime(table[column]).astype("datetime64[s]")
        return table.astype({"low": float, "high": float})


def number_in(text: str) -> Interval | None:
    """The count that a text prints; None where it prints none."""
    try:
        return numbers.count(text)
    except numbers.NotANumber:
        return None
