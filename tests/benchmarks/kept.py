"""What kept reports cost: `python tests/benchmarks/kept.py` prints the first view and the memory of a session with five kept reports, beside none.

Each of twenty users has a session of its own; the ratios are of medians taken in turns within one process.
"""

from __future__ import annotations

import gc
import logging
import os
import statistics
import tempfile
import time

import psutil
from bench import say
from streamlit.testing.v1 import AppTest

USERS, REPORTS = 20, 5
PAGES = ("app_pages/overview.py", "app_pages/explore.py")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRANSPARENCY_DATA"] = folder
        from dashboard.web import session

        logging.getLogger("streamlit").setLevel("ERROR")
        first_view("app_pages/overview.py")
        without = {page: views_of(page) for page in PAGES}
        keep(session)
        first = {page: first_view(page)[0] for page in PAGES}
        gc.collect()
        kept = {page: views_of(page) for page in PAGES}
        for page in PAGES:
            (bundled, bundled_memory), (with_kept, memory) = without[page], kept[page]
            say(
                page,
                f"{with_kept / bundled:.2f} ×",
                f"{bundled * 1000:.0f} ms without, {with_kept * 1000:.0f} ms with; the very first {first[page]:.1f} s",
            )
            say(f"{page}, a session", f"{memory:.1f} MiB", f"{bundled_memory:.1f} MiB without")


def views_of(page: str) -> tuple[float, float]:
    """The median CPU seconds of the first view of each user, and the memory that one session takes, in MiB."""
    gc.collect()
    before = psutil.Process().memory_info().rss
    taken = [first_view(page) for _ in range(USERS)]
    gc.collect()
    grown = psutil.Process().memory_info().rss - before
    return statistics.median(seconds for seconds, _ in taken), grown / USERS / 2**20


def first_view(page: str) -> tuple[float, AppTest]:
    """The CPU seconds of one user's first view, and the session, which lives as long as it is held."""
    test = AppTest.from_file("../../dashboard/app.py", default_timeout=300)
    start = time.process_time()
    test.switch_page(page).run()
    assert not test.exception, test.exception
    return time.process_time() - start, test


def keep(session) -> None:
    """Keep five reports of a reporter of their own."""
    import pandas as pd

    from dashboard.catalog.own_reports import accepted
    from dashboard.model import tables

    row = dict.fromkeys(tables.OBSERVATION_COLUMNS, "all") | {
        "requester": "FRA",
        "authority": "any",
        "measure": "requests",
        "period_start": pd.Timestamp("2019-01-01"),
        "period_end": pd.Timestamp("2019-06-30"),
        "low": 12.0,
        "high": 12.0,
        "printed": "12",
        "document": "report",
        "cell": "B2",
    }
    for number in range(REPORTS):
        session.store().keep(accepted(f"{number}.csv", f"{number}".encode(), pd.DataFrame([row | {"reporter": f"acme{number}"}])))


if __name__ == "__main__":
    main()
