"""The catalog: what was known on a day, what was withdrawn or restated, and no dataset that was tampered with."""

import csv
import gc
import json
import shutil
import weakref
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from dashboard import catalog
from dashboard.build import rebuild
from dashboard.catalog.shipped import DatasetError, load
from dashboard.model.columns import KEY

SMALL = "observations/twilio.csv"


def numbers(table: pd.DataFrame) -> list[tuple]:
    ordered = table.sort_values(["requester", "period_start", "document"])
    return [(row.requester, row.low, row.high, row.document) for row in ordered.itertuples()]


TWO_EDITIONS = """
requester period  value document
USA       2019_H1 100   first
FRA       2019_H1 7     first
USA       2019_H1 104   second
USA       2019_H2 90    second
FRA       2019_H2 3     second
"""
ONE_REPLACES_THE_OTHER = """
document known_from replaces
first    2019-10-01 -
second   2020-04-01 first
"""


@pytest.mark.parametrize(
    ("day", "known"),
    [
        (date(2019, 9, 30), []),
        (date(2019, 10, 1), [("FRA", 7, 7, "first"), ("USA", 100, 100, "first")]),
        (date(2020, 3, 31), [("FRA", 7, 7, "first"), ("USA", 100, 100, "first")]),
        (date(2020, 4, 1), [("FRA", 3, 3, "second"), ("USA", 104, 104, "second"), ("USA", 90, 90, "second")]),
        (None, [("FRA", 3, 3, "second"), ("USA", 104, 104, "second"), ("USA", 90, 90, "second")]),
    ],
)
def test_the_newest_document_known_on_a_day_speaks(catalog_of, day, known):
    assert numbers(catalog_of(TWO_EDITIONS, ONE_REPLACES_THE_OTHER).as_of(day)) == known


@pytest.mark.parametrize(
    ("day", "told"),
    [(date(2019, 12, 31), []), (None, [(100, 104)])],
)
def test_what_an_earlier_edition_printed_otherwise_stands_beside_what_is_shown(catalog_of, day, told):
    bundled = catalog_of(TWO_EDITIONS, ONE_REPLACES_THE_OTHER)
    other = bundled.printed_otherwise(bundled.as_of(day), day)
    assert list(zip(other["low"], other["shown_low"], strict=True)) == told


def test_every_number_that_was_ever_printed_for_a_key_is_shown_or_printed_otherwise():
    bundled = catalog.bundled()
    rows = bundled.as_of()
    other = bundled.printed_otherwise(rows)
    value = [*KEY, "low", "high"]
    every = bundled.observations[value].drop_duplicates().merge(rows[[*KEY]].drop_duplicates(), on=[*KEY])
    assert len(every) == len(rows) + len(other)
    assert not pd.concat([rows[value], other[value]]).duplicated().any()
    assert set(other["row"]) <= set(rows.index)


def test_a_number_that_a_newer_edition_leaves_out_is_withdrawn(catalog_of):
    bundled = catalog_of(TWO_EDITIONS, ONE_REPLACES_THE_OTHER)
    assert numbers(bundled.withdrawn()) == [("FRA", 7, 7, "first")]
    assert numbers(bundled.withdrawn(date(2020, 3, 31))) == []


def test_a_number_of_a_period_that_the_newer_edition_does_not_cover_is_not_withdrawn(catalog_of):
    bundled = catalog_of(
        """
        requester period  value document
        FRA       2018_H2 7     first
        USA       2019_H1 9     second
        """,
        ONE_REPLACES_THE_OTHER,
    )
    assert numbers(bundled.as_of()) == [("FRA", 7, 7, "first"), ("USA", 9, 9, "second")]
    assert bundled.withdrawn().empty


def test_a_document_that_replaces_none_withdraws_nothing(catalog_of):
    bundled = catalog_of(TWO_EDITIONS, ONE_REPLACES_THE_OTHER.replace(" first\n", " -\n"))
    assert ("FRA", 7, 7, "first") in numbers(bundled.as_of())
    assert bundled.withdrawn().empty


def test_an_edition_withdraws_through_those_between(catalog_of):
    bundled = catalog_of(
        """
        requester value document
        FRA       7     first
        USA       100   first
        USA       104   third
        """,
        """
        document known_from replaces
        first    2019-10-01 -
        second   2020-04-01 first
        third    2020-10-01 second
        """,
    )
    assert numbers(bundled.withdrawn()) == [("FRA", 7, 7, "first")]


