"""The reports that a visitor chose to keep: kept once, read back as they were accepted or not at all, undone, deleted."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import platformdirs
import pyarrow as arrow
import pyarrow.parquet
import sqlalchemy as sql

from dashboard.catalog import own_reports
from dashboard.catalog.own_reports import Report
from dashboard.model import periods
from dashboard.reports.problems import Problem
from dashboard.workspace.stores import ACTIONS, KEPT, OBSERVATIONS, ORIGINALS, Database, Folder, StoreProblem, is_sealed, seal

LOCAL = "local"
"""The owner where there is one user."""


@dataclass(frozen=True)
class Kept:
    """One kept report as a list shows it. `damage` says why it cannot be used; `already` that the same had been kept before."""

    id: str
    name: str
    by: str = ""
    at: str = ""
    reporters: tuple[str, ...] = ()
    period: str = ""
    observations: int = 0
    problems: int = 0
    size: int = 0
    damage: str = ""
    already: bool = False


@dataclass(frozen=True)
class Action:
    """One line of the history: who did what to which report, and when. `action` is `kept`, `undone` or `deleted`."""

    number: int
    at: str
    who: str
    action: str
    id: str
    name: str
    observations: int


class Workspace:
    """Kept reports, in a folder or in a team's database. Every operation is an owner's, and gives nothing of another owner.

    Every operation may raise `StoreProblem`; what it was to change is then unchanged, or the sentence says what became of it.
    """

    def __init__(self, place: str | Path | None = None) -> None:
        """`place` is a folder or the address of a PostgreSQL database; without one, `default_place`. Nothing is touched before it is used."""
        place = default_place() if place is None else place
        self._store = Database(place) if isinstance(place, str) and "://" in place else Folder(Path(place).expanduser().absolute())
        self._opening = threading.Lock()
        self._is_open = False

    @property
    def path(self) -> str:
        """Where the reports are kept, as shown: the folder, or the database without its password."""
        return self._store.shown

    def keep(self, report: Report, owner: str = LOCAL, who: str | None = None) -> Kept:
        """Keep a report: once this returns, it is safe. The same report again is kept once, and `already` says so."""
        if report.data is None:
            raise ValueError("a report that comes out of a workspace is kept already")
        record = _record(report, owner, who or owner)
        table = _parquet(report.observations, record)
        digests = {"original": report.sha256, "observations": hashlib.sha256(table).hexdigest()}
        with self._changing("nothing was kept") as connection:
            there = self._entries(connection, owner).get(report.id)
            if there and not self._damage(connection, there):
                return replace(_listed(there), already=True)
            connection.execute(sql.delete(KEPT).where(KEPT.c.owner == owner, KEPT.c.id == report.id))
            self._store.save(connection, ORIGINALS, digests["original"], report.data)
            self._store.save(connection, OBSERVATIONS, digests["observations"], table)
            entry = _insert(connection, record, **digests)
            action = _log(connection, owner, who or owner, "kept", entry)
        self._store.mark(action.number)
        return _listed(entry)

    def reports(self, owner: str = LOCAL, *, check: bool = False) -> list[Kept]:
        """What the owner has kept, oldest first, each damaged one with its `damage`; `check` also reads every file through."""
        with self._looking() as connection:
            entries = self._entries(connection, owner).values() if connection is not None else ()
            return [_listed(entry, self._damage(connection, entry, in_full=check)) for entry in entries]

    def read(self, owner: str, id_: str) -> Report:
        """One kept report as it was accepted, compared with its hashes."""
        return _report(*self._whole(owner, id_))

    def readable(self, owner: str = LOCAL, known: Iterable[Report] = ()) -> tuple[list[Report], list[str]]:
        """All that the owner has kept and that is sound, and a sentence for each report that is not.

        What is among the reports `known` from an earlier call is not read again, as long as it is kept.
        """
        there = {report.id: report for report in known}
        reports, damages = [], []
        for kept in self.reports(owner):
            try:
                reports.append(there[kept.id] if kept.id in there and not kept.damage else self.read(owner, kept.id))
            except StoreProblem as problem:
                damages.append(str(problem))
        return reports, damages

    def original(self, owner: str, id_: str) -> tuple[str, bytes]:
        """The file of a kept report: its name, and its bytes as they came."""
        entry, loaded = self._whole(owner, id_)
        return entry.name, loaded[ORIGINALS]

    def undo(self, owner: str = LOCAL, who: str | None = None) -> Action:
        """Take back what this person kept last, as if it had never been kept. What was deleted is gone and cannot be undone."""
        who = who or owner
        with self._changing("nothing was changed") as connection:
            actions = [action for action in _actions(connection, owner) if action.who == who]
            undone = {action.of for action in actions if action.action == "undone"}
            last = next((row for row in reversed(actions) if row.action != "undone" and row.number not in undone), None)
            if last is None:
                raise StoreProblem("There is nothing to undo.")
            name = json.loads(last.about)["name"]
            if last.action == "deleted":
                raise StoreProblem(f"The last action was to delete “{name}”, and what is deleted is gone: bring the file again.")
            entry = self._entries(connection, owner).get(last.id)
            if entry is None:
                raise StoreProblem(f"“{name}” is not kept any more: somebody has deleted it.")
            action = _remove(connection, owner, who, "undone", entry, of=last.number)
        self._forget(entry, action)
        return action

    def delete(self, owner: str, id_: str, who: str | None = None) -> Action:
        """Delete a kept report for good: its bytes are gone; the history keeps its name and who deleted it."""
        with self._changing("nothing was deleted") as connection:
            entry = self._entry(connection, owner, id_)
            action = _remove(connection, owner, who or owner, "deleted", entry)
        self._forget(entry, action)
        return action

    def history(self, owner: str = LOCAL) -> list[Action]:
        """Who kept, undid and deleted what, and when, oldest first."""
        with self._looking() as connection:
            return [] if connection is None else [_action(row) for row in _actions(connection, owner)]

    def repair(self) -> int:
        """Make a damaged catalogue again out of the kept files, which say what they are; how many reports it then holds.

        A sound one stays as it is. The damaged one is set aside, not deleted. The history begins anew with what is still kept. Nothing else may use
        the workspace meanwhile.
        """
        if not isinstance(self._store, Folder):
            raise StoreProblem("A database is restored from its backup, not by this command.")
        with self._opening, self._telling("nothing was changed"):
            if not self._store.exists():
                return 0
            with contextlib.suppress(StoreProblem, sql.exc.DBAPIError):
                self._store.open()
                with self._store.engine.begin() as connection:
                    if self._is_sound(connection):
                        return len(connection.execute(sql.select(KEPT)).all())
            found = {}
            for digest, data in self._store.files(OBSERVATIONS):
                if record := _record_in(data):
                    found[record["owner"], record["id"]] = (record, digest)
            self._store.renew(lambda connection: _insert_found(connection, list(found.values())))
            self._is_open = False
        return len(found)

    @contextlib.contextmanager
    def _changing(self, unchanged: str) -> Iterator[sql.Connection]:
        # One transaction that has the only write lock from its first moment: what it reads stays true until it commits.
        with self._telling(unchanged):
            self._open()
            has_begun = False
            try:
                with self._locked() as connection:
                    has_begun = True
                    yield connection
            except (OSError, sql.exc.DBAPIError):
                if has_begun:
                    with contextlib.suppress(OSError, sql.exc.DBAPIError):
                        self._sweep()
                raise

    @contextlib.contextmanager
    def _looking(self) -> Iterator[sql.Connection | None]:
        # None where nothing has ever been kept: to look leaves no trace.
        with self._telling("nothing was changed"):
            if self._store.exists():
                self._open()
                with self._store.engine.begin() as connection:
                    yield connection
            else:
                yield None

    @contextlib.contextmanager
    def _locked(self) -> Iterator[sql.Connection]:
        with self._store.engine.execution_options(is_change=True).begin() as connection:
            self._store.lock(connection)
            yield connection

    @contextlib.contextmanager
    def _telling(self, unchanged: str) -> Iterator[None]:
        try:
            yield
        except (OSError, sql.exc.DBAPIError) as error:
            raise StoreProblem(self._store.told(error, unchanged)) from error

    def _open(self) -> None:
        with self._opening:
            if self._is_open:
                return
            self._store.open()
            # What a killed save left behind goes now; where it cannot, reading goes on, and the next opening tries again.
            with contextlib.suppress(OSError, sql.exc.DBAPIError):
                self._sweep()
            self._is_open = True

    def _sweep(self, deleted: set[str] | None = None) -> None:
        # Bytes that no row names go. A damaged catalogue may have lost the row, so then only those go that were just deleted.
        with self._locked() as connection:
            used = {digest for row in connection.execute(sql.select(KEPT)) for digest in (row.original, row.observations)}
            self._store.drop(connection, used, only=None if self._is_sound(connection) else deleted or set())

    def _is_sound(self, connection: sql.Connection) -> bool:
        # Whether every row says what it said when it was written, and none is missing that the history tells of.
        rows, actions = connection.execute(sql.select(KEPT)).all(), connection.execute(sql.select(ACTIONS)).all()
        owners = {row.owner for row in [*rows, *actions]}
        return all(is_sealed(row) for row in [*rows, *actions]) and all(
            entry.record for owner in owners for entry in self._entries(connection, owner).values()
        )

    def _forget(self, entry: _Entry, action: Action) -> None:
        self._store.mark(action.number)
        try:
            self._sweep({entry.original, entry.observations})
            self._store.forget()
        except (OSError, sql.exc.DBAPIError) as error:
            became = f"“{entry.name}” is off the list, but its bytes could not be deleted yet; they go when the workspace is next opened."
            raise StoreProblem(f"{became} {self._store.told(error, 'nothing else was changed')}") from error

    def _entry(self, connection: sql.Connection | None, owner: str, id_: str) -> _Entry:
        entry = self._entries(connection, owner).get(id_) if connection is not None else None
        if entry is None:
            raise StoreProblem(f"No report “{id_}” is kept here.")
        return entry

    def _entries(self, connection: sql.Connection, owner: str) -> dict[str, _Entry]:
        # What the history says is kept, and what the catalogue holds: a report that one of them lacks was not deleted but damaged.
        names: dict[str, str] = {}
        for action in _actions(connection, owner):
            if action.action == "kept":
                names[action.id] = json.loads(action.about)["name"]
            else:
                names.pop(action.id, None)
        rows = {str(row.id): row for row in connection.execute(sql.select(KEPT).where(KEPT.c.owner == owner).order_by(KEPT.c.id))}
        entries = {}
        for id_ in dict.fromkeys([*names, *rows]):
            row = rows.get(id_)
            if row is None:
                entries[id_] = _Entry(id_, names[id_])
            else:
                record = json.loads(row.record) if is_sealed(row) else None
                entries[id_] = _Entry(id_, record["name"] if record else names.get(id_, id_), record, row.original, row.observations)
        return entries

    def _whole(self, owner: str, id_: str) -> tuple[_Entry, dict[str, bytes]]:
        with self._looking() as connection:
            entry = self._entry(connection, owner, id_)
            loaded = self._loaded(connection, entry)
        if isinstance(loaded, str):
            with self._looking() as connection:
                # What somebody has deleted in this very moment is gone, not damaged.
                self._entry(connection, owner, id_)
            raise StoreProblem(loaded)
        return entry, loaded

    def _damage(self, connection: sql.Connection, entry: _Entry, in_full: bool = True) -> str:
        if entry.record and not in_full:
            return ""
        loaded = self._loaded(connection, entry)
        return loaded if isinstance(loaded, str) else ""

    def _loaded(self, connection: sql.Connection, entry: _Entry) -> dict[str, bytes] | str:
        # The bytes of a report by their kind, or what is damaged about it.
        if not entry.record:
            return _damaged(entry.name, "its entry in the catalogue has changed")
        loaded = {}
        for kind, digest, what in ((ORIGINALS, entry.original, "the file"), (OBSERVATIONS, entry.observations, "the table of its numbers")):
            data = self._store.load(connection, kind, digest)
            if data is None or hashlib.sha256(data).hexdigest() != digest:
                return _damaged(entry.name, f"{what} {'is missing' if data is None else 'has changed'}")
            loaded[kind] = data
        return loaded


def default_place() -> str | Path:
    """The database that `DATABASE_URL` names, else the folder `TRANSPARENCY_DATA`, else the user's own data folder."""
    if address := os.environ.get("DATABASE_URL"):
        if "://" not in address:
            raise StoreProblem("DATABASE_URL must be the address of a PostgreSQL database, like postgresql://user:password@host/name.")
        return address
    return Path(os.environ.get("TRANSPARENCY_DATA") or platformdirs.user_data_path("transparency", appauthor=False))


