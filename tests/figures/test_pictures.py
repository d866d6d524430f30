"""Pictures: exact sizes, our letters in every kind of file, many at once and none wrong, and nothing that runs or loads."""

import functools
import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader

from dashboard import figures
from dashboard.analysis.views import View
from dashboard.display import fonts as lettering
from dashboard.figures import Figure, Size, Unfit, evidence, pictures
from dashboard.reports import figure_records

VIEW = View()
SMALL = View(reporter=("google",), requester=("DEU",))


@pytest.fixture(scope="module")
def draw(bundle, table):
    """Draw a figure of a view, each once."""
    return functools.cache(lambda view=VIEW, **more: figures.draw(Figure(view, **more), bundle, table=table))


@pytest.fixture(scope="module")
def small_record(draw, bundle, table):
    """The record of the small figure."""
    return evidence.record(draw(SMALL), bundle, table=table)


@pytest.fixture(scope="module")
def save(bundle, table, draw, saves_pictures):
    """Save a figure as a kind of file with the real Chromium."""
    return lambda kind, view=VIEW, outlined=False, **more: pictures.saved(draw(view, **more), kind, bundle, table=table, outlined=outlined)


needs_browser = pytest.mark.browser


@needs_browser
@pytest.mark.parametrize("size", ["article", "85mm", "1001x701", "333x777", "85mm@150", "120.5x80mm@600", "2000x500"])
def test_a_png_has_exactly_the_pixels_asked_for(save, size):
    picture = Image.open(io.BytesIO(save("png", SMALL, size=size)))
    assert picture.size == Size.parse(size).pixels
    assert picture.info["dpi"][0] == pytest.approx(Size.parse(size).dpi, rel=0.01)


@needs_browser
@pytest.mark.parametrize(
    ("size", "across", "down"), [("85mm", 85, 95), ("170mm", 170, 115), ("120.5x80mm@600", 120.5, 80), ("article", 317.5, 178.594)]
)
def test_a_pdf_has_exactly_the_millimetres_asked_for(save, size, across, down):
    page = PdfReader(io.BytesIO(save("pdf", SMALL, size=size))).pages[0]
    assert float(page.mediabox.width) / 72 * 25.4 == pytest.approx(across, abs=0.01)
    assert float(page.mediabox.height) / 72 * 25.4 == pytest.approx(down, abs=0.01)


@needs_browser
def test_an_svg_says_its_millimetres(save):
    text = save("svg", SMALL, size="85mm").decode()
    assert re.match(r'<svg [^>]*width="85mm" height="95mm"', text)


@needs_browser
@pytest.mark.parametrize("kind", pictures.KINDS)
@pytest.mark.parametrize("theme", ["light", "transparent-dark"])
def test_from_file_to_view_and_back(save, draw, bundle, table, kind, theme):
    found = evidence.verify(save(kind, theme=theme, size="170mm", lang="fr"), bundle, table_of=lambda day: table)
    assert found.status == "current"
    assert found.figure == draw(theme=theme, size="170mm", lang="fr").request


@needs_browser
def test_an_svg_carries_our_letters_and_names_them(save):
    text = save("svg").decode()
    families = set(re.findall(r"font-family: ?([^;\"]+)", re.sub(r"<style>.*?</style>", "", text)))
    assert families and all(family.replace("'", "").startswith(lettering.LATIN) for family in families)
    assert re.findall(r"@font-face\{font-family:'([^']+)'", text) == [lettering.LATIN, lettering.LATIN]
    assert ">Requests, United States<" in text


@needs_browser
def test_an_svg_in_outlines_has_shapes_for_letters_and_no_font(save):
    text = save("svg", outlined=True).decode()
    assert "<text" not in text and "@font-face" not in text
    assert text.count("<path") > 200
    assert "<desc>" in text


