"""Requesters: whose government asked, as ISO 3166-1 alpha-3 codes, with `XKX` for Kosovo and `WLD` for a
publisher's own worldwide total. Names are recognised exactly, never by resemblance: look-alikes are offered."""

from __future__ import annotations

import csv
import difflib
import functools
import re
import unicodedata
from importlib import resources

import pycountry
from babel import Locale

WORLD = "WLD"
KOSOVO = "XKX"
UNITED_NATIONS = "UNO"  # no country, but a requester in published reports; the code is the one ISO reserves for its passports
_CODE_LETTERS = 3
LANGUAGES = ("en", "fr", "de", "es", "pt", "it", "nl", "zh", "zh_Hant", "ru", "ja", "ko", "tr", "pl", "ar", "uk")
_WITH_THE = re.compile(r"^(United |Netherlands|Philippines|Bahamas|Gambia|Maldives|Comoros|Seychelles|Isle )|Islands|Republic|Territor")


def code(text: str) -> str | None:
    """The requester that a code or a name in any of our languages stands for; None where it is not known.

    Exact after folding case, accents, punctuation and spaces; a known slip of the pen is corrected (see `is_slip`).
    """
    key = fold(text)
    if not key:
        return None
    return _slips().get(key) or _known().get(key) or _without_articles().get(_bare(key))


def is_slip(text: str) -> bool:
    """Whether a text is a known misspelling, to be corrected visibly."""
    return fold(text) in _slips()


def meanings(text: str) -> tuple[str, ...]:
    """The places that an ambiguous name may mean; empty where the name is plain or unknown."""
    return _ambiguous().get(fold(text), ())


def nearest(text: str) -> list[str]:
    """At most three English names, those most like an unknown one, to be offered and never assumed."""
    near = difflib.get_close_matches(fold(text), _known(), n=9, cutoff=0.72)
    return list(dict.fromkeys(name(_known()[key]) for key in near))[:3]


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


def in_sentence(requester: str) -> str:
    """Its English name as it stands within a sentence: the United States, the Cayman Islands, Germany."""
    shown = name(requester)
    return f"the {shown}" if _WITH_THE.search(shown) else shown


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


@functools.lru_cache(4096)
def fold(text: str) -> str:
    """A name reduced to what identifies it: lower case, no accents, no punctuation, no invisible letters, single spaces, `&` as and."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("&", " and ").replace("’", "'"))
    text = "".join(letter for letter in text if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf")
    return " ".join(re.findall(r"\w+", text.replace("_", " ")))


@functools.cache
def _ours() -> list[dict[str, str]]:
    # Slips, house styles and everyday names seen in published reports, and names of several places; folded as `fold` does.
    return _rows("place_names.csv")


@functools.cache
def _slips() -> dict[str, str]:
    return {row["name"]: row["code"] for row in _ours() if row["kind"] == "slip"}


@functools.cache
def _ambiguous() -> dict[str, tuple[str, ...]]:
    return {row["name"]: tuple(row["code"].split()) for row in _ours() if row["kind"].startswith("several")}


@functools.cache
def _known() -> dict[str, str]:
    # What we spell out beats CLDR and ISO. Georgia and Guinea are also the plain names of countries; a bare Congo or Korea names none.
    known = {row["name"]: row["code"] for row in _rows("place_names_cldr.csv")}
    known |= {row["name"]: row["code"] for row in _ours() if row["kind"] == "name"}
    for row in _ours():
        if row["kind"] == "several":
            known.pop(row["name"], None)
    return known


@functools.cache
def _without_articles() -> dict[str, str]:
    # “Netherlands (the)”, “Korea (the Republic of)”: as ISO writes them. A name that then means several places names none, and
    # a code has no article: “in the” is not India.
    bare: dict[str, set[str]] = {}
    for known, meant in _known().items():
        bare.setdefault(_bare(known), set()).add(meant)
    return {
        known: meant.pop() for known, meant in bare.items() if len(meant) == 1 and len(known) > _CODE_LETTERS and known not in _ambiguous()
    }


def _bare(key: str) -> str:
    return " ".join(word for word in key.split() if word != "the")


def _rows(name: str) -> list[dict[str, str]]:
    with resources.files(__package__).joinpath(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
