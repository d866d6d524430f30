"""Sentences written from tables, in any language: what is seen, how bands are read, what follows. No digit is typed here.

Tables are those of `analysis.with_totals`, with a `label` for each series where a function says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

import pandas as pd

from dashboard import analysis
from dashboard.analysis import views
from dashboard.analysis.never import Ending
from dashboard.analysis.views import View
from dashboard.catalog.package import MONTHS_UNTIL_KNOWN
from dashboard.catalog.shipped import Catalog
from dashboard.display.changes import MOVEMENTS
from dashboard.display.languages import ENGLISH, Language
from dashboard.model import vocabulary
from dashboard.model.columns import is_own
from dashboard.model.intervals import Interval, number
from dashboard.model.periods import Period, day_label

SINGLY = 4
"""More series than this are described together, not one by one."""
MOST_NAMED = 8
"""Names in one sentence; the others are counted."""
value = ENGLISH.value


def values(table: pd.DataFrame, scaled: bool = False, *, low: str = "low", high: str = "high") -> list[str]:
    """The numbers of a table, each as it is read; `low` and `high` name the columns of its ends."""
    return [value(*ends, measure, scaled) for *ends, measure in zip(table[low], table[high], table["measure"], strict=True)]


def with_labels(table: pd.DataFrame, names: Language) -> pd.DataFrame:
    """The table with a column `label`: each series named by the dimensions in which the series differ; a whole service or authority goes without saying."""
    codes = {column: table[column].tolist() for column in analysis.SERIES}
    varying = [column for column in analysis.SERIES if len(set(codes[column])) > 1] or ["reporter"]
    unsaid = {"service": "all", "authority": "any"}
    shown = [{code: "" if unsaid.get(column) == code else names.of(column, code) for code in set(codes[column])} for column in varying]
    rows = zip(*(codes[column] for column in varying), strict=True)
    parts = (filter(None, (known[code] for known, code in zip(shown, row, strict=True))) for row in rows)
    labels = [" · ".join(own) or names.reporter(reporter) for own, reporter in zip(parts, codes["reporter"], strict=True)]
    return table.assign(label=pd.array(labels, dtype="str"))


def share(interval: Interval) -> str:
    """A share in per cent; what a printed percentage allows is shown as that percentage."""
    return value(interval.low, interval.high, "share_some_data")


def period(row: pd.Series) -> str:
    """The label of a row's period."""
    return ENGLISH.period(Period.of(row))


def title(table: pd.DataFrame, language: Language, scale: str = "") -> str:
    """What a chart shows, in one line: the measure, then every dimension that is the same throughout, then the scale."""
    measure, kinds = measures(table, language), list(set(table["request_type"].tolist()))
    if len(kinds) == 1 and kinds[0] != "all":
        measure = f"{measure}{language.phrase('colon')}{language.request_type(kinds[0])}"
    same = [language.of(column, table[column].iloc[0]) for column in ("reporter", "requester") if len(set(table[column].tolist())) == 1]
    return language.phrase("comma").join([measure, *same, *([scale] if scale else [])])


def time_shown(table: pd.DataFrame, language: Language, shape: str) -> str:
    """The period of a ranking or a map, both of a comparison; else the years from the first number to the last, or the one period there is."""
    numbers = table.dropna(subset=["low"])
    ordered = numbers.drop_duplicates(["period_start", "period_end"]).sort_values(["period_start", "period_end"])
    if shape in views.OF_PERIODS or len(ordered) == 1:
        return language.listed([language.period(Period.of(row)) for _, row in ordered.iterrows()])
    first, last = numbers["period_start"].min().year, numbers["period_end"].max().year
    return f"{first}–{last}" if first != last else str(first)


def axis(table: pd.DataFrame, language: Language, scale: str = "") -> str:
    """What the value axis measures: the unit, then the scale."""
    return language.phrase("comma").join(text for text in (_listed(table, language.unit, language), scale) if text)


