"""What the page on the length of gags shows."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard.analysis import gags
from dashboard.answers.explore import short_name
from dashboard.app_pages import parts
from dashboard.app_pages.parts import markdown
from dashboard.display import charts, colours, downloads, spans
from dashboard.display.sentences import share
from dashboard.model.intervals import Interval, number
from dashboard.web.session import bundled, library
from dashboard.web.shared import shared

ONE_LINE = "Each line is a national security letter, from its issue to the day on which its recipient could speak"


def choose_recipients(letters: pd.DataFrame) -> list[str]:
    """The recipients that the address names or the visitor chose; none is all."""
    names = library().names
    parts.follow_address("gag-")
    chosen = parts.choose_several(
        st,
        "Recipients",
        sorted(letters["reporter"].unique(), key=names.reporter),
        key="gag-recipients",
        opened=st.query_params.get_all("reporter"),
        shown=names.reporter,
        placeholder="All recipients",
    )
    parts.write_address({"reporter": chosen})
    return chosen


def summary_words(letters: pd.DataFrame) -> str:
    """The answer in one sentence."""
    summary = gags.summary(letters)
    if summary.count == 1:
        return f"One letter whose gag has ended; it had been secret for **{summary.longest_years:.1f} years**."
    count, long_share = number(summary.count), Interval.exact(summary.long_count / summary.count)
    return (
        f"Of {count} letters whose gag has ended, half had been secret for more than **{summary.median_years:.1f} years**, "
        f"the longest for {summary.longest_years:.1f}; {number(summary.long_count)} ({share(long_share)}) for more than {gags.LONG_YEARS} years."
    )


def show_in_brief() -> None:
    """How long gags lasted, drawn, said and as a table, and which orders have no end date, with the way to the page that has it all."""
    # Of what is shipped: a visitor's own reports hold no letters.
    version = bundled().data.version
    letters, sentences = _in_brief(version)
    with st.container(border=True, gap=None, key="frame-gags"):
        st.plotly_chart(_spans(version, parts.is_dark()), key="gag-spans", alt=_alt(letters), config=charts.CONFIG, width="stretch")
        with st.container(gap="small"):
            st.markdown(sentences)
            parts.page_link("How long gags last", "/gags")
            show_letters(letters)


@shared(max_size=1)
def _in_brief(_version: str) -> tuple[pd.DataFrame, str]:
    letters = gags.ended(bundled().data)
    return letters, " ".join([f"{ONE_LINE}.", summary_words(letters), *without_end_words()])


@shared(max_size=2)
def _spans(version: str, is_dark: bool) -> go.Figure:
    letters, paper = _in_brief(version)[0], charts.DARK if is_dark else charts.LIGHT
    # Twelve recipients need a legend as high as the chart: the page that has it all tells them apart.
    shades = dict.fromkeys(letters["reporter"], paper.quiet)
    return spans.spans(letters, _short_names(letters), shades, paper=paper, height=spans.LOW)


def show_spans(letters: pd.DataFrame) -> None:
    """Each letter as a line from issue to release."""
    names = _short_names(letters)
    shades = colours.of_series({reporter: (reporter,) for reporter in names})
    figure = spans.spans(letters, names, shades, paper=charts.DARK if parts.is_dark() else charts.LIGHT)
    st.plotly_chart(figure, key="gag-spans", alt=_alt(letters), config=charts.CONFIG, width="stretch")
    titles = library().data.documents.set_index("document")["title"]
    st.caption(f"{ONE_LINE}. Source: {markdown('; '.join(dict.fromkeys(letters['document'].map(titles))))}.")


def _short_names(letters: pd.DataFrame) -> dict[str, str]:
    return {reporter: short_name(bundled().names.reporter(reporter)) for reporter in letters["reporter"].unique()}


def _alt(letters: pd.DataFrame) -> str:
    summary = gags.summary(letters)
    return (
        f"{number(summary.count)} lines, each a letter from the day of issue to the day on which its gag had ended, "
        f"{letters['issued'].min():%Y} to {letters['released'].max():%Y}; median {summary.median_years:.1f} years."
    )


def show_by_year(letters: pd.DataFrame, day: str) -> None:
    """The same by the year of issue or of release."""
    st.header({"issued": "By year of issue", "released": "By year of release"}[day], anchor=False)
    table = gags.by_year(letters, day)
    parts.show_rows(
        {
            "Year": table["year"].astype(str),
            "Letters": table["count"],
            "Median, years": table["median_years"],
            "Longest, years": table["longest_years"],
            f"Over {gags.LONG_YEARS} years": table["long_count"],
        },
        column_config={name: st.column_config.NumberColumn(format="%.1f") for name in ("Median, years", "Longest, years")},
    )


def without_end_words() -> list[str]:
    """A sentence for each published number of orders without an end date."""
    rows = bundled().data.observations
    open_ended = rows[(rows["measure"] == "nondisclosure_orders") & (rows["service"] == "without_end_date")]
    names, sentences = library().names, []
    for row in open_ended.itertuples():
        same = (
            (rows["measure"] == row.measure)
            & (rows["reporter"] == row.reporter)
            & (rows["document"] == row.document)
            & (rows["service"] == "all")
        )
        whole = rows[same & (rows["period_start"] == row.period_start) & (rows["period_end"] == row.period_end)]
        of = f" of {number(whole.iloc[0]['low'])}" if len(whole) else ""
        sentences.append(
            f"Secrecy orders of courts are another thing. {markdown(names.reporter(row.reporter))} counted {number(row.low)}{of} of them from "
            f"{row.period_start:%B %Y} to {row.period_end:%B %Y} that had no end date."
        )
    return sentences


def show_letters(letters: pd.DataFrame) -> None:
    """Every letter with its document and cell, and as a file, once it is asked for."""
    with parts.section("Every letter with its cell", "letters") as is_open:
        if not is_open:
            return
        parts.show_rows(
            {
                "Recipient": letters["reporter"].map(library().names.reporter),
                "Number": letters["number"],
                "Issued": letters["issued"].dt.date,
                "Released": letters["released"].dt.date,
                "Years": letters["years"].round(2),
                "Document": letters["document"],
                "Cell": letters["cell"],
            }
        )
        parts.download(st, "Download the letters (CSV)", lambda: downloads.csv(letters), "letters.csv", key="letters-csv")
