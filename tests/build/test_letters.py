"""The small fonts of the quotes hold the letters of the quotes."""

import io

from fontTools.ttLib import TTFont

from dashboard.build import letters
from dashboard.display import fonts


def test_every_letter_of_the_quotes_is_in_a_font_that_a_page_has():
    files = (letters.CHINESE_FILE, letters.ARABIC_FILE)
    there = set().union(*(TTFont(fonts.FOLDER / name).getBestCmap() for name in files))
    said = {ord(letter) for letter in letters.letters_said()}
    assert {letter for letter in said if letter in letters.ARABIC or fonts.face_of(chr(letter)) is fonts.faces()[2]} <= there


def test_arabic_letters_are_cut_with_the_shapes_in_which_they_join():
    shipped = (fonts.FOLDER / letters.ARABIC_FILE).read_bytes()
    again = TTFont(io.BytesIO(letters.arabic_font(shipped)))
    assert again.getBestCmap().keys() == TTFont(io.BytesIO(shipped)).getBestCmap().keys() <= {*letters.ARABIC}
    assert {"init", "medi", "fina", "rlig"} <= {record.FeatureTag for record in again["GSUB"].table.FeatureList.FeatureRecord}
