"""Figures on the command line: one from an address, many from a list, and the evidence of saved ones."""

import json
import re
import zipfile

import pytest
from pypdf import PdfReader

from dashboard import catalog, cli
from dashboard.analysis.views import View
from dashboard.cli import terminal
from dashboard.figures import Figure, Unfit, batches, evidence

QUERY = "reporter=google&requester=DEU&start=2011&end=2012"


@pytest.mark.parametrize(
    "view",
    [QUERY, f"?{QUERY}", f"/explore?{QUERY}", f"http://127.0.0.1:8501/figure?{QUERY}", f"https://example.org/embed/x?{QUERY}#top"],
)
def test_an_address_and_its_query_are_the_same_view(view):
    assert batches.figure(view).view == View(reporter=("google",), requester=("DEU",), start="2011", end="2012")


def test_an_option_beside_the_address_wins():
    found = batches.figure(f"{QUERY}&size=85mm&lang=fr&title=One", size="170mm", title="", note=None, statement=["a"])
    assert (found.size, found.lang, found.title, found.note, found.statement) == ("170mm", "fr", "", None, ("a",))


def test_no_view_is_the_default_view():
    assert batches.figure("") == Figure()


@pytest.mark.parametrize(
    ("view", "says"),
    [
        ("google", "“google” names no view"),
        ("colour=red", "A view has no “colour”"),
        ("shape=pie", "“shape” cannot be “pie”"),
        ("scale=log", "“scale” cannot be “log”"),
        ("known=yesterday", "“yesterday” is not a day"),
        ("lang=xx", "There is no language “xx”: choose en, de, fr, es, zh"),
        ("theme=pink", "There is no background “pink”: choose light"),
        ("size=0x0", "A figure of 0 × 0 px is too small"),
    ],
)
def test_a_part_that_means_nothing_is_a_sentence(view, says):
    with pytest.raises(Unfit, match=says):
        batches.figure(view)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("figure = ", "no sound TOML"),
        ("", "lists no figures"),
        ("[[figure]]\nview = ''", "figure 1: needs view and out"),
        ("[[figure]]\nview = ''\nout = 'a.svg'\ncolour = 'red'", "figure 1: there is no “colour”"),
        ("[[figure]]\nview = ''\nout = 'a.svg'\nsize = 85", "figure 1, size: write a text in quotation marks"),
        ("[[figure]]\nview = ''\nout = 'a.svg'\nstatement = 'x'", "figure 1, statement: write a list of names"),
        ("[[figure]]\nview = ''\nout = 'a.svg'\n[[figure]]\nview = 'shape=pie'\nout = 'b.svg'", "figure 2: “shape” cannot be “pie”"),
    ],
)
def test_a_wrong_list_names_its_entry(tmp_path, text, says):
    with pytest.raises(Unfit, match=says):
        batches.read(text.encode(), "list.toml", tmp_path)


def test_a_figure_from_the_command_line_and_its_check(tmp_path, capsys):
    out = tmp_path / "figure.html"
    assert cli.main(["figure", "--view", QUERY, "--out", str(out), "--lang", "de", "--title", "Anfragen"]) == terminal.ACCEPTED
    assert cli.main(["verify", str(out)]) == terminal.ACCEPTED
    said = capsys.readouterr().out
    assert re.fullmatch(
        r"figure.html: signed by this installation \(key [0-9a-f]{16}; record and picture\), current: Every number .* as it was drawn.\n",
        said,
    )
    assert cli.main(["verify", str(out), "--format", "json"]) == terminal.ACCEPTED
    assert json.loads(capsys.readouterr().out)[0]["status"] == "current"


