"""The reports that visitors chose to keep: kept once, read back as they were accepted or not at all, shared, deleted, brought back."""

from __future__ import annotations

import functools
import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sql

from dashboard.catalog.own_reports import Report
from dashboard.workspace import records
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

    @property
    def is_restorable(self) -> bool:
        """Whether it is deleted and its time to be brought back is not over."""
        return bool(self.deleted) and datetime.now(UTC) - datetime.fromisoformat(self.deleted) < timedelta(days=DAYS_TO_RESTORE)

    def is_of(self, user: User) -> bool:
        """Whether a user may change it."""
        return self.owner == user.id or user.is_admin

    def is_seen_by(self, user: User) -> bool:
        """Whether a user sees its numbers."""
        return not self.deleted and (self.owner == user.id or self.is_shared)


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
        record = records.record_of(report, user.id, user.shown)
        table = records.table_of(report, record)
        table_hash = hashlib.sha256(table).hexdigest()

        def work(connection: sql.Connection) -> Kept:
            kept = _all_kept(connection).get((user.id, report.id))
            is_there = kept is not None and not kept.deleted and not _damage(connection, kept)
            if not is_there:
                # What it takes the place of makes room for it.
                if kept is not None:
                    _erase(connection, kept)
                self._quotas.check(report.size + len(table), user.shown, _use(connection, user))
                storing.save(connection, report.sha256, report.data)
                storing.save(connection, table_hash, table)
                kept = _insert(connection, record, table_hash)
                _log(connection, user.shown, Act.KEPT, kept)
            if is_shared and not kept.is_shared:
                _log(connection, user.shown, Act.SHARED, kept)
                kept = replace(kept, is_shared=True)
            return replace(kept, already=is_there)

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
        seen = self.store.look(lambda connection: [kept for kept in _all_kept(connection).values() if kept.is_seen_by(user)], [])
        if not check:
            return seen
        # In a transaction of its own for each report, so that a long check holds nobody up.
        return [replace(kept, damage=self.store.look(functools.partial(_damage, kept=kept), "")) for kept in seen]

    def deleted(self, user: User = ALONE) -> list[Kept]:
        """What the user may bring back, the last deleted first."""
        everything = self.store.look(_all_kept, {}).values()
        return sorted((kept for kept in everything if kept.is_restorable and kept.is_of(user)), key=lambda kept: kept.deleted, reverse=True)

    def read(self, id_: str, user: User = ALONE) -> Report:
        """One kept report as it was accepted, compared with its hashes."""

        def work(connection: sql.Connection) -> tuple[dict, bytes] | None:
            kept = next((kept for kept in _all_kept(connection).values() if kept.id == id_ and kept.is_seen_by(user)), None)
            return kept and _loaded(connection, kept)

        loaded = self.store.look(work, None)
        if loaded is None:
            raise StoreProblem(f"No report “{id_}” is kept here.")
        return records.report_of(*loaded)

    def readable(self, user: User = ALONE, read: Callable[[Kept], Report] | None = None) -> tuple[list[Report], list[str]]:
        """All that the user sees and that is sound, each once, and a sentence for each report that is not; `read` may know some already."""
        reports, damages = {}, []
        for kept in self.reports(user):
            try:
                if kept.id not in reports:
                    reports[kept.id] = read(kept) if read else self.read(kept.id, user)
            except StoreProblem as problem:
                damages.append(str(problem))
        return list(reports.values()), damages

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
            kept = _all_kept(connection).get((user.id, steps[-1].id)) if steps else None
            if kept is None or bool(kept.deleted) != (steps[-1].action == Act.DELETED):
                raise StoreProblem("There is nothing to undo.")
            act = Act.RESTORED if steps[-1].action == Act.DELETED else Act.DELETED
            return _log(connection, user.shown, act, kept, of=steps[-1].number)

        return self.store.change(work, "nothing was changed")

    def history(self, user: User = ALONE) -> list[Action]:
        """Who did what, and when, oldest first, of all that the user has kept or sees; of everything for an administrator."""

        def work(connection: sql.Connection) -> list[Action]:
            seen = {key for key, kept in _all_kept(connection).items() if kept.is_seen_by(user)}
            return [_action(row) for row in _actions(connection) if user.is_admin or row.owner == user.id or (row.owner, row.id) in seen]

        return self.store.look(work, [])

    def erase_what_is_past(self) -> int:
        """Let the bytes go of what was deleted more than `DAYS_TO_RESTORE` days ago; how many reports those were."""

        def past(connection: sql.Connection) -> list[Kept]:
            return [kept for kept in _all_kept(connection).values() if kept.deleted and not kept.is_restorable]

        def work(connection: sql.Connection) -> int:
            gone = past(connection)
            for kept in gone:
                _erase(connection, kept)
                _log(connection, "the workspace", Act.ERASED, kept)
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
            kept = _own(_all_kept(connection), id_, user, owner or user.id)
            if act is Act.RESTORED and not kept.is_restorable:
                raise StoreProblem(f"“{kept.name}” is not deleted, so there is nothing to bring back.")
            if act in (Act.SHARED, Act.UNSHARED, Act.DELETED) and kept.deleted:
                raise StoreProblem(f"“{kept.name}” is deleted already.")
            if act is Act.ERASED:
                _erase(connection, kept)
            return _log(connection, user.shown, act, kept)

        return self.store.change(work, unchanged, frees_space=act in (Act.DELETED, Act.ERASED))


