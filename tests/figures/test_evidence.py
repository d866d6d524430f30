"""Evidence: a record goes into each kind of file and is read back; what was restated is named, what was altered is noticed."""

import functools
import io
import json
import random
import re
import struct
from dataclasses import replace

import pandas as pd
import pytest
from PIL import Image

from dashboard import analysis, catalog, figures
from dashboard.analysis.views import View
from dashboard.figures import Figure, evidence, pdf, pictures
from dashboard.reports import figure_records
from dashboard.reports.figure_records import MAX_ROWS
from tests.reports.figure_files import chunks, png, png_with, svg

VIEW = View(reporter=("google",), requester=("DEU",), start="2011", end="2012")
TOTALS = View(reporter=("google",), requester=("WLD",), start="2013", end="2015")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="405" viewBox="0 0 720 405"><text x="9" y="20" style="font-size: 16px">Requests</text></svg>'


@pytest.fixture(scope="module")
def drawing(bundle, table):
    return figures.draw(Figure(VIEW, title="Requests", lang="de"), bundle, table=table)


@pytest.fixture(scope="module")
def saved(drawing, bundle, table):
    """The drawing as each kind of file, made from what a browser would have sent."""
    found = evidence.record(drawing, bundle, table=table)
    picture = io.BytesIO()
    Image.effect_noise(drawing.size.pixels, 40).save(picture, "PNG")
    return {
        "png": pictures.finished_png(picture.getvalue(), drawing, found),
        "svg": pictures.finished_svg(SVG.encode(), drawing, found),
        "pdf": pdf.of_svg(SVG.encode(), drawing, found),
        "html": pictures.page(drawing, found, bundle),
    }


@pytest.fixture
def verify(bundle, table):
    def verified(data: bytes, held: catalog.Catalog | None = None) -> evidence.Finding:
        return evidence.verify(data, held or bundle, table_of=lambda day: analysis.with_totals(held, day) if held else table)

    return verified


@pytest.fixture(scope="module")
def restated(bundle, drawing):
    """A row of the drawing, and the catalog in which it is seven more, with its complete table."""
    row = drawing.rows.iloc[1]
    changed = _with(bundle, row, low=row["low"] + 7, high=row["low"] + 7)
    return row, changed, analysis.with_totals(changed)


KINDS = pytest.mark.parametrize("kind", pictures.KINDS)


@KINDS
def test_what_goes_in_comes_out(saved, verify, drawing, kind):
    found = verify(saved[kind])
    assert found.status == "current"
    assert found.figure == drawing.request
    assert found.record["data"] == catalog.bundled().version


@KINDS
def test_the_reopened_figure_shows_the_same_numbers(saved, verify, drawing, bundle, table, kind):
    again = figures.draw(verify(saved[kind]).figure, bundle, table=table)
    pd.testing.assert_frame_equal(again.rows, drawing.rows)
    assert again.plotly.to_json() == drawing.plotly.to_json()


@KINDS
def test_the_record_is_small_and_names_each_number_with_its_cell(saved, verify, drawing, kind):
    record = verify(saved[kind]).record
    assert record["observations"]["rows"] == len(drawing.rows) == 4
    assert record["observations"]["cell"] == list(drawing.rows.sort_values("period_start")["cell"])
    assert len(evidence.text_of(record)) < 4_000


@KINDS
def test_a_restated_number_is_named_with_both_values(saved, restated, kind):
    row, changed, complete = restated
    found = evidence.verify(saved[kind], changed, table_of=lambda day: complete)
    assert found.status == "restated"
    assert [str(change) for change in found.changes] == [
        f"Google · Germany · requests, 2011 H2: {row['low']:,.0f} ({row['document']}, {row['cell']}) → "
        f"{row['low'] + 7:,.0f} ({row['document']}, {row['cell']})"
    ]


def test_a_number_of_a_newer_edition_is_named_with_its_new_place(saved, verify, bundle, drawing):
    row = drawing.rows.iloc[0]
    same = (bundle.observations[[*evidence.KEY, "document"]] == row[[*evidence.KEY, "document"]]).all(axis=1)
    newer = bundle.observations[same].assign(low=row["low"] + 1, high=row["low"] + 1, document="google/next", cell="B2")
    document = bundle.documents[bundle.documents["document"] == row["document"]].assign(
        document="google/next", known_from=pd.Timestamp("2099-01-01"), replaces=""
    )
    found = verify(saved["png"], catalog.Overlay(bundle, newer, document, bundle.reporters.iloc[:0], "next"))
    assert found.status == "restated"
    assert found.changes[0].new_place == "google/next, B2"


