"""The exact nearest neighbours of points, block by block, so that the search can be watched and stopped."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_PAIRS_AT_ONCE = 10_000_000  # a block of them takes about a tenth of a second


def nearest_neighbours(
    points: NDArray, k: int, on_block: Callable[[float], None] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The ``k`` nearest others of each of ``points`` [n, D], nearest first, by Euclidean distance.

    Args:
        points: Finite, with n > k.
        k: How many.
        on_block: Called with the share that is done, several times a second. What it raises stops the search.

    Returns:
        Their ids, int64 [n, k], and distances, float64 [n, k].
    """
    found = [_others(*block, k) for block in _search(points, points, k + 1, on_block)]
    return np.concatenate([ids for ids, _ in found]), np.concatenate([distances for _, distances in found])


def nearest_to(points: NDArray, queries: NDArray, k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The ``k`` of ``points`` [n, D] nearest to each of ``queries`` [m, D]: ids int64 [m, k] and distances."""
    found = [(ids, distances) for _, ids, distances in _search(points, queries, k, None)]
    return np.concatenate([ids for ids, _ in found]), np.concatenate([distances for _, distances in found])


def _search(points, queries, k, on_block):
    """``(first row, ids [rows, k], distances [rows, k])`` for each block of queries."""
    from sklearn.neighbors import NearestNeighbors

    # In many dimensions nothing beats comparing everything; in two or three a tree does.
    search = NearestNeighbors(n_neighbors=k, algorithm="kd_tree" if points.shape[1] <= 3 else "brute").fit(points)
    rows = max(1, _PAIRS_AT_ONCE // len(points))
    for start in range(0, len(queries), rows):
        distances, ids = search.kneighbors(queries[start : start + rows])
        yield start, ids.astype(np.int64), distances.astype(np.float64)
        if on_block is not None:
            on_block(min(1.0, (start + rows) / len(queries)))


def _others(start, ids, distances, k):
    """Drop each point from its own list; where duplicates have crowded it out, drop the last of them."""
    others = ids != start + np.arange(len(ids))[:, None]  # [rows, k + 1]
    others[others.all(axis=1), -1] = False
    return ids[others].reshape(-1, k), distances[others].reshape(-1, k)
