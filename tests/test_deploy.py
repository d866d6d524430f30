"""The files to run a site with are sound by the word of the programs that read them."""

import re
import shutil
import subprocess
from pathlib import Path

from dashboard.web import instance
from tests.needs import lacking

DEPLOY = Path(__file__).resolve().parents[1] / "dashboard" / "docs" / "deploy"
MANUAL = DEPLOY.parent / "operate.md"


def run(program: str, *arguments: object) -> subprocess.CompletedProcess:
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if found is None:
        lacking("PROGRAMS", program)
    return subprocess.run([found, *map(str, arguments)], capture_output=True, text=True, timeout=60)


def test_the_settings_of_a_team_hold():
    team = instance.read(str(DEPLOY / "site.toml"))
    team.check("0.0.0.0")
    assert (team.mode, team.prefix) == (instance.Mode.TEAM, "/requests")


def test_nginx_takes_its_file(tmp_path):
    key, certificate = tmp_path / "site.key", tmp_path / "site.pem"
    made = run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-keyout", key, "-out", certificate)
    assert made.returncode == 0, made.stderr
    text = (DEPLOY / "nginx.conf").read_text()
    for old, new in {
        "/etc/ssl/numbers.example.org.pem": certificate,
        "/etc/ssl/private/numbers.example.org.key": key,
        "/var/log/nginx/transparency.log": tmp_path / "access.log",
        "listen 443 ssl": "listen 127.0.0.1:18443 ssl",
    }.items():
        assert old in text
        text = text.replace(old, str(new))
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\nhttp {{\n{text}\n}}\n")
    tried = run("nginx", "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf")
    assert tried.returncode == 0, tried.stderr


def test_caddy_takes_its_file():
    tried = run("caddy", "adapt", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile")
    assert tried.returncode == 0, tried.stderr


def test_systemd_takes_its_file(tmp_path):
    text = (DEPLOY / "transparency@.service").read_text().replace("/opt/transparency/bin/transparency", "/bin/true").replace("%i", "8501")
    (tmp_path / "transparency.service").write_text(re.sub(r"(?m)^(User|Group)=.*\n", "", text))
    tried = run("systemd-analyze", "verify", tmp_path / "transparency.service")
    assert "transparency.service" not in tried.stderr, tried.stderr


def test_the_container_is_no_administrator_writes_to_its_volume_alone_and_says_whether_it_is_well():
    lines = [line for line in (DEPLOY / "Containerfile").read_text().splitlines() if line and not line.startswith("#")]
    words = [line.split()[0] for line in lines]
    assert set(words) <= {"FROM", "COPY", "RUN", "ENV", "USER", "WORKDIR", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
    users = [line.split()[1] for line in lines if line.startswith("USER")]
    assert users and int(users[-1]) > 0 and words.index("USER") < words.index("ENTRYPOINT")
    assert "/_stcore/health" in next(line for line in lines if line.startswith("HEALTHCHECK"))
    root = DEPLOY.parents[2]
    copied = [name for line in lines if line.startswith("COPY") and "--from" not in line for name in line.split()[1:-1]]
    assert all((root / name).exists() for name in copied)


def test_the_manual_names_every_file_and_setting():
    text = MANUAL.read_text()
    assert all(f"deploy/{file.name}" in text for file in DEPLOY.iterdir())
    settings = re.findall(r"^(?:# )?(\w+) = ", (DEPLOY / "site.toml").read_text().partition("[auth]")[0], re.MULTILINE)
    assert all(f"`{name}`" in text for name in settings)
