"""A column's texts, each different one once: what they look like, and the figures they print."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.reports import numbers
from dashboard.reports.sheets import Sheet
from dashboard.reports.tables import kind_of

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

    def share_that(self, holds: Callable[[str], object]) -> float:
        """How much of the sample something holds for."""
        return sum(bool(holds(text)) for text in self.sample) / len(self.sample) if self.sample else 0.0

    @property
    def is_empty(self) -> bool:
        """Whether every cell is blank."""
        return not self.sample

    def of_row(self, row: int) -> str:
        """The text in a row, counted within the table."""
        return self.values[int(self.codes[row])].as_py()

    def all(self) -> list[str]:
        """The different texts."""
        return self.values.to_pylist()


@dataclass
class Figures:
    """The figures of a column, row by row: what each cell gives and its ends; `wrong` and `warned` by row, as codes and words."""

    state: np.ndarray
    low: np.ndarray
    high: np.ndarray
    wrong: dict[int, tuple[str, str]] = field(default_factory=dict)
    warned: dict[int, list[tuple[str, str]]] = field(default_factory=dict)


def texts_of(sheet: Sheet, column: int, first: int, end: int, keep: np.ndarray | None) -> Texts:
    """The texts of a column between two rows; `keep` says which of these rows are records."""
    found = sheet.column(column, first, end)
    if keep is not None:
        found = found.filter(pa.array(keep))
    coded = found.dictionary_encode().combine_chunks()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.chunk(0) if coded.num_chunks else pa.array([], pa.string()).dictionary_encode()
    return Texts(coded.dictionary, coded.indices.to_numpy(zero_copy_only=False))


def counts_of(texts: Texts, marks: numbers.Marks) -> Figures:
    """The counts that a column prints, read by its marks."""
    return _figures(texts, lambda text: numbers.printed_count(text, marks), plain=True)


def shares_of(texts: Texts, marks: numbers.Marks, of_one: bool) -> Figures:
    """The shares that a column prints: percentages, or parts of one with as many decimals as its most exact cell."""
    signed = any("%" in text or "％" in text or "٪" in text for text in texts.all())
    decimals = (
        max((len(found[1]) for text in texts.all() if (found := re.fullmatch(r"\s*\d*[.,](\d+)\s*", text))), default=0) if of_one else 0
    )

    def read(text: str) -> numbers.Printed:
        if signed and not of_one and re.fullmatch(r"\s*\d+([.,]\d+)?\s*", text) and text.strip("0., \t"):
            raise numbers.NotANumber(
                "ambiguous_number", "has no % sign, unlike the rest of its column, so it may be a percentage or a part of one."
            )
        return numbers.printed_share(text, marks, of_one, decimals)

    return _figures(texts, read, plain=False)


def plain_share(text: str, of_one: bool) -> numbers.Printed:
    """The share that a number stored in a workbook stands for."""
    return numbers.printed_share(text, numbers.Marks(",", "."), of_one)


def marks_of(texts: Texts, decimal: str) -> numbers.Marks:
    """The marks of a column of numbers."""
    odd = texts.values.filter(pc.invert(pc.match_substring_regex(texts.values, _PLAIN))) if len(texts.values) else texts.values
    return numbers.marks_of(odd.to_pylist(), decimal or None)


def _figures(texts: Texts, read: Callable[[str], numbers.Printed], plain: bool) -> Figures:
    # Plain whole numbers are most of what there is, and are read all at once; each other text once, however often it stands there.
    many = len(texts.values)
    state = np.full(many, NOTHING, np.int8)
    low, high = np.zeros(many), np.zeros(many)
    wrong: dict[int, tuple[str, str]] = {}
    warned: dict[int, list[tuple[str, str]]] = {}
    is_plain = np.zeros(many, bool)
    if plain and many:
        is_plain = pc.match_substring_regex(texts.values, _PLAIN).to_numpy(zero_copy_only=False)
        if is_plain.any():
            numbers_found = pc.cast(pc.ascii_trim(texts.values.filter(pa.array(is_plain)), " "), pa.int64()).to_numpy(zero_copy_only=False)
            low[is_plain] = high[is_plain] = numbers_found
            state[is_plain] = VALUE
    for place in np.flatnonzero(~is_plain).tolist():
        try:
            printed = read(texts.values[place].as_py())
        except numbers.NotANumber as problem:
            state[place] = WRONG
            wrong[place] = (problem.code, problem.says)
            continue
        if printed.value is not None:
            state[place], low[place], high[place] = VALUE, printed.value.low, printed.value.high
        if printed.warnings:
            warned[place] = list(printed.warnings)
    codes = texts.codes
    found = Figures(state[codes], low[codes], high[codes])
    if wrong or warned:
        told = np.isin(codes, np.array(sorted({*wrong, *warned})))
        for row in np.flatnonzero(told).tolist():
            place = int(codes[row])
            if place in wrong:
                found.wrong[row] = wrong[place]
            else:
                found.warned[row] = warned[place]
    return found
