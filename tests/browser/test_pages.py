"""The pages in a real Chromium: a deep link, a control, a point, a download, a telephone, a keyboard, an audit."""

import csv
import html
import io
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.display import colours

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/explore",
    "/statements",
    "/statements?statement=burt-written-2400-3500",
    "/check?sentence=Google+got+50,000+requests+a+year+from+Germany+in+2021",
    "/sources",
]
VIEWS = [
    "/explore?shape=ranking&reporter=google",
    "/explore?shape=map&reporter=google",
    "/explore?shape=multiples&requester=USA&requester=DEU",
    "/explore?shape=table&scale=people",
    "/explore?measure=accounts_specified&reporter=microsoft&type=fisa_content",
]


@pytest.mark.parametrize("path", [*PAGES, *VIEWS])
def test_the_audit_finds_nothing(page_again, visit, in_the_dark, axe, path):
    page = visit(page_again(color_scheme="light"), path)
    assert axe(page, ("critical", "serious", "moderate", "minor")) == []
    assert axe(in_the_dark(page), ("critical", "serious", "moderate", "minor")) == []


@pytest.mark.parametrize("path", [*PAGES, *VIEWS])
def test_on_a_telephone_nothing_sticks_out(narrow_page_again, visit, path):
    page = visit(narrow_page_again, path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


def test_a_deep_link_opens_its_view(page, visit):
    visit(page, "/explore?measure=accounts_specified&reporter=microsoft&type=fisa_content&start=2013&end=2014")
    assert page.get_by_role("heading", name=re.compile("Accounts specified: FISA content, Microsoft")).is_visible()
    assert page.locator("[aria-label*='15,000–15,999 in 2013 H1']").count() == 1


def test_a_control_changes_chart_and_address_and_the_address_reopens_it(page, visit, wait_ready, open_page):
    visit(page, "/explore")
    page.locator("label").filter(has_text="Ranking").click()
    page.wait_for_url("**shape=ranking**")
    wait_ready(page)
    heading = page.get_by_role("heading", level=2).first.inner_text()
    other = visit(open_page(), page.url[page.url.index("/explore") :])
    assert other.get_by_role("heading", level=2).first.inner_text() == heading
    assert other.locator('[data-testid="stPlotlyChart"] .bars').count() > 0


def test_copy_link_gives_the_address_of_this_view(page, visit, wait_ready, open_page):
    visit(page, "/explore?reporter=apple&type=device&requester=USA&shape=table")
    page.get_by_role("button", name="Copy link").click()
    address = page.locator('[data-testid="stCode"]').inner_text().strip()
    assert parse_qs(urlsplit(address).query) == {"reporter": ["apple"], "type": ["device"], "shape": ["table"]}
    other = visit(open_page(), address[address.index("/explore") :])
    assert other.get_by_role("heading", level=2).first.inner_text() == page.get_by_role("heading", level=2).first.inner_text()


@pytest.mark.parametrize("width", [1280, 390])
def test_what_to_paste_into_a_page_is_made_when_it_is_asked_for_live_or_frozen(open_page, visit, wait_ready, axe, width):
    page = visit(open_page(color_scheme="light", viewport={"width": width, "height": 844}), "/explore?reporter=apple&type=device")
    code = page.locator('[data-testid="stPopoverBody"] [data-testid="stCode"]')
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


def test_a_selected_point_shows_its_printed_text_document_and_cell(page, visit, wait_ready):
    visit(page, "/explore?reporter=microsoft&start=2016&end=2020")
    points = page.locator('[data-testid="stPlotlyChart"] .points path')
    points.nth(2).click(force=True)
    wait_ready(page)
    page.get_by_text("Printed as").wait_for()
    assert page.get_by_text(re.compile(r"[A-Za-z ]+![A-Z]+\d+")).count() > 0
    assert page.get_by_role("link", name=re.compile("Law Enforcement Requests Report")).count() > 0


def test_the_download_holds_exactly_what_the_chart_draws(page, visit):
    visit(page, "/explore?reporter=microsoft&start=2016&end=2020")
    drawn = page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => plot.calcdata)
            .filter(points => points[0].trace.mode === 'markers' && points[0].trace.yaxis !== 'y2').flatMap(points => points.map(point => point.y))"""
    )
    assert drawn
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sorted(float(row["low"]) for row in rows) == sorted(drawn)
    assert all(row["document"] and row["cell"] for row in rows)
    assert re.search(r"-[0-9a-f]{10}\.csv$", download.value.suggested_filename)


def test_the_workbook_has_its_sheets(page, visit):
    import python_calamine

    visit(page, "/explore?reporter=google")
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


def test_the_table_is_two_steps_away_by_keyboard(page, visit, wait_ready):
    visit(page, "/explore")
    switch = page.get_by_role("switch", name="The same as a table").or_(page.get_by_role("checkbox", name="The same as a table")).first
    switch.focus()
    page.keyboard.press("Space")
    wait_ready(page)
    page.locator('[data-testid="stDataFrame"]').first.wait_for()


def test_a_statement_on_the_chart_opens_its_card(page, visit, wait_ready):
    visit(page, "/explore?reporter=microsoft")
    # Plotly's marks are small; the click goes to the middle of one, as a finger would.
    mark = page.locator('[data-testid="stPlotlyChart"] .points path').last
    box = mark.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait_ready(page)
    page.get_by_role("link", name="Claims and verdicts").first.wait_for()


def test_the_map_is_drawn_without_asking_elsewhere(page, visit):
    visit(page, "/explore?shape=map&reporter=google")
    page.wait_for_function("document.querySelectorAll('.choroplethlayer path').length > 50")


def test_a_link_to_another_page_stays_in_the_tab_and_opens_the_view_whatever_was_chosen_there_before(page, visit, wait_ready):
    visit(page, "/explore?shape=ranking&reporter=google&requester=USA&requester=NOR")
    page.locator('[data-testid="stMain"]').get_by_role("link", name="Make a figure").click()
    page.get_by_role("heading", name="Make a figure").wait_for()
    wait_ready(page)
    asked = {"shape": ["ranking"], "reporter": ["google"], "requester": ["USA", "NOR"], "of": ["google"]}
    assert parse_qs(urlsplit(page.url).query) == asked
    assert len(page.context.pages) == 1
    visit(page, "/statements?statement=burt-written-2400-3500")
    page.get_by_role("link", name="Open in Explore").first.click()
    page.get_by_role("heading", name="Explore").wait_for()
    wait_ready(page)
    assert "measure=nondisclosure_orders" in page.url and page.get_by_role("radio", name="Over time").is_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_map_the_class_of_the_most_stands_out_most(open_page, visit, scheme):
    page = visit(open_page(color_scheme=scheme), "/explore?shape=map&reporter=google")
    classes = page.evaluate("document.querySelector('.js-plotly-plot').data.map(trace => trace.colorscale[0][1])")
    contrasts = [colours.contrast(colour, {"light": "#ffffff", "dark": "#13191f"}[scheme]) for colour in classes]
    assert len(contrasts) > 3 and contrasts == sorted(contrasts)


def test_two_tabs_do_not_disturb_each_other(open_page, visit, wait_ready):
    first, second = visit(open_page(), "/explore?reporter=google"), visit(open_page(), "/explore?reporter=apple&type=device")
    first.locator('[data-testid="stRadio"] label').filter(has_text="Table").click()
    first.wait_for_url("**shape=table**")
    wait_ready(first)
    assert "shape" not in second.url
    assert second.get_by_role("heading", level=2).first.inner_text().startswith("Requests: Device, Apple")
