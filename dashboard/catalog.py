"""The bundled datasets as one catalog, sound by the time it is handed out; and the same as known on an earlier day."""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pyarrow as arrow
import pyarrow.csv

from dashboard.model import tables
from dashboard.reports.bundle import resources


class DatasetError(Exception):
    """A dataset that breaks a rule, named with file, row and rule; nothing is shown from it."""


@dataclass(frozen=True)
class Catalog:
    """Every table of the datasets. `version` is a short hash of them all: the same version, the same numbers."""

    observations: pd.DataFrame
    documents: pd.DataFrame
    reporters: pd.DataFrame
    measures: pd.DataFrame
    request_types: pd.DataFrame
    parts: pd.DataFrame
    definitions: pd.DataFrame
    breaks: pd.DataFrame
    population: pd.DataFrame
    version: str
    _as_known: dict[date | None, pd.DataFrame] = field(default_factory=dict, repr=False)

    def as_of(self, day: date | None = None) -> pd.DataFrame:
        """One row for each key: the newest document known on that day (today without one) speaks.

        Where a newer edition of the same file covers a period and leaves a key out, that number is withdrawn and is
        not given: `withdrawn` has it.
        """
        if day not in self._as_known:
            known = self._known(day)
            current = known[~known["superseded_by_edition"]].drop_duplicates(tables.KEY, keep="last")
            self._as_known[day] = current[tables.OBSERVATION_COLUMNS].sort_index()
        return self._as_known[day]

    def withdrawn(self, day: date | None = None) -> pd.DataFrame:
        """Numbers that the newest edition known on that day leaves out although it covers their period."""
        known = self._known(day)
        keys = _key_numbers(known)
        current = set(keys[~known["superseded_by_edition"]])
        gone = known[known["superseded_by_edition"] & ~keys.isin(current)]
        return gone.drop_duplicates(tables.KEY, keep="last")[tables.OBSERVATION_COLUMNS].sort_index()

    def restated(self) -> pd.DataFrame:
        """Every change of a number between one document and the next that prints the same key: both intervals."""
        ordered = self._known(None)
        columns = [*tables.KEY, "low", "high", "printed", "document", "cell", "known_from"]
        ordered = ordered[columns].assign(key=_key_numbers(ordered).to_numpy())
        ordered = ordered[ordered.duplicated("key", keep=False)]
        earlier = ordered.groupby("key")[["low", "high", "printed", "document", "cell"]].shift()
        changed = earlier["document"].notna() & ((earlier["low"] != ordered["low"]) | (earlier["high"] != ordered["high"]))
        return pd.concat([ordered, earlier.add_prefix("earlier_")], axis=1)[changed].drop(columns="key").sort_values("known_from")

    def _known(self, day: date | None) -> pd.DataFrame:
        documents = self.documents.set_index("document")
        if day is not None:
            documents = documents[documents["known_from"] <= pd.Timestamp(day)]
        table = self.observations[self.observations["document"].isin(documents.index)]
        superseded = np.zeros(len(table), dtype=bool)
        spans = table.groupby("document").agg(first=("period_start", "min"), last=("period_end", "max"))
        for newer, older in _editions(documents):
            if newer in spans.index:
                span = spans.loc[newer]
                covered = (table["period_start"] >= span["first"]) & (table["period_end"] <= span["last"])
                superseded |= (table["document"].eq(older) & covered).to_numpy()
        table = table.assign(
            known_from=table["document"].map(documents["known_from"]),
            superseded_by_edition=superseded,
        )
        return table.sort_values(["known_from", "document"], kind="stable")


def load(folder: Path) -> Catalog:
    """Read and check every dataset in a folder; raises `DatasetError` with file, row and rule."""
    package = _package(folder)
    known = {resource["path"]: resource["hash"] for resource in package["resources"]}
    read: dict[str, pd.DataFrame] = {}
    for path, model in resources(folder):
        name = path.relative_to(folder).as_posix()
        if not path.exists():
            raise DatasetError(f"{name}: the file is missing.")
        read[name] = _table(path, name, model)
        if known.pop(name, None) != f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}":
            raise DatasetError(
                f"{name}: the file is not the one that datapackage.json describes (its SHA-256 differs). "
                "If the change is meant, run `transparency rebuild`; otherwise install the datasets again."
            )
    if known:
        raise DatasetError(f"{next(iter(known))}: the file is missing, and datapackage.json names it.")
    observations = pd.concat([table for name, table in read.items() if name.startswith("observations/")], ignore_index=True)
    catalog = Catalog(
        observations=observations,
        documents=read["documents.csv"],
        reporters=read["vocabulary/reporters.csv"],
        measures=read["vocabulary/measures.csv"],
        request_types=read["vocabulary/request_types.csv"],
        parts=read["vocabulary/parts.csv"],
        definitions=read["definitions.csv"],
        breaks=read["breaks.csv"],
        population=read["population.csv"],
        version=hashlib.sha256(json.dumps(package["resources"], sort_keys=True).encode()).hexdigest()[:12],
    )
    _check_links(catalog, read)
    return catalog


@functools.cache
def bundled() -> Catalog:
    """The datasets we ship, read once."""
    return load(datasets_folder())


