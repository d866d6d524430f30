"""`add`: a published file put among the datasets, after a look at all that it changes."""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from dashboard import catalog, statements
from dashboard.build import additions, documents
from dashboard.catalog import history, shipped, uploads
from dashboard.catalog.uploads import Upload
from dashboard.cli.reports import exit_code, say
from dashboard.cli.terminal import ACCEPTED, Complaint, bytes_of, printable, progress
from dashboard.display.sentences import known_from
from dashboard.model import vocabulary
from dashboard.model.intervals import counted
from dashboard.model.periods import Period
from dashboard.reports import editions

_SELECTIONS = ("of", "whole", "base")


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command of this module."""
    parser = commands.add_parser("add", help="put a published report among the datasets, after a look at all that it changes")
    parser.add_argument("files", nargs="+", metavar="FILE", help="the files; one that stands in an INDEX.csv above it is described there")
    parser.add_argument("--write", action="store_true", help="write it, after the same look")
    parser.add_argument("--strict", action="store_true", help="take nothing in that has a warning")
    parser.add_argument("--datasets", metavar="FOLDER", help="the datasets (default: those of this checkout)")
    described = parser.add_argument_group("what is known of a file that stands in no INDEX.csv")
    described.add_argument("--as", dest="file", metavar="PATH", help="by which name it is kept: REPORTER/through-PERIOD/FILE")
    described.add_argument("--seen", type=_day, default=date.today(), metavar="DAY", help="the day it was seen (default: today)")
    described.add_argument("--published", type=_day, metavar="DAY", help="the day of publication, where it is known")
    described.add_argument("--url", default="", help="the address of the publisher's page (default: as for other reports of the publisher)")
    described.add_argument("--form", default="as published", choices=vocabulary.FORMS[:4], help="how we have it (default: %(default)s)")
    described.add_argument("--licence", default="", help=f"what may be done with it (default: {documents.NOT_STATED})")
    described.add_argument("--note", default="", help="what a reader must know about it")
    parser.set_defaults(run=_add)


def _add(options: argparse.Namespace) -> int:
    datasets = Path(options.datasets) if options.datasets else catalog.datasets_folder()
    before = shipped.load(datasets, keep=False) if options.datasets else catalog.bundled()
    examined = [uploads.examined(Path(name).name, bytes_of(name), before, progress=progress) for name in options.files]
    for name, upload in zip(options.files, examined, strict=True):
        for problem in upload.problems:
            say(Path(name).name, problem)
    outcome = max(exit_code(upload, options.strict) for upload in examined)
    if outcome != ACCEPTED:
        print(f"Nothing was written: {'a file' if len(examined) > 1 else 'the file'} must be put right first.", file=sys.stderr)
        return outcome
    entries = [_entry(Path(name), upload, before, options) for name, upload in zip(options.files, examined, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "datasets"
        rows = additions.stage(entries, datasets, copy)
        after = shipped.load(copy, keep=False)
        for entry, upload in zip(entries, examined, strict=True):
            _print([*_document_lines(entry, rows, after), upload.summary, *_redline_lines(upload)])
        _print(_verdict_lines(before, after, set(rows["reporter"])))
        if not options.write:
            _print(["Nothing was written. Run it again with --write to put this among the datasets."])
            return ACCEPTED
        additions.put(copy, datasets)
        history.record(datasets, date.today())
    _print([f"Written to {datasets}."])
    unlisted = [entry for entry in entries if documents.entry_of(Path(entry["path"])) is None]
    if unlisted:
        _print(["For `transparency rebuild` keep the file, and this line in the INDEX.csv beside it:", *map(_as_line, unlisted)])
    return ACCEPTED


def _entry(path: Path, upload: Upload, before: catalog.Catalog, options: argparse.Namespace) -> dict[str, str]:
    # What the index says of the file, else what the options say.
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    entry = documents.entry_of(path)
    if entry is not None:
        if entry["sha256"] != sha256:
            raise Complaint(f"{path.name} is not the file that INDEX.csv describes: its SHA-256 is {sha256}.")
        return entry
    reporters = before.reporters.set_index("reporter")
    unknown = [reporter for reporter in upload.contents.reporters if reporter not in reporters.index]
    if unknown:
        raise Complaint(f"“{unknown[0]}” is no reporter we know: add its line to datasets/vocabulary/reporters.csv first.")
    code = upload.contents.reporters[0]
    reporter = reporters.loc[code]
    last = upload.observations.sort_values(["period_end", "period_start"]).iloc[-1]
    covered = str(Period.of(last)).replace(" ", "-")
    return dict.fromkeys(documents.INDEX, "") | {
        "file": options.file or f"{code}/through-{covered}/{path.name}",
        "publisher": reporter["name"],
        "report": reporter["report"],
        "covers_through": covered,
        "seen_by": options.seen.isoformat(),
        "publisher_page": options.url or reporter["url"],
        "form": "research compilation" if options.form == "compiled" else options.form,
        "sha256": sha256,
        "bytes": str(len(data)),
        "note": options.note,
        "published": options.published.isoformat() if options.published else "",
        "licence": options.licence,
        "path": str(path.resolve()),
    }


def _as_line(entry: dict[str, str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(entry[column] for column in documents.INDEX)
    return text.getvalue()


def _document_lines(entry: dict[str, str], rows: pd.DataFrame, after: catalog.Catalog) -> list[str]:
    # The documents that the file becomes, each with what is recorded of it.
    names = set(rows["document"])
    made = after.documents[after.documents["document"].isin(names) & after.documents["sha256"].eq(entry["sha256"])]
    numbers = rows["document"].value_counts()
    lines = []
    for document in made.itertuples():
        replaced = f", in place of {document.replaces}" if document.replaces else ""
        lines += [
            f"{document.document}{replaced}: {counted(numbers[document.document], 'number')} of {document.reporter}",
            f"  {document.title}, {document.edition}; {document.form}; {known_from(pd.Series(document._asdict()))}; "
            f"seen {document.seen_on or 'on no known day'}; licence: {document.licence}; sha256 {document.sha256}",
        ]
    return lines


def _redline_lines(upload: Upload) -> list[str]:
    if upload.changes.empty:
        return ["Nothing that it prints is held from another document."]
    changed = upload.changes[upload.changes["state"].isin([editions.RESTATED, editions.WITHDRAWN])]
    return [editions.summary(upload.changes), *(f"  {editions.line(row)}" for _, row in changed.iterrows())]


def _verdict_lines(before: catalog.Catalog, after: catalog.Catalog, reporters: set[str]) -> list[str]:
    # The readings of our statements that rest on one of these reporters, where their verdict or their number becomes another.
    statement_tables = statements.load(catalog.datasets_folder() / "statements", after)
    named: dict[str, set[str]] = {}
    for _, reading in statement_tables.readings.iterrows():
        for selection in _SELECTIONS:
            named.setdefault(reading["statement"], set()).update(statements.several(reading[selection].get("reporter", "")))
    concerned = [statement for statement, names in named.items() if names & reporters]
    needed = set().union(*(named[statement] for statement in concerned))
    then, now = (_verdicts(data, statement_tables, concerned, needed) for data in (before, after))
    lines = [
        f"  {', '.join(key)}: {old.verdict} → {new.verdict}; {old.arithmetic or old.why} → {new.arithmetic or new.why}"
        for key, new in now.items()
        if (old := then[key]).verdict != new.verdict or old.series != new.series
    ]
    heading = f"{counted(len(lines), 'reading of a statement changes', 'readings of statements change')}"
    return [
        f"Of {counted(len(now), 'reading')} that rest on {' and '.join(sorted(reporters))}, {heading + ':' if lines else 'none changes.'}",
        *lines,
    ]


def _verdicts(
    data: catalog.Catalog, statement_tables: statements.Statements, names: list[str], reporters: set[str]
) -> dict[tuple, statements.Verdict]:
    observations = data.observations[data.observations["reporter"].isin(reporters)].reset_index(drop=True)
    evaluator = statements.Evaluator(replace(data, observations=observations, _as_known={}), statement_tables)
    verdicts = (verdict for name in names for verdict in evaluator.of_statement(name))
    return {(verdict.statement, verdict.claim, verdict.reading): verdict for verdict in verdicts}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is no day; write it like 2025-06-30") from None


def _print(lines: list[str]) -> None:
    print("\n".join(map(printable, lines)), flush=True)
