"""Differences between arrays of one shape: how large they are, and in which rows there is anything at all."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def largest_difference(arrays: Sequence[NDArray] | NDArray) -> float:
    """The largest difference between two numbers in one place of ``arrays`` of one shape, all ways compared.

    >>> largest_difference([np.array([1.0, 2.0]), np.array([1.0, 5.0]), np.array([0.0, 2.0])])
    3.0
    """
    return float(np.ptp(np.stack(list(arrays)), axis=0).max())


def nonzero_rows(matrix: NDArray) -> list[int]:
    """The rows of ``matrix`` [V, D] with any number that is not zero, ascending.

    >>> nonzero_rows(np.array([[0, 2], [0, 0], [-1, 1]]))
    [0, 2]
    """
    return np.flatnonzero(matrix.any(axis=1)).tolist()
