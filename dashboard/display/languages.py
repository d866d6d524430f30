"""One language: names, fixed words, and numbers, dates, periods and places as that language writes them (CLDR)."""

from __future__ import annotations

import csv
import functools
import math
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pycountry
from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

from dashboard.analysis import NO_REQUESTS
from dashboard.catalog.shipped import Catalog
from dashboard.model import places, vocabulary
from dashboard.model.intervals import Interval, outwards
from dashboard.model.periods import Period, day_label, label

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "zh": "中文"}
"""The languages in which a figure can be drawn, by their own names."""
_TRANSLATIONS = Path(__file__).resolve().parent / "translations.toml"
_UNGROUPED = {"es": 10_000}
"""Below this, CLDR groups no thousands in that language; Babel does not heed it."""


@dataclass(frozen=True)
class Rounded:
    """An interval as it is shown: its ends with so many decimals; a share in per cent. One number where the ends are equal."""

    low: float
    high: float
    decimals: int
    is_percent: bool = False


def rounded(interval: Interval, measure: str, scaled: bool = False) -> Rounded:
    """How an interval of a measure is shown. A range is rounded outwards, so that what is shown holds what is held; a
    single number to its last decimal. What is above nothing is not shown as nothing, nor a share below all as all.
    """
    if measure in vocabulary.SHARES and not scaled:
        return _rounded_share(interval)
    if not scaled:
        shown = interval if interval.is_exact else outwards(interval)
        return Rounded(shown.low, shown.high, 0)
    if all(end == math.inf or float(end).is_integer() for end in (interval.low, interval.high)):
        return Rounded(interval.low, interval.high, 0)
    first = 0 if interval.high >= 100 else 1 if interval.high >= 10 else 2 if interval.high >= 1 else 3
    return _with_decimals(interval, first)


def _rounded_share(interval: Interval) -> Rounded:
    low, high = Decimal(repr(float(interval.low))) * 100, Decimal(repr(float(interval.high))) * 100
    for decimals in range(4):
        unit = Decimal(1).scaleb(-decimals)
        middle = (low + high) / 2
        # [63.5, 64.5] is what a printed 64 % allows, so it is shown as it was printed.
        if high - low == unit and middle == middle.quantize(unit):
            return Rounded(float(middle), float(middle), decimals, True)
    percent = Interval(float(low), float(high))
    whole = all(end == round(end) for end in (percent.low, percent.high))
    shown = _with_decimals(percent, 0 if whole else 1, maximum=100)
    if shown.low == round(shown.low) and shown.high == round(shown.high) and not percent.is_exact:
        return Rounded(shown.low, shown.high, 0, True)
    return Rounded(shown.low, shown.high, shown.decimals, True)


def _with_decimals(interval: Interval, decimals: int, maximum: float = math.inf) -> Rounded:
    for more in range(decimals, _FINEST + 1):
        shown = Interval.exact(round(interval.low, more)) if interval.is_exact else outwards(interval, more)
        if (shown.low > 0 or interval.low <= 0) and (shown.high < maximum or interval.high >= maximum):
            return Rounded(shown.low, shown.high, more)
    return Rounded(shown.low, shown.high, _FINEST)


_FINEST = 9
"""Decimals after which a number is shown as nothing, or a share as all, although it is not."""


