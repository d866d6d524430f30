"""What the page for bringing a report asks: what the file leaves open, and what a column was wrongly taken for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NoReturn

import pandas as pd
import streamlit as st

from dashboard.app_pages.parts import markdown
from dashboard.app_pages.preview_parts import show_preview, title_of
from dashboard.catalog.uploads import Upload
from dashboard.model import periods, places, vocabulary
from dashboard.reports.door import Mapping
from dashboard.reports.problems import Problem
from dashboard.reports.tables.roles import FIGURES, HOLDING, LEAVE_OUT, ROLES, Column, Question, TableView
from dashboard.web import session as holding
from dashboard.web.session import library

EXAMPLE_PERIOD = "2019 H2"
EXAMPLE_PERIODS = "2019 H2, 2019, 2019 Q3 or Jan – Jun 2019"
MOST_ASKED = 20
"""Questions of one kind asked at a time; the next come when these are answered."""
MAX_PREVIEWS = 3
"""Tables whose first rows stand beside the questions."""
_ONE_MARK = re.compile(r"\d{1,3}[.,]\d{3}")
"""A number whose only mark may divide thousands or decimals."""
_A_DAY = date(2020, 12, 31)
_COUNTS = tuple(measure for measure in vocabulary.MEASURES if measure not in vocabulary.SHARES)


def show_remembered(upload: Upload, file_hash: str) -> None:
    """That an earlier edition's corrections are used, or an offer to use those of a layout whose publisher is not known yet."""
    if file_hash in st.session_state.get("recalled", set()):
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.info("Read with the answers and corrections that were made to an earlier report of this layout.")
        if right.button("Read it without them", key=f"unrecall-{file_hash[:8]}", width="stretch"):
            st.session_state["recalled"].discard(file_hash)
            save(Mapping(), file_hash)
        return
    if file_hash in st.session_state.get("mappings", {}) or upload.report.understanding is None or upload.layout_key[0]:
        return
    for known in holding.remembered_of(upload.layout_key[1])[:MOST_ASKED]:
        # The same headers may be another publisher's: who it is must be said.
        name = library().names.reporter(known.reporter)
        if st.button(
            f"This is a report of {markdown(name)} again: read it like the earlier one", key=f"recall-{file_hash[:8]}-{known.reporter}"
        ):
            st.session_state.setdefault("recalled", set()).add(file_hash)
            save(known, file_hash)


@dataclass(frozen=True)
class Open:
    """What a file leaves open: which answers, of which columns, tables and titles, for which names, words and numbers.

    `problems` are these same questions.
    """

    about: frozenset[str]
    columns: tuple[tuple[Question, Column], ...]
    tables: tuple[Question, ...]
    titles: tuple[Question, ...]
    names: tuple[str, ...]
    words: tuple[tuple[str, Column], ...]
    numbers: tuple[str, ...]
    needs_period: bool
    problems: frozenset[Problem]

    @property
    def is_any(self) -> bool:
        """Whether anything is asked."""
        question_lists = (self.columns, self.tables, self.titles, self.names, self.words, self.numbers)
        return any(question_lists) or self.needs_period or bool(self.about & _ANSWERS)


def open_of(upload: Upload) -> Open:
    """What must be answered before a file can be read."""
    understanding = upload.report.understanding
    questions = {question.about: question for question in understanding.questions} if understanding else {}
    columns = [column for table in understanding.tables for column in table.columns] if understanding else []
    of_columns = tuple((question, column) for question in questions.values() if (column := _column_of(question, columns)))
    of_file = [question for question in questions.values() if question.about in {*_ANSWERS, "period"}]
    # A table about something else may be left out where the file has another.
    of_tables = tuple(
        question
        for question in (understanding.questions if understanding else ())
        if question.code == "other_subject" and _table_name(question) and any(table.used for table in understanding.tables)
    )
    of_titles = [question for about, question in questions.items() if about.startswith("title:")]
    of_all = (*of_file, *of_tables, *of_titles, *(question for question, _ in of_columns))
    question_keys = {(question.code, question.cell, question.says) for question in of_all}
    needs_period = [problem for problem in upload.problems if understanding is None and problem.code in _OF_PERIODS]
    of_places, of_words, of_numbers = _places_asked(upload), _words_asked(upload, columns), _numbers_asked(upload)
    return Open(
        about=frozenset(questions),
        columns=of_columns,
        tables=tuple({question.about: question for question in of_tables}.values()),
        titles=tuple(of_titles),
        names=tuple(dict.fromkeys(problem.value for problem in of_places)),
        words=tuple({problem.value: (problem.value, column) for problem, column in of_words}.values()),
        numbers=tuple(problem.value.strip() for problem in of_numbers),
        needs_period="period" in questions or bool(needs_period),
        problems=frozenset(
            [problem for problem in upload.problems if (problem.code, problem.cell, problem.says) in question_keys]
            + of_places
            + [problem for problem, _ in of_words]
            + of_numbers
            + needs_period
        ),
    )


