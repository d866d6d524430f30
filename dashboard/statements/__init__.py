"""Statements: what was said about the numbers, the claims in it, and what the published series say to each."""

from dashboard.statements.files import Statements, bundled, concerned, concerning, load, marks, quotes_with, several, watched
from dashboard.statements.listing import facets, overall, search
from dashboard.statements.verdicts import VERDICTS, Evaluator, Verdict, bundled_evaluator
from dashboard.statements.wording import claimed_series

__all__ = [
    "VERDICTS",
    "Evaluator",
    "Statements",
    "Verdict",
    "bundled",
    "bundled_evaluator",
    "claimed_series",
    "concerned",
    "concerning",
    "facets",
    "load",
    "marks",
    "overall",
    "quotes_with",
    "search",
    "several",
    "watched",
]
