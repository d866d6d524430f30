import csv
import functools
import io
import random
import re
from pathlib import Path

import pandas as pd
import pytest

from dashboard.model import places
from dashboard.model.columns import KEY
from dashboard.reports.problems import Refused
from dashboard.reports.recognise import read_report
from dashboard.reports.tables.drafts import Draft

GLOBAL = "Period Ending,Country/Region,CLDR Territory Code,Legal Process,User Data Requests,Percentage disclosed,Accounts"
ENTERPRISE = (
    "Period Ending,Country/Region,CLDR Territory Code,Product,Legal Process,"
    "Enterprise Cloud customer requests,Enterprise Cloud customers,Percentage disclosed"
)
DIPLOMATIC = "Period Ending,Country/Region of Origin,CLDR Territory Code,Assisting Country,User Data Diplomatic Legal requests"
BANDS = (
    "Reporting period ending date,Number of requests (range MIN),Number of requests (range MAX),"
    "Number of accounts (range MIN),Number of accounts (range MAX)"
)
LETTERS = "National Security Letter (NSL) number,NSL issue date,FBI release letter date"

FILES = (
    "through-2012-H1/google-user-data-requests.csv",
    "through-2013-H1/google-user-data-requests.csv",
    "through-2017-H1/google-user-data-requests.csv",
    *(
        f"through-{edition}/google-{name}.csv"
        for edition in ("2020-H2", "2023-H1")
        for name in (
            "enterprise-data-dlr-requests",
            "enterprise-data-requests",
            "global-user-data-dlr-requests",
            "global-user-data-requests",
            "usnationalsecurity-fisa-content-requests",
            "usnationalsecurity-fisa-non-content-requests",
            "usnationalsecurity-nsl-requests-released",
            "usnationalsecurity-nsl-requests",
        )
    ),
    *(
        f"through-2025-H1-transcribed/google-{name}.csv"
        for name in (
            "global-user-data-requests",
            "usnationalsecurity-fisa-content-requests",
            "usnationalsecurity-fisa-non-content-requests",
            "usnationalsecurity-nsl-requests",
        )
    ),
)
GLOBAL_FILES = tuple(file for file in FILES if file.endswith(("/google-user-data-requests.csv", "google-global-user-data-requests.csv")))
ALL_EDITIONS = {file.split("/")[0].removeprefix("through-").removesuffix("-transcribed"): file for file in GLOBAL_FILES}


def read(*lines: str, name: str = "google.csv") -> Draft:
    return read_report(name, "\n".join(lines).encode())[1]


def values(draft: Draft, *columns: str) -> list[tuple]:
    return list(draft.table()[list(columns)].itertuples(index=False, name=None))


def codes(draft: Draft) -> list[str]:
    return [f"{problem.severity} {problem.code} {problem.cell}" for problem in draft.problems]


@functools.cache
def published_draft(file: Path) -> Draft:
    return read_report(file.name, file.read_bytes())[1]


