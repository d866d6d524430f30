"""Published numbers, read from the files by a few lines of pandas: what the answers to sentences are held against.

Nothing of the dashboard is imported here, so that an error in its reading or adding cannot repeat itself.
"""

import functools
from pathlib import Path

import pandas as pd

DATASETS = Path(__file__).parents[2] / "datasets"
KEY = ["reporter", "service", "requester", "authority", "request_type", "measure", "period_start", "period_end"]
DAYS = {"H1": ("01-01", "06-30"), "H2": ("07-01", "12-31"), "": ("01-01", "12-31")}
SPLIT = ("legal", "emergency")
"""Google prints two kinds since July 2014, and no total."""


@functools.cache
def rows_known(day: str = "9999") -> pd.DataFrame:
    """Every number in the newest edition that was known on a day, as `2021-06-30`."""
    files = sorted((DATASETS / "observations").glob("*.csv"))
    rows = pd.concat([pd.read_csv(file, keep_default_na=False, dtype=str) for file in files])
    documents = pd.read_csv(DATASETS / "documents.csv", keep_default_na=False).set_index("document")
    known = documents["published"].where(documents["published"].ne(""), documents["known_from"])
    rows = rows.assign(known=rows["document"].map(known), low=pd.to_numeric(rows["low"]), high=pd.to_numeric(rows["high"]))
    return rows[rows["known"] <= day].sort_values("known", kind="stable").drop_duplicates(KEY, keep="last")


@functools.cache
def _by_series() -> dict[tuple[str, str], pd.DataFrame]:
    rows = rows_known()
    return dict(iter(rows[rows["service"].eq("all") & rows["authority"].eq("any")].groupby(["reporter", "measure"])))


def count(reporter: str, requester: str, period: str, measure: str = "requests", kinds: tuple[str, ...] = ()) -> int:
    """The sum of the exact numbers of a year (`2021`) or half-year (`2021 H1`); `requester` may be blank for all of them.

    Raises `AssertionError` where a number is a band or a half is missing.
    """
    year, _, half = period.partition(" ")
    start, end = (f"{year}-{day}" for day in DAYS[half])
    kinds = kinds or (SPLIT if reporter == "google" and year >= "2015" else ("all",))
    rows = _by_series()[reporter, measure]
    rows = rows[rows["request_type"].isin(kinds)]
    rows = rows[rows["requester"].eq(requester) if requester else rows["requester"].ne("WLD")]
    rows = rows[rows["period_start"].ge(start) & rows["period_end"].le(end)]
    assert rows["low"].eq(rows["high"]).all() and rows["period_start"].min() == start and rows["period_end"].max() == end
    return int(rows["low"].sum())
