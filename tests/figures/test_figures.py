"""Figures: sizes, texts written from the data, and a layout in which nothing is cut, too small or over something else."""

import io
import itertools
import json
import math
import re
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlencode

import pandas as pd
import plotly.io
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import analysis, catalog, figures, statements
from dashboard.analysis import definitions
from dashboard.analysis.views import View
from dashboard.answers import answer
from dashboard.display import changes, colours, comparisons, downloads, fonts, languages, maps, sentences
from dashboard.display.languages import Language
from dashboard.display.series import earlier_numbers
from dashboard.display.timelines import MUTED
from dashboard.figures import Figure, Size, Unfit
from dashboard.figures.request import Annotation
from dashboard.figures.texts import two_periods
from dashboard.web import embeds

VIEWS = {
    "three companies": View(),
    "bands": View(reporter=("google", "meta"), type=("nsl",)),
    "shares": View(scale="share", requester=("USA", "GBR")),
    "too many for labels": View(reporter=("google", "meta", "microsoft", "apple", "twitter", "snap"), requester=("USA", "DEU")),
    "ranking": View(shape="ranking", of="google"),
    "panels": View(shape="multiples", requester=("USA", "DEU", "FRA")),
    "map": View(shape="map", of="google"),
    "two periods": View(shape="change", reporter=("google", "meta"), period="2023 H1", against="2020 H1"),
    "map of two periods": View(shape="map", of="google", period="2023 H1", against="2020 H1"),
    "one short series": View(reporter=("google",), start="2024", end="2024"),
}
TESTIMONY = View(measure="nondisclosure_orders", reporter=("microsoft",), authority=("federal", "any"), scale="year")


@pytest.fixture
def draw(bundle, table):
    return lambda view=VIEWS["three companies"], **more: figures.draw(Figure(view, **more), bundle, table=table)


@pytest.mark.parametrize(
    ("text", "pixels", "millimetres"),
    [
        ("article", (1200, 675), (317.5, 178.59375)),
        ("85mm", (1004, 1122), (85, 95)),
        ("170mm", (2008, 1358), (170, 115)),
        ("square", (1080, 1080), (285.75, 285.75)),
        ("portrait", (1080, 1350), (285.75, 357.1875)),
        ("social", (1200, 630), (317.5, 166.6875)),
        ("1200x675", (1200, 675), (317.5, 178.59375)),
        ("640×480 px", (640, 480), (169.33, 127)),
        ("120x80mm@600", (2835, 1890), (120, 80)),
        ("85mm@150dpi", (502, 561), (85, 95)),
        ("1001x701@72", (1001, 701), (353.13, 247.3)),
    ],
)
def test_a_size_is_so_many_pixels_and_millimetres(text, pixels, millimetres):
    size = Size.parse(text)
    assert size.pixels == pixels
    assert size.millimetres == pytest.approx(millimetres, abs=0.01)
    assert Size.parse(str(size)).pixels == pixels


@pytest.mark.parametrize(
    "text",
    [
        "0x0",
        "0x100",
        "100000x100000",
        "100000x400",
        "10x10",
        "9mm",
        "85mm@99999",
        "85mm@0",
        "1e9",
        "-5x-5",
        "axb",
        "",
        "12",
        "400.5x300",
        "9" * 400 + "x9",
    ],
)
def test_a_size_that_cannot_be_is_one_clear_sentence(text):
    with pytest.raises(Unfit) as told:
        Size.parse(text)
    assert str(told.value).endswith(".") and len(str(told.value)) < 300


@pytest.mark.parametrize("lang", languages.LANGUAGES)
@pytest.mark.parametrize("size", ["article", "85mm"])
def test_a_comparison_tells_each_change_and_draws_both_numbers_where_they_are(draw, bundle, lang, size):
    drawing = draw(VIEWS["two periods"], lang=lang, size=size)
    language = Language(lang, bundle)
    moved = changes.between(drawing.rows, False, language)
    letters = re.sub(r"\s|<br>", "", "".join(annotation.text for annotation in drawing.plotly.layout.annotations))
    for words in [*moved["words"], two_periods(drawing.rows, language)]:
        assert re.sub(r"\s", "", fonts.plain(words)) in letters
    dots = [(trace.x[0], trace.text) for trace in drawing.plotly.data if trace.mode == "markers"]
    drawn = {value for value, _ in dots} | {end for trace in drawing.plotly.data if trace.fill for end in trace.x}
    ends = set(moved[["first_low", "first_high", "last_low", "last_high"]].to_numpy().ravel())
    assert {end for end in ends if end != float("inf")} <= drawn


