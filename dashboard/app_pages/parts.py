"""What several pages put on the screen: charts with their table, evidence, downloads, and the link to this view."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from babel import Locale
from pandas.io.formats.style import Styler
from streamlit.delta_generator import DeltaGenerator

from dashboard import analysis, statements
from dashboard.analysis import views
from dashboard.analysis.definitions import Comparison, Likeness
from dashboard.analysis.parameters import with_query
from dashboard.app_pages import addresses
from dashboard.app_pages.text import WORDS, markdown
from dashboard.display import charts, comparisons, downloads, fonts, geometry, timelines
from dashboard.display import sentences as words
from dashboard.model.columns import KEY, OBSERVATION_COLUMNS, is_own
from dashboard.model.periods import day_label
from dashboard.web import embed_sentences, embeds, instance, pages
from dashboard.web.session import bundled as bundled_library
from dashboard.web.session import library

PRODUCT = pages.SITE
"""The name of the product, at the end of the title of every page."""
MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "toml": "application/toml",
    "html": "text/html",
    "pdf": "application/pdf",
    "zip": "application/zip",
}
"""The media types of the files that the pages hand over, by the endings of their names."""
_DAYS = st.column_config.DateColumn(format="D MMMM YYYY")
MOST_RESTING = 6
"""Statements listed under a number."""
_page = st.components.v2.component("page", js=pages.SCRIPT.read_text(encoding="utf-8"))
LIKENESS_BADGES = {
    likeness: f":{colour}-badge[{comparisons.SIGNS[likeness]} {likeness.capitalize()}]"
    for likeness, colour in ((Likeness.SAME, "green"), (Likeness.CLOSE, "orange"), (Likeness.NOT_COMPARABLE, "gray"))
}
SHOWN = WORDS["columns"]
CODES = WORDS["codes"]


def choose(where: DeltaGenerator, label: str, options: Iterable[str], *, key: str, opened: str, shown: Callable[[str], str], **more) -> str:
    """A choice of one that starts at what the address names and keeps what the visitor chose while it is among the options."""
    options = list(dict.fromkeys(options))
    if st.session_state.get(key) not in options:
        st.session_state[key] = opened if opened in options else options[0]
    return where.selectbox(label, options, options.index(st.session_state[key]), key=key, format_func=shown, **more)


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
    """A choice of several, likewise; what is no option any more falls out, and is said of an address."""
    options = list(dict.fromkeys(options))
    keep_options(label, options, key=key, opened=opened)
    return where.multiselect(label, options, st.session_state[key], key=key, format_func=shown, placeholder=placeholder)


def keep_options(label: str, options: list[str], *, key: str, opened: Iterable[str]) -> None:
    """Leave in the choice of several, and in what an address opened it with, only what is an option."""
    if key not in st.session_state:
        addresses.leave_out(label, opened, options)
    st.session_state[key] = [code for code in st.session_state.get(key, opened) if code in options]


def named(blank: str) -> Callable[[str], str]:
    """How a choice is shown that may be left blank. Not a lambda on a page: that would keep the page's tables alive with its session."""
    return lambda text: text or blank


def counted(shown: Callable[[str], str], counts: dict[str, int]) -> Callable[[str], str]:
    """Names with the number of statements behind each."""
    return lambda code: f"{shown(code)} ({counts.get(code, 0)})"


def show_chart(figure: go.Figure, *, key: str, alt: str) -> int | str | tuple[str, str] | None:
    """Draw a chart with its alternative text; the row number of what is selected, or of a chart over time the first day of the period.

    By keys a series is chosen along with the period, and comes with that day; a pointer chooses a period alone.
    """
    event = st.plotly_chart(figure, key=key, alt=alt, on_select="rerun", selection_mode="points", config=charts.CONFIG, width="stretch")
    for point in event["selection"]["points"]:
        row = point.get("customdata")
        if isinstance(row, list) and row:
            row = row[0] if len(row) == 1 else tuple(row)
        if isinstance(row, int | str | tuple):
            return row
    return None


def name_page(title: str) -> None:
    """Name what is shown in the title of the tab, which stays until it is named again: a run that changes nothing of it sends nothing."""
    if st.session_state.get("page_title") != title:
        st.session_state["page_title"] = title
        st.set_page_config(page_title=f"{title} · {PRODUCT}")


def dress() -> None:
    """Bring the style and the script of the pages where the page that the server sends has neither."""
    st.html('<style>@import url("app/static/page.css")</style>')
    _page(key="page-script", data={"pages": pages.names()})


