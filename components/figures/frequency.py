"""How long vectors are, by how often their words were read."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from components.figures.template import ABOVE, BLUE, GRID, ORANGE, new_figure
from components.plain_text import for_figure
from embeddings.frequency import Company, NormsByRank

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
        _named(words, "length %{y:.2f}"),
    ]
    lengths = {"title": {"text": "Length of the vector"}, "gridcolor": GRID, "fixedrange": True, "rangemode": "tozero"}
    return _over_ranks(traces, "Rank by frequency: 1 is the most frequent word", lengths)


def company_figure(company: Company, words: Sequence[tuple[str, int, float]]) -> go.Figure:
    """Each sampled word's rank and its neighbours' median, and ``words`` as ``(word, rank, median)``."""
    last = max(int(company.ranks[-1]), 2)
    traces = [
        {
            "type": "scatter",
            "x": [1, last],
            "y": [1, last],
            "mode": "lines",
            "line": {"color": GRID, "width": 2, "dash": "dash"},
            "hoverinfo": "skip",
            "name": "as rare as the word itself",
        },
        {
            "type": "scatter",
            "x": company.ranks,
            "y": company.medians,
            "mode": "markers",
            "marker": {"color": BLUE, "size": 6, "opacity": 0.7},
            "hovertemplate": "rank %{x:,}: its neighbours' median is %{y:,}<extra></extra>",
            "name": f"{len(company.ranks)} words",
        },
        _named(words, "its neighbours' median is %{y:,}"),
    ]
    return _over_ranks(traces, "Rank of the word", _ranks("Median rank of its ten nearest"))


def _over_ranks(traces: Sequence[dict], title: str, yaxis: dict) -> go.Figure:
    """A figure over a logarithmic axis of ranks."""
    return new_figure(
        traces,
        height=420,
        showlegend=True,
        legend=dict(ABOVE),
        margin={"l": 8, "r": 16, "t": 40, "b": 8},
        xaxis=_ranks(title),
        yaxis=yaxis,
    )


def _named(words: Sequence[tuple[str, int, float]], said: str) -> dict:
    """``words`` at their rank and number, with what is ``said`` of the number when one is pointed at."""
    return {
        "type": "scatter",
        "x": [rank for _, rank, _ in words],
        "y": [number for _, _, number in words],
        "mode": "markers+text",
        "text": [for_figure(word, 16) for word, _, _ in words],
        "textposition": "top center",
        "marker": {"color": ORANGE, "size": 10, "symbol": "diamond"},
        "hovertemplate": f"%{{text}}: rank %{{x:,}}, {said}<extra></extra>",
        "showlegend": False,
        "cliponaxis": False,
    }


def _ranks(title: str) -> dict:
    """A logarithmic axis of ranks."""
    return {
        "type": "log",
        "title": {"text": title},
        "gridcolor": GRID,
        "fixedrange": True,
        "exponentformat": "none",
        "separatethousands": True,
        "dtick": 1,
    }
