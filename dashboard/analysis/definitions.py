"""What each reporter means by the same word, side by side, and how far two of them count the same thing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd

from dashboard.analysis.series import days_of
from dashboard.catalog.shipped import Catalog

CONCEPTS = {
    "request": (("requests", "all"), ("requests", "*")),
    "legal process": (("requests", "legal"),),
    "emergency": (("requests", "emergency"),),
    "account": (("accounts_specified", "all"), ("accounts_specified", "*"), ("accounts_affected", "all"), ("accounts_affected", "*")),
    "disclosure": (("share_some_data", "all"), ("share_some_data", "*"), ("requests_some_data", "all"), ("requests_some_data", "*")),
    "preservation": (("requests", "preservation"),),
    "nondisclosure": (("nondisclosure_share", "all"), ("nondisclosure_orders", "all"), ("nondisclosure_orders", "*")),
    "national security letter": (("requests", "nsl"), ("letters", "nsl")),
}
"""The columns of the matrix, each with the measures and request types that are taken for it, the first that a reporter defines."""

_WANTED = pd.DataFrame(
    [(*pair, concept, choice) for concept, pairs in CONCEPTS.items() for choice, pair in enumerate(pairs)],
    columns=["measure", "request_type", "concept", "choice"],
)

_MOST_WHEN_CLOSE = 2


class Likeness(StrEnum):
    """How far two definitions count the same thing."""

    SAME = "same"
    CLOSE = "close"
    NOT_COMPARABLE = "not comparable"


class Degree(StrEnum):
    """How much of a thing a definition counts; the values are the columns of the groups."""

    ALL = "counts"
    SOME = "some"
    UNTOLD = "untold"


@dataclass(frozen=True)
class Comparison:
    """Two definitions held against each other, by what one of them counts and the other does not, or not to the same degree.

    Each difference is a word with its degree in the first and in the second; None where one does not count it at all.
    """

    likeness: Likeness
    differences: tuple[tuple[str, Degree | None, Degree | None], ...] = ()


def matrix(catalog: Catalog, day: date | None = None) -> pd.DataFrame:
    """One row for each reporter and concept that it defines: `reporter`, `concept`, `measure`, `request_type`, `definition`, `url`,
    `valid_from`, `valid_to` (blank: open), `group`. With a day the definition valid on it, else every one, the newest first."""
    definitions = catalog.definitions
    if day is not None:
        text = day.isoformat()
        starts, ends = definitions["valid_from"], definitions["valid_to"]
        definitions = definitions[(starts.eq("") | starts.le(text)) & (ends.eq("") | ends.ge(text))]
    rows = definitions.merge(_WANTED, on=["measure", "request_type"])
    taken = rows["choice"] == rows.groupby(["reporter", "concept"])["choice"].transform("min")
    order = ["reporter", "concept", "valid_from"]
    return rows[taken].drop(columns="choice").sort_values(order, ascending=[True, True, False], kind="stable", ignore_index=True)


def beside_first(table: pd.DataFrame, catalog: Catalog) -> dict[str, Comparison]:
    """For each reporter of a table, in their order, how far it counts the same as the first, that one included.

    Each kind of demand is compared with the same kind, by every definition valid within the reporter's rows; what is least alike
    counts, and a kind without a definition is not comparable. Empty where there is one reporter only, or where the rows count
    several things anyway.
    """
    if len(set(table["reporter"].tolist())) < 2 or len(set(table["measure"].tolist())) > 1:
        return {}
    rows: dict[str, tuple[dict[str, None], list[date]]] = {}
    days = zip(*(days_of(table[column]) for column in ("period_start", "period_end")), strict=True)
    for reporter, kind, span in zip(table["reporter"].tolist(), table["request_type"].tolist(), days, strict=True):
        kinds, ends = rows.setdefault(reporter, ({}, []))
        kinds[kind] = None
        ends += span
    measure = table["measure"].iloc[0]
    groups = {reporter: _groups_by_kind(catalog.defined.get((reporter, measure), ()), *of) for reporter, of in rows.items()}
    first, *others = groups
    return {first: Comparison(Likeness.SAME)} | {other: _least_alike(groups[first], groups[other], catalog) for other in others}


def _groups_by_kind(defined: Iterable[tuple[str, str, str, str]], kinds: Iterable[str], days: list[date]) -> dict[str, set[str]]:
    # The groups of the definitions by which one reporter counts each kind within some days; a blank one where it has none.
    start, end = min(days).isoformat(), max(days).isoformat()
    groups: dict[str, set[str]] = {}
    for kind, valid_from, valid_to, group in defined:
        if valid_from <= end and (not valid_to or valid_to >= start):
            groups.setdefault(kind, set()).add(group)
    return {kind: groups.get(kind) or groups.get("*") or {""} for kind in kinds}


def _least_alike(first: dict[str, set[str]], second: dict[str, set[str]], catalog: Catalog) -> Comparison:
    kinds = [(kind, kind) for kind in first if kind in second] or itertools.product(first, second)
    pairs = [pair for one, other in kinds for pair in itertools.product(sorted(first[one]), sorted(second[other]))]
    comparisons = [compared(catalog, *pair) if all(pair) else Comparison(Likeness.NOT_COMPARABLE) for pair in pairs]
    return max(comparisons, key=lambda comparison: list(Likeness).index(comparison.likeness))


def compared(catalog: Catalog, first: str, second: str) -> Comparison:
    """Two groups of definitions held against each other.

    They are the same where they count the same things; close where the main thing is the same and one other thing is counted by
    one of them only, or at most two to another degree; else, and where one is not described, they are not comparable.
    """
    if first == second:
        return Comparison(Likeness.SAME)
    described = catalog.described
    if first not in described or second not in described:
        return Comparison(Likeness.NOT_COMPARABLE)
    one, other = (_degrees(described[group]) for group in (first, second))
    differences = tuple((word, one.get(word), other.get(word)) for word in {**one, **other} if one.get(word) != other.get(word))
    if not differences:
        return Comparison(Likeness.SAME)
    weight = sum(2 if {before, after} == {None, Degree.ALL} else 1 for _, before, after in differences)
    is_close = next(iter(one)) == next(iter(other)) and weight <= _MOST_WHEN_CLOSE
    return Comparison(Likeness.CLOSE if is_close else Likeness.NOT_COMPARABLE, differences)


def commonest(rows: pd.DataFrame) -> str:
    """The reporter, among the rows of a concept, whose definition the most of them share; the first by name among equals."""
    return (
        rows.assign(count=rows.groupby("group")["reporter"].transform("nunique"))
        .sort_values(["count", "reporter"], ascending=[False, True])
        .iloc[0]["reporter"]
    )


def _degrees(group: dict[str, str]) -> dict[str, Degree]:
    return {word: degree for degree in Degree for word in group[degree].split("; ") if word}
