"""Charts: bands from end to end, no value between the ends, gaps as gaps, and texts that stay texts."""

import itertools
import json
import math

import pandas as pd
import pytest

from dashboard import analysis, catalog
from dashboard.analysis import with_totals
from dashboard.display import charts, colours, sentences
from dashboard.model import places

BANDED = """
requester period  value
USA       2018_H1 100
USA       2018_H2 10-19
USA       2019_H2 40-59
FRA       2018_H1 7
FRA       2018_H2 9
FRA       2019_H2 30+
TWN       2018_H1 0
"""
ENDS = {0, 7, 9, 10, 19, 30, 40, 59, 100}
MIDDLES = {14.5, 49.5}


@pytest.fixture(scope="module")
def names() -> sentences.Names:
    return sentences.Names(catalog.bundled())


@pytest.fixture(scope="module")
def table(catalog_of_once, names) -> pd.DataFrame:
    rows = with_totals(catalog_of_once(BANDED))
    return sentences.with_labels(rows[rows["requester"] != places.WORLD], names)


CHARTS = {
    "over_time": lambda table: charts.over_time(table, axis="requests"),
    "over_time with the last values": lambda table: charts.over_time(table, axis="requests", end_labels=True),
    "a small chart": lambda table: charts.over_time(table, axis="", height=230, top=100),
    "ranking": lambda table: charts.ranking(table, axis="requests"),
    "world_map": lambda table: charts.world_map(table, axis="requests"),
}


def values_drawn(figure) -> set[float]:
    """Every number on the value axis of any trace; of a bar both its start and its end."""
    found = set()
    for trace in figure.data:
        if trace.type == "bar":
            starts = trace.base if trace.base is not None else [0] * len(trace.x)
            found |= {*starts, *(start + length for start, length in zip(starts, trace.x, strict=True))}
        elif trace.type == "scatter":
            found |= {value for value in trace.y if value is not None}
    return found


def texts_shown(node) -> list[str]:
    """Every text of a figure that a reader may see; not the codes by which traces are grouped or points are known."""
    if isinstance(node, dict):
        hidden = ("legendgroup", "customdata", "locations", "x", "hovertemplate", "template")
        return [text for key, value in node.items() if key not in hidden for text in texts_shown(value)]
    if isinstance(node, list):
        return [text for value in node for text in texts_shown(value)]
    return [node] if isinstance(node, str) else []


def as_json(figure) -> dict:
    return json.loads(figure.to_json())


# No value between the ends


@pytest.mark.parametrize("chart", ["over_time", "over_time with the last values", "a small chart", "ranking"])
def test_only_ends_are_drawn_and_no_middle(table, chart):
    drawn = values_drawn(CHARTS[chart](table))
    assert not drawn & MIDDLES
    # Of a band without an upper end the drawing must end somewhere: at the largest lower end or a little above it.
    assert {round(value, 6) for value in drawn} - ENDS <= {33}


def test_a_band_is_drawn_from_its_lower_to_its_upper_end_across_its_period(table):
    figure = charts.over_time(table[table["requester"] == "USA"], axis="requests")
    (band,) = [trace for trace in figure.data if trace.fill == "toself"]
    assert list(band.y) == [10, 10, 19, 19, 10, None, 40, 40, 59, 59, 40, None]
    days = [None if day is None else pd.Timestamp(day) for day in band.x]
    assert days[:2] == [pd.Timestamp("2018-07-01"), pd.Timestamp("2019-01-01")]


def test_a_band_of_a_ranking_reaches_from_its_lower_to_its_upper_end(table):
    rows = table[table["period_start"] == pd.Timestamp("2019-07-01")]
    figure = charts.ranking(rows, axis="requests")
    lower, band = figure.data
    assert list(lower.x) == [30, 40]
    assert list(band.base) == [30, 40]
    assert [start + length for start, length in zip(band.base, band.x, strict=True)] == [40, 59]
    assert list(band.text) == ["30 or more", "40–59"]


