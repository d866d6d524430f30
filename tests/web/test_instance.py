"""How an installation is run: which settings hold together, which names it goes by, whom it believes."""

import subprocess
import sys
import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.catalog.own_reports import accepted
from dashboard.web import instance, session
from dashboard.web.instance import BadSettings, Instance, Mode
from dashboard.workspace import Workspace

AUTH = """
[auth]
redirect_uri = "https://numbers.example.org/oauth2callback"
cookie_secret = "a"
client_id = "b"
client_secret = "c"
server_metadata_url = "https://id.example.org/.well-known/openid-configuration"
"""


@pytest.fixture
def settings(tmp_path):
    """Writes settings to a file and reads them."""

    def read(text: str, **given: str) -> Instance:
        (tmp_path / "site.toml").write_text(text)
        return instance.read(str(tmp_path / "site.toml"), **given)

    return read


def test_without_settings_one_person_uses_it_on_their_own_machine():
    alone = instance.read("")
    assert (alone.mode, alone.site, alone.quotas.reports) == (Mode.ALONE, "", 0)
    for host in ("127.0.0.1", "::1", "localhost", "127.0.0.2"):
        alone.check(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "numbers.example.org"])
def test_one_person_s_installation_refuses_strangers_unless_it_is_asked_to_let_them_in(host):
    with pytest.raises(BadSettings, match="--anyone-may-reach-it"):
        Instance().check(host)
    Instance().check(host, anyone_may_reach_it=True)
    Instance(mode=Mode.PUBLIC).check(host)


def test_settings_are_read_and_the_command_line_wins(settings):
    text = '[instance]\nmode = "team"\nsite = "https://numbers.example.org/requests"\nadministrators = ["ann@example.org"]\n'
    read = settings(text + "[instance.quotas]\nown_reports = 5\n" + AUTH)
    assert (read.mode, read.prefix, read.administrators, read.quotas.own_reports) == (Mode.TEAM, "/requests", ("ann@example.org",), 5)
    read.check("0.0.0.0")
    assert settings(text, site="https://other.example.org").site == "https://other.example.org"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[instance]\nmode = "shared"\n', "no mode “shared”"),
        ("[instance]\nmoed = 1\n", "no setting “moed”"),
        ("[instance.quotas]\nreport = 1\n", "no setting “report”"),
        ('[instance]\nhours = "12"\n', "“hours” cannot be '12'"),
        ('[instance]\nhosts = "a"\n', "“hosts” cannot be 'a'"),
        ("[instance]\nsite = 1\n", "“site” cannot be 1"),
        ("[instance.quotas]\nreports = true\n", "“reports” cannot be True"),
        ("[instance\n", "are no TOML"),
        ('[instance]\nmode = "team"\n', "needs the address"),
        ('[instance]\nmode = "team"\nsite = "https://a.example"\n', "OpenID Connect"),
        ('[instance]\nmode = "team"\nsite = "https://a.example"\nuser_header = "X-User"\n', "networks of the proxies"),
        ('[instance]\nmode = "public"\nsite = "numbers.example"\n', "no web address"),
        ('[instance]\nmode = "public"\nsite = "https://me:secret@numbers.example"\n', "no web address"),
        ("[instance]\nhours = -1\n", "“hours” cannot be -1"),
        ("[instance.quotas]\nown_reports = -1\n", "“own_reports” cannot be -1"),
        ("[instance]\nadministrators = [7]\n", r"“administrators” cannot be \[7\]"),
        ("[instance]\nproxies = [10]\n", r"“proxies” cannot be \[10\]"),
        ('[instance]\nmode = "public"\nproxies = ["proxy.example"]\n', "proxy network “proxy.example”"),
    ],
)
def test_settings_that_cannot_hold_are_one_sentence(text, says, settings):
    with pytest.raises(BadSettings, match=says) as refusal:
        settings(text).check("0.0.0.0")
    assert "\n" not in str(refusal.value)


def test_settings_that_are_not_there_are_told():
    with pytest.raises(BadSettings, match="cannot be read"):
        instance.read("/nowhere/site.toml")


@pytest.mark.parametrize(
    ("host", "is_known"),
    [
        ("numbers.example.org", True),
        ("Numbers.Example.ORG:443", True),
        ("numbers.example.org.", True),
        ("www.example.org", True),
        ("localhost:8501", True),
        ("127.0.0.1:8501", True),
        ("[::1]:8501", True),
        ("192.0.2.7", True),
        ("evil.example", False),
        ("numbers.example.org.evil.example", False),
        ("evil.example/numbers.example.org", False),
        ("evil.example#@numbers.example.org", False),
        ("", False),
        ("[", False),
        ("127.0.0.1:8501 evil.example", False),
        ("127.0.0.1/evil", False),
        ("evil@127.0.0.1", False),
        ("localhost?evil", False),
        ("localhost:8501:80", False),
        ("localhost\\evil.example", False),
    ],
)
def test_a_name_is_ours_only_where_we_say_so(host, is_known):
    site = Instance(site="https://numbers.example.org/requests", hosts=("www.example.org",))
    assert site.knows_host(host) is is_known


@given(st.from_regex(r"[a-z]{1,10}(\.[a-z]{2,10}){1,2}", fullmatch=True))
def test_no_other_name_is_ours(name):
    assert not Instance(site="https://numbers.example.org").knows_host(name) or name == "numbers.example.org"


