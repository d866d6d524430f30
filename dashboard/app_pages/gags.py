"""How long gags last: letters whose recipients may speak of them, from the day of issue to the day on which the gag had ended."""

import streamlit as st

from dashboard.analysis import gags
from dashboard.app_pages import gag_parts, parts
from dashboard.web.session import library

letters = gags.ended(library().data)
chosen = gag_parts.choose_recipients(letters)
shown = letters[letters["reporter"].isin(chosen)] if chosen else letters

with st.container(border=True, gap=None, key="frame"):
    st.title("How long national security letters were kept secret", anchor=False)
    st.markdown(gag_parts.summary_words(shown))
    gag_parts.show_spans(shown)
st.markdown(gags.LIMIT)
left, right = st.columns(2)
with left:
    gag_parts.show_by_year(shown, "issued")
with right:
    gag_parts.show_by_year(shown, "released")
for sentence in gag_parts.without_end_words():
    st.markdown(sentence)
parts.page_link("Nondisclosure orders on Explore", "/explore?measure=nondisclosure_orders&reporter=microsoft")
gag_parts.show_letters(shown)
parts.copy_link([("reporter", reporter) for reporter in chosen])
