"""Statements: what was said about the numbers, loaded and checked; each with its claims, readings and repetitions."""

from __future__ import annotations

import functools
import math
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from dashboard import analysis, catalog
from dashboard.catalog import Catalog, DatasetError
from dashboard.model import statement_tables as tables


@dataclass(frozen=True)
class Statements:
    """The statement tables, and for each statement the series it concerns."""

    statements: pd.DataFrame
    claims: pd.DataFrame
    readings: pd.DataFrame
    concerns: dict[str, list[dict[str, str]]]

    def chain(self, statement: str) -> list[tuple[str, int]]:
        """The chain of repetitions that a statement belongs to, from its origin down, each with its depth."""
        repeats = self.statements.set_index("statement")["repeats"]
        origin = statement
        while repeats[origin]:
            origin = repeats[origin]
        found: list[tuple[str, int]] = []

        def walk(name: str, depth: int) -> None:
            found.append((name, depth))
            for retelling in repeats.index[repeats == name]:
                walk(retelling, depth + 1)

        walk(origin, 0)
        return found


@functools.cache
def bundled() -> Statements:
    """The statements we ship, read once and checked against the bundled catalog."""
    return load(catalog.datasets_folder() / "statements", catalog.bundled())


def load(folder: Path, data: Catalog) -> Statements:
    """Read and check every statement file; raises `DatasetError` with file, statement and rule."""
    statements, claims, readings = [], [], []
    concerns: dict[str, list[dict[str, str]]] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            found = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DatasetError(f"{path.name}: the file is no sound TOML ({error}).") from None
        for entry in found.get("statement", []):
            name = str(entry.get("id", "without an id"))
            statements.append(_row(entry | {"statement": name, "file": path.name}, tables.Statement))
            concerns[name] = [_selection(selection, path.name, name, data) for selection in entry.get("concerns", [])]
            for claim in entry.get("claim", []):
                claims.append(_claim_row(claim | {"statement": name, "claim": claim.get("id", "")}, path.name))
                for reading in claim.get("reading", []):
                    row = reading | {"statement": name, "claim": claim.get("id", ""), "reading": reading.get("id", "")}
                    for part in ("of", "whole", "base"):
                        row[part] = _selection(reading.get(part) or {}, path.name, name, data)
                    readings.append(_row(row, tables.Reading))
    found = Statements(
        _checked(statements, tables.Statement, statements),
        _checked(claims, tables.Claim, statements),
        _checked(readings, tables.Reading, statements),
        concerns,
    )
    _check_links(found)
    return found


def concerning(found: Statements, table: pd.DataFrame) -> pd.DataFrame:
    """The statements that concern a series among the rows of a table, oldest first."""
    series = table[analysis.SERIES].drop_duplicates().to_dict("records")
    names = [name for name, selections in found.concerns.items() if any(_names(selection, series) for selection in selections)]
    return found.statements[found.statements["statement"].isin(names)].sort_values("date", kind="stable")


def facets(said: Statements, verdicts: dict[str, list]) -> dict[str, dict[str, int]]:
    """For each condition of a search, its values with the number of statements that have it."""
    reporters: dict[str, set[str]] = {}
    found: dict[str, set[str]] = {}
    for name in said.statements["statement"]:
        for reporter in reporters_of(said, name):
            reporters.setdefault(reporter, set()).add(name)
        for verdict in verdicts.get(name, []):
            found.setdefault(verdict.verdict, set()).add(name)
    counts = {column: said.statements[column].value_counts().to_dict() for column in ("topic", "side", "language")}
    return counts | {
        "verdict": {verdict: len(names) for verdict, names in found.items()},
        "reporter": {reporter: len(names) for reporter, names in reporters.items()},
    }


def search(
    said: Statements,
    verdicts: dict[str, list],
    *,
    text: str = "",
    topic: list[str] = (),
    side: list[str] = (),
    language: list[str] = (),
    verdict: list[str] = (),
    reporter: list[str] = (),
) -> pd.DataFrame:
    """The statements that fit every condition; each word of the text must occur somewhere. Oldest first."""
    table = said.statements
    keep = pd.Series(True, index=table.index)
    for column, wanted in (("topic", topic), ("side", side), ("language", language)):
        if wanted:
            keep &= table[column].isin(wanted)
    if verdict:
        keep &= table["statement"].map(lambda name: any(found.verdict in verdict for found in verdicts.get(name, [])))
    if reporter:
        keep &= table["statement"].map(lambda name: bool(reporters_of(said, name) & set(reporter)))
    everything = table[["statement", "speaker", "role", "venue", "says", "quote", "date", "note"]].agg(" ".join, axis=1).str.casefold()
    for word in text.casefold().split():
        keep &= everything.str.contains(word, regex=False)
    return table[keep].sort_values("date", kind="stable")


def reporters_of(said: Statements, statement: str) -> set[str]:
    """The reporters whose series a statement concerns or is read against."""
    selections = [*said.concerns.get(statement, [])]
    for reading in said.readings[said.readings["statement"] == statement].itertuples():
        selections += [reading.of, reading.whole, reading.base]
    return {selection["reporter"] for selection in selections if "reporter" in selection}


