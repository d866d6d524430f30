"""What several pages put on the screen: charts with their table, evidence, downloads, and the link to this view."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from urllib.parse import urlencode

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from babel import Locale
from streamlit.delta_generator import DeltaGenerator

from dashboard import analysis, answers, catalog, charts, exports, overviews, sources, statements, views, words
from dashboard.model.tables import OBSERVATION_COLUMNS
from dashboard.statements import own
from dashboard.statements import words as verdict_words

FINE_CHOICES = {"scale", "base", "start", "end", "known", "service", "authority"}
"""Parameters whose controls stand in the folded part of Explore; an address that sets one opens it."""
EXAMPLE_CLAIM = "Google got 50,000 requests a year from Germany in 2021"
PER_WORDS = {"whole": "for the whole period", "year": "per year", "month": "per month", "day": "per day"}
MOST_CELLS = 40
"""Cells listed under one reading on the screen; the command line gives all."""
SHOWN = {
    "label": "Series",
    "period": "Period",
    "value": "Value",
    "printed": "As printed",
    "derivation": "How made",
    "why": "Why no number",
    "document": "Document",
    "cell": "Cell",
}


@functools.lru_cache(maxsize=16)
def complete(day: date | None = None) -> pd.DataFrame:
    """Everything known on a day with its totals; read only."""
    return analysis.complete(catalog.bundled(), day)


@functools.lru_cache(maxsize=256)
def answer(view: views.View) -> answers.Answer:
    """The answer to a view of the bundled data; read only."""
    return answers.answer(view, catalog.bundled(), complete(view.known_on), statements.bundled(), names())


@functools.cache
def overview() -> overviews.Overview:
    """What the Overview page shows; read only."""
    return overviews.overview(catalog.bundled(), complete(), statements.bundled(), names())


@functools.cache
def source_tables() -> dict[str, pd.DataFrame]:
    """The tables of the Sources page; read only."""
    bundle = catalog.bundled()
    return {
        "documents": sources.documents(bundle, names()),
        "restated": sources.restated(bundle, names()),
        "withdrawn": sources.withdrawn(bundle, names()),
    }


@functools.cache
def facets() -> dict[str, dict[str, int]]:
    """The conditions of a search among statements, each value with its number of statements."""
    return statements.facets(statements.bundled(), verdicts())


@functools.lru_cache(maxsize=256)
def choices(day: date | None, measure: str, reporters: tuple[str, ...]) -> answers.Choices:
    """What can be chosen on a day for a measure and some reporters; read only."""
    return answers.choices(complete(day), names(), measure, reporters)


@functools.cache
def names() -> words.Names:
    """The names of everything in the vocabulary."""
    return words.Names(catalog.bundled())


def choose(where: DeltaGenerator, label: str, options: Iterable[str], *, key: str, opened: str, shown: Callable[[str], str], **more) -> str:
    """A choice of one that starts at what the address names and keeps what the visitor chose while it is among the options."""
    options = list(dict.fromkeys(options))
    if st.session_state.get(key) not in options:
        st.session_state[key] = opened if opened in options else options[0]
    return where.selectbox(label, options, key=key, format_func=shown, **more)


def choose_several(
    where: DeltaGenerator,
    label: str,
    options: Iterable[str],
    *,
    key: str,
    opened: Iterable[str],
    shown: Callable[[str], str],
    placeholder: str,
) -> list[str]:
    """A choice of several, likewise; what is no option any more falls out."""
    options = list(dict.fromkeys(options))
    st.session_state[key] = [code for code in st.session_state.get(key, opened) if code in options]
    return where.multiselect(label, options, key=key, format_func=shown, placeholder=placeholder)


def named(blank: str) -> Callable[[str], str]:
    """How a choice is shown that may be left blank. Not a lambda on a page: that would keep the page's tables alive with its session."""
    return lambda text: text or blank


def query_dict(view: views.View) -> dict[str, list[str]]:
    """The parameters of a view's address, several values a name where there are several."""
    found: dict[str, list[str]] = {}
    for name, text in view.query():
        found.setdefault(name, []).append(text)
    return found


def why_nothing(view: views.View, rows: pd.DataFrame) -> str:
    """Why a choice shows no number, and what to choose instead."""
    if not view.reporter:
        return "Choose at least one reporter."
    if not view.requester and view.shape not in ("ranking", "map"):
        return "Choose at least one country, or Worldwide."
    if not rows.empty:
        return markdown(f"No number can be shown: {rows['why'].iloc[0]}.")
    return "Nothing is published for this choice. Take out a condition: the kind of demand, the time, or the edition."


