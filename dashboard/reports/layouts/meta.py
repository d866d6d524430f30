"""Meta's reports on government requests for user data: one CSV a half-year, one row a country, one column a figure.

The half-year stands in the file name only. Four generations of headers are read by their words; whatever their order:

- `Total Requests` and, from 2016 H1, `Legal Process Request Total` and `Emergency Request Total`, each with its accounts, its
  percentage and, from 2019 H1, `… Number of Requests Where Some Data Produced`. Legal process and emergencies make up the total.
- For the United States, the kinds of process. `Court Order (18 USC 2703(d))` is `court_order`; `Court Order (Other)` is `other`,
  because the two are counted apart and one word would add them up. In 2013 H2 only the second is filled, and with the court orders
  of every kind: the columns for the others start in 2014 H1.
- `Emergency Disclosures` is the older name of the emergency columns. Until 2015 H2 it alone is filled (United States); from 2016 H1 to
  2017 H1 it repeats `Emergency Request Total`. It is read where the newer column is blank, and otherwise only compared with it.
- `Preservation Requests` and the accounts preserved: blank before 2016 H1, and blank for many countries until 2017 H1.

A blank is no figure and gives no observation; `0` is a figure, and so is the `0%` printed beside no requests. From 2019 H1 nearly every
country and territory has a row, most of them zero throughout. The FISA and NSL columns are blank in every file, although Meta's pages print
bands for them; they are read if they are ever filled.

Not read, since they do not count requests for data: content restrictions, takedown reports, the percentage withheld and internet
disruptions. The two MLAT columns have never been filled; they count different things under one word of ours, so a figure in them is
told and not stored.
"""

from __future__ import annotations

from dashboard.model import periods, places
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.problems import Problem
from dashboard.reports.tables.drafts import Draft, Layout, header_columns
from dashboard.reports.words import numbers

_NOT_ABOUT_DATA = ("Content Restricted", "Content Restrictions", "Takedown reports", "Percent Witheld", "Internet Disruptions")

# What stands at the head of each group of columns: the request type, and the authority where the law leaves only one.
_GROUPS = {
    "Total Requests": ("all", "any"),
    "Legal Process Request Total": ("legal", "any"),
    "Emergency Request Total": ("emergency", "any"),
    "Search Warrant": ("warrant", "any"),
    "Subpoena": ("subpoena", "any"),
    "Court Order (18 USC 2703(d))": ("court_order", "any"),
    "Court Order (Other)": ("other", "any"),
    "Pen Register/Trap and Trace": ("pen_register", "any"),
    "Title III": ("wiretap", "any"),
    "FISA Content Requests": ("fisa_content", "federal"),
    "FISA Non-Content Requests": ("fisa_noncontent", "federal"),
    "NSLs": ("nsl", "federal"),
}
_ENDINGS = {"": "requests", " Accounts": "accounts_specified", " Percentage": "share_some_data"}
_SOME_DATA = {
    "Number of Requests Where Some Data Produced": "all",
    "Legal Number of Requests Where Some Data Produced": "legal",
    "ER Number of Requests Where Some Data Produced": "emergency",
}
_MEANINGS = {
    f"{group}{ending}": (measure, request_type, authority)
    for group, (request_type, authority) in _GROUPS.items()
    for ending, measure in _ENDINGS.items()
}
_MEANINGS |= {header: ("requests_some_data", request_type, "any") for header, request_type in _SOME_DATA.items()}
_MEANINGS |= {
    "Preservation Requests": ("requests", "preservation", "any"),
    "Preservation Accounts Preserved": ("accounts_preserved", "preservation", "any"),
}
_OLDER_NAMES = {f"Emergency Request Total{ending}": f"Emergency Disclosures{ending}" for ending in _ENDINGS}
_MLAT = [f"{group}{ending}" for group in ("MLAT Search Warrant", "MLAT Order") for ending in _ENDINGS]
_REQUIRED = ("Country", "Total Requests", "Legal Process Request Total")
# Every generation has these; the rest came or went.
_LASTING = [header for header in _MEANINGS if header not in _SOME_DATA]

# Printed by Meta as countries, and without a code of their own in ISO 3166-1.
_WITHOUT_CODE = {"netherlands antilles", "somaliland"}


def recognises(file: File) -> bool:
    """Whether a sheet has a row with Meta's words for the country, the total and the legal process."""
    return any(_header_row(sheet) is not None for sheet in file.sheets)


def read_half(file: File, draft: Draft) -> None:
    """Read the figures of every country in the half-year that the file name or the visitor states."""
    period = _period(file, draft)
    if period is None:
        return
    for sheet in file.sheets:
        header_row = _header_row(sheet)
        if header_row is not None:
            _read_sheet(sheet, header_row, period, draft)


LAYOUTS: tuple[Layout, ...] = (Layout("Meta, government requests for user data by country", "meta", recognises, read_half),)


def _header_row(sheet: Sheet) -> int | None:
    required = {places.fold(header) for header in _REQUIRED}
    return next((row for row, cells in enumerate(sheet.rows[:20]) if required <= {places.fold(cell) for cell in cells}), None)


