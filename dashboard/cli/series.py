"""`series`, `data`, `rebuild`: one series with its documents, everything we ship, and the datasets made again."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dashboard import analysis, catalog
from dashboard.build import rebuild as bundle
from dashboard.cli.terminal import ACCEPTED, Complaint, day_of, write, write_bytes
from dashboard.display import downloads
from dashboard.model import periods, places


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands of this module."""
    series = commands.add_parser("series", help="print one series with its documents")
    series.add_argument("--reporter", required=True, help="who published the count: microsoft, google …")
    series.add_argument("--requester", required=True, help="whose government asked: a country, as ISO code or name, or WLD for all")
    series.add_argument("--measure", required=True, help="what is counted: requests, accounts_specified …")
    series.add_argument("--request-type", help="the kind of demand (default: the reporter's total)")
    series.add_argument("--service", help="which service (default: all)")
    series.add_argument("--authority", help="which authority asked (default: any)")
    series.add_argument("--from", type=day_of, metavar="DATE", help="first day")
    series.add_argument("--to", type=day_of, metavar="DATE", help="last day")
    series.add_argument("--by", choices=("as-published", "year"), default="as-published", help="sum to calendar years, or not")
    series.add_argument("--as-of", type=day_of, metavar="DATE", help="as known on that day")
    series.add_argument("--format", choices=("csv", "json"), default="csv")
    series.set_defaults(run=_series)

    data = commands.add_parser("data", help="write everything we ship as a Data Package")
    data.add_argument("--out", required=True, metavar="bundle.zip")
    data.set_defaults(run=_data)

    rebuild = commands.add_parser("rebuild", help="make the datasets from the published files again")
    rebuild.add_argument("folder", metavar="FOLDER", help="the folder in which published/ and facts/ lie")
    rebuild.set_defaults(run=_rebuild)


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
    found = downloads.series_rows(rows[rows["low"].notna()], table, catalog.bundled())
    write(downloads.json_rows(found) + "\n" if options.format == "json" else downloads.plain_csv(found), None)
    return ACCEPTED


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
