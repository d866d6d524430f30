"""Definitions: what each reporter means by the same word, and how far two of them count the same thing."""

from datetime import date

import streamlit as st

from dashboard.analysis import definitions
from dashboard.app_pages import parts, profile_parts
from dashboard.web.session import library

names = library().names

st.title("Definitions")
st.markdown("The same word counts different things at different publishers. Choose a word; each row is what one publisher means by it.")
parts.follow_address("definitions-")
left, middle, right = st.columns(3)
concept = profile_parts.choose_one(
    left, "Word", [*definitions.CONCEPTS], str.capitalize, key="definitions", parameter="concept", usual="request"
)
day = middle.date_input("Valid on", value=date.today(), key="definitions-day", max_value=date.today(), format="YYYY-MM-DD")
matrix = definitions.matrix(library().data, day)
rows = matrix[matrix["concept"] == concept]
if rows.empty:
    st.info("No definition of this word is held for that day.")
    st.stop()
first = profile_parts.choose_one(
    right,
    "Compared with",
    rows["reporter"].tolist(),
    names.reporter,
    key="definitions",
    parameter="with",
    usual=definitions.commonest(rows),
)
profile_parts.show_matrix(rows, first)
parts.write_address({"concept": concept, "with": first})
parts.copy_link([("concept", concept), ("with", first)])
