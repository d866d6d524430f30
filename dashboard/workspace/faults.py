"""Why an operation on the store of kept reports failed, by what the system, SQLite or PostgreSQL tells."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from enum import Enum


class Fault(Enum):
    """Why an operation on the store failed; each with the sentence for its user."""

    BUSY = "Another process has been saving to the workspace at {at} for a long time; {unchanged}. Try again in a moment."
    FULL = (
        "There is no space left for the workspace at {at}; {unchanged}. Free some space, or delete a kept report for good, and try again."
    )
    READ_ONLY = "The workspace at {at} cannot be written to; {unchanged}. {remedy}"
    NO_HANDLES = "The system has no file handles left; {unchanged}. Try again in a moment."
    DAMAGED = "The workspace at {at} is damaged ({why}), so nothing is read from it and nothing saved. {remedy}"
    UNREACHABLE = "The workspace at {at} cannot be reached ({why}); {unchanged}."
    OTHER = "The workspace at {at} cannot be used ({why}); {unchanged}."


_SQLITE_FAULTS = {
    **dict.fromkeys((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR), Fault.DAMAGED),
    sqlite3.SQLITE_BUSY: Fault.BUSY,
    sqlite3.SQLITE_FULL: Fault.FULL,
    sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
}
_POSTGRES_FAULTS = {
    **{"55P03": Fault.BUSY, "53100": Fault.FULL, "42501": Fault.READ_ONLY, "25006": Fault.READ_ONLY},
    **dict.fromkeys(("XX", "42"), Fault.DAMAGED),
    **dict.fromkeys(("", "08", "28", "3D", "53", "57"), Fault.UNREACHABLE),
}
"""By the state that PostgreSQL tells, or its first two letters; without one it was not reached."""
_SYSTEM_FAULTS = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), Fault.FULL),
    **dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), Fault.READ_ONLY),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), Fault.NO_HANDLES),
}


def of_database(error: Exception) -> Fault:
    """Why PostgreSQL did not do it."""
    state = getattr(_cause(error), "sqlstate", None) or ""
    return _POSTGRES_FAULTS.get(state) or _POSTGRES_FAULTS.get(state[:2], Fault.OTHER)


def of_file(error: Exception, errno_of_writing: Callable[[], int | None]) -> Fault:
    """Why it could not be done with an SQLite file; where SQLite does not say, `errno_of_writing` tries what the system says."""
    cause = _cause(error)
    number = cause.errno if isinstance(cause, OSError) else None
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        code &= 0xFF
        if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
            number = errno_of_writing()
    return _SQLITE_FAULTS.get(code) or _SYSTEM_FAULTS.get(number) or Fault.OTHER


def why(error: Exception) -> str:
    """The cause in the words of the system or of the database, in one line."""
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno).lower()
    lines = str(_cause(error)).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _cause(error: Exception) -> Exception:
    return getattr(error, "orig", None) or error