def worldwide(table: pd.DataFrame, end: str, measure: str = "requests", preservation: bool = False, requester: str | None = None) -> float:
    chosen = table[(table["period_end"] == end) & (table["measure"] == measure) & (table["requester"] != "WLD")]
    if not preservation:
        chosen = chosen[chosen["request_type"] != "preservation"]
    if requester:
        chosen = chosen[chosen["requester"] == requester]
    assert (chosen["low"] == chosen["high"]).all()
    return chosen["low"].sum()


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "Period Ending,Country,CLDR Territory Code,User Data Requests,"
            "Percentage of data requests fully or partially complied with,Users/Accounts Specified",
            "06/30/2012,United States,US,7969,90,16281",
        ),
        (
            "Period Ending,Country,CLDR Territory Code,Legal Process,User Data Requests,"
            "Percentage of requests where some data produced,Users/Accounts Specified",
            "06/30/2012,United States,US,,7969,90,16281",
        ),
        (
            "Period Ending,Country,CLDR Territory Code,Legal Process,User Data Requests,"
            "Percentage of requests where some data produced,Users/Accounts Specified",
            "30/6/12,United States,US,All,7969,90,16281",
        ),
        (GLOBAL, "2012-06-30,United States,US,All,7969,90,16281"),
        (
            "Accounts,User Data Requests,Country/Region,Percentage disclosed,Period Ending",
            "16281,7969,United States,90,2012-06-30",
        ),
    ],
)
def test_each_wording_and_order_of_the_header_gives_the_same_observations(header, row):
    draft = read(header, row)
    assert sorted(values(draft, "requester", "request_type", "measure", "low", "high", "printed"), reverse=True) == [
        ("USA", "all", "share_some_data", 0.895, 0.905, "90"),
        ("USA", "all", "requests", 7969, 7969, "7969"),
        ("USA", "all", "accounts_specified", 16281, 16281, "16281"),
    ]
    assert set(values(draft, "period_start", "period_end")) == {(pd.Timestamp("2012-01-01"), pd.Timestamp("2012-06-30"))}
    assert draft.problems == []


def test_a_row_is_found_again_by_its_cells():
    assert values(read(GLOBAL, "2012-06-30,United States,US,All,7969,90,16281"), "cell") == [("E2",), ("F2",), ("G2",)]


def test_a_header_in_another_language_is_refused():
    with pytest.raises(Refused) as refused:
        read("Ende des Zeitraums,Land,CLDR-Code,Verfahren,Anfragen,Prozent,Konten", "2012-06-30,USA,US,Alle,7969,90,16281")
    assert refused.value.problem.code == "unknown_layout"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (f"{GLOBAL},Accounts", "duplicate_header"),
        (f"{GLOBAL},Gadgets", "unknown_layout"),
    ],
)
def test_a_column_that_is_unknown_or_twice_there_is_told(header, code):
    assert code in {problem.code for problem in read(header, "2012-06-30,United States,US,All,7969,90,16281,5").problems}


def test_two_sheets_of_one_kind_are_not_added():
    book = io.BytesIO()
    with pd.ExcelWriter(book) as writer:
        table = pd.read_csv(io.StringIO(f"{GLOBAL}\n2012-06-30,Namibia,NA,All,1,0,1"), keep_default_na=False)
        table.to_excel(writer, sheet_name="one", index=False)
        table.to_excel(writer, sheet_name="two", index=False)
    assert len(read_report("google.xlsx", book.getvalue())[1].observations) == 3


@pytest.mark.parametrize(
    ("printed", "request_type"),
    [
        ("", "all"),
        ("All", "all"),
        ("Legal Requests", "legal"),
        ("Other Legal Requests", "legal"),
        ("Other", "legal"),
        ("Search Warrant", "warrant"),
        ("Search Warrants", "warrant"),
        ("Subpoena", "subpoena"),
        ("Subpoenas", "subpoena"),
        ("Court Orders", "court_order"),
        ("Other Court Orders", "court_order"),
        ("Pen Register Orders", "pen_register"),
        ("Wiretap Orders", "wiretap"),
        ("Emergency Disclosures", "emergency"),
        ("Emergency Disclosure Requests", "emergency"),
        ("Preservation Requests", "preservation"),
        ("Police Requests", "other"),
        ("Requests for data of local subsidiary", "other"),
        ("CLOUD ACT - OPOs", "court_order"),
        ("CLOUD Act - IPA CDRs", "uk_ipa_noncontent"),
        ("CLOUD Act - IPA TIWs", "uk_ipa_content"),
    ],
)
def test_each_printed_process_has_its_request_type(printed, request_type):
    draft = read(GLOBAL, f"2022-12-31,United Kingdom,GB,{printed},5,100,5")
    assert set(draft.table()["request_type"]) == {request_type}
    assert draft.problems == []


