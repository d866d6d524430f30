"""Questions asked of tables: totals, rates, shares and changes of a series; and views: what a reader chose to see."""

from dashboard.analysis.totals import (
    OF_THE_YEAR,
    PEOPLE_PER,
    RUNNING,
    SERIES,
    Unanswerable,
    by_year,
    changes,
    complete,
    documents_of,
    indexed,
    one_series,
    parts_of,
    per_day,
    per_inhabitants,
    per_year,
    select,
)

__all__ = [
    "OF_THE_YEAR",
    "PEOPLE_PER",
    "RUNNING",
    "SERIES",
    "Unanswerable",
    "by_year",
    "changes",
    "complete",
    "documents_of",
    "indexed",
    "one_series",
    "parts_of",
    "per_day",
    "per_inhabitants",
    "per_year",
    "select",
]
