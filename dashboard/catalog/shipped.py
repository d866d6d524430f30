"""The bundled datasets as one catalog, sound by the time it is handed out; and the same as known on an earlier day."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as arrow
import pyarrow.csv

from dashboard.catalog.kept_tables import kept
from dashboard.catalog.package import other_resources, resources, table_files, version_of
from dashboard.model import places
from dashboard.model.columns import KEY

_TEXTS = [column for column in KEY if not column.startswith("period")]
_MOST_DAYS = 16
"""Days beside today of which it is kept which rows were known."""


class DatasetError(Exception):
    """A dataset that breaks a rule, named with file, row and rule; nothing is shown from it."""


@dataclass(frozen=True, eq=False)
class Catalog:
    """Every table of the datasets. `version` is a short hash of them all: the same version, the same numbers."""

    observations: pd.DataFrame
    documents: pd.DataFrame
    reporters: pd.DataFrame
    measures: pd.DataFrame
    request_types: pd.DataFrame
    parts: pd.DataFrame
    definition_groups: pd.DataFrame
    definitions: pd.DataFrame
    breaks: pd.DataFrame
    population: pd.DataFrame
    letters: pd.DataFrame
    corrections: pd.DataFrame
    version: str
    _as_known: dict[date | None, pd.Index] = field(default_factory=dict, repr=False)

    def as_of(self, day: date | None = None, reporters: Collection[str] | None = None) -> pd.DataFrame:
        """One row for each key, of some reporters or of all: the newest document known on that day (today without one) speaks.

        Where a newer edition of the same file covers a period and leaves a key out, that number is withdrawn and is
        not given: `withdrawn` has it. Where an as-published document prints the very number of a later transcription
        or compilation, the row names the former: the number is the same and the evidence is better.
        """
        rows = self._as_known.get(day)
        if rows is None:
            known = self._known(day)
            newest = known[~known["superseded"]].drop_duplicates("key", keep="last").set_index("key")[["low", "high"]]
            own = newest.reindex(known["key"])
            same = (known["low"].to_numpy() == own["low"].to_numpy()) & (known["high"].to_numpy() == own["high"].to_numpy())
            best = known[same].sort_values("is_own", kind="stable").drop_duplicates("key", keep="last")
            rows = best.index.sort_values()
            # An address may name any day, so what was known on days that were asked for long ago is let go; today's stays.
            days = [other for other in list(self._as_known) if other is not None]
            for other in days[: max(0, len(days) + 1 - _MOST_DAYS)]:
                self._as_known.pop(other, None)
            self._as_known[day] = rows
        return self.observations.loc[rows if reporters is None else rows[self.observations["reporter"].loc[rows].isin(reporters)]]

    def withdrawn(self, day: date | None = None) -> pd.DataFrame:
        """Numbers that the newest edition known on that day leaves out although it covers their period."""
        known = self._known(day)
        current = known["key"][~known["superseded"]].unique()
        gone = known[known["superseded"] & ~known["key"].isin(current)].drop_duplicates("key", keep="last")
        return self.observations.loc[gone.index.sort_values()]

    @cached_property
    def withdrawn_by_now(self) -> pd.DataFrame:
        """`withdrawn` of today, worked out once."""
        return self.withdrawn()

    def reprinted(self) -> pd.DataFrame:
        """Every number that a document prints and the one known before it prints too, oldest first: both intervals, and `is_restated`.

        The columns of an observation, then `earlier_low`, `earlier_high`, `earlier_printed`, `earlier_document`, `earlier_cell`.
        """
        known = self._known(None)
        known = known[known.duplicated("key", keep=False)]
        ordered = self.observations.loc[known.index].assign(known_from=known["known_from"])
        earlier = ordered[["low", "high", "printed", "document", "cell"]].groupby(known["key"]).shift().add_prefix("earlier_")
        pairs = pd.concat([ordered, earlier], axis=1)[earlier["earlier_document"].notna()]
        is_restated = (pairs["earlier_low"] != pairs["low"]) | (pairs["earlier_high"] != pairs["high"])
        return pairs.assign(is_restated=is_restated).sort_values("known_from", kind="stable")

    def restated(self) -> pd.DataFrame:
        """Every change of a number between one document and the next that prints the same key: both intervals."""
        pairs = self.reprinted()
        return pairs[pairs["is_restated"]].drop(columns="is_restated")

    def printed_otherwise(self, rows: pd.DataFrame, day: date | None = None) -> pd.DataFrame:
        """What other documents known on that day print for the keys of some rows, where it is another number; the oldest first, each number once.

        The columns of an observation, then `shown_low` and `shown_high`, the interval of the row, and `row`, its row number. Rows that
        were worked out (with a `derivation`) have no key of their own and are passed over. The rows are of this catalog.
        """
        several = self._several_numbers
        keys = zip(*(rows[column].tolist() for column in KEY), strict=True)
        has_several = np.fromiter((key in several for key in keys), dtype=bool, count=len(rows))
        if not has_several.any():
            return self._never_printed_otherwise.copy()
        rows = rows[has_several]
        return self._printed_otherwise(rows[rows["low"].notna() & (rows["derivation"].eq("") if "derivation" in rows else True)], day)

    def _printed_otherwise(self, numbers: pd.DataFrame, day: date | None) -> pd.DataFrame:
        key = [*KEY]
        shown = numbers[[*key, "low", "high"]].rename(columns={"low": "shown_low", "high": "shown_high"}).assign(row=numbers.index)
        texts = dict.fromkeys(_TEXTS, object)
        both = self.printed_differently.astype(texts).merge(shown.astype(texts), on=key)
        both = both[(both["low"] != both["shown_low"]) | (both["high"] != both["shown_high"])]
        known_from = both["document"].map(self.documents.set_index("document")["known_from"])
        both = both.assign(known_from=known_from)[known_from <= pd.Timestamp(day or date.max)]
        both = both.sort_values(["known_from", "document"], kind="stable").drop_duplicates([*key, "low", "high"])
        return both.drop(columns="known_from").reset_index(drop=True)

    @cached_property
    def _several_numbers(self) -> set[tuple]:
        # The keys for which several documents print different numbers: few, so that most rows need no closer look.
        return set(zip(*(self.printed_differently[column].tolist() for column in KEY), strict=True))

    @cached_property
    def _never_printed_otherwise(self) -> pd.DataFrame:
        return self._printed_otherwise(self.printed_differently.iloc[:0], None)

    def codes(self, column: str) -> set[str]:
        """The different values of a column of the observations."""
        return set(self.observations[column].unique())

    def holding(self, observations: pd.DataFrame, covered: pd.DataFrame | None = None, **others: object) -> Catalog:
        """The catalog with these observations instead of its own; `covered` is given where its documents have further ones."""
        tables = {name.name: getattr(self, name.name) for name in fields(Catalog)}
        catalog = Catalog(**tables | {"observations": observations, "_as_known": {}} | others)
        if covered is not None:
            vars(catalog)["covered"] = covered
        return catalog

    @cached_property
    def spans(self) -> pd.DataFrame:
        """Each period of each document, with `reporter` and how many `numbers` it has there."""
        return spans_of(self.observations)

    @cached_property
    def covered(self) -> pd.DataFrame:
        """The `first` and the `last` day of the periods of each document, by its name."""
        return covered_of(self.observations)

    @cached_property
    def printed_differently(self) -> pd.DataFrame:
        """The observations for whose key several documents print different numbers."""
        ends = self.observations[["low", "high"]].assign(key=self._keys)
        return self.observations[ends["key"].isin(ends.drop_duplicates().loc[lambda ends: ends["key"].duplicated(), "key"])]

    @cached_property
    def defined(self) -> dict[tuple[str, str], list[tuple[str, str, str, str]]]:
        """For each reporter and measure its definitions: request type, first and last day for which it holds (blank: open), and group."""
        columns = ["reporter", "measure", "request_type", "valid_from", "valid_to", "group"]
        definitions: dict[tuple[str, str], list[tuple[str, str, str, str]]] = {}
        for reporter, measure, *definition in self.definitions[columns].itertuples(index=False, name=None):
            definitions.setdefault((reporter, measure), []).append(tuple(definition))
        return definitions

    @cached_property
    def withdrawn_series(self) -> set[tuple[str, ...]]:
        """The reporter, service, requester, authority, request type and measure of each number that is withdrawn by now."""
        columns = ("reporter", "service", "requester", "authority", "request_type", "measure")
        return set(zip(*(self.withdrawn_by_now[column].tolist() for column in columns), strict=True))

    @cached_property
    def described(self) -> dict[str, dict[str, str]]:
        """What each group of definitions counts: its row, by its name."""
        return self.definition_groups.set_index("group").to_dict("index")

    @cached_property
    def break_rows(self) -> list[tuple[date, tuple[str, ...]]]:
        """The day of each break, in their order, and its reporter, requester, measure and request type."""
        texts = (self.breaks[column].tolist() for column in ("reporter", "requester", "measure", "request_type"))
        return list(zip(self.breaks["date"].dt.date, zip(*texts, strict=True), strict=True))

    def breaks_within(self, codes: Sequence[Collection[str]], first: date, last: date) -> list[int]:
        """The rows of `breaks` (counted from 0) after a first day and up to a last that concern some reporters, requesters, measures and request types; `*` concerns all."""
        return [
            row
            for row, (day, concerned) in enumerate(self.break_rows)
            if first < day <= last and all(code == "*" or code in own for code, own in zip(concerned, codes, strict=True))
        ]

    @cached_property
    def definition_keys(self) -> list[tuple[str, str, str]]:
        """The reporter, measure and request type of each definition, in their order."""
        return list(zip(*(self.definitions[column].tolist() for column in ("reporter", "measure", "request_type")), strict=True))

    @cached_property
    def document_rows(self) -> dict[str, dict]:
        """The row of each document, by its name."""
        return {row["document"]: row for row in self.documents.to_dict("records")}

    @cached_property
    def _keys(self) -> np.ndarray:
        # One whole number for each key; column by column, which is much faster than grouping by eight columns.
        keys = np.zeros(len(self.observations), dtype=np.int64)
        for column in KEY:
            codes, values = pd.factorize(self.observations[column])
            keys = pd.factorize(keys * len(values) + codes)[0]
        return keys

    def _known(self, day: date | None) -> pd.DataFrame:
        # The observations whose document is known, oldest document first, by row number of `observations`.
        documents = self.documents.sort_values(["known_from", "document"], kind="stable").set_index("document")
        if day is not None:
            documents = documents[documents["known_from"] <= pd.Timestamp(day)]
        rank = documents.index.get_indexer(self.observations["document"])
        rows = np.flatnonzero(rank >= 0)
        rows = rows[np.argsort(rank[rows], kind="stable")]
        table = self.observations[["low", "high", "period_start", "period_end"]].iloc[rows]
        table = table.assign(key=self._keys[rows], rank=rank[rows])
        superseded = np.zeros(len(table), dtype=bool)
        ranks = {*np.unique(rank)}
        for newer, older in _editions(documents):
            if older in ranks and documents.index[newer] in self.covered.index:
                first, last = self.covered.loc[documents.index[newer]]
                covered = (table["period_start"] >= first) & (table["period_end"] <= last)
                superseded |= (table["rank"].eq(older) & covered).to_numpy()
        return table.assign(
            superseded=superseded,
            known_from=documents["known_from"].to_numpy()[table["rank"]],
            is_own=documents["form"].isin(("as published", "re-saved")).to_numpy()[table["rank"]],
        )


def spans_of(observations: pd.DataFrame) -> pd.DataFrame:
    """`Catalog.spans` of some observations."""
    by = observations.groupby(["reporter", "document", "period_start", "period_end"], sort=False)
    return by.size().reset_index(name="numbers")


def covered_of(observations: pd.DataFrame) -> pd.DataFrame:
    """`Catalog.covered` of some observations."""
    return observations.groupby("document").agg(first=("period_start", "min"), last=("period_end", "max"))


def load(folder: Path, keep: bool = True) -> Catalog:
    """Read and check every dataset in a folder, and keep the tables for the next process; raises `DatasetError` with file, row and rule."""
    package = _package(folder)
    version = version_of(package)
    # Files of which each has its hash were checked when their tables were kept, by the very same code.
    may_keep = keep and _has_its_hashes(folder, package)
    made = kept("catalog", version, lambda: _checked(folder, package)) if may_keep else _checked(folder, package)
    return Catalog(**made, version=version)


def is_bundled(catalog: Catalog) -> bool:
    """Whether a catalog is the one that we ship, with nothing in it changed."""
    return bool(bundled.cache_info().currsize) and catalog is bundled()


def _has_its_hashes(folder: Path, package: dict) -> bool:
    files = {path.relative_to(folder).as_posix() for path in [*table_files(folder), *other_resources(folder)]}
    known = {resource["path"]: resource["hash"] for resource in package["resources"]}
    return files == set(known) and all((folder / name).exists() and _hash(folder / name) == known[name] for name in files)


def _hash(path: Path) -> str:
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def _checked(folder: Path, package: dict) -> dict[str, pd.DataFrame]:
    from dashboard.model import tables

    known = {resource["path"]: resource["hash"] for resource in package["resources"]}
    read: dict[str, pd.DataFrame] = {}
    for path, model in resources(folder):
        name = path.relative_to(folder).as_posix()
        if not path.exists():
            raise DatasetError(f"{name}: the file is missing.")
        read[name] = _read(path, name, model)
        if model is not tables.Observation:
            _check(read[name], model, [(name, len(read[name]))])
    files = [(name, table) for name, table in read.items() if name.startswith("observations/")]
    if not files:
        raise DatasetError("observations: the folder holds no CSV file.")
    observations = pd.concat([table for _, table in files], ignore_index=True)
    _check(observations, tables.Observation, [(name, len(table)) for name, table in files])
    for name in [*read, *(path.relative_to(folder).as_posix() for path in other_resources(folder))]:
        if not (folder / name).exists():
            raise DatasetError(f"{name}: the file is missing.")
        if known.pop(name, None) != _hash(folder / name):
            raise DatasetError(
                f"{name}: the file is not the one that datapackage.json describes (its SHA-256 differs). "
                "If the change is meant, run `transparency rebuild`; otherwise install the datasets again."
            )
    if known:
        raise DatasetError(f"{next(iter(known))}: the file is missing, and datapackage.json names it.")
    made = {Path(name).stem: table for name, table in read.items() if not name.startswith("observations/")} | {"observations": observations}
    _check_links(Catalog(**made, version=""), read)
    return made


@functools.cache
def bundled() -> Catalog:
    """The datasets we ship, read once."""
    return load(datasets_folder())


def datasets_folder() -> Path:
    """Where the bundled datasets are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "datasets"
    return installed if installed.is_dir() else package.parent / "datasets"


