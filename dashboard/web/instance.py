"""How this installation is run: by one person, for the public, or by a team; under which address; and who is believed about what."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from dashboard.workspace.quotas import Quotas

_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?")
"""A name or an address, and a port: nothing else that would come to stand in a link."""
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Mode(StrEnum):
    """The three ways to run."""

    ALONE = "alone"
    PUBLIC = "public"
    TEAM = "team"


class BadSettings(Exception):
    """Settings that cannot hold, in a sentence for whoever runs the server."""


@dataclass(frozen=True)
class Instance:
    """The settings of an installation; without any, one person uses it on their own machine."""

    mode: Mode = Mode.ALONE
    site: str = ""
    """The address of the site as its visitors write it, with the path it lies under: `https://numbers.example.org/requests`."""
    hosts: tuple[str, ...] = ()
    """Names by which the site may be asked for besides that of its address, this machine's own and any IP address."""
    proxies: tuple[str, ...] = ()
    """The networks whose `X-Forwarded-…` headers, and whose header that names the user, are believed."""
    user_header: str = ""
    """The header by which a proxy says who is signed in; blank where visitors sign in by OpenID Connect."""
    administrators: tuple[str, ...] = ()
    """Who may delete what others keep, by the name that others are shown or by the lasting one of their account."""
    hours: int = 12
    """How long a sign-in holds."""
    uploads_per_hour: int = 0
    """How many files a visitor may bring in an hour; 0 where there is no limit."""
    quotas: Quotas = field(default_factory=Quotas)
    file: str = ""
    """Where the settings were read, which is also where Streamlit reads `[auth]`; blank where there is no file."""

    @property
    def prefix(self) -> str:
        """The path that the site lies under, without a slash at its end; blank at the root."""
        return urlsplit(self.site).path.rstrip("/")

    @property
    def networks(self) -> tuple[Network, ...]:
        """The networks of trusted proxies."""
        return tuple(ipaddress.ip_network(network) for network in self.proxies)

    def check(self, host: str, anyone_may_reach_it: bool = False) -> None:
        """Raise `BadSettings` where the settings cannot hold together, or would let strangers in unasked at the address `host`."""
        address = urlsplit(self.site)
        unfit = address.query or address.fragment or "@" in address.netloc
        if self.site and (address.scheme not in ("http", "https") or not address.hostname or unfit):
            raise BadSettings(f"The site “{self.site}” is no web address; write it like https://numbers.example.org/requests.")
        for network in self.proxies:
            try:
                ipaddress.ip_network(network)
            except ValueError:
                raise BadSettings(f"The proxy network “{network}” is none; write it like 10.0.0.0/8 or 127.0.0.1.") from None
        if self.mode is Mode.ALONE and not _is_this_machine(host) and not anyone_may_reach_it:
            raise BadSettings(
                f"Whoever reaches {host} could read, delete and bring back everything that is kept, so this is not done unasked. Choose "
                "--mode public (nothing can be kept) or --mode team (with sign-in), or say --anyone-may-reach-it."
            )
        if self.mode is Mode.TEAM and not self.site:
            raise BadSettings("A team needs the address of its site: --site https://numbers.example.org.")
        if self.user_header and not self.proxies:
            raise BadSettings(f"The header {self.user_header} says who is signed in, so name the networks of the proxies that may send it.")
        if self.mode is Mode.TEAM and not self.user_header and not self._has_provider():
            raise BadSettings(
                "A team signs in by OpenID Connect or through a proxy: the settings need [auth] with redirect_uri, cookie_secret, client_id, "
                "client_secret and server_metadata_url, or user_header and proxies."
            )

    def is_proxy(self, peer: str) -> bool:
        """Whether what this peer says about visitors is believed."""
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        # A server of both families sees an older address as one of the newer.
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self.networks)

    def knows_host(self, host: str) -> bool:
        """Whether a Host header is one of ours: a name that resolves to this machine by a stranger's will is not."""
        if not _HOST.fullmatch(host):
            return False
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        own = {"localhost", (urlsplit(self.site).hostname or "localhost"), *(host.lower() for host in self.hosts)}
        return name in own or _is_address(name)

    def is_administrator(self, names: Iterable[str]) -> bool:
        """Whether one of the names of a person is that of an administrator."""
        return bool(set(self.administrators) & {name for name in names if name})

    def _has_provider(self) -> bool:
        if not self.file:
            return False
        auth = _tables(Path(self.file)).get("auth", {})
        wanted = {"redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url"}
        return isinstance(auth, dict) and wanted <= set(auth)


def read(file: str, **given: object) -> Instance:
    """The settings of a TOML file, table `[instance]`, with what was `given` on the command line instead; `file` may be blank.

    Raises `BadSettings`.
    """
    table = dict(_tables(Path(file)).get("instance", {})) if file else {}
    table |= {name: value for name, value in given.items() if value}
    quotas = table.pop("quotas", {})
    unknown = [
        *(set(table) - {declared.name for declared in fields(Instance)}),
        *(set(quotas) - {declared.name for declared in fields(Quotas)}),
    ]
    if unknown:
        raise BadSettings(f"{file}: there is no setting “{unknown[0]}”.")
    for name, value in [*table.items(), *quotas.items()]:
        kind = (
            (list, tuple) if name in ("hosts", "proxies", "administrators") else (int if isinstance(_DEFAULTS.get(name, 0), int) else str)
        )
        is_unfit = not all(isinstance(one, str) for one in value) if isinstance(value, list) else isinstance(value, int) and value < 0
        if not isinstance(value, kind) or isinstance(value, bool) or is_unfit:
            raise BadSettings(f"{file}: “{name}” cannot be {value!r}.")
    try:
        table["mode"] = Mode(table.get("mode", Mode.ALONE))
    except ValueError:
        raise BadSettings(f"There is no mode “{table['mode']}”; it is {', '.join(Mode)}.") from None
    lists = {name: tuple(value) for name, value in table.items() if isinstance(value, list)}
    return Instance(**table | lists, quotas=Quotas(**quotas), file=file)


def configure(instance: Instance) -> None:
    """Run by these settings from now on."""
    global _current
    _current = instance


def current() -> Instance:
    """The settings of this process."""
    return _current


_current = Instance()
_DEFAULTS = {declared.name: declared.default for declared in fields(Instance)}


def _tables(file: Path) -> dict:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"The settings {file} cannot be read: {getattr(error, 'strerror', None) or 'they are no UTF-8 text'}.") from None
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"The settings {file} are no TOML: {error}.") from None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_this_machine(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)
