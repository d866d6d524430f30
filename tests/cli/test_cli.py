"""The command line as a user meets it: the right figures, one sentence for what cannot be done, and an exit code that tells."""

import csv
import functools
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from dashboard import analysis, catalog, cli, statements
from dashboard.catalog import history, shipped
from dashboard.display import downloads
from dashboard.model import tables
from dashboard.reports.cells.reading import MAX_BYTES

ACCEPTED, REJECTED, UNREADABLE = 0, 1, 2


@pytest.fixture(scope="module", autouse=True)
def totals_made_once():
    """The complete table is made once for a day, not anew for each test; it takes a second."""
    complete = analysis.with_totals
    made = functools.cache(lambda day: complete(catalog.bundled(), day))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analysis, "with_totals", lambda bundled, day=None: made(day))
        yield


@pytest.fixture
def run(capsys):
    """Runs the program and returns its exit code, what it wrote and what it said; a traceback would fail the test."""

    def run_it(*arguments: str) -> tuple[int, str, str]:
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as usage:
            code = usage.code
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return run_it


def test_datasets_that_were_changed_by_hand_are_described_without_the_published_files(run, monkeypatch, tmp_path):
    folder = tmp_path / "datasets"
    shutil.copytree(catalog.datasets_folder(), folder)
    with (folder / "statements" / "courts.toml").open("a", encoding="utf-8") as file:
        file.write("# One more line.\n")
    monkeypatch.setattr(catalog, "datasets_folder", lambda: folder)
    assert run("rebuild")[0] == ACCEPTED
    assert history.versions(folder)["version"].iloc[-1] == shipped.load(folder, keep=False).version


def rows(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out)))


def ends(out: str) -> list[tuple[str, str, str, str]]:
    return [(row["period_start"], row["period_end"], row["low"], row["high"]) for row in rows(out)]


def series(*asked: str) -> list[str]:
    reporter, requester, measure, *more = asked
    return ["series", "--reporter", reporter, "--requester", requester, "--measure", measure, *more]


# Series


def test_microsoft_s_years(run):
    code, out, err = run(*series("microsoft", "USA", "requests", "--by", "year", "--from", "2016-01-01", "--to", "2020-12-31"))
    assert (code, err) == (ACCEPTED, "")
    assert [(row["period_start"][:4], row["low"], row["high"]) for row in rows(out)] == [
        ("2016", "9907", "9907"),
        ("2017", "9385", "9385"),
        ("2018", "9317", "9317"),
        ("2019", "9175", "9175"),
        ("2020", "11189", "11189"),
    ]
    assert {row["derivation"] for row in rows(out)} == {"sum over 2 parts of the year"}
    assert rows(out)[0]["documents"] == "microsoft/microsoft-lerr-2016-h1; microsoft/microsoft-lerr-2016-h2"


H1_2016, H1_2013 = ("--from", "2016-01-01", "--to", "2016-06-30"), ("--from", "2013-01-01", "--to", "2013-06-30")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (series("google", "WLD", "requests", *H1_2016), ("2016-01-01", "2016-06-30", "44943", "44943")),
        (series("google", "WLD", "accounts_specified", *H1_2016), ("2016-01-01", "2016-06-30", "76713", "76713")),
        (series("meta", "USA", "requests", *H1_2013), ("2013-01-01", "2013-06-30", "11000", "12000")),
        (series("apple", "USA", "requests", "--request-type", "device", *H1_2013), ("2013-01-01", "2013-06-30", "3542", "3542")),
        (series("apple", "USA", "requests", "--request-type", "account", *H1_2013), ("2013-01-01", "2013-06-30", "927", "927")),
        (
            series("microsoft", "USA", "accounts_specified", "--request-type", "fisa_content", *H1_2013),
            ("2013-01-01", "2013-06-30", "15000", "15999"),
        ),
    ],
)
def test_a_series_prints_its_numbers_and_documents(run, asked, expected):
    code, out, err = run(*asked)
    assert (code, err, ends(out)) == (ACCEPTED, "", [expected])
    assert all(row["documents"] for row in rows(out))


def test_google_s_worldwide_share_is_weighted(run):
    _, out, _ = run(*series("google", "WLD", "share_some_data", *H1_2016))
    (row,) = rows(out)
    assert 0.63 <= float(row["low"]) < float(row["high"]) <= 0.65


def test_a_worldwide_total_that_is_summed_says_so(run):
    _, out, _ = run(*series("google", "WLD", "requests", *H1_2016))
    assert rows(out)[0]["derivation"].startswith("sum over") and "requesters" in rows(out)[0]["derivation"]


