"""The command line: the words of the pages, for a terminal or a script."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pandas as pd

from dashboard import analysis, catalog, exports, own_reports, statements, words, workspace
from dashboard.model import periods, places
from dashboard.reports import bundle, editions
from dashboard.reports.bundle import plain_number
from dashboard.reports.drafts import counted
from dashboard.reports.problems import Refused
from dashboard.reports.reading import MAX_BYTES, too_large
from dashboard.reports.recognise import read_report
from dashboard.stores import StoreProblem

ACCEPTED, REJECTED, UNREADABLE = 0, 1, 2


_WORKSPACE_ACTIONS = {
    "list": "the kept reports, each read through (the default)",
    "delete": "delete a kept report for good",
    "undo": "take back what you kept last",
    "history": "who kept, took back and deleted what, and when",
    "path": "where the workspace is",
    "repair": "make a damaged catalogue again from the kept files",
}


class Complaint(Exception):
    """A request that cannot be carried out as it was put: one sentence for the terminal."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code says how it went: 0 done, 1 rejected, 2 usage or unreadable."""
    parser = _parser()
    options = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except (Complaint, Refused, catalog.DatasetError, analysis.Unanswerable, StoreProblem) as complaint:
        print(f"transparency: {complaint}", file=sys.stderr)
        return UNREADABLE
    except BrokenPipeError:
        # The reader of our output has closed it (such as `head`), which is its right.
        sys.stderr.close()
        return ACCEPTED
    except KeyboardInterrupt:
        return 130


def commands() -> list[str]:
    """The names of the commands."""
    parser = _parser()
    return [name for action in parser._subparsers._group_actions for name in action.choices]


def _serve(options: argparse.Namespace) -> int:
    from dashboard import server

    return server.serve(options.host, options.port)


def _read(options: argparse.Namespace) -> int:
    period = _period(options.period)
    layouts, tables, problems = [], [], []
    for name in options.files:
        try:
            layout, draft = read_report(Path(name).name, _bytes_of(name), period)
        except Refused as refused:
            layouts.append(None)
            problems.append((name, refused.problem))
            continue
        layouts.append(layout.name)
        tables.append(draft.table())
        problems += [(name, problem) for problem in draft.problems]
    unreadable = any(layout is None for layout in layouts)
    rejected = unreadable or any(problem.severity == "error" for _, problem in problems)
    if options.format == "json":
        observations = pd.concat(tables, ignore_index=True) if tables and not rejected else pd.DataFrame()
        told = [({"file": name} if len(options.files) > 1 else {}) | asdict(problem) for name, problem in problems]
        layout = layouts[0] if len(layouts) == 1 else layouts
        rows = json.loads(exports.json_rows(observations))
        _write(json.dumps({"layout": layout, "observations": rows, "problems": told}, ensure_ascii=False, indent=1) + "\n", options.out)
    else:
        for name, problem in problems:
            print(_printable(f"{Path(name).name}: {problem.severity}: {problem}"), file=sys.stderr)
        if tables and not rejected:
            _write(_csv(pd.concat(tables, ignore_index=True)), options.out)
    if unreadable:
        return UNREADABLE
    return REJECTED if rejected else ACCEPTED


def _diff(options: argparse.Namespace) -> int:
    tables, outcome = [], ACCEPTED
    for path in (options.old, options.new):
        data = _bytes_of(path)
        try:
            _, draft = read_report(Path(path).name, data, _period(options.period), document=path)
            problems = draft.problems
            tables.append(draft.table())
        except Refused as refused:
            problems, outcome = [refused.problem], UNREADABLE
        if any(problem.severity == "error" for problem in problems):
            outcome = max(outcome, REJECTED)
        for problem in problems:
            print(_printable(f"{path}: {problem.severity}: {problem}"), file=sys.stderr)
    if outcome != ACCEPTED:
        return outcome
    old, new = tables
    reporters = [" and ".join(sorted(table["reporter"].unique())) or "nobody" for table in tables]
    if not set(old["reporter"]) & set(new["reporter"]):
        raise Complaint(f"{options.old} holds figures of {reporters[0]} and {options.new} of {reporters[1]}: there is nothing to compare.")
    redlined = editions.against_held(old, new)
    beyond = len(old) - len(editions.covered(old, new))
    if options.format == "csv":
        _write(editions.texts(redlined).to_csv(index=False, lineterminator="\n"), options.out)
    elif options.format == "json":
        rows = json.loads(exports.json_rows(redlined))
        told = {"summary": editions.summary(redlined), "counts": editions.counts(redlined), "not_covered": beyond, "rows": rows}
        _write(json.dumps(told, ensure_ascii=False, indent=1) + "\n", options.out)
    else:
        changed = redlined[redlined["state"].isin([editions.RESTATED, editions.WITHDRAWN])].sort_values("state", kind="stable")
        lines = [editions.summary(redlined), *(editions.line(row) for _, row in changed.iterrows())]
        if beyond:
            lines.append(f"{counted(beyond, 'figure', 'figures')} of {options.old} lie outside what {options.new} covers.")
        _write("".join(f"{_printable(line)}\n" for line in lines), options.out)
    return outcome


