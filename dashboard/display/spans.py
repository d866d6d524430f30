"""Spans: one line for each letter, from the day of issue to the day on which its gag had ended."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.display.charts import LIGHT, Paper, escaped, faint, figure, layout_of

HEIGHT = 460
LEGEND_ENTRY = 103
"""Pixels of a name in the legend: two stand beside each other on a telephone."""


def spans(letters: pd.DataFrame, names: Mapping[str, str], colours: Mapping[str, str], *, paper: Paper = LIGHT) -> go.Figure:
    """One row for each letter of `analysis.gags.ended`, the earliest issued at the bottom; a colour for each reporter."""
    rows = letters.reset_index(drop=True)
    data = []
    for reporter, own in rows.groupby("reporter", sort=False):
        days, heights, texts = [], [], []
        for row in own.itertuples():
            text = f"{escaped(names[reporter])} {escaped(row.number)}: {row.issued:%-d %B %Y} – {row.released:%-d %B %Y}, {row.years:.1f} years"
            days += [row.issued, row.released, None]
            heights += [row.Index, row.Index, None]
            texts += [text, text, ""]
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": escaped(names[reporter]),
                "x": days,
                "y": heights,
                "text": texts,
                "hovertemplate": "%{text}<extra></extra>",
                "line": {"color": colours[reporter], "width": 2},
            }
        )
    layout = layout_of(HEIGHT, (8, 8, 8, 40), paper, showlegend=len(data) > 1) | {
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "entrywidth": LEGEND_ENTRY, "font": {"size": 12}},
        "xaxis": {"gridcolor": faint(paper.quiet), "zeroline": False},
        "yaxis": {"visible": False, "range": [-1, len(rows)]},
    }
    return figure(data, layout)
