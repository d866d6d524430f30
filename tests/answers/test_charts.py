"""Charts are built from plain dictionaries that nobody looks over while they are drawn: here Plotly does."""

import plotly.graph_objects as go
import pytest

from dashboard import catalog, statements
from dashboard.analysis import with_totals
from dashboard.analysis.views import SHAPES, View
from dashboard.answers.explore import answer, chart
from dashboard.display import charts
from dashboard.display.colours import REPORTERS
from dashboard.display.languages import Language

VIEWS = {
    **{shape: View(shape=shape, requester=("USA", "DEU"), of="google") for shape in SHAPES if shape != "table"},
    "one period": View(start="2019 H1", end="2019 H1"),
    "a log axis with a series in focus": View(axis="log", focus=("google/USA",)),
    "lanes of bands": View(measure="letters", reporter=("google", "microsoft", "apple")),
    "a map of two periods": View(shape="map", of="google", period="2019 H2", against="2018 H2"),
    "reporters ranked": View(shape="ranking", over="reporters"),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_plotly_knows_every_word_of_a_chart(view):
    data = catalog.bundled()
    names = Language("en", data)
    drawn = chart(answer(view, data, with_totals(data), statements.bundled(), names), names, charts.DARK).to_dict()
    assert go.Figure(drawn).to_dict()["data"]
    drawn["data"][0]["unheard of"] = 1
    with pytest.raises(ValueError, match="unheard of"):
        go.Figure(drawn)


@pytest.mark.parametrize("values", ["5 8", "5 -", "- 8", "0-499 -"])
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_choice_with_few_numbers_has_a_chart_or_words_that_say_why_none(catalog_of, view, values):
    first, last = values.split()
    lines = [f"USA {period} {value}" for period, value in (("2018_H1", first), ("2019_H1", last)) if value != "-"]
    data = catalog_of("requester period value\n" + "\n".join(lines))
    names = Language("en", data)
    shown = answer(view, data, with_totals(data), statements.bundled(), names)
    drawn = chart(shown, names)
    assert shown.why_nothing if shown.is_empty else drawn is not None or shown.sentences
    if view.shape == "change" and not shown.is_empty:
        assert (drawn is None) == ("no change to show" in shown.sentences[0]) == ("-" in values)


@pytest.mark.parametrize(
    ("measure", "values", "plots"),
    [
        ("requests", ("0-499", "250-749"), 4),
        ("share_some_data", ("0.70-0.71", "0.70-0.71"), 1),
        ("share_some_data", ("0.2-0.8", "0.4-0.9"), 4),
    ],
)
def test_wide_ranges_over_each_other_stand_in_plots_of_their_own_each_in_the_colour_of_its_reporter(catalog_of, measure, values, plots):
    google, apple = values
    data = catalog_of(
        "reporter requester measure period value\n"
        + "\n".join(
            f"{reporter} {country} {measure} {period} {value}"
            for reporter, value in (("google", google), ("apple", apple))
            for country in ("USA", "DEU")
            for period in ("2018_H1", "2018_H2")
        )
    )
    names = Language("en", data)
    view = View(measure=measure, reporter=("google", "apple"), requester=("USA", "DEU"))
    drawn = chart(answer(view, data, with_totals(data), statements.bundled(), names), names).to_dict()
    assert len([key for key in drawn["layout"] if key.startswith("yaxis")]) == plots
    if plots > 1:
        shades = {(trace["name"].split()[0].lower(), trace["marker"]["color"]) for trace in drawn["data"] if "customdata" in trace}
        assert shades == {(reporter, REPORTERS[reporter]) for reporter in ("google", "apple")}
