"""Signatures: who made a record, who drew the picture, and that nothing altered looks genuine."""

import json
import stat
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from dashboard import figures
from dashboard.analysis.views import View
from dashboard.figures import Figure, evidence, pictures, signatures
from dashboard.figures.signatures import Cover, Signer
from dashboard.reports import figure_records
from tests.reports.figure_files import svg

HERE, ELSEWHERE = (Signer(Ed25519PrivateKey.generate()) for _ in range(2))
NAMES = {HERE.public: "here"}
BODY = {"record": "transparency-figure/1", "title": "Requests", "drawn": {"rows": 1, "low": 5}, "others": None}


def complete(signer: Signer = HERE, rest: str = "1" * 64, file: bool = False) -> dict:
    record = signer.signed(BODY)
    if file:
        record["signature"]["file"] = signatures.PLACEHOLDER
    return figure_records.sealed(signer.completed(record | {"rest": rest}))


@pytest.mark.parametrize(("file", "cover"), [(False, Cover.RECORD), (True, Cover.FILE)])
def test_a_signature_says_by_whom_and_what_it_covers(file, cover):
    signature = signatures.checked(complete(file=file), NAMES)
    assert (signature.key, signature.name, signature.cover) == (HERE.public, "here", cover)


def test_a_key_that_nobody_knows_has_no_name():
    assert signatures.checked(complete(ELSEWHERE), NAMES).name == ""


def test_a_record_without_a_signature_has_none():
    assert signatures.checked(figure_records.sealed(BODY | {"rest": "1" * 64}), NAMES).cover == Cover.NOTHING


@given(st.sampled_from(sorted(BODY)), st.none() | st.integers() | st.text() | st.lists(st.integers(), max_size=2), st.booleans())
def test_no_altered_record_is_signed(name, value, file):
    record = complete(file=file)
    changed = figure_records.sealed(record | {name: value})
    assert (signatures.checked(changed, NAMES) is None) == (changed != record)


@given(st.sampled_from(["key", "record", "file"]), st.integers(0, 127), st.sampled_from("0123456789abcdef"))
def test_no_altered_signature_holds(name, place, digit):
    record = complete(file=True)
    text = record["signature"][name]
    place %= len(text)
    record["signature"] = record["signature"] | {name: text[:place] + digit + text[place + 1 :]}
    assert (signatures.checked(record, NAMES) is None) == (digit != text[place])


def test_a_signature_of_the_file_holds_for_no_other_picture_and_one_of_the_record_says_that_it_does_not_cover_it():
    assert signatures.checked(figure_records.sealed(complete(file=True) | {"rest": "2" * 64}), NAMES) is None
    assert signatures.checked(figure_records.sealed(complete() | {"rest": "2" * 64}), NAMES).cover == Cover.RECORD


def test_a_signature_of_the_file_cannot_be_made_out_of_one_of_the_record():
    record = complete()
    record["signature"] = record["signature"] | {"file": record["signature"]["record"]}
    assert signatures.checked(figure_records.sealed(record), NAMES) is None


