"""What stands before every answer: whose word is taken about a visitor, whose a session is, and who is too slow."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard.web import gate
from dashboard.web.instance import Instance

SITE = Instance(site="https://numbers.example.org/requests", proxies=("10.0.0.0/8",), user_header="X-User")


async def seen(request: Request) -> JSONResponse:
    """What the application sees of a request."""
    await request.body()
    headers = {name: request.headers.get(name, "") for name in ("host", "x-user", "x-forwarded-for")}
    return JSONResponse(
        {"url": str(request.url), "base": str(request.base_url), "client": request.client.host if request.client else "", **headers}
    )


async def talk(websocket: WebSocket) -> None:
    await websocket.accept(subprotocol="streamlit")
    await websocket.send_json({"url": str(websocket.url), "protocols": websocket.headers.get("sec-websocket-protocol")})
    await websocket.close()


OURS = [Route("/api/{path:path}", seen)]


def asking(instance: Instance, peer: str = "10.0.0.1", **options: object) -> TestClient:
    """A client that comes from a peer, before the application behind the gate."""
    app = Starlette(
        routes=[*OURS, Route("/{path:path}", seen, methods=["GET", "PUT", "POST"]), WebSocketRoute("/{path:path}", talk)],
        middleware=[
            Middleware(gate.Gate, instance=instance),
            Middleware(gate.OwnSessionOnly),
            Middleware(gate.Prefix, prefix=instance.prefix),
            Middleware(gate.OnlyOurs, routes=OURS),
        ],
    )
    return TestClient(app, client=(peer, 1), base_url="https://numbers.example.org", **options)


@pytest.mark.parametrize("host", ["evil.example", "numbers.example.org.evil.example", "", "[", "evil.example:80"])
@pytest.mark.parametrize("instance", [Instance(), Instance(site="https://numbers.example.org")])
def test_a_name_that_is_not_ours_is_refused(host, instance):
    client = asking(instance, "192.0.2.1")
    refused = client.get("/embed", headers={"Host": host})
    assert refused.status_code == 421 and "evil" not in refused.headers.get("location", "")
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream", headers={"Host": host}):
        pass


def test_links_are_written_with_the_address_of_the_site_whatever_is_asked():
    for host in ("numbers.example.org", "127.0.0.1:8501", "localhost"):
        told = asking(SITE, "192.0.2.1").get("/embed", headers={"Host": host, "X-Forwarded-Host": "evil.example"}).json()
        assert told["url"] == "https://numbers.example.org/embed"


@pytest.mark.parametrize(("peer", "is_believed"), [("10.9.9.9", True), ("192.0.2.1", False), ("testclient", False)])
def test_only_a_trusted_proxy_says_who_a_visitor_is(peer, is_believed):
    headers = {"X-User": "ann", "X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"}
    told = asking(SITE, peer).get("/", headers=headers).json()
    assert (told["x-user"], told["client"]) == (("ann", "198.51.100.7") if is_believed else ("", peer))


def test_what_a_visitor_has_written_before_the_proxy_s_own_word_is_not_believed():
    written = [("X-User", "chief"), ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Proto", "http")]
    added = [("X-User", "ann"), ("X-Forwarded-For", "198.51.100.7"), ("X-Forwarded-Proto", "https")]
    told = (
        asking(Instance(proxies=("10.0.0.0/8",), user_header="X-User", hosts=("numbers.example.org",)))
        .get("/", headers=[*written, *added])
        .json()
    )
    assert (told["x-user"], told["client"], told["url"]) == ("", "198.51.100.7", "https://numbers.example.org/")


def test_our_own_addresses_answer_under_the_path_of_the_site():
    client = asking(SITE)
    for path, base in (
        ("/requests/api/v1/series.json", "/requests/"),
        ("/api/v1/series.json", "/"),
        ("/requests/explore", "/"),  # Streamlit's, which knows its path by itself
        ("/requestsapi", "/"),
    ):
        told = client.get(path).json()
        assert told["url"] == f"https://numbers.example.org{path}" and told["base"] == f"https://numbers.example.org{base}"


@pytest.mark.parametrize("site", ["https://numbers.example.org", "https://numbers.example.org/requests"])
def test_whether_a_process_is_well_is_answered_whatever_the_path_of_its_site(site):
    with asking(Instance(site=site)) as client:
        told = client.get("/_stcore/health", headers={"Host": "127.0.0.1:8501"}).json()
    assert told["url"] == f"{site}/_stcore/health"


def test_a_session_opens_to_the_browser_that_began_it_alone():
    ann, eve = asking(SITE), asking(SITE)
    for client in (ann, eve):
        client.get("/bring", headers={"Accept": "text/html"})
    cookies = dict(ann.cookies)
    assert len(cookies[gate.VISITOR_COOKIE]) > 20 and cookies != dict(eve.cookies)
    gate.sessions.bind("the-session", cookies)
    gate.sessions.bind("the-session", dict(eve.cookies))
    address = "/_stcore/upload_file/the-session/1"
    assert ann.put(address, content=b"x").status_code == 200
    assert eve.put(address, content=b"x").status_code == 403
    assert eve.put("/requests" + address, content=b"x").status_code == 403
    for client, protocols in ((ann, "streamlit, token, the-session"), (eve, "streamlit, token")):
        cookie = f"{gate.VISITOR_COOKIE}={client.cookies[gate.VISITOR_COOKIE]}"
        asked = {"Sec-WebSocket-Protocol": "streamlit, token, the-session", "Cookie": cookie, "Host": "localhost"}
        with client.websocket_connect("/_stcore/stream", headers=asked) as talking:
            assert talking.receive_json()["protocols"] == protocols


def test_the_cookie_of_a_browser_is_out_of_reach_and_not_in_what_is_cached_for_all():
    answer = asking(SITE).get("/", headers={"Accept": "text/html"})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" in cookie
    for path in ("/embed", "/api/v1/series.json", "/app/static/x.css"):
        assert "set-cookie" not in asking(SITE).get(path, headers={"Accept": "text/html"}).headers


def test_sessions_that_are_noted_do_not_grow_without_end(monkeypatch):
    monkeypatch.setattr(gate, "_MOST_SESSIONS", 3)
    sessions = gate.Sessions()
    for number in range(10):
        sessions.bind(str(number), {gate.VISITOR_COOKIE: str(number)})
    assert sessions.is_of("9", {gate.VISITOR_COOKIE: "9"}) and not sessions.is_of("9", {}) and sessions.is_of("0", {})


@pytest.fixture
def listening(monkeypatch) -> Iterator[tuple[str, int]]:
    """A real server whose patience is a fraction of a second."""
    monkeypatch.setattr(gate, "SECONDS_FOR_A_HEAD", 0.3)
    monkeypatch.setattr(gate, "SECONDS_BETWEEN_PIECES", 0.3)
    app = Starlette(routes=[Route("/", seen, methods=["GET", "PUT"])], middleware=[Middleware(gate.Gate, instance=Instance())])
    config = uvicorn.Config(app, port=0, http=gate.PatientProtocol, log_level="error", timeout_keep_alive=5)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield listener.getsockname()
        server.should_exit = True
        thread.join(10)


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        b"PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n123",
    ],
)
def test_who_stalls_in_the_middle_of_a_request_is_let_go(listening, sent):
    with socket.create_connection(listening, timeout=20) as connection:
        connection.sendall(sent)
        answer = b""
        # Closed, or refused and closed: it does not wait for ever.
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(1000):
                answer += piece
        assert b" 200 " not in answer


def test_who_is_in_time_is_answered(listening):
    with socket.create_connection(listening, timeout=20) as connection:
        connection.sendall(b"PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nConnection: close\r\n\r\n123")
        assert connection.makefile("rb").read().startswith(b"HTTP/1.1 200 ")
