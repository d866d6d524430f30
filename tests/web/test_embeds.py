"""Embedded figures: what is drawn, what the page says, and that a frozen figure tells when its numbers were restated."""

import base64
import functools
import gzip
import hashlib
import html
import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from lxml import etree

from dashboard import analysis, catalog, figures
from dashboard.analysis import views
from dashboard.analysis.views import View
from dashboard.display import changes, fonts, sentences
from dashboard.display.languages import LANGUAGES, Language
from dashboard.figures import THEMES, plain_svg, texts
from dashboard.figures.plain_svg import Span
from dashboard.model.columns import KEY
from dashboard.web import embed_sentences, embeds

SITE = "https://example.org"
TODAY = date(2026, 11, 24)
WEIGHT = 15_000
HEAVY = View(requester=("USA", "DEU", "FRA", "GBR", "IND", "BRA", "ITA", "ESP"), shape="multiples")
VIEWS = [
    View(),
    View(reporter=("google",), requester=("DEU",)),
    View(reporter=("google",), type=("nsl",)),
    View(measure="share_some_data", reporter=("apple", "google", "meta", "twitter"), requester=("FRA",)),
    View(shape="ranking", reporter=("google",), of="google"),
    View(shape="map", measure="share_some_data", reporter=("apple",), of="apple"),
    View(shape="table", requester=("DEU", "FRA", "GBR", "USA")),
    View(scale="people", requester=("DEU", "FRA")),
    View(scale="index", reporter=("google", "meta"), requester=("USA", "DEU", "FRA")),
    View(shape="change", reporter=("google", "meta"), period="2023 H1", against="2020 H1"),
    View(shape="map", reporter=("google",), of="google", period="2023 H1", against="2020 H1"),
    View(reporter=("google",), start="2020 H1", end="2023 H1"),
    HEAVY,
    View(requester=()),
]

COMPARISONS = [view for view in VIEWS if view.against]


@functools.cache
def complete(day: date | None = None) -> pd.DataFrame:
    return analysis.with_totals(catalog.bundled(), day)


@functools.cache
def embedded(view: View, lang: str = "en") -> embeds.Embed:
    return embeds.embed(view, catalog.bundled(), complete(view.known_on), lang)


def of(data: catalog.Catalog, view: View | None = None, **more) -> embeds.Embed:
    view = view or View(reporter=("google",))
    return embeds.embed(view, data, analysis.with_totals(data, view.known_on), **more)


def named(view: View) -> str:
    return "&".join(f"{name}={value}" for name, value in view.query()) or "default"


def paths(markup: str, kind: str) -> list[str]:
    return re.findall(rf'<path class="{kind}" d="([^"]*)"', markup)


# A thousand units across stand for the time covered, and 100 down for the values from the end of the axis to zero.
def drawn(rows: pd.DataFrame) -> str:
    rows = rows.assign(label=rows["reporter"], derivation="", why="")
    span = Span.of(rows, Language("en", catalog.bundled()), 100, scaled=False)
    return plain_svg.over_time(rows, span, height=100, inks=dict.fromkeys(rows["label"], 0), earlier=rows.iloc[:0])


def test_a_number_is_drawn_across_its_own_period(observations_of):
    (line,) = paths(drawn(observations_of("period value\n2019_H1 100\n2019_H2 50")), "c0 n")
    assert line == "M0 5.7H495.9V52.8H1000"


def test_a_gap_stays_a_gap(observations_of):
    (line,) = paths(drawn(observations_of("period value\n2018_H1 100\n2019_H1 100")), "c0 n")
    assert re.fullmatch(r"M0 5.7H[\d.]+M[\d.]+ 5.7H1000", line)
    first, second = re.findall(r"H([\d.]+)M([\d.]+)", line)[0]
    assert float(second) - float(first) > 300


def test_periods_of_different_length_are_not_joined(observations_of):
    (line,) = paths(drawn(observations_of("period value\n2018_H1 100\n2018_H2 100\n2019 200")), "c0 n")
    assert line.count("M") == 2


def test_a_band_is_drawn_from_its_lower_to_its_upper_end_and_has_no_middle(observations_of):
    markup = drawn(observations_of("period value\n2019_H1 0-499\n2019_H2 500-999"))
    (band,) = paths(markup, "c0 b")
    assert paths(markup, "c0 n") == []
    ends = [float(number) for number in re.findall(r"[MV](?:[\d.]+ )?([\d.]+)", band)]
    y = lambda value: round(100 * (1 - value / (999 * 1.06)), 1)  # noqa: E731
    assert ends == [y(0), y(499), y(500), y(999)]


