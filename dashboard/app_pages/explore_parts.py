"""What the Explore page is made of: the choice that is kept and in its address, the bar of choices, and what stands around the chart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.analysis import views
from dashboard.analysis.parameters import BadParameter
from dashboard.analysis.views import FIELDS, View
from dashboard.answers import Answer, Choices
from dashboard.app_pages import addresses, explore_evidence, parts
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
FIRST_BARS = "10"
"""The bars of a ranking that is chosen on the page."""
OPENING = ("settings", "copy-link", "embed", "data-requests-download")
"""Buttons that open something, by their keys."""
UNSHOWN = ("shape", "over")
"""Choices whose controls cannot show a value that is not understood; the address keeps it until another is chosen."""


@dataclass
class Chosen:
    """What is chosen on the page. It is held beside the controls: Streamlit forgets those that a run does not draw, and is slow to ask."""

    view: View
    address: dict[str, list[str]]
    problems: tuple[BadParameter, ...]
    """What of the address is not understood."""
    values: dict[str, Any]
    """The value of each control by its name, whether it is drawn or not."""
    has_ranked: bool
    """Whether a ranking was shown since the address was opened."""
    drawn: dict[str, Any] = field(default_factory=dict)
    """The controls that were drawn, and the value that each had as this run began."""
    slider: tuple = ()
    """The name of the slider of time, the time that it was moved to or begins with, and its ends."""
    is_moved: bool = False
    """Whether another control than a choice's own was used before this run."""
    opened: dict[str, bool] = field(default_factory=dict)
    """Which of the buttons that open something were open as this run began."""

    def control(self, name: str) -> str:
        """The key of a control that is drawn now; it shows what is chosen.

        The control is given its value as its first one, too: what is set of it once does not reach a browser in which another run overtakes this one.
        """
        if self.drawn.get(name, _UNKNOWN) != self.values[name]:
            st.session_state[name] = self.values[name]
        self.drawn.setdefault(name, _UNKNOWN)
        return name

    def choose(self, **values: Any) -> None:
        """Choose from another control than a choice's own, before the page runs."""
        self.is_moved, self.values = True, self.values | values
        st.session_state.update({name: value for name, value in values.items() if name in st.session_state})

    def is_used(self) -> bool:
        """Whether a control was used since the last run, of those that choose or that open something."""
        changed = any(st.session_state.get(name, value) != value for name, value in self.values.items() if name in self.drawn)
        # What another page has taken off the screen was not closed by anybody.
        return changed or self.is_moved or bool(_opened().items() - (dict.fromkeys(OPENING, False) | self.opened).items())


def _opened() -> dict[str, bool]:
    return {name: bool(st.session_state[name]) for name in OPENING if name in st.session_state}


_UNKNOWN = object()
"""In the place of a control's value that Streamlit does not hold."""


def opened_view() -> Chosen:
    """What is chosen. An address that changed, by a link or by Back, replaces every choice; coming back from another page, none.

    An address that comes with the use of a control is that of the last choice or of one before it, where the browser has not been told of the last yet.
    """
    address = addresses.here()
    chosen: Chosen | None = st.session_state.get("explore")
    returns = not address and st.session_state.get("page_before") not in (None, PAGE)
    if chosen is not None and address != chosen.address and not returns and chosen.is_used():
        st.query_params.from_dict(chosen.address)
        address = chosen.address
    if chosen is None or (address != chosen.address and not returns):
        view = _as_written(address)
        problems = View.read(address, library().reader().known)[1]
        chosen = Chosen(view, address, problems, _controls_of(view), view.shape == "ranking", opened=_opened())
        st.session_state["explore"] = chosen
        return chosen
    chosen.is_moved, chosen.opened = False, _opened()
    chosen.drawn = {name: st.session_state.get(name, _UNKNOWN) for name in chosen.drawn}
    chosen.values |= {name: value for name, value in chosen.drawn.items() if value is not _UNKNOWN}
    return chosen


