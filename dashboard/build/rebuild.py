"""The bundled datasets, made from the published files: run again, it gives exactly what is committed."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pandas as pd

from dashboard.build import facts
from dashboard.catalog.package import describe, document_name, known
from dashboard.model import tables
from dashboard.model.intervals import plain_number
from dashboard.model.periods import ending, parse
from dashboard.reports.cells.reading import read
from dashboard.reports.layouts.twitter import SUMMED
from dashboard.reports.problems import Problem, Refused
from dashboard.reports.recognise import layout_of
from dashboard.reports.tables.dimensions import edition_name
from dashboard.reports.tables.drafts import Draft

# Answers of a bot to single askers are like figures quoted from a text: they make up no total over countries.
_FORMS = {
    "as published": "as published",
    "re-saved": "re-saved",
    "transcribed": "transcribed",
    "crowdsourced": "quoted",
    "excerpt": "transcribed",
}
_LICENCES = {
    "world_bank": "CC BY 4.0",
    **dict.fromkeys(("odni", "doj", "us_courts"), "public domain: a work of the United States government"),
}
_NO_REPORTS = ("population/population.csv", "github/datapackage.json")
_COMPILED = "research compilation"
_SERIES = tables.KEY[: tables.KEY.index("period_start")]
_BANDS = "us-government/transparency_reports_extended.csv"
_SECRET = ("nsl", "fisa", "fisa_content", "fisa_noncontent", "national_security")
# Recognised, but not shipped: the extended table of the same compilers holds every row of it.
_NOT_SHIPPED = ("us-government/transparency_reports.csv",)


def rebuild(shared: Path, datasets: Path) -> list[tuple[str, Problem]]:
    """Read every published file of a known layout and write the datasets; the problems found, each with its file.

    The published files are those of every folder below `shared` that has an `INDEX.csv`; the quoted figures are in `facts`.
    """
    quoted, quoted_documents = facts.read_facts(shared / "facts")
    observations, compiled, entries, letters, problems = [quoted], {}, [], [], []
    for entry in _entries(shared):
        file_problems, draft = _read(entry)
        problems += [(entry["file"], problem) for problem in file_problems]
        if draft is not None and draft.rows and entry["file"] not in _NOT_SHIPPED:
            if entry["form"] == _COMPILED:
                compiled[entry["file"]] = draft.table()
            else:
                observations.append(draft.table())
            entries.append(entry)
            letters += draft.letters
    reporters = set(pd.read_csv(datasets / "vocabulary" / "reporters.csv")["reporter"])
    # The compilers name letters and orders alike: where a publisher's own report has either, theirs is no other series.
    secret = {reporter for table in observations for reporter in table.loc[table["request_type"].isin(_SECRET), "reporter"]}
    for name, table in compiled.items():
        shown = reporters - secret if name == _BANDS else reporters
        observations.append(_alone(table[table["reporter"].isin(shown)], observations))
    observations, documents = _by_reporter(pd.concat(observations, ignore_index=True), entries)
    people, people_document = _population(shared)
    letters = _letters(letters, set(documents["document"]), reporters)
    documents = pd.concat([documents, quoted_documents, pd.DataFrame([people_document])], ignore_index=True)
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
    _write(letters.sort_values(["reporter", "issued", "number", "document", "cell"]), datasets / "letters.csv")
    describe(datasets)
    return problems


def _entries(shared: Path) -> list[dict[str, str]]:
    # The lines of every index, each with the path of its file.
    entries = []
    for index in sorted(shared.rglob("INDEX.csv"), key=lambda path: (path.parent.name != "published", path)):
        with index.open(encoding="utf-8", newline="") as lines:
            entries += [entry | {"path": str(index.parent / entry["file"])} for entry in csv.DictReader(lines)]
    return entries


def _read(entry: dict[str, str]) -> tuple[list[Problem], Draft | None]:
    path = Path(entry["path"])
    if entry["file"] in _NO_REPORTS:
        return [], None
    try:
        file = read(path.name, path.read_bytes())
        layout = layout_of(file)
    except Refused as refused:
        return [refused.problem], None
    draft = Draft(layout.reporter, document_name(entry["file"]))
    layout.read(file, draft)
    return draft.problems, draft


def _letters(letters: list[tuple], documents: set[str], reporters: set[str]) -> pd.DataFrame:
    # Of a publisher whose own list is at hand, the list of others is not needed; a file of several is a document of each.
    table = pd.DataFrame(letters, columns=list(tables.described(tables.Letter))).astype(
        {"issued": "datetime64[s]", "released": "datetime64[s]"}
    )
    of_several = ~table["document"].isin(documents)
    table.loc[of_several, "document"] += "-" + table.loc[of_several, "reporter"]
    return table[table["document"].isin(documents) & table["reporter"].isin(reporters)]


def _alone(table: pd.DataFrame, others: list[pd.DataFrame]) -> pd.DataFrame:
    # A compilation by others speaks only for series of which no other document holds a number: it repeats the rest, and where
    # it differs from them it may have an edition in between, a slip, or another sense of the same words.
    held = pd.concat([other[_SERIES] for other in others]).drop_duplicates()
    marked = table.merge(held, on=_SERIES, how="left", indicator=True)
    return marked.loc[marked["_merge"] == "left_only", table.columns]


def _by_reporter(observations: pd.DataFrame, entries: list[dict[str, str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
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
        file = next(
            (name for name in (document, document.removesuffix(f"-{reporter}"), document.rpartition("/")[0]) if name in by_file), None
        )
        if file is not None:
            edition = editions[file].get(document.removeprefix(f"{file}/"), {})
            documents.append(_document(by_file[file], document, reporter, end.date(), edition))
    return observations, pd.DataFrame(documents)


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
    published = edition.get("published", "")
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
        "note": f"{'Sums over rows of the file, made here and printed nowhere. ' if is_summed else ''}{_note(entry)}",
        "seen_on": entry["seen_by"],
        "archived": _archived(entry),
        "licence": _LICENCES.get(reporter, ""),
    }


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _archived(entry: dict[str, str]) -> str:
    # The copy that was read, at the state in which it was read; a path with a mark for several files is no address.
    if not entry["copy_commit"] or not re.fullmatch(r"[\w./ -]+", entry["copy_path"]):
        return ""
    return f"https://github.com/{entry['copy_repo']}/blob/{entry['copy_commit']}/{entry['copy_path'].replace(' ', '%20')}"


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


def _population(shared: Path) -> tuple[pd.DataFrame, dict]:
    entry = next(entry for entry in _entries(shared) if entry["file"].startswith("population/"))
    name = document_name(entry["file"])
    rows = []
    with Path(entry["path"]).open(encoding="utf-8", newline="") as file:
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
        "seen_on": entry["seen_by"],
        "archived": _archived(entry),
        "licence": _LICENCES["world_bank"],
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
