"""What is new, as Atom feeds: documents of a reporter, editions of a series, statements, and reports that are overdue.

An entry has an address of its own and the day from which it counts as known, so that a reader meets it once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, quote, urlencode
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from dashboard import analysis, catalog, statements
from dashboard.analysis import never, rhythm, views
from dashboard.analysis.parameters import SERIES, Parameter, with_query
from dashboard.catalog import history
from dashboard.display import sentences as words
from dashboard.model.intervals import counted
from dashboard.model.periods import Period, day_label, label
from dashboard.web.endpoints import ApiRequest, Endpoint
from dashboard.web.heads import SITE
from dashboard.web.markdown import SUFFIX

ATOM = "application/atom+xml; charset=utf-8"
MAX_ENTRIES = 100
_REPORTER = Parameter("id", "reporter", "Which reporter.", "microsoft", is_needed=True)
_PAGE = Parameter("page", "count", f"Which page of the feed, each of {MAX_ENTRIES} entries.", "2")
_SINCE = Parameter("since", "day", "Only what counts as known from that day on.", "2026-01-01")


@dataclass(frozen=True)
class Entry:
    """One thing that is new: a name that stays, its title, an address within the site, the day from which it is known, and a sentence."""

    name: str
    title: str
    address: str
    day: str
    summary: str


def documents_of(request: ApiRequest) -> Iterable[Entry]:
    """The documents of a reporter."""
    documents = request.library.data.documents
    for row in documents[documents["reporter"] == request.one("id")].itertuples():
        known = "" if row.known_from_basis == "published" else f" The day is {row.known_from_basis}."
        yield _of_document(row, f"{row.edition or row.title} ({row.form}).{known}")


def editions_of(request: ApiRequest) -> Iterable[Entry]:
    """The numbers of one series, each with the document that has it and the day from which that counts as known."""
    library, names = request.library, request.library.names
    rows = views.series_rows({name: request.one(name) for name in request.values}, request.table(request.one("as_of"), "as_of"))
    known = library.data.documents.set_index("document")["known_from"]
    for _, row in rows[rows["low"].notna()].iterrows():
        days = [known[name] for name in str(row["document"]).split("; ") if name in known.index]
        period = str(Period.of(row))
        number = words.value(row["low"], row["high"], row["measure"])
        title = f"{names.reporter(row['reporter'])}, {names.requester(row['requester'])}, {period}: {number}"
        query, day = urlencode(views.of_series(row.to_frame().T).query()), max(days, default=row["period_end"])
        made = row["derivation"] or f"{row['document']} {row['cell']}"
        summary = f"{names.measure(row['measure'])}: {number} ({made})."
        yield Entry(f"series/{query}/{period}/{number}", title, f"/explore?{query}", f"{day:%Y-%m-%d}", summary)


def new_statements(request: ApiRequest) -> Iterable[Entry]:
    """The statements that cite the numbers."""
    for row in statements.bundled().statements.itertuples():
        yield _of_statement(row, f"statement/{row.statement}", f"{row.speaker}, {day_label(row.date)}", row.date)


def overdue(request: ApiRequest) -> Iterable[Entry]:
    """Reports that a publisher's own rhythm made expected, and that are not held."""
    names = request.library.names
    late = rhythm.rhythms(request.library.data, date.today()).dropna(subset=["overdue_since"])
    for row in late.itertuples():
        period = label(Period(row.next_start.date(), row.next_end.date()))
        title = f"{names.reporter(row.reporter)}: no report on {period} since {day_label(row.overdue_since)}"
        summary = f"By its own rhythm of {row.months} months and {row.lag_days} days it was expected then; the last one held ends on {day_label(row.last_end)}."
        yield Entry(f"overdue/{row.reporter}/{period}", title, _profile(row.reporter), f"{row.overdue_since:%Y-%m-%d}", summary)


def stopped(request: ApiRequest) -> Iterable[Entry]:
    """What reporters had never received until a period, by their numbers, and watched sentences."""
    names = request.library.names
    noughts = never.noughts(request.library.data)
    for _, row in noughts[noughts["ending"] != never.Ending.GOES_ON].iterrows():
        day = row["silent_from"] if pd.notna(row["silent_from"]) else row["next_start"]
        title = f"{names.reporter(row['reporter'])}: no longer none"
        name = f"never/{'/'.join(row[analysis.SERIES])}/{row['end']:%Y-%m-%d}"
        yield Entry(name, title, _profile(row["reporter"]), f"{day:%Y-%m-%d}", words.nought(row, names))
    for row in statements.watched().itertuples():
        title = f"{row.speaker}: {words.watched(row)}"
        yield _of_statement(row, f"never/{row.statement}/{row.gone_by}", title, row.gone_by or row.stands_until)


