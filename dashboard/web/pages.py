"""The pages as machines meet them: their titles and descriptions, what stands in the head of each without a script, and what is not there.

Streamlit answers every address with the same empty page. Here a page's address is answered with its own head, in Markdown or JSON where
that is preferred, and any other address with 404.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import tomllib
from collections.abc import Callable, Collection
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import statements
from dashboard.analysis import views
from dashboard.analysis.parameters import with_query
from dashboard.analysis.views import View
from dashboard.answers import profiles
from dashboard.display import sentences as words
from dashboard.statements import claimreview
from dashboard.web import forms, heads
from dashboard.web.endpoints import site_of
from dashboard.web.heads import SITE
from dashboard.web.library import Library
from dashboard.web.queries import LONGEST_QUERY, MOST_VALUES

TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
"""Every page by the name of its script, in the order of the navigation; the first lies at the root."""
PATHS = {name: f"/{name if number else ''}" for number, name in enumerate(TABLE)}
PAGES = {PATHS[name]: (page["title"], page["what"]) for name, page in TABLE.items()}
"""Every page by its path: its title and what is there."""
IN_PLAIN_FORM = {PATHS[name]: tuple(page["plain"]) for name, page in TABLE.items() if "plain" in page}
"""Pages that are also there as Markdown and as JSON, at the same path with `.md` or `.json`, with what may be asked of that form (of Explore, a view)."""
SINGLE: dict[tuple[str, str], Callable[[Library], Collection[str]]] = {
    ("/statements", "statement"): lambda library: set(statements.bundled().statements["statement"]),
    ("/reporter", "id"): lambda library: profiles.reporters(library.data),
    ("/country", "id"): lambda library: profiles.countries(library.data),
    ("/sources", "document"): lambda library: set(library.data.documents["document"]),
}
"""What is shown one by one: for each page, and the parameter that names one, the names of all that are published."""
BASE_SCRIPT = "window.__streamlit={BACKEND_BASE_URL:new URL(document.currentScript.dataset.base,location.href).href}"
"""The script that tells Streamlit's page where its server is: left alone it asks at the page's own address first, which is answered with 404."""
STYLE, SCRIPT = (Path(__file__).resolve().parents[1] / "static" / name for name in ("page.css", "page.js"))
"""What every page of this site looks like and does beyond what Streamlit's do."""
_OWN_HTML = ("/embed/", "/api/")
_PLAIN_STYLE = "body{font:1rem/1.6 'Source Sans',system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}"
_HEADS_AT_ONCE = CapacityLimiter(2)


class Pages:
    """Answers the address of a page with a head of its own, in the form that is preferred, and an address without a page with 404."""

    def __init__(self, app: ASGIApp, library: Callable[[], Library], card: Callable[[], str]) -> None:
        self.app, self.library, self.card = app, library, card

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        form = preferred(Headers(scope=scope).get("accept", ""))
        if path in IN_PLAIN_FORM and form != "html":
            await self.app(scope | {"path": f"{scope['path']}.{form}"}, receive, send)
            return
        if f"{path}/".startswith(_OWN_HTML):
            await self.app(scope, receive, send)
            return
        answer = _HtmlAnswer(send)
        # A page that comes compressed has no head to write in; what leaves is compressed further out.
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self.app(scope | {"headers": plain}, receive, answer.take)
        if answer.is_html:
            response = await self._page(Request(scope), path, answer) if path in PAGES else self._not_found(Request(scope), form)
            await response(scope, receive, send)

    async def _page(self, request: Request, path: str, answer: _HtmlAnswer) -> Response:
        head, text, is_there = await to_thread.run_sync(self._made, path, request, limiter=_HEADS_AT_ONCE)
        head += f'<script data-base="{html.escape(request.scope.get("root_path", ""))}/">{BASE_SCRIPT}</script>'
        page = re.sub(r"<title>.*?</title>", lambda _: head, answer.body.decode("utf-8"), count=1, flags=re.DOTALL)
        page = re.sub(r"<noscript>.*?</noscript>", lambda _: text, page, count=1, flags=re.DOTALL)
        page = page.replace("</body>", f"{_dress(request.scope.get('root_path', ''))}</body>")
        headers = {name: value for name, value in answer.headers.items() if name not in ("content-length", "etag", "last-modified")}
        # Of what is published nowhere the page says so itself, or shows to its owner what is kept; a machine is told by the status.
        return Response(page, 200 if is_there else 404, headers | {"Vary": "Accept"}, media_type="text/html")

    def _made(self, path: str, request: Request) -> tuple[str, str, bool]:
        library, query, site = self.library(), request.url.query, site_of(request)
        text = _without_script(path, query, library, site)
        return head(path, query, library, site, self.card(), date.today()), text, is_there(path, query, library)

    def _not_found(self, request: Request, form: str) -> Response:
        if form == "json":
            return JSONResponse({"error": "There is nothing at this address.", "instead": "/llms.txt tells what there is."}, 404)
        site = site_of(request)
        links = "".join(f'<li><a href="{site}{path}">{title}</a></li>' for path, (title, _) in PAGES.items())
        return HTMLResponse(
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f'<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><style>{_PLAIN_STYLE}</style>'
            f"<title>Nothing here · {SITE}</title></head><body><main><h1>There is nothing at this address</h1>"
            f"<p>These pages are there:</p><ul>{links}</ul></main></body></html>",
            404,
        )


