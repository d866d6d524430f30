"""A file that is brought: the outcome, the problems, what it changes; on the page as on the command line."""

import io
import json
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import python_calamine
from streamlit.testing.v1 import AppTest

from dashboard import catalog
from dashboard.catalog import uploads
from dashboard.catalog.own_reports import accepted, with_reports
from dashboard.cli import main
from dashboard.reports import door, worker
from dashboard.reports.door import Answers, Mapping
from dashboard.reports.tables.frames import as_frame

BRING = str(Path(__file__).resolve().parents[2] / "dashboard" / "app_pages" / "bring.py")
HEADER = "Period Ending,Country/Region,CLDR Territory Code,Legal Process,User Data Requests,Percentage disclosed,Accounts\n"
SOUND = HEADER + "2031-06-30,Namibia,NA,Legal Requests,12,50,14\n"
IMPOSSIBLE = HEADER + "2019-06-30,Germany,DE,Legal Requests,55,57,60\n"
FOREIGN = "Land;Zeitraum;Anfragen\nDeutschland;1. Halbjahr 2023;1.234\nFrankreich;1. Halbjahr 2023;987\n"


def examined(text: str, name: str = "google-global-user-data-requests.csv", **answers) -> uploads.Upload:
    return uploads.examined(name, text.encode(), catalog.bundled(), Answers(**answers))


def test_a_period_to_come_is_a_warning_and_the_numbers_are_there():
    upload = examined(SOUND)
    assert upload.outcome == "warned"
    # `missing_value`: the other requesters of the last edition are not there.
    assert {problem.code for problem in upload.problems if problem.severity == "warning"} == {"future_period", "missing_value"}
    assert set(upload.observations["requester"]) == {"NAM"}


def test_an_impossible_percentage_is_told_with_the_nearest_possible_ones():
    (problem,) = [problem for problem in examined(IMPOSSIBLE).problems if problem.code == "impossible_rate"]
    assert problem.cell == "F2"
    assert "31" in problem.says + problem.fix and "32" in problem.says + problem.fix


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [({}, "refused"), ({"reporter": "acme"}, "refused"), ({"reporter": "acme", "decimal": ","}, "accepted")],
)
def test_a_foreign_layout_is_taken_in_once_what_it_leaves_open_is_answered(answers, outcome):
    upload = examined(FOREIGN, "bericht.csv", **answers)
    assert upload.outcome == outcome
    assert sorted(upload.observations["low"]) == ([987, 1234] if outcome == "accepted" else [])


def test_texts_of_any_column_are_searched_and_told_under_their_header():
    upload = examined('Country,Period,Requests,Note\nGermany,2020 H1,5,"=cmd|calc"\nFrance,2020 H1,6,<b>x</b>\n', "a.csv", reporter="acme")
    told = [(problem.code, problem.cell, problem.column) for problem in upload.problems]
    assert told == [("formula_text", "D2", "Note"), ("markup_text", "D3", "Note")]
    assert (upload.outcome, len(upload.observations)) == ("warned", 2)


def test_a_problem_that_a_rule_finds_names_its_header_too():
    upload = examined(IMPOSSIBLE)
    assert {problem.code: problem.column for problem in upload.problems}["impossible_rate"] == "Percentage disclosed"


def test_corrections_are_remembered_by_reporter_and_layout_whether_an_answer_or_a_column_names_the_reporter():
    said = examined("Country,Period,Requests\nGermany,2020 H1,5\n", "a.csv", reporter="Acme Corp.")
    printed = examined("Publisher,Country,Period,Requests\nAcme Corp.,Germany,2020 H1,5\n", "a.csv")
    assert said.layout_key[0] == printed.layout_key[0] == "acme_corp" and said.layout_key[1] != printed.layout_key[1]
    assert examined("Country,Period,Requests\nFrance,2020 H2,7\n", "b.csv").layout_key == ("", said.layout_key[1])
    assert examined(SOUND).layout_key == ("", "")


