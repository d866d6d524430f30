"""The tables of a sheet nobody has seen: where each begins and ends, its header of one row or two, and what stands around it.

Nothing is left out without a word: a line that is neither title, header, record nor plainly a note is a problem.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field, replace

from dashboard.model import places
from dashboard.model.intervals import counted
from dashboard.reports.cells.sheets import Records, Sheet
from dashboard.reports.cells.structure import DELIMITERS, fields
from dashboard.reports.problems import Problem
from dashboard.reports.words import periods as printed_periods
from dashboard.reports.words.cell_kinds import (
    BLANK,
    DATE,
    MISSING,
    NUMBER,
    PERIOD,
    PLACE,
    TEXT,
    WORD,
    is_marked,
    is_prose,
    kind_of,
    kinds_of,
)
from dashboard.reports.words.context import context_of
from dashboard.reports.words.headers import is_phrase, meaning_of, spaced

HEAD = 400
"""Rows of a large file in which its header must stand."""
_TITLES = 60
"""Longest run of lines above a header."""


@dataclass
class Table:
    """One table of a sheet: its header rows, its body from `first` to before `end` without the rows `skipped`, and its columns.

    `headers` has for each column the texts of the header rows, a merged one repeated over its columns.
    """

    sheet: Sheet
    header_rows: tuple[int, ...]
    columns: tuple[int, ...]
    headers: tuple[tuple[str, ...], ...]
    first: int
    end: int
    skipped: set[int] = field(default_factory=set)
    title: str = ""
    notes: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    title_rows: list[int] = field(default_factory=list)
    is_broken: bool = False
    has_damaged_rows: bool = False

    def header(self, column: int) -> str:
        """The header of a column as one text."""
        parts = self.headers[self.columns.index(column)]
        return " – ".join(dict.fromkeys(text for text in parts if text))

    def body(self) -> list[int]:
        """The rows of the body."""
        return [row for row in range(self.first, self.end) if row not in self.skipped]


Tables = tuple[list[Table], list[Problem]]
"""The tables of a sheet, and the problems of its form."""


def tables_of(sheet: Sheet, headers: frozenset[str] = frozenset(), header_line: int | None = None) -> Tables:
    """The tables of a sheet from top to bottom, and the lines that belong to none of them though they hold something.

    `headers` are words, folded, that are known to head columns; `header_line` is said to be the header of the first table.
    """
    if sheet.header_rows:
        table, problems = _headed(sheet)
        return [table], problems
    finder = _Finder(sheet, headers, header_line)
    if header_line is not None and finder.header_row is None:
        says = "was said to be the header, and holds fewer than two cells." if finder.end else "was said to be the header of a blank sheet."
        fix = "Say the line on which the names of the columns stand."
        cell = f"{sheet.name}!A{header_line}" if sheet.name else f"line {header_line}"
        return [], [Problem("error", "no_header", says, fix, cell=cell, row=header_line)]
    finder.run()
    tables = [single_table for table in finder.tables for single_table in _side_by_side(table)]
    return tables, finder.problems


def _headed(sheet: Sheet) -> tuple[Table, list[Problem]]:
    # A sheet whose first rows are known to be its header, and all others its records.
    first, width = sheet.header_rows, len(sheet.rows[0])
    headers = tuple(tuple(" ".join(spaced(sheet.text(row, column)).split()) for row in range(first)) for column in range(width))
    table = Table(sheet, tuple(range(first)), tuple(range(width)), headers, first, len(sheet.rows), title=sheet.title)
    problems = []
    for row in range(first, table.end):
        cells = sheet.rows[row]
        if not any(cell.strip() for cell in cells):
            table.skipped.add(row)
        elif len(cells) != width:
            says = f"begins a row of {counted(len(cells), 'cell')} in a table of {width}, so its figures may have slipped."
            fix = "Give every row as many cells as there are names."
            problems.append(sheet.problem("error", "ragged_row", row, 0, says, fix))
            table.skipped.add(row)
            table.has_damaged_rows = True
    return table, problems


class _Finder:
    def __init__(self, sheet: Sheet, headers: frozenset[str], header_line: int | None = None):
        self.sheet, self.headers = sheet, headers
        self.is_text = not sheet.name
        self.end = min(len(sheet.rows), HEAD) if isinstance(sheet.rows, Records) else len(sheet.rows)
        self.large = self.end < len(sheet.rows)
        self.rows = [sheet.rows[row] for row in range(self.end)]
        self.kinds = [kinds_of(row, headers) for row in self.rows]
        at_line = [row for row in range(self.end) if int(sheet.lines[row]) == header_line and self._filled(row) >= 2]
        self.header_row = at_line[0] if at_line else None
        self.tables: list[Table] = []
        self.problems: list[Problem] = []

    def run(self) -> None:
        row = 0
        while row < self.end:
            header = self._next_header(row)
            self._between(row, header[0] if header else self.end)
            if header is None:
                break
            row = self._table(row, *header)
        if self.large and self.tables:
            self._extend()
        for table in self.tables:
            self._check_widths(table)

    # Where a header is.

    def _next_header(self, start: int) -> tuple[int, int] | None:
        # First row and number of rows of the next header: as it was said, by its words, or failing that by its form.
        if self.header_row is not None and not self.tables:
            return self.header_row, 1
        for row in range(start, self.end):
            if rows := self._header_at(row, by_words=True):
                return row, rows
            if self._is_record(row) and self._has_key(row):
                # Records that no header stands above: a header further down is not theirs.
                break
        if not self.tables:
            for row in range(start, self.end):
                if rows := self._header_at(row, by_words=False):
                    return row, rows
                if self._is_record(row):
                    break
        return next(((row, rows) for row in range(start, self.end) if (rows := self._header_at(row, by_words=True))), None)

    def _header_at(self, row: int, by_words: bool) -> int:
        # 1 or 2 where a header of so many rows begins, else 0.
        if not self._may_head(row, by_words):
            return 0
        below = self._filled_below(row)
        if below is None:
            return 0
        if self._is_record(below) or self.headers.issuperset(places.fold(cell) for cell in self.rows[row] if cell.strip()):
            return 1
        if below == row + 1 and self._is_second_row(row, below):
            record = self._filled_below(below)
            if record is not None and self._is_record(record):
                return 2
        are_words = self._words(row) >= 2 and {*self.kinds[row]} <= {WORD, PERIOD, BLANK}
        if by_words and are_words and self._filled(below) == self._filled(row) and not self._may_head(below, True):
            # Where every word is known it is a header, however damaged all that stands below.
            return 1
        # A damaged record right below a header of known words does not unmake it.
        is_known = by_words and self._words(row) + self.kinds[row].count(PERIOD) >= 2
        return int(is_known and any(map(self._is_record, range(below, min(below + 3, self.end)))) and not self._may_head(below, True))

    def _may_head(self, row: int, by_words: bool) -> bool:
        kinds = [kind for kind in self.kinds[row] if kind != BLANK]
        if self.kinds[row] == [BLANK, WORD]:
            # One column of figures beside one of names without a header.
            return meaning_of(self.rows[row][1]).counts
        if len(kinds) < 2 or {NUMBER, MISSING, DATE} & set(kinds) or (PLACE in kinds and not self._places_head(row)):
            return False
        if by_words:
            periods = kinds.count(PERIOD)
            return self._words(row) >= max(1, len(kinds) // 3) or (periods >= 2 and periods >= len(kinds) - 2) or self._places_head(row)
        return kinds.count(TEXT) + kinds.count(WORD) >= 2

    def _places_head(self, row: int) -> bool:
        kinds = [kind for kind in self.kinds[row] if kind != BLANK]
        return kinds.count(PLACE) >= 2 and kinds[0] in (WORD, TEXT) and PERIOD not in kinds

    def _words(self, row: int) -> int:
        return self.kinds[row].count(WORD)

    def _is_second_row(self, upper: int, lower: int) -> bool:
        # Two rows are one header if the lower one, too, has words or periods, and the first column is headed once.
        kinds = [kind for kind in self.kinds[lower] if kind != BLANK]
        if not kinds or any(kind not in (WORD, PERIOD, TEXT) for kind in kinds):
            return False
        if not {WORD, PERIOD} & set(kinds) and not all(printed_periods.is_part_of_year(cell) for cell in self.rows[lower] if cell.strip()):
            return False
        if self.is_text and len(self.rows[upper]) != len(self.rows[lower]):
            return False
        first = min(self._first_filled(upper), self._first_filled(lower))
        both = [self.kinds[row][first] != BLANK for row in (upper, lower) if first < len(self.kinds[row])]
        return both.count(True) == 1

    def _first_filled(self, row: int) -> int:
        return next((column for column, kind in enumerate(self.kinds[row]) if kind != BLANK), len(self.kinds[row]))

    def _filled_below(self, row: int) -> int | None:
        return next((below for below in range(row + 1, min(row + 4, self.end)) if self._filled(below)), None)

    def _filled(self, row: int) -> int:
        return sum(kind != BLANK for kind in self.kinds[row])

    def _is_record(self, row: int) -> bool:
        kinds = self.kinds[row]
        return self._filled(row) >= 2 and (bool({NUMBER, MISSING, DATE} & set(kinds)) or {PERIOD, PLACE} <= set(kinds))

    def _has_key(self, row: int) -> bool:
        return bool({NUMBER, MISSING} & set(self.kinds[row])) and bool({PLACE, PERIOD, DATE} & set(self.kinds[row]))

    # What is between tables.

    def _between(self, start: int, end: int) -> None:
        records = [row for row in range(start, end) if self._is_record(row) and self._has_key(row)]
        if not records:
            return
        above = records[0] - 1
        if above >= start and self._filled(above):
            self._tell(
                above, "no_header", "stands where the header of the figures below belongs, and is none that we know.", "Mend the header."
            )
        else:
            self._tell(records[0], "no_header", "begins figures under no header.", "Put the header right above its first row.")

    # One table.

    def _table(self, start: int, header: int, header_rows: int) -> int:
        first = header + header_rows
        end = self._body_end(first, header)
        columns = self._columns(header, end)
        table = Table(
            sheet=self.sheet,
            header_rows=tuple(range(header, first)),
            columns=columns,
            headers=self._headers(header, header_rows, columns),
            first=first,
            end=end,
            title_rows=self._titles(start, header),
        )
        titles = [" ".join(cell.strip() for cell in self.rows[row] if cell.strip()) for row in table.title_rows]
        if corner := self._corner(table):
            table.headers = (("",) * header_rows, *table.headers[1:])
            titles.append(corner)
        table.title = "\n".join(titles)
        table.repeated = [row for row in range(first, end) if self._repeats(row, header)]
        table.skipped = {row for row in range(first, end) if not self._filled(row)} | set(table.repeated)
        trailing = [row for row in range(end - 1, first, -1) if row not in table.skipped]
        below = list(itertools.takewhile(lambda row: self._is_note(row, table) or self._is_lone_text(row), trailing))[::-1]
        # “© Acme 2021” at the foot of a page, below a blank line, is one, too.
        is_note = [self._is_note(row, table) or (len(self.rows[row]) == 1 and not self._filled(row - 1)) for row in below]
        table.notes = below[is_note.index(True) :] if True in is_note else []
        table.skipped |= set(table.notes)
        while table.end > table.first and table.end - 1 in table.skipped:
            table.skipped.discard(table.end - 1)
            table.end -= 1
        self.tables.append(table)
        return end

    def _body_end(self, first: int, header: int) -> int:
        for row in range(first, self.end):
            if self._repeats(row, header):
                if self._is_titled(row, first):
                    return self._before_titles(row, first)
                continue
            apart = row > first and self._filled(row - 1) < 2
            if apart and self._header_at(row, by_words=True) and self._words(row) + self.kinds[row].count(PERIOD) >= 2:
                return self._before_titles(row, first)
        return self.end

    def _corner(self, table: Table) -> str:
        # “Requests by country” at the head of a column of countries says what the other columns count, as a title does; else blank.
        text = table.header(table.columns[0])
        has_place_column = any(meaning_of(" ".join(parts)).role == "requester" for parts in table.headers[1:])
        if len(table.columns) < 2 or has_place_column or places.fold(text) in self.headers:
            return ""
        says_what = {"subject", "type", "scale"} & {tag.partition(":")[0] for tag in meaning_of(text).tags}
        kinds = [self.kinds[row][table.columns[0]] for row in range(table.first, min(table.end, table.first + _TITLES)) if self.kinds[row]]
        return text if says_what and 2 * kinds.count(PLACE) > sum(kind != BLANK for kind in kinds) else ""

    def _repeats(self, row: int, header: int) -> bool:
        return [cell.strip() for cell in self.rows[row]] == [cell.strip() for cell in self.rows[header]]

    def _is_titled(self, header: int, first: int) -> bool:
        # A header that comes again begins a new table if a line of one text stands above it; else a page goes on.
        for row in range(header - 1, first - 1, -1):
            if self._filled(row) > 1:
                return False
            if self._filled(row) == 1 and not self._is_note_text("".join(self.rows[row]).strip()):
                return True
        return False

    def _before_titles(self, header: int, first: int) -> int:
        # The lines right above the next header are its titles, as far as a blank line or a record; blank lines may stand between
        # the header and a title that is no note to the table above.
        row = header
        while row - 1 > first and not self._filled(row - 1):
            row -= 1
        title = "".join(self.rows[row - 1]).strip()
        if self._filled(row - 1) != 1 or self._is_note_text(title):
            row = header
        while row - 1 > first and header - row < _TITLES and not self._is_record(row - 1) and (self._filled(row - 1) == 1):
            row -= 1
        return row

    def _columns(self, header: int, end: int) -> tuple[int, ...]:
        return tuple(sorted({column for kinds in self.kinds[header:end] for column, kind in enumerate(kinds) if kind != BLANK}))

    def _headers(self, header: int, header_rows: int, columns: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
        first = header + header_rows
        lines = [self._spread(row, row < first - 1, columns) for row in range(header, first)]
        return tuple(tuple(line[column] for line in lines) for column in columns)

    def _spread(self, row: int, upper: bool, columns: tuple[int, ...]) -> list[str]:
        # The texts of a row of the header, at least as far as the last column, each spread over the columns that it heads.
        texts = [" ".join(cell.split()) for cell in self.rows[row]]
        texts += [""] * (max(columns, default=-1) + 1 - len(texts))
        for top, left, bottom, right in self.sheet.merged:
            if top <= row <= bottom:
                for column in range(left, min(right, len(texts) - 1) + 1):
                    texts[column] = " ".join(self.sheet.text(top, left).split())
        if upper and not any(top <= row <= bottom for top, _, bottom, _ in self.sheet.merged):
            # A group reaches right from a text that has a text below it, over columns that have one.
            below = [cell.strip() for cell in self.rows[row + 1]]
            for column in range(1, min(len(texts), len(below))):
                if not texts[column] and below[column] and below[column - 1]:
                    texts[column] = texts[column - 1]
        return texts

    def _titles(self, start: int, header: int) -> list[int]:
        notes = {note for table in self.tables for note in table.notes}
        return [row for row in range(max(start, header - _TITLES), header) if self._filled(row) and row not in notes]

    def _is_note(self, row: int, table: Table) -> bool:
        cells = [cell.strip() for cell in self.rows[row] if cell.strip()]
        if len(cells) > 2 or not cells or (len(cells) == 2 and self.kinds[row][-1] == NUMBER):
            return False
        text = cells[0]
        width = max(len(table.columns), 2)
        if any(fields(text, delimiter) >= width for delimiter in DELIMITERS if delimiter in text and not is_prose(text)):
            return False
        return self._is_note_text(text) if len(cells) == 1 else is_marked(text)

    def _is_lone_text(self, row: int) -> bool:
        return self._filled(row) == 1 and self.kinds[row][self._first_filled(row)] in (TEXT, WORD)

    def _is_note_text(self, text: str) -> bool:
        return is_marked(text) or is_prose(text)

    # What is left.

    def _extend(self) -> None:
        # The last table of a large file goes on to its end; rows of another length are looked at one by one.
        table = self.tables[-1]
        rows = self.sheet.rows
        table.end = len(rows)
        table.notes = []
        table.skipped = {row for row in table.skipped if not self._filled(row) or self.rows[row] == self.rows[table.header_rows[0]]}
        loose = [row for row in rows.loose_rows() if row >= self.end]
        table.skipped |= {row for row in loose if not any(cell.strip() for cell in rows[row])}
        for row in reversed(loose):
            filled = [cell.strip() for cell in rows[row] if cell.strip()]
            if row != table.end - 1 or (filled and not (len(filled) == 1 and self._is_note_text(filled[0]))):
                break
            table.end -= 1
            table.skipped.discard(row)
            if filled:
                table.notes.insert(0, row)

    def _check_widths(self, table: Table) -> None:
        # Rows of a text file have as many cells as their header, or the figures may have slipped.
        if not self.is_text:
            return
        rows = self.sheet.rows
        header = table.header_rows[-1]
        wanted = len(rows[header])
        if self.large and table.end > self.end:
            near = [row for row in range(table.first, min(self.end, table.end)) if row not in table.skipped]
            widths = {row: len(rows[row]) for row in near}
            widths |= {row: len(rows[row]) for row in rows.loose_rows() if self.end <= row < table.end and row not in table.skipped}
            widths |= rows.odd_widths(len(rows[near[-1]]) if near else wanted, self.end, table.end)
        else:
            widths = {row: len(rows[row]) for row in table.body()}
        if not widths:
            return
        usual, count = Counter(widths.values()).most_common(1)[0]
        if usual != wanted and (2 * count > len(widths)) and not self._only_blanks_apart(table, usual, wanted):
            says = f"begins a header of {wanted} cells over rows of {usual}, so their figures may stand under the wrong words."
            self._tell(header, "ragged_row", says, "Mend the separators and quotes of this line.")
            table.is_broken = True
            return
        elif 2 * count > len(widths):
            wanted = usual
        for row, width in sorted(widths.items()):
            if width != wanted and not (width == 1 and self._is_bare_section(row, table)):
                says = f"begins a row of {counted(width, 'cell')} in a table of {wanted}, so its figures may have slipped."
                self._tell(row, "ragged_row", says, "Mend the separators and quotes of this line.")
                table.skipped.add(row)
                table.has_damaged_rows = True
        if table.has_damaged_rows:
            # What a row too long holds beyond the others is no column of the table.
            kept = [column for column in table.columns if column < wanted]
            table.headers = tuple(table.headers[table.columns.index(column)] for column in kept)
            table.columns = tuple(kept)

    def _is_bare_section(self, row: int, table: Table) -> bool:
        # A line such as “2020 H1” without separators, which is no record cut short: the records begin with something of another kind.
        text = self.sheet.text(row, 0)
        records = [other for other in range(table.first, min(table.end, table.first + _TITLES)) if len(self.sheet.rows[other]) > 1]
        return context_of(text).is_understood and kind_of(text) not in {kind_of(self.sheet.text(record, 0)) for record in records}

    def _only_blanks_apart(self, table: Table, usual: int, wanted: int) -> bool:
        # A needless separator at the end of the header, or of every row.
        if usual < wanted:
            return not any(cell.strip() for row in table.header_rows for cell in self.sheet.rows[row][usual:])
        # A separator may as well be missing in the header: only words that stand for one thing each show that it is not.
        header = self.sheet.rows[table.header_rows[-1]]
        return max(table.columns, default=-1) < wanted and all(is_phrase(cell) for cell in header if cell.strip())

    def _tell(self, row: int, code: str, says: str, fix: str) -> None:
        cells = self.sheet.rows[row]
        column = next((column for column, cell in enumerate(cells) if cell.strip()), 0)
        self.problems.append(self.sheet.problem("error", code, row, column, says, fix))


def _has_figures(table: Table, columns: list[int]) -> bool:
    rows = range(table.first, min(table.end, table.first + _TITLES))
    return any(kind_of(table.sheet.text(row, column)) in (NUMBER, MISSING) for row in rows for column in columns)


def _side_by_side(table: Table) -> list[Table]:
    # Columns apart from the rest by blank ones, and with a key of their own, are a table of their own.
    runs = itertools.groupby(enumerate(table.columns), key=lambda pair: pair[1] - pair[0])
    parts: list[list[int]] = []
    for group in ([column for _, column in run] for _, run in runs):
        keyed = any(meaning_of(table.header(column)).role in ("requester", "period", "period_end", "year") for column in group)
        if parts and not (keyed and _has_figures(table, parts[-1])):
            parts[-1] += group
        else:
            parts.append(group)
    if len(parts) < 2:
        return [table]
    return [
        replace(
            table,
            columns=tuple(block),
            headers=tuple(table.headers[table.columns.index(column)] for column in block),
            skipped=set(table.skipped),
            notes=[] if number else list(table.notes),
        )
        for number, block in enumerate(parts)
    ]
