"""What a reporter has never received, as its numbers say: a series of noughts from its beginning, and where it stops."""

from __future__ import annotations

from enum import StrEnum

import pandas as pd

from dashboard.analysis.series import SERIES
from dashboard.catalog.shipped import Catalog
from dashboard.model.periods import parse


class Ending(StrEnum):
    """What became of a series of noughts."""

    GOES_ON = "goes on"
    ANOTHER_NUMBER = "another number"
    NO_NUMBER = "no number"


COLUMNS = [
    *SERIES,
    "start",
    "end",
    "ending",
    "document",
    "cell",
    "next_start",
    "next_end",
    "next_printed",
    "next_document",
    "next_cell",
    "silent_from",
]
_WATCHED = "national_security"


def noughts(catalog: Catalog) -> pd.DataFrame:
    """One row for each series of national security process that begins with noughts, as known today; those that stopped first.

    `start` and `end` are the first and the last day of the noughts, `document` and `cell` hold the last of them. Where another number
    follows (`ending`), `next_…` has it. Where none does although the reporter, or a document that holds the noughts, goes on,
    `silent_from` is the day after the last nought; else blank (NaT).
    """
    kinds = catalog.request_types
    watched = set(kinds.loc[(kinds["request_type"] == _WATCHED) | (kinds["parent"] == _WATCHED), "request_type"])
    known = catalog.as_of()
    rows = known[known["request_type"].isin(watched)].sort_values(["period_start", "period_end"], kind="stable")
    until = known.groupby("reporter", observed=True)["period_end"].max()
    covered = {document: period.end for document, edition in _editions(catalog) if (period := parse(edition))}
    series_of_noughts = []
    for series, table in rows.groupby(SERIES, sort=True, observed=True):
        is_nought = (table["high"] == 0).to_numpy()
        if not is_nought[0]:
            continue
        count = len(table) if is_nought.all() else int(is_nought.argmin())
        last, following = table.iloc[count - 1], table.iloc[count] if count < len(table) else None
        ends = max(until[series[0]], *(pd.Timestamp(covered.get(name, last["period_end"])) for name in table["document"].unique()))
        silent = following is None and ends > last["period_end"]
        ending = Ending.ANOTHER_NUMBER if following is not None else Ending.NO_NUMBER if silent else Ending.GOES_ON
        row = dict(zip(SERIES, series, strict=True)) | {
            "start": table.iloc[0]["period_start"],
            "end": last["period_end"],
            "ending": ending,
            "document": last["document"],
            "cell": last["cell"],
            "silent_from": last["period_end"] + pd.Timedelta(days=1) if silent else pd.NaT,
        }
        if following is not None:
            row |= {f"next_{name}": following[name] for name in ("printed", "document", "cell")}
            row |= {"next_start": following["period_start"], "next_end": following["period_end"]}
        series_of_noughts.append(row)
    table = pd.DataFrame(series_of_noughts, columns=COLUMNS)
    return table.assign(stopped=table["ending"].ne(Ending.GOES_ON)).sort_values(
        ["stopped", "end", "reporter"], ascending=[False, False, True], kind="stable", ignore_index=True
    )[COLUMNS]


def _editions(catalog: Catalog) -> list[tuple[str, str]]:
    documents = catalog.documents
    return [(name, edition.removeprefix("through ")) for name, edition in zip(documents["document"], documents["edition"], strict=True)]