def show_questions(upload: Upload, mapping: Mapping, file_hash: str) -> None:
    """Everything that must be answered before the file can be read, in one form, beside its first rows."""
    open_questions = open_of(upload)
    tables = [table for table in upload.report.understanding.tables if table.used] if upload.report.understanding else []
    left, right = st.columns([2, 3]) if tables else (st.container(), None)
    with left, st.form(f"questions-{file_hash[:8]}"):
        answers, period = _ask_of_file(open_questions, upload.offered_reporter, file_hash)
        said_columns = _ask_of_columns(open_questions, file_hash)
        left_out = [name for name in _ask_of_tables(open_questions, file_hash) if name not in mapping.left_out]
        which_holds = _ask_of_titles(open_questions, file_hash)
        said_names, said_words = _ask_of_texts(open_questions, file_hash)
        is_sent = st.form_submit_button("Use these answers", type="primary")
    if right is not None:
        with right:
            for table in tables[:MAX_PREVIEWS]:
                if len(tables) > 1:
                    st.markdown(f"**{markdown(title_of(table))}**")
                show_preview(table)
            st.caption("The first rows, each column under what it was taken for.")
    if not is_sent:
        return
    if period:
        if periods.parse(period) is None:
            left.warning(f"“{markdown(period)}” names no period; write it like {EXAMPLE_PERIODS}.")
            return
        st.session_state.setdefault("periods", {})[file_hash] = period
    save(
        replace(
            mapping,
            **{name: value for name, value in answers.items() if value not in ("", None)},
            columns=mapping.columns | said_columns,
            left_out=[*mapping.left_out, *left_out],
            contradicted=mapping.contradicted | which_holds,
            requesters=mapping.requesters | {name: code for name, code in said_names.items() if code},
            words=mapping.words | {word: code for word, code in said_words.items() if code},
        ),
        file_hash,
    )


def _ask_of_file(open_questions: Open, offered_reporter: str, file_hash: str) -> tuple[dict[str, object], str]:
    # What holds for the whole file, and the period as it is typed.
    answers: dict[str, object] = {}
    if "reporter" in open_questions.about:
        answers["reporter"] = st.text_input(
            "Who published these counts?",
            value=offered_reporter,
            key=_key("reporter", file_hash),
            placeholder="The name of a company or an authority",
        )
        if offered_reporter:
            st.caption(f"The file names {markdown(offered_reporter)}. Write another name if it is not theirs.")
    period = ""
    if open_questions.needs_period:
        period = st.text_input("Which period are they for?", key=_key("period", file_hash), placeholder=EXAMPLE_PERIOD).strip()
    for name, label, codes, shown in (
        ("measure", "What do they count?", ["", *vocabulary.MEASURES], _word),
        ("request_type", "Of which kind of request are they?", ["", *vocabulary.REQUEST_TYPES], _word),
        ("requester", "Whose government asked?", places_to_choose(), _place_name),
        ("first_month", "In which month does the fiscal year begin?", [None, *range(1, 13)], month_name),
    ):
        if name in open_questions.about:
            answers[name] = st.selectbox(label, codes, key=_key(name, file_hash), format_func=shown)
    if "day_first" in open_questions.about:
        days = {True: f"the day first: {_A_DAY:%d/%m/%Y}", False: f"the month first: {_A_DAY:%m/%d/%Y}"}
        answers["day_first"] = st.radio("Dates have", list(days), index=None, key=_key("day", file_hash), format_func=days.get)
    if open_questions.numbers:
        answers["decimal"] = _ask_for_decimal(open_questions.numbers[0], file_hash)
    return answers, period


