"""The dashboard as one server process: Streamlit's own server, with compressed files, security headers and data read before the first visitor."""

import base64
import contextlib
import gzip
import hashlib
import logging
import re
import socket
import sys
import tomllib
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
import uvicorn
from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit import logger as streamlit_logger
from streamlit import runtime
from streamlit.file_util import get_static_dir
from streamlit.web.bootstrap import load_config_options

from dashboard.web import collection, instance, logs, tools_route
from dashboard.web.gate import Gate, OnlyOurs, OwnSessionOnly, PatientProtocol, Prefix
from dashboard.web.instance import Instance
from dashboard.web.metrics import Metrics

PACKAGE = Path(__file__).resolve().parents[1]
SCRIPT = PACKAGE / "app.py"
STATIC = PACKAGE / "static"

# A visitor holds about four open handles, so this is room for a thousand of them.
ENOUGH_HANDLES = 4096


def serve(
    host: str = "127.0.0.1",
    port: int = 8501,
    script: Path = SCRIPT,
    *,
    run_as: Instance = Instance(),  # noqa: B008 (it cannot be changed)
    log_level: str = "info",
    log_format: str = "text",
) -> int:
    """Serve the dashboard until stopped, and return the exit code: 2 where the address cannot be had, 1 where a bundled dataset does not load."""
    logs.configure(log_level, log_format)
    take_in_others(log_level, log_format)
    collection.share_memory()
    instance.configure(run_as)
    from dashboard.catalog.shipped import DatasetError

    try:
        listener = _listener(host, port)
    except OSError as error:
        print(f"Cannot serve at {host}, port {port}: {error.strerror}.", file=sys.stderr)
        return 2
    with listener:
        try:
            warm()
        except DatasetError as problem:
            print(problem, file=sys.stderr)
            return 1
        raise_handle_limit()
        _tell_of_the_store()
        load_config_options(
            settings()
            | {
                "server.baseUrlPath": run_as.prefix.strip("/"),
                # Streamlit reads `[auth]` there, and would look nowhere else.
                "secrets.files": [run_as.file] if run_as.file else [],
                "server.address": host,
                "server.port": listener.getsockname()[1],
                # This server has its own route for the folder that `streamlit run` serves by this option.
                "server.enableStaticServing": False,
            }
        )
        with contextlib.suppress(KeyboardInterrupt):
            _Server(_web_server(script)).run(sockets=[listener])
    return 0


def _web_server(script: Path) -> uvicorn.Config:
    # Once Streamlit has its settings, which the web server follows.
    return uvicorn.Config(
        application(script),
        http=PatientProtocol,
        # `Gate` decides whose word about a visitor is taken.
        proxy_headers=False,
        # Streamlit's own choices for its websocket.
        ws="websockets-sansio",
        ws_max_size=st.get_option("server.maxMessageSize") * 1024 * 1024,
        ws_per_message_deflate=st.get_option("server.enableWebsocketCompression"),
        access_log=False,
        log_config=None,
        # What cannot be begun is told and ends the start; else it would be taken for something that this application has not.
        lifespan="on",
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
    )


def application(script: Path = SCRIPT) -> st.App:
    """The dashboard as an ASGI application; `serve` gives it its settings."""
    from dashboard.web import api, pages

    routes = [
        *api.routes(_bundled),
        Route(tools_route.PATH, _tools),
        Mount("/app/static", _DailyFiles(directory=STATIC)),
    ]
    return st.App(
        script,
        on_script_error=show_failure,
        routes=routes,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Gate, instance=instance.current()),
            Middleware(OwnSessionOnly),
            Middleware(Prefix, prefix=instance.current().prefix),
            Middleware(Metrics, store_version=_store_version),
            Middleware(OwnPagesOnly),
            Middleware(CompressedFrontend),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=6),
            # Innermost: it looks at pages as Streamlit sends them.
            Middleware(pages.Pages, library=_bundled, card=api.card),
            Middleware(OnlyOurs, routes=routes),
        ],
        lifespan=lifespan,
    )


def show_failure(defect: Exception) -> bool:
    """Say in one sentence where a page has a defect of ours, and log it; true, since nothing else need be shown."""
    logs.page_failed(st.session_state.get("page_now") or "overview", defect)
    st.error(
        f"This could not be shown, and the fault is ours ({type(defect).__name__}): it is noted. What you chose is not lost; "
        "choose something else, or load the page again.",
        icon=":material/error:",
    )
    return True


def settings() -> dict[str, Any]:
    """The options of `.streamlit/config.toml` by their dotted names; Streamlit itself would find that file only in the folder it is started in."""
    # The checkout keeps the file at its root, the wheel beside this module.
    files = [folder / ".streamlit" / "config.toml" for folder in (PACKAGE, PACKAGE.parent)]
    with next(file for file in files if file.is_file()).open("rb") as opened:
        return dict(_dotted(tomllib.load(opened)))


def take_in_others(level: str, form: str) -> None:
    """Send to the standard error, in the form of our own events, what Streamlit and the web server tell of themselves, now and later."""
    handler = logs.handler(level, form)

    def hand_over(log: logging.Logger) -> None:
        log.handlers, log.propagate = [handler], False

    # Streamlit gives each of its loggers a handler of its own by this, and does so anew whenever its options change.
    streamlit_logger.setup_formatter = hand_over
    with contextlib.suppress(AttributeError):  # in another version, whose lines then keep their own form
        streamlit_logger.update_formatter()
    for name in ("uvicorn", "asyncio"):
        hand_over(logging.getLogger(name))


