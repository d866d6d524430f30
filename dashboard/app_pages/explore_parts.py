"""What the Explore page is made of: the choice that is kept and in its address, the bar of choices, and what stands around the chart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

import pandas as pd
import streamlit as st

from dashboard.analysis import views
from dashboard.analysis.parameters import BadParameter
from dashboard.analysis.views import FIELDS, View
from dashboard.answers import Answer, Choices
from dashboard.app_pages import parts
from dashboard.display import changes, geometry, sentences
from dashboard.display.languages import ENGLISH
from dashboard.model import periods, places
from dashboard.web.queries import by_name
from dashboard.web.session import library

PAGE = "explore"
MOST_NAMES = 3
"""Names on a button of the bar; the rest are counted."""
NEARBY, WIDE, BESIDE = 440, 600, {"map": 530, "ranking": "stretch"}
"""Pixels of the slider of time, of the source beside it, and of that beside the controls of a map; below a ranking it stands alone."""
ACROSS = ("ranking", "map")
SETTINGS = ("scale", "axis", "base", "start", "end", "panels", "focus", "muted", "known", "service", "authority")
"""Choices whose controls stand under the button of the settings."""
FIRST_BARS = "10"
"""The bars of a ranking that is chosen on the page."""
UNSHOWN = ("shape", "over")
"""Choices whose controls cannot show a value that is not understood; the address keeps it until another is chosen."""


def opened_view() -> None:
    """Give every control its value. An address that changed, by a link or by Back, replaces every choice; coming back from another page, none."""
    address = {name: st.query_params.get_all(name) for name in st.query_params}
    kept: View | None = st.session_state.get("explore_view")
    returns = not address and st.session_state.get("page_before") not in (None, PAGE)
    if kept is None or (address != st.session_state.get("explore_address") and not returns):
        kept = _as_written(address)
        problems = View.read(address, library().reader().known)[1]
        st.session_state.update(_controls_of(kept), explore_view=kept, explore_address=address, explore_problems=problems)
        st.session_state["explore_ranked"] = kept.shape == "ranking"
    for key, chosen in _controls_of(kept).items():
        # Streamlit forgets the controls of a page that is left.
        st.session_state.setdefault(key, chosen)
    for name in _hidden_controls():
        # It forgets those that are not drawn, too, unless they are written again.
        st.session_state[name] = st.session_state[name]


def _hidden_controls() -> Iterator[str]:
    # The choices whose controls the bar, the settings and the frame do not draw in this run.
    state = st.session_state
    shape, ranks_reporters = state["shape"], state["shape"] == "ranking" and state["over"] == "reporters"
    drawn = {
        **dict.fromkeys(SETTINGS, bool(state.get("settings"))),
        **dict.fromkeys(("over", "top"), shape == "ranking"),
        "of": shape in ACROSS and not ranks_reporters and len(state["reporter"]) > 1,
        "against": shape in ("map", "change"),
        "period": shape in (*ACROSS, "change"),
    }
    drawn["base"] &= state["scale"] == "index"
    drawn["panels"] &= shape == "multiples"
    return (name for name, is_drawn in drawn.items() if not is_drawn)


def chosen_view() -> tuple[View, tuple[BadParameter, ...]]:
    """The view that the controls show now, and what of it cannot be understood; remembered, and in the address where a choice changed it."""
    kept: View = st.session_state["explore_view"]
    chosen = {}
    for name, field in FIELDS.items():
        value = st.session_state.get(name, getattr(kept, name))
        if name == "known":
            value = value.isoformat() if value else "" if _is_understood("known", kept.known) else kept.known
        if name in UNSHOWN and value == field.default[0] and not _is_understood(name, getattr(kept, name)):
            value = getattr(kept, name)
        chosen[name] = tuple(value) if field.is_several else value or ""
    written = View(**chosen)
    of = "" if written.reporter != kept.reporter and written.of not in written.reporter else written.of
    if written.shape in ACROSS and not written.ranks_reporters and written.reporter:
        of = of or written.reporter[0]
    if of != written.of:
        st.session_state["of"] = of
        written = replace(written, of=of)
    address = by_name(written.query())
    if written != kept:
        st.query_params.from_dict(address)
        st.session_state.update(explore_view=written, explore_address=address, explore_problems=())
    elif not st.query_params and address:
        st.query_params.from_dict(address)
        st.session_state["explore_address"] = address
    view, problems = View.read(address, library().reader().known)
    by_text = {str(problem): problem for problem in (*st.session_state["explore_problems"], *problems)}
    return view, tuple(by_text.values())


def bar(offered: Choices) -> None:
    """The bar: each choice on its own button, which opens the control that changes it."""
    names, measure = library().names, st.session_state["measure"]
    with st.container(horizontal=True, key="bar"):
        with st.popover(parts.markdown(names.measure(measure)), icon=":material/tag:"):
            _one("measure", offered.measures, names.measure, help=_meanings([measure], names.measure, names.meaning_of_measure))
        meaning = _meanings(st.session_state["reporter"], names.reporter, lambda reporter: names.definition(reporter, measure))
        _several("reporter", ":material/apartment:", offered.reporters, names.reporter, "No reporter", meaning)
        _several("requester", ":material/public:", offered.requesters, places.name, "No country")
        types = dict.fromkeys([*offered.types, *st.session_state["type"]])
        meaning = _meanings(types, names.request_type, names.meaning_of_type)
        _several("type", ":material/category:", offered.types, names.request_type, "All kinds", meaning)
        settings = st.popover("Settings", icon=":material/tune:", key="settings", on_change="rerun")
        if settings.open:
            with settings:
                _settings(offered)


def shapes() -> str:
    """The row of shapes."""
    label = FIELDS["shape"].label
    return st.segmented_control(
        label,
        list(views.SHAPES),
        key="shape",
        format_func=views.SHAPES.get,
        required=True,
        label_visibility="collapsed",
        on_change=_open_shape,
    )


def _open_shape() -> None:
    # The first ranking that is chosen has few bars; later ones, and the ranking of an address, as many as were chosen.
    if st.session_state["shape"] == "ranking" and not st.session_state["explore_ranked"]:
        st.session_state.update(explore_ranked=True, top=st.session_state["top"] or FIRST_BARS)


def time_range(halves: list[str]) -> None:
    """The slider of half-years below a chart over time; it writes what it shows where it can be typed, too."""
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


def chosen_periods(view: View, offered: Choices) -> None:
    """Above a ranking, below a map or a comparison: of what, in which period, and with which it is compared."""
    names, reporters = library().names, st.session_state["reporter"]
    if view.shape == "ranking":
        over = FIELDS["over"].choices
        st.radio(FIELDS["over"].label, list(over), key="over", format_func=over.get, horizontal=True)
        _one("top", ["", *views.TOPS], parts.named("All"), width=90)
    if view.shape in ACROSS and not view.ranks_reporters and len(reporters) > 1:
        _one("of", reporters, names.reporter, width=160)
    own = offered.periods.get(view.of, []) if view.shape in ACROSS and not view.ranks_reporters else []
    choices = list(map(str, own)) or list(dict.fromkeys(str(period) for own in offered.periods.values() for period in own))
    if view.shape != "ranking":
        nothing = "Nothing" if view.shape == "map" else "A year before"
        _one("against", ["", *choices], parts.named(nothing), width=140)
    _one("period", ["", *choices], parts.named("The latest"), width=140)


def dressed_again(view: View) -> list[tuple[str, str]]:
    """The address of the visitor's last figure, with its words, size and colours, of what is shown now; empty where it had nothing of its own."""
    figure = st.session_state.get("kept_figure")
    if figure is None or figure.query() == figure.view.query():
        return []
    return replace(figure, view=view).query()


