"""The formula language of readings: a few formulas over selections of observations, evaluated as intervals.

Every evaluation carries its arithmetic as a line that a reader can redo, and the published numbers it rests on.
"""

from __future__ import annotations

import contextlib
import functools
import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from dashboard import analysis
from dashboard.catalog.shipped import Catalog
from dashboard.display import sentences
from dashboard.model import vocabulary
from dashboard.model.intervals import Interval, number, outwards, text, total
from dashboard.model.periods import DAYS_A_YEAR, MONTHS_A_YEAR, Period
from dashboard.statements.files import several

DAYS_OF_A_YEAR = 365.25
RATES = {"per_minute": (1, 24 * 60, "24 hours × 60 minutes"), "per_hour": (1, 24, "24 hours"), "per_week": (7, 1, "7")}
"""Rates by the day: days in a unit, units in a day, and that in words."""


class NotComputable(Exception):
    """A formula that gives no number from the tables, and why."""


@dataclass(frozen=True)
class Amount:
    """What a selection comes to: an interval, the period it is for, its arithmetic, the rows it rests on."""

    value: Interval
    period: Period | None
    arithmetic: str
    per: str = "whole"
    rows: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    is_share: bool = False
    sides: tuple[Interval, ...] = ()
    """Of a share or a comparison: its two numbers."""

    def __str__(self) -> str:
        return sentences.share(self.value) if self.is_share else text(self.value)


Resolve = Callable[[dict], Amount]
"""Gives the amount of a selection that names another claim."""


_LISTED_ROWS = 8  # of which a sum is written out; of a longer one its ends are
MEASURES_KEPT = 8
"""Of how many measures of a reporter the rows are held at once."""
PLACES_KEPT = 1024
"""Of how many places the rows of a measure are held at once."""
ROWS_KEPT = 2048
"""How many amounts are held at once, and of how many derived rows those that they rest on."""


class Tables:
    """The complete table of a day, with the series that were asked for."""

    def __init__(self, catalog: Catalog, complete: pd.DataFrame):
        self.catalog = catalog
        self.complete = complete
        self.published = functools.lru_cache(maxsize=MEASURES_KEPT)(self._published)
        self._places: dict[tuple, pd.DataFrame] = {}
        self.parts_of = functools.lru_cache(maxsize=ROWS_KEPT)(self._parts_of)
        self._found: dict[tuple, pd.DataFrame] = {}
        self._amounts: dict[tuple, Amount] = {}
        self._measures: dict[str, frozenset[str]] | None = None

    def rows(self, selection: dict) -> pd.DataFrame:
        """The rows of a selection, every period; a dimension left open is its whole, else the only one there is."""
        key = _key(selection)
        if key not in self._found:
            self._found[key] = self._selected(selection)
        return self._found[key]

    def amount(self, selection: dict) -> Amount:
        """What a selection comes to, worked out once: a claim asks first whether there is such an amount, and then for it."""
        key = (*_key(selection), selection.get("from"), selection.get("to"))
        made = self._amounts.get(key)
        if made is None:
            made = _amount(selection, self.rows(selection))
            if len(self._amounts) >= ROWS_KEPT:
                self._amounts.clear()
            self._amounts[key] = made
        return made

    def _published(self, reporter: str, measure: str) -> pd.DataFrame:
        """Every row of one reporter's measure."""
        return analysis.select(self.complete, reporters=[reporter], measure=measure).sort_index()

    def measures_of(self, reporter: str) -> frozenset[str]:
        """The measures of which a reporter has a row at all."""
        if self._measures is None:
            pairs = self.complete[["reporter", "measure"]].drop_duplicates()
            self._measures = pairs.groupby("reporter")["measure"].agg(frozenset).to_dict()
        return self._measures.get(reporter, frozenset())

    def of_places(self, reporter: str, measure: str, *requesters: str) -> pd.DataFrame:
        """The rows of one reporter's measure for some requesters; their texts are plain ones, which are taken apart three times faster."""
        key = (reporter, measure, *requesters)
        rows = self._places.get(key)
        if rows is None:
            rows = _plain(analysis.select(self.complete, reporters=[reporter], measure=measure, requesters=list(requesters)).sort_index())
            self._keep({key: rows})
        return rows

    def look_up_every_place(self, reporter: str, measure: str) -> None:
        """Looks the rows of each requester up at once, for those who ask for one after the other."""
        if (reporter, measure) not in self._places:
            plain = _plain(self.published(reporter, measure))
            by_place = {(reporter, measure, requester): rows for requester, rows in plain.groupby("requester", sort=False)}
            self._keep({(reporter, measure): plain.iloc[:0]} | by_place)

    def _keep(self, places: dict[tuple, pd.DataFrame]) -> None:
        if len(self._places) + len(places) > PLACES_KEPT:
            self._places.clear()
        self._places.update(places)

    def _parts_of(self, label: int) -> pd.DataFrame:
        """The published numbers that the derived row of a label rests on."""
        return analysis.parts_of(self.complete, self.catalog, self.complete.loc[label])

    def _selected(self, selection: dict) -> pd.DataFrame:
        reporter, measure = selection["reporter"], selection["measure"]
        is_open = "requester" not in selection
        rows = self.published(reporter, measure) if is_open else self.of_places(reporter, measure, *several(selection["requester"]))
        # The kind of demand first: national security is asked for by federal authorities only.
        for column, whole in (("request_type", "all"), ("service", "all"), ("authority", "any")):
            wanted = selection.get(column)
            if wanted is None or wanted == whole:
                there = rows[column].unique()
                wanted = whole if whole in there or len(there) != 1 else there[0]
            rows = rows[rows[column].isin(several(wanted))]
        return rows