def test_a_list_is_drawn_with_its_failures_named(tmp_path, capsys):
    listed = tmp_path / "list.toml"
    listed.write_text(
        f'[[figure]]\nview = "{QUERY}"\nout = "one.html"\ntitle = "שלום"\n[[figure]]\nview = "reporter=nobody"\nout = "two.html"\n'
        f'[[figure]]\nview = "{QUERY}"\nout = "three.csv"\n',
        encoding="utf-8",
    )
    assert cli.main(["figure", "--batch", str(listed), "--out", str(tmp_path)]) == terminal.REJECTED
    told = capsys.readouterr().err
    assert "There is no reporter “nobody” in the data." in told
    assert "3 of 3 three.csv" in told and "one.html: The shipped fonts lack these letters: ש ל ו ם" in told
    assert (tmp_path / "one.html").exists() and not (tmp_path / "two.html").exists() and (tmp_path / "three.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["figure"], "name one figure by --view and --out, or many by --batch"),
        (["figure", "--view", ""], "say where to write the figure"),
        (["figure", "--view", "", "--out", "a.gif"], "“a.gif” is none of them"),
        (["figure", "--view", "reporter=nobody", "--out", "a.html"], "There is no reporter “nobody”"),
        (["figure", "--batch", "/nowhere/list.toml"], "cannot be read"),
        (["verify", "/nowhere/a.png"], "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(arguments, says, capsys):
    assert cli.main(arguments) == terminal.UNREADABLE
    told = capsys.readouterr().err
    assert says in told and "Traceback" not in told


def test_a_file_without_a_record_is_not_accepted(tmp_path, capsys):
    (tmp_path / "a.png").write_bytes(b"no picture")
    assert cli.main(["verify", str(tmp_path / "a.png")]) == terminal.REJECTED
    assert "no record" in capsys.readouterr().out


def test_the_bar_ends_its_line_when_all_is_done():
    assert batches.progress(1, 2, "a.png").startswith("\r[############............] 1 of 2 a.png")
    assert batches.progress(2, 2, "b.png").endswith("\n")


TWO = """[[figure]]
view = "reporter=google&requester=DEU&start=2012&end=2013"
out = "a.svg"
[[figure]]
view = "reporter=meta&requester=FRA&start=2014&end=2015"
out = "b.svg"
title = "The second"
"""


def test_a_brief_has_every_figure_with_its_evidence_and_each_source_once(tmp_path, saves_pictures, bundled_table):
    (tmp_path / "two.toml").write_text(TWO)
    out = tmp_path / "brief.zip"
    assert cli.main(["figure", "--batch", str(tmp_path / "two.toml"), "--brief", str(out)]) == 0
    archive = zipfile.ZipFile(out)
    assert {name.split("/")[0] for name in archive.namelist() if "/" in name} == {"01", "02"}
    assert "The second" in archive.read("02/description.txt").decode()
    for name in ("01/figure.png", "01/figure.svg", "02/figure.pdf"):
        assert evidence.verify(archive.read(name), catalog.bundled(), table_of=lambda day: bundled_table).status == "current"
    keys = [one["id"] for one in json.loads(archive.read("sources.json"))]
    assert len(keys) == len(set(keys)) > 2
    out = tmp_path / "brief.pdf"
    assert cli.main(["figure", "--batch", str(tmp_path / "two.toml"), "--brief", str(out)]) == 0
    reader = PdfReader(out)
    assert len(reader.pages) == 3 and "Sources" in reader.pages[2].extract_text()
    tree = reader.trailer["/Root"]["/StructTreeRoot"]
    pieces = [one.get_object() for one in tree["/K"][0].get_object()["/K"]]
    assert [one["/S"] for one in pieces[:3]] == ["/Figure", "/Figure", "/H1"] and {one["/S"] for one in pieces[3:]} == {"/P"}
    assert len(pieces) - 3 >= len(keys) and all(one["/Alt"] for one in pieces[:2])
    assert [len(own) for own in tree["/ParentTree"]["/Nums"][1::2]] == [
        page.get_contents().get_data().count(b"BDC") for page in reader.pages
    ]
    assert cli.main(["figure", "--batch", str(tmp_path / "two.toml"), "--brief", str(tmp_path / "brief.doc")]) == 2
