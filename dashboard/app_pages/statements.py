"""Statements: who said what about the numbers, beside the series that each refers to."""

import streamlit as st

from dashboard import catalog, statements
from dashboard.app_pages import parts
from dashboard.app_pages.parts import choose_several

bundle, names = catalog.bundled(), parts.names()
table, said = parts.complete(), statements.bundled()
opened = {name: st.query_params.get_all(name) for name in ("topic", "side", "language", "q", "statement")}

st.title("Statements")
st.markdown("What was said in public about these numbers, by whom and when, beside the series it refers to.")

left, middle, right = st.columns(3)
topics = choose_several(
    left,
    "Topic",
    sorted(said.statements["topic"].unique()),
    key="topic",
    opened=opened["topic"],
    shown=str.capitalize,
    placeholder="All topics",
)
sides = choose_several(
    middle,
    "Side",
    sorted(said.statements["side"].unique()),
    key="side",
    opened=opened["side"],
    shown=str.capitalize,
    placeholder="All sides",
)
languages = choose_several(
    right,
    "Language of the wording",
    sorted(said.statements["language"].unique()),
    key="language",
    opened=opened["language"],
    shown=parts.language,
    placeholder="All languages",
)
st.session_state.setdefault("q", next(iter(opened["q"]), ""))
text = st.text_input("Search", key="q", placeholder="A speaker, a word, a number")

found = statements.search(said.statements, text=text, topics=topics, sides=sides, languages=languages)
chosen = next(iter(opened["statement"]), "")
st.query_params.from_dict(
    {"topic": topics, "side": sides, "language": languages, "q": [text] if text else [], "statement": [chosen] if chosen else []}
)
st.caption(f"{len(found)} of {len(said.statements)} statements")
if found.empty:
    st.info("No statement fits this choice. Take out a condition.")
    st.stop()
order = found["statement"].tolist()
if chosen in order:
    order.remove(chosen)
    order.insert(0, chosen)
shown = parts.paged(order, key="page", each=10)
for name in shown:
    statement = found.set_index("statement", drop=False).loc[name]
    with st.container(border=True):
        left, right = st.columns([2, 3])
        with left:
            parts.show_statement(statement, bordered=False)
        with right:
            parts.show_concerned(said.concerns[name], table, key=name)
parts.copy_link([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])
