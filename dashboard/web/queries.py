"""What an address asks for, read strictly: what is not understood is told and never guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cached_property
from urllib.parse import parse_qsl

import pandas as pd

from dashboard import statements
from dashboard.analysis.parameters import SERIES, BadParameter, Parameter, read_all, shown
from dashboard.analysis.views import FIELDS, View
from dashboard.catalog.shipped import Catalog
from dashboard.display.languages import LANGUAGES

LONGEST_QUERY, MOST_VALUES = 8_000, 400
"""Letters after the question mark, and values in all."""
_STRANGERS = ("utm_", "fbclid", "gclid", "msclkid", "mc_cid", "mc_eid")
"""Beginnings of parameters that other sites hang on to an address; they ask for nothing."""

VIEW = tuple(FIELDS.values())
"""A view, asked for as in the address of the page that shows it."""
ALSO = {parameter.name: parameter.also for parameter in VIEW if parameter.also}
"""Other names for parameters of a view: those of the command line."""
_SAME_SCALES = {"year": "calendar", "as-published": "published"}
ROWS = (
    *VIEW,
    *(replace(one, name=one.also, also="", default=(), help=f"The same as `{one.name}`.") for one in VIEW if one.also),
    *(one for one in SERIES if one.name in ("from", "to")),
    Parameter(
        "by",
        "choice",
        "`year` is the same as `scale=calendar`, `as-published` as `scale=published`.",
        choices=next(one.choices for one in SERIES if one.name == "by"),
    ),
    Parameter(
        "rows",
        "choice",
        "`published`: every published number of the named reporters, requesters and measure, each with its document and cell; what is "
        "not named is left open. `shown`: the rows that the page shows, totals and scales included, each with how it was made.",
        default=("published",),
        choices={"published": "As published", "shown": "As shown"},
    ),
)
"""The rows of a view, asked for as on the page or as on the command line."""
LANG = Parameter(
    "lang", "choice", "The language of fixed words, numbers and dates.", "de", default=("en",), choices=dict.fromkeys(LANGUAGES, "")
)


class Reader:
    """Reads addresses against what there is in a catalog."""

    def __init__(self, data: Catalog):
        self.data = data

    def read(self, query: str, parameters: tuple[Parameter, ...], *, strangers: bool = False) -> dict[str, list[str]]:
        """The values of each parameter that an address names. `strangers` lets stand what other sites hang on to addresses.

        A blank value of a parameter that takes several stands for none of them; any other blank value is as good as none given.
        """
        pairs = [pair for pair in _pairs(query) if not (strangers and pair[0].startswith(_STRANGERS))]
        return self.understood(by_name(pairs), parameters)

    def understood(self, values: dict[str, list[str]], parameters: tuple[Parameter, ...]) -> dict[str, list[str]]:
        """The same for values that are told apart already; raises `BadParameter` for the first that is not understood."""
        names = [parameter.name for parameter in parameters]
        for name, texts in values.items():
            if name not in names:
                wrong = f"There is no parameter “{shown(name)}” here."
                raise BadParameter(
                    shown(name), texts[0] if texts else "", wrong, f"There are {', '.join(names)}." if names else "Take it out."
                )
        understood, problems = read_all(parameters, values, self.known)
        for problem in problems:
            raise problem
        return understood

    def view(self, values: dict[str, list[str]]) -> View:
        """The view that understood values ask for, under its own names or those of the command line."""
        values = dict(values)
        for name, also in (*ALSO.items(), ("scale", "by")):
            given = [_SAME_SCALES.get(value, value) for value in values.pop(also, [])]
            if given and values.get(name) and values[name] != given:
                raise BadParameter(also, given[0], f"“{also}” and “{name}” ask for different things.", "Give one of them.")
            if given:
                values[name] = given
        return View.from_query(values)

    def day(self, text: str, parameter: str) -> date | None:
        """The day on which the figures last changed before the one that a text names, so that all days between share their tables."""
        if not text:
            return None
        days, known_on = self._changes, pd.Timestamp(text)
        if known_on < days[0]:
            raise BadParameter(
                parameter, text, "Nothing of the data was known then.", f"The first document is known from {days[0]:%Y-%m-%d}."
            )
        return None if known_on >= days[-1] else days[days <= known_on][-1].date()

    @cached_property
    def _changes(self) -> pd.DatetimeIndex:
        return pd.DatetimeIndex(self.data.documents["known_from"].drop_duplicates().sort_values())

    @cached_property
    def known(self) -> dict[str, list[str]]:
        """The words of each kind that the data have."""
        return {
            "reporter": sorted({*self.data.reporters["reporter"], *self.data.codes("reporter")}),
            "service": sorted(self.data.codes("service")),
            "document": list(self.data.documents["document"]),
            "statement": list(statements.bundled().statements["statement"]),
        }


def by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """All values of each name, in their order."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values


def _pairs(query: str) -> list[tuple[str, str]]:
    if len(query) > LONGEST_QUERY:
        raise BadParameter("", "", f"The query has {len(query):,} letters.", f"{LONGEST_QUERY:,} are the most; ask for less at once.")
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_VALUES)
    except ValueError:
        raise BadParameter(
            "", "", f"The query has more than {MOST_VALUES} values.", "Ask for less at once, or leave a parameter open."
        ) from None
