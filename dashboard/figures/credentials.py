"""Content Credentials in a PNG that was drawn here, as the C2PA standard has them: other programs read in them who drew the picture.

The extra `credentials` installs the library. The certificate is made from the key of this installation, so that nothing is asked of anybody:
other programs find the credentials sound, and who made them known only where they are told to trust our certificate.
"""

from __future__ import annotations

import functools
import importlib.util
import io
import json
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dashboard.figures import signatures

_DRAWN_FROM_DATA = "http://cv.iptc.org/newscodes/digitalsourcetype/dataDrivenMedia"


def with_credentials(png: bytes, title: str) -> bytes:
    """A PNG that is complete, its record included, with credentials that cover all of it; as it was where this installation has no key or library."""
    signer = signatures.signer()
    if signer is None or importlib.util.find_spec("c2pa") is None:
        return png
    import c2pa

    plain = c2pa.Context(c2pa.Settings.from_dict({"builder": {"thumbnail": {"enabled": False}}}))
    manifest = {
        "title": title,
        "claim_generator_info": [{"name": signatures.own_name()}],
        "assertions": [
            {"label": "c2pa.actions", "data": {"actions": [{"action": "c2pa.created", "digitalSourceType": _DRAWN_FROM_DATA}]}},
        ],
    }
    key = signer.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signs = c2pa.Signer.from_info(c2pa.C2paSignerInfo(alg=b"ed25519", sign_cert=certificates(signer.private), private_key=key, ta_url=None))
    signed = io.BytesIO()
    c2pa.Builder(json.dumps(manifest), plain).sign(signs, "image/png", io.BytesIO(png), signed)
    return signed.getvalue()


@functools.cache
def certificates(private: Ed25519PrivateKey) -> bytes:
    """The certificate of a key and that of the authority that vouches for it, which is made from the same key: always the same two, as PEM.

    The standard takes no certificate that vouches for itself.
    """
    derived = HKDF(hashes.SHA256(), 32, None, b"transparency content credentials").derive(private.private_bytes_raw())
    authority = Ed25519PrivateKey.from_private_bytes(derived)
    names = [_name(signatures.own_name(), of) for of in ("Figures", "Authority")]
    own = _certificate(names[0], names[1], private.public_key(), authority)
    return b"".join(one.public_bytes(Encoding.PEM) for one in (own, _certificate(names[1], names[1], authority.public_key(), authority)))


def _name(organisation: str, common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]), x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(subject: x509.Name, issuer: x509.Name, key: Ed25519PublicKey, authority: Ed25519PrivateKey) -> x509.Certificate:
    is_authority = subject == issuer
    builder = (
        x509.CertificateBuilder(
            issuer, subject, key, not_valid_before=datetime(2026, 1, 1, tzinfo=UTC), not_valid_after=datetime(2126, 1, 1, tzinfo=UTC)
        )
        .serial_number(int.from_bytes(key.public_bytes_raw()[:16]) | 1)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(not is_authority, False, False, False, False, is_authority, is_authority, False, False),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False)
    )
    if not is_authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return builder.sign(authority, None)
