"""Statements: what was said about the numbers, the claims in it, and what the published series say to each."""

from dashboard.statements.files import Statements, bundled, concerning, load, quotes_with, several, watched
from dashboard.statements.kept_verdicts import bundled_verdicts
from dashboard.statements.listing import facets, overall, search
from dashboard.statements.verdicts import VERDICTS, Evaluator, Verdict, bundled_evaluator
from dashboard.statements.wording import claimed_series