@needs_browser
def test_a_pdf_is_tagged_as_one_figure_with_its_description(save, draw):
    reader = PdfReader(io.BytesIO(save("pdf", size="170mm", lang="fr")))
    root = reader.trailer["/Root"]
    (document,) = root["/StructTreeRoot"]["/K"]
    (figure,) = document.get_object()["/K"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "fr" and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert figure.get_object()["/S"] == "/Figure" and figure.get_object()["/Alt"] == draw(size="170mm", lang="fr").alt
    assert root["/StructTreeRoot"]["/ParentTree"]["/Nums"][1][0] == figure
    content = reader.pages[0].get_contents().get_data()
    assert content.startswith(b"/Figure <</MCID 0>> BDC") and content.endswith(b"EMC")


@pytest.mark.parametrize(
    ("lang", "names"),
    [
        ("de", {"SourceSans3-Regular", "SourceSans3-Semibold"}),
        ("zh", {"SourceSans3-Regular", "SourceSans3-Semibold", "NotoSansSC-Regular"}),
    ],
)
def test_a_pdf_has_our_fonts_in_it_and_no_other(save, lang, names):
    page = PdfReader(io.BytesIO(save("pdf", lang=lang))).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert {font["/BaseFont"].lstrip("/").partition("+")[2] for font in fonts} == names
    for font in fonts:
        assert "/FontFile2" in font["/FontDescriptor"]


@needs_browser
def test_a_pdf_draws_nothing_that_cannot_be_seen(save):
    # Only the points to be pointed at are round: lines and grid have no curve, and letters are of fonts.
    assert not re.search(rb" c\s", PdfReader(io.BytesIO(save("pdf"))).pages[0].get_contents().get_data())


@needs_browser
def test_the_text_of_a_pdf_can_be_read_out(save):
    text = PdfReader(io.BytesIO(save("pdf"))).pages[0].extract_text()
    assert "Requests, United States" in text and "Source: Google" in text


@needs_browser
@pytest.mark.parametrize("text", ["Gag orders by quarter, fully", "请求数据"])
def test_a_png_is_set_in_our_letters(save, text):
    ours, theirs = (_match(save("png", SMALL, title=text, size="article"), text, font) for font in (_ours(text), _other()))
    assert ours > 0.75
    assert ours > theirs + 0.15


@needs_browser
def test_of_figures_drawn_at_once_none_is_another_s(save, draw, bundle, table):
    places = ("USA", "DEU", "FRA", "GBR")
    drawings = [draw(View(requester=(place,)), size="640x480") for place in places]
    gate = threading.Barrier(len(drawings))

    def together(drawing):
        gate.wait(30)
        return pictures.saved(drawing, "png", bundle, table=table)

    with ThreadPoolExecutor(len(drawings)) as pool:
        at_once = list(pool.map(together, drawings))
    one_by_one = [pictures.saved(drawing, "png", bundle, table=table) for drawing in drawings]
    assert [_pixels(data) for data in at_once] == [_pixels(data) for data in one_by_one]
    for data, drawing in zip(at_once, drawings, strict=True):
        assert evidence.verify(data, bundle, table_of=lambda day: table).figure == drawing.request


@needs_browser
def test_the_same_figure_is_the_same_picture_each_time(save, draw):
    drawing = draw(lang="zh", size="85mm")
    assert len({pictures.browser().png(drawing) for _ in range(4)}) == 1


@needs_browser
def test_a_map_is_drawn_with_outlines_of_our_own(save):
    text = save("svg", View(shape="map", of="google")).decode()
    assert text.count("choroplethlayer") or text.count("<path") > 150


@needs_browser
def test_a_browser_that_died_is_opened_again(save, draw):
    pictures.browser().close()
    assert pictures.browser().png(draw(SMALL)).startswith(b"\x89PNG")


@needs_browser
@pytest.mark.parametrize("title", ["<script>alert(1)</script> & </metadata>", "$a$ ]]>", "\u202eשלום"])
def test_a_hostile_title_runs_nothing(save, bundle, table, title):
    svg, page = save("svg", SMALL, title=title).decode(), save("html", SMALL, title=title).decode()
    assert "<script" not in svg and svg.count("</metadata>") == 1
    assert "<script>alert" not in page
    assert {evidence.verify(text.encode(), bundle, table_of=lambda day: table).status for text in (svg, page)} == {"current"}


@needs_browser
def test_letters_that_a_pdf_cannot_have_are_named(save):
    with pytest.raises(Unfit, match="The fonts of a PDF lack these letters of the figure: ש ל ו ם"):
        save("pdf", SMALL, title="שלום")


@needs_browser
def test_a_page_asks_for_nothing_and_draws(save, tmp_path, chromium):
    playwright = pytest.importorskip("playwright.sync_api")
    file = tmp_path / "figure.html"
    file.write_bytes(save("html", View(shape="map", of="google")))
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_page()
        asked, complaints = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(file.as_uri())
        page.wait_for_selector("#figure .choroplethlayer path", state="attached")
        label = page.locator("figure").get_attribute("aria-label")
        cloud = page.get_by_text("Share chart").count()
        rows = page.locator("details tbody tr").count()
        browser.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert (complaints, cloud) == ([], 0)
    assert "India" in label and rows > 50


def test_a_page_needs_no_browser_and_holds_the_table(draw, bundle, table):
    drawing = draw(SMALL, lang="de")
    text = pictures.saved(drawing, "html", bundle, table=table).decode()
    assert text.count("<tr>") == len(drawing.rows) + 1
    assert "Dasselbe als Tabelle" in text and "default-src 'none'" in text
    assert '"showSendToCloud": false' in text


@pytest.mark.parametrize("kind", ["gif", "exe", ""])
def test_another_kind_is_a_sentence(draw, bundle, table, kind):
    with pytest.raises(Unfit, match="choose png, svg, pdf, html"):
        pictures.saved(draw(SMALL), kind, bundle, table=table)


def test_without_a_browser_the_sentence_says_what_to_do(draw, monkeypatch):
    monkeypatch.setattr(pictures, "find_spec", lambda name: None)
    with pytest.raises(pictures.NoBrowser, match="HTML needs neither"):
        pictures.Browser().png(draw(SMALL))


def test_without_chromium_the_sentence_says_so(draw, monkeypatch):
    pytest.importorskip("kaleido")
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    with pytest.raises(pictures.NoBrowser, match="Chrom"):
        pictures.Browser().png(draw(SMALL))


def test_a_picture_of_another_size_is_refused(draw, small_record):
    other = io.BytesIO()
    Image.new("RGB", (1200, 674)).save(other, "PNG")
    with pytest.raises(Unfit, match="1,200 × 674 pixels where 1,200 × 675 were asked for"):
        pictures.finished_png(other.getvalue(), draw(SMALL), small_record)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<g onload="alert(1)"><path d="M0 0"/></g>',
        '<image href="http://x.example/a.png"/>',
        '<use href="http://x.example/a.svg#b"/>',
        '<path style="fill: url(http://x.example/a)" d="M0 0"/>',
        "<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' src='http://x.example'/></foreignObject>",
        '<a href="javascript:alert(1)"><text>x</text></a>',
        "<style>@import url(http://x.example/a.css)</style>",
        '<set attributeName="href" to="http://x.example"/>',
    ],
)
def test_what_a_browser_sends_back_is_cleaned(draw, small_record, inside):
    drawing = draw(SMALL)
    sent = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}<text x="1" y="9">kept</text></svg>'
    text = pictures.finished_svg(sent.encode(), drawing, small_record).decode()
    assert not re.search(r"x\.example|alert|javascript|onload|iframe|<script|<image", text.split("<metadata")[0].replace(drawing.alt, ""))
    assert ">kept<" in text


