"""Explore: choose series, see them over time, in two periods, ranked, side by side, on a map or as a table."""

from urllib.parse import urlencode

import streamlit as st

from dashboard.app_pages import explore_evidence, explore_parts, gag_parts, parts
from dashboard.app_pages.statement_parts import show_list
from dashboard.model import vocabulary
from dashboard.web.session import bundled, library

chosen, mine = explore_parts.opened_view(), library()
offered = mine.choices(chosen.values["known"], chosen.values["measure"], tuple(chosen.values["reporter"]))
explore_parts.bar(chosen, offered)
explore_parts.shapes(chosen)
view, problems = explore_parts.chosen_view(chosen)
answer = mine.answer(view)
parts.name_page(answer.title or "Explore")

explore_parts.show_problems(problems)
selected = None
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
        elif view.shape != "ranking":
            explore_parts.time_range(chosen, offered.halves)
        if answer.source:
            st.caption(parts.markdown(answer.source), width=explore_parts.BESIDE.get(view.shape, explore_parts.WIDE))

# The answer alone stands above what can be done with it: both are seen without scrolling.
parts.show_sentences(answer.sentences[:1])
with st.container(horizontal=True, vertical_alignment="center"):
    parts.copy_link(view.query())
    if not answer.is_empty:
        # A page elsewhere shows what everyone has, not a visitor's own reports.
        if mine is bundled():
            parts.embed(view)
        parts.show_downloads(answer.rows, "data-requests", dict(view.query()) | {"title": answer.title})
        parts.page_link("Make a figure", f"/figure?{urlencode(view.query())}")
        if dressed := explore_parts.dressed_again(view):
            parts.page_link("Back to your figure", f"/figure?{urlencode(dressed)}")
if answer.is_empty:
    st.stop()

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
