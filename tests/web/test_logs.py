"""What the server says to whoever runs it: one line an event, in either form, with nothing of a visitor in it."""

import json
import logging
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.reports import door
from dashboard.web import logs
from dashboard.web.metrics import Metrics


@given(st.text(), st.text(), st.integers(400, 599))
def test_an_event_is_one_line_and_as_json_one_object(event: str, address: str, status: int):
    record = logging.makeLogRecord({"msg": "%s", "args": (event,), "levelname": "WARNING", "address": address, "status": status})
    line = json.loads(logs.Lines("json").format(record))
    assert (line["event"], line["address"], line["status"]) == (event, address, status)
    for form in logs.FORMATS:
        assert len(logs.Lines(form).format(record).splitlines()) <= 1


@given(st.text(min_size=20, alphabet="abcdefghij"))
def test_a_defect_is_told_by_its_kind_and_place_and_never_by_its_words(secret: str):
    try:
        raise KeyError(secret)
    except KeyError as error:
        record = logging.makeLogRecord({"msg": "page failed", "exc_info": (KeyError, error, error.__traceback__)})
    for form in logs.FORMATS:
        line = logs.Lines(form).format(record)
        assert secret not in line
        assert "KeyError" in line and "test_logs" in line


def test_only_slow_answers_and_failures_are_told(caplog):
    logs.answered("/api/v1/series.csv", 200, 0.1)
    assert not caplog.records
    logs.answered("/api/v1/series.csv", 200, 60)
    with logs.Timed("Explore"):
        pass
    logs.page_failed("Explore", ValueError("words"))
    assert [record.getMessage() for record in caplog.records] == ["slow answer", "page failed"]


TELLING = """
import logging, sys
from streamlit.logger import get_logger
from dashboard.web import server
server.take_in_others("warning", sys.argv[1])
for name in sys.argv[2:]:
    log = get_logger(name) if name.startswith("streamlit") else logging.getLogger(name)
    try:
        raise ValueError("secret")
    except ValueError:
        log.exception("Session %s failed\\n", "secret")
"""
OTHERS = ("streamlit.runtime.websocket_session_manager", "streamlit.later", "uvicorn.error", "asyncio")


@pytest.mark.parametrize("form", logs.FORMATS)
def test_what_others_tell_is_one_line_of_the_same_form_without_what_a_visitor_wrote(form: str):
    told = subprocess.run([sys.executable, "-c", TELLING, form, *OTHERS], capture_output=True, text=True, check=True).stderr
    lines = told.splitlines()
    assert len(lines) == len(OTHERS) and "secret" not in told
    assert all("Session %s failed" in line and "ValueError" in line and "<module>" in line for line in lines)


@pytest.mark.parametrize("form", logs.FORMATS)
def test_events_go_to_the_standard_error_from_the_level_that_is_chosen(capsys, monkeypatch, form: str):
    log = logging.getLogger("dashboard")
    monkeypatch.setattr(log, "handlers", [])
    monkeypatch.setattr(log, "level", log.level)
    logs.configure("warning", form)
    logging.getLogger("dashboard.reports").info("file refused")
    logging.getLogger("dashboard.reports").warning("file refused", extra={"codes": ["open_quote"]})
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "open_quote" in err


def test_a_refused_file_is_told_by_its_codes_and_nothing_that_stands_in_it(caplog):
    caplog.set_level(logging.INFO, "dashboard")
    door.take_in("secret name.csv", b"secret words\n1,2,3\n", isolated=False)
    (record,) = [one for one in caplog.records if one.getMessage() == "file refused"]
    line = logs.Lines("json").format(record)
    assert json.loads(line)["codes"] and "secret" not in line


def test_runs_and_events_are_counted_by_fixed_words():
    runs, refused, other = logs.page_runs["explore"], logs.events["file refused"], logs.events["other"]
    with logs.Timed("explore"):
        pass
    logs.EventCounter().emit(logging.makeLogRecord({"msg": "file refused"}))
    logs.EventCounter().emit(logging.makeLogRecord({"msg": "words of %s", "args": ("a visitor",)}))
    assert (logs.page_runs["explore"], logs.events["file refused"], logs.events["other"]) == (runs + 1, refused + 1, other + 1)
    text = Metrics(None, lambda: 3).text()
    assert 'transparency_page_runs_total{page="explore"}' in text and 'transparency_events_total{event="file refused"}' in text
    assert "visitor" not in text.replace("a visitor makes", "")