def datasets_folder() -> Path:
    """Where the bundled datasets are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "datasets"
    return installed if installed.is_dir() else package.parent / "datasets"


def with_rows(catalog: Catalog, observations: pd.DataFrame, documents: pd.DataFrame, version: str) -> Catalog:
    """A catalog that also holds a visitor's own observations and documents."""
    return replace(
        catalog,
        observations=pd.concat([catalog.observations, observations], ignore_index=True),
        documents=pd.concat([catalog.documents, documents], ignore_index=True),
        version=version,
        _as_known={},
    )


def _package(folder: Path) -> dict:
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        assert all({"path", "hash"} <= set(resource) for resource in package["resources"])
    except FileNotFoundError:
        raise DatasetError("datapackage.json: the file is missing, so there is nothing to show.") from None
    except (ValueError, KeyError, TypeError, AssertionError):
        raise DatasetError("datapackage.json: the file is damaged.") from None
    return package


def _table(path: Path, name: str, model: type[pa.DataFrameModel]) -> pd.DataFrame:
    columns = model.to_schema().columns
    try:
        texts = pyarrow.csv.read_csv(
            path,
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={column: arrow.string() for column in columns}, strings_can_be_null=False, quoted_strings_can_be_null=False
            ),
        )
    except (arrow.ArrowInvalid, OSError) as error:
        raise DatasetError(f"{name}: the file is no sound CSV ({str(error).splitlines()[0]}).") from None
    if texts.column_names != list(columns):
        raise DatasetError(f"{name}, row 1: the columns must be {', '.join(columns)}.")
    table = texts.to_pandas()
    for column, field_ in columns.items():
        table[column] = _converted(table[column], str(field_.dtype), name)
    try:
        model.validate(table, lazy=True)
    except pa.errors.SchemaErrors as errors:
        raise DatasetError(f"{name}{_first_failure(errors, table)}") from None
    return table


def _converted(texts: pd.Series, kind: str, name: str) -> pd.Series:
    if kind.startswith("datetime"):
        values = pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce").astype("datetime64[ns]")
        says = "is not a date (YYYY-MM-DD)"
    elif kind == "bool":
        values = texts.map({"True": True, "False": False, "true": True, "false": False})
        says = "is neither true nor false"
    elif kind in ("float64", "int64"):
        values = pd.to_numeric(texts, errors="coerce")
        says = "is not a number"
    else:
        return texts
    if values.isna().any():
        row = int(values.isna().to_numpy().argmax())
        raise DatasetError(f"{name}, row {row + 2}, {texts.name}: “{texts.iloc[row]}” {says}.")
    return values.astype(kind) if kind in ("float64", "int64", "bool") else values


def _first_failure(errors: pa.errors.SchemaErrors, table: pd.DataFrame) -> str:
    failure = errors.failure_cases.sort_values("index", na_position="last").iloc[0]
    rule = str(failure["check"])
    for check in errors.schema.checks + [c for column in errors.schema.columns.values() for c in column.checks]:
        if check.name == rule and check.description:
            rule = check.description
    column = failure["column"] if isinstance(failure["column"], str) and failure["column"] in table.columns else ""
    row = f", row {int(failure['index']) + 2}" if pd.notna(failure["index"]) else ""
    value = f" “{table[column].iloc[int(failure['index'])]}”" if column and row else ""
    return f"{row}{', ' + column if column else ''}:{value} breaks the rule: {rule}."


def _check_links(catalog: Catalog, read: dict[str, pd.DataFrame]) -> None:
    documents, reporters = set(catalog.documents["document"]), set(catalog.reporters["reporter"])
    measures, types = set(catalog.measures["measure"]), set(catalog.request_types["request_type"])
    anything = {"*"}
    for name, table in read.items():
        links = {"document": documents, "reporter": reporters, "measure": measures | anything, "request_type": types | anything}
        if name.startswith("observations/"):
            links |= {"measure": measures, "request_type": types}
            _refuse_twice(name, table, [*tables.KEY, "document"], "the same number is given twice for one document")
        if name == "population.csv":
            _refuse_twice(name, table, ["place", "year"], "the same place and year is given twice")
        for column, allowed in links.items():
            if column in table.columns:
                _refuse_unknown(name, table[column], allowed)
    _refuse_unknown("documents.csv", catalog.documents["replaces"], documents | {""})


def _refuse_unknown(name: str, column: pd.Series, allowed: set[str]) -> None:
    unknown = ~column.isin(allowed)
    if unknown.any():
        row = int(unknown.to_numpy().argmax())
        raise DatasetError(f"{name}, row {row + 2}, {column.name}: “{column.iloc[row]}” is not in the list that this column draws on.")


def _refuse_twice(name: str, table: pd.DataFrame, key: list[str], says: str) -> None:
    twice = table.duplicated(key)
    if twice.any():
        raise DatasetError(f"{name}, row {int(twice.to_numpy().argmax()) + 2}: {says}.")


def _editions(documents: pd.DataFrame) -> list[tuple[str, str]]:
    # Pairs of a newer edition and every older one that it replaces, directly or through others.
    replaces = documents["replaces"]
    pairs = []
    for newer in documents.index:
        older, seen = replaces.get(newer, ""), {newer}
        while older and older not in seen:
            pairs.append((newer, older))
            seen.add(older)
            older = replaces.get(older, "")
    return pairs


def _key_numbers(table: pd.DataFrame) -> pd.Series:
    return table.groupby(tables.KEY, sort=False).ngroup()