def _period(file: File, draft: Draft) -> Period | None:
    named = periods.find(file.stem)
    if named and named.months != 6:
        named = None
    if named and draft.period and named != draft.period:
        draft.problems.append(
            Problem(
                "error",
                "ambiguous_period",
                f"names {named}, but {draft.period} was stated beside the file.",
                "Rename the file, or state its own half-year.",
                value=file.name,
            )
        )
        return None
    if not named and not draft.period:
        draft.problems.append(
            Problem(
                "error",
                "missing_period",
                "does not name the half-year, and nothing inside the file does.",
                "Keep the file name under which Meta publishes it, or state the half-year beside the file.",
                value=file.name,
            )
        )
    return named or draft.period


def _read_sheet(sheet: Sheet, header_row: int, period: Period, draft: Draft) -> None:
    header = sheet.rows[header_row]
    known = ["Country", *_MEANINGS, *_OLDER_NAMES.values(), *_MLAT]
    columns = header_columns(header, {name: name for name in known})
    if not _check_header(sheet, header_row, columns, draft):
        return
    printed_names = {places.fold(sheet.text(row, columns["Country"])) for row in range(header_row + 1, len(sheet.rows))}
    first_rows: dict[tuple, int] = {}
    for row in range(header_row + 1, len(sheet.rows)):
        if not any(cell.strip() for cell in sheet.rows[row]) or not draft.is_whole(sheet, row, len(header)):
            continue
        requester = _requester(sheet, row, columns, printed_names, draft)
        if requester and not draft.is_repeated(sheet, row, columns["Country"], (requester,), first_rows):
            _read_row(sheet, row, columns, requester, period, draft)


def _check_header(sheet: Sheet, header_row: int, columns: dict[str, int], draft: Draft) -> bool:
    header = sheet.rows[header_row]
    folded = [places.fold(text) for text in header]
    unread = {places.fold(name) for name in _NOT_ABOUT_DATA} | {places.fold(name) for name in columns}
    is_sound = True
    for column, text in enumerate(folded):
        if text and text in folded[:column]:
            draft.problem("error", "duplicate_header", sheet, header_row, column, "heads two columns.", "Delete or rename one of them.")
            is_sound = False
        elif text and text not in unread:
            draft.problem(
                "warning",
                "unknown_column",
                sheet,
                header_row,
                column,
                "is no header of Meta's that we know; the column is not read.",
                "Check its spelling.",
            )
    for name in _LASTING:
        if name not in columns:
            draft.problem(
                "warning",
                "missing_column",
                sheet,
                header_row,
                columns["Country"],
                f"stands in a header without “{name}”.",
                "Check whether a header was changed.",
            )
    return is_sound


def _requester(sheet: Sheet, row: int, columns: dict[str, int], printed_names: set[str], draft: Draft) -> str | None:
    column = columns["Country"]
    name = places.fold(sheet.text(row, column))
    if name == "saint martin" and "sint maarten" in printed_names:
        draft.problem(
            "warning",
            "ambiguous_requester",
            sheet,
            row,
            column,
            "was read as the French part of the island, since the Dutch part has its own row.",
            "Nothing to do if that is right.",
        )
        return "MAF"
    if name in _WITHOUT_CODE:
        figures = {sheet.text(row, columns[header]).strip() for header in _MEANINGS if header in columns}
        left_out = "all of them zero" if figures <= {"0", "0%", ""} else "not all of them zero"
        says = f"has no ISO 3166-1 code, so its figures are left out, {left_out}."
        draft.problem("warning", "unknown_requester", sheet, row, column, says, "Nothing to do unless you need them.")
        return None
    return draft.requester(sheet, row, column)


def _read_row(sheet: Sheet, row: int, columns: dict[str, int], requester: str, period: Period, draft: Draft) -> None:
    rows_before, problems_before = len(draft.rows), len(draft.problems)
    for name, (measure, request_type, authority) in _MEANINGS.items():
        column = _column(sheet, row, columns, name, draft)
        if column is None:
            continue
        add = draft.signed_share if measure == "share_some_data" else draft.count
        add(sheet, row, column, requester=requester, period=period, measure=measure, request_type=request_type, authority=authority)
    for name in _MLAT:
        if name in columns and not numbers.is_missing(sheet.text(row, columns[name])):
            draft.problem(
                "warning",
                "unread_value",
                sheet,
                row,
                columns[name],
                f"stands under “{name}”, which Meta never filled before, and is not read.",
                "Check what it counts.",
            )
    if len(draft.rows) == rows_before and len(draft.problems) == problems_before:
        draft.problem(
            "warning",
            "missing_value",
            sheet,
            row,
            columns["Country"],
            "has no figure about requests for data in its row.",
            "Nothing to do if none was published.",
        )


def _column(sheet: Sheet, row: int, columns: dict[str, int], name: str, draft: Draft) -> int | None:
    # Where a figure stands: in the older column if the newer one is blank. Two filled ones must agree.
    column, older = columns.get(name), columns.get(_OLDER_NAMES.get(name, ""))
    if older is None or numbers.is_missing(sheet.text(row, older)):
        return column
    if column is None or numbers.is_missing(sheet.text(row, column)):
        return older
    if sheet.text(row, column).replace(",", "").strip() != sheet.text(row, older).replace(",", "").strip():
        says = (
            f"differs from “{sheet.text(row, column).strip()}” in {sheet.address(row, column)}, which it used to repeat; that one was read."
        )
        draft.problem("warning", "total_mismatch", sheet, row, older, says, "Check which of the two holds.")
    return column
