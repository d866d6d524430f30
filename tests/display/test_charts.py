"""Charts: bands from end to end, no value between the ends, gaps as gaps, and texts that stay texts."""

import itertools
import json
import math

import pandas as pd
import pytest

from dashboard import catalog
from dashboard.analysis import with_totals
from dashboard.display import bars, charts, fonts, maps, sentences, timelines
from dashboard.display.languages import Language
from dashboard.display.series import series_colours
from dashboard.display.timelines import Look
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
def names() -> Language:
    return Language("en", catalog.bundled())


@pytest.fixture(scope="module")
def table(catalog_of_once, names) -> pd.DataFrame:
    rows = with_totals(catalog_of_once(BANDED))
    return sentences.with_labels(rows[rows["requester"] != places.WORLD], names)


def over_time(table, **more):
    return timelines.over_time(table, Look(series_colours(table)), **more)


CHARTS = {
    "over_time": over_time,
    "one with its name elsewhere": lambda table: over_time(table, names=dict.fromkeys(table["label"], "")),
    "lanes": lambda table: timelines.lanes(table, Look(series_colours(table))),
    "bars": lambda table: bars.bars(table.dropna(subset=["low"]), series_colours(table), scaled=False),
    "world_map": lambda table: maps.world_map(table),
}
OVER_TIME = ["over_time", "one with its name elsewhere", "lanes"]


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


@pytest.mark.parametrize("chart", OVER_TIME)
def test_only_ends_are_drawn_and_no_middle(table, chart):
    figure = CHARTS[chart](table)
    drawn = {value for trace in figure.data for value in trace.y if value is not None}
    # A band without an upper end reaches the end of the axis.
    assert not drawn & MIDDLES and drawn - ENDS <= {figure.layout.yaxis.range[1]}


@pytest.mark.parametrize("chart", OVER_TIME)
def test_a_scale_starts_at_zero(table, chart):
    assert CHARTS[chart](table).layout.yaxis.range[0] == 0


# Small and odd tables


@pytest.mark.parametrize("chart", CHARTS)
def test_a_single_row_and_an_endless_band_alone_are_drawn_without_a_fault(table, chart):
    for rows in (table.iloc[:1], table[table["high"] == math.inf], table[table["high"] == math.inf].assign(low=0.0)):
        values = [value for trace in CHARTS[chart](rows).data if trace.type == "scatter" for value in trace.y if value is not None]
        assert all(math.isfinite(value) for value in values)


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_leaves_its_table_as_it_was(table, chart):
    before = table.copy()
    CHARTS[chart](table)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("chart", OVER_TIME)
def test_the_order_of_rows_does_not_matter_for_one_series(table, chart):
    rows = table[table["requester"] == "USA"]
    assert as_json(CHARTS[chart](rows)) == as_json(CHARTS[chart](rows.iloc[::-1]))


# Texts


HOSTILE = ["<a href='javascript:x'>y</a>", "<b>bold</b>", "$x^2$", "<script>1</script>", "a & b", "<img src=x>"]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("chart", CHARTS)
def test_a_hostile_text_is_shown_and_not_obeyed(table, chart, hostile):
    rows = table.assign(label=hostile + " " + table["label"], printed=hostile, derivation=hostile)
    shown = texts_shown(as_json(CHARTS[chart](rows)))
    for text in shown:
        # Our own bold names and line breaks are markup; what came from outside is not.
        for tag in ("<b>", "</b>", "<br>"):
            text = text.replace(tag, "")
        assert "<" not in text and "$" not in text, text
    assert not any(hostile in text for text in shown)


@pytest.mark.parametrize("drawn", [over_time, lambda table, **more: timelines.lanes(table, Look(series_colours(table)), **more)])
def test_a_break_keeps_its_words_harmless_and_has_the_number_of_its_note_in_every_plot(table, drawn):
    breaks = pd.DataFrame(
        {"date": [pd.Timestamp("2018-07-01")], "label": ["<a>one</a>"]}
        | {column: ["*"] for column in ("reporter", "requester", "measure", "request_type")}
    )
    figure = drawn(table, breaks=timelines.breaks_on(breaks, table))
    plots = len([key for key in figure.to_dict()["layout"] if key.startswith("yaxis")])
    assert [note.hovertext for note in figure.layout.annotations if note.text == "①"] == ["&lt;a&gt;one&lt;/a&gt;"] * plots
    assert [timelines.break_sign(number) for number in (1, 10, 11)] == ["①", "⑩", ""]


LONG = "Office of the Director of National Intelligence · National security letter ≠"
NAMED = [(3, LONG), (4, "Kakao · South Korea ≈"), (8, "Meta · United States ≠"), (8, "Microsoft · United States ≈")]


def numbered(table: pd.DataFrame, count: int, name: str) -> pd.DataFrame:
    rows = table[table["requester"] == "FRA"]
    return pd.concat([rows.assign(label=f"{index} {name}", requester=f"{index}") for index in range(count)], ignore_index=True)


