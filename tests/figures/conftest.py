"""The bundled data, and whether figures can be saved as pictures here."""

import pandas as pd
import pytest

from dashboard import catalog, figures
from dashboard.figures import Figure, pictures
from tests.needs import lacking


@pytest.fixture(scope="session")
def bundle() -> catalog.Catalog:
    """The catalog that is shipped."""
    return catalog.bundled()


@pytest.fixture(scope="session")
def table(bundled_table: pd.DataFrame) -> pd.DataFrame:
    """Its observations with all totals."""
    return bundled_table


@pytest.fixture(scope="session")
def saves_pictures(bundle: catalog.Catalog, table: pd.DataFrame) -> None:
    """For tests that need Chromium as figures are saved with it."""
    try:
        pictures.browser().svg(figures.draw(Figure(size="300x300"), bundle, table=table))
    except pictures.NoBrowser as found:
        lacking("BROWSER", f"what lets figures be saved: {found}")
