"""One address over HTTP: what it answers, the parameters it takes, and how an answer or a problem leaves."""

from __future__ import annotations

import functools
import gzip
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

import anyio
import pandas as pd
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dashboard import analysis
from dashboard.analysis.parameters import BadParameter, Parameter
from dashboard.figures import evidence
from dashboard.web import logs
from dashboard.web.library import Library
from dashboard.web.queries import Reader

AT_ONCE = 2
"""Answers made at a time, so that the pages always have room beside them; pictures by a browser are made one at a time."""
JSON, CSV = "application/json", "text/csv; charset=utf-8; header=present"


class NotFound(Exception):
    """Nothing at an address, or nothing published for what it asks: what, and what to do instead."""

    def __init__(self, wrong: str, instead: str):
        super().__init__(wrong)
        self.wrong, self.instead = wrong, instead


@dataclass(frozen=True)
class ApiRequest:
    """A request as the answers see it: the library, the values of its parameters, the name in its path, and the site it was sent to."""

    library: Library
    reader: Reader
    values: dict[str, list[str]]
    name: str = ""
    site: str = ""

    def one(self, name: str) -> str:
        """The value of a parameter that takes one; blank where it is not given."""
        return next(iter(self.values.get(name, [])), "")

    def table(self, day: str, parameter: str) -> pd.DataFrame:
        """The complete table as known on a day."""
        return self.library.complete(self.reader.day(day, parameter))


@dataclass(frozen=True)
class Endpoint:
    """One address: how its answer is made, what it answers, and the parameters it takes. Without a `summary` there is nothing there."""

    path: str
    answer: Callable[[ApiRequest], str | bytes]
    summary: str = ""
    parameters: tuple[Parameter, ...] = ()
    media: str = JSON
    schema: dict | None = None
    policy: str = ""

    @property
    def is_embedded(self) -> bool:
        """Whether it is asked for by readers of other sites: they hang parameters of their own on it, and many ask for the same."""
        return self.path.startswith("/embed")

    @property
    def has_version_of_data(self) -> bool:
        """Whether an answer is the same as long as the data are; others carry the day or a verdict on it, and are compared by content."""
        return self.path.startswith("/api")

    @property
    def cache_control(self) -> str:
        """How long an answer may be kept: an embedded figure for some minutes; the data are asked for anew, which is cheap while they stand."""
        return "public, max-age=300" if self.is_embedded else "no-cache"

    @property
    def file_name(self) -> str:
        """The name under which a browser saves it."""
        return self.path.rpartition("/")[2] if "." in self.path else ""


def answers(path: str, parameters: tuple[Parameter, ...] = (), media: str = JSON, **more) -> Callable[[Callable], Endpoint]:
    """Makes of a function the endpoint of an address, which answers what the function's own words say."""
    return lambda answer: Endpoint(path, answer, answer.__doc__, parameters, media, **more)


class Handler:
    """An endpoint as an ASGI application: reads the request, answers from the cache of who asks where that is fresh, tells problems as JSON."""

    def __init__(self, endpoint: Endpoint, library: Callable[[], Library]):
        self.endpoint, self.library = endpoint, library

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        start = time.perf_counter()
        if request.method not in ("GET", "HEAD") and self.endpoint.summary:
            problem = {"error": f"{request.method} is not answered here.", "instead": "Ask with GET."}
            response = self._problem(problem, 405, {"Allow": "GET, HEAD"})
        else:
            response = await to_thread.run_sync(self._response, request, limiter=_limiter(self.endpoint.media == "image/png"))
        logs.answered(self.endpoint.path if self.endpoint.summary else "", response.status_code, time.perf_counter() - start)
        await response(scope, receive, send)

    def _response(self, request: Request) -> Response:
        endpoint = self.endpoint
        try:
            library = self.library()
            reader = library.reader()
            values = reader.read(request.url.query, endpoint.parameters, strangers=endpoint.is_embedded) if endpoint.summary else {}
            tag = f'W/"{library.data.version}-{evidence.version()}"' if endpoint.has_version_of_data else ""
            if tag and _is_fresh(request, tag):
                return Response(status_code=304, headers={"ETag": tag})
            name = next(iter(request.path_params.values()), "")
            body = endpoint.answer(ApiRequest(library, reader, values, name, site_of(request)))
        except Exception as fault:
            return self._problem(*problem_of(fault, endpoint.path))
        return self._answer(request, body.encode("utf-8") if isinstance(body, str) else body, tag)

    def _answer(self, request: Request, data: bytes, tag: str) -> Response:
        endpoint = self.endpoint
        if not tag:
            tag = f'W/"{hashlib.sha256(data).hexdigest()[:20]}"'
            if _is_fresh(request, tag):
                return Response(status_code=304, headers={"ETag": tag})
        headers = {"ETag": tag, "Cache-Control": endpoint.cache_control}
        if endpoint.policy:
            headers["Content-Security-Policy"] = endpoint.policy
        if endpoint.media == CSV:
            headers["Content-Disposition"] = f'inline; filename="{endpoint.file_name}"'
        if len(data) > 1000 and endpoint.media != "image/png" and "gzip" in request.headers.get("accept-encoding", ""):
            # Here, in a thread, and not in the loop that serves everybody.
            data = gzip.compress(data, compresslevel=6, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(data, media_type=endpoint.media, headers=headers)

    def _problem(self, problem: dict, status: int, headers: dict[str, str] | None = None) -> Response:
        own = {"Cache-Control": "no-store"} | ({"Content-Security-Policy": self.endpoint.policy} if self.endpoint.policy else {})
        return Response(json.dumps(problem, ensure_ascii=False), status, media_type=JSON, headers=own | (headers or {}))


def problem_of(fault: Exception, where: str) -> tuple[dict, int]:
    """What is told of an answer that was not given, and its status; what is our own is logged with the place where it happened."""
    if isinstance(fault, BadParameter):
        named = {"parameter": fault.parameter, "value": fault.value} if fault.parameter else {}
        return {"error": fault.wrong, **named, "instead": fault.instead}, 400
    if isinstance(fault, analysis.Unanswerable):
        return {"error": f"{str(fault).rstrip('.')}.", "instead": "Choose what is published."}, 404
    if isinstance(fault, NotFound):
        return {"error": fault.wrong, "instead": fault.instead}, 404
    logs.failed(where, fault)
    return {"error": "Something went wrong here, and it is our fault.", "instead": "Try again, or ask otherwise."}, 500


def site_of(request: Request) -> str:
    """The address that the site lies at, without a slash at its end, as it was asked for; behind the gate that is its own."""
    return str(request.base_url).rstrip("/")


def _is_fresh(request: Request, tag: str) -> bool:
    sent = request.headers.get("if-none-match", "")
    return tag.removeprefix("W/") in {one.strip().removeprefix("W/") for one in sent.split(",")}


@functools.cache
def _limiter(is_picture: bool) -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(1 if is_picture else AT_ONCE)
