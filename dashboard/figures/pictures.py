"""Pictures: a drawn figure as a file, PNG, SVG, PDF or HTML, with our letters, its description and its evidence in it.

PNG and SVG need a browser, for Plotly draws in one: the visitor's own (`for_browser` gives it all it needs, `finished_png` and
`finished_svg` complete what it sends back), or Chromium on this machine, which `Browser` keeps open. A PDF is made from the SVG and HTML
from the figure, with no browser.
"""

from __future__ import annotations

import asyncio
import atexit
import html
import io
import json
import re
import threading
import zipfile
from concurrent.futures import TimeoutError as NotInTime
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode

import pandas as pd
import plotly.io
from lxml import etree

from dashboard.catalog.shipped import Catalog
from dashboard.display import charts, downloads
from dashboard.display import fonts as lettering
from dashboard.display.languages import Language
from dashboard.figures import CSS_PX_PER_INCH, POINTS_PER_INCH, Drawing, Unfit, citations, credentials, evidence
from dashboard.model.periods import Period
from dashboard.model.tables import OBSERVATION_COLUMNS

KINDS = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf", "html": "text/html"}
"""The kinds of file that a figure can be saved as, and their media types."""
SECONDS = 60
"""Within which the browser draws one figure, or is started anew."""
LARGEST_SVG = 20_000_000
"""Bytes of an SVG that is completed here."""
_SVG = "http://www.w3.org/2000/svg"


class NoBrowser(Unfit):
    """There is no Chromium here to draw a PNG, an SVG or a PDF with; the message says what to do."""


def saved(drawing: Drawing, kind: str, catalog: Catalog, *, table: pd.DataFrame | None = None, outlined: bool = False) -> bytes:
    """A drawing as a file of a kind, made on this machine."""
    if kind not in KINDS:
        raise Unfit(f"A figure cannot be saved as “{kind[:20]}”: choose {', '.join(KINDS)}.")
    record = evidence.record(drawing, catalog, table=table)
    if kind == "html":
        return page(drawing, record, catalog)
    record = evidence.of_our_drawing(record)
    if kind == "png":
        return credentials.with_credentials(finished_png(browser().png(drawing), drawing, record), drawing.figure.title or "")
    svg = browser().svg(drawing)
    return finished_svg(svg, drawing, record, outlined=outlined) if kind == "svg" else pdf(svg, drawing, record)


def data(drawing: Drawing, kind: str, catalog: Catalog) -> bytes:
    """The rows of a drawing, with their evidence, as `csv` or `xlsx`."""
    rows = drawing.rows[[column for column in [*OBSERVATION_COLUMNS, "derivation", "why"] if column in drawing.rows]]
    if drawing.upload:
        # The name of a file that its owner did not keep here is the owner's.
        rows = rows.assign(document="", cell="")
    if kind == "csv":
        return downloads.csv(downloads.rows_for_download(rows, catalog))
    view = dict(drawing.figure.view.query())
    return downloads.xlsx(rows, catalog, view | {"title": drawing.figure.title or "", "alt": drawing.alt})


