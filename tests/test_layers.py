"""Each room imports only what lies below it, with no exception (import-linter reads the contract from pyproject.toml)."""

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.quick

ROOT = Path(__file__).resolve().parents[1]


def test_imports_point_downwards():
    # In a process of its own: it switches off every logger that is there.
    call = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    run = subprocess.run([sys.executable, "-c", call], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_contract_has_an_exception_and_every_room_is_in_one():
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert not [key for contract in linter["contracts"] for key in contract if key.startswith(("ignore", "unmatched"))]
    (layers,) = [contract for contract in linter["contracts"] if contract["type"] == "layers"]
    assert layers["exhaustive"]
    named = {name.strip() for layer in layers["layers"] for name in layer.replace(":", "|").split("|")}
    rooms = {path.stem for path in (ROOT / "dashboard").iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert rooms - named == {"__init__", "build"}


def test_one_file_lies_loose():
    assert {path.name for path in (ROOT / "dashboard").glob("*.py")} == {"__init__.py", "app.py"}


def test_only_the_screen_knows_streamlit():
    knows = {
        path.relative_to(ROOT / "dashboard").with_suffix("").as_posix()
        for path in (ROOT / "dashboard").rglob("*.py")
        if "import streamlit" in path.read_text(encoding="utf-8") or "from streamlit" in path.read_text(encoding="utf-8")
    }
    assert {name for name in knows if not name.startswith("app_pages/")} <= {"app", "web/server", "web/session"}


def test_no_test_reaches_into_what_is_private():
    reached = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.attr] if isinstance(node, ast.Attribute) else []
            if isinstance(node, ast.ImportFrom):
                names = [name.name for name in node.names]
            is_own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
            # A named tuple's `_replace` is public, whatever its first letter.
            private = [name for name in names if name.startswith("_") and not name.startswith("__") and name != "_replace"]
            reached += [f"{path.relative_to(ROOT)}:{node.lineno} {name}" for name in private if not is_own]
    assert reached == []
