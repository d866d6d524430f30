"""Apple's reports in the JSON that a third party compiled from the later ones; Apple's own CSVs are declared in `apple.toml`.

A blank gives no observation. Not read, since they are no requests for data: account restriction and deletion, and the two kinds of app
takedown. The code makes tables of it, since its rows of numbers point into lists; what their columns mean is declared beside it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from dashboard.reports.cells.json_sheets import JsonSheet
from dashboard.reports.cells.reading import File
from dashboard.reports.tables.declared import mapping_beside, read_declared
from dashboard.reports.tables.drafts import Draft, Layout

_PARTS = ("periods", "countries", "request_types", "measures", "rows", "ns_rows")
MAPPING = mapping_beside(__file__)
_KINDS = MAPPING.columns["kind"]["values"]
_ENDS = [f"{end} of {measure}" for measure in ("requests", "accounts_specified") for end in ("low", "high")]


def recognises_json(file: File) -> bool:
    """Whether a JSON value has the parts of the compilation of Apple's reports, and says that they are Apple's."""
    value = file.json
    return isinstance(value, dict) and all(isinstance(value.get(name), list) for name in _PARTS) and "apple.com" in str(value.get("source"))


def _in_tables(file: File) -> File:
    # A table for each kind of request, and one of national security. A cell is `rows[17][4]`.
    value = file.json
    measures = [str(name) for name in value["measures"]]
    rows_of: dict[str, dict[int, list[str]]] = {kind: {} for kind in _KINDS}
    for row, cells in enumerate(_rows(value, "rows", 3)):
        # What is told of a row without a kind is told in the first table.
        rows_of[cells[2] if len(cells) > 2 and cells[2] in rows_of else "device"][row] = cells
    sheets, problems = [], []
    for kind, rows in rows_of.items():
        headers = [f"{name} of {kind}" if f"{name} of {kind}" in MAPPING.columns else "not of this kind" for name in measures]
        for column in [column for column, header in enumerate(headers, start=3) if MAPPING.columns[header]["role"] == "share"]:
            # The field's name says that it holds percentages, which is what the sign says in the CSVs.
            for cells in [cells for cells in rows.values() if len(cells) > column and re.fullmatch(r"\d+(\.\d+)?", cells[column])]:
                cells[column] += "%"
        sheet = _sheet("rows", kind, ["period", "country", "kind", *headers], rows)
        sheets.append(sheet)
        says, fix = "stands in a field that is not read for this type of request.", "Check which of Apple's columns it comes from."
        problems += [
            sheet.problem("warning", "unread_value", row, column, says, fix)
            for row in range(1, 1 if "left_out" in _KINDS[kind] else len(sheet.rows))
            for column, header in enumerate(headers, start=3)
            if header == "not of this kind" and sheet.text(row, column)
        ]
    sheets.append(
        _sheet(
            "ns_rows",
            "national security",
            ["period", "country", "kind of national security", *_ENDS],
            dict(enumerate(_rows(value, "ns_rows", 2))),
        )
    )
    return replace(file, json=None, sheets=[sheet for sheet in sheets if len(sheet.rows) > 1], problems=(*file.problems, *problems))


def _rows(value: dict, name: str, pointers: int) -> list[list[str]]:
    # The numbers that point into the lists are replaced by what they point to.
    lists = [value["periods"], value["countries"], value["request_types"]][:pointers]
    rows = []
    for entry in value[name]:
        cells = [_text(cell) for cell in (entry if isinstance(entry, list) else [entry])]
        for column, names in enumerate(lists[: len(cells)] if isinstance(entry, list) else ()):
            is_inside = type(entry[column]) is int and 0 <= entry[column] < len(names)
            cells[column] = str(names[entry[column]]) if is_inside else f"entry {cells[column]}"
        rows.append(cells)
    return rows


def _sheet(path: str, name: str, header: list[str], rows: dict[int, list[str]]) -> JsonSheet:
    texts = [header, *rows.values()]
    fractions = {(row, column) for row, cells in enumerate(texts) for column, text in enumerate(cells) if re.fullmatch(r"\d+\.\d+", text)}
    return JsonSheet(
        name,
        texts,
        range(1, len(texts) + 1),
        kinds=dict.fromkeys(fractions, "number"),
        header_rows=1,
        record_paths=[f"{path}[{row}]" for row in rows],
        key_paths=[()] * len(rows),
        column_paths=[f"[{column}]" for column in range(len(header))],
        header_paths=[f"{path}[][{column}]" for column in range(len(header))],
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read(file: File, draft: Draft) -> None:
    read_declared(file, draft, MAPPING)


LAYOUTS: tuple[Layout, ...] = (Layout("Apple, all types in the JSON of a third party", "apple", recognises_json, _read, _in_tables),)
