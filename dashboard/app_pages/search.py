"""Search: everything that has an address, the closest first."""

import streamlit as st

from dashboard.app_pages import parts
from dashboard.web.session import library

LONGEST = 200
"""Letters of a line about what is hit."""

st.title("Search")
parts.follow_address("search")
st.session_state.setdefault("search", st.query_params.get("q", ""))
query = st.text_input(
    "Search",
    key="search",
    type="search",
    label_visibility="collapsed",
    placeholder="“US requests Google Meta 2022”, “top ten countries Google per 100,000”, “gag orders”, a speaker, a document",
)
parts.write_address({"q": query})
if not query:
    st.markdown(
        "Reporters, countries, what is counted, statements, definitions and documents. A reporter with a country, a time or an order of countries (“most”, “per capita”, “map”) leads straight to its chart."
    )
    st.stop()
hits = library().index().search(query)
if not hits:
    st.info(f"Nothing is called “{parts.markdown(query)}”. Try fewer words, or a name in another language.")
    st.stop()
if hits[-1].is_guess:
    st.caption("No such word; these are the closest.")
elif any(hit.lacking for hit in hits):
    st.caption("Nothing has all of these words; these have most of them.")
for position, hit in enumerate(hits):
    with st.container(gap=None, key=f"hit-{position}"):
        parts.page_link(hit.entry.title, hit.entry.address)
        line = hit.entry.line if len(hit.entry.line) < LONGEST else hit.entry.line[: LONGEST - 1] + "…"
        if hit.entry.view is not None:
            # The answer itself, before anything is opened; no number of it is cut, and what it leaves out is told.
            answer = library().answer(hit.entry.view)
            line = " ".join((answer.why_nothing or answer.sentences[0], *answer.notes))
        st.caption(parts.markdown(" · ".join(filter(None, (hit.entry.kind.capitalize(), line)))))
