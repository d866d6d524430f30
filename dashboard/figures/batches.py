"""Figures by the dozen: a list of views in, files out; and saved files in, findings out. What the command line does with figures."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd

from dashboard import analysis, figures
from dashboard.analysis.views import FIELDS, View
from dashboard.catalog.shipped import Catalog
from dashboard.figures import Figure, Unfit, briefs, evidence, pictures
from dashboard.figures.request import OPTIONS, SEVERAL

KINDS = (*pictures.KINDS, "csv", "xlsx", "zip")
"""Endings of files that a figure can be saved as."""
_WIDTH = 24


@dataclass(frozen=True)
class Job:
    """One figure and where it is written."""

    figure: Figure
    out: Path
    outlines: bool = False


def figure(view: str, **options) -> Figure:
    """The figure of a view, given as an address or as the query in it, in the dress that the options name; None leaves one as it is.

    Raises `Unfit` for a part of the address that means nothing.
    """
    query = urlsplit(view).query if "?" in view else view.strip().removeprefix("&")
    given = parse_qs(query, keep_blank_values=True, max_num_fields=500)
    if query and "=" not in query:
        raise Unfit(f"“{view[:60]}” names no view; copy the address of one, or write like reporter=google&requester=DEU.")
    for name in given:
        if name not in {*FIELDS, *OPTIONS, *SEVERAL}:
            raise Unfit(f"A view has no “{name[:40]}”; it has {', '.join(FIELDS)}.")
    _, problems = View.read(given)
    for problem in problems:
        raise Unfit(str(problem))
    figure, problems = Figure.read(given)
    several = {name: tuple(options.pop(name, ())) or getattr(figure, name) for name in SEVERAL}
    for problem in [*problems, *Figure.read(several)[1]]:
        raise Unfit(problem)
    return replace(figure, **several, **{name: value for name, value in options.items() if value is not None})


def read(data: bytes, name: str, folder: Path) -> list[Job]:
    """The figures that a TOML file lists, with their places in a folder. Raises `Unfit` with the entry that is wrong."""
    try:
        content = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unfit(f"{name} is no sound TOML: {error}.") from None
    entries = content.get("figure")
    if not isinstance(entries, list) or not entries or set(content) != {"figure"}:
        raise Unfit(f"{name} lists no figures: write one [[figure]] for each, with view and out.")
    jobs = []
    for number, entry in enumerate(entries, start=1):
        where = f"{name}, figure {number}"
        if not isinstance(entry, dict) or not {"view", "out"} <= set(entry):
            raise Unfit(f"{where}: needs view and out.")
        options = {key: value for key, value in entry.items() if key not in ("view", "out", "outlines")}
        for key, value in options.items():
            if key not in (*OPTIONS, *SEVERAL):
                raise Unfit(f"{where}: there is no “{key}”; beside view and out there are {', '.join([*OPTIONS, *SEVERAL])} and outlines.")
            if not isinstance(value, list if key in SEVERAL else str):
                raise Unfit(f"{where}, {key}: write {'a list of names' if key == 'statement' else 'a text in quotation marks'}.")
        try:
            request = figure(str(entry["view"]), **options)
        except Unfit as unfit:
            raise Unfit(f"{where}: {unfit}") from None
        jobs.append(Job(request, folder / str(entry["out"]), entry.get("outlines") is True))
    return jobs


def drawn(jobs: list[Job], catalog: Catalog) -> Iterator[tuple[Job, bytes | str, tuple[str, ...]]]:
    """Each job with its file, or with the sentence that says why there is none; and what its author should know of what was drawn."""
    table_of = _tables(catalog)
    for job in jobs:
        try:
            yield job, *_file(job, catalog, table_of(job.figure.view.known_on))
        except (Unfit, analysis.Unanswerable) as unfit:
            yield job, str(unfit), ()


def brief(jobs: list[Job], kind: str, catalog: Catalog) -> bytes:
    """The figures of some jobs as one brief of a kind, `zip` or `pdf`. Raises `Unfit` where one of them cannot be drawn."""
    table_of = _tables(catalog)
    drawings = [figures.draw(job.figure, catalog, table=table_of(job.figure.view.known_on)) for job in jobs]
    return briefs.brief(drawings, kind, catalog, table_of)


def verified(files: dict[str, bytes], catalog: Catalog, keys: dict[str, str] | None = None) -> Iterator[tuple[str, dict]]:
    """Each file with what its record says today, as plain values; `keys` names further keys, in hex, that are known."""
    table_of = _tables(catalog)
    for name, data in files.items():
        yield name, {"file": Path(name).name} | evidence.as_json(evidence.verify(data, catalog, table_of=table_of, keys=keys))


def progress(done: int, all_: int, name: str) -> str:
    """A bar for the terminal that stands on one line."""
    filled = round(_WIDTH * done / all_)
    line = f"\r[{'#' * filled}{'.' * (_WIDTH - filled)}] {done} of {all_} {name[:40]:<40}"
    return line + ("\n" if done == all_ else "")


def _tables(catalog: Catalog) -> Callable[[date | None], pd.DataFrame]:
    # The complete table as known on a day, made once for all that are of that day.
    return functools.cache(functools.partial(analysis.with_totals, catalog))


def _file(job: Job, catalog: Catalog, table: pd.DataFrame) -> tuple[bytes, tuple[str, ...]]:
    kind = job.out.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise Unfit(f"a figure is saved as {', '.join(f'.{kind}' for kind in KINDS)}; “{job.out.name}” is none of them.")
    drawing = figures.draw(job.figure, catalog, table=table)
    if kind in ("csv", "xlsx"):
        return pictures.data(drawing, kind, catalog), ()
    if kind == "zip":
        files = {kind: pictures.saved(drawing, kind, catalog, table=table, outlined=job.outlines) for kind in pictures.KINDS}
        return pictures.everything(drawing, catalog, files, table=table), drawing.remarks
    return pictures.saved(drawing, kind, catalog, table=table, outlined=job.outlines), drawing.remarks
