"""Bringing a report in a real Chromium: a good file, a bad one, a foreign one; used, kept, found again after a restart, deleted."""

import contextlib
import os
import re
import socket
import subprocess
import sys

import pytest
import python_calamine

from tests.browser.conftest import LISTENING

pytestmark = pytest.mark.browser
PlaywrightTimeout = pytest.importorskip("playwright.sync_api").TimeoutError

GOOD = (
    "Period Ending,Country/Region,CLDR Territory Code,Legal Process,User Data Requests,Percentage disclosed,Accounts\n"
    "2031-06-30,Germany,DE,Legal Requests,1234,64,2000\n"
)
FOREIGN = "Land;Zeitraum;Anfragen\nDeutschland;1. Halbjahr 2023;1.234\nFrankreich;1. Halbjahr 2023;987\nBelgim;1. Halbjahr 2023;12\n"
OUTCOME = re.compile("Ready|Answers are missing|Not taken in")
BAD = "a,b\n1,2,3\n"
IMAGE = "![x](http://example.org/x.png)"
HOSTILE = (
    f'Country,Period,Type,Requests,{IMAGE}\n"<img src=http://example.org/x.png>",2020 H1,{IMAGE},5,64%\n"=cmd|calc",2020 H1,warrants,6,32%\n'
    f"{IMAGE},2020 H1,warrants,6,32%\nGermany,2020 H1,warrants,7,8%\nFrance,2020 H1,warrants,7,9%\nItaly,2020 H1,subpoenas,1,2%\n"
)


@pytest.fixture
def bring(visit, wait_ready):
    """Opens the page and drops a file on it."""

    def brought(page, name: str, text: str):
        visit(page, "/bring")
        page.set_input_files('input[type="file"]', {"name": name, "mimeType": "text/csv", "buffer": text.encode()})
        page.get_by_text(OUTCOME).first.wait_for()
        wait_ready(page)
        return page

    return brought


@pytest.fixture
def audit(axe, in_theme):
    """What the audit finds on a page in either theme; afterwards it is light again."""

    def found(page):
        violations = [*axe(page), *axe(in_theme(page, "dark"), of_colours=True)]
        in_theme(page, "light")
        return violations

    return found


def test_a_known_layout_needs_no_question_and_is_on_every_page_once_used_of_this_visitor_alone(open_page, bring, visit, wait_ready, audit):
    page = bring(open_page(color_scheme="light"), "google-global-user-data-requests.csv", GOOD)
    audits = {"asked": audit(page)}
    assert page.get_by_text("Read as").inner_text().startswith("Read as Google")
    page.get_by_text("I have read the warnings and agree to them").click()
    wait_ready(page)
    page.get_by_role("button", name="Use it in this session").click()
    page.get_by_text("It is on every page now").wait_for()
    page.get_by_text("In this session only").wait_for()
    page.get_by_role("button", name="Use it in this session").wait_for(state="detached")
    for name in ("Bring a report", "Explore", "Make a figure", "Overview", "Sources"):
        page.get_by_role("link", name=name, exact=True).first.click()
        page.get_by_role("link", name=name, exact=True).and_(page.locator("[aria-current=page]")).wait_for()
        wait_ready(page)
        audits[name] = audit(page)
    page.get_by_role("heading", name="Sources").wait_for()
    assert not any(audits.values()), audits
    other = visit(open_page(), "/bring")
    assert other.get_by_text("In this session only").count() == 0


def choose(page, label: str, option: str):
    """Chooses an option of a list; while what surrounds it still unfolds, a list closes again at once."""
    for _ in range(10):
        page.get_by_role("combobox", name=label, exact=True).click()
        with contextlib.suppress(PlaywrightTimeout):
            page.get_by_role("option", name=option, exact=True).click(timeout=1000)
            return
    raise AssertionError(f"“{label}” offers no “{option}”")


def answer(page, wait_ready):
    """Answers what is asked of the foreign file, and says which country the name is that none has."""
    page.get_by_label("Who published these counts?").fill("acme")
    page.get_by_text("1,234: the mark divides thousands").click()
    page.get_by_role("button", name="Use these answers").click()
    page.get_by_text("Answers are missing").wait_for(state="detached")
    wait_ready(page)
    names = page.get_by_text("Names that are no country we know (1)")
    names.click()
    choose(page, "“Belgim” is", "Belgium")
    page.get_by_role("button", name="Read them so").click()
    names.wait_for(state="detached")
    wait_ready(page)


def test_a_foreign_layout_is_asked_about_and_a_column_is_corrected_with_the_effect_seen_at_once(page, bring, wait_ready, audit):
    bring(page, "bericht.csv", FOREIGN)
    assert page.get_by_text("Answers are missing").is_visible()
    assert audit(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="The file with red cells").click()
    workbook = python_calamine.CalamineWorkbook.from_path(str(download.value.path()))
    assert workbook.sheet_names[0] == "Problems"
    assert any("Belgim" in str(cell) for row in workbook.get_sheet_by_index(0).to_python() for cell in row)
    page.set_viewport_size({"width": 390, "height": 844})
    wait_ready(page)
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollWidth <= 390")
    page.set_viewport_size({"width": 1280, "height": 900})
    wait_ready(page)
    answer(page, wait_ready)
    assert page.get_by_text("3 numbers of Acme").is_visible()
    assert page.get_by_role("button", name="Use it in this session").count() == 1
    assert page.get_by_text("for 3 requesters: requests").is_visible()
    page.get_by_text("Correct a column").click()
    choose(page, "Column", "Anfragen")
    # What only a column of figures is asked.
    page.get_by_role("combobox", name="Authority").wait_for()
    wait_ready(page)
    choose(page, "Holds", "a count: accounts specified")
    wait_ready(page)
    page.get_by_role("button", name="Correct it").click()
    page.get_by_text("for 3 requesters: accounts specified").wait_for()
    wait_ready(page)
    page.get_by_role("button", name="Take the correction back").click()
    page.get_by_text("for 3 requesters: requests").wait_for()


