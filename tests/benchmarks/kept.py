"""What a visitor's reports cost: `python tests/benchmarks/kept.py` prints the first view and the memory of a session, beside one without reports.

First with five kept reports that all see, then with one more in each session that nobody else has. Each of twenty users has a session of its own; the ratios are of medians taken in turns within one process.
"""

from __future__ import annotations

import gc
import logging
import os
import statistics
import tempfile
import time

import pandas as pd
import psutil
from bench import say
from streamlit.testing.v1 import AppTest

from dashboard.catalog.own_reports import Report, SessionReports, accepted
from dashboard.model.columns import OBSERVATION_COLUMNS

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
        unkept = {page: views_of(page, is_with_own=True) for page in PAGES}
        for page in PAGES:
            bundled, bundled_memory = without[page]
            say(f"{page}, nothing brought", f"{bundled * 1000:.0f} ms", f"{bundled_memory:.1f} MiB a session")
            for name, (seconds, memory) in (("five kept", kept[page]), ("one more unkept", unkept[page])):
                say(f"{page}, {name}", f"{seconds / bundled:.2f} ×", f"{seconds * 1000:.0f} ms, {memory:.1f} MiB a session")
            say(f"{page}, five kept", f"{first[page]:.1f} s", "the very first view")


def views_of(page: str, *, is_with_own: bool = False) -> tuple[float, float]:
    """The median CPU seconds of the first view of each user, and the memory that one session takes, in MiB."""
    gc.collect()
    before = psutil.Process().memory_info().rss
    taken = [first_view(page, number if is_with_own else None) for number in range(USERS)]
    gc.collect()
    grown = psutil.Process().memory_info().rss - before
    return statistics.median(seconds for seconds, _ in taken), grown / USERS / 2**20


def first_view(page: str, own: int | None = None) -> tuple[float, AppTest]:
    """The CPU seconds of one user's first view, and the session, which lives as long as it is held; `own` numbers a report of its own."""
    test = AppTest.from_file("../../dashboard/app.py", default_timeout=300)
    if own is not None:
        test.session_state["own_reports"] = SessionReports()
        test.session_state["own_reports"].add(report_of(f"own{own}"))
    start = time.process_time()
    test.switch_page(page).run()
    assert not test.exception, test.exception
    return time.process_time() - start, test


def keep(session) -> None:
    """Keep five reports of a reporter of their own."""
    for number in range(REPORTS):
        session.store().keep(report_of(f"acme{number}"))


def report_of(reporter: str) -> Report:
    """A report with one number."""
    row = dict.fromkeys(OBSERVATION_COLUMNS, "all") | {
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
    return accepted(f"{reporter}.csv", reporter.encode(), pd.DataFrame([row | {"reporter": reporter}]))


if __name__ == "__main__":
    main()
