"""A figure drawn: asked for, checked against what there is, laid out, and handed over with its rows and what its author should know."""

from __future__ import annotations

import html
from dataclasses import dataclass, field, replace

import pandas as pd
import plotly.graph_objects as go

from dashboard import analysis
from dashboard.analysis import views
from dashboard.analysis.views import View
from dashboard.catalog.shipped import Catalog
from dashboard.display import fonts, sentences
from dashboard.display.languages import Language
from dashboard.display.series import series_keys
from dashboard.figures import texts
from dashboard.figures.across import Map, OnePeriod, Ranking
from dashboard.figures.change import Change
from dashboard.figures.over_time import Multiples, OverTime
from dashboard.figures.request import CHOICES, TEXTS, THEMES, Figure, Size, Unfit
from dashboard.figures.shape import Shape
from dashboard.figures.sheet import Sheet

LEAST_PLOT = 0.2
"""Share of the height that is kept for the data."""
NOTES_SHARES = (1.0, 0.7, 0.4)
"""How much of the room for notes they have, tried in this order."""
_SHAPES: dict[str, type[Shape]] = {"change": Change, "ranking": Ranking, "multiples": Multiples, "map": Map}


@dataclass(frozen=True)
class Drawing:
    """A figure as drawn: the Plotly figure, the rows in it, its texts as written from the data, and what its author should know."""

    figure: Figure
    plotly: go.Figure
    rows: pd.DataFrame
    statements: tuple[str, ...]
    remarks: tuple[str, ...]
    upload: bool = False
    request: Figure = field(default_factory=Figure)
    """The figure as it was asked for: its texts are None where they were written from the data."""

    notes: tuple[texts.FullNote, ...] = ()
    """The notes in full: those on the figure are short."""

    series: dict[str, str] = field(default_factory=dict)
    """Every series that the view has, drawn or not: its key by its label."""

    @property
    def alt(self) -> str:
        """The figure in words, for those who do not see it."""
        return self.figure.alt or ""

    @property
    def letters(self) -> str:
        """Every letter that may come to be drawn."""
        return _letters(self.plotly)

    @property
    def size(self) -> Size:
        """How large it is saved."""
        return self.figure.measures