def test_another_number_for_the_same_key_is_a_restatement_and_both_are_kept(catalog_of):
    changed = catalog_of(TWO_EDITIONS, ONE_REPLACES_THE_OTHER).restated()
    assert changed[["requester", "earlier_low", "low", "earlier_document", "document"]].to_numpy().tolist() == [
        ["USA", 100, 104, "first", "second"]
    ]


def test_the_same_number_again_is_no_restatement(catalog_of):
    assert catalog_of(TWO_EDITIONS.replace("104", "100"), ONE_REPLACES_THE_OTHER).restated().empty


TRANSCRIBED_LATER = """
document     known_from form
own          2019-10-01 as_published
transcribed  2020-04-01 transcribed
"""


@pytest.mark.parametrize(("later", "speaks"), [("100", ("USA", 100, 100, "own")), ("104", ("USA", 104, 104, "transcribed"))])
def test_the_own_document_is_named_where_a_later_transcription_prints_the_same_number(catalog_of, later, speaks):
    rows = f"""
    requester value   document
    USA       100     own
    USA       {later} transcribed
    """
    assert numbers(catalog_of(rows, TRANSCRIBED_LATER).as_of()) == [speaks]


def test_the_order_of_rows_and_documents_does_not_matter(catalog_of):
    lines = TWO_EDITIONS.strip().splitlines()
    turned = "\n".join([lines[0], *reversed(lines[1:])])
    assert numbers(catalog_of(turned, ONE_REPLACES_THE_OTHER).as_of()) == numbers(catalog_of(TWO_EDITIONS, ONE_REPLACES_THE_OTHER).as_of())


def test_a_visitor_s_own_rows_stand_beside_ours_and_leave_ours_alone(catalog_of):
    ours = catalog_of("requester value document\nUSA 100 ours")
    theirs = catalog_of("requester value document\nFRA 7 theirs")
    both = catalog.Overlay(ours, theirs.observations, theirs.documents, theirs.reporters.iloc[:0], "both")
    assert numbers(both.as_of()) == [("FRA", 7, 7, "theirs"), ("USA", 100, 100, "ours")]
    assert numbers(ours.as_of()) == [("USA", 100, 100, "ours")]


@pytest.mark.parametrize("day", [None, date(2020, 1, 1), date(2015, 6, 30)])
def test_the_bundled_numbers_are_one_for_each_key_on_every_day(day):
    known = catalog.bundled().as_of(day)
    assert not known.duplicated(KEY).any()
    documents = catalog.bundled().documents.set_index("document")["known_from"]
    assert day is None or (known["document"].map(documents) <= pd.Timestamp(day)).all()


def test_no_bundled_number_stands_without_a_document_and_a_cell():
    rows = catalog.bundled().observations
    assert (rows[["document", "cell", "printed"]] != "").all(axis=None)
    assert set(rows["document"]) <= set(catalog.bundled().documents["document"])


def test_namibia_is_bundled():
    assert "NAM" in set(catalog.bundled().observations["requester"])


def test_google_s_accounts_of_its_first_years_are_missing_and_not_zero():
    google = catalog.bundled().as_of()
    google = google[(google["reporter"] == "google") & (google["measure"] == "accounts_specified") & (google["authority"] == "any")]
    assert google["period_start"].min() >= pd.Timestamp("2011-01-01")


# What follows breaks a copy of the datasets in one place each, and describes it anew, so that it is not the hash that tells.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small copy of the bundled datasets: one reporter's observations, and every table beside them."""
    copy = tmp_path / "datasets"
    shutil.copytree(catalog.datasets_folder(), copy, ignore=shutil.ignore_patterns("observations", "population.csv"))
    (copy / "observations").mkdir()
    shutil.copy(catalog.datasets_folder() / SMALL, copy / SMALL)
    people = (catalog.datasets_folder() / "population.csv").read_text(encoding="utf-8").splitlines()
    (copy / "population.csv").write_text("\n".join(people[:4]) + "\n", encoding="utf-8")
    rebuild.describe(copy)
    return copy


def change_cell(path: Path, row: int, column: str, text: str) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        records = list(csv.reader(file))
    records[row - 1][records[0].index(column)] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(records)


def test_a_sound_folder_loads(folder):
    assert len(load(folder).observations) == len((folder / SMALL).read_text(encoding="utf-8").splitlines()) - 1


