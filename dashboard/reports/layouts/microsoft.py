"""Microsoft's Law Enforcement Requests Report: the half-yearly workbooks, and a plain table retyped from later ones.

The sheet of law enforcement requests, whatever it is called (`LERR`, `TOTAL`, `Criminal` …), is Microsoft's headline
count and is read as request type `all`. Until 2016 H2 it includes emergencies; from 2017 H1 these stand in a sheet of
their own, outside it, so that `all` and `emergency` do not overlap. Civil litigants' requests (`civil`, authority
`private`) have always been outside it. The sheet Skype of 2013 H1 is a subset of the sheet beside it: service `skype`.

Each outcome is printed as a percentage and a number. The number is stored, the percentage only checks it. In most civil
tables the outcomes count accounts, not requests, without the headings saying so; the arithmetic of the rows tells which,
and where they count accounts they are stored as accounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.model import periods, places
from dashboard.model.intervals import counted
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.layouts.microsoft_national_security import is_orders_sheet, read_orders, tell_of_sheet
from dashboard.reports.problems import Problem
from dashboard.reports.tables.drafts import Draft, Layout, Rows, header_columns, number_in
from dashboard.reports.words import numbers

OUTCOMES = ("requests_content", "requests_noncontent", "requests_no_data", "requests_rejected")
"""Every request ends in exactly one of these, so that the four add up to the requests."""
OUTCOMES_OF_ACCOUNTS = {measure: measure.replace("requests", "accounts") for measure in OUTCOMES}
"""What the same columns hold in tables whose outcomes add up to the accounts."""
HEADINGS = {
    "requests": r"total number of (law enforcement )?requests",
    "accounts_specified": r"accounts (users )?specified in requests",
    "requests_content": r".*\bdisclosure of content",
    "requests_noncontent": r".*\bonly subscriber transactional\b.*",
    "requests_no_data": r".*\bno data( found)?",
    "requests_rejected": r".*\brejected\b.*",
}
"""What each column's heading says, in lower case and without punctuation."""
WARRANTS_ABROAD = {
    "number of warrants from u s law enforcement seeking consumer content data stored outside the united states": (
        "consumer_stored_outside_us",
        "requests",
    ),
    "number of warrants from u s law enforcement resulting in disclosure of enterprise content data stored outside the united states": (
        "enterprise_stored_outside_us",
        "requests_content",
    ),
}
"""Notes beside the table, with the service and measure of the number that stands below each."""
PLAIN_COLUMNS = {
    "period": "period",
    "section": "section",
    "country": "country",
    "requests": "requests",
    "accounts_specified": "accounts_specified",
    "requests_content": "disclosed_content",
    "requests_noncontent": "disclosed_noncontent",
    "requests_no_data": "no_data_found",
    "requests_rejected": "rejected",
}
SECTIONS = {
    "criminal": {"request_type": "all"},
    "emergencies": {"request_type": "emergency"},
    "civil": {"request_type": "civil", "authority": "private"},
}
READ_AS = {
    "korea": ("KOR", "was read as South Korea, since Microsoft’s other tables name no other Korea."),
    "serbia incl kosovo": ("SRB", "was read as Serbia; by its words it includes what came from Kosovo."),
}
"""Names that leave a doubt, with what they are read as here and why."""
NO_PLACE = {"to be determined"}
"""Printed where a country's name should stand."""
HALF_A_PERCENT = 0.005
"""Most that rounding can do: percentages are whole or finer, though a trailing zero may be lost from the fraction."""
HEADING_ROWS = 30
"""Rows in which the headings are looked for, so that a large file of another kind is not searched to its end."""


@dataclass(frozen=True)
class Table:
    """Where a table's figures stand: its rows of data, the column of countries, those of counts and of percentages."""

    sheet: Sheet
    first: int
    rows: list[int]
    country: int
    counts: dict[str, int]
    percents: dict[str, int]
    period: Period
    dimensions: dict[str, str]

    def value(self, row: int, measure: str) -> float | None:
        """What a cell holds, for sums only: a fraction as it is; None where it is blank or no number."""
        text = self.sheet.text(row, self.counts[measure]).strip()
        if re.fullmatch(r"\d+\.\d+", text):
            return float(text)
        value = number_in(text)
        return value.low if value and value.is_exact else None

    def outcomes(self, row: int) -> float | None:
        """The four outcomes of a row added up; None unless all are printed."""
        values = [self.value(row, measure) for measure in OUTCOMES]
        return None if None in values else sum(values)


