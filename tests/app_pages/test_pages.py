"""Every page and every control, run as Streamlit runs them but without a browser."""

import itertools
import re
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import catalog
from dashboard.analysis import views
from dashboard.model.periods import day_label
from dashboard.web import session
from dashboard.web.library import Library

PACKAGE = Path(__file__).resolve().parents[2] / "dashboard"
ISO_DAY = r"\b\d{4}-\d\d-\d\d\b"
PAGES = ["overview", "explore", "statements", "check", "sources"]


def opened(page: str, **query: str | list[str]) -> AppTest:
    app = AppTest.from_file(str(PACKAGE / "app_pages" / f"{page}.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def said(app: AppTest) -> str:
    return "\n".join(
        element.value
        for kind in (app.markdown, app.caption, app.info, app.warning, app.header, app.subheader, app.title)
        for element in kind
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_with_one_title_and_every_chart_has_a_text_for_those_who_do_not_see_it(page):
    app = opened(page)
    assert not app.exception
    assert len(app.title) == 1
    assert not re.search(ISO_DAY, said(app))
    charts = app.get("plotly_chart")
    assert bool(charts) == (page in ("overview", "explore"))
    assert all(len(chart.proto.alt) > 30 for chart in charts)


@pytest.mark.parametrize("shape", list(views.SHAPES))
@pytest.mark.parametrize("scale", list(views.SCALES))
def test_every_shape_goes_with_every_scale(shape, scale):
    app = opened("explore", shape=shape, scale=scale, requester=["USA", "DEU"])
    assert not app.exception
    assert app.title[0].value != "Explore" or app.info


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"reporter": []}, None),
        ({"reporter": ["google"], "requester": [""]}, "Choose at least one country"),
        (
            {"reporter": ["google"], "measure": "accounts_specified", "type": ["all"], "start": "2009", "end": "2009"},
            "in this time",
        ),
        ({"reporter": ["microsoft"], "measure": "nondisclosure_orders", "scale": "people"}, "rest"),
    ],
)
def test_a_choice_with_nothing_published_says_so_and_loses_nothing(query, expected):
    app = opened("explore", **query)
    assert not app.exception
    if expected and expected != "rest":
        assert expected in said(app)


def test_a_view_with_reports_of_ones_own_is_not_offered_for_the_pages_of_others(monkeypatch):
    assert [block.proto.popover.label for block in opened("explore").get("popover")][-3:] == ["Copy link", "Embed", "Download"]
    own = Library(catalog.bundled())
    monkeypatch.setattr(session, "library", lambda: own)
    app = opened("explore")
    assert not app.exception
    assert [block.proto.popover.label for block in app.get("popover")][-2:] == ["Copy link", "Download"]


def test_an_address_restores_every_control():
    app = opened(
        "explore",
        measure="accounts_specified",
        reporter=["microsoft"],
        requester=["USA"],
        type=["fisa_content"],
        authority=["federal"],
        shape="table",
        start="2013",
        end="2014",
        known="2022-01-01",
    )
    assert not app.exception
    chosen = app.session_state["explore"].values
    assert chosen["measure"] == "accounts_specified"
    assert chosen["type"] == ["fisa_content"]
    assert chosen["authority"] == ["federal"]
    assert chosen["shape"] == "table"
    assert (chosen["start"], chosen["end"]) == ("2013", "2014")
    assert str(chosen["known"]) == "2022-01-01"


def test_a_control_comes_with_its_value_so_that_no_later_run_that_overtakes_it_in_the_browser_takes_that_away():
    app = AppTest.from_file(str(PACKAGE / "app_pages" / "explore.py"), default_timeout=60)
    set_to = {
        "scale": "day",
        "axis": "log",
        "start": "2020 H1",
        "end": "2022",
        "panels": "own",
        "known": "2024-01-01",
        "shape": "multiples",
    }
    several = {
        "reporter": ["google", "meta"],
        "requester": ["DEU"],
        "focus": ["google/DEU"],
        "muted": ["meta/DEU"],
        "authority": ["federal"],
    }
    for name, value in (set_to | several).items():
        app.query_params[name] = value
    app.session_state["settings"] = True
    app.run()
    drawn = {box.key: box for box in (*app.selectbox, *app.multiselect, *app.text_input, *app.date_input, *app.get("button_group"))}
    shown = {name: box.proto.options[box.proto.default] for name, box in drawn.items() if name in ("scale", "axis", "panels")}
    assert shown == {"scale": "Per day", "axis": "Logarithmic", "panels": "Own scales"}
    assert [drawn[name].proto.default for name in ("start", "end")] == ["2020 H1", "2022"]
    assert list(drawn["known"].proto.default) == ["2024-01-01"]
    assert {name: [drawn[name].proto.options[index] for index in drawn[name].proto.default] for name in several} == {
        "reporter": ["Google", "Meta (Facebook)"],
        "requester": ["Germany"],
        "focus": ["Google · Germany"],
        "muted": ["Meta (Facebook) · Germany"],
        "authority": ["federal"],
    }


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "![x](http://example.org/x.png)", "$\\frac{1}{0}$", "9" * 5000, "\u202e"])
def test_a_hostile_address_opens_the_page_and_nothing_of_it_is_shown(value):
    names = ["measure", "reporter", "requester", "type", "shape", "scale", "base", "start", "known", "of", "period"]
    app = opened("explore", **dict.fromkeys(names, value))
    assert not app.exception
    assert value not in said(app)


