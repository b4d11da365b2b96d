"""The timing chart."""

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from components.figures.template import ABOVE, BLUE, GREEN, GREY, GRID, ORANGE, new_figure
from embeddings.lookup import BUILD, EMBEDDING, LINEAR, MATMUL, Timing

_LINES = (
    (EMBEDDING, "nn.Embedding: lookup", BLUE, "circle", "solid"),
    (MATMUL, "one-hot @ W: matmul", ORANGE, "square", "solid"),
    (LINEAR, "nn.Linear on one-hot", GREEN, "diamond", "dot"),
    (BUILD, "building the one-hot rows", GREY, "x", "dash"),
)
_DECADES = range(-7, 3)
_UNITS = ("100 ns", "1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s")


def timing_figure(timings: Sequence[Timing], sizes: Sequence[int], height: int = 480) -> go.Figure:
    """Seconds against vocabulary size, both logarithmic: medians as points, quartiles as bars.

    The horizontal frame is that of all ``sizes`` to be measured, so that it stays while points arrive.
    """

    def trace(way: str, name: str, colour: str, symbol: str, dash: str) -> dict[str, Any]:
        measured = [timing for timing in timings if timing.way == way]
        return {
            "type": "scatter",
            "x": [timing.vocabulary_size for timing in measured],
            "y": [timing.median for timing in measured],
            "error_y": {
                "type": "data",
                "symmetric": False,
                "array": [timing.upper_quartile - timing.median for timing in measured],
                "arrayminus": [timing.median - timing.lower_quartile for timing in measured],
                "thickness": 1.5,
                "width": 4,
            },
            "mode": "lines+markers",
            "name": name,
            "line": {"color": colour, "dash": dash, "width": 2},
            "marker": {"symbol": symbol, "size": 8},
            "customdata": [[1e6 * timing.median, timing.runs] for timing in measured],
            "hovertemplate": "V = %{x:,}: %{customdata[0]:,.1f} µs, %{customdata[1]:,} runs"
            f"<extra>{name}</extra>",
        }

    seconds = {
        "type": "log",
        "title": {"text": "Time of one run"},
        "tickvals": [10.0**power for power in _DECADES],
        "ticktext": list(_UNITS),
        "automargin": True,
        "gridcolor": GRID,
    }
    return new_figure(
        [trace(*line) for line in _LINES],
        height=height,
        showlegend=True,
        legend=dict(ABOVE),
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        xaxis={
            "type": "log",
            "title": {"text": "Vocabulary size V"},
            "range": _log_range(min(sizes), max(sizes)),
            "tickvals": [4, 10, 100, 1_000, 10_000, 50_257],
            "ticktext": ["4", "10", "100", "1,000", "10,000", "50,257"],
            "gridcolor": GRID,
        },
        yaxis=seconds if timings else seconds | {"range": [-6.2, -1.8]},
    )


def _log_range(low: float, high: float) -> list[float]:
    return [math.log10(low) - 0.15, math.log10(high) + 0.15]
