"""What the page of figures puts on the screen: the figure as it is saved, its controls, its files, its citations, and the check of one that comes back."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlencode

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.file_util import get_static_dir

from dashboard import analysis, figures, statements
from dashboard.analysis.parameters import with_query
from dashboard.app_pages.parts import choose, choose_several, download, markdown, page_link, show_rows, this_page
from dashboard.app_pages.text import WORDS
from dashboard.display import fonts
from dashboard.figures import Drawing, Figure, Size, Unfit, briefs, citations, evidence, pdf, pictures
from dashboard.figures.request import MOST_ANNOTATIONS, VALUES, Annotation
from dashboard.model.periods import day_label
from dashboard.web import session as holding
from dashboard.web.session import library

OWN_SIZE = "own"
"""The choice of a size that is none of the usual ones."""
THEME_NAMES, TEXT_NAMES = WORDS["themes"], WORDS["texts"]
LONG = {"source": 80}
"""Texts that are usually longer than a line, with the height of their field."""
NARROWEST, WIDEST = 420, 760
"""Pixels of the place of a preview: what its buttons need, and what leaves room for the controls beside it on a notebook."""
LONGEST_IN_A_LIST = 90
"""Letters of a statement that are shown where several are to choose from."""
_FOLDER = Path(pictures.__file__).resolve().parents[1] / "static" / "figures"
_component = st.components.v2.component(
    "figure",
    html="<img alt=''><div class='files' role='group' aria-label='Files of the figure'>"
    + "".join(f"<button type='button' data-kind='{kind}'>{label}</button>" for kind, label in WORDS["files"].items())
    + "</div><p role='status' aria-live='polite'></p>",
    css=(_FOLDER / "export.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "outlines.js").read_text(encoding="utf-8") + (_FOLDER / "export.js").read_text(encoding="utf-8"),
)


def drawing_of(figure: Figure) -> Drawing:
    """A figure as drawn for this visitor. Raises `Unfit` where it cannot be drawn as it was asked for."""
    try:
        return library().drawing(figure, holding.unkept_documents(), date.today())
    except analysis.Unanswerable as unanswerable:
        raise Unfit(str(unanswerable)) from None


def _record(drawing: Drawing) -> dict:
    # Made once for a figure: with another second in it the browser would draw the same figure again in every run.
    key = (drawing.request, library().data.version, date.today())
    if st.session_state.get("figure-record", (None,))[0] != key:
        st.session_state["figure-record"] = (key, library().record(drawing, holding.unkept_documents(), date.today()))
    return st.session_state["figure-record"][1]


def described(drawing: Drawing, alt: str | None) -> Drawing:
    """The drawing with a description of the visitor's own; None leaves the one from the data."""
    if alt is None:
        return drawing
    alt = fonts.plain(alt)
    return replace(drawing, figure=replace(drawing.figure, alt=alt), request=replace(drawing.request, alt=alt))


def choose_size(where: DeltaGenerator, opened: str) -> str:
    """Controls for a usual size, or for any width and height in pixels or millimetres at any resolution."""
    size = Size.parse(opened)
    named = next((name for name, usual in figures.SIZES.items() if str(size).partition("@")[0] == name), OWN_SIZE)
    chosen = choose(where, "Size", [*figures.SIZES, OWN_SIZE], key="figure-size", opened=named, shown=WORDS["sizes"].get)
    if chosen == OWN_SIZE:
        one, two, three = where.columns(3)
        unit = choose(three, "Unit", ["px", "mm"], key="figure-unit", opened=size.unit, shown=str)
        usual = (size.width, size.height) if size.unit == unit else {"px": (1200, 675), "mm": (120, 80)}[unit]
        kind = float if unit == "mm" else int
        more = {"format": "%g", "step": 1.0} if unit == "mm" else {"step": 1}
        width = one.number_input("Width", value=kind(usual[0]), key=f"figure-width-{unit}", **more)
        height = two.number_input("Height", value=kind(usual[1]), key=f"figure-height-{unit}", **more)
        name = f"{width:g}x{height:g}{unit}"
    else:
        name, unit = chosen, figures.SIZES[chosen].unit
    if unit == "px":
        return name
    resolution = where.number_input("Dots per inch", value=size.dpi if size.unit == "mm" else 300, step=50, key=f"figure-dpi-{unit}")
    return f"{name}@{resolution}" if resolution != 300 else name


