"""Bytes into UTF-8, by evidence: a mark at the start, NUL bytes, strict UTF-8; anything else is a guess and told as one."""

from __future__ import annotations

import codecs
import re

from dashboard.reports.problems import Problem, Refused, refuse

_SAVE = "Save it as “CSV UTF-8”, or name its encoding."
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BLOCK = 1 << 20


def as_utf8(data: bytes, named: str | None = None) -> tuple[bytes, str, list[Problem]]:
    """The text as UTF-8 bytes without a mark at the start, the encoding it was in, and warnings; raises `Refused` where it cannot be told."""
    if named:
        return _recoded(data, named), named, []
    for byte_order_mark, encoding in _MARKS:
        if data.startswith(byte_order_mark):
            rest = data[len(byte_order_mark) :]
            return (_checked(rest) if encoding == "utf-8" else _recoded(rest, encoding)), encoding, []
    if b"\0" in data:
        encoding = _wide(data)
        if encoding is None:
            says = f"The file holds NUL bytes, the first on line {_line(data, data.index(0))}, so it is damaged or no text."
            raise refuse("nul_byte", says, "Download it again, or save it as CSV in UTF-8.", row=_line(data, data.index(0)))
        return _recoded(data, encoding), encoding, [_guessed("UTF-16")]
    if _is_utf8(data):
        return data, "utf-8", []
    _check_not_mixed(data)
    return _recoded(data, "cp1252"), "cp1252", [_guessed("Windows-1252 (Western Europe)")]


def _checked(data: bytes) -> bytes:
    if not _is_utf8(data):
        raise _mixed([_line(data, _first_wrong(data))])
    if b"\0" in data:
        raise refuse("nul_byte", "The file holds NUL bytes, so it is damaged.", "Download it again.", row=_line(data, data.index(0)))
    return data


def _is_utf8(data: bytes) -> bool:
    return _first_wrong(data) is None


def _first_wrong(data: bytes) -> int | None:
    # In blocks, so that a large file is not held a second time as text.
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), _BLOCK):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + _BLOCK], final=start + _BLOCK >= len(data))
        except UnicodeDecodeError as error:
            return start - pending + error.start
    return None


def _check_not_mixed(data: bytes) -> None:
    # Lines of UTF-8 among which a few are not: two letters that happen to look like one in UTF-8 are rare in any other encoding.
    sound, wrong = 0, []
    for number, line in enumerate(re.split(rb"\r\n|\r|\n", data), start=1):
        if line.isascii():
            continue
        if _is_utf8(line):
            sound += 1
        else:
            wrong.append(number)
    if sound >= len(wrong):
        raise _mixed(wrong)


def _mixed(wrong: list[int]) -> Refused:
    named = ", ".join(map(str, wrong[:5])) + (" and more" if len(wrong) > 5 else "")
    says = f"The file is UTF-8 on other lines and something else on {'line' if len(wrong) == 1 else 'lines'} {named}."
    return refuse("mixed_encoding", says, "Correct the letters there, or download the file again.", row=wrong[0], cell=f"line {wrong[0]}")


def _recoded(data: bytes, encoding: str) -> bytes:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        line = _line(data, error.start) if isinstance(error, UnicodeDecodeError) else 1
        raise refuse(
            "bad_encoding", f"The text is in an encoding that cannot be told; line {line} is the first that shows it.", _SAVE, row=line
        ) from None
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise refuse("nul_byte", "The file holds NUL characters, so it is damaged or no text.", "Save it as CSV in UTF-8.")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise refuse("bad_encoding", "The text holds halves of characters, so it is damaged.", _SAVE) from None


def _wide(data: bytes) -> str | None:
    # Plain letters in UTF-16 have their NUL always on the same side.
    sample = data[:4096]
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(data) % 2 == 0 and half:
        if odd >= 0.7 * half and even == 0:
            return "utf-16-le"
        if even >= 0.7 * half and odd == 0:
            return "utf-16-be"
    return None


def _guessed(what: str) -> Problem:
    says = f"The file does not say how its letters are coded; it was read as {what}."
    return Problem("warning", "encoding_guessed", says, "Look whether accents and names are right; " + _SAVE[0].lower() + _SAVE[1:])


def _line(data: bytes, offset: int) -> int:
    before = data[:offset]
    return before.count(b"\n") + before.replace(b"\r\n", b"\n").count(b"\r") + 1
