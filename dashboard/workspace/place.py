"""Where kept reports lie, and whether there may be any; told without the engine of the store, which takes long to load."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

LOCAL = "local"
"""The owner where there is one user."""
CATALOGUE = "catalogue.sqlite"
"""The file that holds everything, where the store is a folder."""
MARKER = "workspace.json"
"""The file beside it that names the store."""


class StoreProblem(Exception):
    """What the workspace cannot do, and why, in a sentence or two for its user."""


def default_place() -> str | Path:
    """The database that `DATABASE_URL` names, else the folder `TRANSPARENCY_DATA`, else the user's own data folder."""
    if address := os.environ.get("DATABASE_URL"):
        if "://" not in address:
            raise StoreProblem("DATABASE_URL must be the address of a PostgreSQL database, like postgresql://user:password@host/name.")
        return address
    return Path(os.environ.get("TRANSPARENCY_DATA") or platformdirs.user_data_path("transparency", appauthor=False))


def may_hold_reports(address: str | Path) -> bool:
    """Whether anything was ever kept at a place; of a database that is only known once it is asked."""
    if isinstance(address, str) and "://" in address:
        return True
    folder = Path(address).expanduser().absolute()
    file = folder / CATALOGUE
    return (folder / MARKER).exists() or (file.exists() and file.stat().st_size > 0)
