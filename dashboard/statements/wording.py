"""Claims and verdicts in words; the numbers come from the tables."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from dashboard import analysis
from dashboard.display.languages import Language
from dashboard.display.sentences import per_period, share, title, with_labels
from dashboard.model.intervals import Interval, number, text
from dashboard.model.periods import Period, day_label, label
from dashboard.statements.claim import MEASURES_OF
from dashboard.statements.files import Statements, concerned
from dashboard.statements.verdicts import VERDICTS, Verdict, of_claim, of_claims

HOW = """
A sentence holds one or more **claims**: a number with a unit and a period. A **reading** says how a claim could be checked: which
published series, and which formula (the value, a sum, a rate per day or year, a share, a change, a multiple). A claim often has several
readings, because sentences leave open what they count; each has its own verdict.

Both sides are intervals. A rounded number in a sentence allows whatever rounds to it, to two digits at least; a published band allows everything inside it. A
fraction in words (a third, one in five) allows a tenth of itself, two and a half points at most; about so much of it up to a fifth, five
points at most.

- **Supported**: everything the series allows lies inside the claim.
- **Compatible**: claim and series overlap.
- **Contradicted**: they have nothing in common.
- **Cannot be said**: the series is too wide to tell, or a part of it is not published.
- **No public series**: nobody publishes what would check it.
- **As published by the speaker**: the speaker's own report prints it.
- **Consistent** or **inconsistent in itself**: numbers of the same statement, held against each other.
- **No independent source**: the only number known is the statement's own.
- **Not read**: a word that bears on the number was not understood, so a sentence you type gets no verdict.
- **Not comparable**: unit, scope or definition differ; the words say how.

**Flags** tell what a number that misses its own series fits instead: another unit, another period, a power of ten. *Superseded* means that it
was right for the edition known on the day, and that a later edition says otherwise.

A verdict is about a number and its unit under one reading. It says nothing about a person, a company or a country, about why a
number was said, or about whether what it counts is right or wrong.
"""

IN_SENTENCES = {
    "supported": "is supported",
    "as published by the speaker": "is as the speaker published it",
    "compatible": "is compatible with the series",
    "contradicted": "is contradicted",
    "inconsistent in itself": "does not fit the other numbers of the statement",
    "no independent source": "has no independent source",
    "cannot be said": "cannot be tested with the series",
    "no public series": "has no public series to test it with",
    "not comparable": "is not comparable with what is published",
}
"""What the verdict of a bundled claim says of it, after the claim."""
PER = {"minute": " a minute", "hour": " an hour", "day": " a day", "week": " a week", "month": " a month", "year": " a year", "whole": ""}


@dataclass(frozen=True)
class Panel:
    """A series that a statement concerns, with the claims that can be drawn on it."""

    rows: pd.DataFrame
    title: str
    axis: str
    claims: pd.DataFrame
    claims_in_words: str
    is_scaled: bool


def claim(row: object) -> str:
    """A claim as a phrase: `2,400–3,500 nondisclosure orders a year, 2016 – 2020`."""
    interval = Interval(row.low, row.high)
    if row.unit in ("share", "change"):
        sentence = f"a {row.unit} of {open_interval(interval * 100, ' %') if row.unit == 'change' else share_of(interval)}"
    elif row.unit == "times":
        sentence = f"{open_interval(interval, '')} times"
    else:
        unit = "" if row.unit == "other" else f" {row.unit}"
        sentence = f"{open_interval(interval, '')}{unit}{PER[row.per]}"
    period = _period(row)
    return f"{sentence}, {label(period)}" if period else sentence


def heading(statement: pd.Series) -> str:
    """Who made a statement and when; who speaks for a government with the office."""
    office = f", {statement.role}" if statement.side == "government" and statement.role != statement.speaker else ""
    return f"{statement.speaker}{office}, {day_label(statement.date)}"


def overall(statements: Statements, statement: str, verdicts: list[Verdict]) -> str:
    """The one verdict of a statement in words: the claim and the reading that it rests on, and the verdicts of the other claims.

    Blank where the statement holds no number.
    """
    claims = statements.claims[statements.claims["statement"] == statement]
    words = {row.claim: of_claim([verdict for verdict in verdicts if verdict.claim == row.claim]) for row in claims.itertuples()}
    if not (word := of_claims(list(words.values()))):
        return ""
    row = next(row for row in claims.itertuples() if words[row.claim] == word)
    readings = [verdict for verdict in verdicts if verdict.claim == row.claim]
    labels = statements.readings.set_index(["statement", "claim", "reading"])["label"]
    decisive = decisive_reading(readings, word)
    says = f"“{claim(row)}” {IN_SENTENCES[word]}{f': {grounds}' if (grounds := basis(decisive)) else ''}."
    if word != "no public series":
        says += f" Compared with: {sentence(labels[statement, row.claim, decisive.reading])}"
    others = dict.fromkeys(other for name, other in words.items() if name != row.claim)
    return says + (f" Its other claims: {', '.join(others)}." if others else "")


def decisive_reading(readings: list[Verdict], word: str) -> Verdict:
    """Of a claim's readings the one that its verdict rests on; a claim that is only consistent in itself has no independent source."""
    return next((one for one in readings if one.verdict == word), None) or next(
        one for one in readings if one.verdict == "consistent in itself"
    )


