"""The addresses for machines that read: every view, statement, document and profile, changes, definitions and gags as Markdown and JSON, and what tells them where those are."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from dashboard.analysis.definitions import CONCEPTS
from dashboard.analysis.parameters import Parameter
from dashboard.web import feeds, forms, markdown, queries
from dashboard.web.endpoints import ApiRequest, Endpoint, answers
from dashboard.web.heads import SITE
from dashboard.web.pages import IN_PLAIN_FORM, PAGES, SINGLE

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


def _markdown(path: str, parameters: tuple[Parameter, ...], form: Form) -> Endpoint:
    return Endpoint(
        path, lambda request: markdown.page(form(request), request.site), _description(form, " As Markdown."), parameters, MARKDOWN
    )


def _json(path: str, parameters: tuple[Parameter, ...], form: Form, ending: str = "") -> Endpoint:
    return Endpoint(
        path,
        lambda request: json.dumps(form(request), ensure_ascii=False, allow_nan=False),
        _description(form, ending),
        parameters,
        schema={"type": "object"},
    )


def _description(form: Form, ending: str = "") -> str:
    # What a form holds, in its own words, and how it is written.
    return form.__doc__.partition("\n")[0] + ending


@answers("/llms.txt", media=MARKDOWN)
def _llms(request: ApiRequest) -> str:
    """What there is here, for machines that read."""
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


@answers("/robots.txt", media="text/plain; charset=utf-8")
def _robots(request: ApiRequest) -> str:
    """What machines may ask for."""
    # Embedded pictures and single runs of pages are for people who look; everything has a plain form that is cheap to read.
    return f"User-agent: *\nAllow: /\nDisallow: /_stcore/\nDisallow: /mcp\nSitemap: {request.site}/sitemap.xml\n"


@answers("/sitemap.xml", media="application/xml")
def _sitemap(request: ApiRequest) -> str:
    """Every page, statement, reporter, country and document."""
    site = request.site
    each = [f"{path}?{urlencode({name: value})}" for (path, name), names in SINGLE.items() for value in sorted(names(request.library))]
    addresses = [f"{site}{path}" for path in (*PAGES, *each)]
    entries = "".join(f"<url><loc>{escape(address)}</loc></url>" for address in addresses)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>\n'


def _cited(request: ApiRequest) -> dict:
    """How a view, or a document where one is named, is cited: as text and for BibTeX, with its address and the rules of reading its numbers."""
    chosen = {name: values for name, values in request.values.items() if name != "document"}
    form = forms.document(request) if request.one("document") else forms.view(replace(request, values=chosen))
    return {name: form[name] for name in ("title", "address", "data", "rules", "citation")}


_QUERY = Parameter("q", "text", "Words: names of reporters, countries, measures, speakers.", "google germany", is_needed=True)
_SENTENCE = Parameter(
    "text", "text", "A sentence with a number.", "Google got 50,000 requests from Germany in 2021.", is_needed=True, max_letters=2_000
)
_PLAIN: dict[str, tuple[tuple[Parameter, ...], Form]] = {
    "/explore": (queries.VIEW, forms.view),
    "/statements": ((_STATEMENT,), forms.statement),
    "/sources": ((_DOCUMENT,), forms.document),
    "/reporter": ((_REPORTER,), forms.reporter),
    "/country": ((_COUNTRY,), forms.country),
    "/changes": (_CHANGES, forms.changes),
    "/definitions": (_DEFINITIONS, forms.definitions),
    "/gags": ((_RECIPIENTS,), forms.letters),
}
ENDPOINTS = (
    _json("/api/v1/search.json", (_QUERY,), forms.search),
    _json("/api/v1/check.json", (_SENTENCE,), forms.check),
    _json("/api/v1/cite.json", (_DOCUMENT, *queries.VIEW), _cited),
    *(_markdown(f"{path}.md", *of_page) for path, of_page in _PLAIN.items()),
    *(_json(f"{path}.json", *of_page, " As JSON.") for path, of_page in _PLAIN.items()),
    *feeds.ENDPOINTS,
    *(_llms, _robots, _sitemap),
)
"""The addresses for machines that read."""
