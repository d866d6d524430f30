"""What the pages of a reporter, of a country, of changes and of definitions show."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import catalog
from dashboard.analysis import definitions
from dashboard.answers.profiles import Panel, ReporterProfile
from dashboard.app_pages import addresses, parts, statement_parts
from dashboard.app_pages.parts import markdown
from dashboard.app_pages.text import WORDS
from dashboard.catalog import history
from dashboard.display import comparisons, downloads, sentences
from dashboard.model.intervals import Interval, counted, number
from dashboard.model.periods import Period, day_label
from dashboard.web.session import library

FIRST_PANELS = 6
"""Series that a profile draws at once; the others follow when they are asked for."""


def choose_one(
    where: DeltaGenerator,
    label: str,
    codes: list[str],
    shown: Callable[[str], str],
    *,
    key: str = "profile",
    parameter: str = "id",
    also: tuple[str, ...] = (),
    usual: str = "",
) -> str:
    """The code that the address names, by `id` or by the `also` that Explore calls it, or another one that is chosen; one that is not there is said to be so."""
    if parameter == "id":
        parts.follow_address(key)
    wanted = next((st.query_params[name] for name in (parameter, *also) if name in st.query_params), "")
    if wanted and wanted not in codes:
        st.info(f"“{markdown(wanted)}” is not held under this name. Choose one that is.")
    ordered = sorted(codes, key=lambda code: shown(code).casefold())
    chosen = parts.choose(where, label, ordered, key=f"{key}-{parameter}", opened=wanted if wanted in codes else usual, shown=shown)
    if parameter == "id" and (wanted or chosen != ordered[0]):
        # An address without a name stays as it is: Back would end at it.
        parts.write_address({"id": chosen})
    return chosen


def show_rhythm(profile: ReporterProfile) -> None:
    """How often it publishes, how long after, and whether the next report is overdue."""
    st.header("When it publishes", anchor=False)
    rhythm = profile.rhythm
    if rhythm is None:
        st.markdown("No rhythm can be read from what is held: there are fewer than two periods of one length.")
        return
    following = Period(rhythm["next_start"].date(), rhythm["next_end"].date())
    last = Period(rhythm["last_start"].date(), rhythm["last_end"].date())
    st.markdown(
        f"It reports on periods of {counted(int(rhythm['months']), 'month')}, each about {number(rhythm['lag_days'])} days after its end. "
        f"The last period held is {last}."
    )
    if rhythm["missing"]:
        count = "One report is" if rhythm["missing"] == 1 else f"{number(rhythm['missing'])} reports are"
        st.markdown(
            f":orange-badge[:material/schedule: Overdue] {count} missing here by that rhythm, from {following} on, "
            f"since {day_label(rhythm['overdue_since'])}. It may have been published and not be held here."
        )
    else:
        st.markdown(f"{following} is expected about {day_label(rhythm['expected'])}.")


def show_noughts(reporter: str) -> None:
    """What it never received by its own numbers; nothing where there is no such series."""
    noughts = library().noughts()
    if not (of_it := noughts[noughts["reporter"] == reporter]).empty:
        st.header("What it never received", anchor=False)
        st.caption("Series of which every number is none since they began. Where one is no longer printed, that does not say why.")
        parts.show_noughts(of_it)


def show_series(panels: Iterable[Panel], key: str) -> None:
    """Its series in small, each on its own scale, those beyond the first once they are opened."""
    st.header("Its series", anchor=False)
    st.caption("Each has its own scale: read the movement of each, and do not compare heights.")
    first, more = [*panels][:FIRST_PANELS], [*panels][FIRST_PANELS:]
    _show_panels(first, key)
    if more:
        parts.show_once_open(f"{len(more)} more series", f"{key}-more", _show_panels, more, key)


def _show_panels(panels: Iterable[Panel], key: str) -> None:
    cells = st.grid(3, min_column_width=280)
    for panel in panels:
        with cells.cell():
            st.markdown(f"**{markdown(panel.name)}**")
            selected = parts.show_chart(panel.chart, key=f"{key}-{panel.name}", alt=panel.alt)
            parts.show_evidence_at(selected, panel.rows)


def show_latest(latest: pd.DataFrame, other: str) -> None:
    """The last number of each series, in words: whose it is (`other`, the column in which they differ), and how many stand first."""
    st.header("The latest numbers", anchor=False)
    parts.show_rows(parts.named_columns(latest, other, "value", "period", "measure", "request_type"))


def show_folded(label: str, show: Callable[[pd.DataFrame], None], table: pd.DataFrame) -> None:
    """Rows of a profile behind a button that counts them; a line where there is none."""
    if table.empty:
        st.markdown(f"{label}: nothing is held.")
        return
    parts.show_once_open(f"{label} ({number(len(table))})", label, show, table)


def show_definitions(table: pd.DataFrame) -> None:
    """What it means by its words, with the days for which that holds."""
    for row in table.itertuples():
        held_days = " ".join(
            word
            for word in (row.valid_from and f"from {day_label(row.valid_from)}", row.valid_to and f"until {day_label(row.valid_to)}")
            if word
        )
        when = f" ({held_days})" if held_days else ""
        st.markdown(f"**{row.concept.capitalize()}**{when}: {markdown(row.definition)} " + (f"[Source]({row.url})" if row.url else ""))
    parts.page_link("Compare it with others", "/definitions")


def show_breaks(breaks: pd.DataFrame) -> None:
    """Where its series break, the newest first."""
    for row in breaks.itertuples():
        st.markdown(f"**{row.date:%B %Y}: {markdown(row.label)}.** {markdown(row.change)} {markdown(row.effect)}")


def show_changes(profile: ReporterProfile) -> None:
    """How much of its past it printed otherwise later."""
    st.header("What it changed", anchor=False)
    changes = profile.changes
    if changes is None:
        st.markdown("No number of its past is held from two documents, so nothing can be said.")
        return
    st.markdown(
        f"Of {number(changes['reprinted'])} numbers that a later edition prints again, {number(changes['restated'])} were printed otherwise; "
        f"{number(changes['withdrawn'])} were left out by a later edition of their file."
    )
    bands = library().band_history()["reporter"].eq(profile.reporter).sum()
    if bands:
        st.markdown(f"Bands that the law allows were printed anew {number(bands)} {'time' if bands == 1 else 'times'}.")
    parts.page_link("Edition by edition", f"/changes?reporter={profile.reporter}")


def show_statements(table: pd.DataFrame) -> None:
    """What was said in public about its series, the newest first, each with its verdict."""
    statement_parts.show_list(table.sort_values("date", ascending=False))


def show_documents(documents: pd.DataFrame) -> None:
    """Its documents, the newest first."""
    parts.show_rows(
        {
            "Title": documents["title"],
            "Edition": documents["edition"],
            "Known from": documents["known_from"].dt.date,
            "Known by": documents["known_from_basis"],
            "Form": documents["form"],
            "Licence": documents["licence"],
            "Address": documents["url"],
            "SHA-256": documents["sha256"],
        },
        column_config={"Address": st.column_config.LinkColumn("Address")},
    )


def show_addresses(column: str, code: str) -> None:
    """Where a machine finds the same numbers."""
    st.header("Take the numbers", anchor=False)
    for form in ("csv", "json"):
        st.markdown(f"[All its published numbers as {form.upper()}]({parts.link(f'/api/v1/observations.{form}?{column}={code}')})")


def show_since() -> None:
    """What is new, changed or gone since the version of the data that the address or the visitor names."""
    folder = catalog.datasets_folder()
    days = history.versions(folder).set_index("version")["day"]
    wanted = st.query_params.get("since", "")
    with st.expander("What is new since a version of the data", key="changes-since-box", expanded=bool(wanted)):
        if wanted and wanted not in days.index:
            st.info(f"No version {markdown(wanted)} of the data was recorded. Choose one that was.")
        versions = [*days.index][::-1]
        version = st.selectbox(
            "Since version",
            versions,
            index=versions.index(wanted) if wanted in versions else 0,
            format_func=lambda version: f"{version}, recorded {day_label(days[version])}",
            key="changes-since",
        )
        table = history.since(folder, version)
        documents = table[table["kind"] == "document"]
        counts = ", ".join(f"{number((documents['change'] == change).sum())} {change}" for change in history.Change)
        st.markdown(f"Documents: {counts}. Numbers: {number(documents['before'].sum())} → {number(documents['now'].sum())} in these.")
        parts.show_rows(table, height=240)
        st.markdown(
            f"[This list as JSON]({parts.link(f'/api/v1/changes.json?since={version}')}) · [What is new since it, as an address]({parts.link(f'/changes?since={version}')})"
        )


def documents_of(reporter: str) -> list[str]:
    """The documents of a reporter on which numbers rest, the oldest first."""
    data = library().data
    resting = set(data.observations["document"][data.observations["reporter"] == reporter].unique())
    documents = data.documents[data.documents["document"].isin(resting)].sort_values(["known_from", "document"])
    return documents["document"].tolist()


def choose_document(where: DeltaGenerator, label: str, documents: list[str], parameter: str, reporter: str, usual: str) -> str:
    """One of the documents: the one that the address names, else the usual one."""
    titles, known_from = sentences.document_names(library().data.documents), library().data.documents.set_index("document")["known_from"]
    wanted = st.query_params.get(parameter, "")
    addresses.leave_out(label, [wanted], documents)
    return parts.choose(
        where,
        label,
        documents,
        key=f"changes-{parameter}-{reporter}",
        opened=wanted if wanted in documents else usual,
        shown=lambda name: f"{titles[name]} ({day_label(known_from[name])})",
    )


def show_redline(table: pd.DataFrame, key: str) -> None:
    """Two documents key by key, what is restated first; and the whole of it as a file."""
    counts = table["change"].value_counts()
    if table.empty or set(counts.index) == {"added"}:
        st.info("These two documents have no number in common.")
        return
    st.markdown(" · ".join(f"{number(counts.get(change, 0))} {change}" for change in ("restated", "left out", "added", "same")))
    differing = table[table["change"].isin(("restated", "left out"))]
    if len(differing):
        parts.show_rows(
            {
                "Change": differing["change"],
                **parts.named_columns(differing, "requester", "measure", "request_type", "period"),
                "Printed before": _printed(differing, "earlier_"),
                "Printed after": _printed(differing).fillna(""),
            },
        )
    _download("Download the comparison (CSV)", table, key)


def show_bands(reporter: str) -> None:
    """How the bands that the law allows were told edition by edition, and which lower ends follow by logic; nothing where there are none."""
    titles = sentences.document_names(library().data.documents)
    steps, derived = (table[table["reporter"] == reporter] for table in (library().band_history(), library().by_logic()))
    if len(steps):
        parts.show_once_open(f"Bands that were printed anew ({number(len(steps))})", "bands", _show_bands_anew, steps, titles)
        if reporter in set(library().data.letters["reporter"]):
            parts.page_link("Its letters whose gag has ended", f"/gags?reporter={reporter}")
    if len(derived):
        parts.show_once_open(f"Lower ends that follow by logic ({number(len(derived))})", "by-logic", _show_by_logic, derived, titles)


def _show_bands_anew(steps: pd.DataFrame, titles: pd.Series) -> None:
    st.markdown(
        "The law lets national security demands be told in bands only. When a gag is lifted, a later edition may count the letters that "
        "may be spoken of and raise the lower end of the band."
    )
    parts.show_rows(
        {
            **parts.named_columns(steps, "period", "request_type", "measure"),
            "Printed before": steps["earlier_printed"],
            "Document before": steps["earlier_document"].map(titles) + ", " + steps["earlier_cell"],
            "Printed after": steps["printed"],
            "Document after": steps["document"].map(titles) + ", " + steps["cell"],
            "Known from": steps["known_from"].dt.date,
            "Step": steps["step"],
        }
    )
    _download("Download the bands (CSV)", steps, f"{steps['reporter'].iloc[0]}-bands")


def _show_by_logic(derived: pd.DataFrame, titles: pd.Series) -> None:
    st.markdown(
        "A band that begins at zero cannot be zero where the same document counts at least one account, selector or target of these demands: "
        "nobody is aimed at without a demand. This is our conclusion; the band is kept as it is printed."
    )
    parts.show_rows(
        {
            **parts.named_columns(derived, "period", "request_type", "measure"),
            "Printed": _printed(derived),
            "Follows": [sentences.value(*row) for row in zip(derived["derived_low"], derived["high"], derived["measure"], strict=True)],
            "Because of": derived["target_measure"].map(library().names.measure) + ": " + _printed(derived, "target_"),
            "Document": derived["document"].map(titles),
        }
    )
    _download("Download the conclusions (CSV)", derived, f"{derived['reporter'].iloc[0]}-by-logic")


def show_corrections() -> None:
    """What was put right in our own data, the newest first."""
    st.header("What we corrected", anchor=False)
    st.markdown("Mistakes of our own in reading or sorting what others published. A number that its publisher restated is none of them.")
    corrections = library().data.corrections.sort_values(["date", "reporter"], ascending=[False, True])
    is_newest = corrections["date"] == corrections["date"].max()
    _show_corrections(corrections[is_newest])
    if not is_newest.all():
        with st.expander(f"Earlier corrections ({number((~is_newest).sum())})"):
            _show_corrections(corrections[~is_newest])
    st.markdown(f"[Follow corrections (Atom)]({parts.link('/feeds/corrections.xml')})")


def _show_corrections(corrections: pd.DataFrame) -> None:
    for row in corrections.itertuples():
        numbers = counted(row.numbers, "number")
        st.markdown(f"**{markdown(library().names.reporter(row.reporter))}** · {day_label(row.date)} · {numbers}")
        st.markdown(f"Before: {markdown(row.before)} Now: {markdown(row.after)} Why: {markdown(row.why)}")


def show_matrix(rows: pd.DataFrame, first: str) -> None:
    """Each definition with how far it counts the same as the one of the first reporter, and the difference in words."""
    names, data = library().names, library().data
    group = rows.set_index("reporter").loc[first, "group"]
    rows = rows.assign(comparison=[definitions.compared(data, group, other) for other in rows["group"]])
    rows["order"] = [list(definitions.Likeness).index(comparison.likeness) for comparison in rows["comparison"]]
    others = rows[rows["reporter"] != first]
    counts = [f"{(others['order'] == index).sum()} {likeness}" for index, likeness in enumerate(definitions.Likeness)]
    _show_definition(next(rows[rows["reporter"] == first].itertuples()), first)
    st.markdown(f"Compared with {markdown(names.reporter(first))}: {', '.join(counts)}.")
    for order, own in others.groupby("order"):
        likeness = [*definitions.Likeness][order]
        with st.expander(f"{comparisons.SIGNS[likeness]} {likeness.capitalize()} ({len(own)})", expanded=order == others["order"].min()):
            for row in own.sort_values("reporter").itertuples():
                _show_definition(row, first)


def _show_definition(row: object, first: str) -> None:
    names = library().names
    st.markdown(f"**{markdown(names.reporter(row.reporter))}**: {markdown(row.definition)}" + (f" [Source]({row.url})" if row.url else ""))
    if difference := comparisons.unshared(first, row.reporter, row.comparison, names):
        st.caption(markdown(f"{difference[:1].upper()}{difference[1:]}."))


def _printed(table: pd.DataFrame, before: str = "") -> pd.Series:
    return table[f"{before}printed"] + " (" + table[f"{before}cell"] + ")"


def _download(label: str, table: pd.DataFrame, name: str) -> None:
    parts.download(st, label, lambda: downloads.csv(table), f"{name}.csv", key=name)


def show_counted(named: dict[str, pd.Series], counted: pd.DataFrame) -> None:
    """The names of rows beside what is counted of the past of each: numbers printed again, and how many of them, and how much, were changed."""
    columns = {column: label for column, label in WORDS["restated"].items() if column in counted}
    shares = ("share", "median_change", "largest_change")
    table = pd.DataFrame(named).join(counted[list(columns)].rename(columns=columns))
    writers = {label: _share if column in shares else number for column, label in columns.items()} | {"Known": day_label}
    parts.show_rows(table.style.format({label: writers[label] for label in table if label in writers}, na_rep="–"))


def _share(value: float) -> str:
    return sentences.share(Interval.exact(value))
