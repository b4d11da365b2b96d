"""Rotary positions: a query and a key turned by their places, and their dot product for every two places."""

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.matrix import DIVERGING
from components.figures.template import BARE_AXIS, BLUE, FAINT, GREY, ORANGE, new_figure

_HEIGHT = 320  # pixels
_ARC = 0.28  # radius of the line between the two arrows


def arrows_figure(query: Sequence[float], key: Sequence[float]) -> go.Figure:
    """A turned ``query`` and ``key`` [2], of length 1, as arrows in the plane, and the angle between them."""
    (qx, qy), (kx, ky) = query, key
    start, end = math.atan2(qy, qx), math.atan2(ky, kx)
    turn = math.remainder(end - start, 2 * math.pi)
    steps = [start + turn * step / 40 for step in range(41)]
    arc = {
        "type": "scatter",
        "mode": "lines",
        "x": [_ARC * math.cos(angle) for angle in steps],
        "y": [_ARC * math.sin(angle) for angle in steps],
        "line": {"color": GREY, "width": 3, "dash": "dot"},
        "hoverinfo": "skip",
    }
    circle = {
        "type": "circle",
        "x0": -1,
        "x1": 1,
        "y0": -1,
        "y1": 1,
        "line": {"color": FAINT, "width": 1},
        "layer": "below",
    }
    names = {
        "type": "scatter",
        "mode": "text",
        "x": [1.17 * qx, 1.17 * kx],
        "y": [1.17 * qy, 1.17 * ky],
        "text": ["query", "key"],
        "textfont": {"color": [ORANGE, BLUE], "size": 14},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
    axis = BARE_AXIS | {"range": [-1.35, 1.35], "showticklabels": False}
    return new_figure(
        [arc, _arrow(qx, qy, ORANGE), _arrow(kx, ky, BLUE), names],
        height=_HEIGHT,
        shapes=[circle],
        xaxis=axis,
        yaxis=axis | {"scaleanchor": "x"},
    )


def _arrow(x: float, y: float, colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [0, x],
        "y": [0, y],
        "line": {"color": colour, "width": 4},
        "marker": {"symbol": "arrow", "size": [0, 16], "angleref": "previous", "color": colour},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def products_figure(products: NDArray, query_place: int, key_place: int) -> go.Figure:
    """The dot product of a query at place m, a row, and a key at place n, a column: ``products`` [N, N].

    The two places that are looked at have a frame, and all pairs that are as far apart a dot.
    """
    N, apart = len(products), query_place - key_place
    limit = float(abs(products).max())
    heat = {
        "type": "heatmap",
        "z": products,
        "zmin": -limit,
        "zmax": limit,
        "colorscale": [list(stop) for stop in DIVERGING],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": "query at %{y}, key at %{x}: %{z:.3f}<extra></extra>",
    }
    same = [(m, m - apart) for m in range(N) if 0 <= m - apart < N]
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": [n for _, n in same],
        "y": [m for m, _ in same],
        "marker": {"size": 6, "color": "white", "line": {"color": "#22262b", "width": 1}},  # seen on any cell
        "hoverinfo": "skip",
    }
    frame = {
        "type": "rect",
        "x0": key_place - 0.5,
        "x1": key_place + 0.5,
        "y0": query_place - 0.5,
        "y1": query_place + 0.5,
        "line": {"color": GREY, "width": 3},
    }
    axis = BARE_AXIS | {"nticks": 6}
    return new_figure(
        [heat, dots],
        height=_HEIGHT,
        shapes=[frame],
        xaxis=axis | {"title": {"text": "place of the key, n"}, "range": [-0.6, N - 0.4], "constrain": "domain"},
        yaxis=axis
        | {
            "title": {"text": "place of the query, m"},
            "range": [N - 0.4, -0.6],
            "scaleanchor": "x",
            "constrain": "domain",
            "automargin": True,
        },
    )
