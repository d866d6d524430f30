"""The data over the web: series, observations, documents and statements as CSV and JSON, figures to embed, and the description of all that.

Every address stands in one table, from which the routes and their OpenAPI description are both made. Only what we ship is given, never a
visitor's own. What is asked wrongly is answered with the parameter, its value and what to write instead.
"""

from __future__ import annotations

import codecs
import functools
import gzip
import hashlib
import json
import re
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from typing import Protocol

import anyio
import pandas as pd
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dashboard import analysis, figures, statements
from dashboard.analysis import views
from dashboard.analysis.views import View
from dashboard.catalog.shipped import Catalog
from dashboard.display import downloads
from dashboard.figures import evidence, pictures
from dashboard.model import periods, tables
from dashboard.statements import printed
from dashboard.web import embeds, queries
from dashboard.web.queries import BadParameter, Parameter, Reader

MOST_ROWS = 20_000
"""Rows of one answer."""
AT_ONCE = 2
"""Answers made at a time, so that the pages always have room beside them; pictures by a browser are made one at a time."""
PAGES_KEPT, PICTURES_KEPT = 256, 32
"""Embedded figures kept as they were made, for an article that is read by many."""
_JSON, _CSV = "application/json", "text/csv; charset=utf-8; header=present"


class Held(Protocol):
    """One catalog, and its complete table on a day, made once and kept."""

    data: Catalog
    complete: Callable[[date | None], pd.DataFrame]


class Missing(Exception):
    """Nothing at an address, or nothing published for what it asks: what, and what to do instead."""

    def __init__(self, wrong: str, instead: str):
        super().__init__(wrong)
        self.wrong, self.instead = wrong, instead


@dataclass(frozen=True)
class Asked:
    """A request as the answers see it: what is held, the values of its parameters, the name in its path, and where it was sent to."""

    held: Held
    reader: Reader
    values: dict[str, list[str]]
    name: str = ""
    site: str = ""

    def one(self, name: str) -> str:
        """The value of a parameter that takes one; blank where it is not given."""
        return next(iter(self.values.get(name, [])), "")

    def table(self, day: str, parameter: str) -> pd.DataFrame:
        """The complete table as known on a day."""
        return self.held.complete(self.reader.day(day, parameter))


@dataclass(frozen=True)
class Place:
    """One address: what it answers, the parameters it takes, and how the answer is made."""

    path: str
    says: str
    parameters: tuple[Parameter, ...]
    answer: Callable[[Asked], str | bytes]
    media: str = _JSON
    schema: dict | None = None
    policy: str = ""

    @property
    def is_embedded(self) -> bool:
        """Whether it is asked for by readers of other sites: they hang parameters of their own on it, and many ask for the same."""
        return self.path.startswith("/embed")

    @property
    def fresh(self) -> str:
        """How long an answer may be kept: an embedded figure for some minutes; the data are asked for anew, which is cheap while they stand."""
        return "public, max-age=300" if self.is_embedded else "no-cache"

    @property
    def file_name(self) -> str:
        """The name under which a browser saves it."""
        return self.path.rpartition("/")[2] if "." in self.path else ""


def routes(held: Callable[[], Held]) -> list[Route]:
    """The routes of every address here, and of all others under /api and /embed, which are told that there is nothing."""
    nothing = {"/api": "", "/api/{path:path}": "", "/embed/{path:path}": embeds.POLICY}
    places = [*PLACES, *(Place(path, "", (), _nothing, policy=policy) for path, policy in nothing.items())]
    return [Route(place.path, _Endpoint(place, held)) for place in places]


