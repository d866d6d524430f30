"""Known layouts that are declared: a name, the headers by which a file is known, and a mapping like that which a visitor saves.

Each is a TOML file. Its first lines are `name` and `headers`, all of which a file must have, or of several wordings one; `cells`, where it is there, names
for a column some texts of which it must hold one, and `files` words of which the name of the file or its sheets must hold one. With `months` the file's
name or the visitor must state a period of so many. With `may_lack` every other column must be there. All the rest is the mapping
(`roles.Mapping`); beside a module of the same name it is nothing else. Where a publisher's files differ in a few columns only, each of `variants` adds its own to what they share.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from dashboard.model import periods, places
from dashboard.model.periods import Period
from dashboard.reports.cells.json_tables import in_tables
from dashboard.reports.cells.reading import File
from dashboard.reports.cells.sheets import HEAD, Sheet
from dashboard.reports.problems import Problem
from dashboard.reports.tables.drafts import Draft, Layout
from dashboard.reports.tables.find import Tables
from dashboard.reports.tables.observe import apply
from dashboard.reports.tables.roles import Answers, Mapping
from dashboard.reports.tables.understand import understand
from dashboard.reports.tables.uses import FileUses


def declared_layouts(folder: Path) -> list[Layout]:
    """The layouts declared in a folder, in the order of their files' names; raises `BadMapping` where one says what cannot be."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml")) if not path.with_suffix(".py").exists()]
    return [layout for text in texts for layout in layouts_from(text)]


def mapping_beside(module: str) -> Mapping:
    """What is declared in the TOML file beside a layout's own code, of the columns of the tables that it finds."""
    return Mapping.of(tomllib.loads(Path(module).with_suffix(".toml").read_text(encoding="utf-8")))


def layouts_from(text: str) -> list[Layout]:
    """The layouts that a TOML text declares; raises `BadMapping` with one sentence where it says what cannot be."""
    shared = tomllib.loads(text)
    variants = shared.pop("variants", [{}])
    return [_layout(shared | variant | {"columns": shared.get("columns", {}) | variant.get("columns", {})}) for variant in variants]


def read_declared(file: File, draft: Draft, mapping: Mapping, tables_of: Callable[[Sheet], Tables] | None = None) -> None:
    """Read a file into a draft by what its layout declares; `tables_of` finds the tables of a sheet, with the problems of its form."""
    observed = apply(
        understand(file, Answers(period=draft.period), mapping, is_declared=True, tables_of=tables_of), document=draft.document
    )
    draft.problems += observed.problems
    draft.uses = observed.uses
    draft.observations = observed.observations


def _layout(declared: dict[str, Any]) -> Layout:
    name, headers, cells, files = declared.pop("name"), declared.pop("headers"), declared.pop("cells", {}), declared.pop("files", [""])
    months, may_lack = declared.pop("months", 0), declared.pop("may_lack", declared.get("columns", {}))
    mapping = Mapping.of(declared)
    headers = [{places.fold(wording) for wording in ([header] if isinstance(header, str) else header)} for header in headers]
    lasting = mapping.columns.keys() - set(may_lack)

    def recognises(file: File) -> bool:
        names = places.fold(" ".join([file.stem, *(sheet.name for sheet in file.sheets)]))
        return any(words in names for words in files) and any(_header(sheet, headers, cells) is not None for sheet in file.sheets)

    def read(file: File, draft: Draft) -> None:
        for sheet in file.sheets if lasting else ():
            draft.problems += _lacking(sheet, headers, lasting)
        period = draft.period
        if months:
            period, problems = _stated(file, period, months)
            draft.problems += problems
            if problems:
                draft.uses = FileUses(file)
                draft.uses.leave_out("the period of the file is not known")
                return
        draft.period = period
        read_declared(file, draft, mapping)

    return Layout(name, mapping.reporter, recognises, read, in_tables, is_declared=True)


def _stated(file: File, period: Period | None, months: int) -> tuple[Period | None, list[Problem]]:
    # The period of so many months that the file's name states, or the visitor.
    named = periods.find(file.stem)
    if named is None or named.months != months:
        named = period
    if named and (period or named) == named:
        return named, []
    code, says = "missing_period", f"names no period of {months} months, and nothing inside the file does."
    if named:
        code, says = "ambiguous_period", f"names {named}, but {period} was stated beside the file."
    fix = "Keep the name under which the file was published, or state its period beside it."
    return None, [Problem("error", code, says, fix, value=file.name)]


def _lacking(sheet: Sheet, headers: list[set[str]], lasting: Iterable[str]) -> list[Problem]:
    # Columns that every edition has, and this one lacks.
    if (header := _header(sheet, headers, {})) is None:
        return []
    there = {places.fold(text) for text in sheet.rows[header]}
    fix = "Check whether a header was changed."
    return [
        sheet.problem("error", "missing_column", header, 0, f"stands in a header without “{name}”.", fix)
        for name in lasting
        if places.fold(name) not in there
    ]


def _header(sheet: Sheet, headers: list[set[str]], cells: dict[str, Any]) -> int | None:
    # The row that has all headers, above a telling cell of each column that needs one.
    for number, columns in enumerate(sheet.folded_head):
        if all(not wordings.isdisjoint(columns) for wordings in headers):
            width, below = len(sheet.rows[number]), sheet.rows[number + 1 : HEAD]
            is_told = all(
                any(row[columns[places.fold(header)]].strip() in texts for row in below if len(row) == width)
                for header, texts in cells.items()
            )
            return number if is_told else None
    return None
