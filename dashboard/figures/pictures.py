"""Pictures: a drawn figure as a file, PNG, SVG, PDF or HTML, with our letters, its description and its evidence in it.

PNG and SVG need a browser, for Plotly draws in one: the visitor's own (`for_browser` gives it all it needs, `finished_png` and
`finished_svg` complete what it sends back), or Chromium on this machine, which `Browser` keeps open. A PDF is made from the SVG and HTML
from the figure, with no browser.
"""

from __future__ import annotations

import asyncio
import atexit
import html
import json
import threading
from concurrent.futures import TimeoutError as NotInTime
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from string import Template
from urllib.parse import urlencode

import pandas as pd
import plotly.io
from lxml import etree

from dashboard.catalog.shipped import Catalog
from dashboard.display import charts, downloads
from dashboard.display import fonts as lettering
from dashboard.display.languages import Language, Numerals
from dashboard.figures import CSS_PX_PER_INCH, Drawing, Unfit, citations, credentials, evidence, pdf, svg, texts
from dashboard.model.columns import OBSERVATION_COLUMNS

KINDS = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf", "html": "text/html"}
"""The kinds of file that a figure can be saved as, and their media types."""
SECONDS = 60
"""Within which the browser draws one figure, or is started anew."""


class NoBrowser(Unfit):
    """There is no Chromium here to draw a PNG, an SVG or a PDF with; the message says what to do."""


def saved(drawing: Drawing, kind: str, catalog: Catalog, *, table: pd.DataFrame, outlined: bool = False) -> bytes:
    """A drawing as a file of a kind, made on this machine."""
    if kind not in KINDS:
        raise Unfit(f"A figure cannot be saved as “{kind[:20]}”: choose {', '.join(KINDS)}.")
    record = evidence.record(drawing, catalog, table=table)
    if kind == "html":
        return page(drawing, record, catalog)
    record = evidence.of_our_drawing(record)
    if kind == "png":
        return credentials.with_credentials(finished_png(browser().png(drawing), drawing, record), drawing.figure.title or "")
    drawn = browser().svg(drawing, is_outlined=outlined and kind == "svg")
    return finished_svg(drawn, drawing, record) if kind == "svg" else pdf.of_svg(drawn, drawing, record)


def data(drawing: Drawing, kind: str, catalog: Catalog) -> bytes:
    """The rows of a drawing, with their evidence, as `csv` or `xlsx`."""
    rows = _without_own(drawing)[[column for column in [*OBSERVATION_COLUMNS, "derivation", "why"] if column in drawing.rows]]
    if kind == "csv":
        return downloads.csv(downloads.rows_for_download(rows, catalog))
    view = dict(drawing.figure.view.query())
    return downloads.xlsx(rows, catalog, view | {"title": drawing.figure.title or "", "alt": drawing.alt})


def everything(drawing: Drawing, catalog: Catalog, files: dict[str, bytes], *, table: pd.DataFrame, address: str = "") -> bytes:
    """A zip of the pictures that were made, by their kinds, with the data, the description and the citations beside them."""
    names = Language("en", catalog)
    cited = citations.all_of(drawing, catalog, names, table=table, address=address, made=datetime.now(UTC).date())
    contents = {f"figure.{kind}": content for kind, content in files.items()} | {
        "data.csv": data(drawing, "csv", catalog),
        "data.xlsx": data(drawing, "xlsx", catalog),
        "description.txt": drawing.alt,
        "notes.txt": "\n".join(note.text(Numerals(drawing.figure.lang)) for note in drawing.notes),
        "wikimedia.txt": citations.wikimedia(drawing, cited[1:], made=datetime.now(UTC).date()),
        **{f"citations.{ending}": content for ending, content in citations.files(cited).items()},
    }
    return downloads.zipped(contents.items())