def amount(selection: dict, tables: Tables, resolve: Resolve) -> Amount:
    """What a selection comes to over its whole period: one printed number for just that period, else the sum that fills it.

    Raises `NotComputable` where nothing is published, where a part is missing, or where the parts must not be added.
    """
    return resolve(selection) if "statement" in selection else tables.amount(selection)


def amounts(selections: dict[Hashable, dict], tables: Tables, resolve: Resolve) -> dict[Hashable, Amount]:
    """What several selections come to, by their keys; without those that are not published in full."""
    computed = {}
    for key, selection in selections.items():
        with contextlib.suppress(NotComputable):
            computed[key] = amount(selection, tables, resolve)
    return computed


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.astype(dict.fromkeys(rows.columns[rows.dtypes == "str"], object)).copy()


def _key(selection: dict) -> tuple:
    return tuple((column, tuple(several(selection[column]))) for column in analysis.SERIES if column in selection)


def _amount(selection: dict, rows: pd.DataFrame) -> Amount:
    if rows.empty:
        raise NotComputable("nothing is published for this selection")
    span = _span(selection, rows)
    kinds = several(selection.get("request_type", "all"))
    whose = [rows[rows["requester"] == one] for one in several(selection["requester"])] if "requester" in selection else [rows]
    parts = [
        _over_time(of_one[of_one["request_type"] == kind] if len(kinds) > 1 else of_one, span, kind) for of_one in whose for kind in kinds
    ]
    used = pd.concat(parts)
    values = [Interval(low, high) for low, high in zip(used["low"], used["high"], strict=True)]
    summed = total(values)
    is_share = bool(used["measure"].isin(vocabulary.SHARES).all())
    if len(values) > 1 and is_share:
        raise NotComputable("shares are not added or averaged")
    return Amount(summed, span, _sum_in_words(used, summed, is_share), rows=used, is_share=is_share)


