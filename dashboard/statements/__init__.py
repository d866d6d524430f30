"""Statements: what was said about the numbers, the claims in it, and what the published series say to each."""

from dashboard.statements.files import Statements, bundled, concerned, concerning, load, search, several

__all__ = ["Statements", "bundled", "concerned", "concerning", "load", "search", "several"]
