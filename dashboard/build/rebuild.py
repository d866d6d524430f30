"""The bundled datasets, made from the published files: run again, it gives exactly what is committed."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable
from pathlib import Path

import pandas as pd

from dashboard.build import facts
from dashboard.build.documents import COMPILED, archived, by_reporter, entries_below, note, read_entry, with_replaced
from dashboard.catalog.package import describe, document_name
from dashboard.model import tables
from dashboard.model.columns import KEY
from dashboard.model.intervals import plain_number
from dashboard.reports.problems import Problem

_SERIES = KEY[: KEY.index("period_start")]
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
    for entry in entries_below(shared):
        file_problems, draft = read_entry(entry)
        problems += [(entry["file"], problem) for problem in file_problems]
        if draft is not None and len(draft.observations) and entry["file"] not in _NOT_SHIPPED:
            if entry["form"] == COMPILED:
                compiled[document_name(entry["file"])] = draft.table()
            else:
                observations.append(draft.table())
            entries.append(entry)
            letters += draft.letters
    reporters = set(pd.read_csv(datasets / "vocabulary" / "reporters.csv")["reporter"])
    beside_them: list[pd.DataFrame] = []
    for name, table in compiled.items():
        beside_them.append(beside(name, table[table["reporter"].isin(reporters)], observations, beside_them))
    letters = shipped_letters(letters, reporters, compiled)
    shipped = pd.concat([*observations, *beside_them], ignore_index=True)
    # A compilation of which a reporter's letters are shipped, and no number, is a document of that reporter all the same.
    rows_of_letters = [table[(name + "-" + table["reporter"]).isin(letters["document"])] for name, table in compiled.items()]
    observations, documents = by_reporter(pd.concat([shipped, *rows_of_letters], ignore_index=True), entries)
    observations = observations.iloc[: len(shipped)]
    people, people_document = _population(shared)
    documents = pd.concat([documents, quoted_documents, pd.DataFrame([people_document])], ignore_index=True)

    folder = datasets / "observations"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.csv"):
        old.unlink()
    for reporter, rows in observations.groupby("reporter"):
        write_rows(rows, folder / f"{reporter}.csv")
    write(people, datasets / "population.csv")
    write_documents(documents, letters, datasets)
    return problems


def write_rows(rows: pd.DataFrame, path: Path) -> None:
    """Write the observations of a reporter."""
    write(rows.sort_values([*KEY, "document", "cell"]), path)


def write_documents(documents: pd.DataFrame, letters: pd.DataFrame, datasets: Path) -> None:
    """Write the documents, each with the edition that it replaces, and the letters; and describe every table in the folder."""
    documents = with_replaced(documents)[list(tables.described(tables.Document))]
    write(documents.sort_values(["reporter", "document"]), datasets / "documents.csv")
    write(letters.sort_values(["reporter", "issued", "number", "document", "cell"]), datasets / "letters.csv")
    describe(datasets)


def shipped_letters(letters: list[tuple], reporters: set[str], compiled: Collection[str], listed: Iterable[str] = ()) -> pd.DataFrame:
    """The letters to `reporters`, each with the document of its reporter; `listed` have a list of their own already.

    Of the lists of a reporter's letters its own are taken, else one that others compiled of it alone, else one of several reporters.
    """
    table = pd.DataFrame(letters, columns=list(tables.described(tables.Letter))).astype(
        {"issued": "datetime64[s]", "released": "datetime64[s]"}
    )
    of_several = table.groupby("document")["reporter"].transform("nunique") > 1
    distance = table["document"].isin(compiled) + of_several.astype(int)
    nearest = distance.groupby(table["reporter"]).transform("min").mask(table["reporter"].isin(listed), 0)
    table.loc[of_several, "document"] += "-" + table.loc[of_several, "reporter"]
    return table[table["reporter"].isin(reporters) & (distance == nearest)]


def beside(name: str, compiled: pd.DataFrame, publishers: list[pd.DataFrame], earlier: list[pd.DataFrame]) -> pd.DataFrame:
    """What of a compilation by others is shipped: the series of which neither a publisher nor an earlier compilation holds a number.

    It repeats the rest, and where it differs from them it may have an edition in between, a slip, or another sense of the same words.
    """
    if name == document_name(_BANDS):
        # The compilers name letters and orders alike: where a publisher's own report has either, theirs is no other series.
        secret = {reporter for table in publishers for reporter in table.loc[table["request_type"].isin(_SECRET), "reporter"]}
        compiled = compiled[~compiled["reporter"].isin(secret)]
    published = pd.concat([other[_SERIES] for other in (*publishers, *earlier)]).drop_duplicates()
    marked = compiled.merge(published, on=_SERIES, how="left", indicator=True)
    return marked.loc[marked["_merge"] == "left_only", compiled.columns]


def _population(shared: Path) -> tuple[pd.DataFrame, dict]:
    entry = next(entry for entry in entries_below(shared) if entry["file"].startswith("population/"))
    name = document_name(entry["file"])
    rows = []
    with Path(entry["path"]).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for record in reader:
            code = {"KSV": "XKX", "XKX": "XKX"}.get(record["Country Code"], record["Country Code"])
            if code in tables.places.codes() - {tables.places.WORLD} and record["Value"]:
                rows.append((code, int(record["Year"]), round(float(record["Value"])), name, f"D{reader.line_num}"))
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
        "note": note(entry),
        "seen_on": entry["seen_by"],
        "archived": archived(entry),
        "licence": "CC BY 4.0",
    }
    return table.sort_values(["place", "year"]), document


def write(table: pd.DataFrame, path: Path) -> None:
    """Write a table of the datasets."""
    as_texts(table).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def as_texts(table: pd.DataFrame) -> pd.DataFrame:
    """A table as it is written: days as YYYY-MM-DD, numbers without needless digits."""
    table = table.copy()
    for column in table.columns:
        if pd.api.types.is_datetime64_any_dtype(table[column]):
            table[column] = table[column].dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_float_dtype(table[column]):
            table[column] = table[column].map(plain_number)
    return table
