"""How long gags last: from letters with the day of issue and the day on which the recipient could speak of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

import pandas as pd

from dashboard.catalog.shipped import Catalog

DAYS_PER_YEAR = 365.25
LONG_YEARS = 5
"""A gag of more years than these is counted apart."""
LIMIT = (
    "Only letters whose gag has ended can be listed. Those that are secret still are in no list, so this is not how long a gag lasts "
    "that was issued today: of recent years only short ones can be here."
)
"""What these letters cannot say."""


@dataclass(frozen=True)
class Summary:
    """Some ended gags: how many, the median and the longest in years, and how many lasted longer than `LONG_YEARS`."""

    count: int
    median_years: float
    longest_years: float
    long_count: int


def ended(catalog: Catalog) -> pd.DataFrame:
    """Every letter whose gag has ended, once: that of the newest document of each reporter, the earliest issued first.

    Columns: `reporter`, `number`, `issued`, `released`, `document`, `cell`, and `years`, from issue to release. Gags that go on are not
    listed anywhere, so nothing here says how long a gag lasts that was issued today.
    """
    letters = catalog.letters
    known = letters["document"].map(catalog.documents.set_index("document")["known_from"])
    newest = letters.assign(known=known).sort_values(["known", "document"]).groupby("reporter")["document"].last()
    letters = letters[letters["document"] == letters["reporter"].map(newest)]
    years = (letters["released"] - letters["issued"]).dt.days / DAYS_PER_YEAR
    return letters.assign(years=years).sort_values(["issued", "released", "reporter", "number"], ignore_index=True)


def summary(letters: pd.DataFrame) -> Summary:
    """What some letters of `ended` have in common; at least one is needed, or it is a ValueError."""
    if letters.empty:
        raise ValueError("no letter: nothing can be said of none")
    years = letters["years"]
    return Summary(len(years), float(years.median()), float(years.max()), int((years > LONG_YEARS).sum()))


def by_year(letters: pd.DataFrame, day: str) -> pd.DataFrame:
    """For each year of `issued` or of `released`: `year`, `count`, `median_years`, `longest_years`, `long_count`."""
    rows = [{"year": year} | asdict(summary(group)) for year, group in letters.groupby(letters[day].dt.year)]
    return pd.DataFrame(rows, columns=["year", *(column.name for column in fields(Summary))])
