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
from dashboard.display.languages import Language
from dashboard.model.columns import is_own
from dashboard.reports.problems import Problem
from dashboard.reports.tables.roles import Mapping
from dashboard.workspace import kept as workspace_kept
from dashboard.workspace import store as storing
from dashboard.workspace.kept import User, Workspace
from dashboard.workspace.place import holds_no_report
from dashboard.workspace.quotas import Quotas
from dashboard.workspace.store import StoreProblem

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs fork, kill and limits of a POSIX system")
ANN, BOB, CHIEF = User("ann"), User("bob"), User("chief", is_admin=True)
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


def test_a_sign_out_is_known_to_every_process_and_only_that_of_the_user(place):
    one, other = Workspace(place), Workspace(place)
    assert other.signed_out_at(ANN) == 0
    for moment in (5.0, 7.5):
        one.sign_out(ANN, moment)
        assert other.signed_out_at(ANN) == moment
    assert other.signed_out_at(BOB) == 0 and one.version() == 0
    one.sign_out(ANN, 6.0)
    assert other.signed_out_at(ANN) == 7.5, "an earlier one that is noted late undoes nothing"
    other.store.change(lambda connection: storing.SIGN_OUTS.drop(connection), "")
    assert one.signed_out_at(ANN) == 0, "a store in which nobody signed out yet"
    one.sign_out(BOB, 9.0)
    assert other.signed_out_at(BOB) == 9


def test_what_was_kept_is_read_back_as_it_was(place, report):
    kept = Workspace(place).keep(report)
    assert (kept.reporters, kept.period, kept.observations, kept.problems, kept.already) == (("acme",), "2019", 3, 1, False)
    again = Workspace(place)
    assert again.reports() == [kept]
    _assert_same(again.read(kept.id), report)
    assert _kept_file(again, report) == b"the file as it came"


def test_how_a_layout_was_corrected_is_kept_with_the_report(place, report):
    store, text = Workspace(place), Mapping("acme", layout="0123", requesters={"Belgim": "BEL"}).dumped()
    store.keep(replace(report, mapping=text))
    assert Workspace(place).read(report.id).mapping == text


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
        _assert_same(Workspace(folder).read(report.id), report)
        assert _kept_file(Workspace(folder), report) == data


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
        ("requester", "", "row 1, requester: “” is blank"),
        ("printed", "", "row 1, printed: “” is blank"),
        ("low", 0.5, "row 1: a count is a whole number"),
    ],
)
def test_an_unsound_row_is_no_report(column, value, says):
    with pytest.raises(ValueError, match=says):
        accepted("a.csv", b"1", _table().assign(**{column: value}))


def test_a_place_that_we_do_not_know_is_kept_as_written():
    table = _table().head(1).assign(requester="Atlantis")
    assert list(accepted("a.csv", b"1", table).observations["requester"]) == ["Atlantis"]


def test_a_number_given_twice_or_none_at_all_is_no_report():
    table = _table()
    with pytest.raises(ValueError, match="given twice"):
        accepted("a.csv", b"1", pd.concat([table, table]))
    with pytest.raises(ValueError, match="without a number"):
        accepted("a.csv", b"1", table.head(0))


def test_undo_takes_back_one_s_own_steps_one_after_the_other(place, many):
    store = Workspace(place)
    for report in many[:2]:
        store.keep(report, ANN)
    store.keep(many[2], BOB)
    store.delete(many[0].id, ANN)
    undone = [(action.action, action.id) for action in (store.undo(ANN), store.undo(ANN), store.undo(ANN))]
    assert undone == [("restored", many[0].id), ("deleted", many[1].id), ("deleted", many[0].id)]
    with pytest.raises(StoreProblem, match="nothing to undo"):
        store.undo(ANN)
    assert store.reports(ANN) == [] and [kept.id for kept in store.reports(BOB)] == [many[2].id]


def test_what_was_undone_can_be_kept_and_undone_again(place, report):
    store = Workspace(place)
    store.keep(report)
    store.undo()
    assert not store.keep(report).already
    assert store.undo().id == report.id
    assert store.reports() == []


def test_what_is_deleted_can_be_brought_back_for_a_while_and_is_then_gone_by_itself(place, many, monkeypatch):
    store = Workspace(place)
    for report in many[:2]:
        store.keep(report)
    store.delete(many[0].id)
    assert [kept.id for kept in store.reports()] == [many[1].id]
    assert [(kept.id, bool(kept.deleted)) for kept in store.deleted()] == [(many[0].id, True)]
    assert store.erase_what_is_past() == 0
    store.restore(many[0].id)
    _assert_same(store.read(many[0].id), many[0])
    with pytest.raises(StoreProblem, match="not deleted"):
        store.restore(many[0].id)
    store.delete(many[0].id)
    with pytest.raises(StoreProblem, match="deleted already"):
        store.delete(many[0].id)
    monkeypatch.setattr(workspace_kept, "DAYS_TO_RESTORE", 0)
    assert (store.deleted(), store.erase_what_is_past(), store.erase_what_is_past()) == ([], 1, 0)
    assert _stored(store) == _bytes_of(store, [many[1]])
    with pytest.raises(StoreProblem, match="No report"):
        store.restore(many[0].id)
    assert [action.action for action in store.history()] == ["kept", "kept", "deleted", "restored", "deleted", "erased"]


