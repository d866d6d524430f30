"""Sentences written from tables: what is seen, how bands are read, what can be compared. No digit is typed here."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd

from dashboard import analysis
from dashboard.catalog.shipped import Catalog
from dashboard.model import places, tables, vocabulary
from dashboard.model.intervals import Interval, number, text
from dashboard.model.periods import Period, label

MANY = 4
"""More series than this are described together, not one by one."""


class Names:
    """The names under which codes are shown, read from the vocabulary."""

    def __init__(self, catalog: Catalog):
        self._reporters = catalog.reporters.set_index("reporter")["name"].to_dict()
        self._measures = catalog.measures.set_index("measure")["label"].to_dict()
        self._units = catalog.measures.set_index("measure")["unit"].to_dict()
        self._types = catalog.request_types.set_index("request_type")["label"].to_dict()

    def reporter(self, code: str) -> str:
        """A reporter's name."""
        return self._reporters.get(code, code)

    def measure(self, code: str) -> str:
        """A measure's name."""
        return self._measures.get(code, code)

    def unit(self, code: str) -> str:
        """A measure's unit in words."""
        return self._units.get(code, code)

    def request_type(self, code: str) -> str:
        """A request type's name."""
        return self._types.get(code, code)

    def requester(self, code: str) -> str:
        """A requester's English name."""
        return places.name(code)

    def service(self, code: str) -> str:
        """A service's name."""
        return code.replace("_", " ")

    def authority(self, code: str) -> str:
        """An authority's name."""
        return {"any": "any authority", "state_local": "state and local"}.get(code, code)

    def of(self, column: str, code: str) -> str:
        """The name of a code of a column."""
        return getattr(self, column)(code)


def with_labels(table: pd.DataFrame, names: Names) -> pd.DataFrame:
    """The table with a column `label`: each series named by the dimensions in which the series differ."""
    keys = table[analysis.SERIES].drop_duplicates()
    varying = [column for column in analysis.SERIES if keys[column].nunique() > 1] or ["reporter"]
    shown = {column: {code: names.of(column, code) for code in keys[column].unique()} for column in varying}
    labels = table[varying[0]].map(shown[varying[0]])
    for column in varying[1:]:
        labels = labels + " · " + table[column].map(shown[column])
    return table.assign(label=labels)


def value(low: float, high: float, measure: str, scaled: bool = False) -> str:
    """A number as read on the screen: `44,943`, `0–499`, `63–65 %`, `12.4–12.5` on a scale."""
    if pd.isna(low):
        return "not published"
    interval = Interval(low, high)
    if measure in vocabulary.SHARES and not scaled:
        return share(interval)
    return text(_outwards(interval), decimals=_decimals(high)) if scaled else text(interval)


def share(interval: Interval) -> str:
    """A share in per cent with one decimal; what a printed percentage allows is shown as that percentage."""
    percent = interval * 100
    for decimals in range(4):
        rounding, unit = 0.5 * 10**-decimals, 10**-decimals
        middle = round((percent.low + percent.high) / 2, 6)
        # [63.5, 64.5] is what a printed 64 % allows, so it is shown as it was printed.
        if abs(percent.width - 2 * rounding) < 1e-9 and abs(middle / unit - round(middle / unit)) < 1e-6:
            return f"{number(middle, decimals)} %"
    low, high = round(percent.low, 1), round(percent.high, 1)
    decimals = 0 if low == round(low) and high == round(high) else 1
    if low == high:
        return f"{number(low, decimals)} %"
    return f"{number(low, decimals)}–{number(high, decimals)} %"


def period(row: pd.Series) -> str:
    """The label of a row's period."""
    return label(Period(row["period_start"].date(), row["period_end"].date()))


def title(table: pd.DataFrame, names: Names, scale: str = "") -> str:
    """What a chart shows, in one line: the measure, then every dimension that is the same throughout."""
    measure = names.measure(table["measure"].iloc[0])
    parts = []
    kinds, reporters, requesters = (table[column].unique() for column in ("request_type", "reporter", "requester"))
    if len(kinds) == 1 and kinds[0] != "all":
        measure = f"{measure}: {names.request_type(kinds[0])}"
    if len(reporters) == 1:
        parts.append(names.reporter(reporters[0]))
    if len(requesters) == 1:
        parts.append(names.requester(requesters[0]))
    return ", ".join([measure, *parts, *([scale] if scale else [])])


def axis(table: pd.DataFrame, names: Names, scale: str = "") -> str:
    """What the value axis measures: the unit, then the scale."""
    unit = names.unit(table["measure"].iloc[0])
    return f"{unit}, {scale}" if scale else unit