@pytest.mark.parametrize(
    ("peer", "is_proxy"),
    [
        ("10.1.2.3", True),
        ("127.0.0.1", True),
        ("::ffff:10.1.2.3", True),
        ("11.0.0.1", False),
        ("::ffff:11.0.0.1", False),
        ("", False),
        ("fe80::1", False),
    ],
)
def test_only_the_networks_that_are_named_are_believed(peer, is_proxy):
    assert Instance(proxies=("10.0.0.0/8", "127.0.0.1")).is_proxy(peer) is is_proxy


NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
ANN = {
    "is_logged_in": True,
    "sub": "7",
    "iss": "https://id",
    "iat": NOW.timestamp() - 60,
    "name": "Ann",
    "email": "ann@example.org",
    "email_verified": True,
}


@pytest.mark.parametrize(
    "changed",
    [
        {"is_logged_in": False},
        {"sub": ""},
        {"iat": None},
        {"iat": "yesterday"},
        {"iat": NOW.timestamp() - 12 * 3600 - 61},
        {"iat": NOW.timestamp() + 3600},
    ],
)
def test_a_sign_in_that_is_not_one_or_too_old_is_none(changed):
    assert session.signed_in(ANN, Instance(), NOW) is not None
    assert session.signed_in(ANN | changed, Instance(), NOW) is None


def test_a_user_is_a_provider_s_subject_and_an_address_counts_once_it_is_verified():
    chief = Instance(administrators=("ann@example.org",))
    ann = session.signed_in(ANN, chief, NOW)
    assert (ann.shown, ann.is_admin) == ("Ann <ann@example.org>", True)
    for verified in (False, "false", None, 0, ""):
        unverified = session.signed_in(ANN | {"email_verified": verified}, chief, NOW)
        assert (unverified.shown, unverified.is_admin, unverified.id == ann.id) == ("Ann", False, True)
    assert session.signed_in(ANN | {"email_verified": "true"}, chief, NOW) == ann
    unsaid = session.signed_in({name: value for name, value in ANN.items() if name != "email_verified"}, chief, NOW)
    assert (unsaid.shown, unsaid.is_admin) == (ann.shown, False)
    assert session.signed_in(ANN | {"iss": "https://other"}, chief, NOW).id != ann.id


@pytest.mark.parametrize("name", ["Ann <ann@example.org>", "Ann <ann@example.org>\u200b", "ann@example.org", "\u202eAnn <ann@example.org>"])
@pytest.mark.parametrize("email", [{"email_verified": False}, {"email": ""}, {"email": "bob@example.org"}])
def test_nobody_is_shown_under_the_address_of_another(name, email):
    assert "ann@example.org" not in session.signed_in(ANN | {"sub": "8", "name": name} | email, Instance(), NOW).shown


def test_files_brought_are_counted_for_each_visitor_and_hour():
    uploads = session.Uploads()
    assert [uploads.count("ann", 2, now) for now in (0, 10)] == ["", ""]
    assert "in 60 minutes" in uploads.count("ann", 2, 20)
    assert uploads.count("bob", 2, 20) == ""
    assert uploads.count("ann", 2, 3601) == "" and uploads.count("ann", 0, 3602) == ""


def test_who_signs_out_with_one_process_is_signed_out_with_the_others_at_the_next_run_of_a_page(monkeypatch, tmp_path):
    issued = time.time() - 100
    context = SimpleNamespace(user_info=ANN | {"iat": issued}, session_id="one")
    page = {}
    monkeypatch.setattr(session, "get_script_run_ctx", lambda: context)
    monkeypatch.setattr(session.st, "session_state", page)
    monkeypatch.setattr(session, "store", lambda: Workspace(tmp_path))
    monkeypatch.setattr(session, "_signed_out", {})
    instance.configure(Instance(mode=Mode.TEAM, site="http://localhost"))
    try:
        session.begin()
        ann, page["own_reports"] = page["user"], "what Ann brought"
        for moment, is_signed_in in ((issued - 50, True), (issued + 50, False)):
            # Another process of the same site writes it down.
            code = "import sys; from dashboard.workspace import User, Workspace; Workspace(sys.argv[1]).sign_out(User(sys.argv[2]), float(sys.argv[3]))"
            subprocess.run([sys.executable, "-c", code, str(tmp_path), ann.id, str(moment)], check=True, timeout=120)
            session.begin()
            assert page["user"] == (ann if is_signed_in else None)
            assert ("own_reports" in page) is is_signed_in
        context.user_info = ANN | {"iat": issued + 60}
        session.begin()
        assert page["user"] == ann, "who signs in again is signed in"
    finally:
        instance.configure(Instance())


@pytest.mark.parametrize(
    ("folder", "says"), [("none", "Nothing is kept at"), ("there", ""), ("file", "cannot be used (not a directory)"), ("", "")]
)
def test_a_server_says_at_its_start_where_nothing_is_kept_or_can_be(folder, says, monkeypatch, tmp_path, observations_of):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("TRANSPARENCY_DATA", str(tmp_path / folder) if folder else "")
    monkeypatch.setattr(session, "store", Workspace)
    (tmp_path / "file").write_text("")
    Workspace(tmp_path / "there").keep(accepted("a.csv", b"a", observations_of("requester period value\nFRA 2019_H1 12")))
    notice = session.store_notice()
    assert says in notice and bool(notice) is bool(says)
