"""What the dashboard costs, measured on this machine: `python tests/benchmarks/bench.py` starts its own servers and takes about a minute.

Times from one machine say little; the ratio to a bare Streamlit script that draws the same chart says what our pages add.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

CHECKOUT = Path(__file__).resolve().parents[2]
RERUNS = 40
SESSIONS = 50
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
BARE = """
import json
import sys
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st


@st.cache_resource
def figure():
    return go.Figure(json.loads(Path({figure!r}).read_text()))


st.plotly_chart(figure())
"""
LOAD = """
import time
from dashboard import catalog

start = time.perf_counter()
loaded = catalog.load(catalog.datasets_folder())
print(time.perf_counter() - start, len(loaded.observations))
"""


def main() -> None:
    """Measure and print, one line a measure."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    loads = [subprocess.run([sys.executable, "-c", LOAD], cwd=CHECKOUT, capture_output=True, text=True, check=True) for _ in range(3)]
    times, counts = zip(*(load.stdout.split() for load in loads), strict=True)
    say("reading and checking all bundled data", f"{statistics.median(map(float, times)):.2f} s", f"{int(counts[0]):,} observations")

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"]
        )
        start = time.perf_counter()
        with served(["-m", "dashboard.cli", "serve", "--port", "0"]) as (address, _):
            page = chromium.new_page(base_url=address)
            page.goto("/explore")
            page.wait_for_selector('[data-testid="stPlotlyChart"] .main-svg', timeout=60_000)
            say("process start to first chart", f"{time.perf_counter() - start:.1f} s", "/explore, in Chromium")
            for path in ("/", "/explore"):
                files, messages = first_load(chromium, address, path)
                say(
                    f"first load of {path}",
                    f"{files / 1e6:.2f} MB",
                    f"and {messages / 1e3:,.0f} kB over the websocket, before its compression",
                )
        chromium.close()

    with served(["-m", "dashboard.cli", "serve", "--port", "0"]) as (address, process):
        first = Session(address, "explore")
        figure = first.figure
        ours = [first.rerun() for _ in range(RERUNS)]
        below = [first.rerun(first.fragment_id) for _ in range(RERUNS)]
        before = process.memory_info().rss
        others = [Session(address, "explore") for _ in range(SESSIONS - 1)]
        each = (process.memory_info().rss - before) / len(others)
        say(f"memory a session, at {SESSIONS}", f"{each / 2**20:.2f} MiB", f"the process has {process.memory_info().rss / 2**20:.0f} MiB")
        for session in (first, *others):
            session.close()
        for path in ("", "statements", "sources"):
            session = Session(address, path)
            say(f"a rerun of /{path}", milliseconds([session.rerun() for _ in range(RERUNS // 2)]), "")
            session.close()

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "figure.json").write_text(figure)
        script = Path(folder) / "bare.py"
        script.write_text(BARE.format(figure=str(Path(folder) / "figure.json")))
        with bare_streamlit(script) as address:
            session = Session(address, "")
            bare = [session.rerun() for _ in range(RERUNS)]
            session.close()
        here = f"import sys; from pathlib import Path; from dashboard.web.server import serve; sys.exit(serve(port=0, script=Path({str(script)!r})))"
        with served(["-c", here]) as (address, _):
            session = Session(address, "")
            bare_here = [session.rerun() for _ in range(RERUNS)]
            session.close()
    say("a rerun of /explore", milliseconds(ours), f"its figure is {len(figure) / 1e3:,.0f} kB")
    say("a rerun below its bar", milliseconds(below), "under our server a bare script with the same chart: " + ratio(below, bare_here))
    say("a bare script with the same chart", milliseconds(bare), "under streamlit run: the page takes " + ratio(ours, bare))
    say("a bare script with the same chart", milliseconds(bare_here), "under our server: the page takes " + ratio(ours, bare_here))


@dataclass
class Session:
    """One visitor without a browser: opens a page, runs it again, and reads what the server sends until the run is over."""

    address: str
    page: str
    query: str = ""
    connection: ClientConnection | None = None
    figure: str = ""
    page_hash: str = ""
    fragment_id: str = ""

    def __post_init__(self) -> None:
        self.connection = connect(
            self.address.replace("http", "ws") + "/_stcore/stream", subprotocols=["streamlit"], max_size=None, legacy=True
        )
        self.run(BackMsg(rerun_script={"page_name": self.page, "query_string": self.query}))

    def rerun(self, fragment_id: str = "") -> float:
        """Seconds from asking for a run, of the page or of a part of it, to having all of it."""
        start = time.perf_counter()
        self.run(BackMsg(rerun_script={"page_script_hash": self.page_hash, "query_string": self.query, "fragment_id": fragment_id}))
        return time.perf_counter() - start

    def run(self, message: BackMsg) -> None:
        """Ask for one run and read to its end; an exception on the page ends the measurement."""
        self.connection.send(message.SerializeToString())
        while True:
            told = ForwardMsg()
            told.ParseFromString(self.connection.recv(timeout=120))
            self.notice(told)
            kind = told.WhichOneof("type")
            if kind == "new_session":
                self.page_hash = told.new_session.page_script_hash
            elif kind == "navigation":
                self.page_hash = told.navigation.page_script_hash
            elif kind == "delta":
                element = told.delta.new_element
                if "the fault is ours" in element.alert.body:
                    raise SystemExit(f"the page failed: {element.alert.body}")
                self.figure = element.plotly_chart.spec or self.figure
                self.fragment_id = told.delta.fragment_id or self.fragment_id
            elif kind == "script_finished" and told.script_finished in FINISHED:
                return

    def notice(self, message: ForwardMsg) -> None:
        """Whatever else is to be made of a message."""

    def close(self) -> None:
        """The visitor leaves."""
        self.connection.close()


def first_load(chromium, address: str, path: str) -> tuple[int, int]:
    """Bytes that a browser with an empty cache receives for a page: files as sent, and messages over the websocket as unpacked."""
    context = chromium.new_context(base_url=address)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    files, messages = [], []
    devtools.on("Network.loadingFinished", lambda event: files.append(event["encodedDataLength"]))
    page.on("websocket", lambda websocket: websocket.on("framereceived", lambda data: messages.append(len(data))))
    page.goto(path)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_timeout(2000)
    context.close()
    return sum(files), sum(messages)


@contextlib.contextmanager
def served(arguments: list[str]) -> Iterator[tuple[str, psutil.Process]]:
    """A server of ours, once it has said its address."""
    process = subprocess.Popen([sys.executable, *arguments], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    try:
        said = process.stdout.readline()
        if not said:
            raise SystemExit("the server did not start")
        yield said.split()[1], psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def bare_streamlit(script: Path) -> Iterator[str]:
    """Streamlit as it comes, with one script, in a folder without our settings."""
    options = ["--server.port", "8588", "--server.address", "127.0.0.1", "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options], cwd=script.parent, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                connect("ws://127.0.0.1:8588/_stcore/stream", subprotocols=["streamlit"], legacy=True).close()
                break
            time.sleep(0.1)
        yield "http://127.0.0.1:8588"
    finally:
        process.terminate()
        process.wait()


def say(what: str, value: str, more: str) -> None:
    """One line of the report."""
    print(f"{what:<40} {value:>12}   {more}", flush=True)


def milliseconds(times: list[float]) -> str:
    """The middle one of several times."""
    return f"{statistics.median(times) * 1000:.0f} ms"


def ratio(times: list[float], others: list[float]) -> str:
    """How many times as long the middle one is."""
    return f"{statistics.median(times) / statistics.median(others):.1f} times as long"


if __name__ == "__main__":
    main()