def draw(
    figure: Figure,
    catalog: Catalog,
    *,
    table: pd.DataFrame,
    unkept: frozenset[str] = frozenset(),
) -> Drawing:
    """Draw a figure. `table` is the complete table as known on the view's day, `unkept` the documents that are a visitor's own and not kept.

    Raises `Unfit` where it cannot be drawn as it was asked for.
    """
    size = figure.measures
    figure = replace(figure, size=str(size))
    for name, read in CHOICES.items():
        read(getattr(figure, name))
    _refuse_unknown(figure.view, catalog)
    language = Language(figure.lang, catalog)
    everything = rows_of(figure.view, catalog, language, table)
    if everything["low"].notna().sum() == 0:
        why = next((why for why in everything["why"] if why), "")
        raise Unfit(f"Nothing is published for this choice{f': {why}' if why else ''}; choose another series or time.")
    cited = texts.cited(figure.statement)
    # A table is drawn over time, and one period as bars unless a statement or a note stands at a day and value of it.
    has_time = len(analysis.spans_of(everything)) > 1 or figure.statement or figure.annotations
    shape = _SHAPES.get(figure.view.shape, OverTime if has_time else OnePeriod)
    max_rows, notes_shares = shape.most_of_all, list(NOTES_SHARES)
    while True:
        sheet = Sheet(size, THEMES[figure.theme], language, notes_shares[0])
        drawer = shape(sheet, figure, catalog, everything, cited, unkept, max_rows)
        complete = _with_texts(figure, drawer)
        plotly = drawer.draw(complete)
        if sheet.plot[1] >= LEAST_PLOT * sheet.height and not drawer.is_overfull:
            break
        # Where names and notes leave the data no room, notes give way first, for they stand in full beside the figure; then the smallest series.
        if len(notes_shares) > 1:
            notes_shares.pop(0)
        elif len(drawer.names) > 1:
            max_rows = len(drawer.names) - max(1, len(drawer.names) // 8)
        else:
            break
    is_upload = bool(unkept & set(analysis.document_names(drawer.rows)))
    remarks = [*sheet.remarks, *drawer.remarks(), *_remarks(complete, drawer, _letters(plotly))]
    remarks = tuple(dict.fromkeys(remarks))
    cited_names = tuple(row.statement for row, _ in cited)
    notes = tuple(texts.in_full(drawer.rows, catalog, language))
    return Drawing(complete, plotly, drawer.rows, cited_names, remarks, is_upload, figure, notes, series_keys(everything))


def rows_of(view: View, catalog: Catalog, names: Language, table: pd.DataFrame) -> pd.DataFrame:
    """The rows that a figure of a view draws from the complete table of its day, each series with its `label`."""
    return sentences.with_labels(views.rows_of(view, table, catalog.population), names)


def _with_texts(figure: Figure, drawer: Shape) -> Figure:
    language, rows, view = drawer.language, drawer.rows, figure.view
    title, subtitle = texts.title(rows, language, view)
    if drawer.is_log:
        subtitle = language.phrase("comma").join((subtitle, language.phrase("log_axis")))
    source = sentences.source_line(rows, drawer.catalog, language, view.known_on, drawer.unkept, uploads=False)
    written = {"title": title, "subtitle": subtitle, "source": source, "note": "", "byline": ""}
    complete = replace(figure, **{name: text for name, text in written.items() if getattr(figure, name) is None})
    if complete.alt is None:
        heading = language.phrase("comma").join(filter(None, (complete.title, complete.subtitle)))
        alt = sentences.alt(rows, language, scaled=view.is_scaled, shape=view.shape, everything=drawer.everything, heading=heading)
        complete = replace(complete, alt=alt)
    return replace(complete, **{name: fonts.plain(getattr(complete, name)) for name in TEXTS})


def _letters(plotly: go.Figure) -> str:
    texts = [annotation.text or "" for annotation in plotly.layout.annotations]
    for name in plotly.layout:
        if name.startswith(("xaxis", "yaxis")) and plotly.layout[name] is not None:
            texts += list(plotly.layout[name].ticktext or [])
    for trace in plotly.data:
        for hovers in (getattr(trace, name, None) for name in ("hovertext", "text")):
            texts += [hovers] if isinstance(hovers, str) else list(hovers if hovers is not None else [])
    return html.unescape("".join(texts)) + "0123456789"


def _remarks(figure: Figure, drawer: Shape, letters: str) -> list[str]:
    remarks = []
    if lacking := fonts.missing(letters):
        shown = " ".join(lacking[:8]) + (" and others" if len(lacking) > 8 else "")
        remarks.append(
            f"The shipped fonts lack these letters: {shown}. A PNG has them in a font of the machine that draws it, an SVG in one of its "
            "reader’s, as boxes where there is none; a PDF cannot be made."
        )
    if figure.theme.startswith("transparent"):
        remarks.append(
            f"The figure has no background; its inks are chosen for a {'dark' if figure.theme.endswith('dark') else 'light'} page."
        )
    if drawer.how_many > len(drawer.names) and len(drawer.names):
        remarks.append(f"The figure holds {len(drawer.names)} of {drawer.how_many:,} series, and so do its data; Explore has all.")
    if figure.lang != "en" and drawer.cited:
        remarks.append("What a statement says is written in English in the data, and stays so.")
    return remarks


def _refuse_unknown(view: View, catalog: Catalog) -> None:
    known = {"reporter": {*catalog.reporters["reporter"], *catalog.codes("reporter")}, "service": catalog.codes("service")}
    _, problems = View.read({name: [value] if isinstance(value, str) else value for name, value in vars(view).items()}, known)
    for problem in problems:
        raise Unfit(problem.wrong if problem.instead.startswith("There are ") else str(problem))
