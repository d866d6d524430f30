"""Known layouts that are declared: a name, the headers by which a file is known, and a mapping like that which a visitor saves.

Each is a TOML file. Its first lines are `name` and `headers`, all of which a file must have; `cells`, where it is there, names
for a column some texts of which it must hold one, and `files` words of which the file's name must hold one. All the rest is the
mapping (`roles.Mapping`). Where a publisher's files differ in a few columns only, each of `variants` adds its own to what they share.
"""

from __future__ import annotations

import tomllib
from itertools import islice
from pathlib import Path
from typing import Any

from dashboard.model import places
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.tables.drafts import Draft, Layout
from dashboard.reports.tables.observe import apply
from dashboard.reports.tables.roles import Answers, Mapping
from dashboard.reports.tables.understand import understand

_HEAD = 60
"""Rows of a sheet among which the header and a telling cell are looked for."""


def declared_layouts(folder: Path) -> list[Layout]:
    """The layouts declared in a folder, in the order of their files' names; raises `BadMapping` where one says what cannot be."""
    return [layout for path in sorted(folder.glob("*.toml")) for layout in layouts_from(path.read_text(encoding="utf-8"))]


def layouts_from(text: str) -> list[Layout]:
    """The layouts that a TOML text declares; raises `BadMapping` with one sentence where it says what cannot be."""
    shared = tomllib.loads(text)
    variants = shared.pop("variants", [{}])
    return [_layout(shared | variant | {"columns": shared.get("columns", {}) | variant.get("columns", {})}) for variant in variants]


def _layout(declared: dict[str, Any]) -> Layout:
    name, headers, cells, files = declared.pop("name"), declared.pop("headers"), declared.pop("cells", {}), declared.pop("files", [""])
    mapping = Mapping.of(declared)

    def recognises(file: File) -> bool:
        is_named = any(words in places.fold(file.stem) for words in files)
        return is_named and any(_has(sheet, headers, cells) for sheet in file.sheets)

    def read(file: File, draft: Draft) -> None:
        observed = apply(understand(file, Answers(period=draft.period), mapping, is_declared=True), document=draft.document)
        draft.problems += observed.problems
        draft.uses = observed.uses
        draft.rows += observed.table().itertuples(index=False, name=None)

    return Layout(name, mapping.reporter, recognises, read)


def _has(sheet: Sheet, headers: list[str], cells: dict[str, Any]) -> bool:
    needed = {places.fold(header) for header in headers}
    rows = list(islice(sheet.rows, _HEAD))
    for number, row in enumerate(rows):
        columns = {places.fold(text): column for column, text in enumerate(row)}
        if needed <= columns.keys():
            below = rows[number + 1 :]
            return all(
                any(sheet_row[columns[places.fold(header)]].strip() in texts for sheet_row in below if len(sheet_row) == len(row))
                for header, texts in cells.items()
            )
    return False