@pytest.mark.parametrize("top", ["5", "10"])
def test_a_ranking_has_as_many_bars_in_a_figure_and_an_embed_as_on_the_page(top):
    view = View(shape="ranking", reporter=("google",), of="google", top=top)
    drawn = figures.draw(figures.Figure(view), catalog.bundled(), table=complete())
    assert int(top) == drawn.rows["label"].nunique() == embedded(view).rows["label"].nunique()


def test_a_band_without_an_upper_end_is_open_at_the_top(observations_of):
    (band,) = paths(drawn(observations_of("period value\n2019_H1 500+\n2019_H2 400-600")), "c0 b")
    open_one, closed = band.split("Z")[0].rpartition("M")[0], band.rpartition("M")[2]
    assert "V0" in open_one and "Z" not in open_one
    assert closed.endswith("Z")


def test_a_bar_is_solid_to_the_lower_end_and_pale_to_the_upper():
    assert re.findall(r'width="([\d.]+)%"', plain_svg.bar(200, 500, 1000)) == ["20", "30"]
    assert re.findall(r'width="([\d.]+)%"', plain_svg.bar(200, 200, 1000)) == ["20"]
    assert re.findall(r'width="([\d.]+)%"', plain_svg.bar(200, float("inf"), 1000)) == ["20", "80"]
    assert re.findall(r'width="([\d.]+)%"', plain_svg.bar(0, 0, 0)) == ["0"]


@pytest.mark.parametrize("view", VIEWS, ids=named)
def test_a_page_is_light(view: View):
    page = embeds.page(embedded(view), SITE, day=TODAY)
    assert len(gzip.compress(page.encode(), 6)) <= WEIGHT


def test_the_heaviest_view_of_each_shape_is_light():
    reporters = tuple(sorted(complete()["reporter"].unique()))
    for shape in views.SHAPES:
        for measure in ("requests", "share_some_data"):
            view = View(measure=measure, reporter=reporters, requester=tuple(sorted(complete()["requester"].unique())), shape=shape)
            page = embeds.page(embedded(view), SITE, day=TODAY)
            assert len(gzip.compress(page.encode(), 6)) <= WEIGHT, (shape, measure)


@pytest.mark.parametrize("view", VIEWS, ids=named)
def test_a_page_asks_nothing_runs_nothing_and_leads_back_to_the_very_view(view: View):
    page = embeds.page(embedded(view), SITE, day=TODAY)
    assert page.count("<script") == page.count(f"<script>{embeds.SCRIPT}</script>") == 1
    page = page.replace(f"<script>{embeds.SCRIPT}</script>", "")
    assert not re.search(r"<(script|link rel=.stylesheet|img|iframe|object)|\son\w+=|style=|url\(|@import", page)
    links = [html.unescape(link) for link in re.findall(r'<a href="([^"]*)"', page)]
    (back,) = [link for link in links if urlsplit(link).path == "/explore"]
    assert View.from_query(parse_qs(urlsplit(back).query, keep_blank_values=True)) == view
    assert all(link.startswith(f"{SITE}/") for link in links)


@pytest.mark.parametrize("view", VIEWS[:-1], ids=named)
def test_a_page_says_in_words_what_is_drawn_and_has_it_as_a_table(view: View):
    shown = embedded(view)
    page = html.unescape(embeds.page(shown, SITE, day=TODAY))
    assert shown.alt and shown.alt[:200] in page
    assert shown.title in page and shown.source in page
    row = shown.rows.dropna(subset=["low"]).sort_values(["label", "period_start"]).iloc[0]
    if shown.shape not in ("ranking", "change"):
        value = shown.language.value(row["low"], row["high"], row["measure"], view.is_scaled)
        assert f"<td>{value}<td>{row['document'] or row['derivation']}<td>{row['cell']}" in page


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("view", COMPARISONS, ids=named)
def test_a_comparison_has_a_row_for_each_series_with_both_numbers_and_the_change_in_words(view: View, lang: str):
    shown = embedded(view, lang)
    moved = changes.between(shown.rows, view.is_scaled, shown.language)
    page, picture = html.unescape(embeds.page(shown, SITE, day=TODAY)), embeds.picture(shown)
    letters = "".join(etree.fromstring(picture.encode()).itertext())
    assert len(moved) == shown.rows["label"].nunique() > 1
    for words in [*moved["words"], texts.two_periods(shown.rows, shown.language)]:
        assert fonts.plain(words) in page
        assert re.sub(r"\s", "", fonts.plain(words)) in re.sub(r"\s", "", letters)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("shape", ["time", "multiples"])
