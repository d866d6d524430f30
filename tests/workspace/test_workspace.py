"""What is kept is kept whole, once and for its owner alone, whatever stops the save; and damage is noticed."""

import contextlib
import errno
import hashlib
import itertools
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sql
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import analysis, cli
from dashboard.catalog import own_reports
from dashboard.catalog.own_reports import Report, SessionReports, accepted
from dashboard.display import sentences
from dashboard.model.tables import is_own
from dashboard.reports.problems import Problem
from dashboard.reports.tables.roles import Mapping
from dashboard.workspace import kept as workspace_kept
from dashboard.workspace import stores
from dashboard.workspace.kept import LOCAL, Workspace
from dashboard.workspace.stores import StoreProblem

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs fork, kill and limits of a POSIX system")
FORK = multiprocessing.get_context("fork")

WARNING = Problem("warning", "unknown_requester", "was read as Belgium.", "Correct the spelling.", "B7", "Beligum secret", 7, "Country")


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder in memory where the system has such: nothing here hangs on how fast a disk is."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def report() -> Report:
    """A report of a reporter that the vocabulary lacks, with a warning that was agreed to."""
    return accepted("Acme H1.csv", b"the file as it came", _table(), [WARNING])


@pytest.fixture(scope="module")
def many(report) -> list[Report]:
    """So many different reports, each with its own bytes and its own numbers."""
    return [_another(report, number) for number in range(200)]


@pytest.fixture(params=["folder", "database"])
def place(request, tmp_path) -> str | Path:
    """An empty place for a workspace, of each kind."""
    return tmp_path / "kept" if request.param == "folder" else request.getfixturevalue("database")


