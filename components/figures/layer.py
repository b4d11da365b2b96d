"""An embedding layer beside the matrix product that it saves."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.matrix import block, numbers, texts
from components.figures.template import BARE_AXIS, CATEGORICAL, new_figure
from embeddings.vectors import one_hot

_GAP = 1.6  # cells between two matrices
_CELL = 58  # pixels of a cell's height


def layer_figure(W: NDArray, ids: Sequence[int]) -> go.Figure:
    """One-hot rows [B, V], the table ``W`` [V, D], and the rows of ``ids`` [B, D], joined by a line for each id.

    Raises:
        InvalidInput: An id is not a row of ``W``.
    """
    V, D = W.shape
    B = len(ids)
    X = one_hot(ids, V)
    limit = 1.6 * float(abs(W).max())  # pale enough for the numbers to be read
    at_w, at_y = V + _GAP, V + D + 2 * _GAP + 0.4  # where W and the rows looked up begin
    down = (V - B) / 2  # B rows stand in the middle beside V
    traces = [
        block(X, 0, down, limit=1.6),
        numbers(X, 0, down, digits=0),
        block(W, at_w, limit=limit),
        numbers(W, at_w),
        block(W[list(ids)], at_y, down, limit=limit),
        numbers(W[list(ids)], at_y, down),
        texts([f"id {token_id}" for token_id in ids], [-0.7] * B, [-down - place for place in range(B)], "middle left"),
        texts([f"row {row}" for row in range(V)], [at_w + D - 0.4] * V, [-row for row in range(V)], "middle right", 11),
        texts(["×"], [V - 0.5 + _GAP / 2 - 0.05], [-(V - 1) / 2], size=22),
        texts(
            [f"one-hot rows X [{B}, {V}]", f"table W [{V}, {D}]", f"X @ W = W[ids] [{B}, {D}]"],
            [(V - 1) / 2, at_w + (D - 1) / 2, at_y + (D - 1) / 2],
            [0.9 - down, 0.9, 0.9 - down],
            size=14,
        ),
    ]
    shapes = [shape for place, token_id in enumerate(ids) for shape in _lookup(place, token_id, V, D, down, at_w, at_y)]
    return new_figure(
        traces,
        height=_CELL * (V + 1),
        shapes=shapes,
        xaxis=BARE_AXIS | {"range": [-2.0, at_y + D - 0.3], "showticklabels": False},
        yaxis=BARE_AXIS | {"range": [-V + 0.4, 1.3], "showticklabels": False},
    )


def _lookup(place: int, token_id: int, V: int, D: int, down: float, at_w: float, at_y: float) -> list[dict[str, Any]]:
    """Frames around a 1, the row of W that it chooses, and the same row in the result; and the line between these."""
    colour = CATEGORICAL[place % len(CATEGORICAL)]
    line = {"color": colour, "width": 3}

    def frame(left: float, top: float, width: int) -> dict[str, Any]:
        return {"type": "rect", "x0": left - 0.5, "x1": left + width - 0.5, "y0": -top - 0.48, "y1": -top + 0.48} | {
            "line": line
        }

    across = {
        "type": "line",
        "x0": at_w + D + 0.45,
        "x1": at_y - 0.5,
        "y0": -token_id,
        "y1": -down - place,
        "line": line,
    }
    return [frame(token_id, down + place, 1), frame(at_w, token_id, D), across, frame(at_y, down + place, D)]
