"""What is asked of a figure: the view, the texts, the size, the theme and the language, as plain values that an address carries."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dashboard.analysis.views import View
from dashboard.display.languages import LANGUAGES

MM_PER_INCH, CSS_PX_PER_INCH, POINTS_PER_INCH = 25.4, 96, 72

SMALLEST, LARGEST = 220, 10_000
"""Pixels of a side, at least as laid out, at most as saved."""

MOST_PIXELS = 60_000_000

RESOLUTIONS = (36, 1_200)
"""Dots per inch, from and to."""

LONGEST_ANNOTATION, MOST_ANNOTATIONS = 160, 8
SMALLEST_TYPE_POINTS = 7.0
"""The smallest letters of a figure in print; on screens they are as large at the width at which it is read."""


class Unfit(Exception):
    """A figure that cannot be drawn as it was asked for: one sentence that says what can."""


@dataclass(frozen=True)
class Theme:
    """The inks of a figure and the background that they are chosen for."""

    background: str
    paper: str
    ink: str
    quiet: str
    grid: str
    is_dark: bool = False


THEMES = {
    "light": Theme("#ffffff", "#ffffff", "#14191f", "#545c65", "#d9dde1"),
    "dark": Theme("#13191f", "#13191f", "#eef1f4", "#a9b2bb", "#36404a", True),
    "transparent": Theme("#ffffff", "rgba(0,0,0,0)", "#14191f", "#545c65", "#d9dde1"),
    "transparent-dark": Theme("#13191f", "rgba(0,0,0,0)", "#eef1f4", "#a9b2bb", "#36404a", True),
}
"""Light and dark, each also without its background, for a page of that kind."""


@dataclass(frozen=True)
class Size:
    """How large a figure is saved: in pixels, or in millimetres at a resolution."""

    width: float
    height: float
    unit: str = "px"
    dpi: int = 96
    scale: float = 0.0
    """Saved pixels for one pixel as laid out; 0 where it follows from the size."""

    @classmethod
    def parse(cls, text: str) -> Size:
        """The size that a text names: `article`, `85mm`, `120x80mm`, `1200x675`, each also with its resolution: `120x80mm@600`."""
        name, _, resolution = str(text).strip().lower().replace("×", "x").replace(" ", "").partition("@")
        match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,6})?)(?:x(\d{1,9}(?:\.\d{1,6})?))?(px|mm)?", name)
        if name in SIZES:
            size = SIZES[name]
        elif match and (match[2] or match[3] == "mm"):
            unit = match[3] or "px"
            height = float(match[2]) if match[2] else float(match[1]) * 0.75
            size = cls(float(match[1]), height, unit, 300 if unit == "mm" else 96)
        else:
            raise Unfit(f"“{text[:40]}” is no size; write {', '.join(SIZES)}, or width and height like 1200x675 or 120x80mm.")
        if resolution:
            if not re.fullmatch(r"\d{1,6}(dpi)?", resolution):
                raise Unfit(f"“{resolution[:40]}” is no resolution; write it like 120x80mm@600.")
            size = replace(size, dpi=int(resolution.removesuffix("dpi")))
        size.check()
        return size

    def check(self) -> None:
        """Raise `Unfit` where nothing can be read at this size, or no picture is that large."""
        shown = f"{self.width:g} × {self.height:g} {self.unit}"
        if not RESOLUTIONS[0] <= self.dpi <= RESOLUTIONS[1]:
            raise Unfit(
                f"A resolution of {self.dpi} dots per inch cannot be drawn; choose one from {RESOLUTIONS[0]} to {RESOLUTIONS[1]:,}."
            )
        if self.unit == "px" and (self.width % 1 or self.height % 1):
            raise Unfit(f"A size in pixels is whole: {shown} is not.")
        if min(self.width, self.height) <= 0 or min(self.layout) < (SMALLEST if self.unit == "px" else SMALLEST * 0.75):
            least = (
                f"{SMALLEST} × {SMALLEST} px"
                if self.unit == "px"
                else f"{SMALLEST * 0.75 / CSS_PX_PER_INCH * MM_PER_INCH:.0f} mm on a side"
            )
            raise Unfit(f"A figure of {shown} is too small to be read; the smallest has {least}.")
        if max(self.pixels) > LARGEST or self.pixels[0] * self.pixels[1] > MOST_PIXELS:
            raise Unfit(
                f"A figure of {shown} is too large: at {self.dpi} dots per inch it has {self.pixels[0]:,} × {self.pixels[1]:,} pixels, "
                f"and {LARGEST:,} on a side, {MOST_PIXELS:,} in all, are the most."
            )

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the saved PNG."""
        if self.unit == "px":
            return int(self.width), int(self.height)
        return round(self.width / MM_PER_INCH * self.dpi), round(self.height / MM_PER_INCH * self.dpi)

    @property
    def millimetres(self) -> tuple[float, float]:
        """Width and height of the page of the saved PDF."""
        if self.unit == "mm":
            return self.width, self.height
        return self.width / self.dpi * MM_PER_INCH, self.height / self.dpi * MM_PER_INCH

    @property
    def layout(self) -> tuple[float, float]:
        """Width and height in the pixels in which the figure is laid out: those of a screen at which it is read."""
        if self.unit == "mm":
            return self.width / MM_PER_INCH * CSS_PX_PER_INCH, self.height / MM_PER_INCH * CSS_PX_PER_INCH
        scale = self.scale or max(1.0, math.sqrt(self.width * self.height / (720 * 405)))
        return self.width / scale, self.height / scale

    @property
    def type(self) -> float:
        """The size of the ordinary type, in pixels as laid out. The smallest type is seven eighths of it."""
        width, height = self.layout
        if self.unit == "px":
            return 13.5
        smallest = SMALLEST_TYPE_POINTS / POINTS_PER_INCH * CSS_PX_PER_INCH
        # A poster is read from afar: beyond a page's width the type grows with the sheet.
        return smallest * 8 / 7 * max(1.0, min(width / 643, height / 416))

    def __str__(self) -> str:
        for name, size in SIZES.items():
            if size == self:
                return name
        resolution = "" if self.dpi == (300 if self.unit == "mm" else 96) else f"@{self.dpi}"
        known = next((name for name, size in SIZES.items() if replace(size, dpi=self.dpi) == self), "")
        return (known or f"{self.width:g}x{self.height:g}{self.unit}") + resolution