def test_a_comparison_has_room_for_many_series_and_names_in_a_line_who_prints_no_total(draw):
    view = View(shape="change", reporter=("google", "meta", "microsoft", "apple"), requester=("USA", "DEU", "GBR", "FRA"))
    drawing = draw(view)
    assert set(drawing.rows["reporter"]) == {"google", "meta", "microsoft"} and drawing.rows["label"].nunique() == 12
    letters = " ".join(annotation.text for annotation in drawing.plotly.layout.annotations)
    assert "Not drawn, as no total is published: Apple." in letters.replace("<br>", " ")
    shades = {annotation.text.split(" · ")[0]: annotation.font.color for annotation in drawing.plotly.layout.annotations}
    for reporter, name in (("google", "Google"), ("meta", "Meta (Facebook)"), ("microsoft", "Microsoft")):
        assert shades[name] == colours.readable(colours.REPORTERS[reporter], figures.THEMES["light"].background)
    # A series that is asked for by its name is drawn, whether it is a total or not.
    assert set(draw(view, series=("apple/USA/device", "google/USA")).rows["reporter"]) == {"apple", "google"}


@pytest.mark.parametrize("shape", ["time", "multiples"])
def test_what_other_editions_print_is_dotted_and_said(draw, shape):
    view = View(reporter=("verizon", "microsoft"), shape=shape)
    drawing = draw(view)
    dotted = [trace for trace in drawing.plotly.data if trace.line and trace.line.dash == "dot"]
    (trace,) = dotted
    earlier = earlier_numbers(view, drawing.rows, catalog.bundled())
    assert set(earlier["high"]) <= {at for at in trace.y if at is not None} and set(earlier["label"]) == {"Verizon"} == {trace.name}
    assert "Dotted: what other editions printed." in " ".join(annotation.text for annotation in drawing.plotly.layout.annotations)
    assert not any(trace.line and trace.line.dash == "dot" for trace in draw(replace(view, scale="day")).plotly.data)


def test_a_map_of_two_periods_has_a_place_once_in_the_colour_of_its_movement(draw):
    drawing = draw(VIEWS["map of two periods"])
    moved = changes.between(drawing.rows, False).set_index("requester")["movement"]
    drawn = {code: trace.name for trace in drawing.plotly.data for code in trace.locations}
    assert sum(len(trace.locations) for trace in drawing.plotly.data) == len(drawn)
    assert {drawn[code] for code in moved.index[moved == "rose"] if code in drawn} == {"rose"}


def test_a_comparison_without_a_series_in_both_periods_is_one_clear_sentence(draw):
    with pytest.raises(Unfit, match="No series here has a number in both periods"):
        draw(replace(VIEWS["two periods"], against="1990 H1"))


@pytest.mark.parametrize("size", figures.SIZES)
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_nothing_is_cut_too_small_or_over_something_else(draw, view, size):
    drawing = draw(view, size=size)
    layout = drawing.plotly.layout
    smallest = drawing.size.type * 7 / 8
    boxes = [_box(annotation, layout) for annotation in layout.annotations]
    for (left, top, right, bottom), annotation in zip(boxes, layout.annotations, strict=True):
        assert annotation.font.size >= smallest - 0.01, annotation.text
        assert left >= -0.5 and right <= layout.width + 1.5 and top >= -0.5 and bottom <= layout.height + 0.5, annotation.text
    for (one, first), (other, second) in itertools.combinations(zip(boxes, layout.annotations, strict=True), 2):
        assert not _overlap(one, other), (first.text, second.text)


@pytest.mark.parametrize("size", ["85mm", "170mm", "article", "120x60mm@600"])
def test_the_smallest_letters_in_print_have_seven_points(draw, size):
    drawing = draw(size=size)
    if drawing.size.unit == "mm":
        assert min(one.font.size for one in drawing.plotly.layout.annotations) / 96 * 72 >= figures.SMALLEST_TYPE_POINTS - 0.01


@pytest.mark.parametrize("theme", figures.THEMES)
def test_all_text_can_be_read_on_its_background(draw, theme):
    drawing = draw(VIEWS["too many for labels"], theme=theme)
    background = figures.THEMES[theme].background
    inks = {one.font.color for one in drawing.plotly.layout.annotations} | {drawing.plotly.layout.xaxis.tickfont.color}
    assert all(colours.contrast(ink, background) >= colours.ENOUGH_FOR_TEXT for ink in inks)
    assert (drawing.plotly.layout.paper_bgcolor == "rgba(0,0,0,0)") == theme.startswith("transparent")


