"""What all shapes of figures share: head and notes, legend, colours, and the series that are chosen."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from dashboard.analysis import views
from dashboard.analysis.views import View
from dashboard.catalog.shipped import Catalog
from dashboard.display import colours, comparisons, fonts, sentences
from dashboard.display.charts import is_share
from dashboard.display.languages import Language
from dashboard.display.series import earlier_numbers, muted_series, series_colours, series_keys
from dashboard.display.timelines import MUTED
from dashboard.figures import texts
from dashboard.figures.request import Figure
from dashboard.figures.sheet import Note, Sheet, fitted


def totalled(view: View, rows: pd.DataFrame, language: Language) -> tuple[pd.DataFrame, str]:
    """The rows that are drawn together, with their labels, and a sentence about the reporters that print no total and are not among them."""
    rows, parted = views.without_parts(view, rows)
    if not parted:
        return rows, ""
    return sentences.with_labels(rows, language), language.phrase("without_total", who=language.listed([*map(language.reporter, parted)]))


class Shape:
    """What all shapes of figures share: the head with title and subtitle, the notes below, the legend."""

    is_overfull = False
    """Whether so many series were drawn that they do not fit; fewer are tried then."""
    is_log = False
    most_of_all = 400

    def __init__(
        self, sheet: Sheet, figure: Figure, catalog: Catalog, everything: pd.DataFrame, cited: list, unkept: frozenset[str], max_rows: int
    ):
        self.sheet, self.figure, self.catalog, self.cited, self.unkept = sheet, figure, catalog, cited, unkept
        self.view, self.language = figure.view, sheet.language
        self.everything, self.without_total = (everything, "") if figure.series else totalled(self.view, everything, self.language)
        self.rows, self.how_many = self.chosen(max_rows)
        self.earlier = earlier_numbers(self.view, self.rows, catalog)
        self.names = list(dict.fromkeys(self.rows["label"]))
        self.signed = comparisons.signed_labels(self.rows, catalog)
        self.colours = series_colours(self.rows, self.view)
        self.muted = muted_series(self.rows, self.view.focus, self.view.muted)

    def chosen(self, max_rows: int) -> tuple[pd.DataFrame, int]:
        """The rows of the largest series, so many at most and no more than this shape can hold at this size, and how many there were.

        Where the figure names its series it has those, in their order.
        """
        max_rows, there, keys = min(max_rows, self.max_series()), self.drawable(), series_keys(self.everything)
        labels = set(there["label"])
        named = [label for key in self.figure.series for label, other in keys.items() if other == key and label in labels]
        if not named:
            return views.largest(there, max_rows)
        rows = there[there["label"].isin(named[:max_rows])]
        order = rows["label"].map({label: rank for rank, label in enumerate(named)})
        return rows.iloc[order.argsort(kind="stable")], len(named)

    def drawable(self) -> pd.DataFrame:
        """The rows of the series that this shape can draw."""
        return self.everything

    def max_series(self) -> int:
        raise NotImplementedError

    def remarks(self) -> list[str]:
        """What the author should know about this shape."""
        return [f"“{one.text}” stands at a day, and has its place on a figure over time alone." for one in self.figure.annotations]

    def draw(self, figure: Figure) -> go.Figure:
        raise NotImplementedError

    def head(self, figure: Figure) -> float:
        """Set title and subtitle; the height at which they end."""
        sheet, y = self.sheet, self.sheet.pad
        low = sheet.height < 24 * sheet.type
        for text, size, bold, colour, max_lines, gap in (
            (figure.title, sheet.type * 1.35, True, sheet.theme.ink, 2 if low else 3, 0.15),
            (figure.subtitle, sheet.type, False, sheet.theme.quiet, 1 if low else 3, 0.35),
        ):
            shown = fonts.plain(text or "")
            lines = fonts.wrapped(shown, size, sheet.room, bold=bold, max_lines=max_lines)
            if lines and lines[-1].endswith("…") and not shown.endswith("…"):
                sheet.remarks.append(f"The {'title' if bold else 'subtitle'} is too long for this size and is cut after “{lines[-1]}”")
            sheet.text(lines, sheet.pad, y, size, bold=bold, colour=colour)
            y += len(lines) * size * fonts.LINE_HEIGHT + (gap * sheet.type if lines else 0)
        return y + 0.2 * sheet.type

    def foot(self, figure: Figure, head: float, breaks: list[str]) -> float:
        """Set the notes and the source line at the bottom, below a head that ends at a height; the height at which they begin."""
        sheet, language = self.sheet, self.language
        reading = [(text, rank) for text, rank in self.reading(figure) if text]
        # What is needed most stands in one paragraph, for its sentences are short.
        first = [(text, rank) for text, rank in reading if rank <= 1]
        notes = [Note([language.sentences(*(text for text, _ in first))], min(rank for _, rank in first))] if first else []
        notes += [Note([text], rank) for text, rank in reading if rank > 1]
        if breaks:
            notes.append(Note([f"{language.phrase('breaks')} {breaks[0]}", *breaks[1:]], 3, language.phrase))
        notes += [Note([text], 4, max_lines=3) for text in self.cited_notes()]
        notes += [Note([fonts.plain(text)], 0) for text in (figure.note, figure.source, figure.byline) if text]
        line = sheet.small * fonts.LINE_HEIGHT
        # A third of the sheet is for the data, whatever there is to say about them.
        max_lines = max(3, int(min(0.45 * sheet.height, 0.66 * sheet.height - head - sheet.pad) * sheet.notes_share / line))
        lines = fitted(notes, sheet.small, sheet.room, max_lines, sheet.remarks)
        top = sheet.height - sheet.pad - len(lines) * line
        if lines:
            sheet.text(lines, sheet.pad, top, sheet.small, colour=sheet.theme.quiet)
        return top - 0.4 * sheet.type

    def last_row(self, name: str) -> pd.Series | None:
        """The last row of a series with a number; None where it has none."""
        rows = self.rows[self.rows["label"] == name].dropna(subset=["low"])
        return None if rows.empty else rows.sort_values(["period_end", "period_start"]).iloc[-1]

    def last_value(self, name: str) -> list[str]:
        """The last value of a series in words, where the figure is to have it, with its period where that is not the last of all."""
        if self.figure.values != "last":
            return []
        latest = self.rows.loc[self.rows["low"].notna(), "period_end"].max()
        words = sentences.last_value(self.rows[self.rows["label"] == name], self.language, self.view.is_scaled, latest)
        return [words] if words else []

    def breaks_in_words(self) -> list[str]:
        """Where the series break that are drawn, for a note below them."""
        return [words for *_, words in texts.numbered(self.rows, self.catalog, self.language)]

    def reading(self, figure: Figure) -> list[tuple[str, int]]:
        """How to read what is drawn: short sentences with their rank, the lower the more needed; `texts.in_full` has them whole."""
        return texts.reading(self.rows, self.catalog, self.language, self.largest_words(), self.without_total, self.earlier)

    def largest_words(self) -> str:
        return texts.largest(len(self.names), self.how_many, self.language)

    def cited_notes(self) -> list[str]:
        return [
            f"[{sign}] {texts.day_in_words(row.date, self.language)}, {row.speaker}{self.language.phrase('colon')}{row.says}"
            for row, sign in self.cited
        ]

    def legend(self, y: float, entries: list[tuple[str, Callable[[float, float, float], None]]], sample: float = 2.2) -> float:
        """Set a legend in rows from a height on; the height at which it ends."""
        sheet = self.sheet
        size, sample = sheet.small, sample * sheet.type
        x, row = sheet.pad, size * 1.45
        for name, draw_sample in entries:
            name = fonts.cut(fonts.plain(name), size, sheet.room - sample - 6)
            needed = sample + 6 + fonts.width(name, size) + 1.2 * sheet.type
            if x > sheet.pad and x + needed - sheet.type > sheet.width - sheet.pad:
                x, y = sheet.pad, y + row
            draw_sample(x, y + row / 2, sample)
            sheet.text(name, x + sample + 6, y + row / 2, size, middle=True)
            x += needed
        return y + row + 0.3 * sheet.type

    def under_pointer(self, index: int) -> str:
        """What is said of a row under the pointer."""
        return texts.under_pointer(self.rows.loc[index], self.language, self.view.is_scaled, self.unkept)

    def set_axis_words(self, y: float) -> None:
        """Set what is counted and on which scale at a height, for the top of an axis."""
        sheet, scale = self.sheet, sentences.scale_words(self.view, self.rows, self.language)
        words = sentences.axis(self.rows, self.language, scale)
        sheet.text(fonts.cut(words, sheet.small, sheet.room), sheet.pad, y, sheet.small, colour=sheet.theme.quiet)

    @property
    def is_share(self) -> bool:
        """Whether the numbers are shares of a whole."""
        return is_share(self.rows, self.view.is_scaled)

    def colour(self, name: str) -> str:
        """The colour of a series; that of those that stand back for one of them."""
        return MUTED if name in self.muted else self.colours[name]

    def text_colour(self, name: str) -> str:
        """The colour of a series, so far darkened or lightened that text in it can be read."""
        return colours.readable(self.colour(name), self.sheet.theme.background)

    def pale(self, name: str, share: float = 0.28) -> str:
        """The colour of a range of a series, as one opaque colour: a PDF has no other."""
        return colours.blended(self.colour(name), self.sheet.theme.background, share)

    def value(self, row: pd.Series) -> str:
        return self.language.value(row["low"], row["high"], row["measure"], self.view.is_scaled)
