"""A file that is brought to us, examined: what it is, what is in it, all that is wrong with it, and what it changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pandas as pd

from dashboard.catalog import Catalog
from dashboard.reports import checks, editions, intake, problem_files, reading
from dashboard.reports.intake import Answers, Mapping, Report
from dashboard.reports.isolation import Progress
from dashboard.reports.mapped import as_frame
from dashboard.reports.problems import Problem, Refused

OUTCOMES = {
    "accepted": "Can be taken in as it is.",
    "warned": "Can be taken in once you agree to the warnings.",
    "refused": "Needs an answer or a correction; nothing is taken in until then.",
}
"""What became of a file, in words."""


@dataclass(frozen=True)
class Upload:
    """One file as it was examined. `observations` is empty where it is refused; `changes` where nothing of its reporter is held."""

    report: Report
    checked: checks.Checked
    problems: tuple[Problem, ...]
    outcome: str
    observations: pd.DataFrame
    changes: pd.DataFrame = field(default_factory=pd.DataFrame)
    encoding: str = ""

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
        found = [f"{count:,} {name}{'s' if count != 1 else ''}" for name, count in counts.items() if count]
        cells, run = max(self.report.cells, self.checked.cells), len(self.checked.rules_run)
        return f"{', '.join(found) if found else 'No problems'} in {cells:,} cells, {run} checks run. {OUTCOMES[self.outcome]}"


def examined(
    name: str,
    data: bytes,
    held: Catalog,
    answers: Answers | None = None,
    mapping: Mapping | None = None,
    progress: Progress | None = None,
) -> Upload:
    """Read a file, check every figure, and compare it with what is held of the same reporter."""
    report = intake.take_in(name, data, answers, mapping, progress)
    readable = as_frame(report.readable)
    known = held.as_of()
    past = known[known["reporter"].isin(set(readable["reporter"]))] if len(readable) else known.iloc[:0]
    checked = checks.check(readable, past, held.parts, told=report.problems)
    problems = tuple(dict.fromkeys([*report.problems, *checked.problems]))
    severities = {problem.severity for problem in problems}
    outcome = "refused" if "error" in severities or report.layout is None else "warned" if "warning" in severities else "accepted"
    observations = readable if outcome != "refused" else readable.iloc[:0]
    changes = editions.against_held(past, readable) if len(past) and len(readable) else pd.DataFrame()
    encoding = (answers.encoding if answers else "") or (mapping.encoding if mapping else "")
    return Upload(report, checked, problems, outcome, observations, changes, encoding)


def unread(name: str, refused: Refused) -> Upload:
    """A file that was refused before it was looked into."""
    nothing = intake.take_in(name, b"")
    report = replace(nothing, problems=list(refused.problems))
    return Upload(report, checks.Checked((), 0, ()), tuple(refused.problems), "refused", as_frame(report.readable))


def marked_copy(upload: Upload, data: bytes) -> bytes | None:
    """A workbook with a copy of the file, its cells with problems in red, and a list of the problems; None where it cannot be read."""
    file = _again(upload, data)
    return None if file is None else problem_files.as_workbook(file, upload.problems, upload.summary)


def as_json(upload: Upload, data: bytes) -> str:
    """The problems as JSON, with the same ids as on the page and in the workbook."""
    file = _again(upload, data) or reading.File(upload.report.name, upload.report.sha256, "unread")
    return problem_files.as_json(file, upload.problems, upload.outcome, upload.summary)


def _again(upload: Upload, data: bytes) -> reading.File | None:
    # Only a file that the child with limits has read through (it has a hash then) is read again in this process.
    if not upload.report.sha256:
        return None
    try:
        return reading.read(upload.report.name, data, upload.encoding or None)
    except Refused:
        return None


def problem_table(upload: Upload) -> pd.DataFrame:
    """The problems as a table to read: how grave, where, what was printed, what is wrong, what to do."""
    rows = [
        (problem.severity, problem.cell, problem.column, problem.value, problem.says, problem.fix, problem.code, id_)
        for id_, problem in problem_files.with_ids(upload.problems)
    ]
    table = pd.DataFrame(rows, columns=["Severity", "Cell", "Column", "As printed", "What is wrong", "What to do", "Code", "Id"])
    order = {"error": 0, "warning": 1, "note": 2}
    return table.sort_values("Severity", key=lambda column: column.map(order), kind="stable")
