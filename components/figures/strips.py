"""Vectors as heat strips, one above another."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from components.figures.matrix import block
from components.figures.template import BARE_AXIS, new_figure
from components.plain_text import for_figure

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
    strip["customdata"] = np.broadcast_to(np.array(order) + 1, sorted_columns.shape)
    strip["hovertemplate"] = "number %{customdata}: %{z:.3f}<extra></extra>"
    return new_figure(
        [strip],
        height=44 + 30 * len(words),
        xaxis=BARE_AXIS | {"showticklabels": False},
        yaxis=BARE_AXIS | {"tickvals": [-row for row in range(len(words))], "ticktext": names, "automargin": True},
    )
