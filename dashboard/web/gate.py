"""What stands before every answer: under which name the site is asked for, who a visitor is, whose a session is, and who is too slow."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from uvicorn.protocols.http.h11_impl import H11Protocol

from dashboard.web.instance import Instance

VISITOR_COOKIE = "transparency_visitor"
SECONDS_FOR_A_HEAD = 20
"""How long a connection may take over the head of its first request."""
SECONDS_BETWEEN_PIECES = 60
"""How long the next piece of a request's body may take."""
TAG_LETTERS = 32
_MOST_SESSIONS = 10_000


class Gate:
    """Refuses a Host that is not ours, believes forwarded headers of trusted proxies alone, and answers under the site's own address.

    Past it, the scope's scheme, host and client are those of the visitor, and a header that names the user is true or absent.
    """

    def __init__(self, app: ASGIApp, instance: Instance) -> None:
        self.app, self.instance = app, instance
        self._user_header = instance.user_header.lower().encode()
        self._spoken_for = {name.lower().encode() for name in (instance.user_header, *_FORWARDED) if name}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        peer = scope["client"][0] if scope.get("client") else ""
        is_proxy = self.instance.is_proxy(peer)
        # Of a user who is named twice, one name may be the visitor's own.
        is_named_twice = [name for name, _ in scope["headers"]].count(self._user_header) > 1
        disbelieved = self._spoken_for if not is_proxy else {self._user_header} if is_named_twice else ()
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name not in disbelieved]
        host = headers.get("host", "")
        # A proxy may ask by any name: it has looked at the visitor's.
        if not (self.instance.knows_host(host) or (is_proxy and self.instance.site)):
            await _refuse(scope, receive, send, 421, f"This site is not called “{_printable(host)}”.")
            return
        if is_proxy:
            _take_over(scope, headers)
        if self.instance.site:
            site = urlsplit(self.instance.site)
            secure = {"http": site.scheme, "websocket": "wss" if site.scheme == "https" else "ws"}
            scope["scheme"] = secure[scope["type"]]
            MutableHeaders(scope=scope)["host"] = site.netloc
        await self.app(scope, _patient(receive) if scope["type"] == "http" else receive, send)


class Sessions:
    """Whose a session of Streamlit's is: the browser's that began it. The id of a session, which stands in addresses, opens it to nobody else.

    A browser is known by a cookie that no script can read. Who comes with the id of another's session gets a session of their own,
    and their uploads into it are refused.
    """

    def __init__(self) -> None:
        self._visitors: OrderedDict[str, str] = OrderedDict()
        self._lock = Lock()

    def bind(self, session: str, cookies: dict[str, str]) -> None:
        """Note the browser of a session, once."""
        with self._lock:
            self._visitors.setdefault(session, _digest(cookies.get(VISITOR_COOKIE, "")))
            while len(self._visitors) > _MOST_SESSIONS:
                self._visitors.popitem(last=False)

    def is_of(self, session: str, cookies: dict[str, str]) -> bool:
        """Whether the session may be this browser's; one that has shown nothing yet may be anybody's."""
        with self._lock:
            visitor = self._visitors.get(session)
        return visitor is None or visitor == _digest(cookies.get(VISITOR_COOKIE, ""))

    def tag(self, session: str) -> str:
        """The short name of the browser of a session, which stands in the addresses of what is made for it."""
        with self._lock:
            return self._visitors.get(session, _digest(""))[:TAG_LETTERS]


sessions = Sessions()
"""The sessions of this process."""


