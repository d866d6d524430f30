"""Legal bands over time: where a later edition prints a narrower band for the same period, and where a lower end follows by logic."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from dashboard.catalog.shipped import Catalog
from dashboard.model import vocabulary
from dashboard.model.columns import KEY

ORDERS = ("requests", "orders", "letters")
TARGETS = ("accounts_specified", "accounts_affected", "selectors", "identifiers", "targets")
"""Measures of demands, and of what they are aimed at: nobody is aimed at without a demand."""
_RAISED, _NARROWED, _MOVED = "lower end raised", "narrowed", "another band"
_SHARED = [column for column in KEY if column != "measure"]


def history(catalog: Catalog) -> pd.DataFrame:
    """Every step from a band to another interval that a later document prints for the same key, the oldest period first.

    The columns of `Catalog.reprinted`, and `step`: `lower end raised` (the upper end stands, as where a gag was lifted), `narrowed` (it
    lies inside the earlier band otherwise), `another band` (it does not). Rounded shares are no bands.
    """
    steps = catalog.restated()
    is_band = (steps["earlier_low"] < steps["earlier_high"]) & ~steps["measure"].isin(vocabulary.SHARES)
    steps = steps[is_band & steps["request_type"].isin(national_security(catalog))]
    is_inside = (steps["low"] >= steps["earlier_low"]) & (steps["high"] <= steps["earlier_high"])
    is_raised = is_inside & (steps["high"] == steps["earlier_high"])
    steps = steps.assign(step=np.select([is_raised, is_inside], [_RAISED, _NARROWED], default=_MOVED))
    return steps.sort_values([*KEY, "known_from"], kind="stable", ignore_index=True)


def by_logic(catalog: Catalog) -> pd.DataFrame:
    """Numbers of demands printed with a lower end of zero that cannot be zero, as the same document counts at least one target of theirs.

    One row for each such number of what is known today: the columns of an observation as printed, `derived_low` (1; the upper end stands), and
    `target_measure`, `target_printed`, `target_cell`, the number from which it follows. Nothing of it is stored as printed.
    """
    conclusions = _conclusions.get(catalog)
    if conclusions is None:
        conclusions = _conclusions[catalog] = _concluded(catalog)
    return conclusions


_conclusions: WeakKeyDictionary[Catalog, pd.DataFrame] = WeakKeyDictionary()  # every row that leaves is held against it


def _concluded(catalog: Catalog) -> pd.DataFrame:
    rows = catalog.as_of()
    shared = [*_SHARED, "document"]
    orders = rows[rows["measure"].isin(ORDERS) & (rows["low"] == 0) & (rows["high"] > 0)]
    targets = rows[rows["measure"].isin(TARGETS) & (rows["low"] >= 1)]
    targets = targets.drop_duplicates(shared)[[*shared, "measure", "printed", "cell"]]
    named = {name: f"target_{name}" for name in ("measure", "printed", "cell")}
    implied = orders.merge(targets.rename(columns=named), on=shared)
    return implied.assign(derived_low=1.0).sort_values([*KEY], ignore_index=True)


def national_security(catalog: Catalog) -> set[str]:
    """The kinds of demand that the law lets publishers tell in bands only: those of national security, and their parts."""
    parents = dict(zip(catalog.request_types["request_type"], catalog.request_types["parent"], strict=True))
    kinds = {"national_security", "uk_ipa"}
    return {kind for kind, parent in parents.items() if kind in kinds or parent in kinds}
