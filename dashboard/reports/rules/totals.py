"""Rules between a total and its parts: kinds of demand, outcomes, requesters, authorities."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from dashboard.model import places, vocabulary
from dashboard.model.columns import KEY
from dashboard.model.intervals import Interval, number, text
from dashboard.reports.problems import Problem
from dashboard.reports.rules.evidence import DAYS_IN_A_MONTH, SERIES, Evidence, each

OUTCOMES = (
    ("requests", ("requests_content", "requests_noncontent", "requests_no_data", "requests_rejected")),
    ("requests", ("requests_some_data", "requests_no_data", "requests_rejected")),
    ("accounts_specified", ("accounts_content", "accounts_noncontent", "accounts_no_data", "accounts_rejected")),
)
"""What was received, and a set of its outcomes that exclude each other, so that together they cannot exceed it."""
ENOUGH = 3
"""So many totals that do equal their parts show that a reporter's parts are complete …"""
MOSTLY = 0.5
"""… if they are more than this share of all totals of the kind."""
_SHOWN = 6


@dataclass(frozen=True)
class Sums:
    """For each total the sum of its parts, how many they are, and which set of parts it is; and the parts, ordered by total."""

    rows: np.ndarray
    low: np.ndarray
    high: np.ndarray
    count: np.ndarray
    kind_of_parts: np.ndarray
    group: np.ndarray
    parts: np.ndarray
    group_of_parts: np.ndarray

    def parts_of(self, index: int) -> Iterator[int]:
        """Row numbers of the parts of one total."""
        first, last = np.searchsorted(self.group_of_parts, [self.group[index], self.group[index] + 1])
        return each(self.parts[first:last])


def kinds_make_total(evidence: Evidence) -> Iterator[Problem]:
    """The disjoint kinds of demand do not exceed the reporter's total, and equal it where all its parts are printed."""
    if not evidence.holds("request_type", ("all",)):
        return
    kinds_of = evidence.parts[evidence.parts["in_total"]].groupby("reporter")["request_type"].agg(list)
    is_part = np.zeros(len(evidence), dtype=bool)
    kinds = np.zeros(len(evidence), dtype=np.int64)
    for reporter, its_kinds in kinds_of.items():
        own = evidence.is_in("reporter", (reporter,))
        is_part |= own & evidence.is_in("request_type", its_kinds)
        kinds[own] = len(its_kinds)
    sums = _sums(evidence, evidence.is_in("request_type", ("all",)), is_part, "request_type")
    complete = (sums.count == kinds[sums.rows]) | _mostly_equal(evidence, sums, "reporter", "service", "measure")
    yield from _mismatches(evidence, sums, complete, "request_type")


def outcomes_make_requests(evidence: Evidence) -> Iterator[Problem]:
    """Outcomes that exclude each other do not exceed the requests or accounts, and equal them where the reporter's do."""
    for whole, outcomes in OUTCOMES:
        if not evidence.holds("measure", outcomes):
            continue
        sums = _sums(evidence, evidence.is_in("measure", (whole,)), evidence.is_in("measure", outcomes), "measure", len(outcomes))
        yield from _mismatches(evidence, sums, _mostly_equal(evidence, sums, "reporter", "service", "request_type"), "measure")


def requesters_make_world(evidence: Evidence) -> Iterator[Problem]:
    """The requesters do not exceed the publisher's worldwide total, and equal it where the reporter's do."""
    if not evidence.holds("requester", (places.WORLD,)):
        return
    is_total = evidence.is_in("requester", (places.WORLD,))
    sums = _sums(evidence, is_total, ~is_total, "requester")
    sums = replace(sums, kind_of_parts=np.zeros(len(sums.rows)))
    yield from _mismatches(evidence, sums, _mostly_equal(evidence, sums, "reporter", "service", "request_type"), "requester")


def authorities_make_any(evidence: Evidence) -> Iterator[Problem]:
    """Federal, state and local authorities do not exceed the figure for any authority, and equal it where the reporter's do."""
    if not evidence.holds("authority", ("federal", "state_local")):
        return
    is_part = evidence.is_in("authority", ("federal", "state_local"))
    sums = _sums(evidence, evidence.is_in("authority", ("any",)), is_part, "authority")
    yield from _mismatches(evidence, sums, _mostly_equal(evidence, sums, "reporter", "measure"), "authority")


def shorter_periods_make_longer(evidence: Evidence) -> Iterator[Problem]:
    """The requests of the halves, quarters or months of a longer period, where all are printed, add up to its own."""
    first, last, period = evidence.spans
    lengths = last - first
    if lengths.min(initial=0) == lengths.max(initial=0):
        return
    counted = evidence.has_number & evidence.is_in("measure", ("requests",)) & ~evidence.is_in("request_type", vocabulary.RUNNING)
    series = evidence.key(*SERIES, "document")

    @functools.cache
    def rows_of(number: int) -> dict[int, int]:
        rows = np.flatnonzero(counted & (period == number))
        return dict(zip(series[rows].tolist(), rows.tolist(), strict=True))

    for whole, parts in _tilings(first, last):
        summands = [rows_of(number) for number in parts]
        for key, row in rows_of(whole).items():
            rows = [of_part[key] for of_part in summands if key in of_part]
            low, high = evidence.low[rows].sum(), evidence.high[rows].sum()
            if len(rows) == len(parts) and evidence.is_new[row] and (evidence.low[row] > high or evidence.high[row] < low):
                names = ", ".join(f"{evidence.period(at)} {evidence.figure(at)} ({evidence.cell(at)})" for at in rows[:_SHOWN])
                says = f"is of {evidence.period(row)}, and its parts add up to {text(Interval(low, high))}: {names}."
                yield evidence.problem("warning", "total_mismatch", row, says, "Check the parts; keep them if they are printed so.")