def warm() -> None:
    """Read and check the bundled data and load what the pages are made with, so that no visitor waits for it."""
    from dashboard import catalog

    catalog.bundled()

    from dashboard.analysis import views
    from dashboard.web import session

    session.bundled().overview()
    session.bundled().verdicts()
    session.bundled().chart(views.View(), False)


def forget_sessions() -> None:
    """Let go of sessions whose visitors have not come back in time.

    Streamlit does so only when another session ends: the last visitors of a day would stay in memory, with what they brought, until the next
    day's first one leaves. To be called in the loop that sessions come and go in.
    """
    if runtime.exists():
        # The storage already says that they are gone, and has no other method that drops them.
        runtime.get_instance()._session_mgr._session_storage._cache.expire()


class SecurityHeaders:
    """Puts the security headers on every answer; one with a policy of its own, such as a figure that any site may frame, keeps it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update({name: text for name, text in self.headers.items() if name not in _FRAMING or _FRAMING[0] not in headers})
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def security_headers() -> dict[str, str]:
    """The headers that let a page load and run only what comes from this server."""
    page = (Path(get_static_dir()) / "index.html").read_bytes()
    from dashboard.web.pages import BASE_SCRIPT

    scripts = [*re.findall(rb"<script>(.*?)</script>", page, re.DOTALL), BASE_SCRIPT.encode("utf-8")]
    digests = [hashlib.sha256(script).digest() for script in scripts]
    inline_scripts = "".join(f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    policy = [
        "default-src 'self'",
        # Streamlit's page has one small script in itself and gets another from us, hands code to workers as blobs, and makes its styles while it runs.
        f"script-src 'self' blob:{inline_scripts}",
        "worker-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
    return {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "SAMEORIGIN",
    }


class OwnPagesOnly:
    """Refuses a websocket that a page of another site opens, unless `server.corsAllowedOrigins` names the site.

    Streamlit refuses it as well, but first asks an outside service for this machine's public address, and serves nobody meanwhile.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            headers = Headers(scope=scope)
            origin = headers.get("origin")
            if origin and urlsplit(origin).netloc != headers.get("host") and origin not in st.get_option("server.corsAllowedOrigins"):
                await WebSocketClose(code=1008)(scope, receive, send)
                return
        await self.app(scope, receive, send)


class CompressedFrontend:
    """Sends the frontend's scripts and styles compressed, each compressed once.

    Streamlit sends them as they are, nine megabytes for a first visit; a compressing middleware would do the same work again for every visitor.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        root = Path(get_static_dir())
        self.files = {f"/{file.relative_to(root).as_posix()}": file for kind in _MEDIA_TYPES for file in root.glob(f"static/**/*{kind}")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = (
            self.files.get(scope["path"].removeprefix(scope.get("root_path", "")))
            if scope["type"] == "http" and scope["method"] == "GET"
            else None
        )
        if file is None or "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            await self.app(scope, receive, send)
            return
        response = Response(
            await to_thread.run_sync(_compressed, file),
            media_type=_MEDIA_TYPES[file.suffix],
            headers={
                "Content-Encoding": "gzip",
                "Vary": "Accept-Encoding",
                # The names carry a hash of the content.
                "Cache-Control": "public, immutable, max-age=31536000",
            },
        )
        await response(scope, receive, send)


_FRAMING = ("Content-Security-Policy", "X-Frame-Options")
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}
_compressing = Lock()


def _compressed(file: Path) -> bytes:
    with _compressing:  # visitors who arrive together wait for the first one's work instead of repeating it
        return _compressed_once(file)


@cache
def _compressed_once(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), compresslevel=9, mtime=0)


class _DailyFiles(StaticFiles):
    """Files whose names carry no hash, so a browser may keep them for a day."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response


def _bundled():
    from dashboard.web import session

    return session.bundled()


_tools = tools_route.ToolsRoute(_bundled)


@contextlib.asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """What runs beside the server as long as it lives, begun with everything imported and read."""
    warm()
    async with collection.beside_runs(forget_sessions), _tools.running():
        yield


def _store_version() -> int | None:
    from dashboard.web import session
    from dashboard.workspace import StoreProblem

    try:
        return session.store().version()
    except StoreProblem:
        return None


def _tell_of_the_store() -> None:
    # A store that cannot be used is said at once, and the published data are served all the same.
    from dashboard.web import session

    if notice := session.store_notice():
        print(notice, file=sys.stderr, flush=True)


class _Server(uvicorn.Server):
    """Says where it serves once it accepts connections."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        host, port = sockets[0].getsockname()[:2]
        print(f"Serving http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)


def _listener(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":  # there, this option would let two servers share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def raise_handle_limit() -> None:
    """Lets this process open as many files as many visitors need, as far as the system allows; says on standard error where it does not."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    if soft == unlimited or soft >= ENOUGH_HANDLES:
        return
    wanted = ENOUGH_HANDLES if hard == unlimited else min(ENOUGH_HANDLES, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):
        wanted = soft
    if wanted < ENOUGH_HANDLES:
        print(
            f"This process may open only {wanted} files and connections, enough for about {wanted // 4} visitors at once.", file=sys.stderr
        )


def _dotted(options: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    pairs = []
    for name, value in options.items():
        pairs += _dotted(value, f"{prefix}{name}.") if isinstance(value, dict) else [(prefix + name, value)]
    return pairs