def _read_workbook(file: File, draft: Draft) -> None:
    named = periods.find(file.stem) or draft.period
    seen: dict[tuple, str] = {}
    is_told = False
    for sheet in file.sheets:
        if (header := _header(sheet)) is not None:
            period = _period(sheet, header, named, draft)
            if period:
                _read_sheet(sheet, header, period, seen, draft)
            elif not is_told:
                is_told = True
                says = "Neither the file name nor a title names the half-year."
                fix = "Say which half-year the file is for, or name it like “Microsoft LERR_2016_H1.xlsx”."
                draft.problems.append(Problem("error", "missing_period", says, fix, cell=sheet.name))
        elif is_orders_sheet(sheet):
            read_orders(sheet, draft)
        elif any(text.strip() for row in sheet.rows for text in row):
            _tell_of_unread(sheet, draft)


def _read_plain(file: File, draft: Draft) -> None:
    table = Rows(draft, file.sheets[0], 0, header_columns(file.sheets[0].rows[0], PLAIN_COLUMNS))
    rows: dict[tuple[Period, str], list[int]] = {}
    for row in table.whole():
        period, section = periods.parse(table.text(row, "period")), places.fold(table.text(row, "section"))
        if period is None:
            table.problem("error", "bad_period", row, "period", "is no half-year.", "Write it like “2022-H2”.")
        elif section not in SECTIONS:
            table.problem("error", "out_of_range", row, "section", "is no section of the report.", f"Write {', '.join(SECTIONS)}.")
        else:
            rows.setdefault((period, section), []).append(row)
    counts = {measure: table.columns[measure] for measure in HEADINGS}
    seen: dict[tuple, str] = {}
    for (period, section), own_rows in rows.items():
        _read_table(Table(table.sheet, 0, own_rows, table.columns["country"], counts, {}, period, SECTIONS[section]), seen, draft)


def _read_sheet(sheet: Sheet, header: int, period: Period, seen: dict[tuple, str], draft: Draft) -> None:
    labels, last_label = _labels(sheet, header, draft)
    country = _country_column(sheet, last_label, set(labels.values()))
    if country is None:
        says = "There is no column of countries."
        tell_of_sheet(draft, "error", "missing_column", sheet, says, "Keep the countries’ names beside their figures.")
        return
    first = last_label + 1
    while first < len(sheet.rows) and not sheet.text(first, country).strip() and sheet.text(first, labels["requests"]).strip() in ("", "#"):
        first += 1
    counts, percents = _count_and_percent_columns(sheet, labels, country, range(last_label + 1, first))
    missing = [measure for measure in HEADINGS if measure not in counts]
    for measure in missing:
        says = f"There is no column of numbers for {measure}."
        tell_of_sheet(draft, "error", "missing_column", sheet, says, "Keep the headings as published.")
    if missing:
        return
    table = Table(sheet, first, list(range(first, len(sheet.rows))), country, counts, percents, period, _dimensions(sheet, header))
    _read_table(table, seen, draft)
    _read_notes(table, draft)


def _read_table(table: Table, seen: dict[tuple, str], draft: Draft) -> None:
    sheet = table.sheet
    rows = list(_rows_with_figures(table, draft))
    counts_accounts = _outcomes_count_accounts(table, rows)
    whole = "accounts_specified" if counts_accounts else "requests"
    if counts_accounts:
        column = table.counts["requests_content"]
        says = (
            f"and the other outcomes of {table.dimensions['request_type']} requests in {table.period} count accounts: "
            "they add up to the accounts specified. They were stored as accounts, though the headings do not say so."
        )
        draft.problem("warning", "unknown_measure", sheet, rows[0], column, says, "Nothing need be done.")
    for row in rows:
        requester = _requester(table, row, draft)
        if requester is None or _is_repeated(table, row, requester, seen, draft):
            continue
        _check_row(table, row, whole, draft)
        for measure in table.counts:
            counted_as = OUTCOMES_OF_ACCOUNTS.get(measure, measure) if counts_accounts else measure
            _store(table, row, measure, counted_as, requester, whole, draft)
    _check_totals(table, rows, draft)


