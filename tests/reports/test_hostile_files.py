"""Hostile files: refused within two seconds of work with one sentence, the server unharmed; and no bytes whatever crash the reader."""

import io
import json
import os
import random
import threading
import zipfile
from pathlib import Path

import psutil
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.model.tables import OwnObservation
from dashboard.reports import worker
from dashboard.reports.door import Answers, Report, take_in
from dashboard.reports.problems import Code, Refused
from tests.reports.made import check_model, zipped

SECONDS = 2
MIB = 1024 * 1024
ACME = Answers(reporter="acme")
SOUND = b"Period,Country,Requests\n2019 H1,Germany,12\n2019 H1,France,3\n"
CORPUS = sorted((Path(__file__).parent / "corpus").iterdir())

forks = pytest.mark.skipif(not worker.is_possible(), reason="needs a system that can fork")


def workbook(changed: dict[bytes, bytes] | None = None, more: dict[str, bytes] | None = None) -> bytes:
    """A small workbook, with changes to its sheet's XML and more parts."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("A")
        sheet.write_row(0, 0, ["Period", "Country", "Requests"])
        sheet.write_row(1, 0, ["2019 H1", "Germany", 12])
    with zipfile.ZipFile(target) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for old, new in (changed or {}).items():
        assert old in parts["xl/worksheets/sheet1.xml"]
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(old, new, 1)
    return zipped(parts | (more or {}))


def with_row(row: bytes) -> bytes:
    return workbook({b"</sheetData>": row + b"</sheetData>"})


ENTITY = b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
HOSTILE = {
    "a zip bomb": ("a.zip", lambda: zipped({"a.csv": b"0" * (220 * MIB)}), "zip_bomb"),
    "an archive of thousands of files": ("a.zip", lambda: zipped({f"{n}.csv": b"a,b\n1,2\n" for n in range(2500)}), "zip_bomb"),
    "a workbook that grows a thousandfold": (
        "a.xlsx",
        lambda: with_row(b'<row r="3"><c r="A3"><v>' + b"0" * (150 * MIB) + b"</v></c></row>"),
        "zip_bomb",
    ),
    "a cell in the last column": ("a.xlsx", lambda: with_row(b'<row r="3"><c r="XFD3"><v>1</v></c></row>'), "too_many_columns"),
    "a cell in the last row": ("a.xlsx", lambda: with_row(b'<row r="1048576"><c r="ZZ1048576"><v>1</v></c></row>'), "too_large"),
    "more rows than a sheet has": (
        "a.xlsx",
        lambda: with_row(b"".join(b'<row r="%d"/>' % row for row in range(3, 1_100_000))),
        "too_large",
    ),
    "a million columns": ("a.csv", lambda: b",".join([b"x"] * 1_000_000) + b"\n", "too_many_columns"),
    "a cell of 100 MB": ("a.csv", lambda: b"Country,Requests\n" + b"a" * (100 * MIB) + b",1\n", "too_large"),
    "a cell of 45 MB": ("a.csv", lambda: b"Country,Requests\n" + b"a" * (45 * MIB) + b",1\n", "cell_too_long"),
    "a quoted cell of 45 MB": ("a.csv", lambda: b'Country,Requests\n"' + b"a,\n" * (15 * MIB) + b'",1\n', "cell_too_long"),
    "a quote that is never closed": ("a.csv", lambda: b'Country,Requests\n"' + b"a,1\n" * (4 * MIB), "open_quote"),
    "forty million commas": ("a.csv", lambda: b",,,,,,,,,\n" * (4 * MIB), "too_large"),
    "NUL bytes": ("a.csv", lambda: b"Country,Requests\nGer\0many,1\n", "nul_byte"),
    "nothing but NUL bytes": ("a.csv", lambda: b"\0" * (20 * MIB), "nul_byte"),
    "an external entity": ("a.xlsx", lambda: workbook({b"<worksheet": ENTITY + b"<worksheet"}), "unsafe_xml"),
    "an entity in another part": ("a.xlsx", lambda: workbook(more={"xl/other.xml": LAUGHS}), "unsafe_xml"),
    "XML named CSV": ("a.csv", lambda: b'<?xml version="1.0"?>' + ENTITY + b"<x>&y;</x>", "wrong_type"),
    "a PDF named XLSX": ("a.xlsx", lambda: b"%PDF-1.7\n", "wrong_type"),
    "text named XLSX": ("a.xlsx", lambda: SOUND, "wrong_type"),
    "a workbook named CSV": ("a.csv", workbook, "wrong_type"),
    "a web page named XLS": ("a.xls", lambda: b"<html><table><tr><td>1</td></tr></table></html>", "wrong_type"),
    "JSON named CSV": ("a.csv", lambda: b'{"Country": "Germany"}', "wrong_type"),
    "a program named CSV": ("a.csv", lambda: b"\x7fELF" + SOUND, "wrong_type"),
    "a name with a path": ("../../etc/passwd.csv", lambda: SOUND, "wrong_type"),
    "a name with a drive": ("C:\\reports\\a.csv", lambda: SOUND, "wrong_type"),
    "a member with a path": ("a.zip", lambda: zipped({"../a.csv": SOUND}), "wrong_type"),
    "an archive in an archive": ("a.zip", lambda: zipped({"a.zip": zipped({"a.csv": SOUND})}), "no_data"),
    "JSON nested without end": ("a.json", lambda: b"[" * 100_000 + b"]" * 100_000, "too_large"),
    "half a workbook": ("a.xlsx", lambda: workbook()[:2000], "corrupt_workbook"),
    "an empty file": ("a.csv", lambda: b"", "empty_file"),
    "lines of all lengths": ("a.csv", lambda: b"".join(b"a," * (n % 7) + b"\n" for n in range(900_000)), "ragged_row"),
}


@pytest.fixture(scope="module", autouse=True)
def warm():
    if worker.is_possible():
        take_in("a.csv", SOUND, ACME)
    yield
    worker.close()


def seconds_worked() -> float:
    """Processor time of this process, of those that wait for files, and of those that read one and have ended: other work on the machine adds nothing."""
    return sum(sum(process.cpu_times()[:4]) for process in (psutil.Process(), *psutil.Process().children(recursive=True)))


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_quickly_with_one_sentence(what):
    name, made, code = HOSTILE[what]
    data = made()
    before = seconds_worked()
    report = take_in(name, data, ACME)
    assert seconds_worked() - before < SECONDS
    assert (report.outcome, report.problems[0].code) == ("refused", code)
    assert str(report.problems[0]).endswith((".", "?"))
    assert not len(report.observations)
    assert take_in("a.csv", SOUND, ACME).outcome == "accepted"


def test_no_limit_hinders_an_ordinary_file():
    assert take_in("a.csv", SOUND, ACME).outcome == "accepted"
    assert take_in("a.xlsx", workbook(), ACME).outcome == "accepted"
    assert take_in("a.zip", zipped({"x/a.csv": SOUND, "x/README.txt": b"Read me.", "__MACOSX/._a.csv": b"\0"}), ACME).outcome == "accepted"


def test_an_archive_is_read_file_by_file_and_told_together():
    report = take_in("a.zip", zipped({"good.csv": SOUND, "bad.csv": SOUND.replace(b"Germany", b"Germani"), "photo.png": b"\x89PNG"}), ACME)
    assert [(member.name, member.outcome) for member in report.members] == [
        ("bad.csv", "warned"),
        ("good.csv", "accepted"),
        ("photo.png", "accepted"),
    ]
    assert (report.outcome, report.problems[0].cell) == ("warned", "bad.csv!B2")
    assert len(report.members[1].observations) == 2


@forks
@pytest.mark.parametrize(
    ("job", "says"),
    [
        ("lambda order, held, progress, ask: [bytes(1 << 28) for _ in range(64)]", "memory"),
        ("lambda order, held, progress, ask: os.kill(os.getpid(), 9)", "memory"),
        ("lambda order, held, progress, ask: exec('while True: pass')", "seconds"),
    ],
)
def test_what_kills_the_child_is_a_refusal_and_the_next_file_is_read(monkeypatch, job, says):
    worker.close()
    command = f"import os, sys; sys.path.insert(0, sys.argv[1]); from dashboard.reports import worker; worker.SECONDS = 1; worker.serve({{'report': ({job}, worker.MEMORY_BYTES)}}, int)"
    monkeypatch.setattr(worker, "_COMMAND", command)
    with pytest.raises(Refused, match=says) as caught:
        worker.run({}, b"x")
    assert caught.value.problem.code == "too_large"
    monkeypatch.undo()
    assert take_in("a.csv", SOUND, ACME).outcome == "accepted"


@forks
def test_a_fault_of_ours_is_told_as_ours_and_harms_nobody(monkeypatch):
    worker.close()
    monkeypatch.setattr(
        worker,
        "_COMMAND",
        "import sys; sys.path.insert(0, sys.argv[1]); from dashboard.reports import worker; worker.serve({'report': (lambda *_: 1 / 0, worker.MEMORY_BYTES)}, int)",
    )
    report = take_in("a.csv", SOUND, ACME)
    assert report.outcome == "refused"
    assert "the fault is ours" in report.problems[0].says
    worker.close()


@forks
def test_files_that_come_at_once_do_not_mix():
    found: dict[int, Report] = {}

    def read(number: int) -> None:
        found[number] = take_in(f"{number}.csv", SOUND.replace(b"12", b"%d" % number), ACME)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(1, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: report.observations["low"].tolist() for number, report in found.items()} == {
        number: [number, 3] for number in range(1, 13)
    }


def test_progress_is_told_and_only_ever_grows():
    steps: list[tuple[float, str]] = []
    lines = b"".join(b"%d-%02d,Germany,%d\n" % (year, month, year) for year in range(1900, 2020) for month in range(1, 13))
    take_in("a.csv", b"Period,Country,Requests\n" + lines, ACME, progress=lambda done, doing: steps.append((done, doing)))
    done = [step for step, doing in steps if doing]
    assert len(done) >= 4
    assert done == sorted(done)
    assert 0 <= done[0] <= done[-1] <= 1


@forks
def test_what_comes_from_the_child_is_what_is_read_here():
    for name, data in (("a.csv", SOUND), ("a.xlsx", workbook()), ("a.csv", SOUND.replace(b"Germany", b"Germani"))):
        there, here = take_in(name, data, ACME), take_in(name, data, ACME, isolated=False)
        assert there.problems == here.problems
        assert there.understanding == here.understanding
        assert there.observations.equals(here.observations)
        OwnObservation.validate(there.observations)


def is_told(report: Report) -> bool:
    """Whether a report is whole: an outcome, known codes, and observations that obey the model."""
    check_model(report.observations)
    json.dumps([problem.says for problem in report.problems])
    return (
        report.outcome in ("accepted", "warned", "refused")
        and {problem.code for problem in report.problems} <= set(Code)
        and (report.outcome != "refused" or any(problem.severity == "error" for problem in report.problems))
    )


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_files_that_once_were_trouble(path):
    assert is_told(take_in(path.name, path.read_bytes(), ACME, isolated=False))


NAMES = st.sampled_from(["a.csv", "a.tsv", "a.xlsx", "a.xls", "a.ods", "a.json", "a.zip", "a", "a.pdf"])
ordinary = settings(max_examples=int(os.environ.get("FUZZED_FILES", "100")), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@ordinary
@given(NAMES, st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_no_bytes_whatever_crash_the_reader(name, data):
    assert is_told(take_in(name, data, ACME, isolated=False))


@ordinary
@given(st.sampled_from(CORPUS), st.integers(0, 2**32))
def test_no_mutation_of_a_file_crashes_the_reader(path, seed):
    rng = random.Random(seed)
    data = bytearray(path.read_bytes())
    for _ in range(rng.randint(1, 8)):
        place = rng.randrange(len(data) + 1)
        match rng.randrange(4):
            case 0:
                data[place : place + 1] = bytes([rng.randrange(256)])
            case 1:
                del data[place : place + rng.randint(1, 20)]
            case 2:
                data[place:place] = rng.choice([b'"', b",", b"\n", b"\r", b"\0", b";", b"\xff", b"<!DOCTYPE", b"=", b"9" * 30])
            case _:
                other = rng.randrange(len(data) + 1)
                data[place:place] = data[other : other + rng.randint(1, 60)]
    # The reader of old workbooks may ask for any amount of memory, which only a child with limits survives.
    assert is_told(take_in(path.name, bytes(data), ACME, isolated=path.suffix == ".xls"))
