"""Two ways to compare vectors: by the distance between them, or by the angle."""

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import InvalidInput

METRICS = ("euclidean", "cosine")


def as_metric(metric: str) -> str:
    """``metric`` when it is one of ``METRICS``.

    Raises:
        InvalidInput: It is not.
    """
    if metric not in METRICS:
        raise InvalidInput(f"There is no metric called {metric!r}. There are: {', '.join(METRICS)}.")
    return metric


def compared_by(vectors: NDArray[np.float32], metric: str) -> NDArray[np.float32]:
    """``vectors`` [n, D] so that the Euclidean distances between the rows order pairs as ``metric`` does.

    For the cosine these are unit vectors: the squared distance of two is ``2 * (1 - cosine)``.

    Raises:
        InvalidInput: A row of zeros, which has no cosine with anything.
    """
    if metric == "euclidean":
        return vectors
    lengths = np.sqrt(np.einsum("nd,nd->n", vectors, vectors, dtype=np.float64))
    if not lengths.all():
        raise InvalidInput(
            f"Row {int(lengths.argmin()) + 1} is all zeros: it points nowhere, so it has no cosine with anything. "
            "Leave it out, or compare by Euclidean distance."
        )
    return (vectors / lengths[:, None]).astype(np.float32)