def width_of_preview(opened: str) -> int:
    """Pixels that the preview of the size that is chosen takes, with the buttons below it."""
    chosen, size = st.session_state.get("figure-size"), Size.parse(opened)
    if chosen == OWN_SIZE:
        unit = st.session_state.get("figure-unit", size.unit)
        width, height = (st.session_state.get(f"figure-{side}-{unit}", getattr(size, side)) for side in ("width", "height"))
        size = Size(max(width, 1), max(height, 1), unit)
    elif chosen is not None:
        size = figures.SIZES[chosen]
    return round(min(max(size.layout[0], NARROWEST), WIDEST)) + 2


def choose_statements(where: DeltaGenerator, rows: pd.DataFrame, opened: Iterable[str]) -> tuple[str, ...]:
    """A choice among the statements that concern the series of a figure, drawn on it as annotations."""
    bundled = statements.bundled().statements.set_index("statement", drop=False)
    there = [*statements.concerning(statements.bundled(), rows)["statement"], *(name for name in opened if name in bundled.index)]
    return tuple(
        choose_several(
            where,
            "Statements on the figure",
            there,
            key="figure-statements",
            opened=[name for name in opened if name in bundled.index],
            shown=lambda name: _statement(bundled.loc[name]),
            placeholder="None" if there else "None concerns these series",
        )
    )


def choose_series(where: DeltaGenerator, written: Drawing, opened: Figure) -> dict[str, object]:
    """Controls for what stands out in a figure: its series and their order, which are highlighted or stand back, values, own words."""
    labels = {key: label for label, key in written.series.items()}
    # Keys of series that are not there any more stay in the address until the visitor takes them out.
    keys = list(dict.fromkeys([*labels, *opened.series, *opened.view.focus, *opened.view.muted]))
    chosen = {
        name: tuple(
            choose_several(
                where, label, keys, key=f"figure-{name}", opened=given, shown=lambda key: labels.get(key, key), placeholder=nothing
            )
        )
        for name, label, given, nothing in (
            ("series", "Series, in their order", opened.series, "The largest"),
            ("focus", "Highlight", opened.view.focus, "All alike"),
            ("muted", "Let stand back", opened.view.muted, "None"),
        )
    }
    values = choose(where, "Values at the series", VALUES, key="figure-values", opened=opened.values, shown=VALUES.get)
    key = "figure-annotation"
    if key not in st.session_state:
        st.session_state[key] = "\n".join(opened.annotation)
    lines = where.text_area(
        "Own words on the figure, one a line: day, value, words", key=key, height=80, placeholder="2016-03-01, 1200, The court rules"
    )
    annotations = []
    for line in filter(str.strip, lines.splitlines()):
        try:
            annotations.append(str(Annotation.parse(line)))
        except Unfit as unfit:
            where.warning(markdown(unfit))
    if len(annotations) > MOST_ANNOTATIONS:
        where.warning(f"The first {MOST_ANNOTATIONS} are on the figure, and no more have room.")
    return chosen | {"values": values, "annotation": tuple(dict.fromkeys(annotations))[:MOST_ANNOTATIONS]}


def choose_text(where: DeltaGenerator, name: str, label: str, opened: str | None, written: str, height: int = 0) -> str | None:
    """A text that is written from the data until the visitor writes another; None while it is the one from the data."""
    key, before = f"figure-{name}", f"figure-{name}-written"
    if key not in st.session_state:
        st.session_state[key] = written if opened is None else opened
    elif st.session_state[key] == st.session_state.get(before):
        # What the visitor has not touched follows the data and the language.
        st.session_state[key] = written
    st.session_state[before] = written
    text = where.text_area(label, key=key, height=height) if height else where.text_input(label, key=key)
    return None if text == written else text


def forget_texts() -> None:
    """Let every text be written from the data again."""
    for name in (*TEXT_NAMES, "alt"):
        st.session_state[f"figure-{name}"] = st.session_state.get(f"figure-{name}-written", "")


