"""Apple's transparency reports: one CSV for each type of request, a row for every half-year and country; and the JSON that a third
party compiled from the later ones.

Apple counts each request under one type of its own making: what it starts from (`device`, `account`, `financial_identifier`,
`push_token`), its urgency (`emergency`), or its purpose (`account_preservation`, here `preservation`). There is no printed total.
Requests in inquiries about an app, a piece of music or a podcast ("digital content provider") have no word of their own here: they are
`other`, and nothing else of Apple's is. What a request specifies is counted in identifiers (devices, cards, tokens) or in accounts, as
the header says; emergencies and content providers have no such column.

National security is printed in bands, for the United States and so for federal authorities: orders and letters together until 2017 H2
(`national_security`), apart from 2018 H1. The JSON also has bands under the United Kingdom's Investigatory Powers Act, of requests for
content and for other data; since both are printed for 2024 H1, they are two request types. A lower end off the grid (`2 - 499`) is as
published: a letter may be told of once its gag is lifted, so that later editions raise it.

`-` and blank give no observation: in its first reports Apple told only how many emergency requests came. The CSVs print the period
three times in a row (its name, first day and last day), and all three must agree.

Not read, since they are no requests for data: account restriction and deletion, and the two kinds of app takedown in the JSON. Apple's
CSVs about them are of no layout known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from dashboard.model import periods, places
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.tables.drafts import Draft, Layout, header_columns

_KEY_HEADERS = {
    "TR Period": "period",
    "TR Date": "period",
    "TR Start Date": "first day",
    "TR End Date": "last day",
    "Country/Region": "country",
}
_PROVIDED = {"Requests where Data Provided": "requests_some_data", "Percentage of Requests where Data Provided": "share_some_data"}
_CHALLENGED = {
    "Requests Challenged in Part or Rejected in Full": "requests_challenged",
    "Requests Objected in Part or Rejected in Full": "requests_challenged",
    "Requests Objected to in Part or Rejected in Full": "requests_challenged",
}
# Which header tells the request type of a file, and what its other headers count. Several spellings of one header are of several editions.
_TYPES = {
    "Device Requests Received": ("device", {"Devices Specified in Requests": "identifiers"} | _PROVIDED),
    "Account Requests Received": (
        "account",
        {
            "Accounts Specified in Requests": "accounts_specified",
            "Requests where Only Non-Content Data Provided": "requests_noncontent",
            "Requests where Content Provided": "requests_content",
            "Percentage of Requests where Data Provided": "share_some_data",
        }
        | _CHALLENGED,
    ),
    "Financial Identifier Requests Received": (
        "financial_identifier",
        {"Financial Identifiers Specified in Requests": "identifiers"} | _PROVIDED,
    ),
    "Push Token Requests Received": ("push_token", {"Push Tokens Specified in Requests": "identifiers"} | _PROVIDED),
    "Emergency Requests Received": (
        "emergency",
        {"Requests Rejected/Challenged and No Data Provided": "requests_rejected", "Requests where No Data Provided": "requests_no_data"}
        | _PROVIDED,
    ),
    "Digital Content Provider Requests Received": ("other", _CHALLENGED | _PROVIDED),
    "Account Preservation Requests Received": (
        "preservation",
        {"Accounts Specified in Requests": "accounts_specified", "Accounts where Data Preserved": "accounts_preserved"},
    ),
}

# Some editions hang a footnote mark on this header, which does not count when headers are compared.
_SECURITY_TYPE = {
    "National Security Requests Type": "type",
    "National Security Request Type": "type",
    "National Security Request(s) Type": "type",
}
_SECURITY_COUNTS = {"Requests Received": "requests", "Users/Accounts": "accounts_specified"}
_SECURITY_TYPES = {
    ("USA", "national security"): "national_security",
    ("USA", "fisa content"): "fisa_content",
    ("USA", "fisa non content"): "fisa_noncontent",
    ("USA", "nsls"): "nsl",
    ("GBR", "content"): "uk_ipa_content",
    ("GBR", "non content"): "uk_ipa_noncontent",
}

_JSON_PARTS = ("periods", "countries", "request_types", "measures", "rows", "ns_rows")
_JSON_POINTERS = {"period": 0, "country": 1, "type": 2}
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


def recognises_type(file: File) -> bool:
    """Whether a table is headed by the words of one of Apple's types of request."""
    return any(_header_row(sheet, _TYPES) is not None for sheet in file.sheets)


def recognises_national_security(file: File) -> bool:
    """Whether a table is headed by Apple's words for national security requests."""
    return any(_header_row(sheet, _SECURITY_TYPE) is not None for sheet in file.sheets)


