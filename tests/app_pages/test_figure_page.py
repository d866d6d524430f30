"""The page of figures, run as Streamlit runs it but without a browser: what is written, what is kept in the address, what is refused."""

import json
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import catalog, figures
from dashboard.analysis import views, with_totals
from dashboard.app_pages import figure_parts
from dashboard.figures import evidence
from dashboard.reports import figure_records
from dashboard.web import session
from dashboard.web.library import Library

PAGE = Path(__file__).resolve().parents[2] / "dashboard" / "app_pages" / "figure.py"
BAND = {"measure": "accounts_specified", "reporter": ["microsoft"], "type": ["fisa_content"], "start": "2013", "end": "2016"}


def opened(**query: str | list[str]) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def said(app: AppTest) -> str:
    return "\n".join(element.value for kind in (app.markdown, app.caption, app.info, app.warning) for element in kind).replace("\\", "")


def drawn(app: AppTest) -> dict:
    """What the browser is given to draw."""
    return json.loads(app.get("bidi_component")[0].proto.json)


@pytest.mark.parametrize("shape", list(views.SHAPES))
def test_every_shape_of_a_view_makes_a_figure(shape):
    app = opened(shape=shape, reporter=["google"])
    assert not app.exception
    assert drawn(app)["plotly"]["data"]


def test_a_figure_that_is_not_changed_is_not_drawn_again(monkeypatch):
    app = opened(**BAND)
    before = drawn(app)
    monkeypatch.setattr(figure_records, "MOMENT", "2031-01-01T00:00:00Z")
    assert drawn(app.toggle(key="figure-table").set_value(True).run()) == before


def test_the_texts_are_written_from_the_data():
    app = opened(**BAND)
    assert app.text_input(key="figure-title").value == "Accounts specified: FISA content, Microsoft, United States"
    assert app.text_input(key="figure-subtitle").value == "2013–2016, per half-year"
    assert app.text_area(key="figure-source").value.startswith("Source: Microsoft")
    assert "15,000–15,999" in app.text_area(key="figure-alt").value


def test_a_text_of_ones_own_is_drawn_kept_in_the_address_and_followed_by_the_description():
    app = opened(**BAND)
    app.text_input(key="figure-title").set_value("My title").run()
    assert app.query_params["title"] in ("My title", ["My title"])
    assert drawn(app)["title"] == "My title"
    assert app.text_area(key="figure-alt").value.startswith("Chart. My title")
    assert "alt" not in app.query_params


def test_texts_that_nobody_touched_follow_the_language_and_others_stay():
    app = opened(**BAND)
    app.text_input(key="figure-title").set_value("My title").run()
    app.selectbox(key="figure-lang").set_value("de").run()
    assert app.text_input(key="figure-title").value == "My title"
    assert app.text_area(key="figure-source").value.startswith("Quelle")
    assert "15.000–15.999" in app.text_area(key="figure-alt").value


def test_all_texts_can_be_written_from_the_data_again():
    app = opened(**BAND, title="Mine", byline="Me", alt="Words")
    app.button[0].click().run()
    assert app.text_input(key="figure-title").value == "Accounts specified: FISA content, Microsoft, United States"
    assert not {"title", "byline", "alt"} & set(app.query_params)


def test_an_empty_text_stays_empty():
    app = opened(**BAND)
    app.text_input(key="figure-subtitle").set_value("").run()
    assert app.text_input(key="figure-subtitle").value == ""
    again = opened(**BAND, subtitle="")
    assert again.text_input(key="figure-subtitle").value == ""


def test_an_address_restores_every_control():
    chosen = {
        "title": "T",
        "subtitle": "S",
        "source": "Q",
        "note": "N",
        "byline": "B",
        "alt": "A",
        "size": "120x80mm@600",
        "theme": "transparent-dark",
        "lang": "fr",
        "statement": ["burt-written-2400-3500"],
    }
    app = opened(**BAND, **chosen)
    assert not app.exception
    assert {name: app.session_state[f"figure-{name}"] for name in figure_parts.TEXT_NAMES} == {
        name: chosen[name] for name in figure_parts.TEXT_NAMES
    }
    assert app.text_area(key="figure-alt").value == "A"
    assert (app.number_input(key="figure-width-mm").value, app.number_input(key="figure-height-mm").value) == (120, 80)
    assert app.number_input(key="figure-dpi-mm").value == 600
    assert app.selectbox(key="figure-theme").value == "transparent-dark"
    assert app.selectbox(key="figure-lang").value == "fr"
    assert app.multiselect(key="figure-statements").value == ["burt-written-2400-3500"]
    asked = BAND | chosen
    assert {name: app.query_params[name] for name in asked if name != "reporter"} == {
        name: value[0] if isinstance(value, list) else value for name, value in asked.items() if name != "reporter"
    }


