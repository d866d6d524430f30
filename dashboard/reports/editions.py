"""What changed between two editions: a redline of every figure as new, unchanged, restated or withdrawn."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from dashboard.model import vocabulary
from dashboard.model.columns import KEY
from dashboard.model.intervals import Interval, ceiling, counted, floor, listed, number, plain_number, text
from dashboard.model.periods import Period
from dashboard.reports.rules.evidence import percent, words_of_series
from dashboard.reports.rules.past import EARLIER_EDITION
from dashboard.reports.words import numbers

NEW, UNCHANGED, RESTATED, WITHDRAWN = "new", "unchanged", "restated", "withdrawn"
STATES = (RESTATED, WITHDRAWN, NEW, UNCHANGED)
"""What can become of a figure, in the order in which a reader wants to know."""
VALUES = ["low", "high", "printed", "document", "cell"]
"""What a figure is, apart from its key."""
COLUMNS = [
    *KEY,
    "state",
    "change",
    *(f"held_{column}" for column in VALUES),
    *VALUES,
    "difference_low",
    "difference_high",
    "relative_low",
    "relative_high",
]
"""The columns of a redline: the key, what became of the figure, the old value, the new one, and the size of a restatement."""
_FINEST, _NOISE = 6, 10
_KIND = ["reporter", "service", "authority", "request_type", "measure"]


def redline(known: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Every figure of two tables, one row for each key, with what became of it from the first to the second.

    Where a key comes twice in a table the first stands. For a restated figure `change` says in which way (`rose`, `fell`,
    `narrowed`, `widened`, `moved`), `difference_…` is new minus old and `relative_…` that over old, both in the worst cases;
    a relative change from nought has no number, and one that may be from nought has no upper end.
    """
    both = _once(known).merge(_once(new), on=KEY, how="outer", suffixes=("_held", ""), indicator=True, sort=True)
    both = both.rename(columns={f"{column}_held": f"held_{column}" for column in VALUES})
    same = (both["low"] == both["held_low"]) & (both["high"] == both["held_high"])
    for row in both.index[both["_merge"].eq("both") & ~same & both["measure"].isin(vocabulary.SHARES)]:
        same[row] = numbers.is_same_share(both.at[row, "printed"], both.at[row, "held_printed"])
    restated = both["_merge"].eq("both") & ~same
    both["state"] = np.select(
        [both["_merge"].eq("left_only"), both["_merge"].eq("right_only"), restated], [WITHDRAWN, NEW, RESTATED], UNCHANGED
    )
    both["change"] = np.where(restated, _change(both), "")
    _measure(both, restated)
    for column in ("printed", "document", "cell", "held_printed", "held_document", "held_cell"):
        both[column] = both[column].fillna("")
    return both[COLUMNS]


