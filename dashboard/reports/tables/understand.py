"""A layout nobody has seen: what each column holds is told by its header's words *and* by what is in it, and never by one against the other.

`understand` says what it makes of a file, and why, and what it must ask; `apply` then reads the file by that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from dashboard.model import places, vocabulary
from dashboard.model.periods import Period
from dashboard.model.periods import label as period_label
from dashboard.model.periods import parse as parse_period
from dashboard.reports.cells.reading import File
from dashboard.reports.cells.sheets import Sheet
from dashboard.reports.problems import Problem
from dashboard.reports.tables import find
from dashboard.reports.tables.columns import Texts
from dashboard.reports.tables.find import Tables
from dashboard.reports.tables.period_of_totals import period_of_totals
from dashboard.reports.tables.questions import KEYS, NEEDLESS, UNKNOWN_YEAR, Questions, band_key, explains, label, role_label
from dashboard.reports.tables.readings import Reading, ReadTable, fingerprint, table_read
from dashboard.reports.tables.roles import FIGURES, WHEN, Answers, Column, Mapping, Question, TableView, Understanding, reporter_code
from dashboard.reports.tables.row_periods import row_periods_of
from dashboard.reports.tables.surroundings import (
    TITLE,
    Surrounding,
    around,
    doubtful_text,
    kind_above,
    kind_beside,
    notes_apart,
    settled,
    with_authority,
    with_dimensions,
    with_kind,
    without_columns_words,
)
from dashboard.reports.words import periods
from dashboard.reports.words.cell_kinds import is_eight_digit_date, is_whole_period
from dashboard.reports.words.context import context_of, place_in
from dashboard.reports.words.headers import Meaning, language_name, meaning_of, meaning_of_group, named_measure, named_type
from dashboard.reports.words.period_columns import part_within, periods_of_heads, with_whole_periods

_NOTHING = "holds nothing"
_SHARE_OF_NUMBERS = 0.6


def understand(
    file: File,
    answers: Answers | None = None,
    mapping: Mapping | None = None,
    is_declared: bool = False,
    tables_of: Callable[[Sheet], Tables] | None = None,
) -> Reading:
    """What a file holds, as far as it can be told, with a question for everything that cannot.

    `is_declared`: the mapping is a known layout's, which says itself what stands around its tables.
    `tables_of` finds the tables of a sheet, where a layout knows better than their form tells.
    """
    mapping = mapping or Mapping()
    answers = mapping.answers(answers or Answers())
    reading = Reading(file, answers, mapping, is_declared)
    headers = frozenset(map(places.fold, mapping.columns))
    _read_tables(reading, tables_of or (lambda sheet: find.tables_of(sheet, headers, answers.header_line)))
    problems, questions, read = reading.problems, reading.questions, reading.tables
    for read_table in read:
        if read_table.view.name in mapping.left_out:
            read_table.view = replace(read_table.view, used=False, shape="left out, as you said")
        elif not read_table.table.is_broken:
            _Understood(reading, read_table).run()
    if not read and not problems:
        says = "The file holds no table with a header and figures below it."
        problems.append(Problem("error", "no_header", says, "Put the header right above the figures."))
    elif read and not questions and not any(read_table.view.used or read_table.table.is_broken for read_table in read):
        says = "The file is a table, but no column of it is known to count requests for user data."
        line = read[0].view.header_lines[-1]
        questions.append(Question("unknown_layout", "column", says, "Say which column counts what.", row=line))
    reporter = reporter_code(answers.reporter)
    has_reporter = all(
        any(column.role == "reporter" or any("reporter" in means for means in column.values.values()) for column in read_table.view.columns)
        for read_table in read
        if read_table.view.used
    )
    if not reporter and not has_reporter and read:
        says = "Neither a column nor an answer says who published these counts."
        line = read[0].view.header_lines[-1]
        questions.append(Question("missing_column", "reporter", says, "Say who: a short name such as microsoft.", row=line))
    views = tuple(read_table.view for read_table in read)
    reading.understanding = Understanding(file.name, file.sha256, fingerprint(read), reporter, views, tuple(questions), tuple(problems))
    return reading


def _read_tables(reading: Reading, tables_of: Callable[[Sheet], Tables]) -> None:
    # The tables of all sheets, each named by its sheet, its number, or both.
    read = reading.tables
    for sheet in reading.file.sheets:
        tables, problems = tables_of(sheet)
        reading.problems += problems
        for table in tables:
            read.append(table_read(table, len(read) + 1, reading.is_declared))
        if not tables and len(reading.file.sheets) > 1:
            reading.apart += notes_apart(sheet)
    of_sheet = Counter(read_table.view.sheet for read_table in read)
    for read_table in read:
        sheet_name, number = read_table.view.sheet, f"table {read_table.view.number}"
        name = number if not sheet_name else sheet_name if of_sheet[sheet_name] == 1 else f"{sheet_name}, {number}"
        read_table.view = replace(read_table.view, name=name)


class _Understood:
    """Finds the roles of one table's columns."""

    def __init__(self, reading: Reading, read_table: ReadTable):
        self.reading, self.read_table, self.answers, self.mapping = reading, read_table, reading.answers, reading.mapping
        self.table, self.texts = read_table.table, read_table.texts
        self._declared = {places.fold(header): role for header, role in self.mapping.columns.items()} if reading.is_declared else {}
        is_settled = reading.is_declared or not self._titles(read_table.view).isdisjoint(map(places.fold, self.mapping.tables))
        every = [] if is_settled else around(reading.file, self.table, read_table.notes) + reading.apart
        self.surroundings = settled(every, self.mapping.contradicted)
        self._questions = Questions(read_table, self.answers, self.surroundings, reading.questions, reading.problems)

    def run(self) -> None:
        for title, means in self.mapping.tables.items():
            if places.fold(title) in self._titles(self.read_table.view):
                view = self.read_table.view
                self.read_table.view = replace(view, means=view.means | means, used=False)
        if "left_out" in self.read_table.view.means:
            return
        columns = [self._corrected(column_index) or self._guessed(column_index) for column_index in self.table.columns]
        self._look_above_nothing(columns)
        columns = without_columns_words(self.surroundings, self.mapping.contradicted, _total_of_places(self._one_of_each(columns)))
        columns = self._what_is_counted(columns)
        columns = with_authority(kind_beside(with_kind(columns, kind_above(self.surroundings, columns))), self.surroundings)
        view = self.read_table.view
        figures = [column for column in columns if column.is_figure]
        single = not figures and any(column.role in ("one_request", "received_on") for column in columns)
        used = bool(figures) or single
        view = replace(view, columns=tuple(columns), used=used, shape=_shape(columns, single))
        if used and self._questions.is_of_other_subject(view):
            view = replace(view, used=False, shape="its table is about something else than requests for user data")
        elif used:
            view = self._where_and_when(view)
            whens = Counter(column.role for column in columns if column.role in WHEN)
            if not whens or whens.most_common(1)[0][1] == 1:
                self.read_table.when = row_periods_of(columns, self.texts, self.answers)
            self._questions.ask_about(view)
        elif any(column.role in KEYS for column in columns) or len(self.reading.file.sheets) == 1:
            self._questions.ask_about_unknown(view)
        self.read_table.view = view

    def _look_above_nothing(self, columns: list[Column]) -> None:
        # Words beside the header with nothing below them, such as “in thousands”, are of the whole table.
        for column in columns if self.surroundings else ():
            is_dimension = periods.mentions(column.header) or self._dimensions([column.header])[:2] != (None, "")
            if column.reason == _NOTHING and column.header and not is_dimension:
                self.surroundings.append(Surrounding(TITLE, context_of(column.header)))

    # One column.

    def _column(self, column_index: int, role: str, reason: str, **more) -> Column:
        return Column(column_index, self.table.header(column_index), role, reason, **more)

    def _corrected(self, column_index: int) -> Column | None:
        blank = self._column(column_index, "unknown", "")
        correction = self.mapping.columns.get(blank.key) or self.mapping.columns.get(f"column {blank.letter}")
        correction = correction or self._declared.get(places.fold(blank.header))
        if not correction:
            return None
        period = parse_period(correction["period"]) if correction.get("period") else None
        if period is None and correction["role"] in FIGURES:
            period = self._guessed(column_index).period
        return replace(blank, **{"reason": "as you said"} | correction | {"period": period, "corrected": True})

    def _guessed(self, column_index: int) -> Column:
        texts = self.texts[column_index]
        period, requester, words = self._dimensions(self._parts(column_index))
        meant = meaning_of_group(words)
        if texts.is_empty and not (meant.counts or meant.bound):
            return self._column(column_index, "ignored", _NOTHING)
        is_headed = words or period or requester or column_index == self.table.columns[0] or self.table.sheet.name
        if self.reading.is_declared and not is_headed:
            return self._unknown(column_index, "it has no header, as no column of this layout")
        if self._holds_numbers(texts, meant):
            return self._numbers(column_index, texts, meant, period, requester, bool(words))
        return self._words(column_index, texts, meant)

    def _parts(self, column_index: int) -> list[str]:
        return [text for text in self.table.headers[self.table.columns.index(column_index)] if text]

    def _dimensions(self, parts: list[str]) -> tuple[Period | None, str, list[str]]:
        # A part of the header that is a period or a place says of when or of whom, the others of what.
        period, requester, words = None, "", []
        for text in with_whole_periods(list(dict.fromkeys(parts))):
            by_context, other_words = self._periods_of_heads.get(text, (None, ""))
            label = periods.label_of(text, self.answers.first_month)
            inside = [] if meaning_of(text).tags and not meaning_of(text).rest else periods.mentions(text, self.answers.first_month)
            if by_context and period is None:
                period = by_context
                words += filter(None, [other_words])
            elif isinstance(label, Period) and period is None:
                period = label
            elif period is None and len(inside) == 1 and inside[0][0].months:
                period = inside[0][0]
                words.append(periods.folded(text).replace(inside[0][1], " ", 1).strip(" ,:;()-–"))
            elif not requester and (code := places.code(text)) and code != places.WORLD and not meaning_of(text).tags:
                requester = code
            elif not requester and meaning_of(text).rest and (named := place_in(periods.folded(text), text))[0] not in ("", places.WORLD):
                # “Norway requests”.
                requester = named[0]
                words.append(named[1].replace("|", " "))
            else:
                words.append(text)
        return period, requester, words

    @cached_property
    def _periods_of_heads(self) -> dict[str, tuple[Period, str]]:
        heads = {text for parts in self.table.headers for text in parts if text}
        return periods_of_heads(heads, str(self._only_period()), self.answers.day_first)

    def _holds_numbers(self, texts: Texts, meant: Meaning) -> bool:
        if texts.is_empty or all(kind == "missing" for kind in texts.kinds):
            return True
        if meant.role in (*WHEN, "fiscal_year", "date", "received_on", "requester"):
            # Years and numbered halves are numbers that stand for periods.
            return False
        numbers = texts.share_of("number")
        # A count may look like a year.
        return numbers >= _SHARE_OF_NUMBERS or (
            meant.counts and numbers + texts.share_that(lambda text: text.strip().isdigit() and len(text.strip()) == 4) >= _SHARE_OF_NUMBERS
        )

    def _numbers(self, column_index: int, texts: Texts, meant: Meaning, period: Period | None, requester: str, worded: bool) -> Column:
        language = _language(meant)
        holds = f"its cells hold {'percentages' if texts.are_percents else 'numbers' if texts.sample else 'nothing'}"

        def figures(role: str, means: str, measure: str = "", request_type: str = "") -> Column:
            reason = f"its header means {means}{language}, and {holds}"
            of = {
                "request_type": meant.request_type or request_type,
                "authority": meant.authority,
                "period": period,
                "requester": requester,
            }
            return self._column(column_index, role, reason, measure=measure, **of)

        if meant.role == "not_about_data":
            return self._column(column_index, "ignored", f"counts something else than requests for user data{language}")
        is_numbering = not worded or (meant.role == "value" and column_index == self.table.columns[0])
        if is_numbering and period is None and not requester and texts.number_rows(2 if worded else 5):
            return self._column(column_index, "ignored", "numbers the rows")
        if period is None and any(periods.names_unknown_year(text, self.answers.first_month) for text in self._parts(column_index)):
            return self._unknown(column_index, UNKNOWN_YEAR)
        if meant.rest and period is None and any(part_within(text, "2000") for text in self._parts(column_index)):
            return self._unknown(column_index, "its header names a part of a year, and nothing says of which; say the year as the period")
        if meant.rest:
            return self._unknown(column_index, f"its header says “{meant.rest}”, which we do not know, over figures")
        if meant.scale != 1:
            return self._unknown(column_index, f"its header says that figures are to be multiplied by {meant.scale:,}, so they are rounded")
        if meant.role == "one_request":
            return self._column(column_index, "one_request", "its header names single requests")
        if meant.role in ("no_count", "note"):
            return self._column(column_index, "ignored", f"is no count of requests{language}")
        if meant.is_share:
            if not meant.measure:
                return self._unknown(column_index, "its header says that it is a share, but not of what")
            return figures("share", label(meant.measure), meant.measure)
        if meant.bound:
            end = "lower" if meant.bound == "low" else "upper"
            return figures(meant.bound, f"the {end} end of {_what(meant)}", meant.measure)
        if meant.measure:
            if texts.are_percents:
                return self._unknown(column_index, f"its header means {label(meant.measure)}, but its cells hold percentages")
            return figures("count", _what(meant), meant.measure)
        if meant.request_type or meant.authority:
            return figures("count", _what(meant), "requests")
        if meant.is_total:
            return figures("count", "a total", request_type="all")
        if period or requester:
            return figures("count", f"the figures of {period_label(period) if period else places.name(requester)}")
        if meant.role == "value":
            return figures("count", "a number")
        reason = "its header says nothing we know, over figures" if worded else "it has no header over its figures"
        return self._unknown(column_index, reason)

    def _words(self, column_index: int, texts: Texts, meant: Meaning) -> Column:
        language = _language(meant)
        dates = texts.share_of("date") + texts.share_that(is_eight_digit_date)
        labels = texts.share_of("period")
        known = self.mapping.requesters
        named = texts.share_that(
            lambda text: places.code(text) or places.meanings(text) or meaning_of(text).is_total or text.strip() in known
        )
        role = "period_end" if meant.role == "date" else "year" if meant.role == "fiscal_year" else meant.role
        says = f"its header means {role_label(role)}{language}" if role and not meant.rest else ""
        if meant.rest:
            role = ""
        if role == "requester":
            if labels >= 0.8 and named < 0.5 and self._places_head():
                return self._column(column_index, "period", f"{_of(labels)} of its cells name periods, and the other headers places")
            if named >= 0.5 or (texts.share_of("number") < 0.5 and texts.share_that(named_type) < 0.5):
                return self._column(column_index, "requester", f"{says}, and {_of(named)} of its cells name countries")
            return self._unknown(column_index, f"{says}, but its cells do not look like names")
        if role in WHEN:
            return self._period(column_index, role, says, dates, labels)
        if role == "received_on":
            return self._column(column_index, "received_on", f"{says}, and {_of(dates)} of its cells are dates")
        if role in ("measure", "authority", "service", "reporter", "one_request"):
            return self._column(column_index, role, says)
        if role == "note":
            return self._needless(column_index, says, is_note=True)
        if role == "not_about_data":
            return self._column(column_index, "ignored", "is about something else than requests for user data")
        types = texts.share_that(named_type)
        if role == "request_type" or (types >= 0.5 and (meant.request_type or not meant.tags or meant.rest)):
            return self._column(
                column_index, "request_type", f"{says or 'its header leaves it open'}, and {_of(types)} of its cells name kinds of request"
            )
        if meant.counts or meant.bound or meant.is_total or meant.role == "value":
            if texts.share_of("place", "period", "word") >= 0.5:
                return self._unknown(column_index, f"its header means {_what(meant)}{language}, but its cells hold no numbers")
            return self._numbers(column_index, texts, meant, None, "", True)
        measures = texts.share_that(named_measure) if len(texts.values) > 1 else 0
        for role, share, hold in (
            ("requester", named, "name countries"),
            ("period", labels, "name periods"),
            ("period_end", dates, "are dates"),
            ("measure", measures, "name what is counted"),
        ):
            if share >= 0.8:
                return self._column(column_index, role, f"{_of(share)} of its cells {hold}")
        if texts.share_of("number") >= 0.2:
            return self._unknown(column_index, "it holds numbers among other texts, and its header says nothing we know")
        return self._needless(column_index, NEEDLESS, is_note=False)

    def _places_head(self) -> bool:
        return all(any(map(places.code, parts)) for parts in self.table.headers[1:])

    def _period(self, column_index: int, role: str, says: str, dates: float, labels: float) -> Column:
        if role in ("half", "quarter", "month"):
            # Whole periods in the cells beat the header's word: “Jan 2021” under “Month” is no month of some other year.
            texts = self.texts[column_index]
            if (whole := texts.share_that(is_whole_period)) >= 0.5:
                return self._column(column_index, "period", f"{says}, and {_of(whole)} of its cells name whole periods")
            if dates >= 0.5:
                return self._column(column_index, "period", f"{says}, and {_of(dates)} of its cells are days of whole periods", scale=role)
            if texts.share_that(periods.numbered) >= 0.5:
                return self._column(column_index, "period", f"{says}, and its cells number the parts of years", scale=role)
        named = f"{_of(max(dates, labels))} of its cells name {'days' if dates > labels else 'periods'}"
        return self._column(column_index, role, f"{says}, and {named}")

    def _needless(self, column_index: int, reason: str, is_note: bool) -> Column:
        # A column that no figure needs must not say what the figures count.
        if self.surroundings and (text := doubtful_text(self.texts[column_index], is_note)):
            return self._unknown(column_index, f"its cells say “{text}”, which may change what the figures count")
        return self._column(column_index, "ignored", reason)

    def _unknown(self, column_index: int, reason: str) -> Column:
        return self._column(column_index, "unknown", reason)

    # All columns of the table.

    def _one_of_each(self, columns: list[Column]) -> list[Column]:
        # Two columns of places: the fuller one tells, rather one of names than of codes, the other must agree.
        def named_places(column: Column) -> float:
            texts = self.texts[column.index]
            return texts.share_that(places.code) + (0.1 if column.header and not texts.are_codes else 0)

        named = [column for column in columns if column.role == "requester"]
        check = min(reversed(named), key=named_places) if len(named) == 2 else None
        if check is None or check.corrected:
            return columns
        again = replace(check, role="requester_check", reason="names the same places again")
        return [again if column is check else column for column in columns]

    def _what_is_counted(self, columns: list[Column]) -> list[Column]:
        # Figures whose header does not say what they count: a column of measures says it, or the columns beside them, or the visitor.
        has_measures = any(column.role == "measure" for column in columns) or explains(columns, "measure")
        kinds = {column.measure for column in columns if column.role == "count" and column.request_type not in ("", "all")}
        kind_answered = "" if any(column.role == "request_type" for column in columns) else self.answers.request_type
        settled = []
        for column in columns:
            if column.role in ("count", "low", "high") and not column.measure and not has_measures:
                if column.request_type == "all" and len(kinds) == 1:
                    column = replace(column, measure=kinds.pop(), reason=f"{column.reason}; beside kinds of request it is their total")
                    kinds = {column.measure}
                elif counted_above := self._said_above():
                    kind, reason = column.request_type or counted_above.request_type, f"{column.reason}; the title says what it counts"
                    column = replace(column, measure=counted_above.measure, request_type=kind, reason=reason)
                elif self.answers.measure:
                    column = replace(column, measure=self.answers.measure, reason=f"{column.reason}; you said what it counts")
                    if column.measure in vocabulary.SHARES and column.role == "count":
                        column = replace(column, role="share")
            settled.append(replace(column, request_type=column.request_type or kind_answered) if column.is_figure else column)
        return settled

    def _said_above(self) -> Meaning | None:
        # What a title such as “Requests by country” says of all figures below it.
        for text in (*self.table.title.split("\n"), self.table.sheet.name):
            meant = meaning_of(text)
            if meant.counts and not meant.is_share and not meant.bound:
                return meant
            if measure := context_of(text).measure:
                return replace(meant, measure=measure)
        return None

    def _where_and_when(self, view: TableView) -> TableView:
        roles = {column.role for column in view.columns}
        if "requester" not in roles:
            view = replace(view, requester=self._only_requester())
        if not roles & set(WHEN):
            view = replace(view, period=self._only_period() or self._period_of_totals(view))
        return view

    def _period_of_totals(self, view: TableView) -> Period | None:
        if not self.mapping.period_of_totals:
            return None
        period, problems = period_of_totals(self.read_table, view.columns, self.reading.tables)
        self.reading.problems += problems
        return period

    def _titles(self, view: TableView) -> set[str]:
        return {places.fold(line) for line in (view.sheet, *view.title.split("\n"))}

    def _only_requester(self) -> str:
        # Of the answer, the sheet's name, the title or the file's name; blank where none names one.
        if self.answers.requester:
            return self.answers.requester
        for text in (self.table.sheet.name, *self.table.title.split("\n"), re.sub(r"[-_.]+", " ", self.reading.file.stem)):
            code = places.code(text) or context_of(text).requester
            if code and (code != places.WORLD or context_of(text).requester == places.WORLD):
                return code
        return ""

    def _only_period(self) -> Period | None:
        if self.answers.period:
            return self.answers.period
        for texts in (self.table.title.split("\n"), [self.table.sheet.name], [self.reading.file.stem]):
            named = {period for text in texts if (period := context_of(text, self.answers.first_month).period or periods.found_in(text))}
            if len(named) == 1:
                return named.pop()
        return None


