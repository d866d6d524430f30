"""One door for a file that is brought to us: what it is, what is in it, and everything that is wrong with it, all at once."""

from __future__ import annotations

import functools
import itertools
import logging
import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

import pandas as pd
import pyarrow as pa

from dashboard.model import places
from dashboard.reports import checks, worker
from dashboard.reports.cells import archives, json_tables, reading
from dashboard.reports.cells.addresses import line_of, within
from dashboard.reports.cells.limits import MEMORY_BYTES, MIB
from dashboard.reports.cells.reading import File
from dashboard.reports.cells.sheets import Records
from dashboard.reports.problems import Plain, Problem, Refused, refuse
from dashboard.reports.recognise import known_layouts, layout_of, no_report
from dashboard.reports.tables.drafts import Draft, Layout
from dashboard.reports.tables.frames import SCHEMA, as_frame
from dashboard.reports.tables.observe import apply
from dashboard.reports.tables.roles import Answers, BadMapping, Mapping, Understanding, reporter_code
from dashboard.reports.tables.surroundings import problems_around
from dashboard.reports.tables.understand import understand
from dashboard.reports.tables.uses import MAX_LISTED, FileUses
from dashboard.reports.worker import Progress

MAX_MAPPING_BYTES = 100_000
MAPPING_MEMORY_BYTES = 300 * MIB
"""Most memory that reading a mapping file may take."""
_DEEP_KEY = re.compile(rb"^[^\n=\"'#]*(?:\.[^\n=\"'.]*){20}", re.MULTILINE)  # reading one takes time by the square of its parts
MAPPED = "mapped"
"""The name that stands for a layout in a report that was understood by its own words."""

_HEAD_ROWS = 2_000  # rows at the top of a large file, among which its headers stand
_READ = 0.6
"""How much of the work is done when a file has been read; the rest is checking."""
_log = logging.getLogger(__name__)


@dataclass
class _Member:
    # A file as it was read in the child: with its figures, and what stands over them.
    reading: ReadFile
    table: pa.Table = field(default_factory=SCHEMA.empty_table)
    headers: checks.Headers = field(default_factory=checks.Headers)


class KnownFigures(Protocol):
    """What is held, as far as a new file is checked by it."""

    parts: pd.DataFrame
    """Which kinds of demand make up a reporter's total."""

    def past(self, reporters: list[str]) -> pa.Table:
        """What is held of some reporters, one row for each key."""


@dataclass
class ReadFile(Plain):
    """What became of one file, but for its figures, as it comes from the child.

    `layout` names the layout it was recognised as, or is `mapped`; None where it could not be read.
    """

    name: str
    layout: str | None = None
    reporter: str = ""
    sha256: str = ""
    problems: list[Problem] = field(default_factory=list)
    understanding: Understanding | None = None
    cells: int = 0
    uses: dict[str, int] = field(default_factory=dict)
    """How many cells have each use (`tables.uses.Use`); together the cells that are not blank."""
    left_out: list[tuple[str, str]] = field(default_factory=list)
    """Cells that were left out, by their addresses, each with the reason."""
    form: dict[str, Any] = field(default_factory=dict)
    """In what form it was read: `kind`, `encoding` and `separator` of a text, names of `sheets`; of an archive
    the form of each of its `members`; empty where it could not be read."""

    @property
    def outcome(self) -> str:
        """`accepted`, `warned` (accepted once the visitor agrees) or `refused` (or needs an answer)."""
        return outcome_of(self.problems)


@dataclass
class Report(ReadFile):
    """One file with the figures that could be read in it. An archive has `members`."""

    readable: pa.Table = field(default_factory=SCHEMA.empty_table)
    members: list[Report] = field(default_factory=list)
    checked: checks.Checked | None = None

    @cached_property
    def observations(self) -> pd.DataFrame:
        """The observations to be stored, as the model has them; none where the file is refused."""
        return as_frame(self.readable if self.outcome != "refused" else self.readable.slice(0, 0))