def _all_kept(connection: sql.Connection) -> dict[tuple[str, str], Kept]:
    # What the history says is kept, and what the catalogue holds: a report that the catalogue lacks was not deleted but damaged.
    rows = {(row.owner, row.id): row for row in connection.execute(sql.select(KEPT).order_by(KEPT.c.owner, KEPT.c.id))}
    everything: dict[tuple[str, str], Kept] = {}
    unread: set[tuple[str, str]] = set()
    for action in connection.execute(_IN_ORDER):
        key = (action.owner, action.id)
        if not is_sealed(action):
            unread.add(key)
            continue
        kept = everything.setdefault(key, _without_row(*key, json.loads(action.about)["name"]))
        if action.action in (Act.KEPT, Act.ERASED, Act.UNDONE):
            everything.pop(key)
        if action.action == Act.KEPT:
            everything[key] = replace(kept, is_shared=False, deleted="")
        elif action.action in (Act.SHARED, Act.UNSHARED):
            everything[key] = replace(kept, is_shared=action.action == Act.SHARED)
        elif action.action in (Act.DELETED, Act.RESTORED):
            everything[key] = replace(kept, deleted=action.at if action.action == Act.DELETED else "")
    # A line that cannot be read may have said that a report is no longer shared; whose report it was may be unreadable, too.
    for key in everything.keys() & unread if unread <= everything.keys() else everything:
        everything[key] = replace(everything[key], is_shared=False)
    for key, row in rows.items():
        kept = everything.setdefault(key, _without_row(*key, row.id))
        if is_sealed(row):
            everything[key] = replace(kept, damage="", **_listed(json.loads(row.record)))
    # Earlier versions of this program deleted the row at once.
    return {key: kept for key, kept in everything.items() if key in rows or not kept.deleted}


def _without_row(owner: str, id_: str, name: str) -> Kept:
    return Kept(id_, name, owner=owner, damage=_damaged_text(name, _NO_ROW))


def _listed(record: dict) -> dict:
    as_recorded = {name: record[name] for name in ("name", "by", "at", "period", "observations", "size")}
    return as_recorded | {"reporters": tuple(record["reporters"]), "problems": len(record["problems"])}


def _own(everything: dict[tuple[str, str], Kept], id_: str, user: User, owner: str) -> Kept:
    kept = everything.get((owner, id_))
    if kept is not None and kept.is_of(user):
        return kept
    shared = next((other for other in everything.values() if other.id == id_ and other.is_seen_by(user)), None)
    if shared is not None:
        raise StoreProblem(f"“{shared.name}” is kept by another; only they or an administrator can change that.")
    raise StoreProblem(f"No report “{id_}” is kept here.")


def _damage(connection: sql.Connection, kept: Kept) -> str:
    try:
        _loaded(connection, kept)
    except StoreProblem as damage:
        return str(damage)
    return ""


def _loaded(connection: sql.Connection, kept: Kept) -> tuple[dict, bytes]:
    # The record of a report and the table of its numbers, where they and its file are whole.
    row = connection.execute(sql.select(KEPT).where(_is_row_of(kept))).first()
    if row is None or not is_sealed(row):
        raise StoreProblem(_damaged_text(kept.name, _NO_ROW))
    for digest, what in ((row.original, "the file"), (row.observations, "the table of its numbers")):
        data = storing.load(connection, digest)
        if not storing.is_sound(data, digest):
            raise StoreProblem(_damaged_text(kept.name, f"{what} {'is missing' if data is None else 'has changed'}"))
    return json.loads(row.record), data


def _is_row_of(kept: Kept) -> sql.ColumnElement[bool]:
    return sql.and_(KEPT.c.owner == kept.owner, KEPT.c.id == kept.id)


