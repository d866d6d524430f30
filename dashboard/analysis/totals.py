"""Questions asked of a table: totals, selections, years, rates and shares. Table in, table out; every number an interval.

Beside the columns of an observation a table here carries `derivation` (empty for a number as published, else how it
was made) and `why` (for a row without a number: what is not published).
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from dashboard.catalog.shipped import Catalog
from dashboard.model import places, vocabulary
from dashboard.model.intervals import Interval, possible_counts
from dashboard.model.periods import Period, parse, year
from dashboard.model.tables import KEY

PEOPLE_PER = 100_000
"""Inhabitants to which a rate refers."""
RUNNING = ("nsl", "fisa_content", "fisa_noncontent", "national_security", "uk_ipa", "uk_ipa_content", "uk_ipa_noncontent")
"""Kinds of demand counted in every half-year in which they run, so that halves are not added."""
SERIES = ["reporter", "service", "requester", "authority", "request_type", "measure"]
"""What tells one series from another."""
OF_THE_YEAR = "parts of the year"
"""How the derivation of a year that was summed ends."""
_EVIDENCE = ["printed", "document", "cell"]


class Unanswerable(Exception):
    """A question that the tables cannot answer as it is put; the message says what can be asked instead."""


def complete(catalog: Catalog, day: date | None = None) -> pd.DataFrame:
    """The observations known on a day, with what follows from them and nothing else does.

    Added, each only where the publisher prints none: the counts that a printed percentage allows, the total over the
    disjoint kinds of demand, the worldwide total over requesters, and the share of these totals, parts over wholes.
    A total with an unpublished part has no number, and `why` names the part.
    """
    table = catalog.as_of(day).assign(derivation="", why="")
    table = pd.concat([table, _implied_counts(table)], ignore_index=True)
    # What an edition prints beyond the periods that it covers is a beginning, and no total is made of it.
    covered = table["period_end"] <= table["document"].map(_covered_until(catalog.documents))
    beyond, table = table[~covered], table[covered]
    table = pd.concat([table, _over_types(table, catalog.parts)], ignore_index=True)
    quoted = set(catalog.documents["document"][catalog.documents["form"] == "quoted"])
    table = pd.concat([table, _worldwide(table, quoted, catalog.parts)], ignore_index=True)
    return pd.concat([table, _shares(table), beyond], ignore_index=True)


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
) -> pd.DataFrame:
    """The rows of the named series whose period lies from `start` to `end`; None asks for everything."""
    wanted = {
        "reporter": reporters,
        "requester": requesters,
        "measure": None if measure is None else [measure],
        "request_type": request_types,
        "service": services,
        "authority": authorities,
    }
    keep = np.ones(len(table), dtype=bool)
    for column, values in wanted.items():
        if values is not None:
            keep &= table[column].isin(values).to_numpy()
    if start:
        keep &= (table["period_start"] >= pd.Timestamp(start)).to_numpy()
    if end:
        keep &= (table["period_end"] <= pd.Timestamp(end)).to_numpy()
    return table[keep].sort_values([*SERIES, "period_start", "period_end"], kind="stable")


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
    """The one series that is named. A dimension left open is the whole (`all`, `any`), else the only one there is.

    Raises `Unanswerable` where nothing matches or the whole is not published and several parts are.
    """
    rows = select(table, reporters=[reporter], requesters=[requester], measure=measure, start=start, end=end)
    if rows.empty:
        raise Unanswerable(_nothing(table, reporter, requester, measure))
    dimensions = (("service", service, "all"), ("authority", authority, "any"), ("request_type", request_type, "all"))
    # What is asked for goes first: only then can it be told what is left open.
    for column, asked, whole in sorted(dimensions, key=lambda dimension: dimension[1] in (None, dimension[2])):
        there = sorted(rows[column].unique())
        if asked in (None, whole):
            asked = whole if whole in there else there[0] if len(there) == 1 else None
        if asked is None:
            raise Unanswerable(f"{reporter} publishes no total over {column.replace('_', ' ')}: choose {_or(there)}.")
        if asked not in there:
            raise Unanswerable(f"{reporter} publishes nothing for {column.replace('_', ' ')} {asked} here: choose {_or(there)}.")
        rows = rows[rows[column] == asked]
    return rows


def by_year(table: pd.DataFrame) -> pd.DataFrame:
    """Calendar years: printed ones as they are, others as the sum of the periods that fill them without overlap.

    A year with a missing part has no number. A year is never split, and kinds of demand that run on are not added.
    """
    years: dict[tuple, dict[int, list[dict]]] = {}
    for row in table.to_dict("records"):
        series = years.setdefault(tuple(row[column] for column in SERIES), {})
        if row["period_start"].year == row["period_end"].year:
            series.setdefault(row["period_start"].year, []).append(row)
    rows = [_one_year(series[number], year(number)) for series in years.values() for number in sorted(series)]
    return pd.DataFrame(rows, columns=table.columns).astype(table.dtypes.to_dict()) if rows else table.iloc[:0]


def per_day(table: pd.DataFrame) -> pd.DataFrame:
    """Counts divided by the days of their period."""
    days = (table["period_end"] - table["period_start"]).dt.days + 1
    return _divided(table, days, "per day")


def per_year(table: pd.DataFrame) -> pd.DataFrame:
    """Counts divided by the length of their period in years: 2,576 in 18 months are 1,717 a year."""
    spans = table[["period_start", "period_end"]].drop_duplicates()
    lengths = [Period(start.date(), end.date()).years for start, end in spans.itertuples(index=False)]
    years = table[["period_start", "period_end"]].merge(spans.assign(years=np.array(lengths, dtype=float)), how="left")["years"]
    return _divided(table, pd.Series(years.to_numpy(), index=table.index), "per year")


def per_inhabitants(table: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Counts per 100,000 inhabitants of the requester's country in the year in which the period ends.

    Where no population is published (Taiwan, a publisher's worldwide total) there is no number and `why` says so. A
    place's newest published year stands in for a later one.
    """
    newest = table["requester"].map(population.groupby("place")["year"].max())
    years = table["period_end"].dt.year.clip(upper=newest)
    people = pd.MultiIndex.from_arrays([table["requester"], years]).map(population.set_index(["place", "year"])["people"])
    people = pd.Series(people, index=table.index, dtype=float)
    result = table.assign(low=table["low"] / people * PEOPLE_PER, high=table["high"] / people * PEOPLE_PER)
    nobody = people.isna()
    result.loc[nobody, ["low", "high"]] = np.nan
    result.loc[nobody, "why"] = "no population is published for this place"
    _leave_out_shares(result)
    return _derived(result, f"per {PEOPLE_PER:,} inhabitants")


