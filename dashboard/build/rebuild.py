"""The bundled datasets, made from the published files: run again, it gives exactly what is committed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from dashboard.build import facts
from dashboard.catalog.package import describe, document_name, known
from dashboard.model import tables
from dashboard.model.intervals import plain_number
from dashboard.model.periods import ending, parse
from dashboard.reports.cells.reading import read
from dashboard.reports.problems import Problem, Refused
from dashboard.reports.recognise import layout_of
from dashboard.reports.tables.drafts import Draft

# Answers of a bot to single askers are like figures quoted from a text: they make up no total over countries.
_FORMS = {"as published": "as published", "re-saved": "re-saved", "transcribed": "transcribed", "crowdsourced": "quoted"}
_NO_REPORTS = ("population/population.csv", "github/datapackage.json")
_COMPILED = "research compilation"
_SERIES = tables.KEY[: tables.KEY.index("period_start")]
# Recognised, but not shipped: bands of many companies, of editions that nobody names. Where the companies' own files are at
# hand, most bands are the same and the others are neither their first nor their newest; nor does the table say whether letters
# or the requests in them are counted.
_NOT_SHIPPED = ("us-government/transparency_reports.csv", "us-government/transparency_reports_extended.csv")


def rebuild(shared: Path, datasets: Path) -> list[tuple[str, Problem]]:
    """Read every published file of a known layout and write the datasets; the problems found, each with its file."""
    quoted, quoted_documents = facts.read_facts(shared / "facts")
    observations, compiled, documents, problems = [quoted], [], [], []
    for entry, file_problems, draft in _drafts(shared / "published"):
        problems += [(entry["file"], problem) for problem in file_problems]
        if draft is not None and draft.rows and entry["file"] not in _NOT_SHIPPED:
            (compiled if entry["form"] == _COMPILED else observations).append(draft.table())
            documents.append((entry, draft.document))
    reporters = set(pd.read_csv(datasets / "vocabulary" / "reporters.csv")["reporter"])
    for table in compiled:
        observations.append(_alone(table[table["reporter"].isin(reporters)], observations))
    observations, documents = _by_reporter(pd.concat(observations, ignore_index=True), documents)
    documents = pd.concat([documents, quoted_documents], ignore_index=True)
    people, people_document = _population(shared / "published")
    documents = pd.concat([documents, pd.DataFrame([people_document])], ignore_index=True)
    documents = _with_replaced(documents)

    folder = datasets / "observations"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.csv"):
        old.unlink()
    for reporter, rows in observations.groupby("reporter"):
        _write(rows.sort_values([*tables.KEY, "document", "cell"]), folder / f"{reporter}.csv")
    documents = documents[list(tables.described(tables.Document))]
    _write(documents.sort_values(["reporter", "document"]), datasets / "documents.csv")
    _write(people, datasets / "population.csv")
    describe(datasets)
    return problems


def _drafts(published: Path) -> Iterator[tuple[dict[str, str], list[Problem], Draft | None]]:
    with (published / "INDEX.csv").open(encoding="utf-8", newline="") as index:
        entries = list(csv.DictReader(index))
    for entry in entries:
        path = published / entry["file"]
        if entry["file"] in _NO_REPORTS:
            continue
        try:
            file = read(path.name, path.read_bytes())
            layout = layout_of(file)
        except Refused as refused:
            yield entry, [refused.problem], None
            continue
        draft = Draft(layout.reporter, document_name(entry["file"]))
        layout.read(file, draft)
        yield entry, draft.problems, draft


def _alone(table: pd.DataFrame, others: list[pd.DataFrame]) -> pd.DataFrame:
    # A compilation by others speaks only for series of which no other document holds a number: it repeats the rest, and where
    # it differs from them it may have an edition in between, a slip, or another sense of the same words.
    held = pd.concat([other[_SERIES] for other in others]).drop_duplicates()
    marked = table.merge(held, on=_SERIES, how="left", indicator=True)
    return marked.loc[marked["_merge"] == "left_only", table.columns]


def _by_reporter(observations: pd.DataFrame, entries: list[tuple[dict[str, str], str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    # A file that compiles the reports of several is a document of each: a document tells whose figures it holds.
    documents = []
    for entry, name in entries:
        rows = observations[observations["document"] == name]
        for reporter, own in rows.groupby("reporter"):
            document = name if rows["reporter"].nunique() == 1 else f"{name}-{reporter}"
            observations.loc[own.index, "document"] = document
            documents.append(_document(entry, document, reporter, own["period_end"].max().date()))
    return observations, pd.DataFrame(documents)


def _document(entry: dict[str, str], document: str, reporter: str, last: date) -> dict:
    covered = parse(entry["covers_through"].replace("-", " ")) or ending(last, 1)
    seen_by = date.fromisoformat(entry["seen_by"])
    known_from, basis = known(seen_by, covered)
    pages = re.findall(r"https?://\S+", entry["publisher_page"]) or [""]
    form = next((ours for printed, ours in _FORMS.items() if entry["form"].startswith(printed)), "third-party")
    return {
        "document": document,
        "reporter": reporter,
        "title": f"{entry['report']}: {Path(entry['file']).name}",
        "edition": f"through {covered}" if "through" in entry["file"] else str(covered),
        "published": "",
        "known_from": pd.Timestamp(known_from),
        "known_from_basis": basis,
        "url": next((page for page in pages if reporter in page), pages[0]),
        "sha256": entry["sha256"],
        "form": form,
        "seen": "seen" if form in ("as published", "re-saved") else "seen-secondary",
        "replaces": "",
        "note": _note(entry),
    }


def _note(entry: dict[str, str]) -> str:
    copy = f"Copy read: {entry['copy_repo']}, {entry['copy_path']}." if entry["copy_repo"] else ""
    form = "" if entry["form"] == "as published" else f"{entry['form'][:1].upper()}{entry['form'][1:]}."
    return " ".join(part for part in (form, entry["note"], copy) if part)


def _with_replaced(documents: pd.DataFrame) -> pd.DataFrame:
    # Editions of one file: same publisher, same file name, a later folder. A compilation by others replaces nothing.
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


def _population(published: Path) -> tuple[pd.DataFrame, dict]:
    with (published / "INDEX.csv").open(encoding="utf-8", newline="") as index:
        entry = next(row for row in csv.DictReader(index) if row["file"].startswith("population/"))
    name = document_name(entry["file"])
    rows = []
    with (published / entry["file"]).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for record in reader:
            place = {"KSV": "XKX", "XKX": "XKX"}.get(record["Country Code"], record["Country Code"])
            if place in tables.places.codes() - {tables.places.WORLD} and record["Value"]:
                rows.append((place, int(record["Year"]), round(float(record["Value"])), name, f"D{reader.line_num}"))
    table = pd.DataFrame(rows, columns=list(tables.described(tables.Population)))
    document = {
        "document": name,
        "reporter": "world_bank",
        "title": entry["report"],
        "edition": f"seen {entry['seen_by']}",
        "published": "",
        "known_from": pd.Timestamp(entry["seen_by"]),
        "known_from_basis": "seen",
        "url": entry["publisher_page"],
        "sha256": entry["sha256"],
        "form": "third-party",
        "seen": "seen-secondary",
        "replaces": "",
        "note": _note(entry),
    }
    return table.sort_values(["place", "year"]), document


def _write(table: pd.DataFrame, path: Path) -> None:
    table = table.copy()
    for column in table.columns:
        if pd.api.types.is_datetime64_any_dtype(table[column]):
            table[column] = table[column].dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_float_dtype(table[column]):
            table[column] = table[column].map(plain_number)
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