@pytest.mark.parametrize(("count", "name"), NAMED)
def test_names_at_the_ends_leave_a_telephone_its_plot_and_lose_no_letter(table, count, name):
    figure = over_time(numbered(table, count, name))
    assert figure.layout.margin.l + figure.layout.margin.r <= 326 - 100
    ends = [note.text.partition("</b>")[0] for note in figure.layout.annotations if note.xref == "paper"]
    assert {fonts.plain(end.replace("<b>", "").replace("<br>", " ")).replace(" · ", " ").replace("\xa0", " ") for end in ends} == {
        f"{index} {name}".replace(" · ", " ") for index in range(count)
    }


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize(("count", "name"), NAMED)
def test_the_name_above_a_plot_is_no_wider_than_a_telephone_leaves_it_and_names_stand_in_order(table, columns, count, name):
    rows = numbered(table, count, name)
    figure = timelines.lanes(rows.iloc[::-1], Look(series_colours(rows)), columns=columns)
    headings = [note.text.replace("<b>", "").replace("</b>", "") for note in figure.layout.annotations]
    room = timelines.ALONE if columns == 1 else timelines.BESIDE
    assert all(fonts.width(line, charts.LETTERS, bold=True) <= room for heading in headings for line in heading.split("<br>"))
    assert headings == sorted(headings)
    # Plots above each other have one axis of time, which makes one cursor of theirs.
    assert len({trace.xaxis for trace in figure.data}) == columns


@pytest.mark.parametrize(("name", "lines"), [("Automattic (WordPress.com)", 2), ("Google · National security letter", 2), ("Kakao", 1)])
def test_the_name_beside_a_bar_is_whole_and_leaves_a_telephone_half_its_width(table, name, lines):
    rows = numbered(table, 2, name).drop_duplicates("label")
    figure = bars.bars(rows, series_colours(rows), scaled=False)
    shown = figure.layout.yaxis.ticktext[0]
    assert shown.count("<br>") == lines - 1
    assert shown.replace("<br>", " ") == f"0 {name}".replace(" · ", " ")
    assert figure.layout.margin.l <= 326 / 2 + 20


def test_in_a_short_time_every_number_is_written_and_none_covers_another(names, catalog_of_once):
    rows = with_totals(catalog_of_once("requester period value\nUSA 2018_H1 70\nUSA 2018_H2 10-19\nFRA 2018_H1 69-71\nFRA 2018_H2 9\n"))
    table = sentences.with_labels(rows[rows["requester"] != places.WORLD], names)
    figure = over_time(table)
    notes = figure.layout.annotations
    assert all(any(text in note.text for note in notes) for text in ("70", "10–19", "69–71", "9"))
    heights = sorted(note.y * (figure.layout.height - 46) for note in notes if note.xref == "x")
    assert len(heights) == 2
    assert heights[1] - heights[0] >= 2 * timelines.HALF


def test_the_last_value_at_the_end_of_a_series_is_that_of_the_period_that_ends_last(names, catalog_of_once):
    shown = "value period document\n1950 2014-10-01/2016-05-31 one\n1717 2014-10-01/2016-03-31 two"
    figure = over_time(sentences.with_labels(with_totals(catalog_of_once(shown)), names))
    assert [note.text.rpartition(">")[2].strip() for note in figure.layout.annotations if note.xref == "paper"] == ["1,950"]


@pytest.mark.parametrize("chart", OVER_TIME)
def test_no_two_ticks_of_the_time_have_one_name(table, chart):
    below_a_year, years = CHARTS[chart](table).layout.xaxis.tickformatstops
    assert (below_a_year.dtickrange[1], below_a_year.value) == ("M11", "%b %Y")
    assert (years.dtickrange[0], years.value) == ("M12", "%Y")


def test_the_number_of_a_break_covers_no_line_and_no_edge_of_a_range(names, catalog_of_once):
    rows = with_totals(catalog_of_once("requester period value\nUSA 2018_H1 40\nUSA 2018_H2 40-50\nUSA 2019_H1 40-50\n"))
    labelled = sentences.with_labels(rows[rows["requester"] == "USA"], names)
    for top in range(10, 110, 8):
        table = labelled.assign(high=labelled["high"].where(labelled["high"] == 40, 40 + top))
        for day in ("2018-07-01", "2018-10-01"):
            breaks = pd.DataFrame(
                {"date": [pd.Timestamp(day)], "label": ["one"]}
                | {column: ["*"] for column in ("reporter", "requester", "measure", "request_type")}
            )
            figure = over_time(table, breaks=timelines.breaks_on(breaks, table))
            sign = next(note for note in figure.layout.annotations if note.text == "①")
            plot = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
            edges = [plot * value / figure.layout.yaxis.range[1] for value in (40, 40 + top)]
            at = sign.y * plot
            assert all(abs(at - edge) >= timelines.HALF for edge in edges), (top, day)
            assert day != "2018-07-01" or not edges[0] < at < edges[1], "on the side of the range"


