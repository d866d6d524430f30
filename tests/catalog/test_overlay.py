"""A catalog with a visitor's rows over it answers as one catalog of all rows would, and shares what it lies over."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import analysis, catalog

REPORTERS = ("google", "apple", "acme")
DOCUMENTS = [f"{reporter}{number}" for reporter in REPORTERS for number in range(3)]

ROW = st.tuples(
    st.sampled_from(["requests", "requests_content", "requests_noncontent", "requests_some_data", "share_some_data"]),
    st.sampled_from(["WLD", "USA", "FRA"]),
    st.sampled_from(["all", "search_warrant", "subpoena", "nsl"]),
    st.sampled_from(["2018_H2", "2019_H1", "2019_H2"]),
    st.sampled_from(DOCUMENTS),
)
ROWS = st.dictionaries(ROW, st.sampled_from(["0", "7", "10", "0-4"]), min_size=1, max_size=25)
EDITIONS = st.fixed_dictionaries({name: st.tuples(st.sampled_from(["-", *DOCUMENTS]), st.integers(2019, 2022)) for name in DOCUMENTS})


@settings(max_examples=6, deadline=None)
@given(rows=ROWS, editions=EDITIONS, above=st.sets(st.sampled_from(DOCUMENTS), min_size=1), day=st.sampled_from([None, date(2020, 6, 1)]))
def test_what_is_known_and_what_follows_from_it_is_that_of_one_catalog_of_all_rows(catalog_of_once, rows, editions, above, day):
    # A catalog that others lie over is never empty.
    shown = "reporter measure requester request_type period document value\nmeta requests USA all 2019_H1 meta0 3\n" + "\n".join(
        " ".join([document[:-1], *row, document, {"0": "0-0.5"}.get(value, "0.25-0.5") if row[0].startswith("share") else value])
        for (*row, document), value in rows.items()
    )
    # What lies below knows of nothing above it.
    told = "\n".join(
        f"{name} {'-' if older in above and name not in above else older} {year}-01-01" for name, (older, year) in editions.items()
    )
    whole = catalog_of_once(shown, f"document replaces known_from\n{told}")
    is_above, is_own = whole.observations["document"].isin(above), whole.documents["document"].isin(above)
    below = whole.holding(whole.observations[~is_above].reset_index(drop=True), documents=whole.documents[~is_own])
    over = catalog.Overlay(below, whole.observations[is_above], whole.documents[is_own], whole.reporters.iloc[:0], "over")
    for table in ("as_of", "withdrawn"):
        same(getattr(over, table)(day), getattr(whole, table)(day))
    same(over.as_of(day, {"google"}), whole.as_of(day)[lambda table: table["reporter"] == "google"])
    for one, other in ((over.reprinted(), whole.reprinted()), (over.spans, whole.spans), (over.observations, whole.observations)):
        same(one, other)
    same(analysis.with_totals(over, day), analysis.with_totals(whole, day))


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Both have the same rows, in whichever order."""
    pd.testing.assert_frame_equal(*(table.sort_values(list(table.columns)).reset_index(drop=True) for table in (one, other)))


@pytest.mark.parametrize(
    ("below", "above"),
    [
        ("google USA all 2018_H1 5", "google FRA all 2019_H1 7"),
        ("google WLD subpoena 2018_H1 9; google USA warrant 2018_H1 5", "google USA subpoena 2019_H1 7"),
        ("google USA warrant 2018_H1 5; google FRA warrant 2019_H1 6", "google WLD subpoena 2019_H1 7"),
    ],
    ids=["a second requester", "a kind by requester", "a kind for the world alone"],
)
def test_rows_over_one_period_may_decide_which_totals_there_are_in_another(catalog_of, below, above):
    shown = [f"{row} {document}" for rows, document in ((below, "below"), (above, "above")) for row in rows.split("; ")]
    whole = catalog_of("\n".join(["reporter requester request_type period value document", *shown]))
    under = whole.holding(whole.observations[whole.observations["document"] == "below"])
    over = catalog.Overlay(
        under, whole.observations[whole.observations["document"] == "above"], whole.documents.iloc[:0], whole.reporters.iloc[:0], "over"
    )
    same(analysis.with_totals(over), analysis.with_totals(whole))
    first, of_first = (table[table["period_end"] == table["period_end"].min()] for table in map(analysis.with_totals, (over, under)))
    assert len(first) != len(of_first)