def is_dark() -> bool:
    """Whether the visitor sees the pages in the dark theme."""
    return st.context.theme.type == "dark"


def as_shown(table: pd.DataFrame, scaled: bool = False) -> pd.DataFrame:
    """The rows of a view as a table to read: series, period, value in words, and where it is printed."""
    shown = table.assign(
        period=[words.period(row) for _, row in table.iterrows()],
        value=[
            words.value(low, high, measure, scaled, why)
            for low, high, measure, why in zip(table["low"], table["high"], table["measure"], table["why"], strict=True)
        ],
    )
    columns = [
        column for column in SHOWN if column in ("label", "period", "value") or (column in shown and shown[column].astype(bool).any())
    ]
    return shown[columns].rename(columns=SHOWN)


@contextlib.contextmanager
def section(label: str, key: str) -> Iterator[bool]:
    """An expander, and whether it is open: only then it needs to be filled. It stays as it is where its label changes."""
    st.session_state[key] = st.session_state.get(key, False)
    with st.expander(label, key=key, on_change="rerun") as box:
        yield box.open


def show_once_open(label: str, key: str, show: Callable, *arguments: Any) -> None:
    """Such an expander, filled by a call once it is open."""
    with section(label, key) as is_open:
        if is_open:
            show(*arguments)


def show_table(table: pd.DataFrame, scaled: bool = False, height: int | str = "auto", key: str | None = None) -> int | None:
    """The view as a plain table, reachable by keyboard; with a `key` a row can be chosen, whose number is given."""
    shown = as_shown(table, scaled)
    choosing = {"key": key, "on_select": "rerun", "selection_mode": "single-row"} if key else {}
    # A table is laid out by its first rows, and what is written of a number is often longer below them.
    sentences = shown.columns.intersection([SHOWN["derivation"], SHOWN["why"]])
    widths = {name: st.column_config.Column(width=_width(shown[name])) for name in sentences}
    event = show_rows(shown, height=height, column_config=widths, **choosing)
    chosen = event["selection"]["rows"] if key else []
    return int(table.index[chosen[0]]) if chosen and chosen[0] < len(table) else None


def _width(texts: pd.Series) -> int:
    """Pixels in which the longest of a column's texts is seen whole, up to a third of a wide page."""
    return min(400, round(max((fonts.width(text, 14) for text in texts.unique()), default=0)) + 24)


def show_rows(
    table: pd.DataFrame | Styler | dict[str, Any], *, hide_index: bool = True, column_config: Mapping | None = None, **more: Any
) -> Any:
    """A table, or columns by their titles, as wide as the page, days in words and a missing value as a dash; `more` goes on to `st.dataframe`, whose answer it gives back."""
    table = pd.DataFrame(table) if isinstance(table, dict) else table
    days = {} if isinstance(table, Styler) else {name: _DAYS for name in table if isinstance(table[name].dropna().head(1).squeeze(), date)}
    return st.dataframe(
        table, hide_index=hide_index, width="stretch", placeholder="–", column_config={**days, **(column_config or {})}, **more
    )


def show_sentences(sentences: Iterable[str], icon: str = "") -> None:
    """Sentences of our own making, each a paragraph, which may begin with an icon."""
    if text := "\n\n".join(f"{icon}{markdown(sentence)}" for sentence in sentences):
        st.markdown(text)


def show_unmapped(rows: pd.DataFrame, scaled: bool) -> None:
    """The places that have a number and no shape on the map."""
    if not rows.empty:
        st.markdown("**Too small for this map**")
        show_table(rows, scaled)


def named_columns(table: pd.DataFrame, *columns: str) -> dict[str, Any]:
    """Columns of rows of numbers by their titles, each code by its name, periods and numbers in words."""
    shown = {column: table[column].map(getattr(library().names, column)) for column in CODES if column in columns} | {
        "period": [words.period(row) for _, row in table.iterrows()] if "period" in columns else [],
        "value": words.values(table) if "value" in columns else [],
    }
    return {CODES.get(column) or SHOWN[column]: shown[column] for column in columns}


