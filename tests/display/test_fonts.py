"""Letters: what the shipped fonts have, how wide a text is, where it breaks, and what they leave to the reader's own."""

import base64
import io
import re
import string

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import catalog
from dashboard.build import letters
from dashboard.display import fonts as lettering
from dashboard.display import languages
from dashboard.model import places


@pytest.fixture(scope="module")
def bundle():
    return catalog.bundled()


@pytest.mark.parametrize("code", languages.LANGUAGES)
def test_our_fonts_have_every_letter_that_we_write_ourselves(code, bundle):
    language = languages.Language(code, bundle)
    texts = [word for kind in languages.translations().values() for entry in kind.values() for word in [entry.get(code, "")]]
    texts += [language.requester(place) for place in places.codes()]
    texts += [language.month(day) for day in bundle.breaks["date"]]
    texts += [language.value(1234.5, 99999, "requests", True), language.percent(12.5, 1), "0123456789–…·→[]"]
    texts += [*bundle.reporters["name"], *map(language.break_label, bundle.breaks["label"])]
    assert lettering.missing("".join(texts)) == []


def test_every_letter_of_every_statement_is_in_a_font_that_the_pages_bring_along():
    brought = {code for face in lettering.faces() if face.family == lettering.LATIN for code in face.advances}
    for file in lettering.FOLDER.glob("quotes-*.woff"):
        with TTFont(file) as font:
            brought |= set(font.getBestCmap())
    assert [letter for letter in letters.letters_said() if ord(letter) not in brought and not letter.isspace()] == []


@given(st.text(), st.text())
def test_widths_add_up(one, other):
    assert lettering.width(one + other, 10) == pytest.approx(lettering.width(one, 10) + lettering.width(other, 10))


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200), st.floats(30, 400))
@settings(max_examples=150, deadline=None)
def test_every_line_fits_and_no_letter_is_lost(text, room):
    text = lettering.plain(text)
    lines = lettering.wrapped(text, 12, room)
    assert all(lettering.width(line, 12) <= room or len(line) == 1 for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


def test_what_does_not_fit_is_cut_and_marked():
    lines = lettering.wrapped("one two three four five six", 12, 60, max_lines=2)
    assert len(lines) == 2 and lines[-1].endswith("…")
    assert lettering.width(lines[-1], 12) <= 60


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("two\nlines\tand  room", "two lines and room"),
        ("turned \u202eround\u202c", "turned round"),
        ("no\u200b width\ufeff", "no width"),
        ("half \ud800 a letter", "half a letter"),
        ("nul \x00 and bell \x07", "nul and bell"),
        ("10\u202f000 and 5\u00a0%", "10\u202f000 and 5\u00a0%"),
        ("שלום", "שלום"),
        ("می\u200c\u200cخواهم", "می\u200cخواهم"),
        ("hid\u200dden", "hidden"),
    ],
)
def test_a_text_is_one_line_of_letters(given_, kept):
    assert lettering.plain(given_) == kept


def test_letters_that_no_font_of_ours_has_are_named():
    assert lettering.missing("ab שב 中") == ["ש", "ב"]


@pytest.mark.parametrize(
    ("line", "text", "runs_left"),
    [
        ("طلبات من Google", "", True),
        ("2022: שלום", "", True),
        ("Google, שלום", "", False),
        ("Google 2022", "طلبات Google 2022", True),
        ("12", "", False),
    ],
)
def test_a_line_runs_as_its_first_letter_or_that_of_its_text_does_and_is_no_wider_for_it(line, text, runs_left):
    directed = lettering.directed(line, text)
    assert directed == (f"\u2067{line}\u2069" if runs_left else line)
    assert lettering.width(directed, 10) == lettering.width(line, 10) and lettering.missing(directed) == lettering.missing(line)


def test_a_file_carries_everyday_letters_and_those_it_needs():
    css = lettering.embedded("Año 中")
    fonts = [TTFont(io.BytesIO(base64.b64decode(data))) for data in re.findall(r"base64,([^)]+)\)", css)]
    letters = [{chr(code) for code in font.getBestCmap()} for font in fonts]
    assert letters[0] == letters[1] >= {*"Año", *string.printable.strip()} and "é" not in letters[0]
    assert letters[2] == {"中"}
    assert re.findall(r"font-family:'([^']+)'", css) == [lettering.LATIN, lettering.LATIN, lettering.CHINESE]
    assert len(css) < 60_000


def test_a_letter_as_a_shape_is_as_wide_as_in_the_font():
    shapes = lettering.shapes("Aż中ש")
    assert set(shapes["400"]) == set("Aż中")
    assert shapes["600"]["A"][0] == pytest.approx(lettering.width("A", 1000, bold=True))
    assert shapes["400"]["A"][1].startswith("M")


def test_each_font_stands_with_its_licence():
    licences = {file.stem.removeprefix("LICENSE-"): file.read_text(encoding="utf-8").upper() for file in lettering.FOLDER.glob("LICENSE*")}
    for file in [file for kind in ("ttf", "woff", "woff2") for file in lettering.FOLDER.glob(f"*.{kind}")]:
        family = {"quotes-chinese": "NotoSansSC", "quotes-arabic": "DejaVuSans"}.get(file.stem, file.stem.partition("-")[0])
        assert ("BITSTREAM" if family == "DejaVuSans" else "SIL OPEN FONT LICENSE") in licences[family]