@pytest.mark.parametrize("chart", ["over_time", "a small chart"])
def test_a_gap_breaks_the_line(table, chart):
    # Nothing is published for the first half of 2019.
    rows = table.assign(low=table["low"].where(table["requester"] == "FRA", 5), high=table["low"].where(table["requester"] == "FRA", 5))
    figure = CHARTS[chart](rows[rows["requester"] == "USA"])
    (line,) = [trace for trace in figure.data if trace.mode == "lines" and trace.fill is None]
    assert list(line.y) == [5, 5, 5, 5, None, 5, 5]


def test_a_row_without_a_number_breaks_the_line(catalog_of, names):
    rows = sentences.with_labels(with_totals(catalog_of("period value\n2018_H1 1\n2018_H2 2\n2019_H1 3")), names)
    rows.loc[rows["period_start"] == pd.Timestamp("2018-07-01"), ["low", "high"]] = math.nan
    (line,) = [trace for trace in charts.over_time(rows, axis="").data if trace.mode == "lines"]
    assert list(line.y) == [1, 1, None, 3, 3]


def test_periods_of_other_length_are_not_joined(catalog_of, names):
    rows = sentences.with_labels(with_totals(catalog_of("period value\n2018 1\n2019_H1 2\n2019_H2 3")), names)
    (line,) = [trace for trace in charts.over_time(rows, axis="").data if trace.mode == "lines"]
    assert list(line.y) == [1, 1, None, 2, 2, 3, 3]


def test_every_number_can_be_selected_by_its_row(table):
    figure = charts.over_time(table, axis="requests")
    selectable = [row for trace in figure.data if trace.customdata is not None for row in trace.customdata]
    assert set(selectable) == set(table.index[table["low"].notna()])


def test_a_scale_starts_at_zero(table):
    for chart in ("over_time", "a small chart"):
        assert CHARTS[chart](table).layout.yaxis.rangemode == "tozero"
    assert CHARTS["ranking"](table).layout.xaxis.rangemode == "tozero"


# Small and odd tables


@pytest.mark.parametrize("chart", CHARTS)
def test_an_empty_table_a_single_row_and_only_gaps_are_drawn_without_a_fault(table, chart):
    without_numbers = table.assign(low=math.nan, high=math.nan)
    for rows in (table.iloc[:0], table.iloc[:1], without_numbers):
        figure = CHARTS[chart](rows)
        assert figure.layout.height > 0
        assert not {value for value in values_drawn(figure) if value == value} - ENDS


@pytest.mark.parametrize("chart", CHARTS)
def test_an_endless_band_alone_is_drawn_without_a_fault(table, chart):
    rows = table[table["high"] == math.inf]
    figure = CHARTS[chart](rows)
    assert all(math.isfinite(value) for value in values_drawn(figure))
    assert any("30 or more" in text for text in texts_shown(as_json(figure)))


def test_an_endless_band_from_zero_is_drawn_without_a_fault(table):
    rows = table[table["high"] == math.inf].assign(low=0.0)
    for chart in CHARTS.values():
        assert all(math.isfinite(value) for value in values_drawn(chart(rows)))


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_leaves_its_table_as_it_was(table, chart):
    before = table.copy()
    CHARTS[chart](table)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("chart", ["over_time", "ranking"])
def test_the_order_of_rows_does_not_matter_for_one_series_or_period(table, chart):
    rows = table[table["requester"] == "USA"] if chart == "over_time" else table[table["period_start"] == pd.Timestamp("2018-01-01")]
    assert as_json(CHARTS[chart](rows)) == as_json(CHARTS[chart](rows.iloc[::-1]))


# Texts


HOSTILE = ["<a href='javascript:x'>y</a>", "<b>bold</b>", "$x^2$", "<script>1</script>", "a & b", "<img src=x>"]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("chart", CHARTS)
def test_a_hostile_text_is_shown_and_not_obeyed(table, chart, hostile):
    rows = table.assign(label=hostile + " " + table["label"], printed=hostile, derivation=hostile)
    ours = ("<b>", "</b>", "<br>")
    for text in texts_shown(as_json(CHARTS[chart](rows))):
        # Our own bold label and line breaks are markup; what came from outside is not.
        for tag in ours:
            text = text.replace(tag, "")
        assert "<" not in text and "$" not in text, text
    assert not any(hostile in text for text in texts_shown(as_json(CHARTS[chart](rows))))


