"""The pages in a real Chromium: a deep link, a control, a point, a download, a telephone, a keyboard, an audit."""

import csv
import html
import io
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
import python_calamine
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.display import colours
from tests.browser.conftest import DESKTOP

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/explore",
    "/statements",
    "/statements?statement=burt-written-2400-3500",
    "/check?sentence=Google+got+50,000+requests+a+year+from+Germany+in+2021",
    "/sources",
    "/reporter?id=google",
    "/country?id=DEU",
    "/changes",
    "/definitions",
    "/search?q=google",
    "/gags",
    "/bring",
]
VIEWS = [
    "/explore?shape=ranking&reporter=google",
    "/explore?shape=map&reporter=google",
    "/explore?shape=multiples&requester=USA&requester=DEU",
    "/explore?shape=table&scale=people",
    "/explore?shape=change&requester=USA&requester=DEU",
    "/explore?shape=ranking&over=reporters&period=2022+H2",
    "/explore?start=2022+H2&end=2022+H2&reporter=google&reporter=meta&reporter=telegram",
    "/explore?measure=accounts_specified&reporter=microsoft&type=fisa_content",
]


EVERY = ("critical", "serious", "moderate", "minor")
OF_STREAMLIT = ("presentation-role-conflict", "stFileUploaderDropzone")
"""What is drawn by Streamlit itself and cannot be mended from here: its place for dropping files has a role and a name that do not go together."""


def test_the_audit_finds_nothing_in_either_theme_and_nothing_sticks_out_of_a_narrow_window(
    page, visit, go_on, in_theme, wait_ready, axe, subtests
):
    visit(page)
    other, theme = "dark", "light"
    for path in [*PAGES, *VIEWS]:
        with subtests.test(path=path):
            go_on(page, path)
            assert page.locator("h1").count() == 1
            assert urlsplit(page.url).path == urlsplit(path).path
            violations = {*axe(page, EVERY), *axe(in_theme(page, other), EVERY, of_colours=True)}
            other, theme = theme, other
            assert [found for found in violations if not all(word in found for word in OF_STREAMLIT)] == []
            # A telephone, and an ordinary window at twice its size.
            for width, height in ((640, 400), (390, 844)):
                page.set_viewport_size({"width": width, "height": height})
                wait_ready(page)
                page.wait_for_function(
                    "width => Math.max(document.documentElement.scrollWidth,"
                    " document.querySelector('[data-testid=stMain]').scrollWidth) <= width",
                    arg=width,
                )
        page.set_viewport_size(DESKTOP)


def test_on_a_telephone_nothing_sticks_out(narrow_page, visit):
    page = visit(narrow_page, "/explore")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


def test_a_deep_link_opens_its_view_and_everything_asked_for_is_there(page, visit):
    failed = []
    page.on("response", lambda response: failed.append(response.url) if response.status >= 400 else None)
    visit(page, "/explore?measure=accounts_specified&reporter=microsoft&type=fisa_content&start=2013&end=2014")
    assert page.get_by_role("heading", name=re.compile("Accounts specified: FISA content, Microsoft")).is_visible()
    assert page.locator("[aria-label*='15,000–15,999 in 2013 H1']").count() == 1
    assert failed == []


def test_a_control_changes_chart_and_address_and_the_address_reopens_it(page, visit, wait_ready, open_page):
    visit(page, "/explore")
    page.get_by_role("radio", name="Ranking").click()
    page.wait_for_url("**shape=ranking**")
    wait_ready(page)
    heading = page.get_by_role("heading", level=1).first.inner_text()
    other = visit(open_page(), page.url[page.url.index("/explore") :])
    assert other.get_by_role("heading", level=1).first.inner_text() == heading
    assert other.locator('[data-testid="stPlotlyChart"] .bars').count() > 0


