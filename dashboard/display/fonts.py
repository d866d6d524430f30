"""The letters of a figure: the fonts we ship, how wide a text is in them, where it breaks, and their shapes for a file that carries its own.

Source Sans 3 has Latin, Greek and Cyrillic, in two weights. Noto Sans SC, in one weight, has the Chinese letters in general use.
A letter that neither has is left to the reader's own fonts, and `missing` names it.
"""

from __future__ import annotations

import base64
import functools
import io
import re
import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).resolve().parents[1] / "static" / "fonts"
LATIN, CHINESE = "Source Sans", "Noto Sans SC"
STACK = f"{LATIN}, {CHINESE}, sans-serif"
"""The CSS font family of every text in a figure. The pages load Source Sans under this very name."""
BOLD = 600
LONGEST_TEXT = 2_000
"""Letters of a title or note that are looked at; more is no title."""
LINE_HEIGHT = 1.3
"""Distance of two lines, in heights of the type; Plotly's own."""


@dataclass(frozen=True, eq=False)
class Face:
    """One font file: its family, its weight, the name inside it, and which letters it has how wide."""

    family: str
    weight: int
    name: str
    file: Path
    advances: dict[int, float]


_FACES = (
    (LATIN, 400, "SourceSans3-Regular"),
    (LATIN, BOLD, "SourceSans3-Semibold"),
    (CHINESE, 400, "NotoSansSC-Regular"),
)


def faces() -> tuple[Face, ...]:
    """The fonts we ship, in the order in which they are looked through."""
    return tuple(_face(*face) for face in _FACES)