def test_a_break_and_a_statement_keep_their_words_harmless(table):
    breaks = pd.DataFrame({"date": [pd.Timestamp("2018-07-01")] * 2, "label": ["<a>one</a>", "two"]})
    marks = pd.DataFrame({"day": [pd.Timestamp("2018-09-01")], "statement": ["s"], "speaker": ["<a>Someone</a>"]})
    figure = charts.over_time(table, axis="requests", breaks=breaks, marks=marks)
    texts = texts_shown(as_json(figure))
    assert "&lt;a&gt;one&lt;/a&gt;; two" in texts
    assert "&lt;a&gt;Someone&lt;/a&gt;, 2018-09-01" in texts
    assert [annotation.text for annotation in figure.layout.annotations] == [charts.break_mark(0)] == ["①"]


def test_more_breaks_than_there_are_circled_numbers_still_have_a_mark():
    assert [charts.break_mark(place) for place in (0, 19, 20, 99)] == ["①", "⑳", "•", "•"]


# Dress


def test_no_chart_offers_to_send_its_data_away_or_to_load_from_outside():
    assert charts.CONFIG["showSendToCloud"] is False
    assert charts.CONFIG["displayModeBar"] is False and charts.CONFIG["displaylogo"] is False
    assert "plotlyServerURL" not in charts.CONFIG and "showEditInChartStudio" not in charts.CONFIG
    assert not charts.CONFIG["topojsonURL"].startswith(("http", "//"))
    assert charts.MAP_OUTLINES.is_dir()


@pytest.mark.parametrize("chart", CHARTS)
def test_no_chart_names_an_address(table, chart):
    assert not [text for text in texts_shown(as_json(CHARTS[chart](table))) if "://" in text]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", charts.COLOURS)
def test_every_colour_holds_three_to_one_against_a_light_and_a_dark_page(colour):
    light, dark = 1.0, luminance("#0E1117")
    assert (light + 0.05) / (luminance(colour) + 0.05) >= 3
    assert (luminance(colour) + 0.05) / (dark + 0.05) >= 3


def test_series_differ_by_more_than_colour():
    pairs = list(zip(charts.COLOURS, charts.DASHES, strict=True))
    assert len(set(charts.COLOURS)) == len(charts.COLOURS) and len(set(pairs)) == len(pairs)
    assert all(charts.DASHES[place] != charts.DASHES[place + 1] for place in range(len(charts.DASHES) - 1))


def test_claims_stand_at_their_own_period_and_range(table):
    claims = pd.DataFrame(
        {"period_start": [pd.Timestamp("2016-01-01")], "period_end": [pd.Timestamp("2020-12-31")], "low": [2400], "high": [3500]}
    )
    (shape,) = charts.over_time(table, axis="orders", claims=claims).layout.shapes
    assert (shape.y0, shape.y1) == (2400, 3500)
    assert (pd.Timestamp(shape.x0), pd.Timestamp(shape.x1)) == (pd.Timestamp("2016-01-01"), pd.Timestamp("2021-01-01"))


# Map


def map_classes(rows: pd.DataFrame) -> dict[str, str]:
    """For each place on the map the class in which it is shown."""
    return {place: trace.name for trace in charts.world_map(rows, axis="requests").data for place in trace.locations}


def test_a_map_shows_each_place_in_a_class_that_holds_its_whole_band(catalog_of, names):
    rows = with_totals(
        catalog_of("""
        requester value
        USA       4321
        FRA       0
        DEU       9
        ITA       10-19
        ESP       5-14
        GBR       9000-12000
        NLD       500+
        NAM       1
        """)
    )
    assert map_classes(sentences.with_labels(rows, names)) == {
        "USA": "1,000 to under 10,000",
        "FRA": "0 to under 10",
        "DEU": "0 to under 10",
        "NAM": "0 to under 10",
        "ITA": "10 to under 100",
        "ESP": "a range across classes",
        "GBR": "a range across classes",
        "NLD": "a range across classes",
    }


