"""The command line: the words of the pages, for a terminal or a script."""

from __future__ import annotations

import argparse
import gc
import importlib
import sys
from collections.abc import Callable

from dashboard.cli.terminal import ACCEPTED, UNREADABLE, Complaint

MODULES = {
    "serve": ("serve",),
    "reports": ("read", "diff"),
    "kept": ("keep", "workspace"),
    "series": ("series",),
    "datasets": ("data", "rules", "changes", "rebuild"),
    "additions": ("add",),
    "claims": ("check", "statements"),
    "figures": ("figure", "verify"),
    "mcp": ("mcp",),
}
"""The modules of this package with their commands. Only the module of the command that is run is loaded: a terminal waits for nothing else."""
_RARELY = (50_000, 20, 100)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code says how it went: 0 done, 1 rejected, 2 usage or unreadable."""
    if arguments is None:
        # What is loaded at a start stays, and a look for garbage among it is a tenth of the time that a command takes.
        gc.set_threshold(*_RARELY)
    words = sys.argv[1:] if arguments is None else arguments
    options = _parser(words[0] if words else "serve").parse_args(words or ["serve"])
    options.owns_process = arguments is None
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except BrokenPipeError:
        # The reader of our output has closed it (such as `head`), which is its right.
        sys.stderr.close()
        return ACCEPTED
    except KeyboardInterrupt:
        return 130
    except _told_in_a_sentence() as complaint:
        print(f"transparency: {complaint}", file=sys.stderr)
        return UNREADABLE


def commands(command: str = "") -> list[str]:
    """The names of the commands in the module of one of them; of all where none is named."""
    return [name for action in _parser(command)._subparsers._group_actions for name in action.choices]


def _told_in_a_sentence() -> tuple[type[Exception], ...]:
    # Looked up when something is raised, and not before: these rooms take long to load.
    from dashboard import analysis, catalog
    from dashboard.reports.problems import Refused
    from dashboard.workspace import StoreProblem

    return Complaint, Refused, catalog.DatasetError, analysis.Unanswerable, StoreProblem


def _parser(command: str = "") -> argparse.ArgumentParser:
    """The parser with the module of one command; with those of all where there is no such command, so that help names them."""
    parser = argparse.ArgumentParser(prog="transparency", description="Government requests for user data, as published.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in [name for name, own in MODULES.items() if command in own] or MODULES:
        importlib.import_module(f"dashboard.cli.{module}").add(commands)
    return parser
