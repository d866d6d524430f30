"""Questions asked of tables: selections, years, rates and indices. Table in, table out; every number an interval.

Tables are those of `totals.with_totals`: the columns of an observation and `made_by`, `derivation`, `scale`, `why`.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from dashboard.analysis.totals import NO_REQUESTS, PART_OF_SHARE, SHARES_OF_REQUESTS, MadeBy, joined, joined_each
from dashboard.model import places, vocabulary
from dashboard.model.intervals import Interval, listed, total
from dashboard.model.periods import Period, year

PEOPLE_PER = 100_000
"""Inhabitants to which a rate refers."""
SERIES = ["reporter", "service", "requester", "authority", "request_type", "measure"]
"""What tells one series from another."""
WHOLES = {"request_type": "all", "service": "all", "authority": "any"}
"""The dimensions in which a whole is published beside its parts, each with the code of the whole."""
SCALED = ("day", "year", "people", "index")
"""The scales on which a value is a rate or an index and no longer a count or a share."""
OF_ONE_KIND = ("letters", "queries", "persons", "accounts_preserved")
"""Measures whose only kind of demand is their whole: a letter is a national security letter, and nothing else is counted so."""
_SPAN = ["period_start", "period_end"]


class Unanswerable(Exception):
    """A question that the tables cannot answer as it is put; the message says what can be asked instead."""


def select(
    table: pd.DataFrame,
    *,
    reporters: list[str] | None = None,
    requesters: list[str] | None = None,
    measure: str | None = None,
    request_types: list[str] | None = None,
    services: list[str] | None = None,
    authorities: list[str] | None = None,
    start: date | None = None,
    end: date | None = None,
    wholes: bool = False,
) -> pd.DataFrame:
    """The rows of the named series whose period lies from `start` to `end`, series by series in order of time; None asks for everything.

    With `wholes` a kind of demand, a service or an authority left open is, for each reporter, its whole (`all`, `any`); the parts, where
    the reporter prints or allows a whole for less than half of its periods.
    """
    index = _index_of(table)
    rows = index.with_codes(index.rows(reporters, measure), "requester", requesters)
    if start:
        rows = rows[index.starts[rows] >= np.datetime64(start)]
    if end:
        rows = rows[index.ends[rows] <= np.datetime64(end)]
    for (column, whole), values in zip(WHOLES.items(), (request_types, services, authorities), strict=True):
        rows = index.whole_or_parts(rows, column, whole) if values is None and wholes else index.with_codes(rows, column, values)
    return table.take(rows)


def is_whole(table: pd.DataFrame) -> pd.Series:
    """Which rows of a table are of the whole in every dimension that has one."""
    return (table[list(WHOLES)] == list(WHOLES.values())).all(axis=1)


def one_series(
    table: pd.DataFrame,
    *,
    reporter: str,
    requester: str,
    measure: str,
    request_type: str | None = None,
    service: str | None = None,
    authority: str | None = None,
    start: date | None = None,
    end: date | None = None,
) -> pd.DataFrame:
    """The one series that is named, without the halves of a year that is printed. A dimension left open is the whole
    (`all`, `any`), else the only service or authority there is; the only kind of demand just for a measure of one kind.

    Raises `Unanswerable` where nothing matches, or where the whole is not published and parts are.
    """
    rows = select(table, reporters=[reporter], requesters=[requester], measure=measure, start=start, end=end)
    if rows.empty:
        raise Unanswerable(_nothing(table, reporter, requester, measure))
    dimensions = (("service", service, "all"), ("authority", authority, "any"), ("request_type", request_type, "all"))
    # What is asked for goes first: only then can it be told what is left open.
    for column, chosen, whole in sorted(dimensions, key=lambda dimension: dimension[1] in (None, dimension[2])):
        there = sorted(rows[column].unique())
        if chosen in (None, whole):
            stands_for_all = len(there) == 1 and (column != "request_type" or measure in OF_ONE_KIND)
            chosen = whole if whole in there else there[0] if stands_for_all else None
        if chosen is None:
            raise Unanswerable(f"{reporter} publishes no total over {column.replace('_', ' ')}: choose {listed(there, word='or')}.")
        if chosen not in there:
            raise Unanswerable(
                f"{reporter} publishes nothing for {column.replace('_', ' ')} {chosen} here: choose {listed(there, word='or')}."
            )
        rows = rows[rows[column] == chosen]
    return without_repeats(rows)


def without_repeats(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows without those that others of their series repeat: the halves beside their year, a span beside its years."""
    keys = zip(*(rows[column].tolist() for column in SERIES), days_of(rows["period_start"]), strict=True)
    keys = list(itertools.compress(keys, rows["low"].notna().to_numpy()))
    if len(set(keys)) == len(keys):
        return rows
    numbers = rows[rows["low"].notna()]
    together = numbers.duplicated([*SERIES, "period_start"], keep=False)
    repeated: list = []
    ids = numbers.groupby(SERIES, sort=False).ngroup()
    concerned = ids.isin(ids[together].unique())
    for _, series in numbers[concerned].groupby(ids[concerned]):
        starts, ends = (series[column].tolist() for column in _SPAN)
        for i in range(len(series)):
            shorter = [
                j for j in range(len(series)) if starts[i] <= starts[j] and ends[j] <= ends[i] and ends[j] - starts[j] < ends[i] - starts[i]
            ]
            chain = _chain([(starts[j], ends[j]) for j in shorter], starts[i], ends[i])
            if chain:
                repeated += [series.index[j] for j in shorter] if starts[i].year == ends[i].year else [series.index[i]]
    return rows.drop(index=repeated)


