"""What a visitor takes away: rows with their evidence, as CSV, XLSX or the whole Data Package."""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from dashboard import analysis
from dashboard.analysis import bands
from dashboard.catalog.shipped import Catalog
from dashboard.display.comparisons import comparabilities
from dashboard.display.languages import Language
from dashboard.display.sentences import follows
from dashboard.model import places
from dashboard.model.columns import FORMULA_STARTS, KEY
from dashboard.model.intervals import plain_number


def rows_for_download(table: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The rows of a view as they leave: dates and numbers as text, with the edition, address and break that belong to each.

    Beside a printed band that begins at zero and cannot be zero stand `derived_low`, the lower end that follows, and `derived_because`.
    """
    result = _as_text(table)
    result.insert(result.columns.get_loc("requester") + 1, "requester_name", result["requester"].map(places.name))
    for name, column in (("document_url", "url"), ("document_form", "form"), ("seen", "seen")):
        result[name] = _of_documents(result["document"], catalog.document_rows, column)
    result["comparability"] = comparabilities(table, catalog, Language("en", catalog))
    result["break_before"] = _breaks_before(table, catalog.breaks)
    return result.assign(**_derived(table, catalog))


def rows_for_programs(table: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The same with numbers as numbers."""
    leaving = rows_for_download(table, catalog)
    return leaving.assign(low=table["low"], high=table["high"], derived_low=pd.to_numeric(leaving["derived_low"]))


def csv(table: pd.DataFrame) -> bytes:
    """A table of texts as CSV in UTF-8 with a mark that lets spreadsheets see it, formulas made harmless."""
    return _harmless(table).to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def series_rows(rows: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """One series for a terminal or a script: period, ends, the documents of each number, how it was made, and the lower end that follows."""
    derived = _derived(rows, catalog)
    return rows[["period_start", "period_end", "low", "high"]].assign(
        documents=rows["document"],
        derivation=rows["derivation"].replace("", "as published"),
        derived_low=pd.to_numeric(pd.Series(derived["derived_low"], rows.index, dtype=object), errors="coerce"),
        derived_because=derived["derived_because"],
    )


def series_csv(numbers: pd.DataFrame, gaps: pd.DataFrame) -> str:
    """One series of `series_rows` as CSV. Where it has no number at all, the periods without one stand there, each with its reason."""
    if not numbers.empty:
        return plain_csv(numbers)
    return plain_csv(numbers.reindex(gaps.index).assign(period_start=gaps["period_start"], period_end=gaps["period_end"], why=gaps["why"]))


def plain_csv(table: pd.DataFrame, header: bool = True) -> str:
    """Rows as CSV for scripts: dates as they are sorted, whole numbers without a point; a later piece goes without the header."""
    return _as_text(table).to_csv(index=False, header=header, lineterminator="\n")


def xlsx(table: pd.DataFrame, catalog: Catalog, view: dict[str, str]) -> bytes:
    """A workbook: the data, then the definitions, documents and breaks that concern it, then what the view is."""
    from dashboard.model import tables

    reporters, measures = set(table["reporter"]), set(table["measure"])
    definitions = catalog.definitions[catalog.definitions["reporter"].isin(reporters) & catalog.definitions["measure"].isin(measures)]
    documents = analysis.documents_of(table, catalog)
    breaks = catalog.breaks[catalog.breaks["reporter"].isin(reporters) & catalog.breaks["measure"].isin(measures | {"*"})]
    meaning = pd.DataFrame(tables.described(tables.Observation).items(), columns=["column", "meaning"])
    sheets = {
        "Data": rows_for_download(table, catalog),
        "Definitions": definitions,
        "Documents": documents,
        "Breaks": breaks,
        "Columns": meaning,
        "View": pd.DataFrame([*view.items(), ("data version", catalog.version)], columns=["what", "value"]),
    }
    return workbook(sheets)


def workbook(sheets: dict[str, pd.DataFrame]) -> bytes:
    """An XLSX workbook of tables; numbers are numbers, and no text is taken for a formula or a link."""
    target = io.BytesIO()
    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}}
    with pd.ExcelWriter(target, engine="xlsxwriter", engine_kwargs=options) as writer:
        for name, table in sheets.items():
            table = _harmless(_dates_as_text(table))
            for column in ("low", "high"):
                if column in table.columns:
                    # "No upper end" is said in a word, so that it is not taken for a missing number.
                    numbers = pd.to_numeric(table[column], errors="coerce")
                    table[column] = numbers.astype(object).where(numbers != float("inf"), "inf")
            table.to_excel(writer, sheet_name=name, index=False)
            sheet = writer.sheets[name]
            sheet.freeze_panes(1, 0)
            for position, column in enumerate(table.columns):
                longest = max(len(str(cell)) for cell in [column, *table[column].head(200)])
                sheet.set_column(position, position, min(60, longest + 2))
    return target.getvalue()