def show_evidence(row: pd.Series, table: pd.DataFrame) -> None:
    """The card of one number: its printed text, its document and cell, its definition; for a total, its parts."""
    bundle = library().data
    # A row of a table has lost the kinds of its columns.
    alone = row.to_frame().T.infer_objects()
    with st.container(border=True):
        value_text = words.value(row["low"], row["high"], row["measure"])
        who = f"{library().names.reporter(row['reporter'])}, {library().names.requester(row['requester'])}, {words.period(row)}"
        st.markdown(f"**{markdown(value_text)}** {markdown(library().names.unit(row['measure']))} · {markdown(who)}")
        parts = analysis.parts_of(table, bundle, row)
        if row["derivation"]:
            st.markdown(f"{markdown(row['derivation'][:1].upper() + row['derivation'][1:])}. It rests on {len(parts):,} published numbers:")
        documents = bundle.documents.set_index("document")
        for document in dict.fromkeys(parts["document"]):
            entry = documents.loc[document]
            archived = entry.get("archived") or (f"https://web.archive.org/web/*/{entry['url']}" if entry["url"].startswith("http") else "")
            links = f" · [archived copy]({archived})" if archived else ""
            title = linked(entry["title"], entry["url"])
            value_text = [entry["edition"], entry["form"], words.known_from(entry)]
            if not is_own(document):
                value_text += [f"seen on {day_label(entry['seen_on'])}"] if entry["seen_on"] else []
                value_text += [f"licence: {entry['licence']}"]
            content = f" · hash `{entry['sha256'][:16]}…`" if entry["sha256"] else ""
            st.markdown(f"{title} · {markdown(' · '.join(value_text))}{content}{links}")
            for quote in statements.quotes_with(entry["url"], parts.loc[parts["document"] == document, "printed"]):
                st.markdown(f"> {markdown(quote)}")
        evidence = {
            **named_columns(parts, "request_type", "requester", "measure"),
            "As printed": parts["printed"],
            "Cell": parts["cell"],
            "Document": parts["document"],
        }
        if len(parts) == 1:
            st.markdown(f"Printed as **{markdown(parts.iloc[0]['printed'])}** in cell **{markdown(parts.iloc[0]['cell'])}**")
        else:
            show_rows(evidence, height=220)
        follows = library().by_logic()
        for _, one in follows[(follows[[*KEY]] == row[[*KEY]]).all(axis=1) & (follows["document"] == row["document"])].iterrows():
            st.markdown(markdown(words.follows(one, library().names)))
        others = bundle.printed_otherwise(alone)
        for other in others.itertuples():
            entry = documents.loc[other.document]
            known = f"{linked(entry['title'], entry['url'])}, known from {day_label(entry['known_from'])}"
            st.markdown(f"Printed as {markdown(other.printed)} in cell {markdown(other.cell)} of {known}")
        show_definitions(words.definitions_of(alone, bundle))
        cited = statements_resting_on(pd.concat([alone, parts]))
        if cited:
            value_text = statements.bundled().statements.set_index("statement")
            st.markdown("Statements that rest on it:")
            for name in cited[:MOST_RESTING]:
                entry = value_text.loc[name]
                page_link(f"{entry['speaker']}, {day_label(entry['date'])}", f"/statements?statement={name}")
            if len(cited) > MOST_RESTING:
                st.caption(f"and {len(cited) - MOST_RESTING} more")


def show_printed_otherwise(earlier: pd.DataFrame) -> None:
    """Numbers that another edition prints for the same series and period, or that a later one left out, each with its document and cell."""
    documents = library().data.documents
    show_rows(
        {
            "Series": earlier["label"] if "label" in earlier else earlier["reporter"].map(library().names.reporter),
            "Period": [words.period(row) for _, row in earlier.iterrows()],
            "Shown here": [
                "withdrawn" if math.isnan(low) else shown
                for low, shown in zip(earlier["shown_low"], words.values(earlier, low="shown_low", high="shown_high"), strict=True)
            ],
            "Printed there": earlier["printed"],
            "Cell": earlier["cell"],
            "Document": earlier["document"].map(words.document_names(documents)),
            "Known from": earlier["document"].map(documents.set_index("document")["known_from"]).dt.date,
        }
    )
    for reporter in earlier["reporter"].unique():
        page_link(f"What {library().names.reporter(reporter)} changed", f"/changes?reporter={reporter}")


