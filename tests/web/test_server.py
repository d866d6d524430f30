"""The server process: what it refuses to start on, what it says, and the settings it runs under."""

import asyncio
import gc
import socket
import sys
import tomllib
from pathlib import Path

import pytest
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from dashboard import catalog
from dashboard.web import server, session


def test_streamlit_is_never_asked_about_a_page_of_another_site() -> None:
    # It would ask an outside service for this machine's address, and serve nobody meanwhile.
    asked, sent = [], []

    async def streamlit(scope, receive, send) -> None:
        asked.append(dict(scope["headers"])[b"origin"])

    async def send(message) -> None:
        sent.append(message["type"])

    for origin in (b"http://example.com", b"http://127.0.0.1:1", b"null", b"http://127.0.0.1:8501"):
        scope = {"type": "websocket", "headers": [(b"host", b"127.0.0.1:8501"), (b"origin", origin)]}
        asyncio.run(server.OwnPagesOnly(streamlit)(scope, None, send))
    assert (asked, sent) == ([b"http://127.0.0.1:8501"], ["websocket.close"] * 3)


def test_two_downloads_of_one_name_and_length_that_differ_anywhere_have_two_addresses() -> None:
    assert session.memory_media_file_storage  # every page imports it
    storage, one = MemoryMediaFileStorage("/media"), bytearray(5 << 20)
    addresses = set()
    for place in range(0, len(one), len(one) // 50):
        other = one.copy()
        other[place] = 1
        addresses.add(storage.get_url(storage.load_and_get_id(bytes(other), "text/csv", MediaFileKind.DOWNLOADABLE, "rows.csv")))
    assert len(addresses) == len(range(0, len(one), len(one) // 50))


@pytest.fixture
def listening() -> socket.socket:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken


def test_a_port_in_use_is_told_in_one_sentence(listening: socket.socket, capsys) -> None:
    port = listening.getsockname()[1]
    assert server.serve(port=port) == 2
    assert capsys.readouterr() == ("", f"Cannot serve at 127.0.0.1, port {port}: Address already in use.\n")


def test_an_address_that_is_not_ours_is_told_in_one_sentence(capsys) -> None:
    assert server.serve(host="203.0.113.1", port=0) == 2
    told = capsys.readouterr().err
    assert told.startswith("Cannot serve at 203.0.113.1, port 0: ")
    assert told.count("\n") == 1


def test_a_dataset_that_does_not_load_is_told_in_its_own_words(monkeypatch, capsys) -> None:
    def broken() -> None:
        raise catalog.DatasetError("observations/google.csv, row 3: low is above high.")

    monkeypatch.setattr(catalog, "bundled", broken)
    assert server.serve(port=0) == 1
    assert capsys.readouterr() == ("", "observations/google.csv, row 3: low is above high.\n")


@pytest.mark.parametrize(
    "option, value",
    [
        ("server.maxUploadSize", 50),
        ("server.maxMessageSize", 50),
        ("server.enableXsrfProtection", True),
        ("server.enableCORS", True),
        ("server.enableAgentApi", False),
        ("server.fileWatcherType", "none"),
        ("server.address", "127.0.0.1"),
        ("client.showErrorDetails", "none"),
        ("client.toolbarMode", "viewer"),
        ("browser.gatherUsageStats", False),
    ],
)
def test_the_settings_that_safety_rests_on(option: str, value: object) -> None:
    assert server.settings()[option] == value


def test_every_setting_is_one_that_streamlit_knows() -> None:
    from streamlit import config

    assert set(server.settings()) <= set(config.get_config_options())


def test_what_lives_as_long_as_the_process_is_kept_out_of_garbage_collection(monkeypatch) -> None:
    monkeypatch.setattr(server, "warm", lambda: None)

    async def frozen() -> int:
        async with server.lifespan(None):
            return gc.get_freeze_count()

    gc.unfreeze()
    try:
        assert asyncio.run(frozen()) > 10_000
    finally:
        gc.unfreeze()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize(
    "limits, allowed, told",
    [
        pytest.param((1024, 1_048_576), (4096, 1_048_576), "", id="raised to what is enough"),
        pytest.param((1024, 2048), (2048, 2048), "only 2048 files", id="raised as far as it goes, and told"),
        pytest.param((8192, 8192), None, "", id="left where it is enough"),
    ],
)
def test_the_limit_of_open_files(monkeypatch, capsys, limits: tuple, allowed: tuple | None, told: str) -> None:
    import resource

    asked = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _, limit: asked.append(limit))
    server.raise_handle_limit()
    assert asked == ([allowed] if allowed else [])
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("ink", ["textColor", "linkColor"])
def test_text_can_be_read_in_both_themes_also_in_captions(theme: str, ground: str, ink: str) -> None:
    colours = _theme(theme)
    # Streamlit writes a caption, with the links in it, at 60 % of its strength.
    caption = _mixed(colours[ink], colours[ground], 0.6)
    assert _contrast(caption, colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_white_can_be_read_on_a_button(theme: str) -> None:
    assert _contrast("#ffffff", _theme(theme)["primaryColor"]) >= 4.5


def _theme(name: str) -> dict[str, str]:
    with (Path(__file__).parents[2] / ".streamlit" / "config.toml").open("rb") as file:
        return tomllib.load(file)["theme"][name]


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _mixed(colour: str, ground: str, share: float) -> str:
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in zip(_channels(colour), _channels(ground), strict=True))


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in (c / 255 for c in _channels(colour))]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
