"""Apple's reports in the JSON that a third party compiled from the later ones; Apple's own CSVs are declared in `apple.toml`.

It also has bands under the United Kingdom's Investigatory Powers Act, of requests for content and for other data; since both are
printed for 2024 H1, they are two request types. A blank gives no observation. Not read, since they are no requests for data: account
restriction and deletion, and the two kinds of app takedown. The code makes tables of it: its rows of numbers point into lists.
"""

from __future__ import annotations

import re
from dataclasses import replace

from dashboard.reports.cells.json_sheets import JsonSheet
from dashboard.reports.cells.reading import File
from dashboard.reports.tables.declared import read_declared
from dashboard.reports.tables.drafts import Draft, Layout
from dashboard.reports.tables.roles import Mapping

_PARTS = ("periods", "countries", "request_types", "measures", "rows", "ns_rows")
_COMMON = {"requests_received": "requests", "requests_data_provided": "requests_some_data", "pct_data_provided": "share_some_data"}
_OF_CONTENT = {"content_provided": "requests_content", "noncontent_provided": "requests_noncontent"}
_CHALLENGED, _REJECTED = ({"requests_challenged_rejected": f"requests_{outcome}"} for outcome in ("challenged", "rejected"))
_IDENTIFIERS, _ACCOUNTS = {"items_specified": "identifiers"}, {"items_specified": "accounts_specified"}
# One field holds what the CSVs print under different headers, so its measure depends on the type.
_TYPES = {
    "device": ("device", _COMMON | _IDENTIFIERS),
    "account": ("account", _COMMON | _ACCOUNTS | _CHALLENGED | _OF_CONTENT),
    "financial_identifier": ("financial_identifier", _COMMON | _IDENTIFIERS),
    "push_token": ("push_token", _COMMON | _IDENTIFIERS),
    "emergency": ("emergency", _COMMON | _REJECTED | {"requests_no_data": "requests_no_data"}),
    "digital_content_provider": ("other", _COMMON | _CHALLENGED),
    "account_preservation": ("preservation", _COMMON | _ACCOUNTS | {"accounts_preserved": "accounts_preserved"}),
}
_NOT_ABOUT_DATA = ("account_restriction_deletion", "app_takedown_legal_violation", "app_takedown_platform_policy")
_SECURITY = ["period", "country", "kind of national security"]
_ENDS = [f"{end} of {measure}" for measure in ("requests", "accounts_specified") for end in ("low", "high")]
_OF_USA, _OF_UK = "United States of America / {}", "United Kingdom / {}"
MAPPING = Mapping(
    reporter="apple",
    columns={
        "period": {"role": "period"},
        "country": {
            "role": "requester",
            "values": {"": {"left_out": "names no country"}, "N/A": {"left_out": "names no country"}, "Georgia": {"requester": "GEO"}},
        },
        "kind": {
            "role": "coded",
            "values": {kind: {"request_type": request_type} for kind, (request_type, _) in _TYPES.items()}
            | {kind: {"left_out": "is about something else than requests for data"} for kind in _NOT_ABOUT_DATA},
        },
        "kind of national security": {
            "role": "coded",
            "beside": "country",
            "values": {
                _OF_USA.format("National Security"): {"request_type": "national_security", "authority": "federal"},
                _OF_USA.format("FISA Content"): {"request_type": "fisa_content", "authority": "federal"},
                _OF_USA.format("FISA Non-Content"): {"request_type": "fisa_noncontent", "authority": "federal"},
                _OF_USA.format("NSLs"): {"request_type": "nsl", "authority": "federal"},
                _OF_UK.format("Content"): {"request_type": "uk_ipa_content"},
                _OF_UK.format("Non-Content"): {"request_type": "uk_ipa_noncontent"},
            },
        },
        "not of this kind": {"role": "ignored", "reason": "is not read for this kind of request"},
        **{
            f"{name} of {kind}": {"role": "share", "scale": "percent", "measure": measure}
            if measure == "share_some_data"
            else {"role": "count", "measure": measure}
            for kind, (_, measures) in _TYPES.items()
            for name, measure in measures.items()
        },
        **{name: {"role": name.partition(" ")[0], "measure": name.rpartition(" ")[2]} for name in _ENDS},
    },
)


def recognises_json(file: File) -> bool:
    """Whether a JSON value has the parts of the compilation of Apple's reports, and says that they are Apple's."""
    value = file.json
    return isinstance(value, dict) and all(isinstance(value.get(name), list) for name in _PARTS) and "apple.com" in str(value.get("source"))


def _in_tables(file: File) -> File:
    # A table for each kind of request, and one of national security. A cell is `rows[17][4]`.
    value = file.json
    measures = [str(name) for name in value["measures"]]
    rows_of: dict[str, dict[int, list[str]]] = {kind: {} for kind in (*_TYPES, *_NOT_ABOUT_DATA)}
    for row, cells in enumerate(_rows(value, "rows", 3)):
        # What is told of a row without a kind is told in the first table.
        rows_of[cells[2] if len(cells) > 2 and cells[2] in rows_of else "device"][row] = cells
    sheets, problems = [], []
    for kind, rows in rows_of.items():
        known = _TYPES[kind][1] if kind in _TYPES else {}
        headers = [f"{name} of {kind}" if name in known else "not of this kind" for name in measures]
        for column in [column for column, name in enumerate(measures, start=3) if known.get(name) == "share_some_data"]:
            # The field's name says that it holds percentages, which is what the sign says in the CSVs.
            for cells in [cells for cells in rows.values() if len(cells) > column and re.fullmatch(r"\d+(\.\d+)?", cells[column])]:
                cells[column] += "%"
        sheet = _sheet("rows", kind, ["period", "country", "kind", *headers], rows)
        sheets.append(sheet)
        says, fix = "stands in a field that is not read for this type of request.", "Check which of Apple's columns it comes from."
        problems += [
            sheet.problem("warning", "unread_value", row, column, says, fix)
            for row in range(1, len(sheet.rows) if known else 0)
            for column, header in enumerate(headers, start=3)
            if header == "not of this kind" and sheet.text(row, column)
        ]
    sheets.append(_sheet("ns_rows", "national security", [*_SECURITY, *_ENDS], dict(enumerate(_rows(value, "ns_rows", 2)))))
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
        ways=[f"{path}[{row}]" for row in rows],
        key_ways=[()] * len(rows),
        column_ways=[f"[{column}]" for column in range(len(header))],
        header_ways=[f"{path}[][{column}]" for column in range(len(header))],
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _read(file: File, draft: Draft) -> None:
    read_declared(file, draft, MAPPING)


LAYOUTS: tuple[Layout, ...] = (Layout("Apple, all types in the JSON of a third party", "apple", recognises_json, _read, _in_tables),)