def _ask_of_columns(open_questions: Open, file_hash: str) -> dict[str, dict[str, str]]:
    answers = {}
    for question, column in open_questions.columns[:MOST_ASKED]:
        label = f"Column {column.letter}, “{markdown(column.header[:60])}”, holds" if column.header else f"Column {column.letter} holds"
        chosen = st.selectbox(label, [None, *_roles()], key=_key(f"column-{column.letter}-{question.about}", file_hash), format_func=_role)
        if chosen:
            answers[column.key] = _role_answer(*chosen)
    return answers


def _ask_of_tables(open_questions: Open, file_hash: str) -> list[str]:
    # The tables that are to be left out.
    names = []
    for question in open_questions.tables[:MOST_ASKED]:
        name = _table_name(question)
        if st.checkbox(f"Leave out “{markdown(name)}”", value=True, key=_key(f"table-{name}", file_hash)):
            names.append(name)
        st.caption(f"“{markdown(question.value)}” {question.says}")
    return names


def _ask_of_titles(open_questions: Open, file_hash: str) -> dict[str, str]:
    # Of each title that says other than the columns, which of them holds.
    words = dict(zip((None, *HOLDING), ("not said", "the columns", "the title"), strict=True))
    answers = {}
    for question in open_questions.titles[:MOST_ASKED]:
        label = f"“{markdown(question.value)}” {markdown(question.says)} Which holds?"
        answers[question.value] = st.selectbox(label, list(words), key=_key(question.about, file_hash), format_func=words.get)
    return {title: which for title, which in answers.items() if which}


def _ask_of_texts(open_questions: Open, file_hash: str) -> tuple[dict[str, str], dict[str, str]]:
    names = _ask_of_places(open_questions.names[:MOST_ASKED], file_hash, _place_name(""))
    options = {"request_type": vocabulary.REQUEST_TYPES, "measure": vocabulary.MEASURES, "authority": vocabulary.AUTHORITIES}
    words = {
        word: st.selectbox(
            f"“{markdown(word[:60])}” ({markdown(column.header[:40])}) means",
            ["", LEAVE_OUT, *options[column.role]],
            key=_key(f"word-{word}", file_hash),
            format_func=_word,
        )
        for word, column in open_questions.words[:MOST_ASKED]
    }
    return names, words


def _ask_of_places(names: Iterable[str], file_hash: str, blank: str) -> dict[str, str]:
    # The code of the place chosen for each name; blank, worded as given, where none is.
    return {
        name: st.selectbox(
            f"“{markdown(name[:60])}” is",
            _likely_places(name),
            key=_key(f"place-{name}", file_hash),
            format_func=lambda code: _place_name(code) if code else blank,
        )
        for name in names
    }


def show_unknown_places(upload: Upload, mapping: Mapping, file_hash: str) -> None:
    """The names that are kept as written because no country of that name is known, and a form that says which countries they are."""
    names = _unknown_places(upload)
    if not names:
        return
    with st.expander(f"Names that are no country we know ({len(names)})"), st.form(f"unknown-places-{file_hash[:8]}"):
        st.caption("They are kept as written. Say which country is meant, where one is.")
        chosen = _ask_of_places(names[:MOST_ASKED], file_hash, "kept as written")
        if len(names) > MOST_ASKED:
            st.caption(f"The first {MOST_ASKED}; the next come when these are answered.")
        if st.form_submit_button("Read them so") and (known := {name: code for name, code in chosen.items() if code}):
            save(replace(mapping, requesters=mapping.requesters | known), file_hash)


