"""Statements: who said what about the numbers, what the published series say to it; one statement on a page of its own."""

import streamlit as st

from dashboard import statements
from dashboard.app_pages import addresses, parts
from dashboard.app_pages import statement_parts as shown
from dashboard.statements import wording
from dashboard.web import session

table, bundled, verdicts = session.library().complete(None), statements.bundled(), session.bundled().verdicts()
opened = {name: st.query_params.get_all(name) for name in ("topic", "side", "language", "verdict", "reporter", "q", "statement")}
by_name = bundled.statements.set_index("statement", drop=False)

chosen = next((name for name in opened["statement"] if name in by_name.index), "")
title = wording.heading(by_name.loc[chosen]) if chosen else "Statements"
parts.name_page(title)

if chosen:
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.page_link("All statements", "/statements", ":material/arrow_back:")
        if by_name.loc[chosen].quote:
            st.markdown(parts.markdown(title), width="content")
    if by_name.loc[chosen].quote:
        shown.show_quote(by_name.loc[chosen])
    else:
        st.title(parts.markdown(title), anchor=False)
    left, right = st.columns([2, 3])
    with left:
        shown.show_statement(bundled, by_name.loc[chosen], verdicts[chosen])
        st.header("What the series say", anchor=False)
        shown.show_verdicts(bundled, chosen, verdicts)
    with right:
        shown.show_claims_on_series(bundled, chosen, table)
    shown.show_how_verdicts_are_reached()
    parts.copy_link([("statement", chosen)])
    st.stop()

st.title(title, anchor=False)
st.markdown("What was said in public about these numbers, by whom and when, and what the published series say to it.")
if any(opened["statement"]):
    st.info(f"No statement is called “{parts.markdown(opened['statement'][0])}”; these are all of them.")

parts.follow_address(shown.KEYS)
facets = session.facets()
st.session_state.setdefault(f"{shown.KEYS}q", next(iter(opened["q"]), ""))
with st.container(horizontal=True, vertical_alignment="center"):
    text = st.text_input(
        "Search",
        key=f"{shown.KEYS}q",
        type="search",
        label_visibility="collapsed",
        placeholder="A speaker, a country, a ministry, a language, a word, a number",
        width=420,
    )
    verdict = shown.choose_verdicts(facets["verdict"], opened["verdict"])
    chosen = shown.choose_conditions(facets, opened) | {"verdict": verdict}

results = statements.search(bundled, verdicts, text=text, **chosen)
with st.container(horizontal=True, vertical_alignment="center"):
    st.caption(f"{len(results)} of {len(bundled.statements)} statements", width="content")
    parts.page_link("Check a claim of your own", "/check")
pages = -(-len(results) // shown.EACH)
page = parts.page_chosen(pages, f"{shown.KEYS}page", st.query_params.get("page", ""))
parts.write_address(chosen | {"q": [text] if text else [], "page": [str(page)] if page > 1 else []})
if results.empty:
    st.info("No statement fits this choice. Take out a condition.")
    st.stop()
shown.show_list(results.iloc[(page - 1) * shown.EACH : page * shown.EACH])
if pages > 1:
    st.pagination(pages, key=f"{shown.KEYS}page")
shown.show_how_verdicts_are_reached()
parts.copy_link(addresses.here().items())