def indexed(table: pd.DataFrame, base: Period) -> pd.DataFrame:
    """Each series as a multiple of its own value in the base period, times 100; worst cases where that is a band."""
    at_base = table[(table["period_start"] == pd.Timestamp(base.start)) & (table["period_end"] == pd.Timestamp(base.end))]
    bases = at_base.drop_duplicates(SERIES).set_index(SERIES)[["low", "high"]]
    own = pd.DataFrame(bases.reindex(pd.MultiIndex.from_frame(table[SERIES])).to_numpy(), index=table.index, columns=["low", "high"])
    usable = own["low"] > 0
    result = table.assign(low=table["low"] / own["high"] * 100, high=table["high"] / own["low"].where(usable) * 100)
    is_base = (table["period_start"] == pd.Timestamp(base.start)) & (table["period_end"] == pd.Timestamp(base.end)) & usable
    result.loc[is_base, ["low", "high"]] = 100.0
    result.loc[~usable, ["low", "high"]] = np.nan
    result.loc[~usable, "why"] = f"no number above zero in the base period {base}"
    return _derived(result, f"{base} = 100")


def changes(table: pd.DataFrame) -> pd.DataFrame:
    """For each series (by its `label`) the first and last period with a number, and the difference of the two."""
    rows = []
    for _, series in table.dropna(subset=["low"]).groupby("label", sort=False):
        ordered = series.sort_values(["period_start", "period_end"])
        first, last = ordered.iloc[0], ordered.iloc[-1]
        difference = Interval(last["low"], last["high"]) - Interval(first["low"], first["high"])
        comparable = (first["period_end"] - first["period_start"]).days // 25 == (last["period_end"] - last["period_start"]).days // 25
        rows.append(
            first[[*SERIES, "label"]].to_dict()
            | {
                "first_start": first["period_start"],
                "first_end": first["period_end"],
                "first_low": first["low"],
                "first_high": first["high"],
                "last_start": last["period_start"],
                "last_end": last["period_end"],
                "last_low": last["low"],
                "last_high": last["high"],
                "difference_low": difference.low,
                "difference_high": difference.high,
                "same_length": comparable,
            }
        )
    return pd.DataFrame(rows)


