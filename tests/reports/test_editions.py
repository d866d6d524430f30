"""Redlines: of tables of our own, and of editions that were really published."""

from __future__ import annotations

import functools
import io
import json
import math
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import cli
from dashboard.model.columns import KEY, OBSERVATION_COLUMNS
from dashboard.reports import editions
from dashboard.reports.editions import against_held, counts, largest, line, redline, summary, texts
from dashboard.reports.recognise import read_report


def table(*rows: tuple, document: str = "old", **same) -> pd.DataFrame:
    """Observations from requester, first day and the ends of the value; the period is a half-year."""
    filled = [
        {
            "reporter": "google",
            "service": "all",
            "requester": requester,
            "authority": "any",
            "request_type": "all",
            "measure": "requests",
            "period_start": start,
            "period_end": start.replace("01-01", "06-30").replace("07-01", "12-31"),
            "low": low,
            "high": high,
            "printed": f"{low}" if low == high else f"{low}–{high}",
            "document": document,
            "cell": f"B{place + 2}",
        }
        | same
        for place, (requester, start, low, high) in enumerate(rows)
    ]
    result = pd.DataFrame(filled, columns=OBSERVATION_COLUMNS)
    for column in ("period_start", "period_end"):
        result[column] = pd.to_datetime(result[column]).astype("datetime64[s]")
    return result.astype({"low": float, "high": float})


HALF, NEXT = "2020-01-01", "2020-07-01"


def test_every_state_is_told_with_the_old_and_the_new_value():
    held = table(("DEU", HALF, 10, 10), ("FRA", HALF, 20, 20), ("ITA", HALF, 30, 30))
    new = table(("DEU", HALF, 10, 10), ("FRA", HALF, 25, 25), ("ESP", HALF, 5, 5), document="new")
    found = redline(held, new).set_index("requester")
    assert found["state"].to_dict() == {"DEU": "unchanged", "FRA": "restated", "ITA": "withdrawn", "ESP": "new"}
    restated = found.loc["FRA"]
    assert (restated["held_low"], restated["low"], restated["difference_low"], restated["relative_high"]) == (20, 25, 5, 0.25)
    assert (restated["held_document"], restated["held_cell"], restated["document"], restated["cell"]) == ("old", "B3", "new", "B3")
    assert found.loc["DEU", "change"] == "" and math.isnan(found.loc["DEU", "difference_low"])


@pytest.mark.parametrize(
    ("old", "new", "change", "difference", "relative"),
    [
        ((10, 10), (15, 15), "rose", (5, 5), (0.5, 0.5)),
        ((10, 10), (0, 0), "fell", (-10, -10), (-1, -1)),
        ((0, 499), (1, 499), "narrowed", (-498, 499), (-0.997996, math.inf)),
        ((100, 199), (0, 499), "widened", (-199, 399), (-1, 3.99)),
        ((0, 499), (250, 749), "moved", (-249, 749), (-0.498998, math.inf)),
        ((500, 999), (1000, 1499), "rose", (1, 999), (0.001001, 1.998)),
    ],
)
def test_the_size_of_a_restatement_is_an_interval(old, new, change, difference, relative):
    row = redline(table(("USA", HALF, *old)), table(("USA", HALF, *new))).iloc[0]
    assert row["change"] == change
    assert (row["difference_low"], row["difference_high"]) == difference
    assert (row["relative_low"], row["relative_high"]) == pytest.approx(relative, abs=2e-6)


def test_a_change_from_nought_has_no_relative_size():
    row = redline(table(("USA", HALF, 0, 0)), table(("USA", HALF, 3, 3))).iloc[0]
    assert math.isnan(row["relative_low"]) and math.isnan(row["relative_high"]) and row["difference_low"] == 3


def test_what_a_new_edition_does_not_cover_is_not_withdrawn():
    held = table(("DEU", HALF, 10, 10), ("DEU", NEXT, 11, 11))
    assert against_held(held, table(("DEU", NEXT, 11, 11)))["state"].tolist() == ["unchanged"]


def test_what_stands_in_a_document_about_something_else_is_not_withdrawn():
    held = pd.concat([table(("DEU", HALF, 10, 10)), table(("DEU", HALF, 3, 3), document="other", request_type="nsl")])
    assert against_held(held, table(("DEU", HALF, 10, 10)))["state"].tolist() == ["unchanged"]


def test_the_same_kind_for_other_requesters_is_another_subject():
    held = table(*((code, HALF, 3, 3) for code in ("DEU", "FRA", "ITA")), document="by country")
    assert against_held(held, table(("WLD", HALF, 9, 9)))["state"].tolist() == ["new"]


