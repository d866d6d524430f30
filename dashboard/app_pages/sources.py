"""Sources: every document, the vocabulary, the definitions and the breaks, and everything as one file."""

import streamlit as st

from dashboard import catalog
from dashboard.answers import sources
from dashboard.app_pages import parts
from dashboard.display import downloads
from dashboard.web.session import held

bundle = held().data

st.title("Sources")
st.markdown(
    "Every number leads to one of these documents. Where the day of publication is not known, the day given is marked as seen or estimated."
)

documents = held().source_tables()["documents"]
left, right = st.columns(2)
publishers = parts.choose_several(
    left,
    "Publisher",
    sorted(documents["Publisher"].unique()),
    key="publisher",
    opened=st.query_params.get_all("publisher"),
    shown=str,
    placeholder="All publishers",
)
forms = parts.choose_several(
    right,
    "Form",
    sorted(documents["Form"].unique()),
    key="form",
    opened=st.query_params.get_all("form"),
    shown=str,
    placeholder="All forms",
)
st.query_params.from_dict({"publisher": publishers, "form": forms})
if publishers:
    documents = documents[documents["Publisher"].isin(publishers)]
if forms:
    documents = documents[documents["Form"].isin(forms)]
st.caption(f"{len(documents)} documents, on which {documents['Numbers'].sum():,} numbers rest")
st.dataframe(documents, hide_index=True, width="stretch", height=420, column_config={"Address": st.column_config.LinkColumn("Address")})

st.header("What was restated or withdrawn", anchor=False)
restated, withdrawn = held().source_tables()["restated"], held().source_tables()["withdrawn"]
st.markdown(
    f"{len(restated)} numbers were printed differently by a later document; {len(withdrawn)} were left out by a later edition of their file."
)
with st.expander("Restated"):
    st.dataframe(restated, hide_index=True, width="stretch")
with st.expander("Withdrawn"):
    st.dataframe(withdrawn, hide_index=True, width="stretch")

st.header("Words", anchor=False)
with st.expander("What is counted"):
    st.dataframe(bundle.measures.drop(columns=["kind"]), hide_index=True, width="stretch")
with st.expander("Kinds of demand"):
    st.dataframe(bundle.request_types, hide_index=True, width="stretch")
with st.expander("Definitions, publisher by publisher"):
    st.dataframe(bundle.definitions, hide_index=True, width="stretch")
with st.expander("Breaks in the series"):
    st.dataframe(bundle.breaks, hide_index=True, width="stretch")
with st.expander("Columns of an observation"):
    st.dataframe(sources.columns(), hide_index=True, width="stretch")

st.header("Take everything", anchor=False)
st.markdown("All tables as CSV, the statements as TOML, described as a Frictionless Data Package.")
st.download_button(
    "Download everything (zip)",
    lambda: downloads.data_package(catalog.datasets_folder()),
    file_name=f"government-data-requests-{bundle.version}.zip",
    mime="application/zip",
    on_click="ignore",
)
parts.copy_link([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])
