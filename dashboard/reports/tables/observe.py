"""From an understanding to observations: every different text is read once, every row keeps its own cell, all problems are told at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.model import periods as model_periods
from dashboard.model import places
from dashboard.model.intervals import Interval
from dashboard.model.intervals import text as interval_text
from dashboard.model.tables import OBSERVATION_COLUMNS
from dashboard.reports.cells.addresses import column_number
from dashboard.reports.cells.limits import MAX_PROBLEMS_OF_A_KIND
from dashboard.reports.cells.sheets import column_letters
from dashboard.reports.problems import Problem
from dashboard.reports.tables import dimensions
from dashboard.reports.tables.columns import NOTHING, VALUE, Figures, Texts
from dashboard.reports.tables.dimensions import LEFT_OUT, Dimensions, Numbered
from dashboard.reports.tables.drafts import Draft, counted
from dashboard.reports.tables.problem_log import ProblemLog
from dashboard.reports.tables.questions import WHEN
from dashboard.reports.tables.readings import Reading, ReadTable
from dashboard.reports.tables.roles import Column
from dashboard.reports.tables.totals import check_totals
from dashboard.reports.tables.uses import FileUses, Use
from dashboard.reports.tables.values import FigureColumn, figures_of
from dashboard.reports.words import periods as printed_periods
from dashboard.reports.words.headers import meaning_of
from dashboard.reports.words.numbers import NotANumber
from dashboard.reports.words.numbers import count as printed_count

_REPEATED = 1 << 14
_MANY_CONFLICTS = 5
WHOLE = "*"
"""How the name of a total begins that is no column: the whole, which shares make up."""


class MappedDraft(Draft):
    """A draft whose observations are kept as columns, since there may be a million of them."""

    observations: pa.Table

    def table(self) -> pd.DataFrame:
        """The observations as a table with the columns of the model, in the order of the file."""
        return as_frame(self.observations)


def as_frame(observations: pa.Table) -> pd.DataFrame:
    """Observations kept as columns, as a table with the columns of the model."""
    return pd.DataFrame({name: _spelled_out(observations, name) for name in OBSERVATION_COLUMNS}, columns=OBSERVATION_COLUMNS)


def plain(observations: pa.Table) -> pa.Table:
    """Observations with every word and address spelled out, so that tables of several files can be put together."""
    types = {"period_start": pa.date32(), "period_end": pa.date32(), "low": pa.float64(), "high": pa.float64()}
    columns = {}
    for name in OBSERVATION_COLUMNS:
        column = addresses(observations) if name == "cell" else observations.column(name)
        if pa.types.is_dictionary(column.type):
            column = pa.chunked_array([chunk.dictionary_decode() for chunk in column.chunks], column.type.value_type)
        columns[name] = column.cast(types.get(name, pa.string()))
    return pa.table(columns)


def addresses(observations: pa.Table) -> pa.ChunkedArray:
    """The cells of observations. Those of a mapped file are kept as sheet and column, line, and second column of a band."""
    if "cell" in observations.column_names:
        return observations.column("cell")
    lines = observations.column("line").cast(pa.string())
    before, after = (
        pa.chunked_array([chunk.dictionary_decode() for chunk in observations.column(name).chunks], pa.string())
        for name in ("before", "after")
    )
    cells = pc.binary_join_element_wise(before, lines, "")
    if not any(text for chunk in observations.column("after").chunks for text in chunk.dictionary.to_pylist()):
        return cells
    return pc.if_else(pc.equal(after, ""), cells, pc.binary_join_element_wise(cells, ":", after, lines, ""))


def _spelled_out(observations: pa.Table, name: str) -> pd.Series:
    column = addresses(observations) if name == "cell" else observations.column(name)
    if pa.types.is_dictionary(column.type):
        column = pa.chunked_array([part for chunk in column.chunks for part in _decoded(chunk)])
    if pa.types.is_date32(column.type):
        return column.cast(pa.timestamp("s")).to_pandas()
    if pa.types.is_floating(column.type):
        return column.to_pandas()
    return pd.Series(pd.array(column.cast(pa.large_string()), dtype="str"))


def _decoded(chunk: pa.DictionaryArray) -> list[pa.Array]:
    words, many = chunk.dictionary, len(chunk)
    if pa.types.is_string(words.type):
        words = words.cast(pa.large_string())
        if len(words) == 1 and many > _REPEATED:
            # One word throughout: a short piece, again and again, takes no more room than once.
            piece = pa.array([words[0].as_py()] * _REPEATED, pa.large_string())
            return [piece] * (many // _REPEATED) + [piece.slice(0, many % _REPEATED)]
    return [words.take(chunk.indices)]


def apply(reading: Reading, progress: Callable[[float], None] = lambda done: None, document: str = "") -> MappedDraft:
    """Read a file by what was understood of it; where something must still be asked, the questions are its problems.

    `document` names the document, if it is not named like the file.
    """
    understanding = reading.understanding
    draft = MappedDraft(understanding.reporter, document or reading.file.stem, reading.answers.period)
    draft.observations = _no_observations()
    draft.problems = [*understanding.problems, *(question.problem() for question in understanding.questions)]
    whole = _Whole(reading, draft)
    for number, part in enumerate(reading.tables):
        if reason := part.view.means.get("left_out"):
            sheet, line = part.table.sheet, part.table.header_rows[-1]
            says = f"begins a table of {len(part.rows):,} rows that {reason}; it is left out."
            cell, value, row = sheet.address(line, part.table.columns[0]), sheet.text(line, part.table.columns[0]), int(sheet.lines[line])
            draft.problems.append(Problem("warning", "not_read", says, "Nothing needs doing.", cell, value, row))
        elif part.view.used and len(part.rows) and part.view.columns:
            whole.read(part, lambda done, number=number: progress((number + done) / len(reading.tables)))
    whole.finish()
    return draft


@dataclass(frozen=True)
class _Found:
    """The observations of one table, in the order of the file: the row and the figure of each, and the number of its printed text.

    `of` has for each figure the numbers that stand for what it is about, by row or one for all rows.
    """

    part: ReadTable
    letters: list[tuple[str, str]]
    of: list[dict[str, Numbered]]
    row: np.ndarray
    figure: np.ndarray
    code: np.ndarray
    cells: np.ndarray | None = None
    """Where each of them stands, if in several cells."""

    def numbers(self, name: str) -> np.ndarray:
        """For each observation the number that stands for its word in a dimension."""
        by_figure = [of[name] for of in self.of]
        if all(isinstance(numbers, int) for numbers in by_figure):
            return np.array(by_figure, np.int32)[self.figure]
        if all(numbers is by_figure[0] for numbers in by_figure):
            return by_figure[0][self.row]
        found = np.empty(len(self.row), np.int32)
        for figure, numbers in enumerate(by_figure):
            at = self.figure == figure
            found[at] = numbers if isinstance(numbers, int) else numbers[self.row[at]]
        return found

    def only(self, keep: np.ndarray) -> _Found:
        """Some of them."""
        cells = None if self.cells is None else self.cells[keep]
        return replace(self, row=self.row[keep], figure=self.figure[keep], code=self.code[keep], cells=cells)

    def address(self, place: int) -> str:
        """The cell of one of them."""
        if self.cells is not None:
            return self.cells[place]
        return self.part.table.sheet.address(int(self.part.rows[self.row[place]]), self.place_of(place))

    def line(self, place: int) -> int:
        """The line of one of them."""
        return int(self.part.table.sheet.lines[int(self.part.rows[self.row[place]])])

    def place_of(self, place: int) -> int:
        """The column of one of them."""
        return column_number(self.letters[int(self.figure[place])][0])


class _Whole:
    """Reads table after table, so that what is given twice is found across them."""

    def __init__(self, reading: Reading, draft: MappedDraft):
        self.reading, self.draft = reading, draft
        self.log = ProblemLog(draft.problems)
        self.dimensions = Dimensions(draft.reporter, reading.mapping, self.log, draft.document)
        self.found: list[_Found] = []
        self.printed: list[pa.Array] = []
        self.lows: list[np.ndarray] = []
        self.highs: list[np.ndarray] = []
        self.texts_so_far = 0
        self.uses = FileUses(reading.file)

    def read(self, part: ReadTable, progress: Callable[[float], None]) -> None:
        """Read one table."""
        if not any(column.is_figure for column in part.view.columns):
            self._count_rows(part)
            return
        left_out = self.dimensions.explained(part)[0]
        read = list(figures_of(part, self.reading.answers, self.dimensions.is_share(part), self.log, left_out))
        read = [self._without_early_zeros(part, figure) for figure in read]
        filled = np.zeros(len(part.rows), bool)
        for figure in read:
            filled |= figure.values.state != NOTHING
        totals = _total_rows(part)
        check_totals(part, read, totals, self.reading.mapping.sums, self.log)
        self._check_sums(part, read)
        self._check_last_period(part, filled & ~totals)
        of_rows = self.dimensions.of_table(part, filled & ~totals)
        self._use_rows(part, read, totals, of_rows)
        of, rows, codes = [], [], []
        not_zero = self._not_zero(part, read)
        added = next((column for column in part.view.columns if column.role == "added"), None)
        for figure in read:
            progress(len(of) / len(read))
            of.append(self.dimensions.of_figure(part, figure.column, of_rows))
            keep = ~totals & ~not_zero & ~self._repeats(part, figure, read)
            if added is None:
                keep &= figure.values.state == VALUE
            for numbers in of[-1].values():
                keep &= numbers >= 0
            rows.append(np.flatnonzero(keep).astype(np.int32))
            codes.append(figure.values.codes[rows[-1]] + self._texts(figure.printed, figure.values.lows, figure.values.highs))
        if read:
            found = _in_order(part, [figure.letters for figure in read], of, rows, codes)
            self.found.append(found if added is None else self._added(found, added, read))

    def _added(self, rows: _Found, column: Column, read: list[FigureColumn]) -> _Found:
        # The figures of rows that a column splits are added; each sum has the cells of its parts, and without one of them there is none.
        part, texts = rows.part, rows.part.texts[column.place]
        lows, highs = np.concatenate(self.lows), np.concatenate(self.highs)
        printed = [text for array in self.printed for text in array.to_pylist()]
        groups: dict[int, dict[str, int]] = {}
        for index, key in enumerate(self.dimensions.key(rows.numbers).tolist()):
            name = texts.of_row(int(rows.row[index])).strip()
            if groups.setdefault(key, {}).setdefault(name, index) != index:
                is_same = rows.code[groups[key][name]] == rows.code[index]
                severity, code = ("warning", "duplicate_row") if is_same else ("error", "duplicate_conflict")
                says = f"stands for the same as {rows.address(groups[key][name])}, which is kept."
                self.log.cell(part, int(rows.row[index]), rows.place_of(index), severity, code, says, "Delete one of the two.")
        sums: list[tuple[int, str, float, float, str]] = []
        for names in groups.values():
            members = list(names.values())
            missing = [index for index in members if read[rows.figure[index]].values.state[rows.row[index]] != VALUE]
            if missing and len(members) > 1:
                says = f"is no figure, so the rows of each “{column.header}” have no sum."
                self.log.cell(part, int(rows.row[missing[0]]), rows.place_of(missing[0]), "warning", "missing_value", says, "Fill it in.")
            if missing:
                continue
            cells = [rows.address(index) for index in members]
            is_run = (np.diff(rows.row[members]) == 1).all()
            if column.scale == "apart":
                shown, cell = f"sum of {counted(len(members), 'row', 'rows')}", f"{cells[0]}:{cells[-1]}"
            else:
                shown, is_run = "; ".join(f"{name} {printed[rows.code[index]]}" for name, index in names.items()), False
            cell = cell if is_run else ", ".join(cells)
            shown = shown if len(members) > 1 or column.scale else printed[rows.code[members[0]]]
            codes = rows.code[members]
            sums.append((members[0], shown, float(lows[codes].sum()), float(highs[codes].sum()), cell))
            self.uses.of(part.table.sheet).mark(part.rows[rows.row[members]], [rows.place_of(members[0])], Use.FIGURE)
        several = [index for index, shown, *_ in sums if not column.scale and shown != printed[rows.code[index]]]
        if several:
            says = f"is split over rows by “{column.header}”; such rows were added, {len(several):,} times in this file."
            self.log.cell(part, int(rows.row[several[0]]), rows.place_of(several[0]), "warning", "rows_added", says, "Nothing needs doing.")
        first = np.array([index for index, *_ in sums], int)
        ends = [np.array([one[number] for one in sums], float) for number in (2, 3)]
        code = self._texts(pa.array([shown for _, shown, *_ in sums], pa.string()), *ends) + np.arange(len(sums), dtype=np.int32)
        return replace(rows.only(first), code=code.astype(np.int32), cells=np.array([cell for *_, cell in sums], object))

    def _without_early_zeros(self, part: ReadTable, figure: FigureColumn) -> FigureColumn:
        # Zeros of the periods before a column was reported stand for no figure.
        since, when = figure.column.zeros_since, part.when
        if not since or when is None or not when.periods:
            return figure
        is_early = np.array([period < model_periods.parse(since) for period in when.periods])[np.maximum(when.rows, 0)]
        values = figure.values
        early = np.flatnonzero(is_early & (when.rows >= 0) & (values.state == VALUE) & (values.low == 0)).tolist()
        if not early:
            return figure
        says = f"stands for no figure, as do all zeros before {since} under “{figure.column.header}”, {len(early):,} in this file."
        self.log.cell(part, early[0], figure.column.place, "warning", "missing_value", says, "Nothing needs doing.")
        printed, values = figure.printed.take(pa.array(values.codes)), values.row_by_row()
        values.states[early] = NOTHING
        return replace(figure, printed=printed, values=values)

    def _not_zero(self, part: ReadTable, read: list[FigureColumn]) -> np.ndarray:
        # Rows whose text is explained for zeros only, and which hold another figure.
        wrong = np.zeros(len(part.rows), bool)
        for column in part.view.columns:
            only_zero = {text for text, means in column.values.items() if "only_zero" in means}
            if only_zero:
                above = np.any([(figure.values.state == VALUE) & (figure.values.high > 0) for figure in read], axis=0)
                rows = above & _are(part.texts[column.place], lambda text, known=only_zero: text.strip() in known)
                says = f"names no {column.role} beside a figure."
                self.log.cells(part, np.flatnonzero(rows), column.place, "error", "missing_requester", says, "Fill it in.")
                wrong |= rows
        return wrong

    def _repeats(self, part: ReadTable, figure: FigureColumn, read: list[FigureColumn]) -> np.ndarray:
        # Rows of a column that only repeats another one, which is filled there.
        header, values = figure.column.repeats, figure.values
        repeats = np.zeros(len(part.rows), bool)
        for other in (one.values for one in read if header and places.fold(one.column.header) == places.fold(header)):
            repeats |= (values.state == VALUE) & (other.state == VALUE)
            differs = repeats & ((values.low != other.low) | (values.high != other.high))
            says = f"differs from the cell under “{header}”, which it repeats; that one was read."
            fix = "Check which of the two holds."
            self.log.cells(part, np.flatnonzero(differs), figure.column.place, "warning", "total_mismatch", says, fix)
            self.uses.of(part.table.sheet).leave_out(part.rows[repeats], [figure.column.place], f"repeats what stands under “{header}”")
        return repeats

    def finish(self) -> None:
        """Put the tables together, each figure once, and tell what is left to tell."""
        found = [part for part in self.found if len(part.row)]
        if found:
            kept = self._once(found)
            self._use_figures(found, kept)
            self.draft.observations = self._observations(kept)
        self._use_the_rest()
        self.draft.problems += self.uses.finish()
        self.draft.uses = self.uses
        self.log.finish()
        if not found and not any(problem.severity == "error" for problem in self.draft.problems):
            says = "The tables hold no figure that could be read."
            self.draft.problems.append(Problem("error", "no_data", says, "See what each column was taken for."))

    def _texts(self, printed: pa.Array, lows: np.ndarray, highs: np.ndarray) -> int:
        # Printed texts and what they stand for, of all figures together; the number of the first.
        self.printed.append(printed.cast(pa.string()))
        self.lows.append(lows)
        self.highs.append(highs)
        self.texts_so_far += len(printed)
        return self.texts_so_far - len(printed)

    # What became of every cell.

    def _use_rows(self, part: ReadTable, read: list[FigureColumn], totals: np.ndarray, of_rows: dict[str, Numbered | None]) -> None:
        uses, rows = self.uses.of(part.table.sheet), part.rows
        left_out = np.zeros(len(rows), bool)
        for numbers in of_rows.values():
            if isinstance(numbers, np.ndarray):
                left_out |= numbers == LEFT_OUT
        uses.leave_out(rows[left_out], part.table.columns, "its row is left out, as its country or kind says")
        for figure in read:
            for place in (figure.column.place, *(column_number(letters) for letters in figure.letters[1:] if letters)):
                uses.mark(rows[totals & (figure.values.state == VALUE)], [place], Use.TOTAL)
                uses.mark(rows[figure.values.state == NOTHING], [place], Use.NO_FIGURE)

    def _use_figures(self, found: list[_Found], kept: list[_Found]) -> None:
        for every, only in zip(found, kept, strict=True):
            uses, rows = self.uses.of(only.part.table.sheet), only.part.rows
            for number, letters in enumerate(only.letters):
                at = [column_number(part) for part in letters if part]
                uses.mark(rows[only.row[only.figure == number]], at, Use.FIGURE)
                uses.leave_out(rows[every.row[every.figure == number]], at, "stands for the same as another cell, which is kept")

    def _use_the_rest(self) -> None:
        for part in self.reading.tables:
            table, uses = part.table, self.uses.of(part.table.sheet)
            uses.mark_rows([*table.header_rows, *table.repeated], Use.HEADER)
            uses.mark_rows(table.title_rows, Use.TITLE)
            uses.mark_rows(part.notes, Use.NOTE)
            uses.mark_rows([section.row for section in part.sections], Use.SECTION)
            if not part.view.used:
                uses.leave_out(
                    range(table.first, table.end),
                    table.columns,
                    part.view.means.get("left_out") or part.view.shape or "its table counts nothing that we know",
                )
            for column in part.view.columns:
                if column.role == "ignored":
                    uses.leave_out(part.rows, [column.place], column.reason)
                elif column.is_figure or column.role == "unknown":
                    uses.leave_out(part.rows, [column.place], "has a problem, or its row has")
                else:
                    uses.mark(part.rows, [column.place], Use.KEY)
            uses.leave_out(range(table.first, table.end), range(uses.uses.shape[1]), "its line has a problem")

    def _check_sums(self, part: ReadTable, read: list[FigureColumn]) -> None:
        # Totals whose parts stand beside them; a row with a blank or a damaged cell among them cannot be added up.
        figures = {figure.column.place: figure.values for figure in read}
        columns = {places.fold(column.header): column.place for column in part.view.columns}
        for total, parts in self.reading.mapping.sums.items():
            is_whole = total.startswith(WHOLE)
            headers = [places.fold(header) for header in (total, *parts)]
            if not set(headers[is_whole:]) <= columns.keys():
                continue
            ends = [
                _ends(figures.get(columns.get(header)), part.texts[columns[header]] if header in columns else None) for header in headers
            ]
            low, high = (sum(end[number] for end in ends[1:]) for number in (0, 1))
            for row in np.flatnonzero((ends[0][0] > high) | (ends[0][1] < low)).tolist():
                says = f"is a total, and the cells of its row add up to {interval_text(Interval(low[row], high[row]))}."
                if is_whole:
                    says = f"and the shares beside it make {low[row]:.3f}–{high[row]:.3f} together, not the whole."
                self.log.cell(part, row, columns[headers[is_whole]], "warning", "total_mismatch", says, "Check the cells of this row.")

    def _check_last_period(self, part: ReadTable, filled: np.ndarray) -> None:
        # A last period with a tenth of the rows of the one before was cut off, or has only begun.
        if part.when is None or part.when.questions:
            return
        rows_of = Counter(part.when.rows[filled & (part.when.rows >= 0)].tolist())
        before, last = sorted(rows_of, key=part.when.periods.__getitem__)[-2:] if len(rows_of) > 1 else (None, None)
        if last is not None and 10 * rows_of[last] < rows_of[before]:
            names = part.when.periods[before], part.when.periods[last]
            says = f"begins {names[1]}, which has {counted(rows_of[last], 'row', 'rows')} where {names[0]} has {rows_of[before]:,}: it is not complete."
            row = int(np.flatnonzero(filled & (part.when.rows == last))[0])
            place = next(column.place for column in part.view.columns if column.role in WHEN)
            self.log.cell(part, row, place, "warning", "outlier", says, "Do not read these rows as the period's total.")

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
        for numbers in of.values():
            every &= numbers >= 0
        rows = np.flatnonzero(every).astype(np.int32)
        if not len(rows):
            return
        single = _Found(part, [(letters, "")], [of], rows, np.zeros(len(rows), np.int32), rows)
        _, first, counts = np.unique(self.dimensions.key(single.numbers), return_index=True, return_counts=True)
        order = np.argsort(first)
        first, counts = first[order], counts[order].astype(float)
        printed = pa.array([f"{count:,.0f} {'row' if count == 1 else 'rows'}" for count in counts.tolist()])
        codes = np.arange(len(first), dtype=np.int32) + self._texts(printed, counts, counts)
        self.found.append(replace(single.only(first), code=codes))

    def _check_names(self, part: ReadTable, column: Column) -> None:
        texts = part.texts[column.place]
        _, first = np.unique(texts.codes, return_index=True)
        again = np.ones(len(texts.codes), bool)
        again[first] = False
        again &= _are(texts, lambda text: bool(text.strip()))
        says = "names a request that an earlier row names, too."
        self.log.cells(part, np.flatnonzero(again), column.place, "error", "duplicate_conflict", says, "Delete one of the two rows.")

    def _check_days(self, part: ReadTable, column: Column) -> None:
        texts, period = part.texts[column.place], part.view.period
        read = printed_periods.column_of(texts.all(), day_first=self.reading.answers.day_first)
        if read.question:
            self.log.header(part, column, *read.question[1:])
            return
        says = f"lies outside {period}, which the list is said to cover."
        outside = _are(texts, lambda text: text in read.days and not period.start <= read.days[text] <= period.end)
        self.log.cells(part, np.flatnonzero(outside), column.place, "error", "bad_period", says, "Correct the day or the period.")
        for row in np.flatnonzero(_are(texts, lambda text: text in read.wrong)).tolist():
            self.log.cell(part, row, column.place, "error", *read.wrong[texts.of_row(row)], "Correct the day.")

    # What is given twice.

    def _once(self, found: list[_Found]) -> list[_Found]:
        # Of what is given twice the later is a repetition if its whole row says the same, and the first stands; else neither does.
        key = np.concatenate([self.dimensions.key(part.numbers) for part in found])
        ordered = np.sort(key)
        if not (ordered[1:] == ordered[:-1]).any():
            return found
        order = np.argsort(key, kind="stable")
        again = np.flatnonzero(key[order][1:] == key[order][:-1]) + 1
        keep = np.ones(len(key), bool)
        keep[order[again]] = False
        open_questions = {question.code for question in self.reading.understanding.questions}
        if not open_questions & {"duplicate_header", "missing_column", "unknown_layout"}:
            # While it is open which column tells rows apart, they cannot be said to contradict each other.
            is_first = np.ones(len(order), bool)
            is_first[again] = False
            first = np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))
            listed = again[: 20 * MAX_PROBLEMS_OF_A_KIND]
            pairs = sorted(zip(order[listed].tolist(), order[first[listed]].tolist(), strict=True))
            if not self._ask_which_table(found, pairs):
                keep[self._tell_twice(found, pairs)] = False
        cuts = np.cumsum([len(part.row) for part in found])[:-1]
        return [part.only(kept) for part, kept in zip(found, np.split(keep, cuts), strict=True)]

    def _ask_which_table(self, found: list[_Found], pairs: list[tuple[int, int]]) -> bool:
        # Two tables that mostly give other figures for the same are editions, or of different kinds: one question for all their cells.
        lows, highs = np.concatenate(self.lows), np.concatenate(self.highs)
        codes = np.concatenate([part.code for part in found])
        whose = np.repeat(np.arange(len(found)), [len(part.row) for part in found])
        differ = Counter(
            (int(whose[earlier]), int(whose[later]))
            for later, earlier in pairs
            if whose[earlier] != whose[later] and (lows[codes[later]], highs[codes[later]]) != (lows[codes[earlier]], highs[codes[earlier]])
        )
        for (first, second), many in differ.items():
            if many >= _MANY_CONFLICTS:
                names = found[first].part.view.name, found[second].part.view.name
                says = f"gives other figures than {names[0]} in {many:,} cells that stand for the same."
                fix = f"Choose one: leave out “{names[0]}” or “{names[1]}”, or say what tells them apart."
                self.draft.problems.append(
                    Problem("error", "choose_sheet", says, fix, cell=found[second].address(0), value=names[1], row=found[second].line(0))
                )
        return any(many >= _MANY_CONFLICTS for many in differ.values())

    def _tell_twice(self, found: list[_Found], pairs: list[tuple[int, int]]) -> list[int]:
        # The places of those that a later one contradicts.
        starts = np.concatenate([[0], np.cumsum([len(part.row) for part in found])])
        lows, highs = np.concatenate(self.lows), np.concatenate(self.highs)
        repeated: set[tuple[int, int]] = set()
        contradicted: list[int] = []
        for pair in pairs:
            numbers = [int(np.searchsorted(starts, index, side="right") - 1) for index in pair]
            later, earlier = (found[number] for number in numbers)
            place, first = (index - int(starts[number]) for index, number in zip(pair, numbers, strict=True))
            row, where = int(later.row[place]), earlier.address(first)
            is_row_equal = later.part is not earlier.part or _texts_of(later.part, row) == _texts_of(later.part, int(earlier.row[first]))
            codes = int(later.code[place]), int(earlier.code[first])
            ends = [(float(lows[code]), float(highs[code])) for code in codes]
            if _says_the_same(*ends) and is_row_equal:
                if (numbers[0], row) not in repeated:
                    repeated.add((numbers[0], row))
                    self.log.cell(
                        later.part,
                        row,
                        later.place_of(place),
                        "warning",
                        "duplicate_row",
                        f"repeats {where}, which is kept.",
                        "Delete one of the two.",
                    )
                continue
            contradicted.append(pair[1])
            apart = "" if is_row_equal else _only_apart(later.part, row, int(earlier.row[first]))
            says = f"stands for the same as {where}{apart}; only one of the two can hold."
            fix = "Keep the one that holds, or say what tells them apart."
            self.log.cell(later.part, row, later.place_of(place), "error", "duplicate_conflict", says, fix)
        return contradicted

    # Putting together.

    def _observations(self, found: list[_Found]) -> pa.Table:
        words = {name: pa.array(list(self.dimensions.words[name]), pa.string()) for name in dimensions.NAMES if name != "period"}
        periods = list(self.dimensions.words["period"])
        words["period_start"] = pa.array([period.start for period in periods], pa.date32())
        words["period_end"] = pa.array([period.end for period in periods], pa.date32())
        texts = {
            "low": pa.array(np.concatenate(self.lows)),
            "high": pa.array(np.concatenate(self.highs)),
            "printed": pa.concat_arrays(self.printed),
        }
        tables = []
        for part in found:
            data: dict[str, pa.Array] = {}
            period = pa.array(part.numbers("period"))
            for name in OBSERVATION_COLUMNS:
                if name in texts:
                    data[name] = pa.DictionaryArray.from_arrays(pa.array(part.code), texts[name])
                elif name == "cell":
                    data |= _addresses(part, any(one.cells is not None for one in found))
                else:
                    numbers = period if name.startswith("period_") else pa.array(part.numbers(name).astype(np.int32))
                    data[name] = pa.DictionaryArray.from_arrays(numbers, words[name])
            tables.append(pa.table(data))
        return pa.concat_tables(tables).unify_dictionaries()


def _in_order(
    part: ReadTable, letters: list[tuple[str, str]], of: list[dict[str, Numbered]], rows: list[np.ndarray], codes: list[np.ndarray]
) -> _Found:
    # Row by row, and in a row from left to right.
    row = np.concatenate(rows)
    figure = np.repeat(np.arange(len(rows), dtype=np.int32), [len(some) for some in rows])
    found = _Found(part, letters, of, row, figure, np.concatenate(codes).astype(np.int32))
    return found.only(np.argsort(row, kind="stable")) if len(rows) > 1 else found


def _addresses(part: _Found, spelled: bool) -> dict[str, pa.Array]:
    # In parts, since a million addresses take more room than all that they are the addresses of.
    sheet = part.part.table.sheet
    rows = part.part.rows[part.row]
    if sheet.header_rows or spelled:
        return {"cell": pa.array([_ways(part, place) for place in range(len(rows))], pa.string())}
    lines = rows + 1 if isinstance(sheet.lines, range) else np.asarray(sheet.lines)[rows]
    prefix = f"{sheet.name}!" if sheet.name else ""
    figure = pa.array(part.figure)
    return {
        "before": pa.DictionaryArray.from_arrays(figure, pa.array([prefix + letters for letters, _ in part.letters])),
        "line": pa.array(lines.astype(np.int32)),
        "after": pa.DictionaryArray.from_arrays(figure, pa.array([letters for _, letters in part.letters])),
    }


def _ways(part: _Found, place: int) -> str:
    # An address that is no letter and number, of a band those of both ends.
    high = part.letters[int(part.figure[place])][1]
    row = int(part.part.rows[part.row[place]])
    other = f":{part.part.table.sheet.address(row, column_number(high))}" if high else ""
    return part.address(place) + other


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


def _ends(values: Figures | None, texts: Texts | None) -> tuple[np.ndarray | float, np.ndarray | float]:
    # Lower and upper end in each row; NaN where there is no count. Of no column, the whole of shares.
    if texts is None:
        return 1.0, 1.0
    if values is not None:
        return tuple(np.where(values.state == VALUE, end, np.nan) for end in (values.low, values.high))
    ends = []
    for text in texts.all():
        try:
            value = printed_count(text)
        except NotANumber:
            value = None
        ends.append((value.low, value.high) if value else (np.nan, np.nan))
    low, high = np.array(ends).T
    return low[texts.codes], high[texts.codes]


def _is_total(text: str) -> bool:
    meant = meaning_of(text)
    return meant.is_total and not meant.rest


def _says_the_same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    # Equal ends; or the same share printed with more decimals, whose ends then lie within those of the other.
    (low, high), (inner_low, inner_high) = sorted((one, other), key=lambda ends: ends[0] - ends[1])
    is_share = inner_high - inner_low > 0 and high - low < 1
    return one == other or (is_share and low <= inner_low and inner_high <= high)


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
