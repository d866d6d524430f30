"""Where kept reports lie: a folder with an SQLite catalogue, or a PostgreSQL database. Both do the same few things.

A report is there once its row is committed, and its bytes are on the disk before that, so whatever stops a save leaves
nothing half kept. Rows carry a seal over all they say, and bytes lie under their SHA-256, so that damage is noticed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sql

PATIENCE_SECONDS = 30
"""How long a save waits for another one to finish."""
FORMAT = 1
"""Which form of the store this program writes."""
ORIGINALS, OBSERVATIONS = KINDS = ("originals", "observations")
"""The two kinds of bytes: files as they came, and tables of observations."""

_METADATA = sql.MetaData()
STORE = sql.Table("transparency_store", _METADATA, sql.Column("id", sql.Text, primary_key=True), sql.Column("format", sql.Integer))
KEPT = sql.Table(
    "transparency_kept",
    _METADATA,
    sql.Column("owner", sql.Text, primary_key=True),
    sql.Column("id", sql.Text, primary_key=True),
    sql.Column("original", sql.Text),
    sql.Column("observations", sql.Text),
    sql.Column("record", sql.Text),
    sql.Column("seal", sql.Text),
)
ACTIONS = sql.Table(
    "transparency_actions",
    _METADATA,
    sql.Column("number", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("owner", sql.Text),
    sql.Column("who", sql.Text),
    sql.Column("at", sql.Text),
    sql.Column("action", sql.Text),
    sql.Column("id", sql.Text),
    sql.Column("about", sql.Text),
    sql.Column("of", sql.Integer),
    sql.Column("seal", sql.Text),
)
_CATALOGUE = [STORE, KEPT, ACTIONS]
_BYTES = sql.Table("transparency_bytes", _METADATA, sql.Column("sha256", sql.Text, primary_key=True), sql.Column("data", sql.LargeBinary))


class StoreProblem(Exception):
    """What the workspace cannot do, and why, in a sentence or two for its user."""


class Folder:
    """A folder: `originals/` and `observations/` hold files under their hash, `catalogue.sqlite` says whose they are.

    `workspace.json` is the marker: it names the catalogue and how much it held at least, so that one which is lost, emptied
    or put back to an earlier state is refused instead of being taken for a new one.
    """

    def __init__(self, folder: Path):
        self.shown = str(folder)
        self.engine = _sqlite(folder / "catalogue.sqlite", "rw")
        self._folder = folder
        self._catalogue = folder / "catalogue.sqlite"
        self._marker = folder / "workspace.json"
        self._incoming = folder / "incoming"
        self._id = ""

    def exists(self) -> bool:
        """Whether anything was ever kept here; to ask leaves no trace."""
        return self._marker.exists() or self._catalogue.exists() or self._holds_files()

    def open(self) -> None:
        """Make sure that the catalogue is there and sound; a new one only where there has been none."""
        self._make_folders()
        # In this order: another process that is just making the store writes the catalogue, then the marker, then files.
        holds_files = self._holds_files()
        marker = self._marked()
        if marker is None and not holds_files:
            self._create()
        elif not _begins_as_sqlite(self._catalogue):
            raise self._damaged("it is missing or empty")
        try:
            with self.engine.connect() as connection:
                self._check(connection, marker or {})
        except sql.exc.DBAPIError as error:
            if _code(error) in _DAMAGE:
                raise self._damaged(str(error.orig)) from error
            raise

    def lock(self, connection: sql.Connection) -> None:
        """Nothing to do: the transaction began with the lock."""

    def save(self, connection: sql.Connection, kind: str, digest: str, data: bytes) -> None:
        """Put bytes under their hash, on the disk for certain; only within a change."""
        there = self.load(connection, kind, digest)
        if there is not None and hashlib.sha256(there).hexdigest() == digest:
            return
        self._write(self._folder / kind / digest, data)

    def load(self, connection: sql.Connection, kind: str, digest: str) -> bytes | None:
        """The bytes under a hash, not yet compared with it; None where there are none."""
        try:
            return (self._folder / kind / digest).read_bytes()
        except FileNotFoundError:
            return None

    def drop(self, connection: sql.Connection, used: set[str], only: set[str] | None) -> None:
        """Delete the bytes that are not used, all or only some; only within a change, so what a killed save left behind is no one's."""
        files = [file for kind in KINDS for file in (self._folder / kind).iterdir() if re.fullmatch("[0-9a-f]{64}", file.name)]
        for file in files:
            if file.name not in used and (only is None or file.name in only):
                file.unlink(missing_ok=True)
        for file in self._incoming.iterdir() if only is None else ():
            file.unlink(missing_ok=True)

    def mark(self, actions: int) -> None:
        """Note in the marker how many actions the catalogue holds at least; to fail at it loses nothing but that knowledge."""
        with contextlib.suppress(OSError):
            # Unlike the files it need not be on the disk for certain: a marker that is lost or behind costs nothing else.
            self._write(self._marker, json.dumps({"store": self._id, "actions": actions}).encode(), is_certain=False)

    def forget(self) -> None:
        """Let go of what was deleted: the write-ahead log would keep it for a while."""
        self._pragma("wal_checkpoint(TRUNCATE)")

    def files(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """Every file of a kind that is what its name says, oldest first."""
        files = (self._folder / kind).iterdir() if (self._folder / kind).is_dir() else ()
        for file in sorted(files, key=lambda file: file.stat().st_mtime_ns):
            data = file.read_bytes()
            if hashlib.sha256(data).hexdigest() == file.name:
                yield file.name, data

    def renew(self, fill: Callable[[sql.Connection], int]) -> None:
        """Set the catalogue aside and put in its place a new one, which `fill` fills, saying with how many actions."""
        self._make_folders()
        fresh = self._incoming / f"{uuid4().hex}.sqlite"
        engine = _sqlite(fresh, "rwc")
        with engine.execution_options(is_change=True).begin() as connection:
            self._id = _set_up(connection, _CATALOGUE)
            actions = fill(connection)
        aside = f"damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}"
        for part in ("-wal", "-shm", ""):
            old = self._catalogue.with_name(self._catalogue.name + part)
            if old.exists():
                os.replace(old, old.with_name(f"{aside}.sqlite{part}"))
        os.replace(fresh, self._catalogue)
        self._write_ahead()
        self._write(self._marker, json.dumps({"store": self._id, "actions": actions}).encode())

    def told(self, error: Exception, unchanged: str) -> str:
        """What went wrong and what became of the data, in words for the user."""
        code = _code(error)
        number = error.errno if isinstance(error, OSError) else None
        if code in _DAMAGE:
            return str(self._damaged(str(error.orig)))
        if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
            # SQLite does not say why; the system does, when asked in the same way.
            number = self._errno_of_writing()
        if code == sqlite3.SQLITE_BUSY:
            return f"Another process has been saving to the workspace at {self.shown} for a long time; {unchanged}. Try again in a moment."
        if code == sqlite3.SQLITE_FULL or number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return f"There is no space left for the workspace at {self.shown}; {unchanged}. Free some space and try again."
        if code == sqlite3.SQLITE_READONLY or number in (errno.EROFS, errno.EACCES, errno.EPERM):
            return f"The workspace at {self.shown} cannot be written to; {unchanged}. Choose another folder by TRANSPARENCY_DATA, or its permissions."
        if number in (errno.EMFILE, errno.ENFILE):
            return f"The system has no file handles left; {unchanged}. Try again in a moment."
        why = os.strerror(number).lower() if number else str(getattr(error, "orig", None) or error)
        return f"The workspace at {self.shown} cannot be used ({why}); {unchanged}."

    def _make_folders(self) -> None:
        for folder in (self._folder, self._incoming, *(self._folder / kind for kind in KINDS)):
            if not folder.is_dir():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                _sync(folder.parent)

    def _holds_files(self) -> bool:
        return any(any((self._folder / kind).iterdir()) for kind in KINDS if (self._folder / kind).is_dir())

    def _marked(self) -> dict | None:
        # None where there is no marker; nothing in it where it is damaged.
        try:
            marker = json.loads(self._marker.read_bytes())
            return marker if {"store", "actions"} <= set(marker) and isinstance(marker["actions"], int) else {}
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):
            return {}

    def _create(self) -> None:
        os.close(os.open(self._catalogue, os.O_RDWR | os.O_CREAT, 0o600))
        self._write_ahead()
        with self.engine.execution_options(is_change=True).begin() as connection:
            _set_up(connection, _CATALOGUE)

    def _write_ahead(self) -> None:
        # SQLite does not wait for its turn here as it does elsewhere.
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self._pragma("journal_mode=WAL")
                return
            except sql.exc.DBAPIError as error:
                if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
            time.sleep(0.02)

    def _pragma(self, setting: str) -> None:
        # Outside any transaction, which SQLAlchemy would begin.
        try:
            with contextlib.closing(self.engine.raw_connection()) as connection:
                connection.cursor().execute(f"PRAGMA {setting}")
        except sqlite3.Error as error:
            raise sql.exc.DatabaseError(f"PRAGMA {setting}", None, error) from error

    def _check(self, connection: sql.Connection, marker: dict) -> None:
        found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
        if found != "ok":
            raise self._damaged(str(found))
        store = connection.execute(sql.select(STORE)).first()
        actions = connection.execute(sql.select(sql.func.max(ACTIONS.c.number))).scalar() or 0
        if store is None or marker.get("store", store.id) != store.id:
            raise self._damaged("it is not the one that was here")
        _check_format(store.format)
        if actions < marker.get("actions", 0):
            raise self._damaged("it lacks what was saved last")
        self._id = store.id
        if not marker:
            self.mark(actions)

    def _damaged(self, why: str) -> StoreProblem:
        return StoreProblem(
            f"The catalogue of the workspace at {self.shown} is damaged ({why}), so nothing is read from it and nothing saved. "
            "The kept files are beside it: stop the dashboard and run `transparency workspace repair`."
        )

    def _write(self, path: Path, data: bytes, is_certain: bool = True) -> None:
        temporary = self._incoming / f"{path.name}-{os.getpid()}-{threading.get_ident()}"
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            if is_certain:
                os.fsync(file.fileno())
        os.replace(temporary, path)
        if is_certain:
            _sync(path.parent)

    def _errno_of_writing(self) -> int | None:
        probe = self._incoming / f"probe-{os.getpid()}-{threading.get_ident()}"
        try:
            self._write(probe, bytes(64 * 1024))
        except OSError as error:
            return error.errno
        finally:
            with contextlib.suppress(OSError):
                probe.unlink(missing_ok=True)
        return None


