"""What tells one series of a chart from another: its key in an address, its colour, and whether it stands back."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from dashboard import analysis
from dashboard.analysis.views import View
from dashboard.catalog.shipped import Catalog
from dashboard.display import colours
from dashboard.model.columns import KEY


def series_key(reporter: str, requester: str, request_type: str) -> str:
    """The name of a series in an address: `google/USA`, and its kind of demand where it is not the total."""
    return "/".join([reporter, requester, *([request_type] if request_type != "all" else [])])


def series_keys(rows: pd.DataFrame) -> dict[str, str]:
    """The key of each series, by its `label`, in the order of the rows."""
    return {
        label: series_key(reporter, requester, request_type)
        for label, (reporter, _, requester, _, request_type, _) in analysis.labelled_series(rows).items()
    }


def series_colours(rows: pd.DataFrame, view: View | None = None) -> dict[str, str]:
    """The colour of each series, by its `label`: over time its own, in any other shape, in which each series has its name, that of its reporter.

    Over time the reporter's colour is that of the first of its series, in the order in which the `view` names countries and kinds of demand:
    it keeps it when another is added.
    """
    view, series = view or View(), analysis.labelled_series(rows)
    if view.shape != "time":
        shades = colours.of_series({reporter: (reporter,) for reporter, *_ in series.values()})
        return {label: shades[reporter] for label, (reporter, *_) in series.items()}
    keys = {
        label: (reporter, requester, request_type, service, authority, measure)
        for label, (reporter, service, requester, authority, request_type, measure) in series.items()
    }
    chosen = (view.requester, view.type, view.service, view.authority)

    def order_in_view(label: str) -> list[int]:
        return [codes.index(code) if code in codes else len(codes) for codes, code in zip(chosen, keys[label][1:], strict=False)]

    shades = colours.of_series({label: keys[label] for label in sorted(keys, key=order_in_view)})
    return {label: shades[label] for label in keys}


def earlier_numbers(view: View, rows: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """What a chart over time shows faint beside its rows, each with the `label` of its series: numbers that another edition prints otherwise or withdrew.

    Columns as of `Catalog.printed_otherwise`; `shown_low` and `shown_high` of a withdrawn number are missing. Empty for other shapes and for rates.
    """
    is_drawn = view.shape in ("time", "multiples") and not view.is_scaled
    other = catalog.printed_otherwise(rows if is_drawn else rows.iloc[:0], view.known_on)
    other["label"] = other["row"].map(rows["label"])
    labels = {codes: label for label, codes in analysis.labelled_series(rows).items()}
    if not is_drawn or view.scale == "calendar" or labels.keys().isdisjoint(catalog.withdrawn_series):
        return other
    gone = catalog.withdrawn_by_now
    gone = gone.assign(label=[labels.get(key) for key in zip(*(gone[column] for column in analysis.SERIES), strict=True)])
    known_from = gone["document"].map(catalog.documents.set_index("document")["known_from"])
    gone = gone[gone["label"].notna() & (known_from <= pd.Timestamp(view.known_on or pd.Timestamp.max))]
    is_there = pd.MultiIndex.from_frame(gone[[*KEY]]).isin(pd.MultiIndex.from_frame(rows.dropna(subset=["low"])[[*KEY]]))
    return pd.concat([other, gone[~is_there]], ignore_index=True)


def muted_series(rows: pd.DataFrame, focus: Collection[str], muted: Collection[str]) -> frozenset[str]:
    """The labels of the series that stand back: those whose keys are muted, and where some are in focus all others."""
    keys = series_keys(rows)
    focused = {label for label, key in keys.items() if key in focus}
    return frozenset(label for label, key in keys.items() if key in muted or (focused and label not in focused))
