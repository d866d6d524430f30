"""The evidence that a saved figure carries: a small record of what is drawn and where each number stands, and the check of it later.

The record is JSON. It stands in a PNG as an iTXt chunk, in an SVG in `<metadata>`, in a PDF in its XMP, in HTML in a script of data. It
holds a hash of itself and one of the rest of the file, so that a change of either shows; it is no signature, and whoever writes both
anew can only be found out by the numbers, which are looked up one by one.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import math
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from importlib import metadata
from urllib.parse import parse_qs, urlencode

import pandas as pd
from PIL import Image, UnidentifiedImageError

from dashboard import analysis, figures
from dashboard.catalog.shipped import Catalog
from dashboard.display.languages import Language
from dashboard.figures import Drawing, Figure
from dashboard.model import places
from dashboard.model.periods import Period, label
from dashboard.model.tables import KEY

KIND = "transparency-figure/1"
"""What a record calls itself."""
MARK = "transparency-figure"
"""The name under which it stands in a file."""
MOST_OBSERVATIONS = 400
"""Published numbers named one by one; a figure that rests on more names those it draws, and a hash of the others."""
LARGEST_FILE, LARGEST_RECORD = 100_000_000, 4_000_000
"""Bytes of a file that is looked into, and of a record that is read."""
PRODUCT = "transparency"
_UNKNOWN = "0" * 64
_DRAWN = [*KEY, "low", "high", "derivation"]
_OBSERVED = [*KEY, "low", "high", "document", "cell"]


@dataclass(frozen=True)
class Change:
    """One number that reads otherwise now: what it is, as recorded and as it stands today; empty where it is withdrawn."""

    series: str
    period: str
    old: str
    new: str
    old_place: str
    new_place: str

    def __str__(self) -> str:
        now = f"{self.new}{f' ({self.new_place})' if self.new_place else ''}" if self.new else "withdrawn"
        return f"{self.series}, {self.period}: {self.old}{f' ({self.old_place})' if self.old_place else ''} → {now}"


@dataclass(frozen=True)
class Finding:
    """What a file's record says today: `current`, `restated`, `altered`, `no record`, or `unkept` for numbers that are held nowhere."""

    status: str
    sentence: str
    changes: tuple[Change, ...] = ()
    record: dict | None = field(default=None, repr=False)
    newer: int = 0

    @property
    def figure(self) -> Figure | None:
        """The figure that the record reopens; None without a sound record."""
        return Figure.from_query(parse_qs(self.record["figure"], keep_blank_values=True)) if self.record else None


