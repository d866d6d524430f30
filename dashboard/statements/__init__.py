"""Statements: what was said about the numbers, the claims in it, and what the published series say to each."""

from dashboard.statements.files import Statements, bundled, concerned, concerning, load, search, several
from dashboard.statements.verdicts import VERDICTS, Judge, Verdict, bundled_judge

__all__ = [
    "VERDICTS",
    "Judge",
    "Statements",
    "Verdict",
    "bundled",
    "bundled_judge",
    "concerned",
    "concerning",
    "load",
    "search",
    "several",
]
