"""What the page for bringing a report shows of the visitor's own reports: in this session, kept, and what was done with them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.answers import own
from dashboard.app_pages.parts import markdown, page_link
from dashboard.catalog.own_reports import Report
from dashboard.model import periods
from dashboard.model.periods import Period
from dashboard.web import session as holding
from dashboard.web.session import held
from dashboard.workspace import StoreProblem


def show_own_reports() -> None:
    """What the visitor has in this session and in the workspace, and what can be done with it."""
    if said := st.session_state.pop("said", ""):
        st.success(said)
    own, kept = list(holding.own_reports()), holding.kept_reports()
    for damage in st.session_state.get("kept_damages", []):
        st.error(markdown(damage))
    if own:
        st.subheader("In this session only", anchor=False)
    for report in own:
        if _show_report(report).button("Drop", key=f"drop-{report.id}"):
            holding.own_reports().remove(report.id)
            st.rerun()
    if kept:
        st.subheader("Kept in the workspace", anchor=False)
    for report in kept:
        if _show_report(report).button("Delete", key=f"delete-{report.id}"):
            _act(
                lambda report=report: holding.store().delete(report.id, holding.user()),
                "Deleted. It can be brought back below for a while.",
            )
    try:
        history = holding.store().history(holding.user())
    except StoreProblem:
        history = []
    if history:
        with st.expander("What was kept and deleted, by whom and when"):
            lines = [
                (f"{action.at[:10]} {action.at[11:16]}", action.who, action.action, action.name, action.observations) for action in history
            ]
            st.dataframe(pd.DataFrame(lines, columns=["When (UTC)", "Who", "What", "Report", "Numbers"]), hide_index=True, width="stretch")
            if st.button("Undo the last keeping"):
                _act(lambda: holding.store().undo(holding.user()), "Undone.")


def _show_report(report: Report) -> DeltaGenerator:
    # A report in one line, with the way to its figures; what can be done with it goes into what is given back.
    rows = report.observations
    names = ", ".join(held().names.reporter(code) for code in rows["reporter"].unique())
    period = periods.label(Period(rows["period_start"].min().date(), rows["period_end"].max().date()))
    left, middle, right = st.columns([4, 2, 1], vertical_alignment="center")
    left.markdown(f"**{markdown(report.name)}** · {markdown(names)}, {period} · {len(rows):,} numbers")
    with middle:
        page_link("See it on Explore", f"/explore?{urlencode(own.view_beside(rows, held().complete(None)).query())}")
    return right


def _act(action: Callable[[], object], said: str) -> None:
    try:
        action()
    except StoreProblem as problem:
        st.error(markdown(problem))
        return
    st.session_state["said"] = said
    st.rerun()
