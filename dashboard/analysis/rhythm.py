"""How regularly each reporter publishes, when the next report is expected, and which are overdue, from its own past alone."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median

import pandas as pd

from dashboard.analysis import bands
from dashboard.catalog.shipped import Catalog
from dashboard.model.periods import Period, starting

RECENT = 6
"""Periods, counted back from the last one, from which a rhythm is read."""
COLUMNS = ["reporter", "months", "lag_days", "last_start", "last_end", "next_start", "next_end", "expected", "overdue_since", "missing"]


def rhythms(catalog: Catalog, today: date) -> pd.DataFrame:
    """One row for each reporter whose last periods have a length in common: its rhythm and what is expected next.

    `months` is the commonest length of its last `RECENT` periods; `lag_days` the median of the days from the end of those periods to
    the day from which the first document that ends with them counts as known. The report on the period that follows the last one held
    (`next_start`, `next_end`) is expected that many days after its end. `overdue_since` is that day where it has passed (else NaT), and
    `missing` the number of periods whose day has passed. Documents that are only quoted, or compiled by others, say nothing of a rhythm; the copy
    of another party tells that a period is held, and not when it was published. A reporter with fewer than two periods of that length has no row:
    nothing is said of it. Only its requests count, or what it tells of most where it counts none; those of national security only where it prints
    no others, as they come on days of their own.
    """
    documents = catalog.documents.set_index("document")
    spans = _main_series(catalog.observations, bands.national_security(catalog))
    spans = spans.assign(form=spans["document"].astype(object).map(documents["form"]))
    spans = spans[~spans["form"].isin(("quoted", "compiled"))]
    spans = spans.assign(known_from=spans["document"].astype(object).map(documents["known_from"]).where(spans["form"] != "third-party"))
    # A document that tells of many periods was waited for only since the last of them.
    last_of_document = spans.groupby("document", observed=True)["period_end"].transform("max")
    spans["lag_days"] = (spans["known_from"] - spans["period_end"]).dt.days.where(spans["period_end"] == last_of_document)
    periods = spans.groupby(["reporter", "period_start", "period_end"], observed=True)["lag_days"].min().reset_index()
    rows = [row for reporter, table in periods.groupby("reporter", observed=True) if (row := _rhythm(reporter, table, today))]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(["overdue_since", "reporter"], ignore_index=True)


def _main_series(rows: pd.DataFrame, national_security: set[str]) -> pd.DataFrame:
    # Requests where a reporter counts them, else what it tells of for the most periods: a report of another kind, under another law,
    # says nothing of its rhythm.
    of_others = rows[~rows["request_type"].isin(national_security)]
    rows = pd.concat([of_others, rows[~rows["reporter"].isin(of_others["reporter"].unique())]])
    spans = rows[["reporter", "measure", "document", "period_start", "period_end"]].drop_duplicates()
    counts = spans.drop_duplicates(["reporter", "measure", "period_end"]).groupby(["reporter", "measure"], observed=True).size()
    counts = counts[counts > 1].reset_index(name="count").assign(is_request=lambda table: table["measure"] == "requests")
    order = counts.sort_values(["is_request", "count", "measure"], ascending=[False, False, True])
    main = dict(order.drop_duplicates("reporter")[["reporter", "measure"]].astype(str).itertuples(index=False, name=None))
    return spans[spans["reporter"].astype(str).map(main) == spans["measure"].astype(str)]


def _rhythm(reporter: str, table: pd.DataFrame, today: date) -> tuple | None:
    lengths = [Period(start.date(), end.date()).months for start, end in zip(table["period_start"], table["period_end"], strict=True)]
    table = table.assign(months=lengths).dropna(subset=["months"]).sort_values("period_end").tail(RECENT)
    if table.empty:
        return None
    months = int(table["months"].mode().max())
    usual = table[table["months"] == months]
    lags = usual["lag_days"].dropna()
    if len(usual) < 2 or lags.empty:
        return None
    lag = median(lags)
    # A period of another length counts as held where it is the last one.
    last = usual.iloc[-1] if usual.iloc[-1]["period_end"] == table.iloc[-1]["period_end"] else table.iloc[-1]
    days_due = []
    upcoming = expected = starting(last["period_end"].date() + timedelta(days=1), months)
    while (due := (pd.Timestamp(upcoming.end) + pd.Timedelta(days=lag)).date()) < today:
        days_due.append(due)
        upcoming = starting(upcoming.end + timedelta(days=1), months)
    first_due = pd.Timestamp(expected.end) + pd.Timedelta(days=lag)
    return (
        *(reporter, months, int(lag), last["period_start"], last["period_end"]),
        *(pd.Timestamp(expected.start), pd.Timestamp(expected.end), first_due.normalize()),
        *(pd.Timestamp(days_due[0]) if days_due else pd.NaT, len(days_due)),
    )
