"""Vectors as rows of cells, and the same as points."""

from collections.abc import Sequence

import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.matrix import block
from components.figures.space import label_places, look
from components.figures.template import BARE_AXIS, new_figure
from components.plain_text import for_figure


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
            "color": [look(group)[0] for group in groups],
            "symbol": [look(group)[1] for group in groups],
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
