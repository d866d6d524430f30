"""What is recognised, what is shipped of it, and that a compilation by others never speaks against the publishers."""

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest

from dashboard.build import documents, rebuild
from dashboard.reports.cells.reading import read
from dashboard.reports.problems import Refused
from dashboard.reports.recognise import layout_of

NO_REPORTS = {"github/datapackage.json", "population/population.csv"}


def entries(published) -> list[dict[str, str]]:
    with (published / "INDEX.csv").open(encoding="utf-8", newline="") as index:
        return list(csv.DictReader(index))


@pytest.mark.published
def test_every_published_file_is_recognised_but_two_that_are_no_reports(published):
    unknown = {}
    for entry in entries(published):
        path = published / entry["file"]
        try:
            layout_of(read(path.name, path.read_bytes()))
        except Refused as refused:
            unknown[entry["file"]] = refused.problem.says
    assert set(unknown) == NO_REPORTS
    assert all("no report" in says for says in unknown.values())


def observations(*rows: tuple) -> pd.DataFrame:
    columns = ["reporter", "measure", "period_end", "low", "document"]
    table = pd.DataFrame(rows, columns=columns).assign(service="all", requester="USA", authority="federal", request_type="nsl")
    return table.assign(period_end=pd.to_datetime(table["period_end"]))


def test_a_compilation_speaks_only_for_series_that_nobody_else_holds():
    published = observations(("google", "letters", "2016-01-01", 1, "google/list"))
    compiled = observations(("google", "letters", "2017-01-01", 2, "compiled"), ("apple", "letters", "2016-01-01", 3, "compiled"))
    assert rebuild.beside("compiled", compiled, [published], [])["reporter"].tolist() == ["apple"]


def test_a_file_with_the_figures_of_several_is_a_document_of_each(published):
    entry = next(entry for entry in entries(published) if entry["file"].startswith("korea/"))
    table = observations(("naver", "requests", "2020-06-30", 1, "korea/k"), ("kakao", "requests", "2020-06-30", 2, "korea/k"))
    table, of_each = documents.by_reporter(table, [entry | {"file": "korea/k.csv", "path": str(published / entry["file"])}])
    assert table.set_index("reporter")["document"].to_dict() == {"naver": "korea/k-naver", "kakao": "korea/k-kakao"}
    assert of_each.set_index("document")["reporter"].to_dict() == {"korea/k-naver": "naver", "korea/k-kakao": "kakao"}


def test_a_file_transcribed_from_several_reports_is_a_document_for_each_of_them(published, tmp_path):
    path = tmp_path / "acme.csv"
    path.write_text("report_file,published\nFirst Report.pdf,2021-03-01\nSecond.pdf,\n", encoding="utf-8")
    entry = entries(published)[0] | {"file": "acme/acme.csv", "path": str(path), "form": "transcribed", "seen_by": "", "copy_commit": ""}
    table = observations(
        ("acme", "requests", "2020-06-30", 1, "acme/acme/first-report"), ("acme", "requests", "2020-12-31", 2, "acme/acme/second")
    )
    _, of_each = documents.by_reporter(table, [entry])
    assert of_each[["document", "published", "known_from_basis"]].to_numpy().tolist() == [
        ["acme/acme/first-report", "2021-03-01", "published"],
        ["acme/acme/second", "", "estimated"],
    ]
    assert [title.rpartition(": ")[2] for title in of_each["title"]] == ["First Report.pdf", "Second.pdf"]


@pytest.mark.published
def test_made_again_the_datasets_are_exactly_what_is_committed(published, tmp_path):
    committed = Path(__file__).resolve().parents[2] / "datasets"
    shutil.copytree(committed, tmp_path / "datasets")
    problems = rebuild.rebuild(published.parent, tmp_path / "datasets")
    # Discord prints Norway twice among the emergencies of one half-year, with other numbers: neither is shipped.
    errors = {(name, problem.code, problem.cell) for name, problem in problems if problem.severity == "error"}
    assert errors == {("discord/Discord-2024-H1-legal-excerpt.csv", "duplicate_conflict", "B102")}
    files = {path.relative_to(committed) for path in committed.rglob("*") if path.is_file()}
    assert {path.relative_to(tmp_path / "datasets") for path in (tmp_path / "datasets").rglob("*") if path.is_file()} == files
    assert [str(path) for path in sorted(files) if (tmp_path / "datasets" / path).read_bytes() != (committed / path).read_bytes()] == []
