"""Verdicts: a claim's interval against the series' interval, as known on the day it was said and as known today.

A verdict is about a number and its unit, never about a person or a country.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from dashboard import analysis, catalog
from dashboard.catalog.shipped import Catalog
from dashboard.display import downloads
from dashboard.display.languages import Language
from dashboard.model.intervals import Interval, number, text
from dashboard.model.periods import DAYS_A_YEAR, MONTHS_A_YEAR, Period, label
from dashboard.statements import formulas
from dashboard.statements.claim import MEASURES_OF
from dashboard.statements.files import Statements, bundled, several
from dashboard.statements.formulas import Amount, NotComputable, Tables
from dashboard.statements.sources import Sources

VERDICTS = (
    "answered",
    "supported",
    "as published by the speaker",
    "compatible",
    "consistent in itself",
    "no public series",
    "cannot be said",
    "not comparable",
    "no independent source",
    "inconsistent in itself",
    "contradicted",
)
"""What a reading can say, the most favourable first; a question is `answered`. A sentence that a visitor types may be `not read` as well."""
POWERS = (1, 2, 3)
"""Powers of ten by which a claim may have slipped."""
NARROW = 1.5
"""A claim whose upper end is at most so many times its lower end is narrow enough for a fit elsewhere to mean something."""

MOST_NEIGHBOURS = 3
"""Neighbouring units and periods named beside a claim that misses its own series."""
OWN_NUMBER = "the number comes from the statement itself, or from the one that it repeats; no other source is known"
RETOLD = "the number is that of the statement that it repeats, which is no independent source"


@dataclass(frozen=True)
class Verdict:
    """What one reading says to one claim, with everything it rests on."""

    statement: str
    claim: str
    reading: str
    verdict: str
    flags: tuple[str, ...]
    claimed: Interval
    series: Interval | None
    arithmetic: str
    why: str = ""
    as_of_day: str = ""
    sides: tuple[Interval, ...] = ()
    rows: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False, compare=False)
    printed: pd.DataFrame | None = field(default=None, repr=False, compare=False)
    """The published numbers behind the rows, where these are of an earlier day's tables."""
    tables: Tables | None = field(default=None, repr=False, compare=False)

    @property
    def cells(self) -> list[str]:
        """The document and cell of every published number that it rests on, with the printed text."""
        if self.printed is not None:
            return formulas.cells(self.printed)
        return formulas.cells(formulas.printed_rows(self.rows, self.tables)) if self.tables else []

    def plain(self) -> dict:
        """As the command line and the interface give it."""
        return {
            "id": self.statement,
            "claim": self.claim,
            "reading": self.reading,
            "verdict": self.verdict,
            "flags": list(self.flags),
            "claim_low": downloads.plain(self.claimed.low),
            "claim_high": downloads.plain(self.claimed.high),
            "series_low": downloads.plain(self.series.low) if self.series else None,
            "series_high": downloads.plain(self.series.high) if self.series else None,
            "arithmetic": self.arithmetic or self.why,
            "cells": self.cells,
            "as_of": self.as_of_day or (self.tables.catalog.documents["seen_on"].max() if self.tables else ""),
        }


_FITTING = ("supported", "as published by the speaker", "compatible", "no independent source", "consistent in itself")
_INDEPENDENT = ("supported", "as published by the speaker", "compatible", "contradicted")


def of_claim(verdicts: list[Verdict]) -> str:
    """The one verdict of a claim's readings: that of the reading which an independent source allows and which fits best; where no source
    is independent, that there is none; else why nothing can be said. Blank without a reading.
    """
    words = [verdict.verdict for verdict in verdicts]
    if independent := [word for word in words if word in _INDEPENDENT]:
        return min(independent, key=VERDICTS.index)
    return "no independent source" if "consistent in itself" in words else of_claims(words)


def of_claims(words: list[str]) -> str:
    """The one verdict of a statement with several claims: the least favourable. Blank without a claim."""
    return max(filter(None, words), key=VERDICTS.index, default="")


def judge(claimed: Interval, series: Interval) -> str:
    """The verdict of two intervals: inside, overlapping, disjoint; or a series so wide that it tells nothing."""
    if series.is_inside(claimed):
        return "supported"
    if not claimed.overlaps(series):
        return "contradicted"
    too_wide = series.low < claimed.low and claimed.high < series.high and series.high >= 2 * max(series.low, 0)
    return "cannot be said" if too_wide or math.isinf(series.high) else "compatible"


