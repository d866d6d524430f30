"""A view, a statement, a document, a profile, changes, definitions and gags as plain values for machines that read: what they show, with its evidence and its citation.

Numbers are closed intervals `low`, `high`; `high` is null where only a lower end was printed, and both are null where there is no number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

import pandas as pd

from dashboard import statements
from dashboard.analysis import definitions as concepts
from dashboard.analysis import gags, restatements, rhythm, views
from dashboard.analysis.parameters import with_query
from dashboard.answers import nothing, profiles
from dashboard.display import comparisons, downloads
from dashboard.display import sentences as words
from dashboard.display.languages import Language
from dashboard.figures import citations
from dashboard.model.periods import Period, label
from dashboard.statements import claimreview, own, printed
from dashboard.statements.wording import claim as claim_in_words
from dashboard.statements.wording import summary
from dashboard.web import queries
from dashboard.web.endpoints import ApiRequest, NotFound
from dashboard.web.library import Library

RANGE_RULE = "A range is not its middle: each number lies somewhere from its low to its high end, both included, and nothing says where."
MISSING_RULE = "What is not published has no number, which is not a zero."


def view(request: ApiRequest) -> dict:
    """What a view shows: title, sentences, rows, breaks, definitions, and how it is cited; `why` where it shows no number."""
    chosen, library = request.reader.view(dict(request.values)), request.library
    request.reader.day(chosen.known, "known")
    names, table = library.names, library.complete(chosen.known_on)
    rows = words.with_labels(views.rows_of(chosen, table, library.data.population), names)
    parameters = queries.by_name(chosen.query())
    answer = _head(request, "/explore", parameters) | {"view": parameters}
    if rows["low"].notna().sum() == 0:
        return answer | {"title": "Nothing is published for this choice", "why": nothing.why_nothing(chosen, table, names), "rows": []}
    scale = words.scale_words(chosen, rows, names)
    title = words.title(rows, names, scale)
    return (
        answer
        | {
            "title": f"{title} ({', '.join(map(names.reporter, rows['reporter'].unique()))})" if rows["reporter"].nunique() > 1 else title,
            "unit": words.axis(rows, names, scale),
            "sentences": words.sentences(rows, names, chosen.shape, chosen.is_scaled),
            "not_shown": nothing.unshown(chosen, rows, table, names),
            "comparability": comparisons.comparability(rows, library.data, names),
            "rows": _rows(rows, library, names, chosen.is_scaled),
            "breaks": records_of(words.breaks_of(rows, library.data)[["reporter", "date", "label", "effect", "url"]]),
            "definitions": records_of(
                words.definitions_of(rows, library.data)[["reporter", "measure", "definition", "url", "valid_from", "valid_to"]]
            ),
            "source": words.source_line(rows, library.data, names, chosen.known_on),
        }
        | _cut(rows)
    )


def statement(request: ApiRequest) -> dict:
    """One statement with its claims, each with every reading, its verdict, its arithmetic and its cells, and as ClaimReview; or the list of all."""
    if not (name := request.one("statement")):
        return _statement_list(request)
    shipped = statements.bundled()
    entries = shipped.statements[shipped.statements["statement"] == name]
    verdicts = request.library.verdicts_of(name)
    claims = shipped.claims[shipped.claims["statement"] == name]
    entry = records_of(entries.drop(columns="file"))[0]
    return _head(request, "/statements", {"statement": name}) | {
        "title": f"{entry['speaker']}, {entry['date']}",
        "statement": entry,
        "claims": [
            {
                "claim": claim.claim,
                "words": claim_in_words(claim),
                "verdict": summary([one for one in verdicts if one.claim == claim.claim]),
                "readings": [one.plain() for one in verdicts if one.claim == claim.claim],
            }
            for claim in claims.itertuples()
        ],
        "claim_review": claimreview.reviews(shipped, verdicts, site=request.site, day=date.today()),
    }


def _statement_list(request: ApiRequest) -> dict:
    # Every statement with its speaker, day and sentence, and the verdict on each of its claims.
    shipped, verdicts = statements.bundled(), request.library.verdicts()
    entries = []
    for entry in records_of(shipped.statements.drop(columns="file")):
        own = verdicts.get(entry["statement"], [])
        claims = dict.fromkeys(one.claim for one in own)
        entries.append(entry | {"verdicts": {name: summary([one for one in own if one.claim == name]) for name in claims}})
    return _head(request, "/statements", {}) | {"title": "Statements that cite the numbers", "statements": entries}


def document(request: ApiRequest) -> dict:
    """One edition of one report with its hash, its citation, and the numbers that are printed in it; or the list of all."""
    library = request.library
    if not (name := request.one("document")):
        return _head(request, "/sources", {}) | {"title": "Documents", "documents": records_of(library.data.documents)}
    entries = library.data.documents[library.data.documents["document"] == name]
    names = library.names
    rows = library.data.observations[library.data.observations["document"] == name]
    citation = citations.of_document(entries.iloc[0], names, seen=date.today())
    return (
        _head(request, "/sources", {})
        | {
            "title": entries.iloc[0]["title"],
            "document": records_of(entries)[0],
            "citation": {"text": citation.long, "bibtex": citation.bibtex},
            "numbers": len(rows),
            "rows": _rows(rows.assign(derivation="", why=""), library, names, False),
        }
        | _cut(rows)
    )


def reporter(request: ApiRequest) -> dict:
    """One reporter: its last numbers, its rhythm, its definitions, breaks and documents."""
    name, library = request.one("id"), request.library
    rhythms = rhythm.rhythms(library.data, date.today())
    profile = profiles.of_reporter(name, library.data, library.complete(None), statements.bundled(), rhythms, rhythms.head(0))
    if profile is None:
        raise NotFound(f"There is no reporter “{name}”.", f"There are {', '.join(profiles.reporters(library.data))}.")
    names = library.names
    return _head(request, "/reporter", {"id": name}) | {
        "title": names.reporter(name),
        "rows": _rows(profile.latest, library, names, False),
        "rhythm": records_of(profile.rhythm.to_frame().T)[0] if profile.rhythm is not None else None,
        "definitions": records_of(profile.definitions[["concept", "definition", "url", "valid_from", "valid_to"]]),
        "breaks": records_of(profile.breaks[["date", "label", "effect", "url"]]),
        "documents": records_of(profile.documents[["document", "title", "edition", "published", "url", "form", "sha256"]]),
        "never_received": [
            {"says": words.nought(row, names), "document": row["document"], "cell": row["cell"]}
            for _, row in library.noughts()[lambda of: of["reporter"] == name].iterrows()
        ],
        "statements": list(profile.statements["statement"]),
    }


def country(request: ApiRequest) -> dict:
    """One country as a requester: the last number of each reporter that publishes one for it, and the statements about it."""
    name, library = request.one("id"), request.library
    is_country = name in profiles.countries(library.data)
    profile = profiles.of_country(name, library.data, library.complete(None), statements.bundled()) if is_country else None
    if profile is None:
        raise NotFound(f"No number of requests by “{name}” is held.", "/sitemap.xml has the addresses of all countries.")
    names = library.names
    return _head(request, "/country", {"id": name}) | {
        "title": names.requester(name),
        "rows": _rows(profile.latest, library, names, False),
        "people": records_of(profile.people.to_frame().T)[0] if profile.people is not None else None,
        "statements": list(profile.statements["statement"]),
    }


def changes(request: ApiRequest) -> dict:
    """How much of its past each reporter prints otherwise; of one reporter edition by edition; of two documents number by number.

    Beside it `bands`, each step of a band that was printed anew, and `derived`, lower ends that follow by logic and are not printed.
    """
    library, parameters = request.library, {name: request.one(name) for name in ("reporter", "older", "newer")}
    reporter, older, newer = parameters.values()
    form = _head(request, "/changes", parameters) | {"title": "What changed"}
    if bool(older) != bool(newer):
        raise NotFound("Two documents are compared, and one is named.", "Name both as `older` and `newer`.")
    if older:
        table = restatements.between(library.data, older, newer)
        other = table[table["change"] != "same"]
        left = f"{len(other) - MAX_ROWS:,} more changes are not here; the page has all." if len(other) > MAX_ROWS else ""
        counts = table["change"].value_counts()
        return form | {
            "counts": {name: int(counts[name]) for name in counts.index},
            "changes": records_of(other.head(MAX_ROWS)),
            "left_out": left,
        }
    table = restatements.by_edition(library.data, reporter) if reporter else library.changes()
    steps, derived = (table[table["reporter"].eq(reporter) | (not reporter)] for table in (library.band_history(), library.by_logic()))
    form |= {"changes": records_of(table), "bands": records_of(steps), "derived": records_of(derived)}
    return form | ({"why": "No number is printed twice there."} if table.empty else {})


def definitions(request: ApiRequest) -> dict:
    """What each reporter means by a word today, or by every word; beside the definition of `with`, where one is named, how far it is alike."""
    library, concept, first = request.library, request.one("concept"), request.one("with")
    table = concepts.matrix(library.data, date.today())
    table = table[table["concept"] == concept] if concept else table
    if first:
        groups = table[table["reporter"] == first].set_index("concept")["group"]
        if groups.empty:
            raise NotFound(f"No definition by “{first}” is held for that.", "Name another reporter as `with`.")
        table = table[table["concept"].isin(groups.index)]
        compared = {row.Index: concepts.compared(library.data, groups[row.concept], row.group) for row in table.itertuples()}
        names = library.names
        table = table.assign(
            likeness=[f"{one.likeness}" for one in compared.values()],
            difference=[comparisons.unshared(first, table["reporter"][row], one, names) for row, one in compared.items()],
        )
    form = _head(request, "/definitions", {"concept": concept, "with": first})
    title = f"Definitions: {concept}" if concept else "Definitions"
    return form | {"title": title, "definitions": records_of(table.drop(columns=["measure", "request_type"]))}


def letters(request: ApiRequest) -> dict:
    """Every national security letter whose gag has ended, of some recipients or of all, and what they have in common."""
    table, reporters = gags.ended(request.library.data), request.values.get("reporter", [])
    table = table[table["reporter"].isin(reporters)] if reporters else table
    form = _head(request, "/gags", {"reporter": reporters})
    if table.empty:
        raise NotFound("No letter whose gag has ended is held of them.", "/gags.json has those of all recipients.")
    columns = ["reporter", "number", "issued", "released", "years", "document", "cell"]
    return form | {
        "title": "How long national security letters were kept secret",
        "sentences": [gags.LIMIT],
        "summary": {name: round(value, 1) for name, value in asdict(gags.summary(table)).items()},
        "letters": records_of(table[columns].assign(years=table["years"].round(2))),
    }


def search(request: ApiRequest) -> dict:
    """What a query hits among reporters, countries, series, measures, statements, definitions and documents, the closest first; `lacking` words are not in it."""
    query = request.one("q")
    return {
        "query": query,
        "hits": [
            {
                "kind": hit.entry.kind,
                "title": hit.entry.title,
                "address": request.site + hit.entry.address,
                "line": hit.entry.line,
                "is_guess": hit.is_guess,
                "lacking": hit.lacking,
            }
            for hit in request.library.index().search(query)
        ],
    }


def check(request: ApiRequest) -> dict:
    """A sentence with a number held against the published series: what is understood, every reading's verdict with its arithmetic and cells."""
    try:
        understanding = own.understood(request.one("text"), request.library.data)
    except own.InvalidClaim as invalid:
        raise NotFound(
            str(invalid), "Write one sentence with a number, such as: Google got 50,000 requests from Germany in 2021."
        ) from None
    answer = own.answer(understanding, request.library.evaluator())
    return printed.own_plain(understanding, answer)


