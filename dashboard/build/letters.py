"""The letters that the quotes we ship need beyond the usual ones, as small fonts for the pages: `static/fonts/quotes-*.woff`.

`python -m dashboard.build.letters` cuts the Chinese ones out of the Noto Sans SC that stands beside them; run it after adding a statement.
`python -m dashboard.build.letters DejaVuSans.ttf` cuts the Arabic ones out of a DejaVu Sans, which is not kept here: all letters of that
script with what joins them, so that they need no other cut.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from dashboard import statements
from dashboard.display import fonts

CHINESE_FILE, ARABIC_FILE = "quotes-chinese.woff", "quotes-arabic.woff"
ARABIC = range(0x600, 0x700)
"""The block of the script in Unicode; `page.css` names the same."""


def letters_said() -> str:
    """Every letter of the statements we ship, each once, in order."""
    table = statements.bundled().statements
    return "".join(sorted({letter for column in table.columns for text in table[column].astype(str) for letter in text}))


def arabic_font(font: bytes) -> bytes:
    """The Arabic letters of a font as WOFF, with the shapes in which they join."""
    with TTFont(io.BytesIO(font), recalcTimestamp=False) as opened:
        cutter = subset.Subsetter(subset.Options(layout_features=["*"], glyph_names=False, hinting=False))
        cutter.populate(unicodes=ARABIC)
        cutter.subset(opened)
        opened.flavor = "woff"
        target = io.BytesIO()
        opened.save(target)
    return target.getvalue()


def write(folder: Path, arabic: Path | None = None) -> None:
    """Write the font of the Chinese letters, and that of the Arabic ones out of a font that has them."""
    (folder / CHINESE_FILE).write_bytes(fonts.chinese_font(letters_said()))
    if arabic is not None:
        (folder / ARABIC_FILE).write_bytes(arabic_font(arabic.read_bytes()))


if __name__ == "__main__":
    write(fonts.FOLDER, *map(Path, sys.argv[1:2]))
