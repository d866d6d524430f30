"""What a rule is given: the table, the reporter's own past and the parts of its totals, as arrays; and how it tells a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

import numpy as np
import pandas as pd

from dashboard.model import places, vocabulary
from dashboard.model.intervals import Interval, number, text
from dashboard.model.periods import Period, label
from dashboard.model.tables import KEY
from dashboard.reports.addresses import parsed
from dashboard.reports.problems import Problem
from dashboard.reports.reading import File

MOST_PROBLEMS_OF_A_RULE = 10_000
"""Most problems that one rule lists; beyond that the file is not worth a longer list."""
DAYS_IN_A_MONTH = 30.44
"""Mean length, by which periods are sorted into months, quarters, half-years and years."""
SERIES = [column for column in KEY if not column.startswith("period")]
"""What tells one series from another."""
_LARGEST_KEY = 2**62
T = TypeVar("T")


@dataclass
class Evidence:
    """A table of observations to be judged, and what it is judged by.

    Row numbers count from 0 over the past and then the table: the rows from `first` on are the table's.
    """

    table: pd.DataFrame
    past: pd.DataFrame
    parts: pd.DataFrame
    file: File | None
    today: date
    _codes: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    _keys: dict[tuple[str, ...], np.ndarray] = field(default_factory=dict)
    _beside: dict[str, np.ndarray] = field(default_factory=dict)
    _kept: dict[str, object] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """Row number of the table's first row."""
        return len(self.past)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The past and then the table."""
        return pd.concat([self.past, self.table], ignore_index=True) if len(self.past) else self.table.reset_index(drop=True)

    @cached_property
    def is_new(self) -> np.ndarray:
        """Whether a row is one of the table's."""
        return np.arange(len(self.rows)) >= self.first

    @cached_property
    def low(self) -> np.ndarray:
        """Lower ends."""
        return self.rows["low"].to_numpy(dtype=float)

    @cached_property
    def high(self) -> np.ndarray:
        """Upper ends."""
        return self.rows["high"].to_numpy(dtype=float)

    @cached_property
    def has_number(self) -> np.ndarray:
        """Whether a row holds an interval that can be computed with."""
        return (self.low >= 0) & (self.low <= self.high)

    @cached_property
    def is_exact(self) -> np.ndarray:
        """Whether a row holds one value only."""
        return self.low == self.high

    @cached_property
    def is_share(self) -> np.ndarray:
        """Whether a row holds a share, not a count."""
        return self.is_in("measure", vocabulary.SHARES)

    @cached_property
    def start(self) -> np.ndarray:
        """First days of the periods, as days."""
        return self.rows["period_start"].to_numpy().astype("datetime64[D]").astype(np.int64)

    @cached_property
    def end(self) -> np.ndarray:
        """Last days of the periods, as days."""
        return self.rows["period_end"].to_numpy().astype("datetime64[D]").astype(np.int64)

    @cached_property
    def months(self) -> np.ndarray:
        """Length of the periods in months, rounded."""
        return np.rint((self.end - self.start + 1) / DAYS_IN_A_MONTH).astype(np.int64)

    def is_in(self, column: str, words: Iterable[str]) -> np.ndarray:
        """Whether a column holds one of the words, for every row."""
        codes, found = self._coded(column)
        wanted = set(words)
        return np.array([word in wanted for word in found], dtype=bool)[codes]

    def key(self, *columns: str) -> np.ndarray:
        """A whole number for each combination of what the columns hold, from 0 on. `months` may stand for the period's dates.

        The document tells rows of the table apart, so that editions checked together do not mix; the past counts as one.
        """
        if columns not in self._keys:
            keys, size = np.zeros(len(self.rows), dtype=np.int64), 1
            for column in columns:
                codes, found = self._coded(column)
                if size * (len(found) + 1) > _LARGEST_KEY:
                    keys, seen = pd.factorize(keys)
                    size = len(seen)
                # One code more than words: the past's documents count as one document of their own.
                keys, size = keys * (len(found) + 1) + codes, size * (len(found) + 1)
            self._keys[columns] = pd.factorize(keys)[0]
        return self._keys[columns]

    def beside(self, measure: str) -> np.ndarray:
        """For each row, the row that holds another measure of the same requests in the same document; -1 where there is none."""
        if measure not in self._beside:
            key = self.key(*(column for column in KEY if column != "measure"), "document")
            holding = np.flatnonzero(self.is_in("measure", (measure,)) & self.has_number)[::-1]
            row_of = np.full(key.max(initial=-1) + 1, -1, dtype=np.int64)
            row_of[key[holding]] = holding
            self._beside[measure] = row_of[key]
        return self._beside[measure]

    def values_beside(self, measure: str) -> tuple[np.ndarray, np.ndarray]:
        """The ends of that measure for each row; NaN where there is none."""
        beside = self.beside(measure)
        there = beside >= 0
        low, high = np.full(len(beside), np.nan), np.full(len(beside), np.nan)
        low[there], high[there] = self.low[beside[there]], self.high[beside[there]]
        return low, high

    def in_series(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Wanted rows ordered by series and time, and the number of each row's series; periods of one length make a series.

        Where a period comes twice the table's row stands for both, else the last.
        """
        rows = np.flatnonzero(wanted)
        series = self.key(*SERIES, "months")[rows]
        order = np.lexsort((rows, self.start[rows], series))
        rows, series = rows[order], series[order]
        start = self.start[rows]
        last = np.ones(len(rows), dtype=bool)
        last[:-1] = (series[1:] != series[:-1]) | (start[1:] != start[:-1])
        return rows[last], series[last]

    def kept(self, name: str, made: Callable[[], T]) -> T:
        """What several rules need and only the first of them makes."""
        if name not in self._kept:
            self._kept[name] = made()
        return self._kept[name]  # type: ignore[return-value]

    def of(self, row: int, column: str) -> str:
        """The word that a row holds in a column."""
        return str(self.rows[column].iat[row])

    def cell(self, row: int) -> str:
        """The address of a row's figure."""
        return self.of(row, "cell")

    def figure(self, row: int) -> str:
        """A row's figure as it is read: `1,204`, `0–499`, `64 %`; as printed where it is none."""
        if not self.has_number[row]:
            return self.of(row, "printed")
        if self.is_share[row]:
            return percent(self.low[row], self.high[row])
        return text(Interval(self.low[row], self.high[row]))

    def period(self, row: int) -> str:
        """The label of a row's period."""
        return period_label(self.start[row], self.end[row])

    def series_name(self, row: int) -> str:
        """What a row counts and for whom: `Germany, search warrants: requests` in words of the model."""
        kinds = [self.of(row, "service"), self.of(row, "authority"), self.of(row, "request_type")]
        shown = [kind.replace("_", " ") for kind in kinds if kind not in ("all", "any")]
        return ", ".join([places.name(self.of(row, "requester")), *shown, self.of(row, "measure").replace("_", " ")])

    def problem(self, severity: str, code: str, row: int, says: str, fix: str) -> Problem:
        """A problem told at the cell of a row."""
        cell = self.cell(row)
        return Problem(severity, code, says, fix, cell=cell, value=self.of(row, "printed"), row=line_of(cell))

    def _coded(self, column: str) -> tuple[np.ndarray, np.ndarray]:
        if column not in self._codes:
            days = {"months": self.months, "period_start": self.start, "period_end": self.end}
            codes, found = pd.factorize(days[column] if column in days else self.rows[column], use_na_sentinel=False)
            if column == "document":
                codes = np.where(self.is_new, codes, len(found))
            self._codes[column] = codes, np.asarray(found, dtype=object)
        return self._codes[column]


def shifted(values: np.ndarray, series: np.ndarray, steps: tuple[int, ...]) -> np.ndarray:
    """For each step, the values so many places earlier (or later, where negative) in the same series; NaN where there is none."""
    result = np.full((len(steps), len(values)), np.nan)
    for line, step in zip(result, steps, strict=True):
        near, far = (slice(step, None), slice(None, -step)) if step > 0 else (slice(None, step), slice(-step, None))
        line[near] = np.where(series[near] == series[far], values[far], np.nan)
    return result


def percent(low: float, high: float) -> str:
    """A share in per cent as it was printed: `64 %`, or both ends where its rounding cannot be told."""
    decimals = decimals_of(low, high)
    half = 0.5 * 10**-decimals
    middle = 0 if low <= 0 else 100 if high >= 1 else round(low * 100 + half, decimals)
    if low > 0 and high < 1 and abs((high - low) * 100 - 2 * half) > 1e-9:
        return f"{number(low * 100, decimals + 1)}–{number(high * 100, decimals + 1)} %"
    return f"{number(middle, decimals)} %"


def decimals_of(low: float, high: float) -> int:
    """Decimals of the percentage from which an interval of shares was made."""
    width = (high - low) * (2 if low <= 0 or high >= 1 else 1) * 100
    return min(max(round(-np.log10(width)), 0), 6) if width > 0 else 1


def period_label(start: int, end: int) -> str:
    """The label of a period given as days since 1970."""
    first, last = (date.fromisoformat(str(np.datetime64(int(day), "D"))) for day in (start, end))
    return label(Period(first, last)) if first <= last else f"{first} – {last}"


def line_of(cell: str) -> int | None:
    """The row its owner sees, from an address such as `B12`; None where it names none."""
    address = parsed(cell)
    return address.row if address else None


def listed(words: list[str], most: int = 5) -> str:
    """`a`, `a and b`, `a, b, c and 12 more`."""
    if len(words) > most:
        return f"{', '.join(words[:most])} and {number(len(words) - most)} more"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def times(ratio: float) -> str:
    """A factor in words: `12 times`, `2.5 times`."""
    return f"{number(ratio, 0 if ratio >= 10 else 1)} times"


def each(rows: np.ndarray) -> Iterator[int]:
    """Row numbers as plain numbers."""
    return (int(row) for row in rows)