def evaluate(formula: str, of: dict, whole: dict, base: dict, tables: Tables, resolve: Resolve) -> Amount:
    """The value of a formula over its selections, as an interval."""
    part_amount = amount(of, tables, resolve)
    if formula in ("value", "sum"):
        return part_amount
    if formula == "per_year":
        return per_year(part_amount)
    if formula == "per_day":
        return _per_day(part_amount)
    if formula == "per_month":
        return per_month(part_amount)
    if formula in RATES:
        return _per_unit(part_amount, formula)
    other = amount(whole if formula == "share" else base, tables, resolve)
    part_amount, other = _alike(part_amount, other) if formula != "share" else (part_amount, other)
    if formula.endswith("_of_limits"):
        part_amount, other, formula = _limit(part_amount), _limit(other), formula.removesuffix("_of_limits")
    if other.value.high == 0:
        raise NotComputable("the number it is measured against is zero")
    is_share = formula == "share"
    if is_share:
        try:
            value = part_amount.value.share(other.value)
        except ValueError:
            raise NotComputable(f"the part, {part_amount}, exceeds the whole, {other}") from None
        line = f"{part_amount} ÷ {other} = {sentences.share(value)}"
    elif formula == "difference":
        value = part_amount.value - other.value
        line = f"{_shown(part_amount)} − {_shown(other)} = {text(value)}"
    else:
        value = part_amount.value.ratio(other.value)
        line = f"{_shown(part_amount)} ÷ {_shown(other)} = {text(value, 2)} ×"
        if formula != "multiple":
            value = Interval(value.low - 1, value.high - 1)
            line = f"{_shown(part_amount)} ÷ {_shown(other)} − {number(1)} = {percent_change(value)}"
    steps = [_step(part_amount), _step(other), line]
    rows, sides = pd.concat([part_amount.rows, other.rows]), (part_amount.value, other.value)
    return Amount(value, part_amount.period, "; ".join(filter(None, steps)), rows=rows, is_share=is_share, sides=sides)


def cells(rows: pd.DataFrame) -> list[str]:
    """The document and cell of every published number, with its printed text."""
    return list(dict.fromkeys(f"{row.document} {row.cell}: {row.printed}" for row in rows.itertuples()))