@dataclass(frozen=True)
class _Entry:
    # A kept report as the catalogue has it; without a record where its row is missing or damaged.
    id: str
    name: str
    record: dict | None = None
    original: str = ""
    observations: str = ""


def _record(report: Report, owner: str, who: str) -> str:
    table = report.observations
    covered = periods.Period(table["period_start"].min().date(), table["period_end"].max().date())
    return json.dumps(
        {
            "owner": owner,
            "id": report.id,
            "name": report.name,
            "sha256": report.sha256,
            "size": report.size,
            "by": who,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "observations": len(table),
            "reporters": sorted(set(table["reporter"])),
            "period": periods.label(covered),
            "documents": _texts(report.documents),
            "new_reporters": _texts(report.reporters),
            "problems": [asdict(problem) for problem in report.problems],
            "mapping": report.mapping,
        }
    )


def _texts(table: pd.DataFrame) -> list[dict[str, str]]:
    # Days as texts, everything else in these tables is one.
    days = {column: table[column].dt.strftime("%Y-%m-%d") for column in table.columns if table[column].dtype.kind == "M"}
    return table.assign(**days).to_dict("records")


def _parquet(observations: pd.DataFrame, record: str) -> bytes:
    # The table carries its record, so that the catalogue can be made again from the tables alone.
    schema = own_reports.OBSERVATIONS.with_metadata({_RECORD: record.encode()})
    target = io.BytesIO()
    arrow.parquet.write_table(arrow.Table.from_pandas(observations, schema=schema, preserve_index=False), target, compression="zstd")
    return target.getvalue()


