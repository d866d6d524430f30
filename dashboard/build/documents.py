"""Published files with their lines in an index, and the documents that they become.

A line of an `INDEX.csv` tells of a file where it came from. Its columns are those of `INDEX`; `published` (the day) and `licence` may be left out.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Collection
from datetime import date
from pathlib import Path

import pandas as pd

from dashboard.catalog import datasets_folder
from dashboard.catalog.package import document_name, known
from dashboard.model.periods import ending, parse
from dashboard.reports.problems import Problem, Refused
from dashboard.reports.recognise import read_report
from dashboard.reports.tables.dimensions import SUMMED, edition_name
from dashboard.reports.tables.drafts import Draft

INDEX = (
    "file",
    "publisher",
    "report",
    "covers_through",
    "seen_by",
    "publisher_page",
    "form",
    "copy_repo",
    "copy_commit",
    "copy_path",
    "sha256",
    "bytes",
    "note",
)
COMPILED = "research compilation"
NOT_STATED = "not stated by the publisher"
US_WORK = "public domain: a work of the United States government"
NO_REPORTS = ("population/population.csv", "github/datapackage.json")
# Answers of a bot to single askers are like figures quoted from a text: they make up no total over countries.
_FORMS = {
    "as published": "as published",
    "re-saved": "re-saved",
    "transcribed": "transcribed",
    "crowdsourced": "quoted",
    "excerpt": "transcribed",
    COMPILED: "compiled",
}


def entries_below(folder: Path) -> list[dict[str, str]]:
    """The lines of every index below a folder, that of `published` first, each with the `path` of its file."""
    indexes = sorted(folder.rglob("INDEX.csv"), key=lambda path: (path.parent.name != "published", path))
    return [entry for index in indexes for entry in _entries(index)]


def entry_of(path: Path) -> dict[str, str] | None:
    """The line of a file in the index of a folder above it; None where there is none."""
    indexes = (folder / "INDEX.csv" for folder in path.resolve().parents)
    lines = (entry for index in indexes if index.is_file() for entry in _entries(index))
    return next((entry for entry in lines if Path(entry["path"]) == path.resolve()), None)


def _entries(index: Path) -> list[dict[str, str]]:
    with index.open(encoding="utf-8", newline="") as lines:
        return [entry | {"path": str(index.parent / entry["file"])} for entry in csv.DictReader(lines)]


def read_entry(entry: dict[str, str]) -> tuple[list[Problem], Draft | None]:
    """The figures of a file of a known layout, and the problems; no figures of a file that is no report or cannot be read."""
    path = Path(entry["path"])
    if entry["file"] in NO_REPORTS:
        return [], None
    try:
        _, draft = read_report(path.name, path.read_bytes(), document=document_name(entry["file"]))
    except Refused as refused:
        return [refused.problem], None
    return draft.problems, draft


def by_reporter(observations: pd.DataFrame, entries: list[dict[str, str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The observations, each named with the document of its own reporter, and these documents."""
    # A file that compiles the reports of several is a document of each: a document tells whose figures it holds. One that was
    # transcribed from several reports is a document for each of these.
    reporters_of = observations.groupby("document")["reporter"].transform("nunique")
    of_several = (reporters_of > 1) & ~observations["document"].str.contains("/quoted/")
    observations.loc[of_several, "document"] += "-" + observations.loc[of_several, "reporter"]
    last = observations.groupby(["document", "reporter"])["period_end"].max()
    by_file = {document_name(entry["file"]): entry for entry in entries}
    editions = {name: _editions(entry) for name, entry in by_file.items()}
    documents = []
    for (document, reporter), end in last.items():
        file = file_of(document, reporter, by_file)
        if file is not None:
            edition = editions[file].get(document.removeprefix(f"{file}/"), {})
            documents.append(_document(by_file[file], document, reporter, end.date(), edition))
    return observations, pd.DataFrame(documents)


def file_of(document: str, reporter: str, files: Collection[str]) -> str | None:
    """The name of the file, among some, whose document this is; None where it is of none of them."""
    return next((name for name in (document, document.removesuffix(f"-{reporter}"), document.rpartition("/")[0]) if name in files), None)