class OwnSessionOnly:
    """Holds every websocket, upload and download to the browser that began the session, and gives each browser its cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] in ("http", "websocket") else Headers()
        cookies = cookie_parser(headers.get("cookie", ""))
        if scope["type"] == "websocket":
            entries = [entry.strip() for entry in headers.get("sec-websocket-protocol", "").split(",")]
            if len(entries) > 2 and not sessions.is_of(entries[2], cookies):
                MutableHeaders(scope=scope)["sec-websocket-protocol"] = ", ".join(entries[:2])
                scope["subprotocols"] = entries[:2]
        elif scope["type"] == "http":
            upload = _UPLOAD.search(scope["path"])
            if upload and not sessions.is_of(upload[1], cookies):
                await _refuse(scope, receive, send, 403, "This session is another browser's.")
                return
            download = _DOWNLOAD.search(scope["path"])
            if download and download[1] != _digest(cookies.get(VISITOR_COOKIE, ""))[:TAG_LETTERS]:
                await _refuse(scope, receive, send, 403, "This file is another browser's.")
                return
            is_page = (
                scope["method"] == "GET" and "text/html" in headers.get("accept", "") and not _CACHED_FOR_ALL.search(f"{scope['path']}/")
            )
            if is_page and VISITOR_COOKIE not in cookies:
                send = _with_cookie(scope, send)
        await self.app(scope, receive, send)


class Prefix:
    """Tells what the site's path is, so that links are written under it, and lets our own routes, which are given, be asked for there.

    Streamlit, which has the innermost routes, knows that path by itself.
    """

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app, self.prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.prefix and scope["type"] == "http" and f"{scope['path']}/".startswith(f"{self.prefix}/"):
            scope = scope | {"root_path": self.prefix}
        elif self.prefix and scope["type"] == "http" and scope["path"] == _HEALTH:
            # Whoever looks after the process knows its port and not the path of the site.
            scope = scope | {"path": f"{self.prefix}{_HEALTH}", "root_path": self.prefix}
        await self.app(scope, receive, send)


class OnlyOurs:
    """Takes the site's path away again from what none of our own routes answers; innermost."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self.app, self.routes = app, routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("root_path") and all(route.matches(scope)[0] is Match.NONE for route in self.routes):
            scope = scope | {"root_path": ""}
        await self.app(scope, receive, send)


class PatientProtocol(H11Protocol):
    """Closes a connection whose first request does not come to the end of its head."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._waiting = self.loop.call_later(SECONDS_FOR_A_HEAD, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        self._waiting.cancel()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: object) -> None:
        self._waiting.cancel()
        super().handle_websocket_upgrade(event)

    def _give_up(self) -> None:
        if self.cycle is None and self.transport is not None and not self.transport.is_closing():
            self.transport.close()


_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded")
_HEALTH = "/_stcore/health"
_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/")
_DOWNLOAD = re.compile(rf"/media/(\w{{{TAG_LETTERS}}})")
_CACHED_FOR_ALL = re.compile(r"/(api|embed|app/static|static|feeds)/")


def _take_over(scope: Scope, headers: Headers) -> None:
    # What a trusted proxy says of the visitor: the last address that it has added itself, and how it was asked.
    forwarded, protocols = (
        [one.strip() for one in ",".join(headers.getlist(name)).split(",") if one.strip()]
        for name in ("x-forwarded-for", "x-forwarded-proto")
    )
    if forwarded:
        scope["client"] = (forwarded[-1], 0)
    if protocols and protocols[-1] in ("http", "https"):
        is_secure = protocols[-1] == "https"
        scope["scheme"] = {"http": "https" if is_secure else "http", "websocket": "wss" if is_secure else "ws"}[scope["type"]]


def _patient(receive: Receive) -> Receive:
    is_whole = False

    async def next_piece() -> Message:
        nonlocal is_whole
        if is_whole:  # what comes now is only that the visitor has gone
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), SECONDS_BETWEEN_PIECES)
        except TimeoutError:
            message = {"type": "http.disconnect"}
        is_whole = not message.get("more_body", False)
        return message

    return next_piece


def _with_cookie(scope: Scope, send: Send) -> Send:
    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            secure = "; Secure" if scope["scheme"] == "https" else ""
            cookie = f"{VISITOR_COOKIE}={secrets.token_urlsafe(24)}; Path=/; HttpOnly; SameSite=Lax{secure}"
            MutableHeaders(scope=message).append("Set-Cookie", cookie)
        await send(message)

    return send_with_cookie


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, sentence: str) -> None:
    refusal = PlainTextResponse(sentence, status) if scope["type"] == "http" else WebSocketClose(code=1008)
    await refusal(scope, receive, send)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:100]
