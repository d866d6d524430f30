"""Each layer imports only what lies below it, with no exception (import-linter reads the contract from pyproject.toml)."""

import tomllib
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[1]


def test_imports_point_downwards(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    outcome = lint_imports(no_cache=True)
    assert outcome == 0, capsys.readouterr().out


def test_every_module_has_a_layer_and_no_contract_has_an_exception():
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert not [key for contract in linter["contracts"] for key in contract if key.startswith(("ignore", "unmatched"))]
    (layers,) = [contract["layers"] for contract in linter["contracts"] if contract["type"] == "layers"]
    named = {name.strip() for layer in layers for name in layer.replace(":", "|").split("|")}
    modules = {
        f"dashboard.{path.stem}"
        for path in (ROOT / "dashboard").iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").is_file()
    }
    assert modules - named == set()


def test_only_the_screen_knows_streamlit():
    knows = {
        path.relative_to(ROOT / "dashboard").parts[0]
        for path in (ROOT / "dashboard").rglob("*.py")
        if "import streamlit" in path.read_text(encoding="utf-8") or "from streamlit" in path.read_text(encoding="utf-8")
    }
    assert knows <= {"app.py", "server.py", "app_pages"}
