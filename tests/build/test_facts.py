"""Figures quoted from texts: taken as the mapping says, each with its period, its rounding and its document."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from dashboard.build import facts as quoted_facts
from dashboard.model import tables, vocabulary
from dashboard.model.columns import KEY

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


@pytest.fixture(scope="module")
def quoted(facts):
    return quoted_facts.read_facts(facts)


@pytest.fixture(scope="module")
def observations(quoted):
    return quoted[0]


@pytest.fixture(scope="module")
def documents(quoted):
    return quoted[1].set_index("document")


def rows(observations: pd.DataFrame, **wanted: str) -> pd.DataFrame:
    table = observations
    for column, value in wanted.items():
        table = table[table[column] == value]
    return table.sort_values(["period_start", "period_end"])


def days(table: pd.DataFrame) -> list[tuple[str, str]]:
    return [(f"{row.period_start:%Y-%m-%d}", f"{row.period_end:%Y-%m-%d}") for row in table.itertuples()]


@pytest.mark.published
def test_every_quoted_number_is_sound_and_stands_in_a_document(quoted):
    observations, documents = quoted
    tables.Observation.validate(observations, lazy=True)
    tables.Document.validate(documents, lazy=True)
    assert set(observations["document"]) == set(documents["document"])
    assert not observations.duplicated([*KEY, "document"]).any()
    assert observations["cell"].str.startswith("figure ").all()
    assert (documents["url"] != "").all()


@pytest.mark.published
def test_a_range_of_annual_values_becomes_one_row_for_each_year(observations):
    testimony = rows(observations, document="microsoft/quoted/testimony-2021-06-30")
    assert days(testimony) == [(f"{year}-01-01", f"{year}-12-31") for year in range(2016, 2021)]
    assert set(zip(testimony["low"], testimony["high"], strict=True)) == {(2400, 3500)}
    assert set(testimony["authority"]) == {"federal"}
    assert set(testimony["measure"]) == {"nondisclosure_orders"}
    assert set(testimony["printed"]) == {"2,400 to 3,500"}


@pytest.mark.published
@pytest.mark.parametrize(
    ("document", "measure", "service", "count", "start", "end"),
    [
        ("blog-2016-04-14", "nondisclosure_orders", "all", 2576, "2014-10-01", "2016-03-31"),
        ("blog-2016-04-14", "nondisclosure_orders", "without_end_date", 1752, "2014-10-01", "2016-03-31"),
        ("complaint-2016-04-14", "requests", "all", 5624, "2014-10-01", "2016-03-31"),
        ("amended-complaint-2016-06-17", "nondisclosure_orders", "all", 3250, "2014-10-01", "2016-05-31"),
    ],
)
def test_court_filings_keep_their_18_and_20_months(observations, documents, document, measure, service, count, start, end):
    document = f"microsoft/quoted/{document}"
    found = rows(observations, document=document, measure=measure, service=service)
    assert days(found) == [(start, end)]
    assert found[["low", "high"]].to_numpy().tolist() == [[count, count]]
    assert documents.loc[document, "published"] == document[-10:]


@pytest.mark.published
def test_a_share_under_nondisclosure_carries_the_rounding_of_its_words(observations):
    shares = rows(observations, reporter="meta", measure="nondisclosure_share")
    shown = {row.period_end.strftime("%Y-%m"): (row.printed, round(row.low, 6), round(row.high, 6)) for row in shares.itertuples()}
    assert shown == {
        "2015-12": ("around 60 percent", 0.55, 0.65),
        "2016-06": ("approximately 56%", 0.555, 0.565),
        "2016-12": ("about half", 0.45, 0.55),
        "2017-06": ("57%", 0.565, 0.575),
        "2018-06": ("56%", 0.555, 0.565),
        "2018-12": ("58%", 0.575, 0.585),
        "2019-06": ("66%", 0.655, 0.665),
        "2019-12": ("67%", 0.665, 0.675),
        "2020-06": ("67%", 0.665, 0.675),
        "2020-12": ("69%", 0.685, 0.695),
        "2021-06": ("70%", 0.695, 0.705),
        "2021-12": ("70%", 0.695, 0.705),
        "2022-06": ("71.1%", 0.7105, 0.7115),
    }


@pytest.mark.published
def test_national_security_letters_issued(observations):
    letters = rows(observations, reporter="odni", measure="letters", request_type="nsl")
    assert dict(zip(letters["period_end"].dt.year, letters["low"], strict=True)) == {
        2013: 19212,
        2014: 16348,
        2015: 12870,
        2016: 12150,
        2017: 12762,
        2018: 10235,
        2019: 13850,
        2020: 9682,
        2021: 12362,
        2022: 10941,
    }


@pytest.mark.published
def test_fewer_than_a_number_has_no_lower_end_above_zero(observations):
    queries = rows(observations, reporter="odni", measure="queries", service="duplicative")
    assert queries[["low", "high", "printed"]].to_numpy().tolist() == [
        [0, 1324056, "fewer than 1,324,057"],
        [0, 3394052, "fewer than 3,394,053"],
        [0, 204089, "fewer than 204,090"],
    ]


@pytest.mark.published
@pytest.mark.parametrize(
    ("key", "earlier", "later"),
    [
        (
            {"reporter": "microsoft", "request_type": "fisa_content", "measure": "orders"},
            ("2017-04-14", 1000, 1499),
            ("2017-10-19", 0, 499),
        ),
        (
            {"reporter": "meta", "request_type": "all", "measure": "requests", "requester": "WLD"},
            ("2016-04-29", 46763, 46763),
            ("2016-12-21", 46710, 46710),
        ),
    ],
)
def test_a_restated_number_stands_in_two_documents_with_their_days(observations, documents, key, earlier, later):
    ends = {"microsoft": "2016-06-30", "meta": "2015-12-31"}
    found = rows(observations, **key)
    found = found[found["period_end"] == ends[key["reporter"]]]
    found = found.assign(day=found["document"].map(documents["published"])).sort_values("day")
    assert found[["day", "low", "high"]].to_numpy().tolist() == [list(earlier), list(later)]


@pytest.mark.published
def test_a_document_without_a_day_is_known_by_the_end_of_its_month_or_nine_months_after_its_period(documents):
    assert documents.loc["meta/quoted/vpnreview-fb-2018", ["known_from_basis"]].item() == "seen"
    assert documents.loc["meta/quoted/vpnreview-fb-2018", "known_from"] == pd.Timestamp("2018-11-30")
    compiled = documents.loc["doj/quoted/fisa-letters-compiled-2012"]
    assert (compiled["known_from"], compiled["known_from_basis"]) == (pd.Timestamp("2013-09-30"), "estimated")


@pytest.mark.published
def test_nothing_is_taken_that_was_only_remembered(observations, facts):
    figures = pd.read_csv(facts / "figures.csv", dtype=str, keep_default_na=False).set_index("id")
    taken = observations["cell"].str.removeprefix("figure ").str.partition(",")[0]
    assert set(figures.loc[taken, "confidence"]) <= {"seen", "seen-secondary"}


def test_the_mapping_uses_words_of_the_vocabulary():
    with (DATASETS / "facts_mapping.csv").open(encoding="utf-8", newline="") as file:
        mapping = list(csv.DictReader(file))
    reporters = pd.read_csv(DATASETS / "vocabulary" / "reporters.csv")["reporter"]
    assert {line["reporter"] for line in mapping} <= set(reporters)
    assert {line["authority"] for line in mapping} <= set(vocabulary.AUTHORITIES)
    assert {line["request_type"] for line in mapping} <= set(vocabulary.REQUEST_TYPES)
    assert {line["measure"] for line in mapping} <= set(vocabulary.MEASURES)
    assert {line["form"] for line in mapping} <= set(quoted_facts.FORMS)


MAPPING = "publisher,metric,source,figure,reporter,service,authority,request_type,measure,form,step,printed,period_start,period_end,document,editions"
FIGURES = "id,reporter,metric,jurisdiction,period_start,period_end,value_low,value_high,source_url,confidence,notes"


def folder_with(tmp_path: Path, figure: str, line: str) -> Path:
    (tmp_path / "figures.csv").write_text(f"{FIGURES}\n{figure}\n")
    (tmp_path / "sources.csv").write_text("id,title,publisher,date,url\ns,A report,A court,2020-05-01,https://example.org/\n")
    (tmp_path / "facts_mapping.csv").write_text(f"{MAPPING}\n{line}\n")
    (tmp_path / "facts_documents.csv").write_text("of,title,published,known_from,url,form,note\n")
    return tmp_path


def test_a_line_of_the_mapping_that_finds_no_figure_is_told(tmp_path):
    folder = folder_with(
        tmp_path,
        "a-1,A,orders,US,2019-01-01,2019-12-31,5,5,https://example.org/,memory,",
        "A,orders,,,microsoft,all,any,all,orders,count,,,,,,",
    )
    with pytest.raises(ValueError, match="A orders"):
        quoted_facts.read_facts(folder, folder)


def test_a_figure_with_an_open_end_is_no_count(tmp_path):
    folder = folder_with(
        tmp_path,
        "a-1,A,orders,US,2019-01-01,2019-12-31,5,,https://example.org/,seen,",
        "A,orders,,,microsoft,all,any,all,orders,count,,,,,,",
    )
    with pytest.raises(ValueError, match="a-1"):
        quoted_facts.read_facts(folder, folder)


def test_a_rounded_count_is_as_wide_as_its_rounding(tmp_path):
    folder = folder_with(
        tmp_path,
        "a-1,A,orders,US,2019-01-01,2019-12-31,317000,317000,https://example.org/,seen,",
        'A,orders,,,microsoft,all,any,all,orders,count,1000,"approximately 317,000",,,,',
    )
    observations, _ = quoted_facts.read_facts(folder, folder)
    assert observations[["low", "high", "printed"]].to_numpy().tolist() == [[316500, 317500, "approximately 317,000"]]
