"""Explore: choose series, see them over time, ranked, side by side, on a map or as a table."""

from dataclasses import replace
from datetime import date

import streamlit as st

from dashboard import catalog, charts, statements, views, words
from dashboard.app_pages import parts
from dashboard.app_pages.parts import choose, choose_several
from dashboard.model import places

bundle, names = catalog.bundled(), parts.names()
opened = views.View.from_query(st.query_params.get_all)

st.title("Explore")

st.session_state.setdefault("known", opened.known_on)
table = parts.complete(st.session_state["known"])

left, right = st.columns(2)
measures = parts.codes_of(table, "measure")
measure = choose(left, "What is counted", measures, key="measure", opened=opened.measure, shown=names.measure)
counted = table[table["measure"] == measure]
reporters = choose_several(
    right,
    "Who published it",
    parts.codes_of(counted, "reporter"),
    key="reporter",
    opened=opened.reporter,
    shown=names.reporter,
    placeholder="Choose reporters",
)
there = counted[counted["reporter"].isin(reporters)]
countries = sorted(there["requester"].unique(), key=lambda code: (code != places.WORLD, places.name(code)))
requesters = choose_several(
    left, "Whose government asked", countries, key="requester", opened=opened.requester, shown=places.name, placeholder="Choose countries"
)
types = choose_several(
    right,
    "Kind of demand",
    parts.codes_of(there, "request_type"),
    key="type",
    opened=opened.type,
    shown=names.request_type,
    placeholder="The reporter’s total",
)
st.session_state.setdefault("shape", opened.shape)
shape = st.segmented_control("Show as", list(views.SHAPES), key="shape", format_func=views.SHAPES.get, required=True)

with st.expander("Scale, time, edition, service", expanded=bool({name for name, _ in opened.query()} & parts.FINE_CHOICES)):
    one, two, three = st.columns(3)
    scale = choose(one, "Scale", views.SCALES, key="scale", opened=opened.scale, shown=views.SCALES.get)
    bases = ["", *(str(period) for period in views.periods_of(there))]
    base = choose(
        one,
        "Index base",
        bases,
        key="base",
        opened=opened.base,
        shown=lambda text: text or "First shared period",
        disabled=scale != "index",
    )
    years = ["", *(str(year) for year in range(table["period_start"].min().year, table["period_end"].max().year + 1))]
    start = choose(two, "From", years, key="start", opened=opened.start, shown=lambda text: text or "The beginning")
    end = choose(two, "To", years, key="end", opened=opened.end, shown=lambda text: text or "The latest")
    known = three.date_input(
        "As known on",
        key="known",
        min_value=bundle.documents["known_from"].min().date(),
        max_value=date.today(),
        help="Shows the figures from the editions known on that day. Empty: today.",
    )
    services = choose_several(
        three,
        "Service",
        parts.codes_of(there, "service"),
        key="service",
        opened=opened.service,
        shown=names.service,
        placeholder="All together",
    )
    authorities = choose_several(
        three,
        "Authority",
        parts.codes_of(there, "authority"),
        key="authority",
        opened=opened.authority,
        shown=names.authority,
        placeholder="Any",
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
    ranked = ["", *(str(period) for period in views.periods_of(there[there["reporter"] == of]))]
    period = choose(two, "Period", ranked, key="period", opened=opened.period, shown=lambda text: text or "The latest")
    view = replace(view, of=of, period=period)

rows = words.with_labels(views.rows_of(view, table, bundle.population), names)
st.query_params.from_dict(parts.query_dict(view))

if rows["low"].notna().sum() == 0:
    st.info(parts.why_nothing(view, rows))
    parts.copy_link(view.query())
    st.stop()

scale_words = views.scale_words(view, rows)
title, axis = words.title(rows, names, scale_words), words.axis(rows, names, scale_words)
heading, link = st.columns([5, 1], vertical_alignment="bottom")
heading.subheader(title, anchor=False)
with link:
    parts.copy_link(view.query())
breaks = words.breaks_of(rows, bundle)

if shape == "table":
    parts.show_table(rows, view.is_scaled, height=560)
else:
    shown, how_many = views.largest(rows, views.MOST[shape])
    if shape == "time":
        figure = charts.over_time(
            shown, axis=axis, breaks=breaks, scaled=view.is_scaled, marks=statements.marks(statements.bundled(), shown)
        )
    elif shape == "ranking":
        figure = charts.ranking(shown, axis=axis, highlighted=requesters, scaled=view.is_scaled)
    elif shape == "map":
        figure = charts.world_map(shown, axis=axis, scaled=view.is_scaled)
    if shape == "multiples":
        selected = parts.show_panels(shown, key="panel", scaled=view.is_scaled)
    else:
        selected = parts.show_chart(figure, key=f"chart-{shape}", alt=words.alt(shown, names, scale_words, view.is_scaled))
    st.caption(words.source_line(shown, bundle, names, view.known_on))
    if how_many > shown["label"].nunique():
        st.caption(f"The chart shows the {shown['label'].nunique()} largest of {how_many} series; the table and the downloads hold all.")
    parts.show_selected(selected, rows, table)
    if shape == "map":
        parts.show_unmapped(charts.unmapped(rows), view.is_scaled)
    parts.show_sentences(words.sentences(rows, names, shape, view.is_scaled))
    if note := words.comparability(rows, bundle, names):
        st.warning(parts.markdown(note))
    if not breaks.empty and shape == "time":
        with st.expander("Breaks in these series", expanded=True):
            parts.show_breaks(breaks)
    with st.expander("Definitions that apply"):
        parts.show_definitions(rows)
    with st.expander("The same as a table"):
        parts.show_table(rows, view.is_scaled)

parts.show_downloads(rows, "data-requests", dict(view.query()) | {"title": title})
