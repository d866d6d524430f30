"""The tables of a JSON file of no known layout, each as a sheet: what is a table in it, and what its cells are called.

Tables are lists of records; lists of rows under names; what is given by country, period or kind of request, level by level; and columns
given as equally long lists. What a record nests is told by headers of several parts, and a list of records within a record is a table of
its own, whose rows repeat what the outer record says of whom, when and what. Where the header stands is known, so nothing is guessed about it.

An address in JSON is the way to a value, as our readers of known JSON write it: `requests[3].count`, `rows[17][4]`, `Germany.2019 H1`; a name
with marks of its own is quoted, `["a.b"]`. The name of a key is addressed like what stands under it. `[]` stands for every entry:
`requests[].count` is a column, and a sheet is named by the way to its table. The number of a row is that of the sheet, whose first
row is the header, as it is in the copy of the file in a workbook.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dashboard.reports.cells.json_sheets import JsonSheet, below, check_text, shown, step, text_of
from dashboard.reports.cells.limits import MAX_COLUMNS, MAX_PROBLEMS_OF_A_KIND, MAX_SHEET_CELLS, MAX_SHEETS
from dashboard.reports.cells.reading import File, Repeated
from dashboard.reports.problems import Problem, Refused, refuse
from dashboard.reports.words.cell_kinds import kind_of
from dashboard.reports.words.headers import meaning_of, named_authority, named_measure, named_type, spaced

_NAMES = ("columns", "column_names", "headers", "header", "fields", "cols", "names")
_NAME_OF = ("name", "title", "label", "field", "id")
_TITLES = ("title", "name", "report", "caption", "heading")
_WHEN = {"period", "period_start", "period_end", "year", "fiscal_year", "half", "quarter", "month"}
_AROUND = _WHEN | {"requester", "reporter"}
_ABOVE = _AROUND | {"request_type", "measure", "authority", "service"}
_NAMED = {"request_type": named_type, "measure": named_measure, "authority": named_authority, "service": bool}
_FORMS = {"Year": r"(?:19|20)\d{2}", "Half": r"[hs][12]", "Quarter": r"[qt][1-4]"}
_SAMPLE = 300
_LONGEST_NOTE = 300


def tabled(file: File) -> File:
    """A JSON file with its tables as sheets; raises `Refused` where it holds none, or gives a name twice."""
    if file.repeated_names:
        raise _repeated(file.json)
    finder = _Finder()
    finder.walk(file.json, "", "", _Around())
    problems = finder.all_problems()
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors and not finder.sheets:
        raise Refused(errors[0], tuple(errors[1:]))
    if not finder.sheets:
        says = "The JSON is of no layout that we know, and holds no table: no list of records, no rows under names, nothing by country or period."
        raise refuse("unknown_layout", says, "Bring the table as a list of records, or as CSV.")
    return replace(file, json=None, sheets=finder.sheets, problems=(*file.problems, *problems))


def in_tables(file: File) -> File:
    """A file whose tables are sheets: a JSON file `tabled`, or as it is where it holds none or gives a name twice."""
    try:
        return tabled(file) if file.kind == "json" and not file.sheets and not file.repeated_names else file
    except Refused:
        return file


@dataclass(frozen=True)
class _Key:
    """What a key, or a value around a record, says of the record: under which header, and where it stands."""

    header: str
    text: str
    json_path: str
    of_all: str
    # The role of a value that stands around the records, which a record's own word on it supersedes.
    role: str = ""


@dataclass(frozen=True)
class _Around:
    keys: tuple[_Key, ...] = ()
    title: str = ""
    notes: tuple[str, ...] = ()

    def within(self, *keys: _Key) -> _Around:
        return replace(self, keys=self.keys + keys)


@dataclass(frozen=True)
class _Entry:
    """A record, or what stands in a record's place, with the way to it."""

    around: _Around
    json_path: str
    value: object