def everything(
    drawing: Drawing, catalog: Catalog, files: dict[str, bytes], *, table: pd.DataFrame | None = None, address: str = ""
) -> bytes:
    """A zip of the pictures that were made, by their kinds, with the data, the description and the citations beside them."""
    names = Language("en", catalog)
    cited = citations.all_of(drawing, catalog, names, table=table, address=address, made=datetime.now(UTC).date())
    contents = {f"figure.{kind}": content for kind, content in files.items()} | {
        "data.csv": data(drawing, "csv", catalog),
        "data.xlsx": data(drawing, "xlsx", catalog),
        "description.txt": drawing.alt.encode("utf-8"),
        "notes.txt": "\n".join(drawing.notes).encode("utf-8"),
        "wikimedia.txt": citations.wikimedia(drawing, cited[1:], made=datetime.now(UTC).date()).encode("utf-8"),
        "citations.txt": "\n\n".join(one.long for one in cited).encode("utf-8"),
        "citations.bib": "\n".join(one.bibtex for one in cited).encode("utf-8"),
        "citations.json": json.dumps([one.csl for one in cited], ensure_ascii=False, indent=1).encode("utf-8"),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return target.getvalue()


def for_browser(drawing: Drawing, catalog: Catalog, *, table: pd.DataFrame | None = None, record: dict | None = None) -> dict:
    """All that a visitor's browser needs to make the files itself, as plain values.

    `plotly` is drawn at `width` × `height`, with `fonts` in a `<style>` of the page and loaded. `Plotly.toImage` gives the SVG. For a
    PNG, `outlinedLetters(svg, letters)` of `static/figures/outlines.js` turns its texts into shapes before it is drawn on a canvas of
    `pixels`: a picture of an SVG does not wait for fonts. `record` is what `evidence` puts into the file (`record`, where it is at hand), `alt` its description.
    """
    width, height = drawing.size.layout
    texts = _letters(drawing)
    return {
        "plotly": json.loads(drawing.plotly.to_json()),
        "width": width,
        "height": height,
        "pixels": list(drawing.size.pixels),
        "millimetres": list(drawing.size.millimetres),
        "dpi": drawing.size.dpi if drawing.size.unit == "mm" else CSS_PX_PER_INCH,
        "fonts": lettering.embedded(texts),
        "letters": lettering.shapes(texts),
        "record": evidence.text_of(record or evidence.record(drawing, catalog, table=table)),
        "mark": evidence.NAME,
        "alt": drawing.alt,
        "title": drawing.figure.title,
        "query": urlencode(drawing.figure.query()),
        "config": charts.CONFIG,
    }


def finished_png(data: bytes, drawing: Drawing, record: dict) -> bytes:
    """A PNG as a browser drew it, with description, resolution and record. Raises `Unfit` where it has not the size that was asked for."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 24:
        raise Unfit("The browser sent no PNG.")
    there = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if there != drawing.size.pixels:
        raise Unfit(
            f"The browser drew {there[0]:,} × {there[1]:,} pixels where {drawing.size.pixels[0]:,} × {drawing.size.pixels[1]:,} were asked for."
        )
    return evidence.into_png(data, record, alt=drawing.alt, dpi=drawing.size.dpi)


def finished_svg(data: bytes, drawing: Drawing, record: dict, *, outlined: bool = False) -> bytes:
    """An SVG as a browser drew it, at its exact size, with our letters in it (or as outlines), title, description and record."""
    root = _cleaned(data)
    size = drawing.size
    (width, height), (shown_width, shown_height) = size.layout, (size.width, size.height)
    root.set("width", f"{shown_width:g}{'mm' if size.unit == 'mm' else ''}")
    root.set("height", f"{shown_height:g}{'mm' if size.unit == 'mm' else ''}")
    root.set("viewBox", f"0 0 {width:.3f} {height:.3f}")
    root.set("role", "img")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", drawing.figure.lang)
    letters = "".join(text for element in root.iter(f"{{{_SVG}}}text") for text in element.itertext())
    if outlined:
        for element in list(root.iter(f"{{{_SVG}}}text")):
            _outline(element)
    head = [_element("title", drawing.figure.title or ""), _element("desc", drawing.alt)]
    if not outlined:
        head.append(_element("style", lettering.embedded(letters)))
    for index, element in enumerate(head):
        root.insert(index, element)
    text = etree.tostring(root, encoding="unicode")
    closing = text.rindex("</svg>")
    text = text[:closing] + evidence.room(record, "svg") + text[closing:]
    return evidence.into_text(text.encode("utf-8"), record)


def pdf(svg: bytes, drawing: Drawing, record: dict) -> bytes:
    """A PDF made from the SVG: vectors and text in our fonts on a page of the exact size, with title, description and record."""
    # Read here and not above, for they are slow to load and only a PDF needs them.
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DecodedStreamObject, NameObject, TextStringObject
    from reportlab.graphics import renderPDF
    from reportlab.pdfgen.canvas import Canvas
    from svglib.svglib import SvgRenderer

    if lacking := lettering.missing("".join(text for element in _cleaned(svg).iter(f"{{{_SVG}}}text") for text in element.itertext())):
        raise Unfit(f"The fonts of a PDF lack these letters of the figure: {' '.join(lacking[:8])}. Save it as PNG or SVG, or reword it.")
    register_fonts()
    root = _for_print(_cleaned(svg))
    width, height = drawing.size.layout
    root.set("width", f"{width:.4f}")
    root.set("height", f"{height:.4f}")
    root.set("viewBox", f"0 0 {width:.4f} {height:.4f}")
    with _drawing_pdf:
        # svglib and reportlab keep their fonts and colours in the module, so one figure at a time.
        shapes = SvgRenderer("").render(root)
        target = io.BytesIO()
        across, down = (millimetres / 25.4 * POINTS_PER_INCH for millimetres in drawing.size.millimetres)
        canvas = Canvas(target, pagesize=(across, down), pageCompression=1, lang=drawing.figure.lang, initialFontName="SourceSans3-Regular")
        canvas.setTitle(drawing.figure.title or "")
        canvas.setAuthor(drawing.figure.byline or "")
        canvas.setSubject(drawing.alt)
        canvas.setCreator(record["with"])
        if drawing.plotly.layout.paper_bgcolor.startswith("#"):
            canvas.setFillColor(drawing.plotly.layout.paper_bgcolor)
            canvas.rect(-1, -1, across + 2, down + 2, stroke=0, fill=1)
        canvas.scale(across / shapes.width, down / shapes.height)
        renderPDF.draw(shapes, canvas, 0, 0)
        canvas.showPage()
        canvas.save()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(target.getvalue())))
    _without_helvetica(writer.pages[0])
    _tag(writer, drawing.alt)
    stream = DecodedStreamObject()
    stream.set_data(_xmp(drawing, record).encode("utf-8"))
    stream[NameObject("/Type")], stream[NameObject("/Subtype")] = NameObject("/Metadata"), NameObject("/XML")
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    writer.root_object[NameObject("/Lang")] = TextStringObject(drawing.figure.lang)
    out = io.BytesIO()
    writer.write(out)
    return evidence.into_text(out.getvalue(), record)


def _tag(writer, alt: str) -> None:
    # The whole page is one figure with its description, which those who do not see it are read: a tagged PDF.
    from pypdf.generic import (
        ArrayObject,
        BooleanObject,
        DecodedStreamObject,
        DictionaryObject,
        NameObject,
        NumberObject,
        TextStringObject,
    )

    def element(**entries) -> DictionaryObject:
        return DictionaryObject({NameObject(f"/{name}"): entry for name, entry in entries.items()})

    page, add = writer.pages[0], writer._add_object
    drawn = DecodedStreamObject()
    drawn.set_data(b"/Figure <</MCID 0>> BDC\n" + page.get_contents().get_data() + b"\nEMC")
    page[NameObject("/Contents")] = add(drawn.flate_encode())
    page[NameObject("/StructParents")] = NumberObject(0)
    tree, kind = element(Type=NameObject("/StructTreeRoot")), NameObject("/StructElem")
    root = add(tree)
    document = element(Type=kind, S=NameObject("/Document"), P=root)
    whole = add(document)
    box = element(O=NameObject("/Layout"), Placement=NameObject("/Block"), BBox=ArrayObject(page.mediabox))
    figure = add(
        element(
            Type=kind, S=NameObject("/Figure"), P=whole, Pg=page.indirect_reference, K=NumberObject(0), Alt=TextStringObject(alt), A=box
        )
    )
    document[NameObject("/K")], tree[NameObject("/K")] = ArrayObject([figure]), ArrayObject([whole])
    tree[NameObject("/ParentTree")] = add(element(Nums=ArrayObject([NumberObject(0), ArrayObject([figure])])))
    writer.root_object[NameObject("/StructTreeRoot")] = root
    writer.root_object[NameObject("/MarkInfo")] = element(Marked=BooleanObject(True))
    writer.root_object[NameObject("/ViewerPreferences")] = element(DisplayDocTitle=BooleanObject(True))


def page(drawing: Drawing, record: dict, catalog: Catalog) -> bytes:
    """A page that holds the figure, its table and its record, and asks nothing of any other place."""
    figure, language, record = drawing.figure, Language(drawing.figure.lang, catalog), evidence.of_our_drawing(record)
    width, height = drawing.size.layout
    chart = plotly.io.to_html(
        drawing.plotly,
        full_html=False,
        include_plotlyjs=False,
        include_mathjax=False,
        div_id="figure",
        validate=False,
        config={**charts.CONFIG, "topojsonURL": "", "responsive": False},
    )
    title, alt = html.escape(figure.title or ""), html.escape(drawing.alt)
    background = drawing.plotly.layout.paper_bgcolor if drawing.plotly.layout.paper_bgcolor.startswith("#") else "transparent"
    ink = drawing.plotly.layout.font.color
    text = f"""<!DOCTYPE html>
<html lang="{figure.lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<meta name="description" content="{alt}">
<style>{lettering.embedded(_letters(drawing) + _table_letters(drawing, language))}
body {{ margin: 0; background: {background}; color: {ink}; font: {drawing.size.type:.1f}px {lettering.STACK}; }}
figure {{ margin: 0 auto; width: {width:.2f}px; max-width: 100%; overflow-x: auto; }}
#figure {{ width: {width:.2f}px; height: {height:.2f}px; }}
details {{ margin: 1em auto; max-width: {width:.2f}px; padding: 0 1em; overflow-x: auto; }}
table {{ border-collapse: collapse; }} th, td {{ text-align: left; padding: .2em .8em .2em 0; border-bottom: 1px solid #8886; }}
</style>
<script>window.PlotlyGeoAssets = {{topojson: {{}}}};{_outlines() if figure.view.shape == "map" else ""}</script>
<script>{_plotly_js()}</script>
</head>
<body>
<figure role="img" aria-label="{alt}">{chart}</figure>
{_html_notes(drawing, language)}<details><summary>{html.escape(language.says("table"))}</summary>{_html_table(drawing, language)}</details>
{evidence.room(record, "html")}
</body>
</html>
"""
    return evidence.into_text(text.encode("utf-8"), record)


def _html_notes(drawing: Drawing, language: Language) -> str:
    notes = "".join(f"<p>{html.escape(note)}</p>" for note in drawing.notes)
    return f"<details><summary>{html.escape(language.says('notes'))}</summary>{notes}</details>\n" if notes else ""


class Browser:
    """Chromium, kept open to draw figures; several may ask at once, and each gets its own."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._kaleido = None
        self._starting = threading.Lock()

    def png(self, drawing: Drawing) -> bytes:
        """The figure as a PNG of the exact size."""
        width, _ = drawing.size.layout
        across, down = drawing.size.pixels
        scale = across / width
        # The canvas is cut to whole pixels, so the figure is laid out a trace wider than it is.
        return self._drawn(drawing, {"format": "png", "width": (across + 0.25) / scale, "height": (down + 0.25) / scale, "scale": scale})

    def svg(self, drawing: Drawing) -> bytes:
        """The figure as an SVG, as Plotly draws it."""
        width, height = drawing.size.layout
        return self._drawn(drawing, {"format": "svg", "width": width, "height": height, "scale": 1})

    def close(self) -> None:
        """Close the browser; the next figure opens it again."""
        with self._starting:
            kaleido, loop, self._kaleido = self._kaleido, self._loop, None
        if kaleido and loop:
            try:
                asyncio.run_coroutine_threadsafe(kaleido.close(), loop).result(SECONDS)
            except Exception:  # whatever a browser that is going away answers, it is gone
                return

    def _drawn(self, drawing: Drawing, options: dict) -> bytes:
        spec, texts = drawing.plotly.to_dict(), _letters(drawing)
        meta = {"chinese": lettering.chinese(texts)}
        # What is drawn is kept for others: it is not changed here.
        spec |= {"layout": spec["layout"] | {"width": options["width"], "height": options["height"], "meta": meta}}
        if options["format"] == "png":
            # A line with a letter that we have no shape of stays text; its other letters come from the font, if it is there in time.
            meta |= {"letters": lettering.shapes(texts), "fallback": lettering.embedded(texts) if lettering.missing(texts) else ""}
        for again in (True, False):
            kaleido = self._open()
            future = asyncio.run_coroutine_threadsafe(kaleido.calc_fig(spec, opts=options), self._loop)
            try:
                return future.result(SECONDS)
            except NotInTime:
                future.cancel()
                self._forget(kaleido)
                raise Unfit(f"The browser did not draw the figure within {SECONDS} seconds; try again.") from None
            except Exception as error:
                self._forget(kaleido)
                if not again:
                    raise Unfit(f"The browser could not draw the figure ({type(error).__name__}); try again.") from error
        raise AssertionError("a figure is drawn or refused")

    def _open(self):
        with self._starting:
            if self._kaleido is None:
                self._kaleido = self._started()
            return self._kaleido

    def _started(self):
        if find_spec("kaleido") is None:
            raise NoBrowser(
                "Drawing PNG, SVG and PDF on this machine needs the extra `pictures` (pip install 'transparency[pictures]') and Chromium; HTML needs neither."
            )
        import kaleido
        from choreographer.errors import ChromeNotFoundError

        class Page(kaleido.PageGenerator):
            header = kaleido.PageGenerator.header + _page_head()
            footer = _page_foot() + kaleido.PageGenerator.footer

        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, name="pictures", daemon=True).start()

        async def start():
            opened = kaleido.Kaleido(n=1, page_generator=Page(mathjax=False), timeout=SECONDS)
            await opened.open()
            return opened

        try:
            return asyncio.run_coroutine_threadsafe(start(), self._loop).result(SECONDS)
        except ChromeNotFoundError:
            raise NoBrowser(
                "There is no Chrome or Chromium on this machine to draw PNG, SVG or PDF with; install one, or save as HTML."
            ) from None
        except Exception as error:
            raise NoBrowser(
                f"Chromium does not start on this machine ({type(error).__name__}); save as HTML, or see that it runs."
            ) from error

    def _forget(self, kaleido) -> None:
        with self._starting:
            if self._kaleido is kaleido:
                self._kaleido = None
        asyncio.run_coroutine_threadsafe(_closed(kaleido), self._loop)


@cache
def browser() -> Browser:
    """The one browser of this process, opened when the first figure needs it."""
    one = Browser()
    atexit.register(one.close)
    return one


async def _closed(kaleido) -> None:
    try:
        await kaleido.close()
    except Exception:  # it has crashed, which is why it is closed
        return


def _page_head() -> str:
    return f"""
<script>
window.PlotlyGeoAssets = {{topojson: {{}}}};
{_outlines()}
{_OUTLINING.read_text(encoding="utf-8")}
</script>
"""


def _page_foot() -> str:
    # Texts are measured in this page, so its fonts are waited for before anything is drawn; the Chinese letters of a figure come with it.
    # Plotly turns its SVG into text by XMLSerializer on the way to a PNG; there the letters become shapes. They come with the figure too,
    # in `layout.meta`; a figure without them is left as it is.
    return f"""
<script>
const load = async (family, address, weight) => {{
  const face = new FontFace(family, `url(${{address}})`, {{weight}});
  await face.load();
  document.fonts.add(face);
  return face;
}};
const fonts = Promise.all({json.dumps(lettering.latin())}.map(([family, weight, address]) => load(family, address, weight)));
const toImage = Plotly.toImage, toText = XMLSerializer.prototype.serializeToString;
let letters = null, fallback = '';
XMLSerializer.prototype.serializeToString = function (node) {{
  const text = toText.call(this, node);
  if (!letters || node.localName !== 'svg') return text;
  const table = letters;
  letters = null;
  return outlinedLetters(text, table).replace(/^(<svg[^>]*>)/, '$1<style>' + fallback + '</style>');
}};
Plotly.toImage = async function (figure, options) {{
  await fonts;
  const meta = (figure.layout && figure.layout.meta) || {{}};
  const chinese = meta.chinese ? await load('{lettering.CHINESE}', meta.chinese, '100 900') : null;
  letters = options.format === 'svg' ? null : meta.letters;
  fallback = meta.fallback || '';
  try {{
    return await toImage.call(Plotly, figure, options);
  }} finally {{
    if (chinese) document.fonts.delete(chinese);
  }}
}};
</script>
"""


_OUTLINING = Path(__file__).resolve().parents[1] / "static" / "figures" / "outlines.js"


@cache
def _outlines() -> str:
    outlines = {name: json.loads((charts.MAP_OUTLINES / f"{name}.json").read_text(encoding="utf-8")) for name in ("world_110m",)}
    return f"window.PlotlyGeoAssets.topojson = {json.dumps(outlines, separators=(',', ':'))};"


@cache
def _plotly_js() -> str:
    return (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8").replace("</script", "<\\/script")


_ELEMENTS = frozenset(
    (
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "line",
        "polyline",
        "polygon",
        "ellipse",
        "text",
        "tspan",
        "defs",
        "clipPath",
        "use",
        "pattern",
        "linearGradient",
        "stop",
    )
)


def _cleaned(data: bytes) -> etree._Element:
    """An SVG without anything that could run, load or say what a figure does not."""
    if len(data) > LARGEST_SVG:
        raise Unfit("The SVG is larger than any that a figure gives.")
    try:
        root = etree.fromstring(
            data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
        )
    except etree.XMLSyntaxError:
        raise Unfit("The browser sent no sound SVG.") from None
    if root.tag != f"{{{_SVG}}}svg":
        raise Unfit("The browser sent no SVG.")
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or etree.QName(element).namespace != _SVG or etree.QName(element).localname not in _ELEMENTS:
            if element.getparent() is not None:
                element.getparent().remove(element)
            continue
        for name, value in list(element.attrib.items()):
            local = etree.QName(name).localname.lower()
            outside = "url(" in value and not re.fullmatch(r"[^(]*url\(\s*['\"]?#[\w-]+['\"]?\s*\)[^(]*", value)
            if (
                local.startswith(("on", "data-"))
                or outside
                or (local == "href" and not value.startswith("#"))
                or "javascript:" in value.lower()
            ):
                del element.attrib[name]
    return root


def _element(name: str, text: str) -> etree._Element:
    element = etree.Element(f"{{{_SVG}}}{name}")
    element.text = text
    return element


def _styles(element: etree._Element) -> dict[str, str]:
    """The style that holds for an element, with what it inherits."""
    styles: dict[str, str] = {}
    for one in [*reversed(list(element.iterancestors())), element]:
        for name in ("font-size", "font-weight", "text-anchor", "fill", "fill-opacity", "font-family"):
            if one.get(name):
                styles[name] = one.get(name)
        for pair in one.get("style", "").split(";"):
            name, colon, value = pair.partition(":")
            if colon:
                styles[name.strip()] = value.strip()
    return styles


def _outline(element: etree._Element) -> None:
    """Put the shapes of its letters in the place of a text."""
    style = _styles(element)
    size, bold = float(style.get("font-size", "12").removesuffix("px")), _is_bold(style)
    group = etree.Element(f"{{{_SVG}}}g")
    for name in ("transform", "class", "opacity"):
        if element.get(name):
            group.set(name, element.get(name))
    group.set("style", ";".join(f"{name}:{style[name]}" for name in ("fill", "fill-opacity") if name in style))
    for text, x, y, is_bold in _lines(element, bold):
        wide = lettering.width(text, size, is_bold)
        x -= {"middle": wide / 2, "end": wide}.get(style.get("text-anchor", "start"), 0.0)
        for transform, shape in lettering.outline(text, x, y, size, is_bold):
            path = etree.SubElement(group, f"{{{_SVG}}}path")
            path.set("transform", transform)
            path.set("d", shape)
    element.getparent().replace(element, group)


def _lines(element: etree._Element, bold: bool) -> list[tuple[str, float, float, bool]]:
    """The lines of a text, each with the point at which it is anchored."""
    size = float(_styles(element).get("font-size", "12").removesuffix("px"))
    x, y = float(element.get("x", 0)), float(element.get("y", 0))
    spans = [span for span in element if etree.QName(span).localname == "tspan"]
    if not spans or (element.text or "").strip():
        return [("".join(element.itertext()), x, y, bold)]
    lines, down = [], 0.0
    for span in spans:
        step = _length(span.get("dy", "0"), size)
        # With a height of its own a line's step counts from there, else from the line before.
        down = step if span.get("y") else down + step
        lines.append(("".join(span.itertext()), float(span.get("x", x)), float(span.get("y", y)) + down, _is_bold(_styles(span)) or bold))
    return lines


def _length(text: str, size: float) -> float:
    return float(text.removesuffix("em")) * size if text.endswith("em") else float(text.removesuffix("px"))


def _is_bold(style: dict[str, str]) -> bool:
    weight = style.get("font-weight", "400")
    return weight == "bold" or (weight.isdigit() and int(weight) >= lettering.BOLD)


def _for_print(root: etree._Element) -> etree._Element:
    """The SVG as svglib reads it right: each line of text an element of one font, no background that the page draws itself."""
    root = deepcopy(root)
    for element in list(root.iter(f"{{{_SVG}}}text")):
        style = _styles(element)
        size, bold = float(style.get("font-size", "12").removesuffix("px")), _is_bold(style)
        group = etree.Element(f"{{{_SVG}}}g")
        if element.get("transform"):
            group.set("transform", element.get("transform"))
        for text, x, y, is_bold in _lines(element, bold):
            wide = lettering.width(text, size, is_bold)
            x -= {"middle": wide / 2, "end": wide}.get(style.get("text-anchor", "start"), 0.0)
            for face, run in lettering.runs(text, is_bold):
                text_element = etree.SubElement(group, f"{{{_SVG}}}text")
                text_element.set("x", f"{x:.3f}")
                text_element.set("y", f"{y:.3f}")
                text_element.set("font-family", face.name if face else "SourceSans3-Regular")
                text_element.set("font-size", f"{size:g}")
                text_element.set("fill", style.get("fill", "#000"))
                text_element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                text_element.text = run
                x += lettering.width(run, size, is_bold)
        element.getparent().replace(element, group)
    for element in list(root.iter(f"{{{_SVG}}}rect")):
        if element.get("class") == "bg" or (
            "pointer-events: all" in element.get("style", "") and "fill-opacity: 0" in element.get("style", "")
        ):
            element.getparent().remove(element)
    return root


_drawing_pdf = threading.Lock()


@cache
def register_fonts() -> None:
    """Let PDFs be set in our fonts."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from svglib.fonts import get_global_font_map

    for face in lettering.faces():
        pdfmetrics.registerFont(TTFont(face.name, face.file))
        get_global_font_map().register_font(face.name, str(face.file), rlgFontName=face.name)


def _without_helvetica(sheet) -> None:
    # reportlab names its own font at the start of every page and group although no letter is set in it; a printer would ask for it.
    content = sheet.get_contents()
    content.set_data(re.sub(rb"BT /F1 [\d.]+ Tf [\d.]+ TL ET\s", b"", content.get_data()))
    if b"/F1 " not in content.get_data():
        fonts = sheet["/Resources"]["/Font"]
        fonts.pop("/F1", None)
        sheet.replace_contents(content.flate_encode())


def _xmp(drawing: Drawing, record: dict) -> str:
    title, alt, source = (html.escape(text or "") for text in (drawing.figure.title, drawing.alt, drawing.figure.source))
    language = drawing.figure.lang
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li><rdf:li xml:lang="{language}">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{alt}</rdf:li></rdf:Alt></dc:description>
<dc:source>{source}</dc:source><xmp:CreatorTool>{html.escape(record["with"])}</xmp:CreatorTool><xmp:CreateDate>{record["made"]}</xmp:CreateDate>
{evidence.room(record, "pdf")}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def _letters(drawing: Drawing) -> str:
    """Every letter that may come to be drawn."""
    layout = drawing.plotly.layout
    texts = [annotation.text or "" for annotation in layout.annotations]
    for axis in _axes(layout):
        texts += list(axis.ticktext or [])
    for trace in drawing.plotly.data:
        for hovers in (getattr(trace, name, None) for name in ("hovertext", "text")):
            texts += [hovers] if isinstance(hovers, str) else list(hovers if hovers is not None else [])
    return html.unescape("".join(texts)) + "0123456789"


def _axes(layout) -> list:
    return [layout[name] for name in layout if name.startswith(("xaxis", "yaxis")) and layout[name] is not None]


def _rows(drawing: Drawing, language: Language) -> list[tuple[str, ...]]:
    rows = []
    for _, row in drawing.rows.iterrows():
        period = language.period(Period(row["period_start"].date(), row["period_end"].date()))
        number = language.value(row["low"], row["high"], row["measure"], drawing.figure.view.is_scaled)
        source = ("", "") if drawing.upload else (row["document"], row["cell"])
        rows.append((str(row["label"]), period, number, *map(str, source)))
    return rows


def _table_letters(drawing: Drawing, language: Language) -> str:
    return "".join(["".join(row) for row in _rows(drawing, language)] + [*drawing.notes]) + "".join(
        language.says(name) for name in ("table", "notes", "series", "period", "value", "document", "cell")
    )


def _html_table(drawing: Drawing, language: Language) -> str:
    heads = "".join(
        f'<th scope="col">{html.escape(language.says(name))}</th>' for name in ("series", "period", "value", "document", "cell")
    )
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>" for row in _rows(drawing, language))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
