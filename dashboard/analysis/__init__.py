"""Questions asked of tables: totals, rates, shares and changes of a series; and views: what a reader chose to see."""

from dashboard.analysis.movement import Change, Number, changes
from dashboard.analysis.parts import document_names, documents_of, parts_of, parts_of_rows
from dashboard.analysis.series import (
    PEOPLE_PER,
    SCALED,
    SERIES,
    WHOLES,
    Unanswerable,
    by_year,
    days_of,
    fill,
    indexed,
    is_whole,
    labelled_series,
    of_one_length,
    one_series,
    per_day,
    per_inhabitants,
    per_year,
    select,
    series_in,
    spans_of,
    without_repeats,
)
from dashboard.analysis.totals import NO_REQUESTS, MadeBy, touched_totals, with_totals
