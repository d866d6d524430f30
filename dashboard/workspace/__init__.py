"""Reports that a visitor chose to keep, with their files and a history of what was kept, shared and deleted."""

from __future__ import annotations

import importlib

from dashboard.workspace.place import LOCAL, StoreProblem, default_place, holds_no_report, is_named

_IN_KEPT = ["ALONE", "DAYS_TO_RESTORE", "Act", "Action", "Kept", "User", "Workspace"]


def __getattr__(name: str) -> object:
    # The engine of the store takes as long to load as a small file to read, so it is loaded once something of it is named.
    if name not in _IN_KEPT:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("dashboard.workspace.kept"), name)
