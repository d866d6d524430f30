"""An answer: everything that a view shows, made once from one table, so that chart, words and download cannot disagree."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd
import plotly.graph_objects as go

from dashboard import analysis, statements
from dashboard.analysis import definitions, views
from dashboard.analysis.definitions import Comparison
from dashboard.analysis.views import View
from dashboard.answers import nothing
from dashboard.catalog.shipped import Catalog
from dashboard.display import bars, changes, charts, comparisons, geometry, maps, timelines
from dashboard.display import sentences as words
from dashboard.display.charts import Paper
from dashboard.display.geometry import Slot, Stretch
from dashboard.display.languages import ENGLISH, Language
from dashboard.display.series import earlier_numbers, muted_series, series_colours
from dashboard.display.timelines import Break, Look
from dashboard.model import columns, places
from dashboard.model.intervals import number
from dashboard.model.periods import Period
from dashboard.statements import Statements

_LIKE_A_LINE = 0.03
"""Of the height of a chart: a range no higher than this is read like a line."""


@dataclass(frozen=True)
class Answer:
    """What a view shows: its rows, those that are drawn, the chart, and the words around it.

    `likeness` tells for each reporter, where there are several, how far it counts the same as the first.
    `earlier` are those that the chart shows faint (see `earlier_numbers`), `names` how it names the series: as `signed_labels`, those that a
    visitor brought with *yours*.
    `is_empty` tells that nothing in the rows has a number, and `why_nothing` why. `notes` are sentences about what was
    asked for and is not drawn; `series` counts the series that there are, of which `shown` has the largest.
    """

    view: View
    rows: pd.DataFrame
    shown: pd.DataFrame
    series: int
    is_empty: bool
    title: str = ""
    subtitle: str = ""
    axis: str = ""
    alt: str = ""
    source: str = ""
    sentences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    why_nothing: str = ""
    note: str = ""
    likeness: Mapping[str, Comparison] = field(default_factory=dict)
    breaks: pd.DataFrame | None = None
    marked: tuple[Break, ...] = ()
    earlier: pd.DataFrame | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    definitions: pd.DataFrame | None = None
    unmapped: pd.DataFrame | None = None
    cited: pd.DataFrame | None = None
    stretches: Mapping[str, list[Stretch]] = field(default_factory=dict)
    slots: tuple[Slot, ...] = ()


def answer(view: View, catalog: Catalog, table: pd.DataFrame, statement_tables: Statements, names: Language) -> Answer:
    """The answer to a view out of the complete table of its day."""
    rows = views.rows_of(view, table, catalog.population)
    rows = _with_reporters(rows, names) if view.ranks_reporters else words.with_labels(rows, names)
    if rows["low"].notna().sum() == 0:
        return Answer(view, rows, rows, 0, True, why_nothing=nothing.why_nothing(view, table, names))
    scale = words.scale_words(view, rows, names)
    totalled, parted = views.without_parts(view, rows)
    if parted:
        totalled = words.with_labels(totalled, names)
    max_rows = min(views.MAX_SERIES.get(view.shape, len(rows)), view.max_bars)
    shown, series = views.largest(totalled, max_rows)
    breaks = words.breaks_of(shown, catalog)
    stretches, marked, earlier = {}, (), None
    if view.shape in ("time", "multiples") or view.compares:
        marked = tuple(timelines.breaks_on(breaks, shown))
        breaks = _concerning(breaks, marked)
    if view.shape in ("time", "multiples") and shown["low"].notna().any():
        stretches, earlier = geometry.stretches(shown), earlier_numbers(view, shown, catalog)
    note, likeness = comparisons.comparability(shown, catalog, names), definitions.beside_first(shown, catalog)
    # What the signs beside the names mean stands in sight of them.
    caveat = note and (
        comparisons.comparability(shown, catalog, names, brief=True)
        if likeness
        else f"Reporters count differently. {names.phrase('movements')}"
    )
    rows = rows.assign(comparability=comparisons.comparabilities(rows, catalog, names))
    return Answer(
        view=view,
        rows=rows,
        shown=shown,
        series=series,
        is_empty=False,
        title=_title(view, shown, names, scale),
        subtitle=_subtitle(view, shown, names, scale, caveat),
        axis=words.axis(rows, names, scale),
        alt=words.alt(shown, names, scale, view.is_scaled, shape=view.shape, everything=totalled),
        source=words.source_line(shown, catalog, names, view.known_on),
        sentences=_sentences(view, totalled, names),
        notes=(
            *filter(None, [words.computed(shown, names)]),
            *_words_apart(view, shown, names),
            *_parts(view, rows[rows["reporter"].isin(parted)], names),
            *_left_out(view, shown, series, names),
            *not_ranked(view, rows, table, names),
            *nothing.unshown(view, rows, table, names),
        ),
        note=note,
        likeness=likeness,
        breaks=breaks,
        marked=marked,
        earlier=earlier,
        names=_with_own_named(comparisons.signed_labels(shown, catalog), shown),
        definitions=words.definitions_of(rows, catalog),
        unmapped=maps.unmapped(shown) if view.shape == "map" else None,
        cited=statements.concerning(statement_tables, shown),
        stretches=stretches,
        slots=tuple(geometry.slots(stretches)),
    )


def chart(answer: Answer, names: Language, paper: Paper = charts.LIGHT) -> go.Figure | None:
    """The chart of what a view shows, in the form that fits it; None for a table, where there is nothing, and where no series has both of two periods."""
    view, shown = answer.view, answer.shown
    if view.shape == "table" or answer.is_empty:
        return None
    if view.shape == "map":
        if view.against:
            return maps.changes_map(changes.between(shown, view.is_scaled), names, paper=paper)
        return maps.world_map(shown, scaled=view.is_scaled, paper=paper)
    shades = series_colours(shown, view)
    if view.shape == "ranking":
        return _ranking(answer, shades, paper)
    if view.shape == "change":
        moved = changes.between(shown, view.is_scaled)
        return None if moved.empty else bars.changes(moved, shades, answer.names, scaled=view.is_scaled, paper=paper)
    look = Look(shades, muted_series(shown, view.focus, view.muted), is_log=view.axis == "log", scaled=view.is_scaled, paper=paper)
    short = {label: short_name(name) for label, name in answer.names.items()}
    if view.shape == "multiples":
        shared = view.panels != "own"
        return timelines.lanes(shown, look, breaks=answer.marked, earlier=answer.earlier, names=short, columns=2, shares_axis=shared)
    numbers = shown.dropna(subset=["low"])
    if len(analysis.spans_of(shown)) == 1:
        absent = {
            names.reporter(reporter): "publishes no such number"
            for reporter in view.reporter
            if reporter not in set(answer.rows["reporter"])
        }
        parted = {names.reporter(code): "publishes no total" for code in set(answer.rows["reporter"]) - set(shown["reporter"])}
        unnumbered = {label: "not published" for label in shades if label not in set(numbers["label"])}
        return bars.bars(numbers, shades, answer.names, scaled=view.is_scaled, without=unnumbered | parted | absent, paper=paper)
    # A range that is hardly higher than a line is read as one, but not where values grow by factors.
    ends = [end for own in answer.stretches.values() for one in own for end in (one.low, one.high) if end < math.inf]
    if geometry.overlap(answer.stretches, 0.0 if look.is_log else _LIKE_A_LINE * max(ends)):
        look = replace(look, colours=series_colours(shown, replace(view, shape="multiples")))
        return timelines.lanes(shown, look, breaks=answer.marked, earlier=answer.earlier, names=short, columns=1, row_height=110)
    return timelines.over_time(shown, look, breaks=answer.marked, earlier=answer.earlier, names=short)


def _with_own_named(labels: Mapping[str, str], shown: pd.DataFrame) -> dict[str, str]:
    # A series that goes on from what is published is not the visitor's alone.
    numbers = shown.dropna(subset=["low"])
    published = set(numbers["label"][[not all(map(columns.is_own, names.split("; "))) for names in numbers["document"]]])
    own = set(numbers["label"]) - published
    return {label: name.replace(label, f"{label} · yours", 1) if label in own else name for label, name in labels.items()}


def _sentences(view: View, rows: pd.DataFrame, names: Language) -> tuple[str, ...]:
    if view.compares:
        return (
            words.seen(rows, names, view.is_scaled, shape=view.shape)
            if len(changes.between(rows, view.is_scaled))
            else names.phrase("no_change"),
        )
    if view.ranks_reporters:
        ordered = rows.dropna(subset=["low"]).sort_values(["low", "high"], ascending=False)
        first = ", ".join(
            f"{row.label} {words.value(row.low, row.high, row.measure, view.is_scaled)}" for row in ordered.head(3).itertuples()
        )
        return (f"{words.period(ordered.iloc[0])}: {first}; {number(len(ordered))} with a number in this period.",)
    return tuple(words.sentences(rows, names, view.shape, view.is_scaled))


def not_ranked(view: View, rows: pd.DataFrame, table: pd.DataFrame, names: Language) -> list[str]:
    """Of a ranking of reporters, who has numbers that reach into its period and is not ranked: sentences with the reason, another kind of demand or another period."""
    if not view.ranks_reporters:
        return []
    numbers = rows.dropna(subset=["low"])
    if numbers.empty:
        return []
    start, end = numbers["period_start"].min(), numbers["period_end"].max()
    there = table["measure"].eq(view.counted) & table["requester"].isin(view.requester[:1]) & table["low"].notna()
    for column, chosen in (("request_type", view.type), ("service", view.service), ("authority", view.authority)):
        there &= table[column].isin(chosen) if chosen else True
    reaching = table[there & (table["period_start"] <= end) & (table["period_end"] >= start) & ~table["reporter"].isin(numbers["reporter"])]
    kind, period = ["request_type", "service", "authority"], words.period(numbers.iloc[0])
    alike = reaching[(reaching[kind] == numbers[kind].iloc[0]).all(axis=1)]["reporter"]
    is_total = analysis.is_whole(numbers).iloc[0]
    reasons = {
        f"they print no total of {period}" if is_total else "they count other kinds of demand": set(reaching["reporter"]) - set(alike),
        f"their periods are others than {period}": set(alike),
    }
    return [
        f"Not ranked, as {reason}: {', '.join(sorted(map(names.reporter, codes), key=str.casefold))}."
        for reason, codes in reasons.items()
        if codes
    ]


def _with_reporters(rows: pd.DataFrame, names: Language) -> pd.DataFrame:
    # In a ranking of reporters each is named by itself, and by whom and what it counts where that is no whole; the kind is one for all, and in the title.
    wholes = {column: whole for column, whole in analysis.WHOLES.items() if column != "request_type"}

    def label(row) -> str:
        parts = (names.of(column, code) for column, whole in wholes.items() if (code := getattr(row, column)) != whole)
        return " · ".join([names.reporter(row.reporter), *parts])

    return rows.assign(label=list(map(label, rows.itertuples())))


def _ranking(answer: Answer, shades: Mapping[str, str], paper: Paper) -> go.Figure:
    view, shown = answer.view, answer.shown
    column, chosen = ("reporter", view.reporter) if view.ranks_reporters else ("requester", view.requester)
    highlighted = set(shown["label"][shown[column].isin(chosen)])
    return bars.bars(shown, shades, answer.names, scaled=view.is_scaled, highlighted=highlighted, paper=paper)


def _left_out(view: View, shown: pd.DataFrame, series: int, names: Language) -> list[str]:
    drawn, sentences = shown["label"].nunique(), []
    if drawn < series:
        sentences.append(f"The chart shows the {number(drawn)} largest of {number(series)} series; the table has all.")
    if view.compares and (lone := words.one_period_only(shown, names)):
        sentences.append(lone)
    return sentences


def short_name(label: str) -> str:
    """A name without what stands in brackets: `Meta` for `Meta (Facebook)`."""
    return re.sub(r" \([^()]*\)", "", label)


def _parts(view: View, rows: pd.DataFrame, names: Language) -> list[str]:
    """For each reporter of some rows, none of which is a total, its latest parts in a sentence."""
    sentences = []
    for reporter, own in rows.dropna(subset=["low"]).groupby("reporter", sort=False):
        own = own[own["requester"] == own["requester"].iloc[0]]
        last = own[own["period_end"] == own["period_end"].max()].sort_values("low", ascending=False)
        parts = ", ".join(
            f"{names.request_type(row.request_type).lower()} {words.value(row.low, row.high, row.measure, view.is_scaled)}"
            for row in last.itertuples()
        )
        sentences.append(f"{names.reporter(reporter)} publishes no total; {words.period(last.iloc[0])}: {parts}.")
    return sentences


def _title(view: View, shown: pd.DataFrame, names: Language, scale: str) -> str:
    periods = [] if view.shape == "table" else analysis.spans_of(shown)
    title = words.title(shown, names, "" if view.scale == "calendar" and len(periods) == 1 else scale)
    if len(periods) > 1 and (view.shape == "change" or (view.shape == "map" and len(periods) == 2)):
        return f"{title}, {' and '.join(map(ENGLISH.period, sorted(periods, key=lambda period: period.start)))}"
    return f"{title}, {ENGLISH.period(periods[0])}" if len(periods) == 1 else title


def _words_apart(view: View, shown: pd.DataFrame, names: Language) -> list[str]:
    """A sentence where reporters call by different words what they count: none is replaced, and none is the same as the other."""
    others = shown[(shown["measure"] != view.counted) & shown["low"].notna()]
    if others.empty:
        return []
    each = [
        f"{names.listed(list(map(names.reporter, rows['reporter'].unique())))} as {names.measure(measure).lower()}"
        for measure, rows in others.groupby("measure", sort=False)
    ]
    word = names.measure(view.counted).lower()
    return [f"Not counted as {word}, and drawn by their own word: {'; '.join(each)}. These are not the same, and are not added."]


def _subtitle(view: View, shown: pd.DataFrame, names: Language, scale: str, caveat: str) -> str:
    spans = analysis.spans_of(shown)
    length = words.length(shown, names)
    if view.scale == "calendar":
        per = f", {scale}, computed where none is printed"
    elif scale:
        per = f"{',' if view.scale == 'index' else ''} {scale}{f', {length}' if view.scale == 'people' else ''}, computed from what is printed"
    elif view.counted in words.vocabulary.SHARES:
        is_computed = shown["made_by"][shown["low"].notna()] != ""
        computed = f", {'' if is_computed.all() else 'in part '}computed from printed counts" if is_computed.any() else ""
        per = f", {length}{computed}"
    else:
        per = f" {length}"
    whole = [Period(min(span.start for span in spans), max(span.end for span in spans))]
    is_of_two = len(spans) == 2 and view.compares
    times = " and ".join(
        f"{span.start:%b %Y} – {span.end:%b %Y}" for span in (sorted(spans, key=lambda span: span.start) if is_of_two else whole)
    )
    steps = (
        f" {names.phrase('log_axis').capitalize()}."
        if view.axis == "log" and view.shape in ("time", "multiples") and len(spans) > 1
        else ""
    )
    return f"{words.measures(shown, names)}{per}, {times}.{steps}{caveat and ' '}{caveat}"


def _concerning(breaks: pd.DataFrame, marked: tuple[Break, ...]) -> pd.DataFrame:
    # Each change once, with the number of its tick.
    numbers = {(one.day, one.words): one.number for one in marked}
    keys = [(day.date(), label) for day, label in zip(breaks["date"], breaks["label"], strict=True)]
    numbered = breaks.assign(number=[numbers.get(key, 0) for key in keys])
    return numbered[numbered["number"] > 0].drop_duplicates(["reporter", "date", "label"]).sort_values("number")


@dataclass(frozen=True)
class Choices:
    """What can be chosen on a day: codes, the whole first and then by the names shown."""

    measures: list[str]
    reporters: list[str]
    requesters: list[str]
    types: list[str]
    services: list[str]
    authorities: list[str]
    halves: list[str]
    periods: dict[str, list[Period]]
    keys: tuple[tuple[str, str, str], ...] = ()

    def series(self, requesters: tuple[str, ...], types: tuple[str, ...]) -> list[str]:
        """The names in an address of the series of some requesters, of the totals or of some kinds of demand."""
        return [
            "/".join([*key[:2], *([key[2]] if key[2] != "all" else [])])
            for key in self.keys
            if key[1] in requesters and (not types or key[2] in types)
        ]


def choices(table: pd.DataFrame, names: Language, measure: str, reporters: tuple[str, ...]) -> Choices:
    """What can be chosen for a measure and some reporters: `halves` from their first number to the last; `periods` for each reporter, newest first."""
    measures = table["measure"].unique()
    counted = table[table["measure"] == (measure if measure in measures else "requests")]
    there = counted[counted["reporter"].isin(reporters)]
    spanned = counted if there.empty else there
    # What they call by another word than the one chosen may be drawn beside it.
    beside = table["measure"].isin(views.WORDS_OF_ORDERS) & table["reporter"].isin(reporters) & table["request_type"].isin(views.ORDERED)
    timed = pd.concat([spanned, table[beside]]) if measure in views.WORDS_OF_ORDERS else spanned
    return Choices(
        measures=_ordered(measures, "measure", names),
        reporters=_ordered(counted["reporter"].unique(), "reporter", names),
        requesters=sorted(spanned["requester"].unique(), key=lambda code: (code != places.WORLD, places.name(code))),
        types=_ordered(there["request_type"].unique(), "request_type", names),
        services=_ordered(there["service"].unique(), "service", names),
        authorities=_ordered(there["authority"].unique(), "authority", names),
        halves=[] if timed.empty else geometry.halves(timed["period_start"].min().date(), timed["period_end"].max().date()),
        keys=tuple(there[["reporter", "requester", "request_type"]].drop_duplicates().itertuples(index=False, name=None)),
        periods={reporter: views.periods_of(own) for reporter, own in there.groupby("reporter")},
    )


def choices_beside(below: Choices, table: pd.DataFrame, names: Language, measure: str) -> Choices:
    """The choices for reporters of which a catalog below has all rows; `table` is that of the one above, which adds to other reporters."""
    return replace(
        below,
        measures=_ordered(table["measure"].unique(), "measure", names),
        reporters=_ordered(table["reporter"][table["measure"] == measure].unique(), "reporter", names),
    )


def _ordered(codes, column: str, names: Language) -> list[str]:
    # What is sought most stands before the rest by name.
    first = ("all", "any", "requests", "share_some_data")
    return sorted(codes, key=lambda code: (first.index(code) if code in first else len(first), names.of(column, code).casefold()))