class Evaluator:
    """Evaluates claims against a catalog; statements whose series were restated also as known on their day."""

    def __init__(self, data: Catalog, statements: Statements, complete: pd.DataFrame | None = None):
        self.data = data
        self.statements = statements
        self.sources = Sources(data, statements)
        self.names = Language("en", data)
        self._kinds = data.reporters.set_index("reporter")["kind"]
        self.today = Tables(data, analysis.with_totals(data) if complete is None else complete)
        self._claims = statements.claims.set_index(["statement", "claim"])
        self._dates = statements.statements.set_index("statement")["date"]
        self._readings = dict(iter(statements.readings.groupby("statement", sort=False)))
        self.earlier: dict[tuple, Tables] = {}
        self._own: dict[frozenset[str], tuple[Catalog, pd.Series]] = {}

    @functools.cached_property
    def _changed(self) -> dict[tuple[str, str], pd.DataFrame]:
        # What was restated or withdrawn, by reporter and measure.
        changed = pd.concat([self.data.restated(), self.data.withdrawn().assign(known_from=pd.Timestamp.max)])
        return dict(iter(changed.groupby(["reporter", "measure"])[["requester", "period_start", "period_end", "known_from"]]))

    @functools.cached_property
    def kinds_in_total(self) -> dict[str, set[str]]:
        """The kinds of demand that make up a reporter's total, by reporter."""
        counted = self.data.parts[self.data.parts["in_total"]]
        return counted.groupby("reporter")["request_type"].agg(set).to_dict()

    def is_authority(self, reporter: str) -> bool:
        """Whether a reporter is a government or a court, which counts what it asks for, and not what it receives."""
        return self._kinds.get(reporter) != "company"

    def all(self) -> list[Verdict]:
        """Every reading of every claim."""
        return [verdict for name in self.statements.statements["statement"] for verdict in self.of_statement(name)]

    def of_statement(self, statement: str) -> list[Verdict]:
        """Every reading of a statement's claims, in the order of the file."""
        readings = self._readings.get(statement)
        return [] if readings is None else [self.of_reading(reading) for _, reading in readings.iterrows()]

    def of_reading(self, reading: pd.Series) -> Verdict:
        """One reading: as known on the day where that differs from today, and flagged so; else as known today."""
        claim = self._claims.loc[(reading["statement"], reading["claim"])]
        claimed = Interval(claim["low"], claim["high"])
        plain = Verdict(reading["statement"], reading["claim"], reading["reading"], "", (), claimed, None, "")
        if reading["no_series"]:
            return replace(plain, verdict="no public series", why=reading["no_series"])
        if reading["not_comparable"]:
            return replace(plain, verdict="not comparable", why=reading["not_comparable"])
        now = self._judged_by_source(self._evaluated(plain, reading, claim, self.today), reading)
        selections = [reading[side] for side in ("of", "whole", "base") if reading[side]]
        day = formulas.day_of(self._dates[reading["statement"]])
        if not any(self._changed_since(day, selection) for selection in selections):
            return now
        then = self._judged_by_source(self._evaluated(plain, reading, claim, self.as_of(selections, day)), reading)
        if then.series is None or then.series == now.series:
            return now
        flags = (*then.flags, "superseded") if then.verdict in _FITTING and now.verdict not in _FITTING else then.flags
        printed = formulas.printed_rows(then.rows, then.tables)
        return replace(
            then, flags=flags, as_of_day=day.isoformat(), why=f"today: {now.arithmetic or now.why} ({now.verdict})", printed=printed
        )

    def _judged_by_source(self, verdict: Verdict, reading: pd.Series) -> Verdict:
        """The verdict that the source allows: a number that comes from the statement supports nothing but its own consistency."""
        if verdict.series is None or verdict.verdict not in ("supported", "compatible", "contradicted") or reading["formula"] == "calendar":
            return verdict
        rows = formulas.printed_rows(verdict.rows, verdict.tables)
        named = {selection["statement"] for selection in (reading["of"], reading["whole"], reading["base"]) if "statement" in selection}
        source = self.sources.of_statement(verdict.statement, rows) if not rows.empty else "own"
        if verdict.verdict == "contradicted":
            is_itself = named == {verdict.statement} if rows.empty else self.sources.is_at_own_address(verdict.statement, rows)
            return replace(verdict, verdict="inconsistent in itself") if is_itself else verdict
        if named - {verdict.statement} and rows.empty and reading["formula"] not in ("share", "change", "multiple"):
            return replace(verdict, verdict="no independent source", why=verdict.why or RETOLD)
        if named or source == "partly own":
            return replace(verdict, verdict="consistent in itself")
        if source == "own":
            return replace(verdict, verdict="no independent source", why=verdict.why or OWN_NUMBER)
        return replace(verdict, verdict="as published by the speaker") if source == "speaker" else verdict

    def of_claim(self, plain: Verdict, *, unit: str, per: str, formula: str, of: dict, whole: dict, base: dict) -> Verdict:
        """A claim that stands in no file, read one way, as known today."""
        reading = {"formula": formula, "of": of, "whole": whole, "base": base}
        return self._evaluated(plain, reading, {"unit": unit, "per": per}, self.today)

    def _evaluated(self, plain: Verdict, reading: pd.Series | dict, claim: pd.Series | dict, tables: Tables) -> Verdict:
        try:
            if reading["formula"] == "calendar":
                amount = formulas.calendar(Period(date.fromisoformat(claim["period_start"]), date.fromisoformat(claim["period_end"])))
            else:
                amount = formulas.evaluate(reading["formula"], reading["of"], reading["whole"], reading["base"], tables, self.said_amount)
        except NotComputable as unsaid:
            return replace(plain, verdict="cannot be said", why=str(unsaid))
        amount = _in_claims_terms(amount, claim)
        verdict = judge(plain.claimed, amount.value)
        flags: list[str] = []
        if _counts_otherwise(claim["unit"], reading):
            if verdict in ("supported", "compatible"):
                flags.append("unit drift")
            verdict = "not comparable"
        elif verdict == "contradicted":
            flags = list(self.drifts(plain.claimed, claim["unit"], reading["formula"], reading["of"], amount.value, tables))
        outcome = {"series": amount.value, "arithmetic": amount.arithmetic, "rows": amount.rows, "tables": tables, "sides": amount.sides}
        return replace(plain, verdict=verdict, flags=tuple(flags), **outcome)

    def drifts(self, claimed: Interval, unit: str, formula: str, of: dict, series: Interval, tables: Tables) -> list[str]:
        """What a claim that misses its own series fits instead: a power of ten, a neighbouring unit, a neighbouring period."""
        if not _is_narrow(claimed):
            return []
        changed = []
        for power in POWERS if _is_narrow(series) else ():
            if (claimed * 10**power).overlaps(series):
                changed.append(f"scale drift ×{number(10**power)}")
            elif (claimed / 10**power).overlaps(series):
                changed.append(f"scale drift ÷{number(10**power)}")
        if formula in ("value", "sum") and "reporter" in of:
            changed += self._neighbours(claimed, of, tables)
        return changed

    def _neighbours(self, claimed: Interval, of: dict, tables: Tables) -> list[str]:
        published = tables.measures_of(of["reporter"]) - {of["measure"]}
        names = self.data.measures[self.data.measures["kind"] == "count"].set_index("measure")["label"]
        others = formulas.amounts(
            {measure: of | {"measure": measure} for measure in names.index if measure in published}, tables, self.said_amount
        )
        neighbours = [
            f"unit drift: fits {names[measure].lower()}, {text(other.value)}"
            for measure, other in others.items()
            if other.value.high > 0 and other.value.is_inside(claimed)
        ]
        rows = tables.rows(of).dropna(subset=["low"])
        if of.get("from") and of.get("to"):
            # Periods inside the one that is spoken of are nearer than others.
            outside = (rows["period_start"] < pd.Timestamp(of["from"])) | (rows["period_end"] > pd.Timestamp(of["to"]))
            rows = rows.assign(outside=outside).sort_values(["outside", "period_start"])
        for row in rows.itertuples():
            period = Period.of(row)
            wanted = (of.get("from"), of.get("to"))
            is_asked = wanted == (period.start.isoformat(), period.end.isoformat())
            near = not wanted[0] or abs((pd.Timestamp(wanted[0]) - row.period_start).days) <= 2 * DAYS_A_YEAR
            if near and not is_asked and row.high > 0 and Interval(row.low, row.high).is_inside(claimed):
                neighbours.append(f"period drift: fits {label(period)}, {text(Interval(row.low, row.high))}")
        return neighbours[:MOST_NEIGHBOURS]

    def said_amount(self, selection: dict) -> Amount:
        """The amount that a claim of a statement names, for a reading that rests on it."""
        claim = self._claims.loc[(selection["statement"], selection["claim"])]
        # An open lower end of a count is zero.
        value = Interval(max(claim["low"], 0), claim["high"])
        period = None
        if claim["period_start"] and claim["period_end"]:
            period = Period(pd.Timestamp(claim["period_start"]).date(), pd.Timestamp(claim["period_end"]).date())
        return Amount(value, period, text(value), per=claim["per"], is_share=claim["unit"] == "share")

    def _changed_since(self, day: date, selection: dict) -> bool:
        # Whether a number inside the selection's own period was restated after that day, or withdrawn.
        changed = self._changed.get((selection.get("reporter"), selection.get("measure")))
        if changed is None:
            return False
        keep = changed["known_from"] > pd.Timestamp(day)
        requesters = several(selection.get("requester", "WLD"))
        if "WLD" not in requesters:
            keep &= changed["requester"].isin(requesters)
        if selection.get("from"):
            keep &= changed["period_start"] >= pd.Timestamp(selection["from"])
        if selection.get("to"):
            keep &= changed["period_end"] <= pd.Timestamp(selection["to"])
        return bool(keep.any())

    def as_of(self, selections: list[dict], day: date) -> Tables:
        """The tables that selections are of, as known on an earlier day; other reporters and requesters are left out."""
        # Only the reporters and requesters concerned are completed for the day: everything else stays as it is today. What a
        # document covers is told from all its rows, so the requesters are left out only once it is settled what was known.
        series = [selection for selection in selections if "reporter" in selection]
        reporters = frozenset(selection["reporter"] for selection in series)
        requesters = frozenset(code for selection in series for code in several(selection.get("requester", "WLD")))
        if "WLD" in requesters:
            requesters = frozenset({"WLD"})
        if reporters not in self._own:
            rows = self.data.observations[self.data.observations["reporter"].isin(reporters)].reset_index(drop=True)
            days = self.data.documents["known_from"][self.data.documents["document"].isin(rows["document"].unique())]
            self._own[reporters] = self.data.holding(rows), days
        own, days = self._own[reporters]
        # From one document to the next what is known stays the same.
        newest = days[days <= pd.Timestamp(day)].max()
        # A single kind of demand from a single country is as it was printed; only totals and shares are made from others.
        is_printed = "WLD" not in requesters and not any(_is_made(selection) for selection in series)
        key = (newest, reporters, requesters, is_printed)
        if key not in self.earlier:
            known = own.as_of(newest)
            if "WLD" not in requesters:
                known = known[known["requester"].isin(requesters)]
            small = replace(own, _as_known={newest: known.index})
            made = known.assign(made_by="", derivation="", scale="", why="") if is_printed else analysis.with_totals(small, newest)
            self.earlier[key] = Tables(small, made)
        return self.earlier[key]


