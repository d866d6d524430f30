"""Where kept reports lie, and whether there may be any; told without the engine of the store, which takes long to load."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import platformdirs

LOCAL = "local"
"""The owner where there is one user."""
CATALOGUE = "catalogue.sqlite"
"""The file that holds everything, where the store is a folder."""
MARKER = "workspace.json"
"""The file beside it that names the store."""

KEPT_TABLE = "transparency_kept"
"""The table of the store with a row for each kept report."""


class StoreProblem(Exception):
    """What the workspace cannot do, and why, in a sentence or two for its user."""


def default_place() -> str | Path:
    """The database that `DATABASE_URL` names, else the folder `TRANSPARENCY_DATA`, else the user's own data folder."""
    if address := os.environ.get("DATABASE_URL"):
        if "://" not in address:
            raise StoreProblem("DATABASE_URL must be the address of a PostgreSQL database, like postgresql://user:password@host/name.")
        return address
    return data_folder()


def data_folder() -> Path:
    """The folder `TRANSPARENCY_DATA`, else the user's own data folder: the reports and the key of this installation lie there."""
    return folder_of(os.environ.get("TRANSPARENCY_DATA") or platformdirs.user_data_path("transparency", appauthor=False))


def is_named() -> bool:
    """Whether somebody has said where reports are to be kept."""
    return bool(os.environ.get("DATABASE_URL") or os.environ.get("TRANSPARENCY_DATA"))


def folder_of(address: str | Path) -> Path | None:
    """The folder that an address names; None where it names a database. Raises `StoreProblem` for the folder of a user whom there is not."""
    if isinstance(address, str) and "://" in address:
        return None
    try:
        return Path(address).expanduser().absolute()
    except RuntimeError:
        raise StoreProblem(f"The workspace cannot be at {address}: there is no such user. Name the folder from the root on.") from None


def may_hold_reports(address: str | Path) -> bool:
    """Whether anything was ever kept at a place; of a database, or a folder that cannot be looked into, that is only known once it is used."""
    folder = folder_of(address)
    if folder is None:
        return True
    file = folder / CATALOGUE
    try:
        return (folder / MARKER).exists() or (file.exists() and file.stat().st_size > 0)
    except OSError:
        return True


def holds_no_report(address: str | Path) -> bool:
    """Whether it is seen at once, without the engine of the store, that nothing is kept at a place; False where that is not sure."""
    if not may_hold_reports(address):
        return True
    folder = folder_of(address)
    if folder is None or not (folder / CATALOGUE).exists():
        return False
    try:
        with closing(sqlite3.connect(f"{(folder / CATALOGUE).as_uri()}?mode=ro", uri=True, timeout=0)) as store:
            return store.execute(f"SELECT 1 FROM {KEPT_TABLE} LIMIT 1").fetchone() is None
    except sqlite3.Error:
        return False