_RECORD = b"transparency"


def _record_in(data: bytes) -> dict | None:
    try:
        record = json.loads(arrow.parquet.read_schema(io.BytesIO(data)).metadata[_RECORD])
    except (ValueError, KeyError, TypeError, OSError):
        return None
    return record


def _report(entry: _Entry, loaded: dict[str, bytes]) -> Report:
    record = entry.record
    try:
        observations = own_reports.typed(arrow.parquet.read_table(io.BytesIO(loaded[OBSERVATIONS])).to_pandas(date_as_object=False))
        own_reports.check_words(observations)
        return Report(
            entry.id,
            entry.name,
            record["sha256"],
            record["size"],
            None,
            observations,
            own_reports.as_documents(record["documents"]),
            own_reports.as_reporters(record["new_reporters"]),
            tuple(
                Problem(**{word: problem[word] for word in Problem.__dataclass_fields__ if word in problem})
                for problem in record["problems"]
            ),
            record.get("mapping", ""),
        )
    except (ValueError, KeyError, TypeError) as error:
        # Its bytes are sound, so it was kept by a program whose vocabulary or columns were others.
        raise StoreProblem(f"“{entry.name}” was kept by another version of this program ({error}): bring the file again.") from error


def _listed(entry: _Entry, damage: str = "") -> Kept:
    if entry.record is None:
        return Kept(entry.id, entry.name, damage=damage)
    record = entry.record
    return Kept(
        entry.id,
        entry.name,
        record["by"],
        record["at"],
        tuple(record["reporters"]),
        record["period"],
        record["observations"],
        len(record["problems"]),
        record["size"],
        damage,
    )