def show_problems(problems: Iterable[BadParameter]) -> None:
    """What of an address or of what was typed is not understood, each in a sentence."""
    for problem in problems:
        instead = "" if problem.instead.startswith("There are ") else f" {problem.instead}"
        st.warning(parts.markdown(f"{problem.wrong}{instead}"), icon=":material/help:")


def _settings(offered: Choices) -> None:
    names = library().names
    known: date | None = st.session_state["known"]
    left, right = st.columns(2)
    with left:
        _one("scale", views.SCALES, lambda code: views.SCALES.get(code, code))
    with right:
        _one("axis", FIELDS["axis"].choices, lambda code: FIELDS["axis"].choices.get(code, code))
    if st.session_state["scale"] == "index":
        bases = ["", *dict.fromkeys(str(period) for own in offered.periods.values() for period in own)]
        _one("base", bases, parts.named("First shared period"))
    left.text_input(FIELDS["start"].label, key="start", placeholder="".join(offered.halves[:1]), help=FIELDS["start"].help)
    right.text_input(FIELDS["end"].label, key="end", placeholder="".join(offered.halves[-1:]), help=FIELDS["end"].help)
    if st.session_state["shape"] == "multiples":
        _one("panels", FIELDS["panels"].choices, lambda code: FIELDS["panels"].choices.get(code, code))
    series = offered.series(tuple(st.session_state["requester"]), tuple(st.session_state["type"]))
    for name, nothing in (("focus", "All alike"), ("muted", "None")):
        options = list(dict.fromkeys([*series, *st.session_state[name]]))
        st.multiselect(FIELDS[name].label, options, key=name, format_func=series_name, placeholder=nothing)
    first = library().data.documents["known_from"].min().date()
    st.date_input(
        FIELDS["known"].label,
        key="known",
        min_value=min(first, known or first),
        max_value=max(date.today(), known or first),
        help="Shows the figures from the editions known on that day. Empty: today.",
    )
    for name, options, shown, nothing in (
        ("service", offered.services, names.service, "All together"),
        ("authority", offered.authorities, names.authority, "Any"),
    ):
        options = list(dict.fromkeys([*options, *st.session_state[name]]))
        st.multiselect(FIELDS[name].label, options, key=name, format_func=shown, placeholder=nothing)


