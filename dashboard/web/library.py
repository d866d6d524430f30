"""One catalog with everything that pages and machine-readable answers make of it, each made once and kept."""

from __future__ import annotations

from datetime import date

import pandas as pd
import plotly.graph_objects as go

from dashboard import analysis, answers, figures, statements
from dashboard.analysis import bands, never, restatements, rhythm, views
from dashboard.answers import overviews, profiles, search, sources
from dashboard.catalog import overlay
from dashboard.catalog.shipped import Catalog, is_bundled
from dashboard.display import charts
from dashboard.display.languages import Language
from dashboard.figures import evidence
from dashboard.web.queries import Reader
from dashboard.web.shared import shared


class Library:
    """One catalog and everything that pages make of it; all tables are read only. `below` is the same of the catalog that it lies over."""

    def __init__(self, data: Catalog, below: Library | None = None):
        self.data = data
        self.below = below
        self.names = Language("en", data)

    def complete(self, day: date | None = None) -> pd.DataFrame:
        """Everything known on a day, with its totals."""
        return _laid_over(self, day) if self.below else self._complete(day)

    # An address may name any day, and each table is 30 MB: few are held.
    @shared(max_size=4)
    def _complete(self, day: date | None) -> pd.DataFrame:
        return analysis.with_totals(self.data, day)

    @shared(max_size=4)
    def touched_totals(self, day: date | None) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What the table of a day has otherwise than that of the library below: few rows, and nearly all the work."""
        return analysis.touched_totals(self.data, self.below.complete(day), day)

    @shared(max_size=256)
    def answer(self, view: views.View) -> answers.Answer:
        """The answer to a view."""
        if self._is_seen_below(view):
            return self.below.answer(view)
        return answers.answer(view, self.data, self.complete(view.known_on), statements.bundled(), self.names)

    @shared(max_size=256)
    def chart(self, view: views.View, is_dark: bool) -> go.Figure | None:
        """The chart of a view in a theme; None where it has none."""
        if self._is_seen_below(view):
            return self.below.chart(view, is_dark)
        return answers.chart(self.answer(view), self.names, charts.DARK if is_dark else charts.LIGHT)

    def _is_seen_below(self, view: views.View) -> bool:
        # A view over chosen reporters is the same here as below where no row of theirs can be another.
        return not view.ranks_reporters and self._are_below((*view.reporter, *filter(None, [view.of])))

    def _are_below(self, reporters: tuple[str, ...]) -> bool:
        return self.below is not None and bool(reporters) and set(reporters).isdisjoint(self.data.touched_reporters)

    @shared(max_size=256)
    def choices(self, day: date | None, measure: str, reporters: tuple[str, ...]) -> answers.Choices:
        """What can be chosen on a day for a measure and some reporters."""
        if self._are_below(reporters):
            below = self.below.choices(day, measure, reporters)
            if below.reporters and measure in below.measures:
                return answers.choices_beside(below, self.complete(day), self.names, measure)
        return answers.choices(self.complete(day), self.names, measure, reporters)

    @shared(max_size=64)
    def drawing(self, figure: figures.Figure, unkept: frozenset[str], day: date) -> figures.Drawing:
        """A figure as drawn; `day` is today, which its source line names."""
        return figures.draw(figure, self.data, table=self.complete(figure.view.known_on), unkept=unkept)

    def record(self, drawing: figures.Drawing, unkept: frozenset[str], day: date) -> dict:
        """The evidence of a drawing. What its numbers rest on is looked up once a view, whatever its dress."""
        view = drawing.figure.view
        return evidence.record(drawing, self.data, table=self.complete(view.known_on), earlier=self._first_record(view, unkept, day))

    @shared(max_size=64)
    def _first_record(self, view: views.View, unkept: frozenset[str], day: date) -> dict:
        return evidence.record(self.drawing(figures.Figure(view), unkept, day), self.data, table=self.complete(view.known_on))

    @shared(max_size=1)
    def overview(self) -> overviews.Overview:
        """What the Overview page shows."""
        if self.below and not overviews.is_touched(self.data.touched, self.data.touched_reporters):
            return overviews.over(self.below.overview(), self.data, statements.bundled(), self.names)
        return overviews.overview(self.data, self.complete(None), statements.bundled(), self.names)

    @shared(max_size=2)
    def overview_charts(self, is_dark: bool) -> dict[str, go.Figure]:
        """Its charts in a theme."""
        if self.below and self.overview().secret is self.below.overview().secret:
            return overviews.charts_over(self.below.overview_charts(is_dark), self.overview())
        return overviews.charts_of(self.overview(), charts.DARK if is_dark else charts.LIGHT)

    @shared(max_size=64)
    def reporter_profile(self, reporter: str, today: date) -> profiles.ReporterProfile | None:
        """What is known of a reporter; `today` decides what is overdue."""
        return profiles.of_reporter(reporter, self.data, self.complete(None), statements.bundled(), self.rhythms(today), self.changes())

    @shared(max_size=64)
    def country_profile(self, requester: str) -> profiles.CountryProfile | None:
        """What is known of a country's requests."""
        return profiles.of_country(requester, self.data, self.complete(None), statements.bundled())

    @shared(max_size=64)
    def panels(self, column: str, code: str, is_dark: bool) -> tuple[profiles.Panel, ...]:
        """The first series of a reporter, or of a country as requester, in small."""
        profile = self.reporter_profile(code, date.today()) if column == "reporter" else self.country_profile(code)
        return profiles.panels(profile.series, column, self.names, charts.DARK if is_dark else charts.LIGHT)

    @shared(max_size=1)
    def source_tables(self) -> dict[str, pd.DataFrame]:
        """The tables of the Sources page."""
        return {
            "documents": sources.documents(self.data, self.names),
            "restated": sources.restated(self.data, self.names),
            "withdrawn": sources.withdrawn(self.data, self.names),
        }

    @shared(max_size=1)
    def evaluator(self) -> statements.Evaluator:
        """What judges sentences and shipped statements."""
        if is_bundled(self.data):
            return statements.bundled_evaluator()
        return statements.Evaluator(self.data, statements.bundled(), self.complete(None))

    @shared(max_size=1)
    def reader(self) -> Reader:
        """What understands the parameters of an address."""
        return Reader(self.data)

    @shared(max_size=2)
    def rhythms(self, today: date) -> pd.DataFrame:
        """How regularly each reporter publishes, and what is expected next."""
        return rhythm.rhythms(self.data, today)

    @shared(max_size=1)
    def noughts(self) -> pd.DataFrame:
        """Series of national security process that begin with noughts."""
        return never.noughts(self.data)

    @shared(max_size=1)
    def changes(self) -> pd.DataFrame:
        """What each reporter has printed twice, and how much of it otherwise."""
        return restatements.by_publisher(self.data)

    @shared(max_size=64)
    def editions(self, reporter: str) -> pd.DataFrame:
        """The same for each document of one reporter."""
        return restatements.by_edition(self.data, reporter)

    @shared(max_size=64)
    def usual_pair(self, reporter: str) -> tuple[str, str]:
        """The two documents of a reporter that are compared first."""
        return restatements.usual_pair(self.data, reporter)

    @shared(max_size=64)
    def redline(self, older: str, newer: str) -> pd.DataFrame:
        """Every number of two documents, key by key."""
        return restatements.between(self.data, older, newer)

    @shared(max_size=1)
    def band_history(self) -> pd.DataFrame:
        """Every step from a band to another interval that a later document prints."""
        return bands.history(self.data)

    @shared(max_size=1)
    def by_logic(self) -> pd.DataFrame:
        """Numbers in bands from zero that cannot be zero."""
        return bands.by_logic(self.data)

    @shared(max_size=1)
    def index(self) -> search.Index:
        """What is searched in."""
        return search.Index(self.data, statements.bundled(), self.names)

    @shared(max_size=1_000)
    def verdicts_of(self, statement: str) -> list[statements.Verdict]:
        """What the published series say to the claims of a statement."""
        return statements.bundled_verdicts()[statement] if is_bundled(self.data) else self.evaluator().of_statement(statement)

    @shared(max_size=1)
    def verdicts(self) -> dict[str, list[statements.Verdict]]:
        """The same of every statement."""
        return {name: self.verdicts_of(name) for name in statements.bundled().statements["statement"]}


# Soon put together, and megabytes each: the last ones are held for all visitors, not for each.
@shared(max_size=4)
def _laid_over(library: Library, day: date | None) -> pd.DataFrame:
    return overlay.laid_over(library.below.complete(day), *library.touched_totals(day))
