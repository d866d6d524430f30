"""Bring a report: drop a file, see what it is, what is in it and what is wrong with it, what it changes; use it or keep it."""

import hashlib

import streamlit as st

from dashboard.app_pages import question_parts, upload_parts
from dashboard.web.session import held

st.title("Bring a report")
st.markdown(
    "Drop a transparency report as it was published: CSV, TSV, Excel, ODS, JSON or a zip of these. It stays in this browser session "
    "until you keep it, and nothing of it leaves this machine."
)
file = st.file_uploader("The report", type=upload_parts.ENDINGS, key="report-file")
if file is None:
    upload_parts.show_what_is_known()
    upload_parts.show_own_reports()
    st.stop()

data = file.getvalue()
mark = hashlib.sha256(data).hexdigest()
answers, mapping = upload_parts.asked_answers(mark), upload_parts.chosen_mapping(mark)
upload = upload_parts.examined(file.name, data, answers, mapping, held(), mark)

st.header("What it is", anchor=False)
upload_parts.show_what_it_is(upload)
question_parts.show_remembered(upload, mark)
question_parts.show_questions(upload, mapping, mark)
if upload.report.understanding is not None:
    st.header("What was understood", anchor=False)
    upload_parts.show_understanding(upload, mapping, mark)

st.header("What is wrong with it", anchor=False)
upload_parts.show_problems(upload, data, mark)

if not upload.changes.empty:
    st.header("What changed", anchor=False)
    upload_parts.show_changes(upload)

st.header("Use it", anchor=False)
upload_parts.show_taking_in(upload, data)
upload_parts.show_own_reports()
