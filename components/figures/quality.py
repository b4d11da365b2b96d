"""Projection quality: a Shepard plot of distances against distances, and what each principal component holds."""

from collections.abc import Sequence

import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.template import BARE_AXIS, BLUE, FAINT, GREY, GRID, ORANGE, new_figure
from embeddings.projection import shepard_medians

_MAX_BARS = 30


def shepard_figure(in_table: NDArray, on_map: NDArray, metric: str, height: int = 380) -> go.Figure:
    """A dot for each pair of words: its distance in the table and on the map [m]; the line is the median."""
    middles, medians = shepard_medians(in_table, on_map)
    dots = {
        "type": "scatter",
        "x": in_table,
        "y": on_map,
        "mode": "markers",
        "marker": {"size": 4, "color": BLUE, "opacity": 0.35},
        "hovertemplate": "%{x:.2f} in the table, %{y:.2f} on the map<extra></extra>",
    }
    line = {
        "type": "scatter",
        "x": middles,
        "y": medians,
        "mode": "lines+markers",
        "line": {"color": ORANGE, "width": 2},
        "hoverinfo": "skip",
    }
    distance = "1 − cosine" if metric == "cosine" else "distance"
    return new_figure(
        [dots, line],
        height=height,
        margin={"l": 52, "r": 8, "t": 8, "b": 44},
        xaxis={"title": {"text": f"In the table: {distance}"}, "gridcolor": GRID, "fixedrange": True},
        yaxis={
            "title": {"text": "On the map: distance"},
            "gridcolor": GRID,
            "fixedrange": True,
            "rangemode": "tozero",
        },
    )


def scree_plot(spectrum: Sequence[float], drawn: Sequence[int], height: int = 150) -> go.Figure:
    """The share of the spread along each component, largest first; those ``drawn``, counted from 1, in blue."""
    shares = list(spectrum[: max(_MAX_BARS, *drawn)])
    numbers = list(range(1, len(shares) + 1))
    bars = {
        "type": "bar",
        "x": numbers,
        "y": shares,
        "marker": {"color": [BLUE if number in drawn else GREY for number in numbers]},
        "hovertemplate": "component %{x}: %{y:.1%}<extra></extra>",
    }
    return new_figure(
        [bars],
        height=height,
        bargap=0.25,
        margin={"l": 44, "r": 8, "t": 8, "b": 40},
        xaxis=BARE_AXIS | {"title": {"text": "Component"}, "tickvals": [1, *range(5, len(shares) + 1, 5)]},
        yaxis=BARE_AXIS | {"tickformat": ".0%", "nticks": 4, "showgrid": True, "gridcolor": FAINT},
    )