class Database:
    """A PostgreSQL database, which holds bytes and catalogue alike, so that several servers share it."""

    def __init__(self, address: str):
        try:
            url = sql.engine.make_url(address)
        except (sql.exc.ArgumentError, ValueError):
            raise StoreProblem("The database address cannot be read; write it like postgresql://user:password@host/name.") from None
        if url.drivername not in ("postgres", "postgresql", "postgresql+psycopg"):
            raise StoreProblem(f"The database address begins with {url.drivername}://; a workspace needs postgresql://.")
        # A password may also stand among the options behind the question mark.
        self.shown = url.set(query={}).render_as_string(hide_password=True)
        try:
            # No connection waits unused, so there is none to find broken after the database was started again.
            self.engine = sql.create_engine(
                url.set(drivername="postgresql+psycopg"), poolclass=sql.NullPool, connect_args={"connect_timeout": 10}
            )
        except ModuleNotFoundError:
            raise StoreProblem("A PostgreSQL workspace needs its driver: install the package with its extra `postgres`.") from None

    def exists(self) -> bool:
        """Whether there is a store; in a database it is made when it is first looked at."""
        return True

    def open(self) -> None:
        """Make sure that the tables are there."""
        with self.engine.begin() as connection:
            self.lock(connection)
            _set_up(connection, [*_CATALOGUE, _BYTES])
            _check_format(connection.execute(sql.select(STORE.c.format)).scalar_one())

    def lock(self, connection: sql.Connection) -> None:
        """Wait until no other change is under way; the lock goes with the transaction."""
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'")
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('transparency workspace'))")

    def save(self, connection: sql.Connection, kind: str, digest: str, data: bytes) -> None:
        """Put bytes under their hash; only within a change."""
        there = self.load(connection, kind, digest)
        if there is not None and hashlib.sha256(there).hexdigest() == digest:
            return
        connection.execute(sql.delete(_BYTES).where(_BYTES.c.sha256 == digest))
        connection.execute(sql.insert(_BYTES).values(sha256=digest, data=data))

    def load(self, connection: sql.Connection, kind: str, digest: str) -> bytes | None:
        """The bytes under a hash, not yet compared with it; None where there are none."""
        data = connection.execute(sql.select(_BYTES.c.data).where(_BYTES.c.sha256 == digest)).scalar()
        return None if data is None else bytes(data)

    def drop(self, connection: sql.Connection, used: set[str], only: set[str] | None) -> None:
        """Delete the bytes that are not used, all or only some; only within a change."""
        there = set(connection.execute(sql.select(_BYTES.c.sha256)).scalars())
        for digest in (there if only is None else there & only) - used:
            connection.execute(sql.delete(_BYTES).where(_BYTES.c.sha256 == digest))

    def mark(self, actions: int) -> None:
        """Nothing to do: a database does not lose its tables and come back empty."""

    def forget(self) -> None:
        """Give back the room of deleted rows; the database's own log and backups are its keeper's."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM {KEPT.name}, {_BYTES.name}")

    def told(self, error: Exception, unchanged: str) -> str:
        """What went wrong and what became of the data, in words for the user."""
        state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
        if state == "55P03":
            return f"Another process has been saving to the workspace at {self.shown} for a long time; {unchanged}. Try again in a moment."
        if state == "53100":
            return f"There is no space left for the workspace at {self.shown}; {unchanged}. Free some space and try again."
        if state in ("42501", "25006"):
            return f"The workspace at {self.shown} cannot be written to; {unchanged}. Ask for the right to write to this database."
        if state.startswith(("XX", "42")):
            return f"The workspace at {self.shown} is damaged ({_first_line(error)}); {unchanged}. Restore it from a backup."
        if not state or state.startswith(("08", "28", "3D", "53", "57")):
            return f"The workspace at {self.shown} cannot be reached ({_first_line(error)}); {unchanged}."
        return f"The workspace at {self.shown} cannot be used ({_first_line(error)}); {unchanged}."


def seal(*values: object) -> str:
    """A hash over all that a row says."""
    return hashlib.sha256(ascii(values).encode()).hexdigest()


def is_sealed(row: sql.Row) -> bool:
    """Whether a row still says what it said when it was written; its seal stands last."""
    *values, sealed = row
    return seal(*values) == sealed


_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def _sqlite(path: Path, mode: str) -> sql.Engine:
    # A connection for each use: none is carried into a forked process, and none keeps a file handle.
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(f"{path.as_uri()}?mode={mode}", uri=True, timeout=PATIENCE_SECONDS, isolation_level=None)
        # A flipped bit may leave a text that is no UTF-8: it is read, and then its seal is broken.
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        for setting in ("synchronous=FULL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {setting}").close()
        return connection

    engine = sql.create_engine("sqlite://", creator=connect, poolclass=sql.NullPool)

    @sql.event.listens_for(engine, "begin")
    def begin(connection: sql.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("is_change") else "BEGIN")

    return engine


def _sync(folder: Path) -> None:
    # A new name in a folder is on the disk for certain once the folder is.
    if os.name != "posix":  # elsewhere a folder cannot be opened, and need not be
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _set_up(connection: sql.Connection, tables: list[sql.Table]) -> str:
    _METADATA.create_all(connection, tables)
    there = connection.execute(sql.select(STORE.c.id)).scalar()
    if there is None:
        there = uuid4().hex
        connection.execute(sql.insert(STORE).values(id=there, format=FORMAT))
    return there


def _check_format(found: int) -> None:
    if found != FORMAT:
        raise StoreProblem("The workspace was made by a newer version of this program; install that one to use it.")


def _code(error: Exception) -> int | None:
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _begins_as_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except FileNotFoundError:
        return False


def _first_line(error: Exception) -> str:
    text = str(getattr(error, "orig", None) or error).strip().splitlines()
    return text[0] if text else type(error).__name__
