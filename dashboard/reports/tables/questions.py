"""What must be asked before a table can be read: what no column, title, name or answer says, and what two of them say otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from dashboard.model import places
from dashboard.model.intervals import listed
from dashboard.model.periods import Period
from dashboard.model.periods import label as period_label
from dashboard.reports.problems import Problem
from dashboard.reports.tables.columns import Texts
from dashboard.reports.tables.readings import ReadTable
from dashboard.reports.tables.roles import DIMENSIONS, LABELS, ROLES, WHEN, Answers, Column, Question, TableView, reporter_code
from dashboard.reports.tables.surroundings import (
    FILE,
    NOTE,
    SHEET,
    TITLE,
    Doubt,
    Surrounding,
    contradictions,
    counts_only,
    covered_only,
    doubts,
    kind_above,
    other_pace,
    unread_words,
)
from dashboard.reports.words.context import is_region
from dashboard.reports.words.period_columns import column_of
from dashboard.reports.words.periods import mentions as periods_in
from dashboard.reports.words.periods import names_unknown_year

KEYS = ("requester", *WHEN, "request_type", "measure", "authority", "service", "reporter")
NEEDLESS = "is text that no figure needs"
"""Why a column of texts is left out whose header says nothing we know."""
UNKNOWN_YEAR = "it names a fiscal year, and nothing says in which month it begins"
"""Why a column is not understood whose question is the first month of fiscal years."""


class Questions:
    """Asks about one table; each question is added once to the `questions` of its file, what is only told to its `problems`."""

    def __init__(
        self, read_table: ReadTable, answers: Answers, surroundings: list[Surrounding], questions: list[Question], problems: list[Problem]
    ):
        self.read_table, self.answers, self.surroundings = read_table, answers, surroundings
        self.questions, self.problems = questions, problems
        self._doubts: list[Doubt] = []

    def is_of_other_subject(self, view: TableView) -> bool:
        """Whether what stands around a table says that it is about something else; it is asked about that, and nothing more."""
        self._doubts = list(doubts(self.surroundings, list(view.columns), self.read_table.texts, self.answers))
        others = [doubt for doubt in self._doubts if doubt.code == "other_subject"]
        for doubt in others:
            self._ask_of_doubt(doubt)
        return bool(others)

    def ask_about(self, view: TableView) -> None:
        """Ask what must be known of a table whose columns are understood, as far as it can be told."""
        figures = [column for column in view.columns if column.is_figure]
        roles = Counter(column.role for column in view.columns)
        self.ask_about_unknown(view)
        self._ask_about_surroundings(view)
        by_section = self._ask_about_sections(view)
        for column in figures:
            if not column.measure and not roles["measure"] and "measure" not in by_section and not explains(view.columns, "measure"):
                says = "holds figures, and nothing says what they count."
                self._ask("missing_column", "measure", says, "Say what is counted, such as requests or accounts_specified.", column)
        self._ask_about_kinds(view, figures)
        is_said = (
            roles["requester"]
            or view.requester
            or "requester" in by_section
            or "requester" in view.means
            or explains(view.columns, "requester")
        )
        if not is_said and (not figures or not all(column.requester for column in figures)):
            says = "Neither a column, nor a title, nor an answer says whose government asked."
            self._ask("missing_requester", "requester", says, "Say which country, or WLD for the publisher's worldwide total.")
        dated = "period" in by_section or any(roles[role] for role in WHEN if role not in ("half", "quarter", "month"))
        if not dated and view.period is None and (not figures or any(column.period is None for column in figures)):
            says = "Neither a column, nor a title, nor the name of the file says for which period these figures are."
            if not figures:
                says = "Each row is a single request; nothing says which period the list covers."
            above = [one.context.text for one in self.surroundings if one.source != NOTE]
            if any(names_unknown_year(text, self.answers.first_month) for text in above):
                says = "The title names a fiscal year, and nothing says in which month it begins."
                self._ask("ambiguous_period", "first_month", says, "Say the first month; 1 if it is the calendar year.")
            else:
                self._ask("missing_period", "period", says, "Say the period, such as 2019 H2.")
        for role in ("half", "quarter", "month"):
            if roles[role] and not roles["year"] and not roles["period"]:
                part_column = next(column for column in view.columns if column.role == role)
                says = f"holds {role_label(role)}, and no column says which year."
                self._ask("missing_column", f"column:{part_column.key}", says, "Say which column holds the year.", part_column)
        self._ask_about_what_is_double(view, figures)
        self._ask_about_bands(figures)
        for column, about, code, says, fix in self.read_table.when.questions if self.read_table.when else ():
            if about == "period" and self._has_gaps(column, figures):
                # Rows that could not be read are told already; with them the distances may well be constant.
                continue
            self._ask(code, about, says, fix, column)

    def _ask_about_what_is_double(self, view: TableView, figures: list[Column]) -> None:
        headers = Counter(places.fold(column.header) for column in view.columns if column.header and not column.corrected)
        for column in view.columns:
            if headers.pop(places.fold(column.header), 0) > 1:
                says = "heads more than one column, so what they hold cannot be told apart."
                self._ask("duplicate_header", f"column:{column.key}", says, "Give each column a header of its own.", column)
        for role in KEYS:
            several = [column for column in view.columns if column.role == role]
            if len(several) > 1:
                says = f"and {several[1].letter} would both hold {role_label(role)}."
                self._ask("duplicate_header", f"column:{several[1].key}", says, "Say which one does, and leave the other out.", several[0])
        seen: dict[tuple, Column] = {}
        for column in figures:
            key = (column.role, *band_key(column))
            if key in seen and not column.repeats:
                what = label(column.measure) if column.measure else "the same figures"
                says = f"and {seen[key].letter} would both hold {what}."
                self._ask("duplicate_header", f"column:{column.key}", says, "Say what tells them apart, or leave one out.", column)
            seen.setdefault(key, column)

    def _ask_about_kinds(self, view: TableView, figures: list[Column]) -> None:
        # A rate or accounts beside requests of several kinds, and no total of them: of one of the kinds, or of all.
        kinds = {column.request_type for column in figures if column.role == "count" and column.measure == "requests"}
        if not self.surroundings or len(kinds) < 2 or kinds & {"", "all"} or explains(view.columns, "request_type"):
            return
        for column in figures:
            if column.measure and not column.request_type and not column.corrected:
                says = (
                    f"stands beside {listed(sorted(kind.replace('_', ' ') for kind in kinds), 3)}, and nothing says of which of them it is."
                )
                self._ask("missing_column", "request_type", says, "Say of which kind of request it is, or of all.", column)

    def _ask_about_surroundings(self, view: TableView) -> None:
        for doubt in self._doubts:
            self._ask_of_doubt(doubt)
        for title, words in unread_words(self.surroundings, self.answers.reporter):
            says = f"holds words that we do not know, “{words}”, which were not used."
            fix = "See that they say neither which requests are counted, such as those withdrawn, nor a scale such as thousands."
            self._tell(says, fix, title.row, title.context.text, code="not_read")
        self._ask_about_contradictions(view)

    def _ask_about_contradictions(self, view: TableView) -> None:
        periods = {
            *(self.read_table.when.periods if self.read_table.when else ()),
            *(column.period for column in view.columns if column.period),
        }
        requesters = _codes(view, self.read_table)
        if not self.surroundings:
            return
        answered = self.answers
        self._tell_unused(
            "period", answered.period, bool(periods) and not any(answered.period.overlaps(one) for one in periods if answered.period)
        )
        self._tell_unused("country", places.name(answered.requester), bool(requesters) and answered.requester not in requesters)
        self._tell_of_other_kind(view)
        self._ask_about_other_reporter(view)
        periods = periods or {view.period} - {None}
        requesters = requesters or {view.requester} - {""}
        for text, row in [(column.header, None) for column in view.columns if column.is_figure] + [
            (one.context.text, one.row) for one in self.surroundings if one.source in (TITLE, SHEET)
        ]:
            if other_pace(text, periods):
                says = f"says another length of time than {listed(map(period_label, sorted(periods)), 3)}, so the figures may be averages."
                self._ask_at("contradicting_words", says, "Bring the counts of each period, or correct the words.", row, text)
        for doubt in contradictions(self.surroundings, periods, requesters):
            is_answered = periods == {answered.period} or requesters == {answered.requester}
            if is_answered or doubt.surrounding.source in (FILE, NOTE):
                self._tell(doubt.says, doubt.fix, doubt.surrounding.row, doubt.surrounding.context.text)
            else:
                self._ask_of_doubt(doubt)

        for column in view.columns:
            if column.role == "ignored" and not column.corrected:
                texts = self.read_table.texts[column.index]
                if column.reason == NEEDLESS and texts.sample:
                    says = f"heads texts that no figure needs, such as “{texts.sample[0][:60]}”; they were not used."
                    fix = "Say what it holds if it changes what the figures count."
                    self._tell(says, fix, self.read_table.table.header_rows[-1], column.header, column.index, code="not_read")
                self._tell_of_remarks(texts, column.index, periods)
                if periods_in(column.header) and texts.share_of("number") > 0.5:
                    line = self.read_table.table.header_rows[-1]
                    says = f"names a time and holds figures, and was left out: it {column.reason}."
                    self._tell(says, "Say what it counts if it is to be read.", line, column.header, column.index, code="not_read")

    def _tell_of_remarks(self, texts: Texts, column_index: int, periods: set[Period]) -> None:
        # A remark beside the figures of one row.
        for code, text in enumerate(texts.all()):
            shorter = covered_only(text, periods)
            if text.strip() and (shorter or counts_only(text)):
                row = int(self.read_table.rows[np.flatnonzero(texts.codes == code)[0]])
                says = "says which requests alone are counted, and the figures beside it are read as of all."
                if shorter:
                    says = (
                        f"says {period_label(shorter)}, and the figures beside it are of {listed(map(period_label, sorted(periods)), 3)}."
                    )
                self._tell(says, "Correct whichever is wrong.", row, text, column_index)

    def _tell_unused(self, what: str, answer: object, is_unused: bool) -> None:
        if answer and is_unused:
            says = f"is the {what} that was said, and the columns of the table say otherwise; the columns were used."
            self._tell(says, "See which of them is right.", None, str(answer))

    def _tell_of_other_kind(self, view: TableView) -> None:
        # What the visitor said counts, and a title that says otherwise is told.
        answer = self.answers.request_type
        above = kind_above(self.surroundings, [replace(column, request_type="") for column in view.columns])
        has_kinds = any(column.role == "request_type" for column in view.columns) or explains(view.columns, "request_type")
        self._tell_unused("kind of request", answer.replace("_", " "), has_kinds)
        if answer and not has_kinds and above and above.context.request_type != answer:
            kinds = [kind.replace("_", " ") for kind in (above.context.request_type, answer)]
            says = f"says {kinds[0]}, and {kinds[1]} was said to be the kind of request; what was said was used."
            self._tell(says, "See which of them is right.", above.row, above.context.text)

    def _ask_about_other_reporter(self, view: TableView) -> None:
        given = reporter_code(self.answers.reporter)
        for column in view.columns:
            names = [text for text in self.read_table.texts[column.index].all() if text.strip()] if column.role == "reporter" else []
            if (
                given
                and names
                and not any(f"{given}_".startswith(f"{code}_") or f"{code}_".startswith(f"{given}_") for code in map(reporter_code, names))
            ):
                says = f"names {listed(names, 3)}, and it was said that {self.answers.reporter} published the counts."
                self._ask(
                    "contradicting_words", f"column:{column.key}", says, "Say the publisher of the column, or leave the column out.", column
                )

    def _ask_about_sections(self, view: TableView) -> set[str]:
        # A section must be understood, and say nothing against the columns; the dimensions that sections give to the rows below them.
        roles = {column.role for column in view.columns}
        by_section: set[str] = set()
        for section in self.read_table.sections:
            context = section.context
            if context.is_other_subject or context.is_derived or context.authority == "private" or context.scale != 1:
                says = "is a line above rows that count something else than requests of governments for user data."
                self._ask_at("other_subject", says, "Leave its rows out of the file.", section.row, context.text)
            elif not context.is_understood and not is_region(context.text):
                says = "is a line inside the table that we do not understand, so the rows below it may be of another kind."
                self._ask_at(
                    "unknown_layout", says, "Put what it says into a column of its own, or take the line out.", section.row, context.text
                )
            given = {name for name in ("requester", "period", "request_type", "authority", "measure") if getattr(context, name)}
            if context.measure == "requests" and any(column.measure for column in view.columns):
                given.discard("measure")
            is_other_measure = "measure" in given and any(column.measure for column in view.columns)
            is_answered = self.answers.period is not None and context.period is not None and context.period != self.answers.period
            if (
                is_answered
                or is_other_measure
                or ("requester" in given and "requester" in roles)
                or ("period" in given and roles & set(WHEN))
            ):
                says = "is a line inside the table that names a period, a place or what is counted, and so does something else that holds for its rows."
                self._ask_at(
                    "contradicting_words", says, "Say it once: in a column, or in lines between the rows.", section.row, context.text
                )
            by_section |= given
        return by_section

    def _tell(self, says: str, fix: str, row: int | None, value: str, column: int | None = None, code: str = "contradicting_words") -> None:
        problem = replace(self._question_at(code, says, fix, row, value, column).problem(), severity="warning")
        if problem not in self.problems:
            self.problems.append(problem)

    def _ask_of_doubt(self, doubt: Doubt) -> None:
        # A title that says other than the columns can be settled: one of the two holds.
        around_table = doubt.surrounding
        is_of_title = doubt.code == "contradicting_words" and around_table.source in (TITLE, SHEET)
        about = f"title:{around_table.context.text}" if is_of_title else ""
        self._ask_at(doubt.code, doubt.says, doubt.fix, around_table.row, around_table.context.text, around_table.cell, about)

    def _ask_at(self, code: str, says: str, fix: str, row: int | None, value: str, cell: str = "", about: str = "") -> None:
        question = self._question_at(code, says, fix, row, value)
        if about:
            question = replace(question, about=about)
        if cell:
            question = replace(question, about="note", cell=cell, row=None)
        self._add(question)

    def _add(self, question: Question) -> None:
        if question not in self.questions:
            self.questions.append(question)

    def _question_at(self, code: str, says: str, fix: str, row: int | None, value: str, column: int | None = None) -> Question:
        # A question about a line of the sheet, or one cell of it; of the file's or the sheet's name where there is no row.
        table = self.read_table.table
        line = table.header_rows[-1] if row is None else row
        if column is None:
            column = (
                0 if row is None else next((column_index for column_index, cell in enumerate(table.sheet.rows[row]) if cell.strip()), 0)
            )
        cell = (table.sheet.name or "") if row is None else table.sheet.address(row, column)
        return Question(
            code, f"table:{self.read_table.view.name}", says, fix, cell=cell, value=value[:200], row=int(table.sheet.lines[line])
        )

    def ask_about_unknown(self, view: TableView) -> None:
        """Ask about the columns that are not understood."""
        for column in view.columns:
            if column.reason == UNKNOWN_YEAR:
                says = f"is a column we do not understand: {column.reason}."
                self._ask("ambiguous_period", "first_month", says, "Say the first month; 1 if it is the calendar year.", column)
            elif column.role == "unknown":
                says = f"is a column we do not understand: {column.reason}."
                self._ask("unknown_layout", f"column:{column.key}", says, "Say what it holds, or leave it out.", column)

    def _has_gaps(self, column: Column, figures: list[Column]) -> bool:
        read = column_of(self.read_table.texts[column.index].all(), self.answers.first_month, day_first=self.answers.day_first)
        # A cell of figures over several lines is a quotation mark that swallowed rows.
        swallowing = (text for figure in figures for text in self.read_table.texts[figure.index].all() if "\n" in text)
        return self.read_table.table.has_damaged_rows or bool(read.wrong) or any(swallowing)

    def _ask_about_bands(self, figures: list[Column]) -> None:
        ends = {end: {band_key(column): column for column in figures if column.role == end} for end in ("low", "high")}
        for end, other in (("low", "high"), ("high", "low")):
            for key, column in ends[end].items():
                if key not in ends[other]:
                    says = f"holds the {'lower' if end == 'low' else 'upper'} ends of bands, and no column holds the other ends."
                    self._ask("missing_column", f"column:{column.key}", says, "Say what it holds, or leave it out.", column)

    def _ask(self, code: str, about: str, says: str, fix: str, column: Column | None = None) -> None:
        table = self.read_table.table
        line = table.header_rows[-1]
        cell, header = (table.sheet.name or "", "") if column is None else (table.sheet.address(line, column.index), column.header)
        self._add(Question(code, about, says, fix, cell, header, header, int(table.sheet.lines[line])))


def _codes(view: TableView, read_table: ReadTable) -> set[str]:
    # The countries that the columns of a table name.
    named = {column.requester for column in view.columns if column.requester}
    for column in view.columns:
        if column.role == "requester" and not column.values:
            named |= {places.code(text) or text for text in read_table.texts[column.index].all() if text.strip()}
    return named


def explains(columns: Iterable[Column], dimension: str) -> bool:
    """Whether texts of a column are explained one by one, and some by this dimension."""
    return any(dimension in means for column in columns for means in column.values.values())


def band_key(column: Column) -> tuple:
    """What the two ends of one band have in common."""
    return tuple(getattr(column, name) for name in (*DIMENSIONS, "period"))


def label(measure: str) -> str:
    """A measure in the words of a question."""
    return LABELS["measures"].get(measure, measure.replace("_", " "))


def role_label(role: str) -> str:
    """A role in the words of a question."""
    return ROLES.get(role, role.replace("_", " "))
