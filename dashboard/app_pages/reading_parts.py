"""What the page for bringing a report shows of how a file was read, and what a visitor may say beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import pandas as pd
import streamlit as st

from dashboard.app_pages import question_parts
from dashboard.app_pages.parts import download, markdown, show_rows
from dashboard.app_pages.preview_parts import role_of, show_preview, title_of
from dashboard.app_pages.question_parts import EXAMPLE_PERIOD, EXAMPLE_PERIODS
from dashboard.app_pages.text import WORDS
from dashboard.catalog.uploads import Upload
from dashboard.model import periods, places, vocabulary
from dashboard.model.intervals import counted, listed, number
from dashboard.reports import door
from dashboard.reports.door import Answers, Mapping
from dashboard.reports.tables.roles import SEPARATORS, BadMapping, TableView
from dashboard.web.session import library

MAX_ROWS = 500
"""Numbers of a file that are listed on the page."""
MAX_SHEETS = 12
"""Sheets and header lines named in a sentence."""
ENCODINGS = WORDS["encodings"]
_ANSWERS = [field.name for field in fields(Answers) if field.name not in ("period", "day_first")]


def given_answers(file_hash: str) -> Answers:
    """What the visitor has said beside the file of that mark; blank where nothing was said."""
    given = {name: st.session_state.get(f"answer-{name}-{file_hash[:8]}") for name in _ANSWERS}
    typed = (st.session_state.get(f"answer-period-{file_hash[:8]}") or "").strip() or st.session_state.get("periods", {}).get(file_hash, "")
    return Answers(period=periods.parse(typed), **{name: value for name, value in given.items() if value})


def show_answers(file_hash: str) -> None:
    """Fields for all that can be said beside a file, each of which may stay blank."""
    one, two, three = st.columns(3)
    names, unsaid = library().names, "As the file says"
    one.text_input("Who published it", key=f"answer-reporter-{file_hash[:8]}", placeholder="microsoft")
    period_text = one.text_input("Period", key=f"answer-period-{file_hash[:8]}", placeholder=EXAMPLE_PERIOD)
    for where, name, label, codes, shown in (
        (two, "measure", "What is counted", ["", *vocabulary.MEASURES], lambda code: names.measure(code) or unsaid),
        (two, "request_type", "Kind of demand", ["", *vocabulary.REQUEST_TYPES], lambda code: names.request_type(code) or unsaid),
        (
            three,
            "requester",
            "Whose government asked",
            question_parts.places_to_choose(),
            lambda code: places.name(code) if code else unsaid,
        ),
        (three, "first_month", "First month of the fiscal year", [0, *range(1, 13)], question_parts.month_name),
        (three, "decimal", "Decimal mark", ["", ".", ","], lambda sign: sign or "As the file shows"),
    ):
        where.selectbox(label, codes, key=f"answer-{name}-{file_hash[:8]}", format_func=shown)
    if period_text and periods.parse(period_text) is None:
        st.warning(f"“{markdown(period_text)}” names no period; write it like {EXAMPLE_PERIODS}.")


def show_reading(upload: Upload, mapping: Mapping, file_hash: str, beside_questions: bool) -> None:
    """Each table with its first rows and what its columns were taken for, and everything with which that can be put right."""
    _show_form(upload, file_hash)
    layout = "a layout that nobody has described yet, by its own words" if upload.layout == "mapped" else upload.layout
    if layout:
        st.markdown(f"Read as {markdown(layout)}.")
    if upload.contents is not None:
        with st.expander("The numbers that were read"):
            show_rows(next(upload.pieces()).head(MAX_ROWS))
    understanding = upload.report.understanding
    if understanding is not None and understanding.tables:
        _show_tables(understanding.tables, mapping, file_hash, beside_questions)
    if upload.report.left_out:
        with st.expander(f"What was left out, and why ({number(len(upload.report.left_out))})"):
            show_rows(pd.DataFrame(upload.report.left_out, columns=["Cell", "Why"]))
    with st.expander("Say more about this file"):
        show_answers(file_hash)
    if understanding is not None:
        _show_saved(upload, file_hash)


def _show_tables(tables: Sequence[TableView], mapping: Mapping, file_hash: str, beside_questions: bool) -> None:
    # Of many tables the one that is chosen is shown and corrected; the reasons of all stand together.
    titles = [f"{title_of(table)}, {counted(table.rows, 'row')}" for table in tables]
    chosen = 0
    if len(tables) > 1:
        label, key = f"Which of {number(len(tables))} tables is shown", f"table-{file_hash[:8]}"
        chosen = st.selectbox(label, range(len(tables)), key=key, format_func=dict(enumerate(titles)).get)
    else:
        st.markdown(f"**{markdown(titles[0])}**")
    table = tables[chosen]
    if not beside_questions or len(tables) > 1:
        show_preview(table)
    reasons = [(title_of(each), column.letter, column.header, role_of(column), column.reason) for each in tables for column in each.columns]
    if reasons:
        with st.expander("Why each column was taken so"):
            rows = pd.DataFrame(reasons, columns=["Table", "Column", "Header", "Holds", "Why"])
            show_rows(rows if len(tables) > 1 else rows.drop(columns="Table"))
    if table.columns:
        with st.expander("Correct a column"):
            question_parts.show_correction(table, mapping, file_hash, several=len(tables) > 1)


def _show_form(upload: Upload, file_hash: str) -> None:
    # How the bytes became cells, in a line, and a field for each part of it that may have been guessed wrongly.
    form, understanding = upload.report.form, upload.report.understanding
    lines = list(dict.fromkeys(line for table in (understanding.tables if understanding else ()) for line in table.header_lines))
    remarks = _remarks(form) + [
        f"{member}: {', '.join(of_member)}" for member, form_of in form.get("members", {}).items() if (of_member := _remarks(form_of))
    ]
    remarks = remarks[:MAX_SHEETS]
    remarks += [f"the header on {'line' if len(lines) == 1 else 'lines'} {listed(map(str, lines), MAX_SHEETS)}"] if lines else []
    if remarks:
        st.caption(markdown(f"It was read with {'; '.join(remarks)}."))
    with st.expander("Letters, separator, sheet and header"):
        one, two, three, four = st.columns(4)
        one.selectbox(
            "Letters", ["", *ENCODINGS], key=f"answer-encoding-{file_hash[:8]}", format_func=lambda code: _encoding(code) or "As told above"
        )
        two.selectbox(
            "Between cells",
            ["", *SEPARATORS],
            key=f"answer-separator-{file_hash[:8]}",
            format_func=lambda code: SEPARATORS.get(code, "As told above"),
        )
        sheets = list(dict.fromkeys([st.session_state.get(f"answer-sheet-{file_hash[:8]}") or "", "", *form.get("sheets", ())]))
        three.selectbox("Sheet", sorted(sheets, key=bool), key=f"answer-sheet-{file_hash[:8]}", format_func=lambda name: name or "All")
        four.number_input(
            "Header on line", min_value=1, value=None, step=1, key=f"answer-header_line-{file_hash[:8]}", placeholder="As told above"
        )


def _remarks(form: dict) -> list[str]:
    remarks = [f"letters as {_encoding(form['encoding'])}"] if form.get("encoding") else []
    remarks += [f"cells divided by a {SEPARATORS[form['separator']]}"] if form.get("separator") in SEPARATORS else []
    sheets = form.get("sheets", ())
    return remarks + ([f"{number(len(sheets))} sheets: {listed(sheets, MAX_SHEETS)}"] if len(sheets) > 1 else [])


def _encoding(code: str) -> str:
    name, writes = ENCODINGS.get(code, (code, ""))
    return f"{name} ({writes})" if writes else name


def _show_saved(upload: Upload, file_hash: str) -> None:
    left, right = st.columns(2)
    name = f"mapping-{upload.report.understanding.layout}.toml"
    download(left, "Save these corrections (TOML)", upload.mapping.dumped(), name, width="stretch")
    saved = right.file_uploader("Use saved corrections", type=["toml"], key=f"mapping-file-{file_hash[:8]}")
    if saved is not None and st.session_state.get("mapping-used") != saved.file_id:
        st.session_state["mapping-used"] = saved.file_id
        try:
            question_parts.save(door.saved_mapping(saved.getvalue()), file_hash)
        except BadMapping as bad:
            st.error(markdown(bad))
