"""Statements in a real Chromium: filtered, opened by their own address, followed along a chain; a claim of one's own."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_list_is_filtered_and_the_address_reopens_it(page, visit, wait_ready, open_page):
    visit(page, "/statements")
    count = page.get_by_text(re.compile(r"^\d+ of \d+ statements$"))
    everything = count.inner_text()
    page.get_by_label("Search", exact=True).fill("Microsoft 2,400")
    page.get_by_label("Search", exact=True).press("Enter")
    page.wait_for_url("**q=Microsoft**")
    wait_ready(page)
    assert count.inner_text() != everything
    other = visit(open_page(), page.url[page.url.index("/statements") :])
    assert other.get_by_text(re.compile(r"^\d+ of \d+ statements$")).inner_text() == count.inner_text()


def test_an_address_with_a_verdict_lists_only_what_has_it(page, visit):
    visit(page, "/statements?verdict=contradicted&side=press")
    cards = page.locator('[class*="st-key-statement-"]')
    assert cards.count() > 0
    assert all("Contradicted" in cards.nth(place).inner_text() for place in range(cards.count()))


def test_a_statement_opens_by_its_own_address_and_its_chain_leads_on(page, visit, wait_ready, axe):
    tabs = len(page.context.pages)
    visit(page, "/statements?statement=burt-written-2400-3500")
    assert page.get_by_text("7–10 × 365 = 2,555–3,650").first.is_visible()
    page.locator("summary", has_text="Who repeated it").click()
    page.locator("summary", has_text="Readings, arithmetic and cells").first.click()
    wait_ready(page)
    assert axe(page, ("critical", "serious", "moderate", "minor")) == [], "also with what was folded"
    page.get_by_role("link", name=re.compile("Alkawthar")).click()
    expect(page).to_have_title(re.compile("Alkawthar"))
    wait_ready(page)
    assert "statement=alkawthar-burt" in page.url and len(page.context.pages) == tabs
    assert page.get_by_text("Contradicted").first.is_visible()
    readings = page.locator("summary", has_text="Readings, arithmetic and cells").first
    readings.focus()
    page.keyboard.press("Enter")
    page.get_by_text("It rests on").first.wait_for()
    page.go_back()
    page.get_by_role("heading", level=1, name=re.compile("2,400 to 3,500 secrecy orders each year")).wait_for()


def test_back_and_forward_go_through_the_conditions_of_the_list(page, visit, wait_ready):
    visit(page, "/statements")
    page.get_by_role("button", name="All verdicts").click()
    for verdict in ("contradicted", "supported"):
        page.get_by_role("button", name=re.compile(verdict, re.IGNORECASE)).first.click()
        page.wait_for_url(f"**verdict={verdict}**")
        wait_ready(page)
    page.go_back()
    page.wait_for_url("**/statements?verdict=contradicted")
    page.wait_for_function(
        "() => ![...document.querySelectorAll('.stMarkdownBadge')].some(badge => badge.textContent.includes('Supported'))"
    )
    wait_ready(page)
    page.go_forward()
    page.wait_for_url("**verdict=supported**")


def test_a_claim_of_ones_own_is_typed_and_judged(page, visit, wait_ready):
    visit(page, "/check")
    page.get_by_label("The sentence").fill("Google got 46,572 requests from Germany in 2021")
    page.get_by_label("The sentence").press("Control+Enter")
    page.get_by_text("22,470 + 24,102 = 46,572").first.wait_for()
    wait_ready(page)
    assert page.get_by_text("Supported").first.is_visible()


def test_a_statement_listed_on_explore_leads_to_its_page(page, visit, wait_ready):
    tabs = len(page.context.pages)
    visit(page, "/explore?measure=nondisclosure_orders&reporter=microsoft")
    title = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("radio", name="Statements about these series").click()
    page.locator('[class*="st-key-statement-"]').get_by_role("link").first.click()
    page.get_by_role("heading", name="What the series say").wait_for()
    wait_ready(page)
    assert "/statements?statement=" in page.url and len(page.context.pages) == tabs
    page.go_back()
    page.get_by_role("heading", level=1, name=title).wait_for()
    wait_ready(page)
    assert "/explore?measure=nondisclosure_orders&reporter=microsoft" in page.url


def test_a_quote_in_another_script_is_drawn_with_fonts_that_we_ship(page, visit, go_on, subtests):
    visit(page, "/statements")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    for statement in ("mfa-q-zh", "haiwai-34m", "alkawthar-burt", "putin-2014"):
        with subtests.test(statement=statement):
            go_on(page, f"/statements?statement={statement}")
            assert statement in page.url and page.locator("h1").count() > 0
            page.evaluate("document.fonts.ready")
            root = session.send("DOM.getDocument")["root"]["nodeId"]
            quote = session.send("DOM.querySelector", {"nodeId": root, "selector": "h1"})["nodeId"]
            used = session.send("CSS.getPlatformFontsForNode", {"nodeId": quote})["fonts"]
            assert used and all(font["isCustomFont"] for font in used), used
