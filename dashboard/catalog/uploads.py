"""A file that is brought to us, examined: what it is, what is in it, all that is wrong with it, and what it changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.catalog import publishers
from dashboard.catalog.shipped import Catalog
from dashboard.model.columns import OBSERVATION_COLUMNS, is_own
from dashboard.reports import checks, door, editions, problem_files
from dashboard.reports.cells import archives, json_tables, reading
from dashboard.reports.cells.addresses import within
from dashboard.reports.door import Answers, Mapping, Report
from dashboard.reports.problems import Problem, Refused
from dashboard.reports.tables.frames import as_frame
from dashboard.reports.worker import Progress

OUTCOMES = {
    "accepted": "Can be taken in as it is.",
    "warned": "Can be taken in once you agree to the warnings.",
    "refused": "Needs an answer or a correction; nothing is taken in until then.",
}
"""What became of a file, in words."""


_PIECE = 50_000
_KIND = ["reporter", "request_type", "measure"]


@dataclass(frozen=True)
class Contents:
    """What is in a file, told in a few words: how many numbers, of whom, from when to when, and what they count."""

    numbers: int
    reporters: tuple[str, ...]
    requesters: tuple[str, ...]
    measures: tuple[str, ...]
    first: date
    last: date


@dataclass(frozen=True)
class Upload:
    """One file as it was examined. `rows` is empty where it is refused; `changes` where nothing of its reporter is held."""

    report: Report
    checked: checks.Checked
    problems: tuple[Problem, ...]
    outcome: str
    rows: pa.Table
    changes: pd.DataFrame = field(default_factory=pd.DataFrame)
    mapping: Mapping = field(default_factory=Mapping)
    """The corrections and answers with which a layout that nobody has described was read: the next edition starts from them."""
    held_as: tuple[str, ...] = ()
    """The published documents that are this very file: it is compared with what was known before them. A visitor's own is none of them."""
    offered_reporter: str = ""
    """Who may have published it, where that is asked: a name that its own name, a title or a header holds."""
    reporter_names: dict[str, str] = field(default_factory=dict)
    """The names of its publishers by their codes, as they were written."""
    held_until: date | None = None
    """The last day for which figures of the same kinds are held."""

    @property
    def may_be_older(self) -> bool:
        """Whether what is held goes on beyond it, so that it may be an edition from before."""
        return bool(self.held_until and self.contents and self.contents.last < self.held_until and not self.held_as)

    @property
    def layout_key(self) -> tuple[str, str]:
        """By what corrections are remembered: the reporter and the layout; both blank where the layout is a known one."""
        understanding = self.report.understanding
        named = self.contents.reporters if self.contents else ()
        reporter = self.report.reporter or (named[0] if len(named) == 1 else "")
        return (reporter, understanding.layout) if understanding else ("", "")

    @property
    def mapping_text(self) -> str:
        """The same as a TOML file; blank where the layout is a known one or nothing was said."""
        return "" if self.report.understanding is None or self.mapping.is_blank else self.mapping.dumped()

    @cached_property
    def observations(self) -> pd.DataFrame:
        """What was read, as the model has it. Of a million rows this takes much memory; `pieces` does not."""
        return as_frame(self.rows)

    def pieces(self) -> Iterator[pd.DataFrame]:
        """The same, some thousand rows at a time; at least one piece, which may be empty."""
        for first in range(0, max(len(self.rows), 1), _PIECE):
            yield as_frame(self.rows.slice(first, _PIECE))

    @cached_property
    def contents(self) -> Contents | None:
        """What is in it; None where nothing can be taken in."""
        if not len(self.rows):
            return None
        words = {name: tuple(_words(self.rows, name)) for name in ("reporter", "requester", "measure", "period_start", "period_end")}
        return Contents(
            len(self.rows), words["reporter"], words["requester"], words["measure"], min(words["period_start"]), max(words["period_end"])
        )

    @property
    def problems_by_gravity(self) -> list[Problem]:
        """The problems, errors first, then warnings, then notes."""
        return sorted(self.problems, key=lambda problem: ("error", "warning", "note").index(problem.severity))

    @property
    def layout(self) -> str | None:
        """The name of the layout, or `mapped`; None where nothing in the file was understood."""
        understanding = self.report.understanding
        return self.report.layout if understanding is None or any(table.used for table in understanding.tables) else None

    @property
    def summary(self) -> str:
        """The outcome and how much was looked at, in words."""
        counts = {severity: sum(problem.severity == severity for problem in self.problems) for severity in ("error", "warning", "note")}
        counted = [f"{count:,} {name}{'s' if count != 1 else ''}" for name, count in counts.items() if count]
        looked_at = f"{self.report.cells:,} cells, {len(self.checked.rules_run)} checks run"
        return f"{', '.join(counted) if counted else 'No problems'} in {looked_at}. {OUTCOMES[self.outcome]}"


