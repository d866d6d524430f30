"""What an embedded figure weighs and how long it takes to make: `python tests/benchmarks/embed.py`. The aim is 15 kB compressed, all in all."""

from __future__ import annotations

import gzip
import statistics
import time
from datetime import date

from dashboard import analysis, catalog
from dashboard.analysis.views import View
from dashboard.web import embeds

AIM = 15_000
REPEATS = 5


def main() -> None:
    """Measure and print, one line a view."""
    data = catalog.bundled()
    table = analysis.with_totals(data, None)
    countries, reporters = tuple(sorted(table["requester"].unique())), tuple(sorted(table["reporter"].unique()))
    figures = {
        "one series": View(reporter=("google",)),
        "the first view of Explore": View(),
        "bands": View(reporter=("google",), type=("nsl",)),
        "a ranking": View(shape="ranking", reporter=("google",)),
        "24 small charts, the most there are": View(shape="multiples", reporter=reporters, requester=countries),
        "the longest table there is": View(shape="table", reporter=reporters, requester=countries),
    }
    heaviest = 0
    for name, view in figures.items():
        times = []
        for _ in range(REPEATS):
            start = time.perf_counter()
            page = embeds.page(embeds.embed(view, data, table), "https://example.org", day=date.today())
            times.append(time.perf_counter() - start)
        weight = len(gzip.compress(page.encode("utf-8"), 6))
        heaviest = max(heaviest, weight)
        print(f"{name:<40} {weight / 1000:>6.1f} kB   made in {statistics.median(times) * 1000:.0f} ms", flush=True)
    print(f"the heaviest has {heaviest / AIM:.0%} of what was aimed at; nothing else is loaded: no library, no font, no picture")


if __name__ == "__main__":
    main()
