"""The names of all countries, as CLDR and ISO spell them, as one table that loads at once: `dashboard/model/place_names_cldr.csv`.

`python -m dashboard.build.place_names` writes it anew, after an update of Babel or pycountry.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pycountry
from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

from dashboard.model import places

_ALSO_READ = ("cs", "sk", "sv", "da", "nb", "fi", "hu", "ro", "el", "bg", "hr")
"""Languages whose names of countries are read in tables, and in which nothing is written."""


def names() -> dict[str, str]:
    """Folded names and the code each stands for; a name of two places stands for none, unless English settles it."""
    by_alpha2 = {country.alpha_2: country.alpha_3 for country in pycountry.countries} | {"XK": places.KOSOVO, "UN": places.UNITED_NATIONS}
    spelled: dict[str, set[str]] = defaultdict(set)
    also: dict[str, set[str]] = defaultdict(set)
    for short, code in by_alpha2.items():
        own = [language for language in get_official_languages(short, regional=True, de_facto=True) if language not in places.LANGUAGES]
        for language in (*places.LANGUAGES, *own):
            if name := _territories(language).get(short):
                spelled[places.fold(name)].add(code)
        for language in _ALSO_READ:
            also[places.fold(_territories(language).get(short, ""))].add(code)
    # A name in a further language takes nothing from those above.
    known = {name: codes.pop() for name, codes in ({**also, **spelled}).items() if name and len(codes) == 1}
    for country in pycountry.countries:
        for name in (country.name, getattr(country, "common_name", ""), getattr(country, "official_name", "")):
            if name:
                head, _, tail = name.partition(", ")
                known |= {places.fold(variant): country.alpha_3 for variant in (name, f"{tail} {head}")}
        known |= dict.fromkeys((country.alpha_2.lower(), country.alpha_3.lower()), country.alpha_3)
    return dict(sorted(known.items()))


def write(path: Path) -> None:
    """Write the table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name", "code"])
        writer.writerows(names().items())


def _territories(language: str) -> dict[str, str]:
    try:
        return Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return {}


if __name__ == "__main__":
    write(Path(places.__file__).with_name("place_names_cldr.csv"))
