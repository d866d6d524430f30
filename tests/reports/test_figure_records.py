"""Figure files of every forged kind: one outcome, little time and memory, and nothing but bounded plain values comes out."""

import functools
import json
import resource
import struct

import hypothesis.strategies as st
import psutil
import pytest
from hypothesis import given, settings

from dashboard.reports import figure_records
from dashboard.reports.cells.limits import MAX_BYTES, MIB
from dashboard.reports.figure_records import DRAWN, MAX_ROWS, NAME, OBSERVED, PNG, Outcome
from tests.reports.figure_files import chunk, empty_png, page, pdf, png, svg, text_chunk

CONSTANTS = {
    "reporter": "google",
    "service": "all",
    "authority": "any",
    "requester": "DEU",
    "period_start": "2015-01-01",
    "period_end": "2015-06-30",
    "request_type": "all",
    "measure": "requests",
    "low": 5,
    "high": 5,
}
ROW = {"rows": 1, **CONSTANTS, "derivation": ""}
SEEN = {"rows": 1, **CONSTANTS, "document": "google/x", "cell": "B2"}
SOUND = {
    "record": figure_records.KIND,
    "made": "2026-01-31T10:00:00Z",
    "with": "transparency",
    "figure": "reporter=google",
    "title": "Requests",
    "source": "Google",
    "data": "abc",
    "upload": False,
    "statements": [],
    "drawn": ROW,
    "observations": SEEN,
    "others": None,
    "rest": figure_records.NO_HASH,
}
HUGE = 10**400


def forged(**changed) -> str:
    return json.dumps(figure_records.sealed(SOUND | changed), ensure_ascii=False, separators=(",", ":"))


def test_a_record_as_it_is_written_is_sound():
    assert set(SOUND["drawn"]) == {"rows", *DRAWN} and set(SOUND["observations"]) == {"rows", *OBSERVED}
    for wrapped in (svg, page, pdf):
        assert figure_records.read(wrapped(forged())) == figure_records.FigureFile(Outcome.SOUND, figure_records.sealed(SOUND))
    assert figure_records.read(png(empty_png(9, 9)[0], text_chunk(forged().encode()), *empty_png(9, 9)[1:])).outcome == Outcome.SOUND