def test_what_is_deleted_for_good_is_gone_from_every_file(tmp_path, many):
    store = Workspace(tmp_path)
    big = replace(many[1], data=b"in the middle " * 20_000)
    big = replace(big, sha256=_hash(big.data), size=len(big.data))
    for kept in (many[0], big, many[2]):
        store.keep(kept)
    before = (tmp_path / "catalogue.sqlite").stat().st_size
    traces = [big.data[:1000], f'"name": "{big.name}"'.encode(), big.documents["document"].iloc[0].encode()]
    assert all(_is_somewhere(trace, tmp_path) for trace in traces)
    store.delete(big.id, for_good=True)
    # The history keeps what it was called and who deleted it, and nothing else of it is left.
    assert [_is_somewhere(trace, tmp_path) for trace in traces] == [False, True, False]
    assert (tmp_path / "catalogue.sqlite").stat().st_size < before - len(big.data) // 2
    with pytest.raises(StoreProblem, match="No report"):
        store.read(big.id)
    for kept in (many[0], many[2]):
        _assert_same(store.read(kept.id), kept)


def test_each_sees_what_is_theirs_and_what_is_shared_with_them(place, many):
    store = Workspace(place)
    mine, hers = replace(many[0], data=b"shared", sha256=_hash(b"shared")), replace(many[1], data=b"shared", sha256=_hash(b"shared"))
    store.keep(mine, ANN)
    store.keep(hers, BOB)
    store.keep(mine, BOB)
    store.keep(many[2], BOB, is_shared=True)
    assert [(kept.owner, kept.id) for kept in store.reports(ANN)] == [("ann", mine.id), ("bob", many[2].id)]
    assert {(action.owner, action.id) for action in store.history(ANN)} == {("ann", mine.id), ("bob", many[2].id)}
    assert [kept.id for kept in store.reports(User("nobody"))] == [many[2].id]
    for forbidden in (store.read, store.delete, store.restore, lambda *of: store.share(*of, is_shared=True)):
        with pytest.raises(StoreProblem, match="No report"):
            forbidden(hers.id, ANN)
    for forbidden in (store.delete, lambda id_, who: store.delete(id_, who, owner="bob"), lambda *of: store.share(*of, is_shared=False)):
        with pytest.raises(StoreProblem, match="only they or an administrator"):
            forbidden(many[2].id, ANN)
    with pytest.raises(StoreProblem, match="nothing to undo"):
        store.undo(User("nobody"))
    store.share(many[2].id, BOB, is_shared=False)
    assert [kept.id for kept in store.reports(ANN)] == [mine.id]
    # The bytes that two owners share stay until the last has let them go.
    store.delete(hers.id, BOB, for_good=True)
    store.delete(mine.id, CHIEF, owner="bob", for_good=True)
    _assert_same(store.read(mine.id, ANN), mine)
    assert _kept_file(store, mine) == b"shared"


@pytest.mark.parametrize("column", ["action", "owner", "seal"])
def test_damage_in_the_history_never_shows_a_report_to_others(column, place, many):
    store = Workspace(place)
    for report in many[:2]:
        store.keep(report, ANN, is_shared=True)
    line = store.share(many[0].id, ANN, is_shared=False).number
    damage = sql.update(storing.ACTIONS).where(storing.ACTIONS.c.number == line).values({column: "Ann!"})
    store.store.change(lambda connection: connection.execute(damage), "")
    assert many[0].id not in [kept.id for kept in store.reports(BOB)]
    assert [kept.id for kept in store.reports(ANN)] == [report.id for report in many[:2]]


def test_an_administrator_deletes_what_others_keep_and_the_history_says_so(place, many):
    store = Workspace(place)
    store.keep(many[0], ANN, is_shared=True)
    store.keep(many[1], BOB)
    assert [kept.id for kept in store.reports(CHIEF)] == [many[0].id], "an administrator reads no more than others"
    store.delete(many[0].id, CHIEF, owner="ann")
    assert store.reports(BOB)[0].id == many[1].id and [kept.owner for kept in store.deleted(CHIEF)] == ["ann"]
    assert store.deleted(BOB) == []
    store.restore(many[0].id, ANN)
    steps = [(action.who, action.action, action.owner) for action in store.history(CHIEF)]
    assert steps == [
        ("ann", "kept", "ann"),
        ("ann", "shared", "ann"),
        ("bob", "kept", "bob"),
        ("chief", "deleted", "ann"),
        ("ann", "restored", "ann"),
    ]


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from("abc"), st.integers(0, 2), st.sampled_from(["keep", "share", "hide", "delete", "restore", "erase", "undo"])
        ),
        max_size=14,
    )
)
@settings(max_examples=25, deadline=None)
def test_whatever_the_order_of_steps_nobody_sees_or_changes_what_is_not_theirs(steps, many):
    # A plain model of the law beside the store: whose report is where.
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        store, state = Workspace(folder), {}
        for name, number, step in steps:
            user, id_ = User(name), many[number].id
            before = {other: [kept.id for kept in store.reports(User(other)) if kept.owner == other] for other in "abc" if other != name}
            acts = {
                "keep": lambda user=user, number=number: store.keep(many[number], user),
                "share": lambda user=user, id_=id_: store.share(id_, user, is_shared=True),
                "hide": lambda user=user, id_=id_: store.share(id_, user, is_shared=False),
                "delete": lambda user=user, id_=id_: store.delete(id_, user),
                "restore": lambda user=user, id_=id_: store.restore(id_, user),
                "erase": lambda user=user, id_=id_: store.delete(id_, user, for_good=True),
                "undo": lambda user=user: store.undo(user),
            }
            with contextlib.suppress(StoreProblem):
                acts[step]()
            assert before == {other: [kept.id for kept in store.reports(User(other)) if kept.owner == other] for other in before}
            state = {other: {kept.id for kept in store.reports(User(other)) if kept.is_shared and kept.owner == other} for other in "abc"}
            shared = {(other, id_) for other, ids in state.items() for id_ in ids}
            for viewer in "abc":
                assert {(kept.owner, kept.id) for kept in store.reports(User(viewer)) if kept.owner != viewer} == {
                    pair for pair in shared if pair[0] != viewer
                }