def show_correction(table: TableView, mapping: Mapping, file_hash: str, several: bool) -> None:
    """Fields to correct what one column of a table was taken for, and to leave the table out."""
    key = f"{file_hash[:8]}-{table.number}"
    one, two = st.columns(2)
    keys = [column.key for column in table.columns]
    chosen = one.selectbox("Column", keys, key=f"correct-column-{key}")
    column = table.columns[keys.index(chosen)]
    roles = _roles()
    now = (column.role, column.measure if column.role in FIGURES else "")
    role = two.selectbox(
        "Holds", roles, index=roles.index(now) if now in roles else None, format_func=_role, key=f"correct-role-{key}-{chosen}"
    )
    more: dict[str, str] = {}
    if role and role[0] == "requester":
        _show_place(mapping, file_hash, key)
    if role and role[0] in FIGURES:
        more = _figure_details(column, role[0], f"{key}-{chosen}")
    left, right = st.columns(2)
    if left.button("Correct it", key=f"correct-{key}", disabled=role is None, width="stretch"):
        if more.get("period") and periods.parse(more["period"]) is None:
            st.warning(f"“{markdown(more['period'])}” names no period; write it like {EXAMPLE_PERIODS}.")
        else:
            save(
                replace(
                    mapping,
                    columns=mapping.columns | {column.key: _role_answer(*role) | {name: text for name, text in more.items() if text}},
                ),
                file_hash,
            )
    if column.key in mapping.columns and right.button("Take the correction back", key=f"uncorrect-{key}", width="stretch"):
        save(replace(mapping, columns={name: text for name, text in mapping.columns.items() if name != column.key}), file_hash)
    if several and table.name:
        is_out = table.name in mapping.left_out
        if st.button("Read this table" if is_out else "Leave this table out", key=f"leave-out-{key}"):
            out = [name for name in mapping.left_out if name != table.name]
            save(replace(mapping, left_out=out if is_out else [*out, table.name]), file_hash)


def save(mapping: Mapping, file_hash: str) -> NoReturn:
    """Hold the corrections of a file for this session, and read it by them."""
    st.session_state.setdefault("mappings", {})[file_hash] = mapping
    st.rerun()


def month_name(number: int | None) -> str:
    """The name of a month, or that none is said."""
    return pd.Timestamp(2000, number, 1).strftime("%B") if number else "Not said"


def _figure_details(column: Column, role: str, key: str) -> dict[str, str]:
    one, two, three, four = st.columns(4)
    more = {
        name: where.selectbox(
            label,
            ["", *codes],
            index=[*codes].index(now) + 1 if (now := getattr(column, name)) in codes else 0,
            format_func=lambda code, shown=shown: shown(code) if code else "As the rows say",
            key=f"correct-{name}-{key}",
        )
        for where, name, label, codes, shown in (
            (one, "request_type", "Kind of demand", vocabulary.REQUEST_TYPES, library().names.request_type),
            (two, "authority", "Authority", vocabulary.AUTHORITIES, lambda code: code.replace("_", " ")),
            (three, "requester", "Whose government asked", sorted(places.codes(), key=places.name), places.name),
        )
    }
    more["period"] = four.text_input(
        "Period",
        value=periods.label(column.period) if column.period else "",
        placeholder="As the rows say",
        key=f"correct-period-{key}",
    )
    if role == "share":
        scales = {"": "As its cells show", "percent": "As percentages", "of one": "As parts of one"}
        more["scale"] = st.radio("How it is printed", list(scales), format_func=scales.get, horizontal=True, key=f"correct-scale-{key}")
    return more


def _show_place(mapping: Mapping, file_hash: str, key: str) -> None:
    # A name that was read as a place which is not meant.
    one, two, three = st.columns([2, 2, 1], vertical_alignment="bottom")
    name = one.text_input("A name in it, as printed", key=f"correct-name-{key}").strip()
    code = two.selectbox("is", _likely_places(name), format_func=_place_name, key=f"correct-place-{key}")
    if three.button("Read it so", key=f"correct-name-so-{key}", disabled=not (name and code), width="stretch"):
        save(replace(mapping, requesters=mapping.requesters | {name: code}), file_hash)


def _ask_for_decimal(example: str, file_hash: str) -> str | None:
    printed = "." if "." in example else ","
    digits = re.sub(r"[^\d]", "", example)
    whole = {
        "," if printed == "." else ".": f"{int(digits):,}: the mark divides thousands",
        printed: f"{example.replace(',', '.')}: the mark divides decimals",
    }
    return st.radio(f"“{markdown(example)}” stands for", list(whole), index=None, key=_key("decimal", file_hash), format_func=whole.get)