def test_a_kind_of_figure_dropped_from_an_edition_is_withdrawn():
    kinds = [table(("DEU", HALF, 10, 10), request_type=kind) for kind in ("legal", "emergency", "wiretap")]
    found = against_held(pd.concat(kinds), pd.concat(kinds[:2])).set_index("request_type")
    assert found["state"].to_dict() == {"legal": "unchanged", "emergency": "unchanged", "wiretap": "withdrawn"}


def test_an_empty_edition_withdraws_nothing():
    assert len(against_held(table(("DEU", HALF, 10, 10)), table())) == 0
    assert summary(against_held(table(), table())).startswith("Neither edition")


_tables = st.lists(
    st.tuples(st.sampled_from(["DEU", "FRA", "ITA"]), st.sampled_from([HALF, NEXT]), st.integers(0, 9), st.integers(0, 9)).map(
        lambda row: (row[0], row[1], min(row[2:]), max(row[2:]))
    ),
    max_size=8,
).map(lambda rows: table(*rows))


@settings(deadline=None, max_examples=60)
@given(_tables)
def test_a_table_against_itself_is_unchanged(held):
    found = redline(held, held)
    assert set(found["state"]) <= {"unchanged"}
    assert len(found) == len(held.drop_duplicates(KEY))


@settings(deadline=None, max_examples=60)
@given(_tables, _tables)
def test_every_figure_of_both_is_in_one_state_and_the_way_back_is_the_mirror_of_the_way_there(held, new):
    there, back = redline(held, new).set_index(KEY).sort_index(), redline(new, held).set_index(KEY).sort_index()
    assert sum(counts(there).values()) == len(pd.concat([held, new]).drop_duplicates(KEY))
    mirrored = {"new": "withdrawn", "withdrawn": "new", "restated": "restated", "unchanged": "unchanged"}
    words = {"rose": "fell", "fell": "rose", "narrowed": "widened", "widened": "narrowed", "moved": "moved", "": ""}
    assert there["state"].map(mirrored).tolist() == back["state"].tolist()
    assert there["change"].map(words).tolist() == back["change"].tolist()
    pd.testing.assert_series_equal(there["difference_low"], -back["difference_high"], check_names=False)
    pd.testing.assert_series_equal(there["held_low"], back["low"], check_names=False)