def _damaged(name: str, what: str) -> str:
    return f"“{name}” is damaged in the workspace ({what}), so none of its numbers is shown. Bring the file again, or delete it."


def _insert(connection: sql.Connection, text: str, original: str, observations: str) -> _Entry:
    record = json.loads(text)
    row = {"owner": record["owner"], "id": record["id"], "original": original, "observations": observations, "record": text}
    connection.execute(sql.insert(KEPT).values(**row, seal=seal(*row.values())))
    return _Entry(record["id"], record["name"], record, original, observations)


def _insert_found(connection: sql.Connection, found: list[tuple[dict, str]]) -> int:
    for record, digest in found:
        entry = _insert(connection, json.dumps(record), record["sha256"], digest)
        _log(connection, record["owner"], record["by"], "kept", entry, at=record["at"])
    return len(found)


def _remove(connection: sql.Connection, owner: str, who: str, action: str, entry: _Entry, of: int = 0) -> Action:
    connection.execute(sql.delete(KEPT).where(KEPT.c.owner == owner, KEPT.c.id == entry.id))
    return _log(connection, owner, who, action, entry, of)


def _log(connection: sql.Connection, owner: str, who: str, action: str, entry: _Entry, of: int = 0, at: str = "") -> Action:
    row = {
        "number": (connection.execute(sql.select(sql.func.max(ACTIONS.c.number))).scalar() or 0) + 1,
        "owner": owner,
        "who": who,
        "at": at or datetime.now(UTC).isoformat(timespec="seconds"),
        "action": action,
        "id": entry.id,
        "about": json.dumps({"name": entry.name, "observations": entry.record["observations"] if entry.record else 0}),
        "of": of,
    }
    connection.execute(sql.insert(ACTIONS).values(**row, seal=seal(*row.values())))
    return Action(row["number"], row["at"], who, action, entry.id, **json.loads(row["about"]))


def _actions(connection: sql.Connection, owner: str) -> list[sql.Row]:
    rows = connection.execute(sql.select(ACTIONS).where(ACTIONS.c.owner == owner).order_by(ACTIONS.c.number))
    return [row for row in rows if is_sealed(row)]


def _action(row: sql.Row) -> Action:
    return Action(row.number, row.at, row.who, row.action, row.id, **json.loads(row.about))
