"""Figure files that are brought to us: the record in one as plain values of bounded size, or the reason why there is none.

A record is JSON. It stands in a PNG as an iTXt chunk, in an SVG in `<metadata>`, in a PDF in its XMP, in HTML in a script of data.
Whoever made the file may have written anything there, so it is read like every foreign file: in the child, and only in the one form
that is written here.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import logging
import struct
import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import pyarrow as pa
from PIL import Image, UnidentifiedImageError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model, model_validator

from dashboard.model.columns import KEY
from dashboard.reports import worker
from dashboard.reports.cells.limits import MAX_BYTES, MIB
from dashboard.reports.problems import Refused

KIND = "transparency-figure/1"
"""What a record calls itself."""
NAME = "transparency-figure"
"""The name under which it stands in a file."""
DRAWN = (*KEY, "low", "high", "derivation")
"""Columns of the numbers that a figure draws."""
OBSERVED = (*KEY, "low", "high", "document", "cell")
"""Columns of the published numbers that it rests on."""
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
"""How the time at which it was made is written, in UTC."""
NO_HASH = "0" * 64
"""Stands for the hash of the rest of a file where that is not known."""

MAX_ROWS = 10_000
"""Most numbers that a record holds in one table; no figure draws more."""
MAX_RECORD_CHARACTERS = 1_000_000
MAX_PIXELS = 60_000_000
"""Most pixels of a picture that is made, or looked into."""
MAX_CHUNKS = 100_000
MEMORY_BYTES = 300 * MIB
"""Most memory that reading a figure file may take: that of the largest file and of the largest picture."""
PNG = b"\x89PNG\r\n\x1a\n"
_ONCE, _REPEATABLE = (b"IHDR", b"PLTE", b"tRNS", b"sRGB", b"pHYs", b"tIME", b"IEND"), (b"IDAT", b"iTXt", b"tEXt", b"zTXt", b"caBX")
"""Chunks that a PNG of ours may have, once or often. With others a browser may show other frames, colours or sides than the pixels that are hashed."""
_ROWS_AT_ONCE = 256
_log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What was read in a file."""

    SOUND = "sound"
    NO_RECORD = "no_record"
    FILE_TOO_LARGE = "file_too_large"
    SEVERAL_RECORDS = "several_records"
    RECORD_CUT_OFF = "record_cut_off"
    RECORD_CHANGED = "record_changed"
    RECORD_TOO_LARGE = "record_too_large"
    RECORD_UNKNOWN = "record_unknown"
    PICTURE_CHANGED = "picture_changed"
    PICTURE_CUT_OFF = "picture_cut_off"
    PICTURE_DAMAGED = "picture_damaged"
    PICTURE_TOO_LARGE = "picture_too_large"
    NOT_READ = "not_read"


@dataclass(frozen=True)
class FigureFile:
    """A figure file as read: the outcome, and the record where it is whole, also beside a changed picture."""

    outcome: Outcome
    record: dict[str, Any] | None = None


def read(data: bytes) -> FigureFile:
    """Read a figure file in the child process. Never raises: whatever the bytes are, there is an outcome."""
    if len(data) > MAX_BYTES:
        return FigureFile(Outcome.FILE_TOO_LARGE)
    try:
        result, _ = worker.run({"job": "figure"}, data) if worker.is_possible() else job({}, [data])
    except Refused:
        return FigureFile(Outcome.NOT_READ)
    if "fault" in result:
        _log.error("Reading a figure file failed: %s", result["fault"])
        return FigureFile(Outcome.NOT_READ)
    return FigureFile(Outcome(result["outcome"]), result["record"])


def job(order: dict[str, Any], payload: list[bytes], *_) -> tuple[dict[str, Any], list[pa.Table]]:
    """Read a figure file in this process."""
    record = None
    try:
        text, content_hash = _split(payload[0])
        record = sound_record(text)
        outcome = Outcome.SOUND if record["rest"] in (NO_HASH, content_hash) else Outcome.PICTURE_CHANGED
    except _Unsound as unsound:
        outcome = unsound.outcome
    return {"outcome": outcome, "record": record}, []


JOBS: worker.Jobs = {"figure": (job, MEMORY_BYTES)}
"""What is done here in the child."""


