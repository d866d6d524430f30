"""What changed between two recorded versions of the data is told from the versions alone, whatever came between."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from dashboard import catalog
from dashboard.catalog import history
from dashboard.catalog.package import describe

SMALL = ("autodesk", "ring")
"""Reporters with few numbers."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small copy of the datasets, of which no version is recorded."""
    copy = tmp_path / "datasets"
    shutil.copytree(catalog.datasets_folder(), copy, ignore=shutil.ignore_patterns("observations", history.FILE))
    (copy / "observations").mkdir()
    for reporter in SMALL:
        shutil.copy(catalog.datasets_folder() / "observations" / f"{reporter}.csv", copy / "observations")
    describe(copy)
    return copy


def recorded(folder: Path) -> str:
    describe(folder)
    history.record(folder, date(2026, 1, 1))
    return history.versions(folder)["version"].iloc[-1]


def test_documents_that_come_go_and_change_are_told_and_the_rest_is_not(folder):
    first = recorded(folder)
    assert history.since(folder, first).empty
    autodesk, ring = (folder / "observations" / f"{reporter}.csv" for reporter in SMALL)
    lines = autodesk.read_text(encoding="utf-8").splitlines(keepends=True)
    gone = ring.read_bytes()
    # The order of rows is no change; a row less is one.
    autodesk.write_text("".join([lines[0], *reversed(lines[2:])]), encoding="utf-8")
    ring.unlink()
    second = recorded(folder)
    changes = history.since(folder, first).query("kind == 'document'")
    assert set(changes["change"]) == {history.Change.CHANGED, history.Change.GONE}
    assert (changes["before"] - changes["now"]).sum() == 1 + len(gone.splitlines()) - 1
    ring.write_bytes(gone)
    autodesk.write_text("".join([lines[0], *reversed(lines[1:])]), encoding="utf-8")
    describe(folder)
    assert history.since(folder, first).empty
    assert set(history.since(folder, second)["change"]) <= {history.Change.NEW, history.Change.CHANGED}


def test_to_record_changes_no_version_and_nothing_twice(folder):
    version = recorded(folder)
    written = (folder / history.FILE).read_bytes()
    assert recorded(folder) == version
    assert (folder / history.FILE).read_bytes() == written


def test_a_version_that_was_not_recorded_is_refused_with_those_that_were(folder):
    version = recorded(folder)
    with pytest.raises(history.UnknownVersion, match=rf"no version abc .* {version} \(2026-01-01\)"):
        history.since(folder, "abc")


def test_what_we_ship_has_its_versions_and_each_can_be_asked_for():
    shipped = catalog.datasets_folder()
    for version in history.versions(shipped)["version"]:
        assert set(history.since(shipped, version)["kind"]) <= {"document", "table"}
