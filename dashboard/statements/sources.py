"""Whose numbers a verdict rests on. A number checks a statement only if it does not come from it (ACCOUNT: a verdict needs an independent source).

Independence is told from addresses, speakers, documents and the chain of repetitions; nothing is marked by hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from dashboard import analysis
from dashboard.catalog.shipped import Catalog
from dashboard.statements.files import Statements
from dashboard.statements.spoken_names import reporters_in

PERIODIC = 3
"""Documents that print a series period after period, each a period of its own, before its numbers count as those of a report."""


@dataclass(frozen=True)
class Sources:
    """The documents of a catalog and the statements that stand at the same addresses."""

    data: Catalog
    statements: Statements
    _periodic: dict[tuple, bool] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _addresses(self) -> dict[str, str]:
        return dict(zip(self.data.documents["document"], self.data.documents["url"].map(_address), strict=True))

    @cached_property
    def _table(self) -> pd.DataFrame:
        return self.statements.statements.set_index("statement", drop=False)

    @cached_property
    def _by_address(self) -> dict[str, list[str]]:
        by_address: dict[str, list[str]] = {}
        for name, url in self._table["url"].items():
            by_address.setdefault(_address(url), []).append(name)
        return by_address

    def organisation(self, statement: str) -> str:
        """The reporter for which a statement speaks, by its speaker and role; empty where it is none."""
        row = self._table.loc[statement]
        if row["side"] not in ("company", "government", "court"):
            return ""
        named = reporters_in(f"{row['speaker']}, {row['role']}", self.data.reporters)
        return named[0].value if named else ""

    def of_statement(self, statement: str, rows: pd.DataFrame) -> str:
        """`own` where every number comes from the statement, its chain or its speaker's words, `partly own` where some does,
        `speaker` where its speaker published them all in reports, else `independent`. `rows` are the published numbers.
        """
        kin = {name for name, _ in self.statements.chain(statement)} | {statement}
        addresses = {_address(self._table.loc[name, "url"]) for name in kin}
        speakers = {self._table.loc[name, "speaker"] for name in kin}
        organisations = {self.organisation(statement)} - {""}
        own, published = set(), set()
        documents = set(rows["document"])
        for document, of_document in rows.groupby("document", sort=False):
            is_kin = self._addresses.get(document) in addresses or self._speakers(document) & speakers
            reporter = of_document["reporter"].iloc[0]
            is_words = is_kin and not self.is_report(of_document)
            if reporter in organisations and not is_words:
                published.add(document)
            elif is_words:
                own.add(document)
        if own:
            return "own" if own == documents else "partly own"
        return "speaker" if published and published == documents else "independent"

    def is_at_own_address(self, statement: str, rows: pd.DataFrame) -> bool:
        """Whether every number stands at the address of the statement itself."""
        own = _address(self._table.loc[statement, "url"])
        return all(self._addresses.get(document) == own for document in rows["document"])

    def of_sentence(self, rows: pd.DataFrame) -> str:
        """`own` where every number is known only from somebody's words that a statement of ours quotes; else `independent`."""
        words = [
            bool(self._speakers(document)) and not self.is_report(of_document)
            for document, of_document in rows.groupby("document", sort=False)
        ]
        return "own" if words and all(words) else "partly own" if any(words) else "independent"

    def is_report(self, rows: pd.DataFrame) -> bool:
        """Whether the rows of one document belong to a report of their publisher: nobody's words that we quote stand at its address, or
        those of the publisher alone, under its own name or period after period.
        """
        reporter = rows["reporter"].iloc[0]
        names = self._by_address.get(self._addresses.get(rows["document"].iloc[0], ""), [])
        if any(self.organisation(name) != reporter for name in names):
            return False
        series = rows[analysis.SERIES].drop_duplicates().itertuples(index=False)
        return all(self._named(name) == reporter for name in names) or all(self._is_periodic(tuple(key)) for key in series)

    def speaker(self, document: str) -> str:
        """Who spoke the words at the address of a document; empty where no statement of ours stands there."""
        return min(self._speakers(document), default="")

    def _speakers(self, document: str) -> set[str]:
        return {self._table.loc[name, "speaker"] for name in self._by_address.get(self._addresses.get(document, ""), [])}

    def _named(self, statement: str) -> str:
        # Who is cited in brackets does not speak.
        named = reporters_in(re.split(r" [(/]", self._table.loc[statement, "speaker"])[0], self.data.reporters)
        return named[0].value if named else ""

    def _is_periodic(self, series: tuple) -> bool:
        if series not in self._periodic:
            keep = pd.Series(True, index=self.data.observations.index)
            for column, value in zip(analysis.SERIES, series, strict=True):
                keep &= self.data.observations[column] == value
            rows = self.data.observations[keep].drop_duplicates(["period_start", "period_end"])
            first = rows.drop_duplicates("document").sort_values("period_start")
            adjoining = (first["period_start"].shift(-1) - first["period_end"]).dt.days == 1
            self._periodic[series] = bool(adjoining.sum() >= PERIODIC - 1)
        return self._periodic[series]


def _address(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|[/#?]+$", "", url)
