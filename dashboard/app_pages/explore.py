"""Explore: choose series, see them over time, ranked, side by side, on a map or as a table."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from dashboard.analysis import views
from dashboard.app_pages import parts
from dashboard.app_pages.parts import choose, choose_several
from dashboard.app_pages.statement_parts import show_selected
from dashboard.display import charts
from dashboard.model import places
from dashboard.web.session import bundled, held

names = held().names
opened = views.View.from_query(st.query_params.get_all)

st.title("Explore")

first_day = held().data.documents["known_from"].min().date()
# A day that an address names outside those that can be chosen stands for the nearest of them.
st.session_state.setdefault("known", opened.known_on and min(max(opened.known_on, first_day), date.today()))
known = st.session_state["known"]
left, right = st.columns(2)
measures = held().choices(known, "", ()).measures
measure = choose(left, "What is counted", measures, key="measure", opened=opened.measure, shown=names.measure)
options = held().choices(known, measure, ()).reporters
reporters = choose_several(
    right, "Who published it", options, key="reporter", opened=opened.reporter, shown=names.reporter, placeholder="Choose reporters"
)
there = held().choices(known, measure, tuple(reporters))
requesters = choose_several(
    left,
    "Whose government asked",
    there.requesters,
    key="requester",
    opened=opened.requester,
    shown=places.name,
    placeholder="Choose countries",
)
types = choose_several(
    right,
    "Kind of demand",
    there.types,
    key="type",
    opened=opened.type,
    shown=names.request_type,
    placeholder="The reporter’s total",
)
st.session_state.setdefault("shape", opened.shape)
shape = st.radio("Show as", list(views.SHAPES), key="shape", format_func=views.SHAPES.get, horizontal=True)

with st.expander("Scale, time, edition, service", expanded=bool({name for name, _ in opened.query()} & parts.FINE_CHOICES)):
    one, two, three = st.columns(3)
    scale = choose(one, "Scale", views.SCALES, key="scale", opened=opened.scale, shown=views.SCALES.get)
    base = ""
    if scale == "index":
        bases = ["", *dict.fromkeys(str(period) for own in there.periods.values() for period in own)]
        base = choose(one, "Index base", bases, key="base", opened=opened.base, shown=parts.named("First shared period"))
    years = ["", *there.years]
    start = choose(two, "From", years, key="start", opened=opened.start, shown=parts.named("The beginning"))
    end = choose(two, "To", years, key="end", opened=opened.end, shown=parts.named("The latest"))
    known = three.date_input(
        "As known on",
        key="known",
        min_value=first_day,
        max_value=date.today(),
        help="Shows the figures from the editions known on that day. Empty: today.",
    )
    services = choose_several(
        three, "Service", there.services, key="service", opened=opened.service, shown=names.service, placeholder="All together"
    )
    authorities = choose_several(
        three, "Authority", there.authorities, key="authority", opened=opened.authority, shown=names.authority, placeholder="Any"
    )

view = views.View(
    measure=measure,
    reporter=tuple(reporters),
    requester=tuple(requesters),
    type=tuple(types),
    service=tuple(services),
    authority=tuple(authorities),
    shape=shape,
    scale=scale,
    base=base,
    start=start,
    end=end,
    known=known.isoformat() if known else "",
)
if shape in ("ranking", "map") and reporters:
    one, two = st.columns(2)
    of = choose(one, "Reporter compared", reporters, key="of", opened=opened.of, shown=names.reporter)
    ranked = ["", *map(str, there.periods.get(of, []))]
    period = choose(two, "Period", ranked, key="period", opened=opened.period, shown=parts.named("The latest"))
    view = replace(view, of=of, period=period)

st.query_params.from_dict(parts.query_dict(view))
table, answer = held().complete(view.known_on), held().answer(view)
if answer.is_empty:
    st.info(parts.why_nothing(view, answer.rows))
    parts.copy_link(view.query())
    st.stop()

heading, links = st.columns([5, 3], vertical_alignment="bottom")
heading.header(answer.title, anchor=False)
with links.container(horizontal=True, vertical_alignment="center"):
    parts.copy_link(view.query())
    # A page elsewhere shows what everyone has, not a visitor's own reports.
    if held() is bundled():
        parts.embed(view)
    parts.page_link("Make a figure", f"/figure?{urlencode(view.query())}")

if shape == "table":
    parts.show_table(answer.rows, view.is_scaled, height=560)
else:
    if shape == "multiples":
        selected = parts.show_panels(answer.panels, key="panel")
    else:
        figure = answer.figure
        if shape == "map" and parts.is_dark():
            # The answer is kept for visitors of both themes; shades alone are of one.
            figure = charts.world_map(answer.shown, axis=answer.axis, scaled=view.is_scaled, dark=True)
        selected = parts.show_chart(figure, key=f"chart-{shape}", alt=answer.alt)
    st.caption(parts.markdown(answer.source))
    if answer.series > answer.shown["label"].nunique():
        st.caption(
            f"The chart shows the {answer.shown['label'].nunique()} largest of {answer.series} series; the table and the downloads hold all."
        )
    show_selected(selected, answer.rows, table)
    if shape == "map":
        parts.show_unmapped(answer.unmapped, view.is_scaled)
    parts.show_sentences(answer.sentences)
    if answer.note:
        st.warning(parts.markdown(answer.note))
    if shape == "time" and not answer.breaks.empty:
        with st.expander("Breaks in these series", expanded=True):
            parts.show_breaks(answer.breaks)
    with st.expander("Definitions that apply"):
        parts.show_definitions(answer.definitions)
    if parts.is_open("The same as a table", key="as-table"):
        parts.show_table(answer.rows, view.is_scaled)

parts.show_downloads(answer.rows, "data-requests", dict(view.query()) | {"title": answer.title})
