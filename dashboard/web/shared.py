"""What is computed once for all who wait for it."""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Result = TypeVar("Result")


def shared(max_size: int) -> Callable[[Callable[..., Result]], _Shared]:
    """Keeps the last `max_size` results of a function, by its positional arguments, which must be hashable; of a method, so many for each object.

    Equal calls that overlap are one call: the first computes, the others wait and get its result or its exception. An exception is not kept.
    """
    return functools.partial(_Shared, max_size)


class _Shared(Generic[Result]):
    def __init__(self, max_size: int, function: Callable[..., Result]) -> None:
        functools.update_wrapper(self, function)
        self._function, self._max_size, self._results = function, max_size, _Results()

    def __call__(self, *arguments: Hashable) -> Result:
        return self._results.get(arguments, self._max_size, functools.partial(self._function, *arguments))

    def __get__(self, owner: object | None, kind: type) -> Callable[..., Result]:
        if owner is None:
            return self
        # What an object keeps does not name the object: it goes as soon as nobody has it, with all that it kept.
        results: _Results = vars(owner).setdefault(f"_results of {self.__name__}", _Results())
        return lambda *arguments: results.get(arguments, self._max_size, functools.partial(self._function, owner, *arguments))


class _Results:
    def __init__(self) -> None:
        self._futures: OrderedDict[Hashable, Future] = OrderedDict()
        self._lock = Lock()

    def get(self, arguments: Hashable, max_size: int, compute: Callable[[], Result]) -> Result:
        with self._lock:
            future = self._futures.get(arguments)
            if is_first := future is None:
                future = self._futures[arguments] = Future()
                while len(self._futures) > max_size:
                    self._futures.popitem(last=False)
            else:
                self._futures.move_to_end(arguments)
        if is_first:
            try:
                future.set_result(compute())
            except BaseException as error:
                with self._lock:
                    if self._futures.get(arguments) is future:
                        del self._futures[arguments]
                future.set_exception(error)
        return future.result()
