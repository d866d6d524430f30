"""The language of a figure: its fixed words, and numbers, dates, periods and places as that language writes them (CLDR)."""

from __future__ import annotations

import functools
import re
import tomllib
from datetime import date
from pathlib import Path

import pycountry
from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

from dashboard.catalog.shipped import Catalog
from dashboard.display import sentences
from dashboard.model import places
from dashboard.model.periods import Period

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español", "zh": "中文"}
"""The languages in which a figure can be drawn, by their own names."""
_TRANSLATIONS = Path(__file__).resolve().parent / "translations.toml"
_UNGROUPED = {"es": 10_000}
"""Below this, CLDR groups no thousands in that language; Babel does not heed it."""


class Language(sentences.Names):
    """One language: every name and number of a figure as it is written there."""

    def __init__(self, code: str, catalog: Catalog):
        if code not in LANGUAGES:
            raise ValueError(f"no figure can be drawn in the language “{code}”: choose {', '.join(LANGUAGES)}")
        super().__init__(catalog)
        self.code = code
        self._locale = Locale.parse(code)

    def says(self, key: str, **values: str) -> str:
        """A fixed word or sentence, with what is said filled in."""
        return translations()["words"][key][self.code].format(**values)

    def form(self, form: str) -> str:
        """How we have a document, in words."""
        return translations()["form"][form][self.code]

    def measure(self, code: str) -> str:
        """A measure's name."""
        return self._translated("measure", code, super().measure(code))

    def unit(self, code: str) -> str:
        """A measure's unit in words."""
        unit = super().unit(code)
        return self._translated("unit", unit, unit)

    def request_type(self, code: str) -> str:
        """A request type's name."""
        return self._translated("request_type", code, super().request_type(code))

    def authority(self, code: str) -> str:
        """An authority's name."""
        return self._translated("authority", code, super().authority(code))

    def requester(self, code: str) -> str:
        """A requester's name."""
        if code == places.WORLD:
            return self.says("world")
        if self.code == "en":
            return places.name(code)
        country = pycountry.countries.get(alpha_3=code)
        alpha_2 = country.alpha_2 if country else {places.KOSOVO: "XK", places.UNITED_NATIONS: "UN"}.get(code, "")
        return self._locale.territories.get(alpha_2) or places.name(code)

    def number(self, value: float, decimals: int = 0) -> str:
        """A number with so many decimals."""
        grouped = abs(value) >= _UNGROUPED.get(self.code, 0)
        return format_decimal(
            round(value, decimals), format=f"#,##0.{'0' * decimals}" if decimals else "#,##0", locale=self._locale, group_separator=grouped
        )

    def percent(self, value: float, decimals: int = 0) -> str:
        """A percentage, `64` for 64 %, with the sign where the language puts it."""
        pattern = self._locale.percent_formats[None].pattern
        return format_percent(value / 100, format=pattern.replace("0", f"0.{'0' * decimals}") if decimals else pattern, locale=self._locale)

    def value(self, low: float, high: float, measure: str, scaled: bool = False) -> str:
        """An interval as it is read, with the same digits as on the pages."""
        text = sentences.value(low, high, measure, scaled)
        if low != low:
            return self.says("unpublished")
        if text.endswith(" or more"):
            return self.says("or_more", low=self._rewritten(text.removesuffix(" or more")))
        if not text.endswith(" %"):
            return self._rewritten(text)
        ends = text.removesuffix(" %").split("–")
        *first, last = ends
        shown = self.percent(float(last.replace(",", "")), len(last.partition(".")[2]))
        return "–".join([*(self._rewritten(end) for end in first), shown])

    def period(self, period: Period) -> str:
        """A period as it is shown."""
        start, end, months = period.start, period.end, period.months
        if months is None:
            return f"{self.day(start)} – {self.day(end)}"
        if months == 12 and start.month == 1:
            return self.says("year", year=str(start.year))
        if months == 6 and start.month in (1, 7):
            half = self.says("first_half" if start.month == 1 else "second_half")
            return {"en": f"{start.year} {half}", "zh": f"{start.year}年{half}"}.get(self.code, f"{half} {start.year}")
        if months == 3 and start.month % 3 == 1:
            return self.says("quarter", year=str(start.year), number=str(start.month // 3 + 1))
        if months == 1:
            return self.month(start)
        if months % 12 == 0 and start.month == 1:
            return f"{start.year}–{self.says('year', year=str(end.year))}"
        return f"{self.month(start)} – {self.month(end)}"

    def month(self, day: date) -> str:
        """A month with its year."""
        return format_skeleton("yMMM", day, locale=self._locale)

    def day(self, day: date) -> str:
        """A day."""
        return format_date(day, "long", locale=self._locale)

    def listed(self, names: list[str]) -> str:
        """Several names in one enumeration."""
        if len(names) < 2:
            return "".join(names)
        between = "" if self.code == "zh" else " "
        comma = "、" if self.code == "zh" else ", "
        return f"{comma.join(names[:-1])}{between}{self.says('and')}{between}{names[-1]}"

    def _translated(self, kind: str, code: str, english: str) -> str:
        if self.code == "en":
            return english
        return translations()[kind].get(code, {}).get(self.code, english)

    def _rewritten(self, text: str) -> str:
        # The digits are those of the pages; only the marks between them change.
        if self.code == "en":
            return text
        return re.sub(
            r"\d[\d,]*(?:\.\d+)?", lambda found: self.number(float(found[0].replace(",", "")), len(found[0].partition(".")[2])), text
        )


@functools.cache
def translations() -> dict:
    """The fixed words by kind, code and language."""
    return tomllib.loads(_TRANSLATIONS.read_text(encoding="utf-8"))