def _series(options: argparse.Namespace) -> int:
    table = analysis.complete(catalog.bundled(), options.as_of)
    rows = analysis.one_series(
        table,
        reporter=options.reporter,
        requester=places.code(options.requester) or options.requester.upper(),
        measure=options.measure,
        request_type=options.request_type,
        service=options.service,
        authority=options.authority,
        start=getattr(options, "from"),
        end=options.to,
    )
    if options.by == "year":
        rows = analysis.by_year(rows)
    for row in rows[rows["low"].isna()].itertuples():
        shown = periods.label(periods.Period(row.period_start.date(), row.period_end.date()))
        print(f"transparency: {shown}: no number: {row.why}.", file=sys.stderr)
    rows = rows[rows["low"].notna()]
    found = rows[["period_start", "period_end", "low", "high"]].assign(
        documents=[_documents_of(table, row) for _, row in rows.iterrows()], derivation=rows["derivation"].replace("", "as published")
    )
    _write(exports.json_rows(found) + "\n" if options.format == "json" else _csv(found), None)
    return ACCEPTED


def _data(options: argparse.Namespace) -> int:
    catalog.bundled()
    _write_bytes(exports.data_package(catalog.datasets_folder()), options.out)
    return ACCEPTED


def _check(options: argparse.Namespace) -> int:
    from dashboard.statements import printed

    if options.text is not None:
        return _check_own(options)
    judge, said = statements.bundled_judge(), statements.bundled()
    if options.id is not None and options.id not in set(said.statements["statement"]):
        near = " or ".join(f"“{name}”" for name in printed.near_names(said, options.id))
        shown = "".join(letter for letter in options.id if letter.isprintable())
        raise Complaint(f"no statement is called “{shown}”; {f'did you mean {near}?' if near else '`transparency statements` lists them.'}")
    verdicts = judge.all() if options.id is None else judge.of_statement(options.id)
    if not verdicts and options.format == "text":
        print(f"transparency: {options.id} holds no number to check.", file=sys.stderr)
    _write(printed.verdicts_as_json(verdicts) if options.format == "json" else printed.verdicts_as_text(said, verdicts), None)
    return ACCEPTED


def _check_own(options: argparse.Namespace) -> int:
    from dashboard.statements import own, printed

    if options.id is not None:
        raise Complaint("name a statement or give a text with --text, not both.")
    judge = statements.bundled_judge()
    try:
        claim = own.understood(options.text, judge.data)
    except own.Unreadable as unreadable:
        raise Complaint(str(unreadable)) from None
    verdicts, nearest = own.readings(claim, judge), own.nearest(claim, judge)
    if options.format == "json":
        _write(printed.own_as_json(claim, verdicts, nearest), None)
    else:
        _write(printed.own_as_text(claim, verdicts, nearest, words.Names(judge.data)), None)
    return ACCEPTED


def _statements(options: argparse.Namespace) -> int:
    from dashboard.statements import claimreview, printed

    said, found = statements.bundled(), statements.bundled_judge().all()
    if options.format == "claimreview":
        told = json.dumps(claimreview.reviews(said, found, site=options.site, day=date.today()), ensure_ascii=False, indent=1) + "\n"
    else:
        by_statement: dict[str, list[statements.Verdict]] = {}
        for verdict in found:
            by_statement.setdefault(verdict.statement, []).append(verdict)
        told = (printed.statements_as_json if options.format == "json" else printed.statements_as_text)(said, by_statement)
    _write(told, options.out)
    return ACCEPTED


