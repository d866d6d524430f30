"""Reports a visitor brought: each accepted file with what was read from it, and all of them beside the bundled datasets."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

import pandas as pd
import pyarrow as arrow
import pyarrow.csv

from dashboard.catalog import package
from dashboard.catalog.overlay import Overlay
from dashboard.catalog.shipped import Catalog, first_broken
from dashboard.model import periods, vocabulary
from dashboard.model.columns import KEY, OBSERVATION_COLUMNS, OWN
from dashboard.reports.problems import Problem
from dashboard.reports.tables.frames import SCHEMA


@dataclass(frozen=True, eq=False)
class Report:
    """One accepted report: the file, what was read from it, and the problems that were agreed to.

    `id` stands for the bytes and the reading together: the same file read in the same way has the same. `data` is None where
    the report comes out of a workspace, which keeps the file.
    """

    id: str
    name: str
    sha256: str
    size: int
    data: bytes | None
    observations: pd.DataFrame
    documents: pd.DataFrame
    reporters: pd.DataFrame
    problems: tuple[Problem, ...] = ()
    mapping: str = ""
    """The corrections with which it was read, as a TOML file: the next edition of the layout starts from them."""


def accepted(
    name: str,
    data: bytes,
    observations: pd.DataFrame,
    problems: Iterable[Problem] = (),
    *,
    names: Mapping[str, str] | None = None,
    mapping: str = "",
) -> Report:
    """A report out of a file and the observations read from it, its documents marked as the visitor's own.

    `names` has the names of publishers that the vocabulary lacks by their codes, as they were written; `mapping` is how its layout was
    corrected. Raises `ValueError` where a row breaks the model: past this door every table is sound.
    """
    name = file_name(name)
    digest = hashlib.sha256(data).hexdigest()
    table = typed(observations)
    _check(table)
    id_ = _reading(digest, table)
    own = _own_names(id_, table["document"].unique())
    codes = set(table["reporter"].unique())
    written = [_reporter(code, name) for code, name in (names or {}).items() if code in codes]
    documents = [_document(own[document], rows, name, digest) for document, rows in table.groupby("document", sort=False)]
    return Report(
        id_,
        name,
        digest,
        len(data),
        data,
        table.assign(document=table["document"].map(own).astype("str")),
        as_documents(documents),
        _sound("Reporter", as_reporters(written)),
        tuple(problems),
        mapping,
    )


def typed(observations: pd.DataFrame) -> pd.DataFrame:
    """Observations with the columns and the types that they have in the catalog, in the order they came."""
    table = observations[OBSERVATION_COLUMNS].reset_index(drop=True)
    kinds = dict.fromkeys(OBSERVATION_COLUMNS, "str") | {"low": "float64", "high": "float64"}
    return table.astype(kinds | {"period_start": "datetime64[ns]", "period_end": "datetime64[ns]"})


def check_words(table: pd.DataFrame) -> None:
    """Raise `ValueError` where observations use a word that the vocabulary does not have, or not any more."""
    known = {"measure": vocabulary.MEASURES, "request_type": vocabulary.REQUEST_TYPES, "authority": vocabulary.AUTHORITIES}
    for column, words in known.items():
        unknown = set(table[column].unique()) - set(words)
        if unknown:
            raise ValueError(f"{column} “{unknown.pop()}” is no word of the vocabulary")


def as_documents(rows: list[dict]) -> pd.DataFrame:
    """Rows that describe documents, as a table with the types that it has in the catalog."""
    from dashboard.model import tables

    columns = list(tables.described(tables.Document))
    # A report that was kept before a column was there says nothing in it.
    table = pd.DataFrame([dict.fromkeys(columns, "") | row for row in rows], columns=columns)
    return table.astype(dict.fromkeys(columns, "str") | {"known_from": "datetime64[ns]"})


def as_reporters(rows: list[dict]) -> pd.DataFrame:
    """Rows that describe reporters which the vocabulary lacks, likewise."""
    from dashboard.model import tables

    return pd.DataFrame(rows, columns=list(tables.described(tables.Reporter)), dtype="str")


def with_reports(catalog: Catalog, reports: Iterable[Report], *, there: Iterable[Report] = ()) -> Catalog:
    """The catalog together with a visitor's reports; one that is `there`, in the catalog already, counts once.

    Of a file that we hold, only what was read otherwise is added: its numbers are there, with what is known of their edition.
    The same reports make the same version, in whichever order they came.
    """
    known = {report.id for report in there}
    reports = sorted({report.id: report for report in reports if report.id not in known}.values(), key=lambda report: report.id)
    if not reports:
        return catalog
    below = catalog.below if known and isinstance(catalog, Overlay) else catalog
    ids = sorted({*known, *(report.id for report in reports)})
    observations = pd.concat([_new_rows(report, catalog) for report in reports], ignore_index=True)
    documents = pd.concat([report.documents for report in reports], ignore_index=True)
    described = pd.concat([report.reporters for report in reports], ignore_index=True)
    unknown = sorted(set(observations["reporter"].unique()) - set(described["reporter"]))
    reporters = pd.concat([described, as_reporters([_reporter(code) for code in unknown])]).drop_duplicates("reporter")
    return Overlay(
        catalog,
        observations,
        documents[documents["document"].isin(observations["document"].unique())],
        reporters[~reporters["reporter"].isin(catalog.reporters["reporter"])],
        hashlib.sha256(" ".join([below.version, *ids]).encode()).hexdigest()[:12],
    )


def same_file(report: Report, catalog: Catalog) -> list[str]:
    """The documents of the catalog that are this very file."""
    return catalog.documents.loc[catalog.documents["sha256"] == report.sha256, "document"].tolist()


def file_name(name: str) -> str:
    """The name of an uploaded file without any folder, as a text that can be stored and shown."""
    return PurePath(name.replace("\\", "/")).name.encode("utf-8", "replace").decode() or "report"


class SessionReports:
    """The reports of one visitor's session, which are nowhere else until they are kept."""

    def __init__(self) -> None:
        self._reports: dict[str, Report] = {}
        self._merged: tuple[Catalog, frozenset[str], Catalog] | None = None

    def __iter__(self) -> Iterator[Report]:
        return iter(list(self._reports.values()))

    def __len__(self) -> int:
        return len(self._reports)

    def add(self, report: Report) -> bool:
        """Take a report in; False where the very same is there already."""
        is_new = report.id not in self._reports
        self._reports.setdefault(report.id, report)
        return is_new

    def remove(self, id_: str) -> None:
        """Drop a report from the session."""
        self._reports.pop(id_, None)

    def merged(self, catalog: Catalog, kept: Iterable[Report] = ()) -> Catalog:
        """The catalog, which holds the kept reports, with this session's: the same object until one of them changes."""
        ids = frozenset(self._reports)
        if self._merged is None or self._merged[0] is not catalog or self._merged[1] != ids:
            self._merged = (catalog, ids, with_reports(catalog, self, there=kept))
        return self._merged[2]