def show_evidence_at(selected: int | str | tuple[str, str] | None, rows: pd.DataFrame) -> None:
    """The evidence of the numbers of a period that is selected on a chart over time, one below the other; of one series where it was chosen too."""
    series = geometry.stretches(rows) if selected is not None else {}
    day, only = selected if isinstance(selected, tuple) else (selected, None)
    slot = next((slot for slot in geometry.slots(series) if slot.start.isoformat() == day), None) if series else None
    for name, stretches in series.items() if slot else ():
        if only not in (None, name):
            continue
        if one := geometry.at(stretches, slot):
            show_evidence(rows.loc[one.row], library().complete(None))


def statements_resting_on(rows: pd.DataFrame) -> list[str]:
    """The statements of which some verdict rests on one of the rows."""
    index = resting()
    return list(dict.fromkeys(name for key in rows[KEY].itertuples(index=False, name=None) for name in index.get(key, ())))


@functools.cache
def resting() -> dict[tuple, tuple[str, ...]]:
    """For what identifies a number, the bundled statements of which some verdict rests on it."""
    by_key: dict[tuple, tuple[str, ...]] = {}
    for name, own in bundled_library().verdicts().items():
        for verdict in own:
            if not verdict.rows.empty:
                for key in verdict.rows[KEY].itertuples(index=False, name=None):
                    by_key[key] = tuple(dict.fromkeys((*by_key.get(key, ()), name)))
    return by_key


def page_link(label: str, address: str, icon: str = ":material/arrow_forward:") -> None:
    """A link to a view on another page, which reopens there exactly, in the same tab and with the visitor's own reports."""
    path, _, query = address.partition("?")
    page = st.session_state.get("pages", {}).get(path.removeprefix("/"))
    # A page that runs without the others knows none of them.
    if page is None:
        st.markdown(f"[{markdown(label)}]({link(address)})")
        return
    parameters = parse_qsl(query, keep_blank_values=True)
    st.page_link(page, label=markdown(label), icon=icon, query_params=parameters)


def linked(text: str, address: str) -> str:
    """A text of another's making as a link to a page elsewhere; alone where there is none."""
    return f"[{markdown(text)}]({address})" if address else markdown(text)


def link(address: str) -> str:
    """The address of a page of this site, `/explore?…`, under the path that the site lies under."""
    return f"{instance.current().prefix}{address}"


def language(code: str) -> str:
    """A language's English name."""
    return Locale.parse("en").languages.get(code, code)


def page_chosen(pages: int, key: str, opened: str = "") -> int:
    """The page of a long list that is shown: the one chosen last at the end of the list, at first the one that the address names."""
    start = int(opened) if opened.isdecimal() and len(opened) < 6 else 1
    if key not in st.session_state and opened and not (opened.isdecimal() and 1 <= start <= pages):
        addresses.tell(f"There is no page “{opened[:20]}” of this list; the nearest is shown.")
    st.session_state[key] = min(max(st.session_state.get(key, start), 1), max(pages, 1))
    return st.session_state[key]


def follow_address(*prefixes: str) -> None:
    """Let the controls whose keys begin so start anew where the address is another than the page itself wrote: after a link, or Back and Forward."""
    if st.session_state.get("address-written") != (st.session_state.get("page_now"), addresses.here()):
        for key in [key for key in st.session_state if isinstance(key, str) and key.startswith(prefixes)]:
            del st.session_state[key]


def write_address(parameters: Mapping[str, str | list[str]]) -> None:
    """Put what is chosen into the address, and remember that it came from the page itself."""
    wanted = {name: [text] if isinstance(text, str) else text for name, text in parameters.items() if text}
    st.query_params.from_dict(wanted)
    st.session_state["address-written"] = (st.session_state.get("page_now"), wanted)


def show_definitions(definitions: pd.DataFrame) -> None:
    """Definitions, each with its reporter and its source."""
    for definition in definitions.itertuples():
        source = f" [Source]({definition.url})" if definition.url else ""
        st.markdown(f"**{markdown(library().names.reporter(definition.reporter))}**: {markdown(definition.definition)}{source}")


def show_breaks(breaks: pd.DataFrame) -> None:
    """The breaks marked on a chart, numbered as they are there."""
    for change in breaks.itertuples():
        sign = timelines.break_sign(change.number)
        st.markdown(
            f"{sign} **{markdown(library().names.reporter(change.reporter))}, {change.date:%B %Y}: {markdown(change.label)}.** "
            f"{markdown(change.change)} {markdown(change.effect)}"
        )


