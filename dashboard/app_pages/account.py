"""What stands above every page: who is signed in where a team uses the dashboard, and what keeps kept numbers from being shown."""

import streamlit as st

from dashboard.app_pages.parts import markdown
from dashboard.web import session


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
    for trouble in session.troubles():
        st.error(markdown(trouble))
