"""What leaves is what was shown: read again it is the same, harmless to a spreadsheet, and comes with its evidence."""

import csv
import hashlib
import io
import json
import math
import zipfile
from datetime import date

import pandas as pd
import pytest
import python_calamine
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboard import analysis, catalog
from dashboard.analysis import bands, with_totals
from dashboard.build.rebuild import plain_number
from dashboard.catalog import history
from dashboard.display import downloads
from dashboard.model import tables
from dashboard.model.columns import FORMULA_STARTS, KEY

SHOWN = """
reporter requester period  value   document
google   NAM       2019_H1 7       report
google   USA       2019_H1 0-499   report
google   USA       2019_H2 1000+   report
google   TWN       2019_H1 0       report
"""


def read_csv(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(data: bytes) -> dict[str, list[list]]:
    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}


def records(sheet: list[list]) -> list[dict]:
    return [dict(zip(sheet[0], row, strict=True)) for row in sheet[1:]]


# Rows


def test_every_row_leaves_with_its_numbers_its_place_and_its_document(catalog_of):
    bundle = catalog_of(SHOWN)
    rows = with_totals(bundle)
    rows = rows[rows["derivation"] == ""]
    out = read_csv(downloads.csv(downloads.rows_for_download(rows, bundle)))
    assert [(row["requester"], row["requester_name"], row["low"], row["high"], row["printed"], row["cell"]) for row in out] == [
        ("NAM", "Namibia", "7", "7", "7", "B2"),
        ("USA", "United States", "0", "499", "0-499", "B3"),
        ("USA", "United States", "1000", "inf", "1000+", "B4"),
        ("TWN", "Taiwan", "0", "0", "0", "B5"),
    ]
    assert {row["document_url"] for row in out} == {"https://example.org/report"}
    assert {(row["document_form"], row["seen"]) for row in out} == {("as published", "seen")}
    assert [row["period_start"] for row in out] == ["2019-01-01", "2019-01-01", "2019-07-01", "2019-01-01"]


@pytest.mark.parametrize("scale", [lambda rows: rows, analysis.per_day, analysis.by_year])
def test_what_is_exported_is_read_back_the_same(bundled_table, scale):
    bundle = catalog.bundled()
    rows = scale(analysis.select(bundled_table, reporters=["google", "microsoft", "meta"], requesters=["USA", "NAM", "WLD"]))
    out = downloads.csv(downloads.rows_for_download(rows, bundle))
    back = pd.read_csv(io.BytesIO(out), keep_default_na=False, dtype=str, encoding="utf-8-sig")
    ends = pd.DataFrame({end: pd.to_numeric(back[end]) for end in ("low", "high")})
    pd.testing.assert_frame_equal(ends, rows[["low", "high"]].reset_index(drop=True), check_exact=True)
    for column in ("reporter", "requester", "measure", "request_type", "document"):
        assert back[column].tolist() == rows[column].tolist()
    assert pd.to_datetime(back["period_end"]).tolist() == rows["period_end"].tolist()


def test_a_band_that_cannot_be_zero_leaves_as_printed_with_the_lower_end_that_follows_and_why(bundled_table):
    bundle = catalog.bundled()
    known = bands.by_logic(bundle)
    rows = bundled_table[bundled_table["made_by"] == ""].merge(
        known[["document", "cell", "derived_low", *KEY]], on=[*KEY, "document", "cell"]
    )
    assert len(rows) == len(known) > 0
    out = downloads.rows_for_download(rows.drop(columns="derived_low"), bundle)
    assert set(out["low"]) == {"0"} and out["derived_low"].tolist() == ["1"] * len(known)
    assert out["derived_because"].str.contains("our conclusion").all()
    # A number that is made of it, or that is another, has none.
    for others in (
        analysis.per_day(rows.drop(columns="derived_low")),
        analysis.select(bundled_table, reporters=["google"], measure="requests").head(50),
    ):
        assert set(downloads.rows_for_download(others, bundle)["derived_low"]) == {""}


def test_a_missing_number_leaves_as_nothing_with_its_reason(catalog_of):
    bundle = catalog_of(SHOWN)
    rows = analysis.by_year(with_totals(bundle)[lambda table: table["requester"] == "NAM"])
    (row,) = read_csv(downloads.csv(downloads.rows_for_download(rows, bundle)))
    assert (row["low"], row["high"], row["why"]) == ("", "", "2019 is not published in full")


