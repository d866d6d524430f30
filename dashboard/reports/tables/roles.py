"""What is understood of a file nobody has seen: each column's role with its reason, the questions left, and a visitor's corrections.

Everything here is plain data: it travels between processes, is shown as a preview, and is saved as a small mapping file.
"""

from __future__ import annotations

import codecs
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from importlib import resources
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from dashboard.model import places, vocabulary
from dashboard.model.periods import Period
from dashboard.reports.cells.sheets import column_letters
from dashboard.reports.problems import Plain, Problem

LABELS = tomllib.loads(resources.files(__package__).joinpath("labels.toml").read_text(encoding="utf-8"))
ROLES: dict[str, str] = LABELS["roles"]
"""What a column may hold, in words."""
WHEN = ("period", "period_start", "period_end", "period_until", "year", "half", "quarter", "month")
"""What of these says for which period a row is."""
NAMING_PERIODS = ("period", "period_end", "period_start", "year")
"""Which of these alone may name the period of a row, the fullest first."""
FIGURES = ("count", "share", "low", "high")
DIMENSIONS = ("reporter", "service", "requester", "authority", "request_type", "measure")
"""What the words of a column or the title of a table may be explained by."""
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""What may stand between the cells of a text."""
LEAVE_OUT = "-"
"""What a correction says in place of a code, where a row is to be left out."""


class BadMapping(ValueError):
    """A mapping file that says what cannot be; one sentence."""


@dataclass(frozen=True)
class _AnswersForEditions:
    # What may be said of every edition of a layout; blank is nothing said.
    reporter: str = ""
    measure: str = ""
    request_type: str = ""
    requester: str = ""
    first_month: int | None = None
    decimal: str = ""
    day_first: bool | None = None
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    header_line: int | None = None


@dataclass(frozen=True)
class Answers(_AnswersForEditions, Plain):
    """What a visitor says beside the file; blank is nothing said.

    `separator` is one of `SEPARATORS`; `sheet` is the only one that is read; `header_line` is the line, from 1, on which the header stands.
    """

    period: Period | None = None


@dataclass(frozen=True)
class Column:
    """One column as it was understood: its place, its header, its role and why; for figures, what they count.

    `scale` tells how shares are printed: `percent`, `whole percent` or `of one`. `values` explains printed texts one by one: each says some
    dimensions of its rows (`{"measure": "orders", "request_type": "nsl"}`), or why they are left out (`{"left_out": "…"}`);
    `*` explains every other text. With `beside`, the header of another column, a text is that of both: `content / Total`.
    With `doubt`, a sentence, an explanation is told as a warning; with `only_zero` it holds for rows of zeros only. A column that `repeats` the one of a header, or
    `its parts` among the sums, is read where those are not all there.
    Figures, or those beside a text, of which `rate_of` names a measure are the rates of their own measure in that one: held against both
    and not taken. The text `no_figure` stands for none. Zeros before the period `zeros_since`, of the column or of an explanation, stand for no figure. `scale` is `half-years` where the first or last days are of such, and `apart`
    where sums over rows stand in a document of their own.
    """

    index: int
    header: str
    role: str
    reason: str
    reporter: str = ""
    measure: str = ""
    request_type: str = ""
    authority: str = ""
    requester: str = ""
    service: str = ""
    period: Period | None = None
    scale: str = ""
    corrected: bool = False
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    beside: str = ""
    repeats: str = ""
    zeros_since: str = ""
    no_figure: str = ""
    rate_of: str = ""

    @property
    def letter(self) -> str:
        """The letters that a spreadsheet shows above it."""
        return column_letters(self.index)

    @property
    def key(self) -> str:
        """By what a correction names the column: its header, or its letter where it has none."""
        return self.header or f"column {self.letter}"

    @property
    def is_figure(self) -> bool:
        """Whether it holds figures."""
        return self.role in FIGURES


@dataclass(frozen=True)
class Question:
    """Something that must be answered before a file can be read; `about` names the answer or the column."""

    code: str
    about: str
    says: str
    fix: str
    cell: str = ""
    column: str = ""
    value: str = ""
    row: int | None = None

    def problem(self) -> Problem:
        """The question as a problem."""
        return Problem("error", self.code, self.says, self.fix, cell=self.cell, value=self.value, row=self.row, column=self.column)


@dataclass(frozen=True)
class TableView:
    """One table as it was understood, with a few of its rows to look at; `means` holds what its title says of every row."""

    number: int
    sheet: str
    title: str
    shape: str
    columns: tuple[Column, ...]
    header_lines: tuple[int, ...]
    rows: int
    preview: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    used: bool = True
    name: str = ""
    requester: str = ""
    period: Period | None = None
    means: dict[str, str] = field(default_factory=dict)

    def column_of(self, *roles: str) -> Column | None:
        """The first column of the first of some roles that a column has; None where none has any."""
        return next((column for role in roles for column in self.columns if column.role == role), None)


@dataclass(frozen=True)
class Understanding(Plain):
    """What was understood of a file: its tables, the questions that need an answer, and the problems of its form."""

    name: str
    sha256: str
    layout: str
    reporter: str
    tables: tuple[TableView, ...] = ()
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()


HOLDING = ("columns", "title")
"""Which holds where a title and the columns say different things."""


@dataclass(frozen=True)
class Mapping(_AnswersForEditions):
    """A visitor's corrections of one layout of one reporter, to be used again for its next edition.

    `columns` names a column by its header; `requesters` and `words` say what a printed name or kind of request stands for,
    `-` that its rows are left out; `left_out` names tables that are not read, by their sheet or as `table 2`. `tables` says by
    title what holds for all rows of a table: requester, kind of request, service. `contradicted` says of a title or a sheet's name that
    says other than the columns which of them holds, `columns` or `title`. `sums` names for a column of totals those of its
    parts in the same row, by which it is checked; a total whose name begins with `*` is the whole that shares make up. With
    `sums_of_periods` figures of longer periods are left out where they are the sum of shorter ones; with `period_of_totals` a table
    without a period is of the one whose totals in another table it makes.
    """

    layout: str = ""
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    requesters: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    contradicted: dict[str, str] = field(default_factory=dict)
    sums: dict[str, list[str]] = field(default_factory=dict)
    sums_of_periods: bool = False
    period_of_totals: bool = False

    def answers(self, given: Answers) -> Answers:
        """What the visitor says now, and where nothing is said, what the mapping remembers."""
        return replace(given, **{name: getattr(self, name) for name in _SHARED_FIELDS if getattr(given, name) in ("", None)})

    def completed(self, given: Answers, layout: str) -> Mapping:
        """The mapping with what the visitor says beside the file, but for the period, which is each edition's own."""
        answers = {name: getattr(given, name) for name in _SHARED_FIELDS if getattr(given, name) not in ("", None)}
        return replace(self, **answers, layout=layout)

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing but which layout it is of."""
        return replace(self, layout="") == Mapping()

    def dumped(self) -> str:
        """The mapping as a TOML file."""
        blank = asdict(Mapping())
        lines = [f"{name} = {_toml(value)}" for name, value in asdict(self).items() if not isinstance(value, dict) and value != blank[name]]
        for table in ("requesters", "words", "contradicted"):
            if pairs := getattr(self, table):
                lines += ["", f"[{table}]", *(f"{_toml(name)} = {_toml(value)}" for name, value in pairs.items())]
        for header, roles in self.columns.items():
            lines += ["", f"[columns.{_toml(header)}]", *(f"{name} = {_toml(value)}" for name, value in roles.items() if value)]
        return "\n".join(lines) + "\n"

    @classmethod
    def loaded(cls, text: str) -> Mapping:
        """A mapping from its TOML file; raises `BadMapping` with one sentence where it says what cannot be."""
        try:
            return cls.of(tomllib.loads(text))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise BadMapping(f"The mapping file is not TOML: {error}.") from None

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Mapping:
        """A mapping from the plain data of its file; raises `BadMapping` with one sentence where it says what cannot be."""
        for name, value in fields.items():
            if name not in _KINDS:
                raise BadMapping(f"The mapping file has a word we do not know: “{name[:60]}”.")
            if not isinstance(value, _KINDS[name]) or (_KINDS[name] is int and isinstance(value, bool)):
                raise BadMapping(f"The mapping file has a value of the wrong kind under “{name}”.")
        mapping = cls(**fields)
        for complaint in mapping.complaints():
            raise BadMapping(complaint)
        return mapping

    def complaints(self) -> Iterator[str]:
        """What it says that cannot be."""
        yield from _wrong_words("the mapping file", vars(self))
        if self.first_month is not None and not 1 <= self.first_month <= 12:
            yield "The first month of the fiscal year is a number from 1 to 12."
        if self.separator not in ("", *SEPARATORS):
            yield f"The separator is one of {', '.join(SEPARATORS.values())}."
        if self.encoding and not encoding_name(self.encoding):
            yield f"“{self.encoding[:60]}” is no encoding we know; write it like utf-8, cp1252 or utf-16."
        if self.header_line is not None and self.header_line < 1:
            yield "The line of the header is a number from 1."
        if self.decimal not in ("", ",", "."):
            yield "The decimal mark is “,” or “.”."
        if any(not isinstance(name, str) for name in self.left_out):
            yield "The tables that are left out are named by texts."
        for header, roles in self.columns.items():
            if not isinstance(roles, dict) or any(not isinstance(value, str) for name, value in roles.items() if name != "values"):
                yield f"The column “{header}” needs a role and, for figures, a measure, each as text."
                return
            unknown = set(roles) - _OF_A_COLUMN
            if unknown:
                yield f"The column “{header}” has a word we do not know: “{min(unknown)[:60]}”."
            if roles.get("role") not in ROLES or roles.get("role") == "unknown":
                yield f"The column “{header}” has no role we know; one of {', '.join(role for role in ROLES if role != 'unknown')}."
            if roles.get("scale", "") not in ("", "percent", "whole percent", "of one", "half-years", "apart"):
                yield f"The scale of the column “{header}” is “percent”, “whole percent”, “of one”, “half-years” or “apart”."
            yield from _wrong_words(f"the column “{header}”", roles)
            for printed, means in (roles.get("values") or {}).items():
                yield from _wrong_meaning(f"“{printed}” under “{header}”", means)
        for title, means in self.tables.items():
            yield from _wrong_meaning(f"the table “{title}”", means)
        if not all(one in HOLDING for one in self.contradicted.values()):
            yield f"Of a title that says other than its columns it is said which holds: {' or '.join(HOLDING)}."
        for printed, code in self.requesters.items():
            if code != LEAVE_OUT and code not in places.codes():
                yield f"“{printed}” is to be read as “{code}”, which is no code of a country; write it like DEU, or “-” to leave its rows out."
        for printed, word in self.words.items():
            if word != LEAVE_OUT and word not in (*vocabulary.REQUEST_TYPES, *vocabulary.MEASURES, *vocabulary.AUTHORITIES):
                yield f"“{printed}” is to be read as “{word}”, which is no kind of request, measure or authority we know."


_VOCABULARIES = {
    "measure": ("measure", vocabulary.MEASURES),
    "rate_of": ("measure", vocabulary.MEASURES),
    "request_type": ("kind of request", vocabulary.REQUEST_TYPES),
    "authority": ("authority", vocabulary.AUTHORITIES),
}
_OF_A_COLUMN = {field.name for field in fields(Column)} - {"index", "header", "corrected"}
_SHARED_FIELDS = [field.name for field in fields(_AnswersForEditions)]
_KINDS = {
    name: next(iter(get_args(hint)), hint) if isinstance(hint, UnionType) else get_origin(hint) or hint
    for name, hint in get_type_hints(Mapping).items()
}


def reporter_code(text: str) -> str:
    """The short name of a reporter that a text names: `Acme Corp.` is `acme_corp`, `23andMe` is `23andme`; blank where nothing is left."""
    code = re.sub(r"[^a-z0-9]+", "_", places.fold(text)).strip("_")
    return code if re.fullmatch(r"[a-z0-9][a-z0-9_]*", code) else ""


def encoding_name(text: str) -> str:
    """The usual name of an encoding of texts; blank where it is none."""
    try:
        "".encode(text)
        return codecs.lookup(text).name
    except (LookupError, ValueError):
        return ""


def _wrong_meaning(where: str, means: object) -> Iterator[str]:
    start = where[:1].upper() + where[1:]
    if not isinstance(means, dict) or any(not isinstance(value, str) for value in means.values()):
        yield f"{start} is explained by dimensions with a text each."
    elif unknown := set(means) - {*DIMENSIONS, "left_out", "doubt", "only_zero", "zeros_since", "rate_of"}:
        yield f"{start} is explained by a word we do not know: “{min(unknown)[:60]}”."
    else:
        yield from _wrong_words(where, means)


def _wrong_words(where: str, answers: dict[str, str]) -> Iterator[str]:
    for name, (what, known) in _VOCABULARIES.items():
        if (word := answers.get(name)) and word not in known:
            yield f"“{word}” in {where} is no {what} we know; one of {', '.join(known)}."
    if (code := answers.get("requester")) and code not in places.codes():
        yield f"“{code}” in {where} is no code of a country; write it like DEU."


def _toml(value: object) -> str:
    # JSON strings are TOML strings, but for one control character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