@settings(deadline=None, max_examples=30)
@given(_tables, _tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(held, new, random):
    held, new = held.drop_duplicates(KEY), new.drop_duplicates(KEY)
    shuffled = held.iloc[random.sample(range(len(held)), len(held))]
    pd.testing.assert_frame_equal(redline(held, new), redline(shuffled, new))


def test_the_summary_is_written_in_words_with_its_numbers_from_the_table():
    held, new = table(("DEU", HALF, 10, 10), ("FRA", HALF, 20, 20)), table(("DEU", HALF, 30, 30), ("ITA", HALF, 1, 1))
    said = summary(redline(held, new))
    assert said == "1 figure restated, 1 withdrawn and 1 new. Restated: Germany: requests, 2020 H1: 10 → 30 (rose)."
    assert summary(redline(held, held)) == "Nothing changed: 2 figures stand as they were."


def test_no_digit_is_typed_into_a_sentence():
    source = Path(editions.__file__).read_text(encoding="utf-8")
    said = [part for part in source.split('"')[1::2] if " " in part and "{" in part]
    assert said and not [part for part in said if re.search(r"\d", re.sub(r"\{[^{}]*\}", "", part))]


def test_the_largest_comes_first_and_what_may_not_have_moved_last():
    held = table(("DEU", HALF, 10, 10), ("FRA", HALF, 1000, 1000), ("ITA", HALF, 0, 499))
    new = table(("DEU", HALF, 30, 30), ("FRA", HALF, 1100, 1100), ("ITA", HALF, 1, 499))
    assert largest(redline(held, new))["requester"].tolist() == ["DEU", "FRA", "ITA"]


def test_a_redline_leaves_as_plain_texts():
    handed = texts(redline(table(("DEU", HALF, 0, 499)), table(("DEU", HALF, 500, math.inf))))
    row = handed.iloc[0]
    assert (row["period_start"], row["held_low"], row["held_high"], row["low"], row["high"]) == ("2020-01-01", "0", "499", "500", "inf")
    back = texts(redline(table(("DEU", HALF, 500, math.inf)), table(("DEU", HALF, 0, 499)))).iloc[0]
    assert (back["difference_low"], back["difference_high"]) == ("-inf", "-1")


def test_a_share_is_told_in_per_cent():
    held = table(("DEU", HALF, 0.275, 0.285), measure="share_some_data")
    new = table(("DEU", HALF, 0.255, 0.265), measure="share_some_data")
    assert line(redline(held, new).iloc[0]) == "Germany: share some data, 2020 H1: 28 % → 26 % (fell)"


# Editions that were really published.


@functools.cache
def read(published: Path, name: str) -> pd.DataFrame:
    """The observations of a published file."""
    return read_report(Path(name).name, (published / name).read_bytes(), document=name)[1].table()


@pytest.mark.published
def test_google_2012_to_2013_restates_one_figure_of_hong_kong(published):
    held = read(published, "google/through-2012-H1/google-user-data-requests.csv")
    found = against_held(held, read(published, "google/through-2013-H1/google-user-data-requests.csv"))
    (restated,) = found[found["state"] == "restated"].to_dict("records")
    assert (restated["requester"], restated["measure"], restated["held_low"], restated["low"]) == ("HKG", "accounts_specified", 191, 192)
    assert str(restated["period_end"].date()) == "2012-06-30"
    assert counts(found)["withdrawn"] == 0


@pytest.mark.published
def test_google_2020_to_2023_restates_and_withdraws_us_wiretaps(published):
    held = read(published, "google/through-2020-H2/google-global-user-data-requests.csv")
    found = against_held(held, read(published, "google/through-2023-H1/google-global-user-data-requests.csv"))
    wiretaps = found[(found["requester"] == "USA") & (found["request_type"] == "wiretap") & (found["measure"] == "requests")]
    changed = wiretaps[wiretaps["state"].isin(["restated", "withdrawn"])]
    said = {(str(row.period_end.date()), row.state, row.held_low, None if pd.isna(row.low) else row.low) for row in changed.itertuples()}
    assert said == {
        ("2017-06-30", "restated", 10, 1),
        ("2017-12-31", "withdrawn", 4, None),
        ("2018-06-30", "restated", 3, 2),
        ("2018-12-31", "restated", 3, 1),
        ("2020-12-31", "restated", 2, 1),
    }
    assert set(found[found["state"] == "withdrawn"]["request_type"]) == {"wiretap"}


@pytest.mark.published
def test_apple_2020_to_2022_only_raises_lower_ends_of_national_security_bands(published):
    names = ["account_preservation", "account", "device", "emergency", "financial_identifier", "us_national_security"]
    held = pd.concat([read(published, f"apple/through-2020-H2/{name}_requests.csv") for name in names])
    found = against_held(held, pd.concat([read(published, f"apple/through-2022-H2/{name}_requests.csv") for name in names]))
    restated = found[found["state"] == "restated"]
    assert len(restated) > 0 and counts(found)["withdrawn"] == 0
    assert set(restated["authority"]) == {"federal"}
    assert (restated["low"] > restated["held_low"]).all() and (restated["high"] == restated["held_high"]).all()
    assert "only the lower end was raised" in summary(found)


@pytest.mark.published
def test_one_half_year_does_not_withdraw_another(published):
    held = read(published, "meta/PRPL-Facebook-Government-Report-2022_H2.csv")
    found = against_held(held, read(published, "meta/PRPL-Facebook-Government-Report-2023_H1.csv"))
    assert set(found["state"]) == {"new"}


@pytest.mark.published
def test_the_command_tells_what_changed_in_text_csv_and_json(published, capsys):
    files = [str(published / f"google/through-{edition}-H1/google-user-data-requests.csv") for edition in ("2012", "2013")]
    assert cli.main(["diff", *files]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("1 figure restated") and said[1] == "Hong Kong: accounts specified, 2012 H1: 191 → 192 (rose)"
    assert cli.main(["diff", *files, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["counts"] == {state: [row["state"] for row in told["rows"]].count(state) for state in editions.STATES}
    assert cli.main(["diff", *files, "--format", "csv"]) == 0
    rows = pd.read_csv(io.StringIO(capsys.readouterr().out), dtype=str, keep_default_na=False)
    assert list(rows.columns) == editions.COLUMNS and len(rows) == len(told["rows"])


@pytest.mark.published
def test_the_command_has_nothing_to_say_of_two_reporters_or_of_no_report(published, tmp_path, capsys):
    google = str(published / "google/through-2012-H1/google-user-data-requests.csv")
    assert cli.main(["diff", google, str(published / "apple/through-2020-H2/device_requests.csv")]) == 2
    assert "nothing to compare" in capsys.readouterr().err
    (tmp_path / "empty.csv").write_bytes(b"")
    assert cli.main(["diff", google, str(tmp_path / "empty.csv")]) == 2
    broken = tmp_path / "google-user-data-requests.csv"
    broken.write_text(Path(google).read_text(encoding="utf-8-sig").replace(",DE,", ",DE,x", 1), encoding="utf-8")
    assert cli.main(["diff", google, str(broken)]) == 1
