"""What stands around a table and must agree with it: titles, the names of sheet and file, notes, and columns that no figure needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from dashboard.model import places
from dashboard.model.intervals import listed
from dashboard.model.periods import Period, label
from dashboard.reports.cells.addresses import parsed
from dashboard.reports.cells.reading import File, Sheet
from dashboard.reports.problems import Problem
from dashboard.reports.tables.columns import Texts
from dashboard.reports.tables.find import Table
from dashboard.reports.tables.roles import WHEN, Answers, Column
from dashboard.reports.words import numbers
from dashboard.reports.words.cell_kinds import kind_of
from dashboard.reports.words.context import FIGURES, Context, context_of, is_about_figures, is_sent_to_governments, pattern_of
from dashboard.reports.words.headers import meaning_of
from dashboard.reports.words.period_words import either, folded, word_file
from dashboard.reports.words.periods import mentions

_BEFORE_ANY_ANSWER = frozenset({"requests", "accounts_specified", "accounts_affected", "identifiers"})
_OTHER_SUBJECTS = frozenset({"subject:accounts", "subject:identifiers", "subject:selectors", "subject:targets", "subject:persons"})
_OF_ALL_REQUESTS = frozenset({"outcome:received", "outcome:disclosure", "outcome:specified", "outcome:affected"})
_UMBRELLAS = frozenset({"legal", "all", "other"})
_BRACKETED = re.compile(r"[(\[（]([^()\[\]（）]+)[)\]）]")
_LONGEST_WORD = 60
_NAMED = 3
_DIFFERENT_TEXTS = 300
UNSAID = {"period": None, "requester": "", "request_type": "", "measure": ""}
"""What a title may say against the columns, each with what says nothing."""
TITLE, SHEET, FILE, NOTE = "title", "sheet", "file", "note"


@dataclass(frozen=True)
class Surrounding:
    """A text outside the columns, where it stands, and what it says.

    `row` is its row within the sheet where it has one; `cell` its address where it stands on a sheet of its own.
    """

    source: str
    context: Context
    row: int | None = None
    cell: str = ""


@dataclass(frozen=True)
class Doubt:
    """Something around a table that must be settled: a code of a problem, what it says, and where."""

    code: str
    says: str
    fix: str
    surrounding: Surrounding


def notes_apart(sheet: Sheet) -> list[Surrounding]:
    """What a sheet without a table, such as “Read me”, says of all figures of its file: lines that begin with them, or name only a scale."""
    notes = []
    for row, texts in enumerate(sheet.rows):
        for column, text in enumerate(texts):
            if len(text) > 2 and is_about_figures(text):
                notes.append(Surrounding(NOTE, context_of(text), cell=sheet.address(row, column)))
    return notes


def around(file: File, table: Table, notes: list[int]) -> list[Surrounding]:
    """The texts around a table: its titles first, then the names of sheet and file, then its notes."""
    surroundings = [
        Surrounding(TITLE, context_of(line), row)
        for line, row in zip(table.title.split("\n"), [*table.title_rows, None], strict=False)
        if line
    ]
    if table.sheet.name:
        surroundings.append(Surrounding(SHEET, context_of(table.sheet.name)))
    surroundings.append(Surrounding(FILE, context_of(re.sub(r"[-_.]+", " ", file.stem))))
    surroundings += [Surrounding(NOTE, context_of(text)) for text in table.sheet.notes]
    for row in notes:
        text = " ".join(cell.strip() for cell in table.sheet.rows[row] if cell.strip())
        surroundings.append(Surrounding(NOTE, context_of(text), row))
    return surroundings


def settled(surroundings: list[Surrounding], which_holds: dict[str, str]) -> list[Surrounding]:
    """The surroundings without what a visitor said does not hold: `which_holds` says of a text whether the `columns` or the `title` does."""
    chosen = [one.context for one in surroundings if which_holds.get(one.context.text) == "title"]
    settled = []
    for one in surroundings:
        gone = {name for name in UNSAID if any(getattr(context, name) for context in chosen) and one.context not in chosen}
        gone |= set(UNSAID) if which_holds.get(one.context.text) == "columns" else set()
        kinds = frozenset() if "request_type" in gone else one.context.kinds
        settled.append(replace(one, context=replace(one.context, kinds=kinds, **{name: UNSAID[name] for name in gone})))
    return settled


def without_columns_words(surroundings: list[Surrounding], which_holds: dict[str, str], columns: list[Column]) -> list[Column]:
    """The columns without what they say of anything that a title says which holds in their place."""
    for context in (one.context for one in surroundings if which_holds.get(one.context.text) == "title"):
        keys = {"request_type"} if context.request_type else set()
        keys |= {"requester", "requester_check"} if context.requester else set()
        keys |= set(WHEN) if context.period else set()
        words = {name: UNSAID[name] for name in ("period", "requester", "request_type") if getattr(context, name)}
        words |= {"measure": context.measure} if context.measure else {}
        columns = [
            replace(column, role="ignored", reason="the title holds, as you said", corrected=True)
            if column.role in keys
            else replace(column, **(words if column.measure in ("", "requests") else words | {"measure": column.measure}))
            if column.is_figure
            else column
            for column in columns
        ]
    return columns


def kind_above(surroundings: list[Surrounding], columns: list[Column]) -> Surrounding | None:
    """The title, the sheet's name or, where no column names a kind, the file's name that says of which kind all figures are."""
    named = [one for one in surroundings if one.context.request_type and not one.context.is_narrowed]
    for one in named:
        if one.context.request_type in _UMBRELLAS:
            continue
        if one.source in (TITLE, SHEET):
            return one
        if one.source == FILE and not any(column.request_type or column.role in ("request_type", "coded") for column in columns):
            return one
    return None


def with_kind(columns: list[Column], above: Surrounding | None) -> list[Column]:
    """The columns, those of figures without a kind of their own with the kind that stands above the table."""
    if above is None or any(column.role == "request_type" for column in columns):
        return columns
    kind = above.context.request_type
    return with_dimensions(columns, lambda column: not column.request_type, f"the {above.source} says the kind", request_type=kind)


def with_authority(columns: list[Column], surroundings: list[Surrounding]) -> list[Column]:
    """The columns of figures with the authority that asked, where a title or the sheet's name says one and no column does."""
    named = {
        one.context.authority for one in surroundings if one.source in (TITLE, SHEET) and not (one.context.is_narrowed or one.context.rest)
    }
    if len(named - {""}) != 1 or any(column.authority or column.role in ("authority", "coded") for column in columns):
        return columns
    authority = max(named)
    return [replace(column, authority=authority) if column.is_figure and not column.corrected else column for column in columns]


