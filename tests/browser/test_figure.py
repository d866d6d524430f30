"""The page of figures in a real Chromium: each file that it saves is opened and checked, and a saved figure leads back to its view."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from urllib.parse import parse_qs, urlsplit

import pypdf
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from dashboard import catalog
from dashboard.figures import evidence
from dashboard.web import session

pytestmark = pytest.mark.browser

BAND = "/figure?measure=accounts_specified&reporter=microsoft&type=fisa_content"
PAGES = ["/figure", f"{BAND}&size=85mm&theme=dark", "/figure?shape=ranking&reporter=google&size=portrait&lang=de"]


@pytest.fixture
def shown(visit):
    """Opens a figure and waits until it is drawn."""

    def opened(page, path: str):
        visit(page, path)
        page.locator("img[data-ready=yes]").wait_for()
        return page

    return opened


@pytest.fixture
def saved():
    """Clicks a button and gives the bytes of the file that comes."""

    def bytes_of(page, label: str) -> bytes:
        with page.expect_download() as download:
            page.get_by_role("button", name=label, exact=True).click()
        assert re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{10}\.(outlined\.)?[a-z]+", download.value.suggested_filename)
        return download.value.path().read_bytes()

    return bytes_of


def verified(data: bytes) -> evidence.Finding:
    return evidence.verify(data, catalog.bundled(), table_of=session.bundled().complete)


def status(data: bytes) -> str:
    return verified(data).status


@pytest.mark.parametrize(
    ("more", "pixels"),
    [
        ("", (1200, 675)),
        ("&size=85mm&theme=dark", (1004, 1122)),
        ("&size=120x80mm@600&theme=transparent", (2835, 1890)),
        ("&size=333x257&lang=zh&statement=burt-written-2400-3500", (333, 257)),
    ],
)
def test_a_png_has_exactly_its_pixels_its_description_and_sound_evidence(page, shown, saved, more, pixels):
    shown(page, BAND + more)
    data = saved(page, "Save PNG")
    picture = Image.open(io.BytesIO(data))
    picture.load()
    assert picture.size == pixels
    assert picture.text["Description"] == page.locator("img[data-ready]").get_attribute("alt")
    assert status(data) == "current"
    assert json.loads(picture.text[evidence.NAME])["rest"].strip("0"), "the pixels are not hashed"
    assert (picture.getpixel((0, 0))[3] == 0) == ("transparent" in more)
    assert len(set(picture.convert("RGB").resize((60, 40)).getdata())) > 20, "nothing is drawn"


def test_a_png_without_https_is_hashed_all_the_same_and_a_changed_pixel_is_told(page, shown, saved):
    page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    shown(page, BAND)
    data = saved(page, "Save PNG")
    picture = Image.open(io.BytesIO(data))
    assert json.loads(picture.text[evidence.NAME])["rest"].strip("0")
    assert status(data) == "current"

    picture.load()
    picture.putpixel((5, 5), (255, 0, 0))
    texts, changed = PngInfo(), io.BytesIO()
    texts.add_itxt(evidence.NAME, picture.text[evidence.NAME])
    picture.save(changed, "PNG", pnginfo=texts)
    assert status(changed.getvalue()) == "altered"


def test_an_svg_has_selectable_text_in_its_own_letters_and_its_size_in_millimetres(page, shown, saved):
    shown(page, f"{BAND}&size=85mm&title=A+%26+B+<b>c</b>")
    data = saved(page, "Save SVG")
    text = data.decode()
    assert 'width="85mm" height="95mm"' in text
    assert ">A &amp; B &lt;b&gt;c&lt;/b&gt;<" in text and "<text" in text
    assert "font-family:'Source Sans'" in text and "src:url(data:font/woff;base64," in text
    families = {family.replace('"', "'") for family in re.findall(r"font-family: ([^;]*);", text.replace("&quot;", "'"))}
    assert families == {"'Source Sans', 'Noto Sans SC', sans-serif"}
    assert page.locator("img[data-ready]").get_attribute("alt") in re.search(r"<desc>(.*?)</desc>", text)[1].replace("&amp;", "&").replace(
        "&lt;", "<"
    ).replace("&gt;", ">")
    assert status(data) == "current"
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"|https?://www\.w3\.org/[\w/]*', "", text.split("<metadata")[0])


def test_the_preview_is_the_saved_drawing(page, shown, saved):
    shown(page, f"{BAND}&theme=dark")
    preview = page.locator("img[data-ready]").evaluate("async picture => await (await fetch(picture.src)).text()")
    data = saved(page, "Save SVG, letters as shapes").decode()
    assert "<text" not in data
    assert preview.split("<metadata")[0] == data.split("<metadata")[0]
    assert status(data.encode()) == "current" == status(preview.encode())


def test_a_pdf_has_its_page_in_millimetres_and_only_our_fonts(page, shown, saved):
    from pypdf import PdfReader

    shown(page, f"{BAND}&size=170mm")
    data = saved(page, "Save PDF")
    sheet = PdfReader(io.BytesIO(data)).pages[0]
    assert [float(side) * 25.4 / 72 for side in sheet.mediabox[2:]] == pytest.approx([170, 115], abs=0.01)
    assert all("SourceSans3" in font.get_object()["/BaseFont"] for font in sheet["/Resources"]["/Font"].values())
    assert "FISA" in sheet.extract_text()
    assert status(data) == "current"


def test_a_page_that_asks_nothing_of_any_other_place_data_and_everything_as_one_zip_are_saved(browser, page, shown, saved, tmp_path):
    shown(page, BAND)
    html = saved(page, "Save HTML")
    assert status(html) == "current"
    rows = list(csv.DictReader(io.StringIO(saved(page, "Save data, CSV").decode("utf-8-sig"))))
    assert rows and all(row["document"] and row["cell"] for row in rows)
    assert saved(page, "Save data, XLSX").startswith(b"PK")
    with zipfile.ZipFile(io.BytesIO(saved(page, "Save everything (zip)"))) as archive:
        names = set(archive.namelist())
        pictures = {f"figure.{kind}" for kind in ("png", "svg", "outlined.svg", "pdf", "html")}
        assert (
            pictures
            | {"data.csv", "data.xlsx", "description.txt", "notes.txt", "citations.bib", "citations.json", "citations.txt", "wikimedia.txt"}
            == names
        )
        assert {name: status(archive.read(name)) for name in pictures} == dict.fromkeys(pictures, "current")
        assert archive.read("description.txt").decode() == page.locator("img[data-ready]").get_attribute("alt")

    file = tmp_path / "figure.html"
    file.write_bytes(html)
    requests, other = [], browser.new_page()
    other.on("request", lambda request: requests.append(request.url))
    other.goto(file.as_uri())
    other.locator(".main-svg").first.wait_for()
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert other.get_by_text("Share").count() == 0
    other.close()


def test_figures_are_collected_into_a_brief_with_one_list_of_sources(page, shown, saved, wait_ready):
    shown(page, "/figure?reporter=google")
    page.get_by_role("button", name="Add to a brief").click()
    page.get_by_role("heading", name="The brief (1)").wait_for()
    wait_ready(page)
    assert page.get_by_text("It is number 1 of the brief below.").is_visible()
    # To another figure within the site, as a session ends with its page.
    page.get_by_role("link", name="Choose what it shows in Explore").click()
    page.get_by_role("radio", name="Ranking").click()
    page.wait_for_url("**shape=ranking**")
    wait_ready(page)
    page.locator('[data-testid="stMain"]').get_by_role("link", name="Make a figure").click()
    page.locator("img[data-ready=yes]").wait_for()
    wait_ready(page)
    page.get_by_role("button", name="Add to a brief").click()
    page.get_by_role("heading", name="The brief (2)").wait_for()
    wait_ready(page)
    with zipfile.ZipFile(io.BytesIO(saved(page, "Save the brief, zip"))) as archive:
        names = archive.namelist()
        sources = archive.read("sources.bib").decode()
    assert {"01/figure.png", "01/figure.svg", "01/figure.pdf", "02/figure.png", "02/data.csv", "sources.txt"} <= set(names)
    keys = re.findall(r"@\w+{([^,]+),", sources)
    assert keys and len(keys) == len(set(keys))
    assert len(pypdf.PdfReader(io.BytesIO(saved(page, "Save the brief, PDF"))).pages) >= 3
    page.get_by_role("button", name="Take out").first.click()
    page.get_by_role("heading", name="The brief (1)").wait_for()


def test_a_description_of_ones_own_is_in_the_file(page, shown, saved, wait_ready):
    shown(page, BAND)
    page.get_by_label("The figure in words").fill("My own <words> & more.")
    page.get_by_role("heading", name="Make a figure").click()
    page.wait_for_url("**alt=**")
    page.locator("img[alt^='My own']").wait_for()
    wait_ready(page)
    assert Image.open(io.BytesIO(saved(page, "Save PNG"))).text["Description"] == "My own <words> & more."


def test_a_saved_figure_of_every_kind_is_recognised_and_reopens_its_view(page, shown, saved, wait_ready):
    path = f"{BAND}&start=2013&end=2016&size=square&theme=dark&lang=de&title=Mein+Titel&byline=Ich"
    shown(page, path)
    files = {kind: saved(page, f"Save {kind}") for kind in ("PNG", "SVG", "PDF", "HTML")}
    alt = page.locator("img[data-ready]").get_attribute("alt")
    link, addresses = page.get_by_role("link", name="Open this figure"), set()
    for kind, data in files.items():
        file = {"name": f"x.{kind.lower()}", "mimeType": "application/octet-stream", "buffer": data}
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_text("Every number of the figure stands today").wait_for()
        addresses.add(link.get_attribute("href"))
        wait_ready(page)
        # What was found in one file goes with it, so that the next is seen to be found by itself.
        page.get_by_role("button", name="Remove").click()
        link.wait_for(state="detached")
    (address,) = addresses
    assert parse_qs(urlsplit(address).query) == parse_qs(urlsplit(path).query)
    shown(page, address)
    assert page.locator("img[data-ready]").get_attribute("alt") == alt
    assert page.get_by_label("Title", exact=True).input_value() == "Mein Titel"


def test_a_control_changes_the_figure_and_the_address_and_the_address_reopens_it(page, shown, wait_ready, open_page):
    shown(page, BAND)
    page.get_by_label("Title", exact=True).fill("Another title")
    page.keyboard.press("Enter")
    page.wait_for_url("**title=Another**")
    wait_ready(page)
    other = shown(open_page(), page.url[page.url.index("/figure") :])
    assert other.get_by_label("Title", exact=True).input_value() == "Another title"
    assert other.locator("img[data-ready]").get_attribute("alt") == page.locator("img[data-ready]").get_attribute("alt")
    assert "Another title" in other.locator("img[data-ready]").get_attribute("alt")


def test_a_map_is_drawn_and_saved(page, shown, saved):
    shown(page, "/figure?shape=map&reporter=google")
    data = saved(page, "Save SVG")
    assert data.count(b'class="choroplethlayer"') == 1 and data.count(b"<path") > 100
    assert status(data) == "current"
    assert status(saved(page, "Save PNG")) == "current"


@pytest.mark.parametrize("path", PAGES)
def test_the_audit_finds_nothing_in_either_theme_and_nothing_sticks_out_of_a_narrow_window(page, shown, in_theme, wait_ready, axe, path):
    shown(page, path)
    # Unfolded it has a long list of documents, which scrolls.
    page.get_by_text("How to cite it").click()
    page.get_by_text("The documents in it").wait_for()
    wait_ready(page)
    assert axe(page, ("critical", "serious", "moderate", "minor")) == []
    assert axe(in_theme(page, "dark"), ("critical", "serious", "moderate", "minor"), of_colours=True) == []
    page.set_viewport_size({"width": 390, "height": 844})
    wait_ready(page)
    _assert_narrow(page)


def test_on_a_telephone_nothing_sticks_out(narrow_page, shown):
    _assert_narrow(shown(narrow_page, PAGES[0]))


def _assert_narrow(page) -> None:
    page.wait_for_function(
        "() => Math.max(document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]').scrollWidth) <= 390"
    )
    assert page.locator("img[data-ready]").bounding_box()["width"] <= 390


def test_the_dashboard_also_runs_under_streamlit_run_and_a_figure_is_drawn_and_saved_there(visits, streamlit_run, visit, shown, saved):
    here = visits(streamlit_run)
    page = visit(here.page())
    assert page.locator("h1").count() == 1
    assert page.evaluate("async () => (await fetch('app/static/topojson/world_50m.json')).status") == 200
    shown(page, BAND)
    assert status(saved(page, "Save PNG")) == "current"
    assert here.outside() == []


def test_two_visitors_get_their_own_files(open_page, shown, saved):
    first, second = shown(open_page(), f"{BAND}&byline=One"), shown(open_page(), f"{BAND}&byline=Two")
    for page, own in ((first, "One"), (second, "Two")):
        with zipfile.ZipFile(io.BytesIO(saved(page, "Save everything (zip)"))) as archive:
            record = verified(archive.read("figure.pdf")).record
        assert parse_qs(record["figure"])["byline"] == [own]
