"""Machines that read get what people see: the same ranges with their evidence, a head of its own for each page, feeds, and 404 for what is not there."""

import asyncio
import functools
import gzip
import html
import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard import catalog
from dashboard.analysis import bands, never, restatements, views
from dashboard.analysis.views import View
from dashboard.web import api, feeds, forms, markdown, pages, session

SHELL = "<!doctype html><html><head><title>Streamlit</title></head><body><noscript>No script.</noscript><div id='root'></div></body></html>"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def library():
    return session.bundled()


@functools.cache
def application() -> Starlette:
    """Our addresses before an application that answers all others with one page, compressed where that is taken, as Streamlit does."""
    shell = [
        Route("/_stcore/health", lambda request: PlainTextResponse("ok")),
        Route("/{path:path}", lambda request: HTMLResponse(SHELL, headers={"ETag": "x"})),
    ]
    middleware = [Middleware(pages.Pages, library=session.bundled, card=lambda: "svg"), Middleware(GZipMiddleware, minimum_size=1)]
    return Starlette(routes=[*api.routes(session.bundled), *shell], middleware=middleware)


def ask(address: str, accept: str = "text/html,*/*;q=0.8") -> tuple[int, dict[str, str], str]:
    """Status, headers and text of an answer."""
    path, _, query = address.partition("?")
    sent: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "root_path": "", "scheme": "https"}
    headers = [(b"host", b"example.org"), (b"accept", accept.encode()), (b"accept-encoding", b"gzip, br")]
    asyncio.run(application()(scope | {"server": ("example.org", 443), "headers": headers}, receive, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], told, (gzip.decompress(body) if told.get("content-encoding") == "gzip" else body).decode()


VIEWS = [
    View(reporter=("microsoft",), start="2016", end="2020"),
    View(reporter=("google", "apple"), requester=("DEU",), scale="day"),
    View(measure="accounts_specified", reporter=("microsoft",), type=("fisa_content",)),
    View(shape="ranking", of="google", period="2019 H2"),
]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: urlencode(view.query()))
def test_a_view_in_plain_form_has_the_ends_of_every_row_that_the_page_shows(library, view: View):
    form = json.loads(ask(f"/explore.json?{urlencode(view.query())}")[2])
    rows = views.rows_of(view, library.complete(None), library.data.population)
    ends = [(row["low"], row["high"]) for row in form["rows"]]
    expected = [
        (None if low != low else low, None if high != high or high == float("inf") else high)
        for low, high in zip(rows["low"], rows["high"], strict=True)
    ]
    assert ends == expected
    assert form["rules"] == [forms.RANGE_RULE, forms.MISSING_RULE]
    text = ask(f"/explore.md?{urlencode(view.query())}")[2]
    assert forms.RANGE_RULE in text and form["citation"]["text"] in text
    assert all(f"| {row['number']} |" in text.replace("\\", "") for row in form["rows"])


@pytest.mark.parametrize("path", pages.IN_PLAIN_FORM)
@pytest.mark.parametrize(
    ("accept", "media"), [("text/markdown", "text/markdown"), ("application/json", "application/json"), ("text/html", "text/html")]
)
def test_a_page_is_answered_in_the_form_that_is_preferred(path: str, accept: str, media: str):
    needed = {"/reporter": "?id=microsoft", "/country": "?id=DEU"}
    status, headers, _ = ask(path + needed.get(path, ""), accept)
    assert (status, headers["content-type"].partition(";")[0]) == (200, media)


PLAIN_FORMS = {
    "/country?id=DEU": lambda data, form: {row["reporter"] for row in form["rows"]} <= set(data.reporters["reporter"]) and form["rows"],
    "/changes": lambda data, form: form["changes"] == forms.records_of(restatements.by_publisher(data)),
    "/changes?reporter=google": lambda data, form: len(form["changes"]) == len(restatements.by_edition(data, "google")),
    "/definitions?concept=request&with=google": lambda data, form: (
        [row["likeness"] for row in form["definitions"] if row["reporter"] == "google"] == ["same"] and len(form["definitions"]) > 1
    ),
    "/gags?reporter=google": lambda data, form: form["summary"]["count"] == len(form["letters"]) > 0,
}


@pytest.mark.parametrize("address", PLAIN_FORMS)
def test_a_profile_changes_definitions_and_gags_in_plain_form_are_those_of_the_page(address: str):
    path, _, query = address.partition("?")
    form = json.loads(ask(f"{path}.json?{query}")[2])
    assert PLAIN_FORMS[address](catalog.bundled(), form)
    text = ask(f"{path}.md?{query}")[2]
    assert form["citation"]["text"] in text and forms.RANGE_RULE in text and "| --- |" in text