@functools.cache
def verdicts() -> dict[str, list[statements.Verdict]]:
    """Every verdict of the bundled statements, by statement."""
    found: dict[str, list[statements.Verdict]] = {}
    for verdict in statements.bundled_judge().all():
        found.setdefault(verdict.statement, []).append(verdict)
    return found


def counted(shown: Callable[[str], str], counts: dict[str, int]) -> Callable[[str], str]:
    """Names with the number of statements behind each."""
    return lambda code: f"{shown(code)} ({counts.get(code, 0)})"


def show_chart(figure: go.Figure, *, key: str, alt: str, config: dict | None = None) -> int | str | None:
    """Draw a chart with its alternative text; the row number of a selected point, or the name of a selected statement."""
    event = st.plotly_chart(
        figure, key=key, alt=alt, on_select="rerun", selection_mode="points", config={**charts.CONFIG, **(config or {})}, width="stretch"
    )
    for point in event["selection"]["points"]:
        row = point.get("customdata")
        row = row[0] if isinstance(row, list) and row else row
        if isinstance(row, int | str):
            return row
    return None


def show_panels(panels: Iterable[answers.Panel], *, key: str, columns: int = 3) -> int | str | None:
    """Small charts side by side on a wide screen and one below the other on a phone; the row that is selected."""
    chosen = None
    for place, panel in enumerate(panels):
        if place % columns == 0:
            shelf = st.columns(columns)
        with shelf[place % columns]:
            st.markdown(f"**{markdown(panel.name)}**")
            selected = show_chart(panel.figure, key=f"{key}-{panel.name}", alt=panel.alt)
            chosen = chosen if selected is None else selected
    return chosen


def as_shown(table: pd.DataFrame, scaled: bool = False) -> pd.DataFrame:
    """The rows of a view as a table to read: series, period, value in words, and where it is printed."""
    shown = table.assign(
        period=[words.period(row) for _, row in table.iterrows()],
        value=[
            words.value(low, high, measure, scaled)
            for low, high, measure in zip(table["low"], table["high"], table["measure"], strict=True)
        ],
    )
    columns = [
        column for column in SHOWN if column in ("label", "period", "value") or (column in shown and shown[column].astype(bool).any())
    ]
    return shown[columns].rename(columns=SHOWN)


def is_open(label: str, key: str) -> bool:
    """A switch that brings something heavy only when it is asked for."""
    return st.toggle(label, key=key)


def show_table(table: pd.DataFrame, scaled: bool = False, height: int | str = "auto") -> None:
    """The view as a plain table, reachable by keyboard."""
    st.dataframe(as_shown(table, scaled), hide_index=True, width="stretch", height=height)


def show_sentences(sentences: Iterable[str]) -> None:
    """Sentences of our own making, each a paragraph."""
    for sentence in sentences:
        st.markdown(markdown(sentence))


def show_selected(selected: int | str | None, rows: pd.DataFrame, table: pd.DataFrame) -> None:
    """The card of what is selected on a chart: a number's evidence, or a statement; else how to select."""
    said = statements.bundled().statements.set_index("statement", drop=False)
    if isinstance(selected, str) and selected in said.index:
        show_statement(said.loc[selected])
    elif selected in rows.index:
        show_evidence(rows.loc[selected], table)
    else:
        st.caption("Select a point to see its printed text, its document and cell, and its definition.")


def show_unmapped(rows: pd.DataFrame, scaled: bool) -> None:
    """The places that have a number and no shape on the map."""
    if not rows.empty:
        st.markdown("**Too small for this map**")
        show_table(rows, scaled)


def show_evidence(row: pd.Series, table: pd.DataFrame) -> None:
    """The card of one number: its printed text, its document and cell, its definition; for a total, its parts."""
    bundle = catalog.bundled()
    with st.container(border=True):
        said = words.value(row["low"], row["high"], row["measure"])
        who = f"{names().reporter(row['reporter'])}, {names().requester(row['requester'])}, {words.period(row)}"
        st.markdown(f"**{markdown(said)}** {markdown(names().unit(row['measure']))} · {markdown(who)}")
        parts = analysis.parts_of(table, bundle, row)
        if row["derivation"]:
            st.markdown(f"{markdown(row['derivation'][:1].upper() + row['derivation'][1:])}. It rests on {len(parts):,} published numbers:")
        documents = bundle.documents.set_index("document")
        for document in dict.fromkeys(parts["document"]):
            entry = documents.loc[document]
            known = f"known from {entry['known_from']:%-d %B %Y} ({entry['known_from_basis']})"
            st.markdown(
                f"[{markdown(entry['title'])}]({entry['url']}) · {entry['form']} · {known}" if entry["url"] else markdown(entry["title"])
            )
        evidence = parts[["request_type", "requester", "printed", "document", "cell"]]
        if len(parts) == 1:
            st.markdown(f"Printed as **{markdown(evidence.iloc[0]['printed'])}** in cell **{markdown(evidence.iloc[0]['cell'])}**")
        else:
            st.dataframe(evidence, hide_index=True, width="stretch", height=220)
        show_definitions(words.definitions_of(row.to_frame().T, bundle))


