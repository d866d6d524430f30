"""Figure files as a forger would make them: any text as a record in any kind of file, and PNGs put together chunk by chunk."""

import struct
import zlib

from dashboard.reports.figure_records import NAME, PNG


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """The kinds and bodies of the chunks of a sound PNG."""
    listed, start = [], len(PNG)
    while start < len(data):
        length, kind = struct.unpack_from(">I4s", data, start)
        listed.append((kind, data[start + 8 : start + 8 + length]))
        start += 12 + length
    return listed


def png(*parts: tuple[bytes, bytes]) -> bytes:
    return PNG + b"".join(chunk(*part) for part in parts)


def text_chunk(text: bytes, packed: bool = False) -> tuple[bytes, bytes]:
    return b"iTXt", NAME.encode() + (b"\0\1\0\0\0" + zlib.compress(text, 9) if packed else b"\0\0\0\0\0" + text)


def png_with(data: bytes, text: str, keep: bool = False) -> bytes:
    """A PNG with another record, or with one more."""
    first, *others = [part for part in chunks(data) if keep or not part[1].startswith(NAME.encode())]
    return png(first, text_chunk(text.encode("utf-8", "surrogatepass")), *others)


def empty_png(width: int, height: int) -> list[tuple[bytes, bytes]]:
    """The chunks of a picture of one colour, small however large the picture is."""
    rows = zlib.compressobj(9)
    row = bytes(1 + width * 4)
    body = b"".join(rows.compress(row) for _ in range(height)) + rows.flush()
    return [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)), (b"IDAT", body), (b"IEND", b"")]


def svg(text: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg"><metadata id="{NAME}">{text}</metadata></svg>'.encode("utf-8", "surrogatepass")


def page(text: str) -> bytes:
    return f'<html><script type="application/json" id="{NAME}">{text}</script></html>'.encode("utf-8", "surrogatepass")


def pdf(text: str) -> bytes:
    return f'%PDF-1.7\n<{NAME}:record xmlns:{NAME}="urn:{NAME}">{text}</{NAME}:record>'.encode("utf-8", "surrogatepass")
