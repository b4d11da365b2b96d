"""Words on a line of numbers, and on one or two axes with a meaning at each end."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.scatter_map import label_places
from components.figures.template import BARE_AXIS, BLUE, CATEGORICAL, FAINT, new_figure
from components.markup import bidi_isolate, for_figure

_ROW, _CLOSE = 26, 18  # pixels for a word, and where a height is to be kept
_LEVELS = (1, 2, 3, -1, -2, -3)  # heights of the names above and below the line, by turns


def number_line_figure(words: Sequence[str], numbers: Sequence[int], largest: int) -> go.Figure:
    """``words`` as dots at their ``numbers`` on a line from 0 to ``largest``; their names find room above and below."""
    order = sorted(range(len(words)), key=numbers.__getitem__)
    height = {index: _LEVELS[place % len(_LEVELS)] for place, index in enumerate(order)}
    names = {
        "type": "scatter",
        "x": list(numbers),
        "y": [height[index] for index in range(len(words))],
        "mode": "text",
        "text": [f"{bidi_isolate(for_figure(word, 14))} {number}" for word, number in zip(words, numbers, strict=True)],
        "textposition": ["top center" if height[index] > 0 else "bottom center" for index in range(len(words))],
        "cliponaxis": False,
        "hoverinfo": "text",
    }
    dots = {
        "type": "scatter",
        "x": list(numbers),
        "y": [0] * len(words),
        "mode": "markers",
        "marker": {"size": 12, "color": [CATEGORICAL[index % len(CATEGORICAL)] for index in range(len(words))]},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }
    stems = [
        {"type": "line", "x0": number, "x1": number, "y0": 0, "y1": height[index], "line": {"color": FAINT, "width": 1}}
        for index, number in enumerate(numbers)
    ]
    base = {"type": "line", "x0": 0, "x1": largest, "y0": 0, "y1": 0, "line": {"color": FAINT, "width": 2}}
    return new_figure(
        [names, dots],
        height=300,
        shapes=[base, *stems],
        xaxis=BARE_AXIS | {"range": [-7, largest + 7], "tickvals": list(range(0, largest + 1, 10))},
        yaxis=BARE_AXIS | {"range": [-4.4, 4.4], "showticklabels": False},
    )


def axis_figure(places: NDArray, words: Sequence[str], ends: tuple[str, str], height: int | None = None) -> go.Figure:
    """``words`` at their ``places`` [N] on one axis, sorted, a row for each; ``ends`` name what lies at either side.

    ``height`` in pixels is kept as long as the rows have room in it; by default it is what they need.
    """
    order = np.argsort(places)
    rows = list(range(len(words)))
    sorted_places = places[order]
    points = {
        "type": "scatter",
        "x": sorted_places,
        "y": rows,
        "mode": "markers",
        "marker": {"color": BLUE, "size": 10},
        "hovertext": [for_figure(words[index]) for index in order],
        "hovertemplate": "%{hovertext}: %{x:.3f}<extra></extra>",
        "cliponaxis": False,
    }
    stems = [
        {"type": "line", "x0": 0, "x1": float(x), "y0": row, "y1": row, "line": {"color": FAINT, "width": 2}}
        for row, x in zip(rows, sorted_places, strict=True)
    ]
    zero = {"type": "line", "x0": 0, "x1": 0, "y0": -0.6, "y1": len(words) - 0.4, "line": {"color": FAINT}}
    limit = 1.1 * float(np.abs(places).max() or 1)
    return new_figure(
        [points],
        height=max(height or 0, 70 + (_CLOSE if height else _ROW) * len(words)),
        shapes=[zero, *stems],
        margin={"l": 8, "r": 8, "t": 8, "b": 44},
        annotations=_across(ends, shift=-40),
        xaxis=BARE_AXIS | {"range": [-limit, limit], "ticks": "outside", "nticks": 5},
        yaxis=BARE_AXIS
        | {
            "tickvals": rows,
            "ticktext": [for_figure(words[index]) for index in order],
            "range": [-0.7, len(words) - 0.3],
            "automargin": True,
        },
    )


def plane_figure(
    places: NDArray, words: Sequence[str], across: tuple[str, str], upwards: tuple[str, str], height: int = 520
) -> go.Figure:
    """``words`` at their ``places`` [N, 2] on two axes, whose ends are named ``across`` and ``upwards``."""
    positions = label_places(places, words)
    points = {
        "type": "scatter",
        "x": places[:, 0],
        "y": places[:, 1],
        "mode": "markers+text",
        "text": [for_figure(word) if place else "" for word, place in zip(words, positions, strict=True)],
        "textposition": [place or "middle right" for place in positions],
        "hovertext": [for_figure(word) for word in words],
        "hovertemplate": "%{hovertext}: %{x:.3f}, %{y:.3f}<extra></extra>",
        "marker": {"color": BLUE, "size": 9},
        "cliponaxis": False,
    }
    line = BARE_AXIS | {"zeroline": True, "zerolinecolor": FAINT, "showticklabels": False}
    low, high = places.min(axis=0), places.max(axis=0)
    margin = np.maximum(high - low, 1e-6) * [0.2, 0.08]
    x_range, y_range = ([float(p), float(q)] for p, q in zip(low - margin, high + margin, strict=True))
    return new_figure(
        [points],
        height=height,
        margin={"l": 36, "r": 8, "t": 8, "b": 36, "autoexpand": False},
        annotations=[*_across(across, shift=-30), *_upwards(upwards)],
        xaxis=line | {"range": x_range},
        yaxis=line | {"range": y_range},
    )


def _across(ends: tuple[str, str], shift: int) -> list[dict[str, Any]]:
    """The names of the two ends below the figure, each at its side."""
    place = {"xref": "paper", "yref": "paper", "y": 0, "yshift": shift, "yanchor": "bottom", "showarrow": False}
    low, high = map(for_figure, ends)
    return [
        place | {"text": f"← {low}", "x": 0, "xanchor": "left"},
        place | {"text": f"{high} →", "x": 1, "xanchor": "right"},
    ]


def _upwards(ends: tuple[str, str]) -> list[dict[str, Any]]:
    """The names of the two ends at the left of the figure, read upwards."""
    place = {"xref": "paper", "yref": "paper", "x": 0, "xshift": -30, "xanchor": "left", "showarrow": False}
    low, high = map(for_figure, ends)
    return [
        place | {"text": f"← {low}", "y": 0, "yanchor": "bottom", "textangle": -90},
        place | {"text": f"{high} →", "y": 1, "yanchor": "top", "textangle": -90},
    ]
