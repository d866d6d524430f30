"""Sources: every document, the vocabulary, the definitions and the breaks, and everything as one file."""

import streamlit as st

from dashboard import catalog
from dashboard.answers import sources
from dashboard.app_pages import addresses, parts, source_parts
from dashboard.catalog.package import MONTHS_UNTIL_KNOWN
from dashboard.display import downloads
from dashboard.model.intervals import counted
from dashboard.web.session import library

bundle = library().data

st.title("Sources")
st.markdown(
    "Every number leads to one of these documents. Where the day of publication is not known, the day given is marked: *seen*, the day by which "
    f"it had been seen, or *estimated*, {MONTHS_UNTIL_KNOWN} months after the last period that it covers, whichever comes first. "
    "A licence that the publisher does not state is called so; the single figures are facts, whoever prints them."
)

# Whoever comes for a document sees it first, everybody else what became of the numbers.
first, second = st.container(), st.container()
story, listed = (second, first) if source_parts.are_documents_first() else (first, second)

restated, withdrawn = library().source_tables()["restated"], library().source_tables()["withdrawn"]
with story:
    st.header("What was restated or withdrawn", anchor=False)
    with st.container(gap="small"):
        source_parts.show_story(library().changes(), len(restated), len(withdrawn))
    for name, rows in (("Restated", restated), ("Withdrawn", withdrawn)):
        parts.show_once_open(f"{name}: {counted(len(rows), 'number')}, each with its place", name.lower(), parts.show_rows, rows)

with listed:
    st.header("Documents", anchor=False)
    documents = source_parts.chosen_documents(library().source_tables()["documents"])
    if documents.empty:
        st.info("No document fits this choice. Take out a condition.")
    else:
        source_parts.show_count(documents, bundle)
        parts.show_rows(documents, column_config={"Address": st.column_config.LinkColumn("Address")})

st.header("Words", anchor=False)
for name, rows in (
    ("What is counted", bundle.measures.drop(columns=["kind"])),
    ("Kinds of demand", bundle.request_types),
    ("Definitions, publisher by publisher", bundle.definitions),
    ("Breaks in the series", bundle.breaks),
    ("Columns of an observation", sources.columns()),
):
    parts.show_once_open(name, name, parts.show_rows, rows)

st.header("Take everything", anchor=False)
st.markdown("All tables as CSV, the statements as TOML, described as a Frictionless Data Package.")
name = f"government-data-requests-{bundle.version}.zip"
parts.download(st, "Download everything (zip)", lambda: downloads.data_package(catalog.datasets_folder()), name)
parts.copy_link(addresses.here().items())
