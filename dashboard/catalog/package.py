"""The data package: which files it has, what each table is, and how its documents are named and dated."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from pathlib import Path

import pandas as pd

from dashboard.model.periods import Period

MONTHS_UNTIL_KNOWN = 9
"""Where no day of publication is known, a report counts as known so many months after the last period it covers."""
_MODELS = {
    "documents.csv": "Document",
    "definitions.csv": "Definition",
    "breaks.csv": "Break",
    "population.csv": "Population",
    "letters.csv": "Letter",
    "corrections.csv": "Correction",
    "vocabulary/reporters.csv": "Reporter",
    "vocabulary/measures.csv": "Measure",
    "vocabulary/request_types.csv": "RequestType",
    "vocabulary/parts.csv": "Part",
    "vocabulary/definition_groups.csv": "DefinitionGroup",
}
"""The tables beside the observations, and what the model of each is called."""


def describe(datasets: Path) -> None:
    """Write `datapackage.json` (Frictionless Data Package) over every table in the folder, with each file's hash."""
    package = {
        "profile": "data-package",
        "name": "government-data-requests",
        "title": "Government requests for user data, as published",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "resources": [
            *(_resource(path, datasets) | _schema(model) for path, model in resources(datasets)),
            *(_resource(path, datasets) for path in other_resources(datasets)),
        ],
    }
    (datasets / "datapackage.json").write_text(json.dumps(package, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def table_files(datasets: Path) -> list[Path]:
    """Every CSV file of the datasets that holds a table, in a fixed order."""
    return [*sorted((datasets / "observations").glob("*.csv")), *(datasets / name for name in _MODELS)]


def resources(datasets: Path) -> list[tuple[Path, type]]:
    """The same, each with the model that its rows obey."""
    from dashboard.model import tables

    models = {datasets / name: model for name, model in _MODELS.items()}
    return [(path, getattr(tables, models.get(path, "Observation"))) for path in table_files(datasets)]


def other_resources(datasets: Path) -> list[Path]:
    """The files beside the tables: the statements, and what ties the quoted figures to their documents."""
    statements = [path for ending in ("toml", "csv") for path in sorted((datasets / "statements").glob(f"*.{ending}"))]
    return [*statements, datasets / "facts_documents.csv", datasets / "facts_mapping.csv"]


def version_of(package: dict) -> str:
    """The version of the data that a `datapackage.json` describes: a short hash of all its files' names and hashes."""
    return hashlib.sha256(json.dumps(package["resources"], sort_keys=True).encode()).hexdigest()[:12]


def document_name(path: str) -> str:
    """The short name of a published file: its path without the ending, in lower case, words joined by hyphens."""
    parts = Path(path).with_suffix("").parts
    return "/".join(re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") for name in parts)


def known(seen_by: date | None, covered: Period) -> tuple[date, str]:
    """Day from which a document of unknown date counts as known, and what that rests on."""
    estimated = (pd.Timestamp(covered.end) + pd.DateOffset(months=MONTHS_UNTIL_KNOWN)).date()
    return (seen_by, "seen") if seen_by and seen_by <= estimated else (estimated, "estimated")


def _resource(path: Path, datasets: Path) -> dict:
    data = path.read_bytes()
    return {
        "name": re.sub(r"[^a-z0-9]+", "-", path.relative_to(datasets).with_suffix("").as_posix()),
        "path": path.relative_to(datasets).as_posix(),
        "format": path.suffix.removeprefix("."),
        "encoding": "utf-8",
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "bytes": len(data),
    }


def _schema(model: type) -> dict:
    # A number without an upper end stands as `inf`, which the standard writes INF; a reader of ours and pandas take both.
    return {"profile": "tabular-data-resource", "schema": {"fields": fields_of(model)}}


def fields_of(model: type) -> list[dict]:
    """The columns of a table as Table Schema calls them: name, type and meaning."""
    kinds = {"float64": "number", "int64": "integer", "bool": "boolean"}
    return [
        {
            "name": name,
            "type": "date" if "datetime" in str(column.dtype) else kinds.get(str(column.dtype), "string"),
            "description": column.description or "",
        }
        for name, column in model.to_schema().columns.items()
    ]
