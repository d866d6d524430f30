"""The addresses for machines that read: every view, statement, document and profile, changes, definitions and gags as Markdown and JSON, and what tells them where those are."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from dashboard import statements
from dashboard.analysis.definitions import CONCEPTS
from dashboard.analysis.parameters import Parameter
from dashboard.answers import profiles
from dashboard.web import feeds, forms, markdown, queries
from dashboard.web.endpoints import ApiRequest, Endpoint
from dashboard.web.heads import SITE
from dashboard.web.pages import IN_PLAIN_FORM, PAGES

MARKDOWN = "text/markdown; charset=utf-8"
Form = Callable[[ApiRequest], dict]
_STATEMENT = Parameter("statement", "statement", "Which statement; without it all are listed.", "burt-written-2400-3500")
_DOCUMENT = Parameter("document", "document", "Which document; without it all are listed.", "microsoft/microsoft-lerr-2016-h1")
_REPORTER = Parameter("id", "reporter", "Which reporter.", "microsoft", is_needed=True)
_COUNTRY = Parameter("id", "requester", "Which country.", "DEU", is_needed=True)
_CHANGES = (
    Parameter("reporter", "reporter", "Whose editions; without it all reporters are counted.", "google"),
    Parameter("older", "document", "The earlier of two documents to compare."),
    Parameter("newer", "document", "The later of them."),
)
_DEFINITIONS = (
    Parameter("concept", "choice", "Which word; without it all.", "request", choices=dict.fromkeys(CONCEPTS, "")),
    Parameter("with", "reporter", "The reporter with whose definition the others are compared.", "google"),
)
_RECIPIENTS = Parameter("reporter", "reporter", "Whose letters; without it those of all recipients.", "google", is_several=True)


def _markdown(path: str, summary: str, parameters: tuple[Parameter, ...], form: Form) -> Endpoint:
    return Endpoint(path, summary, parameters, lambda request: markdown.page(form(request), request.site), MARKDOWN)


def _json(path: str, summary: str, parameters: tuple[Parameter, ...], form: Form) -> Endpoint:
    return Endpoint(
        path, summary, parameters, lambda request: json.dumps(form(request), ensure_ascii=False, allow_nan=False), schema={"type": "object"}
    )


def _llms(request: ApiRequest) -> str:
    site = request.site
    plain = [
        (f"{title} as Markdown", f"{site}{path}.md", f"the same, also with .json: {what}")
        for path, (title, what) in PAGES.items()
        if path in IN_PLAIN_FORM
    ]
    others = [
        ("The API", f"{site}/api/v1/openapi.json", "series, observations, documents and statements as CSV and JSON"),
        ("Tools", f"{site}/mcp", "the same as an MCP server: search, series, observations, compare, check a claim, verify a figure, cite"),
        (
            "New statements",
            f"{site}/feeds/statements.xml",
            "as an Atom feed; there are others for a reporter, a series and overdue reports",
        ),
    ]
    return "\n\n".join(
        [
            f"# {SITE}",
            f"> {PAGES['/'][1]} {forms.RANGE_RULE} {forms.MISSING_RULE}",
            "## Pages",
            markdown.contents(PAGES, site, []),
            "## For machines",
            markdown.contents({}, site, [*plain, *others]),
        ]
    )


def _robots(request: ApiRequest) -> str:
    # Embedded pictures and single runs of pages are for people who look; everything has a plain form that is cheap to read.
    return f"User-agent: *\nAllow: /\nDisallow: /_stcore/\nDisallow: /mcp\nSitemap: {request.site}/sitemap.xml\n"


def _sitemap(request: ApiRequest) -> str:
    site = request.site
    of = {
        ("/statements", "statement"): statements.bundled().statements["statement"],
        ("/reporter", "id"): profiles.reporters(request.library.data),
        ("/country", "id"): profiles.countries(request.library.data),
        ("/sources", "document"): request.library.data.documents["document"],
    }
    single = [f"{path}?{urlencode({name: value})}" for (path, name), values in of.items() for value in values]
    addresses = [f"{site}{path}" for path in (*PAGES, *single)]
    entries = "".join(f"<url><loc>{escape(address)}</loc></url>" for address in addresses)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>\n'


_PLAIN: dict[str, tuple[str, tuple[Parameter, ...], Form]] = {
    "/explore": ("A view with its rows, breaks, definitions and citation", queries.VIEW, forms.view),
    "/statements": ("Every statement, or one with its claims, readings and verdicts", (_STATEMENT,), forms.statement),
    "/sources": ("Every document, or one with its numbers and its citation", (_DOCUMENT,), forms.document),
    "/reporter": ("A reporter with its last numbers, rhythm, breaks and documents", (_REPORTER,), forms.reporter),
    "/country": ("A country as a requester, with the last number of each reporter", (_COUNTRY,), forms.country),
    "/changes": ("What later editions changed of numbers printed before", _CHANGES, forms.changes),
    "/definitions": ("What each reporter means by the same word, and how far two are alike", _DEFINITIONS, forms.definitions),
    "/gags": ("National security letters from issue to the end of their gag", (_RECIPIENTS,), forms.letters),
}


def _cited(request: ApiRequest) -> dict:
    chosen = {name: values for name, values in request.values.items() if name != "document"}
    form = forms.document(request) if request.one("document") else forms.view(replace(request, values=chosen))
    return {name: form[name] for name in ("title", "address", "data", "rules", "citation")}


_QUERY = Parameter("q", "text", "Words: names of reporters, countries, measures, speakers.", "google germany", is_needed=True)
_SENTENCE = Parameter(
    "text", "text", "A sentence with a number.", "Google got 50,000 requests from Germany in 2021.", is_needed=True, max_letters=2_000
)
ENDPOINTS = (
    _json(
        "/api/v1/search.json",
        "What a query hits among reporters, countries, series, measures, statements, definitions and documents, the closest first.",
        (_QUERY,),
        forms.search,
    ),
    _json(
        "/api/v1/check.json",
        "A sentence with a number held against the published series: what is understood, every reading's verdict with its arithmetic and cells.",
        (_SENTENCE,),
        forms.check,
    ),
    _json(
        "/api/v1/cite.json",
        "How a view, or a document where one is named, is cited: as text and for BibTeX, with its address and the rules of reading its numbers.",
        (_DOCUMENT, *queries.VIEW),
        _cited,
    ),
    *(_markdown(f"{path}.md", f"{what}, as Markdown.", parameters, form) for path, (what, parameters, form) in _PLAIN.items()),
    *(_json(f"{path}.json", f"{what}, as JSON.", parameters, form) for path, (what, parameters, form) in _PLAIN.items()),
    *feeds.ENDPOINTS,
    Endpoint("/llms.txt", "What there is here, for machines that read.", (), _llms, MARKDOWN),
    Endpoint("/robots.txt", "What machines may ask for.", (), _robots, "text/plain; charset=utf-8"),
    Endpoint("/sitemap.xml", "Every page, statement, reporter, country and document.", (), _sitemap, "application/xml"),
)
"""The addresses for machines that read."""
