"""What the old `.xls` form says of its sheets beyond their values: which rows are hidden. A file that lies about its form says nothing."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

# The parts of a compound file are chains of sectors; numbers from here on mark ends and free sectors.
_NO_SECTOR = 0xFFFFFFFA
_SIZES = {9: 512, 12: 4096}
_STREAMS = ("workbook", "book")
_ENTRY = 128
_BEGIN, _END, _SHEET, _ROW = 0x0809, 0x000A, 0x0085, 0x0208
_HIDDEN = 0x0020


def hidden_rows(data: bytes) -> list[set[int]]:
    """For each sheet of an XLS file, in its order, the rows that are hidden, counted from 0; nothing where the file cannot be followed."""
    try:
        return hidden_rows_of(_workbook_stream(data))
    except (struct.error, ValueError, IndexError, OverflowError):
        return []


def hidden_rows_of(stream: bytes) -> list[set[int]]:
    """The numbers of the hidden rows of each sheet, counted from 0."""
    # Records follow each other: kind, length, content. Those of a sheet stand between its begin and its end, charts within them likewise.
    hidden: dict[int, set[int]] = {}
    inside: list[int] = []
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == _BEGIN:
            inside.append(at)
        elif not inside:
            break
        elif kind == _END:
            inside.pop()
        elif kind == _SHEET:
            hidden[struct.unpack_from("<I", stream, at + 4)[0]] = set()
        elif kind == _ROW and len(inside) == 1 and inside[0] in hidden:
            row, flags = struct.unpack_from("<H10xH", stream, at + 4)
            if flags & _HIDDEN:
                hidden[inside[0]].add(row)
        at += 4 + length
    return list(hidden.values())


def _workbook_stream(data: bytes) -> bytes:
    size = _SIZES.get(struct.unpack_from("<H", data, 30)[0], 512)
    max_sectors = len(data) // size + 1
    tables = list(struct.unpack_from("<109I", data, 76))
    more = struct.unpack_from("<I", data, 68)[0]
    while more < _NO_SECTOR and len(tables) < max_sectors:
        *others, more = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        tables += others
    sectors = [data[(number + 1) * size : (number + 2) * size] for number in tables if number < max_sectors]
    following = np.frombuffer(b"".join(sectors), "<u4")
    directory = _chained(data, size, struct.unpack_from("<I", data, 48)[0], following)
    entries = [directory[at : at + _ENTRY] for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
    for entry in entries:
        length, first, count = *struct.unpack_from("<H", entry, 64), *struct.unpack_from("<IQ", entry, 116)
        if entry[: max(length - 2, 0)].decode("utf-16-le", "replace").lower() not in _STREAMS:
            continue
        # The upper half of a length may hold anything in files of small sectors. A book is padded until it is no small stream.
        count = count & 0xFFFFFFFF if size == 512 else count
        return _chained(data, size, first, following)[:count]
    return b""


def _chained(data: bytes, size: int, number: int, following: Sequence[int]) -> bytes:
    # The sectors from one on, each naming the next; no more than the file has, so that no circle goes on for ever.
    parts = []
    while number < _NO_SECTOR and len(parts) * size < len(data):
        parts.append(data[(number + 1) * size : (number + 2) * size])
        number = int(following[number])
    return b"".join(parts)