def test_a_ranking_that_is_chosen_begins_with_ten_bars_and_all_stay_where_an_address_or_the_visitor_wants_all():
    assert opened("explore", shape="ranking").session_state["explore"].values["top"] == ""
    app = opened("explore")
    for shape, top, expected in (("ranking", None, "10"), ("ranking", "", ""), ("map", None, ""), ("ranking", None, "")):
        app.get("button_group")[0].set_value(shape).run()
        if top is not None:
            next(box for box in app.selectbox if box.key == "top").set_value(top).run()
        assert not app.exception and app.session_state["explore"].values["top"] == expected


def test_the_navigation_has_every_page():
    app = AppTest.from_file(str(PACKAGE / "app.py"), default_timeout=60).run()
    assert not app.exception
    for page in PAGES:
        app.switch_page(f"app_pages/{page}.py")
        assert not app.run().exception


def test_a_control_changes_the_address_and_the_chart():
    app = opened("explore")
    before = app.get("plotly_chart")[0].proto.spec
    app.multiselect(key="requester").set_value(["DEU"]).run()
    assert not app.exception
    assert app.query_params["requester"] in ("DEU", ["DEU"])
    assert app.get("plotly_chart")[0].proto.spec != before


def test_as_known_on_a_day_before_an_edition_the_older_number_is_shown():
    def shown(day: str) -> str:
        app = opened(
            "explore",
            measure="orders",
            reporter=["microsoft"],
            type=["fisa_content"],
            authority=["federal"],
            shape="table",
            known=day,
            start="2016",
            end="2016",
        )
        return app.dataframe[0].value["Value"].iloc[0]

    assert shown("2017-04-20") == "1,000–1,499"
    assert shown("2017-12-31") == "0–499"


def test_the_statements_are_filtered_and_counted():
    app = opened("statements")
    everything = int(app.caption[0].value.split(" of ")[1].split()[0])
    app.multiselect(key="statements-side").set_value(["court"]).run()
    fewer = int(app.caption[0].value.split(" of ")[0])
    assert 0 < fewer < everything
    app.text_input(key="statements-q").set_value("no such words anywhere").run()
    assert "No statement fits" in said(app)


def test_a_statement_has_an_address_of_its_own():
    app = opened("statements", statement="burt-written-2400-3500")
    assert not app.exception
    assert "7–10 × 365 = 2,555–3,650" in said(app).replace("\\", "")
    assert not re.search(ISO_DAY, said(app))


def test_an_unknown_statement_opens_the_list_and_says_so():
    app = opened("statements", statement="<b>none</b>")
    assert not app.exception
    assert "No statement is called" in said(app)


def test_a_claim_of_ones_own_is_understood_corrected_and_judged():
    app = opened("check", sentence="Google got 50,000 requests a year from Germany in 2021")
    assert not app.exception
    assert "22,470 + 24,102 = 46,572" in said(app).replace("\\", "")
    high = next(control for control in app.number_input if control.label == "At most")
    low = next(control for control in app.number_input if control.label == "At least")
    assert "Contradicted" in said(app)
    low.set_value(46572.0)
    high.set_value(46572.0)
    next(control for control in app.button if control.label == "Check this").click().run()
    assert "Supported" in said(app)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("nothing to count here", "No number is found"),
        (" ".join(str(n) for n in range(1000, 1200)), "numbers"),
        ("<script>alert(1)</script> 5 requests to Google", "holds markup"),
        ("![x](http://example.org/x.png) 12 orders in 2020", "holds markup"),
    ],
)
def test_a_text_that_cannot_be_checked_is_told_in_one_sentence_and_no_markup_reaches_the_page(sentence, expected):
    app = opened("check", sentence=sentence)
    assert not app.exception
    assert expected in said(app)
    assert "<script>" not in said(app) and "![x](" not in said(app)


@pytest.mark.parametrize("key", ["documents-publisher", "documents-form"])
def test_the_documents_are_filtered(key):
    app = opened("sources")
    rows = len(app.dataframe[0].value)
    options = app.multiselect(key=key).options
    app.multiselect(key=key).set_value([options[0]]).run()
    assert 0 < len(app.dataframe[0].value) < rows


def test_a_link_to_a_document_shows_that_document_alone():
    # One whose name another's begins with: words that are looked for would find both.
    names = sorted(catalog.bundled().documents["document"])
    name = next(one for one, following in itertools.pairwise(names) if following.startswith(one))
    app = opened("sources", document=name)
    assert [*app.dataframe[0].value["Name"]] == [name]
    # It stands first, also when the page runs again; without it the first thing is what became of the numbers.
    assert [opened_page.header[0].value for opened_page in (app, app.run(), opened("sources"))] == [
        "Documents",
        "Documents",
        "What was restated or withdrawn",
    ]


