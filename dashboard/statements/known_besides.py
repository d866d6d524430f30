"""What else is known where a number has no independent source: the same count at other times, its share of all requests, its other rates."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from dashboard.model.intervals import Interval
from dashboard.model.periods import Period
from dashboard.statements import formulas
from dashboard.statements.formulas import NotComputable
from dashboard.statements.readings import Reading
from dashboard.statements.verdicts import Evaluator, Verdict


def of(reading: Reading, evaluator: Evaluator) -> list[Verdict]:
    """Other numbers about the same thing, each with its arithmetic and its rows; `reading` says which it is: `rate`, `share` or `spoken`.

    Empty where the reading has an independent source.
    """
    verdict = reading.verdict
    if verdict.verdict != "no independent source" or verdict.rows.empty:
        return []
    row = verdict.rows.iloc[0]
    rows = evaluator.today.published(row["reporter"], row["measure"])
    same = rows[
        (rows["requester"] == row["requester"])
        & (rows["request_type"] == row["request_type"])
        & (rows["service"] == row["service"])
        & rows["low"].notna()
    ]
    others = same[~same["document"].isin(verdict.rows["document"])]
    used = same[same["document"].isin(verdict.rows["document"]) & (same["authority"] == row["authority"])]
    blank = replace(verdict, verdict="", flags=(), why="")
    return [*_rates(others, blank), *_share(used, row, blank, evaluator), *_spoken(row, verdict, blank, evaluator)]


def _rates(rows: pd.DataFrame, blank: Verdict) -> list[Verdict]:
    rates = []
    for index, row in rows.drop_duplicates(["low", "high"]).iterrows():
        period = Period.of(row)
        rate = formulas.Amount(
            Interval(row["low"], row["high"]), period, formulas.text(Interval(row["low"], row["high"])), rows=rows.loc[[index]]
        )
        a_year = formulas.per_year(rate)
        rates.append(replace(blank, reading="rate", claim=str(period), series=a_year.value, arithmetic=a_year.arithmetic, rows=a_year.rows))
    return rates


def _share(rows: pd.DataFrame, row: pd.Series, blank: Verdict, evaluator: Evaluator) -> list[Verdict]:
    if rows.empty or row["measure"] == "requests":
        return []
    span = {"from": rows["period_start"].min().date().isoformat(), "to": rows["period_end"].max().date().isoformat()}
    part_selection = {name: row[name] for name in ("reporter", "requester", "authority", "request_type", "measure")} | span
    whole = {"reporter": row["reporter"], "requester": row["requester"], "measure": "requests"} | span
    try:
        share = formulas.evaluate("share", part_selection, whole, {}, evaluator.today, evaluator.said_amount)
    except NotComputable:
        return []
    return [replace(blank, reading="share", claim=str(share.period), series=share.value, arithmetic=share.arithmetic, rows=share.rows)]


def _spoken(row: pd.Series, verdict: Verdict, blank: Verdict, evaluator: Evaluator) -> list[Verdict]:
    # The other rates of the same unit that the same speaker gave on the same day.
    statements = evaluator.statements.statements
    speaker = evaluator.sources.speaker(row["document"])
    day = evaluator.data.documents.set_index("document")["published"].get(row["document"], "")
    names = statements["statement"][(statements["speaker"] == speaker) & (statements["date"] == day)]
    claims = evaluator.statements.claims
    claims = claims[claims["statement"].isin(names) & (claims["unit"] == "nondisclosure orders") & (claims["per"] == "day")]
    return [
        replace(blank, reading="spoken", claim=claim.per, series=Interval(claim.low, claim.high), arithmetic="", rows=verdict.rows.iloc[:0])
        for claim in claims.itertuples()
    ]
