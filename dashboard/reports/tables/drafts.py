"""A draft: what a layout has understood of a file so far, as observations and problems side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

import pandas as pd

from dashboard.model import places
from dashboard.model.columns import OBSERVATION_COLUMNS
from dashboard.model.intervals import Interval, counted, number
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File, Sheet
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
    """What became of every cell, where the table engine has read the file."""
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


@dataclass(frozen=True)
class Rows:
    """The rows below a header by the names of its columns, with the draft in which they are told of."""

    draft: Draft
    sheet: Sheet
    header: int
    columns: dict[str, int]

    @classmethod
    def below(cls, draft: Draft, sheets: Iterable[Sheet], needed: Iterable[str], wanted: Iterable[str] = ()) -> Rows | None:
        """Those of the first sheet that has the needed names in one of its first rows, with the wanted ones that stand there too."""
        names = {name: name for name in (*needed, *wanted)}
        for sheet in sheets:
            for row, header in enumerate(sheet.rows[:20]):
                columns = header_columns(header, names)
                if columns.keys() >= set(needed):
                    return cls(draft, sheet, row, columns)
        return None

    def whole(self) -> Iterator[int]:
        """The rows that hold anything and have a cell for each column; of others, whose figures may have slipped, is told."""
        width = len(self.sheet.rows[self.header])
        for row in range(self.header + 1, len(self.sheet.rows)):
            cells = self.sheet.rows[row]
            if len(cells) >= width and not any(cell.strip() for cell in cells[width:]):
                if any(cell.strip() for cell in cells):
                    yield row
            elif any(cell.strip() for cell in cells):
                says = f"begins a row of {counted(len(cells), 'cell')} under a header of {number(width)}, so its figures may have slipped."
                fix = "Mend the commas and quotes of this row."
                self.draft.problems.append(self.sheet.problem("error", "ragged_row", row, 0, says, fix))

    def text(self, row: int, name: str) -> str:
        """What is printed under a name; blank where there is no such column."""
        return self.sheet.text(row, self.columns[name]).strip() if name in self.columns else ""

    def address(self, row: int, name: str) -> str:
        """Where it is printed."""
        return self.sheet.address(row, self.columns[name])

    def is_repeated(self, row: int, name: str, key: tuple, first_rows: dict[tuple, int]) -> bool:
        """Whether a row has the key of an earlier one, kept in `first_rows`: a warning if its cells are the same too, else an error."""
        first = first_rows.setdefault(key, row)
        if first == row:
            return False
        where = self.address(first, name)
        if [cell.strip() for cell in self.sheet.rows[first]] == [cell.strip() for cell in self.sheet.rows[row]]:
            self.problem(
                "warning", "duplicate_row", row, name, f"repeats the row of {where}, which is kept.", "Delete one of the two rows."
            )
        else:
            says = f"has other figures in the row of {where}; only those were read."
            self.problem("error", "duplicate_conflict", row, name, says, "Keep the row that holds.")
        return True

    def problem(self, severity: str, code: str, row: int, name: str, says: str, fix: str) -> None:
        """Tell of a broken rule in the cell under a name."""
        self.draft.problems.append(self.sheet.problem(severity, code, row, self.columns[name], says, fix))

    def not_taken(self, code: str, rows: Collection[int], name: str, is_what: str) -> None:
        """Tell of rows that were left out, at the first of them; nothing where there are none."""
        if rows:
            says = f"{is_what}; {number(len(rows))} of this kind {'was' if len(rows) == 1 else 'were'} not taken."
            self.problem("warning", code, min(rows), name, says, "Nothing needs doing.")


def number_in(text: str) -> Interval | None:
    """The count that a text prints; None where it prints none."""
    try:
        return numbers.count(text)
    except numbers.NotANumber:
        return None


def header_columns(header: list[str], wanted: dict[str, str]) -> dict[str, int]:
    """Where each wanted column stands: names to a header text, compared without case, accents and punctuation."""
    places_of = {places.fold(text): column for column, text in reversed(list(enumerate(header)))}
    return {name: places_of[places.fold(text)] for name, text in wanted.items() if places.fold(text) in places_of}
