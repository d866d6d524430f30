"""`data`, `rules`, `rebuild`: everything we ship, the rules it obeys, and the datasets made again."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from dashboard import catalog
from dashboard.build import rebuild as bundle
from dashboard.catalog import history, package, rule_pack
from dashboard.cli.terminal import ACCEPTED, Complaint, printable, write
from dashboard.display import downloads, sentences


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands of this module."""
    data = commands.add_parser("data", help="write everything we ship as a Data Package")
    data.add_argument("--out", required=True, metavar="bundle.zip")
    data.set_defaults(run=_data)

    rules = commands.add_parser("rules", help="write the rules of our tables, for a publisher to check with before publishing")
    rules.add_argument("--format", choices=rule_pack.FORMATS, default="table-schema")
    rules.add_argument("--out", metavar="PATH", help="write there instead of to the terminal")
    rules.set_defaults(run=_rules)

    changes = commands.add_parser(
        "changes", help="tell what is new, changed or gone since a version of the data; without one, list the versions"
    )
    changes.add_argument("--since", metavar="VERSION")
    changes.add_argument("--format", choices=("text", "json"), default="text")
    changes.set_defaults(run=_changes)

    rebuild = commands.add_parser("rebuild", help="make the datasets from the published files again, or describe them anew")
    rebuild.add_argument(
        "folder",
        nargs="?",
        metavar="FOLDER",
        help="where published/ and facts/ lie; without it the tables stay, and only their hashes are new",
    )
    rebuild.set_defaults(run=_rebuild)


def _data(options: argparse.Namespace) -> int:
    catalog.bundled()
    write(downloads.data_package(catalog.datasets_folder()), options.out)
    return ACCEPTED


def _rules(options: argparse.Namespace) -> int:
    write(rule_pack.pandera_module() if options.format == "pandera" else rule_pack.table_schema(), options.out)
    return ACCEPTED


def _changes(options: argparse.Namespace) -> int:
    folder = catalog.datasets_folder()
    recorded = history.versions(folder)
    if not options.since:
        write("".join(f"{row.version}  {row.day}\n" for row in recorded.itertuples()), None)
        return ACCEPTED
    try:
        changes = history.since(folder, options.since)
    except history.UnknownVersion as unknown:
        raise Complaint(f"{unknown}.") from None
    if options.format == "json":
        write(changes.to_json(orient="records", indent=1) + "\n", None)
    else:
        write("".join(f"{printable(sentences.change_of_data(row))}\n" for row in changes.itertuples()) or "Nothing changed.\n", None)
    return ACCEPTED


def _rebuild(options: argparse.Namespace) -> int:
    datasets = catalog.datasets_folder()
    if options.folder is None:
        package.describe(datasets)
    else:
        _make_again(Path(options.folder), datasets)
    history.record(datasets, date.today())
    return ACCEPTED


def _make_again(folder: Path, datasets: Path) -> None:
    if not (folder / "published" / "INDEX.csv").is_file():
        raise Complaint(f"{folder} holds no published/INDEX.csv: name the folder in which published/ and facts/ lie.")
    for name, problem in bundle.rebuild(folder, datasets):
        print(f"{name}: {problem.severity}: {problem}", file=sys.stderr)