def record(
    drawing: Drawing,
    catalog: Catalog,
    *,
    table: pd.DataFrame | None = None,
    made: datetime | None = None,
    rest: str = _UNKNOWN,
    like: dict | None = None,
) -> dict:
    """The record of a drawing. `rest` is the hash of the rest of the file, where that is known; see `sealed`.

    `like` is an earlier record of the same view on the same data: where the rows are the same too, what they rest on is taken from there.
    """
    rows = drawing.rows
    drawn = _columns(_sorted(rows), _DRAWN)
    if like and (like["drawn"], like["data"], like["upload"]) == (drawn, catalog.version, drawing.upload):
        observed, others = like["observations"], like["others"]
    else:
        table = analysis.complete(catalog, drawing.figure.view.known_on) if table is None else table
        observations, others = ([], None) if drawing.upload else _observations(rows, table, catalog)
        observed = _columns(pd.DataFrame(observations, columns=_OBSERVED), _OBSERVED)
    body = {
        "record": KIND,
        "made": (made or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "with": f"{PRODUCT} {version()}",
        "figure": urlencode(_without_private(drawing)),
        "title": drawing.figure.title,
        "source": drawing.figure.source,
        "data": catalog.version,
        "upload": drawing.upload,
        "statements": list(drawing.statements),
        "drawn": drawn,
        "observations": observed,
        "others": others,
        "rest": rest,
    }
    return _sealed(body)


def verify(data: bytes, catalog: Catalog, *, table_of: Callable[[date | None], pd.DataFrame] | None = None) -> Finding:
    """What the record in a file says against the data held today. Whatever the bytes are, this answers.

    `table_of` gives the complete table as known on a day, where it is at hand already.
    """
    if len(data) > LARGEST_FILE:
        return Finding("no record", f"The file has more than {LARGEST_FILE:,} bytes and was not looked into.")
    try:
        texts, rest = _taken_out(data)
        if not texts:
            return Finding("no record", "The file carries no record of a figure.")
        if len(texts) > 1:
            return Finding("altered", "The file carries more than one record, so none of them can be relied on.")
        found = _sound(texts[0])
    except _Damaged as damage:
        return Finding("altered", str(damage))
    if found["rest"] not in (_UNKNOWN, rest):
        return Finding(
            "altered",
            "The picture is not the one that was saved with this record: it was changed, resized or saved anew since.",
            record=found,
        )
    if found["upload"]:
        return Finding(
            "unkept",
            "The record is whole. The figure was drawn from a file of its author’s own that is not kept here, so its numbers cannot be looked up.",
            record=found,
        )
    try:
        return _compared(found, catalog, table_of or (lambda day: analysis.complete(catalog, day)))
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        return Finding("altered", "The record names what no figure of ours has; it was changed since it was written.")


def documents(drawing: Drawing, catalog: Catalog, *, table: pd.DataFrame | None = None) -> list[str]:
    """The documents in which the numbers of a drawing, and the parts of its totals, are printed."""
    table = analysis.complete(catalog, drawing.figure.view.known_on) if table is None else table
    return sorted({name for part in _parts(drawing.rows, table, catalog) for name in part["document"]})


def version() -> str:
    """The version of this program, or `checkout` where it is not installed."""
    try:
        return metadata.version(PRODUCT)
    except metadata.PackageNotFoundError:
        return "checkout"


def text_of(found: dict) -> str:
    """A record as the text that stands in a file."""
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def sealed(found: dict, rest: str) -> dict:
    """The record with the hash of the rest of its file."""
    return _sealed({name: value for name, value in found.items() if name != "hash"} | {"rest": rest})


def into_png(data: bytes, found: dict, *, alt: str, dpi: int) -> bytes:
    """A PNG with a record, its description and its resolution."""
    found = sealed(found, _hash_of_pixels(data))
    chunks = [chunk for chunk in _chunks(data) if chunk[0] not in (b"iTXt", b"tEXt", b"zTXt", b"pHYs")]
    own = [(b"pHYs", struct.pack(">IIB", *[round(dpi / 0.0254)] * 2, 1)), (b"iTXt", _itxt(MARK, text_of(found)))]
    for name, text in (("Title", found["title"]), ("Description", alt), ("Source", found["source"]), ("Software", found["with"])):
        own.append((b"iTXt", _itxt(name, text)))
    return _PNG + b"".join(_chunk(kind, body) for kind, body in [chunks[0], *own, *chunks[1:]])


def into_text(data: bytes, found: dict) -> bytes:
    """An SVG, HTML or PDF that has room for a record, as `room` made it, with that record."""
    start, end = _place(data)
    found = sealed(found, hashlib.sha256(data[:start] + data[end:]).hexdigest())
    text = (
        html.escape(text_of(found), quote=False).encode("utf-8")
        if b"<script" not in data[max(0, start - 200) : start]
        else _in_script(found)
    )
    if len(text) > end - start:
        raise ValueError(f"the record needs {len(text)} bytes and the file leaves {end - start}")
    return data[:start] + text + b" " * (end - start - len(text)) + data[end:]


def room(found: dict, kind: str) -> str:
    """The element that holds a record in a file of a kind, still empty but exactly as long as it will be."""
    text = _in_script(found).decode("utf-8") if kind == "html" else html.escape(text_of(found), quote=False)
    blank = " " * len(text.encode("utf-8"))
    if kind == "html":
        return f'<script type="application/json" id="{MARK}">{blank}</script>'
    if kind == "svg":
        return f'<metadata id="{MARK}">{blank}</metadata>'
    return f'<{MARK}:record xmlns:{MARK}="urn:{MARK}">{blank}</{MARK}:record>'


class _Damaged(Exception):
    """A record, or the file around it, that was changed or cut off."""


def _sealed(body: dict) -> dict:
    return body | {"hash": hashlib.sha256(text_of(body).encode("utf-8")).hexdigest()}


def _sound(text: str) -> dict:
    damaged = _Damaged("The record does not match its own hash: it was changed, or cut off, since it was written.")
    if len(text) > LARGEST_RECORD:
        raise _Damaged("The record is larger than any that is written here.")
    try:
        found = json.loads(text)
        body = {name: value for name, value in found.items() if name != "hash"}
        if found["hash"] != hashlib.sha256(text_of(body).encode("utf-8")).hexdigest():
            raise damaged
        right = (
            found["record"] == KIND
            and all(isinstance(found[name], str) for name in ("made", "with", "figure", "title", "source", "data", "rest"))
            and isinstance(found["upload"], bool)
            and set(found["drawn"]) == {"rows", *_DRAWN}
            and set(found["observations"]) == {"rows", *_OBSERVED}
            and all(isinstance(found[name]["rows"], int) for name in ("drawn", "observations"))
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise damaged from None
    if not right:
        raise _Damaged("The record is none that this program knows.")
    return found


def _compared(found: dict, catalog: Catalog, table_of: Callable[[date | None], pd.DataFrame]) -> Finding:
    figure = Figure.from_query(parse_qs(found["figure"], keep_blank_values=True))
    day = figure.view.known_on
    language = Language("en", catalog)
    observed, drawn = _table(found["observations"], _OBSERVED), _table(found["drawn"], _DRAWN)
    changes = _changed_cells(observed, catalog, day, language)
    table = table_of(day)
    try:
        now = figures.rows_of(figure.view, catalog, language, table)
    except (figures.Unfit, analysis.Unanswerable):
        now = drawn.iloc[:0]
    if not changes:
        changes = _changed_rows(drawn, now, figure, language)
    newer = len(now.dropna(subset=["low"])) - len(drawn.merge(now[KEY], on=KEY).dropna(subset=["low"]))
    if (
        not changes
        and found["others"]
        and _others(now[pd.MultiIndex.from_frame(now[KEY]).isin(pd.MultiIndex.from_frame(drawn[KEY]))], table, catalog) != found["others"]
    ):
        changes = (
            Change("One of the numbers that a total rests on", "", f"as in data {found['data']}", f"as in data {catalog.version}", "", ""),
        )
    if changes and found["data"] == catalog.version:
        return Finding(
            "altered",
            f"The record names numbers that the data version it gives ({found['data']}) does not hold: {changes[0]}.",
            changes,
            found,
        )
    if changes:
        many = f"{len(changes):,} numbers have" if len(changes) > 1 else "One number has"
        return Finding(
            "restated",
            f"{many} been restated since the figure was made: {'; '.join(map(str, changes[:3]))}{'; …' if len(changes) > 3 else ''}.",
            changes,
            found,
            newer,
        )
    more = f" {newer:,} numbers of these series are not in it: newer ones, or more than it had room for." if newer else ""
    return Finding("current", f"Every number of the figure stands today as it was drawn.{more}", (), found, newer)


def _changed_cells(observed: pd.DataFrame, catalog: Catalog, day: date | None, language: Language) -> tuple[Change, ...]:
    if observed.empty:
        return ()
    # The number that speaks today, and what we hold today for the very document that was named.
    both = observed.merge(catalog.as_of(day)[_OBSERVED], on=KEY, how="left", suffixes=("", "_now"))
    same_place = catalog.observations[_OBSERVED].rename(columns={name: f"{name}_there" for name in ("low", "high", "cell")})
    both = both.merge(same_place, on=[*KEY, "document"], how="left")
    moved = both["low_there"].notna() & ~(_same(both["low"], both["low_there"]) & _same(both["high"], both["high_there"]))
    for name in ("low", "high", "cell"):
        both[f"{name}_now"] = both[f"{name}_now"].mask(moved, both[f"{name}_there"])
    both["document_now"] = both["document_now"].mask(moved, both["document"])
    changed = both[~(_same(both["low"], both["low_now"]) & _same(both["high"], both["high_now"]))]
    return tuple(
        Change(
            _series(row, language),
            label(Period(row["period_start"].date(), row["period_end"].date())),
            language.value(row["low"], row["high"], row["measure"]),
            language.value(row["low_now"], row["high_now"], row["measure"]) if row["low_now"] == row["low_now"] else "",
            f"{row['document']}, {row['cell']}",
            f"{row['document_now']}, {row['cell_now']}" if row["low_now"] == row["low_now"] else "",
        )
        for _, row in changed.iterrows()
    )


def _changed_rows(drawn: pd.DataFrame, now: pd.DataFrame, figure: Figure, language: Language) -> tuple[Change, ...]:
    both = drawn.merge(now[[*KEY, "low", "high"]], on=KEY, how="left", suffixes=("", "_now"))
    known = both["low"].notna()
    # Rates are floating point, and machines may differ in their last digit.
    changed = both[(known | both["low_now"].notna()) & ~(_close(both["low"], both["low_now"]) & _close(both["high"], both["high_now"]))]
    scaled = figure.view.is_scaled
    return tuple(
        Change(
            _series(row, language),
            label(Period(row["period_start"].date(), row["period_end"].date())),
            language.value(row["low"], row["high"], row["measure"], scaled),
            language.value(row["low_now"], row["high_now"], row["measure"], scaled) if row["low_now"] == row["low_now"] else "",
            row["derivation"],
            "",
        )
        for _, row in changed.iterrows()
    )


def _same(one: pd.Series, other: pd.Series) -> pd.Series:
    return (one == other) | (one.isna() & other.isna())


def _close(one: pd.Series, other: pd.Series) -> pd.Series:
    return _same(one, other) | ((one - other).abs() <= 1e-9 * one.abs().clip(lower=1e-9))


def _series(row: pd.Series, language: Language) -> str:
    parts = [language.reporter(row["reporter"]), language.requester(row["requester"]), language.measure(row["measure"]).lower()]
    parts += [language.request_type(row["request_type"]).lower()] * (row["request_type"] != "all")
    parts += [row["service"]] * (row["service"] != "all") + [language.authority(row["authority"])] * (row["authority"] != "any")
    return " · ".join(parts)


def _observations(rows: pd.DataFrame, table: pd.DataFrame, catalog: Catalog) -> tuple[list[dict], dict | None]:
    # Published rows name themselves; of the parts of totals, as many totals' as there is room for.
    named, derived = _parts(rows, table, catalog)
    if len(named) + len(derived) <= MOST_OBSERVATIONS:
        return _sorted(pd.concat([named, derived]).drop_duplicates(_OBSERVED))[_OBSERVED].to_dict("records"), None
    return _sorted(named.drop_duplicates(_OBSERVED))[_OBSERVED].to_dict("records"), _hashed(derived)


def _others(rows: pd.DataFrame, table: pd.DataFrame, catalog: Catalog) -> dict:
    return _hashed(_parts(rows, table, catalog)[1])


def _parts(rows: pd.DataFrame, table: pd.DataFrame, catalog: Catalog) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The published numbers that rows are, and those that their totals rest on."""
    known = rows.index[rows.index.isin(table.index)]
    printed = known[table.loc[known, "derivation"].eq("")]
    named = table.loc[printed, _OBSERVED]
    # A row as it stands in the complete table, before it was put on a scale; a summed calendar year stands there by its parts alone.
    totals = pd.concat([table.loc[known.difference(printed, sort=False)], rows[~rows.index.isin(known)]])
    if totals.empty:
        return named, named.iloc[:0]
    held = table[table["derivation"].eq("") & table["reporter"].isin(totals["reporter"].unique())]
    one_by_one = totals["requester"].eq(places.WORLD) | totals["derivation"].str.endswith(analysis.OF_THE_YEAR)
    found = [_parts_of(totals[~one_by_one], held, catalog)]
    near = {keys: held.groupby(list(keys), sort=False).indices for keys in _NEARNESS.values()} if one_by_one.any() else {}
    for _, row in totals[one_by_one].iterrows():
        keys = _NEARNESS[row["requester"] == places.WORLD, row["derivation"].endswith(analysis.OF_THE_YEAR)]
        rows_near = held.iloc[near[keys].get(tuple(row[key] for key in keys), [])]
        found.append(analysis.parts_of(rows_near, catalog, row)[_OBSERVED])
    return named, pd.concat(found).drop_duplicates(_OBSERVED)


def _parts_of(totals: pd.DataFrame, held: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    # What `analysis.parts_of` gives for each total of one requester in one period, for all of them at once; a test holds the two equal.
    same = [column for column in KEY if column not in ("request_type", "measure")]
    both = totals[[*KEY, "derivation"]].reset_index(drop=True).rename_axis("total").reset_index()
    both = both.merge(held[_OBSERVED], on=same, suffixes=("_of", ""))
    shares = ["share_some_data", "requests_some_data"]
    related = both["measure_of"].isin(shares) & both["derivation"].ne("") & both["measure"].isin(["requests", *shares])
    both = both[both["measure"].eq(both["measure_of"]) | related]
    exact = both["request_type"].eq(both["request_type_of"])
    counted = pd.MultiIndex.from_frame(catalog.parts[catalog.parts["in_total"]][["reporter", "request_type"]])
    is_part = both["request_type"].eq("all") | pd.MultiIndex.from_frame(both[["reporter", "request_type"]]).isin(counted)
    has_exact = both["request_type_of"].ne("all") | exact.groupby(both["total"]).transform("any")
    return both.loc[exact.where(has_exact, is_part), _OBSERVED]


_NEARNESS = {
    (is_world, is_year): (
        *("reporter", "service", "authority"),
        *(() if is_world else ("requester",)),
        *(() if is_year else ("period_start", "period_end")),
    )
    for is_world in (False, True)
    for is_year in (False, True)
}
"""By what the parts of a total lie near each other, for a worldwide one or not, over a year or not: only these are looked through."""


def _hashed(table: pd.DataFrame) -> dict:
    rows = _columns(_sorted(table.drop_duplicates(_OBSERVED)), _OBSERVED)
    return {"count": rows["rows"], "hash": hashlib.sha256(text_of(rows).encode("utf-8")).hexdigest()}


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values([column for column in [*KEY, "low", "document", "cell"] if column in table.columns], kind="stable")


def _without_private(drawing: Drawing) -> list[tuple[str, str]]:
    # What is on the figure is on it; the texts that were written from the data are written again when it is reopened, in every other case.
    return drawing.asked.query()


def _columns(table: pd.DataFrame, names: list[str]) -> dict:
    """A table by its columns: one value where all rows have the same, the distinct values and their places where that is shorter."""
    found: dict = {"rows": len(table)}
    for name in names:
        values = [_plain(value) for value in (table[name] if name in table.columns else [""] * len(table))]
        distinct = list(dict.fromkeys(values))
        if len(distinct) == 1:
            found[name] = distinct[0]
        elif all(isinstance(value, str) for value in values) and len(distinct) < len(values) / 2:
            places = {value: place for place, value in enumerate(distinct)}
            found[name] = {"of": distinct, "at": [places[value] for value in values]}
        else:
            found[name] = values
    return found


def _plain(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if math.isinf(value):
            return "inf"
        return int(value) if value.is_integer() else value
    return value


def _table(columns: dict, names: list[str]) -> pd.DataFrame:
    table = pd.DataFrame({name: _values(columns[name], columns["rows"]) for name in names}, columns=names)
    for name in names:
        if name in ("low", "high"):
            table[name] = pd.to_numeric(table[name]).astype(float)
        elif name in ("period_start", "period_end"):
            table[name] = pd.to_datetime(table[name], format="%Y-%m-%d").astype("datetime64[ns]")
        else:
            table[name] = table[name].astype("str")
    return table


def _values(column: object, rows: int) -> list:
    if isinstance(column, dict):
        return [column["of"][place] for place in column["at"]]
    if isinstance(column, list):
        return column
    return [column] * min(rows, LARGEST_RECORD)


_PNG = b"\x89PNG\r\n\x1a\n"
_ELEMENTS = (
    rf'<metadata id="{MARK}">(.*?)</metadata>'.encode(),
    rf'<script type="application/json" id="{MARK}">(.*?)</script>'.encode(),
    rf'<{MARK}:record xmlns:{MARK}="urn:{MARK}">(.*?)</{MARK}:record>'.encode(),
)
_OPENINGS = tuple(pattern.split(b"(")[0] for pattern in _ELEMENTS)


def _taken_out(data: bytes) -> tuple[list[str], str]:
    """The texts of the records in a file, and the hash of the rest of it."""
    if data.startswith(_PNG):
        texts = []
        for kind, body in _chunks(data):
            if kind == b"iTXt" and body.startswith(MARK.encode() + b"\0"):
                texts.append(_itxt_text(body))
        return texts, _hash_of_pixels(data) if texts else ""
    places = [found.span(1) for pattern in _ELEMENTS for found in re.finditer(pattern, data, re.DOTALL)]
    if not places:
        if any(opening in data for opening in _OPENINGS):
            raise _Damaged("The record is cut off.")
        return [], ""
    texts = [html.unescape(data[start:end].decode("utf-8", "replace").strip()) for start, end in places]
    if data[: places[0][0]].endswith(b'">') and b"<script" in data[places[0][0] - 100 : places[0][0]]:
        texts = [data[start:end].decode("utf-8", "replace").strip() for start, end in places]
    start, end = places[0]
    return texts, hashlib.sha256(data[:start] + data[end:]).hexdigest()


def _place(data: bytes) -> tuple[int, int]:
    places = [found.span(1) for pattern in _ELEMENTS for found in re.finditer(pattern, data, re.DOTALL)]
    if len(places) != 1:
        raise ValueError(f"the file has room for {len(places)} records instead of one")
    return places[0]


def _in_script(found: dict) -> bytes:
    return text_of(found).replace("<", "\\u003c").encode("utf-8")


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found, place = [], len(_PNG)
    while place < len(data):
        if len(data) < place + 12:
            raise _Damaged("The picture is cut off.")
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        body = data[place + 8 : place + 8 + length]
        check = data[place + 8 + length : place + 12 + length]
        if len(body) < length or len(check) < 4:
            raise _Damaged("The picture is cut off.")
        if check != struct.pack(">I", zlib.crc32(kind + body)):
            raise _Damaged("The picture is damaged: a part of it does not match its own check.")
        found.append((kind, body))
        place += 12 + length
        if kind == b"IEND":
            break
    else:
        raise _Damaged("The picture is cut off.")
    return found


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _itxt(name: str, text: str) -> bytes:
    encoded = text.encode("utf-8")
    is_long = len(encoded) > 2_000
    return (
        name.encode("latin-1") + b"\0" + (b"\1\0" if is_long else b"\0\0") + b"\0\0" + (zlib.compress(encoded, 9) if is_long else encoded)
    )


def _itxt_text(body: bytes) -> str:
    damaged = _Damaged("The record is cut off.")
    _, _, rest = body.partition(b"\0")
    if len(rest) < 4:
        raise damaged
    is_packed, rest = rest[0] == 1, rest[2:]
    _, _, rest = rest.partition(b"\0")
    _, _, text = rest.partition(b"\0")
    if is_packed:
        try:
            unpacking = zlib.decompressobj()
            text = unpacking.decompress(text, LARGEST_RECORD + 1)
            if not unpacking.eof and len(text) <= LARGEST_RECORD:
                raise damaged
        except zlib.error:
            raise damaged from None
    return text.decode("utf-8", "replace")


def _hash_of_pixels(data: bytes) -> str:
    # Of the pixels, not of the bytes: a picture packed tighter is still the same picture.
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
            if picture.width * picture.height > figures.MOST_PIXELS:
                raise _Damaged("The picture is larger than any that is made here.")
            pixels = picture.convert("RGBA")
            return hashlib.sha256(f"{pixels.width}x{pixels.height}".encode() + pixels.tobytes()).hexdigest()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, struct.error, zlib.error):
        raise _Damaged("The picture is damaged.") from None


def as_json(finding: Finding) -> dict:
    """A finding as plain values."""
    return {"status": finding.status, "sentence": finding.sentence, "changes": [asdict(change) for change in finding.changes]}
