"""The entry point: one page a file, in flat navigation."""

import streamlit as st

st.set_page_config(page_title="Government data requests", page_icon="📑", layout="wide")

st.navigation(
    [
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
    ],
    position="top",
).run()