def names() -> list[str]:
    """The paths of the pages without the slash before them."""
    return [path.removeprefix("/") for path in PAGES]


def _dress(prefix: str) -> str:
    # Behind what Streamlit writes into the head, so that of two equally strong rules ours holds.
    static = f"{html.escape(prefix)}/app/static"
    return (
        f'<link rel="stylesheet" href="{static}/{STYLE.name}?{_version(STYLE)}">'
        f'<script type="module" src="{static}/{SCRIPT.name}?{_version(SCRIPT)}" data-pages="{" ".join(names())}"></script>'
    )


@cache
def _version(file: Path) -> str:
    # In the address, so that a browser that keeps the file asks for a changed one.
    return hashlib.sha256(file.read_bytes()).hexdigest()[:8]


def preferred(accept: str) -> str:
    """`html`, `md` or `json`: what an Accept header names with the most weight; HTML where it names none of them or all alike."""
    weights = {"html": 0.0, "md": 0.0, "json": 0.0}
    names = {
        "text/html": "html",
        "application/xhtml+xml": "html",
        "text/markdown": "md",
        "application/json": "json",
        "application/ld+json": "json",
    }
    for one in accept.lower().split(","):
        media, _, options = one.partition(";")
        weight = re.search(r"q\s*=\s*([01](?:\.\d{0,3})?)", options)
        if form := names.get(media.strip()):
            weights[form] = max(weights[form], float(weight[1]) if weight else 1.0)
    best = max(weights, key=lambda form: weights[form])
    return best if weights[best] > weights["html"] else "html"


def is_there(path: str, query: str, library: Library) -> bool:
    """Whether an address names nothing that is published nowhere."""
    values = _values(query)
    wanted = [(values[name][-1], names) for (page, name), names in SINGLE.items() if page == path and name in values]
    return all(not value or value in names(library) for value, names in wanted)