def _package(folder: Path) -> dict:
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        is_sound = all(isinstance(resource[entry], str) for resource in package["resources"] for entry in ("path", "hash"))
    except FileNotFoundError:
        raise DatasetError("datapackage.json: the file is missing, so there is nothing to show.") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        is_sound = False
    if not is_sound:
        raise DatasetError("datapackage.json: the file is damaged.")
    return package


def _read(path: Path, name: str, model: type) -> pd.DataFrame:
    columns = model.to_schema().columns
    kinds = {column: _arrow_type(str(field_.dtype)) for column, field_ in columns.items()}
    try:
        try:
            read_table = _read_csv(path, kinds)
        except arrow.ArrowInvalid:
            # Read again, to tell which row it is that is broken, or which cell cannot be converted.
            _refuse_ragged(path, name)
            texts = _read_csv(path, dict.fromkeys(columns, arrow.string())).to_pandas()
            _refuse_unconvertible(texts, columns, name)
            raise
    except (arrow.ArrowInvalid, OSError) as error:
        raise DatasetError(f"{name}: the file is no sound CSV ({str(error).splitlines()[0]}).") from None
    if read_table.column_names != list(columns):
        raise DatasetError(f"{name}, row 1: the columns must be {', '.join(columns)}.")
    table = read_table.to_pandas(date_as_object=False)
    for column, kind in kinds.items():
        if kind != arrow.string() and table[column].isna().any():
            row = int(table[column].isna().to_numpy().argmax())
            raise DatasetError(f"{name}, row {row + 2}, {column}: the cell holds no value.")
        if kind == arrow.date32():
            table[column] = table[column].astype("datetime64[ns]")
    return table


