"""A title above a file of a known layout holds for its figures, as it does above any table."""

import csv
from pathlib import Path

import pytest

from dashboard.reports.door import take_in

TITLES = ("Government content removal requests", "Figures in thousands", "Löschungsanträge von Behörden")


def files(shared: Path) -> list[Path]:
    """The smaller CSV files that some layout knows."""
    named = []
    for folder in ("published", "more"):
        with (shared / folder / "INDEX.csv").open(encoding="utf-8", newline="") as index:
            named += [shared / folder / entry["file"] for entry in csv.DictReader(index)]
    return [path for path in named if path.suffix == ".csv" and path.stat().st_size < 60_000]


def titled(data: bytes, title: str) -> bytes:
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    return mark + f"{title}\n\n".encode() + data.removeprefix(mark)


@pytest.fixture(scope="module")
def taken_as_published(published) -> dict[str, bytes]:
    """Those of these files that are taken as they are."""
    found = {path.name: path.read_bytes() for path in files(published.parent)}
    return {name: data for name, data in found.items() if b"\0" not in data and is_taken(name, data)}


def is_taken(name: str, data: bytes) -> bool:
    return take_in(name, data, isolated=False).outcome != "refused"


@pytest.mark.parametrize("title", TITLES)
def test_a_title_about_something_else_is_never_passed_over(taken_as_published, title):
    assert len(taken_as_published) > 20
    assert [name for name, data in taken_as_published.items() if is_taken(name, titled(data, title))] == []
