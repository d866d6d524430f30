"""Rules on one number at a time: its ends, its kind, its band, its requester, its period."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dashboard.model import places
from dashboard.model.intervals import number
from dashboard.reports.problems import Problem
from dashboard.reports.rules.evidence import Evidence, each, shifted

GRIDS = (100, 250, 500, 1000)
"""Widths, in whole numbers, of the bands that US law allows for national security requests."""
OFFERED = 100
"""So many unknown names are offered the nearest known ones; looking for them takes time, and a file of more is of another kind."""
NATIONAL_SECURITY = ("nsl", "fisa_content", "fisa_noncontent", "national_security", "uk_ipa", "uk_ipa_content", "uk_ipa_noncontent")
"""Kinds of demand that may be published in bands only."""

# The courts of the United States have counted wiretaps since the law of 1968.
_FIRST_COUNTS = np.datetime64("1968-01-01", "D").astype(np.int64)


def ends_in_order(evidence: Evidence) -> Iterator[Problem]:
    """The lower end of every interval lies at or below its upper end."""
    for row in evidence.new_rows(evidence.low > evidence.high):
        says = f"has its lower end, {number(evidence.low[row])}, above its upper end, {number(evidence.high[row])}."
        yield evidence.problem("error", "low_above_high", row, says, "Exchange the two ends, or correct one.")


def not_negative(evidence: Evidence) -> Iterator[Problem]:
    """No count and no share lies below zero."""
    for row in evidence.new_rows(evidence.low < 0):
        yield evidence.problem(
            "error", "negative_value", row, "is negative, and a count cannot be.", "Correct the cell, or mark a missing figure with “-”."
        )


def whole_counts(evidence: Evidence) -> Iterator[Problem]:
    """Counts are whole numbers."""
    whole = (np.floor(evidence.low) == evidence.low) & np.isfinite(evidence.low)
    if evidence.high is not evidence.low:
        whole &= np.floor(evidence.high) == evidence.high
    for row in evidence.new_rows(~whole & ~evidence.is_share & ~np.isnan(evidence.low)):
        yield evidence.problem("error", "not_whole", row, "is not a whole number, and a count must be one.", "Correct the cell.")


def shares_within_one(evidence: Evidence) -> Iterator[Problem]:
    """Shares do not exceed the whole."""
    for row in evidence.new_rows(evidence.is_share & (evidence.high > 1)):
        says = f"is above {number(100)} per cent, which no part of a whole can be."
        yield evidence.problem("error", "percent_out_of_range", row, says, "Correct the percentage, or say that the column counts.")


def known_requesters(evidence: Evidence) -> Iterator[Problem]:
    """Every requester is a country code we know; a near miss is offered the nearest names."""
    reported: set[str] = set()
    for row in evidence.new_rows(~evidence.is_in("requester", places.codes())):
        name = evidence.word(row, "requester")
        if name not in reported:
            reported.add(name)
            near = places.nearest(name) if len(reported) <= OFFERED else []
            fix = f"Did you mean {' or '.join(near)}?" if near else "Write the country's English name or ISO code."
            yield evidence.problem("warning", "unknown_requester", row, f"counts for “{name}”, which is not a country we know.", fix)


def bands_on_grid(evidence: Evidence) -> Iterator[Problem]:
    """Bands of national security requests stand on the grid of the law and are no wider than the series' own bands around them.

    A raised lower end is lawful: an order of silence was lifted.
    """
    if not evidence.holds("request_type", NATIONAL_SECURITY) or evidence.is_exact.all():
        return
    lawful = np.zeros(len(evidence), dtype=bool)
    for grid in GRIDS:
        top = evidence.high + 1
        lawful |= (top % grid == 0) & (evidence.low >= top - grid)
    band = ~evidence.is_exact & np.isfinite(evidence.high) & evidence.has_number & ~evidence.is_share
    band &= evidence.is_in("request_type", NATIONAL_SECURITY)
    for row in evidence.new_rows(band & ~lawful):
        says = (
            "is no band of the grid that the law allows: "
            + ", ".join(f"{number(0)}–{number(grid - 1)}" for grid in GRIDS)
            + " or the same further up."
        )
        yield evidence.problem("warning", "band_off_grid", row, says, "Check both ends; keep them if they are printed so.")
    for row, usual in _wider_than_around(evidence, band & lawful):
        says = f"is a band {number(evidence.high[row] - evidence.low[row] + 1)} wide, where the bands before and after it are {number(usual)} wide."
        yield evidence.problem("warning", "band_off_grid", row, says, "Check both ends; keep them if they are printed so.")


def no_future(evidence: Evidence) -> Iterator[Problem]:
    """No period ends after today, as a count is published when its period is over, and none before the first published counts of 1968."""
    today = np.datetime64(evidence.today, "D").astype(np.int64)
    reported: set[tuple[int, int | None]] = set()
    _, last, period = evidence.spans
    for row in evidence.new_rows(((last > today) | (last < _FIRST_COUNTS))[period]):
        end = evidence.days(row)[1]
        code, says = ("future_period", "is not over") if end > today else ("bad_period", "is long before any such count was published")
        says = f"is counted for {evidence.period(row)}, which {says}."
        problem = evidence.problem("warning", code, row, says, "Check the period; the year may be mistyped.")
        if (end, problem.row) not in reported:
            reported.add((end, problem.row))
            yield problem


def _wider_than_around(evidence: Evidence, bands: np.ndarray) -> Iterator[tuple[int, float]]:
    rows, series = evidence.series_of(bands)
    # The grid of the upper end: a raised lower end makes a band narrower and means nothing for its neighbours.
    top = evidence.high[rows] + 1
    width = np.select([evidence.low[rows] >= top - grid for grid in GRIDS], GRIDS, 0).astype(float)
    before = shifted(width, series, (1, 2, 3))
    around = np.vstack([before, shifted(width, series, (-1, -2, -3))])
    usual = np.fmax.reduce(around)
    wider = evidence.is_new[rows] & (np.isfinite(before).sum(axis=0) >= 2) & (usual < width)
    for index in each(np.flatnonzero(wider)):
        yield int(rows[index]), float(usual[index])