def printed_rows(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """The published numbers that some rows rest on: themselves, or for a derived row its parts."""
    if rows.empty or rows["made_by"].eq("").all():
        return rows
    return pd.concat([tables.parts_of(label) if made_by else rows.loc[[label]] for label, made_by in rows["made_by"].items()])


def day_of(text: str) -> date:
    """The last day that a date of day, month or year precision names."""
    parts = [int(digits) for digits in text.split("-")]
    if len(parts) == 3:
        return date(*parts)
    end = pd.Timestamp(parts[0], parts[1] if len(parts) == 2 else MONTHS_A_YEAR, 1) + pd.offsets.MonthEnd(0)
    return end.date()


def _span(selection: dict, rows: pd.DataFrame) -> Period:
    start = date.fromisoformat(selection["from"]) if selection.get("from") else rows["period_start"].min().date()
    end = date.fromisoformat(selection["to"]) if selection.get("to") else rows["period_end"].max().date()
    return Period(start, end)


def inside(rows: pd.DataFrame, span: Period) -> pd.Series:
    """Which rows are of a time within a span."""
    return (rows["period_start"] >= pd.Timestamp(span.start)) & (rows["period_end"] <= pd.Timestamp(span.end))


def _over_time(rows: pd.DataFrame, span: Period, kind: str) -> pd.DataFrame:
    used = analysis.fill(rows, span)
    if used is None:
        raise NotComputable(f"{span} is not published in full")
    if len(used) > 1 and (kind in vocabulary.RUNNING or set(used["request_type"]) & set(vocabulary.RUNNING)):
        raise NotComputable("halves are not added here: an order is counted in every half-year in which it runs")
    if used["low"].isna().any():
        raise NotComputable(used[used["low"].isna()]["why"].iloc[0])
    return used


def _sum_in_words(rows: pd.DataFrame, summed: Interval, is_share: bool) -> str:
    values = [Interval(low, high) for low, high in zip(rows["low"], rows["high"], strict=True)]
    shown = [sentences.share(value) if is_share else text(value) for value in values]
    if len(values) == 1:
        row = rows.iloc[0]
        return f"{shown[0]}" + (f" ({row['derivation']})" if row["derivation"] else "")
    if len(values) > _LISTED_ROWS:
        return f"sum of {number(len(values))} numbers, {shown[0]} to {shown[-1]} = {text(summed)}"
    return f"{' + '.join(shown)} = {text(summed)}"


def per_year(quantity: Amount) -> Amount:
    """An amount as a yearly rate, with the step that makes it so."""
    if times := {"day": DAYS_A_YEAR, "month": MONTHS_A_YEAR}.get(quantity.per):
        value = quantity.value * times
        return Amount(value, quantity.period, f"{quantity} × {number(times)} = {text(value)}", "year", quantity.rows)
    if quantity.per == "year":
        return quantity
    months = quantity.period.months
    if months is None:
        value = quantity.value / quantity.period.years
        line = f"{quantity} ÷ {number(quantity.period.days)} days × {number(DAYS_A_YEAR)}"
    else:
        value = quantity.value * MONTHS_A_YEAR / months
        line = f"{quantity} ÷ {number(months)} months × {number(MONTHS_A_YEAR)}"
    return Amount(value, quantity.period, _joined(quantity, f"{line} = {text(rounded(value))}"), "year", quantity.rows)


def _per_day(quantity: Amount) -> Amount:
    if quantity.per == "day":
        return quantity
    days = {"year": DAYS_A_YEAR, "month": DAYS_A_YEAR / MONTHS_A_YEAR}.get(quantity.per) or quantity.period.days
    value = quantity.value / days
    return Amount(value, quantity.period, _joined(quantity, f"{quantity} ÷ {number(days)} days = {text(value, 1)}"), "day", quantity.rows)


def _per_unit(quantity: Amount, formula: str) -> Amount:
    days, in_a_day, words = RATES[formula]
    value = quantity.value * days / (quantity.period.days * in_a_day)
    span = f"{quantity} ÷ {number(quantity.period.days)} days"
    line = f"{span} × {words}" if days > 1 else f"{span} ÷ ({words})"
    return Amount(value, quantity.period, _joined(quantity, f"{line} = {text(value, 2)}"), formula.removeprefix("per_"), quantity.rows)


def per_month(quantity: Amount) -> Amount:
    """An amount by the month: over whole months, else over days."""
    months = quantity.period.months
    value = quantity.value / months if months else quantity.value * DAYS_A_YEAR / MONTHS_A_YEAR / quantity.period.days
    words = (
        f"{number(months)} months" if months else f"{number(quantity.period.days)} days × {number(DAYS_A_YEAR)} ÷ {number(MONTHS_A_YEAR)}"
    )
    return Amount(value, quantity.period, _joined(quantity, f"{quantity} ÷ {words} = {text(value, 1)}"), "month", quantity.rows)


def _alike(quantity: Amount, other: Amount) -> tuple[Amount, Amount]:
    # Periods of different length are compared by the year; so is a yearly claim with a count over some months.
    if quantity.is_share or other.is_share:
        return quantity, other
    same = quantity.per == other.per and (quantity.per != "whole" or _length(quantity) == _length(other))
    return (quantity, other) if same else (per_year(quantity), per_year(other))


def _limit(quantity: Amount) -> Amount:
    # Two upper limits in their ratio: what a sentence that compares them says, and nothing about the numbers below them.
    return replace(quantity, value=Interval.exact(quantity.value.high), arithmetic=f"upper limit {number(quantity.value.high)}")


def calendar(period: Period) -> Amount:
    """The years from the first day of a period to its last."""
    days = period.days - 1
    value = Interval.exact(days / DAYS_OF_A_YEAR)
    return Amount(
        value, period, f"{period.start} to {period.end}: {number(days)} days ÷ {number(DAYS_OF_A_YEAR, 2)} = {text(value, 1)} years"
    )


def _length(quantity: Amount) -> int | None:
    return quantity.period.months or quantity.period.days if quantity.period else None


def _step(quantity: Amount) -> str:
    return quantity.arithmetic if " = " in quantity.arithmetic else ""


def _joined(quantity: Amount, line: str) -> str:
    return "; ".join(step for step in (_step(quantity), line) if step)


def _shown(quantity: Amount) -> str:
    return str(quantity) if quantity.is_share else text(rounded(quantity.value))


def rounded(value: Interval) -> Interval:
    """An amount to the whole number, as it is shown in arithmetic; an endless end stays."""
    return Interval(round(value.low), value.high if math.isinf(value.high) else round(value.high))


def percent_change(change: Interval) -> str:
    """A change as percentages with their sign: `+27.2 %`, `−3.1 % to +2.0 %`, `+5.0 % or more`."""
    # A difference carries binary noise, by which it is not to be shown wider.
    percent = Interval(round(change.low * 100, 9), round(change.high * 100, 9))
    shown = percent if percent.low == percent.high else outwards(percent, 1)
    low, high = (f"{end:+,.1f} %".replace("-", "−") for end in (shown.low, shown.high))
    if math.isinf(change.high):
        return f"{low} or more"
    return low if low == high else f"{low} to {high}"
