"""The tables of a web page: each is a sheet, with the heading that stands above it as its first line. Nothing of the page is run or fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from dashboard.reports.cells.limits import MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_SHEET_CELLS, MAX_SHEETS
from dashboard.reports.cells.sheets import Sheet
from dashboard.reports.cells.workbooks import RAISED
from dashboard.reports.problems import refuse
from dashboard.reports.words.context import is_about_figures

_LARGEST_SPAN = 1_000
_LONGEST_NAME = 31
_CONCEALED = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_STRUCK = ("del", "s", "strike")
_BLOCKS = ("br", "p", "div", "li", "ul", "ol", "dd", "dt", "hr", "h1", "h2", "h3", "h4")


def sheets_of(data: bytes) -> list[Sheet]:
    """The tables of an HTML page in UTF-8; none where it has none. Raises `Refused` for what exceeds a limit."""
    # Loaded here, since few files are web pages.
    from lxml import etree, html

    try:
        page = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return []
    etree.strip_elements(page, "script", "style", "template", with_tail=False)
    tables = [table for table in page.iter("table") if not any(True for _ in table.iterdescendants("table"))]
    if len(tables) > MAX_SHEETS:
        raise refuse("too_large", f"The page has {len(tables):,} tables; at most {MAX_SHEETS:,} are read.", "Save the table by itself.")
    paragraphs = (" ".join(element.text_content().split()) for element in page.iter("p", "figcaption", "small", "caption"))
    notes = tuple(dict.fromkeys(text for text in paragraphs if len(text) < MAX_CELL_CHARACTERS and is_about_figures(text)))
    sheets, cells = [], 0
    for number, table in enumerate(tables, 1):
        rows, merged, concealed = _grid(table)
        cells += sum(map(len, rows))
        if cells > MAX_SHEET_CELLS:
            raise refuse("too_large", f"The page has more than {MAX_SHEET_CELLS:,} cells.", "Save the table by itself.")
        heading = _heading(table)
        shifted = tuple((top + bool(heading), left, bottom + bool(heading), right) for top, left, bottom, right in merged)
        lines = range(0 if heading else 1, len(rows) + 1)
        is_hidden = _is_concealed(table) or any(map(_is_concealed, table.iterancestors()))
        hidden = {
            "hidden": is_hidden,
            "hidden_rows": frozenset(row + bool(heading) for row in _only_concealed(rows, concealed)),
            "hidden_columns": frozenset(_only_concealed(list(map(list, zip(*rows, strict=True))), {(b, a) for a, b in concealed})),
        }
        kept = [[heading], *rows] if heading else rows
        sheets.append(Sheet(f"table {number}"[:_LONGEST_NAME], kept, lines, merged=shifted, notes=notes, **hidden))
    return [sheet for sheet in sheets if any(any(row) for row in sheet.rows)]


def _grid(table: Any) -> tuple[list[list[str]], list[tuple[int, int, int, int]], set[tuple[int, int]]]:
    # The texts by row and column; a cell that reaches over several stands in the first, and its reach is told; then the cells not shown.
    rows: list[list[str]] = []
    merged: list[tuple[int, int, int, int]] = []
    taken: set[tuple[int, int]] = set()
    concealed: set[tuple[int, int]] = set()
    for number, row in enumerate(table.iter("tr")):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while (number, len(cells)) in taken:
                cells.append("")
            down, right = _span(cell, "rowspan"), _span(cell, "colspan")
            column = len(cells)
            if column + right > MAX_COLUMNS:
                raise refuse("too_many_columns", f"A table of the page has more than {MAX_COLUMNS:,} columns.", "Save it by itself.")
            text = _text_of(cell)
            if text and any(map(_is_concealed, (cell, row, row.getparent()))):
                concealed.add((number, column))
            if len(text) > MAX_CELL_CHARACTERS:
                raise refuse(
                    "cell_too_long", f"A cell of the page has more than {MAX_CELL_CHARACTERS:,} characters.", "Save the table by itself."
                )
            cells += [text, *[""] * (right - 1)]
            if down > 1 or right > 1:
                merged.append((number, column, number + down - 1, column + right - 1))
                taken |= {(below, beside) for below in range(number + 1, number + down) for beside in range(column, column + right)}
        rows.append(cells)
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows], [area for area in merged if area[2] < len(rows)], concealed


def _is_concealed(element: Any) -> bool:
    return element.get("hidden") is not None or _CONCEALED.search(element.get("style", "")) is not None


def _only_concealed(lines: list[list[str]], concealed: set[tuple[int, int]]) -> list[int]:
    # The lines of cells, rows or columns, of which nothing is shown.
    filled = [[index for index, text in enumerate(line) if text] for line in lines]
    return [number for number, indexes in enumerate(filled) if indexes and all((number, index) in concealed for index in indexes)]


def _text_of(cell: Any) -> str:
    # As it is shown: without what is struck out or hidden beside other text, as keys to sort by are, and raised digits as such.
    shown = "".join(_texts_in(cell)).strip()
    is_struck = not shown and any(True for _ in cell.iter(*_STRUCK))
    return " ".join((shown or " ".join(cell.itertext())).split()) + (" (struck out)" if is_struck else "")


def _texts_in(element: Any, is_raised: bool = False) -> Iterator[str]:
    is_raised = is_raised or element.tag in ("sup", "sub")
    yield (element.text or "").translate(RAISED if is_raised else {})
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _STRUCK and not _is_concealed(child):
            yield from (" ", *_texts_in(child, is_raised), " ") if child.tag in _BLOCKS else _texts_in(child, is_raised)
        yield (child.tail or "").translate(RAISED if is_raised else {})


def _span(cell: Any, name: str) -> int:
    text = cell.get(name, "1").strip()
    return min(max(int(text), 1), _LARGEST_SPAN) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _heading(table: Any) -> str:
    # Its caption, or the nearest heading before it.
    texts = (" ".join(" ".join(element.itertext()).split()) for element in _headings(table))
    return next((text for text in texts if text), "")


def _headings(table: Any) -> Iterator[Any]:
    yield from table.iterchildren("caption")
    yield from table.xpath("preceding::*[self::h1 or self::h2 or self::h3 or self::h4][1]")[-1:]
