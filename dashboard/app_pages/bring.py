"""Bring a report: drop a file or paste a table, see what it is, answer what it leaves open, use it or keep it."""

import hashlib

import streamlit as st

from dashboard.app_pages import own_report_parts, question_parts, reading_parts, upload_parts
from dashboard.reports.door import Mapping
from dashboard.web.session import library

st.title("Bring a report", anchor=False)
source = upload_parts.brought()
if source is None:
    upload_parts.show_what_is_known()
    own_report_parts.show_own_reports()
    st.stop()

name, data = source
file_hash = hashlib.sha256(data).hexdigest()
mapping = st.session_state.get("mappings", {}).get(file_hash, Mapping())
upload = upload_parts.examined(name, data, reading_parts.given_answers(file_hash), mapping, library(), file_hash)

# What no answer settles stands above what is asked.
is_broken = upload_parts.must_be_mended(upload)
with st.container(border=True):
    upload_parts.show_outcome(upload)
    if is_broken:
        upload_parts.show_problems(upload, data, file_hash)
    question_parts.show_remembered(upload, file_hash)
    if upload_parts.must_be_answered(upload):
        question_parts.show_questions(upload, mapping, file_hash)
    else:
        question_parts.show_unknown_places(upload, mapping, file_hash)
        own_report_parts.show_taking_in(upload, data)
if upload.outcome != "refused":
    own_report_parts.show_own_reports()

if not is_broken:
    upload_parts.show_problems(upload, data, file_hash)
if not upload.changes.empty:
    st.header("What it changes", anchor=False)
    upload_parts.show_changes(upload)
st.header("How it was read", anchor=False)
reading_parts.show_reading(upload, mapping, file_hash, upload_parts.must_be_answered(upload))
if upload.outcome == "refused":
    own_report_parts.show_own_reports()