def measures(table: pd.DataFrame, language: Language) -> str:
    """What is counted, by every word for it in the table."""
    return _listed(table, language.measure, language)


def _listed(table: pd.DataFrame, name: Callable[[str], str], language: Language) -> str:
    # A chart has several measures only where reporters call by different words what they count.
    names = list(dict.fromkeys(map(name, table["measure"].unique())))
    others = names[1:] if language.code == "de" else [other[:1].lower() + other[1:] for other in names[1:]]
    return language.listed([*names[:1], *others])


def scale_words(view: View, rows: pd.DataFrame, language: Language) -> str:
    """The scale as the end of a title; empty for numbers as published."""
    if view.scale in ("calendar", "year", "day"):
        return language.phrase(f"{view.scale}_scale")
    if view.scale == "people":
        return language.phrase("people_scale", people=language.number(analysis.PEOPLE_PER))
    if view.scale == "index":
        base = views.base_of(view, rows)
        return (
            language.phrase("index_scale", base=language.period(base), hundred=language.number(100)) if base else language.phrase("indexed")
        )
    return ""


def length_words(view: View, rows: pd.DataFrame, language: Language) -> str:
    """For how long each number of several periods counts, after `scale_words`; empty where those say it, and for shares."""
    return per_period(rows, language) if view.scale in ("published", "people") else ""


def per_period(rows: pd.DataFrame, language: Language) -> str:
    """For how long each number of a table counts, as it was published: per half-year; empty for shares."""
    numbers = rows[rows["low"].notna()]
    return "" if set(numbers["measure"]) & set(vocabulary.SHARES) else length(numbers, language)


def length(rows: pd.DataFrame, language: Language) -> str:
    """How long the periods of rows are: per half-year; also of shares."""
    months = {span.months for span in analysis.spans_of(rows)}
    return language.phrase(_LENGTHS.get(months.pop(), "many_lengths") if len(months) == 1 else "many_lengths")


_LENGTHS = {1: "month_scale", 3: "quarter_scale", 6: "half_year_scale", 12: "year_scale"}


def source_line(
    table: pd.DataFrame,
    catalog: Catalog,
    language: Language,
    day: date | None,
    unkept: frozenset[str] = frozenset(),
    *,
    uploads: bool = True,
) -> str:
    """Who published the numbers, in which forms we have them, as known on which day, and what was seen elsewhere or uploaded.

    `unkept` are the documents of uploads that are kept nowhere; `uploads` names the files of the others.
    """
    names = set(analysis.document_names(table))
    documents = [row for name, row in catalog.document_rows.items() if name in names]
    published = [row for row in documents if not is_own(row["document"])]
    files = [row["title"] for row in documents if is_own(row["document"]) and row["document"] not in unkept]
    forms = [form for form in vocabulary.FORMS if form in {row["form"] for row in published}]
    reporters = language.listed([language.reporter(reporter) for reporter in sorted(table["reporter"].unique())])
    how = language.phrase("brackets", text=", ".join(language.form(form) for form in forms)) if forms else ""
    upload = ""
    if unkept & names:
        upload = language.phrase("upload")
    elif files:
        upload = language.phrase("own_files", files=language.listed(list(dict.fromkeys(files)))) if uploads else language.phrase("own")
    return language.sentences(
        language.phrase("source", who=reporters, how=how, day=language.day(day or date.today())),
        language.phrase("secondary") if any(row["seen"] == "seen-secondary" for row in published) else "",
        upload,
    )


def change_of_data(row) -> str:
    """What became of a document or a table between two versions of the data, in English."""
    numbers = f": {number(row.before)} → {number(row.now)} numbers" if row.kind == "document" else ""
    return f"{row.kind} {row.name} {row.change}{numbers}"


