"""Microsoft's Law Enforcement Requests Report: the half-yearly workbooks, and a plain table retyped from later ones.

The sheet of law enforcement requests, whatever it is called (`LERR`, `TOTAL`, `Criminal` …), is Microsoft's headline
count and is read as request type `all`. Until 2016 H2 it includes emergencies; from 2017 H1 these stand in a sheet of
their own, outside it, so that `all` and `emergency` do not overlap. Civil litigants' requests (`civil`, authority
`private`) have always been outside it. The sheet Skype of 2013 H1 is a subset of the sheet beside it: service `skype`.

Each outcome is printed as a percentage and a number. The number is stored, the percentage only checks it. In most civil
tables the outcomes count accounts, not requests, without the headings saying so; the arithmetic of the rows tells which,
and where they count accounts they are stored as accounts.

What the columns mean is declared; the code tells where the tables are, and which of their columns is which.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from dashboard.model import periods, places
from dashboard.model.intervals import counted
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.layouts.microsoft_national_security import BESIDE, blocks_of, is_orders_sheet
from dashboard.reports.problems import Problem
from dashboard.reports.tables import find
from dashboard.reports.tables.declared import mapping_beside, read_declared
from dashboard.reports.tables.drafts import Draft, Layout, number_in
from dashboard.reports.tables.find import Table, Tables

OUTCOMES = ("content", "noncontent", "no_data", "rejected")
"""Every request ends in exactly one of these, so that the four add up to the requests, or to the accounts."""
HEADINGS = {
    "requests": r"total number of (law enforcement )?requests",
    "accounts_specified": r"accounts (users )?specified in requests",
    "content": r".*\bdisclosure of content",
    "noncontent": r".*\bonly subscriber transactional\b.*",
    "no_data": r".*\bno data( found)?",
    "rejected": r".*\brejected\b.*",
}
"""What each column's heading says, in lower case and without punctuation."""
PLAIN_COLUMNS = {name: name.replace("_", " ") for name in ("period", "section", "country", *HEADINGS)} | {
    "content": "disclosed content",
    "noncontent": "disclosed noncontent",
    "no_data": "no data found",
}
"""The headers of the plain table, likewise."""
HEADING_ROWS = 30
"""Rows in which the headings are looked for, so that a large file of another kind is not searched to its end."""
_COUNTS = {"requests": "requests", "accounts": "accounts_specified"}
"""What outcomes may be of, and the measure of the whole."""
MAPPING = mapping_beside(__file__)
"""What the columns mean, by the names that the code gives them."""