@pytest.mark.parametrize(
    ("size", "pixels"), [("article", [1200, 675]), ("85mm", [1004, 1122]), ("170mm@600", [4016, 2717]), ("640x480", [640, 480])]
)
def test_the_browser_is_told_the_exact_pixels(size, pixels):
    assert drawn(opened(**BAND, size=size))["pixels"] == pixels


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"size": "0x0"}, "A figure of 0 × 0 px is too small to be read"),
        ({"size": "100000x100000"}, "is too large"),
        ({"size": "huge"}, "“huge” is no size"),
        ({"theme": "pink"}, "There is no background “pink”"),
        ({"lang": "tlh"}, "There is no language “tlh”"),
        ({"statement": "nobody-said-this"}, "There is no statement “nobody-said-this”"),
    ],
)
def test_an_address_that_asks_for_what_there_is_not_says_so_and_still_shows_the_figure(query, sentence):
    app = opened(**BAND, **query)
    assert not app.exception
    assert sentence in said(app)
    assert drawn(app)["plotly"]["data"]


def test_a_reporter_that_is_not_there_is_left_out_as_is_said_and_stays_in_the_address():
    app = opened(reporter=["google", "nobody"])
    for _ in range(2):
        assert "There is no reporter “nobody” in the data. It is left out." in said(app)
        assert drawn(app)["plotly"]["data"]
        assert app.query_params["reporter"] == ["google", "nobody"]
        app.run()


@pytest.mark.parametrize(("before", "title"), [("sources", "Mine"), ("explore", None)])
def test_a_figure_is_found_as_it_was_left_by_who_comes_back_from_another_page(before, title):
    app = opened(title="Mine", **BAND)
    left = dict(app.query_params)
    # As by a link without parameters, such as that of the navigation.
    app.query_params.clear()
    app.session_state["page_before"] = before
    app.run()
    assert (dict(app.query_params) == left) == bool(title)
    assert (app.text_input(key="figure-title").value == "Mine") == bool(title)


def test_words_of_ones_own_are_kept_by_a_shape_that_cannot_show_them():
    words = "2016-03-01, 1200, The court rules"
    app = opened(shape="ranking", of="google", annotation=[words])
    assert "has its place on a figure over time alone" in said(app)
    assert app.query_params["annotation"] == words


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"reporter": ["nobody"]}, "There is no reporter “nobody” in the data."),
        ({"requester": ["XXX"]}, "Nothing is published for this choice"),
        ({"reporter": ["google"], "service": ["no such service"]}, "There is no service “no such service” in the data."),
        ({"start": "1990", "end": "1991"}, "Nothing is published for this choice"),
    ],
)
def test_a_view_of_nothing_is_told_in_one_sentence(query, sentence):
    app = opened(**query)
    assert not app.exception
    assert said(app).count(sentence) == 1
    assert not app.get("bidi_component")


@pytest.mark.parametrize(("width", "height"), [(0, 0), (100_000, 100_000), (-5, 300), (1200, 10)])
def test_a_size_that_cannot_be_is_told_and_can_be_put_right(width, height):
    app = opened(**BAND)
    app.selectbox(key="figure-size").set_value(figure_parts.OWN_SIZE).run()
    app.number_input(key="figure-width-px").set_value(width)
    app.number_input(key="figure-height-px").set_value(height).run()
    assert not app.exception
    assert len(app.info) == 1
    assert not app.get("bidi_component")
    app.number_input(key="figure-width-px").set_value(800)
    app.number_input(key="figure-height-px").set_value(600).run()
    assert drawn(app)["pixels"] == [800, 600]


@pytest.mark.parametrize(
    "text",
    ["<img src=x onerror=alert(1)>", "**bold** [a](http://example.org)", "\u202eright to left", "عنوان", "x" * 5000, "$\\frac{1}{0}$"],
)
def test_a_hostile_text_is_drawn_as_text_and_never_shown_as_markup(text):
    app = opened(**BAND, title=text, byline=text, alt=text)
    assert not app.exception
    shown = drawn(app)["plotly"]["layout"]["annotations"]
    assert not any("<img" in annotation["text"] for annotation in shown)
    assert not any(text in element.value for element in app.markdown)


def test_too_long_a_title_is_told():
    assert "The title is too long for this size" in said(opened(**BAND, title="word " * 200))


def test_colours_that_look_alike_are_told_by_name():
    app = opened(reporter=["google", "meta", "microsoft", "apple", "linkedin", "snap", "twitter", "tiktok"])
    assert not app.exception
    found = said(app)
    remarks = figure_parts.drawing_of(
        figures.Figure(views.View(reporter=("google", "meta", "microsoft", "apple", "linkedin", "snap", "twitter", "tiktok")))
    ).remarks
    assert all(remark in found for remark in remarks)