def against_held(known: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """The redline of a new edition against what is held of the same reporter.

    Only what the new edition could repeat is compared: a held figure of a period that it does not cover, or of a document
    about something else, is not withdrawn but simply not its subject.
    """
    return redline(covered(known, new), new)


def covered(known: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """The held figures that a new edition could repeat: of the same reporter, in the time it covers, and of its subject.

    A held document is of its subject if the new edition prints the greater part of its kinds of figure, and of the figures
    of these kinds at least a tenth: the same kind for other requesters is another subject.
    """
    if new.empty or known.empty:
        return known.iloc[:0]
    spans = new.groupby("reporter").agg(first=("period_start", "min"), last=("period_end", "max"))
    there = known[["reporter", "period_start", "period_end"]].join(spans, on="reporter")
    in_time = ((there["period_start"] >= there["first"]) & (there["period_end"] <= there["last"])).to_numpy()
    kind_printed, figure_printed = _is_in(known, new, _KIND), _is_in(known, new, KEY)
    kinds = known[[*_KIND, "document"]].assign(printed=kind_printed).drop_duplicates()
    most_kinds = kinds.groupby("document")["printed"].mean() > 1 / 2
    comparable = known[["document"]].assign(printed=figure_printed)[in_time & kind_printed]
    some_figures = comparable.groupby("document")["printed"].mean() >= EARLIER_EDITION
    document = known["document"]
    is_earlier = document.map(some_figures).eq(True)
    return known[in_time & is_earlier.to_numpy() & (kind_printed | document.map(most_kinds).to_numpy(dtype=bool))]


def counts(redlined: pd.DataFrame) -> dict[str, int]:
    """How many figures are in each state, every state named."""
    per_state = redlined["state"].value_counts()
    return {state: int(per_state.get(state, 0)) for state in STATES}


def largest(redlined: pd.DataFrame, count: int = 5) -> pd.DataFrame:
    """The restated figures whose values moved furthest for certain, in proportion; those that may not have moved come last."""
    restated = redlined[redlined["state"] == RESTATED]
    certain = np.maximum(restated["relative_low"], -restated["relative_high"])
    certain = certain.where(restated["relative_high"].notna(), math.inf)
    absolute = np.maximum(restated["difference_low"], -restated["difference_high"])
    order = pd.DataFrame({"certain": certain, "absolute": absolute}).sort_values(["certain", "absolute"], ascending=False, kind="stable")
    return restated.loc[order.index[:count]]


def summary(redlined: pd.DataFrame) -> str:
    """What changed, in a sentence or two."""
    state_counts = counts(redlined)
    if not len(redlined):
        return "Neither edition holds a figure that the other could repeat."
    if state_counts[UNCHANGED] == len(redlined):
        return f"Nothing changed: {counted(state_counts[UNCHANGED], 'figure')} stand as they were."
    clauses = [
        f"{counted(state_counts[RESTATED], 'figure')} restated" if state_counts[RESTATED] else "",
        f"{number(state_counts[WITHDRAWN])} withdrawn" if state_counts[WITHDRAWN] else "",
        f"{number(state_counts[NEW])} new" if state_counts[NEW] else "",
        f"{number(state_counts[UNCHANGED])} unchanged" if state_counts[UNCHANGED] else "",
    ]
    sentence = listed([clause for clause in clauses if clause])
    if not state_counts[RESTATED]:
        sentence = f"No figure restated; {sentence}"
    sentence = f"{sentence[:1].upper()}{sentence[1:]}."
    if state_counts[RESTATED]:
        sentence += f" {_of_restated(redlined)}"
    return sentence


def line(row: pd.Series) -> str:
    """One row of a redline in words: `United States, wiretap: requests, 2021 H1: 11 → 3 (fell)`."""
    state = row["state"]
    before, now = (value(row[f"{edition}low"], row[f"{edition}high"], row["measure"]) for edition in ("held_", ""))
    change = {RESTATED: f"{before} → {now} ({row['change']})", WITHDRAWN: f"{before} {state}"}.get(state, f"{now} {state}")
    return f"{series_name(row)}, {Period.of(row)}: {change}"


def texts(redlined: pd.DataFrame) -> pd.DataFrame:
    """The redline as it is handed over in CSV or XLSX: dates and numbers as plain text, nothing where there is none."""
    result = redlined.copy()
    for column in ("period_start", "period_end"):
        result[column] = result[column].dt.strftime("%Y-%m-%d")
    for column in result.columns[[name.endswith(("low", "high")) for name in result.columns]]:
        result[column] = result[column].map(lambda end: "-inf" if end == -math.inf else plain_number(end))
    return result


def series_name(row: pd.Series) -> str:
    """What a row counts and for whom, in words."""
    *who, what = words_of_series(row.__getitem__)
    return f"{', '.join(who)}: {what}"


def value(low: float, high: float, measure: str) -> str:
    """A figure as it is read; a share in per cent."""
    if pd.isna(low):
        return "no figure"
    if measure in vocabulary.SHARES:
        return percent(low, high)
    return text(Interval(low, high))


def _is_in(table: pd.DataFrame, other: pd.DataFrame, columns: list[str]) -> np.ndarray:
    merged = table[columns].merge(other[columns].drop_duplicates(), on=columns, how="left", indicator=True)
    return merged["_merge"].eq("both").to_numpy()


def _once(table: pd.DataFrame) -> pd.DataFrame:
    return table[[*KEY, *VALUES]].drop_duplicates(KEY, keep="first")


def _change(both: pd.DataFrame) -> np.ndarray:
    return np.select(
        [
            both["low"] > both["held_high"],
            both["high"] < both["held_low"],
            (both["low"] >= both["held_low"]) & (both["high"] <= both["held_high"]),
            (both["low"] <= both["held_low"]) & (both["high"] >= both["held_high"]),
        ],
        ["rose", "fell", "narrowed", "widened"],
        "moved",
    )


def _measure(both: pd.DataFrame, restated: pd.Series) -> None:
    low, high = both["low"].where(restated), both["high"].where(restated)
    old_low, old_high = both["held_low"].where(restated), both["held_high"].where(restated)
    both["difference_low"], both["difference_high"] = _outwards(low - old_high, high - old_low)
    with np.errstate(invalid="ignore", divide="ignore"):
        # New over old, less one: the least is to the highest old value, the most to the lowest.
        least, greatest = low / old_high - 1, (high / old_low - 1).mask((high == 0) & (old_low == 0), 0)
        both["relative_low"], both["relative_high"] = _outwards(least.where(old_high > 0), greatest.where(old_high > 0))


def _outwards(low: pd.Series, high: pd.Series) -> tuple[pd.Series, pd.Series]:
    # Rounded so that nothing possible is left out, and the binary noise of a difference is.
    return low.round(_NOISE).map(lambda end: floor(end, _FINEST)), high.round(_NOISE).map(lambda end: ceiling(end, _FINEST))


def _of_restated(redlined: pd.DataFrame) -> str:
    restated = redlined[redlined["state"] == RESTATED]
    if len(restated) == 1:
        return f"Restated: {line(restated.iloc[0])}."
    ways = restated["change"].value_counts()
    if len(ways) == 1 and ways.index[0] == "narrowed" and (restated["high"] == restated["held_high"]).all():
        return "Of each restated band only the lower end was raised."
    clauses = listed(
        [f"{number(ways[direction])} {direction}" for direction in ("rose", "fell", "narrowed", "widened", "moved") if direction in ways]
    )
    return f"Of the restated {clauses}; furthest: {line(largest(redlined, 1).iloc[0])}."
