"""Rules between the figures of one row: rates and counts, what was disclosed and what was received, accounts and requests."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dashboard.model import vocabulary
from dashboard.model.intervals import Interval, counted, counts_allowed, nearest_possible, number
from dashboard.reports.problems import Problem
from dashboard.reports.rules.evidence import Evidence, decimals_of

DISCLOSED = ("requests_some_data", "requests_content", "requests_noncontent")
"""Requests that were answered with data: some of those received."""
OTHER_OUTCOMES = ("requests_no_data", "requests_rejected", "requests_challenged", "requests_processed")
"""Requests that ended otherwise, or in any way: some of those received as well."""
NAMED = ("accounts_specified", "identifiers")
"""What a request names; as a rule at least one each. Not every account named is affected."""
_NOISE = 1e-9


def possible_rates(evidence: Evidence) -> Iterator[Problem]:
    """Some whole number of the requests rounds to the percentage printed beside them (the GRIM test)."""
    if not evidence.holds("measure", vocabulary.SHARES):
        return
    requests, _ = evidence.values_beside("requests")
    for row in evidence.new_rows(_impossible(evidence)):
        whole = int(requests[row])
        share = Interval(evidence.low[row], evidence.high[row])
        if whole:
            decimals = decimals_of(share.low, share.high) + 1
            near = nearest_possible(share, whole)
            nearest = " and ".join(f"{number(count)} would be {number(100 * count / whole, decimals)} %" for count in near)
            says = f"cannot come of {_requests(whole)} ({_where(evidence, row, 'requests')}): {nearest}."
        else:
            says = f"cannot come of {_requests(whole)} ({_where(evidence, row, 'requests')}), of which there is no share."
        yield evidence.problem(
            "warning", "impossible_rate", row, says, "Check the percentage and the number of requests; keep them if they are printed so."
        )


def rates_match_counts(evidence: Evidence) -> Iterator[Problem]:
    """A printed rate is that of the counts printed beside it, within its rounding."""
    if not evidence.holds("measure", ("share_some_data",)):
        return
    low, high = evidence.values_beside("requests")
    part_low, part_high = _disclosed(evidence)
    above = part_low / high > evidence.high + _NOISE
    below = part_high / low < evidence.low - _NOISE
    # More disclosed than received is told where the counts are; and an impossible rate once only.
    wrong = (above | below) & (part_low <= high) & ~_impossible(evidence) & evidence.is_in("measure", ("share_some_data",))
    for row in evidence.new_rows(wrong):
        part_text = f"{number(part_low[row])}" + ("" if part_low[row] == part_high[row] else f"–{number(part_high[row])}")
        is_exact = part_low[row] == part_high[row] and low[row] == high[row]
        decimals = decimals_of(evidence.low[row], evidence.high[row]) + 1
        makes = f", which is {number(100 * part_low[row] / high[row], decimals)} %" if is_exact else ""
        says = f"is not the rate of {part_text} out of {_requests(low[row], high[row])} ({_where(evidence, row, *DISCLOSED, 'requests')}){makes}."
        yield evidence.problem("warning", "rate_mismatch", row, says, "Check the rate and both counts; keep them if they are printed so.")


def outcomes_within_received(evidence: Evidence) -> Iterator[Problem]:
    """No more requests ended in one way, or with content and with other data disclosed together, than were received."""
    if not evidence.holds("measure", DISCLOSED + OTHER_OUTCOMES):
        return
    low, high = evidence.values_beside("requests")
    exceeds = evidence.is_in("measure", DISCLOSED + OTHER_OUTCOMES) & (evidence.low > high)
    is_disclosed = evidence.is_in("measure", DISCLOSED)
    for row in evidence.new_rows(exceeds):
        says = f"is more than the {_requests(low[row], high[row])} received ({_where(evidence, row, 'requests')}), of which it is a part."
        code = "disclosed_exceeds_received" if is_disclosed[row] else "total_mismatch"
        yield evidence.problem("warning", code, row, says, "Check both counts; one may count accounts.")
    both_low, _ = _content_and_not(evidence)
    total = evidence.is_in("measure", ("requests_content",)) & (both_low > high)
    for row in evidence.new_rows(total & ~exceeds):
        if evidence.low[evidence.beside("requests_noncontent")[row]] > high[row]:
            continue
        says = (
            f"and {_where(evidence, row, 'requests_noncontent')} make {number(both_low[row])} with data disclosed, "
            f"more than the {_requests(low[row], high[row])} received ({_where(evidence, row, 'requests')})."
        )
        yield evidence.problem("warning", "disclosed_exceeds_received", row, says, "Check the three counts.")


def accounts_at_least_requests(evidence: Evidence) -> Iterator[Problem]:
    """Where fewer accounts than requests are printed that is worth a note: several requests may name one account."""
    if not evidence.holds("measure", NAMED):
        return
    low, _ = evidence.values_beside("requests")
    below = evidence.is_in("measure", NAMED) & evidence.has_number & (evidence.high < low)
    for row in evidence.new_rows(below):
        says = f"is below the number of requests, {number(low[row])} ({_where(evidence, row, 'requests')})."
        fix = "Nothing need be done if several requests named one account."
        yield evidence.problem("note", "accounts_below_requests", row, says, fix)


def _impossible(evidence: Evidence) -> np.ndarray:
    low, high = evidence.values_beside("requests")
    whole = np.where((low == high) & evidence.is_share & evidence.has_number, low, np.nan)
    least, largest = counts_allowed(evidence.low, evidence.high, whole)
    none = least > largest
    return none | ((whole == 0) & (evidence.low > 0))


def _disclosed(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    # Requests with some data: as printed, else those with content and those with other data only, which are disjoint.
    low, high = evidence.values_beside("requests_some_data")
    both_low, both_high = _content_and_not(evidence)
    return np.where(np.isnan(low), both_low, low), np.where(np.isnan(high), both_high, high)


def _content_and_not(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    content, noncontent = evidence.values_beside("requests_content"), evidence.values_beside("requests_noncontent")
    return content[0] + noncontent[0], content[1] + noncontent[1]


def _requests(low: float, high: float | None = None) -> str:
    return counted(low, "request") if high is None or low == high else f"{number(low)}–{number(high)} requests"


def _where(evidence: Evidence, row: int, *measures: str) -> str:
    beside = [int(evidence.beside(measure)[row]) for measure in measures]
    return ", ".join(evidence.cell(there) for there in beside if there >= 0)
