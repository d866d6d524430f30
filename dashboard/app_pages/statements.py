"""Statements: who said what about the numbers, what the published series say to it; one statement on a page of its own."""

import streamlit as st

from dashboard import statements
from dashboard.app_pages import parts
from dashboard.app_pages import statement_parts as shown
from dashboard.app_pages.parts import choose_several
from dashboard.web import session

names = session.held().names
table, said, verdicts = session.held().complete(None), statements.bundled(), session.verdicts()
opened = {name: st.query_params.get_all(name) for name in ("topic", "side", "language", "verdict", "reporter", "q", "statement")}
by_name = said.statements.set_index("statement", drop=False)

if chosen := next((name for name in opened["statement"] if name in by_name.index), ""):
    parts.page_link("All statements", "/statements")
    st.title(by_name.loc[chosen, "speaker"] + ", " + by_name.loc[chosen, "date"], anchor=False)
    left, right = st.columns([2, 3])
    with left:
        shown.show_overall(said, by_name.loc[chosen], verdicts)
        shown.show_statement(by_name.loc[chosen], bordered=False, own_page=True)
        shown.show_chain(said, chosen)
    with right:
        shown.show_claims_on_series(said, chosen, table)
    st.header("What the series say", anchor=False)
    shown.show_verdicts(said, chosen, verdicts)
    shown.show_how_verdicts_are_reached()
    parts.copy_link([("statement", chosen)])
    st.stop()

st.title("Statements")
st.markdown("What was said in public about these numbers, by whom and when, and what the published series say to it.")
parts.page_link("Check a claim of your own", "/check")
if opened["statement"]:
    st.info(f"No statement is called {parts.markdown(opened['statement'][0])}; these are all of them.")
shown.show_how_verdicts_are_reached()

facets = session.facets()
columns = st.columns(5)
chosen = {}
for where, (key, label, named) in zip(
    columns,
    (
        ("topic", "Topic", str.capitalize),
        ("side", "Side", str.capitalize),
        ("language", "Language of the wording", parts.language),
        ("verdict", "Verdict", str.capitalize),
        ("reporter", "Reporter", names.reporter),
    ),
    strict=True,
):
    counts = facets[key]
    chosen[key] = choose_several(
        where,
        label,
        sorted(counts, key=named),
        key=f"statements-{key}",
        opened=opened[key],
        shown=parts.counted(named, counts),
        placeholder="All",
    )
st.session_state.setdefault("q", next(iter(opened["q"]), ""))
text = st.text_input("Search", key="q", placeholder="A speaker, a country, a ministry, a language, a word, a number")

found = statements.search(said, verdicts, text=text, **chosen)
st.caption(f"{len(found)} of {len(said.statements)} statements")
if found.empty:
    st.info("No statement fits this choice. Take out a condition.")
    st.stop()
listed, page = parts.paged(found["statement"].tolist(), key="page", each=10, opened=st.query_params.get("page", ""))
st.query_params.from_dict(chosen | {"q": [text] if text else [], "page": [str(page)] if page > 1 else []})
for name in listed:
    shown.show_statement_in_list(by_name.loc[name], said, verdicts)
parts.copy_link([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])
