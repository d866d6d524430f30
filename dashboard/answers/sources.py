"""What the Sources page shows: documents with what rests on them, restatements and withdrawals."""

from __future__ import annotations

import pandas as pd

from dashboard.catalog.shipped import Catalog
from dashboard.display import sentences
from dashboard.display.languages import Language


def documents(catalog: Catalog, names: Language) -> pd.DataFrame:
    """Every document with its edition, dates, address, hash and form, and how many observations rest on it."""
    resting = catalog.observations["document"].value_counts()
    people = catalog.population["document"].value_counts()
    table = catalog.documents
    return pd.DataFrame(
        {
            "Publisher": table["reporter"].map(names.reporter),
            "Title": table["title"],
            "Edition": table["edition"],
            "Known from": table["known_from"].dt.date,
            "Known by": table["known_from_basis"],
            "Seen by": pd.to_datetime(table["seen_on"]).dt.date,
            "Licence": table["licence"],
            "Form": table["form"],
            "Seen": table["seen"].map({"seen": "publisher’s own", "seen-secondary": "another party’s text or copy"}),
            "Numbers": table["document"].map(resting.add(people, fill_value=0)).fillna(0).astype(int),
            "Address": table["url"],
            "SHA-256": table["sha256"],
            "Replaces": table["replaces"],
            "Note": table["note"],
            "Name": table["document"],
        }
    ).sort_values(["Publisher", "Known from", "Name"])


def restated(catalog: Catalog, names: Language) -> pd.DataFrame:
    """Every number that a later document prints otherwise: before, after, and both places."""
    table = catalog.restated()
    return _named(table, names).assign(
        Before=sentences.values(table, low="earlier_low", high="earlier_high"),
        After=sentences.values(table),
        **{
            "Printed before in": table["earlier_document"] + " " + table["earlier_cell"],
            "Printed now in": table["document"] + " " + table["cell"],
        },
    )


def withdrawn(catalog: Catalog, names: Language) -> pd.DataFrame:
    """Every number that the newest edition of its file leaves out although it covers the period."""
    table = catalog.withdrawn()
    return _named(table, names).assign(
        Value=sentences.values(table),
        **{"Printed in": table["document"] + " " + table["cell"]},
    )


def columns() -> pd.DataFrame:
    """The columns of an observation with their meanings."""
    from dashboard.model import tables

    return pd.DataFrame(tables.described(tables.Observation).items(), columns=["Column", "Meaning"])


def _named(table: pd.DataFrame, names: Language) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Publisher": table["reporter"].map(names.reporter),
            "Requester": table["requester"].map(names.requester),
            "Kind of demand": table["request_type"].map(names.request_type),
            "Measure": table["measure"].map(names.measure),
            "Period": [sentences.period(row) for _, row in table.iterrows()],
        },
        index=table.index,
    )