def take_in(
    name: str,
    data: bytes,
    answers: Answers | None = None,
    mapping: Mapping | None = None,
    progress: Progress | None = None,
    isolated: bool = True,
    known: KnownFigures | None = None,
) -> Report:
    """Read a file of any layout: what it holds, and all its problems at once. Foreign files are read in a child process.

    With what is `known` every figure is checked there as well, beside the reporter's own past.
    """
    order = {
        "name": name,
        "answers": (answers or Answers()).plain(),
        "mapping": asdict(mapping or Mapping()),
        "check": known is not None,
        "parts": known.parts.to_dict("records") if known else [],
    }
    ask = known.past if known else None
    try:
        _check_at_once(name, data)
        if isolated and worker.is_possible():
            result, tables = worker.run(order, data, progress, ask)
        else:
            result, tables = job(order, [data], progress or (lambda done, doing: None), ask)
    except Refused as refusal:
        return _told_of(Report(name, problems=list(refusal.problems)), data)
    if "fault" in result:
        # Its words and its name are the visitor's; ours is only where it happened.
        frames = re.findall(r'File "([^"]+)", line (\d+), in (\w+)', result["fault"])
        _log.error("reading failed", extra={"at": [f"{file}:{line} {function}" for file, line, function in frames[-5:]]})
        says = "The file could not be read, and the fault is ours: " + result["fault"].strip().splitlines()[-1][:200] + "."
        return Report(name, problems=[Problem("error", "corrupt_workbook", says, "Save the table as CSV and try again, or tell us.")])
    return _told_of(_report(result, tables), data)


def _told_of(report: Report, data: bytes) -> Report:
    # One line for whoever runs the server, with nothing that stands in the file.
    if report.outcome == "refused":
        _log.info("file refused", extra={"codes": sorted({str(problem.code) for problem in report.problems}), "bytes": len(data)})
    return report


def job(
    order: dict[str, Any], contents: list[bytes], tell: Progress, ask: worker.Ask | None = None
) -> tuple[dict[str, Any], list[pa.Table]]:
    """Read a file in this process, and let it go when it has been read; what comes back is plain data and a table for each file."""
    answers, corrections = Answers.from_plain(order["answers"]), Mapping(**order["mapping"])
    name = order["name"]
    progress: Progress = (lambda done, doing: tell(_READ * done, doing)) if order["check"] else tell
    progress(0.05, "Looking at the file")
    try:
        _check_type(name, contents[0])
        if reading.family(contents[0]) == "archive":
            members = _read_members(contents.pop(), answers, corrections, progress)
        else:
            members = [_read_one(name, contents, answers, corrections, progress)]
    except Refused as refusal:
        members = [_member(name, list(refusal.problems))]
    result = {"name": name, "readings": [member.reading.plain() for member in members]}
    if order["check"] and ask:
        is_archive = _is_archive(name, [member.reading for member in members])
        checked = _checked(
            members, is_archive, order["parts"], ask, lambda done: tell(_READ + (0.95 - _READ) * done, "Checking every figure")
        )
        result["checked"] = checked.plain()
    tell(0.95, "Handing over")
    return result, [member.table for member in members]


def saved_mapping(data: bytes) -> Mapping:
    """The corrections in a TOML file, read in the child. Raises `BadMapping` with one sentence where they are none."""
    if len(data) > MAX_MAPPING_BYTES:
        raise BadMapping(f"The mapping file has more than {MAX_MAPPING_BYTES:,} bytes; it is none that was saved here.")
    if _DEEP_KEY.search(data):
        raise BadMapping("The mapping file has a key of many parts; it is none that was saved here.")
    try:
        result, _ = worker.run({"job": "mapping"}, data) if worker.is_possible() else mapping_job({}, [data])
    except Refused:
        result = {}
    if "mapping" in result:
        return Mapping(**result["mapping"])
    raise BadMapping(result.get("complaint", "The mapping file cannot be read; it is none that was saved here."))