def versions(request: ApiRequest) -> Iterable[Entry]:
    """The recorded versions of the data, each with how many documents and tables differ since the one before."""
    recorded = history.versions(catalog.datasets_folder())
    for previous, row in zip(["", *recorded["version"]], recorded.itertuples(), strict=False):
        title, address = f"Version {row.version} of the data", f"/changes?{urlencode({'since': previous or row.version})}"
        summary = f"{row.documents:,} documents and {row.tables:,} other tables are new, changed or gone."
        yield Entry(f"version/{row.version}", title, address, row.day, summary)


def new_data(request: ApiRequest) -> Iterable[Entry]:
    """Every document, the newest first: what is new since a day is what counts as known from it on."""
    for row in request.library.data.documents.itertuples():
        yield _of_document(row, f"{row.reporter}: {row.form}.")


def corrections(request: ApiRequest) -> Iterable[Entry]:
    """Corrections of our own data."""
    names = request.library.names
    for row in request.library.data.corrections.itertuples():
        name = f"correction/{row.date:%Y-%m-%d}/{row.reporter}/{row.before}"
        title = f"{names.reporter(row.reporter)}: {counted(row.numbers, 'number')} corrected"
        address, summary = f"/changes?{urlencode({'reporter': row.reporter})}", f"{row.before} {row.after} {row.why}"
        yield Entry(name, title, address, f"{row.date:%Y-%m-%d}", summary)


def _profile(reporter: str) -> str:
    return f"/reporter?{urlencode({'id': reporter})}"


def _of_document(row, summary: str) -> Entry:
    address = f"/sources{SUFFIX}?{urlencode({'document': row.document})}"
    return Entry(f"document/{row.document}", row.title, address, f"{row.known_from:%Y-%m-%d}", summary)


def _of_statement(row, name: str, title: str, day: str) -> Entry:
    # A year or a month counts from its first day on.
    return Entry(name, title, f"/statements?{urlencode({'statement': row.statement})}", f"{day}-01-01"[:10], row.says)


def atom(title: str, address: str, site: str, entries: Iterable[Entry], since: str = "", page: int = 1) -> str:
    """A page of a feed of entries, the newest first, with the addresses of the pages beside it; `address` is its own within the site."""
    fitting = sorted((entry for entry in entries if entry.day >= since), key=lambda entry: (entry.day, entry.name), reverse=True)
    kept = fitting[(page - 1) * MAX_ENTRIES : page * MAX_ENTRIES]
    older = len(fitting) - page * MAX_ENTRIES
    left = f"<subtitle>{older:,} older entries are on later pages.</subtitle>" if older > 0 else ""
    beside = {"previous": page - 1 if page > 1 else 0, "next": page + 1 if older > 0 else 0}
    left += "".join(f"<link rel={quoteattr(rel)} href={quoteattr(site + _page_of(address, at))}/>" for rel, at in beside.items() if at)
    updated = kept[0].day if kept else "1970-01-01"
    body = "".join(
        f"<entry><id>{escape(f'{site}/#{quote(entry.name)}')}</id><title>{_text(entry.title)}</title><link href={quoteattr(site + entry.address)}/>"
        f"<updated>{entry.day}T00:00:00Z</updated><summary>{_text(entry.summary)}</summary></entry>"
        for entry in kept
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{escape(site + address)}</id><title>{_text(title)}</title>{left}<updated>{updated}T00:00:00Z</updated>"
        f'<link rel="self" href={quoteattr(site + address)}/><link href={quoteattr(f"{site}/")}/><author><name>{SITE}</name></author>{body}</feed>\n'
    )


def _page_of(address: str, page: int) -> str:
    # The same address with another page; the first needs no number.
    path, _, query = address.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "page"]
    return with_query(path, [*kept, *([("page", page)] if page > 1 else [])])


def _feed(path: str, title: str, entries: Callable[[ApiRequest], Iterable[Entry]]) -> Callable[[ApiRequest], str]:
    def answer(request: ApiRequest) -> str:
        address = with_query(path, request.values.items())
        return atom(title, address, request.site, entries(request), request.one("since"), int(request.one("page") or 1))

    return answer


def _text(text: str) -> str:
    return escape("".join(letter if letter.isprintable() else " " for letter in text))


_FEEDS = (
    ("/feeds/reporter.xml", "Documents of a reporter", (_REPORTER,), documents_of),
    ("/feeds/series.xml", "The numbers of one series", SERIES, editions_of),
    ("/feeds/statements.xml", "Statements that cite the numbers", (), new_statements),
    ("/feeds/overdue.xml", "Reports that are overdue", (), overdue),
    ("/feeds/never.xml", "What had never been received, and sentences that say so, as they stop", (), stopped),
    ("/feeds/versions.xml", "Versions of the data", (), versions),
    ("/feeds/documents.xml", "Every document as it becomes known", (), new_data),
    ("/feeds/corrections.xml", "Corrections of our own data", (), corrections),
)
ENDPOINTS = tuple(
    Endpoint(path, _feed(path, title, entries), f"{title}, as an Atom feed.", (*parameters, _SINCE, _PAGE), ATOM)
    for path, title, parameters, entries in _FEEDS
)
"""The feeds."""
