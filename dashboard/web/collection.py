"""Garbage is collected beside the runs of pages, not in them.

Streamlit would collect everything after each run, over tables and answers that are kept for as long as the process lives. Here what is made
before the first visitor is set apart, collections that happen by themselves are rare, and one thread collects at intervals.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator

from anyio import to_thread

SECONDS_BETWEEN = 20.0
"""Between two collections of everything that was made since the start."""
_RARELY = (50_000, 20, 100)


@contextlib.asynccontextmanager
async def beside_runs() -> AsyncIterator[None]:
    """Set apart what there is now, and collect what comes at intervals until left."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_RARELY)
    task = asyncio.create_task(_collect_at_intervals())
    try:
        yield
    finally:
        task.cancel()
        gc.set_threshold(*before)
        gc.unfreeze()


async def _collect_at_intervals() -> None:
    while True:
        await asyncio.sleep(SECONDS_BETWEEN)
        await to_thread.run_sync(gc.collect)
