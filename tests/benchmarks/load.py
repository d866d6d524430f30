"""What many visitors at once cost: `python tests/benchmarks/load.py [users] [seconds]` starts its own server and prints one line a measure.

First `ARRIVING` visitors open Explore in the same moment, then `users` open views of their own and run them again after a pause of
about `PAUSE` seconds. The CPU of a run, which does not depend on what else the machine does, is held against that of a bare script with the
same chart under the same server, in the same minutes.
"""

from __future__ import annotations

import itertools
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import psutil
from bench import BARE, RERUNS, Session, say, served

ARRIVING, PAUSE = 30, 10.0
COUNTRIES = [
    "USA",
    "DEU",
    "FRA",
    "GBR",
    "IND",
    "BRA",
    "ITA",
    "ESP",
    "AUS",
    "CAN",
    "JPN",
    "KOR",
    "MEX",
    "NLD",
    "POL",
    "SWE",
    "CHE",
    "BEL",
    "AUT",
    "TUR",
    "ARG",
]
REPORTERS = ["google", "meta", "microsoft", "apple", "twitter", "snap"]


def main(users: int = 100, seconds: float = 60) -> None:
    """Measure and print."""
    with served(["-m", "dashboard.cli", "serve", "--port", "0"]) as (address, process):
        ready = sum(process.cpu_times()[:2])
        say("process start to ready", f"{ready:.1f} s", "of CPU")
        with ThreadPoolExecutor(ARRIVING) as pool:
            firsts = list(
                pool.map(lambda query: timed(lambda: Session(address, "explore", query)), itertools.repeat(query_of(0), ARRIVING))
            )
        say(f"first view, {ARRIVING} at once, one view", quantiles(firsts), "on a fresh server")
        reruns, firsts = visited(address, users, seconds)
        say(f"first view, {users} users", quantiles(firsts), "each its own view")
        say(f"a rerun, {users} × {PAUSE:.0f} s", quantiles(reruns), f"{len(reruns)} runs")
        session = Session(address, "explore", query_of(0))
        spec, ours = session.figure, cpu_of_runs(process, session)
        say("memory after that", f"{process.memory_info().rss / 2**20:.0f} MiB", "")
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "figure.json").write_text(spec)
            script = Path(folder) / "bare.py"
            script.write_text(BARE.format(figure=str(Path(folder) / "figure.json")))
            code = f"import sys; from pathlib import Path; from dashboard.web.server import serve; sys.exit(serve(port=0, script=Path({str(script)!r})))"
            with served(["-c", code]) as (other, bare_process):
                bare = cpu_of_runs(bare_process, Session(other, ""))
        say(
            "CPU of a rerun of /explore",
            f"{ours * 1000:.0f} ms",
            f"{ours / bare:.1f} times a bare script with its chart here ({bare * 1000:.0f} ms)",
        )


def visited(address: str, users: int, seconds: float) -> tuple[list[float], list[float]]:
    """Seconds of each rerun and of each first view, of so many visitors over a time."""
    reruns: list[float] = []
    firsts: list[float] = []
    end = time.monotonic() + seconds

    def visit(number: int) -> None:
        rnd = random.Random(number)
        time.sleep(rnd.uniform(0, PAUSE))
        start = time.perf_counter()
        session = Session(address, "explore", query_of(number))
        firsts.append(time.perf_counter() - start)
        while time.monotonic() < end:
            time.sleep(rnd.uniform(PAUSE * 0.5, PAUSE * 1.5))
            reruns.append(session.rerun())
        session.close()

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return reruns, firsts


def query_of(number: int) -> str:
    """The address of a view that no other number has."""
    country, reporter = COUNTRIES[number % len(COUNTRIES)], REPORTERS[number // len(COUNTRIES) % len(REPORTERS)]
    return urlencode([("reporter", reporter), ("reporter", "microsoft"), ("requester", country)])


def cpu_of_runs(process: psutil.Process, session: Session) -> float:
    """Seconds of CPU that the server spends on a run in which nothing changes; the middle of several lots."""
    session.rerun()
    lots = []
    for _ in range(15):
        before = sum(process.cpu_times()[:2])
        for _ in range(RERUNS // 4):
            session.rerun()
        lots.append((sum(process.cpu_times()[:2]) - before) / (RERUNS // 4))
    session.close()
    return statistics.median(lots)


def timed(work: Callable[[], object]) -> float:
    """Seconds that a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def quantiles(times: list[float]) -> str:
    """The middle time and that which 95 of 100 stay under."""
    ordered = sorted(times)
    return f"{statistics.median(ordered):.2f} / {ordered[int(len(ordered) * 0.95)]:.2f} s"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