def kind_beside(columns: list[Column]) -> list[Column]:
    """The columns, rates and accounts beside the only column of requests, which names a kind, with that kind."""
    counted = [column for column in columns if column.role == "count" and column.measure == "requests"]
    kinds = {column.request_type for column in counted}
    if len(kinds) != 1 or kinds & {"", "all"} or any(column.role in ("request_type", "coded") for column in columns):
        return columns
    because = "beside it only requests of one kind are counted"
    return with_dimensions(columns, lambda column: column.measure and not column.request_type, because, request_type=kinds.pop())


def with_dimensions(columns: list[Column], is_meant: Callable[[Column], object], because: str, **dimensions: str) -> list[Column]:
    """The columns, those of figures that are meant and that nobody corrected with what is said of them, and why."""
    return [
        replace(column, reason=f"{column.reason}; {because}", **dimensions)
        if column.is_figure and not column.corrected and is_meant(column)
        else column
        for column in columns
    ]


def doubts(surroundings: list[Surrounding], columns: list[Column], texts: dict[int, Texts], answers: Answers) -> Iterator[Doubt]:
    """What the surroundings of a table say against its columns, or what no figure can be read by."""
    yield from _other_subjects(surroundings, answers.reporter)
    yield from _derived(surroundings, columns)
    yield from _scales(surroundings, columns)
    yield from _kinds(surroundings, columns, texts, answers)
    yield from _outcomes(surroundings, columns)


