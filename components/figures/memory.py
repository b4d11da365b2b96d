"""Sizes in memory."""

from collections.abc import Sequence

import plotly.graph_objects as go

from components.figures.template import BLUE, GREY, GRID, ORANGE, new_figure
from embeddings.errors import in_bytes


def memory_figure(sizes: Sequence[tuple[str, int]]) -> go.Figure:
    """Bytes as points on a logarithmic scale, where a bar would have no zero to start from.

    ``sizes`` are ``(label, bytes)`` from top to bottom.
    """
    points = {
        "type": "scatter",
        "x": [size for _, size in sizes],
        "y": [label for label, _ in sizes],
        "mode": "markers+text",
        "marker": {"color": [GREY, ORANGE, BLUE][: len(sizes)], "size": 16},
        "text": [f"  {in_bytes(size)}" for _, size in sizes],
        "textposition": "middle right",
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{x:,} bytes<extra></extra>",
    }
    return new_figure(
        [points],
        height=50 + 46 * len(sizes),
        xaxis={
            "type": "log",
            "range": [0, 15],
            "tickvals": [1, 1e3, 1e6, 1e9, 1e12],
            "ticktext": ["1 byte", "1 kB", "1 MB", "1 GB", "1 TB"],
            "fixedrange": True,
            "gridcolor": GRID,
        },
        yaxis={"autorange": "reversed", "automargin": True, "fixedrange": True, "gridcolor": GRID},
    )
