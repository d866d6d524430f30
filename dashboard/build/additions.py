"""Published files put among the datasets one by one: first in a copy, where all that would change can be looked at."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

from dashboard.build.documents import COMPILED, by_reporter, file_of, read_entry
from dashboard.build.rebuild import as_texts, beside, shipped_letters, write_documents, write_rows
from dashboard.catalog.package import document_name
from dashboard.reports.problems import refuse


def stage(entries: list[dict[str, str]], datasets: Path, copy: Path) -> pd.DataFrame:
    """Write the datasets with some files in them to a new folder `copy`, and give the observations of these files.

    An entry is a line of an `INDEX.csv` with the `path` of its file. A file that is shipped already takes its own place again.
    Nothing in `datasets` is touched. Raises `Refused` where a file holds no figure of a layout that is described.
    """
    drafts = [read_entry(entry)[1] for entry in entries]
    for entry, draft in zip(entries, drafts, strict=True):
        if draft is None or not len(draft.observations):
            says = f"{Path(entry['path']).name} holds no figure in a layout that is described."
            raise refuse("unknown_layout", says, "Describe its layout first: dashboard/docs/adding.md says how.")
    rows, added = by_reporter(pd.concat([draft.table() for draft in drafts], ignore_index=True), entries)

    shutil.copytree(datasets, copy)
    shipped, files = _read(datasets / "documents.csv"), {document_name(entry["file"]) for entry in entries}
    stays = [file_of(*names, files) is None for names in zip(shipped["document"], shipped["reporter"], strict=True)]
    documents = pd.concat([shipped[stays], as_texts(added)], ignore_index=True)
    compiled = set(documents.loc[documents["form"] == "compiled", "document"])
    silent = set()
    for reporter, new_rows in as_texts(rows).groupby("reporter"):
        path = copy / "observations" / f"{reporter}.csv"
        old_rows = _staying(_read(path), shipped[stays]) if path.exists() else new_rows.iloc[:0]
        table = _beside_publishers(pd.concat([old_rows, new_rows], ignore_index=True), compiled)
        silent |= compiled & {*old_rows["document"], *new_rows["document"]} - set(table["document"])
        write_rows(table, path)
    old_letters = _staying(_read(datasets / "letters.csv"), shipped[stays])
    newly_compiled = {document_name(entry["file"]) for entry in entries if entry["form"] == COMPILED}
    of_one = shipped.loc[~shipped["sha256"].duplicated(keep=False), "document"]
    listed = set(old_letters.loc[old_letters["document"].isin(of_one), "reporter"])
    letters = shipped_letters([letter for draft in drafts for letter in draft.letters], set(added["reporter"]), newly_compiled, listed)
    documents = documents[~documents["document"].isin(silent - set(letters["document"]))]
    write_documents(documents, _staying(pd.concat([old_letters, as_texts(letters)]), documents), copy)
    return rows


def put(copy: Path, datasets: Path) -> None:
    """Make the datasets what their copy is."""
    for path in (*copy.rglob("*.csv"), copy / "datapackage.json"):
        shutil.copyfile(path, datasets / path.relative_to(copy))


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _staying(table: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    return table[table["document"].isin(documents["document"])]


def _beside_publishers(rows: pd.DataFrame, compiled: set[str]) -> pd.DataFrame:
    # What others compiled speaks only where the publishers' own documents, the new ones among them, hold nothing.
    is_compiled = rows["document"].isin(compiled)
    publishers, beside_them = rows[~is_compiled], []
    for (document, reporter), table in rows[is_compiled].groupby(["document", "reporter"], sort=False):
        beside_them.append(beside(document.removesuffix(f"-{reporter}"), table, [publishers], beside_them))
    return pd.concat([publishers, *beside_them], ignore_index=True)