def nought(row: pd.Series, language: Language) -> str:
    """A series of noughts and what became of it, in English: `National security letter, 2014 – 2018 H1: none. For 2018 H2: 0–249.`"""
    what = f"{language.request_type(row['request_type'])}, {_span(row['start'], row['end'])}: none of any period."
    if row["ending"] is Ending.ANOTHER_NUMBER:
        return f"{what} For {_span(row['next_start'], row['next_end'])} it is {row['next_printed']}."
    if row["ending"] is Ending.NO_NUMBER:
        return f"{what} For later periods no number is held, though documents go on."
    return what


def watched(statement) -> str:
    """Until when a watched sentence is known to stand, and by when it was gone, in English."""
    gone = f"gone by {day_label(statement.gone_by)}" if statement.gone_by else "whether it stands today is not known"
    return f"“never”, known to stand until {day_label(statement.stands_until)}; {gone}"


def _span(start: pd.Timestamp, end: pd.Timestamp) -> str:
    return str(Period(start.date(), end.date()))


def known_from(document: pd.Series) -> str:
    """From which day a document counts as known, and what that day rests on."""
    bases = {
        "published": "the day of its publication",
        "seen": "the day by which it had been seen; its day of publication is not known",
        "estimated": f"estimated: {MONTHS_UNTIL_KNOWN} months after the last period that it covers; its day of publication is not known",
    }
    return f"known from {day_label(document['known_from'])} ({bases[document['known_from_basis']]})"


def sentences(table: pd.DataFrame, language: Language, shape: str, scaled: bool = False, *, drawn: bool = True) -> list[str]:
    """What is seen, how to read the bands and what the gaps are: what stands under a chart, or without one where nothing is `drawn`."""
    main = top(table, language, scaled) if _is_of_one_period(table, shape) else seen(table, language, scaled, shape=shape)
    return [sentence for sentence in (main, bands(table, language, drawn=drawn), gaps(table, language) if drawn else "") if sentence]


def top(table: pd.DataFrame, language: Language, scaled: bool = False) -> str:
    """What a ranking or map shows: those with the most, in order, with their period."""
    numbers = table.dropna(subset=["low"]).sort_values(["low", "high"], ascending=False)
    if numbers.empty:
        return language.phrase("nothing")
    of_reporters = numbers["requester"].nunique() == 1 and numbers["reporter"].nunique() > 1
    column, other = ("reporter", "requester") if of_reporters else ("requester", "reporter")
    # Where one of them has several series, each is named in full.
    named = numbers if "label" in numbers else with_labels(numbers, language)
    names = named["label"] if numbers[column].duplicated().any() else numbers[column].map(lambda code: language.of(column, code))
    who = [
        f"{name}{language.phrase('brackets', text=language.value(row['low'], row['high'], row['measure'], scaled))}"
        for name, (_, row) in zip(names, numbers.head(3).iterrows(), strict=False)
    ]
    first = numbers.iloc[0]
    when = language.phrase("comma").join([language.of(other, first[other]), language.period(Period.of(first))])
    return language.phrase("most", period=when, who=language.listed(who), count=language.number(numbers[column].nunique()))


def seen(table: pd.DataFrame, language: Language, scaled: bool = False, *, shape: str = "time") -> str:
    """What a chart of series over time shows: of each, or of the largest of many, its first and last value, its movement, its peak and its last step.

    It tells where a series breaks between two numbers that it compares, and where no number lies between them unless a `shape` of two periods has them alone.
    """
    labelled = table if "label" in table else with_labels(table, language)
    changes = analysis.changes(labelled)
    if not changes:
        return language.phrase("nothing")
    between = _Between(labelled, shape, language)
    if len(changes) > SINGLY:
        steps = [change.last_step for change in changes if change.last_step]
        spans = sorted(analysis.spans_of(labelled), key=lambda span: (span.start, span.end))
        ends = {"first": language.period(spans[0]), "last": language.period(spans[-1])} if len(spans) == 2 else {}
        return language.sentences(
            language.phrase("many", count=language.number(len(changes))),
            language.phrase(
                "two_changes" if ends else "many_changes", changes=_counted([change.movement for change in changes], language), **ends
            ),
            between.count(
                "many_broken",
                [bool(between.breaks(change.first, change.last)) for change in changes if change.movement not in ("lengths", "single")],
            ),
            language.phrase("many_steps", changes=_counted(steps, language)) if steps else "",
            between.count(
                "many_no_number",
                [between.has_gap(change.before, change.last) for change in changes if change.last_step not in ("", "lengths")],
            ),
            _one_change(max(changes, key=lambda change: change.last.low), between, scaled),
        )
    return language.sentences(*(_one_change(change, between, scaled) for change in changes))


