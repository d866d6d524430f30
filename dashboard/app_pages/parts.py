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

from dashboard import analysis, catalog, charts, exports, statements, views, words
from dashboard.model.tables import OBSERVATION_COLUMNS

FINE_CHOICES = {"scale", "base", "start", "end", "known", "service", "authority"}
"""Parameters whose controls stand in the folded part of Explore; an address that sets one opens it."""
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


@functools.cache
def names() -> words.Names:
    """The names of everything in the vocabulary."""
    return words.Names(catalog.bundled())


def codes_of(table: pd.DataFrame, column: str) -> list[str]:
    """The codes of a column in the order of their names as shown, wholes first."""
    codes = table[column].unique()
    return sorted(codes, key=lambda code: (code not in ("all", "any", "requests"), names().of(column, code).casefold()))


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


def query_dict(view: views.View) -> dict[str, list[str]]:
    """The parameters of a view's address, several values a name where there are several."""
    found: dict[str, list[str]] = {}
    for name, text in view.query():
        found.setdefault(name, []).append(text)
    return found


def why_nothing(view: views.View, there: pd.DataFrame, rows: pd.DataFrame) -> str:
    """Why a choice shows no number, and what to choose instead."""
    if not view.reporter:
        return "Choose at least one reporter."
    if not view.requester and view.shape not in ("ranking", "map"):
        return "Choose at least one country, or Worldwide."
    if not rows.empty:
        return markdown(f"No number can be shown: {rows['why'].iloc[0]}.")
    return "Nothing is published for this choice. Take out a condition: the kind of demand, the time, or the edition."


def show_chart(figure: go.Figure, *, key: str, alt: str, config: dict | None = None) -> int | None:
    """Draw a chart with its alternative text; the index of the row whose point is selected, if one is."""
    event = st.plotly_chart(
        figure, key=key, alt=alt, on_select="rerun", selection_mode="points", config={**charts.CONFIG, **(config or {})}, width="stretch"
    )
    for point in event["selection"]["points"]:
        row = point.get("customdata")
        row = row[0] if isinstance(row, list) and row else row
        if isinstance(row, int):
            return row
    return None


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


def show_table(table: pd.DataFrame, scaled: bool = False, height: int | str = "auto") -> None:
    """The view as a plain table, reachable by keyboard."""
    st.dataframe(as_shown(table, scaled), hide_index=True, width="stretch", height=height)


def show_sentences(sentences: list[str]) -> None:
    """Sentences of our own making, each a paragraph."""
    for sentence in sentences:
        st.markdown(markdown(sentence))


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
        show_definitions(table.loc[[row.name]] if row.name in table.index else parts)


def show_statement(statement: pd.Series, bordered: bool = True) -> None:
    """Who said what, when and where, with a fragment of the wording and a link."""
    with st.container(border=bordered):
        st.markdown(f"**{markdown(statement.speaker)}** · {markdown(statement.date)} · {markdown(statement.side)}")
        st.markdown(markdown(statement.says))
        if statement.quote:
            st.markdown(f"> “{markdown(statement.quote)}”")
        if statement.repeats:
            st.caption(f"Retells another statement. {markdown(statement.drift)}")
        seen = "on the speaker’s own page" if statement.seen == "own page" else "as reported by another"
        st.caption(f"{markdown(statement.role)} · {markdown(statement.venue)} · wording seen {seen} · [Link]({statement.url})")


def show_concerned(selections: list[dict], table: pd.DataFrame, key: str) -> None:
    """The series that a statement refers to, small, each on its own scale; or a plain word that there is none."""
    rows = statements.concerned(selections, table)
    if rows.empty:
        st.caption("No published series that this refers to is held here.")
        return
    rows = words.with_labels(rows, names())
    rows, _ = views.largest(rows, 2)
    figure = charts.small_multiples(rows, axis="", same_axis=False, columns=rows["label"].nunique())
    st.plotly_chart(figure, key=f"concerned-{key}", alt=words.alt_of_panels(rows, names()), config=charts.CONFIG, width="stretch")
    page_link("Open in Explore", "/explore?" + urlencode(views.of_series(rows).query()))


def page_link(label: str, address: str) -> None:
    """A link to a view on another page, which reopens there exactly."""
    st.markdown(f"[{markdown(label)}]({address})")


def language(code: str) -> str:
    """A language's English name."""
    return Locale.parse("en").languages.get(code, code)


def paged(items: list[str], key: str, each: int) -> list[str]:
    """One page of a long list, with a choice of page where there are several."""
    pages = -(-len(items) // each)
    if pages < 2:
        return items
    if st.session_state.get(key, 1) > pages:
        st.session_state[key] = 1
    page = st.number_input(f"Page, of {pages}", min_value=1, max_value=pages, step=1, key=key)
    return items[(page - 1) * each : page * each]


def show_definitions(table: pd.DataFrame) -> None:
    """The definitions that apply to a table's rows, each with its source."""
    for definition in words.definitions_of(table, catalog.bundled()).itertuples():
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