def basis(reading: Verdict) -> str:
    """What the verdict of one reading rests on, its arithmetic and why, without the full stop."""
    return "; ".join(filter(None, (reading.arithmetic, reading.why))).removesuffix(".")


def summary(verdicts: list[Verdict]) -> str:
    """The verdicts of a claim's readings, each with its number: `compatible, no public series (2 readings)`."""
    counts = {verdict: sum(one.verdict == verdict for one in verdicts) for verdict in VERDICTS}
    verdict_counts = [verdict if count == 1 else f"{verdict} ({number(count)} readings)" for verdict, count in counts.items() if count]
    flags = sorted({one.partition(":")[0] for verdict in verdicts for one in verdict.flags})
    return ", ".join(verdict_counts + flags)


def flag(text_: str) -> str:
    """A flag as a phrase."""
    kind, _, fits = text_.partition(": ")
    if kind == "superseded":
        return "superseded: right for the edition known on the day, not for the one known today"
    if kind.startswith("scale drift"):
        return f"{kind}: the claim fits the series after this factor"
    return f"{kind}: {fits}" if fits else f"{kind}: the number is that of another unit"


def sentence(words: str) -> str:
    """A reason as a sentence."""
    words = words[:1].upper() + words[1:]
    return words if words.endswith((".", "?", "!", ")")) else f"{words}."


def claimed_series(statements: Statements, statement: str, table: pd.DataFrame, names: Language) -> list[Panel]:
    """For each measure that a statement concerns: its series, on the claims' scale, with the claims that fit that unit."""
    rows = concerned(statements.concerns[statement], table).dropna(subset=["low"])
    claims = statements.claims[statements.claims["statement"] == statement]
    panels = []
    for measure, own in rows.groupby("measure", sort=False):
        own = with_labels(own, names)
        fits = claims["unit"].map(lambda unit, measure=measure: _fits(unit, measure)).astype(bool)
        fitting = claims[fits & claims["period_start"].ne("") & claims["period_end"].ne("")]
        per = fitting["per"].iloc[0] if not fitting.empty else "whole"
        fitting = fitting[fitting["per"] == per]
        if per == "year":
            own = analysis.per_year(own).dropna(subset=["low"])
        elif per == "day":
            own = analysis.per_day(own).dropna(subset=["low"])
        if own.empty:
            continue
        unit = names.unit(measure) + (f" {per_period(own, names)}".rstrip() if per == "whole" else PER[per])
        panels.append(
            Panel(
                own,
                title(own, names),
                unit,
                _drawn(fitting, own),
                "; ".join(claim(row) for row in fitting.itertuples()),
                per in ("year", "day"),
            )
        )
    return panels


def _fits(unit: str, measure: str) -> bool:
    return measure in MEASURES_OF.get(unit, ()) or (unit == "share" and measure.endswith("_share"))


def _drawn(claims: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    # An open end reaches to the edge of what the series itself needs.
    top = rows["high"].replace(math.inf, math.nan).max()
    low = claims["low"].clip(lower=0)
    high = claims["high"].clip(upper=max(float(top), float(low.max()) if len(low) else 0) * 1.15)
    return pd.DataFrame(
        {
            "period_start": pd.to_datetime(claims["period_start"]),
            "period_end": pd.to_datetime(claims["period_end"]),
            "low": low,
            "high": high,
        }
    )


def share_of(interval: Interval) -> str:
    """A share in per cent, which may have no lower or no upper end."""
    return open_interval(interval * 100, " %") if math.isinf(interval.low) or math.isinf(interval.high) else share(interval)


def open_interval(interval: Interval, unit: str) -> str:
    """An interval that may have no lower or no upper end, with its unit."""
    ends = [end for end in (interval.low, interval.high) if not math.isinf(end)]
    decimals = next((places for places in range(4) if all(abs(end - round(end, places)) < 1e-9 for end in ends)), 4)
    if math.isinf(interval.low):
        return f"at most {number(interval.high, decimals)}{unit}"
    return text(interval, decimals, unit)


def _period(row: object) -> Period | None:
    if not row.period_start or not row.period_end:
        return None
    return Period(pd.Timestamp(row.period_start).date(), pd.Timestamp(row.period_end).date())
