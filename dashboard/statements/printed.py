"""Statements, verdicts and own claims as text for a terminal and as plain values for a script."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from dashboard.model.intervals import number
from dashboard.model.periods import day_label
from dashboard.statements.claim import Understanding
from dashboard.statements.files import Statements
from dashboard.statements.lexicon import Role
from dashboard.statements.own import Answer, plain
from dashboard.statements.verdicts import Verdict
from dashboard.statements.wording import claim as claim_in_words
from dashboard.statements.wording import flag as flag_in_words
from dashboard.statements.wording import sentence, summary

ALIKE = 0.7
LONGEST_NAME = 80
MOST_CELLS = 4
"""Cells named beside a verdict in text; JSON has all of them."""


def near_names(statements: Statements, name: str) -> list[str]:
    """The three statements at most whose short names most resemble an unknown one."""
    wanted = name.casefold()[:LONGEST_NAME]
    names = statements.statements["statement"]
    # Names are long, so it is their beginnings that are compared; a part of a name counts as near.
    alike = {known: 1.0 if wanted and wanted in known else _ratio(wanted, known[: len(wanted) + 1]) for known in names}
    return [known for known in sorted(alike, key=alike.get, reverse=True) if alike[known] >= ALIKE][:3]


def verdicts_as_text(statement_tables: Statements, verdicts: list[Verdict]) -> str:
    """Statement by statement: the claim, and under it each reading with its verdict, its arithmetic and its cells."""
    statements = statement_tables.statements.set_index("statement")
    claims = statement_tables.claims.set_index(["statement", "claim"])
    labels = statement_tables.readings.set_index(["statement", "claim", "reading"])["label"]
    lines: list[str] = []
    statement = claim = ""
    for verdict in verdicts:
        if verdict.statement != statement:
            statement, claim = verdict.statement, ""
            lines += ["", f"{statement} ({statements['speaker'][statement]}, {statements['date'][statement]})"]
        if verdict.claim != claim:
            claim = verdict.claim
            lines.append(f"  {claim}: {claim_in_words(claims.loc[(statement, claim)])}")
        lines += _reading(f"{verdict.reading}, {labels[(statement, claim, verdict.reading)]}", verdict)
    return "\n".join(lines[1:]) + "\n" if lines else ""


def own_plain(understanding: Understanding, answer: Answer) -> dict:
    """One answer to a sentence, the use of each of its words, its claims, and the verdict of every reading."""
    sentence_read = understanding.sentence
    uses = [
        {"words": sentence_read.words(mention), "start": mention.start, "end": mention.end, "use": mention.role.value}
        for mention in sentence_read.mentions
    ]
    claims = [plain(claim) for claim in understanding.claims]
    verdicts = [verdict.plain() for verdict in (*(reading.verdict for reading in answer.readings), *answer.besides)]
    return {"answer": answer.plain(), "words": uses, "claims": claims, "verdicts": verdicts}


def own_as_text(understanding: Understanding, answer: Answer) -> str:
    """The same for a reader: the answer, what was assumed, how each word was used, and the readings behind."""
    sentence_read = understanding.sentence
    lines = [
        f"{answer.verdict.upper()}: {answer.says}" if answer.verdict == "answered" else answer.says,
        *answer.assumed,
        f"By the documents held here, the newest seen on {day_label(answer.as_of)} (data version {answer.data_version}).",
        "",
        "How the words were used",
    ]
    for mention in sentence_read.mentions:
        if mention.role is not Role.NEUTRAL:
            lines.append(f"  {sentence_read.words(mention)}: {mention.role.value}")
    if answer.readings:
        lines += ["", "Readings"]
    for reading in answer.readings:
        lines += _reading(reading.verdict.reading, reading.verdict)
    return "\n".join(lines) + "\n"


def statements_as_text(statements: Statements, verdicts: dict[str, list[Verdict]]) -> str:
    """A line for each statement, and one for each of its claims."""
    lines = []
    for row in statements_plain(statements, verdicts):
        lines.append(f"{row['statement']} ({row['speaker']}, {row['date']}): {row['says']}")
        lines += [f"  {claim['claim']}: {claim['words']}: {claim['verdict']}" for claim in row["claims"]]
    return "\n".join(lines) + "\n"


def statements_plain(statements: Statements, verdicts: dict[str, list[Verdict]]) -> list[dict]:
    """Every statement with its claims, each claim with its verdicts in words."""
    entries = []
    claims = dict(iter(statements.claims.groupby("statement", sort=False)))
    for row in statements.statements.to_dict(orient="records"):
        name = row["statement"]
        own = []
        for claim in claims[name].itertuples() if name in claims else ():
            judged = [verdict for verdict in verdicts.get(name, []) if verdict.claim == claim.claim]
            own.append({"claim": claim.claim, "words": claim_in_words(claim), "verdict": summary(judged)})
        entries.append(row | {"claims": own})
    return entries


def _reading(words: str, verdict: Verdict) -> Iterator[str]:
    yield f"    {words}: {verdict.verdict}"
    for flag_code in verdict.flags:
        yield f"      {flag_in_words(flag_code)}"
    if verdict.arithmetic:
        yield f"      {verdict.arithmetic}"
    if verdict.why:
        yield f"      {sentence(verdict.why)}"
    if verdict.as_of_day:
        yield f"      as known on {day_label(verdict.as_of_day)}"
    cells = verdict.cells
    if cells:
        more = f"; and {number(len(cells) - MOST_CELLS)} more" if len(cells) > MOST_CELLS else ""
        yield f"      from {'; '.join(cells[:MOST_CELLS])}{more}"


def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()