def chosen_view(chosen: Chosen) -> tuple[View, tuple[BadParameter, ...]]:
    """The view that the controls show now, and what of it cannot be understood; remembered, and in the address where a choice changed it."""
    kept, fields = chosen.view, {}
    for name, field_of in FIELDS.items():
        value = chosen.values[name]
        if name == "known":
            value = value.isoformat() if value else "" if _is_understood("known", kept.known) else kept.known
        if name in UNSHOWN and value == field_of.default[0] and not _is_understood(name, getattr(kept, name)):
            value = getattr(kept, name)
        fields[name] = tuple(value) if field_of.is_several else value or ""
    written = View(**fields)
    of = "" if written.reporter != kept.reporter and written.of not in written.reporter else written.of
    if written.shape in ACROSS and not written.ranks_reporters and written.reporter:
        of = of or written.reporter[0]
    if of != written.of:
        chosen.values["of"] = of
        written = replace(written, of=of)
    address = by_name(written.query())
    if written != kept:
        st.query_params.from_dict(address)
        chosen.view, chosen.address, chosen.problems = written, address, ()
    elif not st.query_params and address:
        st.query_params.from_dict(address)
        chosen.address = address
    view, problems = View.read(address, library().reader().known)
    by_text = {str(problem): problem for problem in (*chosen.problems, *problems)}
    return view, tuple(by_text.values())


def offered(chosen: Chosen) -> Choices:
    """What can be chosen beside what is."""
    return library().choices(chosen.values["known"], chosen.values["measure"], tuple(chosen.values["reporter"]))


def bar(chosen: Chosen) -> None:
    """The bar: each choice on its own button, which opens the control that changes it."""
    names, measure, choices = library().names, chosen.values["measure"], offered(chosen)
    with st.container(horizontal=True, key="bar"):
        with st.popover(parts.markdown(names.measure(measure)), icon=":material/tag:"):
            _one(chosen, "measure", choices.measures, names.measure, help=_meanings([measure], names.measure, names.meaning_of_measure))
        meaning = _meanings(chosen.values["reporter"], names.reporter, lambda reporter: names.definition(reporter, measure))
        # A ranking or a map has all of what it ranks; those that are chosen stand out.
        ranked = {"ranking": chosen.values["over"], "map": "requesters"}.get(chosen.values["shape"])
        nobody, nowhere = (
            "All reporters" if ranked == "reporters" else "No reporter",
            "All countries" if ranked == "requesters" else "No country",
        )
        _several(chosen, "reporter", ":material/apartment:", choices.reporters, names.reporter, nobody, meaning)
        _several(chosen, "requester", ":material/public:", choices.requesters, places.name, nowhere)
        types = dict.fromkeys([*choices.types, *chosen.values["type"]])
        meaning = _meanings(types, names.request_type, names.meaning_of_type)
        _several(chosen, "type", ":material/category:", choices.types, names.request_type, "All kinds", meaning)
        settings = st.popover("Settings", icon=":material/tune:", key="settings", on_change="rerun")
        if settings.open:
            with settings:
                _settings(chosen, choices)


def shapes(chosen: Chosen) -> str:
    """The row of shapes."""
    label = FIELDS["shape"].label
    return st.segmented_control(
        label,
        list(views.SHAPES),
        default=chosen.values["shape"],
        key=chosen.control("shape"),
        format_func=views.SHAPES.get,
        required=True,
        label_visibility="collapsed",
        on_change=_open_shape,
    )


def _open_shape() -> None:
    # The first ranking that is chosen has few bars; later ones, and the ranking of an address, as many as were chosen.
    chosen: Chosen = st.session_state["explore"]
    if st.session_state["shape"] == "ranking" and not chosen.has_ranked:
        chosen.has_ranked = True
        chosen.choose(top=chosen.values["top"] or FIRST_BARS)


def time_range(chosen: Chosen, halves: list[str]) -> None:
    """The slider of half-years below a chart over time; it writes what it shows where it can be typed, too.

    Where its time comes from elsewhere it is another one: a slider that follows comes back as it was where a run is cut short, as if it had been moved.
    """
    if len(halves) < 2:
        return
    first, last = _half_of(chosen.values["start"], halves, halves[0], 0), _half_of(chosen.values["end"], halves, halves[-1], 1)
    if halves.index(first) > halves.index(last):
        return
    now = (first, last, halves[0], halves[-1])
    if chosen.slider[1:] != now:
        st.session_state["sliders"] = st.session_state.get("sliders", 0) + 1
        chosen.slider = (f"range-{st.session_state['sliders']}", *now)
    st.select_slider(
        "Time",
        halves,
        value=(first, last),
        key=chosen.slider[0],
        label_visibility="collapsed",
        width=NEARBY,
        on_change=_write_range,
    )


