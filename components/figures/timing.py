"""The timing chart, and the three ways' tables side by side."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.matrix import write_numbers
from components.figures.template import BLUE, DIVERGING, GREEN, GREY, GRID, ORANGE, new_figure
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
    figure = new_figure(height=height, showlegend=True)
    figure.update_layout(legend={"orientation": "h", "yanchor": "bottom", "y": 1.01, "x": 0}, margin={"t": 40})
    for way, name, colour, symbol, dash in _LINES:
        measured = [timing for timing in timings if timing.way == way]
        figure.add_scatter(
            x=[timing.vocabulary_size for timing in measured],
            y=[timing.median for timing in measured],
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [timing.upper_quartile - timing.median for timing in measured],
                "arrayminus": [timing.median - timing.lower_quartile for timing in measured],
                "thickness": 1.5,
                "width": 4,
            },
            mode="lines+markers",
            name=name,
            line={"color": colour, "dash": dash, "width": 2},
            marker={"symbol": symbol, "size": 8},
            customdata=[[1e6 * timing.median, timing.runs] for timing in measured],
            hovertemplate="V = %{x:,}: %{customdata[0]:,.1f} µs, %{customdata[1]:,} runs<extra>" + name + "</extra>",
        )
    figure.update_xaxes(
        type="log",
        title="Vocabulary size V",
        range=_log_range(min(sizes), max(sizes)),
        tickvals=[4, 10, 100, 1_000, 10_000, 50_257],
        ticktext=["4", "10", "100", "1,000", "10,000", "50,257"],
        gridcolor=GRID,
    )
    figure.update_yaxes(
        type="log",
        title="Time of one run",
        tickvals=[10.0**power for power in _DECADES],
        ticktext=list(_UNITS),
        automargin=True,
        gridcolor=GRID,
    )
    if not timings:
        figure.update_yaxes(range=[-6.2, -1.8])
    return figure


def _log_range(low: float, high: float) -> list[float]:
    return [math.log10(low) - 0.15, math.log10(high) + 0.15]


def rows_figure(matrix: NDArray, lit: Sequence[int] = (), names: Sequence[str] = (), height: int = 220) -> go.Figure:
    """A small table of numbers [N, D] as cells; the rows in ``lit`` are framed."""
    limit = float(abs(matrix).max()) or 1.0
    figure = new_figure(height=height)
    small = matrix.size <= 60
    figure.add_heatmap(
        z=matrix,
        colorscale=DIVERGING,
        zmin=-limit,
        zmax=limit,
        showscale=False,
        xgap=2 if small else 0,
        ygap=2,
        hovertemplate="row %{y}, column %{x}: %{z:.4f}<extra></extra>",
    )
    if small:
        write_numbers(figure, matrix, digits=2, full=limit)
    for row in sorted(set(lit)):
        figure.add_shape(
            type="rect",
            x0=-0.5,
            x1=matrix.shape[1] - 0.5,
            y0=row - 0.5,
            y1=row + 0.5,
            line={"color": ORANGE, "width": 2},
        )
    axis = {"showgrid": False, "zeroline": False, "ticks": "", "fixedrange": True}
    figure.update_xaxes(showticklabels=False, **axis)
    shown = len(matrix) <= 20
    figure.update_yaxes(
        autorange="reversed",
        tickvals=list(range(len(matrix))) if shown else None,
        ticktext=list(names) if shown else None,
        showticklabels=shown,
        automargin=True,
        **axis,
    )
    return figure
