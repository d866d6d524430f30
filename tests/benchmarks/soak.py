"""What a server keeps of what is over: `python tests/benchmarks/soak.py [minutes] [people] [seconds a round]` prints, minute by minute, what it holds.

People come, upload a report of their own, keep it, look at it on Explore, draw a figure of it, delete it for good and leave, round after round.
An exception on a page or an answer that is no success ends the measurement. When all have gone, it is printed what is left.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import httpx
import psutil
from bench import Session, say, served
from load import REPORTERS
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

FILE = "Period Ending,Country/Region,CLDR Territory Code,Legal Process,User Data Requests,Percentage disclosed,Accounts\n"
SECONDS_AFTER = 200
"""How long the server is left alone at the end: Streamlit holds a session for two minutes, in case its visitor comes back."""


@dataclass
class Person(Session):
    """A visitor who answers the widgets of a page by their labels."""

    client: httpx.Client = field(default_factory=httpx.Client)
    widgets: dict[str, str] = field(default_factory=dict)
    session_id: str = ""

    def __post_init__(self) -> None:
        self.client.get(self.address, headers={"Accept": "text/html"}).raise_for_status()
        self.client.get(f"{self.address}/_stcore/health").raise_for_status()
        self.states: dict[str, WidgetState] = {}
        self.connection = connect(
            self.address.replace("http", "ws") + "/_stcore/stream",
            subprotocols=["streamlit", self.client.cookies["_streamlit_xsrf"]],
            additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())},
            max_size=None,
            legacy=True,
        )
        self.go(self.page, self.query)

    def go(self, page: str, query: str = "") -> None:
        """Open a page."""
        self.query, self.states, self.widgets = query, {}, {}
        self.run(BackMsg(rerun_script={"page_name": page, "query_string": query}))

    def act(self, **state: object) -> None:
        """Run the page again with one more value of a widget, which is given by its label or kind as `id`."""
        one = WidgetState(**state)
        self.states[one.id] = one
        script = {"page_script_hash": self.page_hash, "query_string": self.query, "widget_states": {"widgets": self.states.values()}}
        self.run(BackMsg(rerun_script=script))
        if one.HasField("trigger_value"):
            del self.states[one.id]

    def press(self, label: str) -> bool:
        """Press the first button of a label, if there is one."""
        if label in self.widgets:
            self.act(id=self.widgets[label], trigger_value=True)
            return True
        return False

    def upload(self, name: str, data: bytes) -> None:
        """Drop a file on the page."""
        request = {"request_id": name, "file_names": [name], "session_id": self.session_id}
        self.connection.send(BackMsg(file_urls_request=request).SerializeToString())
        while True:
            told = ForwardMsg.FromString(self.connection.recv(timeout=120))
            if told.WhichOneof("type") == "file_urls_response":
                break
        urls = told.file_urls_response.file_urls[0]
        headers = {"X-Xsrftoken": self.client.cookies["_streamlit_xsrf"]}
        self.client.put(self.address + urls.upload_url, files={"file": (name, data)}, headers=headers).raise_for_status()
        file = UploadedFileInfo(file_id=urls.file_id, name=name, size=len(data), file_urls=urls)
        self.act(id=self.widgets["file_uploader"], file_uploader_state_value=FileUploaderState(uploaded_file_info=[file]))

    def notice(self, message: ForwardMsg) -> None:
        """Remember the widgets of a page."""
        if message.WhichOneof("type") == "new_session" and message.new_session.HasField("initialize"):
            self.session_id = message.new_session.initialize.session_id
        if message.WhichOneof("type") == "delta":
            kind = message.delta.new_element.WhichOneof("type")
            if kind in ("button", "checkbox", "file_uploader"):
                widget = getattr(message.delta.new_element, kind)
                self.widgets.setdefault(kind if kind == "file_uploader" else widget.label, widget.id)

    def close(self) -> None:
        super().close()
        self.client.close()


def main(minutes: int = 15, people: int = 20, seconds: int = 60) -> None:
    """Measure and print."""
    done: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"TRANSPARENCY_DATA": str(Path(folder) / "data"), "TMPDIR": folder}
        with served(["-m", "dashboard.cli", "serve", "--port", "0"]) as (address, process):
            end = time.monotonic() + minutes * 60
            threads = [threading.Thread(target=stay, args=(address, number, end, seconds, done)) for number in range(people)]
            for thread in threads:
                thread.start()
            for minute in range(1, minutes + 1):
                time.sleep(60)
                say(f"minute {minute}", *holding(process, Path(folder), done))
            for thread in threads:
                thread.join()
            time.sleep(SECONDS_AFTER)
            say("all gone", *holding(process, Path(folder), done))


def stay(address: str, number: int, end: float, seconds: int, done: Counter[str]) -> None:
    """One person's rounds until the end, one in so many seconds."""
    chance = random.Random(number)
    time.sleep(chance.uniform(0, seconds))
    turn = 0
    while time.monotonic() < end:
        start, turn = time.monotonic(), turn + 1
        try:
            one_round(address, number, turn, seconds / 8 * chance.uniform(0.5, 1.5), done)
        except (Exception, SystemExit) as error:
            done[f"ERROR {type(error).__name__}: {error}"] += 1
        time.sleep(max(0.0, seconds - (time.monotonic() - start)))


def one_round(address: str, number: int, turn: int, pause: float, done: Counter[str]) -> None:
    """Come, upload, keep, look, draw, delete, leave."""
    person = Person(address, "bring")
    count = 100_000 + number * 1000 + turn
    person.upload(f"person {number} round {turn}.csv", f"{FILE}2019-06-30,Germany,DE,Legal Requests,{count},64,900000\n".encode())
    done["uploaded"] += 1
    time.sleep(pause)
    for label, widget in list(person.widgets.items()):
        if label.startswith("I have read the warnings"):
            person.act(id=widget, bool_value=True)
    is_kept = person.press("Keep in workspace")
    done["kept"] += is_kept
    time.sleep(pause)
    view = urlencode([("reporter", "google"), ("reporter", REPORTERS[number % len(REPORTERS)]), ("requester", "DEU")])
    person.go("explore", view)
    time.sleep(pause)
    person.go("figure", view)
    done["drawn"] += 1
    time.sleep(pause)
    person.go("bring")
    is_deleted = person.press("Delete") and person.press("Delete for good")
    done["deleted"] += is_deleted
    person.close()


def holding(process: psutil.Process, folder: Path, done: Counter[str]) -> tuple[str, str]:
    """What a server holds now: memory; handles, children, threads and files in the folder for temporary ones."""
    files = [file.name for file in folder.iterdir() if file.name != "data"]
    usage = f"{dict(done)}, {process.num_fds()} handles, {len(process.children(recursive=True))} children, {process.num_threads()} threads, {len(files)} files"
    return f"{process.memory_info().rss / 2**20:.0f} MiB", usage


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