def test_a_sum_leaves_with_the_addresses_of_its_parts(catalog_of):
    bundle = catalog_of(
        "period value document\n2019_H1 7 one\n2019_H2 8 two", "document form seen\none as_published seen\ntwo quoted seen-secondary"
    )
    (row,) = read_csv(downloads.csv(downloads.rows_for_download(analysis.by_year(with_totals(bundle)), bundle)))
    assert row["document_url"] == "https://example.org/one; https://example.org/two"
    assert (row["document_form"], row["seen"]) == ("as published; quoted", "seen; seen-secondary")


def test_namibia_survives_and_is_no_missing_value(bundled_table):
    bundle = catalog.bundled()
    rows = analysis.select(bundled_table, requesters=["NAM"], reporters=["google"])
    assert len(rows) > 0
    for row in read_csv(downloads.csv(downloads.rows_for_download(rows, bundle))):
        assert (row["requester"], row["requester_name"]) == ("NAM", "Namibia")
    table = pd.DataFrame({"code": ["NA", "N/A", "null", "nan", "None", ""]})
    assert [row["code"] for row in read_csv(downloads.csv(table))] == table["code"].tolist()


def test_a_break_within_the_period_is_told_beside_the_row(catalog_of):
    columns = list(tables.described(tables.Break))
    breaks = pd.DataFrame(
        [["google", "*", "*", "*", pd.Timestamp("2019-07-01"), "New unit", "What changed", "What it does", ""]], columns=columns
    )
    bundle = catalog_of(SHOWN, breaks=breaks)
    rows = with_totals(bundle)
    out = downloads.rows_for_download(rows[rows["requester"] == "USA"], bundle)
    assert out["break_before"].tolist() == ["", "New unit"]


# Formulas


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1", "＋1", "－1", "＠x", '=HYPERLINK("http://x")', "-"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_a_spreadsheet_would_run_leaves_with_an_apostrophe(catalog_of, text):
    bundle = catalog_of("value\n1")
    rows = with_totals(bundle).assign(printed=text, cell=text)
    out = downloads.rows_for_download(rows, bundle)
    (row,) = read_csv(downloads.csv(out))
    assert row["printed"] == row["cell"] == f"'{text}"
    sheet = records(read_xlsx(downloads.xlsx(rows, bundle, {"title": text}))["Data"])
    assert sheet[0]["cell"].replace("_x000D_", "\r") == f"'{text}"


@given(st.text(max_size=20))
def test_no_cell_of_a_csv_begins_like_a_formula(text):
    (row,) = read_csv(downloads.csv(pd.DataFrame({"a": [text], "b": ["x"]})))
    assert not row["a"].startswith(FORMULA_STARTS)
    assert row["a"] in (text, f"'{text}")


def test_numbers_are_never_touched():
    table = pd.DataFrame({"low": ["0", "0.635", "inf", ""], "high": ["-1", "1e-07", "inf", ""], "change": [-1.5, 2.0, 0.1, 1e300]})
    out = read_csv(downloads.csv(table))
    assert [row["low"] for row in out] == table["low"].tolist() and [row["high"] for row in out] == table["high"].tolist()
    assert [float(row["change"]) for row in out] == table["change"].tolist()


@given(st.integers(0, 10**15) | st.floats(0, 1) | st.just(math.inf) | st.just(math.nan))
def test_a_number_as_text_is_the_same_number(value):
    text = plain_number(float(value))
    assert text == "" if value != value else float(text) == value
    assert value != value or not float(value).is_integer() or "." not in text


# Workbooks


def test_a_workbook_holds_the_data_its_definitions_documents_and_breaks(bundled_table):
    bundle = catalog.bundled()
    rows = analysis.select(bundled_table, reporters=["microsoft"], requesters=["USA"], measure="requests", request_types=["all"])
    sheets = read_xlsx(downloads.xlsx(rows, bundle, {"reporter": "microsoft"}))
    assert list(sheets) == ["Data", "Definitions", "Documents", "Breaks", "Columns", "View"]
    data = records(sheets["Data"])
    assert [(row["low"], row["high"]) for row in data] == list(zip(rows["low"], rows["high"], strict=True))
    named = {name for row in data for name in row["document"].split("; ") if name}
    assert named <= {row["document"] for row in records(sheets["Documents"])}
    assert {row["reporter"] for row in records(sheets["Definitions"]) + records(sheets["Breaks"])} == {"microsoft"}
    assert {row["column"]: row["meaning"] for row in records(sheets["Columns"])} == tables.described(tables.Observation)
    assert records(sheets["View"]) == [{"what": "reporter", "value": "microsoft"}, {"what": "data version", "value": bundle.version}]