class Numerals:
    """Numbers, days and periods as one language writes them."""

    def __init__(self, code: str):
        if code not in LANGUAGES:
            raise ValueError(f"no figure can be drawn in the language “{code}”: choose {', '.join(LANGUAGES)}")
        self.code = code
        self._locale = Locale.parse(code)

    def phrase(self, key: str, **values: str) -> str:
        """A fixed word or sentence, with the values filled in."""
        return translations()["words"][key][self.code].format(**values)

    def number(self, value: float, decimals: int = 0) -> str:
        """A number with so many decimals."""
        if self.code == "en":
            return f"{value:,.{decimals}f}"
        grouped = abs(value) >= _UNGROUPED.get(self.code, 0)
        return format_decimal(
            round(value, decimals), format=f"#,##0.{'0' * decimals}" if decimals else "#,##0", locale=self._locale, group_separator=grouped
        )

    def percent(self, value: float, decimals: int = 0) -> str:
        """A percentage, `64` for 64 %, with the sign where the language puts it."""
        if self.code == "en":
            return f"{value:,.{decimals}f} %"
        pattern = self._locale.percent_formats[None].pattern
        return format_percent(
            round(value, decimals) / 100, format=pattern.replace("0", f"0.{'0' * decimals}") if decimals else pattern, locale=self._locale
        )

    def value(self, low: float, high: float, measure: str, scaled: bool = False, why: str = "") -> str:
        """An interval as it is read: `44,943`, `0–499`, `500 or more`, `63–65 %`, `12.4–12.5` on a scale.

        Without a number: *not published*, or *no requests* where that is `why`.
        """
        if low != low:
            return self.phrase("no_requests" if why == NO_REQUESTS else "unpublished")
        return self.written(rounded(Interval(low, high), measure, scaled))

    def written(self, shown: Rounded) -> str:
        """A rounded interval as this language writes it."""
        if math.isinf(shown.high):
            return self.phrase("or_more", low=self.number(shown.low, shown.decimals))
        last = self.percent(shown.high, shown.decimals) if shown.is_percent else self.number(shown.high, shown.decimals)
        return last if shown.low == shown.high else f"{self.number(shown.low, shown.decimals)}–{last}"

    def period(self, period: Period) -> str:
        """A period as it is shown."""
        start, end, months = period.start, period.end, period.months
        if self.code == "en":
            return label(period)
        if months is None:
            return f"{self.day(start)} – {self.day(end)}"
        if months == 12 and start.month == 1:
            return self.phrase("year", year=str(start.year))
        if months == 6 and start.month in (1, 7):
            half = self.phrase("first_half" if start.month == 1 else "second_half")
            return f"{start.year}年{half}" if self.code == "zh" else f"{half} {start.year}"
        if months == 3 and start.month % 3 == 1:
            return self.phrase("quarter", year=str(start.year), number=str(start.month // 3 + 1))
        if months == 1:
            return self.month(start)
        if months % 12 == 0 and start.month == 1:
            return f"{start.year}–{self.phrase('year', year=str(end.year))}"
        return f"{self.month(start)} – {self.month(end)}"

    def month(self, day: date) -> str:
        """A month with its year."""
        return format_skeleton("yMMM", day, locale=self._locale)

    def day(self, day: date) -> str:
        """A day."""
        return day_label(day) if self.code == "en" else format_date(day, "long", locale=self._locale)

    def listed(self, names: list[str]) -> str:
        """Several names in one enumeration."""
        if len(names) < 2:
            return "".join(names)
        between = "" if self.code == "zh" else " "
        comma = "、" if self.code == "zh" else ", "
        return f"{comma.join(names[:-1])}{between}{self.phrase('and')}{between}{names[-1]}"

    def sentences(self, *sentences: str) -> str:
        """Sentences one after the other; a blank one is none."""
        return ("" if self.code == "zh" else " ").join(sentence for sentence in sentences if sentence)


class Language(Numerals):
    """One language with the names of everything in a catalog."""

    def __init__(self, code: str, catalog: Catalog):
        super().__init__(code)
        self._reporters = catalog.reporters.set_index("reporter")["name"].to_dict()
        self._measures = catalog.measures.set_index("measure")["label"].to_dict()
        self._units = catalog.measures.set_index("measure")["unit"].to_dict()
        self._types = catalog.request_types.set_index("request_type")["label"].to_dict()
        self._catalog = catalog

    def reporter(self, code: str) -> str:
        """A reporter's name."""
        return self._reporters.get(code, code)

    def service(self, code: str) -> str:
        """A service's name."""
        return translations()["service"].get(code, {}).get("en", code.replace("_", " "))

    def of(self, column: str, code: str) -> str:
        """The name of a code of a column."""
        return getattr(self, column)(code)

    def form(self, form: str) -> str:
        """How we have a document, in words."""
        return translations()["form"][form][self.code]

    def made(self, made_by: str) -> str:
        """How a number came about that is not printed, in words."""
        return translations()["made"][made_by][self.code]

    def break_label(self, label: str) -> str:
        """What changed at a break, in a few words; of a visitor's own data as it is written there."""
        return _break_labels().get(label, {}).get(self.code, label)

    def breaks_within(self, codes: Sequence[Collection[str]], first: date, last: date) -> list[date]:
        """The days on which series of some reporters, requesters, measures and request types break after a first day and up to a last, in order."""
        rows = self._catalog.break_rows
        return sorted({rows[row][0] for row in self._catalog.breaks_within(codes, first, last)})

    def measure(self, code: str) -> str:
        """A measure's name."""
        return self._translated("measure", code, self._measures.get(code, code))

    def unit(self, code: str) -> str:
        """A measure's unit in words."""
        unit = self._units.get(code, code)
        return self._translated("unit", unit, unit)

    def request_type(self, code: str) -> str:
        """A request type's name."""
        return self._translated("request_type", code, self._types.get(code, code))

    def authority(self, code: str) -> str:
        """An authority's name."""
        return translations()["authority"].get(code, {}).get(self.code, code)

    def requester(self, code: str) -> str:
        """A requester's name."""
        if code == places.WORLD:
            return self.phrase("world")
        if self.code == "en":
            return places.name(code)
        country = pycountry.countries.get(alpha_3=code)
        alpha_2 = country.alpha_2 if country else {places.KOSOVO: "XK", places.UNITED_NATIONS: "UN"}.get(code, "")
        return self._locale.territories.get(alpha_2) or places.name(code)

    def meaning_of_measure(self, code: str) -> str:
        """What a measure counts, in English; blank for a code that is none."""
        return self._meanings["measure"].get(code, "")

    def meaning_of_type(self, code: str) -> str:
        """What a request type is, in English; blank for a code that is none."""
        return self._meanings["request_type"].get(code, "")

    def definition(self, reporter: str, measure: str) -> str:
        """What a reporter means by a measure now, in its words; blank where it does not say."""
        return self._definitions.get((reporter, measure), "")

    @functools.cached_property
    def _meanings(self) -> dict[str, dict[str, str]]:
        tables = {"measure": self._catalog.measures, "request_type": self._catalog.request_types}
        return {column: table.set_index(column)["definition"].to_dict() for column, table in tables.items()}

    @functools.cached_property
    def _definitions(self) -> dict[tuple[str, str], str]:
        valid = self._catalog.definitions[self._catalog.definitions["valid_to"] == ""]
        return valid.drop_duplicates(["reporter", "measure"]).set_index(["reporter", "measure"])["definition"].to_dict()

    def _translated(self, kind: str, code: str, english: str) -> str:
        if self.code == "en":
            return english
        return translations()[kind].get(code, {}).get(self.code, english)


ENGLISH = Numerals("en")
"""How pages and the command line write numbers."""


@functools.cache
def translations() -> dict:
    """The fixed words by kind, code and language."""
    return tomllib.loads(_TRANSLATIONS.read_text(encoding="utf-8"))


@functools.cache
def _break_labels() -> dict[str, dict[str, str]]:
    with (_TRANSLATIONS.parent / "break_labels.csv").open(encoding="utf-8", newline="") as file:
        return {row["en"]: row for row in csv.DictReader(file)}
