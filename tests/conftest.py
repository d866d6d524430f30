"""Where the published files are, and what happens to a test that needs them where they are not."""

import atexit
import gc
import math
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import hypothesis
import pandas as pd
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from dashboard import analysis, catalog
from dashboard.model import periods, tables
from dashboard.model.columns import OBSERVATION_COLUMNS
from tests.needs import lacking

# A law holds however busy the machine is; a time limit on each example would only make it fail by chance.
hypothesis.settings.register_profile("laws", deadline=None)
hypothesis.settings.load_profile("laws")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `-m quick` a module that is not marked so is not even read: importing them all takes longer than the quick ones run."""
    is_module = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    if config.option.markexpr == "quick" and is_module and "mark.quick" not in collection_path.read_text(encoding="utf-8"):
        return True
    return None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Nothing of what is imported and collected is garbage, and little of what a test makes hangs together in a ring: it is searched for seldom."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's modules first, then the longest, so that no worker begins a long one when the others have nothing left to do."""
    items.sort(key=lambda item: ("browser" not in item.path.parts, -item.path.stat().st_size, item.path))


# No test reads or makes the key of whoever runs it.
_KEY = Path(tempfile.mkdtemp(prefix="figure-key-")) / "figure-key.pem"
atexit.register(shutil.rmtree, _KEY.parent, ignore_errors=True)
_KEY.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
os.environ["TRANSPARENCY_KEY"] = str(_KEY)
# Nor is a file compared with what they keep.
os.environ["TRANSPARENCY_DATA"] = str(_KEY.parent / "nothing-kept")
os.environ.pop("DATABASE_URL", None)

SHARED = Path(__file__).resolve().parents[2] / "shared"


def _folder(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        lacking("SHARED", f"the folder shared/{name} beside the checkout")
    return folder


@pytest.fixture(scope="session")
def published() -> Path:
    """The published files, as published."""
    return _folder("published")


@pytest.fixture(scope="session")
def facts() -> Path:
    """The sourced figures and statements."""
    return _folder("facts")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is."""
    programs = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    return next(programs, None) or lacking("BROWSER", "Chromium, such as Debian's package of that name")


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """A PostgreSQL server of our own, for as long as the tests run."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = programs[-1].parent if programs else Path(shutil.which("initdb") or "/").parent
    if not (found / "initdb").exists():
        lacking("POSTGRES", "a PostgreSQL server (Debian: apt-get install postgresql)")
    # The server refuses to run as root, and the path of its socket must be short.
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if user:
        shutil.chown(folder, "postgres")
    said = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, "cwd": folder, **user}
    data = folder / "data"
    subprocess.run([found / "initdb", "-D", data, "-U", "tester", "-A", "trust", "--no-sync", "-E", "UTF8"], **said)
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=100"
    subprocess.run([found / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], **said)
    yield f"postgresql://tester:secret@/postgres?host={folder}"
    subprocess.run([found / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], **said)
    shutil.rmtree(folder)


@pytest.fixture
def observations_of() -> Callable[[str], pd.DataFrame]:
    """Makes observations of a table that a test shows: columns by words, each row a number; what is left out is the whole.

    `period` is written `2019_H1`, `value` is `10`, `0-499` or `500+`, and a share is written `0.635-0.645`.
    """
    return _observations


@pytest.fixture
def catalog_of() -> Callable[..., catalog.Catalog]:
    """Makes a catalog of such a table; its documents, shown likewise, count as known from 2000 unless they say otherwise."""
    return _catalog_of


@pytest.fixture(scope="session")
def bundled_table() -> pd.DataFrame:
    """The bundled observations with all totals, made once; a test leaves it as it is."""
    return analysis.with_totals(catalog.bundled())


@pytest.fixture(scope="session")
def catalog_of_once() -> Callable[..., catalog.Catalog]:
    """The same for property tests, which ask one fixture for many tables."""
    return _catalog_of


_WHOLE = {
    "reporter": "google",
    "service": "all",
    "requester": "USA",
    "authority": "any",
    "request_type": "all",
    "measure": "requests",
    "period": "2019_H1",
    "document": "report",
}


def _observations(shown: str) -> pd.DataFrame:
    rows = []
    for place, record in enumerate(_records(shown)):
        row = _WHOLE | record
        low, high = _ends(row["value"])
        period = periods.parse(row.pop("period"))
        rows.append(
            {"printed": row.pop("value"), "cell": f"B{place + 2}"}
            | row
            | {"low": low, "high": high, "period_start": pd.Timestamp(period.start), "period_end": pd.Timestamp(period.end)}
        )
    return pd.DataFrame(rows)[OBSERVATION_COLUMNS].astype({"low": float, "high": float})


def _catalog_of(shown: str, documents: str = "", **others: pd.DataFrame) -> catalog.Catalog:
    rows = _observations(shown)
    told = {record["document"]: record for record in _records(documents)}
    known = []
    for name in sorted({*rows["document"], *told}):
        record = told.get(name, {})
        of = rows["reporter"][rows["document"] == name]
        known.append(
            dict.fromkeys(tables.described(tables.Document), "")
            | {
                "document": name,
                "reporter": of.iloc[0] if len(of) else "google",
                "title": f"Report {name}",
                "edition": record.get("edition", "").replace("_", " "),
                "known_from": pd.Timestamp(record.get("known_from", "2000-01-01")),
                "known_from_basis": "published",
                "url": f"https://example.org/{name}",
                "form": record.get("form", "as_published").replace("_", " "),
                "seen": record.get("seen", "seen"),
                "replaces": record.get("replaces", "-").strip("-"),
            }
        )
    return replace(catalog.bundled(), observations=rows, documents=pd.DataFrame(known), version="shown", _as_known={}, **others)


def _records(shown: str) -> list[dict[str, str]]:
    lines = [line.split() for line in shown.strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def _ends(value: str) -> tuple[float, float]:
    if value.endswith("+"):
        return float(value[:-1]), math.inf
    low, _, high = value.partition("-")
    return float(low), float(high or low)