@pytest.mark.parametrize(
    ("quotas", "count", "says"),
    [
        (Quotas(own_reports=2), 2, "ann may keep 2 reports"),
        (Quotas(reports=3), 2, "this workspace may hold 3 reports"),
        (Quotas(own_mebibytes=1), 1, "ann may keep 1 MiB"),
        (Quotas(mebibytes=2), 1, "this workspace may hold 2 MiB"),
        (Quotas(per_hour=2), 2, "ann may keep 2 reports in an hour"),
    ],
)
def test_limits_hold_and_say_what_to_do(quotas, count, says, place, many):
    size = 700_000 if quotas.own_mebibytes or quotas.mebibytes else 100
    reports = [_with_data(report, random.Random(number).randbytes(size)) for number, report in enumerate(many[:4])]
    store = Workspace(place, quotas)
    store.keep(reports[3], BOB)
    for report in reports[:count]:
        store.keep(report, ANN)
    with pytest.raises(StoreProblem, match=says):
        store.keep(reports[count], ANN)
    assert store.keep(reports[0], ANN).already, "what is kept counts once"
    assert len(store.reports(ANN)) == count
    if not quotas.per_hour:
        store.delete(reports[0].id, ANN)
        assert not store.keep(reports[0], ANN).already, "what was deleted makes room for itself"
        store.delete(reports[0].id, ANN, for_good=True)
        assert not store.keep(reports[count], ANN).already


def test_a_look_leaves_no_trace(tmp_path):
    store = Workspace(tmp_path / "none")
    assert store.reports() == store.history() == []
    assert store.readable() == ([], []) and store.version() == 0
    with pytest.raises(StoreProblem, match="No report"):
        store.read("x")
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


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("{here}/file", "not a directory"),
        ("{here}/file/below", "not a directory"),
        ("{here}/loop", "symbolic links"),
        ("{here}/folder", "is a directory"),
        ("{here}/" + "x" * 300, "name too long"),
        ("~no such user/kept", "no such user"),
    ],
)
def test_a_place_where_no_folder_can_be_is_one_sentence_whoever_looks(named, says, command, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "folder" / "catalogue.sqlite").mkdir(parents=True)
    monkeypatch.setenv("TRANSPARENCY_DATA", named.format(here=tmp_path))
    with pytest.raises(StoreProblem, match=says):
        Workspace().reports()
    code, _, told = command("workspace", "list")
    assert code == 2 and says in told and told.count("\n") == 1


def test_that_nothing_is_kept_is_seen_without_the_engine_of_the_store(report, tmp_path):
    assert holds_no_report(tmp_path / "none")
    Workspace(tmp_path).keep(report)
    assert not holds_no_report(tmp_path)
    Workspace(tmp_path).delete(report.id)
    with contextlib.closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as store, store:
        store.execute("DELETE FROM transparency_kept")
    assert holds_no_report(tmp_path)
    (tmp_path / "catalogue.sqlite").write_bytes(b"no database at all, but a file of some length")
    assert not holds_no_report(tmp_path)
    assert not holds_no_report("postgresql://nobody@nowhere/none")


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

    halves = [many[:50], many[25:75]]
    children = [_started(save, reports) for reports in halves]
    already = [flag for results, _ in children for flag in results.recv()]
    assert _ended(children) == [0, 0]
    assert (already.count(True), already.count(False)) == (25, 75)
    store = Workspace(place)
    kept = store.reports(check=True)
    assert sorted(report.id for report in kept) == sorted(report.id for report in many[:75])
    assert not any(report.damage for report in kept)
    assert sorted(action.id for action in store.history()) == sorted(report.id for report in many[:75])
    _assert_same(store.read(many[40].id), many[40])


