"""What a server keeps of what is over: `python tests/benchmarks/soak.py [minutes] [users]` prints memory, handles, children and threads, minute by minute.

Visitors come, look at views of their own and leave; what grows from the second minute to the last is kept by the server.
"""

from __future__ import annotations

import sys
import time

from bench import say, served
from load import quantiles, visited


def main(minutes: int = 15, users: int = 20) -> None:
    """Measure and print."""
    with served(["-m", "dashboard.cli", "serve", "--port", "0"]) as (address, process):
        for minute in range(1, minutes + 1):
            reruns, firsts = visited(address, users, 55)
            time.sleep(5)
            usage = f"{process.num_fds()} handles, {len(process.children(recursive=True))} children, {process.num_threads()} threads"
            say(
                f"minute {minute}",
                f"{process.memory_info().rss / 2**20:.0f} MiB",
                f"{usage}; reruns {quantiles(reruns)}, first {quantiles(firsts)}",
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
