"""Kept tables: what comes back is what was made, and a file that is broken, missing or cannot be written only costs time."""

import numpy as np
import pandas as pd
import pytest

from dashboard import analysis, catalog
from dashboard.catalog import kept_tables


def table() -> pd.DataFrame:
    """One column of each kind that tables have, with what is missing and what has no end."""
    return pd.DataFrame(
        {
            "text": pd.Series(["", "é–“NA”", "b"], dtype="str"),
            "day": pd.to_datetime(["2019-01-01", "1996-06-30", "2262-01-01"]).astype("datetime64[ns]"),
            "number": [1.5, np.nan, np.inf],
            "count": [1, 2, 3],
            "is_so": [True, False, True],
        }
    )


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Asks for a kept table in a folder of its own; a list tells how often it was made."""
    monkeypatch.setenv("TRANSPARENCY_CACHE", str(tmp_path / "kept"))
    times = []

    def ask(version: str = "one") -> pd.DataFrame:
        return kept_tables.kept("some", version, lambda: times.append(version) or {"empty": table().iloc[:0], "some": table()})["some"]

    ask.times = times
    return ask


def test_what_comes_back_is_what_was_made_and_it_is_made_once(made):
    for _ in range(3):
        pd.testing.assert_frame_equal(made(), table())
    assert made.times == ["one"]


def test_another_version_is_made_anew_and_the_older_one_goes(made):
    made("one"), made("two"), made("two")
    assert made.times == ["one", "two"]
    assert not list(kept_tables.folder().glob("*-one-*"))


@pytest.mark.parametrize("place", [0, 0.3, 0.999])
@pytest.mark.parametrize("kind", ["arrow", "sha256"])
def test_one_changed_byte_or_a_cut_file_is_made_anew(made, kind, place):
    made()
    (path,) = kept_tables.folder().glob(f"*.{kind}")
    data = bytearray(path.read_bytes())
    data[int(place * len(data))] ^= 1
    for broken in (bytes(data), bytes(data[: len(data) // 2]), b""):
        path.write_bytes(broken)
        pd.testing.assert_frame_equal(made(), table())
        pd.testing.assert_frame_equal(made(), table())
    assert len(made.times) == 4


def test_a_folder_that_cannot_be_written_is_tolerated(made, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("TRANSPARENCY_CACHE", str(tmp_path / "file" / "below"))
    pd.testing.assert_frame_equal(made(), table())
    assert made.times == ["one"]


def test_the_bundled_totals_are_kept_as_they_are_made(bundled_table, tmp_path, monkeypatch):
    monkeypatch.setenv("TRANSPARENCY_CACHE", str(tmp_path))
    cold, warm = (analysis.with_totals(catalog.bundled()) for _ in range(2))
    pd.testing.assert_frame_equal(cold, warm)
    pd.testing.assert_frame_equal(warm, bundled_table)
