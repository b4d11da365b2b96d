"""Shape measures: what an eye sees on a map, in numbers: groups, widths, gaps, lines, rings, layouts.

Every measure takes places [n, k], be they vectors or the coordinates of a map, so that what a map shows can be held
against what is there.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, as_matrix, required

SMALLEST_GROUP = 3  # points; one or two alone are no group to tell a story about
FAR = 3  # times the usual step from a point to the next: where groups part


def mst_cluster_labels(places: NDArray) -> NDArray[np.int64]:
    """Which group of three or more points each of ``places`` [n, k] belongs to, from 0; -1 for those in none.

    A group is what an eye would see: the points are joined by the shortest tree, and where a branch is more than three
    times as long as the middle one, there is a gap.

    >>> mst_cluster_labels(np.array([[0, 0], [1, 0], [2, 0], [9, 0], [10, 0], [11, 0], [30, 0]])).tolist()
    [0, 0, 0, 1, 1, 1, -1]
    """
    with required():
        from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
        from scipy.spatial.distance import pdist, squareform

    # Points that coincide are no edge to SciPy, whose graphs have none of length 0.
    apart = squareform(np.maximum(pdist(places), np.finfo(np.float32).tiny))
    tree = minimum_spanning_tree(apart)
    tree.data[tree.data > FAR * np.median(tree.data)] = 0
    tree.eliminate_zeros()
    parts = connected_components(tree, directed=False)[1]  # [n]
    large = np.flatnonzero(np.bincount(parts) >= SMALLEST_GROUP)
    numbers = np.full(parts.max() + 1, -1)
    numbers[large] = np.arange(len(large))
    return numbers[parts]


def count_mst_clusters(places: NDArray) -> int:
    """How many groups of three or more points an eye would see.

    >>> count_mst_clusters(np.array([[0, 0], [1, 0], [2, 0], [9, 0], [10, 0], [11, 0], [30, 0]]))
    2
    """
    return int(mst_cluster_labels(places).max()) + 1


def spread_ratio(places: NDArray, labels: NDArray) -> float:
    """How many times as wide as cluster 0 cluster 1 is, by the root mean square distance from the middle.

    >>> spread_ratio(np.array([[0, 0], [2, 0], [10, 0], [30, 0]]), np.array([0, 0, 1, 1]))
    10.0
    """
    tight, wide = (
        np.sqrt(((places[labels == cluster] - middle) ** 2).sum(axis=1).mean())
        for cluster, middle in enumerate(_middles(places, labels)[:2])
    )
    return float(wide / tight)


def gap_ratio(places: NDArray, labels: NDArray) -> float:
    """How many times as far cluster 2 is from cluster 1 as cluster 1 from cluster 0, by their middles.

    >>> gap_ratio(np.array([[0, 0], [2, 0], [12, 0]]), np.array([0, 1, 2]))
    5.0
    """
    first, second, third = _middles(places, labels)
    return float(np.linalg.norm(third - second) / np.linalg.norm(second - first))


def aspect_ratio(places: NDArray) -> float:
    """How many times as far ``places`` [n, k] spread along their longest direction as along the one after it.

    >>> round(aspect_ratio(np.array([[0, 0], [10, 0], [0, 2], [10, 2]])), 6)
    5.0
    """
    lengths = np.linalg.svd(places - places.mean(axis=0, dtype=np.float64), compute_uv=False)
    return float(lengths[0] / max(lengths[1], np.finfo(np.float32).tiny))


def ring_score(places: NDArray) -> float:
    """How empty the middle is: the distance from it within which lie 5% of ``places``, beside the median distance.

    1 is a perfect ring. Of a disc that is filled evenly it is about 0.3.

    >>> ring_score(np.array([[1, 0], [0, 1], [-1, 0], [0, -1]]))
    1.0
    """
    from_middle = np.linalg.norm(places - places.mean(axis=0, dtype=np.float64), axis=1)
    return float(np.quantile(from_middle, 0.05) / max(np.median(from_middle), np.finfo(np.float32).tiny))


def disparity(one: ArrayLike, other: ArrayLike) -> float:
    """How differently two maps of the same points are laid out, once moved, turned, mirrored and scaled to match best.

    0 is the same layout, 1 as far from it as can be.

    Raises:
        InvalidInput: The maps do not have the same shape, or all points of one lie in one place.

    References:
        Gower, "Generalized Procrustes analysis", 1975.
    """
    with required():
        from scipy.spatial import procrustes

    one, other = as_matrix(one, "The first map"), as_matrix(other, "The second map")
    if one.shape != other.shape:
        raise InvalidInput(f"Maps of {one.shape} and {other.shape} numbers do not show the same points.")
    if not (np.ptp(one, axis=0).any() and np.ptp(other, axis=0).any()):
        raise InvalidInput("A map whose points all lie in one place has no layout to compare.")
    return float(procrustes(one.astype(np.float64), other.astype(np.float64))[2])


def _middles(places: NDArray, labels: NDArray) -> NDArray[np.float64]:
    return np.stack(
        [places[labels == cluster].mean(axis=0, dtype=np.float64) for cluster in np.unique(labels)]
    )  # [clusters, k]