def unread_words(surroundings: list[Surrounding], publisher: str) -> Iterator[tuple[Surrounding, str]]:
    """The titles with words that mean nothing here, and may say which requests are counted, or a scale or a unit.

    Told are all such words of a title of requests or of a title most of whose words are unknown, of others those in brackets.
    """
    own_name = set(folded(publisher).split())
    for one in surroundings:
        text = one.context.text
        if one.source not in (TITLE, SHEET) and not (one.source == NOTE and _begins_or_ends_with_limit(text)):
            continue
        tags = meaning_of(text).tags - {"neutral"}
        rest = one.context.rest.split()
        unknown = [word for word in rest if word not in own_name and _is_word(word)]
        is_named = tags or one.context.period or one.context.requester or not own_name.isdisjoint(rest)
        if unknown and not is_named and one.source == TITLE and len(rest) > max(1, len(text.split()) / 2):
            yield one, text.strip()
        elif unknown and "subject:requests" in tags:
            yield one, " ".join(unknown)
        elif one.source == TITLE:
            for words in _BRACKETED.findall(text):
                is_meant = meaning_of(words).tags - {"neutral"} or mentions(words)
                if not is_meant and any(map(_is_word, context_of(words).rest.split())) and not own_name & set(folded(words).split()):
                    yield one, words.strip()


def _begins_or_ends_with_limit(remark: str) -> bool:
    begins = pattern_of("limits").match(re.sub(r"^notes?: ?", "", remark, flags=re.IGNORECASE))
    return begins is not None or re.search(r"\bonly\W*$", remark, re.IGNORECASE) is not None


def _is_word(text: str) -> bool:
    return re.search(r"[^\W\d_]{3}|[\u3000-\u9fff]", text) is not None


def contradictions(surroundings: list[Surrounding], periods: set[Period], requesters: set[str]) -> Iterator[Doubt]:
    """The titles and names that tell another time or place than every figure of the table is of."""
    for one in surroundings:
        named = one.context
        if one.source == NOTE and (shorter := covered_only(named.text, periods)):
            says = f"says {label(shorter)}, and the figures are of {listed(map(label, sorted(periods)), _NAMED)}."
            yield Doubt("contradicting_words", says, "Correct whichever is wrong.", one)
        if one.source == NOTE or named.is_narrowed:
            continue
        if named.period and periods and not _agree(named.period, periods):
            says = f"says {label(named.period)}, and the figures are of {listed(map(label, sorted(periods)), _NAMED)}."
            yield Doubt("contradicting_words", says, "Correct whichever is wrong.", one)
        if named.requester not in ("", places.WORLD) and requesters and named.requester not in requesters:
            says = f"says {places.name(named.requester)}, and the figures are of {listed(sorted(map(places.name, requesters)), _NAMED)}."
            yield Doubt("contradicting_words", says, "Correct whichever is wrong.", one)


def _agree(named: Period, periods: set[Period]) -> bool:
    # “2020 H1” above figures of 2020 says that they are of a part of the year.
    is_wider = any(period.start <= named.start and named.end <= period.end and period != named for period in periods)
    is_within = any(named.start <= period.start and period.end <= named.end for period in periods)
    return any(named.overlaps(period) for period in periods) and (is_within or not is_wider)


def covered_only(text: str, periods: set[Period]) -> Period | None:
    """A part of a period of the figures that a remark says they cover, such as “January to March only”."""
    covers = pattern_of("covers")
    if not covers.search(text):
        return None
    for year in sorted({period.start.year for period in periods}):
        for named, _ in mentions(text) or mentions(f"{covers.sub(' ', text).strip(' .')} {year}"):
            if not _agree(named, periods):
                return named
    return None


