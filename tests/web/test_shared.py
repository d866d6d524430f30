"""Equal questions at the same time are one computation; the last answers are kept, failures are not."""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.web import collection, server
from dashboard.web.shared import shared


@pytest.mark.parametrize("waiting", [1, 2, 16])
def test_equal_calls_that_overlap_are_computed_once(waiting: int):
    calls, everyone = [], threading.Barrier(waiting + 1)

    @shared(max_size=4)
    def answer(key: str) -> object:
        calls.append(key)
        everyone.wait(10)  # until all have asked: then they wait for this one
        return object()

    def ask(_) -> object:
        if threading.current_thread() is not first:
            while not calls:
                pass
            threading.Timer(0.05, everyone.wait, [10]).start()
        return answer("same")

    first = threading.Thread(target=lambda: results.append(answer("same")))
    results: list[object] = []
    first.start()
    with ThreadPoolExecutor(waiting) as pool:
        others = list(pool.map(ask, range(waiting)))
    first.join()
    assert calls == ["same"]
    assert {id(one) for one in [*others, *results]} == {id(results[0])}


@given(st.lists(st.integers(0, 6), max_size=40), st.integers(1, 5))
def test_the_last_different_results_are_kept_and_no_more(keys: list[int], size: int):
    computed: list[int] = []
    answer = shared(max_size=size)(lambda key: computed.append(key) or key * 2)
    kept: list[int] = []
    for key in keys:
        before = len(computed)
        assert answer(key) == key * 2
        assert (len(computed) == before) == (key in kept)
        kept = [*(one for one in kept if one != key), key][-size:]


def test_a_failure_reaches_all_who_wait_and_is_tried_again_by_the_next():
    attempts = []

    @shared(max_size=2)
    def answer(key: str) -> str:
        attempts.append(key)
        if len(attempts) == 1:
            raise ValueError("broken")
        return "sound"

    with pytest.raises(ValueError, match="broken"):
        answer("one")
    assert answer("one") == "sound"


def test_pages_are_run_without_a_collection_after_each_and_garbage_goes_all_the_same(monkeypatch):
    assert server.settings()["runner.postScriptGC"] is False
    monkeypatch.setattr(collection, "SECONDS_BETWEEN", 0.01)
    gone = threading.Event()

    class Circle:
        def __init__(self):
            self.self = self

        def __del__(self):
            gone.set()

    async def serving() -> None:
        async with collection.beside_runs():
            assert gc.get_freeze_count() > 0
            Circle()
            with anyio.fail_after(30):
                while not gone.is_set():
                    await anyio.sleep(0.01)

    anyio.run(serving)
    assert gone.is_set()
    assert gc.get_freeze_count() == 0