def show_statement(statement: pd.Series, bordered: bool = True, own_page: bool = False) -> None:
    """Who said what, when and where, with a fragment of the wording and a link."""
    with st.container(border=bordered):
        if not own_page:
            st.markdown(f"**{markdown(statement.speaker)}** · {markdown(statement.date)} · {markdown(statement.side)}")
        st.markdown(markdown(statement.says))
        if statement.quote:
            st.markdown(f"> “{markdown(statement.quote)}”")
        seen = "wording seen on the speaker’s own page" if statement.seen == "own page" else "wording as reported by another"
        st.caption(f"{markdown(statement.role)} · {markdown(statement.venue)} · {seen} · [Read it there]({statement.url})")
        if own_page and statement.note:
            st.markdown(markdown(statement.note))
        if not own_page:
            page_link("Claims and verdicts", f"/statements?statement={statement.statement}")


def show_statement_in_list(statement: pd.Series, said: statements.Statements, found: dict[str, list]) -> None:
    """A statement as one of a list: who, what, and each claim with its verdicts in words."""
    with st.container(border=True):
        st.markdown(
            f"**{markdown(statement.speaker)}** · {markdown(statement.date)} · {markdown(statement.side)} · {markdown(statement.topic)}"
        )
        st.markdown(markdown(statement.says))
        claims = said.claims[said.claims["statement"] == statement.statement]
        for claim in claims.itertuples():
            own = [verdict for verdict in found.get(statement.statement, []) if verdict.claim == claim.claim]
            st.markdown(f"- {markdown(verdict_words.claim(claim))}: **{markdown(verdict_words.summary(own))}**")
        if claims.empty:
            st.caption("No number to check.")
        page_link("Open", f"/statements?statement={statement.statement}")


def show_chain(said: statements.Statements, statement: str) -> None:
    """The repetitions that a statement belongs to, from its origin, with what changed on the way."""
    chain = said.chain(statement)
    if len(chain) < 2:
        return
    st.markdown("**Who repeated it, and what changed**")
    by_name = said.statements.set_index("statement")
    lines = []
    for name, depth in chain:
        entry = by_name.loc[name]
        who = f"{markdown(entry['speaker'])}, {markdown(entry['date'])}"
        who = f"**{who}** (this statement)" if name == statement else f"[{who}](/statements?statement={name})"
        drift = f" — {markdown(entry['drift'])}" if entry["drift"] else ""
        lines.append(f"{'    ' * depth}- {who}{drift}")
    st.markdown("\n".join(lines))


def show_claims_on_series(said: statements.Statements, statement: str, table: pd.DataFrame) -> None:
    """The series that a statement concerns, with its claims drawn at their own period and range."""
    panels = statements.claimed_series(said, statement, table, names())
    if not panels:
        st.caption("No published series that this refers to is held here.")
    for place, panel in enumerate(panels):
        st.markdown(f"**{markdown(panel.title)}**")
        figure = charts.over_time(panel.rows, axis=panel.axis, claims=panel.claims, scaled=panel.is_scaled)
        selected = show_chart(
            figure,
            key=f"claimed-{statement}-{place}",
            alt=words.alt(panel.rows, names(), panel.axis, panel.is_scaled) + panel.claims_in_words,
        )
        if not panel.claims.empty:
            st.caption(f"Dashed: {panel.claims_in_words}")
        if selected in panel.rows.index:
            show_evidence(panel.rows.loc[selected], table)
        page_link("Open in Explore", "/explore?" + urlencode(views.of_series(panel.rows).query()))


def show_verdicts(said: statements.Statements, statement: str, found: dict[str, list]) -> None:
    """Every claim of a statement, and under it every reading with its verdict, its arithmetic and its cells."""
    claims = said.claims[said.claims["statement"] == statement]
    if claims.empty:
        st.markdown("This statement holds no number to check.")
    readings = said.readings.set_index(["statement", "claim", "reading"])
    for claim in claims.itertuples():
        st.subheader(verdict_words.claim(claim), anchor=False)
        for verdict in (verdict for verdict in found[statement] if verdict.claim == claim.claim):
            reading = readings.loc[(statement, claim.claim, verdict.reading)]
            show_verdict(verdict, reading["label"], reading["settled_by"])


