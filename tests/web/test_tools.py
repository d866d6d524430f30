"""The tools for machines answer what the API answers, in a process, over standard input and output, and over HTTP; problems are sentences."""

import base64
import contextlib
import functools
import json
import os
import sys
import threading
import time
from pathlib import Path

import anyio
import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp import Client, StdioServerParameters
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.web import session, tools, tools_route

CHECKOUT = Path(__file__).resolve().parents[2]
ARGUMENTS = {
    "search": {"q": "google germany"},
    "series": {"reporter": "microsoft", "requester": "USA", "measure": "requests", "by": "year"},
    "observations": {"reporter": ["microsoft"], "requester": ["Germany"], "rows": "shown"},
    "compare": {"reporter": ["google", "meta"], "requester": ["DEU"]},
    "check_claim": {"text": "Google got 50,000 requests from Germany in 2021."},
    "verify_figure": {"file": base64.b64encode(b"no figure").decode(), "name": "figure.png"},
    "cite": {"reporter": ["apple"]},
}


def talk(server, name: str, arguments: dict) -> tuple[list[str], dict, bool]:
    """The names of the tools of a server, and what one of them answers."""

    async def talking():
        async with Client(server) as client:
            listed = await client.list_tools()
            answer = await client.call_tool(name, arguments)
            return [tool.name for tool in listed.tools], json.loads(answer.content[0].text), bool(answer.is_error)

    return anyio.run(talking)


@functools.cache
def here():
    return tools.server(session.bundled)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_every_tool_answers(name: str):
    listed, answer, is_error = talk(here(), name, ARGUMENTS[name])
    assert listed == list(ARGUMENTS) == list(tools.TOOLS)
    assert answer and not is_error, answer


def test_a_tool_gives_what_the_api_gives():
    _, answer, _ = talk(here(), "series", ARGUMENTS["series"])
    library = session.bundled()
    assert answer["data"] == library.data.version
    assert {"period_start", "low", "high", "documents"} <= set(answer["rows"][0])
    _, compared, _ = talk(here(), "compare", ARGUMENTS["compare"])
    assert compared["comparability"] and compared["address"].startswith("/explore?")
    _, cited, _ = talk(here(), "cite", ARGUMENTS["cite"])
    assert cited["address"] in cited["citation"]["text"]


@pytest.mark.parametrize(
    ("name", "arguments", "parameter"),
    [
        ("series", {"reporter": "gogle", "requester": "USA", "measure": "requests"}, "reporter"),
        ("series", {"reporter": "google"}, "requester"),
        ("observations", {"colour": "red"}, "colour"),
        ("verify_figure", {"file": "not base64!", "name": "x.png"}, "file"),
        ("check_claim", {"text": "x" * 3_000}, "text"),
    ],
)
def test_what_is_asked_wrongly_is_told_with_its_parameter(name: str, arguments: dict, parameter: str):
    _, answer, is_error = talk(here(), name, arguments)
    assert is_error and answer["parameter"] == parameter and answer["instead"]


@pytest.mark.parametrize(("name", "arguments"), [("nothing", {}), ("check_claim", {"text": "Nothing is said."})])
def test_an_unknown_tool_and_a_sentence_without_a_number_are_told(name: str, arguments: dict):
    text, is_error = tools.answered(name, arguments, session.bundled, "")
    assert is_error and json.loads(text)["instead"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([name for name in tools.TOOLS if name != "verify_figure"]),
    st.dictionaries(
        st.sampled_from(["reporter", "requester", "measure", "q", "text", "start", "scale"]),
        st.text(max_size=12) | st.integers() | st.lists(st.text(max_size=5), max_size=3),
    ),
)
def test_whatever_a_client_sends_is_answered_or_told_and_never_our_fault(name: str, arguments: dict):
    text, _ = tools.answered(name, arguments, session.bundled, "")
    assert "our fault" not in text
    json.loads(text)


def test_a_program_on_the_same_machine_talks_over_standard_input_and_output():
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "dashboard.cli", "mcp"], cwd=str(CHECKOUT), env=dict(os.environ) | {"PYTHONPATH": str(CHECKOUT)}
    )
    listed, answer, is_error = talk(server, "search", ARGUMENTS["search"])
    assert listed == list(tools.TOOLS) and answer["hits"] and not is_error


@given(st.lists(st.tuples(st.integers(1, 65_536), st.floats(0, 2)), min_size=1, max_size=40))
def test_of_all_messages_together_no_more_is_read_in_a_time_than_fits_it(pieces: list[tuple[int, float]]):
    meter, now, total = tools_route.Meter(1000.0), 0.0, 0
    for count, pause in pieces:
        now += pause
        total += count
        done = now + meter.wait(count, now)
        assert total / 1000 <= done + 1e-6
        assert count / 1000 <= done - now + 1e-6
        assert meter.backlog(now) == pytest.approx(done - now)
    assert meter.backlog(done) < 1e-6


def test_who_would_wait_too_long_for_others_is_told_when_to_come_again():
    route = tools_route.ToolsRoute(session.bundled)
    route.meter.wait(int(2 * tools_route.LONGEST_WAIT * tools_route.BYTES_A_SECOND), time.monotonic())
    client = TestClient(Starlette(routes=[Route(tools_route.PATH, route)]))
    answer = client.post(tools_route.PATH, json={})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert answer.json()["error"] and answer.json()["instead"]


def test_a_client_talks_over_http_and_what_is_needed_is_loaded_when_it_comes():
    route = tools_route.ToolsRoute(session.bundled)

    @contextlib.asynccontextmanager
    async def lifespan(app):
        async with route.running():
            yield

    app = Starlette(routes=[Route(tools_route.PATH, route)], lifespan=lifespan)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        # Each is answered under the name that it asked for, whoever asked first.
        for site in (f"http://127.0.0.1:{port}", f"http://localhost:{port}"):
            listed, answer, _ = talk(f"{site}{tools_route.PATH}", "cite", ARGUMENTS["cite"])
            assert listed == list(tools.TOOLS)
            assert answer["address"] == f"{site}/explore?reporter=apple"
    finally:
        server.should_exit = True
        thread.join()