@pytest.mark.parametrize(("period", "total"), [("2019-07-01", "140875"), ("2020-07-01", "191013"), ("2022-01-01", "237414")])
def test_meta_s_worldwide_totals(run, period, total):
    _, out, _ = run(*series("meta", "WLD", "requests"))
    assert [(row["low"], row["high"]) for row in rows(out) if row["period_start"] == period] == [(total, total)]


def test_google_s_accounts_of_2009_and_2010_are_none_and_not_zero(run):
    code, out, err = run(*series("google", "USA", "accounts_specified", "--to", "2010-12-31", "--request-type", "all"))
    assert (code, out) == (UNREADABLE, "")
    assert err == "transparency: google publishes no total over request type: choose fisa_content, fisa_noncontent or nsl.\n"


def test_namibia_is_there(run):
    code, out, _ = run(*series("google", "NAM", "requests"))
    assert code == ACCEPTED and len(rows(out)) > 0


def test_orders_that_run_on_give_no_year_and_say_why(run):
    code, out, err = run(
        *series(
            "microsoft", "USA", "accounts_specified", "--request-type", "fisa_content", "--by", "year", *H1_2013[:2], "--to", "2013-12-31"
        )
    )
    (row,) = rows(out)
    assert (code, row["low"], row["high"]) == (ACCEPTED, "", "")
    assert row["why"] in err
    assert err == "transparency: 2013: no number: halves are not added: an order is counted in every half-year in which it runs.\n"


def test_a_series_as_json_holds_the_same_numbers(run):
    asked = series("meta", "USA", "requests", *H1_2013)
    _, out, _ = run(*asked, "--format", "json")
    assert json.loads(out) == [
        {
            "period_start": "2013-01-01",
            "period_end": "2013-06-30",
            "low": 11000,
            "high": 12000,
            "documents": "meta/prpl-facebook-government-report-2013-h1",
            "derivation": "as published",
            "derived_low": None,
            "derived_because": "",
        }
    ]


def test_as_known_on_an_earlier_day_only_earlier_documents_speak(run):
    asked = series("google", "USA", "requests", "--from", "2012-01-01", "--to", "2012-06-30")
    _, then, _ = run(*asked, "--as-of", "2013-01-15")
    _, now, _ = run(*asked)
    known_from = catalog.bundled().documents.set_index("document")["known_from"]
    (document,) = {row["documents"] for row in rows(then)}
    assert str(known_from[document].date()) <= "2013-01-15" < str(known_from[rows(now)[0]["documents"]].date())
    code, _, err = run(*asked, "--as-of", "2005-01-01")
    assert code == UNREADABLE and err.count("\n") == 1


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (series("nobody", "USA", "requests"), "No reporter is called nobody: choose"),
        (series("google", "USA", "queries"), "google publishes no queries: choose"),
        (series("google", "ATA", "letters"), "google publishes no letters for Antarctica (ATA)."),
        (series("google", "USA", "requests", "--service", "skype"), "choose"),
        (series("google", "USA", "requests", "--from", "2030-01-01"), "in this period"),
    ],
)
def test_what_is_not_published_is_one_sentence_and_exit_2(run, asked, says):
    code, out, err = run(*asked)
    assert (code, out) == (UNREADABLE, "")
    assert err.startswith("transparency: ") and err.count("\n") == 1 and says in err


@pytest.mark.parametrize(
    "asked",
    [
        ["series"],
        ["series", "--reporter", "google"],
        series("google", "USA", "requests", "--from", "spring"),
        series("google", "USA", "requests", "--as-of", "2020-02-30"),
        series("google", "USA", "requests", "--by", "month"),
        ["read"],
        ["data"],
        ["dance"],
    ],
)
def test_wrong_usage_is_exit_2_with_the_usage(run, asked):
    code, out, err = run(*asked)
    assert (code, out) == (UNREADABLE, "") and "usage:" in err


# Read


SOUND = (
    "Period Ending,Country/Region,CLDR Territory Code,Legal Process,User Data Requests,Percentage disclosed,Accounts\n"
    "2016-06-30,Namibia,NA,Other Legal Requests,3,67,4\n"
)
UNSOUND = SOUND + "2016-06-30,Narnia,,Other Legal Requests,3,67,4\n"