def show_verdict(verdict: statements.Verdict, reading: str, settled_by: str = "") -> None:
    """One reading: its verdict, flags and arithmetic, what would settle it, and the cells it rests on."""
    with st.container(border=True):
        st.markdown(f"**{markdown(verdict.verdict.capitalize())}** · {markdown(reading)}")
        for flag in verdict.flags:
            st.markdown(f"Flag: {markdown(verdict_words.flag(flag))}")
        if verdict.arithmetic:
            st.markdown(markdown(verdict.arithmetic))
        if verdict.why:
            st.markdown(markdown(verdict_words.sentence(verdict.why)))
        if verdict.as_of_day:
            st.caption(f"As known on {markdown(verdict.as_of_day)}, the day it was said.")
        if settled_by:
            st.markdown(f"What would settle it: {markdown(settled_by)}")
        if cells := verdict.cells:
            with st.expander(f"It rests on {len(cells)} published number{'s' if len(cells) != 1 else ''}"):
                st.markdown("\n".join(f"- {markdown(cell)}" for cell in cells[:MOST_CELLS]))
                if len(cells) > MOST_CELLS:
                    st.caption(f"and {len(cells) - MOST_CELLS} more")


def corrected_claim(claim: own.OwnClaim) -> own.OwnClaim:
    """Controls that show what a sentence is understood to say, each with the words it was found in, and the claim as corrected."""
    bundle, mark = catalog.bundled(), hashlib.sha256(claim.text.encode()).hexdigest()[:8]
    corrections: dict[str, object] = {}
    if len(claim.numbers) > 1:
        said = [claim.text[one.start : one.end] for one in claim.numbers]
        corrections["number"] = st.radio(
            "Which number", range(len(said)), index=claim.number, format_func=lambda n: said[n], horizontal=True, key=f"own-number-{mark}"
        )
        claim = own.corrected(claim, bundle, **corrections)
    key = f"{mark}-{claim.number}"
    one, two, three, four = st.columns(4)
    low = one.number_input("At least", value=_finite(claim.claimed.low), key=f"own-low-{key}", format="%g", help="Blank: no lower end")
    high = one.number_input("At most", value=_finite(claim.claimed.high), key=f"own-high-{key}", format="%g", help="Blank: no upper end")
    if (low, high) != (_finite(claim.claimed.low), _finite(claim.claimed.high)):
        corrections |= {"low": float("-inf") if low is None else low, "high": float("inf") if high is None else high}
    corrections["per"] = _own_choice(two, "Per", PER_WORDS, claim.per, claim.said("per"), f"own-per-{key}", PER_WORDS.get)
    measures = bundle.measures["measure"].tolist()
    corrections["measure"] = _own_choice(
        two, "What is counted", measures, claim.measure, claim.said("measure"), f"own-measure-{key}", names().measure
    )
    held = sorted(bundle.observations["reporter"].unique(), key=names().reporter)
    corrections["reporter"] = _own_choice(
        three,
        "Reporter",
        ["", *held],
        claim.reporter,
        claim.said("reporter"),
        f"own-reporter-{key}",
        lambda code: names().reporter(code) or "Not named",
    )
    countries = sorted(bundle.observations["requester"].unique(), key=names().requester)
    corrections["requester"] = _own_choice(
        three,
        "Whose government asked",
        ["", *countries],
        claim.requester,
        claim.said("requester"),
        f"own-requester-{key}",
        lambda code: names().requester(code) if code else "Not named",
    )
    start = four.date_input("From", value=claim.start, key=f"own-start-{key}", min_value=date(1900, 1, 1))
    end = four.date_input("To", value=claim.end, key=f"own-end-{key}", min_value=date(1900, 1, 1))
    if (start, end) != (claim.start, claim.end):
        corrections |= {"period_start": start or "", "period_end": end or ""}
    return own.corrected(claim, bundle, **corrections)


