"""What every command shares: exit codes, complaints, and reading and writing as a terminal does."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

from dashboard.model import periods

ACCEPTED, REJECTED, UNREADABLE = 0, 1, 2


class Complaint(Exception):
    """A request that cannot be carried out as it was put: one sentence for the terminal."""


def tell(lines: list, form: str, as_text: Callable[..., str]) -> None:
    """Lines as JSON or each as a text."""
    if form == "json":
        write_json([asdict(line) for line in lines], None)
    else:
        write("".join(printable(as_text(line)) + "\n" for line in lines), None)


def printable(text: str) -> str:
    """A text without what a terminal would obey."""
    # A file's name or cell may hold what a terminal would obey.
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def bytes_of(name: str) -> bytes:
    """The bytes of a file; a far too large one is refused without being read to its end."""
    from dashboard.reports.cells.reading import MAX_BYTES, too_large

    try:
        with Path(name).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                # A far too large file is refused without being read to its end, if it has one.
                raise too_large(max(len(data), os.fstat(file.fileno()).st_size))
            return data
    except IsADirectoryError:
        raise Complaint(f"{name} is a folder; name a file.") from None
    except OSError as error:
        raise Complaint(f"{name} cannot be read: {error.strerror or 'no such file'}.") from None


def write(content: str | bytes | Iterable[str], out: str | None) -> None:
    """Write a text, one piece after another, or bytes, to a file; a text to the terminal where none is named."""
    pieces = (content,) if isinstance(content, str | bytes) else content
    if not out:
        sys.stdout.writelines(pieces)
        sys.stdout.flush()
        return
    try:
        with Path(out).open("wb") as file:
            file.writelines(piece if isinstance(piece, bytes) else piece.encode("utf-8") for piece in pieces)
    except OSError as error:
        raise Complaint(f"{out} cannot be written: {error.strerror}.") from None


def write_json(value: object, out: str | None) -> None:
    """Write plain values as JSON, likewise."""
    write(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n", out)


def progress(done: float, doing: str) -> None:
    """How far a long work is, on one line of a terminal that someone looks at."""
    if sys.stderr.isatty():
        print(f"\r{done:4.0%}  {doing:<50}", end="\r" if done < 1 else "\r\x1b[K", file=sys.stderr, flush=True)


def period_of(text: str | None) -> periods.Period | None:
    """The period that an option names."""
    if text is None:
        return None
    period = periods.parse(text)
    if period is None:
        raise Complaint(f"“{text}” names no period; write it like 2019 H2, 2019, 2019 Q3 or Jan – Jun 2019.")
    return period
