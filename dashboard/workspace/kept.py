"""The reports that visitors chose to keep: kept once, read back as they were accepted or not at all, shared, deleted, brought back."""

from __future__ import annotations

import functools
import hashlib
import io
import json
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pandas as pd
import pyarrow as arrow
import pyarrow.parquet
import sqlalchemy as sql

from dashboard.catalog import own_reports
from dashboard.catalog.own_reports import Report
from dashboard.model import periods
from dashboard.reports.problems import Problem
from dashboard.reports.tables.frames import SCHEMA
from dashboard.workspace import store as storing
from dashboard.workspace.place import LOCAL, StoreProblem, default_place
from dashboard.workspace.quotas import Quotas, Use
from dashboard.workspace.store import ACTIONS, BYTES, KEPT, SIGN_OUTS, Store, is_sealed, seal

DAYS_TO_RESTORE = 7
"""How long a deleted report can be brought back before its bytes go."""


@dataclass(frozen=True)
class User:
    """Who acts: `id` stands for a person for ever, `name` is what others are shown, an administrator may delete what others keep."""

    id: str = LOCAL
    name: str = ""
    is_admin: bool = False

    @property
    def shown(self) -> str:
        """What others are shown of this person."""
        return self.name or self.id


ALONE = User()
"""Whoever uses an installation that has one user."""


class Act(StrEnum):
    """What was done to a kept report. `UNDONE` stands in histories of earlier versions, and means the same as `ERASED`."""

    KEPT = "kept"
    SHARED = "shared"
    UNSHARED = "unshared"
    DELETED = "deleted"
    RESTORED = "restored"
    ERASED = "erased"
    UNDONE = "undone"


@dataclass(frozen=True)
class Kept:
    """One kept report as a list shows it.

    `damage` says why it cannot be used; `already` that its owner had kept the same before; `deleted` is when it was deleted (blank
    where it was not), and then it can be brought back for `DAYS_TO_RESTORE` days.
    """

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
    owner: str = LOCAL
    is_shared: bool = False
    deleted: str = ""


@dataclass(frozen=True)
class Action:
    """One line of the history: who did what to which report, and when; `action` is one of `Act`, `owner` whose report it is."""

    number: int
    at: str
    who: str
    action: str
    id: str
    name: str
    observations: int
    owner: str = LOCAL


