"""Where kept reports lie: four tables on SQLAlchemy, in an SQLite file by default or in a PostgreSQL database; a fifth one has the sign-outs.

The bytes of a report, its row and the line of the history are one transaction, so whatever stops a save leaves all or nothing.
Rows carry a seal over all they say, and bytes lie under their SHA-256, so that damage is noticed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import sqlalchemy as sql

from dashboard.workspace import faults
from dashboard.workspace.faults import Fault
from dashboard.workspace.place import CATALOGUE, KEPT_TABLE, MARKER, StoreProblem, folder_of, may_hold_reports

PATIENCE_SECONDS = 30
"""How long a save waits for another one to finish."""
SETTLED_SECONDS = 3
"""After so long a change of a file has another time than any before it, on every file system in use."""
FORMAT = 1
"""Which form of the store this program writes."""
RESERVE_BYTES = 1024 * 1024
"""Room kept free beside an SQLite file, so that what is there can still be deleted when the disk is full."""

_METADATA = sql.MetaData()
STORE = sql.Table("transparency_store", _METADATA, sql.Column("id", sql.Text, primary_key=True), sql.Column("format", sql.Integer))
KEPT = sql.Table(
    KEPT_TABLE,
    _METADATA,
    *(sql.Column(name, sql.Text, primary_key=True) for name in ("owner", "id")),
    *(sql.Column(name, sql.Text) for name in ("original", "observations", "record", "seal")),
)
ACTIONS = sql.Table(
    "transparency_actions",
    _METADATA,
    sql.Column("number", sql.Integer, primary_key=True, autoincrement=False),
    *(sql.Column(name, sql.Text) for name in ("owner", "who", "at", "action", "id", "about")),
    sql.Column("of", sql.Integer),
    sql.Column("seal", sql.Text),
)
BYTES = sql.Table("transparency_bytes", _METADATA, sql.Column("sha256", sql.Text, primary_key=True), sql.Column("data", sql.LargeBinary))
SIGN_OUTS = sql.Table("transparency_sign_outs", sql.MetaData(), sql.Column("user", sql.Text, primary_key=True), sql.Column("at", sql.Float))
"""Made by the first sign-out, so that a database in which this program may make no table is used as before."""

Result = TypeVar("Result")
Work = Callable[[sql.Connection], Result]


class Store:
    """The tables of kept reports. Reading leaves no trace; the tables are made by the first change.

    `place` is a folder, in which `catalogue.sqlite` holds everything, or the address of a PostgreSQL database. Beside the file
    lies a marker, which names the store and how much it held at least, so that a file that is lost, emptied or put back to an
    earlier state is refused instead of being taken for a new one.
    """

    def __init__(self, address: str | Path) -> None:
        self.folder = folder_of(address)
        if self.folder is None:
            self.shown, self.engine = _postgres(str(address))
        else:
            self.file, self._marker, self._scratch, self._reserve = (
                self.folder / name for name in (CATALOGUE, MARKER, "workspace.json.new", "reserve")
            )
            self.shown, self.engine = str(self.folder), _sqlite(self.file)
        self._opening = threading.Lock()
        self._is_open = False

    def stamp(self) -> tuple[int, ...]:
        """What the system says of the file, which equal stamps mean is unchanged; empty where that is not certain, as of a database.

        A file system counts time in steps: of a file that was changed within the last seconds, a further change might not show.
        """
        if self.folder is None:
            return ()
        stamps: list[int] = []
        for name in (self.file, f"{self.file}-wal"):
            with contextlib.suppress(OSError):
                state = os.stat(name)
                if time.time_ns() - max(state.st_mtime_ns, state.st_ctime_ns) < SETTLED_SECONDS * 1_000_000_000:
                    return ()
                stamps += [state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns]
        return tuple(stamps)

    def look(self, work: Work, nothing: Result) -> Result:
        """What `work` reads in one transaction; `nothing` where nothing has ever been kept."""
        with self._explaining("nothing was changed"):
            if not self._open():
                return nothing
            with self.engine.begin() as connection:
                return work(connection)

    def change(self, work: Work, unchanged: str, *, frees_space: bool = False) -> Result:
        """What `work` does in one transaction that has the only write lock from its first moment; `unchanged` says what a failure means.

        A change that `frees_space` may use the room that is kept free for it.
        """
        with self._explaining(unchanged) as outcome:
            self._open(create=True)
            try:
                result = self._changed(work, outcome)
            except (OSError, sql.exc.DBAPIError) as error:
                if not (frees_space and self._fault(error) is Fault.FULL and self._release_reserve()):
                    raise
                result = self._changed(work, outcome)
        self._write_marker()
        return result

    def give_back(self) -> None:
        """Let go of the room and the traces of what was deleted; a database's own log and backups are its keeper's."""
        with self._explaining("what was deleted is off the list, and its bytes go when the workspace is next changed"):
            if self.folder is None:
                with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql(f"VACUUM {KEPT.name}, {BYTES.name}")
                return
            with self._raw() as connection:
                # In steps, each of which needs little room: pages from the end of the file take the place of free ones.
                while connection.execute("PRAGMA freelist_count").fetchone()[0]:
                    connection.execute("PRAGMA incremental_vacuum(128)").fetchall()
        self._keep_reserve()

    def exists(self) -> bool:
        """Whether anything was ever kept here; a database is made when it is first looked at."""
        return self.folder is None or may_hold_reports(self.folder)

    def damaged(self, why: str) -> StoreProblem:
        """The refusal of a store that is not what it was."""
        return StoreProblem(self._sentence(Fault.DAMAGED, "", why))

    def salvaged(self) -> Iterator[bytes]:
        """Whatever bytes of a damaged file can still be read and are what their hash says."""
        if not _begins_as_sqlite(self.file):
            return
        with contextlib.closing(sqlite3.connect(f"{self.file.as_uri()}?mode=ro", uri=True)) as file:
            number, last = 0, _GAP
            while number < last:
                number += 1
                with contextlib.suppress(sqlite3.Error):
                    row = file.execute(f"SELECT sha256, data FROM {BYTES.name} WHERE rowid = ?", [number]).fetchone()
                    last = number + _GAP if row else last
                    if row and isinstance(row[1], bytes) and is_sound(row[1], row[0]):
                        yield row[1]

    def renew(self, work: Work) -> Result:
        """Put in the place of a damaged file a new one that `work` fills; the damaged one stays beside it under another name."""
        fresh = Store(self.folder / f"fresh-{uuid4().hex}")
        try:
            result = fresh.change(work, "nothing was changed")
            with self._opening, self._explaining("nothing was changed"):
                os.replace(self.file, self.folder / f"damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}.sqlite")
                os.replace(fresh.file, self.file)
                os.replace(fresh._marker, self._marker)
                self._is_open = False
        finally:
            shutil.rmtree(fresh.folder, ignore_errors=True)
        return result

    def _changed(self, work: Work, outcome: dict) -> Result:
        with self.engine.execution_options(is_change=True).connect() as connection:
            with connection.begin() as transaction:
                if self.folder is None:
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'")
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('transparency workspace'))")
                result = work(connection)
                # A database that goes away while it commits may have committed.
                outcome["is_open"] = self.folder is None
                transaction.commit()
                outcome["is_open"] = False
            return result

    @contextlib.contextmanager
    def _explaining(self, unchanged: str) -> Iterator[dict]:
        outcome = {"is_open": False}
        try:
            yield outcome
        except (OSError, sqlite3.Error, sql.exc.DBAPIError) as error:
            if outcome["is_open"]:
                unchanged = "whether the change was saved is not known, so look at the list before you try again"
            raise StoreProblem(self._sentence(self._fault(error), unchanged, faults.why(error))) from error

    def _sentence(self, fault: Fault, unchanged: str, why: str) -> str:
        if fault is Fault.DAMAGED:
            remedy = "Restore it from a backup" + (", or save what can be read by `transparency workspace repair`." if self.folder else ".")
        elif self.folder:
            remedy = "Choose another folder by TRANSPARENCY_DATA, or change its permissions."
        else:
            remedy = "Ask for the right to write to this database."
        return fault.value.format(at=self.shown, unchanged=unchanged, why=why, remedy=remedy)

    def _fault(self, error: Exception) -> Fault:
        if self.folder is None:
            return faults.of_database(error)
        return faults.of_file(error, self._errno_of_writing)

    def _open(self, create: bool = False) -> bool:
        # Whether there is a store to read from; with `create` there is one afterwards.
        with self._opening:
            if self._is_open:
                if not self.exists():
                    raise StoreProblem(f"The workspace at {self.shown} is gone: it was there when this program began. Bring it back.")
                return True
            if self.folder is None:
                self._changed(_set_up, {})
                self._is_open = True
            else:
                self._is_open = self._open_file(create)
            return self._is_open

    def _open_file(self, create: bool) -> bool:
        # The marker first: a process that is just making the store writes it after the file.
        marker = self._marker_content()
        if marker is None and create:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._create()
        elif marker is None and not self._has_tables():
            return False
        elif not _begins_as_sqlite(self.file):
            raise self.damaged("it is missing or empty")
        self._check(marker or {})
        if (self.folder / "originals").is_dir():
            self._take_in_files()
        return True

    def _has_tables(self) -> bool:
        if not _begins_as_sqlite(self.file):
            return False
        with self.engine.begin() as connection:
            return sql.inspect(connection).has_table(STORE.name)

    def _create(self) -> None:
        os.close(os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600))
        self._keep_reserve()
        with self._raw() as connection:
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
            if not _begins_as_sqlite(self.file):
                connection.execute("VACUUM")  # which writes the setting down
        self._changed(_set_up, {})
        self._write_marker()

    def _check(self, marker: dict) -> None:
        try:
            with self.engine.begin() as connection:
                state = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
                if state != "ok":
                    raise self.damaged(str(state))
                store, actions = _state(connection)
        except sql.exc.DBAPIError as error:
            if self._fault(error) is Fault.DAMAGED:
                raise self.damaged(faults.why(error)) from error
            raise
        if store is None or marker.get("store", store.id) != store.id:
            raise self.damaged("it is not the one that was here")
        if actions < marker.get("actions", 0):
            raise self.damaged("it lacks what was saved last")

    def _take_in_files(self) -> None:
        # An earlier version of this program kept the bytes as files beside the catalogue.
        files = [file for kind in ("originals", "observations") for file in (self.folder / kind).glob("?" * 64)]

        def take_in(connection: sql.Connection) -> None:
            _METADATA.create_all(connection, [BYTES])
            for file in files:
                save(connection, file.name, file.read_bytes())

        with self._raw() as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        self._changed(take_in, {})
        with self._raw() as connection:
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
            connection.execute("VACUUM")
        for file in files:
            file.unlink(missing_ok=True)
        for kind in ("originals", "observations", "incoming"):
            with contextlib.suppress(OSError):
                (self.folder / kind).rmdir()

    def _write_marker(self) -> None:
        # To fail at it loses nothing but the knowledge of how much there was.
        if self.folder is None:
            return
        with contextlib.suppress(OSError, sql.exc.DBAPIError, StoreProblem):
            with self.engine.begin() as connection:
                store, actions = _state(connection)
            text = json.dumps({"store": store.id, "actions": actions, "seal": seal(store.id, actions)})
            with os.fdopen(os.open(self._scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(text.encode())
            # Whoever wrote one at the same moment may have moved it there.
            os.replace(self._scratch, self._marker)

    def _marker_content(self) -> dict | None:
        # None where there is no marker; nothing in it where it is damaged.
        try:
            marker = json.loads(self._marker.read_bytes())
            return marker if seal(marker["store"], marker["actions"]) == marker["seal"] else {}
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError):
            return {}

    def _keep_reserve(self) -> None:
        # Where there is no room for it, there is none to keep free.
        with contextlib.suppress(OSError):
            if not self._reserve.exists():
                try:
                    with os.fdopen(os.open(self._reserve, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                        file.write(os.urandom(RESERVE_BYTES))
                except OSError:
                    self._reserve.unlink(missing_ok=True)

    def _release_reserve(self) -> bool:
        with contextlib.suppress(OSError):
            self._reserve.unlink()
            return True
        return False

    @contextlib.contextmanager
    def _raw(self) -> Iterator[sqlite3.Connection]:
        # Outside any transaction, which SQLAlchemy would begin.
        with contextlib.closing(self.engine.raw_connection()) as connection:
            yield connection.driver_connection

    def _errno_of_writing(self) -> int | None:
        try:
            with os.fdopen(os.open(self._scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(bytes(64 * 1024))
                file.flush()
                os.pwrite(file.fileno(), b"0", self.file.stat().st_size + RESERVE_BYTES)
                for handle in [os.dup(file.fileno()) for _ in range(3)]:  # it has its journal and the folder open besides
                    os.close(handle)
        except OSError as error:
            return error.errno
        finally:
            with contextlib.suppress(OSError):
                self._scratch.unlink(missing_ok=True)
        return None


def save(connection: sql.Connection, digest: str, data: bytes) -> None:
    """Put bytes under their hash, unless they are there and sound; only within a change."""
    if is_sound(load(connection, digest), digest):
        return
    connection.execute(sql.delete(BYTES).where(BYTES.c.sha256 == digest))
    connection.execute(sql.insert(BYTES).values(sha256=digest, data=data))


def load(connection: sql.Connection, digest: str) -> bytes | None:
    """The bytes under a hash, not yet compared with it; None where there are none."""
    data = connection.execute(sql.select(BYTES.c.data).where(BYTES.c.sha256 == digest)).scalar()
    return None if data is None else bytes(data)


def is_sound(data: bytes | None, digest: str) -> bool:
    """Whether bytes are there and are those of a hash."""
    return data is not None and hashlib.sha256(data).hexdigest() == digest


def seal(*values: object) -> str:
    """A hash over all that a row says."""
    return hashlib.sha256(ascii(values).encode()).hexdigest()


def is_sealed(row: sql.Row) -> bool:
    """Whether a row still says what it said when it was written; its seal stands last."""
    *values, sealed = row
    return seal(*values) == sealed


def copy(source: Store, target: Store) -> int:
    """Copy everything of one store into another that is empty; how many reports there are. What is damaged is refused, not copied."""

    def copied(read: sql.Connection) -> int:
        def write(connection: sql.Connection) -> int:
            if connection.execute(sql.select(ACTIONS.c.number)).first():
                raise StoreProblem(f"There is something in {target.shown} already; nothing was written. Name an empty place.")
            for table in (KEPT, ACTIONS):
                for row in read.execute(sql.select(table)):
                    if not is_sealed(row):
                        raise source.damaged("a row has changed")
                    connection.execute(sql.insert(table).values(**row._mapping))
            for digest in read.execute(sql.select(BYTES.c.sha256)).scalars().all():
                data = load(read, digest)
                if not is_sound(data, digest):
                    raise source.damaged("the bytes of a file have changed")
                connection.execute(sql.insert(BYTES).values(sha256=digest, data=data))
            if sql.inspect(read).has_table(SIGN_OUTS.name):
                for row in read.execute(sql.select(SIGN_OUTS)):
                    note_sign_out(connection, row.user, row.at)
            return connection.execute(sql.select(sql.func.count()).select_from(KEPT)).scalar_one()

        return target.change(write, "nothing was written")

    if source.folder is None:
        source.engine.update_execution_options(isolation_level="REPEATABLE READ")
    return source.look(copied, 0)


def note_sign_out(connection: sql.Connection, user: str, at: float) -> None:
    """Note when every sign-in of a user that began before is over, unless a later moment is noted already."""
    SIGN_OUTS.create(connection, checkfirst=True)
    last = max(at, signed_out_at(connection, user))
    connection.execute(sql.delete(SIGN_OUTS).where(SIGN_OUTS.c.user == user))
    connection.execute(sql.insert(SIGN_OUTS).values(user=user, at=last))


def signed_out_at(connection: sql.Connection, user: str) -> float:
    """The last such moment of a user, in seconds since 1970; 0 where there is none."""
    return connection.execute(sql.select(SIGN_OUTS.c.at).where(SIGN_OUTS.c.user == user)).scalar() or 0.0


_GAP = 1000  # so many numbers of rows may be unreadable, or of rows that were deleted, before the last one


def _sqlite(path: Path) -> sql.Engine:
    # A connection for each use: none is carried into a forked process, and none keeps a file handle.
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=PATIENCE_SECONDS, isolation_level=None)
        # A flipped bit may leave a text that is no UTF-8: it is read, and then its seal is broken.
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        # What is deleted in the middle of the file is overwritten or cut off by `give_back`.
        for setting in ("synchronous=EXTRA", "secure_delete=FAST"):
            connection.execute(f"PRAGMA {setting}").close()
        return connection

    engine = sql.create_engine("sqlite://", creator=connect, poolclass=sql.NullPool)

    @sql.event.listens_for(engine, "begin")
    def begin(connection: sql.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("is_change") else "BEGIN")

    return engine


def _postgres(address: str) -> tuple[str, sql.Engine]:
    try:
        url = sql.engine.make_url(address)
    except (sql.exc.ArgumentError, ValueError):
        raise StoreProblem("The database address cannot be read; write it like postgresql://user:password@host/name.") from None
    if url.drivername not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise StoreProblem(f"The database address begins with {url.drivername}://; a workspace needs postgresql://.")
    # A password may also stand among the options behind the question mark.
    shown = url.set(query={}).render_as_string(hide_password=True)
    try:
        # A connection is tried before it is used again, so the database may be restarted meanwhile.
        engine = sql.create_engine(
            url.set(drivername="postgresql+psycopg"), pool_size=2, pool_pre_ping=True, connect_args={"connect_timeout": 10}
        )
    except ModuleNotFoundError:
        raise StoreProblem("A PostgreSQL workspace needs its driver: install the package with its extra `postgres`.") from None
    return shown, engine


def _set_up(connection: sql.Connection) -> None:
    _METADATA.create_all(connection)
    store, _ = _state(connection)
    if store is None:
        connection.execute(sql.insert(STORE).values(id=uuid4().hex, format=FORMAT))


def _state(connection: sql.Connection) -> tuple[sql.Row | None, int]:
    # The row that names the store, and how many actions the history holds; refused where a newer program made it.
    store = connection.execute(sql.select(STORE)).first()
    if store is not None and store.format > FORMAT:
        raise StoreProblem("The workspace was made by a newer version of this program; install that one to use it.")
    return store, connection.execute(sql.select(sql.func.max(ACTIONS.c.number))).scalar() or 0


def _begins_as_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except FileNotFoundError:
        return False
