"""What the Explore page is made of: the choice that is kept and in its address, the bar of choices, and the frame around the chart."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date

import streamlit as st

from dashboard.analysis import views
from dashboard.analysis.views import View
from dashboard.answers import Answer, Choices
from dashboard.app_pages import parts
from dashboard.display import geometry
from dashboard.model import periods, places
from dashboard.web.session import held

PAGE = "explore"
MOST_NAMES = 3
"""Names on a button of the bar; the rest are counted."""
NEARBY, BESIDE = 440, 600
"""Pixels of the slider of time, and of the source beside it."""


def opened_view() -> View:
    """The view that is chosen. An address that changed, by a link or by Back, replaces every choice; coming back from another page replaces none."""
    address = {name: st.query_params.get_all(name) for name in st.query_params}
    kept: View | None = st.session_state.get("explore_view")
    returns = not address and st.session_state.get("page_before") not in (None, PAGE)
    if kept is None or (address != st.session_state.get("explore_address") and not returns):
        kept = View.from_query(st.query_params.get_all)
        st.session_state.update(_controls_of(kept))
    for key, chosen in _controls_of(kept).items():
        # Streamlit forgets the controls of a page that is left.
        st.session_state.setdefault(key, chosen)
    return kept


def chosen_view(opened: View) -> View:
    """The view that the controls show now."""
    chosen = {}
    for field in fields(View):
        value = st.session_state.get(field.name, getattr(opened, field.name))
        if field.name == "known":
            value = value.isoformat() if value else ""
        chosen[field.name] = tuple(value) if isinstance(value, list) else value
    return View(**chosen)


def keep(view: View) -> None:
    """Write the view to the address, where it differs, and remember it."""
    address = parts.query_dict(view)
    if address != {name: st.query_params.get_all(name) for name in st.query_params}:
        st.query_params.from_dict(address)
    st.session_state.update(explore_view=view, explore_address=address)


def bar(opened: View) -> None:
    """The bar: each choice on its own button, which opens the control that changes it."""
    names = held().names
    known = st.session_state["known"]
    offered = held().choices(known, st.session_state["measure"], tuple(st.session_state["reporter"]))
    with st.container(horizontal=True, key="bar"):
        with st.popover(parts.markdown(names.measure(st.session_state["measure"])), icon=":material/tag:"):
            parts.choose(st, "What is counted", offered.measures, key="measure", opened=opened.measure, shown=names.measure)
        _several("reporter", ":material/apartment:", "Who published it", offered.reporters, names.reporter, "No reporter")
        _several("requester", ":material/public:", "Whose government asked", offered.requesters, places.name, "No country")
        _several("type", ":material/category:", "Kind of demand", offered.types, names.request_type, "All kinds")
        with st.popover("Settings", icon=":material/tune:"):
            _settings(opened, offered)


def shapes() -> str:
    """The row of shapes."""
    return st.segmented_control(
        "Show as", list(views.SHAPES), key="shape", format_func=views.SHAPES.get, required=True, label_visibility="collapsed"
    )


def time_range(opened: View, offered: Choices) -> None:
    """The slider of half-years below a chart over time, which writes what it shows where it can be typed, too."""
    halves = offered.halves
    if len(halves) < 2:
        return
    first, last = _half_of(st.session_state["start"], halves, halves[0], 0), _half_of(st.session_state["end"], halves, halves[-1], 1)
    if halves.index(first) > halves.index(last):
        return
    st.session_state["range"] = (first, last)
    st.select_slider(
        "Time",
        halves,
        value=(first, last),
        key="range",
        label_visibility="collapsed",
        width=NEARBY,
        on_change=_write_range,
        args=(halves[0], halves[-1]),
    )


def compared_period(opened: View, offered: Choices) -> None:
    """Below a ranking or a map: which reporter's, and in which period."""
    names, reporters = held().names, st.session_state["reporter"]
    if len(reporters) > 1:
        parts.choose(st, "Reporter compared", reporters, key="of", opened=opened.of or reporters[0], shown=names.reporter, width=220)
    of = st.session_state.get("of") or (reporters[0] if reporters else "")
    found = ["", *map(str, offered.periods.get(of, []))]
    parts.choose(st, "Period", found, key="period", opened=opened.period, shown=parts.named("The latest"), width=220)


def show_missing(sentences: Iterable[str]) -> None:
    """What was asked for and is not shown, each with the reason."""
    for sentence in sentences:
        st.markdown(f":material/info: {parts.markdown(sentence)}")


def show_title(answer: Answer) -> None:
    """The title of the frame and what stands below it."""
    st.header(parts.markdown(answer.title), anchor=False)
    st.caption(parts.markdown(answer.subtitle))


def _settings(opened: View, offered: Choices) -> None:
    names = held().names
    known: date | None = st.session_state["known"]
    parts.choose(st, "Scale", views.SCALES, key="scale", opened=opened.scale, shown=views.SCALES.get)
    if st.session_state["scale"] == "index":
        bases = ["", *dict.fromkeys(str(period) for own in offered.periods.values() for period in own)]
        parts.choose(st, "Index base", bases, key="base", opened=opened.base, shown=parts.named("First shared period"))
    left, right = st.columns(2)
    left.text_input("From", key="start", placeholder="".join(offered.halves[:1]), help="A half-year, a year or a month: 2016 H1, 2016.")
    right.text_input("To", key="end", placeholder="".join(offered.halves[-1:]))
    first = held().data.documents["known_from"].min().date()
    st.date_input(
        "As known on",
        key="known",
        min_value=min(first, known or first),
        max_value=max(date.today(), known or first),
        help="Shows the figures from the editions known on that day. Empty: today.",
    )
    parts.choose_several(
        st, "Service", offered.services, key="service", opened=opened.service, shown=names.service, placeholder="All together"
    )
    parts.choose_several(
        st, "Authority", offered.authorities, key="authority", opened=opened.authority, shown=names.authority, placeholder="Any"
    )


def _several(key: str, icon: str, label: str, options: list[str], shown: Callable[[str], str], nothing: str) -> None:
    chosen = st.session_state[key]
    names = ", ".join(_short(shown(code)) for code in chosen[:MOST_NAMES])
    more = f" +{len(chosen) - MOST_NAMES}" if len(chosen) > MOST_NAMES else ""
    with st.popover(parts.markdown(f"{names}{more}" or nothing), icon=icon):
        parts.choose_several(st, label, options, key=key, opened=chosen, shown=shown, placeholder=nothing)


def _short(name: str) -> str:
    return name.partition(" (")[0]


def _controls_of(view: View) -> dict[str, object]:
    controls = {field.name: list(value) if isinstance(value := getattr(view, field.name), tuple) else value for field in fields(View)}
    return controls | {"known": view.known_on}


def _half_of(text: str, halves: list[str], otherwise: str, end: int) -> str:
    period = periods.parse(text) if text else None
    if period is None:
        return otherwise
    day = period.end if end else period.start
    touched = geometry.halves(day, day)[0]
    if touched in halves:
        return touched
    return halves[0] if touched < halves[0] else halves[-1]


def _write_range(first: str, last: str) -> None:
    start, end = st.session_state["range"]
    st.session_state["start"] = "" if start == first else start
    st.session_state["end"] = "" if end == last else end