def _column_of(question: Question, columns: list[Column]) -> Column | None:
    kind, _, key = question.about.partition(":")
    return next((column for column in columns if column.key == key), None) if kind == "column" else None


def _table_name(question: Question) -> str:
    kind, _, name = question.about.partition(":")
    return name if kind == "table" else ""


def _places_asked(upload: Upload) -> list[Problem]:
    problems = [problem for problem in upload.problems if problem.code in _OF_PLACES and problem.severity == "error" and problem.value]
    return problems if upload.report.understanding else []


def _unknown_places(upload: Upload) -> list[str]:
    # As printed. Only the engine that reads any table takes what is said of a name.
    if upload.report.understanding is None or upload.contents is None:
        return []
    kept = set(upload.contents.requesters) - places.codes()
    printed = [problem.value.strip() for problem in upload.problems if problem.code == "unknown_requester" and problem.value]
    return list(dict.fromkeys(name for name in printed if " ".join(name.split()) in kept))


def _words_asked(upload: Upload, columns: list[Column]) -> list[tuple[Problem, Column]]:
    roles = {column.header: column for column in columns if column.role in ("request_type", "measure", "authority")}
    return [
        (problem, roles[problem.column])
        for problem in upload.problems
        if problem.code == "unknown_layout" and problem.value and problem.column in roles and problem.value != problem.column
    ]


def _numbers_asked(upload: Upload) -> list[Problem]:
    # Only where one answer settles all: the same mark in all of them, and nothing else that could be meant.
    problems = [problem for problem in upload.problems if problem.code == "ambiguous_number" and _ONE_MARK.fullmatch(problem.value.strip())]
    marks = {sign for problem in problems for sign in ".," if sign in problem.value}
    return problems if upload.report.understanding and len(marks) == 1 else []


def _likely_places(name: str) -> list[str]:
    likely = [
        code for near in (places.nearest(name), map(places.name, places.meanings(name))) for each in near if (code := places.code(each))
    ]
    return list(dict.fromkeys(["", *likely, LEAVE_OUT, *sorted(places.codes(), key=places.name)]))


def places_to_choose() -> list[str]:
    """The codes of all places in the order of their names, after a blank one for none."""
    return ["", *sorted(places.codes(), key=places.name)]


def _roles() -> list[tuple[str, str]]:
    # What a column may hold; of figures also what they count.
    figures = {"count": _COUNTS, "share": vocabulary.SHARES, "low": _COUNTS, "high": _COUNTS}
    of_figures = [(role, measure) for role, measures in figures.items() for measure in measures]
    return [*of_figures, *((role, "") for role in ROLES if role not in FIGURES and role != "unknown")]


def _role_answer(role: str, measure: str) -> dict[str, str]:
    return {"role": role} | ({"measure": measure} if measure else {})


def _role(chosen: tuple[str, str] | None) -> str:
    if chosen is None:
        return "Not said"
    role, measure = chosen
    return f"{ROLES[role]}: {library().names.measure(measure).lower()}" if measure else ROLES[role]


def _place_name(code: str) -> str:
    return {"": "Not said", LEAVE_OUT: "to be left out"}.get(code) or places.name(code)


def _word(code: str) -> str:
    if code in ("", LEAVE_OUT):
        return _place_name(code)
    for codes, name in ((vocabulary.REQUEST_TYPES, library().names.request_type), (vocabulary.MEASURES, library().names.measure)):
        if code in codes:
            return name(code)
    return code.replace("_", " ")


def _key(what: str, file_hash: str) -> str:
    return f"asked-{hashlib.sha256(what.encode('utf-8', 'replace')).hexdigest()[:8]}-{file_hash[:8]}"


_OF_PLACES = ("unknown_requester", "ambiguous_requester")
_OF_PERIODS = ("missing_period", "ambiguous_period")
_ANSWERS = frozenset(("reporter", "measure", "request_type", "requester", "first_month", "day_first"))
