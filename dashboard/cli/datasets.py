"""`data`, `rules`, `rebuild`: everything we ship, the rules it obeys, and the datasets made again."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dashboard import catalog
from dashboard.build import rebuild as bundle
from dashboard.catalog import rule_pack
from dashboard.cli.terminal import ACCEPTED, Complaint, write, write_bytes
from dashboard.display import downloads


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands of this module."""
    data = commands.add_parser("data", help="write everything we ship as a Data Package")
    data.add_argument("--out", required=True, metavar="bundle.zip")
    data.set_defaults(run=_data)

    rules = commands.add_parser("rules", help="write the rules of our tables, for a publisher to check with before publishing")
    rules.add_argument("--format", choices=rule_pack.FORMATS, default="table-schema")
    rules.add_argument("--out", metavar="PATH", help="write there instead of to the terminal")
    rules.set_defaults(run=_rules)

    rebuild = commands.add_parser("rebuild", help="make the datasets from the published files again")
    rebuild.add_argument("folder", metavar="FOLDER", help="the folder in which published/ and facts/ lie")
    rebuild.set_defaults(run=_rebuild)


def _data(options: argparse.Namespace) -> int:
    catalog.bundled()
    write_bytes(downloads.data_package(catalog.datasets_folder()), options.out)
    return ACCEPTED


def _rules(options: argparse.Namespace) -> int:
    write(rule_pack.pandera_module() if options.format == "pandera" else rule_pack.table_schema(), options.out)
    return ACCEPTED


def _rebuild(options: argparse.Namespace) -> int:
    folder = Path(options.folder)
    if not (folder / "published" / "INDEX.csv").is_file():
        raise Complaint(f"{folder} holds no published/INDEX.csv: name the folder in which published/ and facts/ lie.")
    for name, problem in bundle.rebuild(folder, catalog.datasets_folder()):
        print(f"{name}: {problem.severity}: {problem}", file=sys.stderr)
    return ACCEPTED
