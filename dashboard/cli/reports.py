"""`read`, `diff`: published reports read and compared, through the same door as on the page."""

from __future__ import annotations

import argparse
import functools
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from dashboard import catalog, workspace
from dashboard.catalog import own_reports, uploads
from dashboard.catalog.uploads import Upload
from dashboard.cli.terminal import ACCEPTED, REJECTED, UNREADABLE, Complaint, bytes_of, period_of, printable, progress, write, write_json
from dashboard.display import downloads
from dashboard.model import places, vocabulary
from dashboard.model.intervals import counted
from dashboard.reports import door, editions, problem_files, worker
from dashboard.reports.door import Answers
from dashboard.reports.problems import Problem, Refused
from dashboard.reports.tables.roles import SEPARATORS, BadMapping, encoding_name

_ANSWERED_BY = {
    "reporter": "--reporter",
    "period": "--period",
    "measure": "--measure",
    "request_type": "--request-type",
    "requester": "--requester",
    "first_month": "--fiscal-year-first-month",
}


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands of this module."""
    read = commands.add_parser("read", help="read reports into observations")
    read.add_argument("files", nargs="+", metavar="FILE")
    add_answers(read)
    read.add_argument("--format", choices=("csv", "json"), default="csv")
    read.add_argument("--out", metavar="PATH", help="write there instead of to the terminal")
    read.add_argument("--report", metavar="out.xlsx", help="write a copy of the file with its problems in red, and a list of them")
    read.set_defaults(run=_read)

    diff = commands.add_parser("diff", help="tell what a new edition restates, withdraws and adds")
    diff.add_argument("old", metavar="OLD")
    diff.add_argument("new", metavar="NEW")
    add_answers(diff)
    diff.add_argument("--format", choices=("text", "csv", "json"), default="text")
    diff.add_argument("--out", metavar="PATH", help="write there instead of to the terminal")
    diff.set_defaults(run=_diff)


def add_answers(parser: argparse.ArgumentParser) -> None:
    """Add the options by which a file's questions are answered."""
    parser.add_argument("--period", help="the period, where neither the file nor its name tells: “2019 H2”")
    parser.add_argument("--reporter", default="", help="who published it, where the file does not say")
    parser.add_argument("--measure", default="", choices=("", *vocabulary.MEASURES), metavar="MEASURE", help="what is counted")
    parser.add_argument("--request-type", default="", choices=("", *vocabulary.REQUEST_TYPES), metavar="TYPE", help="the kind of demand")
    parser.add_argument("--requester", default="", help="whose government asked: a country, as ISO code or name")
    parser.add_argument("--fiscal-year-first-month", type=int, choices=range(1, 13), metavar="1-12", help="where years are fiscal years")
    parser.add_argument("--decimal", default="", choices=(".", ","), help="the decimal mark, where the file leaves it open")
    parser.add_argument("--encoding", default="", help="the encoding of a text file, such as cp1252, where it is guessed wrongly")
    parser.add_argument(
        "--separator",
        default="",
        choices=("", *SEPARATORS.values()),
        metavar="SEPARATOR",
        help=f"what stands between the cells of a text file: {', '.join(SEPARATORS.values())}",
    )
    parser.add_argument("--sheet", default="", help="the only sheet of a workbook that is read")
    parser.add_argument("--header-line", type=_line, metavar="LINE", help="the line on which the header stands, where it is not found")
    parser.add_argument("--mapping", metavar="FILE.toml", help="corrections saved for this layout")
    parser.add_argument("--strict", action="store_true", help="take nothing in that has a warning")


