"""Files made for a test, and what is read in them."""

import csv
import io
import zipfile
from collections.abc import Callable

import pandas as pd
import xlsxwriter

from dashboard.model.tables import OwnObservation
from dashboard.reports.cells import json_tables, reading
from dashboard.reports.door import MAPPED, Report
from dashboard.reports.recognise import read_report
from dashboard.reports.tables.drafts import Draft
from dashboard.reports.tables.uses import Use


def as_csv(columns: dict[str, list[str]]) -> bytes:
    """A table by its columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode()


def workbook(write: Callable[[xlsxwriter.Workbook], object], **options: str) -> bytes:
    """A workbook that `write` fills."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, options) as book:
        write(book)
    return target.getvalue()


def sheets(rows_of: dict[str, list[list]], **options: str) -> bytes:
    """A workbook of such sheets, by their names."""

    def write(book: xlsxwriter.Workbook) -> None:
        for name, rows in rows_of.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)

    return workbook(write, **options)


def sheet(rows: list[list], change: Callable = lambda book, page: None, name: str = "Data", **options: str) -> bytes:
    """A workbook of one sheet, with what `change` does to it."""

    def write(book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        change(book, page)

    return workbook(write, **options)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """An archive of such files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def published_draft(published, reporter: str, name: str) -> Draft:
    """What is read in a published file, by a layout of its reporter."""
    layout, draft = read_report(name, (published / reporter / name).read_bytes())
    assert layout.reporter == reporter
    return draft


def codes(draft: Draft, severity: str | None = None) -> list[tuple[str, str]]:
    """What is told of a file, each with its cell."""
    return [(problem.code, problem.cell) for problem in draft.problems if severity in (None, problem.severity)]


def rows(table: pd.DataFrame, **wanted: object) -> pd.DataFrame:
    """The rows of a table with some values."""
    return table[(table[list(wanted)] == pd.Series(wanted)).all(axis=1)]


def one(table: pd.DataFrame, **key: object) -> pd.Series:
    """The one row of a table with some values."""
    found = rows(table, **key)
    assert len(found) == 1, f"{len(found)} rows of {key}"
    return found.iloc[0]


def check_model(observations: pd.DataFrame) -> None:
    """Whether observations obey the model; of none only their columns are looked at, as a validation costs more than all else of a small file."""
    if len(observations):
        OwnObservation.validate(observations)
    assert set(OwnObservation.to_schema().columns) <= set(observations.columns)


def check_uses(report: Report, data: bytes) -> None:
    """Whether every cell of a file has one use: the uses add up to the cells that hold something. JSON of a layout of its own is not counted."""
    if report.layout is None:
        assert report.outcome == "refused"
        return
    assert set(report.uses) <= set(Use)
    file = reading.read(report.name, data)
    if file.kind == "json" and report.layout != MAPPED:
        return
    tables = json_tables.tabled(file) if file.kind == "json" else file
    assert sum(report.uses.values()) == sum(bool(cell.strip()) for sheet in tables.sheets for row in sheet.rows for cell in row)
    assert report.outcome == "refused" or report.uses.get(Use.FIGURE, 0) >= 1