@pytest.mark.parametrize(("background", "dark"), [("#ffffff", False), ("#0E1117", True), ("#13191f", True)])
def test_the_more_the_further_a_class_is_from_the_background(catalog_of, names, background, dark):
    rows = sentences.with_labels(with_totals(catalog_of("requester value\nUSA 123456\nFRA 0\nDEU 19\nITA 190\nGBR 1900\nNLD 19000")), names)
    figure = charts.world_map(rows, axis="requests", dark=dark)
    red, green, blue, opacity = (float(part) for part in figure.layout.geo.landcolor[5:-1].split(","))
    land = colours.blended(f"#{int(red):02x}{int(green):02x}{int(blue):02x}", background, opacity)
    classes = [trace.colorscale[0][1] for trace in figure.data]
    assert [trace.name.split()[0] for trace in figure.data] == ["0", "10", "100", "1,000", "10,000", "100,000"]
    contrasts = [colours.contrast(colour, background) for colour in (land, *classes)]
    assert contrasts == sorted(contrasts) and len(set(contrasts)) == len(contrasts)
    # A class that holds zero is not land without a number, in no reader's eyes.
    for deficiency in colours.DEFICIENCIES:
        seen = [colours.simulated(colour, deficiency) for colour in (land, *classes)]
        assert all(colours.distance(one, other) > colours.ALIKE for one, other in itertools.pairwise(seen))


def test_a_map_of_shares_has_a_class_for_all_and_for_none(catalog_of, names):
    rows = with_totals(
        catalog_of("""
        requester measure             value
        USA       nondisclosure_share 1-1
        FRA       nondisclosure_share 0-0
        DEU       nondisclosure_share 0.795-0.805
        ITA       nondisclosure_share 0.635-0.645
        """)
    )
    assert map_classes(sentences.with_labels(rows, names)) == {
        "USA": "80%–100%",
        "FRA": "0%–20%",
        "DEU": "a range across classes",
        "ITA": "60%–80%",
    }


def test_every_bundled_map_names_classes_that_hold_the_numbers(bundled_table, names):
    rows = analysis.select(bundled_table, reporters=["meta"], measure="requests", request_types=["all"], start=pd.Timestamp("2022-01-01"))
    rows = sentences.with_labels(rows[rows["period_end"] == pd.Timestamp("2022-06-30")], names)
    values = rows.set_index("requester")["low"]
    classes = map_classes(rows)
    assert len(classes) > 200
    for place, name in classes.items():
        low, high = (float(end.replace(",", "")) for end in name.split(" to under "))
        assert low <= values[place] < high


def test_places_without_a_shape_are_told_and_not_lost(catalog_of, names):
    rows = with_totals(catalog_of("requester value\nUSA 1\nXKX 2\nHKG 3\nWLD 9\nUNO 4"))
    missing = set(charts.unmapped(rows)["requester"])
    assert "UNO" in missing and "USA" not in missing and "WLD" not in missing


# Coverage


def test_coverage_draws_what_is_held_and_leaves_the_rest_blank():
    grid = pd.DataFrame([[0.0, math.nan], [2.0, 1.0]], index=["<b>Google</b>", "Meta"], columns=["2019 H1", "2019 H2"])
    figure = charts.coverage(grid, words={0: "as published", 1: "transcribed", 2: "quoted"})
    heat = figure.data[0]
    assert list(heat.y) == ["&lt;b&gt;Google&lt;/b&gt;", "Meta"] and list(heat.x) == ["2019 H1", "2019 H2"]
    assert heat.customdata[0][1] == "nothing held" and heat.customdata[1][0] == "quoted"
    assert [trace.name for trace in figure.data[1:]] == ["as published", "transcribed", "quoted"]
