"""Signatures: which installation made the record of a figure, and whether it drew the picture as well.

Keys are Ed25519. A signature of the record covers all of it but the hashes that are known only when the file is complete; a signature of
the file covers those, too, and is given only where the picture was drawn here and not in a visitor's browser.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from dashboard.figures.request import Unfit
from dashboard.reports.figure_records import text_of
from dashboard.workspace.place import StoreProblem, data_folder

KEY_FILE = "figure-key.pem"
"""The file of the key, in `keys` of the data folder, where `TRANSPARENCY_KEY` names no other."""
FORMER_KEYS = "former"
"""The folder beside it with the public keys, as PEM, of keys that were used before."""
PLACEHOLDER = "0" * 128
"""Stands for a signature of the file until the file is complete."""
_NOT_COVERED = ("signature", "rest", "hash")


class Cover(StrEnum):
    """What a signature vouches for."""

    NOTHING = "nothing"
    RECORD = "record"
    FILE = "file"


class BadKey(Unfit):
    """A key that cannot be used: one sentence with the file and what to do."""


@dataclass(frozen=True)
class Signature:
    """A signature that holds: by which key, in hex, by what name that key is known here (blank where it is not), and what it covers."""

    key: str = ""
    name: str = ""
    cover: Cover = Cover.NOTHING

    @property
    def fingerprint(self) -> str:
        """The beginning of the key's hash, short enough to be read out."""
        return hashlib.sha256(bytes.fromhex(self.key)).hexdigest()[:16]


@dataclass(frozen=True)
class Signer:
    """A private key of this installation."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """The public key in hex."""
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    @property
    def public_pem(self) -> str:
        """The public key as a PEM file."""
        return self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")

    def signed(self, body: dict) -> dict:
        """A record, still without hashes, with the signature of the record."""
        return body | {"signature": {"key": self.public, "record": self.private.sign(_record_bytes(body)).hex()}}

    def completed(self, record: dict) -> dict:
        """A record, complete but for its own hash, with the signature of the file where one is to be given."""
        if "file" not in record.get("signature", {}):
            return record
        return record | {"signature": record["signature"] | {"file": self.private.sign(_file_bytes(record)).hex()}}


def signer() -> Signer | None:
    """The key of this installation, made when it is first needed; None where no key can be kept. Raises `BadKey` for one that is none."""
    try:
        return _signer(_key_file(), is_given=bool(os.environ.get("TRANSPARENCY_KEY")))
    except StoreProblem:
        return None


def own_name() -> str:
    """What this installation is called in a verdict on one of its own figures."""
    return os.environ.get("TRANSPARENCY_NAME") or "this installation"


def known_keys() -> dict[str, str]:
    """The keys that are known without being named, in hex, each with its name: that of this installation, and its former ones."""
    names: dict[str, str] = {}
    with contextlib.suppress(StoreProblem, OSError):
        for file in sorted((_key_file().parent / FORMER_KEYS).glob("*.pem")):
            with contextlib.suppress(BadKey):
                names[public_key(file.read_bytes(), file.name)] = f"{own_name()}, with a former key"
    with contextlib.suppress(BadKey):
        if own := signer():
            names[own.public] = own_name()
    return names


def public_key(pem: bytes, name: str) -> str:
    """The key in a PEM file, in hex; `name` is what a message calls the file."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise BadKey(f"{name} is no public key of an installation; take the one that it serves at /api/v1/figure-key.pem.")
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def checked(record: dict, names: Mapping[str, str]) -> Signature | None:
    """The signature of a sound record; of nothing where it has none, None where it has one that does not hold.

    `names` gives the names of the known keys.
    """
    signature = record.get("signature")
    if not signature:
        return Signature()
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["key"]))
        key.verify(bytes.fromhex(signature["record"]), _record_bytes(record))
        if "file" in signature:
            key.verify(bytes.fromhex(signature["file"]), _file_bytes(record))
    except (InvalidSignature, ValueError):
        return None
    return Signature(signature["key"], names.get(signature["key"], ""), Cover.FILE if "file" in signature else Cover.RECORD)


def _key_file() -> Path:
    given = os.environ.get("TRANSPARENCY_KEY")
    return Path(given) if given else data_folder() / "keys" / KEY_FILE


def _record_bytes(record: dict) -> bytes:
    core = {name: value for name, value in record.items() if name not in _NOT_COVERED}
    return b"transparency-figure record\n" + hashlib.sha256(text_of(core).encode("utf-8")).digest()


def _file_bytes(record: dict) -> bytes:
    return b"transparency-figure file\n" + _record_bytes(record) + record["rest"].encode("ascii")


@functools.cache
def _signer(path: Path, *, is_given: bool) -> Signer | None:
    if not is_given:
        try:
            if not path.exists():
                _make(path)
        except OSError:
            return None
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise BadKey(f"The key {path.name} cannot be read ({error.strerror}).") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(
            f"{path.name} is no Ed25519 key without a password; make one with: openssl genpkey -algorithm ed25519 -out {path.name}"
        )
    return Signer(key)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # Written whole under another name first; of two processes that start at once the first one's key stands.
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-") as written:
        written.write(pem)
        written.flush()
        os.fsync(written.fileno())
        try:
            os.link(written.name, path)
        except FileExistsError:
            return