class _Finder:
    def __init__(self):
        self.sheets: list[JsonSheet] = []
        self.problems: list[Problem] = []
        self.cells = 0
        self._counts: Counter[tuple[str, str]] = Counter()

    def all_problems(self) -> list[Problem]:
        """The problems, with how many more there are of those that are too many."""
        more = [
            Problem(severity, code, f"The same holds for {count - MAX_PROBLEMS_OF_A_KIND:,} more.", "")
            for (severity, code), count in self._counts.items()
            if count > MAX_PROBLEMS_OF_A_KIND
        ]
        return self.problems + more

    # Where the tables are.

    def walk(self, value: dict | list, json_path: str, of_all: str, around: _Around) -> None:
        """Find the tables in a value. `of_all` is the way to it and its like: `years[].countries`."""
        if isinstance(value, dict):
            self._object(value, json_path, of_all, around)
        elif _holds_records(value):
            self._records([_Entry(around, f"{json_path}[{at}]", one) for at, one in enumerate(value)], of_all)
        elif any(isinstance(one, list) for one in value):
            self._rows(value, None, (), json_path, of_all, around)
        elif any(_is_number(one) for one in value):
            self._loose(json_path, "holds figures that stand in no table; they are not read.", value)

    def _object(self, value: dict, json_path: str, of_all: str, around: _Around) -> None:
        rest = self._rows_under_names(value, json_path, of_all, around)
        filled = {name: one for name, one in rest.items() if _is_nest(one) and one}
        plain = {name: one for name, one in rest.items() if not _is_nest(one)}
        if not filled:
            heading = _heading(plain)
            if (
                heading
                and (len(plain) > 1 or heading != "Request type")
                and 2 * sum(_is_figure(one) for one in plain.values()) >= len(plain)
            ):
                self._keyed([_Entry(around, json_path, plain)], of_all, heading)
            else:
                self._tell_alone(plain, json_path)
            return
        within = self._within(around, plain, json_path, of_all)
        if heading := _heading(filled):
            odd = {name for name in plain if heading != "Request type" and _heading([name]) == heading}
            self._keyed(
                [_Entry(within, json_path, {name: one for name, one in rest.items() if name in filled or name in odd})], of_all, heading
            )
        elif all(name.isdecimal() and isinstance(one, dict) for name, one in filled.items()):
            self._records([_Entry(within, below(json_path, name), one) for name, one in filled.items()], of_all)
        else:
            filled = self._columns(filled, json_path, of_all, within)
            for name, one in filled.items():
                self.walk(one, below(json_path, name), below(of_all, name), within)
        self._tell_alone(plain, json_path)

    def _within(self, around: _Around, plain: dict[str, object], json_path: str, of_all: str) -> _Around:
        # The values around records: what they say of all of them, titles, and other texts, which may say what is counted.
        keys_above = tuple(self._keys_around(plain, json_path, of_all, _ABOVE))
        texts = {name: one for name, one in plain.items() if isinstance(one, str) and name not in {key.header for key in keys_above}}
        titles = [one for name, one in texts.items() if name.lower() in _TITLES]
        notes = [one for name, one in texts.items() if name.lower() not in _TITLES and len(one) <= _LONGEST_NOTE and "://" not in one]
        title = "\n".join(text for text in (around.title, *titles) if text)
        return replace(around.within(*keys_above), title=title, notes=(*around.notes, *notes))

    def _keys_around(self, plain: dict[str, object], json_path: str, of_all: str, roles: set[str]) -> Iterator[_Key]:
        # What the values around records say of all of them: when, whose, by whom; but not how many, which is no record's own.
        for name, one in plain.items():
            meant = meaning_of(spaced(name))
            if one is not None and meant.role in roles and not meant.rest and (meant.role in _AROUND or _NAMED[meant.role](str(one))):
                yield _Key(name, text_of(one, below(json_path, name))[0], below(json_path, name), below(of_all, name), meant.role)

    def _tell_alone(self, plain: dict[str, object], json_path: str) -> None:
        # Numbers beside tables: a total, which must not be lost in silence; or the version of a program, which we cannot tell from one.
        for name, one in plain.items():
            # Of what is only counted any more the names are not looked into, of which there may be a million.
            is_listed = self._counts["warning", "missing_value"] < MAX_PROBLEMS_OF_A_KIND
            if _is_number(one) and not (is_listed and meaning_of(spaced(name)).role):
                self._loose(below(json_path, name), "is a number that stands in no table; it is not read.", one)

    # Keys that say of whom, when or what.

    def _keyed(self, entries: list[_Entry], of_all: str, heading: str) -> None:
        inside = f"{of_all}[]"
        kids = [
            _Entry(
                entry.around.within(_Key(_free(heading, entry.around), name, below(entry.json_path, name), inside)),
                below(entry.json_path, name),
                one,
            )
            for entry in entries
            for name, one in entry.value.items()
        ]
        records = [kid.value for kid in kids if isinstance(kid.value, dict)]
        names = list(dict.fromkeys(name for record in records for name in list(record)[:_SAMPLE]))
        next_heading = _heading(names) if all(isinstance(kid.value, dict) or kid.value is None for kid in kids) else ""
        is_nested = all(_is_nest(one) or one is None for record in records for one in record.values())
        if next_heading and (is_nested or next_heading in ("Half", "Quarter")):
            self._keyed([kid for kid in kids if isinstance(kid.value, dict)], inside, next_heading)
        elif not records and not any(isinstance(kid.value, list) for kid in kids):
            steps = re.findall(r"[^.\[\]\"]+", of_all)
            self._sheet(of_all, [(steps[-1] if steps else "Value",)], kids, [[kid.value] for kid in kids], [""], [inside])
        else:
            spread = [
                _Entry(kid.around, f"{kid.json_path}[{at}]", one)
                for kid in kids
                if isinstance(kid.value, list)
                for at, one in enumerate(kid.value)
            ]
            self._records([kid for kid in kids if not isinstance(kid.value, list)] + spread, of_all)

    # Records.

    def _records(self, entries: list[_Entry], of_all: str) -> None:
        names: dict[tuple[str, ...], None] = {}
        records: list[tuple[_Entry, dict[tuple[str, ...], object]]] = []
        nested: dict[tuple[str, ...], list[_Entry]] = {}
        carried: set[tuple[str, ...]] = set()
        for entry in entries:
            if not isinstance(entry.value, dict):
                if entry.value is not None and entry.value != []:
                    says, fix = "is no record like the others beside it.", "Write it like them."
                    self._tell("error", "ragged_row", says, fix, entry.json_path, entry.value)
                continue
            leaves = dict(_leaves(entry.value))
            lists = {parts: one for parts, one in leaves.items() if _holds_records(one)}
            cells = {parts: one for parts, one in leaves.items() if parts not in lists} if lists else leaves
            names |= dict.fromkeys(cells)
            records.append((entry, cells))
            self._check_size(of_all, 1, len(names))
            if lists:
                single = {parts[0]: one for parts, one in cells.items() if len(parts) == 1}
                keys_above = tuple(self._keys_around(single, entry.json_path, f"{of_all}[]", _ABOVE))
                carried |= {(key.header,) for key in keys_above}
                for parts, one in lists.items():
                    json_path = entry.json_path + step(*parts)
                    nested.setdefault(parts, []).extend(
                        _Entry(entry.around.within(*keys_above), f"{json_path}[{at}]", record) for at, record in enumerate(one)
                    )
        if names and not (nested and set(names) <= carried):
            self._check_size(of_all, len(records), len(names))
            wide = [list(map(cells.get, names)) for _, cells in records]
            steps = [step(*parts) for parts in names]
            self._sheet(of_all, list(names), [entry for entry, _ in records], wide, steps, [f"{of_all}[]{suffix}" for suffix in steps])
        for parts, inner in nested.items():
            self._records(inner, f"{of_all}[]" + step(*parts))

    # Rows and columns.

    def _rows_under_names(self, value: dict, json_path: str, of_all: str, around: _Around) -> dict:
        # Lists of rows beside a list of names; what is left of the object.
        listed = {name: one for name, one in value.items() if isinstance(one, list) and any(isinstance(row, list) for row in one)}
        names = next((name for name in value if name.lower() in _NAMES and name not in listed and _names_in(value[name])), None)
        if not listed or names is None:
            return value
        plain = {name: one for name, one in value.items() if not _is_nest(one)}
        within = self._within(around, plain, json_path, of_all)
        for name, rows in listed.items():
            texts = _names_in(value[names])
            header_paths = [f"{below(of_all, names)}[{at}]" for at in range(len(texts))]
            self._rows(rows, texts, header_paths, below(json_path, name), below(of_all, name), within)
        return {name: one for name, one in value.items() if name not in listed and name != names}

    def _rows(
        self, value: list, names: list[str] | None, header_paths: Sequence[str], json_path: str, of_all: str, around: _Around
    ) -> None:
        first = 0
        if names is None:
            head = value[0] if isinstance(value[0], list) else []
            kinds = {kind_of(one) for one in head if isinstance(one, str)}
            if len(head) < 2 or not all(isinstance(one, str) or one is None for one in head) or kinds & {"number", "date"}:
                self._tell(
                    "error", "no_header", "begins rows under no names.", "Put a row of names before them.", f"{json_path}[0]", value[0]
                )
                return
            names, first = [one or "" for one in head], 1
            header_paths = [f"{of_all}[0][{at}]" for at in range(len(head))]
        rows = []
        for at, row in enumerate(value[first:], start=first):
            if isinstance(row, list):
                rows.append((f"{json_path}[{at}]", row))
            elif row is not None:
                self._tell("error", "ragged_row", "is no row like the others beside it.", "Write it like them.", f"{json_path}[{at}]", row)
        widest = max([len(names), *(len(row) for _, row in rows)])
        self._check_size(of_all, len(rows), widest)
        entries = [_Entry(around, at, None) for at, _ in rows]
        steps = [f"[{at}]" for at in range(len(names))]
        self._sheet(of_all, [(name,) for name in names], entries, [row for _, row in rows], steps, list(header_paths))

    def _columns(self, value: dict, json_path: str, of_all: str, around: _Around) -> dict:
        # Columns given as lists of one length, or as objects with the same numbers for keys; what is left of the object.
        columns = {name: one for name, one in value.items() if isinstance(one, list) and not any(_is_nest(v) for v in one)}
        steps: list[str] = []
        if len(columns) < 2:
            columns = {name: one for name, one in value.items() if isinstance(one, dict) and all(map(str.isdecimal, one))}
            keys = {tuple(one) for one in columns.values()}
            if len(columns) < 2 or len(keys) != 1 or any(_is_nest(v) for one in columns.values() for v in one.values()):
                return value
            steps = list(map(step, keys.pop()))
            columns = {name: list(one.values()) for name, one in columns.items()}
        lengths = {len(one) for one in columns.values() if any(map(_is_number, one))} or {len(one) for one in columns.values()}
        if len(lengths) > 1:
            says = f"has columns of {min(lengths):,} and of {max(lengths):,} entries, so its figures may have slipped."
            self._tell("error", "ragged_row", says, "Give every column as many entries.", json_path, "")
            return {name: one for name, one in value.items() if name not in columns}
        columns = {name: one for name, one in columns.items() if len(one) in lengths}
        if len(columns) < 2:
            return value
        length = lengths.pop()
        self._check_size(of_all, length, len(columns))
        entries = [_Entry(around, suffix, None) for suffix in steps or (f"[{at}]" for at in range(length))]
        rows = [list(row) for row in zip(*columns.values(), strict=True)]
        header_paths = [below(of_all, name) for name in columns]
        self._sheet(
            of_all, [(name,) for name in columns], entries, rows, [below(json_path, name) for name in columns], header_paths, by_column=True
        )
        return {name: one for name, one in value.items() if name not in columns}

    # Sheets.

    def _sheet(
        self,
        name: str,
        names: list[tuple[str, ...]],
        entries: list[_Entry],
        values: list[list],
        steps: list[str],
        header_paths: list[str],
        by_column: bool = False,
    ) -> None:
        if not entries:
            return
        if len(self.sheets) == MAX_SHEETS:
            raise refuse("too_large", f"The JSON holds more than {MAX_SHEETS:,} tables.", "Bring the tables that matter.")
        keys = _keys_of(entries, names)
        self._check_size(name, len(entries), len(keys) + len(names))
        self.cells += len(entries) * (len(keys) + len(names))
        depth = max(map(len, names), default=1)
        header = [
            [*(key.header if not level else "" for key in keys), *(parts[level] if level < len(parts) else "" for parts in names)]
            for level in range(depth)
        ]
        rows, key_paths, kinds = header, [], {}
        for texts in header:
            for at, text in enumerate(texts):
                check_text(text, header_paths[at - len(keys)] if at >= len(keys) else name)
        for entry, cells in zip(entries, values, strict=True):
            row, row_key_paths = _values_around(entry, keys) if keys else ([], ())
            key_paths.append(row_key_paths)
            for at, one in enumerate(cells):
                if type(one) is int:
                    row.append(str(one))
                    continue
                text, kind = text_of(one, entry.json_path, steps[at] if at < len(steps) else f"[{at}]")
                if kind:
                    kinds[len(rows), len(row)] = kind
                row.append(text)
            rows.append(row)
        self.sheets.append(
            JsonSheet(
                name,
                rows,
                range(1, len(rows) + 1),
                kinds=kinds,
                header_rows=depth,
                title=entries[0].around.title,
                notes=entries[0].around.notes,
                record_paths=[entry.json_path for entry in entries],
                key_paths=key_paths,
                column_paths=steps,
                header_paths=[key.of_all for key in keys] + header_paths,
                by_column=by_column,
            )
        )

    def _check_size(self, name: str, rows: int, columns: int) -> None:
        if columns > MAX_COLUMNS:
            says = f"has more than {MAX_COLUMNS:,} columns."
            raise refuse("too_many_columns", says, "Bring the columns that matter.", cell=name)
        if self.cells + rows * columns > MAX_SHEET_CELLS:
            says = f"has {rows:,} rows and {columns:,} columns; at most {MAX_SHEET_CELLS:,} cells of a JSON file are read."
            raise refuse("too_large", says, "Split it, or save the table as CSV.", cell=name)

    def _loose(self, json_path: str, says: str, value: object) -> None:
        self._tell("warning", "missing_value", says, "Put it in a list of records, if it matters.", json_path, value)

    def _tell(self, severity: str, code: str, says: str, fix: str, json_path: str, value: object) -> None:
        self._counts[severity, code] += 1
        if self._counts[severity, code] <= MAX_PROBLEMS_OF_A_KIND:
            self.problems.append(
                Problem(severity, code, says, fix, cell=shown(json_path), value=shown(json.dumps(value)) if value != "" else "")
            )


