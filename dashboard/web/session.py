"""What this visitor sees: the bundled data, with the visitor's own reports where there are any; made once and kept.

What is made of the bundled data is shared by all visitors. What is made of a visitor's own reports stays in that session.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import time
import weakref
from collections import OrderedDict
from collections.abc import Mapping as Claims
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from threading import Lock

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.runtime import memory_media_file_storage
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import analysis, answers, catalog, figures, statements, workspace
from dashboard.analysis import bands, never, restatements, rhythm, views
from dashboard.answers import overviews, own, profiles, search, sources
from dashboard.catalog.own_reports import Report, SessionReports, with_reports
from dashboard.catalog.shipped import Catalog
from dashboard.display import charts
from dashboard.display.languages import Language
from dashboard.figures import evidence
from dashboard.reports.tables.roles import BadMapping, Mapping
from dashboard.web import forms, gate, queries
from dashboard.web import instance as settings
from dashboard.web.instance import Instance, Mode
from dashboard.web.shared import shared
from dashboard.workspace import StoreProblem, User


def _file_id(data: bytes, mimetype: str, filename: str | None = None) -> str:
    """The id of a download in its address: the browser whose session it is made for, then what is in it.

    Streamlit would name a long file by three samples of it, so that two visitors' files of equal length could have one address, and hands a file
    to whoever has its address; `gate.OwnSessionOnly` hands it to the browser that is named in it.
    """
    context = get_script_run_ctx(suppress_warning=True)
    session_id = context.session_id if context else _asking.get()
    return gate.sessions.tag(session_id) + hashlib.sha256(repr((len(data), mimetype, filename)).encode() + data).hexdigest()


def _for_its_session(self: MediaFileManager, file_id: str) -> str:
    # A file that is made when its button is pressed is made outside of any run of a page.
    entry = self._deferred_callables.get(file_id)
    _asking.set(entry["session_id"] if entry else "")
    return _execute_deferred(self, file_id)


_asking: ContextVar[str] = ContextVar("asking", default="")
_execute_deferred = MediaFileManager.execute_deferred
MediaFileManager.execute_deferred = _for_its_session
memory_media_file_storage._calculate_file_id = _file_id


class CachedLibrary:
    """One catalog and everything that pages make of it; all tables are read only. `below` is the same of the catalog that it lies over."""

    def __init__(self, data: Catalog, below: CachedLibrary | None = None):
        self.data = data
        self.below = below
        self.names = Language("en", data)
        self.complete = functools.partial(_laid_over, self) if below else shared(max_size=16)(self._complete)
        self.answer = shared(max_size=256)(self._answer)
        self.chart = shared(max_size=256)(self._chart)
        self.reader = shared(max_size=1)(lambda: queries.Reader(data))
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


_log = logging.getLogger("dashboard.workspace")


@shared(max_size=2)
def _laid_over(session: CachedLibrary, day: date | None = None) -> pd.DataFrame:
    # A table of both is long and soon put together: the last ones are held for all visitors, not one for each.
    return analysis.with_totals(session.data, day, session.below.complete(day))


@shared(max_size=1)
def bundled() -> CachedLibrary:
    """What every visitor without reports of their own sees."""
    return CachedLibrary(catalog.bundled())


def library() -> CachedLibrary:
    """What this visitor sees."""
    kept = _kept()
    below = _with_kept(kept) if kept.reports else bundled()
    brought: SessionReports | None = st.session_state.get("own_reports")
    if brought is None:
        return below
    merged = brought.merged(below.data, kept.reports)
    if merged is below.data:
        st.session_state.pop("own_library", None)
        return below
    mine: CachedLibrary | None = st.session_state.get("own_library")
    if mine is None or mine.data is not merged:
        mine = st.session_state["own_library"] = CachedLibrary(merged, below)
    return mine


def own_reports() -> SessionReports:
    """The reports of this session, which are nowhere else."""
    return st.session_state.setdefault("own_reports", SessionReports())


@dataclass(frozen=True, eq=False)
class KeptReports:
    """The kept reports that some users see, with what cannot be read of them; equal sets are one object for all who see them."""

    key: tuple[tuple[str, str], ...] = ()
    reports: tuple[Report, ...] = ()
    damages: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeptReports) and (self.key, self.damages) == (other.key, other.damages)


def kept_reports() -> list[Report]:
    """The reports that this visitor keeps or is shown by others; those that are damaged are left out and told of by `troubles`."""
    return list(_kept().reports)


def keep(report: Report, *, is_shared: bool) -> workspace.Kept:
    """Keep a report of this visitor's, which is then no longer one of the session alone; raises `StoreProblem` where it cannot be kept, and where
    nothing may be kept here."""
    who = user()
    if who is None:
        raise StoreProblem("Nothing was kept: " + keeping().says)
    kept = store().keep(report, who, is_shared=is_shared)
    own_reports().remove(report.id)
    return kept


def troubles() -> list[str]:
    """What keeps this visitor from seeing kept numbers, in sentences: a store that is down, a report that is damaged."""
    return list(_kept().damages)


def _kept() -> KeptReports:
    # Looked up by `begin` once in a run of a page, which asks for it many times.
    kept = st.session_state.get("kept")
    return _kept_of(user()) if kept is None else kept


def _kept_of(who: User | None) -> KeptReports:
    if who is None:
        return KeptReports()
    try:
        return _read_kept(store(), who, store().version())
    except StoreProblem as problem:
        return KeptReports(damages=(str(problem),))


@shared(max_size=64)
def _read_kept(store: workspace.Workspace, who: User, version: int) -> KeptReports:
    # The same for as long as nothing changes in the store; reports that are read already are not read again.
    if not version:
        return KeptReports()
    listed = [kept for kept in store.reports(who) if not kept.deleted]
    reports, damages = {}, []
    for kept in listed:
        try:
            reports.setdefault(kept.id, _report(kept.id, kept.by if settings.current().mode is Mode.TEAM else "", who))
        except StoreProblem as problem:
            damages.append(str(problem))
    key = tuple(sorted((kept.owner, kept.id) for kept in listed))
    return _one_of_equals(KeptReports(key, tuple(reports.values()), tuple(damages)))


def _report(id_: str, by: str, who: User) -> Report:
    # One object for each report, whoever sees it; its documents say whose it is where there are several.
    with _reading:
        report = _reports.get((id_, by))
        if report is None:
            report = store().read(id_, who)
            if by:
                documents = report.documents.assign(title=report.documents["title"] + f", kept by {by}")
                report = replace(report, documents=documents)
            _reports[id_, by] = report
        return report


_reports: weakref.WeakValueDictionary[tuple[str, str], Report] = weakref.WeakValueDictionary()
_sets: weakref.WeakValueDictionary[KeptReports, KeptReports] = weakref.WeakValueDictionary()
_reading = Lock()


def first_view(report: Report) -> views.View:
    """How a report is first looked at, beside the publisher most like it; found once, however often the report is listed."""
    view = _first_views.get(report)
    if view is None:
        # Among what is published alone: what else is kept changes all the time.
        view = _first_views[report] = own.view_beside(report.observations, bundled().complete(None))
    return view


_first_views: weakref.WeakKeyDictionary[Report, views.View] = weakref.WeakKeyDictionary()


def _one_of_equals(kept: KeptReports) -> KeptReports:
    with _reading:
        return _sets.setdefault(kept, kept)


@shared(max_size=8)
def _with_kept(kept: KeptReports) -> CachedLibrary:
    # One for all who see the same kept reports.
    return CachedLibrary(with_reports(catalog.bundled(), kept.reports), bundled())


def remembered() -> dict[tuple[str, str], Mapping]:
    """How layouts were corrected, by reporter and layout: with the kept reports, and in this session."""
    session_state = {}
    for report in kept_reports():
        # A kept mapping that is none was written by another version of this program.
        with contextlib.suppress(BadMapping):
            if report.mapping:
                mapping = Mapping.loaded(report.mapping)
                session_state |= {(reporter, mapping.layout): mapping for reporter in report.observations["reporter"].unique()}
    return session_state | st.session_state.get("remembered", {})


def remembered_of(layout: str) -> list[Mapping]:
    """Those of a layout, whoever published it, with the reporter that each is of."""
    return [replace(mapping, reporter=reporter) for (reporter, of), mapping in remembered().items() if of == layout]


@shared(max_size=1)
def store() -> workspace.Workspace:
    """The workspace of this installation."""
    return workspace.Workspace(quotas=settings.current().quotas)


def begin() -> None:
    """Begin a run of a page: hold the session to its browser and its user, and look up what is kept. Stops where there is another user now."""
    context = get_script_run_ctx()
    if context is not None:
        gate.sessions.bind(context.session_id, dict(st.context.cookies))
    who = _learned_sign_outs(user())
    if st.session_state.setdefault("user", who) != who:
        # What a visitor has brought is not left for the next one.
        st.session_state.clear()
        st.session_state["user"] = who
    st.session_state["kept"] = _kept_of(who)


def user() -> User | None:
    """Who this visitor is: in an installation of one person that person; None who is not signed in, and everybody where it is public."""
    instance = settings.current()
    if instance.mode is Mode.ALONE:
        return workspace.ALONE
    if instance.mode is Mode.PUBLIC:
        return None
    if instance.user_header:
        name = st.context.headers.get(instance.user_header, "")
        return User(name, name, instance.is_administrator([name])) if name else None
    context = get_script_run_ctx()
    claims = dict(context.user_info) if context else {}
    who = signed_in(claims, instance, datetime.now(UTC))
    return who if who is None or claims["iat"] > _signed_out.get(who.id, 0) - 1 else None


def signed_in(claims: Claims[str, object], instance: Instance, now: datetime) -> User | None:
    """The user that a provider's claims speak of; None where they speak of nobody, or were issued longer ago than a sign-in holds."""
    subject, issued = str(claims.get("sub") or ""), claims.get("iat")
    if not claims.get("is_logged_in") or not subject or not isinstance(issued, int | float):
        return None
    if not 0 <= now.timestamp() - issued + _CLOCK_SECONDS <= instance.hours * 3600 + _CLOCK_SECONDS:
        return None
    # An address that the provider has not verified is whatever its user has written there.
    email = str(claims.get("email") or "") if claims.get("email_verified", True) else ""
    name = str(claims.get("name") or "")
    shown = f"{name} <{email}>" if name and email else email or name or subject
    return User(f"{claims.get('iss', '')}#{subject}", shown, instance.is_administrator([subject, email]))