def _editions(entry: dict[str, str]) -> dict[str, dict[str, str]]:
    # The reports from which a file was transcribed, by the short names that they have in documents: name as printed, and day.
    with Path(entry["path"]).open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        column = next((name for name in ("report_file", "source_url") if name in (reader.fieldnames or ())), None)
        return {edition_name(row[column]): row | {"edition": row[column]} for row in reader} if column else {}


def _document(entry: dict[str, str], document: str, reporter: str, last: date, edition: dict[str, str]) -> dict:
    printed = edition.get("edition", "")
    is_summed = document.endswith(f"/{SUMMED}")
    covered = (None if printed else parse(entry["covers_through"].replace("-", " "))) or ending(last, 1)
    published = edition.get("published") or entry.get("published", "")
    known_from, basis = (date.fromisoformat(published), "published") if published else known(_day(entry["seen_by"]), covered)
    pages = [printed] if printed.startswith("http") else re.findall(r"https?://\S+", entry["publisher_page"]) or [""]
    form = "summed" if is_summed else next((ours for begins, ours in _FORMS.items() if entry["form"].startswith(begins)), "third-party")
    return {
        "document": document,
        "reporter": reporter,
        "title": f"{entry['report']}: {printed or Path(entry['file']).name}",
        "edition": f"through {covered}" if "through" in entry["file"] else str(covered),
        "published": published,
        "known_from": pd.Timestamp(known_from),
        "known_from_basis": basis,
        "url": next((page for page in pages if reporter in page), pages[0]),
        "sha256": entry["sha256"],
        "form": form,
        "seen": "seen" if form in ("as published", "re-saved") else "seen-secondary",
        "replaces": "",
        "note": f"{'Sums over rows of the file, made here and printed nowhere. ' if is_summed else ''}{note(entry)}",
        "seen_on": entry["seen_by"],
        "archived": archived(entry),
        "licence": entry.get("licence") or licence(reporter, form),
    }


def licence(reporter: str, form: str) -> str:
    """What may be done with a document of which nothing else is known: what bodies of the United States publish is free for all."""
    return US_WORK if reporter in _us_bodies() and form not in ("compiled", "third-party") else NOT_STATED


@functools.cache
def _us_bodies() -> set[str]:
    reporters = pd.read_csv(datasets_folder() / "vocabulary" / "reporters.csv")
    return set(reporters.loc[reporters["kind"].isin(("government", "court")) & (reporters["country"] == "USA"), "reporter"])


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def archived(entry: dict[str, str]) -> str:
    """The address of the copy that was read, which does not change; blank where none is known."""
    # The copy that was read, at the state in which it was read; a path with a mark for several files is no address.
    if not entry["copy_commit"] or not re.fullmatch(r"[\w./ -]+", entry["copy_path"]):
        return ""
    return f"https://github.com/{entry['copy_repo']}/blob/{entry['copy_commit']}/{entry['copy_path'].replace(' ', '%20')}"


def note(entry: dict[str, str]) -> str:
    """What a reader must know about a document, and where the copy was read."""
    copy = f"Copy read: {entry['copy_repo']}, {entry['copy_path']}." if entry["copy_repo"] else ""
    form = "" if entry["form"] == "as published" else f"{entry['form'][:1].upper()}{entry['form'][1:]}."
    return " ".join(text for text in (form, entry["note"], copy) if text)


def with_replaced(documents: pd.DataFrame) -> pd.DataFrame:
    """The documents, each with the edition that it replaces: same publisher, same file name, an earlier folder."""
    # A compilation by others replaces nothing.
    documents = documents.sort_values(["known_from", "document"]).reset_index(drop=True)
    newest: dict[tuple[str, str], str] = {}
    replaces = documents["replaces"].tolist()
    for row, document in enumerate(documents.itertuples()):
        if "/through-" not in document.document:
            continue
        line = (document.reporter, document.document.rpartition("/")[2])
        replaces[row] = newest.get(line, "")
        newest[line] = document.document
    return documents.assign(replaces=replaces)