def _store(table: Table, row: int, measure: str, counted_as: str, requester: str, whole: str, draft: Draft) -> None:
    sheet, column = table.sheet, table.counts[measure]
    value, total, outcomes = table.value(row, measure), table.value(row, whole), table.outcomes(row)
    if not sheet.text(row, column).strip():
        says = "A number is missing here; nothing was stored, not a zero."
        draft.problem("warning", "missing_value", sheet, row, column, says, "Mark a missing figure with “-”.")
    elif value is not None and value % 1 and outcomes is not None and total is not None and abs(outcomes - total) < 1e-6:
        # The row adds up with its fraction, so it was printed so and not damaged on the way; a lone fraction is an error below.
        says = "is a fraction, as published; a count must be whole, so it was not stored."
        draft.problem("warning", "not_whole", sheet, row, column, says, "Nothing need be done.")
    else:
        stored = draft.count(sheet, row, column, requester=requester, period=table.period, measure=counted_as, **table.dimensions)
        if stored and not stored.is_exact:
            says = "is no exact number, where this report prints no others."
            draft.problem("warning", "approximate_value", sheet, row, column, says, "Check the cell.")


def _rows_with_figures(table: Table, draft: Draft) -> Iterator[int]:
    """The rows of data; a name without figures, figures without a name and a note are told of."""
    sheet, figures = table.sheet, sorted([*table.counts.values(), *table.percents.values()])
    bare = []
    for row in table.rows:
        name = sheet.text(row, table.country).strip()
        filled = [column for column in figures if sheet.text(row, column).strip()]
        if name and filled:
            yield row
        elif filled:
            says = "stands in a row that names no country, which was not stored."
            draft.problem("error", "missing_requester", sheet, row, filled[0], says, "Name the country.")
        elif name and places.code(name):
            bare.append(row)
        elif name:
            says = "is a note, not a row of figures; it was not read."
            draft.problem("warning", "footnote", sheet, row, table.country, says, "Nothing need be done.")
    if bare:
        says = f"and the rows down to {sheet.address(bare[-1], table.country)} hold {counted(len(bare), 'name')} without a figure; nothing was stored."
        draft.problem("warning", "missing_value", sheet, bare[0], table.country, says, "Nothing need be done.")


def _requester(table: Table, row: int, draft: Draft) -> str | None:
    name = places.fold(table.sheet.text(row, table.country))
    if name in READ_AS:
        code, says = READ_AS[name]
        draft.problem("warning", "ambiguous_requester", table.sheet, row, table.country, says, "Write the name in full if you can.")
        return code
    if name in NO_PLACE:
        says = "names no country; its row was not stored."
        draft.problem("warning", "missing_requester", table.sheet, row, table.country, says, "Nothing need be done.")
        return None
    return draft.requester(table.sheet, row, table.country)


def _is_repeated(table: Table, row: int, requester: str, seen: dict[tuple, str], draft: Draft) -> bool:
    key = (requester, table.period, *sorted(table.dimensions.items()))
    address = table.sheet.address(row, table.country)
    if key in seen:
        says = f"stands in {seen[key]} already, for the same half-year and kind of request; this row was not stored."
        draft.problem("error", "duplicate_conflict", table.sheet, row, table.country, says, "Keep one of the two rows.")
        return True
    seen[key] = address
    return False


def _outcomes_count_accounts(table: Table, rows: list[int]) -> bool:
    """Whether the outcomes add up to the accounts in more rows than to the requests; only civil headings leave it open."""
    if table.dimensions["request_type"] != "civil":
        return False
    sums = [(table.outcomes(row), table.value(row, "requests"), table.value(row, "accounts_specified")) for row in rows]
    return sum(o is not None and o == a for o, _, a in sums) > sum(o is not None and o == r for o, r, _ in sums)