def show_likeness(likeness: Mapping[str, Comparison]) -> None:
    """Where several reporters stand in one view: how far each counts the same as the first, with the difference in words."""
    names = library().names
    first, *others = likeness
    lines = [
        f"- {markdown(names.reporter(other))} {LIKENESS_BADGES[likeness[other].likeness]} "
        + markdown(comparisons.unshared(first, other, likeness[other], names))
        for other in others
    ]
    st.markdown("\n".join([f"Compared with how **{markdown(names.reporter(first))}** counts:", "", *lines]))


def show_downloads(table: pd.DataFrame, view: dict[str, str]) -> None:
    """A button that opens those that hand over exactly the rows shown, as CSV and as a workbook; they are made when it is opened."""
    popover = st.popover("Download", key="data-requests-download", on_change="rerun", icon=":material/download:")
    if not popover.open:
        return
    bundle = library().data
    rows = table[[column for column in [*OBSERVATION_COLUMNS, "derivation", "why"] if column in table]]
    # A prefix of the content's hash keeps two visitors' files apart whatever their length.
    content = hashlib.sha256(pd.util.hash_pandas_object(rows, index=False).to_numpy().tobytes()).hexdigest()[:10]
    files = {"csv": lambda: downloads.csv(downloads.rows_for_download(rows, bundle)), "xlsx": lambda: downloads.xlsx(rows, bundle, view)}
    for kind, make in files.items():
        download(popover, f"Download {kind.upper()}", make, f"data-requests-{content}.{kind}", key=f"data-requests-{kind}", width="stretch")


def download(where: DeltaGenerator, label: str, make: Callable[[], bytes] | str, file_name: str, **more: Any) -> None:
    """A button that hands over a file, which is made when it is asked for; the page stays as it is. Its name tells of what kind it is."""
    where.download_button(label, make, file_name=file_name, mime=MEDIA[file_name.rpartition(".")[2]], on_click="ignore", **more)


def this_page(parameters: Iterable[tuple[str, str | list[str]]]) -> str:
    """The whole address of this page with other parameters."""
    return with_query((st.context.url or "").partition("?")[0], parameters)


def copy_link(parameters: Iterable[tuple[str, str | list[str]]]) -> None:
    """A button that shows the address which reopens exactly this view, ready to copy."""
    popover = st.popover("Copy link", key="copy-link", on_change="rerun")
    if popover.open:
        popover.code(this_page(parameters), language=None, wrap_lines=True)
        popover.caption("This address reopens exactly this view.")


def show_noughts(noughts: pd.DataFrame, height: int | str = "auto") -> None:
    """What reporters never received by their own numbers, and where that stops, each with its last cell."""
    names = library().names
    says = [words.nought(row, names) for _, row in noughts.iterrows()]
    cells = noughts["document"] + " " + noughts["cell"]
    show_rows({"Reporter": noughts["reporter"].map(names.reporter), "What its numbers say": says, "Last cell": cells}, height=height)


def embed(view: views.View) -> None:
    """A button that shows what to paste into a page so that it shows this view; it is made when it is asked for."""
    popover = st.popover("Embed", key="embed", on_change="rerun")
    if popover.open:
        with popover:
            frozen = st.toggle("Frozen at today’s numbers" if not view.known else "Frozen at the numbers shown", key="embed-frozen")
            as_sentence = (
                st.segmented_control("What", ["Figure", "Sentence"], default="Figure", required=True, key="embed-what") == "Sentence"
            )
            show_snippet(view, frozen=frozen, as_sentence=as_sentence)


def show_snippet(view: views.View, lang: str = "en", *, frozen: bool, as_sentence: bool = False) -> None:
    """What to paste into a page so that it shows a view as a figure or says it: live, or frozen as it is known on its day or today."""
    site = (st.context.url or "").partition("?")[0].rpartition("/")[0]
    day = view.known_on or date.today()
    if frozen:
        st.markdown(f"**Frozen**: as known on {day_label(day)}, and it says so when a number is restated.")
        view = embeds.as_known(view, day)
    elif view.known:
        st.markdown(f"**Live**: as known on {day_label(day)}, like this view.")
    else:
        st.markdown("**Live**: shows what is known on the day it is read.")
    shown = embeds.embed(view, library().data, library().complete(view.known_on), lang)
    pasted = embed_sentences.snippet(shown, site, day, frozen=frozen) if as_sentence else embeds.snippet(shown, site, frozen=frozen)
    if as_sentence:
        st.markdown(f"> {markdown(embed_sentences.words(shown))}")
    st.code(pasted, language=None, wrap_lines=True)
