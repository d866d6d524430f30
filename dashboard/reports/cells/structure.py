"""Where the records of a text file begin and how many cells each has, found exactly and before anything is parsed.

A quotation mark may only enclose a whole cell, doubled where it is part of the text. Anything else is damage: readers that
shrug at it move cells or swallow lines without a word.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dashboard.reports.cells.limits import MAX_CELL_CHARACTERS, MAX_CELLS, MAX_COLUMNS
from dashboard.reports.problems import Problem, Refused, refuse

DELIMITERS = ",;\t|"
CHUNK = 1 << 22
_NEWLINE, _QUOTE = 10, 34
_SHOWN_LINES = 50
_SEARCHED = 1 << 20
_SHOWN_RECORDS = 10_000
_FIGURE = re.compile(r"\s*[<>~]?\d[\d.,%\s–+-]*")


@dataclass(frozen=True)
class Structure:
    """The records of a text: where each starts (one more for the end), its number of cells (0 if blank), its physical line."""

    delimiter: str
    starts: np.ndarray
    widths: np.ndarray
    lines: np.ndarray
    has_quotes: bool


def structure_of(text: bytes, delimiter: str, progress: Callable[[float], None] = lambda done: None) -> Structure:
    """The records of a text with `\\n` line ends; raises `Refused` for broken quotes and for what exceeds a limit."""
    separator = ord(delimiter)
    codes = np.frombuffer(text, np.uint8)
    has_quotes = b'"' in text
    ends, counts, inner = [], [], []
    waiting, inside, last, cells = 0, 0, -1, 0
    for start in range(0, len(codes), CHUNK):
        progress(start / len(codes))
        chunk = codes[start : start + CHUNK]
        is_mark, is_end = chunk == separator, chunk == _NEWLINE
        if has_quotes:
            quotes = np.flatnonzero(chunk == _QUOTE)
            within = _within(chunk, quotes, inside)
            inner.append(start + np.flatnonzero(is_end & within))
            is_mark &= ~within
            is_end &= ~within
            wrong = _misplaced(codes, start + quotes, inside, separator)
            if wrong is not None:
                raise _broken_quotes(text, _record_start([*ends, start + np.flatnonzero(is_end[: wrong - start])]), separator)
            inside = (inside + len(quotes)) % 2
        separators = start + np.flatnonzero(is_mark | is_end)
        last = _check_lengths(text, separators, last)
        cells += len(separators)
        if cells > MAX_CELLS:
            raise refuse("too_large", f"The file has more than {MAX_CELLS:,} cells.", "Split it into several files.")
        # The ends among the separators: what lies between two of them are the marks of one record.
        at = np.flatnonzero(is_end[separators - start])
        here = separators[at]
        counts.append(np.diff(at, prepend=-1) - 1)
        if len(at):
            counts[-1][0] += waiting
            waiting = 0
        waiting += len(separators) - (int(at[-1]) + 1 if len(at) else 0)
        if waiting >= MAX_COLUMNS:
            raise _too_wide(text, start + len(chunk) - 1)
        ends.append(here)
    if inside:
        raise _broken_quotes(text, _record_start(ends), separator)
    _check_lengths(text, np.array([len(text)]), last)
    ends = np.concatenate(ends) if ends else np.zeros(0, np.int64)
    widths = np.concatenate(counts) + 1 if counts else np.zeros(0, np.int32)
    starts = np.concatenate([[0], ends + 1])
    if len(text) > starts[-1]:
        starts, widths = np.append(starts, len(text) + 1), np.append(widths, waiting + 1)
    widths = np.where(np.diff(starts) == 1, 0, widths)
    if len(widths) and widths.max() > MAX_COLUMNS:
        raise _too_wide(text, int(starts[int(widths.argmax())]))
    lines = np.arange(1, len(widths) + 1)
    inner = np.concatenate(inner) if inner else np.zeros(0, np.int64)
    if len(inner):
        _refuse_swallowed_lines(text, starts, inner, widths, lines, separator)
        lines += np.searchsorted(inner, starts[:-1])
    return Structure(delimiter, starts, widths, lines, has_quotes)


def delimiter_of(text: bytes) -> str:
    """The mark that divides most lines into the same number of cells."""
    sample = text[: 1 << 16].decode("utf-8", "ignore").split("\n")[:200]
    if len(text) > 1 << 17:
        middle = len(text) // 2
        sample += text[middle : middle + (1 << 15)].decode("utf-8", "ignore").split("\n")[1:101]
    sample = [line for line in sample if line.strip()]

    def even_fields(delimiter: str) -> int:
        # A mark that divides words, too, and not only figures such as 1,234,567, counts for more.
        widths = [fields(line, delimiter) for line in sample]
        of_words = {width for line, width in zip(sample, widths, strict=True) if not re.search(r"\d", line)}
        return max((widths.count(width) * (width - 1) * (3 if width in of_words else 1) for width in set(widths)), default=0)

    return max(DELIMITERS, key=even_fields)


def named_delimiter(text: bytes) -> str | None:
    """The delimiter that a first line such as `sep=;` names; None where there is no such line."""
    match = re.match(rb'"?sep=([\x09\x20-\x7e])"?[,;\t ]*(?:\n|$)', text[:40], re.IGNORECASE)
    return match[1].decode() if match and match[1] != b'"' else None


def fields(line: str, delimiter: str) -> int:
    """How many cells a line has with a delimiter."""
    try:
        return len(next(csv.reader([line[:100_000]], delimiter=delimiter), ()))
    except csv.Error:
        return line.count(delimiter) + 1


def _within(chunk: np.ndarray, quotes: np.ndarray, inside: int) -> np.ndarray:
    # Whether each byte lies between quotes: their number so far is odd.
    toggles = np.zeros(len(chunk), np.uint8)
    toggles[quotes] = 1
    if inside and len(toggles):
        toggles[0] ^= 1
    return np.bitwise_xor.accumulate(toggles).astype(bool)


def _misplaced(codes: np.ndarray, quotes: np.ndarray, inside: int, separator: int) -> int | None:
    # An opening quote follows a separator or a quote, a closing one comes before a separator or a quote.
    opening, closing = quotes[inside::2], quotes[1 - inside :: 2]
    before = np.where(opening > 0, codes[opening - 1], _NEWLINE)
    after = np.where(closing + 1 < len(codes), codes[np.minimum(closing + 1, len(codes) - 1)], _NEWLINE)
    wrong = np.concatenate(
        [
            opening[(before != separator) & (before != _NEWLINE) & (before != _QUOTE)],
            closing[(after != separator) & (after != _NEWLINE) & (after != _QUOTE)],
        ]
    )
    return int(wrong.min()) if len(wrong) else None


def _refuse_swallowed_lines(
    text: bytes, starts: np.ndarray, inner: np.ndarray, widths: np.ndarray, lines: np.ndarray, separator: int
) -> None:
    # Lines within a quoted cell that have the separators of a record, and a figure or a blank among them, are lost rows and no remark.
    usual = int(np.bincount(widths[widths > 0]).argmax())
    problems = []
    for record in np.unique(np.searchsorted(starts, inner, side="right") - 1)[:_SHOWN_RECORDS].tolist() if usual > 1 else ():
        piece = text[int(starts[record]) : int(starts[record + 1])].decode("utf-8", "replace").rstrip("\n")
        cells = next(csv.reader(io.StringIO(piece, newline="\n"), delimiter=chr(separator)), [])
        lost = [line for cell in cells for line in cell.split("\n")[1:] if _is_like_a_record(line.split(chr(separator)), usual)]
        if lost and len(problems) < _SHOWN_LINES:
            line = int(lines[record]) + int(np.searchsorted(inner, starts[record]))
            says = f"opens a quotation mark that reaches over {len(lost):,} {'line' if len(lost) == 1 else 'lines'} that look like rows."
            fix = "Close the quotation mark on its own line, or take it out."
            value = piece.partition("\n")[0][:200]
            problems.append(Problem("error", "open_quote", says, fix, cell=f"line {line}", value=value, row=line))
    if problems:
        raise Refused(problems[0], tuple(problems[1:]))


def _is_like_a_record(cells: list[str], width: int) -> bool:
    # A quoted separator, unquoted by the mark that opened before, makes a wide record one cell longer.
    return (
        len(cells) in (width, width + (width > 4))
        and any(map(_FIGURE.fullmatch, cells))
        and any(re.search(r"[^\W\d_]", cell) for cell in cells)
    )


def _record_start(ends: list[np.ndarray]) -> int:
    return max((int(some[-1]) + 1 for some in ends if len(some)), default=0)


def _broken_quotes(text: bytes, start: int, separator: int) -> Refused:
    # From the first broken record on, each line is looked at anew, so that one open quote does not hide the next.
    mark_text = re.escape(bytes([separator]))
    cell = rb'(?:"(?:[^"]|""){0,40000}+"|[^"\n' + mark_text + rb"]*+)"
    record = re.compile(cell + rb"(?:" + mark_text + cell + rb")*+(?:\n|\Z)")
    number = text.count(b"\n", 0, start) + 1
    problems: list[Problem] = []
    end_of_search = start + _SEARCHED
    while start < min(len(text), end_of_search) and len(problems) < _SHOWN_LINES:
        match = record.match(text, start)
        end = match.end() if match else text.find(b"\n", start) + 1 or len(text)
        if match is None:
            says = "has a quotation mark that does not enclose a whole cell."
            fix = "Close the quotation marks, double one that is part of a text, or take it out."
            value = text[start : min(end, start + 200)].decode("utf-8", "replace").rstrip("\n")
            problems.append(Problem("error", "open_quote", says, fix, cell=f"line {number}", value=value, row=number))
        number += text.count(b"\n", start, end)
        start = end
    return Refused(problems[0], tuple(problems[1:]))


def _check_lengths(text: bytes, separators: np.ndarray, last: int) -> int:
    # Letters may take several bytes, so a cell of many bytes is looked at again.
    if not len(separators):
        return last
    lengths = np.diff(separators, prepend=last) - 1
    for index in np.flatnonzero(lengths > MAX_CELL_CHARACTERS):
        end, length = int(separators[index]), int(lengths[index])
        if length > 4 * MAX_CELL_CHARACTERS or len(text[end - length : end].decode("utf-8", "ignore")) > MAX_CELL_CHARACTERS:
            line = text.count(b"\n", 0, end - length) + 1
            says = f"begins a cell of more than {MAX_CELL_CHARACTERS:,} characters."
            raise refuse("cell_too_long", says, "Check the quotation marks and the separator.", cell=f"line {line}", row=line)
    return int(separators[-1])


def _too_wide(text: bytes, offset: int) -> Refused:
    line = text.count(b"\n", 0, offset) + 1
    fix = "Check the separator, or delete the columns that are not needed."
    return refuse("too_many_columns", f"has more than {MAX_COLUMNS:,} columns.", fix, cell=f"line {line}", row=line)
