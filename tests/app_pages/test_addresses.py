"""What of an address is not taken up is said on every page."""

import ast
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.analysis.views import FIELDS
from dashboard.app_pages import addresses
from dashboard.web import pages

FOLDER = Path(addresses.__file__).parent


def test_every_page_says_which_parameters_it_knows():
    assert {f"/{page}" for page in addresses.PARAMETERS} == set(pages.PAGES)


def test_every_page_knows_what_links_and_its_other_forms_ask_it_for():
    asked = [*pages.SINGLE, *((path, name) for path, names in pages.IN_PLAIN_FORM.items() for name in names)]
    assert [(path, name) for path, name in asked if name not in addresses.PARAMETERS[path.removeprefix("/")]] == []


def test_no_page_reads_a_parameter_that_it_is_said_not_to_know():
    known = {name for names in addresses.PARAMETERS.values() for name in names}
    for file in FOLDER.glob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("st.query_params.get", "st.query_params.get_all"):
                name = call.args[0]
                assert not isinstance(name, ast.Constant) or name.value in known, file.name


@pytest.mark.parametrize("page", [page for page in addresses.PARAMETERS if page not in ("", "bring")])
def test_a_name_that_is_not_known_is_said_and_one_that_is_known_is_not(monkeypatch, page):
    class Address(dict):
        get_all = dict.get

    state: dict = {}
    monkeypatch.setattr(addresses.st, "session_state", state)
    monkeypatch.setattr(addresses.st, "query_params", Address({addresses.PARAMETERS[page][0]: ["x"], "reporte": ["google"]}))
    shown: list[str] = []
    monkeypatch.setattr(addresses.st, "container", lambda: type("Container", (), {"info": staticmethod(shown.append)}))
    monkeypatch.setattr(addresses.st, "info", shown.append)
    addresses.begin(page, None)
    assert len(shown) == 1
    assert addresses.sentences() == ["This page does not know “reporte” in its address; it is left out."]


@pytest.mark.parametrize("page", ["explore", "figure"])
def test_each_value_of_a_view_that_is_not_understood_is_said(page):
    app = AppTest.from_file(str(FOLDER / f"{page}.py"), default_timeout=60)
    for name in FIELDS:
        app.query_params[name] = f"no {name}"
    app.run()
    assert not app.exception
    sentences = [warning.value.replace("\\", "") for warning in app.warning]
    assert [name for name in FIELDS if not any(f"no {name}" in sentence for sentence in sentences)] == []
