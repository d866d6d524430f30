"""Pages as Streamlit's own tests of pages open them."""

import functools
from collections.abc import Iterator

import pytest
from streamlit.components.v2 import manifest_scanner


@pytest.fixture(scope="package", autouse=True)
def _packages_looked_through_once() -> Iterator[None]:
    """For each page that is opened Streamlit looks through all installed packages, which are the same all the time."""
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(manifest_scanner, "scan_component_manifests", functools.cache(manifest_scanner.scan_component_manifests))
        yield
