"""What bombs cost others: `python tests/benchmarks/bombs.py` starts its own server and prints one visitor's reruns, alone and beside `BOMBS` at once.

First files that are small and ask for much are dropped on the page for reports, each by a person of its own; then forged figures are sent to be
verified. The visitor runs Explore again and again until the last of them is answered. Only on a machine that does nothing else do the times mean anything.
"""

from __future__ import annotations

import base64
import functools
import io
import itertools
import json
import statistics
import threading
import time
import zipfile
from collections.abc import Callable, Iterator

import httpx
from bench import Session, say, served
from load import query_of
from soak import Person

from dashboard.reports.figure_records import NAME

BOMBS, FIGURES, ALONE = 12, 10, 60
PAUSE = 0.2
"""Seconds between two reruns of the visitor."""
MIB = 1024 * 1024


def main() -> None:
    """Measure and print."""
    with served(["-m", "dashboard.cli", "serve", "--port", "0"]) as (address, process):
        visitor = Session(address, "explore", query_of(0))
        alone = [visitor.rerun() for _ in range(ALONE) if time.sleep(PAUSE) is None]
        say("a rerun, nobody else", milliseconds(alone), f"{len(alone)} runs")
        # Who drops a file is there already: opening the page is no part of what is measured.
        people = [Person(address, "bring") for _ in range(BOMBS)]
        files = list(itertools.islice(bombs(), BOMBS))
        dropped = [functools.partial(person.upload, *file) for person, file in zip(people, files, strict=True)]
        tell(f"{BOMBS} file bombs", alone, beside(visitor, dropped))
        calls = forgeries()
        sent = [functools.partial(verify, address, list(itertools.islice(calls, FIGURES))) for _ in people]
        tell(f"{BOMBS} times {FIGURES} forged figures", alone, beside(visitor, sent))
        for person in people:
            person.close()
        visitor.close()
        say("memory after that", f"{process.memory_info().rss / MIB:.0f} MiB", f"{len(process.children(recursive=True))} children")


def bombs() -> Iterator[tuple[str, bytes]]:
    """Files that ask for much, without end and none like another."""
    for number in itertools.count():
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{number}.csv", b"0" * (220 * MIB))
        yield f"{number}.zip", packed.getvalue()
        yield f"{number}-commas.csv", b",,,,,,,,,\n" * (4 * MIB) + f"{number}".encode()
        yield f"{number}-quote.csv", f'Country,Requests {number}\n"'.encode() + b"a,1\n" * (4 * MIB)
        yield f"{number}.json", b"[" * (100_000 + number) + b"]" * (100_000 + number)


def forgeries() -> Iterator[bytes]:
    """Calls to verify figures with records that no figure has, without end and none like another."""
    for number in itertools.count():
        for record in ("[" * (900_000 + number), '{"a":' * (150_000 + number), '{"hash":' + "9" * (900_000 + number) + "}"):
            figure = f'<svg xmlns="http://www.w3.org/2000/svg"><metadata id="{NAME}">{record}</metadata></svg>'.encode()
            arguments = {"file": base64.b64encode(figure).decode(), "name": "figure.svg"}
            call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "verify_figure", "arguments": arguments}}
            yield json.dumps(call).encode()


def verify(address: str, calls: list[bytes]) -> None:
    """Send figures to be verified as a program does, one after the other."""
    headers = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    with httpx.Client(timeout=300, headers=headers) as client:
        for call in calls:
            answer = client.post(f"{address}/mcp", content=call).raise_for_status().json()
            if answer["result"]["isError"]:
                raise SystemExit(f"the tool answers with an error: {answer}")


def beside(visitor: Session, works: list[Callable[[], None]]) -> list[float]:
    """Seconds of each rerun of a visitor while pieces of work that began at once are done."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    reruns = []
    while any(thread.is_alive() for thread in threads):
        reruns.append(visitor.rerun())
        time.sleep(PAUSE)
    return reruns


def tell(what: str, alone: list[float], reruns: list[float]) -> None:
    """Print the reruns beside something, in milliseconds and as a multiple."""
    say(
        f"a rerun beside {what}",
        milliseconds(reruns),
        f"{statistics.median(reruns) / statistics.median(alone):.1f} ×, {len(reruns)} runs",
    )


def milliseconds(times: list[float]) -> str:
    """The middle time and that which 95 of 100 stay under."""
    ordered = sorted(times)
    return f"{statistics.median(ordered) * 1000:.0f} / {ordered[int(len(ordered) * 0.95)] * 1000:.0f} ms"


if __name__ == "__main__":
    main()