SIZES = {
    "article": Size(1200, 675, scale=5 / 3),
    "85mm": Size(85, 95, "mm", 300),
    "170mm": Size(170, 115, "mm", 300),
    "square": Size(1080, 1080, scale=2),
    "portrait": Size(1080, 1350, scale=2),
    "social": Size(1200, 630, scale=5 / 3),
}
"""Sizes that pages usually ask for."""


@dataclass(frozen=True)
class Annotation:
    """Words of the author's own, tied to a day and a value of a figure over time."""

    day: date
    value: float
    text: str

    @classmethod
    def parse(cls, written: str) -> Annotation:
        """The annotation that a text writes: `2016-03-01, 1200, The court rules`. Raises `Unfit` where it writes none."""
        day, _, rest = written.partition(",")
        value, _, text = rest.partition(",")
        try:
            parsed = cls(date.fromisoformat(day.strip()), float(value), " ".join(text.split())[:LONGEST_ANNOTATION])
        except ValueError:
            parsed = None
        if parsed is None or not parsed.text or not 0 <= parsed.value < math.inf:
            raise Unfit(f"“{written[:60]}” is no annotation; write day, value and words like 2016-03-01, 1200, The court rules.")
        return parsed

    def __str__(self) -> str:
        return f"{self.day.isoformat()}, {self.value:.15g}, {self.text}"


@dataclass(frozen=True)
class Figure:
    """What a figure shows and how: a view and its dress. A text left at None is written from the data."""

    view: View = field(default_factory=View)
    title: str | None = None
    subtitle: str | None = None
    source: str | None = None
    note: str | None = None
    byline: str | None = None
    alt: str | None = None
    size: str = "article"
    theme: str = "light"
    lang: str = "en"
    statement: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    """Keys of the series that are drawn, in their order; without them the largest."""
    annotation: tuple[str, ...] = ()
    """The author's own annotations as `Annotation` writes them."""
    values: str = "last"
    """Which values stand at the series: of `VALUES`."""

    @classmethod
    def read(cls, parameters: Mapping[str, Sequence[str]]) -> tuple[Figure, list[str]]:
        """The figure that an address names, and a sentence for each value of its dress that is not understood and left out."""
        given = {name: parameters.get(name, ()) for name in (*TEXTS, *_READ, *SEVERAL)}
        chosen, problems = {}, []
        for name, texts in given.items():
            understood = []
            for text in texts if name in SEVERAL else texts[-1:]:
                try:
                    understood.append(_READ[name](text) if name in _READ else text)
                except Unfit as unfit:
                    problems.append(str(unfit))
            if name in SEVERAL:
                chosen[name] = tuple(filter(None, dict.fromkeys(understood)))
            elif understood:
                chosen[name] = understood[0]
        chosen["annotation"] = chosen["annotation"][:MOST_ANNOTATIONS]
        return cls(View.from_query(parameters), **chosen), problems

    def query(self) -> list[tuple[str, str]]:
        """The parameters of the address that reopens this figure; what equals the default is left out."""
        default, pairs = Figure(), self.view.query()
        for name in OPTIONS:
            if getattr(self, name) != getattr(default, name):
                pairs.append((name, getattr(self, name)))
        return pairs + [(name, one) for name in SEVERAL for one in getattr(self, name)]

    @property
    def annotations(self) -> list[Annotation]:
        """The annotations, taken apart."""
        return [Annotation.parse(one) for one in self.annotation]

    @property
    def measures(self) -> Size:
        """The size, taken apart; raises `Unfit` where it names none."""
        return Size.parse(self.size)


VALUES = {"last": "The last of each; in a short time all", "none": "None"}
"""Which values can stand at the series."""
SEVERAL = ("statement", "series", "annotation")
"""What a figure may have several of beside its view."""
TEXTS = ("title", "subtitle", "source", "note", "byline", "alt")


def _one_of(name: str, allowed: Collection[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise Unfit(f"There is no {name} “{text[:40]}”: choose {', '.join(allowed)}.")
        return text

    return read


CHOICES = {
    "theme": _one_of("background", THEMES),
    "lang": _one_of("language", LANGUAGES),
    "values": _one_of("choice of values", VALUES),
}
"""What is chosen of a figure, each with what reads it: that raises `Unfit` for what cannot be chosen."""
OPTIONS = (*TEXTS, "size", *CHOICES)
"""What is said of a figure beside its view and what it may have several of."""
_READ = {"size": lambda text: str(Size.parse(text)), **CHOICES, "annotation": lambda text: str(Annotation.parse(text))}