def mapping_job(order: dict[str, Any], payload: list[bytes], *_) -> tuple[dict[str, Any], list[pa.Table]]:
    """Read a mapping file in this process."""
    try:
        return {"mapping": asdict(Mapping.loaded(payload[0].decode("utf-8", "replace")))}, []
    except BadMapping as bad:
        return {"complaint": str(bad)[:400]}, []


JOBS: worker.Jobs = {"report": (job, MEMORY_BYTES), "mapping": (mapping_job, MAPPING_MEMORY_BYTES)}
"""What is done here in the child."""


def _checked(
    members: list[_Member], is_archive: bool, parts: list[dict], ask: worker.Ask, progress: Callable[[float], None]
) -> checks.Checked:
    readings, headers = [member.reading for member in members], [member.headers for member in members]
    names = [reading.name for reading in readings] if is_archive else []
    reported = _in_archive(readings) if is_archive else readings[0].problems
    if is_archive:
        headers = [of_member.within(name) for of_member, name in zip(headers, names, strict=True)]
    table = _together([member.table for member in members], names)
    reporters = sorted(set(table.column("reporter").unique().to_pylist())) if len(table) else []
    return checks.check(
        table,
        ask(reporters).to_pandas() if reporters else None,
        pd.DataFrame(parts) if parts else None,
        headers=functools.reduce(operator.or_, headers, checks.Headers()),
        reported=reported,
        in_archive=is_archive,
        progress=progress,
    )


def warm_up() -> None:
    """Load what reading needs, before the first file comes."""
    known_layouts()
    places.code("Germany")
    places.nearest("Germani")
    sample = b"Report\n\nZeitraum,Land,Anfragen,Anteil offengelegt\n1. Halbjahr 2019,Deutschland,1.234,64%\n2019-12-31,France,12*,x\n"
    file = reading.read("sample.csv", sample)
    apply(understand(file, Answers(reporter="sample"))).table()


def _read_members(data: bytes, answers: Answers, corrections: Mapping, progress: Progress) -> list[_Member]:
    members = []
    for name, content in archives.members(data):
        if isinstance(content, Problem):
            members.append(_member(name, [content]))
            continue
        try:
            _check_type(name.rpartition("/")[2], content)
            members.append(_read_one(name, [content], answers, corrections, lambda done, doing: None))
        except Refused as refusal:
            members.append(_member(name, list(refusal.problems)))
        progress(min(0.9, 0.1 + 0.02 * len(members)), f"Reading {name.rpartition('/')[2]}")
    if not any(member.reading.sha256 or member.reading.outcome == "refused" for member in members):
        raise refuse("no_data", "The archive holds no table.", "Bring the table by itself.")
    return members


def _read_one(name: str, contents: list[bytes], answers: Answers, corrections: Mapping, progress: Progress) -> _Member:
    completed = corrections.answers(answers)
    whole = reading.read(
        name, contents.pop(), completed.encoding or None, lambda done: progress(0.05 + 0.2 * done, "Reading its cells"), completed.separator
    )
    file = _of_sheet(whole, completed.sheet)
    member = _read_file(file, answers, corrections, progress, completed.header_line is not None)
    names = [sheet.name for sheet in whole.sheets if sheet.name]
    member.reading.form = {"kind": whole.kind, "encoding": whole.encoding, "separator": whole.separator, "sheets": names}
    _leave_out_other_sheets(member.reading, whole, file)
    return member


def _of_sheet(file: File, name: str) -> File:
    # The file with the one sheet that was said to be read.
    if not name:
        return file
    chosen = [sheet for sheet in file.sheets if sheet.name == name]
    if not chosen:
        there = ", ".join(f"“{sheet.name}”" for sheet in file.sheets[:20] if sheet.name)
        says = f"The file has no sheet “{name}”" + (f"; it has {there}." if there else ".")
        raise refuse("choose_sheet", says, "Say one of its sheets, or none.")
    kept = tuple(
        problem
        for problem in file.problems
        if problem.code not in ("hidden_sheet", "hidden_rows", "hidden_columns") or problem.cell == name
    )
    return replace(file, sheets=chosen, problems=kept)


