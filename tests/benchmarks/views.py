"""What a view costs that nobody asked for before: `python tests/benchmarks/views.py` prints the middle and the tenth dearest of a hundred, as CPU of the process."""

from __future__ import annotations

import gc
import random
import statistics
import time

from bench import say
from load import COUNTRIES, REPORTERS

from dashboard.analysis.views import View
from dashboard.web import collection, server, session

VIEWS, BEFORE = 100, 20
"""How many are measured, after so many that are not."""


def main() -> None:
    """Measure and print: the answer with its words, then its chart."""
    collection.share_memory()
    server.warm()
    rnd = random.Random(1)
    chosen = [some_view(rnd) for _ in range(BEFORE + VIEWS)]
    gc.collect()
    gc.freeze()
    times = []
    for number, view in enumerate(chosen):
        start = time.process_time()
        answer = session.bundled().answer(view)
        middle = time.process_time()
        session.bundled().chart(view, False)
        if number >= BEFORE:
            times.append((middle - start, time.process_time() - middle))
        assert answer.rows is not None
    both = sorted(sum(pair) for pair in times)
    say(
        "a view not asked for before",
        f"{statistics.median(both) * 1000:.0f} ms",
        f"nine of ten within {both[VIEWS * 9 // 10] * 1000:.0f} ms",
    )
    say("its answer", f"{statistics.median(pair[0] for pair in times) * 1000:.0f} ms", "")
    say("its chart", f"{statistics.median(pair[1] for pair in times) * 1000:.0f} ms", "")


def some_view(rnd: random.Random) -> View:
    """A view of one to three reporters and one or two countries, now and then a ranking or a share."""
    reporters, requesters = tuple(rnd.sample(REPORTERS, rnd.choice((1, 2, 3)))), tuple(rnd.sample(COUNTRIES, rnd.choice((1, 1, 2))))
    if rnd.random() < 0.1:
        return View(shape="ranking", reporter=reporters[:1])
    measure = rnd.choice(("requests",) * 6 + ("accounts_specified", "share_some_data"))
    return View(measure=measure, reporter=reporters, requester=requesters)


if __name__ == "__main__":
    main()
