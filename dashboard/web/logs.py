"""What the server says to whoever runs it: one line an event, as text or JSON, and never a visitor's data in it."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
from collections import Counter

SLOW_SECONDS = 2.0
"""An answer or a run of a page that takes longer is told."""
LEVELS, FORMATS = ("debug", "info", "warning", "error"), ("text", "json")
_OTHERS = ("streamlit", "uvicorn", "asyncio", "websockets")
_OWN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
events: Counter[str] = Counter()
"""How often each event was logged since the start, by its fixed words."""
page_runs: Counter[str] = Counter()
page_seconds: Counter[str] = Counter()
"""Runs of each page, and the seconds that they took together."""
_log = logging.getLogger("dashboard.web")


def configure(level: str = "info", form: str = "text") -> None:
    """Send the events of this program, from `level` upwards, to the standard error, one line each."""
    log = logging.getLogger("dashboard")
    log.handlers = [handler(level, form), EventCounter()]
    log.setLevel(level.upper())


def handler(level: str, form: str) -> logging.Handler:
    """What writes events from `level` upwards to the standard error."""
    writing = logging.StreamHandler(sys.stderr)
    writing.setLevel(level.upper())
    writing.setFormatter(Lines(form))
    return writing


def answered(address: str, status: int, seconds: float) -> None:
    """Tell of a slow answer. `address` is the pattern of an endpoint, never what a visitor wrote; blank where nothing is there."""
    if seconds > SLOW_SECONDS:
        _log.warning("slow answer", extra={"address": address, "status": status, "seconds": round(seconds, 1)})


def failed(address: str, defect: BaseException) -> None:
    """Tell of a defect of ours: its kind and where it happened. Its words are left out, since they may hold what a visitor wrote."""
    _log.error("answer failed", extra={"address": address, "status": 500} | _where(defect))


def page_failed(page: str, defect: Exception) -> None:
    """Tell of a page with a defect of ours, likewise."""
    _log.error("page failed", extra={"page": page} | _where(defect))


class Timed:
    """Counts a run of a page, and tells of one that is slow; `with Timed("explore"):` around it."""

    def __init__(self, page: str):
        self.page = page

    def __enter__(self) -> None:
        self.start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        seconds = time.perf_counter() - self.start
        page_runs[self.page] += 1
        page_seconds[self.page] += seconds
        if seconds > SLOW_SECONDS:
            _log.warning("slow page", extra={"page": self.page, "seconds": round(seconds, 1)})


class EventCounter(logging.Handler):
    """Counts events by their fixed words, whatever is told beside them."""

    def emit(self, record: logging.LogRecord) -> None:
        events[f"{record.msg}" if not record.args and re.fullmatch(r"[a-z ]{1,40}", f"{record.msg}") else "other"] += 1


class Lines(logging.Formatter):
    """One line an event: as text `moment level event name="value" …`, or as one JSON object."""

    def __init__(self, form: str):
        super().__init__()
        self.form = form

    def format(self, record: logging.LogRecord) -> str:
        fields = {name: value for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info and record.exc_info[1]:
            fields |= _where(record.exc_info[1])
        # What others tell is told by its fixed words: what is put into them may be an address, a session or what a visitor wrote.
        event = f"{record.msg}".strip() if f"{record.name}".startswith(_OTHERS) else record.getMessage()
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        if self.form == "json":
            line = {"time": moment, "level": record.levelname.lower(), "logger": record.name, "event": event}
            return json.dumps(line | fields, default=str)
        named = " ".join(f"{name}={json.dumps(value, default=str)}" for name, value in fields.items())
        words = event.encode("unicode_escape").decode("ascii")
        return f"{moment} {record.levelname.lower()} {words}" + (f" {named}" if named else "")


def _where(error: BaseException) -> dict[str, str | list[str]]:
    frames = traceback.extract_tb(error.__traceback__)
    return {"error": type(error).__name__, "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-5:]]}