def concerned(selections: list[dict], table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the series that a statement concerns, out of the complete table."""
    found = []
    for selection in selections:
        whole = {"service": "all", "authority": "any", "request_type": "all"} | selection
        keep = pd.Series(True, index=table.index)
        for column, text in whole.items():
            if column in table.columns:
                keep &= table[column].isin(several(text))
        found.append(table[keep])
    return pd.concat(found) if found else table.iloc[:0]


def several(text: str | list[str]) -> list[str]:
    """The codes that a selection names in one dimension: one, or a list to be added."""
    return [text] if isinstance(text, str) else list(text)


def marks(said: Statements, table: pd.DataFrame) -> pd.DataFrame:
    """The statements that concern the series of a table, with the day each was made, in the time that the table covers."""
    found = concerning(said, table)
    days = pd.to_datetime(found["date"].str.pad(10, "right", " ").str.strip(), format="ISO8601")
    found = found.assign(day=days)[["day", "statement", "speaker"]]
    inside = found["day"].between(table["period_start"].min(), table["period_end"].max() + pd.DateOffset(years=2))
    return found[inside].reset_index(drop=True)


def _names(selection: dict, series: list[dict]) -> bool:
    wanted = {column: several(codes) for column, codes in selection.items() if column in analysis.SERIES}
    return bool(wanted) and any(all(one[column] in codes for column, codes in wanted.items()) for one in series)


def _row(entry: dict, model: type[pa.DataFrameModel]) -> dict:
    columns = model.to_schema().columns
    return {column: entry.get(column, {} if str(kind.dtype) == "object" else "") for column, kind in columns.items()}


def _claim_row(claim: dict, file: str) -> dict:
    row = _row(claim, tables.Claim) | {"low": claim.get("low", -math.inf), "high": claim.get("high", math.inf)}
    for end in ("low", "high"):
        if not isinstance(row[end], int | float):
            raise DatasetError(f"{file}, statement {claim['statement']}: the claim {claim['claim']} has no number in {end}.")
    return row | {"low": float(row["low"]), "high": float(row["high"])}


def _selection(selection: dict, file: str, name: str, data: Catalog) -> dict[str, str]:
    known = {
        "reporter": set(data.reporters["reporter"]),
        "measure": set(data.measures["measure"]),
        "request_type": set(data.request_types["request_type"]),
    }
    for key, text in selection.items():
        if key not in (*tables.SELECTION, "statement", "claim"):
            raise DatasetError(f"{file}, statement {name}: a selection has no “{key}”.")
        for code in several(text):
            if key in known and code not in known[key]:
                raise DatasetError(f"{file}, statement {name}: there is no {key.replace('_', ' ')} “{code}”.")
    if selection and "statement" not in selection and not {"reporter", "measure"} <= set(selection):
        raise DatasetError(f"{file}, statement {name}: a selection needs a reporter and a measure.")
    return dict(selection)


def _checked(rows: list[dict], model: type[pa.DataFrameModel], statements: list[dict]) -> pd.DataFrame:
    columns = model.to_schema().columns
    table = pd.DataFrame(rows, columns=list(columns))
    for column, kind in columns.items():
        if str(kind.dtype) not in ("object", "float64"):
            table[column] = table[column].astype("str")
        else:
            table[column] = table[column].astype(str(kind.dtype))
    try:
        return model.validate(table, lazy=True)
    except pa.errors.SchemaErrors as errors:
        failure = errors.failure_cases.sort_values("index", na_position="last").iloc[0]
        rule = str(failure["check"])
        for check in errors.schema.checks + [c for column in errors.schema.columns.values() for c in column.checks]:
            if check.name == rule and check.description:
                rule = check.description
        row = table.iloc[int(failure["index"])] if pd.notna(failure["index"]) else {"statement": "?"}
        file = next((entry["file"] for entry in statements if entry["statement"] == row["statement"]), "statements")
        column = failure["column"] if isinstance(failure["column"], str) and failure["column"] in columns else ""
        value = f", {column} “{row[column]}”" if column else ""
        raise DatasetError(f"{file}, statement {row['statement']}{value}: breaks the rule: {rule}.") from None


def _check_links(found: Statements) -> None:
    files = found.statements.set_index("statement")["file"]
    repeats = found.statements.set_index("statement")["repeats"]
    for name, origin in repeats.items():
        if origin and origin not in repeats.index:
            raise DatasetError(f"{files[name]}, statement {name}: repeats “{origin}”, which does not exist.")
        seen = {name}
        while origin:
            if origin in seen:
                raise DatasetError(f"{files[name]}, statement {name}: the repetitions run in a loop.")
            seen.add(origin)
            origin = repeats[origin]
    claims = set(zip(found.claims["statement"], found.claims["claim"], strict=True))
    twice = found.claims.duplicated(["statement", "claim"])
    if twice.any():
        name = found.claims["statement"][twice].iloc[0]
        raise DatasetError(f"{files[name]}, statement {name}: two claims have the same id.")
    for reading in found.readings.itertuples():
        for selection in (reading.of, reading.whole, reading.base):
            if "statement" in selection and (selection["statement"], selection.get("claim", "")) not in claims:
                raise DatasetError(
                    f"{files[reading.statement]}, statement {reading.statement}: reads the claim “{selection.get('claim', '')}” of "
                    f"“{selection['statement']}”, which does not exist."
                )
