"""A title above a file of a known layout holds for its figures, as it does above any table."""

import csv
from pathlib import Path

import pytest

from dashboard.reports.cells.reading import read
from dashboard.reports.door import take_in
from dashboard.reports.problems import Refused
from dashboard.reports.recognise import layout_of
from dashboard.reports.tables.drafts import Layout

TITLES = ("Government content removal requests", "Figures in thousands", "Löschungsanträge von Behörden")


def files(shared: Path) -> list[Path]:
    """CSV files that some layout may know, the smallest first."""
    named = []
    for folder in ("published", "more"):
        with (shared / folder / "INDEX.csv").open(encoding="utf-8", newline="") as index:
            named += [shared / folder / entry["file"] for entry in csv.DictReader(index)]
    return sorted((path for path in named if path.suffix == ".csv" and path.stat().st_size < 60_000), key=lambda path: path.stat().st_size)


def titled(data: bytes, title: str) -> bytes:
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    return mark + f"{title}\n\n".encode() + data.removeprefix(mark)


@pytest.fixture(scope="module")
def taken_as_published(published) -> dict[str, bytes]:
    """The smallest of these files of each layout that is taken as it is."""
    taken: dict[str, bytes] = {}
    layouts: set[Layout] = set()
    for path in files(published.parent):
        data = path.read_bytes()
        if b"\0" in data:
            continue
        try:
            layout = layout_of(read(path.name, data))
        except Refused:
            continue
        if layout not in layouts and is_taken(path.name, data):
            taken[path.name] = data
            layouts.add(layout)
    return taken


def is_taken(name: str, data: bytes) -> bool:
    return take_in(name, data, isolated=False).outcome != "refused"


@pytest.mark.parametrize("title", TITLES)
def test_a_title_about_something_else_is_never_passed_over(taken_as_published, title):
    assert len(taken_as_published) > 20
    assert [name for name, data in taken_as_published.items() if is_taken(name, titled(data, title))] == []
