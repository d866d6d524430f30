"""`keep`: reports kept, through the same door as on the page; `workspace`: what is kept, by whom and where; deleted, brought back, backed up."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from dashboard import workspace
from dashboard.catalog import own_reports
from dashboard.cli.reports import add_answers, examined, exit_code, say
from dashboard.cli.terminal import ACCEPTED, REJECTED, UNREADABLE, bytes_of, printable, tell
from dashboard.model.intervals import counted
from dashboard.workspace import User, Workspace


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands of this module."""
    keep = commands.add_parser("keep", help="keep reports in the workspace, to have them on every page")
    keep.add_argument("files", nargs="+", metavar="FILE")
    add_answers(keep)
    keep.add_argument("--owner", default=workspace.LOCAL, help="whose report it is, where several share a database (default %(default)s)")
    keep.add_argument("--share", action="store_true", help="let everybody who is signed in see it")
    keep.set_defaults(run=_keep)

    parser = commands.add_parser("workspace", help="what is kept: list it, delete from it, back it up, and where it is")
    parser.set_defaults(run=_run, do=_list, owner=workspace.LOCAL, format="text", deleted=False)
    actions = parser.add_subparsers(title="actions", metavar="ACTION", dest="action")
    for name, (do, says) in _ACTIONS.items():
        action = actions.add_parser(name, help=says)
        action.set_defaults(do=do)
        if name in ("delete", "restore", "share", "unshare"):
            action.add_argument("id", metavar="ID", help="which report, as the list calls it")
        if name == "delete":
            action.add_argument("--for-good", action="store_true", help="let its bytes go at once, not after some days")
        if name in ("backup", "load"):
            action.add_argument("folder", metavar="FOLDER", type=Path, help="the folder of the backup, which is itself a workspace")
        if name == "list":
            action.add_argument("--deleted", action="store_true", help="what was deleted and can be brought back")
        if name in ("list", "history"):
            action.add_argument("--format", choices=("text", "json"), default="text")
        action.add_argument("--owner", default=workspace.LOCAL, help="whose reports, where several share a workspace (default %(default)s)")


def user(owner: str) -> User:
    """Who is at the terminal, or the owner for whom they act. Whoever can run commands on the machine of a workspace is its administrator."""
    name = ""
    if owner == workspace.LOCAL:
        with contextlib.suppress(OSError, KeyError, ImportError):
            name = getpass.getuser()
    return User(owner, name, is_admin=True)


def _keep(options: argparse.Namespace) -> int:
    store, outcome = Workspace(), ACCEPTED
    for path in options.files:
        name, upload = own_reports.file_name(path), examined(path, options)
        for problem in upload.problems:
            say(name, problem)
        if code := exit_code(upload, options.strict):
            outcome = max(outcome, code)
            continue
        try:
            report = own_reports.accepted(
                name, bytes_of(path), upload.observations, upload.problems, names=upload.reporter_names, mapping=upload.mapping_text
            )
            kept = store.keep(report, user(options.owner), is_shared=options.share)
        except ValueError as unsound:
            print(printable(f"{name}: error: {unsound}."), file=sys.stderr)
            outcome = max(outcome, REJECTED)
            continue
        if kept.already:
            print(printable(f"{name} was kept before, on {kept.at[:10]} by {kept.by}: it is kept once, as {kept.id}."))
        else:
            numbers = counted(kept.observations, "number")
            print(printable(f"{name} is kept as {kept.id}: {numbers} of {', '.join(kept.reporters)}, {kept.period}, in {store.path}."))
    return outcome


def _run(options: argparse.Namespace) -> int:
    return options.do(Workspace(), user(options.owner), options) or ACCEPTED


def _list(store: Workspace, who: User, options: argparse.Namespace) -> int:
    kept = store.deleted(who) if options.deleted else store.reports(who, check=True)
    tell(
        kept,
        options.format,
        lambda line: f"{line.id}  {line.at[:10]}  {line.by}  {line.period}  {', '.join(line.reporters)}  {line.name}",
    )
    if not kept and not store.store.exists():
        print(f"Nothing has been kept at {store.path} yet.", file=sys.stderr)
    damages = [report.damage for report in kept if report.damage]
    for damage in damages:
        print(printable(f"transparency: {damage}"), file=sys.stderr)
    return UNREADABLE if damages else ACCEPTED


def _history(store: Workspace, who: User, options: argparse.Namespace) -> None:
    lines = store.history(User(who.id, who.name, is_admin=options.owner == workspace.LOCAL))
    tell(lines, options.format, lambda line: f"{line.at}  {line.who}  {line.action}  {line.id}  {line.name}")


def _delete(store: Workspace, who: User, options: argparse.Namespace) -> None:
    name = store.delete(options.id, who, owner=options.owner, for_good=options.for_good).name
    became = "and its bytes are gone" if options.for_good else f"and can be brought back for {workspace.DAYS_TO_RESTORE} days"
    print(printable(f"{name} is deleted, {became}."))


def _undo(store: Workspace, who: User, options: argparse.Namespace) -> None:
    action = store.undo(who)
    print(printable(f"{action.name} is {'kept again' if action.action == workspace.Act.RESTORED else 'not kept any more'}."))


def _load(store: Workspace, who: User, options: argparse.Namespace) -> None:
    print(f"{counted(store.restore_from(options.folder), 'report')} came back into {store.path}.")


def _repair(store: Workspace, who: User, options: argparse.Namespace) -> None:
    print(f"The catalogue in {store.path} is sound and holds {counted(store.repair(), 'report')}.")


def _backup(store: Workspace, who: User, options: argparse.Namespace) -> None:
    print(f"{counted(store.back_up(options.folder), 'report')} of {store.path} are in {options.folder}, read through.")


def _one_step(step: Callable, became: str) -> Callable:
    return lambda store, who, options: print(printable(f"{step(store, who, options).name} {became}."))


_ACTIONS: dict[str, tuple[Callable, str]] = {
    "list": (_list, "the kept reports, each read through (the default)"),
    "delete": (_delete, "delete a kept report; it can be brought back for some days"),
    "restore": (
        _one_step(lambda store, who, options: store.restore(options.id, who, owner=options.owner), "is kept again"),
        "bring back what was deleted",
    ),
    "share": (
        _one_step(lambda store, who, options: store.share(options.id, who, is_shared=True), "is seen by everybody who is signed in"),
        "let everybody who is signed in see a report",
    ),
    "unshare": (
        _one_step(lambda store, who, options: store.share(options.id, who, is_shared=False), "is seen by its owner alone"),
        "let nobody else see a report any more",
    ),
    "undo": (_undo, "take back your last step"),
    "history": (_history, "who kept, shared, deleted and brought back what, and when"),
    "path": (lambda store, who, options: print(store.path), "where the workspace is"),
    "backup": (_backup, "copy everything into a new folder"),
    "load": (_load, "fill an empty workspace from a backup"),
    "repair": (_repair, "make a damaged file again out of what can be read of it"),
}