def test_two_documents_in_plain_form_have_every_number_that_is_not_the_same():
    older, newer = restatements.usual_pair(catalog.bundled(), "google")
    table = restatements.between(catalog.bundled(), older, newer)
    form = json.loads(ask(f"/changes.json?{urlencode({'older': older, 'newer': newer})}")[2])
    assert sum(form["counts"].values()) == len(table)
    assert len(form["changes"]) == min((table["change"] != "same").sum(), forms.MAX_ROWS)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/country.json?id=XXX", 400),
        ("/country.md?id=WLD", 404),
        ("/changes.json?older=microsoft/microsoft-lerr-2016-h1", 404),
        ("/changes.json?reporter=nobody", 400),
        ("/definitions.md?concept=nothing", 400),
        ("/definitions.json?concept=emergency&with=odni", 404),
        ("/gags.json?reporter=snap", 404),
    ],
)
def test_a_plain_form_of_what_is_not_there_says_so_and_what_to_ask_instead(address: str, status: int):
    answered, _, text = ask(address)
    assert answered == status and all(json.loads(text)[name] for name in ("error", "instead"))


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "html"),
        ("*/*", "html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("application/json;q=0.9,text/html", "html"),
        ("application/json", "json"),
        ("text/markdown, text/html;q=0.5", "md"),
        ("application/ld+json", "json"),
        ("text/html;q=0.1, application/json;q=0.2", "json"),
        ("nonsense;;q=x", "html"),
    ],
)
def test_what_is_preferred_is_read_from_the_weights(accept: str, form: str):
    assert pages.preferred(accept) == form


@given(st.text())
def test_no_text_of_anothers_making_breaks_out_of_a_cell_of_a_table(text: str):
    line = markdown.table([{"what": text, "other": "x"}]).splitlines()
    assert len(line) == 3
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line[2])) == 3


class Head(HTMLParser):
    """What stands in a head: texts of elements, and the attributes of metas and links."""

    def __init__(self, text: str):
        super().__init__()
        self.metas: dict[str, str] = {}
        self.links: list[dict] = []
        self.texts: dict[str, str] = {}
        self.open = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        # The script that names the server is no data.
        self.open = "script to run" if tag == "script" and "type" not in values else tag
        if tag == "meta":
            self.metas[values.get("name") or values.get("property", "")] = values.get("content", "")
        if tag == "link":
            self.links.append(values)

    def handle_data(self, data):
        self.texts[self.open] = self.texts.get(self.open, "") + data


@pytest.mark.parametrize("path", pages.PAGES)
def test_every_page_has_a_head_of_its_own(path: str):
    status, headers, text = ask(path)
    head = Head(text)
    assert status == 200 and "etag" not in headers
    assert head.texts["title"] == f"{pages.PAGES[path][0]} · {pages.SITE}" or path in ("/explore", "/figure")
    assert head.metas["description"] and head.metas["og:title"] == head.texts["title"]
    assert json.loads(head.texts["script"])["@type"] == "Dataset"
    assert ("JavaScript" in text) and "Streamlit" not in head.texts["title"]


def test_the_head_of_a_view_names_the_view_and_shows_its_picture():
    head = Head(ask("/explore?reporter=microsoft&requester=DEU")[2])
    assert head.texts["title"].startswith("Requests, Microsoft, Germany")
    assert head.metas["og:image"] == "https://example.org/embed/picture.svg?reporter=microsoft&requester=DEU"
    linked = json.loads(head.texts["script"])
    assert linked["distribution"][0]["contentUrl"] == "https://example.org/api/v1/observations.csv?reporter=microsoft&requester=DEU"
    assert forms.RANGE_RULE in linked["description"]
    assert {link.get("type") for link in head.links} >= {"text/markdown", "application/json", "application/atom+xml"}


