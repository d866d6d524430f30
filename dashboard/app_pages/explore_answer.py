"""What Explore answers to the choices in its bar: the frame with the chart, the sentence, and what stands behind it."""

from __future__ import annotations

import streamlit as st

from dashboard.analysis.parameters import with_query
from dashboard.analysis.views import View
from dashboard.answers import Answer
from dashboard.app_pages import explore_evidence, explore_parts, gag_parts, parts
from dashboard.app_pages.explore_parts import Chosen
from dashboard.app_pages.statement_parts import show_list
from dashboard.model import vocabulary
from dashboard.web import session


@session.run_alone(explore_parts.PAGE)
def show() -> None:
    """The shapes, and all below them. A choice here runs nothing of the bar, and the browser draws nothing of it anew."""
    chosen = explore_parts.opened_view()
    explore_parts.shapes(chosen)
    view, problems = explore_parts.chosen_view(chosen)
    answer = session.library().answer(view)
    parts.name_page(answer.title or "Explore")
    explore_parts.show_problems(problems)
    selected = _show_frame(chosen, view, answer)
    # The answer alone stands above what can be done with it: both are seen without scrolling.
    parts.show_sentences(answer.sentences[:1])
    _show_ways_on(view, answer)
    if not answer.is_empty:
        _show_behind(view, answer, selected)


def _show_frame(chosen: Chosen, view: View, answer: Answer) -> int | str | tuple[str, str] | None:
    # Gives what is selected on the chart or in the table.
    mine, selected = session.library(), None
    offered = explore_parts.offered(chosen)
    with st.container(border=True, gap=None, key="frame"):
        if answer.is_empty:
            st.title("Explore", anchor=False)
            st.info(parts.markdown(answer.why_nothing))
        else:
            st.title(parts.markdown(answer.title), anchor=False)
            st.caption(parts.markdown(answer.subtitle))
        if view.shape == "ranking":
            # Its chart is longer than a screen.
            with st.container(horizontal=True, vertical_alignment="bottom", key="ranked"):
                explore_parts.chosen_periods(chosen, view, offered)
        if view.shape == "table" and not answer.is_empty:
            selected = parts.show_table(answer.rows, view.is_scaled, height=400, key="rows")
        elif not answer.is_empty and (drawn := mine.chart(view, parts.is_dark())) is not None:
            selected = parts.show_chart(drawn, key=f"chart-{view.shape}", alt=answer.alt)
        with st.container(horizontal=True, vertical_alignment="center"):
            if view.shape in ("map", "change"):
                explore_parts.chosen_periods(chosen, view, offered)
            elif view.shape != "ranking" and not (answer.is_empty and not view.start and not view.end):
                explore_parts.time_range(chosen, offered.halves)
            if answer.source:
                st.caption(parts.markdown(answer.source), width=explore_parts.BESIDE.get(view.shape, explore_parts.WIDE))
    return selected


def _show_ways_on(view: View, answer: Answer) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.copy_link(view.query())
        if not answer.is_empty:
            # A page elsewhere shows what everyone has, not a visitor's own reports.
            if session.library() is session.bundled():
                parts.embed(view)
            parts.show_downloads(answer.rows, dict(view.query()) | {"title": answer.title})
            dressed = explore_parts.dressed_again(view)
            parts.page_link("Back to your figure" if dressed else "Make a figure", with_query("/figure", dressed or view.query()))


def _show_behind(view: View, answer: Answer, selected: int | str | tuple[str, str] | None) -> None:
    parts.show_sentences(answer.sentences[1:])
    parts.show_sentences(answer.notes, icon=":material/info: ")
    if answer.likeness:
        parts.show_likeness(answer.likeness)
    elif answer.note:
        st.caption(parts.markdown(answer.note))
    if view.shape == "map":
        parts.show_unmapped(answer.unmapped, view.is_scaled)
    moved = explore_parts.movements(answer)
    match explore_parts.chosen_detail(answer, moved, selected):
        case explore_evidence.DETAIL:
            explore_evidence.show_evidence_of(answer)
        case "moved":
            explore_parts.show_both_periods(moved, view.is_scaled)
        case "breaks":
            parts.show_breaks(answer.breaks)
        case "earlier":
            parts.show_printed_otherwise(answer.earlier)
        case "cited":
            show_list(answer.cited)
        case "definitions":
            parts.show_definitions(answer.definitions)
            parts.page_link("Definitions side by side", "/definitions")
    if view.measure in vocabulary.SECRECY:
        gag_parts.show_in_brief()