def series_name(key: str) -> str:
    """A series' name out of its key, `google/USA/nsl`: each part by the name that it has in the data."""
    names = library().names
    shown = (names.reporter, places.name, names.request_type)
    return " · ".join(name(code) for name, code in zip(shown, key.split("/"), strict=False))


def _one(key: str, options: Iterable[str], shown: Callable[[str], str], **more) -> None:
    options = list(dict.fromkeys([*options, st.session_state[key]]))
    st.selectbox(FIELDS[key].label, options, key=key, format_func=shown, **more)


def _meanings(codes: Iterable[str], shown: Callable[[str], str], meaning: Callable[[str], str]) -> str:
    # What the words that can be chosen mean, each in a paragraph.
    return "\n\n".join(f"**{parts.markdown(shown(code))}**: {parts.markdown(text)}" for code in codes if (text := meaning(code)))


def _several(key: str, icon: str, options: list[str], shown: Callable[[str], str], nothing: str, meaning: str = "") -> None:
    chosen = st.session_state[key]
    names = ", ".join(shown(code).partition(" (")[0] for code in chosen[:MOST_NAMES])
    more = f" +{len(chosen) - MOST_NAMES}" if len(chosen) > MOST_NAMES else ""
    with st.popover(parts.markdown(f"{names}{more}" or nothing), icon=icon):
        options = list(dict.fromkeys([*options, *chosen]))
        label = FIELDS[key].label
        if st.session_state["shape"] == "time" and key != "type":
            label += f" :small[(a chart over time draws the {views.MOST['time']} largest series; panels up to {views.MOST['multiples']})]"
        st.multiselect(label, options, key=key, format_func=shown, placeholder=nothing, help=meaning or None)


def _as_written(address: Mapping[str, list[str]]) -> View:
    # Understood values as the data have them, others as they stand: nothing of an address falls out.
    chosen: dict[str, str | tuple[str, ...]] = {}
    for name, texts in address.items():
        if name in FIELDS and texts:
            values = tuple(dict.fromkeys(_understood(name, text) or text[:200] for text in texts if text))
            chosen[name] = values if FIELDS[name].is_several else values[-1] if values else ""
    return View(**{name: value for name, value in chosen.items() if value or FIELDS[name].is_several})


def _understood(name: str, text: str) -> str:
    try:
        return FIELDS[name].read(text)
    except BadParameter:
        return ""


def _is_understood(name: str, text: str) -> bool:
    return not text or bool(_understood(name, text))


def _controls_of(view: View) -> dict[str, object]:
    controls = {name: list(value) if isinstance(value := getattr(view, name), tuple) else value for name in FIELDS}
    controls["known"] = view.known_on if _is_understood("known", view.known) else None
    for name in UNSHOWN:
        controls[name] = getattr(view, name) if _is_understood(name, getattr(view, name)) else FIELDS[name].default[0]
    return controls


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


def show_both_periods(answer: Answer) -> None:
    """Each series with its number in both periods, the change, and whether it rose, fell or cannot be said, as a table to read."""
    moved = changes.between(answer.rows, answer.view.is_scaled)
    if moved.empty:
        return
    with parts.section(f"The two periods as a table ({len(moved)})", "both-periods") as is_open:
        if not is_open:
            return
        parts.show_rows(
            pd.DataFrame(
                {"Series": moved["label"]}
                | {
                    name: sentences.values(moved, answer.view.is_scaled, low=f"{end}_low", high=f"{end}_high")
                    for name, end in (("From", "first"), ("To", "last"))
                }
                | {"Change": moved["change"], "Direction": [ENGLISH.says(movement) for movement in moved["movement"]]}
            ),
        )