class Workspace:
    """Kept reports, in a folder or in a team's database. Each operation is a user's, and gives what is theirs or shared with them.

    Every operation may raise `StoreProblem`; what it was to change is then unchanged, or the sentence says what became of it.
    """

    def __init__(self, address: str | Path | None = None, quotas: Quotas = Quotas()) -> None:  # noqa: B008 (it cannot be changed)
        """`address` is a folder or the address of a PostgreSQL database; without one, `default_place`. Nothing is touched before it is used."""
        self.store = Store(default_place() if address is None else address)
        self._quotas = quotas
        self._last_version: tuple[tuple[int, ...], int] = ((), 0)

    @property
    def path(self) -> str:
        """Where the reports are kept, as shown: the folder, or the database without its password."""
        return self.store.shown

    def version(self) -> int:
        """A number that grows with every change, so that equal numbers mean equal reports; 0 where nothing was ever kept."""
        stamp, (last_stamp, number) = self.store.stamp(), self._last_version
        if not stamp or stamp != last_stamp:
            number = self.store.look(lambda connection: connection.execute(sql.select(sql.func.max(ACTIONS.c.number))).scalar() or 0, 0)
            self._last_version = (stamp, number)
        return number

    def keep(self, report: Report, user: User = ALONE, *, is_shared: bool = False) -> Kept:
        """Keep a report: once this returns, it is safe. The same report again is kept once, and `already` says so."""
        if report.data is None:
            raise ValueError("a report that comes out of a workspace is kept already")
        record = _record(report, user)
        table = _parquet(report.observations, record)

        def work(connection: sql.Connection) -> Kept:
            entries = _entries(connection)
            previous = entries.get((user.id, report.id))
            is_there = previous is not None and not previous.deleted and not _damage(connection, previous)
            if not is_there:
                # What it takes the place of makes room for it.
                if previous is not None:
                    _erase(connection, entries.pop((user.id, report.id)))
                self._quotas.check(report.size + len(table), user.shown, _use(connection, entries.values(), user))
                storing.save(connection, report.sha256, report.data)
                storing.save(connection, hashlib.sha256(table).hexdigest(), table)
                entry = _insert(connection, record, report.sha256, hashlib.sha256(table).hexdigest())
                _log(connection, user.shown, Act.KEPT, entry)
            else:
                entry = previous
            if is_shared and not entry.is_shared:
                _log(connection, user.shown, Act.SHARED, entry)
                entry.is_shared = True
            return replace(_listed(entry), already=is_there)

        kept = self.store.change(work, "nothing was kept")
        _events.info("report kept", extra={"bytes": report.size, "shared": kept.is_shared, "already": kept.already})
        return kept

    def sign_out(self, user: User, at: float) -> None:
        """Note for all processes that every sign-in of a user that began before a moment, in seconds since 1970, is over."""

        self.store.change(
            lambda connection: storing.note_sign_out(connection, user.id, at),
            "whoever is signed in with another server of this site stays so",
        )

    def signed_out_at(self, user: User) -> float:
        """The last such moment of a user; 0 where there is none."""
        return self.store.look(
            lambda connection: storing.signed_out_at(connection, user.id) if sql.inspect(connection).has_table(SIGN_OUTS.name) else 0.0, 0.0
        )

    def reports(self, user: User = ALONE, *, check: bool = False) -> list[Kept]:
        """What the user has kept and what others share, oldest first, each damaged one with its `damage`; `check` reads every file through."""
        entries = self.store.look(lambda connection: [entry for entry in _entries(connection).values() if entry.is_seen_by(user)], [])
        return [_listed(entry, self._damaged(entry, check)) for entry in entries]

    def deleted(self, user: User = ALONE) -> list[Kept]:
        """What the user may bring back, the last deleted first."""
        entries = self.store.look(lambda connection: list(_entries(connection).values()), [])
        gone = [_listed(entry) for entry in entries if entry.is_restorable and entry.is_of(user)]
        return sorted(gone, key=lambda kept: kept.deleted, reverse=True)

    def read(self, id_: str, user: User = ALONE) -> Report:
        """One kept report as it was accepted, compared with its hashes."""
        return _report(*self._whole(id_, user))

    def readable(self, user: User = ALONE) -> tuple[list[Report], list[str]]:
        """All that the user sees and that is sound, each once, and a sentence for each report that is not."""
        reports, damages = {}, []
        for kept in self.reports(user):
            try:
                reports.setdefault(kept.id, self.read(kept.id, user))
            except StoreProblem as problem:
                damages.append(str(problem))
        return list(reports.values()), damages

    def original(self, id_: str, user: User = ALONE) -> tuple[str, bytes]:
        """The file of a kept report: its name, and its bytes as they came."""
        entry, loaded = self._whole(id_, user)
        return entry.name, loaded[0]

    def share(self, id_: str, user: User = ALONE, *, is_shared: bool) -> Action:
        """Let everybody who is signed in see one's report, or nobody else any more."""
        return self._act(id_, user, "", "nothing was changed", Act.SHARED if is_shared else Act.UNSHARED)

    def delete(self, id_: str, user: User = ALONE, *, owner: str = "", for_good: bool = False) -> Action:
        """Take a report off every list. It can be brought back for `DAYS_TO_RESTORE` days; `for_good`, its bytes go at once.

        An administrator names the `owner` of what others keep.
        """
        action = self._act(id_, user, owner, "nothing was deleted", Act.ERASED if for_good else Act.DELETED)
        if for_good:
            self.store.give_back()
        return action

    def restore(self, id_: str, user: User = ALONE, *, owner: str = "") -> Action:
        """Bring back what was deleted."""
        return self._act(id_, user, owner, "nothing was changed", Act.RESTORED)

    def undo(self, user: User = ALONE) -> Action:
        """Take back the user's last step that still stands: what was kept is deleted, what was deleted is brought back."""

        def work(connection: sql.Connection) -> Action:
            actions = [row for row in _actions(connection) if row.owner == user.id and row.who == user.shown]
            undone = {row.of for row in actions if row.of}
            steps = [row for row in actions if row.action in (Act.KEPT, Act.DELETED) and not row.of and row.number not in undone]
            entry = _entries(connection).get((user.id, steps[-1].id)) if steps else None
            if entry is None or bool(entry.deleted) != (steps[-1].action == Act.DELETED):
                raise StoreProblem("There is nothing to undo.")
            act = Act.RESTORED if steps[-1].action == Act.DELETED else Act.DELETED
            return _log(connection, user.shown, act, entry, of=steps[-1].number)

        return self.store.change(work, "nothing was changed")

    def history(self, user: User = ALONE) -> list[Action]:
        """Who did what, and when, oldest first, of all that the user has kept or sees; of everything for an administrator."""

        def work(connection: sql.Connection) -> list[Action]:
            seen = {key for key, entry in _entries(connection).items() if entry.is_seen_by(user)}
            return [_action(row) for row in _actions(connection) if user.is_admin or row.owner == user.id or (row.owner, row.id) in seen]

        return self.store.look(work, [])

    def erase_what_is_past(self) -> int:
        """Let the bytes go of what was deleted more than `DAYS_TO_RESTORE` days ago; how many reports those were."""

        def past(connection: sql.Connection) -> list[_Entry]:
            return [entry for entry in _entries(connection).values() if entry.deleted and not entry.is_restorable]

        def work(connection: sql.Connection) -> int:
            gone = past(connection)
            for entry in gone:
                _erase(connection, entry)
                _log(connection, "the workspace", Act.ERASED, entry)
            return len(gone)

        if not self.store.look(past, []):
            return 0
        count = self.store.change(work, "nothing was changed", frees_space=True)
        self.store.give_back()
        return count

    def back_up(self, folder: Path) -> int:
        """Copy everything, as it is in this moment, into a new folder, which is itself a workspace; how many reports it holds."""
        return storing.copy(self.store, Store(folder))

    def restore_from(self, folder: Path) -> int:
        """Fill this workspace, which must be empty, from a backup; how many reports it then holds."""
        backup = Store(folder)
        if not backup.exists():
            raise StoreProblem(f"There is no backup in {backup.shown}; nothing was changed.")
        return storing.copy(backup, self.store)

    def repair(self) -> int:
        """Make a damaged file again out of what can be read of it; how many reports it then holds.

        A sound one stays as it is. The damaged one is set aside, not deleted. Each report that is whole comes back, for its owner alone,
        and the history begins anew. Nothing else may use the workspace meanwhile.
        """
        if self.store.folder is None:
            raise StoreProblem("A database is restored from its backup, not by this command.")
        try:
            return self.store.look(_sound_count, 0)
        except StoreProblem:
            return self.store.renew(functools.partial(_take_over, self.store.salvaged()))

    def _act(self, id_: str, user: User, owner: str, unchanged: str, act: Act) -> Action:
        # One step of its owner or of an administrator.
        def work(connection: sql.Connection) -> Action:
            entry = _own_entry(_entries(connection), id_, user, owner or user.id)
            if act is Act.RESTORED and not entry.is_restorable:
                raise StoreProblem(f"“{entry.name}” is not deleted, so there is nothing to bring back.")
            if act in (Act.SHARED, Act.UNSHARED, Act.DELETED) and entry.deleted:
                raise StoreProblem(f"“{entry.name}” is deleted already.")
            if act is Act.ERASED:
                _erase(connection, entry)
            return _log(connection, user.shown, act, entry)

        return self.store.change(work, unchanged, frees_space=act in (Act.DELETED, Act.ERASED))

    def _whole(self, id_: str, user: User) -> tuple[_Entry, tuple[bytes, bytes]]:
        def work(connection: sql.Connection) -> tuple[_Entry | None, tuple[bytes, bytes] | str]:
            entry = next((entry for entry in _entries(connection).values() if entry.id == id_ and entry.is_seen_by(user)), None)
            return entry, "" if entry is None else _loaded(connection, entry)

        entry, loaded = self.store.look(work, (None, ""))
        if entry is None:
            raise StoreProblem(f"No report “{id_}” is kept here.")
        if isinstance(loaded, str):
            raise StoreProblem(loaded)
        return entry, loaded

    def _damaged(self, entry: _Entry, in_full: bool) -> str:
        # In a transaction of its own for each report, so that a long check holds nobody up.
        if entry.record and not in_full:
            return ""
        return self.store.look(lambda connection: _damage(connection, entry), "")


