"""Statements: what was said about the numbers, loaded and checked; each with its claims, readings and repetitions."""

from __future__ import annotations

import functools
import json
import math
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from dashboard import analysis, catalog
from dashboard.catalog.kept_tables import kept
from dashboard.catalog.shipped import Catalog, DatasetError, first_broken
from dashboard.model import places, vocabulary
from dashboard.model.statement_words import SELECTION

LEFT_OUT = ("reporter", "requester", "measure", "period_start", "period_end", "printed", "document", "cell")
"""Columns of `left_out.csv`: numbers that were printed in a form that no count can have, and are held nowhere else for that reason."""

_SIDES = ("of", "whole", "base")
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")


@dataclass(frozen=True)
class Statements:
    """The statement tables, and for each statement the series it concerns."""

    statements: pd.DataFrame
    claims: pd.DataFrame
    readings: pd.DataFrame
    concerns: dict[str, list[dict[str, str]]]
    left_out: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LEFT_OUT))

    @functools.cached_property
    def named(self) -> dict[str, list[list[tuple[int, frozenset[str]]]]]:
        """For each statement its selections of series: by the place of a column in `SERIES`, the codes that it names."""
        return {
            name: [
                wanted
                for selection in selections
                if (
                    wanted := [
                        (index, frozenset(several(selection[column])))
                        for index, column in enumerate(analysis.SERIES)
                        if column in selection
                    ]
                )
            ]
            for name, selections in self.concerns.items()
        }

    def chain(self, statement: str) -> list[tuple[str, int]]:
        """The chain of repetitions that a statement belongs to, from its origin down, each with its depth."""
        repeats = self.statements.set_index("statement")["repeats"]
        origin = statement
        while repeats[origin]:
            origin = repeats[origin]
        links: list[tuple[str, int]] = []

        def walk(name: str, depth: int) -> None:
            links.append((name, depth))
            for retelling in repeats.index[repeats == name]:
                walk(retelling, depth + 1)

        walk(origin, 0)
        return links


@functools.cache
def bundled() -> Statements:
    """The statements we ship, read and checked against the bundled catalog, and kept for the next process."""
    data = catalog.bundled()
    return of_tables(kept("statements", data.version, lambda: as_tables(load(catalog.datasets_folder() / "statements", data))))


def load(folder: Path, data: Catalog) -> Statements:
    """Read and check every statement file; raises `DatasetError` with file, statement and rule."""
    statements, claims, readings = [], [], []
    concerns: dict[str, list[dict[str, str]]] = {}
    known = _Known(data)
    for path in sorted(folder.glob("*.toml")):
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DatasetError(f"{path.name}: the file is no sound TOML ({error}).") from None
        for entry in content.get("statement", []):
            name = str(entry.get("id", "without an id"))
            where = f"{path.name}, statement {name}"
            statements.append(_row(entry | {"statement": name, "file": path.name}, "Statement", where, "concerns", "claim"))
            if re.fullmatch(r"\d{4}(-\d\d){0,2}", statements[-1]["date"]):
                _check_dates((statements[-1]["date"] + "-01-01")[:10], "", where)
            concerns[name] = [_selection(selection, where, known) for selection in entry.get("concerns", [])]
            for claim in entry.get("claim", []):
                own = {"statement": name, "claim": claim.get("id", "")}
                claims.append(_claim_row(claim | own, f"{where}, claim {own['claim']}"))
                for reading in claim.get("reading", []):
                    readings.append(_reading_row(reading | own, f"{where}, claim {own['claim']}", known))
    content = Statements(
        _checked(statements, "Statement", statements),
        _checked(claims, "Claim", statements),
        _checked(readings, "Reading", statements),
        concerns,
        _left_out(folder / "left_out.csv"),
    )
    _check_links(content)
    return content


def as_tables(statements: Statements) -> dict[str, pd.DataFrame]:
    """Statements as plain tables that can be kept; `of_tables` makes them again."""
    concerns = pd.DataFrame({"statement": list(statements.concerns), "concerns": list(statements.concerns.values())})
    readings = statements.readings.assign(**{side: statements.readings[side].map(json.dumps) for side in _SIDES})
    return {
        "statements": statements.statements,
        "claims": statements.claims,
        "readings": readings,
        "concerns": concerns.assign(concerns=concerns["concerns"].map(json.dumps)),
        "left_out": statements.left_out,
    }


def of_tables(read: dict[str, pd.DataFrame]) -> Statements:
    """The statements that `as_tables` laid down."""
    sides = {side: pd.Series(map(json.loads, read["readings"][side]), dtype=object) for side in _SIDES}
    concerns = zip(read["concerns"]["statement"], map(json.loads, read["concerns"]["concerns"]), strict=True)
    return Statements(read["statements"], read["claims"], read["readings"].assign(**sides), dict(concerns), read["left_out"])