def test_an_unknown_process_is_kept_and_told():
    draft = read(GLOBAL, "2022-12-31,United Kingdom,GB,Serch Warrants,5,100,5")
    assert values(draft, "request_type", "measure", "low")[0] == ("other", "requests", 5)
    assert codes(draft) == ["warning unknown_request_type D2"]


@pytest.mark.parametrize(
    ("name", "code", "requester"),
    [
        ("Namibia", "NA", "NAM"),
        ("a name in a script nobody knows", "NA", "NAM"),
        ("Namibia", "", "NAM"),
        ("Kosovo", "XK", "XKX"),
        ("Georgia", "GE", "GEO"),
        ("Türkiye", "TR", "TUR"),
        ("United Nations", "", "UNO"),
        ("United Nations", "UN", "UNO"),
    ],
)
def test_the_requester_is_known_by_code_or_name(name, code, requester):
    draft = read(GLOBAL, f"2014-06-30,{name},{code},All,1,0,1")
    assert set(draft.table()["requester"]) == {requester}
    assert codes(draft) == (["warning unknown_requester B2"] if "nobody knows" in name else [])


@pytest.mark.parametrize(
    ("name", "code", "problem"),
    [
        ("Germany", "US", "error ambiguous_requester C2"),
        ("Namibia", "ZZ", "error ambiguous_requester C2"),
        ("Atlantis", "", "error unknown_requester B2"),
        ("", "", "error missing_requester B2"),
    ],
)
def test_a_requester_in_doubt_is_a_problem_and_gives_no_observation(name, code, problem):
    draft = read(GLOBAL, f"2014-06-30,{name},{code},All,1,0,1")
    assert (len(draft.observations), codes(draft)) == (0, [problem])


@pytest.mark.parametrize("printed", ["2014-05-31", "2014-06-29", "30 juin", "", "2014"])
def test_a_date_that_ends_no_half_year_is_a_problem(printed):
    draft = read(GLOBAL, f"{printed},Namibia,NA,All,1,0,1")
    assert (len(draft.observations), {problem.severity for problem in draft.problems}) == (0, {"error"})


def test_zeros_before_reporting_began_give_no_observation_and_later_zeros_do():
    draft = read(
        GLOBAL,
        "2010-06-30,Israel,IL,All,30,0,0",
        "2010-12-31,Israel,IL,All,31,0,0",
        "2011-06-30,Israel,IL,All,32,0,0",
    )
    assert values(draft, "measure", "cell", "low") == [
        ("requests", "E2", 30),
        ("requests", "E3", 31),
        ("share_some_data", "F3", 0),
        ("requests", "E4", 32),
        ("share_some_data", "F4", 0),
        ("accounts_specified", "G4", 0),
    ]
    assert codes(draft) == ["warning missing_value F2", "warning missing_value G2"]


def test_a_figure_before_reporting_began_is_kept():
    assert ("accounts_specified", 7) in values(read(GLOBAL, "2010-06-30,Israel,IL,All,30,,7"), "measure", "low")


def test_blank_is_no_zero():
    draft = read(GLOBAL, "2021-06-30,China,CN,Requests for data of local subsidiary,,,", "2021-06-30,Chile,CL,All,0,,")
    assert values(draft, "requester", "low", "cell") == [("CHL", 0, "E3")]


@pytest.mark.parametrize("row", ["2014-06-30,Namibia,NA,All,1", "2014-06-30,Namibia,NA,All,1,000,0,1"])
def test_a_row_that_does_not_fit_the_header_is_a_problem(row):
    assert codes(read(GLOBAL, row)) == ["error ragged_row A1"]


def test_a_row_given_twice_counts_once_and_a_contradiction_is_a_problem():
    draft = read(
        GLOBAL,
        "2014-06-30,Namibia,NA,All,1,0,1",
        "2014-06-30,Namibia,NA,All,1,0,1",
        "2014-06-30,Namibia,NA,All,2,0,1",
    )
    assert not draft.table().duplicated(KEY).any()
    assert {"warning duplicate_row E3", "error duplicate_conflict E4"} <= set(codes(draft))


