"""What a saved figure costs on the server beside a bare kaleido call: PNG, SVG, PDF and HTML after a warm-up, and eight at once.

Run it by hand: `python tests/benchmarks/figures.py [ROUNDS]`. It needs Chromium and the extra `pictures`.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import kaleido
import pandas as pd

from dashboard import analysis, catalog, figures
from dashboard.analysis.views import View
from dashboard.catalog.shipped import Catalog
from dashboard.figures import Figure, evidence, pdf, pictures

VIEWS = {
    "three series": View(),
    "bands": View(reporter=("google", "meta"), type=("nsl",)),
    "ranking": View(shape="ranking", of="google"),
    "small panels": View(shape="multiples", requester=("USA", "DEU", "FRA")),
}
PLACES = ("USA", "DEU", "FRA", "GBR", "BRA", "IND", "ITA", "ESP")
WARM_UP = 2
AIM = 1.3


def main(rounds: int) -> None:
    bundle = catalog.bundled()
    table = analysis.with_totals(bundle)
    bare = _bare()
    print(
        f"{'median ms':14} {'bare png':>9} {'png':>6} {'':>6} {'bare svg':>9} {'svg':>6} {'':>6} {'pdf':>6} {'html':>6} {'draw':>6} {'record':>6}"
    )
    for name, view in VIEWS.items():
        took = _medians(view, bundle, table, bare, rounds)
        print(
            f"{name:14} {took['bare png']:9.0f} {took['png']:6.0f} {took['png ratio']:5.2f}× {took['bare svg']:9.0f} "
            f"{took['svg']:6.0f} {took['svg ratio']:5.2f}× {took['pdf']:6.0f} {took['html']:6.0f} {took['draw']:6.0f} {took['record']:6.0f}"
        )
    print(f"aim: PNG and SVG at most {AIM} × a bare call")
    _at_once(bundle, table)


def _medians(view: View, bundle: Catalog, table: pd.DataFrame, bare: Callable, rounds: int) -> dict[str, float]:
    """Each way once in each round, so that what else the machine does strikes all alike; each round another figure."""
    took: dict[str, list[float]] = {}

    def timed(name: str, job: Callable, *given):
        start = time.perf_counter()
        made = job(*given)
        took.setdefault(name, []).append((time.perf_counter() - start) * 1000)
        return made

    for turn in range(rounds + WARM_UP):
        figure = Figure(view, title=f"Requests, round {turn} of {rounds}")
        drawing = timed("draw", lambda: figures.draw(figure, bundle, table=table))  # noqa: B023  called at once
        found = timed("record", lambda: evidence.record(drawing, bundle, table=table))  # noqa: B023
        spec, (width, height) = drawing.plotly.to_dict(), drawing.size.layout
        size = {"width": width, "height": height}
        timed("bare png", bare, spec, size | {"format": "png", "scale": drawing.size.pixels[0] / width})
        timed("png", _png, drawing, found)
        timed("bare svg", bare, spec, size | {"format": "svg", "scale": 1})
        timed("svg", _svg, drawing, found)
        timed("pdf", _pdf, drawing, found)
        timed("html", pictures.page, drawing, found, bundle)
    for kind in ("png", "svg"):
        # Both calls of one round, so that a busy machine changes the ratio little.
        took[f"{kind} ratio"] = [ours / bare_one for ours, bare_one in zip(took[kind], took[f"bare {kind}"], strict=True)]
    return {name: statistics.median(times[WARM_UP:]) for name, times in took.items()}


def _png(drawing: figures.Drawing, found: dict) -> bytes:
    return pictures.finished_png(pictures.browser().png(drawing), drawing, found)


def _svg(drawing: figures.Drawing, found: dict) -> bytes:
    return pictures.finished_svg(pictures.browser().svg(drawing), drawing, found)


def _pdf(drawing: figures.Drawing, found: dict) -> bytes:
    return pdf.of_svg(pictures.browser().svg(drawing), drawing, found)


def _bare() -> Callable[[dict, dict], bytes]:
    """Kaleido as it comes, kept open as ours is."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()

    def run(job):
        return asyncio.run_coroutine_threadsafe(job, loop).result(60)

    async def start():
        opened = kaleido.Kaleido(n=1, mathjax=False)
        await opened.open()
        return opened

    opened = run(start())
    return lambda spec, options: run(opened.calc_fig(spec, opts=options))


def _at_once(bundle: Catalog, table: pd.DataFrame) -> None:
    drawings = [figures.draw(Figure(View(requester=(place,))), bundle, table=table) for place in PLACES]
    start = time.perf_counter()
    with ThreadPoolExecutor(len(PLACES)) as pool:
        files = list(pool.map(lambda drawing: pictures.saved(drawing, "png", bundle, table=table), drawings))
    took = time.perf_counter() - start
    found = [evidence.verify(data, bundle, table_of=lambda day: table) for data in files]
    wrong = sum(one.figure != drawing.request for one, drawing in zip(found, drawings, strict=True))
    print(f"{len(PLACES)} PNG at once: {took:.1f} s, {wrong} wrong")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
