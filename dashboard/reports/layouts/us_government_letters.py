"""National security letters of the United States: lists of those released, and tables of a research compilation from many reports.

*Letters released*, Google's own list and that of the compilation: a row for each letter of which the recipient may speak; those issued
on one day are one observation, which names its letters. *Bands by company*: letters by half-year
as many companies print them, with the compilers' notes in words; a row whose note says that the meaning changes over the years
is left out. The compilations mostly repeat what other documents hold; the bundle tells which of them it ships, and why.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from dashboard.model import periods, places
from dashboard.model.intervals import Interval
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File
from dashboard.reports.tables import find
from dashboard.reports.tables.drafts import Draft, Layout
from dashboard.reports.tables.find import Table
from dashboard.reports.tables.frames import SCHEMA
from dashboard.reports.tables.roles import reporter_code
from dashboard.reports.tables.uses import FileUses, SheetUses, Use
from dashboard.reports.words import numbers

_LETTERS = ("issue date", "release date", "company", "file number", "url")
_GOOGLE = ("NSL issue date", "FBI release letter date", "", "National Security Letter (NSL) number", "")
"""The columns of Google's list, in the order of the compilation's; it has none for the company and the document."""
_UNITED_STATES = {"requester": "USA", "authority": "federal"}
_NAMES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _reporter(company: str) -> str:
    """The reporter that a company's name stands for; a company that is none here gets its name in the same form."""
    code = reporter_code(company)
    return _NAMES["reporters"].get(places.fold(company)) or (code if code[:1].isalpha() else f"company_{code}")


@dataclass
class _Rows:
    """The rows of a table, whose cells are named by their headers, with their figures, the uses of their cells, and the draft that tells of them."""

    draft: Draft
    table: Table
    columns: dict[str, int]
    uses: SheetUses
    figures: list[dict]
    first_rows: dict[tuple, int] = field(default_factory=dict)

    def text(self, row: int, name: str) -> str:
        """What is printed under a name; blank where there is no such column."""
        return self.table.sheet.text(row, self.columns[name]).strip() if name in self.columns else ""

    def address(self, row: int, name: str) -> str:
        """Where it is printed."""
        return self.table.sheet.address(row, self.columns[name])

    def use(self, row: int, name: str, use: Use) -> None:
        """Say what the cell under a name is used for."""
        self.uses.set_use([row], [self.columns[name]], use)

    def add(self, cell: str, printed: str, value: Interval, period: Period, **dimensions: str) -> None:
        """Add a figure."""
        ends = {"low": value.low, "high": value.high, "period_start": period.start, "period_end": period.end}
        self.figures.append(
            {"service": "all", "document": self.draft.document, "cell": cell, "printed": " ".join(printed.split())}
            | ends
            | dimensions
            | _UNITED_STATES
        )

    def problem(self, severity: str, code: str, row: int, name: str, says: str, fix: str = "Nothing needs doing.") -> None:
        """Tell of a broken rule in the cell under a name."""
        self.draft.problems.append(self.table.sheet.problem(severity, code, row, self.columns[name], says, fix, name))

    def is_repeated(self, row: int, name: str, key: tuple) -> bool:
        """Whether a row has the key of an earlier one: a warning if its cells are the same too, else an error."""
        first = self.first_rows.setdefault(key, row)
        if first == row:
            return False
        where = self.address(first, name)
        if [cell.strip() for cell in self.table.sheet.rows[first]] == [cell.strip() for cell in self.table.sheet.rows[row]]:
            says = f"repeats the row of {where}, which is kept."
            self.problem("warning", "duplicate_row", row, name, says, "Delete one of the two rows.")
        else:
            says = f"has other figures in the row of {where}; only those were read."
            self.problem("error", "duplicate_conflict", row, name, says, "Keep the row that holds.")
        return True


def _read_letters(table: _Rows, columns: tuple[str, ...]) -> None:
    draft = table.draft
    issue, release, company, number, url = columns
    rows = table.table.body()
    day_first = periods.is_day_first([table.text(row, name) for row in rows for name in (issue, release)])
    numbered: dict[tuple, int] = {}
    rows_on: dict[tuple[str, Period], list[int]] = {}
    for row in rows:
        blank = company if company and not table.text(row, company) else number if not company and not table.text(row, number) else ""
        if blank:
            table.problem("error", "missing_value", row, blank, "is blank in the row of a letter.", "Fill it in.")
            continue
        if (period := _issued(table, row, issue, day_first)) is None:
            continue
        reporter, printed = _reporter(table.text(row, company)) if company else draft.reporter, table.text(row, number)
        identity = (reporter, period, printed, table.text(row, url)) if company else (printed,)
        if table.is_repeated(row, company or number, identity):
            continue
        first = numbered.setdefault((reporter, period, printed), row) if printed else row
        if first != row:
            says = f"is the number of the letter of {table.address(first, number)} too, in another document; both were counted."
            table.problem("warning", "duplicate_row", row, number, says, "Check the number.")
        rows_on.setdefault((reporter, period), []).append(row)
        table.use(row, number, Use.FIGURE)
        # Where only the year of issue is known, how long silence lasted is not.
        released = periods.parse_date(table.text(row, release), bool(day_first))
        if released is None or released < period.start:
            says = "is not the day on which silence ended." if released is None else "lies before the day of issue."
            table.problem("error", "bad_period", row, release, says, "Write it as in 2020-07-27.")
        elif period.start == period.end:
            first_name, *_, last_name = sorted((issue, release, number), key=table.columns.__getitem__)
            cell = f"{table.address(row, first_name)}:{table.address(row, last_name)}"
            draft.letters.append((reporter, printed, period.start, released, draft.document, cell))
    for (reporter, period), issued in rows_on.items():
        cell = ", ".join(table.address(row, number) for row in issued)
        printed = "; ".join(table.text(row, number) or "letter without a number" for row in issued)
        table.add(cell, printed, Interval.exact(len(issued)), period, reporter=reporter, measure="letters", request_type="nsl")