_NO_ROW = "its entry in the catalogue has changed"
_IN_ORDER = sql.select(ACTIONS).order_by(ACTIONS.c.number)
_DIGESTS = sql.select(KEPT.c.original, KEPT.c.observations)
_events = logging.getLogger(__name__)


def _damaged_text(name: str, what: str) -> str:
    return f"“{name}” is damaged in the workspace ({what}), so none of its numbers is shown. Bring the file again, or delete it."


def _use(connection: sql.Connection, user: User) -> Use:
    # What is kept, counted for the limits; a file that two keep counts for both, and once in all.
    everything = _all_kept(connection).values()
    digests = {digest for row in connection.execute(_DIGESTS.where(KEPT.c.owner == user.id)) for digest in row}
    hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds")
    recent = [row for row in _actions(connection) if row.owner == user.id and row.action == Act.KEPT and row.at > hour_ago]
    sizes = dict(connection.execute(sql.select(BYTES.c.sha256, sql.func.length(BYTES.c.data))).all())
    own_size = sum(sizes.get(digest, 0) for digest in digests)
    return Use(len(everything), sum(kept.owner == user.id for kept in everything), sum(sizes.values()), own_size, len(recent))


def _insert(connection: sql.Connection, text: str, table: str) -> Kept:
    record = json.loads(text)
    row = {"owner": record["owner"], "id": record["id"], "original": record["sha256"], "observations": table, "record": text}
    connection.execute(sql.insert(KEPT).values(**row, seal=seal(*row.values())))
    return Kept(record["id"], owner=record["owner"], **_listed(record))


def _erase(connection: sql.Connection, kept: Kept) -> None:
    # The bytes go with the row, unless another report has the same.
    own = connection.execute(_DIGESTS.where(_is_row_of(kept))).first() or ()
    connection.execute(sql.delete(KEPT).where(_is_row_of(kept)))
    used = {digest for row in connection.execute(_DIGESTS) for digest in row}
    connection.execute(sql.delete(BYTES).where(BYTES.c.sha256.in_(set(own) - used)))


def _sound_count(connection: sql.Connection) -> int:
    # How many reports a sound catalogue holds; refused where a row is missing or no longer says what it said.
    rows = [row for table in (KEPT, ACTIONS) for row in connection.execute(sql.select(table))]
    everything = _all_kept(connection).values()
    if not all(map(is_sealed, rows)) or any(kept.damage for kept in everything):
        raise StoreProblem("A row of the catalogue is damaged.")
    return len(everything)


def _take_over(salvaged: Iterable[bytes], connection: sql.Connection) -> int:
    # A table says whose it is and of which file; a report comes back where both are whole.
    there, owned = set(), {}
    for data in salvaged:
        digest = hashlib.sha256(data).hexdigest()
        storing.save(connection, digest, data)
        there.add(digest)
        if record := records.record_in(data):
            owned[record["owner"], record["id"]] = (record, digest)
    whole = [(record, digest) for record, digest in owned.values() if record["sha256"] in there]
    if not whole:
        raise StoreProblem("Nothing can be read of the workspace's file, so it stays as it is. Load a backup into an empty folder.")
    for record, digest in whole:
        _log(connection, record["by"], Act.KEPT, _insert(connection, json.dumps(record), digest), at=record["at"])
    for digest in there - {digest for record, table in whole for digest in (record["sha256"], table)}:
        connection.execute(sql.delete(BYTES).where(BYTES.c.sha256 == digest))
    return len(whole)


def _log(connection: sql.Connection, who: str, act: Act, kept: Kept, of: int = 0, at: str = "") -> Action:
    row = {
        "number": (connection.execute(sql.select(sql.func.max(ACTIONS.c.number))).scalar() or 0) + 1,
        "owner": kept.owner,
        "who": who,
        "at": at or datetime.now(UTC).isoformat(timespec="seconds"),
        "action": act.value,
        "id": kept.id,
        "about": json.dumps({"name": kept.name, "observations": kept.observations}),
        "of": of,
    }
    connection.execute(sql.insert(ACTIONS).values(**row, seal=seal(*row.values())))
    return Action(row["number"], row["at"], who, act.value, kept.id, **json.loads(row["about"]), owner=kept.owner)


def _actions(connection: sql.Connection) -> list[sql.Row]:
    return [row for row in connection.execute(_IN_ORDER) if is_sealed(row)]


def _action(row: sql.Row) -> Action:
    return Action(row.number, row.at, row.who, row.action, row.id, **json.loads(row.about), owner=row.owner)