class _Known:
    """What a catalog holds, as a new file is checked by it."""

    def __init__(self, known: Catalog, sha256: str):
        same = known.documents[known.documents["sha256"] == sha256]
        # A file that is held is no news to what came after it: it is looked at as on the day before it was known.
        self._before = (same["known_from"].min() - pd.Timedelta(days=1)).date() if len(same) else None
        self.parts, self._known = known.parts, known
        published = same[~same["document"].map(is_own).astype(bool)]
        self.documents = tuple(published["title"] + ", " + published["edition"])

    def of(self, reporters: Iterable[str]) -> pd.DataFrame:
        """The rows of some reporters. Of one of whom nothing is held, what is known of the others is not worked out."""
        names = set(reporters)
        if not names & set(self._known.reporters["reporter"]):
            return self._known.observations.iloc[:0]
        return self._known.as_of(self._before, names)

    def past(self, reporters: list[str]) -> pa.Table:
        """The same, to be sent to the process that checks."""
        return pa.Table.from_pandas(self.of(reporters)[OBSERVATION_COLUMNS], preserve_index=False)


def examined(
    name: str,
    data: bytes,
    known_before: Catalog,
    answers: Answers | None = None,
    mapping: Mapping | None = None,
    progress: Progress | None = None,
) -> Upload:
    """Read a file, check every figure, and compare it with what is held of the same reporter."""
    known = _Known(known_before, hashlib.sha256(data).hexdigest())
    report = door.take_in(name, data, answers, mapping, progress, known=known)
    checked = report.checked or checks.check(report.readable)
    who = publishers.contradiction(report, (answers or Answers()).reporter, known_before.reporters)
    problems = tuple(dict.fromkeys([*report.problems, *checked.problems, *who]))
    outcome = "refused" if report.layout is None else door.outcome_of(problems)
    rows = report.readable if outcome != "refused" else report.readable.slice(0, 0)
    past = known.of(_words(report.readable, "reporter"))
    changes, until = pd.DataFrame(), pd.NaT
    if len(past) and len(report.readable):
        readable = as_frame(report.readable)
        changes = editions.against_held(past, readable)
        until = past.merge(readable[_KIND].drop_duplicates())["period_end"].max()
    if progress:
        progress(1.0, "Checked")
    understanding = report.understanding
    completed = (mapping or Mapping()).completed(answers or Answers(), understanding.layout if understanding else "")
    asks_who = any(question.about == "reporter" for question in (understanding.questions if understanding else ()))
    return Upload(
        report,
        checked,
        problems,
        outcome,
        rows,
        changes,
        completed,
        known.documents,
        offered_reporter=publishers.offered(report, known_before.reporters) if asks_who else "",
        reporter_names=publishers.as_written(report, completed.reporter),
        held_until=None if pd.isna(until) else until.date(),
    )


def unread(name: str, refused: Refused) -> Upload:
    """A file that was refused before it was looked into."""
    report = Report(name, problems=list(refused.problems))
    return Upload(report, checks.Checked((), ()), tuple(refused.problems), "refused", report.readable)


def has_copy(upload: Upload) -> bool:
    """Whether anything of the file was read, so that its cells can be marked in a copy."""
    return bool(_read_through(upload))


def marked_copy(upload: Upload, data: bytes) -> bytes | None:
    """A workbook with a copy of the file, its cells with problems in red and those left out in grey, and lists of both; None where it cannot be read."""
    file = _again(upload, data)
    return None if file is None else problem_files.as_workbook(file, upload.problems, upload.summary, upload.report.left_out)


def as_json(upload: Upload, data: bytes) -> str:
    """The problems as JSON, with the same ids as on the page and in the workbook."""
    sha256 = hashlib.sha256(data).hexdigest() if _read_through(upload) else ""
    return problem_files.as_json(upload.report.name, sha256, upload.problems, upload.outcome, upload.summary)


def _read_through(upload: Upload) -> dict[str, Report]:
    # The file, or the files of an archive, that the child with limits has read through (each has a hash then), by their names.
    return {member.name: member for member in upload.report.members or [upload.report] if member.sha256}


def _again(upload: Upload, data: bytes) -> reading.File | None:
    # Nothing else is read again in this process.
    read = _read_through(upload)
    try:
        if not read or not upload.report.members:
            return _read(upload.report, data, upload.mapping) if read else None
        sheets = [
            replace(sheet, name=within(member, f"{sheet.name}!A1" if sheet.name else "A1").rpartition("!")[0])
            for member, content in archives.members(data)
            if member in read and isinstance(content, bytes)
            for sheet in _read(read[member], content, upload.mapping).sheets
        ]
        return reading.File(upload.report.name, hashlib.sha256(data).hexdigest(), "archive", sheets)
    except Refused:
        return None


def _read(report: Report, data: bytes, mapping: Mapping) -> reading.File:
    file = reading.read(report.name, data, mapping.encoding or None, separator=mapping.separator)
    return json_tables.tabled(file) if file.kind == "json" and report.layout == door.MAPPED else file


def problem_table(upload: Upload) -> pd.DataFrame:
    """The problems as a table to read: how grave, where, what was printed, what is wrong, what to do."""
    rows = [
        (problem.severity, problem.cell, problem.column, problem.value, problem.says, problem.fix, problem.code, id_)
        for id_, problem in problem_files.with_ids(upload.problems)
    ]
    table = pd.DataFrame(rows, columns=["Severity", "Cell", "Column", "As printed", "What is wrong", "What to do", "Code", "Id"])
    order = {"error": 0, "warning": 1, "note": 2}
    return table.sort_values("Severity", key=lambda column: column.map(order), kind="stable")


def _words(table: pa.Table, column: str) -> list:
    # The different words that a column holds.
    return pc.unique(table.column(column)).to_pylist() if len(table) else []