def _figure(options: argparse.Namespace) -> int:
    from dashboard import batches
    from dashboard.figures import Unfit

    if bool(options.batch) == (options.view is not None):
        raise Complaint("name one figure by --view and --out, or many by --batch.")
    try:
        if options.batch:
            jobs = batches.read(_bytes_of(options.batch), options.batch, Path(options.out or "."))
        elif options.out:
            dress = {name: getattr(options, name) for name in batches.OPTIONS} | {"statement": options.statement}
            jobs = [batches.Job(batches.figure(options.view, **dress), Path(options.out), options.outlines)]
        else:
            raise Complaint("say where to write the figure: --out figure.png (or .svg, .pdf, .html, .zip).")
    except Unfit as unfit:
        raise Complaint(str(unfit)) from None
    failed = 0
    for place, (job, content) in enumerate(batches.drawn(jobs, catalog.bundled()), start=1):
        if isinstance(content, bytes):
            _write_bytes(content, str(job.out))
        else:
            failed += 1
            print(f"\rtransparency: {_printable(str(job.out))}: {_printable(content)}", file=sys.stderr)
        if len(jobs) > 1:
            print(batches.progress(place, len(jobs), job.out.name), end="", file=sys.stderr, flush=True)
    return UNREADABLE if failed == len(jobs) else REJECTED if failed else ACCEPTED


def _verify(options: argparse.Namespace) -> int:
    from dashboard import batches

    found = list(batches.verified({name: _bytes_of(name) for name in options.files}, catalog.bundled()))
    if options.format == "json":
        _write(json.dumps([one for _, one in found], ensure_ascii=False, indent=1) + "\n", None)
    else:
        for name, one in found:
            _write(f"{_printable(Path(name).name)}: {one['status']}: {one['sentence']}\n", None)
            for change in one["changes"]:
                _write(f"  {change['text']}\n", None)
    return ACCEPTED if all(one["status"] == "current" for _, one in found) else REJECTED


def _rebuild(options: argparse.Namespace) -> int:
    folder = Path(options.folder)
    if not (folder / "published" / "INDEX.csv").is_file():
        raise Complaint(f"{folder} holds no published/INDEX.csv: name the folder in which published/ and facts/ lie.")
    for name, problem in bundle.rebuild(folder, catalog.datasets_folder()):
        print(f"{name}: {problem.severity}: {problem}", file=sys.stderr)
    return ACCEPTED


def _keep(options: argparse.Namespace) -> int:
    period, store = _period(options.period), workspace.Workspace()
    outcome = ACCEPTED
    for path in options.files:
        name = own_reports.file_name(path)
        data = _bytes_of(path)
        try:
            _, draft = read_report(name, data, period)
            problems, table = draft.problems, draft.table()
        except Refused as refused:
            problems, table = [refused.problem], None
        for problem in problems:
            print(_printable(f"{name}: {problem.severity}: {problem}"), file=sys.stderr)
        if any(problem.severity == "error" or (options.strict and problem.severity == "warning") for problem in problems):
            outcome = max(outcome, UNREADABLE if table is None else REJECTED)
            continue
        try:
            kept = store.keep(own_reports.accepted(name, data, table, problems), options.owner, who=_user())
        except ValueError as unsound:
            print(_printable(f"{name}: error: {unsound}."), file=sys.stderr)
            outcome = max(outcome, REJECTED)
            continue
        if kept.already:
            print(_printable(f"{name} was kept before, on {kept.at[:10]} by {kept.by}: it is kept once, as {kept.id}."))
        else:
            numbers = counted(kept.observations, "number", "numbers")
            print(_printable(f"{name} is kept as {kept.id}: {numbers} of {', '.join(kept.reporters)}, {kept.period}, in {store.path}."))
    return outcome


def _workspace(options: argparse.Namespace) -> int:
    store = workspace.Workspace()
    if options.action == "path":
        print(store.path)
    elif options.action == "history":
        _tell(store.history(options.owner), options.format, lambda line: f"{line.at}  {line.who}  {line.action}  {line.id}  {line.name}")
    elif options.action == "undo":
        undone = store.undo(options.owner, who=_user())
        print(_printable(f"{undone.name} is not kept any more."))
    elif options.action == "delete":
        deleted = store.delete(options.owner, options.id, who=_user())
        print(_printable(f"{deleted.name} is deleted, and its bytes are gone."))
    elif options.action == "repair":
        print(f"The catalogue in {store.path} is sound and holds {counted(store.repair(), 'report', 'reports')}.")
    else:
        kept = store.reports(options.owner, check=True)
        _tell(
            kept,
            options.format,
            lambda line: f"{line.id}  {line.at[:10]}  {line.by}  {line.period}  {', '.join(line.reporters)}  {line.name}",
        )
        damages = [report.damage for report in kept if report.damage]
        for damage in damages:
            print(_printable(f"transparency: {damage}"), file=sys.stderr)
        return UNREADABLE if damages else ACCEPTED
    return ACCEPTED