def text_of(record: dict[str, Any]) -> str:
    """A record as the text that stands in a file. Raises ValueError for a number that is none."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def sealed(body: dict[str, Any]) -> dict[str, Any]:
    """A record with the hash of itself."""
    body = {name: value for name, value in body.items() if name != "hash"}
    return body | {"hash": hashlib.sha256(text_of(body).encode("utf-8")).hexdigest()}


def spans(data: bytes) -> list[tuple[int, int]]:
    """Where records stand in a text file: first byte and the byte behind the last. Two are looked for at most."""
    ranges: list[tuple[int, int]] = []
    for opening, closing in _ELEMENTS:
        start = data.find(opening)
        while start >= 0 and len(ranges) < 2:
            start += len(opening)
            end = data.find(closing, start)
            if end < 0:
                raise _Unsound(Outcome.RECORD_CUT_OFF)
            ranges.append((start, end))
            start = data.find(opening, end)
    return ranges


def is_script(data: bytes, start: int) -> bool:
    """Whether the record that begins at a byte stands in a script, where nothing is escaped as in XML."""
    opening = _ELEMENTS[1][0]
    return data.startswith(opening, max(0, start - len(opening)))


def pixel_hash(data: bytes) -> str:
    """The hash of the size and the pixels of a PNG, not of its bytes: packed tighter it is still the same picture."""
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _Unsound(Outcome.PICTURE_TOO_LARGE)
            hashed = hashlib.sha256(f"{picture.width}x{picture.height}".encode())
            for top in range(0, picture.height, _ROWS_AT_ONCE):
                rows = picture.crop((0, top, picture.width, min(picture.height, top + _ROWS_AT_ONCE)))
                hashed.update(rows.convert("RGBA").tobytes())
            return hashed.hexdigest()
    except Image.DecompressionBombError:
        raise _Unsound(Outcome.PICTURE_TOO_LARGE) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error, zlib.error):
        raise _Unsound(Outcome.PICTURE_DAMAGED) from None


def sound_record(text: str) -> dict[str, Any]:
    """The record that a text is, if it is one that is written here and matches its own hash."""
    if len(text) > MAX_RECORD_CHARACTERS:
        raise _Unsound(Outcome.RECORD_TOO_LARGE)
    try:
        record = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
        if record["hash"] != sealed(record)["hash"]:
            raise _Unsound(Outcome.RECORD_CHANGED)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _Unsound(Outcome.RECORD_CHANGED) from None
    try:
        _RECORD.validate_python(record)
    except ValidationError:
        raise _Unsound(Outcome.RECORD_UNKNOWN) from None
    return record


class _Unsound(Exception):
    def __init__(self, outcome: Outcome):
        super().__init__(outcome)
        self.outcome = outcome


_ELEMENTS = (
    (f'<metadata id="{NAME}">'.encode(), b"</metadata>"),
    (f'<script type="application/json" id="{NAME}">'.encode(), b"</script>"),
    (f'<{NAME}:record xmlns:{NAME}="urn:{NAME}">'.encode(), f"</{NAME}:record>".encode()),
)

_Text = Annotated[str, Field(max_length=4_000)]
_LongText = Annotated[str, Field(max_length=20_000)]
_Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_SignatureValue = Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]
_Day = Annotated[str, Field(pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
_Index = Annotated[int, Field(ge=0, lt=MAX_ROWS)]
_Number = Annotated[int, Field(ge=0, le=10**18)] | Annotated[float, Field(ge=0, le=1e18, allow_inf_nan=False)]
_STRICT = ConfigDict(strict=True, extra="forbid")


class _Coded(BaseModel):
    """Texts by their positions among the distinct ones."""

    model_config = _STRICT
    of: list[_Text] = Field(max_length=MAX_ROWS)
    at: list[_Index] = Field(max_length=MAX_ROWS)

    @model_validator(mode="after")
    def _positions_exist(self) -> _Coded:
        if any(position >= len(self.of) for position in self.at):
            raise ValueError("a position beyond the texts")
        return self


class _Columns(BaseModel):
    """A table by its columns: one value where all rows have the same, else a list."""

    model_config = _STRICT
    rows: int = Field(ge=0, le=MAX_ROWS)

    @model_validator(mode="after")
    def _as_long_as_said(self) -> _Columns:
        for name, column in self:
            length = len(column.at if isinstance(column, _Coded) else column) if isinstance(column, list | _Coded) else self.rows
            if length != self.rows:
                raise ValueError(f"{name} has not as many values as there are rows")
        return self


def _column(name: str) -> Any:
    if name in ("low", "high"):
        number = _Number | None | Literal["inf"] if name == "high" else _Number | None
        return number | Annotated[list[number], Field(max_length=MAX_ROWS)]
    text = _Day if name.startswith("period_") else _Text
    return text | Annotated[list[text], Field(max_length=MAX_ROWS)] | _Coded


def _columns(title: str, names: tuple[str, ...]) -> type[_Columns]:
    return create_model(title, __base__=_Columns, **{name: (_column(name), ...) for name in names})


def _moment(text: str) -> str:
    if datetime.strptime(text, MOMENT).strftime(MOMENT) != text:
        raise ValueError("a time that is written otherwise")
    return text


class _Hidden(BaseModel):
    model_config = _STRICT
    count: int = Field(ge=0, le=10**9)
    hash: _Hash


class _Signature(BaseModel):
    model_config = _STRICT
    key: _Hash
    record: _SignatureValue
    file: _SignatureValue = NO_HASH * 2


_RECORD = TypeAdapter(
    create_model(
        "Record",
        __config__=_STRICT,
        record=(Literal[KIND], ...),
        made=(Annotated[str, AfterValidator(_moment)], ...),
        figure=(_LongText, ...),
        title=(_LongText, ...),
        source=(_LongText, ...),
        data=(_Text, ...),
        upload=(bool, ...),
        statements=(Annotated[list[_Text], Field(max_length=500)], ...),
        drawn=(_columns("Drawn", DRAWN), ...),
        observations=(_columns("Observations", OBSERVED), ...),
        others=(_Hidden | None, ...),
        signature=(_Signature | None, None),
        rest=(_Hash, ...),
        hash=(_Hash, ...),
        **{"with": (_Text, ...)},
    )
)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a name is given twice")
    return values


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _split(data: bytes) -> tuple[str, str]:
    """The text of the one record in a file, and the hash of the rest of it."""
    if data.startswith(PNG):
        parts = chunks(data)
        kinds = Counter(kind for kind, _ in parts)
        is_as_seen = all(kind in _REPEATABLE or (kind in _ONCE and count == 1) for kind, count in kinds.items())
        bodies = [body for kind, body in parts if kind == b"iTXt" and body.startswith(NAME.encode() + b"\0")]
        texts = [_chunk_text(body) for body in bodies[:2]]
        places: list[tuple[int, int]] = []
    else:
        places = spans(data)
        texts = [_element_text(data, start, end) for start, end in places]
    if not texts:
        raise _Unsound(Outcome.NO_RECORD)
    if len(texts) > 1:
        raise _Unsound(Outcome.SEVERAL_RECORDS)
    if not places:
        return texts[0], pixel_hash(data) if is_as_seen else ""
    start, end = places[0]
    return texts[0], hashlib.sha256(data[:start] + data[end:]).hexdigest()


def _element_text(data: bytes, start: int, end: int) -> str:
    if end - start > 8 * MAX_RECORD_CHARACTERS:
        raise _Unsound(Outcome.RECORD_TOO_LARGE)
    text = data[start:end].decode("utf-8", "replace").strip()
    return text if is_script(data, start) else html.unescape(text)


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a PNG, each with its kind; every one must match its own check."""
    chunk_list: list[tuple[bytes, bytes]] = []
    view, start = memoryview(data), len(PNG)
    while not chunk_list or chunk_list[-1][0] != b"IEND":
        if len(data) < start + 12:
            raise _Unsound(Outcome.PICTURE_CUT_OFF)
        if len(chunk_list) == MAX_CHUNKS:
            raise _Unsound(Outcome.PICTURE_TOO_LARGE)
        length, kind = struct.unpack_from(">I4s", data, start)
        end = start + 8 + length
        if len(data) < end + 4:
            raise _Unsound(Outcome.PICTURE_CUT_OFF)
        if struct.unpack_from(">I", data, end)[0] != zlib.crc32(view[start + 4 : end]):
            raise _Unsound(Outcome.PICTURE_DAMAGED)
        chunk_list.append((kind, data[start + 8 : end] if kind == b"iTXt" else b""))
        start = end + 4
    return chunk_list


def _chunk_text(body: bytes) -> str:
    _, _, rest = body.partition(b"\0")
    if len(rest) < 4:
        raise _Unsound(Outcome.RECORD_CUT_OFF)
    is_packed, rest = rest[0] == 1, rest[2:]
    _, _, rest = rest.partition(b"\0")
    _, _, text = rest.partition(b"\0")
    if is_packed:
        try:
            unpacking = zlib.decompressobj()
            text = unpacking.decompress(text, 4 * MAX_RECORD_CHARACTERS + 1)
        except zlib.error:
            raise _Unsound(Outcome.RECORD_CUT_OFF) from None
        if len(text) > 4 * MAX_RECORD_CHARACTERS:
            raise _Unsound(Outcome.RECORD_TOO_LARGE)
        if not unpacking.eof:
            raise _Unsound(Outcome.RECORD_CUT_OFF)
    return text.decode("utf-8", "replace")
