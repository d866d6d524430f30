"""The command line: the words of the pages, for a terminal or a script."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from dashboard import analysis, catalog
from dashboard.cli import claims, figures, reports, series
from dashboard.cli.terminal import ACCEPTED, REJECTED, UNREADABLE, Complaint
from dashboard.reports.problems import Refused
from dashboard.workspace.stores import StoreProblem

__all__ = ["ACCEPTED", "REJECTED", "UNREADABLE", "commands", "main"]


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
    from dashboard.web import server

    return server.serve(options.host, options.port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="transparency", description="Government requests for user data, as published.")
    parser.set_defaults(run=_serve, host="127.0.0.1", port=8501)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    serve = commands.add_parser("serve", help="start the dashboard (the default)")
    serve.add_argument("--host", default="127.0.0.1", help="address to serve on (default %(default)s)")
    serve.add_argument("--port", type=int, default=8501, help="port to serve on (default %(default)s)")
    serve.set_defaults(run=_serve)

    for module in (reports, series, claims, figures):
        module.add(commands)
    return parser
