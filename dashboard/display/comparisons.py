"""How far reporters count the same, in words and signs of any language; the difference itself is told in English, as definitions are kept.

Tables are those of `analysis.with_totals`, with a `label` for each series where a function says so.
"""

from __future__ import annotations

import pandas as pd

from dashboard.analysis import definitions
from dashboard.analysis.definitions import Comparison, Degree, Likeness
from dashboard.catalog.shipped import Catalog
from dashboard.display.languages import Language

SIGNS = {Likeness.SAME: "=", Likeness.CLOSE: "≈", Likeness.NOT_COMPARABLE: "≠"}
"""The sign of how far one reporter counts the same as another."""


def comparability(table: pd.DataFrame, catalog: Catalog, language: Language, *, brief: bool = False) -> str:
    """Where reporters that count differently share a chart, how far each counts the same as the first; else empty.

    The difference itself is told in English where there are two reporters; several are told in groups. A `brief` one reads the signs of
    `signed_labels`.
    """
    likenesses = definitions.beside_first(table, catalog)
    reporters = sorted(table["reporter"].unique())
    if len(reporters) < 2 or (likenesses and all(comparison.likeness is Likeness.SAME for comparison in likenesses.values())):
        return ""
    unlike = language.phrase("unlike", who=language.listed([language.reporter(reporter) for reporter in reporters]))
    if not likenesses:
        return unlike
    first, *others = likenesses
    if brief:
        there = {likenesses[other].likeness for other in others}
        each = "; ".join(f"{sign} {language.phrase(one.name.lower())}" for one, sign in SIGNS.items() if one in there)
        return language.sentences(language.phrase("beside", who=language.reporter(first), each=each), language.phrase("movements"))
    groups: dict[str, list[str]] = {}
    for other in others:
        comparison = likenesses[other]
        words = _likeness(first, other, comparison, language) if len(others) == 1 else language.phrase(comparison.likeness.name.lower())
        groups.setdefault(words, []).append(language.reporter(other))
    each = "; ".join(f"{language.listed(names)} – {words}" for words, names in groups.items())
    return language.sentences(unlike, language.phrase("beside", who=language.reporter(first), each=each))


def signed_labels(table: pd.DataFrame, catalog: Catalog) -> dict[str, str]:
    """How each series is named on a chart, by its `label`: with the sign of how far its reporter counts the same as the first, where some count otherwise."""
    likenesses = definitions.beside_first(table, catalog)
    others = {reporter: SIGNS[one.likeness] for reporter, one in list(likenesses.items())[1:]}
    signs = others if set(others.values()) != {SIGNS[Likeness.SAME]} else {}
    series = table.drop_duplicates("label")
    return {row.label: f"{row.label} {signs[row.reporter]}" if row.reporter in signs else row.label for row in series.itertuples()}


def unshared(first: str, other: str, comparison: Comparison, language: Language) -> str:
    """What two reporters do not count alike, in English; blank where nothing is described."""
    names = [language.reporter(first), language.reporter(other)]
    whole: dict[str, list[str]] = {}
    clauses = []
    for word, *degrees in comparison.differences:
        if set(degrees) == {None, Degree.ALL}:
            whole.setdefault(names[degrees.index(Degree.ALL)], []).append(word)
        else:
            clauses += [_DEGREES[degree].format(who=who, word=word) for who, degree in zip(names, degrees, strict=True)]
    return ", ".join([*(f"only {who} counts {language.listed(words)}" for who, words in whole.items()), *clauses])


_DEGREES = {
    Degree.ALL: "{who} counts {word}",
    Degree.SOME: "{who} counts some {word}",
    Degree.UNTOLD: "{who} does not say whether it counts {word}",
    None: "{who} counts no {word}",
}


def comparabilities(table: pd.DataFrame, catalog: Catalog, language: Language) -> pd.Series:
    """For each row of a table of several reporters how far its reporter counts the same as the first of them; else blank."""
    first, *others = definitions.beside_first(table, catalog).items() or [("", None)]
    words = {
        other: f"{_likeness(first[0], other, comparison, language)}, compared with {language.reporter(first[0])}"
        for other, comparison in others
    }
    return pd.Series([words.get(reporter, "") for reporter in table["reporter"]], index=table.index, dtype=str)


def _likeness(first: str, other: str, comparison: Comparison, language: Language) -> str:
    """How far a reporter counts the same as another, in words, with the difference in English: definitions are kept in English."""
    words, difference = language.phrase(comparison.likeness.name.lower()), unshared(first, other, comparison, language)
    return f"{words} ({difference})" if difference and language.code == "en" else words
