"""From a click to the painted chart in Chromium, beside a bare script with the same charts: `python tests/benchmarks/painted.py`, about a minute.

Both run under our own server, in turn, click by click: what else the machine does slows both alike.
"""

from __future__ import annotations

import json
import shutil
import statistics
import tempfile
from pathlib import Path

from bench import ratio, say, served
from playwright.sync_api import Page, sync_playwright

CLICKS = 16
VIEW = "/explore?reporter=google&reporter=meta&reporter=microsoft&requester=USA"
SHAPES = ("Panels", "Over time")
READY = '[data-testid="stApp"][data-test-script-state="notRunning"] .js-plotly-plot .main-svg'
# The last change within the chart after the pointer went down.
WATCH = """() => {
    document.addEventListener('pointerdown', () => { window.pressed = performance.now(); window.painted = null; }, true);
    const inChart = change => (change.target.closest ?? (() => null)).call(change.target, '.js-plotly-plot');
    new MutationObserver(changes => { if (changes.some(inChart)) window.painted = performance.now(); })
        .observe(document.body, { subtree: true, childList: true, attributes: true });
}"""
BARE = """
import json

import plotly.graph_objects as go
import streamlit as st


@st.cache_resource
def figures():
    return {{shape: go.Figure(json.loads(text), skip_invalid=True) for shape, text in {figures!r}.items()}}


st.set_page_config(layout="wide")
shape = st.segmented_control("Shape", list(figures()), default="Over time", required=True)
st.plotly_chart(figures()[shape], key=shape)
"""


def main() -> None:
    """Measure and print."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"])
        with served(["-m", "dashboard.cli", "serve", "--port", "0"]) as (address, _):
            page = opened(chromium, address + VIEW)
            script = Path(folder) / "bare.py"
            script.write_text(BARE.format(figures={shape: drawn(page, shape) for shape in SHAPES}))
            call = f"import sys; from pathlib import Path; from dashboard.web.server import serve; sys.exit(serve(port=0, script=Path({str(script)!r})))"
            with served(["-c", call]) as (bare_address, _):
                bare = opened(chromium, bare_address)
                pairs = [(painted(page, shape), painted(bare, shape)) for shape in SHAPES * (CLICKS // len(SHAPES))]
        chromium.close()
    ours, others = map(list, zip(*pairs, strict=True))
    say("click to painted, three series", f"{statistics.median(ours) * 1000:.0f} ms", f"bare {statistics.median(others) * 1000:.0f} ms")
    say("", ratio(ours, others), "")


def opened(chromium, address: str) -> Page:
    """A page with its first chart, whose changes are watched."""
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address)
    page.wait_for_selector(READY)
    page.evaluate(WATCH)
    page.wait_for_timeout(1000)
    return page


def drawn(page: Page, shape: str) -> str:
    """The chart of a shape as the page draws it, at any width."""
    painted(page, shape)
    figure = page.evaluate("(({data, layout}) => ({data, layout}))(document.querySelector('.js-plotly-plot'))")
    del figure["layout"]["width"]
    return json.dumps(figure)


def painted(page: Page, shape: str) -> float:
    """Seconds from the click on a shape to the last change of its chart."""
    page.bring_to_front()
    page.locator('[data-testid="stButtonGroup"]').first.get_by_text(shape, exact=True).click()
    page.wait_for_timeout(700)
    return page.evaluate("(window.painted - window.pressed) / 1000")


if __name__ == "__main__":
    main()
