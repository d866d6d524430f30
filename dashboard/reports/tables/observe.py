"""From an understanding to observations: every different text is read once, every row keeps its own cell, all problems are told at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa

from dashboard.model.columns import OBSERVATION_COLUMNS
from dashboard.model.intervals import Interval, counted
from dashboard.reports.cells.limits import MAX_PROBLEMS_OF_A_KIND
from dashboard.reports.problems import Problem
from dashboard.reports.tables import dimensions
from dashboard.reports.tables.added import sums_of
from dashboard.reports.tables.columns import NOTHING, VALUE
from dashboard.reports.tables.dimensions import LEFT_OUT, Dimensions, Numbered
from dashboard.reports.tables.drafts import Draft
from dashboard.reports.tables.figure_checks import (
    check_last_period,
    check_sums,
    not_zero,
    repeated,
    total_rows,
    without_early_zeros,
)
from dashboard.reports.tables.figure_rows import FigureRows, cells_of, in_order
from dashboard.reports.tables.not_taken import hold_against_counts, sums_of_shorter
from dashboard.reports.tables.problem_log import ProblemLog
from dashboard.reports.tables.readings import Reading, ReadTable
from dashboard.reports.tables.roles import Column
from dashboard.reports.tables.totals import check_totals
from dashboard.reports.tables.uses import FileUses, Use
from dashboard.reports.tables.values import FigureColumn, figures_of
from dashboard.reports.words.period_columns import column_of

_MANY_CONFLICTS = 5


def apply(reading: Reading, progress: Callable[[float], None] = lambda done: None, document: str = "") -> Draft:
    """Read a file by what was understood of it; where something must still be asked, the questions are its problems.

    `document` names the document, if it is not named like the file.
    """
    understanding = reading.understanding
    draft = Draft(understanding.reporter, document or reading.file.stem, reading.answers.period)
    draft.problems = [*understanding.problems, *(question.problem() for question in understanding.questions)]
    whole = _Whole(reading, draft)
    for number, read_table in enumerate(reading.tables):
        if reason := read_table.view.means.get("left_out"):
            sheet, line = read_table.table.sheet, read_table.table.header_rows[-1]
            says = f"begins a table of {counted(len(read_table.rows), 'row')} that {reason}; it is left out."
            draft.problems.append(sheet.problem("warning", "not_read", line, read_table.table.columns[0], says, "Nothing needs doing."))
        elif read_table.view.used and len(read_table.rows) and read_table.view.columns:
            whole.read(read_table, lambda done, number=number: progress((number + done) / len(reading.tables)))
    whole.finish()
    return draft


class _Whole:
    """Reads table after table, so that what is given twice is found across them."""

    def __init__(self, reading: Reading, draft: Draft):
        self.reading, self.draft = reading, draft
        self.log = ProblemLog(draft.problems)
        self.dimensions = Dimensions(draft.reporter, reading, self.log, draft.document)
        self.figures: list[FigureRows] = []
        self.printed: list[pa.Array] = []
        self.lows: list[np.ndarray] = []
        self.highs: list[np.ndarray] = []
        self.texts_so_far = 0
        self.uses = FileUses(reading.file)

    def read(self, read_table: ReadTable, progress: Callable[[float], None]) -> None:
        """Read one table."""
        if not any(column.is_figure for column in read_table.view.columns):
            self._count_rows(read_table)
            return
        left_out, explained = self.dimensions.explained(read_table)
        is_share = self.dimensions.is_share(read_table, explained)
        read = [
            without_early_zeros(read_table, figure, self.log)
            for figure in figures_of(read_table, self.reading.answers, is_share, self.log, left_out)
        ]
        filled = np.zeros(len(read_table.rows), bool)
        for figure in read:
            filled |= figure.values.state != NOTHING
        totals = total_rows(read_table)
        check_totals(read_table, [figure for figure in read if not figure.column.rate_of], totals, self.reading.mapping.sums, self.log)
        check_sums(read_table, read, self.reading.mapping.sums, self.log)
        check_last_period(read_table, filled & ~totals, self.log)
        of_rows = self.dimensions.of_table(read_table, filled & ~totals)
        self._use_rows(read_table, read, totals, of_rows)
        of, rows, codes = [], [], []
        wrong_zero = not_zero(read_table, read, self.log)
        added = read_table.view.column_of("added")
        for figure in read:
            progress(len(of) / len(read))
            of.append(self.dimensions.of_figure(read_table, figure.column, of_rows))
            keep = ~totals & ~wrong_zero & ~repeated(read_table, figure, read, self.reading.mapping.sums, self.log, self.uses)
            if added is None:
                keep &= figure.values.state == VALUE
            is_taken = of[-1].pop("left_out") >= 0
            for numbers in of[-1].values():
                keep &= numbers >= 0
            # What is left out may be a rate, which is held against its counts all the same.
            keep &= is_taken | (of[-1]["rate_of"] != self.dimensions.no_rate)
            rows.append(np.flatnonzero(keep).astype(np.int32))
            codes.append(figure.values.codes[rows[-1]] + self._texts(figure.printed, figure.values.lows, figure.values.highs))
        if read:
            figures = in_order(read_table, [figure.indexes for figure in read], of, rows, codes)
            figures = self._without_rates(figures)
            if self.reading.mapping.sums_of_periods:
                figures = self._without_sums(figures)
            self.figures.append(figures if added is None else self._added(figures, added, read))

    def _without_rates(self, rows: FigureRows) -> FigureRows:
        # The figures without the rates that are declared to be of two others.
        is_rate = rows.numbers("rate_of") != self.dimensions.no_rate
        if not is_rate.any():
            return rows
        words, wholes = list(self.dimensions.words["measure"]), list(self.dimensions.words["rate_of"])
        of = [words[number] for number in rows.numbers("measure").tolist()]
        of_what = [wholes[number] if rate else "" for number, rate in zip(rows.numbers("rate_of").tolist(), is_rate.tolist(), strict=True)]
        rates = hold_against_counts(rows, self._series(rows, "measure"), of, of_what, self._values(rows), self.log)
        uses = self.uses.of(rows.sheet)
        for index in rates.tolist():
            uses.leave_out([rows.sheet_row(index)], [rows.place_of(index)], "is a rate, held against its counts")
        return rows.only(~is_rate)

    def _series(self, rows: FigureRows, without: str) -> np.ndarray:
        # A number for each series, whatever stands in one of the dimensions.
        return self.dimensions.key(lambda name: np.zeros(len(rows.row), np.int32) if name == without else rows.numbers(name))

    def _values(self, rows: FigureRows) -> list[Interval]:
        return [Interval(*ends) for ends in self._ends(rows.code).tolist()]

    def _ends(self, codes: np.ndarray) -> np.ndarray:
        # Of some printed texts what they stand for: the lower and the upper end of each.
        return np.stack([np.concatenate(ends)[codes] for ends in (self.lows, self.highs)], axis=1)

    def _without_sums(self, rows: FigureRows) -> FigureRows:
        # The figures without those of longer periods that are the sum of shorter ones.
        words = list(self.dimensions.words["period"])
        periods = [words[number] for number in rows.numbers("period").tolist()]
        sums = sums_of_shorter(rows, self._series(rows, "period"), periods, self._values(rows), self.log)
        for index in sums:
            self.uses.of(rows.sheet).set_use([rows.sheet_row(index)], [rows.place_of(index)], Use.TOTAL)
        return rows.only(np.delete(np.arange(len(rows.row)), sums))

    def _added(self, rows: FigureRows, column: Column, read: list[FigureColumn]) -> FigureRows:
        # The figures of rows that a column splits, added.
        texts = [text for array in self.printed for text in array.to_pylist()], np.concatenate(self.lows), np.concatenate(self.highs)
        sums = sums_of(rows, self.dimensions.key(rows.numbers), column, read, texts, self.log)
        for one in sums:
            members = rows.read_table.rows[rows.row[one.members]]
            self.uses.of(rows.sheet).set_use(members, [rows.place_of(one.members[0])], Use.FIGURE)
        printed = pa.array([one.printed for one in sums], pa.string())
        code = self._texts(printed, *(np.array([getattr(one, end) for one in sums], float) for end in ("low", "high")))
        only = rows.only(np.array([one.members[0] for one in sums], int))
        cells = np.array([one.cell for one in sums], object)
        return replace(only, code=code + np.arange(len(sums), dtype=np.int32), cells=cells)

    def finish(self) -> None:
        """Put the tables together, each figure once, and tell what is left to tell."""
        nonempty = [figures for figures in self.figures if len(figures.row)]
        if nonempty:
            kept = self._once(nonempty)
            self._use_figures(nonempty, kept)
            self.draft.observations = self._observations(kept)
        self._use_the_rest()
        self.draft.problems += self.uses.finish([problem.row for problem in self.draft.problems if problem.code == "no_header"])
        self.draft.uses = self.uses
        self.log.finish()
        if not nonempty and not any(problem.severity == "error" for problem in self.draft.problems):
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

    def _use_rows(self, read_table: ReadTable, read: list[FigureColumn], totals: np.ndarray, of_rows: dict[str, Numbered | None]) -> None:
        uses, rows = self.uses.of(read_table.table.sheet), read_table.rows
        left_out = np.zeros(len(rows), bool)
        for numbers in of_rows.values():
            if isinstance(numbers, np.ndarray):
                left_out |= numbers == LEFT_OUT
        uses.leave_out(rows[left_out], read_table.table.columns, "its row is left out, as its country or kind says")
        for figure in read:
            uses.set_use(rows[totals & (figure.values.state == VALUE)], figure.indexes, Use.TOTAL)
            uses.set_use(rows[figure.values.state == NOTHING], figure.indexes, Use.NO_FIGURE)

    def _use_figures(self, all_figures: list[FigureRows], kept: list[FigureRows]) -> None:
        for every, only in zip(all_figures, kept, strict=True):
            uses, rows = self.uses.of(only.sheet), only.read_table.rows
            for number, indexes in enumerate(only.indexes):
                is_kept = np.zeros(len(rows), bool)
                is_kept[only.row[only.figure == number]] = True
                others = every.row[every.figure == number]
                uses.set_use(rows[is_kept], indexes, Use.FIGURE)
                uses.leave_out(rows[others[~is_kept[others]]], indexes, "stands for the same as another cell, which is kept")

    def _use_the_rest(self) -> None:
        for read_table in self.reading.tables:
            table, uses = read_table.table, self.uses.of(read_table.table.sheet)
            uses.mark_around(table, read_table.notes)
            uses.mark_rows([section.row for section in read_table.sections], Use.SECTION)
            if not read_table.view.used:
                uses.leave_out(
                    range(table.first, table.end),
                    table.columns,
                    read_table.view.means.get("left_out") or read_table.view.shape or "its table counts nothing that we know",
                )
            for column in read_table.view.columns:
                if column.role == "ignored":
                    uses.leave_out(read_table.rows, [column.index], column.reason)
                elif column.is_figure or column.role == "unknown":
                    uses.leave_out(read_table.rows, [column.index], "has a problem, or its row has")
                else:
                    uses.set_use(read_table.rows, [column.index], Use.KEY)
        for read_table in self.reading.tables:
            table, uses = read_table.table, self.uses.of(read_table.table.sheet)
            uses.leave_out(range(table.first, table.end), range(uses.uses.shape[1]), "its line has a problem")

    # One row a request.

    def _count_rows(self, read_table: ReadTable) -> None:
        every = np.ones(len(read_table.rows), bool)
        for column in read_table.view.columns:
            if column.role == "one_request":
                self._check_names(read_table, column)
            if column.role == "received_on" and read_table.view.period is not None:
                self._check_days(read_table, column)
        answers, column_index = self.reading.answers, read_table.table.columns[0]
        every_row = Column(column_index, "", "count", "", measure=answers.measure or "requests", request_type=answers.request_type)
        of = self.dimensions.of_figure(read_table, every_row, self.dimensions.of_table(read_table, every))
        for numbers in of.values():
            every &= numbers >= 0
        rows = np.flatnonzero(every).astype(np.int32)
        if not len(rows):
            return
        single = FigureRows(read_table, [(column_index,)], [of], rows, np.zeros(len(rows), np.int32), rows)
        _, first, counts = np.unique(self.dimensions.key(single.numbers), return_index=True, return_counts=True)
        order = np.argsort(first)
        first, counts = first[order], counts[order].astype(float)
        printed = pa.array([f"{count:,.0f} {'row' if count == 1 else 'rows'}" for count in counts.tolist()])
        codes = np.arange(len(first), dtype=np.int32) + self._texts(printed, counts, counts)
        self.figures.append(replace(single.only(first), code=codes))

    def _check_names(self, read_table: ReadTable, column: Column) -> None:
        texts = read_table.texts[column.index]
        _, first = np.unique(texts.codes, return_index=True)
        again = np.ones(len(texts.codes), bool)
        again[first] = False
        again &= texts.where(str.strip)
        says = "names a request that an earlier row names, too."
        self.log.cells(read_table, np.flatnonzero(again), column.index, "error", "duplicate_conflict", says, "Delete one of the two rows.")

    def _check_days(self, read_table: ReadTable, column: Column) -> None:
        texts, period = read_table.texts[column.index], read_table.view.period
        read = column_of(texts.all(), day_first=self.reading.answers.day_first)
        if read.question:
            self.log.header(read_table, column, *read.question[1:])
            return
        says = f"lies outside {period}, which the list is said to cover."
        outside = texts.where(lambda text: text in read.days and not period.start <= read.days[text] <= period.end)
        self.log.cells(read_table, np.flatnonzero(outside), column.index, "error", "bad_period", says, "Correct the day or the period.")
        for row in np.flatnonzero(texts.where(read.wrong.__contains__)).tolist():
            self.log.cell(read_table, row, column.index, "error", *read.wrong[texts.of_row(row)], "Correct the day.")

    # What is given twice.

    def _once(self, all_figures: list[FigureRows]) -> list[FigureRows]:
        # Of what is given twice the later is a repetition if its whole row says the same, and the first stands; else neither does.
        key = np.concatenate([self.dimensions.key(figures.numbers) for figures in all_figures])
        ordered = np.sort(key)
        if not (ordered[1:] == ordered[:-1]).any():
            return all_figures
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
            ends = self._ends(np.concatenate([figures.code for figures in all_figures]))
            if not self._ask_which_table(all_figures, pairs, ends):
                keep[self._tell_twice(all_figures, pairs, ends)] = False
        cuts = np.cumsum([len(figures.row) for figures in all_figures])[:-1]
        return [figures.only(kept) for figures, kept in zip(all_figures, np.split(keep, cuts), strict=True)]

    def _ask_which_table(self, all_figures: list[FigureRows], pairs: list[tuple[int, int]], ends: np.ndarray) -> bool:
        # Two tables that mostly give other figures for the same are editions, or of different kinds: one question for all their cells.
        whose = np.repeat(np.arange(len(all_figures)), [len(figures.row) for figures in all_figures])
        differ = Counter(
            (int(whose[earlier]), int(whose[later]))
            for later, earlier in pairs
            if whose[earlier] != whose[later] and (ends[later] != ends[earlier]).any()
        )
        for (first, second), count in differ.items():
            if count >= _MANY_CONFLICTS:
                names = all_figures[first].read_table.view.name, all_figures[second].read_table.view.name
                says = f"gives other figures than {names[0]} in {count:,} cells that stand for the same."
                fix = f"Choose one: leave out “{names[0]}” or “{names[1]}”, or say what tells them apart."
                figures = all_figures[second]
                problem = figures.sheet.problem("error", "choose_sheet", figures.sheet_row(0), figures.place_of(0), says, fix)
                self.draft.problems.append(replace(problem, cell=figures.address(0), value=names[1]))
        return any(count >= _MANY_CONFLICTS for count in differ.values())

    def _tell_twice(self, all_figures: list[FigureRows], pairs: list[tuple[int, int]], ends: np.ndarray) -> list[int]:
        # The places of those that a later one contradicts.
        starts = np.concatenate([[0], np.cumsum([len(figures.row) for figures in all_figures])])
        repeated: set[tuple[int, int]] = set()
        contradicted: list[int] = []
        for pair in pairs:
            numbers = [int(np.searchsorted(starts, index, side="right") - 1) for index in pair]
            later, earlier = (all_figures[number] for number in numbers)
            row_index, first = (index - int(starts[number]) for index, number in zip(pair, numbers, strict=True))
            row, where = int(later.row[row_index]), earlier.address(first)
            is_row_equal = later.read_table is not earlier.read_table or _texts_of(later.read_table, row) == _texts_of(
                later.read_table, int(earlier.row[first])
            )
            if _says_the_same(*ends[list(pair)].tolist()) and is_row_equal:
                if (numbers[0], row) not in repeated:
                    repeated.add((numbers[0], row))
                    says = f"repeats {where}, which is kept."
                    later.tell(self.log, row_index, "warning", "duplicate_row", says, "Delete one of the two.")
                continue
            contradicted.append(pair[1])
            apart = "" if is_row_equal else _only_apart(later.read_table, row, int(earlier.row[first]))
            says = f"stands for the same as {where}{apart}; only one of the two can hold."
            fix = "Keep the one that holds, or say what tells them apart."
            later.tell(self.log, row_index, "error", "duplicate_conflict", says, fix)
        return contradicted

    # Putting together.

    def _observations(self, all_figures: list[FigureRows]) -> pa.Table:
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
        for figures in all_figures:
            data: dict[str, pa.Array] = {}
            period = pa.array(figures.numbers("period"))
            for name in OBSERVATION_COLUMNS:
                if name in texts:
                    data[name] = pa.DictionaryArray.from_arrays(pa.array(figures.code), texts[name])
                elif name == "cell":
                    data[name] = cells_of(figures)
                else:
                    numbers = period if name.startswith("period_") else pa.array(figures.numbers(name).astype(np.int32))
                    data[name] = pa.DictionaryArray.from_arrays(numbers, words[name])
            tables.append(pa.table(data))
        return pa.concat_tables(tables).unify_dictionaries()


def _says_the_same(one: list[float], other: list[float]) -> bool:
    # Equal ends; or the same share printed with more decimals, whose ends then lie within those of the other.
    (low, high), (inner_low, inner_high) = sorted((one, other), key=lambda ends: ends[0] - ends[1])
    is_share = inner_high - inner_low > 0 and high - low < 1
    return one == other or (is_share and low <= inner_low and inner_high <= high)


def _texts_of(read_table: ReadTable, row: int) -> tuple[str, ...]:
    return tuple(texts.of_row(row).strip() for texts in read_table.texts.values())


def _only_apart(read_table: ReadTable, row: int, other: int) -> str:
    differ = [
        column.header
        for column in read_table.view.columns
        if column.role == "ignored" and read_table.texts[column.index].of_row(row) != read_table.texts[column.index].of_row(other)
    ]
    return f", and the rows differ only in “{differ[0]}”, for which there is no place" if differ else ""