def test_series_are_named_at_their_ends_or_in_a_legend_with_colours_of_their_own(draw):
    labelled, listed = draw(values="none"), draw(VIEWS["too many for labels"], size="640x300")
    names = {re.sub("<br>", " ", one.text) for one in labelled.plotly.layout.annotations if one.font.weight == fonts.BOLD}
    # Behind each name the sign of how far it counts the same as the first, whose words stand below.
    assert {"Google", "Meta (Facebook) ≠", "Microsoft ≈"} <= names
    assert "Compared with Google: ≈ close; ≠ not comparable." in " ".join(one.text for one in labelled.plotly.layout.annotations)
    assert not {"Google · United States"} & {one.text for one in listed.plotly.layout.annotations if one.font.weight == fonts.BOLD}
    lines = {trace.name: trace.line.color for trace in listed.plotly.data if trace.mode == "lines"}
    assert len(set(lines.values())) == len(lines) > 2


def test_what_a_page_has_set_as_its_look_does_not_reach_a_figure(draw):
    before = plotly.io.templates.default
    plotly.io.templates.default = "ggplot2"
    try:
        dressed = draw().plotly.to_plotly_json()["layout"]
    finally:
        plotly.io.templates.default = before
    assert "layout" not in dressed["template"] and dressed["template"]["data"] == {"scatter": [{"type": "scatter"}]}


def test_how_to_read_bands_stands_below_where_there_are_bands(draw):
    assert "drawn from the lower to the upper end" in _words(draw(VIEWS["bands"]))
    assert "ranges" not in _words(draw(View(reporter=("google",))))


@pytest.mark.parametrize(("lang", "words"), [("en", "logarithmic axis"), ("de", "logarithmische Achse"), ("zh", "对数坐标轴")])
def test_an_axis_that_grows_by_factors_is_said(draw, lang: str, words: str):
    assert draw(View(axis="log"), lang=lang).figure.subtitle.endswith(words)
    assert words not in draw(lang=lang).figure.subtitle
    assert words not in draw(View(axis="log", shape="ranking", of="google"), lang=lang).figure.subtitle


def test_every_mark_of_a_break_is_explained(draw):
    drawing = draw()
    marks = {one.text for one in drawing.plotly.layout.annotations if re.fullmatch(r"\d{1,2}", one.text)}
    assert marks and marks == set(re.findall(r"\[(\d+)\]", _words(drawing)))


def test_no_middle_of_a_band_is_in_the_figure(draw):
    drawing = draw(VIEWS["bands"])
    banded = drawing.rows[drawing.rows["low"] < drawing.rows["high"]]
    middles = set((banded["low"] + banded["high"]) / 2)
    values = {value for trace in drawing.plotly.to_plotly_json()["data"] for value in trace["y"] if isinstance(value, float | int)}
    assert middles and not middles & values


@pytest.mark.parametrize("shape", ["time", "multiples"])
def test_counts_start_at_zero(draw, shape):
    drawing = draw(View(shape=shape))
    assert drawing.plotly.layout.yaxis.range[0] == 0
    assert drawing.plotly.layout.yaxis.range[1] >= drawing.rows["low"].max()


def test_a_statement_is_marked_and_its_range_boxed_on_its_own_scale(draw):
    said = statements.bundled()
    name = said.claims[(said.claims["unit"] == "nondisclosure orders") & (said.claims["per"] == "year") & (said.claims["low"] == 2400)][
        "statement"
    ].iloc[0]
    yearly, published = draw(TESTIMONY, statement=(name,)), draw(View(), statement=(name,))
    assert [shape for shape in yearly.plotly.layout.shapes if shape.type == "rect" and shape.line.dash == "dash"]
    assert "[A]" in _words(yearly) and yearly.statements == (name,)
    assert not [shape for shape in published.plotly.layout.shapes if shape.type == "rect" and shape.line.dash == "dash"]


def test_an_unknown_statement_is_a_sentence(draw):
    with pytest.raises(Unfit, match="There is no statement “nobody-said”"):
        draw(statement=("nobody-said",))


@pytest.mark.parametrize(
    ("view", "says"),
    [
        (View(reporter=("nobody",)), "There is no reporter “nobody” in the data."),
        (View(requester=("ZZZ",)), "There is no requester “ZZZ”."),
        (View(measure="hits"), "There is no measure “hits” in the data."),
        (View(start="20x6"), "“20x6” names no period"),
        (View(reporter=()), "Nothing is published for this choice"),
        (View(reporter=("google",), start="1990", end="1991"), "Nothing is published for this choice"),
    ],
)
def test_a_view_of_nothing_is_a_sentence(draw, view, says):
    with pytest.raises(Unfit, match=re.escape(says)):
        draw(view)


