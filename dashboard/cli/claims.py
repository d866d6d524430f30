"""`check` and `statements`: what was said, held against the published series."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from itertools import chain

from dashboard import statements
from dashboard.cli.terminal import ACCEPTED, Complaint, write, write_json


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands of this module."""
    check = commands.add_parser("check", help="hold a statement, or a sentence of your own, against the published series")
    check.add_argument("id", nargs="?", metavar="ID", help="which statement (default: all of them)")
    check.add_argument("--text", help="a sentence with a number: “Google got 50,000 requests a year from Germany in 2021”")
    check.add_argument("--format", choices=("text", "json"), default="text")
    check.set_defaults(run=_check)

    command = commands.add_parser("statements", help="list the statements, or write their verdicts as ClaimReview")
    command.add_argument("--format", choices=("text", "json", "claimreview"), default="text")
    command.add_argument("--site", default="http://127.0.0.1:8501", metavar="URL", help="where the pages are served (default %(default)s)")
    command.add_argument("--out", metavar="PATH", help="write there instead of to the terminal")
    command.set_defaults(run=_statements)


def _check(options: argparse.Namespace) -> int:
    from dashboard.statements import printed

    if options.text is not None:
        return _check_own(options)
    statement_table = statements.bundled()
    if options.id is not None and options.id not in set(statement_table.statements["statement"]):
        near = " or ".join(f"“{name}”" for name in printed.near_names(statement_table, options.id))
        shown = "".join(letter for letter in options.id if letter.isprintable())
        raise Complaint(f"no statement is called “{shown}”; {f'did you mean {near}?' if near else '`transparency statements` lists them.'}")
    by_statement = statements.bundled_verdicts()
    verdicts = [*chain(*by_statement.values())] if options.id is None else by_statement[options.id]
    if not verdicts and options.format == "text":
        print(f"transparency: {options.id} holds no number to check.", file=sys.stderr)
    if options.format == "json":
        write_json([verdict.plain() for verdict in verdicts], None)
    else:
        write(printed.verdicts_as_text(statement_table, verdicts), None)
    return ACCEPTED


def _check_own(options: argparse.Namespace) -> int:
    from dashboard.statements import own, printed

    if options.id is not None:
        raise Complaint("name a statement or give a text with --text, not both.")
    evaluator = statements.bundled_evaluator()
    try:
        understanding = own.understood(options.text, evaluator.data)
    except own.InvalidClaim as invalid:
        raise Complaint(str(invalid)) from None
    answer = own.answer(understanding, evaluator)
    if options.format == "json":
        write_json(printed.own_plain(understanding, answer), None)
    else:
        write(printed.own_as_text(understanding, answer), None)
    return ACCEPTED


def _statements(options: argparse.Namespace) -> int:
    from dashboard.statements import claimreview, printed

    bundled, verdicts = statements.bundled(), statements.bundled_verdicts()
    if options.format == "claimreview":
        write_json(claimreview.reviews(bundled, [*chain(*verdicts.values())], site=options.site, day=date.today()), options.out)
    elif options.format == "json":
        write_json(printed.statements_plain(bundled, verdicts), options.out)
    else:
        write(printed.statements_as_text(bundled, verdicts), options.out)
    return ACCEPTED