@pytest.fixture
def file(tmp_path):
    """Writes a file of some bytes and returns its path."""

    def write(data: bytes | str, name: str = "google-global-user-data-requests.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
        return path

    return write


def test_a_sound_report_is_read_into_observations(run, file):
    code, out, err = run("read", file(SOUND))
    assert (code, err) == (ACCEPTED, "")
    assert list(rows(out)[0]) == list(tables.described(tables.Observation))
    assert {row["requester"] for row in rows(out)} == {"NAM"}
    assert {(row["measure"], row["low"], row["high"], row["cell"]) for row in rows(out)} >= {("requests", "3", "3", "E2")}


def test_a_report_with_a_problem_is_rejected_and_the_cell_is_told(run, file):
    code, out, err = run("read", file(UNSOUND))
    assert (code, out) == (REJECTED, "")
    assert "error: " in err and "B3: “Narnia” is not a country we know" in err


def test_json_holds_layout_observations_and_problems(run, file):
    code, out, err = run("read", file(UNSOUND), "--format", "json")
    told = json.loads(out)
    assert (code, err, list(told)) == (REJECTED, "", ["layout", "outcome", "offered_reporter", "uses", "form", "observations", "problems"])
    assert told["observations"] == []
    (problem,) = [problem for problem in told["problems"] if problem["severity"] == "error"]
    assert {"severity", "code", "cell", "row", "column", "value", "says", "fix"} <= set(problem)
    assert (problem["cell"], problem["value"]) == ("B3", "Narnia")


def test_json_of_a_sound_report_holds_its_observations(run, file):
    code, out, _ = run("read", file(SOUND), "--format", "json")
    told = json.loads(out)
    assert code == ACCEPTED and told["layout"] and [p for p in told["problems"] if p["severity"] == "error"] == []
    assert set(told["observations"][0]) == set(tables.described(tables.Observation))


def test_observations_are_written_where_asked(run, file, tmp_path):
    code, out, _ = run("read", file(SOUND), "--out", tmp_path / "out.csv")
    assert (code, out) == (ACCEPTED, "")
    assert len(rows((tmp_path / "out.csv").read_text(encoding="utf-8"))) > 0


def cut_workbook() -> bytes:
    data = downloads.workbook({"Sheet": pd.DataFrame({"a": [1, 2, 3]})})
    return data[: len(data) // 2]


ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "empty.csv", "The file is empty."),
        (b"   \n\n", "blank.csv", ""),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "picture.csv", "not a table"),
        (b"%PDF-1.7 " + bytes(100), "report.pdf", "not a table"),
        (b"<!doctype html><html></html>", "page.csv", "web page"),
        (bytes(range(256)) * 20, "noise.csv", ""),
        (b"{}", "empty.json", "no layout that we know"),
        (b'{"a": [1, 2', "cut.json", "JSON"),
        ("cut", "cut.xlsx", "damaged or cut off"),
        (b"PK\x03\x04 no zip", "bad.xlsx", "damaged or cut off"),
        (ENCRYPTED, "locked.xlsx", "protected by a password"),
        (b"word " * 1000, "prose.txt", ""),
    ],
)
@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_file_that_cannot_be_read_is_one_sentence_and_exit_2(run, file, data, name, says, form):
    code, out, err = run("read", file(cut_workbook() if data == "cut" else data, name), "--format", form)
    assert code == UNREADABLE
    if form == "json":
        told = json.loads(out)
        assert told["layout"] is None and told["observations"] == [] and len(told["problems"]) == 1
        text = told["problems"][0]["says"]
    else:
        assert out == "" and err.count("\n") == 1
        text = err
    assert says in text


def test_a_table_of_no_known_layout_is_told_by_its_columns_and_exit_2(run, file):
    code, out, err = run("read", file(b"a,b,c\n1,2,3\n", "table.csv"))
    assert (code, out) == (UNREADABLE, "")
    assert err and all(line.startswith("table.csv: error: ") for line in err.splitlines())
    code, out, _ = run("read", file(b"a,b,c\n1,2,3\n", "table.csv"), "--format", "json")
    told = json.loads(out)
    assert code == UNREADABLE and told["layout"] is None and told["observations"] == []
    assert all(problem["says"] and problem["fix"] for problem in told["problems"])


