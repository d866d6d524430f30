"""What a test does where something that it needs is not on this machine."""

import os
from typing import NoReturn

import pytest


def lacking(kind: str, what: str) -> NoReturn:
    """Skip the test, or fail it where the environment has `REQUIRE_` and this kind, as on the machine that tries every change."""
    reason = f"needs {what}"
    if os.environ.get(f"REQUIRE_{kind}"):
        pytest.fail(reason)
    pytest.skip(reason)