def _read(options: argparse.Namespace) -> int:
    uploads_read = [examined(name, options) for name in options.files]
    outcome = max(exit_code(upload, options.strict) for upload in uploads_read)
    if options.report:
        copy = uploads.marked_copy(uploads_read[0], bytes_of(options.files[0])) if len(uploads_read) == 1 else None
        if copy is None:
            raise Complaint("a copy with the problems in red is made of one file that can be read.")
        write(copy, options.report)
    taken = uploads_read if outcome == ACCEPTED else []
    if options.format == "json":
        write(_as_json(options.files, uploads_read, taken), options.out)
        return outcome
    for name, upload in zip(options.files, uploads_read, strict=True):
        # Of a file in which nothing was understood one sentence says what there is to say.
        for problem in upload.problems if upload.layout else upload.problems_by_gravity[:1]:
            say(Path(name).name, problem)
        if answers := _options_that_answer(upload):
            perhaps = f" Perhaps it is of {upload.offered_reporter}, which it names." if upload.offered_reporter else ""
            print(printable(f"{Path(name).name}: what is asked can be said by {', '.join(answers)}.{perhaps}"), file=sys.stderr)
    if taken:
        pieces = (piece for upload in taken for piece in upload.pieces())
        write((downloads.plain_csv(piece, header=not number) for number, piece in enumerate(pieces)), options.out)
    return outcome


def _as_json(names: list[str], uploads_read: list[Upload], taken: list[Upload]) -> Iterator[str]:
    # In pieces, since a report may hold a million numbers.
    several = len(uploads_read) > 1
    layouts, outcomes = [upload.layout for upload in uploads_read], [upload.outcome for upload in uploads_read]
    uses, forms = [upload.report.uses for upload in uploads_read], [upload.report.form for upload in uploads_read]
    offered = [upload.offered_reporter for upload in uploads_read]
    fields = {"layout": layouts, "outcome": outcomes, "offered_reporter": offered, "uses": uses, "form": forms}
    fields = fields if several else {name: values[0] for name, values in fields.items()}
    problems = [
        ({"file": name} if several else {}) | {"id": id_} | asdict(problem)
        for name, upload in zip(names, uploads_read, strict=True)
        for id_, problem in problem_files.with_ids(upload.problems)
    ]
    yield json.dumps(fields, ensure_ascii=False, indent=1)[:-2] + ',\n "observations": ['
    first = True
    for piece in (piece for upload in taken for piece in upload.pieces() if len(piece)):
        yield ("" if first else ",") + downloads.json_rows(piece)[1:-2]
        first = False
    yield '],\n "problems": ' + json.dumps(problems, ensure_ascii=False, indent=1) + "\n}\n"


def examined(path: str, options: argparse.Namespace) -> Upload:
    """A file read with the answers in the options, and compared with what is shipped and what is kept."""
    if options.owns_process:
        worker.fork_from_here(door.JOBS)
    requester = places.code(options.requester) if options.requester else ""
    if requester is None:
        near = " or ".join(places.nearest(options.requester))
        raise Complaint(f"“{options.requester}” is not a country we know{f'; did you mean {near}' if near else ''}.")
    given = {name: getattr(options, name) for name in ("reporter", "measure", "request_type", "decimal", "sheet", "header_line")}
    separator = next((separator for separator, name in SEPARATORS.items() if name == options.separator), "")
    given |= {"encoding": _encoding(options.encoding), "separator": separator, "first_month": options.fiscal_year_first_month}
    answers = Answers(requester=requester, period=period_of(options.period), **given)
    try:
        mapping = door.saved_mapping(bytes_of(options.mapping)) if options.mapping else None
    except BadMapping as bad:
        raise Complaint(str(bad)) from None
    name = own_reports.file_name(path)
    try:
        data = bytes_of(path)
    except Refused as refused:
        return uploads.unread(name, refused)
    return uploads.examined(name, data, _known(), answers, mapping, progress)


def _known() -> catalog.Catalog:
    # As on the page, what is kept is compared with as well. What of it cannot be read is told, and the rest compared with.
    try:
        if workspace.holds_no_report(workspace.default_place()):
            return catalog.bundled()
        store = workspace.Workspace()
        reports, damages = _kept_reports(store.path, store.version())
    except workspace.StoreProblem as problem:
        reports, damages = [], [str(problem)]
    for damage in damages:
        print(printable(f"transparency: not compared with all that is kept: {damage}"), file=sys.stderr)
    return own_reports.with_reports(catalog.bundled(), reports)