def test_a_far_too_large_file_is_refused_without_reading_it(run, tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(100 * MAX_BYTES)
    code, out, err = run("read", path)
    assert (code, out) == (UNREADABLE, "")
    assert err == f"huge.csv: error: The file has 5,000 MiB; at most 50 MiB are read. {err.partition('are read. ')[2]}"
    assert err.count("\n") == 1


def test_a_file_without_an_end_is_refused(run):
    if not Path("/dev/zero").exists():
        pytest.skip("needs a file without an end")
    code, _, err = run("read", "/dev/zero")
    assert code == UNREADABLE and err.count("\n") == 1


def test_a_folder_and_a_missing_file_are_one_sentence_and_exit_2(run, tmp_path):
    for path, says in ((tmp_path, "is a folder"), (tmp_path / "gone.csv", "cannot be read")):
        code, out, err = run("read", path)
        assert (code, out, err.count("\n")) == (UNREADABLE, "", 1) and says in err


def test_a_period_that_is_none_is_told(run, file):
    code, _, err = run("read", file(SOUND), "--period", "spring")
    assert code == UNREADABLE and err.startswith("transparency: “spring” names no period")


def test_of_several_files_each_problem_names_its_file(run, file):
    sound, empty = file(SOUND), file(b"", "empty.csv")
    code, out, err = run("read", sound, empty)
    assert (code, out) == (UNREADABLE, "") and err.startswith("empty.csv: error: ")
    code, out, _ = run("read", sound, empty, "--format", "json")
    told = json.loads(out)
    assert code == UNREADABLE and told["layout"][1] is None
    assert [Path(problem["file"]).name for problem in told["problems"] if problem["severity"] == "error"] == ["empty.csv"]


def test_what_a_terminal_would_obey_is_not_passed_on(run, file):
    _, _, err = run("read", file(SOUND + "2016-06-30,\x1b[31mNarnia,,Other Legal Requests,3,67,4\n"))
    assert "\x1b" not in err and "Narnia" in err


# Data


def test_data_writes_everything_as_a_package(run, tmp_path):
    code, out, err = run("data", "--out", tmp_path / "bundle.zip")
    assert (code, out, err) == (ACCEPTED, "", "")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        assert "datapackage.json" in archive.namelist() and archive.testzip() is None


def test_data_that_cannot_be_written_is_one_sentence(run, tmp_path):
    code, _, err = run("data", "--out", tmp_path / "no" / "such" / "bundle.zip")
    assert code == UNREADABLE and err.count("\n") == 1 and "cannot be written" in err


def test_datasets_that_were_tampered_with_stop_the_program(run, monkeypatch, tmp_path):
    monkeypatch.setattr(catalog, "bundled", lambda: catalog.load(tmp_path))
    code, out, err = run(*series("google", "USA", "requests"))
    assert (code, out) == (UNREADABLE, "")
    assert err == "transparency: datapackage.json: the file is missing, so there is nothing to show.\n"


# The program as a process


def program(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "dashboard.cli", *arguments],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_the_program_prints_the_series_and_ends_with_its_exit_code(tmp_path):
    sound = program(*series("microsoft", "USA", "requests", "--by", "year", "--from", "2016-01-01", "--to", "2016-12-31"))
    assert (sound.returncode, sound.stderr) == (ACCEPTED, "")
    assert ends(sound.stdout) == [("2016-01-01", "2016-12-31", "9907", "9907")]
    (tmp_path / "empty.csv").touch()
    unreadable = program("read", str(tmp_path / "empty.csv"))
    assert (unreadable.returncode, unreadable.stdout) == (UNREADABLE, "")
    assert unreadable.stderr.count("\n") == 1 and "The file is empty." in unreadable.stderr


def test_only_the_module_of_a_command_is_loaded_and_each_command_has_one():
    parsers = {command: module for module, own in cli.MODULES.items() for command in own}
    assert sorted(parsers) == sorted(cli.commands())
    for command, module in parsers.items():
        assert cli.MODULES[module] == tuple(cli.commands(command))


SMALL = "Country,Period,Requests\nFrance,2020-H1,12\n"


SERIES = ["series", "--reporter", "google", "--requester", "USA", "--measure", "requests"]
SENTENCE = ["check", "--text", "Google received 12 requests from France in 2020."]


def test_a_small_file_a_series_and_a_sentence_load_no_engine_that_they_do_not_use_and_start_no_second_interpreter(tmp_path):
    statements.bundled()  # The tables are checked, if need be, and kept: where they are, nothing is left for pandera to check.
    (tmp_path / "small.csv").write_text(SMALL)
    script = (
        "import contextlib, io, subprocess, sys; sys.argv = ['transparency', 'read', 'small.csv', '--reporter', 'acme']\n"
        "def refused(*_, **__): raise AssertionError('a second interpreter')\n"
        "subprocess.Popen = refused\n"
        "from dashboard import cli; codes = [cli.main()]\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        f"    codes += [cli.main({SERIES}), cli.main({SENTENCE})]\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & set(sys.stdin.read().split())), codes, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        input="pandera sqlalchemy xlsxwriter plotly streamlit starlette pydantic_settings lxml fontTools PIL",
        env=os.environ | {"TRANSPARENCY_DATA": str(tmp_path / "none"), "PYTHONPATH": str(Path(cli.__file__).parents[2])},
    )
    assert (done.stderr.strip(), rows(done.stdout)[0]["low"]) == ("[] [0, 0, 0]", "12")