def test_copy_link_gives_the_address_of_this_view(page, visit, wait_ready, open_page):
    visit(page, "/explore?reporter=apple&type=device&requester=USA&shape=table")
    page.get_by_role("button", name="Copy link").click()
    address = page.locator('[data-testid="stCode"]').inner_text().strip()
    assert parse_qs(urlsplit(address).query) == {"reporter": ["apple"], "type": ["device"], "shape": ["table"]}
    other = visit(open_page(), address[address.index("/explore") :])
    assert other.get_by_role("heading", level=1).first.inner_text() == page.get_by_role("heading", level=1).first.inner_text()


def test_what_to_paste_into_a_page_is_made_when_it_is_asked_for_live_or_frozen(page, visit, wait_ready, axe):
    visit(page, "/explore?reporter=apple&type=device")
    code = page.locator('[data-testid="stPopoverBody"] [data-testid="stCode"]')
    for width in (1280, 390):
        page.keyboard.press("Escape")
        code.wait_for(state="detached")
        page.set_viewport_size({"width": width, "height": 844})
        wait_ready(page)
        page.get_by_role("button", name="Embed").focus()
        page.keyboard.press("Enter")
        code.wait_for()
        wait_ready(page)
        live = code.inner_text().strip()
        assert live.startswith("<iframe") and "/embed?reporter=apple&amp;type=device" in live and "known=" not in live
        assert axe(page, ("critical", "serious", "moderate", "minor")) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = page.locator('[data-testid="stPopoverBody"]').bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    page.locator("label").filter(has_text="Frozen at today’s numbers").click()
    page.get_by_text(re.compile("^Frozen: as known on")).wait_for()
    wait_ready(page)
    frozen = html.unescape(code.inner_text().strip())
    address = re.search('src="([^"]+)"', frozen)[1]
    assert re.search(r"/embed/[0-9a-f]{12}\?", address) and "known=" in address
    assert "These are the numbers as known on" in page.request.get(address).text()


@pytest.mark.parametrize(("path", "width"), [("/", 1280), ("/statements", 390)])
def test_words_typed_above_any_page_are_searched_for_by_the_keyboard_alone(open_page, visit, path, width):
    page = visit(open_page(viewport={"width": width, "height": 800}), path)
    field = page.get_by_role("searchbox", name="Search everything")
    assert field.bounding_box()["y"] < 130
    field.fill("google germany")
    field.press("Enter")
    page.wait_for_url("**/search?q=google+germany")
    page.get_by_role("link", name="Google: requests from Germany", exact=True).first.wait_for()
    # The field of the page that is left may still be there for a moment.
    assert page.get_by_role("searchbox", name="Search", exact=True).input_value() == "google germany"


CURSOR = """() => document.querySelector('.js-plotly-plot').data.filter(trace => trace.customdata && trace.mode === 'markers')
    .map(trace => ({name: trace.name, slots: trace.customdata, texts: trace.hovertext}))"""


def test_the_chart_and_its_answer_stand_above_the_fold(open_page, visit):
    page = visit(open_page(viewport={"width": 1280, "height": 800}), "/explore")
    frame = page.locator(".st-key-frame").bounding_box()
    assert frame["y"] + frame["height"] < 720
    answer = page.get_by_text(re.compile("^Google: ")).first.bounding_box()
    assert answer["y"] + answer["height"] <= 800


def test_the_cursor_has_a_value_of_every_series_in_every_period_and_says_where_nothing_is_published(page, visit):
    visit(page, "/explore")
    series = page.evaluate(CURSOR)
    assert [one["name"] for one in series] and len({len(one["slots"]) for one in series}) == 1
    values = {one["name"]: dict(zip(one["slots"], one["texts"], strict=True)) for one in series}
    assert values["Google"]["2019-01-01"].startswith("31,233") and values["Meta (Facebook)"]["2009-07-01"] == "not published"
    plot = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    page.mouse.move(plot["x"] + plot["width"] * 0.6, plot["y"] + plot["height"] / 2)
    page.wait_for_function("document.querySelectorAll('.hoverlayer .legendtext, .hoverlayer .legend text').length > 2")
    shown = page.locator(".hoverlayer").first.text_content()
    assert all(name in shown for name in values)