TABLES = {
    "a count that one value stands for": {**ROW, "rows": 4_000_000},
    "one row too many": {**ROW, "rows": MAX_ROWS + 1},
    "no number of rows": {**ROW, "rows": -1},
    "more rows than any number": {**ROW, "rows": HUGE},
    "rows as a fraction": {**ROW, "rows": 1.0},
    "rows as a truth": {**ROW, "rows": True},
    "a long text many times": {**ROW, "rows": 1, "derivation": {"of": ["x" * 50_000], "at": [0]}},
    "many positions": {**ROW, "rows": 100_000, "derivation": {"of": ["x"], "at": [0] * 100_000}},
    "a position that is not there": {**ROW, "derivation": {"of": ["x"], "at": [1]}},
    "a position from behind": {**ROW, "derivation": {"of": ["x"], "at": [-1]}},
    "a shorter column": {**ROW, "rows": 2, "low": [5]},
    "a longer column": {**ROW, "low": [5] * 200_000},
    "a number beyond all": {**ROW, "low": HUGE, "high": HUGE},
    "a number below none": {**ROW, "low": -1},
    "a number as text": {**ROW, "low": "5"},
    "a number as a truth": {**ROW, "low": True},
    "an open lower end": {**ROW, "low": "inf"},
    "a day that is none": {**ROW, "period_start": "9999-12-31"},
    "a list within a list": {**ROW, "reporter": [["google"]]},
    "a column of ours twice": {**ROW, "more": "x"},
    "nothing": {},
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("table", ["drawn", "observations"])
def test_a_table_that_no_figure_has_is_refused(name, table):
    changed = {column: value for column, value in TABLES[name].items() if table == "drawn" or column != "derivation"}
    if table == "observations" and changed:
        changed |= {"document": TABLES[name].get("derivation") or "google/x", "cell": "B2"}
    assert measured(svg(forged(**{table: changed}))) == Outcome.RECORD_UNKNOWN


@pytest.mark.parametrize(
    "changed",
    [
        {"made": "yesterday"},
        {"made": "2026-02-31T10:00:00Z"},
        {"upload": 0},
        {"figure": "x" * 30_000},
        {"title": None},
        {"statements": ["x"] * 1_000},
        {"statements": "x"},
        {"others": {"count": HUGE, "hash": "0" * 64}},
        {"others": {"count": 1, "hash": "x"}},
        {"rest": "0"},
        {"record": "transparency-figure/9"},
        {"more": 1},
    ],
)
def test_a_field_that_no_figure_has_is_refused(changed):
    assert measured(page(forged(**changed))) == Outcome.RECORD_UNKNOWN


def bombs():
    """Every kind of file that is small and asks for much: what makes it, and what is read in it."""
    opening = f'<metadata id="{NAME}">'.encode()
    picture = functools.cache(lambda: empty_png(6_000, 10_000))
    yield "deep lists", lambda: svg("[" * 900_000), Outcome.RECORD_CHANGED
    yield "deep objects", lambda: svg('{"a":' * 150_000), Outcome.RECORD_CHANGED
    yield "a name twice", lambda: svg(forged().replace('"upload"', '"made":"2026-01-01T00:00:00Z","upload"')), Outcome.RECORD_CHANGED
    yield "many names", lambda: svg("{" + ",".join(f'"{n}":1' for n in range(70_000)) + "}"), Outcome.RECORD_CHANGED
    yield "a number of a million digits", lambda: page('{"hash":' + "9" * 900_000 + "}"), Outcome.RECORD_CHANGED
    yield "a number that is none", lambda: page(forged().replace('"low":5', '"low":NaN', 1)), Outcome.RECORD_CHANGED
    yield "a record of many megabytes", lambda: svg("x" * 20 * MIB), Outcome.RECORD_TOO_LARGE
    yield "references without end", lambda: svg("&amp;" * 1_500_000), Outcome.RECORD_TOO_LARGE
    yield "openings without an end", lambda: b"<svg>" + opening * (40 * MIB // len(opening)), Outcome.RECORD_CUT_OFF
    yield "records by the thousand", lambda: svg("") * 100_000, Outcome.SEVERAL_RECORDS
    yield "a packed text", lambda: png(picture()[0], text_chunk(b"x" * 200 * MIB, packed=True), *picture()[1:]), Outcome.RECORD_TOO_LARGE
    yield (
        "a packed record cut off",
        lambda: png(picture()[0], (b"iTXt", text_chunk(b"x" * 9_999, packed=True)[1][:-9]), (b"IEND", b"")),
        (Outcome.RECORD_CUT_OFF),
    )
    yield "a million empty chunks", lambda: PNG + chunk(b"IHDR", bytes(13)) + chunk(b"teXt", b"") * 1_000_000, Outcome.PICTURE_TOO_LARGE
    yield "a vast picture", lambda: png(picture()[0], text_chunk(forged(rest="1" * 64).encode()), *picture()[1:]), Outcome.PICTURE_CHANGED
    header = (b"IHDR", struct.pack(">IIBBBBB", 10**9, 10**9, 8, 6, 0, 0, 0))
    yield "a picture of 10^18 pixels", lambda: png(header, text_chunk(forged().encode()), (b"IEND", b"")), Outcome.PICTURE_TOO_LARGE
    yield "a file too large", lambda: b"<svg>" + bytes(MAX_BYTES), Outcome.FILE_TOO_LARGE


@pytest.mark.parametrize(("make", "outcome"), [pytest.param(make, outcome, id=name) for name, make, outcome in bombs()])
def test_a_bomb_is_answered_cheaply(make, outcome):
    assert measured(make()) == outcome


@given(st.binary(max_size=300), st.sampled_from([b"", PNG, b"<svg", f'<metadata id="{NAME}">'.encode(), b"%PDF-1.7\n"]))
def test_any_bytes_have_an_outcome(data, start):
    result, _ = figure_records.job({}, [start + data])
    assert result["outcome"] != Outcome.SOUND and result["record"] is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
)


@given(st.sampled_from([*SOUND, "hash"]), JSON)
@settings(max_examples=300)
def test_any_value_in_any_field_is_answered(name, value):
    record = figure_records.sealed(SOUND) | {name: value}
    text = json.dumps(record | ({"hash": figure_records.sealed(record)["hash"]} if _can_be_sealed(record) and name != "hash" else {}))
    result, _ = figure_records.job({}, [svg(text)])
    assert result["record"] is None or len(json.dumps(result["record"])) < figure_records.MAX_RECORD_CHARACTERS


def _can_be_sealed(record: dict) -> bool:
    try:
        figure_records.sealed(record)
    except ValueError:
        return False
    return True


def measured(data: bytes) -> Outcome:
    """What is read, after a look at what it cost: this process and the waiting one that forks the children."""
    figure_records.read(b"")
    before, own = _cost(), psutil.Process().memory_info().rss
    outcome = figure_records.read(data).outcome
    seconds, peak = (after - earlier for after, earlier in zip(_cost(), before, strict=True))
    assert seconds <= 2, "seconds of CPU"
    assert peak <= 300 * MIB, "bytes of memory"
    assert psutil.Process().memory_info().rss - own <= 300 * MIB
    return outcome


def _cost() -> tuple[float, int]:
    """Seconds of CPU of this process and of all that it waits for, and the most memory that this process has had."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    waiting = [process.cpu_times() for process in psutil.Process().children(recursive=True)]
    in_children = sum(times.user + times.system + times.children_user + times.children_system for times in waiting)
    return sum(one.ru_utime + one.ru_stime for one in spent) + in_children, spent[0].ru_maxrss * 1024
