"""Check a claim: a sentence with a number, one answer to it, what each word was taken for, and the readings behind."""

import streamlit as st

from dashboard import catalog, statements
from dashboard.app_pages import check_parts, parts
from dashboard.app_pages import statement_parts as shown
from dashboard.statements import own

bundle, evaluator = catalog.bundled(), statements.bundled_evaluator()

st.title("Check a claim")
st.markdown("Type or paste a sentence with a number. It is read whole or not at all; nothing is stored, and nobody else is asked.")
parts.follow_address("sentence")
st.session_state.setdefault("sentence", st.query_params.get("sentence", ""))
sentence = st.text_area("The sentence", key="sentence", placeholder=check_parts.EXAMPLES[0], height=90)
parts.write_address({"sentence": sentence})
if not sentence.strip():
    check_parts.show_examples()
    shown.show_how_verdicts_are_reached()
    st.stop()
try:
    understanding = own.understood(sentence, bundle)
    claims = check_parts.corrected(understanding)
    answer = own.answer(understanding, evaluator, claims)
except own.InvalidClaim as invalid:
    st.warning(parts.markdown(invalid))
    st.stop()
check_parts.show_answer(answer)
check_parts.show_sentence(understanding)
check_parts.show_form(understanding)
check_parts.show_readings(answer)
shown.show_how_verdicts_are_reached()
parts.copy_link([("sentence", sentence)])