def _left_out(path: Path) -> pd.DataFrame:
    if not path.exists():
        return pd.DataFrame(columns=LEFT_OUT)
    return pd.read_csv(path, dtype=str, keep_default_na=False)[list(LEFT_OUT)]


def watched() -> pd.DataFrame:
    """The statements of ours that are watched, those that are gone first, then the latest first."""
    statements = bundled().statements
    statements = statements[statements["stands_until"] != ""]
    return statements.assign(stands=statements["gone_by"].eq("")).sort_values(
        ["stands", "stands_until"], ascending=[True, False], kind="stable"
    )


def quotes_with(url: str, printed: Iterable[str]) -> list[str]:
    """The quotes of our statements from one address that hold a number of some printed texts, in the order of their days."""
    statements = bundled().statements.sort_values("date", kind="stable")
    numbers = {number for text in printed for number in _NUMBER.findall(text)}
    quotes = statements.loc[(statements["url"] == url) & (statements["quote"] != ""), "quote"]
    return [quote for quote in quotes if url and numbers & set(_NUMBER.findall(quote))]


def concerning(statements: Statements, table: pd.DataFrame) -> pd.DataFrame:
    """The statements that concern a series among the rows of a table, oldest first."""
    series = analysis.series_in(table)
    there = [set(codes) for codes in zip(*series, strict=True)]
    names = [
        name
        for name, selections in statements.named.items()
        if any(
            all(not codes.isdisjoint(there[index]) for index, codes in selection)
            and any(all(one[index] in codes for index, codes in selection) for one in series)
            for selection in selections
        )
    ]
    return statements.statements[statements.statements["statement"].isin(names)].sort_values("date", kind="stable")


def reporters_of(statements: Statements, statement: str) -> set[str]:
    """The reporters whose series a statement concerns or is read against."""
    selections = [*statements.concerns.get(statement, [])]
    for reading in statements.readings[statements.readings["statement"] == statement].itertuples():
        selections += [reading.of, reading.whole, reading.base]
    return {selection["reporter"] for selection in selections if "reporter" in selection}