def _refuse_ragged(path: Path, name: str) -> None:
    broken: list[pyarrow.csv.InvalidRow] = []
    parse = pyarrow.csv.ParseOptions(invalid_row_handler=lambda row: broken.append(row) or "skip")
    with contextlib.suppress(arrow.ArrowInvalid):
        pyarrow.csv.read_csv(path, read_options=pyarrow.csv.ReadOptions(use_threads=False), parse_options=parse)
    if broken:
        row = broken[0]
        raise DatasetError(f"{name}, row {row.number}: the row has {row.actual_columns} cells, and the header {row.expected_columns}.")


def _read_csv(path: Path, kinds: dict[str, arrow.DataType]) -> arrow.Table:
    options = pyarrow.csv.ConvertOptions(column_types=kinds, strings_can_be_null=False, quoted_strings_can_be_null=False, null_values=[""])
    return pyarrow.csv.read_csv(path, convert_options=options)


def _arrow_type(kind: str) -> arrow.DataType:
    if kind.startswith("datetime"):
        return arrow.date32()
    return {"float64": arrow.float64(), "int64": arrow.int64(), "bool": arrow.bool_()}.get(kind, arrow.string())


def _refuse_unconvertible(texts: pd.DataFrame, columns: dict, name: str) -> None:
    for column, field_ in columns.items():
        kind = str(field_.dtype)
        if column not in texts:
            continue
        if kind.startswith("datetime"):
            good, says = pd.to_datetime(texts[column], format="%Y-%m-%d", errors="coerce").notna(), "is not a date (YYYY-MM-DD)"
        elif kind == "float64":
            good, says = pd.to_numeric(texts[column], errors="coerce").notna(), "is not a number"
        elif kind == "int64":
            good, says = texts[column].str.fullmatch(r"-?\d+"), "is not a whole number"
        elif kind == "bool":
            good, says = texts[column].isin(["True", "False", "true", "false"]), "is neither true nor false"
        else:
            continue
        if not good.all():
            _refuse_cell(name, texts, int((~good).to_numpy().argmax()), column, says)


