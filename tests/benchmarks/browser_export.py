"""How long a visitor waits for a picture, against the camera button of Plotly's own charts: `python tests/benchmarks/browser_export.py`.

Both are timed from the click to the file, in one page of one browser, on the same figure at the same size. Ours has its letters as
shapes, its description and its record with a hash of every pixel in it; the camera's has none of these.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bench import milliseconds, ratio, say, served

TIMES = 9
VIEWS = {
    "three series": "/figure?",
    "24 small multiples": "/figure?shape=multiples&reporter=google&requester=USA&requester=DEU&requester=FRA&requester=GBR&requester=IND&requester=BRA",
    "a map": "/figure?shape=map&reporter=google",
}
SIZES = {"article": (1200, 675), "170mm": (2008, 1358)}
# The very figure of the page, taken from what the server sends to its component, as a chart with Plotly's camera.
CAMERA = """async ([spec, format, width, height, scale]) => {
    const chart = document.createElement('div');
    document.body.appendChild(chart);
    await Plotly.newPlot(chart, structuredClone(spec.data), structuredClone(spec.layout), {topojsonURL: 'app/static/topojson/'});
    window.camera = () => Plotly.downloadImage(chart, {format, width, height, scale, filename: 'camera'});
}"""


def main() -> None:
    """Measure and print, a line for each view, size and kind of file."""
    with (
        served(["-m", "dashboard.cli", "serve", "--port", "0"]) as (address, _),
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
        )
        for name, path in VIEWS.items():
            for size, pixels in SIZES.items():
                page = chromium.new_page(base_url=address, viewport={"width": 1280, "height": 900})
                page.add_init_script(KEEP)
                page.goto(f"{path}&size={size}")
                page.locator("img[data-ready=yes]").wait_for(timeout=60_000)
                for kind in ("png", "svg"):
                    measure(page, f"{name}, {size}, {kind.upper()}", kind, pixels)
                page.close()
        chromium.close()


def measure(page: Page, name: str, kind: str, pixels: tuple[int, int]) -> None:
    """Our button and the camera in turn, so that both meet the same machine."""
    spec = page.evaluate("window.drawn")
    width, height = spec["layout"]["width"], spec["layout"]["height"]
    page.evaluate(CAMERA, [spec, kind, width, height, pixels[0] / width if kind == "png" else 1])
    button = page.get_by_role("button", name=f"Save {kind.upper()}", exact=True)
    ours, camera, drawing = [], [], []
    for _ in range(TIMES):
        # A browser lets a page save ten files a second and drops more without a word.
        page.wait_for_timeout(250)
        ours.append(seconds(page, lambda: button.evaluate("button => button.click()")))
        camera.append(seconds(page, lambda: page.evaluate("() => { window.camera(); }")))
        drawing.append(page.evaluate("window.drawing()"))
    whole = [own + drawn for own, drawn in zip(ours, drawing, strict=True)]
    middle = statistics.median
    say(name, milliseconds(ours), f"the camera {milliseconds(camera)}: ours takes {ratio(ours, camera)}")
    say(
        "",
        milliseconds(whole),
        f"with the drawing, which the page does for its preview ({middle(drawing) * 1000:.0f} ms): {ratio(whole, camera)}",
    )


def seconds(page: Page, click) -> float:
    """From the click to the file."""
    start = time.perf_counter()
    with page.expect_download() as download:
        click()
    download.value.path()
    return time.perf_counter() - start


# The figure as the page hands it to Plotly, and how long Plotly draws it.
KEEP = """
let library;
Object.defineProperty(window, 'Plotly', {
    get: () => library,
    set: value => {
        const {toImage} = value;
        library = {...value, toImage: (figure, options) => {
            if (figure.data) {
                window.drawn ??= structuredClone({data: figure.data, layout: figure.layout});
                window.drawing = async () => {
                    const start = performance.now();
                    await toImage(structuredClone(figure), options);
                    return (performance.now() - start) / 1000;
                };
            }
            return toImage(figure, options);
        }};
    },
});
"""


if __name__ == "__main__":
    main()
