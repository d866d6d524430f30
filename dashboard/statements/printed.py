"""Statements, verdicts and own claims as text for a terminal and as JSON for a script."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator

import pandas as pd

from dashboard.display.sentences import Names, value
from dashboard.model.intervals import number
from dashboard.model.periods import Period, label
from dashboard.statements.files import Statements
from dashboard.statements.own import OwnClaim
from dashboard.statements.verdicts import Verdict
from dashboard.statements.wording import claim as claim_in_words
from dashboard.statements.wording import flag as flag_in_words
from dashboard.statements.wording import sentence, summary

ALIKE = 0.7
LONGEST_NAME = 80
MOST_CELLS = 4
"""Cells named beside a verdict in text; JSON has all of them."""


def near_names(said: Statements, name: str, count: int = 3) -> list[str]:
    """Statements whose short names resemble an unknown one."""
    asked = name.casefold()[:LONGEST_NAME]
    names = said.statements["statement"]
    # Names are long, so it is their beginnings that are compared; a part of a name counts as near.
    alike = {known: 1.0 if asked and asked in known else _ratio(asked, known[: len(asked) + 1]) for known in names}
    return [known for known in sorted(alike, key=alike.get, reverse=True) if alike[known] >= ALIKE][:count]


def verdicts_as_json(verdicts: Iterable[Verdict]) -> str:
    """A list with one object for each reading, the keys always the same."""
    return _json([verdict.plain() for verdict in verdicts])


def verdicts_as_text(said: Statements, verdicts: list[Verdict]) -> str:
    """Statement by statement: the claim, and under it each reading with its verdict, its arithmetic and its cells."""
    statements = said.statements.set_index("statement")
    claims = said.claims.set_index(["statement", "claim"])
    labels = said.readings.set_index(["statement", "claim", "reading"])["label"]
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


def own_as_json(own: OwnClaim, verdicts: list[Verdict], nearest: pd.DataFrame) -> str:
    """What a sentence was understood to say, the verdict of every reading, and the series that would fit."""
    fitting = nearest.assign(
        period_start=nearest["period_start"].astype("datetime64[ns]").dt.strftime("%Y-%m-%d"),
        period_end=nearest["period_end"].astype("datetime64[ns]").dt.strftime("%Y-%m-%d"),
    )
    found = {
        "understood": own.plain(),
        "verdicts": [verdict.plain() for verdict in verdicts],
        "nearest": fitting.to_dict(orient="records"),
    }
    return _json(found)


def own_as_text(own: OwnClaim, verdicts: list[Verdict], nearest: pd.DataFrame, names: Names) -> str:
    """The same for a reader: what was understood and from which words, the verdicts, and the series that would fit."""
    lines = [f"Understood: {own.phrase}"]
    said = [f"{name.replace('_', ' ')} from “{own.said(name)}”" for name in own.found]
    lines.append(f"  {'; '.join(said)}")
    lines += ["", "Readings"]
    for verdict in verdicts:
        lines += _reading(verdict.reading, verdict)
    if not nearest.empty:
        lines += ["", "Series that would fit"]
    for row in nearest.itertuples():
        period = label(Period(row.period_start.date(), row.period_end.date()))
        what = f"{names.reporter(row.reporter)}, {names.requester(row.requester)}: {names.measure(row.measure).lower()}, {period}"
        lines.append(f"  {what}: {value(row.low, row.high, row.measure)} ({row.differs})")
    return "\n".join(lines) + "\n"


def statements_as_json(said: Statements, verdicts: dict[str, list[Verdict]]) -> str:
    """Every statement with its claims, each claim with its verdicts in words."""
    return _json([dict(row) for row in _statements(said, verdicts)])


def statements_as_text(said: Statements, verdicts: dict[str, list[Verdict]]) -> str:
    """A line for each statement, and one for each of its claims."""
    lines = []
    for row in _statements(said, verdicts):
        lines.append(f"{row['statement']} ({row['speaker']}, {row['date']}): {row['says']}")
        lines += [f"  {claim['claim']}: {claim['words']}: {claim['verdict']}" for claim in row["claims"]]
    return "\n".join(lines) + "\n"


def _statements(said: Statements, verdicts: dict[str, list[Verdict]]) -> Iterator[dict]:
    claims = dict(iter(said.claims.groupby("statement", sort=False)))
    for row in said.statements.to_dict(orient="records"):
        name = row["statement"]
        own = []
        for claim in claims[name].itertuples() if name in claims else ():
            judged = [verdict for verdict in verdicts.get(name, []) if verdict.claim == claim.claim]
            own.append({"claim": claim.claim, "words": claim_in_words(claim), "verdict": summary(judged)})
        yield row | {"claims": own}


def _reading(words: str, verdict: Verdict) -> Iterator[str]:
    yield f"    {words}: {verdict.verdict}"
    for found in verdict.flags:
        yield f"      {flag_in_words(found)}"
    if verdict.arithmetic:
        yield f"      {verdict.arithmetic}"
    if verdict.why:
        yield f"      {sentence(verdict.why)}"
    if verdict.as_of_day:
        yield f"      as known on {verdict.as_of_day}"
    cells = verdict.cells
    if cells:
        more = f"; and {number(len(cells) - MOST_CELLS)} more" if len(cells) > MOST_CELLS else ""
        yield f"      from {'; '.join(cells[:MOST_CELLS])}{more}"


def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _json(found: object) -> str:
    return json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
