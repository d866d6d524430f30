"""Every number shipped is read again where it is said to stand, by programs that know nothing of our reader."""

import csv
import io
import re
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from dashboard.catalog.package import document_name

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
CELL = re.compile(r"(?:(?P<sheet>.*)!)?(?P<cells>[A-Z]+\d+(?::[A-Z]+\d+)?(?:, [A-Z]+\d+)*)", re.DOTALL)


def files(shared: Path) -> dict[str, Path]:
    found = {}
    for index in shared.rglob("INDEX.csv"):
        with index.open(encoding="utf-8", newline="") as lines:
            found |= {document_name(entry["file"]): index.parent / entry["file"] for entry in csv.DictReader(lines)}
    return found


@cache
def grid(path: Path) -> dict[str, list[list[str]]]:
    """The texts of a file by sheet and physical line; the sheet of a text file has no name."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, data_only=True)
        return {sheet.title: [["" if cell is None else cell for cell in row] for row in sheet.values] for sheet in book}
    text = next(path.read_bytes().decode(encoding) for encoding in encodings(path))
    delimiter = max(",;\t", key=text[:4000].count)
    lines: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for row in reader:
        # A record stands on the line on which it begins.
        first = len(lines)
        lines += [row] + [[]] * (reader.line_num - first - 1)
    return {"": lines}


def encodings(path: Path) -> list[str]:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "cp1252"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [encoding]
    raise ValueError(path)


def column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def text_at(path: Path, sheet: str | None, cell: str) -> object:
    letters, line = re.fullmatch(r"([A-Z]+)(\d+)", cell).groups()
    row = grid(path)[sheet or ""][int(line) - 1]
    return row[column(letters)] if column(letters) < len(row) else ""


def plain(text: object) -> str:
    """A printed text without blanks and marks of thousands; a stored number as digits."""
    if isinstance(text, float):
        text = f"{text:.10f}".rstrip("0").rstrip(".")
    return re.sub(r"[\s,\u00a0*]|%$", "", str(text)).lower()


def document_file(document: str, known: dict[str, Path]) -> Path | None:
    names = (document, document.rpartition("/")[0], document.rpartition("-")[0], document.rpartition("/")[0].rpartition("-")[0])
    return next((known[name] for name in names if name in known), None)


@pytest.mark.published
def test_every_number_equals_its_cell(published):
    known = files(published.parent)
    compared, wrong = 0, []
    for path in sorted((DATASETS / "observations").glob("*.csv")):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        for document, rows in table.groupby("document"):
            source = document_file(document, known)
            if source is None or source.suffix not in (".csv", ".xlsx"):
                continue
            for row in rows.itertuples():
                found = CELL.fullmatch(row.cell) if row.printed != "letter without a number" else None
                if found is None:
                    continue
                cells = re.split(r", |:", found["cells"])
                texts = [text_at(source, found["sheet"], cell) for cell in cells]
                there = [plain(text) for text in texts]
                compared += 1
                if len(cells) == 1 and plain(row.printed) not in (there[0], *halves(texts[0])) and not is_equal(there[0], row):
                    wrong.append((document, row.cell, row.printed, there))
                if len(cells) == 2 and ":" in row.cell and "–" in row.printed and "–".join(there) != plain(row.printed):
                    wrong.append((document, row.cell, row.printed, there))
    assert wrong == []
    assert compared > 120_000


def halves(text: object) -> list[str]:
    """The two half-years that a list prints in one cell: `0-249, 250-499`."""
    return [plain(half) for half in str(text).split(", ")] if ", " in str(text) else []


def is_equal(there: str, row) -> bool:
    """Whether a stored number is the one shipped: a workbook stores 0.64 for the 64% that it shows."""
    try:
        return float(row.low) <= float(there) <= float(row.high)
    except ValueError:
        return False


@pytest.mark.published
def test_every_letter_equals_its_row(published):
    known = files(published.parent)
    letters = pd.read_csv(DATASETS / "letters.csv", dtype=str, keep_default_na=False)
    for row in letters.itertuples():
        source = document_file(row.document, known)
        line = grid(source)[""][int(re.search(r"\d+", row.cell)[0]) - 1]
        assert {row.number, row.issued, row.released} <= {*line, ""}


@pytest.mark.published
def test_how_long_the_gags_of_googles_letters_lasted_is_as_told(published):
    letters = pd.read_csv(DATASETS / "letters.csv", parse_dates=["issued", "released"])
    newest = letters[letters["document"].str.startswith("google/through-2025-h1")]
    days = (newest["released"] - newest["issued"]).dt.days
    assert (len(days), days.median(), days.max(), (days > 5 * 365.25).sum(), (days > 10 * 365.25).sum()) == (371, 1076, 5020, 104, 20)
    assert "NSL-10-286988(a)" in newest.loc[days == days.max(), "number"].tolist()
    by_year = newest.groupby(newest["released"].dt.year).size()
    assert by_year.tolist() == [12, 13, 12, 21, 46, 46, 59, 68, 67, 27]
    # The shortest is probably a slip of the publisher, and kept as printed.
    assert newest.loc[days.idxmin(), ["number", "issued"]].tolist() == ["NSL-22-546712", pd.Timestamp("2023-05-26")]