@pytest.mark.parametrize("columns", [0, 1, 2])
@pytest.mark.parametrize("months", [6, 12, 18])
def test_on_a_telephone_no_number_of_a_break_covers_another(names, catalog_of_once, columns, months):
    shown = "\n".join(f"USA {year}_{half} {value}" for year in range(2010, 2026) for half, value in (("H1", 40 + year % 7), ("H2", 90)))
    rows = with_totals(catalog_of_once(f"requester period value\n{shown}\n"))
    table = pd.concat(
        [rows[rows["requester"] == "USA"].assign(label=label, requester=label) for label in ("one", "two")], ignore_index=True
    )
    days = pd.date_range("2014-01-01", periods=4, freq=f"{months}MS")
    breaks = pd.DataFrame(
        {"date": days, "label": list("abcd")} | {column: ["*"] * 4 for column in ("reporter", "requester", "measure", "request_type")}
    )
    look, signs = Look(series_colours(table)), timelines.breaks_on(breaks, table)
    figure = timelines.lanes(table, look, breaks=signs, columns=columns) if columns else over_time(table, breaks=signs)
    layout = figure.to_dict()["layout"]
    inside = 326 - layout["margin"]["l"] - layout["margin"]["r"]
    numbers = [note for note in layout["annotations"] if note["text"] in "①②③④"]
    assert len(numbers) == 4 * max(1, len({note["yref"] for note in numbers}))
    for one, other in itertools.combinations(numbers, 2):
        if one["yref"] == other["yref"]:
            across, up = (layout[f"{axis[0]}axis{axis[1:].partition(' ')[0]}"] for axis in (one["xref"], one["yref"]))
            low, high = (pd.Timestamp(day) for day in across["range"])
            wide, tall = (end - start for start, end in (axis.get("domain", (0, 1)) for axis in (across, up)))
            apart = abs((pd.Timestamp(one["x"]) - pd.Timestamp(other["x"])) / (high - low)) * inside * wide
            above = abs(one["y"] - other["y"]) * (layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]) * tall
            assert apart >= 12 or above >= 15, (one["text"], other["text"])


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


def test_claims_stand_at_their_own_period_and_range(table):
    claims = pd.DataFrame(
        {"period_start": [pd.Timestamp("2016-01-01")], "period_end": [pd.Timestamp("2020-12-31")], "low": [2400], "high": [3500]}
    )
    figure = over_time(table, claims=claims)
    (shape,) = figure.layout.shapes
    assert (shape.y0, shape.y1) == (2400, 3500) and figure.layout.yaxis.range[1] > 3500
    assert (pd.Timestamp(shape.x0), pd.Timestamp(shape.x1)) == (pd.Timestamp("2016-01-01"), pd.Timestamp("2021-01-01"))


def test_places_without_a_shape_are_named_and_not_lost(catalog_of, names):
    rows = with_totals(catalog_of("requester value\nUSA 1\nXKX 2\nHKG 3\nWLD 9\nUNO 4"))
    missing = set(maps.unmapped(rows)["requester"])
    assert "UNO" in missing and "USA" not in missing and "WLD" not in missing


# Coverage


def test_coverage_draws_what_is_held_and_leaves_the_rest_blank():
    grid = pd.DataFrame([[0.0, math.nan], [2.0, 1.0]], index=["<b>Google</b>", "Meta"], columns=["2019 H1", "2019 H2"])
    figure = charts.coverage(grid, words={0: "as published", 1: "transcribed", 2: "quoted"})
    heat = figure.data[0]
    assert list(heat.y) == ["&lt;b&gt;Google&lt;/b&gt;", "Meta"] and list(heat.x) == ["2019 H1", "2019 H2"]
    assert heat.customdata[0][1] == "nothing held" and heat.customdata[1][0] == "quoted"
    assert [trace.name for trace in figure.data[1:]] == ["as published", "transcribed", "quoted"]


def test_what_earlier_editions_printed_is_drawn_dotted_and_said_by_the_cursor(table):
    first = table[table["low"] == 100].assign(low=250.0, high=260.0)
    plain, with_earlier = over_time(table), over_time(table, earlier=first)
    dotted = [trace for trace in with_earlier.data if trace.line.dash == "dot"]
    assert [{y for y in trace.y if y is not None} for trace in dotted] == [{250.0, 260.0}]
    assert not [trace for trace in plain.data if trace.line.dash == "dot"]
    assert with_earlier.layout.yaxis.range[1] > 260 > plain.layout.yaxis.range[1]
    spoken = [text for trace in with_earlier.data for text in trace.hovertext or () if "before: 250–260" in text]
    assert len(spoken) == 1 and spoken[0].startswith("100")