def parts_of(table: pd.DataFrame, catalog: Catalog, row: pd.Series) -> pd.DataFrame:
    """The published observations that a row rests on: itself where it was printed, else the parts that were added."""
    same = select(
        table,
        reporters=[row["reporter"]],
        services=[row["service"]],
        authorities=[row["authority"]],
        start=row["period_start"].date(),
        end=row["period_end"].date(),
    )
    measures = [row["measure"]]
    if row["measure"] in ("share_some_data", "requests_some_data") and row["derivation"]:
        measures = ["requests", "requests_some_data", "share_some_data"]
    same = same[same["measure"].isin(measures) & same["derivation"].eq("")]
    if not row["derivation"].endswith(OF_THE_YEAR):
        same = same[same["period_start"].eq(row["period_start"]) & same["period_end"].eq(row["period_end"])]
    if row["requester"] == places.WORLD:
        published = same[same["requester"] == places.WORLD]
        same = published if not row["derivation"] else same[same["requester"] != places.WORLD]
    else:
        same = same[same["requester"] == row["requester"]]
    exactly = same[same["request_type"] == row["request_type"]]
    if row["request_type"] != "all" or (not exactly.empty and row["requester"] != places.WORLD):
        return exactly
    parts = catalog.parts[(catalog.parts["reporter"] == row["reporter"]) & catalog.parts["in_total"]]["request_type"]
    totals = same[same["request_type"] == "all"]
    # A requester whose total is printed rests on that, and not on its parts besides.
    split = _without(same[same["request_type"].isin(parts)], totals, [column for column in KEY if column != "request_type"])
    return pd.concat([totals, split])


def documents_of(table: pd.DataFrame, catalog: Catalog, day: date | None = None) -> pd.DataFrame:
    """The documents on which rows rest: those they name, and for a total those that print what it adds, as known on a day."""
    named = {name for names in table["document"].unique() for name in names.split("; ")}
    totals = table[table["document"] == ""]
    if not totals.empty:
        same, spans = ["reporter", "service", "authority"], ["period_start", "period_end"]
        printed = catalog.as_of(day)[[*same, "requester", *spans, "document"]].drop_duplicates()
        for column in ("requester", None):
            # A worldwide total rests on what is printed of any requester.
            some = totals[(totals["requester"] == places.WORLD) == (column is None)]
            over = [*same, column] if column else same
            rests = printed[[*over, *spans, "document"]].drop_duplicates()
            rests = rests.merge(some[[*over, *spans]].drop_duplicates(), on=over, suffixes=("", "_of_total"))
            within = (rests["period_start"] >= rests["period_start_of_total"]) & (rests["period_end"] <= rests["period_end_of_total"])
            named |= set(rests["document"][within])
    return catalog.documents[catalog.documents["document"].isin(named)]


def _covered_until(documents: pd.DataFrame) -> pd.Series:
    # The last day that an edition covers, where it says so; no end of time for the others.
    ends = [
        pd.Timestamp(parse(edition.removeprefix("through ")).end) if edition.startswith("through ") else pd.Timestamp.max
        for edition in documents["edition"]
    ]
    return pd.Series(ends, index=documents["document"], dtype="datetime64[ns]")


def _implied_counts(table: pd.DataFrame) -> pd.DataFrame:
    dimensions = [column for column in KEY if column != "measure"]
    shares = table[table["measure"] == "share_some_data"]
    requests = table[(table["measure"] == "requests") & (table["low"] == table["high"])]
    printed = table[table["measure"] == "requests_some_data"]
    both = shares.merge(requests[[*dimensions, "low"]].rename(columns={"low": "whole"}), on=dimensions)
    both = _without(both, printed, dimensions)
    counts = [
        possible_counts(Interval(low, high), int(whole)) for low, high, whole in zip(both["low"], both["high"], both["whole"], strict=True)
    ]
    possible = np.array([count is not None for count in counts], dtype=bool)
    both = both[possible].assign(
        measure="requests_some_data",
        low=[count.low for count in counts if count],
        high=[count.high for count in counts if count],
        derivation="the whole counts that the printed percentage allows",
    )
    return both[table.columns]