def counts_only(text: str) -> bool:
    """Whether a remark such as “emergency requests only” says that of all requests some alone are counted beside it."""
    context, tags = context_of(text), meaning_of(text).tags
    is_of_requests = bool(context.kinds) or any(tag == "subject:requests" or tag.startswith("outcome:") for tag in tags)
    return is_of_requests and not context.is_narrowed and pattern_of("only").search(text) is not None


def other_pace(text: str, periods: set[Period]) -> bool:
    """Whether words such as “per month” name another length than that of every period."""
    paces = word_file("context")["paces"]
    months = {length for length in (1, 3, 12) if re.search(rf"\b{either(paces['each'])} {either(paces[str(length)])}\b", folded(text))}
    return bool(months and periods) and not months & {period.months for period in periods}


def doubtful_text(texts: Texts, is_note: bool) -> str:
    """A text of a column that no figure needs, but that says what is counted, in which scale or who asked; blank where there is none."""
    for text in texts.all()[:_DIFFERENT_TEXTS]:
        if not text.strip() or len(text) > _LONGEST_WORD:
            continue
        context = context_of(text)
        if context.is_narrowed or (is_note and context.rest and context.scale == 1):
            continue
        if (
            context.is_other_subject
            or context.scale != 1
            or context.authority
            or (not is_note and (context.kinds or context.measure) and not context.rest)
        ):
            return text.strip()
    return ""


def problems_around(file: File, cells: Iterable[str], has_private: bool) -> list[Problem]:
    """What stands around the figures of a known layout, and says that they are no counts of requests for user data.

    `cells` are the addresses of its figures. Looked at are the names of the file and of each sheet with figures, and every line of one text
    in them. `has_private`: the layout itself reads figures of private parties.
    """
    named = {address.sheet for cell in cells if (address := parsed(cell))}
    around_file: list[tuple[str, Surrounding]] = [("", Surrounding(FILE, context_of(re.sub(r"[-_.]+", " ", file.stem))))]
    for sheet in file.sheets:
        if sheet.name not in named:
            continue
        around_file.append(("", Surrounding(SHEET, context_of(sheet.name or ""))))
        for row, texts in enumerate(sheet.rows):
            filled = [(column, text) for column, text in enumerate(texts) if text.strip()]
            if len(filled) == 1 and kind_of(filled[0][1]) not in ("number", "missing"):
                around_file.append((sheet.address(row, filled[0][0]), Surrounding(TITLE, context_of(filled[0][1]), row)))
    problems = []
    for cell, one in around_file:
        for doubt in [*_other_subjects([one]), *_scales_of([one])]:
            if not (has_private and one.context.authority == "private" and not one.context.is_other_subject):
                problems.append(Problem("error", doubt.code, doubt.says, doubt.fix, cell=cell, value=one.context.text[:200]))
    return problems


def _other_subjects(surroundings: list[Surrounding], publisher: str = "") -> Iterator[Doubt]:
    for one in surroundings:
        if one.context.is_narrowed:
            continue
        fix = "Leave the table out, or correct the words if it does count requests of governments for user data."
        if one.context.is_outgoing or is_sent_to_governments(one.context.text, publisher):
            yield Doubt("other_subject", "says that the publisher asked governments, and not they the publisher.", fix, one)
        elif one.context.is_other_subject:
            yield Doubt("other_subject", "is about something else than requests for user data.", fix, one)
        elif one.context.authority == "private":
            yield Doubt("other_subject", "says that private parties asked, who are no government.", fix, one)


def _derived(surroundings: list[Surrounding], columns: list[Column]) -> Iterator[Doubt]:
    has_shares = any(column.role == "share" for column in columns)
    for one in surroundings:
        is_about_figures = one.source in (TITLE, SHEET) or (one.source == NOTE and FIGURES.match(one.context.text))
        meant = meaning_of(one.context.text)
        is_share = (meant.is_share and not has_shares and (meant.is_percent or "subject:requests" not in meant.tags)) or {
            "role:no_count",
            "subject:requests",
        } <= meant.tags
        if is_about_figures and not one.context.is_narrowed and (one.context.is_derived or is_share):
            says = "says that the figures are made of counts, such as averages, changes or percentages, and are no counts themselves."
            yield Doubt("other_subject", says, "Bring the counts, or correct the words.", one)


