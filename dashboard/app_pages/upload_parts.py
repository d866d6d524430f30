"""What the page for bringing a report shows: the outcome, the columns and their roles, the problems, the changes, what is kept."""

from __future__ import annotations

import hashlib
from urllib.parse import urlencode

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.analysis import views
from dashboard.app_pages import question_parts
from dashboard.app_pages.parts import markdown, page_link
from dashboard.app_pages.question_parts import EXAMPLE_PERIOD, EXAMPLE_PERIODS
from dashboard.catalog import own_reports, uploads
from dashboard.catalog.own_reports import Report
from dashboard.catalog.uploads import Upload
from dashboard.display import downloads
from dashboard.model import periods, places, vocabulary
from dashboard.model.periods import Period
from dashboard.reports import door, editions
from dashboard.reports.door import Answers, Mapping
from dashboard.reports.recognise import known_layouts
from dashboard.reports.tables.roles import ROLES, BadMapping
from dashboard.web import session as holding
from dashboard.web.session import Held, held
from dashboard.workspace import StoreProblem

ENDINGS = ["csv", "tsv", "txt", "xlsx", "xls", "ods", "json", "zip"]
MOST_SENTENCES = 12
"""Problems told as sentences above the table, the gravest only."""
_MOST_FIRST = 5
MOST_SHOWN = 500
"""Problems listed on the page; the files hold all."""


def show_what_is_known() -> None:
    """What comes of a file, and whose reports need no question."""
    names = sorted({held().names.reporter(layout.reporter) for layout in known_layouts()}, key=str.casefold)
    st.markdown(
        "At once you see what it is, what is in it, what is wrong with it, cell by cell, and what changed against what was known. "
        f"Recognised without a question: reports of {', '.join(map(markdown, names))}. Any other table is understood by its own words, "
        "and what they leave open is asked."
    )


def asked_answers(mark: str) -> Answers:
    """What the visitor says beside a file, of which `mark` is the hash; every field may stay blank, and another file begins anew."""
    with st.expander("What the file does not say"):
        one, two, three = st.columns(3)
        reporter = one.text_input("Who published it", key=f"answer-reporter-{mark[:8]}", placeholder="microsoft")
        said = one.text_input("Period", key=f"answer-period-{mark[:8]}", placeholder=EXAMPLE_PERIOD)
        measures, types = ["", *vocabulary.MEASURES], ["", *vocabulary.REQUEST_TYPES]
        measure = two.selectbox(
            "What is counted",
            measures,
            key=f"answer-measure-{mark[:8]}",
            format_func=lambda code: held().names.measure(code) or "As the file says",
        )
        kind = two.selectbox(
            "Kind of demand",
            types,
            key=f"answer-type-{mark[:8]}",
            format_func=lambda code: held().names.request_type(code) or "As the file says",
        )
        countries = ["", *sorted(places.codes(), key=places.name)]
        requester = three.selectbox(
            "Whose government asked",
            countries,
            key=f"answer-requester-{mark[:8]}",
            format_func=lambda code: places.name(code) if code else "As the file says",
        )
        month = three.selectbox(
            "First month of the fiscal year", [0, *range(1, 13)], key=f"answer-month-{mark[:8]}", format_func=question_parts.month_name
        )
        decimal = three.selectbox(
            "Decimal mark", ["", ".", ","], key=f"answer-decimal-{mark[:8]}", format_func=lambda mark: mark or "As the file shows"
        )
    said = said.strip() or st.session_state.get("periods", {}).get(mark, "")
    period = periods.parse(said) if said else None
    if said and period is None:
        st.warning(f"“{markdown(said)}” names no period; write it like {EXAMPLE_PERIODS}.")
    return Answers(
        reporter=reporter,
        period=period,
        measure=measure,
        request_type=kind,
        requester=requester,
        first_month=month or None,
        decimal=decimal,
    )


