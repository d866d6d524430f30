"""Hostile words of a publisher, a document, a sheet and a file leave through every export and are opened: nothing runs, and nothing is asked for."""

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import openpyxl
import pytest
from markdown_it import MarkdownIt
from pypdf import PdfReader
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard import figures
from dashboard.analysis.views import View
from dashboard.display import downloads
from dashboard.figures import Figure, briefs, evidence, pictures
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.problem_files import as_json, as_workbook
from dashboard.reports.problems import Problem
from dashboard.web import api, embeds, pages, tools
from dashboard.web.library import Library

pytestmark = pytest.mark.browser
OUTSIDE = "outside.example"
HOSTILE = (
    f"=HYPERLINK(\"http://{OUTSIDE}/cell\") '\"></title></style></metadata></script>]]>--><script>fetch('http://{OUTSIDE}/ran')</script>"
    f"<img src=http://{OUTSIDE}/picture onerror=\"fetch('http://{OUTSIDE}/error')\"><svg onload=\"fetch('http://{OUTSIDE}/load')\">"
    f"<style>@import 'http://{OUTSIDE}/style'; *{{background:url(http://{OUTSIDE}/ground)}}</style><base href=http://{OUTSIDE}/>"
    f'<iframe src=http://{OUTSIDE}/frame></iframe><?xml-stylesheet href="http://{OUTSIDE}/sheet"?>&x; ![x](http://{OUTSIDE}/mark)'
    f" [x](javascript:fetch('http://{OUTSIDE}/link')) www.{OUTSIDE} http://{OUTSIDE}/plain | `x` $x^2$ {{{{7*7}}}}"
)
SHELL = "<!doctype html><html><head><title>x</title></head><body><noscript>x</noscript></body></html>"
KINDS = {
    "svg": "image/svg+xml",
    "html": "text/html",
    "png": "image/png",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "xlsx": "application/xlsx",
    "json": "application/json",
}
SITE = "http://site.example"


@pytest.fixture
def hostile(catalog_of) -> Library:
    """A catalog in which every word that others wrote is hostile."""
    data = catalog_of("""
        reporter  requester period  value document
        google    DEU       2019_H1 5     first
        google    DEU       2019_H2 0-499 first
        google    USA       2019_H1 9     first
        google    DEU       2019_H1 6     second
        microsoft DEU       2019_H1 7     third
        """)
    documents = data.documents.assign(
        title=HOSTILE, edition=HOSTILE, note=HOSTILE, licence=HOSTILE, url=f"javascript:fetch('http://{OUTSIDE}/url')"
    )
    documents.loc[documents["document"] == "second", ["known_from", "replaces"]] = ["2021-01-01", "first"]
    return Library(
        replace(
            data,
            observations=data.observations.assign(cell=f"{HOSTILE}!B2", printed=HOSTILE),
            documents=documents,
            reporters=data.reporters.assign(name=f"{HOSTILE} " + data.reporters["name"]),
            _as_known={},
        )
    )


def exports(library: Library) -> Iterator[tuple[str, str, bytes]]:
    """Every file that leaves: its name, its media type and its bytes."""
    asked = {
        "reporter": "google",
        "requester": "DEU",
        "document": "first",
        "id": "google",
        "older": "first",
        "newer": "second",
        "q": HOSTILE[:80],
    }
    shell = Route("/{path:path}", lambda request: HTMLResponse(SHELL))
    middleware = [Middleware(pages.Pages, library=lambda: library, card=lambda: "svg")]
    client = TestClient(Starlette(routes=[*api.routes(lambda: library), shell], middleware=middleware), base_url=SITE)
    drawn = Figure(View(reporter=("google", "microsoft"), requester=("DEU",)), size="300x300", title=HOSTILE, note=HOSTILE, byline=HOSTILE)
    for endpoint in api.ENDPOINTS:
        known = {parameter.name for parameter in endpoint.parameters}
        query = {name: value for name, value in asked.items() if name in known}
        query |= {one.name: one.example for one in endpoint.parameters if one.is_needed and one.name not in query}
        answer = client.get(endpoint.path.replace("{name}", "google"), params=query)
        yield endpoint.path, answer.headers["content-type"], answer.content
    for path in pages.PAGES:
        yield path, "text/html", client.get(path, params={**asked, "title": HOSTILE}, headers={"Accept": "text/html"}).content
    for tool in ("search", "series", "observations", "compare", "check_claim", "cite"):
        arguments = {"q": "google"} if tool == "search" else {"text": f"Google got 5 requests from Germany in 2019. {HOSTILE[:300]}"}
        if tool not in ("search", "check_claim"):
            arguments = {"reporter": "google", "requester": "DEU"} | ({"measure": "requests"} if tool == "series" else {})
        text, _ = tools.answered(tool, arguments, lambda: library, SITE)
        yield f"mcp/{tool}.json", "application/json", text.encode()
    table = library.complete(None)
    drawing = figures.draw(drawn, library.data, table=table)
    files = {kind: pictures.saved(drawing, kind, library.data, table=table) for kind in pictures.KINDS}
    for kind, content in files.items():
        yield f"figure.{kind}", KINDS[kind], content
    # Verified for a machine that reads: as it was drawn, with a cell forged to hostile words, and a file of hostile words alone.
    svg = files["svg"]
    for status, content in (("current", svg), ("altered", svg.replace(b"B2", HOSTILE[:30].encode())), ("no record", HOSTILE.encode())):
        arguments = {"file": base64.b64encode(content).decode(), "name": f"{HOSTILE[:60]}.svg"}
        text, _ = tools.answered("verify_figure", arguments, lambda: library, SITE)
        assert json.loads(text)["status"] == status
        yield f"mcp/verify_figure/{status}.json", "application/json", text.encode()
    yield "everything.zip", "application/zip", pictures.everything(drawing, library.data, files, table=table, address=SITE)
    for kind in briefs.KINDS:
        yield f"brief.{kind}", f"application/{kind}", briefs.brief([drawing], kind, library.data, lambda day: table, files=[files])
    yield "record.json", "application/json", evidence.text_of(evidence.record(drawing, library.data, table=table)).encode()
    shown = embeds.embed(drawn.view, library.data, table)
    yield "snippet.html", "text/html", embeds.snippet(shown, SITE).encode()
    yield "rows.xlsx", "application/xlsx", downloads.xlsx(table[table["document"] == "first"], library.data, {"title": HOSTILE})
    sheet = Sheet(HOSTILE[:30], [[HOSTILE, "Requests"], [HOSTILE, "-4"]], [1, 2])
    problem = Problem("error", "negative_value", HOSTILE, HOSTILE, f"{HOSTILE[:30]}!B2", HOSTILE, 2, HOSTILE)
    file = File(f"{HOSTILE[:60]}.csv", "0" * 64, "csv", sheets=[sheet])
    yield "problems.xlsx", "application/xlsx", as_workbook(file, [problem])
    yield "problems.json", "application/json", as_json(file.name, file.sha256, [problem], "refused", HOSTILE).encode()


