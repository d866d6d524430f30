"""Apple's reports in the JSON that a third party compiled from the later ones; Apple's own CSVs are declared in `apple.toml`.

It also has bands under the United Kingdom's Investigatory Powers Act, of requests for content and for other data; since both are
printed for 2024 H1, they are two request types. A blank gives no observation. Not read, since they are no requests for data: account
restriction and deletion, and the two kinds of app takedown.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from dashboard.model import periods, places
from dashboard.model.periods import Period
from dashboard.reports.cells.json_sheets import JsonRows
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.tables.drafts import Draft, Layout

_SECURITY_TYPES = {
    ("USA", "national security"): "national_security",
    ("USA", "fisa content"): "fisa_content",
    ("USA", "fisa non content"): "fisa_noncontent",
    ("USA", "nsls"): "nsl",
    ("GBR", "content"): "uk_ipa_content",
    ("GBR", "non content"): "uk_ipa_noncontent",
}

_JSON_PARTS = ("periods", "countries", "request_types", "measures", "rows", "ns_rows")
_JSON_COMMON = {"requests_received": "requests", "requests_data_provided": "requests_some_data", "pct_data_provided": "share_some_data"}
# One field holds what the CSVs print under different headers, so its measure depends on the type.
_JSON_TYPES = {
    "device": ("device", {"items_specified": "identifiers"} | _JSON_COMMON),
    "account": (
        "account",
        {
            "items_specified": "accounts_specified",
            "requests_challenged_rejected": "requests_challenged",
            "content_provided": "requests_content",
            "noncontent_provided": "requests_noncontent",
        }
        | _JSON_COMMON,
    ),
    "financial_identifier": ("financial_identifier", {"items_specified": "identifiers"} | _JSON_COMMON),
    "push_token": ("push_token", {"items_specified": "identifiers"} | _JSON_COMMON),
    "emergency": (
        "emergency",
        {"requests_challenged_rejected": "requests_rejected", "requests_no_data": "requests_no_data"} | _JSON_COMMON,
    ),
    "digital_content_provider": ("other", {"requests_challenged_rejected": "requests_challenged"} | _JSON_COMMON),
    "account_preservation": (
        "preservation",
        {"items_specified": "accounts_specified", "accounts_preserved": "accounts_preserved"} | _JSON_COMMON,
    ),
}
_JSON_NOT_ABOUT_DATA = {"account_restriction_deletion", "app_takedown_legal_violation", "app_takedown_platform_policy"}


def recognises_json(file: File) -> bool:
    """Whether a JSON value has the parts of the compilation of Apple's reports, and says that they are Apple's."""
    value = file.json
    return (
        isinstance(value, dict)
        and all(isinstance(value.get(name), list) for name in _JSON_PARTS)
        and "apple.com" in str(value.get("source"))
    )


def read_json(file: File, draft: Draft) -> None:
    """Read the compilation, whose rows of numbers point into lists of periods, countries and types. A cell is `rows[17][4]`."""
    value = file.json
    measures = [str(name) for name in value["measures"]]
    sheet = _json_sheet("rows", value, pointers=3)
    width = 3 + len(measures)
    for row, requester, period in _rows(sheet, draft, width, _JSON_NOT_ABOUT_DATA):
        kind = sheet.text(row, 2)
        if kind not in _JSON_TYPES:
            draft.problem("error", "unknown_request_type", sheet, row, 2, "is no type of request that we know.", "Check the list of types.")
            continue
        request_type, counts = _JSON_TYPES[kind]
        columns = {counts[name]: at for at, name in enumerate(measures, start=3) if name in counts}
        for at in range(3, width):
            if at not in columns.values() and sheet.text(row, at):
                says = f"stands under “{measures[at - 3]}”, which is not read for this type of request."
                draft.problem("warning", "unread_value", sheet, row, at, says, "Check which of Apple's columns it comes from.")
        share = columns.get("share_some_data")
        if share is not None and re.fullmatch(r"\d+(\.\d+)?", sheet.text(row, share)):
            # The field's name says that it holds percentages, which is what the sign says in the CSVs.
            sheet.rows[row][share] += "%"
        for measure, column in columns.items():
            add = draft.signed_share if measure == "share_some_data" else draft.count
            add(sheet, row, column, measure=measure, requester=requester, period=period, request_type=request_type)
    sheet = _json_sheet("ns_rows", value, pointers=2)
    for row, requester, period in _rows(sheet, draft, 7):
        request_type = _security_type(sheet, row, 2, requester, draft)
        if request_type:
            for column, measure in ((3, "requests"), (5, "accounts_specified")):
                of = {"requester": requester, "period": period, "measure": measure, "request_type": request_type}
                draft.band(sheet, row, column, column + 1, authority="federal" if requester == "USA" else "any", **of)


LAYOUTS: tuple[Layout, ...] = (Layout("Apple, all types in the JSON of a third party", "apple", recognises_json, read_json),)


def _rows(sheet: Sheet, draft: Draft, width: int, left_out: Container[str] = ()) -> Iterator[tuple[int, str, Period]]:
    # The rows that can be read, with requester and period: whole, of a country and period that are known, and no repetition.
    first_rows: dict[tuple, int] = {}
    for row in range(len(sheet.rows)):
        is_blank = not any(cell.strip() for cell in sheet.rows[row])
        if is_blank or not draft.is_whole(sheet, row, width) or sheet.text(row, 2) in left_out:
            continue
        period = periods.parse(sheet.text(row, 0))
        if period is None:
            draft.problem("error", "bad_period", sheet, row, 0, "is no period in any form we know.", "Write the year and the half.")
            continue
        requester = _requester(sheet, row, 1, draft)
        kind = sheet.text(row, 2).strip()
        if requester and not draft.is_repeated(sheet, row, 1, (requester, period, kind), first_rows):
            yield row, requester, period


def _requester(sheet: Sheet, row: int, column: int, draft: Draft) -> str | None:
    # `N/A` only: `NA` without the stroke is Namibia.
    if places.fold(sheet.text(row, column)) in ("", "n a"):
        says = "names no country, so its row is left out."
        draft.problem("warning", "missing_requester", sheet, row, column, says, "Name the country if you know it.")
        return None
    return draft.requester(sheet, row, column)


def _security_type(sheet: Sheet, row: int, column: int, requester: str, draft: Draft) -> str | None:
    request_type = _SECURITY_TYPES.get((requester, places.fold(sheet.text(row, column))))
    if request_type is None:
        says = f"is no kind of national security request that we know for {places.name(requester)}."
        draft.problem("error", "unknown_request_type", sheet, row, column, says, "Check the spelling.")
    return request_type


def _json_sheet(name: str, value: dict, pointers: int) -> Sheet:
    # The numbers that point into the lists are replaced by what they point to.
    lists = [value["periods"], value["countries"], value["request_types"]][:pointers]
    sheet = JsonRows.of(name, value[name])
    for entry, cells in zip(value[name], sheet.rows, strict=True):
        for column, names in enumerate(lists[: len(cells)] if isinstance(entry, list) else ()):
            is_inside = type(entry[column]) is int and 0 <= entry[column] < len(names)
            cells[column] = str(names[entry[column]]) if is_inside else f"entry {cells[column]}"
    return sheet