def _heading(keys: Iterable[str]) -> str:
    # Over keys that all say of whom, when or what, the word for it; half of them must be known.
    names = [key.strip() for key, _ in zip(keys, range(_SAMPLE), strict=False)]
    if not names:
        return ""
    for heading, form in _FORMS.items():
        if all(re.fullmatch(form, name, re.IGNORECASE) for name in names):
            return heading
    kinds = [kind_of(name) for name in names]
    # Words such as `id` and `in` are codes of countries only among others.
    codes = len(names) > 1 and all(len(name) <= 3 for name in names)
    is_place = [kind == "place" and (len(name) > 3 or name.isupper() or codes) for name, kind in zip(names, kinds, strict=True)]
    if 2 * sum(is_place) >= len(names):
        return "Country"
    if 2 * sum(kind in ("period", "date") for kind in kinds) >= len(names):
        return "Period"
    return "Request type" if all(named_type(name) for name in names) else ""


def _free(heading: str, around: _Around) -> str:
    taken = {key.header for key in around.keys if not key.role}
    return next(name for name in (heading, *(f"{heading} {number}" for number in range(2, 99))) if name not in taken)


def _keys_of(entries: list[_Entry], names: list[tuple[str, ...]]) -> list[_Key]:
    # One column for each header among the keys; what stands around the records gives way to their own word on it.
    keys: dict[str, _Key] = {}
    for entry in entries:
        for key in entry.around.keys:
            if key.header not in keys or not key.role:
                keys[key.header] = key
    own = {meaning_of(" ".join(map(spaced, parts))).role for parts in names}
    own |= {meaning_of(key.header).role for key in keys.values() if not key.role}
    return [key for key in keys.values() if not key.role or key.role not in own]