def test_a_last_half_year_that_has_only_begun_is_told():
    countries = ["AR", "AU", "BE", "BR", "CA", "CH", "CL", "DE", "ES", "FR", "GB"]
    rows = [f"2014-06-30,{places.name(places.code(code))},{code},All,1,0,1" for code in countries]
    assert codes(read(GLOBAL, *rows, "2014-12-31,Brazil,BR,All,1,0,1")) == ["warning outlier A13"]


@pytest.mark.parametrize(
    ("printed", "service"),
    [("GSuite", "google_workspace"), ("GSUITE", "google_workspace"), ("Google Workspace", "google_workspace"), ("GCP", "gcp")],
)
def test_a_product_is_one_service_however_it_is_printed(printed, service):
    draft = read(ENTERPRISE, f"2019-12-31,Brazil,BR,{printed},Other Legal Requests,13,16,23")
    assert values(draft, "service", "request_type", "measure", "low", "high") == [
        (service, "legal", "requests", 13, 13),
        (service, "legal", "accounts_specified", 16, 16),
        (service, "legal", "share_some_data", 0.225, 0.235),
    ]


def test_an_unknown_product_is_kept_and_told():
    draft = read(ENTERPRISE, "2019-12-31,Brazil,BR,Google Vault,Other Legal Requests,13,16,23")
    assert (set(draft.table()["service"]), codes(draft)) == ({"google_vault"}, ["warning unknown_service D2"])


def test_diplomatic_requests_are_added_over_the_assisting_countries():
    draft = read(
        DIPLOMATIC, "2019-12-31,Germany,DE,Ireland,11", "2019-12-31,Germany,DE,United States,5", "2019-12-31,Greece,GR,United States,3"
    )
    assert values(draft, "requester", "request_type", "measure", "low", "high", "printed", "cell") == [
        ("DEU", "mlat", "requests", 16, 16, "Ireland 11; United States 5", "E2, E3"),
        ("GRC", "mlat", "requests", 3, 3, "3", "E4"),
    ]
    assert codes(draft) == ["warning rows_added E2"]


def test_no_country_and_zero_means_none_from_anywhere():
    header = "Period Ending,Product,Country/Region of Origin,Enterprise Diplomatic Legal requests"
    draft = read(header, "2020-06-30,GCP,,0", "2020-12-31,GCP,,2")
    assert values(draft, "service", "requester", "low") == [("gcp", "WLD", 0)]
    assert codes(draft) == ["error missing_requester C3"]


@pytest.mark.parametrize(
    ("name", "request_type"),
    [
        ("google-usnationalsecurity-fisa-content-requests.csv", "fisa_content"),
        ("google-usnationalsecurity-fisa-non-content-requests (1).csv", "fisa_noncontent"),
        ("google-usnationalsecurity-nsl-requests.csv", "nsl"),
    ],
)
def test_bands_keep_their_ends_and_the_name_of_the_file_tells_their_kind(name, request_type):
    draft = read(BANDS, "2018-12-31,22,499,1000,1499", name=name)
    columns = ("requester", "authority", "request_type", "measure", "low", "high", "printed", "cell")
    assert values(draft, *columns) == [
        ("USA", "federal", request_type, "requests", 22, 499, "22–499", "B2:C2"),
        ("USA", "federal", request_type, "accounts_specified", 1000, 1499, "1000–1499", "D2:E2"),
    ]


def test_bands_in_a_file_whose_name_does_not_tell_their_kind_are_of_no_known_layout():
    with pytest.raises(Refused) as refused:
        read(BANDS, "2018-12-31,22,499,1000,1499", name="requests.csv")
    assert refused.value.problem.code == "unknown_layout"


def test_a_band_with_its_ends_swapped_is_a_problem():
    draft = read(BANDS, "2018-12-31,499,22,1000,1499", name="nsl.csv")
    assert codes(draft) == ["error low_above_high B2"]


