"""A file taken away and put back by the command leaves the datasets as they are, byte for byte; and nothing is written before it is shown."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from dashboard import catalog
from dashboard.build import additions, documents, rebuild
from dashboard.catalog.package import document_name
from dashboard.cli import main
from dashboard.reports.problems import Refused

BACK = (
    # A newer edition, a plain one, one file that is a document for each of many reports, a list that others compiled, letters.
    "more/google/through-2025-H1-as-published/google-enterprise-data-requests.csv",
    "published/microsoft/Microsoft LERR_2020_H2.xlsx",
    "published/us-government/nsl_letters_nslarchive.csv",
    "more/google/through-2025-H1-as-published/google-usnationalsecurity-nsl-requests-released.csv",
    "published/korea/korea-transparency.json",
)


def texts(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def without(files: list[Path], folder: Path) -> Path:
    """A copy of the datasets in which some published files are not held."""
    shutil.copytree(catalog.datasets_folder(), folder)
    names = {document_name(documents.entry_of(file)["file"]) for file in files}
    held = texts(folder / "documents.csv")
    gone = [documents.file_of(*of, names) is not None for of in zip(held["document"], held["reporter"], strict=True)]
    assert sum(gone) >= len(files)
    for reporter in set(held.loc[gone, "reporter"]):
        path = folder / "observations" / f"{reporter}.csv"
        rows = texts(path)
        rows = rows[~rows["document"].isin(held.loc[gone, "document"])]
        rebuild.write_rows(rows, path)
        if rows.empty:
            path.unlink()
    letters = texts(folder / "letters.csv")
    stays = [not state for state in gone]
    rebuild.write_documents(held[stays], letters[letters["document"].isin(held.loc[stays, "document"])], folder)
    return folder


def differing(folder: Path) -> list[str]:
    committed = catalog.datasets_folder()
    files = {path.relative_to(root) for root in (committed, folder) for path in root.rglob("*.*")}
    return sorted(
        str(file) for file in files if not (folder / file).exists() or (folder / file).read_bytes() != (committed / file).read_bytes()
    )


@pytest.mark.published
@pytest.mark.parametrize("file", BACK)
def test_a_file_held_back_and_put_back_gives_what_is_committed(published, tmp_path, file):
    path = published.parent / file
    folder = without([path], tmp_path / "before")
    assert differing(folder)
    additions.stage([documents.entry_of(path)], folder, tmp_path / "after")
    assert differing(tmp_path / "after") == []
    additions.put(tmp_path / "after", folder)
    assert differing(folder) == []


@pytest.mark.published
def test_the_redline_the_checks_and_the_sentences_that_change_are_shown_and_nothing_is_written(published, tmp_path, capsys):
    path = published / "microsoft" / "Microsoft LERR_2020_H2.xlsx"
    folder = without([path], tmp_path / "datasets")
    before = differing(folder)
    assert main(["add", str(path), "--datasets", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert differing(folder) == before
    for expected in (
        "microsoft/microsoft-lerr-2020-h2: ",
        "licence: not stated by the publisher",
        "checks run",
        "No figure restated; ",
        "→",
    ):
        assert expected in shown
    assert "burt" in shown.partition(" change:")[2]
    assert main(["add", str(path), "--datasets", str(folder), "--write"]) == 0
    written = capsys.readouterr().out
    assert written == shown.replace(
        "Nothing was written. Run it again with --write to put this among the datasets.", f"Written to {folder}."
    )
    assert set(differing(folder)) <= {"history.csv"}, "its versions are its own"


def test_a_file_of_no_layout_that_is_described_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("Country,Requests\nFrance,3\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"other\.csv holds no figure in a layout that is described"):
        additions.stage([{"file": "other/other.csv", "path": str(path)}], catalog.datasets_folder(), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