def _values_around(entry: _Entry, keys: list[_Key]) -> tuple[list[str], tuple[str, ...]]:
    # What the keys say of a record, and where; blank where they say nothing of it.
    by_header = {key.header: key for key in sorted(entry.around.keys, key=lambda key: not key.role)}
    own = [by_header.get(key.header) for key in keys]
    return [key.text if key else "" for key in own], tuple(key.json_path if key else entry.json_path for key in own)


def _leaves(record: dict, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    # The values of a record and the lists in it, by the names that lead to them; one that holds nothing is None.
    for name, value in record.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*before, name))
        else:
            yield (*before, name), None if _is_nest(value) and not value else value


def _is_nest(value: object) -> bool:
    return isinstance(value, (dict, list))


def _holds_records(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _names_in(value: object) -> list[str]:
    # The names that a list gives, as texts or as objects with a name; none where it gives anything else.
    if not isinstance(value, list):
        return []
    names = []
    for one in value:
        if isinstance(one, dict):
            one = next((one[name] for name in _NAME_OF if isinstance(one.get(name), str)), None)
        if not isinstance(one, str):
            return []
        names.append(one)
    return names


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_figure(value: object) -> bool:
    return value is None or _is_number(value) or (isinstance(value, str) and kind_of(value) in ("number", "missing", "blank"))


def _repeated(value: object) -> Refused:
    # The first objects that give a name twice, of which a reader would see one and never know of the other.
    problems = []
    stack = [("", value)]
    while stack and len(problems) < MAX_PROBLEMS_OF_A_KIND:
        json_path, one = stack.pop()
        if isinstance(one, Repeated):
            for name in one.names:
                says = "is a name that one object gives twice, so one of the two values would be lost."
                fix = "Give each a name of its own, or delete one."
                problems.append(Problem("error", "duplicate_header", says, fix, cell=shown(below(json_path, name)), value=shown(name)))
        if isinstance(one, dict):
            stack += [(below(json_path, name), inner) for name, inner in reversed(one.items()) if _is_nest(inner)]
        elif isinstance(one, list):
            stack += [(f"{json_path}[{at}]", inner) for at, inner in reversed(list(enumerate(one))) if _is_nest(inner)]
    return Refused(problems[0], tuple(problems[1:]))
