"""The rules of the table of observations, for a publisher to run before publishing: as a Table Schema, and as a file for pandera.

Both are made from the model itself, so that they say what is checked here and nothing else.
"""

from __future__ import annotations

import inspect
import json
import pprint

from dashboard.catalog.package import fields_of
from dashboard.model import places, tables, vocabulary
from dashboard.model.columns import KEY

FORMATS = ("table-schema", "pandera")
_CONSTRAINTS = {
    "greater_than_or_equal_to": {"min_value": "minimum"},
    "less_than_or_equal_to": {"max_value": "maximum"},
    "isin": {"allowed_values": "enum"},
    "str_matches": {"pattern": "pattern"},
    "str_length": {"min_value": "minLength", "max_value": "maxLength"},
}
"""What pandera calls a check and its bounds, and what Table Schema calls them."""


def table_schema() -> str:
    """The columns of a table of observations as a Table Schema (JSON) with constraints; `rules` tells what one row must obey beside."""
    schema = tables.Observation.to_schema()
    fields = [field | {"constraints": _constraints(schema.columns[field["name"]])} for field in fields_of(tables.Observation)]
    rules = [check.description for check in schema.checks if check.description]
    described = {"fields": fields, "missingValues": [""], "primaryKey": [*KEY, "document"], "rules": rules}
    return json.dumps(described, indent=1, ensure_ascii=False) + "\n"


def pandera_module() -> str:
    """A Python file with the same rules, which needs pandas and pandera alone: `python FILE TABLE.csv` names every row that breaks one."""
    lists = {name: getattr(vocabulary, name) for name in ("AUTHORITIES", "REQUEST_TYPES", "MEASURES", "SHARES")}
    named = ",\n".join(f"{name}={pprint.pformat(words, width=130, compact=True)}" for name, words in lists.items())
    codes = pprint.pformat(sorted(places.codes()), width=130, compact=True)
    return _MODULE.format(
        vocabulary=named,
        codes=codes,
        is_share=inspect.getsource(tables._is_share),
        model="\n\n".join(map(inspect.getsource, (tables.Declared, tables.Observation))),
        key=[*KEY, "document"],
    )


def _constraints(column) -> dict:
    constraints: dict = {"required": not column.nullable}
    for check in column.checks:
        for bound, constraint in _CONSTRAINTS.get(check.name, {}).items():
            if (value := check.statistics.get(bound)) is not None:
                constraints[constraint] = list(value) if constraint == "enum" else value
    if column.name == "requester":
        constraints["enum"] = sorted(places.codes())
    return constraints


_MODULE = '''"""The rules of a table of government requests for user data, one published number in a row. Made by `transparency rules`.

    pip install pandas pandera
    python THIS_FILE TABLE.csv

tells every row that breaks a rule, and ends with 1 where one does.
"""

import sys
from types import SimpleNamespace

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

vocabulary = SimpleNamespace({vocabulary})
_CODES = frozenset({codes})
places = SimpleNamespace(codes=lambda: _CODES)


{is_share}

{model}

class Table(Observation):
    """The same, each number once in a document."""

    class Config:
        strict = True
        ordered = True
        unique = {key}


def read(path: str) -> pd.DataFrame:
    """A CSV file as the rules expect it: texts as texts, numbers and days parsed."""
    kinds = {{name: str(column.dtype) for name, column in Table.to_schema().columns.items()}}
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    for name in table.columns.intersection(list(kinds)):
        if kinds[name].startswith("datetime"):
            table[name] = pd.to_datetime(table[name], format="%Y-%m-%d", errors="coerce")
        elif kinds[name].startswith("float"):
            table[name] = pd.to_numeric(table[name], errors="coerce").astype(float)
    return table


if __name__ == "__main__":
    try:
        Table.validate(read(sys.argv[1]), lazy=True)
    except pa.errors.SchemaErrors as errors:
        for failure in errors.failure_cases.drop_duplicates(["index", "check"]).itertuples():
            line = "" if pd.isna(failure.index) else f"line {{int(failure.index) + 2}}, "
            print(f"{{line}}{{failure.column or ''}}: {{failure.failure_case}}: {{failure.check}}", file=sys.stderr)
        sys.exit(1)
'''