def test_bad_files_are_told_in_words_one_after_another_and_nothing_is_taken_in(page, visit, wait_ready):
    visit(page, "/bring")
    for name, text in {"broken.csv": BAD, "empty.csv": " \n", "page.csv": "<html><body>no table</body></html>"}.items():
        page.set_input_files('input[type="file"]', {"name": name, "mimeType": "text/csv", "buffer": text.encode()})
        page.locator("strong").get_by_text(name, exact=True).wait_for()
        wait_ready(page)
        assert page.get_by_text("Nothing is taken in").is_visible()
        assert page.get_by_role("button", name="Use it in this session").count() == 0


def test_no_markup_of_a_file_reaches_the_page(page, bring):
    bring(page, "report.csv", HOSTILE)
    # It is asked about, so that it stands in labels too.
    page.get_by_role("button", name="Use these answers").wait_for()
    assert page.get_by_text("example.org").count() > 3
    assert page.locator('img[src*="example.org"]').count() == 0


@pytest.fixture
def started(tmp_path):
    """Starts a server with a workspace of its own, again and again at one address, and kills it."""
    environment = os.environ | {"TRANSPARENCY_DATA": str(tmp_path / "kept")}
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])

    @contextlib.contextmanager
    def serving():
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard.cli", "serve", "--port", port], stdout=subprocess.PIPE, text=True, env=environment
        )
        try:
            yield process.stdout.readline().split()[1]
        finally:
            process.kill()
            process.wait()

    return serving


def drop(page, name: str, text: str, wait_ready):
    page.set_input_files('input[type="file"]', {"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    page.get_by_text(OUTCOME).first.wait_for()
    wait_ready(page)


@pytest.fixture
def tab_kept(browser):
    """A tab that stays open while its server ends and another begins, which then sees a visitor that it does not know."""
    page = browser.new_page()
    page.add_init_script(LISTENING)
    page.set_default_timeout(60_000)
    yield page
    page.close()


def keep(page, wait_ready):
    page.get_by_role("button", name="Keep in workspace").click()
    page.get_by_text("Kept. It is on every page").wait_for()
    wait_ready(page)


def test_reports_and_corrections_are_kept_over_a_restart_and_a_report_is_deleted_for_good(
    tab_kept, tmp_path, visit, wait_ready, go_on, started
):
    page = tab_kept
    with started() as address:
        visit(page, f"{address}/bring")
        drop(page, "bericht.csv", FOREIGN, wait_ready)
        answer(page, wait_ready)
        keep(page, wait_ready)
        go_on(page, "/sources")
        go_on(page, "/bring")
        drop(page, "google-global-user-data-requests.csv", GOOD, wait_ready)
        page.get_by_text("I have read the warnings and agree to them").click()
        wait_ready(page)
        keep(page, wait_ready)
    with started() as address:
        page.context.clear_cookies()
        # The next edition of the layout is read with the corrections of the one before, or without.
        visit(page, f"{address}/bring")
        drop(page, "bericht.csv", FOREIGN.replace("1. Halbjahr 2023", "2. Halbjahr 2023"), wait_ready)
        assert page.get_by_text("Answers are missing").is_visible()
        page.get_by_role("button", name="This is a report of Acme again").click()
        page.get_by_text("Read with the answers and corrections").wait_for()
        wait_ready(page)
        assert page.get_by_text("3 numbers of Acme").is_visible()
        page.get_by_role("button", name="Read it without them").click()
        page.get_by_text("Answers are missing").wait_for()

        go_on(page, "/explore?reporter=google&requester=DEU&start=2031")
        page.get_by_role("heading", name="Requests, Google, Germany").wait_for()
        go_on(page, "/bring")
        page.get_by_text("Kept in the workspace").wait_for()
        kept = page.get_by_role("button", name="Delete", exact=True)
        delete = (
            page.get_by_test_id("stHorizontalBlock")
            .filter(has_text="google-global-user-data-requests.csv")
            .and_(page.get_by_test_id("stHorizontalBlock").filter(has=kept))
            .get_by_role("button", name="Delete", exact=True)
        )
        assert kept.count() == 2
        delete.click()
        page.get_by_text("Deleted. It can be brought back").wait_for()
        assert kept.count() == 1 and delete.count() == 0
        page.get_by_text("Deleted, and can be brought back (1)").click()
        page.get_by_role("button", name="Bring back").click()
        page.get_by_text("It is kept again.").wait_for()
        wait_ready(page)
        delete.click()
        page.get_by_text("Deleted. It can be brought back").wait_for()
        wait_ready(page)
        page.get_by_text("Deleted, and can be brought back (1)").click()
        page.get_by_role("button", name="Delete for good").click()
        page.get_by_text("Deleted for good; the file is gone").wait_for()
    files = [path.read_bytes() for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    assert any(FOREIGN.encode() in content for content in files) and not any(GOOD.encode() in content for content in files)