def opened(name: str, media: str, data: bytes) -> Iterator[tuple[str, str, bytes]]:
    """A file as a browser opens it: Markdown as the page it makes, the files of an archive one by one; what no browser opens is looked into here."""
    kind = media.partition(";")[0].rpartition("/")[2]
    if kind == "zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                ending = member.rpartition(".")[2]
                media = {"svg": "image/svg+xml", "html": "text/html", "png": "image/png", "csv": "text/csv"}.get(
                    ending, f"application/{ending}"
                )
                yield from opened(f"{name}/{member}", media, archive.read(member))
    elif kind == "xlsx":
        for sheet in openpyxl.load_workbook(io.BytesIO(data)):
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                text = cell.value if isinstance(cell.value, str) else ""
                assert cell.data_type != "f" and (cell.quotePrefix or not text.startswith(("=", "+", "-", "@"))), (name, cell.coordinate)
                assert cell.hyperlink is None or OUTSIDE not in str(cell.hyperlink.target), (name, cell.coordinate)
    elif kind == "csv":
        assert not any(line.startswith(("=", '"=')) or ",=" in line or ',"=' in line for line in data.decode("utf-8-sig").splitlines()), (
            name
        )
    elif kind == "pdf":
        reader = PdfReader(io.BytesIO(data))
        text = repr([page.get_object() for page in reader.pages]) + repr(reader.trailer["/Root"])
        assert not any(word in text for word in ("/JavaScript", "/JS", "/Launch", "/URI", "/OpenAction")), name
    elif kind == "markdown":
        page = MarkdownIt("commonmark", {"html": True}).enable("table").render(data.decode())
        assert '<a href="javascript' not in page, name
        yield name, "text/html", page.encode()
    else:
        yield name, media, data


def test_hostile_words_run_nothing_and_ask_for_nothing_in_any_export(hostile, browser):
    files = [each for export in exports(hostile) for each in opened(*export)]
    assert {name.rpartition(".")[2] for name, _, _ in files} >= {"html", "svg", "png", "json", "md", "xml", "txt"}
    requested, said = [], []
    context = browser.new_context()
    try:
        page = context.new_page()
        page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        content = {}
        context.route("**/*", lambda route: route.fulfill(**content) if route.request.url == f"{SITE}/file" else route.abort())
        context.on("request", lambda request: requested.append(request.url))
        for name, media, data in files:
            content = {"status": 200, "content_type": media, "body": data}
            try:
                page.goto(f"{SITE}/file")
            except Exception as error:  # a kind that no browser opens is saved instead
                assert "Download is starting" in str(error) and not media.startswith(("text/html", "image/", "application/json")), (
                    name,
                    media,
                )
            page.wait_for_timeout(20)
            outside = [url for url in requested if OUTSIDE in url]
            assert (outside, said) == ([], []), name
    finally:
        context.close()


def test_what_would_run_is_noticed(browser):
    context = browser.new_context()
    requested = []
    try:
        context.route(
            "**/*",
            lambda route: (
                route.fulfill(body=f"<p>{HOSTILE}", content_type="text/html") if route.request.url == f"{SITE}/" else route.abort()
            ),
        )
        context.on("request", lambda request: requested.append(request.url))
        page = context.new_page()
        page.goto(f"{SITE}/")
        page.wait_for_timeout(200)
        assert sum(OUTSIDE in url for url in requested) >= 4
    finally:
        context.close()
