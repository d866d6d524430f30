"""The data over the web: series, observations, documents and statements as CSV and JSON, figures to embed, and the description of all that.

Every address stands in one table, from which the routes and their OpenAPI description are both made. Only what we ship is given, never a
visitor's own. What is asked wrongly is answered with the parameter, its value and what to write instead.
"""

from __future__ import annotations

import codecs
import functools
import json
import re
from collections.abc import Callable
from datetime import date
from importlib.util import find_spec

import pandas as pd
from starlette.routing import Route

from dashboard import analysis, catalog, figures, statements
from dashboard.analysis import views
from dashboard.analysis.parameters import SERIES, BadParameter, Parameter, shown
from dashboard.analysis.views import View
from dashboard.answers import nothing
from dashboard.catalog import history
from dashboard.display import downloads
from dashboard.figures import credentials, pictures, signatures
from dashboard.model import periods
from dashboard.model.columns import OBSERVATION_COLUMNS
from dashboard.statements import printed
from dashboard.web import embed_sentences, embeds, machines, openapi, queries
from dashboard.web.endpoints import CSV, ApiRequest, Endpoint, Handler, NotFound, answers
from dashboard.web.library import Library
from dashboard.web.openapi import TEXT, VERSION, list_of, object_of
from dashboard.web.shared import shared

MOST_ROWS = 20_000
"""Rows of one answer."""
PAGES_KEPT, PICTURES_KEPT = 256, 32
"""Embedded figures kept as they were made, for an article that is read by many."""


def routes(library: Callable[[], Library]) -> list[Route]:
    """The routes of every address here, and of all others under /api and /embed, which are told that there is nothing."""
    nothing = {"/api": "", "/api/{path:path}": "", "/embed/{path:path}": embeds.POLICY}
    endpoints = [*ENDPOINTS, *(Endpoint(path, _nothing, policy=policy) for path, policy in nothing.items())]
    return [Route(endpoint.path, Handler(endpoint, library)) for endpoint in endpoints]