def _series(asked: Asked) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of one series as the command line prints them, and the periods in which it has no number."""
    table = asked.table(asked.one("as_of"), "as_of")
    rows = analysis.one_series(
        table,
        reporter=asked.one("reporter"),
        requester=asked.one("requester"),
        measure=asked.one("measure"),
        request_type=asked.one("request_type") or None,
        service=asked.one("service") or None,
        authority=asked.one("authority") or None,
        start=_day(asked.one("from")),
        end=_day(asked.one("to")),
    )
    if asked.one("by") == "year":
        rows = analysis.by_year(rows)
    numbers = rows[rows["low"].notna()]
    return downloads.series_rows(numbers, table, asked.held.data), rows[rows["low"].isna()]


def _series_csv(asked: Asked) -> str:
    return downloads.plain_csv(_series(asked)[0])


def _series_json(asked: Asked) -> str:
    rows, gaps = _series(asked)
    told = {
        "data": asked.held.data.version,
        "rows": json.loads(downloads.json_rows(rows)),
        "unpublished": json.loads(downloads.json_rows(gaps[["period_start", "period_end", "why"]])),
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _rows(asked: Asked) -> tuple[View, pd.DataFrame]:
    """The rows that an address of a view asks for: the published ones of its series, or those that its page shows."""
    view = asked.reader.view({name: values for name, values in asked.values.items() if name not in ("rows", "from", "to")})
    table = asked.table(view.known, "as_of" if "as_of" in asked.values else "known")
    table = (
        analysis.select(table, start=_day(asked.one("from")), end=_day(asked.one("to"))) if asked.one("from") or asked.one("to") else table
    )
    if asked.one("rows") == "shown":
        rows = views.rows_of(view, table, asked.held.data.population)
        columns = [*tables.OBSERVATION_COLUMNS, "derivation", "why"]
    else:
        rows = _published(view, table)
        columns = tables.OBSERVATION_COLUMNS
    if len(rows) > MOST_ROWS:
        raise BadParameter(
            "", "", f"The answer has {len(rows):,} rows.", f"{MOST_ROWS:,} are the most: name fewer reporters, requesters or years."
        )
    return view, rows[columns]


def _published(view: View, table: pd.DataFrame) -> pd.DataFrame:
    is_across = view.shape in ("ranking", "map")
    start, end, period = (periods.parse(text) for text in (view.start, view.end, view.period if is_across else ""))
    first = max((one.start for one in (start, period) if one), default=None)
    last = min((one.end for one in (end, period) if one), default=None)
    rows = analysis.select(
        table,
        reporters=[view.of] if is_across and view.of else list(view.reporter),
        requesters=None if is_across else list(view.requester),
        measure=view.counted,
        request_types=list(view.type) or None,
        services=list(view.service) or None,
        authorities=list(view.authority) or None,
        start=first,
        end=last,
    )
    return rows[rows["derivation"] == ""]


def _rows_csv(asked: Asked) -> bytes:
    _, rows = _rows(asked)
    # Without the mark that spreadsheets want, which scripts stumble over.
    return downloads.csv(downloads.rows_for_download(rows, asked.held.data)).removeprefix(codecs.BOM_UTF8)


def _rows_json(asked: Asked) -> str:
    view, rows = _rows(asked)
    told = downloads.rows_for_download(rows, asked.held.data).assign(low=rows["low"], high=rows["high"])
    head = {"data": asked.held.data.version, "view": dict(_by_name(view.query()))}
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "rows": {downloads.json_rows(told)}}}'


def _documents(asked: Asked) -> str:
    documents = asked.held.data.documents
    for name in ("reporter", "document"):
        if wanted := asked.values.get(name):
            documents = documents[documents[name].isin(wanted)]
    return f'{{"data": "{asked.held.data.version}", "documents": {downloads.json_rows(documents)}}}'


def _statements(asked: Asked) -> str:
    found = _statements_held(asked.held)
    if wanted := asked.values.get("statement"):
        found = [statement for statement in found if statement["statement"] in wanted]
    return json.dumps({"data": asked.held.data.version, "statements": found}, ensure_ascii=False, indent=1)


@functools.lru_cache(maxsize=2)
def _statements_held(held: Held) -> list[dict]:
    said = statements.bundled()
    by_statement: dict[str, list[statements.Verdict]] = {}
    for verdict in statements.Judge(held.data, said, held.complete(None)).all():
        by_statement.setdefault(verdict.statement, []).append(verdict)
    return json.loads(printed.statements_as_json(said, by_statement))


def _live(asked: Asked) -> str:
    return _page(asked.held, *_drawn(asked), "", asked.site, date.today())


def _frozen(asked: Asked) -> str:
    if not re.fullmatch(embeds.HASH, asked.name):
        raise Missing(
            f"No figure is called “{queries.shown(asked.name)}”.",
            "A frozen figure has twelve digits or letters a to f here; a live one none.",
        )
    if not asked.one("known"):
        raise BadParameter("known", "", "A frozen figure names the day as on which it is shown.", "Write known=2020-12-31.")
    return _page(asked.held, *_drawn(asked), asked.name, asked.site, date.today())


def _picture_svg(asked: Asked) -> str:
    return _picture(asked.held, *_drawn(asked), date.today())


def _drawn(asked: Asked) -> tuple[View, str]:
    """The view that is to be drawn and the language; a day that no data are known of is told."""
    view = asked.reader.view({name: values for name, values in asked.values.items() if name != "lang"})
    asked.reader.day(view.known, "known")
    return view, asked.one("lang") or "en"


def _embed(held: Held, view: View, lang: str) -> embeds.Embed:
    return embeds.embed(view, held.data, held.complete(_reader(held).day(view.known, "known")), lang)


@functools.lru_cache(maxsize=PAGES_KEPT)
def _page(held: Held, view: View, lang: str, name: str, site: str, day: date) -> str:
    # The day is that of the source line and of the comparison.
    shown = _embed(held, view, lang)
    frozen = None
    if name:
        frozen = embeds.Frozen(name, embeds.embed(embeds.as_known_today(shown), held.data, held.complete(None), lang, whole=True))
    return embeds.page(shown, site, day=day, frozen=frozen, card=_card())


@functools.lru_cache(maxsize=PAGES_KEPT)
def _picture(held: Held, view: View, lang: str, day: date) -> str:
    return embeds.picture(_embed(held, view, lang))


def _picture_png(asked: Asked) -> bytes:
    try:
        return _png(asked.held, *_drawn(asked), date.today())
    except figures.Unfit as unfit:
        raise Missing(str(unfit), "/embed/picture.svg has the same figure.") from None


@functools.lru_cache(maxsize=PICTURES_KEPT)
def _png(held: Held, view: View, lang: str, day: date) -> bytes:
    table = held.complete(_reader(held).day(view.known, "known"))
    return pictures.saved(
        figures.draw(figures.Figure(view, size="social", lang=lang), held.data, table=table), "png", held.data, table=table
    )


def _card() -> str:
    # Sites that show cards take no SVG; where no browser can draw a PNG it is still better than none.
    return "png" if _can_draw() else "svg"


@functools.cache
def _can_draw() -> bool:
    if find_spec("kaleido") is None:
        return False
    from choreographer.browsers.chromium import Chromium

    return Chromium.find_browser(skip_local=False) is not None


def _nothing(asked: Asked) -> str:
    raise Missing("There is nothing at this address.", "/api/v1/openapi.json tells what there is.")


def _openapi(asked: Asked) -> str:
    return json.dumps(openapi(asked.site), ensure_ascii=False, indent=1)


def openapi(site: str = "") -> dict:
    """The description of every address here, as OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Government requests for user data, as published",
            "version": evidence.version(),
            "description": "Numbers are closed intervals: `low` equals `high` where one number was printed, `high` is null (`inf` in CSV) where "
            "only a lower end was. What is not published has no number, which is no zero. An answer carries the version of the data, also as "
            "its ETag: as long as that is the same, so are the numbers.",
        },
        "servers": [{"url": site or "/"}],
        "paths": {_in_braces(place.path): {"get": _operation(place)} for place in PLACES},
        "components": {"schemas": _SCHEMAS},
    }