def head(path: str, query: str, library: Library, site: str, card: str, day: date) -> str:
    """What stands in the head of a page: title, description, address, picture, other forms, and what it is in the words of schema.org."""
    title, description = PAGES[path]
    values = _values(query)
    picture, linked = "", _dataset(library, site, "Government requests for user data, as published", PAGES["/"][1], f"{site}/", "")
    if path in ("/explore", "/figure"):
        view, problems = View.read(values, library.reader().known)
        parameters = urlencode(view.query())
        picture = f"{site}/embed/picture.{card}?{parameters}"
        if not problems:
            title, description = _of_view(view, library, title, description)
            linked = _dataset(library, site, title, description, with_query(f"{site}{path}", parameters), parameters)
    elif path == "/statements" and (name := values.get("statement", [""])[-1]):
        entries = statements.bundled().statements
        if (entries["statement"] == name).any():
            entry = entries.set_index("statement").loc[name]
            title, description = f"{entry['speaker']}, {entry['date']}", entry["says"]
            linked = claimreview.reviews(statements.bundled(), library.verdicts_of(name), site=site, day=day)
    elif path == "/reporter" and (name := values.get("id", [""])[-1]) in set(library.data.reporters["reporter"]):
        title = library.names.reporter(name)
    elif path == "/country" and (name := values.get("id", [""])[-1]) in profiles.countries(library.data):
        title = library.names.requester(name)
    address = with_query(f"{site}{path}", query if values else "")
    whole = f"{title} · {SITE}"
    tags = [f"<title>{html.escape(whole)}</title>", heads.card(whole, description, address, picture=picture)]
    for form, media in (("md", "text/markdown"), ("json", "application/json")):
        if other := _in_plain_form(site, path, values, library, form):
            tags.append(heads.link("alternate", other, media))
    tags += [heads.link("alternate", f"{site}/feeds/statements.xml", "application/atom+xml")]
    # Data, not a script: no browser runs it. A text in it must not end its element.
    tags.append(f'<script type="application/ld+json">{json.dumps(linked, ensure_ascii=False).replace("<", chr(92) + "u003c")}</script>')
    return "".join(tags)


def _in_plain_form(site: str, path: str, values: dict[str, list[str]], library: Library, form: str) -> str:
    # The same address in another form, with what that form understands; blank where there is none, as of a profile without a name.
    if path == "/explore":
        query = View.read(values, library.reader().known)[0].query()
    else:
        query = [(name, values[name]) for name in IN_PLAIN_FORM.get(path, ()) if values.get(name)]
    return with_query(f"{site}{path}.{form}", query) if query or "id" not in IN_PLAIN_FORM.get(path, ("id",)) else ""


def _values(query: str) -> dict[str, list[str]]:
    # Nothing of a query that is longer than any that is answered.
    is_short = len(query) <= LONGEST_QUERY and query.count("&") < MOST_VALUES
    return parse_qs(query, keep_blank_values=True) if is_short else {}


def _of_view(view: View, library: Library, title: str, description: str) -> tuple[str, str]:
    rows = views.rows_of(view, library.complete(view.known_on), library.data.population)
    if rows["low"].notna().sum() == 0:
        return title, description
    names = library.names
    shown = words.title(rows, names, words.scale_words(view, rows, names))
    if rows["reporter"].nunique() > 1:
        shown = f"{shown}: {', '.join(map(names.reporter, rows['reporter'].unique()))}"
    return shown, words.sentences(rows, names, view.shape, view.is_scaled)[0]


def _dataset(library: Library, site: str, title: str, description: str, address: str, query: str) -> dict:
    spans = library.data.observations
    forms_of = [("text/csv", "csv"), ("application/json", "json")]
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": title,
        "description": f"{description} {forms.RANGE_RULE}",
        "url": address,
        "version": library.data.version,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": SITE, "url": f"{site}/"},
        "temporalCoverage": f"{spans['period_start'].min():%Y-%m-%d}/{spans['period_end'].max():%Y-%m-%d}",
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": media,
                "contentUrl": f"{site}/api/v1/observations.{form}" + (f"?{query}" if query else "?reporter=google"),
            }
            for media, form in forms_of
        ],
    }


def _without_script(path: str, query: str, library: Library, site: str) -> str:
    other = _in_plain_form(site, path, _values(query), library, "md") or f"{site}/llms.txt"
    title, what = PAGES[path]
    return f'<noscript><h1>{title}</h1><p>{what}</p><p>This page needs JavaScript. <a href="{html.escape(other)}">The same as text</a>.</p></noscript>'


class _HtmlAnswer:
    """Takes the answer of the application: a page of HTML is held back, anything else goes on as it comes."""

    def __init__(self, send: Send) -> None:
        self.send, self.is_html, self.body, self.headers = send, False, b"", MutableHeaders()

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.headers = MutableHeaders(raw=list(message["headers"]))
            # A file that is handed over to be saved, like a figure as HTML, is no page.
            is_file = "content-disposition" in self.headers
            self.is_html = message["status"] == 200 and not is_file and self.headers.get("content-type", "").startswith("text/html")
        if not self.is_html:
            await self.send(message)
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