@pytest.mark.parametrize(
    ("file", "column", "text", "says"),
    [
        (SMALL, "requester", "XYZ", "“XYZ” is not a country code"),
        (SMALL, "requester", "", "is not a country code"),
        (SMALL, "measure", "demands", "“demands” is none of"),
        (SMALL, "request_type", "letter", "“letter” is none of"),
        (SMALL, "authority", "police", "“police” is none of any, federal, state_local, private"),
        (SMALL, "reporter", "nobody", "“nobody” is not in the list"),
        (SMALL, "document", "", "is blank"),
        (SMALL, "cell", "", "is blank"),
        (SMALL, "printed", "", "is blank"),
        (SMALL, "service", "", "is blank"),
        (SMALL, "document", "unheard/of", "“unheard/of” is not in the list"),
        (SMALL, "low", "-1", "is less than 0"),
        (SMALL, "low", "many", "“many” is not a number"),
        (SMALL, "low", "", "holds no value"),
        (SMALL, "period_start", "2019-02-30", "“2019-02-30” is not a date"),
        ("documents.csv", "form", "rumoured", "“rumoured” is none of as published"),
        ("documents.csv", "sha256", "abc", "“abc” is not in the form"),
        ("documents.csv", "replaces", "unheard/of", "is not in the list"),
        ("documents.csv", "known_from", "", "holds no value"),
        ("population.csv", "people", "1.5", "“1.5” is not a whole number"),
        ("population.csv", "place", "XYZ", "“XYZ” is not in the list"),
        ("vocabulary/parts.csv", "in_total", "perhaps", "“perhaps” is neither true nor false"),
        ("breaks.csv", "date", "spring", "“spring” is not a date"),
        ("breaks.csv", "requester", "XYZ", "“XYZ” is not in the list"),
        ("definitions.csv", "measure", "demands", "“demands” is not in the list"),
    ],
)
def test_a_broken_cell_stops_the_start_with_file_row_column_and_rule(folder, file, column, text, says):
    change_cell(folder / file, 3, column, text)
    rebuild.describe(folder)
    with pytest.raises(DatasetError) as stopped:
        load(folder)
    assert str(stopped.value).startswith(f"{file}, row 3, {column}: ")
    assert says in str(stopped.value)


def test_ends_the_wrong_way_round_stop_the_start(folder):
    change_cell(folder / SMALL, 3, "low", "999999")
    rebuild.describe(folder)
    with pytest.raises(DatasetError, match=f"^{SMALL}, row 3: the lower end lies above the upper end"):
        load(folder)


def test_a_period_the_wrong_way_round_stops_the_start(folder):
    change_cell(folder / SMALL, 3, "period_start", "2099-01-01")
    rebuild.describe(folder)
    with pytest.raises(DatasetError, match=f"^{SMALL}, row 3: the period ends before it starts"):
        load(folder)


def test_a_count_that_is_not_whole_stops_the_start(folder):
    for column in ("low", "high"):
        change_cell(folder / SMALL, 3, column, "0.5")
    rebuild.describe(folder)
    with pytest.raises(DatasetError, match=f"^{SMALL}, row 3: a count is a whole number"):
        load(folder)


def test_a_row_given_twice_stops_the_start(folder):
    lines = (folder / SMALL).read_text(encoding="utf-8").splitlines()
    (folder / SMALL).write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    rebuild.describe(folder)
    with pytest.raises(DatasetError, match=f"^{SMALL}, row {len(lines) + 1}: the same number is given twice"):
        load(folder)


def test_a_document_named_twice_stops_the_start(folder):
    second = (folder / "documents.csv").read_text(encoding="utf-8").splitlines()[1].partition(",")[0]
    change_cell(folder / "documents.csv", 3, "document", second)
    rebuild.describe(folder)
    with pytest.raises(DatasetError, match=r"^documents.csv, row 2, document: .* stands twice"):
        load(folder)


def test_an_extra_column_stops_the_start(folder):
    lines = (folder / SMALL).read_text(encoding="utf-8").splitlines()
    (folder / SMALL).write_text("".join(f"{line},more\n" for line in lines), encoding="utf-8")
    rebuild.describe(folder)
    with pytest.raises(DatasetError, match=f"^{SMALL}, row 1: the columns must be reporter, service"):
        load(folder)


