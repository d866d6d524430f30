"""Spans: one line for each letter, from the day of issue to the day on which its gag had ended."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.display.charts import LIGHT, Paper, escaped, faint, figure, layout_of
from dashboard.model.periods import day_label

HEIGHT, LOW = 460, 150
"""Pixels of the chart where it has a page to itself, and where it stands beside others."""
LEGEND_ENTRY = 103
"""Pixels of a name in the legend: two stand beside each other on a telephone."""


def spans(
    letters: pd.DataFrame, names: Mapping[str, str], colours: Mapping[str, str], *, paper: Paper = LIGHT, height: int = HEIGHT
) -> go.Figure:
    """One row for each letter of `analysis.gags.ended`, the earliest issued at the bottom; a legend where they have more than one colour."""
    rows = letters.reset_index(drop=True)
    data = []
    for reporter, own in rows.groupby("reporter", sort=False):
        days, heights, texts = [], [], []
        for row in own.itertuples():
            text = f"{escaped(names[reporter])} {escaped(row.number)}: {day_label(row.issued)} – {day_label(row.released)}, {row.years:.1f} years"
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
                "line": {"color": colours[reporter], "width": 2 if height > len(rows) else 1},
            }
        )
    layout = layout_of(height, (8, 8, 8, 24), paper, showlegend=len(set(colours.values())) > 1) | {
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "entrywidth": LEGEND_ENTRY, "font": {"size": 12}},
        "xaxis": {"gridcolor": faint(paper.quiet), "zeroline": False},
        "yaxis": {"visible": False, "range": [-1, len(rows)]},
    }
    return figure(data, layout)