def recognises_json(file: File) -> bool:
    """Whether a JSON value has the parts of the compilation of Apple's reports, and says that they are Apple's."""
    value = file.json
    return (
        isinstance(value, dict)
        and all(isinstance(value.get(part), list) for part in _JSON_PARTS)
        and "apple.com" in str(value.get("source"))
    )


def read_type(file: File, draft: Draft) -> None:
    """Read the figures of one type of request, by half-year and country."""
    for sheet in file.sheets:
        header_row = _header_row(sheet, _TYPES)
        if header_row is None:
            continue
        received = next(name for name in _TYPES if header_columns(sheet.rows[header_row], {name: name}))
        request_type, counts = _TYPES[received]
        columns = _columns(sheet, header_row, _KEY_HEADERS | {received: "requests"} | counts, draft)
        for row, requester, period in _rows(sheet, header_row, columns, draft):
            _read_figures(sheet, row, columns, draft, requester=requester, period=period, request_type=request_type)


def read_national_security(file: File, draft: Draft) -> None:
    """Read the bands of national security requests and of the accounts they name."""
    for sheet in file.sheets:
        header_row = _header_row(sheet, _SECURITY_TYPE)
        if header_row is None:
            continue
        columns = _columns(sheet, header_row, _KEY_HEADERS | _SECURITY_TYPE | _SECURITY_COUNTS, draft)
        for row, requester, period in _rows(sheet, header_row, columns, draft):
            request_type = _security_type(sheet, row, columns["type"], requester, draft)
            if request_type:
                authority = _authority(requester)
                _read_figures(
                    sheet, row, columns, draft, requester=requester, period=period, request_type=request_type, authority=authority
                )


def read_json(file: File, draft: Draft) -> None:
    """Read the compilation, whose rows of numbers point into lists of periods, countries and types. A cell is `rows[17][4]`."""
    value = file.json
    measures = [str(name) for name in value["measures"]]
    sheet = _json_sheet("rows", value, pointers=3)
    width = 3 + len(measures)
    for row, requester, period in _rows(
        sheet, -1, _JSON_POINTERS, draft, width, lambda row: sheet.text(row, 2) not in _JSON_NOT_ABOUT_DATA
    ):
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
        _read_figures(sheet, row, columns, draft, requester=requester, period=period, request_type=request_type)
    sheet = _json_sheet("ns_rows", value, pointers=2)
    for row, requester, period in _rows(sheet, -1, _JSON_POINTERS, draft, 7):
        request_type = _security_type(sheet, row, 2, requester, draft)
        if request_type:
            for column, measure in ((3, "requests"), (5, "accounts_specified")):
                draft.band(
                    sheet,
                    row,
                    column,
                    column + 1,
                    requester=requester,
                    period=period,
                    measure=measure,
                    request_type=request_type,
                    authority=_authority(requester),
                )


LAYOUTS: tuple[Layout, ...] = (
    Layout("Apple, national security requests", "apple", recognises_national_security, read_national_security),
    Layout("Apple, requests of one type by half-year and country", "apple", recognises_type, read_type),
    Layout("Apple, all types in the JSON of a third party", "apple", recognises_json, read_json),
)


class _JsonRows(Sheet):
    """Rows of a JSON list as a sheet of texts, whose cells have the address that a reader of the JSON sees."""

    def address(self, row: int, column: int) -> str:
        return f"{self.name}[{self.lines[row]}][{column}]"


def _header_row(sheet: Sheet, names: dict) -> int | None:
    wanted = {places.fold(name) for name in names}
    return next((row for row, cells in enumerate(sheet.rows[:20]) if wanted & {places.fold(cell) for cell in cells}), None)


def _columns(sheet: Sheet, header_row: int, wanted: dict[str, str], draft: Draft) -> dict[str, int]:
    # Where each meaning stands; empty, with a problem, if the header cannot be relied on.
    header = sheet.rows[header_row]
    found = header_columns(header, {name: name for name in wanted})
    columns = {wanted[name]: column for name, column in found.items()}
    for meaning in dict.fromkeys(wanted.values()):
        if meaning not in columns:
            says = f"begins a header without “{next(name for name in wanted if wanted[name] == meaning)}”."
            # Without its country no row can be read; without the dates, the period's name still stands.
            severity = "error" if meaning in ("period", "country") else "warning"
            draft.problem(severity, "missing_column", sheet, header_row, 0, says, "Check whether a header was changed.")
    is_sound = {"period", "country"} <= columns.keys()
    folded = [places.fold(text) for text in header]
    for column, text in enumerate(folded):
        if text and text in folded[:column]:
            draft.problem("error", "duplicate_header", sheet, header_row, column, "heads two columns.", "Delete or rename one of them.")
            is_sound = False
        elif text and column not in columns.values():
            says = "is no header of this report that we know; the column is not read."
            draft.problem("warning", "unknown_column", sheet, header_row, column, says, "Check its spelling.")
    return columns if is_sound else {}