@dataclass
class _Entry:
    # A kept report as catalogue and history have it; without a record where its row is missing or damaged.
    owner: str
    id: str
    name: str
    record: dict | None = None
    original: str = ""
    observations: str = ""
    is_shared: bool = False
    deleted: str = ""

    @property
    def is_restorable(self) -> bool:
        return bool(self.deleted) and datetime.now(UTC) - datetime.fromisoformat(self.deleted) < timedelta(days=DAYS_TO_RESTORE)

    def is_of(self, user: User) -> bool:
        return self.owner == user.id or user.is_admin

    def is_seen_by(self, user: User) -> bool:
        return not self.deleted and (self.owner == user.id or self.is_shared)


def _entries(connection: sql.Connection) -> dict[tuple[str, str], _Entry]:
    # What the history says is kept, and what the catalogue holds: a report that the catalogue lacks was not deleted but damaged.
    rows = {(row.owner, row.id): row for row in connection.execute(sql.select(KEPT).order_by(KEPT.c.owner, KEPT.c.id))}
    entries: dict[tuple[str, str], _Entry] = {}
    unread: set[tuple[str, str]] = set()
    for action in connection.execute(_IN_ORDER):
        key = (action.owner, action.id)
        if not is_sealed(action):
            unread.add(key)
            continue
        entry = entries.setdefault(key, _Entry(*key, json.loads(action.about)["name"]))
        if action.action in (Act.KEPT, Act.ERASED, Act.UNDONE):
            entries.pop(key)
        if action.action == Act.KEPT:
            entries[key] = replace(entry, is_shared=False, deleted="")
        elif action.action in (Act.SHARED, Act.UNSHARED):
            entry.is_shared = action.action == Act.SHARED
        elif action.action in (Act.DELETED, Act.RESTORED):
            entry.deleted = action.at if action.action == Act.DELETED else ""
    # A line that cannot be read may have said that a report is no longer shared; whose report it was may be unreadable, too.
    for key in entries.keys() & unread if unread <= entries.keys() else entries:
        entries[key].is_shared = False
    for key, row in rows.items():
        entry = entries.setdefault(key, _Entry(*key, row.id))
        if is_sealed(row):
            entry.record = json.loads(row.record)
            entry.name, entry.original, entry.observations = entry.record["name"], row.original, row.observations
    # Earlier versions of this program deleted the row at once.
    return {key: entry for key, entry in entries.items() if key in rows or not entry.deleted}


