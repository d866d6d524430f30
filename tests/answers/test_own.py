"""How a visitor's own report is first looked at."""

import pytest

from dashboard.analysis import with_totals
from dashboard.answers import answer, explore
from dashboard.answers.own import view_beside
from dashboard.catalog.own_reports import accepted, with_reports
from dashboard.display.languages import Language
from dashboard.statements import bundled

OWN = """
reporter requester period  value
kiwi     DEU       2019_H1 140
kiwi     DEU       2019_H2 150
kiwi     FRA       2019_H1 80
kiwi     FRA       2019_H2 90
"""


@pytest.mark.parametrize(
    ("published", "most_like", "axis"),
    [
        # Who covers both countries, before one whose number of one is nearer.
        ("google DEU 2019_H1 900; google FRA 2019_H1 700; google DEU 2019_H2 950; linkedin DEU 2019_H2 150", "google", ""),
        # Who covers the same time, before one of whom as much is published.
        ("google DEU 2019_H1 900; google DEU 2019_H2 900; linkedin DEU 2015_H1 900; linkedin DEU 2015_H2 900", "google", ""),
        # Who has published most of it, where both cover all.
        (
            "google DEU 2019_H1 900; google DEU 2019_H2 900; google DEU 2018_H2 900; google USA 2018_H2 900; linkedin DEU 2019_H1 140; linkedin DEU 2019_H2 150",
            "google",
            "",
        ),
        # Whose numbers are nearer, where all else is alike; by factors where one would lie on the axis.
        ("google DEU 2019_H1 90000; meta DEU 2019_H1 9000", "meta", "log"),
        # Of nobody who has no number of the requester that asked most.
        ("google FRA 2019_H1 80", "", ""),
    ],
)
def test_a_report_stands_out_beside_the_publisher_that_covers_most_of_it(catalog_of, published, most_like, axis):
    own = with_totals(catalog_of(OWN))
    own = own[own["requester"] != "WLD"]
    table = with_totals(catalog_of("reporter requester period value\n" + published.replace("; ", "\n")))
    view = view_beside(own, table)
    assert view.reporter == tuple(filter(None, ("kiwi", most_like)))
    assert view.axis == (axis or type(view)().axis)
    assert view.focus == (("kiwi/DEU",) if most_like else ())
    assert view_beside(own.iloc[::-1], table.iloc[::-1]) == view


def test_what_a_visitor_brought_is_drawn_thicker_in_its_own_colour_and_named_yours(catalog_of):
    rows = catalog_of(OWN).observations.assign(document="report")
    published = catalog_of("reporter requester period value\ngoogle DEU 2019_H1 900\ngoogle DEU 2019_H2 950")
    both = with_reports(published, [accepted("own.csv", b"own", rows)])
    table = with_totals(both)
    shown = answer(view_beside(rows, with_totals(published)), both, table, bundled(), Language("en", both))
    assert {label: "yours" in name for label, name in shown.names.items()} == {"Kiwi": True, "Google": False}
    chart = explore.chart(shown, Language("en", both))
    lines = {line.name: line.line for line in chart.data if line.mode == "lines"}
    assert lines["Kiwi"].width > lines["Google"].width and lines["Kiwi"].color != lines["Google"].color
    assert any("Kiwi · yours" in words.text for words in chart.layout.annotations)