def test_one_deletes_what_the_other_keeps_and_nothing_is_damaged(place, many):
    reports = [replace(report, data=b"the same file", sha256=_hash(b"the same file")) for report in many[:20]]

    def save(owner: str, results) -> None:
        store = Workspace(place)
        for report in reports:
            store.keep(report, User(owner))
            if owner == "b":
                store.delete(report.id, User(owner), for_good=True)
        results.send(True)

    children = [_started(save, owner) for owner in "ab"]
    assert [results.recv() for results, _ in children] == [True, True]
    _ended(children)
    kept = Workspace(place).reports(User("a"), check=True)
    assert len(kept) == 20 and not any(report.damage for report in kept)
    assert Workspace(place).reports(User("b")) == []


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
                store.delete(report.id, for_good=True)
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
        assert not store.deleted()
        assert _stored(store) == _bytes_of(store, [by_id[id_] for id_ in ids])
    assert said, "no save was ever acknowledged, so nothing was tried"
    assert many[-1].id in ids


OPERATIONS = {
    "keep": lambda store, old, new: store.keep(new),
    "undo": lambda store, old, new: store.undo(),
    "delete": lambda store, old, new: store.delete(old.id),
    "erase": lambda store, old, new: store.delete(old.id, for_good=True),
    "read": lambda store, old, new: store.read(old.id),
}


@pytest.mark.parametrize(("operation", "lasting"), [(operation, lasting) for operation in OPERATIONS for lasting in (False, True)])
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
        kept = store.reports(check=True)
        assert not any(report.damage for report in kept)
        there, expected = {report.id for report in kept}, {old.id}
        if operation == "keep" and problem is None:
            expected.add(new.id)
        if operation in ("undo", "delete", "erase") and (problem is None or "off the list" in problem):
            expected.remove(old.id)
        assert there == expected, (n, problem)
        assert problem is None or (("\n" not in problem and str(folder) in problem) or "file handles" in problem)
        gone = () if operation == "erase" else (old.id,)
        assert _stored(store) == _bytes_of(store, [report for report in (old, new) if report.id in {*there, *gone}])
        store.keep(new)
        _assert_same(store.read(new.id), new)
        assert {file.name for file in folder.iterdir()} <= {"catalogue.sqlite", "workspace.json", "reserve"}
    assert n > 5


class _Faults:
    """Lets the n-th operation on files or on the catalogue fail, or every one from the n-th on, as on a disk that is full."""

    def __init__(self, patches: pytest.MonkeyPatch, n: int, lasting: bool) -> None:
        self.left, self.lasting, self.struck = n, lasting, False
        for name in ("open", "replace", "mkdir", "unlink", "close"):
            patches.setattr(os, name, self._failing(getattr(os, name)))
        patches.setattr(Path, "read_bytes", self._failing(Path.read_bytes))
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


@pytest.mark.parametrize("limit", range(0, 800, 50))
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
    is_kept = said == "done"
    assert is_kept if limit >= 600 else limit >= 300 or not is_kept
    assert is_kept or ("no space left" in said and "nothing was kept" in said)
    store = Workspace(tmp_path)
    assert {report.id for report in store.readable()[0]} == ({old.id, big.id} if is_kept else {old.id})
    assert _stored(store) == _bytes_of(store, [old, big] if is_kept else [old])


def test_what_a_failed_save_wrote_is_gone_at_once(place, many, monkeypatch):
    store = Workspace(place)
    store.keep(many[0])
    with monkeypatch.context() as patches:
        # The row, which comes after the bytes, finds no room.
        patches.setattr(workspace_kept, "_insert", _no_space)
        assert "nothing was kept" in _said(lambda: store.keep(many[1]))
    assert _stored(store) == _bytes_of(store, many[:1])


def test_a_full_disk_can_be_emptied(many):
    # A small file system of our own, in a name space of our own where we are no administrator.
    with tempfile.TemporaryDirectory() as folder:

        def fill(_, results) -> None:
            try:
                _mount_small(folder)
            except OSError as error:
                results.send(("cannot mount", str(error)))
                return
            store, kept = Workspace(Path(folder) / "kept"), []
            with contextlib.suppress(StoreProblem):
                for number in itertools.count():
                    data = random.Random(number).randbytes(300_000)
                    kept.append(store.keep(_with_data(many[number], data)).id)
            with contextlib.suppress(OSError), (Path(folder) / "filler").open("wb", buffering=0) as filler:
                while True:
                    filler.write(bytes(4096))
            said = [_said(lambda: store.keep(_with_data(many[150], b"x" * 5_000)))]
            left = os.statvfs(folder).f_bavail
            for id_ in kept[:3]:
                said.append(_said(lambda id_=id_: store.delete(id_, for_good=True)))
            said.append(_said(lambda: Workspace(store.path).keep(_with_data(many[151], b"y" * 300_000))))
            sound = [report.damage for report in Workspace(store.path).reports(check=True)]
            results.send((said, left, len(kept), sound))

        results, child = _started(fill, None)
        said, *rest = results.recv()
        _ended([(results, child)])
    if said == "cannot mount":
        pytest.skip(f"needs a file system of its own: {rest[0]}")
    left, count, damages = rest
    assert "no space left" in said[0] and "for good" in said[0] and left == 0
    assert said[1:] == ["done"] * 4
    assert damages == [""] * (count - 3 + 1)


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
                    _said(lambda: store.delete(old.id)),
                    _said(lambda: Workspace(folder / "new").keep(new)),
                    [report.id for report in store.reports(check=True)] == [old.id] and store.read(old.id).id == old.id,
                ]
            )

        for path in (*folder.rglob("*"), folder):
            path.chmod(0o555 if path.is_dir() else 0o444)
        results, child = _started(intrude, None)
        *refusals, can_be_read = results.recv()
        for said in refusals:
            assert "cannot be written to" in said and ("nothing was kept" in said or "nothing was deleted" in said)
        assert can_be_read is True
        _ended([(results, child)])
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
        _assert_same(Workspace(folder / "kept").read(old.id), old)
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
                read = store.read(report.id)
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