class _Finder:
    """Finds the tables in the sheets of one file, and tells what is odd around them; `named` is the half-year that is stated beside them."""

    def __init__(self, named: Period | None):
        self.named, self.problems = named, []
        self.carried: set[str] = set()
        """The cells of rows that add up with their fractions, which were printed so and are no damage."""

    def in_workbook(self, sheet: Sheet) -> list[Table]:
        """The table of a sheet of requests, and a table of each note beside it that says what the number below it counts."""
        if (header := _header(sheet)) is None:
            self._tell_of_unread(sheet)
            return _not_read(sheet)
        if (period := self._period(sheet, header)) is None:
            if not any(problem.code == "missing_period" for problem in self.problems):
                says = "Neither the file name nor a title names the half-year."
                fix = "Say which half-year the file is for, or name it like “Microsoft LERR_2016_H1.xlsx”."
                self._tell_of_sheet("error", "missing_period", sheet, says, fix)
            return _not_read(sheet)
        labels, last_label = self._labels(sheet, header)
        country = _country_column(sheet, last_label, set(labels.values()))
        first = last_label + 1
        while (
            first < len(sheet.rows)
            and not sheet.text(first, country or 0).strip()
            and sheet.text(first, labels["requests"]).strip() in ("", "#")
        ):
            first += 1
        names = _counts_and_percents(sheet, labels, country, range(last_label + 1, first)) | (
            {} if country is None else {"country": country}
        )
        missing = [name for name in ("country", *HEADINGS) if name not in names]
        for name in missing:
            says = f"There is no column of {'countries' if name == 'country' else f'numbers for {name}'}."
            self._tell_of_sheet("error", "missing_column", sheet, says, "Keep the headings as published.")
        if missing:
            return _not_read(sheet)
        rows, notes = self._rows(sheet, names, first)
        kind = _kind(sheet, header)
        table = Table(sheet, tuple(range(header, first)), (), (), first, len(sheet.rows), title=f"{kind}\n{period}", notes=notes)
        table.title_rows = list(range(header))
        return [self._named(table, names, rows, kind == "civil"), *self._beside(table, set(names.values()), kind)]

    def in_plain(self, sheet: Sheet) -> list[Table]:
        """Every plain table, once for the rows whose outcomes count requests, and once for those whose outcomes count accounts."""
        tables, problems = find.tables_of(sheet, frozenset(PLAIN_COLUMNS.values()))
        self.problems += problems
        return [of_one_unit for table in tables for of_one_unit in self._by_unit(table)]

    def _by_unit(self, table: Table) -> list[Table]:
        sheet, head = table.sheet, {places.fold(table.header(column)): column for column in table.columns}
        missing = [header for header in PLAIN_COLUMNS.values() if header not in head]
        if missing and not table.is_broken:
            says = f"begins a table without “{missing[0]}”, so it was not read."
            self.problems.append(
                sheet.problem("error", "missing_column", table.header_rows[-1], table.columns[0], says, "Keep the headers as published.")
            )
        if missing or table.is_broken:
            return [replace(table, is_broken=True)]
        names = {name: head[header] for name, header in PLAIN_COLUMNS.items()}
        rows: dict[tuple[str, bool], list[int]] = {}
        for row in table.body():
            is_civil = places.fold(sheet.text(row, names["section"])) == "civil"
            rows.setdefault((sheet.text(row, names["period"]) if is_civil else "", is_civil), []).append(row)
        return [self._named(table, names, own_rows, is_civil) for (_, is_civil), own_rows in rows.items()]

    def _named(self, table: Table, names: dict[str, int], rows: list[int], is_civil: bool) -> Table:
        # The table of some rows with the names by which its columns are declared.
        sheet = table.sheet
        values = {row: {name: _value(sheet.text(row, names[name])) for name in HEADINGS} for row in rows}
        agree = {unit: sum(_adds_up(of_row, whole) for of_row in values.values()) for unit, whole in _COUNTS.items()}
        unit = "accounts" if is_civil and agree["accounts"] > agree["requests"] else "requests"
        if unit == "accounts":
            says = "and the other outcomes beside it count accounts: they add up to the accounts specified. They were stored as accounts, "
            says += "though the headings do not say so."
            self._tell("unknown_measure", sheet, rows[0], names["content"], says, "Nothing need be done.")
        for row, of_row in values.items():
            if _adds_up(of_row, _COUNTS[unit]):
                self.carried |= {sheet.address(row, names[name]) for name in HEADINGS}
            for name in HEADINGS:
                text = sheet.text(row, names[name]).strip()
                if not text:
                    says = "A number is missing here; nothing was stored, not a zero."
                    self._tell("missing_value", sheet, row, names[name], says, "Mark a missing figure with “-”.")
                elif (value := number_in(text)) and not value.is_exact:
                    says = "is no exact number, where this report prints no others."
                    self._tell("approximate_value", sheet, row, names[name], says, "Check the cell.")
        headers = dict.fromkeys(range(sheet.width), BESIDE) | {
            column: re.sub(rf"({'|'.join(OUTCOMES)})$", rf"{unit}_\1", name) for name, column in names.items()
        }
        skipped = set(range(table.first, table.end)) - set(rows)
        return replace(table, columns=tuple(headers), headers=tuple((header,) for header in headers.values()), skipped=skipped)

    def _rows(self, sheet: Sheet, names: dict[str, int], first: int) -> tuple[list[int], list[int]]:
        # The rows of figures and those of notes; of names without figures is told.
        figures = sorted(column for name, column in names.items() if name != "country")
        rows, notes, bare = [], [], []
        for row in range(first, len(sheet.rows)):
            name = sheet.text(row, names["country"]).strip()
            if any(sheet.text(row, column).strip() for column in figures):
                rows.append(row)
            elif name and places.code(name):
                bare.append(row)
            elif name:
                notes.append(row)
                self._tell(
                    "footnote", sheet, row, names["country"], "is a note, not a row of figures; it was not read.", "Nothing need be done."
                )
        if bare:
            last = sheet.address(bare[-1], names["country"])
            says = f"and the rows down to {last} hold {counted(len(bare), 'name')} without a figure; nothing was stored."
            self._tell("missing_value", sheet, bare[0], names["country"], says, "Nothing need be done.")
        return rows, notes

    def _beside(self, table: Table, known: set[int], kind: str) -> Iterator[Table]:
        # What stands outside the columns of a table: notes, of which some say what the number below them counts.
        sheet, declared = table.sheet, set(map(places.fold, MAPPING.columns))
        for column in set(range(sheet.width)) - known:
            filled = [row for row in range(table.first, len(sheet.rows)) if sheet.text(row, column).strip()]
            note = None
            for row, below in itertools.zip_longest(filled, filled[1:]):
                text = sheet.text(row, column).strip()
                is_note, is_below = re.search(r"[^\W\d]", text), note == row
                note = below if is_note else None
                is_number = below is not None and not re.search(r"[^\W\d]", sheet.text(below, column))
                if is_note and is_number and places.fold(text) in declared and kind == "criminal":
                    yield replace(
                        table,
                        columns=(column,),
                        headers=((text,),),
                        header_rows=(row,),
                        first=row + 1,
                        end=below + 1,
                        notes=[],
                        title_rows=[],
                    )
                elif is_note:
                    with_number = (
                        f", with {sheet.text(below, column).strip()} below it in {sheet.address(below, column)}" if is_number else ""
                    )
                    says = f"is a note beside the table{with_number}; it was not read."
                    self._tell("footnote", sheet, row, column, says, "Nothing need be done.")
                elif not is_below and text != "0":
                    # Formulas copied across leave zeros in the spacer columns; anything else there may be a figure.
                    says = "stands in a column without a heading; it was not read."
                    self._tell("footnote", sheet, row, column, says, "Name the column, or empty the cell.")

    def _period(self, sheet: Sheet, header: int) -> Period | None:
        """The half-year of a sheet: its own title's, else the file's; where they differ the title is followed, with a warning."""
        candidates = {}
        for row in range(header):
            for column, text in enumerate(sheet.rows[row]):
                if period := periods.find(text.replace(",", " ")):
                    candidates.setdefault(period, (row, column))
        if len(candidates) != 1:
            return self.named
        ((period, (row, column)),) = candidates.items()
        if self.named and self.named != period:
            says = f"names {period}, where the file is for {self.named}; the sheet was read as {period}."
            self._tell("ambiguous_period", sheet, row, column, says, "Correct the title if it is wrong.")
        return period

    def _labels(self, sheet: Sheet, header: int) -> tuple[dict[str, int], int]:
        """The column where each heading begins, and the last row of headings; outcomes may stand a row lower than the rest."""
        labels: dict[str, int] = {}
        last = header
        for row in range(header, min(header + 2, len(sheet.rows))):
            for column, text in enumerate(sheet.rows[row]):
                name = _name(text)
                if name in labels:
                    fix = "Take one of them out."
                    self.problems.append(sheet.problem("error", "duplicate_header", row, column, "is the heading of two columns.", fix))
                elif name:
                    labels[name], last = column, row
        return labels, last

    def _tell_of_unread(self, sheet: Sheet) -> None:
        if any(any(map(places.code, cells)) and any(map(number_in, cells)) for cells in sheet.rows):
            says = "The sheet has countries and figures, but not the headings of the report."
            self._tell_of_sheet("error", "missing_column", sheet, says, "Keep the headings as published.")
        elif any(text.strip() for row in sheet.rows for text in row):
            says = "The sheet holds no table that we know; it was not read."
            self._tell_of_sheet("warning", "footnote", sheet, says, "See whether figures stand in it.")

    def _tell(self, code: str, sheet: Sheet, row: int, column: int, says: str, fix: str) -> None:
        self.problems.append(sheet.problem("warning", code, row, column, says, fix))

    def _tell_of_sheet(self, severity: str, code: str, sheet: Sheet, says: str, fix: str) -> None:
        self.problems.append(Problem(severity, code, says, fix, cell=sheet.name))