def test_released_letters_are_counted_by_the_day_they_were_issued():
    draft = read(
        LETTERS,
        "NSL-16-426304,2016-11-28,2021-12-16",
        "NSL-15-413278,2015-03-20,2021-12-16",
        "NSL-16-426311,2016-11-28,2023-02-01",
    )
    columns = ("request_type", "measure", "period_start", "period_end", "low", "printed", "cell")
    first, second = pd.Timestamp("2016-11-28"), pd.Timestamp("2015-03-20")
    assert values(draft, *columns) == [
        ("nsl", "letters", first, first, 2, "NSL-16-426304; NSL-16-426311", "A2, A4"),
        ("nsl", "letters", second, second, 1, "NSL-15-413278", "A3"),
    ]


def test_a_letter_given_twice_counts_once_and_a_doubtful_date_is_a_problem():
    draft = read(LETTERS, "NSL-1,03/04/2016,05/06/2021", "NSL-2,07/07/2016,08/08/2021", "NSL-2,07/07/2016,08/08/2021")
    assert values(draft, "printed", "low") == [("NSL-2", 1)]
    assert codes(draft) == ["error ambiguous_date B2", "warning duplicate_row A4"]


@pytest.mark.published
@pytest.mark.parametrize("file", FILES)
def test_every_row_of_a_published_file_is_read(published, file):
    table = published_draft(published / "google" / file).table()
    rows = len((published / "google" / file).read_bytes().splitlines()) - 1
    used = {int(digits) for cell in table["cell"] for digits in re.findall(r"\d+", cell)}
    # Two rows of China are blank.
    assert rows - len(used) == (2 if re.search("202[35].*global-user-data-requests", file) else 0)


@pytest.mark.published
@pytest.mark.parametrize("file", [file for file in FILES if "2020-H2" not in file and "transcribed" not in file])
def test_the_order_of_columns_does_not_matter(published, file):
    path = published / "google" / file
    lines = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8" if "2017" not in file else "cp1252"))))
    order = list(range(len(lines[0])))
    random.Random(file).shuffle(order)
    shuffled = io.StringIO()
    csv.writer(shuffled).writerows([cells[column] for column in order] for cells in lines)
    tables = read_report(path.name, shuffled.getvalue().encode())[1].table(), published_draft(path).table()
    pd.testing.assert_frame_equal(*(table.drop(columns="cell").sort_values(KEY, ignore_index=True) for table in tables))


@pytest.mark.published
@pytest.mark.parametrize(
    ("edition", "end", "measure", "preservation", "total"),
    [
        ("2012-H1", "2012-06-30", "requests", False, 20_938),
        ("2013-H1", "2013-06-30", "requests", False, 25_879),
        ("2017-H1", "2016-06-30", "requests", False, 44_943),
        ("2017-H1", "2016-06-30", "accounts_specified", False, 76_713),
        ("2020-H2", "2016-06-30", "requests", False, 44_943),
        ("2020-H2", "2020-06-30", "requests", False, 103_822),
        ("2023-H1", "2016-06-30", "requests", False, 44_943),
        ("2023-H1", "2016-06-30", "accounts_specified", False, 76_713),
        ("2023-H1", "2020-06-30", "requests", False, 103_816),
        ("2023-H1", "2022-12-31", "requests", True, 211_369),
        ("2025-H1", "2016-06-30", "requests", False, 44_943),
        ("2025-H1", "2016-06-30", "accounts_specified", False, 76_713),
        ("2025-H1", "2020-06-30", "requests", False, 103_816),
        ("2025-H1", "2022-12-31", "requests", True, 211_369),
        ("2025-H1", "2025-06-30", "requests", True, 313_424),
        ("2025-H1", "2025-06-30", "accounts_specified", True, 724_861),
        ("2025-H1", "2025-06-30", "requests", False, 287_014),
        ("2025-H1", "2025-06-30", "accounts_specified", False, 664_767),
    ],
)
def test_worldwide_sums_are_those_published(published, edition, end, measure, preservation, total):
    table = published_draft(published / "google" / ALL_EDITIONS[edition]).table()
    assert worldwide(table, end, measure, preservation) == total


