"""A column's texts, each different one once: what they look like, and the figures they print."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.reports.cells.sheets import Sheet
from dashboard.reports.words import numbers
from dashboard.reports.words.cell_kinds import kind_of

SAMPLE = 300
"""Different texts of a column that are looked at to tell what it holds."""
_PLAIN = r"^ *\d{1,15} *$"
NOTHING, VALUE, WRONG = 0, 1, 2
"""What a cell gives: no figure, an interval, or a problem."""


@dataclass(frozen=True)
class Texts:
    """The texts of one column of a table: `values` are the different ones, `codes` says for each row which one stands there."""

    values: pa.StringArray
    codes: np.ndarray

    @cached_property
    def sample(self) -> list[str]:
        """Some of the different texts that are not blank."""
        return [text for text in self.values.slice(0, 2 * SAMPLE).to_pylist() if text.strip()][:SAMPLE]

    @cached_property
    def kinds(self) -> list[str]:
        """What the texts of the sample look like."""
        return [kind_of(text) for text in self.sample]

    def share_of(self, *kinds: str) -> float:
        """How much of the sample looks like one of some kinds; marks for no figure do not count either way."""
        counted = [kind for kind in self.kinds if kind != "missing"]
        return sum(kind in kinds for kind in counted) / len(counted) if counted else 0.0

    def where(self, holds: Callable[[str], object]) -> np.ndarray:
        """For each row whether something holds for its text."""
        return np.array([bool(holds(text)) for text in self.all()] or [False])[self.codes]

    def share_that(self, holds: Callable[[str], object]) -> float:
        """How much of the sample something holds for."""
        return sum(bool(holds(text)) for text in self.sample) / len(self.sample) if self.sample else 0.0

    @cached_property
    def marks(self) -> numbers.Marks:
        """How its numbers are divided, as far as they settle it."""
        odd = self.values.filter(pc.invert(pc.match_substring_regex(self.values, _PLAIN))) if len(self.values) else self.values
        return numbers.marks_of(odd.to_pylist())

    @property
    def is_empty(self) -> bool:
        """Whether every cell is blank."""
        return not self.sample

    @property
    def are_percents(self) -> bool:
        """Whether they are printed as percentages."""
        return self.share_that(lambda text: "%" in text or "٪" in text or "％" in text) >= 0.5

    @cached_property
    def are_codes(self) -> bool:
        """Whether they are as short as codes of countries."""
        return self.share_that(lambda text: len(text.strip()) <= 3) >= 0.8

    def number_rows(self, least: int) -> bool:
        """Whether they count the rows, at least so many, from 0 or 1 on."""
        texts = [self.of_row(row).strip() for row in range(min(len(self.codes), 200))]
        return len(texts) >= least and any(texts == [str(first + row) for row in range(len(texts))] for first in (0, 1))

    def of_row(self, row: int) -> str:
        """The text in a row, counted within the table."""
        return self.values[int(self.codes[row])].as_py()

    def all(self) -> list[str]:
        """The different texts."""
        return self.values.to_pylist()


@dataclass
class Figures:
    """The figures of a column: for each different text what it gives and its ends, and for each row which text stands there.

    `wrong` and `warned` are by row, as codes and words. Columns whose cells mean more than their text have a text of its own for each row.
    """

    states: np.ndarray
    lows: np.ndarray
    highs: np.ndarray
    codes: np.ndarray
    wrong: dict[int, tuple[str, str]] = field(default_factory=dict)
    warned: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def state(self) -> np.ndarray:
        """What each row gives."""
        return self.states[self.codes]

    @property
    def low(self) -> np.ndarray:
        """Lower end by row."""
        return self.lows[self.codes]

    @property
    def high(self) -> np.ndarray:
        """Upper end by row."""
        return self.highs[self.codes]

    def state_of(self, rows: int | list[int]) -> np.ndarray:
        """What some rows give; it costs as much as they are, not as the column."""
        return self.states[self.codes[rows]]

    def low_of(self, rows: int | list[int]) -> np.ndarray:
        """Lower ends of some rows."""
        return self.lows[self.codes[rows]]

    def high_of(self, rows: int | list[int]) -> np.ndarray:
        """Upper ends of some rows."""
        return self.highs[self.codes[rows]]

    def row_by_row(self) -> Figures:
        """The same with a place of its own for each row, so that rows can be set apart from their texts."""
        return Figures(self.state, self.low, self.high, np.arange(len(self.codes), dtype=np.int32), self.wrong, self.warned)

    def set_value(self, row: int, low: float, high: float) -> None:
        """Give a row a value."""
        self.wrong.pop(row, None)
        self.states[row], self.lows[row], self.highs[row] = VALUE, low, high

    def set_nothing(self, row: int) -> None:
        """Say that a row gives no figure."""
        self.wrong.pop(row, None)
        self.states[row] = NOTHING

    def set_wrong(self, row: int, code: str, says: str) -> None:
        """Say what is wrong with a row."""
        self.states[row] = WRONG
        self.wrong[row] = (code, says)


def texts_of(sheet: Sheet, column: int, first: int, end: int, keep: np.ndarray | None) -> Texts:
    """The texts of a column between two rows; `keep` says which of these rows are records."""
    coded = sheet.column(column, first, end).unify_dictionaries().combine_chunks()
    values, codes = coded.dictionary, coded.indices.to_numpy(zero_copy_only=False)
    if keep is not None:
        codes = codes[keep]
    used = np.bincount(codes, minlength=len(values)) > 0
    if not used.all():
        # Texts that stand only in the rows around the table.
        codes = (np.cumsum(used, dtype=np.int32) - 1)[codes]
        values = values.filter(pa.array(used))
    return Texts(values, codes)


def filled_down(texts: Texts, sheet: Sheet, column: int, rows: np.ndarray) -> Texts:
    """The texts of a column, with those that are written once for several rows in each of them: merged cells, and regular groups.

    A number is never repeated: what it counts is not known to belong to each of the rows.
    """
    codes = texts.codes.copy()
    at = (
        {row: index for index, row in enumerate(rows.tolist())}
        if any(left <= column <= right for _, left, _, right in sheet.merged)
        else {}
    )
    for top, left, bottom, right in sheet.merged:
        places = [at[row] for row in range(top, bottom + 1) if row in at] if left <= column <= right and bottom > top else []
        if len(places) > 1 and at.get(top) == places[0] and left == column and kind_of(texts.of_row(places[0])) != "number":
            codes[places] = codes[places[0]]
    if not (codes == texts.codes).all():
        return Texts(texts.values, codes)
    return _groups_filled(texts)


def _groups_filled(texts: Texts) -> Texts:
    # A place or period written once at the head of two or more groups of equally many rows.
    is_blank = texts.where(lambda text: not text.strip())
    heads = np.flatnonzero(~is_blank)
    if not is_blank.any() or len(heads) < 2 or heads[0] != 0:
        return texts
    lengths = np.diff(np.append(heads, len(is_blank)))
    if (lengths != lengths[0]).any() or not {kind_of(texts.of_row(int(head))) for head in heads[:SAMPLE]} <= {"place", "period"}:
        return texts
    return Texts(texts.values, np.repeat(texts.codes[heads], lengths[0]))


def counts_of(texts: Texts, marks: numbers.Marks) -> Figures:
    """The counts that a column prints, read by its marks."""
    return _figures(texts, lambda text: numbers.printed_count(text, marks), plain=True)


def shares_of(texts: Texts, marks: numbers.Marks, of_one: bool, are_whole: bool = False) -> Figures:
    """The shares that a column prints: percentages, or parts of one with as many decimals as its most exact cell."""
    signed = any("%" in text or "％" in text or "٪" in text for text in texts.all())
    decimals = (
        max((len(match[1]) for text in texts.all() if (match := re.fullmatch(r"\s*\d*[.,](\d+)\s*", text))), default=0) if of_one else 0
    )

    def read(text: str) -> numbers.Printed:
        if are_whole and re.fullmatch(r"\s*[01]?[.,]\d+\s*", text):
            # Among whole percentages 0.82 may be a part of one, as a spreadsheet that has opened the file saves it.
            raise numbers.NotANumber("ambiguous_number", "may be a percentage or a part of one.")
        if signed and not of_one and re.fullmatch(r"\s*\d+([.,]\d+)?\s*", text) and text.strip("0., \t"):
            raise numbers.NotANumber(
                "ambiguous_number", "has no % sign, unlike the rest of its column, so it may be a percentage or a part of one."
            )
        return numbers.printed_share(text, marks, of_one, decimals)

    return _figures(texts, read, plain=False)


def marks_of(texts: Texts, decimal: str) -> numbers.Marks:
    """The marks of a column of numbers, settled by itself or by the mark for decimals that is known from elsewhere."""
    return numbers.marks_of([], decimal) if decimal else texts.marks


def _figures(texts: Texts, read: Callable[[str], numbers.Printed], plain: bool) -> Figures:
    # Plain whole numbers are most of what there is, and are read all at once; each other text once, however often it stands there.
    count = len(texts.values)
    state = np.full(count, NOTHING, np.int8)
    low, high = np.zeros(count), np.zeros(count)
    wrong: dict[int, tuple[str, str]] = {}
    warned: dict[int, list[tuple[str, str]]] = {}
    is_plain = np.zeros(count, bool)
    if plain and count:
        is_plain = pc.match_substring_regex(texts.values, _PLAIN).to_numpy(zero_copy_only=False)
        if is_plain.any():
            numbers_found = pc.cast(pc.ascii_trim(texts.values.filter(pa.array(is_plain)), " "), pa.int64()).to_numpy(zero_copy_only=False)
            low[is_plain] = high[is_plain] = numbers_found
            state[is_plain] = VALUE
    for index in np.flatnonzero(~is_plain).tolist():
        try:
            printed = read(texts.values[index].as_py())
        except numbers.NotANumber as problem:
            state[index] = WRONG
            wrong[index] = (problem.code, problem.says)
            continue
        if printed.value is not None:
            state[index], low[index], high[index] = VALUE, printed.value.low, printed.value.high
        if printed.warnings:
            warned[index] = list(printed.warnings)
    codes = texts.codes
    figures = Figures(state, low, high, codes)
    if wrong or warned:
        is_reported = np.isin(codes, np.array(sorted({*wrong, *warned})))
        for row in np.flatnonzero(is_reported).tolist():
            index = int(codes[row])
            if index in wrong:
                figures.wrong[row] = wrong[index]
            else:
                figures.warned[row] = warned[index]
    return figures
