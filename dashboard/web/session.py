"""What this visitor sees: the bundled data, with the visitor's own reports where there are any; made once and kept.

What is made of the bundled data is shared by all visitors. What is made of a visitor's own reports stays in that session.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import date

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard import analysis, answers, catalog, figures, statements, workspace
from dashboard.analysis import restatements, rhythm, views
from dashboard.answers import overviews, profiles, search, sources
from dashboard.catalog.own_reports import Report, SessionReports
from dashboard.catalog.shipped import Catalog
from dashboard.display import charts, sentences
from dashboard.figures import evidence
from dashboard.reports.tables.roles import BadMapping, Mapping
from dashboard.web import queries
from dashboard.web.shared import shared
from dashboard.workspace import StoreProblem, User


class Held:
    """One catalog and everything that pages make of it; all tables are read only."""

    def __init__(self, data: Catalog):
        self.data = data
        self.names = sentences.Names(data)
        self.complete = shared(max_size=16)(self._complete)
        self.answer = shared(max_size=256)(self._answer)
        self.chart = shared(max_size=256)(self._chart)
        self.reader = shared(max_size=1)(lambda: queries.Reader(data))
        self.choices = shared(max_size=256)(self._choices)
        self.drawing = shared(max_size=64)(self._drawing)
        self._first_record = shared(max_size=64)(self._first_record_of)
        self.overview = shared(max_size=1)(self._overview)
        self.source_tables = shared(max_size=1)(self._source_tables)
        self.rhythms = shared(max_size=2)(lambda today: rhythm.rhythms(data, today))
        self.changes = shared(max_size=1)(lambda: restatements.by_publisher(data))
        self.reporter_profile = shared(max_size=64)(self._reporter_profile)
        self.country_profile = shared(max_size=64)(self._country_profile)
        self.index = shared(max_size=1)(lambda: search.Index(data, statements.bundled(), self.names))

    def _complete(self, day: date | None = None) -> pd.DataFrame:
        """Everything known on a day, with its totals."""
        return analysis.complete(self.data, day)

    def _answer(self, view: views.View) -> answers.Answer:
        """The answer to a view."""
        return answers.answer(view, self.data, self.complete(view.known_on), statements.bundled(), self.names)

    def _chart(self, view: views.View, is_dark: bool) -> go.Figure | None:
        """The chart of a view in a theme; None where it has none."""
        return answers.chart(self.answer(view), self.names, charts.DARK if is_dark else charts.LIGHT)

    def _choices(self, day: date | None, measure: str, reporters: tuple[str, ...]) -> answers.Choices:
        """What can be chosen on a day for a measure and some reporters."""
        return answers.choices(self.complete(day), self.names, measure, reporters)

    def _drawing(self, figure: figures.Figure, unkept: frozenset[str], day: date) -> figures.Drawing:
        """A figure as drawn; `day` is today, which its source line names."""
        return figures.draw(figure, self.data, table=self.complete(figure.view.known_on), unkept=unkept)

    def record(self, drawing: figures.Drawing, unkept: frozenset[str], day: date) -> dict:
        """The evidence of a drawing. What its numbers rest on is looked up once a view, whatever its dress."""
        view = drawing.figure.view
        return evidence.record(drawing, self.data, table=self.complete(view.known_on), like=self._first_record(view, unkept, day))

    def _first_record_of(self, view: views.View, unkept: frozenset[str], day: date) -> dict:
        return evidence.record(self.drawing(figures.Figure(view), unkept, day), self.data, table=self.complete(view.known_on))

    def _overview(self) -> overviews.Overview:
        """What the Overview page shows."""
        return overviews.overview(self.data, self.complete(None), statements.bundled(), self.names)

    def _reporter_profile(self, reporter: str, today: date) -> profiles.ReporterProfile | None:
        """What is known of a reporter; `today` decides what is overdue."""
        return profiles.of_reporter(reporter, self.data, self.complete(None), statements.bundled(), self.rhythms(today), self.changes())

    def _country_profile(self, requester: str) -> profiles.CountryProfile | None:
        """What is known of a country's requests."""
        return profiles.of_country(requester, self.data, self.complete(None), statements.bundled())

    def _source_tables(self) -> dict[str, pd.DataFrame]:
        """The tables of the Sources page."""
        return {
            "documents": sources.documents(self.data, self.names),
            "restated": sources.restated(self.data, self.names),
            "withdrawn": sources.withdrawn(self.data, self.names),
        }


@shared(max_size=1)
def bundled() -> Held:
    """What every visitor without reports of their own sees."""
    return Held(catalog.bundled())


def held() -> Held:
    """What this visitor sees."""
    kept = kept_reports()
    own: SessionReports | None = st.session_state.get("own_reports")
    if not kept and not own:
        return bundled()
    if own is None:
        own = own_reports()
    merged = own.merged(catalog.bundled(), kept)
    mine: Held | None = st.session_state.get("held")
    if mine is None or mine.data is not merged:
        mine = st.session_state["held"] = Held(merged)
    return mine


def own_reports() -> SessionReports:
    """The reports of this session, which are nowhere else."""
    return st.session_state.setdefault("own_reports", SessionReports())


def kept_reports() -> list[Report]:
    """The reports that this visitor keeps in the workspace; those that are damaged are left out and told of on the page."""
    known = st.session_state.get("kept_reports", [])
    try:
        reports, damages = store().readable(user(), known)
    except StoreProblem as problem:
        reports, damages = [], [str(problem)]
    st.session_state["kept_reports"], st.session_state["kept_damages"] = reports, damages
    return reports


def remembered() -> dict[tuple[str, str], Mapping]:
    """How layouts were corrected, by reporter and layout: with the kept reports, and in this session."""
    found = {}
    for report in kept_reports():
        # A kept mapping that is none was written by another version of this program.
        with contextlib.suppress(BadMapping):
            if report.mapping:
                mapping = Mapping.loaded(report.mapping)
                found |= {(reporter, mapping.layout): mapping for reporter in report.observations["reporter"].unique()}
    return found | st.session_state.get("remembered", {})


def remembered_of(layout: str) -> list[Mapping]:
    """Those of a layout, whoever published it, with the reporter that each is of."""
    return [replace(mapping, reporter=reporter) for (reporter, of), mapping in remembered().items() if of == layout]


@shared(max_size=1)
def store() -> workspace.Workspace:
    """The workspace of this installation."""
    return workspace.Workspace()


def user() -> User:
    """Whose kept reports these are: the signed-in user's where there is one, else of whoever uses this installation."""
    signed_in = getattr(st.user, "is_logged_in", False)
    return User(str(st.user.get("sub") or st.user.get("email"))) if signed_in else workspace.ALONE


def unkept_documents() -> frozenset[str]:
    """The documents of this session's reports that are kept nowhere."""
    kept = {report.id for report in st.session_state.get("kept_reports", [])}
    own = st.session_state.get("own_reports") or []
    return frozenset(name for report in own if report.id not in kept for name in report.documents["document"])


@shared(max_size=1)
def verdicts() -> dict[str, list[statements.Verdict]]:
    """Every verdict of the bundled statements on the bundled data, by statement."""
    found: dict[str, list[statements.Verdict]] = {}
    for verdict in statements.bundled_judge().all():
        found.setdefault(verdict.statement, []).append(verdict)
    return found


@shared(max_size=1)
def facets() -> dict[str, dict[str, int]]:
    """The conditions of a search among statements, each value with its number of statements."""
    return statements.facets(statements.bundled(), verdicts())