def _tell(lines: list, form: str, as_text: Callable[..., str]) -> None:
    if form == "json":
        _write(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1) + "\n", None)
    else:
        _write("".join(_printable(as_text(line)) + "\n" for line in lines), None)


def _printable(text: str) -> str:
    # A file's name or cell may hold what a terminal would obey.
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return workspace.LOCAL


def _documents_of(table: pd.DataFrame, row: pd.Series) -> str:
    if row["document"]:
        return row["document"]
    return "; ".join(sorted(set(analysis.parts_of(table, catalog.bundled(), row)["document"])))


def _csv(table: pd.DataFrame) -> str:
    table = table.copy()
    for column in ("low", "high"):
        table[column] = table[column].map(plain_number)
    for column in ("period_start", "period_end"):
        table[column] = table[column].dt.strftime("%Y-%m-%d")
    return table.to_csv(index=False, lineterminator="\n")


def _bytes_of(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                # A far too large file is refused without being read to its end, if it has one.
                raise too_large(max(len(data), os.fstat(file.fileno()).st_size))
            return data
    except IsADirectoryError:
        raise Complaint(f"{name} is a folder; name a file.") from None
    except OSError as error:
        raise Complaint(f"{name} cannot be read: {error.strerror or 'no such file'}.") from None


def _write(text: str, out: str | None) -> None:
    if out:
        _write_bytes(text.encode("utf-8"), out)
    else:
        sys.stdout.write(text)
        sys.stdout.flush()


def _write_bytes(data: bytes, out: str) -> None:
    try:
        Path(out).write_bytes(data)
    except OSError as error:
        raise Complaint(f"{out} cannot be written: {error.strerror}.") from None


def _period(text: str | None) -> periods.Period | None:
    if text is None:
        return None
    period = periods.parse(text)
    if period is None:
        raise Complaint(f"“{text}” names no period; write it like 2019 H2, 2019, 2019 Q3 or Jan – Jun 2019.")
    return period


def _day(text: str) -> date:
    with contextlib.suppress(ValueError):
        return date.fromisoformat(text)
    raise argparse.ArgumentTypeError(f"“{text}” is not a date; write it like 2016-01-31")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="transparency", description="Government requests for user data, as published.")
    parser.set_defaults(run=_serve, host="127.0.0.1", port=8501)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    serve = commands.add_parser("serve", help="start the dashboard (the default)")
    serve.add_argument("--host", default="127.0.0.1", help="address to serve on (default %(default)s)")
    serve.add_argument("--port", type=int, default=8501, help="port to serve on (default %(default)s)")
    serve.set_defaults(run=_serve)

    read = commands.add_parser("read", help="read published reports into observations")
    read.add_argument("files", nargs="+", metavar="FILE")
    read.add_argument("--period", help="the period, where neither the file nor its name tells: “2019 H2”")
    read.add_argument("--format", choices=("csv", "json"), default="csv")
    read.add_argument("--out", metavar="PATH", help="write there instead of to the terminal")
    read.set_defaults(run=_read)

    diff = commands.add_parser("diff", help="tell what a new edition restates, withdraws and adds")
    diff.add_argument("old", metavar="OLD")
    diff.add_argument("new", metavar="NEW")
    diff.add_argument("--period", help="the period of both, where neither the files nor their names tell: “2019 H2”")
    diff.add_argument("--format", choices=("text", "csv", "json"), default="text")
    diff.add_argument("--out", metavar="PATH", help="write there instead of to the terminal")
    diff.set_defaults(run=_diff)

    series = commands.add_parser("series", help="print one series with its documents")
    series.add_argument("--reporter", required=True, help="who published the count: microsoft, google …")
    series.add_argument("--requester", required=True, help="whose government asked: a country, as ISO code or name, or WLD for all")
    series.add_argument("--measure", required=True, help="what is counted: requests, accounts_specified …")
    series.add_argument("--request-type", help="the kind of demand (default: the reporter's total)")
    series.add_argument("--service", help="which service (default: all)")
    series.add_argument("--authority", help="which authority asked (default: any)")
    series.add_argument("--from", type=_day, metavar="DATE", help="first day")
    series.add_argument("--to", type=_day, metavar="DATE", help="last day")
    series.add_argument("--by", choices=("as-published", "year"), default="as-published", help="sum to calendar years, or not")
    series.add_argument("--as-of", type=_day, metavar="DATE", help="as known on that day")
    series.add_argument("--format", choices=("csv", "json"), default="csv")
    series.set_defaults(run=_series)

    check = commands.add_parser("check", help="hold a statement, or a sentence of your own, against the published series")
    check.add_argument("id", nargs="?", metavar="ID", help="which statement (default: all of them)")
    check.add_argument("--text", help="a sentence with a number: “Google got 50,000 requests a year from Germany in 2021”")
    check.add_argument("--format", choices=("text", "json"), default="text")
    check.set_defaults(run=_check)

    said = commands.add_parser("statements", help="list the statements, or write their verdicts as ClaimReview")
    said.add_argument("--format", choices=("text", "json", "claimreview"), default="text")
    said.add_argument("--site", default="http://127.0.0.1:8501", metavar="URL", help="where the pages are served (default %(default)s)")
    said.add_argument("--out", metavar="PATH", help="write there instead of to the terminal")
    said.set_defaults(run=_statements)

    data = commands.add_parser("data", help="write everything we ship as a Data Package")
    data.add_argument("--out", required=True, metavar="bundle.zip")
    data.set_defaults(run=_data)

    keep = commands.add_parser("keep", help="keep published reports in the workspace, to have them on every page")
    keep.add_argument("files", nargs="+", metavar="FILE")
    keep.add_argument("--period", help="the period, where neither the file nor its name tells: “2019 H2”")
    keep.add_argument("--strict", action="store_true", help="keep nothing that has a warning")
    keep.add_argument("--owner", default=workspace.LOCAL, help="whose report it is, where several share a database (default %(default)s)")
    keep.set_defaults(run=_keep)

    kept = commands.add_parser("workspace", help="what is kept: list it, delete from it, and where it is")
    kept.set_defaults(run=_workspace, action="list", owner=workspace.LOCAL, format="text")
    actions = kept.add_subparsers(title="actions", metavar="ACTION", dest="action")
    for name, says in _WORKSPACE_ACTIONS.items():
        action = actions.add_parser(name, help=says)
        if name == "delete":
            action.add_argument("id", metavar="ID", help="which report, as the list calls it")
        if name in ("list", "history"):
            action.add_argument("--format", choices=("text", "json"), default="text")
        action.add_argument("--owner", default=workspace.LOCAL, help="whose reports, where several share a database (default %(default)s)")

    figure = commands.add_parser("figure", help="save a figure of a view, or many figures from a list")
    figure.add_argument("--view", metavar="ADDRESS", help="the view: its address, or what stands behind the question mark there")
    figure.add_argument("--out", metavar="PATH", help="where to write: .png, .svg, .pdf, .html, or .zip for all; with --batch a folder")
    figure.add_argument("--size", default=None, help="article, 85mm, 170mm, square, portrait, social, 1200x675 or 120x80mm@600")
    figure.add_argument("--theme", default=None, help="light, dark, transparent or transparent-dark")
    figure.add_argument("--lang", default=None, help="language of fixed words, numbers and dates: en, de, fr, es, zh")
    for name in ("title", "subtitle", "source", "note", "byline", "alt"):
        figure.add_argument(f"--{name}", default=None, metavar="TEXT", help="instead of the one written from the data; may be empty")
    figure.add_argument("--statement", action="append", default=[], metavar="ID", help="a statement to mark on the figure; may be repeated")
    figure.add_argument("--outlines", action="store_true", help="letters of an SVG as shapes instead of text")
    figure.add_argument("--batch", metavar="FILE.toml", help="many figures: one [[figure]] each, with view, out and the options above")
    figure.set_defaults(run=_figure)

    verify = commands.add_parser("verify", help="check the evidence in saved figures against the data held today")
    verify.add_argument("files", nargs="+", metavar="FILE")
    verify.add_argument("--format", choices=("text", "json"), default="text")
    verify.set_defaults(run=_verify)

    rebuild = commands.add_parser("rebuild", help="make the datasets from the published files again")
    rebuild.add_argument("folder", metavar="FOLDER", help="the folder in which published/ and facts/ lie")
    rebuild.set_defaults(run=_rebuild)
    return parser


if __name__ == "__main__":
    sys.exit(main())
