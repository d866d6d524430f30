"""What of a page's address is not taken up: it is said, above the page, and never passed over in silence."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from dashboard.analysis.views import FIELDS
from dashboard.app_pages.text import markdown
from dashboard.figures.request import OPTIONS, SEVERAL
from dashboard.web import pages

PARAMETERS = {pages.PATHS[name].removeprefix("/"): tuple(page.get("parameters", ())) for name, page in pages.TABLE.items()}
PARAMETERS |= {"explore": tuple(FIELDS), "figure": (*FIELDS, *OPTIONS, *SEVERAL)}
"""The names that the address of each page may have; of a sign-in also those in `OF_SIGN_IN`."""
OF_SIGN_IN = ("code", "state", "provider")
MAX_SHOWN = 60
"""Letters of a name or value that are repeated."""
_SENTENCES, _ABOVE = "address-told", "address-above"


def begin(page: str, before: str | None) -> None:
    """Forget what was said of another page or address, and say which names of this address the page does not know."""
    address = here()
    by_the_page = (st.session_state.get("address-written", ("", {}))[1], getattr(st.session_state.get("explore"), "address", None))
    if page != before or address not in by_the_page:
        st.session_state[_SENTENCES] = []
    kept, st.session_state[_SENTENCES] = sentences(), []
    # Explore says itself, below its choices, what it does not take up of them.
    st.session_state[_ABOVE] = st if page == "explore" else st.container()
    for sentence in kept:
        tell(sentence)
    for name in st.query_params:
        if name not in PARAMETERS[page] and name not in OF_SIGN_IN:
            tell(f"This page does not know “{name[:MAX_SHOWN]}” in its address; it is left out.")


def here() -> dict[str, list[str]]:
    """Every value of each name in the address that the visitor is at."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def leave_out(what: str, values: Iterable[str], options: Iterable[str]) -> None:
    """Say which values of an address are none of the options."""
    there = set(options)
    for value in values:
        if value and value not in there:
            tell(f"“{value[:MAX_SHOWN]}” in the address is nothing to choose under “{what}”; it is left out.")


def tell(sentence: str) -> None:
    """Say a sentence above the page, for as long as the visitor stays there."""
    if sentence not in sentences():
        st.session_state[_SENTENCES].append(sentence)
        st.session_state[_ABOVE].info(markdown(sentence))


def sentences() -> list[str]:
    """What was not taken up on this page."""
    return st.session_state.get(_SENTENCES, [])
