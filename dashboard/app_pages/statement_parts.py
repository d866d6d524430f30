"""What pages show of statements: the words, the chain of repetitions, the claims on their series, the verdicts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from urllib.parse import urlencode

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import statements
from dashboard.analysis import views
from dashboard.app_pages.parts import link, markdown, page_link, show_chart, show_evidence
from dashboard.display import charts, sentences
from dashboard.statements import own
from dashboard.statements import wording as verdict_words
from dashboard.web.session import held, verdicts

EXAMPLE_CLAIM = "Google got 50,000 requests a year from Germany in 2021"
PER_WORDS = {"whole": "for the whole period", "year": "per year", "month": "per month", "day": "per day"}
MOST_CELLS = 40
"""Cells listed under one reading on the screen; the command line gives all."""


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


def show_cited(cited: pd.DataFrame) -> None:
    """The statements about what is shown, oldest first, each with its verdicts and a link to its page."""
    if cited is None or cited.empty:
        return
    with st.expander(f"Statements about these series ({len(cited)})"):
        for statement in cited.itertuples():
            own = verdicts().get(statement.statement, [])
            summary = verdict_words.summary(own) if own else "no number to check"
            st.markdown(f"**{markdown(statement.speaker)}** · {markdown(statement.date)}: {markdown(statement.says)} *{markdown(summary)}*")
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
        who = f"**{who}** (this statement)" if name == statement else f"[{who}]({link('/statements')}?statement={name})"
        drift = f" — {markdown(entry['drift'])}" if entry["drift"] else ""
        lines.append(f"{'    ' * depth}- {who}{drift}")
    st.markdown("\n".join(lines))


def show_claims_on_series(said: statements.Statements, statement: str, table: pd.DataFrame) -> None:
    """The series that a statement concerns, with its claims drawn at their own period and range."""
    panels = statements.claimed_series(said, statement, table, held().names)
    if not panels:
        st.caption("No published series that this refers to is held here.")
    for place, panel in enumerate(panels):
        st.markdown(f"**{markdown(panel.title)}**")
        figure = charts.over_time(panel.rows, axis=panel.axis, claims=panel.claims, scaled=panel.is_scaled)
        selected = show_chart(
            figure,
            key=f"claimed-{statement}-{place}",
            alt=sentences.alt(panel.rows, held().names, panel.axis, panel.is_scaled) + panel.claims_in_words,
        )
        if not panel.claims.empty:
            st.caption(f"Dashed: {panel.claims_in_words}")
        if selected in panel.rows.index:
            show_evidence(panel.rows.loc[selected], table)
        view = views.of_series(panel.rows).query()
        page_link("Open in Explore", "/explore?" + urlencode(view))
        page_link("Make a figure", "/figure?" + urlencode([*view, ("statement", statement)]))


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
    bundle, mark = held().data, hashlib.sha256(claim.text.encode()).hexdigest()[:8]
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
        two, "What is counted", measures, claim.measure, claim.said("measure"), f"own-measure-{key}", held().names.measure
    )
    reporters = sorted(bundle.observations["reporter"].unique(), key=held().names.reporter)
    corrections["reporter"] = _own_choice(
        three,
        "Reporter",
        ["", *reporters],
        claim.reporter,
        claim.said("reporter"),
        f"own-reporter-{key}",
        lambda code: held().names.reporter(code) or "Not named",
    )
    countries = sorted(bundle.observations["requester"].unique(), key=held().names.requester)
    corrections["requester"] = _own_choice(
        three,
        "Whose government asked",
        ["", *countries],
        claim.requester,
        claim.said("requester"),
        f"own-requester-{key}",
        lambda code: held().names.requester(code) if code else "Not named",
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
    shown = sentences.with_labels(rows.assign(made_by="", derivation="", scale="", why=""), held().names)
    shown = shown.assign(
        period=[sentences.period(row) for _, row in rows.iterrows()],
        value=[sentences.value(low, high, measure) for low, high, measure in zip(rows["low"], rows["high"], rows["measure"], strict=True)],
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
