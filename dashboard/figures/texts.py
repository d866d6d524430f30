"""The texts of a figure, written from the data in the figure's language: title, source, notes, statements, description."""

from __future__ import annotations

import math
import re
from datetime import date

import pandas as pd

from dashboard import analysis, statements
from dashboard.analysis import views
from dashboard.analysis.views import View
from dashboard.catalog.shipped import Catalog
from dashboard.display import sentences as words
from dashboard.display.languages import Language
from dashboard.figures.request import Unfit
from dashboard.figures.sheet import escaped
from dashboard.model import vocabulary
from dashboard.model.periods import Period
from dashboard.model.tables import is_own
from dashboard.statements import Statements


def title(rows: pd.DataFrame, language: Language, view: View, scale: str) -> tuple[str, str]:
    measure, kinds = language.measure(rows["measure"].iloc[0]), rows["request_type"].unique()
    if len(kinds) == 1 and kinds[0] != "all":
        measure = f"{measure}{language.says('colon')}{language.request_type(kinds[0])}"
    parts = [measure]
    for column in ("reporter", "requester"):
        if rows[column].nunique() == 1:
            parts.append(language.of(column, rows[column].iloc[0]))
    if view.shape in ("ranking", "map"):
        when = language.period(period(rows.iloc[0]))
    else:
        first, last = rows.dropna(subset=["low"])["period_start"].min(), rows.dropna(subset=["low"])["period_end"].max()
        when = f"{first.year}–{last.year}" if first.year != last.year else str(first.year)
    return language.says("comma").join(parts), language.says("comma").join(part for part in (when, scale) if part)


def source(rows: pd.DataFrame, catalog: Catalog, language: Language, day: date | None, unkept: frozenset[str]) -> str:
    named = set(document_names(rows))
    uploads = {name for name in named if is_own(name)} - unkept
    kept = named - unkept - uploads
    own = sorted(rows["reporter"].unique())
    documents = catalog.documents[catalog.documents["document"].isin(kept)]
    forms = [form for form in vocabulary.FORMS if form in set(documents["form"])]
    how = language.says("brackets", text=", ".join(language.form(form) for form in forms)) if forms else ""
    sentences = [
        language.says(
            "source", who=language.listed([language.reporter(reporter) for reporter in own]), how=how, day=language.day(day or date.today())
        )
    ]
    if documents["seen"].eq("seen-secondary").any():
        sentences.append(language.says("secondary"))
    if named & unkept:
        sentences.append(language.says("upload"))
    elif uploads:
        sentences.append(language.says("own"))
    return ("" if language.code == "zh" else " ").join(sentences)


def alt(title: str, subtitle: str, rows: pd.DataFrame, language: Language, view: View, *, everything: pd.DataFrame | None = None) -> str:
    """The figure in words, for those who do not see it: what, who, when, the main movements, the bands.

    `everything` has also the rows of the series that it has no room for.
    """
    numbers = (rows if everything is None else everything).dropna(subset=["low"])
    shown, all_there = rows.dropna(subset=["low"])["label"].nunique(), numbers["label"].nunique()
    head = language.says("comma").join(part for part in (title, subtitle) if part)
    sentences = [language.says("map" if view.shape == "map" else "chart"), f"{head}{language.says('stop')}"]
    if view.shape in ("ranking", "map"):
        # Of all that have a number: one that was asked for may stand in a ranking in the stead of a larger one.
        ordered = numbers.sort_values(["low", "high"], ascending=False)
        values = [language.value(row["low"], row["high"], row["measure"], view.is_scaled) for _, row in ordered.head(3).iterrows()]
        who = [f"{name}{language.says('brackets', text=text)}" for name, text in zip(ordered["label"], values, strict=False)]
        when = language.period(period(ordered.iloc[0]))
        sentences.append(language.says("most", period=when, who=language.listed(who), count=language.number(len(ordered))))
    else:
        changes = analysis.changes(rows)
        if len(changes) > views.MOST["time"]:
            sentences.append(language.says("many", count=language.number(len(changes))))
        sentences += [_one_change(change, language, view.is_scaled) for _, change in changes.head(views.MOST["time"]).iterrows()]
    if shown < all_there:
        sentences.append(language.says("shown", shown=language.number(shown), all=language.number(all_there)))
    sentences.append(bands(rows, language))
    return ("" if language.code == "zh" else " ").join(sentence for sentence in sentences if sentence)


def _one_change(change: pd.Series, language: Language, scaled: bool) -> str:
    first = language.value(change["first_low"], change["first_high"], change["measure"], scaled)
    last = language.value(change["last_low"], change["last_high"], change["measure"], scaled)
    first_period = language.period(Period(change["first_start"].date(), change["first_end"].date()))
    last_period = language.period(Period(change["last_start"].date(), change["last_end"].date()))
    if first_period == last_period:
        return language.says("one_value", name=change["label"], last=last, last_period=last_period)
    how = "unsaid"
    if not change["same_length"]:
        how = "lengths"
    elif change["difference_low"] > 0:
        how = "rose"
    elif change["difference_high"] < 0:
        how = "fell"
    elif change["difference_low"] == change["difference_high"]:
        how = "unchanged"
    return language.says(
        "movement", name=change["label"], first=first, first_period=first_period, last=last, last_period=last_period, how=language.says(how)
    )


