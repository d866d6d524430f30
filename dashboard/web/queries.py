"""What an address asks for, read strictly: each parameter is declared once, and what is not understood is told and never guessed."""

from __future__ import annotations

import contextlib
import difflib
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from urllib.parse import parse_qsl

import pandas as pd

from dashboard import statements
from dashboard.analysis.views import SCALES, SHAPES, View
from dashboard.catalog.shipped import Catalog
from dashboard.display.languages import LANGUAGES
from dashboard.model import periods, places, vocabulary
from dashboard.model.tables import Observation, described

LONGEST_QUERY, LONGEST_VALUE, MOST_VALUES = 8_000, 200, 400
"""Letters after the question mark, letters of one value, and values in all."""
DAYS = date(1900, 1, 1), date(2100, 12, 31)
"""The days that a date may name."""
_STRANGERS = ("utm_", "fbclid", "gclid", "msclkid", "mc_cid", "mc_eid")
"""Beginnings of parameters that other sites hang on to an address; they ask for nothing."""


class BadParameter(Exception):
    """A parameter that cannot be understood: which, its value, what is wrong with it, and what to write instead.

    It has no name where it is the query as a whole that is too much.
    """

    def __init__(self, parameter: str, value: str, wrong: str, instead: str):
        super().__init__(f"{wrong} {instead}")
        self.parameter, self.value, self.wrong, self.instead = parameter, shown(value), wrong, instead

    def plain(self) -> dict[str, str]:
        """The same as it is answered."""
        named = {"parameter": self.parameter, "value": self.value} if self.parameter else {}
        return {"error": self.wrong, **named, "instead": self.instead}


@dataclass(frozen=True)
class Parameter:
    """One parameter of an address. `kind` says how its value is understood: `choice` is one of `choices`, other words as in the data."""

    name: str
    kind: str
    says: str
    example: str = ""
    is_several: bool = False
    is_needed: bool = False
    default: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


_COLUMNS = described(Observation)
SERIES = (
    Parameter("reporter", "reporter", _COLUMNS["reporter"], "microsoft", is_needed=True),
    Parameter("requester", "requester", "Whose government asked: a country, as ISO code or name, or WLD for all.", "USA", is_needed=True),
    Parameter("measure", "measure", _COLUMNS["measure"], "requests", is_needed=True),
    Parameter("request_type", "request type", "The kind of demand; without it the reporter's total.", "nsl"),
    Parameter("service", "service", "Which service; without it all."),
    Parameter("authority", "authority", "Which authority asked; without it any.", choices=vocabulary.AUTHORITIES),
    Parameter("from", "day", "First day: periods that begin earlier are left out.", "2016-01-01"),
    Parameter("to", "day", "Last day: periods that end later are left out.", "2020-12-31"),
    Parameter("by", "choice", "`year` sums to calendar years.", "year", default=("as-published",), choices=("as-published", "year")),
    Parameter("as_of", "day", "As known on that day; without it today.", "2018-06-30"),
)
"""One series, asked for as on the command line."""

_DEFAULT = View()
VIEW = (
    Parameter("measure", "measure", _COLUMNS["measure"], "requests", default=(_DEFAULT.measure,)),
    Parameter("reporter", "reporter", _COLUMNS["reporter"], "microsoft", is_several=True, default=_DEFAULT.reporter),
    Parameter(
        "requester",
        "requester",
        "Whose government asked: a country, as ISO code or name, or WLD for all. A ranking or a map has every country.",
        "DEU",
        is_several=True,
        default=_DEFAULT.requester,
    ),
    Parameter("type", "request type", "The kind of demand; without it the reporters' totals.", "nsl", is_several=True),
    Parameter("service", "service", "Which service; without it all.", is_several=True),
    Parameter("authority", "authority", "Which authority asked; without it any.", is_several=True, choices=vocabulary.AUTHORITIES),
    Parameter("shape", "choice", "How it is shown.", "ranking", default=(_DEFAULT.shape,), choices=tuple(SHAPES)),
    Parameter("scale", "choice", "On which scale.", "day", default=(_DEFAULT.scale,), choices=tuple(SCALES)),
    Parameter("base", "period", "The period that is 100 on an indexed scale; without it the first that most series share.", "2016 H1"),
    Parameter("start", "period", "First period.", "2016"),
    Parameter("end", "period", "Last period.", "2020 H2"),
    Parameter("of", "reporter", "Whose numbers a ranking or map compares.", "google"),
    Parameter("period", "period", "Which period a ranking or map shows; without it the latest.", "2019 H2"),
    Parameter("known", "day", "As known on that day; without it today.", "2018-06-30"),
)
"""A view, asked for as in the address of the page that shows it."""

ALSO = {"type": "request_type", "known": "as_of"}
"""Other names for parameters of a view: those of the command line."""
ROWS = (
    *VIEW,
    *(
        Parameter(ALSO[one.name], one.kind, f"The same as `{one.name}`.", one.example, is_several=one.is_several)
        for one in VIEW
        if one.name in ALSO
    ),
    *(one for one in SERIES if one.name in ("from", "to")),
    Parameter(
        "by", "choice", "`year` is the same as `scale=calendar`, `as-published` as `scale=published`.", choices=("as-published", "year")
    ),
    Parameter(
        "rows",
        "choice",
        "`published`: every published number of the named reporters, requesters and measure, each with its document and cell; what is "
        "not named is left open. `shown`: the rows that the page shows, totals and scales included, each with how it was made.",
        default=("published",),
        choices=("published", "shown"),
    ),
)
"""The rows of a view, asked for as on the page or as on the command line."""
LANG = Parameter("lang", "choice", "The language of fixed words, numbers and dates.", "de", default=("en",), choices=tuple(LANGUAGES))