def test_back_and_forward_go_through_what_was_chosen(page, visit, wait_ready):
    visit(page, "/explore?reporter=google&requester=DEU")
    for shape in ("Ranking", "Table"):
        page.get_by_role("radio", name=shape).click()
        page.wait_for_url(f"**shape={shape.lower()}**")
        wait_ready(page)
    page.go_back()
    page.wait_for_url("**shape=ranking**")
    page.get_by_role("radio", name="Ranking", checked=True).wait_for()
    assert "requester=DEU" in page.url
    wait_ready(page)
    page.go_back()
    page.wait_for_function("!location.search.includes('shape')")
    page.get_by_role("radio", name="Over time", checked=True).wait_for()
    wait_ready(page)
    page.go_forward()
    page.wait_for_url("**shape=ranking**")
    page.get_by_role("radio", name="Ranking", checked=True).wait_for()


def test_a_choice_below_the_bar_runs_nothing_of_the_bar(page, visit, wait_ready):
    frames = []
    page.on("websocket", lambda websocket: websocket.on("framereceived", lambda frame: frames.append(frame)))

    def changed() -> list[tuple[tuple[int, ...], str]]:
        messages = [ForwardMsg.FromString(frame) for frame in frames]
        frames.clear()
        return [(tuple(message.metadata.delta_path), str(message.delta)) for message in messages if message.WhichOneof("type") == "delta"]

    visit(page, "/explore")
    bar = next(path[:-1] for path, delta in changed() if "popover" in delta)
    page.get_by_role("radio", name="Table").click()
    page.wait_for_url("**shape=table**")
    wait_ready(page)
    paths = [path for path, _ in changed()]
    assert paths and not [path for path in paths if path[: len(bar)] == bar]
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("textbox", name="From", exact=True).wait_for()
    wait_ready(page)
    assert bar in [path for path, _ in changed()]


COVERED = """() => {
    const box = element => { const range = document.createRange(); range.selectNodeContents(element); return range.getBoundingClientRect(); };
    const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    const texts = [...document.querySelectorAll('[data-testid=stMain] :is(p, li, h1, h2, h3, summary)')];
    const tools = [...document.querySelectorAll('[data-testid=stElementToolbarButtonContainer]')].filter(tool => box(tool).width);
    const covered = tools.flatMap(tool => texts.filter(text => !tool.contains(text) && meet(box(tool), box(text))));
    return [tools.length, covered.map(text => text.innerText)];
}"""


def test_on_a_telephone_the_tools_of_a_table_cover_no_text(narrow_page, visit, go_on, subtests):
    visit(narrow_page)
    for path in ("/changes", "/explore?shape=table", "/gags", "/sources", "/reporter?id=google"):
        with subtests.test(path=path):
            count, covered = go_on(narrow_page, path).evaluate(COVERED)
            assert count and covered == []


def test_what_was_set_holds_while_the_settings_are_closed_and_opened(page, visit, wait_ready):
    visit(page, "/explore")
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("textbox", name="From", exact=True).fill("2020 H1")
    page.keyboard.press("Enter")
    page.wait_for_url("**start=2020**")
    page.get_by_role("combobox", name="Scale").click()
    page.get_by_role("option", name="Per day").click()
    page.wait_for_url("**scale=day**")
    page.keyboard.press("Escape")
    page.get_by_role("radio", name="Panels").click()
    page.wait_for_url("**shape=multiples**")
    wait_ready(page)
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("combobox", name="Panels").wait_for()
    wait_ready(page)
    assert page.get_by_role("textbox", name="From", exact=True).input_value() == "2020 H1"
    assert "scale=day" in page.url and "start=2020" in page.url


def test_what_is_typed_while_the_page_is_still_at_the_last_choice_is_not_lost(page, visit, go_on, wait_ready):
    visit(page, "/explore")
    for start, end in (("2018", "2020"), ("2015 H1", "2021"), ("2012", "2019 H1")):
        go_on(page, "/explore?start=2020+H9")
        page.get_by_role("button", name="Settings").click()
        fields = [page.get_by_role("textbox", name=name, exact=True) for name in ("From", "To")]
        fields[0].wait_for()
        wait_ready(page)
        for field, text in zip(fields, (start, end), strict=True):
            field.fill(text)
            page.keyboard.press("Enter")
        wait_ready(page)
        assert [field.input_value() for field in fields] == [start, end]
        assert parse_qs(urlsplit(page.url).query) == {"start": [start], "end": [end]}
        page.keyboard.press("Escape")
        wait_ready(page)


