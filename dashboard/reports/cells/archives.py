"""Zip files, which workbooks are too: how large they would grow, what they hold, and nothing that reaches outside."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from dashboard.reports.cells.limits import MAX_MEMBERS, MAX_PACKING, MAX_PARTS, MAX_UNPACKED_BYTES, MIB
from dashboard.reports.problems import Problem, Refused, refuse

_PAGES = (".html", ".htm")
_FAMILIES = {
    ".csv .tsv .tab .txt .html .htm": "text",
    ".json": "json",
    ".xlsx .xlsm .xlsb .xls .ods": "workbook",
    ".zip": "archive",
}
FAMILIES = {ending: family for endings, family in _FAMILIES.items() for ending in endings.split()}
"""What a file is by the ending of its name."""
_TABLE_OF_PAGE = re.compile(rb"<\0?t\0?a\0?b\0?l\0?e\b", re.IGNORECASE)
_SMALL = 10 * MIB
_UNSAFE = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\0!\0D\0O\0C|\0<\0!\0D\0O\0C", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:readme|licen[cs]e|copying|changelog|notes?)\b", re.IGNORECASE)


def opened(data: bytes, what: str) -> zipfile.ZipFile:
    """A zip file whose number of parts and unpacked size keep to the limits; raises `Refused` otherwise."""
    if _parts_announced(data) > MAX_PARTS:
        raise refuse("zip_bomb", f"The {what} has more than {MAX_PARTS:,} parts.", "Bring the table by itself.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, IndexError, EOFError, RuntimeError, struct.error):
        raise _damaged(what) from None
    if not all(member.filename for member in parts):
        raise _damaged(what)
    unpacked = sum(member.file_size for member in parts)
    packed_hard = any(member.file_size > _SMALL and member.file_size > MAX_PACKING * max(member.compress_size, 1) for member in parts)
    if unpacked > MAX_UNPACKED_BYTES or packed_hard or len(parts) > MAX_PARTS:
        raise refuse(
            "zip_bomb",
            f"The {what} unpacks from {len(data) / MIB:,.1f} to {unpacked / MIB:,.0f} MiB; "
            f"at most {MAX_UNPACKED_BYTES // MIB:,} MiB and {MAX_PACKING:,} times its size are read.",
            "Take out pictures and unused sheets, or bring the table by itself.",
        )
    for member in parts:
        _check_name(member.filename, what)
    return archive


def part_of(archive: zipfile.ZipFile, name: str, what: str) -> bytes:
    """The bytes of one part, no more than it announces; raises `Refused` if it is damaged, or is XML that can reach outside."""
    try:
        data = archive.read(name)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, ValueError, EOFError, NotImplementedError, KeyError, struct.error):
        raise _damaged(what) from None
    except RuntimeError:
        raise refuse("encrypted_workbook", f"The {what} is protected by a password.", "Save a copy without the password.") from None
    if name.lower().endswith((".xml", ".rels", ".vml")) and _UNSAFE.search(data):
        raise refuse(
            "unsafe_xml",
            f"The {what} holds XML with declarations of its own ({name}), which can make a reader open other files.",
            "Open it in a spreadsheet and save it again.",
        )
    return data


def members(data: bytes) -> Iterator[tuple[str, bytes | Problem]]:
    """The files of an archive that may hold a table, each by name; for one that may not, why it was left out."""
    archive = opened(data, "archive")
    names = [member.filename for member in archive.infolist() if not member.is_dir() and not _is_clutter(member.filename)]
    if not names:
        raise refuse("no_data", "The archive holds no files.", "Choose another file.")
    if len(names) > MAX_MEMBERS:
        raise refuse(
            "too_large", f"The archive holds {len(names):,} files; at most {MAX_MEMBERS:,} are read.", "Bring them in smaller portions."
        )
    if len(set(names)) < len(names):
        raise refuse("corrupt_workbook", "The archive holds two files of the same name.", "Bring the files by themselves.")
    for name in sorted(names):
        says = "is not a table by its name, so it was left out."
        if FAMILIES.get(PurePosixPath(name).suffix.lower(), "archive") != "archive" and not _ABOUT.match(PurePosixPath(name).name):
            content = part_of(archive, name, "archive")
            if not name.lower().endswith(_PAGES) or _TABLE_OF_PAGE.search(content):
                yield name, content
                continue
            says = "is a web page without a table, so it was left out."
        yield name, Problem("note", "wrong_type", says, "Bring it by itself if it is one.", cell=name)


def _parts_announced(data: bytes) -> int:
    # The record at the end of the file tells the number of parts without reading their list.
    end_record = data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000))
    return int.from_bytes(data[end_record + 10 : end_record + 12], "little") if end_record >= 0 else 0


def _check_name(name: str, what: str) -> None:
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name) or any(ord(letter) < 32 for letter in name):
        raise refuse("wrong_type", f"The {what} holds a file whose name leads outside it.", "Pack the files again.", value=name[:80])


def _is_clutter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or any(folder.startswith(".") for folder in parts) or parts[-1].lower() in ("thumbs.db", "desktop.ini")


def _damaged(what: str) -> Refused:
    return refuse("corrupt_workbook", f"The {what} is damaged or cut off.", "Download it again.")