def chosen_periods(chosen: Chosen, view: View, offered: Choices) -> None:
    """Above a ranking, below a map or a comparison: of what, in which period, and with which it is compared."""
    names, reporters = library().names, chosen.values["reporter"]
    if view.shape == "ranking":
        over = FIELDS["over"].choices
        index = list(over).index(chosen.values["over"])
        st.radio(FIELDS["over"].label, list(over), index, key=chosen.control("over"), format_func=over.get, horizontal=True)
        _one(chosen, "top", ["", *views.TOPS], parts.named("All"), width=90)
    if view.shape in ACROSS and not view.ranks_reporters and len(reporters) > 1:
        _one(chosen, "of", reporters, names.reporter, width=160)
    own = offered.periods.get(view.of, []) if view.shape in ACROSS and not view.ranks_reporters else []
    choices = list(map(str, own)) or list(dict.fromkeys(str(period) for own in offered.periods.values() for period in own))
    if view.shape != "ranking":
        nothing = "Nothing" if view.shape == "map" else "A year before"
        _one(chosen, "against", ["", *choices], parts.named(nothing), width=140)
    # Of several reporters it is the last that most of them have, and not the last of any.
    latest = "The latest" if view.shape in ACROSS and not view.ranks_reporters else "The latest of most"
    _one(chosen, "period", ["", *choices], parts.named(latest), width=160)


def dressed_again(view: View) -> list[tuple[str, str]]:
    """The address of the visitor's last figure, with its words, size and colours, of what is shown now; empty where it had nothing of its own."""
    figure = st.session_state.get("kept_figure")
    if figure is None or figure.query() == figure.view.query():
        return []
    return replace(figure, view=view).query()


def show_problems(problems: Sequence[BadParameter]) -> None:
    """What of an address or of what was typed is not understood, each in a sentence, in one box: it does not push the chart off the screen."""
    instead = ("" if problem.instead.startswith("There are ") else f" {problem.instead}" for problem in problems)
    lines = [parts.markdown(f"{problem.wrong}{more}") for problem, more in zip(problems, instead, strict=True)]
    if lines:
        st.warning("  \n".join(lines), icon=":material/help:")


def _settings(chosen: Chosen, offered: Choices) -> None:
    names = library().names
    values = chosen.values
    known: date | None = values["known"]
    left, right = st.columns(2)
    with left:
        _one(chosen, "scale", views.SCALES, lambda code: views.SCALES.get(code, code))
    with right:
        _one(chosen, "axis", FIELDS["axis"].choices, lambda code: FIELDS["axis"].choices.get(code, code))
    if values["scale"] == "index":
        bases = ["", *dict.fromkeys(str(period) for own in offered.periods.values() for period in own)]
        _one(chosen, "base", bases, parts.named("First shared period"))
    # On a telephone columns stand below each other: what belongs together is a pair of its own.
    left, right = st.columns(2)
    for name, where, half in (("start", left, offered.halves[:1]), ("end", right, offered.halves[-1:])):
        where.text_input(FIELDS[name].label, values[name], key=chosen.control(name), placeholder="".join(half), help=FIELDS[name].help)
    if values["shape"] == "multiples":
        _one(chosen, "panels", FIELDS["panels"].choices, lambda code: FIELDS["panels"].choices.get(code, code))
    series = offered.series(tuple(values["requester"]), tuple(values["type"]))
    for name, nothing in (("focus", "All alike"), ("muted", "None")):
        _any(chosen, name, series, series_name, placeholder=nothing)
    first = library().data.documents["known_from"].min().date()
    st.date_input(
        FIELDS["known"].label,
        known,
        key=chosen.control("known"),
        min_value=min(first, known or first),
        max_value=max(date.today(), known or first),
        help="Shows the figures from the editions known on that day. Empty: today.",
    )
    for name, options, shown, nothing in (
        ("service", offered.services, names.service, "All together"),
        ("authority", offered.authorities, names.authority, "Any"),
    ):
        _any(chosen, name, options, shown, placeholder=nothing)