def _series(request: ApiRequest) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of one series as the command line prints them, and the periods in which it has no number."""
    table = request.table(request.one("as_of"), "as_of")
    rows = views.series_rows({name: request.one(name) for name in request.values}, table)
    numbers = rows[rows["low"].notna()]
    return downloads.series_rows(numbers, request.library.data), rows[rows["low"].isna()]


@answers("/api/v1/series.csv", SERIES, CSV)
def _series_csv(request: ApiRequest) -> str:
    """One series with its documents, as `transparency series` prints it, as CSV."""
    return downloads.series_csv(*_series(request))


@answers("/api/v1/series.json", SERIES, schema=object_of(data=VERSION, rows=list_of("Value"), unpublished=list_of("Gap")))
def _series_json(request: ApiRequest) -> str:
    """One series with its documents, and the periods for which it has no number."""
    rows, gaps = _series(request)
    unpublished = downloads.json_rows(gaps[["period_start", "period_end", "why"]])
    return f'{{"data": "{request.library.data.version}", "rows": {downloads.json_rows(rows)}, "unpublished": {unpublished}}}'


def _rows(request: ApiRequest) -> tuple[View, pd.DataFrame]:
    """The rows that an address of a view asks for: the published ones of its series, or those that its page shows."""
    view = request.reader.view({name: values for name, values in request.values.items() if name not in ("rows", "from", "to")})
    table = request.table(view.known, "as_of" if "as_of" in request.values else "known")
    first, last = (date.fromisoformat(day) if (day := request.one(name)) else None for name in ("from", "to"))
    table = analysis.select(table, start=first, end=last) if first or last else table
    if request.one("rows") == "shown":
        rows = views.rows_of(view, table, request.library.data.population)
        columns = [*OBSERVATION_COLUMNS, "derivation", "why"]
    else:
        rows = _published(view, table)
        columns = OBSERVATION_COLUMNS
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
    return rows[rows["made_by"] == ""]


@answers("/api/v1/observations.csv", queries.ROWS, CSV)
def _rows_csv(request: ApiRequest) -> bytes:
    """The rows of a view with their document, cell and printed text, as CSV."""
    view, rows = _rows(request)
    leaving = downloads.rows_for_download(rows, request.library.data)
    if why := _why_empty(request, view, rows):
        # One row without a number that says why: a file with nothing in it would pass for a broken one.
        leaving = leaving.head(0).reindex([0]).astype(object).fillna("").assign(why=why)
    # Without the mark that spreadsheets want, which scripts stumble over.
    return downloads.csv(leaving).removeprefix(codecs.BOM_UTF8)


_VIEW_ROWS = object_of(["data", "view", "rows"], data=VERSION, view={"type": "object"}, why=TEXT, rows=list_of("Row"))


@answers("/api/v1/observations.json", queries.ROWS, schema=_VIEW_ROWS)
def _rows_json(request: ApiRequest) -> str:
    """The rows of a view with their document, cell and printed text."""
    view, rows = _rows(request)
    leaving = downloads.rows_for_programs(rows, request.library.data)
    head = {"data": request.library.data.version, "view": queries.by_name(view.query())}
    if why := _why_empty(request, view, rows):
        head["why"] = why
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "rows": {downloads.json_rows(leaving)}}}'


def _why_empty(request: ApiRequest, view: View, rows: pd.DataFrame) -> str:
    return nothing.why_nothing(view, request.table(view.known, "known"), request.library.names) if rows.empty else ""


_DOCUMENTS = (
    Parameter("reporter", "reporter", "Whose documents.", "microsoft", is_several=True),
    Parameter("document", "document", "Which documents.", is_several=True),
)


@answers("/api/v1/documents.json", _DOCUMENTS, schema=object_of(data=VERSION, documents=list_of("Document")))
def _documents(request: ApiRequest) -> str:
    """The documents in which the numbers are printed."""
    documents = request.library.data.documents
    for name in ("reporter", "document"):
        if wanted := request.values.get(name):
            documents = documents[documents[name].isin(wanted)]
    return f'{{"data": "{request.library.data.version}", "documents": {downloads.json_rows(documents)}}}'


_VERSIONS = history.versions(catalog.datasets_folder()).set_index("version")["day"].to_dict()
_SINCE = Parameter("since", "choice", "Since which version.", next(iter(_VERSIONS), ""), choices=_VERSIONS, is_needed=True)


@answers("/api/v1/changes.json", (_SINCE,), schema=object_of(data=VERSION, since=TEXT, changes=list_of({"type": "object"})))
def _changes(request: ApiRequest) -> str:
    """What is new, changed or gone since a version of the data that was recorded."""
    version = request.one("since")
    changes = history.since(catalog.datasets_folder(), version)
    return f'{{"data": "{catalog.bundled().version}", "since": {json.dumps(version)}, "changes": {downloads.json_rows(changes)}}}'


_STATEMENT = Parameter("statement", "statement", "Which statements.", "burt-written-2400-3500", is_several=True)


@answers("/api/v1/statements.json", (_STATEMENT,), schema=object_of(data=VERSION, statements=list_of("Statement")))
def _statements(request: ApiRequest) -> str:
    """The statements about the numbers, with their claims and what the published series say to each."""
    checked = _checked_statements(request.library)
    if wanted := request.values.get("statement"):
        checked = [statement for statement in checked if statement["statement"] in wanted]
    return json.dumps({"data": request.library.data.version, "statements": checked}, ensure_ascii=False, indent=1)


@shared(max_size=2)
def _checked_statements(library: Library) -> list[dict]:
    return printed.statements_plain(statements.bundled(), library.verdicts())


_DRAWN_BY = (*queries.VIEW, queries.LANG)


@answers("/embed/{hash}", _DRAWN_BY, "text/html", policy=embeds.POLICY)
def _frozen(request: ApiRequest) -> str:
    """The same as a page, with the hash of its numbers: it tells whether they were restated since. Needs `known`."""
    if not re.fullmatch(embeds.HASH, request.name):
        raise NotFound(
            f"No figure is called “{shown(request.name)}”.",
            "A frozen figure has twelve digits or letters a to f here; a live one none.",
        )
    if not request.one("known"):
        raise BadParameter("known", "", "A frozen figure names the day as on which it is shown.", "Write known=2020-12-31.")
    return _page(request, request.name)


@answers("/embed", _DRAWN_BY, "text/html", policy=embeds.POLICY)
def _live(request: ApiRequest) -> str:
    """A light page of a figure, to be framed by any site."""
    return _page(request, "")


def _page(request: ApiRequest, name: str) -> str:
    return _kept_page(request.library, *_drawn(request), name, request.site, date.today())


def _drawn(request: ApiRequest) -> tuple[View, str]:
    """The view that is to be drawn and the language; a day that no data are known of is told."""
    view = request.reader.view({name: values for name, values in request.values.items() if name != "lang"})
    request.reader.day(view.known, "known")
    return view, request.one("lang") or "en"


@answers("/embed/sentence", _DRAWN_BY, "text/html", policy=embeds.POLICY)
def _sentence(request: ApiRequest) -> str:
    """What a view shows as a sentence with its source, to be framed by any site."""
    return embed_sentences.page(_embed(request.library, *_drawn(request)), request.site)


@answers("/api/v1/figure-key.pem", media="application/x-pem-file")
def _key(request: ApiRequest) -> str:
    """The public key with which figures that are made here are signed; `transparency verify --key` takes it."""
    return _signer().public_pem


@answers("/api/v1/figure-certificate.pem", media="application/x-pem-file")
def _certificate(request: ApiRequest) -> bytes:
    """The certificates of the Content Credentials in PNG files that are drawn here, for programs that are to trust them."""
    return credentials.certificates(_signer().private)


def _signer() -> signatures.Signer:
    signer = signatures.signer()
    if signer is None:
        raise NotFound("Figures are not signed here, for no key can be kept.", "The operator of this installation can give it one.")
    return signer


def _embed(library: Library, view: View, lang: str) -> embeds.Embed:
    return embeds.embed(view, library.data, library.complete(library.reader().day(view.known, "known")), lang)


@shared(max_size=PAGES_KEPT)
def _kept_page(library: Library, view: View, lang: str, name: str, site: str, day: date) -> str:
    # The day is that of the source line and of the comparison.
    shown = _embed(library, view, lang)
    frozen = None
    if name:
        frozen = embeds.Frozen(name, embeds.embed(embeds.as_known_today(shown), library.data, library.complete(None), lang, whole=True))
    return embeds.page(shown, site, day=day, frozen=frozen, card=card())


@answers("/embed/picture.svg", _DRAWN_BY, "image/svg+xml", policy=embeds.PICTURE_POLICY)
def _picture_svg(request: ApiRequest) -> str:
    """A figure as a picture."""
    return _svg(request.library, *_drawn(request), date.today())


@shared(max_size=PAGES_KEPT)
def _svg(library: Library, view: View, lang: str, day: date) -> str:
    return embeds.picture(_embed(library, view, lang))


@answers("/embed/picture.png", _DRAWN_BY, "image/png")
def _picture_png(request: ApiRequest) -> bytes:
    """A figure as a social card of 1200 by 630 pixels, where the server has a browser to draw it with."""
    try:
        return _png(request.library, *_drawn(request), date.today())
    except figures.Unfit as unfit:
        raise NotFound(str(unfit), "/embed/picture.svg has the same figure.") from None


@shared(max_size=PICTURES_KEPT)
def _png(library: Library, view: View, lang: str, day: date) -> bytes:
    table = library.complete(library.reader().day(view.known, "known"))
    return pictures.saved(
        figures.draw(figures.Figure(view, size="social", lang=lang), library.data, table=table), "png", library.data, table=table
    )


def card() -> str:
    """The ending of the picture that a card shows: PNG where a browser can draw it here, else SVG."""
    # Sites that show cards take no SVG; where no browser can draw a PNG it is still better than none.
    return "png" if _can_draw() else "svg"


@functools.cache
def _can_draw() -> bool:
    if find_spec("kaleido") is None:
        return False
    from choreographer.browsers.chromium import Chromium

    return Chromium.find_browser(skip_local=False) is not None


def _nothing(request: ApiRequest) -> str:
    raise NotFound("There is nothing at this address.", "/api/v1/openapi.json tells what there is.")


@answers("/api/v1/openapi.json", schema={"type": "object"})
def _openapi(request: ApiRequest) -> str:
    """This description."""
    return json.dumps(openapi.openapi(ENDPOINTS, request.site), ensure_ascii=False, indent=1)


_DATA = (_series_csv, _series_json, _rows_csv, _rows_json, _documents, _changes, _statements, _key, _certificate, _openapi)
ENDPOINTS = (*machines.ENDPOINTS, *_DATA, _live, _sentence, _picture_svg, _picture_png, _frozen)
"""Every address, in the order in which they are tried."""