@pytest.mark.parametrize("column", ["original", "observations"])
def test_damaged_bytes_are_refused_and_the_others_stay(column, place, many, subtests):
    store = Workspace(place)
    for report in many[:3]:
        store.keep(report)
    digest = store.store.look(
        lambda connection: connection.execute(sql.select(storing.KEPT.c[column]).filter_by(id=many[1].id)).scalar(), ""
    )
    whole = store.store.look(lambda connection: storing.load(connection, digest), b"")

    def lie(data: bytes | None) -> None:
        def put(connection: sql.Connection) -> None:
            connection.execute(sql.delete(storing.BYTES).filter_by(sha256=digest))
            if data is not None:
                connection.execute(sql.insert(storing.BYTES).values(sha256=digest, data=data))

        store.store.change(put, "")

    for damage, harm in DAMAGES.items():
        with subtests.test(damage=damage):
            lie(harm(whole))
            again = Workspace(place)
            _assert_same(again.read(many[0].id), many[0])
            _assert_same(again.read(many[2].id), many[2])
            with pytest.raises(StoreProblem, match=f"“{many[1].name}” is damaged"):
                again.read(many[1].id)
            assert [bool(report.damage) for report in again.reports(check=True) if report.id == many[1].id] == [True]
            reports, damages = again.readable()
            assert (len(reports), len(damages)) == (2, 1)
    lie(whole)
    _assert_same(Workspace(place).read(many[1].id), many[1])


@pytest.mark.parametrize("damage", [name for name in DAMAGES if not name.startswith(("bit", "longer", "cut by"))])
def test_a_lost_or_emptied_catalogue_is_refused_and_not_begun_anew(damage, damaged):
    said = damaged(lambda folder: folder / "catalogue.sqlite", DAMAGES[damage])
    assert all("is damaged" in text and "transparency workspace repair" in text for text in said)


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
    assert damaged(lambda folder: folder / "workspace.json", DAMAGES[damage]) == ["sound"] * 3


def test_a_catalogue_put_back_to_an_earlier_state_is_refused(tmp_path, many):
    store = Workspace(tmp_path)
    store.keep(many[0])
    earlier = (tmp_path / "catalogue.sqlite").read_bytes()
    store.keep(many[1])
    (tmp_path / "catalogue.sqlite").write_bytes(earlier)
    with pytest.raises(StoreProblem, match="lacks what was saved last"):
        Workspace(tmp_path).reports()


def test_another_store_s_catalogue_is_refused(tmp_path, many):
    for name in "ab":
        Workspace(tmp_path / name).keep(many[0])
    shutil.copy(tmp_path / "a" / "catalogue.sqlite", tmp_path / "b" / "catalogue.sqlite")
    with pytest.raises(StoreProblem, match="not the one that was here"):
        Workspace(tmp_path / "b").reports()


