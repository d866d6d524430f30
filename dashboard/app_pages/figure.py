"""Make a figure: a view dressed for an article, saved with its evidence; and the check of a figure that comes back."""

from dataclasses import replace

import streamlit as st

from dashboard import figures, statements
from dashboard.analysis import views
from dashboard.app_pages import addresses, figure_parts, parts
from dashboard.app_pages.parts import choose
from dashboard.display.languages import Numerals
from dashboard.figures import evidence
from dashboard.web.queries import by_name
from dashboard.web.session import library

parts.follow_address("figure-")
address = addresses.here()
if not address and st.session_state.get("page_before") not in (None, "figure", "explore") and (kept := st.session_state.get("kept_figure")):
    # Who comes back from another page finds the figure as it was left; Explore has a link of its own to it.
    address = {name: [text] if isinstance(text, str) else text for name, text in by_name(kept.query()).items()}
opened, problems = figures.Figure.read(address)
view = opened.view

st.title("Make a figure")
ways = [f"[Choose what it shows in Explore]({parts.link(view.address())})"]
if opened.query() != view.query():
    ways.append(f"[start anew, with nothing of your own]({parts.link(view.address('/figure'))})")
st.markdown(f"For an article, a report or a slide, at the size its page asks for. {', or '.join(ways)}.")
known = set(statements.bundled().statements["statement"])
there, unknown = views.View.read(address, library().reader().known)
named = {name: getattr(view, name) for name in ("reporter", "service")}
# Where none of what is named is there, no figure is drawn of others in its stead.
if is_drawable := all(getattr(there, name) or not codes for name, codes in named.items()):
    view = there
refusals = [*(problem.wrong for problem in unknown), *map(str, problems)]
refusals += [f"There is no statement “{name[:60]}”." for name in opened.statement if name not in known]
for problem in refusals:
    st.warning(parts.markdown(f"{problem} It is left out." if is_drawable else problem))

# The preview is as wide as it is read, and its controls stand right beside it on every screen that has room for both.
beside = st.container(horizontal=True, gap="medium")
shown, controls = beside.container(width=figure_parts.width_of_preview(opened.size)), beside.container(key="figure-controls")
# In two tabs, so that the preview stays in sight of each control.
names_of_tabs = ("Size and texts", "Series and own words")
dressing, content = controls.tabs(names_of_tabs, default=names_of_tabs[bool(opened.series or opened.annotation)])
with dressing:
    size = figure_parts.choose_size(st, opened.size)
    theme = choose(st, "Background", figures.THEMES, key="figure-theme", opened=opened.theme, shown=figure_parts.THEME_NAMES.get)
    lang = choose(st, "Language", figures.LANGUAGES, key="figure-lang", opened=opened.lang, shown=figures.LANGUAGES.get)
try:
    written = figure_parts.drawing_of(figures.Figure(view, lang=lang))
except figures.Unfit as unfit:
    if str(unfit) not in refusals:
        shown.info(parts.markdown(unfit))
    st.stop()
with dressing:
    texts = {
        name: figure_parts.choose_text(
            st, name, label, getattr(opened, name), getattr(written.figure, name), figure_parts.LONG.get(name, 0)
        )
        for name, label in figure_parts.TEXT_NAMES.items()
    }
with content:
    has_series = view.shape in ("time", "table", "multiples")
    dress = figure_parts.choose_series(st, written, opened) if has_series else {"annotation": opened.annotation}
    cited = figure_parts.choose_statements(st, written.rows, opened.statement)

view = replace(view, focus=dress.pop("focus", view.focus), muted=dress.pop("muted", view.muted))
figure = figures.Figure(view, **texts, **dress, size=size, theme=theme, lang=lang, statement=cited)
try:
    drawing = figure_parts.drawing_of(figure)
except figures.Unfit as unfit:
    shown.info(parts.markdown(unfit))
    st.stop()
with dressing:
    alt = figure_parts.choose_text(st, "alt", "The figure in words, for those who do not see it", opened.alt, drawing.alt, 140)
    st.button("Write all texts from the data again", on_click=figure_parts.forget_texts)
figure, drawing = replace(figure, alt=alt), figure_parts.described(drawing, alt)

# What is not there now may be there again: it stays in the address, and is said each time.
parts.write_address(by_name(replace(figure, view=replace(figure.view, **named)).query()))
st.session_state["kept_figure"] = figure
with shown:
    figure_parts.show_figure(drawing)
    figure_parts.show_data_files(drawing)
    figure_parts.show_measures(drawing)
    if drawing.remarks:
        st.warning("\n".join(f"- {parts.markdown(remark)}" for remark in drawing.remarks))
    parts.copy_link(figure.query())
    if drawing.notes and st.toggle("Notes in full", key="figure-notes"):
        st.markdown("\n".join(f"- {parts.markdown(note.text(Numerals(lang)))}" for note in drawing.notes))
    if st.toggle("The same as a table", key="figure-table"):
        parts.show_table(drawing.rows, view.is_scaled)
    if st.toggle("How to cite it", key="figure-cite"):
        figure_parts.show_citations(drawing, parts.this_page(figure.query()))
    # No other reader of this address has the visitor's own numbers.
    if evidence.has_own(drawing.rows):
        st.caption("A page elsewhere cannot show it: your own numbers are in this session or workspace alone.")
    elif st.toggle("Embed it in a page", key="figure-embed"):
        if figure.query() != view.query():
            st.caption(
                "A page shows the view alone, at the width it has there; your own texts, size and choice of series are in the files."
            )
        for frozen in (False, True):
            parts.show_snippet(drawing.figure.view, drawing.figure.lang, frozen=frozen)

figure_parts.show_brief()
st.header("Check a figure", anchor=False)
figure_parts.show_check()