def _own_entry(entries: dict[tuple[str, str], _Entry], id_: str, user: User, owner: str) -> _Entry:
    entry = entries.get((owner, id_))
    if entry is not None and entry.is_of(user):
        return entry
    shared = next((other for other in entries.values() if other.id == id_ and other.is_seen_by(user)), None)
    if shared is not None:
        raise StoreProblem(f"“{shared.name}” is kept by another; only they or an administrator can change that.")
    raise StoreProblem(f"No report “{id_}” is kept here.")


def _damage(connection: sql.Connection, entry: _Entry) -> str:
    loaded = _loaded(connection, entry)
    return loaded if isinstance(loaded, str) else ""


def _loaded(connection: sql.Connection, entry: _Entry) -> tuple[bytes, bytes] | str:
    # The file and the table of its numbers, or what is damaged.
    if not entry.record:
        return _damaged_text(entry.name, "its entry in the catalogue has changed")
    loaded = []
    for digest, what in ((entry.original, "the file"), (entry.observations, "the table of its numbers")):
        data = storing.load(connection, digest)
        if not storing.is_sound(data, digest):
            return _damaged_text(entry.name, f"{what} {'is missing' if data is None else 'has changed'}")
        loaded.append(data)
    return loaded[0], loaded[1]


def _record(report: Report, user: User) -> str:
    table = report.observations
    covered = periods.Period(table["period_start"].min().date(), table["period_end"].max().date())
    return json.dumps(
        {
            "owner": user.id,
            "id": report.id,
            "name": report.name,
            "sha256": report.sha256,
            "size": report.size,
            "by": user.shown,
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
    schema = SCHEMA.with_metadata({_RECORD: record.encode()})
    target = io.BytesIO()
    arrow.parquet.write_table(arrow.Table.from_pandas(observations, schema=schema, preserve_index=False), target, compression="zstd")
    return target.getvalue()


_RECORD = b"transparency"
_IN_ORDER = sql.select(ACTIONS).order_by(ACTIONS.c.number)
_events = logging.getLogger(__name__)


def _record_in(data: bytes) -> dict | None:
    try:
        return json.loads(arrow.parquet.read_schema(io.BytesIO(data)).metadata[_RECORD])
    except (ValueError, KeyError, TypeError, OSError):
        return None


def _report(entry: _Entry, loaded: tuple[bytes, bytes]) -> Report:
    record = entry.record
    try:
        observations = own_reports.typed(arrow.parquet.read_table(io.BytesIO(loaded[1])).to_pandas(date_as_object=False))
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
            tuple(Problem(**{word: one[word] for word in Problem.__dataclass_fields__ if word in one}) for one in record["problems"]),
            record.get("mapping", ""),
        )
    except (ValueError, KeyError, TypeError) as error:
        # Its bytes are sound, so it was kept by a program whose vocabulary or columns were others.
        raise StoreProblem(f"“{entry.name}” was kept by another version of this program ({error}): bring the file again.") from error


def _listed(entry: _Entry, damage: str = "") -> Kept:
    state = Kept(entry.id, entry.name, damage=damage, owner=entry.owner, is_shared=entry.is_shared, deleted=entry.deleted)
    if (record := entry.record) is None:
        return state
    as_recorded = {name: record[name] for name in ("by", "at", "period", "observations", "size")}
    return replace(state, reporters=tuple(record["reporters"]), problems=len(record["problems"]), **as_recorded)


def _damaged_text(name: str, what: str) -> str:
    return f"“{name}” is damaged in the workspace ({what}), so none of its numbers is shown. Bring the file again, or delete it."


def _use(connection: sql.Connection, entries: Iterable[_Entry], user: User) -> Use:
    # What is kept, counted for the limits; a file that two keep counts for both, and once in all.
    entries = list(entries)
    own = [entry for entry in entries if entry.owner == user.id]
    hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds")
    recent = [row for row in _actions(connection) if row.owner == user.id and row.action == Act.KEPT and row.at > hour_ago]
    sizes = dict(connection.execute(sql.select(BYTES.c.sha256, sql.func.length(BYTES.c.data))).all())
    own_size = sum(sizes.get(digest, 0) for digest in {digest for entry in own for digest in (entry.original, entry.observations)})
    return Use(len(entries), len(own), sum(sizes.values()), own_size, len(recent))


def _insert(connection: sql.Connection, text: str, original: str, observations: str) -> _Entry:
    record = json.loads(text)
    row = {"owner": record["owner"], "id": record["id"], "original": original, "observations": observations, "record": text}
    connection.execute(sql.insert(KEPT).values(**row, seal=seal(*row.values())))
    return _Entry(record["owner"], record["id"], record["name"], record, original, observations)


def _erase(connection: sql.Connection, entry: _Entry) -> None:
    # The bytes go with the row, unless another report has the same.
    connection.execute(sql.delete(KEPT).where(KEPT.c.owner == entry.owner, KEPT.c.id == entry.id))
    used = {digest for row in connection.execute(sql.select(KEPT.c.original, KEPT.c.observations)) for digest in row}
    for digest in {entry.original, entry.observations} - used:
        connection.execute(sql.delete(BYTES).where(BYTES.c.sha256 == digest))


def _sound_count(connection: sql.Connection) -> int:
    # How many reports a sound catalogue holds; refused where a row is missing or no longer says what it said.
    rows = [row for table in (KEPT, ACTIONS) for row in connection.execute(sql.select(table))]
    entries = _entries(connection).values()
    if not all(map(is_sealed, rows)) or not all(entry.record for entry in entries):
        raise StoreProblem("A row of the catalogue is damaged.")
    return len(entries)


def _take_over(salvaged: Iterable[bytes], connection: sql.Connection) -> int:
    # A table says whose it is and of which file; a report comes back where both are whole.
    there, records = set(), {}
    for data in salvaged:
        digest = hashlib.sha256(data).hexdigest()
        storing.save(connection, digest, data)
        there.add(digest)
        if record := _record_in(data):
            records[record["owner"], record["id"]] = (record, digest)
    whole = [(record, digest) for record, digest in records.values() if record["sha256"] in there]
    if not whole:
        raise StoreProblem("Nothing can be read of the workspace's file, so it stays as it is. Load a backup into an empty folder.")
    for record, digest in whole:
        _log(connection, record["by"], Act.KEPT, _insert(connection, json.dumps(record), record["sha256"], digest), at=record["at"])
    for digest in there - {digest for record, table in whole for digest in (record["sha256"], table)}:
        connection.execute(sql.delete(BYTES).where(BYTES.c.sha256 == digest))
    return len(whole)


def _log(connection: sql.Connection, who: str, act: Act, entry: _Entry, of: int = 0, at: str = "") -> Action:
    row = {
        "number": (connection.execute(sql.select(sql.func.max(ACTIONS.c.number))).scalar() or 0) + 1,
        "owner": entry.owner,
        "who": who,
        "at": at or datetime.now(UTC).isoformat(timespec="seconds"),
        "action": act.value,
        "id": entry.id,
        "about": json.dumps({"name": entry.name, "observations": entry.record["observations"] if entry.record else 0}),
        "of": of,
    }
    connection.execute(sql.insert(ACTIONS).values(**row, seal=seal(*row.values())))
    return Action(row["number"], row["at"], who, act.value, entry.id, **json.loads(row["about"]), owner=entry.owner)


def _actions(connection: sql.Connection) -> list[sql.Row]:
    return [row for row in connection.execute(_IN_ORDER) if is_sealed(row)]


def _action(row: sql.Row) -> Action:
    return Action(row.number, row.at, row.who, row.action, row.id, **json.loads(row.about), owner=row.owner)