def test_the_last_value_of_each_series_stands_beside_its_name_with_its_period(shape: str, lang: str):
    shown = embedded(View(shape=shape, reporter=("google", "meta")), lang)
    page, image = (html.unescape(re.sub("<[^>]+>", " ", text)) for text in (embeds.page(shown, SITE, day=TODAY), embeds.picture(shown)))
    for name, rows in shown.rows.groupby("label"):
        last = sentences.last_value(rows, shown.language, scaled=False)
        assert re.search(rf"{re.escape(fonts.plain(shown.names[name]))}\s+{re.escape(last)}", page)
        # In a picture a name that has no room is cut, and the value is not.
        assert last in image


def test_a_chart_of_one_period_is_bars_with_their_values():
    shown = embedded(View(start="2022 H1", end="2022 H1"))
    page = embeds.page(shown, SITE, day=TODAY)
    bars = re.findall(r'<th scope="row">(.+?)</th>.*?</td><td>(.+?)</td></tr>', page)
    values = [
        fonts.plain(sentences.last_value(rows, shown.language, False, rows["period_end"].max())) for _, rows in shown.rows.groupby("label")
    ]
    assert sorted(value for _, value in bars) == sorted(values)
    assert len(bars) == 3 and "class=h" not in page


def test_a_page_of_nothing_says_so_once_in_words():
    page = embeds.page(embedded(View(reporter=("google",), start="1990", end="1991")), SITE, day=TODAY)
    assert page.partition("<body>")[2].count("Nothing is published for this choice.") == 1


def test_a_table_tells_nothing_of_what_is_drawn_and_reads_its_signs():
    shown = embedded(View(shape="table"))
    page = html.unescape(embeds.page(shown, SITE, day=TODAY)).partition("<body>")[2]
    assert "drawn" not in page
    assert all(f"<td>{name}<td>" in page for name in shown.names.values())


def test_a_comparison_without_a_series_in_both_periods_says_so():
    page = embeds.page(embedded(View(shape="change", reporter=("google",), period="2023 H1", against="1990 H1")), SITE, day=TODAY)
    assert "No series here has a number in both periods" in html.unescape(page)


def test_the_words_of_a_ranking_say_how_many_of_how_many_are_drawn():
    shown = embedded(View(shape="ranking", reporter=("google",), of="google"))
    there = embeds.embed(shown.view, catalog.bundled(), complete(), whole=True).rows.dropna(subset=["low"])["label"].nunique()
    assert there > embeds.MAX_SERIES["ranking"]
    assert f"of {there} with a number. {embeds.MAX_SERIES['ranking']} of {there} are shown." in shown.alt


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_is_in_the_language_asked_for(lang: str):
    shown = embedded(View(requester=("DEU",)), lang)
    page = embeds.page(shown, SITE, day=TODAY)
    assert f'<html lang="{lang}">' in page
    assert shown.language.phrase("opened") in page and (lang == "en" or "Open this view" not in page)
    assert shown.language.requester("DEU") in page
    assert f"lang={lang}" in shown.query or lang == "en"


def test_the_style_is_the_one_that_the_policy_names_and_no_other():
    page = embeds.page(embedded(View()), SITE, day=TODAY)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'" in embeds.POLICY
    script = base64.b64encode(hashlib.sha256(embeds.SCRIPT.encode()).digest()).decode()
    assert f"script-src 'sha256-{script}'" in embeds.POLICY
    assert "frame-ancestors *" in embeds.POLICY and "default-src 'none'" in embeds.POLICY


def test_both_themes_are_in_the_page():
    for theme in ("light", "dark"):
        assert THEMES[theme].background in embeds.STYLE and THEMES[theme].ink in embeds.STYLE
    assert "prefers-color-scheme:dark" in embeds.STYLE


@pytest.mark.parametrize("view", VIEWS, ids=named)
def test_a_picture_is_sound_svg_with_title_description_and_our_letters(view: View):
    shown = embedded(view)
    root = etree.fromstring(embeds.picture(shown).encode())
    svg = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{svg}title") == shown.title
    assert root.findtext(f"{svg}desc") == shown.alt
    style = root.findtext(f"{svg}style")
    assert "data:font/woff" in style and "var(" not in style
    assert not re.search(r"https?:", style)
    assert float(root.get("height")) < 3_000


MARKUP = '<script>alert(1)</script>"><img/src=x>'


# Each view in two languages: that no language lacks a word is another test's.
SPOKEN = [(view, lang) for n, view in enumerate(VIEWS) for m, lang in enumerate(LANGUAGES) if (n + m) % len(LANGUAGES) < 2]