@pytest.mark.parametrize(
    "sent",
    [b"", b"hello", b"<html/>", b"<svg", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg>&e;</svg>', b"\x00" * 40],
)
def test_what_is_no_svg_is_refused(draw, small_record, sent):
    with pytest.raises(Unfit, match="The browser sent no"):
        pictures.finished_svg(sent, draw(SMALL), small_record)


def test_a_browser_gets_all_that_it_needs(draw, bundle, table):
    drawing = draw(SMALL, size="85mm", lang="zh")
    told = pictures.for_browser(drawing, evidence.record(drawing, bundle, table=table))
    assert (told["pixels"], told["millimetres"], told["dpi"]) == ([1004, 1122], [85, 95], 300)
    assert figure_records.sound_record(told["record"])["title"] == drawing.figure.title
    texts = "".join(one.text for one in drawing.plotly.layout.annotations).replace("<br>", "")
    assert set(texts) <= set(told["letters"]["400"])
    assert told["fonts"].count("@font-face") == 3


def test_everything_in_one_file(draw, bundle, table):
    import zipfile

    drawing = draw(SMALL)
    page = pictures.saved(drawing, "html", bundle, table=table)
    archive = zipfile.ZipFile(io.BytesIO(pictures.everything(drawing, bundle, {"html": page}, table=table)))
    assert set(archive.namelist()) == {
        "figure.html",
        "data.csv",
        "notes.txt",
        "data.xlsx",
        "description.txt",
        "citations.txt",
        "citations.bib",
        "wikimedia.txt",
        "citations.json",
    }
    assert archive.read("figure.html") == page
    assert archive.read("data.csv").decode("utf-8-sig").count("\r\n") == len(drawing.rows) + 1


def _pixels(data: bytes) -> bytes:
    return Image.open(io.BytesIO(data)).convert("RGB").tobytes()


def _ours(text: str) -> Path:
    return lettering.FOLDER / ("NotoSansSC-Regular.ttf" if "请" in text else "SourceSans3-Semibold.ttf")


def _other() -> Path:
    found = [*Path("/usr/share/fonts").rglob("DejaVuSans-Bold.ttf")]
    if not found:
        pytest.skip("there is no other font here to compare with")
    return found[0]


def _match(data: bytes, text: str, font: Path) -> float:
    """How well the title of a picture is covered by the text set in a font: 1 where they are the same."""
    drawing_size = 13.5 * 1.35 * 5 / 3
    seen = 255 - np.asarray(Image.open(io.BytesIO(data)).convert("L"), dtype=float)[:90, :]
    face = ImageFont.truetype(str(font), size=drawing_size)
    left, top, right, bottom = face.getbbox(text)
    letters = Image.new("L", (int(right - left) + 2, int(bottom - top) + 2))
    ImageDraw.Draw(letters).text((1 - left, 1 - top), text, font=face, fill=255)
    wanted = np.asarray(letters, dtype=float)
    best = 0.0
    for y in range(max(1, seen.shape[0] - wanted.shape[0])):
        for x in range(15, 35):
            part = seen[y : y + wanted.shape[0], x : x + wanted.shape[1]]
            if part.shape == wanted.shape and part.any():
                best = max(best, float((part * wanted).sum() / np.sqrt((part**2).sum() * (wanted**2).sum())))
    return best
