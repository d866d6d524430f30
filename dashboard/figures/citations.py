"""How a figure, a document or the whole dataset is cited: short, long, for BibTeX and as CSL-JSON."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard.catalog.shipped import Catalog
from dashboard.display.languages import Language
from dashboard.figures import Drawing, evidence
from dashboard.model.periods import day_label, parse_date

DATASET = "Government requests for user data, as published"
"""What the dataset is called."""
PUBLISHER = "Transparency dashboard"
_FORMS = {
    "as published": "",
    "re-saved": "Re-saved copy.",
    "transcribed": "Transcribed.",
    "compiled": "Compiled by others.",
    "third-party": "Compiled by a third party.",
    "quoted": "Quoted figures.",
    "summed": "Sums over rows of it, made here.",
}


@dataclass(frozen=True)
class Citation:
    """One work, as reference lists need it."""

    key: str
    kind: str
    title: str
    authors: tuple[str, ...] = ()
    published: date | None = None
    year: str = ""
    """The year in words where no day is known, such as `n.d.`"""
    container: str = ""
    publisher: str = ""
    edition: str = ""
    address: str = ""
    note: str = ""
    seen: date | None = None

    @property
    def short(self) -> str:
        """Author and year, as in a text: `Microsoft (2016)`."""
        return f"{self._who()} ({self._year()})"

    @property
    def long(self) -> str:
        """One entry of a reference list."""
        parts = [f"{self._who()} ({self._year()}).", f"{_sentence(self.title)}"]
        if self.edition:
            parts.append(_sentence(f"Edition: {self.edition}"))
        if self.container:
            parts.append(_sentence(f"In: {self.container}"))
        if self.publisher and self.publisher not in self.authors:
            parts.append(_sentence(self.publisher))
        if self.note:
            parts.append(_sentence(self.note))
        if self.address:
            parts.append(self.address + (f" (seen on {_day(self.seen)})." if self.seen else ""))
        return " ".join(parts)

    @property
    def bibtex(self) -> str:
        """One entry for BibTeX."""
        fields = {
            "title": f"{{{_tex(self.title)}}}",
            "author": " and ".join(f"{{{_tex(name)}}}" for name in self.authors),
            "year": str(self.published.year) if self.published else "",
            "date": self.published.isoformat() if self.published else "",
            "edition": _tex(self.edition),
            "howpublished": _tex(self.container),
            "publisher": _tex(self.publisher),
            "url": re.sub(r"[{}\\\s]", "", self.address),
            "urldate": self.seen.isoformat() if self.seen else "",
            "note": _tex(self.note),
        }
        body = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items() if text.strip("{}"))
        return f"@misc{{{self.key},\n{body}}}\n"

    @property
    def csl(self) -> dict:
        """One item of CSL-JSON."""
        fields: dict = {"id": self.key, "type": self.kind, "title": self.title}
        if self.authors:
            fields["author"] = [{"literal": name} for name in self.authors]
        if self.published:
            fields["issued"] = {"date-parts": [[self.published.year, self.published.month, self.published.day]]}
        elif self.year and self.year != "n.d.":
            fields["issued"] = {"literal": self.year}
        if self.seen:
            fields["accessed"] = {"date-parts": [[self.seen.year, self.seen.month, self.seen.day]]}
        names = {
            "container-title": self.container,
            "publisher": self.publisher,
            "version": self.edition,
            "URL": self.address,
            "note": self.note,
        }
        return fields | {name: text for name, text in names.items() if text}

    def _who(self) -> str:
        return " and ".join(self.authors) if self.authors else self.title

    def _year(self) -> str:
        return str(self.published.year) if self.published else self.year or "n.d."


def files(cited: Sequence[Citation]) -> dict[str, str]:
    """Several works as a reference list, for BibTeX and as CSL-JSON, by the ending of its file."""
    return {
        "txt": "\n\n".join(one.long for one in cited),
        "bib": "\n".join(one.bibtex for one in cited),
        "json": json.dumps([one.csl for one in cited], ensure_ascii=False, indent=1),
    }


def of_dataset(catalog: Catalog, *, address: str = "", seen: date | None = None) -> Citation:
    """The bundled dataset in the version at hand."""
    newest = catalog.documents["known_from"].max()
    until = f"With documents known by {_day(newest.date())}." if pd.notna(newest) else ""
    return Citation(
        key=f"transparency-{catalog.version}",
        kind="dataset",
        title=DATASET,
        authors=(PUBLISHER,),
        edition=f"data version {catalog.version}, {evidence.PRODUCT} {evidence.version()}",
        address=address,
        note=until,
        seen=seen,
    )


def of_document(document: pd.Series, names: Language, *, seen: date | None = None) -> Citation:
    """One edition of one report, court filing or testimony, as it stands in the table of documents."""
    day = parse_date(document["published"]) if document["published"] else None
    known = document["known_from"]
    basis = {"seen": "seen by", "estimated": "estimated, by"}.get(document["known_from_basis"], "")
    notes = [_FORMS[document["form"]]]
    if document["seen"] == "seen-secondary":
        notes.append("Seen in another party’s text or copy.")
    return Citation(
        key=key_of(document["document"]),
        kind="report",
        title=document["title"],
        authors=(names.reporter(document["reporter"]),),
        published=day,
        year="" if day else f"{basis} {known.year}".strip() if pd.notna(known) else "n.d.",
        edition=document["edition"],
        address=document["url"],
        note=" ".join(note for note in notes if note),
        seen=seen,
    )


def of_figure(drawing: Drawing, catalog: Catalog, *, address: str = "", made: date | None = None) -> Citation:
    """A figure: its title, the data version that it shows and the day as known on which."""
    figure = drawing.figure
    day = made or date.today()
    known = figure.view.known_on
    return Citation(
        key=key_of(f"{figure.title or 'figure'} {catalog.version}"),
        kind="graphic",
        title=figure.title or DATASET,
        authors=(figure.byline,) if figure.byline else (),
        published=day,
        container=DATASET,
        publisher=PUBLISHER,
        edition="drawn from an upload that is not kept" if drawing.upload else f"data version {catalog.version}",
        address=address,
        note=f"As known on {_day(known or day)}.",
    )


def all_of(
    drawing: Drawing, catalog: Catalog, names: Language, *, table: pd.DataFrame, address: str = "", made: date | None = None
) -> list[Citation]:
    """Everything that a figure rests on: itself, each document in it, and the dataset. A figure from an unkept upload rests on itself alone."""
    citations = [of_figure(drawing, catalog, address=address, made=made)]
    if drawing.upload:
        return citations
    documents = catalog.documents[catalog.documents["document"].isin(evidence.documents(drawing, catalog, table=table))]
    citations += [of_document(document, names, seen=made) for _, document in documents.sort_values(["reporter", "document"]).iterrows()]
    return [*citations, of_dataset(catalog, seen=made)]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def _day(day: date | None) -> str:
    return day_label(day) if day else ""


def key_of(text: str) -> str:
    """A text as a name for files and reference lists: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "figure"


_TEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "{}$&#%_"} | {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
)


def _tex(text: str) -> str:
    return " ".join(text.split()).translate(_TEX)


def wikimedia(drawing: Drawing, cited: list[Citation], *, made: date) -> str:
    """The description page of an SVG for Wikimedia Commons: what is shown, and from which documents; its author chooses the licence."""
    documents = "\n".join(f"* {_wikitext(one.long)}" for one in cited)
    return f"""=={{{{int:filedesc}}}}==
{{{{Information
|description={{{{{drawing.figure.lang}|1={_wikitext(drawing.alt)}}}}}
|date={made.isoformat()}
|source={{{{own}}}}, from:
{documents}
|author={_wikitext(drawing.figure.byline or "")}
|permission=
|other versions=
}}}}

=={{{{int:license-header}}}}==
"""


def _wikitext(text: str) -> str:
    """A text that is shown as it is: no template, link, markup or parameter."""
    return "".join(f"&#{ord(letter)};" if letter in "{}|[]<>=*#:;'~_&" else letter for letter in " ".join(text.split()))