def may_sign_out() -> bool:
    """Whether signing out is this site's matter and not its proxy's."""
    return settings.current().mode is Mode.TEAM and not settings.current().user_header


def sign_out() -> None:
    """End this visitor's sign-in here and with the provider, and every other of the same account on this site that began before."""
    who = user()
    if who is not None:
        _signed_out[who.id] = time.time()
        try:
            store().sign_out(who, _signed_out[who.id])
        except StoreProblem as problem:
            _log.warning("a sign-out is known to this process alone: %s", problem)
    st.session_state.clear()
    st.logout()


def _learned_sign_outs(who: User | None) -> User | None:
    # Who signed out with another process of the site is signed out here. Where that cannot be asked nothing kept is shown either.
    if who is None or not may_sign_out():
        return who
    with contextlib.suppress(StoreProblem):
        _signed_out[who.id] = max(_signed_out.get(who.id, 0.0), store().signed_out_at(who))
    return user()


_signed_out: dict[str, float] = {}
_CLOCK_SECONDS = 60  # by so much may a provider's clock be ahead of ours


@dataclass(frozen=True)
class Keeping:
    """What becomes of what this visitor brings: whether it may be kept and shared, who sees what is kept, and the sentence that says so."""

    may_keep: bool
    may_share: bool
    may_sign_in: bool
    says: str