@functools.lru_cache(maxsize=1)
def _kept_reports(path: str, version: int) -> tuple[list[own_reports.Report], list[str]]:
    return workspace.Workspace().readable()


def _encoding(name: str) -> str:
    if name and not encoding_name(name):
        raise Complaint(f"“{name}” is no encoding we know; write it like utf-8, cp1252 or utf-16.")
    return encoding_name(name) if name else ""


def _line(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"“{text}” is no line; write a number from 1")
    return int(text)


def exit_code(upload: Upload, strict: bool) -> int:
    """How reading a file went; `strict` takes a warning for an error."""
    if upload.layout is None:
        return UNREADABLE
    return REJECTED if upload.outcome == "refused" or (strict and upload.outcome == "warned") else ACCEPTED


def say(name: str, problem: Problem) -> None:
    """Tell a problem on the standard error; a note asks for nothing, and there may be hundreds."""
    if problem.severity != "note":
        print(printable(f"{name}: {problem.severity}: {problem}"), file=sys.stderr)


def _options_that_answer(upload: Upload) -> list[str]:
    # The options by which the questions about a layout that nobody has described are answered.
    understanding = upload.report.understanding
    if understanding is None or upload.outcome != "refused":
        return []
    open_questions = {question.about for question in understanding.questions}
    if upload.layout is None:
        # Of a file in which nothing is understood only what would make it understood.
        open_questions &= {"first_month"}
    codes = {problem.code for problem in upload.problems if problem.severity == "error"}
    option_names = [option for about, option in _ANSWERED_BY.items() if about in open_questions]
    if "ambiguous_number" in codes:
        option_names.append("--decimal")
    if codes & {"unknown_requester", "ambiguous_requester"} or any(about.startswith(("column:", "title:")) for about in open_questions):
        option_names.append("--mapping (a file that the page “Bring a report” saves)")
    return option_names


def _diff(options: argparse.Namespace) -> int:
    tables, outcome = [], ACCEPTED
    for path in (options.old, options.new):
        upload = examined(path, options)
        # Two files of one name are two documents here.
        tables.append(upload.observations.assign(document=path))
        outcome = max(outcome, exit_code(upload, options.strict))
        for problem in upload.problems:
            if problem.severity == "error":
                print(printable(f"{path}: {problem.severity}: {problem}"), file=sys.stderr)
    if outcome != ACCEPTED:
        return outcome
    old, new = tables
    reporters = [" and ".join(sorted(table["reporter"].unique())) or "nobody" for table in tables]
    if not set(old["reporter"]) & set(new["reporter"]):
        raise Complaint(f"{options.old} holds figures of {reporters[0]} and {options.new} of {reporters[1]}: there is nothing to compare.")
    redlined = editions.against_held(old, new)
    beyond = len(old) - len(editions.covered(old, new))
    if options.format == "csv":
        write(editions.texts(redlined).to_csv(index=False, lineterminator="\n"), options.out)
    elif options.format == "json":
        rows = json.loads(downloads.json_rows(redlined))
        result = {"summary": editions.summary(redlined), "counts": editions.counts(redlined), "not_covered": beyond, "rows": rows}
        write_json(result, options.out)
    else:
        changed = redlined[redlined["state"].isin([editions.RESTATED, editions.WITHDRAWN])].sort_values("state", kind="stable")
        lines = [editions.summary(redlined), *(editions.line(row) for _, row in changed.iterrows())]
        if beyond:
            lines.append(f"{counted(beyond, 'figure')} of {options.old} lie outside what {options.new} covers.")
        write("".join(f"{printable(line)}\n" for line in lines), options.out)
    return outcome
