"""What stands above every page: the search, who is signed in where a team uses the dashboard, and what keeps kept numbers from being shown."""

import streamlit as st

from dashboard.app_pages.parts import markdown
from dashboard.web import session

MAX_LETTERS = 200
"""Of the words that are searched for."""


def show() -> None:
    """Who is signed in, with the way in or out; and each trouble with what is kept, so that nobody takes a gap for an answer."""
    who, keeping = session.user(), session.keeping()
    if keeping.may_sign_in:
        st.button("Sign in", on_click=st.login, key="sign-in", type="tertiary")
    elif keeping.may_share and who is not None:
        line = st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center")
        line.caption(f"Signed in as {markdown(who.shown)}", width="content")
        if session.may_sign_out():
            line.button("Sign out", on_click=session.sign_out, key="sign-out", type="tertiary")
        if remark := session.remark():
            # Who reads this is seldom who started the server, and the reports may be others'.
            st.info(markdown(remark))
    for trouble in session.troubles():
        st.error(markdown(trouble))


def offer_search() -> None:
    """A field for words to search for; with Enter the page of the search opens with them in its address."""
    words = st.text_input(
        "Search everything", key="words-above", type="search", placeholder="Search", label_visibility="collapsed", max_chars=MAX_LETTERS
    )
    if words:
        st.switch_page(st.session_state["pages"]["search"], query_params={"q": words})
