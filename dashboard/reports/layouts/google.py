"""Google's requests for user data: the global file, the one of enterprise customers, and diplomatic legal requests.

The header has been reworded with almost every edition, so a column is known by any of the wordings seen, never by
its place. What national security law brought is in `google_national_security`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dashboard.model import periods, places
from dashboard.model.intervals import Interval
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.problems import refuse
from dashboard.reports.tables.drafts import Draft, Layout, counted
from dashboard.reports.words import numbers

PERIOD = ("period ending", "reporting period ending date")
NAME = ("country", "country region", "country region of origin")
CODE = ("cldr territory code",)
PRODUCT = ("product",)
DIPLOMATIC_REQUESTS = ("user data diplomatic legal requests", "enterprise diplomatic legal requests")
ASSISTING = ("assisting country",)

DIPLOMATIC = {"period": PERIOD, "product": PRODUCT, "name": NAME, "code": CODE, "assisting": ASSISTING, "requests": DIPLOMATIC_REQUESTS}

PRODUCTS = {
    "gsuite": "google_workspace",
    "g suite": "google_workspace",
    "google workspace": "google_workspace",
    "workspace": "google_workspace",
    "gcp": "gcp",
    "google cloud platform": "gcp",
}


@dataclass(frozen=True)
class Table:
    """A sheet whose header has been found: each column known by its role, and the rows below."""

    sheet: Sheet
    header: int
    columns: dict[str, int]

    def text(self, row: int, role: str) -> str:
        """The text of a row in the column of a role, without spaces around it; empty where there is no such column."""
        return self.sheet.text(row, self.columns[role]).strip() if role in self.columns else ""

    def rows(self, draft: Draft) -> list[int]:
        """Rows that hold something; one that is shorter or longer than the header is a problem and left out."""
        header = self.sheet.rows[self.header]
        width = max(column for column, cell in enumerate(header, start=1) if cell.strip())
        filled = (row for row in range(self.header + 1, len(self.sheet.rows)) if any(cell.strip() for cell in self.sheet.rows[row]))
        return [row for row in filled if draft.is_whole(self.sheet, row, width)]

    def half_years(self, draft: Draft, rows: list[int]) -> dict[int, Period]:
        """The half-year that ends on the printed date, for each row; any other date is a problem."""
        day_first = bool(periods.is_day_first([self.text(row, "period") for row in rows]))
        found = {}
        for row in rows:
            end = periods.parse_date(self.text(row, "period"), day_first)
            if end and (end.month, end.day) in ((6, 30), (12, 31)):
                found[row] = periods.ending(end, 6)
            else:
                self.problem(
                    draft,
                    "error",
                    "bad_period",
                    row,
                    "period",
                    "is not the last day of a half-year.",
                    "Write it as in 2020-06-30 or 2020-12-31.",
                )
        return found

    def problem(self, draft: Draft, severity: str, code: str, row: int, role: str, says: str, fix: str) -> None:
        """Tell of a broken rule in a row, at the column of a role."""
        draft.problem(severity, code, self.sheet, row, self.columns[role], says, fix)


def find_table(file: File, roles: dict[str, tuple[str, ...]], needed: tuple[str, ...]) -> Table | None:
    """The sheet that has the needed roles in one of its first rows, whatever the order of columns; None if none has."""
    found = []
    for sheet in file.sheets:
        for header, cells in enumerate(sheet.rows[:5]):
            columns = {
                role: column
                for column, cell in reversed(list(enumerate(cells)))
                for role, wordings in roles.items()
                if places.fold(cell) in wordings
            }
            if all(role in columns for role in needed):
                found.append(Table(sheet, header, columns))
                break
    if len(found) > 1:
        names = ", ".join(f"“{table.sheet.name}”" for table in found)
        raise refuse("choose_sheet", f"The workbook holds more than one table of this kind: {names}.", "Bring one sheet at a time.")
    return found[0] if found else None


def check_header(draft: Draft, table: Table, required: dict[str, tuple[str, ...]]) -> None:
    """Refuse a table without a required column or with one twice; warn of a column that is left out."""
    header = table.sheet.rows[table.header]
    missing = [f"“{wordings[0]}”" for role, wordings in required.items() if role not in table.columns]
    if missing:
        says = f"begins a header of Google's that has no column {' and none '.join(missing)}."
        raise refuse(
            "missing_column",
            says,
            "Bring the English edition as it was downloaded.",
            cell=table.sheet.address(table.header, 0),
            value=header[0],
        )
    folded = [places.fold(cell) for cell in header]
    for column, cell in enumerate(header):
        if folded[column] and folded.index(folded[column]) < column:
            place = table.sheet.address(table.header, column)
            raise refuse("duplicate_header", "heads a second column.", "Take out the one that does not belong.", cell=place, value=cell)
        if cell.strip() and column not in table.columns.values():
            says = "heads a column that we do not know; it was left out."
            draft.problem("warning", "unknown_column", table.sheet, table.header, column, says, "See whether anything in it is missed.")


def _is_zero(text: str) -> bool:
    return re.fullmatch(r"0+(\.0+)?\s*%?", text) is not None


def _is_diplomatic(file: File) -> bool:
    return find_table(file, DIPLOMATIC, ("period", "requests")) is not None


def _read_diplomatic(file: File, draft: Draft) -> None:
    """Requests brought by diplomacy, by country of origin.

    An edition that splits them by the country that assisted prints several rows for one country of origin. These are
    added, as the edition before did: the model has no place for the country in between.
    """
    table = find_table(file, DIPLOMATIC, ("period", "requests"))
    check_header(draft, table, {"name": NAME})
    rows_of: dict[tuple, int] = {}
    parts_of: dict[tuple, list[int]] = {}
    for row, period in table.half_years(draft, table.rows(draft)).items():
        if not table.text(row, "name") and not table.text(row, "code") and _is_zero(table.text(row, "requests")):
            # No country and no request: the publisher's own statement that none came from anywhere.
            requester = places.WORLD
        else:
            requester = _requester(draft, table, row)
        if requester is None:
            continue
        key = (_service(draft, table, row), requester, period)
        part = (*key, places.fold(table.text(row, "assisting")))
        if not draft.is_repeated(table.sheet, row, table.columns["requests"], part, rows_of):
            parts_of.setdefault(key, []).append(row)
    for (service, requester, period), rows in parts_of.items():
        _add_diplomatic(draft, table, rows, {"service": service, "requester": requester, "period": period})
    split = [rows for rows in parts_of.values() if len(rows) > 1]
    if split:
        says = f"has a row for each assisting country; such rows were added, {counted(len(split), 'time', 'times')} in this file."
        table.problem(
            draft,
            "warning",
            "rows_added",
            split[0][0],
            "name",
            says,
            "Nothing needs doing: requests are counted by the country they came from.",
        )


def _add_diplomatic(draft: Draft, table: Table, rows: list[int], key: dict) -> None:
    column = table.columns["requests"]
    key |= {"request_type": "mlat", "measure": "requests"}
    if len(rows) == 1:
        draft.count(table.sheet, rows[0], column, **key)
        return
    low = high = 0.0
    for row in rows:
        try:
            value = numbers.count(table.text(row, "requests"))
        except numbers.NotANumber as wrong:
            draft.bad_cell(table.sheet, row, column, wrong)
            return
        if value is None:
            table.problem(
                draft, "error", "missing_value", row, "requests", "is no figure, so the country's rows have no sum.", "Fill it in."
            )
            return
        low, high = low + value.low, high + value.high
    printed = "; ".join(f"{table.text(row, 'assisting')} {table.text(row, 'requests')}" for row in rows)
    draft.add(", ".join(table.sheet.address(row, column) for row in rows), printed, Interval(low, high), **key)


def _requester(draft: Draft, table: Table, row: int) -> str | None:
    """By the territory code where it is known, else by the name; the two must not contradict each other."""
    short, spelled = table.text(row, "code"), table.text(row, "name")
    by_code = places.code(short) if re.fullmatch(r"[A-Za-z]{2}", short) else None
    by_name = places.code(spelled)
    if by_code and by_name and by_code != by_name:
        says = f"is the code of {places.name(by_code)}, but the row names “{spelled}”."
        table.problem(draft, "error", "ambiguous_requester", row, "code", says, "Correct the one that is wrong.")
        return None
    if by_code:
        return by_code
    if not spelled:
        table.problem(
            draft, "error", "missing_requester", row, "name", "names no country beside a figure.", "Fill in the country or its code."
        )
        return None
    if by_name and short:
        table.problem(
            draft,
            "warning",
            "unknown_requester",
            row,
            "code",
            f"is no code we know; the row was read as {places.name(by_name)}.",
            "Correct the code.",
        )
    return draft.requester(table.sheet, row, table.columns["name"])


def _service(draft: Draft, table: Table, row: int) -> str:
    if "product" not in table.columns:
        return "all"
    printed = places.fold(table.text(row, "product"))
    if printed in PRODUCTS:
        return PRODUCTS[printed]
    own = printed.replace(" ", "_") or "all"
    table.problem(
        draft, "warning", "unknown_product", row, "product", f"is a product we do not know; it was kept as “{own}”.", "Check its spelling."
    )
    return own


LAYOUTS: tuple[Layout, ...] = (Layout("Google, diplomatic legal requests", "google", _is_diplomatic, _read_diplomatic),)
