"""Headers that name a period by what stands above or beside them: a part of the one year, days a constant distance apart."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dashboard.model.periods import Period
from dashboard.reports.words import periods
from dashboard.reports.words.period_columns import column_of, ended_by


def periods_of_heads(heads: Iterable[str], year: str, day_first: bool | None) -> dict[str, tuple[Period, str]]:
    """The periods of headers by their texts, each with its other words; `year` is the one that stands above, or was said, if it is one."""
    of_year = {text: named for text in heads if (named := part_within(text, year))} if year.isdigit() else {}
    days = column_of((text for text in heads if periods.is_date(text)), day_first=day_first).days
    return of_year | {text: (period, "") for text, period in (ended_by(days)[0] if len(days) > 1 else {}).items()}


def part_within(text: str, year: str) -> tuple[Period, str] | None:
    """The part of a year that a header names, and its other words: “H1”, “H1 requests”, “Requests (Jan – Jun)”; None where it names none."""
    bracket = re.search(r"\(([^()]+)\)", text)
    digits = re.search(r"(?<!\w)(?:[^\W\d_]\d|\d[^\W\d_])(?!\w)", text)
    for part, piece in ((text, text), *((match[match.lastindex or 0], match[0]) for match in (bracket, digits) if match)):
        if not periods.mentions(text) and periods.is_part_of_year(part) and (period := periods.part_of_year(year, part, "")):
            return period, text.replace(piece, " ").strip()
    return None


def with_whole_periods(parts: list[str]) -> list[str]:
    """The rows of a header with one period in place of a year above the number of its half."""
    if len(parts) < 2 or not re.fullmatch(r"(?:19|20)\d{2}", parts[0]) or periods.part_of_year(parts[0], parts[1], "") is None:
        return parts
    return [f"{parts[1]} {parts[0]}", *parts[2:]]