def series_name(key: str) -> str:
    """A series' name out of its key, `google/USA/nsl`: each part by the name that it has in the data."""
    names = library().names
    shown = (names.reporter, places.name, names.request_type)
    return " · ".join(name(code) for name, code in zip(shown, key.split("/"), strict=False))


def _one(chosen: Chosen, key: str, options: Iterable[str], shown: Callable[[str], str], **more) -> None:
    value = chosen.values[key]
    options = list(dict.fromkeys([*options, value]))
    st.selectbox(FIELDS[key].label, options, options.index(value), key=chosen.control(key), format_func=shown, **more)


def _any(chosen: Chosen, key: str, options: Iterable[str], shown: Callable[[str], str], label: str = "", **more) -> None:
    values = chosen.values[key]
    options = list(dict.fromkeys([*options, *values]))
    st.multiselect(label or FIELDS[key].label, options, values, key=chosen.control(key), format_func=shown, **more)


def _meanings(codes: Iterable[str], shown: Callable[[str], str], meaning: Callable[[str], str]) -> str:
    # What the words that can be chosen mean, each in a paragraph.
    return "\n\n".join(f"**{parts.markdown(shown(code))}**: {parts.markdown(text)}" for code in codes if (text := meaning(code)))


def _several(chosen: Chosen, key: str, icon: str, options: list[str], shown: Callable[[str], str], nothing: str, meaning: str = "") -> None:
    codes = chosen.values[key]
    names = ", ".join(shown(code).partition(" (")[0] for code in codes[:MOST_NAMES])
    more = f" +{len(codes) - MOST_NAMES}" if len(codes) > MOST_NAMES else ""
    with st.popover(parts.markdown(f"{names}{more}" or nothing), icon=icon):
        label = FIELDS[key].label
        if chosen.values["shape"] == "time" and key != "type":
            label += f" :small[(a chart over time draws the {views.MAX_SERIES['time']} largest series; panels up to {views.MAX_SERIES['multiples']})]"
        _any(chosen, key, options, shown, label, placeholder=nothing, help=meaning or None)


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


def _write_range() -> None:
    chosen: Chosen = st.session_state["explore"]
    name, *before, first, last = chosen.slider
    start, end = st.session_state[name]
    # A new slider may come back as it began.
    if [start, end] != before:
        chosen.slider = (name, start, end, first, last)
        chosen.choose(start="" if start == first else start, end="" if end == last else end)


def movements(answer: Answer) -> pd.DataFrame | None:
    """How each series moved between the two periods of a comparison; None where nothing is compared."""
    return changes.between(answer.rows, answer.view.is_scaled) if answer.view.compares else None


def chosen_detail(answer: Answer, moved: pd.DataFrame | None, selected: int | str | tuple[str, str] | None) -> str | None:
    """Which of what stands behind the chart is shown: what was chosen last in the row below it, or the evidence of what is `selected` on it."""
    labels = {explore_evidence.DETAIL: ":material/fact_check: Where each number is printed"}
    if moved is not None and len(moved):
        labels["moved"] = f"The two periods as a table ({len(moved)})"
    if answer.marked:
        labels["breaks"] = f"Breaks in these series ({len(answer.breaks)})"
    if answer.earlier is not None and len(answer.earlier):
        labels["earlier"] = f"Faint and dotted: what earlier editions printed ({len(answer.earlier)})"
    if answer.cited is not None and len(answer.cited):
        labels["cited"] = f"Statements about these series ({len(answer.cited)})"
    labels["definitions"] = "Definitions that apply"
    if explore_evidence.is_asked_for(selected):
        st.session_state["detail"] = explore_evidence.DETAIL
    return st.pills("Behind the chart", list(labels), key="detail", format_func=labels.get, label_visibility="collapsed")


def show_both_periods(moved: pd.DataFrame, is_scaled: bool) -> None:
    """Each series with its number in both periods, the change, and whether it rose, fell or cannot be said, as a table to read."""
    ends = {
        name: sentences.values(moved, is_scaled, low=f"{end}_low", high=f"{end}_high") for name, end in (("From", "first"), ("To", "last"))
    }
    directions = [ENGLISH.phrase(movement) for movement in moved["movement"]]
    parts.show_rows({"Series": moved["label"], **ends, "Change": moved["change"], "Direction": directions})