def for_browser(drawing: Drawing, record: dict) -> dict:
    """All that a visitor's browser needs to make the files itself, as plain values.

    `plotly` is drawn at `width` × `height`, with `fonts` in a `<style>` of the page and loaded. `Plotly.toImage` gives the SVG. For a
    PNG, `outlinedLetters(svg, letters)` of `static/figures/outlines.js` turns its texts into shapes before it is drawn on a canvas of
    `pixels`: a picture of an SVG does not wait for fonts. `record` is what `evidence` puts into the file, `alt` its description.
    """
    width, height = drawing.size.layout
    texts = drawing.letters
    return {
        "plotly": json.loads(drawing.plotly.to_json()),
        "width": width,
        "height": height,
        "pixels": list(drawing.size.pixels),
        "millimetres": list(drawing.size.millimetres),
        "dpi": drawing.size.dpi if drawing.size.unit == "mm" else CSS_PX_PER_INCH,
        "fonts": lettering.embedded(texts),
        "letters": lettering.shapes(texts),
        "record": evidence.text_of(record),
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


def finished_svg(data: bytes, drawing: Drawing, record: dict) -> bytes:
    """An SVG as a browser drew it, at its exact size, with the letters of its texts in it, title, description and record."""
    root = svg.cleaned(data)
    size = drawing.size
    (width, height), (shown_width, shown_height) = size.layout, (size.width, size.height)
    root.set("width", f"{shown_width:g}{'mm' if size.unit == 'mm' else ''}")
    root.set("height", f"{shown_height:g}{'mm' if size.unit == 'mm' else ''}")
    root.set("viewBox", f"0 0 {width:.3f} {height:.3f}")
    root.set("role", "img")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", drawing.figure.lang)
    letters = "".join(text for element in root.iter(f"{{{svg.SVG}}}text") for text in element.itertext())
    head = [svg.element_of("title", drawing.figure.title or ""), svg.element_of("desc", drawing.alt)]
    if letters:
        head.append(svg.element_of("style", lettering.embedded(letters)))
    for index, element in enumerate(head):
        root.insert(index, element)
    text = etree.tostring(root, encoding="unicode")
    closing = text.rindex("</svg>")
    text = text[:closing] + evidence.room(record, "svg") + text[closing:]
    return evidence.into_text(text.encode("utf-8"), record)


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
    background = drawing.plotly.layout.paper_bgcolor
    table = texts.table(_without_own(drawing), language, figure.view.is_scaled)
    notes = "".join(f"<p>{note.html(language)}</p>" for note in drawing.notes)
    notes = f"<details><summary>{html.escape(language.phrase('notes'))}</summary>{notes}</details>\n" if notes else ""
    letters = "".join(
        [drawing.letters, *(text for line in table for text in line), html.unescape(notes), *map(language.phrase, ("table", "notes"))]
    )
    text = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8")).substitute(
        lang=figure.lang,
        title=html.escape(figure.title or ""),
        alt=html.escape(drawing.alt),
        fonts=lettering.embedded(letters),
        family=lettering.STACK,
        size=f"{drawing.size.type:.1f}",
        background=background if background.startswith("#") else "transparent",
        ink=drawing.plotly.layout.font.color,
        width=f"{width:.2f}",
        height=f"{height:.2f}",
        outlines=_outlines() if figure.view.shape == "map" else "",
        library=_plotly_js(),
        chart=chart,
        notes=notes,
        heading=html.escape(language.phrase("table")),
        table=texts.html_table(table),
        record=evidence.room(record, "html"),
    )
    return evidence.into_text(text.encode("utf-8"), record)


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
        options = {"format": "png", "width": (across + 0.25) / scale, "height": (down + 0.25) / scale, "scale": scale}
        return self._drawn(drawing, options, is_outlined=True)

    def svg(self, drawing: Drawing, *, is_outlined: bool = False) -> bytes:
        """The figure as an SVG, as Plotly draws it, or with shapes for its letters."""
        width, height = drawing.size.layout
        return self._drawn(drawing, {"format": "svg", "width": width, "height": height, "scale": 1}, is_outlined=is_outlined)

    def close(self) -> None:
        """Close the browser; the next figure opens it again."""
        with self._starting:
            kaleido, loop, self._kaleido = self._kaleido, self._loop, None
        if kaleido and loop:
            try:
                asyncio.run_coroutine_threadsafe(kaleido.close(), loop).result(SECONDS)
            except Exception:  # whatever a browser that is going away answers, it is gone
                return

    def _drawn(self, drawing: Drawing, options: dict, *, is_outlined: bool) -> bytes:
        spec, texts = drawing.plotly.to_dict(), drawing.letters
        meta = {"chinese": lettering.chinese(texts)}
        # What is drawn is kept for others: it is not changed here.
        spec |= {"layout": spec["layout"] | {"width": options["width"], "height": options["height"], "meta": meta}}
        if is_outlined:
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
{(_SCRIPTS / "outlines.js").read_text(encoding="utf-8")}
</script>
"""


def _page_foot() -> str:
    values = f"const latinFonts = {json.dumps(lettering.latin())}, chineseFamily = {json.dumps(lettering.CHINESE)};"
    return f"\n<script>\n{values}\n{(_SCRIPTS / 'server.js').read_text(encoding='utf-8')}</script>\n"


_SCRIPTS = Path(__file__).resolve().parents[1] / "static" / "figures"


@cache
def _outlines() -> str:
    outlines = {name: json.loads((charts.MAP_OUTLINES / f"{name}.json").read_text(encoding="utf-8")) for name in ("world_110m",)}
    return f"window.PlotlyGeoAssets.topojson = {json.dumps(outlines, separators=(',', ':'))};"


@cache
def _plotly_js() -> str:
    return (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8").replace("</script", "<\\/script")


def _without_own(drawing: Drawing) -> pd.DataFrame:
    # The name of a file that its owner did not keep here is the owner's.
    return drawing.rows.assign(document="", cell="", derivation="") if drawing.upload else drawing.rows