def _scales(surroundings: list[Surrounding], columns: list[Column]) -> Iterator[Doubt]:
    if any(column.is_figure and column.role != "share" for column in columns):
        yield from _scales_of(surroundings)


def _scales_of(surroundings: list[Surrounding]) -> Iterator[Doubt]:
    for one in surroundings:
        if one.context.scale != 1 and (one.source != FILE or re.search(r"\bin (?:thousands|hundreds|millions)\b", one.context.text)):
            says = f"says that the figures are to be multiplied by {one.context.scale:,}, so they are rounded and are no counts."
        elif one.source != FILE and numbers.says_rounded(one.context.text):
            says = "says that the figures are rounded, so each stands for an interval and is no count."
        else:
            continue
        fix = "Write the counts in full, or each as the interval it stands for, such as 11500–12499."
        yield Doubt("scaled_figures", says, fix, one)


def _outcomes(surroundings: list[Surrounding], columns: list[Column]) -> Iterator[Doubt]:
    # A title that says what else was counted, or what became of requests, over columns of no more than requests and their accounts.
    measures = {column.measure for column in columns if column.is_figure}
    if not {"requests"} <= measures <= _BEFORE_ANY_ANSWER:
        return
    for one in surroundings:
        measure = one.context.measure
        tags = meaning_of(one.context.text).tags
        outcomes = {tag for tag in tags if tag.startswith("outcome:")} - _OF_ALL_REQUESTS
        outcomes |= {
            tag for tag in tags & _OTHER_SUBJECTS if "subject:requests" not in tags and not measures & _BEFORE_ANY_ANSWER - {"requests"}
        }
        if one.source == NOTE and not (measure and pattern_of("only").search(one.context.text)):
            continue
        if one.context.is_narrowed or measure in measures or not (measure or outcomes):
            continue
        says = (
            f"says that {measure.replace('_', ' ')} are counted"
            if measure
            else "says that something else, or only some of them, is counted"
        )
        yield Doubt("contradicting_words", f"{says}, and the columns say requests.", "Correct the title or the header.", one)


def _kinds(surroundings: list[Surrounding], columns: list[Column], texts: dict[int, Texts], answers: Answers) -> Iterator[Doubt]:
    nearby = [one for one in surroundings if one.source != FILE]
    above = kind_above(nearby, columns)
    fix = "Correct the title or the columns, so that they name the same kinds."
    if above is not None:
        kind = above.context.request_type
        other = kind_above([one for one in nearby if one.context.request_type != kind], columns)
        if other is not None and not answers.request_type:
            says = f"says {kind.replace('_', ' ')}, and the {other.source} “{other.context.text}” names another kind."
            yield Doubt("contradicting_words", says, "Leave one of the two kinds above the table.", above)
        named = {column.request_type for column in columns if column.is_figure} - {"", kind, answers.request_type}
        for column in columns:
            if column.role == "request_type":
                named |= {kind_named for text in texts[column.index].all() for kind_named in context_of(text).kinds} - {kind}
        if named:
            says = f"says {kind.replace('_', ' ')}, and the columns say {', '.join(sorted(named)).replace('_', ' ')}."
            yield Doubt("contradicting_words", says, fix, above)
    for one in surroundings:
        kind_named = one.context
        if one.source == NOTE and kind_named.request_type and not kind_named.is_narrowed and pattern_of("only").search(kind_named.text):
            kinds = {column.request_type for column in columns if column.is_figure}
            if kinds != {kind_named.request_type} and not any(column.role == "request_type" for column in columns):
                says = f"says that the figures are of one kind, {kind_named.request_type.replace('_', ' ')}, which no title or column says."
                yield Doubt("contradicting_words", says, "Say which kind of request it is.", one)
