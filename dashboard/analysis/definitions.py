"""What each reporter means by the same word, side by side, and how far two of them count the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd

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


class Likeness(StrEnum):
    """How far two definitions count the same thing."""

    SAME = "same"
    CLOSE = "close"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True)
class Comparison:
    """Two definitions held against each other: `only_first` and `only_second` are what one of them counts and the other does not."""

    likeness: Likeness
    only_first: tuple[str, ...] = ()
    only_second: tuple[str, ...] = ()


def matrix(catalog: Catalog, day: date | None = None) -> pd.DataFrame:
    """One row for each reporter and concept that it defines: `reporter`, `concept`, `measure`, `request_type`, `definition`, `url`,
    `valid_from`, `valid_to` (blank: open), `group`. With a day the definition valid on it, else every one, the newest first."""
    definitions = catalog.definitions
    if day is not None:
        text = day.isoformat()
        starts, ends = definitions["valid_from"], definitions["valid_to"]
        definitions = definitions[(starts.eq("") | starts.le(text)) & (ends.eq("") | ends.ge(text))]
    rows = []
    for reporter, table in definitions.groupby("reporter", observed=True):
        for concept, wanted in CONCEPTS.items():
            for measure, request_type in wanted:
                fits = table[(table["measure"] == measure) & (table["request_type"] == request_type)]
                if len(fits):
                    rows.append(fits.assign(reporter=reporter, concept=concept))
                    break
    order = ["reporter", "concept", "valid_from"]
    return pd.concat(rows).sort_values(order, ascending=[True, True, False], kind="stable", ignore_index=True)


def compared(catalog: Catalog, first: str, second: str) -> Comparison:
    """Two groups of definitions held against each other.

    The same group counts the same; two groups that are described and differ by one thing are close; all others are not comparable.
    """
    if first == second:
        return Comparison(Likeness.SAME)
    described = dict(zip(catalog.definition_groups["group"], catalog.definition_groups["counts"], strict=True))
    if first not in described or second not in described:
        return Comparison(Likeness.NOT_COMPARABLE)
    one, other = (described[group].split("; ") for group in (first, second))
    only_first, only_second = (tuple(word for word in words if word not in others) for words, others in ((one, other), (other, one)))
    shared = [word for word in one if word in other]
    difference = len(only_first) + len(only_second)
    if not difference:
        return Comparison(Likeness.SAME)
    is_close = bool(shared) and difference == 1
    return Comparison(Likeness.CLOSE if is_close else Likeness.NOT_COMPARABLE, only_first, only_second)
