"""The evidence that a saved figure carries: a small record of what is drawn and where each number stands, and the check of it later.

The record is JSON inside the file; `reports.figure_records` says where and reads it. It holds a hash of itself and one of the rest of
the file, so that a change of either shows. Whoever writes both anew is found out by the numbers, which are looked up one by one.
"""

from __future__ import annotations

import hashlib
import html
import io
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import pandas as pd
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from dashboard import analysis, figures
from dashboard.catalog.shipped import Catalog
from dashboard.display import downloads
from dashboard.display.languages import Language
from dashboard.figures import Drawing, Figure, signatures
from dashboard.figures.signatures import Cover, Signature
from dashboard.model.columns import KEY, is_own
from dashboard.model.periods import Period
from dashboard.reports import figure_records
from dashboard.reports.cells.limits import MAX_BYTES, MIB
from dashboard.reports.figure_records import NAME, NO_HASH, Outcome, text_of

MOST_OBSERVATIONS = 400
"""Published numbers named one by one; a figure that rests on more names those it draws, and a hash of the others."""
MAX_CHANGES = 100
"""Most numbers that read otherwise now and are named one by one."""
PRODUCT = "transparency"
_DRAWN, OBSERVED = list(figure_records.DRAWN), list(figure_records.OBSERVED)
_SENTENCES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_WITHOUT_A_VERDICT = (Outcome.NO_RECORD, Outcome.FILE_TOO_LARGE)


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
    changed: int = 0
    """How many numbers read otherwise now; the first of them are the `changes`."""
    signature: Signature = field(default_factory=Signature)

    @property
    def signed(self) -> str:
        """Who signed what, in a few words; that nobody did, where there is a record without a signature; else nothing."""
        signature = self.signature
        if not self.record or self.status == "altered":
            return ""
        if signature.cover == Cover.NOTHING:
            return "not signed"
        by = f"by {signature.name}" if signature.name else "with a key that is not known here"
        covered = "record and picture" if signature.cover == Cover.FILE else "the record only, for a visitor’s browser drew the picture"
        return f"signed {by} (key {signature.fingerprint}; {covered})"

    @property
    def figure(self) -> Figure | None:
        """The figure that the record reopens; None without a sound record."""
        return Figure.read(parse_qs(self.record["figure"], keep_blank_values=True))[0] if self.record else None


def record(
    drawing: Drawing,
    catalog: Catalog,
    *,
    table: pd.DataFrame,
    earlier: dict | None = None,
) -> dict:
    """The record of a drawing, still without the hash of the rest of its file; see `sealed`.

    `earlier` is an earlier record of the same view on the same data: where the rows are the same too, what they rest on is taken from there.
    """
    rows = drawing.rows
    drawn = _columns(_sorted(rows), _DRAWN)
    if earlier and (earlier["drawn"], earlier["data"], earlier["upload"]) == (drawn, catalog.version, drawing.upload):
        observed, others = earlier["observations"], earlier["others"]
    else:
        observations, others = ([], None) if drawing.upload else _observations(rows, table, catalog)
        observed = _columns(pd.DataFrame(observations, columns=OBSERVED), OBSERVED)
    body = {
        "record": figure_records.KIND,
        "made": datetime.now(UTC).strftime(figure_records.MOMENT),
        "with": f"{PRODUCT} {version()}",
        "figure": urlencode(drawing.request.query()),
        "title": drawing.figure.title,
        "source": drawing.figure.source,
        "data": catalog.version,
        "upload": drawing.upload,
        "statements": list(drawing.statements),
        "drawn": drawn,
        "observations": observed,
        "others": others,
    }
    # What a visitor brought is the visitor's word and none of ours.
    signer = None if drawing.upload or has_own(rows) else signatures.signer()
    return figure_records.sealed((signer.signed(body) if signer else body) | {"rest": NO_HASH})


def of_our_drawing(record: dict) -> dict:
    """The record for a file whose picture is drawn here and in no visitor's browser: its signature is to cover the whole file."""
    if "signature" not in record:
        return record
    return figure_records.sealed(record | {"signature": record["signature"] | {"file": signatures.PLACEHOLDER}})


