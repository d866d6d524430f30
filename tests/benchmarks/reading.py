"""What it costs to read a million rows, beside a bare pandas.read_csv and a frictionless validation of the same file.

`python tests/benchmarks/reading.py` makes its own file and takes about a minute; times are the best of three, since other work may share
the machine, and the ratios are what counts. Frictionless is measured where it is installed.
"""

from __future__ import annotations

import itertools
import os
import platform
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from dashboard import catalog
from dashboard.catalog.uploads import examined
from dashboard.model import places, vocabulary
from dashboard.reports.door import Answers, take_in

ROWS = 1_000_000
TIMES_PANDAS, TIMES_FRICTIONLESS, TIMES_FILE = 6, 0.2, 5


def main() -> None:
    """Measure and print, one line a measure."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.csv"
        write(path)
        data = path.read_bytes()
        say("the file", f"{len(data) / 1e6:.1f} MB", f"{ROWS:,} rows of five columns")
        take_in("warm.csv", b"Period,Country,Requests\n2019 H1,Germany,12\n", Answers(reporter="acme"))
        held = catalog.bundled()
        examined("warm.csv", b"Period,Country,Requests\n2019 H1,Germany,12\n", held, Answers(reporter="acme"))
        steps: list[float] = []
        with Memory() as memory:
            upload = examined(path.name, data, held, Answers(reporter="acme"), progress=lambda done, doing: steps.append(done))
        say("read to", f"{len(upload.rows):,}", f"observations, {upload.outcome}, told of progress {len(steps)} times")
        say("memory beyond the idle processes", f"{memory.most / len(data):.1f} ×", f"the file; aim: at most {TIMES_FILE} ×")
        ours = best(lambda: take_in(path.name, data, Answers(reporter="acme")))
        say("reading: its form, and what it counts", f"{ours:.2f} s")
        whole = best(lambda: examined(path.name, data, held, Answers(reporter="acme")))
        say(
            "reading, and every check of every figure",
            f"{whole:.2f} s",
            f"{len(upload.problems):,} problems, {upload.report.cells:,} cells",
        )
        pandas = best(lambda: pd.read_csv(path, dtype=str))
        aim = f"; aim: at most {TIMES_PANDAS} ×"
        say(
            "pandas.read_csv(dtype=str)",
            f"{pandas:.2f} s",
            f"we take {ours / pandas:.1f} × that, {whole / pandas:.1f} × with the checks{aim}",
        )
        try:
            import frictionless
        except ImportError:
            say("frictionless validate", "not installed")
            return
        frictionless.system.trusted = True
        aim = f"; aim: at most {TIMES_FRICTIONLESS} ×"
        theirs = best(lambda: frictionless.validate(str(path)), times=1)
        say("frictionless validate", f"{theirs:.2f} s", f"we take {ours / theirs:.2f} × that, {whole / theirs:.2f} × with the checks{aim}")


def write(path: Path) -> None:
    """A long table of a million rows, no two for the same; each series has its level, and its months lie around it."""
    chance = random.Random(1)
    # Georgia and Guinea are the names of other places too, and would be asked about.
    codes = sorted(places.codes() - {places.WORLD, "GEO", "GIN"})
    names = [f'"{name}"' if "," in name else name for name in map(places.name, codes)]
    months = [f"{year}-{month:02}" for year in range(2004, 2024) for month in range(1, 13)]
    level = {pair: chance.randint(0, 4000) for pair in itertools.product(names, vocabulary.REQUEST_TYPES)}
    keys = itertools.islice(itertools.product(months, names, vocabulary.REQUEST_TYPES), ROWS)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("Period,Country,Request type,Requests,Accounts\n")
        for month, name, kind in keys:
            requests = round(level[name, kind] * chance.uniform(0.7, 1.3))
            file.write(f"{month},{name},{kind},{requests},{round(requests * chance.uniform(1, 1.6))}\n")


def best(work: Callable[[], object], times: int = 3) -> float:
    """The shortest time that something took."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


class Memory:
    """The most memory that this process and its children used together beyond what they held at first, in bytes."""

    def __enter__(self) -> Memory:
        self._over = threading.Event()
        self._first = self._used()
        self.most = 0
        self._watch = threading.Thread(target=self._look)
        self._watch.start()
        return self

    def __exit__(self, *_) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(0.01):
            self.most = max(self.most, self._used() - self._first)

    def _used(self) -> int:
        # Pages that a child shares with the process it was forked from count once.
        used = 0
        for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
            try:
                used += process.memory_full_info().pss
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return used


def say(what: str, value: str, more: str = "") -> None:
    """One line."""
    print(f"{what:<50} {value:>12}  {more}", flush=True)


if __name__ == "__main__":
    main()