def _refuse_cell(name: str, table: pd.DataFrame, row: int, column: str, says: str) -> None:
    raise DatasetError(f"{name}, row {row + 2}, {column}: “{table[column].iloc[row]}” {says}.")


def _check(table: pd.DataFrame, model: type, files: list[tuple[str, int]]) -> None:
    from dashboard.model import tables

    if errors := tables.broken_rules(model, table):
        row, words = first_broken(errors, table)
        if row is None:
            raise DatasetError(f"{files[0][0]}{words}")
        for name, length in files:
            if row < length:
                raise DatasetError(f"{name}, row {row + 2}{words}")
            row -= length


def first_broken(errors: Exception, table: pd.DataFrame) -> tuple[int | None, str]:
    """The row that breaks a rule first (None: the whole table does), and the end of a sentence after its place: `, low: “x” is not a number.`"""
    failure = errors.failure_cases.sort_values("index", na_position="last").iloc[0]
    row = None if pd.isna(failure["index"]) else int(failure["index"])
    if row is None or failure["schema_context"] != "Column":
        # A rule over several columns; pandera reports it once for each column of the table.
        return row, f": {_rule_in_words(errors.schema.checks, failure['check'])}."
    column = errors.schema.columns[failure["column"]]
    return row, f", {column.name}: “{table[column.name].iloc[row]}” {_rule_in_words(column.checks, failure['check'], column)}."


