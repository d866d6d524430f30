"""What the page for bringing a report shows of a file: the outcome, the problems, the changes, and the ways to take it in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard.app_pages import question_parts
from dashboard.app_pages.parts import download, markdown, show_rows
from dashboard.app_pages.text import WORDS
from dashboard.catalog import uploads
from dashboard.catalog.uploads import Upload
from dashboard.display import downloads
from dashboard.model.intervals import counted, number
from dashboard.reports import editions
from dashboard.reports.cells import reading
from dashboard.reports.door import Answers, Mapping
from dashboard.reports.problems import Problem
from dashboard.reports.recognise import known_layouts
from dashboard.web import session as holding
from dashboard.web.library import Library
from dashboard.web.session import library

MAX_GROUPS = 12
"""Kinds of problems told as sentences; the table below them holds all."""
MAX_PLACES = 6
"""Cells named behind such a sentence."""
MAX_ROWS = 500
"""Problems and changes listed on the page; the files hold all."""
_BADGES, _USES = WORDS["outcomes"], WORDS["uses"]


def brought() -> tuple[str, bytes] | None:
    """The file that was dropped or the table that was pasted, with its name; None where there is neither."""
    st.markdown(
        "A transparency report as it was published: CSV, TSV, Excel, ODS, JSON, a web page or a zip of these. "
        + markdown(holding.keeping().says)
    )
    file = st.file_uploader("Drop the report here", type=list(reading.ENDINGS), key="report-file")
    if file is not None:
        return file.name, file.getvalue()
    with st.expander("Or paste a table"):
        pasted = st.text_area("The table, as it is copied from a spreadsheet or a page", key="pasted-table", height=160)
        st.button("Read this table", key="read-pasted")
    return ("pasted table.txt", pasted.encode("utf-8", "replace")) if pasted.strip() else None


def show_what_is_known() -> None:
    """What comes of a file, and whose reports need no question."""
    names = sorted({library().names.reporter(layout.reporter) for layout in known_layouts() if layout.reporter}, key=str.casefold)
    st.markdown(
        "At once you see what it is, what is in it, what is wrong with it, cell by cell, and what changed against what was known. "
        f"Recognised without a question: reports of {', '.join(map(markdown, names))}. Any other table is understood by its own words, "
        "and what they leave open is asked."
    )


def examined(name: str, data: bytes, answers: Answers, mapping: Mapping, mine: Library, file_hash: str) -> Upload:
    """The file examined, once for each set of answers and corrections."""
    key = (file_hash, name, repr(answers), repr(mapping), mine.data.version)
    # Its place is there in every run: else all below would move up when it goes, and what a visitor has opened would close.
    slot = st.empty()
    if st.session_state.get("examined", (None,))[0] != key:
        if st.session_state.get("examined", ((None,),))[0][0] != file_hash and (refusal := holding.may_bring()):
            st.warning(refusal)
            st.stop()
        bar = slot.progress(0.0, "Looking at the file")
        upload = uploads.examined(name, data, mine.data, answers, mapping, lambda done, doing: bar.progress(min(done, 1.0), doing))
        slot.empty()
        st.session_state["examined"] = (key, upload)
        _remember(upload, file_hash)
    return st.session_state["examined"][1]


def must_be_answered(upload: Upload) -> bool:
    """Whether something is asked without which the file cannot be read."""
    return upload.outcome == "refused" and question_parts.open_of(upload).is_any


def must_be_mended(upload: Upload) -> bool:
    """Whether something is wrong with the file that no answer settles."""
    settled = question_parts.open_of(upload).problems
    return any(problem.severity == "error" and problem not in settled for problem in upload.problems)


def show_outcome(upload: Upload) -> None:
    """What became of the file, in a badge, and what is in it."""
    is_asked, is_broken = must_be_answered(upload), must_be_mended(upload)
    outcome = "asked" if is_asked and not is_broken else upload.outcome
    st.markdown(f"{_BADGES[outcome]} **{markdown(upload.report.name)}**")
    contents = upload.contents
    if contents is not None:
        reporters = ", ".join(_reporter(code, upload) for code in contents.reporters)
        measures = ", ".join(library().names.measure(code).lower() for code in contents.measures)
        st.markdown(
            f"{counted(contents.numbers, 'number')} of {markdown(reporters)}, {contents.first:%B %Y} to {contents.last:%B %Y}, "
            f"for {counted(len(contents.requesters), 'requester')}: {markdown(measures)}."
        )
    if uses := {use: count for use, count in upload.report.uses.items() if count}:
        counts = ", ".join(f"{number(count)} {_USES[use][count != 1]}" for use, count in uses.items())
        st.caption(f"Every cell is accounted for, {number(sum(uses.values()))} in all: {counts}.")
    if outcome == "refused":
        also = ", and answer what is asked below it" if is_asked else ""
        st.markdown(f"Nothing is taken in. Put right what is listed below, and drop the file again{also}.")
    elif outcome == "asked":
        st.markdown("Nothing is taken in until this is answered.")
    if upload.held_as:
        st.info(
            f"This very file is among the published datasets: {markdown('; '.join(upload.held_as))}. "
            "It is compared with what was known before it, not with itself."
        )
    elif upload.may_be_older:
        st.info(
            f"What is held of the same kind goes on to {upload.held_until:%B %Y}, beyond this file. It may be an earlier edition: "
            "then “restated” reads from the later to the earlier one."
        )


def show_problems(upload: Upload, data: bytes, file_hash: str) -> None:
    """Every problem once, those of a kind together with their number; as a table and as files too. No problem is said as clearly."""
    open_questions = question_parts.open_of(upload).problems
    problems = [problem for problem in upload.problems_by_gravity if problem not in open_questions]
    if not problems:
        if not open_questions:
            st.markdown(f"No problems: {number(len(upload.checked.rules_run))} checks were run.")
            with st.expander("The checks that were run"):
                st.markdown("\n".join(f"- {markdown(rule)}" for rule in upload.checked.rules_run))
        return
    st.header("What is wrong with it", anchor=False)
    lines = list(_grouped(problems))
    st.markdown("\n".join(f"- {line}" for line in lines[:MAX_GROUPS]))
    if len(lines) > MAX_GROUPS:
        st.caption(f"{number(len(lines) - MAX_GROUPS)} more kinds stand in the table.")
    table = uploads.problem_table(replace(upload, problems=tuple(problems)))
    if len(table) > 1:
        with st.expander(f"All {number(len(table))}, cell by cell"):
            show_rows(table.head(MAX_ROWS))
            if len(table) > MAX_ROWS:
                st.caption(f"The first {number(MAX_ROWS)}; the files hold all.")
    if not uploads.has_copy(upload):
        return
    left, right = st.columns(2)
    name, red_cells = f"problems-{file_hash[:10]}", "The file with red cells (XLSX)"
    download(left, red_cells, lambda: uploads.marked_copy(upload, data) or b"", f"{name}.xlsx", width="stretch")
    download(right, "The problems (JSON)", lambda: uploads.as_json(upload, data).encode(), f"{name}.json", width="stretch")


def _reporter(code: str, upload: Upload) -> str:
    name = library().names.reporter(code)
    return upload.reporter_names.get(code, name) if name == code else name


def _grouped(problems: Iterable[Problem]) -> Iterable[str]:
    # One line for the problems of a kind in a column: the first in full, then how many more there are and where.
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.severity, problem.code, problem.column), []).append(problem)
    for (severity, _, _), alike in groups.items():
        line = f"**{severity.capitalize()}.** {markdown(alike[0])}"
        cells = [problem.cell for problem in alike[1:] if problem.cell]
        if len(alike) > 1:
            places = f": {', '.join(cells[:MAX_PLACES])}{' …' if len(cells) > MAX_PLACES else ''}" if cells else ""
            line += f" **And {number(len(alike) - 1)} more**{markdown(places)}"
        yield line


def show_changes(upload: Upload) -> None:
    """The redline against what is held of the same reporter."""
    st.markdown(markdown(editions.summary(upload.changes)))
    changed = upload.changes[upload.changes["state"].isin(["restated", "withdrawn"])]
    if not changed.empty:
        first = changed.head(MAX_ROWS)
        show_rows({"What": first["state"], "Change": [editions.line(row) for _, row in first.iterrows()]})
    left, right = st.columns(2)
    content_hash = hashlib.sha256(pd.util.hash_pandas_object(upload.changes, index=False).to_numpy().tobytes()).hexdigest()[:10]
    name, changes = f"changes-{content_hash}", upload.changes
    download(left, "The changes (CSV)", lambda: downloads.csv(editions.texts(changes)), f"{name}.csv", width="stretch")
    download(right, "The changes (XLSX)", lambda: downloads.workbook({"Changes": editions.texts(changes)}), f"{name}.xlsx", width="stretch")


def _remember(upload: Upload, file_hash: str) -> None:
    # The next edition with the same headers of the same reporter starts from these corrections.
    key = upload.layout_key
    if not key[1]:
        return
    if file_hash not in st.session_state.get("mappings", {}) and (known := holding.remembered().get(key)):
        st.session_state.setdefault("recalled", set()).add(file_hash)
        question_parts.save(known, file_hash)
    if not upload.mapping.is_blank and key[0]:
        st.session_state.setdefault("remembered", {})[key] = upload.mapping