def show_figure(drawing: Drawing) -> None:
    """The figure, drawn in the visitor's browser exactly as it is saved, with a button for each kind of file."""
    record = _record(drawing)
    size, theme = drawing.size, figures.THEMES[drawing.figure.theme]
    unit = "mm" if size.unit == "mm" else ""
    st.session_state["figure-drawn"] = drawing.request
    _component(
        key="figure-files",
        data=pictures.for_browser(drawing, record)
        | {
            "made": st.session_state.pop("figure-made", None),
            "name": file_name(drawing),
            "lang": drawing.figure.lang,
            "shown": [f"{size.width:g}{unit}", f"{size.height:g}{unit}"],
            "resolution": size.dpi,
            "see_through": theme.paper != theme.background,
            "background": theme.background,
            "library": drawing_library(),
        },
        on_asked_change=_make_asked,
    )


def show_data_files(drawing: Drawing) -> None:
    """Buttons for the files that need no drawing: a page that stands alone, and the data."""
    record, name, data = _record(drawing), file_name(drawing), library().data
    kinds = {
        "html": ("Save HTML", lambda: pictures.page(drawing, record, data)),
        "csv": ("Save data, CSV", lambda: pictures.data(drawing, "csv", data)),
        "xlsx": ("Save data, XLSX", lambda: pictures.data(drawing, "xlsx", data)),
    }
    with st.container(horizontal=True, gap="small"):
        for kind, (label, make) in kinds.items():
            download(st, label, make, f"{name}.{kind}", key=f"figure-file-{kind}")


def show_measures(drawing: Drawing) -> None:
    """How large the figure is saved, and how small its smallest letters are."""
    size = drawing.size
    (across, down), (wide, high) = size.pixels, size.millimetres
    if size.unit == "mm":
        smallest = size.type * 7 / 8 * figures.POINTS_PER_INCH / figures.CSS_PX_PER_INCH
        st.caption(
            f"{wide:g} × {high:g} mm, as PNG {across:,} × {down:,} pixels at {size.dpi} dots per inch. Its smallest letters are set in {smallest:.1f} points."
        )
    else:
        smallest = size.type * 7 / 8
        st.caption(
            f"{across:,} × {down:,} pixels. Its smallest letters are {smallest * across / size.layout[0]:.0f} pixels high, "
            f"and {smallest:.0f} where it is shown {size.layout[0]:.0f} pixels wide."
        )


def show_citations(drawing: Drawing, address: str) -> None:
    """The figure, the dataset and each document in it, cited in the form that the visitor chooses."""
    view = drawing.figure.view
    made = date.today()
    citation_list = citations.all_of(
        drawing, library().data, library().names, table=library().complete(view.known_on), address=address, made=made
    )
    form = st.radio("Form", ["Long", "Short", "BibTeX", "CSL-JSON"], horizontal=True, key="figure-citation")
    parts = {
        "This figure": citation_list[:1],
        f"The documents in it ({len(citation_list) - 2})": citation_list[1:-1],
        "The dataset": citation_list[-1:],
    }
    if drawing.upload:
        parts = {"This figure": citation_list}
    for label, some in parts.items():
        if some:
            st.markdown(f"**{label}**")
            st.code(cited(some, form), language=None, wrap_lines=True, height=220 if len(some) > 4 else "content")


def cited(some: list[citations.Citation], form: str) -> str:
    """Several works in one form."""
    if form in ("CSL-JSON", "BibTeX"):
        return citations.files(some)["json" if form == "CSL-JSON" else "bib"].strip()
    return "\n".join(one.short if form == "Short" else one.long for one in some)


def show_brief() -> None:
    """The figures that were collected in this session, with a way to take each out, and all of them as one file with one list of sources."""
    collected: list[tuple[Drawing, dict[str, bytes]]] = st.session_state.get("brief", [])
    if not collected:
        return
    st.header(f"The brief ({len(collected)})", anchor=False)
    st.caption("Figures collected in this session, saved together with one list of their sources.")
    for index, (drawing, _) in enumerate(collected):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{index + 1}. {markdown(drawing.figure.title)}, {markdown(drawing.figure.subtitle)}", width="content")
            st.button("Take out", key=f"brief-out-{index}", on_click=collected.pop, args=(index,), type="tertiary")
    drawings, files = [drawing for drawing, _ in collected], [own for _, own in collected]
    own, names = library(), "".join(file_name(drawing) for drawing in drawings)
    name = f"brief-{hashlib.sha256(names.encode()).hexdigest()[:10]}"
    with st.container(horizontal=True):
        for kind, shown in (("zip", "zip"), ("pdf", "PDF")) if all("pdf" in own for own in files) else (("zip", "zip"),):
            make = functools.partial(briefs.brief, drawings, kind, own.data, own.complete, files)
            download(st, f"Save the brief, {shown}", make, f"{name}.{kind}", key=f"brief-{kind}")


