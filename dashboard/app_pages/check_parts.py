"""What *Check a claim* shows: the answer, the sentence with the use of each word, the form that corrects it, the readings."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.app_pages.parts import markdown
from dashboard.app_pages.statement_parts import badge, show_verdict
from dashboard.app_pages.text import WORDS
from dashboard.model.periods import day_label
from dashboard.statements import own
from dashboard.statements import wording as verdict_words
from dashboard.statements.answer_words import claim_phrase
from dashboard.statements.claim import Claim, Side, Understanding
from dashboard.statements.lexicon import Role
from dashboard.web.session import library

EXAMPLES = (
    "Google got twice as many requests from Germany as from France in 2021.",
    "Microsoft gets 2,400 to 3,500 secrecy orders each year.",
    "Half of all US requests to Meta come with a gag order.",
    "How many requests did Germany send to Google in 2021?",
)
PER_WORDS = WORDS["per"]
COLOURS = {Role.NUMBER: "blue", Role.REPORTER: "violet", Role.REQUESTER: "green", Role.PERIOD: "orange", Role.UNREAD: "red"}
"""Colours of the uses that stand out; the others are grey. Each use stands in words beside its stretch."""


def show_examples() -> None:
    """Sentences to click on the empty page."""
    st.markdown("For example:")
    for example in EXAMPLES:
        st.button(example, on_click=st.session_state.update, kwargs={"sentence": example}, type="tertiary", icon=":material/arrow_forward:")


def show_answer(answer: own.Answer) -> None:
    """The one answer: badge, one sentence with the numbers, and what was assumed."""
    with st.container(border=True):
        says = answer.beside_verdict and verdict_words.sentence(answer.beside_verdict)
        st.markdown(f"{badge(answer.verdict)} {markdown(says)}")
        for assumed in answer.assumed:
            st.caption(markdown(assumed))
        st.caption(f"By the documents held here, the newest seen on {day_label(answer.as_of)}.", help=f"Data version {answer.data_version}")


def show_sentence(understanding: Understanding) -> None:
    """The sentence with what each stretch of it was taken for; what was not read stands out."""
    text, pieces, end = understanding.sentence.text, [], 0
    for mention in understanding.sentence.mentions:
        pieces.append(markdown(text[end : mention.start]))
        stretch = text[mention.start : mention.end]
        before, words = stretch[: len(stretch) - len(stretch.lstrip())], stretch.strip()
        if mention.role is Role.NEUTRAL:
            pieces.append(markdown(stretch))
        else:
            colour = COLOURS.get(mention.role, "gray")
            pieces.append(f"{before}:{colour}-background[{markdown(words)} :small[({mention.role.value})]] ")
        end = mention.end
    st.markdown("**The sentence as it was read**")
    st.markdown("".join([*pieces, markdown(text[end:])]))


def corrected(understanding: Understanding) -> tuple[Claim, ...] | None:
    """The claims as the visitor put them right in the form; None while nothing was put right."""
    changes = st.session_state.get(_key(understanding, "changes"))
    if not changes:
        return None
    index, corrections = changes
    claims = list(understanding.claims)
    claims[index] = own.corrected(claims[index], library().data, **corrections)
    return tuple(claims)


def show_form(understanding: Understanding) -> None:
    """A form that is filled with what was understood; what is put right in it is what is checked."""
    with st.expander("Put right what was understood"):
        index = 0
        if len(understanding.claims) > 1:
            phrases = [claim_phrase(claim) for claim in understanding.claims]
            index = st.radio("Which claim", range(len(phrases)), format_func=phrases.__getitem__, key=_key(understanding, "which"))
        claim, names = understanding.claims[index], library().names
        with st.form(_key(understanding, f"form-{index}"), border=False):
            one, two, three, four = st.columns(4)
            low = one.number_input("At least", value=_finite(claim.claimed.low), format="%g", help="Blank: no lower end")
            high = one.number_input("At most", value=_finite(claim.claimed.high), format="%g", help="Blank: no upper end")
            per = _choice(two, "Per", PER_WORDS, claim.per, PER_WORDS.get)
            measure = _choice(two, "What is counted", own.measures_for(claim, library().data), claim.measure, names.measure)
            corrections = _choose_side(three, four, claim.side, "")
            if claim.other:
                st.markdown("**Compared with**")
                corrections |= {f"other_{name}": value for name, value in _choose_side(*st.columns(2), claim.other, ", compared").items()}
            if st.form_submit_button("Check this"):
                corrections |= {"per": per, "measure": measure}
                if (low, high) != (_finite(claim.claimed.low), _finite(claim.claimed.high)):
                    corrections |= {"low": -math.inf if low is None else low, "high": math.inf if high is None else high}
                st.session_state[_key(understanding, "changes")] = (index, corrections)
                st.rerun()


def _choose_side(left: DeltaGenerator, right: DeltaGenerator, side: Side, ending: str) -> dict[str, object]:
    """Publisher, country and time of one side, to choose; only what differs from it."""
    names, rows = library().names, library().data.observations
    reporters = sorted(rows["reporter"].unique(), key=names.reporter)
    countries = sorted(rows["requester"].unique(), key=names.requester)
    chosen = {
        "reporter": _choice(left, f"Reporter{ending}", ["", *reporters], side.reporter, lambda code: names.reporter(code) or "Not named"),
        "requester": _choice(
            left,
            f"Whose government asked{ending}",
            ["", *countries],
            side.requester,
            lambda code: names.requester(code) if code else "Not named",
        ),
        "period_start": right.date_input(f"From{ending}", value=side.start, min_value=date(1900, 1, 1), format="YYYY-MM-DD") or "",
        "period_end": right.date_input(f"To{ending}", value=side.end, min_value=date(1900, 1, 1), format="YYYY-MM-DD") or "",
    }
    before = {"reporter": side.reporter, "requester": side.requester, "period_start": side.start or "", "period_end": side.end or ""}
    return {name: value for name, value in chosen.items() if value != before[name]}


def show_readings(answer: own.Answer) -> None:
    """The readings behind the answer with their arithmetic and cells; folded, what else is known and what counts something else."""
    # A single reading without a number says what the answer has said.
    behind = answer.readings if len(answer.readings) > 1 or any(reading.verdict.cells for reading in answer.readings) else ()
    if behind:
        st.header("The reading behind it" if len(behind) == 1 else "The readings behind it", anchor=False)
    for reading in behind:
        show_verdict(reading.verdict, reading.verdict.reading, flags=False)
    others = [flag for reading in answer.readings for flag in reading.verdict.flags]
    if others or answer.besides:
        with st.expander("What else is known, and what counts something else"):
            for verdict in answer.besides:
                if verdict.arithmetic:
                    st.markdown(f"- {markdown(verdict.arithmetic)} ({markdown(verdict.claim)})")
            for flag in others:
                st.markdown(f"- {markdown(verdict_words.flag(flag))}")


def _key(understanding: Understanding, name: str) -> str:
    return f"claim-{name}-{hashlib.sha256(understanding.sentence.text.encode()).hexdigest()[:8]}"


def _choice(where: DeltaGenerator, label: str, options: Iterable[str], chosen: str, shown: Callable[[str], str]) -> str:
    options = list(options)
    if chosen not in options:
        options.append(chosen)
    return where.selectbox(label, options, index=options.index(chosen), format_func=shown)


def _finite(value: float) -> float | None:
    return None if math.isinf(value) else float(value)