def concerned(selections: list[dict], table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the series that a statement concerns, out of the complete table."""
    names = []
    for selection in selections:
        whole = analysis.WHOLES | selection
        keep = pd.Series(True, index=table.index)
        for column, text in whole.items():
            if column in table.columns:
                keep &= table[column].isin(several(text))
        names.append(table[keep])
    return pd.concat(names) if names else table.iloc[:0]


def several(text: str | list[str]) -> list[str]:
    """The codes that a selection names in one dimension: one, or a list to be added."""
    return [text] if isinstance(text, str) else list(text)


class _Known:
    """What a selection may name: the words of the vocabulary, and the series that are published."""

    def __init__(self, data: Catalog):
        self.words = {
            "reporter": set(data.reporters["reporter"]),
            "measure": set(data.measures["measure"]),
            "request_type": set(data.request_types["request_type"]),
            "requester": places.codes(),
            "authority": set(vocabulary.AUTHORITIES),
        }
        series = set(data.observations[["reporter", "measure", "requester"]].drop_duplicates().itertuples(index=False, name=None))
        # A printed share gives counts, and counts give a share.
        for one, other in (("share_some_data", "requests_some_data"), ("requests_some_data", "share_some_data")):
            series |= {(reporter, other, requester) for reporter, measure, requester in series if measure == one}
        self.series = series | {(reporter, measure, places.WORLD) for reporter, measure, _ in series}


def _row(entry: dict, model: str, where: str, *besides: str) -> dict:
    columns = _columns(model)
    for key in entry:
        if key not in (*columns, *besides, "id"):
            raise DatasetError(f"{where}: nothing here is called “{key}”.")
    row = {column: entry.get(column, {} if str(kind.dtype) == "object" else "") for column, kind in columns.items()}
    for column, value in row.items():
        if not isinstance(value, {"object": dict, "float64": object}.get(str(columns[column].dtype), str)):
            raise DatasetError(f"{where}, {column}: “{value}” is no text.")
    return row


def _claim_row(claim: dict, where: str) -> dict:
    row = _row(claim, "Claim", where, "reading") | {"low": claim.get("low", -math.inf), "high": claim.get("high", math.inf)}
    for end in ("low", "high"):
        if not isinstance(row[end], int | float) or isinstance(row[end], bool):
            raise DatasetError(f"{where} has no number in {end}.")
    if math.isinf(row["low"]) and math.isinf(row["high"]):
        raise DatasetError(f"{where} has neither a lower nor an upper end.")
    _check_dates(row["period_start"], row["period_end"], where)
    return row | {"low": float(row["low"]), "high": float(row["high"])}


def _reading_row(reading: dict, where: str, known: _Known) -> dict:
    row = _row(reading | {"reading": reading.get("id", "")}, "Reading", where)
    where = f"{where}, reading {row['reading']}"
    for side in _SIDES:
        row[side] = _selection(row[side], where, known)
    needed = ("of",)
    if row["formula"] == "share":
        needed = ("of", "whole")
    elif row["formula"].startswith(("change", "multiple")):
        needed = ("of", "base")
    elif row["formula"] == "calendar":
        needed = ()
    for side in needed if row["formula"] else ():
        if not row[side]:
            raise DatasetError(f"{where}: the formula {row['formula']} needs a selection called “{side}”.")
    return row


def _selection(selection: dict, where: str, known: _Known) -> dict[str, str]:
    for key, text in selection.items():
        if key not in (*SELECTION, "statement", "claim"):
            raise DatasetError(f"{where}: a selection has no “{key}”.")
        for code in several(text):
            if code not in known.words.get(key, (code,)):
                raise DatasetError(f"{where}: there is no {key.replace('_', ' ')} “{code}”.")
    if not selection or "statement" in selection:
        return dict(selection)
    if not {"reporter", "measure"} <= set(selection):
        raise DatasetError(f"{where}: a selection needs a reporter and a measure.")
    for requester in several(selection.get("requester", places.WORLD)):
        if (selection["reporter"], selection["measure"], requester) not in known.series:
            raise DatasetError(f"{where}: {selection['reporter']} publishes no {selection['measure']} for {requester}.")
    _check_dates(selection.get("from", ""), selection.get("to", ""), where)
    return dict(selection)


def _check_dates(start: str, end: str, where: str) -> None:
    days = []
    for text in filter(None, (start, end)):
        try:
            days.append(date.fromisoformat(text))
        except ValueError:
            raise DatasetError(f"{where}: “{text}” is not a date (YYYY-MM-DD).") from None
    if days != sorted(days):
        raise DatasetError(f"{where}: the period starts on {start}, after its end on {end}.")


def _checked(rows: list[dict], model: str, statements: list[dict]) -> pd.DataFrame:
    from dashboard.model import statement_tables, tables

    columns = _columns(model)
    table = pd.DataFrame(rows, columns=list(columns))
    for column, kind in columns.items():
        if str(kind.dtype) not in ("object", "float64"):
            table[column] = table[column].astype("str")
        else:
            table[column] = table[column].astype(str(kind.dtype))
    if errors := tables.broken_rules(getattr(statement_tables, model), table):
        index, words = first_broken(errors, table)
        row = table.iloc[index] if index is not None else {"statement": "?"}
        file = next((entry["file"] for entry in statements if entry["statement"] == row["statement"]), "statements")
        where = f"{file}, statement {row['statement']}"
        if "claim" in columns:
            where += f", claim {row['claim']}"
        raise DatasetError(f"{where}{words}")
    return table


def _columns(model: str) -> dict:
    from dashboard.model import statement_tables

    return getattr(statement_tables, model).to_schema().columns


def _check_links(statements: Statements) -> None:
    files = statements.statements.set_index("statement")["file"]
    repeats = statements.statements.set_index("statement")["repeats"]
    for name, origin in repeats.items():
        if origin and origin not in repeats.index:
            raise DatasetError(f"{files[name]}, statement {name}: repeats “{origin}”, which does not exist.")
        seen = {name}
        while origin:
            if origin in seen:
                raise DatasetError(f"{files[name]}, statement {name}: the repetitions run in a loop.")
            seen.add(origin)
            origin = repeats[origin]
    for table, key, what in ((statements.claims, "claim", "claims"), (statements.readings, "reading", "readings")):
        twice = table.duplicated(list(dict.fromkeys(["statement", "claim", key])))
        if twice.any():
            name = table["statement"][twice].iloc[0]
            raise DatasetError(f"{files[name]}, statement {name}: two {what} have the same id, {table[key][twice].iloc[0]}.")
    claims = set(zip(statements.claims["statement"], statements.claims["claim"], strict=True))
    for reading in statements.readings.itertuples():
        for selection in (reading.of, reading.whole, reading.base):
            if "statement" in selection and (selection["statement"], selection.get("claim", "")) not in claims:
                raise DatasetError(
                    f"{files[reading.statement]}, statement {reading.statement}: reads the claim “{selection.get('claim', '')}” of "
                    f"“{selection['statement']}”, which does not exist."
                )
