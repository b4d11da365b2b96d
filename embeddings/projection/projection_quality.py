"""Projection quality: trustworthiness, continuity, k-NN overlap and the correlation of distances.

They say how far a map can be trusted: which neighbours it keeps, which it loses, and which it makes up. Each number has
a function of its name; ``quality`` gives all at once, and looks for the neighbours only once.

Everything is computed in blocks of rows, so that memory grows with n and not with n²: 20,000 points take some
200 MB beside the input.

References:
    Venna and Kaski, "Neighborhood preservation in nonlinear projection methods", ICANN 2001, for trustworthiness and
    continuity; Lee and Verleysen, "Quality assessment of dimensionality reduction", Neurocomputing 2009, for the
    overlap of neighbours; Shepard, "The analysis of proximities", Psychometrika 1962, for the plot of distances against
    distances.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings.common import InvalidInput, ProgressCallback, as_count, as_matrix, no_progress, required
from embeddings.numeric import check_metric, knn_sklearn, normalize_for_metric, pearson, spearman

MAX_PAIRS = 250_000  # that correlations stand on: all pairs of up to 707 points, a sample of those of more
MAX_SHEPARD_PAIRS = 100_000
_PAIRS_AT_ONCE = 2_000_000  # distances in one block: 8 MB, and a few times as much on the way to them
_LEAST_IN_A_BIN = 5  # pairs, so that a median means something
_ROWS_AT_ONCE = 20_000  # pairs whose vectors are taken out of the table at once


@dataclass(frozen=True)
class PointNeighbors:
    """The neighbours of one point, as rows of the table, each group nearest first.

    Attributes:
        kept: Near it in the table and on the map.
        missed: Near it in the table, but not on the map.
        false: Near it on the map, but not in the table.
    """

    kept: tuple[int, ...]
    missed: tuple[int, ...]
    false: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class ProjectionQuality:
    """What a map keeps of the table it was made from; 1 is perfect in each figure.

    Attributes:
        trustworthiness: From 0 to 1: how near in the table those are that the map shows as neighbours. It falls when
            the map makes neighbours up.
        continuity: From 0 to 1: how near on the map those are that are neighbours in the table. It falls when the map
            tears neighbours apart.
        neighbor_overlap: Mean share of the k nearest in the table that are among the k nearest on the map.
        neighbor_overlap_per_point: That share for each point: float32 [n], read-only.
        pearson: Correlation of the distances in the table with those on the map, over pairs of points; NaN where all
            distances are equal.
        spearman: The same for their ranks.
        pairs: How many pairs the two correlations stand on.
        n_neighbors: k.
        neighbors_high: The k nearest of each point, nearest first: int64 [n, k], read-only.
        neighbors_low: The same on the map, in its two or three dimensions.
    """

    trustworthiness: float
    continuity: float
    neighbor_overlap: float
    neighbor_overlap_per_point: NDArray[np.float32]
    pearson: float
    spearman: float
    pairs: int
    n_neighbors: int
    neighbors_high: NDArray[np.int64]
    neighbors_low: NDArray[np.int64]

    def neighbors_of(self, point: int) -> PointNeighbors:
        """Which neighbours of the point in row ``point`` the map keeps, misses and makes up.

        Raises:
            InvalidInput: There is no such row.
        """
        point = as_count(point, "The row of the point", 0, len(self.neighbors_high) - 1)
        high, low = self.neighbors_high[point].tolist(), self.neighbors_low[point].tolist()
        return PointNeighbors(
            kept=tuple(row for row in high if row in low),
            missed=tuple(row for row in high if row not in low),
            false=tuple(row for row in low if row not in high),
        )


@dataclass(frozen=True, eq=False)
class ShepardSample:
    """Pairs of points, for a plot of their distances on the map against those in the table.

    Attributes:
        pairs: Rows of the two points: int64 [m, 2], read-only.
        in_table: Their distance in the table, by its metric: float32 [m], read-only.
        on_map: Their distance on the map: float32 [m], read-only.
    """

    pairs: NDArray[np.int64]
    in_table: NDArray[np.float32]
    on_map: NDArray[np.float32]


def quality(
    X: ArrayLike,
    Y: ArrayLike,
    n_neighbors: int = 10,
    metric: str = "euclidean",
    seed: int = 0,
    report: ProgressCallback | None = None,
) -> ProjectionQuality:
    """All at once: a map ``Y`` compared with the table ``X`` that it was made from.

    Each number is that of the function of its name. Points lie on the map by Euclidean distance, whatever the metric of
    the table.

    Args:
        X: The table, [n, D].
        Y: The map, [n, k], in the same order.
        n_neighbors: How many neighbours count, from 1 to less than half the points.
        metric: Of the table: ``"euclidean"`` or ``"cosine"``.
        seed: Of the sample of pairs that the correlations of more than 707 points stand on.
        report: Called with ``(share done, words)`` several times a second. What it raises stops the work.

    Raises:
        InvalidInput: Not as many vectors as points, too few, too many neighbours, NaN, or a row of zeros where
            directions are compared.

    >>> square = [[0, 0, 0], [0, 1, 0], [1, 0, 0], [2, 1, 0], [3, 3, 1]]
    >>> found = quality(square, [row[:2] for row in square], n_neighbors=2)
    >>> found.trustworthiness, found.neighbor_overlap, round(found.spearman, 2)
    (1.0, 1.0, 1.0)
    """
    X, Y, k = _table_map_and_k(X, Y, n_neighbors, metric)
    seed = as_count(seed, "The seed", 0, 2**32 - 1)
    high = knn_sklearn(X, k, _part(report, 0.0, 0.15))
    low = knn_sklearn(Y, k, _part(report, 0.15, 0.2))
    trusted = _rank_score(X, low, _part(report, 0.2, 0.6))
    continuous = _rank_score(Y, high, _part(report, 0.6, 0.95))
    overlap = _overlap(high, low)
    pairs = _pairs(len(X), MAX_PAIRS, seed)
    apart = _distances(X, pairs, metric), _distances(Y, pairs)
    for shared in (overlap, high, low):
        shared.flags.writeable = False
    return ProjectionQuality(
        trustworthiness=trusted,
        continuity=continuous,
        neighbor_overlap=_mean(overlap),
        neighbor_overlap_per_point=overlap,
        pearson=pearson(*apart),
        spearman=spearman(*apart),
        pairs=len(pairs),
        n_neighbors=k,
        neighbors_high=high,
        neighbors_low=low,
    )


def estimate_quality_seconds(n: int) -> float:
    """About how long ``quality`` of ``n`` points takes on a machine that does nothing else.

    >>> round(estimate_quality_seconds(10_000), 3)
    6.0
    """
    return 6e-8 * n**2


def trustworthiness(X: ArrayLike, Y: ArrayLike, n_neighbors: int = 10, metric: str = "euclidean") -> float:
    """Trustworthiness, from 0 to 1: how near in the table those are that the map shows as neighbours.

    It falls when the map makes neighbours up. The number of ``sklearn.manifold.trustworthiness``, the same in ties too.

    Args:
        X: The table, [n, D].
        Y: The map, [n, k], in the same order.
        n_neighbors: How many neighbours count, from 1 to less than half the points.
        metric: Of the table: ``"euclidean"`` or ``"cosine"``.

    Raises:
        InvalidInput: As for ``quality``.

    References:
        Venna and Kaski, "Neighborhood preservation in nonlinear projection methods", ICANN 2001.

    >>> line = [[0, 0], [1.1, 0], [2.3, 0], [3.6, 0], [5, 0], [6.5, 0]]
    >>> folded = [[0, 0], [1.1, 0], [2.3, 0], [2.2, 1], [1, 1], [-0.2, 1]]
    >>> trustworthiness(line, line, 2), round(trustworthiness(line, folded, 2), 2)
    (1.0, 0.67)
    """
    X, Y, k = _table_map_and_k(X, Y, n_neighbors, metric)
    return _rank_score(X, knn_sklearn(Y, k))


def continuity(X: ArrayLike, Y: ArrayLike, n_neighbors: int = 10, metric: str = "euclidean") -> float:
    """Continuity, from 0 to 1: how near on the map those are that are neighbours in the table.

    It falls when the map tears neighbours apart: trustworthiness with table and map exchanged.

    Args:
        X, Y, n_neighbors, metric: As for ``trustworthiness``.

    Raises:
        InvalidInput: As for ``quality``.

    References:
        Venna and Kaski, "Neighborhood preservation in nonlinear projection methods", ICANN 2001.

    >>> line = [[0, 0], [1.1, 0], [2.3, 0], [3.6, 0], [5, 0], [6.5, 0]]
    >>> folded = [[0, 0], [1.1, 0], [2.3, 0], [2.2, 1], [1, 1], [-0.2, 1]]
    >>> continuity(line, line, 2), round(continuity(line, folded, 2), 2)
    (1.0, 0.8)
    """
    X, Y, k = _table_map_and_k(X, Y, n_neighbors, metric)
    return _rank_score(Y, knn_sklearn(X, k))


def neighbor_overlap(X: ArrayLike, Y: ArrayLike, n_neighbors: int = 10, metric: str = "euclidean") -> float:
    """Neighbour overlap, from 0 to 1: the mean share of the k nearest in the table that the map keeps (k-NN recall).

    Chance gives ``neighbor_overlap_by_chance``.

    Args:
        X, Y, n_neighbors, metric: As for ``trustworthiness``.

    Raises:
        InvalidInput: As for ``quality``.

    References:
        Lee and Verleysen, "Quality assessment of dimensionality reduction", Neurocomputing 2009, who call it Q_NX.

    >>> line = [[0, 0], [1.1, 0], [2.3, 0], [3.6, 0], [5, 0], [6.5, 0]]
    >>> folded = [[0, 0], [1.1, 0], [2.3, 0], [2.2, 1], [1, 1], [-0.2, 1]]
    >>> neighbor_overlap(line, line, 2), round(neighbor_overlap(line, folded, 2), 2)
    (1.0, 0.67)
    """
    return _mean(neighbor_overlap_per_point(X, Y, n_neighbors, metric))


def neighbor_overlap_by_chance(n: int, n_neighbors: int) -> float:
    """The neighbour overlap, from 0 to 1, that a map of ``n`` points thrown down at random has on average.

    Raises:
        InvalidInput: A number out of range.

    >>> neighbor_overlap_by_chance(101, 10)
    0.1
    """
    n = as_count(n, "The number of points", 2, 10**9)
    return as_count(n_neighbors, "The number of neighbours", 1, n - 1) / (n - 1)


def neighbor_overlap_per_point(
    X: ArrayLike, Y: ArrayLike, n_neighbors: int = 10, metric: str = "euclidean"
) -> NDArray[np.float32]:
    """The share of each point's k nearest in the table that are among its k nearest on the map: float32 [n].

    Args:
        X, Y, n_neighbors, metric: As for ``trustworthiness``.

    Raises:
        InvalidInput: As for ``quality``.

    >>> neighbor_overlap_per_point([[0], [1.1], [2.3], [3.6], [5]], [[0], [1.1], [2.3], [3.6], [-1.5]], 2).tolist()
    [0.5, 1.0, 1.0, 0.5, 0.0]
    """
    X, Y, k = _table_map_and_k(X, Y, n_neighbors, metric)
    return _overlap(knn_sklearn(X, k), knn_sklearn(Y, k))


def distance_correlation(
    X: ArrayLike, Y: ArrayLike, metric: str = "euclidean", ranks: bool = True, seed: int = 0
) -> float:
    """Correlation of distances, from -1 to 1: whether pairs far apart in the table lie far apart on the map.

    Spearman's, of the ranks of the distances in a Shepard plot. Not the distance correlation of Székely, Rizzo and
    Bakirov, which asks whether two random vectors depend on each other.

    Args:
        X: The table, [n, D].
        Y: The map, [n, k], in the same order.
        metric: Of the table: ``"euclidean"`` or ``"cosine"``.
        ranks: Of the ranks (Spearman's), or else of the distances themselves (Pearson's).
        seed: Of the sample of 250,000 pairs that it stands on where there are more than 707 points.

    Returns:
        NaN where all distances are equal.

    Raises:
        InvalidInput: Not as many vectors as points, too few, NaN, a row of zeros where directions are compared, or a
            seed out of range.

    References:
        Shepard, "The analysis of proximities", Psychometrika 1962; Spearman 1904.

    >>> table = [[0, 0], [1, 0], [3, 0], [7, 0]]
    >>> bent = [[0, 0], [1, 0], [3, 1], [4, 6]]
    >>> round(distance_correlation(table, bent), 2), round(distance_correlation(table, bent, ranks=False), 2)
    (1.0, 0.99)
    """
    X, Y = _table_and_map(X, Y, metric)
    _check_enough(X)
    pairs = _pairs(len(X), MAX_PAIRS, as_count(seed, "The seed", 0, 2**32 - 1))
    apart = _distances(X, pairs, metric), _distances(Y, pairs)
    return spearman(*apart) if ranks else pearson(*apart)


def shepard_sample(
    X: ArrayLike, Y: ArrayLike, n_pairs: int = 2_000, metric: str = "euclidean", seed: int = 0
) -> ShepardSample:
    """Shepard plot: the distances of ``n_pairs`` pairs in the table and on the map; all pairs where there are no more.

    Of more, pairs are drawn at random and with replacement; the same seed draws the same.

    Args:
        X: The table, [n, D].
        Y: The map, [n, k], in the same order.
        n_pairs: From 1 to 100,000.
        metric: Of the table: ``"euclidean"`` or ``"cosine"``.
        seed: Of the draw.

    Raises:
        InvalidInput: As for ``quality``, or ``n_pairs`` is out of range.

    References:
        Shepard, "The analysis of proximities", Psychometrika 1962.

    >>> sample = shepard_sample([[0, 0, 0], [0, 3, 4], [0, 0, 12]], [[0], [3], [12]])
    >>> sample.pairs.tolist()
    [[0, 1], [0, 2], [1, 2]]
    >>> sample.in_table.round(1).tolist(), sample.on_map.tolist()
    ([5.0, 12.0, 8.5], [3.0, 12.0, 9.0])
    """
    X, Y = _table_and_map(X, Y, metric)
    if len(X) < 2:
        raise InvalidInput("A pair needs two points.")
    n_pairs = as_count(n_pairs, "The number of pairs", 1, MAX_SHEPARD_PAIRS)
    pairs = _pairs(len(X), n_pairs, as_count(seed, "The seed", 0, 2**32 - 1))
    sample = ShepardSample(pairs, _distances(X, pairs, metric), _distances(Y, pairs))
    for shared in (sample.pairs, sample.in_table, sample.on_map):
        shared.flags.writeable = False
    return sample


def shepard_medians(
    in_table: NDArray, on_map: NDArray, bins: int = 12
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The line through a Shepard plot: the median distance on the map of the pairs about equally far in the table.

    The range of the distances in the table is parted into bins of equal width; those of fewer than five pairs are left
    out.

    Args:
        in_table, on_map: The distances of a ``ShepardSample``, [m].
        bins: How many, from 1 to 1,000.

    Returns:
        The middles of the bins that are left, and the medians: float64 [b] both, b at most ``bins``.

    Raises:
        InvalidInput: ``bins`` is out of range.

    >>> distances = np.arange(20)
    >>> middles, medians = shepard_medians(distances, 3 * distances, bins=2)
    >>> middles.tolist(), medians.tolist()
    ([4.75, 14.25], [13.5, 43.5])
    """
    bins = as_count(bins, "The number of bins", 1, 1_000)
    edges = np.linspace(float(in_table.min()), float(in_table.max()), bins + 1)
    bin_of = np.clip(np.digitize(in_table, edges) - 1, 0, bins - 1)
    full = np.flatnonzero(np.bincount(bin_of, minlength=bins) >= _LEAST_IN_A_BIN)
    medians = [float(np.median(on_map[bin_of == index])) for index in full]
    return (edges[full] + edges[full + 1]) / 2, np.array(medians)


