"""A brief: several figures together, as a zip of their files or as one PDF, with one list of their sources."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime

import pandas as pd

from dashboard.catalog.shipped import Catalog
from dashboard.display import downloads, fonts
from dashboard.display.languages import Language
from dashboard.figures import POINTS_PER_INCH, Drawing, Unfit, citations, pdf, pictures
from dashboard.figures.citations import Citation
from dashboard.figures.pdf import Piece

KINDS = ("zip", "pdf")
PICTURES = ("png", "svg", "pdf")
"""The files of each figure in a zip."""
MAX_FIGURES = 40
_PAGE = (210 / 25.4 * POINTS_PER_INCH, 297 / 25.4 * POINTS_PER_INCH)
_MARGIN, _LETTERS = 56.0, 9.0


def brief(
    drawings: Sequence[Drawing],
    kind: str,
    catalog: Catalog,
    table_of: Callable[[date | None], pd.DataFrame],
    files: Sequence[Mapping[str, bytes]] | None = None,
) -> bytes:
    """Several figures as a `zip` or as a `pdf`; `table_of` gives the complete table as known on a day.

    `files` are the files of each figure by their kind, where they are made already; without them this machine makes them. Each file in a zip carries its own evidence; a PDF of several figures carries none, for a record is of one figure.
    Raises `Unfit` where there is nothing, too much, or no browser to draw with.
    """
    if kind not in KINDS:
        raise Unfit(f"A brief is saved as {' or '.join(f'.{one}' for one in KINDS)}.")
    if not 1 <= len(drawings) <= MAX_FIGURES:
        raise Unfit(f"A brief has from 1 to {MAX_FIGURES} figures; these are {len(drawings)}.")
    cited = sources(drawings, catalog, table_of)
    if files is None:
        kinds = PICTURES if kind == "zip" else ("pdf",)
        files = [
            {one: pictures.saved(drawing, one, catalog, table=table_of(drawing.figure.view.known_on)) for one in kinds}
            for drawing in drawings
        ]
    return _zip(drawings, files, cited, catalog) if kind == "zip" else _pdf(drawings, files, cited)


def sources(drawings: Sequence[Drawing], catalog: Catalog, table_of: Callable[[date | None], pd.DataFrame]) -> list[Citation]:
    """The documents in which the numbers of all figures are printed, each once, and at last the dataset."""
    names, made = Language("en", catalog), datetime.now(UTC).date()
    listed: dict[str, Citation] = {}
    for drawing in drawings:
        table = table_of(drawing.figure.view.known_on)
        # The first is the figure itself, and the last the dataset.
        for one in citations.all_of(drawing, catalog, names, table=table, address="", made=made)[1:]:
            listed[one.key] = one
    dataset = citations.of_dataset(catalog, seen=made)
    return [*(one for key, one in sorted(listed.items()) if key != dataset.key), dataset]


def _zip(drawings: Sequence[Drawing], files: Sequence[Mapping[str, bytes]], cited: list[Citation], catalog: Catalog) -> bytes:
    contents: dict[str, bytes | str] = {}
    for number, (drawing, own) in enumerate(zip(drawings, files, strict=True), start=1):
        contents |= {f"{number:02}/figure.{kind}": content for kind, content in own.items()}
        contents |= {f"{number:02}/data.csv": pictures.data(drawing, "csv", catalog), f"{number:02}/description.txt": drawing.alt}
    return downloads.zipped([*contents.items(), *((f"sources.{ending}", text) for ending, text in citations.files(cited).items())])


def _pdf(drawings: Sequence[Drawing], files: Sequence[Mapping[str, bytes]], cited: list[Citation]) -> bytes:
    # Read here and not above, for it is slow to load and only a PDF needs it.
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject, TextStringObject

    writer = PdfWriter()
    for drawing, own in zip(drawings, files, strict=True):
        if "pdf" not in own:
            raise Unfit(f"“{drawing.figure.title}” has a letter that none of the shipped fonts has, so that no PDF can be made of it.")
        writer.append(PdfReader(io.BytesIO(own["pdf"])), outline_item=drawing.figure.title)
    first = len(writer.pages)
    listed, pieces = _source_pages(cited)
    writer.append(PdfReader(io.BytesIO(listed)))
    pdf.tag(writer, [*([Piece("Figure", drawing.alt, drawing.figure.lang)] for drawing in drawings), *pieces])
    writer.root_object[NameObject("/Lang")] = TextStringObject("en")
    writer.add_outline_item(title="Sources", page_number=first)
    titles = "; ".join(drawing.figure.title or "" for drawing in drawings)
    writer.add_metadata({"/Title": titles[:300], "/Creator": "transparency"})
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _source_pages(cited: list[Citation]) -> tuple[bytes, list[list[Piece]]]:
    """The pages of the sources, and the pieces that are marked on each: a heading, and each source or what of it stands on that page."""
    from reportlab.pdfgen.canvas import Canvas

    pdf.register_fonts()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=_PAGE, lang="en", initialFontName=pdf.PLAIN)
    (width, height), pages = _PAGE, [[]]
    y = height - _MARGIN
    paragraphs = [("H1", ["Sources"], _LETTERS * 1.6)]
    paragraphs += [("P", fonts.wrapped(fonts.plain(one.long), _LETTERS, width - 2 * _MARGIN), _LETTERS) for one in cited]
    for kind, lines, size in paragraphs:
        is_open = False
        for line in lines:
            if y < _MARGIN:
                if is_open:
                    canvas.addLiteral("EMC")
                canvas.showPage()
                pages.append([])
                y, is_open = height - _MARGIN, False
            if not is_open:
                canvas.addLiteral(f"/{kind} <</MCID {len(pages[-1])}>> BDC")
                pages[-1].append(Piece(kind))
                is_open = True
            x = _MARGIN
            for face, run in fonts.runs(line, kind == "H1"):
                canvas.setFont(face.name if face else pdf.PLAIN, size)
                canvas.drawString(x, y, run)
                x += fonts.width(run, size, kind == "H1")
            y -= size * fonts.LINE_HEIGHT
        canvas.addLiteral("EMC")
        y -= size * fonts.LINE_HEIGHT / 2
    canvas.save()
    return target.getvalue(), pages