@functools.cache
def bundled_evaluator() -> Evaluator:
    """The evaluator of the bundled statements against the bundled catalog."""
    return Evaluator(catalog.bundled(), bundled())


def _is_made(selection: dict) -> bool:
    return "all" in several(selection.get("request_type", "all")) or selection["measure"] in ("requests_some_data", "share_some_data")


def _is_narrow(interval: Interval) -> bool:
    return interval.low > 0 and interval.high <= NARROW * interval.low


def _in_claims_terms(amount: Amount, claim: pd.Series) -> Amount:
    # A claim per year is met by a value per year; a series over several years by its yearly rate, if no formula said so.
    if amount.per != "whole" or amount.is_share or amount.period is None or claim["unit"] in ("share", "change", "times"):
        return amount
    if claim["per"] == "month":
        return formulas.per_month(amount)
    is_year = (amount.period.months or MONTHS_A_YEAR) == MONTHS_A_YEAR
    return formulas.per_year(amount) if claim["per"] == "year" and not is_year else amount


def _counts_otherwise(unit: str, reading: pd.Series) -> bool:
    if reading["formula"] in ("share", "change", "multiple") or unit not in MEASURES_OF or "measure" not in reading["of"]:
        return False
    return reading["of"]["measure"] not in MEASURES_OF[unit]
