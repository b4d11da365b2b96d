"""How long vectors are, by how often their words were read."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from components.figures.template import ABOVE, BLUE, GRID, ORANGE, new_figure
from components.plain_text import for_figure
from embeddings.frequency import NormsByRank

_BAND = "rgba(58, 134, 200, 0.22)"


def norms_figure(norms: NormsByRank, words: Sequence[tuple[str, int, float]]) -> go.Figure:
    """Median and quartiles of the lengths in each bin of ranks, and ``words`` as ``(word, rank, length)``."""
    middles = np.sqrt(norms.edges[:-1] * np.maximum(norms.edges[1:] - 1, 1.0))  # on a logarithmic axis
    lower, median, upper = norms.quartiles.T
    line = {"type": "scatter", "x": middles, "hoverinfo": "skip", "mode": "lines"}
    traces = [
        line | {"y": lower, "line": {"width": 0}, "showlegend": False},
        line
        | {"y": upper, "line": {"width": 0}, "fill": "tonexty", "fillcolor": _BAND, "name": "middle half of the words"},
        line | {"y": median, "line": {"color": BLUE, "width": 2}, "name": "median"},
        {
            "type": "scatter",
            "x": [rank for _, rank, _ in words],
            "y": [length for _, _, length in words],
            "mode": "markers+text",
            "text": [for_figure(word, 16) for word, _, _ in words],
            "textposition": "top center",
            "marker": {"color": ORANGE, "size": 10, "symbol": "diamond"},
            "hovertemplate": "%{text}: rank %{x:,}, length %{y:.2f}<extra></extra>",
            "showlegend": False,
            "cliponaxis": False,
        },
    ]
    return new_figure(
        traces,
        height=420,
        showlegend=True,
        legend=dict(ABOVE),
        margin={"l": 8, "r": 16, "t": 40, "b": 8},
        xaxis={
            "type": "log",
            "title": {"text": "Rank by frequency: 1 is the most frequent word"},
            "gridcolor": GRID,
            "fixedrange": True,
            "exponentformat": "none",
            "separatethousands": True,
            "dtick": 1,
        },
        yaxis={"title": {"text": "Length of the vector"}, "gridcolor": GRID, "fixedrange": True, "rangemode": "tozero"},
    )
