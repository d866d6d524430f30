"""The letters that the quotes we ship need beyond the usual ones, as small fonts for the pages: `static/fonts/quotes-*.woff`.

`python -m dashboard.build.letters` cuts the Chinese ones out of the Noto Sans SC that stands beside them; run it after adding a statement.
The Arabic ones are all letters of that script in DejaVu Sans with what joins them, so they need no other cut.
"""

from __future__ import annotations

from pathlib import Path

from dashboard import statements
from dashboard.display import fonts

CHINESE_FILE = "quotes-chinese.woff"


def letters_said() -> str:
    """Every letter of the statements we ship, each once, in order."""
    table = statements.bundled().statements
    return "".join(sorted({letter for column in table.columns for text in table[column].astype(str) for letter in text}))


def write(folder: Path) -> None:
    """Write the font of the Chinese letters."""
    (folder / CHINESE_FILE).write_bytes(fonts.chinese_font(letters_said()))


if __name__ == "__main__":
    write(fonts.FOLDER)
