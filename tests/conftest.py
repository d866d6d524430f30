"""Where the published files are, and what happens to a test that needs them where they are not."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def _folder(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        reason = f"needs the folder shared/{name} beside the checkout"
        if os.environ.get("REQUIRE_SHARED"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def published() -> Path:
    """The published files, as published."""
    return _folder("published")


@pytest.fixture(scope="session")
def facts() -> Path:
    """The sourced figures and statements."""
    return _folder("facts")
