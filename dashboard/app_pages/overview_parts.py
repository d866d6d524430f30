"""What the Overview page is made of."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard.analysis.views import of_series
from dashboard.answers.explore import short_name
from dashboard.answers.overviews import SECRET, Latest, Overview, Question
from dashboard.app_pages import gag_parts, parts
from dashboard.app_pages.statement_parts import badge, overall_verdict, show_quote, typed_answer
from dashboard.display import sentences as words
from dashboard.model.periods import Period, day_label, label
from dashboard.statements import wording
from dashboard.web.session import bundled as bundled_library
from dashboard.web.session import library

NEVER_ADDED = "Shares, orders and people not told stand each on its own scale; they are never added."


def show_first(statement: pd.Series) -> None:
    """The quoted sentence as the title, who said it, its one verdict, and why."""
    show_quote(statement)
    readings = bundled_library().verdicts_of(statement.statement)
    verdict = overall_verdict(statement.statement)
    shown = f" {badge(verdict)}" if verdict else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"{parts.markdown(statement.speaker)}, {parts.markdown(statement.role)}, {day_label(statement.date)}.{shown}", width="content"
        )
        parts.page_link("Claims and verdicts", f"/statements?statement={statement.statement}")
    reasons = dict.fromkeys(wording.sentence(reading.why) for reading in readings if reading.verdict == "no public series")
    st.markdown(parts.markdown(typed_answer(statement.says, verdict) or " ".join(reasons)))


def show_question(question: Question) -> None:
    """A question with its answer and the page that shows it."""
    with st.container(border=True, gap=None, key=f"question-{question.address}"):
        parts.page_link(question.asks, question.address)
        st.markdown(parts.markdown(question.answer))


def show_latest(latest: Latest) -> None:
    """A number as a card."""
    with st.container(border=True, gap=None, height="stretch", key=f"latest-{latest.address}"):
        st.caption(parts.markdown(latest.name))
        st.markdown(f"**{parts.markdown(latest.value)}**")
        parts.page_link(latest.moved, latest.address)


def show_secrecy(shown: Overview, figures: Mapping[str, go.Figure]) -> None:
    """The series of secrecy of all reporters, one measure at a time."""
    names = library().names
    st.subheader("How often the customer could not be told", anchor=False)
    measures = [measure for measure in SECRET if measure in figures]
    with st.container(horizontal=True, vertical_alignment="center"):
        measure = st.segmented_control(
            "What is counted",
            measures,
            key="secrecy",
            default=measures[0],
            format_func=names.measure,
            required=True,
            label_visibility="collapsed",
            width="content",
        )
        rows = shown.secret[shown.secret["measure"] == measure]
        for reporter, own in rows.groupby("reporter", sort=False):
            parts.page_link(short_name(names.reporter(reporter)), of_series(own).address())
        if rows["reporter"].nunique() > 1:
            parts.page_link("All in Explore", of_series(rows).address())
    left, right = st.columns([3, 2])
    with left.container(border=True, gap=None, key="frame-secrecy"):
        st.caption(parts.markdown(library().data.measures.set_index("measure")["definition"][measure]))
        selected = parts.show_chart(figures[measure], key=f"secrecy-{measure}", alt=shown.secret_alts[measure])
        st.caption(parts.markdown(f"{NEVER_ADDED} {shown.secret_sources[measure]}"))
    with right:
        gag_parts.show_in_brief()
    parts.show_evidence_at(selected, rows)


def show_never(noughts: pd.DataFrame, watched: pd.DataFrame) -> None:
    """What reporters never received, by their own numbers and sentences, and where that stops; what has stopped comes first."""
    st.markdown(
        "**Never, until.** A number of none for every period since its series began, and a sentence that says “never”, are watched: where one is "
        f"no longer there, that says that it is gone, and not why. [Follow them (Atom)]({parts.link('/feeds/never.xml')})"
    )
    parts.show_noughts(noughts, height=260)
    for row in watched.itertuples():
        parts.page_link(f"{row.speaker}: {words.watched(row)}", f"/statements?statement={row.statement}")


def show_overdue(rhythms: pd.DataFrame) -> None:
    """How many reports are late by their reporter's own rhythm, and the latest of them."""
    names = library().names
    late = rhythms.dropna(subset=["overdue_since"]).sort_values("overdue_since", ascending=False)
    st.markdown(
        f"{len(late)} of {len(rhythms)} reporters with a rhythm have published, or we hold, nothing since the day on which their next report was to be expected."
    )
    spans = zip(pd.to_datetime(late["next_start"]).dt.date, pd.to_datetime(late["next_end"]).dt.date, strict=True)
    parts.show_rows(
        {
            "Reporter": late["reporter"].map(names.reporter),
            "Next period": [label(Period(*span)) for span in spans],
            "Expected": pd.to_datetime(late["overdue_since"]).dt.date,
            "Reports missing": late["missing"],
        }
    )
