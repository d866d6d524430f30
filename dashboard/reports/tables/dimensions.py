"""What tells one figure from another: whose government asked, when, for what kind of request, by which authority, and so on.

Every word becomes a number, so that a million rows can be compared as fast as a hundred.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from dashboard.model import places, vocabulary
from dashboard.reports.tables.columns import Texts
from dashboard.reports.tables.problem_log import ProblemLog
from dashboard.reports.tables.readings import Reading, ReadTable
from dashboard.reports.tables.roles import DIMENSIONS, LEAVE_OUT, NAMING_PERIODS, Column, reporter_code
from dashboard.reports.tables.row_periods import BLANK as NO_PERIOD
from dashboard.reports.tables.sections import Section
from dashboard.reports.words.context import is_region, place_and_authority
from dashboard.reports.words.headers import footnote_of, meaning_of, named_authority, named_measure, named_type

NAMES = ("reporter", "service", "requester", "authority", "request_type", "measure", "period", "document")
"""The dimensions, in the order in which they make a key."""
_EXPLAINED = (*DIMENSIONS, "rate_of")
_NO_RATE = "-"
_UNRESOLVED, LEFT_OUT, _BLANK, _UNSAID = -1, -2, -3, -4
_MISSING = {"requester": "missing_requester", "period": "missing_period", "measure": "missing_column"}
_WHAT = {"request_type": "kind of request", "authority": "authority", "measure": "measure", "reporter": "reporter"}
_LONGEST_NAME = 100
SUMMED = "summed"
"""How the name of a document ends that holds sums over rows of another."""

# “1. Norway”, “• Malta”.
_LISTED = re.compile(r"^(?:\d{1,3}[.)]|[-–•])\s+")


Numbered = np.ndarray | int
"""A number for each row, or one for all."""


def _is_authority_given(read_table: ReadTable) -> bool:
    view = read_table.view
    return "authority" in view.means or any(column.role == "authority" or column.authority for column in view.columns)


class Dimensions:
    """Numbers for words, and for each row of a table the numbers of what it is about; below zero where that cannot be told."""

    def __init__(self, reporter: str, reading: Reading, log: ProblemLog, document: str):
        self.reporter, self.mapping, self.log, self.document = reporter, reading.mapping, log, document
        self.is_declared = reading.is_declared
        self.words: dict[str, dict[object, int]] = {name: {} for name in (*NAMES, "rate_of")}
        self.no_rate = self._number("rate_of", _NO_RATE)

    def key(self, of: Callable[[str], np.ndarray]) -> np.ndarray:
        """One number for each combination; `of` gives the numbers of a dimension."""
        key = of(NAMES[0]).astype(np.int64)
        for name in NAMES[1:]:
            key *= max(len(self.words[name]), 1)
            key += of(name)
        return key

    def is_share(self, read_table: ReadTable, explained: dict[str, np.ndarray]) -> np.ndarray | None:
        """Which rows a column of measures, or a word that is explained, says are shares; None where there is no such column."""
        column = read_table.view.column_of("measure")
        if column is None and "measure" not in explained:
            return None
        numbers = explained["measure"] if column is None else self._numbers(read_table.texts[column.index], self._measure)
        shares = [number for word, number in self.words["measure"].items() if word in vocabulary.SHARES]
        return np.isin(numbers, shares) | (explained.get("rate_of", _UNSAID) != _UNSAID)

    def of_table(self, read_table: ReadTable, filled: np.ndarray) -> dict[str, Numbered | None]:
        """What the columns of a table say of each row; problems are told of rows that hold figures (`filled`)."""
        by_role = {column.role: column for column in read_table.view.columns}
        left_out, explained = self.explained(read_table, filled)
        filled = filled & ~left_out
        by_dimension: dict[str, Numbered | None] = dict.fromkeys((*NAMES, "rate_of", "type_of_measure", "authority_of_row"))
        if "requester" in by_role:
            unsaid = filled & (explained.get("requester", _UNSAID) == _UNSAID)
            by_dimension["requester"] = self._requesters(read_table, by_role["requester"], by_role.get("requester_check"), unsaid)
        elif read_table.view.requester:
            by_dimension["requester"] = self._constant("requester", read_table.view.requester)
        if read_table.when is not None:
            by_dimension["period"] = self._periods(read_table, by_role, filled)
        elif read_table.view.period is not None:
            by_dimension["period"] = self._constant("period", read_table.view.period)
        resolve = {"request_type": self._type, "authority": self._authority, "measure": self._measure, "reporter": self._reporter}
        for name, number_of in resolve.items():
            if name in by_role:
                by_dimension[name] = self._named(read_table, by_role[name], name, number_of, filled, by_dimension["requester"])
        by_dimension["authority_of_row"] = self._authority_of_row(read_table, by_role)
        if "measure" in by_role:
            by_dimension["type_of_measure"] = self._numbers(read_table.texts[by_role["measure"].index], self._type_of_measure)
        if "service" in by_role:
            by_dimension["service"] = self._numbers(
                read_table.texts[by_role["service"].index],
                lambda text: self._number("service", places.fold(text).replace(" ", "_") or "all"),
            )
        if "document" in by_role:
            by_dimension["document"] = self._numbers(read_table.texts[by_role["document"].index], self._edition)
        if "added" in by_role and by_role["added"].scale == "apart":
            by_dimension["document"] = self._constant("document", f"{self.document}/{SUMMED}")
        for name, numbers in explained.items():
            otherwise = _UNSAID if by_dimension[name] is None else by_dimension[name]
            by_dimension[name] = np.where(numbers == _UNSAID, otherwise, numbers).astype(np.int32)
        self._add_sections(read_table, by_dimension, filled)
        by_dimension["left_out"] = np.where(left_out, LEFT_OUT, 0).astype(np.int32)
        return by_dimension

    def _add_sections(self, read_table: ReadTable, by_dimension: dict[str, Numbered | None], filled: np.ndarray) -> None:
        # What a line between the rows says holds for the rows below it, as far as the next line that says the like.
        sections = [section for section in read_table.sections if section.context.is_understood]
        for name, otherwise in (
            ("requester", _BLANK),
            ("period", _BLANK),
            ("measure", _BLANK),
            ("request_type", "all"),
            ("authority", "any"),
        ):
            given = [section for section in sections if getattr(section.context, name)]
            is_said = by_dimension[name] is not None or (
                name == "measure" and all(column.measure for column in read_table.view.columns if column.is_figure)
            )
            if not given or (is_said and name != "request_type"):
                continue
            if by_dimension[name] is not None:
                self._compare_kinds(read_table, given, by_dimension[name])
                continue
            numbers = np.full(len(read_table.rows), self._number(name, otherwise) if isinstance(otherwise, str) else otherwise, np.int32)
            for section in given:
                numbers[section.first_record :] = self._number(name, getattr(section.context, name))
            by_dimension[name] = numbers
            if name in _MISSING and not read_table.view.means.get(name):
                column = next((column for column in read_table.view.columns if column.is_figure), read_table.view.columns[0])
                says = f"stands above the first line that says its {name}."
                self.log.cells(read_table, np.flatnonzero(filled & (numbers == _BLANK)), column.index, "error", _MISSING[name], says)

    def _compare_kinds(self, read_table: ReadTable, sections: list[Section], numbers: Numbered) -> None:
        for number, section in enumerate(sections):
            end = sections[number + 1].first_record if number + 1 < len(sections) else len(read_table.rows)
            kind = self._number("request_type", section.context.request_type)
            rows = np.arange(section.first_record, end)
            here = np.full(len(rows), numbers) if isinstance(numbers, int) else numbers[rows]
            says = f"stands below a line that says {section.context.request_type.replace('_', ' ')}."
            column = read_table.view.column_of("request_type")
            differ = rows[(here != kind) & (here >= 0)]
            self.log.cells(read_table, differ, column.index, "error", "contradicting_words", says, "Correct the line or the kind.")

    def explained(self, read_table: ReadTable, filled: np.ndarray | bool = False) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """What the mapping says of texts one by one: which rows are left out, and of the others some dimensions.

        What must be told of it is told of the rows that are `filled`.
        """
        left_out, of = np.zeros(len(read_table.rows), bool), {}
        explained = [(column, _texts_of(read_table, column)) for column in read_table.view.columns if column.values]
        for column, texts in explained:
            explanations = _explanations(column, texts)
            means = [explanations[text] or {} for text in texts.all()]
            out = {text: meaning["left_out"] for text, meaning in zip(texts.all(), means, strict=True) if "left_out" in meaning}
            explained_texts = {
                text: ("not_read", f"{reason}; its rows are left out.", "Nothing needs doing.") for text, reason in out.items()
            }
            doubtful = {"requester": "ambiguous_requester", "service": "unknown_service"}.get(column.role, "unknown_request_type")
            doubts = {text: meaning["doubt"] for text, meaning in zip(texts.all(), means, strict=True) if "doubt" in meaning}
            explained_texts |= {text: (doubtful, f"{doubt}.", "See whether that is right.") for text, doubt in doubts.items()}
            self.log.texts(read_table, column, texts, filled & ~left_out, explained_texts, "warning")
            left_out |= texts.where(out.__contains__)
            for name in {name for meaning in means for name in meaning if name in _EXPLAINED}:
                words = [meaning.get(name) for meaning in means]
                numbers = np.array([self._number(name, word) if word else _UNSAID for word in words], np.int32)[texts.codes]
                of[name] = np.where(numbers == _UNSAID, of[name], numbers) if name in of else numbers
        for column, texts in explained:
            if column.role == "coded":
                explained_texts = (
                    "unknown_layout",
                    "is none of the words that this layout explains.",
                    "Correct it, or leave its rows out.",
                )
                unknown = {text: explained_texts for text, meaning in _explanations(column, texts).items() if meaning is None}
                self.log.texts(read_table, column, texts, filled & ~left_out, unknown, "error")
                left_out |= texts.where(unknown.__contains__)
        return left_out, of

    def _edition(self, text: str) -> int:
        short = edition_name(text)
        return self._number("document", f"{self.document}/{short}" if short else self.document)

    def of_figure(self, read_table: ReadTable, column: Column, by_dimension: dict[str, Numbered | None]) -> dict[str, Numbered]:
        """What a column of figures says of itself, put together with what the rows say."""
        of = {name: by_dimension[name] for name in (*NAMES, "rate_of")}
        means = read_table.view.means | {name: word for name in _EXPLAINED if (word := getattr(column, name, ""))}
        for name, word in (means | {"period": column.period}).items():
            if word:
                of[name] = self._constant(name, word)
        if of["authority"] is None:
            of["authority"] = by_dimension["authority_of_row"]
        of["request_type"] = self._type_of_figure(read_table, column, means.get("request_type", ""), by_dimension)
        defaults = {"reporter": self.reporter, "service": "all", "authority": "any", "document": self.document, "rate_of": _NO_RATE}
        defaults |= {"requester": read_table.view.requester, "request_type": means.get("request_type", "all")}
        for name, numbers in of.items():
            if numbers is None:
                of[name] = self._constant(name, defaults.get(name, ""))
            elif isinstance(numbers, np.ndarray) and (numbers == _UNSAID).any():
                of[name] = np.where(numbers == _UNSAID, self._constant(name, defaults.get(name, "")), numbers).astype(np.int32)
        return of | {"left_out": by_dimension["left_out"]}

    def _type_of_figure(self, read_table: ReadTable, column: Column, kind: str, by_dimension: dict[str, Numbered | None]) -> Numbered:
        by_row = by_dimension["request_type"]
        if by_row is None:
            if not kind and by_dimension["type_of_measure"] is not None:
                return by_dimension["type_of_measure"]
            return self._constant("request_type", kind or "all")
        if kind in ("", "all"):
            return by_row
        # The column says one kind, the row another: the row's “all” gives way.
        is_all = (by_row == self._number("request_type", "all")) | (by_row == _UNSAID)
        if not is_all[by_row != LEFT_OUT].all():
            says = "heads one kind of request, and the rows name others."
            self.log.header(read_table, column, "unknown_layout", says, "Say what the column holds, or leave it out.")
        return np.where(is_all, self._number("request_type", kind), _UNRESOLVED).astype(np.int32)

    # Whose government.

    def _requesters(self, read_table: ReadTable, column: Column, check: Column | None, filled: np.ndarray) -> np.ndarray:
        texts = read_table.texts[column.index]
        warnings: dict[str, tuple[str, str, str]] = {}
        errors: dict[str, tuple[str, str, str]] = {}

        is_given = _is_authority_given(read_table)

        def number_of(text: str) -> int:
            means = column.values.get(text.strip(), {})
            if "left_out" in means:
                return LEFT_OUT
            code = means.get("requester", "") or (not is_given and place_and_authority(text)[0])
            return self._number("requester", code) if code else self._requester(text, texts.are_codes, warnings, errors)

        number = self._numbers(texts, number_of)
        by_code = np.zeros(len(number), bool) if check is None else self._read_by_code(read_table, column, number, check, filled)
        number[texts.where(errors.__contains__) & ~by_code] = _UNRESOLVED
        self.log.texts(read_table, column, texts, filled & ~by_code, errors, "error")
        self.log.texts(read_table, column, texts, filled & ~by_code, warnings, "warning")
        blank = np.flatnonzero(filled & (number == _BLANK))
        says, fix = "is blank in a row with figures.", "Name the country in every row."
        self.log.cells(read_table, blank, column.index, "error", "missing_requester", says, fix)
        return number

    def _requester(self, text: str, are_codes: bool, warnings: dict, errors: dict) -> int:
        name = text.strip()
        if not name:
            return _BLANK
        given = self.mapping.requesters.get(name)
        if given:
            return LEFT_OUT if given == LEAVE_OUT else self._number("requester", given)
        if name == "NA" and not are_codes:
            errors[text] = ("ambiguous_requester", "may be the code of Namibia or a mark for no name.", "Write the country's name.")
            return _UNRESOLVED
        code, meanings = places.code(name), places.meanings(name)
        if code is None and meanings:
            says = f"may be {' or '.join(places.name(meaning) for meaning in meanings)}."
            errors[text] = ("ambiguous_requester", says, "Write the name in full, or say which is meant.")
            return _UNRESOLVED
        if code is None and (match := re.fullmatch(r"(.+?) ?\((.+)\)", name)) and places.code(match[1]) == places.code(match[2]):
            # A name with its abbreviation or former name: United States of America (USA).
            code = places.code(match[1])
        code = code or places.code(_LISTED.sub("", name))
        unmarked = name.removesuffix(footnote_of(name)).strip()
        marked = places.code(unmarked) if unmarked != name else None
        if marked and (code is None or (code == marked and not self.is_declared)):
            code = marked
            warnings[text] = (
                "footnote",
                f"carries a footnote mark and was read as {places.name(code)}.",
                "Look up what the footnote says.",
            )
        if code is None:
            return self._no_country(text, warnings, errors)
        if meanings:
            others = " or ".join(places.name(meaning) for meaning in meanings if meaning != code)
            says = f"was read as the country {places.name(code)}; the same word may stand for a place in or near {others}."
            warnings[text] = ("ambiguous_requester", says, "Check that the country is meant.")
        elif places.is_slip(name):
            warnings[text] = ("unknown_requester", f"was read as {places.name(code)}.", "Correct the spelling if you can.")
        return self._number("requester", code)

    def _no_country(self, text: str, warnings: dict, errors: dict) -> int:
        if is_worldwide(text):
            return self._number("requester", places.WORLD)
        if is_region(text):
            says = "is no country but a region or a subtotal; its rows are left out."
            warnings[text] = ("unknown_requester", says, "Bring its countries.")
            return LEFT_OUT
        name = " ".join(text.split())
        meant = meaning_of(name)
        is_word = not meant.rest and bool(
            {"derived", *(tag for tag in meant.tags if tag.startswith(("subject:", "outcome:", "share:", "type:")))}
            & meant.tags - {"type:other"}
        )
        if is_word or not re.search(r"[^\W\d_]", name) or len(name) > _LONGEST_NAME:
            errors[text] = ("unknown_requester", "is no name of a country.", "Write the country's English name or ISO code.")
            return _UNRESOLVED
        near = places.nearest(name)
        fix = f"Did you mean {' or '.join(near)}?" if near else "Write the country's English name or ISO code, or leave its rows out."
        if self.is_declared:
            # A publisher whose files are known names countries that are known, too: this one is damaged, unless a code says what it is.
            errors[text] = ("unknown_requester", "is not a country we know.", fix)
        else:
            warnings[text] = ("unknown_requester", "is not a country we know; it is kept as written.", fix)
        return self._number("requester", name)

    def _read_by_code(self, read_table: ReadTable, column: Column, number: np.ndarray, check: Column, filled: np.ndarray) -> np.ndarray:
        # A second column that names the places again must agree, or a row has slipped; it tells what a name is that we do not know.
        again = self._numbers(read_table.texts[check.index], lambda text: self._requester(text, True, {}, {}))
        words = list(self.words["requester"])
        is_place = np.array([word in places.codes() for word in words] or [False])
        by_code = filled & (number >= 0) & (again >= 0) & ~is_place[np.maximum(number, 0)] & is_place[np.maximum(again, 0)]
        number[by_code] = again[by_code]
        for row in np.flatnonzero(by_code).tolist():
            says = f"is no name we know; its row was read as {places.name(words[again[row]])}, by the code beside it."
            self.log.cell(read_table, row, column.index, "warning", "unknown_requester", says, "Check the name and the code.")
        differ = np.flatnonzero(filled & (number >= 0) & (again >= 0) & (number != again))
        for row in differ.tolist():
            says = f"is {places.name(words[again[row]])}, but its row names {places.name(words[number[row]])}."
            self.log.cell(read_table, row, check.index, "error", "ambiguous_requester", says, "Correct whichever is wrong.")
        number[differ] = _UNRESOLVED
        texts = read_table.texts[check.index]
        unknown = [
            row
            for row in np.flatnonzero(filled & (again == _UNRESOLVED)).tolist()
            # “Korea” beside KR: a name of several places agrees with each of them.
            if number[row] < 0 or words[number[row]] not in places.meanings(texts.of_row(row))
        ]
        says = "is no code or name of a country we know."
        self.log.cells(read_table, unknown, check.index, "error", "unknown_requester", says, "Correct it, or leave the column out.")
        return by_code

    # When.

    def _periods(self, read_table: ReadTable, by_role: dict[str, Column], filled: np.ndarray) -> np.ndarray:
        when = read_table.when
        numbers = np.array([self._number("period", period) for period in when.periods] or [0], dtype=np.int32)
        for row, (column_index, code, says) in when.wrong.items():
            if filled[row]:
                is_last = code == "ambiguous_period" and "period_end" in by_role and by_role["period_end"].index == column_index
                fix = "Write the last day of every period." if is_last else "Write it like 2019 H2 or 2019-07-01."
                self.log.cell(read_table, row, column_index, "error", code, says, fix)
        column = read_table.view.column_of(*NAMING_PERIODS)
        blank = np.flatnonzero(filled & (when.rows == NO_PERIOD))
        self.log.cells(
            read_table, blank, column.index, "error", "missing_period", "is blank in a row with figures.", "Write the period in every row."
        )
        return np.where(when.rows >= 0, numbers[np.maximum(when.rows, 0)], _UNRESOLVED).astype(np.int32)

    # The rest.

    def _named(
        self,
        read_table: ReadTable,
        column: Column,
        name: str,
        number_of: Callable[[str], int],
        filled: np.ndarray,
        requester: Numbered | None,
    ) -> np.ndarray:
        texts, what = read_table.texts[column.index], _WHAT[name]
        number = self._numbers(texts, number_of)
        if name == "request_type" and isinstance(requester, np.ndarray) and places.WORLD in self.words["requester"]:
            # A line of totals over all countries that names no kind is of all kinds.
            number[(number == _BLANK) & (requester == self._number("requester", places.WORLD))] = self._number(name, "all")
        if name == "request_type":
            self._blank_kinds(read_table, column, number, filled, requester)
        problem = ("unknown_layout", f"names no {what} we know.", f"Say which {what} it is, or leave its rows out.")
        self.log.texts(read_table, column, texts, filled & (number == _UNRESOLVED), dict.fromkeys(texts.all(), problem), "error")
        blank = np.flatnonzero(filled & (number == _BLANK))
        says = f"is blank in a row with figures, where a {what} belongs."
        self.log.cells(read_table, blank, column.index, "error", "missing_column", says, "Fill it in.")
        return number

    def _blank_kinds(
        self, read_table: ReadTable, column: Column, number: np.ndarray, filled: np.ndarray, requester: Numbered | None
    ) -> None:
        # A blank kind is the whole where its place and period have no other row; beside rows of kinds it may be anything.
        blank = filled & (number == _BLANK)
        if not blank.any() or blank.all() or read_table.when is None:
            return
        of = requester if isinstance(requester, np.ndarray) else np.zeros(len(number), np.int64)
        others = [
            read_table.texts[other.index].codes
            for other in read_table.view.columns
            if other.role in ("service", "authority", "measure", "reporter")
        ]
        _, group = np.unique(np.stack([of, read_table.when.rows, *others]), axis=1, return_inverse=True)
        alone = blank & (np.bincount(group.ravel())[group.ravel()] == 1)
        number[alone] = self._number("request_type", "all")
        says = "is blank, and its country and period have no other row; it was read as all kinds together."
        self.log.cells(read_table, np.flatnonzero(alone), column.index, "warning", "missing_value", says, "Write the kind if it is one.")

    def _type(self, text: str) -> int:
        return self._said_or("request_type", (named_type(text) or ("",))[0], text)

    def _authority(self, text: str) -> int:
        return self._said_or("authority", named_authority(text) if text.strip() else "any", text)

    def _measure(self, text: str) -> int:
        meant = named_measure(text)
        return self._said_or("measure", meant.measure if meant else "", text)

    def _reporter(self, text: str) -> int:
        return self._or_not("reporter", reporter_code(text), text)

    def _authority_of_row(self, read_table: ReadTable, by_role: dict[str, Column]) -> Numbered | None:
        # Who asked, where no column says it: “US (federal)”, or the kind of request does.
        whole, numbers = self._number("authority", "any"), None
        if "request_type" in by_role:
            texts = read_table.texts[by_role["request_type"].index]
            numbers = self._numbers(texts, lambda text: self._number("authority", (named_type(text) or ("", ""))[1] or "any"))
        if "requester" in by_role and not _is_authority_given(read_table):
            texts = read_table.texts[by_role["requester"].index]
            named = self._numbers(texts, lambda text: self._number("authority", place_and_authority(text)[1] or "any"))
            numbers = named if numbers is None else np.where(named == whole, numbers, named)
        return numbers

    def _type_of_measure(self, text: str) -> int:
        meant = named_measure(text)
        return self._number("request_type", (meant.request_type if meant else "") or "all")

    def _said_or(self, name: str, word: str | None, text: str) -> int:
        given = self.mapping.words.get(text.strip())
        if given:
            return LEFT_OUT if given == LEAVE_OUT else self._number(name, given)
        return self._or_not(name, word, text)

    def _or_not(self, name: str, word: str | None, text: str) -> int:
        return self._number(name, word) if word else _UNRESOLVED if text.strip() else _BLANK

    def _numbers(self, texts: Texts, number_of: Callable[[str], int]) -> np.ndarray:
        of_value = np.array([number_of(text) for text in texts.all()], dtype=np.int32)
        return of_value[texts.codes] if len(of_value) else np.full(len(texts.codes), _BLANK, np.int32)

    def _number(self, name: str, word: object) -> int:
        words = self.words[name]
        return words.setdefault(word, len(words))

    def _constant(self, name: str, word: object) -> int:
        return self._number(name, word) if word else _UNRESOLVED


def is_worldwide(text: str) -> bool:
    """Whether a text in a column of places names all of them together: “Total”, “All countries”."""
    meant = meaning_of(text)
    return bool(
        not meant.rest and meant.tags & {"total", "type:all"} and not meant.tags - {"total", "type:all", "role:requester", "neutral"}
    )


def edition_name(text: str) -> str:
    """The short name of a report by that of its file or its address, as the last part of a document's name; blank for a blank."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"^https?://|\.pdf$", "", text.strip().lower())).strip("-")


def _explanations(column: Column, texts: Texts) -> dict[str, dict[str, str] | None]:
    # What the mapping says of each text, whatever the capitals and marks of its words; None where it says nothing.
    folded = {places.fold(word): means for word, means in column.values.items() if re.search(r"[^\W\d]|^\*$", word)}
    otherwise = column.values.get("*")
    return {
        text: column.values[words] if words in column.values else folded.get(places.fold(words) or "*", otherwise)
        for text in texts.all()
        for words in (" ".join(text.split()),)
    }


def _texts_of(read_table: ReadTable, column: Column) -> Texts:
    # The texts of a column, or of two in a row, where one is explained by the other.
    texts = read_table.texts[column.index]
    other = next(
        (
            read_table.texts[one.index]
            for one in read_table.view.columns
            if column.beside and places.fold(one.header) == places.fold(column.beside)
        ),
        None,
    )
    if other is None:
        return texts
    pairs, codes = np.unique(other.codes.astype(np.int64) * len(texts.values) + texts.codes, return_inverse=True)
    before, after = other.all(), texts.all()
    both = [f"{before[pair // len(after)].strip()} / {after[pair % len(after)].strip()}" for pair in pairs.tolist()]
    return Texts(pa.array(both, pa.string()), codes)
