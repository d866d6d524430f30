"""The package says what it needs, and its documents name only what is there."""

import ast
import itertools
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CODE = sorted((ROOT / "dashboard").rglob("*.py"))
DOCUMENTS = [*ROOT.glob("*.md"), *sorted((ROOT / "dashboard" / "docs").rglob("*.md"))]

pytestmark = pytest.mark.quick


def distributions(requirements: list[str]) -> set[str]:
    return {_plain(re.split(r"[\[<>=!~; ]", requirement)[0]) for requirement in requirements}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


DECLARED = distributions(list(itertools.chain(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())))


def imported(tree: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names - {"dashboard"} - set(sys.stdlib_module_names)


def test_every_package_that_is_imported_is_declared():
    provided = packages_distributions()
    names = set().union(*(imported(ast.parse(path.read_text(encoding="utf-8"))) for path in CODE))
    assert {name for name in names if not {_plain(one) for one in provided.get(name, [name])} & DECLARED} == set()


def test_every_declared_package_is_pinned():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = distributions([line for line in lines if line and not line.startswith("#")])
    assert DECLARED - pinned == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_of_a_document_lead_somewhere(path):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_code_cites_only_documents_that_are_in_the_repository():
    known = {path.name for path in DOCUMENTS}
    cited = {(path.name, name) for path in CODE for name in re.findall(r"\b[A-Za-z_]+\.md\b", path.read_text(encoding="utf-8"))}
    assert {(path, name) for path, name in cited if name not in known} == set()
