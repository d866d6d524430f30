"""Statements: what was said about the numbers, the claims in it, and what the published series say to each."""

from dashboard.statements.files import Statements, bundled, concerned, concerning, facets, load, marks, search, several
from dashboard.statements.verdicts import VERDICTS, Judge, Verdict, bundled_judge
from dashboard.statements.wording import claimed_series

__all__ = [
    "VERDICTS",
    "Judge",
    "Statements",
    "Verdict",
    "bundled",
    "bundled_judge",
    "claimed_series",
    "concerned",
    "concerning",
    "facets",
    "load",
    "marks",
    "search",
    "several",
]