def test_the_documents_of_a_total_are_those_of_its_parts(bundled_table):
    bundle = catalog.bundled()
    rows = analysis.select(bundled_table, reporters=["meta"], requesters=["WLD"], measure="requests", start=date(2022, 1, 1))
    assert rows["made_by"].eq("requesters").all()
    documents = {row["document"] for row in records(read_xlsx(downloads.xlsx(rows, bundle, {}))["Documents"])}
    assert {"meta/prpl-facebook-government-report-2022-h1", "meta/prpl-facebook-government-report-2023-h1"} <= documents
    assert not any("2013" in name for name in documents)


def test_a_band_without_an_upper_end_is_not_taken_for_a_missing_number(catalog_of):
    bundle = catalog_of(SHOWN)
    rows = with_totals(bundle)
    data = records(read_xlsx(downloads.xlsx(rows[rows["requester"] == "USA"], bundle, {}))["Data"])
    assert [(row["low"], row["high"]) for row in data] == [(0, 499), (1000, "inf")]
    missing = rows[rows["requester"] == "NAM"].assign(low=math.nan, high=math.nan)
    (row,) = records(read_xlsx(downloads.xlsx(missing, bundle, {}))["Data"])
    assert (row["low"], row["high"]) == ("", "")


def test_numbers_of_a_workbook_are_numbers(catalog_of):
    bundle = catalog_of(SHOWN)
    rows = with_totals(bundle)
    for row in records(read_xlsx(downloads.xlsx(rows[rows["high"] < math.inf], bundle, {}))["Data"]):
        assert isinstance(row["low"], float) and isinstance(row["high"], float)
        assert isinstance(row["printed"], str)


@settings(max_examples=60)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=30), min_size=1, max_size=5))
@example(["_x0041_", "a_x000D_b", "<b>&amp;", "‮abc", "'", "ﷺ", "🧾", " lead and trail "])
def test_texts_survive_a_workbook(texts):
    sheets = read_xlsx(downloads.workbook({"Data": pd.DataFrame({"text": texts})}))
    assert [row["text"].removeprefix("'") for row in records(sheets["Data"])] == [text.removeprefix("'") for text in texts]


def test_a_workbook_of_nothing_still_opens(catalog_of):
    bundle = catalog_of(SHOWN)
    sheets = read_xlsx(downloads.xlsx(with_totals(bundle).iloc[:0], bundle, {}))
    assert len(sheets["Data"]) == 1


# JSON


def test_json_says_whole_numbers_dates_and_null():
    table = pd.DataFrame(
        {
            "low": [7.0, 0.635, math.nan],
            "high": [math.inf, 0.645, math.nan],
            "day": pd.to_datetime(["2019-01-01"] * 3),
            "text": ["NA", "é", ""],
        }
    )
    assert json.loads(downloads.json_rows(table)) == [
        {"low": 7, "high": None, "day": "2019-01-01", "text": "NA"},
        {"low": 0.635, "high": 0.645, "day": "2019-01-01", "text": "é"},
        {"low": None, "high": None, "day": "2019-01-01", "text": ""},
    ]


# The Data Package


@pytest.fixture(scope="module")
def package() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(downloads.data_package(catalog.datasets_folder())))


def test_the_package_holds_every_file_that_we_ship(package):
    folder = catalog.datasets_folder()
    shipped = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    # The history names the hash of the description itself, so it stands beside the package and not in it.
    assert set(package.namelist()) == shipped - {history.FILE}
    assert package.testzip() is None


def test_the_package_describes_each_of_its_files(package):
    description = json.loads(package.read("datapackage.json"))
    assert description["name"] and description["licenses"][0]["name"]
    paths = [resource["path"] for resource in description["resources"]]
    assert sorted([*paths, "datapackage.json"]) == sorted(package.namelist())
    names = [resource["name"] for resource in description["resources"]]
    assert len(set(names)) == len(names)
    for resource in description["resources"]:
        data = package.read(resource["path"])
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        if "schema" in resource:
            header = next(csv.reader(io.StringIO(data.decode(resource["encoding"]))))
            assert [field["name"] for field in resource["schema"]["fields"]] == header
            assert {field["type"] for field in resource["schema"]["fields"]} <= {"string", "number", "integer", "boolean", "date"}
            assert all(field["description"] for field in resource["schema"]["fields"])


def test_the_package_is_the_same_bytes_each_time():
    folder = catalog.datasets_folder()
    assert downloads.data_package(folder) == downloads.data_package(folder)


def test_the_package_unpacked_is_a_sound_dataset(package, tmp_path):
    package.extractall(tmp_path)
    loaded = catalog.load(tmp_path)
    assert loaded.version == catalog.bundled().version
    assert len(loaded.observations) == len(catalog.bundled().observations)