@pytest.mark.parametrize(("view", "lang"), SPOKEN)
def test_a_sentence_says_its_numbers_with_their_source_and_leads_to_its_view(view: View, lang: str):
    shown = embedded(embeds.as_known(view, TODAY), lang)
    said, pasted = embed_sentences.words(shown), embed_sentences.snippet(shown, SITE, TODAY, frozen=True)
    quote = etree.fromstring(pasted)
    assert quote.tag == "blockquote" and quote.findtext("p") == said and shown.title in said
    assert quote.findtext("p/cite").startswith(shown.source.removesuffix(shown.phrase("stop"))) and shown.language.day(TODAY) in pasted
    assert parse_qs(urlsplit(quote.get("cite")).query)["known"] == [TODAY.isoformat()] and quote.find("p/a").get("href") == quote.get(
        "cite"
    )
    live = embed_sentences.snippet(shown, SITE, TODAY, frozen=False)
    assert live.startswith(f'<iframe src="{SITE}/embed/sentence') and f"<p>{html.escape(said, quote=False)}</p>" in live
    page = embed_sentences.page(shown, SITE)
    assert (
        len(gzip.compress(page.encode())) < WEIGHT and f"<style>{embeds.STYLE}</style>" in page and html.escape(said, quote=False) in page
    )


def test_markup_in_the_data_stays_text(catalog_of):
    shown = of(catalog_of(f"reporter value document\n{MARKUP} 5 {MARKUP}\nmeta 6 two"), View(reporter=(MARKUP, "meta")))
    sentence = [
        embed_sentences.page(shown, SITE),
        *(embed_sentences.snippet(shown, SITE, TODAY, frozen=frozen) for frozen in (True, False)),
    ]
    for text in (embeds.page(shown, SITE, day=TODAY), embeds.picture(shown), embeds.snippet(shown, SITE), *sentence):
        assert "<script>alert" not in text and "<img/src" not in text
    assert html.escape(MARKUP, quote=False) in embeds.page(shown, SITE, day=TODAY)


BEFORE = "period value document\n2018_H1 10 first\n2018_H2 20 first\n2019_H1 0-499 first"
EDITIONS = "document known_from edition\nfirst 2019-09-01 through_2019_H1"


def restated(catalog_of, values: str):
    rows = BEFORE + "".join(f"\n{period} {value} second" for period, value in (line.split("=") for line in values.split()))
    return catalog_of(rows, f"{EDITIONS}\nsecond 2020-09-01 through_2019_H2")


def frozen_page(before: catalog.Catalog, now: catalog.Catalog, lang: str = "en") -> str:
    view = embeds.as_known(View(reporter=("google",)), date(2020, 1, 1))
    address = embeds.address(of(before, view), frozen=True)
    (mark,) = re.findall(r"^/embed/([0-9a-f]{12})\?", address)
    asked = View.from_query(parse_qs(urlsplit(address).query))
    shown = of(now, asked, lang=lang)
    today = embeds.embed(embeds.as_known_today(shown), now, analysis.with_totals(now, None), lang, whole=True)
    page = embeds.page(shown, SITE, day=date(2021, 3, 1), frozen=embeds.Frozen(mark, today))
    return re.search(r'<main><p class="([ow])">(.*?)</p>', page).groups()


@pytest.mark.parametrize(
    ("second", "kind", "told"),
    [
        pytest.param("2018_H1=10 2019_H2=30", "o", "as known on 1 January 2020; those known on 1 March 2021 are the same", id="newer only"),
        pytest.param(
            "2018_H1=11", "w", "restated since: it shows the numbers as known on 1 January 2020, and 1 of 3 read otherwise", id="one"
        ),
        pytest.param("2018_H1=11 2018_H2=21 2019_H1=500-999", "w", "3 of 3 read otherwise as known on 1 March 2021", id="all"),
        pytest.param("2019_H1=1-499", "w", "1 of 3 read otherwise", id="a lower end that was raised"),
    ],
)
def test_a_frozen_figure_keeps_its_numbers_and_tells_what_was_restated(catalog_of, second: str, kind: str, told: str):
    found, notice = frozen_page(catalog_of(BEFORE, EDITIONS), restated(catalog_of, second))
    assert found == kind
    assert told in notice
    assert f'href="{SITE}/explore?reporter=google"' in notice


def test_a_frozen_figure_whose_own_day_reads_otherwise_says_so(catalog_of):
    changed = catalog_of(BEFORE.replace("20 first", "25 first"), EDITIONS)
    found, notice = frozen_page(catalog_of(BEFORE, EDITIONS), changed)
    assert found == "w"
    assert "not the numbers that it was frozen with" in notice
    assert "1 January 2020" in notice and "1 March 2021" in notice