def chosen_mapping(mark: str) -> Mapping:
    """The corrections made to this file so far."""
    return st.session_state.get("mappings", {}).get(mark, Mapping())


def examined(name: str, data: bytes, answers: Answers, mapping: Mapping, mine: Held, mark: str) -> Upload:
    """The file examined, once for each set of answers and corrections."""
    key = (mark, name, repr(answers), repr(mapping), mine.data.version)
    # Its place is there in every run: else all below would move up when it goes, and what a visitor has opened would close.
    slot = st.empty()
    if st.session_state.get("examined", (None,))[0] != key:
        bar = slot.progress(0.0, "Looking at the file")
        upload = uploads.examined(name, data, mine.data, answers, mapping, lambda done, doing: bar.progress(min(done, 1.0), doing))
        slot.empty()
        st.session_state["examined"] = (key, upload)
        _remember(upload, mark)
    return st.session_state["examined"][1]


def show_what_it_is(upload: Upload) -> None:
    """The outcome in one sentence, the layout, and what is in the file."""
    box = {"accepted": st.success, "warned": st.warning, "refused": st.error}[upload.outcome]
    box(markdown(upload.summary))
    if upload.layout is None:
        return
    layout = "a layout nobody has described yet, understood by its own words" if upload.layout == "mapped" else upload.layout
    st.markdown(f"Recognised as {markdown(layout)}.")
    if upload.held_as:
        st.info(
            f"This very file is held: {markdown('; '.join(upload.held_as))}. It is checked and compared as on the day before it was known."
        )
    elif upload.may_be_older:
        st.info(
            f"What is held of the same kind goes on to {upload.held_until:%B %Y}, beyond this file. It may be an earlier edition: "
            "then “restated” reads from the later to the earlier one."
        )
    found = upload.contents
    if found is None:
        return
    reporters = ", ".join(held().names.reporter(code) for code in found.reporters)
    st.markdown(
        f"{found.numbers:,} numbers of {markdown(reporters)}, {found.first:%B %Y} to {found.last:%B %Y}, "
        f"for {len(found.requesters):,} requesters: "
        + markdown(", ".join(held().names.measure(code).lower() for code in found.measures))
        + "."
    )
    with st.expander("The numbers that were read"):
        st.dataframe(next(upload.pieces()).head(MOST_SHOWN), hide_index=True, width="stretch")


def show_understanding(upload: Upload, mapping: Mapping, mark: str) -> None:
    """Each table with its columns, their roles and why; a role is corrected with a click and the effect is seen at once."""
    understanding = upload.report.understanding
    for table in understanding.tables:
        name = " · ".join(part for part in (table.sheet, table.title) if part) or f"Table {table.number}"
        st.markdown(f"**{markdown(name)}**, {table.rows:,} rows")
        roles = pd.DataFrame(
            [
                {
                    "Column": column.letter,
                    "Header": column.header,
                    "Role": ROLES.get(column.role, column.role)
                    + (f": {held().names.measure(column.measure).lower()}" if column.measure else ""),
                    "Why": column.reason,
                }
                for column in table.columns
            ]
        )
        st.dataframe(roles, hide_index=True, width="stretch")
        preview = pd.DataFrame(list(table.preview), columns=[f"{column.letter} {column.header}".strip() for column in table.columns])
        with st.expander("Its first rows"):
            st.dataframe(preview, hide_index=True, width="stretch")
        with st.expander("Correct a column"):
            question_parts.show_correction(table, mapping, mark, several=len(understanding.tables) > 1)
    left, right = st.columns(2)
    left.download_button(
        "Save these corrections (TOML)",
        upload.mapping.dumped(),
        file_name=f"mapping-{understanding.layout}.toml",
        on_click="ignore",
        width="stretch",
    )
    saved = right.file_uploader("Use saved corrections", type=["toml"], key=f"mapping-file-{mark[:8]}")
    if saved is not None and st.session_state.get("mapping-used") != saved.file_id:
        st.session_state["mapping-used"] = saved.file_id
        try:
            question_parts.save(door.saved_mapping(saved.getvalue()), mark)
        except BadMapping as bad:
            st.error(markdown(bad))
        else:
            st.rerun()


