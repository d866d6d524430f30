"""Naver's and Kakao's requests in the JSON of a third party: a row for each number, by service, half-year and kind of request.

The four kinds are those of Korean law: search and seizure by warrant; interception and records of communication, both
with a court's permission; and subscriber data at the request of an investigator alone, which a provider may decline.
What was processed is no measure of disclosure: a reply that there are no data is processed too. So the printed rates are checked
against their counts and not taken. Where a report has no figure, the compilation has -1, or zeros: those before a series of requests begins are left out if one of
them stands beside requests that were processed.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

from dashboard.model import periods, places
from dashboard.model.intervals import Interval, rounded_share
from dashboard.model.periods import Period
from dashboard.reports.cells.json_sheets import JsonRows
from dashboard.reports.cells.reading import File
from dashboard.reports.tables.drafts import Draft, Layout, Rows, header_columns

_COLUMNS = ("platform", "service", "period", "category", "metric", "unit", "value")
_REPORTERS = {"kakao": "kakao", "naver": "naver"}
_SERVICES = {"": "all", "kakao": "kakao", "daum": "daum"}
_TYPES = {
    "seizure warrant": "warrant",
    "comm restriction": "wiretap",
    "comm confirmation data": "court_order",
    "comm user information": "informal",
}
_WORDS = (
    ("platform", _REPORTERS, "unknown_reporter"),
    ("service", _SERVICES, "unknown_service"),
    ("category", _TYPES, "unknown_request_type"),
)
_COUNTS = {"requests": "requests", "processed": "requests_processed", "accounts": "accounts_affected"}
_RATE = "processed rate"
_AVERAGE = "accounts per processed"
_NO_FIGURE = "-1"
_NO_WORD = "is no word of these reports that we know."


class _Series(NamedTuple):
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
    table = Rows(draft, JsonRows.of("rows", file.json["rows"]), -1, _columns(file.json))
    left_out: dict[str, list[int]] = {_RATE: [], _AVERAGE: []}
    seen: dict[tuple, int] = {}
    numbers_read: dict[tuple[_Series, str], int] = {}
    for row in table.whole():
        if (series := _series(table, row)) is None:
            continue
        metric = places.fold(table.text(row, "metric"))
        if table.is_repeated(row, "metric", (series, metric), seen):
            continue
        if metric in left_out:
            left_out[metric].append(row)
        if metric in (_RATE, _AVERAGE, *_COUNTS):
            numbers_read[series, metric] = row
        else:
            table.problem("error", "unknown_measure", row, "metric", _NO_WORD, "Check the spelling.")
    unreported = _unreported(table, numbers_read)
    missing = {row for row in numbers_read.values() if table.text(row, "value") == _NO_FIGURE}
    for (series, metric), row in numbers_read.items():
        if metric in _COUNTS and row not in unreported | missing:
            table.count(row, "value", requester="KOR", measure=_COUNTS[metric], **series._asdict())
    for series in dict.fromkeys(series for series, _ in numbers_read):
        _check(table, series, numbers_read, unreported)
    for code, rows, name, is_what in (
        ("missing_value", missing, "value", "that stands for no figure"),
        ("missing_value", unreported, "value", "of a series that was not reported yet"),
        ("not_read", left_out[_RATE], "metric", "that is the share of requests processed, not of data disclosed"),
        ("not_read", left_out[_AVERAGE], "metric", "that is an average, not a count"),
    ):
        table.not_taken(code, rows, name, f"is the first number {is_what}")


def _series(table: Rows, row: int) -> _Series | None:
    known = []
    for name, words, code in _WORDS:
        word = words.get(places.fold(table.text(row, name)))
        if word is None:
            table.problem("error", code, row, name, _NO_WORD, "Check the spelling.")
            return None
        known.append(word)
    period = periods.parse(table.text(row, "period"))
    if period is None:
        table.problem("error", "bad_period", row, "period", "names no period.", "Write it as 2012-H1.")
        return None
    return _Series(*known, period)


def _unreported(table: Rows, numbers_read: dict[tuple[_Series, str], int]) -> set[int]:
    # Zeros of requests before the first number above zero, where one of them stands beside requests that were processed.
    def is_zero(series: _Series) -> bool:
        return table.value(numbers_read[series, "requests"], "value") == Interval.exact(0)

    by_kind: dict[tuple, list[_Series]] = {}
    for series, metric in numbers_read:
        if metric == "requests":
            by_kind.setdefault(series[:3], []).append(series)
    unreported: set[int] = set()
    for several in by_kind.values():
        leading = list(itertools.takewhile(is_zero, sorted(several, key=lambda series: series.period)))
        processed = [table.value(numbers_read[series, "processed"], "value") for series in leading if (series, "processed") in numbers_read]
        if any(value and value.low > 0 for value in processed):
            unreported |= {numbers_read[series, "requests"] for series in leading}
    return unreported


def _check(table: Rows, series: _Series, numbers_read: dict, unreported: set[int]) -> None:
    row_of = {metric: numbers_read[series, metric] for metric in ("requests", "processed", _RATE) if (series, metric) in numbers_read}
    requests, processed, rate = (table.value(row_of[m], "value") if m in row_of else None for m in ("requests", "processed", _RATE))
    if not requests or not processed or row_of["requests"] in unreported or not requests.is_exact or not processed.is_exact:
        return
    if processed.low > requests.low:
        says = f"processed is more than the {requests} requests of {table.address(row_of['requests'], 'value')}."
        table.problem("warning", "disclosed_exceeds_received", row_of["processed"], "value", says, "Check both cells.")
    elif rate and requests.low and rate.is_exact and rate.low <= 100:
        printed = rounded_share(table.text(row_of[_RATE], "value").rstrip("%"))
        if not processed.share(requests).overlaps(printed):
            says = f"is not the share of the {processed} processed in the {requests} requests."
            table.problem("warning", "rate_mismatch", row_of[_RATE], "value", says, "Check the three cells.")


LAYOUTS = (Layout("Kakao and Naver, the JSON of a third party", "kakao", _recognises, _read),)
