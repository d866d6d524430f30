"""Garbage is collected beside the runs of pages, not in them, and memory that is free is given back.

Streamlit would collect everything after each run, over tables and answers that are kept for as long as the process lives. Here what is made
before the first visitor is set apart, collections that happen by themselves are rare, and one thread collects at intervals. Each run of
a page has a thread of its own; without a limit the allocators would keep what every one of them has let go.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
from collections.abc import AsyncIterator, Callable

import pyarrow
from anyio import to_thread

SECONDS_BETWEEN = 20.0
"""Between two collections of everything that was made since the start."""
TRIMS_BETWEEN = 4
"""How many times between two collections memory that is free is given back: some tables need much of it for a moment."""
_RARELY = (50_000, 20, 100)
_ARENA_MAX, _ARENAS = -8, 2
"""`M_ARENA_MAX` of malloc.h, and how many there may be."""


@contextlib.asynccontextmanager
async def beside_runs(let_go: Callable[[], None] = lambda: None) -> AsyncIterator[None]:
    """Set apart what there is now, and collect what comes at intervals until left; before each collection `let_go` drops what is over."""
    before = gc.get_threshold()
    _collect()
    gc.freeze()
    gc.set_threshold(*_RARELY)
    task = asyncio.create_task(_collect_at_intervals(let_go))
    try:
        yield
    finally:
        task.cancel()
        gc.set_threshold(*before)
        gc.unfreeze()


async def _collect_at_intervals(let_go: Callable[[], None]) -> None:
    while True:
        for _ in range(TRIMS_BETWEEN):
            await asyncio.sleep(SECONDS_BETWEEN / TRIMS_BETWEEN)
            await to_thread.run_sync(_trim)
        let_go()
        await to_thread.run_sync(_collect)


def share_memory() -> None:
    """Let all threads of this process take memory from the same few pools; what is set here holds from then on."""
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


def _collect() -> None:
    gc.collect()
    _trim()


def _trim() -> None:
    # Only the GNU library keeps free memory, and has a function to give it back.
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
