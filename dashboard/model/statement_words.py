"""The words that a statement, a claim and a reading are written with, and how long a quote may be."""

SIDES = ("company", "government", "court", "press", "civil society")
UNITS = (
    "requests",
    "orders",
    "nondisclosure orders",
    "accounts",
    "identifiers",
    "people",
    "letters",
    "targets",
    "queries",
    "records",
    "share",
    "change",
    "times",
    "years",
    "EUR",
    "other",
)
PER = ("minute", "hour", "day", "week", "month", "year", "whole")
COMPARATORS = ("between", "exactly", "about", "at least", "at most", "up to", "more than", "less than", "nearly", "share of")
FORMULAS = (
    "value",
    "sum",
    "per_day",
    "per_year",
    "share",
    "change",
    "multiple",
    "change_of_limits",
    "multiple_of_limits",
    "calendar",
)
"""`…_of_limits` compare two upper limits as such; `calendar` counts the years of the claim's own period and needs no selection."""
SELECTION = ("reporter", "service", "requester", "authority", "request_type", "measure", "from", "to")
"""What a selection of observations may name; another claim is named by `statement` and `claim`."""
LONGEST_QUOTE = 25
"""Words in a quoted fragment, at most."""