def _tilings(first: np.ndarray, last: np.ndarray) -> Iterator[tuple[int, list[int]]]:
    # For each period that shorter ones of one length fill from its first to its last day: its number, and theirs.
    number = {span: index for index, span in enumerate(zip(first.tolist(), last.tolist(), strict=True))}
    after: dict[int, list[int]] = defaultdict(list)
    for start, end in number:
        after[start].append(end)
    for (start, end), whole in number.items():
        for months in (6, 3, 1):
            parts, day = [], start
            while day <= end and (ends := [one for one in after[day] if round((one - day + 1) / DAYS_IN_A_MONTH) == months]):
                parts.append(number[day, ends[0]])
                day = ends[0] + 1
            if day == end + 1 and len(parts) > 1:
                yield whole, parts


def _sums(evidence: Evidence, is_total: np.ndarray, is_part: np.ndarray, along: str, parts_needed: int = 1) -> Sums:
    group = evidence.key(*(column for column in KEY if column != along), "document")
    size = group.max(initial=-1) + 1
    additive = evidence.has_number & ~evidence.is_share
    parts, totals = np.flatnonzero(is_part & additive), np.flatnonzero(is_total & additive)
    has_total = np.zeros(size, dtype=bool)
    has_total[group[totals]] = True
    parts = parts[has_total[group[parts]]]
    parts = parts[np.argsort(group[parts], kind="stable")]
    there, part_keys = group[parts], evidence.key(along)[parts]
    count = np.bincount(there, minlength=size)
    # A doubled part is told elsewhere; nothing is summed over it.
    pairs = np.unique(there * (part_keys.max(initial=0) + 1) + part_keys) // (part_keys.max(initial=0) + 1)
    is_whole = (count >= parts_needed) & (count == np.bincount(pairs, minlength=size))
    # A random mark for each part makes one number for each set of parts.
    marks = np.random.default_rng(0).random(part_keys.max(initial=-1) + 1)
    totals = totals[is_whole[group[totals]]]
    at = group[totals]
    return Sums(
        rows=totals,
        low=np.bincount(there, evidence.low[parts], size)[at],
        high=np.bincount(there, evidence.high[parts], size)[at],
        count=count[at],
        kind_of_parts=np.round(np.bincount(there, marks[part_keys], size)[at], 9),
        group=at,
        parts=parts,
        group_of_parts=there,
    )


def _mostly_equal(evidence: Evidence, sums: Sums, *alike: str) -> np.ndarray:
    # Whether totals of this kind, with these parts, mostly equal the sum of their parts, in the table and in the past.
    if not len(sums.rows):
        return np.zeros(0, dtype=bool)
    _, of = np.unique(sums.kind_of_parts, return_inverse=True)
    kind = evidence.key(*alike)[sums.rows] * (of.max() + 1) + of
    # A nought that is the sum of noughts shows nothing.
    telling = evidence.high[sums.rows] > 0
    good = np.bincount(kind, ~_differ(evidence, sums) & telling)
    return ((good >= ENOUGH) & (good > MOSTLY * np.bincount(kind, telling)))[kind]


def _differ(evidence: Evidence, sums: Sums) -> np.ndarray:
    return (evidence.low[sums.rows] > sums.high) | (evidence.high[sums.rows] < sums.low)


def _mismatches(evidence: Evidence, sums: Sums, complete: np.ndarray, along: str) -> Iterator[Problem]:
    wrong = (evidence.high[sums.rows] < sums.low) | (complete & _differ(evidence, sums))
    for index in each(np.flatnonzero(wrong & evidence.is_new[sums.rows])):
        row = int(sums.rows[index])
        parts = sorted(sums.parts_of(index), key=lambda summand: (-evidence.high[summand], evidence.cell(summand)))
        together = text(Interval(sums.low[index], sums.high[index]))
        compared = "is less than the sum of its parts" if evidence.high[row] < sums.low[index] else "is not the sum of its parts"
        if len(parts) > _SHOWN:
            which = f"{number(len(parts))} of them"
        else:
            which = ", ".join(
                f"{_name(evidence, summand, along)} {evidence.figure(summand)} ({evidence.cell(summand)})" for summand in parts
            )
        fix = "Check the total and its parts; keep them if they are printed so."
        yield evidence.problem("warning", "total_mismatch", row, f"{compared}, {together}: {which}.", fix)


def _name(evidence: Evidence, row: int, along: str) -> str:
    word = evidence.word(row, along)
    return places.name(word) if along == "requester" else word.replace("_", " ")
