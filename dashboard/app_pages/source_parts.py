"""What the Sources page is made of: the story of what was restated, and a search among the documents."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.app_pages import parts
from dashboard.catalog.shipped import Catalog
from dashboard.model.intervals import counted
from dashboard.web.session import library

SEARCHED = ["Publisher", "Title", "Edition", "Form", "Address", "SHA-256", "Note", "Name"]
"""Columns of the documents in which words are looked for."""


def show_story(changes: pd.DataFrame, restated: int, withdrawn: int) -> None:
    """Who printed a number differently later or left one out, most first, each with the page that compares its editions.

    `changes` has a row for each reporter: `editions`, `reprinted`, `restated`, `withdrawn`.
    """
    names = library().names
    st.markdown(
        f"{restated:,} numbers were printed differently by a later document, and {withdrawn:,} were left out by a later edition of their file. "
        "Both printings are kept; a view as known on a day shows the one that was known then."
    )
    changed = changes[(changes["restated"] > 0) | (changes["withdrawn"] > 0)].sort_values(["restated", "withdrawn"], ascending=False)
    for change in changed.itertuples():
        line = f"{change.restated:,} of {counted(change.reprinted, 'number')} printed again {'was' if change.restated == 1 else 'were'} changed"
        if change.withdrawn:
            line += f"; {change.withdrawn:,} left out"
        parts.page_link(f"{names.reporter(change.reporter)}: {line}", f"/changes?reporter={change.reporter}")
    quiet = changes[(changes["restated"] == 0) & (changes["withdrawn"] == 0) & (changes["reprinted"] > 0)]
    if len(quiet):
        st.caption(f"{len(quiet)} more printed {quiet['reprinted'].sum():,} numbers again, all as before.")


def are_documents_first() -> bool:
    """Whether the page was opened for some documents, by an address that names one or has words of it."""
    parts.follow_address("documents-")
    return st.session_state.setdefault("documents-first", not {"document", "q"}.isdisjoint(st.query_params))


def chosen_documents(documents: pd.DataFrame) -> pd.DataFrame:
    """The documents that hold every word that is looked for, of the publishers and forms chosen; the choice is in the address."""
    one, two, three = st.columns([2, 1, 1])
    # A search, the map of the site and the feeds name a `document`.
    st.session_state.setdefault("documents-q", st.query_params.get("q") or st.query_params.get("document", ""))
    text = one.text_input("Search", key="documents-q", placeholder="Words of a title, an address, a hash …")
    chosen = {"q": [text] if text else []}
    for where, key, column, everything in ((two, "publisher", "Publisher", "All publishers"), (three, "form", "Form", "All forms")):
        options = sorted(documents[column].unique())
        opened = st.query_params.get_all(key)
        chosen[key] = parts.choose_several(where, column, options, key=f"documents-{key}", opened=opened, shown=str, placeholder=everything)
        if chosen[key]:
            documents = documents[documents[column].isin(chosen[key])]
    parts.write_address(chosen)
    words = documents[SEARCHED].astype(str).agg(" ".join, axis=1).str.casefold() if text else None
    if text in set(documents["Name"]):
        return documents[documents["Name"] == text]
    for word in text.casefold().split():
        documents = documents[words.loc[documents.index].str.contains(word, regex=False)]
    return documents


def show_count(documents: pd.DataFrame, bundle: Catalog) -> None:
    """How many documents are shown and how many numbers rest on them, as they are counted elsewhere."""
    people = bundle.population["document"].isin(documents["Name"]).sum()
    st.caption(
        f"{counted(len(documents), 'document')}, on which {documents['Numbers'].sum() - people:,} published numbers rest"
        + (f", and {people:,} populations of countries." if people else ".")
    )
