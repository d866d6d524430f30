"""A real Chromium against the real server, and what every visit must hold: nothing is asked of any other address."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.needs import lacking

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 60
SECONDS_TO_SETTLE = 30

# Without these Chromium itself talks to the outside, and a request that leaves would be answered instead of failing.
QUIET = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
    # Pages of one visitor share what has been compiled.
    "--process-per-site",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

# What a page has asked of the server and has no answer to yet, however busy the machine is.
LISTENING = """(() => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
        if (!this.isHeard) this.addEventListener('message', () => { window.isUnanswered = false; });
        this.isHeard = window.isUnanswered = true;
        send.call(this, data);
    };
})()"""

# Streamlit has answered and shows nothing of the last run, every chart on the page has been drawn, and nothing fades in any more.
SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const waiting = '[data-stale="true"], [data-testid="stSkeleton"], [data-testid="stAppSkeleton"], [data-testid="stSpinner"]';
    const quiet = app
        && !window.isUnanswered
        && app.dataset.testConnectionState === 'CONNECTED'
        && app.dataset.testScriptState === 'notRunning'
        && !document.querySelector(waiting)
        && [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every(chart => chart.querySelector('.main-svg'))
        && document.getAnimations().every(fade => fade.playState !== 'running');
    // A click is followed by a moment in which nothing has been asked yet: it must stay quiet.
    if (!quiet) { window.quietSince = null; return false; }
    window.quietSince ??= performance.now();
    return performance.now() - window.quietSince > 150;
}"""


DESKTOP = {"width": 1280, "height": 900}
TELEPHONE = {"color_scheme": "light", "viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


RULES_OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""Those of axe's rules whose answer hangs on a colour, and so on the theme."""


class Visits:
    """Visits to one server, each by a browser that was never there, and what of them went, or tried to go, to any other address."""

    def __init__(self, browser, server: str) -> None:
        self._browser, self._server = browser, server
        self._contexts, self._requested, self._refused = [], [], []

    def page(self, **visitor):
        """A page as a visitor with these properties sees it (`color_scheme`, `viewport` …); `page.goto("/explore")` stays on the server."""
        return self._page_in(self._context(visitor))

    def _context(self, visitor: dict):
        usual = {"base_url": self._server, "viewport": DESKTOP, "locale": "en-GB"}
        context = self._browser.new_context(**usual | visitor)
        context.add_init_script(LISTENING)
        context.set_default_timeout(SECONDS_TO_SETTLE * 1000)
        context.on("request", lambda request: self._requested.append(request.url))
        self._contexts.append(context)
        return context

    def _page_in(self, context):
        page = context.new_page()
        page.on("websocket", lambda websocket: self._requested.append(websocket.url))
        # What the policy forbids is never asked for, so that the browser's complaint is all there is to see of it.
        page.on("console", lambda message: self._refused.append(message.text) if "Content Security Policy" in message.text else None)
        return page

    def outside(self) -> list[str]:
        """Each request to another address, and each one that the content security policy stopped."""
        here = urlsplit(self._server).netloc
        requested = [url for url in self._requested if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != here]
        return requested + self._refused

    def close(self) -> None:
        """Ends every visit."""
        for context in self._contexts:
            context.close()


class VisitsAgain(Visits):
    """Visits by browsers that have been there before: of an earlier visitor nothing is left, but what the browser has read of the program.

    To read and compile it takes three quarters of a first visit. A browser is lent to one visitor at a time, and keeps a page
    of its own open all the time, as Chromium forgets a program that no page runs.
    """

    def __init__(self, browser, server: str) -> None:
        super().__init__(browser, server)
        self._idle: dict[bool, list] = {False: [], True: []}
        self._lent: list[tuple[bool, object]] = []

    def page(self, *, color_scheme: str = "light", viewport: dict = DESKTOP, is_mobile: bool = False, has_touch: bool = False):
        """A page as such a visitor sees it, who shares nothing with another."""
        idle = self._idle[is_mobile]
        context = idle.pop() if idle else self._with_a_page_open(TELEPHONE if is_mobile else {})
        self._lent.append((is_mobile, context))
        page = self._page_in(context)
        page.emulate_media(color_scheme=color_scheme)
        page.set_viewport_size(viewport)
        return page

    def end(self) -> list[str]:
        """Ends the visits with all that they left in the browser; what of them was `outside`."""
        for is_mobile, context in self._lent:
            own, *others = context.pages
            for page in others:
                page.close()
            context.clear_cookies()
            devtools = context.new_cdp_session(own)
            devtools.send("Storage.clearDataForOrigin", {"origin": self._server, "storageTypes": "local_storage,indexeddb"})
            devtools.detach()
            self._idle[is_mobile].append(context)
        outside = self.outside()
        for each in (self._lent, self._requested, self._refused):
            each.clear()
        return outside

    def _with_a_page_open(self, visitor: dict):
        context = self._context(visitor)
        page = context.new_page()
        page.goto("/explore")
        page.wait_for_function(SETTLED, polling=50)
        return context


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a running dashboard, started as its users start it."""
    port = _free_port()
    with _running([sys.executable, "-m", "dashboard.cli", "serve", "--port", str(port)]) as said:
        assert said == f"Serving http://127.0.0.1:{port}"
        yield said.split()[1]


@pytest.fixture
def serve_script(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Starts the same server with another script, given as text, and gives its address."""
    with contextlib.ExitStack() as running:

        def started(script: str) -> str:
            file = tmp_path / "script.py"
            file.write_text(script, encoding="utf-8")
            call = "import sys, pathlib; from dashboard.web.server import serve; sys.exit(serve(port=0, script=pathlib.Path(sys.argv[1])))"
            return running.enter_context(_running([sys.executable, "-c", call, str(file)])).split()[1]

        yield started


@pytest.fixture(scope="package")
def streamlit_run() -> Iterator[str]:
    """The address of the dashboard under `streamlit run`."""
    port = _free_port()
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "dashboard/app.py",
        "--server.port",
        str(port),
        "--logger.hideWelcomeMessage",
        "true",
    ]
    with _running(command, ready=f"http://127.0.0.1:{port}/_stcore/health"):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="package")
