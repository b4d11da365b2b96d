"""Checks at the door of the engine's public functions: one helper and one wording for each."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.errors import InvalidInput


def as_matrix(values: ArrayLike, name: str) -> NDArray[np.float32]:
    """``values`` as a finite float32 matrix [N, D] with N, D >= 1.

    Raises:
        InvalidInput: Not two-dimensional, empty, or with NaN or infinite entries.
    """
    try:
        matrix = np.asarray(values, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"{name} must be a table of numbers with rows of equal length.") from error
    if matrix.ndim != 2 or matrix.size == 0:
        raise InvalidInput(f"{name} must be a table [rows, columns] with at least one of each, not {matrix.shape}.")
    if not np.isfinite(matrix).all():
        raise InvalidInput(f"{name} holds NaN or infinite numbers; every entry must be finite.")
    return matrix


def as_ids(ids: ArrayLike, size: int) -> NDArray[np.int64]:
    """``ids`` as int64 [B], each from 0 to ``size - 1``.

    Raises:
        InvalidInput: Not one-dimensional, not whole numbers, or out of range.
    """
    array = np.asarray(ids)
    if array.ndim != 1:
        raise InvalidInput(f"ids must be a list of whole numbers, not an array of shape {array.shape}.")
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise InvalidInput("ids must be whole numbers.")
    array = array.astype(np.int64)
    outside = array[(array < 0) | (array >= size)]
    if outside.size:
        raise InvalidInput(f"id {outside[0]} is outside the vocabulary: ids run from 0 to {size - 1:,}.")
    return array


def as_count(value: int, name: str, low: int, high: int) -> int:
    """``value`` when it is a whole number from ``low`` to ``high``.

    Raises:
        InvalidInput: It is not.
    """
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not low <= value <= high:
        raise InvalidInput(f"{name} must be a whole number from {low:,} to {high:,}, not {value!r}.")
    return int(value)
