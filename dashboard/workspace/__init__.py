"""Reports that a visitor chose to keep, with their files and a history of what was kept, shared and deleted."""

from dashboard.workspace.kept import ALONE, DAYS_TO_RESTORE, LOCAL, Act, Action, Kept, User, Workspace, default_place
from dashboard.workspace.quotas import Quotas
from dashboard.workspace.store import StoreProblem

__all__ = ["ALONE", "DAYS_TO_RESTORE", "LOCAL", "Act", "Action", "Kept", "Quotas", "StoreProblem", "User", "Workspace", "default_place"]
