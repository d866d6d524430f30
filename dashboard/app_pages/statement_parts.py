"""What pages show of statements: the words, the chain of repetitions, the claims on their series, the verdicts."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
import streamlit as st

from dashboard import statements
from dashboard.analysis import views
from dashboard.analysis.parameters import with_query
from dashboard.answers.explore import short_name
from dashboard.app_pages.parts import (
    choose_several,
    counted,
    is_dark,
    keep_options,
    language,
    link,
    markdown,
    page_link,
    show_chart,
    show_evidence_at,
)
from dashboard.app_pages.text import WORDS
from dashboard.display import sentences, timelines
from dashboard.display.charts import DARK, LIGHT
from dashboard.display.series import series_colours
from dashboard.display.timelines import Look
from dashboard.model.periods import day_label
from dashboard.statements import own
from dashboard.statements import wording as verdict_words
from dashboard.statements.verdicts import of_claim
from dashboard.web.session import bundled as bundled_library
from dashboard.web.session import library

BADGES = WORDS["verdicts"]
KEYS = "statements-"
"""How the keys of the controls of the list begin."""
EACH = 10
"""Statements on one page of the list."""
MOST_CELLS = 40
"""Cells listed under one reading on the screen; the command line gives all."""


def badge(verdict: str) -> str:
    """A verdict as a badge in Markdown: icon, word and colour."""
    icon, colour = BADGES[verdict]
    return f":{colour}-badge[{icon} {verdict.capitalize()}]"


def overall_verdict(statement: str) -> str:
    """The one verdict on a bundled statement; blank where it holds no number to check."""
    return statements.overall(statements.bundled(), statement, {statement: bundled_library().verdicts_of(statement)})


def show_list(table: pd.DataFrame) -> None:
    """Statements one below the other: who and when as the link to its page, the one verdict, and the words."""
    for statement in table.itertuples():
        verdict = overall_verdict(statement.statement)
        with st.container(border=True, gap=None, key=f"statement-{statement.statement}"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                page_link(statement.speaker, f"/statements?statement={statement.statement}")
                st.caption(
                    f"{markdown(day_label(statement.date))} · {markdown(statement.side)} · {markdown(statement.topic)}", width="stretch"
                )
                st.markdown(badge(verdict) if verdict else ":gray-badge[No number to check]", width="content")
            st.markdown(markdown(f"“{statement.quote}”" if statement.quote else statement.says))
            if statement.quote and statement.language != "en":
                st.caption(markdown(statement.says))


def choose_conditions(facets: dict[str, dict[str, int]], opened: dict[str, list[str]]) -> dict[str, list[str]]:
    """The conditions of the list but its verdicts, behind one button that counts those that are chosen."""
    shown = {
        "topic": ("Topic", str.capitalize),
        "side": ("Side", str.capitalize),
        "language": ("Language of the wording", language),
        "reporter": ("Reporter", library().names.reporter),
    }
    count = sum(len(st.session_state.get(f"{KEYS}{name}", opened[name])) for name in shown)
    with st.popover(f"Conditions ({count})" if count else "Conditions", icon=":material/filter_list:"):
        return {
            name: choose_several(
                st,
                label,
                sorted(facets[name], key=named),
                key=f"{KEYS}{name}",
                opened=opened[name],
                shown=counted(named, facets[name]),
                placeholder="All",
            )
            for name, (label, named) in shown.items()
        }


def choose_verdicts(counts: dict[str, int], opened: list[str]) -> list[str]:
    """Verdicts behind one button that names those that are chosen: the most frequent first, each with how many statements have it."""
    key, options = f"{KEYS}verdict", sorted(counts, key=lambda verdict: (-counts[verdict], verdict))
    keep_options("Verdict", options, key=key, opened=opened)
    label = ", ".join(map(str.capitalize, st.session_state[key])) or "All verdicts"
    with st.popover(label, icon=":material/balance:"):
        return st.pills(
            "Verdict",
            options,
            default=st.session_state[key],
            selection_mode="multi",
            key=key,
            format_func=lambda code: f"{BADGES[code][0]} {counted(str.capitalize, counts)(code)}",
        )


def show_quote(statement: pd.Series) -> None:
    """What was said, as the title of a page."""
    with st.container(key="quote"):
        st.title(f"“{markdown(statement.quote)}”", anchor=False)


def show_statement(bundled: statements.Statements, statement: pd.Series, verdicts: list[statements.Verdict]) -> None:
    """A statement in English, its one verdict in a sentence, what changed on its way and after it, and where it was made."""
    st.markdown(markdown(statement.says))
    verdict = overall_verdict(statement.statement)
    st.markdown(badge(verdict) if verdict else ":gray-badge[No number to check]")
    if answer := verdict_words.overall(bundled, statement.statement, verdicts):
        typed = typed_answer(statement.says, verdict) if verdict == "no independent source" else ""
        st.markdown(markdown(typed or answer))
    if statement.drift:
        st.markdown(f"**What changed on the way.** {markdown(statement.drift)}")
    show_chain(bundled, statement.statement)
    if statement.note:
        st.markdown(markdown(statement.note))
    seen = "wording seen on the speaker’s own page" if statement.seen == "own page" else "wording as reported by another"
    st.caption(f"{markdown(statement.role)} · {markdown(statement.venue)} · {seen} · [Read it there]({statement.url})")


@lru_cache(maxsize=256)
def typed_answer(text: str, verdict: str) -> str:
    """What Check a claim says to a sentence, where it comes to the same verdict; else blank."""
    evaluator = statements.bundled_evaluator()
    try:
        answer = own.answer(own.understood(text, evaluator.data), evaluator)
    except own.InvalidClaim:
        return ""
    return answer.says if answer.verdict == verdict else ""


def show_chain(bundled: statements.Statements, statement: str) -> None:
    """The repetitions that a statement belongs to, from its origin, with what changed on the way."""
    chain = bundled.chain(statement)
    if len(chain) < 2:
        return
    by_name = bundled.statements.set_index("statement")
    lines = []
    for name, depth in chain:
        entry = by_name.loc[name]
        who = f"{markdown(entry['speaker'])}, {markdown(day_label(entry['date']))}"
        who = f"**{who}** (this statement)" if name == statement else f"[{who}]({link('/statements')}?statement={name})"
        drift = f" — {markdown(entry['drift'])}" if entry["drift"] else ""
        lines.append(f"{'    ' * depth}- {who}{drift}")
    with st.expander(f"Who repeated it, and what changed ({len(chain)} statements)"):
        st.markdown("\n".join(lines))


def show_claims_on_series(bundled: statements.Statements, statement: str, table: pd.DataFrame) -> None:
    """The series that a statement concerns, with its claims drawn at their own period and range."""
    panels = statements.claimed_series(bundled, statement, table, library().names)
    if not panels:
        st.caption("No published series that this refers to is held here.")
    for index, panel in enumerate(panels):
        st.markdown(f"**{markdown(panel.title)}**")
        look = Look(series_colours(panel.rows), scaled=panel.is_scaled, paper=DARK if is_dark() else LIGHT)
        short = {label: short_name(label) for label in look.colours}
        figure = timelines.over_time(panel.rows, look, claims=panel.claims, names=short)
        st.caption(markdown(panel.axis))
        selected = show_chart(
            figure,
            key=f"claimed-{statement}-{index}",
            alt=sentences.alt(panel.rows, library().names, panel.axis, panel.is_scaled) + panel.claims_in_words,
        )
        if not panel.claims.empty:
            st.caption(f"Dashed: {panel.claims_in_words}")
        show_evidence_at(selected, panel.rows)
        view = views.of_series(panel.rows)
        with st.container(horizontal=True):
            page_link("Open in Explore", view.address())
            page_link("Make a figure", with_query("/figure", [*view.query(), ("statement", statement)]))


def show_verdicts(bundled: statements.Statements, statement: str, verdicts_by_name: dict[str, list]) -> None:
    """Every claim of a statement with its one verdict and what that rests on; folded below it, every reading with its arithmetic and cells."""
    claims = bundled.claims[bundled.claims["statement"] == statement]
    if claims.empty:
        st.markdown("This statement holds no number to check.")
    readings = bundled.readings.set_index(["statement", "claim", "reading"])
    for claim in claims.itertuples():
        own_verdicts = [verdict for verdict in verdicts_by_name[statement] if verdict.claim == claim.claim]
        with st.container(border=True, gap="small", key=f"claim-{claim.claim}"):
            st.subheader(verdict_words.claim(claim), anchor=False)
            if word := of_claim(own_verdicts):
                grounds = verdict_words.basis(verdict_words.decisive_reading(own_verdicts, word))
                st.markdown(f"{badge(word)} {markdown(grounds)}")
            with st.expander(f"Readings, arithmetic and cells ({len(own_verdicts)})"):
                for verdict in own_verdicts:
                    reading = readings.loc[(statement, claim.claim, verdict.reading)]
                    show_verdict(verdict, reading["label"], reading["settled_by"])


def show_verdict(verdict: statements.Verdict, reading: str, settled_by: str = "", flags: bool = True) -> None:
    """One reading: its verdict, flags and arithmetic, what would settle it, and the cells it rests on."""
    with st.container(border=True):
        st.markdown(f"{badge(verdict.verdict)} {markdown(reading)}")
        for flag in verdict.flags if flags else ():
            st.markdown(f"Flag: {markdown(verdict_words.flag(flag))}")
        if verdict.arithmetic:
            st.markdown(markdown(verdict.arithmetic))
        if verdict.why:
            st.markdown(markdown(verdict_words.sentence(verdict.why)))
        if verdict.as_of_day:
            st.caption(f"As known on {markdown(day_label(verdict.as_of_day))}, the day it was said.")
        if settled_by:
            st.markdown(f"What would settle it: {markdown(settled_by)}")
        if cells := verdict.cells:
            with st.expander(f"It rests on {len(cells)} published number{'s' if len(cells) != 1 else ''}"):
                st.markdown("\n".join(f"- {markdown(cell)}" for cell in cells[:MOST_CELLS]))
                if len(cells) > MOST_CELLS:
                    st.caption(f"and {len(cells) - MOST_CELLS} more")


def show_how_verdicts_are_reached() -> None:
    """How a verdict is reached and what it does not mean, on one screen."""
    with st.expander("How a verdict is reached, and what it does not mean"):
        st.markdown(verdict_words.HOW)
