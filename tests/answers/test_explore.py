"""What a view shows beside its chart: both periods of a comparison, and who is not ranked."""

import pytest

from dashboard import catalog
from dashboard.analysis import with_totals
from dashboard.analysis.views import View
from dashboard.answers.explore import change_rows, other_periods
from dashboard.display import sentences


@pytest.fixture(scope="module")
def names() -> sentences.Names:
    return sentences.Names(catalog.bundled())


def test_a_change_has_both_numbers_and_a_direction_only_between_periods_of_one_length(catalog_of, names):
    rows = with_totals(
        catalog_of("""
        requester period  value
        USA       2018_H1 100
        USA       2019_H1 140
        FRA       2018_H1 10-19
        FRA       2019_H1 15-24
        DEU       2018_H1 30
        DEU       2019    90
        """)
    )
    rows = sentences.with_labels(rows[rows["requester"] != "WLD"], names)
    changes = change_rows(rows, scaled=False).set_index("requester")
    assert changes["direction"].to_dict() == {"USA": "rose", "FRA": "cannot be said", "DEU": "cannot be said"}
    assert changes["change"].to_dict() == {"USA": "+40", "FRA": "−4 to +14", "DEU": ""}
    assert changes.loc["USA", ["first_low", "last_low"]].tolist() == [100, 140]


def test_a_ranking_of_reporters_names_those_whose_numbers_are_of_other_periods(catalog_of, names):
    table = with_totals(
        catalog_of("""
        reporter  requester period  value
        google    USA       2019_H1 100
        meta      USA       2019    300
        microsoft USA       2020    500
        """)
    )
    ranked = table[(table["reporter"] == "google") & (table["requester"] == "USA")]
    view = View(shape="ranking", over="reporters", requester=("USA",))
    assert other_periods(view, ranked, table, names) == ["Not ranked, as their periods are others than 2019 H1: Meta (Facebook)."]
    everyone = table[(table["requester"] == "USA") & (table["period_start"].dt.year == 2019)]
    assert other_periods(view, everyone, table, names) == []