def show_check() -> None:
    """A place for a figure file: what its record says today, and the way back to its view."""
    st.markdown("A figure that was saved here carries its evidence. Drop the file to see whether its numbers still stand.")
    file = st.file_uploader("A figure file: PNG, SVG, PDF or HTML", type=list(pictures.KINDS), key="figure-check")
    if file is None:
        return
    finding = _finding(file.file_id, file.getvalue())
    with st.container(border=True):
        signed = f"{finding.signed[:1].upper()}{finding.signed[1:]}." if finding.signed else ""
        st.markdown(f"**{WORDS['findings'][finding.status]}** · {markdown(file.name)}")
        st.markdown(markdown(finding.sentence))
        if finding.changes:
            changes = pd.DataFrame(
                [{label: getattr(change, name) for name, label in WORDS["changed"].items()} for change in finding.changes]
            )
            show_rows(changes.replace({"Today": {"": "withdrawn"}}))
        if finding.record:
            made = datetime.strptime(finding.record["made"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            st.caption(
                markdown(f"Made on {day_label(made)} with {finding.record['with']}, data version {finding.record['data']}. {signed}")
            )
            page_link("Open this figure", with_query("/figure", finding.figure.query()))
            page_link("Open its series in Explore", finding.figure.view.address())


def file_name(drawing: Drawing) -> str:
    """A name for the files of a figure: its title, and a mark of all that was chosen, so that two figures never have the same."""
    return f"{citations.key_of(drawing.figure.title or '')[:60].strip('-')}-{hashlib.sha256(urlencode(drawing.request.query()).encode()).hexdigest()[:10]}"


def drawing_library() -> str:
    """The address of the drawing library that comes with Streamlit's charts: pages with a chart have it already."""
    file = next((Path(get_static_dir()) / "static" / "js").glob("PlotlyChart.*.js"), None)
    return f"static/js/{file.name}" if file else ""


def _make_asked() -> None:
    """Make the file that needs both: the drawing that the visitor's browser sent, and this program."""
    order = st.session_state["figure-files"].get("asked")
    figure = st.session_state.get("figure-drawn")
    if not isinstance(order, dict) or figure is None:
        return
    made = {"id": datetime.now(UTC).isoformat(), "kind": order["kind"]}
    try:
        drawing = described(drawing_of(replace(figure, alt=None)), figure.alt)
        record, drawn = _record(drawing), str(order["drawn"]).encode("utf-8")
        if order["kind"] == "pdf":
            made |= {"type": "application/pdf", "data": _text_of(pdf.of_svg(drawn, drawing, record))}
        else:
            files = {
                "png": base64.b64decode(order["png"]),
                "svg": str(order["svg"]).encode("utf-8"),
                "outlined.svg": str(order["outlined"]).encode("utf-8"),
                "html": pictures.page(drawing, record, library().data),
            }
            try:
                files["pdf"] = pdf.of_svg(drawn, drawing, record)
            except Unfit as unfit:
                made["without"] = str(unfit)
            if order["kind"] == "brief":
                st.session_state["brief"] = [*st.session_state.get("brief", []), (drawing, files)][: briefs.MAX_FIGURES]
                st.session_state["figure-made"] = made | {"told": f"It is number {len(st.session_state['brief'])} of the brief below."}
                return
            table = library().complete(figure.view.known_on)
            whole = pictures.everything(drawing, library().data, files, table=table, address=this_page(figure.query()))
            made |= {"type": "application/zip", "data": _text_of(whole)}
    except Unfit as unfit:
        made["told"] = str(unfit)
    st.session_state["figure-made"] = made


def _text_of(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _finding(file: str, data: bytes) -> evidence.Finding:
    # Looked into once; a rerun for another control finds it again.
    kept = st.session_state.get("figure-finding")
    key = (file, library().data.version)
    if kept is None or kept[0] != key:
        kept = st.session_state["figure-finding"] = (key, evidence.verify(data, library().data, table_of=library().complete))
    return kept[1]


def _statement(row: pd.Series) -> str:
    text = f"{row['date'][:4]}, {row['speaker']}: {row['says']}"
    return text if len(text) <= LONGEST_IN_A_LIST else text[: LONGEST_IN_A_LIST - 1].rstrip() + "…"
