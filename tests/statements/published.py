"""Published numbers, read from the files by a few lines of pandas: what the answers to sentences are held against.

Nothing of the dashboard is imported here, so that an error in its reading or adding cannot repeat itself.
"""

import functools
from collections import defaultdict
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
    columns = [*KEY, "document", "low", "high"]
    rows = pd.concat([pd.read_csv(file, keep_default_na=False, dtype=str, usecols=columns, engine="pyarrow") for file in files])
    documents = pd.read_csv(DATASETS / "documents.csv", keep_default_na=False).set_index("document")
    known = documents["published"].where(documents["published"].ne(""), documents["known_from"])
    rows = rows.assign(known=rows["document"].map(known), low=pd.to_numeric(rows["low"]), high=pd.to_numeric(rows["high"]))
    return rows[rows["known"] <= day].sort_values("known", kind="stable").drop_duplicates(KEY, keep="last")


@functools.cache
def _by_requester() -> dict[tuple[str, str], dict[str, list[tuple]]]:
    """Of each reporter and measure, by requester: kind, first and last day, lower and upper end of each number."""
    rows = rows_known()
    rows = rows[rows["service"].eq("all") & rows["authority"].eq("any")]
    series: dict = defaultdict(lambda: defaultdict(list))
    columns = ["reporter", "measure", "requester", "request_type", "period_start", "period_end", "low", "high"]
    for reporter, measure, requester, *number in zip(*(rows[column].to_numpy(dtype=object) for column in columns), strict=True):
        series[reporter, measure][requester].append(tuple(number))
    return series


def count(reporter: str, requester: str, period: str, measure: str = "requests", kinds: tuple[str, ...] = ()) -> int:
    """The sum of the exact numbers of a year (`2021`) or half-year (`2021 H1`); `requester` may be blank for all of them.

    Raises `AssertionError` where a number is a band or a half is missing.
    """
    year, _, half = period.partition(" ")
    start, end = (f"{year}-{day}" for day in DAYS[half])
    kinds = kinds or (SPLIT if reporter == "google" and year >= "2015" else ("all",))
    numbers = _by_requester()[reporter, measure]
    of_requesters = [numbers[requester]] if requester else [rows for name, rows in numbers.items() if name != "WLD"]
    rows = [row for rows in of_requesters for row in rows if row[0] in kinds and row[1] >= start and row[2] <= end]
    assert all(low == high for *_, low, high in rows)
    assert rows and min(row[1] for row in rows) == start and max(row[2] for row in rows) == end
    return int(sum(low for *_, low, _ in rows))