HOSTILE = (
    '<b>bold</b><script>alert(1)</script><a href="http://x.example">x</a>',
    "$x^2$ $y$ & &lt;",
    "\u202eהפוך\u202c שלום טלבات",
    "word " * 2000,
    "unbroken" * 500,
    "\x00\x07\ud800",
    "]]> </metadata> </script> <!-- -->",
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("size", ["article", "85mm"])
def test_a_hostile_text_is_shown_as_it_is_or_cut(draw, text, size):
    drawing = draw(title=text, subtitle=text, note=text, source=text, byline=text, size=size)
    layout = drawing.plotly.layout
    for annotation in layout.annotations:
        assert not re.search(r"<(?!br>)", annotation.text)
        left, top, right, bottom = _box(annotation, layout)
        assert left >= -0.5 and right <= layout.width + 1.5 and top >= -0.5 and bottom <= layout.height + 0.5
    # The data keep a fifth of the sheet at the least.
    assert layout.height - layout.margin.t - layout.margin.b > 0.15 * layout.height
    json.loads(drawing.plotly.to_json())


def test_texts_can_be_left_out(draw):
    assert not _words(draw(View(reporter=("google",), requester=("DEU",), start="2015"), title="", subtitle="", source="")).startswith(
        "Source"
    )


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("en", ("Requests, United States", "20,000", "Source: Google, Meta (Facebook) and Microsoft")),
        ("de", ("Anfragen, Vereinigte Staaten", "20.000", "Quelle: Google, Meta (Facebook) und Microsoft")),
        ("fr", ("Demandes, États-Unis", "20\u202f000", "Source : Google, Meta (Facebook) et Microsoft")),
        ("es", ("Solicitudes, Estados Unidos", "20.000", "Fuente: Google, Meta (Facebook) y Microsoft")),
        ("zh", ("请求，美国", "20,000", "来源：Google、Meta (Facebook)和Microsoft")),
    ],
)
def test_a_figure_speaks_its_language(draw, code, says):
    drawing = draw(lang=code)
    title, tick, source = says
    assert drawing.figure.title == title
    assert tick in drawing.plotly.layout.yaxis.ticktext
    assert drawing.figure.source.startswith(source)


@pytest.mark.parametrize(
    ("code", "low", "high", "measure", "scaled", "shown"),
    [
        ("de", 1234, 5678, "requests", False, "1.234–5.678"),
        ("fr", 44943, 44943, "requests", False, "44\u202f943"),
        ("es", 1234, 12345, "requests", False, "1234–12.345"),
        ("de", 0.635, 0.645, "share_some_data", False, "64\u00a0%"),
        ("en", 0.635, 0.645, "share_some_data", False, "64 %"),
        ("zh", 501, float("inf"), "requests", False, "501或以上"),
        ("de", 12.34, 13.21, "requests", True, "12,3–13,3"),
        ("fr", float("nan"), float("nan"), "requests", False, "non publié"),
    ],
)
def test_a_range_is_written_as_the_language_writes_it(bundle, code, low, high, measure, scaled, shown):
    assert languages.Language(code, bundle).value(low, high, measure, scaled) == shown


def test_every_word_of_the_vocabulary_is_there_in_every_language(bundle):
    there = languages.translations()
    for kind, codes in (
        ("measure", bundle.measures["measure"]),
        ("unit", bundle.measures["unit"].unique()),
        ("request_type", bundle.request_types["request_type"]),
    ):
        for code in codes:
            assert set(languages.LANGUAGES) - {"en"} <= set(there[kind][code]), (kind, code)
    for kind in ("words", "form", "authority", "made"):
        for key, entry in there[kind].items():
            assert set(entry) == set(languages.LANGUAGES), key
            assert len({frozenset(re.findall(r"{(\w+)}", text)) for text in entry.values()}) == 1, key
    for code in set(languages.LANGUAGES) - {"en"}:
        language = languages.Language(code, bundle)
        lacking = {label for label in bundle.breaks["label"] if language.break_label(label) == label}
        assert not lacking, (code, lacking)


@pytest.mark.parametrize("code", languages.LANGUAGES)
@pytest.mark.parametrize("view", [View(scale="share"), View(scale="calendar"), View(scale="year")], ids=["share", "sum", "rate"])
def test_what_is_printed_nowhere_is_told_on_figures_and_embeds_in_their_language(draw, bundle, table, view, code):
    language = languages.Language(code, bundle)
    drawing = draw(view, lang=code, size="170mm")
    sentence = sentences.computed(drawing.rows, language, brief=True)
    page = embeds.page(embeds.embed(view, bundle, table, code), "", day=date(2026, 7, 1))
    assert sentence and sentence.replace(" ", "") in _words(drawing).replace(" ", "")
    assert sentence in page
    in_full = sentences.computed(drawing.rows, language)
    assert not in_full or in_full in [note.words for note in drawing.notes]
    derivations = set(drawing.rows["derivation"]) - {""}
    assert derivations and not any(f"<td>{words}<td>" in page for words in derivations)