def verify(
    data: bytes,
    catalog: Catalog,
    *,
    table_of: Callable[[date | None], pd.DataFrame],
    keys: Mapping[str, str] | None = None,
) -> Finding:
    """What the record in a file says against the data held today. Whatever the bytes are, this answers.

    `table_of` gives the complete table as known on a day; `keys` names the keys, in hex, that are known
    beside that of this installation.
    """
    file = figure_records.read(data)
    finding = _without_signature(file, catalog, table_of)
    if file.outcome != Outcome.SOUND:
        return finding
    signature = signatures.checked(file.record, signatures.known_keys() | dict(keys or {}))
    if signature is None:
        return Finding("altered", "The signature of the record does not hold: what it signed was changed since.", record=file.record)
    return replace(finding, signature=signature)


def _without_signature(file: figure_records.FigureFile, catalog: Catalog, table_of: Callable[[date | None], pd.DataFrame]) -> Finding:
    if file.outcome != Outcome.SOUND:
        status = "no record" if file.outcome in _WITHOUT_A_VERDICT else "altered"
        return Finding(status, _SENTENCES[file.outcome].format(mebibytes=MAX_BYTES // MIB), record=file.record)
    if file.record["upload"]:
        return Finding(
            "unkept",
            "The record is whole. The figure was drawn from a file of its author’s own that is not kept here, so its numbers cannot be looked up.",
            record=file.record,
        )
    try:
        return _compared(file.record, catalog, table_of)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError):
        return Finding("altered", "The record names what no figure of ours has; it was changed since it was written.")


def documents(drawing: Drawing, catalog: Catalog, *, table: pd.DataFrame) -> list[str]:
    """The documents in which the numbers of a drawing, and the parts of its totals, are printed."""
    return sorted({name for summand in summands(drawing.rows, table, catalog) for name in summand["document"]})


def version() -> str:
    """The version of this program, or `checkout` where it is not installed."""
    try:
        return metadata.version(PRODUCT)
    except metadata.PackageNotFoundError:
        return "checkout"


def sealed(record_fields: dict, rest: str) -> dict:
    """The record with the hash of the rest of its file, and with the signature of the file where it is to have one."""
    record = record_fields | {"rest": rest}
    signer = signatures.signer() if "file" in record.get("signature", {}) else None
    return figure_records.sealed(signer.completed(record) if signer else record)


def has_own(rows: pd.DataFrame) -> bool:
    """Whether a number among rows is of a visitor's own reports."""
    return any(is_own(name) for names in rows["document"].unique() for name in str(names).split("; "))


def into_png(data: bytes, embedded: dict, *, alt: str, dpi: int) -> bytes:
    """A PNG with a record, its description and its resolution."""
    embedded, texts = sealed(embedded, figure_records.pixel_hash(data)), PngInfo()
    texts.add_itxt(NAME, text_of(embedded), zip=True)
    for name, text in (("Title", embedded["title"]), ("Description", alt), ("Source", embedded["source"]), ("Software", embedded["with"])):
        texts.add_itxt(name, text)
    saved = io.BytesIO()
    with Image.open(io.BytesIO(data)) as picture:
        # What it has of colours beside its pixels, of a visitor's screen, is not kept: the record vouches for the pixels.
        picture.save(saved, "PNG", pnginfo=texts, dpi=(dpi, dpi), icc_profile=None)
    return saved.getvalue()


def into_text(data: bytes, embedded: dict) -> bytes:
    """An SVG, HTML or PDF that has room for a record, as `room` made it, with that record."""
    places = figure_records.spans(data)
    if len(places) != 1:
        raise ValueError(f"the file has room for {len(places)} records instead of one")
    start, end = places[0]
    embedded = sealed(embedded, hashlib.sha256(data[:start] + data[end:]).hexdigest())
    text = _in_script(embedded) if figure_records.is_script(data, start) else html.escape(text_of(embedded), quote=False).encode("utf-8")
    if len(text) > end - start:
        raise ValueError(f"the record needs {len(text)} bytes and the file leaves {end - start}")
    return data[:start] + text + b" " * (end - start - len(text)) + data[end:]


def room(embedded: dict, kind: str) -> str:
    """The element that holds a record in a file of a kind, still empty but exactly as long as it will be."""
    text = _in_script(embedded).decode("utf-8") if kind == "html" else html.escape(text_of(embedded), quote=False)
    blank = " " * len(text.encode("utf-8"))
    if kind == "html":
        return f'<script type="application/json" id="{NAME}">{blank}</script>'
    if kind == "svg":
        return f'<metadata id="{NAME}">{blank}</metadata>'
    return f'<{NAME}:record xmlns:{NAME}="urn:{NAME}">{blank}</{NAME}:record>'


def _compared(record: dict, catalog: Catalog, table_of: Callable[[date | None], pd.DataFrame]) -> Finding:
    figure, _ = Figure.read(parse_qs(record["figure"], keep_blank_values=True))
    day = figure.view.known_on
    language = Language("en", catalog)
    observed, drawn = _table(record["observations"], OBSERVED), _table(record["drawn"], _DRAWN)
    if drawn.duplicated(KEY).any() or observed.duplicated([*KEY, "document"]).any():
        return Finding("altered", "The record names a number twice, as no figure of ours does.", record=record)
    table = table_of(day)
    try:
        now = figures.rows_of(figure.view, catalog, language, table)
    except (figures.Unfit, analysis.Unanswerable):
        now = drawn.iloc[:0]
    changed = _changed_cells(observed, catalog, day)
    if changed.empty:
        changed = _changed_rows(drawn, now)
    # What a total rests on is published as printed, whatever the scale of the figure.
    scaled = figure.view.is_scaled and "derivation" in changed
    changes = tuple(_change(row, language, scaled) for _, row in changed.head(MAX_CHANGES).iterrows())
    newer = len(now.dropna(subset=["low"])) - len(drawn.merge(now[KEY], on=KEY).dropna(subset=["low"]))
    if not changes and record["others"]:
        same_rows = pd.MultiIndex.from_frame(now[KEY]).isin(pd.MultiIndex.from_frame(drawn[KEY]))
        if _hashed(summands(now[same_rows], table, catalog)[1]) != record["others"]:
            versions = (f"as in data {record['data']}", f"as in data {catalog.version}")
            changes = (Change("One of the numbers that a total rests on", "", *versions, "", ""),)
    count = max(len(changed), len(changes))
    if changes and record["data"] == catalog.version:
        says = f"The record names numbers that the data version it gives ({record['data']}) does not hold: {changes[0]}."
        return Finding("altered", says, changes, record, changed=count)
    if changes:
        has = f"{count:,} numbers have" if count > 1 else "One number has"
        says = f"{has} been restated since the figure was made: {'; '.join(map(str, changes[:3]))}{'; …' if count > 3 else ''}."
        return Finding("restated", says, changes, record, count)
    more = f" {newer:,} numbers of these series are not in it: newer ones, or more than it had room for." if newer else ""
    return Finding("current", f"Every number of the figure stands today as it was drawn.{more}", record=record)


def _changed_cells(observed: pd.DataFrame, catalog: Catalog, day: date | None) -> pd.DataFrame:
    """The observed numbers that read otherwise, with what stands there now under the names that end in `_now`."""
    # The number that speaks today, and what we hold today for the very document that was named.
    both = observed.merge(catalog.as_of(day)[OBSERVED], on=KEY, how="left", suffixes=("", "_now"))
    same_place = catalog.observations[OBSERVED].rename(columns={name: f"{name}_there" for name in ("low", "high", "cell")})
    both = both.merge(same_place, on=[*KEY, "document"], how="left")
    moved = both["low_there"].notna() & ~(_same(both["low"], both["low_there"]) & _same(both["high"], both["high_there"]))
    for name in ("low", "high", "cell"):
        both[f"{name}_now"] = both[f"{name}_now"].mask(moved, both[f"{name}_there"])
    both["document_now"] = both["document_now"].mask(moved, both["document"])
    return both[~(_same(both["low"], both["low_now"]) & _same(both["high"], both["high_now"]))]


def _changed_rows(drawn: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """The drawn numbers that read otherwise, likewise."""
    both = drawn.merge(now[[*KEY, "low", "high"]], on=KEY, how="left", suffixes=("", "_now"))
    known = both["low"].notna()
    # Rates are floating point, and machines may differ in their last digit.
    return both[(known | both["low_now"].notna()) & ~(close(both["low"], both["low_now"]) & close(both["high"], both["high_now"]))]


def _change(row: pd.Series, language: Language, scaled: bool) -> Change:
    is_there = row["low_now"] == row["low_now"]
    return Change(
        _series(row, language),
        str(Period.of(row)),
        language.value(row["low"], row["high"], row["measure"], scaled),
        language.value(row["low_now"], row["high_now"], row["measure"], scaled) if is_there else "",
        f"{row['document']}, {row['cell']}" if "document" in row else row["derivation"],
        f"{row['document_now']}, {row['cell_now']}" if "document" in row and is_there else "",
    )


def _same(one: pd.Series, other: pd.Series) -> pd.Series:
    return (one == other) | (one.isna() & other.isna())


def close(one: pd.Series, other: pd.Series) -> pd.Series:
    """Where two columns of numbers are the same but for their last digits."""
    return _same(one, other) | ((one - other).abs() <= 1e-9 * one.abs().clip(lower=1e-9))


def _series(row: pd.Series, language: Language) -> str:
    parts = [language.reporter(row["reporter"]), language.requester(row["requester"]), language.measure(row["measure"]).lower()]
    parts += [language.request_type(row["request_type"]).lower()] * (row["request_type"] != "all")
    parts += [row["service"]] * (row["service"] != "all") + [language.authority(row["authority"])] * (row["authority"] != "any")
    return " · ".join(parts)


def _observations(rows: pd.DataFrame, table: pd.DataFrame, catalog: Catalog) -> tuple[list[dict], dict | None]:
    # Published rows name themselves; of the parts of totals, as many totals' as there is room for.
    named, derived = summands(rows, table, catalog)
    if len(named) + len(derived) <= MOST_OBSERVATIONS:
        return _sorted(pd.concat([named, derived]).drop_duplicates(OBSERVED))[OBSERVED].to_dict("records"), None
    return _sorted(named.drop_duplicates(OBSERVED))[OBSERVED].to_dict("records"), _hashed(derived)


def summands(rows: pd.DataFrame, table: pd.DataFrame, catalog: Catalog) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The published numbers that rows are, and those that their totals rest on."""
    known = rows.index[rows.index.isin(table.index)]
    printed = known[table.loc[known, "made_by"].eq("")]
    named = table.loc[printed, OBSERVED].dropna(subset=["low"])
    # A row as it stands in the complete table, before it was put on a scale; a summed calendar year stands there by its parts alone.
    totals = pd.concat([table.loc[known.difference(printed, sort=False)], rows[~rows.index.isin(known)]])
    if totals.empty:
        return named, named.iloc[:0]
    return named, analysis.parts_of_rows(table, catalog, totals)[OBSERVED].drop_duplicates(OBSERVED)


def _hashed(table: pd.DataFrame) -> dict:
    rows = _columns(_sorted(table.drop_duplicates(OBSERVED)), OBSERVED)
    return {"count": rows["rows"], "hash": hashlib.sha256(text_of(rows).encode("utf-8")).hexdigest()}


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values([column for column in [*KEY, "low", "document", "cell"] if column in table.columns], kind="stable")


def _columns(table: pd.DataFrame, names: list[str]) -> dict:
    """A table by its columns: one value where all rows have the same, the distinct values and their places where that is shorter."""
    columns: dict = {"rows": len(table)}
    for name in names:
        values = [downloads.plain(value, "inf") for value in (table[name] if name in table.columns else [""] * len(table))]
        distinct = list(dict.fromkeys(values))
        if len(distinct) == 1:
            columns[name] = distinct[0]
        elif all(isinstance(value, str) for value in values) and len(distinct) < len(values) / 2:
            places = {value: index for index, value in enumerate(distinct)}
            columns[name] = {"of": distinct, "at": [places[value] for value in values]}
        else:
            columns[name] = values
    return columns


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
        return [column["of"][index] for index in column["at"]]
    if isinstance(column, list):
        return column
    return [column] * rows


def _in_script(embedded: dict) -> bytes:
    return text_of(embedded).replace("<", "\\u003c").encode("utf-8")


def as_json(finding: Finding) -> dict:
    """A finding as plain values."""
    return {
        "status": finding.status,
        "sentence": finding.sentence,
        "signed": {"by": finding.signature.name, "key": finding.signature.key, "covers": finding.signature.cover, "says": finding.signed},
        "changed": finding.changed,
        "changes": [asdict(change) | {"text": str(change)} for change in finding.changes],
    }
