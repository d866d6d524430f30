"""The verdicts of the statements that come with the project, worked out a second time from the files by a small program of its own."""

import functools
import math
import tomllib
from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd
import pytest

from dashboard.statements import bundled_evaluator
from tests.statements.published import DATASETS, rows_known

FITTING = {"supported", "compatible", "as published by the speaker", "no independent source", "consistent in itself"}
MISSING = {"contradicted", "inconsistent in itself"}
STATEMENTS = {
    statement["id"]: statement
    for file in sorted((DATASETS / "statements").glob("*.toml"))
    for statement in tomllib.loads(file.read_text(encoding="utf-8"))["statement"]
}
READINGS = [
    (statement, claim, reading)
    for statement in STATEMENTS.values()
    for claim in statement.get("claim", ())
    for reading in claim.get("reading", ())
    if reading.get("formula") not in (None, "calendar", "change_of_limits", "multiple_of_limits")
]


@functools.cache
def verdicts() -> dict:
    """Every verdict by statement, claim and reading; only who runs these tests waits for them."""
    return {(verdict.statement, verdict.claim, verdict.reading): verdict for verdict in bundled_evaluator().all()}


class Count(NamedTuple):
    """A count or share from `low` to `high`, of some days, for the whole of them or by the day, month or year."""

    low: float
    high: float
    start: date | None
    end: date | None
    per: str = "whole"

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def scaled(self, factor: float, per: str) -> "Count":
        return self._replace(low=self.low * factor, high=self.high * factor, per=per)

    @property
    def months(self) -> int | None:
        """Whole months, if the days are."""
        after = self.end + timedelta(days=1)
        whole = self.start.day == 1 and after.day == 1
        return (after.year - self.start.year) * 12 + after.month - self.start.month if whole else None

    def yearly(self) -> "Count":
        if self.per != "whole":
            return self.scaled({"day": 365, "month": 12, "year": 1}[self.per], "year")
        return self.scaled(12 / self.months if self.months else 365.2425 / self.days, "year")

    def daily(self) -> "Count":
        if self.per != "whole":
            return self.scaled(1 / {"day": 1, "month": 365 / 12, "year": 365}[self.per], "day")
        return self.scaled(1 / self.days, "day")


def amount(selection: dict, known: str) -> Count:
    """What a selection comes to: the number of another claim, or printed numbers that lie end to end from its first day to its last."""
    if "statement" in selection:
        claim = next(claim for claim in STATEMENTS[selection["statement"]]["claim"] if claim["id"] == selection["claim"])
        start, end = (date.fromisoformat(claim[name]) if claim.get(name) else None for name in ("period_start", "period_end"))
        return Count(max(claim.get("low", 0), 0), claim.get("high", math.inf), start, end, claim.get("per", "whole"))
    rows = rows_known(known)
    rows = rows[rows["reporter"].eq(selection["reporter"]) & rows["measure"].eq(selection["measure"])]
    printed = rows[rows["requester"].eq("WLD") & rows["request_type"].eq("all")]
    is_whole = (selection["requester"], selection.get("request_type", "all")) == ("WLD", "all")
    if is_whole and not printed["period_start"].ge(selection["from"]).any():
        return of_all_countries(rows[rows["requester"].ne("WLD")], selection)
    rows = rows[rows["requester"].eq(selection["requester"])]
    for column, whole in (("request_type", "all"), ("service", "all"), ("authority", "any")):
        wanted = selection.get(column, whole)
        there = set(rows[column])
        wanted = there.pop() if wanted == whole and len(there) == 1 else wanted
        rows = rows[rows[column].isin([wanted] if isinstance(wanted, str) else wanted)]
    start, end = selection.get("from") or rows["period_start"].min(), selection.get("to") or rows["period_end"].max()
    low = high = 0.0
    for _, kind in rows.groupby("request_type"):
        day = start
        while day <= end:
            fitting = kind[kind["period_start"].eq(day) & kind["period_end"].le(end)]
            row = fitting.sort_values("period_end").iloc[-1]
            low, high = low + row["low"], high + row["high"]
            day = (date.fromisoformat(row["period_end"]) + timedelta(days=1)).isoformat()
    return Count(low, high, date.fromisoformat(start), date.fromisoformat(end))


def of_all_countries(rows: pd.DataFrame, selection: dict) -> Count:
    """The sum over countries, half-year by half-year: over the printed totals, else over the kinds that make one up."""
    rows = rows[rows["period_start"].ge(selection["from"]) & rows["period_end"].le(selection["to"]) & rows["service"].eq("all")]
    parts = pd.read_csv(DATASETS / "vocabulary" / "parts.csv")
    kinds = parts[parts["reporter"].eq(selection["reporter"]) & parts["in_total"]]["request_type"]
    has_total = rows["request_type"].eq("all").groupby([rows["requester"], rows["period_start"]]).transform("any")
    rows = rows[rows["request_type"].eq("all") | (rows["request_type"].isin(kinds) & ~has_total)]
    assert (rows["period_start"].min(), rows["period_end"].max()) == (selection["from"], selection["to"])
    return Count(rows["low"].sum(), rows["high"].sum(), date.fromisoformat(selection["from"]), date.fromisoformat(selection["to"]))


def worked_out(claim: dict, reading: dict, known: str) -> Count:
    """The value of a reading."""
    formula, of = reading["formula"], amount(reading["of"], known)
    if formula in ("value", "sum"):
        is_count = claim["unit"] not in ("share", "change", "times") and not reading["of"].get("measure", "").startswith("share")
        if claim.get("per") == "year" and of.per == "whole" and is_count and of.start and (of.months or 12) != 12:
            return of.yearly()
        return of
    if formula in ("per_year", "per_day"):
        return of.yearly() if formula == "per_year" else of.daily()
    other = amount(reading["whole"] if formula == "share" else reading["base"], known)
    if (
        formula != "share"
        and of.high > 1
        and (of.per != other.per or (of.per == "whole" and (of.months or of.days) != (other.months or other.days)))
    ):
        of, other = of.yearly(), other.yearly()
    low, high = of.low / other.high, of.high / other.low if other.low else math.inf
    if formula == "share":
        return of._replace(low=low, high=min(high, 1.0))
    return of._replace(low=low - (formula == "change"), high=high - (formula == "change"))


@pytest.mark.parametrize(
    "statement, claim, reading", READINGS, ids=[f"{one['id']} {two['id']} {three['id']}" for one, two, three in READINGS]
)
def test_a_verdict_is_that_of_a_second_reckoning(statement, claim, reading):
    verdict = verdicts()[statement["id"], claim["id"], reading["id"]]
    if verdict.series is None:
        assert verdict.verdict == "cannot be said"
        return
    found = worked_out(claim, reading, verdict.as_of_day or "9999")
    assert (found.low, found.high) == pytest.approx((verdict.series.low, verdict.series.high), rel=1e-6)
    low, high = claim.get("low", -math.inf), claim.get("high", math.inf)
    overlaps = low <= found.high * (1 + 1e-9) and found.low <= high * (1 + 1e-9)
    if verdict.verdict in FITTING | MISSING:
        assert overlaps == (verdict.verdict in FITTING)


def test_nearly_all_readings_are_reckoned_twice():
    formulas = Counter(
        reading.get("formula", "") for one in STATEMENTS.values() for claim in one.get("claim", ()) for reading in claim.get("reading", ())
    )
    assert len(READINGS) >= 0.95 * sum(count for formula, count in formulas.items() if formula)