@pytest.mark.published
@pytest.mark.parametrize(("preservation", "total"), [(True, 81_595), (False, 60_933)])
def test_united_states_requests_of_2025_h1(published, preservation, total):
    table = published_draft(published / "google" / ALL_EDITIONS["2025-H1"]).table()
    assert worldwide(table, "2025-06-30", preservation=preservation, requester="USA") == total


@pytest.mark.published
@pytest.mark.parametrize("edition", ALL_EDITIONS)
def test_no_edition_has_percentages_or_accounts_before_google_reported_them(published, edition):
    table = published_draft(published / "google" / ALL_EDITIONS[edition]).table()
    assert table[(table["measure"] == "accounts_specified") & (table["period_end"] < "2011-06-30")].empty
    assert table[(table["measure"] == "share_some_data") & (table["period_end"] < "2010-12-31")].empty


@pytest.mark.published
@pytest.mark.parametrize("later", ["2023-H1", "2025-H1"])
def test_a_zero_read_as_not_reported_is_blank_in_earlier_editions_and_no_other_zero_stands_for_a_blank(published, later):
    def measures_of(edition: str) -> pd.Series:
        table = published_draft(published / "google" / ALL_EDITIONS[edition]).table()
        return table.groupby([column for column in KEY if column != "measure"])["measure"].agg(frozenset)

    both = pd.concat({"2020-H2": measures_of("2020-H2"), later: measures_of(later)}, axis=1, join="inner")
    assert len(both) > 2_400
    assert (both["2020-H2"] == both[later]).all()


@pytest.mark.published
@pytest.mark.parametrize("edition", ["2017-H1", "2020-H2", "2023-H1", "2025-H1"])
def test_namibia_kosovo_and_the_united_nations_survive(published, edition):
    table = published_draft(published / "google" / ALL_EDITIONS[edition]).table()
    assert {"NAM", "XKX", "UNO"} <= set(table["requester"])


@pytest.mark.published
def test_fisa_content_accounts_of_2020_h1(published):
    table = published_draft(published / "google/through-2020-H2/google-usnationalsecurity-fisa-content-requests.csv").table()
    last = table[(table["measure"] == "accounts_specified") & (table["period_end"] == "2020-06-30")]
    assert last[["requester", "authority", "request_type", "low", "high"]].values.tolist() == [
        ["USA", "federal", "fisa_content", 73_500, 73_999]
    ]


@pytest.mark.published
@pytest.mark.parametrize(("edition", "letters"), [("2020-H2", 146), ("2023-H1", 282)])
def test_all_released_letters_are_counted(published, edition, letters):
    table = published_draft(published / f"google/through-{edition}/google-usnationalsecurity-nsl-requests-released.csv").table()
    assert table["low"].sum() == table["high"].sum() == letters


@pytest.mark.published
def test_diplomatic_requests_of_both_forms_agree_where_they_were_not_restated(published):
    tables = (
        published_draft(published / f"google/through-{edition}/google-global-user-data-dlr-requests.csv").table().set_index(KEY)["low"]
        for edition in ("2020-H2", "2023-H1")
    )
    before, after = next(tables), next(tables)
    changed = before.compare(after.reindex(before.index)).reset_index()
    assert list(zip(changed["requester"], changed["period_end"].dt.strftime("%Y-%m"), changed["self"], changed["other"], strict=True)) == [
        ("BGR", "2019-12", 3, 4),
        ("DEU", "2019-12", 18, 16),
        ("DEU", "2020-06", 13, 10),
        ("DEU", "2020-12", 16, 15),
    ]


@pytest.mark.published
def test_enterprise_files_speak_of_two_services(published):
    files = [file for file in FILES if "enterprise" in file]
    assert {service for file in files for service in published_draft(published / "google" / file).table()["service"]} == {
        "google_workspace",
        "gcp",
    }