def _table_map_and_k(
    X: ArrayLike, Y: ArrayLike, n_neighbors: int, metric: str
) -> tuple[NDArray[np.float32], NDArray[np.float32], int]:
    """Both as they are compared, and the number of neighbours; all checked."""
    X, Y = _table_and_map(X, Y, metric)
    _check_enough(X)
    n = len(X)
    return X, Y, as_count(n_neighbors, f"For {n:,} points the number of neighbours", 1, (n - 1) // 2)


def _table_and_map(X: ArrayLike, Y: ArrayLike, metric: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    X, Y = as_matrix(X, "The vectors"), as_matrix(Y, "The map")
    if len(X) != len(Y):
        raise InvalidInput(f"A map of {len(Y):,} points does not show {len(X):,} vectors: one place each is needed.")
    return normalize_for_metric(X, check_metric(metric)), Y


def _check_enough(X: NDArray[np.float32]) -> None:
    if len(X) < 3:
        raise InvalidInput("A map can be judged from three words on: of two, each is the other's neighbour anywhere.")


def _rank_score(
    points: NDArray[np.float32], ids: NDArray[np.int64], on_block: Callable[[float], object] = no_progress
) -> float:
    """Trustworthiness where ``points`` is the table and ``ids`` are from the map, continuity where it is the map.

    1 where the k ``ids`` [n, k] of each point are its nearest; less, the further down its list they stand.
    """
    n, k = ids.shape
    too_far = 0
    rows = max(1, _PAIRS_AT_ONCE // n)
    for start in range(0, n, rows):
        block = np.arange(start, min(start + rows, n))
        distances = _distances_to_all(points, block)  # [rows, n]
        distances[np.arange(len(block)), block] = np.inf  # exclude self
        beyond = _ranks(distances, ids[block]) - k
        too_far += int(beyond[beyond > 0].sum())
        on_block((start + len(block)) / n)
    return 1 - too_far * 2 / (n * k * (2 * n - 3 * k - 1))


def _distances_to_all(points: NDArray[np.float32], block: NDArray[np.int64]) -> NDArray[np.float32]:
    """From the rows in ``block`` to all of ``points``: float32 [rows, n], rounded as scikit-learn rounds them."""
    if points.shape[1] <= 3:  # too few columns for a product of matrices to pay
        with required():
            from scipy.spatial.distance import cdist

        wide = points.astype(np.float64)
        return np.sqrt(cdist(wide[block], wide, "sqeuclidean").astype(np.float32))
    with required():
        from sklearn.metrics.pairwise import euclidean_distances

    return euclidean_distances(points[block], points)


def _ranks(distances: NDArray[np.float32], ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of ``ids`` [rows, k] stands when its row of ``distances`` [rows, n] is sorted, from 1."""
    wanted = np.take_along_axis(distances, ids, axis=1)  # [rows, k]
    in_order = np.sort(distances, axis=1)  # without the order of ids, which takes ten times as long
    ranks = np.empty(ids.shape, dtype=np.int64)
    for row, (ascending, sought) in enumerate(zip(in_order, wanted, strict=True)):
        ranks[row] = np.searchsorted(ascending, sought, "right")
        if (ranks[row] - np.searchsorted(ascending, sought, "left") > 1).any():  # equally far: as argsort puts them
            ranks[row] = 1 + np.argsort(np.argsort(distances[row]))[ids[row]]
    return ranks


def _part(report: ProgressCallback | None, first: float, last: float) -> Callable[[float], object]:
    """``report`` for one part of the work, which reaches from ``first`` to ``last``."""
    if report is None:
        return no_progress
    return lambda share: report(first + (last - first) * share, "Comparing the map with the table")


def _overlap(high: NDArray[np.int64], low: NDArray[np.int64]) -> NDArray[np.float32]:
    """The share of each row of ``high`` [n, k] that is in the same row of ``low``: float32 [n]."""
    return (high[:, :, None] == low[:, None, :]).any(axis=2).mean(axis=1, dtype=np.float32)


def _mean(overlap: NDArray[np.float32]) -> float:
    return float(overlap.mean(dtype=np.float64))


def _pairs(n: int, wanted: int, seed: int) -> NDArray[np.int64]:
    """All pairs of ``n`` points, [m, 2], or ``wanted`` random ones, with replacement, where there are more."""
    if n * (n - 1) // 2 <= wanted:
        return np.stack(np.triu_indices(n, 1), axis=1).astype(np.int64)
    random = np.random.default_rng(seed)
    first = random.integers(n, size=wanted)
    return np.stack([first, (first + random.integers(1, n, size=wanted)) % n], axis=1)


def _distances(points: NDArray[np.float32], pairs: NDArray[np.int64], metric: str = "euclidean") -> NDArray[np.float32]:
    """The distance of each of ``pairs`` [m, 2]: float32 [m]. Cosine distance is 1 minus the cosine."""
    squared = np.empty(len(pairs), dtype=np.float64)
    for start in range(0, len(pairs), _ROWS_AT_ONCE):
        first, second = pairs[start : start + _ROWS_AT_ONCE].T
        apart = points[first] - points[second]  # [rows, D]
        squared[start : start + _ROWS_AT_ONCE] = np.einsum("md,md->m", apart, apart)
    return (squared / 2 if metric == "cosine" else np.sqrt(squared)).astype(np.float32)