def test_a_snippet_embeds_the_view_live_or_frozen():
    app = opened(**BAND)
    app.toggle(key="figure-embed").set_value(True).run()
    live, frozen = (element.value for element in app.code if element.value.startswith("<iframe"))
    assert "/embed?measure=accounts_specified" in live
    assert "known=" in frozen and "known=" not in live


@pytest.mark.parametrize("form", ["Long", "Short", "BibTeX", "CSL-JSON"])
def test_the_figure_its_documents_and_the_dataset_are_cited(form):
    app = opened(**BAND)
    app.toggle(key="figure-cite").set_value(True).run()
    app.radio(key="figure-citation").set_value(form).run()
    texts = [
        element.value
        for element in app.code
        if "microsoft" in element.value.lower() or catalog.bundled().version in element.value or "Accounts" in element.value
    ]
    assert len(texts) >= (2 if form == "Short" else 3)
    if form == "CSL-JSON":
        assert all(json.loads(text) for text in texts if text.startswith("["))


def test_the_table_is_one_step_away():
    app = opened(**BAND)
    app.toggle(key="figure-table").set_value(True).run()
    assert "15,000–15,999" in set(app.dataframe[0].value["Value"])


def test_the_record_is_that_of_the_figure_and_holds_only_the_texts_of_its_author():
    record = json.loads(drawn(opened(**BAND, byline="Me", theme="dark"))["record"])
    assert record["figure"].endswith("byline=Me&theme=dark")
    assert "title=" not in record["figure"]
    assert record["data"] == catalog.bundled().version
    assert record["observations"]["rows"] == record["drawn"]["rows"] > 0


def test_a_record_in_another_dress_is_the_one_that_would_be_made_anew():
    bundled, today = session.bundled(), date.today()
    figure = figures.Figure(views.View(requester=("DEU",)), theme="dark", title="Other")
    drawing = bundled.drawing(figure, frozenset(), today)
    quick = bundled.record(drawing, frozenset(), today)
    anew = evidence.record(drawing, bundled.data, table=bundled.complete(None))
    at_another_time = {"made": "", "signature": "", "hash": ""}
    assert quick | at_another_time == anew | at_another_time


def checked(data: bytes) -> AppTest:
    app = opened(**BAND)
    app.file_uploader(key="figure-check").set_value(("figure.svg", data, "image/svg+xml")).run()
    assert not app.exception
    return app


def svg_with(record: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg"><metadata id="{evidence.NAME}">{record}</metadata></svg>'.encode()


def sound_record() -> str:
    drawing = drawing_of(figures.Figure(views.View(reporter=("microsoft",)), theme="dark"))
    return evidence.text_of(evidence.record(drawing, catalog.bundled(), table=session.bundled().complete(None)))


def drawing_of(figure: figures.Figure) -> figures.Drawing:
    return figures.draw(figure, catalog.bundled(), table=session.bundled().complete(None))


def test_a_figure_that_comes_back_is_told_current_and_linked():
    app = checked(svg_with(sound_record()))
    assert "**Current** · figure.svg" in said(app)
    assert "[Open this figure](/figure?reporter=microsoft&theme=dark)" in said(app)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "**No record**"),
        (b"", "**No record**"),
        (svg_with("{}"), "**Altered**"),
        (svg_with('{"record": 1, "hash": "x"}'), "**Altered**"),
        (svg_with("[" * 100_000), "**Altered**"),
        (svg_with("x")[:-10], "**Altered**"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "**Altered**"),
    ],
)
def test_a_forged_or_truncated_record_is_told_and_links_nowhere(data, sentence):
    app = checked(data)
    assert sentence in said(app)
    assert "Open this figure" not in said(app)


def test_a_restated_number_is_named_with_its_old_and_new_value(monkeypatch, catalog_of):
    then = catalog_of("reporter period value\nmicrosoft 2015_H1 100\nmicrosoft 2015_H2 200")
    now = catalog_of("reporter period value\nmicrosoft 2015_H1 100\nmicrosoft 2015_H2 250")
    object.__setattr__(now, "version", "newer")
    drawing = figures.draw(figures.Figure(views.View(reporter=("microsoft",))), then, table=with_totals(then))
    record = evidence.text_of(evidence.record(drawing, then, table=with_totals(then)))
    monkeypatch.setattr(session, "bundled", lambda: newer)
    newer = Library(now)
    app = AppTest.from_file(str(PAGE), default_timeout=120)
    app.query_params["reporter"] = ["microsoft"]
    app.run()
    app.file_uploader(key="figure-check").set_value(("figure.svg", svg_with(record), "image/svg+xml")).run()
    assert "**Restated since**" in said(app)
    changes = app.dataframe[0].value.iloc[0]
    assert (changes["In the figure"], changes["Today"]) == ("200", "250")