def show_problems(upload: Upload, data: bytes, mark: str) -> None:
    """Every problem with its place, the value, what is wrong and what to do; as files too. No problem is said as clearly."""
    if not upload.problems:
        st.markdown(markdown(upload.summary))
        with st.expander("The checks that were run"):
            st.markdown("\n".join(f"- {markdown(rule)}" for rule in upload.checked.rules_run))
        return
    gravest = [problem for problem in upload.problems if problem.severity == upload.problems_by_gravity[0].severity][:MOST_SENTENCES]
    st.markdown("\n".join(f"- {markdown(problem)}" for problem in gravest))
    table = uploads.problem_table(upload)
    st.dataframe(table.head(MOST_SHOWN), hide_index=True, width="stretch")
    if len(table) > MOST_SHOWN:
        st.caption(f"The first {MOST_SHOWN:,} of {len(table):,}; the files hold all.")
    left, right = st.columns(2)
    left.download_button(
        "The file with red cells (XLSX)",
        lambda: uploads.marked_copy(upload, data) or b"",
        file_name=f"problems-{mark[:10]}.xlsx",
        on_click="ignore",
        width="stretch",
    )
    right.download_button(
        "The problems (JSON)",
        lambda: uploads.as_json(upload, data).encode(),
        file_name=f"problems-{mark[:10]}.json",
        on_click="ignore",
        width="stretch",
    )


def show_changes(upload: Upload) -> None:
    """The redline against what is held of the same reporter."""
    st.markdown(markdown(editions.summary(upload.changes)))
    changed = upload.changes[upload.changes["state"].isin(["restated", "withdrawn"])]
    if not changed.empty:
        lines = pd.DataFrame(
            {"What": changed["state"], "Change": [editions.line(row) for _, row in changed.head(MOST_SHOWN).iterrows()]}
            if len(changed) <= MOST_SHOWN
            else {
                "What": changed["state"].head(MOST_SHOWN),
                "Change": [editions.line(row) for _, row in changed.head(MOST_SHOWN).iterrows()],
            }
        )
        st.dataframe(lines, hide_index=True, width="stretch")
    left, right = st.columns(2)
    mark = hashlib.sha256(pd.util.hash_pandas_object(upload.changes, index=False).to_numpy().tobytes()).hexdigest()[:10]
    left.download_button(
        "The changes (CSV)",
        lambda: downloads.csv(editions.texts(upload.changes)),
        file_name=f"changes-{mark}.csv",
        on_click="ignore",
        width="stretch",
    )
    right.download_button(
        "The changes (XLSX)",
        lambda: downloads.workbook({"Changes": editions.texts(upload.changes)}),
        file_name=f"changes-{mark}.xlsx",
        on_click="ignore",
        width="stretch",
    )


def show_taking_in(upload: Upload, data: bytes) -> None:
    """The two ways to take a report in: for this session only, or kept in the workspace."""
    if upload.outcome == "refused":
        st.markdown("Nothing is taken in. Put right what is listed above, or answer what is asked, and it is examined again.")
        return
    agreed = upload.outcome == "accepted" or st.checkbox(
        "I have read the warnings and agree to them", key=f"agree-{upload.report.sha256[:8]}"
    )
    left, right = st.columns(2)
    use = left.button("Use it in this session", disabled=not agreed, width="stretch")
    keep = right.button("Keep in workspace", disabled=not agreed, width="stretch")
    st.caption(f"The workspace: {markdown(holding.store().path)}")
    if not (use or keep):
        return
    try:
        with st.spinner("Taking it in"):
            report = own_reports.accepted(upload.report.name, data, upload.observations, upload.problems, mapping=upload.mapping_text)
        if keep:
            kept = holding.store().keep(report, holding.user())
            st.session_state["said"] = (
                "It had been kept before; nothing is doubled." if kept.already else "Kept. It is on every page, also after a restart."
            )
        else:
            is_new = holding.own_reports().add(report)
            st.session_state["said"] = "It is on every page now, for this session." if is_new else "It is in this session already."
    except (StoreProblem, ValueError) as problem:
        st.error(markdown(problem))
        return
    st.rerun()


