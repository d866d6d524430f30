"""Overview: the quoted sentence and what is published about it, questions with their answers, secrecy, and what is covered."""

from datetime import date

import streamlit as st

from dashboard import statements
from dashboard.answers import overviews
from dashboard.app_pages import overview_parts, parts
from dashboard.web.session import library

shown, figures = library().overview(), library().overview_charts(parts.is_dark())

overview_parts.show_first(shown.first)
left, right = st.columns([3, 2])
with left.container(border=True, gap=None, key="frame"):
    st.header("Requests to Microsoft from the United States, and secrecy orders", anchor=False)
    st.caption("Number a year, each drawn across its own period; a range as testified, for each year.")
    selected = parts.show_chart(figures["first"], key="flagship", alt=shown.first_alt)
    st.caption(parts.markdown(shown.first_source))
with right:
    for question in shown.questions:
        overview_parts.show_question(question)
parts.show_evidence_at(selected, shown.first_case)

cells = st.grid(4, min_column_width=150, key="numbers")
for latest in shown.numbers:
    with cells.cell():
        overview_parts.show_latest(latest)

overview_parts.show_secrecy(shown, figures)
with parts.section("What this is, and what is covered", "covered") as is_open:
    if is_open:
        st.markdown(parts.markdown(shown.what))
        parts.show_chart(figures["coverage"], key="coverage", alt=shown.grid_alt)
        parts.show_rows(shown.grid.replace(overviews.KINDS), hide_index=False)
with parts.section("The latest from each reporter, what is overdue, and what stopped", "latest") as is_open:
    if is_open:
        overview_parts.show_overdue(library().rhythms(date.today()))
        overview_parts.show_never(library().noughts(), statements.watched())
        parts.show_rows(shown.latest)