def fill(rows: pd.DataFrame, period: Period) -> pd.DataFrame | None:
    """The fewest rows of one series that follow one another from the first day of a period to its last.

    Rows with a number go before those without one. None where the rows leave a gap or only overlap.
    """
    steps = _fill(list(zip(rows["period_start"], rows["period_end"], strict=True)), rows["low"].notna().tolist(), period)
    return None if steps is None else rows.iloc[steps]


def by_year(rows: pd.DataFrame, table: pd.DataFrame | None = None) -> pd.DataFrame:
    """Calendar years: printed ones as they are, others as the sum of the periods that fill them without overlap.

    A share of a year is weighted: parts over wholes, with the requests that `table` (by default the rows themselves)
    holds for each of its periods. A year with a missing part has no number, and `why` says which. A year is never split,
    and kinds of demand that run on are not added. A printed year keeps its row label; one that was made has a negative one.
    """
    weighted = _weighted(rows, rows if table is None else table)
    years: dict[tuple, dict[int, list[dict]]] = {}
    for label, row in zip(weighted.index, weighted.to_dict("records"), strict=True):
        series = years.setdefault(tuple(row[column] for column in SERIES), {})
        if row["period_start"].year == row["period_end"].year:
            series.setdefault(row["period_start"].year, []).append(row | {"row": label})
    made = [_one_year(series[number], year(number)) for series in years.values() for number in sorted(series)]
    if not made:
        return rows.iloc[:0]
    labels = [row.get("row", -1 - position) for position, row in enumerate(made)]
    return pd.DataFrame(made, columns=rows.columns, index=labels).astype(rows.dtypes.to_dict())


def per_day(table: pd.DataFrame) -> pd.DataFrame:
    """Counts divided by the days of their period."""
    days = (table["period_end"] - table["period_start"]).dt.days + 1
    return _divided(table, days, "day", "per day")


def per_year(table: pd.DataFrame) -> pd.DataFrame:
    """Counts divided by the length of their period in years: 2,576 in 18 months are 1,717 a year."""
    spans = table[_SPAN].drop_duplicates()
    lengths = {span: Period(span[0].date(), span[1].date()).years for span in spans.itertuples(index=False, name=None)}
    years = pd.Series([lengths[span] for span in table[_SPAN].itertuples(index=False, name=None)], index=table.index, dtype=float)
    return _divided(table, years, "year", "per year")