@pytest.mark.parametrize("code", languages.LANGUAGES)
def test_the_notes_on_a_figure_are_short_and_those_in_full_tell_the_rest_with_english_as_a_quote(draw, bundle, code):
    drawing = draw(VIEWS["three companies"], lang=code, size="170mm")
    language = languages.Language(code, bundle)
    letters, notes = _words(drawing), " ".join(note.text(language) for note in drawing.notes)
    page = " ".join(note.html(language) for note in drawing.notes)
    breaks = sentences.breaks_of(drawing.rows, bundle)
    assert len(breaks)
    for row in breaks.itertuples():
        assert language.break_label(row.label) in notes and row.change in notes and row.effect in notes
        assert row.change not in letters and (code == "en" or row.label not in letters)
        assert code == "en" or f'<span lang="en">{row.change} {row.effect}</span>' in page
    assert comparisons.comparability(drawing.rows, bundle, language) in notes


def test_how_far_reporters_count_alike_stands_at_the_legend_in_the_table_in_its_file_and_on_the_figure(draw, bundle, table):
    shown = answer(View(), bundle, table, statements.bundled(), Language("en", bundle))
    (first, _), *others = shown.likeness.items()
    assert {one.likeness for _, one in others} - {definitions.Likeness.SAME}
    file = pd.read_csv(io.BytesIO(downloads.csv(downloads.rows_for_download(shown.rows, bundle))), keep_default_na=False)
    on_figure = _words(draw(View()))
    labels = shown.shown.drop_duplicates("label").set_index("label")["reporter"]
    for reporter, comparison in others:
        names = [shown.names[label] for label in labels.index[labels == reporter]]
        assert names and all(name.endswith(comparisons.SIGNS[comparison.likeness]) and name in on_figure for name in names)
        for rows in (shown.rows, file):
            words = rows.loc[rows["reporter"] == reporter, "comparability"]
            assert len(words) and words.str.startswith(comparison.likeness.replace("_", " ")).all()
    assert file.loc[file["reporter"] == first, "comparability"].eq("").all()


def test_no_digit_is_typed_into_a_sentence():
    words = languages.translations()["words"]
    typed = {key for key, entry in words.items() if any(re.search(r"\d", text) for text in entry.values())}
    # Half-years have digits in their names.
    assert typed <= {"first_half", "second_half"}


@pytest.mark.parametrize("code", languages.LANGUAGES)
def test_the_description_tells_what_who_when_and_the_movement(draw, code):
    drawing = draw(lang=code)
    for part in (drawing.figure.title, "Google", "Microsoft", languages.translations()["words"]["rose"][code]):
        assert part in drawing.alt


@pytest.mark.parametrize("shape", ["ranking", "time"])
def test_the_description_says_how_many_of_how_many_are_drawn(draw, bundle, table, shape):
    view = VIEWS["ranking"] if shape == "ranking" else replace(VIEWS["too many for labels"], requester=("USA", "DEU", "FRA", "GBR"))
    language = languages.Language("en", bundle)
    totals, _ = figures.totalled(view, figures.rows_of(view, bundle, language, table), language)
    there = totals.dropna(subset=["low"])["label"].nunique()
    drawing = draw(view, size="article")
    shown = drawing.rows.dropna(subset=["low"])["label"].nunique()
    assert shown < there
    assert f"{shown} of {there} are shown." in drawing.alt
    if shape == "ranking":
        assert len(drawing.plotly.data[0].y) == shown
        assert f"of {there} with a number" in drawing.alt
    assert "are shown" not in draw(VIEWS["three companies"]).alt


def test_a_ranking_that_was_made_to_show_a_smaller_one_is_not_called_the_largest(draw):
    notes = [_words(draw(replace(VIEWS["ranking"], requester=asked), size="article")) for asked in ((), ("MLT", "USA"))]
    assert "largest of" in notes[0] and "are shown" not in notes[0]
    assert "largest of" not in notes[1] and "are shown" in notes[1]


def test_a_figure_for_later_is_not_dated_today(bundle):
    view = View(reporter=("microsoft",), known="2017-04-20")
    drawing = figures.draw(Figure(view), bundle, table=analysis.with_totals(bundle, view.known_on))
    assert "20 April 2017" in drawing.figure.source
    assert drawing.rows["period_end"].max().date() < date(2017, 4, 20)


