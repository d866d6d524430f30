"""What changed between two versions of the data: which documents and tables came, went or became others.

`history.csv` beside the datasets holds, for each version that was recorded, what differed from the one recorded before: a document with
its number of observations and a hash over these, or a table of another kind with a hash. The state of a version follows from the lines
up to it. It is no part of the data itself, so that recording a version does not change it.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import json
from datetime import date
from enum import StrEnum
from pathlib import Path

import pandas as pd

from dashboard.catalog.package import version_of

FILE = "history.csv"
COLUMNS = ["day", "version", "kind", "name", "numbers", "hash"]
CHANGE_COLUMNS = ["kind", "name", "change", "before", "now"]
_DIGITS = 12


class UnknownVersion(Exception):
    """A version of the data that was never recorded; the sentence names those that were."""


class Change(StrEnum):
    """What became of a document or a table."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


def versions(folder: Path) -> pd.DataFrame:
    """The versions that were recorded, the oldest first: `version`, the `day` of recording, and how many `documents` and `tables` differ."""
    lines = _history(folder)
    counts = lines.assign(documents=lines["kind"].eq("document"), tables=lines["kind"].eq("table"))
    return counts.groupby(["version", "day"], sort=False)[["documents", "tables"]].sum().reset_index()


def since(folder: Path, version: str) -> pd.DataFrame:
    """What is new, changed or gone in a folder of datasets since a version; `before` and `now` are numbers of observations (0 for tables).

    Raises `UnknownVersion`.
    """
    history = _history(folder)
    lines = history.index[history["version"] == version]
    if lines.empty:
        names = ", ".join(f"{row.version} ({row.day})" for row in versions(folder).itertuples()) or "none"
        raise UnknownVersion(f"no version {version} of the data was recorded; recorded are: {names}")
    return _changes(_state(history.loc[: lines[-1]]), state(folder))


def record(folder: Path, day: date) -> int:
    """Write down how the datasets in a folder differ from the version recorded last; the number of differences."""
    history, now = _history(folder), state(folder)
    changes, version = _changes(_state(history), now), version_of(json.loads((folder / "datapackage.json").read_bytes()))
    lines = [
        [day.isoformat(), version, kind, name, *now.get((kind, name), (0, ""))]
        for kind, name in zip(changes["kind"], changes["name"], strict=True)
    ]
    pd.concat([history, pd.DataFrame(lines, columns=COLUMNS)]).to_csv(folder / FILE, index=False, lineterminator="\n")
    return len(lines)


def state(folder: Path) -> dict[tuple[str, str], tuple[int, str]]:
    """Every document and every other table in a folder, as (kind, name), with its number of observations and its hash."""
    package = (folder / "datapackage.json").read_bytes()
    return _state_now(folder, hashlib.sha256(package).hexdigest())


@functools.lru_cache(maxsize=4)
def _state_now(folder: Path, _package: str) -> dict[tuple[str, str], tuple[int, str]]:
    rows: dict[str, list[str]] = {}
    for path in sorted((folder / "observations").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            column = next(reader).index("document")
            for row in reader:
                rows.setdefault(row[column], []).append("\t".join(row))
    documents = {("document", name): (len(lines), _digest("\n".join(sorted(lines)))) for name, lines in rows.items()}
    resources = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    others = {
        ("table", one["path"]): (0, one["hash"].removeprefix("sha256:")[:_DIGITS])
        for one in resources
        if not one["path"].startswith("observations/")
    }
    return documents | others


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:_DIGITS]


def _history(folder: Path) -> pd.DataFrame:
    path = folder / FILE
    if not path.exists():
        return pd.DataFrame(columns=COLUMNS)
    return pd.read_csv(path, dtype=str, keep_default_na=False).astype({"numbers": int})


def _state(history: pd.DataFrame) -> dict[tuple[str, str], tuple[int, str]]:
    latest = history.drop_duplicates(["kind", "name"], keep="last")
    return {(row.kind, row.name): (row.numbers, row.hash) for row in latest.itertuples(index=False) if row.hash}


def _changes(before: dict, now: dict) -> pd.DataFrame:
    rows = [
        (
            *key,
            Change.NEW if key not in before else Change.GONE if key not in now else Change.CHANGED,
            before.get(key, (0,))[0],
            now.get(key, (0,))[0],
        )
        for key in sorted({**before, **now})
        if before.get(key) != now.get(key)
    ]
    return pd.DataFrame(rows, columns=CHANGE_COLUMNS)
