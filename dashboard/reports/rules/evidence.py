"""What a rule is given: the table, the reporter's own past and the parts of its totals, as arrays; and how it tells a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from dashboard.model import places, vocabulary
from dashboard.model.columns import KEY
from dashboard.model.intervals import Interval, number, text
from dashboard.model.periods import Period, label
from dashboard.reports.cells.addresses import line_of, within
from dashboard.reports.problems import Problem
from dashboard.reports.tables.coded import Coded, dense

MOST_PROBLEMS_OF_A_RULE = 2_000
"""Most problems that one rule lists; beyond that the file is not worth a longer list."""
DAYS_IN_A_MONTH = 30.44
"""Mean length, by which periods are sorted into months, quarters, half-years and years."""
SERIES = [column for column in KEY if not column.startswith("period")]
"""What tells one series from another."""
_LARGEST_KEY = 2**31 - 1


class Evidence(Coded):
    """A table of observations to be judged, and what it is judged by.

    Row numbers count from 0 over the past and then the table: the rows from `first` on are the table's. In an archive the
    documents are its members, and a cell is named with its member.
    """

    def __init__(
        self,
        table: pd.DataFrame | pa.Table,
        past: pd.DataFrame | None,
        parts: pd.DataFrame,
        today: date,
        in_archive: bool = False,
    ):
        super().__init__(table, past)
        self.parts, self.today, self.in_archive = parts, today, in_archive

    def forget(self) -> None:
        """Let go what can be made again: of a million rows it takes more room than the rows."""
        self._made = {name: made for name, made in self._made.items() if name[0] != "key"}

    @cached_property
    def is_new(self) -> np.ndarray:
        """Whether a row is one of the table's."""
        return np.arange(len(self), dtype=np.int32) >= self.first

    def new_rows(self, holds: np.ndarray) -> Iterator[int]:
        """The rows of the table for which something holds."""
        return each(np.flatnonzero(holds & self.is_new))

    @property
    def low(self) -> np.ndarray:
        """Lower ends."""
        return self.numbers("low")

    @property
    def high(self) -> np.ndarray:
        """Upper ends."""
        return self.numbers("high")

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
    def spans(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The different periods in order of time, as first and last days; and for each row which of them it holds."""
        (starts, first_days), (ends, last_days) = self.codes("period_start"), self.codes("period_end")
        pair, count = dense(starts.astype(np.int32) * max(len(last_days), 1) + ends, len(first_days) * len(last_days))
        first, last = np.zeros(count, np.int32), np.zeros(count, np.int32)
        first[pair], last[pair] = first_days[starts], last_days[ends]
        order = np.lexsort((last, first))
        rank = np.empty(count, np.int32)
        rank[order] = np.arange(count, dtype=np.int32)
        return first[order], last[order], rank[pair]

    def days(self, row: int) -> tuple[int, int]:
        """The first and the last day of a row's period."""
        first, last, period = self.spans
        return int(first[period[row]]), int(last[period[row]])

    def is_in(self, column: str, words: Iterable[str]) -> np.ndarray:
        """Whether a column holds one of the words, for every row."""
        codes, known = self.codes(column)
        wanted = set(words)
        return np.array([word in wanted for word in known], dtype=bool)[codes]

    def holds(self, column: str, words: Iterable[str]) -> bool:
        """Whether any row holds one of the words: where none does, a rule about them has nothing to look at."""
        return not set(words).isdisjoint(self.codes(column)[1])

    def key(self, *columns: str) -> np.ndarray:
        """A whole number for each combination of what the columns hold, from 0 on. `months` may stand for the period's dates.

        The document tells rows of the table apart, so that editions checked together do not mix; the past counts as one.
        """
        return self.kept(("key", *columns), lambda: self._key(columns))

    def _key(self, columns: tuple[str, ...]) -> np.ndarray:
        keys, size = np.zeros(len(self), dtype=np.int32), 1
        names = [name for name in columns if name != "period_end" or "period_start" not in columns]
        for name in names:
            whole = name == "period_start" and "period_end" in columns
            codes, count = self._dimension("period" if whole else name)
            if count <= 1:
                continue
            if size * count > _LARGEST_KEY:
                keys, size = dense(keys, size)
            keys = keys.astype(np.int64) if size * count > _LARGEST_KEY else keys
            keys, size = keys * keys.dtype.type(count) + codes.astype(keys.dtype), size * count
        return dense(keys, size)[0]

    def beside(self, measure: str) -> np.ndarray:
        """For each row, the row that holds another measure of the same requests in the same document; -1 where there is none."""
        return self.kept(("key", "beside", measure), lambda: self._beside(measure))

    def _beside(self, measure: str) -> np.ndarray:
        key = self.key(*(column for column in KEY if column != "measure"), "document")
        holding = np.flatnonzero(self.is_in("measure", (measure,)) & self.has_number).astype(np.int32)[::-1]
        row_of = np.full(key.max(initial=-1) + 1, -1, dtype=np.int32)
        row_of[key[holding]] = holding
        return row_of[key]

    def values_beside(self, measure: str) -> tuple[np.ndarray, np.ndarray]:
        """The ends of that measure for each row; NaN where there is none."""
        beside = self.beside(measure)
        there = beside >= 0
        low = np.where(there, self.low[beside], np.nan)
        return low, low if self.high is self.low else np.where(there, self.high[beside], np.nan)

    def in_series(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows that count, ordered by series and time, and the number of each row's series; periods of one length make a series.

        Where a period comes twice the table's row stands for both, else the last.
        """
        return self.kept(("series",), lambda: self.series_of(self.has_number & ~self.is_share))

    def series_of(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Wanted rows ordered by series and time, likewise."""
        rows = np.flatnonzero(wanted).astype(np.int32)
        series = self.key(*SERIES, "months")[rows]
        first, _, period = self.spans
        moment = np.unique(first, return_inverse=True)[1].astype(np.int32)[period[rows]]
        key = series.astype(np.int64) * (int(moment.max(initial=0)) + 1) + moment
        order = np.argsort(key, kind="stable").astype(np.int32)
        rows, series, key = rows[order], series[order], key[order]
        last = np.ones(len(rows), dtype=bool)
        last[:-1] = key[1:] != key[:-1]
        return rows[last], series[last]

    def cell(self, row: int) -> str:
        """The address of a row's figure."""
        cell = self.word(row, "cell")
        return within(self.word(row, "document"), cell) if self.in_archive and row >= self.first else cell

    def figure(self, row: int) -> str:
        """A row's figure as it is read: `1,204`, `0–499`, `64 %`; as printed where it is none."""
        if not self.has_number[row]:
            return self.word(row, "printed")
        if self.is_share[row]:
            return percent(self.low[row], self.high[row])
        return text(Interval(self.low[row], self.high[row]))

    def period(self, row: int) -> str:
        """The label of a row's period."""
        return period_label(*self.days(row))

    def series_name(self, row: int) -> str:
        """What a row counts and for whom: `Germany, search warrants: requests` in words of the model."""
        return ", ".join(words_of_series(lambda column: self.word(row, column)))

    def problem(self, severity: str, code: str, row: int, says: str, fix: str) -> Problem:
        """A problem told at the cell of a row."""
        cell = self.cell(row)
        return Problem(severity, code, says, fix, cell=cell, value=self.word(row, "printed"), row=line_of(cell))

    def _dimension(self, name: str) -> tuple[np.ndarray, int]:
        first, last, period = self.spans
        if name == "period":
            return period, len(first)
        if name == "months":
            months, of = np.unique(np.rint((last - first + 1) / DAYS_IN_A_MONTH).astype(np.int64), return_inverse=True)
            return of.astype(np.int32)[period], len(months)
        if name in ("period_start", "period_end"):
            # Not by the codes: two periods that begin on one day may have one each for it.
            days, of = np.unique(first if name == "period_start" else last, return_inverse=True)
            return of.astype(np.int32)[period], len(days)
        codes, words = self.codes(name)
        if name == "document" and self.first:
            # One code more than words: the past's documents count as one document of their own.
            return np.where(self.is_new, codes, len(words)), len(words) + 1
        return codes, len(words)


def words_of_series(of: Callable[[str], str]) -> list[str]:
    """Whose government asked, which service, authority and kind where not all are meant, and what is counted; `of` gives what a column holds."""
    kinds = [of(column).replace("_", " ") for column in ("service", "authority", "request_type") if of(column) not in ("all", "any")]
    return [places.name(of("requester")), *kinds, of("measure").replace("_", " ")]


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


def times(ratio: float) -> str:
    """A factor in words: `12 times`, `2.5 times`."""
    return f"{number(ratio, 0 if ratio >= 10 else 1)} times"


def each(rows: np.ndarray) -> Iterator[int]:
    """Row numbers as plain numbers."""
    return (int(row) for row in rows)
