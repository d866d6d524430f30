"""What is computed once for all who wait for it."""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import TypeVar

Result = TypeVar("Result")


def shared(max_size: int) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Keeps the last `max_size` results of a function, by its positional arguments, which must be hashable.

    Equal calls that overlap are one call: the first computes, the others wait and get its result or its exception. An exception is not kept.
    """

    def decorated(function: Callable[..., Result]) -> Callable[..., Result]:
        results: OrderedDict[Hashable, Future[Result]] = OrderedDict()
        lock = Lock()

        @functools.wraps(function)
        def call(*arguments: Hashable) -> Result:
            with lock:
                future = results.get(arguments)
                if is_first := future is None:
                    future = results[arguments] = Future()
                    while len(results) > max_size:
                        results.popitem(last=False)
                else:
                    results.move_to_end(arguments)
            if is_first:
                try:
                    future.set_result(function(*arguments))
                except BaseException as error:
                    with lock:
                        if results.get(arguments) is future:
                            del results[arguments]
                    future.set_exception(error)
            return future.result()

        return call

    return decorated