def _leave_out_other_sheets(reading: ReadFile, whole: File, file: File) -> None:
    # What stands in sheets that were not chosen is left out, and said to be.
    others = [sheet for sheet in whole.sheets if all(sheet is not chosen for chosen in file.sheets)]
    if not others or not reading.uses:
        return
    uses = FileUses(replace(whole, sheets=others))
    uses.leave_out("another sheet was chosen")
    reading.uses = dict(Counter(reading.uses) + Counter(uses.counts()))
    reading.left_out = [*reading.left_out, *uses.left_out()][:MAX_LISTED]


def _read_file(file: File, answers: Answers, corrections: Mapping, progress: Progress, is_header_said: bool) -> _Member:
    progress(0.3, "Looking for the tables in it")
    layout = None
    try:
        # Where the header is said no known one is looked for.
        layout = layout_of(_head(file)) if not is_header_said or file.kind == "json" else None
    except Refused:
        if file.kind == "json" and no_report(file):
            raise
    if layout is None:
        return _mapped(json_tables.tabled(file) if file.kind == "json" else file, answers, corrections, progress)
    raw, file = file, layout.tabled(file)
    draft = Draft(layout.reporter, file.stem, answers.period)
    problems = list(file.problems)
    try:
        layout.read(file, draft)
    except Refused as refusal:
        if _is_of(answers.reporter, layout, draft):
            return _member(file.name, [*problems, *refusal.problems], file, layout=layout.name, reporter=layout.reporter)
    if not _is_of(answers.reporter, layout, draft):
        # What the visitor says goes before what a layout implies.
        return _mapped(json_tables.in_tables(raw), answers, corrections, progress)
    # A column that every edition has and this one lacks is damage, not a matter of taste.
    reported = [replace(problem, severity="error") if problem.code == "missing_column" else problem for problem in draft.problems]
    problems += reported
    cells, authorities = (draft.observations.column(name).to_pylist() for name in ("cell", "authority"))
    if cells:
        problems += problems_around(file, cells, "private" in authorities)
    elif not any(problem.severity == "error" for problem in problems):
        says = "The file holds no figure that could be read."
        problems.append(Problem("error", "no_data", says, "Bring the report as it was published."))
    return _member(file.name, problems, file, draft, layout=layout.name)


def _is_of(reporter: str, layout: Layout, draft: Draft) -> bool:
    code = reporter_code(reporter)
    named = {layout.reporter, *draft.observations.column("reporter").to_pylist()}
    return not code or any(code == name or code.startswith(f"{name}_") for name in named)


def _head(file: File) -> File:
    # A layout is told by its headers; those of a large file stand near its top.
    sheets = [replace(sheet, rows=sheet.rows[:_HEAD_ROWS]) if isinstance(sheet.rows, Records) else sheet for sheet in file.sheets]
    return replace(file, sheets=sheets, json=_first(file.json))


def _first(value: object) -> object:
    if isinstance(value, dict):
        return {name: _first(one) for name, one in itertools.islice(value.items(), _HEAD_ROWS)}
    return [_first(one) for one in value[:_HEAD_ROWS]] if isinstance(value, list) else value


def _mapped(file: File, answers: Answers, corrections: Mapping, progress: Progress) -> _Member:
    understood = understand(file, answers, corrections)
    progress(0.5, "Reading its figures")
    draft = apply(understood, lambda done: progress(0.5 + 0.4 * done, "Reading its figures"))
    progress(0.9, "Checking for what is given twice")
    return _member(file.name, [*file.problems, *draft.problems], file, draft, layout=MAPPED, understanding=understood.understanding)


