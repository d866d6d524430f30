"""The list of statements: found by words and conditions, in the order of what the project is about, each with its one verdict."""

from __future__ import annotations

import pandas as pd
from babel import Locale

from dashboard.model import places
from dashboard.statements.files import Statements, reporters_of
from dashboard.statements.verdicts import Verdict, of_claim, of_claims


def overall(statements: Statements, statement: str, verdicts: dict[str, list[Verdict]]) -> str:
    """The one verdict of a statement; blank where it holds no number."""
    claims = statements.claims[statements.claims["statement"] == statement]["claim"]
    readings = verdicts.get(statement, [])
    return of_claims([of_claim([verdict for verdict in readings if verdict.claim == claim]) for claim in claims])


def facets(statements: Statements, verdicts: dict[str, list]) -> dict[str, dict[str, int]]:
    """For each condition of a search, its values with the number of statements that have it."""
    reporters: dict[str, set[str]] = {}
    by_facet: dict[str, set[str]] = {}
    for name in statements.statements["statement"]:
        for reporter in reporters_of(statements, name):
            reporters.setdefault(reporter, set()).add(name)
        if word := overall(statements, name, verdicts):
            by_facet.setdefault(word, set()).add(name)
    counts = {column: statements.statements[column].value_counts().to_dict() for column in ("topic", "side", "language")}
    return counts | {
        "verdict": {verdict: len(names) for verdict, names in by_facet.items()},
        "reporter": {reporter: len(names) for reporter, names in reporters.items()},
    }


def search(
    statements: Statements,
    verdicts: dict[str, list],
    *,
    text: str = "",
    topic: list[str] = (),
    side: list[str] = (),
    language: list[str] = (),
    verdict: list[str] = (),
    reporter: list[str] = (),
) -> pd.DataFrame:
    """The statements that fit every condition; each word of the text must occur somewhere, the names of country
    and language among them; in the order of `in_order`."""
    table = statements.statements
    keep = pd.Series(True, index=table.index)
    for column, wanted in (("topic", topic), ("side", side), ("language", language)):
        if wanted:
            keep &= table[column].isin(wanted)
    if verdict:
        keep &= table["statement"].map(lambda name: overall(statements, name, verdicts) in verdict)
    if reporter:
        keep &= table["statement"].map(lambda name: bool(reporters_of(statements, name) & set(reporter)))
    columns = ["statement", "topic", "speaker", "role", "venue", "says", "quote", "date", "drift", "note"]
    everything = table[columns].agg(" ".join, axis=1)
    everything += " " + table["country"].map(places.name) + " " + table["language"].map(_language)
    everything = everything.str.casefold()
    for word in text.casefold().split():
        keep &= everything.str.contains(word, regex=False)
    return in_order(table[keep], statements)


TOPICS_FIRST = ("secrecy orders", "news item", "nondisclosure shares")
"""What the project is about; the other topics follow by name."""


def in_order(table: pd.DataFrame, statements: Statements) -> pd.DataFrame:
    """Statements by topic, what the project is about first; in each topic those with a number first, the most repeated, then the newest."""
    numbered = set(statements.claims["statement"])
    repeated = statements.statements["repeats"].value_counts()
    topics = [*TOPICS_FIRST, *sorted(set(statements.statements["topic"]) - set(TOPICS_FIRST))]
    keys = pd.DataFrame(
        {
            "topic": table["topic"].map(topics.index),
            "numberless": ~table["statement"].isin(numbered),
            "repeated": -table["statement"].map(repeated).fillna(0).astype(int),
            "day": [-int(day.replace("-", "").ljust(8, "0")) for day in table["date"]],
        },
        index=table.index,
    )
    return table.loc[keys.sort_values(["topic", "numberless", "repeated", "day"], kind="stable").index]


def _language(code: str) -> str:
    locale = Locale.parse(code)
    return f"{locale.get_display_name('en')} {locale.get_display_name()}"
