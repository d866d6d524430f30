"""The address of the tools for machines: what it needs is loaded when the first client comes, so that no start waits for it."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup, TaskStatus
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from dashboard.web.endpoints import site_of
from dashboard.web.library import Library

PATH = "/mcp"
METHODS = ("POST",)
"""Each question is answered by itself: there is no stream to be held open, and no session to be ended."""


class ToolsRoute:
    """The tools as an ASGI application; `running` must surround the time in which it answers."""

    def __init__(self, library: Callable[[], Library]) -> None:
        self.library = library
        self._manager: Any = None
        self._group: TaskGroup | None = None
        self._starting = anyio.Lock()

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
        async with self._starting:
            if self._manager is None:
                # Beside the loop, which goes on with the pages of others meanwhile.
                tools = await to_thread.run_sync(importlib.import_module, "dashboard.web.tools")
                manager = tools.over_http(self.library, site_of(Request(scope)))
                await self._group.start(_run, manager)
                self._manager = manager
        await self._manager.handle_request(scope, receive, send)


async def _run(manager: Any, *, task_status: TaskStatus[None]) -> None:
    async with manager.run():
        task_status.started()
        await anyio.sleep_forever()