def test_the_author_is_told_of_letters_and_limits(draw):
    told = " ".join(draw(VIEWS["too many for labels"], title="שלום", theme="transparent-dark").remarks)
    for part in (
        "lack these letters: ש ל ו ם",
        "series, and so do its data; Explore has all",
        "chosen for a dark page",
    ):
        assert part in told
    told = " ".join(draw(VIEWS["three companies"], annotation=("2016-03-01, 1200, שלום",)).remarks)
    assert "lack these letters: ש ל ו ם" in told, "wherever they stand"


texts = st.one_of(st.none(), st.text(alphabet=st.characters(codec="utf-8"), max_size=40))


@given(
    title=texts,
    note=texts,
    alt=texts,
    size=st.sampled_from(["article", "85mm", "170mm@600", "640x480px", "120x80mm"]),
    theme=st.sampled_from(list(figures.THEMES)),
    lang=st.sampled_from(list(languages.LANGUAGES)),
    view=st.sampled_from(list(VIEWS.values())),
)
def test_an_address_reopens_the_same_figure(title, note, alt, size, theme, lang, view):
    asked = Figure(view, title=title, note=note, alt=alt, size=size, theme=theme, lang=lang, statement=("a", "b"))
    pairs: dict[str, list[str]] = {}
    for name, value in asked.query():
        pairs.setdefault(name, []).append(value)
    assert Figure.read(pairs)[0] == asked


def test_an_address_with_nonsense_gives_the_default():
    assert Figure.read({"size": ["0x0"], "theme": ["pink"], "lang": ["xx"]})[0] == Figure()


def test_colours_are_those_of_the_charts(draw):
    drawn = {trace.line.color for trace in draw().plotly.data if trace.mode == "lines"}
    assert drawn == set({colours.REPORTERS[code] for code in View().reporter})


@pytest.mark.parametrize("theme", figures.THEMES)
def test_on_a_map_more_stands_out_more(draw, theme):
    plotly = draw(VIEWS["map"], theme=theme).plotly
    background = figures.THEMES[theme].background
    classes = [trace.colorscale[0][1] for trace in plotly.data if trace.name not in ("a range across classes", "no requests")]
    contrasts = [colours.contrast(colour, background) for colour in classes]
    assert plotly.data[0].name == "not published"
    assert len(classes) > 4 and contrasts == sorted(contrasts)


@pytest.mark.parametrize("lang", ["en", "de", "fr", "es", "zh"])
@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [(0, 10, {"en": "under 10"}), (10, 30, {"en": "10 to under 30", "de": "10 bis unter 30"}), (1000, math.inf, {"en": "1,000 or more", "de": "1.000 oder mehr"})],
)  # fmt: skip
def test_a_class_of_a_map_is_named_from_its_ends(draw, bundle, lang, low, high, shown):
    name = maps.MapClass("class", "#000", [], pd.DataFrame(), low, high).name(Language(lang, bundle), is_share=False)
    assert name == shown.get(lang, name) and re.search(r"\d", name)


def test_series_are_drawn_in_the_order_and_choice_of_the_author(draw):
    drawing = draw(figures.Figure(View()).view, series=("microsoft/USA", "google/USA", "nobody/USA"))
    assert list(dict.fromkeys(drawing.rows["label"])) == ["Microsoft", "Google"]
    assert draw(series=("nobody/USA",)).rows["label"].nunique() == draw().rows["label"].nunique()


def test_series_that_stand_back_have_one_quiet_colour_and_a_reporter_keeps_its_own(draw):
    def inks(**more):
        plotly = draw(View(**more)).plotly
        return {trace.name: trace.line.color for trace in plotly.data if trace.mode == "lines" and not trace.fill}

    alone, beside = inks(reporter=("google",)), inks(focus=("google/USA",))
    assert set(alone.values()) == {beside["Google"]} == {colours.REPORTERS["google"]}
    assert {beside["Microsoft"], beside["Meta (Facebook)"]} == {MUTED}
    assert inks(muted=("google/USA",))["Google"] == MUTED


def test_the_last_value_stands_at_the_end_of_a_series_when_it_is_asked_for(draw, bundle):
    drawing = draw()
    last = drawing.rows[drawing.rows["label"] == "Google"].dropna(subset=["low"]).sort_values("period_end").iloc[-1]
    value = Language("en", bundle).value(last["low"], last["high"], "requests")
    assert value in _words(drawing) and value not in _words(draw(values="none"))


def test_a_last_value_of_an_earlier_period_stands_with_that_period(draw):
    meta = draw(View(reporter=("google", "meta"))).rows.query("reporter == 'meta' and low == low")["period_end"].max()
    assert f"({meta.year} H{1 + meta.month // 7})" in _words(draw(View(reporter=("google", "meta"))))


