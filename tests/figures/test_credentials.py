"""Content Credentials: other programs find them sound as long as nothing is altered, and our own record stays as it is."""

import io
import json

import c2pa
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from dashboard.figures import credentials, evidence, signatures
from dashboard.figures.signatures import Signer
from dashboard.reports import figure_records
from tests.reports.test_figure_records import SOUND

HERE = Signer(Ed25519PrivateKey.generate())


@pytest.fixture(scope="module")
def signed() -> bytes:
    blank = io.BytesIO()
    Image.effect_noise((60, 40), 50).convert("RGB").save(blank, "PNG")
    png = evidence.into_png(blank.getvalue(), SOUND, alt="A chart", dpi=300)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signatures, "signer", lambda: HERE)
        file = credentials.with_credentials(png, "Requests")
        assert len(file) > len(png)
        patch.setattr(signatures, "signer", lambda: None)
        assert credentials.with_credentials(png, "Requests") == png, "without a key nothing is signed"
    return file


def judged(file: bytes, trusted: bytes = b"") -> tuple[str, set[str]]:
    trust = {"trust": {"trust_anchors": trusted.decode()}, "verify": {"verify_trust": True}} if trusted else {}
    read = json.loads(c2pa.Reader("image/png", io.BytesIO(file), context=c2pa.Context(c2pa.Settings.from_dict(trust))).json())
    return read["validation_state"], {status["code"] for status in read.get("validation_status", ())}


def test_other_programs_find_them_sound_and_trust_them_where_they_trust_our_certificate(signed):
    assert judged(signed) == ("Valid", {"signingCredential.untrusted"})
    assert judged(signed, credentials.certificates(HERE.private)) == ("Trusted", set())


def test_the_certificates_of_a_key_are_always_the_same_and_of_no_other(signed):
    ours = credentials.certificates(HERE.private)
    credentials.certificates.cache_clear()
    assert credentials.certificates(HERE.private) == ours != credentials.certificates(Ed25519PrivateKey.generate())


def test_our_own_record_is_as_sound_as_before(signed):
    result, _ = figure_records.job({}, [signed])
    assert result["outcome"] == figure_records.Outcome.SOUND


def test_whatever_is_altered_in_the_picture_its_texts_or_its_record_is_found(signed):
    start = signed.index(b"caBX") - 4
    end = start + 12 + int.from_bytes(signed[start : start + 4])
    for place in [*range(8, start), *range(end, len(signed), 97)]:
        altered = bytearray(signed)
        altered[place] ^= 1
        try:
            state, _ = judged(bytes(altered))
        except c2pa.C2paError:
            continue
        assert state == "Invalid", place