def test_a_choice_outlives_other_pages_and_a_reload(page, visit, wait_ready):
    visit(page, "/explore?reporter=apple&reporter=google&requester=FRA&shape=table&start=2019+H1")
    heading = page.get_by_role("heading", level=1).first.inner_text()
    page.get_by_role("link", name="Sources").first.click()
    page.wait_for_url("**/sources**")
    wait_ready(page)
    page.get_by_role("link", name="Explore", exact=True).first.click()
    page.wait_for_url("**shape=table**")
    wait_ready(page)
    assert page.get_by_role("heading", level=1).first.inner_text() == heading
    assert parse_qs(urlsplit(page.url).query)["reporter"] == ["apple", "google"]
    page.reload()
    wait_ready(page)
    assert page.get_by_role("heading", level=1).first.inner_text() == heading


def test_what_an_address_asks_for_in_vain_is_named_and_stays(page, visit):
    visit(page, "/explore?reporter=foo&reporter=google&requester=DEU&start=2020+H1&base=spring&over=towns&axis=round")
    assert page.get_by_text("There is no reporter “foo” in the data.").is_visible()
    assert page.get_by_text("“spring” names no period.").is_visible()
    assert parse_qs(urlsplit(page.url).query) == {
        "reporter": ["foo", "google"],
        "requester": ["DEU"],
        "start": ["2020 H1"],
        "base": ["spring"],
        "over": ["towns"],
        "axis": ["round"],
    }
    assert page.get_by_text("“towns”").is_visible() and page.get_by_text("“round”").is_visible()
    assert page.get_by_role("slider", name="Time — start").get_attribute("aria-valuetext") == "2020 H1"
    assert page.evaluate(CURSOR)[0]["slots"][0] == "2020-01-01"


def test_a_measure_that_a_reporter_does_not_publish_takes_nothing_away(page, visit, wait_ready):
    visit(page, "/explore?reporter=microsoft&reporter=meta&measure=nondisclosure_share")
    assert page.get_by_text(re.compile("Microsoft publishes no share under nondisclosure")).is_visible()
    assert page.get_by_role("button", name=re.compile("Microsoft, Meta")).is_visible()


def test_the_range_of_time_moves_by_keyboard_and_is_in_the_address(page, visit, wait_ready):
    visit(page, "/explore?reporter=google")
    start = page.get_by_role("slider", name="Time — start")
    start.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**start=2009+H2**")
    wait_ready(page)
    assert page.evaluate(CURSOR)[0]["slots"][0] == "2009-07-01"


def test_a_period_of_the_chart_opens_the_evidence_of_each_series(page, visit, wait_ready):
    visit(page, "/explore?reporter=microsoft&start=2016&end=2020")
    plot = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    page.mouse.click(plot["x"] + plot["width"] * 0.3, plot["y"] + plot["height"] / 2)
    wait_ready(page)
    page.get_by_text("Printed as").wait_for()
    assert page.get_by_text(re.compile(r"[A-Za-z ]+![A-Z]+\d+")).count() > 0
    assert page.get_by_role("link", name=re.compile("Law Enforcement Requests Report")).count() > 0


def test_every_number_is_reached_by_keyboard_and_its_value_is_spoken(page, visit, wait_ready):
    visit(page, "/explore?reporter=google&reporter=meta")
    page.get_by_role("radio", name="Where each number is printed").focus()
    page.keyboard.press("Enter")
    period = page.get_by_role("slider", name=re.compile("^Period"))
    period.wait_for()
    wait_ready(page)
    assert period.get_attribute("aria-valuetext") == "2025 H1: 60,933"
    period.focus()
    page.keyboard.press("ArrowLeft")
    wait_ready(page)
    assert period.get_attribute("aria-valuetext").startswith("2024 H2: ")
    page.get_by_text(re.compile("It rests on|Printed as")).first.wait_for()


