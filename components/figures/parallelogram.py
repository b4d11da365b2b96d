"""An analogy as a parallelogram."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.template import BARE_AXIS, BLUE, GREY, ORANGE, new_figure
from components.markup import for_figure


def parallelogram_figure(corners: NDArray, words: Sequence[str]) -> go.Figure:
    """The four words of an analogy and the place where the fourth would lie if it held exactly.

    Args:
        corners: float [5, 2]: a, b, c, the answer d, and b - a + c.
        words: a, b, c and d.
    """
    a, b, c, d, target = corners
    start, end, third, _ = (for_figure(word) for word in words)
    names = [*map(for_figure, words), f"{end} − {start} + {third}"]
    up = [place[1] >= corners[:, 1].mean() for place in (a, b, c)] + [d[1] >= target[1]]
    places = ["top center" if high else "bottom center" for high in up]
    # A long name: towards the middle, where there is room, and on the side that the arrow to it leaves free.
    places.append(f"{'bottom' if target[1] <= c[1] else 'top'} {'right' if target[0] <= c[0] else 'left'}")
    points = {
        "type": "scatter",
        "x": corners[:, 0],
        "y": corners[:, 1],
        "mode": "markers+text",
        "text": names,
        "textposition": places,
        "marker": {
            "size": [11, 11, 11, 13, 11],
            "color": [BLUE, BLUE, BLUE, ORANGE, GREY],
            "opacity": 1,
            "symbol": ["circle"] * 4 + ["x"],
        },
        "hoverinfo": "text",
        "cliponaxis": False,
    }
    arrows = [_arrow(a, b, BLUE), _arrow(c, target, GREY)]
    side = {"type": "line", "line": {"color": GREY, "width": 1, "dash": "dot"}}
    miss = side | {"x0": target[0], "y0": target[1], "x1": d[0], "y1": d[1], "line": {"color": ORANGE, "dash": "dot"}}
    sides = [side | {"x0": p[0], "y0": p[1], "x1": q[0], "y1": q[1]} for p, q in ((a, c), (b, target))]
    low, high = corners.min(axis=0), corners.max(axis=0)
    margin = np.maximum(high - low, 1e-6) * [0.25, 0.2]
    x_range, y_range = ([float(p), float(q)] for p, q in zip(low - margin, high + margin, strict=True))
    return new_figure(
        [points],
        height=380,
        shapes=[*sides, miss],
        annotations=arrows,
        xaxis=BARE_AXIS | {"range": x_range, "showticklabels": False},
        yaxis=BARE_AXIS | {"range": y_range, "showticklabels": False},
    )


def _arrow(start: NDArray, end: NDArray, colour: str) -> dict:
    return {
        "x": float(end[0]),
        "y": float(end[1]),
        "ax": float(start[0]),
        "ay": float(start[1]),
        "xref": "x",
        "yref": "y",
        "axref": "x",
        "ayref": "y",
        "text": "",
        "showarrow": True,
        "arrowhead": 2,
        "arrowwidth": 2,
        "arrowcolor": colour,
        "standoff": 8,
        "startstandoff": 8,
    }
