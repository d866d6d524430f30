"""Problems: broken rules told to the owner of a table, with the place, the value and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Every code that a problem may have; a script may rely on them. A problem of another code cannot be made."""

    # What a file is refused for.
    EMPTY_FILE = "empty_file"
    NO_DATA = "no_data"
    NO_HEADER = "no_header"
    UNKNOWN_LAYOUT = "unknown_layout"
    WRONG_TYPE = "wrong_type"
    BAD_ENCODING = "bad_encoding"
    MIXED_ENCODING = "mixed_encoding"
    NUL_BYTE = "nul_byte"
    CORRUPT_WORKBOOK = "corrupt_workbook"
    ENCRYPTED_WORKBOOK = "encrypted_workbook"
    UNSAFE_XML = "unsafe_xml"
    ZIP_BOMB = "zip_bomb"
    TOO_LARGE = "too_large"
    TOO_MANY_COLUMNS = "too_many_columns"
    CELL_TOO_LONG = "cell_too_long"
    RAGGED_ROW = "ragged_row"
    OPEN_QUOTE = "open_quote"
    DUPLICATE_HEADER = "duplicate_header"
    MISSING_COLUMN = "missing_column"
    MISSING_PERIOD = "missing_period"
    MISSING_REQUESTER = "missing_requester"
    CHOOSE_SHEET = "choose_sheet"
    BAD_NUMBER = "bad_number"
    NOT_WHOLE = "not_whole"
    OUT_OF_RANGE = "out_of_range"
    NEGATIVE_VALUE = "negative_value"
    PERCENT_OUT_OF_RANGE = "percent_out_of_range"
    LOW_ABOVE_HIGH = "low_above_high"
    AMBIGUOUS_NUMBER = "ambiguous_number"
    DATE_IN_NUMBER = "date_in_number"
    ERROR_CELL = "error_cell"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    BAD_PERIOD = "bad_period"
    PERIOD_REVERSED = "period_reversed"
    AMBIGUOUS_DATE = "ambiguous_date"
    AMBIGUOUS_PERIOD = "ambiguous_period"
    DUPLICATE_CONFLICT = "duplicate_conflict"
    OTHER_SUBJECT = "other_subject"
    SCALED_FIGURES = "scaled_figures"
    CONTRADICTING_WORDS = "contradicting_words"
    UNUSED_CELL = "unused_cell"
    # What is told of a file that can be read.
    TOTAL_MISMATCH = "total_mismatch"
    RATE_MISMATCH = "rate_mismatch"
    IMPOSSIBLE_RATE = "impossible_rate"
    DISCLOSED_EXCEEDS_RECEIVED = "disclosed_exceeds_received"
    ACCOUNTS_BELOW_REQUESTS = "accounts_below_requests"
    UNKNOWN_REQUESTER = "unknown_requester"
    AMBIGUOUS_REQUESTER = "ambiguous_requester"
    DUPLICATE_ROW = "duplicate_row"
    OVERLAPPING_PERIOD = "overlapping_period"
    FUTURE_PERIOD = "future_period"
    RESTATED_VALUE = "restated_value"
    OUTLIER = "outlier"
    APPROXIMATE_VALUE = "approximate_value"
    SCIENTIFIC_NOTATION = "scientific_notation"
    BAND_OFF_GRID = "band_off_grid"
    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_ROWS = "hidden_rows"
    HIDDEN_COLUMNS = "hidden_columns"
    FORMULA_TEXT = "formula_text"
    MARKUP_TEXT = "markup_text"
    CONTROL_CHARACTER = "control_character"
    FOOTNOTE = "footnote"
    MISSING_VALUE = "missing_value"
    ENCODING_GUESSED = "encoding_guessed"
    # What a layout tells of its publisher's own words.
    NOT_READ = "not_read"
    ROWS_ADDED = "rows_added"
    UNKNOWN_MEASURE = "unknown_measure"
    UNKNOWN_REPORTER = "unknown_reporter"
    UNKNOWN_REQUEST_TYPE = "unknown_request_type"
    UNKNOWN_SERVICE = "unknown_service"
    UNKNOWN_TABLE = "unknown_table"
    UNREAD_VALUE = "unread_value"


FIXES = {
    "ambiguous_number": "Say which mark divides decimals, or write the number without marks.",
    "date_in_number": "Type the band or number again as text.",
    "footnote": "Look up what the footnote says.",
    "approximate_value": "Replace it if the exact number is known.",
    "scientific_notation": "Replace it if the exact number is known.",
    "error_cell": "Mend the formula, and save the workbook again.",
    "formula_without_value": "Open the workbook in a spreadsheet and save it again.",
}
"""What to do about a cell, by the code of its problem."""


@dataclass(frozen=True, slots=True)
class Problem:
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

    def plain(self) -> dict[str, str | int | None]:
        """As plain data."""
        return {name: getattr(self, name) for name in self.__slots__}


class Refused(Exception):
    """A file that cannot be read at all, with the problem that says why, and others of its kind."""

    def __init__(self, problem: Problem, others: tuple[Problem, ...] = ()):
        super().__init__(str(problem))
        self.problem = problem
        self.problems = (problem, *others)


def refuse(code: str, says: str, fix: str, **where) -> Refused:
    """A refusal, to be raised."""
    return Refused(Problem("error", code, says, fix, **where))


def _shortened(value: str, longest: int = 60) -> str:
    value = " ".join(value.split())
    return value if len(value) <= longest else value[: longest - 1] + "…"