def test_a_withdrawn_number_is_named(saved, verify, bundle, drawing):
    row = drawing.rows.iloc[2]
    same = (bundle.observations[evidence.KEY] == row[evidence.KEY]).all(axis=1)
    found = verify(
        saved["svg"],
        replace(
            bundle, observations=bundle.observations[~same & (bundle.observations["reporter"] == "google")], version="later", _as_known={}
        ),
    )
    assert found.status == "restated"
    assert str(found.changes[0]).endswith("→ withdrawn")


def test_a_part_of_a_total_that_was_restated_is_noticed(bundle, table, verify):
    drawing = figures.draw(Figure(TOTALS), bundle, table=table)
    assert drawing.rows["derivation"].ne("").all()
    data = pictures.page(drawing, evidence.record(drawing, bundle, table=table), bundle)
    parts = analysis.parts_of(table, bundle, drawing.rows.iloc[0])
    assert verify(data).status == "current"
    assert verify(data, _with(bundle, parts.iloc[0], low=parts.iloc[0]["low"] + 3, high=parts.iloc[0]["high"] + 3)).status == "restated"


def test_a_total_over_very_many_parts_is_held_by_a_hash(bundle, table, verify):
    drawing = figures.draw(Figure(View(reporter=("google", "meta"), requester=("WLD",))), bundle, table=table)
    record = evidence.record(drawing, bundle, table=table)
    assert record["others"]["count"] > evidence.MOST_OBSERVATIONS
    assert len(evidence.text_of(record)) < 20_000
    data = pictures.page(drawing, record, bundle)
    assert verify(data).status == "current"
    # Two parts that change against each other leave the sum as it was.
    total = drawing.rows[drawing.rows["derivation"].ne("")].iloc[-1]
    parts = analysis.parts_of(table, bundle, total)
    one, other = (row for _, row in parts[parts["low"] > 5].head(2).iterrows())
    moved = _with(_with(bundle, one, low=one["low"] - 1, high=one["high"] - 1), other, low=other["low"] + 1, high=other["high"] + 1)
    assert verify(data, moved).status == "restated"


def test_newer_periods_leave_a_figure_current_and_are_told(bundle, table, verify, saved, drawing):
    record = _unsigned(verify(saved["png"]).record)
    record["figure"] = record["figure"].replace("end=2012", "end=2014")
    data = pictures.page(drawing, evidence.sealed(record, record["rest"]), bundle)
    found = verify(data)
    assert found.status == "current"
    assert "4 numbers of these series are not in it: newer ones" in found.sentence


@KINDS
def test_a_changed_picture_is_altered(saved, verify, kind, drawing):
    data = saved[kind]
    if kind == "png":
        picture = Image.open(io.BytesIO(data))
        changed = io.BytesIO()
        info = _chunks_of(data)
        Image.eval(picture, lambda value: 255 - value).save(changed, "PNG")
        first, *others = chunks(changed.getvalue())
        data = png(first, *info, *others)
    else:
        place = data.index(b"1", len(data) // 3)
        data = data[:place] + b"9" + data[place + 1 :]
    found = verify(data)
    assert found.status == "altered"
    assert found.sentence.endswith(".")


def test_a_picture_packed_tighter_is_still_the_same(saved, verify):
    picture, packed = Image.open(io.BytesIO(saved["png"])), io.BytesIO()
    picture.save(packed, "PNG", optimize=True)
    first, *others = chunks(packed.getvalue())
    data = png(first, *_chunks_of(saved["png"]), *others)
    assert verify(data).status == "current"


SEEN_OTHERWISE = {
    "other frames": [(b"acTL", struct.pack(">II", 1, 0))],
    "brightness": [(b"gAMA", struct.pack(">I", 1))],
    "colours": [(b"cICP", bytes((9, 16, 0, 1)))],
    "a side": [(b"eXIf", b"MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0")],
    "one of two": [(b"tRNS", bytes(6)), (b"tRNS", bytes(6))],
}


@pytest.mark.parametrize("added", SEEN_OTHERWISE)
def test_a_picture_that_is_seen_otherwise_than_by_its_pixels_is_altered(saved, verify, added):
    first, *others = chunks(saved["png"])
    found = verify(png(first, *SEEN_OTHERWISE[added], *others))
    assert (found.status, found.signed) == ("altered", "")
    assert verify(png(first, (b"tEXt", b"Comment\0seen"), *others)).status == "current", "what is said beside a picture is not seen"


@KINDS
def test_a_record_rewritten_by_hand_is_altered(saved, verify, kind, drawing):
    value = f"{drawing.rows['low'].iloc[0]:.0f}"
    if kind == "png":
        record = dict(verify(saved[kind]).record)
        forged = evidence.text_of(record).replace(value, "99999")
        data = png_with(saved[kind], forged)
    else:
        start, end = figure_records.spans(saved[kind])[0]
        inside = saved[kind][start:end].replace(value.encode(), b"9" * len(value))
        data = saved[kind][:start] + inside + saved[kind][end:]
    assert verify(data).status == "altered"


def test_a_forged_record_with_a_right_hash_is_found_out_by_its_numbers(saved, verify, drawing):
    value = drawing.rows["low"].iloc[0]
    record = json.loads(evidence.text_of(_unsigned(verify(saved["png"]).record)).replace(f"{value:.0f}", "99999"))
    data = png_with(saved["png"], evidence.text_of(evidence.sealed(record, record["rest"])))
    found = verify(data)
    assert found.status == "altered"
    assert "99,999" in found.sentence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        "{}",
        '{"hash": "x"}',
        '{"hash": 1, "record": []}',
        "[" * 100_000,
        '{"a": NaN, "hash": "0"}',
        '{"hash": "\\ud800"}',
        "\x00",
    ],
)
@pytest.mark.parametrize("kind", ["png", "svg", "html"])
def test_a_record_that_is_none_is_altered(saved, verify, kind, text):
    if kind == "png":
        data = png_with(saved[kind], text)
    else:
        start, end = figure_records.spans(saved[kind])[0]
        data = saved[kind][:start] + text.encode() + saved[kind][end:]
    assert verify(data).status == "altered"


