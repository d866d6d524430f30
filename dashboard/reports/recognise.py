"""Which layout is this? Header words decide; a file of no known layout is refused here."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from pathlib import Path

from dashboard.model import places
from dashboard.model.periods import Period
from dashboard.reports import layouts
from dashboard.reports.cells.json_tables import in_tables
from dashboard.reports.cells.reading import File, read
from dashboard.reports.problems import refuse
from dashboard.reports.tables.declared import declared_layouts
from dashboard.reports.tables.drafts import Draft, Layout

_WORLD_BANK = {"country name", "country code", "year", "value"}


@functools.cache
def known_layouts() -> tuple[Layout, ...]:
    """Every layout: the declared ones in the order of their files' names, then those of the modules."""
    declared = declared_layouts(Path(layouts.__path__[0]))
    modules = sorted(module.name for module in pkgutil.iter_modules(layouts.__path__))
    return (
        *declared,
        *(layout for name in modules for layout in getattr(importlib.import_module(f"{layouts.__name__}.{name}"), "LAYOUTS", ())),
    )


def layout_of(file: File) -> Layout:
    """The one layout that recognises a file; raises `Refused` where none does."""
    tables = in_tables(file)
    for layout in known_layouts():
        if layout.recognises(tables if layout.is_declared else file):
            return layout
    if what := no_report(file):
        raise refuse("unknown_layout", f"The file is no report: it {what}.", "Bring a report as it was published.")
    raise refuse(
        "unknown_layout",
        "The file is a table, but of no layout that we know.",
        "Bring a report of " + ", ".join(sorted({layout.reporter for layout in known_layouts()} - {""})) + " as it was published.",
    )


def read_report(name: str, data: bytes, period: Period | None = None, document: str | None = None) -> tuple[Layout, Draft]:
    """Read a published report: its layout, and a draft with its observations and problems."""
    file = read(name, data)
    layout = layout_of(file)
    draft = Draft(layout.reporter, document or file.stem, period)
    tables = layout.tabled(file)
    draft.problems += tables.problems[len(file.problems) :]
    layout.read(tables, draft)
    return layout, draft


def no_report(file: File) -> str | None:
    """What a file is that lies beside reports and may be brought by mistake; None where it is none that we know."""
    resources = file.json.get("resources") if isinstance(file.json, dict) else None
    if isinstance(resources, list) and any(isinstance(one, dict) and {"name", "path"} <= one.keys() for one in resources):
        return "describes the files of a Data Package and holds no figures"
    for sheet in file.sheets:
        # The World Bank's own groups of countries among the codes tell its tables from a visitor's.
        if sheet.rows and {places.fold(cell) for cell in sheet.rows[0]} == _WORLD_BANK and any("ARB" in row for row in sheet.rows):
            return "is a table of the World Bank, such as that of population"
    return None
