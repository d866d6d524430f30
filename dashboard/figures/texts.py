"""The texts of a figure, written from the data in the figure's language: title, source, notes, statements, description."""

from __future__ import annotations

import html
import math
import re
from datetime import date
from string import ascii_uppercase
from typing import NamedTuple

import pandas as pd

from dashboard import analysis, statements
from dashboard.analysis import views
from dashboard.analysis.views import View
from dashboard.catalog.shipped import Catalog
from dashboard.display import comparisons, fonts
from dashboard.display import sentences as words
from dashboard.display.languages import Language, Numerals
from dashboard.figures.request import Unfit
from dashboard.figures.sheet import escaped
from dashboard.model.periods import Period
from dashboard.statements.claim import MEASURES_NAMED


def title(rows: pd.DataFrame, language: Language, view: View) -> tuple[str, str]:
    """The title and the subtitle of a figure: what it shows; when, and on which scale."""
    when, scale = words.time_shown(rows, language, view.shape), words.scale_words(view, rows, language)
    # A title of one period or of two says how long they are.
    length = "" if view.shape in views.OF_PERIODS or len(analysis.spans_of(rows)) < 2 else words.length_words(view, rows, language)
    return words.title(rows, language), language.phrase("comma").join(filter(None, (when, scale, length)))


def two_periods(rows: pd.DataFrame, language: Language) -> str:
    """Of a comparison of two periods, which of them is drawn hollow and which full."""
    spans = rows[["period_start", "period_end"]].drop_duplicates().sort_values(["period_start", "period_end"])
    earlier, later = (language.period(Period.of(row)) for _, row in spans.iloc[[0, -1]].iterrows())
    return language.phrase("hollow", earlier=earlier, later=later)


def largest(shown: int, count: int, language: Language, key: str = "largest") -> str:
    """That the largest of some series are shown, by the words of a `key`; blank where all are."""
    return language.phrase(key, shown=language.number(shown), all=language.number(count)) if shown < count else ""


def reading(
    rows: pd.DataFrame,
    catalog: Catalog,
    language: Language,
    largest: str,
    without_total: str,
    earlier: pd.DataFrame,
    *,
    drawn: bool = True,
) -> list[tuple[str, int]]:
    """How to read what is drawn, in short sentences, some of them blank, each with its rank: the lower the more needed."""
    return [
        (largest, 1),
        (without_total, 1),
        (words.computed(rows, language, brief=True), 1),
        (words.bands(rows, language, brief=True, drawn=drawn), 1),
        (language.phrase("earlier_dotted") if drawn and len(earlier) else "", 1),
        (language.phrase("gaps") if drawn and rows["low"].isna().any() else "", 5),
        (comparisons.comparability(rows, catalog, language, brief=True), 2),
    ]


def numbered(rows: pd.DataFrame, catalog: Catalog, language: Language) -> list[tuple[str, pd.Timestamp, str]]:
    """The breaks of rows in order of time: a number, the day, and what changed there in a few words."""
    breaks, signs = words.breaks_of(rows, catalog), []
    # Where all rows are of one reporter, the figure names it elsewhere.
    is_of_one = rows["reporter"].nunique() == 1
    for number, (day, here) in enumerate(breaks.sort_values("date").groupby("date"), start=1):
        labels_of_reporter = here.groupby("reporter", sort=False)["label"].agg(
            lambda labels: ", ".join(map(language.break_label, dict.fromkeys(labels)))
        )
        names = {
            reporter: "" if is_of_one else f"{language.reporter(reporter)}{language.phrase('colon')}"
            for reporter in labels_of_reporter.index
        }
        what = "; ".join(f"{names[reporter]}{label}" for reporter, label in labels_of_reporter.items())
        signs.append((str(number), day, f"{language.month(day.date())}, {what}"))
    return signs


class FullNote(NamedTuple):
    """A note in the language of a figure; what belongs to it and is kept in English alone is quoted as such."""

    words: str
    english: str = ""

    def text(self, language: Numerals) -> str:
        """The note as plain text."""
        return language.sentences(self.words, language.phrase("in_english", text=self.english)) if self.english else self.words

    def html(self, language: Numerals) -> str:
        """The note as HTML, in which the English is marked for those who have it read to them."""
        english = html.escape(self.english)
        if english and language.code != "en":
            english = f'<span lang="en">{english}</span>'
        return FullNote(html.escape(self.words), english).text(language)