def _not_read(sheet: Sheet) -> list[Table]:
    return [Table(sheet, (0,), (), (), 0, len(sheet.rows), is_broken=True)] if sheet.rows else []


def _value(text: str) -> float | None:
    """What a cell holds, for sums only: a fraction as it is; None where it is blank or no number."""
    if re.fullmatch(r"\s*\d+\.\d+\s*", text):
        return float(text)
    value = number_in(text)
    return value.low if value and value.is_exact else None


def _adds_up(values: dict[str, float | None], whole: str) -> bool:
    outcomes = [values[name] for name in OUTCOMES]
    return None not in (*outcomes, values[whole]) and abs(sum(outcomes) - values[whole]) < 1e-6


def _kind(sheet: Sheet, header: int) -> str:
    """The section of the report that a sheet holds, by its name and titles."""
    name = places.fold(sheet.name)
    titles = [places.fold(text) for row in sheet.rows[:header] for text in row]
    if "emergenc" in name:
        return "emergencies"
    if "civil" in name or any(title.startswith("civil") for title in titles):
        return "civil"
    # The combined sheet says “including Skype”, so only a title that begins with it means Skype alone.
    return "skype" if name == "skype" or any(title.startswith("skype") for title in titles) else "criminal"


def _name(text: str) -> str | None:
    folded = places.fold(text)
    return next((name for name, heading in HEADINGS.items() if re.fullmatch(heading, folded)), None)


