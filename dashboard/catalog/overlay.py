"""A catalog with a visitor's rows over it. Tables of the catalog below are shared, and only the reporters that those rows touch are worked out anew."""

from __future__ import annotations

import functools
from dataclasses import fields
from datetime import date

import numpy as np
import pandas as pd

from dashboard.catalog.shipped import Catalog


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
        """The same catalog with the reporters alone whose numbers may be others because of the further rows."""
        return _touched(self)

    @functools.cached_property
    def touched_reporters(self) -> list[str]:
        """The codes of those reporters: whose rows are added, and all that share a document with one, or of whose documents one replaces the other."""
        counted = pd.concat([self.below.spans, self._added])[["reporter", "document"]].drop_duplicates()
        editions = self.documents.loc[self.documents["replaces"] != "", ["document", "replaces"]]
        reporters: list[str] = []
        documents, size = {*self._added["document"], *self.documents["document"].iloc[len(self.below.documents) :]}, 0
        while size < len(documents):
            size = len(documents)
            linked = editions[editions.isin(documents).any(axis=1)]
            reporters = counted["reporter"][counted["document"].isin(documents)].unique()
            documents |= {*linked["document"], *linked["replaces"], *counted["document"][counted["reporter"].isin(reporters)]}
        return sorted(reporters)

    def over(self, below: pd.DataFrame, touched: pd.DataFrame) -> pd.DataFrame:
        """A table of the catalog below, in which the rows of touched reporters are those of another; texts are not copied."""
        return pd.concat([*_runs(below, ~below["reporter"].isin(self.touched_reporters)), touched])

    @functools.cached_property
    def spans(self) -> pd.DataFrame:
        """As of a catalog."""
        return self.over(self.below.spans, self.touched.spans).reset_index(drop=True)

    def as_of(self, day: date | None = None) -> pd.DataFrame:
        """As of a catalog."""
        return self.over(self.below.as_of(day), self.touched.as_of(day)).sort_index()

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
    below = catalog.below.observations
    added = catalog._added.set_axis(range(len(below), len(below) + len(catalog._added)))
    return catalog.holding(pd.concat([below[below["reporter"].isin(catalog.touched_reporters)], added]))


def _runs(table: pd.DataFrame, is_wanted: pd.Series) -> list[pd.DataFrame]:
    # Slices share what they are cut from; the rows of a reporter stand together, so that there are few.
    edges = np.flatnonzero(np.diff(is_wanted.to_numpy(dtype=np.int8), prepend=0, append=0))
    return [table.iloc[first:end] for first, end in zip(edges[::2], edges[1::2], strict=True)]
