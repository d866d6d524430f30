"""`series`: one series with its documents."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date

from dashboard import analysis, catalog
from dashboard.analysis import views
from dashboard.analysis.parameters import SERIES, BadParameter, Parameter
from dashboard.cli.terminal import ACCEPTED, write
from dashboard.display import downloads
from dashboard.model import periods


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command of this module."""
    series = commands.add_parser("series", help="print one series with its documents")
    for parameter in SERIES:
        series.add_argument(
            f"--{parameter.name.replace('_', '-')}",
            required=parameter.is_needed,
            type=_reading(parameter),
            help=f"{parameter.help} ({' or '.join(parameter.choices) or f'such as {parameter.example}'})".replace("%", "%%"),
            default=next(iter(parameter.default), None),
            metavar="DATE" if parameter.kind == "day" else None,
        )
    series.add_argument("--format", choices=("csv", "json"), default="csv")
    series.set_defaults(run=_series)


def _series(options: argparse.Namespace) -> int:
    values = {parameter.name: getattr(options, parameter.name) or "" for parameter in SERIES}
    data = catalog.bundled()
    table = analysis.with_totals(data, date.fromisoformat(values["as_of"]) if values["as_of"] else None)
    rows = views.series_rows(values, table)
    for row in rows[rows["low"].isna()].itertuples():
        shown = periods.label(periods.Period.of(row))
        print(f"transparency: {shown}: no number: {row.why}.", file=sys.stderr)
    numbers = downloads.series_rows(rows[rows["low"].notna()], data)
    write(
        downloads.json_rows(numbers) + "\n" if options.format == "json" else downloads.series_csv(numbers, rows[rows["low"].isna()]), None
    )
    return ACCEPTED


def _reading(parameter: Parameter) -> Callable[[str], str]:
    def read(text: str) -> str:
        try:
            return parameter.read(text)
        except BadParameter as problem:
            raise argparse.ArgumentTypeError(str(problem)) from None

    return read
