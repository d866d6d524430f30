"""Embedded figures in a real Chromium: light, readable, framed by any site, and asking nothing of any other address."""

import functools
import html
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest

from dashboard import analysis, catalog
from dashboard.analysis.views import View
from dashboard.web import embeds

pytestmark = pytest.mark.browser

WEIGHT = 15_000
FIGURES = [
    "/embed",
    "/embed?reporter=google&type=nsl",
    "/embed?shape=ranking&reporter=google&lang=de",
    "/embed?shape=map&measure=share_some_data&reporter=apple",
    "/embed?shape=multiples&requester=USA&requester=DEU&requester=FRA&lang=zh",
    "/embed?shape=table&requester=DEU",
    "/embed?requester=",
    "/embed/0123456789ab?reporter=google&type=nsl&known=2025-12-31",
]


@functools.cache
def complete(day: date | None) -> pd.DataFrame:
    """All that we ship as known on a day, with its totals."""
    return analysis.with_totals(catalog.bundled(), day)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Serves a page of another origin, given as text, and gives its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_) -> None:
            pass

    other = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=tmp_path))
    threading.Thread(target=other.serve_forever, daemon=True).start()

    def served(text: str) -> str:
        (tmp_path / "article.html").write_text(f'<!DOCTYPE html><meta charset="utf-8">{text}', encoding="utf-8")
        return f"http://127.0.0.1:{other.server_port}/article.html"

    yield served
    other.shutdown()
    other.server_close()


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_is_light_and_accessible_in_either_theme_and_fits_every_width_with_letters_that_keep_their_size(
    open_first_page, axe, figure: str
) -> None:
    page = open_first_page(viewport={"width": 700, "height": 900})
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    sizes = []
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    errors = []
    page.on("console", lambda message: errors.append(message.text))
    page.goto(figure)
    # The browser tells the size a moment after the page has loaded.
    for _ in range(50):
        if sizes:
            break
        page.wait_for_timeout(100)
    assert len(asked) == 1
    assert 0 < sum(sizes) <= WEIGHT
    assert errors == []
    beyond = "all => all.filter(one => one.getBoundingClientRect().right > innerWidth || one.getBoundingClientRect().left < 0).length"
    for width in (300, 390, 720, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        letters = page.eval_on_selector_all("svg text", "all => all.map(one => getComputedStyle(one).fontSize)")
        assert set(letters) <= {"12px"}
        assert page.eval_on_selector_all("svg text", beyond) == 0
    page.set_viewport_size({"width": 700, "height": 900})
    page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe(page, ("critical", "serious", "moderate", "minor"), of_colours=scheme == "dark") == []


@pytest.mark.parametrize(
    "view",
    [
        View(),
        View(shape="ranking", reporter=("google",)),
        View(shape="multiples", requester=("USA", "DEU", "FRA")),
        View(shape="table"),
        View(shape="map", measure="share_some_data", reporter=("apple",)),
        View(reporter=("microsoft",), requester=("USA", "DEU", "FRA", "GBR", "BRA", "TWN"), scale="index"),
    ],
    ids=lambda view: view.shape + view.scale,
)
@pytest.mark.parametrize("frozen", [False, True], ids=["live", "frozen"])
def test_what_is_pasted_into_another_site_shows_the_whole_figure_there(
    server: str, open_page_elsewhere, elsewhere, view: View, frozen: bool
) -> None:
    data = catalog.bundled()
    if frozen:
        view = embeds.as_known(view, catalog.bundled().documents["known_from"].max().date())
    shown = embeds.embed(view, data, complete(view.known_on))
    snippet = embeds.snippet(shown, server, frozen=frozen)
    page = open_page_elsewhere(viewport={"width": 900, "height": 1000})
    page.goto(elsewhere(f"<h1>An article</h1>{snippet}"))
    frame = page.wait_for_selector("iframe").content_frame()
    frame.wait_for_selector("h1")
    assert frame.inner_text("h1") == shown.title
    assert ("restated" in frame.inner_text("body")) is False
    for width in (900, 480, 320):
        page.set_viewport_size({"width": width, "height": 1000})
        for _ in range(50):
            if abs(frame.evaluate("innerHeight - document.body.getBoundingClientRect().height")) <= 1:
                break
            page.wait_for_timeout(100)
        assert abs(frame.evaluate("innerHeight - document.body.getBoundingClientRect().height")) <= 1
    link = frame.locator("main > p.q a")
    assert link.get_attribute("target") == "_blank" and html.unescape(link.get_attribute("href")).startswith(f"{server}/explore")
    # Where the site drops the script the frame has room on the narrowest screen already.
    page.goto(elsewhere(f"<style>body{{margin:0}}</style>{snippet.partition('<script')[0]}"))
    frame = page.wait_for_selector("iframe").content_frame()
    frame.wait_for_selector("h1")
    for width in (embeds.NARROWEST, 480, 760):
        page.set_viewport_size({"width": width, "height": 1000})
        assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.set_viewport_size({"width": embeds.NARROWEST, "height": 1000})
    assert frame.evaluate("innerHeight - document.body.getBoundingClientRect().height") < 200


def test_its_link_opens_explore_in_a_tab_of_its_own(server: str, open_page_elsewhere, elsewhere) -> None:
    page = open_page_elsewhere()
    page.goto(elsewhere(embeds.snippet(embeds.embed(View(), catalog.bundled(), complete(None)), server)))
    with page.context.expect_page() as opened:
        page.frame_locator("iframe").locator("main > p.q a").click()
    assert opened.value.url.startswith(f"{server}/explore")
    opened.value.close()


def test_the_pages_themselves_cannot_be_framed_by_another_site(server: str, visits, elsewhere) -> None:
    page = visits(server).page()
    page.goto(elsewhere(f'<iframe src="{server}/explore"></iframe><iframe src="{server}/api/v1/documents.json"></iframe>'))
    for _ in range(50):
        shown = [frame.url.partition(":")[0] for frame in page.frames[1:]]
        if shown == ["chrome-error", "chrome-error"]:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the frames show {shown}")


def test_a_reader_without_frames_gets_the_picture(server: str, visits, elsewhere) -> None:
    data = catalog.bundled()
    shown = embeds.embed(View(), data, complete(None))
    # What cleans up a text drops the frame and keeps what is in it.
    inside = embeds.snippet(shown, server).partition(">")[2].partition("</iframe>")[0]
    page = visits(server).page()
    page.goto(elsewhere(inside))
    page.wait_for_function("document.images[0].complete")
    assert page.evaluate("document.images[0].naturalWidth") == embeds.WIDTH
    assert page.get_attribute("img", "alt") == shown.alt


def test_a_wrong_address_in_a_frame_is_one_readable_sentence(server: str, visits, elsewhere) -> None:
    page = visits(server).page()
    page.goto(elsewhere(f'<iframe src="{server}/embed?reporter=gogle" width="600"></iframe>'))
    frame = page.wait_for_selector("iframe").content_frame()
    frame.wait_for_load_state()
    assert "There is no reporter “gogle” in the data." in frame.inner_text("body")
