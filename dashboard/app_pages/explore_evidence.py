"""From a number on the Explore page to its cell, with a pointer or with keys alone: by series and period, or by bar, shape or row."""

from __future__ import annotations

import streamlit as st

from dashboard.answers import Answer
from dashboard.app_pages import parts
from dashboard.display import geometry, sentences
from dashboard.web.session import library

DETAIL, SERIES, SLOT, ROW = "evidence", "evidence-series", "evidence-slot", "evidence-row"


def is_asked_for(selected: int | str | tuple[str, str] | None) -> bool:
    """Whether something else is selected on the chart than before, of which the evidence is shown now.

    It is a row number, or the first day of a period as text, or that and a series.
    """
    before = st.session_state.get("evidence-selected")
    if selected == before:
        return False
    st.session_state["evidence-selected"] = selected
    if isinstance(selected, tuple):
        st.session_state[SLOT], st.session_state[SERIES] = selected
    elif selected is not None:
        st.session_state[SLOT if isinstance(selected, str) else ROW] = selected
    return selected is not None


def show_evidence_of(answer: Answer) -> None:
    """The evidence of one number. The controls reach every number of the chart by keyboard, and say its value as they move."""
    row = _by_period(answer) if answer.slots and answer.view.shape in ("time", "multiples") else _by_row(answer)
    if row is not None:
        parts.show_evidence(answer.rows.loc[row], library().complete(answer.view.known_on))


def _by_period(answer: Answer) -> int | None:
    names = list(answer.stretches)
    if st.session_state.get(SERIES) not in names:
        st.session_state[SERIES] = names[0]
    name = st.radio("Series", names, names.index(st.session_state[SERIES]), key=SERIES, horizontal=True)
    rows = {slot.start.isoformat(): geometry.at(answer.stretches[name], slot) for slot in answer.slots}
    if st.session_state.get(SLOT) not in rows:
        st.session_state[SLOT] = answer.slots[-1].start.isoformat()
    slots = {slot.start.isoformat(): slot.name for slot in answer.slots}
    values = _values(answer, [one.row for one in rows.values() if one])
    texts = {key: f"{slots[key]}: {values[one.row] if one else 'not published'}" for key, one in rows.items()}
    key = (
        st.select_slider("Period", list(rows), st.session_state[SLOT], key=SLOT, format_func=texts.get)
        if len(rows) > 1
        else next(iter(rows))
    )
    if rows[key] is None:
        st.markdown(f"{parts.markdown(name)}: nothing is published for {slots[key]}.")
        return None
    return rows[key].row


def _by_row(answer: Answer) -> int | None:
    shown = answer.rows if answer.view.shape == "table" else answer.shown
    numbers = shown.dropna(subset=["low"])
    values = _values(answer, list(numbers.index))
    names = {int(index): f"{row['label']}, {sentences.period(row)}: {values[int(index)]}" for index, row in numbers.iterrows()}
    if st.session_state.get(ROW) not in names:
        st.session_state[ROW] = next(iter(names), None)
    index = list(names).index(st.session_state[ROW]) if names else None
    return st.selectbox("Number", list(names), index, key=ROW, format_func=names.get)


def _values(answer: Answer, rows: list[int]) -> dict[int, str]:
    chosen = answer.rows.loc[rows]
    return dict(zip(map(int, chosen.index), sentences.values(chosen, answer.view.is_scaled), strict=True))