def _total_of_places(columns: list[Column]) -> list[Column]:
    # “Total” beside columns of countries is of all of them together.
    figures = [column for column in columns if column.is_figure]
    totals = [column for column in figures if not column.requester]
    if len(totals) == len(figures) or not all("total" in meaning_of(column.header).tags for column in totals):
        return columns
    because = "beside columns of places it is of all of them"
    return with_dimensions(columns, lambda column: not column.requester, because, requester=places.WORLD, request_type="")


def _shape(columns: list[Column], single: bool) -> str:
    figures = [column for column in columns if column.is_figure]
    if single:
        return "one row a request"
    if any(column.role == "measure" for column in columns):
        return "long"
    if any(column.period for column in figures):
        return "wide by period"
    if any(column.requester for column in figures):
        return "wide by requester"
    return "wide by measure" if len({band_key(column) for column in figures}) > 1 else "long"


def _of(share: float) -> str:
    return "all" if share >= 0.999 else "most" if share >= 0.5 else "some" if share > 0 else "none"


def _what(meant: Meaning) -> str:
    kinds = [word.replace("_", " ") for word in (meant.request_type, meant.authority) if word]
    return label(meant.measure or "a number") + (f" ({', '.join(kinds)})" if kinds else "")


def _language(meant: Meaning) -> str:
    return f" in {language_name(meant.language)}" if meant.language not in ("", "en") else ""
