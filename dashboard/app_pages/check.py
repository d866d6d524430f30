"""Check a claim: a sentence with a number, what is understood of it, and what the published series say."""

import streamlit as st

from dashboard import catalog, statements
from dashboard.app_pages import parts
from dashboard.app_pages import statement_parts as shown
from dashboard.statements import own

bundle, judge = catalog.bundled(), statements.bundled_judge()

st.title("Check a claim")
st.markdown(
    "Type or paste a sentence with a number. What is found in it is shown for correction; then every reading that makes sense gets its "
    "verdict. Nothing is stored, and nobody else is asked."
)
st.session_state.setdefault("sentence", st.query_params.get("sentence", ""))
sentence = st.text_area("The sentence", key="sentence", placeholder=shown.EXAMPLE_CLAIM, height=90)
st.query_params.from_dict({"sentence": [sentence]} if sentence else {})
if not sentence.strip():
    shown.show_how_verdicts_are_reached()
    st.stop()
try:
    claim = own.understood(sentence, bundle)
    st.header("What is understood", anchor=False)
    claim = shown.corrected_claim(claim)
except own.Unreadable as unreadable:
    st.warning(parts.markdown(unreadable))
    st.stop()
st.markdown(f"Checked: **{parts.markdown(claim.phrase)}**")

st.header("What the series say", anchor=False)
for verdict in own.readings(claim, judge):
    shown.show_verdict(verdict, verdict.reading)

st.header("What would fit", anchor=False)
shown.show_nearest(own.nearest(claim, judge))
shown.show_how_verdicts_are_reached()
parts.copy_link([("sentence", sentence)])
