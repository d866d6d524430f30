"""Who published a file that does not say so in a column: a name to offer, and the names as they were written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

import pandas as pd

from dashboard.model import places
from dashboard.reports.door import Report
from dashboard.reports.problems import Problem
from dashboard.reports.tables.roles import reporter_code
from dashboard.reports.words.context import context_of

_MOST_WORDS = 4
_SHORTEST_CODE = 4
# What files are called whoever they are of.
_NO_NAMES = frozenset(
    ("a", "an", "and", "copy", "csv", "data", "document", "download", "export", "file", "final", "new", "of", "pasted", "small")
)


def offered(report: Report, reporters: pd.DataFrame) -> str:
    """The publisher that a file's name, titles, sheets or headers name, to be offered and never assumed; blank where none does.

    One of the known `reporters` before another; else what is left of a title or a name once all other words are understood.
    """
    texts = list(_texts(report))
    if named := _named(texts, reporters):
        return named[0]
    headers = {column.header for table in (report.understanding.tables if report.understanding else ()) for column in table.columns}
    return next((name for text in texts if text not in headers and (name := _left_over(text))), "")


def contradiction(report: Report, given_name: str, reporters: pd.DataFrame) -> list[Problem]:
    """The warning that a title or a name of a file names another known publisher than the one that was said, if it does."""
    code = reporter_code(given_name)
    named = _named(list(_texts(report)), reporters) if code and report.understanding else None
    if not named or len(named[1]) < _SHORTEST_CODE or f"{code}_".startswith(f"{named[1]}_") or f"{named[1]}_".startswith(f"{code}_"):
        return []
    says = f"names {named[0]}, and it was said that {given_name} published the counts."
    return [Problem("warning", "contradicting_words", says, "Say who published them, if it was another.", value=named[2][:200])]


def _named(texts: list[str], reporters: pd.DataFrame) -> tuple[str, str, str] | None:
    # The first text that names a known publisher: its name, its code, the text.
    known = [
        (name if reporter_code(name) == code else code, code) for code, name in zip(reporters["reporter"], reporters["name"], strict=True)
    ]
    for text in texts:
        folded = f" {re.sub(r'[^a-z0-9]+', ' ', places.fold(text))} "
        for name, code in sorted(known, key=lambda pair: -len(pair[0])):
            if f" {code.replace('_', ' ')} " in folded:
                return name, code, text
    return None


def as_written(report: Report, given_name: str) -> dict[str, str]:
    """The names of publishers by their codes, as the visitor or a column of the file wrote them."""
    names = [given_name] if given_name else []
    for table in report.understanding.tables if report.understanding else ():
        for column_index, column in enumerate(table.columns):
            names += [row[column_index] for row in table.preview if column.role == "reporter" and column_index < len(row)]
    return {code: " ".join(name.split()) for name in reversed(names) if (code := reporter_code(name))}


def _texts(report: Report) -> Iterator[str]:
    for table in report.understanding.tables if report.understanding else ():
        yield from table.title.split("\n")
        yield table.sheet
        yield from (column.header for column in table.columns)
    yield PurePath(report.name).stem.replace("_", " ").replace("-", " ")


def _left_over(text: str) -> str:
    # The words of a title that mean nothing else, as they stand there; none where all or too many mean nothing.
    words = context_of(text).rest.split()
    if not 1 <= len(words) <= _MOST_WORDS or set(words) <= _NO_NAMES or len("".join(words)) < 3:
        return ""
    tokens = list(re.finditer(r"[^\W_]+", text))
    for first in range(len(tokens)):
        for last in range(first, min(len(tokens), first + _MOST_WORDS)):
            span = text[tokens[first].start() : tokens[last].end()]
            if last - first + 1 < len(tokens) and re.sub(r"\W", "", places.fold(span)) == re.sub(r"\W", "", "".join(words)):
                return span
    return ""