def test_the_download_holds_exactly_what_the_chart_draws_and_the_workbook_has_its_sheets(page, visit):
    visit(page, "/explore?reporter=microsoft&start=2016&end=2020")
    drawn = [text.replace(",", "") for one in page.evaluate(CURSOR) for text in one["texts"]]
    drawn = [float(re.match(r"[\d.]+", text)[0]) for text in drawn if text != "not published"]
    assert drawn
    page.get_by_role("button", name="Download").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sorted(float(row["low"]) for row in rows) == sorted(drawn)
    assert all(row["document"] and row["cell"] for row in rows)
    assert re.search(r"-[0-9a-f]{10}\.csv$", download.value.suggested_filename)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download XLSX").click()
    workbook = python_calamine.CalamineWorkbook.from_path(str(download.value.path()))
    assert {"Data", "Definitions", "Documents", "Breaks"} <= set(workbook.sheet_names)


def test_the_whole_package_can_be_taken(page, visit):
    import zipfile

    visit(page, "/sources")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download everything").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        package = json.loads(archive.read("datapackage.json"))
        assert {resource["path"] for resource in package["resources"]} <= set(archive.namelist())


def test_the_statements_about_what_is_shown_are_a_list_with_their_verdicts_reached_by_keyboard(page, visit, wait_ready):
    visit(page, "/explore?reporter=microsoft")
    page.get_by_role("radio", name="Statements about these series").focus()
    page.keyboard.press("Enter")
    page.locator('[class*="st-key-statement-"]').get_by_role("link").first.wait_for()
    wait_ready(page)
    listed = page.locator('[class*="st-key-statement-"]')
    assert all(listed.nth(place).locator(".stMarkdownBadge").count() == 1 for place in range(listed.count()))


@pytest.mark.parametrize(
    ("path", "keys", "spoken"),
    [
        ("/explore", ["ArrowLeft", "ArrowDown", "ArrowDown"], "Microsoft, 2024 H2: 5,560"),
        ("/explore?shape=ranking&of=google&period=2022+H2", ["ArrowDown", "ArrowUp"], "United States: 55,318"),
        ("/explore?shape=map&of=google&period=2022+H2", ["End"], "United States: 55,318"),
    ],
)
def test_a_chart_is_a_stop_of_the_tab_key_and_its_numbers_are_walked_said_and_opened_by_keys(page, visit, wait_ready, path, keys, spoken):
    visit(page, path)
    chart = page.get_by_role("slider", name=re.compile("^Numbers of the chart"))
    chart.wait_for()
    wait_ready(page)
    name = chart.get_attribute("aria-label")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == name:
            break
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function("spoken => document.activeElement.getAttribute('aria-valuetext') === spoken", arg=spoken)
    if "?" not in path:
        # The cursor stands at the period with the numbers of all series, as under a pointer.
        page.locator(".hoverlayer .legendtitletext", has_text="2024 H2").wait_for()
        assert page.locator(".hoverlayer .legendtext").count() == 3
        line, drawn = (page.locator(there).first.bounding_box() for there in (".hoverlayer .spikeline", ".js-plotly-plot"))
        assert line["x"] > drawn["x"] + 0.7 * drawn["width"]
    page.keyboard.press("Enter")
    page.get_by_text(re.compile("It rests on|Printed as")).first.wait_for()
    wait_ready(page)
    who = re.split(", |:", spoken)[0]
    page.get_by_text(re.compile(rf"{spoken.rpartition(' ')[2]}.*{who}")).last.wait_for()