def test_two_columns_changed_over_stop_the_start(folder):
    text = (folder / SMALL).read_text(encoding="utf-8")
    (folder / SMALL).write_text(text.replace("low,high", "high,low", 1), encoding="utf-8")
    rebuild.describe(folder)
    with pytest.raises(DatasetError, match=f"^{SMALL}, row 1: the columns must be"):
        load(folder)


def test_a_row_with_a_cell_too_many_or_too_few_stops_the_start(folder):
    lines = (folder / SMALL).read_text(encoding="utf-8").splitlines()
    for broken in (lines[3] + ",more", lines[3].rpartition(",")[0]):
        (folder / SMALL).write_text("\n".join([*lines[:3], broken, *lines[4:]]) + "\n", encoding="utf-8")
        rebuild.describe(folder)
        with pytest.raises(DatasetError, match=f"^{SMALL}, row 4: the row has"):
            load(folder)


# Damage that leaves datapackage.json as it was.


@pytest.mark.parametrize("file", [SMALL, "documents.csv", "population.csv", "facts_mapping.csv", "statements/secrecy_orders.toml"])
def test_one_changed_character_stops_the_start(folder, file):
    text = (folder / file).read_text(encoding="utf-8")
    place = max(text.rfind(digit) for digit in "0123456789")
    (folder / file).write_text(f"{text[:place]}{(int(text[place]) + 1) % 10}{text[place + 1 :]}", encoding="utf-8")
    with pytest.raises(DatasetError, match=f"^{file}"):
        load(folder)


@pytest.mark.parametrize("cut", [1, 40, 2000])
def test_a_cut_file_stops_the_start(folder, cut):
    (folder / SMALL).write_bytes((folder / SMALL).read_bytes()[:-cut])
    with pytest.raises(DatasetError, match=f"^{SMALL}"):
        load(folder)


@pytest.mark.parametrize("file", [SMALL, "documents.csv", "vocabulary/measures.csv", "facts_mapping.csv", "statements/secrecy_orders.toml"])
def test_a_missing_file_stops_the_start(folder, file):
    (folder / file).unlink()
    # Of a single reporter it is the folder that is empty.
    with pytest.raises(DatasetError, match=r"missing|holds no CSV file"):
        load(folder)


def test_a_file_that_the_description_does_not_name_stops_the_start(folder):
    shutil.copy(folder / SMALL, folder / "observations" / "more.csv")
    with pytest.raises(DatasetError, match=r"^observations/more.csv: the file is not the one that datapackage.json describes"):
        load(folder)


@pytest.mark.parametrize("data", [b"", bytes(5000), b"\xff\xfe\x00"])
def test_a_zeroed_or_emptied_file_stops_the_start(folder, data):
    (folder / SMALL).write_bytes(data)
    with pytest.raises(DatasetError, match=f"^{SMALL}: the file is no sound CSV"):
        load(folder)


def test_bytes_that_are_no_text_stop_the_start(folder):
    data = (folder / SMALL).read_bytes()
    (folder / SMALL).write_bytes(data.replace(b"twilio/", b"twilio\xff", 1))
    with pytest.raises(DatasetError, match=f"^{SMALL}"):
        load(folder)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        '{"resources": null}',
        '{"resources": [1]}',
        '{"resources": [{"path": ["x"], "hash": 1}]}',
        "[" * 100_000,
    ],
)
def test_a_broken_description_stops_the_start(folder, text):
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"^datapackage.json: the file is damaged"):
        load(folder)


def test_a_description_that_names_more_than_there_is_stops_the_start(folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"].append({"path": "observations/gone.csv", "hash": "sha256:0"})
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    with pytest.raises(DatasetError, match=r"^observations/gone.csv: the file is missing"):
        load(folder)


def test_a_missing_description_stops_the_start(folder):
    (folder / "datapackage.json").unlink()
    with pytest.raises(DatasetError, match=r"^datapackage.json: the file is missing"):
        load(folder)


def test_what_was_known_on_many_days_is_not_all_kept_and_no_table_of_a_day_is(catalog_of):
    shown = catalog_of("value\n5")
    days = [date(2001, 1, day) for day in range(1, 31)]
    assert all(weakref.ref(shown.as_of(day))() is None for day in days)
    kept = _row_lists()
    assert all(shown.as_of(day + timedelta(days=365)).equals(shown.as_of()) for day in days)
    assert _row_lists() <= kept + 1


def _row_lists() -> int:
    gc.collect()
    return sum(isinstance(each, pd.Index) for each in gc.get_objects())