def browser(chromium: str):
    """One Chromium for the tests of this folder; not for longer, as Playwright keeps an event loop running in which nothing else may run its own."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        lacking("BROWSER", "the Python package playwright")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield launched
        launched.close()


@pytest.fixture
def visits(browser) -> Iterator[Callable[[str], Visits]]:
    """Visits to the server at an address; these are not held to stay there."""
    begun = []

    def to(address: str) -> Visits:
        begun.append(Visits(browser, address))
        return begun[-1]

    yield to
    for each in begun:
        each.close()


@pytest.fixture(scope="package")
def _visits_again(browser, server: str) -> Iterator[VisitsAgain]:
    visits = VisitsAgain(browser, server)
    yield visits
    visits.close()


@pytest.fixture
def open_page(_visits_again: VisitsAgain) -> Iterator[Callable]:
    """Opens pages of the dashboard, each for a visitor of its own; in the end none may have gone, or tried to go, to another address."""
    yield _visits_again.page
    assert _visits_again.end() == []


@pytest.fixture
def open_page_elsewhere(_visits_again: VisitsAgain) -> Iterator[Callable]:
    """Opens pages likewise for visitors who come from another site, and so are not held to stay here."""
    yield _visits_again.page
    _visits_again.end()


@pytest.fixture
def open_first_page(visits: Callable[[str], Visits], server: str) -> Iterator[Callable]:
    """Opens pages likewise in browsers that have nothing of the dashboard yet: where it matters what is sent."""
    here = visits(server)
    yield here.page
    assert here.outside() == []


@pytest.fixture
def page(open_page: Callable):
    """A page in the light theme, 1280 pixels wide."""
    return open_page(color_scheme="light")


@pytest.fixture
def dark_page(open_page: Callable):
    """A page in the dark theme, 1280 pixels wide."""
    return open_page(color_scheme="dark")


@pytest.fixture
def narrow_page(open_page: Callable):
    """A page on a telephone, 390 pixels wide."""
    return open_page(**TELEPHONE)


def assert_no_failure(page) -> None:
    """That nothing on a page says that it has a defect."""
    failures = page.get_by_text("could not be shown, and the fault is ours")
    assert failures.count() == 0, failures.first.inner_text()


@pytest.fixture
def wait_ready() -> Callable:
    """Waits until Streamlit has finished running the script and everything it sent is on the page, which is no failure of ours."""

    def settled(page):
        page.wait_for_function(SETTLED, polling=50, timeout=SECONDS_TO_SETTLE * 1000)
        assert_no_failure(page)

    return settled


@pytest.fixture
def in_theme(wait_ready: Callable) -> Callable:
    """Turns an open page to a theme, as the visitor's system does in the evening and in the morning."""

    def turned(page, theme: str):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function("theme => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === theme", arg=theme)
        # Colours fade from one theme to the other; what is half way is nobody's colour.
        wait_ready(page)
        return page

    return turned


@pytest.fixture
def visit(wait_ready: Callable) -> Callable:
    """Opens a path of the dashboard in a page and waits until it is there, without an exception shown."""

    def visited(page, path: str = "/"):
        page.goto(path)
        wait_ready(page)
        assert_no_failure(page)
        return page

    return visited


@pytest.fixture
def go_on(wait_ready: Callable) -> Callable:
    """Goes on to a path in an open page, as its Back and Forward do: without reading the program anew, which takes longer than the page."""

    def gone(page, path: str):
        page.evaluate(
            "path => { window.quietSince = null; history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate', {state: {}})) }",
            path,
        )
        wait_ready(page)
        return page

    return gone


@pytest.fixture
def axe() -> Callable:
    """Runs the accessibility audit axe over a page and gives its violations, each as one line.

    With `of_colours` only by the rules of colours: in nothing else does a page that was audited in one theme differ in the other.
    """
    try:
        from axe_playwright_python.base import AXE_SCRIPT
    except ImportError:
        lacking("BROWSER", "the Python package axe-playwright-python")

    def violations(page, impacts: tuple[str, ...] = ("critical", "serious", "moderate"), *, of_colours: bool = False) -> list[str]:
        # The selectors of all that is in order cost more than the audit itself.
        options = {"resultTypes": ["violations"], "selectors": False} | (
            {"runOnly": {"type": "rule", "values": RULES_OF_COLOURS}} if of_colours else {}
        )
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        found = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
        return [
            f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html'][:200]}"
            for violation in found
            if violation["impact"] in impacts
            for node in violation["nodes"]
        ]

    return violations


@contextlib.contextmanager
def _running(command: list[str], ready: str = "") -> Iterator[str]:
    """A server from its start to its end: once it has said its line, or answers at the address that tells it is ready."""
    process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    give_up = Timer(SECONDS_TO_START, process.kill)
    give_up.start()
    try:
        said = "" if ready else process.stdout.readline().rstrip("\n")
        while ready and process.poll() is None and not _answers(ready):
            time.sleep(0.1)
        give_up.cancel()
        if process.poll() is not None or not (said or ready):
            pytest.fail(f"not ready after {SECONDS_TO_START} s, or ended before: {' '.join(command)}")
        yield said
    finally:
        give_up.cancel()
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=1):
            return True
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