class _Between:
    """What lies between two numbers of a series of a table: breaks of the series, and times without a number, which a chart of two periods is silent on."""

    def __init__(self, table: pd.DataFrame, shape: str, language: Language):
        self.language, self._is_of_two = language, shape in views.OF_PERIODS
        self._codes = list(zip(*(table[column].tolist() for column in ("reporter", "requester", "measure", "request_type")), strict=True))

    def breaks(self, earlier: analysis.Number, later: analysis.Number) -> list[date]:
        """The days on which the series breaks between them, or inside one of them, in order."""
        return self.language.breaks_within([{code} for code in self._codes[later.position]], earlier.start, later.end)

    def has_gap(self, earlier: analysis.Number, later: analysis.Number) -> bool:
        """Whether days between them belong to neither."""
        return not self._is_of_two and (later.start - earlier.end).days > 1

    def how(self, movement: str, earlier: analysis.Number, later: analysis.Number, *, is_next: bool) -> str:
        """A movement in words, with the breaks across which it is, and that there is no number in between where one `is_next` to the other."""
        words, phrase = self.language.phrase(movement), self.language.phrase
        if movement == "lengths":
            # No change is stated.
            return words
        if days := self.breaks(earlier, later):
            words = phrase("broken", how=words, when=self.language.listed(list(map(self.language.month, days))))
        return phrase("no_number_between", how=words) if is_next and self.has_gap(earlier, later) else words

    def count(self, key: str, is_so: list[bool]) -> str:
        """A sentence with how many there are; blank where there is none."""
        return self.language.phrase(key, count=self.language.number(sum(is_so))) if any(is_so) else ""


def _counted(movements: list[str], language: Language) -> str:
    words, counts = MOVEMENTS | {"single": "many_single"}, Counter(movements)
    return language.phrase("comma").join(
        f"{language.number(counts[name])} {language.phrase(word)}" for name, word in words.items() if name in counts
    )


def one_period_only(table: pd.DataFrame, language: Language) -> str:
    """Of a comparison of two periods, which series have a number in one of them only; empty where all have both."""
    lone = [change.label for change in analysis.changes(table) if change.movement == "single"]
    if not lone:
        return ""
    more = [language.phrase("others", count=language.number(len(lone) - MOST_NAMED))] if len(lone) > MOST_NAMED else []
    return language.phrase("one_of_two", who=" ".join([language.phrase("comma").join(lone[:MOST_NAMED]), *more]))


def _is_of_one_period(table: pd.DataFrame, shape: str) -> bool:
    return shape in ("ranking", "map") and len(analysis.spans_of(table)) == 1


def bands(table: pd.DataFrame, language: Language = ENGLISH, *, brief: bool = False, drawn: bool = True) -> str:
    """How to read the bands, on a chart or where none is `drawn`; empty where every number is exact. A `brief` one says only that there are some."""
    is_band = (table["low"] < table["high"]).to_numpy()
    if not is_band.any():
        return ""
    banded = {(made_by, measure) for made_by, measure in zip(table["made_by"][is_band], table["measure"][is_band], strict=True)}
    is_printed = any(not made_by and measure not in vocabulary.SHARES for made_by, measure in banded)
    is_share = any(measure in vocabulary.SHARES or measure == "requests_some_data" for _, measure in banded)
    return language.sentences(
        language.phrase("ranges", some=language.number(is_band.sum()), all=language.number(table["low"].notna().sum())) if drawn else "",
        language.phrase("inside") if is_printed and not brief else "",
        language.phrase("rounding") if is_share and not brief else "",
    )