def test_in_json_the_header_is_the_name_of_the_value():
    rows = [{"country": name, "period": "2020 H1", "requests": 3, "rejected": 5} for name in ("Germany", "France")]
    upload = uploads.examined("a.json", json.dumps(rows).encode(), catalog.bundled(), Answers(reporter="acme"))
    told = [(problem.code, problem.cell, problem.column) for problem in upload.problems]
    assert told == [("total_mismatch", "[0].rejected", "rejected"), ("total_mismatch", "[1].rejected", "rejected")]


def archive(**members: str) -> bytes:
    """A zip of CSV files; `__` in a name stands for a folder."""
    with zipfile.ZipFile(made := io.BytesIO(), "w") as target:
        for name, text in members.items():
            target.writestr(f"{name.replace('__', '/')}.csv", text)
    return made.getvalue()


def test_two_files_of_one_name_in_an_archive_are_two_documents_with_addresses_of_their_own():
    line = "Country,Period,Requests\nGermany,2020 H1,{}\nFrance,2020 H1,1\nItaly,2020 H1,2\n"
    data = archive(one__r=line.format(5), two__r=line.format("=6"))
    upload = uploads.examined("r.zip", data, catalog.bundled(), Answers(reporter="acme"))
    assert [(problem.code, problem.cell, problem.row) for problem in upload.problems] == [
        ("bad_number", "two/r.csv!C2", 2),
        ("formula_text", "two/r.csv!C2", 2),
    ]
    sheets = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(uploads.marked_copy(upload, data)))
    assert sheets.sheet_names == ["Problems", "Left out", "one_r.csv", "two_r.csv"]
    sound = uploads.examined("r.zip", archive(one__r=line.format(5), two__r=line.format(6)), catalog.bundled(), Answers(reporter="acme"))
    german = sound.observations[sound.observations["requester"] == "DEU"]
    assert list(zip(german["document"], german["cell"], german["low"], strict=True)) == [("one/r.csv", "C2", 5), ("two/r.csv", "C2", 6)]


def test_the_pieces_are_the_observations_and_progress_reaches_the_end():
    steps = []
    lines = "".join(f"{place},2020-{month:02},{month}\n" for place in ("Germany", "France") for month in range(1, 13))
    upload = uploads.examined(
        "a.csv",
        f"Country,Period,Requests\n{lines}".encode(),
        catalog.bundled(),
        Answers(reporter="acme"),
        progress=lambda done, doing: steps.append(done),
    )
    assert pd.concat(upload.pieces(), ignore_index=True).equals(upload.observations)
    assert len(upload.observations) == 24
    assert steps == sorted(steps) and steps[-1] == 1 and len(steps) > 20


def test_nothing_damaged_is_taken_in():
    upload = examined(SOUND + "2031-06-30,Germany,DE,Legal Requests,1,2,3,4\n")
    assert upload.outcome == "refused" and upload.observations.empty
    assert [problem.code for problem in upload.problems if problem.severity == "error"] == ["ragged_row"]
    assert [problem.row for problem in upload.problems if problem.code == "ragged_row"] == [3]


def test_the_same_ids_stand_in_the_table_and_in_the_json():
    upload = examined(IMPOSSIBLE)
    told = json.loads(uploads.as_json(upload, IMPOSSIBLE.encode()))
    assert [problem["id"] for problem in told["problems"]] == list(uploads.problem_table(upload).sort_index()["Id"])


def test_no_problem_is_said_as_clearly_as_a_problem():
    text = HEADER + "2019-06-30,Andorra,AD,Legal Requests,1,100,1\n"
    upload = examined(text)
    found = [problem for problem in upload.problems if problem.severity in ("error", "warning")]
    assert ("No problems" in upload.summary) == (not upload.problems)
    assert "checks run" in upload.summary
    assert upload.outcome == ("warned" if found else "accepted")


