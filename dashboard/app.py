"""The entry point: one page a file, in flat navigation."""

import streamlit as st

from dashboard.app_pages import account, addresses, parts
from dashboard.web import logs, pages, session

st.logo("/app/static/logo.svg", size="large")

session.begin()
if "pages" not in st.session_state:
    every_page = [
        st.Page(
            f"app_pages/{name}.py",
            title=entry["title"],
            url_path=name,
            default=pages.PATHS[name] == "/",
            visibility="hidden" if entry.get("is_hidden") else "visible",
        )
        for name, entry in pages.TABLE.items()
    ]
    st.session_state["pages"] = {page.url_path: page for page in every_page}
page = st.navigation(list(st.session_state["pages"].values()), position="top")
# A page that is come back to takes up what was chosen there; one that is only run again does not.
st.session_state["page_before"] = st.session_state.get("page_now")
st.session_state["page_now"] = page.url_path
if st.session_state["page_before"] != page.url_path:
    # It holds for as long as the page is open, or until the page names what it shows (`parts.name_page`).
    st.session_state["page_title"] = page.title
    st.set_page_config(page_title=f"{page.title} · {parts.PRODUCT}", page_icon="/app/static/icon.png", layout="wide")
if st.get_option("server.enableStaticServing"):
    # Under `streamlit run`; the dashboard's own server writes both into each page that it sends.
    parts.dress()
if page.url_path != "search":
    account.offer_search()
account.show()
addresses.begin(page.url_path, st.session_state["page_before"])
with logs.Timed(page.url_path or "overview"):
    page.run()
