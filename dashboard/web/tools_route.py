"""The address of the tools for machines: what it needs is loaded when the first client comes, so that no start waits for it.

A message may be long, as a figure comes in it, and is read in the loop that serves everybody: from all clients together so much is read in
a second and no more, and who sends further waits.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup, TaskStatus
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from dashboard.web.library import Library

PATH = "/mcp"
BYTES_A_SECOND = 8_000_000
"""Read of all messages together; one of a megabyte keeps the loop for about 30 ms."""
LONGEST_WAIT = 60.0
"""Seconds for which the next bytes of a message may have to wait; who would wait longer is told to come again."""
_NOT_ASKED = {"error": "This is an address of tools for machines (MCP).", "instead": "/llms.txt tells what there is to look at."}
_BUSY = {"error": "More is sent here at the moment than can be read.", "instead": "Send it again in a minute."}


class Meter:
    """Says how long each of several senders has to wait, so that together they send `rate` bytes a second."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._read_by = 0.0

    def wait(self, count: int, now: float) -> float:
        """Seconds from `now` until so many bytes more have had their time; they are counted."""
        self._read_by = max(self._read_by, now) + count / self.rate
        return self._read_by - now

    def backlog(self, now: float) -> float:
        """Seconds for which what has come already keeps the reader."""
        return max(0.0, self._read_by - now)


class ToolsRoute:
    """The tools as an ASGI application; `running` must surround the time in which it answers."""

    def __init__(self, library: Callable[[], Library]) -> None:
        self.library = library
        self._manager: Any = None
        self._group: TaskGroup | None = None
        self._starting = anyio.Lock()
        self.meter = Meter(BYTES_A_SECOND)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answers while inside."""
        async with anyio.create_task_group() as self._group:
            try:
                yield
            finally:
                self._manager = None
                self._group.cancel_scope.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            # Each question is answered by itself: there is no stream to be held open, and no session to be ended.
            refusal = Response(json.dumps(_NOT_ASKED), 405, {"Allow": "POST"}, "application/json")
            await refusal(scope, receive, send)
            return
        if self.meter.backlog(time.monotonic()) > LONGEST_WAIT:
            refusal = Response(json.dumps(_BUSY), 503, {"Retry-After": f"{LONGEST_WAIT:.0f}"}, "application/json")
            await refusal(scope, receive, send)
            return
        async with self._starting:
            if self._manager is None:
                # Beside the loop, which goes on with the pages of others meanwhile.
                tools = await to_thread.run_sync(importlib.import_module, "dashboard.web.tools")
                manager = tools.over_http(self.library)
                await self._group.start(_run, manager)
                self._manager = manager
        await self._manager.handle_request(scope, self._metered(receive), send)

    def _metered(self, receive: Receive) -> Receive:
        async def next_piece() -> Message:
            message = await receive()
            if body := message.get("body"):
                await anyio.sleep(self.meter.wait(len(body), time.monotonic()))
            return message

        return next_piece


async def _run(manager: Any, *, task_status: TaskStatus[None]) -> None:
    async with manager.run():
        task_status.started()
        await anyio.sleep_forever()