@pytest.mark.published
def test_a_later_edition_is_held_against_the_one_before(published):
    path = published / "google/through-2023-H1/google-global-user-data-requests.csv"
    # A line more: not the very file that is held.
    upload = uploads.examined(path.name, path.read_bytes() + b"\n", catalog.bundled())
    assert upload.outcome in ("accepted", "warned")
    assert set(upload.changes["state"]) <= {"unchanged", "restated", "withdrawn", "new"}
    assert (upload.changes["state"] == "unchanged").mean() > 0.99
    assert not upload.held_as and upload.may_be_older


@pytest.mark.published
def test_a_file_that_is_held_is_compared_with_what_was_known_before_it(published):
    path = published / "google/through-2023-H1/google-global-user-data-requests.csv"
    upload = uploads.examined(path.name, path.read_bytes(), catalog.bundled())
    assert len(upload.held_as) == 1 and "2023 H1" in upload.held_as[0] and not upload.may_be_older
    new = upload.changes[upload.changes["state"] == "new"]
    assert (new["period_start"] >= "2021").mean() > 0.9
    assert {document for document in upload.changes["held_document"] if "2023" in document} == set()


def test_the_command_line_takes_the_answers_of_the_page(tmp_path, capsys):
    path = tmp_path / "bericht.csv"
    path.write_text(FOREIGN, encoding="utf-8")
    assert main(["read", str(path), "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["outcome"] == "refused" and {"missing_column", "ambiguous_number"} <= {problem["code"] for problem in told["problems"]}
    assert main(["read", str(path), "--reporter", "acme", "--decimal", ",", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["outcome"] == "accepted" and [row["low"] for row in told["observations"]] == [1234, 987]


def test_the_command_line_names_the_options_that_answer_what_is_asked(tmp_path, capsys):
    path = tmp_path / "bericht.csv"
    path.write_text(FOREIGN + "Belgim;1. Halbjahr 2023;12\n", encoding="utf-8")
    assert main(["read", str(path)]) == 1
    told = capsys.readouterr().err.splitlines()[-1]
    assert told.startswith("bericht.csv: what is asked can be said by --reporter, --decimal.")
    path.write_text(FOREIGN, encoding="utf-8")
    assert main(["read", str(path), "--reporter", "acme", "--decimal", ","]) == 0
    assert capsys.readouterr().err == ""


def test_strict_takes_nothing_with_a_warning(tmp_path, capsys):
    path = tmp_path / "google-global-user-data-requests.csv"
    path.write_text(SOUND, encoding="utf-8")
    assert main(["read", str(path)]) == 0
    assert main(["read", str(path), "--strict"]) == 1


def test_a_copy_with_the_problems_in_red_is_written(tmp_path, capsys):
    path, out = tmp_path / "google-global-user-data-requests.csv", tmp_path / "problems.xlsx"
    path.write_text(IMPOSSIBLE, encoding="utf-8")
    main(["read", str(path), "--report", str(out)])
    assert out.read_bytes().startswith(b"PK")


def brought(name: str, text: str) -> AppTest:
    app = AppTest.from_file(BRING, default_timeout=60).run()
    app.file_uploader[0].set_value((name, text.encode(), "text/csv")).run()
    assert not app.exception
    return app


def test_the_page_shows_the_outcome_and_keeps_nothing_by_itself():
    app = brought("bericht.csv", FOREIGN)
    assert any("Answers are missing" in text.value for text in app.markdown)
    assert not app.error
    assert not list(app.session_state["own_reports"]) if "own_reports" in app.session_state else True


def test_what_no_answer_settles_stands_above_what_is_asked():
    app = brought("requests.csv", "CountryRequests,Accounts,Remarks\nNorway,41,53,\nSweden,120,141,\n")
    texts = [text.value for text in app.markdown]
    assert any("Not taken in" in text for text in texts) and not any("Answers are missing" in text for text in texts)
    shown = [*_elements(app.main)]
    wrong = next(index for index, element in enumerate(shown) if "begins a header" in str(getattr(element, "value", "")))
    question = next(index for index, element in enumerate(shown) if getattr(element, "label", "") == "Who published these counts?")
    assert wrong < question


def _elements(block):
    for child in block.children.values():
        yield child
        yield from _elements(child) if hasattr(child, "children") else ()


@pytest.mark.parametrize(("name", "text"), [("empty.csv", " "), ("page.xlsx", "no workbook")])
def test_of_a_file_of_which_nothing_was_read_no_empty_copy_is_offered(name, text):
    app = brought(name, text)
    assert any("Not taken in" in one.value for one in app.markdown)
    assert not [one for one in app.get("download_button") if "red cells" in one.label]


def test_an_accepted_report_is_used_in_the_session():
    app = brought("google-global-user-data-requests.csv", SOUND)
    app.checkbox[0].check().run()
    next(button for button in app.button if button.label == "Use it in this session").click().run()
    assert not app.exception
    assert len(app.session_state["own_reports"]) == 1


TWO_SHEETS = {
    "Old": [["Country", "Period", "Requests"], ["Germany", "2019 H1", "4"]],
    "New": [["Country", "Period", "Requests"], ["Chile", "2020 H1", "5"]],
}


def two_sheets() -> bytes:
    target = io.BytesIO()
    with pd.ExcelWriter(target, engine="openpyxl") as writer:
        for name, rows in TWO_SHEETS.items():
            pd.DataFrame(rows).to_excel(writer, sheet_name=name, header=False, index=False)
    return target.getvalue()


GUESSED = {
    # What is in the file, what is said of its form, and what is read then: requesters and numbers, or the code of the refusal.
    "letters": ("a.csv", "Country;Period;Requests\nLübeck;2020 H1;5\n".encode("cp850"), {"encoding": "cp850"}, [("Lübeck", 5)]),
    "letters that it cannot be in": (
        "a.csv",
        "Country;Period;Requests\nChile;2020 H1;5 \u2003\n".encode(),
        {"encoding": "ascii"},
        "bad_encoding",
    ),
    "a separator": ("a.txt", b"Country|Period|Requests, all\nChile|2020 H1|5\n", {"separator": "|"}, [("CHL", 5)]),
    "a separator that it has not": ("a.csv", b"Country,Period,Requests\nChile,2020 H1,5\n", {"separator": ";"}, "no_header"),
    "a sheet": ("a.xlsx", two_sheets(), {"sheet": "New"}, [("CHL", 5)]),
    "a sheet that it has not": ("a.xlsx", two_sheets(), {"sheet": "Newest"}, "choose_sheet"),
    "a header": ("a.csv", b"Report,by,us\nCountry,Period,Requests\nChile,2020 H1,5\n", {"header_line": 2}, [("CHL", 5)]),
    "a header where none stands": ("a.csv", b"Report\n\nCountry,Period,Requests\nChile,2020 H1,5\n", {"header_line": 2}, "no_header"),
    "a header beyond the end": ("a.csv", b"Country,Period,Requests\nChile,2020 H1,5\n", {"header_line": 99}, "no_header"),
}


@pytest.mark.parametrize("what", GUESSED)
@pytest.mark.parametrize("is_saved", [False, True], ids=["as an answer", "in a mapping file"])
def test_how_bytes_became_cells_is_told_and_can_be_said_otherwise(what, is_saved):
    name, data, form, expected = GUESSED[what]
    mapping = door.saved_mapping(Mapping(**form).dumped().encode()) if is_saved else None
    answers = Answers(reporter="acme") if is_saved else Answers(reporter="acme", **form)
    upload = uploads.examined(name, data, catalog.bundled(), answers, mapping)
    if isinstance(expected, str):
        assert (upload.outcome, expected in {problem.code for problem in upload.problems}) == ("refused", True)
        return
    assert list(zip(upload.observations["requester"], upload.observations["low"], strict=True)) == expected
    told = upload.report.form | {
        "header_line": upload.report.understanding.tables[0].header_lines[0],
        "sheet": upload.report.understanding.tables[0].sheet,
    }
    assert {part: told[part] for part in form} == form
    assert sum(upload.report.uses.values()) == (
        12 if form.get("sheet") else len([cell for line in data.splitlines() for cell in re.split(rb"[;|,](?! )", line) if cell.strip()])
    )


NAMED = {
    "in its title": ("a.csv", "KiwiCloud Transparency Report\n\nCountry,Period,Requests\nChile,2020 H1,5\n", "KiwiCloud"),
    "in a title in German": ("a.csv", "Auskunftsersuchen bei Mövenpost 2020\n\nLand,Zeitraum,Anfragen\nChile,2020 H1,5\n", "Mövenpost"),
    "in its name": ("KiwiCloud-transparency-report-2020.csv", "Country,Period,Requests\nChile,2020 H1,5\n", "KiwiCloud"),
    "in its name, one that is known": ("requests_tiktok_2020.csv", "Country,Period,Requests\nChile,2020 H1,5\n", "TikTok"),
    "nowhere": ("small.csv", "Country,Period,Requests\nChile,2020 H1,5\n", ""),
    "nowhere, though it has a title": ("data.csv", "Government requests for user data\n\nCountry,Period,Requests\nChile,2020 H1,5\n", ""),
}


@pytest.mark.parametrize("where", NAMED)
def test_the_publisher_that_a_file_names_is_offered_and_never_assumed(where):
    name, text, offered = NAMED[where]
    upload = examined(text, name)
    assert (upload.outcome, upload.offered_reporter) == ("refused", offered)
    assert examined(text, name, reporter="acme").offered_reporter == ""


def test_on_the_page_what_is_offered_is_taken_with_one_click_the_name_as_written_and_a_table_of_removals_left_out():
    page = AppTest.from_file(BRING, default_timeout=120)
    table = "\n\nCountry\tPeriod\tRequests\nChile\t2020 H1\t5\n"
    page.session_state["pasted-table"] = f"KiwiCloud Transparency Report{table}\nContent removal requests{table}"
    page.run()
    (field,) = [field for field in page.text_input if field.label == "Who published these counts?"]
    assert (field.value, [box.value for box in page.checkbox if box.label.startswith("Leave out")]) == ("KiwiCloud", [True])
    assert not any("removal" in line.value and "Error" in line.value for line in page.markdown)
    next(button for button in page.button if button.label == "Use these answers").click().run()
    assert not page.exception
    assert any("1 number of KiwiCloud" in line.value for line in page.markdown)
    assert any("cells divided by a tab" in line.value for line in page.caption)


def test_a_pasted_table_is_read_in_the_child_like_a_file(monkeypatch):
    orders = []
    run = worker.run
    monkeypatch.setattr(worker, "run", lambda order, *more: (orders.append(order), run(order, *more))[1])
    page = AppTest.from_file(BRING, default_timeout=120)
    page.session_state["pasted-table"] = "Country\tPeriod\tRequests\nChile\t2020 H1\tmany\n"
    page.run()
    assert ([order["name"] for order in orders], page.exception.len) == (["pasted table.txt"], 0)
    assert any("C2" in line.value for line in page.markdown)


def test_a_file_that_the_visitor_took_in_is_not_told_as_a_published_one():
    data = b"Country,Period,Requests\nGermany,2023 H1,120\nFrance,2023 H1,80\n"
    first = uploads.examined("kiwi.csv", data, catalog.bundled(), Answers(reporter="KiwiCloud", request_type="all"))
    kept = accepted("kiwi.csv", data, as_frame(first.rows), names=first.reporter_names)
    again = uploads.examined("kiwi.csv", data, with_reports(catalog.bundled(), [kept]), Answers(reporter="KiwiCloud", request_type="all"))
    assert first.outcome == again.outcome == "accepted" and not again.held_as and not again.may_be_older and again.changes.empty
