"""From a number on the Explore page to its cell: a period of the chart, a bar, a shape or a row of the table opens the card."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.answers import Answer
from dashboard.app_pages import parts
from dashboard.display import sentences


def show_evidence_of(answer: Answer, selected: int | str | None, table: pd.DataFrame) -> None:
    """The card of what is selected: a row by its number, or of a period, named by its first day, one row of the visitor's choice."""
    if isinstance(selected, int) and selected in answer.rows.index:
        parts.show_evidence(answer.rows.loc[selected], table)
        return
    rows = answer.rows_at(selected) if isinstance(selected, str) else answer.rows.iloc[:0]
    if rows.empty:
        st.caption("Select a period, a bar or a row to see its printed text, its document and cell, and its definition.")
        return
    values = {
        int(index): f"{row['label']}: {sentences.value(row['low'], row['high'], row['measure'], answer.view.is_scaled)}"
        for index, row in rows.iterrows()
    }
    chosen = st.radio("Evidence for", list(values), format_func=values.get, horizontal=True, key="evidence-series")
    parts.show_evidence(rows.loc[chosen], table)
