"""One search over everything that has an address: reporters, countries, series, statements, documents, definitions."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from dashboard.analysis.parameters import with_query
from dashboard.analysis.views import View
from dashboard.answers.search_views import Publishers, named_views
from dashboard.catalog.shipped import Catalog
from dashboard.model import places
from dashboard.model.periods import day_label
from dashboard.statements import Statements

KINDS = ("series", "reporter", "country", "measure", "kind of demand", "statement", "definition", "document")
"""What can be hit, in the order in which equally close ones are listed."""
NAMED = frozenset(["reporter", "country", "measure", "kind of demand"])
MOST_ALIKE = 3
"""How many documents, and definitions, of one reporter are listed singly."""
MIN_LIKENESS = 0.78
"""How alike two words must be (0 to 1, difflib's ratio) for one to be taken as a slip of the other."""
_WORDS = re.compile(r"\w+")
_GLUE = frozenset(
    [
        "a",
        "across",
        "an",
        "and",
        "at",
        "between",
        "by",
        "companies",
        "company",
        "for",
        "from",
        "in",
        "of",
        "on",
        "the",
        "to",
        "with",
        "about",
    ]
)


@dataclass(frozen=True)
class Entry:
    """One thing that can be hit: its kind, its title, an address within the site, a line that tells more, and the words it is known by."""

    kind: str
    title: str
    address: str
    line: str = ""
    aliases: tuple[str, ...] = ()
    among: Entry | None = None
    """What stands for it and others where many are hit: of a document or a definition, all those of its reporter."""
    view: View | None = None
    """What is seen at the address of a series."""


@dataclass(frozen=True)
class Hit:
    """An entry with how close it is: 0 is the closest. `is_guess` where a word of the query is taken as a slip, `lacking` words are not in it."""

    entry: Entry
    distance: int
    is_guess: bool = False
    lacking: int = 0


class Index:
    """Every entry of a catalog and its statements, made once; `names` gives reporters, measures and countries their names."""

    def __init__(self, catalog: Catalog, statements: Statements, names):
        self._publishers = Publishers(catalog)
        self._entries = [*_entries(catalog, statements, names, self._publishers)]
        self._titles = [_words(entry.title) for entry in self._entries]
        self._aliases = [_words(" ".join(entry.aliases)) for entry in self._entries]
        # What has a name of its own is closest to the query that is this name.
        self._names = [{_folded(name) for name in (entry.title, *entry.aliases)} if entry.kind in NAMED else () for entry in self._entries]
        self._lines = [_words(entry.line) for entry in self._entries]
        self._vocabulary = sorted({word for words in (*self._titles, *self._aliases) for word in words})
        self._catalog, self._language = catalog, names
        self._by_code = {(entry.kind, _code(entry)): entry for entry in self._entries if entry.kind in ("reporter", "country")}

    def search(self, query: str, count: int = 30) -> list[Hit]:
        """The closest entries first. Every word of the query must be in an entry: in its title, among its names, or in its line.

        Where nothing has every word, what lacks the fewest is hit, of several words at most half. A word that is nowhere is taken as a slip of
        the words most like it, and the hits say that they are a guess. A query leads to the views that it names, too (`search_views`).
        Empty for a query without a word.
        """
        words = [word for word in _words(query) if word not in _GLUE] or _words(query)
        if not words:
            return []
        known = {word: self._forms(word) for word in words}
        is_guess = any(word not in forms for word, forms in known.items() if forms)
        series, hits = self._series(query), []
        for lacking in range(len(words) // 2 + 1):
            for position, entry in enumerate(self._entries):
                distance = self._distance(position, words, known, lacking)
                if distance is not None:
                    hits.append(Hit(entry, distance, is_guess, lacking))
            if hits or (series and series[0].lacking <= lacking):
                break
        # What lacks more of the words than other entries do is not the closest.
        series = [hit for hit in series if hit.lacking <= lacking]
        hits.sort(key=lambda hit: (hit.distance, KINDS.index(hit.entry.kind), len(hit.entry.title), hit.entry.title))
        # What the query names exactly stands first, and nothing twice.
        first = [hit for hit in hits if hit.distance == 0 and hit.entry.kind in ("measure", "kind of demand")]
        addresses = {hit.entry.address for hit in first}
        first += [hit for hit in series if hit.entry.address not in addresses]
        entries = {hit.entry for hit in first}
        return [*first, *_gathered(hit for hit in hits if hit.entry not in entries)][:count]

    def _forms(self, word: str) -> list[str]:
        # The word itself where some entry has it or begins with it, else the words that look like it.
        if any(known.startswith(word) for known in self._vocabulary) or any(word in line for line in self._lines):
            return [word]
        return difflib.get_close_matches(word, self._vocabulary, n=3, cutoff=MIN_LIKENESS)

    def _distance(self, position: int, words: list[str], known: dict[str, list[str]], lacking: int) -> int | None:
        title, aliases, line = self._titles[position], self._aliases[position], self._lines[position]
        if " ".join(words) in self._names[position]:
            return 0
        total = 0
        for word in words:
            ranks = [
                rank
                for form in known[word]
                for rank, fits in (
                    (0, form in title),
                    (1, form in aliases),
                    (2, any(one.startswith(form) for one in title)),
                    (3, any(one.startswith(form) for one in aliases)),
                    (5, any(one.startswith(form) for one in line)),
                )
                if fits
            ]
            if not ranks and (lacking := lacking - 1) < 0:
                return None
            total += min(ranks, default=0)
        # A title that says no more than the query is closer than one that says more.
        return total * 10 + min(9, max(0, len(title) - len(words)))

    def _series(self, query: str) -> list[Hit]:
        named = named_views(query, self._catalog, self._language, self._publishers)
        if not named.views:
            return []
        series = [Entry("series", title, view.address(), "On Explore", view=view) for title, view in named.views]
        beside = (("reporter", code) for code in named.reporters), (("country", code) for code in named.requesters)
        known = [self._by_code[key] for keys in beside for key in keys if key in self._by_code]
        return [Hit(entry, 0, lacking=len(set(named.unread) - _GLUE)) for entry in (*series, *known)]


def _entries(catalog: Catalog, statements: Statements, names, publishers: Publishers) -> Iterable[Entry]:
    holding = set(catalog.observations["reporter"].unique())
    for row in catalog.reporters.itertuples():
        if row.reporter in holding:
            yield Entry("reporter", row.name, f"/reporter?id={row.reporter}", row.report, (row.reporter, names.reporter(row.reporter)))
    for requester in catalog.observations["requester"].unique():
        if requester != places.WORLD:
            names_of = (requester, *(places.name(requester, language) for language in places.LANGUAGES))
            yield Entry("country", places.name(requester), f"/country?id={requester}", "", names_of)
    for row in catalog.measures.itertuples():
        view = View(measure=row.measure) if row.measure == "requests" else publishers.view(row.measure) or View(measure=row.measure)
        yield Entry("measure", row.label, view.address(), row.definition, (row.unit,))
    for row in catalog.request_types.itertuples():
        # A kind that nobody's numbers are of leads nowhere.
        if view := View() if row.request_type == "all" else publishers.view("requests", row.request_type):
            yield Entry("kind of demand", row.label, view.address(), row.definition, (row.request_type.replace("_", " "),))
    for row in statements.statements.itertuples():
        more = (row.role, row.venue, row.side, row.topic.replace("_", " "), row.language, row.quote, row.drift, row.note)
        yield Entry("statement", f"{row.speaker}, {day_label(row.date)}", f"/statements?statement={row.statement}", row.says, more)
    for row in catalog.definitions.itertuples():
        reporter, address = names.reporter(row.reporter), f"/reporter?id={row.reporter}"
        every = Entry("definition", f"{reporter}: all definitions", address, "On the reporter’s page")
        title = f"{reporter}: {names.measure(row.measure).lower()}"
        yield Entry("definition", title, address, row.definition, (row.request_type.replace("_", " "),), every)
    for row in catalog.documents.itertuples():
        reporter = names.reporter(row.reporter)
        every = Entry("document", f"{reporter}: all documents", f"/reporter?id={row.reporter}", "On the reporter’s page")
        more = (reporter, row.edition, row.document)
        yield Entry("document", row.title, with_query("/sources", [("document", row.document)]), row.note, more, every)


def _gathered(hits: list[Hit]) -> Iterable[Hit]:
    """The hits; of those with one title, and of documents and definitions of one reporter, the `MOST_ALIKE` closest, then what stands for all."""
    count: Counter[Entry | str | None] = Counter()
    for hit in hits:
        every = hit.entry.among
        count.update((every, hit.entry.title))
        if max(count[hit.entry.title], count[every] if every else 0) <= MOST_ALIKE:
            yield hit
        elif every and count[every] == MOST_ALIKE + 1:
            yield Hit(every, hit.distance, hit.is_guess, hit.lacking)


def _code(entry: Entry) -> str:
    return entry.address.partition("=")[2]


def _folded(text: str) -> str:
    return " ".join(_words(text))


def _words(text: str) -> list[str]:
    return _WORDS.findall(places.fold(str(text) if not pd.isna(text) else ""))
