"""From an understanding to observations: every different text is read once, every row keeps its own cell, all problems are told at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.model.intervals import Interval
from dashboard.model.intervals import text as interval_text
from dashboard.model.tables import OBSERVATION_COLUMNS
from dashboard.reports import dimensions, printed_periods
from dashboard.reports.columns import NOTHING, VALUE, WRONG, Texts
from dashboard.reports.dimensions import Dimensions
from dashboard.reports.drafts import Draft
from dashboard.reports.figures import FigureColumn, figures_of
from dashboard.reports.header_words import meaning_of
from dashboard.reports.limits import MAX_PROBLEMS_OF_A_KIND
from dashboard.reports.problems import Problem
from dashboard.reports.roles import Column
from dashboard.reports.sheets import column_letters
from dashboard.reports.telling import Teller

if TYPE_CHECKING:
    from dashboard.reports.mapping import Reading, ReadTable


class MappedDraft(Draft):
    """A draft whose observations are kept as columns, since there may be a million of them."""

    observations: pa.Table

    def table(self) -> pd.DataFrame:
        """The observations as a table with the columns of the model, in the order of the file."""
        return as_frame(self.observations)


def as_frame(observations: pa.Table) -> pd.DataFrame:
    """Observations kept as columns, as a table with the columns of the model."""
    data = {}
    for name in OBSERVATION_COLUMNS:
        column = observations.column(name)
        if pa.types.is_dictionary(column.type):
            column = pa.chunked_array([chunk.dictionary_decode() for chunk in column.chunks], column.type.value_type)
        if pa.types.is_date32(column.type):
            data[name] = column.cast(pa.timestamp("s")).to_pandas()
        elif pa.types.is_floating(column.type):
            data[name] = column.to_pandas()
        else:
            data[name] = pd.Series(pd.array(column, dtype="str"))
    return pd.DataFrame(data, columns=OBSERVATION_COLUMNS)


def apply(reading: Reading) -> MappedDraft:
    """Read a file by what was understood of it; where something must still be asked, the questions are its problems."""
    understanding = reading.understanding
    draft = MappedDraft(understanding.reporter, reading.file.stem, reading.answers.period)
    draft.observations = _no_observations()
    draft.problems = [*understanding.problems, *(question.problem() for question in understanding.questions)]
    whole = _Whole(reading, draft)
    for part in reading.tables:
        if part.view.used and len(part.rows):
            whole.read(part)
    whole.finish()
    return draft


@dataclass(frozen=True)
class _Found:
    """The observations of one table, as numbers that stand for words, in the order of the file."""

    part: ReadTable
    letters: list[tuple[str, str]]
    row: np.ndarray
    figure: np.ndarray
    low: np.ndarray
    high: np.ndarray
    printed: np.ndarray
    of: dict[str, np.ndarray]

    def only(self, keep: np.ndarray | slice) -> _Found:
        """Some of them."""
        arrays = {name: getattr(self, name)[keep] for name in ("row", "figure", "low", "high", "printed")}
        return replace(self, **arrays, of={name: values[keep] for name, values in self.of.items()})

    def address(self, place: int) -> str:
        """The cell of one of them."""
        return self.part.table.sheet.address(int(self.part.rows[self.row[place]]), self.place_of(place))

    def place_of(self, place: int) -> int:
        """The column of one of them."""
        number = 0
        for letter in self.letters[int(self.figure[place])][0]:
            number = number * 26 + ord(letter) - 64
        return number - 1


class _Whole:
    """Reads table after table, so that what is given twice is found across them."""

    def __init__(self, reading: Reading, draft: MappedDraft):
        self.reading, self.draft = reading, draft
        self.teller = Teller(draft.problems)
        self.dimensions = Dimensions(draft.reporter, reading.mapping, self.teller)
        self.found: list[_Found] = []
        self.printed: list[pa.Array] = []
        self.printed_so_far = 0

    def read(self, part: ReadTable) -> None:
        """Read one table."""
        if not any(column.is_figure for column in part.view.columns):
            self._count_rows(part)
            return
        read = list(figures_of(part, self.reading.answers, self.dimensions.is_share(part), self.teller))
        filled = np.zeros(len(part.rows), bool)
        for figure in read:
            filled |= figure.values.state != NOTHING
        totals = _total_rows(part)
        self._check_totals(part, read, totals)
        of_rows = self.dimensions.of_table(part, filled & ~totals)
        found = []
        for number, figure in enumerate(read):
            of = self.dimensions.of_figure(part, figure.column, of_rows)
            keep = (figure.values.state == VALUE) & ~totals
            found.append(self._kept(part, number, figure, of, keep))
        if found:
            self.found.append(_in_order(found, [figure.letters for figure in read]))

    def finish(self) -> None:
        """Put the tables together, each figure once, and tell what is left to tell."""
        found = [part for part in self.found if len(part.row)]
        if found:
            self.draft.observations = self._observations(self._once(found))
        self.teller.finish()
        if not found and not any(problem.severity == "error" for problem in self.draft.problems):
            says = "The tables hold no figure that could be read."
            self.draft.problems.append(Problem("error", "no_data", says, "See what each column was taken for."))

    def _kept(self, part: ReadTable, number: int, figure: FigureColumn, of: dict[str, np.ndarray], keep: np.ndarray) -> _Found:
        for name in dimensions.NAMES:
            keep &= of[name] >= 0
        rows = np.flatnonzero(keep)
        printed = (self._printed(figure.printed) + figure.codes[rows]).astype(np.int32)
        return _Found(
            part,
            [],
            rows.astype(np.int32),
            np.full(len(rows), number, np.int16),
            figure.values.low[rows],
            figure.values.high[rows],
            printed,
            {name: of[name][rows] for name in dimensions.NAMES},
        )

    def _printed(self, texts: pa.Array) -> int:
        self.printed.append(texts.cast(pa.string()))
        self.printed_so_far += len(texts)
        return self.printed_so_far - len(texts)

    def _check_totals(self, part: ReadTable, read: list[FigureColumn], totals: np.ndarray) -> None:
        # A line of totals over all periods is compared with its parts and not stored: its period is that of no row.
        for row in np.flatnonzero(totals).tolist():
            for figure in read:
                values = figure.values
                parts = (values.state != NOTHING) & ~totals
                if figure.column.role != "count" or values.state[row] != VALUE or not parts.any() or (values.state[parts] == WRONG).any():
                    continue
                low, high = float(values.low[parts].sum()), float(values.high[parts].sum())
                if values.low[row] > high or values.high[row] < low:
                    says = f"is a total, and the rows add up to {interval_text(Interval(low, high))}; it is not stored."
                    self.teller.cell(part, row, figure.column.place, "warning", "total_mismatch", says, "Check the rows and the total.")

    # One row a request.

    def _count_rows(self, part: ReadTable) -> None:
        every = np.ones(len(part.rows), bool)
        for column in part.view.columns:
            if column.role == "one_request":
                self._check_names(part, column)
            if column.role == "received_on" and part.view.period is not None:
                self._check_days(part, column)
        answers, place = self.reading.answers, part.table.columns[0]
        letters = column_letters(place)
        counted = Column(place, letters, "", "count", "", measure=answers.measure or "requests", request_type=answers.request_type)
        of = self.dimensions.of_figure(part, counted, self.dimensions.of_table(part, every))
        for name in dimensions.NAMES:
            every &= of[name] >= 0
        rows = np.flatnonzero(every)
        if not len(rows):
            return
        of = {name: of[name][rows] for name in dimensions.NAMES}
        _, first, counts = np.unique(self.dimensions.key(of), return_index=True, return_counts=True)
        order = np.argsort(first)
        first, counts = first[order], counts[order]
        printed = pa.array([f"{count:,} {'row' if count == 1 else 'rows'}" for count in counts.tolist()])
        self.found.append(
            _Found(
                part,
                [(letters, "")],
                rows[first].astype(np.int32),
                np.zeros(len(first), np.int16),
                counts.astype(float),
                counts.astype(float),
                (self._printed(printed) + np.arange(len(first))).astype(np.int32),
                {name: values[first] for name, values in of.items()},
            )
        )

    def _check_names(self, part: ReadTable, column: Column) -> None:
        texts = part.texts[column.place]
        _, first = np.unique(texts.codes, return_index=True)
        again = np.ones(len(texts.codes), bool)
        again[first] = False
        again &= _are(texts, lambda text: bool(text.strip()))
        says = "names a request that an earlier row names, too."
        self.teller.cells(part, np.flatnonzero(again), column.place, "error", "duplicate_conflict", says, "Delete one of the two rows.")

    def _check_days(self, part: ReadTable, column: Column) -> None:
        texts, period = part.texts[column.place], part.view.period
        read = printed_periods.column_of(texts.all(), day_first=self.reading.answers.day_first)
        if read.question:
            self.teller.header(part, column, *read.question)
            return
        says = f"lies outside {period}, which the list is said to cover."
        outside = _are(texts, lambda text: text in read.days and not period.start <= read.days[text] <= period.end)
        self.teller.cells(part, np.flatnonzero(outside), column.place, "error", "bad_period", says, "Correct the day or the period.")
        for row in np.flatnonzero(_are(texts, lambda text: text in read.wrong)).tolist():
            self.teller.cell(part, row, column.place, "error", *read.wrong[texts.of_row(row)], "Correct the day.")

    # What is given twice.

    def _once(self, found: list[_Found]) -> list[_Found]:
        # The first of what is given twice stands; the later is a repetition if its whole row says the same, else a contradiction.
        key = np.concatenate([self.dimensions.key(part.of) for part in found])
        order = np.argsort(key, kind="stable")
        again = np.flatnonzero(key[order][1:] == key[order][:-1]) + 1
        if not len(again):
            return found
        keep = np.ones(len(key), bool)
        keep[order[again]] = False
        open_questions = {question.code for question in self.reading.understanding.questions}
        if not open_questions & {"duplicate_header", "missing_column", "unknown_layout"}:
            # While it is open which column tells rows apart, they cannot be said to contradict each other.
            is_first = np.ones(len(order), bool)
            is_first[again] = False
            first = np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))
            listed = again[: 20 * MAX_PROBLEMS_OF_A_KIND]
            self._tell_twice(found, sorted(zip(order[listed].tolist(), order[first[listed]].tolist(), strict=True)))
        return [
            part.only(kept) for part, kept in zip(found, np.split(keep, np.cumsum([len(part.row) for part in found])[:-1]), strict=True)
        ]

    def _tell_twice(self, found: list[_Found], pairs: list[tuple[int, int]]) -> None:
        starts = np.concatenate([[0], np.cumsum([len(part.row) for part in found])])
        repeated: set[tuple[int, int]] = set()
        for pair in pairs:
            numbers = [int(np.searchsorted(starts, index, side="right") - 1) for index in pair]
            later, earlier = (found[number] for number in numbers)
            place, first = (index - int(starts[number]) for index, number in zip(pair, numbers, strict=True))
            row, where = int(later.row[place]), earlier.address(first)
            is_row_equal = later.part is not earlier.part or _texts_of(later.part, row) == _texts_of(later.part, int(earlier.row[first]))
            if (later.low[place], later.high[place]) == (earlier.low[first], earlier.high[first]) and is_row_equal:
                if (numbers[0], row) not in repeated:
                    repeated.add((numbers[0], row))
                    self.teller.cell(
                        later.part,
                        row,
                        later.place_of(place),
                        "warning",
                        "duplicate_row",
                        f"repeats {where}, which is kept.",
                        "Delete one of the two.",
                    )
                continue
            apart = "" if is_row_equal else _only_apart(later.part, row, int(earlier.row[first]))
            says = f"stands for the same as {where}{apart}; only one of the two can hold."
            fix = "Keep the one that holds, or say what tells them apart."
            self.teller.cell(later.part, row, later.place_of(place), "error", "duplicate_conflict", says, fix)

    # Putting together.

    def _observations(self, found: list[_Found]) -> pa.Table:
        printed = pa.concat_arrays(self.printed)
        words = self.dimensions.words
        periods = list(words["period"])
        starts = np.array([period.start for period in periods], "datetime64[D]").astype(np.int32)
        ends = np.array([period.end for period in periods], "datetime64[D]").astype(np.int32)
        tables = []
        for part in found:
            data: dict[str, pa.Array] = {}
            for name in OBSERVATION_COLUMNS:
                if name in words:
                    data[name] = pa.DictionaryArray.from_arrays(pa.array(part.of[name]), pa.array(list(words[name]), pa.string()))
                elif name in ("period_start", "period_end"):
                    days = starts if name == "period_start" else ends
                    data[name] = pa.array(days[part.of["period"]], pa.int32()).cast(pa.date32())
                elif name in ("low", "high"):
                    data[name] = pa.array(getattr(part, name), pa.float64())
                elif name == "printed":
                    data[name] = printed.take(pa.array(part.printed))
                elif name == "document":
                    data[name] = pa.DictionaryArray.from_arrays(
                        pa.array(np.zeros(len(part.row), np.int16)), pa.array([self.draft.document])
                    )
                else:
                    data[name] = _addresses(part)
            tables.append(pa.table(data))
        return pa.concat_tables(tables)


def _in_order(found: list[_Found], letters: list[tuple[str, str]]) -> _Found:
    # Row by row, and in a row from left to right.
    first = found[0]
    if len(found) == 1:
        return replace(first, letters=letters)
    arrays = {name: np.concatenate([getattr(part, name) for part in found]) for name in ("row", "figure", "low", "high", "printed")}
    of = {name: np.concatenate([part.of[name] for part in found]) for name in dimensions.NAMES}
    whole = _Found(first.part, letters, **arrays, of=of)
    return whole.only(np.lexsort((whole.figure, whole.row)))


def _addresses(part: _Found) -> pa.Array:
    sheet = part.part.table.sheet
    rows = part.part.rows[part.row]
    lines = pc.cast(pa.array(rows + 1 if isinstance(sheet.lines, range) else np.asarray(sheet.lines)[rows]), pa.string())
    prefix = f"{sheet.name}!" if sheet.name else ""

    def of_figure(texts: list) -> pa.Array:
        return pa.array(texts).take(pa.array(part.figure))

    cells = pc.binary_join_element_wise(of_figure([prefix + letters for letters, _ in part.letters]), lines, "")
    if any(after for _, after in part.letters):
        after = of_figure([f":{letters}" for _, letters in part.letters])
        is_band = of_figure([bool(letters) for _, letters in part.letters])
        cells = pc.if_else(is_band, pc.binary_join_element_wise(cells, after, lines, ""), cells)
    return cells


def _total_rows(part: ReadTable) -> np.ndarray:
    # Lines of totals over all periods: where a period belongs there is “Total”, or nothing beside “Total” for the country.
    columns = part.view.columns
    totals = np.zeros(len(part.rows), bool)
    when = next((column for role in ("period", "period_end", "period_start", "year") for column in columns if column.role == role), None)
    if when is None:
        return totals
    texts = part.texts[when.place]
    totals |= _are(texts, _is_total)
    for column in columns:
        if column.role == "requester":
            totals |= _are(part.texts[column.place], _is_total) & _are(texts, lambda text: not text.strip())
    return totals


def _is_total(text: str) -> bool:
    meant = meaning_of(text)
    return meant.is_total and not meant.rest


def _are(texts: Texts, holds: Callable[[str], bool]) -> np.ndarray:
    if not len(texts.values):
        return np.zeros(len(texts.codes), bool)
    return np.array([bool(holds(text)) for text in texts.all()])[texts.codes]


def _texts_of(part: ReadTable, row: int) -> tuple[str, ...]:
    return tuple(texts.of_row(row).strip() for texts in part.texts.values())


def _only_apart(part: ReadTable, row: int, other: int) -> str:
    differ = [
        column.header
        for column in part.view.columns
        if column.role == "ignored" and part.texts[column.place].of_row(row) != part.texts[column.place].of_row(other)
    ]
    return f", and the rows differ only in “{differ[0]}”, for which there is no place" if differ else ""


def _no_observations() -> pa.Table:
    types = {"period_start": pa.date32(), "period_end": pa.date32(), "low": pa.float64(), "high": pa.float64()}
    return pa.table({name: pa.array([], types.get(name, pa.string())) for name in OBSERVATION_COLUMNS})
