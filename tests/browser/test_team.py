"""A team's site as it is run: nginx before two processes on one PostgreSQL, sign-in by OpenID Connect, and people who keep and share."""

import contextlib
import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
import sqlalchemy as sql

from tests.browser.conftest import LISTENING
from tests.needs import lacking

pytestmark = pytest.mark.browser
DEPLOY = Path(__file__).resolve().parents[2] / "dashboard" / "docs" / "deploy"
SITE = "requests"
CSV = (
    "Period Ending,Country/Region,CLDR Territory Code,Legal Process,User Data Requests,Percentage disclosed,Accounts\n"
    "2031-06-30,Germany,DE,Legal Requests,881234,64,900000\n"
)
_numbers = itertools.count()


class Site:
    """A running site: its address, its processes, and where they write."""

    def __init__(self, address: str, processes: list[subprocess.Popen], folder: Path) -> None:
        self.address, self.processes, self.folder = address, processes, folder


@pytest.fixture(scope="module")
def site(cluster, tmp_path_factory) -> Iterator[Site]:
    """The site, with the very files of the manual in which only names and ports are others."""
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(nginx).exists():
        lacking("BROWSER", "nginx (Debian: apt-get install nginx-light)")
    folder = tmp_path_factory.mktemp("site")
    provider, front, *ports = [_free_port() for _ in range(4)]
    address = f"http://127.0.0.1:{front}/{SITE}"
    with sql.create_engine(cluster.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS site CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA site")
    (folder / "site.toml").write_text(
        (DEPLOY / "site.toml")
        .read_text()
        .replace("https://numbers.example.org/requests", address)
        .replace("what the provider gave", "the secret of the tests")
        .replace("https://id.example.org", f"http://127.0.0.1:{provider}")
    )
    (folder / "nginx.conf").write_text(_nginx(folder, front, ports))
    environment = os.environ | {"DATABASE_URL": f"{cluster}&options=-csearch_path%3Dsite"}
    with contextlib.ExitStack() as running:
        running.enter_context(
            _process([sys.executable, str(Path(__file__).with_name("openid_provider.py")), str(provider)], folder / "provider.log")
        )
        _wait(f"http://127.0.0.1:{provider}/keys")
        serve = [sys.executable, "-m", "dashboard.cli", "serve", "--settings", str(folder / "site.toml"), "--log-format", "json", "--port"]
        processes = [running.enter_context(_process([*serve, str(port)], folder / f"{port}.log", environment)) for port in ports]
        running.enter_context(
            _process([nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"], folder / "nginx.log")
        )
        for port in ports:
            _wait(f"http://127.0.0.1:{port}/{SITE}/_stcore/health")
        _wait(f"{address}/_stcore/health")
        yield Site(address, processes, folder)


@pytest.fixture(scope="module")
def _idle(browser) -> Iterator[list]:
    # Browsers that are nobody's; as their pages stay open they know the program already.
    idle = []
    yield idle
    for context in idle:
        context.close()


@pytest.fixture
def person(site, browser, wait_ready, _idle):
    """Opens a browser of its own for a person, and signs them in; who has one open signs in with it."""
    with contextlib.ExitStack() as lent:

        def opened(name: str = "", page=None):
            if not page:
                context = _idle.pop() if _idle else browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
                lent.callback(_idle.append, context)
                lent.callback(context.clear_cookies)
                context.set_default_timeout(60_000)
                context.add_init_script(LISTENING)
                page = context.new_page()
                page.goto(f"{site.address}/bring")
                wait_ready(page)
            if name:
                page.get_by_role("button", name="Sign in").click()
                page.get_by_role("link", name=name, exact=True).click()
                page.wait_for_url(f"{site.address}/**")
                page.goto(f"{site.address}/bring")
                wait_ready(page)
            return page

        yield opened


def bring(page, wait_ready, name: str) -> None:
    page.locator("input[type=file]").first.set_input_files([{"name": name, "mimeType": "text/csv", "buffer": CSV.encode()}])
    page.get_by_text("Read as Google").wait_for()
    wait_ready(page)


def test_people_sign_in_keep_share_and_delete_while_a_process_dies(site, person, wait_ready, go_on):
    ann = person("ann")
    assert ann.get_by_text("Signed in as Ann").is_visible()

    bring(ann, wait_ready, "google-global-user-data-requests.csv")
    ann.get_by_text("I have read the warnings and agree to them").click()
    wait_ready(ann)
    ann.get_by_text("let everybody who signs in here see it").click()
    wait_ready(ann)
    ann.get_by_role("button", name="Keep in workspace").click()
    ann.get_by_text("Everybody who signs in sees it").wait_for()

    # Who is not signed in sees nothing of it, also once Ann has looked at it.
    view = f"{site.address}/explore?reporter=google&requester=DEU&start=2031"
    go_on(ann, view)
    assert "881,234" in ann.inner_text("body")
    stranger = person()
    assert stranger.get_by_role("button", name="Sign in").is_visible()
    assert stranger.get_by_text("google-global-user-data-requests").count() == 0
    go_on(stranger, view)
    assert "881,234" not in stranger.inner_text("body") and "kept by" not in stranger.inner_text("body")

    # Once it is Bob who signs in, he sees it and whose it is, and can do nothing to it.
    bob = person("bob", stranger)
    assert bob.get_by_text("kept by Ann").first.is_visible()
    assert bob.get_by_role("button", name="Delete").count() == 0
    go_on(bob, view)
    assert "881,234" in bob.inner_text("body") and bob.get_by_text("kept by Ann").count() > 0

    # One of the two processes dies: everybody goes on with the other.
    site.processes[0].send_signal(signal.SIGKILL)
    site.processes[0].wait()
    for page in (ann, bob):
        page.goto(f"{site.address}/bring")
        wait_ready(page)
        assert page.get_by_text("kept by Ann").first.is_visible()
        assert page.get_by_text(re.compile("Signed in as (Ann|Bob)")).is_visible()

    ann.get_by_role("button", name="Delete", exact=True).click()
    ann.get_by_text("Deleted. It can be brought back").wait_for()
    go_on(bob, view)
    assert "881,234" not in bob.inner_text("body")

    ann.get_by_role("button", name="Sign out").click()
    ann.get_by_role("button", name="Sign in").wait_for()
    ann.goto(f"{site.address}/bring")
    wait_ready(ann)
    assert ann.get_by_text("Deleted, and can be brought back").count() == 0

    # No id of a session stands in a log of ours, nor in the proxy's.
    logs = {file.name: file.read_text() for file in site.folder.glob("*.log")}
    uploads = re.findall(r"_stcore/upload_file/\S+", "".join(logs.values()))
    assert uploads and set(uploads) == {"_stcore/upload_file/..."}
    assert not any(re.search(r"Session with id", text) for text in logs.values())


def test_a_sign_in_that_is_too_old_and_a_forged_one_are_none(site, person, wait_ready):
    late = person("late")
    assert late.get_by_role("button", name="Sign in").is_visible() and late.get_by_text("Signed in as").count() == 0
    forged = person("bob", late)
    assert forged.get_by_text("Signed in as Bob").is_visible()
    cookies = forged.context.cookies()
    forged.context.clear_cookies()
    forged.context.add_cookies(
        [
            cookie | {"value": cookie["value"][:-4] + "AAAA"} if cookie["name"].startswith("_streamlit_user") else cookie
            for cookie in cookies
        ]
    )
    forged.goto(f"{site.address}/bring")
    wait_ready(forged)
    assert forged.get_by_role("button", name="Sign in").is_visible() and forged.get_by_text("Signed in as").count() == 0


def _nginx(folder: Path, front: int, ports: list[int]) -> str:
    text = (DEPLOY / "nginx.conf").read_text()
    for old, new in {
        "127.0.0.1:8501": f"127.0.0.1:{ports[0]}",
        "127.0.0.1:8502": f"127.0.0.1:{ports[1]}",
        "listen 443 ssl;": f"listen 127.0.0.1:{front};",
        "numbers.example.org;": "127.0.0.1;",
        "/var/log/nginx/transparency.log": str(folder / "access.log"),
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    text = re.sub(r"(?m)^\s*ssl_certificate.*$", "", text)
    places = "".join(f"    {kind}_temp_path {folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.getuid() == 0 else ""
    return f"{user}pid {folder / 'nginx.pid'};\nerror_log {folder / 'errors.log'};\nevents {{}}\nhttp {{\n{places}{text}\n}}\n"


@contextlib.contextmanager
def _process(command: list[str], log: Path, environment: dict | None = None) -> Iterator[subprocess.Popen]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()


def _wait(address: str) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), urlopen(address, timeout=5):
            return
        time.sleep(0.4)
    raise AssertionError(f"{address} does not answer")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]