def show_own_reports() -> None:
    """What the visitor has in this session and in the workspace, and what can be done with it."""
    if said := st.session_state.pop("said", ""):
        st.success(said)
    own, kept = list(holding.own_reports()), holding.kept_reports()
    for damage in st.session_state.get("kept_damages", []):
        st.error(markdown(damage))
    if own:
        st.subheader("In this session only", anchor=False)
    for report in own:
        if _show_report(report).button("Drop", key=f"drop-{report.id}"):
            holding.own_reports().remove(report.id)
            st.rerun()
    if kept:
        st.subheader("Kept in the workspace", anchor=False)
    for report in kept:
        if _show_report(report).button("Delete", key=f"delete-{report.id}"):
            _act(
                lambda report=report: holding.store().delete(report.id, holding.user()),
                "Deleted. It can be brought back below for a while.",
            )
    try:
        history = holding.store().history(holding.user())
    except StoreProblem:
        history = []
    if history:
        with st.expander("What was kept and deleted, by whom and when"):
            lines = [
                (f"{action.at[:10]} {action.at[11:16]}", action.who, action.action, action.name, action.observations) for action in history
            ]
            st.dataframe(pd.DataFrame(lines, columns=["When (UTC)", "Who", "What", "Report", "Numbers"]), hide_index=True, width="stretch")
            if st.button("Undo the last keeping"):
                _act(lambda: holding.store().undo(holding.user()), "Undone.")


def _show_report(report: Report) -> DeltaGenerator:
    # A report in one line, with the way to its figures; what can be done with it goes into what is given back.
    rows = report.observations
    names = ", ".join(held().names.reporter(code) for code in rows["reporter"].unique())
    period = periods.label(Period(rows["period_start"].min().date(), rows["period_end"].max().date()))
    left, middle, right = st.columns([4, 2, 1], vertical_alignment="center")
    left.markdown(f"**{markdown(report.name)}** · {markdown(names)}, {period} · {len(rows):,} numbers")
    with middle:
        page_link("See it on Explore", f"/explore?{urlencode(_view_of(rows).query())}")
    return right


def _view_of(rows: pd.DataFrame) -> views.View:
    # What a report is first looked at by: its requests, of those who asked most, over time if there is more than one period.
    measure = "requests" if (rows["measure"] == "requests").any() else rows["measure"].iloc[0]
    of_measure = rows[rows["measure"] == measure]
    most = of_measure.sort_values("low", ascending=False)["requester"].drop_duplicates()
    types = () if (of_measure["request_type"] == "all").any() else tuple(of_measure["request_type"].unique()[:1])
    return views.View(
        measure=measure,
        reporter=tuple(rows["reporter"].unique()),
        requester=tuple(most[:_MOST_FIRST]),
        type=types,
        shape="time" if of_measure["period_start"].nunique() > 1 else "ranking",
    )


def _act(action, said: str) -> None:
    try:
        action()
    except StoreProblem as problem:
        st.error(markdown(problem))
        return
    st.session_state["said"] = said
    st.rerun()


def _remember(upload: Upload, mark: str) -> None:
    # The next edition with the same headers of the same reporter starts from these corrections.
    key = upload.layout_key
    if not key[1]:
        return
    if mark not in st.session_state.get("mappings", {}) and (known := holding.remembered().get(key)):
        st.session_state.setdefault("recalled", set()).add(mark)
        question_parts.save(known, mark)
        st.rerun()
    if not upload.mapping.is_blank and key[0]:
        st.session_state.setdefault("remembered", {})[key] = upload.mapping