def _check_row(table: Table, row: int, whole: str, draft: Draft) -> None:
    sheet, total, outcomes = table.sheet, table.value(row, whole), table.outcomes(row)
    if total is None:
        return
    if outcomes is not None and abs(outcomes - total) > 1e-6:
        says = f"is not the sum of its four outcomes, {outcomes:,.12g}."
        draft.problem("warning", "total_mismatch", sheet, row, table.counts[whole], says, "Check the row if you can.")
    for measure, column in table.percents.items():
        printed, value = sheet.text(row, column).strip(), table.value(row, measure)
        if not printed or value is None or not total:
            continue
        if not _agrees(printed, value / total):
            says = f"is not the percentage that {value:,.12g} of {total:,.12g} makes, {value / total:.4f}."
            draft.problem("warning", "rate_mismatch", sheet, row, column, says, "Check the row if you can.")


def _agrees(printed: str, share: float) -> bool:
    """Whether a printed fraction, or percentage with its sign, equals a share within its rounding."""
    if not (match := re.fullmatch(r"(\d+(?:\.(\d+))?(?:e-\d+)?)(\s*%)?", printed, re.IGNORECASE)):
        return False
    scale = 100 if match[3] else 1
    rounding = 0.5 / 10 ** len(match[2] or "") / scale
    return abs(float(match[1]) / scale - share) <= min(rounding, HALF_A_PERCENT) + 1e-9


def _check_totals(table: Table, rows: list[int], draft: Draft) -> None:
    sheet = table.sheet
    totals = [row for row in rows if places.code(sheet.text(row, table.country)) == places.WORLD]
    for row in totals[:1]:
        for measure, column in table.counts.items():
            printed = table.value(row, measure)
            parts = [summand for summand in rows if summand not in totals]
            if any(table.value(summand, measure) is None and not numbers.is_missing(sheet.text(summand, column)) for summand in parts):
                continue  # told of where the damaged cell is read
            added = sum(table.value(summand, measure) or 0 for summand in parts)
            if printed is not None and abs(printed - added) > 1e-6:
                says = f"is not the sum of the countries, {added:,.12g}."
                draft.problem("warning", "total_mismatch", sheet, row, column, says, "Check the total and its parts if you can.")


def _read_notes(table: Table, draft: Draft) -> None:
    """Read what stands outside the table's columns: a note, and the number below it."""
    sheet = table.sheet
    known = {table.country, *table.counts.values(), *table.percents.values()}
    for column in range(max((len(cells) for cells in sheet.rows), default=0)):
        note = None
        for row in range(table.first, len(sheet.rows)) if column not in known else ():
            text = sheet.text(row, column).strip()
            if re.search(r"[^\W\d]", text):
                _add_note(table, note, None, column, draft)
                note = row
            elif text and note is not None:
                _add_note(table, note, row, column, draft)
                note = None
            elif text not in ("", "0"):
                # Formulas copied across leave zeros in the spacer columns; anything else there may be a figure.
                says = "stands in a column without a heading; it was not read."
                draft.problem("warning", "footnote", sheet, row, column, says, "Name the column, or empty the cell.")
        _add_note(table, note, None, column, draft)


def _add_note(table: Table, note: int | None, row: int | None, column: int, draft: Draft) -> None:
    if note is None:
        return
    sheet = table.sheet
    meaning = WARRANTS_ABROAD.get(places.fold(sheet.text(note, column)))
    if row is not None and meaning and table.dimensions["request_type"] == "all":
        service, measure = meaning
        draft.count(sheet, row, column, requester="USA", period=table.period, service=service, request_type="warrant", measure=measure)
    else:
        below = f", with {sheet.text(row, column).strip()} below it in {sheet.address(row, column)}" if row is not None else ""
        says = f"is a note beside the table{below}; it was not read."
        draft.problem("warning", "footnote", sheet, note, column, says, "Nothing need be done.")


def _period(sheet: Sheet, header: int, named: Period | None, draft: Draft) -> Period | None:
    """The half-year of a sheet: its own title's, else the file's; where they differ the title is followed, with a warning."""
    candidates = {}
    for row in range(header):
        for column, text in enumerate(sheet.rows[row]):
            if period := periods.find(text.replace(",", " ")):
                candidates.setdefault(period, (row, column))
    if len(candidates) != 1:
        return named
    ((period, (row, column)),) = candidates.items()
    if named and named != period:
        says = f"names {period}, where the file is for {named}; the sheet was read as {period}."
        draft.problem("warning", "ambiguous_period", sheet, row, column, says, "Correct the title if it is wrong.")
    return period


