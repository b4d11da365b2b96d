"""Lengths and angles of vectors: unit rows, the cosine, and the metrics that tables are compared by."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from embeddings.common import InvalidInput

METRICS = ("euclidean", "cosine")

Float = TypeVar("Float", np.float32, np.float64)


def unit_rows(rows: NDArray[Float]) -> NDArray[Float]:
    """``rows`` [n, D] scaled to length 1, in their own dtype; a row of zeros stays one.

    >>> unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()
    [[0.6, 0.8], [0.0, 0.0]]
    """
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def cosines(rows: NDArray[Float], others: NDArray[Float]) -> NDArray[Float]:
    """The cosine of each of ``rows`` [n, D] with one vector [D], or with its own row of ``others`` [n, D].

    Returns:
        Numbers from -1 to 1, [n], in their own dtype; 0 beside a row of zeros.

    >>> cosines(np.array([[3.0, 4.0], [0.0, 0.0]]), np.array([1.0, 0.0])).tolist()
    [0.6, 0.0]
    """
    products = rows @ others if others.ndim == 1 else (rows * others).sum(axis=1)
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(others, axis=None if others.ndim == 1 else 1)
    return np.clip(np.divide(products, lengths, out=np.zeros_like(products), where=lengths > 0), -1, 1)


def cosine(first: NDArray[Float], second: NDArray[Float]) -> float:
    """The cosine of two vectors [D]: from -1 to 1; 0 beside a vector of zeros."""
    return float(cosines(first[None], second)[0])


def mean_cosine(rows: NDArray[Float], others: NDArray[Float]) -> float:
    """The mean cosine of the rows of two tables [n, D], each with the row in its place: from -1 to 1.

    >>> mean_cosine(np.array([[3.0, 4.0], [1.0, 0.0]]), np.array([[3.0, 4.0], [0.0, 1.0]]))
    0.5
    """
    return float(cosines(rows, others).mean())


def pairwise_cosines(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cosine of every pair of ``rows`` [n, D]: float64 [n, n], from -1 to 1; 0 beside a row of zeros.

    >>> pairwise_cosines(np.array([[3.0, 4.0], [1.0, 0.0]])).tolist()
    [[1.0, 0.6], [0.6, 1.0]]
    """
    units = unit_rows(rows)
    return np.clip(units @ units.T, -1, 1)


def check_metric(metric: str) -> str:
    """``metric`` when it is one of ``METRICS``.

    Raises:
        InvalidInput: It is not.
    """
    if metric not in METRICS:
        raise InvalidInput(f"There is no metric called {metric!r}. There are: {', '.join(METRICS)}.")
    return metric


def normalize_for_metric(vectors: NDArray[np.float32], metric: str) -> NDArray[np.float32]:
    """``vectors`` [n, D] so that the Euclidean distances between the rows order pairs as ``metric`` does.

    For the cosine these are unit vectors: the squared distance of two is ``2 * (1 - cosine)``.

    Raises:
        InvalidInput: A row of zeros, which has no cosine with anything.
    """
    if metric == "euclidean":
        return vectors
    empty = ~vectors.any(axis=1)
    if empty.any():
        raise InvalidInput(
            f"Row {int(empty.argmax()) + 1} is all zeros: it points nowhere, so it has no cosine with anything. "
            "Leave it out, or compare by Euclidean distance."
        )
    return unit_rows(vectors.astype(np.float64)).astype(np.float32)
