"""Scores of one table or of two, side by side."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from components.figures.template import ABOVE, BLUE, GRID, ORANGE, new_figure
from components.plain_text import for_figure


def sections_figure(names: Sequence[str], scores: Mapping[str, Sequence[float]]) -> go.Figure:
    """Shares from 0 to 1 as bars: a row for each of ``names``, in it a bar for each table in ``scores``."""
    bars = [
        {
            "type": "bar",
            "orientation": "h",
            "name": for_figure(table, 40),
            "x": list(shares),
            "y": [for_figure(name, 40) for name in names],
            "marker": {"color": colour},
            "text": [f" {share:.0%}" for share in shares],
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": "%{y}: %{x:.1%}<extra></extra>",
        }
        for (table, shares), colour in zip(scores.items(), (BLUE, ORANGE), strict=False)
    ]
    return new_figure(
        bars,
        height=90 + (26 + 16 * len(bars)) * len(names),
        showlegend=True,
        legend=ABOVE | {"traceorder": "normal"},
        barmode="group",
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        xaxis={"range": [0, 1.2], "tickvals": [0, 0.5, 1], "tickformat": ".0%", "gridcolor": GRID, "fixedrange": True},
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True},
    )
