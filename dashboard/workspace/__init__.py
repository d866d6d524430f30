"""Reports that a visitor chose to keep, with their files and a history of what was kept and deleted."""

from dashboard.workspace.kept import (
    LOCAL,
    Action,
    Kept,
    Workspace,
    default_place,
)

__all__ = [
    "LOCAL",
    "Action",
    "Kept",
    "Workspace",
    "default_place",
]