def test_a_link_to_another_page_stays_in_the_tab_and_opens_the_view_whatever_was_chosen_there_before(page, visit, wait_ready):
    tabs = len(page.context.pages)
    visit(page, "/explore?shape=ranking&reporter=google&requester=USA&requester=NOR")
    page.locator('[data-testid="stMain"]').get_by_role("link", name="Make a figure").click()
    page.get_by_role("heading", name="Make a figure").wait_for()
    wait_ready(page)
    asked = {"shape": ["ranking"], "reporter": ["google"], "requester": ["USA", "NOR"], "of": ["google"]}
    assert parse_qs(urlsplit(page.url).query) == asked
    assert len(page.context.pages) == tabs
    visit(page, "/statements?statement=burt-written-2400-3500")
    page.get_by_role("link", name="Open in Explore").first.click()
    page.get_by_role("radio", name="Over time").wait_for()
    wait_ready(page)
    assert "measure=nondisclosure_orders" in page.url and page.get_by_role("radio", name="Over time").is_checked()


def test_a_link_from_another_page_opens_its_view_although_the_settings_were_left_open(page, visit, go_on, wait_ready):
    visit(page, "/explore?shape=table")
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("textbox", name="From", exact=True).wait_for()
    wait_ready(page)
    go_on(page, "/statements?statement=burt-written-2400-3500")
    page.get_by_role("link", name="Open in Explore").first.click()
    page.get_by_role("radio", name="Over time", checked=True).wait_for()
    wait_ready(page)
    assert "measure=nondisclosure_orders" in page.url


def test_two_handles_of_the_range_of_time_on_one_period_are_pulled_apart_to_either_side(page, visit):
    visit(page, "/explore?start=2019+H1&end=2019+H1")
    thumbs = page.locator("[data-testid=stSlider] [role=group] > div > [data-rac]:has(input)")
    for side, parameter in ((0, "start"), (1, "end")):
        box = thumbs.nth(side).bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + (80 if side else -80), y, steps=4)
        page.mouse.up()
        page.wait_for_url(lambda url, parameter=parameter: parse_qs(urlsplit(url).query).get(parameter) != ["2019 H1"])


def test_a_figure_keeps_its_own_words_on_the_way_to_explore_and_back(page, visit, wait_ready):
    tabs = len(page.context.pages)
    visit(page, "/figure?title=Mine&size=85mm")
    page.get_by_role("link", name="Choose what it shows in Explore").click()
    page.get_by_role("radio", name="Table").click()
    page.wait_for_url("**shape=table**")
    wait_ready(page)
    # A second link beside it would open a figure without them.
    (way,) = page.locator("a[href*='figure?']").all()
    way.click()
    page.get_by_label("Title", exact=True).wait_for()
    assert page.get_by_label("Title", exact=True).input_value() == "Mine" and len(page.context.pages) == tabs
    assert parse_qs(urlsplit(page.url).query) == {"shape": ["table"], "title": ["Mine"], "size": ["85mm"]}


def test_a_map_is_drawn_without_asking_elsewhere_and_its_class_of_the_most_stands_out_most(open_page, visit):
    page = visit(open_page(color_scheme="light"), "/explore?shape=map&reporter=google")
    page.wait_for_function("() => document.querySelectorAll('.choroplethlayer path').length > 50")
    shown = """(document.querySelector('.js-plotly-plot')?.data ?? []).filter(trace => /under|or more/.test(trace.name))
        .map(trace => trace.colorscale[0][1])"""
    light = page.evaluate(shown)
    # The system turns dark while the page is open.
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"light => !['', light].includes(String({shown}))", arg=",".join(light))
    dark = page.evaluate(shown)
    # And light again in the morning.
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"light => String({shown}) === light", arg=",".join(light))
    for classes, background in ((light, "#ffffff"), (dark, "#13191f")):
        contrasts = [colours.contrast(colour, background) for colour in classes]
        assert len(contrasts) > 3 and contrasts == sorted(contrasts)


def test_two_tabs_do_not_disturb_each_other(open_page, visit, wait_ready):
    first, second = visit(open_page(), "/explore?reporter=google"), visit(open_page(), "/explore?reporter=apple&type=device")
    first.get_by_role("radio", name="Table").click()
    first.wait_for_url("**shape=table**")
    wait_ready(first)
    assert "shape" not in second.url
    assert second.get_by_role("heading", level=1).first.inner_text().startswith("Requests: Device, Apple")