def last_value(series: pd.DataFrame, language: Language, scaled: bool, latest: pd.Timestamp | None = None) -> str:
    """The number of a series whose period ends last, with that period where it does not end on the `latest` day; blank where it has none."""
    numbers = series.dropna(subset=["low"])
    if numbers.empty:
        return ""
    row = numbers.sort_values(["period_end", "period_start"]).iloc[-1]
    words = language.value(row["low"], row["high"], row["measure"], scaled)
    return words if row["period_end"] == latest else f"{words}{language.phrase('brackets', text=language.period(Period.of(row)))}"


def computed(table: pd.DataFrame, language: Language, *, brief: bool = False) -> str:
    """That numbers are printed nowhere but follow from printed ones: of each reporter how many, and how; empty where all are as published.

    A `brief` one only counts them, with those that stand on another scale than printed.
    """
    numbers = table[table["low"].notna()]
    if brief:
        some = int((numbers["made_by"].ne("") | numbers["scale"].ne("")).sum())
        each = [language.phrase("some_values", some=language.number(some), all=language.number(len(numbers)))] if some else []
    else:
        made = Counter(zip(numbers["reporter"], numbers["made_by"], strict=True))
        totals = Counter(numbers["reporter"])
        each = [
            f"{language.reporter(reporter)}{language.phrase('comma')}{_how_many(count, totals[reporter], language)}"
            f"{language.phrase('brackets', text=language.made(made_by))}"
            for (reporter, made_by), count in made.items()
            if made_by
        ]
    return language.phrase("computed", each="; ".join(each)) if each else ""


def _how_many(some: int, total: int, language: Language) -> str:
    key = "only_one" if total == 1 else "all_of" if some == total else "some_of"
    return language.phrase(key, some=language.number(some), all=language.number(total))


def gaps(table: pd.DataFrame, language: Language) -> str:
    """That a gap is no zero; on pages also which rows have no number, and why. Empty where all have."""
    lacks = table["low"].isna().to_numpy()
    if not lacks.any():
        return ""
    if language.code != "en":
        return language.phrase("gaps")
    first = (table if "label" in table else with_labels(table, language)).iloc[lacks.argmax()]
    others = int(lacks.sum()) - 1
    more = f"; {language.number(others)} more {'gap stands' if others == 1 else 'gaps stand'} in the table" if others else ""
    return f"{language.phrase('gaps')} {first['label']}, {period(first)}: {first['why']}{more}."


def follows(row: Mapping, language: Language) -> str:
    """What is concluded of a printed band that begins at zero, and from which number of the same document; `row` is one of `bands.by_logic`."""
    shown, target = value(row["derived_low"], row["high"], row["measure"]), language.measure(row["target_measure"]).lower()
    return (
        f"From it follows {shown}: the same document prints {row['target_printed']} {target} in cell {row['target_cell']}, and nobody is aimed at "
        "without a demand. This is our conclusion; the band is kept as it is printed."
    )


def document_names(documents: pd.DataFrame) -> pd.Series:
    """The name of each document by its code: title and edition; of those that their reporter gives the same name, also that of the file, or the code.

    Titles that end in the name of a file are shown without it.
    """
    split = [_FILE.fullmatch(title) for title in documents["title"]]
    heads = [match["head"] if match else title for match, title in zip(split, documents["title"], strict=True)]
    names = [
        head if not edition or edition in head else f"{head}, {edition}"
        for head, edition in zip(heads, documents["edition"].fillna(""), strict=True)
    ]
    files = [re.sub(r"[-_]+", " ", match["file"] or match["page"]) if match else "" for match in split]
    for more in (files, documents["document"]):
        counts = Counter(zip(documents["reporter"], names, strict=True))
        names = [
            f"{name}: {detail}" if detail and counts[reporter, name] > 1 else name
            for reporter, name, detail in zip(documents["reporter"], names, more, strict=True)
        ]
    return pd.Series(names, index=pd.Index(documents["document"]), dtype="str")


