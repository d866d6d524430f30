"""The research compilation on US national security: letters by day, figures by year, bands by company."""

import pytest

from dashboard.model.columns import KEY
from dashboard.reports.recognise import read_report
from tests.reports.made import codes

LETTERS = "issue date,release date,company,file number,url,comment"
YEARS = "year,ASTR issued NSLs,US ROIs,non-US ROIs,subscriber ROIs,total ROIs,ASTR ROIs"
BANDS = "Company,URL,2020,2021,Reporting Frequency,Notes"


def drafted(header: str, *rows: str):
    return read_report("compiled.csv", "\n".join((header, *rows)).encode())[1]


def published_table(published, name: str):
    path = published / "us-government" / name
    draft = read_report(path.name, path.read_bytes())[1]
    assert not codes(draft, "error")
    table = draft.table()
    assert not table.duplicated(KEY).any()
    return table, draft


@pytest.mark.published
@pytest.mark.parametrize(
    ("name", "letters", "repeated"),
    [("nsl_letters_google.csv", 271, 0), ("nsl_letters_apple.csv", 44, 0), ("nsl_letters_nslarchive.csv", 45, 4)],
)
def test_every_letter_is_counted_on_its_day_of_issue(published, name, letters, repeated):
    table, draft = published_table(published, name)
    assert table["low"].sum() + repeated == letters
    assert set(table["measure"]) == {"letters"}
    assert [code for code, _ in codes(draft)].count("duplicate_row") == repeated + (name == "nsl_letters_nslarchive.csv")


@pytest.mark.published
def test_a_letter_whose_month_is_a_guess_is_counted_for_its_year(published):
    table, _ = published_table(published, "nsl_letters_nslarchive.csv")
    spans = table[table["reporter"] == "internet_archive"][["period_start", "period_end"]].astype(str)
    assert spans.to_numpy().tolist() == [["2007-11-19", "2007-11-19"], ["2016-01-01", "2016-12-31"]]


@pytest.mark.published
def test_the_figures_told_to_congress(published):
    table, draft = published_table(published, "fisa_astr_data.csv")
    latest = table[table["period_end"] == "2022-12-31"].set_index(["reporter", "service", "measure"])["low"]
    assert latest["odni", "all", "letters"] == 10941
    assert latest["odni", "all", "requests"] == 32617
    assert latest["doj", "us_persons", "requests"] == 8587
    assert latest["doj", "us_persons", "persons"] == 2453
    assert latest["doj", "non_us_persons", "requests"] == 9103
    assert ("doj", "all", "requests") not in latest.index
    assert ("total_mismatch", "I22") in codes(draft)


@pytest.mark.published
def test_applications_by_year_and_what_is_not_taken(published):
    table, draft = published_table(published, "FISA_non_nsl_selected_data.csv")
    assert table[table["period_end"] == "2022-12-31"].set_index("request_type")["low"].to_dict() == {
        "fisa_content": 317,
        "fisa_noncontent": 10,
    }
    assert codes(draft) == []
    assert {cell[0] for cell, _ in draft.uses.left_out()} == {"C", "E"}


@pytest.mark.published
def test_the_longer_list_of_companies_holds_all_of_the_shorter(published):
    shorter, _ = published_table(published, "transparency_reports.csv")
    longer, _ = published_table(published, "transparency_reports_extended.csv")
    columns = [*KEY, "low", "high"]
    assert len(shorter.merge(longer, on=columns)) == len(shorter) > 300


def test_letters_of_one_day_are_one_number_that_names_them():
    draft = drafted(LETTERS, "2017-12-28,2021-07-26,Apple,435681,a,", "2017-12-28,2020-02-19,Apple,435520,b,")
    table = draft.table()
    assert table[["reporter", "low", "printed", "cell"]].to_numpy().tolist() == [["apple", 2, "435681; 435520", "D2, D3"]]
    assert draft.uses.counts() == {"figure": 2, "key": 8, "header": 6}


def test_names_of_companies_are_those_of_their_reporters():
    companies = ["Facebook", "Automattic/WordPress", "Internet Archive", "23andMe"]
    draft = drafted(LETTERS, *(f"2017-12-28,2021-07-26,{company},{number},u," for number, company in enumerate(companies)))
    assert draft.table()["reporter"].tolist() == ["meta", "automattic", "internet_archive", "company_23andme"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("28/28/2017,2021-07-26,Apple,1,u,", ("bad_period", "A3")),
        ("2017-02-30,2021-07-26,Apple,1,u,", ("bad_period", "A3")),
        ("2017-12-28,2021-07-26,,1,u,", ("missing_value", "C3")),
        ("2017-12-28,2021-07-26,Apple,1,u", ("ragged_row", "A3")),
    ],
)
def test_a_damaged_row_of_letters_is_told_with_its_place(row, problem):
    assert codes(drafted(LETTERS, "2017-12-28,2021-07-26,Apple,2,u,", row), "error") == [problem]


def test_the_compilers_own_sum_is_checked_and_not_taken():
    draft = drafted(YEARS, "2018,10235,11454,14481,12937,38872,38872", "2019,13850,8557,35848,19601,64007,63466")
    assert not (draft.table()["reporter"].eq("doj") & draft.table()["service"].eq("all")).any()
    assert codes(draft) == [("total_mismatch", "F3")]
    assert [cell for cell, _ in draft.uses.left_out()] == ["F2", "F3"]


def test_a_total_whose_parts_are_not_all_known_is_a_figure():
    table = drafted(YEARS, "2010,#N/A,24287,#N/A,#N/A,54935,#N/A").table()
    assert dict(zip(table["service"], table["low"], strict=True)) == {"us_persons": 24287, "all": 54935}


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ('"0-249, 250-499"', [("2020-06-30", 0, 249), ("2020-12-31", 250, 499)]),
        ('", 250-499"', [("2020-12-31", 250, 499)]),
        ('"0-249,"', [("2020-06-30", 0, 249)]),
        ("0-249", [("2020-12-31", 0, 249)]),
    ],
)
def test_two_numbers_are_halves_and_one_is_the_year(cell, numbers):
    table = drafted(BANDS, f"Dropbox,u,{cell},,Combined,").table()
    assert list(zip(table["period_end"].dt.strftime("%Y-%m-%d"), table["low"], table["high"], strict=True)) == numbers


def test_notes_tell_what_is_combined_and_what_is_not_clear():
    rows = ['A,u,0,,Every year,"Combines NSL, FISA"', "B,u,0,,Every year,", 'C,u,0,,Every year,"Combines NSL, FISA until 2019"']
    draft = drafted(BANDS, *rows)
    table = draft.table()
    assert dict(zip(table["reporter"], table["request_type"], strict=True)) == {"a": "national_security", "b": "nsl"}
    assert codes(draft) == [("not_read", "A4")]


def test_one_number_of_a_company_that_reports_halves_is_not_taken():
    draft = drafted(BANDS, "Credo,u,0-999,,Every half year,")
    assert not len(draft.observations)
    assert codes(draft) == [("not_read", "C2")]


@pytest.mark.parametrize(("cell", "code"), [("many", "bad_number"), ("499-0", "low_above_high"), ('"1, 2, 3"', "bad_number")])
def test_a_damaged_band_is_told_with_its_place(cell, code):
    assert codes(drafted(BANDS, f"Dropbox,u,{cell},,Combined,"), "error") == [(code, "C2")]
