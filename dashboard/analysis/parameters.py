"""What can be asked for: each parameter is declared once, with its name, its kind, its words and how its text is read.

Addresses, the command line, files of figures and the widgets of the page all read and write these.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from urllib.parse import urlencode

from dashboard.model import periods, places, vocabulary

Kind = Literal[
    "choice",
    "day",
    "period",
    "requester",
    "measure",
    "request type",
    "authority",
    "reporter",
    "service",
    "document",
    "statement",
    "series",
    "count",
]

DAYS = date(1900, 1, 1), date(2100, 12, 31)
"""The first and the last day that a date or a period may name."""
LONGEST_VALUE = 200
"""Letters of one value."""
COLUMNS = {
    "reporter": "Who published the count, as a short lower-case name: `microsoft`, `odni`.",
    "measure": "What is counted, from the list of measures.",
}
"""What the columns of an observation mean that a parameter asks for, in the words of the model."""
_COUNT = re.compile(r"[1-9][0-9]{0,5}")
_SERIES_KEY = re.compile(r"\w[\w.:+-]*(/\w[\w.:+-]*)*")
_FIXED: dict[str, Collection[str]] = {
    "measure": vocabulary.MEASURES,
    "request type": vocabulary.REQUEST_TYPES,
    "authority": vocabulary.AUTHORITIES,
}
_LISTED_AT = {kind: f"/api/v1/{kind}s.json has the names of all." for kind in ("document", "statement")}


class BadParameter(ValueError):
    """A value that cannot be used: of which parameter, the value, what is wrong with it, and what to write instead.

    It has no name where it is the request as a whole that is too much. The text is a sentence or two for the one who asks.
    """

    def __init__(self, parameter: str, value: str, wrong: str, instead: str):
        super().__init__(f"{wrong} {instead}")
        self.parameter, self.value, self.wrong, self.instead = parameter, shown(value), wrong, instead


@dataclass(frozen=True)
class Parameter:
    """One parameter. `kind` says how its text is read: one of `choices` (code and label), a day, a period, or a word of the data.

    `text` is any text. `default` holds the values that stand where none is given; `also` is its name on the command line where that differs.
    """

    name: str
    kind: Kind
    help: str
    example: str = ""
    label: str = ""
    is_several: bool = False
    is_needed: bool = False
    default: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    also: str = ""
    max_letters: int = LONGEST_VALUE

    def read(self, text: str, known: Mapping[str, Collection[str]] | None = None) -> str:
        """The value that a text names; raises `BadParameter`.

        `known` gives the words of a kind that the data have; without it any reporter, service, document, statement or series may be one.
        """
        if len(text) > self.max_letters:
            raise BadParameter(self.name, text, f"The value has {len(text):,} letters.", f"{self.max_letters:,} are the most.")
        if self.kind == "day":
            return self._day(text)
        if self.kind == "period":
            return self._period(text)
        if self.kind == "count":
            if not _COUNT.fullmatch(text):
                raise BadParameter(self.name, text, f"“{shown(text)}” is no whole number from 1 on.", f"Write it like {self.example}.")
            return text
        if self.kind == "requester":
            return self._requester(text)
        if self.kind == "series" and not _SERIES_KEY.fullmatch(text):
            raise BadParameter(self.name, text, f"“{shown(text)}” names no series.", f"Write it like {self.example}.")
        allowed = self.choices if self.kind == "choice" else (known or {}).get(self.kind, _FIXED.get(self.kind))
        if allowed is None or text in allowed:
            return text
        value = shown(text)
        wrong = f"“{self.name}” cannot be “{value}”." if self.kind == "choice" else f"There is no {self.kind} “{value}” in the data."
        near = difflib.get_close_matches(text.casefold(), allowed, cutoff=0.6)
        instead = _LISTED_AT.get(self.kind) or f"There are {', '.join(allowed)}."
        raise BadParameter(self.name, text, wrong, f"Did you mean {' or '.join(near)}? {instead}" if near else instead)

    def _day(self, text: str) -> str:
        day = _iso_day(text)
        if day is None or not DAYS[0] <= day <= DAYS[1]:
            instead = f"Write one like {self.example}, from {DAYS[0]} to {DAYS[1]}."
            raise BadParameter(self.name, text, f"“{shown(text)}” is not a day.", instead)
        return day.isoformat()

    def _period(self, text: str) -> str:
        period = periods.parse(text) or self._edge(text)
        if period is None:
            instead = "Write it like 2019 H2, 2019, 2019 Q3 or Jan – Jun 2019."
            raise BadParameter(self.name, text, f"“{shown(text)}” names no period.", instead)
        if not DAYS[0] <= period.start <= period.end <= DAYS[1]:
            instead = f"Write one from {DAYS[0]} to {DAYS[1]}."
            raise BadParameter(self.name, text, f"“{shown(text)}” lies outside all reports.", instead)
        return text if periods.parse(text) else periods.label(period)

    def _edge(self, text: str) -> periods.Period | None:
        # A time may be given by its days as well: the first one of a month to start at, the last one to end at.
        day = _iso_day(text)
        month = day and periods.months(day.year, day.month, day.year, day.month)
        return month if month and day == {"start": month.start, "end": month.end}.get(self.name) else None

    def _requester(self, text: str) -> str:
        if text in places.codes():
            return text
        if code := places.code(text):
            return code
        near = [places.name(code) for code in places.meanings(text)] or places.nearest(text)
        instead = f"Did you mean {' or '.join(near)}?" if near else "Write an ISO code such as DEU, an English name, or WLD for all."
        raise BadParameter(self.name, text, f"There is no requester “{shown(text)}”.", instead)


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_all(
    parameters: Iterable[Parameter], values: Mapping[str, list[str]], known: Mapping[str, Collection[str]] | None = None
) -> tuple[dict[str, list[str]], list[BadParameter]]:
    """The values of each parameter that are understood, and a problem for each that is not or that is missing.

    A blank value of a parameter that takes several stands for none of them; any other blank value is as good as none given.
    """
    understood: dict[str, list[str]] = {}
    problems: list[BadParameter] = []
    missing: list[BadParameter] = []
    for parameter in parameters:
        texts = values.get(parameter.name, [])
        if parameter.is_needed and not any(texts):
            wrong = f"The parameter “{parameter.name}” is missing."
            missing.append(BadParameter(parameter.name, "", wrong, f"Write {parameter.name}={parameter.example}."))
        for text in texts:
            try:
                if text or parameter.is_several:
                    understood.setdefault(parameter.name, []).append(parameter.read(text, known) if text else "")
            except BadParameter as problem:
                problems.append(problem)
        given = understood.get(parameter.name, [])
        if not parameter.is_several and len(set(given)) > 1:
            wrong = f"“{parameter.name}” is given twice and takes one value."
            problems.append(BadParameter(parameter.name, given[1], wrong, "Give it once."))
            del understood[parameter.name]
    return understood, problems + missing


def with_query(address: str, query: str | Iterable[tuple[str, object]]) -> str:
    """An address with a query, as text or as names, each with a value or a list of them; alone where that is empty."""
    query = query if isinstance(query, str) else urlencode([*query], doseq=True)
    return f"{address}?{query}" if query else address


def shown(text: str) -> str:
    """A text of another's making as it is given back: on one line, without control characters, cut where it is long."""
    kept = "".join(letter if letter.isprintable() else "�" for letter in text[:81])
    return kept if len(text) <= 80 else f"{kept[:79]}…"


SERIES = (
    Parameter("reporter", "reporter", COLUMNS["reporter"], "microsoft", is_needed=True),
    Parameter("requester", "requester", "Whose government asked: a country, as ISO code or name, or WLD for all.", "USA", is_needed=True),
    Parameter("measure", "measure", COLUMNS["measure"], "requests", is_needed=True),
    Parameter("request_type", "request type", "The kind of demand; without it the reporter's total.", "nsl"),
    Parameter("service", "service", "Which service; without it all.", "enterprise"),
    Parameter("authority", "authority", "Which authority asked; without it any.", "federal"),
    Parameter("from", "day", "First day: periods that begin earlier are left out.", "2016-01-01"),
    Parameter("to", "day", "Last day: periods that end later are left out.", "2020-12-31"),
    Parameter(
        "by",
        "choice",
        "`year` sums to calendar years.",
        "year",
        default=("as-published",),
        choices={"as-published": "As published", "year": "Calendar years (sums)"},
    ),
    Parameter("as_of", "day", "As known on that day; without it today.", "2018-06-30"),
)
"""One series, asked for by the command line and the web alike."""