def test_a_ranking_names_the_reporter_that_it_shows_and_follows_the_reporters_chosen():
    app = opened("explore", shape="ranking", reporter=["google", "meta"])
    assert app.selectbox(key="of").value == "google"
    app.selectbox(key="of").set_value("meta").run()
    assert "Meta" in app.title[0].value
    app.multiselect(key="reporter").set_value(["google", "microsoft"]).run()
    assert app.selectbox(key="of").value == "google"
    assert "Google" in app.title[0].value


@pytest.mark.parametrize(
    "query",
    [
        {"known": "1900-01-01"},
        {"known": "2999-12-31"},
        {"known": "yesterday"},
        {"start": "2020", "end": "2010"},
        {"start": "spring", "end": "2019-13"},
        {"shape": "pie", "scale": "log", "measure": "demands"},
        {"shape": "map", "of": "nobody", "period": "H3 2019"},
        {"shape": "ranking", "period": "1999 H1"},
        {"scale": "index", "base": "1950"},
        {"reporter": ["<script>", "nobody"], "requester": ["NARNIA"], "service": ["x"], "type": ["y"], "authority": ["z"]},
    ],
)
def test_an_address_that_is_wrong_opens_what_it_can_and_never_fails(query):
    app = opened("explore", **query)
    assert not app.exception
    assert app.title[0].value != "Explore" or app.info


def cards() -> None:
    import pandas as pd

    from dashboard.analysis.views import SHAPES, View
    from dashboard.app_pages import parts
    from dashboard.web.session import library

    views = [View(shape=shape, requester=("USA", "DEU"), of="google") for shape in SHAPES]
    for view in [
        *views,
        View(measure="letters"),
        View(measure="nondisclosure_orders", reporter=("microsoft",)),
        View(scale="people"),
        View(scale="calendar"),
    ]:
        rows = library().answer(view).shown.dropna(subset=["low"])
        assert len(rows) > 1, view
        for _, row in pd.concat([rows.head(2), rows.tail(1)]).iterrows():
            parts.show_evidence(row, library().complete(None))


def test_a_number_of_any_view_has_its_card():
    app = AppTest.from_function(cards, default_timeout=60).run()
    assert not app.exception
    assert any("Printed as" in text.value for text in app.markdown)
    # Of each document: when it is known from and how that is known, what its publisher allows, and which bytes were read.
    documents = [text.value for text in app.markdown if "· licence" in text.value]
    assert documents and all("nown from" in text and "archived copy](http" in text for text in documents)
    assert any("estimated" in text for text in documents) and any("hash `" in text and "seen on " in text for text in documents)
    assert any(text.value.startswith("> ") and "2,576 legal demands" in text.value for text in app.markdown)


def test_every_correction_of_our_own_stands_on_the_page_of_changes():
    text = said(opened("changes"))
    assert not re.search(ISO_DAY, text)
    corrections = session.bundled().data.corrections
    assert len(corrections) and all(row.why in text and day_label(row.date) in text for row in corrections.itertuples())


def test_what_is_overdue_and_what_stopped_stands_on_the_overview():
    app = AppTest.from_file(str(PACKAGE / "app_pages" / "overview.py"), default_timeout=60)
    app.session_state["latest"] = True
    text = said(app.run())
    late = session.bundled().rhythms(date.today())["overdue_since"].notna()
    assert f"{late.sum()} of {len(late)} reporters with a rhythm" in text and "feeds/never.xml" in text
    assert "known to stand until" in text and not re.search(ISO_DAY, text)


def test_what_can_be_chosen_is_defined_where_it_is_chosen():
    app = opened("explore", reporter=["google", "meta"])
    names = session.bundled().names
    helps = {control.key: control.proto.help.replace("\\", "") for kind in ("selectbox", "multiselect") for control in app.get(kind)}
    assert names.meaning_of_measure("requests") in helps["measure"]
    assert all(names.definition(reporter, "requests") in helps["reporter"] for reporter in ("google", "meta"))
    assert names.meaning_of_type("warrant") in helps["type"]


def preview() -> None:
    from dashboard.app_pages.preview_parts import show_preview
    from dashboard.reports.tables.roles import Column, TableView

    columns = (Column(0, "a", "unknown", ""), Column(1, "", "ignored", ""))
    for known in (columns, ()):
        show_preview(TableView(1, "", "", "", known, (1,), 3, (("1", "2", "3"), ("4",), ("5", "6"))))


def test_a_preview_shows_each_cell_of_lines_of_any_length():
    app = AppTest.from_function(preview).run()
    assert not app.exception
    shown, unknown = (drawn.value for drawn in app.dataframe)
    assert list(shown.columns) == ["A a", "B", "C"]
    assert list(unknown.columns) == ["A", "B", "C"]
    assert shown.iloc[1:].to_numpy().tolist() == [["1", "2", "3"], ["4", "", ""], ["5", "6", ""]]
