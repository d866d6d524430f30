"""Tables of a JSON file as sheets, whose cells have the address that a reader of the JSON sees: the way to a value."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from dashboard.reports.cells.limits import MAX_CELL_CHARACTERS
from dashboard.reports.cells.reading import Printed
from dashboard.reports.cells.sheets import Sheet
from dashboard.reports.problems import refuse

_PLAIN = re.compile(r"[^\W\d](?:[\w -]*\w)?|\d[\w -]*[^\W\d](?:[\w -]*\w)?|\d{4}")
_A_CELL = re.compile(r"[A-Z]{1,3}\d{1,7}")


@dataclass(frozen=True)
class JsonSheet(Sheet):
    """A table of a JSON file: its first columns may repeat keys and what the records around say, the others are of its own records.

    `record_paths` leads to each row's record, `key_paths` for each row to the keys that its first columns repeat, and `column_paths` from a record
    on to the value in each of the others (for columns given as lists, the other way round); `header_paths` leads to whole columns.
    """

    record_paths: Sequence[str] = ()
    key_paths: Sequence[tuple[str, ...]] = ()
    column_paths: Sequence[str] = ()
    header_paths: Sequence[str] = ()
    by_column: bool = False

    def address(self, row: int, column: int) -> str:
        """The way to a cell by its place in `rows`, or to its column where the row is one of the header."""
        if row < self.header_rows:
            return self.header_paths[column] if column < len(self.header_paths) else self.name
        row -= self.header_rows
        keys = self.key_paths[row]
        if column < len(keys):
            return keys[column]
        column -= len(keys)
        step = self.column_paths[column] if column < len(self.column_paths) else f"[{column}]"
        return step + self.record_paths[row] if self.by_column else self.record_paths[row] + step

    def place_of(self, address: str, text: str) -> tuple[int, int, int] | None:
        """The row, the first and the last column that an address names, of two cells with a colon between; `text` settles which of several."""
        if position := self._single(address, text):
            return (*position, position[1])
        for at in (position.start() for position in re.finditer(":", address)):
            ends = self._single(address[:at], ""), self._single(address[at + 1 :], "")
            if ends[0] and ends[1] and ends[0][0] == ends[1][0]:
                return (*ends[0], ends[1][1])
        return None

    def _single(self, address: str, text: str) -> tuple[int, int] | None:
        positions = list(self._index.get(address, ()))
        first, then = (self._columns, self._rows) if self.by_column else (self._rows, self._columns)
        for cut in [*(positions.start() for positions in re.finditer(r"[.\[]", address)), len(address)]:
            one, other = first.get(address[:cut]), then.get(address[cut:])
            if one is not None and other is not None:
                positions.append((other, one) if self.by_column else (one, other))
        return next((position for position in positions if self.text(*position)[:200] == text), positions[0] if positions else None)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {json_path: row + self.header_rows for row, json_path in reversed(list(enumerate(self.record_paths)))}

    @cached_property
    def _columns(self) -> dict[str, int]:
        keys = len(self.key_paths[0]) if self.key_paths else 0
        return {json_path: column + keys for column, json_path in enumerate(self.column_paths)}

    @cached_property
    def _index(self) -> dict[str, list[tuple[int, int]]]:
        positions: dict[str, list[tuple[int, int]]] = {}
        for column, json_path in enumerate(self.header_paths):
            positions.setdefault(json_path, []).append((self.header_rows - 1, column))
        for row, keys in enumerate(self.key_paths, start=self.header_rows):
            for column, json_path in enumerate(keys):
                # A key is written once; the first of the rows that repeat it stands for all.
                if all(position[1] != column or position[0] < self.header_rows for position in positions.get(json_path, ())):
                    positions.setdefault(json_path, []).append((row, column))
        return positions


def step(*names: str) -> str:
    """The way on from a record through names; one with marks of its own, or that looks like a cell, is quoted."""
    return "".join(
        f".{name}" if _PLAIN.fullmatch(name) and not _A_CELL.fullmatch(name) else f"[{json.dumps(name, ensure_ascii=False)}]"
        for name in names
    )


def below(json_path: str, name: str) -> str:
    """The way to what stands under a name; a plain name at the top stands alone."""
    return json_path + step(name) if json_path else step(name).removeprefix(".")


def text_of(value: object, *path_steps: str) -> tuple[str, str]:
    """A value as it is printed, and of what kind it is where the text does not tell; `path_steps` lead to it, one after the other."""
    if value is None:
        return "", ""
    if isinstance(value, str):
        check_text(value, *path_steps)
        return value, ""
    if isinstance(value, bool):
        return str(value).lower(), ""
    if isinstance(value, Printed):
        text = value.printed
    elif isinstance(value, (int, float)):
        text = repr(value)
    else:
        return text_of(json.dumps(value, ensure_ascii=False, separators=(",", ":")), *path_steps)
    if "N" in text or "I" in text:
        return text, "no_number"
    check_text(text, *path_steps)
    return text, "number" if "." in text and "e" not in text.lower() else ""


def check_text(text: str, *path_steps: str) -> None:
    """Raise `Refused` where a text is too long, or holds what no text has."""
    if len(text) <= MAX_CELL_CHARACTERS and text.isascii() and "\0" not in text:
        return
    where = shown("".join(path_steps))
    if len(text) > MAX_CELL_CHARACTERS:
        raise refuse("cell_too_long", f"has more than {MAX_CELL_CHARACTERS:,} characters.", "Shorten it.", cell=where)
    if "\0" in text:
        raise refuse("nul_byte", "holds a NUL character, which no text has.", "Type the text again.", cell=where)
    try:
        text.encode()
    except UnicodeEncodeError:
        says = "holds half of a character, so its text is damaged."
        raise refuse("bad_encoding", says, "Type the text again.", cell=where) from None


def shown(text: str) -> str:
    """An address or a text as a problem quotes it."""
    return text.encode("utf-8", "replace").decode()[:200]
