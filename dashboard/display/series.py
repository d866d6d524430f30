"""What tells one series of a chart from another: its key in an address, its colour, and whether it stands back."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from dashboard import analysis
from dashboard.display import colours


def series_key(reporter: str, requester: str, request_type: str) -> str:
    """The name of a series in an address: `google/USA`, and its kind of demand where it is not the total."""
    return "/".join([reporter, requester, *([request_type] if request_type != "all" else [])])


def series_keys(rows: pd.DataFrame) -> dict[str, str]:
    """The key of each series, by its `label`, in the order of the rows."""
    return {
        label: series_key(reporter, requester, request_type)
        for label, (reporter, _, requester, _, request_type, _) in analysis.labelled_series(rows).items()
    }


def series_colours(rows: pd.DataFrame) -> dict[str, str]:
    """The colour of each series, by its `label`."""
    keys = {
        label: (reporter, requester, request_type, service, authority, measure)
        for label, (reporter, service, requester, authority, request_type, measure) in analysis.labelled_series(rows).items()
    }
    return colours.of_series(keys)


def muted_series(rows: pd.DataFrame, focus: Collection[str], muted: Collection[str]) -> frozenset[str]:
    """The labels of the series that stand back: those whose keys are muted, and where some are in focus all others."""
    keys = series_keys(rows)
    focused = {label for label, key in keys.items() if key in focus}
    return frozenset(label for label, key in keys.items() if key in muted or (focused and label not in focused))