def test_the_process_that_a_command_forks_reads_file_after_file_also_after_one_that_stops_it(tmp_path):
    (tmp_path / "small.csv").write_text(SMALL)
    (tmp_path / "cut.xlsx").write_bytes(cut_workbook()[:700])
    done = program("read", str(tmp_path / "cut.xlsx"), str(tmp_path / "small.csv"), "--reporter", "acme", "--format", "json")
    told = json.loads(done.stdout)
    assert (told["outcome"], done.returncode) == (["refused", "accepted"], UNREADABLE)


def test_a_file_is_compared_with_what_is_kept_as_on_the_page(run, tmp_path, monkeypatch):
    monkeypatch.setenv("TRANSPARENCY_DATA", str(tmp_path / "kept"))
    (tmp_path / "first.csv").write_text(SMALL)
    (tmp_path / "second.csv").write_text(SMALL.replace("12", "13"))
    assert run("keep", tmp_path / "first.csv", "--reporter", "acme")[0] == ACCEPTED
    code, out, err = run("read", tmp_path / "second.csv", "--reporter", "acme", "--format", "json")
    restated = [problem for problem in json.loads(out)["problems"] if problem["code"] == "restated_value"]
    assert [(problem["cell"], "12" in problem["says"]) for problem in restated] == [("C2", True)]
    (tmp_path / "kept" / "catalogue.sqlite").write_bytes(b"no database")
    code, out, err = run("read", tmp_path / "second.csv", "--reporter", "acme")
    assert code == ACCEPTED
    assert "not compared with all that is kept" in err


def by_line(figure: int, separator: str = ";", header: str = "Anfragen", above: str = "") -> bytes:
    lines = [above, separator.join(["Land", "Zeitraum", header]), separator.join(["Türkei", "2020 H1", str(figure)])]
    return "\n".join(line for line in lines if line).encode("cp1254")


def by_sheet(figure: int) -> bytes:
    target = io.BytesIO()
    with pd.ExcelWriter(target) as book:
        for name, count in (("Ours", figure), ("Draft", 7)):
            pd.DataFrame({"Country": ["Türkiye"], "Period": ["2020 H1"], "Requests": [count]}).to_excel(book, sheet_name=name, index=False)
    return target.getvalue()


MAPPING = '[columns."Fälle"]\nrole = "count"\nmeasure = "requests"\n'
OPTIONS = {
    "--encoding": ("cp1254", by_line),
    "--separator": ("bar", lambda figure: by_line(figure, "|")),
    "--sheet": ("Ours", by_sheet),
    "--header-line": ("2", lambda figure: by_line(figure, above="Land;Zeitraum;Anträge")),
    "--mapping": ("mapping.toml", lambda figure: by_line(figure, header="Fälle")),
}


@pytest.mark.parametrize("option", OPTIONS)
def test_what_is_said_of_a_files_form_holds_for_read_diff_and_keep(run, tmp_path, monkeypatch, option):
    value, made = OPTIONS[option]
    monkeypatch.setenv("TRANSPARENCY_DATA", str(tmp_path / "kept"))
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    old, new = (tmp_path / f"{name}.{'xlsx' if option == '--sheet' else 'csv'}" for name in ("old", "new"))
    old.write_bytes(made(41))
    new.write_bytes(made(42))
    said = ["--reporter", "kiwicloud", option, value, *(["--encoding", "cp1254"] if option == "--mapping" else [])]
    assert [row["printed"] for row in rows(run("read", old, *said)[1])] == ["41"]
    assert "Türkiye: requests, 2020 H1: 41 → 42" in run("diff", old, new, *said)[1]
    assert "1 number of kiwicloud, 2020 H1" in run("keep", old, *said)[1]


def test_two_files_that_are_refused_are_not_compared(run, tmp_path):
    for name in ("old.xlsx", "new.xlsx"):
        (tmp_path / name).write_bytes(by_sheet(41))
    code, out, err = run("diff", tmp_path / "old.xlsx", tmp_path / "new.xlsx", "--reporter", "kiwicloud")
    assert (code, out) == (REJECTED, "")
    assert err.count("stands for the same as") == 2
