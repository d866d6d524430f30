"""Bytes into cells: every cell as text, with the address its owner sees. Nothing is interpreted here.

Every limit is looked at before the bytes are parsed, so that a small file cannot grow into something that harms the machine.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath

import numpy as np
import pyarrow as pa
import pyarrow.csv

from dashboard.reports.cells import archives, encodings, structure, web_pages, workbooks
from dashboard.reports.cells.limits import (
    MAX_BYTES,
    MAX_CELL_CHARACTERS,
    MAX_JSON_DEPTH,
    MAX_LOOSE_CELLS,
    MAX_SHEET_CELLS,
    MIB,
)
from dashboard.reports.cells.sheets import CODED, Records, Sheet, column_letters
from dashboard.reports.problems import Problem, Refused, refuse

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x7fELF",
    b"SQLite format",
    b"MZ\x90",
    b"{\\rtf",
    b"BZh",
    b"PAR1",
)
ENDINGS = tuple(archives.FAMILIES)
"""Endings of the names of files that can be read."""
COLUMNAR_CELLS = 100_000
"""From so many cells on, rows of equal length are kept as columns."""
COLUMNAR_RUN = 500
_MANY_RUNS = 2_000


@dataclass(frozen=True)
class File:
    """A file that has been read: its name, its hash, and its sheets or its JSON value.

    `problems` tells what must be known about the reading of it, such as a guessed encoding. `repeated_names` says whether an object
    of the JSON value gives a name twice. `encoding` and `separator` tell how a text was read; blank where it is none.
    """

    name: str
    sha256: str
    kind: str
    sheets: list[Sheet] = field(default_factory=list)
    json: object = None
    problems: tuple[Problem, ...] = ()
    repeated_names: bool = False
    encoding: str = ""
    separator: str = ""

    @cached_property
    def stem(self) -> str:
        """The name without folder and ending."""
        return PurePath(self.name.replace("\\", "/")).stem


class Printed(float):
    """A number of a JSON file that Python would print otherwise, or a literal such as `NaN`, with its text."""

    __slots__ = ("printed",)


class Repeated(dict):
    """An object of a JSON file that gives names twice; as usual, the last value of each stands."""

    __slots__ = ("names",)


def read(
    name: str,
    data: bytes,
    encoding: str | None = None,
    progress: Callable[[float], None] = lambda done: None,
    separator: str = "",
) -> File:
    """The cells of a CSV, XLSX, XLS, ODS, HTML or JSON file; raises `Refused` with one clear problem otherwise.

    The `encoding` and the `separator` of a text are told by what is in it where they are not said.
    """
    check_size(data)
    digest = hashlib.sha256(data).hexdigest()
    kind = family(data)
    if kind == "archive":
        raise refuse("choose_sheet", "The file is an archive, not a table.", "Unpack it, and bring its tables.")
    if kind == "workbook":
        if data.startswith(_OLE) and b"E\0n\0c\0r\0y\0p\0t" in data:
            raise refuse("encrypted_workbook", "The workbook is protected by a password.", "Save a copy without the password.")
        sheets = workbooks.sheets_of(data)
        return File(name, digest, "workbook", sheets=sheets, problems=tuple(_hidden(sheets)))
    if kind == "foreign":
        raise refuse("wrong_type", "The file is not a table.", "Bring a CSV, XLSX, ODS or JSON file.")
    data, encoding, problems = encodings.as_utf8(data, encoding)
    start = data[:200].lstrip()
    if start[:1] in (b"{", b"[") and (named_family(name) != "text" or is_json(data)):
        value, repeated_names = _json(data.decode("utf-8"))
        return File(name, digest, "json", json=value, problems=tuple(problems), repeated_names=repeated_names, encoding=encoding)
    if re.match(rb"<(?:!doctype html|!--|[a-z][\w:-]*[\s>])", start, re.IGNORECASE) and (sheets := web_pages.sheets_of(data)):
        return File(name, digest, "html", sheets=sheets, problems=(*problems, *_hidden(sheets)), encoding=encoding)
    if re.match(rb"<(?:!doctype|!entity|html|\?xml|svg|table|body|div)", start, re.IGNORECASE):
        raise refuse("wrong_type", "The file is a web page or XML, not a table.", "Download the data file that the page links to.")
    sheet, separator = _csv(data, separator, progress)
    return File(name, digest, "csv", sheets=[sheet], problems=tuple(problems), encoding=encoding, separator=separator)


def check_size(data: bytes) -> None:
    """Raise `Refused` where a file is empty or too large."""
    if not data:
        raise refuse("empty_file", "The file is empty.", "Choose the file again; the download may have failed.")
    if len(data) > MAX_BYTES:
        raise too_large(len(data))


def too_large(size: int) -> Refused:
    """The refusal of a file of so many bytes; told by its size alone, so that it need not be read into memory first."""
    return refuse(
        "too_large",
        f"The file has {size / MIB:,.0f} MiB; at most {MAX_BYTES / MIB:,.0f} MiB are read.",
        "Split it, or take out what is not about requests for user data.",
    )


def family(data: bytes) -> str:
    """What the bytes are, whatever the name says: `text` (JSON too), `workbook`, `archive` or `foreign`."""
    if data.startswith(_OLE):
        return "workbook"
    if data.startswith(b"PK\x03\x04"):
        with archives.opened(data, "file") as archive:
            names = {member.filename for member in archive.infolist()}
        if any(name.startswith(("word/", "ppt/")) for name in names):
            return "foreign"
        is_workbook = (
            any(name.startswith("xl/") for name in names) or {"content.xml", "mimetype"} <= names or "[Content_Types].xml" in names
        )
        return "workbook" if is_workbook else "archive"
    if data.startswith(b"PK\x05\x06"):
        return "archive"
    return "foreign" if data.startswith(_FOREIGN) else "text"


def named_family(name: str) -> str | None:
    """What a file is by its ending: `text`, `json`, `workbook` or `archive`; None where the ending says nothing."""
    return archives.FAMILIES.get(PurePath(name).suffix.lower())


def _hidden(sheets: list[Sheet]) -> list[Problem]:
    problems = []
    for sheet in sheets:
        if sheet.hidden and any(any(cell.strip() for cell in row) for row in sheet.rows):
            says = "is a hidden sheet with content; it is read like the others."
            problems.append(Problem("warning", "hidden_sheet", says, "Show it and see whether it is meant.", cell=sheet.name))
        if sheet.hidden_rows:
            first = sheet.lines[min(sheet.hidden_rows)]
            says = f"has {len(sheet.hidden_rows):,} hidden rows with content, the first of them row {first}; they are read like the others."
            problems.append(
                Problem("warning", "hidden_rows", says, "Show them and see whether they are meant.", cell=sheet.name, row=first)
            )
        if sheet.hidden_columns:
            letters = ", ".join(map(column_letters, sorted(sheet.hidden_columns)[:10]))
            says = f"has {len(sheet.hidden_columns):,} hidden columns with content: {letters}; they are read like the others."
            fix = "Show them and see whether they are meant."
            problems.append(Problem("warning", "hidden_columns", says, fix, cell=sheet.name))
    return problems


def is_json(data: bytes) -> bool:
    """Whether the whole of a text is one JSON value."""
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _json(text: str) -> tuple[object, bool]:
    # The value, and whether an object in it gives a name twice.
    repeated: list[Repeated] = []

    def made(pairs: list[tuple[str, object]]) -> dict:
        made = dict(pairs)
        if len(made) < len(pairs):
            made = Repeated(pairs)
            made.names = tuple(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
            repeated.append(made)
        return made

    depth, count = _extent(text)
    if depth > MAX_JSON_DEPTH:
        raise refuse("too_large", f"The JSON is nested more than {MAX_JSON_DEPTH} deep.", "Bring the table by itself.")
    if count > MAX_SHEET_CELLS:
        says = f"The JSON has {count:,} values; at most {MAX_SHEET_CELLS:,} are read."
        raise refuse("too_large", says, "Split it, or save the table as CSV.")
    try:
        return json.loads(text, object_pairs_hook=made, parse_float=_float, parse_constant=_float), bool(repeated)
    except (ValueError, RecursionError) as error:
        line = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise refuse("corrupt_workbook", "The JSON is broken or cut off.", "Download it again.", cell=line) from None


def _float(text: str) -> float:
    value = float(text)
    if repr(value) == text:
        return value
    printed = Printed(value)
    printed.printed = text
    return printed


def _extent(text: str) -> tuple[int, int]:
    # How deep it is nested, and how many values it has, of which each but the first follows a comma.
    codes = np.frombuffer(re.sub(r'"(?:[^"\\]|\\.)*+"', "", text).encode("utf-8", "replace"), np.uint8)
    steps = np.isin(codes, (91, 123)).astype(np.int8) - np.isin(codes, (93, 125)).astype(np.int8)
    return int(np.cumsum(steps, dtype=np.int64).max(initial=0)), int(np.count_nonzero(codes == 44)) + 1


def _csv(text: bytes, separator: str, progress: Callable[[float], None]) -> tuple[Sheet, str]:
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    text = text.rstrip(b"\x1a")
    delimiter = structure.named_delimiter(text)
    skipped = delimiter is not None
    if skipped:
        # Spaces in place of the line keep the numbers of the lines that follow.
        text = text[text.index(b"\n") :] if b"\n" in text else b""
    text, structure_found = _structured(text, separator or delimiter or structure.delimiter_of(text), progress)
    rows: Sequence[list[str]]
    rows = records_of(text, structure_found) if structure_found.widths.sum() >= COLUMNAR_CELLS else rows_of(text, structure_found.delimiter)
    lines = range(1, len(rows) + 1) if structure_found.lines[-1:].tolist() == [len(rows)] else structure_found.lines
    sheet = Sheet("", rows, lines)
    if not any(any(cell.strip() for cell in row) for row in rows):
        raise refuse("no_data", "The file holds no text.", "Choose another file.")
    return sheet, structure_found.delimiter


def _structured(text: bytes, delimiter: str, progress: Callable[[float], None]) -> tuple[bytes, structure.Structure]:
    # A space between a separator and a quotation mark, `"Norway", "2020 H1"`, is no part of a cell, if the file is sound without it.
    try:
        return text, structure.structure_of(text, delimiter, progress)
    except Refused as refusal:
        separator = delimiter.encode()
        without = re.sub(re.escape(separator) + rb' +"', lambda match: separator + b'"', text)
        if refusal.problem.code != "open_quote" or without == text:
            raise
        try:
            return without, structure.structure_of(without, delimiter, progress)
        except Refused:
            raise refusal from None


def records_of(text: bytes, structure_of_text: structure.Structure) -> Sequence[list[str]]:
    """The rows of a long text whose structure is known: columns at once where rows are of one width, `rows_of` elsewhere."""
    changes = np.flatnonzero(np.diff(structure_of_text.widths)) + 1
    runs = np.concatenate([[0], changes, [len(structure_of_text.widths)]])
    if len(runs) > _MANY_RUNS:
        if structure_of_text.widths.sum() > MAX_LOOSE_CELLS:
            raise refuse(
                "ragged_row",
                "The rows differ in length throughout, so their cells cannot be told apart.",
                "Check the separator and the quotes.",
            )
        return rows_of(text, structure_of_text.delimiter)
    parts: list[list[list[str]] | pa.Table] = []
    for first, end in zip(runs[:-1].tolist(), runs[1:].tolist(), strict=True):
        piece = memoryview(text)[int(structure_of_text.starts[first]) : min(int(structure_of_text.starts[end]), len(text))]
        if end - first >= COLUMNAR_RUN and structure_of_text.widths[first] > 0:
            parts.append(_columns(piece, int(structure_of_text.widths[first]), structure_of_text))
        elif parts and isinstance(parts[-1], list):
            parts[-1] += rows_of(bytes(piece), structure_of_text.delimiter)
        else:
            parts.append(rows_of(bytes(piece), structure_of_text.delimiter))
    return Records(parts)


def _columns(piece: memoryview, width: int, structure_of_text: structure.Structure) -> pa.Table:
    names = [str(number) for number in range(width)]
    table = pyarrow.csv.read_csv(
        pa.BufferReader(pa.py_buffer(piece)),
        read_options=pyarrow.csv.ReadOptions(use_threads=False, column_names=names, block_size=1 << 22),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=structure_of_text.delimiter,
            quote_char='"' if structure_of_text.has_quotes else False,
            double_quote=structure_of_text.has_quotes,
            escape_char=False,
            newlines_in_values=structure_of_text.has_quotes,
            ignore_empty_lines=False,
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, CODED), strings_can_be_null=False, quoted_strings_can_be_null=False
        ),
    )
    return table.unify_dictionaries().combine_chunks()


def rows_of(text: bytes, delimiter: str) -> list[list[str]]:
    """The rows of a text, cell by cell as the csv module has them."""
    # The quotes have been found sound, and the cells short enough.
    csv.field_size_limit(4 * MAX_CELL_CHARACTERS)
    return list(csv.reader(io.StringIO(text.decode("utf-8"), newline="\n"), delimiter=delimiter, strict=True))