def test_a_withdrawn_number_counts_as_restated(catalog_of):
    now = catalog_of(
        BEFORE + "\n2018_H1 10 second\n2019_H1 0-499 second",
        "document known_from replaces\nfirst 2019-09-01 -\nsecond 2020-09-01 first",
    )
    found, notice = frozen_page(catalog_of(BEFORE, EDITIONS), now)
    assert found == "w"
    assert "1 of 3 read otherwise" in notice


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_restated_is_told_in_every_language(catalog_of, lang: str):
    found, notice = frozen_page(catalog_of(BEFORE, EDITIONS), restated(catalog_of, "2018_H1=11"), lang)
    assert found == "w"
    assert "2020" in notice and "2021" in notice and "1" in notice and "3" in notice


def test_a_ranking_of_the_latest_period_is_held_against_that_period_and_not_a_newer_one(catalog_of):
    rows = "requester period value document\nDEU 2019_H1 10 first\nFRA 2019_H1 20 first"
    before = catalog_of(rows, EDITIONS)
    now = catalog_of(f"{rows}\nDEU 2020_H1 99 second\nFRA 2020_H1 99 second", f"{EDITIONS}\nsecond 2020-09-01 -")
    view = View(reporter=("google",), shape="ranking", known="2020-01-01")
    shown = of(now, view)
    today = embeds.embed(embeds.as_known_today(shown), now, analysis.with_totals(now, None), whole=True)
    assert embeds.Frozen(of(before, view).hash, today).notice(shown, TODAY)[1] is False


def test_the_hash_is_of_the_numbers_and_not_of_their_order(catalog_of):
    data = catalog_of(BEFORE, EDITIONS)
    shown = of(data)
    turned = embeds.Embed(shown.view, shown.language, shown.rows.iloc[::-1], shown.series)
    other = of(catalog_of(BEFORE.replace("20 first", "21 first"), EDITIONS))
    assert shown.hash == turned.hash != other.hash
    assert re.fullmatch(embeds.HASH, shown.hash)


@pytest.mark.parametrize("frozen", [False, True], ids=["live", "frozen"])
@pytest.mark.parametrize("view", VIEWS, ids=named)
def test_a_snippet_is_one_frame_with_a_title_and_a_picture_in_it(view: View, frozen: bool):
    shown = embedded(embeds.as_known(view, TODAY) if frozen else view)
    root = etree.fromstring(
        f"<p>{embeds.snippet(shown, SITE, frozen=frozen)}</p>".replace('"></a>', '"/></a>').replace("&&", "").replace("h>0", "")
    )
    frame, _script = root
    assert frame.get("title") == shown.title
    source = urlsplit(frame.get("src"))
    assert source.path == (f"/embed/{shown.hash}" if frozen else "/embed")
    assert View.from_query(parse_qs(source.query, keep_blank_values=True)) == shown.view
    (picture,) = frame.iter("img")
    assert picture.get("alt") == shown.alt
    assert urlsplit(picture.get("src")).path == "/embed/picture.svg"
    assert frame[0].get("href").startswith(f"{SITE}/explore")


def test_a_card_names_title_description_picture_and_view():
    shown = embedded(View(reporter=("google",)))
    told = dict(re.findall(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)">', embeds.page(shown, SITE, day=TODAY, card="png")))
    assert told["og:title"] == shown.title
    assert html.unescape(told["og:description"]) == shown.alt[:300]
    assert told["og:image"] == f"{SITE}/embed/picture.png?reporter=google"
    assert told["og:url"] == f"{SITE}/explore?reporter=google"
    assert told["twitter:card"] == "summary_large_image"


def test_what_is_left_out_of_a_light_page_is_told_and_can_be_had():
    shown = embedded(HEAVY)
    assert len(shown.rows) > embeds.MOST_ROWS
    page = html.unescape(embeds.page(shown, SITE, day=TODAY))
    assert f"The table holds {embeds.MOST_ROWS} of {len(shown.rows)} values." in page
    (data,) = re.findall(r'href="([^"]*observations\.csv[^"]*)"', page)
    assert View.from_query(parse_qs(urlsplit(data).query)) == HEAVY


def test_every_number_drawn_is_one_of_the_page_of_that_view():
    for view in VIEWS:
        shown = embedded(view)
        page = views.rows_of(view, complete(view.known_on), catalog.bundled().population)
        both = shown.rows.merge(page, on=KEY, suffixes=("", "_page"))
        assert len(both) == len(shown.rows)
        assert (both["low"].eq(both["low_page"]) | both["low"].isna()).all()
