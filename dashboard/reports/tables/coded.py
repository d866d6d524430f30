"""Columns of observations as words, each once, and a small number for every row: a million rows take the room of a few numbers each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from dashboard.model.columns import OBSERVATION_COLUMNS

_DAYS = ("period_start", "period_end")
_NUMBERS = ("low", "high")
T = TypeVar("T")


class Coded:
    """Observations of the past and then those of a table, by column: codes for all rows, and the words that they stand for.

    Days are counted from 1970.
    """

    def __init__(self, table: pd.DataFrame | pa.Table, past: pd.DataFrame | None = None):
        parts = [_as_arrow(block) for block in (past, table) if block is not None and len(block)]
        self._parts = parts or [_as_arrow(table)]
        self.first = 0 if past is None else len(past)
        """Row number of the table's first row."""
        self._row_count = sum(block.num_rows for block in self._parts)
        # A plain dictionary: what refers to its owner is let go late, and a million rows are heavy.
        self._made: dict[tuple[str, ...], Any] = {}

    def __len__(self) -> int:
        return self._row_count

    def word(self, row: int, column: str) -> str:
        """The word that a row holds in a column."""
        if column == "cell":
            block, row = (self._parts[0], row) if row < self._parts[0].num_rows else (self._parts[1], row - self.first)
            return block.column("cell")[row].as_py()
        codes, words = self.codes(column)
        return str(words[codes[row]])

    def codes(self, column: str) -> tuple[np.ndarray, np.ndarray]:
        """For each row the number of its word in a column, and the words."""
        return self.kept(("codes", column), lambda: self._codes(column))

    def numbers(self, column: str) -> np.ndarray:
        """The lower or the upper ends; one array where they are the same throughout."""
        return self.kept(("numbers", column), lambda: self._numbers(column))

    def kept(self, name: tuple[str, ...], made: Callable[[], T]) -> T:
        """What is needed several times and made only the first time."""
        if name not in self._made:
            self._made[name] = made()
        return self._made[name]

    def _codes(self, column: str) -> tuple[np.ndarray, np.ndarray]:
        codes, words = _of_part(self._parts[0], column)
        for block in self._parts[1:]:
            more, others = _of_part(block, column)
            merged = pd.factorize(np.concatenate([words, others]), use_na_sentinel=False)
            codes = np.concatenate([merged[0][: len(words)][codes], merged[0][len(words) :][more]])
            words = np.asarray(merged[1])
        return codes, words

    def _numbers(self, column: str) -> np.ndarray:
        if column == "high" and self._all_exact():
            return self.numbers("low")
        return np.concatenate(columns_of) if len(columns_of := [_floats(block, column) for block in self._parts]) > 1 else columns_of[0]

    def _all_exact(self) -> bool:
        # The same words in the same order: then one array serves both ends.
        for block in self._parts:
            low, high = block.column("low"), block.column("high")
            if not pa.types.is_dictionary(low.type) or not low.equals(high):
                return False
        return True


def dense(numbers: np.ndarray, size: int) -> tuple[np.ndarray, int]:
    """Numbers below `size` counted anew without gaps, in their order; and how many different ones there are."""
    if size > 8 * len(numbers) + (1 << 16):
        distinct, codes = np.unique(numbers, return_inverse=True)
        return codes.astype(np.int32), len(distinct)
    there = np.zeros(size, dtype=bool)
    there[numbers] = True
    rank = np.cumsum(there, dtype=np.int32)
    return rank[numbers] - np.int32(1), int(rank[-1]) if size else 0


def _as_arrow(table: pd.DataFrame | pa.Table) -> pa.Table:
    if isinstance(table, pa.Table):
        return table.unify_dictionaries().combine_chunks()
    columns = {}
    for name in OBSERVATION_COLUMNS:
        if name in _DAYS:
            days = table[name].to_numpy().astype("datetime64[D]").astype(np.int32)
            columns[name] = pa.array(days).dictionary_encode()
        elif name in _NUMBERS:
            # Not from a frame, which would take what is no number for what is missing.
            columns[name] = pa.array(table[name].to_numpy(dtype=float), from_pandas=False)
        else:
            texts = pa.array(table[name].astype(str), pa.large_string())
            columns[name] = texts if name == "cell" else texts.dictionary_encode()
    return pa.table(columns)


def _of_part(table: pa.Table, column: str) -> tuple[np.ndarray, np.ndarray]:
    values = table.column(column)
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    if not values.num_chunks:
        return np.zeros(0, np.int32), np.zeros(0, object)
    coded = values.chunk(0) if values.num_chunks == 1 else values.combine_chunks()
    words = coded.dictionary
    if pa.types.is_date32(words.type):
        words = words.cast(pa.int32())
    codes = coded.indices.to_numpy(zero_copy_only=False)
    return codes, words.to_numpy(zero_copy_only=False) if column in _DAYS else np.array(words.to_pylist(), dtype=object)


def _floats(table: pa.Table, column: str) -> np.ndarray:
    values = table.column(column)
    if not pa.types.is_dictionary(values.type):
        return values.to_numpy()
    codes, words = _of_part(table, column)
    return words.astype(float)[codes]
