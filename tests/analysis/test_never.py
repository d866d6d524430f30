"""A series of noughts from its beginning is watched: it goes on, another number follows, or nothing does although documents go on."""

import pandas as pd
import pytest

from dashboard import catalog
from dashboard.analysis.never import Ending, noughts

BEGINS = "request_type measure requester period value document\nnsl letters USA 2016 0 a\n"


@pytest.mark.parametrize(
    ("rows", "endings"),
    [
        ("nsl letters USA 2017 0 a", [(Ending.GOES_ON, "2017-12-31")]),
        # A band that may still hold a nought is no longer the sentence that there was none.
        ("nsl letters USA 2017 0-249 a", [(Ending.ANOTHER_NUMBER, "2016-12-31")]),
        ("all requests USA 2017 5 a", [(Ending.NO_NUMBER, "2016-12-31")]),
        # Noughts that come again are no never; what is no national security is not watched.
        ("nsl letters USA 2015 3 a", []),
        ("warrant requests USA 2016 0 a", [(Ending.GOES_ON, "2016-12-31")]),
    ],
)
def test_what_becomes_of_noughts(catalog_of, rows, endings):
    table = noughts(catalog_of(BEGINS + rows))
    assert [(row.ending, f"{row.end:%Y-%m-%d}") for row in table.itertuples()] == endings


def test_each_nought_and_what_follows_it_stand_in_a_cell_that_we_ship():
    data = catalog.bundled()
    rows = data.observations[["reporter", "document", "cell", "period_end", "low", "high"]]
    values = {tuple(key): (low, high) for *key, low, high in rows.itertuples(index=False)}
    table = noughts(data)
    assert set(Ending) == set(table["ending"])
    for row in table.itertuples():
        assert values[row.reporter, row.document, row.cell, row.end] == (0, 0)
        assert pd.isna(row.next_end) or values[row.reporter, row.next_document, row.next_cell, row.next_end][1] > 0
