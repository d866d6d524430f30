"""How an accepted report is written down to be kept, and read back: a record in JSON, and its numbers in Parquet, which carries the record."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from datetime import UTC, datetime

import pandas as pd
import pyarrow as arrow
import pyarrow.parquet

from dashboard.catalog import own_reports
from dashboard.catalog.own_reports import Report
from dashboard.model import periods
from dashboard.reports.problems import Problem
from dashboard.reports.tables.frames import SCHEMA
from dashboard.workspace.place import StoreProblem

_RECORD = b"transparency"


def record_of(report: Report, owner: str, by: str) -> str:
    """What a list shows of a report and what is read with its numbers, as JSON; `by` is the owner as others are shown them."""
    table = report.observations
    covered = periods.Period.over(table)
    return json.dumps(
        {
            "owner": owner,
            "id": report.id,
            "name": report.name,
            "sha256": report.sha256,
            "size": report.size,
            "by": by,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "observations": len(table),
            "reporters": sorted(set(table["reporter"])),
            "period": periods.label(covered),
            "documents": _texts(report.documents),
            "new_reporters": _texts(report.reporters),
            "problems": [asdict(problem) for problem in report.problems],
            "mapping": report.mapping,
        }
    )


def table_of(report: Report, record: str) -> bytes:
    """Its numbers as Parquet with the record, so that the catalogue can be made again from the tables alone."""
    schema = SCHEMA.with_metadata({_RECORD: record.encode()})
    target = io.BytesIO()
    arrow.parquet.write_table(arrow.Table.from_pandas(report.observations, schema=schema, preserve_index=False), target, compression="zstd")
    return target.getvalue()


def record_in(data: bytes) -> dict | None:
    """The record that a table carries; None where the bytes are no such table."""
    try:
        return json.loads(arrow.parquet.read_schema(io.BytesIO(data)).metadata[_RECORD])
    except (ValueError, KeyError, TypeError, OSError):
        return None


def report_of(record: dict, table: bytes) -> Report:
    """The report that was written down. Raises `StoreProblem` where that was done by a program whose vocabulary or columns were others."""
    try:
        observations = own_reports.typed(arrow.parquet.read_table(io.BytesIO(table)).to_pandas(date_as_object=False))
        own_reports.check_words(observations)
        return Report(
            record["id"],
            record["name"],
            record["sha256"],
            record["size"],
            None,
            observations,
            own_reports.as_documents(record["documents"]),
            own_reports.as_reporters(record["new_reporters"]),
            tuple(Problem(**{word: one[word] for word in Problem.__dataclass_fields__ if word in one}) for one in record["problems"]),
            record.get("mapping", ""),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise StoreProblem(f"“{record['name']}” was kept by another version of this program ({error}): bring the file again.") from error


def _texts(table: pd.DataFrame) -> list[dict[str, str]]:
    # Days as texts, everything else in these tables is one.
    days = {column: table[column].dt.strftime("%Y-%m-%d") for column in table.columns if table[column].dtype.kind == "M"}
    return table.assign(**days).to_dict("records")