_FILE = re.compile(r"(?P<head>.+): (?:https?://\S*?(?P<page>[^/\s]+)/?|(?P<file>[^:/]+)\.[A-Za-z]+)")


def definitions_of(table: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The definitions that apply to the rows of a table: by reporter and measure, and by request type where named."""
    of = ("reporter", "measure", "request_type")
    wanted = set(zip(*(table[column].tolist() for column in of), strict=True))
    counted = {(reporter, measure) for reporter, measure, _ in wanted}
    keys = catalog.definition_keys
    exact = [row for row, key in enumerate(keys) if key in wanted]
    general = [row for row, key in enumerate(keys) if key[2] == "*" and key[:2] in counted]
    return catalog.definitions.iloc[list(dict.fromkeys([*exact, *general]))].reset_index(drop=True)


def breaks_of(table: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """The breaks that fall inside the time that a table's series cover."""
    codes = [{*table[column]} for column in ("requester", "measure", "request_type")]
    spans: dict[str, list[date]] = {}
    for reporter, *span in zip(
        table["reporter"].tolist(), *(analysis.days_of(table[column]) for column in ("period_start", "period_end")), strict=True
    ):
        spans.setdefault(reporter, []).extend(span)
    inside = (row for reporter, days in spans.items() for row in catalog.breaks_within(({reporter}, *codes), min(days), max(days)))
    return catalog.breaks.iloc[sorted(inside)]


def alt(
    table: pd.DataFrame,
    language: Language,
    scale: str = "",
    scaled: bool = False,
    *,
    shape: str = "time",
    everything: pd.DataFrame | None = None,
    heading: str = "",
) -> str:
    """A chart in one paragraph for those who do not see it: what, who, when, the movement or the most, the bands.

    `everything` has also the rows of the series that the chart has no room for; `heading` stands for a title of its own.
    """
    if table["low"].notna().sum() == 0:
        return language.sentences(language.phrase("empty"), language.phrase("nothing"))
    whole = table if everything is None else everything
    shown, there = (len(analysis.series_in(rows, with_number=True)) for rows in (table, whole))
    return language.sentences(
        language.phrase("map" if shape == "map" else "chart"),
        f"{heading or title(table, language, scale)}{language.phrase('stop')}",
        top(whole, language, scaled) if _is_of_one_period(table, shape) else seen(table, language, scaled, shape=shape),
        language.phrase("shown", shown=language.number(shown), all=language.number(there)) if shown < there else "",
        bands(table, language),
    )


def _one_change(change: analysis.Change, between: _Between, scaled: bool) -> str:
    language = between.language

    def value_of(number: analysis.Number) -> str:
        return language.value(number.low, number.high, change.measure, scaled)

    if change.movement == "single":
        return language.phrase("one_value", name=change.label, last=value_of(change.last), last_period=language.period(change.last.period))
    movement = language.phrase(
        "movement",
        name=change.label,
        first=value_of(change.first),
        first_period=language.period(change.first.period),
        last=value_of(change.last),
        last_period=language.period(change.last.period),
        how=between.how(change.movement, change.first, change.last, is_next=change.before is change.first),
    )
    peak = language.phrase("peak", value=value_of(change.peak), period=language.period(change.peak.period)) if change.has_peak else ""
    step = change.last_step and language.phrase(
        "last_step",
        period=language.period(change.before.period),
        how=between.how(change.last_step, change.before, change.last, is_next=True),
    )
    return language.sentences(movement, peak, step)
