"""The rules as files of their own: they take what we ship, and refuse it where it is damaged."""

import json
import math
import re
import subprocess
import sys

import pandas as pd
import pytest

from dashboard import catalog, cli
from dashboard.model import tables

SHIPPED = catalog.datasets_folder() / "observations" / "adobe.csv"
DAMAGE = {
    "measure": "wishes",
    "request_type": "whim",
    "requester": "XYZ",
    "authority": "king",
    "period_start": "2030-01-01",
    "low": "-1",
    "high": "0.5",
    "printed": "",
    "cell": "",
}


def damaged(column: str) -> pd.DataFrame:
    table = pd.read_csv(SHIPPED, dtype=str, keep_default_na=False)
    table.loc[0, column] = DAMAGE[column]
    return table


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    """Both files, as the command writes them: a schema, and the names that the Python file defines."""
    folder = tmp_path_factory.mktemp("rules")
    assert cli.main(["rules", "--out", str(folder / "schema.json")]) == 0
    assert cli.main(["rules", "--format", "pandera", "--out", str(folder / "rules.py")]) == 0
    return json.loads((folder / "schema.json").read_text(encoding="utf-8")), folder / "rules.py"


def broken_constraints(schema: dict, table: pd.DataFrame) -> set[str]:
    """The columns that break a constraint, by our own reading of Table Schema."""
    broken = set()
    assert list(table.columns) == [field["name"] for field in schema["fields"]]
    for field in schema["fields"]:
        for text in table[field["name"]]:
            known = field["constraints"]
            value = float(text) if field["type"] == "number" else text
            sound = (
                not (known["required"] and text in schema["missingValues"])
                and ("enum" not in known or text in known["enum"])
                and ("minLength" not in known or len(text) >= known["minLength"])
                and ("pattern" not in known or re.fullmatch(known["pattern"], text))
                and ("minimum" not in known or math.isinf(value) or value >= known["minimum"])
            )
            broken |= set() if sound else {field["name"]}
    return broken | ({"key"} if table.duplicated(schema["primaryKey"]).any() else set())


def test_the_schema_takes_a_shipped_table_and_names_what_is_damaged(rules):
    schema, _ = rules
    assert broken_constraints(schema, pd.read_csv(SHIPPED, dtype=str, keep_default_na=False)) == set()
    between_columns = {"period_start", "high"}
    for column in DAMAGE.keys() - between_columns:
        assert broken_constraints(schema, damaged(column)) == {column}
    # What lies between two columns no constraint can say; it is told in words.
    assert len(schema["rules"]) >= len(between_columns)
    assert {field["name"]: field["description"] for field in schema["fields"]} == tables.described(tables.Observation)


def test_the_python_file_needs_nothing_of_ours(rules, tmp_path):
    _, path = rules
    assert "dashboard" not in re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
    damaged("measure").to_csv(tmp_path / "damaged.csv", index=False)
    run = subprocess.run([sys.executable, "-I", str(path), str(tmp_path / "damaged.csv")], capture_output=True, text=True, timeout=60)
    assert run.returncode == 1
    assert run.stderr.startswith("line 2, measure: wishes")


def test_the_python_file_takes_a_shipped_table_and_refuses_each_damage(rules, tmp_path):
    _, path = rules
    pack = {"__name__": "rules"}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), pack)
    pack["Table"].validate(pack["read"](SHIPPED), lazy=True)
    for column in DAMAGE:
        damaged(column).to_csv(tmp_path / "damaged.csv", index=False)
        with pytest.raises(pack["pa"].errors.SchemaErrors):
            pack["Table"].validate(pack["read"](tmp_path / "damaged.csv"), lazy=True)
    pd.concat([damaged("printed")] * 2).replace({"printed": {"": "1"}}).to_csv(tmp_path / "twice.csv", index=False)
    with pytest.raises(pack["pa"].errors.SchemaErrors, match="unique"):
        pack["Table"].validate(pack["read"](tmp_path / "twice.csv"), lazy=True)
