"""`data`, `rebuild`: everything we ship, and the datasets made again."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dashboard import catalog
from dashboard.build import rebuild as bundle
from dashboard.cli.terminal import ACCEPTED, Complaint, write_bytes
from dashboard.display import downloads


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands of this module."""
    data = commands.add_parser("data", help="write everything we ship as a Data Package")
    data.add_argument("--out", required=True, metavar="bundle.zip")
    data.set_defaults(run=_data)

    rebuild = commands.add_parser("rebuild", help="make the datasets from the published files again")
    rebuild.add_argument("folder", metavar="FOLDER", help="the folder in which published/ and facts/ lie")
    rebuild.set_defaults(run=_rebuild)


def _data(options: argparse.Namespace) -> int:
    catalog.bundled()
    write_bytes(downloads.data_package(catalog.datasets_folder()), options.out)
    return ACCEPTED


def _rebuild(options: argparse.Namespace) -> int:
    folder = Path(options.folder)
    if not (folder / "published" / "INDEX.csv").is_file():
        raise Complaint(f"{folder} holds no published/INDEX.csv: name the folder in which published/ and facts/ lie.")
    for name, problem in bundle.rebuild(folder, catalog.datasets_folder()):
        print(f"{name}: {problem.severity}: {problem}", file=sys.stderr)
    return ACCEPTED