def _rows(
    sheet: Sheet,
    header_row: int,
    columns: dict[str, int],
    draft: Draft,
    width: int | None = None,
    is_wanted: Callable[[int], bool] = lambda row: True,
) -> Iterator[tuple[int, str, Period]]:
    # The rows that can be read, with requester and period: whole, of a country and period that are known, and no repetition.
    if not columns:
        return
    width = len(sheet.rows[header_row]) if width is None else width
    body = [row for row in range(header_row + 1, len(sheet.rows)) if any(cell.strip() for cell in sheet.rows[row])]
    dates = [columns[name] for name in ("first day", "last day") if name in columns]
    day_first = bool(periods.is_day_first([sheet.text(row, column) for row in body for column in dates]))
    first_rows: dict[tuple, int] = {}
    for row in body:
        if not draft.is_whole(sheet, row, width) or not is_wanted(row):
            continue
        period = _period(sheet, row, columns, day_first, draft)
        requester = _requester(sheet, row, columns["country"], draft)
        kind = sheet.text(row, columns["type"]).strip() if "type" in columns else ""
        if period and requester and not draft.is_repeated(sheet, row, columns["country"], (requester, period, kind), first_rows):
            yield row, requester, period


def _period(sheet: Sheet, row: int, columns: dict[str, int], day_first: bool, draft: Draft) -> Period | None:
    column = columns["period"]
    period = periods.parse(sheet.text(row, column))
    if period is None:
        draft.problem(
            "error", "bad_period", sheet, row, column, "is no period in any form we know.", "Write the year and the half, as Apple does."
        )
        return None
    for name, day in (("first day", period.start), ("last day", period.end)):
        if name in columns and periods.parse_date(sheet.text(row, columns[name]), day_first) != day:
            says = f"is not the {name} of “{sheet.text(row, column).strip()}” in {sheet.address(row, column)}."
            draft.problem("error", "bad_period", sheet, row, columns[name], says, "Correct the date or the period.")
            return None
    return period


def _requester(sheet: Sheet, row: int, column: int, draft: Draft) -> str | None:
    # `N/A` only: `NA` without the stroke is Namibia.
    if places.fold(sheet.text(row, column)) in ("", "n a"):
        draft.problem(
            "warning",
            "missing_requester",
            sheet,
            row,
            column,
            "names no country, so its row is left out.",
            "Name the country if you know it.",
        )
        return None
    return draft.requester(sheet, row, column)


def _security_type(sheet: Sheet, row: int, column: int, requester: str, draft: Draft) -> str | None:
    request_type = _SECURITY_TYPES.get((requester, places.fold(sheet.text(row, column))))
    if request_type is None:
        says = f"is no kind of national security request that we know for {places.name(requester)}."
        draft.problem("error", "unknown_request_type", sheet, row, column, says, "Check the spelling.")
    return request_type


def _authority(requester: str) -> str:
    return "federal" if requester == "USA" else "any"


def _read_figures(sheet: Sheet, row: int, columns: dict[str, int], draft: Draft, **said) -> None:
    for measure, column in columns.items():
        if measure not in ("period", "first day", "last day", "country", "type"):
            add = draft.signed_share if measure == "share_some_data" else draft.count
            add(sheet, row, column, measure=measure, **said)


def _json_sheet(name: str, value: dict, pointers: int) -> Sheet:
    # The numbers that point into the lists are replaced by what they point to.
    lists = [value["periods"], value["countries"], value["request_types"]][:pointers]
    rows = [[_json_text(cell) for cell in row] if isinstance(row, list) else [_json_text(row)] for row in value[name]]
    for row, cells in zip(value[name], rows, strict=True):
        for column, names in enumerate(lists[: len(cells)] if isinstance(row, list) else ()):
            place = row[column]
            is_inside = isinstance(place, int) and not isinstance(place, bool) and 0 <= place < len(names)
            cells[column] = str(names[place]) if is_inside else f"entry {_json_text(place)}"
    return _JsonRows(name, rows, list(range(len(rows))))


def _json_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
