"""Requesters: whose government asked, as ISO 3166-1 alpha-3 codes, with `XKX` for Kosovo and `WLD` for a
publisher's own worldwide total. Names are recognised exactly, never by resemblance: look-alikes are offered."""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata

import pycountry
from babel import Locale

WORLD = "WLD"
KOSOVO = "XKX"
UNITED_NATIONS = "UNO"  # no country, but a requester in published reports; the code is the one ISO reserves for its passports
LANGUAGES = ("en", "fr", "de", "es", "pt", "it", "nl", "zh", "zh_Hant", "ru", "ja", "ko", "tr", "pl", "ar", "uk")

# Slips and house styles seen in published reports: what was printed, what was meant.
SLIPS = {
    "beligum": "BEL",
    "cypress": "CYP",
    "paraquay": "PRY",
    "venezuala": "VEN",
    "urugay": "URY",
    "columbia": "COL",
    "phillipines": "PHL",
    "isreal": "ISR",
    "luxemburg": "LUX",
    "swizerland": "CHE",
}
# Names of one place that neither ISO nor CLDR spells so, folded as `fold` does.
NAMES = {
    "usa": "USA",
    "u s": "USA",
    "us": "USA",
    "u s a": "USA",
    "united states america": "USA",
    "america": "USA",
    "uk": "GBR",
    "u k": "GBR",
    "great britain": "GBR",
    "england": "GBR",
    "russia": "RUS",
    "south korea": "KOR",
    "s korea": "KOR",
    "s korea republic of korea": "KOR",
    "korea republic of": "KOR",
    "republic of korea": "KOR",
    "korea south": "KOR",
    "korea rep": "KOR",
    "north korea": "PRK",
    "turkey": "TUR",
    "turkiye": "TUR",
    "czech republic": "CZE",
    "macedonia": "MKD",
    "macedonia fyrom": "MKD",
    "macedonia former yugoslav republic of": "MKD",
    "swaziland": "SWZ",
    "burma": "MMR",
    "cape verde": "CPV",
    "ivory coast": "CIV",
    "china mainland": "CHN",
    "mainland china": "CHN",
    "hong kong": "HKG",
    "hong kong sar": "HKG",
    "macao": "MAC",
    "macau": "MAC",
    "palestine": "PSE",
    "palestinian territory": "PSE",
    "palestinian territories": "PSE",
    "taiwan": "TWN",
    "vatican city": "VAT",
    "holy see": "VAT",
    "kosovo": KOSOVO,
    "kosovo republic of": KOSOVO,
    "republic of kosovo": KOSOVO,
    "xk": KOSOVO,
    "xkx": KOSOVO,
    "un": UNITED_NATIONS,
    "uno": UNITED_NATIONS,
    "uae": "ARE",
    "the netherlands": "NLD",
    "the bahamas": "BHS",
    "the gambia": "GMB",
    "democratic republic of the congo": "COD",
    "holland": "NLD",
    "bosnia": "BIH",
    "east timor": "TLS",
    "congo kinshasa": "COD",
    "congo drc": "COD",
    "congo brazzaville": "COG",
    "dr congo": "COD",
    "st lucia": "LCA",
    "st kitts and nevis": "KNA",
    "st vincent and the grenadines": "VCT",
    "st martin": "MAF",
    "micronesia": "FSM",
    "federated states of micronesia": "FSM",
    "virgin islands us": "VIR",
    "us virgin islands": "VIR",
    "british virgin islands": "VGB",
    "reunion": "REU",
    "trinidad tobago": "TTO",
    "antigua": "ATG",
    "brunei": "BRN",
    "laos": "LAO",
    "syria": "SYR",
    "iran": "IRN",
    "moldova": "MDA",
    "tanzania": "TZA",
    "bolivia": "BOL",
    "venezuela": "VEN",
    "vietnam": "VNM",
    "viet nam": "VNM",
    # Everyday and formal names in other languages that CLDR does not have.
    "ee uu": "USA",
    "eeuu": "USA",
    "eua": "USA",
    "etats unis d amerique": "USA",
    "vereinigte staaten von amerika": "USA",
    "estados unidos de america": "USA",
    "estados unidos da america": "USA",
    "stati uniti d america": "USA",
    "großbritannien": "GBR",
    "grossbritannien": "GBR",
    "grande bretagne": "GBR",
    "gran bretana": "GBR",
    "gra bretanha": "GBR",
    "gran bretagna": "GBR",
    "the united kingdom": "GBR",
    "republique tcheque": "CZE",
    "tschechische republik": "CZE",
    "republica checa": "CZE",
    "republica tcheca": "CZE",
    "repubblica ceca": "CZE",
    "olanda": "NLD",
    "weißrussland": "BLR",
    "weissrussland": "BLR",
    "moldawien": "MDA",
    "birmania": "MMR",
    "birmanie": "MMR",
    "russische foderation": "RUS",
    "federation de russie": "RUS",
    "federacion de rusia": "RUS",
    "elfenbeinkuste": "CIV",
    "swasiland": "SWZ",
    "vae": "ARE",
    "rdc": "COD",
    "prc": "CHN",
    "republic of ireland": "IRL",
    "香港": "HKG",
    "澳门": "MAC",
    "澳門": "MAC",
    "worldwide": WORLD,
    "global": WORLD,
    "world": WORLD,
    "total": WORLD,
    "wld": WORLD,
}
AMBIGUOUS = {
    "congo": ("COD", "COG"),
    "korea": ("KOR", "PRK"),
    "georgia": ("GEO", "USA"),
    "guinea": ("GIN", "GNQ", "GNB", "PNG"),
    "saint martin": ("MAF", "SXM"),
    "virgin islands": ("VGB", "VIR"),
}