def _member(name: str, problems: list[Problem], file: File | None = None, draft: Draft | None = None, **of: Any) -> _Member:
    # A file that was read, or where there is none could not be; `of` is what else is known of it.
    member = _Member(ReadFile(name, **of))
    if draft is not None:
        member.table, member.headers, member.reading.reporter = draft.observations, checks.Headers.of(draft.uses), draft.reporter
        member.reading.uses, member.reading.left_out = draft.uses.counts(), draft.uses.left_out()
    if file is not None:
        member.reading.sha256, member.reading.cells = file.sha256, _cells(file)
        problems = member.headers.with_headers([*problems, *checks.of_texts(file, problems)])
    lined = [replace(problem, row=problem.row or line_of(problem.cell)) for problem in problems]
    member.reading.problems = list(dict.fromkeys(lined))
    return member


def _report(result: dict[str, Any], tables: list[pa.Table]) -> Report:
    readings = map(ReadFile.from_plain, result["readings"])
    members = [Report(**vars(reading), readable=table) for reading, table in zip(readings, tables, strict=True)]
    checked = checks.Checked.from_plain(result["checked"]) if "checked" in result else None
    if not _is_archive(result["name"], members):
        return replace(members[0], checked=checked)
    return Report(
        result["name"],
        ", ".join(sorted({member.layout for member in members if member.layout})) or None,
        ", ".join(sorted({member.reporter for member in members if member.reporter})),
        problems=_in_archive(members),
        cells=sum(member.cells for member in members),
        uses=dict(sum((Counter(member.uses) for member in members), Counter())),
        left_out=[(within(member.name, cell), reason) for member in members for cell, reason in member.left_out],
        form={"kind": "archive", "members": {member.name: member.form for member in members}},
        readable=_together(tables, [member.name for member in members]),
        members=members,
        checked=checked,
    )


def _is_archive(name: str, readings: Sequence[ReadFile]) -> bool:
    return [reading.name for reading in readings] != [name]


def _in_archive(readings: Iterable[ReadFile]) -> list[Problem]:
    # The problems of the members, each at its place in the archive.
    return [replace(problem, cell=within(reading.name, problem.cell)) for reading in readings for problem in reading.problems]


def _together(tables: list[pa.Table], members: list[str]) -> pa.Table:
    # Two members of an archive may have one name in two folders: the document is the member, with its folder.
    if not members:
        return tables[0]
    return pa.concat_tables([_of_document(table.cast(SCHEMA), member) for table, member in zip(tables, members, strict=True)])


def _of_document(table: pa.Table, document: str) -> pa.Table:
    column_index = table.column_names.index("document")
    return table.set_column(column_index, "document", pa.array([document] * len(table), pa.string()))


def outcome_of(problems: Iterable[Problem]) -> str:
    """`refused` where a problem is an error, `warned` where one is a warning, else `accepted`."""
    severities = {problem.severity for problem in problems}
    return "refused" if "error" in severities else "warned" if "warning" in severities else "accepted"


def _check_at_once(name: str, data: bytes) -> None:
    # What can be seen without looking into the file.
    if re.search(r"[/\\\0]", name):
        raise refuse("wrong_type", "The file's name holds a path.", "Choose the file again, by its name alone.", value=name[:100])
    reading.check_size(data)


def _check_type(name: str, data: bytes) -> None:
    # A file that says by its ending that it is something else than it is.
    named = reading.named_family(name)
    kind = reading.family(data)
    if named is None or kind == "foreign":
        return
    kind_names = {"text": "text", "json": "JSON", "workbook": "a workbook", "archive": "an archive"}
    lies = kind != named and not (named == "json" and kind == "text")
    if named == "text" and kind == "text" and data[:200].lstrip()[:1] in (b"{", b"[") and reading.is_json(data):
        kind, lies = "json", True
    if lies:
        says = f"The file is named like {kind_names[named]}, but it is {kind_names[kind]}."
        raise refuse("wrong_type", says, "Give it the ending of what it is, if you trust it.", value=name[:100])


def _cells(file: File) -> int:
    return sum(len(sheet.rows) * max((len(sheet.rows[row]) for row in range(min(len(sheet.rows), 50))), default=0) for sheet in file.sheets)