def of_one_length(rows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """A series of counts per year where its periods differ in length, so that they stand on one scale, and what its name then ends with."""
    if len({period.months for period in spans_of(rows)}) < 2 or rows["measure"].isin(vocabulary.SHARES).any():
        return rows, ""
    yearly = per_year(rows)
    return (yearly, ", per year") if yearly["low"].notna().any() else (rows, "")


def per_inhabitants(table: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Counts per 100,000 inhabitants of the requester's country in the year in which the period ends.

    Where no population is published (Taiwan, a publisher's worldwide total) there is no number and `why` says so. A
    place's newest published year stands in for a later one. The documents of a rate name that of the population, too.
    """
    newest = table["requester"].map(population.groupby("place")["year"].max())
    years = table["period_end"].dt.year.clip(upper=newest)
    keys = pd.MultiIndex.from_arrays([table["requester"], years])
    known = population.set_index(["place", "year"])
    people = pd.Series(keys.map(known["people"]), index=table.index, dtype=float)
    editions = pd.Series(keys.map(known["document"]), index=table.index, dtype="object").fillna("")
    result = table.assign(low=table["low"] / people * PEOPLE_PER, high=table["high"] / people * PEOPLE_PER)
    result["document"] = joined_each(table["document"], editions)
    _leave_out(result, people.isna(), "no population is published")
    _leave_out(result, result["measure"].isin(vocabulary.SHARES), _NO_RATE)
    return _scaled(result, "people", f"per {PEOPLE_PER:,} inhabitants")


def indexed(table: pd.DataFrame, base: Period) -> pd.DataFrame:
    """Each series as a multiple of its own value in the base period, times 100; worst cases where that is a band."""
    is_base = (table["period_start"] == pd.Timestamp(base.start)) & (table["period_end"] == pd.Timestamp(base.end))
    bases = table[is_base].drop_duplicates(SERIES).set_index(SERIES)[["low", "high", "document"]]
    own = bases.reindex(pd.MultiIndex.from_frame(table[SERIES])).set_axis(table.index)
    usable = own["low"] > 0
    result = table.assign(low=table["low"] / own["high"] * 100, high=table["high"] / own["low"].where(usable) * 100)
    result["document"] = joined_each(table["document"], own["document"].fillna(""))
    result.loc[is_base & usable, ["low", "high"]] = 100.0
    _leave_out(result, ~usable, f"no number above zero in the base period {base}")
    return _scaled(result, "index", f"{base} = 100")


def days_of(column: pd.Series) -> list[date]:
    """The days in a column of them."""
    return column.to_numpy().astype("datetime64[D]").tolist()


def series_in(table: pd.DataFrame, *, with_number: bool = False) -> list[tuple[str, ...]]:
    """The series in a table, as values of `SERIES`, each once in its order; with `with_number` those that have one."""
    table = table[table["low"].notna()] if with_number else table
    return list(dict.fromkeys(zip(*(table[column].tolist() for column in SERIES), strict=True)))


def labelled_series(table: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """The values of `SERIES` of each series, by its `label`, in the order of the table."""
    first = table.drop_duplicates("label")
    return dict(zip(first["label"].tolist(), zip(*(first[column].tolist() for column in SERIES), strict=True), strict=True))


def spans_of(table: pd.DataFrame) -> list[Period]:
    """The periods in which some row has a number, each once, in the order of the table."""
    spans = zip(*(days_of(table[column]) for column in _SPAN), strict=True)
    return [Period(*span) for span in dict.fromkeys(itertools.compress(spans, table["low"].notna().to_numpy()))]


class _Index:
    """Where the rows of each reporter's measure stand in a table, series by series in order of time."""

    def __init__(self, table: pd.DataFrame):
        self._values: dict[str, dict[str, int]] = {}
        self.codes: dict[str, np.ndarray] = {}
        for column in SERIES:
            codes, values = pd.factorize(table[column], sort=True)
            self.codes[column], self._values[column] = codes.astype(np.int32), {value: code for code, value in enumerate(values)}
        self.starts, self.ends = (table[column].to_numpy() for column in _SPAN)
        keys = [self.codes[column] for column in SERIES]
        self._order = np.lexsort([self.ends, self.starts, *reversed(keys)]).astype(np.int32)
        reporters, measures = self.codes["reporter"][self._order], self.codes["measure"][self._order]
        self._pairs = reporters.astype(np.int64) * (len(self._values["measure"]) + 1) + measures
        self._by_pair = np.argsort(self._pairs, kind="stable").astype(np.int32)
        self._sorted_pairs = self._pairs[self._by_pair]

    def codes_of(self, column: str, values: Sequence[str]) -> np.ndarray:
        """The codes of some values of a column; of one that does not occur there is none."""
        codes = self._values[column]
        return np.array([codes[value] for value in values if value in codes], dtype=np.int64)

    def with_codes(self, rows: np.ndarray, column: str, values: Sequence[str] | None) -> np.ndarray:
        """Those of some positions at which a column has one of some values (None: any)."""
        return rows if values is None else rows[np.isin(self.codes[column][rows], self.codes_of(column, values))]

    def whole_or_parts(self, rows: np.ndarray, column: str, whole: str) -> np.ndarray:
        """Of some positions for each reporter those of the whole, or of its parts, as `select` tells."""
        is_whole = np.isin(self.codes[column][rows], self.codes_of(column, [whole]))
        if is_whole.all():
            return rows
        reporters, count = self.codes["reporter"][rows], len(self._values["reporter"])
        # One number for each reporter's period: sets of numbers are counted many times faster than rows of a table.
        days = (ends[rows].astype("datetime64[D]").astype(np.int64) for ends in (self.starts, self.ends))
        keys = (next(days) * _MANY_DAYS + next(days)) * count + reporters
        every, with_whole = (np.bincount(np.unique(some) % count, minlength=count) for some in (keys, keys[is_whole]))
        has_whole = (with_whole > 0) & (with_whole * 2 >= every)
        return rows[is_whole == has_whole[reporters]]

    def rows(self, reporters: Sequence[str] | None, measure: str | None) -> np.ndarray:
        """The positions of the rows of some reporters (None: all) and a measure, in order."""
        if reporters is None or measure is None:
            return self.with_codes(self.with_codes(self._order, "reporter", reporters), "measure", None if measure is None else [measure])
        base = len(self._values["measure"]) + 1
        pairs = self.codes_of("reporter", reporters).astype(np.int64)[:, None] * base + self.codes_of("measure", [measure])
        spans = [np.searchsorted(self._sorted_pairs, pair, side) for pair in np.unique(pairs) for side in ("left", "right")]
        pieces = [self._by_pair[first:last] for first, last in zip(spans[::2], spans[1::2], strict=True)]
        return self._order[np.concatenate(pieces)] if pieces else self._order[:0]


_MANY_DAYS = 1 << 20
"""More than there are days between the first and the last of any period."""
_INDICES: dict[int, tuple[weakref.ref, _Index]] = {}
_LARGE = 5_000
"""Rows from which on the index of a table is kept for as long as the table is there."""


def _index_of(table: pd.DataFrame) -> _Index:
    key = id(table)
    if key in _INDICES and _INDICES[key][0]() is table:
        return _INDICES[key][1]
    index = _Index(table)
    if len(table) >= _LARGE:
        _INDICES[key] = (weakref.ref(table, lambda _: _INDICES.pop(key, None)), index)
    return index


def _weighted(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    # Beside each share the requests of its period and, where it is counted, its part: what a year's share is made of.
    shares = rows["measure"].isin(vocabulary.SHARES)
    if not shares.any():
        return rows
    same = [*(column for column in SERIES if column != "measure"), *_SPAN]
    near = select(table, reporters=list(rows["reporter"].unique()), requesters=list(rows["requester"].unique()))
    near = near.drop_duplicates([*same, "measure"])[[*same, "measure", "low", "high", "document"]]
    wholes = near[near["measure"] == "requests"].drop(columns="measure")
    parts = near.rename(columns={"measure": "part_measure"})
    result = rows.assign(part_measure=rows["measure"].map(PART_OF_SHARE).fillna(""))
    for name, values, on in (("whole", wholes, same), ("part", parts, [*same, "part_measure"])):
        renamed = {column: f"{name}_{column}" for column in ("low", "high", "document")}
        result = result.merge(values.rename(columns=renamed), on=on, how="left")
    return result.set_axis(rows.index)


def _one_year(inside: list[dict], whole: Period) -> dict:
    start, end = pd.Timestamp(whole.start), pd.Timestamp(whole.end)
    inside = sorted(inside, key=lambda row: (row["period_start"], row["period_end"]))
    for row in inside:
        if row["period_start"] == start and row["period_end"] == end:
            return row
    is_share = inside[0]["measure"] in vocabulary.SHARES
    made = {"made_by": MadeBy.YEAR_SHARE if is_share else MadeBy.YEAR, "printed": "", "document": "", "cell": ""}
    row = inside[0] | {"period_start": start, "period_end": end, "low": np.nan, "high": np.nan} | made
    row.pop("row")
    row["derivation"] = "weighted over the parts of the year" if is_share else "sum over the parts of the year"
    if row["request_type"] in vocabulary.RUNNING and not is_share:
        return row | {"why": "halves are not added: an order is counted in every half-year in which it runs"}
    # A half without requests has no share, and adds nothing to that of its year.
    is_usable = [not pd.isna(stretch["low"]) or (is_share and stretch["why"] == NO_REQUESTS) for stretch in inside]
    steps = _fill([(stretch["period_start"], stretch["period_end"]) for stretch in inside], is_usable, whole)
    if steps is None:
        return row | {"why": f"{whole} is not published in full"}
    for step in steps:
        if not is_usable[step]:
            return row | {"why": inside[step]["why"]}
    parts = [inside[step] for step in steps]
    row["document"] = joined(*(stretch["document"] for stretch in parts))
    if is_share:
        return row | _share_of_year(parts)
    return row | {
        "low": sum(stretch["low"] for stretch in parts),
        "high": sum(stretch["high"] for stretch in parts),
        "derivation": f"sum over {len(parts)} parts of the year",
        "why": "",
        "cell": "; ".join(stretch["cell"] for stretch in parts if stretch["cell"]),
        "printed": " + ".join(stretch["printed"] for stretch in parts) if all(stretch["printed"] for stretch in parts) else "",
    }


def _share_of_year(parts: list[dict]) -> dict:
    # Parts over wholes: never the average of shares. A part that is not counted is its share of the requests.
    if parts[0]["measure"] not in SHARES_OF_REQUESTS:
        return {"why": "the share of a year is not the average of its parts"}
    if any(pd.isna(row["whole_low"]) for row in parts):
        return {"why": "the share of a year needs the number of requests of each of its parts"}
    wholes = [Interval(row["whole_low"], row["whole_high"]) for row in parts]
    counts = []
    for row, whole in zip(parts, wholes, strict=True):
        if whole.high == 0:
            counts.append(whole)
        elif pd.isna(row["part_low"]):
            counts.append(Interval(row["low"], row["high"]).times(whole))
        else:
            counts.append(Interval(row["part_low"], row["part_high"]))
    over = total(wholes)
    if over.high == 0:
        return {"why": NO_REQUESTS}
    try:
        share = total(counts).share(over)
    except ValueError:
        return {"why": "more is printed of the part than of the whole"}
    names = (row[column] for row in parts for column in ("document", "whole_document", "part_document") if isinstance(row[column], str))
    return {"low": share.low, "high": share.high, "why": "", "document": joined(*names)}


def _fill(spans: list[tuple[pd.Timestamp, pd.Timestamp]], is_usable: list[bool], period: Period) -> list[int] | None:
    # The fewest spans, by their place in the list, that fill a period; those that are usable go before those that are not.
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    every = [step for step, (first, last) in enumerate(spans) if start <= first and last <= end]
    for some in ([step for step in every if is_usable[step]], every):
        chain = _chain([spans[step] for step in some], start, end)
        if chain is not None:
            return [some[step] for step in chain]
    return None


def _chain(spans: list[tuple[pd.Timestamp, pd.Timestamp]], start: pd.Timestamp, end: pd.Timestamp) -> list[int] | None:
    # The fewest spans, by their place in the list, that follow one another from the first day to the last.
    day = pd.Timedelta(days=1)
    leading: dict[pd.Timestamp, list[int]] = {start: []}
    for step in sorted(range(len(spans)), key=lambda step: spans[step]):
        first, last = spans[step]
        before = leading.get(first)
        if before is not None and (last + day not in leading or len(before) + 1 < len(leading[last + day])):
            leading[last + day] = [*before, step]
    return leading.get(end + day)


def _divided(table: pd.DataFrame, divisor: pd.Series, scale: str, words: str) -> pd.DataFrame:
    result = table.assign(low=table["low"] / divisor, high=table["high"] / divisor)
    running = "an order is counted in every half-year in which it runs, so it is no rate over time"
    _leave_out(result, table["request_type"].isin(vocabulary.RUNNING), running)
    _leave_out(result, table["measure"].isin(vocabulary.SHARES), _NO_RATE)
    return _scaled(result, scale, words)


_NO_RATE = "a share is not divided by time or people"


def _leave_out(result: pd.DataFrame, rows: pd.Series, why: str) -> None:
    result.loc[rows, ["low", "high"]] = np.nan
    result.loc[rows, "why"] = why


def _scaled(table: pd.DataFrame, scale: str, words: str) -> pd.DataFrame:
    return table.assign(scale=scale, derivation=[f"{before}; {words}" if before else words for before in table["derivation"]])


def _nothing(table: pd.DataFrame, reporter: str, requester: str, measure: str) -> str:
    rows = table[table["reporter"] == reporter]
    if rows.empty:
        return f"No reporter is called {reporter}: choose {listed(sorted(table['reporter'].unique()), word='or')}."
    if measure not in set(rows["measure"]):
        return f"{reporter} publishes no {measure}: choose {listed(sorted(rows['measure'].unique()), word='or')}."
    if requester not in set(rows[rows["measure"] == measure]["requester"]):
        return f"{reporter} publishes no {measure} for {places.name(requester)} ({requester})."
    return f"{reporter} publishes no {measure} for {places.name(requester)} in this period."
