"""Explore: choose series, see them over time, ranked, side by side, on a map or as a table."""

from urllib.parse import urlencode

import streamlit as st

from dashboard.app_pages import explore_parts, parts
from dashboard.app_pages.explore_evidence import show_evidence_of
from dashboard.app_pages.statement_parts import show_cited
from dashboard.web.session import bundled, held

opened = explore_parts.opened_view()
explore_parts.bar(opened)
explore_parts.shapes()
view = explore_parts.chosen_view(opened)
explore_parts.keep(view)

table, answer = held().complete(view.known_on), held().answer(view)
offered = held().choices(view.known_on, view.measure, view.reporter)
selected = None
with st.container(border=True, gap=None, key="frame"):
    if answer.is_empty:
        st.info(parts.why_nothing(view, answer.rows))
    else:
        explore_parts.show_title(answer)
        if view.shape == "table":
            selected = parts.show_table(answer.rows, view.is_scaled, height=400, key="rows")
        else:
            selected = parts.show_chart(held().chart(view, parts.is_dark()), key=f"chart-{view.shape}", alt=answer.alt)
    with st.container(horizontal=True, vertical_alignment="center"):
        if view.shape in ("ranking", "map"):
            explore_parts.compared_period(opened, offered)
        else:
            explore_parts.time_range(opened, offered)
        if answer.source:
            st.caption(parts.markdown(answer.source), width=explore_parts.BESIDE)

with st.container(horizontal=True, vertical_alignment="center"):
    parts.copy_link(view.query())
    if not answer.is_empty:
        # A page elsewhere shows what everyone has, not a visitor's own reports.
        if held() is bundled():
            parts.embed(view)
        parts.show_downloads(answer.rows, "data-requests", dict(view.query()) | {"title": answer.title})
        parts.page_link("Make a figure", f"/figure?{urlencode(view.query())}")
if answer.is_empty:
    st.stop()
st.set_page_config(page_title=f"{answer.title} · {parts.PRODUCT}")

explore_parts.show_missing(answer.untotalled)
parts.show_sentences(answer.sentences)
if answer.series > answer.shown["label"].nunique():
    st.caption(f"The chart shows the {answer.shown['label'].nunique()} largest of {answer.series} series; the table has all.")
if answer.note:
    st.caption(parts.markdown(answer.note))
show_evidence_of(answer, selected, table)
if view.shape == "map":
    parts.show_unmapped(answer.unmapped, view.is_scaled)
if view.shape in ("time", "multiples") and not answer.breaks.empty:
    with st.expander(f"Breaks in these series ({len(answer.breaks)})"):
        parts.show_breaks(answer.breaks)
show_cited(answer.cited)
with st.expander("Definitions that apply"):
    parts.show_definitions(answer.definitions)