def keeping() -> Keeping:
    """What this visitor may do with a report, by the way this installation is run."""
    instance, who = settings.current(), user()
    stays = "What you bring stays in this browser session"
    if instance.mode is Mode.ALONE:
        return Keeping(True, False, False, f"{stays} until you keep it, and nothing of it leaves this machine.")
    if instance.mode is Mode.PUBLIC:
        return Keeping(False, False, False, f"{stays}: on this public site nothing can be kept, and nobody else sees it.")
    if who is None:
        may_sign_in = not instance.user_header
        return Keeping(False, False, may_sign_in, f"{stays}. Who signs in can keep it on this server, and share it with the team.")
    return Keeping(
        True,
        True,
        False,
        f"{stays} until you keep it on this server as {who.shown}; you say whether all who sign in here see it, or you alone.",
    )


def may_bring() -> str:
    """Count one more file of this visitor's; blank where it may be read, else the sentence that says when the next one may be."""
    instance, who = settings.current(), user()
    visitor = who.id if who and instance.mode is Mode.TEAM else str(st.context.ip_address or "")
    return _uploads.count(visitor, instance.uploads_per_hour, time.monotonic())


class Uploads:
    """How many files each visitor has brought within an hour."""

    def __init__(self) -> None:
        self._times: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = Lock()

    def count(self, visitor: str, limit: int, now: float) -> str:
        """Count a file at a time in seconds; blank where it is within the limit (0 is none), else a sentence, and it does not count."""
        with self._lock:
            recent = [moment for moment in self._times.pop(visitor, []) if now - moment < 3600]
            is_within = not limit or len(recent) < limit
            self._times[visitor] = recent = [*recent, now] if is_within else recent
            while len(self._times) > 10_000:
                self._times.popitem(last=False)
        if is_within:
            return ""
        minutes = int((3600 - (now - recent[0])) // 60) + 1
        return f"{limit:,} files may be brought in an hour; the next one can be brought in {minutes} minutes."


_uploads = Uploads()


def unkept_documents() -> frozenset[str]:
    """The documents of this session's reports that are kept nowhere."""
    kept = {report.id for report in kept_reports()}
    brought = st.session_state.get("own_reports") or []
    return frozenset(name for report in brought if report.id not in kept for name in report.documents["document"])


def verdicts() -> dict[str, list[statements.Verdict]]:
    """Every verdict of the bundled statements on the bundled data, by statement."""
    return forms.judged(bundled())


def verdicts_of(statement: str) -> list[statements.Verdict]:
    """The verdicts of one bundled statement, without waiting for those of others."""
    return forms.verdicts_of(statement, bundled())


@shared(max_size=1)
def facets() -> dict[str, dict[str, int]]:
    """The conditions of a search among statements, each value with its number of statements."""
    return statements.facets(statements.bundled(), verdicts())