def data_package(folder: Path) -> bytes:
    """Everything we ship, as a zip of the Data Package: the tables, the statements and their description."""
    described = json.loads((folder / "datapackage.json").read_bytes())["resources"]
    paths = sorted(["datapackage.json", *(resource["path"] for resource in described)])
    return zipped((path, (folder / path).read_bytes()) for path in paths)


def zipped(files: Iterable[tuple[str, bytes | str]]) -> bytes:
    """Files, each by its path, as a zip with one fixed time stamp: the same files give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files:
            member = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return target.getvalue()


def json_rows(table: pd.DataFrame) -> str:
    """A table as a JSON list of objects, one a line; counts as whole numbers, a missing or endless end as null."""
    # One line after another: with an indent, Python would leave its fast writer for one ten times as slow.
    columns = [map(plain, table[name].to_numpy(dtype=object)) for name in table.columns]
    encode = json.JSONEncoder(ensure_ascii=False).encode
    lines = (encode(dict(zip(table.columns, row, strict=True))) for row in zip(*columns, strict=True))
    text = ",\n ".join(lines)
    return f"[\n {text}\n]" if text else "[]"


def plain(value: object, endless: str | None = None) -> object:
    """A cell as a value of JSON: days as text, counts as whole numbers, a missing one as null, and an end that is open as `endless`."""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    if value != value:
        return None
    if isinstance(value, float):
        return endless if math.isinf(value) else int(value) if value.is_integer() else value
    return value


def _harmless(table: pd.DataFrame) -> pd.DataFrame:
    result = table.copy()
    for column in result.columns:
        if pd.api.types.is_string_dtype(result[column]) and column not in ("low", "high"):
            texts = result[column].fillna("").astype(str)
            result[column] = ("'" + texts).where(texts.str.startswith(FORMULA_STARTS), texts)
    return result


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    ends = table.columns.intersection(["low", "high", "derived_low"])
    return _dates_as_text(table).assign(**{end: table[end].map(plain_number) for end in ends})


def _dates_as_text(table: pd.DataFrame) -> pd.DataFrame:
    result = table.copy()
    for column in result.columns:
        if pd.api.types.is_datetime64_any_dtype(result[column]):
            result[column] = result[column].dt.strftime("%Y-%m-%d")
    return result


def _of_documents(names: pd.Series, documents: Mapping[str, Mapping[str, str]], column: str) -> pd.Series:
    # A sum names the documents of its parts, one after the other.
    texts = {
        text: "; ".join(dict.fromkeys(documents[name][column] if name in documents else "" for name in text.split("; ")))
        for text in names.unique()
    }
    return names.map(texts)


def _derived(table: pd.DataFrame, catalog: Catalog) -> dict[str, list[str]]:
    # Of numbers as they were printed; one that was made of them, as of a day, has ends of its own.
    is_band = (table["low"] == 0) & (table["high"] > 0) & table["measure"].isin(bands.ORDERS)
    stands_at = ["document", "cell", "high", *KEY]
    cells = table[stands_at].itertuples(index=False, name=None)
    if not is_band.any():
        return dict.fromkeys(("derived_low", "derived_because"), [""] * len(table))
    known, names = bands.by_logic(catalog), Language("en", catalog)
    by_cell = dict(zip(known[stands_at].itertuples(index=False, name=None), known.to_dict("records"), strict=True))
    conclusions = [by_cell.get(cell) if band else None for cell, band in zip(cells, is_band, strict=True)]
    return {
        "derived_low": [plain_number(row["derived_low"]) if row else "" for row in conclusions],
        "derived_because": [follows(row, names) if row else "" for row in conclusions],
    }


def _breaks_before(table: pd.DataFrame, breaks: pd.DataFrame) -> list[str]:
    changes: dict[str, list] = {}
    for change in breaks[breaks["reporter"].isin(table["reporter"].unique())].itertuples(index=False):
        changes.setdefault(change.reporter, []).append(change)
    columns = ("reporter", "period_start", "period_end", "requester", "measure", "request_type")
    return [
        "; ".join(
            change.label
            for change in changes.get(reporter, [])
            if start <= change.date <= end
            and change.requester in ("*", requester)
            and change.measure in ("*", measure)
            and change.request_type in ("*", kind)
        )
        for reporter, start, end, requester, measure, kind in zip(
            *(table[column].to_numpy(dtype=object) for column in columns), strict=True
        )
    ]
