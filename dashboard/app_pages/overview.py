"""Overview: what this is, the case it began with, the nondisclosure series, and what is covered."""

import streamlit as st

from dashboard.answers import overviews
from dashboard.app_pages import parts
from dashboard.app_pages.statement_parts import show_statement
from dashboard.web.session import held

shown, table = held().overview(), held().complete(None)

st.title("Government requests for user data")
st.markdown(parts.markdown(shown.what))

st.header("The sentence this began with", anchor=False)
left, right = st.columns([3, 2])
with left:
    st.subheader("Requests to Microsoft from the United States, and secrecy orders, per year", anchor=False)
    selected = parts.show_chart(shown.first_chart, key="flagship", alt=shown.first_alt)
    st.caption(shown.first_source)
    parts.figure_links(shown.first_case)
    if selected in shown.first_case.index:
        parts.show_evidence(shown.first_case.loc[selected], table)
    parts.show_sentences([shown.first_words, overviews.READ_AS])
    if parts.is_open("The same as a table", key="first-table"):
        parts.show_table(shown.first_case, scaled=True)
with right:
    st.subheader("Who says so", anchor=False)
    for statement in shown.cards.itertuples():
        show_statement(statement)
    parts.page_link("All statements", "/statements?topic=secrecy+orders")

st.header("How often the customer could not be told", anchor=False)
st.markdown(overviews.NEVER_ADDED)
selected = parts.show_panels(shown.secret_panels, key="nondisclosure", columns=2)
st.caption(shown.secret_source)
parts.figure_links(shown.secret)
if selected in shown.secret.index:
    parts.show_evidence(shown.secret.loc[selected], table)
if parts.is_open("These series as a table", key="secret-table"):
    parts.show_table(shown.secret)

st.header("What is covered", anchor=False)
parts.show_chart(shown.grid_chart, key="coverage", alt=shown.grid_alt)
if parts.is_open("The coverage as a table", key="coverage-table"):
    st.dataframe(shown.grid.replace(overviews.KINDS), width="stretch")

st.header("The latest from each", anchor=False)
st.dataframe(shown.latest, hide_index=True, width="stretch")
