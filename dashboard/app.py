"""The entry point: one page a file, in flat navigation."""

import streamlit as st

from dashboard.app_pages import account, addresses, parts
from dashboard.web import logs, session

st.logo("/app/static/logo.svg", size="large")

session.begin()
if "pages" not in st.session_state:
    every_page = [
        st.Page("app_pages/overview.py", title="Overview", default=True),
        st.Page("app_pages/explore.py", title="Explore", url_path="explore"),
        st.Page("app_pages/figure.py", title="Make a figure", url_path="figure"),
        st.Page("app_pages/statements.py", title="Statements", url_path="statements"),
        st.Page("app_pages/check.py", title="Check a claim", url_path="check"),
        st.Page("app_pages/bring.py", title="Bring a report", url_path="bring"),
        st.Page("app_pages/sources.py", title="Sources", url_path="sources"),
        st.Page("app_pages/search.py", title="Search", url_path="search"),
        st.Page("app_pages/reporter.py", title="Reporter", url_path="reporter", visibility="hidden"),
        st.Page("app_pages/country.py", title="Country", url_path="country", visibility="hidden"),
        st.Page("app_pages/changes.py", title="What changed", url_path="changes", visibility="hidden"),
        st.Page("app_pages/definitions.py", title="Definitions", url_path="definitions", visibility="hidden"),
        st.Page("app_pages/gags.py", title="How long gags last", url_path="gags", visibility="hidden"),
    ]
    st.session_state["pages"] = {page.url_path: page for page in every_page}
page = st.navigation(list(st.session_state["pages"].values()), position="top")
# A page that is come back to takes up what was chosen there; one that is only run again does not.
st.session_state["page_before"] = st.session_state.get("page_now")
st.session_state["page_now"] = page.url_path
if st.session_state["page_before"] != page.url_path:
    # It holds for as long as the page is open.
    st.session_state["page_title"] = ""
    st.set_page_config(page_title=parts.PRODUCT, page_icon="/app/static/icon.png", layout="wide")
if st.get_option("server.enableStaticServing"):
    # Under `streamlit run`; the dashboard's own server writes both into each page that it sends.
    parts.dress()
if page.url_path != "search":
    account.offer_search()
account.show()
addresses.begin(page.url_path, st.session_state["page_before"])
with logs.Timed(page.url_path or "overview"):
    page.run()
