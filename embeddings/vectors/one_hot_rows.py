"""One-hot vectors: as long as the vocabulary, all zeros but a single 1 at the token's id."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import TooLarge, as_count, as_ids

FLOAT32_BYTES = 4
MAX_BYTES = 256_000_000  # a matrix for looking at; more helps nobody and hurts a shared server


def one_hot_bytes(rows: int, size: int) -> int:
    """Bytes of a float32 one-hot matrix [rows, size].

    >>> one_hot_bytes(400_000, 400_000)
    640000000000
    """
    return table_bytes(rows, size)


def table_bytes(V: int, D: int) -> int:
    """Bytes of a float32 table [V, D].

    >>> table_bytes(400_000, 50)
    80000000
    """
    return V * D * FLOAT32_BYTES


def one_hot(ids: ArrayLike, size: int) -> NDArray[np.float32]:
    """The one-hot rows of ``ids``: float32 [B, size], with a 1 at ``[b, ids[b]]``.

    Raises:
        InvalidInput: An id is outside 0 ... size-1, or ``size`` is not a whole number of at least 1.
        TooLarge: The matrix would take more than ``MAX_BYTES``; nothing is allocated.

    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]], dtype=float32)
    """
    size = as_count(size, "The vocabulary size", 1, 2**40)
    ids = as_ids(ids, size)  # [B]
    needed = one_hot_bytes(len(ids), size)
    if needed > MAX_BYTES:
        raise TooLarge(f"A one-hot matrix of {len(ids):,} × {size:,} numbers", needed, MAX_BYTES)
    rows = np.zeros((len(ids), size), dtype=np.float32)
    rows[np.arange(len(ids)), ids] = 1
    return rows