def test_in_a_short_time_every_value_stands_at_its_period_and_covers_nothing(draw, bundle):
    drawing = draw(View(reporter=("google", "meta"), start="2022", end="2022"), size="85mm")
    words, language = _words(drawing), Language("en", bundle)
    assert len(drawing.rows) == 4 and all(language.value(row.low, row.high, row.measure) in words for row in drawing.rows.itertuples())
    boxes = [_box(annotation, drawing.plotly.layout) for annotation in drawing.plotly.layout.annotations]
    assert not any(_overlap(one, other) for one, other in itertools.combinations(boxes, 2))
    assert not drawing.plotly.layout.yaxis.showgrid, "the grid strikes values through"
    assert draw(View()).plotly.layout.yaxis.showgrid


@pytest.mark.parametrize(
    ("view", "lang", "words"),
    [
        (View(), "en", "per half-year"),
        (View(), "de", "pro Halbjahr"),
        (View(scale="people"), "en", "per 100,000 inhabitants, per half-year"),
        (View(scale="day"), "en", "per day"),
        (View(measure="nondisclosure_orders", reporter=("microsoft",)), "en", "with periods of different length"),
        (View(reporter=("kakao",), requester=("KOR",)), "fr", "par semestre"),
    ],
)
def test_a_figure_over_time_says_for_how_long_its_numbers_count(draw, view, lang, words):
    assert draw(view, lang=lang).figure.subtitle.endswith(words)


@pytest.mark.parametrize("view", [View(measure="share_some_data"), View(scale="index"), View(shape="ranking", of="google"), View(start="2022 H1", end="2022 H1")])  # fmt: skip
def test_a_share_an_index_and_one_period_say_no_length(draw, view):
    assert "half-year" not in draw(view).figure.subtitle


@pytest.mark.parametrize("axis", ["linear", "log"])
def test_an_annotation_points_at_its_day_and_value(draw, axis):
    bare = draw(View(axis=axis))
    drawing = draw(View(axis=axis), annotation=("2016-03-01, 20000, The court rules",))
    assert "The court rules" in _words(drawing) and "The court rules" not in _words(bare)
    (point,) = [shape for shape in drawing.plotly.layout.shapes if shape.type == "rect" and shape not in bare.plotly.layout.shapes]
    axes = drawing.plotly.layout
    low, high = axes.yaxis.range
    value = low + (point.y0 + point.y1) / 2 * (high - low)
    assert (10**value if axis == "log" else value) == pytest.approx(20_000, rel=0.01)
    first, last = (pd.Timestamp(end) for end in axes.xaxis.range)
    assert abs(first + (last - first) * (point.x0 + point.x1) / 2 - pd.Timestamp("2016-03-01")) < pd.Timedelta(days=3)


def test_annotations_keep_clear_of_each_other_and_one_that_is_cut_is_told(draw):
    long = "The court rules on a very long matter that needs many more lines to be said in full than there are"
    drawing = draw(annotation=(f"2016-03-01, 20000, {long}", "2016-05-01, 20000, Another day", "2016-06-01, 21000, A third"), size="85mm")
    words = [one for one in drawing.plotly.layout.annotations if re.match("The court|Another|A third", one.text)]
    boxes = [_box(annotation, drawing.plotly.layout) for annotation in words]
    assert len(boxes) == 3 and not any(_overlap(one, other) for one, other in itertools.combinations(boxes, 2))
    assert any(long in remark and "is cut" in remark for remark in drawing.remarks)


def test_words_of_an_author_cover_no_line_where_there_is_room_beside_it(draw):
    drawing = draw(View(reporter=("microsoft",)), annotation=("2016-03-01, 5600, Here",))
    (words,) = (one for one in drawing.plotly.layout.annotations if one.text == "Here")
    layout = drawing.plotly.layout
    left, top, right, bottom = _box(words, layout)
    across, down = layout.width - layout.margin.l - layout.margin.r, layout.height - layout.margin.t - layout.margin.b
    first, last = (pd.Timestamp(end) for end in layout.xaxis.range)
    for trace in (one for one in drawing.plotly.data if one.mode == "lines"):
        xs = [layout.margin.l + across * (pd.Timestamp(x) - first) / (last - first) for x in trace.x]
        ys = [math.nan if y is None else layout.margin.t + down * (1 - y / layout.yaxis.range[1]) for y in trace.y]
        for (x0, x1), (y0, y1) in zip(itertools.pairwise(xs), itertools.pairwise(ys), strict=True):
            assert not (min(x0, x1) < right and left < max(x0, x1) and min(y0, y1) < bottom and top < max(y0, y1))