def source_line(table: pd.DataFrame, catalog: Catalog, names: Names, day: date | None) -> str:
    """Who published the numbers, in which forms we have them, and as known on which day."""
    reporters = _and([names.reporter(reporter) for reporter in sorted(table["reporter"].unique())])
    documents = analysis.documents_of(table, catalog)
    is_own = documents["document"].map(tables.is_own).astype(bool)
    own, documents = documents[is_own], documents[~is_own]
    forms = sorted(set(documents["form"]))
    how = f" ({', '.join(forms)})" if forms else ""
    secondary = " Some numbers were seen in another party’s text or copy." if documents["seen"].eq("seen-secondary").any() else ""
    files = _and(list(dict.fromkeys(own["title"]))) if len(own) else ""
    yours = f" Drawn from an upload, not from the published datasets: {files}." if files else ""
    return f"Source: {reporters}{how}. As known on {day or date.today():%-d %B %Y}.{secondary}{yours}"


def top(table: pd.DataFrame, names: Names, scaled: bool = False) -> str:
    """What a ranking or map shows: the requesters with the most, in order, with their period."""
    ordered = table.dropna(subset=["low"]).sort_values(["low", "high"], ascending=False).head(3)
    if ordered.empty:
        return "Nothing is published for this choice."
    said = [
        f"{names.requester(row['requester'])} ({value(row['low'], row['high'], row['measure'], scaled)})" for _, row in ordered.iterrows()
    ]
    return f"{names.reporter(ordered.iloc[0]['reporter'])}, {period(ordered.iloc[0])}: most for {_and(said)}, of {number(table['low'].notna().sum())} with a number."


def sentences(table: pd.DataFrame, names: Names, shape: str, scaled: bool = False) -> list[str]:
    """What stands under a chart: what is seen, how to read the bands, what the gaps are."""
    seen_here = top(table, names, scaled) if shape in ("ranking", "map") else seen(table, names, scaled)
    return [sentence for sentence in (seen_here, bands(table), gaps(table, names)) if sentence]


def seen(table: pd.DataFrame, names: Names, scaled: bool = False) -> str:
    """What a chart of series over time shows: the last value of each, and its movement where that is certain."""
    labelled = table if "label" in table else with_labels(table, names)
    changes = analysis.changes(labelled)
    if changes.empty:
        return "Nothing is published for this choice."
    if len(changes) > MANY:
        first, last = changes["first_start"].min(), changes["last_end"].max()
        moved = changes.apply(_direction, axis=1).value_counts()
        rose, fell, same = (int(moved.get(word, 0)) for word in ("rose", "fell", "unchanged"))
        unchanged = f", {number(same)} did not change" if same else ""
        return (
            f"{number(len(changes))} series between {first:%B %Y} and {last:%B %Y}. "
            f"{number(rose)} rose from the first to the last period with a number, {number(fell)} fell{unchanged}; "
            f"of {number(len(changes) - rose - fell - same)} it cannot be said."
        )
    labels = labelled.drop_duplicates(analysis.SERIES).set_index(analysis.SERIES)["label"]
    return " ".join(
        _one_change(change, labels[tuple(change[column] for column in analysis.SERIES)], scaled) for _, change in changes.iterrows()
    )


def bands(table: pd.DataFrame) -> str:
    """How to read the bands on a chart; empty where every number is exact."""
    numbers = table.dropna(subset=["low"])
    banded = numbers[numbers["low"] < numbers["high"]]
    if banded.empty:
        return ""
    printed = banded[banded["made_by"].eq("") & ~banded["measure"].isin(vocabulary.SHARES)]
    rounded = banded[banded["measure"].isin([*vocabulary.SHARES, "requests_some_data"])]
    drawn = "is a range, drawn from its" if len(banded) == 1 else "are ranges, drawn from their"
    sentences = [f"{number(len(banded))} of {number(len(numbers))} values {drawn} lower to upper end."]
    if not printed.empty:
        sentences.append("The number lies somewhere inside, both ends included; nothing says where.")
    if not rounded.empty:
        sentences.append("A share is as wide as the rounding of the printed percentages leaves it.")
    return " ".join(sentences)


def gaps(table: pd.DataFrame, names: Names) -> str:
    """Which rows have no number, and why; empty where all have."""
    lacking = table[table["low"].isna()]
    if lacking.empty:
        return ""
    first = lacking.iloc[0]
    who = f"{names.reporter(first['reporter'])}, {period(first)}"
    others = len(lacking) - 1
    more = f"; {number(others)} more {'gap stands' if others == 1 else 'gaps stand'} in the table" if others else ""
    return f"A gap is a number that is not published, not a zero ({who}: {first['why']}{more})."


