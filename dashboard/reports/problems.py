"""Problems: broken rules told to the owner of a table, with the place, the value and what to do."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from pydantic import TypeAdapter

_CODES = (
    # What a file is refused for.
    "empty_file no_data no_header unknown_layout wrong_type bad_encoding mixed_encoding nul_byte corrupt_workbook "
    "encrypted_workbook unsafe_xml zip_bomb too_large too_many_columns cell_too_long ragged_row open_quote duplicate_header "
    "missing_column missing_period missing_requester choose_sheet bad_number not_whole out_of_range negative_value "
    "percent_out_of_range low_above_high ambiguous_number date_in_number error_cell formula_without_value bad_period "
    "period_reversed ambiguous_date ambiguous_period duplicate_conflict other_subject scaled_figures contradicting_words "
    "unused_cell "
    # What is told of a file that can be read.
    "total_mismatch rate_mismatch impossible_rate disclosed_exceeds_received accounts_below_requests unknown_requester "
    "ambiguous_requester duplicate_row overlapping_period future_period restated_value outlier approximate_value "
    "scientific_notation band_off_grid hidden_sheet hidden_rows hidden_columns formula_text markup_text control_character footnote "
    "missing_value encoding_guessed "
    # What a layout tells of its publisher's own words.
    "not_read rows_added unknown_measure unknown_reporter unknown_request_type unknown_service unknown_table unread_value"
)
Code = StrEnum("Code", _CODES.upper().split(), module=__name__)
"""Every code that a problem may have; a script may rely on them. A problem of another code cannot be made."""

FIXES = {
    "ambiguous_number": "Say which mark divides decimals, or write the number without marks.",
    "date_in_number": "Type the band or number again as text.",
    "footnote": "Look up what the footnote says.",
    "approximate_value": "Replace it if the exact number is known.",
    "scientific_notation": "Replace it if the exact number is known.",
    "missing_value": "Write 0 where there were none.",
    "error_cell": "Mend the formula, and save the workbook again.",
    "formula_without_value": "Open the workbook in a spreadsheet and save it again.",
}
"""What to do about a cell, by the code of its problem."""


class Plain:
    """What travels between processes as plain data."""

    __slots__ = ()

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return _adapter(type(self)).dump_python(self, mode="json")

    @classmethod
    def from_plain(cls, fields: dict[str, Any]) -> Self:
        """From plain data."""
        return _adapter(cls).validate_python(fields)


@functools.cache
def _adapter(kind: type) -> TypeAdapter:
    return TypeAdapter(kind)


@dataclass(frozen=True, slots=True)
class Problem(Plain):
    """One broken rule. `says` finishes the sentence that begins with the cell and the value; `fix` tells what to do."""

    severity: str
    code: Code
    says: str
    fix: str
    cell: str = ""
    value: str = ""
    row: int | None = None
    column: str = ""

    def __post_init__(self):
        object.__setattr__(self, "code", Code(self.code))

    def __str__(self) -> str:
        prefix = f"{self.cell}: " if self.cell else ""
        value = f"“{_shortened(self.value)}” " if self.value else ""
        return f"{prefix}{value}{self.says} {self.fix}".strip()


class Refused(Exception):
    """A file that cannot be read at all, with the problem that says why, and others of its kind."""

    def __init__(self, problem: Problem, others: tuple[Problem, ...] = ()):
        super().__init__(str(problem))
        self.problem = problem
        self.problems = (problem, *others)


def refuse(code: str, says: str, fix: str, **where) -> Refused:
    """A refusal, to be raised."""
    return Refused(Problem("error", code, says, fix, **where))


def _shortened(value: str) -> str:
    value = " ".join(value.split())
    return value if len(value) <= 60 else value[:59] + "…"
