"""Bytes into cells: every cell as text, with the address its owner sees. Nothing is interpreted here."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import PurePath

import python_calamine

from dashboard.reports.problems import refuse

MAX_BYTES = 50 * 1024 * 1024
"""Largest file read, in bytes."""
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
"""Largest sum of a workbook's unpacked parts, in bytes."""
MAX_COLUMNS = 2_000
"""Most columns of a table."""
MAX_CELL_CHARACTERS = 32_767
"""Longest cell, in characters (a spreadsheet's own limit)."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Sheet:
    """One table of texts: the records of a CSV, or a workbook's sheet.

    `lines` holds for each row the number its owner sees: the physical line on which a record starts, or the sheet row.
    """

    name: str
    rows: list[list[str]]
    lines: list[int]

    def address(self, row: int, column: int) -> str:
        """The address of a cell by its place in `rows`: `B12`, or `Criminal!C14` in a workbook."""
        cell = f"{column_letters(column)}{self.lines[row]}"
        return f"{self.name}!{cell}" if self.name else cell

    def text(self, row: int, column: int) -> str:
        """The text of a cell; empty beyond the end of a short row."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""


@dataclass(frozen=True)
class File:
    """A file that has been read: its name, its hash, and its sheets or its JSON value."""

    name: str
    sha256: str
    kind: str
    sheets: list[Sheet] = field(default_factory=list)
    json: object = None

    @cached_property
    def stem(self) -> str:
        """The name without folder and ending."""
        return PurePath(self.name.replace("\\", "/")).stem


def read(name: str, data: bytes) -> File:
    """The cells of a CSV, XLSX, XLS, ODS or JSON file; raises `Refused` with one clear problem otherwise."""
    if not data:
        raise refuse("empty_file", "The file is empty.", "Choose the file again; the download may have failed.")
    if len(data) > MAX_BYTES:
        raise refuse(
            "too_large",
            f"The file has {len(data) / 1024**2:,.0f} MiB; at most {MAX_BYTES / 1024**2:,.0f} MiB are read.",
            "Split it, or take out what is not about requests for user data.",
        )
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(_OLE) and b"E\0n\0c\0r\0y\0p\0t" in data:
        raise refuse("encrypted_workbook", "The workbook is protected by a password.", "Save a copy without the password.")
    if data.startswith((b"PK\x03\x04", _OLE)):
        return File(name, digest, "workbook", sheets=_workbook(data))
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\x7fELF", b"SQLite format")):
        raise refuse("wrong_type", "The file is not a table.", "Bring a CSV, XLSX, ODS or JSON file.")
    text = _decoded(data)
    if text.lstrip()[:1] in ("{", "["):
        return File(name, digest, "json", json=_json(text))
    if re.match(r"\s*<(?:!doctype|html|\?xml|svg)", text, re.IGNORECASE):
        raise refuse("wrong_type", "The file is a web page or XML, not a table.", "Download the data file that the page links to.")
    return File(name, digest, "csv", sheets=[_csv(text)])


def column_letters(column: int) -> str:
    """`A` for column 0, `Z` for 25, `AA` for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _decoded(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data:
        raise refuse("nul_byte", "The file holds NUL bytes, so it is no text.", "Save it as CSV in UTF-8 again.")
    else:
        # Published files are UTF-8, or the Windows code page when somebody has re-saved them.
        encodings = ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse("bad_encoding", "The text is in an encoding that cannot be told.", "Save it as UTF-8.")


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise refuse("corrupt_workbook", "The JSON is broken or cut off.", "Download it again.", cell=place) from None


def _csv(text: str) -> Sheet:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    before = 0
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS:
                raise refuse(
                    "too_many_columns", f"has {len(row):,} columns; at most {MAX_COLUMNS:,} are read.", "Check the separator.", cell=f"line {before + 1}"
                )
            rows.append(row)
            lines.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        if "field larger" in str(error):
            raise refuse("cell_too_long", f"has a cell of more than {MAX_CELL_CHARACTERS:,} characters.", "Check the quotes.", cell=f"line {before + 1}") from None
        raise refuse(
            "open_quote", "has a quotation mark that is not closed, or text after a closing one.", "Mend the quotes on this line.", cell=f"line {before + 1}"
        ) from None
    if not any(any(cell.strip() for cell in row) for row in rows):
        raise refuse("no_data", "The file holds no text.", "Choose another file.")
    return Sheet("", rows, lines)


def _delimiter(text: str) -> str:
    sample = [line for line in text.split("\n", 60)[:60] if line.strip()]

    def even_fields(delimiter: str) -> int:
        counts = [len(row) for row in csv.reader(sample, delimiter=delimiter)]
        return max((counts.count(width) * (width - 1) for width in set(counts)), default=0)

    try:
        return max(",;\t|", key=even_fields)
    except csv.Error:
        return ","


def _workbook(data: bytes) -> list[Sheet]:
    if data.startswith(b"PK"):
        _check_unpacked_size(data)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        # Hidden sheets come too: what they hold was published with the file.
        return [_sheet(name, workbook) for name in workbook.sheet_names]
    except python_calamine.PasswordError:
        raise refuse("encrypted_workbook", "The workbook is protected by a password.", "Save a copy without the password.") from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise refuse("corrupt_workbook", "The workbook is damaged or cut off.", "Download it again.") from None


def _check_unpacked_size(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile:
        raise refuse("corrupt_workbook", "The workbook is damaged or cut off.", "Download it again.") from None
    if unpacked > MAX_UNPACKED_BYTES:
        raise refuse(
            "zip_bomb",
            f"The workbook unpacks to {unpacked / 1024**2:,.0f} MiB; at most {MAX_UNPACKED_BYTES / 1024**2:,.0f} MiB are read.",
            "Take out pictures and unused sheets.",
        )


def _sheet(name: str, workbook: python_calamine.CalamineWorkbook) -> Sheet:
    values = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    if values and len(values[0]) > MAX_COLUMNS:
        raise refuse("too_many_columns", f"has {len(values[0]):,} columns; at most {MAX_COLUMNS:,} are read.", "Delete the unused columns.", cell=name)
    rows = [[_shown(value) for value in row] for row in values]
    return Sheet(name, rows, list(range(1, len(rows) + 1)))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value)