def bands(rows: pd.DataFrame, language: Language) -> str:
    numbers = rows.dropna(subset=["low"])
    banded = numbers[numbers["low"] < numbers["high"]]
    if banded.empty:
        return ""
    sentences = [language.says("ranges", some=language.number(len(banded)), all=language.number(len(numbers)))]
    if (banded["made_by"].eq("") & ~banded["measure"].isin(vocabulary.SHARES)).any():
        sentences.append(language.says("inside"))
    if banded["measure"].isin([*vocabulary.SHARES, "requests_some_data"]).any():
        sentences.append(language.says("rounding"))
    return " ".join(sentences)


def unlike(rows: pd.DataFrame, catalog: Catalog, language: Language) -> str:
    # The judgement is that of the pages; only the sentence is the figure's.
    if not words.comparability(rows, catalog, language):
        return ""
    return language.says("unlike", who=language.listed([language.reporter(reporter) for reporter in sorted(rows["reporter"].unique())]))


def scale_words(view: View, rows: pd.DataFrame, language: Language) -> str:
    if view.scale in ("calendar", "year", "day"):
        return language.says(f"{view.scale}_scale")
    if view.scale == "people":
        return language.says("people_scale", people=language.number(analysis.PEOPLE_PER))
    if view.scale == "index":
        base = views.base_of(view, rows)
        return language.says("index_scale", base=language.period(base), hundred=language.number(100)) if base else language.says("indexed")
    return ""


def numbered(breaks: pd.DataFrame, language: Language) -> list[tuple[str, pd.Timestamp, str]]:
    found = []
    for place, (day, here) in enumerate(breaks.sort_values("date").groupby("date"), start=1):
        told = here.groupby("reporter", sort=False)["label"].agg(lambda labels: ", ".join(dict.fromkeys(labels)))
        what = "; ".join(f"{language.reporter(reporter)}{language.says('colon')}{label}" for reporter, label in told.items())
        found.append((str(place), day, f"{language.month(day.date())}, {what}"))
    return found


def cited(names: tuple[str, ...], said: Statements | None) -> list:
    if not names:
        return []
    said = said or statements.bundled()
    table = said.statements.set_index("statement", drop=False)
    unknown = [name for name in names if name not in table.index]
    if unknown:
        raise Unfit(f"There is no statement “{unknown[0][:60]}”; the Statements page has the names of all.")
    return [(Statement(table.loc[name], said), _letter(place)) for place, name in enumerate(names)]


class Statement:
    """A statement and its claims, as far as a figure shows them."""

    def __init__(self, row: pd.Series, said: Statements):
        self.statement, self.date, self.speaker, self.says = row["statement"], row["date"], row["speaker"], row["says"]
        self.claims = said.claims[said.claims["statement"] == row["statement"]]


_UNITS = {
    "requests": {"requests"},
    "orders": {"orders"},
    "nondisclosure orders": {"nondisclosure_orders"},
    "accounts": {"accounts_specified", "accounts_affected"},
    "identifiers": {"identifiers"},
    "people": {"persons"},
    "letters": {"letters"},
    "targets": {"targets"},
    "queries": {"queries"},
}


def claims(cited: list, rows: pd.DataFrame, view: View) -> list[tuple[str, pd.Timestamp, pd.Timestamp, float, float]]:
    """The claims that stand on the very scale of the chart: same unit, same length of time, both ends said."""
    found = []
    lengths = {Period(row.period_start.date(), row.period_end.date()).months for row in rows.itertuples()}
    measure = rows["measure"].iloc[0]
    yearly, daily = view.scale == "year" or (view.scale in ("published", "calendar") and lengths == {12}), view.scale == "day"
    for statement, mark in cited:
        for claim in statement.claims.itertuples():
            fits = (claim.per == "year" and yearly) or (claim.per == "day" and daily)
            known = claim.period_start and claim.period_end and math.isfinite(claim.low) and math.isfinite(claim.high)
            if fits and known and measure in _UNITS.get(claim.unit, set()):
                start, end = pd.Timestamp(claim.period_start), pd.Timestamp(claim.period_end) + pd.Timedelta(days=1)
                start, end = max(start, rows["period_start"].min()), min(end, rows["period_end"].max() + pd.Timedelta(days=1))
                if start < end:
                    found.append((mark, start, end, claim.low, claim.high))
    return found


def _letter(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else f"A{place - 25}"


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
        f"{language.period(period(row))}: {language.value(row['low'], row['high'], row['measure'], scaled)}",
    ]
    if row["document"] and row["document"] not in unkept:
        parts.append(escaped(f"{row['document']}, {row['cell']}"[:120]))
    return "<br>".join(parts)


def document_names(rows: pd.DataFrame) -> list[str]:
    return sorted({name for names in rows["document"] for name in str(names).split("; ") if name})


def period(row: pd.Series) -> Period:
    return Period(row["period_start"].date(), row["period_end"].date())