@pytest.mark.parametrize(
    "change", [{"drawn": {}}, {"observations": {"rows": 10**12}}, {"data": 7}, {"upload": "yes"}, {"figure": "shape=%ff&start=%00"}]
)
def test_a_sealed_record_of_other_make_is_altered(saved, verify, change):
    record = _unsigned(verify(saved["png"]).record) | change
    found = verify(png_with(saved["png"], evidence.text_of(evidence.sealed(record, record["rest"]))))
    assert found.status in ("altered", "current") and (found.status == "altered" or "figure" in change)


def test_two_records_are_altered(saved, verify):
    text = evidence.text_of(verify(saved["png"]).record)
    assert verify(png_with(png_with(saved["png"], text), text, keep=True)).status == "altered"
    start, end = figure_records.spans(saved["svg"])[0]
    element = saved["svg"][saved["svg"].rindex(b"<metadata", 0, start) : end] + b"</metadata>"
    assert verify(saved["svg"].replace(b"</svg>", element + b"</svg>")).status == "altered"


@KINDS
def test_a_file_cut_off_anywhere_is_altered_or_has_no_record(saved, verify, kind):
    data = saved[kind]
    random.seed(5)
    cuts = sorted({0, 1, 8, 20, *(random.randrange(len(data)) for _ in range(40)), len(data) - 1})
    assert {verify(data[:cut]).status for cut in cuts} <= {"altered", "no record"}


@KINDS
def test_no_flipped_bit_is_called_current(saved, verify, kind):
    random.seed(7)
    for _ in range(60):
        data = bytearray(saved[kind])
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
        assert verify(bytes(data)).status in ("altered", "no record")


@pytest.mark.parametrize("text", [b"", b"hello", b"%PDF-1.7 nothing", b"<svg></svg>", b"<html></html>"])
def test_a_file_without_a_record_has_none(text, verify):
    assert verify(text).status == "no record"


def test_a_record_of_many_wrong_numbers_is_answered_by_the_first(saved, verify):
    record = _unsigned(verify(saved["svg"]).record)
    days = pd.date_range("1900-01-01", periods=MAX_ROWS).strftime("%Y-%m-%d").tolist()
    record |= {"drawn": record["drawn"] | {"rows": MAX_ROWS, "period_start": days, "period_end": days, "low": 1, "high": 1}}
    record["observations"] = {"rows": 0, **{name: [] for name in figure_records.OBSERVED}}
    found = verify(svg(evidence.text_of(evidence.sealed(record, "0" * 64))))
    assert (found.status, found.changed, len(found.changes)) == ("altered", MAX_ROWS, evidence.MAX_CHANGES)


def test_a_number_that_is_named_twice_is_altered(saved, verify):
    record = _unsigned(verify(saved["svg"]).record)
    record["drawn"] = record["drawn"] | {"rows": 5, **{name: [column[0], *column] for name, column in record["drawn"].items() if isinstance(column, list)}}  # fmt: skip
    found = verify(svg(evidence.text_of(evidence.sealed(record, "0" * 64))))
    assert (found.status, found.changes) == ("altered", ())
    assert "twice" in found.sentence


