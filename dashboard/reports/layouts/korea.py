"""Naver's and Kakao's requests in the JSON of a third party: a row for each number, by service, half-year and kind of request.

The four kinds are those of Korean law: search and seizure by warrant; interception and records of communication, both
with a court's permission; and subscriber data at the request of an investigator alone, which a provider may decline.
What was processed is no measure of disclosure: a reply that there are no data is processed too. So the printed rates are checked
against their counts and not taken. Where a report has no figure, the compilation has -1, or zeros: those before a series of requests begins are left out if one of
them stands beside requests that were processed.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.model import periods, places
from dashboard.model.intervals import Interval, rounded_share
from dashboard.model.periods import Period
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.tables.drafts import Draft, Layout, counted, header_columns
from dashboard.reports.words import numbers

_COLUMNS = ("platform", "service", "period", "category", "metric", "unit", "value")
_REPORTERS = {"kakao": "kakao", "naver": "naver"}
_SERVICES = {"": "all", "kakao": "kakao", "daum": "daum"}
_TYPES = {
    "seizure warrant": "warrant",
    "comm restriction": "wiretap",
    "comm confirmation data": "court_order",
    "comm user information": "informal",
}
_COUNTS = {"requests": "requests", "processed": "requests_processed", "accounts": "accounts_affected"}
_RATE = "processed rate"
_AVERAGE = "accounts per processed"
_NO_FIGURE = "-1"


class _Rows(Sheet):
    """Rows of a JSON list as rows of texts, whose cells have the address that a reader of the JSON sees."""

    def address(self, row: int, column: int) -> str:
        return f"rows[{self.lines[row]}][{column}]"


@dataclass(frozen=True)
class _Series:
    """What tells the numbers of one kind, service and half-year from others."""

    reporter: str
    service: str
    request_type: str
    period: Period


def _recognises(file: File) -> bool:
    value = file.json
    if not isinstance(value, dict) or not isinstance(value.get("columns"), list) or not isinstance(value.get("rows"), list):
        return False
    columns = _columns(value)
    whole = [row for row in value["rows"] if isinstance(row, list) and len(row) == len(value["columns"])]
    return set(columns) == set(_COLUMNS) and any(places.fold(str(row[columns["platform"]])) in _REPORTERS for row in whole)


def _columns(value: dict) -> dict[str, int]:
    return header_columns([str(name) for name in value["columns"]], {name: name for name in _COLUMNS})


def _read(file: File, draft: Draft) -> None:
    columns, width = _columns(file.json), len(file.json["columns"])
    rows = [[_text(cell) for cell in row] if isinstance(row, list) else [_text(row)] for row in file.json["rows"]]
    sheet = _Rows("", rows, list(range(len(rows))))
    left_out: dict[str, list[int]] = {_RATE: [], _AVERAGE: []}
    seen: dict[tuple, int] = {}
    numbers_read: dict[tuple[_Series, str], int] = {}
    for row in range(len(rows)):
        if not draft.is_whole(sheet, row, width) or (series := _series(sheet, row, columns, draft)) is None:
            continue
        metric = places.fold(sheet.text(row, columns["metric"]))
        if draft.is_repeated(sheet, row, columns["metric"], (series, metric), seen):
            continue
        if metric in left_out:
            left_out[metric].append(row)
        if metric in (_RATE, _AVERAGE, *_COUNTS):
            numbers_read[series, metric] = row
        else:
            says = "is no number of these reports that we know."
            draft.problem("error", "unknown_measure", sheet, row, columns["metric"], says, "Check the spelling.")
    unreported = _unreported(sheet, columns["value"], numbers_read)
    missing = {row for row in numbers_read.values() if sheet.text(row, columns["value"]) == _NO_FIGURE}
    for (series, metric), row in numbers_read.items():
        if metric in _COUNTS and row not in unreported | missing:
            fields = {"reporter": series.reporter, "service": series.service, "request_type": series.request_type, "period": series.period}
            draft.count(sheet, row, columns["value"], requester="KOR", measure=_COUNTS[metric], **fields)
    for series in dict.fromkeys(series for series, _ in numbers_read):
        _check(sheet, columns["value"], series, numbers_read, unreported, draft)
    _tell(sheet, columns["value"], missing, "that stands for no figure", draft, "missing_value")
    _tell(sheet, columns["value"], unreported, "of a series that was not reported yet", draft, "missing_value")
    _tell(sheet, columns["metric"], left_out[_RATE], "that is the share of requests processed, not of data disclosed", draft, "not_read")
    _tell(sheet, columns["metric"], left_out[_AVERAGE], "that is an average, not a count", draft, "not_read")


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _series(sheet: Sheet, row: int, columns: dict[str, int], draft: Draft) -> _Series | None:
    known = []
    for name, words, code in (
        ("platform", _REPORTERS, "unknown_reporter"),
        ("service", _SERVICES, "unknown_service"),
        ("category", _TYPES, "unknown_request_type"),
    ):
        word = words.get(places.fold(sheet.text(row, columns[name])))
        if word is None:
            says = "is no word of these reports that we know."
            draft.problem("error", code, sheet, row, columns[name], says, "Check the spelling.")
            return None
        known.append(word)
    period = periods.parse(sheet.text(row, columns["period"]))
    if period is None:
        draft.problem("error", "bad_period", sheet, row, columns["period"], "names no period.", "Write it as 2012-H1.")
        return None
    return _Series(*known, period)


def _unreported(sheet: Sheet, column: int, numbers_read: dict[tuple[_Series, str], int]) -> set[int]:
    # Zeros of requests before the first number above zero, where one of them stands beside requests that were processed.
    by_kind: dict[tuple, list[_Series]] = {}
    for series, metric in numbers_read:
        if metric == "requests":
            by_kind.setdefault((series.reporter, series.service, series.request_type), []).append(series)
    unreported: set[int] = set()
    for several in by_kind.values():
        leading = []
        for series in sorted(several, key=lambda series: series.period):
            if _value(sheet, numbers_read[series, "requests"], column) != Interval.exact(0):
                break
            leading.append(series)
        processed = [
            _value(sheet, numbers_read[series, "processed"], column) for series in leading if (series, "processed") in numbers_read
        ]
        if any(value and value.low > 0 for value in processed):
            unreported |= {numbers_read[series, "requests"] for series in leading}
    return unreported


def _check(sheet: Sheet, column: int, series: _Series, numbers_read: dict, unreported: set[int], draft: Draft) -> None:
    row_of = {metric: numbers_read[series, metric] for metric in ("requests", "processed", _RATE) if (series, metric) in numbers_read}
    requests, processed, rate = (_value(sheet, row_of[m], column) if m in row_of else None for m in ("requests", "processed", _RATE))
    if not requests or not processed or row_of["requests"] in unreported or not requests.is_exact or not processed.is_exact:
        return
    if processed.low > requests.low:
        says = f"processed is more than the {requests} requests of {sheet.address(row_of['requests'], column)}."
        draft.problem("warning", "disclosed_exceeds_received", sheet, row_of["processed"], column, says, "Check both cells.")
    elif rate and requests.low and rate.is_exact and rate.low <= 100:
        share = processed.share(requests)
        if not share.overlaps(rounded_share(sheet.text(row_of[_RATE], column).strip().rstrip("%"))):
            says = f"is not the share of the {processed} processed in the {requests} requests."
            draft.problem("warning", "rate_mismatch", sheet, row_of[_RATE], column, says, "Check the three cells.")


def _value(sheet: Sheet, row: int, column: int) -> Interval | None:
    # A damaged cell is told of where it is read; here it only leaves nothing to compare.
    try:
        return numbers.count(sheet.text(row, column).rstrip("%"))
    except numbers.NotANumber:
        return None


def _tell(sheet: Sheet, column: int, rows: set[int] | list[int], is_what: str, draft: Draft, code: str) -> None:
    if rows:
        says = (
            f"is the first number {is_what}; {counted(len(rows), 'number', 'numbers')} of this kind {'was' if len(rows) == 1 else 'were'}"
        )
        draft.problem("warning", code, sheet, min(rows), column, f"{says} not taken.", "Nothing needs doing.")


LAYOUTS = (Layout("Kakao and Naver, the JSON of a third party", "kakao", _recognises, _read),)
