"""What the server gives a browser: everything from its own address, compressed, and under a policy that allows nothing else."""

import gzip
import json
import re
import socket
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

pytestmark = pytest.mark.browser

FIRST_LOAD_BYTES = 3_000_000


def ask(server: str, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(urlsplit(server).netloc, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.mark.parametrize("path", ["/", "/explore", "/api/nothing", "/app/static/topojson/world_50m.json", "/_stcore/health"])
def test_every_answer_carries_the_security_headers(server: str, path: str) -> None:
    response, _ = ask(server, path)
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert "unsafe" not in policy["script-src"]
    assert policy["frame-ancestors"] == "'self'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("path", ["/api", "/api/", "/api/series?reporter=google"])
def test_an_unknown_address_under_api_is_told_in_json(server: str, method: str, path: str) -> None:
    response, body = ask(server, path, method)
    assert (response.status, response.headers["Content-Type"]) == (404, "application/json")
    assert json.loads(body)["error"] == "There is nothing at this address."


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *(("GET", path, 404) for path in ("/nothing", "/explore/x", "/_stcore/nothing", "/reporter?id=nobody")),
        # No stream is held open for who asks for one.
        *((method, "/mcp", 405) for method in ("GET", "HEAD", "DELETE")),
    ],
)
def test_an_address_without_a_page_is_answered_with_no_page(server: str, method: str, path: str, status: int) -> None:
    assert ask(server, path, method)[0].status == status


@pytest.mark.parametrize("path", ["/", "/app/static/topojson/world_50m.json", "script"])
def test_what_is_text_is_sent_compressed(server: str, path: str) -> None:
    if path == "script":
        _, page = ask(server, "/")
        path = "/" + re.search(r'src="\./(static/js/[^"]+)"', page.decode()).group(1)
    response, body = ask(server, path, Accept_Encoding="gzip")
    plainly, plain = ask(server, path)
    assert response.headers["Content-Encoding"] == "gzip"
    assert plainly.headers["Content-Encoding"] is None
    assert gzip.decompress(body) == plain


def test_a_browser_may_keep_the_map_outlines_for_a_day_and_asks_again_cheaply(server: str) -> None:
    response, _ = ask(server, "/app/static/topojson/world_110m.json")
    assert response.headers["Cache-Control"] == "public, max-age=86400"
    again, body = ask(server, "/app/static/topojson/world_110m.json", If_None_Match=response.headers["ETag"])
    assert (again.status, body) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/app/static/..%2fserver.py", "/app/static/%2e%2e/server.py", "/app/static//etc/passwd", "/static/../../config.py"]
)
def test_no_file_outside_the_folders_meant_for_it_is_served(server: str, path: str) -> None:
    _, body = ask(server, path)
    assert b"import" not in body
    assert b"root:" not in body


def test_a_page_of_another_site_cannot_open_a_session(server: str) -> None:
    stream = server.replace("http", "ws") + "/_stcore/stream"
    for origin in ("http://example.com", "http://127.0.0.1:1", "null"):
        with pytest.raises(InvalidStatus, match="403"), connect(stream, origin=origin):
            pass
    with connect(stream, origin=server, subprotocols=["streamlit"]) as session:
        assert session.subprotocol == "streamlit"
    # Nor may one that shows ours in a frame command it.
    _, body = ask(server, "/_stcore/host-config")
    assert json.loads(body)["allowedOrigins"] == []


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example"])
def test_a_name_that_is_not_ours_gets_neither_a_page_nor_a_session(server: str, host: str) -> None:
    # As a page does whose name was made to lead to this machine: it is of one origin with what it asks.
    for path in ("/", "/api/v1/documents.json", "/embed", "/_stcore/health"):
        response, body = ask(server, path, Host=host)
        assert (response.status, b"<html" in body) == (421, False)
    with socket.create_connection((urlsplit(server).hostname, urlsplit(server).port)) as here:
        stream = f"ws://{host}/_stcore/stream"
        with pytest.raises(InvalidStatus, match="403"), connect(stream, sock=here, origin=f"http://{host}"):
            pass


def test_the_id_of_a_session_opens_it_to_no_other_browser(server: str) -> None:
    mine, other = {"Cookie": "transparency_visitor=mine"}, {"Cookie": "transparency_visitor=other"}
    with connect(stream_of(server), subprotocols=["streamlit"], additional_headers=mine, max_size=None) as session:
        id_ = begun(session)
    for thief in (other, {}):
        with connect(stream_of(server), subprotocols=["streamlit", "token", id_], additional_headers=thief, max_size=None) as stolen:
            assert begun(stolen) != id_
        path = f"/_stcore/upload_file/{id_}/one"
        assert ask(server, path, "PUT", **thief)[0].status == 403
    with connect(stream_of(server), subprotocols=["streamlit", "token", id_], additional_headers=mine, max_size=None) as again:
        assert begun(again) == id_


def test_a_download_is_handed_to_the_browser_that_it_was_made_for_and_to_no_other(server: str) -> None:
    mine, other = {"Cookie": "transparency_visitor=mine"}, {"Cookie": "transparency_visitor=other"}
    with connect(stream_of(server), subprotocols=["streamlit"], additional_headers=mine, max_size=None) as session:
        messages = run_of(session, "sources")
        buttons = [
            message.delta.new_element.download_button for message in messages if message.delta.new_element.HasField("download_button")
        ]
        started = next(message.new_session.initialize.session_id for message in messages if message.HasField("new_session"))
        addresses = [address_of(session, started, button.deferred_file_id) for button in buttons if button.deferred_file_id]
        addresses += [button.url for button in buttons if button.url]
        assert addresses
        for address in addresses:
            for visitor, status in ((mine, 200), (other, 403), ({}, 403)):
                response, body = ask(server, address, **visitor)
                assert (response.status, bool(body)) == (status, True), address
        # Who knows the name of a button of another's gets a file that is the other's.
        with connect(stream_of(server), subprotocols=["streamlit"], additional_headers=other, max_size=None) as thief:
            own = next(message.new_session.initialize.session_id for message in run_of(thief, "sources") if message.HasField("new_session"))
            stolen = address_of(thief, own, next(button.deferred_file_id for button in buttons if button.deferred_file_id))
            assert not stolen or ask(server, stolen, **other)[0].status == 403