@pytest.fixture
def database(cluster) -> str:
    """The address of a PostgreSQL database with an empty schema of our own, which is made faster than a database."""
    name = f"kept{next(_NUMBERS)}"
    with sql.create_engine(cluster.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    return f"{cluster}&options=-csearch_path%3D{name}"


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """A PostgreSQL server of our own, for as long as the tests run."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = programs[-1].parent if programs else Path(shutil.which("initdb") or "/").parent
    if not (found / "initdb").exists():
        reason = "needs a PostgreSQL server (Debian: apt-get install postgresql)"
        if os.environ.get("REQUIRE_POSTGRES"):
            pytest.fail(reason)
        pytest.skip(reason)
    # The server refuses to run as root, and the path of its socket must be short.
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if user:
        shutil.chown(folder, "postgres")
    said = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, "cwd": folder, **user}
    data = folder / "data"
    subprocess.run([found / "initdb", "-D", data, "-U", "tester", "-A", "trust", "--no-sync", "-E", "UTF8"], **said)
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=20"
    subprocess.run([found / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], **said)
    yield f"postgresql://tester:secret@/postgres?host={folder}"
    subprocess.run([found / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], **said)
    shutil.rmtree(folder)


def test_what_was_kept_is_read_back_as_it_was(place, report):
    kept = Workspace(place).keep(report)
    assert (kept.reporters, kept.period, kept.observations, kept.problems, kept.already) == (("acme",), "2019", 3, 1, False)
    again = Workspace(place)
    assert again.reports() == [kept]
    _assert_same(again.read(LOCAL, kept.id), report)
    assert again.original(LOCAL, kept.id) == ("Acme H1.csv", b"the file as it came")


def test_how_a_layout_was_corrected_is_kept_with_the_report(place, report):
    store, text = Workspace(place), Mapping("acme", "0123", requesters={"Belgim": "BEL"}).dumped()
    store.keep(replace(report, mapping=text))
    assert Workspace(place).read(LOCAL, report.id).mapping == text


def test_the_same_upload_is_kept_once_also_under_another_name(place, report):
    store = Workspace(place)
    first = store.keep(report)
    copy = accepted("Acme H1 (1).csv", report.data, _table().assign(document="Acme H1 (1)"))
    assert store.keep(copy) == replace(first, already=True)
    assert len(store.reports()) == len(store.history()) == 1


def test_another_reading_of_the_same_file_is_another_report(place, report):
    store = Workspace(place)
    store.keep(report)
    other = accepted("Acme H1.csv", report.data, _table().assign(requester=["BEL", "BEL", "NLD"]))
    assert not store.keep(other).already
    assert len(store.reports()) == 2


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30) | st.sampled_from(
    [
        "=2+3",
        "+1",
        "-1",
        "@x",
        "<script>",
        "![x](http://x)",
        "$x$",
        "\x00",
        "\r\n",
        "'",
        '"',
        "\u202e",
        "\ufeffa",
        "NA",
        "null",
        "é́",
        "=HYPERLINK(1)",
    ]
)


@given(texts=st.lists(TEXTS, min_size=3, max_size=3), data=st.binary(max_size=200), name=TEXTS)
@settings(max_examples=12, deadline=None)
def test_rare_texts_and_bytes_survive(texts, data, name):
    table = _table().assign(printed=texts, cell=texts, document=name)
    report = accepted(name, data, table, [replace(WARNING, value=texts[0])])
    with tempfile.TemporaryDirectory() as folder:
        Workspace(folder).keep(report)
        _assert_same(Workspace(folder).read(LOCAL, report.id), report)
        assert Workspace(folder).original(LOCAL, report.id) == (report.name, data)


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\Users\\me\\r.csv", "r.csv"), ("", "report"), ("\udcff.csv", "?.csv"), ("报告.csv", "报告.csv")],
)
def test_a_file_name_is_a_name_and_no_path(name, kept):
    assert accepted(name, b"1", _table()).name == kept


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("measure", "demands", "no word of the vocabulary"),
        ("request_type", "raid", "no word of the vocabulary"),
        ("reporter", "Acme Inc.", "no short lower-case name"),
        ("requester", "XXX", "breaks a rule"),
        ("printed", "", "breaks a rule"),
        ("low", 0.5, "breaks a rule"),
    ],
)
def test_an_unsound_row_is_no_report(column, value, says):
    with pytest.raises(ValueError, match=says):
        accepted("a.csv", b"1", _table().assign(**{column: value}))


def test_a_number_given_twice_or_none_at_all_is_no_report():
    table = _table()
    with pytest.raises(ValueError, match="given twice"):
        accepted("a.csv", b"1", pd.concat([table, table]))
    with pytest.raises(ValueError, match="without a number"):
        accepted("a.csv", b"1", table.head(0))


def test_undo_takes_back_the_last_report_and_leaves_no_bytes(place, many):
    store = Workspace(place)
    for report in many[:3]:
        store.keep(report)
    undone = store.undo()
    assert (undone.action, undone.id) == ("undone", many[2].id)
    assert store.undo().id == many[1].id
    assert [kept.id for kept in store.reports()] == [many[0].id]
    assert _stored(store) == _bytes_of(store, many[:1])
    store.undo()
    with pytest.raises(StoreProblem, match="nothing to undo"):
        store.undo()
    assert [action.action for action in store.history()] == ["kept", "kept", "kept", "undone", "undone", "undone"]


def test_what_was_undone_can_be_kept_and_undone_again(place, report):
    store = Workspace(place)
    store.keep(report)
    store.undo()
    assert not store.keep(report).already
    assert store.undo().id == report.id
    assert store.reports() == []


def test_undo_is_each_person_s_own_and_deletion_is_final(place, many):
    store = Workspace(place)
    store.keep(many[0], "team", who="ann")
    store.keep(many[1], "team", who="bob")
    assert store.undo("team", who="ann").id == many[0].id
    store.keep(many[2], "team", who="ann")
    store.delete("team", many[2].id, who="bob")
    with pytest.raises(StoreProblem, match="somebody has deleted it"):
        store.undo("team", who="ann")
    with pytest.raises(StoreProblem, match="what is deleted is gone"):
        store.undo("team", who="bob")
    said = [(action.who, action.action, action.name) for action in store.history("team")]
    assert said == [
        ("ann", "kept", many[0].name),
        ("bob", "kept", many[1].name),
        ("ann", "undone", many[0].name),
        ("ann", "kept", many[2].name),
        ("bob", "deleted", many[2].name),
    ]


def test_what_is_deleted_is_gone_from_every_file(tmp_path, report):
    store = Workspace(tmp_path)
    store.keep(report)
    traces = [report.data, b"Beligum secret", report.id.encode() + b"/acme-h1"]
    assert all(_is_somewhere(trace, tmp_path) for trace in traces[:2])
    store.delete(LOCAL, report.id)
    assert not any(_is_somewhere(trace, tmp_path) for trace in traces)
    with pytest.raises(StoreProblem, match="No report"):
        store.read(LOCAL, report.id)


def test_owners_never_see_each_other(place, many):
    store = Workspace(place)
    mine, hers = replace(many[0], data=b"shared", sha256=_hash(b"shared")), replace(many[1], data=b"shared", sha256=_hash(b"shared"))
    store.keep(mine, "me")
    store.keep(hers, "her")
    store.keep(mine, "her")
    assert [kept.id for kept in store.reports("me")] == [mine.id]
    assert {action.who for action in store.history("me")} == {"me"}
    assert store.reports("nobody") == store.history("nobody") == []
    for forbidden in (store.read, store.original, store.delete):
        with pytest.raises(StoreProblem, match="No report"):
            forbidden("me", hers.id)
    with pytest.raises(StoreProblem, match="nothing to undo"):
        store.undo("nobody")
    # The bytes that two owners share stay until the last has let them go.
    store.delete("her", hers.id)
    store.delete("her", mine.id)
    _assert_same(store.read("me", mine.id), mine)
    assert store.original("me", mine.id)[1] == b"shared"


def test_a_look_leaves_no_trace(tmp_path):
    store = Workspace(tmp_path / "none")
    assert store.reports() == store.history() == []
    assert store.readable() == ([], [])
    with pytest.raises(StoreProblem, match="No report"):
        store.read(LOCAL, "x")
    assert not (tmp_path / "none").exists()


def test_only_its_user_may_read_the_folder(tmp_path, report):
    folder = tmp_path / "deep" / "kept"
    Workspace(folder).keep(report)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.rglob("*") if file.is_file()} == {0o600}


def test_the_place_is_what_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("TRANSPARENCY_DATA", str(tmp_path / "there"))
    assert Workspace().path == str(tmp_path / "there")
    monkeypatch.delenv("TRANSPARENCY_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "transparency" in Workspace().path
    monkeypatch.setenv("DATABASE_URL", "postgres://me:hidden@host/name?password=hidden")
    assert Workspace().path == "postgres://me:***@host/name"
    for wrong, says in {"mysql://me:hidden@host/name": "mysql://", "nonsense": "DATABASE_URL", "://": "like postgresql://"}.items():
        monkeypatch.setenv("DATABASE_URL", wrong)
        with pytest.raises(StoreProblem, match=says) as problem:
            Workspace()
        assert "hidden" not in str(problem.value)


def test_a_database_that_cannot_be_reached_is_one_sentence(report, tmp_path):
    store = Workspace(f"postgresql://me:hidden@/name?host={tmp_path}")
    for act in (store.reports, lambda: store.keep(report), store.undo):
        with pytest.raises(StoreProblem, match="cannot be reached") as problem:
            act()
        assert "hidden" not in str(problem.value)


def test_two_processes_save_at_once_and_none_is_lost_and_none_doubled(place, many):
    # Both start on a store that does not exist yet; half of what they bring is the same.
    def save(reports: list[Report], results) -> None:
        store = Workspace(place)
        results.send([store.keep(report).already for report in reports])

    halves = [many[:100], many[50:150]]
    children = [_started(save, reports) for reports in halves]
    already = [flag for results, _ in children for flag in results.recv()]
    assert _ended(children) == [0, 0]
    assert (already.count(True), already.count(False)) == (50, 150)
    store = Workspace(place)
    kept = store.reports(check=True)
    assert sorted(report.id for report in kept) == sorted(report.id for report in many[:150])
    assert not any(report.damage for report in kept)
    assert sorted(action.id for action in store.history()) == sorted(report.id for report in many[:150])
    _assert_same(store.read(LOCAL, many[75].id), many[75])


def test_one_deletes_what_the_other_keeps_and_nothing_is_damaged(place, many):
    reports = [replace(report, data=b"the same file", sha256=_hash(b"the same file")) for report in many[:20]]

    def save(owner: str, results) -> None:
        store = Workspace(place)
        for report in reports:
            store.keep(report, owner)
            if owner == "b":
                store.delete(owner, report.id)
        results.send(True)

    children = [_started(save, owner) for owner in "ab"]
    assert [results.recv() for results, _ in children] == [True, True]
    _ended(children)
    kept = Workspace(place).reports("a", check=True)
    assert len(kept) == 20 and not any(report.damage for report in kept)
    assert Workspace(place).reports("b") == []


@pytest.mark.parametrize(("place", "kills"), [("folder", 30), ("database", 8)], indirect=["place"])
def test_a_killed_save_loses_nothing_acknowledged_and_leaves_nothing_half_kept(place, kills, many):
    chance = random.Random(4)

    def work(reports: list[Report], results) -> None:
        store = Workspace(place)
        for number, report in enumerate(reports):
            store.keep(report)
            results.send(("kept", report.id))
            if number % 3 == 2:
                results.send(("deleting", report.id))
                store.delete(LOCAL, report.id)
                results.send(("deleted", report.id))

    store, said, left = Workspace(place), [], itertools.cycle(many[:-1])
    began = time.monotonic()
    store.keep(many[-1])
    one_save = time.monotonic() - began
    by_id = {report.id: report for report in many}
    for _ in range(kills):
        results, child = _started(work, list(itertools.islice(left, 4)))
        for _ in range(chance.randrange(4)):
            said.append(results.recv())
        time.sleep(chance.uniform(0, 2 * one_save))
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        with contextlib.suppress(EOFError):
            while True:
                said.append(results.recv())
        store = Workspace(place)
        kept = store.reports(check=True)
        assert not [report.damage for report in kept if report.damage]
        ids = {report.id for report in kept}
        last = {id_: word for word, id_ in said}
        assert {id_ for id_, word in last.items() if word == "kept"} <= ids
        assert not {id_ for id_, word in last.items() if word == "deleted"} & ids
        assert _stored(store) == _bytes_of(store, [by_id[id_] for id_ in ids])
    assert said, "no save was ever acknowledged, so nothing was tried"
    assert many[-1].id in ids


OPERATIONS = {
    "keep": lambda store, old, new: store.keep(new),
    "undo": lambda store, old, new: store.undo(),
    "delete": lambda store, old, new: store.delete(LOCAL, old.id),
    "read": lambda store, old, new: store.read(LOCAL, old.id),
}


@pytest.mark.parametrize(
    ("operation", "lasting"), [("keep", False), ("keep", True), ("delete", False), ("delete", True), ("undo", False), ("read", False)]
)
def test_whichever_file_operation_fails_nothing_is_lost(operation, lasting, tmp_path, many, monkeypatch):
    old, new = many[:2]
    Workspace(tmp_path / "before").keep(old)
    for n in itertools.count(1):
        folder = shutil.copytree(tmp_path / "before", tmp_path / f"{n}")
        problem = None
        with monkeypatch.context() as patches:
            faults = _Faults(patches, n, lasting)
            try:
                OPERATIONS[operation](Workspace(folder), old, new)
            except StoreProblem as caught:
                problem = str(caught)
        if not faults.struck:
            break
        store = Workspace(folder)
        there = {report.id for report in store.reports(check=True)}
        assert not any(report.damage for report in store.reports(check=True))
        expected = {old.id}
        if operation == "keep" and problem is None:
            expected.add(new.id)
        if operation in ("undo", "delete") and (problem is None or "off the list" in problem):
            expected.remove(old.id)
        assert there == expected, (n, problem)
        assert problem is None or (("\n" not in problem and str(folder) in problem) or "file handles" in problem)
        assert _stored(store) == _bytes_of(store, [report for report in (old, new) if report.id in there])
        assert not any((folder / "incoming").iterdir())
        store.keep(new)
        _assert_same(store.read(LOCAL, new.id), new)
    assert n > 5


class _Faults:
    """Lets the n-th operation on files or on the catalogue fail, or every one from the n-th on, as on a disk that is full."""

    def __init__(self, patches: pytest.MonkeyPatch, n: int, lasting: bool) -> None:
        self.left, self.lasting, self.struck = n, lasting, False
        for name in ("open", "fsync", "replace", "mkdir", "unlink", "close"):
            patches.setattr(os, name, self._failing(getattr(os, name)))
        for name in ("read_bytes", "iterdir"):
            patches.setattr(Path, name, self._failing(getattr(Path, name)))
        patches.setattr(os, "fdopen", self._fdopen(os.fdopen))
        faults = self

        class Cursor(sqlite3.Cursor):
            def execute(self, *arguments):
                faults.count(sqlite=True)
                return super().execute(*arguments)

        class Connection(sqlite3.Connection):
            def cursor(self, *arguments):
                return super().cursor(Cursor)

            def commit(self):
                faults.count(sqlite=True)
                return super().commit()

        connect = sqlite3.connect
        patches.setattr(
            sqlite3,
            "connect",
            lambda *arguments, **options: faults.count(sqlite=True) or connect(*arguments, **options, factory=Connection),
        )

    def count(self, sqlite: bool = False) -> None:
        self.left -= 1
        if self.left == 0 or (self.lasting and self.left < 0):
            self.struck = True
            if sqlite:
                full = sqlite3.OperationalError("database or disk is full")
                full.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise full
            raise OSError(errno.ENOSPC, "No space left on device")

    def _failing(self, real: Callable) -> Callable:
        def operation(*arguments, **options):
            if real.__name__ == "close":
                # As on Linux: the handle is closed even where closing it tells of an error.
                real(*arguments, **options)
                self.count()
                return None
            self.count()
            return real(*arguments, **options)

        return operation

    def _fdopen(self, real: Callable) -> Callable:
        def opened(*arguments, **options):
            file = real(*arguments, **options)
            write = file.write

            class Writer:
                def __enter__(inner):
                    return inner

                def __exit__(inner, *_):
                    file.close()

                def write(inner, data):
                    write(data[: len(data) // 2])
                    self.count()
                    write(data[len(data) // 2 :])

                def __getattr__(inner, name):
                    return getattr(file, name)

            return Writer()

        return opened


@pytest.mark.parametrize("limit", range(0, 400, 25))
def test_a_disk_that_fills_up_refuses_cleanly(limit, tmp_path, many):
    # A limit on the size of files is a real error of the system, met at whichever write comes to it first.
    old = many[0]
    big = replace(many[1], data=random.Random(1).randbytes(300_000))
    big = replace(big, sha256=_hash(big.data))
    Workspace(tmp_path).keep(old)

    def fill(_, results) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit * 1000, resource.RLIM_INFINITY))
        results.send(_said(lambda: Workspace(tmp_path).keep(big)))

    results, child = _started(fill, None)
    said = results.recv()
    _ended([(results, child)])
    assert said == "done" if limit >= 300 else "no space left" in said and "nothing was kept" in said
    store = Workspace(tmp_path)
    assert {report.id for report in store.readable()[0]} == ({old.id, big.id} if limit >= 300 else {old.id})
    assert _stored(store) == _bytes_of(store, [old, big] if limit >= 300 else [old])


def test_what_a_failed_save_wrote_is_gone_at_once(tmp_path, many, monkeypatch):
    store = Workspace(tmp_path)
    store.keep(many[0])
    with monkeypatch.context() as patches:
        # The row, which comes after the bytes, finds no room.
        patches.setattr(workspace_kept, "_insert", _no_space)
        assert "no space left" in _said(lambda: store.keep(many[1]))
    assert _stored(store) == _bytes_of(store, many[:1]) and not any((tmp_path / "incoming").iterdir())


def test_the_bytes_are_on_the_disk_before_their_names_and_their_names_before_the_row(tmp_path, many, monkeypatch):
    store, said = Workspace(tmp_path), []
    store.keep(many[0])
    real_fsync, real_replace, real_insert = os.fsync, os.replace, workspace_kept._insert
    kind = {True: "folder", False: "file"}
    monkeypatch.setattr(os, "fsync", lambda handle: said.append(kind[stat.S_ISDIR(os.fstat(handle).st_mode)]) or real_fsync(handle))
    monkeypatch.setattr(os, "replace", lambda old, new: said.append("name") or real_replace(old, new))
    monkeypatch.setattr(workspace_kept, "_insert", lambda *given, **named: said.append("row") or real_insert(*given, **named))
    store.keep(many[1])
    assert said[:7] == [*["file", "name", "folder"] * 2, "row"]


def test_without_file_handles_it_is_one_sentence_and_nothing_is_lost(tmp_path, many):
    old, new = many[:2]
    Workspace(tmp_path).keep(old)

    def starve(free: int, results) -> None:
        lowest = os.dup(0)
        os.close(lowest)
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + free, lowest + free))
        results.send(_said(lambda: Workspace(tmp_path).keep(new)))

    said = []
    for free in range(12):
        results, child = _started(starve, free)
        said.append(results.recv())
        _ended([(results, child)])
        store = Workspace(tmp_path)
        expected = {old.id, new.id} if said[-1] == "done" else {old.id}
        assert {report.id for report in store.reports(check=True)} == expected
        assert not any(report.damage for report in store.reports(check=True))
        if said[-1] == "done":
            break
        assert "file handles" in said[-1]
    assert said[-1] == "done" and len(said) > 2


def test_a_folder_that_cannot_be_written_to_is_one_sentence(many):
    old, new = many[:2]
    folder = Path(tempfile.mkdtemp())
    try:
        Workspace(folder / "kept").keep(old)

        def intrude(_, results) -> None:
            if os.getuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            store = Workspace(folder / "kept")
            results.send(
                [
                    _said(lambda: store.keep(new)),
                    _said(lambda: store.delete(LOCAL, old.id)),
                    _said(lambda: Workspace(folder / "new").keep(new)),
                ]
            )

        for path in (*folder.rglob("*"), folder):
            path.chmod(0o555 if path.is_dir() else 0o444)
        results, child = _started(intrude, None)
        for said in results.recv():
            assert "cannot be written to" in said and ("nothing was kept" in said or "nothing was deleted" in said)
        _ended([(results, child)])
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
        _assert_same(Workspace(folder / "kept").read(LOCAL, old.id), old)
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def damaged(tmp_path, many) -> Iterator[Callable]:
    """Damages one file of a workspace with three reports, then tells what each of them gives: itself, or a refusal."""
    before = tmp_path / "before"
    for report in many[:3]:
        Workspace(before).keep(report)
    numbers = itertools.count()

    def outcomes(file: Callable[[Path], Path], damage: Callable[[bytes], bytes | None]) -> list[str]:
        folder = shutil.copytree(before, tmp_path / f"{next(numbers)}")
        path = file(folder)
        changed = damage(path.read_bytes())
        path.unlink() if changed is None else path.write_bytes(changed)
        store, said = Workspace(folder), []
        for report in many[:3]:
            try:
                read = store.read(LOCAL, report.id)
            except StoreProblem as problem:
                said.append(str(problem))
            else:
                _assert_same(read, report)
                said.append("sound")
        with contextlib.suppress(StoreProblem):
            assert {report.id for report in store.reports()} >= {report.id for report in many[:3]}, "a report is missing without a word"
            assert len(store.readable()[0]) == said.count("sound")
        shutil.rmtree(folder)
        return said

    yield outcomes


def _flipped(place: int) -> Callable[[bytes], bytes]:
    return lambda data: (
        data[: place // 8 % len(data)] + bytes([data[place // 8 % len(data)] ^ 1 << place % 8]) + data[place // 8 % len(data) + 1 :]
    )


DAMAGES = {
    "gone": lambda data: None,
    "empty": lambda data: b"",
    "cut": lambda data: data[: len(data) // 2],
    "cut by a byte": lambda data: data[:-1],
    "longer": lambda data: data + b"x",
    "zeroed": lambda data: bytes(len(data)),
    "half zeroed": lambda data: data[: len(data) // 2] + bytes(len(data) - len(data) // 2),
    **{f"bit {place}": _flipped(place) for place in (0, 77, 1001, 40_003)},
}


@pytest.mark.parametrize("kind", stores.KINDS)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_and_the_others_stay(kind, damage, damaged, many):
    def file(folder: Path) -> Path:
        with sqlite3.connect(folder / "catalogue.sqlite") as connection:
            column = {"originals": "original", "observations": "observations"}[kind]
            return folder / kind / connection.execute(f"SELECT {column} FROM transparency_kept WHERE id = ?", [many[1].id]).fetchone()[0]

    first, second, third = damaged(file, DAMAGES[damage])
    assert (first, third) == ("sound", "sound")
    assert f"“{many[1].name}” is damaged" in second


@pytest.mark.parametrize("damage", [name for name in DAMAGES if not name.startswith(("bit", "longer", "cut by"))])
def test_a_lost_or_emptied_catalogue_is_refused_and_not_begun_anew(damage, damaged):
    said = damaged(lambda folder: folder / "catalogue.sqlite", DAMAGES[damage])
    assert all("The catalogue" in text and "is damaged" in text and "transparency workspace repair" in text for text in said)


def test_no_flipped_bit_in_the_catalogue_gives_a_wrong_number_or_loses_a_report_silently(damaged):
    chance, said = random.Random(7), []
    for _ in range(40):
        said.append(damaged(lambda folder: folder / "catalogue.sqlite", _flipped(chance.randrange(10**9))))
    refused = [texts for texts in said if texts != ["sound"] * 3]
    assert refused, "no flip was noticed, so nothing was tried"
    assert any("sound" in texts for texts in refused), "a flip in one entry leaves the others"


def test_a_flipped_bit_in_an_entry_refuses_only_that_report(damaged, many):
    def flip(data: bytes) -> bytes:
        place = data.index(b'"observations": 3', data.index(many[1].id.encode() + many[1].sha256.encode()))
        return data[:place] + data[place:].replace(b'"observations": 3', b'"observations": 2', 1)

    first, second, third = damaged(lambda folder: folder / "catalogue.sqlite", flip)
    assert (first, third) == ("sound", "sound")
    assert "its entry in the catalogue has changed" in second


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_marker_costs_nothing(damage, damaged):
    assert damaged(lambda folder: folder / "workspace.json", DAMAGES[damage])[0] in ("sound",) or damage.startswith("bit")


def test_a_catalogue_put_back_to_an_earlier_state_is_refused(tmp_path, many):
    store = Workspace(tmp_path)
    store.keep(many[0])
    earlier = (tmp_path / "catalogue.sqlite").read_bytes()
    store.keep(many[1])
    (tmp_path / "catalogue.sqlite").write_bytes(earlier)
    with pytest.raises(StoreProblem, match="lacks what was saved last"):
        Workspace(tmp_path).reports()
    assert len(list((tmp_path / "originals").iterdir())) == 2


def test_another_store_s_catalogue_is_refused(tmp_path, many):
    for name in "ab":
        Workspace(tmp_path / name).keep(many[0])
    shutil.copy(tmp_path / "a" / "catalogue.sqlite", tmp_path / "b" / "catalogue.sqlite")
    with pytest.raises(StoreProblem, match="not the one that was here"):
        Workspace(tmp_path / "b").reports()


@pytest.mark.parametrize("damage", ["gone", "empty", "zeroed", "half zeroed"])
def test_a_damaged_catalogue_is_made_again_from_the_files(damage, tmp_path, many):
    for report in many[:3]:
        Workspace(tmp_path).keep(report, "me", who="ann")
    path = tmp_path / "catalogue.sqlite"
    changed = DAMAGES[damage](path.read_bytes())
    path.unlink() if changed is None else path.write_bytes(changed)
    (tmp_path / "observations" / ("0" * 64)).write_bytes(b"no table of ours")
    store = Workspace(tmp_path)
    assert store.repair() == 3
    assert {(report.by, report.damage) for report in store.reports("me", check=True)} == {("ann", "")}
    for report in many[:3]:
        _assert_same(Workspace(tmp_path).read("me", report.id), report)
    assert damage == "gone" or list(tmp_path.glob("damaged-*.sqlite"))


def test_a_sound_catalogue_is_not_made_again(tmp_path, many):
    store = Workspace(tmp_path)
    store.keep(many[0])
    store.undo()
    store.keep(many[1])
    assert store.repair() == 1
    assert [action.action for action in store.history()] == ["kept", "undone", "kept"]
    assert not list(tmp_path.glob("damaged-*"))


def test_a_damaged_entry_is_made_again_from_its_file(tmp_path, many):
    store = Workspace(tmp_path)
    for report in many[:2]:
        store.keep(report)
    with store._store.engine.execution_options(is_change=True).begin() as connection:
        connection.execute(sql.update(stores.KEPT).where(stores.KEPT.c.id == many[0].id).values(original="0" * 64))
    assert "its entry in the catalogue" in store.reports()[0].damage
    # Its bytes are no one's now, and stay all the same: a damaged catalogue is not what to delete by.
    assert len(_stored(Workspace(tmp_path))) == 4 and Workspace(tmp_path).repair() == 2
    _assert_same(Workspace(tmp_path).read(LOCAL, many[0].id), many[0])


def test_a_damaged_report_is_sound_again_once_its_file_is_kept_again(place, report):
    store = Workspace(place)
    store.keep(report)
    with store._store.engine.execution_options(is_change=True).begin() as connection:
        store._store.drop(connection, set(), {report.sha256})
    assert "is missing" in store.reports(check=True)[0].damage
    assert not store.keep(report).already
    _assert_same(store.read(LOCAL, report.id), report)


def test_damage_in_a_database_is_noticed(database, many):
    store = Workspace(database)
    for report in many[:3]:
        store.keep(report)
    flip = "UPDATE transparency_bytes SET data = set_byte(data, 3, get_byte(data, 3) # 1) WHERE sha256 = %s"
    with store._store.engine.begin() as connection:
        connection.exec_driver_sql(flip, (many[0].sha256,))
        connection.exec_driver_sql("UPDATE transparency_kept SET record = replace(record, '2019', '2018') WHERE id = %s", (many[1].id,))
    reports, damages = Workspace(database).readable()
    assert [report.id for report in reports] == [many[2].id]
    assert len(damages) == 2
    with pytest.raises(StoreProblem, match="restored from its backup"):
        store.repair()


def test_a_newer_program_s_store_is_refused(place, report):
    store = Workspace(place)
    store.keep(report)
    with store._store.engine.execution_options(is_change=True).begin() as connection:
        connection.execute(sql.update(stores.STORE).values(format=2))
    with pytest.raises(StoreProblem, match="newer version"):
        Workspace(place).reports()


def test_a_visitor_s_reports_stand_beside_the_bundled_ones(catalog_of, report):
    bundled = catalog_of("period value document\n 2019_H1 10 report\n", "document edition\n report through_2019_H1\n")
    session = SessionReports()
    assert (session.add(report), session.add(report), len(session)) == (True, False, 1)
    merged = session.merged(bundled)
    assert merged is session.merged(bundled)
    own = merged.observations[merged.observations["document"].map(is_own)]
    assert set(own["reporter"]) == {"acme"} and len(own) == 3
    assert merged.documents[merged.documents["document"].map(is_own)]["form"].tolist() == ["as published"]
    assert sentences.Names(merged).reporter("acme") == "Acme"
    assert merged.version != bundled.version
    complete = analysis.complete(merged)
    assert analysis.one_series(complete, reporter="acme", requester="FRA", measure="requests")["low"].tolist() == [12, 0]
    rows = complete[complete["reporter"] == "acme"]
    told = sentences.source_line(rows, merged, sentences.Names(merged), None)
    assert told.endswith("Drawn from your own upload, not from the published datasets: Acme H1.csv.") and "as published" not in told
    session.remove(report.id)
    assert session.merged(bundled).version == bundled.version


def test_a_report_in_the_session_and_in_the_workspace_counts_once(tmp_path, catalog_of, report):
    bundled, session, store = catalog_of("period value\n 2019_H1 10\n"), SessionReports(), Workspace(tmp_path)
    session.add(report)
    alone = session.merged(bundled)
    store.keep(report)
    assert session.merged(bundled, store.readable()[0]).observations.equals(alone.observations)


def test_a_described_reporter_goes_by_its_name_and_never_replaces_one_of_ours(catalog_of, tmp_path):
    described = {"reporter": "acme", "name": "Acme & Söhne", "kind": "company", "country": "DEU", "report": "Report", "url": ""}
    other = described | {"reporter": "google", "name": "Not Google"}
    report = accepted("a.csv", b"1", _table(), reporters=[described, other])
    Workspace(tmp_path).keep(report)
    bundled = catalog_of("period value\n 2019_H1 10\n")
    merged = own_reports.with_reports(bundled, Workspace(tmp_path).readable()[0])
    assert sentences.Names(merged).reporter("acme") == "Acme & Söhne"
    assert sentences.Names(merged).reporter("google") == sentences.Names(bundled).reporter("google")
    assert merged.reporters["reporter"].is_unique


def test_a_file_that_we_hold_adds_only_what_is_read_otherwise(catalog_of, observations_of):
    shown = "period value document\n 2018_H2 5 old\n 2019_H1 10 old\n"
    bundled = catalog_of(shown, "document edition replaces\n old through_2019_H1 -\n new through_2019_H2 old\n")
    held = bundled.documents.assign(sha256=[_hash(b"old") if name == "old" else "" for name in bundled.documents["document"]])
    bundled = replace(bundled, documents=held)
    same = accepted("old.csv", b"old", observations_of(shown))
    assert own_reports.held(same, bundled) == ["old"]
    merged = own_reports.with_reports(bundled, [same])
    assert (len(merged.observations), len(merged.documents)) == (2, 2)
    other = accepted("old.csv", b"old", observations_of(shown.replace("10", "11")))
    assert own_reports.with_reports(bundled, [other]).observations["low"].tolist() == [5, 10, 11]
    assert own_reports.held(accepted("old.csv", b"another", observations_of(shown)), bundled) == []


def test_a_newer_edition_withdraws_what_it_leaves_out(catalog_of, observations_of):
    bundled = catalog_of("requester period value document\n FRA 2019_H1 5 old\n DEU 2019_H1 6 old\n")
    newer = accepted("new.csv", b"1", observations_of("requester period value\n FRA 2019_H1 7\n"), replaces="old")
    merged = own_reports.with_reports(bundled, [newer])
    assert merged.as_of()[["requester", "low"]].to_numpy().tolist() == [["FRA", 7]]
    assert merged.withdrawn()["requester"].tolist() == ["DEU"]


def test_one_visitor_s_session_is_not_another_s(catalog_of, many):
    bundled, one, two = catalog_of("period value\n 2019_H1 10\n"), SessionReports(), SessionReports()
    one.add(many[0])
    two.add(many[1])
    assert not set(one.merged(bundled).observations["document"]) & set(two.merged(bundled).documents["document"]) - {"report"}
    assert one.merged(bundled).version != two.merged(bundled).version


@pytest.fixture
def command(tmp_path, monkeypatch, capsys) -> Callable:
    """Runs one command over a workspace of its own; gives its exit code and what it says on either side."""
    monkeypatch.setenv("TRANSPARENCY_DATA", str(tmp_path / "kept"))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def run(*arguments: object) -> tuple[int, str, str]:
        code = cli.main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return run


@pytest.mark.published
def test_the_command_line_keeps_lists_undoes_and_deletes(command, published, tmp_path):
    file = published / "google/through-2020-H2/google-usnationalsecurity-nsl-requests.csv"
    code, said, _ = command("keep", file)
    assert (code, "is kept as" in said, str(tmp_path / "kept") in said) == (0, True, True)
    code, said, _ = command("keep", file)
    assert (code, "was kept before" in said) == (0, True)
    (report,) = json.loads(command("workspace", "list", "--format", "json")[1])
    assert report["name"] == file.name
    assert command("workspace") == command("workspace", "list") == (0, command("workspace", "list")[1], "")
    assert report["id"] in command("workspace")[1]
    assert command("workspace", "path") == (0, f"{tmp_path / 'kept'}\n", "")
    assert command("workspace", "undo")[0] == 0
    assert command("workspace", "undo")[0::2] == (2, "transparency: There is nothing to undo.\n")
    command("keep", file)
    assert command("workspace", "delete", report["id"])[0] == 0
    assert command("workspace", "delete", report["id"])[0] == 2
    assert [line["action"] for line in json.loads(command("workspace", "history", "--format", "json")[1])] == [
        "kept",
        "undone",
        "kept",
        "deleted",
    ]
    assert command("workspace")[1] == ""


@pytest.mark.published
def test_the_command_line_tells_of_a_damaged_report_and_repairs_a_catalogue(command, published, tmp_path):
    command("keep", published / "google/through-2020-H2/google-usnationalsecurity-nsl-requests.csv")
    (tmp_path / "kept" / "catalogue.sqlite").write_bytes(b"")
    code, said, complaint = command("workspace")
    assert (code, said, complaint.count("\n"), "transparency workspace repair" in complaint) == (2, "", 1, True)
    assert command("workspace", "repair")[1] == f"The catalogue in {tmp_path / 'kept'} is sound and holds 1 report.\n"
    next((tmp_path / "kept" / "originals").iterdir()).write_bytes(b"changed")
    code, said, complaint = command("workspace")
    assert (code, said.count("\n"), "is damaged" in complaint) == (2, 1, True)


def test_the_command_line_keeps_no_file_that_it_cannot_read(command, tmp_path):
    (tmp_path / "evil\x1b[2J.csv").write_text("a,b\n1,2\n")
    code, said, problems = command("keep", tmp_path / "evil\x1b[2J.csv")
    assert (code, said, "\x1b" in problems) == (2, "", False)
    assert not (tmp_path / "kept").exists()


@pytest.mark.published
def test_the_command_line_keeps_nothing_with_a_warning_where_it_is_to_be_strict(command, published):
    code, _, problems = command("keep", "--strict", published / "github/requests_received_and_disclosed.csv")
    assert (code, "warning" in problems, command("workspace")[1]) == (1, True, "")
    assert command("keep", published / "github/requests_received_and_disclosed.csv")[0] == 0


_NUMBERS = itertools.count()


def _table() -> pd.DataFrame:
    half = [pd.Timestamp("2019-01-01"), pd.Timestamp("2019-06-30")]
    return pd.DataFrame(
        {
            "reporter": "acme",
            "service": "all",
            "requester": ["FRA", "FRA", "DEU"],
            "authority": "any",
            "request_type": "all",
            "measure": "requests",
            "period_start": [half[0], pd.Timestamp("2019-07-01"), half[0]],
            "period_end": [half[1], pd.Timestamp("2019-12-31"), half[1]],
            "low": [12.0, 0.0, 1000.0],
            "high": [12.0, 499.0, float("inf")],
            "printed": ["12", "0 - 499", "1,000 or more"],
            "document": "Acme H1",
            "cell": ["B2", "B3", "B4"],
        }
    )


def _another(report: Report, number: int) -> Report:
    # Made without the reader, which has been through one of them: two hundred are wanted.
    data = f"file {number}".encode()
    return replace(
        report,
        id=_hash(data)[:16],
        name=f"Acme {number}.csv",
        data=data,
        sha256=_hash(data),
        size=len(data),
        observations=report.observations.assign(low=float(number), high=float(number), document=f"own/{_hash(data)[:16]}/acme"),
        documents=report.documents.assign(document=f"own/{_hash(data)[:16]}/acme", sha256=_hash(data)),
    )


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _assert_same(read: Report, report: Report) -> None:
    pd.testing.assert_frame_equal(read.observations, report.observations)
    pd.testing.assert_frame_equal(read.documents, report.documents)
    pd.testing.assert_frame_equal(read.reporters, report.reporters)
    assert (read.id, read.name, read.sha256, read.size, read.problems) == (
        report.id,
        report.name,
        report.sha256,
        report.size,
        report.problems,
    )


def _started(work: Callable, argument: object) -> tuple:
    results, sender = FORK.Pipe(duplex=False)
    child = FORK.Process(target=work, args=(argument, sender))
    child.start()
    sender.close()
    return results, child


def _ended(children: list[tuple]) -> list[int]:
    for _, child in children:
        child.join(60)
    return [child.exitcode for _, child in children]


def _said(act: Callable) -> str:
    try:
        act()
    except StoreProblem as problem:
        return str(problem)
    return "done"


def _no_space(*_, **__) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _stored(store: Workspace) -> set[str]:
    # The names of all bytes that are there.
    if isinstance(store._store, stores.Folder):
        return {file.name for kind in stores.KINDS for file in (Path(store.path) / kind).iterdir()}
    with store._store.engine.begin() as connection:
        return set(connection.exec_driver_sql("SELECT sha256 FROM transparency_bytes").scalars())


def _bytes_of(store: Workspace, reports: list[Report]) -> set[str]:
    # The names of the bytes that belong to these reports.
    with store._store.engine.begin() as connection:
        rows = {row.id: row for row in connection.execute(sql.select(stores.KEPT))}
    return {digest for report in reports for digest in (rows[report.id].original, rows[report.id].observations)}


def _is_somewhere(trace: bytes, folder: Path) -> bool:
    return any(trace in file.read_bytes() for file in folder.rglob("*") if file.is_file())
