"""Overview: what this is, the case it began with, the nondisclosure series, and what is covered."""

import streamlit as st

from dashboard import catalog, charts, overviews, statements, words
from dashboard.app_pages import parts

bundle, names = catalog.bundled(), parts.names()
table, said = parts.complete(), statements.bundled()

st.title("Government requests for user data")
st.markdown(parts.markdown(overviews.what_this_is(bundle, said.statements)))

st.header("The sentence this began with", anchor=False)
flagship = overviews.flagship(table)
left, right = st.columns([3, 2])
with left:
    st.subheader("Requests to Microsoft from the United States, and secrecy orders, per year", anchor=False)
    selected = parts.show_chart(
        charts.over_time(flagship, axis="per year", scaled=True), key="flagship", alt=words.alt(flagship, names, "per year", scaled=True)
    )
    st.caption(words.source_line(flagship, bundle, names, None))
    if selected in flagship.index:
        parts.show_evidence(flagship.loc[selected], table)
    parts.show_sentences([words.seen(flagship, names, scaled=True), overviews.READ_AS])
    with st.expander("The same as a table"):
        parts.show_table(flagship, scaled=True)
with right:
    st.subheader("Who says so", anchor=False)
    for statement in (
        overviews.first_chain(said, flagship[flagship["measure"] == "nondisclosure_orders"]).head(overviews.MOST_CARDS).itertuples()
    ):
        parts.show_statement(statement)
    parts.page_link("All statements", "/statements?topic=secrecy+orders")

st.header("How often the customer could not be told", anchor=False)
st.markdown(overviews.NEVER_ADDED)
secret = overviews.nondisclosure(table, names)
st.caption(words.source_line(secret, bundle, names, None))
selected = parts.show_panels(secret, key="nondisclosure", columns=2, same_axis=False)
if selected in secret.index:
    parts.show_evidence(secret.loc[selected], table)
with st.expander("The same as a table"):
    parts.show_table(secret)

st.header("What is covered", anchor=False)
grid, kinds = overviews.coverage(bundle)
parts.show_chart(charts.coverage(grid, words=kinds), key="coverage", alt=overviews.coverage_in_words(grid, kinds))
with st.expander("The same as a table"):
    st.dataframe(grid.replace(kinds), width="stretch")

st.header("The latest from each", anchor=False)
st.dataframe(overviews.latest(bundle, names), hide_index=True, width="stretch")