def _issued(table: _Rows, row: int, name: str, day_first: bool | None) -> Period | None:
    text = table.text(row, name)
    day = periods.parse_date(text, bool(day_first))
    if day is None:
        table.problem("error", "bad_period", row, name, "is not a date.", "Write it as in 2020-07-27.")
        return None
    if day_first is None and day != periods.parse_date(text, day_first=True):
        table.problem("error", "ambiguous_date", row, name, "may be two different days.", "Write it as in 2020-07-27.")
        return None
    if re.search(r"month\b.*\bunknown", table.text(row, "comment"), re.IGNORECASE):
        says = f"is not the day of issue but a guess, says the comment beside it; the letter was counted for {day.year}."
        table.problem("warning", "approximate_value", row, name, says)
        return periods.year(day.year)
    return Period(day, day)


def _read_bands(table: _Rows) -> None:
    years = [name for name in table.columns if name.isdecimal()]
    unclear: list[int] = []
    for row in table.table.body():
        company, note = table.text(row, "Company"), table.text(row, "Notes")
        fields = {"reporter": _reporter(company), "service": _NAMES["services"].get(places.fold(company), "all")}
        filled = [name for name in years if table.text(row, name)]
        if filled and not company:
            table.problem("error", "missing_value", row, "Company", "is blank in a row of figures.", "Name the company.")
        if not company or not filled or table.is_repeated(row, "Company", tuple(fields.values())):
            continue
        if (counted_as := _NAMES["notes"].get(places.fold(note))) is None:
            unclear.append(row)
            continue
        for name in filled:
            _read_year(table, row, name, fields | counted_as)
    if unclear:
        says = "begins a row whose meaning changes over the years, or is told in words only; "
        says += f"{len(unclear):,} of this kind {'was' if len(unclear) == 1 else 'were'} not taken."
        table.problem("warning", "not_read", unclear[0], "Company", says)


def _read_year(table: _Rows, row: int, name: str, fields: dict[str, str]) -> None:
    # Two numbers with a comma between them are the halves, of which one may be blank; a number alone is the year.
    year, printed = int(name), table.text(row, name)
    halves = [text.strip() for text in printed.split(",")]
    if len(halves) == 1 and places.fold(table.text(row, "Reporting Frequency")) == "every half year":
        says = "is one number, and the company reports by half-year; it was not taken."
        table.problem("warning", "not_read", row, name, says, "Write both half-years, with a comma between them.")
        return
    if len(halves) > 2:
        table.problem("error", "bad_number", row, name, "holds more than two half-years.", "Write one number or two.")
        return
    spans = [periods.year(year)] if len(halves) == 1 else [periods.half(year, 1), periods.half(year, 2)]
    for text, period in zip(halves, spans, strict=True):
        try:
            value = numbers.count(text)
        except numbers.NotANumber as wrong:
            table.problem("error", wrong.code, row, name, wrong.says, "Correct the cell, or mark a missing figure with “-”.")
            continue
        table.use(row, name, Use.NO_FIGURE if value is None else Use.FIGURE)
        if value is not None:
            table.add(table.address(row, name), text, value, period, **fields)


def _layout(name: str, reporter: str, needed: tuple[str, ...], wanted: tuple[str, ...], read: Callable[..., None], *more: object) -> Layout:
    # One that has all needed headers, and reads those wanted too where they are there.
    names = {places.fold(header): header for header in (*needed, *wanted)}

    def recognises(file: File) -> bool:
        heads = [head for sheet in file.sheets for head in sheet.folded_head] if file.kind == "csv" else []
        return any(all(places.fold(header) in head for header in needed) for head in heads)

    def read_tables(file: File, draft: Draft) -> None:
        draft.uses, figures = FileUses(file), []
        for sheet in file.sheets:
            tables, problems = find.tables_of(sheet, frozenset(names))
            draft.problems += problems
            uses = draft.uses.of(sheet)
            for table in tables:
                headed = ((places.fold(table.header(column)), column) for column in reversed(table.columns))
                columns = {names[header]: column for header, column in headed if header in names}
                if not table.is_broken and columns.keys() >= set(needed):
                    read(_Rows(draft, table, columns, uses, figures), *more)
                    keyed = [row for row in table.body() if (uses.uses[row] != 0).any()]
                    uses.set_use(keyed, [columns[header] for header in (*needed, "comment") if header in columns], Use.KEY)
                uses.mark_around(table, table.notes)
                uses.leave_out(range(table.first, table.end), range(uses.uses.shape[1]), f"the layout “{name}” takes no figure from it")
        draft.observations = pa.Table.from_pylist(figures, SCHEMA)
        draft.problems += draft.uses.finish([problem.row for problem in draft.problems if problem.code == "no_header"])

    return Layout(name, reporter, recognises, read_tables)


# In the tables of the compilation every row names its own reporter.
LAYOUTS: tuple[Layout, ...] = (
    *(
        _layout(name, reporter, tuple(filter(None, columns)), ("comment",), _read_letters, columns)
        for name, reporter, columns in (
            ("Google, national security letters released", "google", _GOOGLE),
            ("US national security letters released, research compilation", "doj", _LETTERS),
        )
    ),
    _layout(
        "US national security letters by company, research compilation",
        "doj",
        ("Company", "URL", "Reporting Frequency", "Notes"),
        tuple(map(str, range(2005, 2031))),
        _read_bands,
    ),
)