# Names that a page knows and its plain form does not are in one of them.
ADDRESSES = [
    *pages.PAGES,
    "/explore?reporter=google&requester=DEU&x=1",
    "/explore?reporter=nobody&measure=nothing&start=never",
    "/statements?topic=china&q=a",
    "/statements?statement=burt-written-2400-3500",
    "/reporter?id=microsoft",
    "/country?id=DEU",
    "/sources?q=google&publisher=Google",
    "/sources?document=microsoft/microsoft-lerr-2016-h1",
    "/changes?reporter=google&since=2020-01-01",
    "/definitions?concept=request&with=google",
    "/gags?reporter=google",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_that_a_head_gives_for_machines_answers(address: str):
    status, _, text = ask(address)
    others = [link["href"] for link in Head(text).links if link.get("type") in ("text/markdown", "application/json")]
    in_text = re.search(r'<noscript>.*?href="(.*?)"', text)[1]
    assert status == 200 and bool(others) == (in_text != "https://example.org/llms.txt")
    if picture := Head(text).metas.get("og:image"):
        others += [picture, *(one["contentUrl"] for one in json.loads(Head(text).texts["script"])["distribution"])]
    assert {ask(html.unescape(other).removeprefix("https://example.org"))[0] for other in [*others, in_text]} == {200}


@pytest.mark.parametrize("address", sorted(f"{path}?{name}=nobody" for path, name in pages.SINGLE))
def test_what_is_published_nowhere_is_not_found_and_an_address_that_names_nothing_is(address: str):
    assert ask(address)[0] == 404
    assert ask(address.removesuffix("nobody"))[0] == 200


@pytest.mark.parametrize("query", ["&".join(["a=1"] * 401), "&" * 7_999, "a" * 8_001])
def test_a_query_that_is_longer_than_any_that_is_answered_is_left_out_of_the_head(query: str):
    status, _, text = ask(f"/explore?{query}")
    assert status == 200 and query not in text


def test_the_head_of_a_statement_is_its_claim_review():
    head = Head(ask("/statements?statement=burt-written-2400-3500")[2])
    assert head.texts["title"].startswith("Tom Burt")
    assert {one["@type"] for one in json.loads(head.texts["script"])["@graph"]} == {"ClaimReview"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(list(pages.PAGES)),
    st.lists(st.tuples(st.sampled_from(["reporter", "id", "statement", "scale", "q", "start"]), st.text(max_size=20)), max_size=3),
)
def test_whatever_an_address_holds_its_head_is_one_head(path: str, query: list[tuple[str, str]]):
    status, _, text = ask(f"{path}?{urlencode(query, errors='replace')}")
    assert status in (200, 404)
    assert len(re.findall("<title>", text)) == len(re.findall("application/ld.json", text)) == 1
    json.loads(Head(text).texts["script"])


@pytest.mark.parametrize("path", ["/nothing", "/mcp.txt", "/explore/x", "/feed.xml", "/index.html", "/wp-login.php", "/_stcore/nothing"])
def test_an_address_without_a_page_is_not_found(path: str):
    assert ask(path)[0] == 404
    status, _, text = ask(path, "application/json")
    assert status == 404 and json.loads(text)["instead"]


def test_what_is_no_page_passes_as_it_is():
    assert ask("/_stcore/health")[::2] == (200, "ok")


def test_every_page_has_its_script_and_every_script_is_a_page_or_read_by_one():
    folder = Path(pages.__file__).parents[1] / "app_pages"
    scripts = {file.stem: file.read_text("utf-8") for file in folder.glob("*.py")}
    assert set(pages.TABLE) <= set(scripts)
    others = set(scripts) - set(pages.TABLE) - {"__init__"}
    everything = "".join([*scripts.values(), (folder.parent / "app.py").read_text("utf-8")])
    assert all(re.search(rf"import .*\b{name}\b|app_pages\.{name}\b", everything) for name in others)


FEEDS = [
    "statements.xml",
    "overdue.xml",
    "never.xml",
    "versions.xml",
    "documents.xml",
    "corrections.xml",
    "reporter.xml?id=google",
    "series.xml?reporter=google&requester=DEU&measure=requests",
]


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_is_sound_atom_with_the_newest_first_and_one_entry_for_each_thing(feed: str):
    status, headers, text = ask(f"/feeds/{feed}")
    root = ElementTree.fromstring(text)
    entries = root.findall(f"{ATOM}entry")
    names, days = ([entry.find(f"{ATOM}{tag}").text for entry in entries] for tag in ("id", "updated"))
    assert status == 200 and headers["content-type"].startswith("application/atom+xml")
    assert root.tag == f"{ATOM}feed" and entries
    assert len(set(names)) == len(names)
    assert days == sorted(days, reverse=True)
    assert root.find(f"{ATOM}updated").text == days[0]
    assert all(entry.find(f"{ATOM}link").get("href").startswith("https://example.org/") for entry in entries)


@given(
    st.lists(st.dates(date(2000, 1, 1), date(2030, 1, 1)), max_size=8), st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.text(max_size=10)
)
def test_a_feed_since_a_day_has_what_is_known_from_it_on_and_is_sound_whatever_its_texts(days: list[date], since: date, words: str):
    entries = [feeds.Entry(f"{place}{words}", words, "/explore?a=1&b=2", f"{day}", words) for place, day in enumerate(days)]
    root = ElementTree.fromstring(feeds.atom(words, "/feeds/x.xml?a=1&b=2", "https://example.org", entries, f"{since}"))
    assert len(root.findall(f"{ATOM}entry")) == sum(day >= since for day in days)


def test_the_pages_of_a_feed_have_every_entry_once(library):
    address, met, count = "/feeds/documents.xml?since=2015-01-01", [], 0
    while address:
        root = ElementTree.fromstring(ask(address)[2])
        met += [entry.find(f"{ATOM}id").text for entry in root.findall(f"{ATOM}entry")]
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
        assert ("previous" in links) == bool(count)
        address, count = links.get("next", "").removeprefix("https://example.org"), count + 1
    known = library.data.documents["known_from"] >= "2015-01-01"
    assert len(met) == len(set(met)) == known.sum() and count == -(-known.sum() // feeds.MAX_ENTRIES)


@pytest.mark.parametrize("page", ["0", "-1", "two", "1.5"])
def test_a_page_of_a_feed_is_a_whole_number(page):
    status, _, text = ask(f"/feeds/documents.xml?page={page}")
    assert status == 400 and page in text


def test_the_map_of_the_site_leads_to_every_statement_and_reporter():
    text = ask("/sitemap.xml")[2]
    ElementTree.fromstring(text)
    data = catalog.bundled()
    assert all(f"/reporter?id={reporter}<" in text for reporter in data.observations["reporter"].unique())
    assert "/statements?statement=burt-written-2400-3500<" in text
    assert text.count("/sources?document=") == len(data.documents)


def test_bands_printed_anew_lower_ends_by_logic_and_what_never_came_are_told_to_machines():
    whole, one = (json.loads(ask(f"/changes.json{query}")[2]) for query in ("", "?reporter=verizon"))
    data = catalog.bundled()
    assert (len(whole["bands"]), len(whole["derived"])) == (len(bands.history(data)), len(bands.by_logic(data)))
    assert one["bands"] == [step for step in whole["bands"] if step["reporter"] == "verizon"] != []
    assert all(row["low"] == 0 and row["derived_low"] == 1 for row in whole["derived"])
    told = never.noughts(data)["reporter"].value_counts()
    form = json.loads(ask(f"/reporter.json?id={told.index[0]}")[2])
    assert len(form["never_received"]) == told.iloc[0] and all(one["cell"] for one in form["never_received"])
    assert form["never_received"][0]["says"] in ask(f"/reporter.md?id={told.index[0]}")[2]


def test_machines_are_told_what_there_is():
    text = ask("/llms.txt")[2]
    assert forms.RANGE_RULE in text
    assert all(f"https://example.org{path})" in text for path in pages.PAGES)
    assert "Sitemap: https://example.org/sitemap.xml" in ask("/robots.txt")[2]


@pytest.mark.parametrize(("headers", "status"), [({"Content-Disposition": 'attachment; filename="figure.html"'}, 200), ({}, 404)])
def test_html_that_is_handed_over_as_a_file_is_no_page_and_comes_as_it_is(headers, status):
    async def handed_over(scope, receive, send):
        await HTMLResponse("<p>A figure</p>", headers=headers)(scope, receive, send)

    client = TestClient(pages.Pages(handed_over, catalog.bundled, lambda: "svg"))
    answer = client.get("/media/abc.html")
    assert (answer.status_code, answer.text == "<p>A figure</p>") == (status, status == 200)


def test_what_a_plain_form_or_a_feed_leaves_out_is_named(library, monkeypatch):
    name = library.data.observations["document"].value_counts().index[0]
    every = int((library.data.observations["document"] == name).sum())
    assert every > forms.MAX_ROWS
    form = json.loads(ask(f"/sources.json?{urlencode({'document': name})}")[2])
    assert len(form["rows"]) == forms.MAX_ROWS and form["left_out"].startswith(f"{every - forms.MAX_ROWS:,} more rows")
    assert form["left_out"] in ask(f"/sources.md?{urlencode({'document': name})}")[2]
    assert "left_out" not in json.loads(ask("/explore.json")[2])
    feed = ask("/feeds/documents.xml")[2]
    assert f"{len(library.data.documents) - feeds.MAX_ENTRIES:,} older entries are on later pages." in feed
