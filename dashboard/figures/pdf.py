"""A PDF: a figure out of its SVG as vectors and text in our fonts, and its tags, by which it is read to those who do not see it."""

from __future__ import annotations

import html
import io
import re
import threading
from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from typing import NamedTuple

from lxml import etree

from dashboard.display import fonts as lettering
from dashboard.figures import POINTS_PER_INCH, Drawing, Unfit, evidence, svg

PLAIN = "SourceSans3-Regular"
"""The name of the letters of a PDF."""


class Piece(NamedTuple):
    """One marked piece of a page: its type in the structure of a PDF, such as `Figure` or `P`, its description and its language, blank where it needs none."""

    kind: str
    alt: str = ""
    lang: str = ""


def of_svg(drawn: bytes, drawing: Drawing, record: dict) -> bytes:
    """A PDF made from the SVG: vectors and text in our fonts on a page of the exact size, with title, description and record."""
    # Read here and not above, for they are slow to load and only a PDF needs them.
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DecodedStreamObject, NameObject, TextStringObject
    from reportlab.graphics import renderPDF
    from reportlab.pdfgen.canvas import Canvas
    from svglib.svglib import SvgRenderer

    if lacking := lettering.missing(
        "".join(text for element in svg.cleaned(drawn).iter(f"{{{svg.SVG}}}text") for text in element.itertext())
    ):
        raise Unfit(f"The fonts of a PDF lack these letters of the figure: {' '.join(lacking[:8])}. Save it as PNG or SVG, or reword it.")
    register_fonts()
    root = _for_print(svg.cleaned(drawn))
    width, height = drawing.size.layout
    root.set("width", f"{width:.4f}")
    root.set("height", f"{height:.4f}")
    root.set("viewBox", f"0 0 {width:.4f} {height:.4f}")
    with _drawing_pdf:
        # svglib and reportlab keep their fonts and colours in the module, so one figure at a time.
        shapes = SvgRenderer("").render(root)
        target = io.BytesIO()
        across, down = (millimetres / 25.4 * POINTS_PER_INCH for millimetres in drawing.size.millimetres)
        canvas = Canvas(target, pagesize=(across, down), pageCompression=1, lang=drawing.figure.lang, initialFontName=PLAIN)
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
    content = writer.pages[0].get_contents()
    content.set_data(b"/Figure <</MCID 0>> BDC\n" + content.get_data() + b"\nEMC")
    writer.pages[0].replace_contents(content.flate_encode())
    tag(writer, [[Piece("Figure", drawing.alt, drawing.figure.lang)]])
    stream = DecodedStreamObject()
    stream.set_data(_xmp(drawing, record).encode("utf-8"))
    stream[NameObject("/Type")], stream[NameObject("/Subtype")] = NameObject("/Metadata"), NameObject("/XML")
    writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    writer.root_object[NameObject("/Lang")] = TextStringObject(drawing.figure.lang)
    out = io.BytesIO()
    writer.write(out)
    return evidence.into_text(out.getvalue(), record)


def tag(writer, pages: Sequence[Sequence[Piece]]) -> None:
    """Give a PDF the structure by which it is read aloud: of each page its pieces, marked in its content by their number (MCID), from 0."""
    from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, NumberObject, TextStringObject

    def element(**entries) -> DictionaryObject:
        return DictionaryObject({NameObject(f"/{name}"): entry for name, entry in entries.items()})

    add, kind = writer._add_object, NameObject("/StructElem")
    tree = element(Type=NameObject("/StructTreeRoot"))
    root = add(tree)
    document = element(Type=kind, S=NameObject("/Document"), P=root)
    whole, elements, numbers = add(document), ArrayObject(), ArrayObject()
    for index, (page, pieces) in enumerate(zip(writer.pages, pages, strict=True)):
        page[NameObject("/StructParents")] = NumberObject(index)
        own = ArrayObject()
        for number, piece in enumerate(pieces):
            one = element(Type=kind, S=NameObject(f"/{piece.kind}"), P=whole, Pg=page.indirect_reference, K=NumberObject(number))
            if piece.alt:
                one[NameObject("/Alt")] = TextStringObject(piece.alt)
            if piece.lang:
                one[NameObject("/Lang")] = TextStringObject(piece.lang)
            if piece.kind == "Figure":
                one[NameObject("/A")] = element(O=NameObject("/Layout"), Placement=NameObject("/Block"), BBox=ArrayObject(page.mediabox))
            own.append(add(one))
        elements.extend(own)
        numbers.extend([NumberObject(index), own])
    document[NameObject("/K")], tree[NameObject("/K")] = elements, ArrayObject([whole])
    tree[NameObject("/ParentTree")] = add(element(Nums=numbers))
    writer.root_object[NameObject("/StructTreeRoot")] = root
    writer.root_object[NameObject("/MarkInfo")] = element(Marked=BooleanObject(True))
    writer.root_object[NameObject("/ViewerPreferences")] = element(DisplayDocTitle=BooleanObject(True))


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


def _for_print(root: etree._Element) -> etree._Element:
    """The SVG as svglib reads it right: each line of text an element of one font, no background that the page draws itself."""
    root = deepcopy(root)
    for element in list(root.iter(f"{{{svg.SVG}}}text")):
        common = {"fill": svg.styles(element).get("fill", "#000"), "{http://www.w3.org/XML/1998/namespace}space": "preserve"}
        group = etree.Element(f"{{{svg.SVG}}}g")
        if element.get("transform"):
            group.set("transform", element.get("transform"))
        for text, x, y, size, bold in svg.lines(element):
            for face, run in lettering.runs(text, bold):
                at = {"x": f"{x:.3f}", "y": f"{y:.3f}", "font-family": face.name if face else PLAIN, "font-size": f"{size:g}"}
                etree.SubElement(group, f"{{{svg.SVG}}}text", at | common).text = run
                x += lettering.width(run, size, bold)
        element.getparent().replace(element, group)
    for element in list(root.iter(f"{{{svg.SVG}}}rect")):
        if element.get("class") == "bg" or (
            "pointer-events: all" in element.get("style", "") and "fill-opacity: 0" in element.get("style", "")
        ):
            element.getparent().remove(element)
    for element in list(root.iter()):
        # What cannot be seen: svglib would draw it, for it knows no opacity of an element.
        if svg.own_styles(element).get("opacity") == "0":
            element.getparent().remove(element)
    return root


_drawing_pdf = threading.Lock()