def test_words_of_an_author_cover_no_rule_of_a_break_where_there_is_room_beside_it(draw):
    drawing = draw(annotation=("2012-01-01, 40000, A ruling",))
    layout = drawing.plotly.layout
    (words,) = (one for one in layout.annotations if one.text == "A ruling")
    left, _, right, _ = _box(words, layout)
    across = layout.width - layout.margin.l - layout.margin.r
    rules = [layout.margin.l + one.x0 * across for one in layout.shapes if one.type == "line" and one.x0 == one.x1]
    assert rules and not any(left < x < right for x in rules)


def test_an_annotation_far_above_every_number_is_told_and_drawn(draw):
    drawing = draw(annotation=("2016-03-01, 9999999, Too high", "2016-03-01, 90000, High"))
    assert "Too high" in _words(drawing)
    assert ["Too high" in remark for remark in drawing.remarks if "far above" in remark] == [True]


@pytest.mark.parametrize("shape", ["multiples", "ranking", "map", "change"])
def test_words_of_an_author_that_a_shape_cannot_show_are_told(draw, shape):
    view = View(shape=shape, reporter=("google", "meta"), of="google", period="2023 H1", against="2020 H1" if shape == "change" else "")
    drawing = draw(view, annotation=("2016-03-01, 20000, The court rules",))
    assert any("The court rules" in remark for remark in drawing.remarks)


def test_an_annotation_outside_the_time_is_told_and_not_drawn(draw):
    drawing = draw(annotation=("1999-03-01, 20000, Long ago",))
    assert "Long ago" not in _words(drawing)
    assert any("Long ago" in remark for remark in drawing.remarks)


@pytest.mark.parametrize("written", ["", "x", "2016-13-01, 1, x", "2016-03-01, x, x", "2016-03-01, nan, x", "2016-03-01, -1, x", "2016-03-01, inf, x", "2016-03-01, 1,"])  # fmt: skip
def test_what_is_no_annotation_is_refused_in_a_sentence_and_left_out_of_an_address(written):
    with pytest.raises(Unfit, match="is no annotation"):
        Annotation.parse(written)
    assert Figure.read({"annotation": [written]})[0].annotation == ()


@given(st.dates(), st.floats(0, 1e15), st.text(min_size=1).filter(lambda text: text.split()))
def test_an_annotation_is_read_back_as_it_was_written(day, value, text):
    one = Annotation.parse(str(Annotation(day, value, " ".join(text.split())[:100])))
    assert Annotation.parse(str(one)) == one
    figure = Figure(annotation=(str(one),), series=("a/b", "c/d"), values="none")
    assert Figure.read(parse_qs(urlencode(figure.query()), keep_blank_values=True))[0] == figure


def _words(drawing) -> str:
    return " ".join(one.text.replace("<br>", " ") for one in drawing.plotly.layout.annotations)


def _box(annotation, layout) -> tuple[float, float, float, float]:
    lines = [re.sub(r"&lt;", "<", re.sub("&gt;", ">", line)).replace("&amp;", "&") for line in annotation.text.split("<br>")]
    size, bold = annotation.font.size, annotation.font.weight == fonts.BOLD
    wide, high = max(fonts.width(line, size, bold) for line in lines), ((len(lines) - 1) * 1.3 + 1.0) * size
    across, down = layout.width - layout.margin.l - layout.margin.r, layout.height - layout.margin.t - layout.margin.b
    x, y = layout.margin.l + annotation.x * across, layout.margin.t + (1 - annotation.y) * down
    left = {"left": x, "center": x - wide / 2, "right": x - wide}[annotation.xanchor]
    top = {"top": y, "middle": y - high / 2}[annotation.yanchor]
    return left, top, left + wide, top + high


def _overlap(one, other) -> bool:
    # Half a pixel of rounding is no overlap.
    return min(one[2], other[2]) - max(one[0], other[0]) > 0.5 and min(one[3], other[3]) - max(one[1], other[1]) > 0.5


def test_one_period_is_drawn_as_bars_with_values_unless_something_stands_at_a_day(catalog_of):
    catalog = catalog_of("reporter period value\ngoogle 2018_H1 100\nmeta 2018_H1 0-499\nmicrosoft 2018_H1 7")
    table = analysis.with_totals(catalog)
    view = View(reporter=("google", "meta", "microsoft"))
    figure = figures.draw(Figure(view), catalog, table=table).plotly
    assert {trace.type for trace in figure.data} == {"bar"}
    shown = {annotation.text for annotation in figure.layout.annotations}
    assert {"100", "0–499", "7", "2018 H1"} <= shown
    noted = figures.draw(Figure(view, annotation=("2018-02-01,50,here",)), catalog, table=table).plotly
    assert "bar" not in {trace.type for trace in noted.data}
