"""Figures quoted from texts: court filings, testimony, company posts and official statistics that no file holds.

They stand in a table of sourced figures, one row for each figure and source. Which of them become observations, and as
what, is said in `datasets/facts_mapping.csv`; what the sources' own list leaves open about a document (its day, its
title, whose it is) in `datasets/facts_documents.csv`.
"""

from __future__ import annotations

import calendar
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from dashboard.build.documents import licence
from dashboard.catalog.package import known
from dashboard.model import places
from dashboard.model.columns import OBSERVATION_COLUMNS
from dashboard.model.intervals import Interval, rounded_share, text
from dashboard.model.periods import Period, year
from dashboard.model.tables import Document, described

FORMS = ("count", "fewer than", "share", "each year")
"""How a figure reads: a count or band as it stands; below a number; a percentage with its rounding; a range of annual values."""

_DATASETS = Path(__file__).resolve().parents[2] / "datasets"
_SEEN = ("seen", "seen-secondary")


@dataclass(frozen=True)
class _Quoted:
    """A figure with the line of the mapping that takes it, its period and the document it becomes part of."""

    figure: dict[str, str]
    line: dict[str, str]
    period: Period
    document: str


def read_facts(folder: Path, datasets: Path = _DATASETS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The observations and documents that the mapping takes from `figures.csv` and `sources.csv` in a folder."""
    figures = _rows(folder / "figures.csv")
    sources = {source["url"]: source for source in _rows(folder / "sources.csv") if source["url"]}
    mapping = _rows(datasets / "facts_mapping.csv")
    entries = {entry["of"]: entry for entry in _rows(datasets / "facts_documents.csv")}

    quoted = [_quoted(figure, line, sources) for line in mapping for figure in _taken(figures, line, mapping, sources)]
    rows = [row for item in quoted for row in _observations(item)]
    observations = pd.DataFrame(rows, columns=OBSERVATION_COLUMNS)
    for column in ("period_start", "period_end"):
        observations[column] = pd.to_datetime(observations[column]).astype("datetime64[s]")

    by_document: dict[str, list[_Quoted]] = {}
    for item in quoted:
        by_document.setdefault(item.document, []).append(item)
    documents = [_document(name, items, sources, entries) for name, items in by_document.items()]
    return observations.astype({"low": float, "high": float}), pd.DataFrame(documents, columns=list(described(Document)))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _taken(
    figures: list[dict[str, str]], line: dict[str, str], mapping: list[dict[str, str]], sources: dict[str, dict[str, str]]
) -> list[dict[str, str]]:
    # A line takes every figure of its metric that no narrower line names, by the figure or by its source. A figure that
    # repeats another is taken only where it is named: the day on which a number was repeated or changed may matter.
    own = [other for other in mapping if (other["publisher"], other["metric"]) == (line["publisher"], line["metric"])]
    named_figures = {other["figure"] for other in own} - {line["figure"], ""}
    named_sources = {other["source"] for other in own} - {line["source"], ""} if not line["source"] and not line["figure"] else set()
    taken = [
        figure
        for figure in figures
        if (figure["reporter"], figure["metric"]) == (line["publisher"], line["metric"])
        and figure["confidence"] in _SEEN
        and line["figure"] in ("", figure["id"])
        and line["source"] in ("", sources[figure["source_url"]]["id"])
        and figure["id"] not in named_figures
        and sources[figure["source_url"]]["id"] not in named_sources
        and (line["figure"] or "dup_of=" not in figure["notes"])
    ]
    if not taken:
        named = " ".join(line[name] for name in ("publisher", "metric", "source", "figure") if line[name])
        raise ValueError(f"the mapping takes {named}, and there is no such figure")
    return taken


def _quoted(figure: dict[str, str], line: dict[str, str], sources: dict[str, dict[str, str]]) -> _Quoted:
    start, end = (date.fromisoformat(line[name] or figure[name]) for name in ("period_start", "period_end"))
    period = Period(start, end)
    name = line["document"] or sources[figure["source_url"]]["id"]
    if line["editions"]:
        # The source stands for a series of reports, one for each period.
        name = f"{name}-{re.sub(r'[^a-z0-9]+', '-', str(period).lower())}"
    return _Quoted(figure, line, period, f"{line['reporter']}/quoted/{name}")


def _observations(item: _Quoted) -> Iterator[tuple]:
    figure, line = item.figure, item.line
    value, printed = _value(figure, line)
    requester = {"US": "USA", "US federal": "USA", "US state": "USA", "global": places.WORLD}.get(figure["jurisdiction"]) or places.code(
        figure["jurisdiction"]
    )
    if requester is None:
        raise ValueError(f"figure {figure['id']}: {figure['jurisdiction']} is no requester")
    figure_name = f"figure {figure['id']}"
    yearly = line["form"] == "each year"
    periods = [year(number) for number in range(item.period.start.year, item.period.end.year + 1)] if yearly else [item.period]
    for period in periods:
        yield (
            line["reporter"],
            line["service"],
            requester,
            line["authority"],
            line["request_type"],
            line["measure"],
            period.start,
            period.end,
            value.low,
            value.high,
            printed,
            item.document,
            f"{figure_name}, {period}" if yearly else figure_name,
        )


def _value(figure: dict[str, str], line: dict[str, str]) -> tuple[Interval, str]:
    low, high = figure["value_low"], figure["value_high"]
    step = float(line["step"] or 0)
    form = line["form"]
    if form == "fewer than" and not low and high:
        value, printed = Interval(0, float(high) - 1), f"fewer than {int(high):,}"
    elif not low or not high:
        raise ValueError(f"figure {figure['id']}: an end is missing, and “{form}” needs both")
    elif form == "share":
        value, printed = _share(low, high, step), f"{low.removesuffix('.0')}%"
    elif form in ("count", "each year"):
        value = Interval(float(low) - step / 2, float(high) + step / 2)
        printed = text(Interval(float(low), float(high)))
    else:
        raise ValueError(f"“{form}” is no form of a figure; the forms are {', '.join(FORMS)}")
    return value, line["printed"] or printed


def _share(low: str, high: str, step: float) -> Interval:
    if low != high:
        raise ValueError(f"a share is one percentage, not {low} to {high}")
    if step:
        return Interval(max(0.0, (float(low) - step / 2) / 100), min(1.0, (float(low) + step / 2) / 100))
    return rounded_share(low.removesuffix(".0"))


def _document(name: str, items: list[_Quoted], sources: dict[str, dict[str, str]], described: dict[str, dict[str, str]]) -> dict:
    # What is said of this very document goes before what is said of its source, and both before the list of sources.
    source = sources[items[0].figure["source_url"]]
    own, general = described.get(name, {}), described.get(source["id"], {})

    def stated(column: str, otherwise: str = "") -> str:
        return own.get(column) or general.get(column) or otherwise

    last = max((item.period for item in items), key=lambda period: period.end)
    published = stated("published", source["date"] if re.fullmatch(r"\d{4}-\d{2}-\d{2}", source["date"]) else "")
    if stated("known_from"):
        published = ""
    known_from, basis = _known(published, stated("known_from"), source["date"], last)
    is_seen = all(item.figure["confidence"] == "seen" for item in items)
    title = stated("title", source["title"])
    return {
        "document": name,
        "reporter": items[0].line["reporter"],
        "title": f"{title}, {last}" if items[0].line["editions"] else title,
        "edition": published or str(last),
        "published": published,
        "known_from": pd.Timestamp(known_from),
        "known_from_basis": basis,
        "url": stated("url", source["url"]),
        "sha256": "",
        "form": stated("form", "quoted"),
        "seen": "seen" if is_seen else "seen-secondary",
        "replaces": "",
        "note": stated("note", "" if is_seen else f"Read in another's text: {source['publisher']}."),
        "seen_on": "",
        "archived": source["url"] if re.search(r"/blob/[0-9a-f]{40}/|web\.archive\.org/web/\d", source["url"]) else "",
        "licence": licence(items[0].line["reporter"], stated("form", "quoted")),
    }


def _known(published: str, settled: str, source_date: str, last: Period) -> tuple[date, str]:
    if published:
        return date.fromisoformat(published), "published"
    if settled:
        return date.fromisoformat(settled), "seen"
    return known(_last_day(source_date), last)


def _last_day(source_date: str) -> date | None:
    """The last day of a year or month: by then a source of that date had certainly appeared."""
    if match := re.fullmatch(r"(\d{4})(?:-(\d{2}))?", source_date):
        month = int(match[2] or 12)
        return date(int(match[1]), month, calendar.monthrange(int(match[1]), month)[1])
    return None