def _rule_in_words(checks: list, failed: str, column: object | None = None) -> str:
    """A rule (of the checks of a pandera table or column) that a value breaks, as the end of a sentence that begins with the cell and its value."""
    if failed == "field_uniqueness":
        return "stands twice, and must stand once"
    check = next((check for check in checks if failed in (check.name, check.error)), None)
    if check is not None and check.description:
        return check.description
    limits = check.statistics if check is not None else {}
    if check is None or column is None:
        return f"breaks the rule {failed}"
    if check.name == "isin":
        return f"is none of {', '.join(map(str, limits['allowed_values']))}"
    if check.name == "str_length":
        if limits["min_value"] == 1:
            return "is blank, and must not be"
        return f"has fewer than {limits['min_value']} characters" + (f" or more than {limits['max_value']}" if limits["max_value"] else "")
    if check.name == "greater_than_or_equal_to":
        return f"is less than {limits['min_value']}"
    return f"is not in the form of this column: {str(column.description).rstrip('.')}"


def _check_links(catalog: Catalog, read: dict[str, pd.DataFrame]) -> None:
    documents, reporters = set(catalog.documents["document"]), set(catalog.reporters["reporter"])
    measures, types = set(catalog.measures["measure"]), set(catalog.request_types["request_type"])
    anything = {"*"}
    for name, table in read.items():
        links = {
            "document": documents,
            "reporter": reporters,
            "measure": measures | anything,
            "request_type": types | anything,
            "requester": places.codes() | anything,
            "place": places.codes(),
            "country": places.codes(),
        }
        if name.startswith("observations/"):
            links |= {"measure": measures, "request_type": types}
            _refuse_twice(name, table, [*KEY, "document"], "the same number is given twice for one document")
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


def _editions(documents: pd.DataFrame) -> list[tuple[int, int]]:
    # Row numbers of a newer edition and of every older one that it replaces, directly or through others.
    row_index = {document: row for row, document in enumerate(documents.index)}
    replaces = documents["replaces"].to_dict()
    pairs = []
    for newer in documents.index:
        older, seen = replaces[newer], {newer}
        while older and older not in seen:
            if older in row_index:
                pairs.append((row_index[newer], row_index[older]))
            seen.add(older)
            older = replaces.get(older, "")
    return pairs