def in_full(rows: pd.DataFrame, catalog: Catalog, language: Language) -> list[FullNote]:
    """What the short notes of a figure leave out: what was computed and how, how ranges are read, how far reporters count the same, and each break with its effect."""
    notes = [FullNote(words.computed(rows, language)), FullNote(words.bands(rows, language))]
    notes.append(FullNote(comparisons.comparability(rows, catalog, language)))
    for row in words.breaks_of(rows, catalog).drop_duplicates(["reporter", "date", "label"]).itertuples():
        sentence = f"{language.reporter(row.reporter)}, {language.month(row.date.date())}{language.phrase('colon')}{language.break_label(row.label)}{language.phrase('stop')}"
        notes.append(FullNote(sentence, " ".join(filter(None, (row.change, row.effect)))))
    return [note for note in notes if note.words]


def table(rows: pd.DataFrame, language: Language, scaled: bool) -> list[list[str]]:
    """Rows as a table to read, below its heads: series, period, value, document and cell."""
    lines = [
        [
            *(row.label, language.period(Period.of(row))),
            *(language.value(row.low, row.high, row.measure, scaled), row.document, row.cell),
        ]
        for row in rows.itertuples()
    ]
    return [[language.phrase(name) for name in ("series", "period", "value", "document", "cell")], *lines]


def html_table(lines: list[list[str]]) -> str:
    """A table to read as HTML, without ends that HTML does not need."""
    heads, *rows = ([html.escape(fonts.plain(str(text)), quote=False) for text in line] for line in lines)
    body = "".join("<tr>" + "".join(f"<td>{text}" for text in row) for row in rows)
    return f"<table><thead><tr>{''.join(f'<th scope=col>{text}' for text in heads)}<tbody>{body}</table>"


def cited(names: tuple[str, ...]) -> list:
    if not names:
        return []
    table = statements.bundled().statements.set_index("statement", drop=False)
    unknown = [name for name in names if name not in table.index]
    if unknown:
        raise Unfit(f"There is no statement “{unknown[0][:60]}”; the Statements page has the names of all.")
    signs = [*ascii_uppercase, *(f"A{number}" for number in range(1, len(names)))]
    return [(Statement(table.loc[name]), sign) for name, sign in zip(names, signs, strict=False)]


class Statement:
    """A statement and its claims, as far as a figure shows them."""

    def __init__(self, row: pd.Series):
        self.statement, self.date, self.speaker, self.says = row["statement"], row["date"], row["speaker"], row["says"]
        claims = statements.bundled().claims
        self.claims = claims[claims["statement"] == row["statement"]]


def claims(cited: list, rows: pd.DataFrame, view: View) -> list[tuple[str, pd.Timestamp, pd.Timestamp, float, float]]:
    """The claims that stand on the very scale of the chart: same unit, same length of time, both ends said."""
    spans = []
    lengths = {Period.of(row).months for row in rows.itertuples()}
    measure = rows["measure"].iloc[0]
    yearly, daily = view.scale == "year" or (view.scale in ("published", "calendar") and lengths == {12}), view.scale == "day"
    for statement, sign in cited:
        for claim in statement.claims.itertuples():
            fits = (claim.per == "year" and yearly) or (claim.per == "day" and daily)
            known = claim.period_start and claim.period_end and math.isfinite(claim.low) and math.isfinite(claim.high)
            if fits and known and measure in MEASURES_NAMED.get(claim.unit, ()):
                start, end = pd.Timestamp(claim.period_start), pd.Timestamp(claim.period_end) + pd.Timedelta(days=1)
                start, end = max(start, rows["period_start"].min()), min(end, rows["period_end"].max() + pd.Timedelta(days=1))
                if start < end:
                    spans.append((sign, start, end, claim.low, claim.high))
    return spans


def day_of(text: str) -> pd.Timestamp | None:
    # A year alone, or a month, is no day at which a line could stand.
    return pd.Timestamp(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None


def day_in_words(text: str, language: Language) -> str:
    if day := day_of(text):
        return language.day(day.date())
    if re.fullmatch(r"\d{4}-\d{2}", text):
        return language.month(date(int(text[:4]), int(text[5:]), 1))
    return text


def under_pointer(row: pd.Series, language: Language, scaled: bool, unkept: frozenset[str]) -> str:
    parts = [
        f"<b>{escaped(row['label'])}</b>",
        f"{language.period(Period.of(row))}: {language.value(row['low'], row['high'], row['measure'], scaled)}",
    ]
    if row["document"] and row["document"] not in unkept:
        parts.append(escaped(f"{row['document']}, {row['cell']}"[:120]))
    return "<br>".join(parts)