def comparability(table: pd.DataFrame, catalog: Catalog, names: Names) -> str:
    """A warning where reporters that count differently share a chart; empty where there is one reporter."""
    reporters = sorted(table["reporter"].unique())
    if len(reporters) < 2:
        return ""
    definitions = definitions_of(table, catalog)
    groups = definitions.groupby("reporter")["group"].agg(set)
    if len(groups) == len(reporters) and len({frozenset(group) for group in groups}) == 1:
        return ""
    who = _and([names.reporter(reporter) for reporter in reporters])
    return f"{who} do not count the same thing under this name. Read each series by its own movement; the levels are not like for like."


def definitions_of(table: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The definitions that apply to the rows of a table: by reporter and measure, and by request type where named."""
    wanted = table[["reporter", "measure", "request_type"]].drop_duplicates()
    exact = catalog.definitions.merge(wanted, on=["reporter", "measure", "request_type"])
    general = catalog.definitions[catalog.definitions["request_type"] == "*"].merge(
        wanted[["reporter", "measure"]].drop_duplicates(), on=["reporter", "measure"]
    )
    return pd.concat([exact, general], ignore_index=True).drop_duplicates()


def breaks_of(table: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The breaks that fall inside the time that a table's series cover."""
    if table.empty:
        return catalog.breaks.iloc[:0]
    breaks = catalog.breaks
    keep = pd.Series(True, index=breaks.index)
    for column in ("requester", "measure", "request_type"):
        keep &= breaks[column].isin([*table[column].unique(), "*"])
    spans = table.groupby("reporter").agg(first=("period_start", "min"), last=("period_end", "max"))
    keep &= breaks["reporter"].isin(spans.index)
    inside = breaks[keep].join(spans, on="reporter")
    return inside[(inside["date"] > inside["first"]) & (inside["date"] <= inside["last"])].drop(columns=["first", "last"])


def alt(
    table: pd.DataFrame, names: Names, scale: str = "", scaled: bool = False, *, shape: str = "time", everything: pd.DataFrame | None = None
) -> str:
    """A chart in one paragraph for those who do not see it: what, who, when, the movement or the most, the bands.

    `everything` has also the rows of the series that the chart has no room for.
    """
    if table["low"].notna().sum() == 0:
        return "An empty chart: nothing is published for this choice."
    whole = table if everything is None else everything
    seen_here = top(whole, names, scaled) if shape in ("ranking", "map") else seen(table, names, scaled)
    shown, there = (rows.dropna(subset=["low"]).groupby(analysis.SERIES).ngroups for rows in (table, whole))
    how_many = f"{number(shown)} of {number(there)} are shown." if shown < there else ""
    kind = "Map" if shape == "map" else "Chart"
    return " ".join(part for part in (f"{kind}. {title(table, names, scale)}.", seen_here, how_many, bands(table)) if part)


def _one_change(change: pd.Series, name: str, scaled: bool) -> str:
    first = value(change["first_low"], change["first_high"], change["measure"], scaled)
    last = value(change["last_low"], change["last_high"], change["measure"], scaled)
    first_period = label(Period(change["first_start"].date(), change["first_end"].date()))
    last_period = label(Period(change["last_start"].date(), change["last_end"].date()))
    if first_period == last_period:
        return f"{name}: {last} in {last_period}."
    return f"{name}: {first} in {first_period}, {last} in {last_period} ({_direction(change)})."


def _direction(change: pd.Series) -> str:
    if not change["same_length"]:
        return "periods of different length, so no change is stated"
    if change["difference_low"] > 0:
        return "rose"
    if change["difference_high"] < 0:
        return "fell"
    return "unchanged" if change["difference_low"] == change["difference_high"] else "whether it changed cannot be said"


def _decimals(high: float) -> int:
    return 0 if high >= 100 else 1 if high >= 10 else 2 if high >= 1 else 3


def _outwards(interval: Interval) -> Interval:
    # An exact number that is merely cut to its digits stays one number; a range may only grow.
    if interval.is_exact:
        return interval
    unit = 10.0 ** _decimals(interval.high)
    high = interval.high if math.isinf(interval.high) else math.ceil(interval.high * unit - 1e-6) / unit
    return Interval(math.floor(interval.low * unit + 1e-6) / unit, high)


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