def code(text: str) -> str | None:
    """The requester that a code or a name in any of our languages stands for; None where it is not known.

    Exact after folding case, accents, punctuation and spaces; a known slip of the pen is corrected (see `is_slip`).
    """
    key = fold(text)
    if not key:
        return None
    if key in SLIPS:
        return SLIPS[key]
    return _known().get(key)


def is_slip(text: str) -> bool:
    """Whether a text is a known misspelling, to be corrected visibly."""
    return fold(text) in SLIPS


def meanings(text: str) -> tuple[str, ...]:
    """The places that an ambiguous name may mean; empty where the name is plain or unknown."""
    return AMBIGUOUS.get(fold(text), ())


def nearest(text: str, count: int = 3) -> list[str]:
    """English names that resemble an unknown one, to be offered and never assumed."""
    near = difflib.get_close_matches(fold(text), _known(), n=count * 3, cutoff=0.72)
    return list(dict.fromkeys(name(_known()[key]) for key in near))[:count]


@functools.cache
def name(requester: str, language: str = "en") -> str:
    """The name of a requester in a language, from CLDR; a code that is no country is given back as it is."""
    if requester == WORLD:
        return "Worldwide"
    if requester == "HKG" and language == "en":
        return "Hong Kong"
    if requester == "MAC" and language == "en":
        return "Macao"
    if requester == "PSE" and language == "en":
        return "Palestine"
    if requester == "MMR" and language == "en":
        return "Myanmar"
    short = alpha2(requester)
    return Locale.parse(language).territories.get(short, requester) if short else requester


@functools.cache
def alpha2(requester: str) -> str | None:
    """The two-letter code (`XK` for Kosovo); None where there is none."""
    if requester == KOSOVO:
        return "XK"
    if requester == UNITED_NATIONS:
        return "UN"
    country = pycountry.countries.get(alpha_3=requester)
    return country.alpha_2 if country else None


@functools.cache
def codes() -> frozenset[str]:
    """Every code a requester may have."""
    return frozenset(country.alpha_3 for country in pycountry.countries) | {KOSOVO, UNITED_NATIONS, WORLD}


def fold(text: str) -> str:
    """A name reduced to what identifies it: lower case, no accents, no punctuation, single spaces, `&` as and."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("&", " and ").replace("’", "'"))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", text.replace("_", " ")))


@functools.cache
def _known() -> dict[str, str]:
    # Later entries win: what we spell out beats English, and English beats the other languages.
    known: dict[str, str] = {}
    by_alpha2 = {country.alpha_2: country.alpha_3 for country in pycountry.countries} | {"XK": KOSOVO, "UN": UNITED_NATIONS}
    clashes: dict[str, set[str]] = {}
    for language in reversed(LANGUAGES):
        for short, spelled in Locale.parse(language).territories.items():
            if short in by_alpha2:
                key = fold(spelled)
                clashes.setdefault(key, set()).add(by_alpha2[short])
                known[key] = by_alpha2[short]
    for key, several in clashes.items():
        if len(several) > 1:
            del known[key]
    for country in pycountry.countries:
        for spelled in (country.name, getattr(country, "common_name", ""), getattr(country, "official_name", "")):
            if spelled:
                known[fold(spelled)] = country.alpha_3
                if ", " in spelled:
                    head, _, tail = spelled.partition(", ")
                    known[fold(f"{tail} {head}")] = country.alpha_3
        known[country.alpha_2.lower()] = known[country.alpha_3.lower()] = country.alpha_3
    known |= NAMES
    for key in AMBIGUOUS:
        # Georgia and Guinea are also the plain names of countries; a bare Congo or Korea names none.
        if key not in ("georgia", "guinea"):
            known.pop(key, None)
    return known