def test_what_can_be_read_of_a_damaged_file_is_saved(tmp_path, many):
    # Somewhere in its pages the file is overwritten: each report that is whole comes back, and none that is not.
    chance, saved = random.Random(11), []
    for report in many[:12]:
        Workspace(tmp_path / "before").keep(_with_data(report, report.data * 2000), ANN)
    for number in range(12):
        folder = shutil.copytree(tmp_path / "before", tmp_path / f"{number}")
        data = bytearray((folder / "catalogue.sqlite").read_bytes())
        at = chance.randrange(2, len(data) // 4096) * 4096
        data[at : at + 4096] = bytes(4096)
        (folder / "catalogue.sqlite").write_bytes(data)
        store = Workspace(folder)
        damages = set()
        with contextlib.suppress(StoreProblem):
            damages = {report.id for report in store.reports(ANN, check=True) if report.damage}
        count = store.repair()
        assert count == len(store.reports(ANN, check=True))
        assert damages or not any(report.damage for report in store.reports(ANN, check=True))
        for kept in store.reports(ANN):
            if kept.id not in (damages or ()):
                _assert_same(
                    Workspace(folder).read(kept.id, ANN),
                    next(_with_data(report, report.data * 2000) for report in many if report.id == kept.id),
                )
        saved.append(count)
    assert min(saved) >= 8 and sum(saved) >= 11 * 12


def test_of_a_file_that_is_lost_nothing_is_made_up(tmp_path, many):
    Workspace(tmp_path).keep(many[0])
    (tmp_path / "catalogue.sqlite").write_bytes(b"")
    with pytest.raises(StoreProblem, match="backup"):
        Workspace(tmp_path).repair()
    with pytest.raises(StoreProblem, match="damaged"):
        Workspace(tmp_path).reports()


def test_a_sound_catalogue_is_not_made_again(tmp_path, many):
    store = Workspace(tmp_path)
    store.keep(many[0])
    store.undo()
    store.keep(many[1])
    assert store.repair() == 2
    assert [action.action for action in store.history()] == ["kept", "deleted", "kept"]
    assert not list(tmp_path.glob("damaged-*"))


def test_a_damaged_entry_is_made_again_from_its_file(tmp_path, many):
    store = Workspace(tmp_path)
    for report in many[:2]:
        store.keep(report)
    store.store.change(
        lambda connection: connection.execute(sql.update(storing.KEPT).where(storing.KEPT.c.id == many[0].id).values(original="0" * 64)), ""
    )
    assert "its entry in the catalogue" in store.reports()[0].damage
    # Its bytes are no one's now, and stay all the same: a damaged row is not what to delete by.
    assert len(_stored(Workspace(tmp_path))) == 4 and Workspace(tmp_path).repair() == 2
    _assert_same(Workspace(tmp_path).read(many[0].id), many[0])


def test_a_damaged_report_is_sound_again_once_its_file_is_kept_again(place, report):
    store = Workspace(place)
    store.keep(report)
    store.store.change(lambda connection: connection.execute(sql.delete(storing.BYTES).where(storing.BYTES.c.sha256 == report.sha256)), "")
    assert "is missing" in store.reports(check=True)[0].damage
    assert not store.keep(report).already
    _assert_same(store.read(report.id), report)


@pytest.mark.parametrize(("after", "says"), [("_insert", "nothing was kept"), ("_log", "is not known")])
def test_a_database_that_is_cut_off_in_a_save_leaves_all_or_nothing_and_says_what_is_known(after, says, database, many, monkeypatch):
    store = Workspace(database)
    store.keep(many[0])
    with monkeypatch.context() as patches:
        real = getattr(workspace_kept, after)

        def cut_off(connection: sql.Connection, *given, **named):
            result = real(connection, *given, **named)
            _cut(database, connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
            return result

        patches.setattr(workspace_kept, after, cut_off)
        said = _said(lambda: store.keep(many[1]))
    assert "cannot be reached" in said and says in said
    assert {kept.id for kept in store.reports(check=True)} <= {many[0].id, many[1].id}
    assert store.keep(many[1]).damage == "" and len(store.reports(check=True)) == 2
    assert _stored(store) == _bytes_of(store, many[:2])


def test_several_writers_of_a_database_whose_connections_are_cut_lose_and_double_nothing(database, many):
    def save(reports: list[Report], results) -> None:
        store = Workspace(database)
        for report in reports:
            said = _said(lambda report=report: store.keep(report))
            results.send((report.id, said))
        results.send(None)

    Workspace(database).keep(many[-1])
    children = [_started(save, many[start : start + 20]) for start in (0, 10, 20)]
    chance, told, left = random.Random(5), [], {results for results, _ in children}
    while left:
        for results in list(left):
            if results.poll(0.02):
                message = results.recv()
                left.discard(results) if message is None else told.append(message)
        if chance.random() < 0.2:
            _cut(database)
    _ended(children)
    store = Workspace(database)
    kept = store.reports(check=True)
    assert not any(report.damage for report in kept)
    assert {id_ for id_, said in told if said == "done"} <= {report.id for report in kept}
    assert len({report.id for report in kept}) == len(kept)
    assert any(said != "done" for _, said in told), "no save was ever cut, so nothing was tried"
    assert all("cannot be reached" in said for _, said in told if said != "done")
    for report in many[:40]:
        store.keep(report)
    assert len(store.reports(check=True)) == 41


def test_damage_in_a_database_is_noticed(database, many):
    store = Workspace(database)
    for report in many[:3]:
        store.keep(report)
    flip = "UPDATE transparency_bytes SET data = set_byte(data, 3, get_byte(data, 3) # 1) WHERE sha256 = %s"
    with store.store.engine.begin() as connection:
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
    store.store.change(lambda connection: connection.execute(sql.update(storing.STORE).values(format=2)), "")
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
    assert Language("en", merged).reporter("acme") == "Acme"
    assert merged.version != bundled.version
    complete = analysis.with_totals(merged)
    assert analysis.one_series(complete, reporter="acme", requester="FRA", measure="requests")["low"].tolist() == [12, 0]
    rows = complete[complete["reporter"] == "acme"]
    told = sentences.source_line(rows, merged, Language("en", merged), None)
    assert told.endswith("Drawn from an upload, not from the published datasets: Acme H1.csv.") and "as published" not in told
    session.remove(report.id)
    assert session.merged(bundled).version == bundled.version


def test_a_report_in_the_session_and_in_the_workspace_counts_once(tmp_path, catalog_of, report):
    bundled, session, store = catalog_of("period value\n 2019_H1 10\n"), SessionReports(), Workspace(tmp_path)
    session.add(report)
    alone = session.merged(bundled)
    store.keep(report)
    kept = store.readable()[0]
    both = session.merged(own_reports.with_reports(bundled, kept), kept)
    assert both.observations.equals(alone.observations) and both.version == alone.version


def test_a_described_reporter_goes_by_its_name_and_never_replaces_one_of_ours(catalog_of, tmp_path):
    table = _table().assign(reporter=["acme", "acme", "google"])
    report = accepted("a.csv", b"1", table, names={"acme": "Acme & Söhne", "google": "Not Google"})
    Workspace(tmp_path).keep(report)
    bundled = catalog_of("period value\n 2019_H1 10\n")
    merged = own_reports.with_reports(bundled, Workspace(tmp_path).readable()[0])
    assert Language("en", merged).reporter("acme") == "Acme & Söhne"
    assert Language("en", merged).reporter("google") == Language("en", bundled).reporter("google")
    assert merged.reporters["reporter"].is_unique


def test_a_file_that_we_hold_adds_only_what_is_read_otherwise(catalog_of, observations_of):
    shown = "period value document\n 2018_H2 5 old\n 2019_H1 10 old\n"
    bundled = catalog_of(shown, "document edition replaces\n old through_2019_H1 -\n new through_2019_H2 old\n")
    held = bundled.documents.assign(sha256=[_hash(b"old") if name == "old" else "" for name in bundled.documents["document"]])
    bundled = replace(bundled, documents=held)
    same = accepted("old.csv", b"old", observations_of(shown))
    assert own_reports.same_file(same, bundled) == ["old"]
    merged = own_reports.with_reports(bundled, [same])
    assert (len(merged.observations), len(merged.documents)) == (2, 2)
    other = accepted("old.csv", b"old", observations_of(shown.replace("10", "11")))
    assert own_reports.with_reports(bundled, [other]).observations["low"].tolist() == [5, 10, 11]
    assert own_reports.same_file(accepted("old.csv", b"another", observations_of(shown)), bundled) == []


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
    assert report["id"] in command("workspace", "list", "--deleted")[1] and command("workspace")[1] == ""
    for step in ("restore", "share", "unshare"):
        assert command("workspace", step, report["id"])[0] == 0
    code, said, _ = command("workspace", "delete", report["id"], "--for-good")
    assert (code, "its bytes are gone" in said) == (0, True)
    assert [line["action"] for line in json.loads(command("workspace", "history", "--format", "json")[1])] == [
        "kept",
        "deleted",
        "kept",
        "deleted",
        "restored",
        "shared",
        "unshared",
        "erased",
    ]
    assert command("workspace")[1] == ""


@pytest.mark.published
def test_the_command_line_tells_of_damage_and_a_backup_brings_all_back(command, published, tmp_path, monkeypatch):
    file = published / "google/through-2020-H2/google-usnationalsecurity-nsl-requests.csv"
    command("keep", file)
    listed = command("workspace")[1]
    assert command("workspace", "repair")[1] == f"The catalogue in {tmp_path / 'kept'} is sound and holds 1 report.\n"
    code, said, _ = command("workspace", "backup", tmp_path / "backup")
    assert (code, "1 report" in said) == (0, True)
    assert command("workspace", "backup", tmp_path / "backup")[0::2] == (
        2,
        f"transparency: There is something in {tmp_path / 'backup'} already; nothing was written. Name an empty place.\n",
    )
    (tmp_path / "kept" / "catalogue.sqlite").write_bytes(b"")
    for act in ((), ("repair",)):
        code, said, complaint = command("workspace", *act)
        assert (code, said, complaint.count("\n"), "backup" in complaint) == (2, "", 1, True)
    monkeypatch.setenv("TRANSPARENCY_DATA", str(tmp_path / "new"))
    assert command("workspace")[2] == f"Nothing has been kept at {tmp_path / 'new'} yet.\n"
    assert command("workspace", "load", tmp_path / "nowhere")[0] == 2
    assert command("workspace", "load", tmp_path / "backup")[0] == 0
    assert command("workspace") == (0, listed, "")


@pytest.mark.parametrize("kinds", ["folder to folder", "folder to database", "database to folder"])
def test_a_backup_holds_everything_and_a_damaged_store_makes_none(kinds, many, tmp_path, request):
    places = [tmp_path / f"{n}" if kind == "folder" else request.getfixturevalue("database") for n, kind in enumerate(kinds.split(" to "))]
    store = Workspace(places[0])
    store.keep(many[0], ANN)
    store.keep(many[1], BOB, is_shared=True)
    store.keep(many[2], BOB)
    store.delete(many[2].id, BOB)
    store.sign_out(ANN, 5.0)
    store.sign_out(BOB, 5.0)
    assert store.back_up(tmp_path / "backup") == 3
    other = Workspace(places[1])
    other.sign_out(BOB, 9.0)
    assert other.restore_from(tmp_path / "backup") == 3
    assert [other.signed_out_at(user) for user in (ANN, BOB, CHIEF)] == [5, 9, 0], "a later one stays"
    for user in (ANN, BOB, CHIEF):
        assert other.reports(user, check=True) == store.reports(user, check=True)
        assert other.deleted(user) == store.deleted(user)
        assert other.history(user) == store.history(user)
    other.restore(many[2].id, BOB)
    _assert_same(other.read(many[2].id, BOB), many[2])
    with pytest.raises(StoreProblem, match="something in"):
        other.restore_from(tmp_path / "backup")
    store.store.change(lambda connection: connection.execute(sql.update(storing.BYTES).values(data=b"changed")), "")
    with pytest.raises(StoreProblem, match="damaged"):
        store.back_up(tmp_path / "another")
    assert Workspace(tmp_path / "another").history(CHIEF) == []


def test_a_folder_that_vanishes_under_a_running_process_is_told_and_not_begun_anew(tmp_path, many):
    store = Workspace(tmp_path / "kept")
    store.keep(many[0])
    os.replace(tmp_path / "kept", tmp_path / "away")
    for act in (store.reports, store.version, store.history, lambda: store.keep(many[1]), lambda: store.delete(many[0].id)):
        with pytest.raises(StoreProblem, match="is gone"):
            act()
    assert not (tmp_path / "kept").exists()
    os.replace(tmp_path / "away", tmp_path / "kept")
    assert [kept.id for kept in store.reports()] == [many[0].id]


@pytest.mark.parametrize(("seconds", "looks"), [(0, 1), (storing.SETTLED_SECONDS, 3)])
def test_a_file_that_has_not_changed_for_a_while_is_not_opened_to_learn_that(tmp_path, report, monkeypatch, seconds, looks):
    monkeypatch.setattr(storing, "SETTLED_SECONDS", seconds)
    one, other = Workspace(tmp_path), Workspace(tmp_path)
    one.keep(report, ANN)
    look, calls = one.store.look, []
    monkeypatch.setattr(one.store, "look", lambda *arguments: calls.append(arguments) or look(*arguments))
    before = [one.version() for _ in range(3)]
    assert len(calls) == looks
    other.delete(other.reports(ANN)[0].id, ANN)
    assert len({*before}) == 1 and one.version() == other.version() > before[0]


def test_a_workspace_of_an_earlier_version_is_taken_over(tmp_path, many):
    store = Workspace(tmp_path)
    for report in many[:3]:
        store.keep(report)
    # As that version left it: the bytes as files beside the catalogue, which was written ahead.
    with contextlib.closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as old:
        for column, kind in (("original", "originals"), ("observations", "observations")):
            (tmp_path / kind).mkdir()
            for (digest,) in old.execute(f"SELECT {column} FROM transparency_kept").fetchall():
                data = old.execute("SELECT data FROM transparency_bytes WHERE sha256 = ?", [digest]).fetchone()[0]
                (tmp_path / kind / digest).write_bytes(data)
        (tmp_path / "incoming").mkdir()
        old.execute("DROP TABLE transparency_bytes")
        old.commit()
        old.execute("PRAGMA journal_mode=WAL")
    marker = json.loads((tmp_path / "workspace.json").read_text())
    (tmp_path / "workspace.json").write_text(json.dumps({"store": marker["store"], "actions": marker["actions"]}))
    again = Workspace(tmp_path)
    for report in many[:3]:
        _assert_same(again.read(report.id), report)
    assert {file.name for file in tmp_path.iterdir()} == {"catalogue.sqlite", "workspace.json", "reserve"}
    again.delete(many[0].id, for_good=True)
    assert [kept.damage for kept in Workspace(tmp_path).reports(check=True)] == ["", ""]


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


def _kept_file(store: Workspace, report: Report) -> bytes | None:
    return store.store.look(lambda connection: storing.load(connection, report.sha256), None)


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


def _cut(database: str, pid: int | None = None) -> None:
    # Ends one connection to the database, or every one that is in the middle of something of ours.
    which = f"pid = {pid}" if pid else "state <> 'idle' AND pid <> pg_backend_pid() AND query NOT LIKE '%%CREATE%%'"
    with sql.create_engine(database.replace("postgresql:", "postgresql+psycopg:"), poolclass=sql.NullPool).connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tester' AND {which}")


def _with_data(report: Report, data: bytes) -> Report:
    return replace(report, data=data, sha256=_hash(data), size=len(data))


def _mount_small(folder: str) -> None:
    # Five megabytes in memory.
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if os.getuid() != 0:
        user, group = os.getuid(), os.getgid()
        if libc.unshare(0x10000000 | 0x00020000):
            raise OSError(ctypes.get_errno(), "no name space")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    elif libc.unshare(0x00020000):
        raise OSError(ctypes.get_errno(), "no name space")
    libc.mount(b"none", b"/", None, 1 << 18 | 1 << 14, None)
    if libc.mount(b"none", folder.encode(), b"tmpfs", 0, b"size=5m"):
        raise OSError(ctypes.get_errno(), "no mount")


def _stored(store: Workspace) -> set[str]:
    # The names of all bytes that are there.
    return store.store.look(lambda connection: set(connection.execute(sql.select(storing.BYTES.c.sha256)).scalars()), set())


def _bytes_of(store: Workspace, reports: list[Report]) -> set[str]:
    # The names of the bytes that belong to these reports.
    rows = {row.id: row for row in store.store.look(lambda connection: connection.execute(sql.select(storing.KEPT)).all(), [])}
    return {digest for report in reports for digest in (rows[report.id].original, rows[report.id].observations)}


def _is_somewhere(trace: bytes, folder: Path) -> bool:
    return any(trace in file.read_bytes() for file in folder.rglob("*") if file.is_file())