def face_of(letter: str, bold: bool = False) -> Face | None:
    """The font that has a letter; None where none of ours has."""
    regular, semibold, chinese = _FACES
    for face in (semibold if bold else regular, chinese):
        if ord(letter) in _face(*face).advances:
            return _face(*face)
    return None


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide a text is when set in a size."""
    total = 0.0
    for letter in text:
        face = face_of(letter, bold)
        if face:
            total += face.advances[ord(letter)]
        elif not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf":
            # A letter of the reader's own font: as wide as the widest usual ones, so that there is room for it.
            total += 1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.7
    return total * size


def plain(text: str) -> str:
    """A text on one line without control marks: what turns the reading direction round, breaks lines or is no letter falls out."""
    text = unicodedata.normalize("NFC", str(text)[: LONGEST_TEXT * 2].encode("utf-8", "ignore").decode("utf-8"))
    text = _STRAY_JOINERS.sub("", text)
    kept = (" " if letter.isspace() and letter not in _HARD_SPACES else letter for letter in text if letter.isspace() or _is_shown(letter))
    return re.sub(" +", " ", "".join(kept)).strip()[:LONGEST_TEXT]


def directed(line: str, text: str = "") -> str:
    """A line as it is drawn where lines run from left to right: what begins from right to left, or is of a text that does, runs so as a whole."""
    return f"\u2067{line}\u2069" if _runs_left(text) or _runs_left(line) else line


def _runs_left(text: str) -> bool:
    # As its first letter that has a direction does.
    return next((direction != "L" for direction in map(unicodedata.bidirectional, text) if direction in ("L", "R", "AL")), False)


def wrapped(text: str, size: float, room: float, *, bold: bool = False, max_lines: int = 99) -> list[str]:
    """A text in lines that fit the room, at most so many; what is left over is cut and marked with an ellipsis."""
    lines = list(_broken(text, size, room, bold))
    if len(lines) > max_lines:
        lines = [*lines[: max_lines - 1], cut(lines[max_lines - 1] + "…", size, room, bold=bold)]
    return lines


def cut(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """A text on one line that fits the room, cut with an ellipsis where it must be."""
    if width(text, size, bold) <= room:
        return text
    text = text.rstrip("…")
    while text and width(text.rstrip(" ,;:.") + "…", size, bold) > room:
        text = text[:-1]
    return text.rstrip(" ,;:.") + "…"


def missing(text: str) -> list[str]:
    """The letters of a text that no font of ours has, each once."""
    return [
        letter
        for letter in dict.fromkeys(text)
        if not (letter.isspace() or unicodedata.category(letter) in ("Cf", "Mn") or face_of(letter))
    ]


def embedded(text: str) -> str:
    """CSS that carries the fonts in which a text is set, cut down to its letters: a file with it looks the same everywhere."""
    return "".join(
        f"@font-face{{font-family:'{face.family}';font-weight:{_weights(face)};src:url(data:font/woff;base64,{data})}}"
        for face in faces()
        if (data := _cut_down(face, "".join(sorted(set(text)))))
    )


def latin() -> list[tuple[str, str, str]]:
    """The whole Latin fonts for a page in which any text may come to be measured: family, weights, and address with the font in it."""
    font_faces = []
    for face in faces():
        if face.family == LATIN:
            data = base64.b64encode(face.file.with_suffix(".woff2").read_bytes()).decode("ascii")
            font_faces.append((face.family, _weights(face), f"data:font/woff2;base64,{data}"))
    return font_faces


def chinese(text: str) -> str:
    """The Chinese letters of a text as an address with a font in it; empty where it has none."""
    data = _cut_down(faces()[2], "".join(sorted(set(text))))
    return f"data:font/woff;base64,{data}" if data else ""


def chinese_font(text: str) -> bytes:
    """A font, as WOFF, of the Chinese letters of a text and what stands between them: those that our Latin font does not have."""
    return _subset(faces()[2].file.read_bytes(), {ord(letter) for letter in text if face_of(letter) is faces()[2]}, "woff")


def shapes(text: str) -> dict[str, dict[str, tuple[float, str]]]:
    """The letters of a text as shapes, for each weight: how wide, and an SVG path, both for type of a thousand units."""
    by_weight: dict[str, dict[str, tuple[float, str]]] = {}
    for weight in (400, BOLD):
        letters = {letter: _shape(letter, weight == BOLD) for letter in dict.fromkeys(text)}
        by_weight[str(weight)] = {letter: shape for letter, shape in letters.items() if shape}
    return by_weight


def runs(text: str, bold: bool = False) -> list[tuple[Face | None, str]]:
    """A text in stretches of one font each."""
    runs_of_face: list[tuple[Face | None, str]] = []
    for letter in text:
        face = face_of(letter, bold)
        if runs_of_face and runs_of_face[-1][0] is face:
            runs_of_face[-1] = (face, runs_of_face[-1][1] + letter)
        else:
            runs_of_face.append((face, letter))
    return runs_of_face


_HARD_SPACES = "\u00a0\u202f"
_JOINERS = "\u200c\u200d"
_STRAY_JOINERS = re.compile(rf"(?<![\u0600-\u109f\u1780-\u18af])[{_JOINERS}]")
"""Marks that join or part two letters, but where such letters are written: there a word is another without them."""


def _is_shown(letter: str) -> bool:
    # Cc, Cf and Cs are controls, format marks (reading direction, zero width) and halves of letters; Co and Cn are no letters.
    return letter in _JOINERS or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")


@functools.lru_cache(maxsize=2048)
def _broken(text: str, size: float, room: float, bold: bool) -> tuple[str, ...]:
    lines, line, wide = [], "", 0.0
    for word in _WORDS.findall(text):
        long = width(word.rstrip(), size, bold)
        if line and wide + long > room:
            lines.append(line.strip())
            line, wide = "", 0.0
        while long > room and len(word) > 1:
            # One word longer than the line: it breaks where the line ends.
            fits, long = 0, 0.0
            while fits < len(word) and long + (each := width(word[fits], size, bold)) <= room:
                fits, long = fits + 1, long + each
            fits = max(1, fits)
            lines.append(word[:fits].strip())
            word = word[fits:]
            long = width(word.rstrip(), size, bold)
        line, wide = line + word, wide + width(word, size, bold)
    return tuple(line for line in [*lines, line.strip()] if line)


_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_WORDS = re.compile(rf"[{_WIDE}][、。，：；！？）》」』”]*|[^ {_WIDE}]+ *| +")


def _weights(face: Face) -> str:
    if face.family == CHINESE:
        return "100 900"
    return "100 500" if face.weight < BOLD else "501 900"


@functools.cache
def _face(family: str, weight: int, name: str) -> Face:
    file = FOLDER / f"{name}.ttf"
    with TTFont(file, lazy=True) as font:
        units = font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        advances = {code: metrics[glyph][0] / units for code, glyph in font.getBestCmap().items()}
    return Face(family, weight, name, file, advances)


@functools.lru_cache(maxsize=4096)
def _shape(letter: str, bold: bool) -> tuple[float, str] | None:
    face = face_of(letter, bold)
    if face is None:
        return None
    with _reading:
        # One font object is shared, and it reads its glyphs as they are asked for.
        glyphs, cmap, scale = _glyphs(face.name)
        pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.0f}")
        glyphs[cmap[ord(letter)]].draw(TransformPen(pen, (scale, 0, 0, -scale, 0, 0)))
    return face.advances[ord(letter)] * 1000, pen.getCommands()


_reading = threading.Lock()


@functools.cache
def _glyphs(name: str):
    font = TTFont(FOLDER / f"{name}.ttf")
    return font.getGlyphSet(), font.getBestCmap(), 1000 / font["head"].unitsPerEm


@functools.lru_cache(maxsize=64)
def _cut_down(face: Face, letters: str) -> str:
    bold = face.weight >= BOLD
    own = {ord(letter) for letter in letters if face_of(letter, bold) is face}
    if not own:
        return ""
    usual = own <= _USUAL
    if face.family == LATIN:
        # With the everyday letters always in it, the cut is the same for most figures and made once.
        own |= _EVERYDAY & face.advances.keys()
    return base64.b64encode(_subset(_usual_part(face) if usual else face.file.read_bytes(), own, "woff")).decode("ascii")


@functools.lru_cache(maxsize=4)
def _usual_part(face: Face) -> bytes:
    # The letters of western languages, cut out once: the few of one figure are then cut out of these in a tenth of the time.
    return _subset(face.file.read_bytes(), _USUAL & face.advances.keys(), None)


_EVERYDAY = {*range(0x20, 0x7F), *map(ord, "–—’“”…·\u00a0")}
_USUAL = {*range(0x20, 0x180), *range(0x2010, 0x2027), 0x202F, 0x20AC, 0x2190, 0x2192, 0x2264, 0x2265, 0x2212}


def _subset(font: bytes, letters: set[int], flavour: str | None) -> bytes:
    # Loaded where a font is cut: charts on pages only measure letters.
    from fontTools import subset

    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, glyph_names=False, name_IDs=[0, 1, 2, 4, 6, 13, 14])
    target = io.BytesIO()
    with TTFont(io.BytesIO(font), recalcTimestamp=False) as opened:
        # Kerning and alternates are not drawn with, and reading them takes a second.
        for table in {"GSUB", "GPOS", "GDEF", "BASE", "STAT", "DSIG"} & set(opened.keys()):
            del opened[table]
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=letters)
        cutter.subset(opened)
        opened.flavor = flavour
        opened.save(target)
    return target.getvalue()