MAX_ROWS = 2_000
"""Rows of one document or view in a plain form; the API has all."""


def _head(request: ApiRequest, path: str, parameters: Mapping[str, str | list[str]]) -> dict:
    address = with_query(f"{request.site}{path}", [(name, value) for name, value in parameters.items() if value])
    citation = citations.of_dataset(request.library.data, address=address, seen=date.today())
    return {
        "address": address,
        "data": request.library.data.version,
        "rules": [RANGE_RULE, MISSING_RULE],
        "citation": {"text": citation.long, "bibtex": citation.bibtex},
    }


def _cut(rows: pd.DataFrame) -> dict[str, str]:
    """That rows are left out of a plain form, where they are."""
    left = len(rows) - MAX_ROWS
    return {"left_out": f"{left:,} more rows are not here; /api/v1/observations.csv has all."} if left > 0 else {}


def _rows(rows: pd.DataFrame, library: Library, names: Language, is_scaled: bool) -> list[dict]:
    rows = rows.head(MAX_ROWS)
    leaving = downloads.rows_for_programs(rows, library.data)
    spans = zip(rows["period_start"], rows["period_end"], strict=True)
    leaving = leaving.assign(
        number=words.values(rows, is_scaled),
        period=[label(Period(start.date(), end.date())) for start, end in spans],
        reporter_name=rows["reporter"].map(names.reporter),
        request_type_name=rows["request_type"].map(names.request_type),
        measure_name=rows["measure"].map(names.measure),
    )
    return records_of(leaving.drop(columns="label", errors="ignore"))


def records_of(table: pd.DataFrame) -> list[dict]:
    """The rows of a table as plain values of JSON; what is missing is None."""
    return json.loads(downloads.json_rows(table.infer_objects()))