def _dimensions(sheet: Sheet, header: int) -> dict[str, str]:
    """Service, request type and authority of a sheet, by its name and titles."""
    name = places.fold(sheet.name)
    titles = [places.fold(text) for row in sheet.rows[:header] for text in row]
    if "emergenc" in name:
        return dict(SECTIONS["emergencies"])
    if "civil" in name or any(title.startswith("civil") for title in titles):
        return dict(SECTIONS["civil"])
    # The combined sheet says “including Skype”, so only a title that begins with it means Skype alone.
    if name == "skype" or any(title.startswith("skype") for title in titles):
        return SECTIONS["criminal"] | {"service": "skype"}
    return dict(SECTIONS["criminal"])


def _measure(text: str) -> str | None:
    folded = places.fold(text)
    return next((measure for measure, heading in HEADINGS.items() if re.fullmatch(heading, folded)), None)


def _header(sheet: Sheet) -> int | None:
    """The row in which requests and accounts are headings side by side; None in a sheet of another kind."""
    for row, cells in enumerate(sheet.rows[:HEADING_ROWS]):
        if {"requests", "accounts_specified"} <= {_measure(text) for text in cells}:
            return row
    return None


def _labels(sheet: Sheet, header: int, draft: Draft) -> tuple[dict[str, int], int]:
    """The column where each heading begins, and the last row of headings; outcomes may stand a row lower than the rest."""
    labels: dict[str, int] = {}
    last = header
    for row in range(header, min(header + 2, len(sheet.rows))):
        for column, text in enumerate(sheet.rows[row]):
            measure = _measure(text)
            if measure in labels:
                draft.problem("error", "duplicate_header", sheet, row, column, "is the heading of two columns.", "Take one of them out.")
            elif measure:
                labels[measure] = column
                last = row
    return labels, last


def _country_column(sheet: Sheet, last_label: int, labelled: set[int]) -> int | None:
    """The column, none of those labelled, that names most places."""
    names: dict[int, int] = {}
    for cells in sheet.rows[last_label + 1 :]:
        for column, text in enumerate(cells):
            if column not in labelled and places.code(text):
                names[column] = names.get(column, 0) + 1
    return max(names, key=lambda column: names[column], default=None)


def _count_and_percent_columns(sheet: Sheet, labels: dict[str, int], country: int, below: range) -> tuple[dict[str, int], dict[str, int]]:
    """Columns of the numbers and of the percentages; where no `%` and `#` stand below a heading, its two columns in this order."""
    counts = {measure: labels[measure] for measure in ("requests", "accounts_specified") if measure in labels}
    percents = {}
    width = max(len(cells) for cells in sheet.rows)
    starts = sorted([*labels.values(), country, width])
    for measure in OUTCOMES:
        if measure not in labels:
            continue
        span = range(labels[measure], next(start for start in starts if start > labels[measure]))
        marks = {
            sheet.text(row, column).strip(): column for row in below for column in span if sheet.text(row, column).strip() in ("#", "%")
        }
        if not marks:
            marks = {"%": span[0], "#": span[1]} if len(span) > 1 else {"#": span[0]}
        if "#" in marks:
            counts[measure] = marks["#"]
        if "%" in marks:
            percents[measure] = marks["%"]
    return counts, percents


def _tell_of_unread(sheet: Sheet, draft: Draft) -> None:
    if any(any(map(places.code, cells)) and any(map(number_in, cells)) for cells in sheet.rows):
        says = "The sheet has countries and figures, but not the headings of the report."
        tell_of_sheet(draft, "error", "missing_column", sheet, says, "Keep the headings as published.")
    else:
        says = "The sheet holds no table that we know; it was not read."
        tell_of_sheet(draft, "warning", "footnote", sheet, says, "See whether figures stand in it.")


def _is_workbook(file: File) -> bool:
    return file.kind == "workbook" and any(_header(sheet) is not None for sheet in file.sheets)


def _is_plain(file: File) -> bool:
    return file.kind == "csv" and set(header_columns(file.sheets[0].rows[0], PLAIN_COLUMNS)) == set(PLAIN_COLUMNS)


LAYOUTS = (
    Layout("Microsoft: Law Enforcement Requests Report", "microsoft", _is_workbook, _read_workbook),
    Layout("Microsoft: Law Enforcement Requests Report, plain table", "microsoft", _is_plain, _read_plain),
)
