"""Tables that were made from the datasets, kept on disk beside a hash, so that the next process need not make them again.

What is kept is never trusted further than its hash: a file that is broken, cut off or of another version is made anew,
and where nothing can be written the tables are made each time.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import mmap
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as arrow

TABLE_CODE = ("analysis/totals.py", "catalog/*.py", "model/*.py", "model/*.csv", "statements/files.py")
"""The code that decides what is in the tables: another code, other tables."""


def kept(
    name: str, version: str, make: Callable[[], dict[str, pd.DataFrame]], code: tuple[str, ...] = TABLE_CODE
) -> dict[str, pd.DataFrame]:
    """Tables by name, as they were kept for a data version and for the code that makes them, else made now and kept. `make` raises what it raises."""
    path = folder() / f"{name}-{version}-{_hash_of(code)}.arrow"
    with contextlib.suppress(OSError, ValueError, arrow.ArrowException):
        return _read(path)
    tables = make()
    with contextlib.suppress(OSError, ValueError, arrow.ArrowException):
        _write(path, tables)
        return _read(path)
    return tables


def folder() -> Path:
    """Where tables are kept: `TRANSPARENCY_CACHE`, else the user's folder for caches."""
    if named := os.environ.get("TRANSPARENCY_CACHE"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "transparency-dashboard"


def _read(path: Path) -> dict[str, pd.DataFrame]:
    expected = _hash_file(path).read_text(encoding="ascii")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != expected:
            raise ValueError("the file is not the one that was kept")
        # Mapped after it was checked by reading: of one file processes share what they keep, and keep only what they use.
        source = arrow.BufferReader(arrow.py_buffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))
    names = arrow.ipc.open_stream(source).read_all().column("name").to_pylist()
    return {name: arrow.ipc.open_stream(source).read_all().to_pandas() for name in names}


def _write(path: Path, tables: dict[str, pd.DataFrame]) -> None:
    sink = arrow.BufferOutputStream()
    for table in (pd.DataFrame({"name": list(tables)}, dtype="str"), *tables.values()):
        # In one piece: rows are then found several times as fast.
        columns = arrow.Table.from_pandas(table, preserve_index=False).combine_chunks()
        with arrow.ipc.new_stream(sink, columns.schema) as writer:
            writer.write_table(columns)
    data = sink.getvalue()
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, data)
    _replace(_hash_file(path), hashlib.sha256(data).hexdigest().encode("ascii"))
    for older in path.parent.glob(f"{path.name.partition('-')[0]}-*"):
        if not older.name.startswith(path.stem):
            older.unlink(missing_ok=True)


def _replace(path: Path, data: bytes) -> None:
    # Whole or not at all, whoever else writes at the same time.
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(data)
    os.replace(file.name, path)


def _hash_file(path: Path) -> Path:
    return path.with_suffix(".sha256")


@functools.cache
def _hash_of(code: tuple[str, ...]) -> str:
    package = Path(__file__).resolve().parents[1]
    files = sorted(path for pattern in code for path in package.glob(pattern))
    content = b"".join(path.read_bytes() for path in files) + pd.__version__.encode() + arrow.__version__.encode()
    return hashlib.sha256(content).hexdigest()[:12]