def _operation(place: Place) -> dict:
    error = {
        "description": "What is wrong, and what to do instead.",
        "content": {_JSON: {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    media = place.media.partition(";")[0]
    path = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in re.findall(r"{(\w+)", place.path)]
    return {
        "summary": place.says,
        "parameters": [*path, *(_described(parameter) for parameter in place.parameters)],
        "responses": {
            "200": {"description": place.says, "content": {media: {"schema": place.schema or {"type": "string"}}}},
            "304": {"description": "Not changed since: the ETag that was sent is that of today."},
            "400": error,
            "404": error,
        },
    }


def _described(parameter: Parameter) -> dict:
    one: dict = {"type": "string"}
    if parameter.kind == "day":
        one["format"] = "date"
    if parameter.choices:
        one["enum"] = list(parameter.choices)
    schema = {"type": "array", "items": one} if parameter.is_several else one
    if parameter.default:
        schema["default"] = list(parameter.default) if parameter.is_several else parameter.default[0]
    found = {"name": parameter.name, "in": "query", "required": parameter.is_needed, "description": parameter.says, "schema": schema}
    if parameter.is_several:
        # Given several times, as in the address of a page.
        found |= {"style": "form", "explode": True}
    if parameter.example:
        found["example"] = [parameter.example] if parameter.is_several else parameter.example
    return found


class _Endpoint:
    """One address over HTTP: reads what is asked, answers from the cache of the asker where that is fresh, and turns problems into JSON."""

    def __init__(self, place: Place, held: Callable[[], Held]):
        self.place, self.held = place, held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if request.method not in ("GET", "HEAD") and self.place.says:
            told = {"error": f"{request.method} is not answered here.", "instead": "Ask with GET."}
            response = self._told(told, 405, {"Allow": "GET, HEAD"})
        else:
            response = await to_thread.run_sync(self._answered, request, limiter=_limiter(self.place.media == "image/png"))
        await response(scope, receive, send)

    def _answered(self, request: Request) -> Response:
        place = self.place
        try:
            held = self.held()
            reader = _reader(held)
            values = reader.read(request.url.query, place.parameters, strangers=place.is_embedded) if place.says else {}
            asked = Asked(held, reader, values, request.path_params.get("hash", ""), f"{request.url.scheme}://{request.url.netloc}")
            tag = f'W/"{held.data.version}-{evidence.version()}"' if not place.is_embedded else ""
            if tag and _is_fresh(request, tag):
                return Response(status_code=304, headers={"ETag": tag})
            body = place.answer(asked)
        except BadParameter as bad:
            return self._told(bad.plain(), 400)
        except analysis.Unanswerable as unanswerable:
            return self._told({"error": f"{str(unanswerable).rstrip('.')}.", "instead": "Choose what is published."}, 404)
        except Missing as missing:
            return self._told({"error": missing.wrong, "instead": missing.instead}, 404)
        except Exception:  # a defect of ours: its trace is for us, and a sentence for the asker
            traceback.print_exc(file=sys.stderr)
            return self._told({"error": "Something went wrong here, and it is our fault.", "instead": "Try again, or ask otherwise."}, 500)
        data = body.encode("utf-8") if isinstance(body, str) else body
        if not tag:
            tag = f'W/"{hashlib.sha256(data).hexdigest()[:20]}"'
            if _is_fresh(request, tag):
                return Response(status_code=304, headers={"ETag": tag})
        headers = {"ETag": tag, "Cache-Control": place.fresh}
        if place.policy:
            headers["Content-Security-Policy"] = place.policy
        if place.media == _CSV:
            headers["Content-Disposition"] = f'inline; filename="{place.file_name}"'
        if len(data) > 1000 and place.media != "image/png" and "gzip" in request.headers.get("accept-encoding", ""):
            # Here, in a thread, and not in the loop that serves everybody.
            data = gzip.compress(data, compresslevel=6, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(data, media_type=place.media, headers=headers)

    def _told(self, told: dict, status: int, headers: dict[str, str] | None = None) -> Response:
        own = {"Cache-Control": "no-store"} | ({"Content-Security-Policy": self.place.policy} if self.place.policy else {})
        return Response(json.dumps(told, ensure_ascii=False), status, media_type=_JSON, headers=own | (headers or {}))


def _is_fresh(request: Request, tag: str) -> bool:
    sent = request.headers.get("if-none-match", "")
    return tag.removeprefix("W/") in {one.strip().removeprefix("W/") for one in sent.split(",")}


@functools.cache
def _limiter(is_picture: bool) -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(1 if is_picture else AT_ONCE)


@functools.lru_cache(maxsize=2)
def _reader(held: Held) -> Reader:
    return Reader(held.data)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _by_name(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _in_braces(path: str) -> str:
    return re.sub(r"{(\w+):\w+}", r"{\1}", path)


def _object(**properties: dict) -> dict:
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}


def _list(name: str) -> dict:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


def _columns(model: type, **others: str) -> dict:
    texts = {name: {"type": "string", "description": meaning} for name, meaning in (tables.described(model) | others).items()}
    for name in ("low", "high"):
        if name in texts:
            texts[name]["type"] = ["number", "null"]
    return texts


_VERSION = {"type": "string", "description": "The version of the data: the same version, the same numbers."}
_TEXT, _DAY, _END = {"type": "string"}, {"type": "string", "format": "date"}, {"type": ["number", "null"]}
_TOLD = {
    "requester_name": "Whose government asked, by its English name.",
    "document_url": "Public address of the document.",
    "document_form": "How we have the document.",
    "seen": "Whether it was seen on the publisher's own page or file, or in another party's copy.",
    "break_before": "A change of definition or coverage within the period.",
}
_MADE = {"derivation": {"type": "string", "description": "How a number was made; blank where it is as published."}, "why": _TEXT}
_ROW = _object(**_columns(tables.Observation, **_TOLD))
_SCHEMAS = {
    "Error": {
        "type": "object",
        "required": ["error", "instead"],
        "properties": {"error": _TEXT, "parameter": _TEXT, "value": _TEXT, "instead": _TEXT},
        "additionalProperties": False,
    },
    "Value": _object(period_start=_DAY, period_end=_DAY, low=_END, high=_END, documents=_TEXT, derivation=_TEXT),
    "Gap": _object(period_start=_DAY, period_end=_DAY, why=_TEXT),
    "Row": _ROW | {"properties": _ROW["properties"] | _MADE},
    "Document": _object(**_columns(tables.Document)),
    "Statement": {"type": "object", "required": ["statement", "speaker", "date", "says", "claims"]},
}

_HELD = (
    Parameter("reporter", "reporter", "Whose documents.", "microsoft", is_several=True),
    Parameter("document", "document", "Which documents.", is_several=True),
)
_DRAWN = (*queries.VIEW, queries.LANG)
PLACES = (
    Place(
        "/api/v1/series.csv",
        "One series with its documents, as `transparency series` prints it, as CSV.",
        queries.SERIES,
        _series_csv,
        _CSV,
    ),
    Place(
        "/api/v1/series.json",
        "One series with its documents, and the periods for which it has no number.",
        queries.SERIES,
        _series_json,
        schema=_object(data=_VERSION, rows=_list("Value"), unpublished=_list("Gap")),
    ),
    Place(
        "/api/v1/observations.csv", "The rows of a view with their document, cell and printed text, as CSV.", queries.ROWS, _rows_csv, _CSV
    ),
    Place(
        "/api/v1/observations.json",
        "The rows of a view with their document, cell and printed text.",
        queries.ROWS,
        _rows_json,
        schema=_object(data=_VERSION, view={"type": "object"}, rows=_list("Row")),
    ),
    Place(
        "/api/v1/documents.json",
        "The documents in which the numbers are printed.",
        _HELD,
        _documents,
        schema=_object(data=_VERSION, documents=_list("Document")),
    ),
    Place(
        "/api/v1/statements.json",
        "The statements about the numbers, with their claims and what the published series say to each.",
        (Parameter("statement", "statement", "Which statements.", "burt-written-2400-3500", is_several=True),),
        _statements,
        schema=_object(data=_VERSION, statements=_list("Statement")),
    ),
    Place("/api/v1/openapi.json", "This description.", (), _openapi, schema={"type": "object"}),
    Place("/embed", "A light page of a figure, to be framed by any site.", _DRAWN, _live, "text/html", policy=embeds.POLICY),
    Place(
        "/embed/picture.svg",
        "A figure as a picture.",
        _DRAWN,
        _picture_svg,
        "image/svg+xml",
        policy=embeds.PICTURE_POLICY,
    ),
    Place(
        "/embed/picture.png",
        "A figure as a social card of 1200 by 630 pixels, where the server has a browser to draw it with.",
        _DRAWN,
        _picture_png,
        "image/png",
    ),
    Place(
        "/embed/{hash}",
        "The same as a page, with the hash of its numbers: it tells whether they were restated since. Needs `known`.",
        _DRAWN,
        _frozen,
        "text/html",
        policy=embeds.POLICY,
    ),
)
"""Every address, in the order in which they are tried."""
