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
from collections.abc import Callable
from collections.abc import Mapping as Claims
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock

import streamlit as st
from streamlit.runtime import memory_media_file_storage
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import catalog, statements, workspace
from dashboard.analysis import views
from dashboard.answers import own
from dashboard.catalog.own_reports import Report, SessionReports, with_reports
from dashboard.reports.tables.roles import BadMapping, Mapping
from dashboard.web import gate, logs
from dashboard.web import instance as settings
from dashboard.web.instance import Instance, Mode
from dashboard.web.library import Library
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


_log = logging.getLogger("dashboard.workspace")


@shared(max_size=1)
def bundled() -> Library:
    """What every visitor without reports of their own sees."""
    return Library(catalog.bundled())


def library() -> Library:
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
    mine: Library | None = st.session_state.get("own_library")
    if mine is None or mine.data is not merged:
        mine = st.session_state["own_library"] = Library(merged, below)
    return mine


def own_reports() -> SessionReports:
    """The reports of this session, which are nowhere else."""
    return st.session_state.setdefault("own_reports", SessionReports())


@dataclass(frozen=True)
class KeptReports:
    """The kept reports that some users see, with what cannot be read of them and what is said where nothing was ever kept; who see the same have
    equal ones."""

    reports: tuple[Report, ...] = ()
    damages: tuple[str, ...] = ()
    remark: str = ""


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


def remark() -> str:
    """That nothing was ever kept where this visitor's reports are said to be; else blank."""
    return _kept().remark


def _kept() -> KeptReports:
    # Looked up by `begin` once in a run of a page, which asks for it many times.
    kept = st.session_state.get("kept")
    return _kept_of(user()) if kept is None else kept


def _kept_of(who: User | None) -> KeptReports:
    if who is None:
        return KeptReports()
    try:
        if version := store().version():
            return _read_kept(store(), who, version)
        return KeptReports(remark=nothing_kept("this site" if settings.current().mode is Mode.TEAM else store().path))
    except StoreProblem as problem:
        return KeptReports(damages=(str(problem),))


@shared(max_size=64)
def _read_kept(store: workspace.Workspace, who: User, version: int) -> KeptReports:
    # The same for as long as nothing changes in the store; reports that are read already are not read again.
    reports, damages = store.readable(who, lambda kept: _report(kept, who))
    return KeptReports(tuple(reports), tuple(damages))


def _report(kept: workspace.Kept, who: User) -> Report:
    # One object for each report, whoever sees it; its documents say whose it is where there are several.
    by = kept.by if settings.current().mode is Mode.TEAM else ""
    with _reading:
        report = _reports.get((kept.id, by))
        if report is None:
            report = store().read(kept.id, who)
            if by:
                documents = report.documents.assign(title=report.documents["title"] + f", kept by {by}")
                report = replace(report, documents=documents)
            _reports[kept.id, by] = report
        return report


_reports: weakref.WeakValueDictionary[tuple[str, str], Report] = weakref.WeakValueDictionary()
_reading = Lock()


def first_view(report: Report) -> views.View:
    """How a report is first looked at, beside the publisher most like it; found once, however often the report is listed."""
    view = _first_views.get(report)
    if view is None:
        # Among what is published alone: what else is kept changes all the time.
        view = _first_views[report] = own.view_beside(report.observations, bundled().complete(None))
    return view


_first_views: weakref.WeakKeyDictionary[Report, views.View] = weakref.WeakKeyDictionary()


SETS_KEPT = 12
"""Sets of kept reports that are held merged. A session that has gone holds none: it is remembered for minutes, and each set is megabytes."""


@shared(max_size=SETS_KEPT)
def _with_kept(kept: KeptReports) -> Library:
    # One for all who see the same kept reports.
    return Library(with_reports(catalog.bundled(), kept.reports), bundled())


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


def store_notice() -> str:
    """What a server says of the workspace as it starts: that it cannot be used, or that nothing was ever kept where reports are said to be; else blank."""
    if settings.current().mode is Mode.PUBLIC:
        return ""
    try:
        store().erase_what_is_past()
        return nothing_kept(store().path)
    except StoreProblem as problem:
        return f"Nothing that is kept can be shown: {problem}"


def nothing_kept(location: str) -> str:
    """That nothing was ever kept where reports are said to be, so that lost ones are not taken for none; else blank. May raise `StoreProblem`."""
    if store().version() or not workspace.is_named():
        return ""
    return f"Nothing is kept at {location} yet. If there were reports, bring them back first: the next one that is kept begins a new workspace there."


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


def run_alone(page: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """A part of a page that is run again alone when one of its own controls changes; such a run is held to its visitor and timed like the page's."""

    def decorated(show: Callable[[], None]) -> Callable[[], None]:
        @st.fragment
        @functools.wraps(show)
        def shown() -> None:
            if not get_script_run_ctx().fragment_ids_this_run:
                show()
                return
            with logs.Timed(page):
                begin()
                if "page_now" not in st.session_state:
                    # Another visitor's by now: they get a page of their own.
                    st.rerun()
                show()

        return shown

    return decorated


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
    is_verified = str(claims.get("email_verified", True)).lower() == "true"  # some providers write it as a text
    email = str(claims.get("email") or "").strip() if is_verified else ""
    # Whoever writes their own name writes no address into it, and nothing that is not seen.
    name = "".join(letter for letter in str(claims.get("name") or "") if letter.isprintable() and letter not in "<>@").strip()
    shown = f"{name} <{email}>" if name and email else email or name or subject
    # Where a provider says nothing of it, the address may be one that its user has chosen: it is shown, and gives no rights.
    stated = email if "email_verified" in claims else ""
    return User(f"{claims.get('iss', '')}#{subject}", shown, instance.is_administrator([subject, stated]))


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


@shared(max_size=1)
def facets() -> dict[str, dict[str, int]]:
    """The conditions of a search among statements, each value with its number of statements."""
    return statements.facets(statements.bundled(), bundled().verdicts())
