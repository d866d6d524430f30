"""The tables: the datasets that we ship as one catalog, a visitor's own reports beside them, and the data package that holds them."""

from dashboard.catalog.overlay import Overlay
from dashboard.catalog.shipped import Catalog, DatasetError, bundled, datasets_folder, load
