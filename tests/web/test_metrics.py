"""What a monitor reads, and who may read it."""

import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.web.metrics import Metrics


def answer(request) -> PlainTextResponse:
    return PlainTextResponse("there", int(request.path_params["status"]))


def asking(peer: str, version: int | None = 7) -> TestClient:
    app = Starlette(routes=[Route("/{status:int}", answer)], middleware=[Middleware(Metrics, store_version=lambda: version)])
    return TestClient(app, client=(peer, 1))


def test_every_answer_is_counted_once_by_its_kind():
    client = asking("127.0.0.1")
    for status in (200, 200, 404, 503):
        client.get(f"/{status}")
    told = client.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    counts = dict(re.findall(r'^transparency_requests_total\{status="(\w+)"\} (\d+)$', told.text, re.MULTILINE))
    assert counts == {"2xx": "2", "4xx": "1", "5xx": "1"}
    # Every line is a comment or a name, perhaps labels, and a number.
    assert all(re.fullmatch(r'# (HELP|TYPE) \w+ .+|\w+(\{\w+="[\w ]+"\})? [\d.]+', line) for line in told.text.splitlines())


@pytest.mark.parametrize(("version", "up"), [(7, "1"), (None, "0")])
def test_a_store_that_is_down_is_seen(version, up):
    assert f"transparency_store_up {up}\n" in asking("127.0.0.1", version).get("/metrics").text


@pytest.mark.parametrize("path", ["/metrics", "/_stcore/metrics"])
@pytest.mark.parametrize("peer", ["192.0.2.1", "", "10.0.0.1"])
def test_nobody_from_elsewhere_reads_it(path, peer):
    assert asking(peer).get(path).status_code == 404
