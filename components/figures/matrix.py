"""Matrices as coloured cells: the traces and shapes that figures with numbers in cells are put together from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.figures.template import BLUE, ORANGE
from components.markup import with_minus

DIVERGING = ((0.0, ORANGE), (0.5, "rgba(125, 135, 148, 0.10)"), (1.0, BLUE))  # below zero, zero, above


def block(matrix: NDArray, left: float = 0.0, top: float = 0.0, *, limit: float, gap: int = 2) -> dict[str, Any]:
    """``matrix`` [N, M] as a heat map whose first cell has its centre at (``left``, -``top``), a unit for each cell.

    ``limit`` is the size of number that gets the full colour.
    """
    rows, columns = matrix.shape
    return {
        "type": "heatmap",
        "z": matrix,
        "x": (left + np.arange(columns)).tolist(),
        "y": (-top - np.arange(rows)).tolist(),
        "colorscale": [list(stop) for stop in DIVERGING],
        "zmin": -limit,
        "zmax": limit,
        "showscale": False,
        "xgap": gap,
        "ygap": gap,
        "hovertemplate": "%{z:.3f}<extra></extra>",
    }


def texts(
    words: Sequence[str], x: Sequence[float], y: Sequence[float], side: str = "middle center", size: int = 13
) -> dict[str, Any]:
    """``words`` at their places, in the figure's own colour of text."""
    return {
        "type": "scatter",
        "x": list(x),
        "y": list(y),
        "mode": "text",
        "text": list(words),
        "textposition": side,
        "textfont": {"size": size},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def numbers(matrix: NDArray, left: float = 0.0, top: float = 0.0, digits: int = 2, size: int = 13) -> dict[str, Any]:
    """The numbers in the cells of a ``block`` at the same place."""
    rows, columns = np.indices(matrix.shape)
    words = [with_minus(f"{value:.{digits}f}") for value in matrix.ravel().tolist()]
    return texts(words, (left + columns.ravel()).tolist(), (-top - rows.ravel()).tolist(), size=size)
