"""Equal questions at the same time are one computation; the last answers are kept, failures are not."""

import contextlib
import gc
import sys
import threading
import time
import weakref
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import anyio
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from streamlit import App, config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime

from dashboard.catalog.own_reports import accepted
from dashboard.web import collection, server, session
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


def test_what_a_method_keeps_is_its_objects_own_and_goes_with_it_at_once():
    class Shelf:
        @shared(max_size=2)
        def taken(self, key: str) -> list[str]:
            """What was taken."""
            return [key]

    one, other = Shelf(), Shelf()
    assert one.taken("a") is one.taken("a") is not other.taken("a")
    assert Shelf.taken.__doc__ == "What was taken."
    left = weakref.ref(one)
    gc.disable()
    try:
        del one
        assert left() is None
    finally:
        gc.enable()


def test_kept_reports_are_merged_once_for_all_who_see_them_and_only_the_last_sets_are_held(monkeypatch, observations_of):
    rows = observations_of("requester period value\nFRA 2019_H1 12")
    reports = [
        accepted(f"{number}.csv", f"{number}".encode(), rows.assign(reporter=f"acme{number}")) for number in range(2 * session.SETS_KEPT)
    ]

    def libraries(numbers: Iterable[int]) -> list[session.Library]:
        seen = []
        for number in numbers:
            state = {"kept": session.KeptReports((reports[number],))}
            monkeypatch.setattr(session.st, "session_state", state)
            seen.append(session.library())
        return seen

    owners = range(session.SETS_KEPT)
    first, again = libraries(owners), libraries(owners)
    assert [id(library) for library in first] == [id(library) for library in again]
    assert all(f"acme{number}" in first[number].data.codes("reporter") for number in owners)
    left = weakref.WeakSet(first)
    del first, again
    # Sessions that still see the first sets hold none of them.
    libraries(range(session.SETS_KEPT, 2 * session.SETS_KEPT))
    monkeypatch.undo()
    assert len(left) <= 2  # of the last ones, a table may still be held for all


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


def test_visitors_who_left_leave_no_handle_and_nothing_that_they_brought_though_nobody_comes_after(monkeypatch, tmp_path):
    monkeypatch.setattr(collection, "SECONDS_BETWEEN", 0.05)
    monkeypatch.setattr(config.get_config_options()["server.disconnectedSessionTTL"], "_get_val_func", lambda: 1)
    monkeypatch.setattr(Runtime, "_instance", None)
    reports = weakref.WeakSet()

    class Report:
        def __init__(self):
            reports.add(self)

    monkeypatch.setitem(sys.modules, "brought", SimpleNamespace(Report=Report))
    script = tmp_path / "page.py"
    script.write_text("import brought\nimport streamlit as st\nst.session_state['report'] = brought.Report()\n")

    @contextlib.asynccontextmanager
    async def lifespan(app):
        async with collection.beside_runs(server.forget_sessions):
            yield

    with TestClient(App(script, lifespan=lifespan), base_url="http://localhost") as client:
        before = psutil.Process().num_fds()
        for _ in range(5):
            with client.websocket_connect("/_stcore/stream", subprotocols=["streamlit"]) as visitor:
                visitor.send_bytes(BackMsg(rerun_script={}).SerializeToString())
                while ForwardMsg.FromString(visitor.receive_bytes()).WhichOneof("type") != "script_finished":
                    pass
                assert reports
        for _ in range(600):
            # Streamlit's loop still names the last one that it wrote to, whose event loop is three handles.
            if len(reports) <= 1 and psutil.Process().num_fds() <= before + 3:
                return
            time.sleep(0.05)
        raise AssertionError(f"{len(reports)} reports are still there, and {psutil.Process().num_fds() - before} more handles")
