"""Questions asked of tables: totals, rates, shares and changes of a series; and views: what a reader chose to see."""

from dashboard.analysis.parts import document_names, documents_of, parts_of
from dashboard.analysis.series import (
    PEOPLE_PER,
    SCALED,
    SERIES,
    Unanswerable,
    by_year,
    changes,
    fill,
    indexed,
    one_series,
    per_day,
    per_inhabitants,
    per_year,
    select,
    without_repeats,
)
from dashboard.analysis.totals import NO_REQUESTS, RUNNING, MadeBy, with_totals

__all__ = [
    "NO_REQUESTS",
    "PEOPLE_PER",
    "RUNNING",
    "SCALED",
    "SERIES",
    "MadeBy",
    "Unanswerable",
    "by_year",
    "changes",
    "document_names",
    "documents_of",
    "fill",
    "indexed",
    "one_series",
    "parts_of",
    "per_day",
    "per_inhabitants",
    "per_year",
    "select",
    "with_totals",
    "without_repeats",
]
