"""What a monitor reads: counts of this process in the form of Prometheus, for whoever asks from this machine."""

from __future__ import annotations

import ipaddress
import os
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from anyio import to_thread
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.web import logs

_HELP: dict[str, tuple[str, str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_PATHS = ("/metrics", "/_stcore/metrics")


class Metrics:
    """Counts what passes, and answers `/metrics` to a visitor from this machine; to all others neither it nor Streamlit's own is there.

    `store_version` gives the number of changes in the workspace, or None where it cannot be used.
    """

    def __init__(self, app: ASGIApp, store_version: Callable[[], int | None]) -> None:
        self.app, self.store_version = app, store_version
        self.answers: Counter[str] = Counter()
        self.seconds, self.open_pages = 0.0, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            self.open_pages += 1
            try:
                await self.app(scope, receive, send)
            finally:
                self.open_pages -= 1
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path in _PATHS and not _is_from_here(scope):
            await PlainTextResponse("There is nothing at this address.", 404)(scope, receive, send)
        elif path == "/metrics":
            text = await to_thread.run_sync(self.text)
            await PlainTextResponse(text, media_type="text/plain; version=0.0.4")(scope, receive, send)
        else:
            await self._counted(scope, receive, send)

    def text(self) -> str:
        """All counts, one a line."""
        version = self.store_version()
        values = {
            **{f'transparency_requests_total{{status="{status}"}}': count for status, count in sorted(self.answers.items())},
            "transparency_request_seconds_total": round(self.seconds, 3),
            **{f'transparency_page_runs_total{{page="{page}"}}': count for page, count in sorted(logs.page_runs.items())},
            **{
                f'transparency_page_seconds_total{{page="{page}"}}': round(seconds, 3)
                for page, seconds in sorted(logs.page_seconds.items())
            },
            **{f'transparency_events_total{{event="{event}"}}': count for event, count in sorted(logs.events.items())},
            "transparency_open_pages": self.open_pages,
            **_of_process(),
            "transparency_store_up": int(version is not None),
            **({"transparency_store_changes": version} if version is not None else {}),
        }
        lines = []
        for name, (kind, help_text) in _HELP.items():
            own = [f"{key} {value}" for key, value in values.items() if key.partition("{")[0] == name]
            lines += [f"# HELP {name} {help_text}", f"# TYPE {name} {kind}", *own] if own else []
        return "\n".join(lines) + "\n"

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = time.perf_counter()

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.answers[f"{message['status'] // 100}xx"] += 1
                self.seconds += time.perf_counter() - start
            await send(message)

        await self.app(scope, receive, send_counted)


def _of_process() -> dict[str, int]:
    # Where the system has no /proc, nothing is told.
    own = Path("/proc/self")
    if not own.exists():
        return {}
    pages = int((own / "statm").read_text().split()[1])
    return {
        "transparency_resident_bytes": pages * os.sysconf("SC_PAGE_SIZE"),
        "transparency_open_files": len(list((own / "fd").iterdir())),
    }


def _is_from_here(scope: Scope) -> bool:
    try:
        return ipaddress.ip_address(scope["client"][0] if scope.get("client") else "").is_loopback
    except ValueError:
        return False