def test_an_upload_that_is_not_kept_leaves_no_name_behind(bundle, verify):
    secret = "C:/Users/jane/secret-report.xlsx"
    rows = bundle.observations[(bundle.observations["reporter"] == "google") & (bundle.observations["requester"] == "DEU")]
    own = rows.drop_duplicates(evidence.KEY).assign(
        document=secret, cell="Jane!B7", requester="FRA", period_start=pd.Timestamp("2031-01-01"), period_end=pd.Timestamp("2031-06-30")
    )
    own = own.drop_duplicates(evidence.KEY)
    documents = bundle.documents.head(1).assign(document=secret, title=secret, replaces="")
    mine = catalog.Overlay(bundle, own, documents, bundle.reporters.iloc[:0], "own")
    complete = analysis.with_totals(mine)
    drawing = figures.draw(
        Figure(View(reporter=("google",), requester=("FRA",), start="2031")), mine, table=complete, unkept=frozenset([secret])
    )
    assert "not kept here" in drawing.figure.source
    record = evidence.record(drawing, mine, table=complete)
    data = pictures.page(drawing, record, mine)
    for hidden in (b"jane", b"Jane", b"secret"):
        assert hidden not in data
        assert hidden not in pictures.data(drawing, "csv", mine)
    assert verify(data).status == "unkept"
    assert record["observations"]["rows"] == 0


def test_a_figure_of_an_earlier_day_is_checked_as_of_that_day(bundle):
    view = View(reporter=("google",), requester=("DEU",), known="2015-06-01")
    tables = functools.cache(functools.partial(analysis.with_totals, bundle))
    drawing = figures.draw(Figure(view), bundle, table=tables(view.known_on))
    data = pictures.page(drawing, evidence.record(drawing, bundle, table=tables(view.known_on)), bundle)
    assert evidence.verify(data, bundle, table_of=tables).status == "current"


@pytest.mark.parametrize("scale", ["calendar", "year", "day", "people", "index", "share"])
def test_every_scale_can_be_checked(bundle, table, verify, scale):
    drawing = figures.draw(Figure(View(reporter=("google", "microsoft"), requester=("USA",), scale=scale)), bundle, table=table)
    assert verify(pictures.page(drawing, evidence.record(drawing, bundle, table=table), bundle)).status == "current"


@KINDS
def test_the_description_stands_in_the_file(saved, drawing, kind):
    if kind == "png":
        assert Image.open(io.BytesIO(saved[kind])).text["Description"] == drawing.alt
    elif kind == "pdf":
        from pypdf import PdfReader

        assert PdfReader(io.BytesIO(saved[kind])).xmp_metadata.dc_description["x-default"] == drawing.alt
    else:
        assert drawing.alt in re.sub("&quot;", '"', saved[kind].decode()).replace("&#x27;", "'")


def _unsigned(record):
    return {name: value for name, value in record.items() if name != "signature"}


def _with(bundle, row, **changed):
    # Of the reporters that a figure here shows: nothing else is looked up, and all totals are made anew.
    observations = bundle.observations[bundle.observations["reporter"].isin(["google", "meta"])].copy()
    same = (observations[[*evidence.KEY, "document"]] == row[[*evidence.KEY, "document"]]).all(axis=1)
    assert same.sum() == 1
    for name, value in changed.items():
        observations.loc[same, name] = value
    return replace(bundle, observations=observations, version="later", _as_known={})


def _chunks_of(data):
    return [part for part in chunks(data) if part[0] == b"iTXt"]


@pytest.mark.parametrize(
    "view",
    [
        View(reporter=("google", "microsoft", "meta"), requester=("USA", "DEU"), start="2018"),
        View(reporter=("google", "apple"), requester=("WLD",), start="2018"),
        View(reporter=("google", "meta"), requester=("USA", "WLD"), start="2018", scale="share"),
        View(reporter=("microsoft", "twitter"), requester=("GBR",), start="2018", measure="requests_some_data"),
        View(reporter=("google", "microsoft"), requester=("USA", "WLD"), start="2018", scale="calendar"),
        View(reporter=("google",), requester=("FRA",), start="2018", scale="people"),
    ],
)
def test_the_numbers_of_a_record_are_the_parts_of_each_row(view, bundle, table):
    rows = figures.draw(Figure(view), bundle, table=table).rows
    named, others = evidence.summands(rows, table, bundle)
    each = pd.concat(
        [analysis.parts_of(table, bundle, table.loc[index] if index in table.index else row) for index, row in rows.iterrows()]
    )
    together = pd.concat([named, others])
    assert set(map(tuple, together[evidence.OBSERVED].to_numpy())) == set(map(tuple, each[evidence.OBSERVED].to_numpy()))
    assert not together.empty
