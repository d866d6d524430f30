"""A draft: what a layout has understood of a file so far, as observations and problems side by side."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from dashboard.model import places
from dashboard.model.intervals import Interval, number
from dashboard.model.periods import Period
from dashboard.model.tables import OBSERVATION_COLUMNS
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.problems import FIXES, Problem
from dashboard.reports.tables.uses import FileUses
from dashboard.reports.words import numbers


@dataclass(frozen=True)
class Layout:
    """One way in which a publisher lays out a file. `recognises` looks at header words, never at positions."""

    name: str
    reporter: str
    recognises: Callable[[File], bool]
    read: Callable[[File, Draft], None]


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

    def count(
        self,
        sheet: Sheet,
        row: int,
        column: int,
        *,
        requester: str,
        period: Period,
        measure: str,
        at_least_one: bool = False,
        **dimensions: str,
    ) -> Interval | None:
        """Add the count printed in a cell; a mark for "no figure" adds nothing, a damaged cell adds a problem."""
        value = self._read(sheet, row, column, lambda text: numbers.printed_count(text, numbers.ENGLISH, at_least_one))
        return self._add(sheet.address(row, column), sheet.text(row, column), value, requester, period, measure, dimensions)

    def share(
        self, sheet: Sheet, row: int, column: int, *, requester: str, period: Period, measure: str, **dimensions: str
    ) -> Interval | None:
        """Add the share printed in a cell as a percentage, with the rounding it carries."""
        value = self._read(sheet, row, column, lambda text: numbers.printed_share(text, numbers.ENGLISH))
        return self._add(sheet.address(row, column), sheet.text(row, column), value, requester, period, measure, dimensions)

    def signed_share(
        self, sheet: Sheet, row: int, column: int, *, requester: str, period: Period, measure: str, **dimensions: str
    ) -> Interval | None:
        """Add the share printed in a column whose publisher writes `64%`; without its sign a number other than zero is a problem.

        A spreadsheet that has opened such a file saves 0.64, which would pass for less than one per cent.
        """
        text = sheet.text(row, column).strip()
        if re.fullmatch(r"\d+(\.\d+)?", text) and float(text) != 0:
            says = "has no % sign, so it may be a percentage or a part of one."
            self.problem("error", "ambiguous_number", sheet, row, column, says, "Write it with the % sign.")
            return None
        return self.share(sheet, row, column, requester=requester, period=period, measure=measure, **dimensions)

    def fraction(
        self, sheet: Sheet, row: int, column: int, *, requester: str, period: Period, measure: str, decimals: int = 2, **dimensions: str
    ) -> Interval | None:
        """Add the share printed in a cell as a part of one, with the rounding of its column's decimals."""
        value = self._read(sheet, row, column, lambda text: numbers.printed_share(text, numbers.ENGLISH, True, decimals))
        return self._add(sheet.address(row, column), sheet.text(row, column), value, requester, period, measure, dimensions)

    def band(
        self, sheet: Sheet, row: int, low_column: int, high_column: int, *, requester: str, period: Period, measure: str, **dimensions: str
    ) -> Interval | None:
        """Add the band whose ends are printed in two cells (MIN and MAX); the address is that of both."""
        ends = []
        for column in (low_column, high_column):
            try:
                ends.append(numbers.count(sheet.text(row, column)))
            except numbers.NotANumber as wrong:
                self.bad_cell(sheet, row, column, wrong)
                return None
        low, high = ends
        if low is None and high is None:
            return None
        if low is None or high is None or low.low > high.high:
            says = "Print the lower end, then the upper."
            self.problem("error", "low_above_high", sheet, row, low_column, "and the cell beside it are no band.", says)
            return None
        cell = f"{sheet.address(row, low_column)}:{sheet.address(row, high_column)}"
        printed = f"{sheet.text(row, low_column).strip()}–{sheet.text(row, high_column).strip()}"
        return self._add(cell, printed, Interval(low.low, high.high), requester, period, measure, dimensions)

    def add_letter(
        self, sheet: Sheet, row: int, columns: tuple[int, int], reporter: str, number: str, issued: date, released: date
    ) -> None:
        """Add a letter with the day of issue and the day on which its gag had ended; the cells from one column to another tell of it."""
        cell = f"{sheet.address(row, min(columns))}:{sheet.address(row, max(columns))}"
        self.letters.append((reporter, number, issued, released, self.document, cell))

    def add(self, cell: str, printed: str, value: Interval, *, requester: str, period: Period, measure: str, **dimensions: str) -> None:
        """Add a value that was read in some other way, such as from JSON or a text."""
        self._add(cell, printed, value, requester, period, measure, dimensions)

    def requester(self, sheet: Sheet, row: int, column: int) -> str | None:
        """The requester named in a cell; a known slip is corrected with a warning, an unknown name is a problem."""
        text = sheet.text(row, column)
        code = places.code(text)
        if code is None:
            near = places.nearest(text)
            fix = f"Did you mean {' or '.join(near)}?" if near else "Write the country's English name or ISO code."
            self.problem("error", "unknown_requester", sheet, row, column, "is not a country we know.", fix)
        elif places.is_slip(text):
            self.problem(
                "warning", "unknown_requester", sheet, row, column, f"was read as {places.name(code)}.", "Correct the spelling if you can."
            )
        return code

    def is_whole(self, sheet: Sheet, row: int, width: int) -> bool:
        """Whether a row has a cell for each column of its header and nothing beyond; otherwise its figures may have slipped: a problem."""
        cells = sheet.rows[row]
        if len(cells) >= width and not any(cell.strip() for cell in cells[width:]):
            return True
        says = f"begins a row of {counted(len(cells), 'cell', 'cells')} under a header of {number(width)}, so its figures may have slipped."
        self.problem("error", "ragged_row", sheet, row, 0, says, "Mend the commas and quotes of this row.")
        return False

    def is_repeated(self, sheet: Sheet, row: int, column: int, key: tuple, first_rows: dict[tuple, int]) -> bool:
        """Whether a row has the key of an earlier one, kept in `first_rows`: a warning if its cells are the same too, else an error."""
        first = first_rows.setdefault(key, row)
        if first == row:
            return False
        where = sheet.address(first, column)
        if [cell.strip() for cell in sheet.rows[first]] == [cell.strip() for cell in sheet.rows[row]]:
            self.problem(
                "warning", "duplicate_row", sheet, row, column, f"repeats the row of {where}, which is kept.", "Delete one of the two rows."
            )
        else:
            says = f"has other figures in the row of {where}; only those were read."
            self.problem("error", "duplicate_conflict", sheet, row, column, says, "Keep the row that holds.")
        return True

    def problem(self, severity: str, code: str, sheet: Sheet, row: int, column: int, says: str, fix: str) -> None:
        """Tell of a broken rule in a cell."""
        self.problems.append(
            Problem(severity, code, says, fix, cell=sheet.address(row, column), value=sheet.text(row, column), row=sheet.lines[row])
        )

    def bad_cell(self, sheet: Sheet, row: int, column: int, wrong: numbers.NotANumber) -> None:
        """Tell of a cell that is no number of the kind its column holds."""
        self.problem("error", wrong.code, sheet, row, column, wrong.says, "Correct the cell, or mark a missing figure with “-”.")

    def _read(self, sheet: Sheet, row: int, column: int, read: Callable[[str], numbers.Printed]) -> Interval | None:
        # What a cell prints; what must be told of it is told.
        try:
            printed = read(sheet.text(row, column))
        except numbers.NotANumber as wrong:
            self.bad_cell(sheet, row, column, wrong)
            return None
        for code, says in printed.warnings:
            self.problem("warning", code, sheet, row, column, says, FIXES[code])
        return printed.value

    def table(self) -> pd.DataFrame:
        """The observations as a table with the columns of the model, in the order of the file."""
        table = pd.DataFrame(self.rows, columns=OBSERVATION_COLUMNS)
        for column in ("period_start", "period_end"):
            table[column] = pd.to_datetime(table[column]).astype("datetime64[s]")
        return table.astype({"low": float, "high": float})

    def _add(
        self, cell: str, printed: str, value: Interval | None, requester: str, period: Period, measure: str, dimensions: dict[str, str]
    ) -> Interval | None:
        if value is None:
            return None
        unknown = set(dimensions) - {"service", "authority", "request_type", "reporter", "document"}
        if unknown:
            raise TypeError(f"an observation has no {sorted(unknown)}")
        self.rows.append(
            (
                dimensions.get("reporter", self.reporter),
                dimensions.get("service", "all"),
                requester,
                dimensions.get("authority", "any"),
                dimensions.get("request_type", "all"),
                measure,
                period.start,
                period.end,
                value.low,
                value.high,
                " ".join(printed.split()),
                dimensions.get("document", self.document),
                cell,
            )
        )
        return value


def header_columns(header: list[str], wanted: dict[str, str]) -> dict[str, int]:
    """Where each wanted column stands: names to a header text, compared without case, accents and punctuation."""
    places_of = {places.fold(text): column for column, text in reversed(list(enumerate(header)))}
    return {name: places_of[places.fold(text)] for name, text in wanted.items() if places.fold(text) in places_of}


def counted(how_many: int, one: str, many: str) -> str:
    """`1 row`, `1,204 rows`."""
    return f"{number(how_many)} {one if how_many == 1 else many}"