class Reader:
    """Reads addresses against what there is in a catalog."""

    def __init__(self, data: Catalog):
        self.data = data

    def read(self, query: str, parameters: tuple[Parameter, ...], *, strangers: bool = False) -> dict[str, list[str]]:
        """The values of each parameter that an address names. `strangers` lets stand what other sites hang on to addresses.

        A blank value of a parameter that takes several stands for none of them; any other blank value is as good as none given.
        """
        known = {parameter.name: parameter for parameter in parameters}
        found: dict[str, list[str]] = {}
        for name, text in _pairs(query):
            if strangers and name.startswith(_STRANGERS):
                continue
            if name not in known:
                raise BadParameter(shown(name), text, f"There is no parameter “{shown(name)}” here.", f"There are {', '.join(known)}.")
            if len(text) > LONGEST_VALUE:
                raise BadParameter(name, text, f"The value has {len(text):,} letters.", f"{LONGEST_VALUE} are the most.")
            values = found.setdefault(name, [])
            if text or known[name].is_several:
                values.append(self._understood(known[name], text) if text else "")
        for parameter in parameters:
            values = found.get(parameter.name, [])
            if parameter.is_needed and not values:
                raise BadParameter(
                    parameter.name, "", f"The parameter “{parameter.name}” is missing.", f"Write {parameter.name}={parameter.example}."
                )
            if not parameter.is_several and len(set(values)) > 1:
                raise BadParameter(parameter.name, values[1], f"“{parameter.name}” is given twice and takes one value.", "Give it once.")
        return found

    def view(self, values: dict[str, list[str]]) -> View:
        """The view that such values ask for, under its own names or those of the command line."""
        values = dict(values)
        scales = {"year": "calendar", "as-published": "published"}
        for name, also in (*ALSO.items(), ("scale", "by")):
            given = [scales.get(value, value) for value in values.pop(also, [])]
            if given and values.get(name) and values[name] != given:
                raise BadParameter(also, given[0], f"“{also}” and “{name}” ask for different things.", "Give one of them.")
            if given:
                values[name] = given
        return View.from_query({field.name: values.get(field.name, []) for field in fields(View)})

    def day(self, text: str, parameter: str) -> date | None:
        """The day on which the figures last changed before the one that a text names, so that all days between share their tables."""
        if not text:
            return None
        days, asked = self._changes, pd.Timestamp(text)
        if asked < days[0]:
            raise BadParameter(
                parameter, text, "Nothing of the data was known then.", f"The first document is known from {days[0]:%Y-%m-%d}."
            )
        return None if asked >= days[-1] else days[days <= asked][-1].date()

    @cached_property
    def _changes(self) -> pd.DatetimeIndex:
        return pd.DatetimeIndex(self.data.documents["known_from"].drop_duplicates().sort_values())

    @cached_property
    def _known(self) -> dict[str, list[str]]:
        observations = self.data.observations
        return {
            "reporter": sorted({*self.data.reporters["reporter"], *observations["reporter"].unique()}),
            "measure": list(self.data.measures["measure"]),
            "request type": list(self.data.request_types["request_type"]),
            "service": sorted(observations["service"].unique()),
            "authority": list(vocabulary.AUTHORITIES),
            "document": list(self.data.documents["document"]),
            "statement": list(statements.bundled().statements["statement"]),
        }

    def _understood(self, parameter: Parameter, text: str) -> str:
        name, value = parameter.name, shown(text)
        if parameter.kind == "day":
            with contextlib.suppress(ValueError):
                day = date.fromisoformat(text)
                if DAYS[0] <= day <= DAYS[1]:
                    return day.isoformat()
            raise BadParameter(name, text, f"“{value}” is not a day.", f"Write one like {parameter.example}, from {DAYS[0]} to {DAYS[1]}.")
        if parameter.kind == "period":
            if periods.parse(text) is None:
                raise BadParameter(name, text, f"“{value}” names no period.", "Write it like 2019 H2, 2019, 2019 Q3 or Jan – Jun 2019.")
            return text
        if parameter.kind == "requester":
            if code := places.code(text):
                return code
            near = [places.name(code) for code in places.meanings(text)] or places.nearest(text)
            instead = f"Did you mean {' or '.join(near)}?" if near else "Write an ISO code such as DEU, an English name, or WLD for all."
            raise BadParameter(name, text, f"There is no requester “{value}”.", instead)
        known = parameter.choices if parameter.kind == "choice" else self._known[parameter.kind]
        if text in known:
            return text
        wrong = f"“{name}” cannot be “{value}”." if parameter.kind == "choice" else f"There is no {parameter.kind} “{value}” in the data."
        near = difflib.get_close_matches(text.casefold(), known, cutoff=0.6)
        instead = (
            f"/api/v1/{parameter.kind}s.json has the names of all."
            if parameter.kind in ("document", "statement")
            else f"There are {', '.join(known)}."
        )
        raise BadParameter(name, text, wrong, f"Did you mean {' or '.join(near)}? {instead}" if near else instead)


def shown(text: str) -> str:
    """A text of another's making as it is given back: on one line, without control marks, cut where it is long."""
    kept = "".join(letter if letter.isprintable() else "�" for letter in text[:81])
    return kept if len(text) <= 80 else f"{kept[:79]}…"


def _pairs(query: str) -> list[tuple[str, str]]:
    if len(query) > LONGEST_QUERY:
        raise BadParameter("", "", f"The query has {len(query):,} letters.", f"{LONGEST_QUERY:,} are the most; ask for less at once.")
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_VALUES)
    except ValueError:
        raise BadParameter(
            "", "", f"The query has more than {MOST_VALUES} values.", "Ask for less at once, or leave a parameter open."
        ) from None
