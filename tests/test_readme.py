"""The README tells the truth: its columns are the model's, its commands are the program's."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

from dashboard import cli
from dashboard.model import tables
from dashboard.reports.cells import limits

pytestmark = pytest.mark.quick

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")


def test_every_column_stands_with_the_meaning_the_model_gives_it():
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", README, re.MULTILINE))
    assert {name: rows.get(name) for name in tables.described(tables.Observation)} == tables.described(tables.Observation)


def test_every_command_named_exists():
    named = set(re.findall(r"\| `transparency (\w+)", README))
    assert named <= set(cli.commands())


def test_every_command_is_named():
    assert set(cli.commands()) <= set(re.findall(r"\| `transparency (\w+)", README))


@pytest.mark.parametrize("marker", ["start-command", "test-command"])
def test_both_commands_stand_behind_their_markers(marker):
    assert re.search(rf"<!-- {marker} -->\n```sh\n\S.*\n```", README)


def test_the_picture_is_there():
    picture = re.search(r"!\[[^\]]+\]\(([^)]+)\)", README)[1]
    assert (Path(__file__).resolve().parents[1] / picture).stat().st_size > 10_000


def limits_in_code() -> dict[str, str]:
    statements = ast.parse(Path(limits.__file__).read_text(encoding="utf-8")).body
    told = {}
    for assigned, said in pairwise(statements):
        if isinstance(assigned, ast.Assign) and isinstance(said, ast.Expr):
            told[said.value.value.rstrip(".")] = f"{getattr(limits, assigned.targets[0].id):,}"
    return told


def test_every_limit_stands_in_the_table_with_its_value():
    table = README[README.index("## Limits") : README.index("## Where things are")]
    rows = dict(re.findall(r"^\| (?!limit|---)(.+) \| ([\d,]+) \|$", table, re.MULTILINE))
    assert rows == limits_in_code()
    assert len(rows) > 10