@pytest.fixture
def key_file(tmp_path, monkeypatch):
    monkeypatch.delenv("TRANSPARENCY_KEY", raising=False)
    monkeypatch.setenv("TRANSPARENCY_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "keys" / signatures.KEY_FILE


def test_the_key_is_made_once_for_all_who_start_at_once_and_only_its_owner_can_read_it(key_file):
    publics = []
    starts = [threading.Thread(target=lambda: publics.append(signatures.signer().public)) for _ in range(8)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert len(set(publics)) == 1 and len(publics) == 8
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [one.name for one in key_file.parent.iterdir()] == [signatures.KEY_FILE]


@pytest.mark.parametrize("folder", ["{here}/file", "{here}/" + "x" * 300, "~no such user/reports"])
def test_where_no_key_can_be_kept_nothing_is_signed(monkeypatch, tmp_path, folder):
    (tmp_path / "file").write_text("")
    monkeypatch.delenv("TRANSPARENCY_KEY", raising=False)
    monkeypatch.setenv("TRANSPARENCY_DATA", folder.format(here=tmp_path))
    assert signatures.signer() is None


@pytest.mark.parametrize("content", [b"", b"x", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", None])
def test_a_given_key_that_is_none_is_told_in_a_sentence(monkeypatch, tmp_path, content):
    file = tmp_path / "given.pem"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("TRANSPARENCY_KEY", str(file))
    with pytest.raises(signatures.BadKey, match="given"):
        signatures.signer()
    with pytest.raises(signatures.BadKey, match="given"):
        signatures.public_key(content or b"", "given.pem")


def test_a_public_key_is_read_back_from_its_file():
    assert signatures.public_key(HERE.public_pem.encode(), "key.pem") == HERE.public


VIEW = View(reporter=("google",), requester=("DEU",), start="2011", end="2012")


@pytest.fixture(scope="module")
def drawing(bundle, bundled_table):
    return figures.draw(Figure(VIEW), bundle, table=bundled_table)


@pytest.fixture
def verified(bundle, bundled_table):
    return lambda data: evidence.verify(data, bundle, table_of=lambda day: bundled_table)


def test_a_figure_that_is_made_here_is_signed_whole(drawing, bundle, bundled_table, verified, monkeypatch):
    monkeypatch.setenv("TRANSPARENCY_NAME", "The Desk")
    found = verified(pictures.page(drawing, evidence.record(drawing, bundle, table=bundled_table), bundle))
    assert found.status == "current"
    assert found.signed == f"signed by The Desk (key {found.signature.fingerprint}; record and picture)"


def test_what_was_signed_with_a_former_key_is_known_where_its_public_part_is_kept(monkeypatch, key_file):
    def named() -> str:
        return signatures.checked(record, signatures.known_keys()).name

    record = complete(signatures.signer())
    former = key_file.parent / signatures.FORMER_KEYS / "2026.pem"
    former.parent.mkdir()
    former.write_text(signatures.signer().public_pem)
    (former.parent / "none.pem").write_text("none")
    assert named() == signatures.own_name(), "as long as it is the key"
    new = key_file.with_name("new.pem")
    new.write_bytes(ELSEWHERE.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    monkeypatch.setenv("TRANSPARENCY_KEY", str(new))
    assert named() == f"{signatures.own_name()}, with a former key"
    former.unlink()
    assert named() == ""


def test_a_picture_of_a_visitors_browser_is_told_apart(drawing, bundle, bundled_table, verified):
    record = evidence.record(drawing, bundle, table=bundled_table)
    found = verified(svg(evidence.text_of(record)))
    assert (found.status, found.signature.cover) == ("current", Cover.RECORD)
    assert "the record only" in found.signed


@pytest.mark.parametrize("is_sealed_anew", [False, True])
def test_a_changed_number_with_the_old_signature_is_altered(drawing, bundle, bundled_table, verified, is_sealed_anew):
    record = json.loads(evidence.text_of(evidence.record(drawing, bundle, table=bundled_table)))
    record["title"] = "Another title"
    found = verified(svg(evidence.text_of(figure_records.sealed(record) if is_sealed_anew else record)))
    assert (found.status, found.signed) == ("altered", "")


def test_a_record_without_its_signature_is_told_not_signed(drawing, bundle, bundled_table, verified):
    record = dict(evidence.record(drawing, bundle, table=bundled_table))
    del record["signature"]
    found = verified(svg(evidence.text_of(figure_records.sealed(record))))
    assert (found.status, found.signed) == ("current", "not signed")


def test_numbers_of_a_visitor_are_not_signed(bundle, bundled_table, drawing):
    rows = drawing.rows.assign(document="own/abc")
    assert "signature" in evidence.record(drawing, bundle, table=bundled_table)
    assert "signature" not in evidence.record(evidence.replace(drawing, rows=rows, upload=True), bundle, table=bundled_table)
