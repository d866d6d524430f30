"""What follows from the published numbers and nothing else does: totals, implied counts and shares. Table in, table out.

Beside the columns of an observation a table here carries `made_by` (one of `MadeBy`; blank for a number as published),
`derivation` (the same in words), `scale` (one of `SCALED`; blank for counts and shares themselves) and `why` (for a row
without a number: what is not published). The `document` of a number that was made names those of all its parts.
"""

from __future__ import annotations

import functools
from datetime import date
from enum import StrEnum

import numpy as np
import pandas as pd

from dashboard.catalog.kept_tables import kept
from dashboard.catalog.overlay import Overlay, apart, laid_over
from dashboard.catalog.shipped import Catalog, is_bundled
from dashboard.model import places, vocabulary
from dashboard.model.columns import KEY
from dashboard.model.intervals import counts_allowed
from dashboard.model.periods import parse

PART_OF_SHARE = {
    "share_some_data": "requests_some_data",
    "share_content": "requests_content",
    "share_noncontent": "requests_noncontent",
    "share_no_data": "requests_no_data",
    "share_rejected": "requests_rejected",
}
"""For each share of requests the measure that counts its part."""
SHARES_OF_REQUESTS = (*PART_OF_SHARE, "nondisclosure_share", "share_notified", "share_not_notified")
"""Shares whose whole is the requests of the same series and period."""
NO_REQUESTS = "no requests"
"""The `why` of a share of no requests, which is none."""
SEPARATOR = "; "
"""What stands between the names of several documents."""


class MadeBy(StrEnum):
    """How a number came about."""

    PUBLISHED = ""
    ROUNDING = "rounding"
    OUTCOMES = "outcomes"
    KINDS = "kinds"
    REQUESTERS = "requesters"
    SHARE = "share"
    YEAR = "year"
    YEAR_SHARE = "year_share"


def with_totals(catalog: Catalog, day: date | None = None) -> pd.DataFrame:
    """The observations known on a day, with what follows from them and nothing else does.

    Added, each only where the publisher prints none: requests with some data disclosed, as the sum of those with content
    and those with other data only or as the counts that a printed percentage allows; the total over the disjoint kinds of
    demand; the worldwide total over requesters; and the shares of requests, parts over wholes. A total with an
    unpublished part has no number (`low` and `high` are missing), and `why` names the part. A share of no requests has none.
    Of what we ship, as known today, the table is kept on disk for the next process. Of a catalog that lies over another, only the
    periods that it touches are worked out.
    """
    if isinstance(catalog, Overlay):
        below = with_totals(catalog.below, day)
        return laid_over(below, *touched_totals(catalog, below, day))
    if day is None and is_bundled(catalog):
        return _of_bundled(catalog).copy(deep=False)
    return _with_totals(catalog, day)


