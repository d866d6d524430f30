"""One catalog with everything that pages and machine-readable answers make of it, each made once and kept."""

from __future__ import annotations

import functools
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from dashboard import analysis, answers, figures, statements
from dashboard.analysis import bands, never, restatements, rhythm, views
from dashboard.answers import overviews, profiles, search, sources
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
        self.complete = functools.partial(_laid_over, self) if below else shared(max_size=16)(self._complete)
        self.answer = shared(max_size=256)(self._answer)
        self.chart = shared(max_size=256)(self._chart)
        self.reader = shared(max_size=1)(lambda: Reader(data))
        self.choices = shared(max_size=256)(self._choices)
        self._touched = shared(max_size=2)(lambda day: analysis.with_totals(self.data.touched, day))
        self.drawing = shared(max_size=64)(self._drawing)
        self._first_record = shared(max_size=64)(self._first_record_of)
        self.overview = shared(max_size=1)(self._overview)
        self.overview_charts = shared(max_size=2)(self._overview_charts)
        self.source_tables = shared(max_size=1)(self._source_tables)
        self.rhythms = shared(max_size=2)(lambda today: rhythm.rhythms(data, today))
        self.noughts = shared(max_size=1)(lambda: never.noughts(data))
        self.changes = shared(max_size=1)(lambda: restatements.by_publisher(data))
        self.editions = shared(max_size=64)(lambda reporter: restatements.by_edition(data, reporter))
        self.usual_pair = shared(max_size=64)(lambda reporter: restatements.usual_pair(data, reporter))
        self.redline = shared(max_size=64)(lambda older, newer: restatements.between(data, older, newer))
        self.band_history = shared(max_size=1)(lambda: bands.history(data))
        self.by_logic = shared(max_size=1)(lambda: bands.by_logic(data))
        self.reporter_profile = shared(max_size=64)(self._reporter_profile)
        self.country_profile = shared(max_size=64)(self._country_profile)
        self.panels = shared(max_size=64)(self._panels)
        self.index = shared(max_size=1)(lambda: search.Index(data, statements.bundled(), self.names))
        self.evaluator = shared(max_size=1)(self._evaluator)
        self.verdicts_of = shared(max_size=1_000)(lambda statement: self.evaluator().of_statement(statement))
        self.verdicts = shared(max_size=1)(lambda: {name: self.verdicts_of(name) for name in statements.bundled().statements["statement"]})

    def _complete(self, day: date | None = None) -> pd.DataFrame:
        """Everything known on a day, with its totals."""
        return analysis.with_totals(self.data, day)

    def _answer(self, view: views.View) -> answers.Answer:
        """The answer to a view."""
        if self._is_seen_below(view):
            return self.below.answer(view)
        return answers.answer(view, self.data, self.complete(view.known_on), statements.bundled(), self.names)

    def _chart(self, view: views.View, is_dark: bool) -> go.Figure | None:
        """The chart of a view in a theme; None where it has none."""
        if self._is_seen_below(view):
            return self.below.chart(view, is_dark)
        return answers.chart(self.answer(view), self.names, charts.DARK if is_dark else charts.LIGHT)

    def _is_seen_below(self, view: views.View) -> bool:
        # A view over chosen reporters is the same here as below where no row of theirs can be another.
        return not view.ranks_reporters and self._are_below((*view.reporter, *filter(None, [view.of])))

    def _are_below(self, reporters: tuple[str, ...]) -> bool:
        return self.below is not None and bool(reporters) and set(reporters).isdisjoint(self.data.touched_reporters)

    def _choices(self, day: date | None, measure: str, reporters: tuple[str, ...]) -> answers.Choices:
        """What can be chosen on a day for a measure and some reporters."""
        if self._are_below(reporters):
            below = self.below.choices(day, measure, reporters)
            if below.reporters and measure in below.measures:
                return answers.choices_beside(below, self._touched(day), self.names, measure)
        return answers.choices(self.complete(day), self.names, measure, reporters)

    def _drawing(self, figure: figures.Figure, unkept: frozenset[str], day: date) -> figures.Drawing:
        """A figure as drawn; `day` is today, which its source line names."""
        return figures.draw(figure, self.data, table=self.complete(figure.view.known_on), unkept=unkept)

    def record(self, drawing: figures.Drawing, unkept: frozenset[str], day: date) -> dict:
        """The evidence of a drawing. What its numbers rest on is looked up once a view, whatever its dress."""
        view = drawing.figure.view
        return evidence.record(drawing, self.data, table=self.complete(view.known_on), earlier=self._first_record(view, unkept, day))

    def _first_record_of(self, view: views.View, unkept: frozenset[str], day: date) -> dict:
        return evidence.record(self.drawing(figures.Figure(view), unkept, day), self.data, table=self.complete(view.known_on))

    def _overview(self) -> overviews.Overview:
        """What the Overview page shows."""
        if self.below and not overviews.is_touched(self.data.touched, self.data.touched_reporters):
            return overviews.over(self.below.overview(), self.data, statements.bundled(), self.names)
        return overviews.overview(self.data, self.complete(None), statements.bundled(), self.names)

    def _overview_charts(self, is_dark: bool) -> dict[str, go.Figure]:
        """Its charts in a theme."""
        if self.below and self.overview().secret is self.below.overview().secret:
            return overviews.charts_over(self.below.overview_charts(is_dark), self.overview())
        return overviews.charts_of(self.overview(), charts.DARK if is_dark else charts.LIGHT)

    def _reporter_profile(self, reporter: str, today: date) -> profiles.ReporterProfile | None:
        """What is known of a reporter; `today` decides what is overdue."""
        return profiles.of_reporter(reporter, self.data, self.complete(None), statements.bundled(), self.rhythms(today), self.changes())

    def _country_profile(self, requester: str) -> profiles.CountryProfile | None:
        """What is known of a country's requests."""
        return profiles.of_country(requester, self.data, self.complete(None), statements.bundled())

    def _panels(self, column: str, code: str, is_dark: bool) -> tuple[profiles.Panel, ...]:
        """The first series of a reporter, or of a country as requester, in small."""
        profile = self.reporter_profile(code, date.today()) if column == "reporter" else self.country_profile(code)
        return profiles.panels(profile.series, self.names, charts.DARK if is_dark else charts.LIGHT)

    def _source_tables(self) -> dict[str, pd.DataFrame]:
        """The tables of the Sources page."""
        return {
            "documents": sources.documents(self.data, self.names),
            "restated": sources.restated(self.data, self.names),
            "withdrawn": sources.withdrawn(self.data, self.names),
        }

    def _evaluator(self) -> statements.Evaluator:
        """What judges sentences and shipped statements."""
        if is_bundled(self.data):
            return statements.bundled_evaluator()
        return statements.Evaluator(self.data, statements.bundled(), self.complete(None))


@shared(max_size=2)
def _laid_over(library: Library, day: date | None = None) -> pd.DataFrame:
    # A table of both is long and soon put together: the last ones are held for all visitors, not one for each.
    return analysis.with_totals(library.data, day, library.below.complete(day))
