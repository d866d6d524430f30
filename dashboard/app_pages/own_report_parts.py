"""What is taken in and what is kept: for this session only, or in the workspace, whose it is, who sees it, deleted and brought back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.app_pages.parts import markdown, page_link, show_rows
from dashboard.catalog import own_reports
from dashboard.catalog.own_reports import Report
from dashboard.catalog.uploads import Upload
from dashboard.model import periods
from dashboard.model.intervals import counted
from dashboard.model.periods import Period
from dashboard.web import session
from dashboard.web.session import library
from dashboard.workspace import DAYS_TO_RESTORE, Kept, StoreProblem, User

MOST_ACTIONS = 100
"""Lines of the history on the page, the last first: it is sent with each run, and grows for as long as there is a workspace."""


def show_taking_in(upload: Upload, data: bytes) -> None:
    """The two ways to take a report in: for this session only, or kept in the workspace, and then for whom; the way to it once it is used."""
    if upload.outcome == "refused":
        return
    contents = upload.contents
    reading = (upload.report.sha256, upload.mapping_text, contents and contents.first, contents and contents.last)
    used_ids = st.session_state.setdefault("used_readings", {})
    used = next((report for report in session.own_reports() if report.id == used_ids.get(reading)), None)
    agreed = (
        used is not None
        or upload.outcome == "accepted"
        or st.checkbox("I have read the warnings and agree to them", key=f"agree-{upload.report.sha256[:8]}")
    )
    keeping = session.keeping()
    is_shared = keeping.may_share and st.checkbox(
        "If I keep it, let everybody who signs in here see it, with my name", key=f"share-{upload.report.sha256[:8]}"
    )
    left, right = st.columns(2)
    use = used is None and left.button("Use it in this session", disabled=not agreed, width="stretch")
    if used is not None:
        with left:
            _link_to_explore(used)
    keep = right.button("Keep in workspace", disabled=not (agreed and keeping.may_keep), width="stretch")
    # Where a workspace lies is its keeper's business, not that of everybody who reaches the site.
    st.caption(keeping.says if keeping.may_share or not keeping.may_keep else f"The workspace: {markdown(session.store().path)}")
    if not (use or keep):
        return
    try:
        with st.spinner("Taking it in"):
            report = own_reports.accepted(
                upload.report.name, data, upload.observations, upload.problems, names=upload.reporter_names, mapping=upload.mapping_text
            )
        if keep:
            kept = session.keep(report, is_shared=bool(is_shared))
            st.session_state["said"] = _became(kept, keeping.may_share)
        else:
            is_new = session.own_reports().add(report)
            used_ids[reading] = report.id
            st.session_state["said"] = "It is on every page now, for this session." if is_new else "It is in this session already."
    except (StoreProblem, ValueError) as problem:
        st.error(markdown(problem))
        return
    st.rerun()


def show_own_reports() -> None:
    """What the visitor has in this session and in the workspace, and what can be done with it."""
    if outcome := st.session_state.pop("said", ""):
        st.success(outcome)
    own, who = list(session.own_reports()), session.user()
    if own:
        st.header("In this session only", anchor=False)
    for report in own:
        if _show_report(report).button("Drop", key=f"drop-{report.id}"):
            session.own_reports().remove(report.id)
            st.rerun()
    if who is None:
        return
    try:
        listed, deleted, history = session.store().reports(who), session.store().deleted(who), session.store().history(who)
    except StoreProblem:
        return  # which stands above every page
    if (remark := session.remark()) and not session.keeping().may_share:  # where it stands above every page
        st.info(markdown(remark))
    _show_kept(listed, who)
    _show_deleted(deleted, who)
    if history:
        with st.expander("What was kept, shared and deleted, by whom and when"):
            lines = [
                (f"{action.at[:10]} {action.at[11:16]}", action.who, action.action, action.name, action.observations)
                for action in history[: -MOST_ACTIONS - 1 : -1]
            ]
            if len(lines) < len(history):
                st.caption(f"The last {len(lines)} of {len(history):,}; `transparency workspace history` lists them all.")
            show_rows(pd.DataFrame(lines, columns=["When (UTC)", "Who", "What", "Report", "Numbers"]))


def _became(kept: Kept, is_shared_place: bool) -> str:
    if kept.already:
        return "It had been kept before; nothing is doubled." + (" Everybody who signs in sees it." if kept.is_shared else "")
    if not is_shared_place:
        return "Kept. It is on every page, also after a restart."
    seen = "Everybody who signs in sees it, with your name." if kept.is_shared else "Nobody else sees it."
    return f"Kept. It is on every page, also after a restart. {seen}"


def _show_kept(listed: list[Kept], who: User) -> None:
    sound = {report.id: report for report in session.kept_reports()}
    may_share = session.keeping().may_share
    if listed:
        st.header("Kept in the workspace", anchor=False)
    for kept in listed:
        key = f"{kept.id}-{kept.owner}"
        whose = f"kept by {markdown(kept.by)}" + (", seen by all who sign in" if kept.is_shared else ", seen by nobody else")
        slot = _show_report(sound[kept.id], whose if may_share else "") if kept.id in sound else _show_damaged(kept)
        is_own = kept.owner == who.id
        if may_share and is_own and slot.button("Hide" if kept.is_shared else "Share", key=f"share-{key}", width="stretch"):
            seen = "Nobody else sees it now." if kept.is_shared else "Everybody who signs in sees it now, with your name."
            _act(lambda kept=kept: session.store().share(kept.id, who, is_shared=not kept.is_shared), seen)
        if (is_own or who.is_admin) and slot.button("Delete", key=f"delete-{key}", width="stretch"):
            _act(
                lambda kept=kept: session.store().delete(kept.id, who, owner=kept.owner),
                f"Deleted. It can be brought back below for {DAYS_TO_RESTORE} days.",
            )


def _show_deleted(deleted: list[Kept], who: User) -> None:
    if not deleted:
        return
    with st.expander(f"Deleted, and can be brought back ({len(deleted)})"):
        for kept in deleted:
            left, middle, right = st.columns([4, 1, 1], vertical_alignment="center")
            until = date.fromisoformat(kept.deleted[:10]) + timedelta(days=DAYS_TO_RESTORE)
            left.markdown(f"{markdown(kept.name)} · {markdown(kept.period)} · until {periods.day_label(until)}")
            key = f"{kept.id}-{kept.owner}"
            if middle.button("Bring back", key=f"restore-{key}", width="stretch"):
                _act(lambda kept=kept: session.store().restore(kept.id, who, owner=kept.owner), "It is kept again.")
            if right.button("Delete for good", key=f"erase-{key}", width="stretch"):
                _act(
                    lambda kept=kept: session.store().delete(kept.id, who, owner=kept.owner, for_good=True),
                    "Deleted for good; the file is gone from the workspace.",
                )


def _show_damaged(kept: Kept) -> DeltaGenerator:
    left, _, right = st.columns([4, 2, 1], vertical_alignment="center")
    left.markdown(f"**{markdown(kept.name)}** · damaged")
    return right


def _show_report(report: Report, whose: str = "") -> DeltaGenerator:
    # A report in one line, with the way to its figures; what can be done with it goes into what is given back.
    rows = report.observations
    names = ", ".join(library().names.reporter(code) for code in rows["reporter"].unique())
    period = periods.label(Period.over(rows))
    left, middle, right = st.columns([4, 2, 1], vertical_alignment="center")
    left.markdown(
        f"**{markdown(report.name)}** · {markdown(names)}, {period} · {counted(len(rows), 'number')}" + (f" · {whose}" if whose else "")
    )
    with middle:
        _link_to_explore(report)
    return right


def _link_to_explore(report: Report) -> None:
    page_link("See it on Explore", session.first_view(report).address())


def _act(action: Callable[[], object], outcome: str) -> None:
    try:
        action()
    except StoreProblem as problem:
        st.error(markdown(problem))
        return
    st.session_state["said"] = outcome
    st.rerun()