def _header(sheet: Sheet) -> int | None:
    """The row in which requests and accounts are headings side by side; None in a sheet of another kind."""
    return next(
        (row for row, cells in enumerate(sheet.rows[:HEADING_ROWS]) if {"requests", "accounts_specified"} <= set(map(_name, cells))), None
    )


def _country_column(sheet: Sheet, last_label: int, labelled: set[int]) -> int | None:
    """The column, none of those labelled, that names most places."""
    names = Counter(
        column
        for cells in sheet.rows[last_label + 1 :]
        for column, text in enumerate(cells)
        if column not in labelled and places.code(text)
    )
    return max(names, key=names.__getitem__, default=None)


def _counts_and_percents(sheet: Sheet, labels: dict[str, int], country: int | None, below: range) -> dict[str, int]:
    """Columns of the numbers and of the percentages; where no `%` and `#` stand below a heading, its two columns in this order."""
    names = {name: column for name, column in labels.items() if name not in OUTCOMES}
    starts = sorted([*labels.values(), country or 0, sheet.width])
    for name in labels.keys() & set(OUTCOMES):
        span = range(labels[name], next(start for start in starts if start > labels[name]))
        signs = {sign: column for row in below for column in span if (sign := sheet.text(row, column).strip()) in ("#", "%")}
        signs = signs or ({"%": span[0], "#": span[1]} if len(span) > 1 else {"#": span[0]})
        names |= {{"#": "", "%": "share of "}[sign] + name: column for sign, column in signs.items()}
    return names


def _read_workbook(file: File, draft: Draft) -> None:
    finder = _Finder(periods.find(file.stem) or draft.period)
    sheets, blocks = [], {}
    for sheet in file.sheets:
        if _header(sheet) is None and is_orders_sheet(sheet):
            sheet, tables = blocks_of(sheet, MAPPING.columns, finder.problems)
            blocks[id(sheet)] = tables
        sheets.append(sheet)
    draft.problems += finder.problems
    _read(replace(file, sheets=sheets), draft, finder, lambda sheet: blocks.get(id(sheet)) or finder.in_workbook(sheet))


def _read_plain(file: File, draft: Draft) -> None:
    finder = _Finder(None)
    _read(file, draft, finder, finder.in_plain)


def _read(file: File, draft: Draft, finder: _Finder, tables_of: Callable[[Sheet], list[Table]]) -> None:
    def with_problems(sheet: Sheet) -> Tables:
        told_before = len(finder.problems)
        return tables_of(sheet), finder.problems[told_before:]

    read_declared(file, draft, MAPPING, with_problems)
    for index, problem in enumerate(draft.problems):
        if problem.code == "not_whole" and problem.cell in finder.carried:
            says = "is a fraction, as published; a count must be whole, so it was not stored."
            draft.problems[index] = replace(problem, severity="warning", says=says, fix="Nothing need be done.")


def _is_workbook(file: File) -> bool:
    return file.kind == "workbook" and any(_header(sheet) is not None for sheet in file.sheets)


def _holds_orders(file: File) -> bool:
    return file.kind == "workbook" and any(map(is_orders_sheet, file.sheets))


def _is_plain(file: File) -> bool:
    return file.kind == "csv" and file.sheets[0].folded_head[0].keys() >= set(PLAIN_COLUMNS.values())


LAYOUTS = (
    Layout("Microsoft: Law Enforcement Requests Report", "microsoft", _is_workbook, _read_workbook),
    Layout("Microsoft: Law Enforcement Requests Report, plain table", "microsoft", _is_plain, _read_plain),
    Layout("Microsoft: US National Security Orders Report", "microsoft", _holds_orders, _read_workbook),
)
