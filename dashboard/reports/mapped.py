"""From an understanding to observations: every different text is read once, every row keeps its own cell, all problems are told at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.model import places, vocabulary
from dashboard.model.intervals import Interval
from dashboard.model.intervals import text as interval_text
from dashboard.model.tables import OBSERVATION_COLUMNS
from dashboard.reports import columns as figures_of
from dashboard.reports import numbers, printed_periods
from dashboard.reports.columns import NOTHING, VALUE, WRONG, Figures, Texts
from dashboard.reports.drafts import Draft
from dashboard.reports.header_words import meaning_of, named_authority, named_measure, named_type
from dashboard.reports.limits import MAX_PROBLEMS_OF_A_KIND
from dashboard.reports.problems import Problem
from dashboard.reports.roles import LEAVE_OUT, Column, reporter_code
from dashboard.reports.sheets import column_letters

if TYPE_CHECKING:
    from dashboard.reports.mapping import Reading, ReadTable

_DIMENSIONS = ("reporter", "service", "requester", "authority", "request_type", "measure", "period")
_UNRESOLVED, _LEFT_OUT, _BLANK = -1, -2, -3
_REGIONS = frozenset(
    re.split(
        r"\|",
        "africa|americas|asia|europe|oceania|eu|european union|emea|apac|latam|north america|south america|latin america|central america|"
        "middle east|asia pacific|caribbean|western europe|eastern europe|subtotal|sub total|europa|europaische union|nordamerika|sudamerika|"
        "lateinamerika|asien|afrika|zwischensumme|ue|union europeenne|amerique du nord|amerique latine|afrique|asie|sous total|union europea|"
        "america latina|america del norte|uniao europeia|america do norte|unione europea|america del nord|欧洲|亚洲|非洲|欧盟|北美洲|南美洲|大洋洲|小计",
    )
)


class MappedDraft(Draft):
    """A draft whose observations are kept as columns, since there may be a million of them."""

    observations: pa.Table

    def table(self) -> pd.DataFrame:
        """The observations as a table with the columns of the model, in the order of the file."""
        return as_frame(self.observations)


def as_frame(observations: pa.Table) -> pd.DataFrame:
    """Observations kept as columns, as a table with the columns of the model."""
    data = {}
    for name in OBSERVATION_COLUMNS:
        column = observations.column(name)
        if pa.types.is_dictionary(column.type):
            column = _spelled_out(column)
        if pa.types.is_date32(column.type):
            data[name] = column.cast(pa.timestamp("s")).to_pandas()
        elif pa.types.is_floating(column.type):
            data[name] = column.to_pandas()
        else:
            data[name] = pd.Series(pd.array(column, dtype="str"))
    return pd.DataFrame(data, columns=OBSERVATION_COLUMNS)


def apply(reading: Reading) -> MappedDraft:
    """Read a file by what was understood of it; where something must still be asked, the questions are its problems."""
    understanding = reading.understanding
    draft = MappedDraft(understanding.reporter, reading.file.stem, reading.answers.period)
    draft.observations = _no_observations()
    draft.problems = [*understanding.problems, *(question.problem() for question in understanding.questions)]
    whole = _Whole(reading, draft)
    for part in reading.tables:
        if part.view.used:
            whole.read(part)
    whole.finish()
    return draft


@dataclass
class _Found:
    """The observations of one table, as numbers that stand for words."""

    part: ReadTable
    row: np.ndarray
    figure: np.ndarray
    low: np.ndarray
    high: np.ndarray
    printed: np.ndarray
    of: dict[str, np.ndarray]
    letters: list[tuple[str, str]]


class _Whole:
    """Reads table after table, so that what is given twice is found across them."""

    def __init__(self, reading: Reading, draft: MappedDraft):
        self.reading, self.draft = reading, draft
        self.words: dict[str, dict[object, int]] = {name: {} for name in _DIMENSIONS}
        self.found: list[_Found] = []
        self.printed: list[pa.Array] = []
        self.printed_so_far = 0
        self.told: Counter[tuple[str, str, str]] = Counter()

    # One table.

    def read(self, part: ReadTable) -> None:
        columns = list(part.view.columns)
        many = len(part.rows)
        figures = [column for column in columns if column.is_figure]
        if not many:
            return
        if not figures:
            self._single_requests(part)
            return
        measures = self._measures(part, columns)
        read = list(self._figures(part, figures, measures))
        filled = np.zeros(many, bool)
        for _, _, values, _, _ in read:
            filled |= values.state != NOTHING
        totals = _total_rows(part, columns)
        self._check_totals(part, read, totals)
        filled &= ~totals
        dimensions = self._dimensions_of(part, columns, filled)
        parts = []
        for number, (column, _, values, printed, own) in enumerate(read):
            of = self._of_figure(part, column, dimensions, measures, own)
            keep = (values.state == VALUE) & ~totals
            for name in _DIMENSIONS:
                keep &= of[name] >= 0
            rows = np.flatnonzero(keep)
            parts.append(
                _Found(
                    part,
                    rows.astype(np.int32),
                    np.full(len(rows), number, np.int16),
                    values.low[rows],
                    values.high[rows],
                    printed[rows],
                    {name: of[name][rows] for name in _DIMENSIONS},
                    [],
                )
            )
        self.found.append(_joined(parts, [(letters, after) for _, (letters, after), *_ in read]))

    def _check_totals(self, part: ReadTable, read: list, totals: np.ndarray) -> None:
        # A line of totals over all periods is compared with its parts and not stored: its period is that of no row.
        for row in np.flatnonzero(totals).tolist():
            for column, _, values, _, _ in read:
                parts = (values.state != NOTHING) & ~totals
                if column.role != "count" or values.state[row] != VALUE or not parts.any() or (values.state[parts] == WRONG).any():
                    continue
                low, high = float(values.low[parts].sum()), float(values.high[parts].sum())
                if values.low[row] > high or values.high[row] < low:
                    says = f"is a total, and the rows add up to {interval_text(Interval(low, high))}; it is not stored."
                    self._tell(part, row, column.place, "warning", "total_mismatch", says, "Check the rows and the total.")

    def _figures(
        self, part: ReadTable, figures: list[Column], measures: tuple[Column, np.ndarray] | None
    ) -> Iterator[tuple[Column, tuple[str, str], Figures, np.ndarray, np.ndarray | None]]:
        # Column by column: the figures, and the number of the printed text of each row.
        pairs = {}
        for column in figures:
            if column.role in ("low", "high"):
                key = (column.measure, column.request_type, column.authority, column.requester, column.period)
                pairs.setdefault(key, {})[column.role] = column
        for column in figures:
            if column.role == "high":
                continue
            if column.role == "low":
                key = (column.measure, column.request_type, column.authority, column.requester, column.period)
                if "high" in pairs[key]:
                    yield self._band(part, column, pairs[key]["high"], measures)
                continue
            texts = part.texts[column.place]
            values = self._values(part, column, texts, measures)
            yield column, (column.letter, ""), values, self._printed(texts), None

    def _values(self, part: ReadTable, column: Column, texts: Texts, measures: tuple[Column, np.ndarray] | None) -> Figures:
        marks = figures_of.marks_of(texts, self.reading.answers.decimal)
        if column.role == "share":
            values = self._shares(part, column, texts, marks)
        elif column.measure or measures is None:
            values = figures_of.counts_of(texts, marks)
        else:
            values = figures_of.counts_of(texts, marks)
            is_share = self._is_share(measures[1])
            if is_share.any():
                shares = self._shares(part, column, _only(texts, is_share), marks, np.flatnonzero(is_share))
                _overlay(values, shares, is_share)
        self._from_workbook(part, column, values)
        for row, (code, says) in values.wrong.items():
            self._tell(
                part, row, column.place, "error", code, says, _FIXES.get(code, "Correct the cell, or mark a missing figure with “-”.")
            )
        for row, warnings in values.warned.items():
            for code, says in warnings:
                self._tell(part, row, column.place, "warning", code, says, _FIXES.get(code, "Check the cell."))
        return values

    def _is_share(self, measure: np.ndarray) -> np.ndarray:
        numbers_of = [number for word, number in self.words["measure"].items() if word in vocabulary.SHARES]
        return np.isin(measure, numbers_of)

    def _shares(self, part: ReadTable, column: Column, texts: Texts, marks: numbers.Marks, rows: np.ndarray | None = None) -> Figures:
        scale = column.scale or _scale(column, texts)
        if (
            scale == ""
            and part.table.sheet.kinds
            and all(part.table.sheet.kinds.get((int(part.rows[row]), column.place)) in ("percent", None) for row in range(len(part.rows)))
        ):
            scale = (
                "of one" if any(kind == "percent" and place == column.place for (_, place), kind in part.table.sheet.kinds.items()) else ""
            )
        if scale == "":
            line = part.table.header_rows[-1]
            self.draft.problems.append(
                Problem(
                    "error",
                    "ambiguous_number",
                    "heads shares from 0 to 1 without a % sign, which may be percentages or parts of one.",
                    "Say which, or write them with the % sign.",
                    cell=part.table.sheet.address(line, column.place),
                    value=column.header,
                    row=int(part.table.sheet.lines[line]),
                    column=column.header,
                )
            )
            scale = "percent"
        return figures_of.shares_of(texts, marks, scale == "of one")

    def _from_workbook(self, part: ReadTable, column: Column, values: Figures) -> None:
        # Cells of a workbook whose text hides what they are.
        kinds = part.table.sheet.kinds
        if not kinds:
            return
        at = {int(row): place for place, row in enumerate(part.rows.tolist())}
        for (sheet_row, place), kind in kinds.items():
            row = at.get(sheet_row)
            if place != column.place or row is None:
                continue
            text = part.table.sheet.text(sheet_row, place)
            values.wrong.pop(row, None)
            if kind == "formula":
                _set_wrong(values, row, "formula_without_value", "is a formula whose result was not saved with the file.")
            elif kind == "error":
                _set_wrong(values, row, "error_cell", "is an error of the spreadsheet in place of a number.")
            elif kind == "date":
                _set_wrong(
                    values,
                    row,
                    "date_in_number",
                    "is a date where a number belongs; a spreadsheet may have made it of a band such as 1–10.",
                )
            elif column.role == "share":
                try:
                    printed = figures_of.plain_share(text, kind == "percent" or float(text) <= 1)
                except numbers.NotANumber as wrong:
                    _set_wrong(values, row, wrong.code, wrong.says)
                else:
                    values.state[row], values.low[row], values.high[row] = VALUE, printed.value.low, printed.value.high
            elif kind == "number" or "." in text:
                _set_wrong(values, row, "not_whole", "is not a whole number, and a count must be one.")
            elif kind == "percent":
                _set_wrong(values, row, "bad_number", "is shown as a percentage, in a column that counts.")

    def _band(
        self, part: ReadTable, low: Column, high: Column, measures: tuple[Column, np.ndarray] | None
    ) -> tuple[Column, tuple[str, str], Figures, np.ndarray, np.ndarray]:
        texts = part.texts[low.place], part.texts[high.place]
        is_share = self._is_share(measures[1]) if measures else np.zeros(len(part.rows), bool)
        ends = []
        for column, found in zip((low, high), texts, strict=True):
            marks = figures_of.marks_of(found, self.reading.answers.decimal)
            values = figures_of.counts_of(found, marks)
            for row in np.flatnonzero(is_share).tolist():
                values.wrong.pop(row, None)
                _set_exact_share(values, row, found.of_row(row))
            self._from_workbook(part, column, values)
            for row in [row for row in values.wrong if found.of_row(row).strip().lower() in ("inf", "∞")]:
                del values.wrong[row]
                values.state[row], values.low[row], values.high[row] = VALUE, np.inf, np.inf
            for row, (code, says) in values.wrong.items():
                self._tell(
                    part, row, column.place, "error", code, says, _FIXES.get(code, "Correct the cell, or mark a missing figure with “-”.")
                )
            for row, warnings in values.warned.items():
                for code, says in warnings:
                    self._tell(part, row, column.place, "warning", code, says, "Check the cell.")
            ends.append(values)
        lower, upper = ends
        state = np.where((lower.state == VALUE) & (upper.state == VALUE), VALUE, NOTHING).astype(np.int8)
        state[(lower.state == WRONG) | (upper.state == WRONG)] = WRONG
        halved = (lower.state == VALUE) ^ (upper.state == VALUE)
        reversed_ = (state == VALUE) & (lower.low > upper.high)
        for row in np.flatnonzero((halved & (state != WRONG)) | reversed_).tolist():
            self._tell(
                part,
                row,
                low.place,
                "error",
                "low_above_high",
                f"and {high.letter} beside it are no band.",
                "Print the lower end, then the upper.",
            )
            state[row] = WRONG
        ends_printed = [pc.utf8_trim_whitespace(found.values.take(pa.array(found.codes))) for found in texts]
        is_exact = pa.array((lower.low == upper.high) & (state == VALUE))
        printed = pc.if_else(is_exact, ends_printed[0], pc.binary_join_element_wise(*ends_printed, "–"))
        start = self.printed_so_far
        self._add_printed(printed)
        return low, (low.letter, high.letter), Figures(state, lower.low, upper.high), start + np.arange(len(part.rows)), None

    def _printed(self, texts: Texts) -> np.ndarray:
        start = self.printed_so_far
        self._add_printed(pc.utf8_trim_whitespace(pc.replace_substring_regex(texts.values, r"\s+", " ")))
        return (start + texts.codes).astype(np.int32)

    def _add_printed(self, values: pa.Array) -> None:
        self.printed.append(values)
        self.printed_so_far += len(values)

    # What tells one figure from another.

    def _number(self, dimension: str, word: object) -> int:
        words = self.words[dimension]
        return words.setdefault(word, len(words))

    def _measures(self, part: ReadTable, columns: list[Column]) -> tuple[Column, np.ndarray] | None:
        column = next((column for column in columns if column.role == "measure"), None)
        if column is None:
            return None
        return column, self._resolved(part.texts[column.place], self._measure_number)

    def _measure_number(self, text: str) -> int:
        if not text.strip():
            return _BLANK
        said = self.reading.mapping.words.get(text.strip())
        if said:
            return _LEFT_OUT if said == LEAVE_OUT else self._number("measure", said)
        meant = named_measure(text)
        return self._number("measure", meant.measure) if meant else _UNRESOLVED

    def _resolved(self, texts: Texts, number_of: Callable[[str], int]) -> np.ndarray:
        of_value = np.array([number_of(text) for text in texts.all()], dtype=np.int16)
        return of_value[texts.codes] if len(of_value) else np.full(len(texts.codes), _BLANK, np.int16)

    def _dimensions_of(self, part: ReadTable, columns: list[Column], filled: np.ndarray) -> dict[str, np.ndarray | None]:
        by_role = {column.role: column for column in columns}
        found: dict[str, np.ndarray | None] = dict.fromkeys((*_DIMENSIONS, "type_of_measure"))
        many = len(part.rows)
        if "requester" in by_role:
            found["requester"] = self._requesters(part, by_role["requester"], by_role.get("requester_check"), filled)
        elif part.view.requester:
            found["requester"] = np.full(many, self._number("requester", part.view.requester), np.int16)
        if part.when is not None:
            found["period"] = self._periods(part, by_role, filled)
        elif part.view.period is not None:
            found["period"] = np.full(many, self._number("period", part.view.period), np.int16)
        if "request_type" in by_role:
            found["request_type"] = self._words(part, by_role["request_type"], "request_type", self._type_number, filled)
            found["authority_of_type"] = self._resolved(part.texts[by_role["request_type"].place], self._authority_of_type)
        if "authority" in by_role:
            found["authority"] = self._words(part, by_role["authority"], "authority", self._authority_number, filled)
        if "measure" in by_role:
            found["measure"] = self._words(part, by_role["measure"], "measure", self._measure_number, filled)
            found["type_of_measure"] = self._resolved(part.texts[by_role["measure"].place], self._type_of_measure)
        if "service" in by_role:
            found["service"] = self._resolved(part.texts[by_role["service"].place], lambda text: self._number("service", _service(text)))
        if "reporter" in by_role:
            found["reporter"] = self._words(part, by_role["reporter"], "reporter", self._reporter_number, filled)
        return found

    def _of_figure(
        self,
        part: ReadTable,
        column: Column,
        found: dict[str, np.ndarray | None],
        measures: tuple[Column, np.ndarray] | None,
        own: np.ndarray | None,
    ) -> dict[str, np.ndarray]:
        many = len(part.rows)

        def constant(dimension: str, word: object) -> np.ndarray:
            return np.full(many, self._number(dimension, word) if word else _UNRESOLVED, np.int16)

        of = {
            "reporter": found["reporter"] if found["reporter"] is not None else constant("reporter", self.draft.reporter),
            "service": found["service"] if found["service"] is not None else constant("service", "all"),
            "requester": constant("requester", column.requester) if column.requester else found["requester"],
            "period": constant("period", column.period) if column.period else found["period"],
            "measure": constant("measure", column.measure) if column.measure else found["measure"],
            "request_type": found["request_type"],
            "authority": found["authority"] if found["authority"] is not None else found.get("authority_of_type"),
        }
        if of["request_type"] is None:
            of["request_type"] = constant("request_type", column.request_type or "all")
            if not column.request_type and found["type_of_measure"] is not None:
                of["request_type"] = found["type_of_measure"]
        elif column.request_type and column.request_type != "all":
            # The column says one kind, the row another: the row's “all” gives way.
            of["request_type"] = np.where(
                of["request_type"] == self._number("request_type", "all"), constant("request_type", column.request_type), _UNRESOLVED
            )
            if (of["request_type"] == _UNRESOLVED).any():
                line = part.table.header_rows[-1]
                self._tell_header(
                    part,
                    line,
                    column,
                    "unknown_layout",
                    "heads one kind of request, and the rows name others.",
                    "Say what the column holds, or leave it out.",
                )
        if column.authority:
            of["authority"] = constant("authority", column.authority)
        elif of["authority"] is None:
            of["authority"] = constant("authority", "any")
        return {name: values if values is not None else np.full(many, _UNRESOLVED, np.int16) for name, values in of.items()}

    def _requesters(self, part: ReadTable, column: Column, check: Column | None, filled: np.ndarray) -> np.ndarray:
        texts = part.texts[column.place]
        are_codes = texts.share_that(lambda text: len(text.strip()) <= 3) >= 0.8
        warnings: dict[str, tuple[str, str, str]] = {}
        errors: dict[str, tuple[str, str, str]] = {}
        number = self._resolved(texts, lambda text: self._requester_number(text, are_codes, warnings, errors))
        self._tell_texts(part, column, texts, filled & (number != _BLANK), errors, "error")
        self._tell_texts(part, column, texts, filled, warnings, "warning")
        for row in self._some(np.flatnonzero(filled & (number == _BLANK)), "missing_requester", column.header):
            self._tell(
                part,
                row,
                column.place,
                "error",
                "missing_requester",
                "is blank in a row with figures.",
                "Write the country's name in every row.",
            )
        if check is not None:
            self._compare(part, number, check, filled)
        return number

    def _requester_number(self, text: str, are_codes: bool, warnings: dict, errors: dict) -> int:
        name = text.strip()
        if not name:
            return _BLANK
        said = self.reading.mapping.requesters.get(name)
        if said:
            return _LEFT_OUT if said == LEAVE_OUT else self._number("requester", said)
        if name == "NA" and not are_codes:
            errors[text] = ("ambiguous_requester", "may be the code of Namibia or a mark for no name.", "Write the country's name.")
            return _UNRESOLVED
        meanings = places.meanings(name)
        code = places.code(name)
        if code is None and not meanings and (bare := _FOOTNOTE.sub("", name).strip()) != name and (code := places.code(bare)):
            warnings[text] = (
                "footnote",
                f"carries a footnote mark and was read as {places.name(code)}.",
                "Look up what the footnote says.",
            )
        if code is None and meanings:
            names = " or ".join(places.name(meaning) for meaning in meanings)
            errors[text] = ("ambiguous_requester", f"may be {names}.", "Write the name in full, or say which is meant.")
            return _UNRESOLVED
        if code is None:
            tags = meaning_of(name).tags
            if not meaning_of(name).rest and tags & {"total", "type:all"} and not tags - {"total", "type:all", "role:requester", "neutral"}:
                return self._number("requester", places.WORLD)
            if places.fold(name) in _REGIONS:
                warnings[text] = (
                    "unknown_requester",
                    "is no country but a region or a subtotal; its rows are left out.",
                    "Bring its countries.",
                )
                return _LEFT_OUT
            near = places.nearest(name)
            fix = f"Did you mean {' or '.join(near)}?" if near else "Write the country's English name or ISO code, or leave its rows out."
            errors[text] = ("unknown_requester", "is not a country we know.", fix)
            return _UNRESOLVED
        if meanings:
            others = " or ".join(places.name(meaning) for meaning in meanings if meaning != code)
            warnings[text] = (
                "ambiguous_requester",
                f"was read as the country {places.name(code)}, not as a part of or a neighbour to {others}.",
                "Check that this is meant.",
            )
        elif places.is_slip(name):
            warnings[text] = ("unknown_requester", f"was read as {places.name(code)}.", "Correct the spelling if you can.")
        return self._number("requester", code)

    def _compare(self, part: ReadTable, number: np.ndarray, check: Column, filled: np.ndarray) -> None:
        # A second column that names the places again must agree, or a row has slipped.
        texts = part.texts[check.place]
        again = self._resolved(texts, lambda text: self._requester_number(text, True, {}, {}))
        words = list(self.words["requester"])
        differ = np.flatnonzero(filled & (number >= 0) & (again >= 0) & (number != again))
        for row in self._some(differ, "ambiguous_requester", check.header):
            says = f"is {places.name(words[again[row]])}, but its row names {places.name(words[number[row]])}."
            self._tell(part, row, check.place, "error", "ambiguous_requester", says, "Correct whichever is wrong.")
        number[differ] = _UNRESOLVED
        unknown = np.flatnonzero(filled & (again == _UNRESOLVED))
        for row in self._some(unknown, "unknown_requester", check.header):
            self._tell(
                part,
                row,
                check.place,
                "error",
                "unknown_requester",
                "is no code or name of a country we know.",
                "Correct it, or leave the column out.",
            )

    def _periods(self, part: ReadTable, by_role: dict[str, Column], filled: np.ndarray) -> np.ndarray:
        when = part.when
        numbers_of = np.array([self._number("period", period) for period in when.periods] or [0], dtype=np.int16)
        found = np.where(when.rows >= 0, numbers_of[np.maximum(when.rows, 0)], _UNRESOLVED).astype(np.int16)
        for row, (place, code, says) in when.wrong.items():
            if filled[row]:
                self._tell(part, row, place, "error", code, says, "Write it like 2019 H2 or 2019-07-01.")
        column = next(by_role[role] for role in ("period", "period_end", "period_start", "year") if role in by_role)
        for row in self._some(np.flatnonzero(filled & (when.rows == -2)), "missing_period", column.header):
            self._tell(
                part, row, column.place, "error", "missing_period", "is blank in a row with figures.", "Write the period in every row."
            )
        return found

    def _words(self, part: ReadTable, column: Column, dimension: str, number_of: Callable[[str], int], filled: np.ndarray) -> np.ndarray:
        texts = part.texts[column.place]
        number = self._resolved(texts, number_of)
        what = _DIMENSION_WORDS[dimension]
        for row in self._some(np.flatnonzero(filled & (number == _UNRESOLVED)), "unknown_layout", column.header):
            self._tell(
                part,
                row,
                column.place,
                "error",
                "unknown_layout",
                f"names no {what} we know.",
                f"Say which {what} it is, or leave its rows out.",
            )
        for row in self._some(np.flatnonzero(filled & (number == _BLANK)), "missing_column", column.header):
            self._tell(
                part,
                row,
                column.place,
                "error",
                "missing_column",
                f"is blank in a row with figures, where a {what} belongs.",
                "Fill it in.",
            )
        return number

    def _type_number(self, text: str) -> int:
        if not text.strip():
            return _BLANK
        said = self.reading.mapping.words.get(text.strip())
        if said:
            return _LEFT_OUT if said == LEAVE_OUT else self._number("request_type", said)
        named = named_type(text)
        return self._number("request_type", named[0]) if named else _UNRESOLVED

    def _authority_of_type(self, text: str) -> int:
        named = named_type(text)
        return self._number("authority", (named[1] if named else "") or "any")

    def _type_of_measure(self, text: str) -> int:
        meant = named_measure(text)
        return self._number("request_type", (meant.request_type if meant else "") or "all")

    def _authority_number(self, text: str) -> int:
        if not text.strip():
            return self._number("authority", "any")
        said = self.reading.mapping.words.get(text.strip())
        if said:
            return _LEFT_OUT if said == LEAVE_OUT else self._number("authority", said)
        named = named_authority(text)
        return self._number("authority", named) if named else _UNRESOLVED

    def _reporter_number(self, text: str) -> int:
        code = reporter_code(text)
        return self._number("reporter", code) if code else _UNRESOLVED if text.strip() else _BLANK

    # One row a request.

    def _single_requests(self, part: ReadTable) -> None:
        columns = list(part.view.columns)
        many = len(part.rows)
        every = np.ones(many, bool)
        for column in columns:
            if column.role == "one_request":
                self._check_ids(part, column)
            if column.role == "received_on" and part.view.period is not None:
                self._check_days(part, column)
        found = self._dimensions_of(part, columns, every)
        column = Column(
            part.table.columns[0],
            column_letters(part.table.columns[0]),
            "",
            "count",
            "",
            measure=self.reading.answers.measure or "requests",
            request_type=self.reading.answers.request_type,
        )
        of = self._of_figure(part, column, found, None, None)
        keep = np.ones(many, bool)
        for name in _DIMENSIONS:
            keep &= of[name] >= 0
        rows = np.flatnonzero(keep)
        if not len(rows):
            return
        key = self._key({name: of[name][rows] for name in _DIMENSIONS})
        _, first, counts = np.unique(key, return_index=True, return_counts=True)
        order = np.argsort(first)
        first, counts = first[order], counts[order]
        start = self.printed_so_far
        self._add_printed(pa.array([f"{count:,} {'row' if count == 1 else 'rows'}" for count in counts.tolist()]))
        self.found.append(
            _Found(
                part,
                rows[first].astype(np.int32),
                np.zeros(len(first), np.int16),
                counts.astype(float),
                counts.astype(float),
                (start + np.arange(len(first))).astype(np.int32),
                {name: of[name][rows[first]] for name in _DIMENSIONS},
                [(column.letter, "")],
            )
        )

    def _check_ids(self, part: ReadTable, column: Column) -> None:
        texts = part.texts[column.place]
        _, first, counts = np.unique(texts.codes, return_index=True, return_counts=True)
        for place in np.flatnonzero(counts > 1).tolist():
            text = texts.of_row(int(first[place])).strip()
            if text:
                row = int(np.flatnonzero(texts.codes == texts.codes[first[place]])[1])
                self._tell(
                    part,
                    row,
                    column.place,
                    "error",
                    "duplicate_conflict",
                    "names a request that an earlier row names, too.",
                    "Delete one of the two rows.",
                )

    def _check_days(self, part: ReadTable, column: Column) -> None:
        texts = part.texts[column.place]
        read = printed_periods.column_of(texts.all(), day_first=self.reading.answers.day_first)
        if read.question:
            self._tell_header(part, part.table.header_rows[-1], column, *read.question)
            return
        period = part.view.period
        outside = {text for text, day in read.days.items() if not period.start <= day <= period.end}
        at = [place for place, text in enumerate(texts.all()) if text in outside or text in read.wrong]
        for row in self._some(np.flatnonzero(np.isin(texts.codes, at)), "bad_period", column.header):
            text = texts.of_row(row)
            says = read.wrong[text][1] if text in read.wrong else f"lies outside {period}, which the list is said to cover."
            self._tell(part, row, column.place, "error", "bad_period", says, "Correct the day or the period.")

    # All tables.

    def finish(self) -> None:
        found = [part for part in self.found if len(part.row)]
        if found:
            keep = self._once(found)
            self.draft.observations = self._observations(found, keep)
        for (severity, code, column), many in self.told.items():
            if many > MAX_PROBLEMS_OF_A_KIND:
                more = many - MAX_PROBLEMS_OF_A_KIND
                says = f"The same is wrong in {more:,} more {'cell' if more == 1 else 'cells'}" + (f" under “{column}”." if column else ".")
                self.draft.problems.append(Problem(severity, code, says, "Mend them all in the same way.", column=column))
        if not found and not any(problem.severity == "error" for problem in self.draft.problems):
            says = "The tables hold no figure that could be read."
            self.draft.problems.append(Problem("error", "no_data", says, "See what each column was taken for."))

    def _key(self, of: dict[str, np.ndarray]) -> np.ndarray:
        key = np.zeros(len(of["period"]), np.int64)
        for name in _DIMENSIONS:
            key = key * max(len(self.words[name]), 1) + of[name]
        return key

    def _once(self, found: list[_Found]) -> list[np.ndarray]:
        # The first of what is given twice stands; the later is a repetition if its whole row says the same, else a contradiction.
        key = np.concatenate([self._key(part.of) for part in found])
        keep = np.ones(len(key), bool)
        order = np.argsort(key, kind="stable")
        same = np.flatnonzero(key[order][1:] == key[order][:-1]) + 1
        unsure = {"duplicate_header", "missing_column", "unknown_layout"} & {
            question.code for question in self.reading.understanding.questions
        }
        if unsure:
            # While it is open which column tells rows apart, they cannot be said to contradict each other.
            keep[order[same]] = False
        elif len(same):
            heads = np.arange(len(order))
            is_head = np.ones(len(order), bool)
            is_head[same] = False
            heads = np.maximum.accumulate(np.where(is_head, heads, 0))
            pairs = sorted((int(order[place]), int(order[heads[place]])) for place in same[: 50 * MAX_PROBLEMS_OF_A_KIND].tolist())
            keep[order[same]] = False
            self._tell_twice(found, pairs, len(same))
        cuts = np.cumsum([len(part.row) for part in found])[:-1]
        return np.split(keep, cuts)

    def _tell_twice(self, found: list[_Found], pairs: list[tuple[int, int]], many: int) -> None:
        starts = np.concatenate([[0], np.cumsum([len(part.row) for part in found])])
        repeated: set[tuple[int, int]] = set()
        for later, earlier in pairs:
            (number, place), (first_number, first_place) = (
                (int(np.searchsorted(starts, index, side="right") - 1), index) for index in (later, earlier)
            )
            part, first = found[number], found[first_number]
            place, first_place = place - int(starts[number]), first_place - int(starts[first_number])
            row, column = int(part.row[place]), part.letters[int(part.figure[place])]
            where = first.part.table.sheet.address(
                int(first.part.rows[first.row[first_place]]), _place_of(first.letters[int(first.figure[first_place])][0])
            )
            equal = part.low[place] == first.low[first_place] and part.high[place] == first.high[first_place]
            whole = first.part is not part.part or self._texts_of(part, row) == self._texts_of(first, int(first.row[first_place]))
            if equal and whole:
                if (number, row) not in repeated:
                    repeated.add((number, row))
                    says = f"repeats the row of {where}, which is kept." if first.part is part.part else f"repeats {where}, which is kept."
                    self._tell(part.part, row, _place_of(column[0]), "warning", "duplicate_row", says, "Delete one of the two.")
            else:
                apart = "" if whole else self._apart(part, row, int(first.row[first_place]))
                says = f"stands for the same as {where}{apart}; only one of the two can hold."
                self._tell(
                    part.part,
                    row,
                    _place_of(column[0]),
                    "error",
                    "duplicate_conflict",
                    says,
                    "Keep the one that holds, or say what tells them apart.",
                )

    def _texts_of(self, part: _Found, row: int) -> tuple[str, ...]:
        return tuple(texts.of_row(row).strip() for texts in part.part.texts.values())

    def _apart(self, part: _Found, row: int, other: int) -> str:
        differ = [
            column.header
            for column in part.part.view.columns
            if column.role == "ignored" and part.part.texts[column.place].of_row(row) != part.part.texts[column.place].of_row(other)
        ]
        return f", and the rows differ only in “{differ[0]}”, for which there is no place" if differ else ""

    def _observations(self, found: list[_Found], keep: list[np.ndarray]) -> pa.Table:
        tables = []
        printed = pa.concat_arrays([array.cast(pa.string()) for array in self.printed])
        starts = pa.array([period.start for period in self.words["period"]], pa.date32())
        ends = pa.array([period.end for period in self.words["period"]], pa.date32())
        for part, kept in zip(found, keep, strict=True):
            if not kept.all():
                part = _Found(
                    part.part,
                    part.row[kept],
                    part.figure[kept],
                    part.low[kept],
                    part.high[kept],
                    part.printed[kept],
                    {name: values[kept] for name, values in part.of.items()},
                    part.letters,
                )
            data: dict[str, pa.Array] = {}
            for name in OBSERVATION_COLUMNS:
                if name in self.words:
                    data[name] = pa.DictionaryArray.from_arrays(
                        pa.array(part.of[name].astype(np.int16)), pa.array(list(self.words[name]), pa.string())
                    )
                elif name in ("period_start", "period_end"):
                    days = (starts if name == "period_start" else ends).cast(pa.int32()).to_numpy()[part.of["period"]]
                    data[name] = pa.array(days, pa.int32()).cast(pa.date32())
                elif name in ("low", "high"):
                    data[name] = pa.array(part.low if name == "low" else part.high, pa.float64())
                elif name == "printed":
                    data[name] = printed.take(pa.array(part.printed))
                elif name == "document":
                    data[name] = pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(part.row), np.int8)), pa.array([self.draft.document]))
                else:
                    data[name] = _addresses(part)
            tables.append(pa.table(data))
        return pa.concat_tables(tables)

    # Telling.

    def _tell(self, part: ReadTable, row: int, place: int, severity: str, code: str, says: str, fix: str) -> None:
        sheet = part.table.sheet
        sheet_row = int(part.rows[row])
        header = part.table.header(place)
        self.told[severity, code, header] += 1
        if self.told[severity, code, header] > MAX_PROBLEMS_OF_A_KIND:
            return
        self.draft.problems.append(
            Problem(
                severity,
                code,
                says,
                fix,
                cell=sheet.address(sheet_row, place),
                value=sheet.text(sheet_row, place)[:200],
                row=int(sheet.lines[sheet_row]),
                column=header,
            )
        )

    def _tell_texts(
        self, part: ReadTable, column: Column, texts: Texts, filled: np.ndarray, told: dict[str, tuple[str, str, str]], severity: str
    ) -> None:
        if not told:
            return
        at = np.isin(texts.codes, [place for place, text in enumerate(texts.all()) if text in told])
        rows = np.flatnonzero(filled & at)
        for row in rows.tolist():
            self._tell(part, row, column.place, severity, *told[texts.of_row(row)])

    def _tell_header(self, part: ReadTable, line: int, column: Column, code: str, says: str, fix: str) -> None:
        sheet = part.table.sheet
        problem = Problem(
            "error",
            code,
            says,
            fix,
            cell=sheet.address(line, column.place),
            value=column.header,
            row=int(sheet.lines[line]),
            column=column.header,
        )
        if problem not in self.draft.problems:
            self.draft.problems.append(problem)

    def _some(self, rows: np.ndarray, code: str, header: str) -> list[int]:
        # No more than are told one by one; the rest is counted.
        many = MAX_PROBLEMS_OF_A_KIND + 1
        self.told["error", code, header] += max(0, len(rows) - many)
        return rows[:many].tolist()


_FIXES = {
    "ambiguous_number": "Say which mark divides decimals, or write the number without marks.",
    "date_in_number": "Type the band or number again as text.",
    "footnote": "Look up what the footnote says.",
    "approximate_value": "Replace it if the exact number is known.",
    "scientific_notation": "Replace it if the exact number is known.",
    "error_cell": "Mend the formula, and save the workbook again.",
    "formula_without_value": "Open the workbook in a spreadsheet and save it again.",
}
_DIMENSION_WORDS = {"request_type": "kind of request", "authority": "authority", "measure": "measure", "reporter": "reporter"}


def _total_rows(part: ReadTable, columns: list[Column]) -> np.ndarray:
    # Lines of totals over all periods: where a period belongs there is “Total”, or nothing beside “Total” for the country.
    totals = np.zeros(len(part.rows), bool)
    when = next((column for role in ("period", "period_end", "period_start", "year") for column in columns if column.role == role), None)
    if when is None:
        return totals
    texts = part.texts[when.place]
    totals |= _are(texts, _is_total)
    for column in columns:
        if column.role == "requester":
            totals |= _are(part.texts[column.place], _is_total) & _are(texts, lambda text: not text.strip())
    return totals


def _are(texts: Texts, holds: Callable[[str], bool]) -> np.ndarray:
    if not len(texts.values):
        return np.zeros(len(texts.codes), bool)
    return np.array([holds(text) for text in texts.all()])[texts.codes]


def _is_total(text: str) -> bool:
    meant = meaning_of(text)
    return meant.is_total and not meant.rest


def _joined(parts: list[_Found], letters: list[tuple[str, str]]) -> _Found:
    # In the order of the file: row by row, and in a row from left to right.
    row, figure = (np.concatenate([getattr(part, name) for part in parts]) for name in ("row", "figure"))
    order = np.lexsort((figure, row)) if len(parts) > 1 else slice(None)
    return _Found(
        parts[0].part,
        row[order],
        figure[order],
        *(np.concatenate([getattr(part, name) for part in parts])[order] for name in ("low", "high", "printed")),
        {name: np.concatenate([part.of[name] for part in parts])[order] for name in _DIMENSIONS},
        letters,
    )


def _addresses(part: _Found) -> pa.Array:
    sheet = part.part.table.sheet
    rows = part.part.rows[part.row]
    lines = rows + 1 if isinstance(sheet.lines, range) else np.asarray(sheet.lines)[rows]
    texts = pc.cast(pa.array(lines), pa.string())
    prefix = f"{sheet.name}!" if sheet.name else ""
    first = pa.array([prefix + letters for letters, _ in part.letters]).take(pa.array(part.figure))
    cells = pc.binary_join_element_wise(first, texts, "")
    if any(after for _, after in part.letters):
        after = pa.array([f":{letters}" if letters else "" for _, letters in part.letters]).take(pa.array(part.figure))
        is_band = pa.array([bool(letters) for _, letters in part.letters]).take(pa.array(part.figure))
        cells = pc.if_else(is_band, pc.binary_join_element_wise(cells, after, texts, ""), cells)
    return cells


def _place_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _scale(column: Column, texts: Texts) -> str:
    # How shares are printed: with a % sign, above one, or as parts of one; blank where nothing says.
    plain = []
    for text in texts.all():
        if "%" in text or "٪" in text or "％" in text:
            return "percent"
        bare = text.strip().replace(",", ".")
        try:
            plain.append(float(bare))
        except ValueError:
            continue
    if any(value > 1 for value in plain) or not any(plain):
        return "percent"
    return "" if meaning_of(column.header).is_percent else "of one"


def _only(texts: Texts, keep: np.ndarray) -> Texts:
    codes = texts.codes[keep]
    used, codes = np.unique(codes, return_inverse=True)
    return Texts(texts.values.take(pa.array(used)), codes)


def _overlay(values: Figures, shares: Figures, at: np.ndarray) -> None:
    rows = np.flatnonzero(at)
    values.state[rows], values.low[rows], values.high[rows] = shares.state, shares.low, shares.high
    for told, others in ((values.wrong, shares.wrong), (values.warned, shares.warned)):
        for row in [row for row in told if at[row]]:
            del told[row]
        told |= {int(rows[row]): what for row, what in others.items()}


def _set_wrong(values: Figures, row: int, code: str, says: str) -> None:
    values.state[row] = WRONG
    values.wrong[row] = (code, says)


def _set_exact_share(values: Figures, row: int, text: str) -> None:
    # The end of an interval of shares, such as our own downloads hold.
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if numbers.is_missing(text):
        values.state[row] = NOTHING
    elif 0 <= value <= 1:
        values.state[row], values.low[row], values.high[row] = VALUE, value, value
    else:
        _set_wrong(values, row, "percent_out_of_range", "is no end of a share from 0 to 1.")


def _service(text: str) -> str:
    return "_".join(places.fold(text).split()) or "all"


def _spelled_out(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([chunk.dictionary_decode() for chunk in column.chunks], column.type.value_type)


def _no_observations() -> pa.Table:
    types = {"period_start": pa.date32(), "period_end": pa.date32(), "low": pa.float64(), "high": pa.float64()}
    return pa.table({name: pa.array([], types.get(name, pa.string())) for name in OBSERVATION_COLUMNS})


_FOOTNOTE = re.compile(r"(?:\s*(?:[*†‡§¶]+|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\[\w{1,2}\]|\(\d{1,2}\)))+$")
