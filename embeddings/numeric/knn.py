"""The exact nearest neighbours of points, block by block, so that the search can be watched and stopped."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from embeddings.common import required

_PAIRS_AT_ONCE = 10_000_000  # a block of them takes about a tenth of a second
_QUERIES_AT_ONCE = 2_048  # of scikit-learn, between two reports
_CLOSE = 1e-6  # of the squared distance to the last neighbour: what rounding may take or add without harm

_Search = Callable[[NDArray[np.float64]], NDArray[np.int64]]  # of queries [m, D]: ids [m, k], in any order


def knn_graph(
    points: NDArray, k: int, on_block: Callable[[float], None] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The ``k`` nearest others of each of ``points`` [n, D], nearest first, by Euclidean distance.

    Args:
        points: Finite, with n > k.
        k: How many.
        on_block: Called with the share that is done, several times a second. What it raises stops the search.

    Returns:
        Their ids, int64 [n, k], and distances, float64 [n, k]: 0 for a twin, wherever the points lie.
    """
    found = [_others(start, ids, distances, k) for start, ids, distances in _search(points, points, k + 1, on_block)]
    return np.concatenate([ids for ids, _ in found]), np.concatenate([distances for _, distances in found])


def knn_query(points: NDArray, queries: NDArray, k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The ``k`` of ``points`` [n, D] nearest to each of ``queries`` [m, D]: ids int64 [m, k] and distances."""
    found = [(ids, distances) for _, ids, distances in _search(points, queries, k, None)]
    return np.concatenate([ids for ids, _ in found]), np.concatenate([distances for _, distances in found])


def knn_sklearn(
    points: NDArray[np.float32], k: int, on_block: Callable[[float], object] | None = None
) -> NDArray[np.int64]:
    """The ``k`` nearest others of each of ``points`` [n, D], equally near ones in scikit-learn's order: int64 [n, k].

    ``knn_graph`` puts those by their ids, and takes nothing from rounding. This one is for figures that are to be those
    of scikit-learn, in ties and in float32's rounding too, such as ``sklearn.manifold.trustworthiness``.

    Args:
        points, k, on_block: As for ``knn_graph``.
    """
    with required():
        from sklearn.neighbors import NearestNeighbors

    n, blocks = len(points), []
    search = NearestNeighbors(n_neighbors=k).fit(points)
    for start in range(0, n, _QUERIES_AT_ONCE):
        ids = search.kneighbors(points[start : start + _QUERIES_AT_ONCE], k + 1, return_distance=False)
        blocks.append(ids[_not_itself(start, ids, crowded_out=0)].reshape(-1, k))
        if on_block is not None:
            on_block(min(1.0, (start + _QUERIES_AT_ONCE) / n))
    return np.concatenate(blocks).astype(np.int64)


def _search(
    points: NDArray, queries: NDArray, k: int, on_block: Callable[[float], None] | None
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.float64]]]:
    """``(first row, ids [rows, k], distances [rows, k])`` for each block of queries."""
    origin = near_origin(points)
    wide, sought = points - origin, queries - origin  # float64
    search = _by_tree(wide, k) if points.shape[1] <= 3 else _by_products(wide, k)
    rows = max(1, _PAIRS_AT_ONCE // len(points))
    for start in range(0, len(queries), rows):
        block = sought[start : start + rows]
        ids = search(block)
        distances = _distances(wide, block, ids)
        order = np.lexsort((ids, distances))
        yield start, np.take_along_axis(ids, order, axis=1), np.take_along_axis(distances, order, axis=1)
        if on_block is not None:
            on_block(min(1.0, (start + rows) / len(queries)))


def near_origin(points: NDArray) -> NDArray[np.float64]:
    """What to subtract from ``points`` [n, D] so that little is lost of |x|² + |y|² - 2 x·y: float64 [D].

    Their mean where it is longer than they are spread around it, else nothing, so that equal distances stay equal.
    """
    mean = points.mean(axis=0, dtype=np.float64)
    lengths = np.einsum("nd,nd->n", points, points, dtype=np.float64)
    return mean if 2 * (mean @ mean) > lengths.mean() else np.zeros_like(mean)


def _by_tree(points: NDArray[np.float64], k: int) -> _Search:
    """In two or three dimensions nothing beats a tree."""
    with required():
        from sklearn.neighbors import KDTree

    tree = KDTree(points)
    return lambda block: tree.query(block, k, return_distance=False).astype(np.int64)


def _by_products(points: NDArray[np.float64], k: int) -> _Search:
    """In many dimensions nothing beats comparing everything: by one product, or where that rounds too much, exactly.

    It rounds too much where points lie far nearer to each other than to the middle of all.
    """
    with required():
        from scipy.spatial.distance import cdist
        from sklearn.neighbors import NearestNeighbors

    brute = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(points)
    farthest = np.sqrt(np.einsum("nd,nd->n", points, points).max())

    def search(block: NDArray[np.float64]) -> NDArray[np.int64]:
        ids = brute.kneighbors(block, return_distance=False).astype(np.int64)
        last = _distances(points, block, ids).max(axis=1)
        lengths = np.sqrt(np.einsum("nd,nd->n", block, block))
        rounding = 4 * (points.shape[1] + 4) * np.finfo(float).eps * (lengths + farthest) ** 2
        doubtful = np.flatnonzero((last > 0) & (rounding > _CLOSE * last**2))
        if len(doubtful):
            ids[doubtful] = np.argpartition(cdist(block[doubtful], points, "sqeuclidean"), k - 1, axis=1)[:, :k]
        return ids

    return search


def _distances(points: NDArray[np.float64], block: NDArray[np.float64], ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """From each row of ``block`` [rows, D] to those of ``points`` in its row of ``ids`` [rows, k], by differences."""
    squared = np.empty(ids.shape)
    for column, others in enumerate(ids.T):
        apart = points[others] - block
        squared[:, column] = np.einsum("nd,nd->n", apart, apart)
    return np.sqrt(squared)


def _others(
    start: int, ids: NDArray[np.int64], distances: NDArray[np.float64], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Drop each point from its own list; where duplicates have crowded it out, drop the last of them."""
    others = _not_itself(start, ids, crowded_out=-1)
    return ids[others].reshape(-1, k), distances[others].reshape(-1, k)


def _not_itself(start: int, ids: NDArray[np.int64], crowded_out: int) -> NDArray[np.bool_]:
    """Which of ``ids`` [rows, k + 1] are others than the point of the row, that from ``start`` on: k of each row.

    Where duplicates have crowded a point out, the neighbour in the place ``crowded_out`` goes instead.
    """
    others = ids != start + np.arange(len(ids))[:, None]  # [rows, k + 1]
    others[others.all(axis=1), crowded_out] = False
    return others
