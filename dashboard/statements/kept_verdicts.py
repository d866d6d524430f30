"""The verdicts of the statements we ship: worked out once for a version of the data, and kept for the next process."""

from __future__ import annotations

import functools
import json
from dataclasses import fields, replace

import pandas as pd

from dashboard import catalog
from dashboard.catalog.kept_tables import TABLE_CODE, kept
from dashboard.model.intervals import Interval
from dashboard.statements.verdicts import Evaluator, Verdict, bundled_evaluator

_CODE = (*TABLE_CODE, "analysis/*.py", "display/*.py", "display/*.toml", "display/*.csv", "statements/*.py", "statements/*.toml")
_ROWS = ("rows", "printed")


@functools.cache
def bundled_verdicts() -> dict[str, list[Verdict]]:
    """Every reading of each statement we ship against the bundled catalog, by statement, in the order of the files."""
    evaluator = bundled_evaluator()
    verdicts = of_tables(kept("verdicts", catalog.bundled().version, lambda: as_tables(evaluator.all()), _CODE), evaluator)
    by_statement = {name: [] for name in evaluator.statements.statements["statement"]}
    for verdict in verdicts:
        by_statement[verdict.statement].append(verdict)
    return by_statement


def as_tables(verdicts: list[Verdict]) -> dict[str, pd.DataFrame]:
    """Verdicts as tables: one row of JSON each, and the rows that they rest on, with the number of their verdict and their own label."""
    tables = {"verdicts": pd.DataFrame({"json": [json.dumps(_plain(verdict)) for verdict in verdicts]}, dtype="str")}
    for name in _ROWS:
        rows = {position: getattr(verdict, name) for position, verdict in enumerate(verdicts) if getattr(verdict, name) is not None}
        tables[name] = pd.concat(rows, names=["verdict_index", "label"]).reset_index()
    return tables


def of_tables(tables: dict[str, pd.DataFrame], evaluator: Evaluator) -> list[Verdict]:
    """The verdicts that `as_tables` made tables of."""
    rows_of = {name: _by_verdict(tables[name]) for name in _ROWS}
    verdicts = []
    for position, plain in enumerate(map(json.loads, tables["verdicts"]["json"])):
        rests = plain.pop("rests_on_tables")
        verdict = Verdict(**plain)
        verdicts.append(
            replace(
                verdict,
                flags=tuple(verdict.flags),
                claimed=Interval(*verdict.claimed),
                series=verdict.series and Interval(*verdict.series),
                sides=tuple(Interval(*side) for side in verdict.sides),
                tables=evaluator.today if rests else None,
                **{name: rows[position] for name, rows in rows_of.items() if position in rows},
            )
        )
    return verdicts


def _plain(verdict: Verdict) -> dict:
    plain = {field.name: getattr(verdict, field.name) for field in fields(verdict) if field.name not in (*_ROWS, "tables")}
    ends = {"claimed": _ends(verdict.claimed), "series": verdict.series and _ends(verdict.series), "sides": [*map(_ends, verdict.sides)]}
    return plain | ends | {"rests_on_tables": verdict.tables is not None}


def _ends(interval: Interval) -> list[float]:
    return [interval.low, interval.high]


def _by_verdict(rows: pd.DataFrame) -> dict[int, pd.DataFrame]:
    return {
        position: own.drop(columns="verdict_index").set_index("label").rename_axis(None)
        for position, own in rows.groupby("verdict_index", sort=False)
    }