def show_nearest(rows: pd.DataFrame) -> None:
    """The published series that would fit a claim, best first, and in what each differs from what was said."""
    if rows.empty:
        st.markdown("No published series near it fits, or the claim is too wide for a fit to mean anything.")
        return
    shown = words.with_labels(rows.assign(derivation="", why=""), names())
    shown = shown.assign(
        period=[words.period(row) for _, row in rows.iterrows()],
        value=[words.value(low, high, measure) for low, high, measure in zip(rows["low"], rows["high"], rows["measure"], strict=True)],
    )
    columns = {"label": "Series", "period": "Period", "value": "Value", "differs": "What differs from the sentence"}
    st.dataframe(shown[list(columns)].rename(columns=columns), hide_index=True, width="stretch")


def _own_choice(
    where: DeltaGenerator, label: str, options: Iterable[str], chosen: str, said: str, key: str, shown: Callable[[str], str]
) -> str:
    options = list(options)
    if chosen not in options:
        options.append(chosen)
    found = f"Found in “{said}”" if said else "Not said; assumed"
    choice = where.selectbox(label, options, index=options.index(chosen), key=key, format_func=shown)
    where.caption(markdown(found))
    return choice


def _finite(value: float) -> float | None:
    return None if abs(value) == float("inf") else float(value)


def show_how_verdicts_are_reached() -> None:
    """How a verdict is reached and what it does not mean, on one screen."""
    with st.expander("How a verdict is reached, and what it does not mean"):
        st.markdown(verdict_words.HOW)


def page_link(label: str, address: str) -> None:
    """A link to a view on another page, which reopens there exactly."""
    st.markdown(f"[{markdown(label)}]({address})")


def language(code: str) -> str:
    """A language's English name."""
    return Locale.parse("en").languages.get(code, code)


def paged(items: list[str], key: str, each: int, opened: str = "") -> tuple[list[str], int]:
    """One page of a long list and its number, with a choice of page where there are several."""
    pages = max(1, -(-len(items) // each))
    start = int(opened) if opened.isdecimal() and len(opened) < 6 else 1
    st.session_state[key] = min(max(st.session_state.get(key, start), 1), pages)
    page = st.number_input(f"Page, of {pages}", min_value=1, max_value=pages, step=1, key=key) if pages > 1 else 1
    return items[(page - 1) * each : page * each], page


def show_definitions(definitions: pd.DataFrame) -> None:
    """Definitions, each with its reporter and its source."""
    for definition in definitions.itertuples():
        source = f" [Source]({definition.url})" if definition.url else ""
        st.markdown(f"**{markdown(names().reporter(definition.reporter))}**: {markdown(definition.definition)}{source}")


def show_breaks(breaks: pd.DataFrame) -> None:
    """The breaks marked on a chart, numbered as they are there."""
    for place, (day, here) in enumerate(breaks.groupby("date")):
        for change in here.itertuples():
            number = charts.break_mark(place)
            st.markdown(
                f"{number} **{markdown(names().reporter(change.reporter))}, {day:%B %Y}: {markdown(change.label)}.** "
                f"{markdown(change.change)} {markdown(change.effect)}"
            )


def show_downloads(table: pd.DataFrame, name: str, view: dict[str, str]) -> None:
    """Buttons that hand over exactly the rows shown, as CSV and as a workbook."""
    bundle = catalog.bundled()
    rows = table[[column for column in [*OBSERVATION_COLUMNS, "derivation", "why"] if column in table]]
    # A prefix of the content's hash keeps two visitors' files apart whatever their length.
    mark = hashlib.sha256(pd.util.hash_pandas_object(rows, index=False).to_numpy().tobytes()).hexdigest()[:10]
    left, right = st.columns(2)
    left.download_button(
        "Download CSV",
        lambda: exports.csv(exports.rows_for_download(rows, bundle)),
        file_name=f"{name}-{mark}.csv",
        mime="text/csv",
        on_click="ignore",
        width="stretch",
        key=f"{name}-csv",
    )
    right.download_button(
        "Download XLSX",
        lambda: exports.xlsx(rows, bundle, view),
        file_name=f"{name}-{mark}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        on_click="ignore",
        width="stretch",
        key=f"{name}-xlsx",
    )


def copy_link(parameters: Iterable[tuple[str, str]]) -> None:
    """A button that shows the address which reopens exactly this view, ready to copy."""
    base = (st.context.url or "").partition("?")[0]
    query = urlencode(list(parameters))
    with st.popover("Copy link"):
        st.code(f"{base}?{query}" if query else base, language=None, wrap_lines=True)
        st.caption("This address reopens exactly this view.")


def markdown(text: object) -> str:
    """A text that Markdown shows as it is: no emphasis, link, picture, formula or directive."""
    escaped = str(text)
    for letter in "\\`*_{}[]()#+!|<>$~:":
        escaped = escaped.replace(letter, f"\\{letter}")
    return escaped