def run_of(session, page: str) -> list[ForwardMsg]:
    """All that is sent of a page's first run."""
    session.send(BackMsg(rerun_script={"page_name": page}).SerializeToString())
    messages = []
    for data in session:
        messages.append(ForwardMsg.FromString(data))
        # A page that is not the first one is found out, and begun again.
        if messages[-1].WhichOneof("type") == "script_finished" and messages[-1].script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            return messages
    raise AssertionError("the session ended in the middle of a run")


def address_of(session, session_id: str, file: str) -> str:
    """The address of a file that is made when its button is pressed; blank where it is refused."""
    request = {"request_id": file, "session_id": session_id, "deferred_file": {"file_id": file}}
    session.send(BackMsg(backend_operation_request=request).SerializeToString())
    for data in session:
        message = ForwardMsg.FromString(data)
        if message.WhichOneof("type") == "backend_operation_response":
            return message.backend_operation_response.deferred_file.url
    raise AssertionError("the session ended before the file was made")


def stream_of(server: str) -> str:
    return server.replace("http", "ws") + "/_stcore/stream"


def begun(session) -> str:
    """Runs the page once; the id of the session as the server calls it."""
    asked = BackMsg()
    asked.rerun_script.query_string = ""
    session.send(asked.SerializeToString())
    id_ = ""
    for data in session:
        message = ForwardMsg()
        message.ParseFromString(data)
        if message.WhichOneof("type") == "new_session":
            id_ = message.new_session.initialize.session_id
        if message.WhichOneof("type") == "script_finished":
            return id_
    raise AssertionError("the session ended in the middle of a run")


def test_the_websocket_is_compressed(server: str) -> None:
    with connect(server.replace("http", "ws") + "/_stcore/stream", subprotocols=["streamlit"]) as session:
        assert [extension.name for extension in session.protocol.extensions] == ["permessage-deflate"]


def test_the_first_load_is_small_and_the_frontend_is_kept_by_the_browser(open_first_page, visit, wait_ready) -> None:
    page = open_first_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    sizes = []
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    visit(page)
    assert 0 < sum(sizes) <= FIRST_LOAD_BYTES
    sent = []
    page.on("response", lambda response: sent.append(response) if "/static/js/" in response.url else None)
    page.reload()
    wait_ready(page)
    assert sent
    assert {response.headers["cache-control"] for response in sent} == {"public, immutable, max-age=31536000"}


MAP = """
import plotly.graph_objects as go
import streamlit as st

places = ["FRA", "NAM", "TWN", "HKG", "MAC", "PSE", "SGP", "GIB"]
figure = go.Figure(go.Choropleth(locations=places, z=list(range(len(places)))), layout={"geo": {"resolution": 50}})
st.plotly_chart(figure, config={"topojsonURL": "app/static/topojson/", "showSendToCloud": False})
"""


FAILING = """
import streamlit as st

@st.fragment
def part():
    if st.checkbox("In a part"):
        raise ValueError("words of a visitor")

st.title("Here")
part()
if st.checkbox("In the page"):
    raise KeyError("words of a visitor")
"""


def test_a_defect_is_said_in_one_sentence_and_leaves_the_rest_of_the_page(serve_script, visits, visit) -> None:
    page = visit(visits(serve_script(FAILING)).page())
    for where, kind in (("In a part", "ValueError"), ("In the page", "KeyError")):
        page.get_by_text(where).click()
        page.get_by_text(f"This could not be shown, and the fault is ours ({kind})").wait_for()
        shown = page.locator("body").inner_text()
        assert "Here" in shown and "words of a visitor" not in shown and "Streamlit" not in shown
        page.get_by_text(where).click()
        page.get_by_text("the fault is ours").wait_for(state="detached")


def test_a_map_is_drawn_from_our_own_outlines(serve_script, visits, visit) -> None:
    here = visits(serve_script(MAP))
    page = visit(here.page())
    # Not a function of the page's own: its policy lets no text be run as a script.
    page.locator(".choroplethlayer path[d]").nth(7).wait_for(state="attached")
    drawn = page.eval_on_selector_all(".choroplethlayer path", "paths => paths.filter(path => path.getAttribute('d')).length")
    assert drawn == 8
    assert here.outside() == []


def test_the_theme_follows_the_visitors_system(page, dark_page, visit, in_theme) -> None:
    background = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    assert visit(page).evaluate(background) == "rgb(255, 255, 255)"
    assert in_theme(page, "dark").evaluate(background) == "rgb(19, 25, 31)" == visit(dark_page).evaluate(background)


def test_a_request_to_another_address_is_noticed(server: str, visits) -> None:
    here = visits(server)
    page = here.page()
    page.goto("/")
    assert here.outside() == []
    page.evaluate("() => { new Image().src = 'http://example.com/x.png'; }")
    page.wait_for_timeout(300)
    assert here.outside()
    assert all("example.com" in each for each in here.outside())
