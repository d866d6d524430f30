"""What one answer of the API costs when warm: `python tests/benchmarks/api.py` prints the middle of many, as CPU of the process, in-process."""

from __future__ import annotations

import asyncio
import statistics
import time

from bench import say
from starlette.applications import Starlette

from dashboard.web import api, session

TIMES = 25
ADDRESSES = {
    "one series": "/api/v1/series.json?reporter=microsoft&requester=USA&measure=requests",
    "the same by year": "/api/v1/series.json?reporter=microsoft&requester=USA&measure=requests&by=year",
    "a reporter's 500 rows": "/api/v1/observations.json?reporter=apple&requester=USA&requester=DEU&requester=FRA&requester=GBR&requester=AUS",
    "its rows as shown": "/api/v1/observations.json?rows=shown&reporter=apple&requester=USA&requester=DEU&requester=FRA&requester=GBR&requester=AUS",
    "the same as CSV": "/api/v1/observations.csv?reporter=apple&requester=USA&requester=DEU&requester=FRA&requester=GBR&requester=AUS",
    "documents": "/api/v1/documents.json?reporter=google",
    "statements": "/api/v1/statements.json",
    "an embed": "/embed?reporter=apple&requester=DEU",
}


def main() -> None:
    """Measure and print."""
    app = Starlette(routes=api.routes(session.bundled))
    for name, address in ADDRESSES.items():
        size = len(ask(app, address))
        times = []
        for _ in range(TIMES):
            start = time.process_time()
            ask(app, address)
            times.append(time.process_time() - start)
        say(name, f"{statistics.median(times) * 1000:.1f} ms", f"{size / 1e3:,.0f} kB")


def ask(app: Starlette, address: str) -> bytes:
    """The body of one answer."""
    path, _, query = address.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "root_path": "",
        "scheme": "http",
        "headers": [],
    }
    bodies = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        if message["type"] == "http.response.start":
            assert message["status"] == 200, message
        bodies.append(message.get("body", b""))

    asyncio.run(app(scope | {"server": ("127.0.0.1", 80)}, receive, send))
    return b"".join(bodies)


if __name__ == "__main__":
    main()
