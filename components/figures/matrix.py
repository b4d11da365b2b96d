"""Matrices as pictures: one-hot rows, similarities, sizes in memory."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.template import BARE_AXIS, BLUE, DIVERGING, GREY, GRID, ORANGE, PRESENCE, new_figure
from components.plain_text import for_figure
from embeddings.errors import in_bytes

_CELL = 30  # pixels of a cell's height
_STRONG = 0.3  # share of the full colour from which white is read best
_SMALL = 12  # up to so many words a cell is large enough for its number


def one_hot_figure(matrix: NDArray, rows: Sequence[str], columns: Sequence[str]) -> go.Figure:
    """One-hot rows [B, V] as cells: ``rows`` are the words typed, ``columns`` the vocabulary by id."""
    heads = [f"{for_figure(word, 14)}<br>{id}" for id, word in enumerate(columns)]
    return _cells(matrix, rows, columns, heads, digits=0, scale=PRESENCE, limits=(0, 1))


def similarity_figure(similarities: NDArray, words: Sequence[str]) -> go.Figure:
    """Cosines [N, N] of every pair of ``words``: blue for 1, orange for -1, pale for 0."""
    heads = [for_figure(word, 14) for word in words]
    return _cells(similarities, words, words, heads, digits=2, scale=DIVERGING, limits=(-1, 1))


def _cells(
    matrix: NDArray,
    rows: Sequence[str],
    columns: Sequence[str],
    heads: Sequence[str],
    digits: int,
    scale: tuple,
    limits: tuple[float, float],
) -> go.Figure:
    """A heat map with a word on every side, ``heads`` on top, and, where there is room, a number in every cell."""
    small = max(matrix.shape) <= _SMALL
    cells = {
        "type": "heatmap",
        "z": matrix,
        "customdata": [[(for_figure(row), for_figure(column)) for column in columns] for row in rows],
        "hovertemplate": f"%{{customdata[0]}} and %{{customdata[1]}}: %{{z:.{digits}f}}<extra></extra>",
        "colorscale": scale,
        "zmin": limits[0],
        "zmax": limits[1],
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
    }
    # Positions, not names, on the axes: a word may stand in several rows.
    axis = BARE_AXIS | {"automargin": True, "tickfont": {"size": 12 if small else 10}}
    return new_figure(
        [cells, *written_numbers(matrix, digits, full=limits[1])] if small else [cells],
        height=60 + max(6, len(rows)) * (_CELL if small else 18),
        xaxis=axis | {"tickvals": list(range(len(heads))), "ticktext": list(heads), "side": "top"},
        yaxis=axis
        | {
            "tickvals": list(range(len(rows))),
            "ticktext": [for_figure(row, 14) for row in rows],
            "autorange": "reversed",
        },
    )


def written_numbers(matrix: NDArray, digits: int, full: float) -> list[dict[str, Any]]:
    """Traces that write each number of ``matrix`` [N, M] into its cell, white where the colour is strong.

    Elsewhere in the theme's text colour. Plotly's own choice takes a translucent cell for a light one, which fails in
    the dark theme.
    """
    strong = np.abs(matrix) > _STRONG * full
    traces = []
    for where, colour in ((strong, "white"), (~strong, None)):
        y, x = np.nonzero(where)
        traces.append(
            {
                "type": "scatter",
                "x": x,
                "y": y,
                "mode": "text",
                "text": [f"{value:.{digits}f}" for value in matrix[where]],
                "textfont": {"color": colour, "size": 12},
                "hoverinfo": "skip",
            }
        )
    return traces


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
