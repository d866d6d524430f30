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


@pytest.mark.parametrize("title", TITLES)
def test_a_title_about_something_else_is_never_passed_over(published, title):
    passed_over, tried = [], 0
    for path in files(published.parent):
        data = path.read_bytes()
        if take_in(path.name, data).outcome == "refused" or b"\0" in data:
            continue
        tried += 1
        if take_in(path.name, titled(data, title)).outcome != "refused":
            passed_over.append(path.name)
    assert tried > 20
    assert passed_over == []