def _new_rows(report: Report, catalog: Catalog) -> pd.DataFrame:
    ours = same_file(report, catalog)
    if not ours:
        return report.observations
    number = [*KEY, "low", "high"]
    there = pd.MultiIndex.from_frame(catalog.observations.loc[catalog.observations["document"].isin(ours), number])
    return report.observations[~pd.MultiIndex.from_frame(report.observations[number]).isin(there)]


def _reading(digest: str, table: pd.DataFrame) -> str:
    # Without the documents' names: a renamed copy of a file is the same file.
    plain = arrow.Table.from_pandas(table, schema=SCHEMA, preserve_index=False).drop_columns("document")
    text = io.BytesIO()
    pyarrow.csv.write_csv(plain, text)
    return hashlib.sha256(digest.encode() + text.getbuffer()).hexdigest()[:16]


def _own_names(id_: str, documents: Iterable[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for document in documents:
        short = package.document_name(document) or "report"
        while f"{OWN}{id_}/{short}" in names.values():
            short += "-again"
        names[document] = f"{OWN}{id_}/{short}"
    return names


def _check(table: pd.DataFrame) -> None:
    if table.empty:
        raise ValueError("a report without a number cannot be accepted")
    check_words(table)
    _sound("OwnObservation", table)
    for code in table["reporter"].unique():
        if not re.fullmatch(r"[a-z0-9][a-z0-9_]*", code):
            raise ValueError(f"reporter “{code}” is no short lower-case name")
    if table.duplicated([*KEY, "document"]).any():
        raise ValueError("the same number is given twice for one document")


def _sound(model: str, table: pd.DataFrame) -> pd.DataFrame:
    from dashboard.model import tables

    if errors := tables.broken_rules(getattr(tables, model), table):
        row, words = first_broken(errors, table)
        where = "the table" if row is None else f"row {row + 1}"
        raise ValueError(f"{where}{words.removesuffix('.')}")
    return table


def _document(own: str, rows: pd.DataFrame, name: str, digest: str) -> dict:
    first, last = rows["period_start"].min().date(), rows["period_end"].max().date()
    known_from, basis = package.known(date.today(), periods.Period(first, last))
    return {
        "document": own,
        "reporter": rows["reporter"].mode().iloc[0],
        "title": name,
        "edition": periods.label(periods.Period(first, last)),
        "published": "",
        "known_from": pd.Timestamp(known_from),
        "known_from_basis": basis,
        "url": "",
        "sha256": digest,
        "form": "as published",
        "seen": "seen-secondary",
        "replaces": "",
        "note": "The visitor’s own upload, not among the published datasets.",
    }


def _reporter(code: str, name: str = "") -> dict:
    # What is not known of a publisher stays blank; a company is what most of them are.
    name = name or code.replace("_", " ").title()
    return {"reporter": code, "name": name, "kind": "company", "country": "", "report": "A visitor’s upload", "url": ""}