def touched_totals(catalog: Overlay, below: pd.DataFrame, day: date | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The periods in which that table of a catalog has other rows than this one of the catalog below, and those rows."""
    for periods in catalog.touched_more_and_more():
        _, elsewhere, inside = apart(below, periods)
        series = _series_of(elsewhere, catalog)
        touched = _with_totals(catalog.limited_to(periods), day, series)
        before, after = _series_of(inside, catalog), _series_of(touched, catalog)
        # Which totals there are is decided over all periods: where that is another matter now, those of all of them are made anew.
        is_same = pd.concat([before, after]).drop_duplicates(keep=False).empty
        if is_same or _decided(series, before, catalog.parts) == _decided(series, after, catalog.parts):
            break
    return periods, touched


_SERIES = ["reporter", "service", "measure", "request_type", "requester"]


def _series_of(table: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    # The different series out of which totals are made, and whether they are quoted.
    is_whole = table["made_by"].eq(MadeBy.REQUESTERS) | table["measure"].isin(vocabulary.SHARES)
    table = table[~is_whole & _is_covered(table, catalog)]
    return table[_SERIES].assign(is_quoted=table["document"].isin(_quoted(catalog))).drop_duplicates()


def _decided(series: pd.DataFrame, others: pd.DataFrame, parts: pd.DataFrame) -> list[set[tuple[str, ...]]]:
    # What series and others together decide about the series.
    all_series = pd.concat([series, others])
    decided = (_by_requester(all_series[~all_series["is_quoted"]]), _for_the_world_alone(all_series, parts))
    return [{*rows.itertuples(index=False, name=None)} & {*series[rows.columns].itertuples(index=False, name=None)} for rows in decided]


@functools.lru_cache(maxsize=1)
def _of_bundled(catalog: Catalog) -> pd.DataFrame:
    # Read once for all who ask in a process.
    return kept("totals", catalog.version, lambda: {"totals": _with_totals(catalog, None)})["totals"]


def _with_totals(catalog: Catalog, day: date | None, elsewhere: pd.DataFrame | None = None) -> pd.DataFrame:
    # `elsewhere` are the series of the same reporters in periods that the catalog leaves out.
    table = catalog.as_of(day).assign(made_by="", derivation="", scale="", why="")
    table = pd.concat([table, _both_outcomes(table)], ignore_index=True)
    table = pd.concat([table, _implied_counts(table)], ignore_index=True)
    # What an edition prints beyond the periods that it covers is a beginning, and no total is made of it.
    is_covered = _is_covered(table, catalog)
    beyond, table = table[~is_covered], table[is_covered]
    table = pd.concat([table, _over_types(table, catalog.parts, elsewhere)], ignore_index=True)
    table = pd.concat([table, _worldwide(table, _quoted(catalog), catalog.parts, elsewhere)], ignore_index=True)
    labels = catalog.measures.set_index("measure")["label"]
    return _without_empty_shares(pd.concat([table, _shares(table, labels), beyond], ignore_index=True))


def joined(*documents: str) -> str:
    """The names in several lists of documents, each once, as one list."""
    return SEPARATOR.join(dict.fromkeys(name for names in documents for name in names.split(SEPARATOR) if name))


def _quoted(catalog: Catalog) -> set[str]:
    return set(catalog.documents["document"][catalog.documents["form"] == "quoted"])


def _is_covered(table: pd.DataFrame, catalog: Catalog) -> pd.Series:
    # An edition may say through which day it covers what it prints.
    editions = catalog.documents.set_index("document")["edition"]
    editions = editions[editions.str.startswith("through ")]
    until = {document: pd.Timestamp(parse(edition.removeprefix("through ")).end) for document, edition in editions.items()}
    firsts = {names: until.get(names.split(SEPARATOR, 1)[0], pd.NaT) for names in table["document"].unique()}
    return ~(table["period_end"] > table["document"].map(firsts))


_UNMEASURED = [column for column in KEY if column != "measure"]


def _both_outcomes(table: pd.DataFrame) -> pd.DataFrame:
    # Requests with content and requests with other data only are disjoint, and together are those with some data.
    content, other, printed = (
        table[table["measure"] == measure] for measure in ("requests_content", "requests_noncontent", "requests_some_data")
    )
    if content.empty or other.empty:
        return table.iloc[:0]
    both = content.merge(other[[*_UNMEASURED, "low", "high", "document"]], on=_UNMEASURED, suffixes=("", "_other"))
    both = without(both, printed, _UNMEASURED)
    return _made(
        both,
        table,
        MadeBy.OUTCOMES,
        "with content disclosed, and with other data only",
        measure="requests_some_data",
        low=both["low"] + both["low_other"],
        high=both["high"] + both["high_other"],
        document=joined_each(both["document"], both["document_other"]),
    )


def _implied_counts(table: pd.DataFrame) -> pd.DataFrame:
    shares = table[table["measure"] == "share_some_data"]
    requests = table[(table["measure"] == "requests") & (table["low"] == table["high"])]
    counted = table[table["measure"] == "requests_some_data"]
    if shares.empty or requests.empty:
        return table.iloc[:0]
    both = shares.merge(requests[[*_UNMEASURED, "low", "document"]], on=_UNMEASURED, suffixes=("", "_whole"))
    both = without(both, counted, _UNMEASURED)
    low, high = counts_allowed(both["low"].to_numpy(), both["high"].to_numpy(), both["low_whole"].to_numpy())
    both = both.assign(low=low, high=high)[low <= high]
    return _made(
        both,
        table,
        MadeBy.ROUNDING,
        "the whole counts that the printed percentage allows",
        measure="requests_some_data",
        document=joined_each(both["document"], both["document_whole"]),
    )


def _over_types(table: pd.DataFrame, parts: pd.DataFrame, elsewhere: pd.DataFrame | None) -> pd.DataFrame:
    counted = parts[parts["in_total"]][["reporter", "request_type"]]
    # A publisher's own worldwide figure for one kind of demand is no total over the kinds.
    additive = table[~table["measure"].isin(vocabulary.SHARES)].merge(counted, on=["reporter", "request_type"])
    if additive.empty:
        return table.iloc[:0]
    # Nor is there one where a kind is published for the world alone: of a requester it may be any part.
    unsplit = _for_the_world_alone(pd.concat([additive, elsewhere]), parts)
    additive = additive[additive["requester"] != places.WORLD]
    additive = without(additive, unsplit, ["reporter", "service"])
    over = [column for column in KEY if column != "request_type"]
    unprinted = without(additive, table[table["request_type"] == "all"], over)
    return _summed(unprinted, additive, over, "request_type", "all").reindex(columns=table.columns)


def _worldwide(table: pd.DataFrame, quoted: set[str], parts: pd.DataFrame, elsewhere: pd.DataFrame | None) -> pd.DataFrame:
    # Only what a report prints country by country adds up to the world; a figure quoted from a text does not.
    additive = table[~table["measure"].isin(vocabulary.SHARES) & (table["requester"] != places.WORLD) & ~table["document"].isin(quoted)]
    additive = additive[~additive["request_type"].isin(vocabulary.RUNNING)]
    over = [column for column in KEY if column != "requester"]
    unprinted = without(additive, table[table["requester"] == places.WORLD], over)
    elsewhere = None if elsewhere is None else elsewhere[~elsewhere["is_quoted"]]
    unprinted = unprinted.merge(_by_requester(pd.concat([additive, elsewhere])))
    everything = pd.concat([additive, _unsplit(additive, parts)], ignore_index=True)
    return _summed(unprinted, everything, over, "requester", places.WORLD).reindex(columns=table.columns)


def _for_the_world_alone(series: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    # The kinds of demand of reporters and services of which no requester has any of its own.
    series = (
        series[_SERIES].drop_duplicates().merge(parts[parts["in_total"]][["reporter", "request_type"]], on=["reporter", "request_type"])
    )
    is_world = series["requester"] == places.WORLD
    kind = ["reporter", "service", "request_type"]
    return without(series[is_world], series[~is_world], kind)[kind].drop_duplicates()


def _by_requester(series: pd.DataFrame) -> pd.DataFrame:
    # What reporters count of several requesters.
    series = series.loc[series["requester"] != places.WORLD, _SERIES].drop_duplicates()
    return series.groupby(_SERIES[:-1], as_index=False).size().query("size > 1").drop(columns="size")


def _unsplit(table: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    # Requesters with requests in a period that are not told apart by kind where others are: each kind may be among them,
    # so that their number of each kind is unpublished, not zero.
    here = ["reporter", "service", "authority", "period_start", "period_end"]
    by_kind = table.merge(parts[parts["in_total"]][["reporter", "request_type"]], on=["reporter", "request_type"])
    wholes = table[(table["request_type"] == "all") & (table["measure"] == "requests") & (table["high"] != 0)]
    unsplit = without(wholes, by_kind, [*here, "requester"]).drop(columns="request_type")
    kinds = by_kind[[*here, "request_type"]].drop_duplicates()
    return unsplit.merge(kinds, on=here).assign(low=np.nan, high=np.nan)[table.columns]


def without(table: pd.DataFrame, published: pd.DataFrame, over: list[str]) -> pd.DataFrame:
    """The rows of a table whose columns `over` occur in no row of another; numbered anew."""
    if table.empty or published.empty:
        return table.reset_index(drop=True)
    marked = table.merge(published[over].drop_duplicates(), on=over, how="left", indicator=True)
    return marked[marked["_merge"] == "left_only"].drop(columns="_merge")


def _summed(table: pd.DataFrame, everything: pd.DataFrame, over: list[str], along: str, whole: str) -> pd.DataFrame:
    # `everything` holds the parts of every measure, also of those whose total is printed: it tells which parts there are.
    # A part that has requests but not this measure, or has no number itself, leaves the total unpublished.
    if table.empty:
        return table
    unmeasured = [column for column in over if column != "measure"]
    # Only parts with requests, or of unpublished requests, can lack something; a part with none adds nothing to any measure.
    counted = everything[everything["measure"] == "requests"]
    uncounted = without(everything, counted, [*unmeasured, along])
    needed = pd.concat([counted[counted["high"] != 0], uncounted])[[*unmeasured, along]].drop_duplicates().assign(needed=1)
    table = table.merge(needed, on=[*unmeasured, along], how="left")
    table["answered"] = table["needed"].where(table["low"].notna())
    grouped = table.groupby(over, sort=False)
    sums = grouped.agg(
        low=("low", "sum"), high=("high", "sum"), parts=("low", "size"), numbers=("low", "count"), answered=("answered", "sum")
    )
    sums = sums.assign(document=_documents_of_groups(grouped.ngroup(), table["document"])).reset_index()
    sums = sums.merge(needed.groupby(unmeasured, as_index=False).agg(needed=("needed", "sum")), on=unmeasured, how="left")
    lacking = (sums["numbers"] < sums["parts"]) | (sums["answered"] < sums["needed"].fillna(0))
    words = {"request_type": ("kind of demand", "kinds of demand"), "requester": ("requester", "requesters")}[along]
    sums["derivation"] = [f"sum over {parts} {words[1]}" if parts > 1 else f"the only {words[0]} published" for parts in sums["parts"]]
    sums["made_by"] = MadeBy.KINDS.value if along == "request_type" else MadeBy.REQUESTERS.value
    sums["why"] = ""
    if lacking.any():
        reasons = _lacking(table, needed, sums[lacking][over], over, unmeasured, along)
        sums["why"] = sums.drop(columns="why").merge(reasons, on=over, how="left")["why"].fillna("")
    sums.loc[lacking, ["low", "high"]] = np.nan
    sums[along] = whole
    return sums.assign(printed="", cell="", scale="").drop(columns=["parts", "numbers", "answered", "needed"])


def _documents_of_groups(groups: pd.Series, documents: pd.Series) -> list[str]:
    # For each group, in order of its number, the names of its documents; nearly all have one and the same.
    pairs = pd.DataFrame({"group": groups, "document": documents}).drop_duplicates()
    names = pairs.drop_duplicates("group").set_index("group")["document"].sort_index().tolist()
    several = pairs[pairs.duplicated("group", keep=False)]
    for group, those in several.groupby("group")["document"]:
        names[group] = joined(*sorted(those))
    return names


def _lacking(
    table: pd.DataFrame, needed: pd.DataFrame, sums: pd.DataFrame, over: list[str], unmeasured: list[str], along: str
) -> pd.DataFrame:
    # For each sum that lacks a part: which parts have requests, or a row, and no number for this measure.
    wanted = pd.concat(
        [sums.merge(needed[[*unmeasured, along]], on=unmeasured), sums.merge(table[[*over, along]], on=over)]
    ).drop_duplicates()
    gaps = without(wanted, table[table["low"].notna()], [*over, along])
    reasons = gaps.sort_values(along).groupby(over, sort=False)[along].agg(lambda names: _not_published(list(names), along))
    return reasons.rename("why").reset_index()


def _not_published(names: list[str], along: str) -> str:
    shown = [places.name(name) if along == "requester" else name.replace("_", " ") for name in names[:3]]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"no number for {', '.join(shown)}{more}"


def _shares(table: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    wholes = table[(table["measure"] == "requests") & table["low"].notna()]
    derived = []
    for share, part_measure in PART_OF_SHARE.items():
        parts = table[(table["measure"] == part_measure) & table["low"].notna()]
        if parts.empty:
            continue
        both = parts.merge(wholes[[*_UNMEASURED, "low", "high", "document"]], on=_UNMEASURED, suffixes=("", "_whole"))
        both = without(both, table[table["measure"] == share], _UNMEASURED)
        # A whole that may be zero and need not be has no share; of no requests there is none, and that is told.
        both = both[(both["low_whole"] > 0) | (both["high_whole"] == 0)]
        # More of a part than of its whole, as some publishers print, is no share either.
        both = both[both["low"] <= both["high_whole"]]
        made = _made(
            both,
            table,
            MadeBy.SHARE,
            f"{labels[part_measure].lower()}, over requests",
            measure=share,
            low=(both["low"] / both["high_whole"].where(both["high_whole"] > 0)).clip(upper=1),
            high=(both["high"] / both["low_whole"].where(both["high_whole"] > 0)).clip(upper=1),
            document=joined_each(both["document"], both["document_whole"]),
        )
        derived.append(made)
    return pd.concat(derived) if derived else table.iloc[:0]


def _without_empty_shares(table: pd.DataFrame) -> pd.DataFrame:
    none = table[(table["measure"] == "requests") & (table["high"] == 0)]
    shares = table[table["measure"].isin(SHARES_OF_REQUESTS)][_UNMEASURED]
    is_empty = pd.MultiIndex.from_frame(shares).isin(pd.MultiIndex.from_frame(none[_UNMEASURED])) if len(none) else []
    rows = shares.index[is_empty] if len(none) else shares.index[:0]
    table.loc[rows, ["low", "high"]] = np.nan
    table.loc[rows, "why"] = NO_REQUESTS
    return table


def _made(rows: pd.DataFrame, table: pd.DataFrame, made_by: MadeBy, derivation: str, **columns: object) -> pd.DataFrame:
    # Rows of a number that was made: no printed text and no cell of their own.
    rows = rows.assign(**columns, made_by=made_by.value, derivation=derivation, scale="", why="", printed="", cell="")
    return rows[table.columns]


def joined_each(one: pd.Series, other: pd.Series) -> pd.Series:
    """Two columns of lists of documents as one, row by row."""
    # There are far fewer pairs than rows.
    pairs = {pair: joined(*pair) for pair in set(zip(one, other, strict=True))}
    return pd.Series([pairs[pair] for pair in zip(one, other, strict=True)], index=one.index, dtype="str")
