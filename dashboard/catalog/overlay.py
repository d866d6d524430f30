"""A catalog with a visitor's rows over it. Tables of the catalog below are shared, and only the periods that those rows touch are worked out anew."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator
from dataclasses import fields
from datetime import date

import numpy as np
import pandas as pd

from dashboard.catalog.shipped import Catalog, covered_of, spans_of


class Overlay(Catalog):
    """A catalog and further rows. It holds few bytes of its own: a table of both is put together when one is wanted."""

    def __init__(self, below: Catalog, observations: pd.DataFrame, documents: pd.DataFrame, reporters: pd.DataFrame, version: str):
        tables = {name.name: getattr(below, name.name) for name in fields(Catalog) if name.init and name.name != "observations"}
        tables["documents"] = pd.concat([below.documents, documents], ignore_index=True)
        tables["reporters"] = pd.concat([below.reporters, reporters], ignore_index=True)
        for name, value in (tables | {"version": version, "_as_known": {}, "below": below, "_added": observations}).items():
            object.__setattr__(self, name, value)

    @property
    def observations(self) -> pd.DataFrame:
        """The observations of both, those of the catalog below first."""
        return _observations(self)

    def codes(self, column: str) -> set[str]:
        """As of a catalog."""
        return self.below.codes(column) | set(self._added[column].unique())

    @property
    def touched(self) -> Catalog:
        """The same catalog with the numbers alone that may be others because of the further rows: those of `touched_periods`."""
        return self.limited_to(self.touched_periods)

    def limited_to(self, periods: pd.DataFrame) -> Catalog:
        """The same catalog with the numbers of these periods of these reporters alone; its documents cover what they cover in the whole."""
        if periods is self.touched_periods:
            return _touched(self)
        return self._limited_to(periods)

    def _limited_to(self, periods: pd.DataFrame) -> Catalog:
        below = self.below.observations
        added = self._added.set_axis(range(len(below), len(below) + len(self._added)))
        return self.holding(pd.concat([apart(below, periods)[2], added]), covered=self.covered)

    @functools.cached_property
    def touched_periods(self) -> pd.DataFrame:
        """`reporter`, `period_start` and `period_end` of those numbers: all periods of the added documents and of every edition of theirs."""
        documents, size = {*self._added["document"], *self.documents["document"].iloc[len(self.below.documents) :]}, 0
        editions = self.documents.loc[self.documents["replaces"] != "", ["document", "replaces"]]
        while size < len(documents):
            size = len(documents)
            linked = editions[editions.isin(documents).any(axis=1)]
            documents |= {*linked["document"], *linked["replaces"]}
        spans = self.below.spans
        return pd.concat([spans[spans["document"].isin(documents)], self._added])[_PERIOD].drop_duplicates(ignore_index=True)

    @functools.cached_property
    def touched_reporters(self) -> list[str]:
        """The codes of the reporters of those numbers."""
        return sorted(self.touched_periods["reporter"].unique())

    def touched_more_and_more(self) -> Iterator[pd.DataFrame]:
        """The touched periods; then, with the same columns, every period of the touched reporters."""
        yield self.touched_periods
        yield self.spans.loc[self.spans["reporter"].isin(self.touched_reporters), _PERIOD].drop_duplicates(ignore_index=True)

    def over(self, below: pd.DataFrame, touched: pd.DataFrame) -> pd.DataFrame:
        """A table of the catalog below, in which the rows of touched periods are those of another."""
        return laid_over(below, self.touched_periods, touched, ignore_index=False)

    @functools.cached_property
    def spans(self) -> pd.DataFrame:
        """As of a catalog."""
        return self.over(self.below.spans, spans_of(self.touched.observations)).reset_index(drop=True)

    @functools.cached_property
    def covered(self) -> pd.DataFrame:
        """As of a catalog."""
        both = pd.concat([self.below.covered, covered_of(self._added)])
        return both.groupby(level=0).agg({"first": "min", "last": "max"})

    def as_of(self, day: date | None = None, reporters: Collection[str] | None = None) -> pd.DataFrame:
        """As of a catalog."""
        return self.over(self.below.as_of(day, reporters), self.touched.as_of(day, reporters)).sort_index()

    def withdrawn(self, day: date | None = None) -> pd.DataFrame:
        """As of a catalog."""
        return self.over(self.below.withdrawn(day), self.touched.withdrawn(day)).sort_index()

    @functools.cached_property
    def withdrawn_by_now(self) -> pd.DataFrame:
        """As of a catalog."""
        return self.over(self.below.withdrawn_by_now, self.touched.withdrawn_by_now).sort_index()

    @functools.cached_property
    def printed_differently(self) -> pd.DataFrame:
        """As of a catalog."""
        return self.over(self.below.printed_differently, self.touched.printed_differently).sort_index()

    @property
    def _never_printed_otherwise(self) -> pd.DataFrame:
        return self.below._never_printed_otherwise

    def reprinted(self) -> pd.DataFrame:
        """As of a catalog."""
        both = self.over(self.below.reprinted(), self.touched.reprinted()).sort_index()
        return both.sort_values(["known_from", "document"], kind="stable")


# Both are soon made and may be long, so that the last ones are held for all visitors, not one for each.
@functools.lru_cache(maxsize=1)
def _observations(catalog: Overlay) -> pd.DataFrame:
    return pd.concat([catalog.below.observations, catalog._added], ignore_index=True)


@functools.lru_cache(maxsize=2)
def _touched(catalog: Overlay) -> Catalog:
    return catalog._limited_to(catalog.touched_periods)


_PERIOD = ["reporter", "period_start", "period_end"]


def apart(table: pd.DataFrame, periods: pd.DataFrame) -> tuple[list[pd.DataFrame], pd.DataFrame, pd.DataFrame]:
    """A table in three: the rows of reporters that have none of these periods, which are not copied; those of the others in other periods; and in these."""
    is_theirs = table["reporter"].isin(periods["reporter"].unique())
    theirs = table[is_theirs]
    is_inside = pd.MultiIndex.from_frame(theirs[_PERIOD]).isin(pd.MultiIndex.from_frame(periods))
    # Slices share what they are cut from; the rows of a reporter stand together, so that there are few.
    edges = np.flatnonzero(np.diff(~is_theirs.to_numpy(), prepend=False, append=False))
    return [table.iloc[first:end] for first, end in zip(edges[::2], edges[1::2], strict=True)], theirs[~is_inside], theirs[is_inside]


def laid_over(below: pd.DataFrame, periods: pd.DataFrame, rows: pd.DataFrame, *, ignore_index: bool = True) -> pd.DataFrame:
    """A table whose rows in these periods of their reporters are those of another; texts of other reporters are not copied."""
    others, elsewhere, _ = apart(below, periods)
    return pd.concat([*others, elsewhere, rows], ignore_index=ignore_index)