def _over_types(table: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    counted = parts[parts["in_total"]][["reporter", "request_type"]]
    # A publisher's own worldwide figure for one kind of demand is no total over the kinds.
    additive = table[~table["measure"].isin(vocabulary.SHARES) & (table["requester"] != places.WORLD)]
    additive = additive.merge(counted, on=["reporter", "request_type"])
    over = [column for column in KEY if column != "request_type"]
    unprinted = _without(additive, table[table["request_type"] == "all"], over)
    return _summed(unprinted, additive, over, "request_type", "all").reindex(columns=table.columns)


def _worldwide(table: pd.DataFrame, quoted: set[str], parts: pd.DataFrame) -> pd.DataFrame:
    # Only what a report prints country by country adds up to the world; a figure quoted from a text does not.
    additive = table[~table["measure"].isin(vocabulary.SHARES) & (table["requester"] != places.WORLD) & ~table["document"].isin(quoted)]
    additive = additive[~additive["request_type"].isin(RUNNING)]
    over = [column for column in KEY if column != "requester"]
    unprinted = _without(additive, table[table["requester"] == places.WORLD], over)
    several = additive[["reporter", "service", "measure", "request_type", "requester"]].drop_duplicates()
    several = several.groupby(["reporter", "service", "measure", "request_type"], as_index=False).size().query("size > 1")
    unprinted = unprinted.merge(several[["reporter", "service", "measure", "request_type"]])
    everything = pd.concat([additive, _unsplit(additive, parts)], ignore_index=True)
    return _summed(unprinted, everything, over, "requester", places.WORLD).reindex(columns=table.columns)


def _unsplit(table: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    # Requesters with requests in a period that are not told apart by kind where others are: each kind may be among them,
    # so that their number of each kind is unpublished, not zero.
    here = ["reporter", "service", "authority", "period_start", "period_end"]
    by_kind = table.merge(parts[parts["in_total"]][["reporter", "request_type"]], on=["reporter", "request_type"])
    wholes = table[(table["request_type"] == "all") & (table["measure"] == "requests") & (table["high"] != 0)]
    unsplit = _without(wholes, by_kind, [*here, "requester"]).drop(columns="request_type")
    kinds = by_kind[[*here, "request_type"]].drop_duplicates()
    return unsplit.merge(kinds, on=here).assign(low=np.nan, high=np.nan)[table.columns]


def _without(table: pd.DataFrame, published: pd.DataFrame, over: list[str]) -> pd.DataFrame:
    marked = table.merge(published[over].drop_duplicates(), on=over, how="left", indicator=True)
    return marked[marked["_merge"] == "left_only"].drop(columns="_merge")


def _summed(table: pd.DataFrame, everything: pd.DataFrame, over: list[str], along: str, whole: str) -> pd.DataFrame:
    # `everything` holds the parts of every measure, also of those whose total is printed: it tells which parts there are.
    # A part that has requests but not this measure, or has no number itself, leaves the total unpublished.
    if table.empty:
        return table
    without = [column for column in over if column != "measure"]
    # Only parts with requests, or of unpublished requests, can lack something; a part with none adds nothing to any measure.
    counted = everything[everything["measure"] == "requests"]
    uncounted = _without(everything, counted, [*without, along])
    needed = pd.concat([counted[counted["high"] != 0], uncounted])[[*without, along]].drop_duplicates().assign(needed=1)
    table = table.merge(needed, on=[*without, along], how="left")
    table["answered"] = table["needed"].where(table["low"].notna())
    sums = table.groupby(over, sort=False, as_index=False).agg(
        low=("low", "sum"), high=("high", "sum"), parts=("low", "size"), numbers=("low", "count"), answered=("answered", "sum")
    )
    sums = sums.merge(needed.groupby(without, as_index=False).agg(needed=("needed", "sum")), on=without, how="left")
    lacking = (sums["numbers"] < sums["parts"]) | (sums["answered"] < sums["needed"].fillna(0))
    words = {"request_type": ("kind of demand", "kinds of demand"), "requester": ("requester", "requesters")}[along]
    sums["derivation"] = [f"sum over {parts} {words[parts != 1]}" for parts in sums["parts"]]
    sums = sums.merge(_lacking(table, needed, sums[lacking][over], over, without, along), on=over, how="left")
    sums["why"] = sums["why"].fillna("")
    sums.loc[lacking, ["low", "high"]] = np.nan
    sums[along] = whole
    return sums.assign(printed="", document="", cell="").drop(columns=["parts", "numbers", "answered", "needed"])


def _lacking(
    table: pd.DataFrame, needed: pd.DataFrame, sums: pd.DataFrame, over: list[str], without: list[str], along: str
) -> pd.DataFrame:
    # For each sum that lacks a part: which parts have requests, or a row, and no number for this measure.
    wanted = pd.concat([sums.merge(needed[[*without, along]], on=without), sums.merge(table[[*over, along]], on=over)]).drop_duplicates()
    gaps = _without(wanted, table[table["low"].notna()], [*over, along])
    said = gaps.sort_values(along).groupby(over, sort=False)[along].agg(lambda names: _not_published(list(names), along))
    return said.rename("why").reset_index()


def _not_published(names: list[str], along: str) -> str:
    shown = [places.name(name) if along == "requester" else name.replace("_", " ") for name in names[:3]]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"no number for {', '.join(shown)}{more}"


def _shares(table: pd.DataFrame) -> pd.DataFrame:
    dimensions = [column for column in KEY if column != "measure"]
    parts = table[(table["measure"] == "requests_some_data") & table["low"].notna()]
    wholes = table[(table["measure"] == "requests") & (table["low"] > 0)]
    both = parts.merge(wholes[[*dimensions, "low", "high"]], on=dimensions, suffixes=("", "_whole"))
    printed = table[table["measure"] == "share_some_data"]
    both = _without(both, printed, dimensions)
    both = both.assign(
        measure="share_some_data",
        low=(both["low"] / both["high_whole"]).clip(upper=1),
        high=(both["high"] / both["low_whole"]).clip(upper=1),
        derivation="requests with some data disclosed, over requests",
    )
    return both.assign(printed="", document="", cell="")[table.columns]


def _one_year(inside: list[dict], whole: Period) -> dict:
    start, end = pd.Timestamp(whole.start), pd.Timestamp(whole.end)
    inside = sorted(inside, key=lambda row: (row["period_start"], row["period_end"]))
    for row in inside:
        if row["period_start"] == start and row["period_end"] == end:
            return row
    row = inside[0] | {"period_start": start, "period_end": end, "low": np.nan, "high": np.nan} | dict.fromkeys(_EVIDENCE, "")
    row["derivation"] = f"sum over the {OF_THE_YEAR}"
    if row["request_type"] in RUNNING:
        return row | {"why": "halves are not added: an order is counted in every half-year in which it runs"}
    if row["measure"] in vocabulary.SHARES:
        return row | {"why": "a year's share is not the average of its halves"}
    numbers = [part for part in inside if not pd.isna(part["low"])]
    parts = _filling(numbers, start, end) or _filling(inside, start, end)
    if parts is None:
        return row | {"why": f"{whole} is not published in full"}
    lacking = [part for part in parts if pd.isna(part["low"])]
    if lacking:
        return row | {"why": lacking[0]["why"]}
    return row | {
        "low": sum(part["low"] for part in parts),
        "high": sum(part["high"] for part in parts),
        "derivation": f"sum over {len(parts)} {OF_THE_YEAR}",
        "why": "",
        "document": "; ".join(dict.fromkeys(part["document"] for part in parts if part["document"])),
        "cell": "; ".join(part["cell"] for part in parts if part["cell"]),
        "printed": " + ".join(part["printed"] for part in parts) if all(part["printed"] for part in parts) else "",
    }


def _filling(parts: list[dict], start: pd.Timestamp, end: pd.Timestamp) -> list[dict] | None:
    # The fewest parts that follow one another from the first day to the last; parts come in order of their start.
    leading: dict[pd.Timestamp, list[dict]] = {start: []}
    for part in parts:
        before = leading.get(part["period_start"])
        next_day = part["period_end"] + pd.Timedelta(days=1)
        if before is not None and (next_day not in leading or len(before) + 1 < len(leading[next_day])):
            leading[next_day] = [*before, part]
    return leading.get(end + pd.Timedelta(days=1))


def _divided(table: pd.DataFrame, divisor: pd.Series, words: str) -> pd.DataFrame:
    result = table.assign(low=table["low"] / divisor, high=table["high"] / divisor)
    running = table["request_type"].isin(RUNNING)
    result.loc[running, ["low", "high"]] = np.nan
    result.loc[running, "why"] = "an order is counted in every half-year in which it runs, so it is no rate over time"
    _leave_out_shares(result)
    return _derived(result, words)


def _leave_out_shares(result: pd.DataFrame) -> None:
    share = result["measure"].isin(vocabulary.SHARES)
    result.loc[share, ["low", "high"]] = np.nan
    result.loc[share, "why"] = "a share is not divided by time or people"


def _derived(table: pd.DataFrame, words: str) -> pd.DataFrame:
    return table.assign(derivation=[f"{before}; {words}" if before else words for before in table["derivation"]])


def _nothing(table: pd.DataFrame, reporter: str, requester: str, measure: str) -> str:
    rows = table[table["reporter"] == reporter]
    if rows.empty:
        return f"No reporter is called {reporter}: choose {_or(sorted(table['reporter'].unique()))}."
    if measure not in set(rows["measure"]):
        return f"{reporter} publishes no {measure}: choose {_or(sorted(rows['measure'].unique()))}."
    if requester not in set(rows[rows["measure"] == measure]["requester"]):
        return f"{reporter} publishes no {measure} for {places.name(requester)} ({requester})."
    return f"{reporter} publishes no {measure} for {places.name(requester)} in this period."


def _or(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
