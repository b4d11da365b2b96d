"""Vectors as rows of cells: as strips one above another, and beside the same vectors as points."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.matrix import block
from components.figures.scatter_map import label_places, marker_style
from components.figures.template import BARE_AXIS, new_figure
from components.markup import for_figure

_WITH_GAPS = 100  # columns; gaps between more would leave no room for them on a phone


def strips_figure(matrix: NDArray, words: Sequence[str], order: Sequence[int]) -> go.Figure:
    """The numbers of ``words`` as one strip each, the columns of all in the same ``order``.

    Args:
        matrix: float [N, D], a row for each word.
        words: N of them.
        order: Which of the D columns stand where, from left to right.
    """
    names = [for_figure(word) for word in words]
    sorted_columns = matrix[:, list(order)]
    strip = block(
        sorted_columns, limit=float(np.quantile(np.abs(matrix), 0.98)) or 1.0, gap=1 if len(order) <= _WITH_GAPS else 0
    )
    strip["ygap"] = 1
    strip["customdata"] = np.broadcast_to(np.array(order) + 1, sorted_columns.shape)
    strip["hovertemplate"] = "number %{customdata}: %{z:.3f}<extra></extra>"
    return new_figure(
        [strip],
        height=44 + 30 * len(words),
        xaxis=BARE_AXIS | {"showticklabels": False},
        yaxis=BARE_AXIS | {"tickvals": [-row for row in range(len(words))], "ticktext": names, "automargin": True},
    )


def vectors_figure(matrix: NDArray, words: Sequence[str], groups: Sequence[int], places: NDArray) -> go.Figure:
    """The numbers of ``words`` as rows of cells on the left, their ``places`` on a map on the right.

    Args:
        matrix: float [N, D], a row for each word.
        words: N of them.
        groups: A number for each word; words with the same one share colour and symbol on the map.
        places: float [N, 2].
    """
    names = [for_figure(word) for word in words]
    cells = block(matrix, limit=float(abs(matrix).max()) * 0.6, gap=1) | {"xaxis": "x", "yaxis": "y"}
    dots = {
        "type": "scatter",
        "x": places[:, 0],
        "y": places[:, 1],
        "mode": "markers+text",
        "text": names,
        "textposition": [place or "top center" for place in label_places(places, words, shown=(190, 24 * len(words)))],
        "marker": {
            "size": 11,
            "color": [marker_style(group)[0] for group in groups],
            "symbol": [marker_style(group)[1] for group in groups],
            "opacity": 1,
        },
        "xaxis": "x2",
        "yaxis": "y2",
        "hoverinfo": "text",
        "cliponaxis": False,
    }
    low, high = places.min(axis=0), places.max(axis=0)
    margin = (high - low) * [0.45, 0.12]  # room for labels at the sides
    bare = BARE_AXIS | {"showticklabels": False}
    x_range, y_range = ([float(a), float(b)] for a, b in zip(low - margin, high + margin, strict=True))
    return new_figure(
        [cells, dots],
        height=60 + 30 * len(words),
        xaxis=BARE_AXIS
        | {"domain": [0, 0.6], "showticklabels": False, "title": {"text": f"{matrix.shape[1]} numbers for each word"}},
        yaxis=BARE_AXIS | {"tickvals": [-n for n in range(len(words))], "ticktext": names, "automargin": True},
        xaxis2=bare | {"domain": [0.66, 1], "range": x_range, "title": {"text": "the same words on a map"}},
        yaxis2=bare | {"anchor": "x2", "range": y_range},
    )
