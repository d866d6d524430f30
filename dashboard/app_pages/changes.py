"""What changed: how much of its past each publisher prints otherwise, edition by edition, and any two documents side by side."""

import streamlit as st

from dashboard.app_pages import parts, profile_parts
from dashboard.display import sentences
from dashboard.web.session import library

names = library().names

st.title("What changed")
st.markdown(
    "A later edition may print a number of an earlier period otherwise: it has restated it. Both numbers are kept, each with its document. "
    "Here is how much of its past each publisher changed."
)
parts.follow_address("changes-")
profile_parts.show_since()
changes = library().changes()
profile_parts.show_counted({"Publisher": changes["reporter"].map(names.reporter)}, changes)

reporter = profile_parts.choose_one(st, "Publisher", changes["reporter"].tolist(), names.reporter, key="changes", parameter="reporter")
st.header(f"{names.reporter(reporter)}, edition by edition", anchor=False)
editions, titles = library().editions(reporter), sentences.document_names(library().data.documents)
profile_parts.show_counted({"Document": editions["document"].map(titles), "Known": editions["known_from"].dt.date}, editions)

st.header("Two documents side by side", anchor=False)
documents = profile_parts.documents_of(reporter)
usual = library().usual_pair(reporter)
left, right = st.columns(2)
older = profile_parts.choose_document(left, "Earlier", documents, "older", reporter, usual[0])
newer = profile_parts.choose_document(right, "Later", documents, "newer", reporter, usual[1])
parts.write_address({"reporter": reporter, "older": older, "newer": newer})
profile_parts.show_redline(library().redline(older, newer), f"{reporter}-redline")
profile_parts.show_bands(reporter)
profile_parts.show_corrections()
parts.copy_link([("reporter", reporter), ("older", older), ("newer", newer)])
